package main

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"dondoc/notify/courier"
)

// TestStoppedBetweenAnyTwoSteps stops a round at its first durable step, then
// at its second, and so on until one runs to its end; each time a fresh
// program goes on where the stopped one left off. Whatever the point, the end
// is the same: the files, the facts, one letter each.
func TestStoppedBetweenAnyTwoSteps(t *testing.T) {
	now := at(t, "2022-10-12 10:00")
	var want map[string]int
	for stop := int64(0); ; stop++ {
		w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
		w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
		w.must(at(t, "2022-10-04 07:45"), "once")
		w.fillMailbox()
		ctx, stopped := stopAfter(stop)
		out, code := w.runUntil(ctx, now, "once")
		if !stopped() {
			if code != exitDone && code != exitPerson {
				t.Fatalf("a round that nobody stopped: exit %d\n%s", code, out)
			}
		}
		w.must(now, "once")
		w.must(now, "once")
		again := lines[done](t, w.must(now, "once", "--json"))[0]
		if again.Fetched+again.Filed+again.Held+again.Ignored+again.Quarantined+again.Posted+again.Sent != 0 {
			t.Errorf("stopped at step %d: a further round still did something: %+v", stop, again)
		}
		w.must(now, "verify")
		got := w.everything()
		if want == nil {
			w2 := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
			w2.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
			w2.must(at(t, "2022-10-04 07:45"), "once")
			w2.fillMailbox()
			w2.must(now, "once")
			want = w2.everything()
		}
		if !maps.Equal(got, want) {
			t.Errorf("stopped at step %d:\n got %v\nwant %v", stop, got, want)
		}
		if !stopped() {
			if stop < 20 {
				t.Fatalf("only %d steps were seen: the test no longer stops where it should", stop)
			}
			t.Logf("%d steps", stop)
			return
		}
	}
}

// TestKilledAfterTheServerTookALetter is the one gap that no order of steps
// can close: the server has the letter, and the record of it is lost. The
// letter goes out again, and it is the same letter, byte for byte.
func TestKilledAfterTheServerTookALetter(t *testing.T) {
	w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
	now := at(t, "2022-10-12 10:00")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	w.fillMailbox()
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
	if len(times) < 2 || times[0] != times[1] {
		t.Errorf("the letter that may have been lost was not repeated as it was")
	}
	if rest := times[2:]; slices.Contains(rest, times[0]) {
		t.Errorf("the letter went out a third time")
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

// fillMailbox puts one mail of each important kind into the mailbox.
func (w *world) fillMailbox() {
	w.t.Helper()
	received := at(w.t, "2022-10-12 09:30")
	for _, m := range [][]byte{
		mail("vanthu@hubinhson.quangngai.example", "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi Ban Dân vận", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")},
			file{"Phu luc so lieu.xlsx", w.filled("HU-BINHSON", 5)}, file{"Mo hinh 1.docx", model("Nước sạch")}, file{"Mo hinh 2.docx", model("Đường hoa")}),
		mail("vanthu@syt.quangngai.example", "Báo cáo Dân vận khéo", "Sở Y tế gửi báo cáo", file{"Bao cao.docx", report("SỞ Y TẾ")}),
		mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."),
		mail("nguoila@mail.example", "Chào hàng", "Mua đi"),
	} {
		if _, err := w.imap.Append("tiepnhan", "INBOX", m, received); err != nil {
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
	when := at(w.t, "2022-10-12 10:00")
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
