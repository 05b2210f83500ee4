package workbook

import (
	"fmt"
	"strings"
	"testing"
)

// table is a sheet in which somebody keeps data, in every format.
func table(t testing.TB, rows int) map[string][]byte {
	const cols = 10
	var x, o, c, h, m, sst strings.Builder
	var b []byte
	for r := range rows {
		b = append(b, rec(0x204, u16(r), u16(0), u16(0), u16(10), 1, wide("Nguyễn Văn"))...)
		b = append(b, rec(0xBD, u16(r), u16(1), u16(0), u32(r<<2|2), u16(0), u32(r<<2|2), u16(0), u32(r<<2|2), u16(0), u32(r<<2|2), u16(4))...)
		fmt.Fprintf(&x, `<row r="%d" spans="1:10">`, r+1)
		o.WriteString(`<table:table-row table:style-name="ro1">`)
		h.WriteString("<tr>")
		m.WriteString("<Row>")
		for col := range cols {
			if col < 2 {
				fmt.Fprintf(&x, `<c r="%s" s="1" t="s"><v>%d</v></c>`, Address(col+1, r+1), r*2+col)
				fmt.Fprintf(&sst, `<si><t>Nguyễn Văn %d</t></si>`, r*2+col)
				fmt.Fprintf(&o, `<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>Nguyễn Văn %d</text:p></table:table-cell>`, r)
				fmt.Fprintf(&h, `<td class=xl65>Nguyễn Văn %d</td>`, r)
				fmt.Fprintf(&m, `<Cell><Data ss:Type="String">Nguyễn Văn %d</Data></Cell>`, r)
				fmt.Fprintf(&c, "Nguyễn Văn %d;", r)
			} else {
				fmt.Fprintf(&x, `<c r="%s" s="0"><v>%d</v></c>`, Address(col+1, r+1), r*col)
				fmt.Fprintf(&o, `<table:table-cell office:value-type="float" office:value="%d" calcext:value-type="float"><text:p>%d</text:p></table:table-cell>`, r*col, r*col)
				fmt.Fprintf(&h, `<td class=xl66 align=right x:num>%d</td>`, r*col)
				fmt.Fprintf(&m, `<Cell><Data ss:Type="Number">%d</Data></Cell>`, r*col)
				fmt.Fprintf(&c, "%d;", r*col)
			}
		}
		x.WriteString("</row>")
		o.WriteString("</table:table-row>")
		h.WriteString("</tr>\n")
		c.WriteString("\r\n")
		m.WriteString("</Row>")
	}
	return map[string][]byte{
		"xlsx": parts(t, x.String(), "xl/sharedStrings.xml", "<sst>"+sst.String()+"</sst>"),
		"xls":  ole("Workbook", one(b)),
		"ods":  ods2(odsContent(`<table:table table:name="A">` + o.String() + `</table:table>`)),
		"csv":  []byte(c.String()),
		"html": []byte("<html><table>" + h.String() + "</table>"),
		"xml":  []byte(xmlHead + `<Worksheet ss:Name="A"><Table>` + m.String() + `</Table></Worksheet></Workbook>`),
	}
}

func TestASheetOfDataIsCut(t *testing.T) {
	for name, data := range table(t, 7000) {
		b, err := Open(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := b.Sheets[0]; len(b.Sheets) != 1 || !s.Cut || len(s.Cells()) != maxSheetCells || s.Cell(1, 1).Type != Text || s.Cell(3, 1).Type != Number {
			t.Errorf("%s: %d sheets, %v, %d cells", name, len(b.Sheets), s.Cut, len(s.Cells()))
		}
	}
}

// BenchmarkASheetOfData is a sheet of 50,000 rows: it has to be seen soon that
// it is no form.
func BenchmarkASheetOfData(b *testing.B) {
	for name, data := range table(b, 50_000) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
