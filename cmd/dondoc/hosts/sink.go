package hosts

import (
	"os/exec"
	"strconv"
)

// Sink is a running smtp-sink, of Debian's postfix: an SMTP server that takes
// everything, as fast as can be, and throws it away.
type Sink struct {
	host
	port int
}

// NullSMTP starts an smtp-sink of its own, without TLS and login.
func NullSMTP() (s *Sink, err error) {
	program, err := exec.LookPath("smtp-sink")
	if err != nil {
		return nil, &Missing{"smtp-sink", "there is no program smtp-sink (package postfix)"}
	}
	h, err := newHost("smtp-sink", "dondoc-sink-")
	if err != nil {
		return nil, err
	}
	s = &Sink{host: h}
	if err := freePorts(&s.port); err != nil {
		return nil, err
	}
	s.command = []string{program, "-u", "nobody", "127.0.0.1:" + strconv.Itoa(s.port), "1024"}
	s.ready[s.port] = "220"
	return s, s.Start()
}

// URL is the server as smtp.url names it.
func (s *Sink) URL() string { return "smtp+plain://" + address(s.port) }
