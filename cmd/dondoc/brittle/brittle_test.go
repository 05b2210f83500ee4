//go:build linux

package brittle

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestPowerCut lets a shell work on the disk and cuts the power.
func TestPowerCut(t *testing.T) {
	for _, row := range []struct {
		sentence string
		script   string
		want     string // PATH=CONTENT, in order
	}{
		{"what nobody syncs was never there", "echo new >a; echo changed >old", "old=before"},
		{"a file that is synced, in a directory that is not, has no name", "echo new >a; sync a", "old=before"},
		{"a name without the bytes is an empty file", "echo new >a; sync .", "a= old=before"},
		{"both are durable", "echo new >a; sync a .", "a=new old=before"},
		{"what is written after the sync is gone", "echo new >a; sync a .; echo more >>a", "a=new old=before"},
		{"a file over another, unsynced, leaves the old one", "echo new >a; sync a; mv a old", "old=before"},
		{"synced after the rename, it is there, and under one name", "echo new >a; sync a; mv a old; sync .", "old=new"},
		{"a rename out of an unsynced directory brings the file", "mkdir d; sync .; echo new >d/a; sync d/a; mv d/a a; sync .", "a=new d/ old=before"},
		{"a directory that is not in its parent takes all with it", "mkdir d; echo new >d/a; sync d/a d", "old=before"},
		{"what is removed comes back", "rm old", "old=before"},
		{"unless its directory was synced", "rm old; sync .", ""},
		{"a second name counts like the first", "ln old a; sync .", "a=before old=before"},
		{"a shorter file is as long as before", "truncate -s 2 old", "old=before"},
		{"a file that was changed, then renamed, has what was synced", "echo more >>old; mv old a; sync .", "a=before"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			d := brittle(t)
			d.shell(t, row.script)
			if err := d.PowerCut(nil); err != nil {
				t.Fatal(err)
			}
			if got := listed(t, d.Dir); got != row.want {
				t.Errorf("the disk has %q, want %q", got, row.want)
			}
		})
	}
}

// TestSomeSurvives: of what was not synced any part may be there, but a file
// that was synced is whole, and a rename is there or not.
func TestSomeSurvives(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(40) {
		d, rng := brittle(t), rand.New(rand.NewPCG(seed, 0))
		d.shell(t, "echo new >a; sync a; mv a old; echo loose >b")
		if err := d.PowerCut(func(Loose) bool { return rng.IntN(2) == 0 }); err != nil {
			t.Fatal(err)
		}
		got := listed(t, d.Dir)
		if !slices.Contains([]string{"old=before", "old=new", "a=new old=before", "b= old=before", "b=loose old=before", "b= old=new", "b=loose old=new", "a=new b= old=before", "a=new b=loose old=before"}, got) {
			t.Errorf("seed %d: the disk has %q", seed, got)
		}
		seen[got] = true
	}
	if len(seen) < 4 {
		t.Errorf("chance brings only %v", seen)
	}
}

// TestFaults lets a shell meet faults.
func TestFaults(t *testing.T) {
	at := func(n int, f Fault) func(Op) Fault {
		return func(op Op) Fault {
			if op.N == n {
				return f
			}
			return Fault{}
		}
	}
	for _, row := range []struct {
		sentence string
		fault    func(Op) Fault
		script   string
		says     string
		want     string
		cut      bool
	}{
		{"the first write finds the disk full, and nothing else does", at(2, Fault{Errno: syscall.ENOSPC}), "echo new >a || echo again >b", "I/O error", "a= b=again old=before", false},
		{"a name that cannot be made is not there", at(1, Fault{Errno: syscall.EIO}), "mkdir d", "Input/output error", "old=before", false},
		{"a short write is done in part, and tells so", at(2, Fault{Part: 2}), "echo new >a", "", "a=new old=before", false},
		{"killed before a rename, it is not done, nor anything after", at(3, Fault{KillBefore: true}), "echo new >a; mv a b; echo more >c", "", "a=new old=before", false},
		{"killed after it, it is done", at(3, Fault{KillAfter: true}), "echo new >a; mv a b; echo more >c", "", "b=new old=before", false},
		{"what a failing fsync dropped, a second one does not bring back", at(3, Fault{Errno: syscall.EIO, Drop: true}), "echo new >a; sync a; sync a .", "Input/output error", "a= old=before", true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			d := brittle(t)
			d.Fault = row.fault
			if says := d.shell(t, row.script); !strings.Contains(says, row.says) {
				t.Errorf("the shell says %q, want %q", says, row.says)
			}
			if row.cut {
				if err := d.PowerCut(nil); err != nil {
					t.Fatal(err)
				}
			}
			if got := listed(t, d.Dir); got != row.want {
				t.Errorf("the disk has %q, want %q", got, row.want)
			}
		})
	}
}

// brittle is a disk with one file, old.
func brittle(t *testing.T) *Disk {
	t.Helper()
	if err := Mountable(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no disk can be mounted through FUSE: %v", err)
		}
		t.Skipf("no disk can be mounted through FUSE: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old"), []byte("before\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Mount(dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shell runs a script in the disk's top, and takes the disk away from it.
func (d *Disk) shell(t *testing.T, script string) string {
	t.Helper()
	c := exec.Command("sh", "-c", "cd "+d.Mount+"\n"+script)
	d.Kill = func() { c.Process.Kill() }
	out, _ := c.CombinedOutput() // how it ends is part of some stories
	if err := d.Unmount(); err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func listed(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if e.IsDir() {
			all = append(all, rel+"/")
			return nil
		}
		b, err := os.ReadFile(path)
		all = append(all, fmt.Sprintf("%s=%s", rel, strings.TrimSpace(string(b))))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// A directory that holds something is seen by that.
	all = slices.DeleteFunc(all, func(s string) bool {
		return strings.HasSuffix(s, "/") && slices.ContainsFunc(all, func(o string) bool { return o != s && strings.HasPrefix(o, s) })
	})
	return strings.Join(all, " ")
}
