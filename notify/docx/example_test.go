package docx_test

import (
	"fmt"
	"time"

	"dondoc/intake/document"
	"dondoc/notify/docx"
)

// A Party letter has a head of two columns, which is a table without borders;
// figures stand in one with them.
func Example() {
	centred := func(text string, bold bool) docx.Paragraph {
		return docx.Paragraph{Align: docx.Center, After: docx.Points(0), Runs: []docx.Run{{Text: text, Bold: bold}}}
	}
	letter := docx.Document{
		Title: "V/v đôn đốc báo cáo",
		Made:  time.Date(2022, 10, 25, 8, 0, 0, 0, time.UTC),
		Blocks: []docx.Block{
			docx.Table{Widths: []float64{75, 90}, Rows: [][]docx.Cell{{
				{Blocks: []docx.Paragraph{centred("TỈNH ỦY", false), centred("BAN DÂN VẬN", true), centred("*", false)}},
				{Blocks: []docx.Paragraph{{Align: docx.Center, Runs: []docx.Run{{Text: "ĐẢNG CỘNG SẢN VIỆT NAM", Bold: true, Underline: true}}}}},
			}}},
			docx.P(docx.Heading1, "1. Tình hình"),
			docx.P(docx.Text, "Đến nay còn hai đơn vị chưa gửi."),
			docx.Table{Borders: true, Head: 2, Widths: []float64{65, 50, 50}, Rows: [][]docx.Cell{
				{docx.C(docx.Center, "Cấp"), {Span: 2, Align: docx.Center, Blocks: []docx.Paragraph{docx.P(docx.Small, "Số mô hình")}}},
				{{Up: true}, docx.C(docx.Center, "Đăng ký"), docx.C(docx.Center, "Xây dựng")},
				{docx.C(docx.Left, "Tỉnh"), docx.C(docx.Right, "3"), docx.C(docx.Right, "2")},
			}},
			docx.Paragraph{Style: docx.Text, Runs: []docx.Run{{Text: "Xem "}, {Text: "báo cáo", Link: "ho-so/HU-BATO/BC.pdf"}, {Text: "."}}},
			docx.List{Items: []docx.Paragraph{docx.P(docx.Normal, "Như kính gửi")}},
		},
	}
	read := document.Read("cv.docx", letter.Bytes())
	fmt.Println(read.Headings)
	fmt.Println(read.Text)
	// Output:
	// [1. Tình hình]
	// TỈNH ỦY BAN DÂN VẬN *	ĐẢNG CỘNG SẢN VIỆT NAM
	// 1. Tình hình
	// Đến nay còn hai đơn vị chưa gửi.
	// Cấp	Số mô hình
	// 	Đăng ký	Xây dựng
	// Tỉnh	3	2
	// Xem báo cáo.
	// Như kính gửi
}
