package letter

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

var update = flag.Bool("update", false, "write the golden letters anew")

// Every case is a letter in a state that a campaign can be in. The golden files
// are read by people: review them as letters, not as output.
var golden = []struct {
	state string // a sentence
	name  string // of the golden files
	facts func() Facts
}{
	{"a district is invited, the letter itself being enclosed", "invite-district", func() Facts { return invited("HU-BINHSON", "2022-10-04 07:30") }},
	{"the same, in English", "invite-district-en", func() Facts {
		f := invited("HU-BINHSON", "2022-10-04 07:30")
		f.Lang, f.WriteUpFile = "en", "Form for a model.docx"
		return f
	}},
	{"the Word form for models goes along, and no letter", "invite-no-letter", func() Facts {
		f := invited("HU-BINHSON", "2022-10-04 07:30")
		f.Enclosures = nil
		return f
	}},
	{"nothing is enclosed, so nothing but the form is named", "invite-no-enclosure", func() Facts {
		f := facts(peopleWork(), Invite, "S-YT", "2022-10-04 07:30")
		f.FormFile = "Phu luc so lieu - S-YT.xlsx"
		return f
	}},
	{"a unit that owes no models is told that they are welcome", "invite-no-models", func() Facts {
		f := facts(peopleWork(), Invite, "BCSD-UBND", "2022-10-04 07:30")
		f.FormFile = "Phu luc so lieu - BCSD-UBND.xlsx"
		return f
	}},
	{"two units that share a dossier get one invitation", "invite-shared", func() Facts {
		f := facts(peopleWork(), Invite, "DU-CA", "2022-10-04 07:30")
		f.FormFile = "Phu luc so lieu - DU-CA.xlsx"
		return f
	}},
	{"a town is invited", "invite-town", func() Facts { return invited("TXU-DUCPHO", "2022-10-04 07:30") }},
	{"a district without communes is invited", "invite-no-communes", func() Facts { return invited("HU-LYSON", "2022-10-04 07:30") }},
	{"the Party committee of the bloc is invited", "invite-bloc", func() Facts { return invited("DU-KHOI", "2022-10-04 07:30") }},
	{"a mass organisation is invited", "invite-organisation", func() Facts { return invited("MT-HND", "2022-10-04 07:30") }},
	{"an invitation goes out on the day of grace", "invite-grace", func() Facts { return invited("S-YT", "2022-10-20 07:30") }},
	{"an invitation goes out after the deadline", "invite-late", func() Facts { return invited("S-YT", "2022-10-24 07:30") }},
	{"an invitation goes out to a unit with a date of its own", "invite-extended", func() Facts { return extended(invited("HU-LYSON", "2022-10-18 07:30")) }},
	{"an invitation in English", "invite-en", func() Facts {
		f := facts(peopleWork(), Invite, "HU-BINHSON", "2022-10-04 07:30")
		f.Lang, f.FormFile = "en", "Phu luc so lieu - HU-BINHSON.xlsx"
		return f
	}},
	{"another committee's invitation knows nothing of the first", "invite-rivers", func() Facts { return river("vi", Invite) }},
	{"and in English", "invite-rivers-en", func() Facts { return river("en", Invite) }},

	{"everything came in time", "receipt-complete", complete},
	{"everything came in time, in English", "receipt-complete-en", func() Facts {
		f := complete()
		f.Lang = "en"
		return f
	}},
	{"everything came on the day of grace", "receipt-grace", func() Facts {
		f := complete()
		f.Now, f.Mails[0].Received = at("2022-10-20 16:00"), at("2022-10-20 15:50")
		f.Standing.Timeliness = standing.Grace
		return f
	}},
	{"everything came late, about which nothing is said", "receipt-late", func() Facts {
		f := complete()
		f.Now, f.Mails[0].Received = at("2022-10-24 09:00"), at("2022-10-24 08:50")
		f.Standing.Timeliness = standing.Late
		return f
	}},
	{"a second version came with one other figure", "receipt-resent", func() Facts {
		f := complete()
		f.Previous = f.Standing.Counted
		f.Standing.Counted = nil
		f.Standing.Models = 0
		f.Mails = nil
		old := f.Previous
		f.Standing.Counted = append(f.Standing.Counted, old...)
		f.Standing.Models = 2
		f.Now = at("2022-10-18 10:00")
		p := file(finding.Appendix, "Phu luc so lieu (sua).xlsx")
		p.Values = filled()
		p.Values["DVK_B3_32_CNH"] = 22.0
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", p)
		return f
	}},
	{"the same file came again", "receipt-unchanged", func() Facts {
		f := complete()
		f.Previous = append([]standing.Counted(nil), f.Standing.Counted...)
		f.Mails = nil
		f.Now = at("2022-10-18 10:00")
		p := f.Previous[1].Part
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", p)
		return f
	}},
	{"a second version moved a number from one cell to another", "receipt-cells-changed", func() Facts {
		f := complete()
		f.Previous = append([]standing.Counted(nil), f.Standing.Counted...)
		f.Mails = nil
		f.Now = at("2022-10-18 10:00")
		p := file(finding.Appendix, "Phu luc so lieu (2).xlsx")
		p.Values = filled()
		p.Values["DVK_B1_11_TT"], p.Values["DVK_B1_12_TT"] = 11.0, 21.0
		p.Places = map[string]string{"DVK_B1_11_TT": "Phụ lục số liệu!D11", "DVK_B1_12_TT": "Phụ lục số liệu!D12"}
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", p)
		return f
	}},
	{"one of the write-ups came again under another name", "receipt-model-again", func() Facts {
		f := complete()
		f.Previous = append([]standing.Counted(nil), f.Standing.Counted...)
		f.Mails, f.Now = nil, at("2022-10-18 10:00")
		p := file(finding.Model, "Mo hinh 2 (sua).docx")
		f.Mails = []*finding.Verdict{{ID: "H2J7K-AAAAA", Received: at("2022-10-18 09:40"), From: "vanthu@unit.example", Class: finding.ClassReport, Parts: []finding.Part{p}}}
		last := &f.Standing.Counted[len(f.Standing.Counted)-1]
		last.Arrival, last.Received, last.Version, last.Part = "H2J7K-AAAAA", at("2022-10-18 09:40"), last.Version+1, p
		return f
	}},
	{"everything came within a date of the unit's own", "receipt-extended", func() Facts {
		f := extended(complete())
		f.Now, f.Mails[0].Received = at("2022-10-24 09:00"), at("2022-10-24 08:50")
		return f
	}},
	{"everything came after a date of the unit's own", "receipt-extended-late", func() Facts {
		f := extended(complete())
		f.Now, f.Mails[0].Received = at("2022-10-25 09:00"), at("2022-10-25 08:50")
		f.Standing.Timeliness = standing.Late
		return f
	}},
	{"the last mail of a dossier whose other parts came before", "receipt-completed", func() Facts {
		f := facts(peopleWork(), Receipt, "HU-LYSON", "2022-10-18 10:00")
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Model, "MH 1.docx"))
		p := file(finding.Appendix, "PL.xlsx")
		p.Values = filled()
		f.mail("CCCCC-BBBBB", "2022-10-18 09:50", p, file(finding.Model, "MH 2.docx"))
		f.state(standing.Complete)
		return f
	}},
	{"everything came from a unit that owes no models", "receipt-no-models", func() Facts { return noModels() }},
	{"and it introduced one all the same", "receipt-no-models-one", func() Facts {
		f := noModels()
		m := file(finding.Model, "MH.docx")
		f.Mails[0].Parts = append(f.Mails[0].Parts, m)
		f.count("N0MDL-AAAAA", "2022-10-17 09:15", m)
		return f
	}},
	{"a unit that owes no models still owes the report", "receipt-no-models-partial", func() Facts {
		f := noModels()
		f.Mails[0].Parts, f.Standing.Counted = f.Mails[0].Parts[1:], f.Standing.Counted[1:]
		f.state(standing.Partial, "report")
		return f
	}},
	{"the desk gave the unit a mail that another office forwarded", "receipt-forwarded", func() Facts {
		f := complete()
		f.Mails[0].From, f.Mails[0].Reason = "vanthu@vptu.quangngai.example", "relay"
		return f
	}},
	{"a second version came, and a model is still missing", "receipt-resent-partial", func() Facts {
		f := partial()
		f.Previous = append([]standing.Counted(nil), f.Standing.Counted...)
		f.Mails, f.Now = nil, at("2022-10-18 10:00")
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", file(finding.Report, "BC DVK 2022 (sua).docx"))
		return f
	}},
	{"a shared dossier lacks a part", "receipt-shared-partial", func() Facts {
		f := facts(peopleWork(), Receipt, "DU-CA", "2022-10-17 09:30")
		f.Deadline.DaysLeft, f.FormFile = 3, "Phu luc so lieu - DU-CA.xlsx"
		f.mail("QX4TB-AAAAA", "2022-10-17 09:15", file(finding.Report, "BC.docx"), file(finding.Model, "MH 1.docx"), file(finding.Model, "MH 2.docx"))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"something is missing on the last day", "receipt-partial-last-day", func() Facts {
		f := partial()
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft = at("2022-10-19 08:30"), at("2022-10-19 08:20"), 1
		return f
	}},
	{"something is missing after a date of the unit's own", "receipt-partial-extended-late", func() Facts {
		f := extended(partial())
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft = at("2022-10-25 08:30"), at("2022-10-25 08:20"), 0
		return f
	}},
	{"many cells were understood in their own way", "receipt-many-notes", func() Facts {
		f := complete()
		p := &f.Standing.Counted[1].Part
		for i := range 14 {
			p.Problems = append(p.Problems, finding.Problem{Code: "S16", Severity: finding.Noted, Args: map[string]string{"phong": "VNI-Times " + string(rune('A'+i))}})
		}
		return f
	}},
	{"two units share a dossier and one of them filed it", "receipt-shared", func() Facts {
		f := facts(peopleWork(), Receipt, "DU-CA", "2022-10-17 09:30")
		fill1(&f)
		return f
	}},
	{"three mails within ten minutes are answered by one receipt", "receipt-three-mails", func() Facts {
		f := facts(peopleWork(), Receipt, "HU-NGHIAHANH", "2022-10-17 09:40")
		f.mail("AAAAA-BBBBB", "2022-10-17 09:15", file(finding.Report, "Bao cao.docx"))
		p := file(finding.Appendix, "Phu luc so lieu.xlsx")
		p.Values = filled()
		f.mail("CCCCC-BBBBB", "2022-10-17 09:19", p)
		f.mail("DDDDD-BBBBB", "2022-10-17 09:24", file(finding.Model, "Mo hinh 1.docx"), file(finding.Model, "Mo hinh 2.docx"))
		f.state(standing.Complete)
		return f
	}},
	{"the appendix and the model are missing", "receipt-partial", partial},
	{"the appendix and the model are missing, in English", "receipt-partial-en", func() Facts {
		f := partial()
		f.Lang = "en"
		return f
	}},
	{"something is missing on the day of grace", "receipt-partial-grace", func() Facts {
		f := partial()
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft = at("2022-10-20 08:30"), at("2022-10-20 08:20"), 0
		return f
	}},
	{"something is missing after the deadline", "receipt-partial-late", func() Facts {
		f := partial()
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft = at("2022-10-21 08:30"), at("2022-10-21 08:20"), 0
		return f
	}},
	{"something is missing and the unit has a date of its own", "receipt-partial-extended", func() Facts {
		f := partial()
		f.Now, f.Mails[0].Received = at("2022-10-21 08:30"), at("2022-10-21 08:20")
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 2, CorrectBy: at("2022-10-25")}
		return f
	}},
	{"only one of two models came, the report on paper", "receipt-outside", func() Facts {
		f := facts(peopleWork(), Receipt, "HU-BATO", "2022-10-17 09:30")
		f.Standing.Counted = []standing.Counted{{Kind: finding.Report, Decision: "d1", Received: at("2022-10-14"), Version: 1}}
		f.Decisions = []standing.Decision{{ID: "d1", Kind: standing.ReceivedOut, Via: "lien-thong", Ref: "45/BC-HU", Date: at("2022-10-14")}}
		f.mail("QX4TB-AAAAA", "2022-10-17 09:15", file(finding.Model, "Mo hinh.docx"))
		f.state(standing.Partial, "appendix", "model:1")
		f.FormFile, f.Deadline.DaysLeft = "Phu luc so lieu - HU-BATO.xlsx", 3
		return f
	}},
	{"a part waits for a person, and a stray file came", "receipt-held", func() Facts {
		f := complete()
		held := file(finding.Report, "Bao cao thang 10.docx", finding.Problem{Code: "R08", Severity: finding.ForPerson, Audience: finding.ToDesk})
		held.Verdict = finding.Held
		f.Mails[0].Parts = append(f.Mails[0].Parts, held, file(finding.Other, "Lich hop.docx"), file(finding.Decoration, "logo.png"))
		f.state(standing.Fixing)
		f.Standing.Held = true
		return f
	}},
	{"a letter corrects figures and brings no workbook", "receipt-correcting", func() Facts {
		f := complete()
		letter := file(finding.Other, "Cong van dinh chinh.docx", finding.Problem{Code: "R06", Severity: finding.ForPerson})
		letter.Verdict = finding.Held
		f.Mails[0].Parts = []finding.Part{letter}
		f.Standing.CorrectedBy = f.Mails[0].ID
		return f
	}},
	{"the same, in English, where something is missing", "receipt-correcting-en", func() Facts {
		f := inEnglish(partial())
		letter := file(finding.Other, "Cong van dinh chinh.docx", finding.Problem{Code: "R06", Severity: finding.ForPerson})
		letter.Verdict = finding.Held
		f.Mails[0].Parts = []finding.Part{letter}
		return f
	}},
	{"the form for models came back as it went out", "receipt-blank-model", func() Facts {
		f := partial()
		blank := file(finding.Other, "Mau gioi thieu mo hinh.docx", finding.Problem{Code: "P03", Severity: finding.Noted})
		f.Mails[0].Parts = append(f.Mails[0].Parts, blank)
		return f
	}},
	{"its data file is another unit's as well", "receipt-copied", func() Facts { return copied() }},
	{"its data file is another unit's as well, in English", "receipt-copied-en", func() Facts {
		f := copied()
		f.Lang = "en"
		return f
	}},
	{"its data file is another unit's as well, and parts are missing", "receipt-copied-partial", func() Facts {
		f := copied()
		f.Standing.Counted = f.Standing.Counted[1:2]
		f.Mails[0].Parts = f.Mails[0].Parts[2:3]
		f.Standing.Models = 0
		f.state(standing.Partial, "report", "model:2")
		return f
	}},
	{"it came from an address that is not the unit's", "receipt-claimed", func() Facts {
		f := partial()
		f.Mails[0].Claimed = true
		f.Standing.Claimed = true
		f.Standing.Models, f.Standing.Missing = 1, []string{"appendix"}
		f.Standing.Counted = append(f.Standing.Counted, standing.Counted{Kind: finding.Model, Arrival: "ZZZZZ-AAAAA", Received: at("2022-10-11 08:00"), Part: file(finding.Model, "bi mat cua don vi.docx")})
		return f
	}},
	{"another committee's receipt", "receipt-rivers", func() Facts { return river("vi", Receipt) }},
	{"and in English", "receipt-rivers-en", func() Facts { return river("en", Receipt) }},

	{"four things are wrong with the appendix", "corrections", fourWrong},
	{"four things are wrong with the appendix, in English", "corrections-en", func() Facts {
		f := fourWrong()
		f.Lang = "en"
		return f
	}},
	{"it is the last afternoon, so corrections have until tomorrow", "corrections-last-day", func() Facts {
		f := fourWrong()
		f.Now, f.Mails[0].Received = at("2022-10-19 16:00"), at("2022-10-19 15:40")
		f.Deadline.DaysLeft, f.Deadline.CorrectBy = 1, at("2022-10-21")
		return f
	}},
	{"after the deadline there is a day to correct, and nothing about being late", "corrections-late", func() Facts {
		f := fourWrong()
		f.Now, f.Mails[0].Received = at("2022-10-24 16:00"), at("2022-10-24 15:40")
		f.Deadline.DaysLeft, f.Deadline.CorrectBy = 0, at("2022-10-26")
		f.Standing.Timeliness = standing.Late
		return f
	}},
	{"something is to be explained, and a model is missing", "corrections-and-missing", func() Facts {
		f := facts(peopleWork(), Corrections, "HU-MODUC", "2022-10-17 10:30")
		f.Deadline.DaysLeft = 3
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Report, "BC.docx"), file(finding.Appendix, "PL.xlsx", exceeds()), file(finding.Model, "MH 1.docx"))
		f.state(standing.Partial, "model:1")
		return f
	}},
	{"twenty cells are wrong: a column becomes one item, the rest is listed by cell", "corrections-many", func() Facts {
		f := facts(peopleWork(), Corrections, "HU-MODUC", "2022-10-17 10:30")
		var all []finding.Problem
		for _, r := range []string{"11", "12", "13"} {
			all = append(all, cellProblem("N02", "Biểu 1", "D"+r, "Cấp "+r+" - Tập thể", "đang tổng hợp"))
		}
		for i, col := range []string{"D", "E", "G", "H", "J", "K", "L", "M", "N"} {
			for _, r := range []string{"20", "21"} {
				if i < 8 || r == "20" {
					all = append(all, cellProblem("N06", "Biểu 2", col+r, "Lĩnh vực "+r+" - cột "+col, "10-12"))
				}
			}
		}
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Report, "BC.docx"), file(finding.Appendix, "PL.xlsx", all...), file(finding.Model, "MH 1.docx"), file(finding.Model, "MH 2.docx"))
		f.state(standing.Fixing)
		f.Standing.Timeliness = standing.OnTime
		return f
	}},
	{"the second version still has one thing to mend", "corrections-resent", func() Facts {
		f := fourWrong()
		f.Previous = append([]standing.Counted(nil), f.Standing.Counted...)
		f.Standing.Open, f.Mails = nil, nil
		f.Now = at("2022-10-18 10:00")
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", file(finding.Appendix, "PL (sua).xlsx", cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt")))
		return f
	}},
	{"cells are wrong on the day of grace", "corrections-grace", func() Facts {
		f := fourWrong()
		f.Now, f.Mails[0].Received = at("2022-10-20 10:30"), at("2022-10-20 10:20")
		f.Deadline.DaysLeft, f.Deadline.CorrectBy = 0, at("2022-10-22")
		f.Standing.Timeliness = standing.Grace
		return f
	}},
	{"cells are wrong in a unit with a date of its own", "corrections-extended", func() Facts {
		f := extended(fourWrong())
		f.Now, f.Mails[0].Received = at("2022-10-21 10:30"), at("2022-10-21 10:20")
		return f
	}},
	{"cells are wrong in a shared dossier", "corrections-shared", func() Facts {
		f := facts(peopleWork(), Corrections, "DU-CA", "2022-10-17 10:30")
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Report, "BC.docx"),
			file(finding.Appendix, "PL.xlsx", cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt")), file(finding.Model, "MH 1.docx"), file(finding.Model, "MH 2.docx"))
		f.state(standing.Fixing)
		return f
	}},
	{"cells are wrong in a file from an address that is not the unit's", "corrections-claimed", func() Facts {
		f := fourWrong()
		f.Mails[0].Claimed, f.Standing.Claimed = true, true
		return f
	}},
	{"cells are wrong, the report came on paper and a model was waived", "corrections-outside", func() Facts {
		f := facts(peopleWork(), Corrections, "HU-BATO", "2022-10-17 10:30")
		f.Standing.Owes = config.Obligation{Report: true, Appendix: true, Models: 1}
		f.Standing.Counted = []standing.Counted{{Kind: finding.Report, Decision: "d1", Received: at("2022-10-14"), Version: 1}}
		f.Decisions = []standing.Decision{{ID: "d1", Kind: standing.ReceivedOut, Via: "giay", Ref: "45/BC-HU", Date: at("2022-10-14")}}
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Appendix, "PL.xlsx", cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt")), file(finding.Model, "MH 1.docx"))
		f.state(standing.Fixing)
		return f
	}},
	{"cells are wrong in a unit that owes no models", "corrections-no-models", func() Facts {
		f := noModels()
		f.Kind = Corrections
		p := &f.Standing.Counted[1].Part
		*p = file(finding.Appendix, "PL.xlsx", cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt"))
		f.Mails[0].Parts[1] = *p
		f.state(standing.Fixing)
		return f
	}},
	{"much is wrong, much is missing and much is to be said: the letter stays short", "corrections-everything", func() Facts {
		f := facts(peopleWork(), Corrections, "DU-CA", "2022-10-17 10:30")
		f.Deadline.DaysLeft = 3
		var all []finding.Problem
		for i, col := range []string{"D", "E", "G", "H", "J", "K", "L", "M", "N"} {
			all = append(all, cellProblem("N06", "Biểu 2", col+"20", "Lĩnh vực 20 - cột "+col, "10-12"), cellProblem("N02", "Biểu 2", col+"21", "Lĩnh vực 21 - cột "+col, "nt"))
			all = append(all, finding.Problem{Code: "S16", Severity: finding.Noted, Args: map[string]string{"phong": "VNI-Times " + string(rune('A'+i))}})
		}
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Appendix, "PL.xlsx", append(all, exceeds())...))
		f.state(standing.Partial, "report", "model:2")
		return f
	}},
	{"two files cannot be used, and a model is missing", "corrections-files", func() Facts { return twoFiles() }},
	{"two files cannot be used, in English", "corrections-files-en", func() Facts {
		f := twoFiles()
		f.Lang = "en"
		return f
	}},
	{"a new file is damaged while the older one still has cells to mend", "corrections-file-and-cells", func() Facts {
		f := fourWrong()
		f.Mails = nil
		f.Now = at("2022-10-18 10:00")
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", file(finding.Appendix, "PL (sua).xlsx", finding.Problem{Code: "S01", Severity: finding.MustFix}))
		return f
	}},
	{"everything came, from an address that is not the unit's", "receipt-complete-claimed", func() Facts {
		f := complete()
		f.Mails[0].Claimed, f.Standing.Claimed = true, true
		return f
	}},
	{"a newer file from a stranger waits beside the one that counts", "receipt-claimed-waiting", func() Facts {
		f := complete()
		f.Mails = nil
		f.Now = at("2022-10-18 10:00")
		p := file(finding.Appendix, "PL moi.xlsx")
		f.Mails = []*finding.Verdict{{ID: "STRNG-AAAAA", Received: at("2022-10-18 09:40"), From: "ai.do@mail.example", Class: finding.ClassReport, Claimed: true, Parts: []finding.Part{p}}}
		f.Standing.Waiting = []standing.Counted{{Kind: finding.Appendix, Arrival: "STRNG-AAAAA", Received: at("2022-10-18 09:40"), Version: 2, Part: p, Claimed: true}}
		return f
	}},
	{"a stranger's file is set aside for the one that the desk chose", "receipt-claimed-aside", func() Facts {
		f := complete()
		f.Mails, f.Now = nil, at("2022-10-18 10:00")
		f.Mails = []*finding.Verdict{{ID: "STRNG-AAAAA", Received: at("2022-10-18 09:40"), From: "ai.do@mail.example", Class: finding.ClassReport, Claimed: true,
			Parts: []finding.Part{file(finding.Appendix, "PL moi.xlsx")}}}
		return f
	}},
	{"the report was waived and one model with it", "receipt-exempt", func() Facts {
		f := facts(peopleWork(), Receipt, "HU-BATO", "2022-10-17 09:30")
		f.Standing.Owes = config.Obligation{Appendix: true, Models: 1}
		p := file(finding.Appendix, "PL.xlsx")
		p.Values = filled()
		f.mail("QX4TB-AAAAA", "2022-10-17 09:15", file(finding.Model, "Mo hinh.docx"), p)
		f.state(standing.Complete)
		return f
	}},
	{"the mail has only a link", "unusable-link", func() Facts {
		f := facts(peopleWork(), Corrections, "S-VHTTDL", "2022-10-17 10:30")
		f.Deadline.DaysLeft = 3
		p := file(finding.Other, "", finding.Problem{Code: "L01", Severity: finding.MustFix})
		f.mail("L3NKS-AAAAA", "2022-10-17 10:20", p)
		f.Mails[0].Text = "Sở gửi báo cáo: https://drive.google.com/file/d/1abc/view"
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"a new file is damaged while nothing is missing", "unusable-again", func() Facts {
		f := complete()
		f.Mails, f.Now, f.Deadline.DaysLeft = nil, at("2022-10-18 10:00"), 2
		f.mail("H2J7K-AAAAA", "2022-10-18 09:40", file(finding.Appendix, "PL (sua).xlsx", finding.Problem{Code: "S01", Severity: finding.MustFix}))
		return f
	}},
	{"the appendix has a password, on the day of grace", "unusable-grace", func() Facts {
		f := passworded()
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft, f.Deadline.CorrectBy = at("2022-10-20 10:30"), at("2022-10-20 10:20"), 0, at("2022-10-22")
		return f
	}},
	{"the appendix has a password, after the deadline", "unusable-late", func() Facts {
		f := passworded()
		f.Now, f.Mails[0].Received, f.Deadline.DaysLeft, f.Deadline.CorrectBy = at("2022-10-24 10:30"), at("2022-10-24 10:20"), 0, at("2022-10-26")
		return f
	}},
	{"the appendix has a password, and the unit a date of its own", "unusable-extended", func() Facts { return extended(passworded()) }},
	{"the appendix has a password, and its sender is not known to be the unit", "unusable-claimed", func() Facts {
		f := passworded()
		f.Mails[0].Claimed, f.Standing.Claimed = true, true
		return f
	}},
	{"the appendix uses the form of another campaign", "unusable-other-campaign", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-XD.xlsx"
		f.mail("OLDF2-AAAAA", "2022-10-18 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Model, "MH.docx"),
			file(finding.Appendix, "PL.xlsx", finding.Problem{Code: "S07", Severity: finding.MustFix, Args: map[string]string{"phien_ban": "DVK-2021"}}))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"the figures are typed into the mail", "unusable-typed", typedFigures},
	{"the same, in English", "unusable-typed-en", func() Facts {
		f := typedFigures()
		f.Lang = "en"
		return f
	}},
	{"the appendix came as a scan only", "unusable-scan", func() Facts {
		f := facts(peopleWork(), Corrections, "S-KHCN", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-KHCN.xlsx"
		p := file(finding.Appendix, "Scan_20221018_0001.pdf", finding.Problem{Code: "S03", Severity: finding.MustFix})
		p.Pages = 6
		f.mail("SCAN2-AAAAA", "2022-10-18 10:20", p, file(finding.Report, "Bao cao.docx"), file(finding.Model, "MH.docx"))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"the appendix has a password", "unusable-password", passworded},
	{"an archive has a password", "unusable-password-archive", func() Facts {
		f := facts(peopleWork(), Corrections, "S-TC", "2022-10-18 10:30")
		f.Deadline.DaysLeft = 2
		f.mail("PASS3-AAAAA", "2022-10-18 10:20", file(finding.Other, "BC.zip", finding.Problem{Code: "S02", Severity: finding.MustFix}))
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"the mail is under a key that is not ours", "unusable-sealed", func() Facts {
		f := facts(peopleWork(), Corrections, "S-TC", "2022-10-18 10:30")
		f.Deadline.DaysLeft = 2
		f.mail("SEAL2-AAAAA", "2022-10-18 10:20", file(finding.Other, "smime.p7m", finding.Problem{Code: "S02", Severity: finding.MustFix, Args: map[string]string{"tep": "smime.p7m", "ma_hoa": "S/MIME"}}))
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"the appendix has macros and was not opened", "unusable-macro", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft = 2
		f.mail("MACR2-AAAAA", "2022-10-18 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Model, "MH.docx"),
			file(finding.Appendix, "PL DVK.xlsm", finding.Problem{Code: "S06", Severity: finding.MustFix}))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"the blank form came back", "unusable-blank", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-XD.xlsx"
		f.mail("BLNK2-AAAAA", "2022-10-18 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Appendix, "PL.xlsx", finding.Problem{Code: "S15", Severity: finding.MustFix}))
		f.state(standing.Partial, "appendix", "model:1")
		return f
	}},
	{"the appendix is damaged", "unusable-damaged", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-XD.xlsx"
		f.mail("DMGD2-AAAAA", "2022-10-18 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Appendix, "PL.xlsx", finding.Problem{Code: "S01", Severity: finding.MustFix}))
		f.state(standing.Partial, "appendix", "model:1")
		return f
	}},
	{"everything came in an archive that cannot be opened", "unusable-archive", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-XD.xlsx"
		f.mail("ARCH2-AAAAA", "2022-10-18 10:20", file(finding.Other, "all.rar", finding.Problem{Code: "L02", Severity: finding.MustFix, Args: map[string]string{"kich_thuoc": "12 KB", "gioi_han": "20 MB"}}))
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"a workbook came that does not have the form's tables", "unusable-tables", func() Facts {
		f := facts(peopleWork(), Corrections, "S-XD", "2022-10-18 10:30")
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - S-XD.xlsx"
		f.mail("TBLS2-AAAAA", "2022-10-18 10:20", file(finding.Appendix, "So lieu.xlsx", finding.Problem{Code: "S10", Severity: finding.MustFix, Args: map[string]string{"bieu_thieu": "Biểu 1, Biểu 2, Biểu 3"}}))
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"the appendix is blank, a write-up lacks its grounds, another is missing", "corrections-blank-and-model", blankAndModel},
	{"the same, in English", "corrections-blank-and-model-en", func() Facts {
		f := blankAndModel()
		f.Lang = "en"
		return f
	}},
	{"much is wrong and two parts are missing, which no subject can hold in full", "corrections-long-subject", func() Facts {
		f := facts(peopleWork(), Corrections, "HU-NGHIAHANH", "2022-10-17 10:30")
		f.Deadline.DaysLeft = 3
		f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Appendix, "PL.xlsx", exceeds(), cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt")))
		f.state(standing.Partial, "report", "model:2")
		return f
	}},

	{"the first notice, to who has sent nothing", "remind-notice", func() Facts {
		f := reminder("HU-BATO", "2022-10-12 07:30", "notice")
		f.Deadline.DaysLeft = 6
		return f
	}},
	{"nothing has come by T-5", "remind-none", func() Facts {
		f := reminder("HU-BATO", "2022-10-14 07:30", "state")
		f.Deadline.DaysLeft = 4
		return f
	}},
	{"one model is missing at T-3", "remind-partial", func() Facts {
		f := reminder("TXU-DUCPHO", "2022-10-17 07:30", "state")
		f.WriteUpFile = "Mau gioi thieu mo hinh.docx"
		f.Deadline.DaysLeft = 3
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Model, "MH 1.docx"))
		f.state(standing.Partial, "model:1")
		f.FormFile = ""
		return f
	}},
	{"one model is missing and two cells are to be mended", "remind-partial-and-fixing", func() Facts {
		f := reminder("TXU-DUCPHO", "2022-10-17 07:30", "state")
		f.Deadline.DaysLeft = 3
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx", cellProblem("N02", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "nt"), exceeds()))
		f.state(standing.Partial, "model:2")
		f.FormFile = ""
		return f
	}},
	{"only corrections are open at T-3", "remind-fixing", fixing},
	{"only corrections are open at T-3, in English", "remind-fixing-en", func() Facts {
		f := fixing()
		f.Lang = "en"
		return f
	}},
	{"the last day", "remind-last-day", func() Facts {
		f := reminder("HU-BATO", "2022-10-19 07:30", "last_day")
		f.Deadline.DaysLeft = 1
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.state(standing.Partial, "appendix", "model:2")
		return f
	}},
	{"the last day of an extension", "remind-last-day-extended", func() Facts {
		f := reminder("HU-TRABONG", "2022-10-24 07:30", "last_day")
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 1, CorrectBy: at("2022-10-26")}
		return f
	}},
	{"the day of grace", "remind-grace", func() Facts {
		f := reminder("HU-BATO", "2022-10-20 07:30", "grace_day")
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx"))
		f.state(standing.Partial, "model:2")
		f.FormFile = ""
		return f
	}},
	{"the last automatic letter", "remind-last", func() Facts {
		f := reminder("HU-BATO", "2022-10-21 07:30", "last")
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx"))
		f.state(standing.Partial, "model:2")
		f.FormFile = ""
		return f
	}},
	{"the last automatic letter, in English", "remind-last-en", func() Facts {
		f := reminder("HU-BATO", "2022-10-21 07:30", "last")
		f.Lang = "en"
		return f
	}},
	{"the last automatic letter, and only corrections are open", "remind-last-fixing", func() Facts {
		f := fixing()
		f.Now, f.Step.Text, f.Last, f.Deadline.CorrectBy, f.Deadline.DaysLeft = at("2022-10-21 07:30"), "last", true, at("2022-10-25"), 0
		return f
	}},
	{"the first notice, to a unit with a date of its own", "remind-notice-extended", func() Facts {
		f := extended(reminder("HU-LYSON", "2022-10-17 07:30", "notice"))
		f.Deadline.DaysLeft = 6
		return f
	}},
	{"nothing has come from a unit with a date of its own", "remind-none-extended", func() Facts {
		f := extended(reminder("HU-LYSON", "2022-10-21 07:30", "state"))
		f.Deadline.DaysLeft = 2
		return f
	}},
	{"nothing has come by the last day", "remind-last-day-none", func() Facts { return reminder("HU-LYSON", "2022-10-19 07:30", "last_day") }},
	{"only corrections are open on the last day", "remind-last-day-fixing", func() Facts {
		f := fixing()
		f.Now, f.Step.Text, f.Deadline.DaysLeft, f.Deadline.CorrectBy = at("2022-10-19 07:30"), "last_day", 1, at("2022-10-21")
		return f
	}},
	{"nothing has come by the day of grace", "remind-grace-none", func() Facts { return reminder("S-YT", "2022-10-20 07:30", "grace_day") }},
	{"only corrections are open on the day of grace", "remind-grace-fixing", func() Facts {
		f := fixing()
		f.Now, f.Step.Text, f.Deadline.DaysLeft, f.Deadline.CorrectBy = at("2022-10-20 07:30"), "grace_day", 0, at("2022-10-22")
		return f
	}},
	{"the last automatic letter, to who has sent nothing", "remind-last-none", func() Facts { return reminder("HU-BATO", "2022-10-21 07:30", "last") }},
	{"the last automatic letter, after a date of the unit's own", "remind-last-extended", func() Facts {
		f := extended(reminder("HU-TRABONG", "2022-10-25 07:30", "last"))
		f.Deadline.DaysLeft = 0
		return f
	}},
	{"the last automatic letter, with a model missing and cells to mend", "remind-last-both", func() Facts {
		f := reminder("TXU-DUCPHO", "2022-10-21 07:30", "last")
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Appendix, "PL.xlsx", exceeds()))
		f.state(standing.Partial, "model:2")
		f.FormFile, f.Deadline.CorrectBy = "", at("2022-10-25")
		return f
	}},
	{"the report came on paper, a model was waived, the appendix is missing", "remind-outside", func() Facts {
		f := reminder("HU-BATO", "2022-10-17 07:30", "state")
		f.Deadline.DaysLeft = 3
		f.Standing.Owes = config.Obligation{Report: true, Appendix: true, Models: 1}
		f.Standing.Counted = []standing.Counted{{Kind: finding.Report, Decision: "d1", Received: at("2022-10-14"), Version: 1}}
		f.Decisions = []standing.Decision{{ID: "d1", Kind: standing.ReceivedOut, Via: "giay", Ref: "45/BC-HU", Date: at("2022-10-14")}}
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Model, "MH 1.docx"))
		f.state(standing.Partial, "appendix")
		return f
	}},
	{"one model is missing, in English", "remind-partial-en", func() Facts {
		f := reminder("TXU-DUCPHO", "2022-10-17 07:30", "state")
		f.Lang, f.Deadline.DaysLeft = "en", 3
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Model, "MH 1.docx"))
		f.state(standing.Partial, "appendix", "model:1")
		return f
	}},
	{"the last day, in English", "remind-last-day-en", func() Facts {
		f := reminder("HU-BATO", "2022-10-19 07:30", "last_day")
		f.Lang = "en"
		return f
	}},
	{"a shared dossier lacks a part and is reminded once", "remind-shared-partial", func() Facts {
		f := reminder("DU-CA", "2022-10-17 07:30", "state")
		f.Deadline.DaysLeft = 3
		f.count("AAAAA-BBBBB", "2022-10-12 09:00", file(finding.Report, "BC.docx"))
		f.state(standing.Partial, "appendix", "model:2")
		return f
	}},
	{"a shared dossier is reminded once", "remind-shared", func() Facts {
		f := reminder("DU-CA", "2022-10-17 07:30", "state")
		f.Deadline.DaysLeft = 3
		return f
	}},

	{"a stranger sent files like a report, and nothing says whose", "ask-unit", func() Facts { return stranger() }},
	{"and in English", "ask-unit-en", func() Facts {
		f := stranger()
		f.Lang = "en"
		return f
	}},
	{"the sender's own mail names two units", "ask-unit-candidates", func() Facts {
		f := stranger()
		a, _ := f.Campaign.Unit("HU-SONHA")
		b, _ := f.Campaign.Unit("HU-SONTAY")
		f.Candidates = []config.Unit{a, b}
		return f
	}},
	{"the file names another unit than the sender", "ask-unit-wrong-file", func() Facts {
		f := stranger()
		f.Mails[0].Parts[0].Problems = []finding.Problem{{Code: "S08", Severity: finding.ForPerson, Args: map[string]string{"dv_mau": "Huyện ủy Sơn Tây", "dv_gui": "Huyện ủy Sơn Hà"}}}
		return f
	}},
	{"the unit is told of a report from an address that is not its own", "confirm", func() Facts { return notOwn() }},
	{"and in English", "confirm-en", func() Facts {
		f := notOwn()
		f.Lang = "en"
		return f
	}},
	{"the unit has a name that no subject can hold in full", "confirm-long-name", func() Facts {
		f := notOwn()
		f.Unit.Code, f.Unit.Name = "S-VPHD", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh"
		f.Unit.ShortName, f.Unit.Salutation = "VP Đoàn ĐBQH và HĐND tỉnh", ""
		return f
	}},
	{"a day is promised", "acknowledge-promise", func() Facts { return said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-18"}) }},
	{"a day is promised, in English", "acknowledge-promise-en", func() Facts {
		return inEnglish(said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-18"}))
	}},
	{"a day after the deadline is promised", "acknowledge-promise-late", func() Facts { return said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-24"}) }},
	{"the same, in English", "acknowledge-promise-late-en", func() Facts {
		return inEnglish(said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-24"}))
	}},
	{"a day is promised after an extension, for one part", "acknowledge-promise-extended", func() Facts {
		f := said("HU-LYSON", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-21", Parts: []string{finding.Appendix}})
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 6, CorrectBy: at("2022-10-25")}
		return f
	}},
	{"a day is promised when the deadline is over", "acknowledge-promise-passed", func() Facts {
		f := said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-25"})
		f.Now, f.Deadline.DaysLeft = at("2022-10-21 10:30"), 0
		return f
	}},
	{"no day is promised", "acknowledge-promise-bare", func() Facts {
		f := said("S-GDDT", finding.Saying{Kind: finding.SaysWillSend})
		f.Deadline.DaysLeft = 3
		f.state(standing.Partial, "appendix", "model:1")
		return f
	}},
	{"one of a shared dossier promises", "acknowledge-promise-shared", func() Facts {
		f := said("DU-CA", finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-18"})
		return f
	}},
	{"more time is asked for", "acknowledge-extension", func() Facts { return said("HU-LYSON", finding.Saying{Kind: finding.SaysNeedsTime, Day: "2022-10-24"}) }},
	{"more time is asked for, in English, and no day", "acknowledge-extension-en", func() Facts { return inEnglish(said("HU-LYSON", finding.Saying{Kind: finding.SaysNeedsTime})) }},
	{"a question", "acknowledge-question", func() Facts { return asked() }},
	{"it was sent by another channel, with number and day", "acknowledge-statement", func() Facts {
		f := said("S-NV", finding.Saying{Kind: finding.SaysSent, Parts: []string{finding.Report}, Ref: "45/BC-SNV", Via: "lien-thong", Day: "2022-10-17"})
		f.state(standing.None, "report", "appendix", "model:1")
		f.FormFile = "Phu luc so lieu - S-NV.xlsx"
		return f
	}},
	{"the same, in English", "acknowledge-statement-en", func() Facts {
		f := inEnglish(said("S-NV", finding.Saying{Kind: finding.SaysSent, Parts: []string{finding.Report}, Ref: "45/BC-SNV", Via: "lien-thong", Day: "2022-10-17"}))
		f.state(standing.None, "report", "appendix", "model:1")
		f.FormFile = "Phu luc so lieu - S-NV.xlsx"
		return f
	}},
	{"it was sent by another channel, and nothing more was said", "acknowledge-statement-bare", func() Facts { return said("S-NV", finding.Saying{Kind: finding.SaysSent}) }},
	{"a correction without the workbook", "acknowledge-correction", func() Facts {
		f := said("S-YT", finding.Saying{Kind: finding.SaysCorrection})
		f.Standing = &standing.Unit{Code: "S-YT", State: standing.Complete, CorrectedBy: "4ZCNK-AAAAA"}
		return f
	}},
	{"the same, in English", "acknowledge-correction-en", func() Facts {
		f := inEnglish(said("S-YT", finding.Saying{Kind: finding.SaysCorrection}))
		f.Standing = &standing.Unit{Code: "S-YT", State: standing.Complete, CorrectedBy: "4ZCNK-AAAAA"}
		return f
	}},
	{"points are confirmed, of which a word settles one", "acknowledge-points", confirmed},
	{"the same, in English", "acknowledge-points-en", func() Facts { return inEnglish(confirmed()) }},
	{"a point is settled, and others are still to be mended", "acknowledge-points-open", stillOpen},
	{"the same, in English", "acknowledge-points-open-en", func() Facts { return inEnglish(stillOpen()) }},
	{"the last point is settled, and a part is missing", "acknowledge-points-missing", func() Facts {
		f := stillOpen()
		f.Standing.Counted = f.Standing.Counted[:1]
		f.state(standing.Partial, "appendix", "model:2")
		return f
	}},
	{"the last point is settled, and the report is complete", "acknowledge-points-complete", func() Facts {
		f := said("HU-MODUC", finding.Saying{Kind: finding.SaysRight, Items: []int{4}})
		f.Mails[0].Points = []finding.Point{{Number: 4, Outcome: finding.PointExplained}}
		f.Standing = &standing.Unit{Code: "HU-MODUC", State: standing.Complete}
		return f
	}},
	{"a claimed filing is the unit's", "acknowledge-own", func() Facts {
		f := said("S-CT", finding.Saying{Kind: finding.SaysYes})
		f.Mails[0].Attests = []finding.Attestation{{Arrival: "QX4TB-AAAAA", Unit: "S-CT"}}
		f.Standing = &standing.Unit{Code: "S-CT", State: standing.Complete}
		return f
	}},
	{"a claimed filing is not the unit's", "acknowledge-not-own", func() Facts {
		f := said("S-CT", finding.Saying{Kind: finding.SaysNo})
		f.Mails[0].Attests = []finding.Attestation{{Arrival: "QX4TB-AAAAA", Unit: "S-CT", Denied: true}}
		return f
	}},
	{"the same, in English", "acknowledge-not-own-en", func() Facts {
		f := inEnglish(said("S-CT", finding.Saying{Kind: finding.SaysNo}))
		f.Mails[0].Attests = []finding.Attestation{{Arrival: "QX4TB-AAAAA", Unit: "S-CT", Denied: true}}
		return f
	}},
	{"another address", "acknowledge-contact", func() Facts {
		return said("S-CT", finding.Saying{Kind: finding.SaysContact, Address: "vanthu.moi@sct.quangngai.example"})
	}},
	{"several things in one mail", "acknowledge-several", func() Facts {
		f := said("S-NV", finding.Saying{Kind: finding.SaysSent, Parts: []string{finding.Report}, Via: "giay"},
			finding.Saying{Kind: finding.SaysWillSend, Parts: []string{finding.Appendix}, Day: "2022-10-18"}, finding.Saying{Kind: finding.SaysAsks, Quote: "Biểu 3 ghi năm nào?"})
		f.state(standing.None, "report", "appendix", "model:1")
		return f
	}},
	{"nothing but a link", "acknowledge-link", func() Facts {
		f := wrote("S-VHTTDL", finding.ClassQuestion)
		f.Mails[0].Text, f.Deadline.DaysLeft = "Sở gửi báo cáo: https://drive.google.com/file/d/1abc/view", 3
		return f
	}},
	{"nothing but a link, in English", "acknowledge-link-en", func() Facts {
		f := wrote("S-VHTTDL", finding.ClassQuestion)
		f.Lang, f.Mails[0].Text, f.Deadline.DaysLeft = "en", "https://www.dropbox.com/s/x", 3
		return f
	}},
	{"nothing but pictures, which asks nothing", "acknowledge-pictures", func() Facts {
		f := wrote("S-NV", finding.ClassQuestion)
		f.Mails[0].Parts, f.Deadline.DaysLeft = []finding.Part{file(finding.Decoration, "IMG_0001.jpg")}, 3
		return f
	}},
	{"words of a stranger in the unit's name, who is not told what is missing", "acknowledge-claimed", func() Facts {
		f := wrote("S-NV", finding.ClassQuestion)
		f.Mails[0].Claimed, f.Mails[0].Text = true, "Kính gửi Ban."
		return f
	}},
	{"a reply without files", "acknowledge", func() Facts { return wrote("S-NV", finding.ClassOutOfScope) }},
	{"nothing to report, without figures: the desk decides what is still owed", "acknowledge-nothing", func() Facts {
		f := wrote("S-NV", finding.ClassReport)
		f.Mails[0].Reason = "nothing_to_report"
		f.Standing = &standing.Unit{Code: "S-NV", State: standing.None, Missing: []string{"report", "appendix", "model:1"}}
		return f
	}},
	{"a reply without files, in English", "acknowledge-en", func() Facts {
		f := wrote("S-NV", finding.ClassOutOfScope)
		f.Lang = "en"
		return f
	}},
	{"a question in English", "acknowledge-question-en", func() Facts {
		f := asked()
		f.Lang = "en"
		return f
	}},
	{"a mail beyond the limits", "acknowledge-unreadable", func() Facts { return wrote("S-NV", finding.ClassUnreadable) }},
	{"a mail with classified content, of which nothing is repeated", "acknowledge-restricted", func() Facts {
		f := wrote("S-NV", finding.ClassReport)
		f.Mails[0].Parts = []finding.Part{{Name: "bi mat.pdf", Problems: []finding.Problem{{Code: "R07", Severity: finding.ForPerson}}}}
		return f
	}},
	{"reminders go on after the storm, with a new date", "resumed", func() Facts { return afterStorm() }},
	{"and in English", "resumed-en", func() Facts {
		f := afterStorm()
		f.Lang, f.Cause = "en", ""
		return f
	}},
	{"reminders go on after the storm, and only cells are to be mended", "resumed-fixing", func() Facts {
		f := fourWrong()
		f.Kind, f.Mails, f.Now = Resumed, nil, at("2022-10-18 08:30")
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 5, CorrectBy: at("2022-10-25")}
		f.Standing.ExtendedBy = &standing.Decision{Kind: standing.Extend, Cause: "thien-tai"}
		return f
	}},
	{"reminders go on after the storm, to an office, the new date being past", "resumed-late", func() Facts {
		f := afterStorm()
		u, _ := f.Campaign.Unit("S-YT")
		f.Unit, f.Now, f.Deadline.DaysLeft, f.Cause = &u, at("2022-10-25 08:30"), 0, ""
		return f
	}},
	{"reminders go on for a shared dossier", "resumed-shared", func() Facts {
		f := afterStorm()
		g := f.Campaign.Group("DU-CA")
		f.Unit, f.Group = &g[0], g
		return f
	}},

	{"the digest of a busy day", "digest", busyDay},
	{"the digest of a busy day, in English", "digest-en", func() Facts {
		f := busyDay()
		f.Lang = "en"
		return f
	}},
	{"nothing new and nothing to decide", "digest-quiet", func() Facts {
		f := busyDay()
		f.Now, f.Digest.Since, f.Digest.LastFetch = at("2022-10-18 16:00"), at("2022-10-17 16:00"), at("2022-10-18 15:58")
		f.Digest.Before, f.Digest.News, f.Digest.Decisions, f.Digest.Undelivered = 38, News{}, nil, nil
		return f
	}},
	{"the first digest of a campaign", "digest-first", func() Facts {
		f := busyDay()
		f.Now = at("2022-10-04 16:00")
		f.Digest = &Digest{Rows: []Row{{Category: "so-ban-nganh", Total: 38, None: 38}, {Category: "huyen-thi-thanh-uy", Total: 13, None: 13}},
			DaysLeft: workdays("2022-10-05", 11), LastFetch: at("2022-10-04 15:59"),
			Next: &Next{At: at("2022-10-12 07:30"), Text: "notice", Letters: 51}}
		return f
	}},
	{"the last day, the mailbox unreadable", "digest-trouble", func() Facts {
		f := busyDay()
		f.Now, f.Digest.DaysLeft, f.Digest.Unread, f.Digest.LastFetch, f.Digest.Waiting = at("2022-10-19 16:00"), nil, at("2022-10-19 08:10"), at("2022-10-19 08:09"), 3
		return f
	}},
	{"in the morning of the last week: letters could not go out, the disk is nearly full, some were refused", "digest-unsent", unsentDay},
	{"the same, in English", "digest-unsent-en", func() Facts {
		f := unsentDay()
		f.Lang = "en"
		return f
	}},
	{"after the deadline", "digest-late", func() Facts {
		f := busyDay()
		f.Now, f.Digest.DaysLeft, f.Digest.Since, f.Digest.Decisions = at("2022-10-24 16:00"), nil, at("2022-10-21 16:00"), nil
		f.Digest.LastFetch, f.Digest.Next = at("2022-10-24 15:58"), nil
		return f
	}},
	{"nothing new, in English", "digest-quiet-en", func() Facts {
		f := busyDay()
		f.Lang, f.Now, f.Digest.Since, f.Digest.LastFetch = "en", at("2022-10-18 16:00"), at("2022-10-17 16:00"), at("2022-10-18 15:58")
		f.Digest.Before, f.Digest.News, f.Digest.Decisions, f.Digest.Undelivered = 38, News{}, nil, nil
		return f
	}},
	{"nobody became complete, a unit asks something, and nobody knows whose a mail is", "digest-question", questionDay},
	{"the same, in English", "digest-question-en", func() Facts {
		f := questionDay()
		f.Lang = "en"
		return f
	}},
	{"the digest of a week", "weekly", busyWeek},
	{"the digest of a week, in English", "weekly-en", func() Facts {
		f := busyWeek()
		f.Lang = "en"
		return f
	}},
	{"the first week, in which nothing went wrong", "weekly-first", quietWeek},
	{"a week after the deadline", "weekly-late", func() Facts {
		f := busyWeek()
		f.Now = at("2022-10-24 07:30")
		w := f.Week
		w.First, w.Last, w.Begins = at("2022-10-17"), at("2022-10-21"), at("2022-10-24")
		w.Errors, w.Attention, w.Unreachable, w.Steps = w.Errors[:1], w.Attention[:1], nil, []time.Time{at("2022-10-26")}
		w.Attention[0].Cause, w.Attention[0].Reason = "", "chờ lãnh đạo Ban"
		w.Own, w.Digests = []OwnDeadline{{at("2022-10-24"), 2}}, []string{"16:00"}
		w.Decided = []standing.Decision{{Kind: standing.Extend}, {Kind: standing.Extend}, {Kind: standing.Refuse}, {Kind: standing.Resume, Address: "all"}, {Kind: "of-a-later-program"}}
		return f
	}},
	{"the desk answered a digest", "orders", func() Facts { return ordered() }},
	{"the desk answered a digest, in English", "orders-en", func() Facts {
		f := ordered()
		f.Lang = "en"
		return f
	}},
	{"somebody else of the desk was quicker", "orders-late", func() Facts {
		f := ordered()
		f.Mails[0].Command = &finding.Command{Letter: "digest/2022-10-17-1600", Orders: []finding.Carried{
			{Order: finding.Order{Do: finding.OrderChoose, Number: 2, Letter: "B"}, Outcome: finding.OrderAlready, Decisions: []string{"Q2"}, By: "pho.phong@bdvtu.example", At: at("2022-10-17 16:10")},
			{Order: finding.Order{Do: finding.OrderChoose, Number: 3, Letter: "A"}, Outcome: finding.OrderSettled},
			{Order: finding.Order{Do: finding.OrderChoose, Number: 9, Letter: "A"}, Outcome: finding.OrderUnknown},
			{Order: finding.Order{Do: finding.OrderUndo, Number: 5}, Outcome: finding.OrderNothing},
		}}
		return f
	}},
	{"what counts as it stands, and what came by another way, is told in the words of the choice", "orders-accepted", func() Facts {
		f := ordered()
		f.Mails[0].Command = &finding.Command{Letter: "digest/2022-10-17-1600", Orders: []finding.Carried{
			{Order: finding.Order{Do: finding.OrderChoose, Number: 1, Letter: "A"}, Outcome: finding.OrderDone, Decisions: []string{"Q1"}, Text: "chấp nhận"},
			{Order: finding.Order{Do: finding.OrderChoose, Number: 4, Letter: "B"}, Outcome: finding.OrderDone, Decisions: []string{"Q6", "Q7"}, Text: "đã nhận"},
		}}
		f.Decisions = append(f.Decisions, standing.Decision{ID: "Q6", Kind: standing.ReceivedOut, Units: []string{"HU-LYSON"}, Part: finding.Report},
			standing.Decision{ID: "Q7", Kind: standing.ReceivedOut, Units: []string{"HU-LYSON"}, Part: finding.Model, Count: 2})
		return f
	}},
	{"reminders are stopped, and a choice is taken back", "orders-stop", func() Facts {
		f := ordered()
		f.Mails[0].Command = &finding.Command{Letter: "digest/2022-10-17-1600", Orders: []finding.Carried{
			{Order: finding.Order{Do: finding.OrderStop}, Outcome: finding.OrderDone, Decisions: []string{"Q4"}},
			{Order: finding.Order{Do: finding.OrderUndo, Number: 2}, Outcome: finding.OrderDone, Decisions: []string{"Q5"}},
			{Order: finding.Order{Do: finding.OrderChoose, Number: 3, Letter: "C"}, Outcome: finding.OrderDone, Text: "để tôi gọi hỏi"},
		}}
		return f
	}},
	{"orders that nobody can vouch for", "alarm-command", func() Facts { return refused(finding.CommandForged) }},
	{"orders by somebody who is not who he says", "alarm-command-failed", func() Facts { return refused(finding.CommandFailed) }},
	{"orders in answer to an old digest", "alarm-command-stale", func() Facts { return refused(finding.CommandStale) }},
	{"orders from an address that is none of the desk's", "alarm-command-stranger", func() Facts { return refused(finding.CommandForeign) }},
	{"orders that nobody can vouch for, in English", "alarm-command-en", func() Facts {
		f := refused(finding.CommandForged)
		f.Lang = "en"
		return f
	}},
	{"a week after the deadline, in English", "weekly-late-en", func() Facts {
		f := busyWeek()
		f.Lang, f.Now = "en", at("2022-10-24 07:30")
		w := f.Week
		w.First, w.Last, w.Begins, w.Steps = at("2022-10-17"), at("2022-10-21"), at("2022-10-24"), nil
		w.Decided = []standing.Decision{{Kind: standing.Alias}, {Kind: standing.Alias}, {Kind: standing.Assign}, {Kind: standing.Extend}}
		return f
	}},
	{"the mailbox cannot be read", "alarm", func() Facts { return alarm(AlarmMailbox) }},
	{"the mailbox cannot be read, in English", "alarm-en", func() Facts {
		f := alarm(AlarmMailbox)
		f.Lang = "en"
		return f
	}},
	{"the mailbox can be read again", "alarm-recovered", func() Facts { return allClear(AlarmMailbox) }},
	{"the mailbox can be read again, in English", "alarm-recovered-en", func() Facts {
		f := allClear(AlarmMailbox)
		f.Lang = "en"
		return f
	}},
	{"the disk is nearly full", "alarm-disk", func() Facts { return alarm(AlarmDisk) }},
	{"the disk is nearly full, in English", "alarm-disk-en", func() Facts {
		f := alarm(AlarmDisk)
		f.Lang = "en"
		return f
	}},
	{"the disk has room again", "alarm-disk-over", func() Facts { return allClear(AlarmDisk) }},
	{"the disk has room again, in English", "alarm-disk-over-en", func() Facts {
		f := allClear(AlarmDisk)
		f.Lang = "en"
		return f
	}},
	{"the ledger was restored from a backup, and what was sent since is found", "alarm-restored", func() Facts { return alarm(AlarmRestored) }},
	{"the ledger was restored from a backup, and nobody knows what was answered", "alarm-restored-silent", func() Facts { return unanswered() }},
	{"the ledger was restored from a backup, and nobody knows what was answered, in English", "alarm-restored-silent-en", func() Facts {
		f := unanswered()
		f.Lang = "en"
		return f
	}},
	{"the holidays of the next year are not known", "alarm-holidays", func() Facts { return alarm(AlarmHolidays) }},
	{"the holidays of the next year are not known, in English", "alarm-holidays-en", func() Facts {
		f := alarm(AlarmHolidays)
		f.Lang = "en"
		return f
	}},
}

func init() {
	for _, x := range []struct {
		what, sentence, over string
		begins               bool
	}{
		{AlarmSMTP, "", "letters go out again", false},
		{AlarmLimit, "as many letters as may have left in a day", "what waited for the limit has left", true},
		{AlarmStorage, "files cannot be written", "files can be written again", true},
		{AlarmQuota, "the mailbox is nearly full", "the mailbox has room again", true},
		{AlarmReader, "mails cannot be opened", "mails can be opened again", true},
		{AlarmOffice, "LibreOffice does not start", "LibreOffice is there again", true},
		{AlarmClock, "the clock is slow", "the clock is right again", true},
	} {
		both := func(sentence, name string, make func(string) Facts) {
			for suffix, lang := range map[string]string{"": "vi", "-en": "en"} {
				golden = append(golden, struct {
					state string
					name  string
					facts func() Facts
				}{sentence + suffix, name + suffix, func() Facts {
					f := make(x.what)
					f.Lang = lang
					return f
				}})
			}
		}
		if x.begins {
			both(x.sentence, "alarm-"+x.what, alarm)
		}
		both(x.over, "alarm-"+x.what+"-over", allClear)
	}
}

func alarm(what string) Facts {
	f := facts(peopleWork(), AlarmKind, "", "2022-10-18 08:40")
	switch f.Alarm = (&Alarm{What: what, Since: at("2022-10-18 08:10")}); what {
	case AlarmMailbox:
		f.Alarm.Detail = "NO [AUTHENTICATIONFAILED] sai mật khẩu."
	case AlarmDisk:
		f.Alarm.Free = 812 << 20
	case AlarmSMTP:
		f.Alarm.Count = 7
	case AlarmLimit:
		f.Alarm.Count = 450
	case AlarmQuota:
		f.Alarm.Used, f.Alarm.Limit = 9421<<20, 10240<<20
	case AlarmReader:
		f.Alarm.Detail = "reader: fork/exec /usr/local/bin/dondoc: cannot allocate memory"
	case AlarmStorage:
		f.Alarm.Detail = "write /srv/dondoc/data/archive/12/ab: input/output error"
	case AlarmOffice:
		f.Alarm.Detail = "stat /usr/bin/soffice: no such file or directory"
	case AlarmClock:
		f.Alarm.Theirs = at("2022-10-18 10:25")
	case AlarmRestored:
		f.Alarm.Restored = &Restored{Noticed: at("2022-10-18 08:40"), Letters: 7}
		f.Alarm.Since = at("2022-10-17 22:00")
	case AlarmHolidays:
		f.Alarm = &Alarm{What: what, Known: at("2023-12-31"), Year: 2024}
	}
	return f
}

// unanswered is after a restore of which the folder for sent mail tells nothing.
func unanswered() Facts {
	f := alarm(AlarmRestored)
	f.Alarm.Restored.Letters = 0
	f.Alarm.Restored.Unanswered = []*finding.Verdict{
		{ID: "AAAAA-AAAAA", Received: at("2022-10-18 07:05"), From: "vanthu@hubato.quangngai.example", Subject: "DVK-2022 HU-BATO"},
		{ID: "BBBBB-AAAAA", Received: at("2022-10-18 07:50"), From: "mtd@gmail.example", Subject: "DVK"},
	}
	return f
}

// invited is an invitation with everything that goes with one.
func invited(code, now string) Facts {
	f := facts(peopleWork(), Invite, code, now)
	f.FormFile, f.Enclosures = "Phu luc so lieu - "+code+".xlsx", []string{"Cong van 624-CV-BDVTU.pdf"}
	f.WriteUpFile = "Mau gioi thieu mo hinh.docx"
	return f
}

// extended gives the unit until the end of 24 October.
func extended(f Facts) Facts {
	f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 2, CorrectBy: at("2022-10-25")}
	return f
}

// noModels is everything from a unit that owes no models.
func noModels() Facts {
	f := facts(peopleWork(), Receipt, "BCSD-UBND", "2022-10-17 09:30")
	f.Standing.Owes = config.Obligation{Report: true, Appendix: true}
	p := file(finding.Appendix, "PL.xlsx")
	p.Values = filled()
	f.mail("N0MDL-AAAAA", "2022-10-17 09:15", file(finding.Report, "BC.docx"), p)
	f.state(standing.Complete)
	f.Deadline.DaysLeft = 3
	return f
}

// passworded is a dossier whose appendix is under a password.
func passworded() Facts {
	f := facts(peopleWork(), Corrections, "S-TC", "2022-10-18 10:30")
	f.Deadline.DaysLeft = 2
	f.mail("PASS2-AAAAA", "2022-10-18 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Model, "MH.docx"),
		file(finding.Appendix, "PL_DVK.xlsx", finding.Problem{Code: "S02", Severity: finding.MustFix}))
	f.state(standing.Partial, "appendix")
	return f
}

func allClear(what string) Facts {
	f := alarm(what)
	f.Alarm.Detail, f.Alarm.Until = "", at("2022-10-18 08:35")
	return f
}

func stranger() Facts {
	f := facts(peopleWork(), AskUnit, "", "2022-10-17 08:15")
	f.mail("D6HPA-AAAAA", "2022-10-17 08:05", file(finding.Appendix, "a.xlsx"), file(finding.Report, "b.docx"), file(finding.Model, "c.docx"))
	return f
}

func notOwn() Facts {
	f := facts(peopleWork(), Confirm, "S-CT", "2022-10-17 16:15")
	f.mail("P2Q3R-AAAAA", "2022-10-17 16:05", file(finding.Report, "b.docx"))
	f.Mails[0].Claimed, f.Mails[0].From = true, "phong.kh@mail.example"
	return f
}

func wrote(code, class string) Facts {
	f := facts(peopleWork(), Acknowledge, code, "2022-10-17 10:30")
	f.mail("4ZCNK-AAAAA", "2022-10-17 10:20")
	f.Mails[0].Class = class
	return f
}

// said is the acknowledgement of a mail that says these things.
func said(code string, says ...finding.Saying) Facts {
	f := wrote(code, finding.ClassPromise)
	f.Mails[0].Says = says
	return f
}

func inEnglish(f Facts) Facts {
	f.Lang = "en"
	return f
}

// confirmed confirms a point that is X, one that is E, and one that there is not.
func confirmed() Facts {
	f := said("HU-MODUC", finding.Saying{Kind: finding.SaysRight, Items: []int{1, 4, 9}})
	f.Mails[0].Points = []finding.Point{{Number: 4, Outcome: finding.PointExplained}, {Number: 1, Outcome: finding.PointMustFix}, {Number: 9, Outcome: finding.PointUnknown}}
	f.Standing = &standing.Unit{Code: "HU-MODUC", State: standing.Fixing}
	return f
}

func asked() Facts {
	f := wrote("S-TP", finding.ClassQuestion)
	f.Mails[0].Says = []finding.Saying{{Kind: finding.SaysAsks, Quote: "Số liệu của các đơn vị trực thuộc ghi ở cấp nào?"}}
	f.Mails[0].Text = "Số liệu của các đơn vị trực thuộc ghi ở cấp nào?"
	return f
}

func afterStorm() Facts {
	f := facts(peopleWork(), Resumed, "HU-TRABONG", "2022-10-18 08:30")
	f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 5, CorrectBy: at("2022-10-25")}
	f.Standing.ExtendedBy = &standing.Decision{Kind: standing.Extend, Cause: "thien-tai"}
	f.Cause, f.FormFile = "bão số 5 và mưa lũ", "Phu luc so lieu - HU-TRABONG.xlsx"
	return f
}

func workdays(first string, n int) []time.Time {
	var days []time.Time
	for t := at(first); len(days) < n; t = t.AddDate(0, 0, 1) {
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			days = append(days, t)
		}
	}
	return days
}

// busyDay is the digest of the approved letters.
func busyDay() Facts {
	f := facts(peopleWork(), DigestKind, "", "2022-10-17 16:00")
	c := f.Campaign
	unit := func(code string) config.Unit {
		u, ok := c.Unit(code)
		if !ok {
			panic(code)
		}
		return u
	}
	mail := func(id, from, class, reason, text string, files int) *finding.Verdict {
		m := &finding.Verdict{ID: id, From: from, Class: class, Reason: reason, Text: text}
		if from == "vanthu@hulyson.quangngai.example" {
			m.Unit = ptr("HU-LYSON")
		}
		for range files {
			m.Parts = append(m.Parts, file(finding.Report, "x.pdf"))
		}
		return m
	}
	sum := map[string]float64{"DVK_B1_11_TT": 788, "DVK_B1_11_CN": 258, "DVK_B2_21_XD_TT": 700, "DVK_B2_21_XD_CN": 242, "DVK_B3_31_NR": 187, "DVK_B3_31_CNH": 352}
	f.Digest = &Digest{
		Rows: []Row{
			{"co-quan-tham-muu", 7, 4, 1, 0, 2}, {"ban-can-su-dang", 1, 0, 0, 0, 1}, {"so-ban-nganh", 38, 22, 4, 2, 10},
			{"huyen-thi-thanh-uy", 13, 6, 3, 2, 2}, {"dang-uy-truc-thuoc", 5, 3, 0, 0, 2}, {"mttq-to-chuc-ctxh", 6, 3, 1, 0, 2},
		},
		Shared: []config.Unit{unit("DU-CA"), {ShortName: "Đảng ủy Quân sự tỉnh"}, {ShortName: "Đảng ủy BĐBP tỉnh"}}, Since: at("2022-10-14 16:00"), Before: 31, DaysLeft: workdays("2022-10-18", 2),
		News: News{Mails: 16, Completed: 7, Mended: 3, Corrected: 1},
		Decisions: []Decision{
			{Kind: HeldMail, Mail: mail("J3YQ6-AAAAA", "vanthu@vptu.quangngai.example", finding.ClassReport, "relay", "", 1), Candidates: []config.Unit{unit("HU-SONHA"), unit("HU-SONTAY")},
				Options: ways("Huyện ủy Sơn Hà", "Huyện ủy Sơn Tây", "để tôi gọi hỏi")},
			{Kind: Reply, Mail: mail("LYS2N-AAAAA", "vanthu@hulyson.quangngai.example", finding.ClassExtension, "no_files", "Do mưa bão, Huyện ủy Lý Sơn kính đề nghị lùi thời hạn đến ngày 24/10/2022.", 0), Unit: ptr(unit("HU-LYSON")),
				Options: ways("đồng ý, đến 24/10", "không")},
			{Kind: HeldPart, Mail: mail("TWOSH-AAAAA", "vanthu@snv.example", finding.ClassReport, "sender", "", 1), Unit: ptr(unit("S-NV")),
				Problem: &finding.Problem{Code: "S11", Severity: finding.ForPerson, Args: map[string]string{"tep": "PL.xlsx", "n": "14", "bieu": "Biểu 1", "ten_sheet": "Xã A, Xã B, …"}},
				Options: ways("chấp nhận", "đề nghị sửa")},
			{Kind: ClaimedOne, Mail: mail("P2Q3R-AAAAA", "phong.kh@mail.example", finding.ClassReport, "content", "", 2), Unit: ptr(unit("S-CT")),
				Options: ways("dùng bản mới", "giữ bản cũ")},
			{Kind: Paused, Unit: ptr(unit("HU-TRABONG")), Reason: "mưa lũ", Until: at("2022-10-18"), Options: ways("lùi hạn đến 24/10", "dừng nhắc đến hết 20/10", "mở lại")},
		},
		Calls: []Call{
			{Unit: unit("HU-TRABONG"), Standing: &standing.Unit{State: standing.None, Paused: true, Reachable: true}},
			{Unit: unit("HU-SONTAY"), Standing: &standing.Unit{State: standing.None}, Bounced: true, Lost: at("2022-10-17 07:31"), Status: "5.2.2"},
			{Unit: unit("BCSD-UBND"), Standing: &standing.Unit{State: standing.None, Reachable: true}},
			{Unit: unit("TXU-DUCPHO"), Standing: &standing.Unit{State: standing.None, Reachable: true}, Reminded: at("2022-10-17 07:30")},
			{Unit: unit("MT-HND"), Standing: &standing.Unit{State: standing.Partial, Missing: []string{"model:2"}, Reachable: true}, Promised: at("2022-10-17")},
		},
		Code:      "K7Q2A-M4XWZ",
		CallTotal: 32,
		Interim:   &Interim{Units: 41, Values: sum, Claimed: 2, ClaimedValues: map[string]float64{"DVK_B1_11_TT": 5, "DVK_B1_11_CN": 2}, Models: 47, Owed: 89, Open: 4, Correcting: []config.Unit{unit("S-YT")}, Provisional: []config.Unit{unit("S-XD")}},
		Next: &Next{At: at("2022-10-19 07:30"), Text: "last_day", Letters: 29, Changes: []Change{{28, []string{"5A", "5B"}}}, Omitted: []Omitted{
			{unit("BCSD-UBND"), tx("không nhắc tự động", "not reminded automatically")}, {unit("HU-LYSON"), tx("có thư chờ quyết định", "a mail waits for a decision")}}},
		LastFetch:   at("2022-10-17 15:58"),
		Undelivered: []config.Unit{unit("HU-SONTAY")},
		Attached:    []string{"Tinh hinh tiep nhan 17-10.xlsx", "Tong hop tam thoi 17-10.xlsx"},
	}
	return f
}

// busyWeek is the weekly digest of the approved letters.
func busyWeek() Facts {
	f := facts(peopleWork(), DigestKind, "", "2022-10-17 07:30")
	var hit, bounced []config.Unit
	for _, u := range f.Campaign.Units {
		switch u.Code {
		case "HU-TRABONG", "HU-LYSON":
			hit = append(hit, u)
		case "HU-SONTAY":
			bounced = append(bounced, u)
		}
	}
	mismatch := finding.Problem{Code: "C03", Severity: finding.MustFix, Words: map[string]string{
		"vi": "Số đăng ký của cá nhân chưa khớp: Biểu 1 (ô E14) là 14, Biểu 2 (ô E24) là 16, lệch 2. Đề nghị xem lại các ô E11 đến E13 và E20 đến E23.",
		"en": "The registered numbers of individuals do not match: Table 1 (cell E14) has 14, Table 2 (cell E24) has 16, a difference of 2. Please review cells E11 to E13.",
	}}
	f.Week = &Week{
		First: at("2022-10-10"), Last: at("2022-10-14"), Begins: at("2022-10-17"),
		Rows: []Row{
			{"co-quan-tham-muu", 7, 4, 0, 0, 3}, {"ban-can-su-dang", 1, 0, 0, 0, 1}, {"so-ban-nganh", 38, 18, 4, 3, 13},
			{"huyen-thi-thanh-uy", 13, 4, 3, 2, 4}, {"dang-uy-truc-thuoc", 5, 3, 0, 0, 2}, {"mttq-to-chuc-ctxh", 6, 2, 1, 0, 3},
		},
		Before: ptr(6),
		Errors: []Error{
			{mismatch, 6}, {exceeds(), 4}, {finding.Problem{Code: "S03", Severity: finding.MustFix}, 3}, {finding.Problem{Code: "M04", Severity: finding.MustFix}, 3},
		},
		Attention:   []Attention{{Category: "huyen-thi-thanh-uy", Incomplete: 9, Units: hit, Paused: true, Cause: "thien-tai", Reason: "bão số 5"}},
		Unreachable: bounced,
		Decided:     []standing.Decision{{Kind: standing.Pause}, {Kind: standing.Pause}, {Kind: standing.ReceivedOut, Via: "lien-thong"}},
		Steps:       []time.Time{at("2022-10-17"), at("2022-10-19")},
		Digests:     []string{"10:30", "16:00"},
	}
	return f
}

func quietWeek() Facts {
	f := facts(peopleWork(), DigestKind, "", "2022-10-10 07:30")
	f.Week = &Week{
		First: at("2022-10-03"), Last: at("2022-10-07"), Begins: at("2022-10-10"),
		Rows:  []Row{{"so-ban-nganh", 38, 1, 0, 0, 37}, {"huyen-thi-thanh-uy", 13, 0, 0, 0, 13}},
		Steps: []time.Time{at("2022-10-12")}, Digests: []string{"16:00"},
	}
	return f
}

func unsentDay() Facts {
	f := busyDay()
	yt, _ := f.Campaign.Unit("S-YT")
	d := f.Digest
	f.Now, d.Since, d.LastFetch, d.DaysLeft = at("2022-10-18 10:30"), at("2022-10-18 08:00"), at("2022-10-18 10:29"), workdays("2022-10-19", 1)
	d.Unsent = Outage{Since: at("2022-10-18 08:10"), Until: at("2022-10-18 09:40"), Text: "421 too many connections"}
	d.Next.Changes = nil
	d.DiskLow, d.GivenUp, d.GivenUpOthers, d.Decisions = at("2022-10-17 22:05"), []config.Unit{yt}, 1, nil
	return f
}

func questionDay() Facts {
	f := busyDay()
	f.Digest.Before, f.Digest.Next.Changes = 38, nil
	tp, _ := f.Campaign.Unit("S-TP")
	f.Digest.Decisions = []Decision{
		{Kind: Reply, Unit: &tp, Candidates: []config.Unit{tp}, Mail: &finding.Verdict{ID: "4ZCNK-AAAAA", From: "vanthu@stp.example", Class: finding.ClassQuestion, Reason: "no_files", Unit: &tp.Code, Text: "Ghi ở cấp nào?", Says: []finding.Saying{{Kind: finding.SaysAsks}}},
			Options: ways("đã trả lời", "để tôi gọi hỏi")},
		{Kind: Reply, Unit: &tp, Candidates: []config.Unit{tp}, Mail: &finding.Verdict{ID: "5ZCNK-AAAAA", From: "vanthu@stp.example", Class: finding.ClassPromise, Reason: "no_files", Unit: &tp.Code, Text: "Sẽ gửi ngày 18/10."},
			Options: ways("ghi hẹn gửi 18/10", "đã xem")},
		{Kind: Reply, Unit: &tp, Candidates: []config.Unit{tp}, Mail: &finding.Verdict{ID: "6ZCNK-AAAAA", From: "ai.do@mail.example", Class: finding.ClassExtension, Reason: "no_files", Unit: &tp.Code, Claimed: true, Text: "Xin lùi đến 25/10."},
			Options: ways("đồng ý, đến 25/10", "không")},
		{Kind: Reply, Unit: &tp, Candidates: []config.Unit{tp}, Mail: &finding.Verdict{ID: "7ZCNK-AAAAA", From: "vanthu@stp.example", Class: finding.ClassContactChange, Reason: ReasonForged, Text: "Từ nay gửi về ai.do@mail.example."},
			Options: ways("đã xem", "để tôi gọi hỏi")},
		{Kind: HeldMail, Mail: &finding.Verdict{ID: "J3YQ6-AAAAA", From: "ai.do@mail.example", Class: finding.ClassReport, Reason: "unknown_sender"},
			Options: ways("gác lại, không tính", "để tôi gọi hỏi"), Commands: []string{"dondoc held assign J3YQ6 MÃ-ĐƠN-VỊ"}},
	}
	return f
}

// ordered is a mail of the desk of which two orders were carried out.
func ordered() Facts {
	f := facts(peopleWork(), Acknowledge, "", "2022-10-17 16:20")
	f.Mails = []*finding.Verdict{{ID: "D3SKA-AAAAA", From: "phongth@bdvtu.example", Received: at("2022-10-17 16:18"), Class: finding.ClassCommand, Verdict: finding.IgnoredMail,
		Command: &finding.Command{Letter: "digest/2022-10-17-1600", Unclear: []string{"3 ok"}, Orders: []finding.Carried{
			{Order: finding.Order{Do: finding.OrderChoose, Number: 1, Letter: "A"}, Outcome: finding.OrderDone, Decisions: []string{"Q1"}},
			{Order: finding.Order{Do: finding.OrderChoose, Number: 2, Letter: "A"}, Outcome: finding.OrderDone, Decisions: []string{"Q2", "Q3"}},
		}}}}
	f.Decisions = []standing.Decision{
		{ID: "Q1", Kind: standing.Assign, Arrival: "J3YQ6-AAAAA", Units: []string{"HU-SONHA"}},
		{ID: "Q2", Kind: standing.Extend, Units: []string{"HU-LYSON"}, Until: at("2022-10-25")},
		{ID: "Q3", Kind: standing.Done, Arrival: "LYS2N-AAAAA"},
		{ID: "Q4", Kind: standing.Pause, Units: []string{"HU-LYSON"}},
		{ID: "Q5", Kind: standing.Undo, Undoes: "Q2"},
	}
	return f
}

// refused are orders of which none was carried out.
func refused(why string) Facts {
	f := facts(peopleWork(), AlarmKind, "", "2022-10-17 16:20")
	f.Alarm = &Alarm{What: AlarmCommand, Mail: ordered().Mails[0]}
	f.Alarm.Mail.Command.Refused = why
	return f
}

// ways are the options of a decision, in order.
func ways(texts ...string) []standing.Option {
	var all []standing.Option
	for i, text := range texts {
		all = append(all, standing.Option{Letter: string(rune('A' + i)), Text: text})
	}
	return all
}

// complete is a dossier with everything in it and two notes.
func complete() Facts {
	f := facts(peopleWork(), Receipt, "HU-NGHIAHANH", "2022-10-17 09:25")
	fill1(&f)
	return f
}

func fill1(f *Facts) {
	p := file(finding.Appendix, "Phu luc so lieu.xlsx",
		finding.Problem{Code: "N11", Severity: finding.Noted, Cell: "E11", Found: "01 cá nhân", Args: map[string]string{"bieu": "Biểu 1", "nhan": "Cấp tỉnh - Cá nhân", "so": "1"}},
		finding.Problem{Code: "N01", Severity: finding.Noted, Cell: "D29", Args: map[string]string{"bieu": "Biểu 3", "nhan": "Cấp tỉnh - Nhân rộng"}},
		finding.Problem{Code: "C08", Severity: finding.Recorded, Audience: finding.Internal, Cell: "D12"})
	p.Values = filled()
	f.mail("7K3M5-QXA2P", "2022-10-17 09:15",
		file(finding.Report, "Bao cao.docx"), file(finding.Report, "125-BC-HU.pdf"), p,
		file(finding.Model, "Mo hinh 1.docx"), file(finding.Model, "Mo hinh 2.docx"))
	// The signed copy is the same part as the Word file.
	f.Standing.Counted = append(f.Standing.Counted[:1], f.Standing.Counted[2:]...)
	if f.Standing.Counted[0].Part.Name != "Bao cao.docx" {
		f.Standing.Counted[0].Part = file(finding.Report, "Bao cao.docx")
	}
	if f.Standing.Counted[1].Kind != finding.Appendix {
		panic("fixture")
	}
	f.state(standing.Complete)
	f.Standing.Timeliness = standing.OnTime
	f.Deadline.DaysLeft = 3
}

// copied is a whole dossier of which the appendix waits for a person.
func copied() Facts {
	f := complete()
	held := file(finding.Appendix, "Phu luc so lieu.xlsx", finding.Problem{Code: "D02", Severity: finding.ForPerson, Args: map[string]string{"tep": "Phu luc so lieu.xlsx"}})
	held.Verdict, held.Values = finding.Held, filled()
	f.Mails[0].Parts[2] = held
	f.Standing.Counted[1].Part, f.Standing.Counted[1].Held = held, true
	f.state(standing.Fixing)
	f.Standing.Held = true
	return f
}

func partial() Facts {
	f := facts(peopleWork(), Receipt, "S-YT", "2022-10-17 14:50")
	f.Deadline.DaysLeft, f.FormFile, f.WriteUpFile = 3, "Phu luc so lieu - S-YT.xlsx", "Mau gioi thieu mo hinh.docx"
	f.mail("QX4TB-AAAAA", "2022-10-17 14:40", file(finding.Report, "BC DVK 2022.docx"))
	f.state(standing.Partial, "appendix", "model:1")
	return f
}

func cellProblem(code, table, cell, label, found string) finding.Problem {
	return finding.Problem{Code: code, Severity: finding.MustFix, Sheet: "Phụ lục số liệu", Cell: cell, Found: found,
		Args: map[string]string{"bieu": table, "o": cell, "nhan": label, "gia_tri": found}}
}

// exceeds is a rule of the form: it brings its own words.
func exceeds() finding.Problem {
	return finding.Problem{Code: "C04", Severity: finding.FixOrExplain, Sheet: "Phụ lục số liệu", Cell: "G20", Cells: []string{"G20", "D20"}, Args: map[string]string{"bieu": "Biểu 2"}, Words: map[string]string{
		"vi": "Biểu 2, dòng “Kinh tế”, Tập thể: số đã xây dựng (11) lớn hơn số đăng ký (9). Đề nghị kiểm tra; nếu có mô hình phát sinh ngoài đăng ký, ghi rõ ở cột Ghi chú.",
		"en": "Table 2, row “Kinh tế”, collective: the number built (11) is larger than the number registered (9). Please check it; if some models arose outside registration, please say so in the Notes column.",
	}}
}

func fourWrong() Facts {
	f := facts(peopleWork(), Corrections, "HU-MODUC", "2022-10-17 10:30")
	f.Deadline.DaysLeft = 3
	mismatch := finding.Problem{Code: "C03", Severity: finding.MustFix, Sheet: "Phụ lục số liệu", Cell: "E14", Words: map[string]string{
		"vi": "Số đăng ký của cá nhân chưa khớp: Biểu 1 (ô E14) là 14, Biểu 2 (ô E24) là 16, lệch 2. Đề nghị xem lại các ô E11 đến E13 và E20 đến E23.",
		"en": "The registered numbers of individuals do not match: Table 1 (cell E14) has 14, Table 2 (cell E24) has 16, a difference of 2. Please review cells E11 to E13 and E20 to E23.",
	}}
	f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Report, "Bao cao.docx"),
		file(finding.Appendix, "PL DVK Mo Duc.xlsx", exceeds(),
			cellProblem("N06", "Biểu 1", "D13", "Cấp cơ sở - Tập thể", "khoảng 30"),
			cellProblem("N10", "Biểu 2", "H21", "Văn hóa - xã hội - Đã xây dựng - Cá nhân", "03/05/2022"), mismatch),
		file(finding.Model, "Mo hinh 1.docx"), file(finding.Model, "Mo hinh 2.docx"))
	f.state(standing.Fixing)
	f.Standing.Timeliness = standing.OnTime
	return f
}

