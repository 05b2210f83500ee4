package consolidation

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
)

// mostAcross is how many figures stand side by side on an A4 page and can
// still be read.
const mostAcross = 16

// writeSubjects writes a table for each subject: the groups of units first,
// the straight sum of all last and named so. Every figure is that of a line of
// sums over the rows of the units; totals and rates are the form's own
// formulas over these.
func (w *writer) writeSubjects() error {
	computed := make([]map[string]any, len(w.groups)+1)
	for g := range computed {
		sums := map[string]float64{}
		for i, in := range w.numbers {
			if v, ok := w.groupSum(g, i); ok {
				sums[in.Name] = v
			}
		}
		var err error
		if computed[g], err = w.computed(sums); err != nil {
			return err
		}
	}
	for i := range w.subjects {
		s := &w.subjects[i]
		page := &sheet{name: w.names.subjects[i]}
		page.head(fmt.Sprintf("%s. %s", w.names.subjects[i], s.title), title)
		page.head(w.subtitle(), subtitle)
		if len(s.rows)*len(s.columns) <= mostAcross {
			w.across(page, s, computed)
		} else {
			w.down(page, s, computed)
		}
		w.remark(page, w.doubleCounting())
		if err := w.put(page); err != nil {
			return err
		}
	}
	return nil
}

// groupSum is what counts of a number in a group; the one after the last is
// all of them.
func (w *writer) groupSum(g, number int) (float64, bool) {
	from, to := 0, len(w.rows)
	if g < len(w.groups) {
		from, to = w.groups[g].from, w.groups[g].to
	}
	return w.sum(number, from, to, func(r *row) bool { return r.class == counted })
}

// groupLine is the line of a group's sums in the sheet of units.
func (w *writer) groupLine(g int) int {
	if g < len(w.groups) {
		return w.units.sums[g]
	}
	return w.units.total
}

func (w *writer) groupName(g int) string {
	if g < len(w.groups) {
		return w.groups[g].name
	}
	return w.straightSum()
}

func (w *writer) straightSum() string {
	return w.say("Cộng thẳng tất cả", "Straight sum of all")
}

func (w *writer) groupCoverage(g int) string {
	n, of := w.totals.Units, w.totals.OfUnits
	if g < len(w.groups) {
		n, of = w.groups[g].units, w.groups[g].of
	}
	return fmt.Sprintf("%d/%d", n, of)
}

// across is a line a group, the form's rows side by side.
func (w *writer) across(page *sheet, s *subject, computed []map[string]any) {
	page.widths = []float64{30, 10}
	top := []cell{{value: w.say("Nhóm đơn vị", "Group of units"), look: heading}, {value: w.say("Đơn vị có số liệu", "Units with figures"), look: heading}}
	under := []cell{{look: heading}, {look: heading}}
	first := page.n + 1
	page.merge(1, first, 1, first+1)
	page.merge(2, first, 2, first+1)
	place := map[[2]int]int{} // row and column of the form → column of the page
	for _, r := range s.rows {
		page.merge(len(top)+1, first, len(top)+len(s.columns), first)
		for _, c := range s.columns {
			top = append(top, cell{value: r.label, look: heading})
			under = append(under, cell{value: c.label, look: heading})
			place[[2]int{r.key, c.key}] = len(top)
			width := w.cellWidth(s, r, c, computed)
			if len(s.columns) == 1 {
				width = max(width, 15)
			}
			page.widths = append(page.widths, width)
		}
	}
	tallest := 1
	if len(s.columns) == 1 {
		// What the title says need not stand over each figure.
		page.merges = page.merges[:0]
		page.heads = [2]int{first, page.add(top...)}
		tallest = 2
	} else {
		page.add(top...)
		page.heads = [2]int{first, page.add(under...)}
	}
	lines := tallest
	for i, r := range s.rows {
		room := 0.0
		for k := range s.columns {
			room += page.widths[2+i*len(s.columns)+k]
		}
		lines = max(lines, linesFor(r.label, room*0.9))
	}
	page.height(first, lineHeight*float64(lines)+4)
	page.frozen = 1
	for g := range computed {
		line := page.n + 1
		l := text
		if g == len(w.groups) {
			l.bold, l.fill = true, grey
		}
		number := l
		number.across = "center"
		cells := []cell{{value: w.groupName(g), look: l}, {value: w.groupCoverage(g), look: number}}
		at := func(row, column int) string {
			if k := place[[2]int{row, column}]; k > 0 {
				return ref(k, line)
			}
			return ""
		}
		for _, r := range s.rows {
			for _, c := range s.columns {
				cells = append(cells, w.subjectCell(s, g, r, c, computed[g], at, l))
			}
		}
		page.add(cells...)
	}
}

