package hosts

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"sync"
)

// passwords answers Cyrus's questions in the place of saslauthd, so that an
// account can be made while the server runs and without a database of SASL's.
type passwords struct {
	mu  sync.Mutex
	all map[string]string
}

func (p *passwords) set(user, password string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all[user] = password
}

func (p *passwords) right(user, password string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	want, known := p.all[user]
	return known && want == password
}

// answerPasswords listens on saslauthd's socket until the process ends.
func answerPasswords(socket string) (*passwords, error) {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(socket, 0o666); err != nil {
		l.Close()
		return nil, err
	}
	p := &passwords{all: map[string]string{}}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.answer(conn)
		}
	}()
	return p, nil
}

// answer reads four strings, user, password, service and realm, each after its
// length in two bytes, and writes one.
func (p *passwords) answer(conn net.Conn) {
	defer conn.Close()
	var said [4]string
	for i := range said {
		var n uint16
		if binary.Read(conn, binary.BigEndian, &n) != nil {
			return
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(conn, text); err != nil {
			return
		}
		said[i] = string(text)
	}
	answer := "\x00\x02NO"
	if p.right(said[0], said[1]) {
		answer = "\x00\x02OK"
	}
	io.WriteString(conn, answer)
}
