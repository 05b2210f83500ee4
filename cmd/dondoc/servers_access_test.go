package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dondoc/cmd/dondoc/hosts"
)

// accessStories are of getting in, or not.
var accessStories = []story{
	{"a wrong password is said and costs nothing", wrongPassword},
	{"a token opens the mailbox by XOAUTH2", func(t *testing.T, s site) { tokenOpens(t, s, "xoauth2") }},
	{"a token opens the mailbox by OAUTHBEARER", func(t *testing.T, s site) { tokenOpens(t, s, "oauthbearer") }},
	{"another's token opens nothing, and is said", tokenOfAnother},
	{"what dondoc login was granted opens mailbox and mail server", grantedOpens},
	{"STARTTLS for reading, TLS from the first byte for sending", otherPorts},
	{"a certificate of nobody's knowledge is refused until ca_file names its authority", unknownCertificate},
	{"an old server of TLS 1.1 is refused until tls_min is lowered, which is said aloud", oldServer},
}

// handedIn puts a unit's question into the mailbox and returns it.
func (d *desk) handedIn() []byte {
	d.t.Helper()
	raw := mail(baTo, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở.")
	d.append("INBOX", raw)
	return raw
}

// with runs a command with other secrets than usual.
func (d *desk) with(secrets map[string]string, now time.Time, args ...string) (string, int) {
	p, out := d.program(now)
	usual := p.Getenv
	p.Getenv = func(name string) string {
		if secret, ok := secrets[name]; ok {
			return secret
		}
		return usual(name)
	}
	code := p.Run(context.Background(), append(args, "-C", d.dir))
	return out.String(), code
}

func wrongPassword(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := d.handedIn()
	if out, code := d.with(map[string]string{"DONDOC_IMAP_PASSWORD": "sai-roi"}, now, "once"); code != exitFailed || !strings.Contains(out, "the mail server refuses") {
		t.Errorf("with a wrong password for the mailbox: exit %d\n%s", code, out)
	}
	if n := d.filings(); n != 0 {
		t.Errorf("%d files were filed from a mailbox that was not opened", n)
	}
	d.with(map[string]string{"DONDOC_SMTP_PASSWORD": "sai-roi"}, now, "once")
	for _, l := range lines[letterJSON](t, d.must(now, "letters", "--json")) {
		if l.Answers == nil {
			continue
		}
		for _, x := range l.Deliveries {
			if x.Outcome != "trouble" && x.Outcome != "waiting" {
				t.Errorf("with a wrong password for SMTP %s was %s: %s", l.Key, x.Outcome, x.Detail)
			}
		}
	}
	later := now.Add(time.Hour)
	d.must(later, "once")
	d.answer(baTo, messageID(raw))
	d.idle(later)
}

// tokens makes the campaign log in by token: to the mailbox where its server
// takes tokens, which Debian's Cyrus does not, and to Postfix, which asks
// Dovecot.
func (d *desk) tokens(mechanism string) {
	if d.box == d.units {
		d.byToken("mailbox", mechanism, "DONDOC_IMAP_TOKEN")
	}
	d.byToken("smtp", mechanism, "DONDOC_SMTP_TOKEN")
}

func (d *desk) byToken(section, mechanism, env string) {
	d.key(section, "password_env", "")
	d.key(section, "auth", mechanism)
	d.key(section, "token_env", env)
}

// passwords makes it log in by password again.
func (d *desk) passwords() {
	for section, env := range map[string]string{"mailbox": "DONDOC_IMAP_PASSWORD", "smtp": "DONDOC_SMTP_PASSWORD"} {
		d.key(section, "token_env", "")
		d.key(section, "auth", "auto")
		d.key(section, "password_env", env)
	}
}

func tokenOpens(t *testing.T, s site, mechanism string) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := d.handedIn()
	d.tokens(mechanism)
	secrets := map[string]string{"DONDOC_IMAP_TOKEN": hosts.Token(d.user), "DONDOC_SMTP_TOKEN": hosts.Token(d.address)}
	if out, code := d.with(secrets, now, "once"); code != exitDone && code != exitPerson {
		t.Fatalf("exit %d\n%s", code, out)
	}
	if trace := string(d.answer(baTo, messageID(raw)).raw); !strings.Contains(trace, "with ESMTPSA") {
		t.Errorf("the answer went out without a login:\n%.800s", trace)
	}
	if used := strings.Count(about(d.address, d.box.Log()), "method="+strings.ToUpper(mechanism)); d.box == d.units && used == 0 {
		t.Errorf("nobody logged in by %s", mechanism)
	}
	if out, code := d.with(secrets, time.Now(), "doctor"); code != exitDone {
		t.Errorf("doctor: exit %d\n%s", code, out)
	}
	if d.box != d.units {
		d.byToken("mailbox", mechanism, "DONDOC_IMAP_TOKEN")
		if out, code := d.with(secrets, now, "once"); code != exitFailed || !strings.Contains(out, "does not offer to log in by "+strings.ToUpper(mechanism)) {
			t.Errorf("where tokens are not taken: exit %d\n%s", code, out)
		}
	}
	d.passwords()
	d.idle(now)
}

