package document

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// Table is a table of a document: rows of cells, each cell the text of its
// paragraphs parted by spaces. A cell that spans columns is followed by an
// empty one for each further column, and one that continues the cell above is
// empty, so that a column of the page is a column here.
type Table [][]string

// flow is a document on its way from a format to text: what every reader of a
// format feeds, and the one place where fonts from before Unicode are decoded.
// Its size is bounded whatever it is fed.
type flow struct {
	blocks []block
	size   int // bytes of text
	depth  int // open tables
	full   bool
	// pictures is how many were passed over.
	pictures int
}

// The marks of a block.
const (
	aParagraph = iota
	tableBegins
	cellBegins
	rowEnds
	tableEnds
)

// The roles of a paragraph.
const (
	aText = iota
	aHeading
	aTitle
	aMargin // of a header or footer of the page
	aBox    // text in a box that stands on the page
)

type block struct {
	mark  uint8
	role  uint8
	span  int    // columns of the cell that begins
	runs  []run  // of the paragraph
	text  string // of the paragraph, once its fonts are known
	edges []int  // of the row that ends: where its cells begin and the last ends; nil where spans say it
}

// run is text as it stands in the file, in one font.
type run struct {
	text []byte // UTF-8
	font string
	bold bool
}

// The limits of one document's parts, far beyond what anybody types: they
// bound memory, not honest reports.
const (
	maxBlocks   = 300_000 // paragraphs, cells and rows
	maxColumns  = 200     // of one table
	maxTables   = 2_000
	maxCells    = 250_000 // of all tables, the empty ones of wide cells too
	maxHeadings = 1000
	maxHeading  = 300 // bytes; a longer paragraph is no heading
	maxNesting  = 500 // elements within elements, groups within groups
	maxInner    = 20  // tables within tables
)

func (f *flow) add(b block) {
	if len(f.blocks) >= maxBlocks {
		f.full = true
		return
	}
	f.blocks = append(f.blocks, b)
}

// paragraph takes a finished paragraph.
func (f *flow) paragraph(role uint8, runs []run) {
	for i, r := range runs {
		if f.size += len(r.text); f.size > MaxText {
			over := min(len(r.text), f.size-MaxText)
			runs[i].text = r.text[:len(r.text)-over]
			runs, f.full = runs[:i+1], true
			break
		}
	}
	f.add(block{mark: aParagraph, role: role, runs: runs})
}

func (f *flow) beginTable() {
	if f.depth++; f.depth <= maxInner {
		f.add(block{mark: tableBegins})
	}
}

func (f *flow) endTable() {
	if f.depth == 0 {
		return
	}
	if f.depth--; f.depth < maxInner {
		f.add(block{mark: tableEnds})
	}
}

func (f *flow) beginCell(span int) {
	if f.depth > 0 && f.depth <= maxInner {
		f.add(block{mark: cellBegins, span: span})
	}
}

func (f *flow) endRow(edges []int) {
	if f.depth > 0 && f.depth <= maxInner {
		f.add(block{mark: rowEnds, edges: edges})
	}
}

// join appends text to runs, to the last one where nothing has changed: a
// syllable cut by a spelling mark is decoded as one.
func join(runs []run, text, font string, bold bool) []run {
	if n := len(runs); n > 0 && runs[n-1].font == font && runs[n-1].bold == bold {
		runs[n-1].text = append(runs[n-1].text, text...)
		return runs
	}
	return append(runs, run{text: []byte(text), font: font, bold: bold})
}

// finish decodes what was collected and writes it into d.
func (f *flow) finish(d *Document) {
	for f.depth > 0 {
		f.endTable()
	}
	d.decode(f.blocks)
	p := &page{d: d}
	for _, b := range f.blocks {
		p.add(b)
	}
	for len(p.open) > 0 {
		p.tableEnds()
	}
	d.Text = bounded(p.out.String(), MaxText)
	d.Cut = f.full
	d.settle(f.pictures)
}

// settle says what a document without words is: a scan where there are
// pictures, else nothing that could be accepted.
func (d *Document) settle(pictures int) {
	switch {
	case d.Problem != "":
	case pictures > 0 && !hasLetters(d.Text, fewLetters*max(1, d.Pages)):
		d.Scan = true
	case strings.TrimSpace(d.Text) == "":
		d.Problem = Empty
	}
}

