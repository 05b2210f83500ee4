// Package letter turns facts into finished mail: the words, in the reader's
// language, and the bytes. It is pure. It reads no clock, no database and no
// network, so the same facts always give the same letter.
//
// The texts are files under templates/, one per kind and language, written
// like a mail: a subject, an empty line, the body. The HTML of a letter is
// typeset from its text (page.go), so the two cannot say different things.
// Whatever belongs to one campaign comes from config.Campaign; what a stranger
// wrote (file names, cell values, addresses) passes through clean first.
package letter

import (
	"fmt"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// The kinds of letter; each is the first word of its key.
const (
	Invite      = "invite"
	Receipt     = "receipt"
	Corrections = "corrections"
	AskUnit     = "ask_unit"
	Confirm     = "confirm"
	Acknowledge = "acknowledge"
	Remind      = "remind"
	Resumed     = "resumed"
	Extended    = "extended"
	Escalate    = "escalate"
	Thanks      = "thanks"
	Registered  = "registered"
	DigestKind  = "digest"
	AlarmKind   = "alarm"
)

// Kinds are all kinds that Render knows.
var Kinds = []string{Invite, Receipt, Corrections, AskUnit, Confirm, Acknowledge, Remind, Resumed, Extended, Escalate, Thanks, Registered, DigestKind, AlarmKind}

// Facts is all that a letter may speak of, as values. Which fields a kind
// needs is said at the field; what is not needed may stay empty.
type Facts struct {
	Kind     string
	Campaign *config.Campaign
	Lang     string // "vi" or "en"; empty: the campaign's
	Now      time.Time

	// Unit is whom the letter speaks of; nil when the mail could not be
	// attributed. Of units that share a dossier it is the one whose code the
	// letter carries.
	Unit *config.Unit
	// Group are the units that share the dossier, Unit among them, the highest
	// obligation first (config.Campaign.Group); nil or one for most.
	Group []config.Unit
	// Standing is where Unit stands, the answered mails included. receipt,
	// corrections, remind, resumed, extended, escalate and thanks need it; acknowledge uses it.
	Standing *standing.Unit
	Deadline Deadline

	// Mails are the arrivals that the letter answers, the newest last; the
	// one mail it speaks of for confirm.
	Mails []*finding.Verdict
	// Previous are the parts that counted before these mails came. With them
	// a receipt of a second version says what it replaces and what changed.
	Previous []standing.Counted
	// Decisions are those that the letter may have to quote, of parts received
	// outside the mailbox (by standing.Counted.Decision).
	Decisions []standing.Decision

	Step config.Step // of remind
	Last bool        // no step of the ladder comes after it

	// Candidates of ask_unit: only units that the sender's own mail names.
	Candidates []config.Unit

	// CorrectionsSent is when the letter went out that listed what a reminder
	// now calls open; zero: not known.
	CorrectionsSent time.Time

	// Cause is for resumed, how the letter calls what happened:
	// "bão số 5 và mưa lũ"; empty: natural disaster, in general words.
	Cause string

	// Outcome is what the committee decided, for extended, escalate and thanks.
	Outcome Outcome

	// FormFile is the name of the blank form if it is attached; empty: not.
	FormFile string
	// WriteUpFile is the name of the Word form for models if it is attached
	// (WriteUp); empty: not.
	WriteUpFile string
	// MarkedFile is the name of the sender's workbook if it is attached with its
	// cells marked (Marks); empty: not.
	MarkedFile string
	// Enclosures are the names of the committee's files that are attached.
	Enclosures []string

	Digest *Digest
	Week   *Week // of a weekly digest, in place of Digest
	Alarm  *Alarm

	// room is how many problems are spelled out; 0: maxItems. Render makes it
	// smaller until the letter is short enough.
	room int
}

// Deadline is the unit's deadline as seen at Facts.Now.
type Deadline struct {
	At       time.Time // EffectiveDeadline, exclusive; zero: the campaign's
	Extended bool      // by a decision of the committee
	DaysLeft int       // working days until then, today included
	// CorrectBy is the exclusive instant until which corrections are asked
	// for: At, but not before the end of the next working day.
	CorrectBy time.Time
}

// Letter is a finished letter before it has an envelope.
type Letter struct {
	Subject string // at most 90 characters, the tokens included
	Text    string // lines end in \n
	HTML    string // a whole page, equal in content to Text
	// AutoSubmitted is the value of the field (RFC 3834 §5): auto-replied for
	// answers, auto-generated for what nobody asked for.
	AutoSubmitted string
	Lang          string
	// Fault is what is wrong with a text of the campaign's own, in whose place
	// the built-in one was used; nil: nothing.
	Fault error
	// Choices are the numbered lines that its reader may answer by number.
	Choices []standing.Choice
}

// maxSubject is how long a subject may be, tokens included. A telephone shows
// 35 to 40 characters of it, which is why the conclusion comes first.
const maxSubject = 90

// maxBody is how many lines the body of a letter to a unit may have, empty ones
// and the foot aside.
const maxBody = 25

// Render writes the letter that the facts call for. An error is always ours:
// facts that contradict the kind, or a broken template. Nothing that a sender
// put into a mail makes it fail.
func Render(f Facts) (Letter, error) {
	for f.room = maxItems; ; f.room-- {
		l, err := render(f)
		if err != nil || f.room == minItems || l.bodyLines() <= maxBody {
			return l, err
		}
	}
}

// bodyLines is how many lines of the letter say something, the foot aside.
func (l Letter) bodyLines() int {
	body, _, _ := strings.Cut(l.Text, "\n--\n")
	n := 0
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

func render(f Facts) (Letter, error) {
	v, err := newView(f)
	if err != nil {
		return Letter{}, fmt.Errorf("letter %s: %w", f.Kind, err)
	}
	name := v.template()
	source, fault, err := v.write(name)
	if err != nil {
		return Letter{}, fmt.Errorf("letter %s: %w", f.Kind, err)
	}
	subjects, body, err := split(source)
	if err != nil {
		return Letter{}, fmt.Errorf("letter %s: template %s: %w", f.Kind, name, err)
	}
	subject := withTokens(subjects, v.tokens())
	blocks := parse(body)
	html, err := typeset(v, subject, blocks)
	if err != nil {
		return Letter{}, fmt.Errorf("letter %s: %w", f.Kind, err)
	}
	l := Letter{
		Subject:       subject,
		Text:          plain(blocks),
		HTML:          html,
		AutoSubmitted: autoSubmitted(f),
		Lang:          v.Lang,
		Fault:         fault,
	}
	switch {
	case f.Digest != nil:
		l.Choices = v.choices()
	case name == Corrections:
		l.Choices = v.points()
	}
	return l, nil
}

func autoSubmitted(f Facts) string {
	switch f.Kind {
	case Receipt, Corrections, AskUnit, Acknowledge, Registered:
		return "auto-replied"
	case Extended:
		if f.Outcome.answers() {
			return "auto-replied"
		}
	}
	return "auto-generated"
}

// split takes a written letter apart: "Subject: …", perhaps more such lines
// with shorter words for the same, an empty line, the body.
func split(source string) (subjects []string, body string, err error) {
	body = strings.TrimLeft(source, "\n ")
	for {
		head, rest, ok := strings.Cut(body, "\n")
		subject, found := strings.CutPrefix(head, "Subject:")
		if !ok || !found {
			break
		}
		body = rest
		if subject = strings.Join(strings.Fields(subject), " "); subject != "" {
			subjects = append(subjects, subject)
		}
	}
	if len(subjects) == 0 {
		return nil, "", errSubject
	}
	return subjects, body, nil
}

// withTokens ends a subject with the codes that bring an answer back to us. Of
// several wordings the first that fits is taken. If none does, the last gives
// way, at a word's end, never the codes.
func withTokens(subjects []string, tokens string) string {
	room := maxSubject
	if tokens != "" {
		tokens = " " + tokens
		room -= len([]rune(tokens))
	}
	for _, words := range subjects {
		if len([]rune(words)) <= room {
			return words + tokens
		}
	}
	return shorten(subjects[len(subjects)-1], room) + tokens
}

// shorten cuts s to at most n characters, the last one "…" if it was cut.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	cut := string(r[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:-") + "…"
}
