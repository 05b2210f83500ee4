package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"dondoc/cmd/dondoc/hosts"
	"dondoc/cmd/dondoc/signin/signintest"
	"dondoc/intake/mailbox/mailboxtest"
)

// registered makes the campaign that of an organisation which has registered an
// application with the provider; the sections log in by what that grants.
func (w *world) registered(p *signintest.Provider, mechanism string, sections ...string) {
	w.t.Helper()
	for name, text := range map[string][]byte{"ca-provider.pem": p.CA, "ung-dung-bi-mat": []byte(signintest.ClientSecret + "\n")} {
		if err := os.WriteFile(filepath.Join(w.dir, name), text, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	w.edit("campaign.yaml",
		`(?m)^oauth:\n(?: .*\n)+`, fmt.Sprintf("oauth:\n  provider: %q\n  client_id: %s\n  client_secret_file: ung-dung-bi-mat\n  scopes: [%q]\n  ca_file: ca-provider.pem\n", p.URL, signintest.ClientID, signintest.Scope))
	path := filepath.Join(w.dir, "campaign.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, section := range sections {
		of := `(?m)^(` + section + `:\n(?:(?: .*)?\n)*?)`
		b = regexp.MustCompile(of+`  password_env:.*\n`).ReplaceAll(b, []byte("${1}"))
		b = regexp.MustCompile(of+`  auth:.*\n`).ReplaceAll(b, []byte("${1}  auth: "+mechanism+"\n"))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// providers are those of the stories that started one.
var providers sync.Map

// provider DIR starts a provider on loopback; the campaign's mailbox is opened
// by what it grants, and takes no other token than the newest.
func provider(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: provider DIR")
	}
	box, ok := boxes.Load(ts.Name())
	if !ok {
		ts.Fatalf("there is no mailbox yet")
	}
	p := signintest.Start()
	ts.Defer(p.Close)
	// The binary's clock is the wall's: a token that is hardly good is renewed
	// at each round.
	p.Lifetime, p.Rotate = time.Second, true
	n := 0
	p.Mint = func(account string) string {
		n++
		token := fmt.Sprintf("ya29.%d.cua.%s", n, account)
		box.(*mailboxtest.Server).AddToken(account, token)
		return token
	}
	worldOf(ts, args[0]).registered(p, "xoauth2", "mailbox")
	providers.Store(ts.Name(), p)
}

// granting HOW says how the provider goes on.
func granting(ts *testscript.TestScript, _ bool, args []string) {
	v, ok := providers.Load(ts.Name())
	if !ok || len(args) != 1 {
		ts.Fatalf("usage: provider DIR, then granting HOW")
	}
	p := v.(*signintest.Provider)
	switch args[0] {
	case "later":
		p.Set(func(p *signintest.Provider) { p.Pending = 1 })
	case "no":
		p.Set(func(p *signintest.Provider) { p.Ending = "access_denied" })
	case "too-late":
		p.Set(func(p *signintest.Provider) { p.Ending = "expired_token" })
	case "nothing-any-more":
		p.Revoke()
	case "nothing-now":
		p.Set(func(p *signintest.Provider) { p.Down = 503 })
	case "again":
		p.Set(func(p *signintest.Provider) { p.Ending, p.Down = "", 0 })
	default:
		ts.Fatalf("granting what?")
	}
}

// unseen PATH… checks that no secret of the provider's stands in files, nor in
// what the last command said.
func unseen(ts *testscript.TestScript, _ bool, args []string) {
	v, ok := providers.Load(ts.Name())
	if !ok {
		ts.Fatalf("there is no provider")
	}
	p := v.(*signintest.Provider)
	for _, out := range []string{"stdout", "stderr"} {
		if s := p.Seen(ts.ReadFile(out)); s != "" {
			ts.Fatalf("%s has the secret %s", out, s)
		}
	}
	for _, dir := range args {
		files := 0
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, e os.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if s := p.Seen(string(b)); s != "" {
				ts.Fatalf("%s has the secret %s", path, s)
			}
			return err
		}))
		if files == 0 {
			ts.Fatalf("%s has no files", dir)
		}
	}
}

