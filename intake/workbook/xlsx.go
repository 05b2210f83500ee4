package workbook

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"
)

// openXLSX reads an Office Open XML workbook (ECMA-376, transitional or
// strict). The sheets come before the shared texts, so that of those only the
// ones that stand in a cell are kept.
func openXLSX(c *container, z *zip.Reader) (*Book, error) {
	c.format = "xlsx"
	top, err := c.relations("")
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml"
	for _, r := range top {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	if !c.has(main) || !strings.HasSuffix(partName(main), ".xml") || !c.has("[Content_Types].xml") {
		return nil, sniffZip(z)
	}
	b := &Book{Format: "xlsx", Macros: c.has("xl/vbaProject.bin")}
	rd := &reader{room: room{format: "xlsx"}, c: c, book: b}
	sheets, err := rd.workbook(main)
	if err != nil {
		return nil, err
	}
	if sheets == nil {
		return nil, sniffZip(z) // the main part is no workbook
	}
	rels, err := c.relations(main)
	if err != nil {
		return nil, err
	}
	texts := ""
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			texts = r.target
		case "styles":
			err = rd.styles(r.target)
		case "vbaProject", "xlMacrosheet", "xlIntlMacrosheet":
			b.Macros = true
		}
		if err != nil {
			return nil, err
		}
	}
	for _, s := range sheets {
		r, ok := rels[s.id]
		switch {
		case !ok:
			return nil, rd.damaged("no part for sheet " + s.name)
		case r.kind != "worksheet": // charts, dialogs, Excel 4 macros hold no cells of ours
			continue
		}
		sheet := &Sheet{Name: s.name, Hidden: s.hidden}
		if err := rd.sheet(r.target, sheet); err != nil {
			return nil, err
		}
		b.Sheets = append(b.Sheets, sheet)
	}
	if err := rd.sharedStrings(texts); err != nil {
		return nil, err
	}
	b.names = rd.names.of(b)
	return b, nil
}

// reader carries what the sheets refer to.
type reader struct {
	room
	c       *container
	book    *Book
	names   names
	date904 bool
	fonts   []string
	xfs     []style
	last    int // the highest number of a shared text in use, from 1
}

type style struct {
	format, font  string
	date, percent bool
}

type sheetEntry struct {
	name, id string
	hidden   bool
}