func twoFiles() Facts {
	f := facts(peopleWork(), Corrections, "HU-MODUC", "2022-10-17 10:30")
	f.Deadline.DaysLeft, f.FormFile = 3, "Phu luc so lieu - HU-MODUC.xlsx"
	f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Report, "BC.docx"),
		file(finding.Appendix, "PL.xlsx", finding.Problem{Code: "S02", Severity: finding.MustFix}),
		file(finding.Other, "MH.rar", finding.Problem{Code: "L02", Severity: finding.MustFix, Args: map[string]string{"kich_thuoc": "31 MB", "gioi_han": "20 MB"}}))
	f.state(standing.Partial, "appendix", "model:2")
	return f
}

// blankAndModel has a file to send again, a file to mend, and parts that never
// came.
func typedFigures() Facts {
	f := facts(peopleWork(), Corrections, "S-VHTTDL", "2022-10-17 10:30")
	f.Deadline.DaysLeft, f.FormFile = 3, "Phu luc so lieu - S-VHTTDL.xlsx"
	f.mail("TYPED-AAAAA", "2022-10-17 10:20", file(finding.Report, "Bao cao.docx"), file(finding.Appendix, "", finding.Problem{Code: "L03", Severity: finding.MustFix}))
	f.state(standing.Partial, "appendix", "model:1")
	return f
}

