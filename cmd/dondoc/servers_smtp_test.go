package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"dondoc/cmd/dondoc/witness"
	"dondoc/notify/courier/couriertest"
	"dondoc/notify/letter"
)

// through lets the world's letters go through another SMTP server.
func (w *world) through(o couriertest.Options) {
	w.t.Helper()
	sink, err := couriertest.Start(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { sink.Close() })
	w.edit("campaign.yaml", `url: "smtp[^"]*"`, fmt.Sprintf(`url: "smtp+plain://%s"`, sink.Addr()))
}

// TestGreylistingThatRelents: a server that wants every recipient to be tried
// again, and takes nothing before a quarter of an hour has passed.
func TestGreylistingThatRelents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT")
	first, tries := map[string]time.Time{}, map[string]int{}
	w.through(couriertest.Options{Take: w.take, Rcpt: func(_, to string) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if tries[to]++; tries[to] == 1 {
			first[to] = w.now
		}
		if w.now.Before(first[to].Add(15 * time.Minute)) {
			return couriertest.Reply{Code: 451, Status: "4.7.1", Text: "greylisted"}
		}
		return nil
	}})
	now := at(t, "2022-10-04 07:45")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	for range 60 {
		w.run(now, "once")
		now = now.Add(time.Minute)
	}
	for _, l := range lines[letterJSON](t, w.must(now, "letters", "--json")) {
		for _, d := range l.Deliveries {
			if d.Outcome != "accepted" {
				t.Errorf("%s to %s is %s", l.Key, d.Address, d.Outcome)
			}
			// After 1, 2, 4, 8 and 16 minutes more.
			if n := tries[d.Address]; n < 2 || n > 6 {
				t.Errorf("%s was tried %d times", d.Address, n)
			}
		}
	}
	if len(w.sent) != 3 {
		t.Errorf("%d invitations went out", len(w.sent))
	}
}

// TestOneOfThreeAddressesIsRefused: what is said to one recipient of a digest is
// no word about the others.
func TestOneOfThreeAddressesIsRefused(t *testing.T) {
	t.Parallel()
	const good, bad, slow = "phongth@bdvtu.quangngai.example", "cu@bdvtu.quangngai.example", "lanhdao@bdvtu.quangngai.example"
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	w.edit("campaign.yaml", `(?m)^desk: .*`, "desk: ["+good+", "+bad+", "+slow+"]")
	w.account = witness.New(w.public())
	greylisted := true
	w.through(couriertest.Options{Take: w.take, Rcpt: func(_, to string) error {
		switch {
		case to == bad:
			return couriertest.Reply{Code: 550, Status: "5.1.1", Text: "no such user"}
		case to == slow && greylisted:
			greylisted = false
			return couriertest.Reply{Code: 450, Status: "4.2.0", Text: "busy"}
		}
		return nil
	}})
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	w.must(at(t, "2022-10-04 16:01"), "once")
	now := at(t, "2022-10-04 16:05")
	w.must(now, "once")
	want := map[string]string{good: "accepted", slow: "accepted", bad: "refused"}
	for _, l := range lines[letterJSON](t, w.must(now, "letters", "--json")) {
		for _, d := range l.Deliveries {
			if l.Kind != letter.DigestKind {
				continue
			}
			if want[d.Address] != d.Outcome {
				t.Errorf("%s to %s is %s, want %s", l.Key, d.Address, d.Outcome, want[d.Address])
			}
			delete(want, d.Address)
		}
	}
	if len(want) != 0 || len(w.sent) != 4 {
		t.Errorf("not written to: %v; %d mails went out", want, len(w.sent))
	}
}

// TestTwoProgramsThatWriteToEachOther are two campaigns, each a unit of the
// other, for an hour of their time. Neither answers the other's letters; where
// something on the way takes away every sign of a machine, they stop all the
// same.
func TestTwoProgramsThatWriteToEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sentence string
		carry    func(raw []byte) []byte
		most     int // letters from each to the other
	}{
		{"as the letters are", func(raw []byte) []byte { return raw }, 1},
		{"with every sign of a machine taken away", func(raw []byte) []byte {
			return regexp.MustCompile(`(?mi)^(Auto-Submitted|Precedence|X-[\w-]+|List-[\w-]+|References|In-Reply-To):.*\r\n(?:[ \t].*\r\n)*`).ReplaceAll(raw, nil)
		}, 6},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			now := at(t, "2022-10-04 07:45")
			var sides [2]*world
			var letters [2]int
			for i := range sides {
				sides[i] = newWorld(t, "HU-BINHSON", "HU-BATO")
			}
			for i, w := range sides {
				other := sides[1-i]
				// Each is known to the other as its unit's registry.
				ours := fmt.Sprintf("tiepnhan@mot%d.quangngai.example", i)
				w.edit("campaign.yaml", `(?m)^  from: .*`, "  from: "+ours, `(?m)^  address: .*`, "  address: "+ours)
				other.edit("units.csv", `vanthu@hubato\.quangngai\.example`, ours)
				theirs := fmt.Sprintf("tiepnhan@mot%d.quangngai.example", 1-i)
				w.through(couriertest.Options{Take: func(_, to string, raw []byte) error {
					if to != theirs {
						return nil
					}
					letters[i]++
					// Unseen by the witness, who knows of one campaign only.
					_, err := other.imap.Server.Append("tiepnhan", "INBOX", c.carry(bytes.Clone(raw)), now)
					return err
				}})
			}
			for _, w := range sides {
				w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
			}
			for range 30 {
				for _, w := range sides {
					w.must(now, "once")
				}
				now = now.Add(2 * time.Minute)
			}
			if slices.Max(letters[:]) > c.most || slices.Min(letters[:]) == 0 {
				t.Errorf("in an hour %v letters went to and fro, want at most %d each way", letters, c.most)
			}
		})
	}
}
