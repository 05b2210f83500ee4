package annotation

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var words = Words{Sheet: "CẦN SỬA", Title: "Nội dung cần sửa", Lead: "Sửa ngay trên tệp này, lưu lại và trả lời thư.",
	Heads: [4]string{"Nội dung", "Ô", "Đang ghi", "Đề nghị"}, Author: "Ban Dân vận", Number: "Nội dung %d: ", Either: "Nếu đúng, ghi lý do ở cột Ghi chú."}

// sent is a workbook as a unit sends it: two sheets, a formula, a date, a
// name for printing, a comment of the sender's.
func sent(t testing.TB, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "Phụ lục số liệu")
	f.NewSheet("Mô hình")
	bold, _ := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 2, Protection: &excelize.Protection{Locked: false}})
	f.SetCellValue("Phụ lục số liệu", "D11", 5)
	f.SetCellValue("Phụ lục số liệu", "D12", "khoảng 30")
	f.SetCellStyle("Phụ lục số liệu", "D12", "D12", bold)
	f.SetCellFormula("Phụ lục số liệu", "D13", "SUM(D11:D12)")
	f.AddComment("Phụ lục số liệu", excelize.Comment{Cell: "D12", Author: "Lan", Text: "hỏi lại xã"})
	f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "'Mô hình'!$A$1:$C$9", Scope: "Mô hình"})
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, data []byte, marks ...Mark) *excelize.File {
	t.Helper()
	out, err := Annotate(data, marks, words)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

const annex = "Phụ lục số liệu"

var estimate = Mark{N: 1, Sheet: annex, Cells: []string{"D12"}, Found: "khoảng 30", Text: "đề nghị ghi số cụ thể thay cho “khoảng 30”."}

func TestAnnotate(t *testing.T) {
	f := opened(t, sent(t, nil), estimate,
		Mark{N: 2, Sheet: "PHỤ LỤC SỐ LIỆU", Cells: []string{"D11:E12"}, Text: "xây dựng lớn hơn đăng ký.", Explain: true},
		Mark{N: 3, Sheet: "Khác", Cells: []string{"A1"}, Text: "không thấy biểu."})
	for _, c := range []struct{ sentence, got, want string }{
		{"the list comes first", strings.Join(f.GetSheetList(), "|"), "CẦN SỬA|Phụ lục số liệu|Mô hình"},
		{"it is the one that opens", fmt.Sprint(f.GetActiveSheetIndex()), "0"},
		{"a row for each mark, in order", cell(f, "CẦN SỬA", "D5") + cell(f, "CẦN SỬA", "D6"), estimate.Text + "xây dựng lớn hơn đăng ký. " + words.Either},
		{"the row says what stands there", cell(f, "CẦN SỬA", "C5"), "khoảng 30"},
		{"the row leads to the cell", link(f, "CẦN SỬA", "B5"), "'Phụ lục số liệu'!D12"},
		{"a mark on a sheet that is not there leads nowhere", link(f, "CẦN SỬA", "B7"), ""},
		{"the cell says what to do, and what its sender had noted", comment(f, annex, "D12"), "Nội dung 1: " + estimate.Text + "\nhỏi lại xã"},
		{"an area is commented once", comment(f, annex, "D11") + comment(f, annex, "E11"), "Nội dung 2: xây dựng lớn hơn đăng ký. " + words.Either},
		{"what must be mended has the one colour", fill(f, annex, "D12"), "FFC7CE FFEB9C"},
		{"the values are the sender's", cell(f, annex, "D11") + cell(f, annex, "D12"), "5khoảng 30"},
		{"formulas stay", formula(f, annex, "D13"), "SUM(D11:D12)"},
		{"cells that nothing is wrong with stay as they are", fill(f, annex, "D13"), ""},
		{"names of a sheet stay with their sheet", names(f), "_xlnm.Print_Area Mô hình 'Mô hình'!$A$1:$C$9"},
	} {
		// Of two marks on one cell the later colours it; both are listed.
		if c.sentence == "what must be mended has the one colour" {
			if !strings.Contains(c.want, c.got) || c.got == "" {
				t.Errorf("%s: %s", c.sentence, c.got)
			}
			continue
		}
		if c.got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.sentence, c.got, c.want)
		}
	}
	id, _ := f.GetCellStyle(annex, "D12")
	style, err := f.GetStyle(id)
	if err != nil || !style.Font.Bold || style.NumFmt != 2 || style.Protection == nil || style.Protection.Locked {
		t.Errorf("the style of a coloured cell is otherwise as it was: %+v %v", style, err)
	}
}

