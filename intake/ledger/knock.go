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
	Since time.Time `json:"since,omitzero"` // the first refusal; zero: an older program did not say
	Until time.Time `json:"until"`
	Times int       `json:"times"`
	Text  string    `json:"text"`
}

// longest is how long any server is left alone at most.
const longest = time.Hour

// Closed reports whether the server is left alone at now. A longer wait than
// any is one that a clock reckoned which was put right since.
func (k Knock) Closed(now time.Time) bool {
	return now.Before(k.Until) && k.Until.Sub(now) <= longest
}

// Outage is the last time that a server turned us away for longer than a
// hiccup.
type Outage struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"` // when it let us in again
	Text  string    `json:"text"`
}

// hiccup is how long a server may be away without anybody asking why.
const hiccup = 15 * time.Minute

// outage names the mark that remembers the last one of a server.
func outage(server string) string { return server + "_outage" }

// Outage is the last outage of a server that is over; zero if there was none.
func (tx *Tx) Outage(server string) (o Outage, err error) {
	text, err := tx.Marked(outage(server))
	if err != nil || text == "" {
		return o, err
	}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return Outage{}, fmt.Errorf("ledger: mark %s: %w", outage(server), err)
	}
	return o, nil
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
// and for most at most, which is no more than an hour.
func (tx *Tx) TurnedAway(server, text string, most time.Duration) error {
	k, err := tx.Knock(server)
	if err != nil {
		return err
	}
	since := k.Since
	if since.IsZero() || since.After(tx.now.Add(Slack)) {
		since = tx.now.UTC()
	}
	k = Knock{Since: since, Until: tx.now.Add(min(most, longest, time.Minute<<min(k.Times, 10))).UTC(), Times: k.Times + 1, Text: text}
	b, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Mark(server, string(b))
}

// LetIn forgets that a server turned us away. What took longer than a hiccup
// is remembered as its last outage: nobody could be told of it by mail.
func (tx *Tx) LetIn(server string) error {
	k, err := tx.Knock(server)
	if err != nil || k.Times == 0 {
		return err
	}
	if !k.Since.IsZero() && tx.now.Sub(k.Since) > hiccup {
		b, err := json.Marshal(Outage{Since: k.Since, Until: tx.now.UTC(), Text: k.Text})
		if err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
		if err := tx.Mark(outage(server), string(b)); err != nil {
			return err
		}
	}
	return tx.Mark(server, "")
}
