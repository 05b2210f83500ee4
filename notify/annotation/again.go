package annotation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What was marked before is in the first sheet: who mends a copy that we gave
// back sends it with our colours and comments, also of cells that are right by
// now. The sheet keeps in two hidden columns which cells were coloured and what
// ground they had, so that the next copy shows what is wrong now and no more.

// undo takes away the marks of an earlier copy, and its list.
func (a *annotated) undo(w Words) error {
	for _, name := range a.GetSheetList() {
		if !strings.HasPrefix(strings.ToUpper(name), strings.ToUpper(w.Sheet)) || !a.ours(name, w) {
			continue
		}
		for row := first; row < first+maxMarks; row++ {
			at := strconv.Itoa(row)
			sheetName, err := a.GetCellValue(name, "E"+at)
			if err != nil {
				return err
			}
			grounds, err := a.GetCellValue(name, "F"+at)
			if err != nil {
				return err
			}
			if sheet, ok := a.sheet(sheetName); ok && sheetName != "" {
				if err := a.restore(sheet, grounds, w); err != nil {
					return err
				}
			}
		}
		if len(a.GetSheetList()) > 1 {
			if err := a.DeleteSheet(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// ours reports whether a sheet is a list that we made.
func (a *annotated) ours(name string, w Words) bool {
	for i, head := range w.Heads {
		if got, err := a.GetCellValue(name, string(rune('A'+i))+strconv.Itoa(first-1)); err != nil || got != head {
			return false
		}
	}
	return true
}

// restore gives cells the ground that they had ("D12=FFF2CC D13="), and takes
// our words out of their comments.
func (a *annotated) restore(sheet, grounds string, w Words) error {
	ours := regexp.MustCompile(`^` + strings.Replace(regexp.QuoteMeta(w.Number), "%d", `\d+`, 1))
	comments, err := a.GetComments(sheet)
	if err != nil {
		return err
	}
	for i, one := range strings.Fields(grounds) {
		cell, ground, ok := strings.Cut(one, "=")
		if _, _, err := excelize.CellNameToCoordinates(cell); err != nil || !ok || i == maxCells {
			continue
		}
		style, err := a.styleOf(sheet, cell)
		if err != nil {
			return err
		}
		if len(style.Fill.Color) == 1 && slices.Contains(colours[:], rgb(style.Fill.Color[0])) && ground != unknownGround {
			style.Fill = excelize.Fill{}
			if ground != "" {
				style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ground}}
			}
			id, err := a.NewStyle(style)
			if err != nil {
				return err
			}
			if err := a.SetCellStyle(sheet, cell, cell, id); err != nil {
				return err
			}
		}
		for _, c := range comments {
			if c.Cell != cell {
				continue
			}
			theirs := slices.DeleteFunc(strings.Split(said(c), "\n"), ours.MatchString)
			if err := a.DeleteComment(sheet, cell); err != nil {
				return err
			}
			if text := strings.TrimSpace(strings.Join(theirs, "\n")); text != "" {
				if err := a.note(sheet, cell, c.Author, text); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// unknownGround is of a pattern that is not written down here: the colour
// stays.
const unknownGround = "?"

// ground is the fill of a cell, in a word.
func (a *annotated) ground(sheet, cell string) (string, error) {
	style, err := a.styleOf(sheet, cell)
	switch {
	case err != nil:
		return "", err
	case len(style.Fill.Color) == 0 && style.Fill.Pattern == 0:
		return "", nil
	case style.Fill.Type == "pattern" && style.Fill.Pattern == 1 && len(style.Fill.Color) == 1:
		return rgb(style.Fill.Color[0]), nil
	}
	return unknownGround, nil
}

// rgb is a colour without what some programs write before it: "#", or how much
// shows through.
func rgb(colour string) string { return strings.ToUpper(colour[max(0, len(colour)-6):]) }

func (a *annotated) styleOf(sheet, cell string) (*excelize.Style, error) {
	id, err := a.GetCellStyle(sheet, cell)
	if err != nil {
		return nil, err
	}
	return a.GetStyle(id)
}

// said is the text of a comment.
func said(c excelize.Comment) string {
	text := c.Text
	for _, r := range c.Paragraph {
		text += r.Text
	}
	return strings.TrimSpace(text)
}
