package mailbox

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Wait returns when the first folder may have new mail, at the latest after
// longest; another method that wants its turn ends it too, if it was idling on
// the server. It is a hint and no more: servers lose IDLE without a word, so
// the caller looks anyway. It returns an error only when ctx is done.
//
// It opens no connection. Where the server does not know IDLE, or the
// connection is gone, it sleeps.
func (m *Mailbox) Wait(ctx context.Context, longest time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.interrupt:
	default:
	}
	end := time.Now().Add(longest)
	for {
		left := time.Until(end)
		if left <= 0 || m.wanted.Load() > 0 {
			return ctx.Err()
		}
		s := m.session
		if !s.alive() || !(s.caps.Has(imap.CapIdle) || s.caps.Has(imap.CapIMAP4rev2)) {
			return m.doze(ctx, left)
		}
		if s.folder != m.folders[0] {
			sel, err := s.examine(ctx, m.folders[0])
			if err != nil {
				return m.doze(ctx, left)
			}
			if p := m.places[m.folders[0]]; p == nil || p.validity != sel.UIDValidity || p.uidNext != uint32(sel.UIDNext) {
				return ctx.Err() // something came since the round
			}
		}
		if news := m.idle(ctx, s, min(left, m.idleSpan)); news || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// doze sleeps; not holding the turn, so that nobody needs to interrupt it.
func (m *Mailbox) doze(ctx context.Context, d time.Duration) error {
	m.mu.Unlock()
	defer m.mu.Lock()
	return m.Sleep(ctx, d)
}

// idle waits on the server for at most span. It reports whether to go and look.
// Whenever anything about it is odd the connection is given up, because a
// client and a server that disagree about whether they are idling do not agree
// on anything later.
func (m *Mailbox) idle(ctx context.Context, s *session, span time.Duration) (news bool) {
	// What came since the last command is told in the answer to NOOP; not every
	// server tells it when IDLE begins.
	err := s.run(ctx, "NOOP", smallTalk, func() error { return s.client.Noop().Wait() })
	if err != nil {
		s.dead = true
		return false
	}
	select {
	case <-m.hints:
		return true
	default:
	}
	var cmd *imapclient.IdleCommand
	err = s.run(ctx, "IDLE", smallTalk, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if err != nil {
		s.dead = true
		return false
	}
	// From here the server may be silent; the client would renew the command
	// only after 28 minutes, and would not notice if the server ended it.
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-m.hints:
		news = true
	case <-m.interrupt:
		news = true
	case <-timer.C:
	case <-ctx.Done():
	case <-s.client.Closed():
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
	}
	return news
}
