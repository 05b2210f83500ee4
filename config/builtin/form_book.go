package builtin

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

const typeface = "Times New Roman"

// Colours of the form: what is filled in, what is computed, what is a heading.
const (
	yellow = "FFF9DB"
	grey   = "E7E6E6"
	blue   = "DEEAF6"
)

// book is a workbook in the making. It remembers the first error, so that the
// sheets read as what they look like and not as error handling.
type book struct {
	f        *excelize.File
	sheet    string
	styles   map[look]int
	formulas []place // in the order in which they were set
	err      error
}

// place is a cell of the workbook.
type place struct{ sheet, cell string }

// look is how a cell looks and whether it may be typed into. Its zero value
// is plain, locked text of 12 points.
type look struct {
	size         float64
	bold, italic bool
	color, fill  string
	across       string // left, center, right
	top          bool
	border, wrap bool
	shrink       bool // rather than wrapped
	unlocked     bool
	format       string
	indent       int
}

func (b *book) do(err error) {
	if b.err == nil && err != nil {
		if b.sheet != "" {
			err = fmt.Errorf("sheet %s: %w", b.sheet, err)
		}
		b.err = err
	}
}

// set puts a constant into a cell.
func (b *book) set(cell string, value any) {
	b.do(b.f.SetCellValue(b.sheet, cell, value))
}

// formula puts a formula into a cell; its value is stored by withValues.
func (b *book) formula(cell, formula string) {
	b.do(b.f.SetCellFormula(b.sheet, cell, formula))
	b.formulas = append(b.formulas, place{b.sheet, cell})
}

// compute works out the value that every formula has on the blank form.
func (b *book) compute() map[place]string {
	values := map[place]string{}
	for _, p := range b.formulas {
		value, err := b.f.CalcCellValue(p.sheet, p.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			b.do(fmt.Errorf("%s!%s: %w", p.sheet, p.cell, err))
		}
		values[p] = value
	}
	return values
}

// dress gives the cells of an area ("A1" or "A1:K1") a look.
func (b *book) dress(area string, l look) {
	from, to := ends(area)
	b.do(b.f.SetCellStyle(b.sheet, from, to, b.style(l)))
}

// merge makes one cell of an area.
func (b *book) merge(area string) {
	from, to := ends(area)
	if from != to {
		b.do(b.f.MergeCell(b.sheet, from, to))
	}
}

func ends(area string) (from, to string) {
	from, to, ok := strings.Cut(area, ":")
	if !ok {
		to = from
	}
	return from, to
}

// height sets the height of rows in points. Excel does not grow a row for a
// merged cell by itself, so every height is set.
func (b *book) height(points float64, rows ...int) {
	for _, row := range rows {
		b.do(b.f.SetRowHeight(b.sheet, row, points))
	}
}

// widths sets the widths of the columns from A on, in characters.
func (b *book) widths(widths ...float64) {
	for i, width := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.f.SetColWidth(b.sheet, column, column, width))
	}
}

// name gives a cell of the current sheet its defined name.
func (b *book) name(name, cell string) {
	column, row, err := excelize.SplitCellName(cell)
	b.do(err)
	b.do(b.f.SetDefinedName(&excelize.DefinedName{
		Name:     name,
		RefersTo: fmt.Sprintf("'%s'!$%s$%d", b.sheet, column, row),
	}))
}

func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	size := l.size
	if size == 0 {
		size = 12
	}
	vertical := "center"
	if l.top {
		vertical = "top"
	}
	style := &excelize.Style{
		Font:       &excelize.Font{Family: typeface, Size: size, Bold: l.bold, Italic: l.italic, Color: l.color},
		Alignment:  &excelize.Alignment{Horizontal: l.across, Vertical: vertical, WrapText: l.wrap, ShrinkToFit: l.shrink, Indent: l.indent},
		Protection: &excelize.Protection{Locked: !l.unlocked},
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.border {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Style: 1, Color: "000000"})
		}
	}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	id, err := b.f.NewStyle(style)
	b.do(err)
	b.styles[l] = id
	return id
}

// protect locks what is not unlocked, without a password: the point is to
// guide, and a unit must still be able to change widths and formats.
func (b *book) protect() {
	b.do(b.f.ProtectSheet(b.sheet, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true,
		FormatCells: true, FormatColumns: true, FormatRows: true,
		EditObjects: true, EditScenarios: true,
	}))
}

// page makes the sheet come out of a printer as one A4 landscape page.
func (b *book) page(area, titleRows, dimension string, zoom float64) {
	const paperA4 = 9
	var (
		size       = paperA4
		landscape  = "landscape"
		one        = 1
		yes        = true
		margin     = 1.5 / 2.54 // inches
		foot       = 0.7 / 2.54
		gridlines  = false
		normalView = "normal"
	)
	b.do(b.f.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &one, FitToHeight: &one}))
	b.do(b.f.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.do(b.f.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &foot, Footer: &foot, Horizontally: &yes}))
	b.do(b.f.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{OddFooter: footer}))
	b.do(b.f.SetSheetView(b.sheet, 0, &excelize.ViewOptions{ShowGridLines: &gridlines, ZoomScale: &zoom, View: &normalView}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: absolute(b.sheet, area), Scope: b.sheet}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: absolute(b.sheet, titleRows), Scope: b.sheet}))
	// Without a dimension some readers believe that the sheet is one cell.
	b.do(b.f.SetSheetDimension(b.sheet, dimension))
}

const footer = `&L&"` + typeface + `,Italic"&10Mẫu gửi kèm Công văn số 624-CV/BDVTU ngày 03/10/2022 của Ban Dân vận Tỉnh ủy Quảng Ngãi`

// absolute is "A1:K40" or "1:2" as a reference that does not move.
func absolute(sheet, area string) string {
	var ref strings.Builder
	for i, part := range strings.Split(area, ":") {
		if i > 0 {
			ref.WriteByte(':')
		}
		letters := strings.TrimRight(part, "0123456789")
		if letters != "" {
			ref.WriteString("$" + letters)
		}
		ref.WriteString("$" + part[len(letters):])
	}
	return "'" + sheet + "'!" + ref.String()
}

// custom sets a property of the document.
func (b *book) custom(name, value string) {
	b.do(b.f.SetCustomProps(excelize.CustomProperty{Name: name, Value: value}))
}
