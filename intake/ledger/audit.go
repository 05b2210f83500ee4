package ledger

import (
	"fmt"

	"dondoc/schedule/standing"
)

// Reread returns all facts as they stand in the ledger now, and nothing of what
// is remembered of them: somebody may have changed them since.
func (tx *Tx) Reread() (standing.Facts, []Entry, error) {
	p, err := tx.decode(past{})
	return p.facts, p.notes, err
}

// Verdicts returns the verdict of every arrival, "" of those that wait for
// one, so that verify can hold the rows against the facts.
func (tx *Tx) Verdicts() (map[string]string, error) {
	rows, err := tx.tx.Query(`SELECT id, verdict FROM arrival`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var id, verdict string
		if err := rows.Scan(&id, &verdict); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		all[id] = verdict
	}
	return all, rows.Err()
}
