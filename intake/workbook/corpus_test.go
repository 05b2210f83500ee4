package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPublicCorpus reads the public test files of other spreadsheet libraries,
// where they are at hand: each ends in cells or in an *Error, none in "empty".
func TestPublicCorpus(t *testing.T) {
	shared := os.Getenv("DONDOC_SHARED")
	if shared == "" {
		t.Skip("DONDOC_SHARED is not set")
	}
	root := filepath.Join(shared, "corpora", "sheet")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, root)
		b, err := Open(data)
		var e *Error
		switch {
		case err == nil:
			n := 0
			for _, s := range b.Sheets {
				n += len(s.Cells())
			}
			t.Logf("%-60s %d sheets %d cells", name, len(b.Sheets), n)
		case errors.As(err, &e):
			t.Logf("%-60s %v", name, e)
		default:
			t.Errorf("%s: not an *Error: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
