package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake/mailbox"
	"dondoc/notify"
	"dondoc/notify/courier"
)

// entry is how one of the two servers is told who we are: what is asked for a
// password or a token at each login; and where that is a token of `dondoc
// login`, its source.
type entry struct {
	secret func() (string, error)
	source *signin.Source
}

// mailboxEntry is the way into the mailbox of c.
func (p *Program) mailboxEntry(c *config.Campaign) entry {
	if c.Mailbox.Granted {
		return granted(p.source(c, "mailbox", userOf(c.Mailbox.URL)))
	}
	return entry{secret: func() (string, error) { return c.Mailbox.Password(p.Getenv) }}
}

// smtpEntry is the way into the mail server of c. One login is enough for both
// where the user is the same.
func (p *Program) smtpEntry(c *config.Campaign) entry {
	user := userOf(c.SMTP.URL)
	switch {
	case c.SMTP.Granted && c.Mailbox.Granted && strings.EqualFold(user, userOf(c.Mailbox.URL)):
		return p.mailboxEntry(c)
	case c.SMTP.Granted:
		return granted(p.source(c, "smtp", user))
	}
	return entry{secret: func() (string, error) { return c.SMTP.Password(p.Getenv) }}
}

func granted(s *signin.Source) entry { return entry{s.Token, s} }

// ready reports, without a network, whether there is something to log in with:
// what is missing is the operator's mistake, and said before anything is done.
func (e entry) ready() error {
	if e.source == nil {
		_, err := e.secret()
		return err
	}
	return e.source.Ready()
}

// source is where the tokens of an account come from. A rehearsal and the
// campaign itself are one mailbox, so they share the login.
func (p *Program) source(c *config.Campaign, section, user string) *signin.Source {
	path := filepath.Join(c.Dir, "data", "login", section+".json")
	return signin.NewSource(path, user, func() (*signin.App, error) { return p.app(c) }, p.Clock.Now)
}

// app is the application that the campaign names.
func (p *Program) app(c *config.Campaign) (*signin.App, error) {
	secret, err := c.OAuth.Secret(p.Getenv)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if u, err := url.Parse(c.OAuth.Provider); err == nil && u.Hostname() != "" {
		if secure, err = (config.Access{}).TLS(u.Hostname(), c.OAuth.CAFile); err != nil {
			return nil, err
		}
	}
	return signin.New(c.OAuth, secret, secure), nil
}

// refusedToken reports whether the mailbox turned a token away that may have
// been good by its time alone: taken back before it, or kept by a clock that
// was wrong. Then another is worth a try at once.
func (e entry) refusedToken(err error) bool {
	var refused *mailbox.AuthError
	return e.source != nil && errors.As(err, &refused) && e.source.Refused()
}

// renewing is a courier for whom the same is true of the mail server; and a
// provider that cannot be reached is to it a server that cannot.
type renewing struct {
	notify.Courier
	entry
}

func (r renewing) Send(ctx context.Context, from, to string, raw []byte) courier.Outcome {
	var f *signin.Fault
	if _, err := r.secret(); errors.As(err, &f) && f.Passing {
		return courier.Outcome{Kind: courier.Trouble, Stage: courier.StageConnect, Text: err.Error()}
	}
	out := r.Courier.Send(ctx, from, to, raw)
	if out.Stage == courier.StageAuth && out.Code/100 == 5 && r.source.Refused() {
		return r.Courier.Send(ctx, from, to, raw)
	}
	return out
}
