package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// What was recorded while the clock showed a year that had not come has
// happened, at some time: it is not said again, and it silences nobody once the
// clock is right.
func TestWhatAClockThatWasWrongRecorded(t *testing.T) {
	const wrong = "2023-10-17 11:20"
	for _, c := range []struct {
		sentence string
		units    []string
		wrong    func(o *office) // what happened by then, by the wrong clock
		right    func(o *office) // and what before the look
		when     string
		want     string
	}{
		{"a question that was answered then is not answered again, and the report after it is", []string{"HU-BATO"}, func(o *office) {
			o.question("17 11:00", "AAAAA-00001", "HU-BATO", baTo)
			o.post(wrong)
			o.deliver(wrong)
		}, func(o *office) {
			o.filed("18 15:30", "BBBBB-00002", "HU-BATO", baTo, report("x.docx"))
		}, "18 16:00", "receipt/BBBBB-00002"},
		{"twenty letters of then do not fill the day of an address", []string{"HU-BATO"}, func(o *office) {
			o.Campaign.SMTP.AnswersPerHour = 0
			for i := range 20 {
				o.question("17 10:00", fmt.Sprintf("AAAAA-%05d", i), "HU-BATO", baTo)
				o.post(wrong)
			}
		}, func(o *office) {
			o.filed("18 15:30", "BBBBB-00002", "HU-BATO", baTo, report("x.docx"))
		}, "18 16:00", "receipt/BBBBB-00002"},
		{"a conversation that was stopped then is not stopped now", []string{"HU-BATO"}, func(o *office) {
			for i := range 7 {
				o.question("17 10:00", fmt.Sprintf("AAAAA-%05d", i), "HU-BATO", baTo)
				o.post(wrong)
			}
		}, func(o *office) {
			o.question("18 15:30", "BBBBB-00002", "HU-BATO", baTo)
		}, "18 16:00", "acknowledge/BBBBB-00002"},
		{"a letter of then is no letter of today, and the reminder goes", []string{"HU-BATO"}, func(o *office) {
			o.unasked("2023-10-17 08:00", "remind/HU-BATO/X")
		}, func(o *office) {
			o.read("17 07:30")
		}, "17 07:31", "remind/HU-BATO/T-3"},
		{"a pause of then holds", []string{"HU-BATO"}, func(o *office) {
			o.decide(wrong, standing.Decision{Kind: standing.Pause, Units: []string{"HU-BATO"}})
			o.post(wrong)
		}, func(o *office) {
			o.read("17 07:30")
		}, "17 07:31", ""},
		{"what was taken back then is not in force", []string{"HU-BATO"}, func(o *office) {
			d := o.decide("12 09:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-BATO"}})
			o.decide(wrong, standing.Decision{Kind: standing.Undo, Undoes: d.ID})
			o.post(wrong)
		}, func(o *office) {
			o.read("17 07:30")
		}, "17 07:31", "remind/HU-BATO/T-3"},
		{"the word of then that letters may go out holds", []string{"HU-BATO"}, func(o *office) {
			o.decide("12 09:00", standing.Decision{Kind: standing.Undo, Undoes: "d-" + standing.GoLive + "-030200"})
			o.decide(wrong, standing.Decision{Kind: standing.GoLive})
			o.post(wrong)
		}, func(o *office) {
			o.filed("18 15:30", "BBBBB-00002", "HU-BATO", baTo, report("x.docx"))
		}, "18 16:00", "receipt/BBBBB-00002"},
		{"nor does it hide one of today", []string{"HU-BATO"}, func(o *office) {
			o.unasked("17 07:30", "remind/HU-BATO/X")
			o.unasked("2023-10-17 08:00", "remind/HU-BATO/Y")
		}, func(o *office) {
			o.read("17 07:30")
		}, "17 07:31", ""},
		{"one of later today counts as one of today", []string{"HU-BATO"}, func(o *office) {
			o.unasked("17 08:30", "remind/HU-BATO/X")
		}, func(o *office) {
			o.read("17 07:30")
		}, "17 07:31", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, c.units...).invited()
			c.wrong(o)
			if c.right != nil {
				c.right(o)
			}
			if got := strings.Join(o.post(c.when), " "); got != c.want {
				t.Errorf("posted %q, want %q", got, c.want)
			}
			o.deliver(c.when)
			if got := strings.Join(o.post(c.when), " "); got != "" {
				t.Errorf("and then %q", got)
			}
		})
	}
}

