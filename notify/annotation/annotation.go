// Package annotation gives a workbook back to whoever sent it, with what has to
// be mended shown where it stands: each cell coloured and commented, and a
// first sheet that lists them all and leads to them.
//
// It opens a stranger's file, so it runs in the confined child. Nothing else of
// the file is changed, except that macros and links to other files are left
// out: what we send out carries neither.
package annotation

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Mark is one thing to mend, as the letter numbers it.
type Mark struct {
	N       int
	Sheet   string   // of the sender's file
	Cells   []string // "D11" or "D11:E13"; empty if it is about the file
	Found   string   // what stands there
	Text    string   // what is wrong and what to do, in the reader's language
	Explain bool     // a reason in the notes does as well
}

// Words are what the first sheet says besides the marks.
type Words struct {
	Sheet  string    // its name: "CẦN SỬA"
	Title  string    // its first line
	Lead   string    // what to do with the file
	Heads  [4]string // number, cell, what stands there, what to do
	Author string    // of the comments
	Number string    // begins a comment: "Nội dung %d: "
	Either string    // says that a reason in the notes does as well
}

// Limits of what is opened and written.
const (
	maxUnzipped = 200 << 20
	maxPart     = 16 << 20
	maxMarks    = 500
	maxCells    = 200 // coloured for one mark
)

// Annotate returns the .xlsx or .xlsm in data with its marks, as .xlsx. Marks
// on sheets or cells that the file does not have stand on the first sheet
// alone. An error means that the file cannot be opened or written.
func Annotate(data []byte, marks []Mark, w Words) (out []byte, err error) {
	if data, err = bare(data); err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	defer f.Close()
	a := &annotated{File: f, styles: map[[2]int]int{}, comments: map[string]map[string][]string{}, grounds: map[string]string{}}
	if err := a.undo(w); err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	if len(marks) > maxMarks {
		marks = marks[:maxMarks]
	}
	for _, m := range marks {
		if err := a.mark(m, w); err != nil {
			return nil, fmt.Errorf("annotation: %w", err)
		}
	}
	if err := a.comment(w.Author); err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	if err := a.list(marks, w); err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("annotation: %w", err)
	}
	return b.Bytes(), nil
}

type annotated struct {
	*excelize.File
	styles   map[[2]int]int                 // a cell's style before and the colour → after
	comments map[string]map[string][]string // what each cell is told, by sheet
	grounds  map[string]string              // what each coloured cell had before: "sheet!D12" → "FFF2CC"
}

// The colours of a cell: what must be mended, and what may be explained. Dark
// text stays readable on both, and they differ for those who see no red.
var colours = [2]string{"FFC7CE", "FFEB9C"}

// sheet is the file's name of a sheet; case does not matter, as in Excel.
func (a *annotated) sheet(name string) (string, bool) {
	all := a.GetSheetList()
	i := slices.IndexFunc(all, func(s string) bool { return strings.EqualFold(s, name) })
	if i < 0 {
		return "", false
	}
	return all[i], true
}

func (a *annotated) mark(m Mark, w Words) error {
	sheet, ok := a.sheet(m.Sheet)
	if !ok {
		return nil
	}
	colour, text := 0, fmt.Sprintf(w.Number, m.N)+m.Text
	if m.Explain {
		colour, text = 1, text+" "+w.Either
	}
	cells := area(m.Cells)
	for i, cell := range cells {
		if _, ok := a.grounds[sheet+"!"+cell]; !ok {
			ground, err := a.ground(sheet, cell)
			if err != nil {
				return err
			}
			a.grounds[sheet+"!"+cell] = ground
		}
		if err := a.colour(sheet, cell, colour); err != nil {
			return err
		}
		if i == 0 {
			if a.comments[sheet] == nil {
				a.comments[sheet] = map[string][]string{}
			}
			a.comments[sheet][cell] = append(a.comments[sheet][cell], text)
		}
	}
	return nil
}

// area lists single cells, at most maxCells; what is no reference is left out.
func area(refs []string) (cells []string) {
	for _, ref := range refs {
		from, to, isArea := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
		if !isArea {
			to = from
		}
		c1, r1, err1 := excelize.CellNameToCoordinates(from)
		c2, r2, err2 := excelize.CellNameToCoordinates(to)
		if err1 != nil || err2 != nil {
			continue
		}
		for r := r1; r <= r2; r++ {
			for c := c1; c <= c2; c++ {
				if len(cells) == maxCells {
					return cells
				}
				name, _ := excelize.CoordinatesToCellName(c, r)
				if !slices.Contains(cells, name) {
					cells = append(cells, name)
				}
			}
		}
	}
	return cells
}

// colour gives a cell the same style with another ground.
func (a *annotated) colour(sheet, cell string, colour int) error {
	old, err := a.GetCellStyle(sheet, cell)
	if err != nil {
		return err
	}
	key := [2]int{old, colour}
	made, ok := a.styles[key]
	if !ok {
		style, err := a.GetStyle(old)
		if err != nil {
			return err
		}
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[colour]}}
		if made, err = a.NewStyle(style); err != nil {
			return err
		}
		a.styles[key] = made
	}
	return a.SetCellStyle(sheet, cell, cell, made)
}

