package notify

import (
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// byHand records that a person answered mails.
func (o *office) byHand(when string, arrivals ...string) {
	o.t.Helper()
	h := standing.ByHand{At: at(o.t, when), By: "phongth@bdvtu.quangngai.example", To: []string{binhSon}, MessageID: "tay@bdvtu.quangngai.example", Arrivals: arrivals}
	o.write(when, func(tx *ledger.Tx) error { return tx.Append(ledger.FactByHand, arrivals[0], h) })
}

// What the machine still says once a person has answered: as in TestAnswers,
// said is what the ledger holds at the end, and what became of it.
func TestAfterAnAnswerByHand(t *testing.T) {
	const a, b = "AAAAA-00001", "BBBBB-00002"
	const own = "phong@hubinhson.quangngai.example"
	question := func(o *office, when, id string) {
		o.arrival(when, finding.Verdict{ID: id, From: binhSon, Candidates: []string{"HU-BINHSON"}, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, ReplyReason: "read_by_a_person"})
	}
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		said     []string
	}{
		{"no receipt is owed", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.byHand("12 09:05", a)
		}, nil},
		{"nor corrections", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(wrong)...)
			o.byHand("12 09:05", a)
		}, nil},
		{"nor an acknowledgement of what waits for a person", func(o *office) {
			question(o, "12 09:00", a)
			o.byHand("12 09:05", a)
		}, nil},
		{"nor a question whose a mail is", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.byHand("12 09:05", a)
		}, nil},
		{"nor when the desk gives the mail to a unit afterwards", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.byHand("12 09:05", a)
			o.decide("12 09:06", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
		}, nil},
		{"earlier mails of the same sender are answered with it", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.filed("12 09:03", b, "HU-BINHSON", binhSon, appendix("PL.xlsx"))
			o.byHand("12 09:05", b)
		}, nil},
		{"later ones are not", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.byHand("12 09:05", a)
			o.filed("12 09:06", b, "HU-BINHSON", binhSon, appendix("PL.xlsx"))
		}, []string{"receipt/" + b + ": " + binhSon + "=accepted"}},
		{"nor those of a colleague", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.filed("12 09:01", b, "HU-BINHSON", own, appendix("PL.xlsx"))
			o.byHand("12 09:05", a)
		}, []string{"receipt/" + b + ": " + own + "=accepted " + binhSon + "=accepted"}},
		{"a letter that was posted already is taken back", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.owed("12 09:10")
			o.byHand("12 09:11", a)
		}, []string{"receipt/" + a + ": withdrawn: answered_by_hand"}},
		{"one that the server did not take is taken back, too", func(o *office) {
			o.smtp.answers(binhSon, greyList)
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.owed("12 09:10")
			o.deliver("12 09:10")
			o.byHand("12 09:11", a)
		}, []string{"receipt/" + a + ": withdrawn: answered_by_hand"}},
		{"and one that may have arrived is not repeated", func(o *office) {
			o.smtp.answers(binhSon, silence)
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.owed("12 09:10")
			o.deliver("12 09:10")
			o.byHand("12 09:11", a)
		}, []string{"receipt/" + a + ": " + binhSon + "=unknown withdrawn: answered_by_hand"}},
		{"a letter that one recipient has goes to the other", func(o *office) {
			o.smtp.answers(binhSon, greyList)
			o.filed("12 09:00", a, "HU-BINHSON", own, dossier()...)
			o.owed("12 09:10")
			o.deliver("12 09:10")
			o.byHand("12 09:11", a)
		}, []string{"receipt/" + a + ": " + own + "=accepted " + binhSon + "=accepted"}},
		{"a letter that answers another mail as well goes out", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.filed("12 09:03", b, "HU-BINHSON", binhSon, appendix("PL.xlsx"))
			o.owed("12 09:15")
			o.byHand("12 09:16", a)
		}, []string{"receipt/" + b + ": " + binhSon + "=accepted"}},
		{"what was answered before stays answered", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.owed("12 09:10")
			o.deliver("12 09:11")
			o.byHand("12 09:30", a)
		}, []string{"receipt/" + a + ": " + binhSon + "=accepted"}},
		{"the registered mailbox is told all the same of what somebody else filed", func(o *office) {
			o.claimed("12 09:00", a, "HU-BINHSON", clerk)
			o.byHand("12 09:05", a)
		}, []string{"confirm/" + a + ": " + binhSon + "=accepted"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
			c.tell(o)
			for _, when := range []string{"12 10:00", "12 11:00", "12 12:00"} {
				o.owed(when)
				o.deliver(when)
			}
			var said []string
			for key, l := range o.letters() {
				if l.Kind != "invite" {
					said = append(said, key+": "+o.outcomes(key))
				}
			}
			slices.Sort(said)
			if !slices.Equal(said, c.said) {
				t.Errorf("said\n %s\nwant\n %s", strings.Join(said, "\n "), strings.Join(c.said, "\n "))
			}
		})
	}
}

func TestRemindersGoOnAfterAnAnswerByHand(t *testing.T) {
	const a = "AAAAA-00001"
	o := newOffice(t, "HU-BINHSON").invited()
	o.filed("17 07:00", a, "HU-BINHSON", binhSon, report("1.docx"))
	o.read("17 07:31")
	if got := o.whyNot("17 07:31", "HU-BINHSON"); got != string(notAnswered) {
		t.Errorf("while the mail waits for its answer: %s", got)
	}
	o.byHand("17 07:32", a)
	o.read("17 07:33")
	if got := o.owed("17 07:33"); got != "remind/HU-BINHSON/T-3" {
		t.Errorf("owed is %q, want the reminder of what is missing", got)
	}
}
