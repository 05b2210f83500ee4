package document

import (
	"strings"
	"testing"

	"dondoc/intake/finding"
)

const reportText = `HUYỆN ỦY BÌNH SƠN	ĐẢNG CỘNG SẢN VIỆT NAM
Số 125-BC/HU	Bình Sơn, ngày 17 tháng 10 năm 2022

BÁO CÁO
Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022
-----
Thực hiện Công văn số 624-CV/BDVTU, Ban Thường vụ Huyện ủy báo cáo như sau:
I. Khái quát tình hình chung
II. Công tác lãnh đạo, chỉ đạo triển khai thực hiện
III. Kết quả thực hiện
3.3. Kết quả xây dựng, nhân rộng, công nhận
Mô hình “Ánh sáng an ninh” của xã được công nhận.
IV. Đánh giá chung
Nơi nhận:
`

const modelText = `HUYỆN ỦY BÌNH SƠN
GIỚI THIỆU MÔ HÌNH “DÂN VẬN KHÉO”
1. Tên mô hình, điển hình: Thắp sáng đường quê
2. Cơ sở xây dựng: ...
3. Phạm vi tác động, ảnh hưởng
4. Phương thức triển khai
5. Hiệu quả trong quá trình thực hiện
6. Các giải pháp nhân rộng mô hình, điển hình tiêu biểu
`

