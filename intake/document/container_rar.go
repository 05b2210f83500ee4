package document

import (
	"bytes"
	"errors"
	"io"

	"github.com/nwaples/rardecode/v2"
)

// rar takes the files out of a .rar, of versions 1.5 to 7. A part of a set of
// several files is not opened: what is missing of it is in another mail.
func (u *Unpacking) rar(m Member, add func(Member) bool) string {
	r, err := rardecode.NewReader(bytes.NewReader(m.Data), rardecode.MaxDictionarySize(u.lim.Dictionary), rardecode.BufferSize(64<<10))
	if err != nil {
		return rarProblem(err)
	}
	for entries := 0; entries < maxEntries; entries++ {
		f, err := r.Next()
		switch {
		case err == io.EOF:
			return ""
		case err != nil:
			return rarProblem(err)
		case f.IsDir || f.LinkType != 0 || litter(f.Name):
			continue
		}
		inner := Member{Name: memberName(f.Name)}
		inner.Path = inner.Name
		if f.Encrypted || f.HeaderEncrypted {
			inner.Problem = Locked
		} else {
			file := &lastError{r: r}
			inner.Data, inner.Problem = u.take(file, f.UnPackedSize, f.PackedSize)
			if file.err != nil {
				inner.Problem = rarProblem(file.err)
			}
		}
		if !add(inner) {
			return ""
		}
	}
	return TooLarge
}

// lastError remembers why reading ended.
type lastError struct {
	r   io.Reader
	err error
}

func (l *lastError) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}

func rarProblem(err error) string {
	for _, is := range []struct {
		problem string
		errs    []error
	}{
		{Locked, []error{rardecode.ErrArchiveEncrypted, rardecode.ErrArchivedFileEncrypted, rardecode.ErrBadPassword}},
		{TooLarge, []error{rardecode.ErrDictionaryTooLarge}},
		{Unopened, []error{rardecode.ErrMultiVolume, rardecode.ErrBadVolumeNumber, rardecode.ErrVerMismatch, rardecode.ErrUnknownVersion,
			rardecode.ErrUnsupportedDecoder, rardecode.ErrUnknownDecoder, rardecode.ErrFileNameRequired, rardecode.ErrUnknownEncryptMethod}},
	} {
		for _, e := range is.errs {
			if errors.Is(err, e) {
				return is.problem
			}
		}
	}
	return Damaged
}
