package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

const (
	typesXML = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	topXML   = `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookXML  = `<workbook xmlns:r="r"><sheets><sheet name="Biểu" sheetId="1" r:id="rId1"/></sheets></workbook>`
	relsXML  = `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/></Relationships>`
	stringsX = `<sst><si><t>một</t></si><si><r><rPr><rFont val="Arial"/></rPr><t>ha</t></r><r><rPr><rFont val=".VnTime"/></rPr><t xml:space="preserve">i </t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh></si></sst>`
	stylesX  = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-42A]dd/mm/yyyy;@"/><numFmt numFmtId="171" formatCode="0&quot; mô hình ymd&quot;"/></numFmts><fonts><font><name val="Arial"/></font><font><name val="VNI-Times"/></font></fonts><cellStyleXfs><xf numFmtId="14" fontId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="1"/><xf numFmtId="170" fontId="0"/><xf numFmtId="171" fontId="0"/><xf numFmtId="9" fontId="0"/></cellXfs></styleSheet>`
)

// parts makes a workbook of raw parts: the sheet's rows are given, any other
// part may be replaced or, by an empty text, left out.
func parts(t testing.TB, rows string, replace ...string) []byte {
	t.Helper()
	files := map[string]string{
		"[Content_Types].xml": typesXML, "_rels/.rels": topXML, "xl/workbook.xml": bookXML,
		"xl/_rels/workbook.xml.rels": relsXML, "xl/sharedStrings.xml": stringsX, "xl/styles.xml": stylesX,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
	}
	var twice string
	for i := 0; i+1 < len(replace); i += 2 {
		if replace[i] == "twice" {
			twice = replace[i+1]
			continue
		}
		files[replace[i]] = replace[i+1]
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write := func(name, text string) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(text))
	}
	for name, text := range files {
		if text != "" {
			write(name, text)
		}
	}
	if twice != "" {
		write(twice, files[twice])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		sentence, cell string
		want           Cell
	}{
		{"a number", `<c r="B2"><v>3</v></c>`, Cell{Type: Number, Raw: "3", Number: 3, Font: "Arial"}},
		{"a shared text", `<c r="B2" t="s"><v>0</v></c>`, Cell{Type: Text, Raw: "một", Font: "Arial"}},
		{"a rich text tells its old font, not its phonetics", `<c r="B2" t="s"><v>1</v></c>`, Cell{Type: Text, Raw: "hai ", Font: ".VnTime", Runs: []Run{{"ha", "Arial"}, {"i ", ".VnTime"}}}},
		{"an inline text with entities", `<c r="B2" t="inlineStr"><is><t>A&amp;B &#x1EA1;</t></is></c>`, Cell{Type: Text, Raw: "A&B ạ", Font: "Arial"}},
		{"text in pieces is composed", `<c r="B2" t="str"><v>` + "Ho\u0323p" + `</v></c>`, Cell{Type: Text, Raw: "Họp", Font: "Arial"}},
		{"an escaped line end", `<c r="B2" t="str"><v>a_x000A_b_x_</v></c>`, Cell{Type: Text, Raw: "a\nb_x_", Font: "Arial"}},
		{"character data", `<c r="B2" t="str"><v><![CDATA[<3>]]></v></c>`, Cell{Type: Text, Raw: "<3>", Font: "Arial"}},
		{"a truth", `<c r="B2" t="b"><v>1</v></c>`, Cell{Type: Bool, Raw: "TRUE", Font: "Arial"}},
		{"an error", `<c r="B2" t="e"><v>#REF!</v></c>`, Cell{Type: Fault, Raw: "#REF!", Font: "Arial"}},
		{"a date by built-in format", `<c r="B2" s="1"><v>44684</v></c>`, Cell{Type: Date, Raw: "44684", Number: 44684, Font: "VNI-Times", Format: "dd/mm/yyyy"}},
		{"a date by a format of its own", `<c r="B2" s="2"><v>44684</v></c>`, Cell{Type: Date, Raw: "44684", Number: 44684, Font: "Arial", Format: "[$-42A]dd/mm/yyyy;@"}},
		{"letters in quotes make no date", `<c r="B2" s="3"><v>3</v></c>`, Cell{Type: Number, Raw: "3", Number: 3, Font: "Arial", Format: `0" mô hình ymd"`}},
		{"a percentage", `<c r="B2" s="4"><v>0.5</v></c>`, Cell{Type: Number, Raw: "0.5", Number: 0.5, Font: "Arial", Format: "0%", Percent: true}},
		{"a date written out", `<c r="B2" t="d"><v>2022-05-03</v></c>`, Cell{Type: Date, Raw: "2022-05-03", Number: 44684, Font: "Arial"}},
		{"a formula with its result", `<c r="B2"><f>A1+1</f><v>4</v></c>`, Cell{Type: Number, Raw: "4", Number: 4, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula without a result is not empty", `<c r="B2" t="str"><f>A1+1</f></c>`, Cell{Formula: true, Font: "Arial"}},
		{"a formula with an empty text", `<c r="B2" t="str"><f>A1+1</f><v></v></c>`, Cell{Type: Text, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula not computed yet", `<c r="B2"><f>A1+1</f><v></v></c>`, Cell{Formula: true, Font: "Arial"}},
		{"the ends of lines are what XML says", "<c r=\"B2\" t=\"str\"><v>a\r\nb_x000D_</v></c>", Cell{Type: Text, Raw: "a\nb\r", Font: "Arial"}},
		{"a text of the cell's own in two fonts", `<c r="B2" s="1" t="inlineStr"><is><r><t>a</t></r><r><rPr><rFont val="Arial"/></rPr><t>b</t></r></is></c>`, Cell{Type: Text, Raw: "ab", Font: "VNI-Times", Format: "dd/mm/yyyy", Runs: []Run{{"a", "VNI-Times"}, {"b", "Arial"}}}},
		{"a shared formula", `<c r="B2"><f t="shared" si="0"/><v>4</v></c>`, Cell{Type: Number, Raw: "4", Number: 4, Formula: true, HasCache: true, Font: "Arial"}},
		{"a styled blank", `<c r="B2" s="1"/>`, Cell{}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(parts(t, `<row r="2">`+test.cell+`</row>`))
			if err != nil {
				t.Fatal(err)
			}
			test.want.Col, test.want.Row = 2, 2
			if got := b.Sheet("biểu").Cell(2, 2); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

func TestDatesOf1904AreShifted(t *testing.T) {
	b, err := Open(parts(t, `<row r="1"><c r="A1" s="1"><v>43222</v></c></row>`, "xl/workbook.xml",
		`<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>`))
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := Day(b.Sheets[0].Cell(1, 1).Number); !ok || d.Format("2006-01-02") != "2022-05-03" {
		t.Error(d, ok)
	}
}

func TestHiddenRowsAndColumns(t *testing.T) {
	b, err := Open(parts(t, "", "xl/worksheets/sheet1.xml", `<worksheet><cols><col min="2" max="3" width="9" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3"><c r="D3"><v>4</v></c></row></sheetData></worksheet>`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(b)[0], "Biểu A1=1 B1=2(hidden) A2=3(hidden) D3=4"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestPositionsWithoutAddresses(t *testing.T) {
	b, err := Open(parts(t, `<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="D5"><v>3</v></c><c><v>4</v></c></row>`))
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sheets[0]
	for at, want := range map[[2]int]float64{{1, 1}: 1, {2, 1}: 2, {4, 5}: 3, {5, 5}: 4} {
		if c := s.Cell(at[0], at[1]); c.Number != want {
			t.Errorf("%v: %+v", at, c)
		}
	}
	if s.LastRow() != 5 || len(s.Row(5)) != 2 || len(s.Row(3)) != 0 {
		t.Error(s.LastRow(), s.Row(5))
	}
}

func TestNames(t *testing.T) {
	b, err := Open(parts(t, "", "xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Bi'ểu" r:id="rId1"/></sheets><definedNames>
		<definedName name="MOT">'Bi''ểu'!$D$11</definedName><definedName name="VUNG">'Bi''ểu'!$D$11:$E$13</definedName>
		<definedName name="HONG">#REF!</definedName><definedName name="NGOAI">[1]Sheet1!$A$1</definedName><definedName name="MAT">Mất!$A$1</definedName>
		<definedName name="RIENG" localSheetId="0">'Bi''ểu'!$A$1</definedName><definedName name="HAI" localSheetId="0">'Bi''ểu'!$A$1</definedName><definedName name="HAI" localSheetId="1">'Bi''ểu'!$A$2</definedName>
		</definedNames></workbook>`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"mot": "Bi'ểu!D11", "VUNG": "Bi'ểu!D11:E13", "RIENG": "Bi'ểu!A1", "HONG": "", "NGOAI": "", "MAT": "", "HAI": ""} {
		r, ok := b.Name(name)
		if ok != (want != "") || ok && r.String() != want {
			t.Errorf("%s: %v %v, want %q", name, r, ok, want)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	good := parts(t, `<row r="1"><c r="A1"><v>1</v></c></row>`)
	bomb := func() []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for name, text := range map[string]string{"[Content_Types].xml": typesXML, "_rels/.rels": topXML, "xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": relsXML, "xl/styles.xml": stylesX, "xl/sharedStrings.xml": stringsX} {
			f, _ := w.Create(name)
			f.Write([]byte(text))
		}
		f, _ := w.Create("xl/worksheets/sheet1.xml")
		f.Write([]byte("<worksheet>"))
		space := bytes.Repeat([]byte(" "), 1<<20)
		for range 260 {
			f.Write(space)
		}
		f.Write([]byte("</worksheet>"))
		w.Close()
		return out.Bytes()
	}
	for _, test := range []struct {
		sentence     string
		data         []byte
		kind, format string
	}{
		{"nothing", nil, Empty, ""},
		{"zero bytes only", make([]byte, 100), Damaged, ""},
		{"text", []byte("xin gửi báo cáo"), NotAWorkbook, "text"},
		{"a page without a table", []byte("<html><p>1"), NotAWorkbook, "html"},
		{"a PDF", []byte("%PDF-1.4"), NotAWorkbook, "pdf"},
		{"an encrypted workbook", ole("EncryptedPackage", nil), Encrypted, "ole"},
		{"an old workbook without a record", ole("Workbook", nil), Damaged, "xls"},
		{"an old letter", ole("WordDocument", nil), NotAWorkbook, "doc"},
		{"half a workbook", good[:len(good)/2], Damaged, "zip"},
		{"a letter", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "word/document.xml", "<w/>"), NotAWorkbook, "docx"},
		{"a binary workbook", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "xl/workbook.bin", "x"), Unsupported, "xlsb"},
		{"slides", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "ppt/presentation.xml", "<p/>"), NotAWorkbook, "pptx"},
		{"a sheet of Numbers", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "[Content_Types].xml", "", "Index/Document.iwa", "x"), Unsupported, "numbers"},
		{"any archive", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "[Content_Types].xml", "", "a.txt", "x"), NotAWorkbook, "zip"},
		{"sheets without their workbook", parts(t, "", "xl/workbook.xml", ""), Damaged, "xlsx"},
		{"a letter in RTF", []byte(`{\rtf1 a}`), NotAWorkbook, "rtf"},
		{"a sheet of Multiplan", []byte("ID;PWXL;N;E\r\nC;Y1;X1;K1\r\nE\r\n"), Unsupported, "slk"},
		{"half an archive's end", []byte("PK\x05\x06"), Damaged, "zip"},
		{"an OpenDocument sheet", parts(t, "", "xl/workbook.xml", "", "xl/worksheets/sheet1.xml", "", "mimetype", odsMedia), Damaged, "ods"},
		{"a sheet without its part", parts(t, "", "xl/worksheets/sheet1.xml", ""), Damaged, "xlsx"},
		{"no relationships", parts(t, "", "xl/_rels/workbook.xml.rels", ""), Damaged, "xlsx"},
		{"a text that does not exist", parts(t, `<row r="1"><c r="A1" t="s"><v>7</v></c></row>`), Damaged, "xlsx"},
		{"texts without their part", parts(t, `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, "xl/sharedStrings.xml", ""), Damaged, "xlsx"},
		{"two entries for one part", parts(t, "", "twice", "xl/worksheets/sheet1.xml"), Damaged, "xlsx"},
		{"a cell that stands there twice", parts(t, `<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), Damaged, "xlsx"},
		{"a sheet that breaks off", parts(t, "", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1`), Damaged, "xlsx"},
		{"an external entity", parts(t, `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, "xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>`), Damaged, "xlsx"},
		{"an entity of its own", parts(t, `<row r="1"><c r="A1" t="str"><v>&lol;</v></c></row>`), Damaged, "xlsx"},
		{"no number", parts(t, `<row r="1"><c r="A1"><v>x</v></c></row>`), Damaged, "xlsx"},
		{"a cell beyond the last column", parts(t, `<row r="1"><c r="XFE1"><v>1</v></c></row>`), Damaged, "xlsx"},
		{"elements nested without end", parts(t, strings.Repeat("<a>", 5000)), Damaged, "xlsx"},
		{"an endless text", parts(t, `<row r="1"><c r="A1" t="str"><v>`+strings.Repeat("a", 3<<20)+`</v></c></row>`), TooLarge, "xlsx"},
		{"260 MB of blanks in a few kilobytes", bomb(), TooLarge, "xlsx"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(test.data)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%v %v", b, err)
			}
			if e.Kind != test.kind || e.Format != test.format {
				t.Errorf("%v, want %s %s", e, test.kind, test.format)
			}
		})
	}
}

func TestOddFilesThatAreRead(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 100_000; i++ {
		fmt.Fprintf(&rows, `<row r="%d" s="1" customFormat="1"/>`, i)
	}
	for _, test := range []struct {
		sentence string
		data     []byte
		cells    int
	}{
		{"no styles and no texts", parts(t, `<row r="1"><c r="A1" s="9"><v>1</v></c></row>`, "xl/styles.xml", "", "xl/sharedStrings.xml", "", "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`), 1},
		{"SharedStrings in capitals", parts(t, `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, "xl/sharedStrings.xml", "", "xl/SharedStrings.xml", stringsX), 1},
		{"100,000 styled rows without a cell", parts(t, rows.String()), 0},
		{"a cell in the last corner", parts(t, `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`), 1},
		{"namespaces with prefixes", parts(t, "", "xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`), 1},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(test.data)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(b.Sheets[0].Cells()); n != test.cells {
				t.Errorf("%d cells, want %d", n, test.cells)
			}
		})
	}
}

// TestAgainstExcelize reads what another program wrote: hidden sheets,
// merged cells, names, a table, cells of every type.
func TestAgainstExcelize(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	x.SetCellValue("Sheet1", "B2", "Cấp tỉnh")
	x.SetCellValue("Sheet1", "C2", 12.5)
	x.SetCellValue("Sheet1", "D2", true)
	x.MergeCell("Sheet1", "B4", "D5")
	x.SetSheetRow("Sheet1", "A8", &[]any{"Tên", "Số"})
	x.AddTable("Sheet1", &excelize.Table{Range: "A8:B10", Name: "DS"})
	x.SetDefinedName(&excelize.DefinedName{Name: "TEN", RefersTo: "Sheet1!$B$2"})
	x.NewSheet("ẩn")
	x.SetSheetVisible("ẩn", false, true)
	buf, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sheet("Sheet1")
	if s.Cell(2, 2).Raw != "Cấp tỉnh" || s.Cell(3, 2).Number != 12.5 || s.Cell(4, 2).Raw != "TRUE" || !b.Sheet("ẩn").Hidden || s.Hidden || b.Macros {
		t.Errorf("%+v", s.Cells())
	}
	if m, ok := s.Merge(3, 5); !ok || m.Area() != "B4:D5" {
		t.Error(m, ok)
	}
	if d, ok := b.Table("ds"); !ok || d.Ref.String() != "Sheet1!A8:B10" || strings.Join(d.Columns, " ") != "Tên Số" {
		t.Error(d, ok)
	}
	if r, ok := b.Name("ten"); !ok || r.String() != "Sheet1!B2" {
		t.Error(r, ok)
	}
}

func TestMacrosAreSeen(t *testing.T) {
	for _, with := range []bool{true, false} {
		vba := ""
		if with {
			vba = "x"
		}
		b, err := Open(parts(t, "", "xl/vbaProject.bin", vba))
		if err != nil || b.Macros != with {
			t.Error(with, b, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(parts(f, `<row r="1"><c r="A1"><v>1</v></c></row>`))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data) })
}

// FuzzSheet fuzzes the XML inside a sound container.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, stringsX)
	f.Add(`<a b='>'/>`, `<!-- -- --><?x?>`)
	f.Fuzz(func(t *testing.T, sheet, strings string) {
		check(t, parts(t, "", "xl/worksheets/sheet1.xml", sheet, "xl/sharedStrings.xml", strings))
	})
}

// check opens any bytes, and holds what it gets to the promises of Sheet and Cell.
func check(t *testing.T, data []byte) {
	b, err := Open(data)
	var e *Error
	if err != nil {
		if b != nil || !errors.As(err, &e) || e.Kind == "" {
			t.Fatal(b, err)
		}
		return
	}
	if len(b.Sheets) == 0 && !b.Macros && b.Format != "xlsx" && b.Format != "xls" {
		t.Fatal("neither sheets nor an error")
	}
	for _, s := range b.Sheets {
		last := Cell{}
		for _, c := range s.Cells() {
			if c.Row < 1 || c.Col < 1 || c.Row > maxRows || c.Col > maxColumns || c.Row < last.Row || c.Row == last.Row && c.Col <= last.Col {
				t.Fatalf("%+v after %+v", c, last)
			}
			if c.Type == Blank && !c.Formula || c.HasCache && !c.Formula || c.shared != 0 || math.IsNaN(c.Number) || !utf8.ValidString(c.Raw) {
				t.Fatalf("%+v", c)
			}
			text := ""
			for _, r := range c.Runs {
				text += r.Text
			}
			if c.Runs != nil && (text != c.Raw || len(c.Runs) < 2) {
				t.Fatalf("%+v", c)
			}
			last = c
		}
	}
	for name := range b.names {
		if r, ok := b.Name(name); !ok || b.Sheet(r.Sheet) == nil || r.Col < 1 || r.Row < 1 || r.LastCol < r.Col || r.LastRow < r.Row {
			t.Fatal(name, r)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	var rows strings.Builder
	for r := 1; r <= 60; r++ {
		fmt.Fprintf(&rows, `<row r="%d">`, r)
		for c := 1; c <= 11; c++ {
			fmt.Fprintf(&rows, `<c r="%s" s="1"><v>%d</v></c>`, Address(c, r), c)
		}
		rows.WriteString("</row>")
	}
	data := parts(b, rows.String())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(data); err != nil {
			b.Fatal(err)
		}
	}
}
