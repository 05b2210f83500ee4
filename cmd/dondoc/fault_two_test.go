package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestFaultTwoDaemons lets two programs work on one directory at the same time,
// where one is stopped at its first step, or its way to the mail server breaks
// at the first command, then at the second, and so on. Each letter goes out
// once, each mail is filed once, and what one has left the other does.
func TestFaultTwoDaemons(t *testing.T) {
	f := newFaults(t)
	m := &mornings{faults: f, now: at(t, "2022-10-12 10:00")}
	m.base, m.mails = newMorning(t)
	w, wire := m.begin(t)
	wire.arm()
	counted, left := countSteps()
	w.runUntil(counted, m.now, "once")
	steps := left()
	passed := wire.disarm()
	w.must(m.now.Add(later), "once")
	m.want = w.everything()
	m.sent = len(w.stored(t, sentFolder))
	if steps < 20 {
		t.Fatalf("only %d steps were seen", steps)
	}
	var all, found []ordeal
	// Both may already be over before the last steps: they are counted then too.
	for n := range steps {
		all = append(all, m.two(n, nil, 0))
	}
	for _, p := range points(passed) {
		if p.place == "command" {
			all = append(all, m.two(-1, &p, 0))
		}
	}
	f.through(found, all, 10, func(rng *rand.Rand) ordeal {
		some := points(passed)
		p := some[rng.IntN(len(some))]
		return m.two(rng.Int64N(steps), &p, time.Duration(rng.Int64N(int64(500*time.Millisecond))))
	})
}

// two is an ordeal of two programs. One is stopped after some steps, unless
// that is negative; the wire of both has a mishap, unless that is nil; and the
// second begins a little later.
func (m *mornings) two(stop int64, p *mishap, after time.Duration) ordeal {
	name := "two at a time"
	if stop >= 0 {
		name += fmt.Sprintf(", one stopped after %d steps", stop)
	}
	if p != nil {
		name += ", " + p.String()
	}
	return ordeal{name, func(t *testing.T) {
		w, wire := m.begin(t)
		if p != nil {
			x := *p
			if x.waits() {
				w.patience.Mailbox = 1500 * time.Millisecond
			}
			wire.arm(&x)
		}
		w.at(m.now)
		run := func(ctx context.Context) {
			// Not by w.run: what was ordered, and when, is known.
			p, out := w.program(m.now)
			code := p.Run(ctx, []string{"once", "-C", w.dir})
			if testing.Verbose() {
				t.Logf("exit status %d\n%s", code, out)
			}
		}
		ctx, stopped := context.Background(), func() bool { return false }
		if stop >= 0 {
			ctx, stopped = stopAfter(stop)
		}
		var both sync.WaitGroup
		both.Go(func() { run(ctx) })
		both.Go(func() { time.Sleep(after); run(context.Background()) })
		both.Wait()
		wire.disarm()
		w.patience.Mailbox = 0
		if stopped() {
			m.count(func(n *tally) { n.point("two programs, stopped after step", fmt.Sprint(stop)) })
		}
		if p != nil {
			m.count(func(n *tally) { n.point("two programs, IMAP "+p.place, p.String()) })
		}
		w.settled(m.faults, m.now.Add(later), m.want)
		w.copiedOnce(t, m.sent)
	}}
}

// countSteps is a context that counts how often it is asked whether it has
// ended.
func countSteps() (ctx context.Context, steps func() int64) {
	const many = 1 << 40
	c := &countdown{Context: context.Background(), done: make(chan struct{})}
	c.left.Store(many)
	return c, func() int64 { return many - c.left.Load() }
}
