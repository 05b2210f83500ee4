package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dondoc/config"
)

// unfair is a server of a few messages that answers as IMAP servers do, but
// for what a test changes. Its answers are written with \n and sent with CRLF.
type unfair struct {
	mu       sync.Mutex
	validity uint32
	bodies   map[uint32]string
	caps     string
	// answer is asked first, with what follows the tag; {tag} in its answer
	// becomes the tag, {usual} the answer of a good server, and {half} its first
	// half. "" leaves the command to the server, silent answers nothing, and an
	// answer that ends in closing ends the connection.
	answer func(s *unfair, command string) string
	heard  []string
	lines  []string // as they came, with their tags
	conns  atomic.Int32
	addr   string
}

const (
	secret  = `a "quoted" \secret`
	silent  = "<silent>"
	closing = "<close>"
)

func start(t testing.TB, s *unfair) *Mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if s.validity == 0 {
		s.validity = 7
	}
	if s.bodies == nil {
		s.bodies = map[uint32]string{}
		for uid := uint32(1); uid <= 8; uid++ {
			s.bodies[uid] = fmt.Sprintf("Subject: %d\r\n\r\nthu so %d\r\n", uid, uid)
		}
	}
	if s.caps == "" {
		s.caps = "IMAP4rev1 UIDPLUS MOVE IDLE"
	}
	s.addr = l.Addr().String()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			go s.serve(c)
		}
	}()
	box, err := New(config.Mailbox{URL: "imap+plain://" + user + "@" + s.addr}, func() (string, error) { return secret, nil })
	if err != nil {
		t.Fatal(err)
	}
	box.silence = time.Second
	t.Cleanup(func() { box.Close() })
	return box
}

func (s *unfair) serve(c net.Conn) {
	defer c.Close()
	if !s.send(c, "", s.ask("greeting"), "* OK [CAPABILITY "+s.caps+"] ready\n") {
		return
	}
	r := bufio.NewReader(c)
	idle := ""
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		s.mu.Lock()
		s.lines = append(s.lines, strings.TrimSpace(line))
		s.mu.Unlock()
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		if tag == "DONE" {
			tag, command = idle, "DONE"
		}
		if command == "IDLE" {
			idle = tag
		}
		if !s.send(c, tag, s.ask(command), s.usual(command)) {
			return
		}
	}
}

func (s *unfair) ask(command string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, command)
	if s.answer == nil {
		return ""
	}
	return s.answer(s, command)
}

func (s *unfair) send(c net.Conn, tag, special, usual string) bool {
	if special == "" {
		special = usual
	}
	if special == silent {
		return true
	}
	text, end := strings.CutSuffix(special, closing)
	text = strings.NewReplacer("{usual}", usual, "{half}", usual[:len(usual)/2]).Replace(text)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "{tag}", tag), "\r\n", "\n")
	_, err := io.WriteString(c, strings.ReplaceAll(text, "\n", "\r\n"))
	return err == nil && !end
}

// usual is how a good server answers.
func (s *unfair) usual(command string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	uids := s.uids()
	switch words := strings.Fields(command); strings.Join(words[:min(2, len(words))], " ") {
	case "CAPABILITY":
		fmt.Fprintf(&b, "* CAPABILITY %s\n", s.caps)
	case "EXAMINE INBOX", "SELECT INBOX":
		fmt.Fprintf(&b, "* %d EXISTS\n* OK [UIDVALIDITY %d] .\n* OK [UIDNEXT %d] .\n* FLAGS (\\Seen $Dondoc)\n* OK [PERMANENTFLAGS (\\Seen \\Deleted $Dondoc)] .\n", len(uids), s.validity, slices.Max(append(uids, 0))+1)
	case "UID SEARCH":
		from, _ := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(words[3]))
		b.WriteString("* SEARCH")
		for _, uid := range uids {
			if int(uid) >= from && s.named(words[3], uid) {
				fmt.Fprint(&b, " ", uid)
			}
		}
		b.WriteString("\n")
	case "UID FETCH":
		for n, uid := range uids {
			if s.named(words[2], uid) {
				b.WriteString(s.fetched(n+1, uid, strings.Contains(command, "BODY")))
			}
		}
	}
	return b.String() + "{tag} OK done\n"
}

