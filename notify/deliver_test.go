package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/blank"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// subject is that of a mail on the wire.
func subject(t testing.TB, raw []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func field(t testing.TB, raw []byte, name string) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get(name)
}

func TestWhatIsSentIsWhatIsKept(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "S-CA", "DU-CA")
	o.owed("04 07:30")
	o.deliver("04 07:31")
	letters := o.letters()
	for _, m := range o.smtp.sent {
		key := field(t, m.raw, "X-Dondoc-Key")
		l := letters[key]
		sum := sha256.Sum256(m.raw)
		if kept, err := o.Kept(l.SHA256); err != nil || !bytes.Equal(kept, m.raw) || l.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s to %s: other bytes were sent than are kept (%v)", key, m.to, err)
		}
		if got := field(t, m.raw, "Message-ID"); got != "<"+l.MessageID+">" {
			t.Errorf("%s: Message-ID %s, in the ledger %s", key, got, l.MessageID)
		}
		if got := subject(t, m.raw); got != l.Subject {
			t.Errorf("%s: subject %q, in the ledger %q", key, got, l.Subject)
		}
		if m.from != o.Campaign.SMTP.From {
			t.Errorf("%s: envelope from %s", key, m.from)
		}
	}
	if got := o.smtp.to(); got != "vanthu@congan.quangngai.example, vanthu@duca.quangngai.example, "+binhSon {
		t.Errorf("sent to %s", got)
	}
}

func TestMessageIDsFollowFromKeys(t *testing.T) {
	o := newOffice(t, "HU-BINHSON")
	other := newOffice(t, "HU-BINHSON")
	one := o.named(Owed{Key: "remind/HU-BINHSON/T-3", Unit: "HU-BINHSON"})
	if again := o.another(o.Campaign).named(Owed{Key: "remind/HU-BINHSON/T-3", Unit: "HU-BINHSON", Reason: "x"}); again.MessageID != one.MessageID {
		t.Errorf("the same key has two Message-IDs: %s, %s", one.MessageID, again.MessageID)
	}
	if second := o.named(Owed{Key: "remind/HU-BINHSON/T-1", Unit: "HU-BINHSON"}); second.Token == one.Token {
		t.Error("two keys have one token")
	}
	if foreign := other.named(Owed{Key: "remind/HU-BINHSON/T-3", Unit: "HU-BINHSON"}); foreign.Token == one.Token {
		t.Error("another ledger's key gives the same token")
	}
	if want := "dd.hu-binhson." + one.Token + "@" + o.Campaign.PublicDomain; one.MessageID != want || len(one.Token) != 20 {
		t.Errorf("Message-ID %s, want %s", one.MessageID, want)
	}
	o.Campaign.Mailbox.Plus = true
	if got := o.envelope(&one); !strings.Contains(got, "+"+one.Token+"@") {
		t.Errorf("envelope %s does not name the letter", got)
	}
	if got := o.replyTo(one); !strings.Contains(got, "+"+one.Token+"@") {
		t.Errorf("Reply-To %s does not name the letter", got)
	}
}