// What comes back with our marks gets new ones in their place: cells that are
// right by now look as they did, and notes of the sender's stay.
func TestAnnotateAgain(t *testing.T) {
	data := sent(t, func(f *excelize.File) {
		pale, _ := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF2CC"}}})
		f.SetCellStyle(annex, "E11", "E11", pale)
	})
	first, err := Annotate(data, []Mark{estimate, {N: 2, Sheet: annex, Cells: []string{"E11", "D11"}, Text: "số âm.", Explain: true}}, words)
	if err != nil {
		t.Fatal(err)
	}
	f := opened(t, first, Mark{N: 1, Sheet: annex, Cells: []string{"D11"}, Text: "còn chữ."})
	for _, c := range []struct{ sentence, got, want string }{
		{"there is one list, the new one", strings.Join(f.GetSheetList(), "|"), "CẦN SỬA|Phụ lục số liệu|Mô hình"},
		{"with what is wrong now", cell(f, "CẦN SỬA", "D5") + cell(f, "CẦN SỬA", "D6"), "còn chữ."},
		{"a mended cell without ground has none again", fill(f, annex, "D12"), ""},
		{"one that had a ground has it again", fill(f, annex, "E11"), "FFF2CC"},
		{"what is wrong is coloured", fill(f, annex, "D11"), "FFC7CE"},
		{"a mended cell keeps the sender's note alone", comment(f, annex, "D12"), "hỏi lại xã"},
		{"and none that was ours", comment(f, annex, "E11"), ""},
		{"what is wrong says so once", comment(f, annex, "D11"), "Nội dung 1: còn chữ."},
		{"names of a sheet stay with their sheet", names(f), "_xlnm.Print_Area Mô hình 'Mô hình'!$A$1:$C$9"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, c.got, c.want)
		}
	}
}

func TestASheetOfTheSendersWithOurNameStays(t *testing.T) {
	f := opened(t, sent(t, func(f *excelize.File) {
		f.NewSheet("CẦN SỬA")
		f.SetCellValue("CẦN SỬA", "A4", "TT")
	}), estimate)
	if got := strings.Join(f.GetSheetList(), "|"); got != "CẦN SỬA 2|Phụ lục số liệu|Mô hình|CẦN SỬA" {
		t.Errorf("%s", got)
	}
}

