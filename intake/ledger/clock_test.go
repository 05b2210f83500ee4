package ledger

import (
	"testing"
	"time"

	"dondoc/schedule/standing"
)

// A clock that was wrong, and was put right, leaves waits and dates behind.
func TestAfterAClockWasWrong(t *testing.T) {
	wrong := noon.AddDate(1, 0, 0)
	for _, c := range []struct {
		sentence string
		right    time.Time // what it shows afterwards
		did      func(tx *Tx) error
		holds    func(tx *Tx) (bool, error)
	}{
		{"a delivery that was put off is due", noon, func(tx *Tx) error { return tx.putOff(wrong.Add(time.Hour)) }, due},
		{"also by a clock that was wrong by an hour", wrong.Add(-time.Hour), func(tx *Tx) error { return tx.putOff(wrong.Add(time.Minute)) }, due},
		{"one that was given up is not", noon, func(tx *Tx) error { return tx.putOff(Never) }, not(due)},
		{"minutes by which clocks differ end no wait", wrong.Add(-5 * time.Minute), func(tx *Tx) error { return tx.putOff(wrong.Add(time.Hour)) }, not(due)},
		{"nor does time that passes", wrong.Add(30 * time.Minute), func(tx *Tx) error { return tx.putOff(wrong.Add(time.Hour)) }, not(due)},
		{"what was accepted then gets its copy", noon, func(tx *Tx) error { return tx.accept() }, uncopied},
		{"and a copy that failed is tried again", noon, func(tx *Tx) error {
			if err := tx.accept(); err != nil {
				return err
			}
			if _, err := tx.ClaimCopies(tx.now, 1); err != nil {
				return err
			}
			return tx.CopyFailed("a/x", "no room", wrong.Add(time.Hour))
		}, uncopied},
		{"an attempt of then is none of today", noon, func(tx *Tx) error { return tx.accept() }, func(tx *Tx) (bool, error) {
			n, err := tx.Attempts(tx.now.Add(-24 * time.Hour))
			return n == 0, err
		}},
		{"that it was set back is a fact", noon, func(tx *Tx) error {
			return tx.Append(FactDecision, "d-1", standing.Decision{ID: "d-1", At: tx.now})
		}, func(tx *Tx) (bool, error) {
			f, err := tx.Facts()
			return len(f.SetBack) == 1 && f.SetBack[0] == standing.SetBack{To: noon.UTC(), Decisions: 1} && f.Present(tx.now).Decisions[0].At.Equal(noon), err
		}},
		{"and that it differs by minutes is none", wrong.Add(-5 * time.Minute), func(tx *Tx) error { return nil }, func(tx *Tx) (bool, error) {
			f, err := tx.Facts()
			return len(f.SetBack) == 0, err
		}},
		{"a server that turned us away is open", noon, func(tx *Tx) error { return tx.TurnedAway(KnockSMTP, "no", time.Hour) }, func(tx *Tx) (bool, error) {
			k, err := tx.Knock(KnockSMTP)
			return !k.Closed(tx.now), err
		}},
		{"and if it does so again, it does since now", noon, func(tx *Tx) error { return tx.TurnedAway(KnockSMTP, "no", time.Hour) }, func(tx *Tx) (bool, error) {
			if err := tx.TurnedAway(KnockSMTP, "no", time.Hour); err != nil {
				return false, err
			}
			k, err := tx.Knock(KnockSMTP)
			return k.Closed(tx.now) && k.Since.Equal(tx.now), err
		}},
		{"a trouble that goes on began now", noon, func(tx *Tx) error { return tx.Met(IncidentDisk, "1") }, func(tx *Tx) (bool, error) {
			if err := tx.Met(IncidentDisk, "2"); err != nil {
				return false, err
			}
			i, err := tx.Incident(IncidentDisk)
			return i.Now() && i.Since.Equal(tx.now), err
		}},
		{"one that was gone then is gone now", noon, func(tx *Tx) error {
			if err := tx.Met(IncidentDisk, "1"); err != nil {
				return err
			}
			return tx.Unmet(IncidentDisk)
		}, func(tx *Tx) (bool, error) {
			if err := tx.Unmet(IncidentDisk); err != nil {
				return false, err
			}
			i, err := tx.Incident(IncidentDisk)
			return i.Well.Equal(tx.now), err
		}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			l := open(t, t.TempDir())
			post(t, l, letter("a/x"), "vanthu@a.example")
			do := func(now time.Time, fn func(tx *Tx) error) {
				t.Helper()
				for _, step := range []func(*Tx) error{(*Tx).Reckon, fn} {
					if err := l.Write(t.Context(), now, step); err != nil {
						t.Fatal(err)
					}
				}
			}
			do(wrong, func(tx *Tx) error { return c.did(tx) })
			do(c.right, func(tx *Tx) error {
				ok, err := c.holds(tx)
				if !ok {
					t.Error("it does not hold")
				}
				return err
			})
		})
	}
}

func (tx *Tx) putOff(next time.Time) error {
	return tx.Postpone(&Delivery{Key: "a/x", Address: "vanthu@a.example"}, next)
}

func (tx *Tx) accept() error {
	l, d, _, err := tx.ClaimDelivery(Turn{})
	if err != nil {
		return err
	}
	if err := tx.Sending(d, "sha-a/x", "Thư", tx.now); err != nil {
		return err
	}
	return tx.Settle(l, d, Accepted, "", time.Time{})
}

func due(tx *Tx) (bool, error) {
	n, err := tx.Due()
	return n == 1, err
}

func uncopied(tx *Tx) (bool, error) {
	n, err := tx.ledger.Uncopied(tx.now, tx.now)
	if err != nil || n != 1 {
		return false, err
	}
	claimed, err := tx.ClaimCopies(tx.now, 1)
	return len(claimed) == 1, err
}

func not(holds func(*Tx) (bool, error)) func(*Tx) (bool, error) {
	return func(tx *Tx) (bool, error) {
		ok, err := holds(tx)
		return !ok, err
	}
}
