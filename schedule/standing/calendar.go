package standing

import (
	_ "embed"
	"strings"
	"time"

	"dondoc/config"
)

// Calendar knows on which days offices work, in the campaign's zone. Mondays
// to Fridays are worked, holidays of the built-in table and of the campaign
// are not, and a day that the campaign declares worked (Holiday.Work) is
// worked even on a Saturday: the campaign's word goes over the table's.
type Calendar struct {
	loc      *time.Location
	special  map[int]bool // by dayKey: worked or not, where the weekday does not say
	ends     time.Time
	from, to time.Duration // sending hours, since midnight
}

//go:embed vietnam.txt
var vietnam string

// NewCalendar makes the calendar of a campaign. Malformed Hours, which config
// refuses, leave no hour in which to send.
func NewCalendar(c *config.Campaign) *Calendar {
	cal := &Calendar{loc: zone(c), special: make(map[int]bool)}
	for line := range strings.Lines(vietnam) {
		cal.learn(strings.TrimSpace(line))
	}
	known := cal.ends.Year()
	for _, h := range c.Holidays {
		cal.special[dayKey(h.Date.In(cal.loc))] = h.Work
		known = max(known, h.Date.In(cal.loc).Year())
	}
	// Whoever lists a holiday of a year has seen the announcement of that year.
	cal.ends = time.Date(known, time.December, 31, 0, 0, 0, 0, cal.loc)
	cal.from, cal.to = 0, 24*time.Hour
	if c.Hours.From != "" {
		cal.from = clock(c.Hours.From, 24*time.Hour)
	}
	if c.Hours.To != "" {
		cal.to = clock(c.Hours.To, 0)
	}
	return cal
}

// learn takes in one line of the built-in table.
func (cal *Calendar) learn(line string) {
	if line == "" || line[0] == '#' {
		return
	}
	if last, ok := strings.CutPrefix(line, "ends "); ok {
		cal.ends, _ = time.ParseInLocation(time.DateOnly, last, cal.loc)
		return
	}
	line, worked := strings.CutPrefix(line, "+")
	date, _, _ := strings.Cut(line, " ")
	if d, err := time.ParseInLocation(time.DateOnly, date, cal.loc); err == nil {
		cal.special[dayKey(d)] = worked
	}
}

// TableEnds is the last day whose holidays are known, at midnight. A day after
// it is counted as worked unless it is a Saturday or Sunday, which Tết may
// prove wrong: a campaign that reaches beyond it deserves a warning.
func (cal *Calendar) TableEnds() time.Time { return cal.ends }

// Day is the midnight with which the day of t begins.
func (cal *Calendar) Day(t time.Time) time.Time { return cal.dayAfter(t, 0) }

// dayAfter is the midnight n days after the day of t. Adding 24 hours would go
// wrong in a zone with summer time.
func (cal *Calendar) dayAfter(t time.Time, n int) time.Time {
	y, m, d := t.In(cal.loc).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, cal.loc)
}

// IsWorkingDay reports whether offices work on the day of t.
func (cal *Calendar) IsWorkingDay(t time.Time) bool {
	t = t.In(cal.loc)
	if worked, ok := cal.special[dayKey(t)]; ok {
		return worked
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// NextWorkingDay is the first working day after the day of t.
func (cal *Calendar) NextWorkingDay(t time.Time) time.Time { return cal.seek(t, 1) }

// PreviousWorkingDay is the last working day before the day of t.
func (cal *Calendar) PreviousWorkingDay(t time.Time) time.Time { return cal.seek(t, -1) }

func (cal *Calendar) seek(t time.Time, step int) time.Time {
	d := cal.dayAfter(t, step)
	for !cal.IsWorkingDay(d) {
		d = cal.dayAfter(d, step)
	}
	return d
}

// AddWorkingDays is the n-th working day after the day of t; before it where n
// is negative, the day of t itself where n is 0.
func (cal *Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	d := cal.Day(t)
	for ; n > 0; n-- {
		d = cal.NextWorkingDay(d)
	}
	for ; n < 0; n++ {
		d = cal.PreviousWorkingDay(d)
	}
	return d
}

// WorkingDays lists the working days from the day of from, itself included, to
// the instant before. With an exclusive deadline as before these are the days
// that are left "kể cả hôm nay"; from tomorrow on, those that a digest counts.
func (cal *Calendar) WorkingDays(from, before time.Time) []time.Time {
	var days []time.Time
	for d := cal.Day(from); d.Before(before); d = cal.dayAfter(d, 1) {
		if cal.IsWorkingDay(d) {
			days = append(days, d)
		}
	}
	return days
}

// WorkingDaysBetween is how many WorkingDays there are.
func (cal *Calendar) WorkingDaysBetween(from, before time.Time) int {
	n := 0
	for d := cal.Day(from); d.Before(before); d = cal.dayAfter(d, 1) {
		if cal.IsWorkingDay(d) {
			n++
		}
	}
	return n
}

// InHours reports whether unasked-for letters may go out at t: on a working
// day, from Hours.From on and before Hours.To.
func (cal *Calendar) InHours(t time.Time) bool {
	since := sinceMidnight(t.In(cal.loc))
	return cal.from <= since && since < cal.to && cal.IsWorkingDay(t)
}

// NextHours is the first instant after t at which sending hours begin.
func (cal *Calendar) NextHours(t time.Time) time.Time {
	if at := cal.at(t, cal.from); at.After(t) && cal.IsWorkingDay(t) {
		return at
	}
	return cal.at(cal.NextWorkingDay(t), cal.from)
}

// At is the instant at which the clock shows "15:04" on the day of t; ok is
// false where the text is no time of day.
func (cal *Calendar) At(t time.Time, hhmm string) (at time.Time, ok bool) {
	since := clock(hhmm, -1)
	if since < 0 {
		return time.Time{}, false
	}
	return cal.at(t, since), true
}

func (cal *Calendar) at(t time.Time, since time.Duration) time.Time {
	y, m, d := t.In(cal.loc).Date()
	return time.Date(y, m, d, 0, int(since/time.Minute), 0, 0, cal.loc)
}

// clock reads "15:04" as the time since midnight.
func clock(hhmm string, otherwise time.Duration) time.Duration {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		return otherwise
	}
	return sinceMidnight(t)
}

// sinceMidnight is what the clock on the wall shows, not how long ago midnight
// was: they differ on the two days a year on which clocks are set.
func sinceMidnight(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute +
		time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}

func dayKey(t time.Time) int {
	y, m, d := t.Date()
	return (y*100+int(m))*100 + d
}

func zone(c *config.Campaign) *time.Location {
	if c.Location == nil {
		return time.UTC
	}
	return c.Location
}
