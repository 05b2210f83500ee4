package ledger

import (
	"fmt"
	"testing"
	"time"
)

// TestTally: what is counted where letters are kept is what reading them all
// would give, now and at an earlier moment.
func TestTally(t *testing.T) {
	l := open(t, t.TempDir())
	settle := func(key, address, outcome string) {
		l.must(t, func(tx *Tx) error {
			a, err := tx.Letter(key)
			if err != nil {
				return err
			}
			return tx.Settle(a, &Delivery{Key: key, Address: address}, outcome, "", time.Time{})
		})
	}
	post(t, l, letter("invite/HU-A"), "a@x.example")
	settle("invite/HU-A", "a@x.example", Accepted)
	post(t, l, letter("remind/HU-A/T-3"), "a@x.example", "b@x.example")
	settle("remind/HU-A/T-3", "a@x.example", Accepted)
	settle("remind/HU-A/T-3", "b@x.example", Refused)
	post(t, l, letter("remind/HU-A/T-1"), "a@x.example")
	for _, c := range []struct {
		sentence string
		now      time.Time
		want     string
	}{
		{"a reminder counts once a server took it for anybody, a delivery until one did", noon.Add(time.Hour), "map[HU-A:[T-3]] 2"},
		{"of letters that were posted later nothing is known", noon.Add(-time.Hour), "map[] 0"},
	} {
		err := l.Read(t.Context(), func(tx *Tx) error {
			got, err := tx.Tally(c.now, "remind")
			if s := fmt.Sprint(got.Reminded, got.Undelivered); s != c.want {
				t.Errorf("%s: %s, want %s", c.sentence, s, c.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
