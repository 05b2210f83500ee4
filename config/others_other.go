//go:build !windows

package config

import "os"

// OpenToOthers reports whether other users of this machine can read a file that
// is nobody's but ours: a key, a password.
func OpenToOthers(path string) (bool, error) {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0, err
}

// CloseToOthers is the command by which its owner keeps a file to himself.
func CloseToOthers(path string) string { return "chmod 600 " + path }
