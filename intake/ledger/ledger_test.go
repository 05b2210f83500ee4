package ledger

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// TestMain lets the test binary be another process at the same ledger: it
// claims an arrival and a delivery, says so, and waits to be killed.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "claim" {
		l, err := Open(os.Args[2])
		if err == nil {
			err = l.Write(context.Background(), noon, func(tx *Tx) error {
				if _, err := tx.ClaimArrivals(1, nil); err != nil {
					return err
				}
				_, _, _, err := tx.ClaimDelivery(Turn{})
				return err
			})
		}
		fmt.Println("claimed", err)
		bufio.NewReader(os.Stdin).ReadByte()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var noon = time.Date(2022, 10, 12, 5, 0, 0, 0, time.UTC)

func open(t testing.TB, dir string) *Ledger {
	t.Helper()
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func (l *Ledger) must(t testing.TB, fn func(*Tx) error) {
	t.Helper()
	if err := l.Write(t.Context(), noon, fn); err != nil {
		t.Fatal(err)
	}
}

func arrival(text string) Arrival {
	sum := sha256.Sum256([]byte(text))
	sha := hex.EncodeToString(sum[:])
	return Arrival{ID: ArrivalID(sha), SHA256: sha, Size: int64(len(text)), Received: noon, Source: "INBOX"}
}

func keep(t testing.TB, l *Ledger, texts ...string) []Arrival {
	t.Helper()
	var all []Arrival
	for _, text := range texts {
		a := arrival(text)
		l.must(t, func(tx *Tx) error { _, err := tx.Keep(a, nil); return err })
		all = append(all, a)
	}
	return all
}

func verdict(a Arrival) *finding.Verdict {
	return &finding.Verdict{ID: a.ID, SHA256: a.SHA256, Received: a.Received, Verdict: finding.Filed, Class: finding.ClassReport, From: "vanthu@a.example"}
}

func claim(t testing.TB, l *Ledger, now time.Time) *Arrival {
	t.Helper()
	var claimed []Arrival
	err := l.Write(t.Context(), now, func(tx *Tx) (err error) { claimed, err = tx.ClaimArrivals(1, nil); return err })
	if err != nil {
		t.Fatal(err)
	}
	if len(claimed) == 0 {
		return nil
	}
	return &claimed[0]
}

func facts(t testing.TB, l *Ledger) standing.Facts {
	t.Helper()
	f, err := l.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOneMailIsOneArrival(t *testing.T) {
	l := open(t, t.TempDir())
	a := arrival("mail")
	for i, row := range []struct {
		sentence string
		loc      *Location
		fresh    bool
	}{
		{"a mail is kept", &Location{"x", "INBOX", 1, 7}, true},
		{"it is seen again after a restart", &Location{"x", "INBOX", 1, 7}, false},
		{"the server renumbered", &Location{"x", "INBOX", 2, 1}, false},
		{"a rule copied it into another folder", &Location{"x", "Spam", 1, 1}, false},
		{"somebody ingests the same file", nil, false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			b := a
			b.Received = noon.Add(time.Duration(i) * time.Hour)
			var fresh bool
			l.must(t, func(tx *Tx) (err error) { fresh, err = tx.Keep(b, row.loc); return err })
			if fresh != row.fresh {
				t.Errorf("fresh %v", fresh)
			}
		})
	}
	l.Read(t.Context(), func(tx *Tx) error {
		all, err := tx.Arrivals()
		if err != nil || len(all) != 1 || !all[0].Received.Equal(noon) {
			t.Errorf("%v %v; the first time of receipt has to stand", all, err)
		}
		return nil
	})
	for _, row := range []struct {
		sentence string
		account  string
		folder   string
		validity uint32
		from     uint32
		want     int
	}{
		{"known under its number", "x", "INBOX", 1, 1, 1},
		{"and under the new one", "x", "INBOX", 2, 1, 1},
		{"not in another folder", "x", "Archive", 1, 1, 0},
		{"not in another mailbox", "y", "INBOX", 1, 1, 0},
		{"not from a later number on", "x", "INBOX", 1, 1000, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if known, err := l.Known(row.account, row.folder, row.validity, row.from); err != nil || len(known) != row.want {
				t.Errorf("%v %v", known, err)
			}
		})
	}
	other := a
	other.SHA256 = strings.Repeat("0", 64)
	if err := l.Write(t.Context(), noon, func(tx *Tx) error { _, err := tx.Keep(other, nil); return err }); err == nil {
		t.Error("two mails with one id were taken for one")
	}
}

