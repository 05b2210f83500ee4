package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The test binary is its own child: with this variable set it serves instead
// of testing.
const asChild = "DONDOC_TEST_READER"

func TestMain(m *testing.M) {
	switch os.Getenv(asChild) {
	case "":
		os.Exit(m.Run())
	case "garbage":
		io.Copy(io.Discard, io.LimitReader(os.Stdin, 10))
		os.Stdout.WriteString("this is no frame at all, and the child stays alive")
		select {}
	case "daemon":
		daemon()
	case "no init":
		os.Stderr.WriteString("the campaign is unreadable")
		os.Exit(1)
	}
	what, err := Confine(childMemory)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := Serve(os.Stdin, os.Stdout, (&served{what: what}).handle); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// served is what the child of the tests can do.
type served struct {
	what  []string
	init  string
	count int
	held  [][]byte
}

func (s *served) handle(op string, payload []byte) ([]byte, map[string][]byte, error) {
	s.count++
	switch op {
	case OpInit:
		s.init = string(payload)
		return nil, nil, nil
	case "echo":
		return payload, nil, nil
	case "init?":
		return []byte(s.init), nil, nil
	case "count":
		return []byte(strconv.Itoa(s.count)), nil, nil
	case "what":
		return []byte(strings.Join(s.what, " ")), nil, nil
	case "env":
		return []byte(strings.Join(os.Environ(), "\n")), nil, nil
	case "blobs":
		return []byte("{}"), map[string][]byte{"a": []byte("first"), "b": {}, "c": bytes.Repeat([]byte("x"), 9<<20)}, nil
	case "fail":
		return nil, nil, errors.New("the form is not ours")
	case "panic":
		panic("index out of a stranger's range")
	case "exit":
		os.Exit(7)
	case "hang":
		for n := 0; ; n++ {
		}
	case "sleep":
		select {}
	case "recurse":
		return []byte{recurse(1)}, nil, nil
	case "greedy":
		for {
			s.held = append(s.held, bytes.Repeat([]byte("g"), 16<<20))
		}
	case "modest":
		return nil, nil, func() error { _ = bytes.Repeat([]byte("m"), 100<<20); return nil }()
	case "open":
		_, err := os.Open(string(payload))
		return told(err), nil, nil
	case "create":
		_, err := os.Create(string(payload))
		return told(err), nil, nil
	case "tcp":
		_, err := net.Dial("tcp", string(payload))
		return told(err), nil, nil
	case "udp":
		_, err := net.Dial("udp", string(payload))
		return told(err), nil, nil
	case "unix":
		_, err := net.Dial("unix", string(payload))
		return told(err), nil, nil
	case "exec", "fork", "descriptors":
		return probe(op, string(payload)), nil, nil
	case "pid":
		return []byte(strconv.Itoa(os.Getpid())), nil, nil
	case "huge":
		return nil, map[string][]byte{"huge": make([]byte, 40<<20)}, nil
	case "swarm":
		blobs := map[string][]byte{}
		for i := range 200_000 {
			blobs[strconv.Itoa(i)] = nil
		}
		return nil, blobs, nil
	case "chatter":
		for range 100_000 {
			os.Stderr.WriteString("a line that nobody asked for\n")
		}
		panic("after much talk")
	case "print":
		fmt.Println("a stray line in the middle of the protocol")
		return []byte("ok"), nil, nil
	}
	return nil, nil, fmt.Errorf("no operation %q", op)
}

func told(err error) []byte {
	if err == nil {
		return []byte("allowed")
	}
	return []byte(err.Error())
}

const childMemory = 300 << 20

// recurse ends when the stack does, long before n overflows.
func recurse(n int) byte {
	if n < 0 {
		return 0
	}
	return recurse(n+1) + recurse(n+2)
}

func start(t *testing.T, change func(*Config)) *Reader {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Command: []string{self}, Env: []string{asChild + "=serve"}, Init: []byte("the campaign"),
		Deadline: 20 * time.Second, Memory: childMemory, MaxReply: 32 << 20,
	}
	if change != nil {
		change(&cfg)
	}
	r := Start(cfg)
	t.Cleanup(r.Close)
	return r
}

