package docx

import "strconv"

func (t Table) write(b *body) {
	rows, columns := t.grid()
	if len(rows) == 0 {
		return // a table without a row is none
	}
	widths := t.widths(columns)
	b.table++
	b.in("w:tbl", func() {
		b.in("w:tblPr", func() {
			if t.Borders {
				b.val("w:tblStyle", "TableGrid")
			} else {
				b.val("w:tblStyle", "TableNormal")
			}
			b.el("w:tblW", "w:w", strconv.Itoa(sum(widths)), "w:type", "dxa")
			b.el("w:tblLayout", "w:type", "fixed")
			b.el("w:tblLook", "w:val", "0420", "w:firstRow", "1", "w:lastRow", "0", "w:firstColumn", "0", "w:lastColumn", "0", "w:noHBand", "0", "w:noVBand", "1")
		})
		b.in("w:tblGrid", func() {
			for _, w := range widths {
				b.el("w:gridCol", "w:w", strconv.Itoa(w))
			}
		})
		for r, row := range rows {
			head := r < t.Head
			b.in("w:tr", func() {
				b.in("w:trPr", func() {
					b.el("w:cantSplit")
					if head {
						b.el("w:tblHeader")
					}
				})
				at := 0
				for _, c := range row {
					b.box(c, widths[at:at+c.Span], head && t.Borders, r+1 < len(rows) && continued(rows[r+1], at))
					at += c.Span
				}
			})
		}
	})
	b.table--
}

// box writes a cell: over widths, shaded in a head, and the first of those
// that are merged downwards where the next row continues it.
func (b *body) box(c Cell, widths []int, head, down bool) {
	b.in("w:tc", func() {
		b.in("w:tcPr", func() {
			b.el("w:tcW", "w:w", strconv.Itoa(sum(widths)), "w:type", "dxa")
			if c.Span > 1 {
				b.val("w:gridSpan", strconv.Itoa(c.Span))
			}
			switch {
			case c.Up:
				b.val("w:vMerge", "continue")
			case down:
				b.val("w:vMerge", "restart")
			}
			if head {
				b.el("w:shd", "w:val", "clear", "w:color", "auto", "w:fill", "E7ECF2")
				b.val("w:vAlign", "center")
			}
		})
		b.cell = c.Align
		if !c.Up {
			for _, p := range c.Blocks {
				p.write(b)
			}
		}
		if c.Up || len(c.Blocks) == 0 {
			P(Small, "").write(b) // a cell ends with a paragraph (§17.4.65)
		}
		b.cell = ""
	})
}

// grid are the rows, each filled up to as many columns as the widest has.
func (t Table) grid() (rows [][]Cell, columns int) {
	const most = 63 // columns of a table of Word's
	columns = min(len(t.Widths), most)
	for _, row := range t.Rows {
		n := 0
		for _, c := range row {
			n += min(max(c.Span, 1), most)
		}
		columns = min(max(columns, n), most)
	}
	for _, row := range t.Rows {
		at := 0
		var full []Cell
		for i, c := range row {
			if at == columns {
				// Beyond what Word has, the text goes on in the last cell.
				for _, rest := range row[i:] {
					full[len(full)-1].Blocks = append(full[len(full)-1].Blocks[:len(full[len(full)-1].Blocks):len(full[len(full)-1].Blocks)], rest.Blocks...)
				}
				break
			}
			c.Span = min(max(c.Span, 1), columns-at)
			// There is nothing above the first row to continue.
			c.Up = c.Up && len(rows) > 0
			full, at = append(full, c), at+c.Span
		}
		for ; at < columns; at++ {
			full = append(full, Cell{Span: 1})
		}
		if columns > 0 {
			rows = append(rows, full)
		}
	}
	return rows, columns
}

// continued reports whether the cell of row that begins in column at continues
// the one above.
func continued(row []Cell, at int) bool {
	for _, c := range row {
		if at <= 0 {
			return at == 0 && c.Up
		}
		at -= c.Span
	}
	return false
}

// widths are those of the columns, in twips.
func (t Table) widths(columns int) []int {
	all := make([]int, columns)
	for i := range all {
		width := float64(TextWidth) / float64(max(columns, 1))
		if i < len(t.Widths) && t.Widths[i] > 0 {
			width = t.Widths[i]
		}
		all[i] = max(twip(width), 1)
	}
	return all
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}
