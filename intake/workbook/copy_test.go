package workbook

import (
	"testing"
)

// TestCopyAsXLSX: what stood in a workbook stands at the same places in its
// copy, whatever its format was.
func TestCopyAsXLSX(t *testing.T) {
	flat := `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">` +
		`<Worksheet ss:Name="Biểu 1"><Table><Row><Cell><Data ss:Type="String">=1+1</Data></Cell><Cell ss:MergeAcross="1"><Data ss:Type="Number">12.5</Data></Cell></Row>` +
		`<Row ss:Index="4"><Cell ss:Index="3"><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="DateTime">2022-10-15T00:00:00.000</Data></Cell></Row></Table></Worksheet>` +
		`<Worksheet ss:Name="Khác"><Table><Row><Cell><Data ss:Type="String">xã A</Data></Cell></Row></Table></Worksheet></Workbook>`
	book, err := Open([]byte(flat))
	if err != nil {
		t.Fatal(err)
	}
	data, err := book.XLSX()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Format != "xlsx" || len(got.Sheets) != len(book.Sheets) {
		t.Fatalf("%s with %d sheets", got.Format, len(got.Sheets))
	}
	for i, s := range book.Sheets {
		if got.Sheets[i].Name != s.Name || len(got.Sheets[i].Merges) != len(s.Merges) {
			t.Errorf("sheet %q, %d merges", got.Sheets[i].Name, len(got.Sheets[i].Merges))
		}
		for _, c := range s.Cells() {
			if c.Type == Blank {
				continue
			}
			d := got.Sheets[i].Cell(c.Col, c.Row)
			if d.Type != c.Type || d.Number != c.Number || (c.Type == Text || c.Type == Bool) && d.Raw != c.Raw || d.Formula {
				t.Errorf("%s: got %+v, want %+v", c.Address(), d, c)
			}
		}
	}
}
