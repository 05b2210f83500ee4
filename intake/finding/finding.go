// Package finding holds the words of the trade: what a mail was read to be
// (Reading), what was decided about it (Verdict), its files (Part), what is
// wrong with them (Problem), whom it speaks of (Evidence), and what a blank
// form asks for (Form). It is data only and imports nothing of the project,
// so that every other package can speak of the same things.
//
// The JSON of these types is the contract with scripts (`ingest --json`,
// `form check --json`): keys may be added, none renamed or removed.
package finding

import (
	"slices"
	"time"
)

// Severity says what a Problem asks of its reader.
type Severity string

const (
	MustFix      Severity = "E" // the unit must mend it
	FixOrExplain Severity = "X" // mend it, or say in the notes why it is right
	Noted        Severity = "W" // accepted, and said
	ForPerson    Severity = "H" // a person of the desk decides
	Recorded     Severity = "I" // kept, nobody is bothered
)

// Audience says who is told of a Problem. Nothing that a machine thinks of
// signed prose is ever sent back to a unit: such problems are ToDesk.
type Audience string

const (
	ToUnit   Audience = "unit"
	ToDesk   Audience = "desk"
	Internal Audience = "internal"
)

// Problem is one mistake of a sender, as data: a code, a place and arguments.
// The words come later, in the reader's language (notify/letter), except for
// rules of the form itself, which bring their own words in Words.
type Problem struct {
	Code     string            `json:"code"`                // "C01"; the rule's own code for rules of the form
	Severity Severity          `json:"severity"`            //
	Audience Audience          `json:"audience,omitempty"`  // empty means ToUnit
	Sheet    string            `json:"sheet,omitempty"`     // sheet of the file that was sent
	Cell     string            `json:"cell,omitempty"`      // "D11" in that sheet; the first cell it points at
	Cells    []string          `json:"cells,omitempty"`     // every cell it points at, Cell included
	Found    string            `json:"found,omitempty"`     // what stood there, as the sender sees it
	Inputs   []string          `json:"inputs,omitempty"`    // defined names of the inputs concerned
	Args     map[string]string `json:"args,omitempty"`      // placeholders of the wording: bieu, o, nhan, gia_tri, …
	Words    map[string]string `json:"words,omitempty"`     // "vi", "en": the form's own wording of its rule
	Message  string            `json:"message"`             // filled when printed, in the reader's language
	Explain  string            `json:"explained,omitempty"` // the sender's explanation of an X
}

// Open reports whether the sender still has to act on p.
func (p Problem) Open() bool {
	switch p.Severity {
	case MustFix:
		return true
	case FixOrExplain:
		return p.Explain == ""
	case ForPerson:
		return p.Code == "N05"
	}
	return false
}

// The kinds of a Part.
const (
	Appendix   = "appendix" // the form, filled in
	Report     = "report"   // the report in words
	Model      = "model"    // a write-up of a model
	Other      = "other"
	Decoration = "decoration" // signature pictures, vCards, calendar items
)

// The verdicts of a Part.
const (
	Accepted          = "accepted"
	AcceptedWithNotes = "accepted_with_notes"
	NeedsFix          = "needs_fix"
	Held              = "held"
	Ignored           = "ignored"
)

// Part is one file of a mail, or of a container within it.
type Part struct {
	Name      string         `json:"name"`       // as the sender named it, NFC, without path
	Path      string         `json:"path"`       // "a.zip/b.xlsx"; Name where there is no container
	SHA256    string         `json:"sha256"`     // of the decoded bytes, hex
	Size      int64          `json:"size"`       // bytes
	MediaType string         `json:"media_type"` // by content, never by name
	Kind      string         `json:"kind"`       // appendix, report, model, other, decoration
	Verdict   string         `json:"verdict"`    //
	Values    map[string]any `json:"values"`     // inputs by defined name: float64, string, "YYYY-MM-DD", nil
	// Places tells for each value where it stood in the sender's file:
	// "Phụ lục số liệu!D11". Every number has an address.
	Places map[string]string `json:"places,omitempty"`
	// Located tells by what each of these places was found: "name" (the defined
	// name), "code" (Mã số and column code), "label" or "address".
	Located  map[string]string `json:"located,omitempty"`
	Problems []Problem         `json:"problems"`
	Form     *FormID           `json:"form,omitempty"`   // identity the workbook claims to have
	Title    string            `json:"title,omitempty"`  // a report's or a model's own title
	Models   int               `json:"models,omitempty"` // write-ups in this file, for kind model
	Pages    int               `json:"pages,omitempty"`
	// Unit is whose the file itself says it is, where the mail as a whole could
	// not be given to one unit: by its form, its cell, its letterhead, its name.
	Unit string `json:"unit,omitempty"`
	// Nothing: it is a short text that says that there is nothing to report.
	Nothing bool `json:"nothing,omitempty"`
	// Unread is the suffix of an office file of a format that has no reader
	// here ("xlsb"): it may be converted to one that has.
	Unread string `json:"unread,omitempty"`

	packed *packed // Values that were put away
}

