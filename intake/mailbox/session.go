package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// session is one logged-in connection: the only thing that touches imapclient.
// All of it is used by one goroutine at a time.
type session struct {
	client  *imapclient.Client
	guard   *guard
	caps    imap.CapSet
	silence time.Duration

	folder   string // the folder examined last, if it still is
	dead     bool
	fetching *imapclient.FetchCommand

	odd       map[uint32]int64 // sizes of bodies that were announced otherwise, by UID
	estimates bool             // the server announces sizes that are not exact
}

// smallTalk is the budget of a command whose answer is a few lines.
const smallTalk = 256 << 10

// dial connects and logs in.
func (m *Mailbox) dial(ctx context.Context) (*session, error) {
	dialer := net.Dialer{Timeout: m.silence}
	conn, err := dialer.DialContext(ctx, "tcp", m.addr)
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	if m.security == plainLoopback {
		// The name was checked; what it resolved to is what counts.
		if a, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			conn.Close()
			return nil, fmt.Errorf("mailbox: %s is not a loopback address: refusing to send a password without TLS", m.addr)
		}
	}
	if m.security == implicitTLS {
		c := tls.Client(conn, m.tls)
		shake, cancel := context.WithTimeout(ctx, m.silence)
		err := c.HandshakeContext(shake)
		cancel()
		if err != nil {
			conn.Close()
			return nil, fmt.Errorf("mailbox: %s: %w", m.addr, err)
		}
		conn = c
	}

	s := &session{guard: &guard{Conn: conn}, silence: m.silence}
	options := &imapclient.Options{
		TLSConfig: m.tls,
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			// Runs in the decoder: it may only leave a hint and go (#668).
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages != nil {
					select {
					case m.hints <- struct{}{}:
					default:
					}
				}
			},
		},
	}
	err = s.run(ctx, "greeting", smallTalk, func() error {
		if m.security == startTLS {
			s.client, err = imapclient.NewStartTLS(s.guard, options)
			return err
		}
		s.client = imapclient.New(s.guard, options)
		return s.client.WaitGreeting()
	})
	if err != nil {
		s.drop()
		return nil, everywhere("greeting", err)
	}
	if err := m.login(ctx, s); err != nil {
		s.drop()
		return nil, everywhere("login", err)
	}
	return s, nil
}

// everywhere makes a refusal concern the whole account: answers to other
// commands concern one folder.
func everywhere(doing string, err error) error {
	if no := (*imap.Error)(nil); refused(err) && errors.As(err, &no) {
		return &brokenError{doing: doing, err: no}
	}
	return err
}

func (m *Mailbox) login(ctx context.Context, s *session) error {
	if s.client.State() == imap.ConnStateNotAuthenticated {
		password, err := m.password()
		if err != nil {
			return &SecretError{Account: m.account, Err: err}
		}
		if err := m.authenticate(ctx, s, password); err != nil {
			return err
		}
	}
	// Asked explicitly: after a login the client may still hold what the
	// server could do before.
	err := s.run(ctx, "CAPABILITY", smallTalk, func() (err error) {
		s.caps, err = s.client.Capability().Wait()
		return err
	})
	if err != nil || !s.caps.Has(imap.CapIMAP4rev1) || !s.caps.Has(imap.CapIMAP4rev2) {
		return err
	}
	// The client writes folder names as in IMAP4rev2 as soon as the server
	// knows it; the server reads them so only when it has been told.
	return s.run(ctx, "ENABLE", smallTalk, func() error {
		_, err := s.client.Enable(imap.CapIMAP4rev2).Wait()
		return err
	})
}

// passing reports whether a refused login says nothing about the password
// (RFC 5530 §3).
func passing(code imap.ResponseCode) bool {
	switch code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	}
	return false
}

// brokenError is the death of a connection.
type brokenError struct {
	doing string
	err   error
	// garbled: the server said something that could not be read; the network is well.
	garbled bool
}

func (e *brokenError) Error() string { return fmt.Sprintf("mailbox: %s: %v", e.doing, e.err) }
func (e *brokenError) Unwrap() error { return e.err }

// run does one command with a deadline for silence and a budget of bytes.
// Cancelling ctx closes the connection. An error is ctx's, the server's answer
// (*imap.Error, and the connection lives), or a *brokenError.
func (s *session) run(ctx context.Context, doing string, budget int64, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { s.guard.Conn.Close() })
	s.guard.arm(s.silence, budget)
	s.dead = true // in case do panics: a half-read answer blocks whatever comes next
	err := do()
	s.guard.disarm()
	if !stop() {
		return context.Cause(ctx)
	}
	s.dead = false
	return s.judge(doing, err)
}

