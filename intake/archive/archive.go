// Package archive keeps bytes: every mail and every file of it, under the
// sha256 of its content, and beside that a tree by unit for people.
//
// The archive proper (data/archive) is written once and never changed. The
// tree (ho-so) is copies, because somebody will open one in Excel and save
// over it; it can be rebuilt from the archive and the ledger at any time.
//
// A stranger controls the bytes that are kept and the names that files bear in the
// tree. He may want to write or read elsewhere (.., a device's name, a link), to
// write over another's file, or a name that hides what it opens. The archive's
// names are hashes (TestOnlyHashesAreNames); the tree is written through os.Root,
// which follows no link out (TestNothingLeadsOut; CVE-2026-39822 is why go.mod
// asks for Go 1.26.5); names are made harmless and never change their meaning
// (TestSafe, TestNamesNeverChangeMeaning).
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"dondoc/config"
	"dondoc/intake/durable"
)

// Archive is a directory of files named by their sha256: ab/cdef….
type Archive struct {
	dir string

	mu   sync.Mutex
	made map[string]bool // subdirectories known to be durable
	// doubted are the hashes whose names could not be made durable.
	doubted map[string]bool
}

// Open makes the directory if it is missing. Its name is durable, for all that
// is kept lies below.
func Open(dir string) (*Archive, error) {
	if err := os.MkdirAll(dir, config.PrivateDir); err != nil {
		return nil, err
	}
	if err := durable.Dir(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	return &Archive{dir: dir, made: map[string]bool{}, doubted: map[string]bool{}}, nil
}

// Sweep removes what processes that were killed left half-written; alone is
// that of Tree.Sweep.
func (a *Archive) Sweep(alone func() (bool, error)) error {
	left, err := fs.Glob(os.DirFS(a.dir), "new-*")
	if err != nil {
		return err
	}
	return sweep(left, alone, func(name string) error { return os.Remove(filepath.Join(a.dir, name)) })
}

func sweep(left []string, alone func() (bool, error), remove func(string) error) error {
	if len(left) == 0 {
		return nil
	}
	if ok, err := alone(); !ok || err != nil {
		return err
	}
	for _, name := range left {
		// Another may be sweeping too.
		if err := remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put keeps what r gives and returns its sha256 (hex) and size. When it
// returns, the bytes are on the disk under their name. A short or failed r
// keeps nothing.
func (a *Archive) Put(r io.Reader) (sha string, size int64, err error) {
	b := a.Batch()
	if sha, size, err = b.Put(r); err == nil {
		err = b.Keep()
	}
	return sha, size, err
}

// PutBytes is Put for bytes in memory.
func (a *Archive) PutBytes(data []byte) (sha string, err error) {
	b := a.Batch()
	if sha, err = b.PutBytes(data); err == nil {
		err = b.Keep()
	}
	return sha, err
}

// has reports whether the bytes are kept already. A file of the right name and
// other bytes was damaged from outside, where a disk errs mostly without a
// change of size; it is written anew.
func (a *Archive) has(sha string, size int64) bool {
	a.mu.Lock()
	doubted := a.doubted[sha]
	a.mu.Unlock()
	if doubted {
		return false
	}
	st, err := os.Stat(a.path(sha))
	if err != nil || st.Size() != size || a.Check(sha) != nil {
		return false
	}
	// A process killed between rename and sync left the name in memory only.
	return a.settle(filepath.Dir(a.path(sha))) == nil
}

// keeps reports whether there are bytes under the name.
func (a *Archive) keeps(sha string) bool {
	_, err := os.Stat(a.path(sha))
	return err == nil
}

// settle makes the names in dir durable, once in the life of this process for
// names that it did not place itself.
func (a *Archive) settle(dir string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made[dir] {
		return nil
	}
	if err := os.MkdirAll(dir, config.PrivateDir); err != nil {
		return err
	}
	if err := errors.Join(durable.Dir(a.dir), durable.Dir(dir)); err != nil {
		return err
	}
	a.made[dir] = true
	return nil
}

func (a *Archive) path(sha string) string {
	if len(sha) != 64 {
		return filepath.Join(a.dir, "no-such-hash")
	}
	return filepath.Join(a.dir, sha[:2], sha[2:])
}

// Open returns the bytes kept under sha, for streaming.
func (a *Archive) Open(sha string) (*os.File, error) { return os.Open(a.path(sha)) }

// Get returns the bytes kept under sha, and an error if they are no longer
// those that were kept.
func (a *Archive) Get(sha string) ([]byte, error) {
	b, err := os.ReadFile(a.path(sha))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	if hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("archive: %s: the bytes were changed after they were kept", sha)
	}
	return b, nil
}

// Check reads the bytes kept under sha and says what is wrong with them:
// nil, fs.ErrNotExist, ErrChanged, or a description.
func (a *Archive) Check(sha string) error {
	f, err := a.Open(sha)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("archive: %s is missing: %w", sha, fs.ErrNotExist)
		}
		return err
	}
	defer f.Close()
	got, err := hash(f)
	if err == nil && got != sha {
		err = fmt.Errorf("archive: %s: %w: its bytes now hash to %s", sha, ErrChanged, got)
	}
	return err
}

// ErrChanged is what Check finds where other bytes stand under a name.
var ErrChanged = errors.New("was changed")

// List returns the sha256 of everything that is kept, by name alone.
func (a *Archive) List() ([]string, error) {
	names, err := fs.Glob(os.DirFS(a.dir), "[0-9a-f][0-9a-f]/*")
	if err != nil {
		return nil, err
	}
	all := names[:0]
	for _, name := range names {
		if sha := name[:2] + name[3:]; len(sha) == 64 {
			all = append(all, sha)
		}
	}
	return all, nil
}

func hash(r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
