package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"dondoc/config"
	"dondoc/schedule/standing"
)

// Plan is the campaign's cron specs, compiled, in the campaign's zone.
type Plan struct {
	Poll      cron.Schedule
	Reminders cron.Schedule
	Digest    cron.Schedule // the earliest of the campaign's digests; never fires if there are none
	Weekly    cron.Schedule // never fires if there is none

	cal    *standing.Calendar
	loc    *time.Location
	letter time.Time
	closes time.Time
}

// Compile reads the campaign's cron specs. What is wrong with them comes back
// as config.Mistakes, all at once.
func Compile(c *config.Campaign) (*Plan, error) {
	loc := c.Location
	if loc == nil {
		loc = time.UTC
	}
	p := &Plan{cal: standing.NewCalendar(c), loc: loc, letter: c.Letter.Date, closes: c.Deadline.Closes}
	var mistakes config.Mistakes
	read := func(key, spec, example string, interval bool) cron.Schedule {
		s, err := parse(spec, loc, c.Letter.Date, interval)
		if err != nil {
			mistakes = append(mistakes, err.mistake(c.At(key), key, spec, example))
			return union(nil)
		}
		return s
	}
	p.Poll = read("poll", c.Poll, "@every 1m", true)
	p.Reminders = read("reminders", c.Reminders, "30 7 * * MON-FRI", false)
	var digest union
	for _, spec := range c.Digest {
		digest = append(digest, read("digest", spec, "0 16 * * MON-FRI", false))
	}
	p.Digest = digest
	p.Weekly = union(nil)
	if strings.TrimSpace(c.Weekly) != "" {
		p.Weekly = read("weekly", c.Weekly, "30 7 * * MON", false)
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return p, nil
}

// refusal says why a spec cannot be used.
type refusal struct{ vi, en string }

func (r *refusal) mistake(at config.Mistake, key, spec, example string) config.Mistake {
	if runes := []rune(spec); len(runes) > 60 {
		spec = string(runes[:60]) + "…"
	}
	at.VI = fmt.Sprintf("%s: %q %s. Ghi lại, ví dụ %s: %q.", key, spec, r.vi, key, example)
	at.EN = fmt.Sprintf("%s: %q %s. Write, for example, %s: %q.", key, spec, r.en, key, example)
	return at
}

// parse reads one spec. An interval ("@every 1m") has no time of day: it will
// do for polling, and not for what falls due on a day.
//
// A zone in the spec is refused before the library sees it: the campaign has
// one zone, and ParseStandard panics on "TZ=0".
func parse(spec string, loc *time.Location, from time.Time, interval bool) (cron.Schedule, *refusal) {
	spec = strings.TrimSpace(spec)
	if spec == "" {
		return nil, &refusal{"chưa có lịch", "has no schedule"}
	}
	if strings.Contains(spec, "TZ=") {
		return nil, &refusal{"có múi giờ; múi giờ chỉ ghi ở khóa timezone", "names a zone; the zone is set by the key timezone alone"}
	}
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, &refusal{"không phải lịch cron (phút giờ ngày tháng thứ)", "is no cron spec (minute hour day month weekday)"}
	}
	if every, ok := s.(cron.ConstantDelaySchedule); ok {
		switch {
		case !interval:
			return nil, &refusal{"là khoảng cách, cần giờ trong ngày", "is an interval, where a time of day is needed"}
		case negative(spec):
			return nil, &refusal{"không phải khoảng cách dương", "is no positive interval"}
		}
		return every, nil
	}
	zoned := inZone{s, loc}
	if zoned.Next(from).IsZero() {
		return nil, &refusal{"không bao giờ đến (ví dụ ngày 31 tháng 2)", "never comes (as 31 February does not)"}
	}
	return zoned, nil
}

// negative looks at what cron.Every would round up to a second.
func negative(spec string) bool {
	_, interval, _ := strings.Cut(spec, " ")
	d, err := time.ParseDuration(strings.TrimSpace(interval))
	return err != nil || d <= 0
}

// inZone reads a spec by the clocks of a zone, whatever zone it is asked in.
type inZone struct {
	cron.Schedule
	loc *time.Location
}

func (s inZone) Next(t time.Time) time.Time { return s.Schedule.Next(t.In(s.loc)) }

// union fires whenever one of its schedules does.
type union []cron.Schedule

func (u union) Next(t time.Time) time.Time {
	var first time.Time
	for _, s := range u {
		if next := s.Next(t); !next.IsZero() && (first.IsZero() || next.Before(first)) {
			first = next
		}
	}
	return first
}

// ReminderTime is the instant at which a step of the given day falls due: the
// first firing of the reminders' spec on it. On a day that the spec leaves out
// (a Saturday worked in exchange for a Monday) it is the time of day of the
// firing that comes next.
func (p *Plan) ReminderTime(day time.Time) time.Time {
	midnight := p.cal.Day(day)
	next := p.Reminders.Next(midnight.Add(-time.Second))
	if next.IsZero() || p.cal.Day(next).Equal(midnight) {
		return next
	}
	y, m, d := midnight.Date()
	hour, minute, _ := next.Clock()
	return time.Date(y, m, d, hour, minute, 0, 0, p.loc)
}

// DigestSlot is the digest that should have been sent by now: the latest
// firing of any digest spec, at or before now, between the letter's date and
// the close of the campaign. slot names it in the key of the letter. Friday's
// is still owed on Monday morning; what fell due before the previous working
// day is no news any more.
func (p *Plan) DigestSlot(now time.Time) (slot string, at time.Time, ok bool) {
	if at = p.lastFiring(p.Digest, now); at.IsZero() {
		return "", time.Time{}, false
	}
	return at.In(p.loc).Format("2006-01-02-1504"), at, true
}

// weekly ends the slot of a weekly digest.
const weekly = "-week"

// WeeklySlot is the same for the weekly digest. It speaks of the seven days
// before the day on which it falls due; before the letter there was nothing to
// speak of.
func (p *Plan) WeeklySlot(now time.Time) (slot string, at time.Time, ok bool) {
	at = p.lastFiring(p.Weekly, now)
	if at.IsZero() || !p.cal.Day(at).After(p.cal.Day(p.letter)) {
		return "", time.Time{}, false
	}
	return at.In(p.loc).Format(time.DateOnly) + weekly, at, true
}

// IsWeekly reports whether a slot is that of a weekly digest.
func IsWeekly(slot string) bool { return strings.HasSuffix(slot, weekly) }

// lastFiring is the last time that a spec fired by now, if that is not too
// long ago; zero if there is none.
func (p *Plan) lastFiring(spec cron.Schedule, now time.Time) time.Time {
	oldest := p.cal.PreviousWorkingDay(now)
	// Specs can only be asked what comes next: look back a little, then more.
	for _, back := range []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, now.Sub(oldest)} {
		from := now.Add(-back)
		if from.Before(oldest) {
			from = oldest
		}
		if at := p.latest(spec, from, now); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// latest is the last firing from from on and by now, within the campaign; zero
// if there is none.
func (p *Plan) latest(spec cron.Schedule, from, now time.Time) (latest time.Time) {
	for t := spec.Next(from.Add(-time.Second)); !t.IsZero() && !t.After(now); t = spec.Next(t) {
		if !t.Before(p.letter) && (p.closes.IsZero() || t.Before(p.closes)) {
			latest = t
		}
	}
	return latest
}
