package consolidation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// area is what a formula refers to.
type area struct {
	sheet               string
	column, row         int
	lastColumn, lastRow int
}

// scattered are the functions that take several areas for one.
var scattered = []string{"SUM", "COUNT", "MAX", "MIN", "MEDIAN", "AND", "OR"}

// translate rewrites a formula of the form for another place. to says what
// stands for a cell of the form: a reference, or "" for a cell that has
// nothing to do with what units fill in and stays where it is. It is false
// where the formula speaks of what has no counterpart, and nothing is lost by
// that: what it comes to is known all the same.
func translate(formula, home string, names map[string]string, to func(sheet string, column, row int) (string, bool)) (string, bool) {
	var out strings.Builder
	var calls []string // functions whose parentheses are open
	rest := formula
	for rest != "" {
		switch c := rest[0]; {
		case c == '"':
			end := 1
			for end < len(rest) && (rest[end] != '"' || end+1 < len(rest) && rest[end+1] == '"') {
				if rest[end] == '"' {
					end++
				}
				end++
			}
			if end >= len(rest) {
				return "", false
			}
			out.WriteString(rest[:end+1])
			rest = rest[end+1:]
			continue
		case c == '(':
			calls = append(calls, "")
		case c == ')':
			if len(calls) == 0 {
				return "", false
			}
			calls = calls[:len(calls)-1]
		case c == '[' || c == '{' || c == '#':
			return "", false
		}
		token := operand.FindString(rest)
		if token == "" {
			out.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		rest = rest[len(token):]
		if strings.HasPrefix(strings.TrimLeft(rest, " "), "(") {
			out.WriteString(token)
			rest = strings.TrimLeft(rest, " ")[1:]
			out.WriteByte('(')
			calls = append(calls, strings.ToUpper(token))
			continue
		}
		if token == "TRUE" || token == "FALSE" || unicode.IsDigit(rune(token[0])) || token[0] == '.' {
			out.WriteString(token)
			continue
		}
		at, ok := splitReference(token)
		if !ok {
			if at, ok = splitReference(strings.TrimPrefix(names[token], "=")); !ok || at.sheet == "" {
				return "", false
			}
		}
		if at.sheet == "" {
			at.sheet = home
		}
		inner := ""
		if len(calls) > 0 {
			inner = calls[len(calls)-1]
		}
		words, ok := at.translated(slices.Contains(scattered, inner), to)
		if !ok {
			return "", false
		}
		out.WriteString(words)
	}
	return out.String(), len(calls) == 0
}

// operand begins a formula with a number, a name, or a reference with its sheet.
var operand = regexp.MustCompile(`^(?:(?:'(?:[^']|'')+'|[\pL_\\][\pL\pN_.]*)!)?(?:\$?[A-Za-z]{1,3}\$?[0-9]+:\$?[A-Za-z]{1,3}\$?[0-9]+|[\pL_\\$][\pL\pN_.$]*|[0-9.]+(?:[eE][+-]?[0-9]+)?)`)

var reference = regexp.MustCompile(`^(?:('(?:[^']|'')+'|[^'!]+)!)?\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?$`)

// splitReference takes "'Phụ lục'!$D$11:$D$13" apart.
func splitReference(s string) (area, bool) {
	m := reference.FindStringSubmatch(s)
	if m == nil {
		return area{}, false
	}
	a := area{sheet: m[1]}
	if strings.HasPrefix(a.sheet, "'") {
		a.sheet = strings.ReplaceAll(a.sheet[1:len(a.sheet)-1], "''", "'")
	}
	var err error
	if a.column, a.row, err = excelize.CellNameToCoordinates(m[2] + m[3]); err != nil {
		return area{}, false
	}
	a.lastColumn, a.lastRow = a.column, a.row
	if m[4] != "" {
		if a.lastColumn, a.lastRow, err = excelize.CellNameToCoordinates(m[4] + m[5]); err != nil {
			return area{}, false
		}
	}
	return a, a.lastColumn >= a.column && a.lastRow >= a.row
}

// translated is the area in its new place: one area again if its cells lie side
// by side there too, else a list of them where the function takes one.
func (a area) translated(list bool, to func(sheet string, column, row int) (string, bool)) (string, bool) {
	if (a.lastColumn-a.column+1)*(a.lastRow-a.row+1) > 1000 {
		return "", false
	}
	var cells []string
	for row := a.row; row <= a.lastRow; row++ {
		for column := a.column; column <= a.lastColumn; column++ {
			words, ok := to(a.sheet, column, row)
			if !ok {
				return "", false
			}
			if words == "" {
				words = quoted(a.sheet) + "!" + ref(column, row)
			}
			cells = append(cells, words)
		}
	}
	if len(cells) == 1 {
		return cells[0], true
	}
	if joined, ok := rectangle(cells, a.lastColumn-a.column+1); ok {
		return joined, true
	}
	return strings.Join(cells, ","), list
}

// rectangle writes cells, row by row, as one area if they are one.
func rectangle(cells []string, width int) (string, bool) {
	column, row, err := excelize.CellNameToCoordinates(cells[0])
	if err != nil {
		return "", false
	}
	for i, cell := range cells {
		if cell != ref(column+i%width, row+i/width) {
			return "", false
		}
	}
	return cells[0] + ":" + cells[len(cells)-1], true
}
