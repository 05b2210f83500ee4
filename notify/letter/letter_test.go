package letter

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// One sentence for one deadline, whatever the letter.
func TestDeadlineIsTrueAtEveryMoment(t *testing.T) {
	own := Deadline{At: at("2022-10-25"), Extended: true}
	for _, c := range []struct {
		sentence, now string
		d             Deadline
		vi, en        string
	}{
		{"weeks before", "2022-10-04 07:30", Deadline{}, "trước ngày 20/10/2022 (chậm nhất hết thứ Tư, ngày 19/10/2022)", "before 20 October 2022 (by the end of Wednesday, 19 October 2022)"},
		{"in the last minute", "2022-10-19 23:59", Deadline{}, "trước ngày 20/10/2022 (chậm nhất hết thứ Tư, ngày 19/10/2022)", "before 20 October 2022 (by the end of Wednesday, 19 October 2022)"},
		{"on the day of grace", "2022-10-20 00:00", Deadline{}, "trong hôm nay, ngày 20/10/2022", "today, 20 October 2022"},
		{"after it", "2022-10-21 00:00", Deadline{}, "trong thời gian sớm nhất", "as soon as possible"},
		{"with a date of the unit's own", "2022-10-18 08:00", own, "chậm nhất hết thứ Hai, ngày 24/10/2022 (thời hạn đã được Ban Dân vận Tỉnh ủy thống nhất)", "by the end of Monday, 24 October 2022 (a date agreed by the Provincial Commission for Mass Mobilisation)"},
		{"with a date of its own, on what would be the day of grace", "2022-10-20 08:00", own, "chậm nhất hết thứ Hai, ngày 24/10/2022 (thời hạn đã được Ban Dân vận Tỉnh ủy thống nhất)", "by the end of Monday, 24 October 2022 (a date agreed by the Provincial Commission for Mass Mobilisation)"},
		{"after a date of its own there is no grace", "2022-10-25 00:00", own, "trong thời gian sớm nhất", "as soon as possible"},
		{"with an hour", "2022-10-18 08:00", Deadline{At: at("2022-10-19 17:00"), Extended: true}, "chậm nhất 17 giờ 00 phút, thứ Tư, ngày 19/10/2022 (thời hạn đã được Ban Dân vận Tỉnh ủy thống nhất)", "by 17:00 on Wednesday, 19 October 2022 (a date agreed by the Provincial Commission for Mass Mobilisation)"},
	} {
		for lang, want := range map[string]string{"vi": c.vi, "en": c.en} {
			f := facts(peopleWork(), Invite, "S-YT", c.now)
			f.Lang, f.Deadline = lang, c.d
			v, err := newView(f)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Deadline(); got != want {
				t.Errorf("%s: %q, want %q", c.sentence, got, want)
			}
		}
	}
}

func TestCorrectionsAreNeverAskedForByAPastDate(t *testing.T) {
	for _, c := range []struct{ sentence, now, by, want string }{
		{"before", "2022-10-17 10:00", "2022-10-20", "chậm nhất hết thứ Tư, ngày 19/10/2022"},
		{"on the last afternoon there is one more day", "2022-10-19 16:00", "2022-10-21", "chậm nhất hết thứ Năm, ngày 20/10/2022"},
		{"a date that has gone by is not printed", "2022-10-21 10:00", "2022-10-20", "trong thời gian sớm nhất"},
		{"no date", "2022-10-21 10:00", "", "trong thời gian sớm nhất"},
	} {
		f := facts(peopleWork(), Invite, "S-YT", c.now)
		f.Deadline.CorrectBy = time.Time{}
		if c.by != "" {
			f.Deadline.CorrectBy = at(c.by)
		}
		v, err := newView(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Correct(); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		sentence, got, want string
	}{
		{"a count of one digit has two", count("vi", 3), "03"},
		{"none has two as well", count("vi", 0), "00"},
		{"ten has its own two", count("vi", 10), "10"},
		{"a thousand of them has a point", count("vi", 1046), "1.046"},
		{"English counts plainly", count("en", 3), "3"},
		{"a figure is written as it is", number("vi", 6), "6"},
		{"thousands have points", number("vi", 1234567), "1.234.567"},
		{"decimals have a comma", number("vi", 1046.5), "1.046,5"},
		{"and the other way round in English", number("en", 1046.5), "1,046.5"},
		{"a figure may be negative", number("vi", -1046), "-1.046"},
		{"shares have one decimal", percent("vi", 54.0/59), "91,5%"},
		{"and none when they are whole", percent("vi", 1), "100%"},
		{"in English with a point", percent("en", 54.0/59), "91.5%"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, c.got, c.want)
		}
	}
}