func TestWhatAFileIsForIsRecognised(t *testing.T) {
	word := Document{Kind: DOCX}
	says := func(text string) Document { return Document{Kind: DOCX, Text: text} }
	pdf, doc, image := Document{Kind: PDF}, Document{Kind: DOC}, Document{Kind: Image}
	for _, row := range []struct {
		sentence string
		d        Document
		f        File
		kind     string
		title    string
		models   int
	}{
		// By text.
		{"a report is known by its title and heads, not by its name", says(reportText), File{Name: "Document1.docx"}, finding.Report, "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", 0},
		{"a report that speaks of models stays a report", says(reportText + "Tên mô hình, điển hình: Camera an ninh\nCơ sở xây dựng: khu dân cư\n"), File{Name: "a.docx"}, finding.Report, "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", 0},
		{"the text of a report wins over the name of a model", says(reportText), File{Name: "Mo hinh DVK.docx"}, finding.Report, "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", 0},
		{"a report typed without accents is one", says("BAO CAO\nKet qua thuc hien phong trao\n1. Khai quat tinh hinh chung\n"), File{Name: "x.docx"}, finding.Report, "Ket qua thuc hien phong trao", 0},
		{"a title on the line of the word is the title", says("BÁO CÁO KẾT QUẢ THỰC HIỆN PHONG TRÀO DÂN VẬN KHÉO\nI. Tình hình chung\n"), File{Name: "x.docx"}, finding.Report, "BÁO CÁO KẾT QUẢ THỰC HIỆN PHONG TRÀO DÂN VẬN KHÉO", 0},
		{"a title over two lines is read whole", says("BÁO CÁO\nkết quả thực hiện phong trào\nthi đua năm 2022\n\nI. Tình hình\n"), File{Name: "x.docx"}, finding.Report, "kết quả thực hiện phong trào thi đua năm 2022", 0},
		{"a report without its first page is known by many heads", says("Công tác lãnh đạo, chỉ đạo\nKết quả thực hiện\nĐánh giá chung\nPhương hướng, nhiệm vụ\n"), File{Name: "x.docx"}, finding.Report, "", 0},
		{"a write-up is known by its six contents", says(modelText), File{Name: "x.docx"}, finding.Model, "Thắp sáng đường quê", 1},
		{"the text of a write-up wins over the name of a report", says(modelText), File{Name: "BC mo hinh.docx"}, finding.Model, "Thắp sáng đường quê", 1},
		{"two models in one file are two", says(modelText + strings.ReplaceAll(modelText, "Thắp sáng đường quê", "Tiếng kẻng an ninh")), File{Name: "x.docx"}, finding.Model, "Thắp sáng đường quê", 2},
		{"a model that is named twice is one", says(modelText + modelText), File{Name: "x.docx"}, finding.Model, "Thắp sáng đường quê", 1},
		{"the name of a model may stand on the next line", says("1. Tên mô hình, điển hình\n\nMô hình Biển sạch.\n2. Cơ sở xây dựng\n3. Phạm vi tác động, ảnh hưởng\n"), File{Name: "x.docx"}, finding.Model, "Mô hình Biển sạch", 1},
		{"the name of a model may stand in the next cell", says("1\tTên mô hình, điển hình\tBiển sạch\n2\tCơ sở xây dựng\tBờ biển\n3\tPhương thức triển khai\tHọp dân\n"), File{Name: "x.docx"}, finding.Model, "Biển sạch", 1},
		{"a sentence that begins with the words names no model", says(modelText + "Tên mô hình do nhân dân tự đặt qua nhiều cuộc họp ở khu dân cư: đó là điều quý.\n"), File{Name: "x.docx"}, finding.Model, "Thắp sáng đường quê", 1},
		{"a free write-up is known by what it says it introduces", says("HUYỆN ỦY\nGiới thiệu mô hình “Dân vận khéo”\nTrong những năm qua…\n"), File{Name: "x.docx"}, finding.Model, "", 1},
		{"a write-up with numbers in roman is one", says("I. Tên mô hình: A\nII. Cơ sở xây dựng\nIII. Phương thức triển khai\n"), File{Name: "x.docx"}, finding.Model, "A", 1},
		{"the blank for a write-up, sent back as it was, is none", says("GIỚI THIỆU MÔ HÌNH\n1. Tên mô hình, điển hình: ……\n2. Cơ sở xây dựng\n……\n3. Phạm vi tác động, ảnh hưởng\n"), File{Name: "Mau gioi thieu mo hinh.docx"}, finding.Other, "", 0},
		{"a write-up that forgot to name its model is one", says("1. Tên mô hình, điển hình\n2. Cơ sở xây dựng\n" + strings.Repeat("Nhân dân thôn cùng nhau làm đường. ", 20) + "\n3. Phạm vi tác động\n"), File{Name: "x.docx"}, finding.Model, "", 1},
		{"a covering letter is neither", says("Số 45/SNV-VP\nV/v gửi báo cáo phong trào Dân vận khéo\nKính gửi: Ban Dân vận\nNơi nhận:\n"), File{Name: "BC.docx"}, finding.Other, "", 0},
		{"an invitation is neither", says("GIẤY MỜI\nDự hội nghị báo cáo kết quả thực hiện\n"), File{Name: "bao cao.docx"}, finding.Other, "", 0},
		{"a decision that recognises a model is no write-up", says("QUYẾT ĐỊNH\nVề việc công nhận mô hình\n"), File{Name: "QD cong nhan mo hinh.docx"}, finding.Other, "", 0},
		{"printed figures are no report", says("PHỤ LỤC SỐ LIỆU\nBiểu 1\nTT\tCấp\tMã số\n"), File{Name: "Phu luc so lieu.docx"}, finding.Appendix, "", 0},

		// By name.
		{"a document whose text says nothing is known by its name", says("Nội dung\n"), File{Name: "BC dan van kheo.docx"}, finding.Report, "", 0},
		{"a signed PDF is known by its name", pdf, File{Name: "Bao cao ket qua DVK 2022.signed.pdf"}, finding.Report, "", 0},
		{"accents in a name do not matter", pdf, File{Name: "Báo cáo Dân vận khéo.pdf"}, finding.Report, "", 0},
		{"decomposed accents do not either", pdf, File{Name: "Ba\u0301o ca\u0301o.pdf"}, finding.Report, "", 0},
		{"the number of a report is the name of one", pdf, File{Name: "125-BC-HU.pdf"}, finding.Report, "", 0},
		{"joined words are taken apart", doc, File{Name: "BaoCaoDVK_HuyenUy.doc"}, finding.Report, "", 0},
		{"words written together are known", doc, File{Name: "baocao.doc"}, finding.Report, "", 0},
		{"an old .doc that introduces a model is a write-up", doc, File{Name: "Gioi thieu mo hinh Thap sang duong que.doc"}, finding.Model, "", 1},
		{"a numbered model is a write-up", doc, File{Name: "MH1_Bien sach.doc"}, finding.Model, "", 1},
		{"a report of models is a report", pdf, File{Name: "Bao cao mo hinh dan van kheo.pdf"}, finding.Report, "", 0},
		{"a model that reports is a model", pdf, File{Name: "Mo hinh 1 - bao cao dien hinh.pdf"}, finding.Model, "", 1},
		{"an appendix printed to PDF is neither", pdf, File{Name: "Phu luc so lieu kem bao cao.pdf"}, finding.Appendix, "", 0},
		{"a report with its appendix is a report", pdf, File{Name: "Bao cao va phu luc.pdf"}, finding.Report, "", 0},
		{"an appendix that introduces a model is a write-up", doc, File{Name: "Phu luc 2 - Gioi thieu mo hinh.doc"}, finding.Model, "", 1},
		{"our own letter is neither", pdf, File{Name: "Cong van 624.pdf"}, finding.Other, "", 0},
		{"a scan without a name is what its mail says it is", pdf, File{Name: "Scan_20221018_0001.pdf", Subject: "BC dân vận khéo Huyện ủy Sơn Hà"}, finding.Report, "", 0},
		{"a scan without a name under no subject is nothing yet", pdf, File{Name: "Scan_20221018_0001.pdf"}, finding.Other, "", 0},
		{"a name that says something else is not helped by the subject", pdf, File{Name: "Danh sach lop hoc.pdf", Subject: "Báo cáo"}, finding.Other, "", 0},
		{"a photographed report is known by its name", image, File{Name: "Bao cao trang 1.jpg", Size: 900 << 10}, finding.Report, "", 0},

		// Decoration.
		{"a logo in the text is decoration", image, File{Name: "image001.png", Inline: true, Size: 12 << 10}, finding.Decoration, "", 0},
		{"a drawn signature is decoration", image, File{Name: "signature.png", Size: 30 << 10}, finding.Decoration, "", 0},
		{"a tiny picture is decoration even when attached", image, File{Name: "a.gif", Size: 43}, finding.Decoration, "", 0},
		{"a scanned page that is shown in the text is no decoration", image, File{Name: "IMG_2022.jpg", Inline: true, Size: 2 << 20, Subject: "Báo cáo"}, finding.Report, "", 0},
		{"a photographed page is none, though a telephone shows it in the text", Document{Kind: Image, Width: 960, Height: 1280}, File{Name: "IMG_0012.jpeg", Inline: true, Size: 140 << 10}, finding.Other, "", 0},
		{"a banner is decoration", Document{Kind: Image, Width: 1200, Height: 180}, File{Name: "banner.jpg", Inline: true, Size: 140 << 10}, finding.Decoration, "", 0},
		{"what a mailer makes of the text between files is decoration", Document{Kind: HTML}, File{Name: "ATT00001.htm", Size: 500}, finding.Decoration, "", 0},
		{"what a server adds to all mails is decoration", Document{Kind: Text}, File{Name: "Disclaimer.txt", Size: 900}, finding.Decoration, "", 0},
		{"a visiting card is decoration", Document{Kind: VCF}, File{Name: "bao cao.vcf"}, finding.Decoration, "", 0},
		{"a calendar item is decoration", Document{Kind: ICS}, File{Name: "bao cao.ics"}, finding.Decoration, "", 0},
		{"the signature of a mail is decoration", Document{Kind: Signature}, File{Name: "smime.p7s"}, finding.Decoration, "", 0},

		// What the form will say, or a person.
		{"a workbook is for the form to recognise", Document{Kind: XLSX}, File{Name: "Bao cao.xlsx"}, finding.Other, "", 0},
		{"a container is not what its name says", Document{Kind: ZIP}, File{Name: "Bao cao.zip"}, finding.Other, "", 0},
		{"a note in plain text is nothing", Document{Kind: Text, Text: "Kính gửi anh chị.\n"}, File{Name: "bao cao.txt"}, finding.Other, "", 0},
		{"a document without text and name is nothing", word, File{Name: "x.docx"}, finding.Other, "", 0},
	} {
		got := Recognise(row.d, row.f, Outline{})
		if got.Kind != row.kind || got.Title != row.title || got.Models != row.models {
			t.Errorf("%s: got %+v, want %s %q %d", row.sentence, got, row.kind, row.title, row.models)
		}
	}
}

