//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dondoc/intake/converter"
	"dondoc/notify/courier/couriertest"
)

// What nobody may find anywhere but where the operator put it.
const (
	imapSecret = "mat-khau-IMAP-rat-kin"
	smtpSecret = "mat-khau-SMTP-rat-kin"
	aToken     = "ya29.token-rat-kin"
)

// secrets are all forms in which one may be met.
func secrets(key string) []string {
	raw, _ := hex.DecodeString(key)
	all := []string{key, string(raw)}
	for _, s := range []string{imapSecret, smtpSecret, aToken} {
		all = append(all, s, base64.StdEncoding.EncodeToString([]byte(s)), strings.TrimRight(base64.StdEncoding.EncodeToString([]byte("\x00tiepnhan\x00"+s)), "="))
	}
	return all
}

// TestSecretsStaySecret: commands that work and commands that are refused, on
// servers that quote what they were told, leave no secret in what they print,
// log, keep, back up, send and serve.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	w.imap.AddUser("tiepnhan", imapSecret)
	w.smtp.Close()
	var err error
	if w.smtp, err = couriertest.Start(couriertest.Options{Take: w.take, User: "tiepnhan", Password: smtpSecret}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.smtp.Close() })
	w.edit("campaign.yaml", `smtp\+plain://[^"]*`, "smtp+plain://tiepnhan@"+w.smtp.Addr())
	said := &bytes.Buffer{}
	run := func(when string, args ...string) {
		t.Helper()
		w.at(at(t, when))
		p, out := w.program(at(t, when))
		getenv := p.Getenv
		p.Getenv = func(name string) string {
			switch name {
			case "DONDOC_IMAP_PASSWORD":
				return imapSecret
			case "DONDOC_SMTP_PASSWORD":
				return smtpSecret
			}
			return getenv(name)
		}
		code := p.Run(t.Context(), append(args, "-v", "-C", w.dir))
		if code == exitDone || code == exitPerson {
			w.account.Ordered(at(t, when), args...)
		}
		fmt.Fprintf(said, "%v: %d\n%s\n", args, code, out)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	run("2022-10-04 07:30", "invite", "--yes")
	run("2022-10-04 07:45", "once")
	w.put("2022-10-12 09:30", w.whole(bato, "HU-BATO", "Huyện ủy Ba Tơ"))
	for _, args := range [][]string{{"once"}, {"once", "--json", "--log", "json"}, {"check"}, {"doctor"}, {"status"}, {"status", "--json"}, {"letters"}, {"held"}, {"why", "HU-BATO"}, {"verify"}, {"backup", backup}} {
		run("2022-10-12 10:00", args...)
	}
	good := w.text("campaign.yaml")
	// Servers that refuse, and quote the whole command.
	quoting := imapScript(t, "IMAP4rev1", func(command string) string {
		if strings.HasPrefix(command, "LOGIN") {
			return "{tag} NO [AUTHENTICATIONFAILED] I do not like " + strings.ReplaceAll(command, `"`, "") + "\r\n"
		}
		return ""
	})
	w.edit("campaign.yaml", `imap\+plain://tiepnhan@[0-9.:]+`, "imap+plain://tiepnhan@"+quoting,
		`smtp\+plain://tiepnhan@[0-9.:]+`, "smtp+plain://tiepnhan@"+script(t, "220 hi\r\n", func(line string) string {
			switch word, _, _ := strings.Cut(line, " "); word {
			case "EHLO":
				return "250-hi\r\n250 AUTH PLAIN\r\n"
			case "AUTH":
				return "535 5.7.8 bad: " + line + "\r\n"
			}
			return "250 ok\r\n"
		}))
	w.edit("campaign.yaml", `(?m)^receipt_delay: .*`, "receipt_delay: 0")
	for _, args := range [][]string{{"doctor"}, {"digest", "--yes"}, {"once"}, {"once", "--log", "json"}, {"status"}} {
		run("2022-10-12 16:05", args...)
	}
	for _, c := range []string{"{tag} NO", "{tag} BAD", "* BYE"} {
		w.edit("campaign.yaml", `imap\+plain://tiepnhan@[0-9.:]+`, "imap+plain://tiepnhan@"+imapScript(t, "IMAP4rev1 AUTH=PLAIN SASL-IR", func(command string) string {
			if strings.HasPrefix(command, "AUTHENTICATE") {
				return c + " what is " + command + "\r\n"
			}
			return ""
		}))
		run("2022-10-13 16:05", "once")
		run("2022-10-13 16:05", "doctor")
	}
	// A token that a program prints and the server refuses.
	w.edit("campaign.yaml", `(?s)  password_env: DONDOC_IMAP_PASSWORD.*?\n  auth: [^\n]*`, "  auth: xoauth2\n  token_command: "+w.script("lay-token", "echo "+aToken),
		`imap\+plain://tiepnhan@[0-9.:]+`, "imap+plain://tiepnhan@"+imapScript(t, "IMAP4rev1 AUTH=XOAUTH2 SASL-IR", func(command string) string {
			if strings.HasPrefix(command, "AUTHENTICATE") {
				return "{tag} NO refused: " + command + "\r\n"
			}
			return ""
		}))
	run("2022-10-14 16:05", "once")
	run("2022-10-14 16:05", "doctor")

	p, _ := w.program(at(t, "2022-10-14 16:05"))
	p.cli, p.log = &cli{Dir: w.dir}, newLog(said, false, 0, "vi")
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"/healthz", "/metrics"} {
		answer := httptest.NewRecorder()
		o.pages().ServeHTTP(answer, httptest.NewRequest("GET", "http://127.0.0.1:1"+url, nil))
		said.Write(answer.Body.Bytes())
		if strings.Contains(answer.Body.String(), "@hu") || strings.Contains(answer.Body.String(), "quangngai") {
			t.Errorf("%s names an address:\n%s", url, answer.Body)
		}
	}
	o.Close()

	key := strings.TrimSpace(w.text("data/key"))
	all := secrets(key)
	find := func(where string, b []byte) {
		for i, s := range all {
			if n := bytes.Index(b, []byte(s)); n >= 0 {
				t.Errorf("%s holds secret %d: …%q…", where, i, b[max(0, n-120):min(len(b), n+60)])
			}
		}
	}
	if !strings.Contains(said.String(), "***") {
		t.Errorf("no server quoted a secret: this test looks in the wrong place\n%s", said)
	}
	find("what was said", said.Bytes())
	for _, m := range w.sent {
		find("a letter to "+m.to, m.raw)
	}
	files := 0
	for _, dir := range []string{w.dir, backup} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || d.Name() == "key" || d.Name() == "lay-token" {
				return err
			}
			b, err := os.ReadFile(path)
			find(path, b)
			files++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 30 {
		t.Errorf("%d files looked at", files)
	}
	os.WriteFile(filepath.Join(w.dir, "campaign.yaml"), []byte(good), 0o600)
	w.edit("campaign.yaml", `smtp\+plain://tiepnhan@[0-9.:]+`, "smtp+plain://tiepnhan@127.0.0.1:1") // the witness need not judge
}

