// Package signintest is a provider of access (OAuth 2.0) on loopback, for
// tests: the other side of what package signin speaks.
package signintest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// What the provider knows its one application by, and what it grants.
const (
	ClientID     = "ung-dung-dondoc"
	ClientSecret = "bi-mat-cua-ung-dung"
	Scope        = "https://mail.example/imap"
)

// Provider grants access as its fields say; change them with Set.
type Provider struct {
	URL string // the issuer
	CA  []byte // PEM of its certificate's authority

	// Account is who logs in; Mint makes his access tokens.
	Account string
	Mint    func(account string) string

	NoDevice bool          // it has no codes to type, as Google for mail
	Pending  int           // how often it says that nobody has typed the code yet
	SlowDown int           // how often it wants to be asked more seldom
	Ending   string        // an error at the end of a login: access_denied, expired_token …
	Granted  string        // the scopes it says it granted; "" says nothing
	Passing  bool          // no refresh token
	Lifetime time.Duration // of an access token; 0: an hour
	Rotate   bool          // a refresh token is good once, and its second use ends them all
	Refuse   string        // an error for every refresh: invalid_grant, invalid_client …
	Down     int           // the HTTP status for every request; 0: it is up

	mu        sync.Mutex
	server    *httptest.Server
	refresh   map[string]bool // those that are good
	used      map[string]bool
	codes     map[string]string // code → challenge
	secrets   []string          // all that must never be seen
	refreshes int
	polls     []time.Time
}

// Start starts one.
func Start() *Provider {
	p := &Provider{Account: "tiepnhan", refresh: map[string]bool{}, used: map[string]bool{}, codes: map[string]string{}, secrets: []string{ClientSecret}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", p.about)
	mux.HandleFunc("POST /device", p.device)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.Down != 0 {
			w.Header().Set("Location", "https://elsewhere.example/") // of a 3xx
			w.WriteHeader(p.Down)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	p.URL = p.server.URL
	p.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
	return p
}

// Close ends it.
func (p *Provider) Close() { p.server.Close() }

// Set changes it while it works.
func (p *Provider) Set(change func(*Provider)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// Refreshes is how often somebody asked for a new access token.
func (p *Provider) Refreshes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refreshes
}

// Polls are the times at which somebody asked whether the code was typed.
func (p *Provider) Polls() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.polls)
}

// Seen names a secret that stands in the text, "" if none does.
func (p *Provider) Seen(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.secrets {
		if s != "" && strings.Contains(text, s) {
			return s
		}
	}
	return ""
}

// Revoke ends everything that was granted.
func (p *Provider) Revoke() { p.Set(func(p *Provider) { clear(p.refresh) }) }

func (p *Provider) secret() string {
	s := rand.Text()
	p.secrets = append(p.secrets, s)
	return s
}

func say(w http.ResponseWriter, status int, v map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, code string) {
	say(w, http.StatusBadRequest, map[string]any{"error": code, "error_description": "AADSTS70000: " + code + "\x1b[31m\r\nof the provider"})
}

func (p *Provider) about(w http.ResponseWriter, _ *http.Request) {
	about := map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token"}
	if !p.NoDevice {
		about["device_authorization_endpoint"] = p.URL + "/device"
	}
	say(w, http.StatusOK, about)
}

func (p *Provider) device(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("client_id") != ClientID || r.PostFormValue("scope") != Scope {
		refuse(w, "invalid_scope")
		return
	}
	code := p.secret()
	p.codes[code] = "device"
	say(w, http.StatusOK, map[string]any{"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": p.URL + "/code", "expires_in": 900, "interval": 1})
}

// authorize is the page at which the account's owner agrees at once.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != ClientID || q.Get("code_challenge_method") != "S256" || q.Get("login_hint") != p.Account || back.Scheme != "http" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if p.Ending != "" {
		answer.Set("error", p.Ending)
	} else {
		code := p.secret()
		p.codes[code] = q.Get("code_challenge")
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != ClientSecret {
		refuse(w, "invalid_client")
		return
	}
	switch r.PostFormValue("grant_type") {
	case "urn:ietf:params:oauth:grant-type:device_code":
		p.polls = append(p.polls, time.Now())
		switch {
		case p.codes[r.PostFormValue("device_code")] != "device":
			refuse(w, "invalid_grant")
		case p.SlowDown > 0:
			p.SlowDown--
			refuse(w, "slow_down")
		case p.Pending > 0:
			p.Pending--
			refuse(w, "authorization_pending")
		case p.Ending != "":
			refuse(w, p.Ending)
		default:
			p.grant(w, p.secret())
		}
	case "authorization_code":
		verifier := r.PostFormValue("code_verifier")
		p.secrets = append(p.secrets, verifier)
		sum := sha256.Sum256([]byte(verifier))
		if want := p.codes[r.PostFormValue("code")]; want == "" || want != base64.RawURLEncoding.EncodeToString(sum[:]) {
			refuse(w, "invalid_grant")
			return
		}
		delete(p.codes, r.PostFormValue("code"))
		p.grant(w, p.secret())
	case "refresh_token":
		p.refreshes++
		old := r.PostFormValue("refresh_token")
		switch {
		case p.Refuse != "":
			refuse(w, p.Refuse)
		case p.used[old]:
			clear(p.refresh) // a thief, or the owner after a thief
			refuse(w, "invalid_grant")
		case !p.refresh[old]:
			refuse(w, "invalid_grant")
		case p.Rotate:
			delete(p.refresh, old)
			p.used[old] = true
			p.grant(w, p.secret())
		default:
			p.grant(w, "")
		}
	default:
		refuse(w, "unsupported_grant_type")
	}
}

func (p *Provider) grant(w http.ResponseWriter, refresh string) {
	access := ""
	if p.Mint != nil {
		access = p.Mint(p.Account)
		p.secrets = append(p.secrets, access)
	} else {
		access = p.secret()
	}
	life := p.Lifetime
	if life == 0 {
		life = time.Hour
	}
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": fmt.Sprint(int(life.Seconds()))}
	if refresh != "" && !p.Passing {
		p.refresh[refresh] = true
		answer["refresh_token"] = refresh
	}
	if p.Granted != "" {
		answer["scope"] = p.Granted
	}
	say(w, http.StatusOK, answer)
}
