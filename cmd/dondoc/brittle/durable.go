//go:build linux

package brittle

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inodes is the account of what would survive if the power failed now: of a
// file its bytes as they were at its last fsync, of a directory its names.
type inodes struct {
	top     *file
	pending []*change // of directories, since they were synced, in order
}

// file is a file, or a directory.
type file struct {
	names map[string]*file // of a directory: as the program sees it; nil for a file
	kept  map[string]*file // of a directory: as the disk has it

	saved bool    // data is what the disk has; until then what lies beneath is
	data  []byte  // of a file
	dirty []write // since the last fsync, in order
}

// write is a block that was written, or a new size.
type write struct {
	data []byte // nil: the size is
	at   int64
}

// change is what one operation did to directories. It survives whole or not at
// all, as a journal keeps it.
type change struct{ edits []edit }

type edit struct {
	dir  *file
	name string
	to   *file // nil: the name is gone
}

// read takes what lies in dir for durable.
func (i *inodes) read(dir string) error {
	i.top = newDir()
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		f := &file{}
		if d.IsDir() {
			f = newDir()
		}
		parent, name := i.parent(rel)
		parent.names[name], parent.kept[name] = f, f
		return nil
	})
}

func newDir() *file { return &file{names: map[string]*file{}, kept: map[string]*file{}} }

// at is what stands at a path now, nil for nothing.
func (i *inodes) at(path string) *file {
	f := i.top
	for name := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		if name == "" || name == "." {
			continue
		}
		if f == nil || f.names == nil {
			return nil
		}
		f = f.names[name]
	}
	return f
}

func (i *inodes) parent(path string) (*file, string) {
	return i.at(filepath.Dir(path)), filepath.Base(path)
}

func (i *inodes) put(edits ...edit) {
	for _, e := range edits {
		if e.to == nil {
			delete(e.dir.names, e.name)
		} else {
			e.dir.names[e.name] = e.to
		}
	}
	i.pending = append(i.pending, &change{edits})
}

func (i *inodes) create(path string, empty bool) *file {
	dir, name := i.parent(path)
	if f := dir.names[name]; f != nil { // opened, not made
		if empty {
			f.truncate(0)
		}
		return f
	}
	f := &file{saved: true}
	i.put(edit{dir, name, f})
	return f
}

func (i *inodes) mkdir(path string) {
	dir, name := i.parent(path)
	i.put(edit{dir, name, newDir()})
}

func (i *inodes) remove(path string) {
	dir, name := i.parent(path)
	i.put(edit{dir, name, nil})
}

func (i *inodes) link(from, path string) {
	dir, name := i.parent(path)
	i.put(edit{dir, name, i.at(from)})
}

func (i *inodes) rename(from, into string) {
	a, old := i.parent(from)
	b, name := i.parent(into)
	i.put(edit{a, old, nil}, edit{b, name, a.names[old]})
}

// save notes what the disk has of all below path, before it can change or move.
func (i *inodes) save(top, path string) {
	f := i.at(path)
	if f == nil {
		return
	}
	for name := range f.names {
		i.save(top, filepath.Join(path, name))
	}
	f.save(filepath.Join(top, path))
}

// save notes what the disk has, which is what lies beneath as long as nothing
// was written.
func (f *file) save(beneath string) {
	if f == nil || f.saved || f.names != nil {
		return
	}
	f.data, _ = os.ReadFile(beneath) // a file that cannot be read cannot be written either
	f.saved = true
}

// block is what a disk writes whole or not at all.
const block = 4096

func (f *file) write(data []byte, at int64) {
	for len(data) > 0 {
		n := min(len(data), block-int(at%block))
		f.dirty = append(f.dirty, write{bytes.Clone(data[:n]), at})
		data, at = data[n:], at+int64(n)
	}
}

func (f *file) truncate(size int64) { f.dirty = append(f.dirty, write{nil, size}) }

func (f *file) extend(size int64) {
	if now := int64(len(f.after(f.dirty))); size > now {
		f.truncate(size)
	}
}

