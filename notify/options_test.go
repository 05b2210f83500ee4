package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// ways is one decision of a digest as its reader sees it, and what each way
// would record.
func ways(d letter.Decision) string {
	var all []string
	for _, o := range d.Options {
		var does []string
		for _, x := range o.Decisions {
			word := x.Kind
			for _, s := range []string{strings.Join(x.Units, "+"), x.Part, x.Address, x.Ref} {
				if s != "" {
					word += " " + s
				}
			}
			if !x.Until.IsZero() {
				word += x.Until.Add(-1).In(zone).Format(" 02/01")
			}
			does = append(does, word)
		}
		all = append(all, fmt.Sprintf("%s: %s {%s}", o.Letter, o.Text, strings.Join(does, ", ")))
	}
	return strings.Join(append(all, d.Commands...), "; ")
}

func TestTheWaysToSettleADecision(t *testing.T) {
	const stranger = "ai.do@mail.example"
	words := func(class string, says ...finding.Saying) func(*office) {
		return func(o *office) {
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: &unit, Candidates: []string{unit}, Verdict: finding.HeldMail, Class: class, Reply: finding.ReplyNone, Says: says})
		}
	}
	from := func(sender, reason, class string, says ...finding.Saying) func(*office) {
		return func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: sender, Candidates: []string{"HU-BINHSON"}, Verdict: finding.HeldMail, Reason: reason, Class: class, Reply: finding.ReplyNone, Says: says})
		}
	}
	held := func(reason, from string, candidates []string, parts ...finding.Part) func(*office) {
		return func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: from, Verdict: finding.HeldMail, Reason: reason, Class: finding.ClassReport, Reply: finding.ReplyNone, Candidates: candidates, Parts: parts})
		}
	}
	whose := func(p finding.Part, unit string) finding.Part { p.Unit = unit; return p }
	copied := finding.Problem{Code: "D02", Severity: finding.ForPerson}
	internal := finding.Problem{Code: "R05", Severity: finding.ForPerson, Audience: finding.ToDesk}
	looked := func(p finding.Part, q finding.Problem) finding.Part {
		p.Problems, p.Verdict = []finding.Problem{q}, finding.Held
		return p
	}
	for _, x := range []struct {
		sentence string
		story    func(*office)
		want     string
	}{
		{"one of two units", held("relay", "vanthu@vptu.quangngai.example", []string{"HU-BINHSON", "HU-BATO"}, report("BC.docx")),
			"A: Huyện ủy Bình Sơn {assign HU-BINHSON}; B: Huyện ủy Ba Tơ {assign HU-BATO}; C: để tôi gọi hỏi {}"},
		{"files of two units", held("two_units", "vanthu@vptu.quangngai.example", []string{"HU-BINHSON", "HU-BATO"}, whose(report("a.docx"), "HU-BINHSON"), whose(report("b.docx"), "HU-BATO")),
			"A: mỗi tệp ghi cho đơn vị của nó (Huyện ủy Bình Sơn, Huyện ủy Ba Tơ) {assign HU-BINHSON+HU-BATO}; B: Huyện ủy Bình Sơn {assign HU-BINHSON}; C: Huyện ủy Ba Tơ {assign HU-BATO}; D: để tôi gọi hỏi {}"},
		{"nobody knows whose", held("unknown_sender", stranger, nil, report("BC.docx")),
			"A: gác lại, không tính {reject}; B: để tôi gọi hỏi {}; dondoc held assign AAAAA MÃ-ĐƠN-VỊ"},
		{"a bounce without proof", held("bounce_not_of_a_letter_of_ours", stranger, nil, finding.Part{Kind: finding.Other, Name: "x"}), "A: đã xem, bỏ qua {done}; B: để tôi gọi hỏi {}"},
		{"classified content", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Verdict: finding.Quarantined, Reason: "classified_content", Class: finding.ClassUnreadable, Reply: finding.ReplyNone, Parts: []finding.Part{report("BC.docx")}})
		}, "A: đã xử lý theo quy định riêng {done}"},
		{"more time, with the day", words(finding.ClassExtension, finding.Saying{Kind: finding.SaysNeedsTime, Day: "2022-10-25"}),
			"A: đồng ý, đến 25/10 {extend HU-BINHSON 25/10}; B: không {refuse HU-BINHSON}"},
		{"more time, until a day before the deadline: some days are offered", words(finding.ClassExtension, finding.Saying{Kind: finding.SaysNeedsTime, Day: "2022-10-14"}),
			"A: đồng ý, đến 24/10 {extend HU-BINHSON 24/10}; B: không {refuse HU-BINHSON}"},
		{"another address", words(finding.ClassContactChange, finding.Saying{Kind: finding.SaysContact}, finding.Saying{Kind: finding.SaysContact, Address: "moi@hubinhson.example"}),
			"A: đồng ý, dùng moi@hubinhson.example {alias HU-BINHSON moi@hubinhson.example, done}; B: không {done}"},
		{"an address that nobody should paste anywhere", words(finding.ClassContactChange, finding.Saying{Kind: finding.SaysContact, Address: "a;rm@evil.example"}),
			"A: đã xem {done}; dondoc alias HU-BINHSON ĐỊA-CHỈ"},
		{"another address, named by a stranger", from(stranger, "no_files", finding.ClassContactChange, finding.Saying{Kind: finding.SaysContact, Address: stranger}),
			"A: đã xem {done}; B: để tôi gọi hỏi {}; dondoc alias HU-BINHSON ĐỊA-CHỈ"},
		{"another address, in a forged mail", from(binhSon, letter.ReasonForged, finding.ClassContactChange, finding.Saying{Kind: finding.SaysContact, Address: stranger}),
			"A: đã xem {done}; B: để tôi gọi hỏi {}"},
		{"more time, asked for by a stranger: the unit is refused nothing", from(stranger, "no_files", finding.ClassExtension, finding.Saying{Kind: finding.SaysNeedsTime, Day: "2022-10-25"}),
			"A: đồng ý, đến 25/10 {extend HU-BINHSON 25/10}; B: không {done}"},
		{"a question", words(finding.ClassQuestion), "A: đã trả lời {done}; B: để tôi gọi hỏi {}"},
		{"a promise", words(finding.ClassPromise, finding.Saying{Kind: finding.SaysWillSend, Day: "2022-10-18"}), "A: ghi hẹn gửi 18/10 {note HU-BINHSON 17/10, done}; B: đã xem {done}"},
		{"sent by another channel", func(o *office) {
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyNone,
				Text: "ĐÃ GỬI báo cáo số 45/BC-HU ngày 10/10", Says: []finding.Saying{{Kind: finding.SaysSent, Ref: "45/BC-HU", Day: "2022-10-10"}}})
		}, "A: đã nhận báo cáo số 45/BC-HU {received HU-BINHSON report 45/BC-HU}; B: đã nhận báo cáo, phụ lục số liệu, 02 mô hình số 45/BC-HU {received HU-BINHSON report 45/BC-HU, received HU-BINHSON appendix 45/BC-HU, received HU-BINHSON model 45/BC-HU}; C: chưa thấy {done}"},
		{"the same file as another's", func(o *office) {
			o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, looked(report("BC.docx"), copied))
		}, "A: chấp nhận {assign HU-BINHSON}; B: đề nghị sửa {return HU-BINHSON}"},
		{"what a unit is never told of cannot be given back to it", func(o *office) {
			o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, looked(report("BC.docx"), internal))
		}, "A: chấp nhận {assign HU-BINHSON}; B: gác thư lại, không tính {reject}"},
		{"in another's name, what the unit has not sent itself: nothing old is there to be kept", func(o *office) {
			o.filed("12 08:00", "AAAAA-00001", "HU-BINHSON", binhSon, appendix("PL.xlsx"))
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: "BBBBB-00002", From: clerk, Unit: &unit, Claimed: true, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt,
				Parts: []finding.Part{report("BC.docx")}})
		}, "A: công nhận {assign HU-BINHSON}; B: không tính {reject}; C: công nhận, và thêm " + clerk + " làm địa chỉ của đơn vị {assign HU-BINHSON, alias HU-BINHSON " + clerk + "}"},
		{"in another's name", func(o *office) { o.claimed("12 09:00", "AAAAA-00001", "HU-BINHSON", clerk) },
			"A: công nhận {assign HU-BINHSON}; B: không tính {reject}; C: công nhận, và thêm " + clerk + " làm địa chỉ của đơn vị {assign HU-BINHSON, alias HU-BINHSON " + clerk + "}"},
		{"paused after a storm", func(o *office) {
			o.decide("12 09:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-BINHSON"}, Cause: "thien-tai"})
		}, "A: lùi hạn đến 24/10 {extend HU-BINHSON 24/10, resume HU-BINHSON}; B: dừng nhắc đến hết 18/10 {pause HU-BINHSON 18/10}; C: mở lại {resume HU-BINHSON}"},
		{"nothing to report", func(o *office) {
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: &unit, Candidates: []string{unit}, Verdict: finding.HeldMail, Reason: "nothing_to_report", Class: finding.ClassReport, Reply: finding.ReplyNone, Parts: []finding.Part{report("BC.docx")}})
		}, "A: ghi số 0 {assign HU-BINHSON, received HU-BINHSON appendix AAAAA, exempt HU-BINHSON model}; B: miễn phụ lục {assign HU-BINHSON, exempt HU-BINHSON appendix, exempt HU-BINHSON model}; C: để tôi gọi hỏi {}"},
	} {
		o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
		o.Form = twoInputs
		x.story(o)
		pending, _ := o.pending(o.situation("13 16:00"))
		if len(pending) != 1 {
			t.Errorf("%s: %d decisions", x.sentence, len(pending))
			continue
		}
		if got := ways(pending[0]); got != x.want {
			t.Errorf("%s:\n%s, want\n%s", x.sentence, got, x.want)
		}
		// Whichever way is taken, but for a call, the matter is settled by it.
		for _, way := range pending[0].Options {
			s := o.situation("13 16:00")
			for i, d := range way.Decisions {
				d.ID, d.At = fmt.Sprint("w", i), at(t, "13 16:00")
				s.Facts.Decisions = append(s.Facts.Decisions[:len(s.Facts.Decisions):len(s.Facts.Decisions)], d)
			}
			s.Table = standing.Fold(o.Campaign, s.Facts, s.Now)
			for _, left := range standing.Pending(o.Campaign, s.Facts, s.Table) {
				if len(way.Decisions) > 0 && left.Key() == pending[0].Matter {
					t.Errorf("%s: %s leaves it open", x.sentence, way.Text)
				}
			}
		}
	}
}

var zone = time.FixedZone("+07", 7*3600)