func (s *unfair) fetched(n int, uid uint32, body bool) string {
	if body {
		return fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\n%s)\n", n, uid, len(s.bodies[uid]), s.bodies[uid])
	}
	return fmt.Sprintf("* %d FETCH (UID %d INTERNALDATE \"12-Oct-2022 09:30:00 +0700\" RFC822.SIZE %d)\n", n, uid, len(s.bodies[uid]))
}

func (s *unfair) uids() []uint32 {
	var uids []uint32
	for uid := range s.bodies {
		uids = append(uids, uid)
	}
	slices.Sort(uids)
	return uids
}

// named reports whether a sequence set names the UID.
func (s *unfair) named(set string, uid uint32) bool {
	for _, r := range strings.Split(set, ",") {
		from, to, ranged := strings.Cut(r, ":")
		a, _ := strconv.Atoi(from)
		z, _ := strconv.Atoi(to)
		if !ranged {
			z = a
		}
		if int(uid) >= a && (int(uid) <= z || to == "*") {
			return true
		}
	}
	return false
}

// names reports whether a FETCH of bodies asks for the UID.
func (s *unfair) bodyOf(command string, uid uint32) bool {
	words := strings.Fields(command)
	return strings.HasPrefix(command, "UID FETCH") && strings.Contains(command, "BODY") && s.named(words[2], uid)
}

// once lets an answer be given a single time.
func once(does func(s *unfair, command string) string) func(*unfair, string) string {
	used := false
	return func(s *unfair, command string) string {
		if used {
			return ""
		}
		answer := does(s, command)
		used = answer != ""
		return answer
	}
}

