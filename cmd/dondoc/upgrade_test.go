package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"dondoc/notify/courier/couriertest"
)

// older takes a ledger back by one version of its schema each: what that
// program would have left. The first of them makes version 1 of version 2.
var older = []string{
	`DROP INDEX arrival_turn; ALTER TABLE arrival DROP COLUMN turn`,
	`DROP INDEX answer_key`,
	`DROP INDEX letter_uncopied; ALTER TABLE letter DROP COLUMN copied; DROP TABLE copy; DROP TABLE byhand`,
	`ALTER TABLE arrival DROP COLUMN marked; DROP TABLE heard`,
	`DROP INDEX delivery_tried; DROP INDEX delivery_untaken; DROP INDEX letter_kind; DROP INDEX location_untold;
	CREATE INDEX location_untold ON location (arrival) WHERE told = 0`,
}

// TestFaultUpgrade stops a program that has letters in its queue, one of them
// with one of two recipients, and has the newest program go on with the ledger
// of each older one: every letter still goes out, to everybody, once.
func TestFaultUpgrade(t *testing.T) {
	now := at(t, "2022-10-12 10:00")
	busy := couriertest.Reply{Code: 451, Status: "4.7.1", Text: "come again"}
	for version := len(older); version >= 1; version-- {
		t.Run(fmt.Sprintf("from version %d", version), func(t *testing.T) {
			w, mails := newInvited(t)
			w.fillMailbox(mails)
			// A clerk files from an address of his own, and so his unit has two.
			own := "canbo@hubinhson.quangngai.example"
			w.must(now, "alias", "HU-BINHSON", own, "--reason", "cán bộ phụ trách")
			if _, err := w.imap.Append("tiepnhan", "INBOX", mail(own, "Phụ lục mới của Huyện ủy Bình Sơn", "Kính gửi", file{"Phu luc.xlsx", w.filled("HU-BINHSON", 7)}), at(t, "2022-10-12 09:40")); err != nil {
				t.Fatal(err)
			}
			taken := 0
			w.refuse = func(to string) error {
				if to == own {
					taken++
					return nil
				}
				return busy
			}
			w.run(now, "once")
			if taken != 1 {
				t.Fatalf("%d letters went to one of two recipients", taken)
			}
			waiting := 0
			for _, l := range lines[letterJSON](t, w.must(now, "letters", "--json")) {
				for _, d := range l.Deliveries {
					if d.Outcome == "trouble" || d.Outcome == "waiting" {
						waiting++
					}
				}
			}
			if waiting < 3 {
				t.Fatalf("only %d deliveries wait", waiting)
			}
			db, err := sql.Open("sqlite", filepath.Join(w.dir, "data", "ledger.db"))
			if err != nil {
				t.Fatal(err)
			}
			for v := len(older); v >= version; v-- {
				if _, err := db.Exec(older[v-1] + fmt.Sprintf(`; PRAGMA user_version = %d`, v)); err != nil {
					t.Fatalf("to version %d: %v", v, err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			w.refuse = nil
			later := at(t, "2022-10-12 12:00")
			for range 2 {
				w.must(later, "once")
			}
			w.must(later, "verify")
			for _, l := range lines[letterJSON](t, w.must(later, "letters", "--json")) {
				for _, d := range l.Deliveries {
					n := 0
					for _, m := range w.sent {
						if m.to == d.Address && (stored{raw: m.raw}).header("X-Dondoc-Key") == l.Key {
							n++
						}
					}
					if n != 1 || d.Outcome != "accepted" {
						t.Errorf("%s went %d times to %s, which is said to be %s", l.Key, n, d.Address, d.Outcome)
					}
				}
			}
		})
	}
}

// TestALedgerOfANewerProgram is refused in words, and nothing is touched.
func TestALedgerOfANewerProgram(t *testing.T) {
	w, _ := newInvited(t)
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "data", "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	now := at(t, "2022-10-12 10:00")
	for _, lang := range []struct{ name, says string }{{"vi", "do bản dondoc mới hơn ghi"}, {"en", "written by a newer dondoc"}} {
		for _, command := range []string{"once", "run", "status", "verify", "backup"} {
			args := []string{command, "--lang", lang.name}
			if command == "backup" {
				args = append(args, t.TempDir())
			}
			out, code := w.run(now, args...)
			if code != exitUsage || !strings.Contains(out, lang.says) || !strings.Contains(out, "99") {
				t.Errorf("%v: exit %d\n%s", args, code, out)
			}
		}
	}
}