// judge tells the server's refusals from the death of the connection: the
// client flattens the errors of the network, so whatever is not an *imap.Error
// is one (BYE at the greeting excepted, which is one in disguise).
func (s *session) judge(doing string, err error) error {
	if err == nil {
		return nil
	}
	if no := (*imap.Error)(nil); errors.As(err, &no) && no.Type != imap.StatusResponseTypeBye {
		return fmt.Errorf("mailbox: %s: %w", doing, err)
	}
	s.dead = true
	failure := s.guard.failure()
	if errors.Is(failure, errTooMuch) {
		return &brokenError{doing, failure, true}
	}
	if failure == nil || errors.Is(failure, net.ErrClosed) {
		return &brokenError{doing, err, true} // it was the client that gave up
	}
	return &brokenError{doing, failure, false}
}

func (s *session) alive() bool {
	if s == nil || s.dead || s.client == nil {
		return false
	}
	select {
	case <-s.client.Closed():
		return false
	default:
		return true
	}
}

// drop ends the connection without a word. The order matters: while a literal
// is unread the client's Close hangs, unless the connection is closed first
// and the command drained then.
func (s *session) drop() {
	if s == nil {
		return
	}
	s.dead = true
	s.guard.Conn.Close()
	if s.fetching != nil {
		s.fetching.Close()
		s.fetching = nil
	}
	if s.client != nil {
		s.client.Close()
	}
}

// bye logs out first, if the connection lives.
func (s *session) bye() {
	if s.alive() {
		ctx, cancel := context.WithTimeout(context.Background(), min(s.silence, 5*time.Second))
		s.run(ctx, "LOGOUT", smallTalk, func() error { return s.client.Logout().Wait() })
		cancel()
	}
	s.drop()
}

// examine opens a folder for reading only.
func (s *session) examine(ctx context.Context, folder string) (*imap.SelectData, error) {
	data, err := s.enter(ctx, "EXAMINE ", folder, &imap.SelectOptions{ReadOnly: true})
	if err == nil {
		s.folder = folder
	}
	return data, err
}

// open opens a folder for changes; a round examines it again.
func (s *session) open(ctx context.Context, folder string) (*imap.SelectData, error) {
	return s.enter(ctx, "SELECT ", folder, nil)
}

// enter opens a folder. An answer without UIDVALIDITY, which is required
// (RFC 3501 §6.3.1), names no message: it is no answer, and does not say that
// the folder has been renumbered.
func (s *session) enter(ctx context.Context, doing, folder string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.folder = ""
	var data *imap.SelectData
	err := s.run(ctx, doing+folder, smallTalk, func() (err error) {
		data, err = s.client.Select(folder, options).Wait()
		return err
	})
	if err != nil {
		return nil, err
	}
	if data.UIDValidity == 0 {
		return nil, fmt.Errorf("mailbox: %s: the server gives no UIDVALIDITY", folder)
	}
	return data, nil
}

// search lists the UIDs of set that exist, ascending. atMost is how many there
// can be.
func (s *session) search(ctx context.Context, set imap.UIDSet, atMost uint32) ([]uint32, error) {
	return s.searchSince(ctx, set, time.Time{}, atMost)
}

// bearing is search among those from a UID on that bear a keyword.
func (s *session) bearing(ctx context.Context, keyword string, from, atMost uint32) ([]uint32, error) {
	set := imap.UIDSet{{Start: imap.UID(from), Stop: 0}}
	return s.searchFor(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{set}, Flag: []imap.Flag{imap.Flag(keyword)}}, atMost)
}

// searchSince is search among those with the INTERNALDATE of that day or a
// later one; whose day that is, the server decides.
func (s *session) searchSince(ctx context.Context, set imap.UIDSet, since time.Time, atMost uint32) ([]uint32, error) {
	return s.searchFor(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{set}, Since: since}, atMost)
}

func (s *session) searchFor(ctx context.Context, what *imap.SearchCriteria, atMost uint32) ([]uint32, error) {
	var data *imap.SearchData
	set := what.UID[0]
	err := s.run(ctx, "UID SEARCH", smallTalk+16*int64(atMost), func() (err error) {
		data, err = s.client.UIDSearch(what, nil).Wait()
		return err
	})
	if err != nil {
		return nil, err
	}
	found, _ := data.All.(imap.UIDSet)
	var uids []uint32
	for _, r := range found {
		// A range costs a server nothing to write, so it is not believed.
		if uint64(r.Stop-r.Start)+uint64(len(uids)) > uint64(atMost)+1<<16 || r.Stop < r.Start {
			s.dead = true
			return nil, &brokenError{"UID SEARCH", errTooMuch, true}
		}
		for uid := uint64(r.Start); uid <= uint64(r.Stop); uid++ {
			// "n:*" names the last message even where its UID is below n.
			if set.Contains(imap.UID(uid)) {
				uids = append(uids, uint32(uid))
			}
		}
	}
	return uids, nil
}