// Outcomes of one delivery of a receipt to HU-BINHSON, attempt by attempt.
func TestOutcomes(t *testing.T) {
	const key = "receipt/AAAAA-00001"
	for _, c := range []struct {
		sentence string
		says     []courier.Outcome
		between  func(*office) // after the first attempt
		tries    []string      // when Deliver runs
		sent     int           // mails on the wire
		outcome  string
		same     bool // the last mail is byte for byte the first
	}{
		{"accepted at once", nil, nil, []string{"12 09:11", "12 09:12"}, 1, "accepted", true},
		{"trouble waits a minute", []courier.Outcome{greyList}, nil, []string{"12 09:11", "12 09:11"}, 1, "trouble", true},
		{"and is tried again", []courier.Outcome{greyList}, nil, []string{"12 09:11", "12 09:12"}, 2, "accepted", false},
		{"longer and longer", slices.Repeat([]courier.Outcome{greyList}, 3), nil, []string{"12 09:11", "12 09:12", "12 09:14", "12 09:15"}, 3, "trouble", false},
		{"a refusal is the end", []courier.Outcome{noSuch}, nil, []string{"12 09:11", "12 10:11", "13 10:11"}, 1, "refused", true},
		{"what is unknown is not repeated soon", []courier.Outcome{silence}, nil, []string{"12 09:11", "12 09:30"}, 1, "unknown", true},
		{"and then as the identical mail", []courier.Outcome{silence}, nil, []string{"12 09:11", "12 09:41"}, 2, "accepted", true},
		{"three times at most", slices.Repeat([]courier.Outcome{silence}, 9), nil, []string{"12 09:11", "12 09:41", "12 10:11", "12 10:41", "13 10:00"}, 3, "unknown", true},
		{"trouble after that leaves it unknown, and the mail the same", []courier.Outcome{silence, greyList, greyList}, nil,
			[]string{"12 09:11", "12 09:41", "12 09:43", "12 09:50"}, 4, "accepted", true},
		{"after trouble the letter is written anew, from the facts of then", []courier.Outcome{greyList}, func(o *office) {
			o.filed("12 09:11", "BBBBB-00002", "HU-BINHSON", binhSon, model("Mô hình hai"))
		}, []string{"12 09:11", "12 09:12"}, 2, "accepted", false},
		{"after silence it is not, whatever has come since", []courier.Outcome{silence}, func(o *office) {
			o.filed("12 09:11", "BBBBB-00002", "HU-BINHSON", binhSon, model("Mô hình hai"))
		}, []string{"12 09:11", "12 09:41"}, 2, "accepted", true},
		{"an answer that is no longer right is taken back", []courier.Outcome{greyList}, func(o *office) {
			o.decide("12 09:11", standing.Decision{Kind: standing.Reject, Arrival: "AAAAA-00001"})
		}, []string{"12 09:11", "12 09:12"}, 1, "withdrawn: decided_otherwise", true},
		{"even where nobody knows whether it arrived", []courier.Outcome{silence}, func(o *office) {
			o.decide("12 09:11", standing.Decision{Kind: standing.Reject, Arrival: "AAAAA-00001"})
		}, []string{"12 09:11", "12 09:41"}, 1, "unknown withdrawn: decided_otherwise", true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "HU-BINHSON").invited()
			o.smtp.answers(binhSon, c.says...)
			o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()[:3]...)
			o.owed("12 09:10")
			for i, when := range c.tries {
				o.deliver(when)
				if i == 0 && c.between != nil {
					c.between(o)
				}
			}
			if len(o.smtp.sent) != c.sent {
				t.Fatalf("%d mails went out, want %d", len(o.smtp.sent), c.sent)
			}
			if got := strings.TrimPrefix(o.outcomes(key), binhSon+"="); got != c.outcome {
				t.Errorf("%s, want %s", got, c.outcome)
			}
			first, last := o.smtp.sent[0].raw, o.smtp.sent[len(o.smtp.sent)-1].raw
			if bytes.Equal(first, last) != c.same {
				t.Errorf("the last mail equals the first: %t, want %t", !c.same, c.same)
			}
			if a, b := field(t, first, "Message-ID"), field(t, last, "Message-ID"); a != b {
				t.Errorf("two Message-IDs: %s, %s", a, b)
			}
			sum := sha256.Sum256(last)
			if o.letters()[key].SHA256 != hex.EncodeToString(sum[:]) {
				t.Error("the ledger names other bytes than went out last")
			}
		})
	}
}

func TestARenderedLetterSaysWhatIsTrueThen(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	o.smtp.answers(binhSon, greyList)
	o.filed("12 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()[:3]...)
	o.owed("12 09:10")
	o.deliver("12 09:11")
	o.filed("12 09:11", "BBBBB-00002", "HU-BINHSON", binhSon, model("Mô hình hai"))
	o.deliver("12 09:12")
	before, after := subject(t, o.smtp.sent[0].raw), subject(t, o.smtp.sent[1].raw)
	if !strings.HasPrefix(before, "Đã nhận; còn thiếu") || !strings.HasPrefix(after, "Đã nhận đủ") {
		t.Errorf("first %q, then %q", before, after)
	}
}

func TestOneOfTwoRecipientsIsRefused(t *testing.T) {
	const congAn, dangUy = "vanthu@congan.quangngai.example", "vanthu@duca.quangngai.example"
	o := newOffice(t, "S-CA", "DU-CA")
	o.smtp.answers(congAn, noSuch)
	o.smtp.answers(dangUy, greyList)
	o.owed("04 07:30")
	o.deliver("04 07:30")
	o.deliver("04 07:31")
	if got := o.outcomes("invite/DU-CA"); got != congAn+"=refused "+dangUy+"=accepted" {
		t.Error(got)
	}
	if u := o.situation("04 08:00").Table.Units["S-CA"]; !u.Reachable {
		t.Error("a dossier with one good address is not unreachable")
	}
	// The address that takes nothing is left out from now on.
	o.read("12 07:30")
	o.owed("12 07:30")
	o.smtp.forget()
	o.deliver("12 07:31")
	if got := o.smtp.to(); got != congAn+", "+dangUy {
		t.Errorf("the reminder went to %s", got) // S-CA has no other address
	}
}

func TestTheNextLetterGoesToTheNextAddress(t *testing.T) {
	for _, c := range []struct {
		sentence string
		unit     func(*config.Unit)
		says     courier.Outcome
		want     string
	}{
		{"to the second of the roster", func(u *config.Unit) { u.Emails = append(u.Emails, "hai@hubinhson.quangngai.example") }, noSuch, "hai@hubinhson.quangngai.example"},
		{"to the backup address", func(u *config.Unit) { u.BackupEmail = "du.phong@mail.example" }, noSuch, "du.phong@mail.example"},
		{"to the same, if it was the mail that was refused and not the address", func(u *config.Unit) { u.BackupEmail = "du.phong@mail.example" }, tooLarge, binhSon},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON")
			o.Campaign.Units[0].Emails = slices.Clone(o.Campaign.Units[0].Emails)
			c.unit(&o.Campaign.Units[0])
			o.smtp.answers(binhSon, c.says)
			o.owed("04 07:30")
			o.deliver("04 07:30")
			o.smtp.forget()
			o.read("12 07:30")
			o.owed("12 07:30")
			o.deliver("12 07:30")
			if got := o.smtp.to(); got != c.want {
				t.Errorf("to %s, want %s", got, c.want)
			}
		})
	}
	t.Run("to an address that the desk has registered", func(t *testing.T) {
		o := newOffice(t, "HU-BINHSON")
		o.smtp.answers(binhSon, noSuch)
		o.owed("04 07:30")
		o.deliver("04 07:30")
		o.decide("05 09:00", standing.Decision{Kind: standing.Alias, Units: []string{"HU-BINHSON"}, Address: clerk})
		o.smtp.forget()
		o.read("12 07:30")
		o.owed("12 07:30")
		o.deliver("12 07:30")
		if got := o.smtp.to(); got != clerk {
			t.Errorf("to %s", got)
		}
	})
}

