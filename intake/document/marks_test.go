package document

import (
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
)

func campaignOutline() Outline {
	o := DefaultOutline
	head := func(line string) Head {
		words := strings.Split(line, " | ")
		return Head{words[0], words[1:]}
	}
	for _, line := range []string{
		"1. Khái quát tình hình chung | tình hình chung | khái quát", "2. Công tác lãnh đạo, chỉ đạo triển khai thực hiện | lãnh đạo chỉ đạo",
		"3. Kết quả thực hiện | kết quả", "3.1. Sự phối hợp, tuyên truyền | phối hợp | tuyên truyền", "3.2. Kết quả trên các lĩnh vực | lĩnh vực",
		"3.3. Kết quả xây dựng, nhân rộng, công nhận | nhân rộng | công nhận", "4. Đánh giá chung | đánh giá | hạn chế",
	} {
		o.Sections = append(o.Sections, head(line))
	}
	for _, line := range []string{
		"Tên mô hình, điển hình | tên mô hình", "Cơ sở xây dựng | cơ sở | xuất phát", "Phạm vi tác động, ảnh hưởng | phạm vi",
		"Phương thức triển khai | phương thức | cách làm", "Hiệu quả trong quá trình thực hiện | hiệu quả", "Các giải pháp nhân rộng | các giải pháp nhân rộng | nhân rộng",
	} {
		o.Contents = append(o.Contents, head(line))
	}
	o.Subject, o.Year = []string{"Dân vận khéo", "DVK"}, "2022"
	return o
}

const fullReport = `TỈNH ỦY QUẢNG NGÃI
HUYỆN ỦY BA TƠ
*
Số 125-BC/HU
BÁO CÁO
Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022
I. KHÁI QUÁT TÌNH HÌNH CHUNG
II. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO TRIỂN KHAI THỰC HIỆN
III. KẾT QUẢ THỰC HIỆN
1. Sự phối hợp của các cấp, các ngành
2. Kết quả trên các lĩnh vực
Phong trào Dân vận khéo lan rộng; Dân vận khéo ở xã; Dân vận khéo ở huyện.
3. Kết quả xây dựng, nhân rộng, công nhận mô hình
IV. ĐÁNH GIÁ CHUNG
Nơi nhận:
`

const fullModel = `1. Tên mô hình, điển hình: Thắp sáng đường quê
2. Cơ sở xây dựng: nghị quyết của chi bộ
3. Phạm vi tác động, ảnh hưởng: toàn xã
4. Phương thức triển khai: họp dân
5. Hiệu quả trong quá trình thực hiện: đường sáng
6. Các giải pháp nhân rộng: mỗi xóm một đường
`

