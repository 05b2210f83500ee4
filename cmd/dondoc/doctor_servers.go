package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake/mailbox"
	"dondoc/notify/courier"
)

// server is one of the two that a campaign works with.
type server struct {
	what, id string // "IMAP", "imap"
	url      string
	addr     string
	reach    func(context.Context) (net.Conn, error) // to the point where TLS begins
	tls      *tls.Config                             // nil: it is not spoken
	access   config.Access
}

func (s server) user() string { return userOf(s.url) }

func userOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return ""
	}
	return u.User.Username()
}

// way looks at connection and TLS, without a word about who we are. It returns
// the id of the check that failed, or "".
func (d *doctor) way(ctx context.Context, s server) (failed string) {
	host, port, _ := net.SplitHostPort(s.addr)
	words := []any{"what", s.what, "addr", s.addr, "host", host, "port", port, "user", s.user()}
	connect, secure := s.id+"_connect", s.id+"_tls"

	conn, err := d.reach(ctx, s)
	if errors.Is(err, mailbox.ErrNoTLS) || errors.Is(err, courier.ErrNoTLS) {
		d.note(connect, "connect.ok", words...)
		d.note(secure, "tls.not_offered", words...)
		return secure
	}
	if err != nil {
		remedy, text := unreachable(err)
		d.note(connect, remedy, append(words, "text", text)...)
		d.after(connect, secure)
		return connect
	}
	d.note(connect, "connect.ok", words...)
	if s.tls == nil {
		conn.Close()
		d.note(secure, "tls.none", words...)
		return ""
	}
	state, err := d.handshake(ctx, conn, s.tls)
	conn.Close()
	if err == nil {
		d.secured(secure, s, state, words)
		return ""
	}
	remedy, more := d.insecure(ctx, s, err)
	d.note(secure, remedy, append(words, more...)...)
	return secure
}

func (d *doctor) reach(ctx context.Context, s server) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	return s.reach(ctx)
}

// unreachable chooses the words for a connection that did not come about, and
// what the server or the network says of it.
func unreachable(err error) (remedy, text string) {
	var name *net.DNSError
	var dial *net.OpError
	var answer *textproto.Error
	var greeting *mailbox.GreetingError
	text = err.Error()
	switch {
	case errors.As(err, &name):
		return "connect.name", text
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connect.closed", text
	case errors.As(err, &dial) && dial.Op == "dial":
		return "connect.far", text
	case errors.Is(err, context.DeadlineExceeded):
		return "connect.mute", text
	case errors.As(err, &answer):
		return "connect.turned_away", fmt.Sprintf("%d %s", answer.Code, answer.Msg)
	case errors.As(err, &greeting):
		return "connect.turned_away", greeting.Text
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "connect.hung_up", text
	}
	return "connect.other", text
}

func (d *doctor) handshake(ctx context.Context, conn net.Conn, c *tls.Config) (tls.ConnectionState, error) {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	c = c.Clone()
	c.Time = d.Clock.Now
	secured := tls.Client(conn, c)
	err := secured.HandshakeContext(ctx)
	return secured.ConnectionState(), err
}

// secured reports on a handshake that succeeded.
func (d *doctor) secured(id string, s server, state tls.ConnectionState, words []any) {
	leaf := state.PeerCertificates[0]
	d.known.certificate(s.addr, leaf)
	words = append(words, "version", strings.TrimPrefix(tls.VersionName(state.Version), "TLS "), "min", s.access.TLSName(),
		"until", dateOf(leaf.NotAfter), "issuer", issuer(leaf))
	switch {
	case state.Version < tls.VersionTLS12:
		d.note(id, "tls.weak", words...)
	case s.access.Lowered():
		d.note(id, "tls.lowered", words...)
	case leaf.NotAfter.Sub(d.Clock.Now()) < 14*24*time.Hour:
		d.note(id, "tls.expiring", words...)
	default:
		d.note(id, "tls.ok", words...)
	}
}

