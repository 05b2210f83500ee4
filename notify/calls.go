package notify

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// calls are the units to telephone: those that mail does not reach or may not
// be sent to first, then whoever has given least, in the order of the letter.
func (n *Notifier) calls(s Situation) []letter.Call {
	var calls []letter.Call
	rank, said := map[string]int{}, n.saidDays(s)
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code || len(u.Missing)+len(u.Open) == 0 {
			continue
		}
		roster, _ := n.Campaign.Unit(code)
		call := letter.Call{Unit: roster, Standing: u, Bounced: !u.Reachable, Promised: n.promised(s, u, said)}
		for l := range s.ofUnit(code, letter.Remind) {
			for _, d := range l.Deliveries {
				if l.Kind == letter.Remind && d.Outcome == ledger.Accepted && d.At.After(call.Reminded) {
					call.Reminded = d.At
				}
			}
		}
		if call.Bounced {
			call.Lost, call.Status = n.lost(s, u)
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

// promised is the last day that a unit named, kept or not; zero if it named
// none. said are the days of mails.
func (n *Notifier) promised(s Situation, u *standing.Unit, said map[string]time.Time) (day time.Time) {
	if !u.Promise.IsZero() {
		return u.Promise
	}
	day = said[u.Lead]
	for _, note := range u.Notes {
		if note.Until.After(day) && note.Until.Before(s.Now) {
			day = note.Until
		}
	}
	return day
}

// saidDays are the last days gone by that mails named, by the lead of the
// dossier. What somebody else wrote in a unit's name is none of its words.
func (n *Notifier) saidDays(s Situation) map[string]time.Time {
	days := map[string]time.Time{}
	for _, m := range s.Facts.Mails {
		u := s.Table.Units[m.UnitCode()]
		if u == nil || len(m.Says) == 0 || m.Received.After(s.Now) || stillClaimed(s, m, s.rulings(m)) {
			continue
		}
		for _, say := range m.Says {
			named, err := time.ParseInLocation(time.DateOnly, say.Day, n.Campaign.Location)
			if err == nil && say.Kind == finding.SaysWillSend && named.After(days[u.Lead]) && named.Before(s.Now) {
				days[u.Lead] = named
			}
		}
	}
	return days
}

// enhanced is the status code of a refusal (RFC 3463 §2).
var enhanced = regexp.MustCompile(`\b[45]\.\d{1,3}\.\d{1,3}\b`)

// lost is since when no letter reaches a unit, and the status of the refusal or
// bounce that said so, if one gave it.
func (n *Notifier) lost(s Situation, u *standing.Unit) (since time.Time, status string) {
	for _, a := range u.Addresses {
		if at, dead := s.Facts.Dead[a]; dead && !at.After(s.Now) && at.After(since) {
			since = at
		}
	}
	for _, m := range s.Facts.Mails {
		if m.Bounce != nil && slices.Contains(u.Addresses, m.Bounce.Address) && !m.Received.After(s.Now) && m.Bounce.Status != "" {
			status = cmp.Or(m.Bounce.Meaning, m.Bounce.Status)
		}
	}
	for l := range s.ofUnit(u.Code) {
		for _, d := range l.Deliveries {
			if code := enhanced.FindString(d.Detail); d.Outcome == ledger.Refused && status == "" {
				status = code
			}
		}
	}
	return since, status
}

// givenUp are the letters that no recipient of theirs took, given up since the
// last digest: the units they were for, and how many were for others. Nobody
// else will say so. Units that no letter reaches are named apart.
func (n *Notifier) givenUp(s Situation, since time.Time) (units []config.Unit, others int) {
	for l := range s.letters() {
		u := s.Table.Units[l.Unit]
		fresh, lost := false, len(l.Deliveries) > 0
		for _, d := range l.Deliveries {
			fresh = fresh || d.At.After(since)
			lost = lost && d.Outcome == ledger.Refused
		}
		if !fresh || !lost || u != nil && !u.Reachable {
			continue
		}
		roster, ok := n.Campaign.Unit(l.Unit)
		switch {
		case !ok:
			others++
		case !slices.ContainsFunc(units, func(have config.Unit) bool { return have.Code == roster.Code }):
			units = append(units, roster)
		}
	}
	slices.SortFunc(units, func(a, b config.Unit) int {
		return slices.Index(s.Table.Order, a.Code) - slices.Index(s.Table.Order, b.Code)
	})
	return units, others
}
