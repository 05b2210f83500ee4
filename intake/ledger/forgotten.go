package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// Forgotten is what shows that the ledger is older than the world: it was
// restored from a copy. What was typed at the command line since is lost.
type Forgotten struct {
	Since   time.Time `json:"since"`   // the last that the ledger remembers of before
	Noticed time.Time `json:"noticed"` // when it was noticed
	Letters int       `json:"letters"` // of ours that had gone out, and that it did not know of or held for waiting
	Mails   int       `json:"mails"`   // that it had dealt with, and does not know
}

const markForgotten = "forgotten"

// oneRecovery is how long signs belong to one recovery.
const oneRecovery = 6 * time.Hour

// Forgot notes signs that the ledger is older than the world.
func (tx *Tx) Forgot(letters, mails int) error {
	f, err := tx.Forgotten()
	if err != nil {
		return err
	}
	if f.Noticed.IsZero() || tx.now.Sub(f.Noticed) >= oneRecovery || tx.now.Before(f.Noticed) {
		f = Forgotten{Noticed: tx.now}
		if f.Since, err = tx.lastLife(); err != nil {
			return err
		}
	}
	f.Letters, f.Mails = f.Letters+letters, f.Mails+mails
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Mark(markForgotten, string(text))
}

// Forgotten is the last time that the ledger was found to be older than the
// world; zero if it never was.
func (tx *Tx) Forgotten() (f Forgotten, err error) {
	text, err := tx.Marked(markForgotten)
	if err != nil || text == "" {
		return f, err
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return Forgotten{}, fmt.Errorf("ledger: mark %s: %w", markForgotten, err)
	}
	return f, nil
}

// markPause holds the last pause between two rounds: from, to.
const markPause = "pause"

// Pause is how long no round may have begun before the ledger is taken for one
// that may have been restored from a copy. Whatever it is, the first round
// afterwards asks the mailbox what was sent.
const Pause = 10 * time.Minute

// Begin notes that a round begins. paused: the one before was long ago, or has
// not happened by this clock yet.
func (tx *Tx) Begin() (paused bool, err error) {
	now := tx.now.UTC().Format(time.RFC3339Nano)
	last, err := tx.lastRound()
	if err != nil {
		return false, err
	}
	if pause := tx.now.Sub(last); !last.IsZero() && (pause >= Pause || pause < -Pause) {
		if err := tx.Mark(markPause, last.UTC().Format(time.RFC3339Nano)+" "+now); err != nil {
			return false, fmt.Errorf("ledger: %w", err)
		}
		paused = true
	}
	if !last.IsZero() && tx.now.Sub(last) < time.Minute && !tx.now.Before(last) {
		return false, nil // fine enough, and a write saved
	}
	return paused, tx.Mark(MarkRound, now)
}

func (tx *Tx) lastRound() (time.Time, error) {
	for _, name := range []string{MarkRound, MarkRead} {
		text, err := tx.Marked(name)
		if err != nil {
			return time.Time{}, fmt.Errorf("ledger: %w", err)
		}
		if last, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return last, nil
		}
	}
	return time.Time{}, nil
}

// lastLife is the last that the ledger remembers of before it was restored: the
// last round before the pause that has just ended, or its last fact.
func (tx *Tx) lastLife() (time.Time, error) {
	text, err := tx.Marked(markPause)
	if err != nil {
		return time.Time{}, fmt.Errorf("ledger: %w", err)
	}
	var from, to string
	fmt.Sscan(text, &from, &to)
	since, _ := time.Parse(time.RFC3339Nano, from)
	until, _ := time.Parse(time.RFC3339Nano, to)
	if !since.IsZero() && tx.now.Sub(until) < oneRecovery {
		return since, nil
	}
	var last int64
	if err := tx.tx.QueryRow(`SELECT COALESCE(MAX(at), 0) FROM fact`).Scan(&last); err != nil {
		return time.Time{}, fmt.Errorf("ledger: %w", err)
	}
	return at(last), nil
}

// Doubt is that the ledger may be older than the world, and that the folder for
// sent mail, which could tell, has not been looked through since. Letters wait
// for it; but from the moment at which the mailbox let us in and the folder
// alone could not be read (First) only for a while.
type Doubt struct {
	Stands bool
	First  time.Time
}

// Doubt returns the doubt that stands now.
func (tx *Tx) Doubt() (d Doubt, err error) {
	text, err := tx.Marked(MarkDoubt)
	if err != nil || text == "" {
		return d, err
	}
	d.Stands = true
	d.First, _ = time.Parse(time.RFC3339Nano, text)
	return d, nil
}
