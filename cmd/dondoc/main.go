// Command dondoc asks many units for a report by e-mail and gets every one of
// them, right, on time.
//
// This package is the command line and the wiring. main only starts a Program
// value, so that the demo, `once` and the script tests run the real thing.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // a small server may have no zone database
)

func main() {
	thrift()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Clock: wall{}, WatchClock: true, Free: freeSpace,
	}
	code := p.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// thrift has the collector keep less garbage than it would: the program shares a
// small machine with others, and has more time than memory. GOGC goes before.
func thrift() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(75)
	}
}

// wall is the clock on the wall, for everything but the demo and --now.
type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func (wall) Sleep(ctx context.Context, until time.Time) error {
	// Round(0) drops the monotonic reading: a machine that was suspended, or
	// whose clock was set, must wake by the calendar. Timers do not run while it
	// sleeps, nor with the clock: so it looks at the clock every minute.
	t := time.NewTimer(min(time.Until(until.Round(0)), time.Minute))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
