package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// at is a moment of October 2022, "12 10:00", or any, "2022-11-05 08:00".
func at(t testing.TB, text string) time.Time {
	t.Helper()
	if len(text) < 10 {
		text = "2022-10-" + text
	}
	when, err := time.ParseInLocation("2006-01-02 15:04:05", text+":00", time.FixedZone("+07", 7*3600))
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// loaded is the built-in campaign, read once.
var loaded = sync.OnceValues(func() (*config.Campaign, error) {
	dir, err := os.MkdirTemp("", "campaign")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := config.Init(dir); err != nil {
		return nil, err
	}
	return config.Load(dir)
})

// office is a notifier on a ledger of its own, in a live campaign of a few
// units that has been confirmed.
type office struct {
	*Notifier
	t    testing.TB
	dir  string
	smtp scripted

	mu   sync.Mutex
	kept map[string][]byte

	stale bool // the story itself says when the mailbox was read
}

func newOffice(t testing.TB, codes ...string) *office {
	t.Helper()
	first, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	c := *first
	c.Mode = config.Live
	c.Units = nil
	for _, u := range first.Units {
		if len(codes) == 0 || slices.Contains(codes, u.Code) {
			u.Undecided, u.Active = false, true
			c.Units = append(c.Units, u)
		}
	}
	o := &office{t: t, dir: t.TempDir(), kept: map[string][]byte{}}
	o.Notifier = o.another(&c)
	o.decide("03 09:00", standing.Decision{Kind: standing.GoLive})
	return o
}

// another is a second daemon on the same ledger.
func (o *office) another(c *config.Campaign) *Notifier {
	o.t.Helper()
	l, err := ledger.Open(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { l.Close() })
	plan, err := schedule.Compile(c)
	if err != nil {
		o.t.Fatal(err)
	}
	return &Notifier{
		Campaign: c, Plan: plan, Calendar: standing.NewCalendar(c), Ledger: l, Courier: &o.smtp, Log: slog.New(slog.DiscardHandler),
		Keep: func(b []byte) (string, error) {
			sum := sha256.Sum256(b)
			sha := hex.EncodeToString(sum[:])
			o.mu.Lock()
			defer o.mu.Unlock()
			o.kept[sha] = bytes.Clone(b)
			return sha, nil
		},
		Kept: func(sha string) ([]byte, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			if b, ok := o.kept[sha]; ok {
				return b, nil
			}
			return nil, errors.New("not kept: " + sha)
		},
	}
}

// invited has the invitations out, as they are on the morning of 4 October.
func (o *office) invited() *office {
	o.owed("04 07:30", letter.Invite)
	o.deliver("04 07:30")
	o.smtp.forget()
	return o
}

func (o *office) write(when string, fn func(*ledger.Tx) error) {
	o.t.Helper()
	if err := o.Ledger.Write(context.Background(), at(o.t, when), fn); err != nil {
		o.t.Fatal(err)
	}
}

// arrival keeps a mail and, with a verdict, judges it.
func (o *office) arrival(when string, v finding.Verdict) {
	o.t.Helper()
	v.Received, v.Decided = at(o.t, when), at(o.t, when)
	sum := sha256.Sum256([]byte(v.ID))
	v.SHA256 = hex.EncodeToString(sum[:])
	if v.MessageID == "" {
		v.MessageID = strings.ToLower(v.ID) + "@unit.example"
	}
	o.write(when, func(tx *ledger.Tx) error {
		if _, err := tx.Keep(ledger.Arrival{ID: v.ID, SHA256: v.SHA256, Received: v.Received}, nil); err != nil || v.Verdict == "" {
			return err
		}
		_, err := tx.Judge(&v)
		return err
	})
}

// filed is a mail of a unit with files.
func (o *office) filed(when, id, unit, from string, parts ...finding.Part) finding.Verdict {
	o.t.Helper()
	v := finding.Verdict{ID: id, From: from, Unit: &unit, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt, ReplyReason: "received", Parts: parts}
	for _, p := range parts {
		if p.Verdict == finding.NeedsFix {
			v.Reply, v.ReplyReason = finding.ReplyCorrections, "problems"
		}
	}
	o.arrival(when, v)
	return v
}

func (o *office) decide(when string, d standing.Decision) standing.Decision {
	o.t.Helper()
	d.At, d.By = at(o.t, when), "thử nghiệm"
	if d.ID == "" {
		d.ID = fmt.Sprintf("d-%s-%s", d.Kind, d.At.UTC().Format("021504"))
	}
	o.write(when, func(tx *ledger.Tx) error { return tx.Append(ledger.FactDecision, d.ID, d) })
	return d
}

// read notes that the mailbox was read whole, in a round begun at when.
func (o *office) read(when string) {
	o.t.Helper()
	o.write(when, func(tx *ledger.Tx) error {
		return tx.Mark(ledger.MarkRead, at(o.t, when).UTC().Format(time.RFC3339Nano))
	})
}

func (o *office) trouble(when, text string) {
	o.t.Helper()
	mark := ""
	if text != "" {
		mark = at(o.t, when).UTC().Format(time.RFC3339) + " " + text
	}
	o.write(when, func(tx *ledger.Tx) error { return tx.Mark(ledger.MarkTrouble, mark) })
}

// every is all kinds but digests, of which there is one a day.
var every = slices.DeleteFunc(slices.Clone(letter.Kinds), func(k string) bool { return k == letter.DigestKind })

// owed posts what is owed at when and returns the keys, in one line.
func (o *office) owed(when string, kinds ...string) string {
	o.t.Helper()
	if len(kinds) == 0 {
		kinds = every
	}
	o.forgetful(when)
	keys, err := o.Post(context.Background(), at(o.t, when), kinds...)
	if err != nil {
		o.t.Fatal(err)
	}
	o.forgetful(when)
	// What was posted is owed no more: else every round would look at it again.
	again := o.situation(when)
	for _, x := range o.Owed(again) {
		if again.letter(x.Key) != nil || slices.Contains(keys, x.Key) {
			o.t.Errorf("at %s: %s is owed although it was posted", when, x.Key)
		}
	}
	return strings.Join(keys, " ")
}

// forgetful fails if what is owed at when depends on what earlier looks remember.
func (o *office) forgetful(when string) {
	o.t.Helper()
	o.write(when, func(tx *ledger.Tx) error {
		s, err := o.lookFor(tx, at(o.t, when), nil)
		if err != nil {
			return err
		}
		remembers := o.Owed(s)
		had := o.remembered
		defer func() { o.remembered = had }()
		o.remembered = remembered{}
		if s, err = o.lookFor(tx, at(o.t, when), nil); err != nil {
			return err
		}
		if forgets := o.Owed(s); !reflect.DeepEqual(remembers, forgets) {
			o.t.Errorf("at %s, whoever remembers owes\n%+v\nand whoever has forgotten\n%+v", when, remembers, forgets)
		}
		return nil
	})
}

func (o *office) deliver(when string) int {
	o.t.Helper()
	sent, err := o.Deliver(context.Background(), func() time.Time { return at(o.t, when) })
	if err != nil {
		o.t.Fatal(err)
	}
	return sent
}

// letters are all that the ledger has, by key.
func (o *office) letters() map[string]ledger.Letter {
	o.t.Helper()
	all := map[string]ledger.Letter{}
	err := o.Ledger.Read(context.Background(), func(tx *ledger.Tx) error {
		letters, err := tx.Letters("")
		for _, l := range letters {
			all[l.Key] = l
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// outcomes says what became of a letter: address=outcome, and why it was
// withdrawn.
func (o *office) outcomes(key string) string {
	l, ok := o.letters()[key]
	if !ok {
		return "none"
	}
	var all []string
	for _, d := range l.Deliveries {
		all = append(all, d.Address+"="+d.Outcome)
	}
	if l.Withdrawn != "" {
		all = append(all, "withdrawn: "+l.Withdrawn)
	}
	return strings.Join(all, " ")
}

// look is the situation at when.
func (o *office) situation(when string) (s Situation) {
	o.t.Helper()
	err := o.Ledger.Read(context.Background(), func(tx *ledger.Tx) (err error) {
		s, err = o.look(tx, at(o.t, when))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// whyNot is why a unit gets no reminder at when; its key if it is owed one.
func (o *office) whyNot(when, unit string) string {
	s := o.situation(when)
	owed, why := o.reminder(s, s.Table.Units[unit])
	if why == "" {
		return owed.Key
	}
	return string(why)
}

func report(name string) finding.Part {
	return finding.Part{Kind: finding.Report, Name: name, SHA256: "r:" + name, Verdict: finding.Accepted}
}

func model(title string) finding.Part {
	return finding.Part{Kind: finding.Model, Name: title + ".docx", Title: title, Models: 1, SHA256: "m:" + title, Verdict: finding.Accepted}
}

func appendix(name string, problems ...finding.Problem) finding.Part {
	p := finding.Part{Kind: finding.Appendix, Name: name, SHA256: "a:" + name, Verdict: finding.Accepted, Problems: problems,
		Values: map[string]any{"DVK_B1_11_TT": 3.0, "DVK_B1_11_CN": 1.0}}
	for _, q := range problems {
		if q.Open() {
			p.Verdict = finding.NeedsFix
		}
	}
	return p
}

// wrong is a cell to fix.
var wrong = finding.Problem{Code: "N06", Severity: finding.MustFix, Cell: "D13", Found: "khoảng 30", Args: map[string]string{"bieu": "Biểu 1", "o": "D13"}}

// unexplained is a figure to explain.
var unexplained = finding.Problem{Code: "N09", Severity: finding.FixOrExplain, Cell: "D13", Found: "1046", Args: map[string]string{"bieu": "Biểu 1", "o": "D13"}}

// dossier is all that a district owes.
func dossier(problems ...finding.Problem) []finding.Part {
	return []finding.Part{report("Bao cao.docx"), appendix("PL.xlsx", problems...), model("Mô hình một"), model("Mô hình hai")}
}

// scripted is a courier that answers as it is told, address by address, and
// accepts where it was told nothing.
type scripted struct {
	mu     sync.Mutex
	script map[string][]courier.Outcome
	sent   []carried
	before func(to string) // runs while a mail is on its way
}

type carried struct {
	from, to string
	raw      []byte
}

var (
	accepted = courier.Outcome{Kind: courier.Accepted, Stage: courier.StageFinal, Code: 250}
	greyList = courier.Outcome{Kind: courier.Trouble, Stage: courier.StageRcpt, Code: 451, Text: "later, please"}
	noSuch   = courier.Outcome{Kind: courier.Refused, Stage: courier.StageRcpt, Code: 550, Status: "5.1.1", Text: "5.1.1 no such user"}
	tooLarge = courier.Outcome{Kind: courier.Refused, Stage: courier.StageData, Code: 552, Status: "5.3.4", Text: "5.3.4 too large"}
	silence  = courier.Outcome{Kind: courier.Unknown, Stage: courier.StageFinal, Text: "connection lost after the final dot"}
)

func (c *scripted) Send(_ context.Context, from, to string, raw []byte) courier.Outcome {
	if c.before != nil {
		c.before(to)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, carried{from, to, bytes.Clone(raw)})
	if rest := c.script[to]; len(rest) > 0 {
		c.script[to] = rest[1:]
		return rest[0]
	}
	return accepted
}

func (c *scripted) answers(to string, outcomes ...courier.Outcome) {
	if c.script == nil {
		c.script = map[string][]courier.Outcome{}
	}
	c.script[to] = outcomes
}

func (c *scripted) forget() { c.sent = nil }

// to lists whom mails went to, sorted.
func (c *scripted) to() string {
	counts := map[string]int{}
	for _, m := range c.sent {
		counts[m.to]++
	}
	var all []string
	for _, a := range slices.Sorted(maps.Keys(counts)) {
		if counts[a] > 1 {
			a += fmt.Sprintf(" ×%d", counts[a])
		}
		all = append(all, a)
	}
	return strings.Join(all, ", ")
}