// A wait that another clock reckoned is no wait.
func TestWaitsOfAClockThatWasWrong(t *testing.T) {
	const wrong, right = "2023-10-17 11:20", "18 16:00"
	for _, c := range []struct {
		sentence string
		wrong    func(o *office)
		sent     int
	}{
		{"a letter that a server was to have later", func(o *office) {
			o.smtp.answers(baTo, greyList)
			o.deliver(wrong)
		}, 1},
		{"a server that turned us away is asked again", func(o *office) {
			o.smtp.answers(baTo, courier.Outcome{Kind: courier.Trouble, Stage: courier.StageConnect, Text: "i/o timeout"})
			if _, err := o.Deliver(context.Background(), func() time.Time { return at(o.t, wrong) }); err == nil {
				o.t.Error("the server was there")
			}
		}, 1},
		{"as many letters as may go in a day went then", func(o *office) {
			o.Campaign.SMTP.PerDay = 1
			o.question("17 11:00", "CCCCC-00003", "HU-BINHSON", clerk)
			o.post(wrong)
			o.deliver(wrong)
		}, 1},
		{"what was given up stays given up", func(o *office) {
			o.smtp.answers(baTo, silence, silence, silence)
			for _, when := range []string{wrong, "2023-10-17 12:20", "2023-10-17 13:20"} {
				o.deliver(when)
			}
		}, 0},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BATO", "HU-BINHSON").invited()
			o.question("17 11:00", "AAAAA-00001", "HU-BATO", baTo)
			o.post(wrong)
			c.wrong(o)
			if got := o.deliver(right); got != c.sent {
				t.Errorf("%d letters went out, want %d", got, c.sent)
			}
			if got := o.deliver(right); got != 0 {
				t.Errorf("and then %d", got)
			}
		})
	}
}

// An all-clear is about the last incident, which need not be the one with the
// latest date.
func TestTheLastIncidentIsNotOneToCome(t *testing.T) {
	o := newOffice(t, "HU-BATO")
	for _, when := range []string{"2023-10-17 11:20", "18 09:00"} {
		key := incidentKey(ledger.IncidentMailbox, at(t, when))
		o.posted(when, ledger.Letter{Key: key, Kind: letter.AlarmKind})
	}
	s := o.present("18 16:00")
	if got, want := told(s, ledger.IncidentMailbox), incidentKey(ledger.IncidentMailbox, at(t, "18 09:00")); got != want {
		t.Errorf("the last is %s, want %s", got, want)
	}
}

// question is a mail of words, judged whenever the clock showed what.
func (o *office) question(when, id, unit, from string) {
	o.arrival(when, finding.Verdict{ID: id, From: from, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, ReplyReason: "read_by_a_person"})
}

// post queues what is owed to units.
func (o *office) post(when string) []string {
	o.t.Helper()
	keys, err := o.Post(context.Background(), at(o.t, when), every...)
	if err != nil {
		o.t.Fatal(err)
	}
	return slices.DeleteFunc(keys, func(key string) bool { return strings.HasPrefix(key, letter.AlarmKind) })
}

// posted is a letter that was posted and went out then.
func (o *office) posted(when string, l ledger.Letter) {
	o.t.Helper()
	l.Token, l.MessageID = l.Key, l.Key+"@x.example"
	o.write(when, func(tx *ledger.Tx) error {
		if fresh, err := tx.Post(l, []string{baTo}); err != nil || !fresh {
			return fmt.Errorf("posting %s: %v, %w", l.Key, fresh, err)
		}
		d := &ledger.Delivery{Key: l.Key, Address: baTo}
		if err := tx.Sending(d, "sha", "subject", at(o.t, when)); err != nil {
			return err
		}
		return tx.Settle(&l, d, ledger.Accepted, "", time.Time{})
	})
}

func (o *office) unasked(when, key string) {
	o.t.Helper()
	o.posted(when, ledger.Letter{Key: key, Kind: letter.Remind, Unit: "HU-BATO", Extra: "X", To: []string{baTo}})
}

// present is the situation by which something is done.
func (o *office) present(when string) (s Situation) {
	o.t.Helper()
	o.write(when, func(tx *ledger.Tx) (err error) {
		s, err = o.lookFor(tx, at(o.t, when), nil)
		return err
	})
	return s
}
