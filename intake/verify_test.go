package intake

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dondoc/intake/ledger"
)

// TestVerifyHoldsTheRowsAgainstTheFacts: whatever somebody does to the ledger
// behind the program's back is found, and named by mail, letter and unit.
func TestVerifyHoldsTheRowsAgainstTheFacts(t *testing.T) {
	// The ledger has two mails, a letter delivered to one address and refused
	// by another, one of which it is not known whether it arrived, one that
	// waits, one withdrawn, and one skipped.
	const facts = 11
	for _, row := range []struct {
		sentence string
		tamper   string // run without foreign keys; {mail} is the first mail's id
		want     []string
	}{
		{"nobody touched it", ``, nil},
		{"the last fact was deleted", `DELETE FROM fact WHERE seq = 11`,
			[]string{"fact 11 facts_cut", "letter remind/HU-BATO/T-1 HU-BATO letter_fact_missing"}},
		{"the last five were deleted", `DELETE FROM fact WHERE seq > 6`, []string{
			"fact 7–11 facts_cut", "delivery receipt/A HU-BINHSON b@x.example delivery_fact_missing refused",
			"letter remind/HU-BATO/T-3 HU-BATO letter_fact_missing", "letter invite/HU-BATO HU-BATO letter_fact_missing", "letter remind/HU-BATO/T-1 HU-BATO letter_fact_missing"}},
		{"the last two were deleted, of which one says that a letter was posted", `DELETE FROM fact WHERE seq > 9`, []string{
			"fact 10–11 facts_cut", "letter invite/HU-BATO HU-BATO letter_fact_missing", "letter remind/HU-BATO/T-1 HU-BATO letter_fact_missing"}},
		{"all were deleted", `DELETE FROM fact`, []string{
			"fact 1–11 facts_cut", "mail {mail} mail_fact_missing filed", "mail {other} mail_fact_missing filed",
			"letter receipt/B HU-BINHSON letter_fact_missing", "letter receipt/A HU-BINHSON letter_fact_missing",
			"letter remind/HU-BATO/T-3 HU-BATO letter_fact_missing", "letter invite/HU-BATO HU-BATO letter_fact_missing", "letter remind/HU-BATO/T-1 HU-BATO letter_fact_missing"}},
		{"a fact in the middle was deleted", `DELETE FROM fact WHERE seq = 1`,
			[]string{"fact 1 facts_missing", "mail {mail} mail_fact_missing filed"}},
		{"the row of a judged mail was deleted", `DELETE FROM arrival WHERE id = '{mail}'`, []string{"mail {mail} HU-BINHSON mail_row_missing"}},
		{"a verdict was set by hand", `UPDATE arrival SET verdict = 'ignored' WHERE id = '{mail}'`, []string{"mail {mail} HU-BINHSON mail_verdict ignored"}},
		{"a verdict was taken back, so that the mail would be judged again", `UPDATE arrival SET verdict = '' WHERE id = '{mail}'`, []string{"mail {mail} HU-BINHSON mail_verdict"}},
		{"the row of a letter was deleted", `DELETE FROM letter WHERE key = 'receipt/A'`, []string{"letter receipt/A HU-BINHSON letter_row_missing"}},
		{"that of a letter that was skipped", `DELETE FROM letter WHERE key = 'remind/HU-BATO/T-1'`, []string{"letter remind/HU-BATO/T-1 HU-BATO letter_row_missing"}},
		{"that of one and its deliveries", `DELETE FROM delivery WHERE key = 'receipt/A'; DELETE FROM letter WHERE key = 'receipt/A'`, []string{"letter receipt/A HU-BINHSON letter_row_missing"}},
		{"a letter was withdrawn by hand", `UPDATE letter SET withdrawn = 'x' WHERE key = 'invite/HU-BATO'`, []string{"letter invite/HU-BATO HU-BATO letter_withdrawn x"}},
		{"a delivered letter was set back to be sent again", `UPDATE delivery SET outcome = 'waiting' WHERE address = 'a@x.example'`,
			[]string{"delivery receipt/A HU-BINHSON a@x.example delivery_outcome waiting"}},
		{"a refused one was called accepted", `UPDATE delivery SET outcome = 'accepted' WHERE address = 'b@x.example'`,
			[]string{"delivery receipt/A HU-BINHSON b@x.example delivery_outcome accepted"}},
		{"one that waits was called accepted", `UPDATE delivery SET outcome = 'accepted' WHERE key = 'invite/HU-BATO'`,
			[]string{"delivery invite/HU-BATO HU-BATO d@x.example delivery_fact_missing accepted"}},
		{"one of which nothing is known was called accepted", `UPDATE delivery SET outcome = 'accepted' WHERE key = 'receipt/B'`,
			[]string{"delivery receipt/B HU-BINHSON c@x.example delivery_outcome accepted"}},
		{"a delivery was deleted", `DELETE FROM delivery WHERE key = 'invite/HU-BATO'`,
			[]string{"delivery invite/HU-BATO HU-BATO d@x.example delivery_missing"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			o := newOffice(t)
			o.take(eml(binhSon, "Báo cáo", "", attached{"BC.docx", reportOf(t, "A")}))
			o.take(eml(binhSon, "Báo cáo", "", attached{"MH.docx", modelOf(t, "B")}))
			o.correspond()
			names := strings.NewReplacer("{mail}", o.facts()[0].ID, "{other}", o.facts()[1].ID)
			o.tamper(names.Replace(row.tamper))
			v, err := o.Verify(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range v.Damage {
				got = append(got, strings.Join(strings.Fields(fmt.Sprint(d.What, " ", d.ID, " ", d.Unit, " ", d.Address, " ", d.Code, " ", d.Found)), " "))
			}
			if g, w := strings.Join(got, "\n"), names.Replace(strings.Join(row.want, "\n")); g != w {
				t.Errorf("\n got %s\nwant %s", g, w)
			}
			if row.tamper == "" && (v.Facts != facts || v.Mails != 2 || v.Letters != 2 || v.Unreferenced != 0) {
				t.Errorf("looked at %+v", v)
			}
		})
	}
}

// TestVerifyCountsWhatNothingNames: a process killed between keeping bytes and
// recording them leaves bytes that nothing names, which is no damage.
func TestVerifyCountsWhatNothingNames(t *testing.T) {
	o := newOffice(t)
	o.take(eml(binhSon, "Báo cáo", "", attached{"BC.docx", reportOf(t, "A")}))
	if _, err := o.Archive.PutBytes([]byte("kept, and never recorded")); err != nil {
		t.Fatal(err)
	}
	if v, err := o.Verify(t.Context(), false); err != nil || v.Unreferenced != 1 || len(v.Damage) != 0 {
		t.Errorf("%+v %v", v, err)
	}
}

// correspond writes letters as notify does: see TestVerifyHoldsTheRowsAgainstTheFacts.
func (o *office) correspond() {
	now := time.Date(2022, 10, 13, 8, 0, 0, 0, time.UTC)
	write := func(fn func(*ledger.Tx) error) {
		o.t.Helper()
		now = now.Add(time.Second)
		if err := o.Ledger.Write(o.t.Context(), now, fn); err != nil {
			o.t.Fatal(err)
		}
	}
	letter := func(key, unit string) ledger.Letter {
		kind, _, _ := strings.Cut(key, "/")
		return ledger.Letter{Key: key, Kind: kind, Unit: unit, Token: strings.ToLower(key), Reason: "test"}
	}
	post := func(key, unit string, to ...string) {
		write(func(tx *ledger.Tx) error { _, err := tx.Post(letter(key, unit), to); return err })
	}
	send := func(outcome string) {
		write(func(tx *ledger.Tx) error {
			l, d, _, err := tx.ClaimDelivery(ledger.Turn{})
			if err != nil {
				return err
			}
			sha, err := o.Archive.PutBytes([]byte(l.Key))
			if err != nil {
				return err
			}
			if err := tx.Sending(d, sha, "x", now.Add(time.Hour)); err != nil {
				return err
			}
			return tx.Settle(l, d, outcome, "said so", now.Add(time.Hour))
		})
	}
	post("receipt/B", "HU-BINHSON", "c@x.example")                // 3
	send(ledger.Unknown)                                          // 4
	post("receipt/A", "HU-BINHSON", "a@x.example", "B@x.example") // 5
	send(ledger.Accepted)                                         // 6
	send(ledger.Refused)                                          // 7
	post("remind/HU-BATO/T-3", "HU-BATO", "d@x.example")          // 8
	write(func(tx *ledger.Tx) error {
		l := letter("remind/HU-BATO/T-3", "HU-BATO")
		return tx.Withdraw(&l, "covered") // 9
	})
	post("invite/HU-BATO", "HU-BATO", "d@x.example") // 10
	write(func(tx *ledger.Tx) error {
		l := letter("remind/HU-BATO/T-1", "HU-BATO")
		l.Withdrawn = "superseded"
		return tx.Skip(l) // 11
	})
}

// tamper runs SQL behind the program's back.
func (o *office) tamper(script string) {
	o.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(o.Campaign.DataDir(), "ledger.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA foreign_keys = OFF; " + script); err != nil {
		o.t.Fatal(err)
	}
}
