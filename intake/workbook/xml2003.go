package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// openXML reads a workbook in SpreadsheetML, the XML of Excel 2002 and 2003,
// in which web systems like to write what they call .xls.
func openXML(data []byte) (*Book, error) {
	x := &xml2003{room: room{format: "xml"}, book: &Book{Format: "xml"}, styles: map[string]style{}}
	// Some say an encoding that is not theirs; what they are in is seen.
	declared := ""
	if head := data[:min(len(data), 200)]; bytes.HasPrefix(head, []byte("<?xml")) {
		if _, after, ok := bytes.Cut(head, []byte("encoding=")); ok && len(after) > 1 {
			declared, _, _ = strings.Cut(string(after[1:]), string(after[:1]))
		}
	}
	if len(data) > maxPlain && !utf8.Valid(data) {
		return nil, x.tooLarge("text to be recoded")
	}
	text, _ := decodeText(data, declared)
	if _, after, ok := strings.Cut(text, "?>"); ok && strings.HasPrefix(strings.TrimSpace(text), "<?xml") {
		text = after
	}
	if err := scan(strings.NewReader(text), "xml", "workbook", x.read); err != nil {
		return nil, err
	}
	if len(x.book.Sheets) == 0 {
		return nil, x.damaged("no sheets")
	}
	x.book.names = x.names.of(x.book)
	return x.book, nil
}

// xml2003 reads one workbook in SpreadsheetML.
type xml2003 struct {
	room
	book    *Book
	names   names
	styles  map[string]style
	date904 bool
}

func (x *xml2003) read(s *scanner) error {
	look := ""
	for {
		if err := s.next(); err != nil {
			return err
		}
		if s.kind != start {
			continue
		}
		switch string(s.name) {
		case "Date1904":
			x.date904 = true
		case "Style":
			look = brief(s.attr("ID"))
			if len(x.styles) >= maxStyles {
				return x.tooLarge("styles")
			}
			parent := string(s.attr("Parent"))
			if parent == "" {
				parent = "Default"
			}
			x.styles[look] = x.styles[parent]
		case "Font":
			if name := s.attr("FontName"); name != nil && look != "" {
				st := x.styles[look]
				st.font = brief(name)
				x.styles[look] = st
			}
		case "NumberFormat":
			if look != "" {
				st := x.styles[look]
				st.format = numberFormat(brief(s.attr("Format")))
				st.date, st.percent = classify(st.format)
				x.styles[look] = st
			}
		case "NamedRange":
			x.name(s, false)
		case "Worksheet":
			if err := x.sheet(s); err != nil {
				return err
			}
		}
	}
}

// name reads a defined name, whose place is written as R11C4.
func (x *xml2003) name(s *scanner, scoped bool) {
	if ref, ok := r1c1(brief(s.attr("RefersTo"))); ok {
		x.names.add(strings.ToLower(brief(s.attr("Name"))), ref, scoped)
	}
}

func (x *xml2003) sheet(s *scanner) error {
	if len(x.book.Sheets) >= maxSheets {
		return x.tooLarge("sheets")
	}
	depth := s.depth()
	sheet := &Sheet{Name: brief(s.attr("Name"))}
	x.book.Sheets = append(x.book.Sheets, sheet)
	cols := &spans{}
	row, col := 0, 0
	for {
		if err := s.next(); err != nil {
			return err
		}
		if s.over(depth) {
			return x.settle(sheet)
		}
		if s.kind == chars || s.kind == end {
			continue
		}
		switch string(s.name) {
		case "NamedRange":
			x.name(s, true)
		case "Column":
			from := between(string(s.attr("Index")), min(col+1, maxColumns), maxColumns)
			col = from + between(string(s.attr("Span")), 0, maxColumns)
			if truth(s.attr("Hidden")) {
				cols.add(from, col)
			}
		case "Row":
			err := x.row(s, sheet, &row, cols)
			if err == errCut {
				if err := s.leave(depth); err != nil {
					return err
				}
				return x.settle(sheet)
			}
			if err != nil {
				return err
			}
		case "Visible":
			state, err := elementText(s)
			if err != nil {
				return err
			}
			sheet.Hidden = strings.HasPrefix(state, "SheetHidden") || strings.HasPrefix(state, "SheetVeryHidden")
		}
	}
}

