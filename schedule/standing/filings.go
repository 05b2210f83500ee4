package standing

import (
	"slices"
	"time"

	"dondoc/intake/finding"
)

// Filing is a mail, or what the desk received outside the mailbox, with the
// unit it was given to in the end.
type Filing struct {
	Arrival   string // "" for what came outside the mailbox
	Decision  string
	At        time.Time // of receipt
	Since     time.Time // when it became what it is: by its verdict, or by a person's decision
	Unit      string    // "" when it is nobody's
	Undecided bool      // a person still has to say whose it is
	Parts     []finding.Part
}

// Filings lists them in the order in which they became what they are, by all
// decisions in force; the people's tree of files follows from it. In that
// order because a later decision then only ever adds to the end.
func Filings(f Facts) []Filing {
	var last time.Time
	for _, d := range f.Decisions {
		if d.At.After(last) {
			last = d.At
		}
	}
	rulings := make(map[string]ruling)
	var all []Filing
	for _, d := range InForce(f.Decisions, last) {
		switch d.Kind {
		case Assign, Reject:
			rulings[d.Arrival] = append(rulings[d.Arrival], &d)
		case ReceivedOut:
			if d.File != nil && len(d.Units) > 0 {
				all = append(all, Filing{Decision: d.ID, At: d.At, Since: d.At, Unit: d.Units[0], Parts: []finding.Part{*d.File}})
			}
		}
	}
	for _, m := range f.Mails {
		arrived := filing{}
		since := m.Decided
		undecided := m.Verdict == finding.HeldMail || m.Verdict == finding.Quarantined
		if m.Verdict == finding.Filed {
			arrived.unit = m.UnitCode()
		}
		if r := rulings[m.ID]; len(r) > 0 {
			r.apply(&arrived)
			undecided, since = false, r[len(r)-1].At
		}
		all = append(all, Filing{Arrival: m.ID, At: m.Received, Since: since, Unit: arrived.unit, Undecided: undecided, Parts: m.Parts})
	}
	slices.SortStableFunc(all, func(a, b Filing) int { return a.Since.Compare(b.Since) })
	return all
}
