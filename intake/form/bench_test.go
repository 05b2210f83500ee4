package form

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
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

// BenchmarkCheck goes from the bytes of a filled form to values and problems.
func BenchmarkCheck(b *testing.B) {
	f := builtinForm(b)
	xlsx := whole(b, f)
	old := unpack(b, xlsx)
	inFont(annex, ".VnTime", tcvn)(old)
	other := old.pack()
	for _, format := range []string{"xlsx", "xlsx in TCVN3", "xls", "ods"} {
		b.Run(format, func(b *testing.B) {
			data := xlsx
			switch format {
			case "xlsx in TCVN3":
				data = other
			case "xls", "ods":
				data = convert(b, format, map[string][]byte{"a": xlsx})["a"]
			}
			checks(b, f, data, true)
		})
	}
}

// BenchmarkNotOurs is how long a workbook takes that is somebody's data: fifty
// thousand rows, in one sheet.
func BenchmarkNotOurs(b *testing.B) {
	f := builtinForm(b)
	x := excelize.NewFile()
	defer x.Close()
	w, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for row := 1; row <= 50_000; row++ {
		cell, _ := excelize.CoordinatesToCellName(1, row)
		err = w.SetRow(cell, []any{row, fmt.Sprintf("Hộ ông Nguyễn Văn %d, thôn %d", row, row%97), row % 7, "Cấp huyện", 12.5, "đã nộp", "Tập thể"})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	data, err := x.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	checks(b, f, data.Bytes(), false)
}

func checks(b *testing.B, f *Form, data []byte, want bool) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ours, err := f.Check(data, Options{}); err != nil || ours != want {
			b.Fatal(ours, err)
		}
	}
}
