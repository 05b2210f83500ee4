// Package reader keeps everything that opens a stranger's bytes in a child
// process: the same binary, started with a hidden subcommand, without files,
// without network, with a memory limit and a deadline. The daemon asks, the
// child answers with finished bytes. What kills the child is a finding about
// the mail (*Crash), never a crash of the daemon.
//
// The package knows nothing of mail: an operation is a name and bytes, an
// answer is JSON and named blobs. Serve and Confine are the child's side,
// Start and Do the daemon's.
//
// One exchange at a time runs over the child's stdin and stdout (frame.go).
// The child holds no secret: its environment is what Config.Env says and no
// more, so a password in the daemon's environment does not reach it.
//
// A stranger who finds a hole in a parser controls the child. He may want the
// archive, the mailbox's password, another machine, or this one's memory and
// time. He has the mail that he sent and the campaign's roster, and a pipe:
// files, sockets and new descriptors are gone before his first byte comes
// (TestChildReachesNothing, TestChildHoldsItsPipesOnly), memory and time are
// limited (TestGreedyChildIsStoppedByItsMemoryLimit, TestLimitsAndEnds), and what
// he writes to the pipe is bounded and believed only in form (TestGarbageOnThePipe,
// FuzzFrames). What he can do is to lie about his own mail.
package reader

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

// OpInit is the operation that carries Config.Init to a fresh child, before
// anything else is asked of it.
const OpInit = "init"

// Config says how a child is started and what it may cost. Zero values take
// the defaults named here.
type Config struct {
	Command []string // argv of the child
	Env     []string // its whole environment; empty means an empty one
	Init    []byte   // sent first, as OpInit: the campaign's data

	Deadline   time.Duration // for one request, starting the child included; 30 s
	MaxRequest int           // bytes of one payload; 96 MB
	MaxReply   int           // bytes of one reply, blobs included; 256 MB

	// Memory is what the child may use, in bytes, for the operator's log and
	// for telling why it died. It is the child that limits itself, in Confine.
	Memory uint64

	Children int // how many may run at once; 1
	Reuse    int // requests after which a child is replaced; 500
	Large    int // bytes of a payload or a reply after which it is replaced; 8 MB
}