func TestAnotherCommitteesOutline(t *testing.T) {
	o := Outline{Report: []string{"Annual return"}, Model: []string{"Name of the practice", "Where it works", "What it costs"}, ModelName: []string{"Name of the practice"}}
	d := Document{Kind: DOCX, Text: "1. Name of the practice: Open doors\n2. Where it works\n3. What it costs\n"}
	if got := Recognise(d, File{Name: "a.docx"}, o); got.Kind != finding.Model || got.Title != "Open doors" || got.Models != 1 {
		t.Errorf("got %+v, want a model by the phrases of the outline alone", got)
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add(reportText, "Bao cao.docx", "Báo cáo", false, 1000)
	f.Add(modelText, "image.png", "", true, 1)
	f.Add("Tên mô hình\t\n:\nTên mô hình", "mh.docx", "", false, 0)
	f.Fuzz(func(t *testing.T, text, name, subject string, inline bool, size int) {
		for _, kind := range []string{DOCX, Image, PDF} {
			r := Recognise(Document{Kind: kind, Text: text}, File{Name: name, Subject: subject, Inline: inline, Size: size}, Outline{})
			if (r.Kind == finding.Model) != (r.Models > 0) {
				t.Errorf("%+v: only a write-up has models, and it has one at least", r)
			}
			if len(r.Title) > 300 {
				t.Errorf("a title of %d bytes", len(r.Title))
			}
		}
	})
}