func TestOneVerdict(t *testing.T) {
	l := open(t, t.TempDir())
	a := keep(t, l, "mail")[0]
	for i, want := range []bool{true, false} {
		var done bool
		v := verdict(a)
		v.Subject = fmt.Sprint(i)
		l.must(t, func(tx *Tx) (err error) { done, err = tx.Judge(v); return err })
		if done != want {
			t.Errorf("verdict %d: %v", i, done)
		}
	}
	if f := facts(t, l); len(f.Mails) != 1 || f.Mails[0].Subject != "0" {
		t.Errorf("%d facts", len(f.Mails))
	}
	if claim(t, l, noon) != nil {
		t.Error("a judged mail is claimed again")
	}
}

func TestSameMail(t *testing.T) {
	l := open(t, t.TempDir())
	all := keep(t, l, "first", "copy", "unjudged")
	v := verdict(all[0])
	v.MessageID, v.Digest = "m@a.example", "d"
	l.must(t, func(tx *Tx) error { _, err := tx.Judge(v); return err })
	for _, row := range []struct {
		sentence, messageID, digest, except, want string
	}{
		{"a copy by another way has the same", "m@a.example", "d", all[1].ID, all[0].ID},
		{"it is no duplicate of itself", "m@a.example", "d", all[0].ID, ""},
		{"other content under the same Message-ID is another mail", "m@a.example", "e", all[1].ID, ""},
		{"mails without Message-ID are never the same", "", "d", all[1].ID, ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			l.Read(t.Context(), func(tx *Tx) error {
				if got, err := tx.SameMail(row.messageID, row.digest, row.except); strings.Join(got, " ") != row.want || err != nil {
					t.Errorf("%q %v", got, err)
				}
				return nil
			})
		})
	}
}

// TestInTheOrderTheyCame: mails received in the same instant, as those of a
// file without times are, are judged in the order in which they were kept.
func TestInTheOrderTheyCame(t *testing.T) {
	l := open(t, t.TempDir())
	want := keep(t, l, "one", "two", "three", "four", "five")
	early := arrival("early")
	early.Received = noon.Add(-time.Hour)
	l.must(t, func(tx *Tx) error { _, err := tx.Keep(early, nil); return err })
	for _, a := range append([]Arrival{early}, want...) {
		got := claim(t, l, noon)
		if got == nil || got.ID != a.ID {
			t.Fatalf("%v, want %s", got, a.ID)
		}
		l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(a)); return err })
	}
}

func TestClaims(t *testing.T) {
	dir := t.TempDir()
	mine, theirs := open(t, dir), open(t, dir)
	a := keep(t, mine, "one", "two")
	if got := claim(t, mine, noon); got == nil || got.ID != a[0].ID {
		t.Fatal(got)
	}
	if got := claim(t, theirs, noon); got == nil || got.ID != a[1].ID {
		t.Fatalf("%v: what another works at was claimed", got)
	}
	if got := claim(t, theirs, noon); got == nil || got.ID != a[1].ID {
		t.Errorf("%v: its own claim is one it gave up, and may be taken again", got)
	}
	mine.must(t, func(tx *Tx) error { return tx.Tried(a[0].ID) })
	if got := claim(t, theirs, noon); got == nil || got.ID != a[0].ID || got.Tries != 1 {
		t.Errorf("%v: what was given back is free, and its try is counted", got)
	}
	if got := claim(t, mine, noon); got != nil {
		t.Errorf("%v: both are taken", got)
	}
	if got := claim(t, mine, noon.Add(Lease+time.Minute)); got == nil {
		t.Error("a lease does not run out")
	}
	if got := claim(t, open(t, dir), noon); got != nil {
		t.Errorf("%v: a third took from the living", got)
	}
	var passed []Arrival
	err := mine.Write(t.Context(), noon.Add(time.Hour), func(tx *Tx) (err error) {
		passed, err = tx.ClaimArrivals(1, map[string]bool{a[0].ID: true, a[1].ID: true})
		return err
	})
	if err != nil || len(passed) > 0 {
		t.Errorf("%v %v: what was passed over came again", passed, err)
	}
}

