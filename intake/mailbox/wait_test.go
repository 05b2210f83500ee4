package mailbox

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"dondoc/intake/mailbox/mailboxtest"
)

// waited is how a Wait ended.
type waited struct {
	news bool
	err  error
}

// waiting runs Wait and tells how it ended.
func waiting(ctx context.Context, box *Mailbox) <-chan waited {
	ended := make(chan waited, 1)
	go func() {
		news, err := box.Wait(ctx)
		ended <- waited{news, err}
	}()
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
		if news, err := box.Wait(t.Context()); !news || err != nil {
			t.Fatal(news, err)
		}
		if r := seen.round(t, box); r.Taken() != 1 || box.Logins() != 1 {
			t.Errorf("%+v, %d logins", r, box.Logins())
		}
	})
	t.Run("when it came between the round and the wait", func(t *testing.T) {
		s := server(t, mailboxtest.Plain)
		box, seen := open(t, s), newMemory()
		seen.round(t, box)
		for n := range 3 {
			put(t, s, "INBOX", mail(n))
			if news, err := box.Wait(t.Context()); !news || err != nil {
				t.Fatal(news, err)
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
	if got := <-waiting(t.Context(), box); !got.news || got.err != nil {
		t.Fatal(got)
	}
	if r := seen.round(t, box); r.Taken() != 1 {
		t.Errorf("%+v", r)
	}
}

// Nor does what ends the wait count as news: it would cause another round, and
// that one the next, for ever.
func TestARoundDoesNotWaitForAWait(t *testing.T) {
	s := &unfair{answer: func(_ *unfair, command string) string {
		if command == "IDLE" {
			return "+ idling\n"
		}
		return ""
	}}
	box, seen := start(t, s), newMemory()
	seen.round(t, box)
	ended := waiting(t.Context(), box)
	idling(t, s)
	if r := seen.round(t, box); !r.Complete() {
		t.Errorf("%+v", r)
	}
	if got := <-ended; got.news || got.err != nil {
		t.Error(got)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s), newMemory()
	seen.round(t, box)
	ctx, cancel := context.WithCancel(t.Context())
	ended := waiting(ctx, box)
	cancel()
	if got := <-ended; got.news || !errors.Is(got.err, context.Canceled) {
		t.Error(got)
	}
	if r := seen.round(t, box); !r.Complete() {
		t.Errorf("%+v", r)
	}
}

func TestWithoutIDLEThereIsNoWaiting(t *testing.T) {
	for _, c := range []struct {
		sentence, caps, idle, done string
		dropped                    bool // the connection, for the two sides disagree
	}{
		{"a server without the capability is not asked", "IMAP4rev1", "", "", false},
		{"a server that answers IDLE with NO", "IMAP4rev1 IDLE", "{tag} NO not now\n", "", true},
		{"a server that answers IDLE with BAD", "IMAP4rev1 IDLE", "{tag} BAD what\n", "", true},
		{"a server that does not answer IDLE", "IMAP4rev1 IDLE", silent, "", true},
		{"a server that closes at IDLE", "IMAP4rev1 IDLE", closing, "", true},
		{"a server that ends IDLE by itself, as go-imap does not notice", "IMAP4rev1 IDLE", "+ idling\n{tag} NO enough\n", "", true},
		{"a server that says BYE while idling", "IMAP4rev1 IDLE", "+ idling\n* BYE good night\n" + closing, "", true},
		{"a server that has gone, unnoticed, while idling", "IMAP4rev1 IDLE", "+ idling\n", silent, true},
		{"a server that answers DONE with NO", "IMAP4rev1 IDLE", "+ idling\n", "{tag} NO what\n", true},
		{"a server that hangs up at DONE", "IMAP4rev1 IDLE", "+ idling\n", closing, true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			s := &unfair{caps: c.caps, answer: func(_ *unfair, command string) string {
				switch command {
				case "IDLE":
					return c.idle
				case "DONE":
					return c.done
				}
				return ""
			}}
			box, seen := start(t, s), newMemory()
			box.idleSpan = 100 * time.Millisecond
			seen.round(t, box)
			if news, err := box.Wait(t.Context()); news || !errors.Is(err, ErrNoNews) {
				t.Errorf("news %v, %v", news, err)
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

func TestAWaitOpensNoConnection(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box := open(t, s)
	if news, err := box.Wait(t.Context()); news || !errors.Is(err, ErrNoNews) || box.Logins() != 0 {
		t.Errorf("news %v, %v, %d logins", news, err, box.Logins())
	}
}

func TestAfterALostConnectionTheNextRoundMakesWaitingPossible(t *testing.T) {
	lost := false
	s := &unfair{answer: func(_ *unfair, command string) string {
		switch {
		case command == "IDLE" && !lost:
			lost = true
			return "+ idling\n" + closing
		case command == "IDLE":
			return "+ idling\n* 9 EXISTS\n"
		}
		return ""
	}}
	box, seen := start(t, s), newMemory()
	seen.round(t, box)
	if news, err := box.Wait(t.Context()); news || !errors.Is(err, ErrNoNews) {
		t.Errorf("news %v, %v", news, err)
	}
	seen.round(t, box)
	if news, err := box.Wait(t.Context()); !news || err != nil || s.conns.Load() != 2 {
		t.Errorf("news %v, %v, %d connections", news, err, s.conns.Load())
	}
}

func TestAMissingFirstFolderIsNoReasonToSpin(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s, "Không có"), newMemory()
	seen.round(t, box)
	if news, err := box.Wait(t.Context()); news || !errors.Is(err, ErrNoNews) {
		t.Errorf("news %v, %v", news, err)
	}
}

func TestAMessageThatIsLeftIsNoNews(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	s.AddFolder(user, "Thư rác")
	box := open(t, s, "INBOX", "Thư rác")
	put(t, s, "INBOX", mail(1))
	r, err := box.Round(t.Context(), func(string, uint32) func(uint32) bool { return func(uint32) bool { return false } },
		func(_ context.Context, msg Message) error {
			io.Copy(io.Discard, msg.Body)
			return ErrSkip
		})
	if err != nil || len(r.Folders[0].Left) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if news, err := box.Wait(ctx); news || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("news %v, %v", news, err)
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
			b.Fatalf("%+v", r)
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
