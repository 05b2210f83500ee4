// Package signin asks a mail provider for access in the name of the mailbox's
// owner, who agrees in a browser, and keeps what was granted: OAuth 2.0 (RFC
// 6749) for mailboxes that take no passwords. It is the only package that
// imports x/oauth2. The mailbox and the courier get its access tokens as they
// get passwords, as a function.
//
// Two ways of asking: a code typed at any browser or telephone (device
// authorization, RFC 8628), and an address opened in a browser that comes back
// to this machine (RFC 8252, with PKCE, RFC 7636). Google grants mail by the
// second alone: its device endpoint answers invalid_scope to
// https://mail.google.com/.
//
// What must stay true:
//
//   - No secret is printed, logged or part of an error: no token, no device
//     code, no authorization code, no verifier, no client secret.
//   - A refresh token is durable before anything is done with what came with
//     it: a provider that rotates them takes the one before no more.
//   - One process at a time refreshes: two that show the same rotated token are
//     taken for a thief and the owner, and both lose it.
//   - What passes by itself (*Fault with Passing) is told apart from what a
//     person must mend.
//
// A stranger controls nothing here but the network in between: TLS with the
// provider's certificate is required and redirects are not followed. Whoever
// else uses this machine could open the loopback address; without the state of
// this very login he is turned away, and a code that he slips in is useless
// without the verifier (TestTheBrowserComesBack).
package signin

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"dondoc/config"
)

// patience is how long the provider may take for one answer. A mail that waits
// for a token waits as long at most.
const patience = 20 * time.Second

// App is the registered application, ready to ask.
type App struct {
	provider string
	oauth2   oauth2.Config
	client   *http.Client
	ask      []oauth2.AuthCodeOption // what the provider wants to hear besides
	loopback string                  // the name by which its browser comes back
}

// New makes the application of o; tls may be nil. It opens no connection.
func New(o config.OAuth, secret string, tls *tls.Config) *App {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = tls
	a := &App{
		provider: o.Provider,
		oauth2:   oauth2.Config{ClientID: o.ClientID, ClientSecret: secret, Scopes: o.Scopes},
		client: &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a secret goes where it was meant to go, or nowhere
		}},
		loopback: "127.0.0.1",
	}
	switch o.Provider {
	case config.OAuthGoogle:
		a.oauth2.Endpoint.AuthURL = "https://accounts.google.com/o/oauth2/v2/auth"
		a.oauth2.Endpoint.TokenURL = "https://oauth2.googleapis.com/token"
		if len(o.Scopes) == 0 {
			a.oauth2.Scopes = []string{"https://mail.google.com/"}
		}
		// Only a consent that is asked for anew brings a refresh token.
		a.ask = []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent")}
	case config.OAuthMicrosoft:
		at := "https://login.microsoftonline.com/" + cmp.Or(o.Tenant, "organizations") + "/oauth2/v2.0/"
		a.oauth2.Endpoint = oauth2.Endpoint{AuthURL: at + "authorize", TokenURL: at + "token", DeviceAuthURL: at + "devicecode"}
		if len(o.Scopes) == 0 {
			a.oauth2.Scopes = []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}
		}
		// The portal registers http://localhost for every port, 127.0.0.1 not.
		a.loopback = "localhost"
	}
	// The other style would be tried after every refusal: two for each.
	a.oauth2.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	return a
}

// context carries the client to x/oauth2.
func (a *App) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, a.client)
}

// Device reports whether the provider lets a code be typed elsewhere.
func (a *App) Device() bool { return a.oauth2.Endpoint.DeviceAuthURL != "" }

