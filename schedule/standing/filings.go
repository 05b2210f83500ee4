package standing

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Filing is a mail, or what the desk received outside the mailbox, with a unit
// that it was given to. A mail that was given to several, one after the other,
// is several filings, of which all but the last are Past; one that holds files
// of several units is a filing of each.
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
func Filings(c *config.Campaign, f Facts) []Filing {
	_, of := dossiers(c)
	h := history{f: f, same: of.same, rulings: rulings{same: of.same}, mails: map[string]*finding.Verdict{}, ruled: map[string]bool{}, latest: map[string][]int{}, outside: map[string]int{}}
	// Mails and decisions are each in their own order; together they go by
	// time, a mail before a decision of the same instant.
	next := 0
	for _, m := range f.Mails {
		for ; next < len(f.Decisions) && f.Decisions[next].At.Before(m.Decided); next++ {
			h.decided(next)
		}
		h.mails[m.ID] = m
		h.seen = append(h.seen, m)
		h.became(m, m.Decided)
		if len(m.Attests) > 0 {
			h.said(next, m)
		}
	}
	for ; next < len(f.Decisions); next++ {
		h.decided(next)
	}
	return h.all
}

// history is what Filings has gone through so far.
type history struct {
	f       Facts
	same    func(a, b string) bool
	rulings rulings         // of the decisions in force
	ruled   map[string]bool // arrivals that something was ever decided about, or said of
	mails   map[string]*finding.Verdict
	seen    []*finding.Verdict
	all     []Filing
	latest  map[string][]int // arrival → its filings as they stand
	outside map[string]int   // decision → its filing
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
	case Assign, Reject, Done, Extend, Refuse, Undo:
		alive, standing := InForce(h.f.Decisions[:i+1], d.At), map[string]bool{}
		for _, x := range alive {
			standing[x.ID], h.ruled[x.Arrival] = true, true
		}
		h.rulings = newRulings(h.seen, alive, d.At, h.same)
		for id, at := range h.outside {
			h.all[at].Past = !standing[id]
		}
		h.again(d.At)
	}
}

// said goes on by a mail that says of others whose they are; next is the first
// decision after it.
func (h *history) said(next int, m *finding.Verdict) {
	for _, a := range m.Attests {
		h.ruled[a.Arrival] = true
	}
	h.rulings = newRulings(h.seen, InForce(h.f.Decisions[:next], m.Decided), m.Decided, h.same)
	h.again(m.Decided)
}

// again lists anew what has become something else.
func (h *history) again(since time.Time) {
	for _, m := range h.seen {
		if h.ruled[m.ID] {
			h.became(m, since)
		}
	}
}

// became lists what the mail is now, as far as that is something else than
// before.
func (h *history) became(m *finding.Verdict, since time.Time) {
	o := h.rulings.of(m)
	var now []Filing
	for _, x := range o.shares {
		now = append(now, Filing{Arrival: m.ID, At: m.Received, Since: since, Unit: x.unit, Parts: o.parts(m, x.unit, h.same)})
	}
	switch {
	case len(o.rest) > 0:
		waiting := slices.DeleteFunc(slices.Clone(m.Parts), func(p finding.Part) bool {
			return !slices.ContainsFunc(o.rest, func(code string) bool { return p.Unit != "" && h.same(code, p.Unit) })
		})
		now = append(now, Filing{Arrival: m.ID, At: m.Received, Since: since, Undecided: true, Parts: waiting})
	case len(now) == 0:
		now = append(now, Filing{Arrival: m.ID, At: m.Received, Since: since, Undecided: o.waits(m), Parts: m.Parts})
	}
	like := func(a, b Filing) bool {
		return a.Unit == b.Unit && a.Undecided == b.Undecided && len(a.Parts) == len(b.Parts)
	}
	var latest []int
	for _, i := range h.latest[m.ID] {
		h.all[i].Past = !slices.ContainsFunc(now, func(x Filing) bool { return like(x, h.all[i]) })
		if !h.all[i].Past {
			latest = append(latest, i)
		}
	}
	for _, x := range now {
		if !slices.ContainsFunc(latest, func(i int) bool { return like(x, h.all[i]) }) {
			latest = append(latest, len(h.all))
			h.all = append(h.all, x)
		}
	}
	h.latest[m.ID] = latest
}