// TestTheDeadLeaveNothing kills a process that holds claims: its work is free
// at once, for those that ran beside it and for those that start afterwards.
func TestTheDeadLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	witness := open(t, dir)
	keep(t, witness, "mail")
	witness.must(t, func(tx *Tx) error {
		_, err := tx.Post(Letter{Key: "invite/A", Kind: "invite", Token: "t"}, []string{"a@a.example"})
		return err
	})
	cmd := exec.Command(os.Args[0], "claim", dir)
	in, _ := cmd.StdinPipe()
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "claimed <nil>\n" {
		t.Fatalf("the other process said %q", line)
	}
	if a := claim(t, witness, noon); a != nil {
		t.Error("an arrival was taken from a living process")
	}
	witness.must(t, func(tx *Tx) error {
		if l, _, _, _ := tx.ClaimDelivery(Turn{}); l != nil {
			t.Error("a delivery was taken from a living process")
		}
		return nil
	})
	cmd.Process.Kill()
	cmd.Wait()
	if a := claim(t, witness, noon); a == nil {
		t.Error("the arrival of a dead process waits for its lease")
	}
	fresh := open(t, dir)
	fresh.must(t, func(tx *Tx) error {
		if l, _, _, _ := tx.ClaimDelivery(Turn{}); l == nil {
			t.Error("the delivery of a dead process waits for its lease")
		}
		return nil
	})
	names, _ := os.ReadDir(filepath.Join(dir, "run"))
	if len(names) != 2 {
		t.Errorf("%d owners' files are left of two that live", len(names))
	}
}

func TestChain(t *testing.T) {
	for _, row := range []struct {
		sentence string
		tamper   string
		want     string // the breaks, "" for a whole chain
		heals    bool   // by the next fact: only the mark was wrong
	}{
		{"nobody touched it", ``, "", false},
		{"a body was changed", `UPDATE fact SET body = replace(body, 'filed', 'held') WHERE seq = 2`, "fact_changed 2-2", false},
		{"a time was changed", `UPDATE fact SET at = at + 1 WHERE seq = 3`, "fact_changed 3-3", false},
		{"a subject was changed", `UPDATE fact SET subject = 'x' WHERE seq = 1`, "fact_changed 1-1", false},
		{"a fact was taken out", `DELETE FROM fact WHERE seq = 2`, "facts_missing 2-2", false},
		{"two were exchanged", `UPDATE fact SET seq = CASE seq WHEN 1 THEN -2 ELSE -1 END WHERE seq < 3; UPDATE fact SET seq = -seq WHERE seq < 0`,
			"fact_detached 1-1, fact_changed 1-1, fact_detached 2-2, fact_changed 2-2, fact_detached 3-3", false},
		{"one was put in at the end", `INSERT INTO fact SELECT 4, at, kind, subject, body, hash, 'feed' FROM fact WHERE seq = 3`, "fact_changed 4-4, facts_added 4-4", false},
		{"the last fact was taken away", `DELETE FROM fact WHERE seq = 3`, "facts_cut 3-3", false},
		{"the last two were", `DELETE FROM fact WHERE seq > 1`, "facts_cut 2-3", false},
		{"all were", `DELETE FROM fact`, "facts_cut 1-3", false},
		{"the hash of the last fact was changed", `UPDATE fact SET hash = 'feed' WHERE seq = 3`, "fact_changed 3-3, fact_changed 3-3", false},
		{"the mark was set back to cover up a cut", `DELETE FROM fact WHERE seq = 3; UPDATE mark SET value = '2 feed' WHERE name = 'chain head'`, "fact_changed 2-2", false},
		{"the mark was made unreadable", `UPDATE mark SET value = 'x' WHERE name = 'chain head'`, "facts_added 1-3", true},
		{"a ledger from before there was a mark", `DELETE FROM mark`, "", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			l := open(t, t.TempDir())
			for _, a := range keep(t, l, "one", "two", "three") {
				l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(a)); return err })
			}
			if row.tamper != "" {
				if _, err := l.db.Exec(row.tamper); err != nil {
					t.Fatal(err)
				}
			}
			if got := broken(t, l); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
			// What is damaged stays so, whatever comes after it.
			for _, a := range keep(t, l, "four") {
				l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(a)); return err })
			}
			if got := broken(t, l); (got == "") != (row.want == "" || row.heals) {
				t.Errorf("after another fact %q", got)
			}
		})
	}
}

// broken says where the chain of facts breaks.
func broken(t *testing.T, l *Ledger) string {
	t.Helper()
	var all []string
	err := l.Read(t.Context(), func(tx *Tx) error {
		_, breaks, err := tx.VerifyChain()
		for _, b := range breaks {
			all = append(all, fmt.Sprintf("%s %d-%d", b.Code, b.From, b.To))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, ", ")
}

// TestTheMarkOfTheChainComesWithTheNextFact: a ledger from before there was a
// mark raises no alarm, and from its next fact on a cut end is noticed.
func TestTheMarkOfTheChainComesWithTheNextFact(t *testing.T) {
	l := open(t, t.TempDir())
	all := keep(t, l, "one", "two")
	judge := func(a Arrival) { l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(a)); return err }) }
	judge(all[0])
	l.db.Exec(`DELETE FROM mark`)
	judge(all[1])
	if got := broken(t, l); got != "" {
		t.Errorf("an old ledger with a new fact breaks: %s", got)
	}
	l.db.Exec(`DELETE FROM fact WHERE seq = 2`)
	if got := broken(t, l); got != "facts_cut 2-2" {
		t.Errorf("%q after the cut", got)
	}
}

