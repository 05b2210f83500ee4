package intake

import (
	"strings"

	"dondoc/intake/ledger"
)

// told is what the facts say of one letter.
type told struct {
	unit      string
	posted    bool
	addresses []string          // that it was posted to, in order
	outcomes  map[string]string // by address, the last
	withdrawn string
}

// letters holds the letters and their deliveries against the facts: every
// letter was posted or skipped, and what became of it at each address is what
// the last fact says.
func (v *Verified) letters(tx *ledger.Tx, entries []ledger.Entry, whole bool) (kept []stored, err error) {
	letters, err := tx.Letters("")
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		if l.SHA256 != "" {
			v.Letters++
			kept = append(kept, stored{"letter", l.Key, l.Unit, l.SHA256})
		}
	}
	if !whole {
		return kept, nil
	}
	all, order := retell(entries)
	for i := range letters {
		l := &letters[i]
		t := all[l.Key]
		if t == nil || !t.posted && t.withdrawn == "" {
			v.Damage = append(v.Damage, Damage{What: "letter", ID: l.Key, Unit: l.Unit, Code: LetterNoFact})
		} else if l.Withdrawn != t.withdrawn {
			v.Damage = append(v.Damage, Damage{What: "letter", ID: l.Key, Unit: l.Unit, Code: LetterWithdrawn, Recorded: t.withdrawn, Found: l.Withdrawn})
		}
		if t != nil {
			v.deliveries(l, t)
			delete(all, l.Key)
		}
	}
	for _, key := range order {
		if t := all[key]; t != nil {
			v.Damage = append(v.Damage, Damage{What: "letter", ID: key, Unit: t.unit, Code: LetterRowMissing})
		}
	}
	return kept, nil
}

// retell gathers the facts by letter; order is that in which they first name one.
func retell(entries []ledger.Entry) (all map[string]*told, order []string) {
	all = map[string]*told{}
	of := func(key, unit string) *told {
		t := all[key]
		if t == nil {
			t = &told{unit: unit, outcomes: map[string]string{}}
			all[key] = t
			order = append(order, key)
		}
		return t
	}
	for _, e := range entries {
		switch {
		case e.Posted != nil:
			t := of(e.Posted.Key, e.Posted.Unit)
			t.posted = true
			for _, a := range e.Posted.Addresses {
				t.addresses = append(t.addresses, strings.ToLower(a))
			}
		case e.Skipped != nil:
			of(e.Skipped.Key, e.Skipped.Unit).withdrawn = e.Skipped.Reason
		case e.Delivered != nil:
			of(e.Delivered.Key, e.Delivered.Unit).outcomes[e.Delivered.Address] = e.Delivered.Outcome
		}
	}
	return all, order
}

// deliveries compares the outcomes of a letter. What is waiting or unknown is
// being worked at: a fact comes when it is settled. What was settled for good
// stays so; set back, the letter would go out twice.
func (v *Verified) deliveries(l *ledger.Letter, t *told) {
	final := func(outcome string) bool { return outcome == ledger.Accepted || outcome == ledger.Refused }
	rows := map[string]bool{}
	for _, d := range l.Deliveries {
		rows[d.Address] = true
		recorded := t.outcomes[d.Address]
		if d.Outcome == recorded || !final(d.Outcome) && !final(recorded) {
			continue
		}
		code := DeliveryOutcome
		if recorded == "" {
			code = DeliveryNoFact
		}
		v.Damage = append(v.Damage, Damage{What: "delivery", ID: l.Key, Unit: l.Unit, Address: d.Address, Code: code, Recorded: recorded, Found: d.Outcome})
	}
	seen := map[string]bool{}
	for _, a := range t.addresses {
		// What was withdrawn is no longer to be delivered, unless it was already.
		if !rows[a] && !seen[a] && (t.withdrawn == "" || final(t.outcomes[a])) {
			v.Damage = append(v.Damage, Damage{What: "delivery", ID: l.Key, Unit: l.Unit, Address: a, Code: DeliveryMissing, Recorded: t.outcomes[a]})
		}
		seen[a] = true
	}
}
