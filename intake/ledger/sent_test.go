package ledger

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// sentLetter is a letter that the server has taken, or not.
func sentLetter(t testing.TB, l *Ledger, key, outcome string, when time.Time) {
	t.Helper()
	x := letter(key)
	x.MessageID = "dd." + key
	post(t, l, x, "vanthu@a.example")
	for {
		var d *Delivery
		var have *Letter
		err := l.Write(t.Context(), when, func(tx *Tx) (err error) {
			if have, d, _, err = tx.ClaimDelivery(Turn{}); err != nil || d == nil {
				return err
			}
			if err := tx.Sending(d, "sha-"+d.Key, "Thư", when); err != nil || outcome == Unknown {
				return err
			}
			return tx.Settle(have, d, outcome, "", when.Add(1000*time.Hour))
		})
		if err != nil || d == nil {
			t.Fatal(err, d)
		}
		if d.Key == key {
			return
		}
	}
}

func copies(t testing.TB, l *Ledger, now, accepted time.Time, most int) string {
	t.Helper()
	var keys []string
	n, err := l.Uncopied(now, accepted)
	if err != nil {
		t.Fatal(err)
	}
	err = l.Write(t.Context(), now, func(tx *Tx) error {
		claimed, err := tx.ClaimCopies(accepted, most)
		for _, c := range claimed {
			keys = append(keys, c.Key)
			if c.SHA256 != "sha-"+c.Key {
				t.Errorf("%s has the bytes %s", c.Key, c.SHA256)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < len(keys) {
		t.Errorf("%d were counted and %v claimed", n, keys)
	}
	return strings.Join(keys, " ")
}

func TestCopies(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	sentLetter(t, l, "a/accepted", Accepted, noon)
	sentLetter(t, l, "b/refused", Refused, noon)
	sentLetter(t, l, "c/trouble", Trouble, noon)
	sentLetter(t, l, "d/later", Accepted, noon.Add(time.Minute))
	sentLetter(t, l, "e/unknown", Unknown, noon.Add(2*time.Minute))
	later := noon.Add(time.Hour)
	is := func(sentence, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", sentence, got, want)
		}
	}
	is("only what a server took by then", copies(t, l, later, noon, 9), "a/accepted")
	is("a process may take up again what it claimed itself", copies(t, l, later, later, 9), "a/accepted d/later")
	is("no more than was asked for", copies(t, l, later, later, 1), "a/accepted")
	other := open(t, dir)
	is("what another process has claimed is its own", copies(t, other, later, later, 9), "")
	is("until its lease has run out", copies(t, other, later.Add(2*Lease), later, 1), "a/accepted")
	l.must(t, func(tx *Tx) error { return tx.LeaveCopy("d/later") })
	is("or it has given it back", copies(t, other, later, later, 9), "a/accepted d/later")
	other.Close()
	is("or has died", copies(t, l, later, later, 9), "a/accepted d/later")

	l.must(t, func(tx *Tx) error { return tx.CopyFailed("a/accepted", "no room", later) })
	is("what failed waits", copies(t, l, later.Add(-time.Minute), later, 9), "d/later")
	is("and comes after what did not fail", copies(t, l, later, later, 9), "d/later a/accepted")
	l.must(t, func(tx *Tx) error { return tx.Copied("d/later") })
	l.must(t, func(tx *Tx) error { return tx.CopyFailed("a/accepted", "too large", time.Time{}) })
	is("what is done, or given up, is not asked for again", copies(t, l, later.Add(99*time.Hour), later, 9), "")
	l.Read(t.Context(), func(tx *Tx) error {
		why, err := tx.NoCopies()
		if err != nil || len(why) != 1 || why["a/accepted"] != "too large" {
			t.Errorf("given up: %v %v", why, err)
		}
		a, _ := tx.Letter("a/accepted")
		d, _ := tx.Letter("d/later")
		if !a.Copied.IsZero() || !d.Copied.Equal(noon) {
			t.Errorf("copied at %v and %v", a.Copied, d.Copied)
		}
		return nil
	})
	// The queue that is kept in memory hears of it.
	l.must(t, func(tx *Tx) error {
		q, err := tx.Queue()
		if err == nil && q.Letter("d/later").Copied.IsZero() {
			t.Error("the queue does not know of the copy")
		}
		return err
	})
	l.must(t, func(tx *Tx) error { return tx.Copied("a/accepted") })
	l.Read(t.Context(), func(tx *Tx) error {
		if why, err := tx.NoCopies(); len(why) != 0 || err != nil {
			t.Errorf("a copy that turned up after all is still missing: %v %v", why, err)
		}
		return nil
	})
}

func TestReplies(t *testing.T) {
	l := open(t, t.TempDir())
	told := func(name string, minutes int, refs ...string) {
		t.Helper()
		l.must(t, func(tx *Tx) error {
			return tx.FoundReply(name, standing.ByHand{At: noon.Add(time.Duration(minutes) * time.Minute), By: "phongth@bdv.example", MessageID: name}, refs)
		})
	}
	judged := func(text, messageID string) string {
		t.Helper()
		a := keep(t, l, text)[0]
		v := verdict(a)
		v.MessageID = messageID
		l.must(t, func(tx *Tx) error { _, err := tx.Judge(v); return err })
		return a.ID
	}
	replies := func() string {
		t.Helper()
		var all []string
		l.must(t, func(tx *Tx) error {
			found, err := tx.Replies()
			for _, r := range found {
				all = append(all, fmt.Sprint(r.MessageID, len(r.Named)))
			}
			return err
		})
		return strings.Join(all, " ")
	}
	told("later@x", 9, "one@a.example", "two@a.example", "private@b.example")
	told("early@x", 1, "one@a.example")
	told("early@x", 1, "one@a.example") // seen again
	if got := replies(); got != "" {
		t.Errorf("before the mails are here: %s", got)
	}
	waiting := keep(t, l, "not judged yet")
	if got := replies(); got != "" || len(waiting) != 1 {
		t.Errorf("before the mails are judged: %s", got)
	}
	judged("one", "one@a.example")
	if got := replies(); got != "early@x1 later@x1" {
		t.Errorf("of one mail: %s", got)
	}
	judged("two", "two@a.example")
	judged("the same Message-ID again", "two@a.example")
	if got := replies(); got != "early@x1 later@x3" {
		t.Errorf("of all: %s", got)
	}
	// Most of what people send is no concern of ours: it is forgotten.
	err := l.Write(t.Context(), noon.Add(replyKept+time.Minute), func(tx *Tx) error { return tx.FoundReply("new@x", standing.ByHand{}, []string{"none"}) })
	if got := replies(); got != "" || err != nil {
		t.Errorf("long after: %s %v", got, err)
	}
}

func TestAnAnswerByHandIsAFact(t *testing.T) {
	l := open(t, t.TempDir())
	h := standing.ByHand{At: noon, By: "phongth@bdv.example", To: []string{"vanthu@a.example"}, MessageID: "x@bdv.example", Arrivals: []string{"AAAAA-BBBBB"}}
	before := facts(t, l)
	l.must(t, func(tx *Tx) error {
		if err := tx.Append(FactByHand, h.Arrivals[0], h); err != nil {
			return err
		}
		within, err := tx.Facts()
		if len(within.ByHand) != 1 {
			t.Errorf("the transaction itself sees %v", within.ByHand)
		}
		return err
	})
	if len(before.ByHand) != 0 {
		t.Error("an older view of the facts has changed")
	}
	if got := facts(t, l).ByHand; len(got) != 1 || !got[0].At.Equal(noon) || got[0].By != h.By || !slices.Equal(got[0].Arrivals, h.Arrivals) {
		t.Errorf("%+v", got)
	}
	l.must(t, func(tx *Tx) error {
		if n, breaks, err := tx.VerifyChain(); n != 1 || len(breaks) > 0 || err != nil {
			t.Error(n, breaks, err)
		}
		read, _, err := tx.Reread()
		if len(read.ByHand) != 1 {
			t.Error("verify does not see it")
		}
		return err
	})
}

// TestEveryOldSchema brings a ledger of each earlier version up to date, whose
// one letter a server has taken: its copy is due.
func TestEveryOldSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "schema1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for version := 1; version < len(migrations); version++ {
		dir := t.TempDir()
		if _, err := openKey(dir); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		steps := append([]string{string(text), `UPDATE delivery SET outcome = 'accepted', at = 1665550900000; UPDATE letter SET rendered = 1665550900000, sha256 = 'sha-' || key`}, migrations[1:version]...)
		steps = append(steps, fmt.Sprintf(`PRAGMA user_version = %d`, version))
		for _, step := range steps {
			if _, err := db.Exec(step); err != nil {
				t.Fatalf("version %d: %v", version, err)
			}
		}
		db.Close()
		l := open(t, dir)
		if got := copies(t, l, noon, noon.Add(time.Hour), 9); got != "receipt/YGUWU-JWBPH" {
			t.Errorf("of version %d, to be copied are %q", version, got)
		}
		if f := facts(t, l); len(f.Mails) != 1 || f.Mails[0].Verdict != finding.Filed {
			t.Errorf("of version %d: %+v", version, f.Mails)
		}
	}
}
