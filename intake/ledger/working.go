package ledger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Working counts the processes that work on the ledger in dir now: they share
// its work by claims. It takes no lock and makes no file.
func Working(dir string) (int, error) {
	run := filepath.Join(dir, "run")
	entries, err := os.ReadDir(run)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	n := 0
	for _, e := range entries {
		works, berr := busy(filepath.Join(run, e.Name()))
		if works {
			n++
		}
		err = errors.Join(err, berr)
	}
	return n, err
}
