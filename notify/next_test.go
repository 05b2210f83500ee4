package notify

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// Who gets the next reminder, who does not and why, and what would change it:
// on the 17th, before the last-day reminder of the 19th.
func TestWhatGoesNext(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "HU-SONHA", "HU-TRABONG", "HU-MODUC", "S-CA", "DU-CA", "S-YT", "BCSD-UBND").invited()
	o.filed("10 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	o.owed("10 09:30")
	o.deliver("10 09:30")
	held := dossier()
	held[1].Verdict, held[1].Problems = finding.Held, []finding.Problem{{Code: "D02", Severity: finding.ForPerson}}
	o.filed("10 10:00", "AAAAA-00002", "HU-MODUC", "vanthu@humoduc.quangngai.example", held...)
	o.owed("10 10:30")
	o.deliver("10 10:30")
	o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-TRABONG"}, Reason: "mưa lũ"})
	o.decide("14 17:01", standing.Decision{Kind: standing.Pause, Units: []string{"HU-SONHA"}, Until: at(t, "19 00:00")})
	o.decide("14 17:02", standing.Decision{Kind: standing.Note, Units: []string{"HU-BATO"}, Until: at(t, "18 00:00")})
	o.arrival("17 09:00", finding.Verdict{ID: "AAAAA-00005", From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone, Candidates: []string{"S-YT"}, Parts: dossier()})

	d := o.digestFacts(o.situation("17 16:00"), ledger.Letter{Key: "digest/2022-10-17-1600"})
	if d.Next == nil || !d.Next.At.Equal(at(t, "19 07:30")) || d.Next.Text != "last_day" {
		t.Fatalf("next %+v", d.Next)
	}
	// HU-SONHA's pause has ended by then, the day that HU-BATO named is over;
	// one letter for the two units of a dossier.
	if d.Next.Letters != 3 {
		t.Errorf("%d letters, want 3", d.Next.Letters)
	}
	omitted := map[string]string{}
	for _, x := range d.Next.Omitted {
		omitted[x.Unit.Code] = x.Why.EN
	}
	if want := map[string]string{"HU-TRABONG": "reminders paused", "BCSD-UBND": "not reminded automatically", "S-YT": "a mail waits for a decision", "HU-MODUC": "what it sent waits for the desk"}; !reflect.DeepEqual(omitted, want) {
		t.Errorf("without a letter: %v, want %v", omitted, want)
	}
	// HU-MODUC has nothing left to send: nobody has to be called for it.
	if d.CallTotal != 7 {
		t.Errorf("%d units to call, want 7", d.CallTotal)
	}
	for _, c := range d.Next.Changes {
		if c.Letters == d.Next.Letters || len(c.Choices) == 0 {
			t.Errorf("a change that is none: %+v", c)
		}
	}
	if len(d.Next.Changes) == 0 {
		t.Error("to go on reminding HU-TRABONG would change nothing")
	}
}

// On a telephone the desk sees whom mail does not reach, since when and why,
// and who did not keep his word.
func TestWhomToCall(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
	o.decide("11 09:00", standing.Decision{Kind: standing.Note, Units: []string{"HU-BATO"}, Until: at(t, "14 00:00")})
	o.read("12 07:30")
	o.smtp.answers(binhSon, noSuch)
	o.owed("12 07:30")
	o.deliver("12 07:30")
	bato := "HU-BATO"
	o.arrival("13 09:00", finding.Verdict{ID: "AAAAA-00009", From: baTo, Unit: &bato, Verdict: finding.Filed, Class: finding.ClassPromise, Reply: finding.ReplyNone,
		Says: []finding.Saying{{Kind: finding.SaysWillSend, Day: "2022-10-15"}}})
	o.arrival("13 10:00", finding.Verdict{ID: "BBBBB-00009", From: "ai.do@mail.example", Unit: &bato, Claimed: true, Verdict: finding.Filed, Class: finding.ClassPromise, Reply: finding.ReplyNone,
		Says: []finding.Saying{{Kind: finding.SaysWillSend, Day: "2022-10-16"}}}) // which the unit never said
	calls := o.calls(o.situation("17 16:00"))
	if len(calls) != 2 || calls[0].Unit.Code != "HU-BINHSON" || !calls[0].Bounced || calls[0].Status != "5.1.1" || !calls[0].Lost.Equal(at(t, "12 07:30")) {
		t.Errorf("to call %+v", calls)
	}
	if !calls[1].Promised.Equal(at(t, "15 00:00")) {
		t.Errorf("HU-BATO promised %v", calls[1].Promised)
	}
}

// What could not be sent is told by the next digest that can be.
func TestLettersThatCouldNotGoOut(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
	o.owed("11 16:00", letter.DigestKind)
	o.deliver("11 16:00")
	o.write("12 08:00", func(tx *ledger.Tx) error { return tx.TurnedAway(ledger.KnockSMTP, "454 no", time.Hour) })
	o.write("12 09:00", func(tx *ledger.Tx) error { return tx.TurnedAway(ledger.KnockSMTP, "454 no", time.Hour) })
	tell := func(when string) letter.Outage {
		return o.digestFacts(o.situation(when), ledger.Letter{Key: "digest/x"}).Unsent
	}
	if got := tell("12 08:20"); !got.Since.IsZero() {
		t.Errorf("twenty minutes are told: %+v", got)
	}
	if got := tell("12 09:00"); !got.Since.Equal(at(t, "12 08:00")) || !got.Until.IsZero() || got.Text != "454 no" {
		t.Errorf("during it: %+v", got)
	}
	o.write("12 10:00", func(tx *ledger.Tx) error { return tx.LetIn(ledger.KnockSMTP) })
	if got := tell("12 16:00"); !got.Since.Equal(at(t, "12 08:00")) || !got.Until.Equal(at(t, "12 10:00")) {
		t.Errorf("after it: %+v", got)
	}
	o.owed("12 16:00", letter.DigestKind)
	o.deliver("12 16:00")
	if got := tell("13 16:00"); !got.Since.IsZero() {
		t.Errorf("told twice: %+v", got)
	}
}

func TestLettersThatWereGivenUp(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
	o.owed("11 16:00", letter.DigestKind)
	o.deliver("11 16:00")
	o.smtp.answers(binhSon, tooLarge)
	o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, report("x.docx"))
	o.owed("12 09:30")
	o.deliver("12 09:30")
	s := o.situation("12 16:00")
	units, others := o.givenUp(s, at(t, "11 16:00"))
	if len(units) != 1 || units[0].Code != "HU-BINHSON" || others != 0 {
		t.Errorf("given up: %v and %d others", units, others)
	}
	if units, _ := o.givenUp(s, at(t, "12 10:00")); len(units) != 0 {
		t.Errorf("told twice: %v", units)
	}
	l := o.digestFacts(s, ledger.Letter{Key: "digest/x"})
	f := letter.Facts{Kind: letter.DigestKind, Campaign: o.Campaign, Now: s.Now, Digest: l}
	if text, err := letter.Render(f); err != nil || !strings.Contains(text.Text, "thư bị từ chối hẳn (Huyện ủy Bình Sơn)") {
		t.Errorf("%v\n%s", err, text.Text)
	}
}
