package consolidation

import (
	"dondoc/config"
	"dondoc/schedule/standing"
)

// Line says what became of one unit's figures.
type Line struct {
	Unit    config.Unit
	Part    *standing.Counted // the form that counts for it; nil if there is none
	Counted bool              // its figures are in the sums
	Mark    string            // in the reader's language: "Có", "Chờ sửa", …
}

// Lines are those of all units of which a form is asked or came, group
// after group in the order of the letter.
func Lines(in Input) []Line {
	w := newWriter(in)
	var all []Line
	for i := range w.rows {
		if r := &w.rows[i]; r.part != nil || r.owes(in.Campaign) {
			all = append(all, Line{Unit: r.unit, Part: r.part, Counted: r.class == counted, Mark: w.mark(r)})
		}
	}
	return all
}

// Group is what the units of a category come to. A dossier that several share
// counts in the category of the unit that filed it.
type Group struct {
	Category string
	Name     string
	Totals   Totals
}

// Groups are those of the categories that have units, in the order of the
// letter. Their sums come to those of Total.
func Groups(in Input) []Group {
	w := newWriter(in)
	var all []Group
	for _, g := range w.groups {
		all = append(all, Group{Category: g.code, Name: g.name, Totals: totals(in, w.rows[g.from:g.to], w.numbers)})
	}
	return all
}
