package intake

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// signs lists the evidence of a reading as "cell HU-A PL.xlsx"; "?" is a doubt.
func signs(ev []finding.Evidence) []string {
	var out []string
	for _, e := range ev {
		s := e.Kind + " " + e.Unit
		if e.Doubt {
			s += "?"
		}
		out = append(out, strings.TrimSpace(s+" "+e.File))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestTheCellThatNamesTheUnit(t *testing.T) {
	j := judgeOf(t)
	own := func(cells ...string) []byte {
		x := excelize.NewFile()
		defer x.Close()
		for i := 0; i < len(cells); i += 2 {
			if err := x.SetCellStr("Sheet1", cells[i], cells[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		b, err := x.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, row := range []struct {
		sentence string
		file     []byte
		want     []string
	}{
		{"the form's cell, typed over", workbook(t, known.Form, func(x *excelize.File) {
			fillIn(x)
			if err := x.SetCellStr(annexSheet, "C4", "Huyện ủy Bình Sơn"); err != nil {
				t.Fatal(err)
			}
		}), []string{"cell HU-BINHSON PL.xlsx"}},
		{"a workbook of their own", own("A1", "BIỂU TỔNG HỢP", "A3", "Đơn vị báo cáo:", "C3", "Sở Y tế"), []string{"cell S-YT PL.xlsx"}},
		{"in one cell", own("B2", "Cơ quan, đơn vị: Sở Tư pháp"), []string{"cell S-TP PL.xlsx"}},
		{"in an old font", own("A2", "§¬n vÞ b¸o c¸o:", "B2", "HuyÖn ñy NghÜa Hµnh"), []string{"cell HU-NGHIAHANH PL.xlsx"}},
		{"a commune's sheet is the district's question", own("A2", "Đơn vị: UBND xã Bình Hải, huyện Bình Sơn"), []string{"cell HU-BINHSON? PL.xlsx"}},
		{"the unit of measure is no unit", own("A2", "Đơn vị tính: Sở Y tế"), nil},
		{"nor is who a sentence speaks of", own("A2", "Các mô hình do đơn vị phụ trách: Sở Y tế"), nil},
		{"an empty line of dots", own("A2", "Đơn vị báo cáo: …………"), nil},
	} {
		r := j.Judge(eml("a@a.example", "x", "y", attached{"PL.xlsx", row.file}), func(string, []byte) {})
		if got := signs(r.Evidence); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q", row.sentence, got)
		}
	}
}

// A mail that is passed on says whose it is below the words of him who passes
// it on, where nobody looks for the sender's own.
func TestWhoseMailIsPassedOn(t *testing.T) {
	j := judgeOf(t)
	scan := attached{"Scan0001.pdf", []byte("%PDF-1.4\n%%EOF")}
	for _, row := range []struct {
		sentence, text string
		want           []string
	}{
		{"by the address of its sender", "Chuyển Ban.\n\n---------- Forwarded message ---------\nTừ: Văn thư <vanthu@hubinhson.quangngai.example>\nDate: x\nSubject: y\n\nKính gửi anh chị", []string{"body HU-BINHSON", "from_name HU-BINHSON"}},
		{"by its words", "Chuyển Ban.\n\n---------- Forwarded message ---------\nTừ: a@b.example\n\nHuyện ủy Mộ Đức gửi báo cáo.", []string{"body HU-MODUC"}},
		{"an answer that quotes us is not passed on", "Em gửi ạ.\n\nVào 12/10/2022, Ban Dân vận <tiepnhan@bdvtu.quangngai.example> đã viết:\n> Kính gửi: Huyện ủy Mộ Đức", nil},
	} {
		r := j.Judge(eml("a@a.example", "x", row.text, scan), func(string, []byte) {})
		if got := signs(r.Evidence); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q", row.sentence, got)
		}
	}
}

// Files of several units in one mail are told apart each by itself; the mail
// waits for a person.
func TestFilesOfSeveralUnits(t *testing.T) {
	j := judgeOf(t)
	c := builtinCampaign(t)
	raw := eml("vanthu@vptu.quangngai.example", "Chuyển báo cáo của các huyện", "Kính chuyển Ban.",
		attached{"BC.docx", reportOf(t, "HUYỆN ỦY MỘ ĐỨC")},
		attached{"BC Huyện ủy Sơn Hà.docx", reportOf(t, "HUYỆN ỦY SƠN HÀ")},
		attached{"Lý Sơn.zip", zipOf(t, "Scan0001.pdf", "%PDF-1.4\n%%EOF")},
		attached{"Scan0002.pdf", []byte("%PDF-1.4\n%%EOF")})
	v := Decide(c, ledger.Arrival{ID: "7K3M5-QXA2P", Received: at("10-12 09:30")}, j.Judge(raw, func(string, []byte) {}), Known{}, at("10-12 10:00"))
	var got []string
	for _, p := range v.Parts {
		got = append(got, p.Path+" "+p.Unit)
	}
	want := []string{"BC.docx HU-MODUC", "BC Huyện ủy Sơn Hà.docx HU-SONHA", "Lý Sơn.zip/Scan0001.pdf HU-LYSON", "Scan0002.pdf "}
	if v.Verdict != finding.HeldMail || v.Reason != "two_units" || v.Unit != nil || !slices.Equal(got, want) {
		t.Errorf("%s %s %q", v.Verdict, v.Reason, got)
	}
	for _, code := range []string{"HU-MODUC", "HU-SONHA", "HU-LYSON", "VP-TU"} {
		if !slices.Contains(v.Candidates, code) {
			t.Errorf("%s is no candidate: %q", code, v.Candidates)
		}
	}
}

func TestWhereALetterheadEnds(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"before the text of a report", "SỞ Y TẾ\nSố: 12/BC-SYT\nBÁO CÁO\nKết quả năm 2022\nThực hiện Công văn của Sở Nội vụ", "SỞ Y TẾ\nSố: 12/BC-SYT\nBÁO CÁO\nKết quả năm 2022\n"},
		{"before the addressee", "HUYỆN ỦY A\nKính gửi: Sở Y tế", "HUYỆN ỦY A\n"},
		{"before the first heading", "HUYỆN ỦY A\nI. TÌNH HÌNH", "HUYỆN ỦY A\n"},
		{"a document's number is no heading", "HUYỆN ỦY A\nSố 12-BC/HU\n", "HUYỆN ỦY A\nSố 12-BC/HU\n"},
		{"a model's place is not whose it is", "SỞ Y TẾ\nGIỚI THIỆU MÔ HÌNH\nNước sạch tại huyện Sơn Hà", "SỞ Y TẾ\n"},
		{"nor is who recognised it", "1. Tên mô hình: Nước sạch\n2. Cơ sở xây dựng: được Sở Y tế công nhận", ""},
		{"after twelve lines in any case", strings.Repeat("x\n", 20), strings.Repeat("x\n", 12)},
		{"of an empty document", "", ""},
	} {
		if got := letterhead(document.Document{Text: row.text}); got != row.want {
			t.Errorf("%s: %q", row.sentence, got)
		}
	}
}

// The traps of attribution, from the bytes of a mail to its verdict.
func TestWhoseMailItIs(t *testing.T) {
	j := judgeOf(t)
	c := builtinCampaign(t)
	scan := attached{"Scan0001.pdf", []byte("%PDF-1.4\n%%EOF")}
	const home = "clerk@thucanhan.example"
	at := func(unit string) string {
		u, ok := c.Unit(unit)
		if !ok {
			t.Fatal(unit)
		}
		return u.Emails[0]
	}
	paper := func(lines ...string) attached {
		return attached{"BC.docx", docx(t, append(lines, "BÁO CÁO", "Kết quả thực hiện phong trào thi đua Dân vận khéo năm 2022", "1. Tình hình chung", "2. Kết quả thực hiện", "3. Đánh giá chung", "Nơi nhận:", "- Văn phòng Tỉnh ủy;", "- Lưu VT, SXD.")...)}
	}
	model := func(where string) attached {
		return attached{"Mô hình.docx", docx(t, "GIỚI THIỆU MÔ HÌNH", "1. Tên mô hình, điển hình: Nước sạch "+where, "2. Cơ sở xây dựng: được Sở Nội vụ công nhận", "3. Phạm vi tác động: xã", "4. Phương thức triển khai: họp", "5. Hiệu quả trong quá trình thực hiện: tốt", "6. Các giải pháp nhân rộng: có")}
	}
	copied := workbook(t, known.Form, func(x *excelize.File) {
		fillIn(x)
		if err := x.SetCellStr(annexSheet, "C4", "Huyện ủy Sơn Tịnh"); err != nil {
			t.Fatal(err)
		}
	})
	for _, row := range []struct {
		sentence string
		raw      []byte
		want     string // "unit", "unit claimed", "? candidates"
	}{
		{"a count of what was built is no Sở Xây dựng", eml(at("S-YT"), "Báo cáo", "Tổng số xây dựng: 27. Số TC: 5", paper("SỞ Y TẾ")), "S-YT"},
		{"nor is it in a stranger's mail", eml(home, "Tổng số xây dựng: 27", "Số XD: 27", scan), "?"},
		{"a person who is called like a district", eml("Nguyễn Minh Long <"+home+">", "Báo cáo", "Trân trọng,\nNguyễn Minh Long", scan), "?"},
		{"a person who writes for his unit", eml("Nguyễn Minh Long <"+home+">", "Báo cáo của Huyện ủy Sơn Hà", "Kính gửi", scan), "HU-SONHA claimed"},
		{"the Party's office passes on a scan, and the subject alone names the district", eml(at("VP-TU"), "Fwd: Báo cáo Huyện ủy Sơn Hà", "Kính chuyển", scan), "? VP-TU HU-SONHA"},
		{"the same without a word of it", eml(at("VP-TU"), "Báo cáo", "Kính chuyển", scan), "? VP-TU"},
		{"its own report is its own", eml(at("VP-TU"), "Báo cáo", "Kính gửi", paper("TỈNH ỦY QUẢNG NGÃI", "VĂN PHÒNG", "*", "Số 12-BC/VPTU")), "VP-TU"},
		{"the city in the foot of a letter", eml(home, "Báo cáo", "Số 108 Phan Đình Phùng, TP. Quảng Ngãi", paper("UBND TỈNH QUẢNG NGÃI", "SỞ TƯ PHÁP", "Số: 88/BC-STP", "TP. Quảng Ngãi, ngày 17 tháng 10 năm 2022")), "S-TP claimed"},
		{"the number of a document tells its office", eml(home, "Báo cáo", "", paper("Số: 45/BC-SNgV")), "S-NGV claimed"},
		{"a number in a reference does not", eml(home, "Báo cáo", "", paper("Căn cứ Công văn số 45/CV-SNV ngày 01/9/2022")), "?"},
		{"another province's office", eml(home, "Báo cáo Sở Y tế Quảng Nam", "", scan), "?"},
		{"a model at a place of another unit", eml(at("S-YT"), "Báo cáo", "", model("tại huyện Sơn Hà")), "S-YT"},
		{"the cell of a copied form names another unit", eml(at("HU-BINHSON"), "Báo cáo", "", attached{"PL.xlsx", copied}), "? HU-BINHSON HU-SONTINH"},
		{"a unit forwards another unit's mail", eml(at("HU-BINHSON"), "Fwd: BC", "Kính chuyển.\n\n---------- Forwarded message ---------\nTừ: Văn thư <"+at("HU-SONTINH")+">\nSubject: BC\n\nKính gửi", scan), "? HU-BINHSON HU-SONTINH"},
		{"the same as a file", eml(at("HU-BINHSON"), "BC", "Kính chuyển.", attached{"BC.eml", eml(at("HU-SONTINH"), "BC", "Kính gửi", scan)}), "? HU-BINHSON HU-SONTINH"},
		{"a colleague of the desk forwards from home", eml("Văn thư <"+home+">", "Fwd: Báo cáo", "Chuyển.\n\n---------- Forwarded message ---------\nTừ: Văn thư <"+at("MT-HND")+">\nSubject: BC\n\nKính gửi", paper("HỘI NÔNG DÂN VIỆT NAM", "HỘI NÔNG DÂN TỈNH QUẢNG NGÃI")), "MT-HND claimed"},
		{"a commune writes under its district's head", eml(home, "Báo cáo", "", paper("HUYỆN ỦY TƯ NGHĨA", "ĐẢNG ỦY XÃ NGHĨA LÂM")), "? HU-TUNGHIA"},
		{"a subject in an old font", eml(home, "B¸o c¸o cña ThÞ ñy §øc Phæ", "", scan), "TXU-DUCPHO claimed"},
	} {
		v := Decide(c, ledger.Arrival{ID: "7K3M5-QXA2P", Received: when("10-12 09:30")}, j.Judge(row.raw, func(string, []byte) {}), Known{}, when("10-12 10:00"))
		got := "? " + strings.Join(v.Candidates, " ")
		if v.Unit != nil {
			got = *v.Unit
			if v.Claimed {
				got += " claimed"
			}
		}
		if got = strings.TrimSpace(got); got != row.want {
			t.Errorf("%s: %s, want %s (%s %s; %q)", row.sentence, got, row.want, v.Verdict, v.Reason, signs(v.Evidence))
		}
	}
}

func when(s string) time.Time { return at(s) }
