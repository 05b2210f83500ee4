// Package courier hands finished mails to the SMTP server and tells a refusal
// from trouble. It is the only package that imports go-mail's client.
//
// What must stay true:
//
//   - One recipient, one transaction, one outcome. With several, one bad
//     address would hold the letter back from the others.
//   - The bytes that were stored are the bytes that are sent.
//   - Accepted only after the server's final 250, and then in any case. If the
//     connection ends between the final dot and the answer nobody knows, and
//     Unknown says so; before the dot nothing was delivered.
//   - What is wrong with us (connection, login, sender, size of our patience)
//     is never held against the recipient's address.
//   - A password travels under TLS only, or over loopback.
//
// A stranger controls addresses that people wrote and words that letters quote;
// whoever breaks into the mail server, its answers. He may want a second recipient
// or a command in an address, another mail behind a line with a dot, our password,
// or memory. Such addresses and mails are sent nowhere
// (TestAddressesAndMailsThatNoServerIsAsked), the final dot is written by the
// protocol alone (TestMailsArriveByteForByteOnOneConnectionOver), without TLS
// nothing secret is said (TestThePasswordStaysAtHomeWithoutTLS), and an answer is
// cut off (TestAnAnswerWithoutEndDoesNotFillTheMemory).
package courier

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"dondoc/config"
)

// Courier keeps one connection to the server. Send may be called from several
// goroutines; they take turns.
type Courier struct {
	host     string
	addr     string // host:port
	user     string
	auth     string // as config.Access has it
	password func() (string, error)
	security security
	tls      *tls.Config

	// RFC 5321 §4.5.3.2 asks for this much patience.
	command time.Duration // MAIL, RCPT, DATA and the greeting
	block   time.Duration // each part of the mail
	final   time.Duration // the answer to the final dot
	// kept is how long an idle connection is trusted.
	kept time.Duration
	// parting is how long the mail in hand may still take when a context ends:
	// cut off after its final dot it would have to go out a second time.
	parting time.Duration

	mu     sync.Mutex
	line   *line
	client *smtp.Client
	used   time.Time
}

type security int

const (
	implicitTLS security = iota
	startTLS
	plainLoopback
)

// New makes a courier for the server of s; it opens no connection. The password,
// or the access token where s.Auth is by one, is asked for at every login;
// without user or password there is no login.
func New(s config.SMTP, password func() (string, error)) (*Courier, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, fmt.Errorf("smtp.url: %w", err)
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("smtp.url %q: want smtp+starttls://USER@HOST:587", u.Redacted())
	}
	if _, has := u.User.Password(); has {
		return nil, fmt.Errorf("smtp.url %q: no password here; name its place with password_env or password_file", u.Redacted())
	}
	c := &Courier{
		host: u.Hostname(), user: u.User.Username(), auth: s.Auth, password: password,
		command: 5 * time.Minute, block: 3 * time.Minute, final: 10 * time.Minute, kept: 30 * time.Second, parting: 20 * time.Second,
	}
	port := u.Port()
	usual := "587"
	switch u.Scheme {
	case "smtps":
		c.security, usual = implicitTLS, "465"
	case "smtp+starttls":
		c.security = startTLS
	case "smtp+plain":
		c.security = plainLoopback
		if ip := net.ParseIP(c.host); c.host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("smtp.url %q: smtp+plain is for a loopback address only; use smtp+starttls or smtps", u.Redacted())
		}
	default:
		return nil, fmt.Errorf("smtp.url %q: want smtp+starttls, smtps or smtp+plain", u.Redacted())
	}
	if port == "" {
		port = usual
	}
	c.addr = net.JoinHostPort(c.host, port)
	if c.tls, err = s.TLS(c.host, s.CAFile); err != nil {
		return nil, fmt.Errorf("smtp.ca_file: %w", err)
	}
	return c, nil
}

