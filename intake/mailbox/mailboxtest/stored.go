package mailboxtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Stored is a message as the server holds it.
type Stored struct {
	UID      uint32
	Flags    []string // lower case, as this server keeps them
	Received time.Time
	Raw      []byte
}

// Stored asks the server itself, in a dozen words of IMAP and not with the
// client that the program uses, so that a test sees what any client would.
func (s *Server) Stored(user, folder string) ([]Stored, error) {
	return s.talk(user, fmt.Sprintf("c EXAMINE %q", folder), "d UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])")
}

// Expunge takes the messages out of a folder up to the UID, as a clerk would
// who clears away what is old; all of them for 0.
func (s *Server) Expunge(user, folder string, last uint32) error {
	upTo := "*"
	if last > 0 {
		upTo = strconv.FormatUint(uint64(last), 10)
	}
	_, err := s.talk(user, fmt.Sprintf("c SELECT %q", folder), "d UID STORE 1:"+upTo+` +FLAGS.SILENT (\Deleted)`, "e EXPUNGE")
	return err
}

// talk logs in and returns the messages that the last of the commands shows.
func (s *Server) talk(user string, commands ...string) ([]Stored, error) {
	u, err := s.user(user)
	if err != nil {
		return nil, err
	}
	conn, err := s.dial()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	// A server that was closed may have left its port to one that says nothing.
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	r := bufio.NewReaderSize(conn, 64<<10)
	if _, err := r.ReadString('\n'); err != nil {
		return nil, err
	}
	if s.security == StartTLS {
		if _, err := ask(conn, r, "t STARTTLS"); err != nil {
			return nil, err
		}
		conn = tls.Client(conn, s.clientTLS())
		r = bufio.NewReaderSize(conn, 64<<10)
	}
	var all []Stored
	for _, command := range append([]string{
		fmt.Sprintf("a LOGIN %q %q", user, u.password),
		"b ENABLE IMAP4rev2", // folder names in UTF-8
	}, commands...) {
		if all, err = ask(conn, r, command); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// CopyFolder puts what a folder holds, with flags and times, into the empty one
// of that name on another server: the same mailbox, as far as anybody can tell
// who asks for what nobody has expunged.
func (s *Server) CopyFolder(user, folder string, to *Server) error {
	all, err := s.Stored(user, folder)
	if err != nil {
		return err
	}
	u, err := to.user(user)
	if err != nil {
		return err
	}
	for _, m := range all {
		o := &imap.AppendOptions{Time: m.Received}
		for _, f := range m.Flags {
			o.Flags = append(o.Flags, imap.Flag(f))
		}
		data, err := u.Append(folder, literal{bytes.NewReader(m.Raw)}, o)
		if err != nil {
			return err
		}
		if uint32(data.UID) != m.UID {
			return fmt.Errorf("mailboxtest: %s: message %d is %d on the other server", folder, m.UID, data.UID)
		}
	}
	return nil
}

// ask sends a command and reads up to its end, collecting messages.
func ask(w io.Writer, r *bufio.Reader, command string) ([]Stored, error) {
	tag, what, _ := strings.Cut(command, " ")
	if _, err := io.WriteString(w, command+"\r\n"); err != nil {
		return nil, err
	}
	var all []Stored
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return all, err
		}
		line = strings.TrimRight(line, "\r\n")
		if status, ok := strings.CutPrefix(line, tag+" "); ok {
			if !strings.HasPrefix(status, "OK") {
				return all, fmt.Errorf("mailboxtest: %s: %s", strings.Fields(what)[0], status)
			}
			return all, nil
		}
		if !strings.Contains(line, " FETCH (") {
			continue
		}
		var m Stored
		if _, rest, ok := strings.Cut(line, "UID "); ok {
			uid, _ := strconv.ParseUint(strings.FieldsFunc(rest, func(c rune) bool { return c == ' ' || c == ')' })[0], 10, 32)
			m.UID = uint32(uid)
		}
		if _, rest, ok := strings.Cut(line, "FLAGS ("); ok {
			flags, _, _ := strings.Cut(rest, ")")
			m.Flags = strings.Fields(flags)
		}
		if _, rest, ok := strings.Cut(line, `INTERNALDATE "`); ok {
			date, _, _ := strings.Cut(rest, `"`)
			m.Received, err = time.Parse("_2-Jan-2006 15:04:05 -0700", date)
			if err != nil {
				return all, err
			}
		}
		if open := strings.LastIndexByte(line, '{'); open >= 0 && strings.HasSuffix(line, "}") {
			size, err := strconv.Atoi(line[open+1 : len(line)-1])
			if err != nil {
				return all, err
			}
			m.Raw = make([]byte, size)
			if _, err := io.ReadFull(r, m.Raw); err != nil {
				return all, err
			}
		}
		all = append(all, m)
	}
}

func (s *Server) dial() (net.Conn, error) {
	if s.security == ImplicitTLS {
		return tls.Dial("tcp", s.Addr(), s.clientTLS())
	}
	return net.Dial("tcp", s.Addr())
}

func (s *Server) clientTLS() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.ca)
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}
