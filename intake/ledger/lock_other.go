//go:build !unix

package ledger

import "os"

// lock has nothing to do: Windows does not let go of an open file.
func lock(*os.File) (bool, error) { return true, nil }

// held reports whether some process has the file under path open: Windows
// then refuses to remove it.
func held(path string) bool {
	err := os.Remove(path)
	return err != nil && !os.IsNotExist(err)
}

// busy cannot be told without trying to remove the file.
func busy(string) (bool, error) { return false, nil }