// comment writes the comments. What the sender had noted in a cell comes after
// ours.
func (a *annotated) comment(author string) error {
	for _, sheet := range a.GetSheetList() {
		if len(a.comments[sheet]) == 0 {
			continue
		}
		theirs, err := a.GetComments(sheet)
		if err != nil {
			return err
		}
		cells := make([]string, 0, len(a.comments[sheet]))
		for cell := range a.comments[sheet] {
			cells = append(cells, cell)
		}
		slices.Sort(cells)
		for _, cell := range cells {
			texts := a.comments[sheet][cell]
			for _, c := range theirs {
				if c.Cell == cell {
					texts = append(texts, said(c))
					if err := a.DeleteComment(sheet, cell); err != nil {
						return err
					}
				}
			}
			if err := a.note(sheet, cell, author, strings.Join(texts, "\n")); err != nil {
				return err
			}
		}
	}
	return nil
}

// note writes one comment, in a box that its words fit into.
func (a *annotated) note(sheet, cell, author, text string) error {
	lines := 1 + len([]rune(text))/38 + strings.Count(text, "\n")
	return a.AddComment(sheet, excelize.Comment{Author: author, Cell: cell, Width: 260, Height: uint(20 + 18*min(lines, 20)),
		Paragraph: []excelize.RichTextRun{{Text: text}}})
}

// list makes the first sheet.
func (a *annotated) list(marks []Mark, w Words) error {
	name := w.Sheet
	for n := 2; ; n++ {
		if _, taken := a.sheet(name); !taken {
			break
		}
		name = w.Sheet + " " + strconv.Itoa(n) // a sheet of the sender's has this name
	}
	first := a.GetSheetList()[0]
	if _, err := a.NewSheet(name); err != nil {
		return err
	}
	if err := a.MoveSheet(name, first); err != nil {
		return err
	}
	a.SetActiveSheet(0)
	return a.rows(name, marks, w)
}

// first is the row of the first mark.
const first = 5

func (a *annotated) rows(name string, marks []Mark, w Words) error {
	style := func(s excelize.Style) int {
		id, err := a.NewStyle(&s)
		if err != nil {
			return 0
		}
		return id
	}
	border := []excelize.Border{{Type: "left", Color: "999999", Style: 1}, {Type: "right", Color: "999999", Style: 1}, {Type: "top", Color: "999999", Style: 1}, {Type: "bottom", Color: "999999", Style: 1}}
	font := func(bold bool, colour string) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: 12, Bold: bold, Color: colour}
	}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	title := style(excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 14, Bold: true}})
	lead := style(excelize.Style{Font: font(false, ""), Alignment: wrap})
	head := style(excelize.Style{Font: font(true, ""), Border: border, Alignment: wrap, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	plain := style(excelize.Style{Font: font(false, ""), Border: border, Alignment: wrap})
	link := style(excelize.Style{Font: font(false, "0563C1"), Border: border, Alignment: wrap})
	var ground [2]int
	for i, c := range colours {
		ground[i] = style(excelize.Style{Font: font(false, ""), Border: border, Alignment: wrap, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}}})
	}

	put := func(cell, text string, style int) error {
		if err := a.SetCellStr(name, cell, text); err != nil { // a string: never a formula
			return err
		}
		return a.SetCellStyle(name, cell, cell, style)
	}
	for _, c := range []struct {
		col   string
		width float64
	}{{"A", 6}, {"B", 26}, {"C", 24}, {"D", 70}} {
		if err := a.SetColWidth(name, c.col, c.col, c.width); err != nil {
			return err
		}
	}
	if err := put("A1", w.Title, title); err != nil {
		return err
	}
	if err := a.MergeCell(name, "A2", "D2"); err != nil {
		return err
	}
	if err := put("A2", w.Lead, lead); err != nil {
		return err
	}
	if err := a.SetRowHeight(name, 2, 16*float64(1+len([]rune(w.Lead))/100)); err != nil {
		return err
	}
	for i, text := range w.Heads {
		if err := put(string(rune('A'+i))+strconv.Itoa(first-1), text, head); err != nil {
			return err
		}
	}
	for i, m := range marks {
		row := strconv.Itoa(first + i)
		kind := 0
		text := m.Text
		if m.Explain {
			kind, text = 1, text+" "+w.Either
		}
		where, at := strings.Join(m.Cells, ", "), plain
		var coloured []string
		sheet, there := a.sheet(m.Sheet)
		if cells := area(m.Cells); there && len(cells) > 0 {
			where, at = sheet+" · "+where, link
			for _, cell := range cells {
				coloured = append(coloured, cell+"="+a.grounds[sheet+"!"+cell])
			}
			if err := errors.Join(put("E"+row, sheet, 0), put("F"+row, strings.Join(coloured, " "), 0)); err != nil {
				return err
			}
			target := "'" + strings.ReplaceAll(sheet, "'", "''") + "'!" + cells[0]
			if err := a.SetCellHyperLink(name, "B"+row, target, "Location"); err != nil {
				return err
			}
		}
		for _, err := range []error{
			a.SetCellInt(name, "A"+row, int64(m.N)), a.SetCellStyle(name, "A"+row, "A"+row, ground[kind]),
			put("B"+row, where, at), put("C"+row, m.Found, plain), put("D"+row, text, plain),
			a.SetRowHeight(name, first+i, 17*float64(max(1, 1+len([]rune(text))/62, 1+len([]rune(m.Found))/22, 1+len([]rune(where))/24))),
		} {
			if err != nil {
				return err
			}
		}
	}
	if err := a.SetColVisible(name, "E:F", false); err != nil {
		return err
	}
	paper, landscape, wide, high := 9, "landscape", 1, 0
	fit := true
	if err := a.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	return a.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit})
}
