package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/config/builtin"
	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

const annex = "Phụ lục số liệu"

func builtinForm(t testing.TB) *Form {
	t.Helper()
	blank, err := builtin.Form()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Compile(blank)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// good fills the form with figures that agree with each other: registered
// 42 collective, 17 individual, in both tables.
func good(x *excelize.File) {
	set := func(cell string, v any) {
		if err := x.SetCellValue(annex, cell, v); err != nil {
			panic(err)
		}
	}
	for i, v := range []int{6, 2, 21, 9, 15, 6} {
		set(fmt.Sprintf("%c%d", "DE"[i%2], 11+i/2), v)
	}
	for i, v := range [][4]int{{14, 6, 13, 5}, {12, 4, 11, 4}, {9, 5, 9, 5}, {7, 2, 6, 1}} {
		for k := range v {
			set(fmt.Sprintf("%c%d", "DEGH"[k], 20+i), v[k])
		}
	}
	for i, v := range []int{1, 2, 3, 8, 5, 20} {
		set(fmt.Sprintf("%c%d", "DE"[i%2], 29+i/2), v)
	}
	set("C5", "125-BC/HU")
	set("J5", "18/10/2022")
}

// said renders problems as "C01 E F11" with the cells they point at.
func said(part finding.Part) []string {
	var out []string
	for _, p := range part.Problems {
		s := p.Code + " " + string(p.Severity)
		if p.Cell != "" {
			s += " " + p.Cell
		}
		if p.Explain != "" {
			s += " explained"
		}
		out = append(out, s)
	}
	return out
}

func TestBuiltinFormHasNoFaults(t *testing.T) {
	f := builtinForm(t)
	for _, fault := range f.Try() {
		t.Error(fault, fault.Formula)
	}
	numbers := 0
	for _, in := range f.Description().Inputs {
		if in.Number() {
			numbers++
			if in.RowCode == "" || in.ColCode == "" || in.Row == "" || in.Column == "" || !strings.HasPrefix(in.Table, "Biểu ") {
				t.Errorf("%s is not labelled: %+v", in.Name, in)
			}
		}
	}
	if numbers != 28 {
		t.Errorf("%d number inputs, want 28", numbers)
	}
}

func TestFilledBuiltinFormGivesItsValues(t *testing.T) {
	f := builtinForm(t)
	part, ours, err := f.Check(filled(t, f.Blank(), good), Options{Name: "Phu luc.xlsx"})
	if err != nil || !ours {
		t.Fatal(ours, err)
	}
	if part.Kind != finding.Appendix || part.Verdict != finding.Accepted || len(part.Problems) > 0 {
		t.Errorf("%s %s %v", part.Kind, part.Verdict, said(part))
	}
	want := map[string]any{
		"DVK_B1_11_TT": 6.0, "DVK_B1_13_CN": 6.0, "DVK_B2_21_DK_TT": 14.0, "DVK_B2_24_XD_CN": 1.0,
		"DVK_B3_33_CNH": 20.0, "DVK_SO_BC": "125-BC/HU", "DVK_NGAY_BC": "2022-10-18",
		"DVK_NGAY_CHOT": "2022-10-15", "DVK_B1_11_GC": nil,
	}
	for name, v := range want {
		if got, ok := part.Values[name]; !ok || got != v {
			t.Errorf("%s = %v, want %v", name, got, v)
		}
	}
	sum := 0.0
	for _, in := range f.inputs {
		if v, ok := part.Values[in.Name].(float64); ok && in.Number() {
			sum += v
		}
	}
	if sum != 59+59+54+39 {
		t.Errorf("all figures add up to %v", sum)
	}
	if part.Places["DVK_B2_23_XD_CN"] != annex+"!H22" {
		t.Errorf("place %s", part.Places["DVK_B2_23_XD_CN"])
	}
}

func TestWhatUnitsDoToTheBuiltinForm(t *testing.T) {
	f := builtinForm(t)
	set := func(pairs ...any) func(*excelize.File) {
		return func(x *excelize.File) {
			for i := 0; i < len(pairs); i += 2 {
				if err := x.SetCellValue(annex, pairs[i].(string), pairs[i+1]); err != nil {
					panic(err)
				}
			}
		}
	}
	for _, test := range []struct {
		sentence string
		change   func(*excelize.File)
		want     []string
		verdict  string
	}{
		{"one blank among figures counts as 0 and is said", set("D29", nil), []string{"N01 W D29"}, finding.AcceptedWithNotes},
		{"blanks are said once, and count as 0 for the rules", set("D29", nil, "E13", nil, "E23", nil), []string{"C03 E E14", "C04 X H23", "N01 W E13"}, finding.NeedsFix},
		{"a column without figures must be filled in, and its rules stay silent", set("D11", nil, "D12", nil, "D13", nil), []string{"N01 E D11"}, finding.NeedsFix},
		{"a column without figures under a typed total", set("D11", nil, "D12", nil, "D13", nil, "D14", 42), []string{"N01 E D14"}, finding.NeedsFix},
		{"a typed total that may stand alone", set("E29", nil, "E30", nil, "E31", nil, "E32", 30), []string{"N01 W E32"}, finding.AcceptedWithNotes},
		{"a typed total of nothing", set("E29", nil, "E30", nil, "E31", nil, "E32", 0), []string{"N01 E E29"}, finding.NeedsFix},
		{"an estimate is no number, and its column is not compared with anything", set("D13", "khoảng 30"), []string{"N06 E D13"}, finding.NeedsFix},
		{"text around a number is read and said", set("E11", "02 cá nhân"), []string{"N11 W E11"}, finding.AcceptedWithNotes},
		{"two such cells are one note", set("E11", "02 cá nhân", "D11", "Sáu"), []string{"N11 W D11"}, finding.AcceptedWithNotes},
		{"a number written 06 is recorded only", set("D11", "06"), []string{"N11 I D11"}, finding.Accepted},
		{"one and a bit may be a thousand: the unit is asked", set("D11", 1.234), []string{"N05 H D11"}, finding.NeedsFix},
		{"a negative count", set("D11", -3), []string{"N03 E D11"}, finding.NeedsFix},
		{"a decimal in text", set("D11", "12,5"), []string{"N04 E D11"}, finding.NeedsFix},
		{"several numbers in one cell", set("D11", "3 TT, 2 CN"), []string{"N07 E D11"}, finding.NeedsFix},
		{"a percentage", set("D11", "100%"), []string{"N08 E D11"}, finding.NeedsFix},
		{"being compiled is no number", set("D11", "đang tổng hợp"), []string{"N02 E D11"}, finding.NeedsFix},
		{"far beyond the bounds, once", set("D12", 99999), []string{"N09 X D12", "C03 E D14"}, finding.NeedsFix},
		{"the tables do not agree", set("E11", 4), []string{"C03 E E14"}, finding.NeedsFix},
		{"more built than registered must be explained", set("G20", 20), []string{"C04 X G20"}, finding.NeedsFix},
		{"more built than registered, explained", set("G20", 20, "K20", "Có 6 mô hình phát sinh ngoài đăng ký"), []string{"C04 X G20 explained"}, finding.AcceptedWithNotes},
		{"a wrong total typed over the formula", set("F11", 9), []string{"C01 E F11"}, finding.NeedsFix},
		{"a wrong column total typed over the formula", set("D14", "41"), []string{"C02 E D14"}, finding.NeedsFix},
		{"right totals typed over the formulas are recorded", set("F11", 8, "D14", 42), []string{"S17 W F11"}, finding.AcceptedWithNotes},
		{"a wrong rate typed over the formula is recorded", set("J20", 12.5), []string{"C09 I J20"}, finding.Accepted},
		{"a wrong total of a column that could not be read is not compared", set("D13", "khoảng 30", "D14", 41), []string{"N06 E D13"}, finding.NeedsFix},
		{"the cut-off date cannot be read", set("C6", "cuối năm"), []string{"C11 W C6"}, finding.AcceptedWithNotes},
		{"the cut-off date was deleted", set("C6", nil), []string{"C11 W C6"}, finding.AcceptedWithNotes},
		{"several mistakes are told at once", set("D13", "khoảng 30", "H21", "5/7", "G20", 20, "E11", 4), []string{"N06 E D13", "N07 E H21", "C03 E E14", "C04 X G20"}, finding.NeedsFix},
		{"a row of its own with figures", func(x *excelize.File) {
			set("B15", "Khác", "D15", 3)(x)
		}, []string{"S13 X D15"}, finding.NeedsFix},
		{"names are gone and so is a table", func(x *excelize.File) {
			dropNames(x)
			for row := 26; row <= 32; row++ {
				for col := 'A'; col <= 'K'; col++ {
					set(fmt.Sprintf("%c%d", col, row), nil)(x)
				}
			}
		}, []string{"S10 E"}, finding.NeedsFix},
		{"a formula of another file without its result", func(x *excelize.File) {
			set("D11", nil)(x)
			if err := x.SetCellFormula(annex, "D11", "Sheet9!A1"); err != nil {
				panic(err)
			}
		}, []string{"S18 E D11"}, finding.NeedsFix},
		{"old fonts are read", func(x *excelize.File) {
			id, err := x.NewStyle(&excelize.Style{Font: &excelize.Font{Family: ".VnTime"}})
			if err != nil {
				panic(err)
			}
			set("D11", "6 m« h×nh")(x)
			x.SetCellStyle(annex, "D11", "D11", id)
		}, []string{"N11 W D11", "S16 W D11"}, finding.AcceptedWithNotes},
		{"a form of another campaign", func(x *excelize.File) { setMeta(x, "campaign_id", "DVK-2021") }, []string{"S07 E"}, finding.NeedsFix},
		{"a form of another version", func(x *excelize.File) { setMeta(x, "template_version", "2021.9") }, []string{"S07 E"}, finding.NeedsFix},
		{"the hidden sheet is gone", func(x *excelize.File) {
			if err := x.DeleteSheet("_meta"); err != nil {
				panic(err)
			}
		}, []string{"S09 W"}, finding.AcceptedWithNotes},
		{"a sheet was renamed", func(x *excelize.File) {
			if err := x.SetSheetName(annex, "PL"); err != nil {
				panic(err)
			}
		}, nil, finding.Accepted},
		{"a copy of the sheet with other figures: nobody guesses", func(x *excelize.File) {
			i, err := x.NewSheet("Xã A")
			if err != nil {
				panic(err)
			}
			from, _ := x.GetSheetIndex(annex)
			if err := x.CopySheet(from, i); err != nil {
				panic(err)
			}
			x.SetCellValue("Xã A", "D11", 77)
			x.SetCellValue("Xã A", "D20", 77)
			x.SetCellValue("Xã A", "D29", 77)
		}, []string{"S11 H", "S11 H", "S11 H"}, finding.Held},
		{"a hidden copy of the sheet is left alone", func(x *excelize.File) {
			i, _ := x.NewSheet("cũ")
			from, _ := x.GetSheetIndex(annex)
			x.CopySheet(from, i)
			x.SetCellValue("cũ", "D11", 77)
			x.SetSheetVisible("cũ", false)
		}, nil, finding.Accepted},
		{"heads of two columns were exchanged by hand", set("D9", "Cá nhân", "E9", "Tập thể"), []string{"S11 H D11"}, finding.Held},
		{"all names are gone: codes and labels tell", dropNames, nil, finding.Accepted},
		{"names are gone and labels were shortened", func(x *excelize.File) {
			dropNames(x)
			set("B21", "VH-XH", "B22", "ANQP", "B23", "HTCT", "B13", "Cơ sở", "C21", nil, "C22", nil, "C23", nil, "C13", nil)(x)
		}, nil, finding.Accepted},
		{"names are gone and a row was deleted", func(x *excelize.File) {
			dropNames(x)
			set("A21", nil, "B21", nil, "C21", nil, "D21", nil, "E21", nil, "F21", nil, "G21", nil, "H21", nil, "I21", nil, "J21", nil, "K21", nil)(x)
		}, []string{"S12 E"}, finding.NeedsFix},
		{"names are gone and a row stands there twice with other figures", func(x *excelize.File) {
			dropNames(x)
			set("B15", "Cấp tỉnh", "C15", "11", "D15", 9, "E15", 1)(x)
		}, []string{"S14 E D11"}, finding.NeedsFix},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			data := filled(t, f.Blank(), func(x *excelize.File) { good(x); test.change(x) })
			part, ours, err := f.Check(data, Options{Name: "a.xlsx"})
			if err != nil || !ours {
				t.Fatal(ours, err)
			}
			if got := said(part); !slices.Equal(got, test.want) {
				t.Errorf("said %q, want %q", got, test.want)
				for _, p := range part.Problems {
					t.Logf("%+v", p)
				}
			}
			if part.Verdict != test.verdict {
				t.Errorf("verdict %s, want %s", part.Verdict, test.verdict)
			}
		})
	}
}