func blankAndModel() Facts {
	f := facts(peopleWork(), Corrections, "HU-NGHIAHANH", "2022-10-17 10:30")
	f.Deadline.DaysLeft, f.FormFile = 3, "Phu luc so lieu - HU-NGHIAHANH.xlsx"
	f.mail("M5RW2-AAAAA", "2022-10-17 10:20", file(finding.Appendix, "PL.xlsx", finding.Problem{Code: "S15", Severity: finding.MustFix}),
		file(finding.Model, "MH 1.docx", finding.Problem{Code: "M04", Severity: finding.MustFix, Args: map[string]string{"ten": "Bốn không"}}))
	f.state(standing.Partial, "report", "appendix", "model:1")
	return f
}

func reminder(code, now, text string) Facts {
	f := facts(peopleWork(), Remind, code, now)
	f.Step, f.Last = config.Step{Name: "T", Text: text}, text == "last"
	f.FormFile = "Phu luc so lieu - " + code + ".xlsx"
	f.Deadline.CorrectBy = at("2022-10-20")
	return f
}

func fixing() Facts {
	f := fourWrong()
	f.Kind, f.Mails, f.Now = Remind, nil, at("2022-10-17 07:30")
	f.Step = config.Step{Name: "T-3", Text: "state"}
	f.CorrectionsSent = at("2022-10-13 10:30")
	return f
}

