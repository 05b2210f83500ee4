package notify

import (
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// reasonFallback is why a letter gets an address more.
const reasonFallback = "fallback"

// fallback is a letter that reached nobody of a unit, and the next address
// that it goes to: the same letter, under its own key, decided once more
// before it goes.
type fallback struct {
	letter  *ledger.Letter
	address string
}

// freshness is how long after it was posted a letter still goes to another
// address: what came back later is old news, and the unit is called.
const freshness = 7 * 24 * time.Hour

// fallbacks follow from the letters and their outcomes, and from the bounces
// that provably tell of them. An address that a letter had is not tried again.
func (n *Notifier) fallbacks(s Situation) (all []fallback) {
	if n.Campaign.Mode == config.Rehearsal || !n.open(s) {
		return nil // a rehearsal goes to the desk alone
	}
	returned := bounced(s)
	fresh := slices.SortedFunc(s.since(s.Now.Add(-freshness-time.Nanosecond)), func(a, b *ledger.Letter) int { return strings.Compare(a.Key, b.Key) })
	for _, l := range fresh {
		key := l.Key
		if l.Unit == "" || l.Withdrawn != "" || l.Kind == letter.AlarmKind || l.Kind == letter.DigestKind || s.Now.Sub(l.Posted) > freshness {
			continue
		}
		failed := func(d ledger.Delivery) bool {
			return d.Outcome == ledger.Refused || returned[[2]string{key, d.Address}]
		}
		if !slices.ContainsFunc(l.Deliveries, failed) {
			continue
		}
		members := n.Campaign.Group(l.Unit)
		if isAnswer(l.Kind) || l.Kind == letter.Confirm {
			// An answer has reached the unit if it reached the one who wrote.
			if slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool { return !failed(d) }) {
				continue
			}
			u, _ := n.Campaign.Unit(l.Unit)
			members = []config.Unit{u}
		}
		for _, u := range members {
			if a := n.nextAddress(s, u, l, failed); a != "" {
				all = append(all, fallback{l, a})
			}
		}
	}
	return all
}

// nextAddress is where a letter goes that reached nobody of the unit; "" where
// it did reach somebody, is still on its way, or there is no other address.
func (n *Notifier) nextAddress(s Situation, u config.Unit, l *ledger.Letter, failed func(ledger.Delivery) bool) string {
	at := s.Table.Units[u.Code]
	if at == nil {
		return ""
	}
	own := append(slices.Clone(at.Addresses), strings.ToLower(u.BackupEmail))
	tried := isAnswer(l.Kind)
	for _, d := range l.Deliveries {
		if !slices.Contains(own, d.Address) {
			continue
		}
		if tried = true; !failed(d) {
			return ""
		}
	}
	if !tried {
		return "" // it was not for this member
	}
	for _, a := range own {
		since, dead := s.Facts.Dead[a]
		had := slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool { return d.Address == a })
		if a != "" && !had && (!dead || since.After(s.Now)) {
			return a
		}
	}
	return ""
}

// soft reports whether a letter to the unit came back of late for a reason that
// passes, and nothing has come from there since.
func (s Situation) soft(unit string) bool {
	u := s.Table.Units[unit]
	return u != nil && slices.ContainsFunc(u.Addresses, func(a string) bool {
		times := s.Facts.Soft[a]
		return len(times) > 0 && !times[0].After(s.Now)
	})
}

// bounced are the deliveries of which a bounce says that they failed for good,
// by key and address.
func bounced(s Situation) map[[2]string]bool {
	all := map[[2]string]bool{}
	for _, m := range s.Facts.Those(standing.Bounced) {
		if m.Received.After(s.Now) {
			continue
		}
		for _, e := range m.Evidence {
			if e.Kind == "thread" {
				all[[2]string{e.Detail, m.Bounce.Address}] = true
			}
		}
	}
	return all
}