func tokenOfAnother(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := d.handedIn()
	d.tokens("xoauth2")
	strangers := hosts.Token(strangerAddress)
	out, code := d.with(map[string]string{"DONDOC_IMAP_TOKEN": strangers, "DONDOC_SMTP_TOKEN": strangers}, now, "once")
	if code != exitFailed || !strings.Contains(out, "refuse") && !strings.Contains(out, "no letter can be sent") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if strings.Contains(out, strangers) {
		t.Errorf("the token is said:\n%s", out)
	}
	later := now.Add(2 * time.Hour)
	right := map[string]string{"DONDOC_IMAP_TOKEN": hosts.Token(d.user), "DONDOC_SMTP_TOKEN": hosts.Token(d.address)}
	if out, code := d.with(right, later, "once"); code != exitDone && code != exitPerson {
		t.Fatalf("with the right token: exit %d\n%s", code, out)
	}
	d.answer(baTo, messageID(raw))
	d.passwords()
	d.idle(later)
}

func otherPorts(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.declare(t, "HU-BINHSON", "HU-BATO")
	d.key("mailbox", "url", s.box.URLStartTLS(d.user))
	d.key("smtp", "url", s.relay.URLTLS(d.address))
	d.invite()
	raw := d.handedIn()
	d.must(now, "once")
	if trace := string(d.answer(baTo, messageID(raw)).raw); !strings.Contains(trace, "with ESMTPSA") {
		t.Errorf("the answer went out without TLS and a login:\n%.800s", trace)
	}
	d.idle(now)
	// The certificate is looked at after STARTTLS too.
	d.key("mailbox", "ca_file", `""`)
	if out, code := d.run(now, "once"); code != exitFailed || !strings.Contains(out, "certificate") {
		t.Errorf("without ca_file: exit %d\n%s", code, out)
	}
	d.key("mailbox", "ca_file", s.box.CA())
}

// diagnosed is what doctor says at one of its checks. It compares the time
// with that of mail and certificates, so it is asked on the day that it is.
func (d *desk) diagnosed(id string) diagnosis {
	d.t.Helper()
	out, _ := d.run(time.Now(), "doctor", "--json", "--lang", "en")
	var report struct{ Checks []diagnosis }
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&report); err != nil {
		d.t.Fatalf("%v in\n%s", err, out)
	}
	i := slices.IndexFunc(report.Checks, func(f diagnosis) bool { return f.ID == id })
	if i < 0 {
		d.t.Fatalf("doctor has no check %s", id)
	}
	return report.Checks[i]
}

func unknownCertificate(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := d.handedIn()
	for _, section := range []string{"mailbox", "smtp"} {
		d.key(section, "ca_file", `""`)
	}
	var unknown x509.UnknownAuthorityError
	if out, code := d.run(now, "once"); code != exitFailed || !strings.Contains(out, unknown.Error()) {
		t.Errorf("exit %d\n%s", code, out)
	}
	for _, id := range []string{"imap_tls", "smtp_tls"} {
		if f := d.diagnosed(id); f.Status != "fail" || !strings.Contains(f.Ask, "root certificate") || !strings.Contains(f.Ask, "localhost") {
			t.Errorf("doctor: %+v", f)
		}
	}
	d.key("mailbox", "ca_file", s.box.CA())
	if out, code := d.run(now, "once"); code != exitFailed {
		t.Errorf("with the mailbox's alone: exit %d\n%s", code, out)
	}
	d.key("smtp", "ca_file", s.relay.CA())
	later := now.Add(time.Hour)
	d.must(later, "once")
	d.answer(baTo, messageID(raw))
	d.idle(later)
}

