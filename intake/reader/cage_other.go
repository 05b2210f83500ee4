//go:build !linux

package reader

import "errors"

// Cage is for Linux alone: elsewhere LibreOffice is not run on strangers' files.
func Cage(string) error { return errors.New("reader: LibreOffice can be confined on Linux only") }
