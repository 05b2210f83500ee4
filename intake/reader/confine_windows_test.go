package reader

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// probe tries in the child what only a program of this system can try.
func probe(op, path string) []byte {
	cmd := exec.Command(path)
	err := cmd.Start()
	if err == nil {
		cmd.Process.Kill()
	}
	return told(err)
}

func daemon() {}

// What Windows lets a process give up is given up; what it does not, the child
// does not claim.
func TestChildIsInAJobObject(t *testing.T) {
	r := start(t, nil)
	what := strings.Fields(do(t, r, "what", ""))
	t.Log("taken away:", what)
	for _, must := range []string{"processes", "memory"} {
		if !slices.Contains(what, must) {
			t.Errorf("Confine did not report %q", must)
		}
	}
	for _, open := range []string{"files", "tcp"} {
		if slices.Contains(what, open) {
			t.Errorf("Confine claims %q", open)
		}
	}
	shell := filepath.Join(os.Getenv("SystemRoot"), "system32", "cmd.exe")
	if got := do(t, r, "fork", shell); got == "allowed" {
		t.Error("the child can start another program")
	} else {
		t.Log(got)
	}
	if slices.Contains(what, "writing") {
		if got := do(t, r, "create", filepath.Join(t.TempDir(), "new")); got == "allowed" {
			t.Error("a file of its user can be created")
		}
	}
}
