package form

import (
	"math"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/workbook"
)

func FuzzNumberGrammar(f *testing.F) {
	for _, s := range []string{"", "3", "1.234", "1,5", "05 (năm)", "khoảng 10", "hai mươi mốt", "-3", "12,5%", "3 TT, 2 CN", "\u200b5", "３"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, whole bool) {
		n := readNumber(workbook.Cell{Type: workbook.Text, Raw: s}, whole)
		if n.sense > blank {
			t.Fatalf("no sense: %+v", n)
		}
		if (n.sense == okay || n.sense == warn) != (n.has && n.sense != fail && n.sense != ask) {
			t.Fatalf("%q: taken without a value: %+v", s, n)
		}
		if n.has && (math.IsNaN(n.value) || math.IsInf(n.value, 0)) {
			t.Fatalf("%q: %v", s, n.value)
		}
		if whole && (n.sense == okay || n.sense == warn) && (n.value < 0 || n.value != math.Trunc(n.value)) {
			t.Fatalf("%q: a count of %v was taken", s, n.value)
		}
		if utf8.ValidString(s) && fold(fold(s)) != fold(s) {
			t.Fatalf("folding %q twice differs", s)
		}
	})
}

// FuzzCheck gives one cell of a filled form any text: whatever it is, the
// form must be read without an error of ours, and every value have a place.
func FuzzCheck(f *testing.F) {
	form := builtinForm(f)
	for _, s := range []string{"3", "khoảng 30", "=1+1", "#REF!", "\"", "{{.}}", "a\x00b", "_x000D_"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, number, note string) {
		if len(number) > 1000 || len(note) > 1000 {
			return
		}
		data := filled(t, form.Blank(), func(x *excelize.File) {
			good(x)
			x.SetCellStr(annex, "D11", number)
			x.SetCellStr(annex, "C6", note)
			x.SetCellStr(annex, "K20", note)
		})
		part, ours, err := form.Check(data, Options{})
		if err != nil || !ours {
			t.Fatal(ours, err)
		}
		for name, v := range part.Values {
			if v != nil && part.Places[name] == "" {
				t.Fatalf("%s = %v has no place", name, v)
			}
		}
	})
}
