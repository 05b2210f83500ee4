package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
)

// scan is a PDF of pages that are pictures.
func scan() []byte {
	return pdf("/I Do")
}

// pdf is one page that draws content.
func pdf(content string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range []string{"<</Pages 2 0 R>>", "<</Kids[3 0 R]>>", "<</Contents 4 0 R/Resources<</XObject<</I 5 0 R>>/Font<</F<</BaseFont/Arial/Encoding/WinAnsiEncoding>>>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content), "<</Subtype/Image/Length 1>>stream\nx\nendstream"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 6\n0000000000 65535 f \n")
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}

// edited is a .docx with some of its text replaced.
func edited(t testing.TB, data []byte, pairs ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []any
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		b.ReadFrom(r)
		text := b.String()
		if f.Name == "word/document.xml" {
			text = strings.NewReplacer(pairs...).Replace(text)
			if text == b.String() {
				t.Fatalf("nothing to replace by %q", pairs)
			}
		}
		parts = append(parts, f.Name, text)
	}
	return zipOf(t, parts...)
}

func TestWhatTheFilesOfAMailAreToEachOther(t *testing.T) {
	j := judgeOf(t)
	full := workbook(t, known.Form, fillIn)
	report, model := reportOf(t, "HUYỆN ỦY BÌNH SƠN"), modelOf(t, "Thắp sáng đường quê")
	blankModel := docx(t, "GIỚI THIỆU MÔ HÌNH, ĐIỂN HÌNH", "(theo Công văn số 624-CV/BDVTU ngày 03/10/2022)", "Đơn vị: Huyện ủy Bình Sơn", "1. Tên mô hình, điển hình:", "2. Cơ sở xây dựng:",
		"3. Phạm vi tác động, ảnh hưởng:", "6. Các giải pháp nhân rộng:", "Cấp và số, ngày văn bản công nhận, biểu dương, khen thưởng (cấp tỉnh hoặc cấp huyện):")
	untitled := docx(t, "GIỚI THIỆU MÔ HÌNH", strings.Repeat("Xuất phát từ nhu cầu của dân, phạm vi toàn xã, cách làm công khai, hiệu quả thấy rõ, có thể nhân rộng ra các xã khác trong huyện. ", 2))
	for _, row := range []struct {
		sentence, subject string
		files             []attached
		want              []string
	}{
		{"the signed scan of a report is the same part, and no scan that nobody can read", "Báo cáo", []attached{{"BC.docx", report}, {"BC.signed.pdf", scan()}},
			[]string{"BC.docx report", "BC.signed.pdf report D04/I"}},
		{"the form for models that comes back as it went out is no model, and its sender is told so", "Báo cáo", []attached{{"BC.docx", report}, {"Mo hinh 1.docx", blankModel}},
			[]string{"BC.docx report", "Mo hinh 1.docx other P03/W"}},
		{"beside one that was filled in it is a file", "Báo cáo", []attached{{"Mau gioi thieu mo hinh.docx", blankModel}, {"Mo hinh 1.docx", model}},
			[]string{"Mau gioi thieu mo hinh.docx other", "Mo hinh 1.docx model"}},
		{"in whatever order they come", "Báo cáo", []attached{{"BC.pdf", scan()}, {"BC.docx", report}}, []string{"BC.pdf report D04/I", "BC.docx report"}},
		{"a scan by the number of the report is its scan", "Báo cáo", []attached{{"Bao cao.docx", docx(t, "HUYỆN ỦY BA TƠ", "Số 125-BC/HU", "BÁO CÁO", "Dân vận khéo năm 2022, Dân vận khéo, Dân vận khéo")}, {"125-BC-HU_signed.pdf", scan()}},
			[]string{"Bao cao.docx report R02/I", "125-BC-HU_signed.pdf report D04/I"}},
		{"a scan alone counts, and the desk is told that nobody has read it", "Báo cáo", []attached{{"Bao cao DVK 2022.pdf", scan()}}, []string{"Bao cao DVK 2022.pdf report P02/I"}},
		{"a write-up twice in one mail is one write-up", "Mô hình", []attached{{"MH 1.docx", model}, {"MH 1 signed.pdf", scan()}, {"MH 2.docx", modelOf(t, "Bể rác")}},
			[]string{"MH 1.docx model", "MH 1 signed.pdf model D04/I", "MH 2.docx model"}},
		{"without a title it is known by its words", "Mô hình", []attached{{"a.docx", untitled}, {"b.docx", edited(t, untitled, "trong huyện. ", "trong huyện ta. ")}},
			[]string{"a.docx model", "b.docx model D04/I"}},
		{"an appendix on paper alone is asked for as a workbook", "Báo cáo", []attached{{"BC.docx", report}, {"Phu luc so lieu.pdf", scan()}},
			[]string{"BC.docx report", "Phu luc so lieu.pdf appendix S03/E"}},
		{"beside the workbook it is only a copy", "Báo cáo", []attached{{"PL.xlsx", full}, {"Phu luc so lieu.pdf", scan()}}, []string{"PL.xlsx appendix", "Phu luc so lieu.pdf other"}},
		{"a correction without a workbook asks for it, once", "Đính chính số liệu phụ lục DVK", []attached{{"CV.docx", docx(t, "CÔNG VĂN", "V/v đính chính số liệu")}, {"Dinh chinh.pdf", scan()}},
			[]string{"CV.docx other R06/H", "Dinh chinh.pdf other"}},
		{"a correction with a workbook is the workbook", "Đính chính số liệu", []attached{{"CV.docx", docx(t, "CÔNG VĂN", "V/v đính chính số liệu")}, {"PL.xlsx", full}},
			[]string{"CV.docx other", "PL.xlsx appendix"}},
		{"a report of the district's front is the desk's to decide", "Báo cáo", []attached{{"BC.docx", edited(t, report, "HUYỆN ỦY BÌNH SƠN", "ỦY BAN MTTQ VIỆT NAM HUYỆN BÌNH SƠN")}}, []string{"BC.docx report R09/H"}},
		{"a steering committee that the roster knows as the unit's is the unit", "Báo cáo", []attached{{"BC.docx", edited(t, report, "HUYỆN ỦY BÌNH SƠN", "BAN CHỈ ĐẠO PHONG TRÀO THI ĐUA DÂN VẬN KHÉO HUYỆN BÌNH SƠN")}},
			[]string{"BC.docx report"}},
		{"figures in words that the workbook contradicts are for the desk", "Báo cáo", []attached{{"BC.docx", edited(t, report, "4. Đánh giá chung", "Tổng số mô hình, điển hình đăng ký năm 2022 là 999 mô hình.</w:t></w:r></w:p><w:p><w:r><w:t>4. Đánh giá chung")}, {"PL.xlsx", full}},
			[]string{"BC.docx report R04/I", "PL.xlsx appendix"}},
		{"figures of a part are not compared with the total", "Báo cáo", []attached{{"BC.docx", edited(t, report, "4. Đánh giá chung", "Toàn huyện có 999 mô hình cấp xã đăng ký; tổng số mô hình kinh tế đăng ký: 998.</w:t></w:r></w:p><w:p><w:r><w:t>4. Đánh giá chung")}, {"PL.xlsx", full}},
			[]string{"BC.docx report", "PL.xlsx appendix"}},
		{"a mark of classified content is all that is said of any part", "Báo cáo", []attached{{"BC.docx", edited(t, report, "BÁO CÁO", "MẬT</w:t></w:r></w:p><w:p><w:r><w:t>BÁO CÁO")}, {"PL.xlsx", full}},
			[]string{"BC.docx report R07/H", "PL.xlsx appendix R07/H"}},
		{"the mark in the subject is the whole mail's", "[MẬT] Báo cáo", []attached{{"BC.docx", report}}, []string{"BC.docx report R07/H"}},
		{"also of a mail without files", "MẬT: số liệu", nil, []string{" other R07/H"}},
		{"a report saved as a page is read", "Báo cáo", []attached{{"Bao cao.doc", []byte("<html><head><meta charset=utf-8></head><body><p>HUYỆN ỦY BÌNH SƠN<p>BÁO CÁO<p>Kết quả Dân vận khéo năm 2022, Dân vận khéo, Dân vận khéo</body></html>")}},
			[]string{"Bao cao.doc report R02/I"}},
		{"a page without a word is none", "Báo cáo", []attached{{"Bao cao.doc", []byte("<html><body><img src=x></body></html>")}}, []string{"Bao cao.doc report S01/E"}},
		{"a text without a word cannot be accepted", "Báo cáo", []attached{{"Bao cao.docx", docx(t, "")}}, []string{"Bao cao.docx report S01/E"}},
	} {
		r := j.Judge(eml("Văn thư <vanthu@hubinhson.quangngai.example>", row.subject, "Kính gửi Ban Dân vận", row.files...), func(string, []byte) {})
		if got := list(r.Parts); !slices.Equal(got, row.want) {
			t.Errorf("%s:\n got %q\nwant %q", row.sentence, got, row.want)
		}
		for _, p := range r.Parts {
			for _, q := range p.Problems {
				if strings.HasPrefix(q.Code, "R") && q.Code != "R06" && q.Code != "R07" && q.Audience != finding.ToDesk {
					t.Errorf("%s: %s goes to %q", row.sentence, q.Code, q.Audience)
				}
			}
		}
	}
	titles := map[string]bool{}
	for _, p := range j.Judge(eml("a@hubinhson.quangngai.example", "Mô hình", "", attached{"MH 1.docx", model}, attached{"MH 1.pdf", scan()}), func(string, []byte) {}).Parts {
		titles[p.Title] = true
	}
	if len(titles) != 1 || titles[""] {
		t.Errorf("the scan of a write-up takes its title, by which standing tells models apart: %v", titles)
	}
}

