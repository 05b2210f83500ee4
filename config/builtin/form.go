package builtin

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// The sheets of the form, in the order in which a unit meets them.
const (
	annexSheet = "Phụ lục số liệu"
	listSheet  = "Danh mục mô hình"
	guideSheet = "Hướng dẫn"
	checkSheet = "Kiểm tra"
	metaSheet  = "_meta"
)

// Form makes the blank form of letter 624-CV/BDVTU: the data annex with its
// 28 counts, the list of models, the guide, the unit's own check, and the
// very hidden facts about whom and what it was issued for. It is the same
// file, byte for byte, every time.
//
// The form is the schema: what may be filled in, its range, what must hold
// between the figures and the words that say so are all in this workbook and
// nowhere else in the program.
func Form() ([]byte, error) {
	b := &book{f: excelize.NewFile(), styles: map[look]int{}}
	defer b.f.Close()

	b.do(b.f.SetDefaultFont(typeface))
	b.do(b.f.SetSheetName("Sheet1", annexSheet))
	for _, sheet := range []string{listSheet, guideSheet, checkSheet, metaSheet} {
		_, err := b.f.NewSheet(sheet)
		b.do(err)
	}
	meta(b)
	annex(b)
	list(b)
	guide(b)
	check(b)
	b.f.SetActiveSheet(0)
	properties(b)
	values := b.compute()
	if b.err != nil {
		return nil, fmt.Errorf("making the form: %w", b.err)
	}
	buffer, err := b.f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("writing the form: %w", err)
	}
	return withValues(buffer.Bytes(), values)
}

// properties names the document, never a person: a form that is passed on
// tells nobody who made it.
func properties(b *book) {
	b.do(b.f.SetDocProps(&excelize.DocProperties{
		Title:          "Phụ lục số liệu phong trào thi đua “Dân vận khéo” năm 2022",
		Subject:        "Mẫu gửi kèm Công văn số 624-CV/BDVTU ngày 03/10/2022",
		Creator:        "Ban Dân vận Tỉnh ủy Quảng Ngãi",
		LastModifiedBy: "Ban Dân vận Tỉnh ủy Quảng Ngãi",
		Created:        "2022-10-03T00:00:00Z",
		Modified:       "2022-10-03T00:00:00Z",
		Language:       "vi-VN",
		Version:        templateVersion,
	}))
	b.do(b.f.SetAppProps(&excelize.AppProperties{
		Application: "dondoc",
		Company:     "Ban Dân vận Tỉnh ủy Quảng Ngãi",
		AppVersion:  "1.0",
	}))
}

// unvalued is a formula's cell as excelize writes it: announced as text, with
// no value.
var unvalued = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"( s="[0-9]+")? t="str">(<f>[^<]*</f>)</c>`)

var filter = regexp.MustCompile(`<autoFilter[^>]*></autoFilter>|<autoFilter[^>]*/>`)

// withValues stores with every formula its value, as a truth value, a number
// or text, so that a reader that does not compute (a telephone) sees it.
// On the blank form no formula has a text of digits as its result.
func withValues(form []byte, values map[place]string) ([]byte, error) {
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		return nil, fmt.Errorf("reading the form back: %w", err)
	}
	defer f.Close()
	for i, sheet := range f.GetSheetList() {
		part := fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
		raw, ok := f.Pkg.Load(part)
		if !ok {
			return nil, fmt.Errorf("reading the form back: no %s", part)
		}
		f.Pkg.Store(part, unvalued.ReplaceAllFunc(raw.([]byte), func(cell []byte) []byte {
			m := unvalued.FindSubmatch(cell)
			value := values[place{sheet, string(m[1])}]
			_, notNumber := strconv.ParseFloat(value, 64)
			switch {
			case value == "TRUE":
				return fmt.Appendf(nil, `<c r="%s"%s t="b">%s<v>1</v></c>`, m[1], m[2], m[3])
			case value == "FALSE":
				return fmt.Appendf(nil, `<c r="%s"%s t="b">%s<v>0</v></c>`, m[1], m[2], m[3])
			case notNumber == nil:
				return fmt.Appendf(nil, `<c r="%s"%s>%s<v>%s</v></c>`, m[1], m[2], m[3], value)
			}
			var text bytes.Buffer
			_ = xml.EscapeText(&text, []byte(value)) // a buffer takes everything
			return fmt.Appendf(nil, `<c r="%s"%s t="str">%s<v>%s</v></c>`, m[1], m[2], m[3], text.Bytes())
		}))
	}
	// Filter arrows would cover the heads of the list.
	if raw, ok := f.Pkg.Load("xl/tables/table1.xml"); ok {
		f.Pkg.Store("xl/tables/table1.xml", filter.ReplaceAll(raw.([]byte), nil))
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("writing the form: %w", err)
	}
	return buffer.Bytes(), nil
}
