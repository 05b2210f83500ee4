package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// TestFaultPeople lets somebody work in the mailbox while the program does: at
// its first command, at the second, and so on. Whatever is flagged, copied or
// moved between the folders that are read, and however often they are
// renumbered, deleted or renamed and come back, each mail is filed and answered
// once, and who has sent something is not reminded.
func TestFaultPeople(t *testing.T) {
	f := newFaults(t)
	p := &visits{faults: f, now: at(t, "2022-10-12 10:00")}
	p.base, p.mails = newMorning(t)
	w, wire := p.begin(t)
	wire.arm()
	w.must(p.now, "once")
	var commands int64
	for _, x := range wire.disarm() {
		if x.place == "command" {
			commands++
		}
	}
	w.must(p.now.Add(later), "once")
	p.want = w.everything()

	var all, found []ordeal
	for n := range commands {
		for _, do := range visitors {
			all = append(all, p.ordeal(visit{n + 1, do}))
		}
	}
	for _, x := range foundPeople {
		i := slices.IndexFunc(visitors, func(v visitor) bool { return v.does == x.does })
		found = append(found, p.ordeal(visit{x.n, visitors[i]}))
	}
	f.through(found, all, 12, func(rng *rand.Rand) ordeal {
		var some []visit
		for range 2 + rng.IntN(3) {
			some = append(some, visit{1 + rng.Int64N(commands), visitors[rng.IntN(len(visitors))]})
		}
		return p.ordeal(some...)
	})
}

// foundPeople are what somebody did, and when, that once had consequences.
var foundPeople = []struct {
	sentence string
	n        int64
	does     string
}{
	{"a report went from a folder that had not been read yet into one that had, and its unit was reminded", 10, "moves a report back from the other folder"},
	{"and a moment later", 11, "moves a report back from the other folder"},
}

// The folders that are read, and one that is not.
const (
	second = "Báo cáo"
	aside  = "Riêng"
)

// visits are the same morning over and over, with somebody in the mailbox.
type visits struct {
	*faults
	base  *world
	mails [][]byte
	now   time.Time
	want  map[string]int
}

// visit is what somebody does when the program gives its n-th command.
type visit struct {
	n int64
	visitor
}