// after is what the disk has when the writes have reached it.
func (f *file) after(writes []write) []byte {
	b := bytes.Clone(f.data)
	for _, w := range writes {
		if end := int(w.at) + len(w.data); end > len(b) {
			b = append(b, make([]byte, end-len(b))...)
		}
		if w.data == nil {
			b = b[:w.at]
		}
		copy(b[w.at:], w.data)
	}
	return b
}

func (f *file) sync() {
	if len(f.dirty) > 0 {
		f.data, f.dirty = f.after(f.dirty), nil
	}
}

// syncDir makes the names of a directory durable, with the changes that came
// before and that they rest on: a journal has one order.
func (i *inodes) syncDir(path string) {
	dir := i.at(path)
	if dir == nil {
		return
	}
	type key struct {
		dir  *file
		name string
	}
	needed := map[key]bool{}
	in := make([]bool, len(i.pending))
	for n, c := range slices.Backward(i.pending) {
		in[n] = slices.ContainsFunc(c.edits, func(e edit) bool { return e.dir == dir || needed[key{e.dir, e.name}] })
		for _, e := range c.edits {
			needed[key{e.dir, e.name}] = needed[key{e.dir, e.name}] || in[n]
		}
	}
	rest := i.pending[:0]
	for n, c := range i.pending {
		if in[n] {
			c.keep()
		} else {
			rest = append(rest, c)
		}
	}
	i.pending = rest
}

func (c *change) keep() {
	for _, e := range c.edits {
		if e.to == nil {
			delete(e.dir.kept, e.name)
		} else {
			e.dir.kept[e.name] = e.to
		}
	}
}

// forget loses the changes of a directory that a failing fsync was to keep.
func (i *inodes) forget(path string) {
	dir := i.at(path)
	i.pending = slices.DeleteFunc(i.pending, func(c *change) bool {
		return slices.ContainsFunc(c.edits, func(e edit) bool { return e.dir == dir })
	})
}

// PowerCut makes Dir what the disk has after a loss of power: what was synced,
// and of what was not, what survives, which is asked of each change of names and
// of each block; nil stands for nothing. The program has ended, and the disk is
// unmounted.
func (d *Disk) PowerCut(survives func(Loose) bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if survives == nil {
		survives = func(Loose) bool { return false }
	}
	lost := map[*file]map[string]bool{}
	for _, c := range d.files.pending {
		// What rests on a change that is lost is lost with it.
		if survives(Name) && !slices.ContainsFunc(c.edits, func(e edit) bool { return lost[e.dir][e.name] }) {
			c.keep()
			continue
		}
		for _, e := range c.edits {
			if lost[e.dir] == nil {
				lost[e.dir] = map[string]bool{}
			}
			lost[e.dir][e.name] = true
		}
	}
	return d.files.top.restore(d.Dir, func(f *file) []byte {
		return f.after(slices.DeleteFunc(slices.Clone(f.dirty), func(write) bool { return !survives(Block) }))
	})
}

// Loose is what may or may not have reached the disk without being synced.
type Loose int

const (
	Name  Loose = iota // of a file in its directory
	Block              // of a file's bytes, or its size
)

// restore makes the directory at path what the disk has of it.
func (f *file) restore(path string, content func(*file) []byte) error {
	entries, err := os.ReadDir(path)
	errs := []error{err}
	for _, e := range entries {
		if k := f.kept[e.Name()]; k == nil || (k.names != nil) != e.IsDir() {
			errs = append(errs, os.RemoveAll(filepath.Join(path, e.Name())))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.kept)) {
		k, p := f.kept[name], filepath.Join(path, name)
		switch {
		case k.names != nil:
			if err := os.Mkdir(p, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
				errs = append(errs, err)
			}
			errs = append(errs, k.restore(p, content))
		case k.saved:
			// A file that is linked twice is not two after this: nothing here
			// writes to such.
			mode := fs.FileMode(0o600)
			if st, err := os.Stat(p); err == nil {
				mode = st.Mode().Perm()
			}
			os.Remove(p)
			errs = append(errs, os.WriteFile(p, content(k), mode))
		}
	}
	return errors.Join(errs...)
}
