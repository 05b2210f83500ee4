package notify

import (
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// asks is a mail in which the unit asks for a later deadline.
func (o *office) asks(when, id, unit, from string) {
	o.t.Helper()
	o.arrival(when, finding.Verdict{ID: id, From: from, Unit: &unit, Candidates: []string{unit}, Verdict: finding.HeldMail, Reason: "no_files", Class: finding.ClassExtension,
		Reply: finding.ReplyAcknowledge, Text: "Do mưa bão, kính đề nghị lùi thời hạn."})
}

// TestTheOutcomeOfAnExtension: each row is a story that ends with what is owed
// about the deadline at one moment, and what the letter says.
func TestTheOutcomeOfAnExtension(t *testing.T) {
	const unit, key = "HU-BINHSON", "extended/HU-BINHSON/"
	extend := func(o *office, when, id, until string) {
		o.decide(when, standing.Decision{ID: id, Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, until+" 00:00")})
	}
	undo := func(o *office, when, id, what string) {
		o.decide(when, standing.Decision{ID: id, Kind: standing.Undo, Undoes: what})
	}
	// sent carries what is owed about deadlines at when.
	sent := func(o *office, when string) {
		o.read(when)
		o.owed(when, letter.Extended)
		o.deliver(when)
	}
	for _, c := range []struct {
		sentence string
		story    func(*office)
		when     string
		want     string // keys
		reason   string
		says     string
	}{
		{"who asked is told at once, on a Saturday too", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			extend(o, "15 20:00", "Q1", "25")
		}, "15 20:01", key + "Q1", "asked_for", "Theo đề nghị của Huyện ủy Bình Sơn, Ban Dân vận Tỉnh ủy thống nhất lùi thời hạn gửi báo cáo đến hết thứ Hai, ngày 24/10/2022."},
		{"what the unit's own words say counts as well as the class of its mail", func(o *office) {
			unit := unit
			o.arrival("14 16:00", finding.Verdict{ID: "LYS2N-AAAAA", From: binhSon, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyNone,
				Says: []finding.Saying{{Kind: finding.SaysNeedsTime, Day: "2022-10-24"}}})
			extend(o, "15 20:00", "Q1", "25")
		}, "15 20:01", key + "Q1", "asked_for", "Theo đề nghị của"},
		{"a request that was set aside once it was settled was one all the same", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			extend(o, "15 20:00", "Q1", "25")
			o.decide("15 20:00", standing.Decision{Kind: standing.Reject, Arrival: "LYS2N-AAAAA"})
		}, "15 20:01", key + "Q1", "asked_for", "Theo đề nghị của"},
		{"what the committee did by itself waits for the next working day", func(o *office) { extend(o, "15 20:00", "Q1", "25") }, "15 20:01", "", "", ""},
		{"and then says so, naming nobody's request", func(o *office) { extend(o, "15 20:00", "Q1", "25") }, "17 07:31", key + "Q1", "decided", "thời hạn gửi báo cáo theo Công văn số 624-CV/BDVTU ngày 03/10/2022 của Huyện ủy Bình Sơn được lùi đến hết thứ Hai"},
		{"a stranger's request in the unit's name is not the unit's", func(o *office) {
			unit := unit
			o.arrival("14 16:00", finding.Verdict{ID: "LYS2N-AAAAA", From: clerk, Unit: &unit, Claimed: true, Verdict: finding.Filed, Class: finding.ClassExtension, Reply: finding.ReplyNone})
			extend(o, "15 20:00", "Q1", "25")
		}, "17 07:31", key + "Q1", "decided", "được lùi đến"},
		{"of two extensions before the first letter only the last is told", func(o *office) {
			extend(o, "13 09:00", "Q1", "25")
			extend(o, "13 10:00", "Q2", "26")
		}, "13 10:01", key + "Q2", "decided", "hết thứ Ba, ngày 25/10/2022"},
		{"an extension undone in time is none", func(o *office) {
			extend(o, "13 09:00", "Q1", "25")
			undo(o, "13 09:30", "Q2", "Q1")
		}, "13 10:01", "", "", ""},
		{"one undone after the letter is taken back, with the deadline that holds", func(o *office) {
			extend(o, "13 09:00", "Q1", "25")
			sent(o, "13 09:01")
			undo(o, "14 09:30", "Q2", "Q1")
		}, "14 09:31", key + "Q2", "taken_back", "đã thông báo trước đây (hết thứ Hai, ngày 24/10/2022) không còn áp dụng; đề nghị gửi trước ngày 20/10/2022 (chậm nhất hết thứ Tư, ngày 19/10/2022)"},
		{"but not on the day of the first letter", func(o *office) {
			extend(o, "13 09:00", "Q1", "25")
			sent(o, "13 09:01")
			undo(o, "13 09:30", "Q2", "Q1")
		}, "13 09:31", "", "", ""},
		{"undone and brought back between two letters, nothing has changed", func(o *office) {
			extend(o, "13 09:00", "Q1", "25")
			sent(o, "13 09:01")
			undo(o, "13 09:30", "Q2", "Q1")
			undo(o, "13 09:40", "Q3", "Q2")
		}, "14 09:31", "", "", ""},
		{"the older extension holds again once the newer is undone", func(o *office) {
			extend(o, "12 09:00", "Q1", "25")
			sent(o, "12 09:01")
			extend(o, "13 09:00", "Q2", "27")
			sent(o, "13 09:01")
			undo(o, "14 09:00", "Q3", "Q2")
		}, "14 09:01", key + "Q3", "taken_back", "đề nghị gửi chậm nhất hết thứ Hai, ngày 24/10/2022 (thời hạn đã được Ban Dân vận Tỉnh ủy thống nhất)"},
		{"a second request is answered too, on the same day", func(o *office) {
			o.asks("12 08:00", "LYS2N-AAAAA", unit, binhSon)
			extend(o, "12 09:00", "Q1", "25")
			sent(o, "12 09:01")
			o.asks("12 14:00", "LYS2N-BBBBB", unit, binhSon)
			extend(o, "12 15:00", "Q2", "26")
		}, "12 15:01", key + "Q2", "asked_for", "hết thứ Ba, ngày 25/10/2022"},
		{"a unit that has given everything is told nothing", func(o *office) {
			o.answered("12 09:00", "AAAAA-00001", dossier()...)
			extend(o, "13 09:00", "Q1", "25")
		}, "13 09:01", "", "", ""},
		{"not while a mail of it is being answered", func(o *office) {
			o.filed("13 08:55", "AAAAA-00001", unit, binhSon, report("x.docx"))
			extend(o, "13 09:00", "Q1", "25")
		}, "13 09:01", "", "", ""},
		{"a natural disaster without a pause is told in its own words, and no request named", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			o.decide("15 20:00", standing.Decision{ID: "Q1", Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "25 00:00"), Cause: "thien-tai"})
		}, "15 20:01", key + "Q1", "asked_for", "chia sẻ với những khó khăn của địa phương do ảnh hưởng của thiên tai. Thời hạn gửi báo cáo theo Công văn số 624-CV/BDVTU ngày 03/10/2022 của Huyện ủy Bình Sơn được lùi đến hết thứ Hai, ngày 24/10/2022."},
		{"which is called by its name where the desk gave no more than that", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			o.decide("15 20:00", standing.Decision{ID: "Q1", Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "25 00:00"), Cause: "thien-tai", Reason: "bão số 5"})
		}, "15 20:01", key + "Q1", "asked_for", "do ảnh hưởng của bão số 5. Thời hạn"},
		{"with a pause it is told when reminders go on", func(o *office) {
			o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{unit}})
			o.decide("17 08:00", standing.Decision{ID: "Q1", Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "25 00:00"), Cause: "thien-tai"})
		}, "17 08:01", "", "", ""},
		{"and then by the letter that says so", func(o *office) {
			o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{unit}})
			o.decide("17 08:00", standing.Decision{ID: "Q1", Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "25 00:00"), Cause: "thien-tai"})
			o.decide("17 08:01", standing.Decision{Kind: standing.Resume, Units: []string{unit}})
			o.read("17 08:02")
			o.owed("17 08:02", letter.Resumed)
			o.deliver("17 08:02")
		}, "18 08:01", "", "", ""},
		{"a request that is refused is answered at once, with what is missing", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			o.owed("14 16:15")
			o.deliver("14 16:15")
			o.decide("15 20:00", standing.Decision{ID: "Q1", Kind: standing.Refuse, Units: []string{unit}, Arrival: "LYS2N-AAAAA"})
		}, "15 20:01", key + "Q1", "refused", "chưa thể lùi thời hạn; đề nghị gửi trước ngày 20/10/2022 (chậm nhất hết thứ Tư, ngày 19/10/2022). Rất mong quý địa phương thông cảm.\n\nNội dung còn thiếu: báo cáo; phụ lục số liệu; giới thiệu 02 mô hình. Phần nào xong trước"},
		{"a refusal undone in time is none", func(o *office) {
			o.asks("14 16:00", "LYS2N-AAAAA", unit, binhSon)
			o.decide("15 20:00", standing.Decision{ID: "Q1", Kind: standing.Refuse, Units: []string{unit}, Arrival: "LYS2N-AAAAA"})
			undo(o, "15 20:00", "Q2", "Q1")
		}, "15 20:01", "", "", ""},
		{"nothing unasked-for goes out once the campaign has closed", func(o *office) { extend(o, "2022-11-04 09:00", "Q1", "2022-11-20") }, "2022-11-07 09:00", "", "", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, unit, "HU-BATO").invited()
			c.story(o)
			o.read(c.when)
			got := o.owed(c.when, letter.Extended)
			if got != c.want {
				t.Fatalf("owed %q, want %q", got, c.want)
			}
			if c.want == "" {
				return
			}
			o.smtp.forget()
			o.deliver(c.when)
			if why := o.outcomes(c.want); why != binhSon+"=accepted" {
				t.Fatalf("%s: %s", c.want, why)
			}
			l := o.letters()[c.want]
			if text := strings.ReplaceAll(golden(t, o.smtp.sent[len(o.smtp.sent)-1]), "\r", ""); l.Reason != c.reason || !strings.Contains(text, c.says) {
				t.Errorf("reason %s, want %s; to say %q:\n%s", l.Reason, c.reason, c.says, text)
			}
			o.read(c.when)
			if again := o.owed(c.when, letter.Extended); again != "" {
				t.Errorf("and again: %s", again)
			}
		})
	}
}

func TestAnExtensionOfManyUnitsIsOneLetterEach(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "BCSD-UBND").invited()
	o.decide("13 09:00", standing.Decision{ID: "Q1", Kind: standing.Extend, Units: []string{"HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "BCSD-UBND"}, Until: at(t, "25 00:00")})
	o.read("13 09:01")
	if got := o.owed("13 09:01"); got != "extended/HU-BINHSON/Q1 extended/HU-BATO/Q1 extended/DU-CA/Q1" {
		t.Errorf("owed %s; a shared dossier has one letter, and who is only telephoned none", got)
	}
	// Undone in the queue, it does not go out.
	o.decide("13 09:02", standing.Decision{ID: "Q2", Kind: standing.Undo, Undoes: "Q1"})
	o.deliver("13 09:03")
	if got := o.outcomes("extended/HU-BINHSON/Q1"); !strings.HasPrefix(got, "withdrawn") || len(o.smtp.sent) > 0 {
		t.Errorf("%s; sent to %s", got, o.smtp.to())
	}
}