// hasLetters reports whether a text has at least n letters.
func hasLetters(text string, n int) bool {
	for _, r := range text {
		if n <= 0 {
			break
		}
		if unicode.IsLetter(r) {
			n--
		}
	}
	return n <= 0
}

// fewLetters is how many a page of a scan may have: a number, a stamp's date.
const fewLetters = 20

// page writes blocks as text: paragraphs by lines, the cells of a row by tabs.
// A table of one column is only a frame around paragraphs.
type page struct {
	d     *Document
	out   strings.Builder
	open  []*openTable // the innermost last
	cells int          // of the tables that have ended
}

type openTable struct {
	rows []openRow
	row  openRow
}

type openRow struct {
	cells []cell
	edges []int
}

type cell struct {
	lines []string // its paragraphs
	span  int
}

func (p *page) add(b block) {
	var t *openTable
	if n := len(p.open); n > 0 {
		t = p.open[n-1]
	}
	switch b.mark {
	case aParagraph:
		p.paragraph(b, t)
	case tableBegins:
		p.open = append(p.open, &openTable{})
	case tableEnds:
		p.tableEnds()
	case cellBegins:
		if t != nil && len(t.row.cells) < maxColumns {
			t.row.cells = append(t.row.cells, cell{span: max(1, min(b.span, maxColumns))})
		}
	case rowEnds:
		if t != nil {
			t.row.edges = b.edges
			p.rowEnds(t)
		}
	}
}

func (p *page) paragraph(b block, t *openTable) {
	bold, plain := false, false
	for _, r := range b.runs {
		if len(bytes.TrimSpace(r.text)) > 0 {
			bold, plain = bold || r.bold, plain || !r.bold
		}
	}
	whole := strings.ReplaceAll(b.text, "\u00AD", "") // what of them is a letter has become one
	line := singleSpaced(whole)
	if b.role == aBox {
		p.d.boxes = append(p.d.boxes, line)
		b.role = aText
	}
	if b.role == aMargin {
		if line != "" {
			p.d.Margins = append(p.d.Margins, line)
		}
		return
	}
	if !strings.ContainsAny(whole, "\n\t") {
		if line != "" {
			p.d.lines = append(p.d.lines, line)
		}
	} else {
		p.lines(whole)
	}
	switch {
	case t != nil:
		if n := len(t.row.cells); n > 0 {
			t.row.cells[n-1].lines = append(t.row.cells[n-1].lines, line)
		}
	default:
		p.out.WriteString(strings.TrimRight(whole, " \t"))
		p.out.WriteByte('\n')
	}
	switch d := p.d; {
	case line == "" || len(line) > maxHeading:
	case b.role == aTitle && d.Title == "":
		d.Title = line
	case b.role != aText || bold && !plain && t == nil:
		if len(d.Headings) < maxHeadings {
			d.Headings = append(d.Headings, line)
		}
	}
}

// lines adds the lines of a paragraph that has several, or columns.
func (p *page) lines(whole string) {
	for part := range strings.SplitSeq(whole, "\n") {
		// Columns stay apart: a letterhead has two.
		cells := strings.Split(part, "\t")
		for i, c := range cells {
			cells[i] = singleSpaced(c)
		}
		if part = strings.Trim(strings.Join(cells, "\t"), "\t"); part != "" {
			p.d.lines = append(p.d.lines, part)
		}
	}
}

// singleSpaced is a text with one space wherever there is white space in it, and
// none around it. Most texts are such already.
func singleSpaced(s string) string {
	space := true // before the character
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ' && space, c >= '\t' && c <= '\r', c == 0xC2 && i+1 < len(s) && (s[i+1] == 0x85 || s[i+1] == 0xA0),
			c == 0xE1 && i+1 < len(s) && s[i+1] == 0x9A, c == 0xE2 && i+1 < len(s) && (s[i+1] == 0x80 || s[i+1] == 0x81), c == 0xE3 && i+1 < len(s) && s[i+1] == 0x80:
			return strings.Join(strings.Fields(s), " ")
		default:
			space = c == ' '
		}
	}
	return strings.TrimSuffix(s, " ")
}

