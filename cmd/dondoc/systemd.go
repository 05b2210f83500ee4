package main

import (
	"net"
	"strconv"
	"time"
)

// supervisor is the service manager that started the daemon and wants to hear
// how it does (sd_notify(3)); the zero value is that nobody does.
type supervisor struct {
	socket   string        // where to tell; a leading @ means an abstract one
	watchdog time.Duration // silence for so long and it starts us anew; 0: it does not
	told     string        // the last STATUS
}

// supervisorOf reads what systemd says in the environment.
func supervisorOf(getenv func(string) string) supervisor {
	s := supervisor{socket: getenv("NOTIFY_SOCKET")}
	if usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
		s.watchdog = time.Duration(usec) * time.Microsecond
	}
	return s
}

const (
	stateReady    = "READY=1"
	stateAlive    = "WATCHDOG=1"
	stateStopping = "STOPPING=1"
)

// tell sends one state. What becomes of the word is the manager's affair: the
// daemon works the same whether anybody listens or not.
func (s supervisor) tell(state string) {
	if s.socket == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write([]byte(state))
}

// status tells in a line how the daemon is (systemctl status shows it); only what
// is new is told.
func (s *supervisor) status(text string) {
	if text != s.told {
		s.told = text
		s.tell("STATUS=" + inert(text))
	}
}

// word is when the loop owes its next word, after one at last; zero if nobody
// waits. Half the time leaves room for one that comes late.
func (s supervisor) word(last time.Time) time.Time {
	if s.socket == "" || s.watchdog == 0 {
		return time.Time{}
	}
	return last.Add(s.watchdog / 2)
}
