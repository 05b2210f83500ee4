package document

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// quotedOutline is that of a letter with numbered heads.
var quotedOutline = Outline{
	Sections: []Head{
		{"1. Khái quát tình hình chung", []string{"tình hình chung", "khái quát", "đặc điểm"}},
		{"2. Công tác lãnh đạo, chỉ đạo", []string{"lãnh đạo chỉ đạo", "công tác lãnh đạo", "quán triệt"}},
		{"3. Kết quả thực hiện", []string{"kết quả"}},
		{"3.1. Sự phối hợp, tuyên truyền", []string{"phối hợp", "tuyên truyền"}},
		{"3.2. Kết quả trên các lĩnh vực", []string{"lĩnh vực", "phát triển kinh tế"}},
		{"4. Đánh giá chung", []string{"đánh giá", "ưu điểm", "hạn chế"}},
	},
	Contents: []Head{
		{"Tên mô hình", []string{"tên mô hình"}},
		{"Cơ sở xây dựng", []string{"cơ sở", "căn cứ"}},
		{"Phạm vi", []string{"phạm vi"}},
		{"Hiệu quả", []string{"hiệu quả", "kết quả"}},
	},
}

// shown writes passages as "head(title): lines", parted by " | "; of write-ups
// "n.head".
func shown(list []finding.Passage) string {
	var all []string
	for _, p := range list {
		at := fmt.Sprint(p.Head)
		if p.Head == finding.NoHead {
			at = "none"
		}
		if p.Model > 0 {
			at = fmt.Sprintf("%d.%s", p.Model, at)
		}
		if p.Name != "" {
			at += "[" + p.Name + "]"
		}
		if p.Title != "" {
			at += "(" + p.Title + ")"
		}
		all = append(all, at+": "+strings.Join(p.Lines, " / "))
	}
	return strings.Join(all, " | ")
}

