package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ReasonRecalled is the reason of a letter that this ledger learned of from the
// world: it was sent, and the ledger was restored from a copy that is older.
const ReasonRecalled = "recalled"

// DetailRecalled is the detail of such a letter's deliveries.
const DetailRecalled = "found sent; the ledger had not known it"

// Recall records that a letter has gone out, which the ledger does not know or
// holds for still to go: its own bytes have been found where only sent ones
// are. taken are the addresses that are known to have it; nil: whom it is for
// is all that is known. It reports whether the ledger learned anything from it
// that only a ledger older than the world has to learn.
//
// An address that the letter is for, and of which nobody knows whether it has
// it, is taken to have it where the ledger never tried it: silence costs a
// second recipient his copy, repeating costs everybody his trust in the first.
func (tx *Tx) Recall(l Letter, taken []Delivery) (learned bool, err error) {
	have, err := tx.LetterWhole(l.Key)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if have != nil && len(have.Deliveries) > 0 && !have.Moot() {
		return tx.recallOpen(have, l, taken)
	}
	fresh, err := tx.insert(l)
	if err != nil || !fresh {
		return false, err
	}
	// A moot letter may have left deliveries that were refused.
	if _, err := tx.tx.Exec(`DELETE FROM delivery WHERE key = $1`, l.Key); err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	body, err := json.Marshal(extra{l.To, l.Answers, l.Extra, l.Choices})
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	_, err = tx.tx.Exec(`UPDATE letter SET posted = $1, rendered = $2, subject = $3, body = $4 WHERE key = $5`, ms(l.Posted), ms(l.Rendered), l.Subject, string(body), l.Key)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if taken == nil {
		for _, a := range l.To {
			taken = append(taken, Delivery{Address: a, At: l.Posted})
		}
	}
	posted := Posted{Key: l.Key, Kind: l.Kind, Unit: l.Unit, Reason: ReasonRecalled, Answers: l.Answers}
	for _, d := range taken {
		posted.Addresses = append(posted.Addresses, d.Address)
	}
	if err := tx.Append(FactLetter, l.Key, posted); err != nil {
		return false, err
	}
	for _, d := range taken {
		if err := tx.recallAt(&l, d.Address, d.At); err != nil {
			return false, err
		}
	}
	return true, tx.answers(l.Key, l.Answers)
}

// recallOpen settles what a letter that is in the queue still has to do.
func (tx *Tx) recallOpen(have *Letter, l Letter, taken []Delivery) (learned bool, err error) {
	begun := slices.ContainsFunc(have.Deliveries, func(d Delivery) bool { return d.Outcome == Accepted || d.Outcome == Unknown })
	for _, d := range have.Deliveries {
		at := l.Posted
		i := slices.IndexFunc(taken, func(t Delivery) bool { return t.Address == d.Address })
		switch {
		case d.Outcome == Accepted, d.Outcome == Refused, taken != nil && i < 0:
			continue
		case taken != nil:
			at = taken[i].At
		case d.Outcome != Unknown && begun:
			continue // the copy may be of what another recipient got
		}
		// That an attempt whose end nobody heard did succeed is no news of
		// another life.
		learned = learned || d.Outcome != Unknown
		if err := tx.recallAt(have, d.Address, at); err != nil {
			return false, err
		}
	}
	return learned, tx.answers(l.Key, l.Answers)
}

// recallAt records that an address has the letter since at.
func (tx *Tx) recallAt(l *Letter, address string, at time.Time) error {
	tx.touch(l.Key)
	_, err := tx.tx.Exec(`INSERT INTO delivery (key, address, outcome, at, detail, tries, next, owner, lease) VALUES ($1, $2, 'accepted', $3, $4, 1, 0, '', 0)
		ON CONFLICT (key, address) DO UPDATE SET outcome = excluded.outcome, at = excluded.at, detail = excluded.detail, next = 0, owner = '', lease = 0`,
		l.Key, address, ms(at), DetailRecalled)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Append(FactDelivery, l.Key, Delivered{Key: l.Key, Unit: l.Unit, Address: address, Outcome: Accepted, Detail: DetailRecalled})
}

// answers records which arrivals a letter answers, as far as none else does.
func (tx *Tx) answers(key string, arrivals []string) error {
	for _, a := range arrivals {
		if _, err := tx.tx.Exec(`INSERT INTO answer (arrival, key) VALUES ($1, $2) ON CONFLICT DO NOTHING`, a, key); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	return nil
}

// Heard remembers a token that a mail quotes and that is of no letter in the
// ledger. Most are nobody's; but who quotes the token of a letter that is owed
// has had that letter.
func (tx *Tx) Heard(token string, at time.Time) error {
	_, err := tx.tx.Exec(`INSERT INTO heard (token, seen) VALUES ($1, $2) ON CONFLICT DO NOTHING`, token, ms(at))
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// HeardOf is when a mail came that quotes the token; zero if none did.
func (tx *Tx) HeardOf(token string) (time.Time, error) {
	var seen int64
	err := tx.tx.QueryRow(`SELECT COALESCE(MAX(seen), 0) FROM heard WHERE token = $1`, token).Scan(&seen)
	if err != nil {
		return time.Time{}, fmt.Errorf("ledger: %w", err)
	}
	return at(seen), nil
}
