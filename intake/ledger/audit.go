package ledger

import (
	"fmt"
	"time"

	"dondoc/schedule/standing"
)

// Reread returns all facts as they stand in the ledger now, and nothing of what
// is remembered of them: somebody may have changed them since.
func (tx *Tx) Reread() (standing.Facts, []Entry, error) {
	p, err := tx.decode(past{})
	if err != nil {
		return p.facts, nil, err
	}
	entries, err := tx.Entries()
	return p.facts, entries, err
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

// Link is a fact's place in the chain.
type Link struct {
	Seq     int64
	At      time.Time
	Kind    string
	Subject string
	Prev    string // the hash of the fact before, "" for the first
	Hash    string // over Prev and all that the fact says
}

// Links are the places of the facts of a kind about a subject, and the end of
// the chain: a hash that holds for all that was recorded up to it.
func (tx *Tx) Links(kind, subject string) (links []Link, end Link, err error) {
	read := func(query string, args ...any) (all []Link, err error) {
		rows, err := tx.tx.Query(`SELECT seq, at, kind, subject, prev, hash FROM fact `+query, args...)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var l Link
			var when int64
			if err := rows.Scan(&l.Seq, &when, &l.Kind, &l.Subject, &l.Prev, &l.Hash); err != nil {
				return nil, fmt.Errorf("ledger: %w", err)
			}
			l.At = at(when)
			all = append(all, l)
		}
		return all, rows.Err()
	}
	if links, err = read(`WHERE kind = $1 AND subject = $2 ORDER BY seq`, kind, subject); err != nil {
		return nil, Link{}, err
	}
	last, err := read(`ORDER BY seq DESC LIMIT 1`)
	if err == nil && len(last) == 1 {
		end = last[0]
	}
	return links, end, err
}
