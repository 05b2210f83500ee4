package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/cmd/dondoc/witness"
)

// drawerOf is the folder for sent mail in these stories.
const drawerOf = "Đã gửi"

// TestFaultRestored takes a backup at every point of two days of a campaign
// that its program comes through, lets the rest of the days happen, has the
// machine die, and restores one backup after the other beside what the world
// remembers: the mailbox, and all that was sent. Whichever it is, the end is
// that of a campaign whose machine never died: no mail is lost, no letter goes
// out twice, and the desk is told what the program no longer knew.
func TestFaultRestored(t *testing.T) {
	f := newFaults(t)
	lived, points, backups := livedTwice(t, f)
	want := lived.everything()
	if points < 100 {
		t.Fatalf("only %d points were seen: the test no longer stops where it should", points)
	}
	order := slices.Sorted(maps.Keys(backups))
	f.draw().Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, n := range order {
		if f.long() && !f.goesOn() {
			break
		}
		t.Run(fmt.Sprintf("backup %d of %d", n, points), func(t *testing.T) {
			f.count(func(a *tally) { a.point("backup", fmt.Sprint(n)) })
			w := lived.reborn(t, backups[n])
			now := lived.now
			out := w.must(now, "verify", "--repair")
			if !strings.Contains(out, "0 hư hỏng") {
				t.Errorf("the backup is damaged:\n%s", out)
			}
			restored := w.grown(f, now, want)
			if n < points/2 && !restored {
				t.Error("the desk was not told that the ledger is older than the mailbox")
			}
		})
	}
}

// grown is overcome, where the desk may have been told of the restore.
func (w *world) grown(f *faults, now time.Time, want map[string]int) (told bool) {
	w.t.Helper()
	want = maps.Clone(want)
	for last, rounds := (done{Sent: 1}), 0; last != (done{}); rounds++ {
		if rounds == 6 {
			w.t.Fatalf("after %d rounds there is still something to do: %+v", rounds, last)
		}
		last = lines[done](w.t, w.must(now, "once", "--json"))[0]
	}
	for _, m := range w.sent {
		if strings.HasPrefix((stored{raw: m.raw}).header("X-Dondoc-Key"), "alarm/restored-") {
			told = true
			want["sent alarm to "+m.to]++
			want["letter alarm to "+m.to+" accepted"]++
		}
	}
	w.must(now, "verify")
	got := w.everything()
	for _, line := range slices.Sorted(maps.Keys(got)) {
		if got[line] != want[line] {
			w.t.Errorf("%d × %s, want %d", got[line], line, want[line])
		}
	}
	for _, line := range slices.Sorted(maps.Keys(want)) {
		if got[line] == 0 {
			w.t.Errorf("%s is missing", line)
		}
	}
	w.shownEach()
	_, letters, repeated := w.account.Seen()
	f.count(func(n *tally) {
		n.ordeals++
		n.restarts += 2
		n.verifies += 3
		n.letters += letters
		n.repeated += repeated
	})
	return told
}

// shownEach sees that the folder for sent mail shows each letter once.
func (w *world) shownEach() {
	w.t.Helper()
	all, err := w.imap.Stored("tiepnhan", drawerOf)
	if err != nil {
		w.t.Error(err)
		return
	}
	n := map[string]int{}
	for _, m := range all {
		n[stored{raw: m.Raw}.header("X-Dondoc-Key")]++
	}
	for key, n := range n {
		if n != 1 {
			w.t.Errorf("%s is shown %d times", key, n)
		}
	}
}

// reborn is the campaign as a backup has it, on a new machine, beside the world
// as it is now.
func (w *world) reborn(t testing.TB, backup string) *world {
	t.Helper()
	c := &world{t: t, dir: t.TempDir(), sent: slices.Clone(w.sent), now: w.now, account: w.account.Clone()}
	if err := os.CopyFS(c.dir, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	c.serve(`url: "imap[^"]*"`, `url: "smtp[^"]*"`)
	if err := c.imap.AddSentFolder("tiepnhan", drawerOf); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"INBOX", drawerOf} {
		if err := w.imap.CopyFolder("tiepnhan", folder, c.imap.Server); err != nil {
			t.Fatal(err)
		}
	}
	c.watched()
	return c
}