// Discover learns the addresses of a provider that is known by its own alone
// (RFC 8414, or OpenID Connect Discovery). What it says of itself must be its
// own address (§3.3).
func (a *App) Discover(ctx context.Context) error {
	if a.oauth2.Endpoint.TokenURL != "" {
		return nil
	}
	var last error
	for _, path := range []string{"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"} {
		about, err := a.about(ctx, a.provider+path)
		if err != nil {
			last = err
			continue
		}
		if strings.TrimRight(about.Issuer, "/") != a.provider {
			return fault(nil, false, `máy chủ cấp phép tự xưng là %s. Ghi đúng địa chỉ đó vào oauth.provider nếu đó là máy chủ của ta.`,
				`the server calls itself %s. Write that under oauth.provider, if it is ours.`, about.Issuer)
		}
		e := oauth2.Endpoint{AuthURL: about.Auth, TokenURL: about.Token, DeviceAuthURL: about.Device, AuthStyle: oauth2.AuthStyleInParams}
		for _, address := range []string{e.AuthURL, e.TokenURL, e.DeviceAuthURL} {
			if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
				return fault(nil, false, `máy chủ cấp phép đưa địa chỉ không phải https (%s).`, `the server gives an address that is not https (%s).`, address)
			}
		}
		if e.TokenURL == "" || e.AuthURL == "" && e.DeviceAuthURL == "" {
			return fault(nil, false, `%s không phải máy chủ cấp phép (OAuth 2). Xem lại oauth.provider.`, `%s is no server that grants access (OAuth 2). Look at oauth.provider.`, a.provider)
		}
		a.oauth2.Endpoint = e
		return nil
	}
	return last
}

type metadata struct {
	Issuer string `json:"issuer"`
	Auth   string `json:"authorization_endpoint"`
	Token  string `json:"token_endpoint"`
	Device string `json:"device_authorization_endpoint"`
}

func (a *App) about(ctx context.Context, address string) (m metadata, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return m, err
	}
	res, err := a.client.Do(req)
	if err != nil {
		return m, a.judge(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return m, fault(nil, res.StatusCode >= 500, `%s trả lời %s. Xem lại oauth.provider.`, `%s answers %s. Look at oauth.provider.`, address, res.Status)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&m); err != nil {
		return m, fault(nil, false, `%s không phải máy chủ cấp phép (OAuth 2). Xem lại oauth.provider.`, `%s is no server that grants access (OAuth 2). Look at oauth.provider.`, a.provider)
	}
	return m, nil
}

// granted makes a grant of the provider's answer to a login, if it holds what
// is needed: mail, and for longer than an hour.
func (a *App) granted(t *oauth2.Token, account string, now time.Time) (*Grant, error) {
	if said, _ := t.Extra("scope").(string); said != "" {
		for _, scope := range a.oauth2.Scopes {
			if !covers(said, scope) {
				return nil, fault(nil, false, `chưa cho phép đủ: thiếu quyền %s. Chạy lại dondoc login và đánh dấu mọi quyền khi trang đăng nhập hỏi.`,
					`not all was allowed: %s is missing. Run dondoc login again and tick everything that the page asks for.`, scope)
			}
		}
	}
	if t.RefreshToken == "" {
		return nil, fault(nil, false, `nhà cung cấp thư chỉ cho vào một giờ (không có refresh token). Cho ứng dụng quyền offline_access rồi chạy lại dondoc login.`,
			`the mail provider grants an hour and no more (no refresh token). Allow the application offline_access, then run dondoc login again.`)
	}
	g := &Grant{Provider: a.provider, ClientID: a.oauth2.ClientID, Account: account, TokenURL: a.oauth2.Endpoint.TokenURL, Refresh: t.RefreshToken}
	return g, g.take(t, now)
}

// covers reports whether the scopes that were said hold the one asked for.
// Microsoft names the same ones by several hosts; offline_access and openid are
// not named again.
func covers(said, scope string) bool {
	want := strings.ToLower(scope)
	if !strings.Contains(want, "/") {
		return true
	}
	if i := strings.LastIndexByte(want, '/'); i < len(want)-1 {
		want = want[i:]
	}
	return slices.ContainsFunc(strings.Fields(strings.ToLower(said)), func(s string) bool { return strings.HasSuffix(s, want) || "/"+s == want })
}

// provided is how messages call the provider.
func (a *App) provided() string {
	switch a.provider {
	case config.OAuthGoogle:
		return "Google"
	case config.OAuthMicrosoft:
		return "Microsoft"
	}
	if u, err := url.Parse(a.provider); err == nil && u.Host != "" {
		return u.Host
	}
	return fmt.Sprintf("%q", a.provider)
}
