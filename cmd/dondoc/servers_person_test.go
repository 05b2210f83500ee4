package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"dondoc/cmd/dondoc/hosts"
)

// What people do around the program: they hand mail in, read it, and tidy up,
// each with a program of their own.

// swaks hands in a mail with a program that is not ours: by submission, with
// STARTTLS and a login, in the name of a unit.
func (d *desk) swaks(from string, raw []byte) {
	d.t.Helper()
	d.put(raw)
	file := filepath.Join(d.t.TempDir(), "mail.eml")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		d.t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(d.relay.Addr())
	out, err := exec.Command("swaks", "--server", host, "--port", port, "--helo", "may.example",
		"--tls", "--tls-verify", "--tls-ca-path", d.relay.CA(),
		"--auth", "PLAIN", "--auth-user", from, "--auth-password", password,
		"--from", from, "--to", d.address, "--data", "@"+file).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		err = &hosts.Missing{Server: "swaks", What: "there is no program swaks"}
		require(d.t, err)
	}
	if err != nil {
		d.t.Fatalf("swaks: %v\n%s", err, out)
	}
}

// login logs in as a person's mail program would.
func login(t testing.TB, server *hosts.Server, user string) *imapclient.Client {
	t.Helper()
	pem, err := os.ReadFile(server.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := imapclient.DialTLS(server.Addr(), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS10}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(user, password).Wait(); err != nil {
		t.Fatalf("%s: %v", user, err)
	}
	return c
}

// stored is one mail as a mailbox has it.
type stored struct {
	flags []imap.Flag
	raw   []byte
}

func (s stored) has(flag imap.Flag) bool {
	return slices.ContainsFunc(s.flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(flag)) })
}

func (s stored) header(name string) string {
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

// folder reads a whole folder without changing it.
func folder(t testing.TB, c *imapclient.Client, name string) []stored {
	t.Helper()
	sel, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if sel.NumMessages == 0 {
		return nil
	}
	body := &imap.FetchItemBodySection{Peek: true}
	all, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var mails []stored
	for _, m := range all {
		mails = append(mails, stored{m.Flags, m.FindBodySection(body)})
	}
	return mails
}

// append puts a mail into a folder of the committee's mailbox.
func (d *desk) append(folder string, raw []byte) {
	d.t.Helper()
	d.put(raw)
	c := login(d.t, d.box, d.user)
	defer c.Close()
	cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: at(d.t, "2022-10-12 09:30")})
	if _, err := cmd.Write(raw); err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		d.t.Fatal(err)
	}
	if _, err := cmd.Wait(); err != nil {
		d.t.Fatal(err)
	}
}

// create makes folders in the committee's mailbox.
func (d *desk) create(names ...string) {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	for _, name := range names {
		if err := c.Create(name, nil).Wait(); err != nil {
			d.t.Fatalf("%s: %v", name, err)
		}
	}
}

// inbox is what the committee's mail program shows.
func (d *desk) inbox() []stored {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	return folder(d.t, c, "INBOX")
}

// arrived waits until the committee's mailbox has so many mails.
func (d *desk) arrived(n int) {
	d.t.Helper()
	until(d.t, fmt.Sprintf("%d mails in the committee's mailbox", n), func() bool { return len(d.inbox()) == n })
}

// letter waits for the committee's letter with the key, which may end in "*",
// in the mailbox of a unit.
func (d *desk) letter(address, key string) stored {
	d.t.Helper()
	begin, open := strings.CutSuffix(key, "*")
	return d.find(address, "the letter "+key, func(m stored) bool {
		got := m.header("X-Dondoc-Key")
		return got == key || open && strings.HasPrefix(got, begin)
	})
}

// answer waits for the letter that answers a mail, in the mailbox of a unit.
func (d *desk) answer(address, messageID string) stored {
	d.t.Helper()
	return d.find(address, "an answer to "+messageID, func(m stored) bool { return m.header("In-Reply-To") == messageID })
}

func (d *desk) find(address, what string, is func(stored) bool) (found stored) {
	d.t.Helper()
	c := login(d.t, d.units, address)
	defer c.Close()
	until(d.t, what+" in the mailbox of "+address, func() bool {
		for _, m := range folder(d.t, c, "INBOX") {
			if strings.Contains(m.header("From"), d.address) && is(m) {
				found = m
			}
		}
		return found.raw != nil
	})
	return found
}

// open takes a mail apart as a mail program does: its text and its files.
func (s stored) open(t testing.TB) (text string, files map[string][]byte) {
	t.Helper()
	files = map[string][]byte{}
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(header textproto.MIMEHeader, body io.Reader)
	walk = func(header textproto.MIMEHeader, body io.Reader) {
		kind, params, _ := mime.ParseMediaType(header.Get("Content-Type"))
		if strings.HasPrefix(kind, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			for p, err := r.NextRawPart(); err == nil; p, err = r.NextRawPart() {
				walk(p.Header, p)
			}
			return
		}
		switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Errorf("a part of the mail: %v", err)
		}
		if _, params, _ := mime.ParseMediaType(header.Get("Content-Disposition")); params["filename"] != "" {
			files[params["filename"]] = data
		} else if kind == "text/plain" {
			text += string(data)
		}
	}
	walk(textproto.MIMEHeader(m.Header), m.Body)
	return text, files
}

// reply is a mail in the thread of a letter.
func (s stored) reply(from, subject, text string, files ...file) []byte {
	return append(fmt.Appendf(nil, "In-Reply-To: %s\r\nReferences: %[1]s\r\n", s.header("Message-ID")), mail(from, "Re: "+subject, text, files...)...)
}

// delivered waits until Postfix has brought everything to its end that it took
// from the committee.
func (d *desk) delivered() {
	d.t.Helper()
	taken := regexp.MustCompile(`(?m) ([0-9A-F]+): from=<` + regexp.QuoteMeta(d.address) + `>, `)
	until(d.t, "all letters delivered", func() bool {
		log := d.relay.Log()
		for _, m := range taken.FindAllStringSubmatch(log, -1) {
			if !strings.Contains(log, " "+m[1]+": removed") {
				return false
			}
		}
		return true
	})
}

// until asks again and again, because what servers hand to one another takes
// a moment.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	const longest = time.Minute
	for began := time.Now(); time.Since(began) < longest; time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("after %s still not: %s", longest, what)
}
