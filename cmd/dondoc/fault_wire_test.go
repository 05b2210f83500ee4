package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// wire is the network between the program and an IMAP server. It breaks, or
// lies, where it is told to.
type wire struct {
	listener net.Listener
	to       string

	mu     sync.Mutex
	passed []passage
	bytes  int64 // from the server
	armed  []*mishap
	open   map[*strand]bool
	slices bool // each byte goes in a packet of its own
}

// passage is one thing that went through: a connection, a command, or a
// response with its literals.
type passage struct {
	place string // "connection", "command" or "response"
	text  string // its first line
	bytes int64  // from the server, up to its beginning
	size  int
}

// mishap is what happens once, at the n-th place whose first line is like a
// pattern.
type mishap struct {
	place string // as of a passage, or "byte": so many from the server
	like  string // "" matches all
	n     int64  // from 1
	does  string

	act func() // what somebody else does before the command goes through

	met string // what it met
}

func (m *mishap) String() string {
	s := m.place
	if m.like != "" {
		s += " like " + m.like
	}
	return fmt.Sprintf("%s %d %s", s, m.n, m.does)
}

// The mishaps, by the place at which they can happen. A response "may" be
// lied about only if there is something in it to lie about.
var (
	connectionMishaps = []string{"refused", "reset", "mute"}
	commandMishaps    = []string{"cut before it", "reset before it", "mute from it on", "cut after it was carried out", "NO", "BAD", "BYE", "NO though carried out"}
	responseMishaps   = []string{"cut before", "cut within", "reset within", "mute within", "cut after", "omitted", "twice", "with junk before it"}
	lies              = map[string]*regexp.Regexp{
		"of another UID":          regexp.MustCompile(`FETCH \(.*UID \d+`),
		"of the UID before":       regexp.MustCompile(`FETCH \(.*UID \d+`),
		"literal said longer":     regexp.MustCompile(`\{\d+\}\r\n$`),
		"literal said shorter":    regexp.MustCompile(`\{\d+\}\r\n$`),
		"literal said of 4 GB":    regexp.MustCompile(`\{\d+\}\r\n$`),
		"NIL for the literal":     regexp.MustCompile(`FETCH \(.*\{\d+\}\r\n$`),
		"under another tag":       regexp.MustCompile(`^T\d+ `),
		"of another UIDVALIDITY":  regexp.MustCompile(`\[UIDVALIDITY \d+\]`),
		"of a smaller UIDNEXT":    regexp.MustCompile(`\[UIDNEXT \d+\]`),
		"without its last number": regexp.MustCompile(`^\* (SEARCH|ESEARCH).* \d+`),
		"of fewer messages":       regexp.MustCompile(`^\* \d+ EXISTS`),
	}
	byteMishaps = []string{"cut", "reset", "mute"}
)

// waits reports whether the program notices the mishap only by its patience.
func (m *mishap) waits() bool {
	return strings.HasPrefix(m.does, "mute") || m.does == "omitted" || m.does == "under another tag" || strings.HasPrefix(m.does, "literal said") || m.does == "NIL for the literal"
}

// newWire leads to a server.
func newWire(t testing.TB, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: to, open: map[*strand]bool{}}
	t.Cleanup(func() { w.close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c.(*net.TCPConn))
		}
	}()
	return w
}

func (w *wire) close() {
	w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.open {
		s.client.Close()
		s.server.Close()
	}
}

// arm forgets what went through and lets mishaps happen from now on.
func (w *wire) arm(m ...*mishap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed, w.bytes, w.armed = nil, 0, m
}

// disarm ends the trouble, and says what went through.
func (w *wire) disarm() []passage {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = nil
	return w.passed
}

// pass counts a passage and returns the mishap that happens to it, if any.
func (w *wire) pass(place, text string, size int) *mishap {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed = append(w.passed, passage{place, text, w.bytes, size})
	for _, m := range w.armed {
		if m.met == "" && m.place == place && like(m.like, text) && w.count(m) == m.n {
			m.met = cmpOr(text, place)
			return m
		}
	}
	return nil
}

func (w *wire) count(m *mishap) (n int64) {
	for _, p := range w.passed {
		if p.place == m.place && like(m.like, p.text) {
			n++
		}
	}
	return n
}

func like(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	ok, err := regexp.MatchString(pattern, text)
	return ok && err == nil
}

func cmpOr(a, b string) string {
	if a = strings.TrimSpace(a); a != "" {
		return a
	}
	return b
}