// Readable reports whether p counts as being there: a file of its kind that
// could be read. (CONTRACT: S01, S02, S03, S06 (E), S07, S10, S15, L01–L03
// leave the appendix missing.)
func (p Part) Readable() bool {
	if p.Verdict == Ignored {
		return false
	}
	for _, q := range p.Problems {
		switch q.Code {
		case "S01", "S02", "S03", "S07", "S10", "S15", "L01", "L02", "L03":
			return false
		case "S06":
			if q.Severity == MustFix {
				return false
			}
		}
	}
	return true
}

// VerdictOf is what problems make of a part (CONTRACT.md, "Severity"): whoever
// is told of them.
func VerdictOf(problems []Problem) string {
	v := Accepted
	for _, p := range problems {
		switch {
		case p.Open():
			return NeedsFix
		case p.Severity == ForPerson:
			v = Held
		case v == Accepted && (p.Severity == Noted || p.Severity == FixOrExplain):
			v = AcceptedWithNotes
		}
	}
	return v
}

// ToFix reports whether the unit has to act on p, by what p's problems say.
func (p Part) ToFix() bool {
	return slices.ContainsFunc(p.Problems, func(q Problem) bool { return q.Open() && (q.Audience == "" || q.Audience == ToUnit) })
}

// FormID is what the very hidden sheet _meta of a returned form says of
// itself. Token is an HMAC that only the daemon can verify; until it has,
// all of this is a hint.
type FormID struct {
	Campaign string `json:"campaign"`
	Version  string `json:"version"`
	Unit     string `json:"unit"`
	Token    string `json:"token,omitempty"`
}

// Evidence is one sign of whom a mail comes from. Several units of one sign
// (a shared address, an ambiguous name) are several Evidence of one Kind and
// Detail.
type Evidence struct {
	Kind   string `json:"kind"` // sender, thread, form, cell, letterhead, subject, filename, from_name, body
	Unit   string `json:"unit"`
	Detail string `json:"detail"`          // what was seen, verbatim
	Doubt  bool   `json:"doubt,omitempty"` // only a suggestion: concerns the unit, does not name it
	Why    string `json:"why,omitempty"`   // it is in doubt: a code of attribution
	File   string `json:"file,omitempty"`  // the Path of the part that it was seen in or on; empty for the mail's own
}

// Address is a mailbox as in RFC 5322 §3.4, the address in lower case.
type Address struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

// Thread is a string that may identify the letter of ours that a mail
// answers. The child returns them as found; decide verifies them.
type Thread struct {
	Where string `json:"where"` // in_reply_to, references, reply_tag, key_header, record, returned, digest_code
	Value string `json:"value"` // a Message-ID without <>, a plus tag, a key, the ledger's record, or a digest's code
}

// Bounce is a delivery status notification (RFC 3464) taken apart.
type Bounce struct {
	Address string `json:"address"`
	Status  string `json:"status"` // "5.1.1"
	// Meaning is what the server's words say where its status says no more than
	// "failed": "5.2.2" for "5.0.0 mailbox is full"; else empty.
	Meaning   string `json:"meaning,omitempty"`
	Permanent bool   `json:"permanent"`
	Ours      bool   `json:"ours,omitempty"` // of a letter of ours to Address, proved by its token
	// Delayed: the server still tries.
	Delayed bool `json:"delayed,omitempty"`
}

// The classes of a mail.
const (
	ClassReport        = "report"
	ClassQuestion      = "question"
	ClassStatement     = "statement" // "ĐÃ GỬI"
	ClassPromise       = "promise"
	ClassConfirmation  = "confirmation"
	ClassExtension     = "extension_request"
	ClassContactChange = "contact_change"
	ClassOutOfScope    = "out_of_scope"
	ClassAutomatic     = "automatic"
	ClassBounce        = "bounce"
	ClassDuplicate     = "duplicate"
	ClassCommand       = "command"
	ClassUnreadable    = "unreadable"
)