func TestTheTotalsAReportStates(t *testing.T) {
	measures := []measure{{"số đăng ký", "dang ky", []string{"A", "B"}}, {"số mô hình đã được công nhận", "cong nhan", []string{"C"}}}
	values := map[string]any{"A": 30.0, "B": 15.0, "C": 12.0}
	for _, row := range []struct{ sentence, text, want string }{
		{"a total that agrees is none", "Tổng số mô hình đăng ký: 45 mô hình, trong đó tập thể 30, cá nhân 15.", ""},
		{"a total that differs is named", "Tổng số mô hình, điển hình đăng ký năm 2022 là 46 (trong đó tập thể 30).", "dang 46"},
		{"the whole district's is a total", "Toàn huyện có 13 mô hình được công nhận.", "cong 13"},
		{"one of several that agrees is enough", "Tổng số đăng ký 46 mô hình. Tổng cộng đăng ký 45 mô hình.", ""},
		{"a level's, a field's or another year's is no total", "Tổng số mô hình cấp xã đăng ký 40. Tổng số mô hình kinh tế đăng ký 9. So với năm 2021 tổng số đăng ký tăng 3.", ""},
		{"two numbers or two measures in one clause say nothing", "Tổng số đăng ký 40 mô hình và 6 điển hình. Tổng số 50 mô hình đăng ký và công nhận.", ""},
		{"what is no total is not compared", "Xã đã đăng ký 7 mô hình và được công nhận 3.", ""},
	} {
		got := ""
		for _, p := range contradicted(row.text, values, measures) {
			for _, m := range measures {
				if m.label == p.Args["chi_tieu"] {
					got += strings.Fields(m.core)[0] + " " + p.Args["bc"]
				}
			}
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
	if got := contradicted("Tổng số đăng ký 46 mô hình.", map[string]any{"A": 1.0}, measures); len(got) > 0 {
		t.Errorf("an appendix that lacks a figure has no total: %v", got)
	}
}
