package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dondoc/intake/mailbox"
)

// handed collects what Files hands over: source and bytes.
func handed(t *testing.T, f Files) ([]string, error) {
	t.Helper()
	var all []string
	_, err := f.Round(t.Context(), nil, func(_ context.Context, m mailbox.Message) error {
		b, err := io.ReadAll(m.Body)
		all = append(all, m.Folder+": "+string(b))
		return err
	})
	return all, err
}

func TestFiles(t *testing.T) {
	const sep = "From vanthu@a.example Wed Oct 12 09:30:00 2022\n"
	long := strings.Repeat("x", 70<<10)
	for _, row := range []struct {
		sentence string
		file     string
		want     []string
	}{
		{"a mail by itself", "Subject: a\n\nb\n", []string{"f: Subject: a\n\nb\n"}},
		{"a mail without an end of line", "Subject: a", []string{"f: Subject: a"}},
		{"an empty file is a mail still: it ends in a verdict", "", []string{"f: "}},
		{"a mail with CRLF is left as it is", "Subject: a\r\n\r\n>From b\r\n", []string{"f: Subject: a\r\n\r\n>From b\r\n"}},
		{"an mbox of two", sep + "Subject: a\n\nb\n\n" + sep + "Subject: c\n\nd\n\n", []string{"f#1: Subject: a\n\nb\n", "f#2: Subject: c\n\nd\n"}},
		{"the last without its blank line", sep + "Subject: a\n\nb\n\n" + sep + "Subject: c\n\nd", []string{"f#1: Subject: a\n\nb\n", "f#2: Subject: c\n\nd"}},
		{"blank lines of its own stay", sep + "Subject: a\n\nb\n\n\n\n" + sep + "Subject: c\n\n", []string{"f#1: Subject: a\n\nb\n\n\n", "f#2: Subject: c\n"}},
		{"an mbox with CRLF", strings.ReplaceAll(sep+"Subject: a\n\nb\n\n"+sep+"Subject: c\n\nd\n\n", "\n", "\r\n"),
			[]string{"f#1: Subject: a\r\n\r\nb\r\n", "f#2: Subject: c\r\n\r\nd\r\n"}},
		{"quoted From lines lose one stroke", sep + "Subject: a\n\n>From Hà Nội\n>>From b\n>Frommage\n> From\n", []string{"f#1: Subject: a\n\nFrom Hà Nội\n>From b\n>Frommage\n> From\n"}},
		{"From in the middle of a text begins no mail", sep + "Subject: a\n\nFrom here on\nb\n\nFrom there on\nb\n", []string{"f#1: Subject: a\n\nFrom here on\nb\n\nFrom there on\nb\n"}},
		{"a From line without the blank line before it is text", sep + "Subject: a\n\nb\n" + sep + "Subject: c\n", []string{"f#1: Subject: a\n\nb\n" + sep + "Subject: c\n"}},
		{"lines longer than any buffer", sep + "Subject: a\n\n" + long + "\n\nFrom " + long + "\n\n" + sep + "Subject: c\n", []string{"f#1: Subject: a\n\n" + long + "\n\nFrom " + long + "\n", "f#2: Subject: c\n"}},
		{"From in the middle of a long line", sep + "Subject: a\n\n" + long[:(64<<10)-len(sep)-13] + "From b\n", []string{"f#1: Subject: a\n\n" + long[:(64<<10)-len(sep)-13] + "From b\n"}},
		{"the separator of another program", "From - Wed Oct 12 09:30:00 2022\nX-Mozilla-Status: 0001\nSubject: a\n\nb\n", []string{"f#1: X-Mozilla-Status: 0001\nSubject: a\n\nb\n"}},
		{"a mail that begins with the word is no mbox", "From a to b\nno header\n", []string{"f: From a to b\nno header\n"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(path, []byte(row.file), 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := handed(t, Files{Paths: []string{path}}); !slices.Equal(got, row.want) || err != nil {
				t.Errorf("%v\n got %.200q\nwant %.200q", err, got, row.want)
			}
		})
	}
}

// TestNotReadToItsEnd: whoever takes a mail may leave it in the middle; the
// next one begins at its own beginning all the same.
func TestNotReadToItsEnd(t *testing.T) {
	sep := "From a@a.example Wed Oct 12 09:30:00 2022\n"
	path := filepath.Join(t.TempDir(), "f.mbox")
	os.WriteFile(path, []byte(sep+"Subject: a\n\n"+strings.Repeat("line\n", 50000)+"\n"+sep+"Subject: b\n\n"), 0o600)
	var got []string
	_, err := Files{Paths: []string{path}}.Round(t.Context(), nil, func(_ context.Context, m mailbox.Message) error {
		line, _ := bufio.NewReaderSize(m.Body, 16).ReadString('\n')
		got = append(got, line)
		return nil
	})
	if err != nil || !slices.Equal(got, []string{"Subject: a\n", "Subject: b\n"}) {
		t.Errorf("%q %v", got, err)
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(p), 0o750)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	write("in/b.eml", "Subject: b\n\n")
	write("in/a.eml", "Subject: a\n\n")
	write("in/deep/c.mbox", "From x Wed Oct 12 09:30:00 2022\nSubject: c\n\n")
	write("in/.DS_Store", "not a mail")
	hidden := write(".d.eml", "Subject: d\n\n")
	os.Symlink(write("elsewhere.eml", "Subject: e\n\n"), filepath.Join(dir, "in", "link.eml"))

	got, err := handed(t, Files{Paths: []string{filepath.Join(dir, "gone.eml"), filepath.Join(dir, "in"), hidden}})
	want := []string{"a.eml: Subject: a\n\n", "b.eml: Subject: b\n\n", "c.mbox#1: Subject: c\n", "link.eml: Subject: e\n\n", ".d.eml: Subject: d\n\n"}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v: a path that is not there went unnoticed", err)
	}
}

