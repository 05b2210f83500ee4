//go:build linux

package brittle

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// node passes on what only looks, and tells the disk of what changes.
type node struct {
	fs.LoopbackNode
	disk *Disk
}

// below is the path of a name in the directory, below the disk's top.
func (n *node) below(name string) string { return filepath.Join(n.Path(n.disk.top()), name) }

func (d *Disk) top() *fs.Inode { return d.root.EmbeddedInode() }

// beneath is the path at which the bytes lie.
func (d *Disk) beneath(path string) string { return filepath.Join(d.Dir, path) }

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (in *fs.Inode, h fs.FileHandle, _ uint32, errno syscall.Errno) {
	path := n.below(name)
	var opened *file
	errno = n.disk.change("create", path, func() (errno syscall.Errno) {
		in, h, _, errno = n.LoopbackNode.Create(ctx, name, flags, mode, out)
		return errno
	}, func() { opened = n.disk.files.create(path, flags&syscall.O_TRUNC != 0) })
	if errno != 0 {
		if h != nil {
			h.(*fs.LoopbackFile).Release(ctx)
		}
		return nil, nil, 0, errno
	}
	return in, &handle{h.(*fs.LoopbackFile), n.disk, opened, path}, 0, 0
}

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	path := n.below("")
	var h fs.FileHandle
	open := func() (errno syscall.Errno) {
		h, _, errno = n.LoopbackNode.Open(ctx, flags)
		return errno
	}
	errno := syscall.Errno(0)
	if flags&syscall.O_TRUNC != 0 {
		errno = n.disk.change("truncate", path, func() syscall.Errno {
			n.disk.files.at(path).save(n.disk.beneath(path))
			return open()
		}, func() { n.disk.files.at(path).truncate(0) })
	} else {
		errno = open()
	}
	if errno != 0 {
		if h != nil {
			h.(*fs.LoopbackFile).Release(ctx)
		}
		return nil, 0, errno
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	return &handle{h.(*fs.LoopbackFile), n.disk, n.disk.files.at(path), path}, 0, 0
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (in *fs.Inode, errno syscall.Errno) {
	path := n.below(name)
	errno = n.disk.change("mkdir", path, func() (errno syscall.Errno) {
		in, errno = n.LoopbackNode.Mkdir(ctx, name, mode, out)
		return errno
	}, func() { n.disk.files.mkdir(path) })
	if errno != 0 {
		return nil, errno
	}
	return in, 0
}

func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno {
	path := n.below(name)
	return n.disk.change("rmdir", path, func() syscall.Errno { return n.LoopbackNode.Rmdir(ctx, name) }, func() { n.disk.files.remove(path) })
}

func (n *node) Unlink(ctx context.Context, name string) syscall.Errno {
	path := n.below(name)
	return n.disk.change("unlink", path, func() syscall.Errno {
		n.disk.files.at(path).save(n.disk.beneath(path))
		return n.LoopbackNode.Unlink(ctx, name)
	}, func() { n.disk.files.remove(path) })
}

func (n *node) Rename(ctx context.Context, name string, parent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	to, ok := parent.(*node)
	if !ok || flags&^1 != 0 { // RENAME_NOREPLACE alone is known here
		return syscall.EINVAL
	}
	from, into := n.below(name), to.below(newName)
	return n.disk.change("rename", into, func() syscall.Errno {
		n.disk.files.save(n.disk.Dir, from)
		n.disk.files.save(n.disk.Dir, into)
		return n.LoopbackNode.Rename(ctx, name, parent, newName, flags)
	}, func() { n.disk.files.rename(from, into) })
}

func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (in *fs.Inode, errno syscall.Errno) {
	of, ok := target.(*node)
	if !ok {
		return nil, syscall.EXDEV
	}
	from, path := of.below(""), n.below(name)
	errno = n.disk.change("link", path, func() (errno syscall.Errno) {
		n.disk.files.save(n.disk.Dir, from)
		in, errno = n.LoopbackNode.Link(ctx, target, name, out)
		return errno
	}, func() { n.disk.files.link(from, path) })
	if errno != 0 {
		return nil, errno
	}
	return in, 0
}

func (n *node) Symlink(context.Context, string, string, *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return nil, syscall.ENOTSUP
}

func (n *node) Mknod(context.Context, string, uint32, uint32, *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return nil, syscall.ENOTSUP
}

func (n *node) Tmpfile(context.Context, uint32, uint32, *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	return nil, nil, 0, syscall.ENOTSUP
}

// CopyFileRange is left to the kernel, which reads and writes instead.
func (n *node) CopyFileRange(context.Context, fs.FileHandle, uint64, *fs.Inode, fs.FileHandle, uint64, uint64, uint64) (uint32, syscall.Errno) {
	return 0, syscall.ENOSYS
}

func (n *node) Setattr(ctx context.Context, h fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	path := n.below("")
	var on fs.FileHandle
	f, opened := h.(*handle)
	if opened {
		path, on = f.path, f.LoopbackFile
	}
	size, sized := in.GetSize()
	name := "setattr"
	if sized {
		name = "truncate"
	}
	of := func() *file {
		if opened {
			return f.of
		}
		return n.disk.files.at(path)
	}
	return n.disk.change(name, path, func() syscall.Errno {
		if sized {
			of().save(n.disk.beneath(path))
		}
		return n.LoopbackNode.Setattr(ctx, on, in, out)
	}, func() {
		if sized {
			of().truncate(int64(size))
		}
	})
}

func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	h, _, errno := n.LoopbackNode.OpendirHandle(ctx, flags)
	if errno != 0 {
		return nil, 0, errno
	}
	return &folder{h.(stream), n.disk, n.below("")}, 0, 0
}