// workbook reads the list of sheets and the defined names; a nil list means
// that the part is no workbook.
func (rd *reader) workbook(part string) (sheets []sheetEntry, err error) {
	root := false
	err = rd.c.scan(part, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			if x.kind != start {
				continue
			}
			switch string(x.name) {
			case "workbook":
				root = root || x.depth() == 1
			case "workbookPr":
				rd.date904 = truth(x.attr("date1904"))
			case "sheet":
				if len(sheets) >= maxSheets {
					return rd.tooLarge("sheets")
				}
				state := string(x.attr("state"))
				sheets = append(sheets, sheetEntry{
					name:   brief(x.attr("name")),
					id:     string(x.attr("id")),
					hidden: state == "hidden" || state == "veryHidden",
				})
			case "definedName":
				name := strings.ToLower(brief(x.attr("name")))
				scoped := x.attr("localSheetId") != nil
				text, err := elementText(x)
				if err != nil {
					return err
				}
				if ref, ok := ParseRef(brief([]byte(text))); ok {
					rd.names.add(name, ref, scoped)
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if !root {
		return nil, nil
	}
	if len(sheets) == 0 {
		return nil, rd.damaged("no sheets")
	}
	return sheets, nil
}

// sharedStrings reads the texts that cells refer to, up to the last one, and
// gives them to the cells.
func (rd *reader) sharedStrings(part string) error {
	if rd.last == 0 {
		return nil
	}
	texts := make([]rich, rd.last)
	used := make([]bool, rd.last)
	for _, s := range rd.book.Sheets {
		for i := range s.cells {
			if n := s.cells[i].shared; n > 0 {
				used[n-1] = true
			}
		}
	}
	n := 0
	err := rd.c.scan(part, func(x *scanner) error {
		for n < rd.last {
			if err := x.next(); err != nil {
				return err
			}
			if !x.is("si") {
				continue
			}
			var err error
			if used[n] {
				if texts[n], err = richText(x); err == nil {
					err = rd.say(texts[n])
				}
			} else {
				err = skipElement(x)
			}
			if err != nil {
				return err
			}
			n++
		}
		return errCut
	})
	if err != nil {
		return err
	}
	if n < rd.last {
		return rd.damaged("a cell's shared text is missing")
	}
	for _, s := range rd.book.Sheets {
		for i := range s.cells {
			if err := rd.lookUp(&s.cells[i], texts); err != nil {
				return err
			}
		}
		s.drop()
	}
	return nil
}

// lookUp gives a cell its shared text.
func (m *room) lookUp(c *Cell, texts []rich) (err error) {
	if c.shared == 0 {
		return nil
	}
	t := texts[c.shared-1]
	c.shared = 0
	if t.text == "" {
		return nil
	}
	c.Type, c.Raw, c.HasCache = Text, t.text, c.Formula
	c.Font, c.Runs, err = m.ink(t, c.Font)
	return err
}

func (rd *reader) styles(part string) error {
	formats := map[int]string{}
	inFonts, inXfs, inFormats := 0, 0, 0
	type xf struct{ format, font int }
	var xfs []xf
	err := rd.c.scan(part, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			if x.kind == end {
				if x.over(inFonts) {
					inFonts = 0
				}
				if x.over(inXfs) {
					inXfs = 0
				}
				if x.over(inFormats) {
					inFormats = 0
				}
				continue
			}
			if x.kind != start {
				continue
			}
			switch string(x.name) {
			case "fonts":
				inFonts = x.depth()
			case "cellXfs":
				inXfs = x.depth()
			case "numFmts":
				inFormats = x.depth()
			case "numFmt":
				if inFormats > 0 && len(formats) < maxStyles {
					formats[number(x.attr("numFmtId"))] = brief(x.attr("formatCode"))
				}
			case "font":
				if inFonts > 0 && x.depth() == inFonts+1 && len(rd.fonts) < maxStyles {
					rd.fonts = append(rd.fonts, "")
				}
			case "name":
				if inFonts > 0 && x.depth() == inFonts+2 && len(rd.fonts) > 0 {
					rd.fonts[len(rd.fonts)-1] = brief(x.attr("val"))
				}
			case "xf":
				if inXfs > 0 && len(xfs) < maxStyles {
					xfs = append(xfs, xf{number(x.attr("numFmtId")), number(x.attr("fontId"))})
				}
			}
		}
	})
	for _, f := range xfs {
		s := style{}
		if code, ok := formats[f.format]; ok {
			s.format = code
		} else {
			s.format = builtinFormat(f.format)
		}
		if f.font >= 0 && f.font < len(rd.fonts) {
			s.font = rd.fonts[f.font]
		}
		s.date, s.percent = classify(s.format)
		rd.xfs = append(rd.xfs, s)
	}
	return err
}

// sheet reads one worksheet and the tables that lie on it.
func (rd *reader) sheet(part string, s *Sheet) error {
	row, col := 0, 0
	tables, data, hiddenRow := false, false, false
	var hidden spans
	err := rd.c.scan(part, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			if x.kind != start {
				continue
			}
			switch string(x.name) {
			case "worksheet":
				data = data || x.depth() == 1
			case "col":
				if truth(x.attr("hidden")) {
					hidden.add(number(x.attr("min")), number(x.attr("max")))
				}
			case "row":
				row++
				if r := x.attr("r"); r != nil {
					if row = number(r); row < 1 || row > maxRows {
						return rd.damaged("row number")
					}
				}
				col, hiddenRow = 0, truth(x.attr("hidden"))
			case "c":
				c := Cell{Row: row, Col: col + 1}
				if r := x.attr("r"); r != nil {
					var ok bool
					if c.Col, c.Row, ok = parseCell(r); !ok {
						return rd.damaged("cell address")
					}
				}
				if c.Row < 1 || c.Col > maxColumns {
					return rd.damaged("cell outside the sheet")
				}
				row, col = c.Row, c.Col
				if err := rd.cell(x, &c); err != nil {
					return err
				}
				c.Hidden = hiddenRow || hidden.has(c.Col)
				if err := rd.add(s, c); err != nil {
					return err
				}
			case "mergeCell":
				if r, ok := ParseRef(string(x.attr("ref"))); ok {
					if err := rd.merge(s, r); err != nil {
						return err
					}
				}
			case "tablePart":
				tables = true
			}
		}
	})
	if err != nil {
		return err
	}
	if !data {
		return rd.damaged("a sheet's part is no worksheet")
	}
	if err := rd.settle(s); err != nil {
		return err
	}
	if !tables && !s.Cut {
		return nil
	}
	rels, err := rd.c.relations(part)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if r.kind != "table" {
			continue
		}
		if err := rd.table(r.target, s.Name); err != nil {
			return err
		}
	}
	return nil
}

