package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/cmd/dondoc/signin/signintest"
	"dondoc/config"
)

// start starts a provider and makes the application that it knows.
func start(t *testing.T) (*signintest.Provider, *App) {
	t.Helper()
	p := signintest.Start()
	t.Cleanup(p.Close)
	return p, app(t, p)
}

func app(t *testing.T, p *signintest.Provider) *App {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.CA)
	a := New(config.OAuth{Provider: p.URL, ClientID: signintest.ClientID, Scopes: []string{signintest.Scope}}, signintest.ClientSecret, &tls.Config{RootCAs: roots})
	return a
}

var noon = time.Date(2022, 10, 12, 12, 0, 0, 0, time.UTC)

func at(now time.Time) func() time.Time { return func() time.Time { return now } }

// byCode logs in by a code.
func byCode(t *testing.T, a *App) (*Grant, Code, error) {
	t.Helper()
	if err := a.Discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	var shown Code
	g, err := a.ByCode(t.Context(), "tiepnhan", at(noon), func(c Code) { shown = c })
	return g, shown, err
}

func TestACodeIsTypedElsewhere(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		set      func(*signintest.Provider)
		vi, en   string // of the fault
	}{
		{"somebody types it at once", func(*signintest.Provider) {}, "", ""},
		{"somebody types it after a while", func(p *signintest.Provider) { p.Pending = 2 }, "", ""},
		{"the scopes that were granted are named otherwise", func(p *signintest.Provider) { p.Granted = "openid https://mail.other.example/IMAP" }, "", ""},
		{"he says no", func(p *signintest.Provider) { p.Ending = "access_denied" }, "không đồng ý", "told not to allow"},
		{"the code runs out", func(p *signintest.Provider) { p.Ending = "expired_token" }, "mã đã hết hạn", "the code ran out"},
		{"not everything is ticked", func(p *signintest.Provider) { p.Granted = "openid profile" }, "thiếu quyền " + signintest.Scope, signintest.Scope + " is missing"},
		{"it is for an hour only", func(p *signintest.Provider) { p.Passing = true }, "offline_access", "offline_access"},
		{"the token is two fields of a login", func(p *signintest.Provider) { p.Mint = func(string) string { return "a\x01user=b" } }, "không dùng được", "cannot be used"},
		{"the provider has a word that nobody knows", func(p *signintest.Provider) { p.Ending = "moon_phase" }, "từ chối (moon_phase: AADSTS70000: moon_phase [31m of the provider)", "refuses (moon_phase: AADSTS70000"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			p, a := start(t)
			tt.set(p)
			g, shown, err := byCode(t, a)
			if shown.Code != "WDJB-MJHT" || shown.Address != p.URL+"/code" {
				t.Errorf("shown: %+v", shown)
			}
			if tt.vi == "" {
				if err != nil || g.Refresh == "" || !g.Expires.Equal(noon.Add(time.Hour)) || g.Account != "tiepnhan" || g.TokenURL != p.URL+"/token" {
					t.Errorf("%+v, %v", g, err)
				}
				return
			}
			said(t, p, err, tt.vi, tt.en)
		})
	}
}

// said checks a fault's words, and that no secret is among them.
func said(t *testing.T, p *signintest.Provider, err error, vi, en string) *Fault {
	t.Helper()
	var f *Fault
	if !errors.As(err, &f) || !strings.Contains(f.VI, vi) || !strings.Contains(f.EN, en) {
		t.Fatalf("want a fault of %q and %q, got %v", vi, en, err)
	}
	if strings.ContainsAny(f.VI+f.EN, "\x1b\r\n") {
		t.Errorf("what the provider said is not tame: %q", f.EN)
	}
	if s := p.Seen(f.VI + f.EN + err.Error()); s != "" {
		t.Errorf("%q is said: %s", s, f.EN)
	}
	return f
}

func TestTheProviderSetsThePace(t *testing.T) {
	t.Parallel()
	p, a := start(t)
	p.SlowDown = 1
	began := time.Now()
	if _, _, err := byCode(t, a); err != nil {
		t.Fatal(err)
	}
	polls := p.Polls()
	if len(polls) != 2 || polls[0].Sub(began) < 900*time.Millisecond {
		t.Fatalf("asked at %v", polls)
	}
	if gap := polls[1].Sub(polls[0]); gap < 5*time.Second {
		t.Errorf("told to slow down, it asked again after %s (RFC 8628 §3.5: 5 seconds more)", gap)
	}
}

