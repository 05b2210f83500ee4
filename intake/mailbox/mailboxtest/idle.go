package mailboxtest

import (
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
)

// Idle tells of what came before it began, too: the memory server alone keeps
// to itself what comes between the last command and IDLE until something else
// comes.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	var polling sync.WaitGroup
	polling.Go(func() {
		again := time.NewTicker(20 * time.Millisecond)
		defer again.Stop()
		for {
			if s.Poll(w, true) != nil {
				return
			}
			select {
			case <-stop:
				return
			case <-again.C:
			}
		}
	})
	defer polling.Wait()
	return s.SessionIMAP4rev2.Idle(w, stop)
}
