package form

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
)

// TestWhatSendersDoToAnotherCommitteesForm deforms the made-up form: nothing of
// what a deformed form survives may be owed to the built-in one.
func TestWhatSendersDoToAnotherCommitteesForm(t *testing.T) {
	f := riverForm(t)
	const s = "Bến đò"
	data := filled(t, f.Blank(), func(x *excelize.File) {
		for cell, v := range map[string]any{
			"C2": "Trần Thị B", "C3": "5.3.2024", "C4": "Đạt", "E9": "Sẽ mở thêm",
			"B8": 2, "B9": 3, "B10": 4, "C8": 12.5, "C9": 20, "C10": 31.25,
			"A16": "QN-01", "B16": 12, "C16": "31/12/2025", "D16": "Tốt",
			"A18": "QN-07", "B18": 15, "D18": "Hỏng",
		} {
			x.SetCellValue(s, cell, v)
		}
	})
	right := truth(t, f, data)
	whole := unpack(t, data)
	in := func(font string, write func(string) string) func(p *paper) { return inFont(s, font, write) }
	other := func(p *paper, name string) {
		l := p.clone(s, name)
		l.cells[key2(t, "B8")].number, l.cells[key2(t, "B9")].number = "7", "8"
	}
	for _, d := range []deformation{
		{1, "lines above", func(p *paper) { p.insertRows(s, 1, 4); p.set(s, "A1", "SỞ GIAO THÔNG", "D2", "Số: 12") }, "", "=", nil},
		{1, "a line between heads and figures", func(p *paper) { p.insertRows(s, 8, 1) }, "", "=", nil},
		{1, "a column between labels and figures", func(p *paper) { p.insertColumn(s, 2) }, "", "=", nil},
		{1, "the row of sums was deleted", func(p *paper) { p.deleteRow(s, 11) }, "", "=", nil},
		{1, "a row was deleted", func(p *paper) { p.deleteRow(s, 9) }, "S12 E", "=", nil},
		{3, "a label in other words that the form knows", retype(s, "Trung lưu", "Khúc giữa"), "", "=", nil},
		{3, "a label in other words that it does not know", retype(s, "Trung lưu", "Vùng B"), "", "S12 E, S13 X", nil},
		{4, "a row of one's own", func(p *paper) { p.insertRows(s, 11, 1); p.set(s, "A11", "Cửa biển", "B11", 2) }, "S13 X", "=", nil},
		{5, "two columns exchanged, all of them", func(p *paper) { p.swap(s, 2, 3, 7, 11) }, "", "=", nil},
		{5, "heads exchanged, figures not", func(p *paper) { p.set(s, "B7", "Chiều dài tuyến (km)", "C7", "Số bến") }, "S11 H", "N05 H", map[string]any{
			"BEN_THUONG": nil, "BEN_TRUNG": 20.0, "BEN_HA": nil, "DAI_THUONG": 2.0, "DAI_TRUNG": 3.0, "DAI_HA": 4.0}},
		{6, "words around figures", func(p *paper) { p.set(s, "B8", "02 bến", "C9", "20 km") }, "N11 W", "=", nil},
		{10, "a wrong sum typed over", func(p *paper) { p.set(s, "B11", 10) }, "C02 E", "=", nil},
		{12, "TCVN3", in(".VnTime", tcvn), "S16 W", "=", nil},
		{12, "TCVN3 in another font", in("Arial", tcvn), "S16 W", "=", nil},
		{12, "VNI", in("VNI-Times", vni), "S16 W", "=", nil},
		{13, "decomposed", func(p *paper) { p.texts(s, func(_ [2]int, k *ink) { k.text = norm.NFD.String(k.text) }) }, "", "=", nil},
		{14, "renamed", func(p *paper) { p.rename(s, "Sheet1") }, "", "=", nil},
		{14, "the hidden sheet is gone", func(p *paper) { p.drop("_meta") }, "S09 W", "=", nil},
		{14, "alone in a new file", func(p *paper) { p.drop("_meta", "Luật") }, "S09 W", "=", nil},
		{15, "a sheet for each river", func(p *paper) { other(p, "Sông Trà"); other(p, "Sông Vệ") }, "S11 H", "=", nil},
	} {
		for _, bare := range []bool{false, true} {
			t.Run(d.sentence, func(t *testing.T) {
				p := whole.copy()
				p.t = t
				d.do(p)
				want := d.want
				if bare {
					nameless(p)
					if d.bare != "=" {
						want = d.bare
					}
				}
				e := d
				if !bare && d.bare != "=" {
					e.values = nil
				}
				verify(t, f, p.pack(), e, right, want)
			})
		}
	}
	for _, bare := range []bool{false, true} {
		for n := 1; n <= 21; n++ {
			for _, do := range []func(p *paper){
				func(p *paper) { p.insertRows(s, n, 1) },
				func(p *paper) { p.insertColumn(s, min(n, 6)) },
			} {
				p := whole.copy()
				do(p)
				if bare {
					nameless(p)
				}
				part, ours, err := f.Check(p.pack(), Options{})
				if err != nil || !ours || len(part.Problems) > 0 || len(silent(f, right, part)) > 0 {
					t.Errorf("row or column %d, names %v: %v %v %v %v", n, !bare, ours, err, said(part), silent(f, right, part))
				}
			}
		}
	}
}

