package workbook

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// openHTML reads the tables of a page, as web systems send them under the name
// of .xls: one sheet, everything one under the other, as Excel shows it.
func openHTML(data []byte) (*Book, error) {
	b := &Book{Format: "html", Guess: &Guess{}}
	m := &room{format: "html"}
	p, err := readPage(m, data, "")
	if err != nil {
		return nil, err
	}
	if !p.tables {
		return nil, &Error{Kind: NotAWorkbook, Format: "html"}
	}
	if p.sheet.Name = "Sheet1"; len(p.names) > 0 && p.names[0] != "" {
		p.sheet.Name = p.names[0]
	}
	b.Guess.Encoding, b.Sheets = p.encoding, []*Sheet{p.sheet}
	b.guessNumbers(p.isText)
	return b, nil
}

// htmlPage is what a page gave.
type htmlPage struct {
	sheet    *Sheet
	names    []string // of the sheets, as Excel notes them in a comment
	encoding string
	tables   bool
	texts    map[[2]int]bool // cells that are text, whatever stands in them
}

func (p *htmlPage) isText(c *Cell) bool { return p.texts[[2]int{c.Row, c.Col}] }

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_:-]{1,40})`)

// readPage reads one page of HTML. declared is its encoding by what encloses it.
func readPage(m *room, data []byte, declared string) (*htmlPage, error) {
	if match := metaCharset.FindSubmatch(data[:min(len(data), maxHead)]); declared == "" && match != nil {
		declared = string(match[1])
	}
	text, encoding := decodeText(data[:min(len(data), maxPlain)], declared)
	r := &htmlReader{
		room: m, page: &htmlPage{sheet: &Sheet{Cut: len(data) > maxPlain}, encoding: encoding, texts: map[[2]int]bool{}}, classes: map[string]string{},
	}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxToken)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() == html.ErrBufferExceeded {
				return nil, m.tooLarge("tag")
			}
			if err := r.endCell(); err != nil && err != errCut {
				return nil, err
			}
			return r.page, m.settle(r.page.sheet)
		case html.TextToken:
			r.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := r.start(z); err == errCut {
				return r.page, m.settle(r.page.sheet)
			} else if err != nil {
				return nil, err
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if err := r.end(atom.Lookup(name)); err == errCut {
				return r.page, m.settle(r.page.sheet)
			} else if err != nil {
				return nil, err
			}
		case html.CommentToken:
			r.page.names = append(r.page.names, sheetNames(string(z.Text()))...)
		}
	}
}

// htmlReader turns tags into cells.
type htmlReader struct {
	*room
	page    *htmlPage
	classes map[string]string // the declarations of CSS classes
	skip    atom.Atom         // script, style, title: whose text is none
	row     int               // the last row used
	tables  []*htmlTable      // open ones, the inmost last
	cell    *htmlCell         // open, or text between tables
	fonts   []htmlFont
}

// htmlTable is an open table: which columns are taken by cells that reach down
// from rows above, and for how many rows yet.
type htmlTable struct {
	row    int // in use
	col    int
	taken  map[int]int
	cols   int // <col>s seen
	hidden spans
	out    bool // the row is hidden
}

type htmlCell struct {
	Cell
	pen           pen
	space, filled bool
	style         string
	number        string // its value, where an attribute says it
	text          bool
}

type htmlFont struct {
	tag  atom.Atom
	font string
}

func (r *htmlReader) start(z *html.Tokenizer) error {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	attrs := map[string]string{}
	for more && len(attrs) < 100 {
		var k, v []byte
		k, v, more = z.TagAttr()
		if _, ok := attrs[string(k)]; !ok {
			attrs[string(k)] = string(v)
		}
	}
	style := attrs["style"]
	if class := attrs["class"]; len(class) <= maxName {
		for i, name := range strings.Fields(class) {
			if i < 5 {
				style += ";" + r.classes[name]
			}
		}
	}
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Textarea:
		r.skip = tag
		return nil
	case atom.Br:
		r.line()
		return nil
	case atom.Table:
		if err := r.endCell(); err != nil {
			return err
		}
		if len(r.tables) >= maxDepth {
			return r.damaged("tables in tables")
		}
		r.page.tables = true
		r.tables = append(r.tables, &htmlTable{row: -1, taken: map[int]int{}})
		return nil
	case atom.Col:
		if n := len(r.tables); n > 0 {
			t := r.tables[n-1]
			from := t.cols + 1
			t.cols += between(attrs["span"], 1, maxColumns)
			if hides(style) {
				t.hidden.add(from, t.cols)
			}
		}
		return nil
	case atom.Tr:
		if err := r.endCell(); err != nil {
			return err
		}
		return r.nextRow(hides(style))
	case atom.Td, atom.Th:
		if err := r.endCell(); err != nil {
			return err
		}
		return r.startCell(attrs, style)
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Center:
		if err := r.block(); err != nil {
			return err
		}
	case atom.Img, atom.Input, atom.Meta, atom.Link, atom.Hr, atom.Base, atom.Wbr, atom.Area:
		return nil
	}
	if tag != 0 && len(r.fonts) < 1000 {
		font := family(style)
		if face, ok := attrs["face"]; ok && tag == atom.Font {
			font = first(face)
		}
		if font == "" && len(r.fonts) > 0 {
			font = r.fonts[len(r.fonts)-1].font
		}
		r.fonts = append(r.fonts, htmlFont{tag, font})
	}
	return nil
}

func (r *htmlReader) end(tag atom.Atom) error {
	if tag == r.skip {
		r.skip = 0
	}
	switch tag {
	case atom.Td, atom.Th, atom.Tr, atom.Table, atom.Body, atom.Html:
		if err := r.endCell(); err != nil {
			return err
		}
		r.fonts = r.fonts[:0]
		if n := len(r.tables); tag == atom.Table && n > 0 {
			if r.tables = r.tables[:n-1]; n == 1 {
				r.row++ // what follows is another table
			}
		}
		return nil
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Center:
		if err := r.block(); err != nil {
			return err
		}
	}
	for i := len(r.fonts) - 1; i >= 0 && i >= len(r.fonts)-20; i-- {
		if r.fonts[i].tag == tag {
			r.fonts = r.fonts[:i]
			break
		}
	}
	return nil
}

// nextRow begins a row of the inmost table.
func (r *htmlReader) nextRow(out bool) error {
	if r.row++; r.row > maxRows {
		return r.tooLarge("rows")
	}
	if n := len(r.tables); n > 0 {
		t := r.tables[n-1]
		t.row, t.col, t.out = r.row, 0, out
		for col, left := range t.taken {
			if left--; left <= 0 {
				delete(t.taken, col)
			} else {
				t.taken[col] = left
			}
		}
	}
	return nil
}

func (r *htmlReader) startCell(attrs map[string]string, style string) error {
	if len(r.tables) == 0 {
		r.tables = append(r.tables, &htmlTable{row: -1, taken: map[int]int{}})
		r.page.tables = true
	}
	t := r.tables[len(r.tables)-1]
	if t.row != r.row { // a table within has used rows of its own, or no row was begun
		r.row++
		t.row = r.row
	}
	t.col++
	for t.taken[t.col] > 0 {
		t.col++
	}
	right, down := between(attrs["colspan"], 1, 1000), between(attrs["rowspan"], 1, 65_534)
	if t.col+right-1 > maxColumns || r.row > maxRows {
		return r.tooLarge("columns")
	}
	c := &htmlCell{space: true, style: style}
	c.Row, c.Col = r.row, t.col
	c.Hidden = t.out || hides(style) || t.hidden.has(t.col)
	c.Font = family(style)
	_, c.text = attrs["x:str"]
	c.number = attrs["x:num"]
	if c.number == "" {
		c.number = attrs["sdval"] // as LibreOffice has it
	}
	if f := attrs["x:fmla"]; f != "" {
		c.Formula = true
	}
	if down > 1 {
		for col := t.col; col < t.col+right; col++ {
			t.taken[col] = down
		}
	}
	if (right > 1 || down > 1) && !strings.Contains(style, "mso-ignore:colspan") {
		ref := Ref{Col: t.col, Row: r.row, LastCol: t.col + right - 1, LastRow: min(r.row+down-1, maxRows)}
		if err := r.merge(r.page.sheet, ref); err != nil {
			return err
		}
	}
	t.col += right - 1
	r.cell, r.fonts = c, r.fonts[:0]
	return nil
}

// endCell keeps the open cell, or the line of text between tables.
func (r *htmlReader) endCell() error {
	c := r.cell
	if r.cell = nil; c == nil {
		return nil
	}
	t := c.pen.done()
	if strings.TrimSpace(t.text) == "" && c.number == "" && !c.Formula {
		return nil
	}
	if c.Row == 0 {
		if err := r.nextRow(false); err != nil {
			return err
		}
		c.Row, c.Col = r.row, 1
	}
	c.Type, c.Raw = Text, strings.TrimRightFunc(t.text, unicode.IsSpace)
	format := unescapeCSS(strings.Trim(declaration(c.style, "mso-number-format"), `"`))
	c.Format = numberFormat(format)
	date, percent := classify(c.Format)
	c.Percent = percent
	switch n, err := strconv.ParseFloat(c.number, 64); {
	case c.number != "" && err == nil && n == n && n < 1e300 && n > -1e300:
		c.Type, c.Raw, c.Number = Number, c.number, n
		if date {
			c.Type = Date
		}
	case c.text || format == "@":
		r.page.texts[[2]int{c.Row, c.Col}] = true
	}
	c.HasCache = c.Formula
	if c.Type == Text {
		t.text = c.Raw
		for i := range t.pieces {
			t.pieces[i].end = min(t.pieces[i].end, len(t.text))
		}
		var err error
		if c.Font, c.Runs, err = r.ink(t, c.Font); err != nil {
			return err
		}
	}
	return r.add(r.page.sheet, c.Cell)
}

