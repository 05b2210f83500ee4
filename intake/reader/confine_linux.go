package reader

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// Confine takes from the calling process, for good, what a reader of
// strangers' bytes has no use for: files, sockets, new descriptors of any
// kind, privileges, and memory beyond the limit in bytes. It is called at the
// very start of the child, before the first byte of a mail is read. what names
// the restrictions that hold, for the log and for doctor; a kernel without
// Landlock leaves out "files" and "tcp" without an error, because the other
// restrictions still stand. An error means that something that every kernel
// can do has failed: the child must not go on.
func Confine(memory uint64) (what []string, err error) {
	// Both settings belong to the runtime, not the kernel: two threads are all
	// that the machine has to spare, and runaway recursion is to die as what
	// it is, long before the memory limit. Fixing GOMAXPROCS also ends the
	// runtime's habit of looking up the CPU limit in files.
	runtime.GOMAXPROCS(min(2, runtime.GOMAXPROCS(0)))
	debug.SetMaxStack(64 << 20)

	// The runtime opens its poller with the first timer; there will be no
	// descriptors left for it then.
	if r, w, err := os.Pipe(); err == nil {
		r.Close()
		w.Close()
	}

	// What the daemon left open by mistake would be usable in here, whatever is
	// forbidden from now on.
	closeInherited()

	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return what, fmt.Errorf("reader: no_new_privs: %w", err)
	}
	what = append(what, "privileges")

	// V10 knows TCP, UDP, abstract unix sockets and signals; BestEffort takes
	// of it what this kernel offers, which may be nothing.
	if err := landlock.V10.BestEffort().Restrict(); err != nil {
		return what, fmt.Errorf("reader: landlock: %w", err)
	}
	if f, err := os.Open("/"); err == nil {
		f.Close()
	} else if errors.Is(err, os.ErrPermission) {
		what = append(what, "files")
	}
	if !bindAllowed() {
		what = append(what, "tcp")
	}

	if memory > 0 && limitsMemory {
		// Of the limits on memory this is the one that fits Go: RLIMIT_AS
		// counts the address space that the runtime reserves and never uses.
		if err := limit(unix.RLIMIT_DATA, memory); err != nil {
			return what, fmt.Errorf("reader: RLIMIT_DATA: %w", err)
		}
		// The runtime's own bookkeeping counts as data too, more than 100 MB
		// of it before the first byte of a mail: collecting only when three
		// quarters of the limit are in use would be too late.
		debug.SetMemoryLimit(int64(memory / 2))
		what = append(what, "memory")
	}
	if err := limit(unix.RLIMIT_CORE, 0); err != nil {
		return what, fmt.Errorf("reader: RLIMIT_CORE: %w", err)
	}
	what = append(what, "core")
	// No descriptor above those that are open now: no file and no socket of
	// any family can be opened, Landlock or not.
	if err := limit(unix.RLIMIT_NOFILE, uint64(firstFree())); err != nil {
		return what, fmt.Errorf("reader: RLIMIT_NOFILE: %w", err)
	}
	return append(what, "descriptors"), nil
}

// closeInherited closes every descriptor above the three of the protocol that
// is a file, a pipe or a socket. What has no type is the runtime's own poller.
func closeInherited() {
	var have unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &have) != nil {
		have.Cur = 1024
	}
	const most = 1 << 16 // a daemon that has more open has other troubles
	for fd := 3; fd < int(min(have.Cur, most)); fd++ {
		var st unix.Stat_t
		if unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT != 0 {
			unix.Close(fd)
		}
	}
}

func limit(resource int, value uint64) error {
	var have unix.Rlimit
	if err := unix.Getrlimit(resource, &have); err != nil {
		return err
	}
	value = min(value, have.Max)
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: value, Max: value})
}

// firstFree is the lowest descriptor that is not open: the kernel gives that
// one next, so a limit of just as many leaves none to give. Descriptors above
// a gap stay open, and usable.
func firstFree() int {
	for fd := 0; ; fd++ {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			return fd
		}
	}
}

// bindAllowed tries a TCP bind to a free loopback port, which Landlock refuses
// with EACCES from its version 4 on.
func bindAllowed() bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return true
	}
	defer unix.Close(fd)
	err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	return !errors.Is(err, unix.EACCES)
}
