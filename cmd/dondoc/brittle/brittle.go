//go:build linux

// Package brittle is a disk that fails, for tests: a directory is mounted
// elsewhere through FUSE, every operation that changes something is numbered,
// and at any of them the disk may be full, be broken, or lose its power.
//
// The program under test has to be another process than the one that serves
// the mount: a page fault on a file of it would wait for the process that
// waits.
package brittle

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Op is one operation that changes something.
type Op struct {
	N    int    // of the disk's operations, from 1
	Name string // create, write, fsync, rename, …
	Path string // below the disk's top
}

func (o Op) String() string { return fmt.Sprintf("%d %s %s", o.N, o.Name, o.Path) }

// Fault is what happens instead of an operation, or besides. The zero Fault is
// that all goes well.
type Fault struct {
	Errno syscall.Errno // what it fails with
	// Part is how much of a write is done before it fails: it is then a short
	// one, which succeeds.
	Part int
	// Drop makes what a failing fsync was to make durable look as if it were:
	// the kernel marks the pages clean, and they never reach the disk.
	Drop bool
	// Kill calls the disk's Kill before the operation, which is not done, or
	// after it. Nothing is done any more from then on.
	KillBefore, KillAfter bool
}

// Disk is a mounted directory.
type Disk struct {
	Dir   string // what is on the disk, as this process may see it
	Mount string // the same, for the program
	// Fault is asked before each operation, one at a time.
	Fault func(Op) Fault
	// Kill ends the program at once.
	Kill func()

	server *fuse.Server
	root   *node

	mu    sync.Mutex
	n     int
	dead  bool
	files inodes
}

// Mount mounts dir.
func Mount(dir, on string) (*Disk, error) {
	d := &Disk{Dir: dir, Mount: on}
	if err := d.files.read(dir); err != nil {
		return nil, err
	}
	root := &fs.LoopbackRoot{Path: dir}
	var st syscall.Stat_t
	if err := syscall.Stat(dir, &st); err != nil {
		return nil, err
	}
	root.Dev = uint64(st.Dev)
	//lint:ignore SA1019 what takes its place has each node made first as another, only to be taken apart
	root.NewNode = func(r *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder {
		return &node{LoopbackNode: fs.LoopbackNode{RootData: r}, disk: d}
	}
	top := &node{LoopbackNode: fs.LoopbackNode{RootData: root}, disk: d}
	root.RootNode, d.root = top, top
	var err error
	// Nothing is remembered between operations but the pages of open files. Who is
	// not root mounts through fusermount3.
	d.server, err = fs.Mount(on, top, &fs.Options{MountOptions: fuse.MountOptions{
		DirectMount: true, FsName: "brittle", Name: "brittle", DisableXAttrs: true, DisableReadDirPlus: true,
	}})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Unmount takes the disk away from the program, which has ended.
func (d *Disk) Unmount() (err error) {
	for range 100 {
		if err = d.server.Unmount(); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond) // a process that was killed is still closing its files
	}
	return err
}

// Ops is how many operations there were.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

// Restarted lets another program work on the disk after one was killed: what
// that one wrote is there, synced or not.
func (d *Disk) Restarted() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = false
}

// change does one operation that changes something: do on the files, note in
// the account of what is durable.
func (d *Disk) change(name, path string, do func() syscall.Errno, note func()) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, errno := d.begin(name, path)
	if errno != 0 {
		return errno
	}
	if errno := do(); errno != 0 {
		return errno
	}
	note()
	return d.end(f)
}

// begin numbers the operation and says what is to happen to it.
func (d *Disk) begin(name, path string) (Fault, syscall.Errno) {
	if d.dead {
		return Fault{}, syscall.EIO
	}
	d.n++
	var f Fault
	if d.Fault != nil {
		f = d.Fault(Op{d.n, name, path})
	}
	if f.KillBefore {
		d.kill()
		return f, syscall.EIO
	}
	if f.Part == 0 && !f.Drop {
		return f, f.Errno
	}
	return f, 0
}

func (d *Disk) end(f Fault) syscall.Errno {
	if f.KillAfter {
		d.kill()
	}
	return 0
}

func (d *Disk) kill() {
	d.dead = true
	if d.Kill != nil {
		d.Kill()
	}
}

// Mountable reports why no disk can be mounted here, nil if one can.
func Mountable() error {
	dir, err := os.MkdirTemp("", "brittle")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	on, err := os.MkdirTemp("", "brittle")
	if err != nil {
		return err
	}
	defer os.Remove(on)
	d, err := Mount(dir, on)
	if err != nil {
		return err
	}
	return d.Unmount()
}
