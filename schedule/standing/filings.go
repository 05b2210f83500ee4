package standing

import (
	"time"

	"dondoc/intake/finding"
)

// Filing is a mail, or what the desk received outside the mailbox, with a unit
// that it was given to. A mail that was given to several, one after the other,
// is several filings, of which all but the last are Past.
type Filing struct {
	Arrival   string // "" for what came outside the mailbox
	Decision  string
	At        time.Time // of receipt
	Since     time.Time // when it became what it is: by its verdict, or by a person's decision
	Unit      string    // "" when it is nobody's
	Undecided bool      // a person still has to say whose it is
	Past      bool      // it has been given to another since, or set aside
	Parts     []finding.Part
}

// Filings lists them in the order in which they became what they are; the
// people's tree of files follows from it. A decision, and its undoing, only
// ever adds to the end: what was listed stays where it was, as Past if it no
// longer holds. So a file in the tree keeps its name for good.
func Filings(f Facts) []Filing {
	h := history{f: f, rulings: map[string]ruling{}, mails: map[string]*finding.Verdict{}, latest: map[string]int{}, outside: map[string]int{}}
	// Mails and decisions are each in their own order; together they go by
	// time, a mail before a decision of the same instant.
	next := 0
	for _, m := range f.Mails {
		for ; next < len(f.Decisions) && f.Decisions[next].At.Before(m.Decided); next++ {
			h.decided(next)
		}
		h.mails[m.ID] = m
		h.became(m, m.Decided)
	}
	for ; next < len(f.Decisions); next++ {
		h.decided(next)
	}
	return h.all
}

// history is what Filings has gone through so far.
type history struct {
	f       Facts
	rulings map[string]ruling // by arrival, of the decisions in force
	mails   map[string]*finding.Verdict
	all     []Filing
	latest  map[string]int // arrival → its last filing
	outside map[string]int // decision → its filing
}

// decided goes on by one decision.
func (h *history) decided(i int) {
	d := h.f.Decisions[i]
	switch d.Kind {
	case ReceivedOut:
		if d.File != nil && len(d.Units) > 0 {
			h.outside[d.ID] = len(h.all)
			h.all = append(h.all, Filing{Decision: d.ID, At: d.At, Since: d.At, Unit: d.Units[0], Parts: []finding.Part{*d.File}})
		}
	case Assign, Reject, Undo:
		for arrival := range h.rulings {
			h.rulings[arrival] = nil
		}
		standing := map[string]bool{}
		for _, x := range InForce(h.f.Decisions[:i+1], d.At) {
			standing[x.ID] = true
			if x.Kind == Assign || x.Kind == Reject {
				h.rulings[x.Arrival] = append(h.rulings[x.Arrival], &x)
			}
		}
		for id, at := range h.outside {
			h.all[at].Past = !standing[id]
		}
		for _, m := range h.f.Mails {
			if _, ruled := h.rulings[m.ID]; ruled && h.mails[m.ID] != nil {
				h.became(m, d.At)
			}
		}
	}
}

// became lists what the mail is now, if that is something else than before.
func (h *history) became(m *finding.Verdict, since time.Time) {
	arrived := filing{}
	if m.Verdict == finding.Filed {
		arrived.unit = m.UnitCode()
	}
	x := Filing{Arrival: m.ID, At: m.Received, Since: since, Parts: m.Parts}
	x.Undecided = m.Verdict == finding.HeldMail || m.Verdict == finding.Quarantined
	if r := h.rulings[m.ID]; len(r) > 0 {
		r.apply(&arrived)
		x.Undecided = false
	}
	x.Unit = arrived.unit
	if i, ok := h.latest[m.ID]; ok {
		if h.all[i].Unit == x.Unit && h.all[i].Undecided == x.Undecided {
			return
		}
		h.all[i].Past = true
	}
	h.latest[m.ID] = len(h.all)
	h.all = append(h.all, x)
}