// river is a letter of another committee to its unit STN-1.
func river(lang, kind string) Facts {
	c := rivers(lang)
	f := Facts{Kind: kind, Campaign: c, Unit: &c.Units[0], Now: time.Date(2031, 2, 10, 9, 0, 0, 0, c.Location)}
	f.Deadline = Deadline{At: c.Deadline.Before, DaysLeft: 5, CorrectBy: c.Deadline.Before}
	f.FormFile = "levels - STN-1.xlsx"
	f.Standing = &standing.Unit{State: standing.None, Missing: []string{"appendix", "model:3"}}
	if kind == Invite {
		return f
	}
	p := file(finding.Appendix, "levels.xlsx", finding.Problem{Code: "S05", Severity: finding.Noted, Args: map[string]string{"dinh_dang": ".ods"}})
	p.Verdict = finding.AcceptedWithNotes
	p.Values = map[string]any{"RIV_MAX": 1046.5}
	m := &finding.Verdict{ID: "RIVER-00001", Received: f.Now.Add(-time.Hour), From: "keeper@weir.example", Class: finding.ClassReport, Parts: []finding.Part{p}}
	f.Mails = []*finding.Verdict{m}
	f.Standing.Counted = []standing.Counted{{Kind: finding.Appendix, Arrival: m.ID, Received: m.Received, Version: 1, Part: p}}
	f.state(standing.Partial, "model:3")
	return f
}

