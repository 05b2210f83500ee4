package builtin

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// The three tables of clause I.3.3, where they stand on the sheet. Codes
// ("Mã số") and codes of columns are anchors that survive a retyped label.
type line struct {
	row         int
	tt, label   string
	code        string
	label2      string // how a rule names it in English
	sumFrom, to int    // of the last line: the rows it adds up
}

var (
	byLevel = []line{
		{row: 11, tt: "1", label: "Cấp tỉnh", code: "11", label2: "Provincial level"},
		{row: 12, tt: "2", label: "Cấp huyện", code: "12", label2: "District level"},
		{row: 13, tt: "3", label: "Cấp cơ sở", code: "13", label2: "Grass-roots level"},
		{row: 14, label: "Tổng cộng", code: "10", sumFrom: 11, to: 13},
	}
	byField = []line{
		{row: 20, tt: "1", label: "Kinh tế", code: "21", label2: "Economy"},
		{row: 21, tt: "2", label: "Văn hóa - xã hội", code: "22", label2: "Culture and society"},
		{row: 22, tt: "3", label: "Quốc phòng - an ninh", code: "23", label2: "Defence and security"},
		{row: 23, tt: "4", label: "Xây dựng hệ thống chính trị", code: "24", label2: "Building the political system"},
		{row: 24, label: "Tổng cộng", code: "20", sumFrom: 20, to: 23},
	}
	spread = []line{
		{row: 29, tt: "1", label: "Cấp tỉnh", code: "31", label2: "Provincial level"},
		{row: 30, tt: "2", label: "Cấp huyện", code: "32", label2: "District level"},
		{row: 31, tt: "3", label: "Cấp cơ sở", code: "33", label2: "Grass-roots level"},
		{row: 32, label: "Tổng cộng", code: "30", sumFrom: 29, to: 31},
	}
)

var (
	heading = look{bold: true, across: "center", border: true, wrap: true, fill: blue}
	codes   = look{italic: true, size: 11, across: "center", border: true}
	label   = look{across: "left", indent: 1, border: true, wrap: true}
	mark    = look{across: "center", border: true}
	count   = look{across: "center", border: true, fill: yellow, unlocked: true}
	total   = look{across: "center", border: true, fill: grey}
	note    = look{size: 11, across: "left", indent: 1, border: true, fill: yellow, unlocked: true, wrap: true}
	// A merged cell does not grow: one line, made smaller where it must be.
	longNote = look{across: "left", indent: 1, border: true, fill: yellow, unlocked: true, shrink: true}
	sumLabel = look{bold: true, across: "left", indent: 1, border: true, fill: grey}
	sumMark  = look{bold: true, across: "center", border: true, fill: grey}
	sumTotal = look{bold: true, across: "center", border: true, fill: grey}
)

// annex is the sheet "Phụ lục số liệu": one A4 page with 28 counts.
func annex(b *book) {
	b.sheet = annexSheet
	b.widths(6, 34, 9, 17, 17, 13, 13, 13, 13, 21, 42)
	head(b)
	tableOne(b)
	tableTwo(b)
	tableThree(b)
	signatures(b)
	validate(b)
	b.protect()
	b.page("A1:K40", "1:2", "A1:K40", 85)
}

