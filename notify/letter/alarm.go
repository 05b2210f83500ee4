package letter

import (
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// Alarm is told at once, outside of the digest. With Until it is the all-clear.
type Alarm struct {
	// What is the matter: AlarmMailbox and the like; anything else is explained
	// by Detail alone.
	What   string
	Since  time.Time        // since when
	Until  time.Time        // since when all is well again; zero: it is not
	Detail string           // what the server said, verbatim; of a loop the address, "": everybody
	Count  int              // of a loop: how many answers an address gets in an hour at most; of limit: letters in a day; of smtp: letters that waited
	Free   int64            // of disk: how many bytes were free
	Used   int64            // of quota: bytes that the mailbox holds
	Limit  int64            // of quota: and may hold
	Theirs time.Time        // of clock: what the mail server's clock showed at Since
	Known  time.Time        // of holidays: the last day of the table
	Year   int              // of holidays: the year that is not known
	Mail   *finding.Verdict // of command: the mail that was not obeyed
	// Restored: of a ledger that was restored, and remembers no more than Since.
	Restored *Restored
}

// Restored is what a ledger that is older than the mailbox found in it.
type Restored struct {
	Noticed time.Time
	Letters int // of ours that had been sent, and are not sent again
	// Unanswered are mails of which nobody knows whether they were answered.
	Unanswered []*finding.Verdict
}

// What can be the matter.
const (
	AlarmMailbox  = "mailbox"  // the mailbox cannot be read; reminders have stopped
	AlarmDisk     = "disk"     // there is little room left
	AlarmCommand  = "command"  // orders came that were not carried out
	AlarmHolidays = "holidays" // nobody knows the holidays of the coming year
	AlarmRestored = "restored" // the ledger is older than the mailbox
	AlarmLoop     = "loop"     // an address that talks like a machine is not answered
	AlarmSMTP     = "smtp"     // no letter could go out; told when it is over
	AlarmLimit    = "limit"    // as many letters as may leave in a day have left
	AlarmStorage  = "storage"  // files cannot be written or read
	AlarmQuota    = "quota"    // the mailbox is nearly full
	AlarmReader   = "reader"   // what opens mails and files does not start
	AlarmOffice   = "office"   // LibreOffice does not start
	AlarmClock    = "clock"    // this machine's clock is behind the mail server's
)

type alarmView struct {
	What, Detail      string
	Over              bool
	Since, SinceClock string
	Until, UntilClock string
	Free, Used, Limit string
	Theirs            string
	Known, Year       string
	Count             int
	Waited            string   // of smtp: how many letters
	From, Ordered     string   // of command: who, and what he told us to do
	Refused           string   // why nothing was done
	Noticed           string   // of restored
	Letters           string   // how many, "" for none
	Unanswered        []string // "10 giờ 05 phút ngày 12/10/2022, từ x@y.example: Báo cáo"
	More              string   // how many of them are not named
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
	if a.What == AlarmSMTP && a.Count > 0 {
		out.Waited = count(v.Lang, a.Count) + " " + map[string]string{"vi": "thư", "en": plural("en", "letter", a.Count)}[v.Lang]
	}
	megabytes := func(n int64) string { return number(v.Lang, float64(n>>20)) + " MB" }
	out.Free, out.Used, out.Limit = megabytes(a.Free), megabytes(a.Used), megabytes(a.Limit)
	if !a.Theirs.IsZero() {
		out.Theirs = clockDay(v.Lang, a.Theirs.In(v.now.Location()))
	}
	if m := a.Mail; m != nil && m.Command != nil {
		var told []string
		for _, x := range m.Command.Orders {
			told = append(told, v.orderName(x.Order))
		}
		out.From, out.Ordered, out.Refused = clean(m.From), shorten(strings.Join(told, ", "), 120), m.Command.Refused
		out.Since, out.SinceClock = clockDay(v.Lang, m.Received.In(v.now.Location())), clock(v, m.Received)
	}
	if r := a.Restored; r != nil {
		out.Noticed = clockDay(v.Lang, r.Noticed.In(v.now.Location()))
		if r.Letters > 0 {
			out.Letters = count(v.Lang, r.Letters)
		}
		for _, m := range r.Unanswered {
			if len(out.Unanswered) == mostUnanswered {
				out.More = count(v.Lang, len(r.Unanswered)-mostUnanswered)
				break
			}
			out.Unanswered = append(out.Unanswered, clockDay(v.Lang, m.Received.In(v.now.Location()))+", "+clean(m.From)+": "+shorten(clean(m.Subject), 80))
		}
	}
	if !a.Known.IsZero() {
		out.Known, out.Year = day(v.Lang, a.Known), strconv.Itoa(a.Year)
	}
	return out
}

// mostUnanswered bounds how many mails an alarm names.
const mostUnanswered = 30

// clockDay writes "08 giờ 10 phút ngày 18/10/2022".
func clockDay(lang string, t time.Time) string {
	if lang == "en" {
		return moment(lang, t)
	}
	return hour(lang, t) + " ngày " + day(lang, t)
}
