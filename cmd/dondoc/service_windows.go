package main

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/eventlog"
	"golang.org/x/sys/windows/svc/mgr"

	"dondoc/config"
)

const (
	serviceLog = "dondoc.log"       // in the campaign directory
	crashLog   = "dondoc-crash.log" // beside it: what the runtime says when the program dies

	stopping = 90 * time.Second // what a stop may take; the letter in hand has 20 seconds of it
)

// installService registers the daemon to run by itself from the start of the
// machine, under an account of its own that has no rights but to the campaign.
func (p *Program) installService(name string) error {
	c, err := p.load()
	if err != nil {
		return err
	}
	for key, env := range map[string]string{"mailbox": c.Mailbox.PasswordEnv + c.Mailbox.TokenEnv, "smtp": c.SMTP.PasswordEnv + c.SMTP.TokenEnv, "oauth": c.OAuth.SecretEnv} {
		if env != "" {
			return wrong{VI: fmt.Sprintf("%s: dịch vụ không thấy biến môi trường %s của người dùng. Trong campaign.yaml thay khóa …_env bằng khóa …_file (password_file: tệp một dòng là mật khẩu), rồi chạy lại.", key, env),
				EN: fmt.Sprintf("%s: a service does not see the environment variable %s of a user. In campaign.yaml replace the key …_env by …_file (password_file: a file of one line, the password), and run again.", key, env)}
		}
	}
	dir, err := filepath.Abs(p.cli.Dir)
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	m, err := mgr.Connect()
	if err != nil {
		return serviceTrouble(name, err)
	}
	defer m.Disconnect()
	// The rights come first: a service that cannot read its campaign is none.
	if err := admit(serviceSID(name), dir, exe, secrets(c)); err != nil {
		return serviceTrouble(name, err)
	}
	s, err := m.CreateService(name, exe, mgr.Config{
		StartType: mgr.StartAutomatic, ErrorControl: mgr.ErrorNormal,
		ServiceStartName: `NT SERVICE\` + name,
		DisplayName:      "dondoc " + c.ID,
		Description:      p.either("Đôn đốc các đơn vị gửi báo cáo: ", "Asks units for their reports and receives them: ") + dir,
	}, "service", "work", "--name", name, "-C", dir, "--lang", p.cli.Lang)
	if err != nil {
		return serviceTrouble(name, err)
	}
	defer s.Close()
	// What systemd's unit says too: a crash starts it anew, a refused
	// configuration (status 2, which ends the service without an error) does not.
	again := mgr.RecoveryAction{Type: mgr.ServiceRestart, Delay: 30 * time.Second}
	err = errors.Join(
		s.SetRecoveryActions([]mgr.RecoveryAction{again, again, {Type: mgr.ServiceRestart, Delay: 5 * time.Minute}}, uint32((24*time.Hour)/time.Second)),
		s.SetRecoveryActionsOnNonCrashFailures(true),
	)
	// After the network, and with time to finish when the machine goes down: good
	// to have, and not worth a failure.
	later := windows.SERVICE_DELAYED_AUTO_START_INFO{IsDelayedAutoStartUp: 1}
	windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (*byte)(unsafe.Pointer(&later)))
	patience := uint32(stopping / time.Millisecond)
	windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_PRESHUTDOWN_INFO, (*byte)(unsafe.Pointer(&patience)))
	// Without the source in the registry events are logged with a complaint.
	eventlog.InstallAsEventCreate(name, eventlog.Error|eventlog.Warning|eventlog.Info)
	if err != nil {
		p.say("Lưu ý: không đặt được việc tự chạy lại khi hỏng (%v); xem thẻ Recovery trong services.msc.", "Note: the restart after a failure could not be set (%v); see the tab Recovery in services.msc.", err)
	}
	p.say("Đã cài dịch vụ %s (tài khoản NT SERVICE\\%[1]s), tự chạy khi bật máy. Chạy ngay: dondoc service start. Nhật ký: %s",
		"The service %s is installed (account NT SERVICE\\%[1]s) and starts with the machine. Start it now: dondoc service start. Its log: %s", name, filepath.Join(dir, serviceLog))
	return nil
}

// secrets are the files of the campaign that hold one.
func secrets(c *config.Campaign) (all []string) {
	for _, file := range []string{c.Mailbox.PasswordFile, c.Mailbox.TokenFile, c.SMTP.PasswordFile, c.SMTP.TokenFile, c.OAuth.SecretFile} {
		if file != "" {
			all = append(all, file)
		}
	}
	return all
}

func (p *Program) removeService(name string) error {
	return withService(name, func(s *mgr.Service) error {
		if err := end(s); err != nil {
			return err
		}
		if err := s.Delete(); err != nil {
			return err
		}
		eventlog.Remove(name)
		p.say("Đã gỡ dịch vụ %s; thư mục của đợt còn nguyên.", "The service %s is removed; the campaign directory stays as it is.", name)
		return nil
	})
}

func (p *Program) startService(name string) error {
	return withService(name, func(s *mgr.Service) error {
		if err := s.Start(); err != nil && !errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) {
			return err
		}
		// One that refuses its configuration runs for a moment.
		for range 30 {
			time.Sleep(100 * time.Millisecond)
			if q, err := s.Query(); err != nil || q.State == svc.Stopped {
				return errors.Join(err, errors.New(p.either("dịch vụ dừng ngay; xem "+serviceLog+" trong thư mục của đợt", "the service ended at once; see "+serviceLog+" in the campaign directory")))
			}
		}
		p.say("Dịch vụ %s đang chạy.", "The service %s is running.", name)
		return nil
	})
}

func (p *Program) stopService(name string) error {
	return withService(name, func(s *mgr.Service) error {
		if err := end(s); err != nil {
			return err
		}
		p.say("Dịch vụ %s đã dừng.", "The service %s has stopped.", name)
		return nil
	})
}

// end stops the service and waits until it has stopped.
func end(s *mgr.Service) error {
	if _, err := s.Control(svc.Stop); errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) {
		return nil
	} else if err != nil {
		return err
	}
	for range int(stopping/time.Second) * 5 {
		if q, err := s.Query(); err != nil || q.State == svc.Stopped {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("the service has not stopped within %s", stopping)
}

func (p *Program) reloadService(name string) error {
	return withService(name, func(s *mgr.Service) error {
		if _, err := s.Control(svc.ParamChange); err != nil {
			return err
		}
		p.say("Dịch vụ %s đọc lại cấu hình; kết quả ghi trong %s.", "The service %s reads its configuration again; %s says what came of it.", name, serviceLog)
		return nil
	})
}

func (p *Program) serviceStatus(name string) error {
	return withService(name, func(s *mgr.Service) error {
		q, err := s.Query()
		if err != nil {
			return err
		}
		state := map[svc.State][2]string{
			svc.Running: {"đang chạy", "running"}, svc.Stopped: {"đã dừng", "stopped"},
			svc.StartPending: {"đang khởi động", "starting"}, svc.StopPending: {"đang dừng", "stopping"},
		}[q.State]
		p.say("Dịch vụ %[1]s: %[2]s", "The service %[1]s: %[3]s", name, state[0], state[1])
		return nil
	})
}

func withService(name string, do func(*mgr.Service) error) error {
	m, err := mgr.Connect()
	if err != nil {
		return serviceTrouble(name, err)
	}
	defer m.Disconnect()
	s, err := m.OpenService(name)
	if err != nil {
		return serviceTrouble(name, err)
	}
	defer s.Close()
	return serviceTrouble(name, do(s))
}

// serviceTrouble puts the usual errors of the service manager into words.
func serviceTrouble(name string, err error) error {
	switch {
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return wrong{VI: "không đủ quyền: mở Command Prompt bằng \"Run as administrator\" rồi gõ lại lệnh này.", EN: "access denied: open the Command Prompt with \"Run as administrator\" and type the command again."}
	case errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST):
		return wrong{VI: fmt.Sprintf("chưa có dịch vụ %s; cài bằng: dondoc service install -C THƯ-MỤC", name), EN: fmt.Sprintf("there is no service %s; install it: dondoc service install -C DIR", name)}
	case errors.Is(err, windows.ERROR_SERVICE_EXISTS):
		return wrong{VI: fmt.Sprintf("đã có dịch vụ %s; gỡ (dondoc service remove), hoặc đặt tên khác (--name)", name), EN: fmt.Sprintf("there is a service %s already; remove it (dondoc service remove), or choose another name (--name)", name)}
	case errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE):
		return wrong{VI: fmt.Sprintf("dịch vụ %s không chạy", name), EN: fmt.Sprintf("the service %s is not running", name)}
	}
	return err
}

// workAsService is the daemon under the service manager's eyes.
func (p *Program) workAsService(ctx context.Context, name string) error {
	out, err := openLog(filepath.Join(p.cli.Dir, serviceLog), 5<<20, 5)
	if err != nil {
		return err
	}
	defer out.Close()
	// A crash of the runtime is written by the runtime, to a file that no log
	// of ours renames.
	if f, err := os.OpenFile(filepath.Join(p.cli.Dir, crashLog), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640); err == nil {
		debug.SetCrashOutput(f, debug.CrashOptions{})
		f.Close()
	}
	daemon := *p
	daemon.Stdin, daemon.Stdout, daemon.Stderr = strings.NewReader(""), out, out
	reload := make(chan os.Signal, 1)
	daemon.Reload = reload
	err = svc.Run(name, &service{
		name: name, log: out.path, reload: reload,
		run: func(ctx context.Context) int {
			return daemon.Run(ctx, []string{"run", "-C", p.cli.Dir, "--lang", p.cli.Lang})
		},
	})
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return wrong{VI: "lệnh này do Windows gọi; chạy dịch vụ bằng: dondoc service start", EN: "Windows calls this; start the service with: dondoc service start"}
	}
	return err
}

// service answers the service manager.
type service struct {
	name, log string
	reload    chan<- os.Signal
	run       func(context.Context) int
}

// Execute runs the daemon until it is told to stop, or ends by itself. A status
// of 2, a configuration that is refused, ends the service without an error: to
// start it again would change nothing.
func (s *service) Execute(_ []string, asked <-chan svc.ChangeRequest, status chan<- svc.Status) (bool, uint32) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan int, 1)
	go func() { done <- s.run(ctx) }()
	running := svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptPreShutdown | svc.AcceptShutdown | svc.AcceptParamChange}
	status <- running
	s.event(exitDone, "dondoc has started; its log is "+s.log)
	pending := svc.Status{State: svc.StopPending, WaitHint: 5000}
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case code := <-done:
			s.event(code, fmt.Sprintf("dondoc has ended with status %d; its log is %s", code, s.log))
			if code == exitDone || code == exitUsage || pending.CheckPoint > 0 {
				return false, 0
			}
			return true, uint32(code)
		case <-tick.C:
			if pending.CheckPoint > 0 { // the letter in hand takes its time; say that we are at it
				pending.CheckPoint++
				status <- pending
			}
		case r := <-asked:
			switch r.Cmd {
			case svc.Interrogate:
				status <- r.CurrentStatus
			case svc.ParamChange:
				select {
				case s.reload <- syscall.SIGHUP:
				default: // it has not come to the last word yet
				}
				status <- running
			case svc.Stop, svc.Shutdown, svc.PreShutdown:
				cancel()
				pending.CheckPoint++
				status <- pending
			}
		}
	}
}

// event writes to the event log of Windows, if it will take it.
func (s *service) event(code int, text string) {
	l, err := eventlog.Open(s.name)
	if err != nil {
		return
	}
	defer l.Close()
	if code == exitDone {
		l.Info(1, text)
	} else {
		l.Error(2, text)
	}
}

// serviceSID is the account NT SERVICE\name, which exists by its name alone:
// S-1-5-80 and the SHA-1 of the name in capitals, in UTF-16.
func serviceSID(name string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(strings.ToUpper(name))) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	sum := sha1.Sum(b)
	sid := "S-1-5-80"
	for i := 0; i < len(sum); i += 4 {
		sid += fmt.Sprintf("-%d", binary.LittleEndian.Uint32(sum[i:]))
	}
	return sid
}

// admit gives the service's account what it needs and no more: to change what is
// in the campaign directory, and to read the program. Our own data and the
// secrets are closed to everybody else but the system, the administrators, whose
// the directory is and who does this.
func admit(account, dir, exe string, secrets []string) error {
	sid, err := windows.StringToSid(account)
	if err != nil {
		return err
	}
	const change = windows.DELETE | windows.FILE_GENERIC_READ | windows.FILE_GENERIC_WRITE | windows.FILE_GENERIC_EXECUTE
	const below = windows.OBJECT_INHERIT_ACE | windows.CONTAINER_INHERIT_ACE
	owners, err := ownersOf(dir)
	if err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, config.PrivateDir); err != nil {
		return err
	}
	if err := permit(dir, false, allow(sid, change, below)); err != nil {
		return err
	}
	if err := permit(exe, false, allow(sid, windows.FILE_GENERIC_READ|windows.FILE_GENERIC_EXECUTE, windows.NO_INHERITANCE)); err != nil {
		return err
	}
	closed := func(path string, inherit uint32) error {
		list := []windows.EXPLICIT_ACCESS{allow(sid, change, inherit)}
		for _, o := range owners {
			list = append(list, allow(o, windows.GENERIC_ALL, inherit))
		}
		return permit(path, true, list...)
	}
	if err := closed(data, below); err != nil {
		return err
	}
	for _, file := range secrets {
		if err := closed(file, windows.NO_INHERITANCE); err != nil {
			return err
		}
	}
	return nil
}

// ownersOf are those who may do everything: the system, the administrators,
// whose the directory is, and who calls.
func ownersOf(dir string) ([]*windows.SID, error) {
	var all []*windows.SID
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid} {
		sid, err := windows.CreateWellKnownSid(kind)
		if err != nil {
			return nil, err
		}
		all = append(all, sid)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	sd, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return nil, err
	}
	// A SID of a descriptor lives as long as the descriptor.
	if owner, err = owner.Copy(); err != nil {
		return nil, err
	}
	return append(all, user.User.Sid, owner), nil
}

func allow(sid *windows.SID, mask windows.ACCESS_MASK, inherit uint32) windows.EXPLICIT_ACCESS {
	return windows.EXPLICIT_ACCESS{
		AccessPermissions: mask, AccessMode: windows.GRANT_ACCESS, Inheritance: inherit,
		Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_UNKNOWN, TrusteeValue: windows.TrusteeValueFromSID(sid)},
	}
}

// permit adds entries to the list of access of a path; alone, they are the whole
// list, and nothing is inherited from above.
func permit(path string, alone bool, entries ...windows.EXPLICIT_ACCESS) error {
	what := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION)
	var have *windows.ACL
	if alone {
		what |= windows.PROTECTED_DACL_SECURITY_INFORMATION
	} else {
		sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if have, _, err = sd.DACL(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	list, err := windows.ACLFromEntries(entries, have)
	if err == nil {
		err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what, nil, nil, list, nil)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
