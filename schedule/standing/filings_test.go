package standing

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Going on by what is concerned lists what going over everything does.
func TestFilingsAreThoseOfGoingOverEverything(t *testing.T) {
	c := roster()
	for seed := range uint64(300) {
		r := &chance{Rand: rand.New(rand.NewPCG(77, seed))}
		now := at("2022-10-04")
		for range 60 {
			r.add(now)
			now = now.Add(time.Duration(r.IntN(5)) * time.Hour)
		}
		for i := range r.facts.Decisions { // they are recorded in their order
			if i > 0 && r.facts.Decisions[i].At.Before(r.facts.Decisions[i-1].At) {
				r.facts.Decisions[i].At = r.facts.Decisions[i-1].At
			}
		}
		place := map[string]int{}
		for i, m := range r.facts.Mails {
			m.Received, place[m.ID] = m.Decided, i
			// What is said or decided is said of a mail that came before.
			m.Attests = slices.DeleteFunc(m.Attests, func(a finding.Attestation) bool { k, ok := place[a.Arrival]; return !ok || k == i })
		}
		for i := range r.facts.Decisions {
			d := &r.facts.Decisions[i]
			if k, ok := place[d.Arrival]; !ok || r.facts.Mails[k].Decided.After(d.At) {
				d.Arrival = ""
			}
			if d.Kind == Return {
				d.Kind = Done // going over everything sees one too late
			}
		}
		if got, want := Filings(c, r.facts), filingsByHand(c, r.facts); !reflect.DeepEqual(got, want) {
			for i := range min(len(got), len(want)) {
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Errorf("%d is\n%+v, not\n%+v", i, got[i], want[i])
				}
			}
			t.Fatalf("seed %d: %d filings, not %d", seed, len(got), len(want))
		}
	}
}

func filingsByHand(c *config.Campaign, f Facts) []Filing {
	_, of := dossiers(c)
	h := slowHistory{f: f, same: of.same, rulings: rulings{same: of.same}, mails: map[string]*finding.Verdict{}, ruled: map[string]bool{}, latest: map[string][]int{}, outside: map[string]int{}}
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

// slowHistory is what Filings has gone through so far.
type slowHistory struct {
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
func (h *slowHistory) decided(i int) {
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
		h.rulings = newRulings(h.seen, deskOf(alive), d.At, h.same)
		for id, at := range h.outside {
			h.all[at].Past = !standing[id]
		}
		h.again(d.At)
	}
}

// said goes on by a mail that says of others whose they are; next is the first
// decision after it.
func (h *slowHistory) said(next int, m *finding.Verdict) {
	for _, a := range m.Attests {
		h.ruled[a.Arrival] = true
	}
	h.rulings = newRulings(h.seen, deskOf(InForce(h.f.Decisions[:next], m.Decided)), m.Decided, h.same)
	h.again(m.Decided)
}

// again lists anew what has become something else.
func (h *slowHistory) again(since time.Time) {
	for _, m := range h.seen {
		if h.ruled[m.ID] {
			h.became(m, since)
		}
	}
}

// became lists what the mail is now, as far as that is something else than
// before.
func (h *slowHistory) became(m *finding.Verdict, since time.Time) {
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
