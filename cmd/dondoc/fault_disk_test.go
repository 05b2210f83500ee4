//go:build linux

package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dondoc/cmd/dondoc/brittle"
)

// TestFaultDisk lets the real program work on a disk that fails at its Nth
// operation, for each N until a run does not come so far: full, broken, full
// until somebody makes room, dead power. Then the disk is well again, the
// program is restarted, and the end is that of a campaign in which nothing
// failed. What the program had told anybody is true even of what is left after
// a loss of power.
func TestFaultDisk(t *testing.T) {
	onBrittleDisks(t)
	f := newFaults(t)
	all := scenes(t)
	for _, row := range found {
		f.ordeal(row.sentence, func(t *testing.T) { f.play(t, row.plot(t, all)) })
	}
	plots := f.plots(all)
	rng := f.draw()
	rng.Shuffle(len(plots), func(i, j int) { plots[i], plots[j] = plots[j], plots[i] })
	if !f.long() {
		plots = plots[:sample]
	}
	todo := make(chan plot)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for p := range todo {
				f.ordeal(p.String(), func(t *testing.T) { f.play(t, p) })
			}
		})
	}
	for n, p := range plots {
		if f.long() && !f.goesOn() {
			t.Logf("%d of %d were not tried", len(plots)-n, len(plots))
			break
		}
		// Every fourth fails again while it recovers.
		if n%4 == 3 {
			again := plots[rng.IntN(len(plots))]
			p.second = &again
		}
		todo <- p
	}
	for f.goesOn() {
		p, again := plots[rng.IntN(len(plots))], plots[rng.IntN(len(plots))]
		p.seed, p.second = rng.Uint64(), &again
		todo <- p
	}
	close(todo)
	both.Wait()
}

// foundPoint is a point at which the program once failed.
type foundPoint struct {
	sentence    string
	scene, kind string
	at          string // the operation, a pattern for its name and path; "" for after the last
	after       int    // so many that are like it too
}

// found are the points at which the program once failed.
var found = []foundPoint{
	{"a copy for people that was only begun is no file of theirs", "once", "killed after", `^create ho-so/`, 0},
	{"a copy for people that has its name has its bytes", "once", "power cut that leaves names", `^fsync data/ledger.db$`, 0},
	{"the directory of a new campaign's ledger is as durable as the ledger", "invite", "power cut before", ``, 0},
	{"the archive's directory is as durable as what it keeps", "first round", "power cut before", ``, 0},
	{"a disk that does not take a mail is no mailbox that cannot be read", "once", "broken once", `^fsync data/archive/new-`, 0},
	{"nor is one that does not take its arrival", "once", "broken once", `^fsync data/ledger.db-wal`, 0},
	{"what a killed process left in the memory of the kernel is written again", "once", "lost by fsync and killed, tried again, and power cut", `^fsync data/ledger.db-wal`, 3},
	{"a backup that was told of is durable", "backup", "power cut before", ``, 0},
	{"a backup that was stopped in its first file is gone on with", "backup", "killed after", `^create first/.new-campaign.yaml$`, 0},
}

// plot is the first operation that is like the row's.
func (row foundPoint) plot(t *testing.T, all []*scene) plot {
	t.Helper()
	s := slices.IndexFunc(all, func(s *scene) bool { return s.name == row.scene })
	k := slices.IndexFunc(kinds, func(k *kind) bool { return k.name == row.kind })
	p := plot{scene: all[s], kind: kinds[k], n: 1, then: 300}
	at, like := regexp.MustCompile(row.at), 0
	for _, op := range p.scene.ops {
		if p.kind.of != nil && !p.kind.of(op) {
			continue
		}
		if row.at != "" && at.MatchString(op.Name+" "+op.Path) {
			if like++; like > row.after {
				return p
			}
		}
		p.n++
	}
	if row.at != "" {
		t.Fatalf("there is no operation like %s any more", row.at)
	}
	return p
}

// sample is how many points a short test tries.
const sample = 16

// onBrittleDisks skips the test where no disk can be mounted, or fails it
// where CI says that one can.
func onBrittleDisks(t *testing.T) {
	if err := brittle.Mountable(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no disk can be mounted through FUSE: %v", err)
		}
		t.Skipf("no disk can be mounted through FUSE: %v", err)
	}
}

