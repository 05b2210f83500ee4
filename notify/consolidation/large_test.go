package consolidation

import (
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/blank"
	"dondoc/schedule/standing"
)

// largeForm has a hundred inputs, in four columns of 25 rows.
func largeForm(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const sheet = "Sheet1"
	_, err := f.NewSheet("_meta")
	do(err)
	do(f.SetSheetRow("_meta", "A1", &[]any{"campaign_id", "LARGE"}))
	do(f.SetCellValue("_meta", "A2", "unit_name"))
	do(f.SetSheetRow(sheet, "A1", &[]any{"Table 1. All there is"}))
	do(f.SetSheetRow(sheet, "A2", &[]any{"What", "Code", "Asked", "Done", "Rate", "Spread", "Kept"}))
	open, err := f.NewStyle(&excelize.Style{Protection: &excelize.Protection{Locked: false}})
	do(err)
	for i := range 25 {
		row := 3 + i
		do(f.SetSheetRow(sheet, fmt.Sprint("A", row), &[]any{fmt.Sprint("Matter ", i+1), fmt.Sprint(i + 1)}))
		do(f.SetCellFormula(sheet, fmt.Sprint("E", row), fmt.Sprintf(`IF(N(C%d)=0,"",D%d/C%d)`, row, row, row)))
		for _, column := range []string{"C", "D", "F", "G"} {
			do(f.SetDefinedName(&excelize.DefinedName{Name: fmt.Sprintf("X_%d_%s", i+1, column), RefersTo: fmt.Sprintf("%s!$%s$%d", sheet, column, row)}))
		}
	}
	do(f.SetCellValue(sheet, "A28", "Total"))
	for _, column := range []string{"C", "D", "F", "G"} {
		do(f.SetCellStyle(sheet, column+"3", column+"27", open))
		do(f.SetCellFormula(sheet, column+"28", fmt.Sprintf("SUM(%s3:%[1]s27)", column)))
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref("C3:D27 F3:G27")
	do(v.SetRange(0, 9999, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween))
	do(f.AddDataValidation(sheet, v))
	out, err := f.WriteToBuffer()
	do(err)
	cached, err := blank.Cache(out.Bytes())
	do(err)
	return cached
}

// large is a campaign of n units, of whom all have filled in a hundred inputs.
func large(t testing.TB, n int) Input {
	form := largeForm(t)
	f := described(t, form)
	c := &config.Campaign{ID: "LARGE", Location: time.UTC, Form: form, Letter: config.Letter{Name: config.Text{VI: "Letter"}, Short: config.Text{VI: "much"}}}
	for i := range 10 {
		c.Categories = append(c.Categories, config.Category{Code: fmt.Sprint("g", i), Name: config.Text{VI: fmt.Sprint("Group ", i)}})
	}
	table := &standing.Table{Now: asOf, Units: map[string]*standing.Unit{}}
	places := map[string]string{}
	for _, in := range f.Inputs {
		places[in.Name] = in.Sheet + "!" + in.Cell
	}
	for i := range n {
		u := config.Unit{Code: fmt.Sprintf("U-%05d", i), Name: fmt.Sprint("Unit number ", i), Category: fmt.Sprint("g", i%10), Obligation: config.Obligation{Appendix: true}}
		c.Units = append(c.Units, u)
		table.Order = append(table.Order, u.Code)
		p := finding.Part{Name: u.Code + ".xlsx", Path: u.Code + ".xlsx", Kind: finding.Appendix, Verdict: finding.Accepted, SHA256: fmt.Sprintf("%064x", i), Values: map[string]any{}, Places: places}
		for k, in := range f.Inputs {
			p.Values[in.Name] = float64((i*31 + k*17) % 97)
		}
		table.Units[u.Code] = &standing.Unit{Code: u.Code, Owes: u.Obligation, State: standing.Complete, Timeliness: standing.OnTime, CompletedAt: asOf,
			Counted: []standing.Counted{{Kind: finding.Appendix, Unit: u.Code, Arrival: fmt.Sprintf("A%04d-QXA2P", i), Received: asOf, Version: 1, Part: p}}}
	}
	return Input{Campaign: c, Form: f, Table: table, Now: asOf, Lang: "vi",
		Path: func(arrival, _ string, p finding.Part) string { return "ho-so/" + arrival + "/" + p.Name },
		Link: func(path string) string { return path }}
}

// peak runs fn and returns how many bytes more were in use at the most.
func peak(fn func()) uint64 {
	used := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := used()
	var most atomic.Uint64
	done, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				most.Store(max(most.Load(), used()))
			}
		}
	}()
	fn()
	most.Store(max(most.Load(), used()))
	close(done)
	<-stopped
	return most.Load() - min(before, most.Load())
}

// BenchmarkLargeRoster writes campaigns of a hundred inputs; extra-MB is what
// the export needs beside the facts, garbage that waits to be collected and all.
func BenchmarkLargeRoster(b *testing.B) {
	for _, units := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("%d units", units), func(b *testing.B) {
			in := large(b, units)
			var most uint64
			var size counter
			for b.Loop() {
				size = 0
				most = max(most, peak(func() {
					if err := Write(&size, in); err != nil {
						b.Fatal(err)
					}
				}))
			}
			b.ReportMetric(float64(most)/1e6, "extra-MB")
			b.ReportMetric(float64(size)/1e6, "file-MB")
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

var _ io.Writer = (*counter)(nil)

// A large campaign is written whole: every figure has a line among the sources,
// and a file is named once.
func TestLargeRoster(t *testing.T) {
	in := large(t, 700)
	book, totals := open(t, workbook(t, in)), Total(in)
	s := book.sheets["Nguồn số liệu"]
	if got := s.cells["A70003"]; got.value != "U-00699" {
		t.Errorf("the last line of 70,000 is of %q", got.value)
	}
	if s.cells["A70004"].value != "" || s.cells["M4"].value == "" || s.cells["M5"].value != "" || s.cells["M104"].value == "" {
		t.Errorf("a hash on each unit's first line and on no other: %q %q %q", s.cells["M4"].value, s.cells["M5"].value, s.cells["M104"].value)
	}
	units := book.sheets["TH-4"]
	if got, _ := units.cells[ref(firstFigure, 5+700+2*10+1)].number(); got != totals.Sum["X_1_C"] || got == 0 {
		t.Errorf("the straight sum is %v, not %v", got, totals.Sum["X_1_C"])
	}
}
