package mailbox

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// between puts something on the way of every connection to the unfair server.
func between(t *testing.T, s *unfair, box *Mailbox, carry func(client, server net.Conn)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", s.addr)
			if err != nil {
				client.Close()
				return
			}
			go func() {
				defer client.Close()
				defer server.Close()
				carry(client, server)
			}()
		}
	}()
	box.addr = l.Addr().String()
}

func TestAnAnswerOfOneByteAPacketIsTakenWhole(t *testing.T) {
	s := &unfair{}
	box, seen := start(t, s), newMemory()
	between(t, s, box, func(client, server net.Conn) {
		go io.Copy(server, client)
		client.(*net.TCPConn).SetNoDelay(true)
		r := bufio.NewReader(server)
		for {
			b, err := r.ReadByte()
			if err != nil {
				return
			}
			if _, err := client.Write([]byte{b}); err != nil {
				return
			}
		}
	})
	if r := seen.round(t, box); !r.Complete() || r.Taken() != 8 {
		t.Errorf("%+v", r)
	}
	for uid, body := range s.bodies {
		if got := string(seen.raw["INBOX/"+string(rune('0'+uid))]); got != body {
			t.Errorf("message %d is %q", uid, got)
		}
	}
}

func TestAConnectionThatIsResetInTheMiddleOfALiteralLeavesNothing(t *testing.T) {
	s := &unfair{}
	box, seen := start(t, s), newMemory()
	var connections atomic.Int32
	between(t, s, box, func(client, server net.Conn) {
		go io.Copy(server, client)
		if connections.Add(1) > 1 {
			io.Copy(client, server)
			return
		}
		r := bufio.NewReader(server)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if strings.HasPrefix(line, "thu so 3") {
				client.Write([]byte(line[:4]))
				client.(*net.TCPConn).SetLinger(0)
				return
			}
			client.Write([]byte(line))
		}
	})
	if r := seen.round(t, box); !r.Complete() || r.Taken() != 8 {
		t.Errorf("%+v", r)
	}
	if got := string(seen.raw["INBOX/3"]); got != s.bodies[3] {
		t.Errorf("message 3 is %q", got)
	}
}

// Dovecot may answer a second FETCH before it has finished the first, and the
// client then waits for ever.
func TestOneCommandIsUnderWayAtATime(t *testing.T) {
	s := &unfair{caps: "IMAP4rev1 UIDPLUS IDLE"}
	s.answer = func(_ *unfair, command string) string {
		switch {
		case command == "IDLE":
			return "+ idling\n* 9 EXISTS\n"
		case strings.HasPrefix(command, "UID COPY"):
			return "{tag} OK [COPYUID 9 2:3 11:12] done\n"
		}
		return ""
	}
	box, seen := start(t, s), newMemory()
	between(t, s, box, func(client, server net.Conn) {
		go io.Copy(client, server)
		r := bufio.NewReader(client)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			// Whoever does not wait for the answer has written more by now. The
			// client itself asks for capabilities beside other commands.
			client.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
			if more, err := r.Peek(1); err == nil && !strings.Contains(line, "CAPABILITY") {
				t.Errorf("%q was followed by %q before it was answered", line, more)
			}
			client.SetReadDeadline(time.Time{})
			io.WriteString(server, line)
		}
	})
	seen.round(t, box)
	if err := box.Done(t.Context(), "INBOX", 7, []uint32{2, 3}, "Xong"); err != nil {
		t.Error(err)
	}
	if news, err := box.Wait(t.Context()); !news || err != nil {
		t.Error(news, err)
	}
	seen.round(t, box)
	box.Close()
}