func TestUnfairServers(t *testing.T) {
	all := []uint32{1, 2, 3, 4, 5, 6, 7, 8}
	for _, c := range []struct {
		sentence string
		answer   func(s *unfair, command string) string
		rounds   int // until the last one, which has to go as told here
		taken    []uint32
		fails    bool // the last round
		left     []uint32
		vanished []uint32
		poison   string // "4 garbled"
		conns    int32  // at most
		mute     bool   // it falls silent
	}{
		{
			sentence: "a literal cut off by the end of the connection is asked for again and taken whole",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					return s.fetched(1, 1, true) + s.fetched(2, 2, true) + "* 3 FETCH (UID 3 BODY[] {28}\nSubject: 3" + closing
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 2,
		},
		{
			sentence: "a literal cut off by silence is asked for again and taken whole",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					return "* 3 FETCH (UID 3 BODY[] {28}\nSubject: 3"
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 2, mute: true,
		},
		{
			sentence: "a literal that claims four gigabytes is not waited for; the others pass it and it is given up",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 4) {
					return "* 4 FETCH (UID 4 BODY[] {4294967295}\nSubject: 4\n"
				}
				return ""
			},
			rounds: 3, taken: []uint32{1, 2, 3, 5, 6, 7, 8}, poison: "4 garbled", conns: 10, mute: true,
		},
		{
			sentence: "a message on which the client chokes stands alone after a few steps, and is given up after three rounds",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 6) {
					return "* 6 FETCH (UID 6 X-GM-LABELS (a b) BODY[] {1}\nx)\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 3, taken: []uint32{1, 2, 3, 4, 5, 7, 8}, poison: "6 garbled", conns: 10,
		},
		{
			sentence: "before that it is left, and the round is not complete",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 6) {
					return "* 6 FETCH (UID 6 FLAGS (a]b) BODY[] {1}\nx)\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 2, taken: []uint32{1, 2, 3, 4, 5, 7, 8}, left: []uint32{6}, conns: 10,
		},
		{
			sentence: "a date that is none is a message that cannot be read",
			answer: func(s *unfair, command string) string {
				if strings.Contains(command, "RFC822.SIZE") && s.named(strings.Fields(command)[2], 2) {
					return "* 2 FETCH (UID 2 INTERNALDATE \"31-Feb-2022\" RFC822.SIZE 20)\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 3, taken: []uint32{1, 3, 4, 5, 6, 7, 8}, poison: "2 garbled", conns: 10,
		},
		{
			sentence: "a message on which the server dies is given up after eight rounds",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 8) {
					return closing
				}
				return ""
			},
			rounds: 8, taken: []uint32{1, 2, 3, 4, 5, 6, 7}, poison: "8 broken", conns: 24,
		},
		{
			sentence: "a UID after the literal, which the client does not match, is not missed in silence",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 5) {
					rest := ""
					for _, uid := range s.uids() {
						if uid != 5 && s.bodyOf(command, uid) {
							rest += s.fetched(int(uid), uid, true)
						}
					}
					return "* 5 FETCH (BODY[] {4}\nabcd UID 5)\n" + rest + "{tag} OK done\n"
				}
				return ""
			},
			rounds: 1, taken: []uint32{1, 2, 3, 4, 6, 7, 8}, left: []uint32{5}, conns: 1,
		},
		{
			sentence: "an unasked-for FETCH response in front of the answer does not hide the message",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 1) {
					answer := "* 1 FETCH (UID 1 FLAGS (\\Seen))\n"
					for _, uid := range s.uids() {
						answer += s.fetched(int(uid), uid, true)
					}
					return answer + "{tag} OK done\n"
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 1,
		},
		{
			sentence: "NIL for a body is asked for again, and taken when it comes",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 1) {
					return "* 1 FETCH (UID 1 BODY[] NIL)\n* 2 FETCH (UID 2 BODY[] {0}\n)\n{tag} OK done\n"
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 1,
		},
		{
			sentence: "a body that never comes is given up as withheld after eight rounds",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 1) {
					answer := "* 1 FETCH (UID 1 BODY[] \"\")\n"
					for _, uid := range s.uids() {
						if uid > 1 && s.bodyOf(command, uid) {
							answer += s.fetched(int(uid), uid, true)
						}
					}
					return answer + "{tag} OK done\n"
				}
				return ""
			},
			rounds: 8, taken: all[1:], poison: "1 withheld", conns: 1,
		},
		{
			sentence: "messages removed between SEARCH and FETCH have vanished, and nothing waits for them",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 2) {
					delete(s.bodies, 2)
					delete(s.bodies, 7)
					return "* 7 EXPUNGE\n* 2 EXPUNGE\n{tag} NO [EXPUNGEISSUED] some are gone\n"
				}
				return ""
			}),
			rounds: 1, taken: []uint32{1, 3, 4, 5, 6, 8}, vanished: []uint32{2, 7}, conns: 1,
		},
		{
			sentence: "an untagged response that the client does not know costs a connection and nothing else",
			answer: once(func(s *unfair, command string) string {
				if strings.HasPrefix(command, "UID FETCH") {
					return "* VANISHED 300:400\n"
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 2,
		},
		{
			sentence: "BYE in the middle of a FETCH is followed by a new connection",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					return s.fetched(1, 1, true) + "* BYE shutting down\n" + closing
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 2,
		},
		{
			sentence: "thousands of unasked-for responses in the middle of a FETCH hold nothing up",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					noise := strings.Repeat("* 8 EXISTS\n* 0 RECENT\n* 1 FETCH (FLAGS (\\Seen))\n* FLAGS (\\Seen)\n", 1000)
					return s.fetched(1, 1, true) + noise + "{usual}"
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 1,
		},
		{
			sentence: "an attribute of Gmail's costs a connection or two and is met again in no other message",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 2) {
					return "* 2 FETCH (EMAILID (M6d99ac3275bb4e) UID 2 BODY[] {1}\nx)\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 3, taken: []uint32{1, 3, 4, 5, 6, 7, 8}, poison: "2 garbled", conns: 10,
		},
		{
			sentence: "a literal longer than the message was announced is not believed",
			answer: func(s *unfair, command string) string {
				if s.bodyOf(command, 7) {
					return "* 7 FETCH (UID 7 BODY[] {9000000}\n" + s.bodies[7] + ")\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 3, taken: []uint32{1, 2, 3, 4, 5, 6, 8}, poison: "7 garbled", conns: 10,
		},
		{
			sentence: "a literal shorter than it claims swallows the rest, and is found out",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					return s.fetched(1, 1, true) + "* 2 FETCH (UID 2 BODY[] {60}\n" + s.bodies[2] + ")\n{tag} OK done\n" + closing
				}
				return ""
			}),
			rounds: 1, taken: all, conns: 2,
		},
		{
			sentence: "n:* naming a last message below n brings nothing twice",
			answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "UID SEARCH UID 9:*") {
					return "* SEARCH 8\n{tag} OK done\n"
				}
				if strings.HasPrefix(command, "EXAMINE") {
					return "* 8 EXISTS\n* OK [UIDVALIDITY 7] no UIDNEXT here\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 3, taken: all, conns: 1,
		},
		{
			sentence: "a UIDVALIDITY that changes while the connection is replaced ends the folder for this round",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					s.validity++
					return s.fetched(1, 1, true) + closing
				}
				return ""
			}),
			rounds: 1, taken: []uint32{1}, fails: true, conns: 2,
		},
		{
			sentence: "and the next round reads all of it under the new one",
			answer: once(func(s *unfair, command string) string {
				if s.bodyOf(command, 3) {
					s.validity++
					return s.fetched(1, 1, true) + closing
				}
				return ""
			}),
			rounds: 2, taken: append([]uint32{1}, all...), conns: 2,
		},
		{
			sentence: "a search answer that names the world is not believed",
			answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "UID SEARCH") {
					return "* ESEARCH (TAG \"{tag}\") UID ALL 1:4294967295\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 1, fails: true, conns: 1,
		},
		{
			sentence: "a server without UIDVALIDITY cannot be read",
			answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "EXAMINE") {
					return "* 8 EXISTS\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 1, fails: true, conns: 1,
		},
		{
			sentence: "a response without end is cut off",
			answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "EXAMINE") {
					return "* OK " + strings.Repeat("x", 2*smallTalk) + "\n* 8 EXISTS\n* OK [UIDVALIDITY 7] .\n* OK [UIDNEXT 9] .\n{tag} OK done\n"
				}
				return ""
			},
			rounds: 1, fails: true, conns: 1,
		},
		{
			sentence: "a server that closes after every FETCH is left alone soon",
			answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "UID FETCH") {
					return closing
				}
				return ""
			},
			rounds: 1, fails: true, conns: 4,
		},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			s := &unfair{answer: c.answer}
			box, seen := start(t, s), newMemory()
			if !c.mute {
				box.silence = time.Minute // whatever else the machine does
			}
			var r Report
			var err error
			for range c.rounds {
				r, err = box.Round(t.Context(), seen.knows, seen.take)
			}
			f := r.Folders[0]
			if (err != nil || f.Err != nil) != c.fails {
				t.Errorf("errors %v, %v", err, f.Err)
			}
			var taken []uint32
			for _, name := range seen.took {
				n, _ := strconv.Atoi(strings.TrimPrefix(name, "INBOX/"))
				taken = append(taken, uint32(n))
			}
			if !sameUIDs(taken, c.taken) {
				t.Errorf("took %v", taken)
			}
			for _, uid := range taken {
				if got := string(seen.raw[fmt.Sprint("INBOX/", uid)]); got != fmt.Sprintf("Subject: %d\r\n\r\nthu so %d\r\n", uid, uid) {
					t.Errorf("UID %d is %q", uid, got)
				}
			}
			if !slices.Equal(f.Vanished, c.vanished) {
				t.Errorf("vanished: %v", f.Vanished)
			}
			if !c.fails && !slices.Equal(f.Left, c.left) {
				t.Errorf("left: %v", f.Left)
			}
			poison := ""
			for _, p := range f.Poison {
				poison += fmt.Sprint(p.UID, " ", p.Reason)
			}
			if poison != c.poison {
				t.Errorf("poison: %+v", f.Poison)
			}
			if f.Complete() != (!c.fails && c.left == nil) {
				t.Errorf("complete: %v", f.Complete())
			}
			if n := s.conns.Load(); n > c.conns {
				t.Errorf("%d connections", n)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, command := range s.heard {
				if strings.Contains(command, "STORE") || strings.HasPrefix(command, "SELECT") || strings.Contains(command, "BODY[") || strings.Contains(command, "EXPUNGE") {
					t.Errorf("reading said %q", command)
				}
			}
		})
	}
}

