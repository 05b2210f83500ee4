package durable

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// Dir returns when the names in dir are on the disk: files that were made,
// renamed or linked there stay under these names when the power fails. NTFS
// does that for a directory that was opened for writing, which Go's os has no
// way to do; file systems that cannot (FAT, some network disks) keep names by
// their own rules, and there is nothing more to be asked of them.
func Dir(dir string) error {
	long, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	// CreateFile takes no more than MAX_PATH characters without the prefix.
	if !strings.HasPrefix(long, `\\`) {
		long = `\\?\` + long
	}
	name, err := windows.UTF16PtrFromString(long)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err == nil {
		err = errors.Join(windows.FlushFileBuffers(h), windows.CloseHandle(h))
	}
	for _, cannot := range []syscall.Errno{windows.ERROR_ACCESS_DENIED, windows.ERROR_INVALID_FUNCTION, windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_HANDLE, windows.ERROR_INVALID_PARAMETER} {
		if errors.Is(err, cannot) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("durable: %s: %w", dir, err)
	}
	return nil
}
