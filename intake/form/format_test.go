package form

import (
	"fmt"
	"html"
	"maps"
	"strings"
	"testing"

	"dondoc/intake/workbook"
)

// TestTheAnnexAsTextOrPage reads the annex where somebody saved that sheet as
// .csv or as a page (TEMPLATE §6, 16 and 17): the figures are there, the names
// and the other sheets are not.
func TestTheAnnexAsTextOrPage(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	maps.DeleteFunc(right, func(name string, _ any) bool { return strings.HasPrefix(name, "DVK_MH") })
	b, err := workbook.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sheet(annex)
	csv := func(separator, newline, bom string) []byte {
		var out strings.Builder
		out.WriteString(bom)
		for row := 1; row <= s.LastRow(); row++ {
			for col := 1; col <= 11; col++ {
				if col > 1 {
					out.WriteString(separator)
				}
				if text := shown(s.Cell(col, row)); strings.ContainsAny(text, separator+"\"\n") {
					out.WriteString(`"` + strings.ReplaceAll(text, `"`, `""`) + `"`)
				} else {
					out.WriteString(text)
				}
			}
			out.WriteString(newline)
		}
		return []byte(out.String())
	}
	page := func() []byte {
		var out strings.Builder
		out.WriteString(`<html><head><meta charset="utf-8"></head><body><table border=1>`)
		for row := 1; row <= s.LastRow(); row++ {
			out.WriteString("<tr>")
			for col := 1; col <= 11; col++ {
				m, merged := s.Merge(col, row)
				if merged && (m.Col != col || m.Row != row) {
					continue
				}
				if merged {
					fmt.Fprintf(&out, "<td colspan=%d rowspan=%d>", m.LastCol-m.Col+1, m.LastRow-m.Row+1)
				} else {
					out.WriteString("<td>")
				}
				out.WriteString(html.EscapeString(shown(s.Cell(col, row))) + "</td>")
			}
			out.WriteString("</tr>\n")
		}
		return []byte(out.String() + "</table></body></html>")
	}
	for _, c := range []struct {
		sentence string
		data     []byte
		format   string
	}{
		{"with commas", csv(",", "\n", ""), ".csv, UTF-8, ','"},
		{"with semicolons, as a machine set to Vietnamese saves it", csv(";", "\r\n", "\ufeff"), ".csv, UTF-8, ';'"},
		{"with tabs", csv("\t", "\r\n", ""), `.csv, UTF-8, '\t'`},
		{"a page that calls itself .xls", page(), "HTML, UTF-8"},
	} {
		part, ours, err := f.Check(c.data, Options{Name: "PL.xls"})
		if err != nil || !ours {
			t.Errorf("%s: %v %v", c.sentence, ours, err)
			continue
		}
		if got := kinds(part); got != "S05 W, S09 W" && got != "N11 I, S05 W, S09 W" {
			t.Errorf("%s: %s", c.sentence, got)
			for _, p := range part.Problems {
				t.Logf("%+v", p)
			}
		}
		for _, silently := range silent(f, right, part) {
			t.Errorf("%s: silently %s", c.sentence, silently)
		}
		if got := part.Problems[0].Args["dinh_dang"]; !strings.HasPrefix(got, c.format) {
			t.Errorf("%s: %s", c.sentence, got)
		}
	}
}