func TestALoginThatIsGivenUpEnds(t *testing.T) {
	t.Parallel()
	p, a := start(t)
	p.Pending = 1000
	if err := a.Discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := a.ByCode(ctx, "tiepnhan", at(noon), func(Code) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// browse is a browser in which the account's owner agrees; it ends where the
// provider sends it, and returns that address without opening it.
func browse(t *testing.T, p *signintest.Provider, address string) string {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.CA)
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Get(address)
	if err != nil || res.StatusCode != http.StatusFound {
		t.Errorf("%v, %+v", err, res)
		return ""
	}
	res.Body.Close()
	return res.Header.Get("Location")
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

func TestTheBrowserComesBack(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		ending   string
		// come brings the provider's answer to the program.
		come   func(t *testing.T, back string, paste io.Writer)
		vi, en string
	}{
		{"to this machine", "", func(t *testing.T, back string, _ io.Writer) {
			if status, body := get(t, back); status != 200 || !strings.Contains(body, "dondoc") {
				t.Errorf("%d %s", status, body)
			}
		}, "", ""},
		{"on another machine, whose address is pasted among other lines", "", func(_ *testing.T, back string, paste io.Writer) {
			io.WriteString(paste, "\nxin chào\nhttp://127.0.0.1/?code=abc&state=khac\n  "+back+"  \n")
		}, "", ""},
		{"after somebody else on this machine has tried to slip in an answer of his own", "", func(t *testing.T, back string, _ io.Writer) {
			u, err := url.Parse(back)
			if err != nil {
				t.Fatal(err)
			}
			for _, query := range []string{"", "code=his", "code=his&state=", "code=his&state=guessed", "error=access_denied&state=guessed", "state=" + u.Query().Get("state")} {
				his := *u
				his.RawQuery = query
				if status, _ := get(t, his.String()); status != 404 {
					t.Errorf("?%s: %d", query, status)
				}
			}
			his := *u
			his.Path = "/other"
			if status, _ := get(t, his.String()); status != 404 {
				t.Errorf("another path: %d", status)
			}
			get(t, back)
		}, "", ""},
		{"with a code of another login", "", func(t *testing.T, back string, _ io.Writer) {
			u, err := url.Parse(back)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("code", "another")
			u.RawQuery = q.Encode()
			get(t, u.String())
		}, "không nhận mã trả về", "does not take the code"},
		{"with a no", "access_denied", func(t *testing.T, back string, _ io.Writer) { get(t, back) }, "không đồng ý", "told not to allow"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			p, a := start(t)
			p.NoDevice, p.Ending = true, tt.ending
			if err := a.Discover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a.Device() {
				t.Fatal("there is no device endpoint")
			}
			pasted, paste := io.Pipe()
			t.Cleanup(func() { pasted.Close() })
			var browsers sync.WaitGroup
			g, err := a.ByBrowser(t.Context(), "tiepnhan", at(noon), pasted, func(address string) {
				browsers.Go(func() { tt.come(t, browse(t, p, address), paste) })
			})
			pasted.Close()
			browsers.Wait()
			if tt.vi != "" {
				said(t, p, err, tt.vi, tt.en)
			} else if err != nil || g.Refresh == "" {
				t.Errorf("%+v, %v", g, err)
			}
		})
	}
}

func TestTheKnownProvidersAreAskedAsTheyWant(t *testing.T) {
	for _, tt := range []struct {
		sentence, provider, tenant string
		device                     bool
		address                    []string
	}{
		{"Google grants mail in a browser, and a refresh token to who asks for consent", config.OAuthGoogle, "", false,
			[]string{"https://accounts.google.com/", "scope=https%3A%2F%2Fmail.google.com%2F&", "access_type=offline", "prompt=consent", "redirect_uri=http%3A%2F%2F127.0.0.1%3A", "code_challenge_method=S256", "login_hint=tiepnhan"}},
		{"Microsoft by a code, or in a browser that comes back to localhost", config.OAuthMicrosoft, "don-vi.example", true,
			[]string{"https://login.microsoftonline.com/don-vi.example/oauth2/v2.0/authorize?", "IMAP.AccessAsUser.All", "SMTP.Send", "offline_access", "redirect_uri=http%3A%2F%2Flocalhost%3A"}},
		{"Microsoft without a tenant", config.OAuthMicrosoft, "", true, []string{"https://login.microsoftonline.com/organizations/"}},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			a := New(config.OAuth{Provider: tt.provider, ClientID: "x", Tenant: tt.tenant}, "", nil)
			if err := a.Discover(t.Context()); err != nil || a.Device() != tt.device {
				t.Errorf("device: %v, %v", a.Device(), err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var address string
			if _, err := a.ByBrowser(ctx, "tiepnhan", at(noon), nil, func(at string) { address = at; cancel() }); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			for _, want := range tt.address {
				if !strings.Contains(address, want) {
					t.Errorf("%s lacks %s", address, want)
				}
			}
		})
	}
}

