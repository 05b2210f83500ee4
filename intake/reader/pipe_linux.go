package reader

import (
	"os"

	"golang.org/x/sys/unix"
)

// widen makes room in a pipe for a mail of usual size, so that it is handed
// over at once and not by 64 KB in turns. Where the kernel refuses, the pipe
// stays as it is.
func widen(pipe *os.File) {
	raw, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) { unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) })
}
