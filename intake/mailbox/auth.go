package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"dondoc/config"
)

// AuthError is the server's refusal of user, password or token. Trying again
// with the same ones may lock the account, so the caller decides when to.
type AuthError struct {
	Account string
	Code    string // "AUTHENTICATIONFAILED", or empty
	Text    string // what the server said; of a refused token, its JSON (RFC 7628 §3.2.2)
}

func (e *AuthError) Error() string {
	return fmt.Sprintf("%s: the mail server refuses the login: %s", e.Account, strings.TrimSpace(e.Code+" "+e.Text))
}

// OfferError says that the server, on this kind of connection, knows no way to
// log in that the campaign allows. Nothing secret was sent.
type OfferError struct {
	Addr   string   // of the server
	Wants  string   // "PLAIN or LOGIN", "XOAUTH2"
	Offers []string // the mechanisms that it names
}

func (e *OfferError) Error() string {
	return fmt.Sprintf("mailbox: %s does not offer to log in by %s (but by: %s)", e.Addr, e.Wants, strings.Join(e.Offers, ", "))
}

// SecretError says that there is no password or token to log in with; Err is
// what was in the way.
type SecretError struct {
	Account string
	Err     error
}

func (e *SecretError) Error() string {
	return fmt.Sprintf("mailbox: the password of %s: %v", e.Account, e.Err)
}
func (e *SecretError) Unwrap() error { return e.Err }

// authenticate proves who we are, in the way that the campaign says.
func (m *Mailbox) authenticate(ctx context.Context, s *session, secret string) error {
	var caps imap.CapSet
	if err := s.run(ctx, "CAPABILITY", smallTalk, func() error {
		if caps = s.client.Caps(); caps == nil {
			return errors.New("no answer")
		}
		return nil
	}); err != nil {
		return err
	}
	mechanism := m.mechanism(caps)
	if mechanism == "" {
		offers := caps.AuthMechanisms()
		slices.Sort(offers)
		return &OfferError{Addr: m.addr, Wants: wants[m.auth], Offers: offers}
	}
	m.logins.Add(1)
	err := s.run(ctx, "login", smallTalk, func() error {
		switch mechanism {
		case "LOGIN":
			return s.client.Login(m.user, secret).Wait()
		case "PLAIN":
			return s.client.Authenticate(sasl.NewPlainClient("", m.user, secret))
		}
		host, port, _ := net.SplitHostPort(m.addr)
		return s.client.Authenticate(&bearer{mechanism, m.user, secret, host, port})
	})
	no := (*imap.Error)(nil)
	if errors.As(err, &no) {
		no.Text = config.Hush(no.Text, secret)
	}
	var refusal *tokenRefused
	if errors.As(err, &refusal) {
		refusal.challenge = config.Hush(refusal.challenge, secret)
		// The exchange was left in its middle: an empty answer goes out as "=",
		// which Dovecot takes for a mistake of ours. So the connection ends here.
		return &AuthError{Account: m.account, Text: refusal.Error()}
	}
	if no != nil && no.Type == imap.StatusResponseTypeNo && !passing(no.Code) {
		return &AuthError{Account: m.account, Code: string(no.Code), Text: no.Text}
	}
	return err
}

// wants is how an OfferError calls the ways in; by the word of the campaign.
var wants = map[string]string{"": "PLAIN or LOGIN", "auto": "PLAIN or LOGIN", "plain": "PLAIN", "login": "LOGIN", "xoauth2": "XOAUTH2", "oauthbearer": "OAUTHBEARER"}

// mechanism chooses among what the server offers; "" if there is nothing.
// LOGIN is the command of that name, which needs no offer.
func (m *Mailbox) mechanism(caps imap.CapSet) string {
	auto := m.auth == "" || m.auth == "auto"
	switch {
	case !auto && m.auth != "login":
		if name := strings.ToUpper(m.auth); caps.Has(imap.AuthCap(name)) {
			return name
		}
	case auto && caps.Has(imap.AuthCap("PLAIN")):
		return "PLAIN"
	case !caps.Has(imap.CapLoginDisabled):
		return "LOGIN"
	}
	return ""
}

// bearer logs in with an access token: XOAUTH2, as Google and Microsoft have
// documented theirs, or OAUTHBEARER (RFC 7628 §3.1).
type bearer struct{ mechanism, user, token, host, port string }

func (b *bearer) Start() (mechanism string, first []byte, err error) {
	if b.mechanism == "XOAUTH2" {
		return b.mechanism, []byte("user=" + b.user + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
	}
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(b.user) // RFC 5801 §4
	return b.mechanism, []byte("n,a=" + user + ",\x01host=" + b.host + "\x01port=" + b.port + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next is asked only when the token is refused: the challenge says why.
func (b *bearer) Next(challenge []byte) ([]byte, error) { return nil, &tokenRefused{string(challenge)} }

// tokenRefused is the server's reason for refusing a token, in JSON.
type tokenRefused struct{ challenge string }

func (e *tokenRefused) Error() string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(e.challenge, "?"))
	if r := []rune(clean); len(r) > 300 {
		clean = string(r[:300]) + "…"
	}
	return strings.TrimSpace("token refused " + clean)
}