func TestGolden(t *testing.T) {
	dir := filepath.Join("testdata", "golden")
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]bool{}
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			if names[g.name] {
				t.Fatal("two cases of this name")
			}
			names[g.name] = true
			l, err := Render(g.facts())
			if err != nil {
				t.Fatalf("%s: %v", g.state, err)
			}
			compare(t, filepath.Join(dir, g.name+".txt"), "Subject: "+l.Subject+"\nAuto-Submitted: "+l.AutoSubmitted+"\n\n"+l.Text)
			compare(t, filepath.Join(dir, g.name+".html"), l.HTML)
			sound(t, l)
		})
	}
	if len(golden) < 35 {
		t.Errorf("%d cases; a campaign has at least 35 states", len(golden))
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and review\n%s", path, got)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// sound is what holds for every letter, whatever it says.
func sound(t *testing.T, l Letter) {
	t.Helper()
	if n := len([]rune(l.Subject)); n > maxSubject {
		t.Errorf("the subject has %d characters: %s", n, l.Subject)
	}
	if strings.Contains(l.Subject, "…") {
		t.Errorf("the subject is cut: %s", l.Subject)
	}
	items := map[string]bool{}
	for _, line := range strings.Split(l.Text, "\n") {
		if n, item, ok := strings.Cut(line, ". "); ok && len(n) <= 2 && strings.Trim(n, "0123456789") == "" {
			if items[item] {
				t.Errorf("two items say the same: %s", item)
			}
			items[item] = true
		}
	}
	for _, bad := range []string{"{", "}", "<no value>", "%!", "%s", "  .", " .\n", ",,", "..", ". .", " ,", "()", "tô màu", ".ics"} {
		if strings.Contains(strings.ReplaceAll(l.Text, "…", ""), bad) {
			t.Errorf("the text contains %q:\n%s", bad, l.Text)
		}
	}
	for _, s := range strings.Split(l.Text, "\n") {
		if s != strings.TrimRight(s, " ") {
			t.Errorf("a line ends in a space: %q", s)
		}
	}
	// The page says what the text says, word for word, bullets and rules aside.
	squeeze := func(s string) string {
		return strings.NewReplacer(" ", "", "\n", "", "\t", "", "-", "", "•", "", ">", "", "&gt;", "", "█", "", "▓", "", "▒", "", "·", "").Replace(s)
	}
	if !strings.HasSuffix(squeeze(words(l.HTML)), squeeze(l.Text)) {
		t.Errorf("the page does not say what the text says:\n%s\n---\n%s", squeeze(words(l.HTML)), squeeze(l.Text))
	}
}

// words are those of a page, without its markup.
func words(page string) string {
	_, body, _ := strings.Cut(page, "<body")
	body = tag.ReplaceAllString("<body"+body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(body)), " ")
}

