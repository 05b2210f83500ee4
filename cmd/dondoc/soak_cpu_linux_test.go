package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpu is the processor time of another process, to the nanosecond (the clock of
// a process, as clock_getcpuclockid(3) makes it).
func cpu(pid int) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|2), &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
