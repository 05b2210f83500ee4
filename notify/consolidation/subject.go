package consolidation

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
)

// subject is what one table of the workbook is about: columns of one of the
// form's tables that its own formulas bind together (a total across, a rate).
// Columns that nothing binds are subjects of their own: how many models were
// multiplied and how many recognised may stand side by side in the form, and
// are two things.
type subject struct {
	title         string
	sheet         string
	rows, columns []line
	cells         map[[2]int]figureCell // by row and column
}

// line is a row or a column of a subject. Its key orders it: twice its number
// on the form's sheet, less one for the line of totals that came alone, which
// goes before the totals.
type line struct {
	key         int
	label, code string
	total       bool
}

// figureCell is a number that is added up, or a formula of the form.
type figureCell struct {
	number int // index into numbers; -1: total
	total  *finding.Total
}

// findSubjects takes the form's tables apart, in the order of the form.
func (w *writer) findSubjects() []subject {
	type key struct{ sheet, table string }
	type place struct {
		column, row int
		cell        figureCell
	}
	var order []key
	places := map[key][]place{}
	at := map[string]int{} // input → column
	put := func(sheet, table, cell string, f figureCell) (int, bool) {
		column, row, err := excelize.CellNameToCoordinates(cell)
		if err != nil {
			return 0, false
		}
		k := key{sheet, table}
		if places[k] == nil {
			order = append(order, k)
		}
		places[k] = append(places[k], place{column, row, f})
		return column, true
	}
	alone := map[string]bool{}
	for _, t := range w.Form.Totals {
		alone[t.Name] = t.Name != ""
	}
	for i, in := range w.numbers {
		if column, ok := put(in.Sheet, in.Table, in.Cell, figureCell{number: i}); ok && !alone[in.Name] {
			at[in.Name] = column
		}
	}
	bound := map[key]map[int]int{} // column → one that it goes with
	find := func(of map[int]int, column int) int {
		for of[column] != 0 && of[column] != column {
			column = of[column]
		}
		return column
	}
	for i := range w.Form.Totals {
		t := &w.Form.Totals[i]
		k := key{t.Sheet, t.Table}
		if places[k] == nil {
			continue // of a table without numbers
		}
		column, ok := put(t.Sheet, t.Table, t.Cell, figureCell{number: -1, total: t})
		if !ok {
			continue
		}
		if bound[k] == nil {
			bound[k] = map[int]int{}
		}
		for _, name := range t.Inputs {
			other, ok := at[name]
			if in := w.input(name); ok && in.Sheet == t.Sheet && in.Table == t.Table {
				if a, b := find(bound[k], column), find(bound[k], other); a != b {
					bound[k][max(a, b)] = min(a, b)
				}
			}
		}
	}
	var all []subject
	for _, k := range order {
		parts := map[int]*subject{}
		var first []int
		for _, p := range places[k] {
			root := find(bound[k], p.column)
			s := parts[root]
			if s == nil {
				s = &subject{sheet: k.sheet, cells: map[[2]int]figureCell{}}
				parts[root] = s
				first = append(first, root)
			}
			w.place(s, p.column, p.row, p.cell)
		}
		slices.Sort(first)
		for _, root := range first {
			s := parts[root]
			byKey := func(a, b line) int { return a.key - b.key }
			slices.SortFunc(s.rows, byKey)
			slices.SortFunc(s.columns, byKey)
			s.title = w.subjectTitle(k.sheet, k.table, s, len(parts) > 1)
			all = append(all, *s)
		}
	}
	return all
}

func (w *writer) input(name string) finding.Input {
	for _, in := range w.numbers {
		if in.Name == name {
			return in
		}
	}
	return finding.Input{}
}

func (w *writer) place(s *subject, column, row int, cell figureCell) {
	r, c := line{key: 2 * row}, line{key: 2 * column}
	if cell.number >= 0 {
		in := w.numbers[cell.number]
		r.label, r.code, c.label, c.code = in.Row, in.RowCode, in.Column, in.ColCode
		if w.alone(cell.number) {
			r.key, r.label, r.code = r.key-1, w.say("Chưa chia theo dòng", "Not divided by row"), ""
		}
	} else {
		t := cell.total
		r.label, r.code, c.label, c.code = t.Row, t.RowCode, t.Column, t.ColCode
		c.total = t.Kind != "column"
		r.total = t.Kind == "column"
	}
	add := func(lines *[]line, l line) {
		if i := slices.IndexFunc(*lines, func(x line) bool { return x.key == l.key }); i >= 0 {
			(*lines)[i].total = (*lines)[i].total || l.total
			return
		}
		*lines = append(*lines, l)
	}
	add(&s.rows, r)
	add(&s.columns, c)
	s.cells[[2]int{r.key, c.key}] = cell
}

// alone reports whether a number is a total of the form that came alone.
func (w *writer) alone(number int) bool {
	return slices.ContainsFunc(w.Form.Totals, func(t finding.Total) bool { return t.Name != "" && t.Name == w.numbers[number].Name })
}

// subjectTitle is the heading of the form's table, or that of the columns.
func (w *writer) subjectTitle(sheet, table string, s *subject, part bool) string {
	heading := ""
	for _, t := range w.Form.Tables {
		if t.Sheet == sheet && t.Name == table {
			heading = strings.TrimLeft(strings.TrimPrefix(t.Title, table), " .:-–")
		}
	}
	if heading == "" {
		heading = table
	}
	if part {
		var labels []string
		for _, c := range s.columns {
			if c.label != "" {
				labels = append(labels, c.label)
			}
		}
		if len(labels) > 0 {
			heading = strings.Join(labels, "; ")
		}
	}
	if heading == "" {
		heading = sheet
	}
	if table != "" && table != heading {
		heading += " (" + table + ")"
	}
	return heading
}
