package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
)

// wall is the bubble's clock, as a wall clock is used: it wakes up every
// minute. set moves what it shows, as an administrator or NTP would.
type wall struct{ offset atomic.Int64 }

func (w *wall) Now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

func (w *wall) set(by time.Duration) { w.offset.Store(int64(by)) }

func (w *wall) Sleep(ctx context.Context, until time.Time) error {
	t := time.NewTimer(min(until.Sub(w.Now()), time.Minute))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func spec(t *testing.T, s string) cron.Schedule {
	t.Helper()
	c, err := cron.ParseStandard(s)
	if err != nil {
		t.Fatal(err)
	}
	return inZone{c, time.UTC}
}

// journal runs a loop in a bubble, whose clock begins at midnight UTC of
// 2000-01-01, and writes down "name hh:mm" for each run.
type journal struct {
	lines []string
	clock wall
}

func (j *journal) run(name string) func(context.Context, time.Time) {
	return func(_ context.Context, now time.Time) {
		j.lines = append(j.lines, name+" "+now.UTC().Format("02 15:04"))
	}
}

func (j *journal) loop(t *testing.T, how func(), entries ...Entry) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- Loop(ctx, &j.clock, entries) }()
	how()
	synctest.Wait()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the loop ended with %v", err)
	}
}

func TestLoop(t *testing.T) {
	hint := func() (chan struct{}, func()) {
		c := make(chan struct{})
		return c, func() { c <- struct{}{} }
	}
	for _, tt := range []struct {
		name string
		run  func(t *testing.T, j *journal)
		want []string
	}{
		{"each entry runs at its firings, those due together in their order", func(t *testing.T, j *journal) {
			j.loop(t, func() { time.Sleep(3*time.Hour + time.Second) },
				Entry{Name: "poll", Spec: spec(t, "0 * * * *"), Run: j.run("poll")},
				Entry{Name: "digest", Spec: spec(t, "0 2 * * *"), Run: j.run("digest")})
		}, []string{"poll 01 01:00", "poll 01 02:00", "digest 01 02:00", "poll 01 03:00"}},
		{"what is asked to runs at the start", func(t *testing.T, j *journal) {
			j.loop(t, func() { time.Sleep(time.Second) },
				Entry{Spec: spec(t, "0 * * * *"), AtStart: true, Run: j.run("poll")},
				Entry{Spec: spec(t, "0 * * * *"), Run: j.run("digest")})
		}, []string{"poll 01 00:00"}},
		{"a hint runs the entry at once, and only that one", func(t *testing.T, j *journal) {
			wake, mail := hint()
			j.loop(t, func() { time.Sleep(10 * time.Minute); mail(); time.Sleep(time.Hour) },
				Entry{Spec: spec(t, "0 * * * *"), Wake: wake, Run: j.run("poll")},
				Entry{Spec: spec(t, "0 * * * *"), Run: j.run("digest")})
		}, []string{"poll 01 00:10", "poll 01 01:00", "digest 01 01:00"}},
		{"hints during a long job are one", func(t *testing.T, j *journal) {
			wake, mail := hint()
			j.loop(t, func() {
				mail()
				time.Sleep(time.Minute)
				mail()
				mail()
				mail()
				time.Sleep(time.Hour)
			},
				Entry{Wake: wake, Run: func(ctx context.Context, now time.Time) { j.run("poll")(ctx, now); time.Sleep(20 * time.Minute) }})
		}, []string{"poll 01 00:00", "poll 01 00:20"}},
		{"without a spec or a hint nothing ever runs", func(t *testing.T, j *journal) {
			j.loop(t, func() { time.Sleep(48 * time.Hour) }, Entry{Run: j.run("poll")}, Entry{Spec: union(nil), Run: j.run("digest")})
		}, nil},
		{"a closed channel is no hint", func(t *testing.T, j *journal) {
			wake := make(chan struct{})
			close(wake)
			j.loop(t, func() { time.Sleep(61 * time.Minute) }, Entry{Spec: spec(t, "0 * * * *"), Wake: wake, Run: j.run("poll")})
		}, []string{"poll 01 01:00"}},
		{"firings that pass during a long job are made up for once", func(t *testing.T, j *journal) {
			j.loop(t, func() { time.Sleep(6 * time.Hour) },
				Entry{Spec: spec(t, "0 * * * *"), Run: func(ctx context.Context, now time.Time) {
					if j.run("poll")(ctx, now); len(j.lines) == 1 {
						time.Sleep(3*time.Hour + 30*time.Minute)
					}
				}})
		}, []string{"poll 01 01:00", "poll 01 04:30", "poll 01 05:00", "poll 01 06:00"}},
		{"a machine suspended for three days runs each entry once", func(t *testing.T, j *journal) {
			j.loop(t, func() {
				time.Sleep(61*time.Minute + 30*time.Second)
				j.clock.set(72 * time.Hour)
				time.Sleep(2 * time.Minute)
			},
				Entry{Spec: spec(t, "0 * * * *"), Run: j.run("poll")}, Entry{Spec: spec(t, "30 7 * * *"), Run: j.run("remind")})
		}, []string{"poll 01 01:00", "poll 04 01:02", "remind 04 01:02"}},
		{"a clock set back repeats no instant", func(t *testing.T, j *journal) {
			j.loop(t, func() {
				time.Sleep(90*time.Minute + 30*time.Second)
				j.clock.set(-time.Hour)
				time.Sleep(2 * time.Hour)
			}, Entry{Spec: spec(t, "0 * * * *"), Run: j.run("remind")})
		}, []string{"remind 01 01:00", "remind 01 02:00"}},
		{"nor does one set back during the job itself", func(t *testing.T, j *journal) {
			j.loop(t, func() { time.Sleep(2*time.Hour + 30*time.Minute) },
				Entry{Spec: spec(t, "0 1 * * *"), Run: func(ctx context.Context, now time.Time) { j.run("remind")(ctx, now); j.clock.set(-time.Hour) }})
		}, []string{"remind 01 01:00"}},
		{"a clock that was wrong by a year and set right stops nothing", func(t *testing.T, j *journal) {
			j.loop(t, func() {
				time.Sleep(30*time.Minute + 30*time.Second)
				j.clock.set(365 * 24 * time.Hour)
				time.Sleep(time.Minute)
				j.clock.set(0)
				time.Sleep(time.Hour)
			}, Entry{Spec: spec(t, "0 * * * *"), Run: j.run("poll")})
		}, []string{"poll 31 00:31", "poll 01 01:00"}},
		{"an interval goes on when the clock is set back a day", func(t *testing.T, j *journal) {
			j.clock.set(24 * time.Hour)
			j.loop(t, func() { time.Sleep(25*time.Minute + 30*time.Second); j.clock.set(0); time.Sleep(22 * time.Minute) },
				Entry{Spec: cron.Every(10 * time.Minute), Run: j.run("poll")})
		}, []string{"poll 02 00:10", "poll 02 00:20", "poll 01 00:36", "poll 01 00:46"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var j journal
				tt.run(t, &j)
				if !slices.Equal(j.lines, tt.want) {
					t.Errorf("\n got %q\nwant %q", j.lines, tt.want)
				}
			})
		})
	}
}