// text writes into the open cell; between tables it opens a line.
func (r *htmlReader) text(s []byte) {
	if r.skip == atom.Style {
		r.styles(string(s))
	}
	if r.skip != 0 {
		return
	}
	if r.cell == nil {
		if len(bytes.TrimSpace(s)) == 0 || len(r.tables) > 0 {
			return // between the cells of a table nothing is meant
		}
		r.cell = &htmlCell{space: true}
	}
	c := r.cell
	var out string
	out, c.space = collapse([]byte(html.UnescapeString(string(s))), c.space)
	font := ""
	if n := len(r.fonts); n > 0 {
		font = r.fonts[n-1].font
	}
	c.filled = c.filled || strings.TrimSpace(out) != ""
	c.pen.write(out, font)
}

// styles notes what a style sheet says of classes.
func (r *htmlReader) styles(css string) {
	for len(r.classes) < 2000 {
		names, after, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		body, rest, _ := strings.Cut(after, "}")
		css = rest
		if len(names)+len(body) > 4*maxName {
			continue
		}
		for _, name := range strings.Split(names, ",") {
			if i := strings.LastIndexByte(name, '.'); i >= 0 {
				name = strings.TrimSpace(name[i+1:])
				if _, ok := r.classes[name]; !ok {
					r.classes[name] = body
				}
			}
		}
	}
}