// A reminder is in the queue; something happens; the queue is worked off.
func TestDecidedAgainAtTheInstantOfSending(t *testing.T) {
	const key = "remind/HU-BINHSON/T-3"
	unit := []string{"HU-BINHSON"}
	for _, c := range []struct {
		sentence string
		happens  func(*office)
		when     string
		want     string
	}{
		{"nothing happened", nil, "17 07:31", "accepted"},
		{"the report came and was answered: withdrawn", func(o *office) { o.answered("17 07:31", "AAAAA-00001", dossier()...) }, "17 15:01", "withdrawn: complete"},
		{"a report is being read: it waits", func(o *office) { o.arrival("17 07:31", finding.Verdict{ID: "AAAAA-00001"}) }, "17 07:32", "waiting"},
		{"a report came and is not answered yet: it waits", func(o *office) {
			o.filed("17 07:31", "AAAAA-00001", "HU-BINHSON", binhSon, report("x.docx"))
		}, "17 07:32", "waiting"},
		{"an undecided mail may be the unit's: it waits", func(o *office) {
			o.arrival("17 07:31", finding.Verdict{ID: "AAAAA-00001", From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone, Candidates: unit})
		}, "17 07:32", "waiting"},
		{"the mailbox has failed: it waits", func(o *office) { o.trouble("17 07:31", "no route to host") }, "17 07:32", "waiting"},
		{"the day is over: it waits for the morning", nil, "17 18:00", "waiting"},
		{"and then goes", func(o *office) { o.deliver("17 18:00") }, "18 07:30", "accepted"},
		{"the next step has come: withdrawn", nil, "19 07:30", "withdrawn: later_step_due"},
		{"the desk paused the unit: withdrawn", func(o *office) { o.decide("17 07:31", standing.Decision{Kind: standing.Pause, Units: unit}) }, "17 07:32", "withdrawn: paused"},
		{"the unit says that it has sent: withdrawn", func(o *office) {
			o.arrival("17 07:31", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: &unit[0], Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyNone})
		}, "17 07:32", "withdrawn: said_sent"},
		{"the deadline was put off: withdrawn", func(o *office) {
			o.decide("17 07:31", standing.Decision{Kind: standing.Extend, Units: unit, Until: at(o.t, "26 00:00")})
		}, "17 07:32", "withdrawn: not_due"},
		{"the campaign has closed: withdrawn", nil, "2022-11-07 08:00", "withdrawn: closed"},
		{"the desk took back that the campaign is live: it waits", func(o *office) {
			o.decide("17 07:31", standing.Decision{Kind: standing.Undo, Undoes: o.goLive()})
		}, "17 07:32", "waiting"},
		{"the unit has left the roster: withdrawn", func(o *office) { o.Campaign.Units = o.Campaign.Units[1:] }, "17 07:32", "withdrawn: unit_left_the_roster"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
			if o.Campaign.Units[0].Code != "HU-BINHSON" {
				t.Fatal("the roster is in another order")
			}
			o.read("17 07:30")
			o.owed("17 07:30")
			if c.happens != nil {
				c.happens(o)
			}
			o.deliver(c.when)
			if got := strings.TrimPrefix(o.outcomes(key), binhSon+"="); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			sent := slices.ContainsFunc(o.smtp.sent, func(m carried) bool { return field(t, m.raw, "X-Dondoc-Key") == key })
			if sent != (c.want == "accepted") {
				t.Errorf("sent: %t", sent)
			}
		})
	}
}

