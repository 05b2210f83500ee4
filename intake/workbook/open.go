package workbook

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Open reads an .xlsx or .xlsm workbook. Its errors are all of type *Error.
func Open(data []byte) (*Book, error) {
	if e := sniff(data); e != nil {
		return nil, e
	}
	c, z, err := openContainer(data)
	if err != nil {
		return nil, err
	}
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
	b := &Book{names: map[string]Ref{}, Macros: c.has("xl/vbaProject.bin")}
	rd := &reader{c: c, book: b}
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
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			err = rd.sharedStrings(r.target)
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
			return nil, damaged("no part for sheet " + s.name)
		case r.kind != "worksheet": // charts, dialogs, Excel 4 macros hold no cells of ours
			continue
		}
		sheet := &Sheet{Name: s.name, Hidden: s.hidden}
		if err := rd.sheet(r.target, sheet); err != nil {
			return nil, err
		}
		b.Sheets = append(b.Sheets, sheet)
	}
	for name, ref := range b.names {
		if s := b.Sheet(ref.Sheet); s == nil {
			delete(b.names, name)
		}
	}
	return b, nil
}

func damaged(detail string) *Error { return &Error{Kind: Damaged, Format: "xlsx", Detail: detail} }
func tooLarge(detail string) *Error {
	return &Error{Kind: TooLarge, Format: "xlsx", Detail: detail}
}

// reader carries what the sheets refer to.
type reader struct {
	c       *container
	book    *Book
	date904 bool
	strings []sharedString
	fonts   []string
	xfs     []style
	cells   int
	merges  int
	bytes   int // of all texts
}

type sharedString struct{ text, font string }

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
	local := map[string]Ref{}
	twice := map[string]bool{}
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
					return tooLarge("sheets")
				}
				state := string(x.attr("state"))
				sheets = append(sheets, sheetEntry{
					name:   clean(x.attr("name")),
					id:     string(x.attr("id")),
					hidden: state == "hidden" || state == "veryHidden",
				})
			case "definedName":
				name := strings.ToLower(clean(x.attr("name")))
				scoped := x.attr("localSheetId") != nil
				text, err := elementText(x)
				if err != nil {
					return err
				}
				ref, ok := ParseRef(clean([]byte(text)))
				if !ok || len(rd.book.names) >= maxNames || len(local) >= maxNames {
					continue
				}
				if !scoped {
					rd.book.names[name] = ref
					continue
				}
				if _, ok := local[name]; ok {
					twice[name] = true
				}
				local[name] = ref
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
		return nil, damaged("no sheets")
	}
	// A name known to one sheet only counts where the workbook knows none: so
	// it is after a sheet was moved to a new file. Two of them name nothing.
	for name, ref := range local {
		if _, ok := rd.book.names[name]; !ok && !twice[name] {
			rd.book.names[name] = ref
		}
	}
	return sheets, nil
}

