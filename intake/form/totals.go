package form

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// findTotals takes the formulas inside tables that count inputs together: a
// row's total, a column's, or a rate.
func (c *compiler) findTotals() {
	for at, fx := range c.cells {
		for i, g := range c.tables {
			k, inCol := g.column(at.col)
			r, inRow := g.row(at.row)
			if g.sheet != at.sheet || !inCol || !inRow || c.onRule == at.sheet {
				continue
			}
			inputs := c.feeds(at)
			numbers := false
			for _, n := range inputs {
				numbers = numbers || c.inputs[n].Number()
			}
			if !numbers {
				continue
			}
			t := total{at: at, grid: i}
			t.Sheet, t.Cell = at.sheet, workbook.Address(at.col, at.row)
			t.Kind = kindOfTotal(fx, at, k, c.book.Name)
			t.Table, t.Row, t.Column, t.RowCode, t.ColCode = g.name, r.label, k.label, r.code, k.code
			for _, n := range inputs {
				t.Inputs = append(t.Inputs, c.inputs[n].Name)
			}
			for _, ref := range fx.reads(c.book.Name) {
				for row := ref.Row; row <= ref.LastRow; row++ {
					for col := ref.Col; col <= ref.LastCol && len(t.parts) < 200; col++ {
						if p := (place{ref.Sheet, col, row}); !slices.Contains(t.parts, p) {
							t.parts = append(t.parts, p)
						}
					}
				}
			}
			if names := c.names[at]; len(names) > 0 {
				t.Name = names[0]
			}
			c.totals = append(c.totals, t)
			c.known[at] = true
			break
		}
	}
	slices.SortFunc(c.totals, func(a, b total) int {
		return compare(a.grid-b.grid, a.at.row-b.at.row, a.at.col-b.at.col)
	})
}

// loneTotals is the key of _meta that names totals which may stand without the
// figures they are made of, separated by semicolons.
const loneTotals = "total alone"

// loneTotal reports whether a sender has left a whole column blank and typed
// its total, and settles what becomes of that. Where the form allows it (a
// division that it asks for of its own accord), the total is kept under its
// name and noted; else p says that the rows are wanted too.
func (c *check) loneTotal(column []int, p *finding.Problem) bool {
	first := &c.inputs[column[0]]
	for i := range c.totals {
		t := &c.totals[i]
		at, ok := c.where.at[t.at]
		if t.Kind != "column" || t.grid != first.grid || t.at.col != first.at.col || !ok {
			continue
		}
		cell := c.book.Sheet(at.sheet).Cell(at.col, at.row)
		typed, ok := typedNumber(cell)
		if cell.Formula || cell.Type == workbook.Blank || !ok || typed <= 0 || typed != math.Trunc(typed) {
			continue
		}
		allowed := false
		for _, name := range strings.Split(c.values[loneTotals], ";") {
			allowed = allowed || t.Name != "" && strings.TrimSpace(name) == t.Name
		}
		p.Cell, p.Found = cell.Address(), shown(cell)
		p.Cells, p.Inputs = []string{p.Cell}, nil
		for _, n := range column {
			st := &c.states[n]
			st.how = refused // no rule may take them for nothing
			p.Cells = append(p.Cells, workbook.Address(st.at.col, st.at.row))
			p.Inputs = append(p.Inputs, c.inputs[n].Name)
		}
		p.Args["o"], p.Args["tong"] = p.Cell, VN(typed)
		p.Args["danh_sach_o"] = strings.Join(p.Cells[1:], ", ")
		vi, en := "Đề nghị ghi rõ từng dòng; không phát sinh thì ghi 0.", "Please enter the rows as well; if there is nothing to report, enter 0."
		if allowed {
			p.Severity = finding.Noted
			c.part.Values[t.Name], c.part.Places[t.Name], c.part.Located[t.Name] = typed, at.String(), c.where.how[t.at]
			vi, en = "Đã nhận số tổng cộng.", "The grand total is accepted."
		}
		p.Words = map[string]string{
			"vi": fmt.Sprintf("%scột “%s”: mới ghi tổng cộng %s (ô %s), chưa chia theo dòng. %s", prefix(first.Table), first.Column, VN(typed), p.Cell, vi),
			"en": fmt.Sprintf("%scolumn “%s”: only the grand total %s is given (cell %s), not its rows. %s", prefix(first.Table), first.Column, VN(typed), p.Cell, en),
		}
		return true
	}
	return false
}

// kindOfTotal tells a rate by its division, a row's total by reading its own
// row only; every other total is a column's.
func kindOfTotal(fx *formula, at place, k gridCol, name func(string) (workbook.Ref, bool)) string {
	for _, t := range fx.tokens {
		if t.kind == fOperator && t.text == "/" {
			return "rate"
		}
	}
	if strings.Contains(k.label, "%") {
		return "rate"
	}
	for _, r := range fx.reads(name) {
		if r.Row != at.row || r.LastRow != at.row || r.Sheet != at.sheet {
			return "column"
		}
	}
	return "row"
}

// feeds returns the inputs that a cell depends on, through any number of
// formulas, in the order of the form.
func (c *compiler) feeds(at place) []int {
	seen := map[place]bool{}
	found := map[int]bool{}
	c.follow(at, seen, found, 0)
	return sortedKeys(found)
}

func (c *compiler) follow(at place, seen map[place]bool, found map[int]bool, depth int) {
	if seen[at] || depth > 200 {
		return
	}
	seen[at] = true
	fx := c.cells[at]
	if fx == nil {
		return
	}
	for _, ref := range fx.reads(c.book.Name) {
		for i := range c.inputs {
			if in := &c.inputs[i]; strings.EqualFold(in.at.sheet, ref.Sheet) && ref.Contains(in.at.col, in.at.row) {
				found[i] = true
			}
		}
		for other := range c.cells {
			if strings.EqualFold(other.sheet, ref.Sheet) && ref.Contains(other.col, other.row) {
				c.follow(other, seen, found, depth+1)
			}
		}
	}
}
