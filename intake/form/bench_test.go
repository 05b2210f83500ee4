package form

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/config/builtin"
)

func filled(t testing.TB, blank []byte, change func(x *excelize.File)) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(blank))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	change(x)
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkCheckFilledForm(b *testing.B) {
	blank, err := builtin.Form()
	if err != nil {
		b.Fatal(err)
	}
	f, err := Compile(blank)
	if err != nil {
		b.Fatal(err)
	}
	data := filled(b, blank, func(x *excelize.File) {
		for _, in := range f.inputs {
			if in.Number() {
				x.SetCellValue(in.Sheet, in.Cell, 3)
			}
		}
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := f.Check(data, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
