package workbook

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// soffice is LibreOffice, which writes the formats that we only read.
func soffice(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: what LibreOffice writes was not read")
	}
	return path
}

// convert has LibreOffice convert files, all in one run.
func convert(t *testing.T, dir, to string, paths ...string) string {
	t.Helper()
	out := filepath.Join(dir, "out")
	args := append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", out}, paths...)
	if said, err := exec.Command(soffice(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said[max(0, len(said)-2000):])
	}
	return out
}

// TestLibreOfficeWritesTheSame: a workbook saved in another format holds the
// same cells, fonts, names and merged areas.
func TestLibreOfficeWritesTheSame(t *testing.T) {
	soffice(t)
	x := excelize.NewFile()
	defer x.Close()
	const sheet = "Phụ lục 'số' liệu"
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(x.SetSheetName("Sheet1", sheet))
	look := func(s *excelize.Style) int {
		id, err := x.NewStyle(s)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	date, old := "dd/mm/yyyy", "Kinh t\u00d5 - x\u00b7 héi"
	do(x.SetCellValue(sheet, "A1", "Cấp tỉnh\nhai dòng"))
	do(x.SetCellValue(sheet, "B1", 12.5))
	do(x.SetCellValue(sheet, "C1", -7))
	do(x.SetCellValue(sheet, "D1", true))
	do(x.SetCellValue(sheet, "E1", 44684))
	do(x.SetCellStyle(sheet, "E1", "E1", look(&excelize.Style{CustomNumFmt: &date})))
	do(x.SetCellValue(sheet, "F1", 0.25))
	do(x.SetCellStyle(sheet, "F1", "F1", look(&excelize.Style{NumFmt: 9})))
	do(x.SetCellValue(sheet, "A2", old))
	do(x.SetCellStyle(sheet, "A2", "A2", look(&excelize.Style{Font: &excelize.Font{Family: ".VnTime"}})))
	do(x.SetCellRichText(sheet, "B2", []excelize.RichTextRun{
		{Text: "ViÖt ", Font: &excelize.Font{Family: ".VnTime"}}, {Text: "Nam", Font: &excelize.Font{Family: "Arial", Bold: true}}, {Text: " Thò uûy", Font: &excelize.Font{Family: "VNI-Times"}},
	}))
	do(x.SetCellValue(sheet, "A3", strings.Repeat("Xây dựng hệ thống chính trị. ", 400))) // longer than a record of .xls
	do(x.SetCellFormula(sheet, "B3", "B1*2"))
	do(x.SetCellFormula(sheet, "C3", `A1&"!"`))
	do(x.SetCellFormula(sheet, "D3", "1/0"))
	do(x.SetCellFormula(sheet, "E3", `IF(B1>0,"","x")`))
	do(x.SetCellFormula(sheet, "F3", "B1>0"))
	do(x.MergeCell(sheet, "A5", "C6"))
	do(x.SetCellValue(sheet, "A5", "gộp"))
	do(x.SetCellValue(sheet, "A8", "dòng ẩn"))
	do(x.SetRowVisible(sheet, 8, false))
	do(x.SetCellValue(sheet, "H1", "cột ẩn"))
	do(x.SetColVisible(sheet, "H", false))
	for i := range 300 { // shared texts over several records
		do(x.SetCellValue(sheet, Address(1, 20+i), strings.Repeat("ữ", i)+strings.Repeat("a", i)))
	}
	_, err := x.NewSheet("Ẩn")
	do(err)
	do(x.SetCellValue("Ẩn", "A1", 1))
	do(x.SetSheetVisible("Ẩn", false))
	do(x.SetDefinedName(&excelize.DefinedName{Name: "DVK_MOT", RefersTo: "'Phụ lục ''số'' liệu'!$B$1"}))
	do(x.SetDefinedName(&excelize.DefinedName{Name: "DVK_VUNG", RefersTo: "'Phụ lục ''số'' liệu'!$A$5:$C$6"}))
	dir := t.TempDir()
	path := filepath.Join(dir, "a.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	read := func(path string) *Book {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Open(data)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return b
	}
	if _, ok := read(path).Name("DVK_MOT"); !ok {
		t.Error("no name in what excelize wrote")
	}
	want := read(filepath.Join(convert(t, dir, "xlsx", path), "a.xlsx")) // with the results of formulas
	for _, format := range []string{"xls", "ods"} {
		t.Run(format, func(t *testing.T) {
			got := read(filepath.Join(convert(t, dir, format, path), "a."+format))
			if got.Macros {
				t.Error("macros were seen where there are none")
			}
			for i, s := range want.Sheets {
				o := got.Sheets[i]
				if o.Name != s.Name || o.Hidden != s.Hidden || !reflect.DeepEqual(o.Merges, s.Merges) {
					t.Errorf("sheet %q %v %v, want %q %v %v", o.Name, o.Hidden, o.Merges, s.Name, s.Hidden, s.Merges)
				}
				if len(o.Cells()) != len(s.Cells()) {
					t.Errorf("%d cells, want %d", len(o.Cells()), len(s.Cells()))
				}
				for _, c := range s.Cells() {
					d := o.Cell(c.Col, c.Row)
					c.Format, d.Format = "", "" // every program writes it in its own way
					switch {
					case c.Type == Date || c.Type == Number:
						c.Raw, d.Raw = "", ""
					case c.Type == Bool && d.Type == Number && d.Raw == "1": // as LibreOffice has it in .ods
						continue
					}
					if !reflect.DeepEqual(d, c) {
						t.Errorf("%+v, want %+v", d, c)
					}
				}
			}
			for _, name := range []string{"DVK_MOT", "DVK_VUNG"} {
				w, _ := want.Name(name)
				if g, ok := got.Name(name); !ok || g != w {
					t.Errorf("%s is %v, want %v", name, g, w)
				}
			}
		})
	}
}