func TestTheLastMessageIsNotTakenForANewOne(t *testing.T) {
	s := &unfair{answer: func(_ *unfair, command string) string {
		switch {
		case strings.HasPrefix(command, "UID SEARCH UID 9:*"):
			return "* SEARCH 8\n{tag} OK done\n" // as RFC 3501 has it
		case strings.HasPrefix(command, "EXAMINE"):
			return "* 8 EXISTS\n* OK [UIDVALIDITY 7] no UIDNEXT here\n{tag} OK done\n"
		}
		return ""
	}}
	box, seen := start(t, s), newMemory()
	seen.round(t, box)
	forgetful := newMemory()
	if r := forgetful.round(t, box); r.Taken() != 0 || forgetful.asked != 0 || !r.Complete() {
		t.Errorf("%+v, asked %d times", r, forgetful.asked)
	}
}

func sameUIDs(a, b []uint32) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestSilenceAtAnyPointEndsTheRoundSoon(t *testing.T) {
	for _, at := range []string{"greeting", "CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"} {
		t.Run("a server that falls silent at "+at, func(t *testing.T) {
			t.Parallel()
			s := &unfair{answer: func(_ *unfair, command string) string {
				if strings.HasPrefix(command, at) {
					return silent
				}
				return ""
			}}
			box, seen := start(t, s), newMemory()
			began := time.Now()
			r, err := box.Round(t.Context(), seen.knows, seen.take)
			if err == nil || r.Complete() || len(seen.took) != 0 {
				t.Errorf("%+v, %v", r, err)
			}
			// Three connections of a fifth of a second at most, and the machine's mood.
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("after %s", took)
			}
			if auth := (*AuthError)(nil); errors.As(err, &auth) {
				t.Error("silence is not a wrong password")
			}
		})
	}
}

