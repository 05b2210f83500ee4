package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Report says what a round saw, folder by folder, in the order of the
// configuration.
type Report struct {
	Folders []FolderReport
}

// FolderReport is one folder of a Report.
type FolderReport struct {
	Name        string
	UIDValidity uint32
	Taken       int      // messages that take accepted
	Left        []uint32 // announced, neither taken nor known: they come again next round
	Vanished    []uint32 // announced, and removed by somebody before they could be fetched
	Poison      []Poison // given up, unless the caller asks for them again by not knowing them
	Missing     bool     // the server has no such folder
	Err         error    // why the folder was not read to its end
}

// Poison is a message that cannot be fetched. Unless the caller knows it from
// then on, it is tried again when the folder is next compared as a whole.
type Poison struct {
	UID      uint32
	Received time.Time // INTERNALDATE; zero if the server never said
	Size     int64     // as announced; 0 if the server never said
	Tries    int
	Reason   string // "size", "withheld" (the server gives no body), "garbled" (its answer cannot be read), "broken" (it ends the connection)
}

// Complete reports whether everything that the server announced in the folder
// has been taken, was known, or was given up as Poison.
func (f FolderReport) Complete() bool { return f.Err == nil && !f.Missing && len(f.Left) == 0 }

// Complete reports whether every folder was read to its end. A reminder may
// only go out after a round, begun since it fell due, of which this holds.
func (r Report) Complete() bool {
	for _, f := range r.Folders {
		if !f.Complete() {
			return false
		}
	}
	return len(r.Folders) > 0
}

// Taken counts the messages that take accepted.
func (r Report) Taken() int {
	n := 0
	for _, f := range r.Folders {
		n += f.Taken
	}
	return n
}

// place is what is remembered of a folder between rounds, to be quick; all of
// it can be forgotten at any time.
type place struct {
	validity uint32
	next     uint32    // every UID below was taken or known
	seen     uint32    // UIDNEXT when the last round began
	uidNext  uint32    // as the server said when all was read
	exists   uint32    //
	whole    time.Time // when all UIDs were last compared, not only those from next
	step     int       // how many messages to ask for at once
	tries    map[uint32]int
}

// Forget has the next round compare every folder as a whole, because what take
// accepted has been lost.
func (m *Mailbox) Forget() {
	m.turn()
	defer m.mu.Unlock()
	for _, p := range m.places {
		p.next, p.uidNext, p.whole = 1, 0, time.Time{}
	}
}

const (
	maxStep = 256
	// A message whose answer cannot be read, or that makes the connection die,
	// is given up after so many tries, one a round. The second is the more
	// patient, because a bad network looks the same.
	maxGarbled = 3
	maxBroken  = 8
	// What one round may cost the server in new connections.
	maxReconnects = 48
	maxFruitless  = 2 // broken ones in a row that brought no message
)

// Round looks at every configured folder once and hands over each message that
// is not known, in the order of UIDs, one at a time. known is asked once for
// each folder that has news, for its messages under that UIDVALIDITY; take has
// to read the message to its end.
//
// An error of take that wraps ErrSkip concerns that message; any other ends
// the round and is returned. So do an unreachable server, a refused password
// (*AuthError) and the end of ctx. What concerns one folder is in the report.
// The report is valid in any case.
func (m *Mailbox) Round(ctx context.Context, known func(folder string, uidValidity uint32) func(uid uint32) bool, take func(ctx context.Context, msg Message) error) (Report, error) {
	m.turn()
	defer m.mu.Unlock()
	select {
	case <-m.hints:
	default:
	}
	defer m.dropDead()

	r := &round{Mailbox: m, known: known, take: take}
	return r.read(ctx, m.folders)
}

// RoundOf is Round over other folders than the configured ones.
func (m *Mailbox) RoundOf(ctx context.Context, folders []string, known func(folder string, uidValidity uint32) func(uid uint32) bool, take func(ctx context.Context, msg Message) error) (Report, error) {
	m.turn()
	defer m.mu.Unlock()
	defer m.dropDead()
	return (&round{Mailbox: m, known: known, take: take}).read(ctx, folders)
}

// dropDead lets go of a connection that has died, also when take panicked in
// the middle of a literal.
func (m *Mailbox) dropDead() {
	if !m.session.alive() {
		m.session.drop()
		m.session = nil
	}
}

