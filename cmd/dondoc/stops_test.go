package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"dondoc/cmd/dondoc/witness"
	"dondoc/notify/courier"
)

// TestStoppedBetweenAnyTwoSteps stops a round at its first durable step, then
// at its second, and so on until one runs to its end; each time a fresh
// program goes on where the stopped one left off. Whatever the point, the end
// is the same: the files, the facts, one letter each.
func TestStoppedBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	now := at(t, "2022-10-12 10:00")
	invited, mails := newInvited(t)
	whole := invited.copied(t)
	whole.fillMailbox(mails)
	whole.must(now, "once")
	want := whole.everything()
	var ended atomic.Bool // a round that came to its end before its stop
	steps := int64(0)
	for ; !ended.Load(); steps += 10 {
		t.Run(fmt.Sprintf("from %d", steps), func(t *testing.T) {
			for stop := steps; stop < steps+10; stop++ {
				t.Run(fmt.Sprint(stop), func(t *testing.T) {
					t.Parallel()
					w := invited.copied(t)
					w.fillMailbox(mails)
					ctx, stopped := stopAfter(stop)
					out, code := w.runUntil(ctx, now, "once")
					if !stopped() {
						ended.Store(true)
						if code != exitDone && code != exitPerson {
							t.Fatalf("a round that nobody stopped: exit %d\n%s", code, out)
						}
					}
					again := done{Sent: 1}
					for rounds := 0; again != (done{}); rounds++ {
						if rounds == 3 {
							t.Errorf("a third round still did something: %+v", again)
							break
						}
						again = lines[done](t, w.must(now, "once", "--json"))[0]
					}
					w.must(now, "verify")
					if got := w.everything(); !maps.Equal(got, want) {
						t.Errorf("\n got %v\nwant %v", got, want)
					}
				})
			}
		})
	}
	if steps <= 20 {
		t.Fatalf("only %d steps were seen: the test no longer stops where it should", steps)
	}
}

// newInvited is a campaign whose units have been invited, and one mail of each
// important kind that is to come.
func newInvited(t *testing.T) (*world, [][]byte) {
	t.Helper()
	w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	return w, [][]byte{
		mail("vanthu@hubinhson.quangngai.example", "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi Ban Dân vận", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")},
			file{"Phu luc so lieu.xlsx", w.filled("HU-BINHSON", 5)}, file{"Mo hinh 1.docx", model("Nước sạch")}, file{"Mo hinh 2.docx", model("Đường hoa")}),
		mail("vanthu@syt.quangngai.example", "Báo cáo Dân vận khéo", "Sở Y tế gửi báo cáo", file{"Bao cao.docx", report("SỞ Y TẾ")}),
		mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."),
		mail("nguoila@mail.example", "Chào hàng", "Mua đi"),
	}
}

// TestKilledAfterTheServerTookALetter is the one gap that no order of steps
// can close: the server has the letter, and the record of it is lost. The
// letter goes out again, and it is the same letter, byte for byte.
func TestKilledAfterTheServerTookALetter(t *testing.T) {
	t.Parallel()
	now := at(t, "2022-10-12 10:00")
	w, mails := newInvited(t)
	w.fillMailbox(mails)
	before := len(w.sent)
	p, _ := w.program(now)
	p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.connect(); err != nil {
		t.Fatal(err)
	}
	killed := errors.New("killed")
	o.notify.Courier = deadly{o.notify.Courier, killed}
	w.at(now)
	w.account.Cut(1)
	func() {
		defer func() {
			if e := recover(); e != killed {
				t.Fatalf("was not killed: %v", e)
			}
		}()
		o.round(context.Background(), p.Clock.Now)
	}()
	o.Close()
	w.must(now, "once")
	var times []string
	for _, m := range w.sent[before:] {
		times = append(times, m.to+"\n"+string(m.raw))
	}
	same := 0
	for _, m := range times {
		if m == times[0] {
			same++
		}
	}
	if same != 2 {
		t.Errorf("the letter that may have been lost went out %d times in the same bytes, want twice", same)
	}
	if again := lines[done](t, w.must(now, "once", "--json"))[0]; again.Sent != 0 {
		t.Errorf("a further round sent %d letters", again.Sent)
	}
}

// deadly dies when the server has taken the first letter.
type deadly struct {
	courier interface {
		Send(context.Context, string, string, []byte) courier.Outcome
	}
	with error
}

func (d deadly) Send(ctx context.Context, from, to string, raw []byte) courier.Outcome {
	d.courier.Send(ctx, from, to, raw)
	panic(d.with)
}

// fillMailbox puts the mails into the mailbox; the first is all that its unit
// owes.
func (w *world) fillMailbox(mails [][]byte) {
	w.t.Helper()
	when := at(w.t, "2022-10-12 09:30")
	w.account.Put(witness.Mail{Raw: mails[0], At: when, Completes: true})
	for _, m := range mails {
		if _, err := w.imap.Append("tiepnhan", "INBOX", m, when); err != nil {
			w.t.Fatal(err)
		}
	}
}

// everything is what can be seen from outside when all is done: files for
// people, letters, and the standing of the units that wrote.
func (w *world) everything() map[string]int {
	w.t.Helper()
	all := map[string]int{}
	filepath.WalkDir(filepath.Join(w.dir, "ho-so"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(w.dir, path)
			all["file "+rel]++
		}
		return err
	})
	when := w.now
	for _, l := range lines[letterJSON](w.t, w.must(when, "letters", "--json")) {
		// Keys of answers carry the arrival's id, which depends on the bytes of
		// the mail; its beginning says enough.
		for _, d := range l.Deliveries {
			all["letter "+l.Kind+" to "+d.Address+" "+d.Outcome]++
		}
	}
	for _, m := range w.sent {
		key := ""
		for line := range strings.Lines(string(m.raw)) {
			if rest, ok := strings.CutPrefix(line, "X-Dondoc-Key: "); ok {
				key, _, _ = strings.Cut(strings.TrimSpace(rest), "/")
			}
		}
		all["sent "+key+" to "+m.to]++
	}
	for _, u := range lines[statusJSON](w.t, w.must(when, "status", "--json"))[0].Units {
		all["unit "+u.Code+" "+u.State+" "+strings.Join(u.Missing, "+")]++
	}
	return all
}

// stopAfter is a context that ends at the n-th question whether it has ended,
// which the program asks between any two durable steps.
func stopAfter(n int64) (ctx context.Context, stopped func() bool) {
	c := &countdown{Context: context.Background(), done: make(chan struct{})}
	c.left.Store(n)
	return c, func() bool { return c.left.Load() < 0 }
}

type countdown struct {
	context.Context
	left atomic.Int64
	done chan struct{}
}

func (c *countdown) Err() error {
	if n := c.left.Add(-1); n < 0 {
		if n == -1 {
			close(c.done)
		}
		return context.Canceled
	}
	return nil
}

func (c *countdown) Done() <-chan struct{} { return c.done }