func do(t *testing.T, r *Reader, op, payload string) string {
	t.Helper()
	reply, err := r.Do(context.Background(), op, []byte(payload))
	if err != nil {
		t.Fatalf("%s: %v", op, err)
	}
	return string(reply.JSON)
}

func TestAskingTheChild(t *testing.T) {
	r := start(t, nil)
	if got := do(t, r, "echo", "bytes of a mail"); got != "bytes of a mail" {
		t.Errorf("echo answered %q", got)
	}
	if got := do(t, r, "echo", ""); got != "" {
		t.Errorf("an empty payload came back as %q", got)
	}
	if got := do(t, r, "init?", ""); got != "the campaign" {
		t.Errorf("the child was given %q at its start", got)
	}
	reply, err := r.Do(context.Background(), "blobs", nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(reply.JSON) != "{}" || string(reply.Blobs["a"]) != "first" || len(reply.Blobs["c"]) != 9<<20 {
		t.Errorf("the reply came back as %q with blobs of %d, %d bytes", reply.JSON, len(reply.Blobs["a"]), len(reply.Blobs["c"]))
	}
	if b, ok := reply.Blobs["b"]; !ok || len(b) != 0 {
		t.Errorf("an empty blob is still a blob: %v %v", b, ok)
	}
}

func TestWhatKillsTheChildIsAFactAboutTheRequest(t *testing.T) {
	for _, test := range []struct {
		sentence string
		op       string
		why      string
		stderr   string
		deadline time.Duration
	}{
		{"a panic in a parser is a crash, and the log gets its words", "panic", WhyCrash, "a stranger's range", 0},
		{"a parser that exits is a crash", "exit", WhyCrash, "", 0},
		{"runaway recursion is a crash", "recurse", WhyCrash, "stack", 0},
		{"a parser that computes for ever is stopped at the deadline", "hang", WhyTime, "", 500 * time.Millisecond},
		{"a parser that waits for ever is stopped at the deadline", "sleep", WhyTime, "", 500 * time.Millisecond},
		{"a reply above the cap is refused", "huge", WhyCrash, "", 0},
		{"endless empty blobs are a reply above the cap", "swarm", WhyCrash, "", 0},
		{"a stray line on stdout is not mistaken for an answer", "print", WhyCrash, "", 0},
		{"what a child says is kept up to a bound", "chatter", WhyCrash, "nobody asked", 0},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			max := 32 << 20
			if test.op == "swarm" {
				max = 8 << 20
			}
			r := start(t, func(c *Config) {
				c.MaxReply = max
				if test.deadline > 0 {
					c.Deadline = test.deadline
				}
			})
			_, err := r.Do(context.Background(), test.op, nil)
			var crash *Crash
			if !errors.As(err, &crash) {
				t.Fatalf("got %v, not a *Crash", err)
			}
			if crash.Why != test.why || crash.Op != test.op {
				t.Errorf("why %q in %q (%s), want %q; stderr: %.200s", crash.Why, crash.Op, crash.Detail, test.why, crash.Stderr)
			}
			if !strings.Contains(crash.Stderr, test.stderr) || len(crash.Stderr) > maxStderr {
				t.Errorf("kept of its last words: %d bytes, %.300q", len(crash.Stderr), crash.Stderr)
			}
			if got := do(t, r, "count", ""); got != "2" {
				t.Errorf("the next request met a child of %s requests, not a fresh one", got)
			}
		})
	}
}

func TestGreedyChildIsStoppedByItsMemoryLimit(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "windows" || !limitsMemory {
		t.Skip("only Linux and Windows limit the reader's memory, and not under the race detector")
	}
	r := start(t, nil)
	if _, err := r.Do(context.Background(), "modest", nil); err != nil {
		t.Fatalf("100 MB of 300 must be possible: %v", err)
	}
	_, err := r.Do(context.Background(), "greedy", nil)
	var crash *Crash
	if !errors.As(err, &crash) || crash.Why != WhyMemory {
		t.Fatalf("got %v, want a *Crash for memory", err)
	}
	if got := do(t, r, "echo", "next"); got != "next" {
		t.Errorf("after it: %q", got)
	}
}

