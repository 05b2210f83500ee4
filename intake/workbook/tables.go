package workbook

import (
	"strconv"
	"strings"
)

// Tables makes a workbook of tables that stood in a text, one sheet each, so
// that a form can be found in them. Every cell is text: what it means, its
// reader finds out.
func Tables(tables [][][]string) *Book {
	b := &Book{Format: "text"}
	cells := 0
	for i, t := range tables[:min(len(tables), maxSheets)] {
		s := &Sheet{Name: "Bảng " + strconv.Itoa(i+1)}
		for r, row := range t {
			for c, text := range row[:min(len(row), maxColumns)] {
				if strings.TrimSpace(text) == "" {
					continue
				}
				if cells++; cells > maxCells {
					return b
				}
				s.cells = append(s.cells, Cell{Col: c + 1, Row: r + 1, Type: Text, Raw: text})
			}
		}
		b.Sheets = append(b.Sheets, s)
	}
	return b
}