// strand is one connection.
type strand struct {
	*wire
	client, server *net.TCPConn

	mu      sync.Mutex
	mute    bool   // nothing goes through any more
	until   string // what is answered up to this tag's answer is swallowed, then the connection is cut
	refused string // this tag's answer becomes a NO
}

func (w *wire) carry(client *net.TCPConn) {
	m := w.pass("connection", "", 0)
	if m != nil && m.does == "refused" {
		client.Close()
		return
	}
	if m != nil && m.does == "reset" {
		client.SetLinger(0)
		client.Close()
		return
	}
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		client.Close()
		return
	}
	s := &strand{wire: w, client: client, server: server.(*net.TCPConn), mute: m != nil && m.does == "mute"}
	w.mu.Lock()
	w.open[s] = true
	w.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { s.up(); s.end(false) })
	both.Go(func() { s.down(); s.end(false) })
	both.Wait()
	w.mu.Lock()
	delete(w.open, s)
	w.mu.Unlock()
}

// end ends the connection, with a reset if it has to be rude.
func (s *strand) end(reset bool) {
	if reset {
		s.client.SetLinger(0)
	}
	s.client.Close()
	s.server.Close()
}

func (s *strand) state(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// sized is the literal that a line announces.
var sized = regexp.MustCompile(`\{(\d+)\+?\}\r\n$`)

// up carries what the program says.
func (s *strand) up() {
	r := bufio.NewReader(s.client)
	fresh := true
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		literal := int64(0)
		if m := sized.FindStringSubmatch(line); m != nil {
			literal, _ = strconv.ParseInt(m[1], 10, 64)
		}
		swallow := false
		if fresh {
			tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
			if m := s.pass("command", command, len(line)); m != nil {
				if m.act != nil {
					m.act()
				}
				switch m.does {
				case "cut before it":
					s.end(false)
					return
				case "reset before it":
					s.end(true)
					return
				case "mute from it on":
					s.state(func() { s.mute = true })
				case "cut after it was carried out":
					s.state(func() { s.until = tag })
				case "NO", "BAD":
					swallow = true
					fmt.Fprintf(s.client, "%s %s [SERVERBUG] not now\r\n", tag, m.does)
				case "BYE":
					io.WriteString(s.client, "* BYE shutting down\r\n")
					s.end(false)
					return
				case "NO though carried out":
					s.state(func() { s.refused = tag })
				}
			}
		}
		var out io.Writer = s.server
		s.state(func() {
			if s.mute || swallow {
				out = io.Discard
			}
		})
		io.WriteString(out, line)
		sync := strings.Contains(line, "+}") // sent without being asked for
		if literal > 0 && (!swallow || sync) {
			if _, err := io.CopyN(out, r, literal); err != nil {
				return
			}
			if swallow {
				r.ReadString('\n')
			}
		}
		fresh = literal == 0 || swallow
	}
}

// down carries what the server says, response by response.
func (s *strand) down() {
	r := bufio.NewReaderSize(s.server, 64<<10)
	for {
		whole, first, err := response(r)
		if err != nil {
			return
		}
		m := s.pass("response", first, len(whole))
		var until, refused string
		var mute bool
		s.state(func() { until, refused, mute = s.until, s.refused, s.mute })
		tag, rest, _ := strings.Cut(first, " ")
		switch {
		case mute:
			continue
		case until != "" && (tag == until || tag == "+"):
			s.end(false)
			return
		case until != "":
			continue
		case refused != "" && tag == refused && strings.HasPrefix(rest, "OK"):
			whole = []byte(tag + " NO [SERVERBUG] something went wrong\r\n")
		}
		if m != nil {
			if !s.befall(m, whole, first) {
				return
			}
			continue
		}
		if !s.say(whole) {
			return
		}
	}
}

// response reads one response: lines, and the literals that they announce.
func response(r *bufio.Reader) (whole []byte, first string, err error) {
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return nil, "", err
		}
		if first == "" {
			first = string(line)
		}
		whole = append(whole, line...)
		m := sized.FindSubmatch(line)
		if m == nil {
			return whole, first, nil
		}
		n, _ := strconv.ParseInt(string(m[1]), 10, 64)
		literal := make([]byte, n)
		if _, err := io.ReadFull(r, literal); err != nil {
			return nil, "", err
		}
		whole = append(whole, literal...)
	}
}

