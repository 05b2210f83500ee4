package simulator

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// document is a .docx of plain paragraphs, as small as Word accepts it.
func document(paragraphs []string) []byte {
	var text strings.Builder
	for _, p := range paragraphs {
		text.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + escaped(p) + `</w:t></w:r></w:p>`)
	}
	return wordDocument(text.String())
}

// wordDocument packs the paragraphs of a .docx.
func wordDocument(body string) []byte {
	return packed([]entry{
		{"[Content_Types].xml", xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`, false},
		{"_rels/.rels", xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`, false},
		{"word/document.xml", xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`, false},
	})
}

// report is the report in words, with the outline that the letter asks for
// (LETTER.md §3).
func (p *party) report(by *member) file {
	u := by.Unit
	lines := append(p.letterhead(u), "BÁO CÁO",
		`Kết quả thực hiện phong trào thi đua "Dân vận khéo" năm 2022`,
		"Kính gửi: Ban Dân vận Tỉnh ủy",
		`Thực hiện Công văn số 624-CV/BDVTU ngày 03/10/2022 của Ban Dân vận Tỉnh ủy, `+u.Name+` báo cáo như sau:`,
		"1. Khái quát tình hình chung",
		"Tình hình chính trị, kinh tế, xã hội ổn định; phong trào thi đua được duy trì thường xuyên.",
		"2. Công tác lãnh đạo, chỉ đạo triển khai thực hiện",
		"a) Phổ biến, quán triệt Kế hoạch số 31-KH/TU ngày 16/3/2021 của Ban Thường vụ Tỉnh ủy.",
		"b) Cụ thể hóa: xây dựng kế hoạch, chỉ đạo thực hiện.",
		"c) Kiểm tra, đôn đốc.",
		"3. Kết quả thực hiện",
		"3.1. Sự phối hợp của các cấp, các ngành trong tuyên truyền, nâng cao nhận thức",
		"Công tác phối hợp được thực hiện theo chương trình đã ký kết.",
		"3.2. Kết quả trên các lĩnh vực: phát triển kinh tế; văn hóa - xã hội; quốc phòng - an ninh; xây dựng hệ thống chính trị",
		"Các mô hình gắn với nhiệm vụ chính trị, xây dựng nông thôn mới, đô thị văn minh.",
		"3.3. Kết quả xây dựng, nhân rộng, công nhận",
		"Số liệu cụ thể theo Phụ lục gửi kèm.",
		"4. Đánh giá chung",
		"Ưu điểm; khó khăn, hạn chế và nguyên nhân; phương hướng, giải pháp thời gian đến; đề xuất, kiến nghị.",
		"Nơi nhận: Như trên; Lưu văn thư.")
	return file{"Bao cao Dan van kheo 2022.docx", document(lines)}
}

// letterhead is the top of what a unit writes.
func (p *party) letterhead(u Unit) []string {
	return []string{strings.ToUpper(u.Name), "*", "Số " + p.number(), "Quảng Ngãi, ngày    tháng 10 năm 2022"}
}

// number is that of the unit's report.
func (p *party) number() string { return fmt.Sprintf("%d-BC", p.reportNo) }

// subjects of write-ups; the number tells two of one unit apart.
var deeds = []string{
	"Tổ tự quản bảo vệ môi trường", "Camera an ninh", "Tuyến đường hoa", "Ngày thứ Bảy vì dân", "Hũ gạo tình thương",
	"Cải cách thủ tục một cửa thân thiện", "Vườn mẫu nông thôn", "Tiếng loa an ninh", "Thắp sáng đường quê", "Đồng hành cùng hộ nghèo",
}

// model is the write-up of the n-th model (from 0), with the six heads of
// LETTER.md §4.
func (p *party) model(by *member, n int) file {
	title := p.title(n)
	lines := append([]string{strings.ToUpper(by.Unit.Name)},
		"GIỚI THIỆU MÔ HÌNH, ĐIỂN HÌNH “DÂN VẬN KHÉO”",
		"1. Tên mô hình, điển hình: "+title,
		"2. Cơ sở xây dựng: xuất phát từ nguyện vọng của nhân dân và nhiệm vụ chính trị; đã được công nhận ở cấp tỉnh.",
		"3. Phạm vi tác động, ảnh hưởng: trong toàn cơ quan, địa phương, đơn vị.",
		"4. Phương thức triển khai: tuyên truyền, vận động, phân công cụ thể.",
		"5. Hiệu quả trong quá trình thực hiện: nhân dân đồng thuận, nhiều kết quả thiết thực.",
		"6. Các giải pháp nhân rộng mô hình, điển hình tiêu biểu: sơ kết, phổ biến kinh nghiệm.")
	return file{fmt.Sprintf("Mo hinh %d.docx", n+1), document(lines)}
}

func (p *party) title(n int) string { return deeds[(p.reportNo+n)%len(deeds)] }

// signed is the signed copy of the report: a page without text, as scans are.
func (p *party) signed() file {
	return file{"Bao cao Dan van kheo 2022 (ban ky).pdf", scan([]byte(p.lead().Code))}
}

// Page is a PDF of one framed page with lines of unaccented text.
func Page(lines ...string) []byte {
	var content strings.Builder
	content.WriteString("0.5 w 60 60 475 722 re S\n")
	for i, line := range lines {
		fmt.Fprintf(&content, "BT /F1 12 Tf 80 %d Td (%s) Tj ET\n", 740-20*i, strings.NewReplacer("\\", "", "(", "\\(", ")", "\\)").Replace(line))
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", content.Len(), content.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}
