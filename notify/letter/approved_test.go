package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// approved are the letters that the committee approved, with the facts of each.
var approved = []struct {
	name  string // of the file in testdata/approved, which is the letter's number
	facts func() Facts
}{
	{"1", func() Facts { return invited("HU-BINHSON", "2022-10-04 07:30") }},
	{"2", complete},
	{"3", partial},
	{"4", func() Facts {
		f := fourWrong()
		f.MarkedFile = "PL DVK Mo Duc-can-sua.xlsx"
		return f
	}},
	{"5", stranger},
	{"6.1", func() Facts { return reminder("HU-BATO", "2022-10-10 07:30", "notice") }},
	{"6.2", func() Facts {
		f := reminder("HU-BATO", "2022-10-14 07:30", "state")
		f.Deadline.DaysLeft = 4
		return f
	}},
	{"6.3", func() Facts {
		f := reminder("TXU-DUCPHO", "2022-10-17 07:30", "state")
		f.Deadline.DaysLeft, f.FormFile = 3, ""
		for _, p := range []finding.Part{file(finding.Report, "BC.docx"), file(finding.Appendix, "PL.xlsx"), file(finding.Model, "MH 1.docx")} {
			f.count("AAAAA-BBBBB", "2022-10-12 09:00", p)
		}
		f.state(standing.Partial, "model:1")
		return f
	}},
	{"6.3b", func() Facts {
		f := fixing()
		f.CorrectionsSent, f.MarkedFile = at("2022-10-17 10:30"), "PL DVK Mo Duc-can-sua.xlsx"
		return f
	}},
	{"6.4", func() Facts {
		f := reminder("HU-BATO", "2022-10-19 07:30", "last_day")
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.state(standing.Partial, "appendix", "model:2")
		return f
	}},
	{"6.5", func() Facts { return onlyModels("2022-10-20 07:30", "grace_day") }},
	{"6.6", func() Facts { return onlyModels("2022-10-21 07:30", "last") }},
	{"6.7", afterStorm},
	{"7.1", ofGolden("acknowledge-promise")},
	{"7.2", ofGolden("acknowledge-extension")},
	{"7.3", ofGolden("acknowledge-question")},
	{"7.4", ofGolden("acknowledge-statement")},
	{"7.5", func() Facts {
		f := ofGolden("acknowledge-correction")()
		f.Mails[0].ID, f.Mails[0].Received, f.Now = "VB27E-AAAAA", at("2022-10-18 08:50"), at("2022-10-18 09:00")
		return f
	}},
	{"8.1", func() Facts {
		f := facts(peopleWork(), Corrections, "S-VHTTDL", "2022-10-17 10:30")
		f.Deadline.DaysLeft = 3
		f.mail("L3NKS-AAAAA", "2022-10-17 10:20", file(finding.Other, "", finding.Problem{Code: "L01", Severity: finding.MustFix}))
		f.Mails[0].Text = "https://drive.google.com/file/d/1abc/view"
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"8.2", func() Facts {
		f := facts(peopleWork(), Corrections, "S-KHCN", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-KHCN.xlsx"
		p := file(finding.Appendix, "Scan_20221018_0001.pdf", finding.Problem{Code: "S03", Severity: finding.MustFix})
		p.Pages = 6
		f.mail("SCAN2-AAAAA", "2022-10-18 10:20", p, file(finding.Report, "Bao cao.docx"), file(finding.Model, "MH.docx"))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"8.3", passworded},
	{"8.4b", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft = 2
		f.mail("MACR2-AAAAA", "2022-10-18 10:20", file(finding.Appendix, "PL DVK.xlsm", finding.Problem{Code: "S06", Severity: finding.MustFix}))
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
}

// ofGolden are the facts of a golden letter.
func ofGolden(name string) func() Facts {
	for _, g := range golden {
		if g.name == name {
			return g.facts
		}
	}
	panic(name)
}

// onlyModels is a reminder to a unit of which both models are missing.
func onlyModels(now, text string) Facts {
	f := reminder("HU-BATO", now, text)
	f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
	f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx"))
	f.state(standing.Partial, "model:2")
	f.FormFile, f.Step = "", config.Step{Name: "T", Text: text}
	return f
}

// argued are the lines that are not word for word those that were approved, by
// what they begin with, and why. "-" is of the approved letter, "+" of ours.
var argued = []struct{ letter, line, why string }{
	{"2", `- - Biểu 1, ô E11 (Cấp tỉnh - Cá nhân): "01`, "the words of the rules have curved quotation marks"},
	{"2", `+ - Biểu 1, ô E11 (Cấp tỉnh - Cá nhân): “01`, "the words of the rules have curved quotation marks"},
	{"3", `- - Giới thiệu 01 mô hình`, "the Word form for models goes along"},
	{"3", `+ - Giới thiệu 01 mô hình`, "the Word form for models goes along"},
	{"4", `- 1. Biểu 1, ô D13`, "the words of each rule are those of rules.csv, which hold where the two differ"},
	{"4", `+ 1. Biểu 1, ô D13`, "the words of each rule are those of rules.csv, which hold where the two differ"},
	{"4", `- 4. Biểu 2, dòng`, "the form's own words, as the unit sees them in its Excel"},
	{"4", `+ 4. Biểu 2, dòng`, "the form's own words, as the unit sees them in its Excel"},
	{"5", `- Đề nghị trả lời thư này, ghi một dòng tên`, "the example is a unit of the campaign at hand that nobody asked about"},
	{"5", `+ Đề nghị trả lời thư này, ghi một dòng tên`, "the example is a unit of the campaign at hand that nobody asked about"},
	{"6.2", `- Nếu đã gửi`, again},
	{"6.2", `+ Mẫu được gửi lại kèm thư này. Nếu đã gửi`, again},
	{"6.3", `- Nếu có khó khăn, vướng mắc hoặc đã gửi qua kênh khác`, sent},
	{"6.3", `+ Nếu có khó khăn, vướng mắc`, sent},
	{"6.3b", `- Nếu cần trao đổi`, sent},
	{"6.3b", `+ Nếu đã gửi bản sửa`, sent},
	{"6.4", `- Theo Công văn số 624-CV/BDVTU, thời hạn`, dated},
	{"6.4", `+ Theo Công văn số 624-CV/BDVTU ngày 03/10/2022, thời hạn`, dated},
	{"6.4", `- Nếu chưa kịp trình ký`, again + "; " + sent},
	{"6.4", `+ Nếu chưa kịp trình ký`, again + "; " + sent},
	{"6.5", `- Nếu có vướng mắc`, sent},
	{"6.5", `+ Nếu có vướng mắc`, sent},
	{"6.6", `- Đến 07 giờ 30 phút`, dated + "; the office has one name in all letters"},
	{"6.6", `+ Đến 07 giờ 30 phút`, dated + "; the office has one name in all letters"},
	{"6.6", `+ Nếu đã gửi`, sent},
	{"6.7", `- Subject:`, "what happened is called as the decision calls it, here and in the first line"},
	{"6.7", `+ Subject:`, "what happened is called as the decision calls it, here and in the first line"},
	{"6.7", `- Ban Dân vận Tỉnh ủy chia sẻ`, dated},
	{"6.7", `+ Ban Dân vận Tỉnh ủy chia sẻ`, dated},
	{"6.7", `- Nếu cần thêm thời gian`, again + "; " + sent},
	{"6.7", `+ Mẫu được gửi lại kèm thư này. Nếu cần thêm thời gian`, again + "; " + sent},
	{"7.2", `- Ban Dân vận Tỉnh ủy đã nhận đề nghị`, receiptOf},
	{"7.2", `+ Ban Dân vận Tỉnh ủy đã nhận đề nghị`, receiptOf},
	{"7.4", `- Ban Dân vận Tỉnh ủy đã ghi nhận`, receiptOf},
	{"7.4", `+ Ban Dân vận Tỉnh ủy đã ghi nhận`, receiptOf},
	{"8.1", `- Ban Dân vận Tỉnh ủy đã nhận thư của Sở nhưng`, "a unit is called by its name"},
	{"8.1", `+ Ban Dân vận Tỉnh ủy đã nhận thư của Sở Văn hóa`, "a unit is called by its name"},
	{"8.2", `- Ban Dân vận Tỉnh ủy đã nhận và lưu bản ký "`, "a unit is called by its name"},
	{"8.2", `+ Ban Dân vận Tỉnh ủy đã nhận và lưu bản ký của`, "a unit is called by its name"},
	{"8.2", `- Subject:`, called},
	{"8.2", `+ Subject:`, called},
	{"8.3", `- Subject:`, called},
	{"8.3", `+ Subject:`, called},
	{"8.3", `- Ban Dân vận Tỉnh ủy đã nhận thư của Sở Tài chính; báo cáo và mô hình`, "how many write-ups came is always said"},
	{"8.3", `+ Ban Dân vận Tỉnh ủy đã nhận thư của Sở Tài chính; báo cáo và 01 mô hình`, "how many write-ups came is always said"},
	{"8.4b", `- Subject:`, called},
	{"8.4b", `+ Subject:`, called},
	{"8.4b", `+ Nội dung khác còn thiếu:`, "the letter stands for the receipt, and nothing else came"},
	{"8.4b", `+ - Báo cáo kết quả thực hiện`, "the letter stands for the receipt, and nothing else came"},
	{"8.4b", `+ - Giới thiệu 01 mô hình`, "the letter stands for the receipt, and nothing else came"},
	{"8.1", `+ Mã tiếp nhận`, receiptOf},
	{"8.1", `+ Thời hạn:`, left + "; " + sent},
	{"8.2", `+ Mã tiếp nhận`, receiptOf},
	{"8.2", `+ Thời hạn:`, left + "; " + sent},
	{"8.3", `+ Mã tiếp nhận`, receiptOf},
	{"8.3", `+ Thời hạn:`, left + "; " + sent},
	{"8.4b", `+ Mã tiếp nhận`, receiptOf},
	{"8.4b", `+ Thời hạn:`, left + "; " + sent},
	{"8.1", `- Thời hạn:`, left + "; " + sent},
	{"8.2", `- Thời hạn:`, left + "; " + sent},
}

// Arguments that several lines share.
const (
	again     = "a letter that has the form attached says so"
	sent      = `every reminder, and every letter that asks for a missing part, has the sentence about "ĐÃ GỬI" (MAIL, section 5)`
	dated     = "the official letter is always named with its day (MAIL, section 1)"
	called    = "the part has one name in all letters"
	receiptOf = "every answer names its mail: receipt number and time"
	left      = "how many working days are left is said wherever the deadline is asked for"
)

// TestTheApprovedLetters: with the facts of each example, the letter is the one
// that was approved, but for what is argued.
func TestTheApprovedLetters(t *testing.T) {
	used := map[int]bool{}
	for _, a := range approved {
		data, err := os.ReadFile(filepath.Join("testdata", "approved", a.name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		l, err := Render(a.facts())
		if err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		body, _, _ := strings.Cut(l.Text, "\n--\n")
		want, got := lines(string(data)), lines("Subject: "+l.Subject+"\n"+body)
		differ := func(sign string, all []string, other map[string]bool) {
			for _, line := range all {
				if other[line] {
					continue
				}
				found := false
				for i, d := range argued {
					if d.letter == a.name && strings.HasPrefix(sign+" "+line, d.line) {
						found, used[i] = true, true
					}
				}
				if !found {
					t.Errorf("%s: %s %s", a.name, sign, line)
				}
			}
		}
		differ("-", want, set(got))
		differ("+", got, set(want))
	}
	for i, d := range argued {
		if !used[i] {
			t.Errorf("%s is the same by now: %s", d.letter, d.line)
		}
		if d.why == "" {
			t.Errorf("%s: %s: why?", d.letter, d.line)
		}
	}
}

func lines(text string) (all []string) {
	// Ours end in a paragraph of its own.
	for line := range strings.Lines(strings.ReplaceAll(text, " Trân trọng./.", "\nTrân trọng./.")) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func set(list []string) map[string]bool {
	all := map[string]bool{}
	for _, s := range list {
		all[s] = true
	}
	return all
}
