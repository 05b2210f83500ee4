package converter

import (
	"os/exec"
	"syscall"
	"time"
)

// alone puts the command into a process group of its own, all of which is
// killed at the end: soffice is a script that starts programs. It also dies
// with the daemon.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
}
