package letter

import (
	"testing"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// What the committee decided, in every state that its letters can meet.
func init() {
	english := func(facts func() Facts) func() Facts {
		return func() Facts {
			f := facts()
			f.Lang = "en"
			return f
		}
	}
	granted := func() Facts { return extension(Granted) }
	decided := func() Facts { return extension(Decided) }
	declined := func() Facts { return extension(Declined) }
	back := func() Facts { return extension(TakenBack) }
	golden = append(golden, []struct {
		state string
		name  string
		facts func() Facts
	}{
		{"the later deadline that the unit asked for", "extended-granted", granted},
		{"and in English", "extended-granted-en", english(granted)},
		{"a later deadline that nobody asked for", "extended-decided", decided},
		{"and in English", "extended-decided-en", english(decided)},
		{"the same for a dossier that two units share", "extended-shared", func() Facts {
			f := facts(peopleWork(), Extended, "DU-CA", "2022-10-18 08:30")
			f.Deadline, f.Outcome.Reason = afterStorm().Deadline, Decided
			f.Standing.ExtendedBy = &standing.Decision{Kind: standing.Extend}
			return f
		}},
		{"a later deadline for a natural disaster, without a pause before", "extended-disaster", func() Facts {
			f := extension(Decided)
			f.Standing.ExtendedBy.Cause, f.FormFile = "thien-tai", "Phu luc so lieu - HU-LYSON.xlsx"
			return f
		}},
		{"the deadline stays, though a later one was asked for", "extended-declined", declined},
		{"and in English", "extended-declined-en", english(declined)},
		{"it stays, and is today's", "extended-declined-last-day", func() Facts {
			f := extension(Declined)
			f.Now, f.Deadline.DaysLeft = at("2022-10-19 09:00"), 1
			return f
		}},
		{"it stays, and has gone by", "extended-declined-late", func() Facts {
			f := extension(Declined)
			f.Now, f.Deadline.DaysLeft = at("2022-10-21 09:00"), 0
			return f
		}},
		{"it stays, for a unit that has cells to mend and nothing else", "extended-declined-fixing", func() Facts {
			f := fixing()
			f.Kind, f.Outcome.Reason, f.Now = Extended, Declined, at("2022-10-18 08:30")
			return f
		}},
		{"a later deadline is taken back before it came", "extended-taken-back", back},
		{"and in English", "extended-taken-back-en", english(back)},
		{"it is taken back after the general one has gone by", "extended-taken-back-late", func() Facts {
			f := extension(TakenBack)
			f.Now = at("2022-10-21 09:00")
			return f
		}},
		{"it is taken back, and an older extension holds again", "extended-taken-back-older", func() Facts {
			f := extension(TakenBack)
			f.Deadline, f.Outcome.Was = Deadline{At: at("2022-10-22"), Extended: true, DaysLeft: 4}, at("2022-10-25")
			return f
		}},
		{"the signed letter goes to the leaders of a district", "escalate", urging},
		{"and in English", "escalate-en", english(urging)},
		{"it goes to a shared dossier, which has sent nothing, and asks by no day", "escalate-shared", func() Facts {
			f := facts(peopleWork(), Escalate, "DU-CA", "2022-10-26 08:30")
			f.Group[0].LeaderSalutation = "Ban Thường vụ Đảng ủy Công an tỉnh"
			f.Outcome = Outcome{Ref: "661-CV/BDVTU", Date: at("2022-10-25"), File: "661-CV-BDVTU.pdf"}
			return f
		}},
		{"the digest names the letters to leaders that wait for approval", "digest-approval", waitingForApproval},
		{"and in English", "digest-approval-en", english(waitingForApproval)},
		{"so does the one of a day on which nothing happened", "digest-approval-quiet", func() Facts {
			f := waitingForApproval()
			f.Digest.Before, f.Digest.News, f.Digest.Decisions, f.Digest.Undelivered = 38, News{}, nil, nil
			return f
		}},
		{"an address is registered as the unit asked", "registered", newAddress},
		{"and in English", "registered-en", english(newAddress)},
		{"the report of all is issued, and a district is thanked", "thanks", thankful},
		{"and in English", "thanks-en", english(thankful)},
		{"so is a dossier that two units share", "thanks-shared", func() Facts {
			f := facts(peopleWork(), Thanks, "DU-CA", "2022-11-15 08:30")
			f.state(standing.Complete)
			f.Standing.Owes, f.Outcome = owes(2), thankful().Outcome
			return f
		}},
		{"and a unit whose name no subject holds, and which owed no models", "thanks-long-name", func() Facts {
			f := thankful()
			f.Unit.Code, f.Unit.Name = "S-VPHD", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh"
			f.Unit.ShortName, f.Unit.Salutation = "VP Đoàn ĐBQH và HĐND tỉnh", ""
			f.Standing.Owes = owes(0)
			return f
		}},
	}...)
}

func waitingForApproval() Facts {
	f := busyDay()
	f.Now, f.Digest.Since, f.Digest.LastFetch = at("2022-10-25 16:00"), at("2022-10-24 16:00"), at("2022-10-25 15:58")
	f.Digest.DaysLeft, f.Digest.Next, f.Digest.Escalations = nil, nil, 5
	return f
}

func newAddress() Facts {
	f := wrote("S-NV", finding.ClassContactChange)
	f.Kind, f.Outcome.Address = Registered, "vanthu.moi@snv.quangngai.example"
	return f
}

// urging is the letter with which the committee's own letter goes to leaders.
func urging() Facts {
	f := facts(peopleWork(), Escalate, "HU-SONTAY", "2022-10-25 14:30")
	f.Unit.LeaderSalutation = "Thường trực Huyện ủy Sơn Tây"
	f.count("AAAAA-BBBBB", "2022-10-20 09:00", file(finding.Report, "Bao cao.docx"))
	f.state(standing.Partial, "appendix", "model:2")
	f.FormFile = "Phu luc so lieu - HU-SONTAY.xlsx"
	f.Outcome = Outcome{Ref: "661-CV/BDVTU", Date: at("2022-10-25"), By: at("2022-10-28"), File: "661-CV-BDVTU.pdf"}
	return f
}

func thankful() Facts {
	f := facts(peopleWork(), Thanks, "HU-NGHIAHANH", "2022-11-15 08:30")
	f.state(standing.Complete)
	f.Standing.Owes = owes(2)
	f.Outcome = Outcome{Ref: "700-BC/BDVTU", Date: at("2022-11-14")}
	return f
}

// The approved letters of the same kinds.
func init() {
	approved = append(approved, []struct {
		name  string
		facts func() Facts
	}{
		{"7.2-outcome", func() Facts { return extension(Granted) }},
		{"11", urging},
		{"12", func() Facts {
			f := facts(peopleWork(), Thanks, "S-YT", "2022-11-15 08:30")
			f.state(standing.Complete)
			f.Standing.Owes, f.Outcome = owes(1), thankful().Outcome
			return f
		}},
	}...)
	leaders := "the leaders are called by their whole name; "
	argued = append(argued, []struct{ letter, line, why string }{
		{"11", `- Ban Dân vận Tỉnh ủy trân trọng gửi`, leaders},
		{"11", `+ Ban Dân vận Tỉnh ủy trân trọng gửi`, leaders},
		{"11", `- Nội dung chưa nhận được`, again + "; a part has one name in all letters"},
		{"11", `+ Nội dung chưa nhận được`, again + "; a part has one name in all letters"},
		{"11", `- Kính đề nghị Thường trực Huyện ủy`, leaders + sent},
		{"11", `+ Kính đề nghị Thường trực Huyện ủy Sơn Tây`, leaders + sent},
		{"12", `- Ban Dân vận Tỉnh ủy trân trọng cảm ơn`, "it names the parts by their names, and the report by its number and day"},
		{"12", `+ Ban Dân vận Tỉnh ủy trân trọng cảm ơn`, "it names the parts by their names, and the report by its number and day"},
	}...)
}

// extension is a letter about the deadline of an island in a storm.
func extension(outcome string) Facts {
	f := facts(peopleWork(), Extended, "HU-LYSON", "2022-10-18 08:30")
	f.Outcome.Reason = outcome
	switch outcome {
	case Declined, TakenBack:
		f.Deadline.DaysLeft, f.FormFile = 2, "Phu luc so lieu - HU-LYSON.xlsx"
		f.Outcome.Was = at("2022-10-25")
	default:
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true, DaysLeft: 5}
		f.Standing.ExtendedBy = &standing.Decision{Kind: standing.Extend}
	}
	return f
}

func TestAsksForMore(t *testing.T) {
	for _, c := range []struct {
		sentence string
		facts    Facts
		want     bool
	}{
		{"an extension that was asked for says no more than that", extension(Granted), false},
		{"nor one that was not", extension(Decided), false},
		{"a refusal says what is missing", extension(Declined), true},
		{"so does what takes one back", extension(TakenBack), true},
		{"and one after a disaster", func() Facts {
			f := extension(Granted)
			f.Standing.ExtendedBy.Cause = "thien-tai"
			return f
		}(), true},
	} {
		if got := AsksForMore(c.facts); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}
