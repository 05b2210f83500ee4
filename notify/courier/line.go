package courier

import (
	"errors"
	"net"
	"sync"
)

// line is the connection beneath TLS and go-mail. It remembers whether a write
// has failed: the last bytes of a mail are the final dot, so then the server
// cannot have seen it. And it stops listening to a server that talks without
// end, whose answer go-mail would collect in memory.
type line struct {
	net.Conn
	mu     sync.Mutex
	failed error // of the first write that failed
	left   int   // bytes that the server may still say
}

// talk is how much a server may say in one transaction, or while greeting.
const talk = 1 << 20

// listen allows the server another transaction's worth of answers.
func (l *line) listen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = talk
}

// cut is the error of the first write that failed.
func (l *line) cut() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

func (l *line) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.failed == nil {
			l.failed = err
		}
	}
	return n, err
}

func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left -= n; l.left < 0 && err == nil {
		err = errors.New("the server's answer has no end")
	}
	return n, err
}
