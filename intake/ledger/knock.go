package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// The servers that may turn us away, as the ledger's marks name them.
const (
	KnockMailbox = "mailbox_knock"
	KnockSMTP    = "smtp_knock"
)

// Knock is how often a server has turned us away on end, what it said, and
// until when it is left alone. It is kept in the ledger and not in a process:
// a password tried anew by every `once` from cron gets an account locked.
type Knock struct {
	Until time.Time `json:"until"`
	Times int       `json:"times"`
	Text  string    `json:"text"`
}

// Knock is what is known of a server; zero if it let us in last time.
func (tx *Tx) Knock(server string) (k Knock, err error) {
	text, err := tx.Marked(server)
	if err != nil || text == "" {
		return k, err
	}
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return Knock{}, fmt.Errorf("ledger: mark %s: %w", server, err)
	}
	return k, nil
}

// TurnedAway notes that a server did: it is left alone for 1, 2, 4 … minutes,
// and for most at most.
func (tx *Tx) TurnedAway(server, text string, most time.Duration) error {
	k, err := tx.Knock(server)
	if err != nil {
		return err
	}
	k = Knock{Until: tx.now.Add(min(most, time.Minute<<min(k.Times, 10))).UTC(), Times: k.Times + 1, Text: text}
	b, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Mark(server, string(b))
}

// LetIn forgets that a server turned us away.
func (tx *Tx) LetIn(server string) error {
	if was, err := tx.Marked(server); err != nil || was == "" {
		return err
	}
	return tx.Mark(server, "")
}