// TestWhatWasRolledBackNeverWas: the decoded chain is remembered between
// transactions, and must not remember what was not committed.
func TestWhatWasRolledBackNeverWas(t *testing.T) {
	l := open(t, t.TempDir())
	all := keep(t, l, "one", "two", "three")
	judge := func(a Arrival, subject string, stop error) standing.Facts {
		var inside standing.Facts
		l.Write(t.Context(), noon, func(tx *Tx) error {
			v := verdict(a)
			v.Subject = subject
			if _, err := tx.Judge(v); err != nil {
				t.Fatal(err)
			}
			f, err := tx.Facts()
			if err != nil {
				t.Fatal(err)
			}
			inside = f
			return stop
		})
		return inside
	}
	judge(all[0], "first", nil)
	before := facts(t, l)
	undone := judge(all[1], "never", errors.New("stop"))
	if len(undone.Mails) != 2 {
		t.Errorf("a transaction sees %d mails, not what it added itself", len(undone.Mails))
	}
	if f := facts(t, l); len(f.Mails) != 1 {
		t.Errorf("%d mails after a rollback", len(f.Mails))
	}
	done := judge(all[2], "second", nil)
	after := facts(t, l)
	if len(after.Mails) != 2 || after.Mails[1].Subject != "second" || done.Mails[1].Subject != "second" {
		t.Errorf("%d mails after all", len(after.Mails))
	}
	if len(before.Mails) != 1 || undone.Mails[1].Subject != "never" {
		t.Error("a view that was handed out has changed")
	}
}

// TestAReaderSeesOneMoment begins to read, lets others write and look, and
// goes on reading: it still sees the moment at which it began.
func TestAReaderSeesOneMoment(t *testing.T) {
	dir := t.TempDir()
	l, other := open(t, dir), open(t, dir)
	all := keep(t, l, "one", "two")
	l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(all[0])); return err })
	err := l.Read(t.Context(), func(tx *Tx) error {
		if n, err := tx.Waiting(); n != 1 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
		other.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(all[1])); return err })
		if f := facts(t, l); len(f.Mails) != 2 {
			t.Errorf("a later reader sees %d mails", len(f.Mails))
		}
		f, err := tx.Facts()
		if n, _ := tx.Waiting(); n != 1 || len(f.Mails) != 1 {
			t.Errorf("in one transaction %d mails wait and %d are judged", n, len(f.Mails))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := facts(t, l); len(f.Mails) != 2 {
		t.Errorf("afterwards there are %d mails", len(f.Mails))
	}
}