// On a telephone a number is called by touching it.
func TestNumbersCanBeDialled(t *testing.T) {
	for _, c := range []struct{ sentence, item, dial, number string }{
		{"a number with points", "Huyện ủy Ba Tơ, 0255.000.0055: chưa gửi", "02550000055", "0255.000.0055"},
		{"of another country, with spaces", "Mill Lock, +44 (0) 20 0000: nothing yet", "+440200000", "+44 (0) 20 0000"},
		{"none", "Huyện ủy Ba Tơ: chưa gửi", "", ""},
		{"a year is none", "Sở Y tế, năm 2022: chưa gửi", "", ""},
	} {
		l := head(c.item, 90)
		if got := l.Dial(); got != c.dial || got != "" && (l.Number() != c.number || l.Before()+l.Number()+": " != l.Head) {
			t.Errorf("%s: dials %q, shows %q after %q", c.sentence, got, l.Number(), l.Before())
		}
	}
}

// A bar is as long as what it stands for, and what there is of is seen.
func TestCharts(t *testing.T) {
	for _, c := range []struct {
		sentence string
		counts   []int
		want     []int
	}{
		{"in proportion", []int{50, 25, 25, 0}, []int{20, 10, 10, 0}},
		{"one of a thousand is seen", []int{1, 0, 0, 999}, []int{1, 0, 0, 39}},
		{"nothing is nothing", []int{0, 0, 0, 0}, []int{0, 0, 0, 0}},
		{"what is left over goes to the largest", []int{1, 1, 1, 0}, []int{14, 13, 13, 0}},
	} {
		if got := divide(c.counts, 40); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.sentence, got, c.want)
		}
	}
}

