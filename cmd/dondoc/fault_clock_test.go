package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	netmail "net/mail"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/cmd/dondoc/witness"
)

// TestFaultClock lets the daemon's clock jump: forwards and backwards by an
// hour, a day, a year, or to the beginning of time; before and after each
// instant that matters on two days, and in the middle of a round; for good, or
// until somebody sets it right; and suspends the machine. No letter goes twice,
// none outside of the hours that the clock shows, no mail is taken for older
// than the campaign, and the loop neither spins nor sleeps through the poll.
// With the clock right again, everything is where it would have been.
func TestFaultClock(t *testing.T) {
	f := newFaults(t)
	c := &clocks{faults: f, from: at(t, "2022-10-17 06:00"), to: at(t, "2022-10-18 18:00")}
	c.base, _ = newMorning(t)
	c.base.must(at(t, "2022-10-14 17:00"), "once")
	c.base.edit("campaign.yaml", `(?m)^poll: .*`, `poll: "@every 1h"`)
	c.mails = []sentIn{
		{"2022-10-17 07:10", true, c.base.whole(binhson, "HU-BINHSON", "Huyện ủy Bình Sơn")},
		{"2022-10-17 09:00", false, mail("vanthu@syt.quangngai.example", "Báo cáo Dân vận khéo", "Sở Y tế gửi báo cáo", file{"Bao cao.docx", report("SỞ Y TẾ")})},
		{"2022-10-17 11:00", false, mail(bato, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở.")},
		{"2022-10-18 15:30", true, mail(bato, "Báo cáo DVK 2022 - Huyện ủy Ba Tơ", "Kính gửi Ban Dân vận", file{"Bao cao.docx", report("HUYỆN ỦY BA TƠ")},
			file{"Phu luc so lieu.xlsx", c.base.filled("HU-BATO", 4)}, file{"Mo hinh 1.docx", model("Trồng rừng gỗ lớn")}, file{"Mo hinh 2.docx", model("Bếp ăn tình thương")})},
	}
	plain := c.begin(t)
	clock := c.run(plain)
	c.looks = clock.looks
	plain.must(c.to.Add(time.Hour), "once")
	c.want = lasting(plain.everything())
	kinds := map[string]int{}
	for line := range plain.everything() {
		if words := strings.Fields(line); words[0] == "sent" {
			kinds[words[1]]++
		}
	}
	if kinds["remind"] < 2 || kinds["digest"] < 1 || kinds["receipt"] < 3 {
		t.Fatalf("two quiet days brought %v", kinds)
	}

	var steps []step
	for _, by := range jumps {
		for _, when := range []string{"17 06:30", "17 07:29", "17 07:31", "17 08:59", "17 10:29", "17 10:31", "17 15:59", "17 16:01", "17 16:31", "17 23:59", "18 00:01", "18 07:29", "18 07:31", "18 15:31", "18 15:59"} {
			for _, back := range []time.Duration{0, time.Minute, 2 * time.Hour, 24 * time.Hour} {
				steps = append(steps, step{at: at(t, "2022-10-"+when), by: by.by, jump: by.name, back: back})
			}
		}
	}
	var all, found []ordeal
	for _, s := range steps {
		all = append(all, c.ordeal(s))
	}
	for n := range 100 {
		by := jumps[n%len(jumps)]
		all = append(all, c.ordeal(step{look: 1 + n*c.looks/100, by: by.by, jump: by.name, back: 2 * time.Hour}))
	}
	for _, asleep := range []time.Duration{time.Minute, time.Hour, 10 * time.Hour, 30 * time.Hour} {
		for _, when := range []string{"17 06:30", "17 07:29", "17 10:29", "17 15:59", "17 20:00"} {
			all = append(all, c.ordeal(step{at: at(t, "2022-10-"+when), asleep: asleep, jump: "the machine is suspended for " + asleep.String()}))
		}
	}
	for _, x := range foundClock {
		i := slices.IndexFunc(all, func(o ordeal) bool { return o.name == x.name })
		if i < 0 {
			t.Fatalf("there is no ordeal %q: %s", x.name, x.sentence)
		}
		found = append(found, all[i])
	}
	f.through(found, all, 8, func(rng *rand.Rand) ordeal {
		var some []step
		for range 2 + rng.IntN(3) {
			by := jumps[rng.IntN(len(jumps))]
			some = append(some, step{at: c.from.Add(time.Duration(rng.Int64N(int64(c.to.Sub(c.from))))), by: by.by, jump: by.name, back: time.Duration(rng.Int64N(int64(30 * time.Hour)))})
		}
		return c.ordeal(some...)
	})
}

// foundClock are jumps that once had consequences.
var foundClock = []struct{ sentence, name string }{
	{"mails that came while the clock showed 1970 were older than the campaign, and nobody ever looked at them", "to 1970 at 17/10 06:30"},
	{"in the middle of a round a year was taken away, and the daemon meant to sleep for it", "a year back at 17/10 07:31"},
	{"a report that came while the clock was behind is dated before a reminder that went out earlier, which was not wrong for that", "three days back at 18/10 15:31"},
	{"a day spent in the year to come, and the report of the day after was never answered", "a year ahead at 17/10 07:31, for 24h0m0s"},
	{"a mail that came while the machine slept was in the mailbox when it woke up, and not a moment later", "the machine is suspended for 1h0m0s at 17/10 06:30"},
}

var jumps = []struct {
	name string
	by   time.Duration
}{
	{"an hour ahead", time.Hour}, {"an hour back", -time.Hour}, {"a day ahead", 24 * time.Hour}, {"a day back", -24 * time.Hour}, {"three days back", -72 * time.Hour},
	{"a year ahead", 365 * 24 * time.Hour}, {"a year back", -365 * 24 * time.Hour}, {"to 1970", -19282 * 24 * time.Hour}, {"a minute back", -time.Minute},
}

// step is one jump of the clock: at an instant, or when the clock is looked at
// for the n-th time.
type step struct {
	at     time.Time
	look   int
	by     time.Duration
	jump   string
	back   time.Duration // after which it is set right; 0: never
	asleep time.Duration // instead: how long the machine was suspended
}

func (s step) String() string {
	text := s.jump + " at " + s.at.Format("02/01 15:04")
	if s.at.IsZero() {
		text = fmt.Sprintf("%s at look %d", s.jump, s.look)
	}
	if s.back > 0 {
		text += ", for " + s.back.Round(time.Second).String()
	}
	return text
}

// sentIn is a mail that comes at a time.
type sentIn struct {
	at        string
	completes bool
	raw       []byte
}

// clocks are the same two days over and over.
type clocks struct {
	*faults
	base     *world
	from, to time.Time
	mails    []sentIn
	want     map[string]int
	looks    int
}

func (c *clocks) begin(t *testing.T) *world {
	t.Helper()
	w := c.base.copied(t)
	if err := w.imap.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	return w
}

func (c *clocks) ordeal(steps ...step) ordeal {
	var names []string
	for _, s := range steps {
		names = append(names, s.String())
	}
	return ordeal{strings.Join(names, ", "), func(t *testing.T) {
		w := c.begin(t)
		clock := c.run(w, steps...)
		if clock.spun > 0 {
			t.Errorf("the loop slept %d times until what was over", clock.spun)
		}
		if most := 3 * c.looks; clock.looks > most {
			t.Errorf("the clock was looked at %d times, and %d times on quiet days", clock.looks, c.looks)
		}
		asleep := time.Duration(0)
		for _, s := range steps {
			asleep = max(asleep, s.asleep)
		}
		// Set back, a clock begins its intervals anew.
		if clock.longest > time.Duration(1+2*len(steps))*time.Hour+2*time.Minute+asleep {
			t.Errorf("for %s nobody looked, and every hour somebody should", clock.longest)
		}
		for _, s := range steps {
			c.count(func(n *tally) { n.point("clock", s.String()) })
		}
		c.ends(w, slices.ContainsFunc(steps, func(s step) bool { return s.by > 0 }), slices.ContainsFunc(steps, func(s step) bool { return s.by < 0 }))
	}}
}

// ends is the end of an ordeal: what had to be on time may have been early or
// late by a clock that was wrong, and the rest is as on quiet days.
//
// The witness asks where a unit stood when it was reminded. It cannot judge by a
// clock that was ahead, because that is an instant that has not been yet; nor
// where a mail came under one that was behind: it is dated by that clock (a time
// of receipt is never later than now), and had not come when it seems to.
func (c *clocks) ends(w *world, ahead, behind bool) {
	t := w.t
	now := c.to.Add(time.Hour)
	restarts := 0
	for last := (done{Sent: 1}); last != (done{}); restarts++ {
		if restarts == 6 {
			t.Errorf("after %d rounds there is still something to do: %+v", restarts, last)
			break
		}
		last = lines[done](t, w.must(now, "once", "--json"))[0]
	}
	w.must(now, "verify")
	if got := lasting(w.everything()); fmt.Sprint(got) != fmt.Sprint(c.want) {
		for line, n := range c.want {
			if got[line] != n {
				t.Errorf("%d × %s, want %d", got[line], line, n)
			}
		}
		for line, n := range got {
			if c.want[line] == 0 {
				t.Errorf("%d × %s, want none", n, line)
			}
		}
	}
	seen := map[string]bool{}
	for _, m := range w.sent {
		h, err := netmail.ReadMessage(strings.NewReader(string(m.raw)))
		if err != nil {
			t.Fatal(err)
		}
		key := h.Header.Get("X-Dondoc-Key")
		if seen[key+" "+m.to] {
			t.Errorf("%s went to %s twice", key, m.to)
		}
		seen[key+" "+m.to] = true
		date, err := h.Header.Date()
		if err != nil {
			t.Fatal(err)
		}
		if kind, _, _ := strings.Cut(key, "/"); kind == "remind" {
			local := date.In(time.FixedZone("+07", 7*3600))
			if clock := local.Format("15:04"); clock < "07:30" || clock > "16:30" || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
				t.Errorf("%s went out on %s", key, local.Format("Mon 02/01 15:04"))
			}
		}
	}
	misdated := false
	last := map[string]time.Time{"HU-BINHSON": at(t, c.mails[0].at), "HU-BATO": at(t, c.mails[3].at)}
	for _, l := range lines[statusJSON](t, w.must(now, "status", "--json")) {
		for _, u := range l.Units {
			if u.LastReceived != nil && !last[u.Code].IsZero() {
				if got, err := time.Parse(time.RFC3339, *u.LastReceived); err != nil || !got.Equal(last[u.Code]) {
					misdated = true
				}
			}
			if u.LastReceived != nil && !strings.HasPrefix(*u.LastReceived, "2022-10-1") {
				t.Errorf("%s was heard of last at %s", u.Code, *u.LastReceived)
			}
		}
	}
	switch {
	case misdated && !behind:
		t.Error("a mail is not dated by the server's clock, and ours was never behind")
	case !ahead && !misdated:
		w.judged()
	}
	c.count(func(n *tally) { n.restarts += restarts; n.verifies++; n.letters += len(w.sent) })
	w.now = time.Time{}
}

// lasting is what does not depend on when a clock that is wrong shows what. A
// file is named after the day on which it came, which by that clock may have
// been another; and a question that is answered late is answered with the files
// that came after it.
func lasting(all map[string]int) map[string]int {
	kept := map[string]int{}
	for line, n := range all {
		if !regexp.MustCompile(`^(letter|sent) (remind|digest|weekly|alarm|escalate|acknowledge) `).MatchString(line) {
			kept[regexp.MustCompile(`_\d{8}`).ReplaceAllString(line, "_DAY")] += n
		}
	}
	return kept
}

// run lets the daemon's loop work through the two days, by a clock that jumps.
func (c *clocks) run(w *world, steps ...step) *jumping {
	t := w.t
	t.Helper()
	clock := &jumping{world: w, true: c.from, looked: make(chan done, 100), latest: c.from, end: c.to, steps: steps, mails: c.mails}
	p, out := w.program(c.from)
	p.Clock = clock
	p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.NewTextHandler(out, nil))
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		t.Fatal(err)
	}
	if err := o.work(t.Context(), clock, nil, clock.looked); !errors.Is(err, errTimeUp) {
		t.Errorf("the loop ended with %v", err)
	}
	if t.Failed() {
		t.Logf("the daemon said:\n%s", out)
	}
	return clock
}

