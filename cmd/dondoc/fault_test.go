package main

import (
	"bytes"
	commandline "flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests whose names begin with TestFault put a campaign through ordeals:
// something fails, or the program is killed, at every point where that can
// happen. Without flags each takes a sample of some seconds. For an hour of all
// of them at the same time:
//
//	go test ./cmd/dondoc -run Fault -v -timeout 0 -parallel 8 -fault.for 1h -fault.seed 0
var (
	faultFor  = commandline.Duration("fault.for", 0, "how long each fault test goes on; 0 stands for a sample of some seconds")
	faultSeed = commandline.Uint64("fault.seed", 624, "what the fault tests draw from; 0 draws a seed too")
	faultKeep = commandline.String("fault.keep", "", "where the campaigns of ordeals that failed are kept")
)

// faults is one such test: what it draws from, how long it goes on, and what it
// has seen.
type faults struct {
	*testing.T
	seed  uint64
	begun time.Time

	mu    sync.Mutex
	tally tally
	drawn uint64
	said  time.Time // when the tally was last said
}

// newFaults begins a fault test, and says at its end what it has seen.
func newFaults(t *testing.T) *faults {
	t.Helper()
	if *faultFor > 0 {
		t.Parallel() // an hour is one of all of them
	}
	f := &faults{T: t, seed: *faultSeed, begun: time.Now(), said: time.Now()}
	if f.seed == 0 {
		f.seed = rand.Uint64()
	}
	t.Logf("seed %d", f.seed)
	t.Cleanup(func() { t.Logf("seed %d, since %s: %s", f.seed, f.begun.Format(time.TimeOnly), f.seen()) })
	return f
}

// long reports whether more than a sample is wanted.
func (f *faults) long() bool { return *faultFor > 0 }

// goesOn reports whether there is time left, and not too much has failed to be
// looked at. A long test that has been through everything goes on with what it
// draws.
func (f *faults) goesOn() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.said) > 5*time.Minute {
		f.said = time.Now()
		f.Log(f.tally)
	}
	return time.Since(f.begun) < *faultFor && f.tally.failed < 20
}

// ordeal plays one ordeal and counts it.
func (f *faults) ordeal(name string, play func(*testing.T)) {
	passed := f.Run(name, play)
	f.count(func(n *tally) {
		n.ordeals++
		if !passed {
			n.failed++
		}
	})
}

// draw is the next source of chance, the same in each run with the seed.
func (f *faults) draw() *rand.Rand {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drawn++
	return rand.New(rand.NewPCG(f.seed, f.drawn))
}

// count adds to the tally.
func (f *faults) count(add func(*tally)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	add(&f.tally)
}

func (f *faults) seen() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tally.String()
}

// tally is what was seen in fault tests.
type tally struct {
	points                                                        map[string]map[string]bool // distinct ones, by kind
	ordeals, failed, kills, restarts, verifies, letters, repeated int
}

// point counts that a fault of the kind was met at a place.
func (n *tally) point(kind, place string) {
	if n.points == nil {
		n.points = map[string]map[string]bool{}
	}
	if n.points[kind] == nil {
		n.points[kind] = map[string]bool{}
	}
	n.points[kind][place] = true
}

func (n tally) String() string {
	all, by := 0, []string{}
	for _, kind := range slices.Sorted(maps.Keys(n.points)) {
		all += len(n.points[kind])
		by = append(by, fmt.Sprintf("%s %d", kind, len(n.points[kind])))
	}
	return fmt.Sprintf("%d ordeals, %d failed, %d distinct fault points (%s), %d kills, %d restarts, %d verifies, %d letters, %d repeated in the same bytes",
		n.ordeals, n.failed, all, strings.Join(by, ", "), n.kills, n.restarts, n.verifies, n.letters, n.repeated)
}

// overcome ends an ordeal, when what failed works again: the program is
// restarted and goes on until a round has nothing to do; verify is clean; the
// witness finds nothing; files, letters and standings are those of a campaign
// in which nothing failed (see outcome).
func (w *world) overcome(f *faults, now time.Time, want map[string]int) {
	w.t.Helper()
	defer func() {
		if w.t.Failed() && *faultKeep != "" {
			w.keep(filepath.Join(*faultKeep, strings.NewReplacer("/", "_", " ", "_").Replace(w.t.Name())))
		}
	}()
	restarts := 0
	for last := (done{Sent: 1}); last != (done{}); restarts++ {
		if restarts == 6 {
			w.t.Errorf("after %d rounds there is still something to do: %+v", restarts, last)
			break
		}
		last = lines[done](w.t, w.must(now, "once", "--json"))[0]
	}
	got := w.outcome()
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
	w.judged()
	_, letters, repeated := w.account.Seen()
	f.count(func(n *tally) {
		n.restarts += restarts
		n.verifies++ // the witness asks for it
		n.letters += letters
		n.repeated += repeated
	})
}

// outcome is everything, with a letter that came again in the same bytes once:
// the witness says whether it might.
func (w *world) outcome() map[string]int {
	w.t.Helper()
	w.mu.Lock()
	all := w.sent
	once := make([]sentMail, 0, len(all))
	for _, m := range all {
		if !slices.ContainsFunc(once, func(o sentMail) bool { return o.to == m.to && bytes.Equal(o.raw, m.raw) }) {
			once = append(once, m)
		}
	}
	w.sent = once
	w.mu.Unlock()
	defer func() { w.sent = all }()
	return w.everything()
}

// keep copies the campaign, with all letters as they were sent.
func (w *world) keep(dir string) {
	w.t.Logf("kept in %s", dir)
	if err := os.CopyFS(dir, os.DirFS(w.dir)); err != nil {
		w.t.Error(err)
	}
	for i, m := range w.sent {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("sent-%d.eml", i)), m.raw, 0o600); err != nil {
			w.t.Error(err)
		}
	}
}