// sheetNames are those that Excel notes in a comment at the top of a page.
func sheetNames(comment string) (names []string) {
	for len(names) < maxSheets {
		_, after, ok := strings.Cut(comment, "<x:Name>")
		if !ok {
			break
		}
		name, rest, ok := strings.Cut(after, "</x:Name>")
		if !ok {
			break
		}
		if comment = rest; len(name) <= maxName {
			names = append(names, clean(html.UnescapeString(name)))
		}
	}
	return names
}

func (r *htmlReader) line() {
	if c := r.cell; c != nil && c.filled {
		c.pen.write("\n", "")
		c.space = true
	}
}

// block begins a new line in a cell, and a new row between tables.
func (r *htmlReader) block() error {
	if r.cell != nil && r.cell.Row == 0 {
		return r.endCell()
	}
	if r.cell != nil && !r.cell.space {
		r.line()
	}
	return nil
}

// between reads a whole number within bounds; outside it is the lower one.
func between(s string, low, high int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= low && n <= high {
		return n
	}
	return low
}

// declaration returns what a style says of a property.
func declaration(style, property string) string {
	for i := 0; i < len(style); {
		j := i
		for quote := byte(0); j < len(style) && (quote != 0 || style[j] != ';'); j++ {
			if c := style[j]; c == '\\' {
				j++
			} else if c == quote {
				quote = 0
			} else if quote == 0 && (c == '"' || c == '\'') {
				quote = c
			}
		}
		j = min(j, len(style))
		if name, value, ok := strings.Cut(style[i:j], ":"); ok && strings.EqualFold(strings.TrimSpace(name), property) {
			return strings.TrimSpace(value)
		}
		i = j + 1
	}
	return ""
}

func hides(style string) bool {
	return strings.EqualFold(declaration(style, "display"), "none")
}

func family(style string) string { return first(declaration(style, "font-family")) }

// first is the first font of a list.
func first(fonts string) string {
	font, _, _ := strings.Cut(fonts, ",")
	return clean(strings.Trim(strings.TrimSpace(font), `'"`))
}

// unescapeCSS resolves "\/" and "\0022 ".
func unescapeCSS(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		j := i
		for j < len(s) && j < i+6 && strings.IndexByte("0123456789abcdefABCDEF", s[j]) >= 0 {
			j++
		}
		if n, err := strconv.ParseUint(s[i:j], 16, 32); err == nil && j-i >= 2 {
			b.WriteRune(rune(n))
			if i = j - 1; j < len(s) && s[j] == ' ' {
				i = j
			}
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// numberFormat resolves the formats that Excel writes by their name.
func numberFormat(s string) string {
	switch strings.ToLower(s) {
	case "general", "@":
		return ""
	case "short date", "medium date", "long date", "general date":
		return "dd/mm/yyyy"
	case "short time", "medium time", "long time":
		return "hh:mm:ss"
	case "percent":
		return "0.00%"
	case "standard", "fixed":
		return "0.00"
	}
	return s
}