// Send delivers the mail raw to one address and says what became of it. An
// empty from is the null sender. raw has CRLF line ends. When ctx ends no mail
// is begun any more; one that the server has been told of is finished, if that
// takes no more than 20 seconds.
func (c *Courier) Send(ctx context.Context, from, to string, raw []byte) Outcome {
	if out, bad := unsendable(from, to, raw); bad {
		return out
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil && time.Since(c.used) > c.kept {
		c.quit()
	}
	reused := c.client != nil
	out := c.try(ctx, from, to, raw)
	if reused && out.Kind == Trouble && out.Stage == StageMail && (out.Code == 0 || out.Code == 421) && ctx.Err() == nil {
		// The server had ended the kept connection; nothing had been said on it
		// of this mail.
		out = c.try(ctx, from, to, raw)
	}
	c.used = time.Now()
	return out
}

// Patience says how long the server may be mute at any point; as RFC 5321 asks
// if nobody says so. To be called before the first use.
func (c *Courier) Patience(d time.Duration) { c.command, c.block, c.final = d, d, d }

// Close ends the connection. The next Send opens another.
func (c *Courier) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quit()
	return nil
}

// try is one transaction, on the kept connection or a new one.
func (c *Courier) try(ctx context.Context, from, to string, raw []byte) Outcome {
	if err := ctx.Err(); err != nil {
		return trouble(StageConnect, err)
	}
	if c.client == nil {
		if out, ok := c.dial(ctx); !ok {
			return out
		}
	}
	line := c.line
	defer c.cutShort(ctx, line)()
	line.listen()

	if out, bad := c.unfit(from, to, len(raw)); bad {
		return out
	}
	c.client.SkipSMTPUTF8(ascii(from) && ascii(to))

	c.client.UpdateDeadline(c.command)
	if err := c.client.Mail("<" + from + ">"); err != nil {
		return c.end(ctx, StageMail, err)
	}
	c.client.UpdateDeadline(c.command)
	if err := c.client.Rcpt("<" + to + ">"); err != nil {
		return c.end(ctx, StageRcpt, err)
	}
	c.client.UpdateDeadline(c.command)
	w, err := c.client.Data()
	if err != nil {
		return c.end(ctx, StageData, err)
	}
	// From here until the answer to the final dot no other command may be
	// given: it would end the mail where it stands, and the server would
	// deliver the half of it.
	for rest := raw; len(rest) > 0; {
		n := min(len(rest), 64<<10)
		c.client.UpdateDeadline(c.block)
		if _, err := w.Write(rest[:n]); err != nil {
			return c.end(ctx, StageData, err)
		}
		rest = rest[n:]
	}
	c.client.UpdateDeadline(c.final)
	err = w.Close()
	if err != nil && c.line.cut() != nil {
		return c.end(ctx, StageData, c.line.cut()) // the dot, being last, did not go out
	}
	if err != nil {
		return c.end(ctx, StageFinal, err)
	}
	out := Outcome{Kind: Accepted, Stage: StageFinal, Code: 250}
	if d, ok := w.(*smtp.DataCloser); ok {
		out.Status, out.Text = enhanced(d.ServerResponse()), oneLine(d.ServerResponse())
	}
	return out
}

// cutShort closes the line some time after ctx has ended, unless stop is called
// before: the line may serve the next mail.
func (c *Courier) cutShort(ctx context.Context, line *line) (stop func()) {
	over, done := context.WithCancel(context.WithoutCancel(ctx))
	stopWaiting := context.AfterFunc(ctx, func() {
		late := time.AfterFunc(c.parting, func() { line.Close() })
		context.AfterFunc(over, func() { late.Stop() })
	})
	return func() { stopWaiting(); done() }
}

// end settles a transaction that was not accepted at once, and leaves the
// connection ready for the next one or closed.
func (c *Courier) end(ctx context.Context, stage Stage, err error) Outcome {
	out := settle(stage, err)
	answer := (*textproto.Error)(nil)
	switch {
	case !errors.As(err, &answer), answer.Code == 421, stage == StageMail:
		c.drop()
	case stage == StageFinal:
		// The transaction is over.
	default:
		c.client.UpdateDeadline(c.command)
		if c.client.Reset() != nil {
			c.drop()
		}
	}
	if ctx.Err() != nil && out.Code == 0 {
		out.Text = oneLine(ctx.Err().Error())
	}
	return out
}

