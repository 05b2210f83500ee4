package intake

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
	sheets "dondoc/intake/workbook"
)

// asTables writes areas of a filled form as the tables of a .docx, as somebody
// does who types the form off.
func asTables(t testing.TB, data []byte, areas ...string) string {
	t.Helper()
	b, err := sheets.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, area := range areas {
		r, _ := sheets.ParseRef(area)
		out.WriteString("<w:tbl>")
		for row := r.Row; row <= r.LastRow; row++ {
			out.WriteString("<w:tr>")
			for col := r.Col; col <= r.LastCol; col++ {
				fmt.Fprintf(&out, "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>", html.EscapeString(b.Sheets[0].Cell(col, row).Raw))
			}
			out.WriteString("</w:tr>")
		}
		out.WriteString("</w:tbl>")
	}
	return out.String()
}

func TestAFormTypedIntoAText(t *testing.T) {
	j := judgeOf(t)
	full := workbook(t, known.Form, fillIn)
	report := reportOf(t, "HUYỆN ỦY BÌNH SƠN")
	into := func(areas ...string) []byte {
		return edited(t, report, "Nơi nhận:</w:t></w:r></w:p>", "Nơi nhận:</w:t></w:r></w:p>"+asTables(t, full, areas...))
	}
	tables := []string{"A9:G14", "A17:K24", "A27:F32"}
	alone := edited(t, docx(t, "PHỤ LỤC SỐ LIỆU", "X"), "<w:p><w:r><w:t>X</w:t></w:r></w:p>", asTables(t, full, tables...))
	if p := j.filled(alone); p.Kind != finding.Appendix || p.Verdict != finding.NeedsFix || p.Values["DVK_B1_12_TT"] != 21.0 {
		t.Errorf("a text checked as a form: %s %s %v", p.Kind, p.Verdict, p.Values["DVK_B1_12_TT"])
	}
	if p := j.filled(report); p.Kind != finding.Other {
		t.Errorf("a report checked as a form: %s", p.Kind)
	}
	right := j.Judge(eml("a@x.example", "PL", "", attached{"PL.xlsx", full}), func(string, []byte) {}).Parts[0].Values
	for _, row := range []struct {
		sentence string
		files    []attached
		want     []string
		values   int // the part that has them; -1 for none
	}{
		{"at the end of the report it is a part of its own", []attached{{"BC.docx", into(tables...)}}, []string{"BC.docx report", "BC.docx appendix S04/X"}, 1},
		{"as a file of its own it is the appendix", []attached{{"BC.docx", report}, {"Phu luc so lieu.docx", alone}}, []string{"BC.docx report", "Phu luc so lieu.docx appendix S04/X"}, 1},
		{"beside the workbook it is not read", []attached{{"BC.docx", into(tables...)}, {"PL.xlsx", full}}, []string{"BC.docx report", "PL.xlsx appendix"}, 1},
		{"one table of it in a report is a table of the report", []attached{{"BC.docx", into(tables[0])}}, []string{"BC.docx report"}, -1},
	} {
		r := j.Judge(eml("Văn thư <vanthu@hubinhson.quangngai.example>", "Báo cáo", "Kính gửi", row.files...), func(string, []byte) {})
		if got := list(r.Parts); !slices.Equal(got, row.want) {
			t.Errorf("%s:\n got %q\nwant %q", row.sentence, got, row.want)
			continue
		}
		if row.values < 0 {
			continue
		}
		p := r.Parts[row.values]
		for name, v := range right {
			if _, number := v.(float64); number && p.Values[name] != v {
				t.Errorf("%s: %s = %v, want %v", row.sentence, name, p.Values[name], v)
			}
		}
		if p.SHA256 == "" || p.Path == "" || p.Kind != finding.Appendix {
			t.Errorf("%s: %+v", row.sentence, p)
		}
	}
}