// TestLinks: a folder that was named by a link was passed over without a word,
// and one file that could not be read kept those after it from being read.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	os.MkdirAll(in, 0o750)
	os.WriteFile(filepath.Join(in, "b.eml"), []byte("Subject: b\n\n"), 0o600)
	os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(in, "a.eml"))
	os.Symlink(in, filepath.Join(in, "circle"))
	os.Symlink(in, filepath.Join(dir, "link"))
	os.Symlink(filepath.Join(in, "b.eml"), filepath.Join(dir, "file"))
	got, err := handed(t, Files{Paths: []string{filepath.Join(dir, "link"), filepath.Join(dir, "file")}})
	if !slices.Equal(got, []string{"b.eml: Subject: b\n\n", "b.eml: Subject: b\n\n"}) {
		t.Errorf("%q", got)
	}
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "a.eml") {
		t.Errorf("%v: the file that cannot be read went unnoticed", err)
	}
}

// TestADiskThatFails: an mbox that cannot be read to its end is an error, not
// a shorter mbox.
func TestADiskThatFails(t *testing.T) {
	broken := errors.New("disk")
	text := "From x Wed Oct 12 09:30:00 2022\nSubject: a\n\nb\n"
	for _, row := range []struct {
		sentence string
		read     bool
	}{{"while the mail is taken", true}, {"while it is passed over", false}} {
		t.Run(row.sentence, func(t *testing.T) {
			box := &mbox{r: bufio.NewReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))), ended: true}
			if !box.next() && box.err == nil {
				t.Fatal("no first mail")
			}
			if row.read {
				if _, err := io.ReadAll(box); !errors.Is(err, broken) {
					t.Error(err)
				}
			}
			if box.next() || !errors.Is(box.err, broken) {
				t.Error(box.err)
			}
		})
	}
}

func TestReceived(t *testing.T) {
	now, none, long := at("10-12 09:30"), time.Time{}, time.Unix(0, 0)
	for _, row := range []struct {
		sentence                 string
		internal, delivered, now time.Time
		want                     time.Time
	}{
		{"the server's time", at("10-12 08:00"), at("10-12 07:00"), now, at("10-12 08:00")},
		{"without one, that of the topmost Received", none, at("10-12 07:00"), now, at("10-12 07:00")},
		{"without either, now", none, none, now, now},
		{"a server whose clock is ahead", at("10-13 08:00"), none, now, now},
		{"a Received of tomorrow", none, at("10-13 08:00"), now, now},
		{"one of tomorrow beside the server's own time", at("10-12 08:00"), at("10-13 08:00"), now, at("10-12 08:00")},
		{"the server's time where our own clock is far behind", at("10-12 08:00"), none, long, at("10-12 08:00")},
		{"and a mail from before the campaign is that all the same", at("10-01 08:00"), none, long, long},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := received(row.internal, row.delivered, row.now, at("10-03 00:00")); !got.Equal(row.want) {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}

// FuzzMbox: whatever an mbox holds, its mails together are no longer than it,
// splitting ends, and the quoting of each mail can be made good again.
func FuzzMbox(f *testing.F) {
	sep := "From a@a.example Wed Oct 12 09:30:00 2022\n"
	for _, seed := range []string{"", sep, sep + "Subject: a\n\nb\n\n" + sep + "Subject: c\n", "\r\n" + sep + "\r\n>From \n\n\n", sep + "a:\n\n" + sep + "b:"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		box := &mbox{r: bufio.NewReaderSize(bytes.NewReader(data), 4096), ended: true}
		total, mails := 0, 0
		for ; box.next(); mails++ {
			b, err := io.ReadAll(box)
			if err != nil {
				t.Fatal(err)
			}
			total += len(b)
			if mails > len(data) {
				t.Fatal("more mails than bytes")
			}
		}
		if total > len(data) || mails > 0 && total+mails*6 > len(data) {
			t.Errorf("%d bytes in %d mails out of %d", total, mails, len(data))
		}
	})
}
