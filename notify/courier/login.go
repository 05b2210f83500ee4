package courier

import (
	"errors"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// login chooses AUTH PLAIN or else LOGIN. go-mail's own choice prefers NTLM to
// both, and allows PLAIN without TLS to whatever is called localhost.
type login struct {
	host, user, password string
	plain                bool // without TLS: the connection is to loopback

	started bool
	smtp.Auth
}

func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	l.started = true
	if !server.TLS && !l.plain {
		return "", nil, errors.New("no TLS: the password stays here")
	}
	switch {
	case offers(server.Auth, "PLAIN"):
		l.Auth = smtp.PlainAuth("", l.user, l.password, l.host, l.plain)
	case offers(server.Auth, "LOGIN"):
		l.Auth = smtp.LoginAuth(l.user, l.password, l.host, l.plain)
	default:
		return "", nil, errors.New("the mail server offers neither AUTH PLAIN nor AUTH LOGIN")
	}
	return l.Auth.Start(server)
}

func offers(mechanisms []string, want string) bool {
	return slices.ContainsFunc(mechanisms, func(m string) bool { return strings.EqualFold(m, want) })
}