// jumping is a clock that stands still while anybody works, and shows what it
// should not.
type jumping struct {
	world *world
	end   time.Time
	mails []sentIn

	mu      sync.Mutex
	true    time.Time
	steps   []step
	set     []step // jumps that somebody will set right, by then
	offset  time.Duration
	looks   int
	spun    int
	looked  chan done
	latest  time.Time     // when somebody looked last
	longest time.Duration // that nobody did
}

func (j *jumping) Now() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.looks++
	j.jump()
	now := j.true.Add(j.offset)
	j.world.at(now)
	return now
}

// jump lets the jumps happen whose time has come.
func (j *jumping) jump() {
	var left []step
	for _, s := range j.steps {
		switch {
		case s.at.IsZero() && j.looks < s.look, !s.at.IsZero() && j.true.Before(s.at):
			left = append(left, s)
		case s.asleep > 0:
			j.true = j.true.Add(s.asleep)
			j.deliver(j.true) // the mail server was awake
		default:
			j.offset += s.by
			if s.back > 0 {
				s.at = j.true.Add(s.back)
				j.set = append(j.set, s)
			}
		}
	}
	j.steps = left
	var wrong []step
	for _, s := range j.set {
		if j.true.Before(s.at) {
			wrong = append(wrong, s)
		} else {
			j.offset -= s.by
		}
	}
	j.set = wrong
}

