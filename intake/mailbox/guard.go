package mailbox

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// guard is the connection as imapclient sees it. The client waits for ever for
// a response, gives a literal five minutes including the time its consumer
// needs, and buffers strings of any length; so patience and appetite are
// decided here, command by command:
//
//   - every single Read has a deadline, and the Reads of one command together
//     may wait no longer than that plus a second for each KiB received, so that
//     a server which drips does not live longer than one which is mute;
//   - a command may receive a bounded number of bytes;
//   - after the first failed Read the connection is closed, because the client
//     would otherwise go on waiting on it.
//
// The deadlines that the client itself asks for are ignored.
type guard struct {
	net.Conn

	mu      sync.Mutex
	silence time.Duration // 0: nothing is expected, silence is fine
	armed   time.Time
	waited  time.Duration // in Reads, since arm
	got     int64         // bytes since arm
	budget  int64         // bytes, since arm
	failed  error         // of the first Read that failed
}

// slowest is the rate, in bytes a second, below which a server counts as mute.
const slowest = 1 << 10

// unasked is how much a server may say while nothing was asked of it.
const unasked = 1 << 20

var errTooMuch = errors.New("the server sent more than was asked for")

// arm says that an answer is expected: no more than budget bytes, and never
// silence for longer than silence.
func (g *guard) arm(silence time.Duration, budget int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.silence, g.armed, g.waited, g.got, g.budget = silence, time.Now(), 0, 0, budget
	// A Read may be pending since the last command: its deadline moves too.
	g.Conn.SetReadDeadline(g.armed.Add(silence))
}

// disarm says that nothing is expected until the next arm.
func (g *guard) disarm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.silence, g.got, g.budget = 0, 0, unasked
	g.Conn.SetReadDeadline(time.Time{})
}

func (g *guard) Read(p []byte) (int, error) {
	g.mu.Lock()
	if g.failed == nil && g.got >= g.budget {
		g.failed = errTooMuch
		g.Conn.Close()
	}
	if g.failed != nil {
		defer g.mu.Unlock()
		return 0, g.failed
	}
	start := time.Now()
	if g.silence > 0 {
		patience := g.silence + time.Duration(g.got)*(time.Second/slowest) - g.waited
		g.Conn.SetReadDeadline(start.Add(min(patience, g.silence)))
	}
	g.mu.Unlock()

	n, err := g.Conn.Read(p)

	g.mu.Lock()
	defer g.mu.Unlock()
	if g.armed.After(start) {
		start = g.armed // what was waited before the command does not count
	}
	g.waited += max(0, time.Since(start))
	g.got += int64(n)
	if err != nil && g.failed == nil {
		if t, ok := err.(net.Error); ok && t.Timeout() {
			err = fmt.Errorf("the server was silent for too long: %w", err)
		}
		g.failed = err
		g.Conn.Close()
	}
	return n, err
}

// failure is why reading ended; nil while it has not, also when the client
// itself gave the connection up.
func (g *guard) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failed
}

func (g *guard) SetReadDeadline(time.Time) error { return nil }

func (g *guard) SetDeadline(t time.Time) error { return g.Conn.SetWriteDeadline(t) }