// An invitation that meets a pause in the queue is kept: without it the unit
// would never get its form.
func TestAnInvitationOutlivesAPause(t *testing.T) {
	o := newOffice(t, "HU-BINHSON")
	o.smtp.answers(binhSon, greyList)
	o.owed("04 07:30")
	o.deliver("04 07:30")
	o.decide("04 07:35", standing.Decision{Kind: standing.Pause, Units: []string{"HU-BINHSON"}})
	o.deliver("04 08:00")
	if got := o.outcomes("invite/HU-BINHSON"); got != binhSon+"=trouble" {
		t.Errorf("while paused: %s", got)
	}
	o.decide("05 09:00", standing.Decision{Kind: standing.Resume, Units: []string{"HU-BINHSON"}})
	o.deliver("05 09:05")
	if got := o.outcomes("invite/HU-BINHSON"); got != binhSon+"=accepted" {
		t.Errorf("afterwards: %s", got)
	}
}

// The instant between looking and sending cannot be closed; what happens in
// it is seen before the second recipient gets his.
func TestAReportArrivesWhileTheReminderIsUnderWay(t *testing.T) {
	o := newOffice(t, "S-CA", "DU-CA").invited()
	o.read("17 07:30")
	o.owed("17 07:30")
	o.smtp.before = func(string) {
		o.smtp.before = nil
		o.filed("17 07:31", "AAAAA-00001", "DU-CA", "vanthu@duca.quangngai.example", dossier()...)
		o.owed("17 07:45")
	}
	o.deliver("17 07:46")
	if got := o.outcomes("remind/DU-CA/T-3"); got != "vanthu@congan.quangngai.example=accepted withdrawn: complete" {
		t.Error(got)
	}
	o.read("19 07:30")
	if got := o.owed("19 07:30"); got != "" {
		t.Errorf("a reminder for a complete dossier: %s", got)
	}
}

func TestNothingTwiceHoweverManyWork(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-CA", "DU-CA", "S-YT", "S-TP")
	daemons := []*Notifier{o.Notifier, o.another(o.Campaign), o.another(o.Campaign), o.Notifier}
	o.smtp.before = func(string) { time.Sleep(3 * time.Millisecond) } // a mail takes its time
	var posted, sent int
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, n := range daemons {
		all.Go(func() {
			now := at(t, "04 07:30")
			for range 3 {
				keys, err := n.Post(context.Background(), now)
				if err != nil {
					t.Error(err)
				}
				count, err := n.Deliver(context.Background(), func() time.Time { return now })
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				posted, sent = posted+len(keys), sent+count
				mu.Unlock()
			}
		})
	}
	all.Wait()
	// Five invitations, one of them to two addresses, and the digest of the 3rd.
	want := 6 + len(o.Campaign.Desk)
	if posted != 6 || sent != want || len(o.smtp.sent) != want {
		t.Errorf("%d posted, %d counted as sent, %d mails on the wire; want 6, %d, %d", posted, sent, len(o.smtp.sent), want, want)
	}
	if got := o.smtp.to(); strings.Contains(got, "×") {
		t.Errorf("somebody got a letter twice: %s", got)
	}
}

// A process dies between the server's 250 and our record of it.
func TestARestartRepeatsTheIdenticalMail(t *testing.T) {
	o := newOffice(t, "HU-BINHSON")
	o.owed("04 07:30")
	ctx, kill := context.WithCancel(context.Background())
	dying := o.another(o.Campaign)
	dying.Courier = dies{&o.smtp, kill}
	if _, err := dying.Deliver(ctx, func() time.Time { return at(t, "04 07:31") }); err == nil {
		t.Fatal("the process did not die")
	}
	if n := o.deliver("04 07:32"); n != 0 {
		t.Error("the claim of a living process was taken")
	}
	dying.Ledger.Close()
	if n := o.deliver("04 07:33"); n != 1 {
		t.Errorf("%d delivered after the restart", n)
	}
	if len(o.smtp.sent) != 2 || !bytes.Equal(o.smtp.sent[0].raw, o.smtp.sent[1].raw) {
		t.Errorf("%d mails, or two different ones", len(o.smtp.sent))
	}
	if got := o.outcomes("invite/HU-BINHSON"); got != binhSon+"=accepted" {
		t.Error(got)
	}
}

