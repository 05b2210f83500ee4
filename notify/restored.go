package notify

import (
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
)

// What follows from a ledger that was restored from a backup, and is older than
// the world (intake/restored.go says how it is noticed).

// silent reports whether a mail gets no answer, because it was dealt with in a
// time that the ledger does not remember, and nothing can tell whether it was
// answered then: the folder for sent mail has not been seen since.
func (n *Notifier) silent(s Situation, m *finding.Verdict) bool {
	return m.Marked && (n.Campaign.Mode == config.Rehearsal || n.Campaign.Mailbox.Sent == "" || n.Campaign.Mailbox.Sent == config.SentOff || s.SentSeen.Before(m.Received))
}

// recalled returns whether a mail was answered by a letter that was found sent.
// Such a letter names its newest mail in its key; it answered what the same
// sender had sent before for the same unit, as it does whenever it is posted.
func (n *Notifier) recalled(s Situation) func(*finding.Verdict) bool {
	type talker struct{ unit, from string }
	until := map[talker]time.Time{}
	for l := range s.recalled() {
		if !isAnswer(l.Kind) {
			continue
		}
		_, id, _ := strings.Cut(l.Key, "/")
		id, _, _ = strings.Cut(id, "@")
		if m := n.mail(s, id); m != nil {
			by := talker{m.UnitCode(), m.From}
			if m.Received.After(until[by]) {
				until[by] = m.Received
			}
		}
	}
	return func(m *finding.Verdict) bool {
		last, ok := until[talker{m.UnitCode(), m.From}]
		return ok && !m.Received.After(last)
	}
}

// heardOf records a letter that is owed as sent: a mail quotes its token, which
// nobody knows who has not had it.
func (n *Notifier) heardOf(tx *ledger.Tx, l ledger.Letter, to []string, seen time.Time) error {
	l.Reason, l.Posted, l.Rendered = ledger.ReasonRecalled, seen, seen
	var taken []ledger.Delivery
	for _, a := range to {
		taken = append(taken, ledger.Delivery{Address: strings.ToLower(a), At: seen})
	}
	learned, err := tx.Recall(l, taken)
	if err != nil || !learned {
		return err
	}
	n.Log.Warn("a letter that is owed was sent in a time that the ledger does not remember: a mail quotes it", "key", l.Key)
	return tx.Forgot(1, 0)
}

// restored is what the desk is told of it.
func (n *Notifier) restored(s Situation) *letter.Restored {
	f := s.Forgotten
	r := &letter.Restored{Noticed: f.Noticed, Letters: f.Letters}
	for _, m := range s.Facts.Mails {
		if n.silent(s, m) && m.Human() && m.Reply != finding.ReplyNone && m.Reply != "" && !s.touched[m.ID] {
			r.Unanswered = append(r.Unanswered, m)
		}
	}
	slices.SortStableFunc(r.Unanswered, func(a, b *finding.Verdict) int { return a.Received.Compare(b.Received) })
	return r
}
