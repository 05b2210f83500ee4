package intake

import (
	"fmt"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/message"
	"dondoc/intake/saying"
	"dondoc/schedule/standing"
)

// wrote is what the sender newly wrote, read and classed as the child does.
func wrote(text string) word {
	return func(q *question) {
		q.reading.Text, q.reading.Says = text, saying.Read("", text)
		q.reading.Class = message.ByWords(&message.Mail{Text: text})
	}
}

// heardOf is what the sender had said before in a mail that was acknowledged.
func heardOf(text string) word {
	return func(q *question) { q.known.Told = append(q.known.Told, saying.Read("", text)...) }
}

// corrections is a letter that lists an E as 1 and an X as 2.
func corrections(unit string) ledger.Letter {
	return ledger.Letter{Key: "corrections/EARLY-00000", Kind: "corrections", Unit: unit, Rendered: at("10-11 08:10"), Choices: []standing.Choice{
		{Number: 1, Arrival: "EARLY-00000", File: "pl.xlsx", Problem: &finding.Problem{Code: "C01", Severity: finding.MustFix, Cell: "D11"}},
		{Number: 2, Arrival: "EARLY-00000", File: "pl.xlsx", Problem: &finding.Problem{Code: "C04", Severity: finding.FixOrExplain, Cell: "G20"}},
	}}
}

func posted(l ledger.Letter) ledger.Letter {
	l.Posted = l.Rendered
	return l
}

func fewer(l ledger.Letter) ledger.Letter {
	l.Choices = l.Choices[:1]
	return l
}

func later(l ledger.Letter) ledger.Letter {
	l.Rendered = at("10-31 08:00")
	return l
}

func answers(l ledger.Letter) word {
	return func(q *question) { q.known.Threads = append(q.known.Threads, l) }
}
func remembered(l ledger.Letter) word {
	return func(q *question) { q.known.Numbered = append(q.known.Numbered, l) }
}

// early is a mail of the day before, of which we asked or told somebody.
func early(from string, change func(*finding.Verdict)) word {
	return func(q *question) {
		m := &finding.Verdict{ID: "EARLY-00000", From: from, Verdict: finding.Filed, Class: finding.ClassReport, Received: at("10-11 08:00"),
			Parts: []finding.Part{part(finding.Report, "bc.docx")}}
		change(m)
		q.known.Facts.Mails = append(q.known.Facts.Mails, m)
	}
}

