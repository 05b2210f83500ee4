package notify

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/ledger"
	"dondoc/notify/letter"
)

// alarms are what the desk is told at once, outside of the digest: each
// incident once, and once when it is over. A mail server that takes no letters
// cannot be told of by letter: the log, status and the next digest say that.
func (n *Notifier) alarms(s Situation) (owed []Owed) {
	if len(n.Campaign.Desk) == 0 {
		return nil
	}
	post := func(key, reason, extra string, due time.Time) {
		if s.Letters[key] == nil {
			owed = append(owed, Owed{Key: key, Kind: letter.AlarmKind, Reason: reason, Due: due, To: n.Campaign.Desk, Extra: extra})
		}
	}
	for _, i := range []incident{
		{letter.AlarmMailbox, "mailbox_unreadable", s.Trouble, 15 * time.Minute},
		{letter.AlarmDisk, "disk_nearly_full", s.DiskLow, 0},
	} {
		if !i.since.IsZero() && s.Now.Sub(i.since) >= i.patience {
			post(i.key(), i.reason, "", i.since.Add(i.patience))
		}
		if told := i.told(s); told != "" && i.since.IsZero() && !(i.what == letter.AlarmMailbox && s.Read.IsZero()) {
			// When it ended is known now; the letter may be written later.
			end := s.Now
			if i.what == letter.AlarmMailbox {
				end = s.Read
			}
			post(told+over, i.reason+over, end.UTC().Format(time.RFC3339), end)
		}
	}
	// Nobody has to be woken for it.
	if year, since := n.unknownYear(s.Now); n.runs(s) && !s.Now.Before(since) && n.Calendar.InHours(s.Now) {
		post(fmt.Sprintf("%s/%s-%d", letter.AlarmKind, letter.AlarmHolidays, year), "holidays_unknown", "", since)
	}
	for _, l := range n.loops(s) {
		post(l.key(), "answers_stopped", l.address, l.since)
	}
	// Orders that were not carried out: somebody else may have written them. At
	// most one letter a day for each sender.
	told := map[string]time.Time{}
	for _, m := range s.Facts.Mails {
		if m.Command == nil || m.Command.Refused == "" || m.Decided.After(s.Now) {
			continue
		}
		if last, ok := told[m.From]; ok && m.Decided.Sub(last) < 24*time.Hour {
			continue
		}
		told[m.From] = m.Decided
		post(letter.AlarmKind+"/"+letter.AlarmCommand+"-"+m.ID, "command_"+m.Command.Refused, m.ID, m.Decided)
	}
	return owed
}

// over ends the key of the letter which says that an incident is over.
const over = "-over"

// incident is something that is wrong since some moment, which names it; a zero
// moment: all is well. The desk is told when it has lasted for patience.
type incident struct {
	what, reason string
	since        time.Time
	patience     time.Duration
}

const stamp = "20060102T150405Z"

func (i incident) key() string {
	return letter.AlarmKind + "/" + i.what + "-" + i.since.UTC().Format(stamp)
}

// told is the key of the last such incident that the desk heard of; "" if it
// heard of none.
func (i incident) told(s Situation) (last string) {
	for key, l := range s.Letters {
		if strings.HasPrefix(key, letter.AlarmKind+"/"+i.what+"-") && !strings.HasSuffix(key, over) && key > last && !wentOut(l).IsZero() {
			last = key
		}
	}
	return last
}

// unknownYear is the first year, of those not over, whose holidays nobody knows,
// and since when that is a matter of concern: they are announced in November
// and December of the year before.
func (n *Notifier) unknownYear(now time.Time) (year int, since time.Time) {
	ends := n.Calendar.TableEnds()
	year = max(ends.Year()+1, now.In(ends.Location()).Year())
	return year, time.Date(year-1, time.November, 1, 0, 0, 0, 0, ends.Location())
}

// runs reports whether the campaign has begun and not closed.
func (n *Notifier) runs(s Situation) bool {
	closes := n.Campaign.Deadline.Closes
	return !s.Now.Before(n.Campaign.Letter.Date) && (closes.IsZero() || s.Now.Before(closes))
}

// alarm is what an alarm's letter speaks of.
func (n *Notifier) alarm(s Situation, l ledger.Letter) *letter.Alarm {
	what, since, _ := strings.Cut(strings.TrimPrefix(l.Key, letter.AlarmKind+"/"), "-")
	since, ended := strings.CutSuffix(since, over)
	since, _, _ = strings.Cut(since, "-")
	a := &letter.Alarm{What: what}
	a.Since, _ = time.Parse(stamp, since)
	switch {
	case ended:
		a.Until, _ = time.Parse(time.RFC3339, cmp.Or(l.Extra, s.Now.UTC().Format(time.RFC3339)))
	case what == letter.AlarmCommand:
		a.Mail = n.mail(s, l.Extra)
	case what == letter.AlarmMailbox:
		a.Detail = s.TroubleText
	case what == letter.AlarmDisk:
		a.Free = s.DiskFree
	case what == letter.AlarmLoop:
		a.Detail, a.Count = l.Extra, n.Campaign.SMTP.AnswersPerHour
	case what == letter.AlarmHolidays:
		a.Since, a.Known = time.Time{}, n.Calendar.TableEnds()
		a.Year, _ = strconv.Atoi(since)
	}
	return a
}
