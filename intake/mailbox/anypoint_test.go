package mailbox

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestAnyFaultAtAnyPoint plays an ordinary morning against a server that once,
// at the first thing that it is asked, does something wrong; then at the
// second, and so on until the morning ends undisturbed. Wherever it is, every
// call returns soon, and in the end each message was taken once and whole.
func TestAnyFaultAtAnyPoint(t *testing.T) {
	// Points beyond the last thing that is asked: nothing happens there.
	const points = 40
	for _, fault := range []struct{ sentence, answer string }{
		{"falls silent", silent},
		{"gives half of its answer and falls silent", "{half}"},
		{"hangs up without a word", closing},
		{"says goodbye", "* BYE shutting down\n" + closing},
		{"gives half of its answer and hangs up", "{half}" + closing},
		{"answers, and hangs up at once", "{usual}" + closing},
		{"says something that is not IMAP", "%%% (((\n"},
		{"says something that nobody knows before its answer", "* XNEWS (1 2) {3}\nabc\n{usual}"},
		{"tells of many new messages before its answer", bell + "{usual}"},
		{"says NO", "{tag} NO [SERVERBUG] not now\n"},
		{"says BAD", "{tag} BAD what?\n"},
		{"answers under another tag", "T999 OK done\n"},
	} {
		t.Run("a server that "+fault.sentence, func(t *testing.T) {
			t.Parallel()
			var reached atomic.Int32
			var all sync.WaitGroup
			for at := range points {
				all.Go(func() {
					if morning(t, fault.answer, at) {
						reached.Add(1)
					}
				})
			}
			all.Wait()
			if n := reached.Load(); n < 12 || n == points {
				t.Errorf("%d of %d points were reached: this test looks in the wrong place", n, points)
			}
		})
	}
}

// bell is more news than the channel for hints holds.
var bell = string(bytes.Repeat([]byte("* 9 EXISTS\n"), 100))

// morning is false when the server was not asked so often.
func morning(t *testing.T, answer string, at int) (reached bool) {
	t.Helper()
	asked, where := 0, ""
	s := &unfair{answer: func(s *unfair, command string) string {
		if command == "IDLE" && asked != at {
			asked++
			return "+ idling\n* 9 EXISTS\n"
		}
		if asked++; asked-1 == at {
			reached, where = true, command
			return answer
		}
		return ""
	}}
	box, seen := start(t, s), newMemory()
	// Short only where it has to end: the machine may be busy.
	box.silence, box.idleSpan = time.Minute, 50*time.Millisecond
	if answer == silent || answer == "{half}" || answer == "T999 OK done\n" || answer == "%%% (((\n" {
		box.silence = time.Second
	}
	step := func(name string, do func()) {
		t.Helper()
		began := time.Now()
		do()
		// A few connections of a second, and the machine's mood.
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("at %d, %s: %s took %s", at, where, name, took)
		}
	}
	step("a round", func() { box.Round(t.Context(), seen.knows, seen.take) })
	step("marking and moving", func() { box.Done(t.Context(), "INBOX", s.validity, []uint32{1, 2}, "Xong") })
	step("waiting", func() {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		box.Wait(ctx)
	})
	s.mu.Lock()
	s.bodies[9] = "Subject: 9\r\n\r\nthu so 9\r\n"
	s.mu.Unlock()
	step("another round", func() { box.Round(t.Context(), seen.knows, seen.take) })
	step("closing", func() { box.Close() })
	s.mu.Lock()
	hit := reached
	s.answer = nil
	s.mu.Unlock()
	var r Report
	box.silence = time.Minute
	for range 3 {
		step("a quiet round", func() { r, _ = box.Round(t.Context(), seen.knows, seen.take) })
	}
	if !r.Complete() {
		t.Errorf("at %d, %s: in the end the mailbox is not read whole: %+v", at, where, r)
	}
	times := map[string]int{}
	for _, name := range seen.took {
		times[name]++
	}
	for uid, body := range s.bodies {
		name := fmt.Sprint("INBOX/", uid)
		if times[name] != 1 || string(seen.raw[name]) != body {
			t.Errorf("at %d, %s: message %d was taken %d times, as %q", at, where, uid, times[name], seen.raw[name])
		}
	}
	return hit
}
