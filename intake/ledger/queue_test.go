package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// fresh is what Queue should say: everything, read anew.
func (tx *Tx) fresh(t testing.TB) contents {
	t.Helper()
	q, err := tx.wholeQueue()
	if err != nil {
		t.Fatal(err)
	}
	f, err := tx.Facts()
	if err != nil {
		t.Fatal(err)
	}
	c := q.contents(t, f)
	for _, m := range f.Mails {
		if l := c.letters[q.Answers[m.ID]]; m.Reply == finding.ReplyReceipt && (l.Key == "" || l.Moot()) {
			c.open = append(c.open, m.ID)
		}
	}
	return c
}

// contents is all that a queue says, by each way to ask it.
type contents struct {
	answers map[string]string
	letters map[string]Letter
	open    []string // of the mails that want an answer
}

func (q Queue) contents(t testing.TB, f standing.Facts) contents {
	t.Helper()
	c := contents{answers: maps.Clone(q.Answers), letters: map[string]Letter{}}
	for _, m := range f.Mails {
		if q.Open[m.ID] && m.Reply == finding.ReplyReceipt {
			c.open = append(c.open, m.ID)
		}
	}
	units := map[string]bool{}
	for l := range q.All() {
		c.letters[l.Key] = *l
		units[l.Unit] = true
		if q.Letter(l.Key) != l || !slices.Contains(slices.Collect(q.OfUnit(l.Unit, l.Kind)), l) || !slices.Contains(slices.Collect(q.Since(l.Posted.Add(-time.Second))), l) {
			t.Errorf("%s is not found by every way", l.Key)
		}
	}
	of := 0
	for unit := range units {
		of += len(slices.Collect(q.OfUnit(unit)))
	}
	if len(q.letters) != len(c.letters) || of != len(c.letters) {
		t.Errorf("%d letters in all, %d by key, %d by unit", len(c.letters), len(q.letters), of)
	}
	return c
}

// Whatever is done to the letters, by this process or another, committed or
// rolled back, before or within the transaction that asks: Queue says what the
// tables say, and what it said stays as it was until it is asked again.
func TestQueueSaysWhatTheTablesSay(t *testing.T) {
	dir := t.TempDir()
	ledgers := []*Ledger{open(t, dir), open(t, dir)}
	now := time.Date(2022, 10, 4, 7, 30, 0, 0, time.UTC)
	draw := rand.New(rand.NewPCG(7, 7))
	rollback := errors.New("rolled back")
	letters, mails := 0, 0
	// change does one thing to the letters.
	change := func(tx *Tx) error {
		switch draw.IntN(5) {
		case 4:
			mails++
			v := &finding.Verdict{ID: fmt.Sprintf("mail-%d", draw.IntN(60)), Reply: []string{finding.ReplyReceipt, finding.ReplyNone}[draw.IntN(2)], Verdict: finding.Filed}
			if _, err := tx.Keep(Arrival{ID: v.ID, SHA256: v.ID, Received: now}, nil); err != nil {
				return err
			}
			_, err := tx.Judge(v)
			return err
		case 0:
			letters++
			l := letter(fmt.Sprintf("receipt/%d", letters), fmt.Sprintf("mail-%d", draw.IntN(60)))
			_, err := tx.Post(l, []string{"a@unit.example", "b@unit.example"})
			return err
		case 1:
			letters++
			return tx.Skip(letter(fmt.Sprintf("remind/%d", letters)))
		}
		l, d, _, err := tx.ClaimDelivery(Turn{})
		if err != nil || d == nil {
			return err
		}
		switch draw.IntN(4) {
		case 0:
			return tx.Withdraw(l, "complete")
		case 1:
			return tx.Postpone(d, now.Add(time.Hour))
		case 2:
			return tx.Sending(d, "sha", "subject", time.Time{})
		}
		return tx.Settle(l, d, Accepted, "", time.Time{})
	}
	for i := range 300 {
		l := ledgers[draw.IntN(2)]
		now = now.Add(time.Minute)
		err := l.Write(context.Background(), now, func(tx *Tx) error {
			for step := range 3 {
				got, err := tx.Queue()
				if err != nil {
					return err
				}
				want := tx.fresh(t)
				f, err := tx.Facts()
				if err != nil {
					return err
				}
				if got := got.contents(t, f); !reflect.DeepEqual(got, want) {
					t.Fatalf("round %d, step %d: the queue differs from the tables\n got %v\nwant %v", i, step, got, want)
				}
				if err := change(tx); err != nil {
					return err
				}
				if got := got.contents(t, f); !reflect.DeepEqual(got, want) {
					t.Fatalf("round %d: what was lent out has changed", i)
				}
			}
			if draw.IntN(3) == 0 {
				return rollback
			}
			return nil
		})
		if err != nil && !errors.Is(err, rollback) {
			t.Fatal(err)
		}
		err = l.Read(context.Background(), func(tx *Tx) error {
			got, err := tx.Queue()
			if err != nil {
				return err
			}
			f, err := tx.Facts()
			if want := tx.fresh(t); err == nil && !reflect.DeepEqual(got.contents(t, f), want) {
				t.Fatalf("round %d: a reader sees another queue", i)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if letters < 100 || mails < 100 {
		t.Errorf("only %d letters were posted, %d mails judged", letters, mails)
	}
}

// Asking again costs nothing that grows with the letters.
func BenchmarkQueueUnchanged(b *testing.B) {
	l := open(b, b.TempDir())
	now := time.Date(2022, 10, 4, 7, 30, 0, 0, time.UTC)
	err := l.Write(context.Background(), now, func(tx *Tx) error {
		for i := range 600 {
			if _, err := tx.Post(letter(fmt.Sprintf("receipt/%d", i)), []string{"a@unit.example"}); err != nil {
				return err
			}
		}
		return nil
	})
	for b.Loop() && err == nil {
		err = l.Write(context.Background(), now, func(tx *Tx) error {
			_, err := tx.Queue()
			return err
		})
	}
	if err != nil {
		b.Fatal(err)
	}
}

// A year of digests with their lines would be most of what a program holds.
func TestTheQueueKeepsTheLinesOfUnitsLettersOnly(t *testing.T) {
	l := open(t, t.TempDir())
	now := time.Date(2022, 10, 4, 7, 30, 0, 0, time.UTC)
	lines := []standing.Choice{{Number: 1, Text: "một việc"}}
	err := l.Write(context.Background(), now, func(tx *Tx) error {
		for _, unit := range []string{"", "HU-BATO"} {
			x := letter("digest/" + unit)
			x.Unit = unit
			if _, err := tx.Post(x, []string{"a@unit.example"}); err != nil {
				return err
			}
			if err := tx.Numbered(&x, lines); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = l.Read(context.Background(), func(tx *Tx) error {
		q, err := tx.Queue()
		if err != nil {
			return err
		}
		if got := q.Letter("digest/").Choices; got != nil {
			t.Errorf("the desk's letter keeps %v", got)
		}
		if got := q.Letter("digest/HU-BATO").Choices; !reflect.DeepEqual(got, lines) {
			t.Errorf("the unit's letter keeps %v", got)
		}
		whole, err := tx.Letter("digest/")
		if err == nil && !reflect.DeepEqual(whole.Choices, lines) {
			t.Errorf("the ledger has %v", whole.Choices)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
