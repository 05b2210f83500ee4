package signin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// Source gives out access tokens from what a login has brought. It remembers
// nothing that is not on disk but the token that it gave out last.
type Source struct {
	path    string
	account string
	app     func() (*App, error)
	now     func() time.Time

	mu    sync.Mutex
	given string
}

// NewSource is the source of one account's tokens: what is kept under path, and
// app to ask for more. now is the wall clock.
func NewSource(path, account string, app func() (*App, error), now func() time.Time) *Source {
	return &Source{path: path, account: account, app: app, now: now}
}

// Path is where the login is kept.
func (s *Source) Path() string { return s.path }

// Keep puts a new login in the place of the one before.
func (s *Source) Keep(g *Grant) error {
	return unkept(exclusively(s.path, func() error { return keep(s.path, g) }))
}

// Ready reports, without asking anybody, whether somebody has logged in with
// what is configured now.
func (s *Source) Ready() error {
	app, err := s.app()
	if err != nil {
		return err
	}
	_, err = s.read(app)
	return err
}

// Token returns an access token that is good for some minutes at least. It is
// asked for at every login.
func (s *Source) Token() (string, error) {
	app, err := s.app()
	if err != nil {
		return "", err
	}
	g, err := s.read(app)
	if err == nil && !g.fresh(s.now()) {
		err = exclusively(s.path, func() error {
			// Another process may have been first.
			if g, err = s.read(app); err != nil || g.fresh(s.now()) {
				return err
			}
			return s.refresh(app, g)
		})
	}
	if err != nil {
		return "", unkept(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = g.Access
	return g.Access, nil
}

// Refused says that the server did not take the token that was given out last,
// whatever its time, and reports whether the next may fare better: not if it
// came this minute.
func (s *Source) Refused() bool {
	s.mu.Lock()
	given := s.given
	s.mu.Unlock()
	better := false
	exclusively(s.path, func() error {
		g, err := read(s.path)
		if err != nil || given == "" {
			return err
		}
		if g.Access != given {
			better = true // another process has had it replaced
			return nil
		}
		if age := s.now().Sub(g.Obtained); age >= 0 && age < time.Minute {
			return nil
		}
		better = true
		g.Access = ""
		return keep(s.path, g)
	})
	return better
}

func (s *Source) read(app *App) (*Grant, error) {
	g, err := read(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missing(`chưa ai đăng nhập cho hộp thư %s. Chạy: dondoc login`, `nobody has logged in for the mailbox %s yet. Run: dondoc login`, s.account)
	case errors.Is(err, errDamaged):
		return nil, missing(`tệp đăng nhập của hộp thư %s bị hỏng. Chạy lại: dondoc login`, `the kept login of the mailbox %s is damaged. Run again: dondoc login`, s.account)
	case err != nil:
		return nil, err
	case g.Provider != app.provider || g.ClientID != app.oauth2.ClientID || g.Account != s.account:
		return nil, missing(`khóa oauth hoặc hộp thư %s đã đổi sau lần đăng nhập trước. Chạy lại: dondoc login`, `the key oauth or the mailbox %s has changed since the login. Run again: dondoc login`, s.account)
	}
	return g, nil
}

func missing(vi, en string, args ...any) *Fault {
	f := fault(nil, false, vi, en, args...)
	f.Missing = true
	return f
}

// refresh changes the refresh token for an access token, and keeps what came
// before anybody uses it.
func (s *Source) refresh(app *App, g *Grant) error {
	room, err := reserve(s.path)
	if err != nil {
		return err
	}
	defer room.close()
	ctx, cancel := context.WithTimeout(app.context(context.Background()), patience)
	defer cancel()
	with := app.oauth2
	with.Endpoint.TokenURL, with.Endpoint.AuthStyle = g.TokenURL, oauth2.AuthStyleInParams
	now := s.now()
	t, err := with.TokenSource(ctx, &oauth2.Token{RefreshToken: g.Refresh}).Token()
	if err == nil {
		next := *g
		if err = next.take(t, now); err == nil {
			*g = next
			return room.fill(g)
		}
	}
	err = app.judge(err)
	// A provider that is away for some minutes is nobody's concern while the
	// token before is good.
	if f := (*Fault)(nil); errors.As(err, &f) && f.Passing && g.alive(now) {
		return nil
	}
	return err
}

// Private reports whether only its owner can read the kept login.
func (s *Source) Private() bool {
	info, err := os.Stat(s.path)
	return err != nil || info.Mode().Perm()&0o077 == 0
}
