package mailboxtest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-sasl"
)

// AddToken lets the user in with an access token too, by XOAUTH2 and
// OAUTHBEARER; an earlier token is not taken any more.
func (s *Server) AddToken(user, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[user] = token
}

// session is one of the memory server's, with more ways to log in.
type session struct {
	imapserver.SessionIMAP4rev2
	server *Server
	user   string // who has logged in
}

func (s *session) AuthenticateMechanisms() []string {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if len(s.server.tokens) == 0 {
		return []string{sasl.Plain}
	}
	return []string{sasl.Plain, "XOAUTH2", sasl.OAuthBearer}
}

func (s *session) Authenticate(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return s.Login(user, password) }), nil
	case "XOAUTH2":
		return NewXOAUTH2Server(s.byToken), nil
	case sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if s.byToken(o.Username, o.Token) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	}
	return nil, fmt.Errorf("mailboxtest: no mechanism %q", mechanism)
}

func (s *session) byToken(user, token string) error {
	s.server.mu.Lock()
	known, want := s.server.users[user], s.server.tokens[user]
	s.server.mu.Unlock()
	if known == nil || want == "" || token != want {
		return imapserver.ErrAuthFailed
	}
	return s.Login(user, known.password)
}

// NewXOAUTH2Server is the server's side of XOAUTH2: a bad token is answered
// with a challenge that says why, and refused after the client's answer to it.
func NewXOAUTH2Server(check func(user, token string) error) sasl.Server {
	return &xoauth2{check: check}
}

type xoauth2 struct {
	check   func(user, token string) error
	refused error
}

func (x *xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case x.refused != nil:
		return nil, true, x.refused
	case response == nil:
		return nil, false, nil
	}
	// user=USER ^A auth=Bearer TOKEN ^A ^A
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01auth=Bearer ")
	token, whole := strings.CutSuffix(rest, "\x01\x01")
	if !whole {
		return nil, true, errors.New("mailboxtest: this is no XOAUTH2")
	}
	if x.refused = x.check(user, token); x.refused != nil {
		return []byte(`{"status":"401","schemes":"bearer","scope":"mail"}`), false, nil
	}
	return nil, true, nil
}