// dies carries a mail and dies before it can say so.
type dies struct {
	Courier
	kill func()
}

func (d dies) Send(ctx context.Context, from, to string, raw []byte) courier.Outcome {
	d.Courier.Send(ctx, from, to, raw)
	d.kill()
	return courier.Outcome{Kind: courier.Unknown}
}

func TestARehearsalReachesTheDeskAlone(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "S-CA", "DU-CA")
	o.Campaign.Mode = config.Rehearsal
	o.filed("03 15:00", "AAAAA-00001", "HU-BINHSON", binhSon, report("x.docx"))
	o.owed("04 07:30", every...)
	o.deliver("04 07:31")
	for _, m := range o.smtp.sent {
		if !slices.Contains(o.Campaign.Desk, m.to) {
			t.Errorf("a rehearsal reached %s", m.to)
		}
		if got := field(t, m.raw, "To"); strings.Contains(got, "vanthu@") {
			t.Errorf("To: %s", got)
		}
		key := field(t, m.raw, "X-Dondoc-Key")
		l := o.letters()[key]
		mark := fmt.Sprintf("[DIỄN TẬP → %s", l.To[0])
		if len(l.To) > 1 {
			mark += " +1"
		}
		if got := subject(t, m.raw); !strings.HasPrefix(got, mark+"]") {
			t.Errorf("%s: subject %q does not say whom it would have gone to (%s)", key, got, mark)
		}
	}
	if want := 3 * len(o.Campaign.Desk); len(o.smtp.sent) != want {
		t.Errorf("%d mails, want %d", len(o.smtp.sent), want)
	}
}

func TestPreviewQueuesNothing(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO")
	mails := map[string][]byte{}
	err := o.Preview(context.Background(), at(t, "04 07:30"), func(o Owed, raw []byte) error { mails[o.Key] = raw; return nil }, "invite")
	if err != nil || len(mails) != 2 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	if len(o.letters()) != 0 {
		t.Error("a preview was queued")
	}
	o.owed("04 07:30")
	o.deliver("04 07:30")
	for _, m := range o.smtp.sent {
		if a, b := field(t, m.raw, "Message-ID"), field(t, mails[field(t, m.raw, "X-Dondoc-Key")], "Message-ID"); a != b {
			t.Errorf("previewed as %s, sent as %s", b, a)
		}
	}
}

func TestThreads(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	invite := o.letters()["invite/HU-BINHSON"].MessageID
	o.arrival("11 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassReport,
		Reply: finding.ReplyReceipt, MessageID: "thu-1@unit.example", References: []string{invite}, Parts: []finding.Part{report("x.docx")}})
	o.owed("11 09:10")
	o.read("17 07:30")
	o.owed("17 07:30")
	o.deliver("17 07:31")
	for _, m := range o.smtp.sent {
		switch key := field(t, m.raw, "X-Dondoc-Key"); {
		case strings.HasPrefix(key, "receipt/"):
			if got := field(t, m.raw, "In-Reply-To"); got != "<thu-1@unit.example>" {
				t.Errorf("%s answers %s", key, got)
			}
			if got := field(t, m.raw, "References"); got != "<"+invite+"> <thu-1@unit.example>" {
				t.Errorf("%s refers to %s", key, got)
			}
			if got := field(t, m.raw, "Auto-Submitted"); got != "auto-replied" {
				t.Errorf("%s is %s", key, got)
			}
		case strings.HasPrefix(key, "remind/"):
			if got := field(t, m.raw, "In-Reply-To"); got != "<"+invite+">" {
				t.Errorf("%s answers %s, not the invitation", key, got)
			}
			if got := field(t, m.raw, "Auto-Submitted"); got != "auto-generated" {
				t.Errorf("%s is %s", key, got)
			}
		}
	}
	if len(o.smtp.sent) != 2 {
		t.Errorf("%d mails", len(o.smtp.sent))
	}
}

