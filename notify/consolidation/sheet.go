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
	orange = "FFD966"
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
	return w.newStyle(l)
}

func (w *writer) newStyle(l look) (int, error) {
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

// sheet is a sheet being put together. Its lines are made when they are
// written, one block after the other: a large campaign has a million of them.
type sheet struct {
	name     string
	widths   []float64
	blocks   []block
	n        int             // lines so far
	heights  map[int]float64 // by line, from 1; the others fit their text
	merges   [][4]int        // column, line to column, line
	links    [][2]string     // cell, location in this workbook
	files    []fileLink      // to files beside it
	heads    [2]int          // first and last line of the heads, repeated on every page
	frozen   int             // columns that stay when one scrolls to the right
	filter   bool            // arrows at the last line of the heads
	spans    []int           // lines of running text over all columns
	portrait bool
	printed  int    // the last line that is printed; 0: all are
	breaks   []int  // lines after which a page ends
	drawing  string // relation of its charts
}

// block is some lines of a sheet; of(i) are the cells of its i-th, from 0,
// valid until the next call.
type block struct {
	n  int
	of func(i int) []cell
}

// fileLink leads from a cell to a file, and if Location is not empty to a
// place in it ("'Phụ lục số liệu'!D11").
type fileLink struct{ cell, target, location string }

// add appends a line and returns its number, from 1.
func (s *sheet) add(cells ...cell) int { return s.addLines(1, func(int) []cell { return cells }) }

// head adds a line of running text over all columns.
func (s *sheet) head(words string, l look) {
	l.wrap = true
	s.spans = append(s.spans, s.add(cell{value: words, look: l}))
}

func (s *sheet) width() float64 {
	width := 0.0
	for _, c := range s.widths {
		width += c
	}
	return width
}

// spread gives running text all columns, and the lines that it needs there.
func (s *sheet) spread() {
	at := 0
	s.each(0, func(line int, cells []cell) {
		if at == len(s.spans) || s.spans[at] != line {
			return
		}
		at++
		s.merge(1, line, len(s.widths), line)
		size := cells[0].look.size
		if size == 0 {
			size = 11
		}
		words, _ := cells[0].value.(string)
		room := s.width() * 0.95 * 11 / size
		if cells[0].look.bold {
			room *= 0.9
		}
		s.height(line, min(409, (size+4)*float64(linesFor(words, room))+4))
	})
}

// addLines appends n lines and returns the number of the first.
func (s *sheet) addLines(n int, of func(i int) []cell) int {
	first := s.n + 1
	s.blocks, s.n = append(s.blocks, block{n, of}), s.n+n
	return first
}

// each walks over the lines after the first skip ones.
func (s *sheet) each(skip int, do func(line int, cells []cell)) {
	line := 0
	for _, b := range s.blocks {
		for i := range b.n {
			if line++; line > skip {
				do(line, b.of(i))
			}
		}
	}
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
func (s *sheet) tall(line int, cells []cell) float64 {
	if h, ok := s.heights[line]; ok {
		return h
	}
	most := 1
	for i, c := range cells {
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
	s.each(s.heads[1], func(_ int, cells []cell) {
		if column > len(cells) {
			return
		}
		if words, ok := cells[column-1].value.(string); ok {
			width = max(width, float64(utf8.RuneCountInString(words))+2)
		}
	})
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

// ref is "B3" for column 2, line 3.
func ref(column, line int) string {
	name, err := excelize.CoordinatesToCellName(column, line)
	if err != nil {
		return "XFD1" // beyond what a sheet can hold: refused when it is written
	}
	return name
}

// lettered are the names of the first columns, which are asked for most.
var lettered = func() (names [200]string) {
	for i := 1; i < len(names); i++ {
		names[i] = strings.TrimRight(ref(i, 1), "0123456789")
	}
	return names
}()

// letters is "B" for column 2.
func letters(column int) string {
	if column > 0 && column < len(lettered) {
		return lettered[column]
	}
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
	if all := 0.0; strings.IndexByte(s, '\n') < 0 {
		for _, r := range s {
			if all++; unicode.IsUpper(r) {
				all += 0.4
			}
		}
		if all <= width {
			return 1
		}
	}
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
