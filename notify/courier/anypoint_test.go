package courier

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dondoc/config"
)

// TestAnyFaultAtAnyPoint sends two letters to a server that once, at its first
// word, does something wrong; then at its second, and so on. Wherever it is, a
// letter counts as accepted only if the server has it, as unknown only if it
// may have it, and the one that follows is none the worse.
func TestAnyFaultAtAnyPoint(t *testing.T) {
	// Points beyond the server's last word: nothing happens there.
	const points = 12
	for _, fault := range []struct {
		sentence, says string
		ends           bool
	}{
		{"falls silent", "", false},
		{"hangs up without a word", "", true},
		{"hangs up in the middle of its answer", "25", true},
		{"falls silent in the middle of its answer", "25", false},
		{"shuts down", "421 4.3.2 shutting down\r\n", true},
		{"has trouble", "451 4.3.0 not now\r\n", false},
		{"refuses", "550 5.7.0 no\r\n", false},
		{"says something that is not SMTP", "what?\r\n", false},
		{"says something that is not SMTP, and hangs up", "\x00\xff\r\n", true},
		{"answers in lines that do not agree", "250-ok\r\n550 no\r\n", false},
	} {
		t.Run("a server that "+fault.sentence, func(t *testing.T) {
			t.Parallel()
			var reached atomic.Int32
			var all sync.WaitGroup
			for at := range points {
				all.Go(func() {
					if fails(t, &faulty{at: at, says: fault.says, ends: fault.ends}) {
						reached.Add(1)
					}
				})
			}
			all.Wait()
			if n := reached.Load(); n < 7 || n == points {
				t.Errorf("%d of %d points were reached: this test looks in the wrong place", n, points)
			}
		})
	}
}

// fails is false when the server did not speak so often.
func fails(t *testing.T, s *faulty) (reached bool) {
	t.Helper()
	courier := open(t, config.SMTP{URL: "smtp+plain://dvk@" + scripted(t, s.serve)})
	// Short only where the server keeps us waiting: the machine may be busy.
	patience := courier.command
	if !s.ends {
		courier.command, courier.block, courier.final = time.Second, time.Second, time.Second
	}
	first := append([]byte("Subject: 1\r\n"), letter...)
	out := send(t, courier, to, first)
	courier.command, courier.block, courier.final = patience, patience, patience
	where, stored := s.healed(), s.count(first)
	switch {
	case (out.Kind == Accepted) && stored != 1:
		t.Errorf("at %q: %v, and the server has the letter %d times", where, out, stored)
	case out.Kind == Unknown && where != ".":
		t.Errorf("at %q: %v", where, out)
	case (out.Kind == Trouble || out.Kind == Refused) && stored != 0:
		t.Errorf("at %q: %v, and the server has the letter", where, out)
	case out.Kind == Refused && (!strings.HasPrefix(s.says, "550") || !strings.Contains("RCPT DATA .", where)):
		t.Errorf("at %q: %v", where, out)
	}
	second := append([]byte("Subject: 2\r\n"), letter...)
	if out := send(t, courier, to, second); where != "" && (out.Kind != Accepted || s.count(second) != 1) {
		t.Errorf("after a fault at %q the next letter: %v, and the server has it %d times", where, out, s.count(second))
	}
	if n := s.others(first, second); n != 0 {
		t.Errorf("at %q: the server has %d mails that nobody wrote", where, n)
	}
	courier.Close()
	return where != ""
}

// faulty is a good server but for one of its answers.
type faulty struct {
	at   int
	says string
	ends bool

	mu    sync.Mutex
	spoke int
	where string
	mails [][]byte
}

// answer says a text, or the fault in its place. alive is false when the
// connection is over.
func (s *faulty) answer(d *dialogue, to, text string) (faulty, alive bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	faulty = s.spoke == s.at
	s.spoke++
	if !faulty {
		fmt.Fprint(d.Conn, text)
		return false, true
	}
	s.where = to
	fmt.Fprint(d.Conn, s.says)
	return true, !s.ends
}

func (s *faulty) serve(d *dialogue) {
	if _, alive := s.answer(d, "greeting", "220 mail.example ESMTP\r\n"); !alive {
		return
	}
	for {
		verb, _, _ := strings.Cut(strings.TrimSpace(d.hear()), " ")
		text := map[string]string{
			"EHLO": "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n", "AUTH": "235 2.7.0 in\r\n", "MAIL": "250 2.1.0 ok\r\n", "RCPT": "250 2.1.5 ok\r\n",
			"DATA": "354 go ahead\r\n", "RSET": "250 ok\r\n", "QUIT": "221 bye\r\n", "NOOP": "250 ok\r\n", "*": "501 ok\r\n",
		}[verb]
		if text == "" {
			return
		}
		faulty, alive := s.answer(d, verb, text)
		if !alive {
			return
		}
		if verb == "DATA" && !faulty && !s.mail(d) {
			return
		}
	}
}

// mail reads a mail and takes it if the answer says so; what is never ended is
// nobody's.
func (s *faulty) mail(d *dialogue) (alive bool) {
	var mail []byte
	for line := d.hear(); line != ".\r\n"; line = d.hear() {
		if line == "" {
			return false
		}
		mail = append(mail, strings.TrimPrefix(line, ".")...)
	}
	s.mu.Lock()
	if s.spoke != s.at || strings.HasPrefix(s.says, "250") {
		s.mails = append(s.mails, mail)
	}
	s.mu.Unlock()
	_, alive = s.answer(d, ".", "250 2.0.0 queued\r\n")
	return alive
}

// healed makes the server a good one, and says where it was faulty.
func (s *faulty) healed() (where string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = -1
	return s.where
}

// count is how often the server has a mail; of all mails, with nil.
func (s *faulty) count(raw []byte) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.mails {
		if raw == nil || bytes.Equal(m, raw) {
			n++
		}
	}
	return n
}

func (s *faulty) others(mails ...[]byte) int {
	n := s.count(nil)
	for _, m := range mails {
		n -= s.count(m)
	}
	return n
}
