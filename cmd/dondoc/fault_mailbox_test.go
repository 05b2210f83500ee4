package main

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/mailbox/mailboxtest"
)

// TestFaultMailbox lets the way to the mail server break or lie at each point
// of a morning's round: at its first connection, command, response, then at
// the second, and so on until nothing is left that could break; and again
// while the program recovers. In the end each mail is filed and answered
// once, nobody is reminded whose mail was in the mailbox, each letter lies in
// the folder for sent mail once, and the mailbox has lost nothing.
func TestFaultMailbox(t *testing.T) {
	f := newFaults(t)
	m := &mornings{faults: f, now: at(t, "2022-10-12 10:00")}
	m.base, m.mails = newMorning(t)
	w, wire := m.begin(t)
	wire.arm()
	w.must(m.now, "once")
	passed := wire.disarm()
	w.must(m.now.Add(later), "once")
	m.want = w.everything()
	m.sent = len(w.stored(t, sentFolder))
	if m.sent < 5 {
		t.Fatalf("only %d letters in %q", m.sent, sentFolder)
	}
	size := int64(0)
	for _, p := range passed {
		size = max(size, p.bytes+int64(p.size))
	}

	var all []ordeal
	for _, p := range points(passed) {
		all = append(all, m.ordeal([]mishap{p}, nil))
	}
	all = append(all, ordeal{"every byte in a packet of its own", func(t *testing.T) { m.play(t, true, nil, nil) }})
	met := len(all)
	if met < 300 {
		t.Errorf("only %d points: this test looks in the wrong place", met)
	}
	var found []ordeal
	for _, r := range foundMailbox {
		found = append(found, m.ordeal(r.first, r.then))
	}
	f.through(found, all, 14, func(rng *rand.Rand) ordeal {
		some := points(passed)
		draw := func() mishap {
			if rng.IntN(2) == 0 {
				return mishap{place: "byte", n: 1 + rng.Int64N(size), does: byteMishaps[rng.IntN(len(byteMishaps))]}
			}
			return some[rng.IntN(len(some))]
		}
		first, then := []mishap{draw()}, []mishap(nil)
		for rng.IntN(2) == 0 {
			first = append(first, draw())
		}
		for rng.IntN(2) == 0 {
			then = append(then, draw())
		}
		return m.ordeal(first, then)
	})
}

// foundMailbox are mishaps of a round, and of the one after it, that once had
// consequences.
var foundMailbox = []struct {
	sentence    string
	first, then []mishap
}{
	{"a body under another message's UID hid that message for ever", []mishap{{place: "response", like: `FETCH \(UID \d+ BODY`, n: 3, does: "of another UID"}}, nil},
	{"of a body that was said to be longer the bytes behind it were kept too, and the mail itself never", []mishap{{place: "response", like: `FETCH \(UID \d+ BODY`, n: 2, does: "literal said longer"}}, nil},
	{"of a body that was said to be shorter the beginning was kept, and the mail itself never", []mishap{{place: "response", like: `FETCH \(UID \d+ BODY`, n: 2, does: "literal said shorter"}}, nil},
	{"a mailbox whose number of messages got lost was taken for empty, and who had reported was reminded", []mishap{{place: "response", like: `EXISTS`, n: 1, does: "omitted"}}, nil},
	{"a letter lay in the folder for sent mail twice", []mishap{{place: "response", like: `OK \[APPENDUID`, n: 1, does: "with junk before it"}}, nil},
	{"a mailbox that was opened for marking without its UIDVALIDITY was taken for a renumbered one, and its mails never got their marks", []mishap{{place: "response", like: `OK \[UIDVALIDITY`, n: 3, does: "omitted"}}, nil},
	{"a mail that SEARCH left out was taken for none, and who had sent it was reminded", []mishap{{place: "response", like: `SEARCH`, n: 1, does: "without its last number"}}, nil},
}

// mornings are the same morning over and over.
type mornings struct {
	*faults
	base  *world
	mails [][]byte
	now   time.Time
	want  map[string]int
	sent  int // letters in the folder for sent mail
}

// later is when the program goes on: a server that refused us is asked again,
// and nobody was alarmed yet.
const later = 10 * time.Minute