// loggedIn is a source after a login, and a clock that can be set.
func loggedIn(t *testing.T) (p *signintest.Provider, s *Source, clock *time.Time) {
	t.Helper()
	p, a := start(t)
	g, _, err := byCode(t, a)
	if err != nil {
		t.Fatal(err)
	}
	clock = new(time.Time)
	*clock = noon
	s = NewSource(filepath.Join(t.TempDir(), "login", "mailbox.json"), "tiepnhan", func() (*App, error) { return a, nil }, func() time.Time { return *clock })
	if err := s.Keep(g); err != nil {
		t.Fatal(err)
	}
	return p, s, clock
}

// token asks for one that has to be given.
func token(t *testing.T, s *Source) string {
	t.Helper()
	v, err := s.Token()
	if err != nil || !config.IsToken(v) {
		t.Fatalf("%q, %v", v, err)
	}
	return v
}

func TestTokensAreRenewedInTime(t *testing.T) {
	for _, tt := range []struct {
		sentence  string
		set       func(*signintest.Provider)
		at        time.Duration // after the login
		refreshes int
		vi, en    string
		passing   bool
	}{
		{"a fresh one is used again", nil, 50 * time.Minute, 0, "", "", false},
		{"one that ends in less than five minutes is replaced", nil, 56 * time.Minute, 1, "", "", false},
		{"one that has ended is replaced", nil, 30 * time.Hour, 1, "", "", false},
		{"one of before the clock was set back is replaced: nobody knows its end", nil, -2 * time.Hour, 1, "", "", false},
		{"a provider that is down is nobody's concern while there is a token", func(p *signintest.Provider) { p.Down = 503 }, 57 * time.Minute, 0, "", "", false},
		{"then it is trouble that passes", func(p *signintest.Provider) { p.Down = 503 }, 61 * time.Minute, 0, "trục trặc", "has trouble", true},
		{"one that asks for patience, too", func(p *signintest.Provider) { p.Down = 429 }, 61 * time.Minute, 0, "trục trặc (429", "has trouble (429", true},
		{"one that sends us elsewhere is not followed", func(p *signintest.Provider) { p.Down = 307 }, 61 * time.Minute, 0, "trả lời không rõ", "an answer that is none", true},
		{"what was revoked needs a new login", func(p *signintest.Provider) { p.Refuse = "invalid_grant" }, 61 * time.Minute, 1, "đã bị thu hồi", "was revoked", false},
		{"so does one for which the provider wants to see the owner", func(p *signintest.Provider) { p.Refuse = "interaction_required" }, 61 * time.Minute, 1, "Chạy lại: dondoc login", "Run again: dondoc login", false},
		{"an application that is not known any more is the operator's to mend", func(p *signintest.Provider) { p.Refuse = "invalid_client" }, 61 * time.Minute, 1, "client_secret_file", "client_secret_file", false},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			p, s, clock := loggedIn(t)
			before := token(t, s)
			if tt.set != nil {
				p.Set(tt.set)
			}
			*clock = noon.Add(tt.at)
			after, err := s.Token()
			if p.Refreshes() != tt.refreshes {
				t.Errorf("%d refreshes", p.Refreshes())
			}
			if tt.vi != "" {
				if f := said(t, p, err, tt.vi, tt.en); f.Passing != tt.passing || f.Missing {
					t.Errorf("%+v", f)
				}
				return
			}
			if err != nil || (after != before) != (tt.refreshes == 1) {
				t.Errorf("%v, another token: %v", err, after != before)
			}
		})
	}
}

func TestANetworkThatIsGoneIsTroubleThatPasses(t *testing.T) {
	t.Parallel()
	p, s, clock := loggedIn(t)
	p.Close()
	*clock = noon.Add(2 * time.Hour)
	_, err := s.Token()
	if f := said(t, p, err, "chưa liên lạc được", "cannot be reached"); !f.Passing {
		t.Errorf("%+v", f)
	}
}

