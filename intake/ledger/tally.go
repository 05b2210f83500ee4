package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// Tally is what a table of all units says of the letters posted by an instant.
// It is counted where they are kept: of ten thousand units nobody reads every
// letter for it.
type Tally struct {
	Reminded    map[string][]string // the steps whose reminder reached the unit, in order
	Undelivered int                 // deliveries that no server has taken
}

// Tally counts the letters posted by now; remind is the kind of reminders.
func (tx *Tx) Tally(now time.Time, remind string) (t Tally, err error) {
	t.Reminded = map[string][]string{}
	err = tx.tx.QueryRow(`SELECT COUNT(*) FROM delivery d JOIN letter l ON l.key = d.key WHERE l.posted <= $1 AND d.outcome <> 'accepted'`, ms(now)).Scan(&t.Undelivered)
	if err != nil {
		return t, fmt.Errorf("ledger: %w", err)
	}
	rows, err := tx.tx.Query(`SELECT unit, body FROM letter WHERE kind = $1 AND posted <= $2
		AND EXISTS (SELECT 1 FROM delivery d WHERE d.key = letter.key AND d.outcome = 'accepted') ORDER BY posted, key`, remind, ms(now))
	if err != nil {
		return t, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var unit, body string
		if err := rows.Scan(&unit, &body); err != nil {
			return t, fmt.Errorf("ledger: %w", err)
		}
		var e extra
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return t, fmt.Errorf("ledger: %w", err)
		}
		t.Reminded[unit] = append(t.Reminded[unit], e.Extra)
	}
	return t, rows.Err()
}
