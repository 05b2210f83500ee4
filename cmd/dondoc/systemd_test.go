package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dondoc/schedule"
)

// TestTheDaemonTellsItsSupervisor: ready, how it is and that it is alive after
// the look at its start, and stopping when it is told to; nothing before and
// nothing else.
func TestTheDaemonTellsItsSupervisor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BATO")
	dir, err := os.MkdirTemp("", "d") // a socket's path is short, a test's is not
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, row := range []struct{ sentence, socket string }{
		{"through a socket of the file system", filepath.Join(dir, "n")},
		{"through an abstract one", "@dondoc-test-" + filepath.Base(dir)},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if strings.HasPrefix(row.socket, "@") && runtime.GOOS != "linux" {
				return // there are none elsewhere
			}
			socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: row.socket, Net: "unixgram"})
			if err != nil {
				t.Fatal(err)
			}
			defer socket.Close()
			p, _ := w.program(at(t, "2022-10-12 01:00"))
			p.Clock = &ticking{now: at(t, "2022-10-12 01:00"), tick: make(chan struct{})}
			env := p.Getenv
			p.Getenv = func(name string) string {
				if name == "NOTIFY_SOCKET" {
					return row.socket
				}
				return env(name)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			ended := make(chan int, 1)
			go func() { ended <- p.Run(ctx, []string{"run", "-C", w.dir}) }()
			heard := func() string {
				t.Helper()
				socket.SetReadDeadline(time.Now().Add(time.Minute))
				b := make([]byte, 100)
				n, err := socket.Read(b)
				if err != nil {
					t.Fatal(err)
				}
				return string(b[:n])
			}
			for _, want := range []string{"READY=1", "STATUS=bình thường", "WATCHDOG=1"} {
				if got := heard(); got != want {
					t.Fatalf("it said %q, want %q", got, want)
				}
			}
			stop()
			for got := heard(); got != "STOPPING=1"; got = heard() {
				if got != "WATCHDOG=1" {
					t.Fatalf("it said %q at its end", got)
				}
			}
			if code := <-ended; code != exitDone {
				t.Errorf("exit status %d", code)
			}
		})
	}
}

// TestTheSupervisorHearsFromALoopThatSeldomPolls: the word comes in half the
// time that the watchdog grants, whatever the jobs do; a job that hangs is not
// covered up.
func TestTheSupervisorHearsFromALoopThatSeldomPolls(t *testing.T) {
	for _, row := range []struct {
		sentence    string
		hangs       bool
		least, most int // words in two hours of a watch of ten minutes
	}{
		{"nothing is to be done", false, 23, 25},
		{"a job hangs after an hour", true, 11, 13},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := supervisor{socket: "x", watchdog: 10 * time.Minute}
				ctx, stop := context.WithTimeout(t.Context(), 2*time.Hour)
				defer stop()
				words, spoke, job := 0, time.Now(), time.Now().Add(time.Hour)
				schedule.Loop(ctx, wall{}, []schedule.Entry{
					{Name: "job", Again: func(time.Time) time.Time { return job }, Run: func(ctx context.Context, _ time.Time) {
						if job = (time.Time{}); row.hangs {
							<-ctx.Done()
						}
					}},
					{Name: "alive", Again: func(time.Time) time.Time { return s.word(spoke) }, Run: func(_ context.Context, now time.Time) { spoke = now; words++ }},
				})
				if words < row.least || words > row.most {
					t.Errorf("%d words", words)
				}
			})
		})
	}
	for _, row := range []struct {
		sentence string
		env      map[string]string
		want     time.Duration
	}{
		{"nobody started us", nil, 0},
		{"a manager that keeps no watch", map[string]string{"NOTIFY_SOCKET": "/s"}, 0},
		{"one that does", map[string]string{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "60000000"}, 30 * time.Second},
		{"nonsense is no watch", map[string]string{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "-1"}, 0},
		{"a watch that cannot be told", map[string]string{"WATCHDOG_USEC": "60000000"}, 0},
	} {
		last := time.Unix(1000, 0)
		got := supervisorOf(func(name string) string { return row.env[name] }).word(last)
		if row.want == 0 && !got.IsZero() || row.want != 0 && got.Sub(last) != row.want {
			t.Errorf("%s: the next word at %v", row.sentence, got)
		}
	}
}

