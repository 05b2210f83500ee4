package notify

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// posts are the letters that had been said by an instant, or still were to be.
// What was withdrawn in time does not exist: if the reason passes it is owed
// again.
type posts struct {
	queue ledger.Queue
	by    time.Time // zero: all that are in the ledger
	gone  string    // key of a letter that is looked at as if it had not been posted
}

// letter is the letter with the key; nil if there is none.
func (p posts) letter(key string) *ledger.Letter { return p.then(p.queue.Letter(key)) }

// answer is the key of the letter that answers a mail, by its name (heard); ""
// if none does.
func (p posts) answer(name string) string {
	key := p.queue.Answers[name]
	if key == "" || key != p.gone && p.letter(key) == nil {
		return ""
	}
	return key
}

// unanswered adds to the ids those of the mails that no letter had answered
// then, and perhaps some more.
func (p posts) unanswered(ids map[string]bool) map[string]bool {
	all := maps.Clone(ids)
	maps.Copy(all, p.queue.Open)
	if p.by.IsZero() {
		return all
	}
	for l := range p.queue.Since(p.by.Add(ledger.Slack)) {
		for _, name := range l.Answers {
			id, _, _ := strings.Cut(name, "+")
			all[id] = true
		}
	}
	return all
}

// ofUnit are the letters of a unit of these kinds, or of all; of "" those that
// are no unit's.
func (p posts) ofUnit(unit string, kinds ...string) iter.Seq[*ledger.Letter] {
	return p.those(p.queue.OfUnit(unit, kinds...))
}

// since are the letters posted after an instant.
func (p posts) since(t time.Time) iter.Seq[*ledger.Letter] { return p.those(p.queue.Since(t)) }

// recalled are those that were found sent.
func (p posts) recalled() iter.Seq[*ledger.Letter] { return p.those(p.queue.Recalled()) }

// letters are all of them.
func (p posts) letters() iter.Seq[*ledger.Letter] { return p.those(p.queue.All()) }

func (p posts) those(all iter.Seq[*ledger.Letter]) iter.Seq[*ledger.Letter] {
	return func(yield func(*ledger.Letter) bool) {
		for l := range all {
			if l = p.then(l); l != nil && !yield(l) {
				return
			}
		}
	}
}

// then is the letter as it was then; nil if it was not.
func (p posts) then(l *ledger.Letter) *ledger.Letter {
	if l == nil || l.Key == p.gone || l.Moot() {
		return nil
	}
	if p.by.IsZero() {
		return l
	}
	by := p.by.Add(ledger.Slack)
	if l.Posted.After(by) {
		return nil
	}
	later := func(d ledger.Delivery) bool { return d.At.After(by) }
	if !slices.ContainsFunc(l.Deliveries, later) {
		return l
	}
	then := *l
	then.Deliveries = slices.Clone(l.Deliveries)
	for i, d := range then.Deliveries {
		if later(d) {
			then.Deliveries[i].Outcome, then.Deliveries[i].At = ledger.Waiting, time.Time{}
		}
	}
	return &then
}

// ahead reports whether an instant has not been yet: a clock recorded it that was
// put right since. What happened at it has happened, but nobody knows when.
func (s Situation) ahead(t time.Time) bool { return t.After(s.Now.Add(ledger.Slack)) }

// within reports whether an instant is no longer ago than that.
func (s Situation) within(t time.Time, ago time.Duration) bool {
	return !s.ahead(t) && s.Now.Sub(t) < ago
}

// books are where the units stand, remembered: now, as of the last digest, and
// when the next reminder falls due.
type books struct{ now, digest, next standing.Book }

// concern is what the facts have to be about for one letter; false where that
// is everything.
func concern(l *ledger.Letter, f standing.Facts) (of standing.Concern, ok bool) {
	if l == nil {
		return of, false
	}
	switch l.Kind {
	case letter.DigestKind, letter.AlarmKind, letter.Escalate, letter.Thanks:
		return of, false
	}
	if l.Unit != "" {
		of.Units = append(of.Units, l.Unit)
	}
	for _, name := range l.Answers {
		id, _, _ := strings.Cut(name, "+")
		if m := f.Mail(id); m != nil && m.Command != nil {
			return of, false // an account of what was ordered speaks of everybody
		}
		of.Mails = append(of.Mails, id)
	}
	if l.Kind == letter.Confirm {
		of.Mails = append(of.Mails, l.Extra)
	}
	return of, true
}

// answered are the mails that a letter answers.
func (n *Notifier) answered(s Situation, l *ledger.Letter) (mails []*finding.Verdict) {
	for _, name := range l.Answers {
		id, _, _ := strings.Cut(name, "+")
		if m := s.whole.Mail(id); m != nil && !slices.Contains(mails, m) {
			mails = append(mails, m)
		}
	}
	return mails
}
