package form

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/document/legacy"
	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// oldText is what a cell held before it was made Unicode.
type oldText struct {
	raw      string
	font     string
	encoding legacy.Encoding
}

// maxOldTexts bounds the different texts of a workbook that are weighed. A form
// has some hundreds, most of them our own; what has more is none.
const maxOldTexts = 5000

// modern makes every text of a workbook Unicode, in place, before anything
// looks at it: labels too come in the fonts of before. It returns what was
// changed. Texts that stand on the blank form word for word are ours.
func (f *Form) modern(b *workbook.Book) map[place]oldText {
	var changed map[place]oldText
	left := maxOldTexts
	for _, s := range b.Sheets {
		var decider legacy.Decider
		var doubtful []*workbook.Cell
		cells := s.Cells()
		heard := map[string]bool{}
		for i := range cells {
			c := &cells[i]
			if c.Type != workbook.Text || f.own[c.Raw] {
				continue
			}
			if !heard[c.Raw] {
				if left--; left < 0 {
					break
				}
				heard[c.Raw] = true
				for _, r := range runs(c) {
					decider.Add(r.Text, r.Font)
				}
			}
			doubtful = append(doubtful, c)
		}
		for _, c := range doubtful {
			text, applied := decider.DecodeRuns(runs(c))
			if len(applied) == 0 {
				c.Raw = text
				continue
			}
			if changed == nil {
				changed = map[place]oldText{}
			}
			changed[place{s.Name, c.Col, c.Row}] = oldText{c.Raw, c.Font, applied[0]}
			c.Raw = text
		}
	}
	return changed
}

func runs(c *workbook.Cell) []legacy.Run {
	if len(c.Runs) == 0 {
		return []legacy.Run{{Text: c.Raw, Font: c.Font}}
	}
	out := make([]legacy.Run, len(c.Runs))
	for i, r := range c.Runs {
		out[i] = legacy.Run(r)
	}
	return out
}

// ownTexts are the texts of the blank form.
func ownTexts(b *workbook.Book) map[string]bool {
	m := map[string]bool{}
	for _, s := range b.Sheets {
		for _, c := range s.Cells() {
			if c.Type == workbook.Text && norm.NFC.IsNormalString(c.Raw) {
				m[c.Raw] = true
			}
		}
	}
	return m
}

// maxNamed bounds the cells that one problem names.
const maxNamed = 100

// oldFonts says once that texts were decoded (S16), with an example: a cell
// that was filled in before a label. The sheets that were not read are nobody's
// business.
func (c *check) oldFonts() {
	read := map[string]bool{}
	input := map[place]int{}
	for at, to := range c.where.at {
		read[to.sheet] = true
		for i := range c.inputs {
			if c.inputs[i].at == at {
				input[to] = i
			}
		}
	}
	var at []place
	for p := range c.old {
		if read[p.sheet] {
			at = append(at, p)
		}
	}
	if len(at) == 0 {
		return
	}
	first := func(p place) int {
		if _, ok := input[p]; ok {
			return 0
		}
		return 1
	}
	slices.SortFunc(at, func(a, b place) int {
		return compare(first(a)-first(b), strings.Compare(a.sheet, b.sheet), a.row-b.row, a.col-b.col)
	})
	cell := func(p place) string { return workbook.Address(p.col, p.row) }
	was := c.old[at[0]]
	now := plainText(c.textAt(at[0]))
	p := finding.Problem{Code: "S16", Severity: finding.Noted, Sheet: at[0].sheet, Cell: cell(at[0]), Found: was.raw,
		Args: map[string]string{"o": cell(at[0]), "gia_tri": was.raw, "vi_du": "“" + now + "”", "phong": was.font}}
	for _, a := range at[:min(len(at), maxNamed)] {
		if a.sheet == p.Sheet {
			p.Cells = append(p.Cells, cell(a))
		}
		if i, ok := input[a]; ok {
			p.Inputs = append(p.Inputs, c.inputs[i].Name)
		}
	}
	switch was.encoding {
	case legacy.TCVN3, legacy.VNI:
		if _, named := legacy.Family(was.font); named == legacy.Unicode {
			p.Args["phong"] = string(was.encoding) // the font has been changed, the text has not
		}
	default:
		p.Args["phong"] = string(was.encoding)
		p.Words = map[string]string{
			"vi": fmt.Sprintf("Một số ô ghi theo bảng mã %s đã được chuyển sang Unicode, ví dụ: “%s”. Nếu chưa đúng, đề nghị phản hồi.", was.encoding, now),
			"en": fmt.Sprintf("Some cells were written in %s and were converted to Unicode, for example: “%s”. If this is not right, please let us know.", was.encoding, now),
		}
	}
	c.add(p)
}
