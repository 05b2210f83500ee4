package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// companyStories are of a mailbox in which others are at work too: people with
// their own programs, and a second dondoc.
var companyStories = []story{
	{"somebody reads all mail on a telephone, and nothing is different", readOnATelephone},
	{"another client flags, moves and removes mail in the middle of a round", tidiedInMidRound},
	{"a folder is deleted and made again with the same mails", folderMadeAgain},
	{"all mails are copied away and back, so that each has a new number", renumbered},
	{"two rounds at once on one mailbox", twoAtOnce},
	{"two daemons on one mailbox, of which one is killed", twoDaemons},
}

// client is a person's mail program in the committee's mailbox.
func (d *desk) client(folder string) *imapclient.Client {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	if _, err := c.Select(folder, nil).Wait(); err != nil {
		d.t.Fatal(err)
	}
	return c
}

// everything is every mail of a folder.
var everything = imap.SeqSet{{Start: 1, Stop: 0}}

func flag(t testing.TB, c *imapclient.Client, set imap.NumSet, flags ...imap.Flag) {
	t.Helper()
	if err := c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}, nil).Close(); err != nil {
		t.Error(err)
	}
}

// questions are mails of a unit that each get one answer.
func questions(n, size int) (mails [][]byte) {
	for i := range n {
		mails = append(mails, mail(baTo, fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở.\r\n"+strings.Repeat("Dòng dài của thư này. ", size/30)))
	}
	return mails
}

// kept reports whether the bytes of a mail are in the archive.
func (d *desk) kept(raw []byte) bool {
	sum := fmt.Sprintf("%x", sha256.Sum256(raw))
	b, err := os.ReadFile(filepath.Join(d.dir, "data", "archive", sum[:2], sum[2:]))
	return err == nil && bytes.Equal(b, raw)
}

// answeredOnce looks into the unit's mailbox for answers to mails: no mail has
// two, and there is at least one, for it may be for all that came together.
func (d *desk) answeredOnce(mails [][]byte) {
	d.t.Helper()
	d.delivered()
	answers := map[string]int{}
	c := login(d.t, d.units, baTo)
	defer c.Close()
	for _, m := range folder(d.t, c, "INBOX") {
		if strings.Contains(m.header("From"), d.address) {
			answers[m.header("In-Reply-To")]++
		}
	}
	some := false
	for i, raw := range mails {
		n := answers[messageID(raw)]
		some = some || n > 0
		if n > 1 {
			d.t.Errorf("mail %d was answered %d times", i, n)
		}
	}
	if !some {
		d.t.Error("no mail was answered")
	}
}

func readOnATelephone(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	whole := d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn")
	d.append("INBOX", whole)
	phone := d.client("INBOX")
	flag(t, phone, everything, imap.FlagSeen, imap.FlagFlagged)
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 1 || got.Filed != 1 {
		t.Errorf("of a mail that somebody has read the round made %+v", got)
	}
	d.answer(binhSon, messageID(whole))
	if u := d.standing(now, "HU-BINHSON"); u.State != "complete" {
		t.Errorf("the unit is %+v", u)
	}
	if m := d.inbox()[0]; !m.has(imap.FlagSeen) || !m.has(imap.FlagFlagged) || !m.has("$Dondoc") {
		t.Errorf("the mail has the flags %v", m.flags)
	}
	// Made unread again, as a reminder to oneself.
	if err := phone.Store(everything, &imap.StoreFlags{Op: imap.StoreFlagsDel, Flags: []imap.Flag{imap.FlagSeen, "$Dondoc"}}, nil).Close(); err != nil {
		t.Error(err)
	}
	d.idle(now)
	if m := d.inbox()[0]; m.has(imap.FlagSeen) {
		t.Errorf("the mail has the flags %v", m.flags)
	}
}

func tidiedInMidRound(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	d.create("Lưu")
	d.key("mailbox", "folders", "[INBOX, Lưu]")
	mails := questions(40, 60<<10)
	for _, raw := range mails {
		d.append("INBOX", raw)
	}
	other := d.client("INBOX")
	tidied := false
	through := relayTCP(t, s.box.Addr(), 400<<10, func() {
		tidied = true
		flag(t, other, imap.SeqSet{{Start: 1, Stop: 40}}, imap.FlagSeen)
		if _, err := other.Move(imap.SeqSet{{Start: 31, Stop: 40}}, "Lưu").Wait(); err != nil {
			t.Error(err)
		}
		flag(t, other, imap.SeqSet{{Start: 21, Stop: 25}}, imap.FlagDeleted)
		if err := other.Expunge().Close(); err != nil {
			t.Error(err)
		}
	})
	direct := s.box.URL(d.user)
	d.key("mailbox", "url", strings.Replace(direct, s.box.Addr(), through, 1))
	d.must(now, "once")
	d.key("mailbox", "url", direct)
	if !tidied {
		t.Fatal("nothing was tidied: this test looks in the wrong place")
	}
	d.must(now, "once")
	d.idle(now)
	for i, raw := range mails {
		if removed := i >= 20 && i < 25; !removed && !d.kept(raw) {
			t.Errorf("mail %d is not kept as it was", i+1)
		}
	}
	if n := len(folder(t, d.client("Lưu"), "Lưu")); n != 10 {
		t.Errorf("of the moved mails %d are left", n)
	}
	d.answeredOnce(mails)
}

func folderMadeAgain(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	d.create("Báo cáo")
	d.key("mailbox", "folders", "[INBOX, Báo cáo]")
	mails := append(questions(3, 0), d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn"))
	for _, raw := range mails {
		d.append("Báo cáo", raw)
	}
	d.must(now, "once")
	files := d.filings()
	c := d.client("INBOX")
	validity := func() uint32 {
		got, err := c.Status("Báo cáo", &imap.StatusOptions{UIDValidity: true}).Wait()
		if err != nil {
			t.Fatal(err)
		}
		return got.UIDValidity
	}
	before := validity()
	for range 2 {
		if err := c.Delete("Báo cáo").Wait(); err != nil {
			t.Fatal(err)
		}
		// Some servers number folders by the second.
		time.Sleep(1100 * time.Millisecond)
		d.create("Báo cáo")
		for _, raw := range slices.Backward(mails) {
			d.append("Báo cáo", raw)
		}
		d.idle(now)
	}
	if validity() == before {
		t.Fatal("the folder has its old number: this test tests nothing")
	}
	if n := d.filings(); n != files {
		t.Errorf("there were %d files under ho-so, and are %d", files, n)
	}
	// What is new is not taken for what lay under its number before.
	late := mail(baTo, "Hỏi thêm", "Xin hỏi cách ghi cấp tỉnh.")
	d.append("Báo cáo", late)
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 1 {
		t.Errorf("of a new mail the round made %+v", got)
	}
	d.answeredOnce(append(mails[:3:3], late))
}

func renumbered(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	d.create("Tạm")
	mails := append(questions(3, 0), d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn"))
	for _, raw := range mails {
		d.append("INBOX", raw)
	}
	d.must(now, "once")
	files := d.filings()
	c := d.client("INBOX")
	for _, to := range []string{"Tạm", "INBOX"} {
		if _, err := c.Move(everything, to).Wait(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Select("Tạm", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		d.idle(now)
	}
	if n := len(d.inbox()); n != len(mails) {
		t.Fatalf("%d mails are back", n)
	}
	if n := d.filings(); n != files {
		t.Errorf("there were %d files under ho-so, and are %d", files, n)
	}
	d.answeredOnce(mails[:3])
}

func twoAtOnce(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	mails := questions(30, 0)
	for _, raw := range mails {
		d.append("INBOX", raw)
	}
	whole := d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn")
	d.append("INBOX", whole)
	var both sync.WaitGroup
	sums := make([]done, 2)
	for i := range sums {
		both.Go(func() {
			out, code := d.run(now, "once", "--json")
			if code != exitDone && code != exitPerson {
				t.Errorf("exit %d\n%s", code, out)
				return
			}
			sums[i] = lines[done](t, out)[0]
		})
	}
	both.Wait()
	if n := sums[0].Fetched + sums[1].Fetched; n != 31 {
		t.Errorf("the two fetched %d: %+v", n, sums)
	}
	d.must(now, "once")
	d.idle(now)
	d.answer(binhSon, messageID(whole))
	d.answeredOnce(mails)
	for _, raw := range append(mails, whole) {
		if !d.kept(raw) {
			t.Error("a mail is not kept as it was")
		}
	}
}

// twoDaemons are processes of their own, on the clock on the wall: the built-in
// campaign has long ended for them, and mail that comes is still answered.
func twoDaemons(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	// So many questions of one unit in a minute would be taken for a loop.
	d.edit("campaign.yaml", `(?m)^  answers_per_hour: .*`, "  answers_per_hour: 1000")
	daemon := func() (*exec.Cmd, *bytes.Buffer) {
		var out bytes.Buffer
		cmd := exec.Command("dondoc", "run", "-C", d.dir)
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD="+password, "DONDOC_SMTP_PASSWORD="+password)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, &out
	}
	first, _ := daemon()
	second, out := daemon()
	mails := questions(30, 0)
	dealt := func(n int) func() bool {
		return func() bool {
			all := d.inbox()
			return len(all) == n && !slices.ContainsFunc(all, func(m stored) bool { return !m.has("$Dondoc") })
		}
	}
	for i, raw := range mails[:20] {
		d.append("INBOX", raw)
		if i == 10 {
			d.account.Cut(1)
			first.Process.Kill()
			first.Wait()
		}
	}
	until(t, "twenty mails dealt with", dealt(20))
	third, _ := daemon()
	for _, raw := range mails[20:] {
		d.append("INBOX", raw)
	}
	until(t, "thirty mails dealt with", dealt(30))
	for _, cmd := range []*exec.Cmd{second, third} {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("a daemon that is told to stop: %v\n%s", err, out)
		}
	}
	d.must(time.Now(), "once") // what was queued when they were stopped
	d.idle(time.Now())
	d.answeredOnce(mails)
	for _, raw := range mails {
		if !d.kept(raw) {
			t.Error("a mail is not kept as it was")
		}
	}
}
