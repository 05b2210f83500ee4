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

// talkative is an office to which one address writes every four minutes, and
// which answers at once. It returns how many answers were posted.
func talkative(o *office, from string, start string, mails int, part func(i int) []finding.Part) (answered int) {
	o.t.Helper()
	o.Campaign.ReceiptDelay = 0
	for i := range mails {
		when := at(o.t, start).Add(time.Duration(i) * 4 * time.Minute).Format("2006-01-02 15:04")
		id := fmt.Sprintf("%c%c%s-%05d", 'A'+i/26, 'A'+i%26, strings.ToUpper(from[:3]), i)
		unit := "HU-BINHSON"
		v := finding.Verdict{ID: id, From: from, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt, ReplyReason: "received"}
		if v.Parts = part(i); v.Parts == nil {
			v.Class, v.Reply, v.ReplyReason = finding.ClassStatement, finding.ReplyAcknowledge, "read_by_a_person"
		}
		o.arrival(when, v)
		for _, key := range strings.Fields(o.owed(when, letter.Receipt, letter.Corrections, letter.Acknowledge, letter.AskUnit)) {
			if key != "" {
				answered++
			}
		}
	}
	return answered
}

func words(int) []finding.Part   { return nil }
func same(int) []finding.Part    { return []finding.Part{report("x.docx")} }
func fresh(i int) []finding.Part { return []finding.Part{report(fmt.Sprintf("ban %d.docx", i))} }
func faulty(i int) []finding.Part {
	return []finding.Part{appendix(fmt.Sprintf("PL %d.xlsx", i), wrong)}
}

func TestAConversationBetweenMachinesIsStopped(t *testing.T) {
	for _, c := range []struct {
		sentence string
		parts    func(int) []finding.Part
		answers  int
		alarms   int
	}{
		{"who only talks gets five answers in an hour", words, 5, 1},
		{"so does who sends the same again and again, the first time aside", same, 6, 1},
		{"and who sends what cannot be taken", faulty, 5, 1},
		{"who sends something new each time is answered each time", fresh, 14, 0},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON").invited()
			if got := talkative(o, clerk, "12 08:00", 14, c.parts); got != c.answers {
				t.Errorf("%d answers, want %d", got, c.answers)
			}
			alarms := strings.Fields(o.owed("12 09:00", letter.AlarmKind))
			if len(alarms) != c.alarms {
				t.Fatalf("alarms: %v", alarms)
			}
			if again := o.owed("12 09:05", letter.AlarmKind); again != "" {
				t.Errorf("another alarm: %s", again)
			}
			if c.alarms == 0 {
				return
			}
			o.smtp.forget()
			o.deliver("12 09:06")
			told := false
			for _, m := range o.smtp.sent {
				if field(t, m.raw, "X-Dondoc-Key") == alarms[0] {
					told = strings.Contains(subject(t, m.raw), clerk) && strings.Contains(golden(t, m), "dondoc resume --address "+clerk)
				}
			}
			if !told {
				t.Error("the desk is not told whom, and what to do")
			}
		})
	}
}

func TestAStopEnds(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	talkative(o, clerk, "12 08:00", 7, words)
	kinds := []string{letter.Receipt, letter.Acknowledge}
	if got := o.owed("12 12:00", kinds...); got != "" {
		t.Errorf("while it lasts: %s", got)
	}
	o.filed("12 13:00", "ZZZZZ-00001", "HU-BINHSON", clerk, report("moi.docx"))
	if got := o.owed("12 13:00", kinds...); got != "receipt/ZZZZZ-00001" {
		t.Errorf("a new report meanwhile: %q", got)
	}
	o.decide("12 14:00", standing.Decision{Kind: standing.Resume, Address: "khac@donvi.example"})
	if got := o.owed("12 14:01", kinds...); got != "" {
		t.Errorf("another address was let go on: %s", got)
	}
	d := o.decide("12 14:10", standing.Decision{Kind: standing.Resume, Address: clerk})
	o.arrival("12 14:12", finding.Verdict{ID: "ZZZZZ-00002", From: clerk, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyAcknowledge})
	if got := o.owed("12 14:12", kinds...); got == "" {
		t.Error("the desk let it go on, and nothing is said")
	}
	o.decide("12 14:13", standing.Decision{Kind: standing.Undo, Undoes: d.ID})
	o.arrival("12 14:14", finding.Verdict{ID: "ZZZZZ-00003", From: clerk, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyAcknowledge})
	if got := o.owed("12 14:14", kinds...); got != "" {
		t.Errorf("it was taken back: %s", got)
	}
	if got := o.owed("13 14:20", kinds...); got != "acknowledge/ZZZZZ-00003" {
		t.Errorf("after a day: %q", got)
	}
}

// Ten addresses that talk like machines are no coincidence.
func TestAnswersToEverybodyStop(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	o.Campaign.ReceiptDelay = 0
	count := 0
	for round := range 5 {
		for i := range 14 {
			when := at(t, "12 08:00").Add(time.Duration(round*14+i) * 30 * time.Second)
			id := fmt.Sprintf("%c%cAAA-%05d", 'A'+round, 'A'+i, i)
			text := when.Format("2006-01-02 15:04")
			o.arrival(text, finding.Verdict{ID: id, From: fmt.Sprintf("may%02d@donvi.example", i), Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAskUnit})
			count += len(strings.Fields(o.owed(text, letter.AskUnit)))
		}
	}
	if count >= 5*14 || count < 50 {
		t.Errorf("%d answers in an hour", count)
	}
	found := false
	for _, key := range strings.Fields(o.owed("12 08:40", letter.AlarmKind)) {
		found = found || o.letters()[key].Extra == ""
	}
	if !found {
		t.Error("the desk is not told that nobody is answered")
	}
	o.arrival("12 08:45", finding.Verdict{ID: "ZZZZZ-00001", From: baTo, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAskUnit})
	if got := o.owed("12 08:45", letter.AskUnit); got != "" {
		t.Errorf("somebody else: %s", got)
	}
	o.decide("12 09:00", standing.Decision{Kind: standing.Resume, Address: "all"})
	if got := o.owed("12 09:01", letter.AskUnit); !strings.Contains(got, "ask_unit/ZZZZZ-00001") {
		t.Errorf("the desk lets answers go on: %q", got)
	}
}

// Twenty letters a day reach an address at most, but the unit's reminder is
// not the one that is missing, and what was not answered is answered later.
func TestTheCeilingOfAnAddress(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	if answered := talkative(o, binhSon, "15 20:00", 30, fresh); answered != ceiling {
		t.Errorf("%d answers in a day", answered)
	}
	o.deliver("15 23:00")
	o.read("15 23:00")
	s := o.situation("15 23:01")
	if why := o.crosses(s, s.Table.Units["HU-BINHSON"], at(t, "15 07:30")); why != "" {
		t.Errorf("the flood holds up the unit's reminders: %s", why)
	}
	if got := o.owed("16 20:30", letter.Receipt); got == "" {
		t.Error("what was not answered is forgotten")
	}
}
