package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dondoc/schedule/standing"
)

// Copy is a letter that somebody has, and that the mailbox's folder for sent
// mail does not show yet.
type Copy struct {
	Key      string
	SHA256   string    // of its bytes, in the archive
	Accepted time.Time // when the mail server first took it
	Tries    int       // copies that failed
}

// givenUp stands for the time of a copy that will not be made.
const givenUp = -1

// Uncopied counts the letters whose copy ClaimCopies would give to somebody.
func (l *Ledger) Uncopied(now, accepted time.Time) (n int, err error) {
	err = l.look.QueryRow(`SELECT COUNT(*) FROM letter l LEFT JOIN copy c ON c.key = l.key
		WHERE l.copied = 0 AND l.sha256 <> '' AND COALESCE(c.next, 0) <= $1
		AND EXISTS (SELECT 1 FROM delivery d WHERE d.key = l.key AND d.outcome = 'accepted' AND (d.at <= $2 OR d.at > $3))`, ms(now), ms(accepted), ms(now.Add(Slack))).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("ledger: %w", err)
	}
	return n, nil
}

// ClaimCopies takes, for this process, letters whose copy is due and that the
// mail server had taken by the time accepted, or at one that has not been yet by
// a clock that was put right since, those that never failed first: most at most.
func (tx *Tx) ClaimCopies(accepted time.Time, most int) ([]Copy, error) {
	// The letters come first, by the index of those without a copy: of the
	// deliveries nearly all are of letters that have theirs.
	rows, err := tx.tx.Query(`SELECT key, sha256, taken, tries, owner, lease FROM (
			SELECT l.key, l.sha256, (SELECT MIN(d.at) FROM delivery d WHERE d.key = l.key AND d.outcome = 'accepted') AS taken,
				COALESCE(c.tries, 0) AS tries, COALESCE(c.owner, '') AS owner, COALESCE(c.lease, 0) AS lease
			FROM letter l LEFT JOIN copy c ON c.key = l.key
			WHERE l.copied = 0 AND l.sha256 <> '' AND COALESCE(c.next, 0) <= $1) AS uncopied
		WHERE taken <= $2 OR taken > $3 ORDER BY tries, taken, key`, ms(tx.now), ms(accepted), ms(tx.now.Add(Slack)))
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var claimed []Copy
	for rows.Next() && len(claimed) < most {
		var c Copy
		var when, lease int64
		var by string
		if err := rows.Scan(&c.Key, &c.SHA256, &when, &c.Tries, &by, &lease); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		c.Accepted = at(when)
		if by == "" || tx.free(by, lease) {
			claimed = append(claimed, c)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	rows.Close()
	for _, c := range claimed {
		_, err := tx.tx.Exec(`INSERT INTO copy (key, tries, next, detail, owner, lease) VALUES ($1, 0, 0, '', $2, $3)
			ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, lease = excluded.lease`, c.Key, tx.ledger.owner.name, ms(tx.now)+leaseMillis)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
	}
	return claimed, nil
}

// Copied records that the folder has the letter, whoever put it there.
func (tx *Tx) Copied(key string) error {
	return tx.settleCopy(key, ms(tx.now), `DELETE FROM copy WHERE key = $1`, key)
}

// CopyFailed gives a claimed copy back, to be tried again from next on. Without
// next it never will be.
func (tx *Tx) CopyFailed(key, detail string, next time.Time) error {
	copied := int64(0)
	if next.IsZero() {
		copied = givenUp
	}
	return tx.settleCopy(key, copied, `UPDATE copy SET tries = tries + 1, next = $1, detail = $2, owner = '', lease = 0 WHERE key = $3`, ms(next), detail, key)
}

func (tx *Tx) settleCopy(key string, copied int64, settle string, args ...any) error {
	tx.touch(key)
	if _, err := tx.tx.Exec(`UPDATE letter SET copied = $1 WHERE key = $2`, copied, key); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if _, err := tx.tx.Exec(settle, args...); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// LeaveCopy gives a claimed copy back as it was: it was not tried.
func (tx *Tx) LeaveCopy(key string) error {
	if _, err := tx.tx.Exec(`UPDATE copy SET owner = '', lease = 0 WHERE key = $1`, key); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// NoCopies returns why the copies that will not be made are not, by key.
func (tx *Tx) NoCopies() (map[string]string, error) {
	rows, err := tx.tx.Query(`SELECT l.key, c.detail FROM letter l JOIN copy c ON c.key = l.key WHERE l.copied = $1`, int64(givenUp))
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	why := map[string]string{}
	for rows.Next() {
		var key, detail string
		if err := rows.Scan(&key, &detail); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		why[key] = detail
	}
	return why, rows.Err()
}

// replyKept is how long a message sent by hand waits for the mail that it
// names: that is in the mailbox already, but may be in a folder that could not
// be read, or without a verdict. Most name mail that is no concern of ours.
const replyKept = 14 * 24 * time.Hour

// Reply is a message sent by hand, and arrivals that its thread names.
type Reply struct {
	standing.ByHand
	Named []string // ids of arrivals with a verdict
}

// FoundReply remembers a message sent by hand, known by name, and the
// Message-IDs that its thread names.
func (tx *Tx) FoundReply(name string, h standing.ByHand, refs []string) error {
	body, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	for _, ref := range refs {
		_, err := tx.tx.Exec(`INSERT INTO byhand (ref, name, seen, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, ref, name, ms(tx.now), string(body))
		if err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	if _, err := tx.tx.Exec(`DELETE FROM byhand WHERE seen < $1`, ms(tx.now.Add(-replyKept))); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Replies returns the messages sent by hand whose thread names an arrival that
// has its verdict, in the order in which they were sent.
func (tx *Tx) Replies() ([]Reply, error) {
	// CROSS JOIN: SQLite keeps the order. The messages are few, the mails are not.
	rows, err := tx.tx.Query(`SELECT b.name, b.body, a.id FROM byhand b CROSS JOIN arrival a WHERE a.message_id = b.ref AND a.verdict <> '' ORDER BY b.name, a.received, a.id`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var all []Reply
	last := ""
	for rows.Next() {
		var name, body, id string
		if err := rows.Scan(&name, &body, &id); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		if len(all) == 0 || name != last {
			var r Reply
			if err := json.Unmarshal([]byte(body), &r.ByHand); err != nil {
				return nil, fmt.Errorf("ledger: %w", err)
			}
			all, last = append(all, r), name
		}
		if r := &all[len(all)-1]; !slices.Contains(r.Named, id) {
			r.Named = append(r.Named, id)
		}
	}
	slices.SortStableFunc(all, func(a, b Reply) int { return a.At.Compare(b.At) })
	return all, rows.Err()
}
