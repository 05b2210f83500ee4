package reader

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is one running process and our ends of its pipes.
type child struct {
	cmd    *exec.Cmd
	in     *os.File
	out    *os.File
	reply  *bufio.Reader // over out
	stderr *tail
	asked  int
	gone   chan struct{} // closed when the process has ended
	err    error         // how it ended; to be read once gone is closed
}

func newChild(cmd *exec.Cmd, start func(*exec.Cmd) error) (*child, error) {
	c := &child{cmd: cmd, stderr: &tail{}, gone: make(chan struct{})}
	// Pipes of our own: those of os/exec are closed by Wait, which would cut
	// off a reply that is still being read when the child exits.
	var theirs [2]*os.File
	var err error
	if theirs[0], c.in, err = os.Pipe(); err != nil {
		return nil, err
	}
	if c.out, theirs[1], err = os.Pipe(); err != nil {
		theirs[0].Close()
		c.in.Close()
		return nil, err
	}
	widen(c.in)
	widen(c.out)
	c.reply = bufio.NewReaderSize(c.out, 64<<10)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs[0], theirs[1], c.stderr
	cmd.WaitDelay = 2 * time.Second
	err = start(cmd)
	theirs[0].Close()
	theirs[1].Close()
	if err != nil {
		c.in.Close()
		c.out.Close()
		return nil, err
	}
	go func() {
		c.err = cmd.Wait() // its last words are complete when this returns
		close(c.gone)
	}()
	return c, nil
}

// Failure is the failure of one operation, told by a child that lives. Like a
// Crash it is a fact about the bytes that were sent.
type Failure struct{ Op, Text string }

func (e *Failure) Error() string { return "reader: " + e.Op + ": " + e.Text }

// exchange sends one request and reads its reply; size is the reply's. When
// ctx ends the process is killed, which also ends reads and writes on its
// pipes. Any error but *Failure leaves the child of no further use.
func (c *child) exchange(ctx context.Context, op string, payload []byte, max int) (reply Reply, size int, err error) {
	stop := context.AfterFunc(ctx, func() { c.cmd.Process.Kill() })
	defer stop()
	c.stderr.reset()
	if err := c.send(op, payload); err != nil {
		return Reply{}, 0, err
	}
	name, named := "", false
	for {
		kind, data, err := readFrame(c.reply, max-size)
		if err != nil {
			return Reply{}, size, err
		}
		// A name costs a little more than its bytes, so that endless empty
		// blobs come to an end too.
		size += len(data) + 64
		if size > max {
			return Reply{}, size, fmt.Errorf("%w: the reply is larger than %d bytes", errFrame, max)
		}
		switch {
		case kind == frameName && !named:
			name, named = string(data), true
		case kind == frameBlob && named:
			if reply.Blobs == nil {
				reply.Blobs = map[string][]byte{}
			}
			reply.Blobs[name], named = data, false
		case kind == frameReply && !named:
			if c.reply.Buffered() > 0 {
				return Reply{}, size, fmt.Errorf("%w: more than one reply", errFrame)
			}
			reply.JSON = data
			return reply, size, nil
		case kind == frameError && !named:
			return Reply{}, size, &Failure{op, string(data)}
		default:
			return Reply{}, size, fmt.Errorf("%w: kind %q out of order", errFrame, kind)
		}
	}
}

func (c *child) send(op string, payload []byte) error {
	w := bufio.NewWriterSize(c.in, 64<<10)
	if err := writeFrame(w, frameOp, []byte(op)); err != nil {
		return err
	}
	if err := writeFrame(w, framePayload, payload); err != nil {
		return err
	}
	return w.Flush()
}

// dead reports whether the process has ended.
func (c *child) dead() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// end kills the process and lets go of everything that was its.
func (c *child) end() {
	c.cmd.Process.Kill()
	<-c.gone
	c.in.Close()
	c.out.Close()
}

// autopsy ends the child and says why the request failed. trouble is what the
// exchange ran into.
func (c *child) autopsy(op string, timedOut bool, trouble error) *Crash {
	// A child that died by itself has closed its pipes, and its way of dying
	// tells the cause; one that sent garbage lives, and is killed now.
	byItself := c.endsSoon(trouble)
	c.end()
	crash := &Crash{Why: WhyCrash, Op: op, Stderr: c.stderr.String()}
	switch {
	case timedOut:
		crash.Why, crash.Detail = WhyTime, "no answer within the deadline"
	case !byItself:
		crash.Detail = trouble.Error()
	default:
		crash.Detail = "exit status 0 without an answer"
		if c.err != nil {
			crash.Detail = c.err.Error()
		}
		if outOfMemory(crash.Stderr) || killedByKernel(c.err) {
			crash.Why = WhyMemory
		}
	}
	return crash
}

// endsSoon reports whether the process has ended or is ending by itself: its
// pipes are closed, which only its death or its own folly does.
func (c *child) endsSoon(trouble error) bool {
	if errors.Is(trouble, errFrame) {
		return c.dead()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	select {
	case <-c.gone:
		return true
	case <-ctx.Done():
		return false
	}
}

// outOfMemory recognises the last words of a Go program that RLIMIT_DATA
// refused memory to: for its heap, or for the stack of another thread.
func outOfMemory(stderr string) bool {
	for _, words := range []string{"out of memory", "cannot allocate memory", "pthread_create failed", "failed to create new OS thread"} {
		if strings.Contains(stderr, words) {
			return true
		}
	}
	return false
}

// killedByKernel reports a SIGKILL that was not ours: what the kernel sends
// to a process when the whole machine is short of memory.
func killedByKernel(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// tail keeps the beginning of what a child says on stderr, where a Go program
// names the cause of its death, up to a bound.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const maxStderr = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	room := maxStderr - len(t.kept)
	t.kept = append(t.kept, p[:min(len(p), max(room, 0))]...)
	return len(p), nil
}

func (t *tail) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = t.kept[:0]
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
