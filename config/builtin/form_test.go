package builtin

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func blankForm(t testing.TB) ([]byte, *excelize.File) {
	t.Helper()
	form, err := Form()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return form, f
}

func TestTheFormIsTheSameEveryTime(t *testing.T) {
	first, err := Form()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Form()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two makings of the form differ")
	}
}

func TestSheetsInTheirOrder(t *testing.T) {
	_, f := blankForm(t)
	want := []string{"Phụ lục số liệu", "Danh mục mô hình", "Hướng dẫn", "Kiểm tra", "_meta"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
	workbook, _ := f.Pkg.Load("xl/workbook.xml")
	if !regexp.MustCompile(`name="_meta"[^>]*state="veryHidden"`).Match(workbook.([]byte)) {
		t.Error("_meta is not very hidden: Excel would offer to show it")
	}
}

// wantedInputs are the names and places of the specification; returned files
// of a campaign that runs are read by them, so they must not move.
func wantedInputs() (counts, others map[string]string) {
	counts, others = map[string]string{}, map[string]string{
		"DVK_SO_BC": "C5", "DVK_NGAY_BC": "J5", "DVK_NGAY_CHOT": "C6", "DVK_LAP_BIEU": "J6",
	}
	for i, code := range []string{"11", "12", "13", "10"} {
		others["DVK_B1_"+code+"_GC"] = fmt.Sprintf("G%d", 11+i)
		if code != "10" {
			counts["DVK_B1_"+code+"_TT"] = fmt.Sprintf("D%d", 11+i)
			counts["DVK_B1_"+code+"_CN"] = fmt.Sprintf("E%d", 11+i)
		}
	}
	for i, code := range []string{"21", "22", "23", "24", "20"} {
		others["DVK_B2_"+code+"_GC"] = fmt.Sprintf("K%d", 20+i)
		if code != "20" {
			counts["DVK_B2_"+code+"_DK_TT"] = fmt.Sprintf("D%d", 20+i)
			counts["DVK_B2_"+code+"_DK_CN"] = fmt.Sprintf("E%d", 20+i)
			counts["DVK_B2_"+code+"_XD_TT"] = fmt.Sprintf("G%d", 20+i)
			counts["DVK_B2_"+code+"_XD_CN"] = fmt.Sprintf("H%d", 20+i)
		}
	}
	for i, code := range []string{"31", "32", "33", "30"} {
		others["DVK_B3_"+code+"_GC"] = fmt.Sprintf("F%d", 29+i)
		if code != "30" {
			counts["DVK_B3_"+code+"_NR"] = fmt.Sprintf("D%d", 29+i)
			counts["DVK_B3_"+code+"_CNH"] = fmt.Sprintf("E%d", 29+i)
		}
	}
	return counts, others
}

func unlocked(t *testing.T, f *excelize.File, sheet, cell string) bool {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style.Protection != nil && !style.Protection.Locked
}

func TestInputsAreTheNamedUnlockedCellsOfTheSpecification(t *testing.T) {
	_, f := blankForm(t)
	counts, others := wantedInputs()
	if len(counts) != 28 {
		t.Fatalf("%d counts, want 28", len(counts))
	}
	found := 0
	for _, name := range f.GetDefinedName() {
		sheet, ref, ok := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(name.RefersTo, "'", ""), "$", ""), "!")
		if !ok || strings.Contains(ref, ":") || !unlocked(t, f, sheet, ref) {
			continue
		}
		found++
		want := counts[name.Name] + others[name.Name]
		if sheet != annexSheet || ref != want {
			t.Errorf("%s is %s!%s, want %q", name.Name, sheet, ref, want)
		}
		if formula, _ := f.GetCellFormula(sheet, ref); formula != "" {
			t.Errorf("%s is an input and holds a formula", name.Name)
		}
	}
	if found != len(counts)+len(others) {
		t.Errorf("%d inputs, want %d", found, len(counts)+len(others))
	}
	if value, _ := f.GetCellValue(annexSheet, "C6"); value != "15/10/2022" {
		t.Errorf("C6 shows %q, want 15/10/2022", value)
	}
	for row := 34; row <= 39; row++ {
		for _, column := range []string{"A", "E", "H", "K"} {
			if cell := fmt.Sprintf("%s%d", column, row); !unlocked(t, f, annexSheet, cell) {
				t.Errorf("%s, where a unit signs, is locked", cell)
			}
		}
	}
}

