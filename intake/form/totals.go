package form

import (
	"slices"
	"strings"

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
				t.name = names[0]
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