// Sleep passes the time up to the instant, as the clock shows it, or for a
// minute, as on the wall.
func (j *jumping) Sleep(ctx context.Context, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.looked) > 0 {
		j.latest = j.true
	}
	for len(j.looked) > 0 {
		<-j.looked
	}
	j.longest = max(j.longest, j.true.Sub(j.latest))
	j.jump()
	nap := until.Sub(j.true.Add(j.offset))
	if nap <= 0 {
		j.spun++
		if j.spun > 1000 {
			return errors.New("the loop spins")
		}
		return nil
	}
	wake := j.true.Add(min(nap, time.Minute))
	if !wake.Before(j.end) {
		j.deliver(j.end)
		j.true = j.end
		return errTimeUp
	}
	j.deliver(wake)
	j.true = wake
	return nil
}

// deliver puts into the mailbox what has come by then.
func (j *jumping) deliver(until time.Time) {
	for len(j.mails) > 0 && !at(j.world.t, j.mails[0].at).After(until) {
		m := j.mails[0]
		j.mails = j.mails[1:]
		when := at(j.world.t, m.at)
		j.world.account.Put(witness.Mail{Raw: m.raw, At: when, Completes: m.completes})
		if _, err := j.world.imap.Append("tiepnhan", "INBOX", m.raw, when); err != nil {
			j.world.t.Error(err)
		}
	}
}

