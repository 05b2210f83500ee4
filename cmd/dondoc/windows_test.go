//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWindows runs the program for Windows under Wine: a short campaign with
// real sockets, SQLite and the reader's child, a check of what it left, and the
// service from its installation to its removal. Wine shows that it works with
// Windows' own calls; it holds nobody to the limits of a Job Object, nor to
// lists of access, so these it cannot show. It is asked for by name:
//
//	GOOS=windows GOARCH=amd64 go build -o /tmp/dondoc.exe ./cmd/dondoc
//	DONDOC_WINDOWS_EXE=/tmp/dondoc.exe go test ./cmd/dondoc -run TestWindows -v
func TestWindows(t *testing.T) {
	exe := os.Getenv("DONDOC_WINDOWS_EXE")
	if exe == "" {
		t.Skip("DONDOC_WINDOWS_EXE names no dondoc.exe")
	}
	wine := "/usr/lib/wine/wine64" // Debian's package wine64
	if _, err := os.Stat(wine); err != nil {
		t.Fatal(err)
	}
	w := &emulated{t: t, wine: wine, exe: exe, dir: t.TempDir()}
	t.Cleanup(func() { w.command("/usr/lib/wine/wineserver", "-k").Run() })
	if out, err := w.command(wine, "wineboot", "-i").CombinedOutput(); err != nil {
		t.Fatalf("wineboot: %v\n%s", err, out)
	}
	// Wine 8 lacks the one library that a Go program cannot do without.
	if lib := filepath.Join(w.dir, "wine/drive_c/windows/system32/bcryptprimitives.dll"); missing(lib) {
		if err := os.WriteFile(lib, forwarder("bcryptprimitives.dll", "ProcessPrng", "advapi32.SystemFunction036"), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	w.run(exitDone, "demo", "--dir", "d", "--units", "3", "--to", "2022-10-06", "--lang", "en")
	w.says("no promise was broken")
	w.run(exitDone, "verify", "-C", "d")
	w.run(exitDone, "status", "-C", "d", "--now", "2022-10-06T16:00:00+07:00")

	w.run(exitDone, "init", "s")
	w.run(exitUsage, "service", "install", "-C", "s")
	w.says("password_file")
	yaml := filepath.Join(w.dir, "s/campaign.yaml")
	text, err := os.ReadFile(yaml)
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^(  )password_env:.*$`).ReplaceAll(text, []byte("${1}password_file: mat-khau.txt"))
	// As Notepad would write both.
	text = append([]byte("\ufeff"), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...)
	for path, data := range map[string][]byte{yaml: text, filepath.Join(w.dir, "s/mat-khau.txt"): []byte("\ufeffsecret\r\n")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.run(exitUsage, "service", "status")
	w.run(exitDone, "service", "install", "-C", "s")
	w.run(exitDone, "service", "start")
	w.run(exitDone, "service", "reload")
	w.run(exitDone, "service", "stop")
	w.run(exitDone, "service", "remove")
	log, err := os.ReadFile(filepath.Join(w.dir, "s", "dondoc.log"))
	if err != nil || !strings.Contains(string(log), "dondoc đang chạy") {
		t.Errorf("dondoc.log says\n%s%v", log, err)
	}
}

// emulated is a machine with Windows, as Wine plays it.
type emulated struct {
	t              *testing.T
	wine, exe, dir string
	said           string
}

func (w *emulated) command(line ...string) *exec.Cmd {
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = w.dir
	cmd.Env = []string{"HOME=" + w.dir, "PATH=" + os.Getenv("PATH"), "WINEPREFIX=" + filepath.Join(w.dir, "wine"), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "LC_ALL=C.UTF-8"}
	return cmd
}

// run runs the program and holds it to a status. What it says goes through a
// file: the services of Wine keep a pipe open.
func (w *emulated) run(status int, args ...string) {
	w.t.Helper()
	said, err := os.Create(filepath.Join(w.dir, "said"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer said.Close()
	cmd := w.command(append([]string{w.wine, w.exe}, args...)...)
	cmd.Stdout, cmd.Stderr = said, said
	err = cmd.Run()
	text, _ := os.ReadFile(said.Name())
	w.said = string(text)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		w.t.Fatalf("dondoc %s: status %d, want %d\n%s", strings.Join(args, " "), got, status, w.said[max(0, len(w.said)-2000):])
	}
}

func (w *emulated) says(what string) {
	w.t.Helper()
	if !strings.Contains(w.said, what) {
		w.t.Errorf("nothing is said of %q:\n%s", what, w.said)
	}
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// forwarder is a library of Windows with one function, which is another
// library's (PE format, "The .edata Section": a forwarder has no code).
func forwarder(name, function, to string) []byte {
	const section, header, page = 0x200, 0x200, 0x1000
	var edata, pe bytes.Buffer
	put := func(b *bytes.Buffer, values ...any) {
		for _, v := range values {
			binary.Write(b, binary.LittleEndian, v)
		}
	}
	names := uint32(page + 40 + 12)
	functions := names + uint32(len(name)) + 1
	tos := functions + uint32(len(function)) + 1
	put(&edata, [3]uint32{}, names, [3]uint32{1, 1, 1}, [3]uint32{page + 40, page + 44, page + 48}) // the directory
	put(&edata, tos, functions, uint32(0))
	edata.WriteString(name + "\x00" + function + "\x00" + to + "\x00")

	pe.WriteString("MZ" + strings.Repeat("\x00", 58))
	put(&pe, uint32(64))
	pe.WriteString("PE\x00\x00")
	put(&pe, uint16(0x8664), uint16(1), [3]uint32{}, uint16(240), uint16(0x2022)) // COFF header: a DLL
	put(&pe, uint16(0x20b), uint16(0), uint32(0), uint32(section), [2]uint32{}, uint32(page))
	put(&pe, uint64(0x180000000), uint32(page), uint32(section), [4]uint16{6}, [4]uint16{6})
	put(&pe, uint32(2*page), uint32(header), uint32(0), uint16(2), uint16(0x100), [4]uint64{1 << 20, page, 1 << 20, page}, uint32(0), uint32(16))
	put(&pe, uint32(page), uint32(edata.Len()), [15]uint64{}) // the tables: of exports alone
	pe.WriteString(".edata\x00\x00")
	put(&pe, uint32(edata.Len()), uint32(page), uint32(section), uint32(header), [3]uint32{}, uint32(0x40000040))
	pe.Write(make([]byte, header-pe.Len()))
	pe.Write(edata.Bytes())
	pe.Write(make([]byte, header+section-pe.Len()))
	return pe.Bytes()
}
