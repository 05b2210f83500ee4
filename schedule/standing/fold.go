package standing

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Table is where every unit of the campaign stands at Now.
type Table struct {
	Now         time.Time
	Units       map[string]*Unit // every unit of the roster, by code
	Order       []string         // codes in the order of the roster
	Held        int              // mails that wait for a person
	Quarantined int              // mails that could not be judged and that nobody has looked at
}

// Fold works out the standing of every unit at now. It is pure, and fast
// enough to be asked at every poll: one pass over the mails sorts them by
// dossier, one over each dossier settles what counts.
//
// Mails received and decisions made after now have not happened. A decision
// about a mail holds from the moment it is made, but the mail then counts from
// its own time of receipt: a unit does not become late because the desk took a
// day to see whose report it was.
func Fold(c *config.Campaign, f Facts, now time.Time) *Table {
	dossiers, of := dossiers(c)
	return fold(c, f.Present(now), now, dossiers, of, of.same)
}

// fold works out where the dossiers stand, which may be some of all. same
// reports of any two units whether they share one.
func fold(c *config.Campaign, f Facts, now time.Time, dossiers []*dossier, of index, same func(a, b string) bool) *Table {
	var members []int
	for _, s := range dossiers {
		members = append(members, s.members...)
	}
	slices.Sort(members)
	table := &Table{Now: now, Units: make(map[string]*Unit, len(members)), Order: make([]string, len(members))}
	units := make([]Unit, len(members))
	for k, i := range members {
		u := &c.Units[i]
		units[k] = Unit{Code: u.Code, Addresses: u.Emails}
		table.Units[u.Code], table.Order[k] = &units[k], u.Code
	}
	alive, desk := f.inForce(now)
	rulings := newRulings(f.Mails, desk, now, same)
	for i := range alive {
		d := &alive[i]
		switch d.Kind {
		case Assign, Reject, Done, Return:
			continue
		}
		for _, code := range d.Units {
			if s := of[code]; s != nil {
				s.decide(d, table.Units[code])
			}
		}
	}
	room := makeRoom(dossiers, of, f.Mails)
	answered := AnsweredByHand(f, now)
	for _, m := range f.Mails {
		if m.Received.After(now) {
			continue
		}
		o := rulings.of(m)
		if s := of[m.UnitCode()]; s != nil && len(m.Points) > 0 && rulings.heeds(m) {
			s.heard.points = append(s.heard.points, m.Points...)
		}
		if o.waits(m) {
			if m.Verdict == finding.Quarantined {
				table.Quarantined++
			} else {
				table.Held++
			}
		}
		for _, code := range o.mayBe(m) {
			of.mayConcern(m, code)
		}
		for _, x := range o.shares {
			s := of[x.unit]
			if s == nil {
				continue
			}
			if _, byHand := answered[m.ID]; !byHand && !o.done && m.Received.After(s.heard.last) {
				s.heard.last = m.Received
			}
			s.filings = append(s.filings, filing{
				mail: m, unit: x.unit, at: m.Received, claimed: o.claimed, settled: o.decided, chosen: x.chosen, returned: x.returned != "", done: o.done,
				parts: o.parts(m, x.unit, same),
			})
			if u := table.Units[x.unit]; u.LastReceived.Before(m.Received) {
				u.LastReceived = m.Received
			}
		}
	}
	for _, s := range dossiers {
		slices.SortStableFunc(s.filings, func(a, b filing) int { return a.at.Compare(b.at) })
		for _, a := range s.filings {
			s.take(a)
		}
		whole := s.standing(c, now)
		for _, i := range s.members {
			whole.Reachable = whole.Reachable || reachable(c.Units[i], table.Units[c.Units[i].Code].Addresses, f.Dead, now)
		}
		for _, i := range s.members {
			u := table.Units[c.Units[i].Code]
			*u = s.share(whole, *u)
		}
		s.filings = nil
	}
	clear(*room)
	rooms.Put(room)
	return table
}

// makeRoom gives each dossier room for what came for it, out of one piece:
// grown one by one the lists would cost more than all else here. What the desk
// gave to another than it came for finds room of its own. The room is given back
// once the fold is done with it.
func makeRoom(dossiers []*dossier, of index, mails []*finding.Verdict) *[]filing {
	count := make(map[*dossier]int, len(dossiers))
	total := 0
	for _, m := range mails {
		if s := of[m.UnitCode()]; s != nil {
			count[s]++
			total++
		}
	}
	whole, _ := rooms.Get().(*[]filing)
	if whole == nil || cap(*whole) < total {
		whole = new(make([]filing, total))
	}
	*whole = (*whole)[:total]
	room := *whole
	for s, n := range count {
		s.filings = append(room[:0:n], s.filings...)
		room = room[n:]
	}
	return whole
}

// rooms are those given back, empty.
var rooms sync.Pool