// unfit compares a mail with what the server has said it takes, before any of
// it is sent.
func (c *Courier) unfit(from, to string, size int) (Outcome, bool) {
	if !ascii(from) || !ascii(to) {
		if ok, _ := c.client.Extension("SMTPUTF8"); !ok {
			kind := Refused
			if ascii(to) {
				kind = Trouble
			}
			return Outcome{Kind: kind, Stage: StageAddress, Code: 553, Status: "5.6.7", Text: "the mail server does not take addresses with letters outside ASCII"}, true
		}
	}
	_, limit := c.client.Extension("SIZE")
	if n, err := strconv.ParseInt(limit, 10, 64); err == nil && n > 0 && int64(size) > n {
		return Outcome{Kind: Refused, Stage: StageSize, Code: 552, Status: "5.3.4",
			Text: fmt.Sprintf("the mail has %d bytes, the mail server takes %d", size, n)}, true
	}
	return Outcome{}, false
}

// dial opens a connection and logs in.
func (c *Courier) dial(ctx context.Context) (Outcome, bool) {
	stage, err := c.enter(ctx)
	switch {
	case err == nil:
		return Outcome{}, true
	case ctx.Err() != nil:
		return trouble(stage, ctx.Err()), false
	}
	return settle(stage, err), false
}

// enter is dial with the error as it is, and how far it came.
func (c *Courier) enter(ctx context.Context) (Stage, error) {
	var opened atomic.Pointer[line] // closed from another goroutine
	open := func(ctx context.Context, network, _ string) (conn net.Conn, err error) {
		c.line, conn, err = c.open(ctx, network)
		opened.Store(c.line)
		return conn, err
	}
	options := []mail.Option{
		mail.WithTimeout(c.command),
		mail.WithTLSConfig(c.tls),
		mail.WithDialContextFunc(open),
		mail.WithHELO("[127.0.0.1]"), // as mail programs do; the host's name is nobody's business
	}
	switch c.security {
	case implicitTLS:
		options = append(options, mail.WithSSL())
	case startTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case plainLoopback:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	login := &login{addr: c.addr, user: c.user, auth: c.auth, plain: c.security == plainLoopback}
	if c.user != "" {
		var err error
		if login.secret, err = c.password(); err != nil {
			return StageAuth, &SecretError{err}
		}
		if login.secret != "" {
			options = append(options, mail.WithSMTPAuthCustom(login))
		}
	}
	m, err := mail.NewClient(c.host, options...)
	if err != nil {
		return StageConnect, err
	}
	dialing, cancel := context.WithTimeout(ctx, c.command)
	defer cancel()
	// go-mail looks at the context only while it connects.
	stop := context.AfterFunc(dialing, func() {
		if l := opened.Load(); l != nil {
			l.Close()
		}
	})
	client, err := m.DialToSMTPClientWithContext(dialing)
	if !stop() && err == nil {
		err = dialing.Err()
	}
	if err != nil {
		c.drop()
		if login.offer != nil {
			return StageAuth, login.offer
		}
		if login.started {
			return StageAuth, login.hushed(err)
		}
		return StageConnect, err
	}
	c.client = client
	return StageMail, nil
}

// open connects. What go-mail gets for smtps has to be a *tls.Conn, or it would
// take the connection for a plain one; so our own line lies beneath TLS.
func (c *Courier) open(ctx context.Context, network string) (*line, net.Conn, error) {
	dialer := net.Dialer{Timeout: min(c.command, time.Minute)}
	conn, err := dialer.DialContext(ctx, network, c.addr)
	if err != nil {
		return nil, nil, err
	}
	if c.security == plainLoopback {
		// The name was checked; what it resolved to is what counts.
		if a, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			conn.Close()
			return nil, nil, fmt.Errorf("%s is not a loopback address: refusing to speak without TLS", c.addr)
		}
	}
	l := &line{Conn: conn, left: talk}
	if c.security != implicitTLS {
		return l, l, nil
	}
	secured := tls.Client(l, c.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, nil, err
	}
	return l, secured, nil
}

// drop ends the connection without a word: QUIT in the middle of a mail would
// end the mail, and deliver it.
func (c *Courier) drop() {
	if c.line != nil {
		c.line.Close()
	}
	c.line, c.client = nil, nil
}

func (c *Courier) quit() {
	if c.client != nil {
		// A courtesy: nobody waits long for the answer.
		c.client.UpdateDeadline(min(c.command, time.Second))
		c.client.Quit()
	}
	c.drop()
}
