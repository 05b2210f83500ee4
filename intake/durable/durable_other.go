//go:build !windows

package durable

import (
	"errors"
	"os"
)

// Dir returns when the names in dir are on the disk: files that were made,
// renamed or linked there stay under these names when the power fails (fsync(2)).
func Dir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
