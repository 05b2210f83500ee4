// Package converter has LibreOffice turn office files of formats that this
// program has no reader for into ones that it has.
//
// LibreOffice opens a stranger's bytes, so it runs as the reader child does:
// in a process of its own that was confined before (Command), to one temporary
// directory, without network, with limits on memory, time and what it writes.
// It is used only where the campaign names a program; without one such files
// are handed to a person.
package converter

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Converter converts one file at a time. Its fields are set once.
type Converter struct {
	// Program is LibreOffice's soffice.
	Program string
	// Command is the beginning of the command line that confines what follows
	// it: the directory, Program and its arguments.
	Command []string

	mu sync.Mutex
}

const (
	patience  = time.Minute
	maxInput  = 30 << 20 // bytes
	maxOutput = 30 << 20 // bytes
)

// targets are the formats that LibreOffice reads and we do not, by the suffix
// of their names, and what they become.
var targets = map[string]string{
	"xlsb": "xlsx", "et": "xlsx", "ett": "xlsx", "fods": "xlsx", "uos": "xlsx", "dif": "xlsx", "slk": "xlsx",
	"123": "xlsx", "wk1": "xlsx", "wks": "xlsx", "wb2": "xlsx", "dbf": "xlsx",
	"wps": "docx", "wpt": "docx", "fodt": "docx", "uot": "docx", "wpd": "docx", "hwp": "docx", "abw": "docx", "lwp": "docx",
}

// Target is what a file of that name would become: "xlsx", "docx", or "" where
// there is nothing to be done for it.
func Target(name string) string { return targets[suffix(name)] }

func suffix(name string) string { return strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")) }

// Convert returns the file in its Target format. An error is about the file as
// often as about us: LibreOffice does not tell them apart.
func (c *Converter) Convert(ctx context.Context, name string, data []byte) ([]byte, error) {
	target := Target(name)
	switch {
	case target == "":
		return nil, fmt.Errorf("converter: nothing is known of .%s files", suffix(name))
	case len(data) > maxInput:
		return nil, fmt.Errorf("converter: %d bytes are more than the %d that are converted", len(data), maxInput)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	dir, err := os.MkdirTemp("", "dondoc-convert-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	// The sender's own name would be one more thing of a stranger's to trust.
	in := filepath.Join(dir, "in."+suffix(name))
	if err := os.WriteFile(in, data, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	line := append(append([]string{}, c.Command...), dir, c.Program,
		"-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")),
		"--headless", "--norestore", "--nolockcheck", "--nologo", "--convert-to", target, "--outdir", dir, in)
	var out []byte
	var said tail
	// The first time it makes its profile and starts anew, which fails where it
	// may not take its own socket away: so it is started twice.
	for range 2 {
		said = tail{}
		cmd := exec.CommandContext(ctx, line[0], line[1:]...)
		// Nothing of our environment, which may hold passwords.
		cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + dir, "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"}
		cmd.Dir = dir
		cmd.Stdout, cmd.Stderr = &said, &said
		alone(cmd)
		before := sockets()
		err = cmd.Run()
		for s := range sockets() {
			if !before[s] {
				os.Remove(s)
			}
		}
		if err == nil {
			if out, err = read(filepath.Join(dir, "in."+target)); err == nil || ctx.Err() != nil {
				break
			}
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("converter: %w after %v", context.Cause(ctx), patience)
	case err != nil:
		return nil, fmt.Errorf("converter: LibreOffice made no %s of it (%w): %s", target, err, strings.TrimSpace(said.String()))
	}
	return out, nil
}

// sockets are those by which the LibreOffices of a machine know one another.
func sockets() map[string]bool {
	all := map[string]bool{}
	found, _ := filepath.Glob("/tmp/OSL_PIPE_*_SingleOfficeIPC_*")
	for _, s := range found {
		all[s] = true
	}
	return all
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out, err := io.ReadAll(io.LimitReader(f, maxOutput+1))
	if err == nil && len(out) > maxOutput {
		err = fmt.Errorf("converter: what came out has more than %d bytes", maxOutput)
	}
	return out, err
}

// tail keeps the beginning of what LibreOffice says.
type tail struct{ strings.Builder }

func (t *tail) Write(p []byte) (int, error) {
	t.Builder.Write(p[:min(len(p), max(0, 2000-t.Len()))])
	return len(p), nil
}
