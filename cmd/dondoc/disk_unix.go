//go:build linux || darwin || freebsd

package main

import "golang.org/x/sys/unix"

// freeSpace is what a user without privileges may still write below dir, in bytes.
func freeSpace(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint64(max(0, s.Bavail)) * uint64(s.Bsize), nil
}

// writable asks whether files can be made in dir, and makes none.
func writable(dir string) error { return unix.Access(dir, unix.W_OK|unix.X_OK) }
