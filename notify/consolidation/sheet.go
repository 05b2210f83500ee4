package consolidation

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// typeface is that of official documents.
const typeface = "Times New Roman"

// look is how a cell looks.
type look struct {
	bold, italic, wrap, border bool
	size                       float64 // 11 where it is 0
	fill                       string
	across                     string // left, center, right
	format                     string
	upright                    bool // text runs upwards, for heads of narrow columns
	link                       bool
}

const (
	blue   = "DDEBF7"
	grey   = "EDEDED"
	yellow = "FFF2CC"
	red    = "F8CBAD"
)

var (
	title    = look{bold: true, size: 14}
	subtitle = look{italic: true, size: 12}
	heading  = look{bold: true, wrap: true, border: true, across: "center", fill: blue}
	text     = look{wrap: true, border: true, across: "left"}
	centred  = look{wrap: true, border: true, across: "center"}
)

func (w *writer) style(l look) (int, error) {
	if id, ok := w.styles[l]; ok {
		return id, nil
	}
	style := &excelize.Style{
		Font:      &excelize.Font{Family: typeface, Size: 11, Bold: l.bold, Italic: l.italic},
		Alignment: &excelize.Alignment{Horizontal: l.across, Vertical: "center", WrapText: l.wrap},
	}
	if l.size > 0 {
		style.Font.Size = l.size
	}
	if l.link {
		style.Font.Color = "0563C1"
	}
	if l.upright {
		style.Alignment.TextRotation = 90
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.border {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: "7F7F7F", Style: 1})
		}
	}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	id, err := w.f.NewStyle(style)
	if err != nil {
		return 0, err
	}
	w.styles[l] = id
	return id, nil
}

// cell is one cell to be written. A text is always written as text: one that
// begins with = + - or @ stays what a unit wrote and computes nothing.
type cell struct {
	value   any    // string, int, float64 or nil
	formula string // with value as what it comes to
	look    look
}

// sheet is a sheet being put together in memory, so that its size is known
// before its first row is written.
type sheet struct {
	name    string
	widths  []float64
	lines   [][]cell
	heights map[int]float64 // by line, from 1; the others fit their text
	merges  [][4]int        // column, line to column, line
	links   [][2]string     // cell, location
	heads   [2]int          // first and last line of the heads, repeated on every page
	frozen  int             // columns that stay when one scrolls to the right
	filter  bool            // arrows at the last line of the heads
}

// add appends a line and returns its number, from 1.
func (s *sheet) add(cells ...cell) int {
	s.lines = append(s.lines, cells)
	return len(s.lines)
}

func (s *sheet) height(line int, points float64) {
	if s.heights == nil {
		s.heights = map[int]float64{}
	}
	s.heights[line] = points
}

func (s *sheet) merge(fromColumn, fromLine, toColumn, toLine int) {
	if fromColumn != toColumn || fromLine != toLine {
		s.merges = append(s.merges, [4]int{fromColumn, fromLine, toColumn, toLine})
	}
}

// lineHeight is that of one line of text, in points.
const lineHeight = 15

// tall is the height of a line: readers other than Excel do not fit rows to
// wrapped text by themselves.
func (s *sheet) tall(line int) float64 {
	if h, ok := s.heights[line]; ok {
		return h
	}
	most := 1
	for i, c := range s.lines[line-1] {
		if words, ok := c.value.(string); ok && c.look.wrap && i < len(s.widths) {
			most = max(most, linesFor(words, s.room(i+1, c.look)))
		}
	}
	return min(409, float64(most)*lineHeight+3)
}

// room is how many characters of a text fit side by side into a column.
func (s *sheet) room(column int, l look) float64 {
	// A column's width counts digits, and small letters are narrower.
	room := (s.widths[column-1] - 1) * 1.1
	if l.bold {
		room *= 0.9
	}
	if l.size > 0 {
		room *= 11 / l.size
	}
	return max(1, room)
}

// fit makes a column as wide as its text needs, within bounds.
func (s *sheet) fit(column int, least, most float64) {
	width := least
	for _, line := range s.lines[s.heads[1]:] {
		if column > len(line) {
			continue
		}
		if words, ok := line[column-1].value.(string); ok {
			width = max(width, float64(utf8.RuneCountInString(words))+2)
		}
	}
	s.widths[column-1] = min(width, most)
}

// newSheet adds an empty sheet under a name that no other has.
func (w *writer) newSheet(name string) (string, error) {
	taken := w.f.GetSheetList()
	free := name
	for n := 2; slices.ContainsFunc(taken, func(t string) bool { return strings.EqualFold(t, free) }); n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		short := []rune(name)
		for len(utf16(string(short)))+len(suffix) > excelize.MaxSheetNameLength {
			short = short[:len(short)-1]
		}
		free = string(short) + suffix
	}
	_, err := w.f.NewSheet(free)
	return free, err
}

