package schedule

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
)

// Clock is the clock that Loop sleeps on: the wall's in run, a virtual one in
// demo.
type Clock interface {
	Now() time.Time
	// Sleep returns nil once the clock shows until, or earlier: Loop looks at
	// Now and sleeps again. A clock on the wall should wake up every minute or
	// so, for a machine that was suspended or whose clock was set does not
	// notice by itself. When ctx ends, Sleep returns its error.
	Sleep(ctx context.Context, until time.Time) error
}

// Entry is one job of the loop.
type Entry struct {
	Name string
	Spec cron.Schedule // when it runs; nil: only when woken
	// Wake is a hint that there is something to do now, such as a server's
	// word that mail came. Hints that pile up while a job runs are one hint;
	// a closed channel gives none. It may be nil.
	Wake <-chan struct{}
	// Again, if set, is asked before each sleep, at now, for an instant at which
	// the job runs besides; zero: none. Like Wake it is a hint: one that is not after
	// now is taken as a moment later, so that no job runs without end.
	Again func(now time.Time) time.Time
	// AtStart makes the job run as soon as the loop starts, for what was
	// missed while the program was down.
	AtStart bool
	// Run does the job. now is the clock's when it fell due; what goes wrong
	// is Run's own affair.
	Run func(ctx context.Context, now time.Time)
}

// Loop runs the entries whenever they fall due, one after the other, those
// that are due together in the order of the list. However many firings passed
// during an outage, a suspended machine or a long job, an entry runs once for
// them: jobs look at what should have been done by now, not at how often they
// were called. A clock that is set back, by up to a day, makes no entry run
// again for an instant for which it has run; intervals start anew from there.
//
// Loop returns when ctx ends, with its error, or when the clock fails.
func Loop(ctx context.Context, clock Clock, entries []Entry) error {
	ctx, cancel := context.WithCancel(ctx)
	var listeners sync.WaitGroup
	defer listeners.Wait()
	defer cancel()

	jobs := make([]job, len(entries))
	hints := make(chan struct{}, 1)
	start := clock.Now()
	for i, e := range entries {
		j := &jobs[i]
		j.Entry, j.last = e, start
		j.plan(start)
		j.woken.Store(e.AtStart)
		if e.Wake != nil {
			listeners.Go(func() { j.listen(ctx, hints) })
		}
	}
	for {
		for i := range jobs {
			if err := ctx.Err(); err != nil {
				return err
			}
			jobs[i].runIfDue(ctx, clock.Now())
		}
		// One look says what is due and what is not yet: a clock that is set
		// between two would be slept on until what is over.
		now := clock.Now()
		if due(jobs, now) {
			continue
		}
		for i := range jobs {
			jobs[i].ask(now)
		}
		if err := sleep(ctx, clock, earliest(jobs), hints); err != nil {
			return err
		}
	}
}

// job is an entry and what the loop remembers of it.
type job struct {
	Entry
	next  time.Time // when it falls due; zero: never
	again time.Time // when it runs besides; zero: not
	last  time.Time // when it ran, or the loop began
	woken atomic.Bool
}

func (j *job) due(now time.Time) bool {
	return j.woken.Load() || reached(j.next, now) || reached(j.again, now)
}

func (j *job) runIfDue(ctx context.Context, now time.Time) {
	if now.Before(j.last) {
		j.setBack(now)
	}
	if !j.due(now) {
		return
	}
	j.woken.Store(false)
	j.again = time.Time{}
	if reached(j.next, now) {
		j.plan(now)
	}
	j.last = now
	j.Run(ctx, now)
}

func reached(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

// ask takes in when the job wants to run besides.
func (j *job) ask(now time.Time) {
	if j.Again == nil {
		return
	}
	if j.again = j.Again(now); !j.again.IsZero() && !j.again.After(now) {
		j.again = now.Add(time.Second)
	}
}

// setBack: the clock shows less than when the job last ran. Instants of the
// day that have had their run keep it, so next stays. An interval has no
// instants; left alone it would stand still for as long as the clock was set
// back. And a clock that was wrong by more than a day has run nothing for the
// instants in between: whoever set it right must not wait a year for the next.
func (j *job) setBack(now time.Time) {
	_, interval := j.Spec.(cron.ConstantDelaySchedule)
	if interval || j.last.Sub(now) > 24*time.Hour {
		j.last = now
		j.plan(now)
	}
}

func (j *job) plan(now time.Time) {
	if j.Spec != nil {
		j.next = j.Spec.Next(now)
	}
}

// listen passes hints on until the loop ends.
func (j *job) listen(ctx context.Context, hints chan<- struct{}) {
	for {
		select {
		case _, open := <-j.Wake:
			if !open {
				return
			}
			j.woken.Store(true)
			select {
			case hints <- struct{}{}:
			default:
			}
		case <-ctx.Done():
			return
		}
	}
}

func due(jobs []job, now time.Time) bool {
	for i := range jobs {
		if jobs[i].due(now) {
			return true
		}
	}
	return false
}

func earliest(jobs []job) time.Time {
	var first time.Time
	for i := range jobs {
		for _, at := range []time.Time{jobs[i].next, jobs[i].again} {
			if !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first
}

// sleep waits for the instant or for a hint, whichever comes first.
func sleep(ctx context.Context, clock Clock, until time.Time, hints <-chan struct{}) error {
	if until.IsZero() { // nothing will ever fall due by itself
		select {
		case <-hints:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	nap, wake := context.WithCancel(ctx)
	var hinted sync.WaitGroup
	hinted.Go(func() {
		select {
		case <-hints:
			wake()
		case <-nap.Done():
		}
	})
	err := clock.Sleep(nap, until)
	woken := nap.Err() != nil
	wake()
	hinted.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if woken {
		return nil
	}
	return err
}
