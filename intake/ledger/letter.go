package ledger

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/schedule/standing"
)

// The outcomes of a delivery.
const (
	Waiting  = "waiting"  // not tried yet
	Accepted = "accepted" // the server took it
	Refused  = "refused"  // for good (5xx)
	Trouble  = "trouble"  // surely not delivered; to be tried again
	Unknown  = "unknown"  // perhaps delivered: tried, and no answer was recorded
)

// Letter is one letter of ours. Its key says what it is about, so that the
// same thing is never said twice: remind/HU-BATO/T-3, receipt/7K3M5-QXA2P.
type Letter struct {
	Key       string
	Kind      string // first word of the key
	Unit      string
	Token     string // T
	MessageID string // without <>
	Reason    string // why it was owed
	Posted    time.Time
	Due       time.Time // since when it was owed
	Rendered  time.Time // zero until its bytes are stored
	SHA256    string    // of the bytes, in the archive
	Subject   string
	Withdrawn string // why it was not sent after all
	// Copied is when it was found or put in the mailbox's folder for sent mail;
	// zero if it is not there.
	Copied time.Time
	// Answers are the arrivals it answers; the newest is the one in its key.
	Answers []string
	// To is whom it is for. In a rehearsal the deliveries name the desk instead.
	To []string
	// Extra is what the kind needs besides: the step of a reminder, the slot
	// of a digest.
	Extra string
	// Choices are its numbered lines, as rendered.
	Choices    []standing.Choice
	Deliveries []Delivery
}

// Delivery is what became of a letter at one recipient.
type Delivery struct {
	Key     string
	Address string
	Outcome string
	At      time.Time // of the outcome
	Detail  string
	Tries   int
	Next    time.Time // not tried again before
	Dead    bool      // of a refusal being settled: the address takes no mail at all
}

// extra is what a letter's row keeps as JSON.
type extra struct {
	To      []string          `json:"to,omitempty"`
	Answers []string          `json:"answers,omitempty"`
	Extra   string            `json:"extra,omitempty"`
	Choices []standing.Choice `json:"choices,omitempty"`
}

// ReasonSkipped is the reason of a letter that is passed over for good.
const ReasonSkipped = "skipped"

// Moot reports whether the letter was withdrawn before it can have reached
// anybody. It is then as if it had never been posted: its key and the mails
// that it answers are free. A step that was skipped stays skipped.
func (l *Letter) Moot() bool {
	return l.Withdrawn != "" && l.Reason != ReasonSkipped && !slices.ContainsFunc(l.Deliveries, func(d Delivery) bool {
		return d.Outcome == Accepted || d.Outcome == Unknown
	})
}

// Post puts a letter into the queue, with one delivery for each address. It
// reports false when that was done before: the key, or one of the arrivals it
// answers, is taken; a letter that is moot takes nothing. This is where "nothing twice" is decided, by a constraint
// and not by a look beforehand.
func (tx *Tx) Post(l Letter, addresses []string) (bool, error) {
	for _, a := range l.Answers {
		var key string
		err := tx.tx.QueryRow(`SELECT key FROM answer WHERE arrival = $1`, a).Scan(&key)
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return false, fmt.Errorf("ledger: %w", err)
		}
	}
	if fresh, err := tx.insert(l); err != nil || !fresh {
		return false, err
	}
	for _, a := range l.Answers {
		if _, err := tx.tx.Exec(`INSERT INTO answer (arrival, key) VALUES ($1, $2)`, a, l.Key); err != nil {
			return false, fmt.Errorf("ledger: %w", err)
		}
	}
	for _, a := range addresses {
		_, err := tx.tx.Exec(`INSERT INTO delivery (key, address, outcome, at, detail, tries, next, owner, lease) VALUES ($1, $2, 'waiting', 0, '', 0, 0, '', 0)
			ON CONFLICT DO NOTHING`, l.Key, strings.ToLower(a))
		if err != nil {
			return false, fmt.Errorf("ledger: %w", err)
		}
	}
	return true, tx.Append(FactLetter, l.Key, Posted{Key: l.Key, Kind: l.Kind, Unit: l.Unit, Reason: l.Reason, Addresses: addresses, Answers: l.Answers})
}

// Skip records that a letter will never be sent, once: its key is taken.
func (tx *Tx) Skip(l Letter) error {
	l.Reason = ReasonSkipped
	fresh, err := tx.insert(l)
	if err != nil || !fresh {
		return err
	}
	return tx.Append(FactSkipped, l.Key, Skipped{Key: l.Key, Unit: l.Unit, Reason: l.Withdrawn})
}

