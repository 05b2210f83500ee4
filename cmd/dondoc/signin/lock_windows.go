package signin

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock waits for the file; closing it lets go.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &windows.Overlapped{})
}

// syncDir has nothing to do: NTFS keeps names in a journal of its own.
func syncDir(string) error { return nil }
