package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"dondoc/config"
	"dondoc/intake/durable"
)

// Batch keeps several files by one wait for the disk. What is put into it is
// kept once Keep has returned nil, and not before: until then it lies beside the
// archive under no name that means anything.
type Batch struct {
	archive *Archive
	files   map[string]*os.File // written and not yet synced, by their sha256
	bytes   int64
	buf     []byte
}

// Batch begins one. It is no use to several goroutines.
func (a *Archive) Batch() *Batch { return &Batch{archive: a, files: map[string]*os.File{}} }

// Len and Bytes say how much waits to be kept.
func (b *Batch) Len() int     { return len(b.files) }
func (b *Batch) Bytes() int64 { return b.bytes }

// Put writes what r gives. A short or failed r adds nothing to the batch.
func (b *Batch) Put(r io.Reader) (sha string, size int64, err error) {
	f, err := os.CreateTemp(b.archive.dir, "new-*")
	if err != nil {
		return "", 0, err
	}
	if b.buf == nil {
		b.buf = make([]byte, 64<<10)
	}
	sum := sha256.New()
	size, err = io.CopyBuffer(io.MultiWriter(f, sum), r, b.buf)
	if err == nil {
		sha = hex.EncodeToString(sum.Sum(nil))
		if !b.holds(sha, size) {
			b.add(sha, size, f)
			return sha, size, nil
		}
	}
	return sha, size, errors.Join(err, discard(f))
}

// PutBytes is Put for bytes in memory.
func (b *Batch) PutBytes(data []byte) (sha string, err error) {
	sum := sha256.Sum256(data)
	if sha = hex.EncodeToString(sum[:]); b.holds(sha, int64(len(data))) {
		return sha, nil
	}
	f, err := os.CreateTemp(b.archive.dir, "new-*")
	if err != nil {
		return "", err
	}
	if _, err := f.Write(data); err != nil {
		return "", errors.Join(err, discard(f))
	}
	b.add(sha, int64(len(data)), f)
	return sha, nil
}

func (b *Batch) holds(sha string, size int64) bool {
	return b.files[sha] != nil || b.archive.has(sha, size)
}

func (b *Batch) add(sha string, size int64, f *os.File) {
	b.files[sha] = f
	b.bytes += size
}

// Keep makes all of the batch durable and empties it: first the bytes of every
// file, then their names, then the directories that the names are in. Only this
// order leaves no name without its bytes, wherever the power fails. After an
// error nothing is said of any file: all of them have to be put again.
func (b *Batch) Keep() error {
	files := b.files
	b.files, b.bytes = map[string]*os.File{}, 0
	// Asked for all at once, a disk needs hardly more time than for one.
	err := atOnce(maps.Values(files), (*os.File).Sync)
	dirs := map[string]bool{}
	for sha, f := range files {
		path := b.archive.path(sha)
		if dir := filepath.Dir(path); err == nil && !dirs[dir] {
			dirs[dir] = true
			err = b.archive.make(dir)
		}
		if err != nil {
			err = errors.Join(err, discard(f))
			continue
		}
		if err = f.Close(); err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			// Windows puts nothing in the place of a file that is open: another
			// process that keeps the same bytes at this moment, or reads them, is
			// no trouble.
			if b.archive.Check(sha) == nil {
				err = nil
			}
			err = errors.Join(err, discard(f))
		}
	}
	if err == nil {
		err = b.archive.syncDirs(dirs)
	}
	b.archive.doubt(files, err != nil)
	return err
}

// Drop lets go of what waits to be kept.
func (b *Batch) Drop() {
	for _, f := range b.files {
		discard(f)
	}
	b.files, b.bytes = map[string]*os.File{}, 0
}

func discard(f *os.File) error {
	f.Close() // it may be closed already
	return os.Remove(f.Name())
}

// make makes a directory, whose name is durable after syncDirs.
func (a *Archive) make(dir string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made[dir] {
		return nil
	}
	return os.MkdirAll(dir, config.PrivateDir)
}

// syncDirs makes the names in directories durable, and those of the directories
// that are new.
func (a *Archive) syncDirs(dirs map[string]bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := maps.Clone(dirs)
	for dir := range dirs {
		if !a.made[dir] {
			all[a.dir] = true
		}
	}
	if err := atOnce(maps.Keys(all), durable.Dir); err != nil {
		return err
	}
	maps.Copy(a.made, dirs)
	return nil
}

// doubt notes whether the names of files can be relied on. After a failure a
// second fsync might say that all is well: they are written again.
func (a *Archive) doubt(files map[string]*os.File, doubted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for sha := range files {
		if doubted {
			a.doubted[sha] = true
		} else {
			delete(a.doubted, sha)
		}
	}
}

// most is how many waits for the disk are under way at once.
const most = 16

// atOnce calls do for each of a sequence, several at a time.
func atOnce[T any](seq func(func(T) bool), do func(T) error) error {
	var (
		mu    sync.Mutex
		errs  []error
		all   sync.WaitGroup
		turns = make(chan struct{}, most)
	)
	for x := range seq {
		turns <- struct{}{}
		all.Go(func() {
			if err := do(x); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
			<-turns
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