func TestADrippingServerHasNoLongerPatience(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	go func() {
		for {
			if _, err := server.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	g := &guard{Conn: client}
	g.arm(100*time.Millisecond, 1<<20)
	n, err := io.Copy(io.Discard, g)
	if err == nil || n > 50 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestARefusedPasswordIsToldApart(t *testing.T) {
	for _, c := range []struct {
		sentence, answer string
		auth             bool
	}{
		{"NO [AUTHENTICATIONFAILED] is a wrong password", "{tag} NO [AUTHENTICATIONFAILED] no\n", true},
		{"a bare NO is one too", "{tag} NO wrong\n", true},
		{"an expired password needs the owner as well", "{tag} NO [EXPIRED] change it\n", true},
		{"NO [UNAVAILABLE] passes by itself", "{tag} NO [UNAVAILABLE] directory is down\n", false},
		{"BYE passes by itself", "* BYE too many connections\n" + closing, false},
		{"BAD is no verdict on the password", "{tag} BAD what\n", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{answer: func(_ *unfair, command string) string {
				if strings.HasPrefix(command, "LOGIN") {
					return c.answer
				}
				return ""
			}}
			box, seen := start(t, s), newMemory()
			for range 3 {
				_, err := box.Round(t.Context(), seen.knows, seen.take)
				if err == nil {
					t.Fatal("no error")
				}
				if auth := (*AuthError)(nil); errors.As(err, &auth) != c.auth {
					t.Errorf("%v", err)
				}
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the password is in %q", err)
				}
			}
			if box.Logins() != 3 {
				t.Errorf("%d logins in three rounds", box.Logins())
			}
		})
	}
}

func TestLoginFallsBackToLOGINAndHeedsLOGINDISABLED(t *testing.T) {
	s := &unfair{caps: "IMAP4rev1 LOGINDISABLED"}
	box, seen := start(t, s), newMemory()
	if _, err := box.Round(t.Context(), seen.knows, seen.take); err == nil || box.Logins() != 0 {
		t.Errorf("%v, %d logins", err, box.Logins())
	}
	s = &unfair{}
	box = start(t, s)
	seen.round(t, box)
	if !slices.ContainsFunc(s.heard, func(c string) bool { return strings.HasPrefix(c, "LOGIN ") }) {
		t.Errorf("heard %q", s.heard)
	}
}

// TestSTARTTLSThatIsTakenAwayEndsTheConversation: somebody on the line who
// takes STARTTLS out of what the server says, or says that there is no need to
// log in, hears neither a password nor a question about mail (RFC 8314 §3;
// RFC 3501 §11.1).
func TestSTARTTLSThatIsTakenAwayEndsTheConversation(t *testing.T) {
	for _, c := range []struct {
		sentence, greeting, answer string
	}{
		{"it is not offered, and refused", "* OK [CAPABILITY IMAP4rev1] ready\n", "{tag} BAD what\n"},
		{"it is not offered, and not refused", "* OK [CAPABILITY IMAP4rev1] ready\n", "{tag} OK begin\n* OK never mind\n"},
		{"it is refused for now", "", "{tag} NO not now\n"},
		{"there would be no need to log in", "* PREAUTH [CAPABILITY IMAP4rev1] welcome\n", "{tag} BAD logged in already\n"},
		{"words come before TLS does", "", "{tag} OK begin\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\n"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: "IMAP4rev1 STARTTLS AUTH=PLAIN", answer: func(_ *unfair, command string) string {
				switch command {
				case "greeting":
					return c.greeting
				case "STARTTLS":
					return c.answer
				}
				return ""
			}}
			start(t, s)
			box, err := New(config.Mailbox{URL: "imap+starttls://" + user + "@" + s.addr}, func() (string, error) { return secret, nil })
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			box.silence = time.Second
			seen := newMemory()
			if _, err := box.Round(t.Context(), seen.knows, seen.take); err == nil || box.Logins() != 0 || len(seen.took) != 0 {
				t.Errorf("%v, %d logins", err, box.Logins())
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, line := range s.lines {
				for _, word := range []string{"LOGIN", "AUTHENTICATE", "SELECT", "EXAMINE", "secret"} {
					if strings.Contains(line, word) {
						t.Errorf("heard in plain text: %q", line)
					}
				}
			}
		})
	}
}

