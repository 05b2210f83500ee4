package archive

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestBatch(t *testing.T) {
	broken := errors.New("broken")
	for _, row := range []struct {
		sentence string
		put      []string // "!" is a source that breaks
		keep     bool
		want     int // files that are kept
	}{
		{"what is kept together is kept", []string{"a", "b", "c"}, true, 3},
		{"the same bytes twice are one file", []string{"a", "a", "b"}, true, 2},
		{"what breaks off adds nothing and takes nothing away", []string{"a", "!", "b"}, true, 2},
		{"nothing is kept before Keep", []string{"a", "b"}, false, 0},
		{"an empty batch is kept", nil, true, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			dir := t.TempDir()
			a, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			b := a.Batch()
			for i, s := range row.put {
				var r io.Reader = strings.NewReader(s)
				if s == "!" {
					r = io.MultiReader(r, iotest.ErrReader(broken))
				}
				var err error
				if i%2 == 0 || s == "!" {
					_, _, err = b.Put(r)
				} else {
					_, err = b.PutBytes([]byte(s))
				}
				if (err != nil) != (s == "!") {
					t.Fatalf("%q: %v", s, err)
				}
			}
			if row.keep {
				if err := b.Keep(); err != nil || b.Len() != 0 {
					t.Fatal(err, b.Len())
				}
			}
			b.Drop()
			if all, err := a.List(); err != nil || len(all) != row.want {
				t.Errorf("%d are kept (%v), want %d", len(all), err, row.want)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "new-*")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// TestABatchThatCannotBeKeptWhole says so, leaves nothing half-written, and all
// of it can be put again.
func TestABatchThatCannotBeKeptWhole(t *testing.T) {
	dir := t.TempDir()
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var stuck string // a file stands where the directory of one of them belongs
	put := func() error {
		b := a.Batch()
		for _, s := range []string{"a", "b", "c", "d"} {
			sha, err := b.PutBytes(bytes.Repeat([]byte(s), 10))
			if err != nil {
				t.Fatal(err)
			}
			stuck = filepath.Join(dir, sha[:2])
		}
		if _, err := os.Stat(stuck); err != nil {
			os.WriteFile(stuck, nil, 0o600)
		}
		return b.Keep()
	}
	if err := put(); err == nil {
		t.Error("nothing was said")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "new-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	os.Remove(stuck)
	os.Mkdir(stuck, 0o750)
	if err := put(); err != nil {
		t.Error(err)
	}
	if all, _ := a.List(); len(all) != 4 {
		t.Errorf("%d are kept", len(all))
	}
}
