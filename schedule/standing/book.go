package standing

import (
	"maps"
	"slices"
	"sync"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Book is Fold for those who ask again and again, as facts are added and time
// passes: it works out anew only the dossiers to which something has happened.
// What it says is what Fold says, whatever it was asked before; one that is
// asked for an earlier time than before, or about other facts, begins anew.
type Book struct {
	mu       sync.Mutex
	campaign *config.Campaign
	all      []*dossier // of each only who its members are
	of       index

	facts Facts // as far as they are in the book, all with an index
	now   time.Time
	units map[string]*Unit
	until map[*dossier]time.Time // when time alone may change it; zero: never
	waits map[string]bool        // ids of mails that wait for a person → quarantined
	later Facts                  // those that have not happened by now
}

// Fold is Fold(c, f, now). The units are shared with later tables: read them only.
func (b *Book) Fold(c *config.Campaign, f Facts, now time.Time) *Table {
	f = f.Present(now)
	if !f.found() || slices.ContainsFunc(f.ByHand, func(h ByHand) bool { return h.At.After(now) }) {
		return Fold(c, f, now)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := f // the facts that the index has, which only grow
	kept.Mails, kept.Decisions = f.Mails[:f.mails:f.mails], f.Decisions[:f.decisions:f.decisions]
	if b.campaign != c || len(b.of) != len(c.Units) || b.facts.index != f.index || now.Before(b.now) ||
		len(kept.Mails) < len(b.facts.Mails) || len(kept.Decisions) < len(b.facts.Decisions) || len(f.ByHand) < len(b.facts.ByHand) {
		b.begin(c, f)
	}
	b.bring(kept, now)
	table := &Table{Now: now, Units: maps.Clone(b.units), Order: make([]string, len(c.Units))}
	for i := range c.Units {
		table.Order[i] = c.Units[i].Code
	}
	waits := b.waits
	if len(f.Mails) > f.mails || len(f.Decisions) > f.decisions {
		// What is not kept yet may never be: it is not put into the book.
		changed, mails := b.changed(kept, f)
		for s := range changed {
			for code, u := range b.fold(s, f, now).Units {
				table.Units[code] = u
			}
		}
		waits = maps.Clone(b.waits)
		b.wait(waits, f, mails, now)
	}
	for _, quarantined := range waits {
		if quarantined {
			table.Quarantined++
		} else {
			table.Held++
		}
	}
	return table
}

// begin opens the book for facts that do not go on from those in it.
func (b *Book) begin(c *config.Campaign, f Facts) {
	b.campaign, b.now = c, time.Time{}
	b.all, b.of = dossiers(c)
	b.facts = Facts{index: f.index}
	b.units, b.until, b.waits, b.later = make(map[string]*Unit, len(c.Units)), map[*dossier]time.Time{}, map[string]bool{}, Facts{}
}

// bring brings the book to these facts and this time.
func (b *Book) bring(f Facts, now time.Time) {
	changed, mails := b.changed(b.facts, f)
	b.later.Mails = append(b.later.Mails, f.Mails[len(b.facts.Mails):]...)
	b.later.Decisions = append(b.later.Decisions, f.Decisions[len(b.facts.Decisions):]...)
	for _, s := range b.all {
		lead := b.units[s.lead]
		if until := b.until[s]; lead == nil || !until.IsZero() && !now.Before(until) || lead.Reachable != b.reachable(s, f.Dead, now) {
			changed[s] = true
		}
	}
	for s := range changed {
		maps.Copy(b.units, b.fold(s, f, now).Units)
		b.until[s] = b.next(s, now)
	}
	b.later.Mails = slices.DeleteFunc(b.later.Mails, func(m *finding.Verdict) bool { return !m.Received.After(now) })
	b.later.Decisions = slices.DeleteFunc(b.later.Decisions, func(d Decision) bool { return !d.At.After(now) })
	b.wait(b.waits, f, mails, now)
	b.facts, b.now = f, now
}

// fold works out where one dossier stands.
func (b *Book) fold(s *dossier, f Facts, now time.Time) *Table {
	return foldOne(b.campaign, f.About(b.campaign, Concern{Units: []string{s.lead}}), now, s, b.of.same)
}

// foldOne works out where the dossier stands whose members s has.
func foldOne(c *config.Campaign, f Facts, now time.Time, s *dossier, same func(a, b string) bool) *Table {
	one := &dossier{names: names{}, zone: zone(c)}
	of := index{}
	for _, i := range s.members {
		one.join(c, i)
		of[c.Units[i].Code] = one
	}
	return fold(c, f, now, []*dossier{one}, of, same)
}

func (b *Book) reachable(s *dossier, dead map[string]time.Time, now time.Time) bool {
	return slices.ContainsFunc(s.members, func(i int) bool {
		u := &b.campaign.Units[i]
		return reachable(*u, b.units[u.Code].Addresses, dead, now)
	})
}

// next is when time alone changes where a dossier stands, zero for never.
func (b *Book) next(s *dossier, now time.Time) (next time.Time) {
	u := b.units[s.lead]
	if !u.Promise.IsZero() {
		next = u.Promise.AddDate(0, 0, 1)
	}
	if until := u.PausedBy.Until; until.After(now) && (next.IsZero() || until.Before(next)) {
		next = until
	}
	return next
}

// changed are the dossiers to which something may have happened between the
// facts was and is, or as time passed, and the mails of which it may be seen otherwise now whether
// they wait for somebody.
func (b *Book) changed(was, is Facts) (map[*dossier]bool, map[string]bool) {
	c := changes{book: b, facts: is, dossiers: map[*dossier]bool{}, mails: map[string]bool{}, undone: map[string]bool{}}
	for _, m := range b.later.Mails {
		c.mail(m.ID)
	}
	for i := range b.later.Decisions {
		c.decision(&b.later.Decisions[i])
	}
	for _, m := range is.Mails[len(was.Mails):] {
		c.mail(m.ID)
	}
	for i := range is.Decisions[len(was.Decisions):] {
		c.decision(&is.Decisions[len(was.Decisions)+i])
	}
	for _, h := range is.ByHand[len(was.ByHand):] {
		for _, id := range h.Arrivals {
			c.answered(id)
		}
	}
	if len(is.ByHand) > 0 { // it may have been found before the mail that it answers
		for _, m := range is.Mails[len(was.Mails):] {
			c.answered(m.ID)
		}
	}
	return c.dossiers, c.mails
}

// Since is what the facts from those places on may concern, rather too much than
// too little.
func Since(c *config.Campaign, f Facts, mails, decisions int) Concern {
	b := Book{campaign: c}
	_, b.of = dossiers(c)
	changed, ids := b.changed(Facts{Mails: f.Mails[:mails], Decisions: f.Decisions[:decisions], ByHand: f.ByHand}, f)
	var of Concern
	for s := range changed {
		for _, i := range s.members {
			of.Units = append(of.Units, c.Units[i].Code)
		}
	}
	of.Mails = slices.Collect(maps.Keys(ids))
	return of
}

// changes gathers what some facts may have changed, rather too much than too
// little.
type changes struct {
	book     *Book
	facts    Facts
	dossiers map[*dossier]bool
	mails    map[string]bool
	undone   map[string]bool // ids of decisions
}

func (c *changes) unit(code string) {
	if s := c.book.of[code]; s != nil {
		c.dossiers[s] = true
	}
}

// mail: something was said or decided about a mail, or it came. Whom it may
// concern is changed, and what it says of other mails.
func (c *changes) mail(id string) {
	if c.mails[id] {
		return
	}
	c.mails[id] = true
	about := c.facts.About(c.book.campaign, Concern{Mails: []string{id}})
	for i := range about.Decisions {
		if d := &about.Decisions[i]; d.Arrival == id {
			for _, code := range d.Units {
				c.unit(code)
			}
		}
	}
	for _, m := range about.Mails {
		said := false // of it
		for _, a := range m.Attests {
			if said = said || a.Arrival == id; a.Arrival == id {
				c.unit(a.Unit)
			}
		}
		switch {
		case m.ID == id:
			for _, t := range topics(m) {
				if t.what == ofUnit {
					c.unit(t.name)
				}
			}
			for _, a := range m.Attests {
				c.unit(a.Unit)
				c.mail(a.Arrival)
			}
		case said:
			c.mail(m.ID)
		}
	}
}

// answered: a mail was answered by hand, and with it perhaps what the same
// sender had sent before.
func (c *changes) answered(id string) {
	c.mail(id)
	if m := c.facts.Mail(id); m != nil && m.From != "" {
		for _, x := range c.facts.About(c.book.campaign, Concern{Addresses: []string{m.From}}).Mails {
			if x.UnitCode() == m.UnitCode() {
				c.mail(x.ID)
			}
		}
	}
}

func (c *changes) decision(d *Decision) {
	for _, code := range d.Units {
		c.unit(code)
	}
	if d.Arrival != "" {
		c.mail(d.Arrival)
	}
	if d.Kind != Undo || c.undone[d.Undoes] {
		return
	}
	c.undone[d.Undoes] = true
	for i := range c.facts.Decisions {
		if c.facts.Decisions[i].ID == d.Undoes {
			c.decision(&c.facts.Decisions[i])
		}
	}
}

// wait notes of the mails whether they wait for a person.
func (b *Book) wait(waits map[string]bool, f Facts, ids map[string]bool, now time.Time) {
	if len(ids) == 0 {
		return
	}
	about := f.About(b.campaign, Concern{Mails: slices.Collect(maps.Keys(ids))})
	rulings := newRulings(about.Mails, deskOf(InForce(about.Decisions, now)), now, b.of.same)
	for _, m := range about.Mails {
		if !ids[m.ID] {
			continue
		}
		delete(waits, m.ID)
		if !m.Received.After(now) && rulings.of(m).waits(m) {
			waits[m.ID] = m.Verdict == finding.Quarantined
		}
	}
}

// FoldUnit is where the unit stands, as Fold has it; nil for one that the
// campaign does not know.
func FoldUnit(c *config.Campaign, f Facts, unit string, now time.Time) *Unit {
	s := dossierOf(c, unit)
	if s == nil {
		return nil
	}
	return foldOne(c, f.Present(now).About(c, Concern{Units: []string{unit}}), now, s, sharing(c)).Units[unit]
}
