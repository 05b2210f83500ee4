package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"dondoc/cmd/dondoc/simulator"
)

// virtual is a clock that stands still while anybody works and passes when the
// program sleeps: the world then lives until the instant of waking.
type virtual struct {
	live func(until time.Time) error // the world does
	told func(now time.Time)         // progress

	mu  sync.Mutex
	now time.Time
	end time.Time
}

// errTimeUp ends the loop of the office's program.
var errTimeUp = errors.New("the time to be played is over")

func (v *virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

func (v *virtual) set(now time.Time) {
	v.mu.Lock()
	v.now = now
	v.mu.Unlock()
}

// Sleep lets the time pass until the instant, or until the play is over.
func (v *virtual) Sleep(ctx context.Context, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	over := !until.Before(v.end)
	if err := v.pass(minTime(until, v.end)); err != nil {
		return err
	}
	if over {
		return errTimeUp
	}
	return nil
}

func (v *virtual) pass(until time.Time) error {
	err := v.live(until)
	v.set(until)
	v.told(until)
	return err
}

// days tells the operator, once a second, which day it is.
func (p *Program) days() func(now time.Time) {
	var last time.Time
	return func(now time.Time) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(p.Stderr, p.either("ngày %s …\n", "%s …\n"), now.In(simulator.Zone).Format("02/01/2006"))
	}
}

// span is a time A..B on the command line, in days or RFC 3339; a day as B is
// meant to its end.
type span struct{ from, to time.Time }

func (s *span) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("span", &text); err != nil {
		return err
	}
	from, to, _ := strings.Cut(text, "..")
	var a, b bool
	if s.from, a = dayOrTime(from, 0); a {
		s.to, b = dayOrTime(to, 1)
	}
	if !b || !s.from.Before(s.to) {
		return fmt.Errorf("%q is not a time A..B; write it like 2022-10-16..2022-10-18", text)
	}
	return nil
}

// dayOrTime is an RFC 3339 time, or the midnight days after the beginning of a day.
func dayOrTime(text string, days int) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	t, err := time.ParseInLocation(time.DateOnly, text, simulator.Zone)
	return t.AddDate(0, 0, days), err == nil
}