// filing is something that came for a dossier: a mail, or what the desk
// recorded as received outside the mailbox.
type filing struct {
	mail    *finding.Verdict
	outside *Decision
	unit    string
	at      time.Time
	claimed bool
	settled bool      // a person looked at it and said whose it is
	chosen  time.Time // a person took it as it stands, then; zero if not
	// returned: a person wants the unit to mend it; done: what it says has been
	// dealt with.
	returned, done bool
	parts          []finding.Part // of the mail, those that are this unit's
}

// dossier is what a dup_group, or a unit without one, owes and gave together.
type dossier struct {
	members []int // indices into Campaign.Units
	lead    string
	owes    config.Obligation

	filings []filing
	held    []string // mails that may be its
	aliases []string // addresses that decisions registered

	last  *Decision // taken in
	names names

	extension, pause, resume, promise *Decision
	notes                             []Decision
	heard                             heard
	zone                              *time.Location

	counted, waiting []Counted // before claimed models are limited by counting
	// unread are files of its newest unreadable mail, by kind.
	unread    map[string][]Counted
	completed time.Time
}

type index map[string]*dossier

// dossiers groups the units as Campaign.Group does, all of them in one pass.
func dossiers(c *config.Campaign) ([]*dossier, index) {
	var all []*dossier
	of := make(index, len(c.Units))
	groups := make(map[string]*dossier)
	names, zone := make(names), zone(c)
	for i, u := range c.Units {
		s := groups[u.DupGroup]
		if s == nil || u.DupGroup == "" {
			s = &dossier{names: names, zone: zone}
			all = append(all, s)
			groups[u.DupGroup] = s
		}
		s.join(c, i)
		of[u.Code] = s
	}
	return all, of
}

// join adds a unit to the dossier. The member with the higher obligation leads.
func (s *dossier) join(c *config.Campaign, i int) {
	u := &c.Units[i]
	if len(s.members) == 0 || u.Obligation.Weight() > s.owes.Weight() {
		s.lead, s.owes = u.Code, u.Obligation
	}
	s.members = append(s.members, i)
}

// mayConcern notes an undecided mail with the dossier of a unit that it may
// belong to.
func (of index) mayConcern(m *finding.Verdict, code string) {
	if s := of[code]; s != nil && (len(s.held) == 0 || s.held[len(s.held)-1] != m.ID) {
		s.held = append(s.held, m.ID)
	}
}

// same reports whether two units share a dossier.
func (of index) same(a, b string) bool { return a == b || of[a] != nil && of[a] == of[b] }

// dossierOf is the one of a unit alone; nil for one that the campaign does not
// know.
func dossierOf(c *config.Campaign, unit string) *dossier {
	u, ok := c.Unit(unit)
	if !ok {
		return nil
	}
	s := &dossier{names: make(names), zone: zone(c)}
	for i := range c.Units {
		if x := &c.Units[i]; x.Code == unit || u.DupGroup != "" && x.DupGroup == u.DupGroup {
			s.join(c, i)
		}
	}
	return s
}

// sharing tells of two units whether they share a dossier, as index.same does,
// without laying out any.
func sharing(c *config.Campaign) func(a, b string) bool {
	group := func(code string) string {
		u, _ := c.Unit(code)
		return u.DupGroup
	}
	return func(a, b string) bool {
		if a == b {
			return true
		}
		g := group(a)
		return g != "" && g == group(b)
	}
}

// decide takes in a decision that names the member u. Decisions come in order,
// so the last of a kind is the one that holds; one that names several members
// is still one decision about one dossier.
func (s *dossier) decide(d *Decision, u *Unit) {
	if d.Kind == Alias {
		address := strings.ToLower(d.Address)
		s.aliases = append(s.aliases, address)
		if !slices.Contains(u.Addresses, address) {
			u.Addresses = append(slices.Clip(u.Addresses), address)
		}
		return
	}
	if s.last == d {
		return
	}
	s.last = d
	switch d.Kind {
	case Extend:
		s.extension = d
	case Pause:
		s.pause, s.resume = d, nil
	case Resume:
		if s.pause != nil {
			s.pause, s.resume = nil, d
		}
	case Note:
		s.notes = append(s.notes, *d)
		if !d.Until.IsZero() {
			s.promise = d
		}
	case Exempt:
		switch d.Part {
		case finding.Report:
			s.owes.Report = false
		case finding.Appendix:
			s.owes.Appendix = false
		case finding.Model:
			s.owes.Models = max(0, s.owes.Models-max(1, d.Count))
		}
	case ReceivedOut:
		at := d.Date
		if at.IsZero() || at.After(d.At) {
			at = d.At
		}
		s.heard.outside = append(s.heard.outside, d)
		s.filings = append(s.filings, filing{outside: d, unit: u.Code, at: at})
	}
}

