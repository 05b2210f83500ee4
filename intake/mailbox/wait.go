package mailbox

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// ErrNoNews says that the server cannot be waited on now: it has no IDLE, or
// refused it, or there is no connection.
var ErrNoNews = errors.New("the mail server cannot tell of new mail")

// Wait returns true as soon as the first folder may have new mail, and false
// when another method wants its turn: then something other than the server has
// caused a look, and nothing is new. Call it after a round, and after the next
// again. It is a hint and no more: servers lose IDLE without a word, so the
// caller looks from time to time anyway.
//
// It opens no connection. An error, ErrNoNews or that of ctx, comes at once;
// after ErrNoNews it makes no sense to wait before a round has connected anew.
func (m *Mailbox) Wait(ctx context.Context) (news bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.interrupt:
	default:
	}
	for {
		if ctx.Err() != nil || m.wanted.Load() > 0 {
			return false, ctx.Err()
		}
		s := m.session
		if !s.alive() || !(s.caps.Has(imap.CapIdle) || s.caps.Has(imap.CapIMAP4rev2)) {
			return false, ErrNoNews
		}
		if s.folder != m.folders[0] {
			// What was told of another folder is no news of this one, and what
			// came into this one shows below.
			select {
			case <-m.hints:
			default:
			}
			sel, err := s.examine(ctx, m.folders[0])
			if err != nil {
				return false, errors.Join(ErrNoNews, err)
			}
			// A message that the round had to leave is not news: it would be
			// fetched in vain again and again.
			if p := m.places[m.folders[0]]; p == nil || p.validity != sel.UIDValidity || p.seen != uint32(sel.UIDNext) {
				return true, nil // something came since the round
			}
		}
		switch m.idle(ctx, s) {
		case told:
			return true, nil
		case asked:
			return false, ctx.Err()
		case failed:
			return false, ErrNoNews
		}
	}
}

// ending is why an IDLE ended.
type ending int

const (
	spent  ending = iota // its span
	told                 // of something new
	asked                // by us
	failed               // the connection is given up
)

// idle waits on the server for at most the span of one IDLE. Whenever anything
// about it is odd the connection is given up, because a client and a server
// that disagree about whether they are idling do not agree on anything later.
func (m *Mailbox) idle(ctx context.Context, s *session) ending {
	// What came since the last command is told in the answer to NOOP; not every
	// server tells it when IDLE begins.
	err := s.run(ctx, "NOOP", smallTalk, func() error { return s.client.Noop().Wait() })
	if err != nil {
		s.dead = true
		return failed
	}
	select {
	case <-m.hints:
		return told
	default:
	}
	var cmd *imapclient.IdleCommand
	err = s.run(ctx, "IDLE", smallTalk, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if err != nil {
		s.dead = true
		return failed
	}
	// From here the server may be silent; the client would renew the command
	// only after 28 minutes, and would not notice if the server ended it.
	timer := time.NewTimer(m.idleSpan)
	defer timer.Stop()
	end := spent
	select {
	case <-m.hints:
		end = told
	case <-m.interrupt:
		end = asked
	case <-timer.C:
	case <-ctx.Done():
		end = asked
	case <-s.client.Closed():
		end = failed
	}
	// Not ctx: it may be done, and the connection is worth keeping.
	err = s.run(context.WithoutCancel(ctx), "DONE", smallTalk, func() error {
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
	if err != nil {
		s.dead = true
		if end == spent {
			return failed
		}
	}
	return end
}
