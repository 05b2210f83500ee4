package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// alarms are what the desk is told at once, outside of the digest: each
// incident once, and once when it is over. A mail server that takes no letters
// cannot be told of by letter: alarm_command, the log and status say that, and
// one letter when it is over.
func (n *Notifier) alarms(s Situation) (owed []Owed) {
	if len(n.Campaign.Desk) == 0 {
		return nil
	}
	post := func(key, reason, extra string, due time.Time) {
		if s.letter(key) == nil {
			owed = append(owed, Owed{Key: key, Kind: letter.AlarmKind, Reason: reason, Due: due, To: n.Campaign.Desk, Extra: extra})
		}
	}
	for _, what := range ledger.Incidents {
		i := s.Incidents[what]
		begin := incidentKey(what, i.Since)
		switch {
		case i.Open():
			if what != ledger.IncidentSMTP && i.Lasted(s.Now) >= Patience(what) {
				post(begin, reasons[what], "", i.Since.Add(Patience(what)))
			}
		case what == ledger.IncidentSMTP:
			// The one of which nobody could be told before it was over.
			if i.Over && i.Lasted(s.Now) >= Patience(what) {
				post(begin+over, reasons[what]+over, i.Well.UTC().Format(time.RFC3339), i.Well)
			}
		case what == ledger.IncidentMailbox && s.Read.IsZero():
		default:
			if told := told(s, what); told != "" {
				// When it ended is known now; the letter may be written later.
				end := cmp.Or(i.Well, s.Now)
				if i.Well.IsZero() && what == ledger.IncidentMailbox {
					end = s.Read
				}
				post(told+over, reasons[what]+over, end.UTC().Format(time.RFC3339), end)
			}
		}
	}
	// Nobody has to be woken for it.
	if year, since := n.unknownYear(s.Now); n.runs(s) && !s.Now.Before(since) && n.Calendar.InHours(s.Now) {
		post(fmt.Sprintf("%s/%s-%d", letter.AlarmKind, letter.AlarmHolidays, year), "holidays_unknown", "", since)
	}
	if f := s.Forgotten; !f.Noticed.IsZero() {
		post(incidentKey(letter.AlarmRestored, f.Noticed), "restored", "", f.Noticed)
	}
	for _, l := range n.loops(s) {
		post(l.key(), "answers_stopped", l.address, l.since)
	}
	// Orders that were not carried out: somebody else may have written them. At
	// most one letter a day for each sender.
	told := map[string]time.Time{}
	for _, m := range s.Facts.Those(standing.Refused) {
		if m.Decided.After(s.Now) || n.silent(s, m) {
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

// reasons are the codes of alarms in the ledger.
var reasons = map[string]string{
	ledger.IncidentMailbox: "mailbox_unreadable", ledger.IncidentSMTP: "letters_refused", ledger.IncidentLimit: "daily_limit", ledger.IncidentDisk: "disk_nearly_full", ledger.IncidentStorage: "storage_fails",
	ledger.IncidentQuota: "mailbox_nearly_full", ledger.IncidentReader: "reader_does_not_start", ledger.IncidentOffice: "libreoffice_missing", ledger.IncidentClock: "clock_behind",
}

// Patience is for how long something may be wrong before a person is told:
// servers are restarted, and networks have hiccups.
func Patience(what string) time.Duration {
	switch what {
	case ledger.IncidentMailbox, ledger.IncidentSMTP, ledger.IncidentReader, ledger.IncidentOffice, ledger.IncidentStorage:
		return 15 * time.Minute
	}
	return 0
}

const stamp = "20060102T150405Z"

// incidentKey names the letter that tells of an incident: one for each.
func incidentKey(what string, since time.Time) string {
	return letter.AlarmKind + "/" + what + "-" + since.UTC().Format(stamp)
}

// told is the key of the last such incident that the desk heard of; "" if it
// heard of none. One that is dated ahead is the last only if there is no other.
func told(s Situation, what string) (last string) {
	ahead := false
	for l := range s.ofUnit("", letter.AlarmKind) {
		key := l.Key
		if strings.HasPrefix(key, letter.AlarmKind+"/"+what+"-") && !strings.HasSuffix(key, over) && !wentOut(l).IsZero() &&
			(last == "" || ahead && !s.ahead(l.Posted) || ahead == s.ahead(l.Posted) && key > last) {
			last, ahead = key, s.ahead(l.Posted)
		}
	}
	return last
}

// late counts the letters that had to wait because no letter could go out.
func late(s Situation, from, until time.Time) (n int) {
	for l := range s.letters() {
		if l.Kind != letter.AlarmKind && l.Due.Before(until) && slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool {
			return d.Outcome == ledger.Waiting || d.Outcome == ledger.Trouble || d.Outcome == ledger.Accepted && !d.At.Before(until) && l.Posted.Before(until)
		}) {
			n++
		}
	}
	return n
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
	i := s.Incidents[what]
	switch {
	case ended:
		a.Until, _ = time.Parse(time.RFC3339, cmp.Or(l.Extra, s.Now.UTC().Format(time.RFC3339)))
		if what == letter.AlarmSMTP {
			a.Detail, a.Count = i.Text, late(s, a.Since, a.Until)
		}
	case what == letter.AlarmCommand:
		a.Mail = n.mail(s, l.Extra)
	case what == letter.AlarmMailbox, what == letter.AlarmReader, what == letter.AlarmOffice, what == letter.AlarmStorage:
		a.Detail = i.Text
	case what == letter.AlarmDisk:
		a.Free, _ = strconv.ParseInt(i.Text, 10, 64)
	case what == letter.AlarmQuota:
		fmt.Sscan(i.Text, &a.Used, &a.Limit)
	case what == letter.AlarmLimit:
		a.Count = n.Campaign.SMTP.PerDay
	case what == letter.AlarmClock:
		a.Theirs, _ = time.Parse(time.RFC3339, i.Text)
	case what == letter.AlarmRestored:
		a.Since = s.Forgotten.Since
		a.Restored = n.restored(s)
	case what == letter.AlarmLoop:
		a.Detail, a.Count = l.Extra, n.Campaign.SMTP.AnswersPerHour
	case what == letter.AlarmHolidays:
		a.Since, a.Known = time.Time{}, n.Calendar.TableEnds()
		a.Year, _ = strconv.Atoi(since)
	}
	return a
}