// put writes a sheet: A4 landscape, as wide as the page, heads repeated.
func (w *writer) put(s *sheet) error {
	f := w.f
	last := ref(max(1, len(s.widths)), max(1, len(s.lines)))
	var (
		yes, no   = true, false
		paperA4   = 9
		landscape = "landscape"
		one, any  = 1, 0
		margin    = 1.2 / 2.54 // inches
		foot      = 0.6 / 2.54
	)
	// The order matters: AutoFilter sets the properties of the sheet anew, and
	// what stands before the rows in the XML is written when the stream begins.
	if s.filter && len(s.lines) > s.heads[1] {
		if err := f.AutoFilter(s.name, ref(1, s.heads[1])+":"+last, nil); err != nil {
			return err
		}
	}
	if err := f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	// Without a dimension some readers believe that the sheet is one cell.
	if err := f.SetSheetDimension(s.name, "A1:"+last); err != nil {
		return err
	}
	if err := f.SetSheetView(s.name, 0, &excelize.ViewOptions{ShowGridLines: &no}); err != nil {
		return err
	}
	if err := f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &paperA4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	if err := f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &foot, Footer: &foot, Horizontally: &yes}); err != nil {
		return err
	}
	footer := `&C&"` + typeface + `,Italic"&10&A · ` + w.say("trang", "page") + ` &P/&N`
	if err := f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: footer}); err != nil {
		return err
	}
	if s.heads[0] > 0 {
		titles := fmt.Sprintf("%s!$%d:$%d", quoted(s.name), s.heads[0], s.heads[1])
		if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: s.name}); err != nil {
			return err
		}
	}
	for _, link := range s.links {
		if err := f.SetCellHyperLink(s.name, link[0], link[1], "Location"); err != nil {
			return err
		}
	}
	return w.stream(s)
}

func (w *writer) stream(s *sheet) error {
	sw, err := w.f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, width := range s.widths {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if s.heads[1] > 0 {
		pane := "bottomLeft"
		if s.frozen > 0 {
			pane = "bottomRight"
		}
		if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.frozen, YSplit: s.heads[1],
			TopLeftCell: ref(s.frozen+1, s.heads[1]+1), ActivePane: pane}); err != nil {
			return err
		}
	}
	for i, line := range s.lines {
		values := make([]any, len(line))
		for k, c := range line {
			if values[k], err = w.streamed(c); err != nil {
				return err
			}
		}
		if err := sw.SetRow(ref(1, i+1), values, excelize.RowOpts{Height: s.tall(i + 1)}); err != nil {
			return err
		}
	}
	for _, m := range s.merges {
		if err := sw.MergeCell(ref(m[0], m[1]), ref(m[2], m[3])); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// streamed is the cell as the stream writer takes it: a formula with the value
// that it comes to, typed.
func (w *writer) streamed(c cell) (any, error) {
	if c == (cell{}) {
		return nil, nil
	}
	id, err := w.style(c.look)
	if err != nil {
		return nil, err
	}
	if s, ok := c.value.(string); ok {
		if s == "" && c.formula == "" {
			c.value = nil
		} else {
			c.value = strings.ToValidUTF8(s, "\uFFFD")
		}
	}
	return excelize.Cell{StyleID: id, Formula: c.formula, Value: c.value}, nil
}

// ref is "B3" for column 2, line 3.
func ref(column, line int) string {
	name, err := excelize.CoordinatesToCellName(column, line)
	if err != nil {
		return "XFD1" // beyond what a sheet can hold: refused when it is written
	}
	return name
}

// letters is "B" for column 2.
func letters(column int) string {
	return strings.TrimRight(ref(column, 1), "0123456789")
}

func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

func utf16(s string) []rune {
	var units []rune
	for _, r := range s {
		if units = append(units, r); r > 0xFFFF {
			units = append(units, 0)
		}
	}
	return units
}

// digits is how wide a column must be for a number with separators, and with
// two decimals where its column shows them.
func digits(v float64, decimals bool) float64 {
	whole := strconv.FormatFloat(math.Abs(math.Trunc(v)), 'f', 0, 64)
	n := len(whole) + (len(whole)-1)/3
	if v < 0 {
		n++
	}
	if decimals {
		n += 3
	}
	return float64(n) + 1.7
}

// linesFor is how many lines a text takes in a column of so many characters,
// broken between words.
func linesFor(s string, width float64) int {
	n := 0
	for _, paragraph := range strings.Split(s, "\n") {
		n++
		used := 0.0
		for _, word := range strings.Fields(paragraph) {
			long := 0.0
			for _, r := range word {
				if long++; unicode.IsUpper(r) {
					long += 0.4
				}
			}
			if used > 0 && used+1+long > width {
				n++
				used = 0
			}
			if used > 0 {
				used++
			}
			used += long
			for used > width {
				n++
				used -= width
			}
		}
	}
	return n
}
