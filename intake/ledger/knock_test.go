package ledger

import (
	"testing"
	"time"
)

func TestKnock(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		sentence string
		does     func(*Tx) error
		until    time.Duration // after noon; 0: it is open
	}{
		{"nobody was turned away yet", func(tx *Tx) error { return tx.LetIn(KnockSMTP) }, 0},
		{"the first time a minute", func(tx *Tx) error { return tx.TurnedAway(KnockSMTP, "no", time.Hour) }, time.Minute},
		{"another process knows it, and waits twice as long", func(tx *Tx) error { return tx.TurnedAway(KnockSMTP, "no", time.Hour) }, 2 * time.Minute},
		{"another server is another matter", func(tx *Tx) error { return tx.LetIn(KnockMailbox) }, 2 * time.Minute},
		{"longer and longer, up to a limit", func(tx *Tx) error {
			for range 99 {
				if err := tx.TurnedAway(KnockSMTP, "no", time.Hour); err != nil {
					return err
				}
			}
			return nil
		}, time.Hour},
		{"once let in, all is forgotten", func(tx *Tx) error { return tx.LetIn(KnockSMTP) }, 0},
		{"and begins anew", func(tx *Tx) error { return tx.TurnedAway(KnockSMTP, "no", time.Hour) }, time.Minute},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			l := open(t, dir)
			defer l.Close()
			l.must(t, row.does)
			var k Knock
			l.must(t, func(tx *Tx) (err error) { k, err = tx.Knock(KnockSMTP); return err })
			if row.until == 0 && k != (Knock{}) || row.until != 0 && (!k.Until.Equal(noon.Add(row.until)) || k.Text != "no") {
				t.Errorf("%+v", k)
			}
		})
	}
}