// insert adds the letter's row, or revives that of a moot letter; false when
// its key is taken.
func (tx *Tx) insert(l Letter) (bool, error) {
	tx.touch(l.Key)
	body, err := json.Marshal(extra{l.To, l.Answers, l.Extra, nil})
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	res, err := tx.tx.Exec(`INSERT INTO letter (key, kind, unit, token, message_id, reason, posted, due, rendered, sha256, subject, withdrawn, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', '', $9, $10)
		ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, posted = excluded.posted, due = excluded.due, rendered = 0, sha256 = '', subject = '',
			withdrawn = excluded.withdrawn, body = excluded.body
		WHERE letter.withdrawn <> '' AND letter.reason <> $11
			AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.key = letter.key AND delivery.outcome IN ('accepted', 'unknown'))`,
		l.Key, l.Kind, l.Unit, l.Token, l.MessageID, l.Reason, ms(tx.now), ms(l.Due), l.Withdrawn, string(body), ReasonSkipped)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Turn says which of the deliveries that are due may be claimed now.
type Turn struct {
	// Unasked are the kinds of letters that nobody asked for: they go after
	// all others, and at most one in Pace.
	Unasked []string
	Pace    time.Duration
	// Full is set when as much has been sent as may be in a day: only the kinds
	// of Desk go then.
	Full bool
	Desk []string
}

// MarkUnasked is when a letter of Turn.Unasked was last handed to the mail
// server: the pace holds for all processes, and across restarts.
const MarkUnasked = "unasked"

// ClaimDelivery takes a delivery that is due for this process; nil when none
// is. The letter comes with it. next is when another may go, where one is due
// and only the pace holds it back.
func (tx *Tx) ClaimDelivery(turn Turn) (l *Letter, d *Delivery, next time.Time, err error) {
	if turn.Full {
		l, d, err = tx.claim(`IN`, turn.Desk)
		return l, d, next, err
	}
	if l, d, err = tx.claim(`NOT IN`, turn.Unasked); err != nil || d != nil || len(turn.Unasked) == 0 {
		return l, d, next, err
	}
	if turn.Pace > 0 {
		text, err := tx.Marked(MarkUnasked)
		if err != nil {
			return nil, nil, next, fmt.Errorf("ledger: %w", err)
		}
		// A mark from the future is a clock's that has been put right since.
		last, err := time.Parse(time.RFC3339Nano, text)
		if next = last.Add(turn.Pace); err == nil && tx.now.Before(next) && !last.After(tx.now) {
			due, err := tx.due(`IN`, turn.Unasked)
			if err != nil || len(due) == 0 {
				next = time.Time{}
			}
			return nil, nil, next, err
		}
	}
	l, d, err = tx.claim(`IN`, turn.Unasked)
	return l, d, time.Time{}, err
}

// claim takes the first delivery of letters of (or NOT of) the kinds.
func (tx *Tx) claim(in string, kinds []string) (*Letter, *Delivery, error) {
	due, err := tx.due(in, kinds)
	if err != nil || len(due) == 0 {
		return nil, nil, err
	}
	d := &due[0]
	_, err = tx.tx.Exec(`UPDATE delivery SET owner = $1, lease = $2 WHERE key = $3 AND address = $4`,
		tx.ledger.owner.name, ms(tx.now)+leaseMillis, d.Key, d.Address)
	if err != nil {
		return nil, nil, fmt.Errorf("ledger: %w", err)
	}
	l, err := tx.Letter(d.Key)
	return l, d, err
}

// due is the first delivery of letters of (or NOT of) the kinds that is due and
// that nobody works on; empty when none is.
func (tx *Tx) due(in string, kinds []string) ([]Delivery, error) {
	args := []any{ms(tx.now)}
	places := []string{"''"} // no letter is of this kind
	for i, kind := range kinds {
		places = append(places, fmt.Sprintf("$%d", i+2))
		args = append(args, kind)
	}
	rows, err := tx.tx.Query(`SELECT d.key, d.address, d.outcome, d.at, d.detail, d.tries, d.next, d.owner, d.lease FROM delivery d JOIN letter l ON l.key = d.key
		WHERE d.outcome IN ('waiting', 'trouble', 'unknown') AND d.next <= $1 AND l.kind `+in+` (`+strings.Join(places, ", ")+`) ORDER BY d.next, d.key, d.address`, args...)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		d, by, lease, err := scanDelivery(rows)
		if err != nil {
			return nil, err
		}
		if tx.free(by, lease) {
			return []Delivery{d}, nil
		}
	}
	return nil, rows.Err()
}

// Attempts counts the deliveries whose last attempt was after since, and by now.
func (tx *Tx) Attempts(since time.Time) (n int, err error) {
	err = tx.tx.QueryRow(`SELECT COUNT(*) FROM delivery WHERE tries > 0 AND at > $1 AND at <= $2`, ms(since), ms(tx.now.Add(Slack))).Scan(&n)
	return n, err
}

