package letter

import (
	"path"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/notify/annotation"
)

// Marked is a workbook to be given back with what is wrong with it shown in
// its cells.
type Marked struct {
	SHA256 string // of what its sender sent
	Name   string // for the copy that is given back
	Marks  []annotation.Mark
	Words  annotation.Words
}

// Marks are the problems that a letter is about, under the letter's own
// numbers, if they are in the cells of one workbook that this reader may have:
// a sender who is not known to be the unit gets back nothing but what he sent.
func Marks(f Facts) (m Marked, ok bool) {
	v, err := newView(f)
	if err != nil {
		return m, false
	}
	for i, o := range v.problems.all {
		if o.file || o.part.Kind != finding.Appendix || o.Cell == "" && len(o.Cells) == 0 {
			continue
		}
		if m.SHA256 != "" && m.SHA256 != o.part.SHA256 || v.Claimed && !v.answered(o.arrival) {
			return Marked{}, false
		}
		m.SHA256, m.Name = o.part.SHA256, givenBack(o.part.Name)
		cells := o.Cells
		if len(cells) == 0 {
			cells = []string{o.Cell}
		}
		m.Marks = append(m.Marks, annotation.Mark{
			N: i + 1, Sheet: o.Sheet, Cells: slices.Clone(cells), Found: o.Found, Text: v.say(o), Explain: rank(o) == 1,
		})
	}
	m.Words = v.markWords()
	return m, len(m.Marks) > 0 && m.SHA256 != ""
}

// toMend ends the name of a copy that is given back.
var toMend = "-can-sua"

// givenBack names the copy, once however often it goes to and fro.
func givenBack(name string) string {
	base := strings.TrimSuffix(name, path.Ext(name))
	return strings.TrimSuffix(base, toMend) + toMend + ".xlsx"
}

func (v *view) markWords() annotation.Words {
	author := v.Issuer
	if v.Lang == "en" {
		return annotation.Words{
			Sheet: "TO CORRECT", Title: "To correct: " + v.Unit,
			Lead:   "Please correct the coloured cells in this file itself, save it and send it back by replying to the message it came with. This sheet may stay.",
			Heads:  [4]string{"No.", "Cell", "Now says", "Please"},
			Author: author, Number: "Item %d: ", Either: "If the figure is right, please give the reason in the Notes column.",
		}
	}
	return annotation.Words{
		Sheet: "CẦN SỬA", Title: "Nội dung cần sửa: " + v.Unit,
		Lead:   "Đề nghị sửa các ô được tô màu ngay trên tệp này, lưu lại và gửi bằng cách trả lời thư đã nhận. Không cần xóa trang này.",
		Heads:  [4]string{"TT", "Ô", "Đang ghi", "Đề nghị"},
		Author: author, Number: "Nội dung %d: ", Either: "Nếu số liệu đúng, ghi lý do ở cột Ghi chú.",
	}
}
