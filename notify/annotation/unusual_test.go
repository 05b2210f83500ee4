package annotation

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// unusual is a workbook with all that clerks put into one: merged heads, a
// protected sheet, hidden ones, a picture, colours by rule, lists, notes of
// their own, a link, a filter, panes that stay.
func unusual(t testing.TB) []byte {
	return sent(t, func(f *excelize.File) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(f.MergeCell(annex, "A1", "H2"))
		must(f.SetCellValue(annex, "A1", "PHỤ LỤC"))
		must(f.SetCellRichText(annex, "A4", []excelize.RichTextRun{{Text: "Biểu ", Font: &excelize.Font{Bold: true}}, {Text: "1"}}))
		must(f.SetColWidth(annex, "B", "B", 41))
		must(f.SetColVisible(annex, "J", false))
		must(f.SetRowHeight(annex, 11, 33))
		must(f.SetRowVisible(annex, 20, false))
		must(f.ProtectSheet(annex, &excelize.SheetProtectionOptions{Password: "1", SelectUnlockedCells: true}))
		must(f.ProtectWorkbook(&excelize.WorkbookProtectionOptions{Password: "1", LockStructure: true}))
		whole := excelize.NewDataValidation(true)
		whole.SetSqref("D11:E14")
		must(whole.SetRange(0, 9999, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween))
		must(f.AddDataValidation(annex, whole))
		list := excelize.NewDataValidation(true)
		list.SetSqref("F11:F14")
		must(list.SetDropList([]string{"Kinh tế", "Văn hóa"}))
		must(f.AddDataValidation(annex, list))
		red, err := f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "9A0511"}})
		must(err)
		must(f.SetConditionalFormat(annex, "D11:E14", []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: ">", Format: &red, Value: "6"}}))
		must(f.AutoFilter(annex, "A10:H14", nil))
		must(f.SetPanes(annex, &excelize.Panes{Freeze: true, YSplit: 10, TopLeftCell: "A11", ActivePane: "bottomLeft"}))
		must(f.SetCellHyperLink(annex, "B3", "https://a.example", "External"))
		must(f.AddComment(annex, excelize.Comment{Cell: "E13", Author: "Lan", Text: "của Hội"}))
		must(f.AddComment("Mô hình", excelize.Comment{Cell: "A1", Author: "Lan", Text: "còn thiếu"}))
		var picture bytes.Buffer
		square := image.NewRGBA(image.Rect(0, 0, 8, 8))
		square.Set(1, 1, color.Black)
		must(png.Encode(&picture, square))
		must(f.AddPictureFromBytes(annex, "H4", &excelize.Picture{Extension: ".png", File: picture.Bytes(), Format: &excelize.GraphicOptions{AltText: "dấu"}}))
		for _, name := range []string{"Ẩn", "_meta"} {
			_, err := f.NewSheet(name)
			must(err)
			must(f.SetCellValue(name, "A1", name))
		}
		must(f.SetSheetVisible("Ẩn", false))
		must(f.SetSheetVisible("_meta", false, true))
		must(f.SetDefinedName(&excelize.DefinedName{Name: "DVK_B1_11_TT", RefersTo: "'" + annex + "'!$D$11"}))
		must(f.AddChart("Mô hình", "E5", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "'" + annex + "'!$D$11:$D$12"}}}))
	})
}

