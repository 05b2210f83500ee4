//go:build !linux && !windows

package reader

import "os/exec"

// births starts children; that they die with the daemon is left to Serve, which
// ends with its pipe.
type births struct{}

func newBirths() *births { return &births{} }

func (*births) start(cmd *exec.Cmd) error { return cmd.Start() }

func (*births) end() {}
