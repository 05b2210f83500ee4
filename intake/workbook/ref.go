package workbook

import (
	"strconv"
	"strings"
)

// Ref is an area of a sheet; a single cell has equal corners.
type Ref struct {
	Sheet            string
	Col, Row         int // top left, from 1
	LastCol, LastRow int // bottom right
}

// Single reports whether r is one cell.
func (r Ref) Single() bool { return r.Col == r.LastCol && r.Row == r.LastRow }

// Contains reports whether r covers a position, the sheet left aside.
func (r Ref) Contains(col, row int) bool {
	return col >= r.Col && col <= r.LastCol && row >= r.Row && row <= r.LastRow
}

// Area returns "D11" or "D11:E13", without the sheet.
func (r Ref) Area() string {
	if r.Single() {
		return Address(r.Col, r.Row)
	}
	return Address(r.Col, r.Row) + ":" + Address(r.LastCol, r.LastRow)
}

// String returns "Phụ lục số liệu!D11:E13", the sheet unquoted, as people read it.
func (r Ref) String() string {
	if r.Sheet == "" {
		return r.Area()
	}
	return r.Sheet + "!" + r.Area()
}

// Address returns "D11" for 4, 11.
func Address(col, row int) string { return Column(col) + strconv.Itoa(row) }

// Column returns "D" for 4.
func Column(col int) string {
	var b [8]byte
	i := len(b)
	for col > 0 {
		i--
		b[i] = byte('A' + (col-1)%26)
		col = (col - 1) / 26
	}
	return string(b[i:])
}

// ParseRef reads "D11", "$D$11:$E$13", "'Phụ lục số liệu'!$D$11" and the same
// with an unquoted sheet. Whole rows and columns, several areas and links to
// other workbooks are no Ref.
func ParseRef(s string) (Ref, bool) {
	var r Ref
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '!'); i >= 0 {
		sheet := s[:i]
		s = s[i+1:]
		if len(sheet) >= 2 && sheet[0] == '\'' && sheet[len(sheet)-1] == '\'' {
			sheet = strings.ReplaceAll(sheet[1:len(sheet)-1], "''", "'")
		}
		if sheet == "" || strings.ContainsAny(sheet, "[]") || strings.HasPrefix(sheet, "#") {
			return Ref{}, false
		}
		r.Sheet = sheet
	}
	first, last, area := strings.Cut(s, ":")
	var ok bool
	if r.Col, r.Row, ok = parseCell(first); !ok {
		return Ref{}, false
	}
	r.LastCol, r.LastRow = r.Col, r.Row
	if area {
		if r.LastCol, r.LastRow, ok = parseCell(last); !ok {
			return Ref{}, false
		}
		if r.LastCol < r.Col {
			r.Col, r.LastCol = r.LastCol, r.Col
		}
		if r.LastRow < r.Row {
			r.Row, r.LastRow = r.LastRow, r.Row
		}
	}
	return r, true
}

// parseCell reads "D11" or "$D$11".
func parseCell[T string | []byte](s T) (col, row int, ok bool) {
	i := 0
	if i < len(s) && s[i] == '$' {
		i++
	}
	start := i
	for ; i < len(s); i++ {
		c := s[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		if col = col*26 + int(c-'A') + 1; col > maxColumns {
			return 0, 0, false
		}
	}
	if i == start {
		return 0, 0, false
	}
	if i < len(s) && s[i] == '$' {
		i++
	}
	start = i
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if row = row*10 + int(s[i]-'0'); row > maxRows {
			return 0, 0, false
		}
	}
	return col, row, i > start && i == len(s) && row > 0
}
