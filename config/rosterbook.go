package config

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// columnGuide says in both languages what a column is for, and how wide it is
// written.
var columnGuide = map[string]struct {
	width  float64
	vi, en string
}{
	"code":                   {16, "Mã đơn vị: chữ không dấu, số, dấu gạch; không đổi trong cả đợt", "Code of the unit: unaccented letters, digits, dashes; not to be changed during the campaign"},
	"category":               {20, "Mã nhóm, như trong campaign.yaml", "Code of the group, as in campaign.yaml"},
	"official_name":          {34, "Tên đầy đủ", "Full name"},
	"short_name":             {24, "Tên gọn; trống = tên đầy đủ", "Short name; empty: the full name"},
	"aliases":                {44, "Các tên khác mà đơn vị hay dùng, cách nhau bằng |; không trùng với đơn vị khác", "Other names the unit goes by, separated by |; never those of another unit"},
	"parent":                 {22, "Cơ quan chủ quản", "Parent body"},
	"district":               {22, "Địa bàn, để tạm dừng nhắc hoặc lùi hạn theo địa bàn", "District, for pausing or extending by district"},
	"emails":                 {36, "Địa chỉ thư, cách nhau bằng |; địa chỉ đầu là hộp thư công vụ", "E-mail addresses, separated by |; the first is the official mailbox"},
	"backup_email":           {30, "Hộp thư dự phòng, nếu có", "Backup mailbox, if any"},
	"contact_phone":          {17, "Điện thoại, để gọi đôn đốc", "Telephone, for the call list"},
	"expected_models":        {12, "Số mô hình phải gửi; trống = theo nhóm", "Number of models owed; empty: that of the group"},
	"expected_models_source": {34, "Căn cứ của số đó", "Where that number comes from"},
	"certainty":              {13, "Mức chắc chắn đơn vị thuộc diện gửi: chac-chan, co-the, khong-chac", "How sure it is that the unit is addressed: chac-chan (sure), co-the (maybe), khong-chac (not sure)"},
	"dup_group":              {13, "Mã nhóm báo cáo chung: các đơn vị cùng mã gửi chung một báo cáo", "Code of a shared dossier: units with the same code send one report"},
	"salutation":             {34, `Tên sau "Kính gửi"; trống = tên đầy đủ`, `Name after "Kính gửi" (To); empty: the full name`},
	"leader_salutation":      {36, `Tên sau "Kính gửi" trong thư gửi lãnh đạo`, `Name after "Kính gửi" (To) in letters to its leaders`},
	"goi_don_vi":             {15, "quý cơ quan, quý địa phương hoặc quý đơn vị", "How the unit is addressed: quý cơ quan, quý địa phương or quý đơn vị"},
	"scope_note":             {44, `Câu sau "Phạm vi số liệu:" trong thư giao mẫu, không có dấu chấm cuối`, `What the figures cover, for the invitation, without a full stop`},
	"scope_note_en":          {44, `Câu ấy bằng tiếng Anh, cho thư tiếng Anh; trống = dùng scope_note`, `The same in English, for letters in English; empty: scope_note`},
	"order":                  {8, "Thứ tự trong bảng tổng hợp; 0 = chính cơ quan ban hành", "Place in tables; 0: the issuing office itself"},
	"relay":                  {8, "yes = hay chuyển tiếp thư của đơn vị khác", "yes: often forwards other units' mail"},
	"auto_remind":            {13, "no = không nhắc tự động, chỉ vào danh sách gọi điện", "no: no automatic reminders, call list only"},
	"active":                 {8, "yes = tham gia; no = không; ? = chưa quyết định (phải quyết định trước khi mode: live)", "yes: takes part; no: does not; ?: not decided (must be before mode: live)"},
	"note":                   {60, "Ghi chú, không gửi đi đâu", "Notes, sent to nobody"},
}

// choices of the columns that have few; the roster's reader decides, the list
// in Excel only helps.
var columnChoices = map[string][]string{
	"certainty":   {"chac-chan", "co-the", "khong-chac"},
	"goi_don_vi":  {"quý cơ quan", "quý địa phương", "quý đơn vị"},
	"relay":       {"yes", "no"},
	"auto_remind": {"yes", "no"},
	"active":      {"yes", "no", "?"},
}

// writeRoster makes units.xlsx of rows of which the first are the heads, for
// people to edit: heads that stay in sight, lists where there are few choices,
// and a second sheet that explains the columns.
func writeRoster(rows [][]string, categories []Category) ([]byte, error) {
	b := &rosterBook{f: excelize.NewFile(), heads: rows[0], last: len(rows)}
	defer b.f.Close()
	const list, guide = "Danh sách", "Hướng dẫn"
	b.try(b.f.SetSheetName("Sheet1", list))
	_, err := b.f.NewSheet(guide)
	b.try(err)
	b.list(list, rows, categories)
	b.guide(guide, categories)
	if b.err != nil {
		return nil, fmt.Errorf("make %s: %w", rosterXLSX, b.err)
	}
	buf, err := b.f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", rosterXLSX, err)
	}
	return buf.Bytes(), nil
}

