package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	commandline "flag"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/courier/couriertest"
)

var (
	soakMails = commandline.Int("soak.mails", 200, "how many mails TestSoak takes through one process")
	soakDays  = commandline.Int("soak.days", 0, "over how many virtual days; 0: a year, or a day for every 30 mails of a short run")
	soakUnits = commandline.Int("soak.units", 0, "from how many units; 0: one for every 200 mails, between 30 and 500")
	soakSmall = commandline.Int("soak.small", 0, "of a hundred mails so many are a machine's, an advertisement or a few words, besides those that are so anyway")
	soakPast  = commandline.Int("soak.past", 0, "how many mails, with their answers, are in the ledger before the first comes: what so many cost, without the wait")
	soakCSV   = commandline.String("soak.csv", "", "where TestSoak writes its curve")
	soakDir   = commandline.String("soak.dir", "", "where TestSoak leaves the campaign directory")
	soakTrace = commandline.Bool("soak.profile", false, "let the process under test write cpu.pprof and heap.pprof into the campaign directory")
)

// TestSoak takes a year of mails through one process (FAILURES 75): `dondoc
// run` in a process of its own, on a clock that this one advances, between real
// servers whose old mails are cleared away as a clerk would. What a mail costs,
// in time and in memory, must not depend on how many came before it.
//
//	go test ./cmd/dondoc -run '^TestSoak$' -v -timeout 0 -soak.mails 100000 -soak.csv curve.csv
func TestSoak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("what a process uses is read from /proc")
	}
	s := newSoak(t)
	defer s.stop()
	if err := s.run(); err != nil {
		t.Fatalf("%v\n%s", err, s.log())
	}
	s.judge()
}

// soak is a campaign whose daemon is another process.
type soak struct {
	*world
	rng   *rand.Rand
	post  *correspondents
	until time.Time // the end of the year

	command *exec.Cmd
	asked   chan string // what the daemon says: "until INSTANT", "stats JSON"
	tell    io.WriteCloser
	trouble string // the file with what it printed

	mu      sync.Mutex
	letters int
	costs   time.Duration // processor of letters that followed right on another
	timed   int           // how many those are
	last    time.Duration // processor of the daemon at the last letter; 0: something came between
	digest  *digestSeen

	begun   time.Duration // processor of the daemon before the first mail
	sampled time.Duration // and what being measured has cost it

	uids  []cleared // mails of the INBOX that are still there
	curve []reading
}

type cleared struct {
	uid uint32
	at  time.Time
}

// reading is a row of the curve.
type reading struct {
	Mails, Letters      int
	Day                 time.Time
	RSS, Heap, DB       int64 // bytes
	FDs, Goroutines     int
	Daemon, Child       time.Duration // processor since the beginning; of the daemon without its start and without being measured
	PerMail, PerLetter  time.Duration // of the daemon, since the row before
	ChildPerMail, Round time.Duration
	Wall                time.Duration
}

func newSoak(t *testing.T) *soak {
	mails, units := *soakMails, *soakUnits
	if units == 0 {
		units = min(500, max(30, mails/200))
	}
	days := *soakDays
	if days == 0 {
		days = 365
		if mails < 10_000 {
			days = max(5, mails/30)
		}
	}
	dir := *soakDir
	if dir == "" {
		dir = t.TempDir()
	}
	s := &soak{world: &world{t: t, dir: dir}, rng: rand.New(rand.NewPCG(75, 0)), asked: make(chan string, 100)}
	first, err := initialised()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.dir, first); err != nil {
		t.Fatal(err)
	}
	s.serveSoak()
	begin := at(t, "2022-10-04 06:00")
	if *soakPast > 0 {
		begin = at(t, "2023-09-06 06:00")
	}
	s.until = begin.AddDate(0, 0, days)
	s.edit("campaign.yaml",
		`(?m)^mode: .*`, "mode: live",
		`(?m)^poll: .*`, `poll: "@every 1h"`,
		`closes: *[0-9-]+`, "closes: "+s.until.AddDate(0, 1, 0).Format(time.DateOnly),
		`(?m)^  per_day: .*`, "  per_day: 100000",
		`(?m)^desk: .*(\n +- .*)*`, "desk: [phong@bdvtu.quangngai.example]",
	)
	(&desk{world: s.world}).crowd(units)
	if *soakPast > 0 {
		s.past(*soakPast, units, begin)
	}
	s.now = begin
	s.must(begin, "invite", "--yes")
	s.post = newCorrespondents(s, units, mails, begin, s.until)
	return s
}