func (c Config) withDefaults() Config {
	if c.Deadline <= 0 {
		c.Deadline = 30 * time.Second
	}
	for _, d := range []struct {
		field *int
		value int
	}{
		{&c.MaxRequest, 96 << 20}, {&c.MaxReply, 256 << 20},
		{&c.Children, 1}, {&c.Reuse, 500}, {&c.Large, 8 << 20},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return c
}

// Reader asks confined children. It is safe for concurrent use; at most
// Config.Children requests run at once, the others wait their turn.
type Reader struct {
	cfg Config
	// slots holds one entry per child that may run: the child, or nil where
	// none has been started yet or the last one is gone.
	slots   chan *child
	births  *births
	closed  chan struct{}
	closing sync.Once
}

// Reply is what the child answered.
type Reply struct {
	JSON  []byte
	Blobs map[string][]byte // by the name the child gave them; a name is a claim, not a hash that was checked
}

// Crash tells that the child died of a request, or had to be killed for it.
// It is a fact about the bytes that were sent; the reader goes on with a
// fresh child.
type Crash struct {
	Why    string // "crash", "time" or "memory"
	Op     string
	Detail string // how the process ended, in English, for the log
	Stderr string // what it said at the end, bounded; may quote the mail
}

func (c *Crash) Error() string {
	return fmt.Sprintf("the reader died (%s) in %q: %s", c.Why, c.Op, c.Detail)
}

// Unstarted tells that no child could be started: nothing can be read, and no
// bytes are to blame.
type Unstarted struct{ Detail string }

func (u *Unstarted) Error() string { return "reader: the child did not start: " + u.Detail }

// The reasons of a Crash.
const (
	WhyCrash  = "crash"
	WhyTime   = "time"
	WhyMemory = "memory"
)

// ErrTooLarge is returned for a payload above Config.MaxRequest; nothing was
// sent to a child.
var ErrTooLarge = errors.New("reader: the request is larger than the limit")

// ErrClosed is returned after Close.
var ErrClosed = errors.New("reader: closed")

// Start returns a Reader. No child is started before the first Do.
func Start(cfg Config) *Reader {
	cfg = cfg.withDefaults()
	r := &Reader{cfg: cfg, slots: make(chan *child, cfg.Children), births: newBirths(), closed: make(chan struct{})}
	for range cfg.Children {
		r.slots <- nil
	}
	return r
}

// Do asks a child for op on payload and waits for the answer, at most
// Config.Deadline. A *Crash means that the request killed the child, a
// *Failure that the operation itself failed (the child lives); any other error
// that no child could be started, or that ctx ended.
func (r *Reader) Do(ctx context.Context, op string, payload []byte) (Reply, error) {
	if len(payload) > r.cfg.MaxRequest {
		return Reply{}, ErrTooLarge
	}
	var c *child
	select {
	case <-r.closed:
		return Reply{}, ErrClosed
	case <-ctx.Done():
		return Reply{}, ctx.Err()
	case c = <-r.slots:
	}
	select {
	case <-r.closed:
		r.slots <- c
		return Reply{}, ErrClosed
	default:
	}
	reply, c, err := r.ask(ctx, c, op, payload)
	r.slots <- c
	return reply, err
}

// ask runs one request on c, or on a new child if c is nil, and returns the
// child to keep for the next one: nil if it is spent or dead.
func (r *Reader) ask(ctx context.Context, c *child, op string, payload []byte) (Reply, *child, error) {
	limited, cancel := context.WithTimeout(ctx, r.cfg.Deadline)
	defer cancel()
	if c != nil && c.dead() {
		// It died while nobody asked anything of it (an operator's kill, the
		// kernel short of memory): that is no fact about this request.
		c.end()
		c = nil
	}
	if c == nil {
		var err error
		if c, err = r.start(limited); err != nil {
			if ctx.Err() != nil {
				err = ctx.Err() // the caller gave up, the child is not to blame
			}
			return Reply{}, nil, err
		}
	}
	reply, size, err := c.exchange(limited, op, payload, r.cfg.MaxReply)
	var failed *Failure
	switch {
	case err == nil || errors.As(err, &failed):
		c.asked++
		if c.asked >= r.cfg.Reuse || len(payload) >= r.cfg.Large || size >= r.cfg.Large {
			c.end()
			c = nil
		}
		return reply, c, err
	case ctx.Err() != nil:
		c.end()
		return Reply{}, nil, ctx.Err()
	}
	timedOut := limited.Err() != nil
	return Reply{}, nil, c.autopsy(op, timedOut, err)
}

// start starts a child and hands it the campaign's data.
func (r *Reader) start(ctx context.Context) (*child, error) {
	if len(r.cfg.Command) == 0 {
		return nil, errors.New("reader: no command to start a child with")
	}
	cmd := exec.Command(r.cfg.Command[0], r.cfg.Command[1:]...)
	cmd.Env = append([]string{}, r.cfg.Env...)
	c, err := newChild(cmd, r.births.start)
	if err != nil {
		return nil, &Unstarted{err.Error()}
	}
	if _, _, err := c.exchange(ctx, OpInit, r.cfg.Init, r.cfg.MaxReply); err != nil {
		timedOut := ctx.Err() != nil
		crash := c.autopsy(OpInit, timedOut, err)
		// A child that cannot even start is our trouble, not the mail's: so
		// this is no *Crash, and the mail is tried again later.
		return nil, &Unstarted{fmt.Sprintf("%s: %s", crash.Detail, crash.Stderr)}
	}
	return c, nil
}

// Close ends the children, waiting for requests that are under way; every
// later Do returns ErrClosed.
func (r *Reader) Close() {
	r.closing.Do(func() { close(r.closed) })
	var taken []*child
	for range r.cfg.Children {
		taken = append(taken, <-r.slots)
	}
	for _, c := range taken {
		if c != nil {
			c.end()
		}
		r.slots <- nil
	}
	r.births.end()
}