func TestCountsWarnAndRequire(t *testing.T) {
	_, f := blankForm(t)
	validations, err := f.GetDataValidations(annexSheet)
	if err != nil {
		t.Fatal(err)
	}
	counts, _ := wantedInputs()
	covered := map[string]bool{}
	for _, v := range validations {
		if v.Type != "whole" {
			continue
		}
		if v.Formula1 != "0" || v.Formula2 != "9999" || v.AllowBlank || *v.ErrorStyle != "warning" || *v.ErrorTitle != "Số liệu chưa hợp lệ" {
			t.Errorf("counts are validated as %+v", v)
		}
		for _, area := range strings.Fields(v.Sqref) {
			from, to, _ := strings.Cut(area, ":")
			c1, r1, _ := excelize.CellNameToCoordinates(from)
			c2, r2, _ := excelize.CellNameToCoordinates(to)
			for c := c1; c <= c2; c++ {
				for r := r1; r <= r2; r++ {
					cell, _ := excelize.CoordinatesToCellName(c, r)
					covered[cell] = true
				}
			}
		}
	}
	for name, cell := range counts {
		if !covered[cell] {
			t.Errorf("%s (%s) takes anything", name, cell)
		}
	}
	if len(covered) != len(counts) {
		t.Errorf("%d cells are validated as counts, want %d", len(covered), len(counts))
	}
}

func TestListOfModelsIsATableToTypeInto(t *testing.T) {
	_, f := blankForm(t)
	tables, err := f.GetTables(listSheet)
	if err != nil || len(tables) != 1 || tables[0].Name != "DVK_MH" || tables[0].Range != "A4:I7" {
		t.Fatalf("tables %+v, %v", tables, err)
	}
	if protection, err := f.GetSheetProtection(listSheet); err == nil && protection.SelectLockedCells {
		t.Error("the list is protected: rows could not be added")
	}
	if unlocked(t, f, listSheet, "A5") || !unlocked(t, f, listSheet, "B5") || !unlocked(t, f, listSheet, "I7") {
		t.Error("the number is ours, the other columns are the unit's")
	}
	validations, err := f.GetDataValidations(listSheet)
	if err != nil {
		t.Fatal(err)
	}
	choices := map[string]string{}
	for _, v := range validations {
		choices[v.Sqref] = v.Formula1
	}
	for area, want := range map[string]string{
		"C5:C7": `"Kinh tế,Văn hóa - xã hội,Quốc phòng - an ninh,Xây dựng hệ thống chính trị"`,
		"D5:D7": `"Tập thể,Cá nhân"`,
		"F5:F7": `"Cấp tỉnh,Cấp huyện"`,
	} {
		if choices[area] != want {
			t.Errorf("%s offers %s, want %s", area, choices[area], want)
		}
	}
}

// Functions that excelize computes like Excel 2007 and LibreOffice.
var permitted = strings.Fields("AND OR NOT IF IFERROR SUM COUNT COUNTIF COUNTIFS SUMIF SUMIFS MAX MIN MEDIAN ROUND ABS INT MOD LEN TRIM TEXT DATE YEAR INDEX MATCH VLOOKUP N")

