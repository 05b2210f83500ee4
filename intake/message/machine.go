package message

import (
	"strings"

	"dondoc/intake/finding"
)

// machine names the sign by which the header shows that no person wrote the
// mail (RFC 3834 §2 and what is common besides), or "". The signs: bounce,
// read_receipt, auto_submitted, return_path, list, precedence, autoreply,
// sender, report, subject.
//
// X-Auto-Response-Suppress is none: Outlook puts it on people's mails.
func machine(h header, m *Mail) string {
	mediaType, _ := parameters(h.get("content-type"))
	auto, _ := parameters(h.get("auto-submitted"))
	auto, _, _ = strings.Cut(auto, " ")
	precedence := strings.ToLower(strings.TrimSpace(h.get("precedence")))
	switch {
	case auto != "" && auto != "no":
		return "auto_submitted"
	case h.has("return-path") && emptyPath(h.get("return-path")):
		return "return_path"
	case h.has("x-autoreply") && !says(h.get("x-autoreply"), "no"),
		h.has("x-autorespond"), h.has("x-autoresponder"), h.has("x-auto-reply"):
		return "autoreply"
	case precedence == "auto_reply":
		return "autoreply"
	case precedence == "bulk" || precedence == "list" || precedence == "junk":
		return "precedence"
	case isList(h):
		return "list"
	case robot(m.From.Address) || robotName(h.get("from")):
		return "sender"
	case mediaType == "multipart/report":
		return "report"
	}
	return ""
}

func says(value, word string) bool {
	return strings.EqualFold(strings.TrimSpace(value), word)
}

// emptyPath reports whether a Return-Path is "<>": nobody is to be told.
func emptyPath(value string) bool {
	outside, _ := uncomment(value)
	return strings.Join(strings.Fields(outside), "") == "<>"
}

// isList reports fields of RFC 2369 and RFC 2919.
func isList(h header) bool {
	for _, name := range []string{"list-id", "list-unsubscribe", "list-post", "list-help", "list-subscribe", "list-owner", "list-archive"} {
		if h.has(name) {
			return true
		}
	}
	return false
}

// robots are local parts that no person writes from.
var robots = []string{"mailer-daemon", "mailerdaemon", "postmaster", "no-reply", "noreply", "no_reply", "no.reply",
	"do-not-reply", "donotreply", "do_not_reply", "bounce", "bounces", "auto-reply", "autoreply", "autoresponder"}

func robot(addr string) bool {
	local, _, _ := strings.Cut(addr, "@")
	for _, r := range robots {
		rest, ok := strings.CutPrefix(local, r)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], "-+._=0123456789")) {
			return true
		}
	}
	return false
}

// robotName reports the senders of old servers, which have no domain.
func robotName(from string) bool {
	from = strings.ToLower(from)
	return strings.Contains(from, "mailer-daemon") || strings.Contains(from, "<postmaster>")
}

// machineSubjects begin the subjects of answering machines and of receipts
// that are no proper reports, in folded letters.
var machineSubjects = []string{
	"tra loi tu dong", "tu dong tra loi", "thu tra loi tu dong", "thu tu dong",
	"vang mat:", "dang vang mat", "ngoai van phong",
	"automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "automatic response",
	"out of office", "out of the office", "out-of-office", "away from office",
	"da doc:", "chua doc:", "khong doc:", "read:", "not read:", "delivered:", "relayed:",
	"undelivered mail", "undeliverable", "delivery status notification", "delivery failure", "mail delivery failed",
	"mail delivery failure", "returned mail", "failure notice", "khong the gui:", "thu khong chuyen duoc",
}

// machineSubject is the weakest sign. It is asked only of mails without
// files: a clerk may answer under any subject, but a machine attaches nothing.
func machineSubject(subject string) bool {
	s := finding.Plain(subject)
	for _, prefix := range machineSubjects {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}
