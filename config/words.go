package config

import "dondoc/intake/finding"

// partNames are the kinds of part that can be owed, in the order of letters.
var partNames = []string{finding.Report, finding.Appendix, finding.Model}

// plainWords are how letters speak of the parts where the campaign has no
// words of its own. They fit any letter that asks for these kinds of file.
var plainWords = map[string]PartWords{
	finding.Report: {
		Name:  Text{"Báo cáo", "Report"},
		Short: Text{"báo cáo", "the report"},
		Ask:   Text{"Báo cáo: đề nghị gửi bản Word, kèm bản đã ký nếu có.", "Report: please send the Word file, with the signed copy if there is one."},
		AskIf: Text{"Báo cáo (nếu có).", "Report (if any)."},
		More:  Text{"Báo cáo: bản Word, kèm bản đã ký nếu có", "Report: the Word file, with the signed copy if there is one"},
	},
	finding.Appendix: {
		Name:  Text{"Phụ lục số liệu", "Data form"},
		Short: Text{"phụ lục số liệu", "the data form"},
		Ask:   Text{"Phụ lục số liệu: nhập trực tiếp vào tệp Excel gửi kèm, không phát sinh ghi số 0.", "Data form: please fill in the attached Excel file directly; write 0 where there is nothing to report."},
		AskIf: Text{"Phụ lục số liệu (nếu có).", "Data form (if any)."},
		More:  Text{"Phụ lục số liệu: tệp Excel theo mẫu", "Data form: the Excel file"},
	},
	finding.Model: {
		Name:  Text{"Bài giới thiệu", "Write-ups"},
		Short: Text{"%s bài giới thiệu", "%s write-up(s)"},
		Ask:   Text{"%s bài giới thiệu; mỗi bài một tệp Word.", "%s write-up(s), each in a Word file of its own."},
		AskIf: Text{"Bài giới thiệu (nếu có).", "Write-ups (if any)."},
		More:  Text{"%s bài giới thiệu, mỗi bài một tệp Word", "%s write-up(s), each in a Word file of its own"},
		Noun:  Text{"bài giới thiệu", "write-up"},
		Brief: Text{"bài giới thiệu", "write-up"},
	},
}

// parts reads the words for each part; what is missing is said plainly.
func parts(s *section) map[string]PartWords {
	words := map[string]PartWords{}
	for _, name := range partNames {
		p, plain := s.section(name), plainWords[name]
		w := PartWords{
			Name:  p.phrase("name", plain.Name),
			Short: p.phrase("short", plain.Short),
			Ask:   p.phrase("ask", plain.Ask),
			AskIf: p.phrase("ask_if", plain.AskIf),
			More:  p.phrase("more", plain.More),
		}
		if name == finding.Model {
			w.Noun = p.phrase("noun", plain.Noun)
			w.Brief = p.phrase("brief", plain.Brief)
			w.Proof = p.phrase("proof", Text{})
		}
		p.close()
		words[name] = w
	}
	s.close()
	return words
}