func TestSubjectsKeepTheirTokens(t *testing.T) {
	long := strings.Repeat("rất dài ", 20)
	got := withTokens([]string{"Đã nhận đủ " + long}, "[DVK-2022][HU-NGHIAHANH]")
	if n := len([]rune(got)); n > maxSubject {
		t.Errorf("%d characters", n)
	}
	if !strings.HasPrefix(got, "Đã nhận đủ rất dài") || !strings.HasSuffix(got, "… [DVK-2022][HU-NGHIAHANH]") {
		t.Error(got)
	}
	if got := withTokens([]string{strings.Repeat("dài ", 30), "Ngắn"}, "[DVK-2022]"); got != "Ngắn [DVK-2022]" {
		t.Error(got)
	}
}

// A mistake of ours is an error, not a letter that says something untrue.
func TestFactsThatContradictTheirKindAreRefused(t *testing.T) {
	for _, c := range []struct {
		sentence string
		facts    func() Facts
	}{
		{"no campaign", func() Facts { return Facts{Kind: Invite, Now: at("2022-10-04")} }},
		{"no time", func() Facts { return Facts{Kind: Invite, Campaign: peopleWork()} }},
		{"an unknown kind", func() Facts { return facts(peopleWork(), "postcard", "S-YT", "2022-10-04") }},
		{"an invitation to nobody", func() Facts { return facts(peopleWork(), Invite, "", "2022-10-04") }},
		{"a receipt of nothing", func() Facts { return facts(peopleWork(), Receipt, "S-YT", "2022-10-04") }},
		{"a receipt without a standing", func() Facts {
			f := partial()
			f.Standing = nil
			return f
		}},
		{"a reminder of nothing owed", func() Facts {
			f := facts(peopleWork(), Remind, "S-YT", "2022-10-17 07:30")
			f.state(standing.Complete)
			return f
		}},
		{"a digest without one", func() Facts { return facts(peopleWork(), DigestKind, "", "2022-10-17") }},
		{"an alarm without one", func() Facts { return facts(peopleWork(), AlarmKind, "", "2022-10-17") }},
		{"an extension without one", func() Facts {
			f := extension(Granted)
			f.Deadline.Extended = false
			return f
		}},
		{"an extension that has gone by", func() Facts {
			f := extension(Granted)
			f.Now = at("2022-10-26 08:00")
			return f
		}},
		{"nothing taken back", func() Facts {
			f := extension(TakenBack)
			f.Outcome.Was = time.Time{}
			return f
		}},
		{"a signed letter without a number", func() Facts {
			f := urging()
			f.Outcome.Ref = ""
			return f
		}},
		{"without its date", func() Facts {
			f := urging()
			f.Outcome.Date = time.Time{}
			return f
		}},
		{"without its file", func() Facts {
			f := urging()
			f.Outcome.File = ""
			return f
		}},
		{"about nothing that is missing", func() Facts {
			f := urging()
			f.state(standing.Complete)
			return f
		}},
		{"that asks by a day that has gone by", func() Facts {
			f := urging()
			f.Now = at("2022-10-28 08:00")
			return f
		}},
		{"an address registered that is none", func() Facts {
			f := wrote("S-NV", finding.ClassContactChange)
			f.Kind = Registered
			return f
		}},
		{"no outcome at all", func() Facts { return extension("") }},
		{"a new deadline that is none", func() Facts { return facts(peopleWork(), Resumed, "S-YT", "2022-10-17") }},
	} {
		if l, err := Render(c.facts()); err == nil {
			t.Errorf("%s: %q", c.sentence, l.Subject)
		}
	}
}

