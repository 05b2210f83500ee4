package ledger

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/intake/finding"
)

func letter(key string, answers ...string) Letter {
	kind, _, _ := strings.Cut(key, "/")
	return Letter{Key: key, Kind: kind, Unit: "HU-A", Token: "t-" + key, MessageID: "dd.hu-a.t@bdv.example", Reason: "why",
		Due: noon, Answers: answers, To: []string{"vanthu@a.example"}, Extra: "T-3"}
}

func post(t testing.TB, l *Ledger, letter Letter, addresses ...string) bool {
	t.Helper()
	var fresh bool
	l.must(t, func(tx *Tx) (err error) { fresh, err = tx.Post(letter, addresses); return err })
	return fresh
}

// story says what became of the letters: key, and each recipient's outcome.
func story(t testing.TB, l *Ledger) string {
	t.Helper()
	var words []string
	err := l.Read(t.Context(), func(tx *Tx) error {
		all, err := tx.Letters("")
		for _, l := range all {
			words = append(words, l.Key)
			if l.Withdrawn != "" {
				words = append(words, "("+l.Withdrawn+")")
			}
			for _, d := range l.Deliveries {
				words = append(words, d.Address+"="+d.Outcome)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(words, " ")
}

func TestPostIsOnce(t *testing.T) {
	l := open(t, t.TempDir())
	for _, row := range []struct {
		sentence string
		letter   Letter
		fresh    bool
	}{
		{"a letter is posted", letter("receipt/B", "A", "B"), true},
		{"a second tick posts it again", letter("receipt/B", "A", "B"), false},
		{"another letter would answer a mail that is answered", letter("receipt/C", "B", "C"), false},
		{"the mail that it alone would have answered is still free", letter("receipt/C", "C"), true},
		{"a letter without answers has only its key", letter("remind/HU-A/T-3"), true},
		{"which is its own", letter("remind/HU-A/T-1"), true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if fresh := post(t, l, row.letter, "Vanthu@A.example", "vanthu@a.example", "b@a.example"); fresh != row.fresh {
				t.Errorf("fresh %v", fresh)
			}
		})
	}
	const two = " b@a.example=waiting vanthu@a.example=waiting"
	if got, want := story(t, l), "receipt/B"+two+" receipt/C"+two+" remind/HU-A/T-1"+two+" remind/HU-A/T-3"+two; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	l.Read(t.Context(), func(tx *Tx) error {
		if answered, err := tx.Answered(); err != nil || fmt.Sprint(answered) != "map[A:receipt/B B:receipt/B C:receipt/C]" {
			t.Errorf("%v %v", answered, err)
		}
		if n, err := tx.Owing(); n != 8 || err != nil {
			t.Errorf("%d owing, %v", n, err)
		}
		if entries, err := tx.Entries(); len(entries) != 4 || entries[0].Posted.Key != "receipt/B" || err != nil {
			t.Errorf("%d facts, %v", len(entries), err)
		}
		got, err := tx.LetterByToken("T-RECEIPT/B")
		if err != nil || got != nil {
			t.Errorf("%v %v: a token is not found in other letters than its own", got, err)
		}
		got, err = tx.LetterByToken("t-receipt/B")
		if err == nil && got == nil {
			got, err = tx.Letter("receipt/B")
		}
		if err != nil || got == nil || got.Extra != "T-3" || got.Reason != "why" || !got.Due.Equal(noon) || !got.Posted.Equal(noon) ||
			fmt.Sprint(got.Answers, got.To) != "[A B] [vanthu@a.example]" {
			t.Errorf("%+v %v", got, err)
		}
		return nil
	})
}

// TestTwoProcessesPostOnce lets two daemons see the same letters owed, at once.
func TestTwoProcessesPostOnce(t *testing.T) {
	dir := t.TempDir()
	daemons := []*Ledger{open(t, dir), open(t, dir), open(t, dir)}
	const letters = 20
	var posted sync.Map
	var all sync.WaitGroup
	for n, l := range daemons {
		all.Go(func() {
			for i := range letters {
				// Each would answer the same arrival under a key of its own,
				// and remind under the same key.
				for _, x := range []Letter{letter(fmt.Sprintf("receipt/%d-%d", i, n), fmt.Sprint(i)), letter(fmt.Sprintf("remind/HU-A/%d", i))} {
					x.Token += fmt.Sprint(n)
					err := l.Write(t.Context(), noon, func(tx *Tx) error {
						fresh, err := tx.Post(x, []string{"a@a.example"})
						if fresh {
							if _, twice := posted.LoadOrStore(x.Kind+fmt.Sprint(i), true); twice {
								t.Errorf("%s posted twice", x.Key)
							}
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	daemons[0].Read(t.Context(), func(tx *Tx) error {
		if all, err := tx.Letters(""); len(all) != 2*letters || err != nil {
			t.Errorf("%d letters, %v", len(all), err)
		}
		if n, breaks, err := tx.VerifyChain(); n != 2*letters || len(breaks) > 0 || err != nil {
			t.Errorf("%d facts, %v, %v", n, breaks, err)
		}
		return nil
	})
}

func TestDelivery(t *testing.T) {
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	// take claims the next delivery at now; nil when none is due.
	take := func(t *testing.T, l *Ledger, now time.Time) (letter *Letter, d *Delivery) {
		t.Helper()
		err := l.Write(t.Context(), now, func(tx *Tx) (err error) { letter, d, _, err = tx.ClaimDelivery(Turn{}); return err })
		if err != nil {
			t.Fatal(err)
		}
		return letter, d
	}
	do := func(t *testing.T, l *Ledger, now time.Time, fn func(*Tx) error) {
		t.Helper()
		if err := l.Write(t.Context(), now, fn); err != nil {
			t.Fatal(err)
		}
	}
	fresh := func(t *testing.T, addresses ...string) (*Ledger, string) {
		dir := t.TempDir()
		l := open(t, dir)
		post(t, l, letter("receipt/A", "A"), addresses...)
		return l, dir
	}
	is := func(t *testing.T, l *Ledger, want string) {
		t.Helper()
		if got := story(t, l); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}

	t.Run("each recipient has an outcome of its own", func(t *testing.T) {
		l, _ := fresh(t, "a@a.example", "b@a.example")
		for _, outcome := range []string{Accepted, Refused} {
			x, d := take(t, l, noon)
			do(t, l, noon, func(tx *Tx) error { return tx.Settle(x, d, outcome, "said so", time.Time{}) })
		}
		is(t, l, "receipt/A a@a.example=accepted b@a.example=refused")
		if x, _ := take(t, l, minute(1000)); x != nil {
			t.Error("a settled delivery was tried again")
		}
		do(t, l, noon, func(tx *Tx) error {
			if out, err := tx.GoneOut("receipt/A"); !out || err != nil {
				t.Error(out, err)
			}
			return nil
		})
	})
	t.Run("trouble is tried again when its time has come, not before", func(t *testing.T) {
		l, _ := fresh(t, "a@a.example")
		x, d := take(t, l, noon)
		do(t, l, noon, func(tx *Tx) error { return tx.Settle(x, d, Trouble, "450", minute(30)) })
		if x, _ := take(t, l, minute(29)); x != nil {
			t.Error("before its time")
		}
		if x, d := take(t, l, minute(30)); x == nil || d.Detail != "450" {
			t.Error("not at its time")
		}
		do(t, l, noon, func(tx *Tx) error {
			if out, _ := tx.GoneOut("receipt/A"); out {
				t.Error("trouble is surely not delivered")
			}
			return nil
		})
	})
	t.Run("from the moment of sending on, a death leaves it unknown, with the bytes to repeat", func(t *testing.T) {
		l, dir := fresh(t, "a@a.example")
		_, d := take(t, l, noon)
		do(t, l, noon, func(tx *Tx) error { return tx.Sending(d, "cafe", "Đã nhận", time.Time{}) })
		is(t, l, "receipt/A a@a.example=unknown")
		l.Close()
		again := open(t, dir)
		x, d := take(t, again, minute(1))
		if x == nil || d.Outcome != Unknown || x.SHA256 != "cafe" || x.Subject != "Đã nhận" || d.Tries != 1 || !x.Rendered.Equal(noon) {
			t.Errorf("%+v %+v", x, d)
		}
		do(t, again, minute(1), func(tx *Tx) error { return tx.Sending(d, "cafe", "Đã nhận", time.Time{}) })
		if x, _ := take(t, again, minute(2)); x == nil || !x.Rendered.Equal(noon) {
			t.Errorf("repeated, it was written %v", x)
		}
	})
	t.Run("what another works at is not taken", func(t *testing.T) {
		l, dir := fresh(t, "a@a.example", "b@a.example")
		other := open(t, dir)
		_, mine := take(t, l, noon)
		_, theirs := take(t, other, noon)
		if mine == nil || theirs == nil || mine.Address == theirs.Address {
			t.Errorf("%v %v", mine, theirs)
		}
	})
	t.Run("a delivery given back is due later", func(t *testing.T) {
		l, _ := fresh(t, "a@a.example")
		_, d := take(t, l, noon)
		do(t, l, noon, func(tx *Tx) error { return tx.Postpone(d, minute(10)) })
		if x, _ := take(t, l, minute(9)); x != nil {
			t.Error("before its time")
		}
		if x, _ := take(t, l, minute(10)); x == nil {
			t.Error("not at its time")
		}
		is(t, l, "receipt/A a@a.example=waiting")
	})
	t.Run("what is no longer owed is taken back, except what has gone out", func(t *testing.T) {
		l, _ := fresh(t, "a@a.example", "b@a.example", "c@a.example")
		x, d := take(t, l, noon)
		do(t, l, noon, func(tx *Tx) error { return tx.Settle(x, d, Accepted, "", time.Time{}) })
		_, d = take(t, l, noon)
		do(t, l, noon, func(tx *Tx) error { return tx.Sending(d, "cafe", "s", time.Time{}) })
		do(t, l, noon, func(tx *Tx) error { return tx.Withdraw(x, "complete") })
		is(t, l, "receipt/A (complete) a@a.example=accepted b@a.example=unknown")
		if x, _ := take(t, l, minute(100000)); x != nil {
			t.Error("what was taken back goes out")
		}
		if post(t, l, letter("receipt/A"), "a@a.example") {
			t.Error("its key is free again")
		}
	})
	t.Run("a step that is skipped is never sent", func(t *testing.T) {
		l, _ := fresh(t)
		skipped := letter("remind/HU-A/T-8")
		skipped.Withdrawn = "later step due"
		for range 2 {
			do(t, l, noon, func(tx *Tx) error { return tx.Skip(skipped) })
		}
		if post(t, l, letter("remind/HU-A/T-8"), "a@a.example") {
			t.Error("it was posted after all")
		}
		l.Read(t.Context(), func(tx *Tx) error {
			entries, err := tx.Entries()
			if len(entries) != 2 || entries[1].Skipped == nil || entries[1].Skipped.Reason != "later step due" || err != nil {
				t.Errorf("%+v %v", entries, err)
			}
			return nil
		})
		is(t, l, "receipt/A remind/HU-A/T-8 (later step due)")
	})
}

// TestDeadAddresses: a permanent bounce closes an address, a person's mail
// from it opens it again.
func TestDeadAddresses(t *testing.T) {
	l := open(t, t.TempDir())
	all := keep(t, l, "bounce", "automatic", "human", "forged")
	dead := func() bool { _, dead := facts(t, l).Dead["vanthu@a.example"]; return dead }
	judge := func(a Arrival, change func(*finding.Verdict)) {
		v := verdict(a)
		change(v)
		l.must(t, func(tx *Tx) error { _, err := tx.Judge(v); return err })
	}
	for i, ours := range []bool{false, true} {
		if dead() {
			t.Error("dead by a bounce that anybody can write")
		}
		judge([]Arrival{all[3], all[0]}[i], func(v *finding.Verdict) {
			v.Class, v.From = finding.ClassBounce, "mailer-daemon@mx.example"
			v.Bounce = &finding.Bounce{Address: "vanthu@a.example", Status: "5.1.1", Permanent: true, Ours: ours}
		})
	}
	if !dead() {
		t.Error("alive after a permanent bounce")
	}
	before := facts(t, l)
	judge(all[1], func(v *finding.Verdict) { v.Class = finding.ClassAutomatic })
	if !dead() {
		t.Error("a machine's answer opened it")
	}
	judge(all[2], func(v *finding.Verdict) {})
	if dead() {
		t.Error("dead, although somebody writes from it")
	}
	if len(before.Dead) != 1 {
		t.Error("a view that was handed out has changed")
	}
}

// A letter that was withdrawn in time is as if it had never been posted; one
// that may have gone out, and a step that was skipped, are not.
func TestAWithdrawnLetterTakesNothing(t *testing.T) {
	for _, row := range []struct {
		sentence string
		before   func(*Tx, *Letter) error
		fresh    bool
	}{
		{"it waits", nil, false},
		{"it was withdrawn in time", func(tx *Tx, l *Letter) error { return tx.Withdraw(l, "complete") }, true},
		{"it was on its way already", func(tx *Tx, l *Letter) error {
			_, d, _, err := tx.ClaimDelivery(Turn{})
			if err == nil {
				err = tx.Sending(d, "sha", "subject", time.Time{})
			}
			if err == nil {
				err = tx.Withdraw(l, "complete")
			}
			return err
		}, false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			l := open(t, t.TempDir())
			one := letter("receipt/B", "A", "B")
			post(t, l, one, "a@a.example")
			if row.before != nil {
				l.must(t, func(tx *Tx) error { return row.before(tx, &one) })
			}
			if fresh := post(t, l, one, "a@a.example"); fresh != row.fresh {
				t.Errorf("posted again: %t", fresh)
			}
			l.must(t, func(tx *Tx) error {
				q, err := tx.Queue()
				if err == nil && (q.Answers["A"] != "receipt/B" || q.Letter("receipt/B").Moot()) {
					t.Errorf("%+v", q.Answers)
				}
				return err
			})
		})
	}
	l := open(t, t.TempDir())
	step := letter("remind/HU-A/T-3")
	step.Withdrawn = "a later step is due"
	l.must(t, func(tx *Tx) error { return tx.Skip(step) })
	step.Withdrawn = ""
	if post(t, l, step, "a@a.example") {
		t.Error("a skipped step was posted")
	}
}