// begin is the morning, with a wire in front of the mail server.
func (m *mornings) begin(t *testing.T) (*world, *wire) {
	t.Helper()
	w := m.base.copied(t)
	if err := w.imap.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	w.fillMailbox(m.mails)
	wire := newWire(t, w.imap.Addr())
	w.edit("campaign.yaml", regexp.QuoteMeta(w.imap.Addr()), wire.listener.Addr().String())
	return w, wire
}

func (m *mornings) ordeal(first, then []mishap) ordeal {
	var names []string
	for _, x := range first {
		names = append(names, x.String())
	}
	for _, x := range then {
		names = append(names, "then "+x.String())
	}
	return ordeal{strings.Join(names, ", "), func(t *testing.T) { m.play(t, false, first, then) }}
}

func (m *mornings) play(t *testing.T, slices bool, first, then []mishap) {
	w, wire := m.begin(t)
	wire.slices = slices
	m.disturbed(w, wire, m.now, first)
	if then != nil {
		m.disturbed(w, wire, m.now.Add(3*time.Minute), then)
	}
	wire.slices = false
	w.settled(m.faults, m.now.Add(later), m.want)
	w.copiedOnce(t, m.sent)
	have := w.stored(t, "INBOX")
	if len(have) != len(m.mails) {
		t.Errorf("%d mails lie in the mailbox, want %d", len(have), len(m.mails))
	}
	for _, x := range have {
		if !hasFold(x.Flags, "$Dondoc") || hasFold(x.Flags, `\Seen`) {
			t.Errorf("message %d has the flags %v", x.UID, x.Flags)
		}
	}
}

// disturbed is a round in which mishaps happen. It may fail; it may not say
// that the configuration is wrong.
func (m *mornings) disturbed(w *world, wire *wire, now time.Time, mishaps []mishap) {
	w.t.Helper()
	var armed []*mishap
	w.patience.Mailbox = 0
	for _, x := range mishaps {
		armed = append(armed, &x)
		if x.waits() {
			w.patience.Mailbox = 1500 * time.Millisecond
		}
	}
	wire.arm(armed...)
	out, code := w.run(now, "once")
	wire.disarm()
	w.patience.Mailbox = 0
	if code == exitUsage {
		w.t.Errorf("exit status %d\n%s", code, out)
	}
	for _, x := range armed {
		if x.met == "" {
			continue
		}
		w.t.Logf("%s: %s", x, x.met)
		m.count(func(n *tally) { n.point("IMAP "+x.place, x.String()) })
	}
	if testing.Verbose() {
		w.t.Logf("exit status %d\n%s", code, out)
	}
}

func (w *world) stored(t *testing.T, folder string) []mailboxtest.Stored {
	t.Helper()
	all, err := w.imap.Stored("tiepnhan", folder)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// copiedOnce: each letter lies in the folder for sent mail once. The embedded
// server keeps what came of an APPEND that was cut off; nobody can help that.
func (w *world) copiedOnce(t *testing.T, want int) {
	t.Helper()
	times := map[string]int{}
	for _, x := range w.stored(t, sentFolder) {
		raw := record.ReplaceAll(x.Raw, nil)
		whole := func(m sentMail) bool { return bytes.Equal(m.raw, raw) }
		half := func(m sentMail) bool { return bytes.HasPrefix(m.raw, bytes.TrimSpace(raw)) }
		switch {
		case slices.ContainsFunc(w.sent, whole):
			times[messageID(x.Raw)]++
		case !slices.ContainsFunc(w.sent, half):
			t.Errorf("%q has a mail that nobody wrote:\n%.300s", sentFolder, x.Raw)
		}
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("the letter %s lies in %q %d times", id, sentFolder, n)
		}
	}
	if len(times) != want {
		t.Errorf("%q has %d letters, want %d", sentFolder, len(times), want)
	}
}

// record is what a copy bears for a ledger that has forgotten it.
var record = regexp.MustCompile(`^X-Dondoc-Record:[^\n]*\n?([ \t][^\n]*\n?)*`)

func hasFold(all []string, s string) bool {
	return slices.ContainsFunc(all, func(x string) bool { return strings.EqualFold(x, s) })
}