// problemsOf are the codes of what was found, with what was found.
func problemsOf(r Recognition) string {
	var out []string
	for _, p := range r.Problems {
		s := p.Code + "/" + string(p.Severity)
		for _, arg := range []string{"gia_tri", "muc_thieu", "muc"} {
			if v := p.Args[arg]; v != "" {
				s += " " + v
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, " | ")
}

func TestWhatAReportSaysOfItself(t *testing.T) {
	says := func(text string) Document { return Document{Kind: DOCX, Text: text} }
	replaced := func(pairs ...string) Document { return says(strings.NewReplacer(pairs...).Replace(fullReport)) }
	for _, row := range []struct {
		sentence string
		d        Document
		f        File
		want     string
	}{
		{"a whole report lacks nothing", says(fullReport), File{Name: "BC.docx"}, ""},
		{"sections without a head are named", replaced("IV. ĐÁNH GIÁ CHUNG\n", "", "1. Sự phối hợp của các cấp, các ngành\n", ""), File{Name: "BC.docx"},
			"R02/I 3.1. Sự phối hợp, tuyên truyền; 4. Đánh giá chung"},
		{"the title of a report is no section of it", says("BÁO CÁO\nKết quả thực hiện phong trào thi đua Dân vận khéo năm 2022\n1. Tình hình chung\n"), File{Name: "BC.docx"},
			"R02/I 2. Công tác lãnh đạo, chỉ đạo triển khai thực hiện; 3. Kết quả thực hiện; 3.1. Sự phối hợp, tuyên truyền; 3.2. Kết quả trên các lĩnh vực; 3.3. Kết quả xây dựng, nhân rộng, công nhận; 4. Đánh giá chung"},
		{"a draft says so above its title", replaced("BÁO CÁO\n", "DỰ THẢO LẦN 2\nBÁO CÁO\n"), File{Name: "BC.docx"}, "R05/I DỰ THẢO LẦN 2"},
		{"or in its title", replaced("BÁO CÁO\n", "BÁO CÁO (dự thảo)\n"), File{Name: "BC.docx"}, "R05/I BÁO CÁO (dự thảo)"},
		{"or in its name", says(fullReport), File{Name: "Du thao BC DVK.docx"}, "R05/I Du thao BC DVK.docx"},
		{"or in the mail, of the Word file", says(fullReport), File{Name: "BC.docx", Said: "Kính gửi Phòng,\nHuyện ủy gửi trước bản Word, bản ký gửi sau."}, "R05/I Huyện ủy gửi trước bản Word, bản ký gửi sau."},
		{"a report that speaks of drafts is none", replaced("Nơi nhận:", "Huyện ủy đã góp ý dự thảo kế hoạch của xã.\nNơi nhận:"), File{Name: "BC.docx", Said: "Kính gửi báo cáo."}, ""},
		{"a signed PDF is final, whatever the mail says of the Word file", Document{Kind: PDF, Text: fullReport}, File{Name: "BC.pdf", Said: "Gửi trước bản Word."}, ""},
		{"another year in the title is another report", replaced("năm 2022", "năm 2021"), File{Name: "BC.docx"}, "R08/H BÁO CÁO Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2021"},
		{"the years of a plan in the title are not the report's", replaced("khéo” năm 2022", "khéo” giai đoạn 2021-2025"), File{Name: "BC.docx"}, ""},
		{"a report on democracy at the grassroots is another", replaced("phong trào thi đua “Dân vận khéo”", "Quy chế dân chủ ở cơ sở", "Dân vận khéo", "dân chủ"), File{Name: "BC.docx"},
			"R08/H BÁO CÁO Kết quả thực hiện Quy chế dân chủ ở cơ sở năm 2022"},
		{"a monthly report is another, though it speaks of the movement", replaced("Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", "Kết quả công tác dân vận tháng 10 năm 2022"), File{Name: "BC.docx"},
			"R08/H BÁO CÁO Kết quả công tác dân vận tháng 10 năm 2022"},
		{"a title without the movement's name over a report that is full of it is this one", replaced("phong trào thi đua “Dân vận khéo” năm 2022", "phong trào thi đua của huyện năm 2022"), File{Name: "BC.docx"}, ""},
		{"a scan is judged by its name", Document{Kind: PDF, Scan: true}, File{Name: "BC QCDC nam 2022 cua huyen.pdf"}, "R08/H BC QCDC nam 2022 cua huyen"},
		{"a scan of this report is this report", Document{Kind: PDF, Scan: true}, File{Name: "125-BC-HU DVK 2022.pdf"}, ""},
	} {
		r := Recognise(row.d, row.f, campaignOutline())
		if r.Kind != finding.Report || problemsOf(r) != row.want {
			t.Errorf("%s:\n got %s %q\nwant report %q", row.sentence, r.Kind, problemsOf(r), row.want)
		}
		if slices.ContainsFunc(r.Problems, func(p finding.Problem) bool { return p.Audience != finding.ToDesk }) {
			t.Errorf("%s: a unit is told what a machine thinks of signed prose", row.sentence)
		}
	}
	none := campaignOutline()
	none.Subject, none.Year = nil, ""
	if r := Recognise(says(strings.ReplaceAll(fullReport, "2022", "1999")), File{Name: "BC.docx"}, none); len(r.Problems) > 0 {
		t.Errorf("a campaign that names no subject finds none wrong: %s", problemsOf(r))
	}
}

func TestWhatAWriteUpLacks(t *testing.T) {
	says := func(text string) Document { return Document{Kind: DOCX, Text: text} }
	for _, row := range []struct {
		sentence string
		d        Document
		models   int
		want     string
	}{
		{"all six contents are there", says(fullModel), 1, ""},
		{"contents without a head are named", says(strings.Replace(strings.Replace(fullModel, "3. Phạm vi tác động, ảnh hưởng: toàn xã\n", "", 1), "6. Các giải pháp nhân rộng: mỗi xóm một đường\n", "", 1)), 1,
			"M03/W Phạm vi tác động, ảnh hưởng; Các giải pháp nhân rộng"},
		{"each of two models has its own", says(fullModel + strings.Replace(strings.Replace(fullModel, "Thắp sáng đường quê", "Bể rác", 1), "5. Hiệu quả trong quá trình thực hiện: đường sáng\n", "", 1)), 2,
			"M03/W Hiệu quả trong quá trình thực hiện"},
		{"a write-up in one piece has what its words speak of", says("GIỚI THIỆU MÔ HÌNH\nXuất phát từ nhu cầu của dân, xã đã vận động góp công, bằng cách làm công khai.\nHiệu quả thấy rõ; có thể nhân rộng ra toàn huyện.\n"), 1,
			"M03/W Phạm vi tác động, ảnh hưởng"},
	} {
		r := Recognise(row.d, File{Name: "MH.docx"}, campaignOutline())
		if r.Kind != finding.Model || r.Models != row.models || problemsOf(r) != row.want {
			t.Errorf("%s:\n got %s of %d %q\nwant %q", row.sentence, r.Kind, r.Models, problemsOf(r), row.want)
		}
	}
	both := Recognise(says(fullReport+"PHẦN II. GIỚI THIỆU MÔ HÌNH\n"+fullModel+strings.Replace(fullModel, "Thắp sáng đường quê", "Bể rác", 1)), File{Name: "BC.docx"}, campaignOutline())
	if both.Kind != finding.Report || both.Models != 2 {
		t.Errorf("a report with two write-ups behind it: %s with %d models", both.Kind, both.Models)
	}
	if r := Recognise(says(fullReport+"Tên mô hình\tXã\nThắp sáng\tBa Vinh\n"), File{Name: "BC.docx"}, campaignOutline()); r.Models != 0 {
		t.Errorf("a table of models in a report is no write-up: %d", r.Models)
	}
}

func TestTheMarkOfClassifiedContent(t *testing.T) {
	head := "TỈNH ỦY QUẢNG NGÃI\nHUYỆN ỦY BA TƠ\n"
	for _, row := range []struct {
		sentence string
		d        Document
		name     string
		want     bool
	}{
		{"it stands by itself at the head", Document{Text: head + "MẬT\nBÁO CÁO\n"}, "a.docx", true},
		{"beside the number, in another column", Document{Text: head, lines: []string{"Số 12-BC/HU\tTỐI MẬT"}}, "a.docx", true},
		{"with the number of the copy", Document{Text: head + "TUYỆT MẬT - Bản số: 01\n"}, "a.docx", true},
		{"on every page", Document{Text: head, Margins: []string{"MẬT"}}, "a.docx", true},
		{"in a box", Document{Text: head + strings.Repeat("x\n", 100), boxes: []string{"MẬT"}}, "a.docx", true},
		{"in brackets in the name", Document{}, "Bao cao [MẬT].pdf", true},
		{"prose about secrets is none", Document{Text: head + "BÁO CÁO\nCông tác bảo vệ bí mật nhà nước\nMật độ dân cư thấp.\nTài liệu mật được quản lý.\n"}, "a.docx", false},
		{"nor a title in capitals", Document{Text: head + "BÁO CÁO CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC\n"}, "BAO VE BÍ MẬT.docx", false},
		{"nor the head of a column far down", Document{Text: head + strings.Repeat("x\n", 60) + "MẬT\n" + strings.Repeat("x\n", 60)}, "a.docx", false},
		{"nor honey", Document{Text: head + "Mật\n"}, "mat ong.docx", false},
	} {
		row.d.Kind = DOCX
		if got := Recognise(row.d, File{Name: row.name}, campaignOutline()).Secret; got != row.want {
			t.Errorf("%s: %v", row.sentence, got)
		}
	}
	// In every format the mark reaches the place where it is looked for.
	for name, data := range map[string][]byte{
		"a.docx": docx(t, head, `<w:p><w:r><w:t>x</w:t></w:r></w:p><w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:txbxContent></w:pict><w:t>y</w:t></w:r></w:p>`),
		"a.odt":  odt(t, `<text:p>x<draw:frame><draw:text-box><text:p>MẬT</text:p></draw:text-box></draw:frame></text:p>`),
		"a.rtf":  []byte(`{\rtf1 x{\*\shpinst{\shptxt \pard M\u7852?T\par}}\par}`),
		"a.doc":  docOf(t, []string{"Arial"}, docText{text: "x\r"}, docText{text: "M\u1eacT\r", wide: true, part: 6}),
	} {
		if !Recognise(Read(name, data), File{Name: name}, campaignOutline()).Secret {
			t.Errorf("the mark in a box of %s was not seen", name)
		}
	}
}

func TestWhoseLetterheadItIs(t *testing.T) {
	for _, row := range []struct{ sentence, head, want string }{
		{"the unit's own", "TỈNH ỦY QUẢNG NGÃI\nHUYỆN ỦY BA TƠ\n*\nSố 12-BC/HU\tBa Tơ, ngày 12 tháng 10 năm 2022\n", ""},
		{"a department's", "UBND TỈNH QUẢNG NGÃI\nSỞ NỘI VỤ\n", ""},
		{"a university's", "BỘ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG ĐẠI HỌC PHẠM VĂN ĐỒNG\n", ""},
		{"the district's administration is another body", "UBND HUYỆN BA TƠ\nPHÒNG NỘI VỤ\n", "UBND HUYỆN BA TƠ"},
		{"the district's front is too", "MẶT TRẬN TỔ QUỐC VIỆT NAM\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nỦY BAN MTTQ VIỆT NAM HUYỆN BA TƠ\n", "ỦY BAN MTTQ VIỆT NAM HUYỆN BA TƠ"},
		{"a commune's Party committee", "HUYỆN ỦY BA TƠ\nĐẢNG ỦY XÃ BA VINH\n", "ĐẢNG ỦY XÃ BA VINH"},
		{"a steering committee", "HUYỆN ỦY BA TƠ\nBAN CHỈ ĐẠO PHONG TRÀO THI ĐUA\n", "BAN CHỈ ĐẠO PHONG TRÀO THI ĐUA"},
		{"a division of a department", "SỞ Y TẾ\nCHI CỤC DÂN SỐ\n", "CHI CỤC DÂN SỐ"},
		{"those whom it is sent to are not its own", "HUYỆN ỦY BA TƠ\nBÁO CÁO\nKính gửi:\nUBND huyện Ba Tơ\n", ""},
	} {
		d := Document{Kind: DOCX, Text: row.head + "BÁO CÁO\nKết quả thực hiện phong trào thi đua Dân vận khéo năm 2022\n"}
		if got := Recognise(d, File{Name: "BC.docx"}, campaignOutline()).Lower; got != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}

func TestACorrectionSaysThatItIsOne(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		f              File
		want           bool
	}{
		{"in its subject line", "SỞ Y TẾ\nV/v đính chính số liệu phụ lục\n", File{Name: "CV.docx"}, true},
		{"in its title", "ĐÍNH CHÍNH\nSố liệu báo cáo\n", File{Name: "a.docx"}, true},
		{"in its name", "x", File{Name: "Dinh chinh so lieu DVK.docx"}, true},
		{"in the mail's subject", "x", File{Name: "a.docx", Subject: "Đính chính số liệu phụ lục DVK - Sở Y tế"}, true},
		{"prose about corrections is none", "BÁO CÁO\nKết quả\n1. Chung\nSở đã đính chính số liệu của năm trước.\n", File{Name: "BC.docx"}, false},
	} {
		if got := Recognise(Document{Kind: DOCX, Text: row.text}, row.f, campaignOutline()).Corrects; got != row.want {
			t.Errorf("%s: %v", row.sentence, got)
		}
	}
}