func (x *xml2003) row(s *scanner, sheet *Sheet, last *int, cols *spans) error {
	depth := s.depth()
	row := *last + 1
	if i := s.attr("Index"); i != nil {
		row = number(i)
	}
	if row < 1 || row > maxRows {
		return x.damaged("row number")
	}
	*last = min(row+between(string(s.attr("Span")), 0, maxRows), maxRows)
	hidden := truth(s.attr("Hidden"))
	own := string(s.attr("StyleID"))
	col := 0
	for {
		if err := s.next(); err != nil {
			return err
		}
		if s.over(depth) {
			return nil
		}
		if !s.is("Cell") {
			continue
		}
		if col++; s.attr("Index") != nil {
			col = number(s.attr("Index"))
		}
		if col < 1 || col > maxColumns {
			return x.damaged("cell outside the sheet")
		}
		right, down := between(string(s.attr("MergeAcross")), 0, maxColumns-col), between(string(s.attr("MergeDown")), 0, maxRows-row)
		if right > 0 || down > 0 {
			if err := x.merge(sheet, Ref{Col: col, Row: row, LastCol: col + right, LastRow: row + down}); err != nil {
				return err
			}
		}
		look := string(s.attr("StyleID"))
		if look == "" {
			look = own
		}
		if look == "" {
			look = "Default"
		}
		c := Cell{Row: row, Col: col, Formula: s.attr("Formula") != nil, Hidden: hidden || cols.has(col)}
		if err := x.cell(s, &c, x.styles[look]); err != nil {
			return err
		}
		if err := x.add(sheet, c); err != nil {
			return err
		}
		col += right
	}
}

// cell reads a Cell, which was just opened.
func (x *xml2003) cell(s *scanner, c *Cell, st style) error {
	c.Format, c.Font, c.Percent = st.format, st.font, st.percent
	depth := s.depth()
	for {
		if err := s.next(); err != nil {
			return err
		}
		if s.over(depth) {
			break
		}
		switch {
		case s.is("Comment"), s.is("PhoneticText"):
			if err := skipElement(s); err != nil {
				return err
			}
		case s.is("Data"):
			kind := string(s.attr("Type"))
			t, err := formatted(s)
			if err != nil {
				return err
			}
			if err := x.value(c, kind, t, st); err != nil {
				return err
			}
		}
	}
	c.HasCache = c.Formula && c.Type != Blank
	return nil
}

func (x *xml2003) value(c *Cell, kind string, t rich, st style) (err error) {
	raw := strings.TrimSpace(t.text)
	switch kind {
	case "Number":
		n, err := strconv.ParseFloat(raw, 64)
		if err != nil || n != n || n > 1e300 || n < -1e300 {
			return x.damaged("number of cell " + c.Address())
		}
		c.Type, c.Raw, c.Number = Number, raw, n
		if st.date {
			c.Type = Date
			if x.date904 {
				c.Number += shift1904
			}
		}
	case "DateTime":
		n, ok := isoDate(raw)
		if !ok {
			return x.damaged("date of cell " + c.Address())
		}
		c.Type, c.Raw, c.Number = Date, raw, n
	case "Boolean":
		if c.Type, c.Raw = Bool, "FALSE"; truth([]byte(raw)) {
			c.Raw = "TRUE"
		}
	case "Error":
		c.Type, c.Raw = Fault, raw
	default:
		if t.text == "" && !c.Formula {
			return nil
		}
		c.Type, c.Raw = Text, t.text
		c.Font, c.Runs, err = x.ink(t, c.Font)
	}
	return err
}

// formatted reads the text of a Data element, in which HTML may say fonts.
func formatted(s *scanner) (rich, error) {
	depth := s.depth()
	var p pen
	fonts := []string{""}
	for {
		if err := s.next(); err != nil {
			return rich{}, err
		}
		switch {
		case s.over(depth):
			return p.done(), nil
		case s.kind == chars:
			p.write(string(s.text), fonts[len(fonts)-1])
		case s.kind == start:
			font := fonts[len(fonts)-1]
			if face := s.attr("Face"); face != nil {
				font = brief(face)
			}
			fonts = append(fonts, font)
		case len(fonts) > 1:
			fonts = fonts[:len(fonts)-1]
		}
	}
}

// r1c1 reads "='Phụ lục'!R11C4" and "=Sheet1!R1C1:R3C4".
func r1c1(s string) (Ref, bool) {
	i := strings.LastIndexByte(s, '!')
	if !strings.HasPrefix(s, "=") || i < 0 {
		return Ref{}, false
	}
	first, last, area := strings.Cut(s[i+1:], ":")
	r, c, ok := r1c1Cell(first)
	r2, c2 := r, c
	if area && ok {
		r2, c2, ok = r1c1Cell(last)
	}
	if !ok {
		return Ref{}, false
	}
	return ParseRef(s[1:i+1] + Address(c, r) + ":" + Address(c2, r2))
}

func r1c1Cell(s string) (row, col int, ok bool) {
	r, c, ok := strings.Cut(strings.TrimPrefix(s, "R"), "C")
	row, col = number([]byte(r)), number([]byte(c))
	return row, col, ok && strings.HasPrefix(s, "R") && row >= 1 && row <= maxRows && col >= 1 && col <= maxColumns
}