// livedTwice plays the days, and takes a backup wherever the program asks
// whether it has to stop, which it does between any two durable steps; for a
// sample, at some of these points.
func livedTwice(t *testing.T, f *faults) (w *world, points int, backups map[int]string) {
	w = newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
	if err := w.imap.AddSentFolder("tiepnhan", drawerOf); err != nil {
		t.Fatal(err)
	}
	w.edit("campaign.yaml", `(?m)^receipt_delay: .*`, "receipt_delay: 10m")
	w.account = witness.New(w.public())
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	dir := t.TempDir()
	backups = map[int]string{}
	every := 1
	if !f.long() {
		every = 60
	}
	from := f.draw().IntN(every)
	back := func() {
		points++
		if points%every != from {
			return
		}
		to := filepath.Join(dir, fmt.Sprint(points))
		p, out := w.program(w.now)
		if code := p.Run(context.Background(), []string{"backup", to, "-C", w.dir}); code != exitDone {
			t.Fatalf("backup: exit %d\n%s", code, out)
		}
		backups[points] = to
	}
	for _, x := range twoDays {
		now := at(t, x.at)
		for _, raw := range x.mails(w) {
			if _, err := w.imap.Append("tiepnhan", "INBOX", raw, now.Add(-15*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		out, code := w.runUntil(&stopover{Context: context.Background(), at: back}, now, "once")
		if code != exitDone && code != exitPerson {
			t.Fatalf("once: exit %d\n%s", code, out)
		}
	}
	t.Logf("%d backups at %d points; %d letters were sent", len(backups), points, len(w.sent))
	return w, points, backups
}

// stopover is a context that never ends, and does something whenever it is
// asked whether it has.
type stopover struct {
	context.Context
	at func()
	mu sync.Mutex
	in bool
}

func (c *stopover) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.in {
		c.in = true
		c.at()
		c.in = false
	}
	return nil
}

// twoDays are the mails of two days, and when the program looks. The day is
// that of T-1, the reminders and the digests among it.
var twoDays = []struct {
	at    string
	mails func(*world) [][]byte
}{
	{"2022-10-18 07:40", func(w *world) [][]byte { return nil }},
	{"2022-10-18 09:30", func(w *world) [][]byte {
		return [][]byte{
			mail("vanthu@syt.quangngai.example", "Báo cáo Dân vận khéo", "Sở Y tế gửi báo cáo", file{"Bao cao.docx", report("SỞ Y TẾ")}),
			mail("nguoila@mail.example", "Chào hàng", "Mua đi"),
		}
	}},
	{"2022-10-18 10:35", func(w *world) [][]byte {
		return [][]byte{
			mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."),
			// A clerk's own address: the registered one is asked.
			mail("canbo@gmail.example", "Báo cáo của Huyện ủy Ba Tơ", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BA TƠ")}),
		}
	}},
	{"2022-10-18 16:10", func(w *world) [][]byte { return nil }},
	{"2022-10-19 08:05", func(w *world) [][]byte {
		from := "vanthu@hubinhson.quangngai.example"
		return [][]byte{
			mail(from, "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi Ban Dân vận", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")}),
			mail(from, "Phụ lục DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi", file{"Phu luc so lieu.xlsx", w.filled("HU-BINHSON", 5)}),
			mail(from, "Mô hình DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi", file{"Mo hinh 1.docx", model("Nước sạch")}, file{"Mo hinh 2.docx", model("Đường hoa")}),
		}
	}},
	{"2022-10-19 10:40", func(w *world) [][]byte {
		return [][]byte{mail("vanthu@syt.quangngai.example", "Phụ lục của Sở Y tế", "Gửi phụ lục", file{"Phu luc.xlsx", w.filled("S-YT", 3)})}
	}},
	{"2022-10-19 14:10", func(w *world) [][]byte { return nil }},
}