// jumping is a virtual clock: sleeping takes no time at all.
type jumping struct {
	now, end time.Time
}

var errEnd = errors.New("the end of virtual time")

func (c *jumping) Now() time.Time { return c.now }

func (c *jumping) Sleep(ctx context.Context, until time.Time) error {
	if until.After(c.end) {
		return errEnd
	}
	c.now = until
	return ctx.Err()
}

func TestLoopOnAVirtualClock(t *testing.T) {
	clock := &jumping{now: at("2022-10-03"), end: at("2022-10-26")}
	runs := make(map[string]int)
	count := func(name string) func(context.Context, time.Time) {
		return func(context.Context, time.Time) { runs[name]++ }
	}
	plan, err := Compile(letter624())
	if err != nil {
		t.Fatal(err)
	}
	err = Loop(t.Context(), clock, []Entry{
		{Spec: cron.Every(15 * time.Minute), Run: count("poll")},
		{Spec: plan.Reminders, Run: count("reminders")},
		{Spec: plan.Digest, Run: count("digest")},
	})
	if !errors.Is(err, errEnd) {
		t.Errorf("the loop ended with %v", err)
	}
	// Twenty-three days of 96 quarters; the seventeen working days from 3 to
	// 25 October; as many digests, and five more at 10:30 in the last week.
	want := map[string]int{"poll": 23 * 96, "reminders": 17, "digest": 17 + 5}
	if fmt.Sprint(runs) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", runs, want)
	}
}

// A job may ask to run again between two of its firings, and no more often
// than that: one that asks for an instant that has passed does not spin.
func TestAJobMayAskToRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		runs := 0
		var next time.Time
		start := time.Now()
		j.loop(t, func() { time.Sleep(30 * time.Second) },
			Entry{Name: "poll", Spec: spec(t, "0 12 * * *"), AtStart: true, Run: func(context.Context, time.Time) { next = start.Add(10 * time.Second) }},
			Entry{Name: "letters", Again: func(time.Time) time.Time { return next }, Run: func(_ context.Context, now time.Time) {
				runs++
				switch runs {
				case 1:
					if now.Sub(start) != 10*time.Second {
						t.Errorf("ran after %v", now.Sub(start))
					}
					next = start // has passed
				case 2:
					if now.Sub(start) != 11*time.Second {
						t.Errorf("an instant that has passed: ran after %v", now.Sub(start))
					}
					next = time.Time{}
				}
			}})
		if runs != 2 {
			t.Errorf("ran %d times", runs)
		}
	})
}

// jumpy is a clock that is set a day ahead when somebody looks at it for the
// n-th time.
type jumpy struct {
	now      time.Time
	looks, n int
	sleeps   int
	over     int // sleeps until what was over
}

func (c *jumpy) Now() time.Time {
	if c.looks++; c.looks == c.n {
		c.now = c.now.Add(24 * time.Hour)
	}
	return c.now
}

func (c *jumpy) Sleep(_ context.Context, until time.Time) error {
	if !until.After(c.now) {
		c.over++
	}
	if c.sleeps++; c.sleeps == 20 {
		return errors.New("enough")
	}
	c.now = until
	return nil
}

// A clock that was set between two looks of the loop was once slept on until an
// instant that was over.
func TestNobodySleepsUntilWhatIsOver(t *testing.T) {
	for n := range 200 {
		c := &jumpy{now: time.Date(2022, 10, 17, 6, 0, 0, 0, time.UTC), n: n + 1}
		nothing := func(context.Context, time.Time) {}
		Loop(t.Context(), c, []Entry{
			{Name: "poll", Spec: spec(t, "*/15 * * * *"), AtStart: true, Run: nothing},
			{Name: "reminders", Spec: spec(t, "30 7 * * *"), Run: nothing},
			{Name: "letters", Again: func(now time.Time) time.Time { return now.Add(10 * time.Minute) }, Run: nothing},
		})
		if c.over > 0 {
			t.Fatalf("set at look %d: %d sleeps until what was over", n+1, c.over)
		}
	}
}