// How the runtime dies depends on what it wanted memory for when there was none.
func TestLastWordsOfAChildWithoutMemory(t *testing.T) {
	for _, row := range []struct {
		sentence, words string
		memory          bool
	}{
		{"for its heap", "fatal error: runtime: out of memory", true},
		{"for a mapping", "runtime: mmap: cannot allocate memory", true},
		{"for a thread", "runtime: failed to create new OS thread (have 5 already; errno=11)", true},
		{"for a thread of a program with cgo", "runtime/cgo: pthread_create failed: Resource temporarily unavailable", true},
		{"a panic is none of these", "panic: index out of range", false},
	} {
		if outOfMemory(row.words) != row.memory {
			t.Errorf("%s: %q", row.sentence, row.words)
		}
	}
}

func TestChildReachesNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux confines the reader")
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	dir := t.TempDir()
	file := dir + "/secret"
	if err := os.WriteFile(file, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", dir+"/s")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()

	r := start(t, nil)
	what := strings.Fields(do(t, r, "what", ""))
	t.Log("taken away:", what)
	for _, must := range []string{"privileges", "memory", "core", "descriptors"} {
		if must == "memory" && !limitsMemory {
			continue
		}
		if !slices.Contains(what, must) {
			t.Errorf("Confine did not report %q", must)
		}
	}
	for _, test := range []struct{ sentence, op, payload string }{
		{"a file that all may read cannot be opened", "open", file},
		{"no file can be created", "create", dir + "/new"},
		{"/proc cannot be looked at", "open", "/proc/self/environ"},
		{"a TCP server on loopback cannot be reached", "tcp", tcp.Addr().String()},
		{"nor a UDP one", "udp", "127.0.0.1:53"},
		{"nor a unix socket", "unix", dir + "/s"},
	} {
		if got := do(t, r, test.op, test.payload); got == "allowed" {
			t.Errorf("not so: %s", test.sentence)
		}
	}
	if slices.Contains(what, "files") {
		for _, op := range []string{"exec", "fork"} {
			if got := do(t, r, op, "/bin/true"); got == "allowed" {
				t.Errorf("the child can %s another program", op)
			}
		}
	}
	t.Setenv("DONDOC_IMAP_PASSWORD", "secret")
	if env := do(t, start(t, nil), "env", ""); strings.Contains(env, "PASSWORD") {
		t.Errorf("the child sees the daemon's environment: %q", env)
	}
}

func TestGarbageOnThePipe(t *testing.T) {
	r := start(t, func(c *Config) { c.Env = []string{asChild + "=garbage"} })
	_, err := r.Do(context.Background(), "echo", []byte("x"))
	var crash *Crash
	if err == nil || errors.As(err, &crash) {
		t.Errorf("a child that cannot start is our error, not the mail's: %v", err)
	}
}