// oldServers are started for the one story that needs them.
var oldServers = map[string]func() (*hosts.Server, error){
	"Dovecot": sync.OnceValues(hosts.OldDovecot), "Cyrus": sync.OnceValues(hosts.OldCyrus),
}

func oldServer(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	old, err := oldServers[s.box.String()]()
	require(t, err)
	s.box = old
	d := s.declare(t, "HU-BINHSON", "HU-BATO")
	d.key("smtp", "url", s.relay.URLOld(d.address))
	raw := d.handedIn()
	if out, code := d.run(now, "once"); code != exitFailed {
		t.Errorf("without tls_min: exit %d\n%s", code, out)
	}
	for _, id := range []string{"imap_tls", "smtp_tls"} {
		if f := d.diagnosed(id); f.Status != "fail" || !strings.Contains(f.Found, "has only TLS 1.1") || !strings.Contains(f.Ask, "turn on TLS 1.2") {
			t.Errorf("doctor: %+v", f)
		}
	}
	for _, section := range []string{"mailbox", "smtp"} {
		d.key(section, "tls_min", `"1.1"`)
	}
	d.invite()
	d.must(now, "once")
	d.answer(baTo, messageID(raw))
	for _, id := range []string{"imap_tls", "smtp_tls"} {
		if f := d.diagnosed(id); f.Status != "warn" || !strings.Contains(f.Found, "known to be weak") {
			t.Errorf("doctor: %+v", f)
		}
	}
	if out := d.must(now, "check", "--lang", "en"); strings.Count(out, "TLS 1.1 is accepted, which is old and known to be weak") != 2 {
		t.Errorf("check does not say it aloud:\n%s", out)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if out, _ := d.runUntil(ctx, now, "run", "--lang", "en"); strings.Count(out, "TLS 1.1 is accepted") != 2 {
		t.Errorf("the daemon does not say it aloud:\n%s", out)
	}
	d.idle(now)
}

// TestAThousandRefusalsCostFewLogins has a server that refuses the password a
// thousand polls long and counts what it hears. The desk is told once, and when
// the password is right again the mail comes in without anybody's doing.
func TestAThousandRefusalsCostFewLogins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BATO")
	now := at(t, "2022-10-10 08:00")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	good := w.imap.URL("tiepnhan")
	var logins atomic.Int64
	bad := imapScript(t, "IMAP4rev1 AUTH=PLAIN SASL-IR", func(command string) string {
		if strings.HasPrefix(command, "AUTHENTICATE") || strings.HasPrefix(command, "LOGIN") {
			logins.Add(1)
			return "{tag} NO [AUTHENTICATIONFAILED] wrong\r\n"
		}
		return ""
	})
	s := &sick{world: w}
	s.imapURL("imap+plain://tiepnhan@" + bad)
	p, _ := w.program(now)
	p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		t.Fatal(err)
	}
	refusals := 0
	for range 1000 {
		if _, err := o.round(t.Context(), func() time.Time { return now }); err != nil {
			refusals++
		}
		now = now.Add(time.Minute)
	}
	// 1, 2, 4 … 32 minutes and then an hour: six, and one for each of 16 hours.
	if refusals != 1000 || logins.Load() > 25 || logins.Load() < 15 {
		t.Errorf("%d polls were refused, and the server heard %d logins", refusals, logins.Load())
	}
	alarms := 0
	for _, l := range lines[letterJSON](t, w.must(now, "letters", "--json")) {
		if strings.HasPrefix(l.Key, "alarm/") {
			alarms++
		}
	}
	if alarms != 1 {
		t.Errorf("the desk got %d alarms", alarms)
	}
	s.imapURL(good)
	now = now.Add(time.Hour)
	if _, err := w.imap.Append("tiepnhan", "INBOX", mail(baTo, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."), now); err != nil {
		t.Fatal(err)
	}
	if got := lines[done](t, w.must(now, "once", "--json"))[0]; got.Fetched != 1 {
		t.Errorf("with the right password again the round made %+v", got)
	}
}
