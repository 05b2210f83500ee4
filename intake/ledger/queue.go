package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Queue is every letter, without its token, subject and hash, and which letter
// answers each mail. It is found by what is asked for: nobody has to go through a
// year of letters to write one. A digest's numbered lines are left out too.
type Queue struct {
	Answers map[string]string // name of a mail → key
	// Open are the ids of mails that want an answer and that no letter answers,
	// and perhaps of some that want none.
	Open map[string]bool
	// Returned counts the times that a letter which stood has been taken back
	// since this process asked first; 0 to who only reads, whom nobody counts for.
	Returned int

	letters  map[string]*Letter      // by key
	ofKind   map[[2]string][]*Letter // by unit, "" of those that are no unit's, and kind
	kinds    map[string]bool
	recalled []*Letter
	posted   []*Letter // in the order of posting
}

// Letter is the letter with the key; nil if there is none.
func (q Queue) Letter(key string) *Letter { return q.letters[key] }

// OfUnit are the letters of a unit, in no order, of these kinds or of all; of
// "" those of no unit.
func (q Queue) OfUnit(unit string, kinds ...string) iter.Seq[*Letter] {
	return func(yield func(*Letter) bool) {
		each := slices.Values(kinds)
		if len(kinds) == 0 {
			each = maps.Keys(q.kinds)
		}
		for kind := range each {
			for _, l := range q.ofKind[[2]string{unit, kind}] {
				if !yield(l) {
					return
				}
			}
		}
	}
}

// Recalled are the letters that were found sent, in no order.
func (q Queue) Recalled() iter.Seq[*Letter] { return slices.Values(q.recalled) }

// All are the letters in no order.
func (q Queue) All() iter.Seq[*Letter] { return slices.Values(q.posted) }

// Since are the letters posted after an instant, in the order of posting.
func (q Queue) Since(t time.Time) iter.Seq[*Letter] { return slices.Values(q.posted[q.after(t):]) }

// after is the place of the first letter posted after an instant.
func (q Queue) after(t time.Time) int {
	i, _ := slices.BinarySearchFunc(q.posted, t, func(l *Letter, t time.Time) int {
		if l.Posted.After(t) {
			return 1
		}
		return -1
	})
	return i
}

// queue is what a write transaction last read, and what this process has
// touched since. Only write transactions use it, and there is one at a time, on
// the one connection.
type queue struct {
	Queue
	// version is SQLite's count of commits by others (PRAGMA data_version), as
	// that connection sees it; 0: nothing was read yet.
	version int64
	seq     int64           // of the last fact when it was read
	mails   int             // of the facts, that Open has been asked about
	touched map[string]bool // keys of letters
}

// Queue returns the letters as this transaction sees them. It is asked at every
// poll and before every delivery, so it reads only what has changed: the
// letters that this process touched, and those that another has. What it
// returns holds until it is asked again: read it only.
func (tx *Tx) Queue() (Queue, error) {
	if !tx.writes {
		q, err := tx.wholeQueue()
		if err != nil {
			return q, err
		}
		f, err := tx.Facts()
		q.open(f.Mails)
		return q, err
	}
	q := &tx.ledger.queue
	var version, seq int64
	if err := tx.tx.QueryRow(`PRAGMA data_version`).Scan(&version); err != nil {
		return Queue{}, fmt.Errorf("ledger: %w", err)
	}
	if err := tx.tx.QueryRow(`SELECT COALESCE(MAX(seq), 0) FROM fact`).Scan(&seq); err != nil {
		return Queue{}, fmt.Errorf("ledger: %w", err)
	}
	keys := q.touched
	var err error
	switch {
	case q.version == 0 || seq < q.seq:
		returned := q.Returned
		q.Queue, err = tx.wholeQueue()
		q.Returned = returned + 1 // nobody knows what was
		keys, q.mails = nil, 0
	case q.version != version:
		keys, err = tx.touchedByOthers(q.seq, q.touched)
	}
	for key := range keys {
		if err == nil {
			err = tx.mend(&q.Queue, key)
		}
	}
	var facts standing.Facts
	if err == nil {
		facts, err = tx.Facts()
	}
	if err != nil {
		q.version = 0 // half of it may be mended
		return Queue{}, err
	}
	q.open(facts.Mails[min(q.mails, len(facts.Mails)):])
	// What this transaction itself did may be rolled back: then what it touched
	// is read again, and others may add other facts in the place of its own.
	q.version = version
	if !tx.added {
		q.seq, q.mails = seq, len(facts.Mails)
	}
	if !tx.touched {
		q.touched = nil
	}
	return q.Queue, nil
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

// touchedByOthers adds the letters that another process may have changed since
// the fact: what it posted, withdrew and settled is in its facts, and what it
// has begun is open.
func (tx *Tx) touchedByOthers(seq int64, ours map[string]bool) (map[string]bool, error) {
	rows, err := tx.tx.Query(`SELECT subject FROM fact WHERE seq > $1 AND kind IN ('letter', 'skipped', 'delivery')
		UNION SELECT key FROM delivery WHERE outcome IN ('waiting', 'trouble', 'unknown')`, seq)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	keys := map[string]bool{}
	for key := range ours {
		keys[key] = true
	}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		keys[key] = true
	}
	return keys, rows.Err()
}