// down is a block a group, as the form has the table.
func (w *writer) down(page *sheet, s *subject, computed []map[string]any) {
	page.widths = []float64{36, 8}
	cells := []cell{{value: w.say("Nhóm đơn vị, chỉ tiêu", "Group of units, figure"), look: heading}, {value: w.say("Mã số", "Code"), look: heading}}
	for _, c := range s.columns {
		cells = append(cells, cell{value: c.label, look: heading})
		width := 11.0
		for _, r := range s.rows {
			width = max(width, w.cellWidth(s, r, c, computed))
		}
		page.widths = append(page.widths, width)
	}
	line := page.add(cells...)
	page.heads = [2]int{line, line}
	page.frozen = 1
	page.portrait = page.width() < 140
	for g := range computed {
		band := text
		band.bold, band.fill = true, grey
		head := []cell{{value: fmt.Sprintf(w.say("%s (%s đơn vị có số liệu)", "%s (%s units with figures)"), w.groupName(g), w.groupCoverage(g)), look: band}}
		for range len(page.widths) - 1 {
			head = append(head, cell{look: band})
		}
		begin := page.add(head...)
		page.merge(1, begin, len(page.widths), begin)
		page.height(begin, lineHeight+4)
		at := func(row, column int) string {
			for i, r := range s.rows {
				for k, c := range s.columns {
					if r.key == row && c.key == column {
						return ref(3+k, begin+1+i)
					}
				}
			}
			return ""
		}
		for _, r := range s.rows {
			l := text
			l.bold = r.total
			code := l
			code.across = "center"
			cells := []cell{{value: r.label, look: l}, {value: r.code, look: code}}
			for _, c := range s.columns {
				cells = append(cells, w.subjectCell(s, g, r, c, computed[g], at, l))
			}
			page.add(cells...)
		}
	}
}

func (w *writer) cellWidth(s *subject, r, c line, computed []map[string]any) float64 {
	f, ok := s.cells[[2]int{r.key, c.key}]
	width := 8.5
	if !ok {
		return width
	}
	for g := range computed {
		if f.total != nil {
			if v, ok := computed[g][f.total.Sheet+"!"+f.total.Cell].(float64); ok {
				width = max(width, digits(v, strings.Contains(w.totalLook(f.total).format, "0.0")))
			}
		} else if v, ok := w.groupSum(g, f.number); ok {
			width = max(width, digits(v, w.numbers[f.number].Type == "decimal"))
		}
	}
	return width
}

// subjectCell is one figure of a group. at says where on the page a cell of
// the form's table stands for this group.
func (w *writer) subjectCell(s *subject, g int, r, c line, computed map[string]any, at func(row, column int) string, l look) cell {
	f, ok := s.cells[[2]int{r.key, c.key}]
	if !ok {
		return cell{look: l}
	}
	if f.total == nil {
		out := cell{look: figure(w.numbers[f.number])}
		out.look.bold, out.look.fill = l.bold || c.total, l.fill
		out.value = ""
		if v, ok := w.groupSum(g, f.number); ok {
			out.value = v
		}
		if line := w.groupLine(g); line > 0 {
			out.formula = fmt.Sprintf("%s!%s%d", quoted(w.names.units), letters(firstFigure+f.number), line)
		}
		return out
	}
	t := f.total
	out := cell{value: computed[t.Sheet+"!"+t.Cell], look: w.totalLook(t)}
	out.look.bold, out.look.fill = true, l.fill
	formula, ok := w.totalFormula(t, at)
	if out.value == nil {
		return cell{value: w.say("không tính được", "cannot be computed"), look: out.look}
	}
	if ok {
		out.formula = formula
	}
	if out.value == "" && !ok {
		out.value = nil
	}
	return out
}

// totalFormula is a total's own formula over the cells of the page.
func (w *writer) totalFormula(t *finding.Total, at func(row, column int) string) (string, bool) {
	formula, ok := translate(w.calc.formulas[t.Sheet+"!"+t.Cell], t.Sheet, w.calc.names, func(sheet string, column, row int) (string, bool) {
		if sheet == t.Sheet {
			if there := at(2*row, 2*column); there != "" {
				return there, true
			}
		}
		return "", w.constant(sheet, ref(column, row))
	})
	if !ok || formula == "" {
		return "", false
	}
	if column, row, err := excelize.CellNameToCoordinates(t.Cell); err == nil {
		if alone := at(2*row-1, 2*column); alone != "" {
			formula = withAlone(formula, alone)
		}
	}
	return formula, len(formula) < 8000
}

// constant reports whether a cell of the form is the same for every unit, and
// still there.
func (w *writer) constant(sheet, cell string) bool {
	for _, in := range w.Form.Inputs {
		if in.Sheet == sheet && in.Cell == cell {
			return false
		}
	}
	if formula, err := w.calc.f.GetCellFormula(sheet, cell); err != nil || formula != "" || sheet == metaSheet {
		return false
	}
	index, err := w.f.GetSheetIndex(sheet)
	return err == nil && index >= 0
}

// totalLook shows a total as the form does.
func (w *writer) totalLook(t *finding.Total) look {
	l := look{border: true, across: "center", format: "#,##0"}
	if id, err := w.calc.f.GetCellStyle(t.Sheet, t.Cell); err == nil {
		if style, err := w.calc.f.GetStyle(id); err == nil {
			switch {
			case style.CustomNumFmt != nil && !strings.EqualFold(*style.CustomNumFmt, "general"):
				l.format = *style.CustomNumFmt
				return l
			case style.NumFmt == 2 || style.NumFmt == 4 || style.NumFmt == 10 || style.NumFmt == 9:
				l.format = map[int]string{2: "0.00", 4: "#,##0.00", 9: "0%", 10: "0.00%"}[style.NumFmt]
				return l
			}
		}
	}
	if t.Kind == "rate" {
		l.format = "0.0##" // a share of one needs more digits than a percentage
		return l
	}
	for _, name := range t.Inputs {
		if w.input(name).Type == "decimal" {
			l.format = "#,##0.00"
		}
	}
	return l
}