// stream is what go-fuse reads a directory through.
type stream interface {
	fs.FileReaddirenter
	fs.FileReleasedirer
	fs.FileSeekdirer
}

// folder is an open directory.
type folder struct {
	stream
	disk *Disk
	path string
}

func (f *folder) Fsyncdir(context.Context, uint32) syscall.Errno {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	fault, errno := f.disk.begin("fsync", f.path+"/")
	if errno != 0 {
		return errno
	}
	if fault.Drop {
		f.disk.files.forget(f.path)
		return fault.Errno
	}
	f.disk.files.syncDir(f.path)
	return f.disk.end(fault)
}

// handle is an open file.
type handle struct {
	*fs.LoopbackFile
	disk *Disk
	of   *file
	path string // under which it was opened
}

// PassthroughFd keeps the kernel from writing past the disk.
func (h *handle) PassthroughFd() (int, bool) { return 0, false }

func (h *handle) Write(ctx context.Context, data []byte, off int64) (uint32, syscall.Errno) {
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.HasSuffix(h.path, "-shm") {
		// Shared memory: pages come whenever the kernel likes, and what they
		// say is worth nothing after a crash.
		return h.LoopbackFile.Write(ctx, data, off)
	}
	f, errno := d.begin("write", h.path)
	if errno != 0 {
		return 0, errno
	}
	if f.Part > 0 && f.Part < len(data) {
		data = data[:f.Part]
	} else if f.Errno != 0 {
		return 0, f.Errno
	}
	h.of.save(d.beneath(h.path))
	n, errno := h.LoopbackFile.Write(ctx, data, off)
	if errno != 0 {
		return n, errno
	}
	h.of.write(data[:n], off)
	return n, d.end(f)
}

// Fsync makes nothing durable in truth: the disk only pretends to lose its
// power.
func (h *handle) Fsync(context.Context, uint32) syscall.Errno {
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	f, errno := d.begin("fsync", h.path)
	if errno != 0 {
		return errno
	}
	if f.Drop {
		h.of.dirty = nil
		d.end(f)
		return f.Errno
	}
	h.of.sync()
	return d.end(f)
}

func (h *handle) Allocate(ctx context.Context, off, size uint64, mode uint32) syscall.Errno {
	return h.disk.change("fallocate", h.path, func() syscall.Errno {
		h.of.save(h.disk.beneath(h.path))
		return h.LoopbackFile.Allocate(ctx, off, size, mode)
	}, func() { h.of.extend(int64(off + size)) })
}

// Ioctl could change what nobody sees.
func (h *handle) Ioctl(context.Context, uint32, uint64, []byte, []byte) (int32, syscall.Errno) {
	return 0, syscall.ENOTTY
}
