package standing

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// ruling is what the desk decided about one mail, in order.
type ruling []*Decision

// rulings are what was decided about mails, and what was said of them by who
// has to know (finding.Attestation). What the desk decides goes over that.
type rulings struct {
	desk     map[string]ruling
	attested map[string]finding.Attestation
	same     func(a, b string) bool // of one dossier
	own      map[string][]shareOf   // of each unit: what it has of a mail of its own; read only
}

// deskOf are the decisions about each mail, by its id.
func deskOf(alive []Decision) map[string]ruling {
	desk := map[string]ruling{}
	for i := range alive {
		switch d := &alive[i]; d.Kind {
		case Assign, Reject, Done, Return, Extend, Refuse:
			if d.Arrival != "" {
				desk[d.Arrival] = append(desk[d.Arrival], d)
			}
		}
	}
	return desk
}

func newRulings(mails []*finding.Verdict, desk map[string]ruling, now time.Time, same func(a, b string) bool) rulings {
	all := rulings{desk: desk, same: same, own: map[string][]shareOf{}}
	for _, m := range mails {
		if len(m.Attests) == 0 || m.Received.After(now) || !all.heeds(m) {
			continue
		}
		if all.attested == nil {
			all.attested = map[string]finding.Attestation{}
		}
		for _, a := range m.Attests {
			all.attested[a.Arrival] = a
		}
	}
	return all
}

// of is what became of the mail. One that waits only for what it says of
// another has been dealt with once the desk has decided about that one.
func (all rulings) of(m *finding.Verdict) outcome {
	if len(all.desk[m.ID]) == 0 && len(m.Attests) == 0 && all.own != nil {
		if _, ok := all.attested[m.ID]; !ok {
			return all.plain(m)
		}
	}
	var said *finding.Attestation
	if a, ok := all.attested[m.ID]; ok {
		said = &a
	}
	o := all.desk[m.ID].of(m, said, all.same)
	if len(m.Attests) > 0 && !slices.ContainsFunc(m.Attests, func(a finding.Attestation) bool { return len(all.desk[a.Arrival]) == 0 }) {
		o.done = true
	}
	return o
}

// plain is what became of a mail of which nobody said or decided anything, as of
// most: a year of them needs no room of its own.
func (all rulings) plain(m *finding.Verdict) outcome {
	o := outcome{claimed: m.Claimed}
	if unit := m.UnitCode(); m.Verdict == finding.Filed && unit != "" {
		if all.own[unit] == nil {
			all.own[unit] = []shareOf{{unit: unit}}
		}
		o.shares = all.own[unit]
	}
	return o
}

// heeds reports whether the words of a mail still count: nobody has set it
// aside or given it to another unit.
func (all rulings) heeds(m *finding.Verdict) bool {
	for _, d := range slices.Backward(all.desk[m.ID]) {
		switch d.Kind {
		case Reject:
			return false
		case Assign:
			return slices.Contains(d.Units, m.UnitCode())
		}
	}
	return true
}

// outcome is what became of a mail by its verdict and what the desk decided
// about it since.
type outcome struct {
	shares  []shareOf
	decided bool // a person said whose it is, or set it aside
	done    bool // a person dealt with what it says
	claimed bool // nobody who has to know has said that it is the unit's
	denied  bool // somebody who has to know has said that it is not
	named   bool // and whose it is instead
	// rest are units whose names stand in files of it and that were given
	// nothing of it yet, though others were.
	rest []string
}

// shareOf is what one unit has of a mail.
type shareOf struct {
	unit     string
	chosen   time.Time // a person took it as it stands, then; zero if not
	returned string    // the decision by which a person wants it mended, "" if none does
}

// of goes through the decisions in order. An assignment replaces the one
// before, as whoever makes a second one saw a mistake in the first; but of a
// mail whose files name several units each may be given its own.
func (r ruling) of(m *finding.Verdict, said *finding.Attestation, same func(a, b string) bool) outcome {
	o := outcome{claimed: m.Claimed}
	if m.Verdict == finding.Filed && m.UnitCode() != "" {
		o.shares = []shareOf{{unit: m.UnitCode()}}
	}
	if said != nil {
		o.claimed, o.denied, o.named, o.shares = said.Claimed, said.Denied, !said.Denied, nil
		if !said.Denied {
			o.shares = []shareOf{{unit: said.Unit}}
		}
	}
	if len(r) == 0 {
		return o // as it is for most mails
	}
	named := named(m, same)
	for _, d := range r {
		switch {
		case d.Kind == Done, d.Kind == Extend, d.Kind == Refuse:
			o.done = true // whose it is was not the question
		case d.Kind == Return:
			for i := range o.shares {
				o.shares[i].returned, o.shares[i].chosen = d.ID, time.Time{}
			}
		case d.Kind == Reject || len(d.Units) == 0:
			o.shares, o.decided, o.claimed, o.denied = nil, true, false, false
		default:
			var shares []shareOf
			for _, code := range d.Units {
				x := shareOf{unit: code}
				if slices.ContainsFunc(o.shares, func(have shareOf) bool { return have.unit == code }) {
					x.chosen = d.At // it is the unit's already: taken as it stands
				}
				shares = append(shares, x)
			}
			if each(named, same, shares) && each(named, same, o.shares) && len(named) > 1 {
				for _, have := range o.shares {
					if !slices.ContainsFunc(shares, func(x shareOf) bool { return same(x.unit, have.unit) }) {
						shares = append(shares, have)
					}
				}
			}
			o.shares, o.decided, o.claimed, o.denied = shares, true, false, false
		}
	}
	if o.decided && !o.done && len(named) > 1 && len(o.shares) > 0 && each(named, same, o.shares) {
		for _, code := range named {
			if !o.took(m, code, same) {
				o.rest = append(o.rest, code)
			}
		}
	}
	return o
}

