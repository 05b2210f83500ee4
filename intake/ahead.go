package intake

import (
	"context"
	"encoding/json"
	"sync"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// ahead lets the child read what has been kept while the next mails are still
// being fetched and earlier ones decided. It is a head start and no more: a
// reading says nothing about other mails, so it may be made in any order, and
// what is decided, when and in which order stays with Settle.
type ahead struct {
	read func(context.Context, ledger.Arrival) (finding.Reading, error)

	mu      sync.Mutex
	news    sync.Cond // the queue or the room has changed, or ahead was ended
	queue   []*head   // not begun, in the order of offering
	heads   map[string]*head
	held    int // bytes of the readings that nobody has taken yet
	ended   bool
	cancel  context.CancelFunc
	stopped chan struct{}
}

// head is one arrival's reading. Its result is there once done is closed.
type head struct {
	arrival ledger.Arrival
	done    chan struct{}
	reading finding.Reading
	err     error
	size    int
}

// maxAhead is how many bytes of readings may wait to be taken; a mail's is
// some 5 KB. Beyond it reading ahead pauses.
const maxAhead = 16 << 20

// readAhead starts; end has to be called.
func readAhead(ctx context.Context, read func(context.Context, ledger.Arrival) (finding.Reading, error)) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{read: read, heads: map[string]*head{}, cancel: cancel, stopped: make(chan struct{})}
	a.news.L = &a.mu
	go func() {
		defer close(a.stopped)
		for h := a.next(); h != nil; h = a.next() {
			a.finish(ctx, h)
		}
	}()
	return a
}

// next waits for an arrival to read, nil after the end.
func (a *ahead) next() *head {
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.ended && (len(a.queue) == 0 || a.held > maxAhead) {
		a.news.Wait()
	}
	if a.ended {
		return nil
	}
	h := a.queue[0]
	a.queue = a.queue[1:]
	return h
}

func (a *ahead) finish(ctx context.Context, h *head) {
	h.reading, h.err = a.read(ctx, h.arrival)
	text, _ := json.Marshal(h.reading)
	h.size = len(text)
	a.mu.Lock()
	a.held += h.size
	a.mu.Unlock()
	close(h.done)
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
		return a.read(ctx, arrival)
	}
	<-h.done
	a.mu.Lock()
	a.held -= h.size
	a.news.Signal()
	a.mu.Unlock()
	return h.reading, h.err
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
