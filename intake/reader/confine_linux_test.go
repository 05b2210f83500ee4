package reader

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// probe tries in the child what only a program of this system can try.
func probe(op, path string) []byte {
	switch op {
	case "exec":
		return told(syscall.Exec(path, []string{"x"}, nil))
	case "fork":
		_, err := syscall.ForkExec(path, []string{"x"}, nil)
		return told(err)
	}
	return []byte(strings.Join(descriptors(), " "))
}

// A file that the daemon holds open, and that no flag keeps from children, is
// closed in the child before the first byte of a mail.
func TestChildHoldsItsPipesOnly(t *testing.T) {
	leak, err := os.Create(t.TempDir() + "/ledger.db")
	if err != nil {
		t.Fatal(err)
	}
	defer leak.Close()
	for fd := 90; fd < 93; fd++ {
		if err := syscall.Dup3(int(leak.Fd()), fd, 0); err != nil {
			t.Fatal(err)
		}
		defer syscall.Close(fd)
	}
	if got := do(t, start(t, nil), "descriptors", ""); got != "0:pipe 1:pipe 2:pipe" {
		t.Errorf("the child holds %s", got)
	}
}

// Whoever kills the daemon has killed its children, also one that is busy and
// reads no pipe.
func TestChildDiesWithItsDaemon(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{asChild + "=daemon"}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	pid, numErr := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || numErr != nil {
		t.Fatalf("the daemon said %q, %v", line, err)
	}
	if alive(pid) == "" {
		t.Fatal("the child does not run")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for range 500 {
		if state := alive(pid); state == "" || state == "Z" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the child lives: %s", alive(pid))
}

// daemon starts a child, stops it so that it cannot end by itself, and waits.
func daemon() {
	self, err := os.Executable()
	if err != nil {
		os.Exit(1)
	}
	r := Start(Config{Command: []string{self}, Env: []string{asChild + "=serve"}})
	reply, err := r.Do(context.Background(), "pid", nil)
	if err != nil {
		os.Exit(1)
	}
	pid, _ := strconv.Atoi(string(reply.JSON))
	syscall.Kill(pid, syscall.SIGSTOP)
	fmt.Println(pid)
	select {}
}

// alive is the state of a process, as the kernel letters it, "" if it is gone.
func alive(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:1]
}

// descriptors lists what is open, the runtime's poller aside.
func descriptors() []string {
	var open []string
	for fd := range 1024 {
		var st syscall.Stat_t
		if syscall.Fstat(fd, &st) != nil {
			continue
		}
		switch st.Mode & syscall.S_IFMT {
		case 0:
		case syscall.S_IFIFO:
			open = append(open, strconv.Itoa(fd)+":pipe")
		default:
			open = append(open, fmt.Sprintf("%d:%o", fd, st.Mode))
		}
	}
	return open
}
