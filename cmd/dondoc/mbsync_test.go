//go:build unix

package main

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"dondoc/cmd/dondoc/hosts"
	"dondoc/config"
)

// BenchmarkMailbox takes one mailbox on Dovecot twice: mbsync downloads it
// with fsync and does no more, dondoc goes from the connection to the last
// durable verdict. DONDOC_MAILS names a directory of .eml files to fill the
// mailbox with. For each it reports the wall's seconds, those of the processor,
// and the peak of memory in MB, of dondoc with its reading child: what each had
// resident, and all of it together, with what they share (the program itself)
// counted once.
//
// The two take turns, so that what else the machine does meets both.
func BenchmarkMailbox(b *testing.B) {
	dir := os.Getenv("DONDOC_MAILS")
	if dir == "" {
		b.Skip("DONDOC_MAILS names no directory of mails")
	}
	mbsync, err := exec.LookPath("mbsync")
	if err != nil {
		b.Skip("there is no program mbsync (package isync)")
	}
	server, err := hosts.Dovecot()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Close() })
	const user = "ban"
	if err := server.AddUser(user, password); err != nil {
		b.Fatal(err)
	}
	n := stock(b, server, user, dir)
	program := filepath.Join(b.TempDir(), "dondoc")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var theirs, ours cost
	for b.Loop() {
		theirs.add(download(b, mbsync, server, user, n))
		ours.add(whole(b, program, server, user, n))
	}
	theirs.report(b, "mbsync")
	ours.report(b, "dondoc")
	b.ReportMetric(ours.wall.Seconds()/theirs.wall.Seconds(), "dondoc/mbsync")
}

// stock puts every mail of a directory into the user's INBOX.
func stock(b *testing.B, server *hosts.Server, user, dir string) (n int) {
	c := login(b, server, user)
	defer c.Close()
	paths, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(paths) == 0 {
		b.Fatalf("%s: no .eml files (%v)", dir, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		put := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: time.Date(2022, 10, 12, 2, 30, 0, 0, time.UTC)})
		put.Write(raw)
		put.Close()
		if _, err := put.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	return len(paths)
}

// cost is what a program needed.
type cost struct {
	runs          int
	wall, cpu     time.Duration
	daemon, child int64 // peak, bytes
	together      int64
}

func (c *cost) add(d cost) {
	c.runs++
	c.wall, c.cpu = c.wall+d.wall, c.cpu+d.cpu
	c.daemon, c.child = max(c.daemon, d.daemon), max(c.child, d.child)
	c.together = max(c.together, d.together)
}

func (c *cost) report(b *testing.B, name string) {
	b.ReportMetric(c.wall.Seconds()/float64(c.runs), name+"-s")
	b.ReportMetric(c.cpu.Seconds()/float64(c.runs), name+"-cpu-s")
	b.ReportMetric(float64(c.daemon)/(1<<20), name+"-MB")
	if c.child > 0 {
		b.ReportMetric(float64(c.child)/(1<<20), name+"-child-MB")
		b.ReportMetric(float64(c.together)/(1<<20), name+"-together-MB")
	}
}

// run runs a program to its end. Whether it did its work is seen by what it
// left behind: dondoc ends with an error, because its letters find no server.
func run(b *testing.B, cmd *exec.Cmd) (c cost, said string) {
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	watch, stop := context.WithCancel(b.Context())
	peaks := make(chan [2]int64)
	go func() {
		child, together := childPeak(watch, cmd.Process.Pid)
		peaks <- [2]int64{child, together}
	}()
	cmd.Wait()
	c.wall = time.Since(begun)
	stop()
	peak := <-peaks
	c.child, c.together = peak[0], peak[1]
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.daemon = usage.Maxrss << 10
	return c, out.String()
}

// childPeak looks, until ctx ends, at the largest memory that any child of a
// process has had resident, and at what it has together with its children, their
// shared pages counted once (Pss, proc(5)).
func childPeak(ctx context.Context, parent int) (peak, together int64) {
	for ctx.Err() == nil {
		now := field(filepath.Join("/proc", strconv.Itoa(parent)), "smaps_rollup", "Pss:")
		stats, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, stat := range stats {
			text, err := os.ReadFile(stat)
			if err != nil {
				continue
			}
			fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
			if fields[1] != strconv.Itoa(parent) {
				continue
			}
			peak = max(peak, field(filepath.Dir(stat), "status", "VmHWM:"))
			now += field(filepath.Dir(stat), "smaps_rollup", "Pss:")
		}
		together = max(together, now)
		time.Sleep(50 * time.Millisecond)
	}
	return peak, together
}

// field is a figure that a file of a process gives in kB, in bytes; 0 where it
// is not given.
func field(process, file, name string) int64 {
	text, _ := os.ReadFile(filepath.Join(process, file))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// download is mbsync's run, into a new Maildir.
func download(b *testing.B, mbsync string, server *hosts.Server, user string, n int) cost {
	dir := b.TempDir()
	host, port, _ := net.SplitHostPort(server.Addr())
	conf := filepath.Join(dir, "mbsyncrc")
	text := fmt.Sprintf("FSync yes\nIMAPAccount a\nHost %s\nPort %s\nUser %s\nPass %s\nSSLType IMAPS\nCertificateFile %s\n\n"+
		"IMAPStore far\nAccount a\n\nMaildirStore near\nPath %s/\nInbox %[6]s/INBOX\n\nChannel c\nFar :far:INBOX\nNear :near:INBOX\nSync Pull\nCreate Near\nSyncState *\n",
		host, port, user, password, server.CA(), dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	c, said := run(b, exec.Command(mbsync, "-c", conf, "-q", "c"))
	got := 0
	filepath.WalkDir(filepath.Join(dir, "INBOX"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
			got++
		}
		return nil
	})
	if got != n {
		b.Fatalf("mbsync took %d of %d mails\n%s", got, n, said)
	}
	return c
}

// whole is dondoc's run, on a new campaign.
func whole(b *testing.B, program string, server *hosts.Server, user string, n int) cost {
	d := &desk{world: &world{t: b, dir: b.TempDir()}}
	if err := config.Init(d.dir); err != nil {
		b.Fatal(err)
	}
	// Nobody listens where letters would go to, so none is paid for here.
	d.edit("campaign.yaml",
		`url: "imaps[^"]*"`, fmt.Sprintf(`url: %q`, server.URL(user)),
		`url: "smtp[^"]*"`, `url: "smtp+plain://127.0.0.1:1"`,
		`(?m)^desk: .*`, "desk: ["+deskAddress+"]",
	)
	d.key("mailbox", "ca_file", server.CA())
	cmd := exec.Command(program, "-C", d.dir, "--now", "2022-10-12T09:31:00+07:00", "once", "--json")
	cmd.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD="+password, "DONDOC_SMTP_PASSWORD="+password)
	c, said := run(b, cmd)
	if want := fmt.Sprintf(`{"fetched":%d,`, n); !strings.Contains(said, want) {
		b.Fatalf("dondoc should say %s…:\n%s", want, said)
	}
	return c
}
