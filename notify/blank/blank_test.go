package blank_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config/builtin"
	"dondoc/notify/blank"
)

func form(t testing.TB) []byte {
	t.Helper()
	form, err := builtin.Form()
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func unit(code, name string, models int) blank.Values {
	return blank.Values{Meta: map[string]any{
		"unit_code": code, "unit_name": name, "category": "huyen-thi-thanh-uy", "expected_models": models,
		"scope_note": "tổng hợp toàn huyện, gồm các xã, thị trấn và các cơ quan, đơn vị thuộc huyện",
		"outlier":    500.0, "token": "MFRGG & <3", "nobody_asked_for": "this",
	}}
}

// stored is what a reader that does not compute sees: the value and the type
// that stand in the XML, by sheet part and cell.
func stored(t testing.TB, workbook []byte, part, cell string) (kind, value string) {
	t.Helper()
	text := file(t, workbook, part)
	m := regexp.MustCompile(`<c r="` + cell + `"([^>]*?)(?:/>|>(.*?)</c>)`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no cell %s", part, cell)
	}
	if k := regexp.MustCompile(` t="(\w+)"`).FindStringSubmatch(m[1]); k != nil {
		kind = k[1]
	}
	if v := regexp.MustCompile(`<(?:v|t xml:space="preserve")>(.*?)</`).FindStringSubmatch(m[2]); v != nil {
		value = v[1]
	}
	return kind, value
}

func file(t testing.TB, workbook []byte, name string) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const (
	annex = "xl/worksheets/sheet1.xml"
	list  = "xl/worksheets/sheet2.xml"
	guide = "xl/worksheets/sheet3.xml"
	check = "xl/worksheets/sheet4.xml"
	meta  = "xl/worksheets/sheet5.xml"
)

func TestPersonalisedFormIsReadableWithoutComputing(t *testing.T) {
	own, err := blank.Personalise(form(t), unit("HU-BINHSON", "Huyện ủy Bình Sơn", 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ sentence, part, cell, kind, value string }{
		{"the unit's name in the corner", annex, "A1", "str", "Huyện ủy Bình Sơn"},
		{"the unit that reports", annex, "C4", "str", "Huyện ủy Bình Sơn"},
		{"the line that names the report", annex, "A3", "str", "(Kèm theo Báo cáo số ……… ngày …/…/2022 của Huyện ủy Bình Sơn)"},
		{"a total of nothing is empty, not zero", annex, "D14", "str", ""},
		{"the list says how many models", list, "A3", "str", "Giới thiệu 02 mô hình, điển hình; mỗi mô hình, điển hình ghi một dòng. 06 nội dung theo mục II.2 Công văn viết trong tệp Word “Mau gioi thieu mo hinh.docx”, mỗi mô hình một tệp."},
		{"the guide ends with the unit's scope", guide, "B10", "str", "Phạm vi số liệu của đơn vị: tổng hợp toàn huyện, gồm các xã, thị trấn và các cơ quan, đơn vị thuộc huyện."},
		{"a rule that holds is a truth value", check, "F8", "b", "1"},
		{"the summary", check, "A4", "str", "Chưa nhập số liệu."},
		{"text in _meta", meta, "B5", "inlineStr", "HU-BINHSON"},
		{"a number in _meta", meta, "B8", "", "2"},
		{"what XML would misread", meta, "B12", "inlineStr", "MFRGG &amp; &lt;3"},
	} {
		if kind, value := stored(t, own, c.part, c.cell); kind != c.kind || value != c.value {
			t.Errorf("%s: %s %s is %q (%s), want %q (%s)", c.sentence, c.part, c.cell, value, kind, c.value, c.kind)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(own))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	properties, err := f.GetCustomProps()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, p := range properties {
		got[p.Name] = p.Value
	}
	if got["unit_code"] != "HU-BINHSON" || got["token"] != "MFRGG & <3" || got["expected_models"] != "2" || got["campaign_id"] != "DVK-2022" {
		t.Errorf("properties of the document: %v", got)
	}
	if name, err := blank.FileName(own, "HU-BINHSON"); name != "Phu luc so lieu - HU-BINHSON.xlsx" || err != nil {
		t.Errorf("file name %q, %v", name, err)
	}
}

func TestFilledFormIsReadableWithoutComputing(t *testing.T) {
	filled, err := blank.Fill(form(t), map[string]any{
		"DVK_NGAY_BC": "2022-10-17", "DVK_SO_BC": "2022-10-17", "DVK_NGAY_CHOT": time.Date(2022, 10, 15, 23, 0, 0, 0, time.FixedZone("", 7*3600)),
		"DVK_B1_11_TT": 6, "DVK_B1_12_TT": int64(4), "DVK_B1_13_TT": 2.0, "DVK_B1_11_CN": "khoảng 30", "DVK_B1_12_CN": 12.5,
		"DVK_B2_21_DK_TT": 13, "DVK_B2_21_XD_TT": 14, "DVK_B2_21_GC": "  hai\ndòng ", "DVK_B3_31_NR": nil,
		"DVK_MH[2].Tên mô hình, điển hình": "Tổ tự quản",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ sentence, part, cell, kind, value string }{
		{"a date input takes a date", annex, "J5", "", "44851"},
		{"a text input keeps what looks like one", annex, "C5", "inlineStr", "2022-10-17"},
		{"a moment is a day in its own zone", annex, "C6", "", "44849"},
		{"a count", annex, "D11", "", "6"},
		{"a fraction", annex, "E12", "", "12.5"},
		{"words where a count belongs, as a unit would type them", annex, "E11", "inlineStr", "khoảng 30"},
		{"a total is a number", annex, "D14", "", "12"},
		{"a rate is a number", annex, "J20", "", "107.7"},
		{"a note keeps its spaces", annex, "K20", "inlineStr", "  hai&#xA;dòng "},
		{"the title follows", annex, "A3", "str", "(Kèm theo Báo cáo số 2022-10-17 ngày 17/10/2022 của …………………………)"},
		{"a rule that fails is a truth value", check, "F8", "b", "0"},
		{"and says why", check, "D8", "str", "Số đăng ký của tập thể chưa khớp: Biểu 1 (ô D14) là 12, Biểu 2 (ô D24) là 13, lệch 1. Đề nghị xem lại các ô D11 đến D13 và D20 đến D23."},
		{"a rule that was explained", check, "C10", "str", "ĐÃ GIẢI TRÌNH"},
		{"a row of the list", list, "B6", "inlineStr", "Tổ tự quản"},
	} {
		if kind, value := stored(t, filled, c.part, c.cell); kind != c.kind || value != c.value {
			t.Errorf("%s: %s %s is %q (%s), want %q (%s)", c.sentence, c.part, c.cell, value, kind, c.value, c.kind)
		}
	}
}

func TestNothingElseOfTheFormIsTouched(t *testing.T) {
	before := form(t)
	after, err := blank.Personalise(before, unit("HU-BINHSON", "Huyện ủy Bình Sơn", 2))
	if err != nil {
		t.Fatal(err)
	}
	was, _ := zip.NewReader(bytes.NewReader(before), int64(len(before)))
	is, _ := zip.NewReader(bytes.NewReader(after), int64(len(after)))
	if len(was.File) != len(is.File) {
		t.Fatalf("%d files became %d", len(was.File), len(is.File))
	}
	cells := regexp.MustCompile(`(?s)<c [^>]*?(?:/>|>.*?</c>)`)
	for i, f := range was.File {
		if is.File[i].Name != f.Name {
			t.Fatalf("%s became %s", f.Name, is.File[i].Name)
		}
		a, b := file(t, before, f.Name), file(t, after, f.Name)
		if strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			a, b = cells.ReplaceAllString(a, ""), cells.ReplaceAllString(b, "")
		} else if f.Name == "docProps/custom.xml" {
			continue
		}
		if a != b {
			t.Errorf("%s changed beside its cells", f.Name)
		}
	}
}

func TestListHasARowToSpare(t *testing.T) {
	for _, c := range []struct {
		sentence string
		models   int
		inputs   map[string]any
		ref      string
		last     string
	}{
		{"a unit that owes none gets two rows", 0, nil, "A4:I6", "6"},
		{"a unit that owes one gets two", 1, nil, "A4:I6", "6"},
		{"a unit that owes two gets three", 2, nil, "A4:I7", "7"},
		{"a unit that owes five gets six", 5, nil, "A4:I10", "10"},
		{"what is filled in makes room for itself", 1, map[string]any{"DVK_MH[8].Tên tệp Word": "8.docx"}, "A4:I12", "12"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			v := unit("S-YT", "Sở Y tế", c.models)
			v.Inputs = c.inputs
			own, err := blank.Personalise(form(t), v)
			if err != nil {
				t.Fatal(err)
			}
			if table := file(t, own, "xl/tables/table1.xml"); !strings.Contains(table, `ref="`+c.ref+`"`) {
				t.Errorf("table %s", table)
			}
			sheet := file(t, own, list)
			if !strings.Contains(sheet, `sqref="C5:C`+c.last+`"`) || !strings.Contains(sheet, `<dimension ref="A1:I`+c.last+`"`) {
				t.Errorf("lists to choose from or the dimension do not end at row %s: %s", c.last, sheet)
			}
			if !strings.Contains(file(t, own, "xl/workbook.xml"), "Danh mục mô hình&#39;!$A$1:$I$"+c.last+"<") {
				t.Error("the print area does not follow")
			}
			f, err := excelize.OpenReader(bytes.NewReader(own))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			rows, err := f.GetRows("Danh mục mô hình")
			if err != nil {
				t.Fatal(err)
			}
			if n := fmt.Sprint(len(rows)); n != c.last || rows[len(rows)-1][0] != fmt.Sprint(len(rows)-4) {
				t.Errorf("%s rows, the last of them %q", n, rows[len(rows)-1])
			}
			last, _ := f.GetCellStyle("Danh mục mô hình", "B"+c.last)
			if first, _ := f.GetCellStyle("Danh mục mô hình", "B5"); first != last {
				t.Error("the last row does not look like the first")
			}
		})
	}
}

func TestATemplateKeepsNothingOfOneUnitForTheNext(t *testing.T) {
	template, err := blank.Open(form(t))
	if err != nil {
		t.Fatal(err)
	}
	defer template.Close()
	first := unit("HU-BINHSON", "Huyện ủy Bình Sơn", 5)
	first.Inputs = map[string]any{"DVK_B1_11_TT": 9999, "DVK_NGAY_CHOT": "x", "DVK_MH[1].Tên tệp Word": "a.docx"}
	if _, err := template.For(first); err != nil {
		t.Fatal(err)
	}
	second := blank.Values{Meta: map[string]any{"unit_code": "S-YT"}}
	got, err := template.For(second)
	if err != nil {
		t.Fatal(err)
	}
	want, err := blank.Personalise(form(t), second)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{annex, list, guide, check, meta, "xl/workbook.xml", "xl/tables/table1.xml", "docProps/custom.xml"} {
		if file(t, got, part) != file(t, want, part) {
			t.Errorf("%s remembers the unit before", part)
		}
	}
}

func TestMistakesOfTheCaller(t *testing.T) {
	for _, c := range []struct {
		sentence string
		inputs   map[string]any
		want     string
	}{
		{"an input that the form does not have", map[string]any{"DVK_B9_11_TT": 1}, `no input is named "DVK_B9_11_TT"`},
		{"a column that the list does not have", map[string]any{"DVK_MH[1].Tên": "x"}, `no input is named "DVK_MH[1].Tên"`},
		{"a row before the first", map[string]any{"DVK_MH[0].Tên tệp Word": "x"}, "no input is named"},
		{"a row so far down that it would fill the disk", map[string]any{"DVK_MH[99999].Tên tệp Word": "x"}, "no input is named"},
		{"a total, which is computed", map[string]any{"DVK_B1_10_TT": 1}, "holds a formula"},
		{"a value that is none", map[string]any{"DVK_B1_11_TT": []int{1}}, "cannot hold a []int"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			_, err := blank.Fill(form(t), c.inputs)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// repacked is the workbook with some of its files changed or added.
func repacked(t testing.TB, workbook []byte, changed map[string]string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write := func(name, text string) {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range archive.File {
		if _, ok := changed[f.Name]; !ok {
			write(f.Name, file(t, workbook, f.Name))
		}
	}
	for name, text := range changed {
		write(name, text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMacrosAreNotPassedOn(t *testing.T) {
	plain := form(t)
	types := strings.Replace(file(t, plain, "[Content_Types].xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
		"application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
	types = strings.Replace(types, "</Types>", `<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`, 1)
	rels := strings.Replace(file(t, plain, "xl/_rels/workbook.xml.rels"), "</Relationships>",
		`<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>`, 1)
	withMacros := repacked(t, plain, map[string]string{"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": rels, "xl/vbaProject.bin": "Sub Auto_Open()"})

	own, err := blank.Personalise(withMacros, unit("S-YT", "Sở Y tế", 1))
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(own), int64(len(own)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		if strings.Contains(f.Name, "vba") {
			t.Errorf("%s goes out", f.Name)
		}
		if strings.HasSuffix(f.Name, ".rels") || f.Name == "[Content_Types].xml" {
			if text := file(t, own, f.Name); strings.Contains(text, "vba") || strings.Contains(text, "macroEnabled") {
				t.Errorf("%s still speaks of macros: %s", f.Name, text)
			}
		}
	}
	if _, value := stored(t, own, annex, "C4"); value != "Sở Y tế" {
		t.Errorf("C4 shows %q", value)
	}
}

// A form of another committee, as another program might spell it: prefixed
// elements, rows without numbers of their own, a sheet without cells.
func TestAFormFromAnotherProgram(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for _, err := range []error{
		f.SetCellValue("Sheet1", "A1", "Số hộ"), f.SetCellFormula("Sheet1", "B2", "SUM(B1)*2"),
		f.SetDefinedName(&excelize.DefinedName{Name: "SO_HO", RefersTo: "Sheet1!$B$1"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, sheet := range []string{"Trống", "_meta"} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellValue("_meta", "A1", "unit_name"); err != nil {
		t.Fatal(err)
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	foreign := repacked(t, buffer.Bytes(), map[string]string{
		annex: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + "\n" +
			`<x:sheetData> <x:row r="2" spans="1:2"><x:c r="B2"><x:f>SUM(B1)*2</x:f></x:c><x:c r="C2" t="str"><x:f>B2&amp;" hộ"</x:f><x:v>stale</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		list: `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>`,
	})
	filled, err := blank.Personalise(foreign, blank.Values{Meta: map[string]any{"unit_name": "Xã An Bình"}, Inputs: map[string]any{"SO_HO": 21}})
	if err != nil {
		t.Fatal(err)
	}
	want := `<x:sheetData><x:row r="1"><x:c r="B1"><x:v>21</x:v></x:c></x:row><x:row r="2" spans="1:2"><x:c r="B2"><x:f>SUM(B1)*2</x:f><x:v>42</x:v></x:c>` +
		`<x:c r="C2" t="str"><x:f>B2&amp;" hộ"</x:f><x:v>42 hộ</x:v></x:c></x:row></x:sheetData>`
	if got := file(t, filled, annex); !strings.Contains(got, want) {
		t.Errorf("sheet\n%s\nwant\n%s", got, want)
	}
	if kind, value := stored(t, filled, guide, "B1"); kind != "inlineStr" || value != "Xã An Bình" {
		t.Errorf("_meta has %q (%s)", value, kind)
	}
}

func TestAFormulaThatFailsIsNamed(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, formula := range map[string]string{"A1": "1/0"} {
		if err := f.SetCellFormula("Sheet1", cell, formula); err != nil {
			t.Fatal(err)
		}
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blank.Cache(buffer.Bytes()); err == nil || !strings.Contains(err.Error(), "Sheet1!A1: the formula 1/0 gives #DIV/0!") {
		t.Errorf("error %v", err)
	}
}

func TestCacheStoresTypedValues(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	formulas := []struct{ cell, formula, kind, value string }{
		{"A1", "1+2", "", "3"},
		{"A2", `"1"&"2"`, "str", "12"},
		{"A3", "1<2", "b", "1"},
		{"A4", `IF(1>2,1,"")`, "str", ""},
		{"A5", "Z1", "", "0"},
		{"A6", "A1/7", "", "0.428571428571429"},
		{"A7", `IF(A3,"a<b&c","")`, "str", "a&lt;b&amp;c"},
		{"A8", `NOT(A3)`, "b", "0"},
		{"A9", `IFERROR(1/0,5)`, "", "5"},
	}
	for _, c := range formulas {
		if err := f.SetCellFormula("Sheet1", c.cell, c.formula); err != nil {
			t.Fatal(err)
		}
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	cached, err := blank.Cache(buffer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range formulas {
		if kind, value := stored(t, cached, annex, c.cell); kind != c.kind || value != c.value {
			t.Errorf("%s: %q (%s), want %q (%s)", c.formula, value, kind, c.value, c.kind)
		}
	}
}

func TestWhatIsNoWorkbookIsAnError(t *testing.T) {
	whole := form(t)
	for _, c := range []struct {
		sentence string
		bytes    []byte
	}{
		{"nothing", nil},
		{"text", []byte("Kính gửi")},
		{"half a file", whole[:len(whole)/2]},
		{"a zip without a workbook", repacked(t, whole, map[string]string{"_rels/.rels": "<Relationships/>"})},
		{"a sheet that is no sheet", repacked(t, whole, map[string]string{annex: "<worksheet"})},
	} {
		if _, err := blank.Cache(c.bytes); err == nil {
			t.Errorf("%s was taken for a form", c.sentence)
		}
	}
}

// LibreOffice opens what was put together byte by byte, and computes what we
// stored.
func TestLibreOfficeReadsAPersonalisedForm(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: LibreOffice's opinion of a personalised form was not asked")
	}
	dir := t.TempDir()
	v := unit("HU-BINHSON", "Huyện ủy Bình Sơn", 5)
	v.Inputs = map[string]any{"DVK_B1_11_TT": 6, "DVK_NGAY_BC": "2022-10-17", "DVK_MH[6].Tên mô hình, điển hình": "Tổ tự quản"}
	own, err := blank.Personalise(form(t), v)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "own.xlsx")
	if err := os.WriteFile(path, own, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	if said, err := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", out, path).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	theirs, err := excelize.OpenFile(filepath.Join(out, "own.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	for _, c := range []struct{ sheet, cell, want string }{
		{"Phụ lục số liệu", "C4", "Huyện ủy Bình Sơn"},
		{"Phụ lục số liệu", "D14", "6"},
		{"Phụ lục số liệu", "J5", "17/10/2022"},
		{"Danh mục mô hình", "A10", "6"},
		{"Danh mục mô hình", "B10", "Tổ tự quản"},
		{"_meta", "B5", "HU-BINHSON"},
	} {
		if got, _ := theirs.GetCellValue(c.sheet, c.cell); got != c.want {
			t.Errorf("%s!%s is %q, want %q", c.sheet, c.cell, got, c.want)
		}
	}
}

// TestIssuesOweNothingToEachOther: what was issued before changes nothing in an
// issue, though only what depends on the change is computed again.
func TestIssuesOweNothingToEachOther(t *testing.T) {
	template, err := blank.Open(form(t))
	if err != nil {
		t.Fatal(err)
	}
	defer template.Close()
	random := rand.New(rand.NewPCG(624, 2022))
	for n := range 12 {
		v := unit(fmt.Sprintf("HU-%d", random.IntN(3)), fmt.Sprintf("Huyện ủy số %d", random.IntN(3)), random.IntN(6))
		v.Meta["category"] = []string{"huyen-thi-thanh-uy", "so-ban-nganh"}[random.IntN(2)]
		v.Inputs = map[string]any{}
		for _, name := range []string{"DVK_B1_11_TT", "DVK_B1_12_CN", "DVK_B2_21_DK_TT", "DVK_B2_21_XD_TT", "DVK_B3_31_NR", "DVK_SO_BC", "DVK_NGAY_BC", "DVK_MH[2].Tên mô hình, điển hình"} {
			switch random.IntN(3) {
			case 0:
				v.Inputs[name] = random.IntN(4)
			case 1:
				v.Inputs[name] = nil
			}
			if n%2 == 0 {
				v.Inputs = nil // as forms are issued
				break
			}
		}
		if n == 8 {
			if _, err := template.For(blank.Values{Inputs: map[string]any{"KHÔNG CÓ": 1}}); err == nil {
				t.Fatal("an input that there is not was filled in")
			}
		}
		got, err := template.For(v)
		if err != nil {
			t.Fatal(err)
		}
		want, err := blank.Personalise(form(t), v)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("issue %d differs from the same one alone: %v", n, v)
		}
	}
}

func BenchmarkTemplateFor(b *testing.B) {
	template, err := blank.Open(form(b))
	if err != nil {
		b.Fatal(err)
	}
	defer template.Close()
	for n := 0; b.Loop(); n++ {
		if _, err := template.For(unit(fmt.Sprintf("HU-%05d", n), fmt.Sprintf("Huyện ủy số %d", n), 2)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPersonalise(b *testing.B) {
	form := form(b)
	for b.Loop() {
		if _, err := blank.Personalise(form, unit("HU-BINHSON", "Huyện ủy Bình Sơn", 2)); err != nil {
			b.Fatal(err)
		}
	}
}
