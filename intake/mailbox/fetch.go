package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// announced is what is asked of a message before its body is.
type announced struct {
	received time.Time
	size     int64
}

// announce asks for date and size of the messages. Those that do not exist,
// and those that the server says nothing of, are missing from the answer.
//
// ENVELOPE, BODYSTRUCTURE and FLAGS are never asked for: one message on which
// the client's parser fails would end the connection, for nothing we need.
func (s *session) announce(ctx context.Context, uids []uint32) (map[uint32]announced, error) {
	all := make(map[uint32]announced, len(uids))
	options := &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true}
	err := s.run(ctx, "FETCH of sizes", smallTalk+512*int64(len(uids)), func() error {
		s.fetching = s.client.Fetch(uidSet(uids), options)
		for msg := s.fetching.Next(); msg != nil; msg = s.fetching.Next() {
			var uid uint32
			var a announced
			sized := false
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					a.received = item.Time
				case imapclient.FetchItemDataRFC822Size:
					a.size, sized = item.Size, true
				}
			}
			// Without its date a message would look older than the campaign.
			if uid != 0 && sized && !a.received.IsZero() {
				all[uid] = a
			}
		}
		err := s.fetching.Close()
		s.fetching = nil
		return err
	})
	if refused(err) {
		err = nil // some servers say NO when some of the messages are gone
	}
	return all, err
}

// bodies fetches the messages in one command and hands each to give as it
// streams in. Settled are those that give has dealt with. A *giveError is
// give's; others are of the connection.
func (s *session) bodies(ctx context.Context, want map[uint32]announced, uids []uint32, give func(uid uint32, a announced, body *literal) error) (settled map[uint32]bool, err error) {
	settled = make(map[uint32]bool, len(uids))
	budget := int64(smallTalk)
	for _, uid := range uids {
		budget += most(want[uid].size) + 4096
	}
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	var given error
	err = s.run(ctx, "FETCH", budget, func() error {
		s.fetching = s.client.Fetch(uidSet(uids), options)
		for msg := s.fetching.Next(); msg != nil; msg = s.fetching.Next() {
			var uid uint32
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataBodySection:
					a, asked := want[uid]
					// NIL, and nothing where something was announced, is how
					// Exchange says that it cannot now.
					if !asked || item.Literal == nil || item.Literal.Size() == 0 {
						continue
					}
					if item.Literal.Size() > most(a.size) {
						return errTooMuch
					}
					if !s.believes(uid, a.size, item.Literal.Size()) {
						continue // and it is asked for once more
					}
					// A UID that has had a body gets the second one too: they may be
					// those of two messages, one of them under a wrong UID. Which is
					// which nobody knows here, so both are given.
					body := &literal{r: item.Literal, left: item.Literal.Size(), size: item.Literal.Size()}
					err := give(uid, a, body)
					if body.short != nil {
						// Whatever give made of it. Not drained either: the
						// client's decoder has the connection back already.
						s.fetching = nil
						return body.short
					}
					if err == nil && body.left > 0 {
						err = fmt.Errorf("mailbox: UID %d was not read to its end", uid)
					}
					if err != nil && !errors.Is(err, ErrSkip) {
						given = err
						return err
					}
					settled[uid] = true
				}
			}
		}
		err := s.fetching.Close()
		s.fetching = nil
		return err
	})
	if given != nil {
		// The rest of the answer is of no interest: cheaper not to read it.
		s.dead = true
		if ctx.Err() != nil {
			return settled, context.Cause(ctx)
		}
		return settled, &giveError{given}
	}
	if refused(err) {
		err = nil // what came, came; the rest is asked for again
	}
	return settled, err
}

// believes reports whether a literal of size is the message that was announced
// with another size. Some servers estimate (most), and say the same when they
// are asked again; what was cut or run together on its way does not, as the
// rest of such an answer cannot be read and the connection ends. One message
// that is said twice shows that this server estimates.
func (s *session) believes(uid uint32, announced, size int64) bool {
	if size == announced || s.estimates {
		return true
	}
	if s.odd[uid] == size {
		s.estimates = true
		return true
	}
	if s.odd == nil {
		s.odd = map[uint32]int64{}
	}
	s.odd[uid] = size
	return false
}

// most is how many bytes a message announced with size may have. Some servers
// estimate RFC822.SIZE, Exchange among them.
func most(size int64) int64 { return 2*size + 1<<20 }

// giveError is an error of the caller's take.
type giveError struct{ err error }

func (e *giveError) Error() string { return e.err.Error() }
func (e *giveError) Unwrap() error { return e.err }

func refused(err error) bool {
	no := (*imap.Error)(nil)
	broken := (*brokenError)(nil)
	return errors.As(err, &no) && !errors.As(err, &broken)
}

// literal counts: go-imap ends a literal that the server cut off like one that
// is complete.
type literal struct {
	r          io.Reader
	left, size int64
	short      error
}

func (l *literal) Read(p []byte) (int, error) {
	if l.short != nil {
		return 0, l.short
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if err == io.EOF && l.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		l.short = err
	}
	return n, err
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}
