// Package couriertest is an SMTP server on loopback that gives every mail it
// takes to a function: the other end of the courier in tests and in the demo.
package couriertest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Options of a Sink; all may be left out but Take.
type Options struct {
	// Take gets each mail after its final dot, byte for byte with CRLF line
	// ends, once for each recipient. An error is the server's answer: a Reply
	// as it stands, any other as 451.
	Take func(from, to string, data []byte) error
	// Rcpt is asked at RCPT TO; errors as in Take.
	Rcpt func(from, to string) error
	// User and Password, if set, have to be given by AUTH.
	User, Password string
	// Token, if set, is asked before any other login: AUTH is by XOAUTH2 or
	// OAUTHBEARER with a token that it agrees to, and not by password.
	Token func(user, token string) bool
	// MaxSize is announced as SIZE and held to; 0 is no limit.
	MaxSize int64
	// TLS, if set, serves STARTTLS, and with Implicit TLS from the first byte.
	TLS      *tls.Config
	Implicit bool
}

// Reply is an answer of the server, such as {550, "5.1.1", "no such user"}.
type Reply struct {
	Code   int
	Status string // "5.1.1"
	Text   string
}

func (r Reply) Error() string { return r.Text }

// Sink is a running server.
type Sink struct {
	listener net.Listener
	server   *smtp.Server
}

// Start listens on a free port of 127.0.0.1.
func Start(o Options) (*Sink, error) { return StartAt("127.0.0.1:0", o) }

// StartAt listens on an address, so that a server can come back where another
// has been.
func StartAt(addr string, o Options) (*Sink, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Sink{listener: listener}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{Options: o}, nil
	}))
	s.server.Domain = "localhost"
	s.server.AllowInsecureAuth = o.TLS == nil
	s.server.MaxMessageBytes = o.MaxSize
	s.server.ReadTimeout = time.Minute
	s.server.WriteTimeout = time.Minute
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	switch {
	case o.TLS != nil && o.Implicit:
		s.listener = tls.NewListener(listener, o.TLS)
	case o.TLS != nil:
		s.server.TLSConfig = o.TLS
	}
	go s.server.Serve(s.listener)
	return s, nil
}

// Addr is host:port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Close stops the server and cuts every connection.
func (s *Sink) Close() error { return s.server.Close() }

type session struct {
	Options
	known bool
	from  string
	to    []string
}

func (s *session) AuthMechanisms() []string {
	switch {
	case s.Token != nil:
		return []string{"XOAUTH2", sasl.OAuthBearer}
	case s.User == "":
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch {
	case s.Token != nil && mechanism == sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if s.known = s.Token(o.Username, o.Token); !s.known {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	case s.Token != nil:
		return &xoauth2{session: s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.User || password != s.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

// xoauth2 is the server's side of XOAUTH2: a bad token is answered with a
// challenge that says why, and refused after the client's answer to it.
type xoauth2 struct {
	*session
	asked bool
}

func (x *xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.asked {
		return nil, true, smtp.ErrAuthFailed
	}
	// user=USER ^A auth=Bearer TOKEN ^A ^A
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01auth=Bearer ")
	token, whole := strings.CutSuffix(rest, "\x01\x01")
	if x.known = whole && x.Token(user, token); x.known {
		return nil, true, nil
	}
	x.asked = true
	return []byte(`{"status":"401","schemes":"bearer","scope":"mail"}`), false, nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if (s.User != "" || s.Token != nil) && !s.known {
		return smtp.ErrAuthRequired
	}
	s.from, s.to = from, nil
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.Options.Rcpt != nil {
		if err := s.Options.Rcpt(s.from, to); err != nil {
			return answer(err)
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		if err := s.Take(s.from, to, data); err != nil {
			return answer(err)
		}
	}
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func answer(err error) error {
	var r Reply
	if !errors.As(err, &r) {
		r = Reply{451, "4.3.0", err.Error()}
	}
	status := smtp.EnhancedCode{r.Code / 100, 0, 0}
	fmt.Sscanf(r.Status, "%d.%d.%d", &status[0], &status[1], &status[2])
	return &smtp.SMTPError{Code: r.Code, EnhancedCode: status, Message: r.Text}
}
