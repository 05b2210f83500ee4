package notify

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// weekFacts is what the weekly digest tells: the seven days before the day that
// its slot names, and what comes in the seven after.
func (n *Notifier) weekFacts(s Situation, l ledger.Letter) (*letter.Week, error) {
	date, _, _ := strings.Cut(l.Extra, "-week")
	end, err := time.ParseInLocation(time.DateOnly, date, n.Calendar.Day(s.Now).Location())
	if err != nil {
		return nil, err
	}
	begin := end.AddDate(0, 0, -7)
	w := &letter.Week{First: begin, Last: end.AddDate(0, 0, -1), Begins: end}
	if days := n.Calendar.WorkingDays(begin, end); len(days) > 0 {
		w.First, w.Last = days[0], days[len(days)-1]
	}
	if sent := n.Calendar.Day(n.Campaign.Letter.Date); w.First.Before(sent) {
		w.First = sent
	}
	closing := func(day time.Time) *standing.Table { // how things stood at the end of a day
		return standing.Fold(n.Campaign, s.Facts, day.AddDate(0, 0, 1).Add(-time.Nanosecond))
	}
	w.Rows = n.rows(closing(w.Last))
	if last := n.Calendar.PreviousWorkingDay(begin); !last.Before(n.Calendar.Day(n.Campaign.Letter.Date)) {
		before := 0
		for _, r := range n.rows(closing(last)) {
			before += r.Complete
		}
		w.Before = &before
	}
	w.Errors = n.errors(s, begin, end)
	w.Attention, w.Unreachable = n.attention(s)
	for _, d := range standing.InForce(s.Facts.Decisions, s.Now) {
		if !d.At.Before(begin) && d.At.Before(end) && d.Kind != standing.GoLive {
			w.Decided = append(w.Decided, d)
		}
	}
	n.coming(s, w, end, end.AddDate(0, 0, 7))
	return w, nil
}

// mostErrors is how many kinds of mistake a weekly digest names.
const mostErrors = 5

// errors are the mistakes that most units made in the mails of those days,
// mended or not since.
func (n *Notifier) errors(s Situation, begin, end time.Time) []letter.Error {
	units := map[string]map[string]bool{}
	sample := map[string]finding.Problem{}
	note := func(part finding.Part, lead string) {
		for _, p := range part.Problems {
			asked := p.Severity == finding.MustFix || p.Severity == finding.FixOrExplain || p.Open()
			if !asked || p.Audience != "" && p.Audience != finding.ToUnit || p.Code == "R01" || p.Code == "M01" {
				continue
			}
			if units[p.Code] == nil {
				units[p.Code], sample[p.Code] = map[string]bool{}, p
			}
			units[p.Code][lead] = true
		}
	}
	ruled := s.rulings
	for _, m := range s.Facts.Mails {
		if m.Received.Before(begin) || !m.Received.Before(end) {
			continue
		}
		for _, x := range ruled(m).Shares {
			if u := s.Table.Units[x.Unit]; u != nil {
				for _, part := range x.Parts {
					note(part, u.Lead)
				}
			}
		}
	}
	var all []letter.Error
	for code, of := range units {
		all = append(all, letter.Error{Problem: sample[code], Units: len(of)})
	}
	slices.SortFunc(all, func(a, b letter.Error) int {
		return cmp.Or(b.Units-a.Units, cmp.Compare(a.Problem.Code, b.Problem.Code))
	})
	return all[:min(mostErrors, len(all))]
}

// attention are the categories in which a disaster or a pause keeps units from
// sending, and the units that no letter reaches.
func (n *Notifier) attention(s Situation) (all []letter.Attention, unreachable []config.Unit) {
	for _, k := range n.Campaign.Categories {
		a := letter.Attention{Category: k.Code}
		for _, roster := range n.Campaign.Units {
			u := s.Table.Units[roster.Code]
			if roster.Category != k.Code || u.State == standing.Complete {
				continue
			}
			a.Incomplete++
			if !u.Reachable {
				unreachable = append(unreachable, roster)
			}
			switch {
			case u.Paused:
				a.Units, a.Cause, a.Reason, a.Paused = append(a.Units, roster), u.PausedBy.Cause, u.PausedBy.Reason, true
			case u.ExtendedBy != nil && u.ExtendedBy.Cause != "":
				a.Units, a.Cause, a.Reason = append(a.Units, roster), u.ExtendedBy.Cause, u.ExtendedBy.Reason
			}
		}
		if len(a.Units) > 0 {
			all = append(all, a)
		}
	}
	return all, unreachable
}

// coming is what falls due from begin on and before end: reminders to whoever
// still owes something, deadlines of units' own, digests.
func (n *Notifier) coming(s Situation, w *letter.Week, begin, end time.Time) {
	steps, own := map[time.Time]bool{}, map[time.Time]int{}
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code || u.State == standing.Complete {
			continue
		}
		if last := n.Calendar.Day(u.Deadline.Add(-time.Nanosecond)); u.Extended && !last.Before(begin) && last.Before(end) {
			own[last]++
		}
		q := n.question(s, u)
		for q.Now = begin.Add(-time.Nanosecond); q.Unit.AutoRemind; {
			_, at, ok := schedule.Next(q)
			if !ok || !at.Before(end) {
				break
			}
			steps[n.Calendar.Day(at)], q.Now = true, at
		}
	}
	w.Steps = slices.SortedFunc(maps.Keys(steps), time.Time.Compare)
	for _, day := range slices.SortedFunc(maps.Keys(own), time.Time.Compare) {
		w.Own = append(w.Own, letter.OwnDeadline{Day: day, Units: own[day]})
	}
	closes := n.Campaign.Deadline.Closes
	for t := n.Plan.Digest.Next(begin.Add(-time.Second)); !t.IsZero() && t.Before(end) && (closes.IsZero() || t.Before(closes)); t = n.Plan.Digest.Next(t) {
		if clock := t.In(n.Campaign.Location).Format("15:04"); !slices.Contains(w.Digests, clock) {
			w.Digests = append(w.Digests, clock)
		}
	}
	slices.Sort(w.Digests)
}
