package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Done tells the mailbox that messages have been dealt with: they get Keyword
// where the server keeps keywords and, if move names a folder, are moved there.
// It never sets \Seen and never deletes. Whoever looks at the mailbox may like
// to see it; we do not rely on it, and repeating it does no harm.
//
// Moving needs the capability MOVE, or UIDPLUS: without them it would take a
// COPY and an EXPUNGE of whatever else is marked in the folder, so the messages
// stay where they are, with the keyword. Messages that have vanished are no
// error. ErrRenumbered: the UIDs are of another life of the folder.
func (m *Mailbox) Done(ctx context.Context, folder string, uidValidity uint32, uids []uint32, move string) error {
	if len(uids) == 0 {
		return nil // an empty set would end the connection
	}
	m.turn()
	defer m.mu.Unlock()
	s, fresh, err := m.connect(ctx)
	if err != nil {
		return err
	}
	sel, err := s.open(ctx, folder)
	if err != nil && !fresh && s.dead {
		if s, _, err = m.connect(ctx); err != nil {
			return err
		}
		sel, err = s.open(ctx, folder)
	}
	if err != nil {
		return err
	}
	if sel.UIDValidity != uidValidity {
		return fmt.Errorf("mailbox: %s: %w", folder, ErrRenumbered)
	}
	for some := range slices.Chunk(uids, maxStep) {
		set := uidSet(some)
		var marks []imap.Flag
		for _, mark := range []string{Keyword, m.Own} {
			if mark != "" && keeps(sel.PermanentFlags, mark) {
				marks = append(marks, imap.Flag(mark))
			}
		}
		if len(marks) > 0 {
			if err := s.store(ctx, set, marks...); err != nil {
				return err
			}
		}
		if move != "" && move != folder {
			// Asked first what is still there: the answer to moving nothing is
			// an OK from some servers and an unreadable COPYUID from others.
			there, err := s.search(ctx, set, uint32(len(some)))
			if err != nil {
				return err
			}
			if len(there) == 0 {
				continue
			}
			if err := s.move(ctx, uidSet(there), move, keeps(sel.PermanentFlags, string(imap.FlagDeleted))); err != nil {
				return err
			}
		}
	}
	return nil
}

// keeps reports whether the server stores the flag; some change the case of
// keywords.
func keeps(permanent []imap.Flag, flag string) bool {
	return slices.ContainsFunc(permanent, func(f imap.Flag) bool {
		return strings.EqualFold(string(f), flag) || f == imap.FlagWildcard && flag[0] != '\\'
	})
}

func (s *session) store(ctx context.Context, set imap.UIDSet, flags ...imap.Flag) error {
	return s.run(ctx, "STORE "+string(flags[0]), smallTalk+1024*maxStep, func() error {
		return s.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}, nil).Close()
	})
}

// move moves messages, or leaves them. The client's own fallback sends COPY,
// STORE \Deleted and EXPUNGE at once, without looking whether the copy worked;
// so each step here waits for the one before, and only what the server says it
// has copied is taken away.
func (s *session) move(ctx context.Context, set imap.UIDSet, to string, mayDelete bool) error {
	if s.caps.Has(imap.CapMove) {
		return s.run(ctx, "MOVE to "+to, smallTalk, func() error {
			_, err := s.client.Move(set, to).Wait()
			return err
		})
	}
	if !s.caps.Has(imap.CapUIDPlus) || !mayDelete {
		return nil
	}
	var copied *imap.CopyData
	err := s.run(ctx, "COPY to "+to, smallTalk, func() (err error) {
		copied, err = s.client.Copy(set, to).Wait()
		return err
	})
	if err != nil {
		return err
	}
	// The answer to a COPY of messages that have just vanished is OK too.
	var gone imap.UIDSet
	for _, r := range copied.SourceUIDs {
		if uint64(r.Stop)-uint64(r.Start) >= maxStep || r.Stop < r.Start {
			continue // more than was asked for: not to be believed
		}
		for uid := uint64(r.Start); uid <= uint64(r.Stop); uid++ {
			if set.Contains(imap.UID(uid)) {
				gone.AddNum(imap.UID(uid))
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := s.store(ctx, gone, imap.FlagDeleted); err != nil {
		return err
	}
	return s.run(ctx, "UID EXPUNGE", smallTalk, func() error { return s.client.UIDExpunge(gone).Close() })
}
