package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestTheWallLooksAtTheClockEveryMinute: timers stand still while the machine is
// suspended, and do not see that the clock was set.
func TestTheWallLooksAtTheClockEveryMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if err := (wall{}).Sleep(t.Context(), begun.AddDate(1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		if slept := time.Since(begun); slept > time.Minute {
			t.Errorf("it slept for %s without a look", slept)
		}
	})
}
