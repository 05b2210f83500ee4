package workbook

import (
	"bytes"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"
)

const odsMedia = "application/vnd.oasis.opendocument.spreadsheet"

// openODS reads an OpenDocument spreadsheet (ODF 1.3 part 3). It streams over
// the content; rows and columns that are repeated without holding anything
// cost nothing.
func openODS(c *container) (*Book, error) {
	c.format = "ods"
	// Whether it opens with a password, the manifest says; it may begin with a
	// document type, so it is searched and not parsed.
	if manifest, err := c.all("META-INF/manifest.xml", maxToken); err == nil && bytes.Contains(manifest, []byte("encryption-data")) {
		return nil, &Error{Kind: Encrypted, Format: "ods"}
	}
	o := &ods{room: room{format: "ods"}, book: &Book{Format: "ods"}, cells: map[string]*odsStyle{}, texts: map[string]*odsStyle{},
		tables: map[string]bool{}, faces: map[string]string{}}
	o.book.Macros = c.holds("Basic/") && c.holds("Basic/Standard/")
	if c.has("styles.xml") {
		if err := c.scan("styles.xml", o.read); err != nil {
			return nil, err
		}
	}
	if err := c.scan("content.xml", o.read); err != nil {
		return nil, err
	}
	return o.done()
}

// ods reads one OpenDocument spreadsheet.
type ods struct {
	room
	book   *Book
	names  names
	faces  map[string]string // font faces, by name
	cells  map[string]*odsStyle
	texts  map[string]*odsStyle
	tables map[string]bool // styles of tables: whether they hide
	ranges []Table         // database ranges
	found  bool            // a spreadsheet, and no text or drawing
}

// odsStyle is a style of cells or of text.
type odsStyle struct{ parent, font string }

func (o *ods) done() (*Book, error) {
	switch {
	case !o.found:
		return nil, &Error{Kind: NotAWorkbook, Format: "odf"}
	case len(o.book.Sheets) == 0:
		return nil, o.damaged("no sheets")
	}
	o.book.names = o.names.of(o.book)
	for _, t := range o.ranges {
		s := o.book.Sheet(t.Ref.Sheet)
		if s == nil {
			continue
		}
		for _, c := range s.Row(t.Ref.Row) {
			if c.Col >= t.Ref.Col && c.Col <= t.Ref.LastCol {
				for len(t.Columns) < c.Col-t.Ref.Col {
					t.Columns = append(t.Columns, "")
				}
				t.Columns = append(t.Columns, c.Raw)
			}
		}
		o.book.Tables = append(o.book.Tables, t)
	}
	return o.book, nil
}

// read reads styles.xml or content.xml.
func (o *ods) read(x *scanner) error {
	family, style := "", ""
	for {
		if err := x.next(); err != nil {
			return err
		}
		if x.kind == end && (string(x.name) == "style" || string(x.name) == "default-style") {
			family, style = "", ""
		}
		if x.kind != start {
			continue
		}
		switch string(x.name) {
		case "spreadsheet":
			o.found = o.found || x.depth() == 3
		case "font-face":
			if len(o.faces) < maxStyles {
				o.faces[brief(x.attr("name"))] = strings.Trim(brief(x.attr("font-family")), `'"`)
			}
		case "style", "default-style":
			family, style = string(x.attr("family")), brief(x.attr("name"))
			if len(o.cells)+len(o.texts)+len(o.tables) >= maxStyles {
				return o.tooLarge("styles")
			}
			switch s := (&odsStyle{parent: brief(x.attr("parent-style-name"))}); family {
			case "table-cell":
				o.cells[style] = s
			case "text":
				o.texts[style] = s
			}
		case "text-properties":
			font := o.face(x)
			switch s := map[string]map[string]*odsStyle{"table-cell": o.cells, "text": o.texts}[family][style]; {
			case s == nil || font == "":
			case s.font == "":
				s.font = font
			}
		case "table-properties":
			if family == "table" && string(x.attr("display")) == "false" {
				o.tables[style] = true
			}
		case "tracked-changes", "dde-links", "content-validations", "scripts", "settings", "meta":
			if err := skipElement(x); err != nil {
				return err
			}
		case "named-expressions":
			if err := o.named(x, false); err != nil {
				return err
			}
		case "database-range":
			if ref, ok := odsRef(brief(x.attr("target-range-address"))); ok && len(o.ranges) < maxSheets {
				if name := brief(x.attr("name")); !strings.HasPrefix(name, "__") { // an unnamed one
					o.ranges = append(o.ranges, Table{Name: name, Ref: ref})
				}
			}
		case "table":
			if o.found {
				if err := o.table(x); err != nil {
					return err
				}
			}
		}
	}
}