func TestQuote(t *testing.T) {
	for _, c := range []struct {
		sentence string
		kind     string
		models   int
		lines    []string
		want     string
	}{
		{"what stands before the first head is under none", finding.Report, 0,
			[]string{"HUYỆN ỦY BA TƠ", "BÁO CÁO", "Kết quả thực hiện phong trào", "1. Khái quát tình hình chung", "Ổn định."},
			"none: HUYỆN ỦY BA TƠ / BÁO CÁO / Kết quả thực hiện phong trào | 0(1. Khái quát tình hình chung): Ổn định."},
		{"heads are known by their words, whatever their numbers", finding.Report, 0,
			[]string{"I. ĐẶC ĐIỂM TÌNH HÌNH", "a", "II. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO", "b", "III. KẾT QUẢ", "1. Phối hợp giữa các ngành", "c", "2. Trên lĩnh vực kinh tế", "d", "IV. ĐÁNH GIÁ", "e"},
			"0(I. ĐẶC ĐIỂM TÌNH HÌNH): a | 1(II. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO): b | 2(III. KẾT QUẢ):  | 3(1. Phối hợp giữa các ngành): c | 4(2. Trên lĩnh vực kinh tế): d | 5(IV. ĐÁNH GIÁ): e"},
		{"a heading below another does not leave its section for a word", finding.Report, 0,
			[]string{"2. Công tác lãnh đạo, chỉ đạo", "2.1. Kết quả kiểm tra", "a", "2.2. Công tác tuyên truyền", "b", "3. Kết quả thực hiện", "c"},
			"1(2. Công tác lãnh đạo, chỉ đạo): 2.1. Kết quả kiểm tra / a / 2.2. Công tác tuyên truyền / b | 2(3. Kết quả thực hiện): c"},
		{"a head in full does", finding.Report, 0,
			[]string{"I. Báo cáo kết quả thực hiện phong trào", "1. Khái quát tình hình chung", "a", "3. Kết quả thực hiện", "3.1. Sự phối hợp, tuyên truyền của các cấp", "b"},
			"none: I. Báo cáo kết quả thực hiện phong trào | 0(1. Khái quát tình hình chung): a | 2(3. Kết quả thực hiện):  | 3(3.1. Sự phối hợp, tuyên truyền của các cấp): b"},
		{"a head that the letter does not know has its own passage", finding.Report, 0,
			[]string{"1. Khái quát tình hình chung", "a", "2. Chuyển đổi số", "b", "a) Hạ tầng", "c", "3. Đánh giá chung", "d"},
			"0(1. Khái quát tình hình chung): a | none(2. Chuyển đổi số): b / a) Hạ tầng / c | 5(3. Đánh giá chung): d"},
		{"a long paragraph that begins with a number is no head", finding.Report, 0,
			[]string{"1. Khái quát tình hình chung", "2. " + strings.Repeat("công tác tuyên truyền được chú trọng ", 8)},
			"0(1. Khái quát tình hình chung): 2. " + strings.TrimSpace(strings.Repeat("công tác tuyên truyền được chú trọng ", 8))},
		{"unless it begins with a head: nothing of it is taken away", finding.Report, 0,
			[]string{"1. Khái quát tình hình chung: " + strings.Repeat("huyện có 20 xã, ", 20)},
			"0: 1. Khái quát tình hình chung: " + strings.TrimSpace(strings.Repeat("huyện có 20 xã, ", 20))},
		{"a number of things is no number of a heading", finding.Report, 0,
			[]string{"1. Khái quát tình hình chung", "20 mô hình trên lĩnh vực kinh tế", "3,5 tỷ đồng phát triển kinh tế"},
			"0(1. Khái quát tình hình chung): 20 mô hình trên lĩnh vực kinh tế / 3,5 tỷ đồng phát triển kinh tế"},
		{"the end of a report belongs to no section", finding.Report, 0,
			[]string{"4. Đánh giá chung", "a", "Nơi nhận:\tT/M BAN THƯỜNG VỤ", "- Như trên"},
			"5(4. Đánh giá chung): a | none: Nơi nhận:\tT/M BAN THƯỜNG VỤ / - Như trên"},
		{"write-ups within a report are parted from it", finding.Report, 1,
			[]string{"4. Đánh giá chung", "a", "Tên mô hình: Hũ gạo", "Cơ sở: b"},
			"5(4. Đánh giá chung): a | 1.0[Hũ gạo]: Tên mô hình: Hũ gạo | 1.1: Cơ sở: b"},
		{"where it holds none, a model that it speaks of is its text", finding.Report, 0,
			[]string{"4. Đánh giá chung", "Tên mô hình: Hũ gạo"}, "5(4. Đánh giá chung): Tên mô hình: Hũ gạo"},
		{"a write-up has its contents, by heads or in running lines", finding.Model, 1,
			[]string{"HUYỆN ỦY", "1. Tên mô hình", "Hũ gạo tình thương", "2. Cơ sở xây dựng", "Căn cứ nhu cầu.", "3. Phạm vi: toàn xã", "4. Hiệu quả: tốt"},
			"1.none: HUYỆN ỦY | 1.0[Hũ gạo tình thương](1. Tên mô hình): Hũ gạo tình thương | 1.1(2. Cơ sở xây dựng): Căn cứ nhu cầu. | 1.2: 3. Phạm vi: toàn xã | 1.3: 4. Hiệu quả: tốt"},
		{"a sentence that begins like a head is none", finding.Model, 1,
			[]string{"Tên mô hình: A", "Cơ sở xây dựng:", "a", "Phạm vi: b", "Căn cứ Nghị quyết của Đảng bộ, chi bộ đã họp.", "Kết quả đạt được nhiều mặt."},
			"1.0[A]: Tên mô hình: A | 1.1(Cơ sở xây dựng:): a | 1.2: Phạm vi: b / Căn cứ Nghị quyết của Đảng bộ, chi bộ đã họp. / Kết quả đạt được nhiều mặt."},
		{"each name begins another write-up, said twice it does not", finding.Model, 2,
			[]string{"Tên mô hình: A", "Hiệu quả: a", "Tên mô hình: A", "Tên mô hình: B", "Hiệu quả: b"},
			"1.0[A]: Tên mô hình: A | 1.3: Hiệu quả: a / Tên mô hình: A | 2.0[B]: Tên mô hình: B | 2.3: Hiệu quả: b"},
		{"one without any head is one passage", finding.Model, 1, []string{"Mô hình hũ gạo.", "Rất hiệu quả."}, "1.none: Mô hình hũ gạo. / Rất hiệu quả."},
		{"of an empty document there is nothing", finding.Report, 0, nil, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			q := Quote(Document{Kind: DOCX, Text: strings.Join(c.lines, "\n")}, c.kind, c.models, quotedOutline)
			if got := shown(q.Passages); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestQuoteOfADocument: headings by their style, tables in their place.
func TestQuoteOfADocument(t *testing.T) {
	cell := func(text string) string { return `<w:tc><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>` }
	d := Read("a.docx", docx(t, "#Khái quát tình hình chung", "a", "#Kết quả trên các lĩnh vực", "b",
		`<w:tbl><w:tr>`+cell("Xã")+cell("Số")+`</w:tr><w:tr>`+cell("Ba Vì")+cell("3")+`</w:tr></w:tbl>`))
	want := "0(Khái quát tình hình chung): a | 4(Kết quả trên các lĩnh vực): b / Xã\tSố / Ba Vì\t3"
	if got := shown(Quote(d, finding.Report, 0, quotedOutline).Passages); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestQuoteOfAPage: the lines of a page are put together again.
func TestQuoteOfAPage(t *testing.T) {
	d := Document{Kind: PDF, Text: "1. Khái quát tình hình chung\nHuyện ủy đã lãnh đạo các cấp, các ngành thực hiện tốt phong trào thi đua và\nđạt kết quả.\nNăm 2022 có thêm mô hình.\n- Một\n- Hai\n"}
	want := "0(1. Khái quát tình hình chung): Huyện ủy đã lãnh đạo các cấp, các ngành thực hiện tốt phong trào thi đua và đạt kết quả. / Năm 2022 có thêm mô hình. / - Một / - Hai"
	if got := shown(Quote(d, finding.Report, 0, quotedOutline).Passages); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestQuoteIsBounded(t *testing.T) {
	q := Quote(Document{Kind: DOCX, Text: strings.Repeat("một dòng của báo cáo\n", maxQuoted/10)}, finding.Report, 0, quotedOutline)
	size := 0
	for _, p := range q.Passages {
		for _, line := range p.Lines {
			size += len(line)
		}
	}
	if !q.Cut || size > maxQuoted || size < maxQuoted/2 {
		t.Errorf("cut %v, %d bytes", q.Cut, size)
	}
	if q := Quote(Document{Kind: PDF, Scan: true, Text: "3"}, finding.Report, 0, quotedOutline); !q.Scan || q.Passages != nil {
		t.Errorf("of a scan: %+v", q)
	}
}

// FuzzQuote holds that nothing of a text is lost or made up, whatever it is.
func FuzzQuote(f *testing.F) {
	f.Add(fullReport, true, 1)
	f.Add("Tên mô hình\nA\nTên mô hình: A\n1. Cơ sở\nNơi nhận", false, 0)
	f.Fuzz(func(t *testing.T, text string, report bool, models int) {
		if !utf8.ValidString(text) {
			return
		}
		kind := finding.Model
		if report {
			kind = finding.Report
		}
		d := Document{Kind: DOCX, Text: text}
		q := Quote(d, kind, models, quotedOutline)
		if q.Cut {
			return
		}
		rest := strings.Join(strings.Fields(text), " ")
		for _, p := range q.Passages {
			if p.Head < finding.NoHead || p.Head >= len(quotedOutline.Sections) || p.Model < 0 {
				t.Fatalf("%+v", p)
			}
			for _, line := range append([]string{p.Title}, p.Lines...) {
				line = strings.Join(strings.Fields(line), " ")
				at := strings.Index(rest, line)
				if at < 0 {
					t.Fatalf("%q is not in what is left: %q", line, rest)
				}
				rest = rest[at+len(line):]
			}
		}
	})
}