// What a letter to somebody else must not tell: who can name a digest may
// answer it, and who has the token of a unit's form may write for the unit.
func TestSecretsStayWithTheirOwners(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	desk, digest := o.Campaign.Desk[0], "dd.dvk-2022.aaaaaaaaaaaaaaaaaaaa@bandanvan.example"
	o.arrival("11 09:00", finding.Verdict{ID: "AAAAA-00001", From: desk, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassReport,
		Reply: finding.ReplyReceipt, MessageID: "thu-1@desk.example", References: []string{digest}, Parts: []finding.Part{report("x.docx")}})
	o.arrival("11 09:00", finding.Verdict{ID: "BBBBB-00002", From: "la@mail.example", Unit: new("HU-BINHSON"), Claimed: true, Verdict: finding.Filed, Class: finding.ClassReport,
		Reply: finding.ReplyReceipt, MessageID: "thu-2@mail.example", Parts: []finding.Part{report("y.docx")}})
	template, err := blank.Open(o.Campaign.Form)
	if err != nil {
		t.Fatal(err)
	}
	defer template.Close()
	o.Blank, o.Form.Version = template, "1"
	o.owed("11 09:10")
	o.deliver("11 09:10")
	invite := o.letters()["invite/HU-BINHSON"]
	for key, want := range map[string]string{"receipt/AAAAA-00001": o.Ledger.Key.FormToken(o.Campaign.ID, "1", "HU-BINHSON"), "receipt/BBBBB-00002": ""} {
		l := o.letters()[key]
		raw, err := o.Kept(l.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), digest) || strings.Contains(string(raw), "thu-1@desk.example") {
			t.Errorf("%s names what the desk answered", key)
		}
		if got := field(t, raw, "In-Reply-To"); want != "" && got != "<"+invite.MessageID+">" {
			t.Errorf("%s answers %s", key, got)
		}
		if got := o.formToken(l); got != want {
			t.Errorf("%s has a form with the token %q, want %q", key, got, want)
		}
	}
}