// past writes mails and their answers into the ledger, as the months before
// left them: a third with the form, a third with a report, the rest words and
// machines.
func (s *soak) past(mails, units int, until time.Time) {
	p, _ := s.program(until)
	p.cli = &cli{Dir: s.dir}
	o, err := p.open()
	if err != nil {
		s.t.Fatal(err)
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		s.t.Fatal(err)
	}
	first := at(s.t, "2022-10-04 07:00")
	step := until.Sub(first) / time.Duration(mails+1)
	files := make([]string, units)
	for u := range files {
		if files[u], err = o.archive.PutBytes(fmt.Appendf(nil, "tệp của đơn vị %d", u)); err != nil {
			s.t.Fatal(err)
		}
	}
	for done := 0; done < mails; done += 1000 {
		err := o.ledger.Write(s.t.Context(), first.Add(step*time.Duration(done+999)), func(tx *ledger.Tx) error {
			for i := done; i < min(mails, done+1000); i++ {
				if err := s.passed(tx, i, i*7919%units, o.box.Account(), files, first.Add(step*time.Duration(i))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// passed is one mail of the past, and its answer. The folder was made anew since.
func (s *soak) passed(tx *ledger.Tx, i, u int, account string, files []string, when time.Time) error {
	sum := sha256.Sum256(fmt.Append(nil, "past", i))
	sha, code := hex.EncodeToString(sum[:]), fmt.Sprintf("HU-%05d", u)
	v := &finding.Verdict{ID: ledger.ArrivalID(sha), Source: "INBOX", SHA256: sha, MessageID: sha[:16] + "@may.example", Digest: sha, Received: when, Decided: when,
		From: fmt.Sprintf("vanthu@hu%05d.quangngai.example", u), Subject: fmt.Sprintf("Gửi lại lần %d", i), Verdict: finding.Filed, Reason: "sender", Class: finding.ClassReport, Unit: &code,
		Candidates: []string{}, Missing: []string{}, Reply: finding.ReplyReceipt, ReplyReason: "sender", Text: "Kính gửi Ban Dân vận, đơn vị gửi lại.",
		Evidence: []finding.Evidence{{Kind: "sender", Unit: code, Detail: fmt.Sprintf("vanthu@hu%05d.quangngai.example", u)}}}
	part := finding.Part{Name: "Bao cao.docx", Path: "Bao cao.docx", SHA256: files[u], Size: 30000, Kind: finding.Report, MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		Verdict: finding.Accepted, Problems: []finding.Problem{}}
	switch i % 3 {
	case 0:
		part.Kind, part.Name, part.Path, part.Values = finding.Appendix, "Phu luc.xlsx", "Phu luc.xlsx", map[string]any{}
		for k := range 28 {
			part.Values[fmt.Sprintf("DVK_B%d_TT", k)] = float64(i + k)
		}
	case 2:
		v.Class, v.Reply, v.ReplyReason, v.Verdict, v.Reason = finding.ClassAutomatic, finding.ReplyNone, "automatic", finding.IgnoredMail, "automatic"
	}
	v.Parts = []finding.Part{part}
	if v.Reply == finding.ReplyNone {
		v.Parts = []finding.Part{}
	}
	place := ledger.Location{Account: account, Folder: "INBOX", UIDValidity: 1 << 31, UID: uint32(i) + 1}
	if _, err := tx.Keep(ledger.Arrival{ID: v.ID, SHA256: sha, Size: 40000, Received: when, Source: "INBOX"}, &place); err != nil {
		return err
	}
	if err := tx.Told(place); err != nil {
		return err
	}
	if _, err := tx.Judge(v); err != nil || v.Reply == finding.ReplyNone {
		return err
	}
	l := ledger.Letter{Key: "receipt/" + v.ID, Kind: "receipt", Unit: code, Token: sha[:20], MessageID: "dd." + code + "." + sha[:20] + "@bdv.example", Reason: "sender", Due: when, To: []string{v.From}, Answers: []string{v.ID}}
	if _, err := tx.Post(l, l.To); err != nil {
		return err
	}
	return tx.Settle(&l, &ledger.Delivery{Key: l.Key, Address: v.From}, ledger.Accepted, "", time.Time{})
}

// serveSoak starts the servers. Nobody watches: a witness remembers everything,
// and what he remembers is more than what the program may.
func (s *soak) serveSoak() {
	s.serve(`url: "imaps[^"]*"`, `url: "smtp[^"]*"`)
	s.smtp.Close()
	sink, err := couriertest.Start(couriertest.Options{Take: s.takeLetter})
	if err != nil {
		s.t.Fatal(err)
	}
	s.smtp = sink
	s.t.Cleanup(func() { sink.Close() })
	s.edit("campaign.yaml", `url: "smtp[^"]*"`, fmt.Sprintf(`url: "smtp+plain://%s"`, sink.Addr()))
	if err := s.imap.AddSentFolder("tiepnhan", "Sent"); err != nil {
		s.t.Fatal(err)
	}
}

// run is the year.
func (s *soak) run() error {
	begun := time.Now()
	if err := s.start(); err != nil {
		return err
	}
	step := max(1, *soakMails/20)
	next := step
	ready := false
	for line := range s.asked {
		if !ready {
			ready, s.begun = true, processor(s.command.Process.Pid)
		}
		what, text, _ := strings.Cut(line, " ")
		if what != "until" {
			return fmt.Errorf("the process under test said %q", line)
		}
		until, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return err
		}
		s.between()
		if s.post.sent >= next {
			if err := s.sample(begun); err != nil {
				return err
			}
			next += step
		}
		if !s.now.Before(s.until) || s.post.sent >= *soakMails && s.post.ended(s.now) {
			return nil
		}
		if until.After(s.now) {
			if err := s.live(until); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the process under test has ended")
}

// live lets the world live until the instant, and then the daemon wake.
func (s *soak) live(until time.Time) error {
	for {
		m, ok := s.post.next(until)
		if !ok {
			break
		}
		if m.at.After(s.now) {
			s.set(m.at)
		}
		if m.order != nil {
			if _, code := s.run2(m.order...); code != exitDone && code != exitPerson {
				return fmt.Errorf("dondoc %s: exit %d", strings.Join(m.order, " "), code)
			}
			continue
		}
		uid, err := s.imap.Server.Append("tiepnhan", "INBOX", m.raw, m.at)
		if err != nil {
			return err
		}
		s.uids = append(s.uids, cleared{uid, m.at})
	}
	if until.Day() != s.now.Day() {
		if err := s.clear(); err != nil {
			return err
		}
	}
	s.set(until)
	return nil
}

func (s *soak) run2(args ...string) (string, int) {
	p, out := s.program(s.now)
	code := p.Run(context.Background(), append(args, "-C", s.dir))
	return out.String(), code
}

// set tells the daemon the time.
func (s *soak) set(now time.Time) {
	s.at(now)
	fmt.Fprintf(s.tell, "now %s\n", now.Format(time.RFC3339Nano))
}

// clear is a clerk's: what is older than three days leaves the mailbox.
func (s *soak) clear() error {
	var last uint32
	for len(s.uids) > 0 && s.now.Sub(s.uids[0].at) > 72*time.Hour {
		last, s.uids = s.uids[0].uid, s.uids[1:]
	}
	if last == 0 {
		return nil
	}
	if err := s.imap.Expunge("tiepnhan", "INBOX", last); err != nil {
		return err
	}
	return s.imap.Expunge("tiepnhan", "Sent", 0)
}

// start starts the daemon: this binary, as `dondoc run`.
func (s *soak) start() error {
	s.trouble = filepath.Join(s.dir, "soak.log")
	out, err := os.Create(s.trouble)
	if err != nil {
		return err
	}
	defer out.Close()
	theirs, w, err := os.Pipe()
	if err != nil {
		return err
	}
	r, ours, err := os.Pipe()
	if err != nil {
		return err
	}
	s.command = exec.Command(os.Args[0], "soaked", s.dir, s.now.Format(time.RFC3339Nano), strconv.FormatBool(*soakTrace))
	s.command.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD=mat-khau", "DONDOC_SMTP_PASSWORD=mat-khau")
	s.command.Stdout, s.command.Stderr = out, out
	s.command.ExtraFiles = []*os.File{ours, theirs}
	if err := s.command.Start(); err != nil {
		return err
	}
	ours.Close()
	theirs.Close()
	s.tell = w
	go func() {
		defer close(s.asked)
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			s.asked <- lines.Text()
		}
	}()
	return nil
}

func (s *soak) stop() {
	if s.command != nil && s.command.Process != nil {
		s.tell.Close() // the daemon's clock breaks, and so it ends
		s.command.Wait()
		s.command = nil
	}
}

func (s *soak) log() string {
	b, _ := os.ReadFile(s.trouble)
	return string(b[max(0, len(b)-4000):])
}

// soaked is the process under test.
func soaked(args []string) int {
	thrift()
	began, err := time.Parse(time.RFC3339Nano, args[1])
	if err != nil {
		return exitUsage
	}
	ask, hear := os.NewFile(3, "ask"), os.NewFile(4, "hear")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	clock := &toldClock{now: began, changed: make(chan struct{}), ask: ask}
	if args[2] == "true" {
		defer profiled(args[0])()
	}
	go func() {
		lines := bufio.NewScanner(hear)
		for lines.Scan() {
			what, text, _ := strings.Cut(lines.Text(), " ")
			switch what {
			case "now":
				now, _ := time.Parse(time.RFC3339Nano, text)
				clock.set(now)
			case "stats":
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				if args[2] == "true" {
					profileHeap(args[0])
				}
				fmt.Fprintf(ask, "stats %d %d\n", m.HeapAlloc, runtime.NumGoroutine())
			}
		}
		stop()
	}()
	p := &Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Clock: clock, Free: freeSpace, Reader: []string{os.Args[0], "reader"}}
	return p.Run(ctx, []string{"run", "-C", args[0]})
}

// toldClock is a clock that somebody else advances.
type toldClock struct {
	ask io.Writer

	mu      sync.Mutex
	now     time.Time
	changed chan struct{}
}

func (c *toldClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *toldClock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.After(c.now) {
		c.now = now
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *toldClock) Sleep(ctx context.Context, until time.Time) error {
	fmt.Fprintf(c.ask, "until %s\n", until.Format(time.RFC3339Nano))
	for {
		c.mu.Lock()
		now, changed := c.now, c.changed
		c.mu.Unlock()
		if !now.Before(until) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sample measures the daemon while it sleeps.
func (s *soak) sample(begun time.Time) error {
	var held []string
	x := reading{Mails: s.post.sent, Day: s.now, Wall: time.Since(begun)}
	pid := s.command.Process.Pid
	used := processor(pid)
	x.Daemon = used - s.begun - s.sampled
	// The mail server's word of new mail may have woken it: the least of a few is
	// what it keeps when it rests.
	for try := range 6 {
		fmt.Fprintln(s.tell, "stats")
		for line := range s.asked {
			rest, ok := strings.CutPrefix(line, "stats ")
			if !ok {
				held = append(held, line) // it asks anew; that is for run
				continue
			}
			var heap int64
			var goroutines int
			if _, err := fmt.Sscan(rest, &heap, &goroutines); err != nil {
				return err
			}
			if try == 0 || heap < x.Heap {
				x.Heap = heap
			}
			if try == 0 || goroutines < x.Goroutines {
				x.Goroutines = goroutines
			}
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, line := range held {
		s.asked <- line
	}
	s.sampled += processor(pid) - used
	x.RSS, x.FDs = resident(pid), descriptors(pid)
	x.Child = childrenOf(pid)
	for _, name := range []string{"ledger.db", "ledger.db-wal"} {
		if info, err := os.Stat(filepath.Join(s.dir, "data", name)); err == nil {
			x.DB += info.Size()
		}
	}
	s.mu.Lock()
	x.Letters = s.letters
	x.PerLetter = s.costs / time.Duration(max(1, s.timed))
	s.costs, s.timed = 0, 0
	s.mu.Unlock()
	var before reading
	if n := len(s.curve); n > 0 {
		before = s.curve[n-1]
	}
	if n := x.Mails - before.Mails; n > 0 {
		x.PerMail, x.ChildPerMail = (x.Daemon-before.Daemon)/time.Duration(n), (x.Child-before.Child)/time.Duration(n)
	}
	s.curve = append(s.curve, x)
	if len(s.curve) == 1 {
		s.row(soakHeads)
	}
	s.row(x.fields())
	return nil
}

var soakHeads = []string{"mails", "letters", "day", "rss_mb", "heap_mb", "fds", "goroutines", "db_mb", "daemon_ms_per_mail", "child_ms_per_mail", "ms_per_letter", "wall_s"}

func (x reading) fields() []string {
	mb := func(n int64) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }
	return []string{strconv.Itoa(x.Mails), strconv.Itoa(x.Letters), x.Day.Format(time.DateOnly), mb(x.RSS), mb(x.Heap), strconv.Itoa(x.FDs), strconv.Itoa(x.Goroutines), mb(x.DB),
		ms(x.PerMail), ms(x.ChildPerMail), ms(x.PerLetter), fmt.Sprintf("%.0f", x.Wall.Seconds())}
}

// row prints a row of the curve as it is measured, and adds it to the file.
func (s *soak) row(fields []string) {
	line := strings.Join(fields, ",")
	s.t.Log(line)
	if *soakCSV == "" {
		return
	}
	f, err := os.OpenFile(*soakCSV, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	fmt.Fprintln(f, line)
}

// judge holds the second half of the curve against the first.
func (s *soak) judge() {
	if len(s.curve) < 10 {
		s.t.Fatalf("the curve has only %d rows\n%s", len(s.curve), s.log())
	}
	middle, end := s.curve[len(s.curve)/2], s.curve[len(s.curve)-1]
	if end.FDs > middle.FDs+fewFDs {
		s.t.Errorf("%d descriptors at the end, %d in the middle", end.FDs, middle.FDs)
	}
	if end.Goroutines > middle.Goroutines+fewFDs {
		s.t.Errorf("%d goroutines at the end, %d in the middle", end.Goroutines, middle.Goroutines)
	}
	if grown := (end.Heap - middle.Heap) / int64(end.Mails-middle.Mails); grown > heapPerMail {
		s.t.Errorf("the heap grew by %d bytes for each mail of the second half, more than %d", grown, heapPerMail)
	}
	if end.Letters < end.Mails/4 {
		s.t.Errorf("only %d letters for %d mails: the program does not work", end.Letters, end.Mails)
	}
}

const (
	// fewFDs is by how many descriptors and goroutines two moments of a program
	// that sleeps may differ: SQLite's connections for reading come and go.
	fewFDs = 4
	// heapPerMail is what may be kept in memory for each mail, with its letters. A
	// short run shows little of it: the fewer mails, the more of what grows is the
	// first of its kind.
	heapPerMail = 12 << 10
)

func resident(pid int) int64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	var size, pages int64
	fmt.Sscan(string(b), &size, &pages)
	return pages * int64(os.Getpagesize())
}

func descriptors(pid int) int {
	all, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(all)
}

// processor is what a process has used, all its threads together.
func processor(pid int) time.Duration {
	user, _ := stat(pid)
	return user
}

// stat are the processor times of a process itself, and of its children that
// have ended and were waited for, in proc(5)'s hundredths of a second.
func stat(pid int) (own, children time.Duration) {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := bytes.Cut(b, []byte(") "))
	f := strings.Fields(string(rest))
	if len(f) < 15 {
		return 0, 0
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.Atoi(f[i])
		return time.Duration(n) * 10 * time.Millisecond
	}
	return ticks(11) + ticks(12), ticks(13) + ticks(14)
}

// childrenOf is what the process's readers have used, those at work and those
// that have ended.
func childrenOf(pid int) time.Duration {
	_, sum := stat(pid)
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		for _, f := range strings.Fields(string(b)) {
			child, _ := strconv.Atoi(f)
			own, gone := stat(child)
			sum += own + gone
		}
	}
	return sum
}

// digestSeen is the newest digest that the desk has got.
type digestSeen struct {
	id, subject string
	numbers     []string // those that offer an A
}

var offersA = regexp.MustCompile(`(?m)^(\d+)\. .*\bA: `)

// takeLetter is the mail server's end, and everybody who gets the letters.
func (s *soak) takeLetter(_, to string, raw []byte) error {
	used := time.Duration(0)
	if s.command != nil {
		used = cpu(s.command.Process.Pid)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	key, id := m.Header.Get("X-Dondoc-Key"), strings.Trim(m.Header.Get("Message-Id"), "<>")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters++
	if s.last > 0 && used > 0 && !strings.HasPrefix(key, "digest/") {
		s.costs += used - s.last
		s.timed++
	}
	s.last = used
	if strings.HasPrefix(key, "digest/") {
		if strings.HasSuffix(key, "-week") {
			return nil
		}
		text, err := plainOf(m)
		if err != nil {
			return err
		}
		d := &digestSeen{id: id, subject: m.Header.Get("Subject")}
		_, list, _ := strings.Cut(text, "CẦN QUYẾT ĐỊNH")
		for _, x := range offersA.FindAllStringSubmatch(list, -1) {
			d.numbers = append(d.numbers, x[1])
		}
		s.digest = d
		s.last = 0
		return nil
	}
	if s.post != nil {
		s.post.got(to, id)
	}
	return nil
}

// between: what the daemon does next is no letter that follows on another.
func (s *soak) between() {
	s.mu.Lock()
	s.last = 0
	s.mu.Unlock()
}

// plainOf is the first text of a mail.
func plainOf(m *netmail.Message) (string, error) {
	kind, encoding, body := m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body
	for {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			return "", err
		}
		if !strings.HasPrefix(media, "multipart/") {
			break
		}
		p, err := multipart.NewReader(body, params["boundary"]).NextRawPart()
		if err != nil {
			return "", err
		}
		kind, encoding, body = p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, err := io.ReadAll(body)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// correspondents are everybody who writes to the committee, and the desk.
type correspondents struct {
	s     *soak
	units int
	mails int
	from  time.Time
	to    time.Time

	sent  int
	day   time.Time // the day whose mails are in plan
	plan  []posted
	forms map[[2]int][]byte

	mu      sync.Mutex
	threads map[string]string // by address: the newest letter that it got
	bounced []string          // ids and addresses of letters that come back
	got_    int
}

// posted is something that happens at an instant: a mail, or a command line of
// the desk's.
type posted struct {
	at    time.Time
	write func() []byte
	raw   []byte
	order []string
}

func newCorrespondents(s *soak, units, mails int, from, to time.Time) *correspondents {
	return &correspondents{s: s, units: units, mails: mails, from: from, to: to, day: from.AddDate(0, 0, -1), forms: map[[2]int][]byte{}, threads: map[string]string{}}
}

func (c *correspondents) address(u int) string {
	return fmt.Sprintf("vanthu@hu%05d.quangngai.example", u)
}

// got notes a letter; one in a hundred comes back.
func (c *correspondents) got(to, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.threads[to] = id
	if c.got_++; c.got_%100 == 0 {
		c.bounced = append(c.bounced, id+" "+to)
	}
}

func (c *correspondents) thread(address string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.threads[address]
}

// ended tells that all was sent, and half a day has passed for the answers.
func (c *correspondents) ended(now time.Time) bool {
	return len(c.plan) == 0 && now.Hour() >= 20
}

// next is what happens next, by until.
func (c *correspondents) next(until time.Time) (posted, bool) {
	for len(c.plan) == 0 {
		day := c.day.AddDate(0, 0, 1)
		if day.After(until) || c.sent >= c.mails && c.day.After(c.from) || !day.Before(c.to) {
			return posted{}, false
		}
		c.day = day
		c.fill(day)
	}
	p := c.plan[0]
	if p.at.After(until) {
		return posted{}, false
	}
	c.plan = c.plan[1:]
	if p.write != nil {
		p.raw = p.write()
		if p.raw == nil {
			return c.next(until)
		}
		c.sent++
	}
	return p, true
}

// fill plans a day, which begins at six. On days on which offices work so many
// mails come that all have come by the end.
func (c *correspondents) fill(day time.Time) {
	add := func(hour, minute, second int, write func() []byte, order ...string) {
		at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, day.Location())
		c.plan = append(c.plan, posted{at: at, write: write, order: order})
	}
	days := max(1, int(c.to.Sub(day).Hours()/24))
	n := (c.mails - c.sent + days - 1) / days
	for i := range n {
		second := 11 * 3600 * i / n
		add(7+second/3600, second/60%60, second%60, c.one)
	}
	if n > 0 {
		add(16, 20, 0, c.orders) // the desk answers its digest from the telephone
	}
	// And it has a word with somebody, every day.
	code := fmt.Sprintf("HU-%05d", c.s.rng.IntN(c.units))
	add(9, 30, 0, nil, "note", code, "đã gọi điện, hẹn xem lại")
	if day.Day() == 5 {
		add(9, 40, 0, nil, "extend", "--all", day.AddDate(0, 0, 14).Format(time.DateOnly), "--reason", "đợt tiếp theo")
	}
	sortPosted(c.plan)
}

func sortPosted(all []posted) {
	for i := 1; i < len(all); i++ {
		for k := i; k > 0 && all[k].at.Before(all[k-1].at); k-- {
			all[k], all[k-1] = all[k-1], all[k]
		}
	}
}

// one is the next mail of whoever it is. One unit in five never sends its
// report, so that there is somebody to remind.
func (c *correspondents) one() []byte {
	r := c.s.rng
	u := r.IntN(c.units)
	from, name := c.address(u), fmt.Sprintf("Huyện ủy số %d", u)
	no := c.sent
	c.mu.Lock()
	back := ""
	if len(c.bounced) > 0 {
		back, c.bounced = c.bounced[0], c.bounced[1:]
	}
	c.mu.Unlock()
	k := r.IntN(100)
	if r.IntN(100) < *soakSmall {
		k = []int{60, 78, 85, 86, 87, 88, 99}[r.IntN(7)]
	}
	switch {
	case back != "":
		return c.bounce(back)
	case k < 30:
		return c.mail(from, fmt.Sprintf("Phụ lục số liệu lần %d", no), "Kính gửi Ban Dân vận, đơn vị gửi lại Phụ lục số liệu.", file{"Phu luc.xlsx", c.form(u)})
	case k < 45 && u%5 != 0:
		return c.mail(from, fmt.Sprintf("Báo cáo bổ sung %d", no), "Kính gửi Ban Dân vận, đơn vị gửi báo cáo.", file{fmt.Sprintf("Bao cao %d.docx", no), report(strings.ToUpper(name) + fmt.Sprintf(" lần %d", no))})
	case k < 55:
		return c.mail(from, fmt.Sprintf("Mô hình %d", no), "Kính gửi Ban Dân vận, đơn vị gửi bài giới thiệu mô hình.", file{fmt.Sprintf("Mo hinh %d.docx", no), model(fmt.Sprintf("Cụm dân cư số %d huyện %d", r.IntN(3), u))})
	case k < 65:
		return c.mail(from, fmt.Sprintf("Hỏi về biểu %d", no), fmt.Sprintf("Kính hỏi Ban Dân vận: mục %d ghi theo cấp nào?", no))
	case k < 70:
		return c.mail(from, fmt.Sprintf("Re: đôn đốc %d", no), "Đơn vị sẽ gửi báo cáo trước ngày "+c.s.now.AddDate(0, 0, 3).Format("02/01/2006")+".")
	case k < 75:
		return c.mail(from, fmt.Sprintf("Re: báo cáo %d", no), "ĐÃ GỬI báo cáo qua trục liên thông.")
	case k < 80:
		return c.mail(from, fmt.Sprintf("Cảm ơn %d", no), "Trân trọng cảm ơn Ban Dân vận.")
	case k < 90:
		return c.machine(from, no)
	case k < 95:
		return c.mail(fmt.Sprintf("nguoi%d@thu.example", no), fmt.Sprintf("Gửi báo cáo %d", no), "Tôi gửi báo cáo của "+name+".", file{"Bao cao.docx", report(strings.ToUpper(name) + fmt.Sprintf(" bản %d", no))})
	default:
		return c.mail(fmt.Sprintf("quangcao%d@cuahang.example", no), fmt.Sprintf("Khuyến mãi %d", no), "Giảm giá đặc biệt trong tuần này.")
	}
}

// mail is a mail in the thread of the last letter that its sender got.
func (c *correspondents) mail(from, subject, text string, files ...file) []byte {
	raw := mail(from, subject, text, files...)
	raw = bytes.Replace(raw, []byte("Wed, 12 Oct 2022 09:30:00 +0700"), []byte(c.s.now.Format("Mon, 02 Jan 2006 15:04:05 -0700")), 1)
	if id := c.thread(from); id != "" {
		raw = append(fmt.Appendf(nil, "In-Reply-To: <%s>\r\nReferences: <%[1]s>\r\n", id), raw...)
	}
	return raw
}

func (c *correspondents) machine(from string, no int) []byte {
	return append([]byte("Auto-Submitted: auto-replied\r\n"), c.mail(from, fmt.Sprintf("Tự động trả lời %d", no), "Tôi đi vắng.")...)
}

func (c *correspondents) bounce(what string) []byte {
	id, to, _ := strings.Cut(what, " ")
	status := []string{"4.2.2", "5.1.1"}[c.s.rng.IntN(2)]
	return fmt.Appendf(nil, strings.ReplaceAll(`From: MAILER-DAEMON@may.example
To: <tiepnhan@bdvtu.quangngai.example>
Subject: Undelivered Mail Returned to Sender
Date: %s
Message-ID: <back.%[2]s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="ranh"

--ranh
Content-Type: text/plain

Your message could not be delivered.

--ranh
Content-Type: message/delivery-status

Reporting-MTA: dns; may.example

Final-Recipient: rfc822; %[3]s
Action: failed
Status: %[4]s

--ranh
Content-Type: text/rfc822-headers

Message-ID: <%[2]s>
To: <%[3]s>

--ranh--
`, "\n", "\r\n"), c.s.now.Format("Mon, 02 Jan 2006 15:04:05 -0700"), id, to, status)
}

// orders are the desk's answer to its newest digest.
func (c *correspondents) orders() []byte {
	c.s.mu.Lock()
	d := c.s.digest
	c.s.digest = nil
	c.s.mu.Unlock()
	if d == nil || len(d.numbers) == 0 {
		return nil
	}
	var lines []string
	for _, n := range d.numbers {
		lines = append(lines, n+"A")
	}
	raw := c.mail("phong@bdvtu.quangngai.example", "Re: digest "+d.id, strings.Join(lines, "\r\n"))
	return append(fmt.Appendf(nil, "In-Reply-To: <%s>\r\nReferences: <%[1]s>\r\n", d.id), raw...)
}

// form is a unit's workbook, of which it sends now one version, now the other.
func (c *correspondents) form(u int) []byte {
	which := [2]int{u, c.s.rng.IntN(2)}
	if c.forms[which] == nil {
		c.forms[which] = c.s.filled(fmt.Sprintf("HU-%05d", u), 3+which[1])
	}
	return c.forms[which]
}

// profiled profiles the process until the function that it returns is called.
func profiled(dir string) func() {
	f, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil || pprof.StartCPUProfile(f) != nil {
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}

func profileHeap(dir string) {
	if f, err := os.Create(filepath.Join(dir, "heap.pprof")); err == nil {
		pprof.WriteHeapProfile(f)
		f.Close()
	}
}