func setMeta(x *excelize.File, key, value string) {
	rows, err := x.GetRows("_meta")
	if err != nil {
		panic(err)
	}
	for i, row := range rows {
		if len(row) > 0 && row[0] == key {
			x.SetCellValue("_meta", fmt.Sprintf("B%d", i+1), value)
			return
		}
	}
	panic("no key " + key)
}

func dropNames(x *excelize.File) {
	for _, n := range x.GetDefinedName() {
		if err := x.DeleteDefinedName(&excelize.DefinedName{Name: n.Name, Scope: n.Scope}); err != nil {
			panic(err)
		}
	}
}

func TestTheBlankFormSentBackIsBlank(t *testing.T) {
	f := builtinForm(t)
	part, ours, err := f.Check(f.Blank(), Options{})
	if err != nil || !ours || !slices.Equal(said(part), []string{"S15 E"}) || part.Verdict != finding.NeedsFix || part.Readable() {
		t.Error(ours, err, said(part), part.Verdict)
	}
}

func TestFilesThatAreNoFilledForm(t *testing.T) {
	f := builtinForm(t)
	other := excelize.NewFile()
	other.SetCellValue("Sheet1", "A1", "Danh sách cán bộ")
	b, _ := other.WriteToBuffer()
	for _, test := range []struct {
		sentence string
		data     []byte
		ours     bool
		want     []string
	}{
		{"a workbook of something else is none of ours", b.Bytes(), false, nil},
		{"a text file", []byte("xin gửi phụ lục"), false, nil},
		{"nothing", nil, true, []string{"S01 E"}},
		{"a truncated workbook", f.Blank()[:len(f.Blank())/2], true, []string{"S01 E"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			part, ours, err := f.Check(test.data, Options{Name: "a.xlsx"})
			if err != nil || ours != test.ours || !slices.Equal(said(part), test.want) {
				t.Error(ours, err, said(part))
			}
		})
	}
}