// formToken is the token of the unit's own form that goes with a letter.
func (o *office) formToken(l ledger.Letter) (token string) {
	o.t.Helper()
	err := o.Ledger.Read(o.t.Context(), func(tx *ledger.Tx) error {
		s, err := o.look(tx, at(o.t, "11 09:11"))
		if err != nil {
			return err
		}
		_, attached, err := o.facts(s, l)
		if err != nil {
			return err
		}
		for _, a := range attached {
			f, err := excelize.OpenReader(bytes.NewReader(a.Data))
			if err != nil {
				continue
			}
			properties, err := f.GetCustomProps()
			for _, p := range properties {
				if p.Name == "token" {
					token, _ = p.Value.(string)
				}
			}
			return errors.Join(err, f.Close())
		}
		return errors.New("no form goes with " + l.Key)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

// A letter whose bytes are gone is our error: nothing else goes out in its
// place, and the others do not wait for it.
func TestOneBadLetterDoesNotHoldUpTheOthers(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO")
	o.smtp.answers(baTo, silence)
	o.smtp.answers(binhSon, slices.Repeat([]courier.Outcome{greyList}, 5)...)
	o.owed("04 07:30")
	o.deliver("04 07:30")
	clear(o.kept)
	o.smtp.forget()
	o.smtp.script = nil
	_, err := o.Deliver(context.Background(), func() time.Time { return at(t, "04 08:30") })
	if err == nil || !strings.Contains(err.Error(), "invite/HU-BATO") {
		t.Errorf("error %v", err)
	}
	if got := o.smtp.to(); got != binhSon {
		t.Errorf("sent to %q", got)
	}
	if got := o.outcomes("invite/HU-BATO"); got != baTo+"=unknown" {
		t.Errorf("invite/HU-BATO: %s", got)
	}
	// It is not tried at every poll, but again.
	if _, err := o.Deliver(context.Background(), func() time.Time { return at(t, "04 08:31") }); err != nil {
		t.Errorf("a minute later: %v", err)
	}
	if _, err := o.Deliver(context.Background(), func() time.Time { return at(t, "04 08:45") }); err == nil {
		t.Error("it was given up")
	}
}

// The mail server is away, or the password is wrong: seventy letters wait. Each
// round once tried them all, five minutes of silence or one refused login each.
func TestAServerThatIsAwayIsAskedOnce(t *testing.T) {
	gone := courier.Outcome{Kind: courier.Trouble, Stage: courier.StageConnect, Text: "i/o timeout"}
	refused := courier.Outcome{Kind: courier.Trouble, Stage: courier.StageAuth, Code: 535, Text: "5.7.8 wrong password"}
	for _, c := range []struct {
		sentence string
		says     courier.Outcome
		hours    int
		attempts int
	}{
		{"a server that is not there is tried every quarter of an hour", gone, 4, 4 + 16},
		{"a refused password every hour: 0, 1, 3, 7, 15, 31, 63, 123 …", refused, 4, 6 + 4},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON", "HU-BATO", "S-YT")
			attempts := 0
			o.Courier = courierFunc(func() courier.Outcome { attempts++; return c.says })
			o.owed("04 07:30")
			start := at(t, "04 07:30")
			for minute := range c.hours * 60 {
				now := start.Add(time.Duration(minute) * time.Minute)
				_, err := o.Deliver(context.Background(), func() time.Time { return now })
				if away := (*Away)(nil); !errors.As(err, &away) || !strings.Contains(away.Text, c.says.Text) {
					t.Fatalf("after %d minutes: %v", minute, err)
				}
			}
			if attempts < c.attempts-1 || attempts > c.attempts+1 {
				t.Errorf("%d attempts in %d hours, want about %d", attempts, c.hours, c.attempts)
			}
			for key, l := range o.letters() {
				for _, d := range l.Deliveries {
					if d.Outcome != "waiting" || d.Tries != 0 {
						t.Errorf("%s is held against the letter: %+v", key, d)
					}
				}
			}
			o.Courier = &o.smtp
			if n, err := o.Deliver(context.Background(), func() time.Time { return start.Add(5 * time.Hour) }); n != 3 || err != nil {
				t.Errorf("when the server is back: %d letters, %v", n, err)
			}
		})
	}
}

type courierFunc func() courier.Outcome

func (f courierFunc) Send(context.Context, string, string, []byte) courier.Outcome { return f() }

// What was withdrawn before it went out was not said.
func TestWhatWasWithdrawnIsOwedAgain(t *testing.T) {
	const a = "AAAAA-00001"
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		key      string
		want     string
		mails    string
	}{
		{"a receipt waits, the desk rejects by mistake and takes it back: the sender was never answered", func(o *office) {
			o.smtp.answers(baTo, greyList)
			o.filed("12 09:00", a, "HU-BATO", baTo, dossier()...)
			o.owed("12 09:30")
			o.deliver("12 09:30")
			d := o.decide("12 09:31", standing.Decision{Kind: standing.Reject, Arrival: a})
			o.deliver("12 09:40")
			o.quiet("12 09:45")
			o.decide("12 09:50", standing.Decision{Kind: standing.Undo, Undoes: d.ID})
			o.owed("12 10:00")
			o.deliver("12 10:00")
			o.quiet("13 10:00")
			o.deliver("13 10:00")
		}, "receipt/" + a, baTo + "=accepted", baTo + " ×2"},
		{"an invitation waits, a full report comes, and it turns out to be another unit's: no form was ever sent", func(o *office) {
			o.filed("04 08:00", a, "HU-BATO", baTo, dossier()...)
			o.deliver("04 09:00")
			o.decide("04 10:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("05 08:00")
			o.deliver("05 08:00")
			o.quiet("05 09:00")
		}, "invite/HU-BATO", baTo + "=accepted", baTo + " ×2"},
		{"a reminder was withdrawn because the unit said that it had sent, and the desk finds nothing", func(o *office) {
			o.invited()
			o.read("17 07:30")
			o.smtp.answers(baTo, greyList)
			o.owed("17 07:30")
			o.deliver("17 07:31")
			o.arrival("17 07:35", finding.Verdict{ID: a, From: baTo, Unit: new("HU-BATO"), Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyNone})
			o.deliver("17 07:40")
			o.decide("17 09:00", standing.Decision{Kind: standing.Reject, Arrival: a})
			o.owed("17 09:05")
			o.deliver("17 09:05")
			o.quiet("17 09:10")
		}, "remind/HU-BATO/T-3", baTo + "=accepted", baTo + " ×2"},
		{"what may have gone out is not said again", func(o *office) {
			o.smtp.answers(baTo, silence)
			o.filed("12 09:00", a, "HU-BATO", baTo, dossier()...)
			o.owed("12 09:30")
			o.deliver("12 09:30")
			d := o.decide("12 09:31", standing.Decision{Kind: standing.Reject, Arrival: a})
			o.deliver("12 10:30")
			o.decide("12 10:50", standing.Decision{Kind: standing.Undo, Undoes: d.ID})
			o.quiet("12 11:00")
			o.deliver("12 11:00")
		}, "receipt/" + a, baTo + "=unknown withdrawn: decided_otherwise", baTo},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BATO", "HU-BINHSON")
			if strings.HasPrefix(c.key, "invite/") {
				o.smtp.answers(baTo, greyList)
				o.owed("04 07:30", letter.Invite)
				o.deliver("04 07:30")
			} else {
				o.invited()
			}
			c.tell(o)
			if got := o.outcomes(c.key); got != c.want {
				t.Errorf("%s: %s, want %s", c.key, got, c.want)
			}
			count := 0
			for _, m := range o.smtp.sent {
				if field(t, m.raw, "X-Dondoc-Key") == c.key {
					count++
				}
			}
			if want := 1 + strings.Count(c.mails, "×2"); count != want {
				t.Errorf("tried %d times, want %d", count, want)
			}
		})
	}
}