func (p *page) rowEnds(t *openTable) {
	row := t.row
	t.row = openRow{}
	if len(row.cells) == 0 {
		return
	}
	t.rows = append(t.rows, row)
	lines := []string{row.text()}
	if len(row.cells) == 1 {
		lines = row.cells[0].lines
	}
	if n := len(p.open); n > 1 {
		outer := p.open[n-2]
		if c := len(outer.row.cells); c > 0 {
			into := &outer.row.cells[c-1]
			for _, line := range lines {
				into.lines = append(into.lines, strings.ReplaceAll(line, "\t", " "))
			}
		}
		return
	}
	for _, line := range lines {
		p.out.WriteString(line)
		p.out.WriteByte('\n')
	}
}

func (r openRow) text() string {
	var cells []string
	for _, c := range r.cells {
		cells = append(cells, c.text())
	}
	return strings.Join(cells, "\t")
}

func (c cell) text() string {
	lines := slices.DeleteFunc(slices.Clone(c.lines), func(s string) bool { return s == "" })
	return strings.Join(lines, " ")
}

func (p *page) tableEnds() {
	n := len(p.open)
	if n == 0 {
		return
	}
	t := p.open[n-1]
	p.rowEnds(t)
	p.open = p.open[:n-1]
	if len(t.rows) > 0 && len(p.d.Tables) < maxTables {
		table := t.grid(maxCells - p.cells)
		for _, row := range table {
			p.cells += len(row)
		}
		p.d.Tables = append(p.d.Tables, table)
	}
}

// grid puts the cells of a table into its columns: by their spans, or where
// the rows say how wide their cells are, by the edges that all rows share.
func (t *openTable) grid(most int) Table {
	var edges, last []int
	for _, r := range t.rows {
		if len(r.edges) == len(r.cells)+1 && !slices.Equal(r.edges, last) {
			edges = append(edges, r.edges...)
		}
		last = r.edges
	}
	slices.Sort(edges)
	edges = slices.CompactFunc(edges, func(a, b int) bool { return max(a-b, b-a) < sameEdge })
	if len(edges) > maxColumns {
		edges = nil // a drawing out of cells
	}
	var out Table
	for _, r := range t.rows {
		if most <= 0 {
			break
		}
		var row []string
		for i, c := range r.cells {
			span := c.span
			if len(edges) > 0 && len(r.edges) == len(r.cells)+1 {
				for len(row) < column(edges, r.edges[i]) {
					row = append(row, "")
				}
				span = column(edges, r.edges[i+1]) - len(row)
			}
			row = append(row, c.text())
			for ; span > 1 && len(row) < maxColumns; span-- {
				row = append(row, "")
			}
		}
		out = append(out, row)
		most -= len(row)
	}
	return out
}

// sameEdge is the width in twentieths of a point below which two edges of
// cells are the same line, drawn by hand.
const sameEdge = 60

// column is the index of the edge that at lies on.
func column(edges []int, at int) int {
	i, _ := slices.BinarySearch(edges, at-sameEdge+1)
	return i
}

// grid builds tables for formats in which they have no beginning: a paragraph
// says that it is in one, and marks end cells and rows.
type grid struct {
	flow         *flow
	inside, cell bool
	edges        []int // of the last row
}

func (g *grid) open() {
	if !g.inside {
		g.flow.beginTable()
		g.inside = true
	}
	if !g.cell {
		g.flow.beginCell(1)
		g.cell = true
	}
}

// paragraph is one within a cell.
func (g *grid) paragraph(role uint8, runs []run) {
	g.open()
	g.flow.paragraph(role, runs)
}

func (g *grid) endCell() {
	g.open()
	g.cell = false
}

// endRow takes where the cells of the row begin and end. Rows that agree in
// that share one list, however many there are.
func (g *grid) endRow(edges []int) {
	if slices.Equal(edges, g.edges) {
		edges = g.edges
	} else {
		g.flow.size += 8 * len(edges)
	}
	g.edges = edges
	if g.inside {
		g.flow.endRow(edges)
		g.cell = false
	}
}

// leave says that what follows stands in no table.
func (g *grid) leave() {
	if g.inside {
		g.flow.endTable()
	}
	g.inside, g.cell = false, false
}