func head(b *book) {
	b.height(18, 1)
	b.height(38, 2)
	b.height(18, 3, 4, 5, 6, 7)
	b.merge("A1:K1")
	b.formula("A1", fmt.Sprintf(`IF(LEN(TRIM(%s))=0,"TÊN CƠ QUAN, ĐƠN VỊ",%s)`, unitName, unitName))
	b.dress("A1:K1", look{bold: true, size: 13, across: "left"})

	b.merge("A2:K2")
	b.do(b.f.SetCellRichText(annexSheet, "A2", []excelize.RichTextRun{
		{Text: "PHỤ LỤC SỐ LIỆU\n", Font: &excelize.Font{Family: typeface, Size: 14, Bold: true}},
		{Text: "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", Font: &excelize.Font{Family: typeface, Size: 13, Bold: true}},
	}))
	b.dress("A2:K2", look{bold: true, size: 13, across: "center", wrap: true})

	b.merge("A3:K3")
	b.formula("A3", `"(Kèm theo Báo cáo số "&IF(LEN(TRIM(C5))=0,"………",TRIM(C5))&`+
		`" ngày "&IF(LEN(TRIM(J5))=0,"…/…/2022",IF(N(J5)>0,TEXT(J5,"dd/mm/yyyy"),J5))&`+
		`" của "&C4&")"`)
	b.dress("A3:K3", look{italic: true, across: "center"})

	for _, field := range []struct {
		label, labelArea, area, name string
		indent                       int
	}{
		{"Đơn vị báo cáo:", "A4:B4", "C4:K4", "", 0},
		{"Kèm theo Báo cáo số:", "A5:B5", "C5:F5", "DVK_SO_BC", 0},
		{"Ngày ban hành báo cáo:", "G5:I5", "J5:K5", "DVK_NGAY_BC", 2},
		{"Số liệu tính đến ngày:", "A6:B6", "C6:F6", "DVK_NGAY_CHOT", 0},
		{"Người lập biểu; điện thoại:", "G6:I6", "J6:K6", "DVK_LAP_BIEU", 2},
	} {
		cell, _ := ends(field.labelArea)
		b.merge(field.labelArea)
		b.set(cell, field.label)
		b.dress(field.labelArea, look{across: "left", indent: field.indent})

		cell, _ = ends(field.area)
		b.merge(field.area)
		if field.name == "" {
			b.formula(cell, fmt.Sprintf(`IF(LEN(TRIM(%s))=0,"…………………………",%s)`, unitName, unitName))
			b.dress(field.area, look{bold: true, across: "left"})
			continue
		}
		l := look{across: "left", indent: 1, border: true, fill: yellow, unlocked: true, format: "@"}
		if field.name == "DVK_NGAY_BC" || field.name == "DVK_NGAY_CHOT" {
			l.format = "dd/mm/yyyy"
		}
		b.dress(field.area, l)
		b.name(field.name, cell)
	}
	b.set("C6", 44849) // 15/10/2022, the day that the covering letter announces

	b.merge("A7:K7")
	b.set("A7", "Ghi số nguyên vào ô nền vàng, không phát sinh ghi 0; ô nền xám tự tính. Giải trình (nếu có) ghi ở cột Ghi chú. Xem sheet “Hướng dẫn”; trước khi gửi, xem sheet “Kiểm tra”.")
	b.dress("A7:K7", look{italic: true, size: 11, across: "left"})
}

// title is the line above a table; its second line, if any, is a remark.
func title(b *book, row int, text, remark string) {
	area := fmt.Sprintf("A%d:K%d", row, row)
	cell, _ := ends(area)
	b.merge(area)
	if remark == "" {
		b.set(cell, text)
	} else {
		b.do(b.f.SetCellRichText(b.sheet, cell, []excelize.RichTextRun{
			{Text: text + "\n", Font: &excelize.Font{Family: typeface, Size: 12, Bold: true}},
			{Text: remark, Font: &excelize.Font{Family: typeface, Size: 12, Italic: true}},
		}))
	}
	b.dress(area, look{bold: true, across: "left", wrap: remark != ""})
}

// column is a head over the table, with the code beneath it.
type column struct{ area, head, codeArea, code string }

func columns(b *book, columns []column) {
	for _, c := range columns {
		cell, _ := ends(c.area)
		b.merge(c.area)
		b.set(cell, c.head)
		b.dress(c.area, heading)
		if c.codeArea == "" {
			continue
		}
		cell, _ = ends(c.codeArea)
		b.merge(c.codeArea)
		if c.code != "" {
			b.set(cell, c.code)
		}
		b.dress(c.codeArea, codes)
	}
}

