package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"dondoc/intake/mailbox"
)

// Files is a mailbox made of files: mails as .eml, mboxes (RFC 4155), folders
// of either. It is what `ingest` reads.
type Files struct {
	Paths []string
	// Received, if not zero, is the time of receipt of all of them. Without it
	// the mail's own topmost Received field tells, which the last server wrote;
	// without that, the time of reading stands.
	Received time.Time
}

// Account names files as a source; they have no numbering that lasts.
func (f Files) Account() string { return "files" }

// Forget does nothing: no file is remembered.
func (f Files) Forget() {}

// Done does nothing: files are not told.
func (f Files) Done(context.Context, string, uint32, []uint32, string) error { return nil }

// Round hands over every mail. What cannot be read, or kept, is an error at the
// end, after the others have been taken. A link stands for the file that it
// points at; one to a folder is followed where it was named, and else would
// lead in circles.
func (f Files) Round(ctx context.Context, _ func(string, uint32) func(uint32) bool, take func(context.Context, mailbox.Message) error) (mailbox.Report, error) {
	var errs []error
	for _, named := range f.Paths {
		root, err := filepath.EvalSymlinks(named)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && path != root && strings.HasPrefix(d.Name(), ".") && !d.IsDir() {
				return nil
			}
			var st fs.FileInfo
			if err == nil {
				st, err = os.Stat(path)
			}
			if err == nil && st.Mode().IsRegular() {
				err = f.file(ctx, path, take)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", path, err))
			}
			return ctx.Err()
		})
		errs = append(errs, err)
	}
	return mailbox.Report{}, errors.Join(errs...)
}

func (f Files) file(ctx context.Context, path string, take func(context.Context, mailbox.Message) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 64<<10)
	name := filepath.Base(path)
	if !begins(r) {
		return f.hand(ctx, name, r, take)
	}
	box := &mbox{r: r, ended: true}
	var skipped []error
	for n := 1; box.next(); n++ {
		err := f.hand(ctx, fmt.Sprintf("%s#%d", name, n), box, take)
		if errors.Is(err, mailbox.ErrSkip) {
			skipped = append(skipped, err)
		} else if err != nil {
			return err
		}
	}
	return errors.Join(append(skipped, box.err)...)
}

func (f Files) hand(ctx context.Context, source string, r io.Reader, take func(context.Context, mailbox.Message) error) error {
	return take(ctx, mailbox.Message{Account: f.Account(), Folder: source, Received: f.Received, Body: r})
}

// mbox reads the mails of an mbox (RFC 4155), one after the other: Read ends
// with the mail that next began. The quoting ">From " of mboxrd is taken away.
type mbox struct {
	r       *bufio.Reader
	out     []byte // read and not yet given
	blank   []byte // a blank line: the mail's own, or the one before the next mail
	midline bool   // the line before was longer than the buffer
	ended   bool   // the next mail begins here, or nothing does
	err     error  // of the file
}

// next goes to the next mail, past what is left of this one.
func (m *mbox) next() bool {
	for !m.ended {
		m.fill()
	}
	m.out, m.blank, m.midline = nil, nil, false
	if m.err != nil || !begins(m.r) {
		return false
	}
	m.r.ReadSlice('\n') // whole: begins has seen its end
	m.ended = false
	return true
}

// Read gives the current mail's bytes.
func (m *mbox) Read(p []byte) (int, error) {
	for len(m.out) == 0 {
		switch {
		case m.err != nil:
			return 0, m.err
		case m.ended:
			return 0, io.EOF
		}
		m.fill()
	}
	n := copy(p, m.out)
	m.out = m.out[n:]
	return n, nil
}

// fill reads one line more. A blank line is kept back until it is known
// whether the mail goes on after it: the last one belongs to the mbox.
func (m *mbox) fill() {
	m.out = nil
	if !m.midline {
		if m.blank != nil && begins(m.r) {
			m.ended = true
			return
		}
		if quoted(m.r) {
			m.r.Discard(1)
		}
	}
	line, err := m.r.ReadSlice('\n')
	blank := !m.midline && err == nil && len(bytes.TrimRight(line, "\r\n")) == 0
	if len(line) > 0 {
		m.out, m.blank = m.blank, nil
	}
	if blank {
		m.blank = bytes.Clone(line)
	} else {
		m.out = append(m.out, line...)
	}
	m.midline = err == bufio.ErrBufferFull
	if err != nil && !m.midline {
		m.ended = true
		if err != io.EOF {
			m.err = err
		}
	}
}

// begins reports whether a mail of an mbox begins here: a From line, and after
// it the first field of a header. Not every program quotes a line of a letter
// that begins with "From ", but hardly one goes on with a field.
func begins(r *bufio.Reader) bool {
	if start, _ := r.Peek(5); string(start) != "From " {
		return false
	}
	ahead, _ := r.Peek(4096)
	return mailBegins.Match(ahead)
}

var mailBegins = regexp.MustCompile(`^From [^\n]*\n(?:[!-9;-~]+[ \t]*:|$)`)

// quoted reports whether the next line is a From line that was quoted.
func quoted(r *bufio.Reader) bool {
	if start, _ := r.Peek(1); string(start) != ">" {
		return false
	}
	ahead, _ := r.Peek(80)
	return bytes.HasPrefix(bytes.TrimLeft(ahead, ">"), []byte("From "))
}