func TestChildThatCannotStart(t *testing.T) {
	for _, test := range []struct {
		sentence string
		change   func(*Config)
		says     string
	}{
		{"it exits at its start: the error quotes its words", func(c *Config) { c.Env = []string{asChild + "=no init"} }, "the campaign is unreadable"},
		{"the program is not there", func(c *Config) { c.Command = []string{"/nowhere/dondoc"} }, "no such file"},
		{"no command at all", func(c *Config) { c.Command = nil }, "no command"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			_, err := start(t, test.change).Do(context.Background(), "echo", nil)
			var crash *Crash
			if err == nil || errors.As(err, &crash) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFailureOfAnOperationKeepsTheChild(t *testing.T) {
	r := start(t, nil)
	_, err := r.Do(context.Background(), "fail", nil)
	var crash *Crash
	if err == nil || errors.As(err, &crash) || !strings.Contains(err.Error(), "the form is not ours") {
		t.Fatalf("got %v", err)
	}
	if got := do(t, r, "count", ""); got != "3" {
		t.Errorf("the child was replaced (count %s)", got)
	}
}

func TestChildIsReusedAndReplaced(t *testing.T) {
	r := start(t, func(c *Config) { c.Reuse = 1000 })
	for i := range 999 {
		if got := do(t, r, "count", ""); got != strconv.Itoa(i+2) {
			t.Fatalf("request %d met a child of %s requests", i, got)
		}
	}
	do(t, r, "count", "")
	if got := do(t, r, "count", ""); got != "2" {
		t.Errorf("after 1000 requests the child is fresh; it had %s", got)
	}
	do(t, r, "echo", strings.Repeat("x", 9<<20))
	if got := do(t, r, "count", ""); got != "2" {
		t.Errorf("after a large request the child is fresh; it had %s", got)
	}
}

func TestChildThatDiedBetweenRequestsIsNoFactAboutTheNext(t *testing.T) {
	r := start(t, nil)
	do(t, r, "echo", "x")
	c := <-r.slots
	c.cmd.Process.Kill()
	<-c.gone
	r.slots <- c
	if got := do(t, r, "count", ""); got != "2" {
		t.Errorf("count %s", got)
	}
}

func TestLimitsAndEnds(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxRequest = 100 })
	if _, err := r.Do(context.Background(), "echo", make([]byte, 101)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a payload above the limit: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { time.Sleep(200 * time.Millisecond); cancel() }()
	if _, err := r.Do(ctx, "sleep", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who gives up gets its own error, not a crash: %v", err)
	}
	if got := do(t, r, "echo", "x"); got != "x" {
		t.Errorf("after it: %q", got)
	}
	r.Close()
	r.Close()
	if _, err := r.Do(context.Background(), "echo", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestSeveralChildrenAtOnce(t *testing.T) {
	r := start(t, func(c *Config) { c.Children = 2 })
	answers := make(chan string, 40)
	for i := range 40 {
		go func() {
			reply, err := r.Do(context.Background(), "echo", []byte(strconv.Itoa(i)))
			if err != nil || string(reply.JSON) != strconv.Itoa(i) {
				answers <- fmt.Sprintf("%d was answered %q, %v", i, reply.JSON, err)
				return
			}
			answers <- ""
		}()
	}
	for range 40 {
		if a := <-answers; a != "" {
			t.Error(a)
		}
	}
}

// A child whose daemon was killed must not go on computing for ever.
func TestServeEndsWithItsInputEvenInsideARequest(t *testing.T) {
	in, feed := io.Pipe()
	busy := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(in, io.Discard, func(string, []byte) ([]byte, map[string][]byte, error) {
			close(busy)
			select {}
		})
	}()
	writeFrame(feed, frameOp, []byte("work"))
	writeFrame(feed, framePayload, nil)
	<-busy
	feed.Close()
	if err := <-ended; err == nil {
		t.Error("leaving in the midst of a request is an error")
	}
	if err := Serve(strings.NewReader(""), io.Discard, nil); err != nil {
		t.Errorf("the end of the input between requests is a good end: %v", err)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{framePayload, 0, 0, 0, 2, 'h', 'i'})
	f.Add([]byte{frameBlob, 0xff, 0xff, 0xff, 0xff, 'x'})
	f.Add([]byte{frameName, 0, 2, 0, 0})
	f.Add([]byte{'?', 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, got, err := readFrame(bytes.NewReader(data), 1<<20)
		if err != nil {
			return
		}
		var back bytes.Buffer
		if err := writeFrame(&back, kind, got); err != nil || !bytes.Equal(back.Bytes(), data[:back.Len()]) {
			t.Errorf("%q was read as %q %q", data, kind, got)
		}
	})
}

func BenchmarkDo(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	r := Start(Config{Command: []string{self}, Env: []string{asChild + "=serve"}, Reuse: 1 << 30})
	defer r.Close()
	payload := bytes.Repeat([]byte("x"), 100<<10)
	for b.Loop() {
		if _, err := r.Do(context.Background(), "echo", payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	r := Start(Config{Command: []string{self}, Env: []string{asChild + "=serve"}, Reuse: 1})
	defer r.Close()
	for b.Loop() {
		if _, err := r.Do(context.Background(), "echo", nil); err != nil {
			b.Fatal(err)
		}
	}
}