// TestATokenThatTheServerTakesNoMoreIsReplaced: before its time, as after a
// change of the password; by both servers; in the same round.
func TestATokenThatTheServerTakesNoMoreIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BATO")
	p := signintest.Start()
	t.Cleanup(p.Close)
	n := 0
	p.Mint = func(account string) string {
		n++
		token := fmt.Sprintf("ya29.%d", n)
		w.imap.AddToken(account, token)
		return token
	}
	w.registered(p, "oauthbearer", "mailbox")
	now := at(t, "2022-10-12 08:00")
	w.must(now, "login")
	w.must(now, "once")
	w.imap.AddToken("tiepnhan", "another")
	now = now.Add(10 * time.Minute)
	if out, code := w.run(now, "once"); code != exitDone || p.Refreshes() != 1 {
		t.Errorf("exit %d, %d refreshes\n%s", code, p.Refreshes(), out)
	}
	// A server that takes none is not asked for ever, and neither is the provider.
	p.Set(func(p *signintest.Provider) { p.Mint = func(string) string { return "of-nobody" } })
	w.imap.AddToken("tiepnhan", "another")
	for range 60 {
		now = now.Add(time.Minute)
		if out, code := w.run(now, "once"); code != exitFailed {
			t.Errorf("exit %d\n%s", code, out)
		}
	}
	if n := p.Refreshes(); n > 10 {
		t.Errorf("an hour of refusals cost %d refreshes", n)
	}
	p.Set(func(p *signintest.Provider) {
		p.Mint = func(account string) string { w.imap.AddToken(account, "at-last"); return "at-last" }
	})
	w.must(now, "login")
	if out, code := w.run(now, "once"); code != exitDone && code != exitPerson {
		t.Errorf("after a new login, at once: exit %d\n%s", code, out)
	}
}

// grantedOpens is a story on real servers: two accounts, each with its login.
func grantedOpens(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := d.handedIn()
	p := signintest.Start()
	t.Cleanup(p.Close)
	p.Mint = hosts.Token
	sections := []string{"smtp"} // Debian's Cyrus takes no tokens
	if d.box == d.units {
		sections = []string{"mailbox", "smtp"}
	}
	d.registered(p, "xoauth2", sections...)
	if out, code := d.run(now, "once"); code != exitUsage || !strings.Contains(out, "Chạy: dondoc login") {
		t.Errorf("before the login: exit %d\n%s", code, out)
	}
	for _, section := range sections {
		account := map[string]string{"mailbox": d.user, "smtp": d.address}[section]
		p.Set(func(p *signintest.Provider) { p.Account = account })
		if out := d.must(now, "login", section); !strings.Contains(out, "WDJB-MJHT") || p.Seen(out) != "" {
			t.Errorf("login %s:\n%s", section, out)
		}
	}
	d.must(now, "once")
	if trace := string(d.answer(baTo, messageID(raw)).raw); !strings.Contains(trace, "with ESMTPSA") {
		t.Errorf("the answer went out without a login:\n%.800s", trace)
	}
	if used := strings.Count(about(d.address, d.box.Log()), "method=XOAUTH2"); d.box == d.units && used == 0 {
		t.Error("nobody logged in by XOAUTH2")
	}
	// Hours later each has to be renewed. The accounts share the provider, whose
	// tokens Dovecot judges by themselves.
	now = now.Add(3 * time.Hour)
	if d.box == d.units {
		p.Set(func(p *signintest.Provider) { p.Account = d.user })
		if out, code := d.run(now, "once"); code != exitDone || p.Refreshes() == 0 {
			t.Errorf("three hours later: exit %d, %d refreshes\n%s", code, p.Refreshes(), out)
		}
		now = now.Add(3 * time.Hour)
		p.Revoke()
		out, code := d.run(now, "once")
		if code != exitFailed || !strings.Contains(out, "Chạy lại: dondoc login") || p.Seen(out) != "" {
			t.Errorf("revoked: exit %d\n%s", code, out)
		}
	}
	for _, section := range sections {
		account := map[string]string{"mailbox": d.user, "smtp": d.address}[section]
		p.Set(func(p *signintest.Provider) { p.Account = account })
		d.must(now, "login", section)
	}
	d.must(now, "once")
	if out, _ := d.run(time.Now(), "doctor"); p.Seen(out) != "" {
		t.Errorf("doctor says a secret:\n%s", out)
	}
	d.idle(now)
}
