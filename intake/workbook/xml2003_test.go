package workbook

import (
	"reflect"
	"strings"
	"testing"
)

const xmlHead = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
<Styles><Style ss:ID="Default"><Font ss:FontName="Arial"/></Style><Style ss:ID="s1" ss:Parent="Default"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="s2"><Font ss:FontName=".VnTime"/><NumberFormat ss:Format="0%"/></Style></Styles>`

func TestSpreadsheetMLCells(t *testing.T) {
	for _, test := range []struct {
		sentence, cell string
		want           Cell
	}{
		{"a number", `<Cell ss:Index="2"><Data ss:Type="Number">12.5</Data></Cell>`, Cell{Type: Number, Raw: "12.5", Number: 12.5, Font: "Arial"}},
		{"a percentage", `<Cell ss:Index="2" ss:StyleID="s2"><Data ss:Type="Number">0.5</Data></Cell>`, Cell{Type: Number, Raw: "0.5", Number: 0.5, Percent: true, Format: "0%", Font: ".VnTime"}},
		{"a date", `<Cell ss:Index="2" ss:StyleID="s1"><Data ss:Type="DateTime">2022-05-03T00:00:00.000</Data></Cell>`, Cell{Type: Date, Raw: "2022-05-03T00:00:00.000", Number: 44684, Format: "dd/mm/yyyy", Font: "Arial"}},
		{"a text", `<Cell/><Cell><Data ss:Type="String">Cấp &amp; tỉnh</Data></Cell>`, Cell{Type: Text, Raw: "Cấp & tỉnh", Font: "Arial"}},
		{"a text in two fonts", `<Cell/><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><Font html:Face="VNI-Times">ab</Font><B>cd</B></ss:Data></Cell>`,
			Cell{Type: Text, Raw: "abcd", Font: "VNI-Times", Runs: []Run{{"ab", "VNI-Times"}, {"cd", "Arial"}}}},
		{"a comment is no value", `<Cell/><Cell><Comment><ss:Data><B>x</B></ss:Data></Comment></Cell>`, Cell{}},
		{"a truth", `<Cell/><Cell><Data ss:Type="Boolean">1</Data></Cell>`, Cell{Type: Bool, Raw: "TRUE", Font: "Arial"}},
		{"an error", `<Cell/><Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>`, Cell{Type: Fault, Raw: "#DIV/0!", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula", `<Cell/><Cell ss:Formula="=RC[-1]"><Data ss:Type="Number">4</Data></Cell>`, Cell{Type: Number, Raw: "4", Number: 4, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula without a result is not empty", `<Cell/><Cell ss:Formula="=RC[-1]"></Cell>`, Cell{Formula: true, Font: "Arial"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open([]byte(xmlHead + `<Worksheet ss:Name="Biểu"><Table><Row ss:Index="2">` + test.cell + `</Row></Table></Worksheet></Workbook>`))
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

func TestSpreadsheetMLSheets(t *testing.T) {
	b, err := Open([]byte(strings.Replace(xmlHead, `"1.0"?>`, `"1.0" encoding="utf-8"?>`, 1) + `<Names><NamedRange ss:Name="MOT" ss:RefersTo="='Bi ểu'!R11C4"/><NamedRange ss:Name="VUNG" ss:RefersTo="=Hai!R1C1:R3C2"/><NamedRange ss:Name="HONG" ss:RefersTo="=#REF!R1C1"/></Names>
		<Worksheet ss:Name="Bi ểu"><Names><NamedRange ss:Name="RIENG" ss:RefersTo="='Bi ểu'!R1C1"/></Names><Table><Column/><Column ss:Hidden="1" ss:Span="1"/><Column/>
		<Row><Cell ss:MergeAcross="1" ss:MergeDown="2"><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="Number">2</Data></Cell><Cell><Data ss:Type="Number">3</Data></Cell></Row>
		<Row ss:Index="5" ss:Hidden="1"><Cell><Data ss:Type="Number">4</Data></Cell></Row></Table></Worksheet>
		<Worksheet ss:Name="Hai"><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(show(b), "|"), "Bi ểu A1=1 C1=2(hidden) D1=3 A5=4(hidden) A1:B3|Hai hidden"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for name, want := range map[string]string{"mot": "Bi ểu!D11", "VUNG": "Hai!A1:B3", "RIENG": "Bi ểu!A1", "HONG": ""} {
		if r, ok := b.Name(name); ok != (want != "") || ok && r.String() != want {
			t.Errorf("%s: %v %v, want %q", name, r, ok, want)
		}
	}
}

func TestSpreadsheetMLThatIsRefused(t *testing.T) {
	for sentence, rest := range map[string]string{
		"broken off": `<Worksheet ss:Name="A"><Table><Row>`,
		"no sheets":  `</Workbook>`,
		"no number":  `<Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="Number">x</Data></Cell></Row></Table></Worksheet></Workbook>`,
		"two values": `<Worksheet ss:Name="A"><Table><Row><Cell ss:Index="1"><Data ss:Type="Number">1</Data></Cell><Cell ss:Index="1"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>`,
	} {
		b, err := Open([]byte(xmlHead + rest))
		if e, ok := err.(*Error); !ok || e.Kind != Damaged || e.Format != "xml" {
			t.Errorf("%s: %+v %v", sentence, b, err)
		}
	}
}

func FuzzSpreadsheetML(f *testing.F) {
	f.Add(`<Names><NamedRange ss:Name="M" ss:RefersTo="='A'!R1C1:R2C3"/></Names><Worksheet ss:Name="A"><Table><Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Row ss:Index="2" ss:Span="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:StyleID="s1"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>`)
	f.Fuzz(func(t *testing.T, rest string) { check(t, []byte(xmlHead+rest)) })
}
