package notify

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"dondoc/notify/courier"
	"dondoc/notify/letter"
)

// paced delivers at the pace, on a clock that stands at when.
func (o *office) paced(n *Notifier, when time.Time) (sent int, next time.Time) {
	o.t.Helper()
	sent, next, err := n.DeliverPaced(context.Background(), func() time.Time { return when })
	if err != nil {
		o.t.Fatal(err)
	}
	return sent, next
}

// Invitations leave one every ten seconds, whoever sends them; what somebody
// waits for does not wait for them.
func TestLettersThatNobodyAskedForArePaced(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-YT")
	o.Campaign.SMTP.Pace = 10 * time.Second
	o.owed("04 07:30", letter.Invite)
	o.filed("04 07:20", "AAAAA-00001", "HU-BINHSON", clerk, report("x.docx"))
	o.owed("04 07:31", letter.Receipt)
	start := at(t, "04 07:31")
	second := o.another(o.Campaign)
	for _, c := range []struct {
		sentence string
		by       *Notifier
		after    time.Duration
		sent     int
		next     time.Duration
	}{
		{"the receipt for clerk and registry and the first invitation go at once", o.Notifier, 0, 3, 10 * time.Second},
		{"another process sends none sooner", second, 9 * time.Second, 0, 10 * time.Second},
		{"then the next goes", second, 10 * time.Second, 1, 20 * time.Second},
		{"a clock that was set back holds up nothing", o.Notifier, -30 * time.Second, 1, 0},
		{"and nothing is left", o.Notifier, 30 * time.Second, 0, 0},
	} {
		sent, next := o.paced(c.by, start.Add(c.after))
		want := time.Time{}
		if c.next != 0 {
			want = start.Add(c.next)
		}
		if sent != c.sent || !next.Equal(want) {
			t.Errorf("%s: %d sent, the next at %v; want %d, %v", c.sentence, sent, next, c.sent, want)
		}
	}
	if last := o.smtp.sent[len(o.smtp.sent)-1]; len(o.smtp.sent) != 5 || !strings.HasPrefix(field(t, o.smtp.sent[0].raw, "X-Dondoc-Key"), "receipt/") || !strings.HasPrefix(field(t, last.raw, "X-Dondoc-Key"), "invite/") {
		t.Errorf("%d mails, or the invitation went first", len(o.smtp.sent))
	}
}

// A letter that waits for its turn when the offices close is decided anew in
// the morning.
func TestWhatIsStillQueuedInTheEvening(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO")
	o.Campaign.SMTP.Pace = time.Hour
	o.owed("04 16:25", letter.Invite)
	if sent, _ := o.paced(o.Notifier, at(t, "04 16:25")); sent != 1 {
		t.Fatalf("%d sent", sent)
	}
	for _, when := range []string{"04 17:25", "05 07:29"} {
		if sent, _ := o.paced(o.Notifier, at(t, when)); sent != 0 {
			t.Errorf("%s: %d sent outside the hours", when, sent)
		}
	}
	o.filed("04 20:00", "AAAAA-00001", "HU-BATO", baTo, dossier()...)
	o.filed("04 20:00", "AAAAA-00002", "HU-BINHSON", binhSon, dossier()...)
	if sent, _ := o.paced(o.Notifier, at(t, "05 07:30")); sent != 0 || len(o.smtp.sent) != 1 {
		t.Errorf("in the morning %d went to a unit that had given all meanwhile", sent)
	}
}

func TestADaysCeiling(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-YT")
	o.Campaign.SMTP.PerDay = 2
	o.Campaign.Desk = []string{"phong@bdvtu.example"}
	o.owed("04 07:30", letter.Invite)
	if n := o.deliver("04 07:30"); n != 2 {
		t.Errorf("%d letters in a day, want 2", n)
	}
	o.filed("04 09:00", "AAAAA-00001", "HU-BINHSON", clerk, report("x.docx"))
	o.owed("04 16:00", letter.Receipt, letter.DigestKind)
	if n := o.deliver("04 16:00"); n != 1 || o.smtp.sent[2].to != "phong@bdvtu.example" {
		t.Errorf("%d went beyond the ceiling, want the digest alone", n)
	}
	if !strings.Contains(string(o.smtp.sent[2].raw), "Auto-Submitted") {
		t.Error("no digest")
	}
	if n := o.deliver("05 07:31"); n != 1 || !strings.HasPrefix(field(t, o.smtp.sent[3].raw, "X-Dondoc-Key"), "receipt/") {
		t.Errorf("the next day: %d, the answer first", n)
	}
	if n, m := o.deliver("05 16:01"), o.deliver("06 07:32"); n != 1 || m != 1 {
		t.Errorf("then %d, and the day after %d: what waited is not lost", n, m)
	}
	if len(o.smtp.sent) != 6 {
		t.Errorf("%d mails in all, want 3 invitations, a receipt for two and a digest", len(o.smtp.sent))
	}
}

// The server has had enough of us for today: no address is the worse for it.
func TestAnAccountsLimitHoldsAllLetters(t *testing.T) {
	for _, text := range []string{"5.4.5 Daily user sending quota exceeded", "4.7.0 Too many messages, try again later"} {
		code := 550
		if text[0] == '4' {
			code = 450
		}
		o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-YT")
		limit := courier.Outcome{Kind: courier.Trouble, Stage: courier.StageRcpt, Code: code, Status: text[:5], Text: text}
		attempts := 0
		o.Courier = courierFunc(func() courier.Outcome { attempts++; return limit })
		o.owed("04 07:30", letter.Invite)
		for minute := range 12 * 60 {
			now := at(t, "04 07:30").Add(time.Duration(minute) * time.Minute)
			_, err := o.Deliver(context.Background(), func() time.Time { return now })
			if away := (*Away)(nil); err != nil && !errors.As(err, &away) {
				t.Fatal(err)
			}
		}
		if attempts > 20 {
			t.Errorf("%s: %d attempts in twelve hours", text, attempts)
		}
		for key, l := range o.letters() {
			if d := l.Deliveries[0]; d.Outcome != "waiting" || d.Tries != 0 {
				t.Errorf("%s: %s is held against the letter: %+v", text, key, d)
			}
		}
		o.Courier = &o.smtp
		if n := o.deliver("05 08:35"); n != 3 {
			t.Errorf("%s: the next day %d went out", text, n)
		}
	}
}

// Greylisting and one full mailbox are nobody else's affair.
func TestOneRecipientsTroubleHoldsNobodyElse(t *testing.T) {
	for _, says := range []courier.Outcome{
		greyList,
		{Kind: courier.Trouble, Stage: courier.StageRcpt, Code: 450, Status: "4.2.1", Text: "4.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery"},
		{Kind: courier.Refused, Stage: courier.StageRcpt, Code: 552, Status: "5.2.2", Text: "5.2.2 mailbox quota exceeded"},
	} {
		o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-YT")
		o.smtp.answers(baTo, says)
		o.owed("04 07:30", letter.Invite)
		if n := o.deliver("04 07:30"); n != 2 {
			t.Errorf("%s: %d of the others got theirs", says.Text, n)
		}
		if u := o.situation("04 08:00").Table.Units["HU-BATO"]; !u.Reachable {
			t.Errorf("%s: the address counts as dead", says.Text)
		}
	}
}