// TestASheetCalledTheSum names the sheet that a person may want, and reads
// none of them: two candidates are held.
func TestASheetCalledTheSum(t *testing.T) {
	f := builtinForm(t)
	p := unpack(t, whole(t, f))
	nameless(p)
	p.rename(annex, "Tổng hợp huyện")
	for _, name := range []string{"Xã A", "Xã B"} {
		for _, k := range p.clone("Tổng hợp huyện", name).cells {
			if k.number != "" && k.formula == "" {
				k.number = "1"
			}
		}
	}
	part, _, err := f.Check(p.pack(), Options{Name: "a.xlsx"})
	if err != nil || part.Verdict != finding.Held {
		t.Fatal(err, part.Verdict, said(part))
	}
	for _, q := range part.Problems {
		if q.Code == "S11" && (q.Args["goi_y"] != "Tổng hợp huyện" || !strings.Contains(q.Args["ten_sheet"], "Xã B") || q.Args["n"] != "3") {
			t.Errorf("%+v", q.Args)
		}
	}
	for i := range f.inputs {
		if in := &f.inputs[i]; in.Number() && part.Values[in.Name] != nil {
			t.Errorf("%s = %v", in.Name, part.Values[in.Name])
		}
	}
}

// TestLocated tells by what each cell was found.
func TestLocated(t *testing.T) {
	f := builtinForm(t)
	for _, c := range []struct {
		sentence string
		do       func(p *paper)
		name     string
		want     string
	}{
		{"by its name", func(*paper) {}, "DVK_B1_11_TT", byName},
		{"by its codes", nameless, "DVK_B1_11_TT", byCode},
		{"by its label, a field", nameless, "DVK_SO_BC", byLabel},
		{"by its labels", both(nameless, uncoded), "DVK_B2_23_XD_TT", byLabel},
		{"by its address, where heads were deleted and nothing moved", both(nameless, func(p *paper) {
			for _, c := range strings.Fields("A9 B9 C9 D9 E9 F9 G9") {
				p.set(annex, c, nil)
			}
		}), "DVK_B1_12_CN", byAddress},
	} {
		p := unpack(t, whole(t, f))
		c.do(p)
		part, _, err := f.Check(p.pack(), Options{})
		if err != nil || part.Located[c.name] != c.want || part.Values[c.name] == nil {
			t.Errorf("%s: %v %q %v %v", c.sentence, err, part.Located[c.name], part.Values[c.name], said(part))
		}
	}
	// Not if something moved.
	p := unpack(t, whole(t, f))
	nameless(p)
	for _, c := range strings.Fields("A9 B9 C9 D9 E9 F9 G9") {
		p.set(annex, c, nil)
	}
	p.insertRows(annex, 12, 1)
	part, _, err := f.Check(p.pack(), Options{})
	if err != nil || part.Values["DVK_B1_12_TT"] != nil || !strings.Contains(kinds(part), "S10 E") {
		t.Error(err, part.Values["DVK_B1_12_TT"], said(part))
	}
}
