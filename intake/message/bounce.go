package message

import (
	"bytes"
	"regexp"
	"strings"

	"dondoc/intake/finding"
)

// deliveryStatus reads a delivery status (RFC 3464 §2): the first recipient
// that failed, else the first that is delayed; nil when none is either.
// What the sender wrote to (Original-Recipient) is preferred to what became
// of it on the way.
func deliveryStatus(data []byte, lim Limits) *finding.Bounce {
	var delayed *finding.Bounce
	rest := bytes.TrimLeft(data, "\r\n \t")
	for range 200 {
		var h header
		h, rest, _ = readHeader(rest, lim)
		rest = bytes.TrimLeft(rest, "\r\n \t")
		if b := recipientStatus(h); b != nil {
			if action := strings.ToLower(word(h.get("action"))); action != "delayed" {
				return b
			}
			if delayed == nil {
				delayed = b
			}
		}
		if len(rest) == 0 {
			break
		}
	}
	return delayed
}

// recipientStatus reads the fields of one recipient (RFC 3464 §2.3).
func recipientStatus(h header) *finding.Bounce {
	action := strings.ToLower(word(h.get("action")))
	if action == "delivered" || action == "relayed" || action == "expanded" {
		return nil
	}
	var addr string
	for _, name := range []string{"original-recipient", "final-recipient", "x-actual-recipient"} {
		v := h.get(name)
		if _, a, ok := strings.Cut(v, ";"); ok {
			v = a
		}
		if a, ok := address(v); ok {
			addr = a.Address
			break
		}
	}
	if addr == "" {
		return nil
	}
	status := statusCode.FindString(h.get("status"))
	if status == "" || strings.HasSuffix(status, ".0.0") {
		if s := statusCode.FindString(h.get("diagnostic-code")); s != "" {
			status = s
		}
	}
	if status == "" {
		switch {
		case action == "delayed":
			status = "4.0.0"
		case smtpCode.MatchString(h.get("status")): // an SMTP code in its place
			status = smtpCode.FindStringSubmatch(h.get("status"))[1][:1] + ".0.0"
		case smtpCode.MatchString(h.get("diagnostic-code")):
			status = smtpCode.FindStringSubmatch(h.get("diagnostic-code"))[1][:1] + ".0.0"
		case strings.HasPrefix(action, "fail"):
			status = "5.0.0"
		default:
			return nil
		}
	}
	b := &finding.Bounce{
		Address:   addr,
		Status:    status,
		Permanent: status[0] == '5' && action != "delayed",
		Delayed:   action == "delayed",
	}
	refine(b, h.get("diagnostic-code"))
	return b
}

// failedRecipients reads the field by which Exim tells, without a report,
// whom it gave up.
func failedRecipients(h header) *finding.Bounce {
	list := addresses(h.all("x-failed-recipients"))
	if len(list) == 0 {
		return nil
	}
	return &finding.Bounce{Address: list[0].Address, Status: "5.0.0", Permanent: true}
}

var (
	statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	smtpCode   = regexp.MustCompile(`(?i)^(?:smtp;)?\s*(4\d\d|5\d\d)\b`)
)

// word is the first word of a field, without its comment.
func word(s string) string {
	outside, _ := uncomment(s)
	if f := strings.Fields(outside); len(f) > 0 {
		return f[0]
	}
	return ""
}
