// Package simulator plays the seventy units of letter 624-CV/BDVTU and the
// committee's desk. It is a second opinion: it knows the letter and nothing of
// how the program reads, decides and reminds, so it imports none of that. What
// it does goes over SMTP, IMAP and the command line, as with people; what
// really happened it remembers, and compares at the end.
package simulator

import (
	"container/heap"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Unit is a row of the roster, as far as the play needs it.
type Unit struct {
	Code, Name, Short, Category string
	Emails                      []string // the first is its own mailbox
	Models                      int      // write-ups asked of it
	DupGroup, District          string
	AutoRemind, Relay           bool
}

// Config of a World.
type Config struct {
	Seed     uint64
	Units    []Unit
	From, To time.Time // of the play; To is exclusive

	SMTP, IMAP string // host:port
	Password   string // of every account
	Office     string // the committee's mailbox
	Desk       string // the desk's own
	Blank      []byte // the blank form, as the desk hands it over by other ways than mail
	Scratch    string // a directory for files that the desk is handed

	// Command carries out one of the committee's command lines and returns
	// what it printed and the exit status.
	Command func(now time.Time, args ...string) (stdout []byte, code int)
	// Ordered tells of what the desk ordered by mail, as the command line that
	// does the same.
	Ordered func(now time.Time, args ...string)
	// Refuse and Return make an address bad: its mail is refused, or sent back.
	Refuse, Return func(address string)
}

// World is the play under way.
type World struct {
	config  Config
	now     time.Time
	parties []*party
	of      map[string]*party // by code
	queue   queue
	turn    int
	count   int // mails sent
	boxes   map[string]*box
	sent    []*sending
	dressed map[string]int // mails by the manner of their files
	desk    desk
	deeds   []deed
	// hopelessThen are those to whose leaders the signed letter had to go.
	hopelessThen []*party
	invited      time.Time // when the desk said that letters may go out
	away         []span    // when the office's machine was off
	trouble      []Difference
}

type span struct{ from, to time.Time }

// Zone is the one that the letter is written in; it has no summer time.
var Zone = time.FixedZone("+07", 7*3600)

// day is a time of October 2022.
func day(d, hour, minute, second int) time.Time {
	return time.Date(2022, 10, d, hour, minute, second, 0, Zone)
}

// New casts the parts by the seed.
func New(c Config) *World {
	w := &World{config: c, now: c.From, of: map[string]*party{}, boxes: map[string]*box{}, dressed: map[string]int{}}
	w.cast()
	w.desk.open(w)
	for _, p := range w.parties {
		p.play()
	}
	return w
}

// Away tells that the office's machine was off for a time.
func (w *World) Away(from, to time.Time) { w.away = append(w.away, span{from, to}) }

// Step plays until the instant, that included. Before each event at is called
// with its time, so that the clock of all others shows it too.
func (w *World) Step(until time.Time, at func(now time.Time)) error {
	for len(w.queue) > 0 && !w.queue[0].at.After(until) {
		e := heap.Pop(&w.queue).(event)
		w.now = e.at
		at(e.at)
		if err := e.act(); err != nil {
			return fmt.Errorf("%s: %w", e.at.Format("02/01 15:04:05"), err)
		}
	}
	w.now = until
	at(until)
	return nil
}

// at plans an act. What lies before the beginning of the play, or after its
// end, does not happen.
func (w *World) at(t time.Time, act func() error) {
	if t.Before(w.begin()) || !t.Before(w.config.To) {
		return
	}
	w.turn++
	heap.Push(&w.queue, event{t, w.turn, act})
}

// begin is when the desk lets the letters go out: 4 October at 07:30, or, if
// the play begins later, on its first working day.
func (w *World) begin() time.Time {
	t := day(4, 7, 30, 0)
	for t.Before(w.config.From) || !working(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

type event struct {
	at   time.Time
	turn int // in which order those of one instant were planned
	act  func() error
}

type queue []event

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q queue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].turn < q[j].turn
}
func (q *queue) Push(x any) { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// random is a source of its own for each name, so that what one unit does
// draws nothing from another.
func (w *World) random(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(w.config.Seed, h.Sum64()))
}

// wrong notes at once what the play itself finds wrong with the office.
func (w *World) wrong(vi, en string, args ...any) {
	w.trouble = append(w.trouble, Difference{fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...)})
}

// working reports whether offices work on the day. October 2022 has no
// holiday; those of 2023 are the official ones (CALENDAR.md).
func working(t time.Time) bool {
	t = t.In(Zone)
	for _, off := range [][2]string{{"2023-01-02", "2023-01-02"}, {"2023-01-20", "2023-01-26"}, {"2023-04-29", "2023-05-03"}, {"2023-09-01", "2023-09-04"}} {
		if day := t.Format(time.DateOnly); off[0] <= day && day <= off[1] {
			return false
		}
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// nextWorking is the day of the month of the n-th working day after d.
func nextWorking(d, n int) int {
	for n > 0 {
		d++
		if working(day(d, 0, 0, 0)) {
			n--
		}
	}
	return d
}

func (w *World) unit(code string) *member {
	p := w.of[code]
	return p.members[slices.IndexFunc(p.members, func(m *member) bool { return m.Code == code })]
}
