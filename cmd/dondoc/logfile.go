package main

import (
	"fmt"
	"os"
	"sync"
)

// logFile is a screen for a daemon that has none: a file that is set aside when
// it is full, under its name with .1, .2 and so on, of which the oldest goes.
type logFile struct {
	path string
	full int64 // bytes
	keep int   // how many full ones stay

	mu   sync.Mutex
	file *os.File
	size int64
}

// openLog goes on with the file that is there.
func openLog(path string, full int64, keep int) (*logFile, error) {
	l := &logFile{path: path, full: full, keep: keep}
	return l, l.open()
}

func (l *logFile) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	l.file, l.size = f, info.Size()
	return nil
}

// Write never splits what it is given: a line stands in one file.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > 0 && l.size+int64(len(p)) > l.full {
		l.turn()
	}
	if l.file == nil {
		if err := l.open(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(p)
	l.size += int64(n)
	return n, err
}

// turn begins a new file. Where somebody looks at the old one with a program
// that lets nobody rename it, the old one just grows until the next line.
func (l *logFile) turn() {
	l.file.Close()
	l.file = nil
	for n := l.keep; n > 0; n-- {
		from := l.path
		if n > 1 {
			from = fmt.Sprintf("%s.%d", l.path, n-1)
		}
		os.Rename(from, fmt.Sprintf("%s.%d", l.path, n))
	}
}

// Close lets the file go.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
