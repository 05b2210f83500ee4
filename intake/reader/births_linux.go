package reader

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// births starts children that the kernel kills when the daemon dies, however it
// dies: Serve ends with its pipe, but only while the child's runtime still runs.
// The kernel goes by the thread that forked and not by the process, so all are
// started on one thread that lives as long as the Reader.
type births struct {
	work    chan func()
	closing sync.Once
}

func newBirths() *births {
	b := &births{work: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range b.work {
			f()
		}
	}()
	return b
}

func (b *births) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	done := make(chan error, 1)
	b.work <- func() { done <- cmd.Start() }
	return <-done
}

// end lets the thread go. No child may be alive.
func (b *births) end() { b.closing.Do(func() { close(b.work) }) }