func (r *round) read(ctx context.Context, folders []string) (Report, error) {
	var report Report
	var ended error
	for _, name := range folders {
		f := FolderReport{Name: name}
		if ended != nil {
			f.Err = fmt.Errorf("not reached: %w", ended)
		} else {
			f.Err = r.folder(ctx, &f)
			if f.Err != nil && !folderOnly(f.Err) {
				ended = f.Err
			}
		}
		report.Folders = append(report.Folders, f)
	}
	// Somebody may have moved a message from a folder that had not been read yet
	// into one that had: then it was in neither. Those that are as they were cost
	// a question each.
	for i := range len(folders) - 1 {
		if f := &report.Folders[i]; ended == nil && f.Complete() {
			if f.Err = r.folder(ctx, f); f.Err != nil && !folderOnly(f.Err) {
				ended = f.Err
			}
		}
	}
	var given *giveError
	if errors.As(ended, &given) {
		ended = given.err
	}
	return report, ended
}

// folderOnly reports whether an error says nothing about the other folders.
func folderOnly(err error) bool { return refused(err) || errors.Is(err, ErrRenumbered) }

type round struct {
	*Mailbox
	known      func(string, uint32) func(uint32) bool
	take       func(context.Context, Message) error
	reconnects int
	fruitless  int
	marked     map[uint32]bool // of the folder at hand: those that bear Own
}

// folder reads one folder.
func (r *round) folder(ctx context.Context, f *FolderReport) error {
	sel, err := r.enter(ctx, f.Name)
	if err != nil {
		var no *imap.Error
		f.Missing = errors.As(err, &no) && no.Code == imap.ResponseCodeNonExistent
		return err
	}
	f.UIDValidity = sel.UIDValidity
	p := r.places[f.Name]
	if p == nil || p.validity != sel.UIDValidity {
		p = &place{validity: sel.UIDValidity, next: 1, step: maxStep, tries: map[uint32]int{}}
		r.places[f.Name] = p
	}
	p.seen = uint32(sel.UIDNext)
	now := time.Now()
	whole := now.Sub(p.whole) >= r.allEvery
	if !whole && sel.UIDNext != 0 && uint32(sel.UIDNext) == p.uidNext && sel.NumMessages <= p.exists {
		return nil // as it was when all had been read
	}
	from := p.next
	if whole {
		// UIDs only grow, so nothing should appear below next. This is for the
		// server that does otherwise, and for a caller that has forgotten.
		from = 1
	}
	p.uidNext = 0
	var uids []uint32
	// One that has had messages is asked also if it is not said to have any now:
	// that word may have been lost.
	if sel.NumMessages > 0 || sel.UIDNext > 1 {
		uids, err = r.session.search(ctx, imap.UIDSet{{Start: imap.UID(from), Stop: 0}}, sel.NumMessages)
		if err != nil {
			return err
		}
	}
	if from == 1 && uint32(len(uids)) < sel.NumMessages {
		// Counted were more than named. Somebody may have removed them in between,
		// or an answer was not whole; asked once more, the server is believed.
		if sel, err = r.enter(ctx, f.Name); err != nil {
			return err
		}
		if sel.UIDValidity != p.validity {
			return ErrRenumbered
		}
		if uids, err = r.session.search(ctx, imap.UIDSet{{Start: 1, Stop: 0}}, sel.NumMessages); err != nil {
			return err
		}
	}
	var queue []uint32
	if len(uids) > 0 {
		seen := r.known(f.Name, sel.UIDValidity)
		for _, uid := range uids {
			if !seen(uid) {
				queue = append(queue, uid)
			}
		}
	}
	r.marked = nil
	if len(queue) > 0 && r.Own != "" && keeps(sel.Flags, r.Own) {
		// A word about them and no more: a server that refuses it says nothing.
		marked, err := r.session.bearing(ctx, r.Own, queue[0], sel.NumMessages)
		if err != nil && !refused(err) {
			return err
		}
		r.marked = map[uint32]bool{}
		for _, uid := range marked {
			r.marked[uid] = true
		}
	}
	if len(queue) > 0 {
		absent, err := r.collect(ctx, f, p, queue, false)
		if err == nil && len(absent) > 0 {
			err = r.again(ctx, f, p, absent)
		}
		slices.Sort(f.Left)
		if err != nil {
			return err
		}
	}
	// Only now: an error above leaves everything to be looked at again.
	next := p.next
	if len(uids) > 0 {
		last := uids[len(uids)-1]
		next = max(next, last, last+1) // last+1 may be 0
	}
	if len(f.Left) > 0 {
		next = min(next, f.Left[0])
	} else {
		p.uidNext, p.exists = uint32(sel.UIDNext), sel.NumMessages
	}
	p.next = next
	if whole {
		p.whole = now
	}
	return nil
}

// enter examines the folder; a kept connection that turns out to be dead is
// replaced once.
func (r *round) enter(ctx context.Context, folder string) (*imap.SelectData, error) {
	s, fresh, err := r.connect(ctx)
	if err != nil {
		return nil, err
	}
	sel, err := s.examine(ctx, folder)
	if broken := (*brokenError)(nil); !fresh && errors.As(err, &broken) {
		if s, _, err = r.connect(ctx); err != nil {
			return nil, err
		}
		sel, err = s.examine(ctx, folder)
	}
	return sel, err
}

