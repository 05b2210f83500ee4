package form

import (
	"regexp"
	"slices"
	"strings"

	"dondoc/intake/workbook"
)

// grid is one table of a form: heads above, labels to the left, inputs and
// totals inside. It is found by its inputs, not by any mark of its own.
type grid struct {
	sheet       string
	name        string // "Biểu 1"
	title       string // all of its heading
	top, leaf   int    // first and last row of heads, the row of column codes not counted
	codeRow     int    // row of column codes (A, B, C, 1, 2, 3=1+2), 0 if there is none
	first, last int    // body
	labelCol    int
	codeCol     int // Mã số, 0 if there is none
	notesCol    int // Ghi chú, giải trình; 0 if there is none
	cols        []gridCol
	rows        []gridRow
}

type gridCol struct {
	col   int
	label string // "Số đăng ký - Tập thể"
	code  string
}

type gridRow struct {
	row   int
	label string
	code  string
	sum   bool // holds formulas only
}

func (g *grid) column(col int) (gridCol, bool) {
	for _, c := range g.cols {
		if c.col == col {
			return c, true
		}
	}
	return gridCol{}, false
}

func (g *grid) row(row int) (gridRow, bool) {
	for _, r := range g.rows {
		if r.row == row {
			return r, true
		}
	}
	return gridRow{}, false
}

var (
	columnCode = regexp.MustCompile(`^([A-Z]{1,2}|\(?\d{1,3}\)?(\s*[=(].*)?)$`)
	shortTitle = regexp.MustCompile(`^((?i:biểu|bảng|phần|mục|phụ biểu|phụ lục|mẫu|table|form|part|section)(?:\s+(?i:số))?\s+[0-9A-Za-zIVX]+(?:[./-][0-9A-Za-z]+)*)`)
)

// headText returns the text that covers a position: that of a merged area
// stands in its top left cell. Formulas are no heads.
func headText(s *workbook.Sheet, col, row int) string {
	c := s.Cell(col, row)
	if c.Type == workbook.Blank {
		if m, ok := s.Merge(col, row); ok {
			c = s.Cell(m.Col, m.Row)
		}
	}
	if c.Formula {
		return ""
	}
	if c.Type == workbook.Text || c.Type == workbook.Number {
		return plainText(shown(c))
	}
	return ""
}

