package notify

import (
	"fmt"
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

// digestFacts is what the committee is told. Every number in it comes from the
// fold of the same facts that the units' letters come from.
func (n *Notifier) digestFacts(s Situation, l ledger.Letter) *letter.Digest {
	d := &letter.Digest{
		Rows:      n.rows(s.Table),
		Since:     lastDigest(s, l),
		DaysLeft:  n.Calendar.WorkingDays(n.Calendar.Day(s.Now).AddDate(0, 0, 1), n.Campaign.Deadline.Before),
		Decisions: n.pending(s),
		Next:      n.next(s),
		LastFetch: s.Read,
		Unread:    s.Trouble,
		Interim:   n.interim(s),
	}
	groups := map[string]bool{}
	for _, u := range n.Campaign.Units {
		if u.DupGroup != "" && !groups[u.DupGroup] && len(n.Campaign.Group(u.Code)) > 1 {
			groups[u.DupGroup] = true
			if s.Table.Units[u.Code].State == standing.Complete {
				d.Shared++
			}
		}
		if !s.Table.Units[u.Code].Reachable {
			d.Undelivered = append(d.Undelivered, u)
		}
	}
	for _, x := range s.Letters {
		if x.Key != l.Key && x.Withdrawn == "" && stuck(x, s.Now) {
			d.Waiting++
		}
	}
	// To the first digest everything is new.
	before := standing.Fold(n.Campaign, s.Facts, d.Since)
	d.News = n.news(s, before, d.Since)
	for _, code := range before.Order {
		if before.Units[code].State == standing.Complete {
			d.Before++
		}
	}
	d.Calls = n.calls(s)
	for _, u := range s.Table.Units {
		if u.State != standing.Complete {
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
	for _, x := range s.Letters {
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

// pending is what a person has to decide, the oldest first.
func (n *Notifier) pending(s Situation) []letter.Decision {
	var all []letter.Decision
	given, granted := givenTo(s), settled(s)
	for _, m := range s.Facts.Mails {
		to, settled := given[m.ID]
		settled = settled || granted[m.ID]
		if !settled && m.Verdict == finding.Filed {
			to = m.UnitCode()
		}
		left := to != "" && s.Table.Units[to] == nil
		waits := !settled && (m.Verdict == finding.HeldMail || m.Verdict == finding.Quarantined)
		if m.Received.After(s.Now) || !waits && !left {
			continue
		}
		d := letter.Decision{Kind: letter.HeldMail, Mail: m, Unit: n.unit(m.UnitCode()), Answered: s.ByHand[m.ID].At}
		if left {
			d.Reason = letter.ReasonLeft
		}
		if !slices.ContainsFunc(m.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration }) && m.Verdict == finding.HeldMail {
			d.Kind = letter.Reply
		}
		for _, code := range m.Candidates {
			if u := n.unit(code); u != nil {
				d.Candidates = append(d.Candidates, *u)
			}
		}
		if len(d.Candidates) == 1 && d.Unit == nil {
			d.Unit = &d.Candidates[0]
		}
		all = append(all, d)
	}
	paused := map[string]int{}
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code {
			continue
		}
		if u.Said {
			m := n.mail(s, u.SaidBy)
			all = append(all, letter.Decision{Kind: letter.Reply, Mail: m, Unit: n.unit(code), Commands: n.reconcile(u, m), Answered: s.ByHand[m.ID].At})
		}
		all = append(all, n.parts(s, u)...)
		if u.Paused && len(u.Missing)+len(u.Open) > 0 && paused[u.PausedBy.ID] < mostPaused {
			paused[u.PausedBy.ID]++
			all = append(all, letter.Decision{Kind: letter.Paused, Unit: n.unit(code), Reason: u.PausedBy.Reason})
		}
	}
	return all
}

// mostPaused is how many units of one pause a digest lists: a pause of a few
// districts is looked at one by one, one of everybody is not.
const mostPaused = 5

// reconcile are the commands that settle a "ĐÃ GỬI": one for each part that is
// missing, with what the mail itself named filled in.
func (n *Notifier) reconcile(u *standing.Unit, m *finding.Verdict) []string {
	heard := said(m, n.Campaign.Location)
	via, ref, day := heard.Via, heard.Ref, m.Received.In(n.Campaign.Location)
	if via == "" {
		via = "lien-thong"
	}
	if ref == "" || strings.Trim(ref, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/-") != "" {
		ref = `"…"` // nothing that a shell could take for more than a word
	}
	if !heard.Day.IsZero() {
		day = heard.Day
	}
	var commands []string
	for _, part := range u.Missing {
		commands = append(commands, fmt.Sprintf("dondoc received %s %s --via %s --ref %s --date %s", u.Code, part, via, ref, day.Format("2006-01-02")))
	}
	return append(commands, "dondoc held reject "+m.ID[:5])
}

// parts are the decisions about what has been filed for a unit.
func (n *Notifier) parts(s Situation, u *standing.Unit) []letter.Decision {
	var all []letter.Decision
	claimed := map[string]bool{}
	for _, c := range append(slices.Clone(u.Counted), u.Waiting...) {
		if c.Claimed && !claimed[c.Arrival] {
			claimed[c.Arrival] = true
			all = append(all, letter.Decision{Kind: letter.ClaimedOne, Mail: n.mail(s, c.Arrival), Unit: n.unit(u.Code)})
		}
		if !c.Held {
			continue
		}
		for i := range c.Part.Problems {
			if p := &c.Part.Problems[i]; p.Severity == finding.ForPerson && !p.Open() {
				all = append(all, letter.Decision{Kind: letter.HeldPart, Mail: n.mail(s, c.Arrival), Unit: n.unit(u.Code), Problem: p})
				break
			}
		}
	}
	return all
}

func (n *Notifier) unit(code string) *config.Unit {
	if u, ok := n.Campaign.Unit(code); ok {
		return &u
	}
	return nil
}

func (n *Notifier) mail(s Situation, id string) *finding.Verdict {
	for _, m := range s.Facts.Mails {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// calls are the units to telephone: those that mail does not reach or may not
// be sent to first, then whoever has given least, in the order of the letter.
func (n *Notifier) calls(s Situation) []letter.Call {
	var calls []letter.Call
	rank := map[string]int{}
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code || len(u.Missing)+len(u.Open) == 0 {
			continue
		}
		roster, _ := n.Campaign.Unit(code)
		call := letter.Call{Unit: roster, Standing: u, Bounced: !u.Reachable}
		for _, l := range s.ofUnit[code] {
			for _, d := range l.Deliveries {
				if l.Kind == letter.Remind && d.Outcome == ledger.Accepted && d.At.After(call.Reminded) {
					call.Reminded = d.At
				}
			}
		}
		switch {
		case !u.Reachable:
			rank[code] = 0
		case !roster.AutoRemind:
			rank[code] = 1
		case u.State == standing.None:
			rank[code] = 2
		case u.State == standing.Partial:
			rank[code] = 3
		default:
			rank[code] = 4
		}
		calls = append(calls, call)
	}
	slices.SortStableFunc(calls, func(a, b letter.Call) int { return rank[a.Unit.Code] - rank[b.Unit.Code] })
	return calls
}

// next is the next step of the ladder for anybody, and how many letters it
// would be as things stand.
func (n *Notifier) next(s Situation) *letter.Next {
	var next *letter.Next
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code {
			continue
		}
		q := n.question(s, u)
		step, at, ok := schedule.Next(q)
		if !ok {
			continue
		}
		if next == nil || at.Before(next.At) {
			next = &letter.Next{At: at, Text: step.Text}
		}
		q.Now = at
		if at.Equal(next.At) && schedule.Reminder(q).Owed && s.Letters[letter.Invite+"/"+code] != nil {
			next.Letters++
		}
	}
	return next
}
