package main

import (
	"context"
	"log/slog"
	"testing"
	"time"
)

// TestRefusedPasswordIsNotTriedAtEveryPoll: a server that counts wrong
// passwords would lock the account within an hour of polling every minute.
func TestRefusedPasswordIsNotTriedAtEveryPoll(t *testing.T) {
	w := newWorld(t, "HU-BATO")
	w.imap.AddUser("tiepnhan", "mat-khau-moi")
	now := at(t, "2022-10-12 08:00")
	p, _ := w.program(now)
	p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for range 24 * 60 {
		if _, err := o.round(context.Background(), func() time.Time { return now }); err != nil {
			refused++
		}
		now = now.Add(time.Minute)
	}
	if refused != 24*60 {
		t.Errorf("%d of %d rounds said that the mailbox cannot be read", refused, 24*60)
	}
	if logins := o.box.Logins(); logins > 32 || logins < 20 {
		t.Errorf("%d logins in a day, want about one an hour", logins)
	}
	w.imap.AddUser("tiepnhan", "mat-khau")
	now = now.Add(time.Hour)
	if _, err := o.round(context.Background(), func() time.Time { return now }); err != nil {
		t.Errorf("with the right password again: %v", err)
	}
}

// TestRefusedPasswordIsNotTriedByEveryOnce: cron starts a new process each
// time, and a back-off that lives in the process would never begin.
func TestRefusedPasswordIsNotTriedByEveryOnce(t *testing.T) {
	w := newWorld(t, "HU-BATO")
	w.imap.AddUser("tiepnhan", "mat-khau-moi")
	logins := int64(0)
	for minute := range 40 {
		now := at(t, "2022-10-12 08:00").Add(time.Duration(minute) * time.Minute)
		p, _ := w.program(now)
		p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
		o, err := p.open()
		if err != nil {
			t.Fatal(err)
		}
		if err := o.connect(); err != nil {
			t.Fatal(err)
		}
		if _, err := o.round(context.Background(), func() time.Time { return now }); err == nil {
			t.Error("a round with the wrong password says nothing")
		}
		logins += o.box.Logins()
		o.Close()
	}
	if logins != 6 {
		t.Errorf("%d logins in 40 minutes, want those after 0, 1, 3, 7, 15 and 31", logins)
	}
}

// TestOnceSaysThatNothingCouldBeSent: cron mails what fails, and letters that
// have waited for days behind a server that is away are a failure.
func TestOnceSaysThatNothingCouldBeSent(t *testing.T) {
	w := newWorld(t, "HU-BATO")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.smtp.Close()
	for _, when := range []string{"2022-10-04 07:45", "2022-10-04 07:45", "2022-10-05 07:45"} {
		if out, code := w.runUntil(context.Background(), at(t, when), "once"); code != exitFailed {
			t.Errorf("at %s: exit %d\n%s", when, code, out)
		}
	}
}