// say sends bytes to the program, up to the one at which a mishap waits.
func (s *strand) say(b []byte) (alive bool) {
	s.wire.mu.Lock()
	from := s.wire.bytes
	s.wire.bytes += int64(len(b))
	var at *mishap
	for _, m := range s.wire.armed {
		if m.met == "" && m.place == "byte" && m.n > from && m.n <= from+int64(len(b)) {
			m.met = fmt.Sprintf("%q", b[max(0, m.n-from-40):m.n-from])
			at = m
		}
	}
	s.wire.mu.Unlock()
	if at != nil {
		s.write(b[:at.n-from])
		return s.trouble(at)
	}
	return s.write(b)
}

func (s *strand) write(b []byte) bool {
	if !s.slices {
		_, err := s.client.Write(b)
		return err == nil
	}
	for i := range b {
		if _, err := s.client.Write(b[i : i+1]); err != nil {
			return false
		}
	}
	return true
}

// trouble ends the connection as the mishap says, or silences it.
func (s *strand) trouble(m *mishap) (alive bool) {
	switch {
	case strings.HasPrefix(m.does, "mute"):
		s.state(func() { s.mute = true })
		return true
	case strings.HasPrefix(m.does, "reset"):
		time.Sleep(time.Millisecond) // what was written should arrive before
		s.end(true)
	default:
		s.end(false)
	}
	return false
}

// befall lets a mishap happen to a response.
func (s *strand) befall(m *mishap, whole []byte, first string) (alive bool) {
	replace := func(pattern string, by func(n int64) string) bool {
		re := regexp.MustCompile(pattern)
		found := re.FindStringSubmatchIndex(first)
		if found == nil {
			m.met = ""
			return s.say(whole)
		}
		n, _ := strconv.ParseInt(first[found[2]:found[3]], 10, 64)
		changed := first[:found[2]] + by(n) + first[found[3]:]
		return s.say(append([]byte(changed), whole[len(first):]...))
	}
	plus := func(d int64) func(int64) string {
		return func(n int64) string { return strconv.FormatInt(n+d, 10) }
	}
	switch m.does {
	case "cut before":
		return s.trouble(m)
	case "cut within", "reset within", "mute within":
		return s.say(whole[:len(whole)/2]) && s.trouble(m)
	case "cut after":
		return s.say(whole) && s.trouble(m)
	case "omitted":
		return true
	case "twice":
		once := s.say(whole)
		return once && s.say(whole)
	case "with junk before it":
		return s.say([]byte("* XNEWS (1 2) {3}\r\nabc\r\n")) && s.say(whole)
	case "of another UID":
		return replace(`UID (\d+)`, plus(1))
	case "of the UID before":
		return replace(`UID (\d+)`, plus(-1))
	case "literal said longer":
		return replace(`\{(\d+)\}\r\n$`, plus(10))
	case "literal said shorter":
		return replace(`\{(\d+)\}\r\n$`, plus(-10))
	case "literal said of 4 GB":
		return replace(`\{(\d+)\}\r\n$`, func(int64) string { return "4294967295" })
	case "NIL for the literal":
		at := sized.FindStringSubmatchIndex(first)
		n, _ := strconv.Atoi(first[at[2]:at[3]])
		return s.say(slices.Concat([]byte(first[:at[0]]+"NIL"), whole[len(first)+n:]))
	case "under another tag":
		return s.say(append([]byte("T999999 "), whole[bytes.IndexByte(whole, ' ')+1:]...))
	case "of another UIDVALIDITY":
		return replace(`UIDVALIDITY (\d+)`, plus(1000))
	case "of a smaller UIDNEXT":
		return replace(`UIDNEXT (\d+)`, func(n int64) string { return strconv.FormatInt(max(1, n-1), 10) })
	case "without its last number":
		at := regexp.MustCompile(`[ ,:]\d+\r\n$`).FindStringIndex(first)
		if at == nil {
			m.met = ""
			return s.say(whole)
		}
		return s.say([]byte(first[:at[0]] + "\r\n"))
	case "of fewer messages":
		return replace(`^\* (\d+) EXISTS`, func(n int64) string { return strconv.FormatInt(max(0, n-1), 10) })
	}
	panic("no such mishap: " + m.does)
}

// points are all single mishaps that can happen to what has passed.
func points(passed []passage) (all []mishap) {
	n := map[string]int64{}
	for _, p := range passed {
		n[p.place]++
		add := func(does ...string) {
			for _, d := range does {
				all = append(all, mishap{place: p.place, n: n[p.place], does: d})
			}
		}
		switch p.place {
		case "connection":
			add(connectionMishaps...)
		case "command":
			add(commandMishaps...)
		case "response":
			add(responseMishaps...)
			for does, about := range lies {
				if about.MatchString(p.text) {
					add(does)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b mishap) int { return strings.Compare(a.String(), b.String()) })
	return all
}
