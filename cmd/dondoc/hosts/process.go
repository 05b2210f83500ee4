//go:build unix

package hosts

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server and the guard that started it. The guard waits on a pipe
// whose other end only this process holds, so it also notices when this
// process is killed. The server leads a session of its own: Cyrus signals its
// whole process group when it ends, and that must not be ours.
type process struct {
	pid   int // of the server, and its process group
	guard *exec.Cmd
	leash io.WriteCloser
}

// guardian stops the server when the leash ends, kills what the server left
// behind, and removes the directory unless it is told to keep it.
const guardian = `
dir=$1 log=$2; shift 2
setsid "$@" </dev/null >>"$log" 2>&1 &
pid=$!
echo $pid
exec >/dev/null 2>&1
read -r word
kill $pid
(sleep 2; kill -9 $pid) &
late=$!
wait $pid
kill $late
kill -9 -$pid
[ "$word" = keep ] || rm -rf "$dir"
`

func start(dir, log string, env []string, command ...string) (*process, error) {
	guard := exec.Command("sh", append([]string{"-c", guardian, "guardian", dir, log}, command...)...)
	guard.Env = append(os.Environ(), env...)
	guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // not to die of the same Ctrl-C
	leash, err := guard.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := guard.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := guard.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, leash.Close(), guard.Wait())
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	return &process{pid: pid, guard: guard, leash: leash}, err
}

// stop lets the server end by itself, and its directory go.
func (p *process) stop() error {
	err := p.leash.Close()
	p.guard.Wait() // its status is that of rm or of the last kill: nothing to learn
	return err
}

// kill kills the server with every process of its session and keeps the
// directory. Killing the process group would not do: Cyrus gives its services
// groups of their own.
func (p *process) kill() error {
	var err error
	for range 100 { // a process may have just begun another
		pids := p.members()
		if len(pids) == 0 {
			break
		}
		for _, pid := range pids {
			err = errors.Join(err, kill9(pid))
		}
		time.Sleep(5 * time.Millisecond)
	}
	_, werr := io.WriteString(p.leash, "keep\n")
	return errors.Join(err, werr, p.stop())
}

// members are the processes of the server's session that still run.
func (p *process) members() []int {
	all, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	var pids []int
	for _, path := range all {
		state, session := status(path)
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && session == p.pid && state != "Z" {
			pids = append(pids, pid)
		}
	}
	return pids
}

// status reads a process's state and session from its stat (proc(5)); the
// state is empty when there is no such process.
func status(path string) (state string, session int) {
	stat, err := os.ReadFile(path)
	if err != nil {
		return "", 0
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // the name may hold anything
	if len(fields) < 4 {
		return "", 0
	}
	session, _ = strconv.Atoi(fields[3])
	return fields[0], session
}

// kill9 kills a process, which may have ended already.
func kill9(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
		return err
	}
	return nil
}

// alive reports whether the server still runs; one that has ended and was not
// waited for yet counts as dead.
func (p *process) alive() bool {
	state, _ := status(fmt.Sprintf("/proc/%d/stat", p.pid))
	return state != "" && state != "Z"
}

// greeted waits until the server answers on the port as it should.
func (p *process) greeted(port int, greeting string) error {
	const every, longest = 20 * time.Millisecond, 20 * time.Second
	var last error
	for range longest / every {
		if !p.alive() {
			return fmt.Errorf("it ended before it answered on port %d", port)
		}
		if last = greet(port, greeting); last == nil {
			return nil
		}
		time.Sleep(every)
	}
	return fmt.Errorf("no answer on port %d after %v: %w", port, longest, last)
}

func greet(port int, greeting string) error {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := time.AfterFunc(5*time.Second, func() { conn.Close() })
	defer stop.Stop()
	line, err := bufio.NewReader(io.LimitReader(conn, 1024)).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, greeting) {
		err = fmt.Errorf("it says %q", line)
	}
	return err
}
