package notify

import (
	"slices"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// digestFacts is what the committee is told. Every number in it comes from the
// fold of the same facts that the units' letters come from.
func (n *Notifier) digestFacts(s Situation, l ledger.Letter) *letter.Digest {
	d := &letter.Digest{
		Rows:      n.rows(s.Table),
		Since:     lastDigest(s, l),
		DaysLeft:  n.Calendar.WorkingDays(n.Calendar.Day(s.Now).AddDate(0, 0, 1), n.Campaign.Deadline.Before),
		Code:      n.Ledger.Key.DigestCode(n.Campaign.ID, l.Key),
		Next:      n.next(s),
		LastFetch: s.Read,
		Unread:    s.Trouble,
		Interim:   n.interim(s),
	}
	d.Decisions, d.MoreDecisions = n.pending(s)
	if i := s.Incidents[ledger.IncidentDisk]; i.Now() {
		d.DiskLow = i.Since
	}
	if d.Next != nil {
		d.Next.Changes = n.wouldChange(s, d.Next, d.Decisions)
	}
	switch since := s.Away.Since; {
	case !since.IsZero() && s.Now.Sub(since) > longWait:
		d.Unsent = letter.Outage{Since: since, Text: s.Away.Text}
	case s.Outage.Until.After(d.Since) && !s.Outage.Until.After(s.Now):
		d.Unsent = letter.Outage{Since: s.Outage.Since, Until: s.Outage.Until, Text: s.Outage.Text}
	}
	d.GivenUp, d.GivenUpOthers = n.givenUp(s, d.Since)
	groups := map[string]bool{}
	for _, u := range n.Campaign.Units {
		if u.DupGroup != "" && !groups[u.DupGroup] && len(n.Campaign.Group(u.Code)) > 1 {
			groups[u.DupGroup] = true
			if s.Table.Units[u.Code].State == standing.Complete {
				lead, _ := n.Campaign.Unit(s.Table.Units[u.Code].Lead)
				d.Shared = append(d.Shared, lead)
			}
		}
		if !s.Table.Units[u.Code].Reachable {
			d.Undelivered = append(d.Undelivered, u)
		} else if s.soft(u.Code) {
			d.Soft = append(d.Soft, u)
		}
	}
	for x := range s.letters() {
		if x.Key != l.Key && x.Withdrawn == "" && stuck(x, s.Now) {
			d.Waiting++
		}
	}
	for _, code := range s.Table.Order {
		if u := s.Table.Units[code]; u.Lead == code {
			if _, why := n.escalation(s, u); why == schedule.AwaitingApproval {
				d.Escalations++
			}
		}
	}
	// To the first digest everything is new.
	before := n.books.digest.Fold(n.Campaign, s.Facts, d.Since)
	d.News = n.news(s, before, d.Since)
	for _, code := range before.Order {
		if before.Units[code].State == standing.Complete {
			d.Before++
		}
	}
	d.Calls = n.calls(s)
	for _, u := range s.Table.Units {
		if slices.ContainsFunc(d.Calls, func(c letter.Call) bool { return c.Unit.Code == u.Lead }) {
			d.CallTotal++ // each member of a dossier, as in the table
		}
	}
	d.Calls = d.Calls[:min(mostCalls, len(d.Calls))]
	return d
}

// mostCalls is how many units to telephone a digest names; the head of the
// committee reads it on a phone.
const mostCalls = 5

// longWait is how long a letter may wait to be sent before the desk is told:
// those posted a moment ago, the digest's neighbours, are on their way.
const longWait = 30 * time.Minute

// stuck reports whether a letter still has to go out and met trouble, or has
// waited too long.
func stuck(l *ledger.Letter, now time.Time) bool {
	return slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool {
		return d.Outcome == ledger.Trouble || d.Outcome == ledger.Waiting && now.Sub(l.Posted) > longWait
	})
}

func (n *Notifier) rows(t *standing.Table) []letter.Row {
	var rows []letter.Row
	for _, k := range n.Campaign.Categories {
		row := letter.Row{Category: k.Code}
		for _, u := range n.Campaign.Units {
			if u.Category != k.Code {
				continue
			}
			row.Total++
			switch t.Units[u.Code].State {
			case standing.Complete:
				row.Complete++
			case standing.Partial:
				row.Partial++
			case standing.Fixing:
				row.Fixing++
			default:
				row.None++
			}
		}
		if row.Total > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// lastDigest is when the digest before this one was written.
func lastDigest(s Situation, l ledger.Letter) time.Time {
	var last time.Time
	for x := range s.ofUnit("", letter.DigestKind) {
		if x.Kind == letter.DigestKind && !schedule.IsWeekly(x.Extra) && x.Key != l.Key && x.Withdrawn == "" && !x.Rendered.IsZero() && x.Rendered.After(last) {
			last = x.Rendered
		}
	}
	return last
}

// news is what happened since the digest before.
func (n *Notifier) news(s Situation, before *standing.Table, since time.Time) letter.News {
	var news letter.News
	for _, m := range s.Facts.Mails {
		if m.Decided.After(since) && !m.Decided.After(s.Now) && m.Human() && m.Class != finding.ClassCommand && m.Verdict != finding.IgnoredMail {
			news.Mails++
		}
	}
	for _, code := range s.Table.Order {
		was, is := before.Units[code], s.Table.Units[code]
		if is.State == standing.Complete && was.State != standing.Complete {
			news.Completed++
		}
		if is.Lead != code {
			continue
		}
		if len(was.Open) > 0 && len(is.Open) == 0 {
			news.Mended++
		}
		if was.State == standing.Complete && version(is) > version(was) {
			news.Corrected++
		}
	}
	return news
}

// version is that of the unit's appendix.
func version(u *standing.Unit) int {
	for _, c := range u.Counted {
		if c.Kind == finding.Appendix {
			return c.Version
		}
	}
	return 0
}

func (n *Notifier) mail(s Situation, id string) *finding.Verdict {
	return s.whole.Mail(id)
}