// cell reads one c element, which was just opened.
func (rd *reader) cell(x *scanner, c *Cell) error {
	kind := string(x.attr("t"))
	var st style
	i := 0 // a cell that names no style has the first
	if s := x.attr("s"); len(s) > 0 {
		i = number(s)
	}
	if i >= 0 && i < len(rd.xfs) {
		st = rd.xfs[i]
	}
	c.Format, c.Font, c.Percent = st.format, st.font, st.percent
	depth := x.depth()
	var value []byte
	var inline rich
	hasValue, hasElement := false, false
	for {
		if err := x.next(); err != nil {
			return err
		}
		if x.over(depth) {
			break
		}
		if x.kind != start {
			continue
		}
		switch string(x.name) {
		case "f":
			c.Formula = true
			if err := skipElement(x); err != nil {
				return err
			}
		case "v":
			text, err := elementText(x)
			if err != nil {
				return err
			}
			value, hasValue, hasElement = []byte(text), text != "", true
		case "is":
			t, err := richText(x)
			if err != nil {
				return err
			}
			inline = t
		}
	}
	set := func(t Type, raw string) error {
		c.Type, c.Raw = t, raw
		c.HasCache = c.Formula
		return nil
	}
	switch kind {
	case "s":
		if !hasValue {
			return nil
		}
		i, err := strconv.Atoi(string(bytes.TrimSpace(value)))
		switch {
		case err != nil || i < 0:
			return rd.damaged("shared text of cell " + c.Address())
		case i >= maxStrings:
			return rd.tooLarge("shared texts")
		}
		rd.last = max(rd.last, i+1)
		c.shared = int32(i + 1)
		return nil
	case "inlineStr":
		if inline.text == "" {
			inline.text = unescape(clean(string(value)))
		}
		if inline.text == "" {
			return nil
		}
		var err error
		if c.Font, c.Runs, err = rd.ink(inline, c.Font); err != nil {
			return err
		}
		return set(Text, inline.text)
	case "str":
		if !hasValue && !(c.Formula && hasElement) { // a result may be the empty text
			return nil
		}
		return set(Text, unescape(clean(string(value))))
	case "b":
		if !hasValue {
			return nil
		}
		if truth(value) {
			return set(Bool, "TRUE")
		}
		return set(Bool, "FALSE")
	case "e":
		if !hasValue {
			return nil
		}
		return set(Fault, clean(string(value)))
	case "d":
		if !hasValue {
			return nil
		}
		if n, ok := isoDate(string(value)); ok {
			c.Number = n
			return set(Date, string(value))
		}
		return set(Text, clean(string(value)))
	}
	if !hasValue {
		return nil
	}
	raw := strings.TrimSpace(string(value))
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n != n || n > 1e300 || n < -1e300 {
		return rd.damaged("number of cell " + c.Address())
	}
	c.Number = n
	if st.date {
		if rd.date904 {
			c.Number += shift1904
		}
		return set(Date, raw)
	}
	return set(Number, raw)
}

func (rd *reader) table(part, sheet string) error {
	var t Table
	err := rd.c.scan(part, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			switch {
			case x.is("table"):
				t.Name = brief(x.attr("displayName"))
				if t.Name == "" {
					t.Name = brief(x.attr("name"))
				}
				var ok bool
				if t.Ref, ok = ParseRef(string(x.attr("ref"))); !ok {
					return rd.damaged("table area")
				}
				t.Ref.Sheet = sheet
			case x.is("tableColumn"):
				if len(t.Columns) < maxColumns {
					t.Columns = append(t.Columns, unescape(brief(x.attr("name"))))
				}
			}
		}
	})
	if err == nil && t.Name != "" && len(rd.book.Tables) < maxSheets {
		rd.book.Tables = append(rd.book.Tables, t)
	}
	return err
}

// richText reads a string item, without phonetic runs.
func richText(x *scanner) (rich, error) {
	depth := x.depth()
	var p pen
	font, phonetic := "", 0
	for {
		if err := x.next(); err != nil {
			return rich{}, err
		}
		if x.over(depth) {
			return p.done(), nil
		}
		if x.kind == end && x.over(phonetic) {
			phonetic = 0
		}
		if x.kind != start {
			continue
		}
		switch string(x.name) {
		case "rPh":
			phonetic = x.depth()
		case "r":
			font = ""
		case "rFont":
			font = brief(x.attr("val"))
		case "t":
			t, err := elementText(x)
			if err != nil {
				return rich{}, err
			}
			if phonetic == 0 {
				p.write(unescape(t), font)
			}
		}
	}
}

// elementText collects the text of the element just opened.
func elementText(x *scanner) (string, error) {
	depth := x.depth()
	var whole strings.Builder
	for {
		if err := x.next(); err != nil {
			return "", err
		}
		if x.over(depth) {
			return whole.String(), nil
		}
		if x.kind == chars {
			if whole.Len()+len(x.text) > maxToken {
				return "", errToken
			}
			whole.Write(x.text)
		}
	}
}

func skipElement(x *scanner) error {
	depth := x.depth()
	for {
		if err := x.next(); err != nil {
			return err
		}
		if x.over(depth) {
			return nil
		}
	}
}

func truth(b []byte) bool { return string(b) == "1" || string(b) == "true" || string(b) == "TRUE" }

// number reads a small whole number, -1 if it is none.
func number(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