// TestFaultTimezone: whatever zone the machine is set to, and also without a
// database of zones, the program says the same.
func TestFaultTimezone(t *testing.T) {
	w, mails := newMorning(t)
	now := at(t, "2022-10-12 10:00")
	w.fillMailbox(mails)
	w.must(now, "once")
	say := func(env ...string) string {
		var all strings.Builder
		for _, args := range [][]string{{"status"}, {"status", "--json"}, {"letters"}, {"why", "HU-BINHSON"}, {"remind", "--dry-run"}, {"check"}} {
			c := exec.Command("dondoc", append(args, "-C", w.dir, "--now", "2022-10-17T00:31:00Z")...)
			c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "DONDOC_IMAP_PASSWORD=x", "DONDOC_SMTP_PASSWORD=x"}, env...)
			out, _ := c.CombinedOutput()
			fmt.Fprintf(&all, "%s\n%s", args, out)
		}
		return all.String()
	}
	want := say("TZ=Asia/Ho_Chi_Minh")
	if !strings.Contains(want, "HU-BINHSON") {
		t.Fatal(want)
	}
	for _, x := range []struct {
		sentence string
		env      []string
	}{
		{"a machine in UTC", []string{"TZ=UTC"}},
		{"a machine in New York", []string{"TZ=America/New_York"}},
		{"a machine whose clock was put forward in the night", []string{"TZ=Europe/Berlin"}},
		{"a machine in a zone that is ahead by a day", []string{"TZ=Pacific/Kiritimati"}},
		{"a machine without a zone", nil},
		{"a machine in a zone that does not exist", []string{"TZ=Nowhere/Land"}},
		{"a machine whose database of zones is empty", []string{"TZ=America/New_York", "ZONEINFO=" + t.TempDir()}},
	} {
		if got := say(x.env...); got != want {
			t.Errorf("%s says\n%s\nwant\n%s", x.sentence, got, want)
		}
	}
	w.now = time.Time{}
}
