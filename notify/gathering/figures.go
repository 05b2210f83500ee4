package gathering

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
	"dondoc/notify/docx"
)

// widest is how many columns of figures a page takes.
const widest = 8

// figures are the sums, by the rules of the consolidated workbook: each table
// of the form by groups of units first, then its sums, with what they cover.
func (w *writer) figures() {
	t := consolidation.Total(w.Input.Input)
	w.add(docx.P(docx.Text, fmt.Sprintf(w.say("Số liệu của %d/%d đơn vị (%d phụ lục).", "Figures of %d of %d units (%d forms)."), t.Units, t.OfUnits, t.Dossiers)+" "+
		w.say("Đơn vị chưa có số liệu để trống, không coi là 0.", "A unit without figures is left blank, which is not zero.")))
	var not []string
	for _, l := range consolidation.Lines(w.Input.Input) {
		if !l.Counted {
			not = append(not, name(l.Unit)+": "+strings.ToLower(l.Mark))
		}
	}
	w.list(w.say("Không có trong tổng", "Not in the sums"), "", not)
	if t.Units == 0 {
		return
	}
	for _, table := range w.tables() {
		w.byGroup(table)
		w.sums(table, t)
	}
	w.add(docx.P(docx.Source, w.say(
		"Phạm vi số liệu của các đơn vị có thể chồng nhau, nên dòng cộng thẳng có nguy cơ cộng trùng; nên xem theo nhóm. Từng con số lấy từ ô nào, tệp nào: xem bảng tổng hợp (.xlsx).",
		"What the units report may overlap, so the straight sum may count some things twice; prefer the groups. The cell and the file that each figure is from are in the consolidated workbook (.xlsx).")))
}

// table is a table of the form: its number inputs, by row and column.
type table struct {
	name          string
	rows, columns []string
	inputs        map[[2]string][]string // names that a cell adds up
	alone         map[string][]string    // by column, its total, under which stands what came without its rows
	totals        bool                   // the last row is the sum of the others
}

// tables are those of the form, in its order.
func (w *writer) tables() []*table {
	var all []*table
	for _, in := range w.Form.Inputs {
		if !in.Number() {
			continue
		}
		i := slices.IndexFunc(all, func(t *table) bool { return t.name == in.Table })
		if i < 0 {
			all, i = append(all, &table{name: in.Table, inputs: map[[2]string][]string{}, alone: map[string][]string{}}), len(all)
		}
		t := all[i]
		if !slices.Contains(t.rows, in.Row) {
			t.rows = append(t.rows, in.Row)
		}
		if !slices.Contains(t.columns, in.Column) {
			t.columns = append(t.columns, in.Column)
		}
		at := [2]string{in.Row, in.Column}
		t.inputs[at] = append(t.inputs[at], in.Name)
	}
	// A column is summed where the form itself does: not every one may be.
	for _, t := range all {
		summed := 0
		for _, column := range t.columns {
			var names []string
			for _, row := range t.rows {
				names = append(names, t.inputs[[2]string{row, column}]...)
			}
			slices.Sort(names)
			if i := slices.IndexFunc(w.Form.Totals, func(total finding.Total) bool {
				of := slices.Sorted(slices.Values(total.Inputs))
				return total.Kind == "column" && slices.Equal(of, names)
			}); i >= 0 {
				summed++
				t.alone[column] = append(t.alone[column], w.Form.Totals[i].Name)
			}
		}
		t.totals = summed == len(t.columns) && len(t.rows) > 1
	}
	return all
}

// cells are the columns by which groups are compared: every cell of a small
// table, the sums of the columns of a wide one.
func (t *table) cells() (rows []string) {
	if len(t.rows)*len(t.columns) <= widest {
		return t.rows
	}
	if t.totals && len(t.columns) <= widest {
		return []string{""}
	}
	return nil
}

// names are the inputs of a cell, of the whole column for row "".
func (t *table) names(row, column string) []string {
	if row != "" || slices.Contains(t.rows, "") {
		return t.inputs[[2]string{row, column}]
	}
	var all []string
	for _, r := range t.rows {
		all = append(all, t.inputs[[2]string{r, column}]...)
	}
	return append(all, t.alone[column]...)
}

func (w *writer) caption(text string) {
	w.add(docx.Paragraph{Align: docx.Left, Before: docx.Points(8), After: docx.Points(3), KeepNext: true, Runs: []docx.Run{{Text: text, Bold: true, Size: 12}}})
}

