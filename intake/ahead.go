package intake

import (
	"context"
	"sync"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// ahead lets the child read what has been kept while the next mails are still
// being fetched and earlier ones decided. It is a head start and no more: a
// reading says nothing about other mails, so it may be made in any order, and
// what is decided, when and in which order stays with Settle.
//
// It works in two stages, so that the child need not wait for the disk: while
// the parts of some mails are made durable, it reads the next.
type ahead struct {
	read func(context.Context, ledger.Arrival) (answer, error)
	keep func([]answer) error

	mu      sync.Mutex
	news    sync.Cond // the queue or the room has changed, or ahead was ended
	queue   []*head   // not begun, in the order of offering
	heads   map[string]*head
	held    int // bytes of the readings that nobody has taken yet
	unkept  int // bytes of the parts that are not durable yet
	ended   bool
	cancel  context.CancelFunc
	parts   chan *head // read, their parts not durable yet
	stopped chan struct{}
}

// answer is a reading with what belongs to it until it is durable.
type answer struct {
	finding.Reading
	parts map[string][]byte // by their sha256
	size  int               // of the reading, in bytes
}

// head is one arrival's reading. Its result is there once done is closed.
type head struct {
	arrival ledger.Arrival
	done    chan struct{}
	read    answer
	err     error
}

// maxAhead is how many bytes of readings may wait to be taken; a mail's is
// some 5 KB. Beyond it reading ahead pauses.
const maxAhead = 16 << 20

// maxParts is how many mails' parts may wait to be kept, maxPartBytes beyond
// how many bytes of them reading ahead pauses: they lie in memory.
const (
	maxParts     = 16
	maxPartBytes = 4 << 20
)

// readAhead starts; end has to be called. What read returns is handed to keep,
// several at a time, before anybody gets it.
func readAhead(ctx context.Context, read func(context.Context, ledger.Arrival) (answer, error), keep func([]answer) error) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{read: read, keep: keep, heads: map[string]*head{}, cancel: cancel, parts: make(chan *head, maxParts), stopped: make(chan struct{})}
	a.news.L = &a.mu
	go func() {
		defer close(a.parts)
		for h := a.next(); h != nil; h = a.next() {
			if h.read, h.err = a.read(ctx, h.arrival); h.err != nil {
				a.finish(h)
				continue
			}
			a.mu.Lock()
			a.held += h.read.size
			a.unkept += h.read.bytes()
			a.mu.Unlock()
			a.parts <- h
		}
	}()
	go func() {
		defer close(a.stopped)
		for h := range a.parts {
			a.finish(a.withOthers(h)...)
		}
	}()
	return a
}

// withOthers adds those that wait already to be kept.
func (a *ahead) withOthers(h *head) []*head {
	heads := []*head{h}
	for {
		select {
		case h, ok := <-a.parts:
			if !ok {
				return heads
			}
			heads = append(heads, h)
		default:
			return heads
		}
	}
}

// bytes are those of the parts.
func (r answer) bytes() (n int) {
	for _, p := range r.parts {
		n += len(p)
	}
	return n
}

// next waits for an arrival to read, nil after the end.
func (a *ahead) next() *head {
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.ended && (len(a.queue) == 0 || a.held > maxAhead || a.unkept > maxPartBytes) {
		a.news.Wait()
	}
	if a.ended {
		return nil
	}
	h := a.queue[0]
	a.queue = a.queue[1:]
	return h
}

// finish keeps the parts of what was read and hands it out.
func (a *ahead) finish(heads ...*head) {
	var reads []answer
	for _, h := range heads {
		if h.err == nil {
			reads = append(reads, h.read)
		}
	}
	err := a.keep(reads)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, h := range heads {
		if h.err == nil {
			h.err = err
		}
		a.unkept -= h.read.bytes()
		h.read.parts = nil
		close(h.done)
	}
	a.news.Signal()
}

// offer names an arrival that has been kept.
func (a *ahead) offer(arrival ledger.Arrival) {
	h := &head{arrival: arrival, done: make(chan struct{})}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.queue = append(a.queue, h)
	a.heads[arrival.ID] = h
	a.news.Signal()
}

// take returns the reading of an arrival, and waits for one that is being
// made. One that has not been begun, or was never offered, is made at once.
func (a *ahead) take(ctx context.Context, arrival ledger.Arrival) (finding.Reading, error) {
	a.mu.Lock()
	h := a.heads[arrival.ID]
	delete(a.heads, arrival.ID)
	for i := range a.queue {
		if a.queue[i] == h {
			a.queue = append(a.queue[:i:i], a.queue[i+1:]...)
			h = nil
			break
		}
	}
	a.mu.Unlock()
	if h == nil {
		r, err := a.read(ctx, arrival)
		if err == nil {
			err = a.keep([]answer{r})
		}
		return r.Reading, err
	}
	<-h.done
	a.mu.Lock()
	a.held -= h.read.size
	a.news.Signal()
	a.mu.Unlock()
	return h.read.Reading, h.err
}

// end ends reading ahead. What was read and not taken is read again some day.
func (a *ahead) end() {
	a.cancel()
	a.mu.Lock()
	a.ended = true
	a.news.Signal()
	a.mu.Unlock()
	<-a.stopped
}
