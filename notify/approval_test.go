package notify

import (
	"context"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// approve records that letters of the kind may go out, with the signed letter
// where there is one.
func (o *office) approve(when, kind, by string, units ...string) standing.Decision {
	o.t.Helper()
	d := standing.Decision{Kind: standing.Approve, Letter: kind, Units: units, Ref: "661-CV/BDVTU", Date: at(o.t, "25 00:00")}
	if kind == letter.Escalate {
		sha, err := o.Keep([]byte("%PDF-1.4 signed"))
		if err != nil {
			o.t.Fatal(err)
		}
		d.File = &finding.Part{Name: "661-CV-BDVTU.pdf", SHA256: sha}
	} else {
		d.Ref, d.Date = "700-BC/BDVTU", at(o.t, "2022-11-14 00:00")
	}
	if by != "" {
		d.Until = at(o.t, by+" 00:00")
	}
	return o.decide(when, d)
}

// TestTheSignedLetter: each row is what happened by a moment, and what is owed
// then of the letter to the leaders.
func TestTheSignedLetter(t *testing.T) {
	const unit, key = "HU-BINHSON", "escalate/HU-BINHSON"
	for _, c := range []struct {
		sentence string
		story    func(*office)
		when     string
		want     string
	}{
		{"without approval nothing goes out", nil, "25 09:00", ""},
		{"approved, it goes out", func(o *office) { o.approve("25 09:00", letter.Escalate, "28", unit) }, "25 09:01", key},
		{"on the next working day, if it was approved in the evening", func(o *office) { o.approve("25 19:00", letter.Escalate, "28", unit) }, "25 19:01", ""},
		{"in the morning", func(o *office) { o.approve("25 19:00", letter.Escalate, "28", unit) }, "26 07:30", key},
		{"not once it asks by a day that has gone by", func(o *office) { o.approve("25 19:00", letter.Escalate, "26", unit) }, "26 07:30", ""},
		{"not if the approval was undone", func(o *office) {
			d := o.approve("25 09:00", letter.Escalate, "28", unit)
			o.decide("25 09:01", standing.Decision{Kind: standing.Undo, Undoes: d.ID})
		}, "25 09:02", ""},
		{"not if it was approved for another unit", func(o *office) { o.approve("25 09:00", letter.Escalate, "28", "HU-BATO") }, "25 09:01", "escalate/HU-BATO"},
		{"not if what was approved is another letter", func(o *office) { o.approve("25 09:00", letter.Thanks, "", unit) }, "25 09:01", ""},
		{"not to a unit that has sent everything meanwhile", func(o *office) {
			o.approve("25 09:00", letter.Escalate, "28", unit)
			o.answered("25 09:01", "AAAAA-00001", dossier()...)
		}, "25 15:30", ""},
		{"nor to one whose mail is not judged yet", func(o *office) {
			o.approve("25 09:00", letter.Escalate, "28", unit)
			o.arrival("25 09:01", finding.Verdict{ID: "AAAAA-00001"})
		}, "25 09:02", ""},
		{"nor while the mailbox was not read since", func(o *office) {
			o.approve("25 09:00", letter.Escalate, "28", unit)
			o.stale = true
		}, "25 09:02", ""},
		{"to a unit that has got a later deadline it goes at its own time", func(o *office) {
			o.approve("25 09:00", letter.Escalate, "28", unit)
			o.decide("25 09:01", standing.Decision{Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "28 00:00")})
		}, "26 09:00", ""},
		{"and what was approved before is not about the new deadline", func(o *office) {
			o.approve("25 09:00", letter.Escalate, "2022-11-04", unit)
			o.decide("25 09:01", standing.Decision{Kind: standing.Extend, Units: []string{unit}, Until: at(o.t, "28 00:00")})
		}, "2022-11-03 09:00", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, unit, "HU-BATO").invited()
			if c.story != nil {
				c.story(o)
			}
			if !o.stale {
				o.read(c.when)
			}
			if got := o.owed(c.when, letter.Escalate); got != c.want {
				t.Errorf("owed %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheSignedLetterGoesWithItsFileAndTheForm(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "BCSD-UBND").invited()
	o.approve("25 09:00", letter.Escalate, "28", "HU-BINHSON", "HU-BATO", "S-CA", "BCSD-UBND")
	o.read("25 09:01")
	if got := o.owed("25 09:01", letter.Escalate); got != "escalate/HU-BINHSON escalate/HU-BATO escalate/DU-CA" {
		t.Errorf("owed %s; a dossier has one letter, and who is only telephoned none", got)
	}
	// In the queue, one of them does its part.
	o.decide("25 09:02", standing.Decision{Kind: standing.ReceivedOut, Units: []string{"HU-BATO"}, Part: finding.Report, Via: "giay"})
	o.decide("25 09:03", standing.Decision{Kind: standing.Exempt, Units: []string{"HU-BATO"}, Part: finding.Appendix})
	o.decide("25 09:04", standing.Decision{Kind: standing.Exempt, Units: []string{"HU-BATO"}, Part: finding.Model, Count: 2})
	o.read("25 09:05")
	o.deliver("25 09:05")
	if got := o.outcomes("escalate/HU-BATO"); got != "withdrawn: complete" {
		t.Errorf("a unit that had done its part: %s", got)
	}
	i := slices.IndexFunc(o.smtp.sent, func(m carried) bool { return m.to == binhSon })
	if i < 0 {
		t.Fatalf("sent to %s", o.smtp.to())
	}
	text := golden(t, o.smtp.sent[i])
	for _, want := range []string{"Công văn số 661-CV/BDVTU ngày 25/10/2022", "661-CV-BDVTU.pdf", "gửi trước ngày 28/10/2022", "In-Reply-To"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is wanting in\n%s", want, text)
		}
	}
	// Sent, it cannot be taken back, and nothing more is owed: no reminder
	// follows a letter of the committee's own.
	o.read("26 09:00")
	if got := o.owed("26 09:00", letter.Escalate, letter.Remind); got != "" {
		t.Errorf("the day after: %s", got)
	}
}

func TestApprovals(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "BCSD-UBND").invited()
	o.answered("24 09:00", "AAAAA-00001", dossier()...)
	for _, c := range []struct{ sentence, when, kind, want string }{
		{"before T+3 none is due", "24 16:00", letter.Escalate, "HU-BINHSON complete, HU-BATO not_due, DU-CA not_due, BCSD-UBND auto_remind_off"},
		{"then they wait for a person", "25 07:30", letter.Escalate, "HU-BINHSON complete, HU-BATO awaiting_approval, DU-CA awaiting_approval, BCSD-UBND auto_remind_off"},
		{"thanks are for who is complete", "25 07:30", letter.Thanks, "HU-BINHSON awaiting_approval, HU-BATO not_complete, DU-CA not_complete, BCSD-UBND not_complete"},
	} {
		all, err := o.Approvals(context.Background(), c.kind, at(t, c.when))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, code := range []string{"HU-BINHSON", "HU-BATO", "DU-CA", "BCSD-UBND"} {
			for _, a := range all {
				if a.Unit == code {
					got = append(got, a.Unit+" "+string(a.Why))
				}
			}
		}
		if strings.Join(got, ", ") != c.want || len(all) != 4 {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}

func TestTheDigestCountsWhatWaitsForApproval(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "BCSD-UBND").invited()
	for _, c := range []struct {
		sentence, when string
		want           int
	}{
		{"none before T+3", "24 16:00", 0},
		{"one for each dossier that owes", "25 16:00", 3},
	} {
		if got := o.digestFacts(o.situation(c.when), ledger.Letter{}).Escalations; got != c.want {
			t.Errorf("%s: %d, want %d", c.sentence, got, c.want)
		}
	}
	o.approve("25 16:01", letter.Escalate, "28", "HU-BATO")
	if got := o.digestFacts(o.situation("25 16:02"), ledger.Letter{}).Escalations; got != 2 {
		t.Errorf("with one approved: %d", got)
	}
}

func TestThanks(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
	o.answered("24 09:00", "AAAAA-00001", dossier()...)
	o.approve("2022-11-14 19:00", letter.Thanks, "", "HU-BINHSON", "HU-BATO")
	for _, c := range []struct{ sentence, when, want string }{
		{"not in the evening", "2022-11-14 19:01", ""},
		{"after the campaign has closed too, to who is complete", "2022-11-15 08:00", "thanks/HU-BINHSON"},
		{"once", "2022-11-16 08:00", ""},
	} {
		if got := o.owed(c.when); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
	o.decide("2022-11-16 08:01", standing.Decision{ID: "Q9", Kind: standing.Undo, Undoes: "d-approve-141200"})
	o.deliver("2022-11-16 08:02")
	if got := o.outcomes("thanks/HU-BINHSON"); got != "withdrawn: awaiting_approval" {
		t.Errorf("undone in the queue: %s", got)
	}
}
