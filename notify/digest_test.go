package notify

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// twoInputs is a form of two numbers and a note.
var twoInputs = finding.Form{Inputs: []finding.Input{
	{Name: "DVK_B1_11_TT", Type: "whole"}, {Name: "DVK_B1_11_CN", Type: "whole"}, {Name: "DVK_B1_11_GC", Type: "text"},
}}

func TestInterim(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "HU-SONHA", "S-CA", "DU-CA", "S-YT", "BCSD-UBND")
	o.Form = twoInputs
	at := "17 16:00"
	if got := o.interim(o.situation(at)); got != nil {
		t.Errorf("before anything came: %+v", got)
	}
	o.filed("10 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	o.filed("10 09:01", "AAAAA-00002", "S-CA", "vanthu@congan.quangngai.example", append(dossier(), model("Mô hình ba"))...)
	o.filed("10 09:02", "AAAAA-00003", "HU-BATO", baTo, dossier(wrong)...)
	o.claimed("10 09:03", "AAAAA-00004", "HU-SONHA", clerk)
	draft := report("du thao.docx")
	draft.Problems = []finding.Problem{{Code: "R05", Severity: finding.Recorded, Audience: finding.ToDesk}}
	o.filed("10 09:04", "AAAAA-00005", "S-YT", "vanthu@syt.quangngai.example", draft)
	unit := "HU-BINHSON"
	o.arrival("11 09:00", finding.Verdict{ID: "AAAAA-00006", From: binhSon, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt,
		Says: []finding.Saying{{Kind: finding.SaysCorrection}}, Parts: []finding.Part{report("dinh chinh.docx")}})
	// HU-BINHSON, and S-CA for both members of its group, are in the sum; what
	// HU-BATO has to mend is not, and what is claimed stands apart.
	want := &letter.Interim{
		Units: 3, Values: map[string]float64{"DVK_B1_11_TT": 6, "DVK_B1_11_CN": 2},
		Claimed: 1, ClaimedValues: map[string]float64{"DVK_B1_11_TT": 3, "DVK_B1_11_CN": 1},
		Models: 8, Owed: 9, Open: 1,
	}
	got := o.interim(o.situation(at))
	// Who takes his figures back is in with the old ones, and named; so is
	// whoever owes the signed report.
	if len(got.Correcting) != 1 || got.Correcting[0].Code != "HU-BINHSON" || len(got.Provisional) != 1 || got.Provisional[0].Code != "S-YT" {
		t.Errorf("being corrected %v, provisional %v", got.Correcting, got.Provisional)
	}
	got.Correcting, got.Provisional = nil, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestDigestFacts(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "HU-SONHA", "S-CA", "DU-CA", "S-YT", "BCSD-UBND", "VP-TU").invited()
	o.owed("11 16:00", letter.DigestKind)
	o.deliver("11 16:00")
	o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	o.filed("12 09:01", "AAAAA-00002", "S-CA", "vanthu@congan.quangngai.example", dossier()...)
	o.filed("12 09:02", "AAAAA-00003", "HU-BATO", baTo, dossier(wrong)...)
	o.claimed("12 09:03", "AAAAA-00004", "HU-SONHA", clerk)
	o.arrival("12 09:04", finding.Verdict{ID: "AAAAA-00005", From: "x@mail.example", Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone,
		Candidates: []string{"HU-BATO"}, Parts: dossier()})
	o.arrival("12 09:05", finding.Verdict{ID: "AAAAA-00006", From: binhSon, Verdict: finding.IgnoredMail, Class: finding.ClassAutomatic, Reply: finding.ReplyNone})
	o.smtp.answers("vanthu@syt.quangngai.example", noSuch)
	o.filed("12 09:06", "AAAAA-00007", "S-YT", "vanthu@syt.quangngai.example", report("x.docx"))
	o.decide("12 10:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-BATO"}, Reason: "mưa lũ"})
	o.read("12 15:59")
	o.owed("12 15:59")
	o.deliver("12 15:59")
	d := o.digestFacts(o.situation("12 16:00"), ledger.Letter{Key: "digest/2022-10-12-1600"})

	if !d.Since.Equal(at(t, "11 16:00")) || !d.LastFetch.Equal(at(t, "12 15:59")) || !d.Unread.IsZero() {
		t.Errorf("since %v, read %v, unread %v", d.Since, d.LastFetch, d.Unread)
	}
	if want := (letter.News{Mails: 6, Completed: 4}); d.News != want {
		t.Errorf("news %+v, want %+v", d.News, want)
	}
	rows := map[string]letter.Row{}
	for _, r := range d.Rows {
		rows[r.Category] = r
	}
	if want := (letter.Row{Category: "huyen-thi-thanh-uy", Total: 3, Complete: 2, Fixing: 1}); rows[want.Category] != want {
		t.Errorf("districts %+v, want %+v", rows[want.Category], want)
	}
	if want := (letter.Row{Category: "so-ban-nganh", Total: 2, Complete: 1, Partial: 1}); rows[want.Category] != want {
		t.Errorf("departments %+v, want %+v", rows[want.Category], want)
	}
	if len(d.Shared) != 1 || d.Before != 0 {
		t.Errorf("%d shared dossiers complete, %d complete before; want 1, 0", len(d.Shared), d.Before)
	}
	var kinds []string
	for _, x := range d.Decisions {
		what := x.Kind
		if x.Unit != nil {
			what += " " + x.Unit.Code
		}
		kinds = append(kinds, what)
	}
	if want := []string{"held HU-BATO", "paused HU-BATO", "claimed HU-SONHA"}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("to decide %v, want %v", kinds, want)
	}
	var calls []string
	for _, x := range d.Calls {
		calls = append(calls, x.Unit.Code)
	}
	// Whom mail does not reach, whom it may not be sent to, who gave nothing,
	// and so on.
	if want := []string{"S-YT", "VP-TU", "BCSD-UBND", "HU-BATO"}; !reflect.DeepEqual(calls, want) {
		t.Errorf("to call %v, want %v", calls, want)
	}
	// Four of eight are complete, both members of a dossier among them.
	if d.CallTotal != 4 {
		t.Errorf("%d units to call, want 4", d.CallTotal)
	}
	if len(d.Undelivered) != 1 || d.Undelivered[0].Code != "S-YT" {
		t.Errorf("unreachable: %v", d.Undelivered)
	}
	if d.Next == nil || !d.Next.At.Equal(at(t, "17 07:30")) || d.Next.Text != "state" || d.Next.Letters != 0 {
		t.Errorf("next %+v", d.Next)
	}
}

