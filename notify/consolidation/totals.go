package consolidation

import (
	"math"
	"slices"
	"strconv"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Totals are the sums of a campaign's number inputs and what they cover.
type Totals struct {
	// Sum adds up what counts. An input that no counted unit gave a number for
	// is not in it: unknown is not zero. Under the name of a total of the form
	// stands what came as a total alone, its rows left blank ("total alone"):
	// it is in none of the rows' sums.
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
// form but what its inputs and totals are called.
func Total(in Input) Totals {
	all, numbers := rows(in)
	return totals(in, all, numbers)
}

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
	// values are what the appendix gives for each of the numbers; NaN where it
	// gives none. nil if there is no appendix, or it is another's.
	values []float64
}

// value is what the row adds to a number's sum.
func (r *row) value(i int) (float64, bool) {
	if r.values == nil || math.IsNaN(r.values[i]) {
		return 0, false
	}
	return r.values[i], true
}

// rows lists the units, group after group in the order of the letter, within
// one in that of the roster; and the numbers that are added up.
func rows(in Input) ([]row, []finding.Input) {
	place := map[string]int{}
	for i, k := range in.Campaign.Categories {
		place[k.Code] = i - len(in.Campaign.Categories)
	}
	units := slices.Clone(in.Campaign.Units)
	for i, u := range units {
		if _, known := place[u.Category]; !known {
			place[u.Category] = i // after those of the letter
		}
	}
	slices.SortStableFunc(units, func(a, b config.Unit) int { return place[a.Category] - place[b.Category] })
	all := make([]row, 0, len(units))
	for _, u := range units {
		r := row{unit: u, at: in.Table.Units[u.Code]}
		if r.at == nil {
			r.at = &standing.Unit{Code: u.Code}
		}
		for i := range r.at.Counted {
			if c := &r.at.Counted[i]; c.Kind == finding.Appendix && c.Part.Readable() {
				if r.part = c; c.Unit != u.Code {
					r.shared = c.Unit
				}
				break
			}
		}
		all = append(all, r)
	}
	numbers := numbersOf(in.Form, all)
	for i := range all {
		r := &all[i]
		if r.part == nil {
			continue
		}
		values, any := make([]float64, len(numbers)), false
		for k := range numbers {
			v, ok := number(r.part.Part, numbers[k].Name)
			if any = any || ok; !ok {
				v = math.NaN()
			}
			values[k] = v
		}
		if r.class = classOf(r.part, any); r.shared == "" {
			r.values = values
		}
	}
	return all, numbers
}

// numbersOf are the number inputs of the form, and after those of its table a
// total that some unit gave alone.
func numbersOf(form finding.Form, rows []row) []finding.Input {
	var numbers, alone []finding.Input
	for _, in := range form.Inputs {
		if in.Number() {
			numbers = append(numbers, in)
		}
	}
	for _, t := range form.Totals {
		given := func(r row) bool {
			if r.part == nil {
				return false
			}
			_, ok := number(r.part.Part, t.Name)
			return ok
		}
		if t.Name == "" || !slices.ContainsFunc(rows, given) {
			continue
		}
		in := finding.Input{Name: t.Name, Sheet: t.Sheet, Cell: t.Cell, Type: "whole", Table: t.Table, Row: t.Row, Column: t.Column, RowCode: t.RowCode, ColCode: t.ColCode}
		for _, x := range numbers {
			if x.Type == "decimal" && slices.Contains(t.Inputs, x.Name) {
				in.Type = x.Type
			}
		}
		alone = append(alone, in)
	}
	for _, in := range alone {
		at := len(numbers)
		for i, x := range numbers {
			if x.Sheet == in.Sheet && x.Table == in.Table {
				at = i + 1
			}
		}
		numbers = slices.Insert(numbers, at, in)
	}
	return numbers
}

// classOf decides what counts: an appendix that was accepted, with or without
// notes, or that the desk took as it stands. The readable numbers of any other
// are shown and not added up, because one wrong cell would make the whole
// province's sum wrong.
func classOf(c *standing.Counted, figures bool) class {
	if !figures {
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

func totals(in Input, rows []row, numbers []finding.Input) Totals {
	t := Totals{Sum: map[string]float64{}, Claimed: map[string]float64{}}
	for i := range rows {
		r := &rows[i]
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
		for k := range numbers {
			if v, ok := r.value(k); ok {
				into[numbers[k].Name] += v
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

// group is one group of units, a run of the rows.
type group struct {
	code, name string
	from, to   int // rows[from:to]
	units, of  int // whose figures count, of how many
}

// groups are those that have units, in the order of the letter.
func groups(in Input, rows []row) []group {
	var all []group
	taken := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if len(all) == 0 || all[len(all)-1].code != r.unit.Category {
			name := r.unit.Category
			if k, ok := in.Campaign.Category(name); ok && k.Name.In(in.Lang) != "" {
				name = k.Name.In(in.Lang)
			}
			if taken[name] {
				name += " (" + r.unit.Category + ")"
			}
			taken[name] = true
			all = append(all, group{code: r.unit.Category, name: name, from: i})
		}
		g := &all[len(all)-1]
		g.to = i + 1
		if r.part != nil || r.owes(in.Campaign) {
			g.of++
			if r.class == counted {
				g.units++
			}
		}
	}
	return all
}

// owes reports whether the letter asks the unit for an appendix. A unit that
// was exempted later still belongs to the whole that the coverage speaks of.
func (r *row) owes(c *config.Campaign) bool {
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
