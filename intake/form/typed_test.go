package form

import (
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// tablesOf are the three tables of the annex as Word's users type them off: a
// cell that spans others is followed by empty ones.
func tablesOf(t *testing.T, f *Form, data []byte) [][][]string {
	b, err := workbook.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sheet(annex)
	var out [][][]string
	for _, area := range []string{"A9:G14", "A17:K24", "A27:F32"} {
		r, _ := workbook.ParseRef(area)
		var table [][]string
		for row := r.Row; row <= r.LastRow; row++ {
			var line []string
			for col := r.Col; col <= r.LastCol; col++ {
				line = append(line, shown(s.Cell(col, row)))
			}
			table = append(table, line)
		}
		out = append(out, table)
	}
	return out
}

func TestTheFormTypedIntoAText(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	letter := [][]string{{"ĐẢNG BỘ TỈNH", "ĐẢNG CỘNG SẢN VIỆT NAM"}, {"HUYỆN ỦY A", ""}}
	for _, c := range []struct {
		sentence string
		change   func(tables [][][]string) [][][]string
		ours     bool
		want     string
	}{
		{"three tables among others", func(tt [][][]string) [][][]string { return append([][][]string{letter}, tt...) }, true, "S04 X"},
		{"without the rows of codes and the column Mã số", func(tt [][][]string) [][][]string {
			for i := range tt {
				codes := map[int]int{0: 1, 1: 2, 2: 1}[i]
				tt[i] = append(tt[i][:codes:codes], tt[i][codes+1:]...)
				for r := range tt[i] {
					tt[i][r] = append(tt[i][r][:2:2], tt[i][r][3:]...)
				}
			}
			return tt
		}, true, "S04 X"},
		{"in the words that people use", func(tt [][][]string) [][][]string {
			tt[0][2][3], tt[1][4][1] = "06 mô hình", "VH-XH"
			return tt
		}, true, "N11 W, S04 X"},
		{"a table is missing", func(tt [][][]string) [][][]string { return tt[:2] }, true, "S04 X, S10 E"},
		{"a table that stands there twice with other figures", func(tt [][][]string) [][][]string {
			again := [][]string{}
			for _, row := range tt[0] {
				again = append(again, append([]string{}, row...))
			}
			again[2][3] = "9"
			return append(tt, again)
		}, true, "S04 X, S11 H"},
		{"tables of something else", func([][][]string) [][][]string { return [][][]string{letter, {{"TT", "Họ tên"}, {"1", "A"}}} }, false, ""},
		{"the blank form, printed", func(tt [][][]string) [][][]string {
			for _, r := range tt[0][2:5] {
				r[3], r[4] = "", ""
			}
			for _, r := range tt[1][3:7] {
				r[3], r[4], r[6], r[7] = "", "", "", ""
			}
			for _, r := range tt[2][2:5] {
				r[3], r[4] = "", ""
			}
			return tt
		}, true, "S15 E"},
		{"no tables", func([][][]string) [][][]string { return nil }, false, ""},
	} {
		part, ours, err := f.CheckTables(c.change(tablesOf(t, f, data)), Options{Name: "BC.docx"})
		if err != nil || ours != c.ours || kinds(part) != c.want {
			t.Errorf("%s: %v %v %q, want %q", c.sentence, ours, err, kinds(part), c.want)
			continue
		}
		if !ours {
			continue
		}
		if part.Kind != finding.Appendix || part.Verdict != finding.NeedsFix {
			t.Errorf("%s: %s %s", c.sentence, part.Kind, part.Verdict)
		}
		for _, in := range f.inputs {
			if got := part.Values[in.Name]; in.Number() && got != right[in.Name] && !strings.Contains(c.want, "E") && !strings.Contains(c.want, "H") {
				t.Errorf("%s: %s = %v, want %v", c.sentence, in.Name, got, right[in.Name])
			}
		}
		if strings.HasPrefix(c.want, "S04") {
			if s := part.Problems[0].Args["tom_tat"]; !strings.HasPrefix(s, "Biểu 1: Cấp tỉnh ") || !strings.Contains(s, ". Biểu 2: Kinh tế 14, 6, 13, 5; Văn hóa - xã hội 12, 4") {
				t.Errorf("%s: %s", c.sentence, s)
			}
		}
	}
}