// The sender's address is one that the standard forbids, and the unit's own
// mailbox stands beside it: both get the receipt.
func TestAnAddressAgainstTheStandardHoldsUpNobody(t *testing.T) {
	o := newOffice(t, "HU-BATO").invited()
	o.filed("12 09:00", "AAAAA-00001", "HU-BATO", "abc.@docomo.example", dossier()...)
	o.arrival("12 09:00", finding.Verdict{ID: "BBBBB-00002", Verdict: finding.Quarantined, Class: finding.ClassUnreadable, Reply: finding.ReplyAcknowledge})
	o.owed("12 09:30")
	if n := o.deliver("12 09:30"); n != 2 || o.smtp.to() != "abc.@docomo.example, "+baTo {
		t.Errorf("%d sent, to %s", n, o.smtp.to())
	}
	if got := o.outcomes("acknowledge/BBBBB-00002"); got != "none" {
		t.Errorf("an answer to nobody: %s", got)
	}
}

// A mail server takes three quarters of an hour over one letter. A second
// daemon once took the claim for dead after fifteen minutes, and the letter
// went out twice.
func TestASlowServerIsNoReasonToSendTwice(t *testing.T) {
	o := newOffice(t, "HU-BATO")
	o.owed("04 07:30", letter.Invite)
	second := o.another(o.Campaign)
	o.smtp.before = func(string) {
		o.smtp.before = nil
		n, err := second.Deliver(context.Background(), func() time.Time { return at(t, "04 08:15") })
		if n != 0 || err != nil {
			t.Errorf("the second daemon sends %d meanwhile, %v", n, err)
		}
	}
	if n := o.deliver("04 07:30"); n != 1 || o.smtp.to() != baTo {
		t.Errorf("%d sent, to %s", n, o.smtp.to())
	}
}

// Every attempt is given up before its claim runs out.
func TestAnAttemptEndsBeforeItsClaim(t *testing.T) {
	o := newOffice(t, "HU-BATO")
	o.owed("04 07:30", letter.Invite)
	o.Courier = asks(func(ctx context.Context) {
		until, limited := ctx.Deadline()
		if rest := time.Until(until); !limited || rest >= ledger.Lease {
			t.Errorf("an attempt may last %s", rest)
		}
	})
	o.deliver("04 07:30")
}

type asks func(context.Context)

func (a asks) Send(ctx context.Context, _, _ string, _ []byte) courier.Outcome {
	a(ctx)
	return accepted
}

// A look at the past is blind to what came after, as the rest of the program is.
func TestALookAtThePast(t *testing.T) {
	o := newOffice(t, "HU-BATO")
	o.read("17 07:40")
	o.owed("04 07:30", letter.Invite)
	o.smtp.answers(baTo, noSuch)
	o.deliver("04 07:31")
	o.trouble("18 09:00", "no route to host")
	for _, c := range []struct{ sentence, when, invite, address string }{
		{"before the invitation was posted it is owed", "04 07:20", "none", baTo},
		{"when it was posted it waits, and the address is good", "04 07:29", "waiting", baTo},
		{"afterwards it is known that the address is dead", "04 08:00", "refused", o.Campaign.Units[0].BackupEmail},
	} {
		s := o.situation(c.when)
		got := "none"
		if l := s.letter("invite/HU-BATO"); l != nil {
			got = l.Deliveries[0].Outcome
		}
		if got != c.invite {
			t.Errorf("%s: %s", c.sentence, got)
		}
		if a := o.address(s, o.Campaign.Units[0]); a != c.address && c.address != "" {
			t.Errorf("%s: letters go to %s", c.sentence, a)
		}
		if !s.Trouble.IsZero() {
			t.Errorf("%s: there is trouble already", c.sentence)
		}
	}
	later := newOffice(t, "HU-BATO").invited()
	later.read("17 07:40")
	if got := later.whyNot("17 07:35", "HU-BATO"); got != string(notRead) {
		t.Errorf("a mark from the future counts as read: %s", got)
	}
}

// A process that is killed over each letter, and started again each minute,
// once sent the same letter at every start.
func TestKilledOverAndOver(t *testing.T) {
	o := newOffice(t, "HU-BATO")
	o.owed("04 07:30", letter.Invite)
	for minute := range 300 {
		ctx, kill := context.WithCancel(context.Background())
		dying := o.another(o.Campaign)
		dying.Courier = dies{&o.smtp, kill}
		now := at(t, "04 07:30").Add(time.Duration(minute) * time.Minute)
		dying.Deliver(ctx, func() time.Time { return now })
		kill()
		dying.Ledger.Close()
	}
	if len(o.smtp.sent) != 3 || !bytes.Equal(o.smtp.sent[0].raw, o.smtp.sent[2].raw) {
		t.Errorf("sent %d times, or not the same", len(o.smtp.sent))
	}
}
