package main

import (
	"context"
	"regexp"
	"testing"
	"time"

	"dondoc/notify/courier/couriertest"
)

// TestToldToStopInTheMiddleOfALetter: the daemon hears what became of the letter
// in hand and records it, begins no other, and ends with status 0. Those that
// it left go out once.
func TestToldToStopInTheMiddleOfALetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
	ctx, stop := context.WithCancel(t.Context())
	slow, err := couriertest.Start(couriertest.Options{Take: func(from, to string, raw []byte) error {
		stop()
		time.Sleep(200 * time.Millisecond) // the server has the mail, and thinks
		return w.take(from, to, raw)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	w.edit("campaign.yaml", regexp.QuoteMeta(w.smtp.Addr()), slow.Addr())
	now := at(t, "2022-10-04 07:45")
	w.must(now, "invite", "--yes")

	begun := time.Now()
	if out, code := w.runUntil(ctx, now, "run"); code != exitDone {
		t.Errorf("exit status %d\n%s", code, out)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s to stop", took)
	}
	if len(w.sent) != 1 {
		t.Fatalf("%d letters went out, want the one in hand", len(w.sent))
	}
	outcomes := func() map[string]int {
		all := map[string]int{}
		for _, l := range lines[letterJSON](t, w.must(now, "letters", "--json")) {
			for _, d := range l.Deliveries {
				all[d.Outcome]++
			}
		}
		return all
	}
	if got := outcomes(); got["accepted"] != 1 || got["unknown"] != 0 {
		t.Errorf("the ledger says %v", got)
	}
	w.edit("campaign.yaml", regexp.QuoteMeta(slow.Addr()), w.smtp.Addr())
	w.must(now, "once")
	if got := outcomes(); got["accepted"] != 3 || len(w.sent) != 3 {
		t.Errorf("afterwards the ledger says %v, and %d letters went out; want each of 3 once", got, len(w.sent))
	}
}