// again asks once more for messages that were announced and did not come:
// those that still exist. Another client may have removed them, or an
// unasked-for FETCH response may have taken the place of the answer.
func (r *round) again(ctx context.Context, f *FolderReport, p *place, absent []uint32) error {
	there, err := r.session.search(ctx, uidSet(absent), uint32(len(absent)))
	if err != nil {
		return err
	}
	for _, uid := range absent {
		if !slices.Contains(there, uid) {
			f.Vanished = append(f.Vanished, uid)
			delete(p.tries, uid)
		}
	}
	_, err = r.collect(ctx, f, p, there, true)
	return err
}

// collect fetches the queue. When a connection dies over several messages the
// next step is half as large, so that after a few steps the message that kills
// connections stands alone and the others have passed it. Absent are those
// that did not come although nothing went wrong; with last they are blamed.
func (r *round) collect(ctx context.Context, f *FolderReport, p *place, queue []uint32, last bool) (absent []uint32, err error) {
	// Those that have failed before come last, and one by one.
	slices.SortStableFunc(queue, func(a, b uint32) int { return min(1, p.tries[a]) - min(1, p.tries[b]) })
	for len(queue) > 0 {
		n := 1
		for n < min(p.step, len(queue)) && p.tries[queue[0]] == 0 && p.tries[queue[n]] == 0 && !last {
			n++
		}
		chunk := queue[:n]
		settled, err := r.chunk(ctx, f, p, chunk)
		queue = queue[n:]
		rest := slices.DeleteFunc(slices.Clone(chunk), func(uid uint32) bool { return settled[uid] })
		if len(settled) > 0 {
			r.fruitless = 0
		}
		var broken *brokenError
		switch {
		case err == nil:
			p.step = min(2*p.step, maxStep)
			for _, uid := range rest {
				if last {
					p.blame(f, uid, "withheld", maxBroken)
				} else {
					absent = append(absent, uid)
				}
			}
			continue
		case !errors.As(err, &broken):
			return absent, err
		}
		r.reconnects++
		if !broken.garbled && len(settled) == 0 {
			r.fruitless++
		}
		p.step = max(1, len(rest)/2)
		if r.reconnects > maxReconnects || r.fruitless > maxFruitless {
			return absent, err
		}
		sel, rerr := r.enter(ctx, f.Name)
		if rerr != nil {
			return absent, rerr
		}
		if sel.UIDValidity != p.validity {
			return absent, ErrRenumbered
		}
		switch {
		case len(rest) == 1 && broken.garbled:
			p.blame(f, rest[0], "garbled", maxGarbled)
		case len(rest) == 1:
			p.blame(f, rest[0], "broken", maxBroken)
		default:
			queue = append(rest, queue...)
		}
	}
	return absent, nil
}

// chunk fetches messages with one command for their sizes and one for their
// bodies. Settled are those that need nothing more in this round.
func (r *round) chunk(ctx context.Context, f *FolderReport, p *place, uids []uint32) (settled map[uint32]bool, err error) {
	all, err := r.session.announce(ctx, uids)
	if err != nil {
		return nil, err
	}
	var big, want []uint32
	for _, uid := range uids {
		a, ok := all[uid]
		switch {
		case !ok:
		case a.size > r.MaxSize:
			big = append(big, uid)
		default:
			want = append(want, uid)
		}
	}
	if len(want) > 0 {
		settled, err = r.session.bodies(ctx, all, want, func(uid uint32, a announced, body *literal) error {
			err := r.take(ctx, Message{
				Account: r.account, Folder: f.Name, UIDValidity: p.validity, UID: uid,
				Received: a.received, Size: body.size, Body: body, Marked: r.marked[uid],
			})
			switch {
			case body.short != nil:
			case err == nil && body.left == 0:
				f.Taken++
				delete(p.tries, uid)
			case errors.Is(err, ErrSkip):
				f.Left = append(f.Left, uid)
			}
			return err
		})
	} else {
		settled = map[uint32]bool{}
	}
	for _, uid := range big {
		f.Poison = append(f.Poison, Poison{UID: uid, Received: all[uid].received, Size: all[uid].size, Tries: 1, Reason: "size"})
		settled[uid] = true
	}
	return settled, err
}

// blame counts a failure against the message, and gives it up after limit of
// them.
func (p *place) blame(f *FolderReport, uid uint32, reason string, limit int) {
	p.tries[uid]++
	if p.tries[uid] < limit {
		f.Left = append(f.Left, uid)
		return
	}
	f.Poison = append(f.Poison, Poison{UID: uid, Tries: p.tries[uid], Reason: reason})
}