// A refresh token that is good for once is kept before the access token is
// used, by whichever of several processes was first; a second use would end
// both.
func TestSeveralProcessesRefreshOnce(t *testing.T) {
	t.Parallel()
	p, s, clock := loggedIn(t)
	p.Set(func(p *signintest.Provider) { p.Rotate = true })
	for day := 1; day <= 3; day++ {
		*clock = noon.Add(time.Duration(day) * 24 * time.Hour)
		given := make([]string, 20)
		var all sync.WaitGroup
		for i := range given {
			other := NewSource(s.path, s.account, s.app, s.now)
			all.Go(func() {
				v, err := other.Token()
				if err != nil {
					t.Error(err)
				}
				given[i] = v
			})
		}
		all.Wait()
		for _, v := range given {
			if v != given[0] {
				t.Error("they hold different tokens")
			}
		}
		if p.Refreshes() != day {
			t.Fatalf("%d refreshes on day %d", p.Refreshes(), day)
		}
	}
}

func TestATokenThatIsRefusedIsReplacedOnce(t *testing.T) {
	t.Parallel()
	p, s, clock := loggedIn(t)
	before := token(t, s)
	if s.Refused() {
		t.Error("a token of this minute is not helped by another")
	}
	*clock = noon.Add(10 * time.Minute)
	if !s.Refused() {
		t.Error("another may fare better")
	}
	if after := token(t, s); after == before || p.Refreshes() != 1 {
		t.Errorf("after a refusal the same token again, %d refreshes", p.Refreshes())
	}
	if s.Refused() {
		t.Error("again and again")
	}
}

func TestALoginIsThatOfWhatIsConfigured(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		change   func(s *Source, a *App)
		vi, en   string
	}{
		{"nobody has logged in", func(s *Source, _ *App) { os.Remove(s.path) }, "chưa ai đăng nhập", "nobody has logged in"},
		{"the file is cut off", func(s *Source, _ *App) { os.WriteFile(s.path, []byte(`{"provider":`), 0o600) }, "bị hỏng", "damaged"},
		{"the file is empty", func(s *Source, _ *App) { os.WriteFile(s.path, nil, 0o600) }, "bị hỏng", "damaged"},
		{"the mailbox is another now", func(s *Source, _ *App) { s.account = "khac" }, "đã đổi", "has changed"},
		{"the application is another now", func(_ *Source, a *App) { a.oauth2.ClientID = "khac" }, "đã đổi", "has changed"},
		{"the provider is another now", func(_ *Source, a *App) { a.provider = "google" }, "đã đổi", "has changed"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			p, s, _ := loggedIn(t)
			if err := s.Ready(); err != nil {
				t.Fatal(err)
			}
			a, _ := s.app()
			tt.change(s, a)
			if f := said(t, p, s.Ready(), tt.vi, tt.en); !f.Missing || f.Passing {
				t.Errorf("%+v", f)
			}
			if _, err := s.Token(); err == nil {
				t.Error("a token is given all the same")
			}
			if p.Refreshes() != 0 {
				t.Error("the provider was asked")
			}
		})
	}
}

func TestTheKeptLoginIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such bits")
	}
	_, s, clock := loggedIn(t)
	*clock = noon.Add(time.Hour)
	token(t, s)
	for path, want := range map[string]os.FileMode{s.path: 0o600, filepath.Dir(s.path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(s.path), ".new-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if !s.Private() {
		t.Error("it is private")
	}
	os.Chmod(s.path, 0o644)
	if s.Private() {
		t.Error("it is not")
	}
}

func TestAProviderSaysWhoItIs(t *testing.T) {
	p, _ := start(t)
	for _, tt := range []struct {
		sentence string
		address  string
		vi, en   string
	}{
		{"an address below its own is another's", p.URL + "/tenant", "404", "404"},
		{"nobody is there", "https://127.0.0.1:1", "chưa liên lạc được", "cannot be reached"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			a := app(t, p)
			a.provider = tt.address
			said(t, p, a.Discover(t.Context()), tt.vi, tt.en)
		})
	}
	t.Run("one that calls itself otherwise is not believed", func(t *testing.T) {
		a := app(t, p)
		p.Set(func(p *signintest.Provider) { p.URL += "/khac" })
		said(t, p, a.Discover(t.Context()), "tự xưng", "calls itself")
	})
	t.Run("a certificate of nobody's knowledge is not believed", func(t *testing.T) {
		a := New(config.OAuth{Provider: strings.TrimSuffix(p.URL, "/khac"), ClientID: "x"}, "", &tls.Config{RootCAs: x509.NewCertPool()})
		said(t, p, a.Discover(t.Context()), "certificate", "certificate")
	})
}
