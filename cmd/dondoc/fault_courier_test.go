package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFaultCourier lets the SMTP server do something wrong at each of its
// answers in a morning's round: at the first, at the second, and so on until
// none is left; and again while the program recovers. Each letter arrives, and
// twice only if the server had taken it without saying so; then in the same
// bytes. What is refused for good is recorded as refused, and nothing else is
// the worse for it.
func TestFaultCourier(t *testing.T) {
	f := newFaults(t)
	p := &posts{faults: f, now: at(t, "2022-10-12 10:00")}
	p.base, p.mails = newMorning(t)
	w, s := p.begin(t)
	s.arm()
	w.must(p.now, "once")
	stages := s.disarm()
	w.must(p.now.Add(muchLater), "once")
	p.want = w.everything()
	if len(stages) < 20 {
		t.Fatalf("the server was asked only %q", stages)
	}
	var singles []slip
	for i, stage := range stages {
		for _, does := range slips(stage) {
			singles = append(singles, slip{n: i + 1, does: does})
		}
	}
	var all, found []ordeal
	for _, x := range singles {
		all = append(all, p.ordeal([]slip{x}, nil))
	}
	for _, r := range foundCourier {
		found = append(found, p.ordeal(r.first, r.then))
	}
	f.through(found, all, 14, func(rng *rand.Rand) ordeal {
		var first, then []slip
		for first = append(first, singles[rng.IntN(len(singles))]); rng.IntN(2) == 0; {
			first = append(first, singles[rng.IntN(len(singles))])
		}
		for rng.IntN(3) > 0 {
			then = append(then, singles[rng.IntN(len(singles))])
		}
		return p.ordeal(first, then)
	})
}

// foundCourier are slips of a round, and of the one after it, that once had
// consequences.
var foundCourier = []struct {
	sentence    string
	first, then []slip
}{}

// muchLater is when the program goes on: also what may have arrived is sent
// again.
const muchLater = 40 * time.Minute

// posts are the same morning over and over.
type posts struct {
	*faults
	base  *world
	mails [][]byte
	now   time.Time
	want  map[string]int
}

// begin is the morning, with a server for the letters that can do wrong.
func (p *posts) begin(t *testing.T) (*world, *clumsy) {
	t.Helper()
	w := p.base.copied(t)
	w.fillMailbox(p.mails)
	s := newClumsy(t, w)
	w.edit("campaign.yaml", `smtp\+plain://`+regexp.QuoteMeta(w.smtp.Addr()), "smtp+plain://dvk@"+s.listener.Addr().String())
	return w, s
}

func (p *posts) ordeal(first, then []slip) ordeal {
	var names []string
	for _, x := range first {
		names = append(names, x.String())
	}
	for _, x := range then {
		names = append(names, "then "+x.String())
	}
	return ordeal{strings.Join(names, ", "), func(t *testing.T) { p.play(t, first, then) }}
}

func (p *posts) play(t *testing.T, first, then []slip) {
	w, s := p.begin(t)
	now := p.now
	p.disturbed(w, s, now, first)
	if then != nil {
		now = now.Add(muchLater)
		p.disturbed(w, s, now, then)
	}
	w.account.Cut(s.hidden)
	want := p.want
	for _, r := range s.refused {
		want = refused(want, r)
	}
	w.settled(p.faults, now.Add(muchLater), want)
}

// refused is an outcome in which the letter of this morning to an address was
// refused for good; there is one to each.
func refused(all map[string]int, l envelope) map[string]int {
	changed := map[string]int{}
	for line, n := range all {
		words := strings.Fields(line) // letter KIND to ADDRESS OUTCOME, sent KIND to ADDRESS
		if len(words) > 3 && words[3] == l.to && words[1] != "invite" {
			n--
			if words[0] == "letter" {
				changed["letter "+words[1]+" to "+l.to+" refused"]++
			}
		}
		if n > 0 {
			changed[line] += n
		}
	}
	return changed
}

// disturbed is a round in which the server does wrong.
func (p *posts) disturbed(w *world, s *clumsy, now time.Time, slips []slip) {
	w.t.Helper()
	var armed []*slip
	w.patience.Courier = 0
	for _, x := range slips {
		armed = append(armed, &x)
		if regexp.MustCompile(`silent|rubbish|disagrees`).MatchString(x.does) {
			w.patience.Courier = 2 * time.Second
		}
	}
	s.arm(armed...)
	out, code := w.run(now, "once")
	s.disarm()
	w.patience.Courier = 0
	if code == exitUsage {
		w.t.Errorf("exit status %d\n%s", code, out)
	}
	for _, x := range armed {
		if x.met != "" {
			w.t.Logf("%s: %s", x, x.met)
			p.count(func(n *tally) { n.point("SMTP answer", x.String()) })
		}
	}
	if testing.Verbose() {
		w.t.Logf("exit status %d\n%s", code, out)
	}
}

// slip is what a clumsy server does once, in the place of its n-th answer.
type slip struct {
	n    int
	does string
	met  string
}

func (x *slip) String() string { return fmt.Sprintf("answer %d: %s", x.n, x.does) }