// AddRecipient gives a letter that reached nobody of its unit one address more,
// once; false when it has it already.
func (tx *Tx) AddRecipient(l Letter, address, reason string) (bool, error) {
	tx.touch(l.Key)
	address = strings.ToLower(address)
	res, err := tx.tx.Exec(`INSERT INTO delivery (key, address, outcome, at, detail, tries, next, owner, lease) VALUES ($1, $2, 'waiting', 0, '', 0, 0, '', 0)
		ON CONFLICT DO NOTHING`, l.Key, address)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if n, err := res.RowsAffected(); n == 0 || err != nil {
		return false, err
	}
	// Whom it is for is what a bounce is held against.
	body, err := json.Marshal(extra{append(slices.Clip(l.To), address), l.Answers, l.Extra, l.Choices})
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if _, err := tx.tx.Exec(`UPDATE letter SET body = $1 WHERE key = $2`, string(body), l.Key); err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	return true, tx.Append(FactLetter, l.Key, Posted{Key: l.Key, Kind: l.Kind, Unit: l.Unit, Reason: reason, Addresses: []string{address}})
}

// Sending stores which bytes are about to go out and marks the delivery
// unknown: if the process dies from here on, the recipient may or may not have
// the letter, and only those same bytes may be sent again, not before next.
func (tx *Tx) Sending(d *Delivery, sha, subject string, next time.Time) error {
	tx.touch(d.Key)
	// The same bytes again say what was true when they were written.
	_, err := tx.tx.Exec(`UPDATE letter SET rendered = CASE WHEN sha256 = $2 AND rendered > 0 THEN rendered ELSE $1 END, sha256 = $2, subject = $3 WHERE key = $4`,
		ms(tx.now), sha, subject, d.Key)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	_, err = tx.tx.Exec(`UPDATE delivery SET outcome = 'unknown', at = $1, tries = tries + 1, next = $2 WHERE key = $3 AND address = $4`, ms(tx.now), ms(next), d.Key, d.Address)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Numbered keeps the numbered lines of a letter with it, as they were rendered.
func (tx *Tx) Numbered(l *Letter, choices []standing.Choice) error {
	if len(choices) == 0 && len(l.Choices) == 0 {
		return nil
	}
	tx.touch(l.Key)
	l.Choices = choices
	body, err := json.Marshal(extra{l.To, l.Answers, l.Extra, l.Choices})
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if _, err := tx.tx.Exec(`UPDATE letter SET body = $1 WHERE key = $2`, string(body), l.Key); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// GoneOut reports whether some recipient has the letter, or may have it.
func (tx *Tx) GoneOut(key string) (bool, error) {
	var n int
	err := tx.tx.QueryRow(`SELECT COUNT(*) FROM delivery WHERE key = $1 AND outcome IN ('accepted', 'unknown')`, key).Scan(&n)
	return n > 0, err
}

// Settle records the outcome of an attempt, and when to try again.
func (tx *Tx) Settle(l *Letter, d *Delivery, outcome, detail string, next time.Time) error {
	tx.touch(d.Key)
	_, err := tx.tx.Exec(`UPDATE delivery SET outcome = $1, at = $2, detail = $3, next = $4, owner = '', lease = 0 WHERE key = $5 AND address = $6`,
		outcome, ms(tx.now), detail, ms(next), d.Key, d.Address)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Append(FactDelivery, l.Key, Delivered{Key: l.Key, Unit: l.Unit, Address: d.Address, Outcome: outcome, Detail: detail, Dead: d.Dead})
}

// Postpone gives a delivery back, not to be claimed before next.
func (tx *Tx) Postpone(d *Delivery, next time.Time) error {
	tx.touch(d.Key)
	_, err := tx.tx.Exec(`UPDATE delivery SET next = $1, owner = '', lease = 0 WHERE key = $2 AND address = $3`, ms(next), d.Key, d.Address)
	return err
}

// GiveBack undoes a claim and its Sending: nothing of the mail was said to
// anybody, so the delivery is as it was before. text is why, for people.
func (tx *Tx) GiveBack(d *Delivery, text string) error {
	tx.touch(d.Key)
	_, err := tx.tx.Exec(`UPDATE delivery SET outcome = $1, at = $2, detail = $3, tries = $4, next = $5, owner = '', lease = 0 WHERE key = $6 AND address = $7`,
		d.Outcome, ms(d.At), text, d.Tries, ms(d.Next), d.Key, d.Address)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Withdraw takes back what of a letter has not gone out: it is no longer owed.
// If nothing of it has, nobody has been answered by it either.
func (tx *Tx) Withdraw(l *Letter, reason string) error {
	tx.touch(l.Key)
	_, err := tx.tx.Exec(`DELETE FROM delivery WHERE key = $1 AND outcome IN ('waiting', 'trouble')`, l.Key)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	// What may have gone out already is left as unknown, and not repeated.
	_, err = tx.tx.Exec(`UPDATE delivery SET next = $1, owner = '', lease = 0 WHERE key = $2 AND outcome = 'unknown'`, int64(1)<<62, l.Key)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	_, err = tx.tx.Exec(`UPDATE letter SET withdrawn = $1 WHERE key = $2`, reason, l.Key)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if out, err := tx.GoneOut(l.Key); err != nil {
		return fmt.Errorf("ledger: %w", err)
	} else if !out {
		if _, err := tx.tx.Exec(`DELETE FROM answer WHERE key = $1`, l.Key); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	return tx.Append(FactSkipped, l.Key, Skipped{Key: l.Key, Unit: l.Unit, Reason: reason})
}

const letterColumns = `key, kind, unit, token, message_id, reason, posted, due, rendered, sha256, subject, withdrawn, body, copied`

type scanner interface{ Scan(...any) error }

func scanLetter(row scanner) (*Letter, error) {
	var l Letter
	var posted, due, rendered, copied int64
	var body string
	err := row.Scan(&l.Key, &l.Kind, &l.Unit, &l.Token, &l.MessageID, &l.Reason, &posted, &due, &rendered, &l.SHA256, &l.Subject, &l.Withdrawn, &body, &copied)
	if err != nil {
		return nil, err
	}
	var x extra
	if err := json.Unmarshal([]byte(body), &x); err != nil {
		return nil, err
	}
	l.Posted, l.Due, l.Rendered, l.Copied = at(posted), at(due), at(rendered), at(max(0, copied))
	l.To, l.Answers, l.Extra, l.Choices = x.To, x.Answers, x.Extra, x.Choices
	return &l, nil
}

func scanDelivery(row scanner) (d Delivery, by string, lease int64, err error) {
	var when, next int64
	err = row.Scan(&d.Key, &d.Address, &d.Outcome, &when, &d.Detail, &d.Tries, &next, &by, &lease)
	d.At, d.Next = at(when), at(next)
	return d, by, lease, err
}

// Letter returns the letter with the key, without its deliveries; nil when
// there is none.
func (tx *Tx) Letter(key string) (*Letter, error) {
	l, err := scanLetter(tx.tx.QueryRow(`SELECT `+letterColumns+` FROM letter WHERE key = $1`, key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return l, err
}

// LetterWhole is Letter, with the deliveries.
func (tx *Tx) LetterWhole(key string) (*Letter, error) {
	l, err := tx.Letter(key)
	if err != nil || l == nil {
		return nil, err
	}
	l.Deliveries, err = tx.deliveries(key)
	return l, err
}

// LetterByToken returns the letter whose T it is; nil when there is none.
func (tx *Tx) LetterByToken(token string) (*Letter, error) {
	l, err := scanLetter(tx.tx.QueryRow(`SELECT `+letterColumns+` FROM letter WHERE token = $1`, strings.ToLower(token)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return l, err
}

// Letters returns every letter with its deliveries, in the order of posting;
// of one unit, or of all when unit is "".
func (tx *Tx) Letters(unit string) ([]Letter, error) {
	rows, err := tx.tx.Query(`SELECT `+letterColumns+` FROM letter WHERE $1 = '' OR unit = $2 ORDER BY posted, key`, unit, unit)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var all []Letter
	place := map[string]int{}
	for rows.Next() {
		l, err := scanLetter(rows)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		place[l.Key] = len(all)
		all = append(all, *l)
	}
	rows.Close()
	rows, err = tx.tx.Query(`SELECT key, address, outcome, at, detail, tries, next, owner, lease FROM delivery ORDER BY key, address`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		d, _, _, err := scanDelivery(rows)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		if i, ok := place[d.Key]; ok {
			all[i].Deliveries = append(all[i].Deliveries, d)
		}
	}
	return all, rows.Err()
}

// Answered returns which letter answers each arrival.
func (tx *Tx) Answered() (map[string]string, error) {
	rows, err := tx.tx.Query(`SELECT arrival, key FROM answer`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var a, k string
		if err := rows.Scan(&a, &k); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		all[a] = k
	}
	return all, rows.Err()
}

// Due counts deliveries that ClaimDelivery would give to somebody now.
func (tx *Tx) Due() (n int, err error) {
	err = tx.tx.QueryRow(`SELECT COUNT(*) FROM delivery WHERE outcome IN ('waiting', 'trouble', 'unknown') AND next <= $1`, ms(tx.now)).Scan(&n)
	return n, err
}

// Owing counts deliveries that are still to be made.
func (tx *Tx) Owing() (n int, err error) {
	err = tx.tx.QueryRow(`SELECT COUNT(*) FROM delivery WHERE outcome IN ('waiting', 'trouble', 'unknown') AND outcome <> 'unknown'`).Scan(&n)
	return n, err
}