// TestNothingThatRuns: macros and links to other files are left out, and what
// was linked stays as the value that it had.
func TestNothingThatRuns(t *testing.T) {
	data := edited(t, sent(t, nil), map[string]func(string) string{
		"xl/vbaProject.bin":                        func(string) string { return "macro" },
		"xl/externalLinks/externalLink1.xml":       func(string) string { return "<externalLink/>" },
		"xl/threadedComments/threadedComment1.xml": func(string) string { return "<ThreadedComments/>" },
		"xl/_rels/workbook.xml.rels": func(s string) string {
			return strings.Replace(s, "</Relationships>", `<Relationship Id="rId98" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/><Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>`, 1)
		},
		"xl/workbook.xml": func(s string) string {
			return strings.Replace(s, "<definedNames>", `<externalReferences><externalReference r:id="rId99"/></externalReferences><definedNames><definedName name="xa">[1]Sheet1!$A$1</definedName>`, 1)
		},
		"xl/worksheets/sheet1.xml": func(s string) string {
			return strings.Replace(s, "<f>SUM(D11:D12)</f>", "<f>[1]Sheet1!A1</f><v>7</v>", 1)
		},
		"[Content_Types].xml": func(s string) string {
			return strings.Replace(s, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
		},
	})
	out, err := Annotate(data, []Mark{estimate}, words)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files(t, out) {
		for _, bad := range []string{"vbaProject", "threadedComment", "externalLink", "externalReference", "macroEnabled", "[1]"} {
			if strings.Contains(name, bad) || strings.Contains(text, bad) {
				t.Errorf("%s is still in %s", bad, name)
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := cell(f, annex, "D13"); got != "7" {
		t.Errorf("what was linked is %q", got)
	}
}

func TestAnnotateRefuses(t *testing.T) {
	for _, c := range []struct {
		sentence string
		data     []byte
	}{
		{"no bytes", nil},
		{"no workbook", []byte("PK\x03\x04 and nothing")},
		{"a workbook cut off", sent(t, nil)[:2000]},
	} {
		if _, err := Annotate(c.data, []Mark{estimate}, words); err == nil {
			t.Errorf("%s: was annotated", c.sentence)
		}
	}
}

// TestFormulasStayInert: what a stranger wrote is never computed on our sheet.
func TestFormulasStayInert(t *testing.T) {
	f := opened(t, sent(t, nil), Mark{N: 1, Sheet: annex, Cells: []string{"D12", "=1+1", "ZZZZZ9", "A0"}, Found: `=HYPERLINK("http://x.example")`, Text: "=cmd|'/c calc'!A1"})
	for _, at := range []string{"C5", "D5"} {
		if got := formula(f, "CẦN SỬA", at); got != "" {
			t.Errorf("%s computes %s", at, got)
		}
	}
}

// TestLibreOfficeOpensIt without repair: it shows the marks and the values. What
// it saves can be marked anew.
func TestLibreOfficeOpensIt(t *testing.T) {
	for _, c := range []struct {
		sentence string
		data     []byte
	}{{"a plain workbook", sent(t, nil)}, {"one with all that clerks put into it", unusual(t)}} {
		out, err := Annotate(c.data, []Mark{estimate}, words)
		if err != nil {
			t.Fatal(err)
		}
		text := resaved(t, out, "fods")
		for _, want := range []string{`table:name="CẦN SỬA"`, "khoảng 30", "office:annotation", "#ffc7ce", "hỏi lại xã"} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("%s: %s is not there", c.sentence, want)
			}
		}
		f := opened(t, resaved(t, out, "xlsx"), Mark{N: 1, Sheet: annex, Cells: []string{"D11"}, Text: "còn chữ."})
		if got := f.GetSheetList()[:2]; got[0] != "CẦN SỬA" || got[1] != annex {
			t.Errorf("%s, saved by LibreOffice and marked anew: %q", c.sentence, f.GetSheetList())
		}
		if got := fill(f, annex, "D12") + "|" + comment(f, annex, "D12") + "|" + fill(f, annex, "D11"); got != "|hỏi lại xã|FFC7CE" {
			t.Errorf("%s, saved by LibreOffice and marked anew: %q", c.sentence, got)
		}
	}
}

// resaved is a workbook as LibreOffice saves it.
func resaved(t *testing.T, data []byte, format string) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("there is no soffice (package libreoffice-calc)")
	}
	in, out := t.TempDir(), t.TempDir()
	os.WriteFile(filepath.Join(in, "a.xlsx"), data, 0o600)
	if said, err := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(in, "profile"), "--headless", "--convert-to", format, "--outdir", out, filepath.Join(in, "a.xlsx")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(out, "a."+format))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func BenchmarkAnnotate(b *testing.B) {
	data := sent(b, nil)
	for b.Loop() {
		if _, err := Annotate(data, []Mark{estimate}, words); err != nil {
			b.Fatal(err)
		}
	}
}

func cell(f *excelize.File, sheet, at string) string {
	v, _ := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	return v
}

func formula(f *excelize.File, sheet, at string) string {
	v, _ := f.GetCellFormula(sheet, at)
	return v
}

func link(f *excelize.File, sheet, at string) string {
	_, target, _ := f.GetCellHyperLink(sheet, at)
	return target
}

func comment(f *excelize.File, sheet, at string) string {
	all, _ := f.GetComments(sheet)
	var texts []string
	for _, c := range all {
		if c.Cell == at {
			text := c.Text
			for _, r := range c.Paragraph {
				text += r.Text
			}
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "||")
}

func fill(f *excelize.File, sheet, at string) string {
	id, _ := f.GetCellStyle(sheet, at)
	style, err := f.GetStyle(id)
	if err != nil {
		return err.Error()
	}
	return strings.Join(style.Fill.Color, " ")
}

func names(f *excelize.File) string {
	var all []string
	for _, n := range f.GetDefinedName() {
		all = append(all, n.Name+" "+n.Scope+" "+n.RefersTo)
	}
	return strings.Join(all, "; ")
}

// files are the files of a package.
func files(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(r)
		r.Close()
		all[f.Name] = string(text)
	}
	return all
}

// edited is the package with some of its files changed, or added.
func edited(t testing.TB, data []byte, change map[string]func(string) string) []byte {
	t.Helper()
	all := files(t, data)
	for name, f := range change {
		before := all[name]
		if all[name] = f(before); all[name] == before {
			t.Fatalf("%s was not changed", name)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		w, _ := z.Create(name)
		io.WriteString(w, text)
	}
	z.Close()
	return b.Bytes()
}