func eachFormula(t *testing.T, f *excelize.File, do func(sheet, cell, formula string)) {
	t.Helper()
	n := 0
	for _, sheet := range f.GetSheetList() {
		for row := 1; row <= 60; row++ {
			for column := 1; column <= 15; column++ {
				cell, _ := excelize.CoordinatesToCellName(column, row)
				formula, err := f.GetCellFormula(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				if formula != "" {
					n++
					do(sheet, cell, formula)
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d formulas were found", n)
	}
}

var (
	constant = regexp.MustCompile(`"(?:[^"]|"")*"|'[^']*'`)
	function = regexp.MustCompile(`([A-Z][A-Z0-9.]*)\(`)
	wording  = regexp.MustCompile(`TEXT\([^"]*("[^"]*")\)`)
)

func TestOnlyPermittedFunctions(t *testing.T) {
	_, f := blankForm(t)
	eachFormula(t, f, func(sheet, cell, formula string) {
		for _, m := range wording.FindAllStringSubmatch(formula, -1) {
			if m[1] != `"0"` && m[1] != `"dd/mm/yyyy"` {
				t.Errorf("%s!%s: TEXT with %s", sheet, cell, m[1])
			}
		}
		for _, m := range constant.FindAllString(formula, -1) {
			if len([]rune(m)) > 257 {
				t.Errorf("%s!%s: a text constant of more than 255 characters", sheet, cell)
			}
		}
		if len([]rune(formula)) > 8192 {
			t.Errorf("%s!%s: longer than Excel allows", sheet, cell)
		}
		bare := constant.ReplaceAllString(formula, "")
		for _, m := range function.FindAllStringSubmatch(bare, -1) {
			if !slices.Contains(permitted, m[1]) {
				t.Errorf("%s!%s uses %s", sheet, cell, m[1])
			}
		}
	})
}

// storedValue is a formula's cell as it stands in the XML.
var storedValue = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"[^>]*?(?: t="(\w+)")?><f>[^<]*</f>(?:<v>([^<]*)</v>)?</c>`)

func TestEveryFormulaHasItsValueStored(t *testing.T) {
	_, f := blankForm(t)
	n := 0
	for i := range f.GetSheetList() {
		part := fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
		raw, ok := f.Pkg.Load(part)
		if !ok {
			t.Fatal("no " + part)
		}
		formulas := bytes.Count(raw.([]byte), []byte("<f>"))
		stored := storedValue.FindAllSubmatch(raw.([]byte), -1)
		if len(stored) != formulas {
			t.Errorf("%s: %d formulas, %d of them readable", part, formulas, len(stored))
		}
		n += formulas
		for _, m := range stored {
			cell, kind, value := string(m[1]), string(m[2]), string(m[3])
			if !bytes.Contains(m[0], []byte("<v>")) {
				t.Errorf("%s %s has no value", part, cell)
			}
			if (value == "TRUE" || value == "FALSE") && kind != "b" || strings.HasPrefix(value, "#") {
				t.Errorf("%s %s: %q stored as %q", part, cell, value, kind)
			}
			if i == 0 && value == "0" {
				t.Errorf("the blank form shows 0 in %s: it would look like a report of zeros", cell)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d formulas", n)
	}
}

func TestSheetsAreProtectedWithoutAPassword(t *testing.T) {
	_, f := blankForm(t)
	for i, sheet := range f.GetSheetList() {
		raw, _ := f.Pkg.Load(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		protection := regexp.MustCompile(`<sheetProtection[^>]*>`).Find(raw.([]byte))
		if sheet == listSheet {
			if protection != nil {
				t.Errorf("%s: %s", sheet, protection)
			}
			continue
		}
		for _, want := range []string{`sheet="true"`, `formatCells="false"`, `formatColumns="false"`, `formatRows="false"`, `selectUnlockedCells="false"`} {
			if !bytes.Contains(protection, []byte(want)) {
				t.Errorf("%s: %s is not in %s", sheet, want, protection)
			}
		}
		if bytes.Contains(protection, []byte("assword")) || bytes.Contains(protection, []byte("hashValue")) {
			t.Errorf("%s has a password: %s", sheet, protection)
		}
	}
}

func TestPagesAreA4Landscape(t *testing.T) {
	_, f := blankForm(t)
	areas := map[string]string{}
	for _, name := range f.GetDefinedName() {
		areas[name.Scope+" "+name.Name] = name.RefersTo
	}
	if got := areas[annexSheet+" _xlnm.Print_Area"]; got != "'Phụ lục số liệu'!$A$1:$K$40" {
		t.Errorf("the annex prints %s", got)
	}
	for i, sheet := range f.GetSheetList()[:4] {
		raw, _ := f.Pkg.Load(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		for _, want := range []string{
			`<pageSetUpPr fitToPage="true"`, `paperSize="9"`, `orientation="landscape"`, `fitToHeight="1"`, `fitToWidth="1"`,
			`horizontalCentered="true"`, `left="0.59`, `top="0.59`, `,Italic&#34;&amp;10Mẫu gửi kèm Công văn số 624-CV/BDVTU`, `<dimension ref="A1:`,
		} {
			if !bytes.Contains(raw.([]byte), []byte(want)) {
				t.Errorf("%s: no %s", sheet, want)
			}
		}
		if areas[sheet+" _xlnm.Print_Titles"] == "" {
			t.Errorf("%s repeats no title rows", sheet)
		}
	}
}

func TestFactsAreInMetaAndInTheProperties(t *testing.T) {
	_, f := blankForm(t)
	rows, err := f.GetRows(metaSheet)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, row := range rows {
		keys[row[0]] = true
	}
	properties, err := f.GetCustomProps()
	if err != nil {
		t.Fatal(err)
	}
	repeated := map[string]bool{}
	for _, p := range properties {
		repeated[p.Name] = true
	}
	for _, key := range strings.Fields("schema campaign_id template_id template_version unit_code unit_name category expected_models issued_at deadline_strict reply_to token scope_note cut_off outlier file_name") {
		if !keys[key] || !repeated[key] {
			t.Errorf("%s: in _meta %v, in the properties %v", key, keys[key], repeated[key])
		}
	}
	props, err := f.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	if props.Title == "" || props.Creator != "Ban Dân vận Tỉnh ủy Quảng Ngãi" || props.LastModifiedBy != props.Creator {
		t.Errorf("the document is by %q, %q, called %q", props.Creator, props.LastModifiedBy, props.Title)
	}
}

func TestGuideSaysWhatItMust(t *testing.T) {
	_, f := blankForm(t)
	var said []string
	for row := 3; row <= 10; row++ {
		text, err := f.GetCellValue(guideSheet, fmt.Sprintf("B%d", row))
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, text)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"Ghi số nguyên vào ô nền vàng; không phát sinh ghi 0. Ô tổng, tỷ lệ tự tính.",
		"Mỗi mô hình chỉ ghi ở một cấp (cấp cao nhất).",
		"Đã xây dựng: trong số đăng ký, đã triển khai, đang hoạt động đến ngày chốt.",
		"mỗi mô hình tính một lần, ghi theo cấp quyết định nhân rộng.",
		"kể cả mô hình đăng ký từ năm trước; gồm tập thể và cá nhân.",
		"Tổng đăng ký Biểu 1 phải bằng tổng đăng ký Biểu 2 (riêng tập thể, riêng cá nhân).",
		"Phạm vi số liệu của đơn vị: ",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the guide does not say %q", want)
		}
	}
	if strings.Contains(all, "*") {
		t.Error("marks of emphasis are left in the guide")
	}
}
