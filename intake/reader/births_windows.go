package reader

import (
	"fmt"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"
)

// births starts children that Windows kills when the daemon dies, however it
// dies: they belong to a Job Object that ends with its last handle, and that is
// ours. A child belongs to it before it is sent anything.
type births struct {
	making  sync.Once
	job     windows.Handle
	err     error
	closing sync.Once
}

func newBirths() *births { return &births{} }

func (b *births) start(cmd *exec.Cmd) error {
	b.making.Do(func() {
		limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
		limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
		b.job, b.err = newJob(limits)
	})
	if b.err != nil {
		return b.err
	}
	// No console window: the daemon may have none, as a service.
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	if err := cmd.Start(); err != nil {
		return err
	}
	var err error
	if e := cmd.Process.WithHandle(func(h uintptr) { err = windows.AssignProcessToJobObject(b.job, windows.Handle(h)) }); e != nil {
		err = e
	}
	if err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		return fmt.Errorf("reader: a job object: %w", err)
	}
	return nil
}

// end lets the job go. No child may be alive.
func (b *births) end() {
	b.closing.Do(func() {
		if b.job != 0 {
			windows.CloseHandle(b.job)
		}
	})
}