// standing is what is the same for every member of the dossier.
func (s *dossier) standing(c *config.Campaign, now time.Time) Unit {
	lacks := s.lacks()
	counted, waiting := s.counting()
	// What counts is looked at; whatever it took the place of stays put away.
	for _, list := range [][]Counted{counted, waiting} {
		for i := range list {
			list[i].Part.Unpack()
		}
	}
	s.explain(counted)
	s.explain(waiting)
	u := Unit{
		Lead:        s.lead,
		Owes:        s.owes,
		Missing:     lacks.list(),
		Deadline:    deadline(c, s.extension),
		Extended:    s.extension != nil,
		ExtendedBy:  s.extension,
		Counted:     counted,
		Waiting:     waiting,
		HeldMails:   s.held,
		Held:        len(s.held) > 0,
		CompletedAt: s.completed,
		ResumedBy:   s.resume,
		Notes:       s.notes,
		LastHeard:   s.heard.last,
	}
	slices.SortStableFunc(u.Counted, func(a, b Counted) int {
		switch {
		case a.Kind != b.Kind:
			return rank(a.Kind) - rank(b.Kind)
		case a.Claimed == b.Claimed:
			return 0
		case b.Claimed:
			return -1 // the unit's own stand first
		}
		return 1
	})
	heldPart := slices.ContainsFunc(waiting, func(w Counted) bool { return w.Held })
	for i := range u.Counted {
		u.Models += u.Counted[i].Models()
	}
	if u.Models > 0 {
		// They may have come in a later mail than the form.
		for _, parts := range [][]Counted{u.Counted, u.Waiting} {
			for i := range parts {
				parts[i].Part.Problems = WithModels(parts[i].Part.Problems)
			}
		}
	}
	for i := range u.Counted {
		part := &u.Counted[i]
		u.Claimed = u.Claimed || part.Claimed
		u.Open = append(u.Open, part.Open()...)
		heldPart = heldPart || part.Held
	}
	u.Open = append(u.Open, s.unreadable(lacks)...)
	u.Held = u.Held || heldPart
	switch {
	case len(u.Missing) > 0 && len(u.Counted) == 0:
		u.State = None
	case len(u.Missing) > 0:
		u.State = Partial
	case len(u.Open) > 0 || heldPart:
		u.State = Fixing
	default:
		u.State = Complete
	}
	u.Timeliness = timeliness(c, u)
	switch p := s.pause; {
	case s.resume != nil:
		u.ResumedAt = s.resume.At
	case p != nil && (p.Until.IsZero() || now.Before(p.Until)):
		u.Paused, u.PausedBy = true, *p
	case p != nil:
		// A pause that ends by its date ends as one that somebody lifts.
		u.ResumedAt, u.ResumedBy = p.Until, p
	}
	s.words(&u, now)
	return u
}

// timeliness is that of the first moment at which all parts were there. After
// an extension there is no grace.
func timeliness(c *config.Campaign, u Unit) Timeliness {
	switch at := u.CompletedAt; {
	case at.IsZero():
		return ""
	case at.Before(u.Deadline):
		return OnTime
	case !u.Extended && at.Before(c.Deadline.GraceUntil):
		return Grace
	}
	return Late
}

// list says what is missing in the words of CONTRACT.
func (l lack) list() []string {
	var missing []string
	if l.report {
		missing = append(missing, finding.Report)
	}
	if l.appendix {
		missing = append(missing, finding.Appendix)
	}
	if l.models > 0 {
		missing = append(missing, finding.Model+":"+strconv.Itoa(l.models))
	}
	return missing
}

// unreadable are the problems of files that could not be read, of the kinds
// for which nothing readable is there. A file of no known kind may have been
// meant as anything that is missing.
func (s *dossier) unreadable(l lack) []finding.Problem {
	var open []finding.Problem
	for _, kind := range []struct {
		name    string
		missing bool
	}{
		{finding.Report, l.report}, {finding.Appendix, l.appendix}, {finding.Model, l.models > 0}, {finding.Other, l != lack{}},
	} {
		for i := range s.unread[kind.name] {
			if kind.missing {
				open = append(open, s.unread[kind.name][i].Open()...)
			}
		}
	}
	return open
}

// rank orders the kinds that are owed; it is negative for all others.
func rank(kind string) int {
	return slices.Index([]string{finding.Report, finding.Appendix, finding.Model}, kind)
}

// reachable reports whether a letter to the unit can arrive somewhere.
func reachable(u config.Unit, addresses []string, dead map[string]time.Time, now time.Time) bool {
	alive := func(address string) bool {
		since, ok := dead[address]
		return address != "" && (!ok || since.After(now))
	}
	return slices.ContainsFunc(addresses, alive) || alive(u.BackupEmail)
}

// share is the dossier's standing as that of one member, of which u says what
// is its own.
func (s *dossier) share(whole, u Unit) Unit {
	whole.Code, whole.Addresses, whole.LastReceived = u.Code, u.Addresses, u.LastReceived
	own := func(c Counted) bool { return c.Unit == u.Code }
	if len(whole.Counted) > 0 && !slices.ContainsFunc(whole.Counted, own) {
		whole.CoveredBy = whole.Counted[0].Unit
	}
	return whole
}
