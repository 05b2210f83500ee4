package reader

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Confine takes from the calling process, for good, what Windows lets a process
// give up by itself: memory beyond the limit in bytes, further processes, the
// clipboard and the other windows of the desktop, privileges, and writing to
// anything that belongs to more than a process of low integrity. It is called
// before the first byte of a mail is read. what names the restrictions that
// hold. Reading files and the network stay open, which Landlock closes on
// Linux: here it would take an app container, and what names neither "files"
// nor "tcp". An error means that the Job Object, which every supported Windows
// has, could not be had: the child must not go on.
func Confine(memory uint64) (what []string, err error) {
	runtime.GOMAXPROCS(min(2, runtime.GOMAXPROCS(0)))
	debug.SetMaxStack(64 << 20)

	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	// One process is this one. An error that nobody handles ends it without a
	// box on a screen that nobody looks at.
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS | windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
	limits.BasicLimitInformation.ActiveProcessLimit = 1
	if memory > 0 {
		limits.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
		limits.ProcessMemoryLimit = uintptr(memory)
		debug.SetMemoryLimit(int64(memory / 2))
	}
	j, err := newJob(limits)
	if err != nil {
		return nil, err
	}
	// The job lasts as long as the process; without a handle nobody in here can
	// loosen it again.
	defer windows.CloseHandle(j)
	desktop := windows.JOBOBJECT_BASIC_UI_RESTRICTIONS{UIRestrictionsClass: windows.JOB_OBJECT_UILIMIT_DESKTOP | windows.JOB_OBJECT_UILIMIT_DISPLAYSETTINGS |
		windows.JOB_OBJECT_UILIMIT_EXITWINDOWS | windows.JOB_OBJECT_UILIMIT_GLOBALATOMS | windows.JOB_OBJECT_UILIMIT_HANDLES |
		windows.JOB_OBJECT_UILIMIT_READCLIPBOARD | windows.JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS | windows.JOB_OBJECT_UILIMIT_WRITECLIPBOARD}
	_, uiErr := windows.SetInformationJobObject(j, windows.JobObjectBasicUIRestrictions, uintptr(unsafe.Pointer(&desktop)), uint32(unsafe.Sizeof(desktop)))
	if err := windows.AssignProcessToJobObject(j, windows.CurrentProcess()); err != nil {
		return nil, fmt.Errorf("reader: a job object: %w", err)
	}
	what = append(what, "processes")
	if memory > 0 {
		what = append(what, "memory")
	}
	if uiErr == nil {
		what = append(what, "desktop")
	}

	// What follows is a second wall behind the first; a Windows without it is
	// told of by its word's absence.
	var token windows.Token
	if windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_QUERY|windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_ADJUST_DEFAULT, &token) != nil {
		return what, nil
	}
	defer token.Close()
	if removePrivileges(token) == nil {
		what = append(what, "privileges")
	}
	if lowerIntegrity(token) == nil {
		what = append(what, "writing")
	}
	return what, nil
}

// newJob makes a Job Object without a name, so that no other process finds it.
func newJob(limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION) (windows.Handle, error) {
	j, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, fmt.Errorf("reader: a job object: %w", err)
	}
	if _, err := windows.SetInformationJobObject(j, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		windows.CloseHandle(j)
		return 0, fmt.Errorf("reader: limits of a job object: %w", err)
	}
	return j, nil
}

// removePrivileges takes every privilege out of the token; what was removed
// cannot be enabled again. Passing through directories, which everybody may, is
// left: the runtime opens its libraries by it.
func removePrivileges(token windows.Token) error {
	var size uint32
	windows.GetTokenInformation(token, windows.TokenPrivileges, nil, 0, &size)
	if size < uint32(unsafe.Sizeof(windows.Tokenprivileges{})) {
		return nil // it has none
	}
	buf := make([]byte, size)
	if err := windows.GetTokenInformation(token, windows.TokenPrivileges, &buf[0], size, &size); err != nil {
		return err
	}
	held := (*windows.Tokenprivileges)(unsafe.Pointer(&buf[0]))
	var pass windows.LUID
	name, err := windows.UTF16PtrFromString("SeChangeNotifyPrivilege")
	if err != nil {
		return err
	}
	if err := windows.LookupPrivilegeValue(nil, name, &pass); err != nil {
		return err
	}
	all := held.AllPrivileges()
	for i := range all {
		if all[i].Luid != pass {
			all[i].Attributes = windows.SE_PRIVILEGE_REMOVED
		}
	}
	return windows.AdjustTokenPrivileges(token, false, held, 0, nil, nil)
}

// lowerIntegrity makes the process one of low integrity (S-1-16-4096): what
// belongs to its user, files and processes both, it may not change any more. A
// process can lower itself and never rise again.
func lowerIntegrity(token windows.Token) error {
	low, err := windows.CreateWellKnownSid(windows.WinLowLabelSid)
	if err != nil {
		return err
	}
	label := windows.Tokenmandatorylabel{Label: windows.SIDAndAttributes{Sid: low, Attributes: windows.SE_GROUP_INTEGRITY}}
	return windows.SetTokenInformation(token, windows.TokenIntegrityLevel, (*byte)(unsafe.Pointer(&label)), label.Size())
}