func TestNothingOfOneSenderReachesTheNext(t *testing.T) {
	f := builtinForm(t)
	bad := filled(t, f.Blank(), func(x *excelize.File) {
		good(x)
		x.SetCellValue(annex, "G20", 20)
		x.SetCellValue(annex, "C6", "cuối năm")
	})
	fine := filled(t, f.Blank(), good)
	for range 3 {
		if part, _, err := f.Check(bad, Options{}); err != nil || len(part.Problems) != 2 {
			t.Fatal(err, said(part))
		}
		if part, _, err := f.Check(fine, Options{}); err != nil || len(part.Problems) != 0 {
			t.Fatal(err, said(part))
		}
	}
}

func TestListRowsAreReadAndJudged(t *testing.T) {
	f := builtinForm(t)
	if len(f.lists) != 1 {
		t.Fatalf("%d lists", len(f.lists))
	}
	l := f.lists[0]
	data := filled(t, f.Blank(), func(x *excelize.File) {
		good(x)
		row := l.ref.Row + 2 // the first row stays blank
		for col, v := range map[int]any{2: "Bếp ăn tình thương", 3: "VH-XH", 4: "tập thể", 8: "mo hinh 1.docx"} {
			x.SetCellValue(l.Sheet, workbook.Address(col, row), v)
		}
	})
	part, _, err := f.Check(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		l.Name + "[1].Tên mô hình, điển hình": "Bếp ăn tình thương",
		l.Name + "[1].Lĩnh vực":               "Văn hóa - xã hội",
		l.Name + "[1].Tập thể/Cá nhân":        "Tập thể",
		l.Name + "[1].Tên tệp Word":           "mo hinh 1.docx",
	} {
		if part.Values[key] != want {
			t.Errorf("%s = %v, want %v", key, part.Values[key], want)
		}
	}
	if _, ok := part.Values[l.Name+"[2].Lĩnh vực"]; ok {
		t.Error("a blank row was read")
	}
	for _, p := range part.Problems {
		t.Log(p)
	}
}

func TestWordsOfRulesAreComputed(t *testing.T) {
	f := builtinForm(t)
	part, _, err := f.Check(filled(t, f.Blank(), func(x *excelize.File) { good(x); x.SetCellValue(annex, "E11", 4) }), Options{})
	if err != nil || len(part.Problems) != 1 {
		t.Fatal(err, said(part))
	}
	p := part.Problems[0]
	for lang, words := range map[string][]string{"vi": {"E14", "E24", "19", "17", "E11"}, "en": {"E14", "E24", "19", "17"}} {
		for _, w := range words {
			if !strings.Contains(p.Words[lang], w) {
				t.Errorf("%s: %q lacks %q", lang, p.Words[lang], w)
			}
		}
	}
}
