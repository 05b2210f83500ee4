package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ticking is a clock whose sleepers wake only when the test says that an hour
// has passed.
type ticking struct {
	mu   sync.Mutex
	now  time.Time
	tick chan struct{} // closed at the next hour
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *ticking) Sleep(ctx context.Context, until time.Time) error {
	c.mu.Lock()
	late, tick := !c.now.Before(until), c.tick
	c.mu.Unlock()
	if late {
		return nil
	}
	select {
	case <-tick:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *ticking) hour() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Hour)
	close(c.tick)
	c.tick = make(chan struct{})
}

// TestRunLooksOnlyWhenThereIsAReason counts the rounds of the daemon: each has
// to be owed to its start, to a poll or to a mail. The clock stands still but
// for the polls, so a round after a mail is the mail server's doing.
func TestRunLooksOnlyWhenThereIsAReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sentence string
		folders  string
		loses    bool // its connection before each poll
		listens  bool // mail wakes it
	}{
		{sentence: "while idling", folders: "[INBOX]", listens: true},
		{sentence: "while idling, with a second folder that it has to leave", folders: "[INBOX, Junk]", listens: true},
		{sentence: "after the connection was lost before each poll", folders: "[INBOX]", loses: true, listens: true},
		{sentence: "with nothing to idle on", folders: "[Không có, INBOX]"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "HU-BATO")
			line := newShaky(t, w.imap.Addr())
			w.imap.AddFolder("tiepnhan", "Junk")
			w.edit("campaign.yaml", `(?m)^poll: .*`, `poll: "@every 1h"`, `(?m)^  folders: .*`, "  folders: "+c.folders, regexp.QuoteMeta(w.imap.Addr()), line.Addr().String())
			clock := &ticking{now: at(t, "2022-10-12 01:00"), tick: make(chan struct{})}
			p, _ := w.program(clock.now)
			p.Clock, p.cli, p.log = clock, &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
			o, err := p.open()
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			if err := o.connect(); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var parts sync.WaitGroup
			defer parts.Wait()
			defer cancel()
			var count atomic.Int64
			wake, looked := make(chan struct{}, 1), make(chan done, 1)
			worked, rounds := make(chan done, 100), make(chan done, 100)
			parts.Go(func() { o.work(ctx, clock, wake, worked) })
			parts.Go(func() { o.watch(ctx, looked, wake) })
			parts.Go(func() {
				for {
					select {
					case d := <-worked:
						count.Add(1)
						select {
						case looked <- d:
						default:
						}
						rounds <- d
					case <-ctx.Done():
						return
					}
				}
			})

			next := func(because string) done {
				t.Helper()
				select {
				case d := <-rounds:
					return d
				case <-time.After(20 * time.Second):
					t.Fatalf("no round %s", because)
					return done{}
				}
			}
			next("at the start")
			want := int64(1)
			for range 3 {
				if c.loses {
					line.drop()
				}
				clock.hour()
				next("at a poll")
				want++
				if !c.listens {
					continue
				}
				if _, err := w.imap.Append("tiepnhan", "INBOX", mail("nguoila@mail.example", "Chào hàng "+clock.Now().String(), "Mua đi"), clock.Now()); err != nil {
					t.Fatal(err)
				}
				if d := next("after a mail"); d.Fetched != 1 {
					t.Errorf("woken by a mail it fetched %d", d.Fetched)
				}
				want++
			}
			time.Sleep(500 * time.Millisecond) // for what should not happen
			if got := count.Load(); got != want {
				t.Errorf("%d rounds, want %d", got, want)
			}
		})
	}
}

// shaky passes connections on to a server until it drops them.
type shaky struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
	shut  bool // nobody gets through
}

func newShaky(t testing.TB, server string) *shaky {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &shaky{Listener: l}
	t.Cleanup(func() { l.Close(); s.drop() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			shut := s.shut
			s.mu.Unlock()
			out, err := net.Dial("tcp", server)
			if shut && err == nil {
				out.Close()
				err = net.ErrClosed
			}
			if err != nil {
				in.Close()
				continue
			}
			s.mu.Lock()
			s.conns = append(s.conns, in, out)
			s.mu.Unlock()
			go io.Copy(in, out)
			go io.Copy(out, in)
		}
	}()
	return s
}

func (s *shaky) refuse(shut bool) {
	s.mu.Lock()
	s.shut = shut
	s.mu.Unlock()
	s.drop()
}

func (s *shaky) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
	s.conns = nil
}
