// Package form reads filled-in workbooks by their blank form.
//
// The blank form, made by committee staff in Excel, is the schema (DESIGN.md,
// "The form is a workbook"): unlocked cells with a defined name are inputs,
// unlocked columns of Excel tables are lists, data validation gives types and
// ranges, heads give labels, and a sheet of formulas gives the rules. Compile
// understands such a form once; Check reads any number of returned workbooks
// with it.
//
// Reading is transplanting: values are located in the returned file, read by
// the grammar of number.go, and put into a pristine copy, where the form's own
// formulas are computed. So nothing that a sender did to formulas, layout or
// macros can matter, and a figure is never taken from a place that is only
// probably the right one.
package form

import (
	"slices"
	"strings"
	"sync"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// Form is a blank form, understood. It may be used by several goroutines.
type Form struct {
	desc     finding.Form
	blank    []byte
	book     *workbook.Book
	inputs   []input
	byName   map[string]int
	tables   []*grid
	totals   []total
	lists    []list
	rules    []rule
	facts    map[string]place // cells of _meta by key
	values   map[string]string
	cells    map[place]*formula // every formula of the form
	onRule   string             // sheet of the rules
	faults   []Fault            // found while compiling
	own      map[string]bool    // the texts on it
	known    map[place]bool     // cells a rule may speak of: inputs, totals, what rules point at
	lookedAt map[place]bool     // cells of lists that some formula reads

	mu   sync.Mutex
	calc *calculator
}

// place is one cell of the blank form.
type place struct {
	sheet    string
	col, row int
}

func (p place) String() string { return p.sheet + "!" + workbook.Address(p.col, p.row) }

type input struct {
	finding.Input
	at     place
	grid   int   // index of its table, -1 for a field of its own
	label  place // of a field: the cell with its label
	judged bool  // some rule of the form looks at it, which then speaks for it
}

type total struct {
	finding.Total
	at    place
	grid  int
	parts []place
}

type list struct {
	finding.List
	ref  workbook.Ref
	cols []listColumn
}

type listColumn struct {
	finding.Column
	col   int
	input bool // unlocked and without formulas
}

type rule struct {
	finding.Rule
	at      place
	message [2]place // Vietnamese, English
	points  []workbook.Ref
	explain []workbook.Ref
	inputs  []int
}

// Description tells what the program understands of the form.
func (f *Form) Description() finding.Form { return f.desc }

// Blank returns the bytes the form was compiled from.
func (f *Form) Blank() []byte { return f.blank }

// FunctionUse is a function and the cells whose formulas use it.
type FunctionUse struct {
	Function  string   `json:"function"`
	Permitted bool     `json:"permitted"`
	Cells     []string `json:"cells"`
}

// Functions lists the functions that the form's formulas use.
func (f *Form) Functions() []FunctionUse {
	use := map[string][]string{}
	for at, fx := range f.cells {
		for _, t := range fx.tokens {
			if t.kind == fFunction && !slices.Contains(use[t.text], at.String()) {
				use[t.text] = append(use[t.text], at.String())
			}
		}
	}
	var out []FunctionUse
	for name, cells := range use {
		slices.Sort(cells)
		out = append(out, FunctionUse{name, permitted[name], cells})
	}
	slices.SortFunc(out, func(a, b FunctionUse) int { return strings.Compare(a.Function, b.Function) })
	return out
}

// ID returns the identity that a book with a sheet _meta claims to have; nil
// if it claims none. It is evidence, and verified elsewhere.
func ID(b *workbook.Book) *finding.FormID {
	values, _ := meta(b)
	id := finding.FormID{
		Campaign: first(values, "campaign_id", "campaign"),
		Version:  first(values, "template_version", "version"),
		Unit:     first(values, "unit_code", "unit"),
		Token:    first(values, "token"),
	}
	if id == (finding.FormID{}) {
		return nil
	}
	return &id
}

// metaSheet is where a form keeps its facts: the key in A, the value in B.
const metaSheet = "_meta"

func meta(b *workbook.Book) (map[string]string, map[string]place) {
	values, places := map[string]string{}, map[string]place{}
	s := b.Sheet(metaSheet)
	if s == nil {
		return values, places
	}
	for _, c := range s.Cells() {
		if c.Col != 1 || c.Type != workbook.Text || len(values) > 1000 {
			continue
		}
		key := strings.TrimSpace(c.Raw)
		values[key] = shown(s.Cell(2, c.Row))
		places[key] = place{s.Name, 2, c.Row}
	}
	return values, places
}

func first(m map[string]string, keys ...string) string {
	for _, k := range keys {
		if m[k] != "" {
			return m[k]
		}
	}
	return ""
}

// shown renders a cell about as its reader saw it.
func shown(c workbook.Cell) string {
	switch c.Type {
	case workbook.Date:
		if d, ok := workbook.Day(c.Number); ok {
			return d.Format("02/01/2006")
		}
	case workbook.Number:
		if c.Percent {
			return plainNumber(c.Number*100) + "%"
		}
		return plainNumber(c.Number)
	}
	return c.Raw
}