// Reading is all that can be known of a mail from its bytes and the campaign
// alone. It is made in the reader child by one pure function, judge.
type Reading struct {
	SHA256    string    `json:"sha256"`
	Size      int64     `json:"size"`
	MessageID string    `json:"message_id"` // without <>
	Digest    string    `json:"digest"`     // of From, Subject, Date and the parts' hashes; no trace fields
	Subject   string    `json:"subject"`
	Date      time.Time `json:"date"`
	From      Address   `json:"from"`
	ReplyTo   []Address `json:"reply_to,omitempty"`
	To        []Address `json:"to,omitempty"`
	Cc        []Address `json:"cc,omitempty"`
	Delivered time.Time `json:"delivered"` // of the topmost Received field; zero if there is none
	Threads   []Thread  `json:"threads,omitempty"`
	// Machine names the sign by which a mail was known not to be written by a
	// person (RFC 3834 §2 and what is common besides); empty for a person's.
	Machine   string     `json:"machine,omitempty"`
	Bounce    *Bounce    `json:"bounce,omitempty"`
	Auth      string     `json:"auth,omitempty"` // pass, fail, none: by our own authserv-id only
	Forwarded bool       `json:"forwarded,omitempty"`
	Text      string     `json:"text,omitempty"`    // what the sender newly wrote, quotes cut away, bounded
	Links     bool       `json:"links,omitempty"`   // the text points at a file store
	Class     string     `json:"class"`             // by the words alone
	Says      []Saying   `json:"says,omitempty"`    // what Text tells us
	Orders    []Order    `json:"orders,omitempty"`  // what Text tells us to do, if it is the desk's
	Unclear   []string   `json:"unclear,omitempty"` // lines of such a text that were not understood
	Evidence  []Evidence `json:"evidence,omitempty"`
	Parts     []Part     `json:"parts"`
	// Limit names the limit that ended the reading ("parts", "size", "depth",
	// "header", "time", "memory", "crash"); empty when all of it was read.
	Limit string `json:"limit,omitempty"`
}

// The verdicts of a mail (CONTRACT, "Words").
const (
	Filed       = "filed"
	HeldMail    = "held"
	IgnoredMail = "ignored"
	Quarantined = "quarantined"
)

// The replies a Verdict can ask for.
const (
	ReplyReceipt     = "receipt"
	ReplyCorrections = "corrections"
	ReplyAskUnit     = "ask_unit"
	ReplyAcknowledge = "acknowledge"
	ReplyNone        = "none"
)

// Verdict is what became of a mail: the one record every arrival ends in.
type Verdict struct {
	ID          string     `json:"id"` // "7K3M5-QXA2P"
	Source      string     `json:"source"`
	SHA256      string     `json:"sha256"`
	MessageID   string     `json:"message_id"`
	Digest      string     `json:"digest,omitempty"`
	Received    time.Time  `json:"received"` // the server's time, never later than the decision
	Decided     time.Time  `json:"decided"`  // when this verdict was given
	From        string     `json:"from"`
	FromName    string     `json:"from_name,omitempty"`
	Subject     string     `json:"subject"`
	Verdict     string     `json:"verdict"` // filed, held, ignored, quarantined
	Reason      string     `json:"reason"`
	Class       string     `json:"class"`
	Unit        *string    `json:"unit"` // nil unless it was attributed
	Claimed     bool       `json:"claimed"`
	Candidates  []string   `json:"candidates"`
	Evidence    []Evidence `json:"evidence"`
	Parts       []Part     `json:"parts"`
	Missing     []string   `json:"missing"` // of the unit, after this mail
	Reply       string     `json:"reply"`
	ReplyReason string     `json:"reply_reason"`
	Bounce      *Bounce    `json:"bounce"`
	Text        string     `json:"text,omitempty"`
	Says        []Saying   `json:"says,omitempty"`
	// What its words do, beside its files: points of a letter of ours that they
	// settle, filings that they confirm or deny.
	Points  []Point       `json:"points,omitempty"`
	Attests []Attestation `json:"attests,omitempty"`
	Spam    bool          `json:"spam,omitempty"` // filed from a spam folder
	// Marked: the mailbox showed that this ledger had dealt with the mail, which
	// it does not remember: it was restored from a copy that is older.
	Marked      bool     `json:"marked,omitempty"`
	References  []string `json:"references,omitempty"` // for threading our answer
	DuplicateOf string   `json:"duplicate_of,omitempty"`
	Command     *Command `json:"command,omitempty"` // of a mail that tells us to do something
}

// UnitCode returns the attributed unit, or "".
func (v *Verdict) UnitCode() string {
	if v.Unit == nil {
		return ""
	}
	return *v.Unit
}

// Human reports whether a person wrote the mail.
func (v *Verdict) Human() bool {
	switch v.Class {
	case ClassAutomatic, ClassBounce, ClassDuplicate:
		return false
	}
	return true
}

// Brings reports whether the mail came with a file that may be a part of a report.
func (v *Verdict) Brings() bool {
	return slices.ContainsFunc(v.Parts, func(p Part) bool { return p.Kind != Decoration && p.Verdict != Ignored })
}

// Said returns the first saying of the kind, and whether there is one.
func (v *Verdict) Said(kind string) (Saying, bool) {
	for _, s := range v.Says {
		if s.Kind == kind {
			return s, true
		}
	}
	return Saying{}, false
}