// TestTheUnit: systemd understands the unit, finds little that it exposes, and
// lets the reader of strangers' bytes be confined and die on its own.
func TestTheUnit(t *testing.T) {
	unit := read(t, "cmd/dondoc/deploy/dondoc.service")
	for _, row := range []struct{ sentence, line string }{
		{"a stop ends the daemon, which ends its reader; not the reader beside it", `KillMode=mixed`},
		{"a reader that uses too much memory is a verdict, not the end of the daemon", `OOMPolicy=continue`},
		{"a configuration that is refused is refused again", `RestartPreventExitStatus=2`},
		{"the reader may give up the file system (Landlock)", `SystemCallFilter=.*landlock_create_ruleset.* landlock_restrict_self.*`},
		{"a kernel without it is told so, and nobody is killed", `SystemCallErrorNumber=EPERM`},
		{"the daemon tells when it is ready", `Type=notify`},
		{"it may write into the campaign", `ReadWritePaths=/srv/dvk-2022`},
		{"where it works", `WorkingDirectory=/srv/dvk-2022`},
	} {
		if !regexp.MustCompile("(?m)^" + row.line + "$").MatchString(unit) {
			t.Errorf("%s: no line %s", row.sentence, row.line)
		}
	}
	// A server may take ten minutes to answer the end of a mail (RFC 5321
	// §4.5.3.2.6), and a look may meet several.
	if m := regexp.MustCompile(`(?m)^WatchdogSec=(\d+)min$`).FindStringSubmatch(unit); m == nil {
		t.Error("no WatchdogSec in minutes")
	} else if n, _ := strconv.Atoi(m[1]); n < 30 {
		t.Errorf("WatchdogSec=%dmin would end a daemon that waits for a slow server", n)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not installed here: only the lines above were looked at")
		return
	}
	file := filepath.Join(t.TempDir(), "dondoc.service")
	tried := strings.Replace(unit, "/usr/local/bin/dondoc", "/bin/true", 1) // it has to be there
	if err := os.WriteFile(file, []byte(tried), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", "--man=no", file}, {"security", "--offline=true", "--threshold=20", file}} {
		if out, err := exec.Command(analyze, args...).CombinedOutput(); err != nil || args[0] == "verify" && len(out) > 0 {
			t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// TestTheContainerfile builds what the module asks for, from what is there, and
// runs what the unit runs.
func TestTheContainerfile(t *testing.T) {
	file := read(t, "cmd/dondoc/deploy/Containerfile")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if !strings.Contains(file, "FROM golang:"+version+"-") {
		t.Errorf("it does not build with Go %s, as go.mod says", version)
	}
	copied := ""
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-]\S*) (\S+)`).FindAllStringSubmatch(file, -1) {
		copied += " " + strings.TrimSuffix(m[1], "/")
		if _, err := os.Stat(filepath.Join(top, m[1])); err != nil {
			t.Error(err)
		}
	}
	for _, need := range []string{"go.mod", "go.sum", "cmd", "config", "intake", "notify", "schedule"} {
		if !strings.Contains(copied+" ", " "+need+" ") {
			t.Errorf("%s is not copied, and needed", need)
		}
	}
	run := regexp.MustCompile(`(?m)^ENTRYPOINT (\[.*\])\nCMD (\[.*\])$`).FindStringSubmatch(file)
	if run == nil || fmt.Sprint(run[1:]) != `[["dondoc"] ["run"]]` {
		t.Errorf("it runs %v", run)
	}
}
