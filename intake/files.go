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

// Done does nothing: files are not told.
func (f Files) Done(context.Context, string, uint32, []uint32, string) error { return nil }

// Round hands over every mail. A path that cannot be read is an error at the
// end, after the others have been taken.
func (f Files) Round(ctx context.Context, _ func(string, uint32) func(uint32) bool, take func(context.Context, mailbox.Message) error) (mailbox.Report, error) {
	var errs []error
	for _, p := range f.Paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !d.Type().IsRegular() || path != p && strings.HasPrefix(d.Name(), ".") {
				return nil
			}
			if err := f.file(ctx, path, take); err != nil {
				return fmt.Errorf("%s: %w", path, err)
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
	if start, _ := r.Peek(5); string(start) != "From " {
		return f.hand(ctx, filepath.Base(path), r, take)
	}
	return eachOfMbox(r, func(n int, mail io.Reader) error {
		return f.hand(ctx, fmt.Sprintf("%s#%d", filepath.Base(path), n), mail, take)
	})
}

func (f Files) hand(ctx context.Context, source string, r io.Reader, take func(context.Context, mailbox.Message) error) error {
	return take(ctx, mailbox.Message{Account: f.Account(), Folder: source, Received: f.Received, Body: r})
}

// eachOfMbox splits an mbox at its From lines (RFC 4155) and takes the quoting
// ">From " of mboxrd away.
func eachOfMbox(r *bufio.Reader, do func(n int, mail io.Reader) error) error {
	more := true
	if _, err := line(r, io.Discard); err != nil {
		return err
	}
	for n := 1; more; n++ {
		pr, pw := io.Pipe()
		split := make(chan error, 1)
		go func() {
			var err error
			more, err = oneOfMbox(r, pw)
			pw.CloseWithError(err)
			split <- err
		}()
		err := do(n, pr)
		pr.CloseWithError(io.ErrClosedPipe)
		if e := <-split; err == nil && e != nil {
			err = e
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// oneOfMbox copies lines up to the next From line, which it consumes. The
// blank line before it belongs to the mbox, not to the mail.
func oneOfMbox(r *bufio.Reader, w io.Writer) (more bool, err error) {
	var blank []byte
	for {
		start, err := r.Peek(5)
		if err == io.EOF && len(start) == 0 {
			return false, nil
		}
		if string(start) == "From " && blank != nil {
			_, err := line(r, io.Discard)
			return true, err
		}
		if len(blank) > 0 {
			if _, err := w.Write(blank); err != nil {
				return false, err
			}
			blank = nil
		}
		if quoted := bytes.TrimLeft(start, ">"); len(quoted) < len(start) && bytes.HasPrefix([]byte("From "), quoted) {
			if ahead, _ := r.Peek(64); bytes.HasPrefix(bytes.TrimLeft(ahead, ">"), []byte("From ")) {
				r.Discard(1)
			}
		}
		var b bytes.Buffer
		isBlank, err := line(r, &b)
		if err != nil && err != io.EOF {
			return false, err
		}
		if isBlank {
			blank = b.Bytes()
			continue
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return false, err
		}
	}
}

// line copies one line with its end and reports whether it was blank.
func line(r *bufio.Reader, w io.Writer) (blank bool, err error) {
	n := 0
	for {
		part, err := r.ReadSlice('\n')
		n += len(bytes.TrimRight(part, "\r\n"))
		if _, werr := w.Write(part); werr != nil {
			return false, werr
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		return n == 0, err
	}
}