// TestReadingWaitsForNobody: status answers, and a program starts, while
// another process is in the middle of a long transaction.
func TestReadingWaitsForNobody(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	keep(t, l, "mail")
	l.must(t, func(tx *Tx) error {
		if _, err := tx.tx.Exec(`UPDATE arrival SET tries = 7`); err != nil {
			return err
		}
		late := open(t, dir)
		for _, reader := range []*Ledger{l, late} {
			err := reader.Read(t.Context(), func(tx *Tx) error {
				all, err := tx.Arrivals()
				if len(all) != 1 || all[0].Tries != 0 {
					t.Errorf("%+v: what is not committed was seen", all)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if _, err := reader.Known("x", "INBOX", 1, 1); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	err := l.Read(t.Context(), func(tx *Tx) error { return tx.Mark("x", "y") })
	if err == nil {
		t.Error("a reader could write")
	}
}

// TestAStopIsHonouredBetweenTransactions: what has begun is committed whole.
func TestAStopIsHonouredBetweenTransactions(t *testing.T) {
	l := open(t, t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	err := l.Write(ctx, noon, func(tx *Tx) error { stop(); return tx.Mark("a", "1") })
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Write(ctx, noon, func(tx *Tx) error { return tx.Mark("a", "2") }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	l.Read(t.Context(), func(tx *Tx) error {
		if v, _ := tx.Marked("a"); v != "1" {
			t.Errorf("marked %q", v)
		}
		return nil
	})
}

func TestUntold(t *testing.T) {
	l := open(t, t.TempDir())
	a := arrival("mail")
	places := []Location{{"x", "INBOX", 1, 7}, {"x", "Spam", 1, 2}, {"y", "INBOX", 1, 7}}
	for _, p := range places {
		l.must(t, func(tx *Tx) error { _, err := tx.Keep(a, &p); return err })
	}
	untold := func(want ...Location) {
		t.Helper()
		l.Read(t.Context(), func(tx *Tx) error {
			got, err := tx.Untold("x")
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v %v, want %v", got, err, want)
			}
			return nil
		})
	}
	untold() // the mailbox is told nothing of a mail without a verdict
	l.must(t, func(tx *Tx) error { _, err := tx.Judge(verdict(a)); return err })
	untold(places[0], places[1])
	l.must(t, func(tx *Tx) error { return tx.Told(places[0]) })
	untold(places[1])
}

func TestSchema(t *testing.T) {
	t.Run("a ledger of the first version is brought up to date, facts and all", func(t *testing.T) {
		dir := t.TempDir()
		if _, err := openKey(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join("testdata", "schema1.sql"))
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatal(err)
		}
		db.Close()
		l := open(t, dir)
		if f := facts(t, l); len(f.Mails) != 1 || f.Mails[0].ID != "YGUWU-JWBPH" {
			t.Errorf("%+v", f.Mails)
		}
		keep(t, l, "new")
		if a := claim(t, l, noon); a == nil || a.Source != "old.eml" {
			t.Errorf("%v: what waited before comes first", a)
		}
		l.Read(t.Context(), func(tx *Tx) error {
			if n, breaks, err := tx.VerifyChain(); n != 1 || len(breaks) > 0 || err != nil {
				t.Error(n, breaks, err)
			}
			if letters, err := tx.Letters(""); len(letters) != 1 || len(letters[0].Deliveries) != 1 || err != nil {
				t.Error(letters, err)
			}
			return nil
		})
	})
	t.Run("a ledger of a newer program is refused and left alone", func(t *testing.T) {
		dir := t.TempDir()
		l := open(t, dir)
		if _, err := l.db.Exec(`PRAGMA user_version = 99`); err != nil {
			t.Fatal(err)
		}
		l.Close()
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "newer dondoc") {
			t.Error(err)
		}
	})
	t.Run("two processes make a ledger at once", func(t *testing.T) {
		dir := t.TempDir()
		var all sync.WaitGroup
		keys := make([]Key, 6)
		for i := range keys {
			all.Go(func() {
				l, err := Open(dir)
				if err != nil {
					t.Error(err)
					return
				}
				defer l.Close()
				keys[i] = l.Key
				if err := l.Write(context.Background(), noon, func(tx *Tx) error { return tx.Mark("x", fmt.Sprint(i)) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, k := range keys {
			if string(k) != string(keys[0]) || len(k) != 32 {
				t.Errorf("two keys: %x, %x", k, keys[0])
			}
		}
	})
	t.Run("a directory may be called anything", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "Đợt 2022 #1, 50% & hơn?")
		l := open(t, dir)
		keep(t, l, "mail")
		if st, err := os.Stat(filepath.Join(dir, "ledger.db")); err != nil || st.Size() == 0 {
			t.Error(err)
		}
	})
}

func TestKey(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	path := filepath.Join(dir, "key")
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	token := l.Key.LetterToken("DVK-2022", "invite/HU-A")
	if len(token) != 20 || token == l.Key.LetterToken("DVK-2022", "invite/HU-B") || token == l.Key.LetterToken("DVK-2023", "invite/HU-A") ||
		token == l.Key.FormToken("DVK-2022", "invite/HU-A", "") {
		t.Errorf("token %q is not of this letter alone", token)
	}
	if !Same(strings.ToUpper(token), token) || Same(token, token[1:]) || Same("", token) {
		t.Error("tokens are compared wrongly")
	}
	l.Close()
	if again := open(t, dir); again.Key.LetterToken("DVK-2022", "invite/HU-A") != token {
		t.Error("the key changed over a restart")
	}
	kept, _ := os.ReadFile(path)
	os.Remove(path)
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("%v: a lost key was replaced in silence", err)
	}
	os.WriteFile(path, kept[:20], 0o600)
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v: a damaged key was taken", err)
	}
}

func TestArrivalID(t *testing.T) {
	for _, row := range []struct{ sentence, sha, want string }{
		{"the first ten letters of its hash", arrival("").SHA256, "4OYMI-QUY7Q"},
		{"of a hash of nothing but zeros", strings.Repeat("00", 32), "AAAAA-AAAAA"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := ArrivalID(row.sha); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
