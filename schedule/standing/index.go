package standing

import (
	"iter"
	"slices"
	"sync"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Index finds, in a chain of facts, those that concern a unit, an address or a
// mail, so that a year of mails need not be gone through for one of them. It
// follows the chain, which only grows; facts that an Index went through are
// found by it, those that somebody added to them since are few and always
// looked at.
type Index struct {
	mu        sync.RWMutex
	mails     map[topic][]int32 // places in Facts.Mails, ascending
	decisions map[topic][]int32 // places in Facts.Decisions, ascending
	given     map[string][]string
	few       [fews][]int32 // places in Facts.Mails, ascending
	spoken    []bool        // of each mail: something was decided about it, or said of it or by it of another
	have      Facts         // what it went through
	alive     inForce       // of the first decisions of what it went through
}

// inForce are the decisions of which nothing has been undone, of the first n, as
// they are once the last of them has been made. Nobody changes them.
type inForce struct {
	n    int
	last time.Time
	list []Decision
	desk map[string]ruling // by arrival
}

// inForce is InForce of the decisions, and what the desk said of each mail by
// them: worked out once as long as nobody decides anything, where the facts are
// followed by an index. Read them only.
func (f Facts) inForce(now time.Time) ([]Decision, map[string]ruling) {
	if len(f.Decisions) > 0 && f.decisions == len(f.Decisions) && f.found() {
		f.index.mu.Lock()
		defer f.index.mu.Unlock()
		a := &f.index.alive
		if a.n != len(f.Decisions) {
			*a = inForce{n: len(f.Decisions)}
			for i := range f.Decisions {
				if at := f.Decisions[i].At; at.After(a.last) {
					a.last = at
				}
			}
			a.list = slices.Clip(InForce(f.Decisions, a.last))
			a.desk = deskOf(a.list)
		}
		if !now.Before(a.last) {
			return a.list, a.desk
		}
	}
	alive := f.Decisions
	if !allHold(alive, now) {
		alive = InForce(alive, now)
	}
	return alive, deskOf(alive)
}

// InForce are the decisions made by now that nothing has undone. They may be
// others' too: read them only.
func (f Facts) InForce(now time.Time) []Decision {
	alive, _ := f.inForce(now)
	return alive
}

// topic is what a fact may be about.
type topic struct {
	what byte
	name string
}

const (
	ofUnit    = 'u' // a unit's code: the mail may be its, the decision names it
	ofAddress = 'a' // the address that a mail comes from, or that it says is dead
	ofFile    = 'f' // the hash of a file that the mail brought
	ofMail    = 'm' // a mail's id: the mail itself, the decisions about it
	saysOf    = 's' // a mail's id: mails that say whose it is
	undoing   = 'd' // a decision's id: those that undo it
	ofAll     = '*' // decisions that hold for whatever is asked
)

// Follow takes in what f has more than was seen before, and returns f as it
// will be found by the index. Each f has to go on from the one before.
func (x *Index) Follow(f Facts) Facts {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.mails == nil {
		x.mails, x.decisions, x.given = map[topic][]int32{}, map[topic][]int32{}, map[string][]string{}
	}
	for i := len(x.have.Mails); i < len(f.Mails); i++ {
		m := f.Mails[i]
		for _, t := range topics(m) {
			x.mails[t] = append(x.mails[t], int32(i))
		}
		x.spoken = append(x.spoken, len(m.Attests) > 0 || len(x.decisions[topic{ofMail, m.ID}]) > 0 || len(x.mails[topic{saysOf, m.ID}]) > 0)
		for _, a := range m.Attests {
			x.give(a.Unit, a.Arrival)
			x.speak(a.Arrival)
		}
		for k := range fews {
			if k.is(m) {
				x.few[k] = append(x.few[k], int32(i))
			}
		}
	}
	for i := len(x.have.Decisions); i < len(f.Decisions); i++ {
		d := &f.Decisions[i]
		for _, t := range decided(d) {
			x.decisions[t] = append(x.decisions[t], int32(i))
		}
		if d.Arrival != "" {
			x.speak(d.Arrival)
			for _, code := range d.Units {
				x.give(code, d.Arrival)
			}
		}
	}
	f.index, f.mails, f.decisions = x, len(f.Mails), len(f.Decisions)
	x.have = f
	return f
}

// speak notes that something was said of a mail, or decided about it.
func (x *Index) speak(id string) {
	for _, i := range x.mails[topic{ofMail, id}] {
		x.spoken[i] = true
	}
}

func (x *Index) give(unit, arrival string) {
	if have := x.given[unit]; unit != "" && !slices.Contains(have, arrival) {
		x.given[unit] = append(have, arrival)
	}
}

// topics are what a mail is about by its verdict, each once.
func topics(m *finding.Verdict) []topic {
	all := []topic{{ofMail, m.ID}}
	add := func(what byte, name string) {
		if t := (topic{what, name}); name != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	add(ofUnit, m.UnitCode())
	for _, code := range m.Candidates {
		add(ofUnit, code)
	}
	for i := range m.Parts {
		add(ofUnit, m.Parts[i].Unit)
		add(ofFile, m.Parts[i].SHA256)
	}
	add(ofAddress, m.From)
	if m.Bounce != nil {
		add(ofAddress, m.Bounce.Address)
	}
	for _, a := range m.Attests {
		add(saysOf, a.Arrival)
	}
	return all
}

// decided are what a decision is about.
func decided(d *Decision) []topic {
	var all []topic
	for _, code := range d.Units {
		all = append(all, topic{ofUnit, code})
	}
	if d.Arrival != "" {
		all = append(all, topic{ofMail, d.Arrival})
	}
	if d.Kind == Undo {
		return append(all, topic{undoing, d.Undoes})
	}
	if len(all) == 0 || d.Kind == Alias {
		all = append(all, topic{ofAll, ""})
	}
	return all
}

// found reports whether the facts still are those that the index went through,
// and perhaps some more.
func (f Facts) found() bool {
	x := f.index
	if x == nil || len(f.Mails) < f.mails || len(f.Decisions) < f.decisions {
		return false
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return (f.mails == 0 || f.Mails[f.mails-1] == x.have.Mails[f.mails-1]) &&
		(f.decisions == 0 || f.Decisions[f.decisions-1].ID == x.have.Decisions[f.decisions-1].ID)
}

// Kept reports whether the facts are all in an index: none of them was added by a
// transaction that may yet be undone.
func (f Facts) Kept() bool {
	return f.found() && f.mails == len(f.Mails) && f.decisions == len(f.Decisions)
}

// Concern is what facts are asked about.
type Concern struct {
	Units     []string // and whoever shares their dossiers
	Addresses []string
	Mails     []string // ids
}

// About are the facts, in their order, by which all that the concern names
// stands where it stands: every mail that may be theirs, whatever was said and
// decided about it, and what was decided about them. Of others there may be
// some too, and not all. Facts without an index are returned whole.
func (f Facts) About(c *config.Campaign, of Concern) Facts {
	if !f.found() {
		return f
	}
	s := search{f: f, x: f.index, mails: map[int32]bool{}, decisions: map[int32]bool{}}
	s.x.mu.RLock()
	defer s.x.mu.RUnlock()
	for _, code := range of.Units {
		codes := []string{code} // of one that has left the roster, itself
		for _, u := range c.Group(code) {
			if u.Code != code {
				codes = append(codes, u.Code)
			}
		}
		for _, code := range codes {
			s.take(topic{ofUnit, code})
			s.decide(topic{ofUnit, code})
			for _, id := range s.x.given[code] {
				s.take(topic{ofMail, id})
				if m := s.mail(id); m != nil && m.From != "" && len(f.ByHand) > 0 {
					s.take(topic{ofAddress, m.From}) // whoever was answered by hand was answered on all of it
				}
			}
		}
	}
	for _, address := range of.Addresses {
		s.take(topic{ofAddress, address})
	}
	for _, id := range of.Mails {
		s.take(topic{ofMail, id})
		s.decide(topic{ofMail, id})
	}
	s.decide(topic{ofAll, ""})
	for _, d := range f.Decisions[f.decisions:] {
		s.take(topic{ofMail, d.Arrival})
	}
	for _, m := range f.Mails[f.mails:] {
		s.decide(topic{ofMail, m.ID})
		for _, a := range m.Attests {
			s.take(topic{ofMail, a.Arrival})
			s.decide(topic{ofMail, a.Arrival})
		}
	}
	return s.facts()
}

// search gathers what concerns something.
type search struct {
	f                Facts
	x                *Index
	mails, decisions map[int32]bool
	plain            []int32 // places of mails of which nothing was said or decided, in no order
}

func (s *search) mail(id string) *finding.Verdict {
	if places := s.x.mails[topic{ofMail, id}]; len(places) > 0 && int(places[0]) < s.f.mails {
		return s.f.Mails[places[0]]
	}
	return nil
}

// take gathers the mails about a topic, what was decided about them, and the
// mails that say whose they are.
func (s *search) take(t topic) {
	for _, i := range s.x.mails[t] {
		switch {
		case int(i) >= s.f.mails || s.mails[i]:
			continue
		case !s.x.spoken[i]:
			s.plain = append(s.plain, i)
			continue
		}
		s.mails[i] = true
		m := s.f.Mails[i]
		s.decide(topic{ofMail, m.ID})
		for _, a := range m.Attests { // with these it is settled
			s.decide(topic{ofMail, a.Arrival})
		}
		s.take(topic{saysOf, m.ID})
	}
}

// decide gathers the decisions about a topic, and those that undo them.
func (s *search) decide(t topic) {
	for _, i := range s.x.decisions[t] {
		if int(i) >= s.f.decisions || s.decisions[i] {
			continue
		}
		s.decisions[i] = true
		if id := s.f.Decisions[i].ID; id != "" {
			s.decide(topic{undoing, id})
		}
	}
}

// facts are what was gathered, and what the index has not seen yet.
func (s *search) facts() Facts {
	f := s.f
	f.index, f.mails, f.decisions = nil, 0, 0
	f.SetBack = nil   // it counts decisions, of which these are some
	places := s.plain // most often in order already
	for i := range s.mails {
		places = append(places, i)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	f.Mails = make([]*finding.Verdict, 0, len(places)+len(s.f.Mails)-s.f.mails)
	for _, i := range places {
		f.Mails = append(f.Mails, s.f.Mails[i])
	}
	f.Mails = append(f.Mails, s.f.Mails[s.f.mails:]...)
	f.Decisions = make([]Decision, 0, len(s.decisions)+len(s.f.Decisions)-s.f.decisions)
	for _, i := range sorted(s.decisions) {
		f.Decisions = append(f.Decisions, s.f.Decisions[i])
	}
	f.Decisions = append(f.Decisions, s.f.Decisions[s.f.decisions:]...)
	return f
}

func sorted(places map[int32]bool) []int32 {
	all := make([]int32, 0, len(places))
	for i := range places {
		all = append(all, i)
	}
	slices.Sort(all)
	return all
}

// With are mails among which are all that brought the file with the hash, those
// that came first first.
func (f Facts) With(sha string) iter.Seq[*finding.Verdict] {
	return func(yield func(*finding.Verdict) bool) {
		rest := f.Mails
		if f.found() {
			f.index.mu.RLock()
			places := f.index.mails[topic{ofFile, sha}] // which only grow
			f.index.mu.RUnlock()
			for _, i := range places {
				if int(i) < f.mails && !yield(f.Mails[i]) {
					return
				}
			}
			rest = f.Mails[f.mails:]
		}
		for _, m := range rest {
			if !yield(m) {
				return
			}
		}
	}
}

// Mail is the mail with the id; nil if there is none.
func (f Facts) Mail(id string) *finding.Verdict {
	rest := f.Mails
	if f.found() {
		f.index.mu.RLock()
		places := f.index.mails[topic{ofMail, id}]
		f.index.mu.RUnlock()
		if len(places) > 0 && int(places[0]) < f.mails {
			return f.Mails[places[0]]
		}
		rest = f.Mails[f.mails:]
	}
	if i := slices.IndexFunc(rest, func(m *finding.Verdict) bool { return m.ID == id }); i >= 0 {
		return rest[i]
	}
	return nil
}
