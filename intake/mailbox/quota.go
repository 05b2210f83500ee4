package mailbox

import (
	"context"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Quota is how many bytes the account's mail takes, and may take, as the server
// says on the connection of the last round; limit is 0 where nobody says.
func (m *Mailbox) Quota(ctx context.Context) (used, limit int64) {
	m.turn()
	defer m.mu.Unlock()
	if !m.session.alive() {
		return 0, 0
	}
	return m.session.quota(ctx, m.folders[0])
}

// quota is how many bytes the account's mail takes, and may take; limit is 0
// where the server does not say, or there is none (RFC 9208 §5.1).
func (s *session) quota(ctx context.Context, folder string) (used, limit int64) {
	if !s.caps.Has(imap.CapQuota) {
		return 0, 0
	}
	var roots []imapclient.QuotaData
	err := s.run(ctx, "GETQUOTAROOT", smallTalk, func() (err error) {
		roots, err = s.client.GetQuotaRoot(folder).Wait()
		return err
	})
	if err != nil {
		return 0, 0 // a help and no more
	}
	// Several may hold for one folder: the one that is fullest fills up first.
	for _, root := range roots {
		r := root.Resources[imap.QuotaResourceStorage] // in units of 1024 bytes
		if r.Usage < 0 || r.Limit <= 0 || r.Limit > 1<<50 {
			continue
		}
		if limit == 0 || float64(r.Usage)/float64(r.Limit) > float64(used)/float64(limit) {
			used, limit = r.Usage<<10, r.Limit<<10
		}
	}
	return used, limit
}
