// Package hosts starts real mail servers for the tests: Dovecot, Cyrus and
// Postfix, each an instance of its own with its own configuration, in a
// temporary directory, on free ports of the loopback address. Nothing of the
// system's configuration is read, no service is started, and no mail can leave
// the machine. Only tests use it.
//
// What must stay true:
//
//   - A server that is not installed is a *Missing, which a test may skip over;
//     whatever else goes wrong is a failure.
//   - When the process that started a server ends, however it ends, the server
//     ends too and its directory goes.
package hosts

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// Missing is why a server cannot be started on this machine.
type Missing struct {
	Server string // "Dovecot", "Cyrus", "Postfix"
	What   string // what is not there
}

func (m *Missing) Error() string {
	return fmt.Sprintf("%s cannot be started here: %s", m.Server, m.What)
}

// Server is a running IMAP server, Dovecot or Cyrus.
type Server struct {
	host
	imap, imaps, lmtp int // ports

	addUser  func(name, password string) error
	sessions func(user string) ([]int, error) // processes that serve the user by IMAP
}

// Addr is host:port of IMAP over TLS.
func (s *Server) Addr() string { return address(s.imaps) }

// PlainAddr is host:port of IMAP with STARTTLS.
func (s *Server) PlainAddr() string { return address(s.imap) }

// LMTP is host:port where mail is delivered to users, without any login.
func (s *Server) LMTP() string { return address(s.lmtp) }

// URL is a user's mailbox over TLS, as mailbox.url names it; URLStartTLS is
// the same by STARTTLS.
func (s *Server) URL(user string) string { return link("imaps", user, s.imaps) }

func (s *Server) URLStartTLS(user string) string { return link("imap+starttls", user, s.imap) }

// AddUser makes an account, with an empty INBOX. Dovecot takes a whole address
// as the name, Cyrus a word without "@".
func (s *Server) AddUser(name, password string) error { return s.addUser(name, password) }

// KillSessions kills, with SIGKILL, the server's processes that serve a user
// by IMAP, and says how many there were.
func (s *Server) KillSessions(user string) (int, error) {
	pids, err := s.sessions(user)
	for _, pid := range pids {
		err = errors.Join(err, kill9(pid))
	}
	return len(pids), err
}

// Relay is a running Postfix.
type Relay struct {
	host
	submission, smtps, old int
}

// Addr is host:port of submission: STARTTLS first, then AUTH.
func (r *Relay) Addr() string { return address(r.submission) }

// URL is the server as smtp.url names it; URLTLS is the same with TLS from the
// beginning.
func (r *Relay) URL(user string) string { return link("smtp+starttls", user, r.submission) }

func (r *Relay) URLTLS(user string) string { return link("smtps", user, r.smtps) }

// URLOld is the same as URL, but it speaks TLS 1.0 and 1.1 and nothing newer.
func (r *Relay) URLOld(user string) string { return link("smtp+starttls", user, r.old) }

func address(port int) string { return net.JoinHostPort("localhost", strconv.Itoa(port)) }

func link(scheme, user string, port int) string {
	return (&url.URL{Scheme: scheme, User: url.User(user), Host: address(port)}).String()
}

// host is what all servers have in common.
type host struct {
	name    string
	dir     string
	process *process
	command []string
	env     []string
	ready   map[int]string // how the greeting on each port begins
}

// String is the server's name, as the names of tests have it.
func (h *host) String() string { return h.name }

// CA is the file of the certificate that the server's own is signed with. It
// is for the names localhost and 127.0.0.1.
func (h *host) CA() string { return filepath.Join(h.dir, "tls.crt") }

// Log is what the server has written to its log.
func (h *host) Log() string {
	b, _ := os.ReadFile(h.log())
	return string(b)
}

func (h *host) log() string { return filepath.Join(h.dir, "server.log") }

// Start starts the server again after Kill9, with everything that it had.
func (h *host) Start() error {
	if h.process != nil {
		return nil
	}
	p, err := start(h.dir, h.log(), h.env, h.command...)
	if err != nil {
		return fmt.Errorf("%s: %w", h.name, err)
	}
	h.process = p
	for port, greeting := range h.ready {
		if err := p.greeted(port, greeting); err != nil {
			return errors.Join(fmt.Errorf("%s: %w\n%s", h.name, err, h.Log()), h.Close())
		}
	}
	return nil
}

// Kill9 kills the server and all its processes, as a power cut would.
func (h *host) Kill9() error {
	if h.process == nil {
		return nil
	}
	err := h.process.kill()
	h.process = nil
	return err
}

// Close stops the server and removes all that it had.
func (h *host) Close() error {
	if h.process == nil {
		return os.RemoveAll(h.dir)
	}
	err := h.process.stop()
	h.process = nil
	return err
}

// newHost makes the server's directory, with a certificate. The servers' own
// users have to pass through it.
func newHost(name, pattern string) (host, error) {
	if os.Geteuid() != 0 {
		return host{}, &Missing{name, "it has to be started by root"}
	}
	dir, err := os.MkdirTemp("", pattern)
	if err != nil {
		return host{}, err
	}
	h := host{name: name, dir: dir, ready: map[int]string{}}
	if err := os.Chmod(dir, 0o755); err != nil {
		return h, err
	}
	return h, certify(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
}

// write puts a file into the server's directory and returns its path.
func (h *host) write(name, text string) (string, error) {
	path := filepath.Join(h.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(text), 0o644)
}
