package courier

import (
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"dondoc/config"
)

// login chooses the mechanism: the one that the campaign asks for, or AUTH
// PLAIN or else LOGIN. go-mail's own choice prefers NTLM to both, and allows
// PLAIN without TLS to whatever is called localhost.
type login struct {
	addr, user, secret string
	auth               string // as config.Access has it
	plain              bool   // without TLS: the connection is to loopback

	started bool
	offer   *OfferError // after Start: nothing that the server offers will do
	smtp.Auth
}

func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	l.started = true
	if !server.TLS && !l.plain {
		return "", nil, errors.New("no TLS: the password stays here")
	}
	host, port, _ := net.SplitHostPort(l.addr)
	for _, mechanism := range mechanisms(l.auth) {
		if !offers(server.Auth, mechanism) {
			continue
		}
		switch mechanism {
		case "PLAIN":
			l.Auth = smtp.PlainAuth("", l.user, l.secret, host, l.plain)
		case "LOGIN":
			l.Auth = smtp.LoginAuth(l.user, l.secret, host, l.plain)
		default:
			l.Auth = &bearer{mechanism, l.user, l.secret, host, port}
		}
		return l.Auth.Start(server)
	}
	l.offer = &OfferError{Wants: strings.Join(mechanisms(l.auth), ", "), Offers: server.Auth}
	return "", nil, l.offer
}

// hushed is an error without the secret, which some servers quote.
func (l *login) hushed(err error) error {
	answer := (*textproto.Error)(nil)
	if errors.As(err, &answer) {
		answer.Msg = config.Hush(answer.Msg, l.secret)
		return answer
	}
	if said := err.Error(); config.Hush(said, l.secret) != said {
		return errors.New(config.Hush(said, l.secret))
	}
	return err
}

// mechanisms are those that will do, the best first.
func mechanisms(auth string) []string {
	if auth == "" || auth == "auto" {
		return []string{"PLAIN", "LOGIN"}
	}
	return []string{strings.ToUpper(auth)}
}

func offers(mechanisms []string, want string) bool {
	return slices.ContainsFunc(mechanisms, func(m string) bool { return strings.EqualFold(m, want) })
}

// OfferError says that the server, on this kind of connection, knows no way to
// log in that the campaign allows. Nothing secret was sent.
type OfferError struct {
	Wants  string   // "PLAIN, LOGIN", "XOAUTH2"
	Offers []string // the mechanisms that it names
}

func (e *OfferError) Error() string {
	return fmt.Sprintf("the mail server does not offer to log in by %s (but by: %s)", e.Wants, strings.Join(e.Offers, ", "))
}

// SecretError says that there is no password or token to log in with; Err is
// what was in the way.
type SecretError struct{ Err error }

func (e *SecretError) Error() string { return "the password: " + e.Err.Error() }
func (e *SecretError) Unwrap() error { return e.Err }

// bearer logs in with an access token: XOAUTH2, as Google and Microsoft have
// documented theirs, or OAUTHBEARER (RFC 7628 §3.1). go-mail answers a refusal
// of XOAUTH2 with an empty line, which not every server understands.
type bearer struct{ mechanism, user, token, host, port string }

func (b *bearer) Start(*smtp.ServerInfo) (mechanism string, first []byte, err error) {
	if b.mechanism == "XOAUTH2" {
		return b.mechanism, []byte("user=" + b.user + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
	}
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(b.user) // RFC 5801 §4
	return b.mechanism, []byte("n,a=" + user + ",\x01host=" + b.host + "\x01port=" + b.port + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next is asked for more only when the token is refused: the challenge says
// why, in JSON. The reply that would follow is 535 (RFC 4954 §6).
func (b *bearer) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return nil, &textproto.Error{Code: 535, Msg: "5.7.8 token refused " + string(challenge)}
}