// face is the font that text properties name.
func (o *ods) face(x *scanner) string {
	if name := string(x.attr("font-name")); name != "" {
		if font, ok := o.faces[name]; ok && font != "" {
			return font
		}
		return brief([]byte(name))
	}
	return strings.Trim(brief(x.attr("font-family")), `'"`)
}

// font is that of a style, its own or inherited.
func font(styles map[string]*odsStyle, name string) string {
	for range 10 {
		s := styles[name]
		if s == nil {
			break
		}
		if s.font != "" {
			return s.font
		}
		name = s.parent
	}
	if s := styles[""]; s != nil {
		return s.font
	}
	return ""
}

// named reads defined names.
func (o *ods) named(x *scanner, scoped bool) error {
	depth := x.depth()
	for {
		if err := x.next(); err != nil {
			return err
		}
		if x.over(depth) {
			return nil
		}
		if x.is("named-range") {
			if ref, ok := odsRef(brief(x.attr("cell-range-address"))); ok {
				o.names.add(strings.ToLower(brief(x.attr("name"))), ref, scoped)
			}
		}
	}
}

// table reads a sheet.
func (o *ods) table(x *scanner) error {
	if len(o.book.Sheets) >= maxSheets {
		return o.tooLarge("sheets")
	}
	depth := x.depth()
	s := &Sheet{Name: brief(x.attr("name")), Hidden: o.tables[string(x.attr("style-name"))]}
	o.book.Sheets = append(o.book.Sheets, s)
	var cols []odsColumns
	width, row := 0, 0
	for {
		if err := x.next(); err != nil {
			return err
		}
		if x.over(depth) {
			return o.settle(s)
		}
		if x.kind != start {
			continue
		}
		switch string(x.name) {
		case "table-column":
			n := repeated(x, "number-columns-repeated", maxColumns)
			if width+n > maxColumns || len(cols) >= maxColumns {
				continue
			}
			width += n
			cols = append(cols, odsColumns{width, brief(x.attr("default-cell-style-name")), invisible(x)})
		case "table-row":
			// Beyond the last row there is none, whatever a writer counts.
			n := min(repeated(x, "number-rows-repeated", maxRows), maxRows-row)
			if n == 0 {
				if err := skipElement(x); err != nil {
					return err
				}
				continue
			}
			err := o.row(x, s, row+1, n, cols)
			if err == errCut {
				if err := x.leave(depth); err != nil {
					return err
				}
				return o.settle(s)
			}
			if err != nil {
				return err
			}
			row += n
		case "named-expressions":
			if err := o.named(x, true); err != nil {
				return err
			}
		case "table-header-rows", "table-rows", "table-row-group", "table-columns", "table-header-columns", "table-column-group":
		default: // drawings, forms, sources
			if err := skipElement(x); err != nil {
				return err
			}
		}
	}
}

// odsColumns are columns up to last that have one look.
type odsColumns struct {
	last   int
	style  string
	hidden bool
}

func invisible(x *scanner) bool {
	v := string(x.attr("visibility"))
	return v == "collapse" || v == "filter"
}

// repeated reads how often a row or a cell stands there.
func repeated(x *scanner, name string, most int) int {
	v := x.attr(name)
	if v == nil {
		return 1
	}
	if n := number(v); n > 0 && n <= most {
		return n
	}
	return 1
}

