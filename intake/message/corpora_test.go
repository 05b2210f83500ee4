package message

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
	"dondoc/intake/saying"
)

// corpora returns the directory of public mails, which is not part of the
// project: DONDOC_SHARED names what contains it.
func corpora(t testing.TB) string {
	dir := os.Getenv("DONDOC_SHARED")
	if dir == "" {
		t.Skip("DONDOC_SHARED is not set: no public mails to read")
	}
	return filepath.Join(dir, "corpora")
}

func TestEveryPublicMailIsRead(t *testing.T) {
	dir := corpora(t)
	var mails, files, machines, limited int
	for _, sub := range []string{"mail", "bounce"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			m := Parse(raw, "mx.bdvtu.example", Limits{})
			sound(t, path, m)
			mails++
			files += len(m.Attachments)
			if m.Machine != "" {
				machines++
			}
			if m.Limit != "" {
				limited++
				t.Logf("%s: limit %s", path, m.Limit)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d mails, %d files, %d by machines, %d beyond a limit", mails, files, machines, limited)
}

// sound checks what must hold of every Mail.
func sound(t *testing.T, where string, m *Mail) {
	t.Helper()
	if m.Limit == "crash" {
		t.Errorf("%s: the reader crashed", where)
	}
	if m.Limit != "" && len(m.Attachments) > 0 {
		t.Errorf("%s: files of a mail that was not read to its end", where)
	}
	if len(m.Digest) != 64 {
		t.Errorf("%s: digest %q", where, m.Digest)
	}
	if len(m.Text) > maxText || len(m.Body) > maxBody {
		t.Errorf("%s: unbounded text", where)
	}
	for _, s := range []string{m.Subject, m.From.Name, m.Text, m.Body, m.MessageID} {
		if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
			t.Errorf("%s: not NFC: %.100q", where, s)
		}
	}
	for _, a := range m.Attachments {
		if a.Name == "" || strings.ContainsAny(a.Name, "/\\\x00\r\n") || len(a.Name) > maxName+12 ||
			!utf8.ValidString(a.Name) || !norm.NFC.IsNormalString(a.Name) {
			t.Errorf("%s: file name %q", where, a.Name)
		}
		if strings.Count(a.Path, "/") > DefaultLimits.Enclosed+1 || // a file may be within its signature
			strings.Contains("/"+a.Path+"/", "/../") {
			t.Errorf("%s: path %q", where, a.Path)
		}
	}
	if _, err := json.Marshal(m.Date); err != nil {
		t.Errorf("%s: date %v", where, err)
	}
}

func TestPublicBouncesAreKnownForBounces(t *testing.T) {
	dir := filepath.Join(corpora(t), "bounce")
	var expected []struct {
		File      string
		Addresses []string
		Temporary bool
	}
	data, err := os.ReadFile(filepath.Join(dir, "flufl-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	var human, right, permanent int
	for _, e := range expected {
		raw, err := os.ReadFile(filepath.Join(dir, "flufl", e.File))
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(raw, "", Limits{})
		switch {
		case m.Machine == "":
			human++
			t.Errorf("%s: taken for a person's: From %q, Subject %q", e.File, m.From, m.Subject)
		case m.Bounce == nil && len(e.Addresses) > 0:
			t.Logf("%s: no recipient; want %v", e.File, e.Addresses)
		case m.Bounce != nil && len(e.Addresses) > 0 && !slices.ContainsFunc(e.Addresses, func(a string) bool { return strings.EqualFold(a, m.Bounce.Address) }):
			t.Logf("%s: %s, want %v", e.File, m.Bounce.Address, e.Addresses)
		default:
			right++
			if m.Bounce == nil || m.Bounce.Permanent != e.Temporary {
				permanent++
			}
		}
	}
	t.Logf("flufl: %d mails, %d taken for a person's, %d with the right address, %d of them rightly permanent or not", len(expected), human, right, permanent)
	if right*10 < len(expected)*9 || permanent*10 < right*9 {
		t.Error("too many bounces are not understood")
	}
	var known map[string][]struct{ HardBounce bool }
	if data, err = os.ReadFile(filepath.Join(dir, "sisimai-expected.json")); err == nil {
		err = json.Unmarshal(data, &known)
	}
	if err != nil {
		t.Fatal(err)
	}
	all, read, bounces := 0, 0, 0
	err = filepath.WalkDir(filepath.Join(dir, "sisimai"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		m := Parse(raw, "", Limits{})
		all++
		if m.Machine == "" {
			t.Errorf("%s: taken for a person's: From %q, Subject %q", path, m.From, m.Subject)
		}
		if name := e.Name(); len(known[name]) > 0 && !strings.HasPrefix(name, "arf-") && !strings.HasPrefix(name, "rfc3834-") {
			bounces++
			if m.Bounce != nil {
				read++
			}
		}
		return err
	})
	t.Logf("sisimai: %d mails, %d bounces, %d of them with an address", all, bounces, read)
	if err != nil || read*20 < bounces*19 {
		t.Error("too many bounces are not understood", err)
	}
}

// What people wrote, and what was trimmed from their replies, was written by people.
func TestPublicRepliesAreByPeople(t *testing.T) {
	dir := filepath.Join(corpora(t), "mail")
	for _, set := range []string{"replytrim", "talon", "mailpit"} {
		count := 0
		err := filepath.WalkDir(filepath.Join(dir, set), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if m := Parse(raw, "", Limits{}); m.Machine != "" {
				t.Errorf("%s: taken for a machine's by %s: From %q, Subject %q", path, m.Machine, m.From, m.Subject)
			}
			count++
			return err
		})
		t.Logf("%s: %d mails (%v)", set, count, err)
	}
}

func TestPublicRepliesAreTrimmed(t *testing.T) {
	dir := filepath.Join(corpora(t), "mail", "replytrim")
	emails, err := filepath.Glob(filepath.Join(dir, "emails", "*"))
	if err != nil || len(emails) == 0 {
		t.Fatal("no replies", err)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	var same, all int
	for _, path := range emails {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(dir, "trimmed", filepath.Base(path)))
		if err != nil {
			continue
		}
		all++
		got, _ := newlyWritten(tidy(string(text)))
		if squeeze(got) == squeeze(string(want)) {
			same++
		} else if testing.Verbose() {
			t.Logf("%s:\n got %.300q\nwant %.300q", filepath.Base(path), squeeze(got), squeeze(string(want)))
		}
	}
	t.Logf("%d of %d replies trimmed as expected", same, all)
}

// No public mail of a person confirms, denies, promises or moves anything: what
// is found wrongly nobody looks at again.
func TestNoPublicMailSaysWhatItDoesNot(t *testing.T) {
	dir := corpora(t)
	err := filepath.WalkDir(filepath.Join(dir, "mail"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := Parse(raw, "", Limits{})
		if m.Machine != "" || m.Bounce != nil {
			return nil
		}
		for _, s := range saying.Read(m.Subject, m.Text) {
			switch s.Kind {
			case finding.SaysRight, finding.SaysYes, finding.SaysNo, finding.SaysNeedsTime, finding.SaysSent:
				t.Errorf("%s says %s: %q", path, s.Kind, s.Quote)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
