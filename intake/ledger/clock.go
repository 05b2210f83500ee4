package ledger

import (
	"fmt"
	"time"
)

// What a clock recorded that was wrong, and was put right since, lies in the
// future. It has happened all the same: what was said is said. But nobody knows
// when, so it never counts as "just now", and no wait is reckoned from it.
//
// Slack is by how much the clocks of processes may differ.
const Slack = time.Minute

// markClock is the latest that the clock has shown: RFC 3339.
const markClock = "clock"

// Reckon notes what the clock shows. Where it shows much less than it did, what
// waits for an instant is due now: waits that another clock reckoned mean
// nothing, and whatever still has to wait is put off again when it is looked at.
// That the clock was set back is a fact (standing.Facts.Present).
func (tx *Tx) Reckon() error {
	text, err := tx.Marked(markClock)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	last, _ := time.Parse(time.RFC3339Nano, text)
	switch since := tx.now.Sub(last); {
	case since < -Pause:
		if err := tx.Append(FactClock, "", SetBack{From: last.UTC()}); err != nil {
			return err
		}
		for _, wait := range []string{
			`UPDATE delivery SET next = $1 WHERE next > $1 AND next < $2 AND outcome IN ('waiting', 'trouble', 'unknown')`,
			`UPDATE copy SET next = $1 WHERE next > $1 AND next < $2`,
		} {
			if _, err := tx.tx.Exec(wait, ms(tx.now), Never.UnixMilli()); err != nil {
				return fmt.Errorf("ledger: %w", err)
			}
		}
	case since < Slack:
		return nil // a write saved
	}
	return tx.Mark(markClock, tx.now.UTC().Format(time.RFC3339Nano))
}

// Never is later than any campaign: what waits for it is not tried again.
var Never = time.UnixMilli(1 << 50)
