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
	h := history{f: f, same: of.same, place: map[string]int{}, latest: map[string][]int{}, outside: map[string]int{},
		about: map[string][]int{}, undone: map[string][]int{}, ids: map[string][]int{}, said: map[string][]*finding.Verdict{}}
	// Mails and decisions are each in their own order; together they go by
	// time, a mail before a decision of the same instant.
	next := 0
	for i, m := range f.Mails {
		for ; next < len(f.Decisions) && f.Decisions[next].At.Before(m.Decided); next++ {
			h.decided(next)
		}
		h.place[m.ID] = i
		h.seen = i + 1
		h.became(m, m.Decided)
		for _, a := range m.Attests {
			h.said[a.Arrival] = append(h.said[a.Arrival], m)
		}
		for _, a := range m.Attests {
			h.again(map[string]bool{a.Arrival: true}, m.Decided)
		}
	}
	for ; next < len(f.Decisions); next++ {
		h.decided(next)
	}
	return h.all
}

// history is what Filings has gone through so far. A decision concerns few
// mails, so only these are looked at again.
type history struct {
	f       Facts
	same    func(a, b string) bool
	seen    int            // mails gone through
	place   map[string]int // arrival → the mail
	all     []Filing
	latest  map[string][]int // arrival → its filings as they stand
	outside map[string]int   // decision → its filing

	about  map[string][]int              // arrival → decisions about it
	undone map[string][]int              // id → decisions that undo it
	ids    map[string][]int              // id → decisions
	said   map[string][]*finding.Verdict // arrival → mails that say whose it is
}

// decided goes on by one decision.
func (h *history) decided(i int) {
	d := &h.f.Decisions[i]
	h.ids[d.ID] = append(h.ids[d.ID], i)
	if d.Arrival != "" {
		h.about[d.Arrival] = append(h.about[d.Arrival], i)
	}
	switch d.Kind {
	case ReceivedOut:
		if d.File != nil && len(d.Units) > 0 {
			h.outside[d.ID] = len(h.all)
			h.all = append(h.all, Filing{Decision: d.ID, At: d.At, Since: d.At, Unit: d.Units[0], Parts: []finding.Part{*d.File}})
		}
	case Assign, Reject, Done, Extend, Refuse, Undo:
		if d.Kind == Undo {
			h.undone[d.Undoes] = append(h.undone[d.Undoes], i)
		}
		arrivals := map[string]bool{}
		h.concerned(i, d.At, arrivals, map[int]bool{})
		h.again(arrivals, d.At)
	}
}

// concerned gathers the mails that a decision may have made something else.
func (h *history) concerned(i int, now time.Time, arrivals map[string]bool, been map[int]bool) {
	if been[i] {
		return
	}
	been[i] = true
	d := &h.f.Decisions[i]
	if at, ok := h.outside[d.ID]; ok {
		h.all[at].Past = !h.holds(i, now)
	}
	if d.Kind == Undo {
		for _, k := range h.ids[d.Undoes] {
			h.concerned(k, now, arrivals, been)
		}
	}
	if d.Arrival == "" {
		return
	}
	arrivals[d.Arrival] = true
	for _, m := range h.said[d.Arrival] {
		arrivals[m.ID] = true
	}
	if at, ok := h.place[d.Arrival]; ok {
		for _, a := range h.f.Mails[at].Attests {
			arrivals[a.Arrival] = true
		}
	}
}

// holds reports whether the decision had been made by now, and nothing had
// undone it (InForce).
func (h *history) holds(i int, now time.Time) bool {
	d := &h.f.Decisions[i]
	return !d.At.After(now) && (d.ID == "" || !slices.ContainsFunc(h.undone[d.ID], func(k int) bool { return k > i && h.holds(k, now) }))
}

// rulings are what was decided and said by now of a mail, as far as it tells
// what became of it.
func (h *history) rulings(id string, attests []finding.Attestation, now time.Time) rulings {
	r := rulings{desk: map[string]ruling{}, same: h.same}
	of := func(id string) {
		if r.desk[id] != nil {
			return
		}
		for _, i := range h.about[id] {
			switch d := &h.f.Decisions[i]; d.Kind {
			case Assign, Reject, Done, Return, Extend, Refuse:
				if h.holds(i, now) {
					r.desk[id] = append(r.desk[id], d)
				}
			}
		}
	}
	of(id)
	for _, a := range attests {
		of(a.Arrival)
	}
	for _, m := range h.said[id] {
		of(m.ID)
		if m.Received.After(now) || !r.heeds(m) {
			continue
		}
		for _, a := range m.Attests {
			if a.Arrival == id {
				r.attested = map[string]finding.Attestation{id: a}
			}
		}
	}
	return r
}

// again lists anew what has become something else, of what something was
// decided about or said of.
func (h *history) again(arrivals map[string]bool, since time.Time) {
	var places []int
	for id := range arrivals {
		if at, ok := h.place[id]; ok && (len(h.about[id]) > 0 || len(h.said[id]) > 0) {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	for _, at := range places {
		h.became(h.f.Mails[at], since)
	}
}

// became lists what the mail is now, as far as that is something else than
// before.
func (h *history) became(m *finding.Verdict, since time.Time) {
	o := h.rulings(m.ID, m.Attests, since).of(m)
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
