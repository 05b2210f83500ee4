package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program: as `dondoc` in the stories of
// testdata/script, with its own confined reader, and as the confined processes
// that the other tests' programs start.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "reader" || os.Args[1] == "cage") {
		p := &Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Clock: wall{}}
		os.Exit(p.Run(context.Background(), os.Args[1:]))
	}
	if len(os.Args) > 2 && os.Args[1] == "broken-reader" {
		os.Exit(serveBroken(os.Args[2], os.Args[3:]))
	}
	if len(os.Args) > 1 && os.Args[1] == "soaked" {
		os.Exit(soaked(os.Args[2:]))
	}
	testscript.Main(m, map[string]func(){"dondoc": main})
}