func (rd *reader) sharedStrings(part string) error {
	return rd.c.scan(part, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			if !x.is("si") {
				continue
			}
			if len(rd.strings) >= maxStrings {
				return tooLarge("shared strings")
			}
			text, font, err := richText(x)
			if err != nil {
				return err
			}
			if rd.bytes += len(text); rd.bytes > maxText {
				return tooLarge("text")
			}
			rd.strings = append(rd.strings, sharedString{text, font})
		}
	})
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
					formats[number(x.attr("numFmtId"))] = clean(x.attr("formatCode"))
				}
			case "font":
				if inFonts > 0 && x.depth() == inFonts+1 && len(rd.fonts) < maxStyles {
					rd.fonts = append(rd.fonts, "")
				}
			case "name":
				if inFonts > 0 && x.depth() == inFonts+2 && len(rd.fonts) > 0 {
					rd.fonts[len(rd.fonts)-1] = clean(x.attr("val"))
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
	sorted, tables, data := true, false, false
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
			case "row":
				row++
				if r := x.attr("r"); r != nil {
					if row = number(r); row < 1 || row > maxRows {
						return damaged("row number")
					}
				}
				col = 0
			case "c":
				c := Cell{Row: row, Col: col + 1}
				if r := x.attr("r"); r != nil {
					var ok bool
					if c.Col, c.Row, ok = parseCell(string(r)); !ok {
						return damaged("cell address")
					}
				}
				if c.Row < 1 || c.Col > maxColumns {
					return damaged("cell outside the sheet")
				}
				row, col = c.Row, c.Col
				if err := rd.cell(x, &c); err != nil {
					return err
				}
				if c.Type == Blank && !c.Formula {
					continue
				}
				if rd.cells++; rd.cells > maxCells {
					return tooLarge("cells")
				}
				if n := len(s.cells); n > 0 {
					last := s.cells[n-1]
					sorted = sorted && (last.Row < c.Row || last.Row == c.Row && last.Col < c.Col)
				}
				s.cells = append(s.cells, c)
			case "mergeCell":
				if rd.merges++; rd.merges > maxMerges {
					return tooLarge("merged cells")
				}
				if r, ok := ParseRef(string(x.attr("ref"))); ok {
					s.Merges = append(s.Merges, r)
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
		return damaged("a sheet's part is no worksheet")
	}
	if !sorted {
		sort.SliceStable(s.cells, func(i, j int) bool {
			a, b := &s.cells[i], &s.cells[j]
			return a.Row < b.Row || a.Row == b.Row && a.Col < b.Col
		})
		for i := 1; i < len(s.cells); i++ {
			if s.cells[i].Row == s.cells[i-1].Row && s.cells[i].Col == s.cells[i-1].Col {
				return damaged("cell " + s.cells[i].Address() + " stands there twice")
			}
		}
	}
	if !tables {
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
	var inline string
	hasValue := false
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
			value, hasValue = []byte(text), text != ""
		case "is":
			text, font, err := richText(x)
			if err != nil {
				return err
			}
			inline = text
			if font != "" {
				c.Font = font
			}
		}
	}
	set := func(t Type, raw string) error {
		c.Type, c.Raw = t, raw
		c.HasCache = c.Formula
		if rd.bytes += len(raw); rd.bytes > maxText {
			return tooLarge("text")
		}
		return nil
	}
	switch kind {
	case "s":
		if !hasValue {
			return nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(string(value)))
		if err != nil || i < 0 || i >= len(rd.strings) {
			return damaged("shared string of cell " + c.Address())
		}
		t := rd.strings[i]
		if t.font != "" {
			c.Font = t.font
		}
		if t.text == "" {
			return nil
		}
		c.Type, c.Raw, c.HasCache = Text, t.text, c.Formula
		return nil
	case "inlineStr":
		if inline == "" {
			inline = unescape(clean(value))
		}
		if inline == "" {
			return nil
		}
		return set(Text, inline)
	case "str":
		if !hasValue {
			c.HasCache = false
			return nil
		}
		return set(Text, unescape(clean(value)))
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
		return set(Fault, clean(value))
	case "d":
		if !hasValue {
			return nil
		}
		if n, ok := isoDate(string(value)); ok {
			c.Number = n
			return set(Date, string(value))
		}
		return set(Text, clean(value))
	}
	if !hasValue {
		return nil
	}
	raw := strings.TrimSpace(string(value))
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n != n || n > 1e300 || n < -1e300 {
		return damaged("number of cell " + c.Address())
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
				t.Name = clean(x.attr("displayName"))
				if t.Name == "" {
					t.Name = clean(x.attr("name"))
				}
				var ok bool
				if t.Ref, ok = ParseRef(string(x.attr("ref"))); !ok {
					return damaged("table area")
				}
				t.Ref.Sheet = sheet
			case x.is("tableColumn"):
				if len(t.Columns) < maxColumns {
					t.Columns = append(t.Columns, unescape(clean(x.attr("name"))))
				}
			}
		}
	})
	if err == nil && t.Name != "" && len(rd.book.Tables) < maxSheets {
		rd.book.Tables = append(rd.book.Tables, t)
	}
	return err
}

// richText reads a string item: its text without phonetic runs, and the font
// that its characters are written in. Of several fonts an old Vietnamese one
// is told, because its letters mean nothing without it.
func richText(x *scanner) (text, font string, err error) {
	depth := x.depth()
	var b strings.Builder
	phonetic := 0
	for {
		if err := x.next(); err != nil {
			return "", "", err
		}
		if x.over(depth) {
			break
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
		case "rFont":
			if f := clean(x.attr("val")); font == "" || oldFont(f) && !oldFont(font) {
				font = f
			}
		case "t":
			t, err := elementText(x)
			if err != nil {
				return "", "", err
			}
			if phonetic == 0 && b.Len()+len(t) <= maxCellText {
				b.WriteString(t)
			}
		}
	}
	return unescape(clean([]byte(b.String()))), font, nil
}

// oldFont recognises the fonts of TCVN3 and VNI by their names.
func oldFont(name string) bool {
	return strings.HasPrefix(name, ".Vn") || strings.HasPrefix(name, "VNI")
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

// clean makes valid UTF-8 in composed form (NFC) of what a part says: Macs and
// Google write Vietnamese in pieces.
func clean(b []byte) string {
	s := string(b)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// unescape resolves _x000D_ and the like (ECMA-376 part 1, 22.9.2.19).
func unescape(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.Index(s, "_x") {
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
				b.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		b.WriteString(s[:2])
		s = s[2:]
	}
	b.WriteString(s)
	return b.String()
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