// byGroup writes a row a group of units, and last what they come to.
func (w *writer) byGroup(t *table) {
	cells := t.cells()
	groups := consolidation.Groups(w.Input.Input)
	if cells == nil || len(groups) < 2 {
		return
	}
	w.caption(strings.TrimSpace(t.name + w.say(" theo nhóm đơn vị", " by groups of units")))
	one, two := []docx.Cell{docx.C(docx.Center, w.say("Nhóm", "Group")), docx.C(docx.Center, w.say("Đơn vị", "Units"))}, []docx.Cell{{Up: true}, {Up: true}}
	tiers := 1
	for _, row := range cells {
		if row == "" {
			for _, c := range t.columns {
				one, two = append(one, docx.C(docx.Center, c)), append(two, docx.Cell{Up: true})
			}
			continue
		}
		tiers = 2
		head := docx.C(docx.Center, row)
		head.Span = len(t.columns)
		one = append(one, head)
		for _, c := range t.columns {
			two = append(two, docx.C(docx.Center, c))
		}
	}
	out := docx.Table{Borders: true, Head: tiers, Rows: [][]docx.Cell{one, two}[:tiers]}
	n := len(cells) * len(t.columns)
	out.Widths = append(out.Widths, 46, 16)
	for range n {
		out.Widths = append(out.Widths, (docx.TextWidth-62)/float64(n))
	}
	line := func(label string, sum consolidation.Totals) {
		row := []docx.Cell{docx.C(docx.Left, label), docx.C(docx.Right, fmt.Sprintf("%d/%d", sum.Units, sum.OfUnits))}
		for _, r := range cells {
			for _, c := range t.columns {
				row = append(row, docx.C(docx.Right, w.sum(t.names(r, c), sum)))
			}
		}
		out.Rows = append(out.Rows, row)
	}
	for _, g := range groups {
		line(g.Name, g.Totals)
	}
	line(w.say("Cộng thẳng (có thể trùng)", "Straight sum (may overlap)"), consolidation.Total(w.Input.Input))
	bold(out.Rows[len(out.Rows)-1])
	w.add(out)
}

// sums writes the table as the form has it, with what all units come to.
func (w *writer) sums(t *table, sum consolidation.Totals) {
	if len(t.columns) > widest {
		return // wider than a page: the workbook has it
	}
	w.caption(strings.TrimSpace(t.name + w.say(", cộng thẳng toàn bộ", ", straight sum of all")))
	head := []docx.Cell{docx.C(docx.Center, "")}
	for _, c := range t.columns {
		head = append(head, docx.C(docx.Center, c))
	}
	out := docx.Table{Borders: true, Head: 1, Rows: [][]docx.Cell{head}, Widths: []float64{55}}
	for range t.columns {
		out.Widths = append(out.Widths, (docx.TextWidth-55)/float64(len(t.columns)))
	}
	for _, r := range t.rows {
		row := []docx.Cell{docx.C(docx.Left, r)}
		for _, c := range t.columns {
			row = append(row, docx.C(docx.Right, w.sum(t.inputs[[2]string{r, c}], sum)))
		}
		out.Rows = append(out.Rows, row)
	}
	if t.totals {
		row := []docx.Cell{docx.C(docx.Left, w.say("Tổng cộng", "Total"))}
		for _, c := range t.columns {
			row = append(row, docx.C(docx.Right, w.sum(t.names("", c), sum)))
		}
		bold(row)
		out.Rows = append(out.Rows, row)
	}
	w.add(out)
}

func bold(row []docx.Cell) {
	for _, c := range row {
		for _, p := range c.Blocks {
			for i := range p.Runs {
				p.Runs[i].Bold = true
			}
		}
	}
}

// sum is what the inputs come to, blank where no unit gave any of them.
func (w *writer) sum(names []string, t consolidation.Totals) string {
	total, any := 0.0, false
	for _, name := range names {
		if v, ok := t.Sum[name]; ok {
			total, any = total+v, true
		}
	}
	if !any {
		return ""
	}
	return w.number(total)
}

// number is a figure as the language writes it: 1.234,5 or 1,234.5.
func (w *writer) number(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if short := strconv.FormatFloat(v, 'g', 15, 64); !strings.ContainsAny(short, "eE") {
		s = short // tenths add up to tenths
	}
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.say(".", ",") + whole[i:]
	}
	if rest != "" {
		rest = w.say(",", ".") + rest
	}
	return sign + whole + rest
}
