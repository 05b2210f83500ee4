package letter

import (
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// Alarm is told at once, outside of the digest. With Until it is the all-clear.
type Alarm struct {
	// What is the matter: AlarmMailbox, AlarmDisk, AlarmHolidays, AlarmLoop;
	// anything else is explained by Detail alone.
	What   string
	Since  time.Time        // since when
	Until  time.Time        // since when all is well again; zero: it is not
	Detail string           // what the server said, verbatim; of a loop the address, "": everybody
	Count  int              // of a loop: how many answers an address gets in an hour at most
	Free   int64            // of disk: how many bytes were free
	Known  time.Time        // of holidays: the last day of the table
	Year   int              // of holidays: the year that is not known
	Mail   *finding.Verdict // of command: the mail that was not obeyed
}

// What can be the matter.
const (
	AlarmMailbox  = "mailbox"  // the mailbox cannot be read; reminders have stopped
	AlarmDisk     = "disk"     // there is little room left
	AlarmCommand  = "command"  // orders came that were not carried out
	AlarmHolidays = "holidays" // nobody knows the holidays of the coming year
	AlarmLoop     = "loop"     // an address that talks like a machine is not answered
)

type alarmView struct {
	What, Detail      string
	Over              bool
	Since, SinceClock string
	Until, UntilClock string
	Free              string
	Known, Year       string
	Count             int
	From, Ordered     string // of command: who, and what he told us to do
	Refused           string // why nothing was done
}

func newAlarm(v *view) *alarmView {
	a := v.f.Alarm
	out := &alarmView{What: a.What, Count: a.Count, Over: !a.Until.IsZero(), Detail: shorten(strings.TrimRight(tidy(a.Detail), "."), 300)}
	if !a.Since.IsZero() {
		out.Since, out.SinceClock = clockDay(v.Lang, a.Since.In(v.now.Location())), clock(v, a.Since)
	}
	if out.Over {
		out.Until, out.UntilClock = clockDay(v.Lang, a.Until.In(v.now.Location())), clock(v, a.Until)
	}
	if a.What == AlarmDisk {
		out.Free = number(v.Lang, float64(a.Free>>20)) + " MB"
	}
	if m := a.Mail; m != nil && m.Command != nil {
		var told []string
		for _, x := range m.Command.Orders {
			told = append(told, v.orderName(x.Order))
		}
		out.From, out.Ordered, out.Refused = clean(m.From), shorten(strings.Join(told, ", "), 120), m.Command.Refused
		out.Since, out.SinceClock = clockDay(v.Lang, m.Received.In(v.now.Location())), clock(v, m.Received)
	}
	if !a.Known.IsZero() {
		out.Known, out.Year = day(v.Lang, a.Known), strconv.Itoa(a.Year)
	}
	return out
}

// clockDay writes "08 giờ 10 phút ngày 18/10/2022".
func clockDay(lang string, t time.Time) string {
	if lang == "en" {
		return moment(lang, t)
	}
	return hour(lang, t) + " ngày " + day(lang, t)
}
