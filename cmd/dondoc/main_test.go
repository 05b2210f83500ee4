package main

import (
	"context"
	"os"
	"testing"
)

// TestMain lets the test binary be the program: as the confined reader that
// the tests' own programs start.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "reader" {
		p := &Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Clock: wall{}}
		os.Exit(p.Run(context.Background(), os.Args[1:]))
	}
	os.Exit(m.Run())
}