// rosterBook keeps the first error, so that the layout reads as a layout.
type rosterBook struct {
	f     *excelize.File
	heads []string
	last  int
	err   error
}

func (b *rosterBook) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *rosterBook) style(s *excelize.Style) int {
	s.Font.Family, s.Font.Size = "Times New Roman", 11
	s.Border = []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		s.Border = append(s.Border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	id, err := b.f.NewStyle(s)
	b.try(err)
	return id
}

func (b *rosterBook) list(sheet string, rows [][]string, categories []Category) {
	head := b.style(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
	// Text format keeps the zeros of telephone numbers and codes like 2-10.
	text := b.style(&excelize.Style{Font: &excelize.Font{}, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	number := b.style(&excelize.Style{Font: &excelize.Font{}, NumFmt: 1, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}})
	spare := b.last + 200 // rows that a person may still fill in
	for r, row := range rows[1:] {
		b.try(b.f.SetRowHeight(sheet, r+2, height(b.heads, row)))
	}
	choices := map[string][]string{}
	for _, k := range categories {
		choices["category"] = append(choices["category"], k.Code)
	}
	for i, name := range b.heads {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.try(err)
		style := text
		if name == "order" || name == "expected_models" {
			style = number
		}
		b.try(b.f.SetColWidth(sheet, column, column, columnGuide[name].width))
		b.try(b.f.SetCellStyle(sheet, column+"2", column+strconv.Itoa(spare), style))
		b.try(b.f.SetCellStr(sheet, column+"1", name))
		for r, row := range rows[1:] {
			if i >= len(row) || row[i] == "" {
				continue
			}
			cell := column + strconv.Itoa(r+2)
			if n, err := strconv.Atoi(row[i]); err == nil && style == number {
				b.try(b.f.SetCellInt(sheet, cell, int64(n)))
			} else {
				b.try(b.f.SetCellStr(sheet, cell, row[i]))
			}
		}
		if list := slices.Concat(choices[name], columnChoices[name]); len(list) > 0 {
			v := excelize.NewDataValidation(true)
			v.Sqref = column + "2:" + column + strconv.Itoa(spare)
			b.try(v.SetDropList(list))
			v.SetError(excelize.DataValidationErrorStyleWarning, name, columnGuide[name].vi)
			b.try(b.f.AddDataValidation(sheet, v))
		}
	}
	end, err := excelize.ColumnNumberToName(len(b.heads))
	b.try(err)
	b.try(b.f.SetCellStyle(sheet, "A1", end+"1", head))
	b.try(b.f.SetRowHeight(sheet, 1, 32))
	b.try(b.f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 3, YSplit: 1, TopLeftCell: "D2", ActivePane: "bottomRight"}))
	b.try(b.f.AutoFilter(sheet, "A1:"+end+strconv.Itoa(b.last), nil))
	b.print(sheet, true)
	b.try(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + sheet + "'!$A:$C,'" + sheet + "'!$1:$1", Scope: sheet}))
}

// height is how tall a row must be, in points, for its longest text: nothing
// computes that when a program writes the file.
func height(heads, row []string) float64 {
	lines := 1
	for i, text := range row {
		perLine := max(6, int(columnGuide[heads[i]].width)-2)
		lines = max(lines, (utf8.RuneCountInString(text)+perLine-1)/perLine)
	}
	return float64(lines)*15 + 1
}

// guide explains every column and lists the groups.
func (b *rosterBook) guide(sheet string, categories []Category) {
	head := b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	text := b.style(&excelize.Style{Font: &excelize.Font{}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	b.try(b.f.SetColWidth(sheet, "A", "A", 26))
	b.try(b.f.SetColWidth(sheet, "B", "C", 62))
	row := 0
	line := func(style int, cells ...string) {
		row++
		at := "A" + strconv.Itoa(row)
		b.try(b.f.SetSheetRow(sheet, at, &cells))
		b.try(b.f.SetCellStyle(sheet, at, "C"+strconv.Itoa(row), style))
		b.try(b.f.SetRowHeight(sheet, row, 32))
	}
	line(head, "Cột", "Ý nghĩa", "Meaning")
	for _, name := range b.heads {
		g := columnGuide[name]
		line(text, name, g.vi, g.en)
	}
	row++
	line(head, "Nhóm (category)", "Tên nhóm", "Name")
	for _, k := range categories {
		line(text, k.Code, k.Name.VI, k.Name.In("en"))
	}
	b.print(sheet, false)
}

// print sets A4 pages on which no column is cut.
func (b *rosterBook) print(sheet string, landscape bool) {
	fit, paper, wide, tall, orientation := true, 9, 1, 0, "portrait"
	if landscape {
		wide, orientation = 3, "landscape"
	}
	b.try(b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.try(b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall}))
}
