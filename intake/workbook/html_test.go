package workbook

import (
	"reflect"
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	for _, test := range []struct{ sentence, page, want string }{
		{"a table", `<table><tr><th>TT<th>Số</tr><tr><td>1</td><td>3 mô hình</td></tr></table>`, "A1=TT B1=Số A2=1n B2=3 mô hình"},
		{"lines and white space", "<table><tr><td>  a\n  b<br>c<p>d</p>&nbsp;<td>&nbsp;<td>e&amp;f</table>", "A1=a b\nc\nd C1=e&f"},
		{"text around the tables", `<html><body><h1>PHỤ LỤC</h1><p>Đơn vị: <b>A</b></p><table><tr><td>1</table><div>Biểu 2</div><table><tr><td>2</table>`, "A1=PHỤ LỤC A2=Đơn vị: A A3=1n A5=Biểu 2 A6=2n"},
		{"cells over rows and columns", `<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<tr><td>e</table>`, "A1=a B1=b B2=c C2=d A3=e A1:A2 B1:C1"},
		{"a table in a table", `<table><tr><td><table><tr><td>1<td>2</table><td>3</table>`, "A2=1n B2=2n B3=3n"},
		{"cells without a row", `<table><td>1<td>2</table><td>3`, "A1=1n B1=2n A3=3n"},
		{"what Excel writes about values", `<style>.xl1{mso-number-format:"Short Date";} .xl2{mso-number-format:"\@";} .xl3{mso-number-format:Percent} .xl4{mso-number-format:"0\0022 mô hình\0022"} .xl5{mso-number-format:"dd\/mm\/yy"}</style><table><tr><td class=xl1 x:num="44684">03/05/2022<td class=xl2>05<td class=xl2>5<td x:num>5<td x:num="1234.5" x:fmla="=A1">1.235<td class=xl3 x:num="0.5">50%<td class=xl4 x:num="3">3 mô hình<td class=xl5 x:num="44684">03/05/22</table>`,
			"A1=44684d B1=05 C1=5 D1=5n E1=1234.5n F1=0.5n G1=3n H1=44684d"},
		{"decimals with a comma", `<table><tr><td>12,5<td>1.234<td>1.234,5</table>`, "A1=12.5n B1=1.234 C1=1.234,5"},
		{"scripts and styles are no text", `<table><tr><td><script>var a = "<td>x";</script><style>p{}</style>a</table>`, "A1=a"},
		{"the encoding that it says", "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'><table><tr><td>\xd8", "A1=Ш"},
		{"an encoding that nobody knows", "<meta charset=none><table><tr><td>\xd8", "A1=Ø"},
		{"formats that Excel names", `<table><tr><td style="mso-number-format:'Long Time'" x:num="0.25">06:00<td style="mso-number-format:Fixed" x:num="2">2.00<td style="display:none">x</table>`, "A1=0.25d B1=2n C1=x"},
		{"an error", `<table><tr><td>#REF!</table>`, "A1=#REF!f"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open([]byte(test.page))
			if err != nil {
				t.Fatal(err)
			}
			got := kinds(b.Sheets[0])
			for _, m := range b.Sheets[0].Merges {
				got += " " + m.Area()
			}
			if got != test.want || b.Format != "html" || b.Guess == nil {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestHTMLFontsAndHidden(t *testing.T) {
	b, err := Open([]byte(`<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252"><!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>Biểu&#32;1</x:Name></x:ExcelWorksheet></xml><![endif]--><style><!-- td {x:y} .xl9 {font-family:".VnTime", serif;} --></style></head>` +
		`<table><col><col style='display:none'><tr><td class=xl9>ViÖt<td>b<td><font face="VNI-Times, Arial">c</font>d<tr style="display:none"><td>e</table>`))
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sheets[0]
	if s.Name != "Biểu 1" || s.Cell(1, 1).Font != ".VnTime" || !s.Cell(2, 1).Hidden || s.Cell(1, 1).Hidden || !s.Cell(1, 2).Hidden {
		t.Errorf("%s %+v", s.Name, s.Cells())
	}
	if got, want := s.Cell(3, 1).Runs, []Run{{"c", "VNI-Times"}, {"d", ""}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestWebArchive(t *testing.T) {
	b, err := Open([]byte(strings.ReplaceAll(`MIME-Version: 1.0
X-Document-Type: Workbook
Content-Type: multipart/related; boundary="B"

--B
Content-Location: file:///C:/a.htm
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"

<html><!--[if gte mso 9]><x:ExcelWorkbook><x:ExcelWorksheet><x:Name>M=E1=BB=99t</x:Name></x:ExcelWorksheet><x:Name>Hai</x:Name>--><frameset></frameset>

--B
Content-Location: file:///C:/sheet1.htm
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"

<html><table><tr><td x:str>1</table>

--B
Content-Location: file:///C:/sheet2.htm
Content-Transfer-Encoding: base64
Content-Type: text/html; charset="utf-8"

PHRhYmxlPjx0cj48dGQ+MjwvdGFibGU+

--B--
`, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Sheets) != 2 || b.Sheets[0].Name != "Một" || kinds(b.Sheets[0]) != "A1=1" || b.Sheets[1].Name != "Hai" || kinds(b.Sheets[1]) != "A1=2n" {
		t.Errorf("%q", show(b))
	}
	_, err = Open([]byte("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\n\nhello\n--B--\n"))
	if e, ok := err.(*Error); !ok || e.Kind != NotAWorkbook {
		t.Error(err)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(`<style>.a{font-family:".VnTime"}</style><table><col style="display:none" span=2><tr><td rowspan=2 class=a x:num="1">1<td colspan=2><font face=x>b</font><br>c<tr><td><table><tr><td>d</table></table>e`))
	f.Add([]byte("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"B\"\n\n--B\nContent-Type: text/html\n\n<table><tr><td>1</table>\n--B--\n"))
	f.Fuzz(check)
}