// TestNothingElseIsChanged: but for the colours and comments of the cells that
// are marked, and the sheet in front, the workbook is what its sender sent.
func TestNothingElseIsChanged(t *testing.T) {
	data := unusual(t)
	before, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	out, err := Annotate(data, []Mark{estimate, {N: 2, Sheet: annex, Cells: []string{"E13"}, Text: "số âm."}, {N: 3, Sheet: annex, Cells: []string{"A1"}, Text: "tên biểu."}}, words)
	if err != nil {
		t.Fatal(err)
	}
	after, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	marked := []string{"D12", "E13"}
	for r := 1; r <= 2; r++ {
		for c := 'A'; c <= 'H'; c++ {
			marked = append(marked, fmt.Sprintf("%c%d", c, r)) // merged with A1
		}
	}
	if got := after.GetSheetList(); !slices.Equal(got[1:], before.GetSheetList()) {
		t.Errorf("sheets %q", got)
	}
	same := func(what string, get func(*excelize.File) (any, error)) {
		t.Helper()
		a, errA := get(before)
		b, errB := get(after)
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s changed:\n%+v %v\n%+v %v", what, a, errA, b, errB)
		}
	}
	for _, sheet := range before.GetSheetList() {
		for r := 1; r <= 25; r++ {
			for c := 1; c <= 12; c++ {
				at, _ := excelize.CoordinatesToCellName(c, r)
				same(sheet+" "+at, func(f *excelize.File) (any, error) {
					value, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
					if err != nil {
						return nil, err
					}
					formula, err := f.GetCellFormula(sheet, at)
					rich, _ := f.GetCellRichText(sheet, at)
					return []any{value, formula, rich}, err
				})
				same(sheet+" style of "+at, func(f *excelize.File) (any, error) {
					id, err := f.GetCellStyle(sheet, at)
					if err != nil {
						return nil, err
					}
					style, err := f.GetStyle(id)
					if err == nil && sheet == annex && slices.Contains(marked, at) {
						style.Fill = excelize.Fill{}
					}
					return style, err
				})
				same(sheet+" link of "+at, func(f *excelize.File) (any, error) {
					ok, target, err := f.GetCellHyperLink(sheet, at)
					return []any{ok, target}, err
				})
			}
			same(fmt.Sprint(sheet, " row ", r), func(f *excelize.File) (any, error) {
				high, err := f.GetRowHeight(sheet, r)
				visible, _ := f.GetRowVisible(sheet, r)
				return []any{high, visible}, err
			})
		}
		for _, col := range []string{"A", "B", "C", "D", "J", "K"} {
			same(sheet+" column "+col, func(f *excelize.File) (any, error) {
				wide, err := f.GetColWidth(sheet, col)
				visible, _ := f.GetColVisible(sheet, col)
				return []any{wide, visible}, err
			})
		}
		same(sheet+" merged cells", func(f *excelize.File) (any, error) { return f.GetMergeCells(sheet) })
		same(sheet+" validations", func(f *excelize.File) (any, error) { return f.GetDataValidations(sheet) })
		same(sheet+" colours by rule", func(f *excelize.File) (any, error) { return f.GetConditionalFormats(sheet) })
		same(sheet+" panes", func(f *excelize.File) (any, error) { return f.GetPanes(sheet) })
		same(sheet+" page", func(f *excelize.File) (any, error) { return f.GetPageLayout(sheet) })
		same(sheet+" visible", func(f *excelize.File) (any, error) { return f.GetSheetVisible(sheet) })
		same(sheet+" pictures", func(f *excelize.File) (any, error) { return f.GetPictures(sheet, "H4") })
		same(sheet+" protection", func(f *excelize.File) (any, error) { return f.GetSheetProtection(sheet) })
	}
	same("the names", func(f *excelize.File) (any, error) { return f.GetDefinedName(), nil })
	was, is := files(t, data), files(t, out)
	for name, text := range was {
		if strings.Contains(name, "/media/") || strings.Contains(name, "/charts/") {
			if is[name] != text {
				t.Errorf("%s changed", name)
			}
		}
	}
	if !strings.Contains(is["xl/workbook.xml"], "lockStructure") {
		t.Errorf("the workbook's own protection is gone: %s", is["xl/workbook.xml"])
	}
	for _, c := range []struct{ sentence, got, want string }{
		{"a comment of the sender's stays under ours", comment(after, annex, "E13"), "Nội dung 2: số âm.\ncủa Hội"},
		{"one on another sheet stays as it is", comment(after, "Mô hình", "A1"), comment(before, "Mô hình", "A1")},
		{"a merged cell is coloured and commented", fill(after, annex, "A1") + comment(after, annex, "A1"), "FFC7CENội dung 3: tên biểu."},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, c.got, c.want)
		}
	}
}

// TestNotesAreFoundHoweverTheirPartsAreNumbered: Excel, LibreOffice and Google
// number and name them each in its own way.
func TestNotesAreFoundHoweverTheirPartsAreNumbered(t *testing.T) {
	data := unusual(t)
	for _, c := range []struct {
		sentence string
		change   *strings.Replacer
	}{
		{"notes and drawings are numbered apart", strings.NewReplacer("comments1.xml", "comments7.xml", "vmlDrawing1.vml", "vmlDrawing3.vml")},
		{"and the other way round", strings.NewReplacer("comments1.xml", "comments2.xml", "comments2.xml", "comments1.xml")},
		{"their places are named from the top", strings.NewReplacer(`Target="../comments`, `Target="/xl/comments`, `Target="../drawings/vml`, `Target="/xl/drawings/vml`)},
		{"shapes have names", strings.NewReplacer(`id="_x0000_s`, `id="shape_`)},
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		all, changes := files(t, data), 0
		for name, text := range all {
			if to := c.change.Replace(name); to != name || c.change.Replace(text) != text {
				changes++
				name, text = to, c.change.Replace(text)
			}
			w, _ := z.Create(name)
			io.WriteString(w, text)
		}
		z.Close()
		if changes == 0 {
			t.Fatalf("%s: nothing was changed", c.sentence)
		}
		f := opened(t, b.Bytes(), estimate, Mark{N: 2, Sheet: annex, Cells: []string{"C11"}, Text: "ô lạ."})
		for at, want := range map[string]string{"D12": "Nội dung 1: " + estimate.Text + "\nhỏi lại xã", "C11": "Nội dung 2: ô lạ.", "E13": "của Hội"} {
			if got := comment(f, annex, at); got != want {
				t.Errorf("%s: %s says %q, want %q", c.sentence, at, got, want)
			}
		}
		if got := comment(f, "Mô hình", "A1"); got != "còn thiếu" {
			t.Errorf("%s: the other sheet says %q", c.sentence, got)
		}
	}
}
