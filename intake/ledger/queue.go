package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Queue is every letter by key, and which letter answers each mail.
type Queue struct {
	Letters map[string]*Letter
	Answers map[string]string
}

// queue is what a write transaction last read, and what this process has
// touched since. Only write transactions use it, and there is one at a time, on
// the one connection. The maps and letters are never changed, only replaced:
// they are lent out.
type queue struct {
	Queue
	// version is SQLite's count of commits by others (PRAGMA data_version), as
	// that connection sees it; 0: nothing was read yet.
	version int64
	touched map[string]bool // keys of letters
}

// Queue returns the letters as this transaction sees them. It is asked at every
// poll and before every delivery, so it reads only what has changed: the
// letters that this process touched, or all of them if another process has
// committed anything. What it returns is shared: read it only.
func (tx *Tx) Queue() (Queue, error) {
	if !tx.writes {
		return tx.wholeQueue()
	}
	l := tx.ledger
	var version int64
	if err := tx.tx.QueryRow(`PRAGMA data_version`).Scan(&version); err != nil {
		return Queue{}, fmt.Errorf("ledger: %w", err)
	}
	q := l.queue.Queue
	var err error
	switch {
	case l.queue.version != version:
		q, err = tx.wholeQueue()
	case len(l.queue.touched) > 0:
		q, err = tx.mendQueue(q, slices.Sorted(maps.Keys(l.queue.touched)))
	}
	if err != nil {
		return Queue{}, err
	}
	// What this transaction itself did may be rolled back: then it is not
	// remembered, and what it touched is read again.
	if !tx.touched {
		l.queue = queue{Queue: q, version: version}
	}
	return q, nil
}

// touch notes that a letter's rows are about to be changed. It stays noted
// even if the transaction is rolled back; reading again does no harm.
func (tx *Tx) touch(key string) {
	q := &tx.ledger.queue
	if q.touched == nil {
		q.touched = map[string]bool{}
	}
	q.touched[key] = true
	tx.touched = true
}

func (tx *Tx) wholeQueue() (Queue, error) {
	letters, err := tx.Letters("")
	if err != nil {
		return Queue{}, err
	}
	q := Queue{Letters: make(map[string]*Letter, len(letters))}
	for i := range letters {
		q.Letters[letters[i].Key] = &letters[i]
	}
	q.Answers, err = tx.Answered()
	return q, err
}

// mendQueue reads the letters with the keys again.
func (tx *Tx) mendQueue(q Queue, keys []string) (Queue, error) {
	q.Letters, q.Answers = maps.Clone(q.Letters), maps.Clone(q.Answers)
	for _, key := range keys {
		l, err := scanLetter(tx.tx.QueryRow(`SELECT `+letterColumns+` FROM letter WHERE key = $1`, key))
		if errors.Is(err, sql.ErrNoRows) {
			delete(q.Letters, key) // rolled back
			continue
		}
		if err != nil {
			return Queue{}, fmt.Errorf("ledger: %w", err)
		}
		if l.Deliveries, err = tx.deliveries(key); err != nil {
			return Queue{}, err
		}
		q.Letters[key] = l
	}
	for arrival, key := range q.Answers {
		if slices.Contains(keys, key) {
			delete(q.Answers, arrival)
		}
	}
	// What a letter answers is not read off the letter: one that was withdrawn
	// answers nothing any more, and another may by now.
	for _, key := range keys {
		if l := q.Letters[key]; l == nil || len(l.Answers) == 0 {
			continue
		}
		arrivals, err := tx.answeredBy(key)
		if err != nil {
			return Queue{}, err
		}
		for _, arrival := range arrivals {
			q.Answers[arrival] = key
		}
	}
	return q, nil
}

func (tx *Tx) answeredBy(key string) (arrivals []string, err error) {
	rows, err := tx.tx.Query(`SELECT arrival FROM answer WHERE key = $1`, key)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var arrival string
		if err := rows.Scan(&arrival); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		arrivals = append(arrivals, arrival)
	}
	return arrivals, rows.Err()
}

func (tx *Tx) deliveries(key string) ([]Delivery, error) {
	rows, err := tx.tx.Query(`SELECT key, address, outcome, at, detail, tries, next, owner, lease FROM delivery WHERE key = $1 ORDER BY address`, key)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var all []Delivery
	for rows.Next() {
		d, _, _, err := scanDelivery(rows)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		all = append(all, d)
	}
	return all, rows.Err()
}
