//go:build unix

package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dondoc/config"
)

// process is a command of the real program, in a process of its own under the
// most open umask that there is.
func (w *world) process(now time.Time, args ...string) *exec.Cmd {
	line := append([]string{"-c", `umask 000; exec dondoc "$@"`, "sh"}, args...)
	if !now.IsZero() {
		line = append(line, "--now", now.Format(time.RFC3339))
	}
	c := exec.Command("sh", line...)
	c.Dir = w.dir
	c.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD=mat-khau", "DONDOC_SMTP_PASSWORD=mat-khau", "DONDOC_LANG=en")
	return c
}

// TestNothingIsWrittenForEverybody: under umask 000 each file and directory
// that the program writes has the mode of one of the two rules.
func TestNothingIsWrittenForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	all := t.TempDir()
	do := func(when string, args ...string) {
		t.Helper()
		w.at(at(t, when))
		c := w.process(at(t, when), args...)
		if out, err := c.CombinedOutput(); err != nil && c.ProcessState.ExitCode() != exitPerson {
			t.Fatalf("dondoc %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		w.account.Ordered(at(t, when), args...)
	}
	do("2022-10-03 09:00", "init", filepath.Join(all, "new"))
	do("2022-10-04 07:30", "invite", "--dry-run", "--out", filepath.Join(all, "preview"))
	do("2022-10-04 07:30", "invite", "--yes")
	do("2022-10-04 07:45", "once")
	w.put("2022-10-12 09:30", w.whole(bato, "HU-BATO", "Huyện ủy Ba Tơ"))
	do("2022-10-12 10:00", "once")
	do("2022-10-12 10:00", "export", filepath.Join(all, "tonghop.xlsx"))
	do("2022-10-12 10:00", "export", filepath.Join(all, "gom.docx"))
	do("2022-10-12 10:00", "verify", "--repair")
	do("2022-10-12 10:00", "backup", filepath.Join(all, "backup"))
	do("2022-10-12 10:00", "backup", filepath.Join(all, "backup"))

	// While somebody works, the ledger has files beside it.
	daemon := w.process(time.Time{}, "run")
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	defer daemon.Wait()
	defer daemon.Process.Signal(syscall.SIGTERM)
	beside := filepath.Join(w.dir, "data", "ledger.db-wal")
	for i := 0; ; i++ {
		if _, err := os.Stat(beside); err == nil {
			break
		}
		if i == 1000 {
			t.Fatal("no ledger.db-wal beside a daemon")
		}
		time.Sleep(20 * time.Millisecond)
	}

	seen := map[string]int{}
	look := func(dir string, rule func(rel string) (dir, file fs.FileMode)) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == dir && dir != filepath.Join(all, "new") && dir != filepath.Join(all, "backup") {
				return nil // what has just gone, as files of SQLite do
			}
			info, err := d.Info()
			if err != nil {
				return nil
			}
			rel, _ := filepath.Rel(dir, path)
			asDir, asFile := rule(rel)
			want := asFile
			if d.IsDir() {
				want = asDir
			}
			if got := info.Mode().Perm(); want != 0 && got != want {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
			seen[strings.SplitN(rel, string(filepath.Separator), 2)[0]]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	shared := func(string) (fs.FileMode, fs.FileMode) { return config.SharedDir, config.SharedFile }
	private := func(string) (fs.FileMode, fs.FileMode) { return config.PrivateDir, config.PrivateFile }
	look(w.dir, func(rel string) (fs.FileMode, fs.FileMode) {
		switch first, _, _ := strings.Cut(rel, string(filepath.Separator)); first {
		case "data":
			return private(rel)
		case "ho-so":
			return shared(rel)
		}
		return 0, 0 // the test's own
	})
	look(filepath.Join(all, "backup"), private)
	look(filepath.Join(all, "new"), shared)
	look(filepath.Join(all, "preview"), shared)
	for _, name := range []string{"tonghop.xlsx", "gom.docx"} {
		if info, err := os.Stat(filepath.Join(all, name)); err != nil || info.Mode().Perm() != config.SharedFile {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if seen["data"] < 20 || seen["ho-so"] < 5 || seen["ledger.db"] != 0 && len(seen) < 8 {
		t.Errorf("this test looks in the wrong place: %v", seen)
	}
}
