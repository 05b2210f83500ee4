package consolidation

import (
	"strconv"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Totals are the sums of a campaign's number inputs and what they cover.
type Totals struct {
	// Sum adds up what counts. An input that no counted unit gave a number for
	// is not in it: unknown is not zero.
	Sum map[string]float64
	// Claimed adds up, apart, what came from an address that is not registered
	// for its unit and that nobody has confirmed yet.
	Claimed map[string]float64
	// Units of OfUnits have their figures in Sum; units that share a dossier
	// each count, the dossier's figures once.
	Units, OfUnits int
	ClaimedUnits   int
	// Dossiers is how many appendices were added up.
	Dossiers int
	// Open are units whose appendix is there and not in Sum, because something
	// in it is to be fixed or waits for a person.
	Open int
}

// Total adds up what counts at in.Table. It is pure, and reads nothing of the
// form but its inputs.
func Total(in Input) Totals { return totals(in, rows(in)) }

// class says what becomes of the figures in a unit's row.
type class int

const (
	missing   class = iota // no appendix
	noFigures              // came outside the mailbox, and nobody entered its figures
	counted                // in the sums
	claimed                // summed apart
	fixing                 // shown, not summed: something is to be fixed
	waiting                // shown, not summed: a person has to look
)

// row is one unit with the appendix that counts for it.
type row struct {
	unit  config.Unit
	at    *standing.Unit
	part  *standing.Counted // nil if there is none
	class class
	// shared is the member of the dossier that filed the appendix, if it is
	// another: the figures then stand in that unit's row and are summed once.
	shared string
}

// rows lists the units in the order of the roster.
func rows(in Input) []row {
	all := make([]row, 0, len(in.Campaign.Units))
	for _, u := range in.Campaign.Units {
		r := row{unit: u, at: in.Table.Units[u.Code]}
		if r.at == nil {
			r.at = &standing.Unit{Code: u.Code}
		}
		for i := range r.at.Counted {
			if c := &r.at.Counted[i]; c.Kind == finding.Appendix && c.Part.Readable() {
				r.part, r.class = c, classOf(in.Form, c)
				if c.Unit != u.Code {
					r.shared = c.Unit
				}
				break
			}
		}
		all = append(all, r)
	}
	return all
}

// classOf decides what counts: an appendix that was accepted, with or without
// notes, or that the desk took as it stands. The readable numbers of any other
// are shown and not added up, because one wrong cell would make the whole
// province's sum wrong.
func classOf(form finding.Form, c *standing.Counted) class {
	if !hasNumber(form, c.Part) {
		return noFigures
	}
	settled := c.Part.Verdict == finding.Held && len(c.Open()) == 0 // a person has said whose it is
	switch {
	case c.Held:
		return waiting
	case !c.Accepted && !settled && c.Part.Verdict != finding.Accepted && c.Part.Verdict != finding.AcceptedWithNotes:
		if c.Part.Verdict == finding.Held {
			return waiting
		}
		return fixing
	case c.Claimed:
		return claimed
	}
	return counted
}

func hasNumber(form finding.Form, p finding.Part) bool {
	for _, input := range form.Inputs {
		if _, ok := number(p, input.Name); ok && input.Number() {
			return true
		}
	}
	return false
}

// number is what a part gives for an input; values come from JSON or from
// Go, so both kinds of number are met.
func number(p finding.Part, name string) (float64, bool) {
	switch v := p.Values[name].(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

func totals(in Input, rows []row) Totals {
	t := Totals{Sum: map[string]float64{}, Claimed: map[string]float64{}}
	for _, r := range rows {
		if !r.owes(in.Campaign) && r.part == nil {
			continue
		}
		t.OfUnits++
		var into map[string]float64
		switch r.class {
		case counted:
			t.Units++
			into = t.Sum
		case claimed:
			t.ClaimedUnits++
			into = t.Claimed
		case fixing, waiting:
			t.Open++
		}
		if r.shared != "" || into == nil {
			continue
		}
		if r.class == counted {
			t.Dossiers++
		}
		for _, input := range in.Form.Inputs {
			if v, ok := number(r.part.Part, input.Name); ok && input.Number() {
				into[input.Name] += v
			}
		}
	}
	for _, sums := range []map[string]float64{t.Sum, t.Claimed} {
		for name, v := range sums {
			sums[name] = plain(v)
		}
	}
	return t
}

// owes reports whether the letter asks the unit for an appendix. A unit that
// was exempted later still belongs to the whole that the coverage speaks of.
func (r row) owes(c *config.Campaign) bool {
	if r.unit.DupGroup == "" {
		return r.unit.Obligation.Appendix
	}
	return c.Group(r.unit.Code)[0].Obligation.Appendix
}

// plain is v with the fifteen digits that a workbook keeps, so that tenths
// add up to tenths.
func plain(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return short
}
