//go:build unix

package ledger

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process alone, and is false at once where
// another holds it. The kernel releases it when the process ends, however it
// ends. An error says that the file system knows no locks.
func lock(f *os.File) (bool, error) { return flock(f, syscall.LOCK_EX) }

func flock(f *os.File, how int) (bool, error) {
	err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// held reports whether some process holds the file under path.
func held(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return !os.IsNotExist(err)
	}
	defer f.Close()
	free, _ := lock(f)
	return !free
}

// busy is held for who may change nothing: the file is opened for reading, and
// a lock that others can share tells it too.
func busy(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil // it has just ended
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	free, err := flock(f, syscall.LOCK_SH)
	return !free && err == nil, err
}
