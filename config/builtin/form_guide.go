package builtin

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// guideText is what the sheet "Hướng dẫn" says. Text between * is set in
// italics, between ** in bold. How the levels and "recognised in 2022" are to
// be understood (2 to 5) is the committee's to confirm before it issues.
var guideText = []struct {
	text  string
	lines float64 // that it takes at the width of the sheet
}{
	{"Ghi số nguyên vào ô nền vàng; không phát sinh ghi 0. Ô tổng, tỷ lệ tự tính.", 1},
	{"*Đăng ký*: mô hình, điển hình đã đăng ký với cơ quan phát động trong năm 2022; ghi theo **cấp nhận đăng ký**. *Cấp tỉnh*: đăng ký với tỉnh. *Cấp huyện*: đăng ký với huyện, thị xã, thành phố (sở, ngành ghi 0). *Cấp cơ sở*: đăng ký với xã, phường, thị trấn, tổ chức cơ sở đảng; với sở, ngành là đăng ký trong nội bộ cơ quan, đơn vị trực thuộc. Mỗi mô hình chỉ ghi ở **một** cấp (cấp cao nhất).", 4},
	{"*Đã xây dựng*: trong số đăng ký, đã triển khai, đang hoạt động đến ngày chốt.", 1},
	{"*Nhân rộng*: mô hình (kể cả của các năm trước) được nơi khác áp dụng trong năm 2022; mỗi mô hình tính một lần, ghi theo cấp quyết định nhân rộng.", 2},
	{"*Công nhận trong năm 2022*: có văn bản công nhận ghi ngày trong năm 2022, kể cả mô hình đăng ký từ năm trước; gồm tập thể và cá nhân.", 2},
	{"Tập thể = mô hình của tập thể; cá nhân = điển hình cá nhân.", 1},
	{"Tổng đăng ký Biểu 1 phải bằng tổng đăng ký Biểu 2 (riêng tập thể, riêng cá nhân).", 1},
}

// guide is the sheet "Hướng dẫn".
func guide(b *book) {
	b.sheet = guideSheet
	b.widths(6, 120)
	b.merge("A1:B1")
	b.set("A1", "HƯỚNG DẪN GHI PHỤ LỤC SỐ LIỆU")
	b.dress("A1:B1", look{bold: true, size: 14, across: "center"})
	b.height(30, 1)
	b.height(8, 2)
	row := 2
	for i, item := range guideText {
		row++
		b.guideRow(row, i+1, item.lines)
		b.do(b.f.SetCellRichText(b.sheet, fmt.Sprintf("B%d", row), runs(item.text)))
	}
	row++
	b.guideRow(row, len(guideText)+1, 2)
	b.formula(fmt.Sprintf("B%d", row), fmt.Sprintf(
		`"Phạm vi số liệu của đơn vị: "&IF(LEN(TRIM(%s))=0,"…………………………",%s&".")`, scopeNote, scopeNote))
	b.protect()
	area := fmt.Sprintf("A1:B%d", row)
	b.page(area, "1:1", area, 100)
}

func (b *book) guideRow(row, number int, lines float64) {
	a, text := fmt.Sprintf("A%d", row), fmt.Sprintf("B%d", row)
	b.set(a, fmt.Sprintf("%d.", number))
	b.dress(a, look{size: 13, across: "center", top: true})
	b.dress(text, look{size: 13, across: "left", top: true, wrap: true})
	b.height(17*lines+8, row)
}

// runs turns *italics* and **bold** into rich text.
func runs(text string) []excelize.RichTextRun {
	var rich []excelize.RichTextRun
	for i, outer := range strings.Split(text, "**") {
		for j, part := range strings.Split(outer, "*") {
			if part == "" {
				continue
			}
			rich = append(rich, excelize.RichTextRun{Text: part,
				Font: &excelize.Font{Family: typeface, Size: 13, Bold: i%2 == 1, Italic: j%2 == 1}})
		}
	}
	return rich
}