// Nobody learns from a letter what another unit sent, or who is registered.
func TestAStrangerIsToldNothingOfTheUnit(t *testing.T) {
	f := partial()
	f.Mails[0].Claimed = true
	f.count("ZZZZZ-AAAAA", "2022-10-11 08:00", file(finding.Appendix, "cua don vi.xlsx", cellProblem("N02", "Biểu 1", "D13", "", "nt")))
	f.Standing.Counted[1].Part.Values = filled()
	f.state(standing.Partial, "model:1")
	l, err := Render(f)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(l.Text, "cua don vi") || strings.Contains(l.Text, "59") {
		t.Errorf("the unit's own filing shows:\n%s", l.Text)
	}
	c, err := Render(notOwn())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(c.Text, "phong.kh") || !strings.Contains(c.Text, "p***@mail.example") {
		t.Errorf("the stranger's address shows:\n%s", c.Text)
	}
}

func TestProblemsForTheDeskStayThere(t *testing.T) {
	f := fourWrong()
	secret := finding.Problem{Code: "R04", Severity: finding.MustFix, Audience: finding.ToDesk, Args: map[string]string{"bc": "77", "pl": "78"}}
	f.Standing.Open = append(f.Standing.Open, secret)
	f.Standing.Counted[0].Part.Problems = append(f.Standing.Counted[0].Part.Problems, secret,
		finding.Problem{Code: "M03", Severity: finding.Noted, Audience: finding.ToDesk, Args: map[string]string{"ten": "BÍ MẬT"}})
	l, err := Render(f)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(l.Text, "77") || strings.Contains(l.Text, "BÍ MẬT") || !strings.Contains(l.Subject, "sửa 03") {
		t.Errorf("%s\n%s", l.Subject, l.Text)
	}
}

// Every string that a stranger can choose is hostile at once.
func TestForeignWordsStayWords(t *testing.T) {
	evil := "\u202egnp.</td><script>alert(1)</script>\r\n\r\n--\r\nSubject: x\r\n1. {{.}} ${o} \x00\x1b[31m\u2028"
	spoil := func(f Facts) Facts {
		for _, m := range f.Mails {
			m.From, m.FromName, m.Subject, m.Text, m.ID = evil+"@evil.example", evil, evil, evil, "7K3M5-QXA2P"
			for i := range m.Parts {
				m.Parts[i].Name, m.Parts[i].Title = evil, evil
				for j := range m.Parts[i].Problems {
					p := &m.Parts[i].Problems[j]
					p.Found, p.Args = evil, map[string]string{"tep": evil, "gia_tri": evil, "nhan": evil, "bieu": evil, "dv_mau": evil, "dv_gui": evil}
					p.Words = nil
				}
			}
		}
		if f.Standing != nil {
			for i := range f.Standing.Counted {
				f.Standing.Counted[i].Part.Name = evil
				for j := range f.Standing.Counted[i].Part.Problems {
					f.Standing.Counted[i].Part.Problems[j].Found = evil
				}
			}
			for i := range f.Standing.Open {
				p := &f.Standing.Open[i]
				p.Found, p.Sheet, p.Cell = evil, evil, evil
				p.Args, p.Words = map[string]string{"gia_tri": evil, "nhan": evil}, map[string]string{"vi": evil}
			}
		}
		if f.Digest != nil {
			for i := range f.Digest.Decisions {
				if m := f.Digest.Decisions[i].Mail; m != nil {
					m.From, m.Text, m.Reason = evil+"@evil.example", evil, evil
				}
				for j := range f.Digest.Decisions[i].Options {
					f.Digest.Decisions[i].Options[j].Text = evil
				}
			}
		}
		for _, m := range f.Mails {
			m.Says = slices.Clone(m.Says)
			for i := range m.Says {
				m.Says[i].Ref, m.Says[i].Address, m.Says[i].Quote = evil, evil, evil
			}
		}
		return f
	}
	for _, g := range golden {
		benign, err := Render(g.facts())
		if err != nil {
			t.Fatal(err)
		}
		l, err := Render(spoil(g.facts()))
		if err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		if strings.ContainsAny(l.Subject, "\r\n\x00\x1b\u202e\u2028") || strings.ContainsAny(l.Text, "\r\x00\x1b\u202e\u2028\t") {
			t.Errorf("%s: a control character came through", g.name)
		}
		if strings.Contains(l.HTML, "<script") || strings.Contains(l.HTML, "\u202e") {
			t.Errorf("%s: markup came through", g.name)
		}
		if a, b := strings.Count(benign.Text, "\n--\n"), strings.Count(l.Text, "\n--\n"); a != b {
			t.Errorf("%s: the foot begins %d times", g.name, b)
		}
		if a, b := strings.Count(benign.HTML, "</table>"), strings.Count(l.HTML, "</table>"); b > a+6 {
			t.Errorf("%s: %d tables instead of %d", g.name, b, a)
		}
		if n := len([]rune(l.Subject)); n > maxSubject {
			t.Errorf("%s: the subject has %d characters", g.name, n)
		}
	}
}