// insecure finds out why a handshake failed, asking the server once more what
// it can do. Nothing is said on that connection but the handshake.
func (d *doctor) insecure(ctx context.Context, s server, err error) (remedy string, words []any) {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown) && unknown.Cert != nil:
		d.known.certificate(s.addr, unknown.Cert)
		return "tls.unknown_ca", []any{"issuer", issuer(unknown.Cert), "subject", unknown.Cert.Subject.CommonName}
	case errors.As(err, &name):
		names := name.Certificate.DNSNames
		for _, ip := range name.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		return "tls.name", []any{"names", strings.Join(names, ", ")}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		d.known.certificate(s.addr, invalid.Cert)
		from, until := dateOf(invalid.Cert.NotBefore), dateOf(invalid.Cert.NotAfter)
		if d.Clock.Now().Before(invalid.Cert.NotBefore) {
			return "tls.not_yet", []any{"from", from, "now", dateOf(d.Clock.Now())}
		}
		return "tls.expired", []any{"until", until, "now", dateOf(d.Clock.Now())}
	case errors.As(err, &record):
		return "tls.not_tls", nil
	case errors.Is(err, context.DeadlineExceeded):
		return "tls.mute", nil
	}
	lax, laxErr := config.Access{TLSMin: tls.VersionTLS10}.TLS(s.tls.ServerName, "")
	if laxErr == nil {
		lax.InsecureSkipVerify = true
		if conn, err := d.reach(ctx, s); err == nil {
			defer conn.Close()
			if state, err := d.handshake(ctx, conn, lax); err == nil && state.Version < s.tls.MinVersion {
				version := strings.TrimPrefix(tls.VersionName(state.Version), "TLS ")
				if state.Version >= tls.VersionTLS12 {
					return "tls.strict", []any{"version", version, "min", s.access.TLSName()}
				}
				return "tls.old", []any{"version", version, "min", s.access.TLSName()}
			}
		}
	}
	return "tls.other", []any{"text", err}
}

func issuer(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" {
		return c.Issuer.CommonName
	}
	return c.Issuer.String()
}

func dateOf(t time.Time) string { return t.Format("02/01/2006") }

// certificate keeps what a server's certificate says of the time.
func (e *evidence) certificate(addr string, c *x509.Certificate) {
	e.past = append(e.past, moment{[2]string{"chứng chỉ của " + addr + " bắt đầu có hiệu lực lúc", "the certificate of " + addr + " is valid from"}, c.NotBefore, true})
	e.until = append(e.until, moment{[2]string{"chứng chỉ của " + addr + " hết hiệu lực lúc", "the certificate of " + addr + " ended at"}, c.NotAfter, true})
}

// What servers write when the mailbox is not open to programs like this one, or
// wants another password for them than for the web.
var (
	wantsAppPassword = regexp.MustCompile(`(?i)app(lication)?[- ]?(specific)?[- ]?password|2-?step|two-?factor|mật khẩu ứng dụng`)
	switchedOff      = regexp.MustCompile(`(?i)disabled|not enabled|is off|not (allowed|permitted)|bị tắt|chưa bật`)
)

// refused chooses the words for a login that failed.
func (d *doctor) refused(s server, err error) {
	words := []any{"what", s.what, "addr", s.addr, "user", s.user()}
	id := s.id + "_login"
	var (
		noSecret  *mailbox.SecretError
		noSecret2 *courier.SecretError
		offer     *mailbox.OfferError
		offer2    *courier.OfferError
		auth      *mailbox.AuthError
		answer    *textproto.Error
	)
	var fault *signin.Fault
	said, code, denied := err.Error(), "", false
	switch {
	case errors.As(err, &fault) && fault.Passing:
		d.note(id, "login.provider", append(words, "text", paragraph(d.words(fault)))...)
		return
	case errors.As(err, &noSecret):
		d.note(id, "login.secret", append(words, "text", paragraph(d.words(noSecret.Err)))...)
		return
	case errors.As(err, &noSecret2):
		d.note(id, "login.secret", append(words, "text", paragraph(d.words(noSecret2.Err)))...)
		return
	case errors.As(err, &offer):
		d.note(id, "login.offer", append(words, "wants", offer.Wants, "offers", d.list(offer.Offers))...)
		return
	case errors.As(err, &offer2):
		d.note(id, "login.offer", append(words, "wants", offer2.Wants, "offers", d.list(offer2.Offers))...)
		return
	case errors.As(err, &auth):
		said, code, denied = strings.TrimSpace(auth.Code+" "+auth.Text), auth.Code, true
	case errors.As(err, &answer):
		said, denied = answer.Msg, answer.Code/100 == 5
	}
	remedy := "login.wrong"
	switch {
	case !denied:
		remedy = "login.other"
	case s.access.Granted:
		remedy = "login.granted"
	case s.access.ByToken():
		remedy = "login.token"
	case wantsAppPassword.MatchString(said):
		remedy = "login.app"
	case switchedOff.MatchString(said), code == "AUTHORIZATIONFAILED", code == "CONTACTADMIN":
		remedy = "login.off"
	}
	d.note(id, remedy, append(words, "text", said)...)
}

func (d *doctor) list(items []string) string {
	if len(items) == 0 {
		return d.either("không có", "nothing")
	}
	return strings.Join(items, ", ")
}
