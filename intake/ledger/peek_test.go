package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are the names and bytes below a directory.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLookingChangesNothing(t *testing.T) {
	for _, c := range []struct {
		sentence string
		make     func(t *testing.T, dir string)
		schema   int
		err      string
	}{
		{"a directory without a ledger stays one", func(*testing.T, string) {}, 0, "no such file"},
		{"a ledger that nobody has open", func(t *testing.T, dir string) { made(t, dir).Close() }, len(migrations), ""},
		{"a ledger that a daemon has open", func(t *testing.T, dir string) {
			l := made(t, dir)
			t.Cleanup(func() { l.Close() })
		}, len(migrations), ""},
		{"a ledger of a newer program", func(t *testing.T, dir string) { version(t, dir, 99) }, 99, ""},
		{"a ledger of an older program is not brought up to date", func(t *testing.T, dir string) { version(t, dir, 1) }, 1, ""},
		{"a ledger that is none", func(t *testing.T, dir string) {
			made(t, dir).Close()
			if err := os.WriteFile(filepath.Join(dir, "ledger.db"), []byte(strings.Repeat("damaged ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, 0, "not a database"},
		{"a ledger whose key is lost", func(t *testing.T, dir string) {
			made(t, dir).Close()
			if err := os.Remove(filepath.Join(dir, "key")); err != nil {
				t.Fatal(err)
			}
		}, 0, "put the key back"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "đợt 1?x%20")
			if err := os.Mkdir(dir, 0o750); err != nil {
				t.Fatal(err)
			}
			c.make(t, dir)
			before := files(t, dir)
			p, err := LookAt(t.Context(), dir)
			if p.Schema != c.schema || p.Known != len(migrations) || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%+v, %v", p, err)
			}
			if c.schema == 0 && c.err == "no such file" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v", err)
			}
			after := files(t, dir)
			for name, data := range before {
				// The index of the WAL is shared memory: locks are written there.
				if after[name] != data && !strings.HasSuffix(name, "-shm") {
					t.Errorf("%s was changed", name)
				}
			}
			if len(after) != len(before) {
				t.Errorf("there were %d files, now %d", len(before), len(after))
			}
		})
	}
}

func made(t *testing.T, dir string) *Ledger {
	t.Helper()
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func version(t *testing.T, dir string, n int) {
	t.Helper()
	l := made(t, dir)
	defer l.Close()
	if _, err := l.db.ExecContext(context.Background(), fmt.Sprintf("PRAGMA user_version = %d", n)); err != nil {
		t.Fatal(err)
	}
}

func TestWhoWorksHereIsCountedWithoutATrace(t *testing.T) {
	dir := t.TempDir()
	count := func(want int) {
		t.Helper()
		before := files(t, dir)
		if n, err := Working(dir); n != want || err != nil {
			t.Errorf("%d work here, want %d: %v", n, want, err)
		}
		if after := files(t, dir); !maps.Equal(before, after) {
			t.Errorf("%v became %v", before, after)
		}
	}
	count(0)
	one, two := open(t, dir), open(t, dir)
	count(2)
	two.Close()
	count(1)
	// One that was killed leaves its file behind, and nobody holds it.
	if err := os.WriteFile(filepath.Join(dir, "run", "KILLED"), nil, 0o640); err != nil {
		t.Fatal(err)
	}
	count(1)
	one.Close()
	count(0)
}

func TestWhatCannotBeLockedIsSaid(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if mine, err := lock(f); mine || err == nil {
		t.Errorf("a file that cannot be locked: %v, %v", mine, err)
	}
}
