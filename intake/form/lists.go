package form

import (
	"fmt"
	"strings"

	"dondoc/intake/workbook"
)

// maxListRows bounds the rows that are read of one list.
const maxListRows = 2000

// readLists reads the Excel tables of the form as rows. Rows in which a sender
// wrote nothing are left out, and the others counted from 1.
func (c *check) readLists() {
	for i := range c.Form.lists {
		c.readList(&c.Form.lists[i])
	}
}

func (c *check) readList(l *list) {
	s, head, cols := c.locateList(l)
	if s == nil {
		return
	}
	blank := c.Form.book.Sheet(l.ref.Sheet)
	n, gap := 0, 0
	// Rules and their words speak of the list's cells on the blank form: of the
	// n-th row that was written, wherever it stands, and of the rows behind.
	stands := func(n, row int) {
		for k, col := range cols {
			if at := l.ref.Row + n; col > 0 && at <= l.ref.LastRow {
				c.where.at[place{l.ref.Sheet, l.cols[k].col, at}] = place{s.Name, col, row}
			}
		}
	}
	lastRow := head
	for row := head + 1; row <= min(s.LastRow(), head+maxListRows); row++ {
		something := false
		for k, col := range cols {
			if col == 0 || !l.cols[k].input {
				continue
			}
			text := c.textAt(place{s.Name, col, row})
			was := ""
			if at := l.ref.Row + row - head; at <= l.ref.LastRow {
				was = shown(blank.Cell(l.cols[k].col, at))
			}
			// A running number alone is nothing that was written.
			if text != "" && text != was && !(k == 0 && onlyDigits.MatchString(text)) {
				something = true
			}
		}
		if !something {
			if gap++; gap > 5 && row > head+l.ref.LastRow-l.ref.Row {
				break
			}
			continue
		}
		gap, lastRow = 0, row
		n++
		stands(n, row)
		c.lists++
		for k, col := range cols {
			if !l.cols[k].input {
				continue
			}
			key := fmt.Sprintf("%s[%d].%s", l.Name, n, l.cols[k].Key)
			c.part.Values[key] = nil
			if col == 0 {
				continue
			}
			cell := s.Cell(col, row)
			c.part.Places[key] = place{s.Name, col, row}.String()
			v := l.cols[k].read(cell)
			c.part.Values[key] = v
			if own := l.ref.Row + n; own <= l.ref.LastRow && v != nil {
				c.listed[place{l.ref.Sheet, l.cols[k].col, own}] = v
			}
		}
	}
	for n++; l.ref.Row+n <= l.ref.LastRow; n++ {
		lastRow++
		stands(n, lastRow)
	}
}

// read reads one cell of a list. A list is information, not arithmetic: what
// is no number or date stays the text it is.
func (k *listColumn) read(cell workbook.Cell) any {
	text := strings.TrimSpace(shown(cell))
	if text == "" {
		return nil
	}
	switch k.Type {
	case "whole", "decimal":
		if n := readNumber(cell, k.Type == "whole"); n.has && (n.sense == okay || n.sense == warn) {
			return n.value
		}
	case "date":
		if day, _, ok := readDate(cell, text); ok {
			return day
		}
	case "list":
		choice, _ := chosen(k.Choices, text)
		return choice
	}
	return text
}

// locateList finds a list by its heads, in the table of its name before others:
// a row that bears at least three in five of them. Heads typed over are
// understood by position, in a table of its name that is as wide as ours.
func (c *check) locateList(l *list) (s *workbook.Sheet, head int, cols []int) {
	best := 0
	t, named := c.book.Table(l.Name)
	if sheet := c.book.Sheet(t.Ref.Sheet); named && sheet != nil {
		if got, hits := listColumns(sheet, t.Ref.Row, l); hits*5 >= len(l.cols)*3 {
			return sheet, t.Ref.Row, got
		}
	}
	for _, sheet := range c.book.Sheets {
		for row := 1; row <= min(sheet.LastRow(), 200); row++ {
			if len(sheet.Row(row))*5 < len(l.cols)*3 {
				continue
			}
			got, hits := listColumns(sheet, row, l)
			if hits*5 >= len(l.cols)*3 && hits > best {
				best, s, head, cols = hits, sheet, row, got
			}
		}
	}
	if best > 0 || !named || t.Ref.LastCol-t.Ref.Col != l.ref.LastCol-l.ref.Col {
		return s, head, cols
	}
	if s = c.book.Sheet(t.Ref.Sheet); s == nil {
		return nil, 0, nil
	}
	for k := range l.cols {
		col := t.Ref.Col + k
		if k >= len(t.Columns) || fold(t.Columns[k]) != fold(shown(s.Cell(col, t.Ref.Row))) {
			return nil, 0, nil // the table is not where it says it is
		}
		cols = append(cols, col)
	}
	return s, t.Ref.Row, cols
}

func listColumns(s *workbook.Sheet, row int, l *list) ([]int, int) {
	cols, hits := make([]int, len(l.cols)), 0
	heads := map[string]int{}
	for _, c := range s.Row(row) {
		if t := fold(shown(c)); t != "" && heads[t] == 0 {
			heads[t] = c.Col
		}
	}
	for k := range l.cols {
		if col := heads[fold(l.cols[k].Key)]; col > 0 {
			cols[k] = col
			hits++
		}
	}
	return cols, hits
}
