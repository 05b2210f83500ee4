package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheLogIsNeverLargerThanItMayBe: however much is said, there are so many
// files of so many bytes; the newest lines are all there, in order, each whole.
func TestTheLogIsNeverLargerThanItMayBe(t *testing.T) {
	const full, keep = 100, 2
	path := filepath.Join(t.TempDir(), "dondoc.log")
	l, err := openLog(path, full, keep)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if i == 50 { // a restart goes on with what is there
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if l, err = openLog(path, full, keep); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := fmt.Fprintf(l, "line %02d of the log\n", i); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(path + "*")
	if want := []string{path, path + ".1", path + ".2"}; !slices.Equal(files, want) {
		t.Fatalf("%v", files)
	}
	var lines []string
	for _, file := range []string{path + ".2", path + ".1", path} {
		b, err := os.ReadFile(file)
		if err != nil || len(b) > full {
			t.Errorf("%s: %d bytes, %v", file, len(b), err)
		}
		lines = append(lines, strings.Split(strings.TrimSpace(string(b)), "\n")...)
	}
	for i, line := range lines {
		if want := fmt.Sprintf("line %02d of the log", 100-len(lines)+i); line != want {
			t.Errorf("%q, want %q", line, want)
		}
	}
	if len(lines) < 11 {
		t.Errorf("only %d lines are left", len(lines))
	}
}
