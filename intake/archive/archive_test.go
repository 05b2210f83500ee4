package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func open(t testing.TB) *Archive {
	t.Helper()
	a, err := Open(filepath.Join(t.TempDir(), "archive"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func put(t testing.TB, a *Archive, text string) string {
	t.Helper()
	sha, size, err := a.Put(strings.NewReader(text))
	if err != nil || size != int64(len(text)) {
		t.Fatal(size, err)
	}
	return sha
}

// files lists what stands in the archive's directory.
func files(a *Archive) []string {
	var all []string
	filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(a.dir, path)
			all = append(all, filepath.ToSlash(name))
		}
		return nil
	})
	return all
}

func TestPut(t *testing.T) {
	a := open(t)
	const text = "a mail\r\n\x00\xff"
	sum := sha256.Sum256([]byte(text))
	want := hex.EncodeToString(sum[:])
	for _, again := range []bool{false, true} {
		if sha := put(t, a, text); sha != want {
			t.Errorf("again %v: %s", again, sha)
		}
	}
	if sha, err := a.PutBytes([]byte(text)); sha != want || err != nil {
		t.Error(sha, err)
	}
	if got := files(a); len(got) != 1 || got[0] != want[:2]+"/"+want[2:] {
		t.Errorf("%v", got)
	}
	if b, err := a.Get(want); string(b) != text || err != nil {
		t.Errorf("%q %v", b, err)
	}
	f, err := a.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, _ := io.ReadAll(f); string(b) != text {
		t.Errorf("%q", b)
	}
	if sha := put(t, a, ""); a.Check(sha) != nil {
		t.Error("nothing at all cannot be kept")
	}
}

// TestWhatWasCutShortIsNotKept: half a mail must not stand there as a mail.
func TestWhatWasCutShortIsNotKept(t *testing.T) {
	lost := errors.New("connection lost")
	for _, row := range []struct {
		sentence string
		r        io.Reader
	}{
		{"the connection broke in the middle", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(lost))},
		{"nothing came at all", iotest.ErrReader(lost)},
		{"it broke after a megabyte", io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(lost))},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			a := open(t)
			if _, _, err := a.Put(row.r); !errors.Is(err, lost) {
				t.Error(err)
			}
			if got := files(a); len(got) > 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

// TestANewProcessMakesOldNamesDurable: a file that an earlier process placed
// and did not live to sync is known again, and its directory synced, before
// anybody relies on it.
func TestANewProcessMakesOldNamesDurable(t *testing.T) {
	a := open(t)
	sha := put(t, a, "mail")
	next, err := Open(a.dir)
	if err != nil {
		t.Fatal(err)
	}
	if put(t, next, "mail") != sha || !next.made[filepath.Dir(next.path(sha))] {
		t.Error("the directory of a name that was found there is not known to be durable")
	}
}

func TestManyPutTheSame(t *testing.T) {
	a := open(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := a.Put(strings.NewReader("the same")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := files(a); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestDamage(t *testing.T) {
	for _, row := range []struct {
		sentence string
		damage   func(path string) error
		mended   bool // by keeping the same bytes again
	}{
		{"a byte flipped: what was kept again was thought to be there", func(p string) error { return os.WriteFile(p, []byte("mAil"), 0o600) }, true},
		{"cut short", func(p string) error { return os.Truncate(p, 2) }, true},
		{"gone", os.Remove, true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			a := open(t)
			sha := put(t, a, "mail")
			if err := a.Check(sha); err != nil {
				t.Fatal(err)
			}
			if err := row.damage(a.path(sha)); err != nil {
				t.Fatal(err)
			}
			err := a.Check(sha)
			if err == nil || errors.Is(err, fs.ErrNotExist) != (row.sentence == "gone") {
				t.Errorf("check: %v", err)
			}
			if b, err := a.Get(sha); err == nil {
				t.Errorf("got %q", b)
			}
			put(t, a, "mail")
			if err := a.Check(sha); (err == nil) != row.mended {
				t.Errorf("after keeping it again: %v", err)
			}
		})
	}
}

func TestOnlyHashesAreNames(t *testing.T) {
	a := open(t)
	os.WriteFile(filepath.Join(filepath.Dir(a.dir), "key"), []byte("secret"), 0o600)
	for _, sha := range []string{"", "../key", strings.Repeat("../", 20) + "key0", strings.Repeat("A", 64)} {
		if _, err := a.Get(sha); err == nil {
			t.Errorf("%q was read", sha)
		}
	}
}

func TestSweep(t *testing.T) {
	for _, row := range []struct {
		sentence string
		alone    bool
		left     int
	}{
		{"what a killed process left half-written is removed", true, 0},
		{"what another process may be writing is not", false, 2},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			a := open(t)
			sha := put(t, a, "a mail")
			dir := t.TempDir()
			tree, err := OpenTree(dir, a)
			if err != nil {
				t.Fatal(err)
			}
			defer tree.Close()
			half := []string{filepath.Join(a.dir, "new-1234"), filepath.Join(dir, ".ABCD.part")}
			people := filepath.Join(dir, "báo cáo.part")
			for _, name := range append(half, people) {
				if err := os.WriteFile(name, []byte("hal"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			alone := func() (bool, error) { return row.alone, nil }
			if err := errors.Join(a.Sweep(alone), tree.Sweep(alone)); err != nil {
				t.Fatal(err)
			}
			left := 0
			for _, name := range half {
				if _, err := os.Stat(name); err == nil {
					left++
				}
			}
			if left != row.left {
				t.Errorf("%d are left, want %d", left, row.left)
			}
			if _, err := os.Stat(people); err != nil || a.Check(sha) != nil {
				t.Errorf("what people put there, or what is kept, is gone too: %v, %v", err, a.Check(sha))
			}
		})
	}
}
