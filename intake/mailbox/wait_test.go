package mailbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dondoc/intake/mailbox/mailboxtest"
)

// waiting runs Wait and tells how it ended.
func waiting(t *testing.T, ctx context.Context, box *Mailbox, longest time.Duration) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- box.Wait(ctx, longest) }()
	return ended
}

// idling waits until the server has heard IDLE.
func idling(t *testing.T, s *unfair) {
	t.Helper()
	for {
		s.mu.Lock()
		n := len(s.heard)
		last := ""
		if n > 0 {
			last = s.heard[n-1]
		}
		s.mu.Unlock()
		if last == "IDLE" {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func TestNewMailEndsTheWait(t *testing.T) {
	t.Run("when it comes while idling", func(t *testing.T) {
		s := &unfair{answer: func(s *unfair, command string) string {
			if command == "IDLE" {
				s.bodies[9] = "Subject: 9\r\n\r\nthu so 9\r\n"
				return "+ idling\n* 9 EXISTS\n"
			}
			return ""
		}}
		box, seen := start(t, s), newMemory()
		seen.round(t, box)
		if err := box.Wait(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if r := seen.round(t, box); r.Taken() != 1 || box.Logins() != 1 {
			t.Errorf("%+v, %d logins", r, box.Logins())
		}
	})
	t.Run("when it came between the round and the wait", func(t *testing.T) {
		s := server(t, mailboxtest.Plain)
		box, seen := open(t, s), newMemory()
		box.Sleep = func(context.Context, time.Duration) error { return errors.New("it slept instead of idling") }
		seen.round(t, box)
		for n := range 3 {
			put(t, s, "INBOX", mail(n))
			if err := box.Wait(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
			if r := seen.round(t, box); r.Taken() != 1 || box.Logins() != 1 {
				t.Errorf("%+v, %d logins", r, box.Logins())
			}
		}
	})
}

func TestMailOfAnotherFolderDoesNotHideThatOfTheFirst(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	s.AddFolder(user, "Thư rác")
	box, seen := open(t, s, "INBOX", "Thư rác"), newMemory()
	seen.round(t, box)
	// It came after the round had left INBOX: IDLE alone would not tell.
	put(t, s, "INBOX", mail(1))
	if err := <-waiting(t, t.Context(), box, time.Hour); err != nil {
		t.Fatal(err)
	}
	if r := seen.round(t, box); r.Taken() != 1 {
		t.Errorf("%+v", r)
	}
}

func TestARoundDoesNotWaitForAWait(t *testing.T) {
	s := &unfair{answer: func(_ *unfair, command string) string {
		if command == "IDLE" {
			return "+ idling\n"
		}
		return ""
	}}
	box, seen := start(t, s), newMemory()
	seen.round(t, box)
	ended := waiting(t, t.Context(), box, time.Hour)
	idling(t, s)
	if r := seen.round(t, box); !r.Complete() {
		t.Errorf("%+v", r)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s), newMemory()
	seen.round(t, box)
	ctx, cancel := context.WithCancel(t.Context())
	ended := waiting(t, ctx, box, time.Hour)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if r := seen.round(t, box); !r.Complete() {
		t.Errorf("%+v", r)
	}
}

func TestWithoutIDLEItSleeps(t *testing.T) {
	for _, c := range []struct {
		sentence, caps, idle string
		dropped              bool // the connection, for the two sides disagree
	}{
		{"a server without the capability is not asked", "IMAP4rev1", "", false},
		{"a server that answers IDLE with NO", "IMAP4rev1 IDLE", "{tag} NO not now\n", true},
		{"a server that answers IDLE with BAD", "IMAP4rev1 IDLE", "{tag} BAD what\n", true},
		{"a server that does not answer IDLE", "IMAP4rev1 IDLE", silent, true},
		{"a server that closes at IDLE", "IMAP4rev1 IDLE", closing, true},
		{"a server that ends IDLE by itself, as go-imap does not notice", "IMAP4rev1 IDLE", "+ idling\n{tag} NO enough\n", true},
		{"a server that says BYE while idling", "IMAP4rev1 IDLE", "+ idling\n* BYE good night\n" + closing, true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			s := &unfair{caps: c.caps, answer: func(_ *unfair, command string) string {
				if command == "IDLE" {
					return c.idle
				}
				return ""
			}}
			box, seen := start(t, s), newMemory()
			box.idleSpan = 100 * time.Millisecond
			var slept time.Duration
			box.Sleep = func(_ context.Context, d time.Duration) error {
				slept = d
				return nil
			}
			seen.round(t, box)
			if err := box.Wait(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
			if slept < 59*time.Minute || slept > time.Hour {
				t.Errorf("slept %s", slept)
			}
			if r := seen.round(t, box); !r.Complete() {
				t.Errorf("%+v", r)
			}
			if conns := s.conns.Load(); (conns == 2) != c.dropped {
				t.Errorf("%d connections", conns)
			}
		})
	}
}

func TestAMissingFirstFolderIsNoReasonToSpin(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s, "Không có"), newMemory()
	naps := 0
	box.Sleep = func(context.Context, time.Duration) error { naps++; return nil }
	seen.round(t, box)
	if err := box.Wait(t.Context(), time.Hour); err != nil || naps != 1 {
		t.Errorf("%v, %d naps", err, naps)
	}
}

// 2,000 messages of 4 KB from the embedded server, as in the first round of a
// live campaign; then a poll without news.
func BenchmarkFetch2000(b *testing.B) {
	s := server(b, mailboxtest.Plain)
	raw := []byte("From: a@b.example\r\nSubject: x\r\n\r\n" + strings.Repeat("mot dong cua thu nay dai nhu the\r\n", 120))
	for range 2000 {
		put(b, s, "INBOX", raw)
	}
	b.SetBytes(int64(len(raw)) * 2000)
	for b.Loop() {
		box, seen := open(b, s), newMemory()
		if r := seen.round(b, box); r.Taken() != 2000 {
			b.Fatal(fmt.Sprintf("%+v", r))
		}
		box.Close()
	}
}

func BenchmarkPoll(b *testing.B) {
	s := server(b, mailboxtest.Plain)
	for n := range 300 {
		put(b, s, "INBOX", mail(n))
	}
	box, seen := open(b, s), newMemory()
	seen.round(b, box)
	for b.Loop() {
		seen.round(b, box)
	}
}
