package finding

import (
	"maps"
	"slices"
)

// The kinds of a Saying.
const (
	SaysRight      = "right"       // "XÁC NHẬN ĐÚNG 2,4": the numbered points of our letter are right as they are
	SaysSent       = "sent"        // "ĐÃ GỬI": by another channel
	SaysWillSend   = "will_send"   // "sẽ gửi ngày 18/10"
	SaysYes        = "yes"         // "ĐÚNG", to a question of ours
	SaysNo         = "no"          // "KHÔNG", to a question of ours
	SaysNeedsTime  = "needs_time"  // asks for a later deadline
	SaysContact    = "contact"     // another address or person from now on
	SaysCorrection = "correction"  // "đính chính": what was sent before is to be corrected
	SaysForNow     = "provisional" // sent ahead of the signed document
	SaysAsks       = "asks"        // a question
)

// Saying is one thing that a person's own words tell us, as far as they could
// be read: quoted text and signatures are cut away before. What a Saying does
// not name is empty; what it names is not believed yet.
type Saying struct {
	Kind  string   `json:"kind"`
	Items []int    `json:"items,omitempty"` // of right: the numbers in the letter that is answered; none: all
	Parts []string `json:"parts,omitempty"` // of sent and will_send: report, appendix, model; none: whatever is missing
	Ref   string   `json:"ref,omitempty"`   // number of a document: "45/BC-SNV"
	Via   string   `json:"via,omitempty"`   // lien-thong, giay, zalo, dien-thoai
	// Day is of the document, promised, or asked for. Of a Verdict it is
	// "2022-10-18"; of a Reading, which knows no today, it may be what was said
	// instead (package saying).
	Day     string `json:"day,omitempty"`
	Address string `json:"address,omitempty"` // of contact, lower case
	Reason  string `json:"reason,omitempty"`  // why, in his words, bounded
	Quote   string `json:"quote,omitempty"`   // the line it was read from, bounded
}

// Same reports whether s tells what t tells, in whatever words. Two questions
// are one only if they are put alike.
func (s Saying) Same(t Saying) bool {
	return s.Kind == t.Kind && slices.Equal(s.Items, t.Items) && slices.Equal(s.Parts, t.Parts) && s.Ref == t.Ref && s.Via == t.Via && s.Day == t.Day &&
		s.Address == t.Address && (s.Kind != SaysAsks || Fold(s.Quote) == Fold(t.Quote))
}

// What became of a point that somebody says is right as it stands.
const (
	PointExplained = "explained" // it is X: his word settles it
	PointMustFix   = "must_fix"  // it is E: his word alone does not
	PointUnknown   = "unknown"   // the letter has no such number
)

// Point is a numbered point of a letter of corrections that a mail says is
// right as it stands, found again in that letter.
type Point struct {
	Number  int      `json:"number"`
	Outcome string   `json:"outcome"`
	Letter  string   `json:"letter,omitempty"` // its key
	Arrival string   `json:"arrival,omitempty"`
	File    string   `json:"file,omitempty"` // sha256
	Problem *Problem `json:"problem,omitempty"`
	Reason  string   `json:"reason,omitempty"` // why it is right, in his words
}

// Explains reports whether the point is the problem q of the file, or the same
// problem of a later version of it: the same rule at the same place, and the
// same figures.
func (p Point) Explains(file string, q Problem) bool {
	if p.Outcome != PointExplained || p.Problem == nil || p.Problem.Code != q.Code || q.Severity != FixOrExplain {
		return false
	}
	if p.File == file && p.File != "" {
		return p.Problem.Cell == q.Cell || slices.Contains(p.Problem.Cells, q.Cell)
	}
	return p.Problem.Cell == q.Cell && slices.Equal(p.Problem.Cells, q.Cells) && p.Problem.Found == q.Found && maps.Equal(p.Problem.Args, q.Args)
}

// Attestation is what a mail says of an earlier one, from somebody who has to
// know: that its filing is the unit's, or is not, or that it is of that unit.
type Attestation struct {
	Arrival string `json:"arrival"`
	Unit    string `json:"unit"`
	Denied  bool   `json:"denied,omitempty"`  // it is not the unit's
	Claimed bool   `json:"claimed,omitempty"` // it is only said to be
}
