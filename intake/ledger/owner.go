package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dondoc/config"
)

// Lease is how long a claim lasts whose owner seems to live. It is longer than
// any work that is claimed may take: a slow mail server is not a reason to send
// a letter from a second process as well. Death is noticed by the lock file.
const Lease = time.Hour

const leaseMillis = int64(Lease / time.Millisecond)

// owner names this process in leases. The name is also that of a file which
// the process keeps locked: a lease whose owner's file can be locked belongs
// to a process that has died, and is void at once. A restart therefore goes on
// where the killed process stopped, without waiting for a lease to run out.
type owner struct {
	name string
	dir  string
	file *os.File

	mu   sync.Mutex
	dead map[string]bool
}

func newOwner(dir string) (*owner, error) {
	if err := os.MkdirAll(dir, config.PrivateDir); err != nil {
		return nil, err
	}
	for {
		o := &owner{name: rand.Text()[:16], dir: dir, dead: map[string]bool{"": true}}
		f, err := os.OpenFile(filepath.Join(dir, o.name), os.O_CREATE|os.O_RDWR, config.PrivateFile)
		if err != nil {
			return nil, err
		}
		mine, err := lock(f)
		if err != nil {
			os.Remove(f.Name())
			return nil, errors.Join(fmt.Errorf("ledger: files in %s cannot be locked: %w", dir, err), f.Close())
		}
		// Another process that is just sweeping may have taken the file for a
		// dead one's before it was locked: then this name is burnt.
		if !mine || !there(f) {
			f.Close()
			continue
		}
		o.file = f
		o.sweep()
		return o, nil
	}
}

// there reports whether f is still the file under its name.
func there(f *os.File) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(f.Name())
	return err == nil && os.SameFile(a, b)
}

// alive reports whether the process that called itself name still runs.
func (o *owner) alive(name string) bool {
	if name == o.name {
		return true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.dead[name] && !held(filepath.Join(o.dir, filepath.Base(name))) {
		o.dead[name] = true
	}
	return !o.dead[name]
}

// alone reports whether no other process holds the ledger open.
func (o *owner) alone() (bool, error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() != o.name && o.alive(e.Name()) }), nil
}

// sweep removes the files of processes that have died.
func (o *owner) sweep() {
	entries, _ := os.ReadDir(o.dir)
	for _, e := range entries {
		if !o.alive(e.Name()) {
			os.Remove(filepath.Join(o.dir, e.Name()))
		}
	}
}

func (o *owner) close() error {
	if o == nil || o.file == nil {
		return nil
	}
	// Removed while locked: nobody can mistake it for a dead process's file
	// and nobody is left to ask. Windows removes no file that is open; closed it
	// is a dead process's, and whoever sweeps may be faster.
	err := os.Remove(o.file.Name())
	closing := o.file.Close()
	if err != nil {
		err = os.Remove(o.file.Name())
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, closing)
}