func (tx *Tx) wholeQueue() (Queue, error) {
	letters, err := tx.Letters("")
	if err != nil {
		return Queue{}, err
	}
	q := Queue{letters: make(map[string]*Letter, len(letters)), Open: map[string]bool{}, ofKind: map[[2]string][]*Letter{}, kinds: map[string]bool{}, posted: make([]*Letter, 0, len(letters))}
	for _, l := range letters {
		l.slim()
		q.add(&l)
	}
	q.Answers, err = tx.Answered()
	return q, err
}

// open notes which of the mails want an answer that no letter gives.
func (q *Queue) open(mails []*finding.Verdict) {
	for _, m := range mails {
		if m.Reply != "" && m.Reply != finding.ReplyNone && !q.answered(m.ID) {
			q.Open[m.ID] = true
		}
	}
}

// answered reports whether a letter answers the mail. One that an older program
// withdrew has left its mark, and answers nothing.
func (q *Queue) answered(id string) bool {
	l := q.letters[q.Answers[id]]
	return l != nil && !l.Moot()
}

// slim leaves away what only a letter that is sent needs, and has what is left
// share its words.
func (l *Letter) slim() {
	l.Token, l.SHA256, l.Subject = "", "", ""
	if l.Unit == "" {
		l.Choices = nil // a year of digests has more of them than all else together
	}
	words(&l.Kind, &l.Unit, &l.Reason, &l.Withdrawn, &l.Extra)
	exact(&l.To)
	exact(&l.Answers)
	exact(&l.Choices)
	exact(&l.Deliveries)
	for i := range l.To {
		words(&l.To[i])
	}
	for i := range l.Deliveries {
		d := &l.Deliveries[i]
		d.Key = l.Key
		words(&d.Address, &d.Outcome, &d.Detail)
	}
}

func (q *Queue) add(l *Letter) {
	q.letters[l.Key] = l
	of := [2]string{l.Unit, l.Kind}
	q.ofKind[of], q.kinds[l.Kind] = append(q.ofKind[of], l), true
	q.posted = slices.Insert(q.posted, q.after(l.Posted), l)
	if l.Reason == ReasonRecalled {
		q.recalled = append(q.recalled, l)
	}
}

func (q *Queue) remove(l *Letter) {
	is := func(x *Letter) bool { return x == l }
	delete(q.letters, l.Key)
	of := [2]string{l.Unit, l.Kind}
	q.ofKind[of] = slices.DeleteFunc(q.ofKind[of], is)
	q.posted = slices.DeleteFunc(q.posted, is)
	q.recalled = slices.DeleteFunc(q.recalled, is)
}

// mend reads the letter with the key again.
func (tx *Tx) mend(q *Queue, key string) error {
	had := q.letters[key]
	l, err := scanLetter(tx.tx.QueryRow(`SELECT `+letterColumns+` FROM letter WHERE key = $1`, key))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		l = &Letter{} // rolled back
	case err != nil:
		return fmt.Errorf("ledger: %w", err)
	default:
		if l.Deliveries, err = tx.deliveries(key); err != nil {
			return err
		}
		l.slim()
	}
	var concerned []string
	// What a letter answers is not read off the letter: one that was withdrawn
	// answers nothing any more, and another may by now.
	if had != nil {
		concerned = append(concerned, had.Answers...)
		for _, arrival := range had.Answers {
			if q.Answers[arrival] == key {
				delete(q.Answers, arrival)
			}
		}
	}
	if len(l.Answers) > 0 {
		arrivals, err := tx.answeredBy(key)
		if err != nil {
			return err
		}
		concerned = append(concerned, arrivals...)
		for _, arrival := range arrivals {
			q.Answers[arrival] = key
		}
	}
	defer func() {
		for _, id := range concerned {
			if q.answered(id) {
				delete(q.Open, id)
			} else if !strings.Contains(id, "+") {
				q.Open[id] = true
			}
		}
	}()
	if had != nil && !had.Moot() && (l.Key == "" || l.Moot()) {
		q.Returned++
	}
	switch {
	case had != nil && l.Key != "" && had.Unit == l.Unit && had.Kind == l.Kind && had.Reason == l.Reason && had.Posted.Equal(l.Posted):
		*had = *l
	case had != nil:
		q.remove(had) // posted anew after it was moot, or recalled
		fallthrough
	default:
		if l.Key != "" {
			q.add(l)
		}
	}
	return nil
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