// scene is a campaign, and a command line that is carried out on a brittle
// disk.
type scene struct {
	name  string
	world *world // as it is before; each ordeal has a copy
	now   time.Time
	setUp func(*world)
	args  []string
	// disk is the directory that lies on the brittle disk, below the
	// campaign's; "" for the campaign. In args DISK stands for it.
	disk string
	ends func(*world) // looks at what the command was to do

	ops  []brittle.Op   // of a run in which nothing fails
	want map[string]int // its outcome
}

// scenes are what the program does in a campaign that changes the disk.
func scenes(t *testing.T) []*scene {
	invited, mails := newInvited(t)
	held := invited.copied(t)
	noon := at(t, "2022-10-12 16:05")
	held.fillMailbox(append(mails, mail("ai-do@mail.example", "Gửi báo cáo", "Kính gửi", file{"Bao cao.docx", report("ĐƠN VỊ")})))
	held.must(noon, "once")
	waiting := lines[struct{ ID string }](t, held.must(noon, "held", "list", "--json"))
	if len(waiting) == 0 {
		t.Fatal("nothing waits for a person")
	}
	all := []*scene{
		{name: "invite", world: newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT"), now: at(t, "2022-10-04 07:30"), args: []string{"invite", "--yes"}},
		{name: "first round", world: newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT"), now: noon, setUp: func(w *world) { w.fillMailbox(mails) }, args: []string{"once"}},
		{name: "once", world: invited, now: noon, setUp: func(w *world) { w.fillMailbox(mails) }, args: []string{"once"}},
		{name: "once that moves the mails", world: invited, now: noon, setUp: func(w *world) {
			if err := w.imap.AddFolder("tiepnhan", "Đã xử lý"); err != nil {
				w.t.Fatal(err)
			}
			w.edit("campaign.yaml", `(?m)^  move: .*`, `  move: "Đã xử lý"`)
			w.fillMailbox(mails)
		}, args: []string{"once"}},
		{name: "extend", world: held, now: noon, args: []string{"extend", "HU-BATO", "2022-10-25", "--reason", "Bão"}},
		{name: "held assign", world: held, now: noon, args: []string{"held", "assign", waiting[0].ID, "HU-BATO"}},
		{name: "verify --repair", world: held, now: noon, setUp: func(w *world) {
			if err := os.RemoveAll(filepath.Join(w.dir, "ho-so")); err != nil {
				w.t.Fatal(err)
			}
		}, args: []string{"verify", "--repair"}},
		{name: "backup", world: held, now: noon, disk: "backup", args: []string{"backup", "DISK/first"}, ends: restorable},
	}
	for _, s := range all {
		w := s.copied(t)
		r := s.run(w, func(op brittle.Op) brittle.Fault {
			s.ops = append(s.ops, op)
			return brittle.Fault{}
		}, nil, 1)
		if r.code != exitDone && r.code != exitPerson {
			t.Fatalf("%s, where nothing fails: exit %d\n%s", s.name, r.code, r.said)
		}
		for last := (done{Sent: 1}); last != (done{}); {
			last = lines[done](t, w.must(s.now.Add(repair), "once", "--json"))[0]
		}
		s.want = w.outcome()
	}
	return all
}

// repair is how long the disk takes to be well again.
const repair = time.Hour

// copied is the scene's campaign, set up, for one ordeal.
func (s *scene) copied(t testing.TB) *world {
	w := s.world.unwatched(t)
	w.at(s.now)
	if s.setUp != nil {
		s.setUp(w)
	}
	return w
}

// ran is how a run ended.
type ran struct {
	code   int
	killed bool
	kills  int
	said   string // on standard error
	disk   *brittle.Disk
}

// told reports whether the program told that it did what it was to do.
func (r ran) told() bool { return !r.killed && (r.code == exitDone || r.code == exitPerson) }

// run carries out the command on a brittle disk, as a process of its own. cut
// is called when the process has ended and the disk is gone; before that it is
// started tries times, one after the other.
func (s *scene) run(w *world, fault func(brittle.Op) brittle.Fault, cut func(*brittle.Disk), tries int) (r ran) {
	w.t.Helper()
	below := filepath.Join(w.dir, s.disk)
	if s.disk != "" {
		below = w.dir + "-" + s.disk
	}
	if err := os.MkdirAll(below, 0o700); err != nil {
		w.t.Fatal(err)
	}
	mount := w.t.TempDir()
	d, err := brittle.Mount(below, mount)
	if err != nil {
		w.t.Fatal(err)
	}
	r.disk = d
	unmounted := false
	defer func() {
		if !unmounted {
			d.Unmount()
		}
	}()
	dir := mount
	if s.disk != "" {
		dir = w.dir
	}
	var args []string
	for _, a := range s.args {
		args = append(args, strings.Replace(a, "DISK", mount, 1))
	}
	d.Fault = fault
	w.account.Ordered(s.now, s.args...)
	for range tries {
		d.Restarted()
		c := exec.Command("dondoc", append(slices.Clone(args), "-C", dir, "--lang", "en", "--now", s.now.Format(time.RFC3339))...)
		c.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD=mat-khau", "DONDOC_SMTP_PASSWORD=mat-khau", "DONDOC_BY=thử nghiệm")
		var said bytes.Buffer
		c.Stderr = &said
		started := make(chan struct{})
		killed := false
		d.Kill = func() {
			<-started
			killed = true
			c.Process.Kill()
		}
		if err := c.Start(); err != nil {
			w.t.Fatal(err)
		}
		close(started)
		err = c.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			w.t.Fatal(err)
		}
		r.code, r.killed, r.said = c.ProcessState.ExitCode(), killed, r.said+said.String()
		if killed {
			r.kills++
		}
	}
	if err := d.Unmount(); err != nil {
		w.t.Fatal(err)
	}
	unmounted = true
	if cut != nil {
		cut(d)
	}
	return r
}

// plot is what goes wrong in one ordeal: the nth of the operations of a kind.
type plot struct {
	scene  *scene
	kind   *kind
	n      int
	then   int    // where it is started again: it is killed before the operation of this number after it
	seed   uint64 // of a cut that some of what was not synced survives
	second *plot  // what goes wrong in the run after; of its scene nothing counts
}

func (p plot) String() string {
	s := fmt.Sprintf("%s at %s %d", p.scene.name, p.kind.name, p.n)
	if p.second != nil {
		s += fmt.Sprintf(", then %s %d", p.second.kind.name, p.second.n)
	}
	return s
}

// kind is a way to fail.
type kind struct {
	name  string
	of    func(brittle.Op) bool // what can fail so; nil: everything
	fault brittle.Fault
	// onward: everything from there on fails with this, until somebody repairs
	// the disk.
	onward syscall.Errno
	again  int // so often the program is started again on the disk as it is
	// cut is a loss of power, at the fault if that kills, else when the program
	// has ended.
	cut cut
}

// cut says what survives of what was not synced.
type cut int

const (
	noCut       cut = iota
	nothingLeft     // as little as a disk may keep
	namesLeft       // names, but no bytes: as a journal of names alone keeps it
	someLeft        // what chance picks
)

func named(names ...string) func(brittle.Op) bool {
	return func(o brittle.Op) bool { return slices.Contains(names, o.Name) }
}

var kinds = []*kind{
	{name: "full once", fault: brittle.Fault{Errno: syscall.ENOSPC}},
	{name: "full until repaired", fault: brittle.Fault{Errno: syscall.ENOSPC}, onward: syscall.ENOSPC},
	{name: "short write, then full", of: named("write"), fault: brittle.Fault{Part: 7}, onward: syscall.ENOSPC},
	{name: "broken once", fault: brittle.Fault{Errno: syscall.EIO}},
	{name: "broken until repaired", fault: brittle.Fault{Errno: syscall.EIO}, onward: syscall.EIO},
	{name: "killed before", fault: brittle.Fault{KillBefore: true}},
	{name: "killed after", fault: brittle.Fault{KillAfter: true}},
	{name: "power cut before", fault: brittle.Fault{KillBefore: true}, cut: nothingLeft},
	{name: "power cut that leaves names", fault: brittle.Fault{KillBefore: true}, cut: namesLeft},
	{name: "power cut of which some survives", fault: brittle.Fault{KillBefore: true}, cut: someLeft},
	{name: "lost by fsync, and power cut in the end", of: named("fsync"), fault: brittle.Fault{Errno: syscall.EIO, Drop: true}, cut: nothingLeft},
	// A second fsync says that all is well, and the pages are gone all the same.
	{name: "lost by fsync, tried again, and power cut", of: bytesSynced, fault: brittle.Fault{Errno: syscall.EIO, Drop: true}, again: 1, cut: nothingLeft},
	{name: "lost by fsync and killed, tried again, and power cut", of: bytesSynced, fault: brittle.Fault{Drop: true, KillAfter: true}, again: 1, cut: nothingLeft},
}

// bytesSynced is an fsync of a file. That of a directory does not fail and then
// succeed: a file system that cannot write its own names stops.
func bytesSynced(o brittle.Op) bool { return o.Name == "fsync" && !strings.HasSuffix(o.Path, "/") }

// plots are all the points at which something can fail in the scenes.
func (f *faults) plots(all []*scene) (plots []plot) {
	rng := f.draw()
	for _, s := range all {
		for _, k := range kinds {
			n := 0
			for _, op := range s.ops {
				if k.of == nil || k.of(op) {
					n++
					plots = append(plots, plot{scene: s, kind: k, n: n, then: 1 + rng.IntN(len(s.ops)), seed: f.seed + uint64(n)})
				}
			}
			if k.fault.KillBefore { // and when all is done
				plots = append(plots, plot{scene: s, kind: k, n: n + 1, seed: f.seed})
			}
		}
	}
	return plots
}

// fault is the plot as a disk asks for it; met gets the operation that failed.
func (p plot) fault(met func(brittle.Op)) func(brittle.Op) brittle.Fault {
	n, after, now := 0, 0, false
	return func(op brittle.Op) brittle.Fault {
		if now {
			after++
			return brittle.Fault{Errno: p.kind.onward, KillBefore: p.kind.again > 0 && after == p.then}
		}
		if p.kind.of != nil && !p.kind.of(op) {
			return brittle.Fault{}
		}
		if n++; n != p.n {
			return brittle.Fault{}
		}
		met(op)
		now = true
		return p.kind.fault
	}
}

// cut cuts the power if that is in the plot.
func (p plot) cut(w *world) func(*brittle.Disk) {
	if p.kind.cut == noCut {
		return nil
	}
	rng := rand.New(rand.NewPCG(p.seed, uint64(p.n)))
	luck := []float64{0.1, 0.5, 0.9}[rng.IntN(3)]
	return func(d *brittle.Disk) {
		if err := d.PowerCut(func(l brittle.Loose) bool {
			return p.kind.cut == namesLeft && l == brittle.Name || p.kind.cut == someLeft && rng.Float64() < luck
		}); err != nil {
			w.t.Error(err)
		}
	}
}

// play is one ordeal.
func (f *faults) play(t *testing.T, p plot) {
	w := p.scene.copied(t)
	var trace []string
	defer func() {
		if t.Failed() {
			t.Log(strings.Join(trace, "\n"))
		}
	}()
	var r ran
	for runs, x := 0, &p; x != nil; runs, x = runs+1, x.second {
		x := *x
		x.scene = p.scene
		r = p.scene.run(w, x.fault(func(op brittle.Op) {
			trace = append(trace, fmt.Sprintf("%s: %s", x.kind.name, op))
			f.count(func(n *tally) { n.point(x.kind.name, fmt.Sprintf("%s %d", p.scene.name, x.n)) })
		}), x.cut(w), 1+x.kind.again)
		trace = append(trace, fmt.Sprintf("exit %d, killed %t\n%s", r.code, r.killed, r.said))
		// What it was telling when it failed it may not have recorded: one letter
		// of each process that failed.
		w.account.Cut(1 + x.kind.again)
		f.count(func(n *tally) {
			n.restarts += 1 + x.kind.again
			n.verifies++
			n.kills += r.kills
		})
		if strings.Contains(r.said, "panic: ") || strings.Contains(r.said, "goroutine ") {
			t.Error("it crashed")
		}
		if !r.killed && !r.told() && (r.code != exitFailed || strings.TrimSpace(r.said) == "") {
			t.Errorf("it ended with %d, and said %q", r.code, r.said)
		}
		after := w
		if x.second != nil { // what recovers is the run that fails again
			after = &world{t: t, dir: filepath.Join(t.TempDir(), "after"), imap: w.imap, sent: w.sent}
			if err := os.CopyFS(after.dir, os.DirFS(w.dir)); err != nil {
				t.Fatal(err)
			}
		}
		p.scene.believed(after)
	}
	later := p.scene.now.Add(repair)
	if !r.told() && p.scene.args[0] != "once" { // which it will be anyway
		args := slices.Clone(p.scene.args)
		for i := range args {
			args[i] = strings.Replace(args[i], "DISK", r.disk.Dir, 1)
		}
		// A decision that was recorded and not told of is refused the second time.
		out, code := w.run(later, args...)
		trace = append(trace, fmt.Sprintf("again: exit %d\n%s", code, out))
	}
	if p.scene.ends != nil {
		p.scene.ends(w)
	}
	w.overcome(f, later, p.scene.want)
}

// believed sees that what the program told others is so on the disk, before it
// can make up for it: a mail that is marked at the server, or was moved, has
// its verdict; a letter that the server took is known, in the same bytes; and
// nothing that the ledger names is damaged.
func (s *scene) believed(w *world) {
	w.t.Helper()
	data := filepath.Join(w.dir, "data")
	var judged, letters []string
	if _, err := os.Stat(filepath.Join(data, "ledger.db")); err == nil {
		db, err := sql.Open("sqlite", filepath.Join(data, "ledger.db"))
		if err != nil {
			w.t.Fatal(err)
		}
		judged = column(w, db, `SELECT sha256 FROM arrival WHERE verdict <> ''`)
		letters = column(w, db, `SELECT l.sha256 || ' ' || d.address FROM letter l JOIN delivery d ON d.key = l.key WHERE l.sha256 <> '' AND d.outcome <> 'waiting'`)
		db.Close()
	}
	inbox, err := w.imap.Stored("tiepnhan", "INBOX")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range inbox {
		if slices.Contains(m.Flags, "$dondoc") && !slices.Contains(judged, sha(m.Raw)) {
			w.t.Errorf("a mail is marked as done at the server, and the disk has no verdict: %.200q", m.Raw)
		}
	}
	if moved, err := w.imap.Messages("tiepnhan", "Đã xử lý"); err == nil {
		for _, raw := range moved {
			if !slices.Contains(judged, sha(raw)) {
				w.t.Errorf("a mail was moved at the server, and the disk has no verdict: %.200q", raw)
			}
		}
	}
	w.mu.Lock()
	sent := w.sent
	w.mu.Unlock()
	for _, m := range sent {
		if !slices.Contains(letters, sha(m.raw)+" "+m.to) {
			w.t.Errorf("a letter to %s was taken by the server, and the disk does not have it: %.200q", m.to, m.raw)
		}
	}
	if out, code := w.run(s.now, "verify"); code != exitDone {
		w.t.Errorf("verify after the fault: exit %d\n%s", code, out)
	}
}

func sha(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

func column(w *world, db *sql.DB, query string) (all []string) {
	w.t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		if strings.Contains(err.Error(), "no such table") {
			return nil // it came not so far
		}
		w.t.Error(err)
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Error(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		w.t.Error(err)
	}
	return all
}

// restorable sees that the backup is one.
func restorable(w *world) {
	w.t.Helper()
	restored := filepath.Join(w.t.TempDir(), "restored")
	if err := os.CopyFS(restored, os.DirFS(filepath.Join(w.dir+"-backup", "first"))); err != nil {
		w.t.Error(err)
		return
	}
	ask := func(dir string, args ...string) string {
		p, out := w.program(w.now)
		if code := p.Run(w.t.Context(), append(args, "-C", dir)); code != exitDone && code != exitPerson {
			w.t.Errorf("dondoc %v in what was restored: exit %d\n%s", args, code, out)
		}
		return out.String()
	}
	ask(restored, "verify", "--repair")
	ask(restored, "verify")
	for _, args := range [][]string{{"status", "--json"}, {"letters", "--json"}} {
		if got, want := ask(restored, args...), ask(w.dir, args...); got != want {
			w.t.Errorf("%v of what was restored:\n%s\nwant\n%s", args, got, want)
		}
	}
}
