package form

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
)

// river makes the blank form of a made-up committee: an inventory of river
// ferries. Nothing in it resembles the built-in campaign: other names, one
// sheet for all, heads without codes, decimals, dates, choices, and vessels as
// a repeating list. change may spoil it.
func river(t testing.TB, change func(x *excelize.File)) []byte {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	const s = "Bến đò"
	do(x.SetSheetName("Sheet1", s))
	open, err := x.NewStyle(&excelize.Style{Protection: &excelize.Protection{Locked: false}})
	do(err)
	openDay, err := x.NewStyle(&excelize.Style{NumFmt: 14, Protection: &excelize.Protection{Locked: false}})
	do(err)
	for cell, v := range map[string]any{
		"A1": "Tổng hợp bến khách ngang sông",
		"A2": "Người kiểm tra:", "C2": nil,
		"A3": "Ngày kiểm tra:", "A4": "Kết luận chung:",
		"A6": "Bảng 7: Năng lực theo tuyến",
		"A7": "Tuyến", "B7": "Số bến", "C7": "Chiều dài tuyến (km)", "D7": "Bến trên mỗi km", "E7": "Giải trình",
		"A8": "Thượng lưu", "A9": "Trung lưu", "A10": "Hạ lưu", "A11": "Cộng",
		"A14": "Danh sách phương tiện",
		"A15": "Số hiệu", "B15": "Sức chở", "C15": "Đăng kiểm đến", "D15": "Tình trạng",
	} {
		do(x.SetCellValue(s, cell, v))
	}
	name := func(n, cell string) {
		do(x.SetDefinedName(&excelize.DefinedName{Name: n, RefersTo: "'" + s + "'!" + cell}))
	}
	do(x.SetCellStyle(s, "C2", "C2", open))
	do(x.SetCellStyle(s, "C3", "C3", openDay))
	do(x.SetCellStyle(s, "C4", "C4", open))
	name("KT_NGUOI", "$C$2")
	name("KT_NGAY", "$C$3")
	name("KT_KET_LUAN", "$C$4")
	for row, n := range map[string]string{"8": "THUONG", "9": "TRUNG", "10": "HA"} {
		do(x.SetCellStyle(s, "B"+row, "C"+row, open))
		do(x.SetCellStyle(s, "E"+row, "E"+row, open))
		name("BEN_"+n, "$B$"+row)
		name("DAI_"+n, "$C$"+row)
		name("GT_"+n, "$E$"+row)
		do(x.SetCellFormula(s, "D"+row, "IF(N(C"+row+")=0,\"\",ROUND(N(B"+row+")/C"+row+",2))"))
	}
	do(x.SetCellFormula(s, "B11", "SUM(B8:B10)"))
	do(x.SetCellFormula(s, "C11", "SUM(C8:C10)"))
	do(x.SetCellStyle(s, "A16", "D20", open))
	do(x.AddTable(s, &excelize.Table{Range: "A15:D20", Name: "TAU"}))

	valid := func(sqref string, blank bool, set func(dv *excelize.DataValidation) error) {
		dv := excelize.NewDataValidation(blank)
		dv.Sqref = sqref
		do(set(dv))
		do(x.AddDataValidation(s, dv))
	}
	valid("B8:B10", false, func(dv *excelize.DataValidation) error {
		return dv.SetRange(0, 40, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween)
	})
	valid("C8:C10", true, func(dv *excelize.DataValidation) error {
		return dv.SetRange(0.5, 300, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	})
	valid("C3", false, func(dv *excelize.DataValidation) error {
		return dv.SetRange(36526, 73051, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	})
	valid("C4", false, func(dv *excelize.DataValidation) error {
		return dv.SetDropList([]string{"Đạt", "Chưa đạt"})
	})
	valid("B16:B20", true, func(dv *excelize.DataValidation) error {
		return dv.SetRange(1, 200, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween)
	})
	valid("C16:C20", true, func(dv *excelize.DataValidation) error {
		return dv.SetRange(36526, 73051, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	})
	valid("D16:D20", true, func(dv *excelize.DataValidation) error {
		return dv.SetDropList([]string{"Tốt", "Hỏng"})
	})

	_, err = x.NewSheet("Luật")
	do(err)
	do(x.SetSheetRow("Luật", "B3", &[]any{"Mã", "Mức", "Kết quả", "Nội dung", "Message", "Ô", "Ô giải trình"}))
	do(x.SetSheetRow("Luật", "B4", &[]any{"Q1", "X", nil, nil, "The upper reach has more landings than the lower one.", "BEN_THUONG; BEN_HA", "GT_THUONG"}))
	do(x.SetCellFormula("Luật", "D4", "N(BEN_THUONG)<=N(BEN_HA)"))
	do(x.SetCellFormula("Luật", "E4", `"Thượng lưu (ô B8) có "&TEXT(BEN_THUONG,"0")&" bến, nhiều hơn hạ lưu (ô B10)."`))
	do(x.SetSheetRow("Luật", "B5", &[]any{"Q2", "E", nil, "Chưa có phương tiện nào.", "No vessel is listed.", "'Bến đò'!A16", nil}))
	do(x.SetCellFormula("Luật", "D5", "OR(SUM(B8:B10)=0,LEN(TRIM('Bến đò'!A16))>0)"))
	do(x.SetCellFormula("Luật", "D5", "OR(SUM('Bến đò'!B8:B10)=0,LEN(TRIM('Bến đò'!A16))>0)"))
	do(x.SetSheetRow("Luật", "B6", &[]any{"Q3", "W", nil, "Kiểm tra trước năm 2020.", "Inspected before 2020.", "KT_NGAY", nil}))
	do(x.SetCellFormula("Luật", "D6", "N(KT_NGAY)>=DATE(2020,1,1)"))
	_, err = x.NewSheet("_meta")
	do(err)
	for i, kv := range [][]any{{"campaign_id", "BEN-2030"}, {"template_version", "3"}, {"alias Trung lưu", "Giữa sông; Khúc giữa"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		do(x.SetSheetRow("_meta", cell, &kv))
	}
	do(x.SetSheetVisible("_meta", false, true))
	if change != nil {
		change(x)
	}
	b, err := x.WriteToBuffer()
	do(err)
	return bytes.Clone(b.Bytes())
}

func riverForm(t testing.TB) *Form {
	f, err := Compile(river(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAnotherCommitteesFormIsUnderstood(t *testing.T) {
	f := riverForm(t)
	for _, fault := range f.Try() {
		t.Error(fault)
	}
	d := f.Description()
	if d.Campaign != "BEN-2030" || d.Version != "3" || len(d.Inputs) != 12 || len(d.Lists) != 1 || len(d.Rules) != 3 || len(d.Totals) != 5 {
		t.Fatalf("%+v", d)
	}
	want := map[string]string{
		"KT_NGUOI":    "text  Người kiểm tra",
		"KT_NGAY":     "date  Ngày kiểm tra",
		"KT_KET_LUAN": "list  Kết luận chung",
		"BEN_THUONG":  "whole Bảng 7 Thượng lưu - Số bến",
		"DAI_HA":      "decimal Bảng 7 Hạ lưu - Chiều dài tuyến (km)",
		"GT_TRUNG":    "text Bảng 7 Trung lưu - Giải trình",
	}
	for _, in := range d.Inputs {
		if w, ok := want[in.Name]; ok && w != in.Type+" "+in.Table+" "+in.Label() {
			t.Errorf("%s: %q", in.Name, in.Type+" "+in.Table+" "+in.Label())
		}
	}
	if in := d.Inputs[f.byName["DAI_HA"]]; in.Min == nil || *in.Min != 0.5 || *in.Max != 300 || in.Required {
		t.Errorf("bounds %+v", in)
	}
	var columns []string
	for _, c := range d.Lists[0].Columns {
		columns = append(columns, c.Key+":"+c.Type)
	}
	if s := strings.Join(columns, " "); s != "Số hiệu:text Sức chở:whole Đăng kiểm đến:date Tình trạng:list" {
		t.Error(s)
	}
	kinds := map[string]string{}
	for _, x := range d.Totals {
		kinds[x.Cell] = x.Kind
	}
	if kinds["B11"] != "column" || kinds["C11"] != "column" || kinds["D9"] != "rate" {
		t.Error(kinds)
	}
}

func TestAnotherCommitteesFormIsRead(t *testing.T) {
	f := riverForm(t)
	const s = "Bến đò"
	fill := func(x *excelize.File) {
		for cell, v := range map[string]any{
			"C2": "Trần Thị B", "C3": "5.3.2024", "C4": "đạt",
			"B8": 2, "B9": 3, "B10": 4, "C8": "12,5", "C9": 20, "C10": 31.25,
			"A16": "QN-01", "B16": 12, "C16": "31/12/2025", "D16": "tot",
			"A18": "QN-07", "B18": "15 người", "D18": "Hỏng",
		} {
			x.SetCellValue(s, cell, v)
		}
	}
	for _, test := range []struct {
		sentence string
		change   func(x *excelize.File)
		want     []string
		values   map[string]any
	}{
		{"a filled form", func(*excelize.File) {}, nil, map[string]any{
			"KT_NGUOI": "Trần Thị B", "KT_NGAY": "2024-03-05", "KT_KET_LUAN": "Đạt", "BEN_HA": 4.0, "DAI_THUONG": 12.5, "DAI_HA": 31.25,
			"TAU[1].Số hiệu": "QN-01", "TAU[1].Sức chở": 12.0, "TAU[1].Đăng kiểm đến": "2025-12-31", "TAU[1].Tình trạng": "Tốt",
			"TAU[2].Số hiệu": "QN-07", "TAU[2].Sức chở": 15.0, "TAU[2].Đăng kiểm đến": nil, "TAU[2].Tình trạng": "Hỏng",
		}},
		{"a rule of its own", func(x *excelize.File) { x.SetCellValue(s, "B8", 9) }, []string{"Q1 X B8"}, nil},
		{"a rule of its own, explained", func(x *excelize.File) { x.SetCellValue(s, "B8", 9); x.SetCellValue(s, "E8", "Mới mở") }, []string{"Q1 X B8 explained"}, nil},
		{"the list is empty where it may not be", func(x *excelize.File) {
			x.SetCellValue(s, "A16", nil)
		}, []string{"Q2 E A16"}, nil},
		{"an old inspection", func(x *excelize.File) { x.SetCellValue(s, "C3", "01/02/2019") }, []string{"Q3 W C3"}, map[string]any{"KT_NGAY": "2019-02-01"}},
		{"a choice that does not exist, in a cell that must be filled in", func(x *excelize.File) { x.SetCellValue(s, "C4", "tạm được") }, []string{"T03 E C4"}, nil},
		{"a decimal below its bounds", func(x *excelize.File) { x.SetCellValue(s, "C8", 0.1) }, []string{"N09 X C8"}, nil},
		{"a measure that may be a thousand times as long", func(x *excelize.File) { x.SetCellValue(s, "C8", "1.250") }, []string{"N05 H C8"}, map[string]any{"DAI_THUONG": nil}},
		{"a column that may stay blank", func(x *excelize.File) {
			for _, c := range []string{"C8", "C9", "C10"} {
				x.SetCellValue(s, c, nil)
			}
		}, []string{"N01 W C8"}, map[string]any{"DAI_HA": 0.0}},
		{"names gone, a label in other words that the form allows", func(x *excelize.File) { dropNames(x); x.SetCellValue(s, "A9", "Khúc giữa") }, nil, map[string]any{"BEN_TRUNG": 3.0, "KT_NGAY": "2024-03-05"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			data := filled(t, f.Blank(), func(x *excelize.File) { fill(x); test.change(x) })
			part, ours, err := f.Check(data, Options{})
			if err != nil || !ours {
				t.Fatal(ours, err)
			}
			if got := said(part); !slices.Equal(got, test.want) {
				t.Errorf("said %q, want %q: %+v", got, test.want, part.Problems)
			}
			for k, v := range test.values {
				if got, ok := part.Values[k]; !ok || got != v {
					t.Errorf("%s = %v (%v), want %v", k, got, ok, v)
				}
			}
			if part.Verdict == "" || part.Kind != finding.Appendix {
				t.Error(part.Verdict, part.Kind)
			}
		})
	}
}

func TestFormsOutsideTheSubsetAreRefusedByCell(t *testing.T) {
	for _, test := range []struct{ sentence, formula, says string }{
		{"a function that is not computed alike everywhere", "SUMPRODUCT(B8:B10)>0", "SUMPRODUCT"},
		{"a clock", "KT_NGAY<TODAY()", "TODAY"},
		{"an indirect reference", `INDIRECT("B8")>0`, "INDIRECT"},
		{"a table reference", "SUM(TAU[Sức chở])>0", "TAU["},
		{"an area compared as an array", "AND('Bến đò'!B8:B10>0)", "may only stand alone"},
		{"an area in AND", "AND('Bến đò'!B8:B10)", "may only stand alone"},
		{"a blank compared with nothing", `KT_NGUOI=""`, "LEN(TRIM(cell))=0"},
		{"a name that does not exist", "KHONG_CO>0", "points at no cell"},
		{"a range between two names", "SUM(BEN_THUONG:BEN_HA)>0", "not permitted"},
		{"an array constant", "SUM({1,2})>0", "not permitted"},
		{"another workbook", "'[1]Sheet1'!A1>0", "not permitted"},
		{"a format that differs by language", `TEXT(BEN_HA,"#,##0")="1"`, "TEXT"},
		{"two areas that intersect", "SUM('Bến đò'!B8:B10 'Bến đò'!A9:C9)>0", "not permitted"},
		{"a circle", "D4", "refers to itself"},
		{"a division by nothing on the blank form", "1/N(BEN_HA)>0", "#DIV/0!"},
		{"neither TRUE nor FALSE", "N(BEN_HA)+5", "neither TRUE nor FALSE"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			f, err := Compile(river(t, func(x *excelize.File) { x.SetCellFormula("Luật", "D4", test.formula) }))
			if err != nil {
				t.Fatal(err)
			}
			faults := f.Try()
			if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Sheet == "Luật" && f.Cell == "D4" && strings.Contains(f.EN, test.says) }) {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

func TestTwoFormsDoNotKnowEachOther(t *testing.T) {
	f := riverForm(t)
	part, ours, err := f.Check(builtinForm(t).Blank(), Options{})
	if err != nil || !ours || !slices.Equal(said(part), []string{"S07 E"}) {
		t.Error("another campaign's form must be named as such", ours, err, said(part))
	}
}
