//go:build unix

package ledger

import (
	"os"
	"syscall"
)

// lock takes the file for this process alone, or fails at once. The kernel
// releases it when the process ends, however it ends.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// held reports whether some process holds the file under path.
func held(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return !os.IsNotExist(err)
	}
	defer f.Close()
	return lock(f) != nil
}
