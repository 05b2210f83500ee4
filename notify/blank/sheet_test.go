package blank

import (
	"bytes"
	"testing"
)

func FuzzParseSheet(f *testing.F) {
	for _, seed := range []string{
		`<worksheet><sheetData><row r="1"><c r="A1" s="2" t="s"><v>0</v></c><c r="B1"><f>A1</f><v>1</v></c></row></sheetData></worksheet>`,
		`<x:worksheet><x:sheetData/></x:worksheet>`,
		`<worksheet><sheetData><row r="2"/><row><c r="B3"/></row></sheetData><sheetProtection/></worksheet>`,
		`<worksheet><sheetData><row><c r="A1"><is><r><t>a</t></r></is></c><extLst/></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row><c/></row></sheetData></worksheet>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseSheet(text)
		if err != nil {
			return
		}
		// What is written again without changes reads as the same cells.
		again, err := parseSheet(s.render(nil))
		if err != nil {
			t.Fatalf("%q\nbecomes unreadable: %v\n%q", text, err, s.render(nil))
		}
		if len(again.rows) != len(s.rows) {
			t.Fatalf("%d rows became %d", len(s.rows), len(again.rows))
		}
		for i, r := range s.rows {
			if len(again.rows[i].cells) != len(r.cells) {
				t.Fatalf("row %d: %d cells became %d", i, len(r.cells), len(again.rows[i].cells))
			}
			for j, c := range r.cells {
				if !bytes.Equal(c.bytes, again.rows[i].cells[j].bytes) {
					t.Fatalf("%q became %q", c.bytes, again.rows[i].cells[j].bytes)
				}
			}
		}
	})
}
