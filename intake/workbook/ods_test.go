package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const odsStyles = `<office:font-face-decls><style:font-face style:name="Arial1" svg:font-family="Arial"/><style:font-face style:name="tcvn" svg:font-family="&apos;.VnTime&apos;"/></office:font-face-decls>
<office:automatic-styles><style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial1"/></style:default-style>
<style:style style:name="Default" style:family="table-cell"/><style:style style:name="ce1" style:family="table-cell" style:parent-style-name="old"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="old" style:family="table-cell"><style:text-properties style:font-name="tcvn"/></style:style>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-family="VNI-Times"/></style:style><style:style style:name="T2" style:family="text"><style:text-properties fo:color="#ff0000"/></style:style>
<number:number-style style:name="N1"><style:text-properties style:font-name="tcvn"/></number:number-style>
<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>`

// odsContent is a content.xml with the given sheets.
func odsContent(sheets string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document-content>` + odsStyles + `<office:body><office:spreadsheet>` + sheets + `</office:spreadsheet></office:body></office:document-content>`
}

func ods2(content string, more ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i, all := 0, append([]string{"mimetype", odsMedia, "content.xml", content}, more...); i < len(all); i += 2 {
		f, _ := w.Create(all[i])
		f.Write([]byte(all[i+1]))
	}
	w.Close()
	return out.Bytes()
}

func TestODSCells(t *testing.T) {
	for _, test := range []struct {
		sentence, cell string
		want           Cell
	}{
		{"a number", `<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,5</text:p></table:table-cell>`, Cell{Type: Number, Raw: "12.5", Number: 12.5, Font: "Arial"}},
		{"a percentage", `<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>`, Cell{Type: Number, Raw: "0.5", Number: 0.5, Percent: true, Format: "0%", Font: "Arial"}},
		{"an amount of money", `<table:table-cell office:value-type="currency" office:value="5"><text:p>5 ₫</text:p></table:table-cell>`, Cell{Type: Number, Raw: "5", Number: 5, Font: "Arial"}},
		{"a date", `<table:table-cell office:value-type="date" office:date-value="2022-05-03"><text:p>03/05/2022</text:p></table:table-cell>`, Cell{Type: Date, Raw: "2022-05-03", Number: 44684, Format: "dd/mm/yyyy", Font: "Arial"}},
		{"a date with a time", `<table:table-cell office:value-type="date" office:date-value="2022-05-03T12:00:00"/>`, Cell{Type: Date, Raw: "2022-05-03T12:00:00", Number: 44684.5, Format: "dd/mm/yyyy", Font: "Arial"}},
		{"a time", `<table:table-cell office:value-type="time" office:time-value="PT06H00M00S"/>`, Cell{Type: Date, Raw: "PT06H00M00S", Number: 0.25, Format: "hh:mm:ss", Font: "Arial"}},
		{"a truth", `<table:table-cell office:value-type="boolean" office:boolean-value="true"/>`, Cell{Type: Bool, Raw: "TRUE", Font: "Arial"}},
		{"an error", `<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>`, Cell{Type: Fault, Raw: "#DIV/0!", Formula: true, HasCache: true, Font: "Arial"}},
		{"a text", `<table:table-cell office:value-type="string"><text:p>Cấp tỉnh</text:p></table:table-cell>`, Cell{Type: Text, Raw: "Cấp tỉnh", Font: "Arial"}},
		{"a text that says nothing of its type", `<table:table-cell><text:p>Cấp tỉnh</text:p></table:table-cell>`, Cell{Type: Text, Raw: "Cấp tỉnh", Font: "Arial"}},
		{"a text in pieces is composed", `<table:table-cell><text:p>` + "Ho\u0323p" + `</text:p></table:table-cell>`, Cell{Type: Text, Raw: "Họp", Font: "Arial"}},
		{"two lines, spaces and a tab", `<table:table-cell><text:p>a <text:s text:c="2"/>b<text:tab/>c</text:p><text:p> d
			e<text:line-break/>f</text:p></table:table-cell>`, Cell{Type: Text, Raw: "a   b\tc\nd e\nf", Font: "Arial"}},
		{"a text in two fonts", `<table:table-cell><text:p>ab<text:span text:style-name="T1">cd</text:span><text:span text:style-name="T2">ef</text:span></text:p></table:table-cell>`,
			Cell{Type: Text, Raw: "abcdef", Font: "VNI-Times", Runs: []Run{{"ab", "Arial"}, {"cd", "VNI-Times"}, {"ef", "Arial"}}}},
		{"a font inherited by its style", `<table:table-cell table:style-name="ce1"><text:p>ViÖt</text:p></table:table-cell>`, Cell{Type: Text, Raw: "ViÖt", Font: ".VnTime"}},
		{"a comment is no text", `<table:table-cell office:value-type="float" office:value="3"><office:annotation><dc:date>2022-01-01</dc:date><text:p>ghi chú</text:p></office:annotation><text:p>3</text:p></table:table-cell>`, Cell{Type: Number, Raw: "3", Number: 3, Font: "Arial"}},
		{"only a comment", `<table:table-cell><office:annotation><text:p>ghi chú</text:p></office:annotation></table:table-cell>`, Cell{}},
		{"a formula with its result", `<table:table-cell table:formula="of:=[.A1]+1" office:value-type="float" office:value="4"/>`, Cell{Type: Number, Raw: "4", Number: 4, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with a text", `<table:table-cell table:formula="of:=&quot;a&quot;" office:value-type="string" office:string-value="a &amp; b"><text:p>a &amp; b</text:p></table:table-cell>`, Cell{Type: Text, Raw: "a & b", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with an empty text", `<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>`, Cell{Type: Text, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with an empty text, as LibreOffice has it", `<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>`, Cell{Type: Text, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula without a result is not empty", `<table:table-cell table:formula="of:=[.A1]+1"/>`, Cell{Formula: true, Font: "Arial"}},
		{"a styled blank", `<table:table-cell table:style-name="ce1"/>`, Cell{}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			content := odsContent(`<table:table table:name="Biểu"><table:table-column table:number-columns-repeated="3"/><table:table-row/><table:table-row><table:table-cell/>` + test.cell + `</table:table-row></table:table>`)
			b, err := Open(ods2(content))
			if err != nil {
				t.Fatal(err)
			}
			test.want.Col, test.want.Row = 2, 2
			if got := b.Sheet("biểu").Cell(2, 2); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%+v, want %+v", got, test.want)
			}
			if b.Format != "ods" || b.Macros {
				t.Error(b.Format, b.Macros)
			}
		})
	}
}

// show writes down a book in a few words.
func show(b *Book) (out []string) {
	for _, s := range b.Sheets {
		line := s.Name
		if s.Hidden {
			line += " hidden"
		}
		if s.Cut {
			line += " cut"
		}
		for i, c := range s.Cells() {
			if i == 30 {
				line += " …"
				break
			}
			line += fmt.Sprintf(" %s=%s", c.Address(), c.Raw)
			if c.Hidden {
				line += "(hidden)"
			}
		}
		for _, m := range s.Merges {
			line += " " + m.Area()
		}
		out = append(out, line)
	}
	return out
}

func TestODSSheets(t *testing.T) {
	num := func(attrs string, v int) string {
		return fmt.Sprintf(`<table:table-cell %s office:value-type="float" office:value="%d"><text:p>%d</text:p></table:table-cell>`, attrs, v, v)
	}
	for _, test := range []struct{ sentence, content, want string }{
		{"repeated cells and rows", `<table:table table:name="A"><table:table-row table:number-rows-repeated="2"><table:table-cell/>` + num(`table:number-columns-repeated="3"`, 1) + `</table:table-row><table:table-row>` + num("", 2) + `</table:table-row></table:table>`,
			"A B1=1 C1=1 D1=1 B2=1 C2=1 D2=1 A3=2"},
		{"the blank rest of a sheet", `<table:table table:name="A"><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row table:number-rows-repeated="2">` + num("", 2) + `</table:table-row></table:table>`,
			"A A1048575=2 A1048576=2"},
		{"a row beyond the last", `<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576"/><table:table-row>` + num("", 2) + `</table:table-row></table:table>`, "A"},
		{"cells beyond the last column", `<table:table table:name="A"><table:table-row><table:table-cell table:number-columns-repeated="16383"/>` + num("", 1) + num("", 2) + `</table:table-row></table:table>`, "A XFD1=1"},
		{"hidden rows, columns and sheets", `<table:table table:name="A"><table:table-column/><table:table-column table:visibility="collapse"/><table:table-row>` + num("", 1) + num("", 2) + num("", 3) + `</table:table-row><table:table-row table:visibility="filter">` + num("", 4) + `</table:table-row></table:table><table:table table:name="B" table:style-name="ta2"/>`,
			"A A1=1 B1=2(hidden) C1=3 A2=4(hidden)|B hidden"},
		{"merged cells", `<table:table table:name="A"><table:table-row>` + num(`table:number-columns-spanned="2" table:number-rows-spanned="2"`, 1) + `<table:covered-table-cell/>` + num("", 2) + `</table:table-row><table:table-row><table:covered-table-cell table:number-columns-repeated="2"/>` + num("", 3) + `</table:table-row></table:table>`,
			"A A1=1 C1=2 C2=3 A1:B2"},
		{"groups of rows and columns", `<table:table table:name="A"><table:table-column-group><table:table-header-columns><table:table-column/></table:table-header-columns></table:table-column-group><table:table-header-rows><table:table-row>` + num("", 1) + `</table:table-row></table:table-header-rows><table:table-row-group><table:table-rows><table:table-row>` + num("", 2) + `</table:table-row></table:table-rows></table:table-row-group></table:table>`,
			"A A1=1 A2=2"},
		{"what was deleted, drawn or linked is not there", `<table:tracked-changes><table:deletion><table:table name="X"><table:table-row>` + num("", 9) + `</table:table-row></table:table></table:deletion></table:tracked-changes><table:table table:name="A"><table:shapes><draw:frame><text:p>x</text:p></draw:frame></table:shapes><table:table-row>` + num("", 1) + `</table:table-row></table:table><table:dde-links><table:table table:name="Y"/></table:dde-links>`,
			"A A1=1"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(ods2(odsContent(test.content)))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(show(b), "|"); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestODSNames(t *testing.T) {
	b, err := Open(ods2(odsContent(`<table:table table:name="Bi'ểu 1.2"><table:table-row><table:table-cell><text:p>Tên</text:p></table:table-cell><table:table-cell/><table:table-cell><text:p>Số</text:p></table:table-cell></table:table-row><table:named-expressions><table:named-range table:name="RIENG" table:cell-range-address="$'Bi''ểu 1.2'.$A$1"/></table:named-expressions></table:table><table:table table:name="S"/>
		<table:named-expressions><table:named-range table:name="MOT" table:base-cell-address="$S.$A$1" table:cell-range-address="$'Bi''ểu 1.2'.$D$11"/><table:named-range table:name="VUNG" table:cell-range-address="$S.$D$11:.$E$13"/>
		<table:named-range table:name="HONG" table:cell-range-address="$#REF!.$A$1"/><table:named-range table:name="XA" table:cell-range-address="$S.$A$1:$T.$B$2"/><table:named-range table:name="MAT" table:cell-range-address="$Mất.$A$1"/><table:named-expression table:name="TONG" table:expression="of:=1"/></table:named-expressions>
		<table:database-ranges><table:database-range table:name="DS" table:target-range-address="'Bi''ểu 1.2'.A1:'Bi''ểu 1.2'.D9"/><table:database-range table:name="__Anonymous_Sheet_DB__0" table:target-range-address="S.A1:S.B2"/></table:database-ranges>`)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"mot": "Bi'ểu 1.2!D11", "VUNG": "S!D11:E13", "RIENG": "Bi'ểu 1.2!A1", "HONG": "", "XA": "", "MAT": "", "TONG": ""} {
		if r, ok := b.Name(name); ok != (want != "") || ok && r.String() != want {
			t.Errorf("%s: %v %v, want %q", name, r, ok, want)
		}
	}
	if len(b.Tables) != 1 || b.Tables[0].Ref.String() != "Bi'ểu 1.2!A1:D9" || strings.Join(b.Tables[0].Columns, ",") != "Tên,,Số" {
		t.Errorf("%+v", b.Tables)
	}
}

func TestODSFilesThatAreRefused(t *testing.T) {
	bomb := odsContent(`<table:table table:name="A">` + strings.Repeat(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>`, 9) + `</table:table>`)
	for _, test := range []struct {
		sentence string
		data     []byte
		kind     string
	}{
		{"a password", ods2("x", "META-INF/manifest.xml", `<!DOCTYPE m><manifest><file-entry><encryption-data/></file-entry></manifest>`), Encrypted},
		{"no content", ods2("", "content.xml", ""), Damaged},
		{"content that breaks off", ods2(odsContent(`<table:table table:name="A"><table:table-row>`)[:600]), Damaged},
		{"no sheets", ods2(odsContent("")), Damaged},
		{"all in one XML file", []byte(`<?xml version="1.0"?><office:document office:mimetype="` + odsMedia + `"><office:body/></office:document>`), Unsupported},
		{"a letter that calls itself a spreadsheet", ods2(`<office:document-content><office:body><office:text/></office:body></office:document-content>`), NotAWorkbook},
		{"no number", ods2(odsContent(`<table:table table:name="A"><table:table-row><table:table-cell office:value-type="float" office:value="x"/></table:table-row></table:table>`)), Damaged},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(test.data)
			e, ok := err.(*Error)
			if !ok {
				t.Fatalf("%+v %v", b, err)
			}
			if e.Kind != test.kind {
				t.Errorf("%v, want %s", e, test.kind)
			}
		})
	}
	if b, err := Open(ods2(odsContent(`<table:table table:name="A"/>`), "mimetype", "")); err != nil || b.Format != "ods" {
		t.Errorf("its type need not be said: %v %v", b, err)
	}
	b, err := Open(ods2(bomb))
	if err != nil || !b.Sheets[0].Cut || len(b.Sheets[0].Cells()) != maxSheetCells {
		t.Errorf("of rows repeated without end only the first are read: %v %v", b, err)
	}
}

// FuzzODS fuzzes the content in a sound container.
func FuzzODS(f *testing.F) {
	f.Add(odsContent(`<table:table table:name="A"><table:table-column table:number-columns-repeated="3"/><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-spanned="2" office:value-type="float" office:value="1"/><table:table-cell><text:p>a<text:s text:c="3"/><text:span text:style-name="T1">b</text:span></text:p></table:table-cell></table:table-row></table:table><table:named-expressions><table:named-range table:name="M" table:cell-range-address="$A.$B$1:.$C$2"/></table:named-expressions>`))
	f.Fuzz(func(t *testing.T, content string) {
		check(t, ods2(content))
		check(t, []byte(content))
	})
}

func BenchmarkOpenODS(b *testing.B) {
	var rows strings.Builder
	for range 60 {
		rows.WriteString(`<table:table-row>`)
		for c := range 11 {
			fmt.Fprintf(&rows, `<table:table-cell table:style-name="ce1" office:value-type="float" office:value="%d" calcext:value-type="float"><text:p>%d</text:p></table:table-cell>`, c, c)
		}
		rows.WriteString(`</table:table-row>`)
	}
	data := ods2(odsContent(`<table:table table:name="A">` + rows.String() + `</table:table>`))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(data); err != nil {
			b.Fatal(err)
		}
	}
}