// slips are what can go wrong with an answer.
func slips(stage string) []string {
	all := []string{"is silent", "is silent in the middle", "hangs up", "hangs up in the middle", "answers and hangs up", "shuts down", "has trouble", "has a full mailbox", "talks rubbish", "talks rubbish and hangs up", "disagrees with itself", "refuses"}
	if stage == "." {
		all = append(all, "takes it and is silent", "takes it and hangs up", "takes it and hangs up in the middle", "takes it and talks rubbish", "takes it and shuts down without a word")
	}
	return all
}

// clumsy is an SMTP server that does everything right but for its slips.
type clumsy struct {
	world    *world
	listener net.Listener

	mu      sync.Mutex
	spoke   int
	stages  []string
	armed   []*slip
	hidden  int             // mails that were taken without a word
	unsure  map[string]bool // those of which the client may not know
	refused []envelope      // that it must not try again
}

// envelope is a letter on its way to one address.
type envelope struct{ from, to string }

func newClumsy(t testing.TB, w *world) *clumsy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &clumsy{world: w, listener: l, unsure: map[string]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *clumsy) arm(all ...*slip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoke, s.stages, s.armed = 0, nil, all
}

func (s *clumsy) disarm() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = nil
	return s.stages
}

func (s *clumsy) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	var e envelope
	if !s.answer(c, "greeting", "220 mail.example ESMTP\r\n", &e, nil) {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb = strings.ToUpper(verb); verb {
		case "MAIL":
			e = envelope{from: angled(rest)}
		case "RCPT":
			e.to = angled(rest)
		}
		text := map[string]string{
			"EHLO": "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n", "AUTH": "235 2.7.0 in\r\n", "MAIL": "250 2.1.0 ok\r\n", "RCPT": "250 2.1.5 ok\r\n",
			"DATA": "354 go ahead\r\n", "RSET": "250 ok\r\n", "QUIT": "221 bye\r\n", "NOOP": "250 ok\r\n", "*": "501 ok\r\n", "HELO": "250 mail.example\r\n",
		}[verb]
		if text == "" {
			return // it no longer knows what it is told
		}
		if !s.answer(c, verb, text, &e, nil) || verb == "QUIT" {
			return
		}
		if verb != "DATA" || !s.reads() {
			continue
		}
		var raw []byte
		for {
			line, err := r.ReadBytes('\n')
			if err != nil {
				return // what is never ended is nobody's
			}
			if string(line) == ".\r\n" {
				break
			}
			raw = append(raw, bytes.TrimPrefix(line, []byte("."))...)
		}
		if !s.answer(c, ".", "250 2.0.0 queued\r\n", &e, raw) {
			return
		}
	}
}

// reads reports whether the latest answer let the mail come.
func (s *clumsy) reads() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stages[len(s.stages)-1] == "DATA"
}

func angled(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// answer says a text, or what a slip makes of it. A mail is taken with the
// answer that says so. alive is false when the connection is over.
func (s *clumsy) answer(c net.Conn, stage, text string, e *envelope, mail []byte) (alive bool) {
	s.mu.Lock()
	s.spoke++
	s.stages = append(s.stages, stage)
	var x *slip
	for _, y := range s.armed {
		if y.n == s.spoke && y.met == "" && x == nil {
			x = y
		}
	}
	does := ""
	if x != nil {
		does = x.does
		takes := strings.HasPrefix(does, "takes")
		vague := takes || strings.Contains(does, "silent") || strings.Contains(does, "hangs up") && does != "answers and hangs up" || strings.Contains(does, "rubbish")
		letter := e.to + string(mail)
		switch {
		case takes && stage != ".", stage == "." && vague && s.unsure[letter]:
			does = "" // a letter of which twice nobody knew is left to a person
		default:
			x.met = stage + " " + e.to
			if stage == "." && vague {
				s.unsure[letter] = true
			}
			if does == "refuses" && (stage == "RCPT" || stage == "DATA" || stage == ".") {
				s.refused = append(s.refused, *e)
			}
			if stage == "." && takes {
				s.hidden++
			}
		}
	}
	if does != "" && stage == "DATA" && does != "answers and hangs up" {
		s.stages[len(s.stages)-1] = "DATA, but " + does
	}
	s.mu.Unlock()
	if mail != nil && (does == "" || does == "answers and hangs up" || strings.HasPrefix(does, "takes")) {
		s.world.take(e.from, e.to, mail)
	}
	say := func(text string) { fmt.Fprint(c, text) }
	switch strings.TrimPrefix(does, "takes it and ") {
	case "":
		say(text)
	case "is silent":
	case "is silent in the middle":
		say(text[:2])
	case "hangs up", "shuts down without a word":
		return false
	case "hangs up in the middle":
		say(text[:2])
		return false
	case "answers and hangs up":
		say(text)
		return false
	case "shuts down":
		say("421 4.3.2 shutting down\r\n")
		return false
	case "has trouble":
		say("451 4.3.0 not now\r\n")
	case "has a full mailbox":
		say("452 4.2.2 the recipient's mailbox is full\r\n")
	case "refuses":
		if stage == "RCPT" {
			say("550 5.1.1 no such user\r\n")
		} else {
			say("550 5.7.0 no\r\n")
		}
	case "talks rubbish":
		say("what?\r\n")
	case "talks rubbish and hangs up":
		say("\x00\xff\r\n")
		return false
	case "disagrees with itself":
		say("250-ok\r\n550 no\r\n")
	default:
		panic("no such slip: " + does)
	}
	return true
}
