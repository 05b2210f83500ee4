package builtin

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// The list of models is an Excel table: a unit that presses Tab in its last
// cell gets another row, and the program reads it row by row.
const (
	listName = "DVK_MH"
	listHead = 4 // row of the heads
	listRows = 3 // two models, and one to spare
)

var listColumns = []struct {
	column, head string
	width        float64
	choices      []string
}{
	{"A", "TT", 6, nil},
	{"B", "Tên mô hình, điển hình", 40, nil},
	{"C", "Lĩnh vực", 25, fields},
	{"D", "Tập thể/Cá nhân", 18, []string{"Tập thể", "Cá nhân"}},
	{"E", "Địa chỉ (xã, thôn, cơ quan)", 28, nil},
	{"F", "Cấp công nhận", 14, []string{"Cấp tỉnh", "Cấp huyện"}},
	{"G", "Số, ngày văn bản công nhận", 24, nil},
	{"H", "Tên tệp Word", 24, nil},
	{"I", "Điện thoại đầu mối", 17, nil},
}

var fields = []string{"Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng hệ thống chính trị"}

// list is the sheet "Danh mục mô hình". It is not protected: rows are added
// here. The number of each row is locked all the same, which marks it as ours.
func list(b *book) {
	b.sheet = listSheet
	last := listHead + listRows
	b.merge("A1:I1")
	b.formula("A1", fmt.Sprintf(`IF(LEN(TRIM(%s))=0,"TÊN CƠ QUAN, ĐƠN VỊ",%s)`, unitName, unitName))
	b.dress("A1:I1", look{bold: true, size: 13, across: "left"})
	b.merge("A2:I2")
	b.set("A2", "DANH MỤC MÔ HÌNH, ĐIỂN HÌNH “DÂN VẬN KHÉO” ĐỀ NGHỊ GIỚI THIỆU")
	b.dress("A2:I2", look{bold: true, size: 14, across: "center"})
	b.merge("A3:I3")
	b.formula("A3", fmt.Sprintf(`IF(N(%[1]s)=0,"Mỗi","Giới thiệu "&IF(N(%[1]s)<10,"0","")&%[1]s&" mô hình, điển hình; mỗi")`, expectedModels)+
		`&" mô hình, điển hình ghi một dòng. 06 nội dung theo mục II.2 Công văn viết trong tệp Word “Mau gioi thieu mo hinh.docx”, mỗi mô hình một tệp."`)
	b.dress("A3:I3", look{italic: true, across: "left", wrap: true})
	b.height(20, 1)
	b.height(30, 2)
	b.height(36, 3)
	b.height(36, listHead)

	for _, c := range listColumns {
		b.do(b.f.SetColWidth(b.sheet, c.column, c.column, c.width))
		head := fmt.Sprintf("%s%d", c.column, listHead)
		cells := fmt.Sprintf("%s%d:%s%d", c.column, listHead+1, c.column, last)
		b.set(head, c.head)
		b.dress(head, heading)
		if c.column == "A" {
			b.dress(cells, mark)
			for i := range listRows {
				b.set(fmt.Sprintf("A%d", listHead+1+i), i+1)
			}
			continue
		}
		b.dress(cells, note)
		if c.choices == nil {
			continue
		}
		choices := &excelize.DataValidation{AllowBlank: true, Sqref: cells, ShowErrorMessage: true}
		b.do(choices.SetDropList(c.choices))
		choices.SetError(excelize.DataValidationErrorStyleWarning, c.head, "Đề nghị chọn một mục trong danh sách.")
		b.do(b.f.AddDataValidation(b.sheet, choices))
	}
	for row := listHead + 1; row <= last; row++ {
		b.height(48, row)
	}
	no := false
	b.do(b.f.AddTable(b.sheet, &excelize.Table{
		Range: fmt.Sprintf("A%d:I%d", listHead, last), Name: listName, ShowRowStripes: &no}))
	b.page(fmt.Sprintf("A1:I%d", last), "4:4", fmt.Sprintf("A1:I%d", last), 85)
}