func TestCallsAgreeWithTheTable(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "S-CA", "DU-CA").invited()
	d := o.digestFacts(o.situation("12 16:00"), ledger.Letter{})
	if d.CallTotal != 3 || len(d.Calls) != 2 {
		t.Errorf("%d units by %d calls, want 3 by 2: the two share one dossier", d.CallTotal, len(d.Calls))
	}
}

func TestStuckLetters(t *testing.T) {
	for _, x := range []struct {
		sentence, posted string
		outcome          string
		want             bool
	}{
		{"posted with the digest, it is on its way", "12 16:00", ledger.Waiting, false},
		{"half an hour is no trouble yet", "12 15:30", ledger.Waiting, false},
		{"longer is", "12 15:29", ledger.Waiting, true},
		{"trouble counts at once", "12 15:59", ledger.Trouble, true},
		{"what went out does not wait", "12 09:00", ledger.Accepted, false},
	} {
		l := &ledger.Letter{Posted: at(t, x.posted), Deliveries: []ledger.Delivery{{Outcome: x.outcome}}}
		if got := stuck(l, at(t, "12 16:00")); got != x.want {
			t.Errorf("%s: %t", x.sentence, got)
		}
	}
}

func TestADayWithoutNews(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "S-YT").invited()
	o.filed("10 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	o.owed("10 09:30")
	o.deliver("10 09:30")
	o.owed("10 16:00", letter.DigestKind)
	o.deliver("10 16:00")
	o.read("11 15:58")
	o.owed("11 16:00", letter.DigestKind)
	s := o.situation("11 16:00")
	for l := range s.letters() {
		if l.Kind != letter.DigestKind || l.Extra != "2022-10-11-1600" {
			continue
		}
		f, _, err := o.facts(s, *l)
		if err != nil {
			t.Fatal(err)
		}
		text, err := letter.Render(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := "01/02 đủ, không thay đổi từ 16:00 hôm qua.\nKhông có việc cần quyết định.\nHệ thống"; !strings.HasPrefix(text.Text, want) {
			t.Errorf("%s\nwant %s", text.Text, want)
		}
		return
	}
	t.Fatal("no digest")
}

// The fold knows what is wrong with a file that could not be read, and so does
// the mail that brought it: the unit is told once.
func TestAFileThatCannotBeReadIsNamedOnce(t *testing.T) {
	for _, x := range []struct {
		sentence, code, want string
	}{
		{"a blank form", "S15", "là mẫu trắng"},
		{"a damaged workbook", "S01", "không mở được"},
		{"an archive", "L02", "chưa mở được"},
		{"a workbook without the tables", "S10", "chưa thấy"},
	} {
		o := newOffice(t, "HU-BINHSON").invited()
		bad := finding.Part{Name: "PL.xlsx", Path: "PL.xlsx", SHA256: "bad", Kind: finding.Appendix, Verdict: finding.NeedsFix,
			Problems: []finding.Problem{{Code: x.code, Severity: finding.MustFix}}}
		o.filed("11 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, report("BC.docx"), bad)
		o.owed("11 09:30")
		s := o.situation("11 09:30")
		l := s.letter("corrections/AAAAA-00001")
		if l == nil {
			t.Errorf("%s: no letter", x.sentence)
			continue
		}
		f, _, err := o.facts(s, *l)
		if err != nil {
			t.Fatal(err)
		}
		text, err := letter.Render(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text.Text, x.want); n != 1 || strings.Contains(text.Text, "sửa ngay trên tệp") || strings.Contains(text.Subject, "sửa 0") {
			t.Errorf("%s: said %d times in %q\n%s", x.sentence, n, text.Subject, text.Text)
		}
	}
}

// However much there is to decide, a digest can be read and answered.
func TestOfManyDecisionsADigestListsSome(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
		o.Campaign.Language = lang
		for i := range mostDecisions + 4 {
			o.arrival("12 09:00", finding.Verdict{ID: fmt.Sprintf("AAAAA-%05d", i), From: fmt.Sprintf("x%d@mail.example", i), Verdict: finding.HeldMail, Reason: "unknown_sender", Class: finding.ClassReport,
				Reply: finding.ReplyNone, Parts: dossier()})
		}
		o.claimed("12 09:30", "BBBBB-00001", "HU-BATO", clerk)
		s := o.situation("12 16:00")
		d := o.digestFacts(s, ledger.Letter{Key: "digest/2022-10-12-1600"})
		if len(d.Decisions) != mostDecisions || d.Decisions[0].Kind != letter.ClaimedOne || d.MoreDecisions != 5 {
			t.Fatalf("%d decisions, the first about %s, and %d more", len(d.Decisions), d.Decisions[0].Kind, d.MoreDecisions)
		}
		_, text, err := o.Render(s, o.named(Owed{Key: "digest/2022-10-12-1600", Kind: letter.DigestKind, To: o.Campaign.Desk}))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{
			"vi": {"105 việc cần quyết định", "\n100. ", "Còn 05 việc nữa, sẽ nêu khi các việc trên đã xong; xem hết bằng lệnh \"dondoc held\"."},
			"en": {"105 ", "\n100. ", "5 more will be listed once these are settled; \"dondoc held\" shows all."},
		}[lang]
		for i, w := range want {
			where := text.Text
			if i == 0 {
				where = text.Subject
			}
			if !strings.Contains(where, w) {
				t.Errorf("%s: %q is not in\n%s", lang, w, where)
			}
		}
		if len(text.Choices) != mostDecisions {
			t.Errorf("%d numbers may be answered", len(text.Choices))
		}
	}
}
