// Package mailbox reads the committee's mailbox by IMAP, and nothing else. It
// is the only package that imports go-imap's client, and it is written around
// what that client and real servers do wrong.
//
// What must stay true:
//
//   - A message is handed over whole or not at all: its bytes are counted
//     against the size of the literal, because a server that dies in the middle
//     of one looks like the end of a short message.
//   - What was announced and did not come is asked for again, searched for, and
//     named in the report. Nothing is missed in silence, and no single message
//     keeps the others waiting.
//   - The server is never our memory. Rounds ask the caller what is known;
//     folders are read with EXAMINE and BODY.PEEK, so reading changes nothing.
//     Done sets a keyword or moves, if the server can do that without a window
//     for loss; it never sets \Seen and never deletes.
//   - One command is in flight at a time (Dovecot may answer a second FETCH
//     before it has finished the first), and each has a deadline for silence
//     and a budget of bytes.
//
// A stranger controls the content of messages; whoever breaks into the mail
// server or the way to it, all that it says. He may want memory (a literal of
// four gigabytes, an answer without end), silence that nobody notices, mail that
// is taken in part or passed over, or the password. What is said is counted
// against what was asked (TestUnfairServers, TestAnyFaultAtAnyPoint), silence ends
// the connection (TestSilenceAtAnyPointEndsTheRoundSoon), a refusal costs no more
// than one login (TestARefusedTokenEndsTheConnectionWithoutAnotherWord); a
// password goes out under TLS with a certificate that is known, or over loopback.
package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"dondoc/config"
)

// Message is one message that the caller does not know yet.
type Message struct {
	Account     string // user@host
	Folder      string
	UIDValidity uint32
	UID         uint32
	Received    time.Time // INTERNALDATE: when the server took it in
	Size        int64     // of Body, exactly
	// Marked says that the message bears Mailbox.Own.
	Marked bool
	// Body streams the message from the server. It has to be read to its end;
	// it returns io.ErrUnexpectedEOF, or what happened, if the server gives
	// less than Size bytes: then nothing of the message may be kept.
	Body io.Reader
}

// Keyword marks what has been dealt with, where the server keeps keywords.
const Keyword = "$Dondoc"

var (
	// ErrSkip, wrapped by an error of take, leaves that message for a later
	// round and lets this one go on. Any other error ends the round.
	ErrSkip = errors.New("left for a later round")
	// ErrRenumbered says that a folder's UIDVALIDITY is not the one named: the
	// UIDs now mean other messages, and nothing was touched.
	ErrRenumbered = errors.New("the folder has been renumbered")
)

// Mailbox is one account. Its methods may be called from several goroutines;
// they take turns. None may be called from within take.
type Mailbox struct {
	// MaxSize is the size above which a message is not fetched but reported.
	MaxSize int64
	// Own is the keyword that marks, besides Keyword, what the caller's own
	// memory has dealt with; "" for none. Others may read the same mailbox.
	Own string

	account  string // user@host
	user     string
	auth     string // as config.Access has it
	addr     string // host:port
	security security
	tls      *tls.Config
	password func() (string, error)
	folders  []string

	silence  time.Duration // how long a server may be mute
	idleSpan time.Duration // how long one IDLE may last
	allEvery time.Duration // how often a folder is compared as a whole

	logins atomic.Int64

	wanted    atomic.Int32 // callers waiting for their turn
	interrupt chan struct{}
	mu        sync.Mutex // the turn; everything below belongs to its holder
	session   *session
	places    map[string]*place
	hints     chan struct{}
}

type security int

const (
	implicitTLS security = iota
	startTLS
	plainLoopback
)

// New makes the account of m ready; it opens no connection. The password, or
// the access token where m.Auth is by one, is asked for at every login, so that
// a changed one is found.
func New(m config.Mailbox, password func() (string, error)) (*Mailbox, error) {
	u, err := url.Parse(m.URL)
	if err != nil {
		return nil, fmt.Errorf("mailbox.url: %w", err)
	}
	host, port := u.Hostname(), u.Port()
	if host == "" || u.User.Username() == "" {
		return nil, fmt.Errorf("mailbox.url %q: want imaps://USER@HOST:993", u.Redacted())
	}
	if _, has := u.User.Password(); has {
		return nil, fmt.Errorf("mailbox.url %q: no password here; name its place with password_env or password_file", u.Redacted())
	}
	box := &Mailbox{
		MaxSize:   256 << 20,
		user:      u.User.Username(),
		auth:      m.Auth,
		account:   u.User.Username() + "@" + host,
		password:  password,
		folders:   m.Folders,
		silence:   time.Minute,
		idleSpan:  7 * time.Minute, // between the 5 min of impatient middleboxes and the 29 of RFC 2177
		allEvery:  time.Hour,
		interrupt: make(chan struct{}, 1),
		places:    map[string]*place{},
		hints:     make(chan struct{}, 1),
	}
	if len(box.folders) == 0 {
		box.folders = []string{"INBOX"}
	}
	switch u.Scheme {
	case "imaps":
		box.security, port = implicitTLS, orPort(port, "993")
	case "imap+starttls":
		box.security, port = startTLS, orPort(port, "143")
	case "imap+plain":
		box.security, port = plainLoopback, orPort(port, "143")
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("mailbox.url %q: imap+plain is for a loopback address only; use imaps or imap+starttls", u.Redacted())
		}
	default:
		return nil, fmt.Errorf("mailbox.url %q: want imaps, imap+starttls or imap+plain", u.Redacted())
	}
	box.addr = net.JoinHostPort(host, port)
	if box.tls, err = m.TLS(host, m.CAFile); err != nil {
		return nil, fmt.Errorf("mailbox.ca_file: %w", err)
	}
	return box, nil
}

// Account names the mailbox as messages do.
func (m *Mailbox) Account() string { return m.account }

// Logins counts the attempts to log in so far.
func (m *Mailbox) Logins() int64 { return m.logins.Load() }

// Patience says how long the server may be mute; a minute if nobody says so.
// To be called before the first use.
func (m *Mailbox) Patience(d time.Duration) { m.silence = d }

// Close ends the connection. The next Round opens another.
func (m *Mailbox) Close() error {
	m.turn()
	defer m.mu.Unlock()
	m.session.bye()
	m.session = nil
	return nil
}

// turn takes the turn, waking a Wait that holds it.
func (m *Mailbox) turn() {
	m.wanted.Add(1)
	select {
	case m.interrupt <- struct{}{}:
	default:
	}
	m.mu.Lock()
	m.wanted.Add(-1)
}

// connect returns the kept connection, or a new one. Fresh says which.
func (m *Mailbox) connect(ctx context.Context) (s *session, fresh bool, err error) {
	if m.session.alive() {
		return m.session, false, nil
	}
	m.session.drop()
	m.session = nil
	s, err = m.dial(ctx)
	if err != nil {
		return nil, false, err
	}
	m.session = s
	return s, true, nil
}

func orPort(port, usual string) string {
	if port == "" {
		return usual
	}
	return port
}
