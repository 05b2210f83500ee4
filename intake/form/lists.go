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
	for k, col := range cols {
		// Rules and their words speak of the list's cells on the blank form.
		for row := l.ref.Row + 1; col > 0 && row <= l.ref.LastRow; row++ {
			c.where.at[place{l.ref.Sheet, l.cols[k].col, row}] = place{s.Name, col, head + row - l.ref.Row}
		}
	}
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
		gap = 0
		n++
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
			if own := l.ref.Row + row - head; own <= l.ref.LastRow && v != nil {
				c.listed[place{l.ref.Sheet, l.cols[k].col, own}] = v
			}
		}
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

// locateList finds a list by the name of its table, else by its heads: a row
// that bears at least three in five of them.
func (c *check) locateList(l *list) (s *workbook.Sheet, head int, cols []int) {
	if t, ok := c.book.Table(l.Name); ok {
		if s = c.book.Sheet(t.Ref.Sheet); s != nil {
			head = t.Ref.Row
			if cols, hits := listColumns(s, head, l); hits*5 >= len(l.cols)*3 {
				return s, head, cols
			}
			// Heads typed over: by position, if the table is as wide as ours.
			if t.Ref.LastCol-t.Ref.Col == l.ref.LastCol-l.ref.Col {
				cols = make([]int, len(l.cols))
				for k := range l.cols {
					cols[k] = t.Ref.Col + k
				}
				return s, head, cols
			}
		}
	}
	best := 0
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
	return s, head, cols
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
