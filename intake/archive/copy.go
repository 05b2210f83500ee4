package archive

import (
	"fmt"
	"os"
	"path/filepath"
)

// CopyTo copies the bytes kept under sha into another archive, durably, and
// returns how many were written: none where that one has a file of the name
// and size. Bytes that were changed since they were kept are not copied:
// ErrChanged.
func (a *Archive) CopyTo(to *Archive, sha string) (int64, error) {
	f, err := a.Open(sha)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if have, err := os.Stat(to.path(sha)); err == nil && have.Size() == st.Size() {
		return 0, to.settle(filepath.Dir(to.path(sha))) // one who was killed may have left the name in memory only
	}
	b := to.Batch()
	got, n, err := b.Put(f)
	if err == nil && got != sha {
		err = fmt.Errorf("archive: %s: %w: its bytes now hash to %s", sha, ErrChanged, got)
	}
	if err != nil {
		b.Drop()
		return 0, err
	}
	return n, b.Keep()
}