// lines fills the rows of one table.
//
// table is "B1"; inputs are its counts by column with the end of their names;
// noteArea is the columns of the note.
func lines(b *book, table string, rows []line, inputs map[string]string, noteFrom, noteTo string) {
	for _, r := range rows {
		b.height(18, r.row)
		at := func(column string) string { return fmt.Sprintf("%s%d", column, r.row) }
		name := func(end string) string { return "DVK_" + table + "_" + r.code + "_" + end }
		isTotal := r.sumFrom > 0

		if r.tt != "" {
			b.set(at("A"), r.tt)
		}
		b.set(at("B"), r.label)
		b.set(at("C"), r.code)
		b.dress(at("A"), mark)
		b.dress(at("B"), label)
		b.dress(at("C"), mark)
		if isTotal {
			b.dress(at("A"), sumMark)
			b.dress(at("B"), sumLabel)
			b.dress(at("C"), sumMark)
		}
		for _, column := range []string{"D", "E", "G", "H"} {
			end, ok := inputs[column]
			if !ok {
				continue
			}
			b.name(name(end), at(column))
			if !isTotal {
				b.dress(at(column), count)
				continue
			}
			area := fmt.Sprintf("%s%d:%s%d", column, r.sumFrom, column, r.to)
			b.formula(at(column), sum(area))
			b.dress(at(column), sumTotal)
		}
		area := fmt.Sprintf("%s%d:%s%d", noteFrom, r.row, noteTo, r.row)
		b.merge(area)
		if noteFrom == noteTo {
			if !isTotal {
				b.height(30, r.row) // two lines of a note
			}
			b.dress(area, note)
		} else {
			b.dress(area, longNote)
		}
		b.name(name("GC"), at(noteFrom))
	}
}

// sum stays empty where nothing was typed yet, so that a blank form does not
// look like a report of zeros.
func sum(area string) string {
	return fmt.Sprintf(`IF(COUNT(%s)=0,"",SUM(%s))`, area, area)
}

// across puts the total of two neighbouring counts beside them.
func across(b *book, table string, rows []line, from, to, column, end string) {
	for _, r := range rows {
		cell := fmt.Sprintf("%s%d", column, r.row)
		b.formula(cell, sum(fmt.Sprintf("%s%d:%s%d", from, r.row, to, r.row)))
		l := total
		if r.sumFrom > 0 {
			l = sumTotal
		}
		b.dress(cell, l)
		b.name("DVK_"+table+"_"+r.code+"_"+end, cell)
	}
}

func tableOne(b *book) {
	b.height(20, 8)
	b.height(18, 9)
	b.height(15, 10)
	b.height(7, 15)
	title(b, 8, "Biểu 1. Số mô hình, điển hình “Dân vận khéo” đã đăng ký năm 2022, theo cấp đăng ký", "")
	columns(b, []column{
		{"A9", "TT", "A10", "A"}, {"B9", "Cấp đăng ký", "B10", "B"}, {"C9", "Mã số", "C10", "C"},
		{"D9", "Tập thể", "D10", "1"}, {"E9", "Cá nhân", "E10", "2"}, {"F9", "Tổng số", "F10", "3=1+2"},
		{"G9:K9", "Ghi chú", "G10:K10", ""},
	})
	lines(b, "B1", byLevel, map[string]string{"D": "TT", "E": "CN"}, "G", "K")
	across(b, "B1", byLevel, "D", "E", "F", "TS")
}

func tableTwo(b *book) {
	b.height(20, 16)
	b.height(18, 17)
	b.height(18, 18)
	b.height(15, 19)
	b.height(7, 25)
	title(b, 16, "Biểu 2. Số mô hình, điển hình “Dân vận khéo” đã được xây dựng năm 2022 so với số đăng ký, theo lĩnh vực", "")
	columns(b, []column{
		{"A17:A18", "TT", "A19", "A"}, {"B17:B18", "Lĩnh vực", "B19", "B"}, {"C17:C18", "Mã số", "C19", "C"},
		{"D17:F17", "Số đăng ký", "", ""}, {"D18", "Tập thể", "D19", "1"}, {"E18", "Cá nhân", "E19", "2"}, {"F18", "Tổng số", "F19", "3=1+2"},
		{"G17:I17", "Số đã được xây dựng", "", ""}, {"G18", "Tập thể", "G19", "4"}, {"H18", "Cá nhân", "H19", "5"}, {"I18", "Tổng số", "I19", "6=4+5"},
		{"J17:J18", "Tỷ lệ xây dựng so với đăng ký (%)", "J19", "7=6/3"}, {"K17:K18", "Ghi chú (giải trình)", "K19", ""},
	})
	lines(b, "B2", byField, map[string]string{"D": "DK_TT", "E": "DK_CN", "G": "XD_TT", "H": "XD_CN"}, "K", "K")
	across(b, "B2", byField, "D", "E", "F", "DK_TS")
	across(b, "B2", byField, "G", "H", "I", "XD_TS")
	for _, r := range byField {
		cell := fmt.Sprintf("J%d", r.row)
		b.formula(cell, fmt.Sprintf(`IF(N(F%d)=0,"",ROUND(N(I%d)/F%d*100,1))`, r.row, r.row, r.row))
		b.dress(cell, look{bold: r.sumFrom > 0, across: "center", border: true, fill: grey, format: "0.0"})
		b.name("DVK_B2_"+r.code+"_TL", cell)
	}
}