func TestMovingWithoutTheCapabilityNeverLoses(t *testing.T) {
	copied := "{tag} OK [COPYUID 9 2:3 11:12] done\n"
	for _, c := range []struct {
		sentence, caps, copy string
		heard                []string
		fails                bool
	}{
		{"with MOVE the server moves", "IMAP4rev1 MOVE", "", []string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3", "UID MOVE 2:3 Xong"}, false},
		{"with UIDPLUS only what was copied is expunged, and nothing else", "IMAP4rev1 UIDPLUS", "{tag} OK [COPYUID 9 3 11] done\n",
			[]string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3", "UID COPY 2:3 Xong", "UID STORE 3 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 3"}, false},
		{"a COPY that fails is not followed by a deletion", "IMAP4rev1 UIDPLUS", "{tag} NO [OVERQUOTA] full\n",
			[]string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3", "UID COPY 2:3 Xong"}, true},
		{"a COPY that does not say what it copied is not either", "IMAP4rev1 UIDPLUS", "{tag} OK done\n",
			[]string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3", "UID COPY 2:3 Xong"}, false},
		{"a COPYUID that names other messages deletes none of them", "IMAP4rev1 UIDPLUS", "{tag} OK [COPYUID 9 4:5 11:12] done\n",
			[]string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3", "UID COPY 2:3 Xong"}, false},
		{"without either the mail stays, marked", "IMAP4rev1", copied, []string{"UID STORE 2:3 +FLAGS.SILENT ($Dondoc)", "UID SEARCH UID 2:3"}, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: c.caps, answer: func(_ *unfair, command string) string {
				if strings.HasPrefix(command, "UID COPY") {
					return c.copy
				}
				return ""
			}}
			box := start(t, s)
			err := box.Done(t.Context(), "INBOX", 7, []uint32{2, 3}, "Xong")
			if (err != nil) != c.fails {
				t.Error(err)
			}
			var heard []string
			for _, command := range s.heard {
				if strings.HasPrefix(command, "UID ") {
					heard = append(heard, strings.ReplaceAll(command, `"`, ""))
				}
			}
			if !slices.Equal(heard, c.heard) {
				t.Errorf("said %q", heard)
			}
		})
	}
}

func TestAKeywordIsSetOnlyWhereTheServerKeepsIt(t *testing.T) {
	for _, c := range []struct {
		sentence, flags string
		set             bool
	}{
		{"any keyword", `\Seen \*`, true},
		{"ours in another case", `\Seen $dondoc`, true},
		{"none of ours", `\Seen $Other`, false},
		{"a read-only folder", ``, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{answer: func(s *unfair, command string) string {
				if strings.HasPrefix(command, "SELECT") {
					return "* 8 EXISTS\n* OK [UIDVALIDITY 7] .\n* OK [PERMANENTFLAGS (" + c.flags + ")] .\n{tag} OK done\n"
				}
				return ""
			}}
			box := start(t, s)
			if err := box.Done(t.Context(), "INBOX", 7, []uint32{2}, ""); err != nil {
				t.Fatal(err)
			}
			if set := slices.ContainsFunc(s.heard, func(c string) bool { return strings.Contains(c, "STORE") }); set != c.set {
				t.Errorf("said %q", s.heard)
			}
		})
	}
}

func TestACancelledContextEndsTheRound(t *testing.T) {
	for _, at := range []string{"greeting", "LOGIN", "EXAMINE", "UID FETCH"} {
		t.Run("at "+at, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := &unfair{answer: func(_ *unfair, command string) string {
				if strings.HasPrefix(command, at) {
					cancel()
					return silent
				}
				return ""
			}}
			box, seen := start(t, s), newMemory()
			box.silence = time.Hour
			r, err := box.Round(ctx, seen.knows, seen.take)
			if !errors.Is(err, context.Canceled) || r.Complete() {
				t.Errorf("%+v, %v", r, err)
			}
			box.silence = time.Second
		})
	}
}

func TestAPanicOfTakeLeavesAMailboxThatWorks(t *testing.T) {
	box, seen := start(t, &unfair{}), newMemory()
	func() {
		defer func() { recover() }()
		box.Round(t.Context(), seen.knows, func(context.Context, Message) error { panic("a bug") })
	}()
	if r := seen.round(t, box); !r.Complete() || r.Taken() != 8 {
		t.Errorf("%+v", r)
	}
}

// A 60 MB mail passes through without being held in memory, and one above the
// limit is named and not fetched.
func TestALargeMessageStreams(t *testing.T) {
	const size = 60 << 20
	s := &unfair{bodies: map[uint32]string{1: "x"}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	box := start(t, s)
	box.addr = l.Addr().String()
	block := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
		r := bufio.NewReader(c)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch {
			case strings.Contains(command, "RFC822.SIZE"):
				fmt.Fprintf(c, "* 1 FETCH (UID 1 INTERNALDATE \"12-Oct-2022 09:30:00 +0700\" RFC822.SIZE %d)\r\n%s OK done\r\n", size, tag)
			case strings.Contains(command, "BODY"):
				fmt.Fprintf(c, "* 1 FETCH (UID 1 BODY[] {%d}\r\n", size)
				for range size / len(block) {
					c.Write(block)
				}
				fmt.Fprintf(c, ")\r\n%s OK done\r\n", tag)
			default:
				if !s.send(c, tag, "", s.usual(command)) {
					return
				}
			}
		}
	}()
	none := func(string, uint32) func(uint32) bool { return func(uint32) bool { return false } }
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var got, peak int64
	r, err := box.Round(t.Context(), none, func(_ context.Context, msg Message) error {
		buf := make([]byte, 64<<10)
		for i := 0; ; i++ {
			n, err := msg.Body.Read(buf)
			got += int64(n)
			if i%256 == 0 {
				runtime.ReadMemStats(&after)
				peak = max(peak, int64(after.HeapAlloc)-int64(before.HeapAlloc))
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
	if err != nil || !r.Complete() || got != size {
		t.Errorf("%d bytes, %+v, %v", got, r, err)
	}
	if peak > 8<<20 {
		t.Errorf("the heap grew by %d KiB", peak>>10)
	}

	box.places = map[string]*place{}
	box.MaxSize = size - 1
	r, err = box.Round(t.Context(), none, func(context.Context, Message) error {
		t.Error("a message above the limit was handed over")
		return ErrSkip
	})
	if p := r.Folders[0].Poison; err != nil || len(p) != 1 || p[0].Reason != "size" || p[0].Size != size {
		t.Errorf("%+v, %v", r, err)
	}
}