func TestWhatWordsDo(t *testing.T) {
	a, private := from("vanthu@a.example"), from("ca.nhan@mail.example")
	strange := func(m *finding.Verdict) { u := "HU-A"; m.Unit, m.Claimed = &u, true }
	unknown := func(m *finding.Verdict) {
		m.Verdict, m.Reason, m.Reply = finding.HeldMail, "unknown_sender", finding.ReplyAskUnit
	}
	confirm := ledger.Letter{Key: "confirm/EARLY-00000", Unit: "HU-A", To: []string{"vanthu@a.example"}}
	account := ledger.Letter{Key: "receipt/EARLY-00000", Kind: "receipt", Unit: "HU-A", To: []string{"ca.nhan@mail.example"}, Answers: []string{"EARLY-00000"}}
	asked := ledger.Letter{Key: "ask_unit/EARLY-00000", To: []string{"ca.nhan@mail.example"}}
	body := func(units ...string) word {
		return func(q *question) {
			for _, u := range units {
				says("body", u)(q)
			}
		}
	}
	for _, c := range []struct {
		sentence string
		words    []word
		want     string
	}{
		{"a question is filed, and acknowledged", []word{a, wrote("Cấp cơ sở ghi thế nào?")}, "filed question question; asks; acknowledge"},
		{"the same again within the day is not", []word{a, wrote("Cấp cơ sở ghi thế nào?"), readAt("10-12 08:00"), heardOf("Cấp cơ sở ghi thế nào?")},
			"filed question question; asks; none acknowledged_within_a_day"},
		{"unless that day is one to come, by a clock that was wrong", []word{a, wrote("Cấp cơ sở ghi thế nào?"), readAt("10-31 08:00"), heardOf("Cấp cơ sở ghi thế nào?")},
			"filed question question; asks; acknowledge"},
		{"another question is", []word{a, wrote("Biểu 3 ghi năm nào?"), readAt("10-12 08:00"), heardOf("Cấp cơ sở ghi thế nào?")},
			"filed question question; asks; acknowledge"},
		{"a promise is filed with its day", []word{a, wrote("Huyện ủy sẽ gửi chiều mai.")}, "filed promised promise; will_send 2022-10-13; acknowledge"},
		{"a day that is over is none", []word{a, wrote("Sẽ gửi ngày 10/10/2022.")}, "filed promised promise; will_send; acknowledge"},
		{"what was sent another way is filed", []word{a, wrote("ĐÃ GỬI Báo cáo số 45-BC/HU qua trục liên thông hôm qua.")}, "filed said_sent statement; sent report 2022-10-11; acknowledge"},
		{"so is one from a private address in our thread", []word{private, wrote("ĐÃ GỬI"), thread("HU-A")}, "filed said_sent statement; sent; acknowledge"},
		{"a stranger who answers the account that he alone got of his own filing stays one", []word{private, wrote("ĐÃ GỬI"), says("subject", "HU-A"), answers(account), early("ca.nhan@mail.example", strange)},
			"held no_files statement; sent; none stranger_without_report"},
		{"until the desk has said that the filing is the unit's", []word{private, wrote("ĐÃ GỬI"), answers(account), early("ca.nhan@mail.example", strange),
			decided(standing.Decision{Kind: standing.Assign, Arrival: "EARLY-00000", Units: []string{"HU-A"}})}, "filed said_sent statement; sent; acknowledge"},
		{"more time is asked for: a person decides", []word{a, wrote("Xin lùi thời hạn đến 24/10 do mưa bão.")}, "held asks_for_time extension_request; needs_time 2022-10-24; acknowledge"},
		{"days more count from the deadline", []word{a, wrote("Xin lùi thời hạn thêm 5 ngày.")}, "held asks_for_time extension_request; needs_time 2022-10-24; acknowledge"},
		{"a new address waits for the desk", []word{a, wrote("Thay đổi địa chỉ email sang moi@a.example.")}, "held contact_change contact_change; contact moi@a.example; acknowledge"},
		{"a correction in words is filed", []word{a, wrote("Huyện ủy đính chính số liệu Biểu 2.")}, "filed corrects statement; correction; acknowledge"},
		{"thanks are filed", []word{a, wrote("Cảm ơn Ban.")}, "filed courtesy question; acknowledge"},
		{"a stranger's words do nothing", []word{private, wrote("ĐÃ GỬI"), says("subject", "HU-A")}, "held no_files statement; sent; none stranger_without_report"},

		{"an X is settled by a word", []word{a, wrote("XÁC NHẬN ĐÚNG 2, vì chuyển từ năm 2021"), answers(corrections("HU-A"))},
			"filed confirmed confirmation; right; 2 explained C04 (chuyển từ năm 2021); acknowledge"},
		{"also where the thread was lost", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), remembered(corrections("HU-A"))},
			"filed confirmed confirmation; right; 2 explained C04 (XÁC NHẬN ĐÚNG 2); acknowledge"},
		{"a letter that was written after the mail came is not meant", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), remembered(later(corrections("HU-A")))},
			"filed confirmed confirmation; right; 2 unknown; acknowledge"},
		{"unless it is quoted: a clock that was wrong dated it", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), answers(later(corrections("HU-A")))},
			"filed confirmed confirmation; right; 2 explained C04 (XÁC NHẬN ĐÚNG 2); acknowledge"},
		{"beside such a letter nobody knows which one an answer without a thread means", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), remembered(corrections("HU-A")), remembered(later(corrections("HU-A")))},
			"filed confirmed confirmation; right; 2 unknown; acknowledge"},
		{"a yes in its thread is one if it says what it is about", []word{a, wrote("Dạ đúng ạ."), answers(corrections("HU-A"))},
			"held confirms_what_must_be_fixed confirmation; yes; 1 must_fix C01 (Dạ đúng ạ.); 2 explained C04 (Dạ đúng ạ.); acknowledge"},
		{"OK is none", []word{a, wrote("OK"), answers(corrections("HU-A"))}, "filed confirmed confirmation; yes; acknowledge"},
		{"nor is a yes to another letter", []word{a, wrote("Đúng"), thread("HU-A"), remembered(corrections("HU-A"))}, "filed confirmed confirmation; yes; acknowledge"},
		{"another unit's letter has nothing to do with it", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), remembered(corrections("HU-B"))},
			"filed confirmed confirmation; right; 2 unknown; acknowledge"},
		{"an E is not: it goes to a person", []word{a, wrote("XÁC NHẬN ĐÚNG 1,2"), answers(corrections("HU-A"))},
			"held confirms_what_must_be_fixed confirmation; right; 1 must_fix C01 (XÁC NHẬN ĐÚNG 1,2); 2 explained C04 (XÁC NHẬN ĐÚNG 1,2); acknowledge"},
		{"a number that the letter does not have", []word{a, wrote("XÁC NHẬN ĐÚNG 7"), answers(corrections("HU-A"))}, "filed confirmed confirmation; right; 7 unknown; acknowledge"},
		{"without numbers all are meant", []word{a, wrote("XÁC NHẬN ĐÚNG"), answers(corrections("HU-A"))},
			"held confirms_what_must_be_fixed confirmation; right; 1 must_fix C01 (XÁC NHẬN ĐÚNG); 2 explained C04 (XÁC NHẬN ĐÚNG); acknowledge"},

		{"yes to the notice of a claim makes it the unit's own", []word{a, wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", strange)},
			"filed confirmed confirmation; yes; EARLY-00000 is HU-A; acknowledge"},
		{"and all that he sent before it, which the notice names as well", []word{a, wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", strange), early("ca.nhan@mail.example", func(m *finding.Verdict) {
			strange(m)
			m.ID, m.Received = "FIRST-00000", at("10-11 07:59")
		}), early("ca.nhan@mail.example", func(m *finding.Verdict) {
			strange(m)
			m.ID, m.Received = "LATER-00000", at("10-11 09:00")
		}), early("khac@mail.example", func(m *finding.Verdict) {
			strange(m)
			m.ID = "OTHER-00000"
		})}, "filed confirmed confirmation; yes; EARLY-00000 is HU-A; FIRST-00000 is HU-A; acknowledge"},
		{"what was denied before stays so", []word{a, wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", strange), early("ca.nhan@mail.example", func(m *finding.Verdict) {
			strange(m)
			m.ID, m.Received = "FIRST-00000", at("10-11 07:59")
		}), early("vanthu@a.example", func(m *finding.Verdict) {
			m.ID, m.Parts, m.Attests = "WORDS-00000", nil, []finding.Attestation{{Arrival: "FIRST-00000", Unit: "HU-A", Denied: true}}
		})}, "filed confirmed confirmation; yes; EARLY-00000 is HU-A; acknowledge"},
		{"yes is heard where the claim came with an answer to our question", []word{a, wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", unknown), early("ca.nhan@mail.example", func(m *finding.Verdict) {
			strange(m)
			m.ID, m.Parts, m.Attests = "NAMES-00000", nil, []finding.Attestation{{Arrival: "EARLY-00000", Unit: "HU-A", Claimed: true}}
		})}, "filed confirmed confirmation; yes; EARLY-00000 is HU-A; acknowledge"},
		{"no takes it away, and a person is told", []word{a, wrote("KHÔNG"), answers(confirm), early("ca.nhan@mail.example", strange)},
			"held denied_by_unit confirmation; no; EARLY-00000 is not HU-A; acknowledge"},
		{"a yes in a letter that came later in the thread is none to the notice", []word{a, wrote("ĐÚNG"), answers(confirm), answers(posted(corrections("HU-A"))), early("ca.nhan@mail.example", strange)},
			"held confirms_what_must_be_fixed confirmation; yes; 1 must_fix C01 (ĐÚNG); 2 explained C04 (ĐÚNG); acknowledge"},
		{"nor are numbers", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), answers(confirm), early("ca.nhan@mail.example", strange)},
			"filed confirmed confirmation; right; 2 unknown; acknowledge"},
		{"of two letters of corrections in a thread the newer is meant", []word{a, wrote("XÁC NHẬN ĐÚNG 2"), answers(fewer(corrections("HU-A"))), answers(posted(corrections("HU-A")))},
			"filed confirmed confirmation; right; 2 explained C04 (XÁC NHẬN ĐÚNG 2); acknowledge"},
		{"the stranger himself cannot say so", []word{private, wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", strange)},
			"filed confirmed confirmation; yes; acknowledge"},
		{"nor another unit", []word{from("vanthu@b.example"), wrote("ĐÚNG"), answers(confirm), early("ca.nhan@mail.example", strange)},
			"held contradiction confirmation; yes; acknowledge"},
		{"no to nothing in particular waits for a person", []word{a, wrote("KHÔNG")}, "held says_no confirmation; no; acknowledge"},

		{"who was asked names one unit: his mail is its claim", []word{private, wrote("Huyện ủy A"), body("HU-A"), answers(asked), early("ca.nhan@mail.example", unknown)},
			"filed named_its_unit confirmation; EARLY-00000 is claimed by HU-A; none receipt_follows"},
		{"two units are not one", []word{private, wrote("Huyện ủy A, Huyện ủy B"), body("HU-A", "HU-B"), answers(asked), early("ca.nhan@mail.example", unknown)},
			"held weak_sign question; none stranger_without_report"},
		{"a name in doubt is none", []word{private, wrote("Sơn"), body("HU-A?"), answers(asked), early("ca.nhan@mail.example", unknown)},
			"held ambiguous_name question; none stranger_without_report"},
		{"our own words with their example are no answer", []word{private, wrote("Huyện ủy A. Không phải gửi lại tệp."), body("HU-A"), answers(asked), early("ca.nhan@mail.example", unknown)},
			"held weak_sign question; none stranger_without_report"},
		{"somebody else answers", []word{from("khac@mail.example"), wrote("Huyện ủy A"), body("HU-A"), answers(asked), early("ca.nhan@mail.example", unknown)},
			"held weak_sign question; none stranger_without_report"},
		{"the mail itself speaks against it", []word{private, wrote("Huyện ủy A"), body("HU-A"), answers(asked), early("ca.nhan@mail.example", func(m *finding.Verdict) {
			unknown(m)
			m.Evidence = []finding.Evidence{{Kind: "form", Unit: "HU-B"}}
		})}, "held weak_sign question; none stranger_without_report"},
		{"the desk has decided before", []word{private, wrote("Huyện ủy A"), body("HU-A"), answers(asked), early("ca.nhan@mail.example", unknown),
			decided(standing.Decision{Kind: standing.Assign, Arrival: "EARLY-00000", Units: []string{"HU-B"}})}, "held weak_sign question; none stranger_without_report"},

		{"words beside files are heard too", []word{a, report(), wrote("Phụ lục sẽ gửi ngày 18/10.")}, "filed sender report; will_send appendix 2022-10-18; receipt"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			q := ask(c.words...)
			v := Decide(roster(), q.arrival, q.reading, q.known, q.now)
			if got := deeds(v); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			complete(t, v)
		})
	}
}

// deeds puts what the words of a mail do into one line.
func deeds(v *finding.Verdict) string {
	out := []string{v.Verdict + " " + v.Reason + " " + v.Class}
	for _, s := range v.Says {
		out = append(out, strings.Join(strings.Fields(s.Kind+" "+strings.Join(s.Parts, "+")+" "+s.Day+" "+s.Address), " "))
	}
	for _, p := range v.Points {
		t := fmt.Sprint(p.Number, " ", p.Outcome)
		if p.Problem != nil {
			t += " " + p.Problem.Code + " (" + p.Reason + ")"
		}
		out = append(out, t)
	}
	for _, a := range v.Attests {
		how := " is "
		switch {
		case a.Denied:
			how = " is not "
		case a.Claimed:
			how = " is claimed by "
		}
		out = append(out, a.Arrival+how+a.Unit)
	}
	reply := v.Reply
	if v.Reply == finding.ReplyNone {
		reply += " " + v.ReplyReason
	}
	return strings.Join(append(out, reply), "; ")
}