// headLabel joins the heads above a column from top to bottom, each once:
// "Số đăng ký - Tập thể". A group head that was not merged reaches to the
// right as far as its row stays blank over columns with heads of their own.
func headLabel(s *workbook.Sheet, top, leaf, col int) string {
	var parts []string
	for row := top; row <= leaf; row++ {
		t := headText(s, col, row)
		if t == "" && row < leaf && headText(s, col, leaf) != "" {
			for left := col - 1; left > 0 && headText(s, left, leaf) != ""; left-- {
				if _, merged := s.Merge(left, row); merged {
					break
				}
				if g := headText(s, left, row); g != "" {
					t = g
					break
				}
			}
		}
		if t != "" && (len(parts) == 0 || parts[len(parts)-1] != t) {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " - ")
}

// texts counts the different heads of a row.
func texts(s *workbook.Sheet, row int) int {
	n := 0
	for _, c := range s.Row(row) {
		if (c.Type == workbook.Text || c.Type == workbook.Number) && !c.Formula && strings.TrimSpace(c.Raw) != "" {
			n++
		}
	}
	return n
}

// findGrids gathers the inputs into tables and labels them; what has no heads
// above it is a field, labelled from its left.
func (c *compiler) findGrids() {
	grids := map[place]int{} // by sheet and last head row
	for i := range c.inputs {
		in := &c.inputs[i]
		s := c.book.Sheet(in.at.sheet)
		if c.isField(s, in) {
			continue
		}
		head := c.headAbove(s, in.at)
		if head == 0 {
			continue
		}
		key := place{in.at.sheet, 0, head}
		g, ok := grids[key]
		if !ok {
			g = len(c.tables)
			grids[key] = g
			c.tables = append(c.tables, c.newGrid(s, head))
		}
		in.grid = g
	}
	for i, g := range c.tables {
		c.fillGrid(i, g)
	}
	for i := range c.inputs {
		in := &c.inputs[i]
		if in.grid < 0 {
			c.labelField(in)
			continue
		}
		g := c.tables[in.grid]
		in.Table = g.name
		if r, ok := g.row(in.at.row); ok {
			in.Row, in.RowCode = r.label, r.code
		}
		if k, ok := g.column(in.at.col); ok {
			in.Column, in.ColCode = k.label, k.code
		}
	}
}

// isField reports whether the text to the left of an input announces it
// ("Đơn vị báo cáo:").
func (c *compiler) isField(s *workbook.Sheet, in *input) bool {
	for col := in.at.col - 1; col > 0; col-- {
		if cell := s.Cell(col, in.at.row); cell.Type != workbook.Blank {
			return strings.HasSuffix(strings.TrimSpace(cell.Raw), ":")
		}
	}
	return false
}

// body reports whether a row holds an input or a formula.
func (c *compiler) body(sheet string, row int) bool {
	for i := range c.inputs {
		if c.inputs[i].at.row == row && c.inputs[i].at.sheet == sheet {
			return true
		}
	}
	for at := range c.cells {
		if at.row == row && at.sheet == sheet {
			return true
		}
	}
	return false
}

// headAbove returns the last row of heads above an input, 0 if there are none.
func (c *compiler) headAbove(s *workbook.Sheet, at place) int {
	for row := at.row - 1; row > 0; row-- {
		if c.body(at.sheet, row) {
			continue
		}
		switch {
		case headText(s, at.col, row) != "" && texts(s, row) >= 2:
			return row
		case row > 1 && codes(s, row) && headText(s, at.col, row-1) != "":
			return row // a column of notes has no code of its own
		case texts(s, row) == 0 || headText(s, at.col, row) != "":
			return 0 // a gap, or a title over everything
		}
		// A line that only groups the rows below it ("I. Khối đảng").
	}
	return 0
}

// codes reports whether a row numbers the columns: A, B, C, 1, 2, 3=1+2.
func codes(s *workbook.Sheet, row int) bool {
	yes, no := 0, 0
	for _, cell := range s.Row(row) {
		if t := plainText(shown(cell)); columnCode.MatchString(t) {
			yes++
		} else if t != "" {
			no++
		}
	}
	return yes >= 2 && yes > no
}

func (c *compiler) newGrid(s *workbook.Sheet, head int) *grid {
	g := &grid{sheet: s.Name, leaf: head, top: head}
	if head > 1 && codes(s, head) && texts(s, head-1) > 0 {
		g.codeRow, g.leaf = head, head-1
	}
	g.top = g.leaf
	for g.top > 1 && texts(s, g.top-1) >= 2 && !c.body(s.Name, g.top-1) && headLike(s, g.top-1) {
		g.top--
	}
	for row := g.top - 1; row > 0 && row >= g.top-3; row-- {
		if t := titleOf(s, row); t != "" {
			if m := shortTitle.FindString(t); m != "" {
				g.name, g.title = m, t
				break
			}
			if len([]rune(t)) <= 40 {
				g.name, g.title = t, t
				break
			}
			if g.title == "" {
				g.title = t
			}
		} else {
			break
		}
	}
	if g.name == "" {
		g.name = s.Name
	}
	return g
}

// headLike keeps a line of fields ("Đơn vị: … Ngày: …") from being taken for heads.
func headLike(s *workbook.Sheet, row int) bool {
	for _, c := range s.Row(row) {
		if strings.HasSuffix(strings.TrimSpace(c.Raw), ":") {
			return false
		}
	}
	return true
}

// titleOf returns the text of a row that holds one text and nothing else.
func titleOf(s *workbook.Sheet, row int) string {
	cells := s.Row(row)
	if len(cells) != 1 || cells[0].Type != workbook.Text {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(shown(cells[0])), "\n")
	return plainText(first)
}

// fillGrid finds the body, the columns of labels, codes and notes, and names
// rows and columns.
func (c *compiler) fillGrid(index int, g *grid) {
	s := c.book.Sheet(g.sheet)
	g.first = max(g.leaf, g.codeRow) + 1
	left := 1 << 20
	cols := map[int]bool{}
	for i := range c.inputs {
		if c.inputs[i].grid == index {
			at := c.inputs[i].at
			g.last = max(g.last, at.row)
			left = min(left, at.col)
			cols[at.col] = true
		}
	}
	// Rows of formulas right below belong to the table: its totals.
	for c.formulasUnder(g, g.last+1, cols) {
		g.last++
	}
	for at := range c.cells {
		if at.sheet == g.sheet && at.row >= g.first && at.row <= g.last && headText(s, at.col, g.leaf) != "" {
			cols[at.col] = true
			left = min(left, at.col)
		}
	}
	for col := 1; col < left; col++ {
		switch fold(headText(s, col, g.leaf)) {
		case "ma so", "ma", "ms", "ma chi tieu", "code":
			g.codeCol = col
		}
	}
	for col := 1; col < left && g.labelCol == 0; col++ {
		if col == g.codeCol {
			continue
		}
		words := 0
		for row := g.first; row <= g.last; row++ {
			if len([]rune(fold(headText(s, col, row)))) > 2 && !roman(headText(s, col, row)) {
				words++
			}
		}
		if words*2 > g.last-g.first {
			g.labelCol = col
		}
	}
	for _, col := range sortedKeys(cols) {
		k := gridCol{col: col, label: headLabel(s, g.top, g.leaf, col)}
		if g.codeRow > 0 {
			k.code = headText(s, col, g.codeRow)
		}
		g.cols = append(g.cols, k)
	}
	for col := left; col <= lastCol(s, g.leaf); col++ {
		if f := fold(headLabel(s, g.top, g.leaf, col)); g.notesCol == 0 && (strings.Contains(f, "ghi chu") || strings.Contains(f, "giai trinh") || f == "notes") {
			g.notesCol = col
		}
	}
	for row := g.first; row <= g.last; row++ {
		r := gridRow{row: row, sum: true}
		if !c.body(g.sheet, row) {
			continue
		}
		for i := range c.inputs {
			if c.inputs[i].grid == index && c.inputs[i].at.row == row && c.inputs[i].Number() {
				r.sum = false
			}
		}
		if g.labelCol > 0 {
			r.label = headText(s, g.labelCol, row)
			if r.label == "" { // "Tổng cộng" may be merged over the columns before
				for col := 1; col < left && r.label == ""; col++ {
					if t := headText(s, col, row); col != g.codeCol && len(fold(t)) > 2 {
						r.label = t
					}
				}
			}
		}
		if g.codeCol > 0 {
			r.code = headText(s, g.codeCol, row)
		}
		g.rows = append(g.rows, r)
	}
}

func (c *compiler) formulasUnder(g *grid, row int, cols map[int]bool) bool {
	for i := range c.inputs {
		if c.inputs[i].at.row == row && c.inputs[i].at.sheet == g.sheet {
			return false
		}
	}
	for col := range cols {
		if c.cells[place{g.sheet, col, row}] != nil {
			return true
		}
	}
	return false
}

// lastCol returns the last column of a row that holds something, within
// reason: no form is wider than maxWidth.
func lastCol(s *workbook.Sheet, row int) int {
	n := 0
	for _, c := range s.Row(row) {
		n = max(n, c.Col)
		if m, ok := s.Merge(c.Col, c.Row); ok {
			n = max(n, m.LastCol)
		}
	}
	return min(n, maxWidth)
}

const maxWidth = 256

func roman(s string) bool { return strings.Trim(strings.ToUpper(strings.TrimSpace(s)), "IVX.") == "" }

func sortedKeys(m map[int]bool) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// labelField names a field by the text left of it, else above it.
func (c *compiler) labelField(in *input) {
	s := c.book.Sheet(in.at.sheet)
	for col := in.at.col - 1; col > 0; col-- {
		if cell := s.Cell(col, in.at.row); cell.Type == workbook.Text {
			in.Row = strings.TrimRight(plainText(shown(cell)), " :")
			in.label = place{in.at.sheet, col, in.at.row}
			return
		}
	}
	if in.at.row > 1 {
		if cell := s.Cell(in.at.col, in.at.row-1); cell.Type == workbook.Text {
			in.Row = strings.TrimRight(plainText(shown(cell)), " :")
			in.label = place{in.at.sheet, in.at.col, in.at.row - 1}
		}
	}
}
