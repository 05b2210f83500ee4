package mailboxtest

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// AddSentFolder makes the user's folder for sent mail, of that special use
// (RFC 6154).
func (s *Server) AddSentFolder(user, folder string) error {
	if err := s.AddFolder(user, folder); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[user] = folder
	return nil
}

// Fill lets no client put anything into the user's folders, or lets it again.
func (s *Server) Fill(user string, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full[user] = full
}

func (s *session) Append(folder string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	s.server.mu.Lock()
	full := s.server.full[s.user]
	s.server.mu.Unlock()
	if full {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeOverQuota, Text: "the mailbox is full"}
	}
	return s.SessionIMAP4rev2.Append(folder, r, options)
}

// Login remembers who it is.
func (s *session) Login(user, password string) error {
	err := s.SessionIMAP4rev2.Login(user, password)
	if err == nil {
		s.user = user
	}
	return err
}

// List knows the special use of the folder for sent mail; the memory server
// keeps none.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if !options.SelectSpecialUse {
		return s.SessionIMAP4rev2.List(w, ref, patterns, options)
	}
	s.server.mu.Lock()
	folder := s.server.sent[s.user]
	s.server.mu.Unlock()
	for _, pattern := range patterns {
		if folder != "" && imapserver.MatchList(folder, '/', ref, pattern) {
			return w.WriteList(&imap.ListData{Mailbox: folder, Delim: '/', Attrs: []imap.MailboxAttr{imap.MailboxAttrSent}})
		}
	}
	return nil
}