// No kind of decision is counted twice in the digest of a week.
func TestEachKindOfDecisionIsCountedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range decisions {
		if seen[x.kind] {
			t.Errorf("%s is listed twice", x.kind)
		}
		seen[x.kind] = true
	}
}

// Every mistake that a unit may be asked to mend has a short name in both
// languages, or words of the form that one can be made of.
func TestMistakesHaveNames(t *testing.T) {
	v, err := newView(busyWeek())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sentence string
		p        finding.Problem
		want     string
	}{
		{"a check of the program", finding.Problem{Code: "S03"}, "phụ lục chỉ có bản quét"},
		{"a rule of the form, without that unit's numbers", exceeds(), "số đã xây dựng lớn hơn số đăng ký"},
		{"a table and a year are every unit's", finding.Problem{Code: "Z9", Words: map[string]string{"vi": "Biểu 3: số được công nhận trong năm 2022 (32) lớn hơn số đã xây dựng ở Biểu 2 (18). Đề nghị kiểm tra."}},
			"số được công nhận trong năm 2022 lớn hơn số đã xây dựng ở Biểu 2"},
		{"so is the zero of a rule", finding.Problem{Code: "Z9", Words: map[string]string{"vi": "Phụ lục ghi 0 ở tất cả các ô. Nếu đúng, đề nghị ghi rõ."}}, "phụ lục ghi 0 ở tất cả các ô"},
		{"words full of numbers", finding.Problem{Code: "Z9", Words: map[string]string{"vi": "Ô D13 là 14: ô E14 là 15."}}, "mã Z9"},
		{"no words at all", finding.Problem{Code: "Z9"}, "nội dung này cần xem lại"},
	} {
		if got := v.errorName(c.p); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
	for code, name := range errorNames {
		if _, ok := catalogue[code]; !ok && code != "S08" {
			t.Errorf("%s has a name and no words", code)
		}
		if name.VI == "" || name.EN == "" || strings.ContainsAny(name.VI+name.EN, ".:;") {
			t.Errorf("%s: %q", code, name)
		}
	}
}

// stillOpen is a confirmation of the one point that a word can settle, while
// three more are to be mended in the file.
func stillOpen() Facts {
	f := fixing()
	f.Kind, f.Mails = Acknowledge, nil
	f.mail("6G37R-AAAAA", "2022-10-17 15:00")
	for _, c := range f.Standing.Counted {
		for i := range c.Part.Problems {
			if p := &c.Part.Problems[i]; p.Severity == finding.FixOrExplain {
				p.Explain = "phát sinh ngoài đăng ký"
			}
		}
	}
	m := f.Mails[len(f.Mails)-1]
	m.Class, m.Says = finding.ClassConfirmation, []finding.Saying{{Kind: finding.SaysRight, Items: []int{4}}}
	m.Points = []finding.Point{{Number: 4, Outcome: finding.PointExplained}}
	return f
}