// named are the units whose names stand in files of the mail, one of each dossier.
func named(m *finding.Verdict, same func(a, b string) bool) []string {
	var codes []string
	for i := range m.Parts {
		code := m.Parts[i].Unit
		if code != "" && !slices.ContainsFunc(codes, func(have string) bool { return same(have, code) }) {
			codes = append(codes, code)
		}
	}
	return codes
}

// each reports whether every share is of a unit that the files name.
func each(named []string, same func(a, b string) bool, shares []shareOf) bool {
	return !slices.ContainsFunc(shares, func(x shareOf) bool {
		return !slices.ContainsFunc(named, func(code string) bool { return same(code, x.unit) })
	})
}

// waits reports whether a person still has to say whose the mail, or some of
// it, is, or to deal with what it says.
func (o outcome) waits(m *finding.Verdict) bool {
	undecided := !o.named && (m.Verdict == finding.HeldMail || m.Verdict == finding.Quarantined)
	return len(o.rest) > 0 || !o.decided && !o.done && (undecided || o.denied)
}

// mayBe are the units that a mail which waits may be of.
func (o outcome) mayBe(m *finding.Verdict) []string {
	switch {
	case !o.waits(m), o.denied: // whom it is not of is not asked to wait for it
		return nil
	case len(o.rest) > 0:
		return o.rest
	}
	return append([]string{m.UnitCode()}, m.Candidates...)
}

// took reports whether every file that names the unit is somebody's.
func (o outcome) took(m *finding.Verdict, code string, same func(a, b string) bool) bool {
	return !slices.ContainsFunc(m.Parts, func(p finding.Part) bool {
		return p.Unit != "" && same(p.Unit, code) && !slices.ContainsFunc(o.shares, func(x shareOf) bool {
			return slices.ContainsFunc(o.parts(m, x.unit, same), func(had finding.Part) bool { return had.Path == p.Path && had.Name == p.Name && had.SHA256 == p.SHA256 })
		})
	})
}

// parts are the files of the mail that are the unit's: all but those that name
// another, where that other has its own share of it or this unit's name stands
// in one of the same kind. Where neither is so a person has said that they are
// its all the same: it filled in its neighbour's form.
func (o outcome) parts(m *finding.Verdict, unit string, same func(a, b string) bool) []finding.Part {
	other := func(p finding.Part) bool {
		if p.Unit == "" || same(p.Unit, unit) {
			return false
		}
		return slices.ContainsFunc(o.shares, func(x shareOf) bool { return same(x.unit, p.Unit) }) ||
			slices.ContainsFunc(m.Parts, func(own finding.Part) bool {
				return own.Kind == p.Kind && own.Unit != "" && same(own.Unit, unit)
			})
	}
	if !o.decided || !slices.ContainsFunc(m.Parts, other) {
		return m.Parts
	}
	return slices.DeleteFunc(slices.Clone(m.Parts), other)
}

// Ruled is what became of a mail by its verdict and by what the desk decided
// about it since.
type Ruled struct {
	Shares  []Share  // whose it is; of a mail with files of several units, each one's
	Decided bool     // a person said whose it is, or set it aside
	Done    bool     // a person has dealt with what it says
	Waits   bool     // a person still has to say whose it, or some of it, is
	Claimed bool     // nobody who has to know has said that it is the unit's
	Denied  bool     // the unit has said that it is not
	Named   bool     // whoever sent it has said whose it is
	MayBe   []string // while it waits: the units that it may be of
}

// Share is what one unit has of a mail.
type Share struct {
	Unit     string
	Parts    []finding.Part
	Returned string // the decision by which a person wants it mended, "" if none does
}

// Rulings returns what became of each mail, as Fold sees it at now.
func Rulings(c *config.Campaign, f Facts, now time.Time) func(*finding.Verdict) Ruled {
	same := sharing(c)
	f = f.Present(now)
	_, desk := f.inForce(now)
	rulings := newRulings(f.Those(Attesting), desk, now, same)
	return func(m *finding.Verdict) Ruled {
		o := rulings.of(m)
		r := Ruled{Decided: o.decided, Done: o.done, Waits: o.waits(m), Claimed: o.claimed, Denied: o.denied, Named: o.named && !o.decided}
		for _, x := range o.shares {
			r.Shares = append(r.Shares, Share{Unit: x.unit, Parts: o.parts(m, x.unit, same), Returned: x.returned})
		}
		for _, code := range o.mayBe(m) {
			if code != "" && !slices.Contains(r.MayBe, code) {
				r.MayBe = append(r.MayBe, code)
			}
		}
		return r
	}
}

// returned is what is wrong with a part once a person wants it mended: what was
// explained, and what had to be looked at, as far as the unit may be told.
func returned(problems []finding.Problem) []finding.Problem {
	problems = slices.Clone(problems)
	for i := range problems {
		switch p := &problems[i]; {
		case p.Audience != "" && p.Audience != finding.ToUnit:
		case p.Severity == finding.FixOrExplain:
			p.Explain = ""
		case p.Severity == finding.ForPerson:
			p.Severity = finding.MustFix
		}
	}
	return problems
}

// Returnable reports whether a unit could be asked to mend what a person has to
// look at in the part.
func Returnable(p finding.Part) bool {
	return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool {
		return (q.Audience == "" || q.Audience == finding.ToUnit) &&
			(q.Severity == finding.ForPerson && q.Code != "N05" || q.Severity == finding.FixOrExplain && q.Explain != "")
	})
}