func tableThree(b *book) {
	b.height(36, 26)
	b.height(50, 27)
	b.height(15, 28)
	b.height(7, 33)
	title(b, 26, "Biểu 3. Số mô hình đã được nhân rộng và số mô hình đã được công nhận trong năm 2022, theo cấp", "(gồm cả tập thể và cá nhân)")
	columns(b, []column{
		{"A27", "TT", "A28", "A"}, {"B27", "Cấp", "B28", "B"}, {"C27", "Mã số", "C28", "C"},
		{"D27", "Số mô hình đã được nhân rộng", "D28", "1"}, {"E27", "Số mô hình đã được công nhận trong năm 2022", "E28", "2"},
		{"F27:K27", "Ghi chú (giải trình)", "F28:K28", ""},
	})
	lines(b, "B3", spread, map[string]string{"D": "NR", "E": "CNH"}, "F", "K")
}

// signatures are for units that print and sign. The rows are unlocked and
// have no names, so nothing typed there is an input.
func signatures(b *book) {
	b.height(18, 34, 35, 36)
	b.height(15, 37, 38, 39)
	b.height(16, 40)
	b.dress("A34:K39", look{unlocked: true})
	for row := 34; row <= 36; row++ {
		b.merge(fmt.Sprintf("A%d:E%d", row, row))
		b.merge(fmt.Sprintf("H%d:K%d", row, row))
	}
	bold := look{bold: true, across: "center", unlocked: true}
	italic := look{italic: true, across: "center", unlocked: true}
	b.set("H34", "…………, ngày …… tháng …… năm 2022")
	b.dress("H34:K34", italic)
	b.set("A35", "NGƯỜI LẬP BIỂU")
	b.dress("A35:E35", bold)
	b.set("A36", "(ký, ghi rõ họ tên)")
	b.dress("A36:E36", italic)
	b.set("H35", "LÃNH ĐẠO CƠ QUAN, ĐƠN VỊ")
	b.dress("H35:K35", bold)
	b.set("H36", "(ký tên, đóng dấu)")
	b.dress("H36:K36", italic)
	b.merge("A40:K40")
	b.set("A40", "Không bắt buộc ký bản Excel.")
	b.dress("A40:K40", look{italic: true, size: 11, across: "left"})
}

// validate tells the unit while it types what belongs into a cell. Nothing is
// forbidden (warning, information): who is stopped copies the table into
// another file. The same ranges are what the program holds the figures to.
func validate(b *book) {
	counts := &excelize.DataValidation{Type: "whole", Operator: "between", Formula1: "0", Formula2: "9999", AllowBlank: false,
		Sqref: "D11:E13 D20:E23 G20:H23 D29:E31", ShowErrorMessage: true}
	counts.SetError(excelize.DataValidationErrorStyleWarning, "Số liệu chưa hợp lệ",
		"Ô này chỉ nhập số nguyên từ 0 đến 9999. Nội dung không phát sinh ghi số 0; giải thích (nếu có) ghi ở cột Ghi chú.")
	b.do(b.f.AddDataValidation(b.sheet, counts))

	const from, to = "36526", "55153" // 01/01/2000 to 31/12/2050: a date at all; the year is a rule's matter (C11)
	dates := &excelize.DataValidation{Type: "date", Operator: "between", Formula1: from, Formula2: to, AllowBlank: true,
		Sqref: "J5 C6", ShowErrorMessage: true}
	dates.SetError(excelize.DataValidationErrorStyleInformation, "Ngày, tháng, năm",
		"Đề nghị ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/10/2022.")
	b.do(b.f.AddDataValidation(b.sheet, dates))
}