// Every kind can be written for another committee, in either language, and
// nothing of the first campaign shows.
func TestAnotherCommitteesLetters(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		for _, kind := range Kinds {
			f := river(lang, Receipt)
			f.Kind = kind
			f.Step = config.Step{Text: "state"}
			f.Mails[0].Class = finding.ClassQuestion
			switch kind {
			case AskUnit:
				f.Unit, f.Standing = nil, nil
			case Resumed:
				f.Deadline.Extended = true
			case Extended:
				f.Deadline.Extended, f.Outcome.Reason = true, Granted
			case Registered:
				f.Outcome.Address = "weir@new.example"
			case Escalate, Thanks:
				f.Outcome = Outcome{Ref: "13/RC", Date: f.Now, File: "13.pdf"}
			case DigestKind:
				f.Digest = &Digest{Rows: []Row{{Category: "stations", Total: 2, None: 2}}, LastFetch: f.Now, Interim: &Interim{Units: 1, Values: map[string]float64{"RIV_MAX": 4}, Owed: 6}}
			case AlarmKind:
				f.Alarm = &Alarm{What: AlarmMailbox, Since: f.Now}
			case Corrections:
				p := cellProblem("N02", "", "C4", "", "x")
				f.Standing.Open = []finding.Problem{p}
				f.Standing.Counted[0].Part.Problems = append(f.Standing.Counted[0].Part.Problems, p)
			}
			l, err := Render(f)
			if err != nil {
				t.Errorf("%s %s: %v", lang, kind, err)
				continue
			}
			sound(t, l)
			for _, word := range []string{"ân vận", "Tỉnh ủy", "DVK", "624", "2022", "mô hình", "Quảng Ngãi", "0255"} {
				if strings.Contains(l.Subject+l.HTML, word) {
					t.Errorf("%s %s: %q shows:\n%s", lang, kind, word, l.Text)
				}
			}
			english := strings.NewReplacer(`"ĐÃ GỬI"`, "", "XÁC NHẬN ĐÚNG", "", `"ĐÚNG"`, "", `"KHÔNG"`, "", "Hướng dẫn", "", "Phụ lục số liệu", "").Replace(l.Subject + l.Text)
			if lang == "en" && marked.MatchString(english) {
				t.Errorf("%s: Vietnamese in an English letter: %s", kind, english)
			}
		}
	}
}

func TestTheSameFactsGiveTheSameLetter(t *testing.T) {
	for _, g := range golden {
		a, errA := Render(g.facts())
		b, errB := Render(g.facts())
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: two letters", g.name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Kính gửi: A\n\n1. x - CHƯA CÓ\n- y: z\n# h\na\tb\n\n--\nfoot\n> c")
	f.Add("\t\n--\n--\n1. \n- \n")
	v := &view{c: peopleWork(), Lang: "vi"}
	f.Fuzz(func(t *testing.T, body string) {
		blocks := parse(body)
		text := plain(blocks)
		if strings.Contains(text, "\n\n\n") {
			t.Errorf("an empty line too many in %q", text)
		}
		if _, err := typeset(v, "s", blocks); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkRenderAndCompose(b *testing.B) {
	f := complete()
	h := envelope()
	form := []Attachment{{Name: "Phu luc so lieu - HU-NGHIAHANH.xlsx", Data: make([]byte, 30<<10)}}
	for b.Loop() {
		l, err := Render(f)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Compose(l, h, form); err != nil {
			b.Fatal(err)
		}
	}
}
