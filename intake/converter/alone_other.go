//go:build !linux

package converter

import (
	"os/exec"
	"time"
)

// alone: what a killed soffice has started dies when its pipes close.
func alone(cmd *exec.Cmd) { cmd.WaitDelay = 2 * time.Second }
