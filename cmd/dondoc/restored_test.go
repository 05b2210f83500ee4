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

// TestRestored plays what a sample of backups does not: the ways in which what
// the world remembers is less, or in which less was lost.
func TestRestored(t *testing.T) {
	morning, noon := at(t, "2022-10-12 10:00"), at(t, "2022-10-12 14:00")
	binhson := "vanthu@hubinhson.quangngai.example"
	// lost is a campaign of which a backup was taken before a mail came, which
	// was answered, and that has died since.
	lost := func(t *testing.T, configure ...string) (w *world, backup string) {
		w = newWorld(t, "HU-BINHSON", "HU-BATO")
		if err := w.imap.AddSentFolder("tiepnhan", drawerOf); err != nil {
			t.Fatal(err)
		}
		if len(configure) > 0 {
			w.edit("campaign.yaml", configure...)
		}
		w.account = witness.New(w.public())
		w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
		w.must(at(t, "2022-10-04 07:45"), "once")
		backup = filepath.Join(t.TempDir(), "backup")
		w.must(at(t, "2022-10-11 20:00"), "backup", backup)
		w.arrive(t, mail(binhson, "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")}), morning)
		w.run(morning, "once") // there may be no folder yet to move it to
		if n := w.letters("receipt"); n != 1 {
			t.Fatalf("%d receipts went out", n)
		}
		return w, backup
	}
	restore := func(w *world, backup string) {
		w.t.Helper()
		if err := os.RemoveAll(w.dir); err != nil {
			w.t.Fatal(err)
		}
		if err := os.CopyFS(w.dir, os.DirFS(backup)); err != nil {
			w.t.Fatal(err)
		}
		w.must(noon, "verify", "--repair")
	}
	filed := func(w *world) {
		w.t.Helper()
		if out := w.must(noon, "status", "--unit", "HU-BINHSON", "--json"); !strings.Contains(out, `"state":"partial"`) {
			w.t.Errorf("the mail was lost:\n%s", out)
		}
	}
	for _, row := range []struct {
		sentence string
		play     func(t *testing.T)
	}{
		{"the copy among sent mail shows that it was answered; the desk, status and verify say so", func(t *testing.T) {
			w, backup := lost(t)
			restore(w, backup)
			w.must(noon, "once")
			w.must(noon, "once")
			filed(w)
			if n, told := w.letters("receipt"), w.letters("alarm"); n != 1 || told != 1 {
				t.Errorf("%d receipts, and the desk was told %d times", n, told)
			}
			for _, command := range []string{"status", "verify"} {
				if out := w.must(noon, command); !strings.Contains(out, "Sổ được khôi phục từ bản sao lưu") {
					t.Errorf("%s does not say it:\n%s", command, out)
				}
			}
			w.shownEach()
		}},
		{"without that folder, mail that was dealt with is not answered again, and the desk is told which", func(t *testing.T) {
			w, backup := lost(t, `(?m)^  sent: .*`, "  sent: off")
			restore(w, backup)
			w.arrive(t, mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."), noon)
			w.must(noon, "once")
			w.must(noon, "once")
			filed(w)
			if n, told := w.letters("receipt"), w.letters("acknowledge"); n != 1 || told != 1 {
				t.Errorf("%d receipts, and %d answers to what came after the disaster", n, told)
			}
			said := ""
			for _, m := range w.sent {
				if s := (stored{raw: m.raw}); strings.HasPrefix(s.header("X-Dondoc-Key"), "alarm/restored-") {
					said, _ = s.open(t)
				}
			}
			if !strings.Contains(said, binhson) || strings.Contains(said, "hubato") {
				t.Errorf("the desk was told\n%s", said)
			}
			// The witness knows of no disaster, and misses that answer.
			w.account = witness.New(w.public())
			w.now = time.Time{}
		}},
		{"while that folder cannot be read letters wait for it, an hour at most", func(t *testing.T) {
			w, backup := lost(t)
			restore(w, backup)
			w.edit("campaign.yaml", `(?m)^  sent: .*`, "  sent: Khong co")
			w.arrive(t, mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."), noon)
			before := len(w.sent)
			w.must(noon, "once")
			w.must(noon.Add(30*time.Minute), "once")
			for _, m := range w.sent[before:] {
				if key := (stored{raw: m.raw}).header("X-Dondoc-Key"); !strings.HasPrefix(key, "alarm/") {
					t.Errorf("%s did not wait", key)
				}
			}
			w.must(noon.Add(61*time.Minute), "once")
			w.must(noon.Add(66*time.Minute), "once")
			if n, told := w.letters("receipt"), w.letters("acknowledge"); n != 1 || told != 1 {
				t.Errorf("%d receipts, and %d answers to what came after the disaster", n, told)
			}
			w.now = time.Time{}
		}},
		{"what was moved away after it was dealt with is found there", func(t *testing.T) {
			w, backup := lost(t, `(?m)^  move: .*`, `  move: "Da nhan"`)
			if err := w.imap.AddFolder("tiepnhan", "Da nhan"); err != nil {
				t.Fatal(err)
			}
			w.must(morning, "once")
			if left, err := w.imap.Messages("tiepnhan", "INBOX"); len(left) != 0 || err != nil {
				t.Fatalf("%d mails were not moved: %v", len(left), err)
			}
			if out := w.must(morning, "once", "--json"); strings.Contains(out, `"fetched":1`) {
				t.Error("what was moved came again")
			}
			restore(w, backup)
			w.must(noon, "once")
			w.must(noon, "once")
			filed(w)
			if n := w.letters("receipt"); n != 1 {
				t.Errorf("%d receipts went out", n)
			}
		}},
		{"a letter that a mail quotes was sent, though no copy shows it", func(t *testing.T) {
			w, backup := lost(t, `(?m)^  sent: .*`, "  sent: off")
			id := ""
			for _, m := range w.sent {
				if s := (stored{raw: m.raw}); strings.HasPrefix(s.header("X-Dondoc-Key"), "remind/HU-BATO/") {
					id = s.header("Message-ID")
				}
			}
			if n := w.letters("remind/HU-BATO"); n != 1 {
				t.Fatalf("%d reminders went out", n)
			}
			w.arrive(t, fmt.Appendf(nil, "From: <vanthu@hubato.quangngai.example>\r\nTo: <tiepnhan@bdvtu.quangngai.example>\r\nSubject: Vang mat\r\nMessage-ID: <a@b.example>\r\nAuto-Submitted: auto-replied\r\n"+
				"In-Reply-To: %s\r\nReferences: %[1]s\r\n\r\nToi di cong tac.\r\n", id), noon)
			restore(w, backup)
			w.must(noon, "once")
			w.must(noon, "once")
			if n := w.letters("remind/HU-BATO"); n != 1 {
				t.Errorf("%d reminders went out", n)
			}
			w.now = time.Time{} // the digest went out again: nothing showed that it had
		}},
		{"only the ledger is of yesterday", func(t *testing.T) {
			w, backup := lost(t)
			for _, name := range []string{"ledger.db-wal", "ledger.db-shm"} {
				os.Remove(filepath.Join(w.dir, "data", name))
			}
			b, err := os.ReadFile(filepath.Join(backup, "data", "ledger.db"))
			if err == nil {
				err = os.WriteFile(filepath.Join(w.dir, "data", "ledger.db"), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			w.must(noon, "verify")
			w.must(noon, "once")
			filed(w)
			if n := w.letters("receipt"); n != 1 {
				t.Errorf("%d receipts went out", n)
			}
			w.must(noon, "verify")
		}},
		{"only the archive is of yesterday: what is missing is named, and got back", func(t *testing.T) {
			w, backup := lost(t)
			if err := os.RemoveAll(filepath.Join(w.dir, "data", "archive")); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(filepath.Join(w.dir, "data", "archive"), os.DirFS(filepath.Join(backup, "data", "archive"))); err != nil {
				t.Fatal(err)
			}
			out, code := w.run(noon, "verify", "--repair")
			if code != exitFailed || !strings.Contains(out, "thư không còn trong kho lưu sẽ được đọc lại từ hộp thư") {
				t.Errorf("exit %d\n%s", code, out)
			}
			w.must(noon, "once")
			out, _ = w.run(noon, "verify", "--repair")
			if !strings.Contains(out, "Đã lấy lại") {
				t.Errorf("the mail's files did not come back:\n%s", out)
			}
			out, _ = w.run(noon, "verify", "--json")
			for _, what := range []string{`"what":"mail"`, `"what":"file"`} {
				if strings.Contains(out, what) {
					t.Errorf("%s is still missing:\n%s", what, out)
				}
			}
			filed(w)
			w.now = time.Time{} // the bytes of its letters stay lost, and verify says so
		}},
		{"a rehearsal's marks and letters are no word about the real campaign", func(t *testing.T) {
			w := newWorld(t, "HU-BINHSON", "HU-BATO")
			if err := w.imap.AddSentFolder("tiepnhan", drawerOf); err != nil {
				t.Fatal(err)
			}
			w.edit("campaign.yaml", `(?m)^mode: .*`, "mode: rehearsal", `(?m)^  sent: .*`, "  sent: off")
			w.arrive(t, mail(binhson, "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")}), morning)
			w.must(morning, "once")
			w.edit("campaign.yaml", `(?m)^mode: .*`, "mode: live")
			w.account = witness.New(w.public())
			w.sent = nil
			w.must(noon, "invite", "--yes")
			w.must(noon, "once")
			if n, told := w.letters("receipt"), w.letters("alarm"); n != 1 || told != 0 {
				t.Errorf("%d receipts, %d alarms", n, told)
			}
			w.now = time.Time{}
		}},
		{"what somebody else's key has signed among sent mail proves nothing", func(t *testing.T) {
			w, backup := lost(t)
			restore(w, backup)
			// As the campaign would write it, but for the token.
			forged := "From: <tiepnhan@bdvtu.quangngai.example>\r\nTo: <vanthu@hubato.quangngai.example>\r\nSubject: x\r\nAuto-Submitted: auto-generated\r\n" +
				"Message-ID: <dd.hu-bato.aaaaaaaaaaaaaaaaaaaa@bdvtu.quangngai.example>\r\nX-Dondoc-Key: remind/HU-BATO/T-5\r\n\r\nx\r\n"
			if _, err := w.imap.Server.Append("tiepnhan", drawerOf, []byte(forged), morning); err != nil {
				t.Fatal(err)
			}
			w.must(noon, "once")
			if out := w.must(noon, "letters", "--json"); strings.Contains(out, "remind/HU-BATO/T-5") {
				t.Errorf("a forged letter was believed:\n%s", out)
			}
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			row.play(t)
		})
	}
}

// restoredByCopies is the simplest of them, on whatever server.
func restoredByCopies(t *testing.T, x *drawer) {
	x.invite()
	backup := filepath.Join(t.TempDir(), "backup")
	x.must(at(t, "2022-10-11 20:00"), "backup", backup)
	x.file("INBOX", mail(unit, "Báo cáo DVK 2022 - Huyện ủy Ba Tơ", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BA TƠ")}))
	now := at(t, "2022-10-12 10:00")
	for range 2 {
		x.must(now, "once")
	}
	before := x.accepted(now)
	if !slices.ContainsFunc(before, func(key string) bool { return strings.HasPrefix(key, "receipt/") }) {
		t.Fatalf("among %v there is no receipt", before)
	}
	if err := os.RemoveAll(x.dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(x.dir, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	later := at(t, "2022-10-12 14:00")
	x.must(later, "verify", "--repair")
	if d := lines[done](t, x.must(later, "once", "--json"))[0]; d.Fetched != 1 || d.Filed != 1 {
		t.Errorf("the first round did %+v", d)
	}
	x.must(later, "once")
	after := slices.DeleteFunc(x.accepted(later), func(key string) bool { return strings.HasPrefix(key, "alarm/restored-") })
	if !slices.Equal(after, before) {
		t.Errorf("before the disaster were sent\n%v\nand the ledger knows of\n%v", before, after)
	}
	shown := slices.DeleteFunc(x.shown(), func(key string) bool { return strings.HasPrefix(key, "alarm/restored-") })
	if !slices.Equal(shown, before) {
		t.Errorf("sent mail shows\n%v\nof\n%v", shown, before)
	}
	// The mail bears the keyword of its ledger: what has no copy is told by it.
	if out := x.must(later, "status"); !strings.Contains(out, "1 thư đến đã xử lý được đọc lại") {
		t.Errorf("the mailbox's marks were not seen:\n%s", out)
	}
}

// arrive puts a mail into the mailbox, a quarter of an hour ago.
func (w *world) arrive(t *testing.T, raw []byte, now time.Time) {
	t.Helper()
	if _, err := w.imap.Append("tiepnhan", "INBOX", raw, now.Add(-15*time.Minute)); err != nil {
		t.Fatal(err)
	}
}

// letters counts what was sent of a kind.
func (w *world) letters(kind string) (n int) {
	for _, m := range w.sent {
		if strings.HasPrefix((stored{raw: m.raw}).header("X-Dondoc-Key"), kind+"/") {
			n++
		}
	}
	return n
}
