// Package standing works out where every unit stands: obligations × filings ×
// decisions × now. It is a pure fold: the same facts and the same now always
// give the same table, so the standing of last Tuesday costs nothing extra.
package standing

import (
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// State of a unit (CONTRACT, "Words").
type State string

const (
	None     State = "none"     // nothing accepted
	Partial  State = "partial"  // a part is missing
	Fixing   State = "fixing"   // nothing is missing, some part needs fixing or is held
	Complete State = "complete" //
)

// Timeliness is that of the first moment at which all parts were there.
type Timeliness string

const (
	OnTime Timeliness = "on_time"
	Grace  Timeliness = "grace"
	Late   Timeliness = "late"
)

// Facts is what the ledger knows, in the order it came to know it. Fold looks
// only at what had happened by its now: mails by their time of receipt,
// decisions by the time they were made.
type Facts struct {
	Mails     []*finding.Verdict
	Decisions []Decision
	// Dead are addresses that mail could not be delivered to for good, since when.
	Dead map[string]time.Time
	// Soft are addresses from which letters came back of late for reasons that
	// pass, such as a full mailbox, and when each did; a mail that comes from
	// one ends that.
	Soft map[string][]time.Time
	// ByHand are the answers that people of the desk sent themselves.
	ByHand []ByHand
	// SetBack are the times that the machine's clock was set back (Present).
	SetBack []SetBack

	// index, if set, finds the first so many mails and decisions.
	index            *Index
	mails, decisions int
}

// The kinds of a Decision.
const (
	Extend      = "extend"
	Exempt      = "exempt"
	Pause       = "pause"
	Resume      = "resume"
	ReceivedOut = "received" // a part that came outside the mailbox
	Note        = "note"
	Alias       = "alias"
	Undo        = "undo"
	Assign      = "assign"
	Reject      = "reject"
	Done        = "done"    // what the mail says has been dealt with: it waits for nobody any more
	Return      = "return"  // what a person had to look at in a mail's files is for the unit to mend after all
	GoLive      = "invite"  // the count was shown and confirmed
	Refuse      = "refuse"  // a later deadline that a unit asked for
	Approve     = "approve" // letters that go out only once a person says so
)

// Decision is something a person of the committee decided. It is recorded
// with who and when, never changed, and can be undone by a later one. It holds
// for the units it lists and for those that share their dossier; "all" is
// recorded as the list of all, so that a list left empty touches nobody.
type Decision struct {
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	By      string        `json:"by"`
	Kind    string        `json:"kind"`
	Units   []string      `json:"units,omitempty"`
	Until   time.Time     `json:"until,omitzero"` // extend: the exclusive deadline; pause: when it ends, zero: by resume; note: the promised day; approve: before which day the letter asks
	Part    string        `json:"part,omitempty"` // report, appendix, model
	Count   int           `json:"count,omitempty"`
	Arrival string        `json:"arrival,omitempty"` // assign, reject: the mail; extend, refuse: the request that it settles
	Address string        `json:"address,omitempty"`
	Via     string        `json:"via,omitempty"` // lien-thong, giay, zalo, dien-thoai
	Ref     string        `json:"ref,omitempty"`
	Date    time.Time     `json:"date,omitzero"` // received: the day it came; approve: of the signed letter, or of the report
	File    *finding.Part `json:"file,omitempty"`
	Cause   string        `json:"cause,omitempty"` // thien-tai
	Reason  string        `json:"reason,omitempty"`
	Letter  string        `json:"letter,omitempty"` // approve: the kind of letter, escalate or thanks
	Undoes  string        `json:"undoes,omitempty"`
	// Origin is what was answered to make it: "digest/2022-10-17-1600#1" is the
	// first choice of that digest; empty for a command.
	Origin string `json:"origin,omitempty"`
}

// Counted is a part that counts for a unit, and where it came from.
type Counted struct {
	Kind     string // report, appendix, model
	Unit     string // the member of the dossier that it came from
	Arrival  string // "" when it came outside the mailbox
	Decision string // of a part received outside
	Received time.Time
	Version  int // 1 for the first accepted of its kind, 2 for the one that replaced it, …
	Part     finding.Part
	Claimed  bool
	Held     bool // a person has to say something about it
	Accepted bool // a person took it as it stands: an X counts as explained
	chosen   time.Time
}

// Unit is where one unit stands.
type Unit struct {
	Code       string
	State      State
	Timeliness Timeliness // "" while something was never there
	Missing    []string   // "report", "appendix", "model:1"
	Deadline   time.Time  // EffectiveDeadline, exclusive
	Extended   bool       // by a decision
	// Counted are the parts that count now, report, appendix, models.
	Counted []Counted
	Models  int // write-ups counted
	// Waiting are parts that do not count yet, beside what does: they are only
	// claimed and not needed, or wait for a person.
	Waiting []Counted
	// Owes is the obligation of its dossier, exemptions taken off.
	Owes config.Obligation
	// Lead is the member of its dup_group in whose name letters go: its own
	// code, unless another member has the higher obligation.
	Lead string
	// Open are problems of the counted parts that the sender still has to act on.
	Open         []finding.Problem
	Held         bool      // a part of it, or a mail that may be its, waits for a person
	HeldMails    []string  // ids of the undecided mails that may be its
	LastReceived time.Time // of the last filed mail
	CompletedAt  time.Time // first moment at which all parts were there
	Claimed      bool      // something that counts is only claimed
	CoveredBy    string    // the member of its dup_group whose dossier counts
	Reachable    bool      // some address of its dossier is not known dead
	// Addresses are those registered for it: the roster's, then those that an
	// alias decision added.
	Addresses  []string
	ExtendedBy *Decision // nil unless Extended
	Paused     bool
	PausedBy   Decision
	ResumedBy  *Decision // what ended the last pause; nil while paused or if there was none
	ResumedAt  time.Time // when the last pause ended, by a decision or by itself
	Promise    time.Time // last day promised, midnight; zero if none is pending
	PromisedBy string    // the mail that promises it; "" where a note does
	// Said: the unit wrote "ĐÃ GỬI" (last in the mail SaidBy, at SaidAt) of
	// SaidParts, none meaning all, and the desk has neither recorded what came
	// outside the mailbox since, nor set it aside.
	Said      bool
	SaidParts []string
	SaidAt    time.Time
	SaidBy    string
	// CorrectedBy is the mail that takes back figures that count, and that no
	// workbook has followed yet (since CorrectingAt); "" if there is none.
	CorrectedBy  string
	CorrectingAt time.Time
	ForNow       []string  // kinds of which what counts came ahead of the signed one
	LastHeard    time.Time // when a mail came for its dossier that nobody has dealt with by hand
	Notes        []Decision
}

// Gave reports whether anything at all was accepted from the unit.
func (u Unit) Gave() bool { return len(u.Counted) > 0 }