// TestChildrenInheritNoSecret: the processes that the daemon starts have no
// password on their command line or in their environment.
func TestChildrenInheritNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	w.imap.AddUser("tiepnhan", imapSecret)
	out := t.TempDir()
	dump := func(name string) string { return "cat /proc/self/environ >>" + filepath.Join(out, name) }
	w.edit("campaign.yaml", `(?m)^alarm_command: .*`, "alarm_command: ["+w.script("bao-tin", dump("alarm"))+"]", `(?m)^http: .*`, `http: ""`,
		`(?s)  password_env: DONDOC_SMTP_PASSWORD.*?\n  auth: [^\n]*`, "  auth: xoauth2\n  token_command: "+w.script("lay-token", dump("token")+"; echo "+aToken),
		`smtp\+plain://`, "smtp+plain://tiepnhan@", `(?m)^mode: .*`, "mode: rehearsal")
	w.imap.Append("tiepnhan", "INBOX", w.whole(bato, "HU-BATO", "Huyện ủy Ba Tơ"), at(t, "2022-10-12 09:30"))
	daemon := w.process(time.Time{}, "run", "--log", "json")
	daemon.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD="+imapSecret, "DONDOC_SMTP_PASSWORD="+smtpSecret, "DONDOC_OTHER=khac")
	var said bytes.Buffer
	daemon.Stdout, daemon.Stderr = &said, &said
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for until := time.Now().Add(time.Minute); time.Now().Before(until) && seen == 0; time.Sleep(20 * time.Millisecond) {
		list, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", daemon.Process.Pid))
		for _, name := range list {
			b, _ := os.ReadFile(name)
			for _, pid := range strings.Fields(string(b)) {
				line, _ := os.ReadFile("/proc/" + pid + "/cmdline")
				if !bytes.Contains(line, []byte("\x00reader")) {
					continue
				}
				env, err := os.ReadFile("/proc/" + pid + "/environ")
				if err != nil {
					continue // it has given up being looked at (PR_SET_DUMPABLE), or is gone
				}
				seen++
				if bytes.Contains(env, []byte("kin")) || bytes.Contains(line, []byte("kin")) || bytes.Contains(env, []byte("khac")) {
					t.Errorf("the reader %q has a secret", line)
				}
			}
		}
		own, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", daemon.Process.Pid))
		if bytes.Contains(own, []byte("kin")) {
			t.Fatalf("the daemon's command line: %q", own)
		}
	}
	daemon.Process.Signal(syscall.SIGTERM)
	daemon.Wait()
	if seen == 0 {
		t.Errorf("no reader was seen:\n%s", &said)
	}
	// The programs that the operator named, and LibreOffice.
	w.edit("campaign.yaml", `imap\+plain://tiepnhan@[0-9.:]+`, "imap+plain://tiepnhan@127.0.0.1:1")
	for _, when := range []string{"2022-10-12 10:00", "2022-10-12 10:30"} {
		c := w.process(at(t, when), "once")
		c.Env = daemon.Env
		c.Run()
	}
	file := filepath.Join(out, "office")
	c := &converter.Converter{Program: "soffice", Command: []string{w.script("cage", "cat /proc/self/environ >"+file)}}
	c.Convert(t.Context(), "a.wps", []byte("x"))
	for _, name := range []string{"alarm", "token", "office"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Error(err)
		}
		if bytes.Contains(b, []byte("kin\x00")) || !bytes.Contains(b, []byte("PATH=")) {
			t.Errorf("%s was given a secret, or nothing at all (%d bytes)", name, len(b))
		}
	}
}
