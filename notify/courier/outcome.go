package courier

import (
	"bytes"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"
	"unicode"

	"dondoc/intake/finding"
)

// Kind is what became of a mail; the words are those of `letters --json`.
type Kind string

const (
	Accepted Kind = "accepted" // the server has it
	Refused  Kind = "refused"  // it will never take it: this mail to this address
	Trouble  Kind = "trouble"  // surely not delivered; later perhaps
	Unknown  Kind = "unknown"  // delivered or not; only the identical mail may follow
)

// Stage is how far a mail came.
type Stage string

const (
	StageAddress Stage = "address" // not sent: an address that no server would take
	StageConnect Stage = "connect" // greeting, EHLO, STARTTLS
	StageAuth    Stage = "auth"
	StageSize    Stage = "size" // not sent: larger than the server takes
	StageMail    Stage = "mail" // the envelope sender
	StageRcpt    Stage = "rcpt" // the recipient
	StageData    Stage = "data" // up to the final dot
	StageFinal   Stage = "final"
)

// Outcome is the end of one delivery.
type Outcome struct {
	Kind   Kind
	Stage  Stage
	Code   int    // the server's reply; 0 if there was none
	Status string // RFC 3463, "5.1.1"; empty if the server gives none
	Text   string // one line, for people; of the server or of the network
}

// Address reports whether the refusal is about the recipient's address, so that
// other letters to it will fare alike; else it is about this mail.
func (o Outcome) Address() bool {
	if o.Kind != Refused {
		return false
	}
	if o.Status != "" {
		return finding.AboutAddress(o.Status)
	}
	return o.Stage == StageRcpt || o.Stage == StageAddress
}

// Ours reports whether the outcome is about us and not about this letter or
// its recipient: the server cannot be reached, does not let us in, takes
// nothing from our address, or has taken as much as we may send. All letters
// wait then, and no address is the worse for it.
func (o Outcome) Ours() bool {
	switch {
	case o.Kind == Accepted || o.Kind == Unknown:
		return false
	case o.Stage == StageConnect || o.Stage == StageAuth:
		return true
	case o.Stage == StageMail && o.Code != 0:
		return true
	}
	return o.Code/100 >= 4 && sendingLimit(o.Status, o.Text)
}

// sendingLimit reports whether a server says that our account has sent too
// much. What is said of the recipient sounds alike: his mailbox has a quota
// too, and he may be getting mail too fast; and greylisting is meant for the
// one mail.
func sendingLimit(status, text string) bool {
	text = strings.ToLower(text)
	switch {
	case strings.Contains(text, "greylist") || strings.Contains(text, "graylist") || theirLimit.MatchString(text):
		return false
	case status == "5.4.5" || status == "5.1.90":
		return true
	}
	return ourLimit.MatchString(text)
}

var (
	theirLimit = regexp.MustCompile(`mailbox|\bsize\b|receiving|recipient'?s? (quota|storage|inbox)|over ?quota|disk quota|trying to contact`)
	ourLimit   = regexp.MustCompile(`(daily|hourly|monthly|per[ -](hour|day|minute))\b.{0,60}(quota|limit|max|allowed|exceed)|(quota|limit|exceed|max).{0,60}\b(daily|hourly|monthly|per[ -](hour|day|minute)|sending|outbound|outgoing|submission)` +
		`|(sending|outbound|outgoing|submission|send|message|policy rejection).{0,20}(quota|limit|rate)|rate.?limit|(quota|limit) exceeded|too many (messages|mails|e-?mails|logins?|connections)|unusual (rate|sending|activity)|outboundspam|bad outbound sender` +
		`|sending.{0,40}(blocked|suspended|disabled|restricted)`)
)

func (o Outcome) String() string {
	s := string(o.Kind) + " at " + string(o.Stage)
	if o.Code != 0 {
		s += fmt.Sprintf(" %d", o.Code)
	}
	return strings.TrimSpace(s + " " + o.Text)
}

// settle is the one place where an error becomes an outcome. go-mail's own
// IsTemp is no help: it calls every network error permanent.
func settle(stage Stage, err error) Outcome {
	out := Outcome{Kind: Trouble, Stage: stage, Text: oneLine(err.Error())}
	answer := (*textproto.Error)(nil)
	if !errors.As(err, &answer) {
		if stage == StageFinal {
			out.Kind = Unknown
		}
		return out
	}
	out.Code, out.Status, out.Text = answer.Code, enhanced(answer.Msg), oneLine(answer.Msg)
	switch theirs := stage == StageRcpt || stage == StageData || stage == StageFinal; {
	case answer.Code/100 == 5 && theirs && !ours(answer) && !sendingLimit(out.Status, out.Text):
		out.Kind = Refused
	case answer.Code/100 == 2 && stage == StageFinal:
		out.Kind = Accepted
	case answer.Code/100 != 4 && answer.Code/100 != 5 && stage == StageFinal:
		out.Kind = Unknown // no reply that SMTP knows: it may have been taken
	}
	return out
}

// ours reports whether a refusal of the recipient says in truth that we are
// not logged in as the server wants: held against the addresses, a mistake in
// campaign.yaml would strike out every one of them.
func ours(answer *textproto.Error) bool {
	switch answer.Code {
	case 503, 530, 534, 535, 538:
		return true
	}
	return strings.Contains(strings.ToLower(answer.Msg), "relay")
}

func trouble(stage Stage, err error) Outcome {
	return Outcome{Kind: Trouble, Stage: stage, Text: oneLine(err.Error())}
}

// unsendable finds what no server should be asked.
func unsendable(from, to string, raw []byte) (Outcome, bool) {
	if why := badAddress(to); why != "" {
		return Outcome{Kind: Refused, Stage: StageAddress, Code: 553, Status: "5.1.3", Text: fmt.Sprintf("the address %q: %s", to, why)}, true
	}
	if from != "" {
		if why := badAddress(from); why != "" {
			return Outcome{Kind: Trouble, Stage: StageAddress, Code: 553, Status: "5.1.7", Text: fmt.Sprintf("our own address %q: %s", from, why)}, true
		}
	}
	// A lone CR or LF is a line end to some servers and not to others: between
	// the two a mail can be smuggled into a mail.
	lines := bytes.Count(raw, []byte("\r\n"))
	if len(raw) == 0 || bytes.Count(raw, []byte("\n")) != lines || bytes.Count(raw, []byte("\r")) != lines {
		return Outcome{Kind: Trouble, Stage: StageAddress, Text: "the mail is empty or has lines that do not end in CRLF: not sent"}, true
	}
	return Outcome{}, false
}

// badAddress says why an address may not be put between < and > of an SMTP
// command; quoted local parts are not used by anybody we write to.
func badAddress(a string) string {
	at := strings.LastIndexByte(a, '@')
	switch {
	case at <= 0 || at == len(a)-1:
		return "no name, @ and domain"
	case len(a) > 254 || at > 64:
		return "too long"
	case strings.ContainsAny(a, " <>()[],;:\\\"") || strings.ContainsFunc(a, unicode.IsSpace):
		return "a character that does not belong there"
	case strings.ContainsFunc(a, unicode.IsControl) || strings.ContainsRune(a, unicode.ReplacementChar):
		return "a character that cannot be seen"
	case strings.IndexByte(a, '@') != at:
		return "two @"
	}
	return ""
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

var statusPattern = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

func enhanced(text string) string { return statusPattern.FindString(text) }

// oneLine makes an answer fit for a log: the server may have put anything in.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}