// begin is the morning. The second mail lies in a folder of its own.
func (p *visits) begin(t *testing.T) (*world, *wire) {
	t.Helper()
	w := p.base.copied(t)
	for _, folder := range []string{second, aside} {
		if err := w.imap.AddFolder("tiepnhan", folder); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.imap.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	w.fillMailbox(p.mails[:1])
	when := at(t, "2022-10-12 09:30")
	for i, folder := range []string{second, "INBOX"} {
		if _, err := w.imap.Append("tiepnhan", folder, p.mails[i+1], when); err != nil {
			t.Fatal(err)
		}
	}
	// Somebody may delete this one, so that nobody expects anything of it.
	if _, err := w.imap.Server.Append("tiepnhan", "INBOX", p.mails[3], when); err != nil {
		t.Fatal(err)
	}
	wire := newWire(t, w.imap.Addr())
	w.edit("campaign.yaml", regexp.QuoteMeta(w.imap.Addr()), wire.listener.Addr().String(), `folders: \[INBOX\]`, "folders: [INBOX, "+second+"]")
	return w, wire
}

func (p *visits) ordeal(all ...visit) ordeal {
	name := ""
	for i, v := range all {
		if i > 0 {
			name += ", "
		}
		name += fmt.Sprintf("somebody %s at command %d", v.does, v.n)
	}
	return ordeal{name, func(t *testing.T) { p.play(t, all) }}
}

func (p *visits) play(t *testing.T, all []visit) {
	w, wire := p.begin(t)
	var armed []*mishap
	for _, v := range all {
		m := &mishap{place: "command", n: v.n, does: v.does}
		m.act = func() { somebody(w, v.act) }
		armed = append(armed, m)
	}
	wire.arm(armed...)
	out, code := w.run(p.now, "once")
	wire.disarm()
	if code == exitUsage {
		t.Errorf("exit status %d\n%s", code, out)
	}
	for _, m := range armed {
		if m.met != "" {
			t.Logf("%s: %s", m, m.met)
			p.count(func(n *tally) { n.point("people", m.String()) })
		}
	}
	if testing.Verbose() {
		t.Logf("exit status %d\n%s", code, out)
	}
	for _, v := range all {
		if v.after != nil {
			somebody(w, v.after)
		}
	}
	w.settled(p.faults, p.now.Add(later), p.want)
	left := map[string]bool{}
	for _, folder := range []string{"INBOX", second, aside} {
		for _, m := range w.stored(t, folder) {
			left[messageID(m.Raw)] = true
		}
	}
	for _, m := range p.mails[:3] {
		if !left[messageID(m)] {
			t.Errorf("the mail %s is nowhere in the mailbox", messageID(m))
		}
	}
}

// somebody lets a second client do something. What it cannot do, it leaves:
// the mail is elsewhere by now.
func somebody(w *world, do func(w *world, c *imapclient.Client)) {
	c, err := imapclient.DialInsecure(w.imap.Addr(), nil)
	if err != nil {
		w.t.Error(err)
		return
	}
	defer c.Close()
	if err := c.Login("tiepnhan", "mat-khau").Wait(); err != nil {
		w.t.Error(err)
		return
	}
	do(w, c)
}

// visitor is somebody at work in the mailbox, and what he does afterwards.
type visitor struct {
	does       string
	act, after func(w *world, c *imapclient.Client)
}

var visitors = []visitor{
	{does: "flags everything", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 0, func(set imap.UIDSet) {
			c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen, imap.FlagFlagged, "$Dondoc"}}, nil).Close()
		})
	}},
	{does: "takes all flags away", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 0, func(set imap.UIDSet) {
			c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsSet}, nil).Close()
		})
	}},
	{does: "copies a report", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 1, func(set imap.UIDSet) { c.Copy(set, "INBOX").Wait(); c.Copy(set, second).Wait() })
	}},
	{does: "moves a report to the other folder", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 1, func(set imap.UIDSet) { c.Move(set, second).Wait() })
	}},
	{does: "moves a report back from the other folder", act: func(w *world, c *imapclient.Client) {
		inFolder(c, second, 1, func(set imap.UIDSet) { c.Move(set, "INBOX").Wait() })
	}},
	{does: "moves everything out and in again", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 0, func(set imap.UIDSet) { c.Move(set, aside).Wait() })
		inFolder(c, aside, 0, func(set imap.UIDSet) { c.Move(set, "INBOX").Wait() })
	}},
	{does: "moves an advertisement away, and back later", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 3, func(set imap.UIDSet) { c.Move(set, aside).Wait() })
	}, after: func(w *world, c *imapclient.Client) {
		inFolder(c, aside, 0, func(set imap.UIDSet) { c.Move(set, "INBOX").Wait() })
	}},
	{does: "deletes an advertisement", act: func(w *world, c *imapclient.Client) {
		inFolder(c, "INBOX", 3, func(set imap.UIDSet) {
			c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
			c.Expunge().Close()
		})
	}},
	{does: "has the mailbox renumbered", act: func(w *world, _ *imapclient.Client) { renumber(w, "INBOX", false) }},
	{does: "has the mailbox renumbered in another order", act: func(w *world, _ *imapclient.Client) { renumber(w, "INBOX", true) }},
	{does: "has the other folder renumbered", act: func(w *world, _ *imapclient.Client) { renumber(w, second, false) }},
	{does: "renames the other folder, and renames it back later", act: func(w *world, c *imapclient.Client) {
		c.Rename(second, "Báo cáo cũ", nil).Wait()
	}, after: func(w *world, c *imapclient.Client) { c.Rename("Báo cáo cũ", second, nil).Wait() }},
	{does: "renames the folder for sent mail", act: func(w *world, c *imapclient.Client) {
		c.Rename(sentFolder, "Đã gửi cũ", nil).Wait()
	}, after: func(w *world, c *imapclient.Client) { c.Rename("Đã gửi cũ", sentFolder, nil).Wait() }},
}

// inFolder finds all mails of a folder, or the n-th, and does something with
// them if there are any.
func inFolder(c *imapclient.Client, folder string, n int, do func(imap.UIDSet)) {
	if _, err := c.Select(folder, nil).Wait(); err != nil {
		return
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
	if err != nil {
		return
	}
	uids := found.AllUIDs()
	if n > 0 {
		if len(uids) < n {
			return
		}
		uids = uids[n-1 : n]
	}
	if len(uids) > 0 {
		do(imap.UIDSetNum(uids...))
	}
}

// renumber makes a folder anew with what is in it, under another UIDVALIDITY.
func renumber(w *world, folder string, reversed bool) {
	all, err := w.imap.Stored("tiepnhan", folder)
	if err != nil || w.imap.RemoveFolder("tiepnhan", folder) != nil || w.imap.AddFolder("tiepnhan", folder) != nil {
		w.t.Error("the folder cannot be made anew", err)
		return
	}
	if reversed {
		slices.Reverse(all)
	}
	for _, m := range all {
		if _, err := w.imap.Server.Append("tiepnhan", folder, m.Raw, at(w.t, "2022-10-12 09:30")); err != nil {
			w.t.Error(err)
		}
	}
}
