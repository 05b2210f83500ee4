package mailbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Look is what the account and its server look like.
type Look struct {
	Folders []FolderLook // those that are read, then those that were asked for
	Names   []string     // of the folders there are; only if one was missing
	Idle    bool         // the server tells of new mail at once
	Move    bool         // messages can be moved without a window for loss
	Sent    string       // as SentFolder has it
	SentErr error        // why that could not be found out

	Used, Limit int64 // bytes that the account's mail takes, and may take; Limit 0: not told, or none
}

// FolderLook is one folder.
type FolderLook struct {
	Name     string
	Err      error // the server's refusal to open it
	Messages uint32
	Newest   time.Time // INTERNALDATE of the last message; zero if there is none
	Keyword  bool      // the server keeps Keyword in it
}

// Look logs in on a connection of its own and looks at the folders that are
// read, and at others. Nothing is changed: folders are opened with EXAMINE, and
// where that does not tell which keywords are kept, with SELECT. The error is
// *SecretError, *OfferError, *AuthError, or why the connection ended.
func (m *Mailbox) Look(ctx context.Context, others ...string) (Look, error) {
	m.turn()
	defer m.mu.Unlock()
	s, err := m.dial(ctx)
	if err != nil {
		return Look{}, err
	}
	defer s.bye()
	rev2 := s.caps.Has(imap.CapIMAP4rev2)
	look := Look{
		Idle: rev2 || s.caps.Has(imap.CapIdle),
		Move: rev2 || s.caps.Has(imap.CapMove) || s.caps.Has(imap.CapUIDPlus),
	}
	missing := false
	for _, name := range append(append([]string(nil), m.folders...), others...) {
		f, err := s.look(ctx, name)
		if err != nil {
			return look, err
		}
		missing = missing || f.Err != nil
		look.Folders = append(look.Folders, f)
	}
	if missing {
		// A help and no more: some servers write names that nobody can read.
		look.Names, _ = s.names(ctx)
	}
	if s.alive() {
		look.Sent, look.SentErr = m.sentFolder(ctx, s)
	}
	if s.alive() {
		look.Used, look.Limit = s.quota(ctx, m.folders[0])
	}
	return look, nil
}

func (s *session) look(ctx context.Context, name string) (FolderLook, error) {
	f := FolderLook{Name: name}
	sel, err := s.examine(ctx, name)
	if refused(err) {
		f.Err = err
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.Messages, f.Keyword = sel.NumMessages, keeps(sel.PermanentFlags, Keyword)
	if f.Messages > 0 {
		if f.Newest, err = s.received(ctx, f.Messages); err != nil {
			return f, err
		}
	}
	if !f.Keyword {
		// RFC 9051 §6.3.3: nothing is permanent in a folder that is only examined.
		sel, err := s.open(ctx, name)
		if err != nil && !refused(err) {
			return f, err
		}
		f.Keyword = err == nil && keeps(sel.PermanentFlags, Keyword)
	}
	return f, nil
}

// received is the INTERNALDATE of the n-th message of the folder.
func (s *session) received(ctx context.Context, n uint32) (when time.Time, err error) {
	err = s.run(ctx, "FETCH of a date", smallTalk, func() error {
		s.fetching = s.client.Fetch(imap.SeqSetNum(n), &imap.FetchOptions{InternalDate: true})
		for msg := s.fetching.Next(); msg != nil; msg = s.fetching.Next() {
			for item := msg.Next(); item != nil; item = msg.Next() {
				if date, ok := item.(imapclient.FetchItemDataInternalDate); ok {
					when = date.Time
				}
			}
		}
		err := s.fetching.Close()
		s.fetching = nil
		return err
	})
	if refused(err) {
		err = nil // gone in the meantime
	}
	return when, err
}

func (s *session) names(ctx context.Context) (names []string, err error) {
	err = s.run(ctx, "LIST", 4*smallTalk, func() error {
		all, err := s.client.List("", "*", nil).Collect()
		for _, f := range all {
			names = append(names, f.Mailbox)
		}
		return err
	})
	return names, err
}

// ErrNoTLS says that the server does not offer STARTTLS.
var ErrNoTLS = errors.New("the mail server does not offer STARTTLS")

// GreetingError says that the server turns us away, or is no IMAP server.
type GreetingError struct{ Text string } // its first line

func (e *GreetingError) Error() string { return fmt.Sprintf("the server greets with %q", e.Text) }

// Addr is host:port of the server.
func (m *Mailbox) Addr() string { return m.addr }

// TLS is how TLS is spoken with the server; nil if it is not.
func (m *Mailbox) TLS() *tls.Config {
	if m.security == plainLoopback {
		return nil
	}
	return m.tls.Clone()
}

// Reach opens a connection and brings it to the point where TLS begins (or
// would begin): at once for imaps, after the greeting and STARTTLS else. Whoever
// wants to know why TLS fails goes on from there; the caller closes it.
func (m *Mailbox) Reach(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", m.addr)
	if err != nil || m.security == implicitTLS {
		return conn, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err = m.greet(conn)
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (m *Mailbox) greet(conn net.Conn) error {
	r := bufio.NewReader(io.LimitReader(conn, smallTalk))
	greeting, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(greeting, "* OK") && !strings.HasPrefix(greeting, "* PREAUTH") {
		return &GreetingError{Text: strings.TrimSpace(greeting[:min(len(greeting), 200)])}
	}
	if m.security == plainLoopback {
		return nil
	}
	if _, err := io.WriteString(conn, "T0 STARTTLS\r\n"); err != nil {
		return err
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		answer, ours := strings.CutPrefix(line, "T0 ")
		switch {
		case !ours:
		case !strings.HasPrefix(answer, "OK"):
			return ErrNoTLS
		case r.Buffered() > 0:
			return errors.New("the server talks on after STARTTLS")
		default:
			return nil
		}
	}
}