// row reads a row that stands there times times, from row on.
func (o *ods) row(x *scanner, s *Sheet, row, times int, cols []odsColumns) error {
	depth := x.depth()
	hidden := invisible(x)
	own := string(x.attr("default-cell-style-name"))
	first := len(s.cells)
	merged := len(s.Merges)
	col := 0
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
		if !x.is("table-cell") && !x.is("covered-table-cell") {
			if err := skipElement(x); err != nil {
				return err
			}
			continue
		}
		n := min(repeated(x, "number-columns-repeated", maxColumns), maxColumns-col)
		if n == 0 {
			if err := skipElement(x); err != nil {
				return err
			}
			continue
		}
		right, down := repeated(x, "number-columns-spanned", maxColumns), repeated(x, "number-rows-spanned", maxRows)
		if right > 1 || down > 1 {
			ref := Ref{Col: col + 1, Row: row, LastCol: min(col+right, maxColumns), LastRow: min(row+down-1, maxRows)}
			if err := o.merge(s, ref); err != nil {
				return err
			}
		}
		at := sort.Search(len(cols), func(i int) bool { return cols[i].last > col })
		look, out := own, hidden
		if at < len(cols) {
			out = out || cols[at].hidden
			if look == "" {
				look = cols[at].style
			}
		}
		if name := x.attr("style-name"); name != nil {
			look = string(name)
		}
		c := Cell{Row: row, Col: col + 1, Hidden: out}
		if err := o.cell(x, &c, look); err != nil {
			return err
		}
		if c.Type != Blank || c.Formula {
			for i := range n {
				c.Col = col + 1 + i
				if err := o.add(s, c); err != nil {
					return err
				}
			}
		}
		col += n
	}
	cells, merges := s.cells[first:], s.Merges[merged:]
	if len(cells) == 0 && len(merges) == 0 {
		return nil
	}
	for i := 1; i < times; i++ {
		for _, c := range cells {
			c.Row += i
			if err := o.add(s, c); err != nil {
				return err
			}
		}
		for _, m := range merges {
			m.Row, m.LastRow = m.Row+i, min(m.LastRow+i, maxRows)
			if err := o.merge(s, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell reads a cell, which was just opened.
func (o *ods) cell(x *scanner, c *Cell, look string) (err error) {
	kind, isFault := "", false
	for _, a := range x.attrs {
		if string(a.name) == "value-type" { // of ODF, and LibreOffice's own, which knows errors
			kind = string(a.value)
			isFault = isFault || kind == "error"
		}
	}
	c.Formula = x.attr("formula") != nil
	value := func(name string) (string, bool) {
		v := x.attr(name)
		return string(v), v != nil
	}
	number, hasNumber := value("value")
	date, _ := value("date-value")
	span, _ := value("time-value")
	truth, _ := value("boolean-value")
	fixed, hasFixed := value("string-value")
	t, some, err := o.paragraphs(x)
	if err != nil {
		return err
	}
	c.Font = font(o.cells, look)
	switch {
	case isFault:
		c.Type, c.Raw = Fault, t.text
	case kind == "float" || kind == "currency" || kind == "percentage":
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !hasNumber || n != n || n > 1e300 || n < -1e300 {
			return o.damaged("number of cell " + c.Address())
		}
		c.Type, c.Raw, c.Number = Number, number, n
		if kind == "percentage" {
			c.Percent, c.Format = true, "0%"
		}
	case kind == "date":
		if n, ok := isoDate(date); ok {
			c.Type, c.Raw, c.Number, c.Format = Date, date, n, "dd/mm/yyyy"
		} else {
			c.Type, c.Raw = Text, clean(date)
		}
	case kind == "time":
		if n, ok := isoSpan(span); ok {
			c.Type, c.Raw, c.Number, c.Format = Date, span, n, "hh:mm:ss"
		} else {
			c.Type, c.Raw = Text, clean(span)
		}
	case kind == "boolean":
		c.Type, c.Raw = Bool, "FALSE"
		if truth == "true" {
			c.Raw = "TRUE"
		}
	case hasFixed && (t.text == "" || c.Formula):
		c.Type, c.Raw = Text, clean(fixed)
	case t.text != "" || c.Formula && (some || kind == "string"): // a result may be the empty text
		c.Type, c.Raw = Text, t.text
		if c.Font, c.Runs, err = o.ink(t, c.Font); err != nil {
			return err
		}
	}
	if c.Type == Text && c.Raw == "" && !c.Formula {
		c.Type = Blank
	}
	c.HasCache = c.Formula && c.Type != Blank
	return nil
}

// paragraphs reads the text of a cell, one line a paragraph, without comments
// and drawings; some is whether there is any.
func (o *ods) paragraphs(x *scanner) (t rich, some bool, err error) {
	depth := x.depth()
	var p pen
	var fonts []string // of open spans, and of paragraphs
	space := true
	put := func(s string) {
		f := ""
		if n := len(fonts); n > 0 {
			f = fonts[n-1]
		}
		p.write(s, f)
	}
	for {
		if err := x.next(); err != nil {
			return rich{}, false, err
		}
		if x.over(depth) {
			return p.done(), some, nil
		}
		switch {
		case x.kind == chars:
			if len(fonts) > 0 {
				var s string
				s, space = collapse(x.text, space)
				put(s)
			}
		case x.kind == end:
			switch string(x.name) {
			case "p", "h", "span":
				if len(fonts) > 0 {
					fonts = fonts[:len(fonts)-1]
				}
			}
		case x.is("p"), x.is("h"):
			if some {
				put("\n")
			}
			some, space = true, true
			fonts = append(fonts, "")
		case x.is("span"):
			f := font(o.texts, string(x.attr("style-name")))
			if n := len(fonts); f == "" && n > 0 {
				f = fonts[n-1]
			}
			fonts = append(fonts, f)
		case x.is("s"):
			put(thousand[:repeated(x, "c", len(thousand))])
			space = false
		case x.is("tab"):
			put("\t")
			space = false
		case x.is("line-break"):
			put("\n")
			space = true
		case x.is("a"), x.is("ruby"), x.is("ruby-base"):
		default:
			if len(fonts) == 0 || !x.is("title") && !x.is("date") && !x.is("time") && !x.is("sheet-name") && !x.is("page-number") {
				if err := skipElement(x); err != nil {
					return rich{}, false, err
				}
			}
		}
	}
}

var thousand = strings.Repeat(" ", 1000)

// collapse makes one space of white space, and none at the beginning of a
// paragraph (ODF 1.3 part 3, 6.1.3). after says whether s follows white space.
func collapse(s []byte, after bool) (string, bool) {
	if !bytes.ContainsAny(s, "\t\n\r") && !bytes.Contains(s, []byte("  ")) && !(after && len(s) > 0 && s[0] == ' ') {
		return string(s), len(s) > 0 && s[len(s)-1] == ' ' || len(s) == 0 && after
	}
	out := make([]byte, 0, len(s))
	for _, c := range s {
		switch c {
		case ' ', '\t', '\n', '\r':
			if !after {
				out = append(out, ' ')
			}
			after = true
		default:
			out = append(out, c)
			after = false
		}
	}
	return string(out), after
}

// isoSpan reads a duration such as PT10H30M00S, in days.
func isoSpan(s string) (float64, bool) {
	rest, negative := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(rest, "PT")
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(strings.ToLower(rest))
	if negative {
		d = -d
	}
	return d.Hours() / 24, err == nil
}

// odsRef reads "$'Phụ lục'.$D$11" and "$Sheet1.$A$1:.$B$2".
func odsRef(s string) (Ref, bool) {
	sheet, cell, ok := odsCell(s)
	if !ok {
		return Ref{}, false
	}
	if first, last, area := strings.Cut(cell, ":"); area {
		to, end, ok := odsCell(last)
		if !ok || to != "" && !strings.EqualFold(to, sheet) {
			return Ref{}, false
		}
		cell = first + ":" + end
	}
	r, ok := ParseRef(cell)
	r.Sheet = sheet
	return r, ok && sheet != ""
}

// odsCell splits a sheet's name from what comes behind its dot.
func odsCell(s string) (sheet, rest string, ok bool) {
	s = strings.TrimPrefix(s, "$")
	if quoted, found := strings.CutPrefix(s, "'"); found {
		for i := 0; i < len(quoted); i++ {
			if quoted[i] != '\'' {
				continue
			}
			if i+1 < len(quoted) && quoted[i+1] == '\'' {
				i++
				continue
			}
			rest, ok = strings.CutPrefix(quoted[i+1:], ".")
			return strings.ReplaceAll(quoted[:i], "''", "'"), rest, ok
		}
		return "", "", false
	}
	sheet, rest, ok = strings.Cut(s, ".")
	if !ok {
		return "", s, !strings.ContainsAny(s, "'#")
	}
	return sheet, rest, !strings.ContainsAny(sheet, "#:")
}

// all reads a whole part of at most max bytes.
func (c *container) all(name string, max int64) ([]byte, error) {
	f := c.parts[partName(name)]
	if f == nil {
		return nil, io.ErrUnexpectedEOF
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, max))
}

// holds reports whether there is anything in a folder.
func (c *container) holds(folder string) bool {
	folder = strings.ToLower(folder)
	for name := range c.parts {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}
