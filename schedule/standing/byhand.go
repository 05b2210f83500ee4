package standing

import (
	"slices"
	"time"

	"dondoc/intake/finding"
)

// ByHand is an answer that a person of the desk sent from a mail program, as
// it was found in the mailbox's folder for sent mail. What was answered so is
// not answered by the machine as well; what a unit owes does not change by it.
type ByHand struct {
	At        time.Time `json:"at"` // when the mailbox took it in, never later than it was found
	By        string    `json:"by"` // its From address
	To        []string  `json:"to"` // its To and Cc
	MessageID string    `json:"message_id"`
	Arrivals  []string  `json:"arrivals"` // those that it answers, by its thread and its recipients
}

// AnsweredByHand returns, for each mail that a person had answered by now, the
// first answer. Like the machine's it stands under the newest of several mails:
// what the same sender had sent earlier for the same unit (or for none, if
// nobody knows whose they are) is answered with it. What came later is not.
func AnsweredByHand(f Facts, now time.Time) map[string]ByHand {
	if len(f.ByHand) == 0 {
		return nil
	}
	direct := map[string]ByHand{}
	for _, h := range f.ByHand {
		if h.At.After(now) {
			continue
		}
		for _, id := range h.Arrivals {
			if _, before := direct[id]; !before {
				direct[id] = h
			}
		}
	}
	type talk struct{ unit, from string }
	answered := map[talk][]*finding.Verdict{}
	for _, m := range f.Mails {
		if _, ok := direct[m.ID]; ok {
			answered[talk{m.UnitCode(), m.From}] = append(answered[talk{m.UnitCode(), m.From}], m)
		}
	}
	all := map[string]ByHand{}
	for _, m := range f.Mails {
		if h, ok := direct[m.ID]; ok {
			all[m.ID] = h
			continue
		}
		under := answered[talk{m.UnitCode(), m.From}]
		if i := slices.IndexFunc(under, func(x *finding.Verdict) bool { return m.Human() && m.From != "" && !m.Received.After(x.Received) }); i >= 0 {
			all[m.ID] = direct[under[i].ID]
		}
	}
	return all
}
