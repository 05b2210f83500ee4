package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// SentFolder is the account's folder for sent mail: the one whose special use
// is \Sent (RFC 6154), or else one that has a usual name; "" if there is
// neither. None is made, and a folder that mail is read from is none.
func (m *Mailbox) SentFolder(ctx context.Context) (string, error) {
	m.turn()
	defer m.mu.Unlock()
	s, err := m.living(ctx)
	if err != nil {
		return "", err
	}
	return m.sentFolder(ctx, s)
}

func (m *Mailbox) sentFolder(ctx context.Context, s *session) (string, error) {
	// First only those with a special use: a server that shares its folders
	// among everybody has thousands of others.
	if s.caps.Has(imap.CapSpecialUse) && (s.caps.Has(imap.CapListExtended) || s.caps.Has(imap.CapIMAP4rev2)) {
		all, err := s.list(ctx, &imap.ListOptions{SelectSpecialUse: true, ReturnSpecialUse: true})
		if err != nil && !refused(err) {
			return "", err
		}
		if name := m.sentAmong(all); name != "" {
			return name, nil
		}
	}
	// Then all of them. Exchange tells special uses without being asked.
	all, err := s.list(ctx, nil)
	if err != nil {
		return "", err
	}
	return m.sentAmong(all), nil
}

// living is a connection that answers: one that was kept may have been cut
// while nobody looked.
func (m *Mailbox) living(ctx context.Context) (*session, error) {
	s, fresh, err := m.connect(ctx)
	if err != nil || fresh {
		return s, err
	}
	if err := s.run(ctx, "NOOP", smallTalk, func() error { return s.client.Noop().Wait() }); err == nil || ctx.Err() != nil {
		return s, err
	}
	s, _, err = m.connect(ctx)
	return s, err
}

func (s *session) list(ctx context.Context, options *imap.ListOptions) (all []*imap.ListData, err error) {
	err = s.run(ctx, "LIST", 4*smallTalk, func() (err error) {
		all, err = s.client.List("", "*", options).Collect()
		return err
	})
	return all, err
}

// sentNames are the names that servers and mail programs give the folder for
// sent mail, the commonest first.
var sentNames = []string{"sent", "sent items", "sent mail", "sent messages", "sent-mail", "đã gửi", "thư đã gửi", "mục đã gửi", "các mục đã gửi", "tin đã gửi"}

// sentAmong chooses the folder for sent mail; "" if it is not among them.
func (m *Mailbox) sentAmong(all []*imap.ListData) string {
	best, rank := "", len(sentNames)
	for _, f := range all {
		if slices.Contains(f.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(f.Attrs, imap.MailboxAttrNonExistent) || slices.Contains(m.folders, f.Mailbox) {
			continue
		}
		if slices.Contains(f.Attrs, imap.MailboxAttrSent) {
			return f.Mailbox
		}
		parent, name := "", f.Mailbox
		if f.Delim != 0 {
			if i := strings.LastIndex(name, string(f.Delim)); i >= 0 {
				parent, name = name[:i], name[i+len(string(f.Delim)):]
			}
		}
		// One further down is somebody's archive of another mailbox.
		if parent != "" && !strings.EqualFold(parent, "INBOX") && !strings.HasPrefix(parent, "[") {
			continue
		}
		if i := slices.IndexFunc(sentNames, func(usual string) bool { return strings.EqualFold(usual, name) }); i >= 0 && i < rank {
			best, rank = f.Mailbox, i
		}
	}
	return best
}

// SavesSent reports whether the mail server is one that itself puts what is
// handed in by SMTP into the sender's folder, which it does some time later.
func (m *Mailbox) SavesSent() bool {
	host, _, _ := net.SplitHostPort(m.addr)
	host = "." + strings.ToLower(host)
	return slices.ContainsFunc([]string{".gmail.com", ".googlemail.com", ".office365.com", ".outlook.com"}, func(of string) bool { return strings.HasSuffix(host, of) })
}

// SentMessage is a message in the folder for sent mail.
type SentMessage struct {
	UID    uint32
	At     time.Time // INTERNALDATE: when the server took it in
	Header []byte    // up to 64 KiB of it
}

// SentPlace says how far a folder has been looked through: every message below
// Next. The zero value says that it has not been.
type SentPlace struct {
	Folder      string `json:"folder"`
	UIDValidity uint32 `json:"uidvalidity"`
	Next        uint32 `json:"next"`
}

const (
	maxHeader = 64 << 10
	// How many headers are asked for at once, and how many one call returns:
	// both bound what is in memory if each is as large as can be.
	headerStep  = 64
	maxTops     = 256
	maxAttempts = 12 // at connecting anew, in one call
)

// LookAtSent returns the next messages of the folder from a place on, oldest
// first, of the day of since or later, and the place after them; more says that
// there are others. A folder that has been renumbered is looked at from its
// beginning. What cannot be fetched, alone and by itself, is passed over:
// nobody is owed anything because of it.
func (m *Mailbox) LookAtSent(ctx context.Context, folder string, from SentPlace, since time.Time) (found []SentMessage, to SentPlace, more bool, err error) {
	m.turn()
	defer m.mu.Unlock()
	s, fresh, err := m.connect(ctx)
	if err != nil {
		return nil, from, false, err
	}
	sel, err := s.examine(ctx, folder)
	if broken := (*brokenError)(nil); !fresh && errors.As(err, &broken) {
		if s, _, err = m.connect(ctx); err != nil {
			return nil, from, false, err
		}
		sel, err = s.examine(ctx, folder)
	}
	if err != nil {
		return nil, from, false, err
	}
	// UIDs only grow; a server that was set back without saying so counts anew.
	setBack := sel.UIDNext != 0 && uint32(sel.UIDNext) < from.Next
	if from.Folder != folder || from.UIDValidity != sel.UIDValidity || from.Next == 0 || setBack {
		from = SentPlace{folder, sel.UIDValidity, 1}
	}
	to = from
	if sel.UIDNext != 0 && uint32(sel.UIDNext) <= from.Next {
		return nil, to, false, nil
	}
	to.Next = max(from.Next, uint32(sel.UIDNext))
	if sel.NumMessages == 0 {
		return nil, to, false, nil
	}
	// A day earlier, because the server counts days where it stands.
	if !since.IsZero() {
		since = since.AddDate(0, 0, -1)
	}
	uids, err := s.searchSince(ctx, imap.UIDSet{{Start: imap.UID(from.Next), Stop: 0}}, since, sel.NumMessages)
	if err != nil {
		return nil, from, false, err
	}
	if more = len(uids) > maxTops; more {
		uids = uids[:maxTops]
		to.Next = uids[maxTops-1] + 1
	} else if n := len(uids); n > 0 {
		to.Next = max(to.Next, uids[n-1]+1)
	}
	r := &topReader{Mailbox: m, place: to, attempts: maxAttempts}
	for some := range slices.Chunk(uids, headerStep) {
		if err := r.read(ctx, some); err != nil {
			return nil, from, false, err
		}
	}
	slices.SortFunc(r.found, func(a, b SentMessage) int { return int(int64(a.UID) - int64(b.UID)) })
	return r.found, to, more, nil
}

// topReader fetches headers. Where one of them ends the connection, or cannot
// be read, it is found by halving.
type topReader struct {
	*Mailbox
	place    SentPlace
	attempts int
	found    []SentMessage
}

func (r *topReader) read(ctx context.Context, uids []uint32) error {
	if len(uids) == 0 {
		return nil
	}
	s := r.session
	if !s.alive() {
		if r.attempts--; r.attempts < 0 {
			return fmt.Errorf("mailbox: %s: the connection ends again and again", r.place.Folder)
		}
		var err error
		if s, _, err = r.connect(ctx); err != nil {
			return err
		}
	}
	if s.folder != r.place.Folder {
		sel, err := s.examine(ctx, r.place.Folder)
		if err != nil {
			return err
		}
		if sel.UIDValidity != r.place.UIDValidity {
			return fmt.Errorf("mailbox: %s: %w", r.place.Folder, ErrRenumbered)
		}
	}
	got, err := s.tops(ctx, uids)
	broken := (*brokenError)(nil)
	switch {
	case err == nil:
		r.found = append(r.found, got...)
		return r.again(ctx, s, uids, got)
	case !errors.As(err, &broken):
		return err
	case len(uids) == 1 && broken.garbled:
		return nil
	case len(uids) == 1:
		return r.alone(ctx, uids[0])
	}
	if err := r.read(ctx, uids[:len(uids)/2]); err != nil {
		return err
	}
	return r.read(ctx, uids[len(uids)/2:])
}

// again asks once more for what did not come although nothing went wrong: an
// unasked-for FETCH response may have taken the place of the answer.
func (r *topReader) again(ctx context.Context, s *session, uids []uint32, got []SentMessage) error {
	absent := slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool {
		return slices.ContainsFunc(got, func(m SentMessage) bool { return m.UID == uid })
	})
	if len(absent) == 0 {
		return nil
	}
	got, err := s.tops(ctx, absent)
	r.found = append(r.found, got...)
	return err
}

// alone asks once more for a message over which a connection died: a bad
// network looks the same as a bad message.
func (r *topReader) alone(ctx context.Context, uid uint32) error {
	s, _, err := r.connect(ctx)
	if err != nil {
		return err
	}
	if _, err := s.examine(ctx, r.place.Folder); err != nil {
		return err
	}
	got, err := s.tops(ctx, []uint32{uid})
	if broken := (*brokenError)(nil); err != nil && !errors.As(err, &broken) {
		return err
	}
	r.found = append(r.found, got...)
	return nil
}

// tops fetches the headers of messages, as far as they are not too large.
func (s *session) tops(ctx context.Context, uids []uint32) (found []SentMessage, err error) {
	section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: maxHeader}}
	options := &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}}
	err = s.run(ctx, "FETCH of headers", smallTalk+int64(len(uids))*(maxHeader+1024), func() error {
		s.fetching = s.client.Fetch(uidSet(uids), options)
		for msg := s.fetching.Next(); msg != nil; msg = s.fetching.Next() {
			var top SentMessage
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					top.UID = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					top.At = item.Time
				case imapclient.FetchItemDataBodySection:
					if item.Literal == nil {
						continue
					}
					if item.Literal.Size() > maxHeader {
						return errTooMuch
					}
					top.Header = make([]byte, item.Literal.Size())
					if _, err := io.ReadFull(item.Literal, top.Header); err != nil {
						s.fetching = nil // the decoder has the connection back
						return err
					}
				}
			}
			if slices.Contains(uids, top.UID) && len(top.Header) > 0 {
				found = append(found, top)
			}
		}
		err := s.fetching.Close()
		s.fetching = nil
		return err
	})
	if refused(err) {
		err = nil // what came, came; what did not has gone
	}
	if err != nil {
		found = nil
	}
	return found, err
}

// AppendError says that the server does not take a message into a folder.
type AppendError struct {
	Code string // the response code (RFC 5530 §3), "OVERQUOTA", "TOOBIG", "TRYCREATE"; "APPENDLIMIT" if it was not even asked (RFC 7889)
	Text string
}

func (e *AppendError) Error() string {
	return "the server does not take the message: " + strings.TrimSpace(e.Code+" "+e.Text)
}

// Append puts a message into a folder, read (\Seen) and with the INTERNALDATE
// at, and returns where it is, if the server says so (RFC 4315). *AppendError: it was surely not put there. After any other error nobody
// knows; whoever asks again looks first whether it is there.
func (m *Mailbox) Append(ctx context.Context, folder string, raw []byte, at time.Time) (uidValidity, uid uint32, err error) {
	m.turn()
	defer m.mu.Unlock()
	s, _, err := m.connect(ctx)
	if err != nil {
		return 0, 0, err
	}
	if limit, _ := s.caps.AppendLimit(); limit != nil && int64(len(raw)) > int64(*limit) {
		return 0, 0, &AppendError{Code: "APPENDLIMIT", Text: fmt.Sprintf("%d bytes are the most, it has %d", *limit, len(raw))}
	}
	var put *imap.AppendData
	err = s.run(ctx, "APPEND to "+folder, smallTalk, func() (err error) {
		cmd := s.client.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: at})
		r := bytes.NewReader(raw)
		for {
			// The server is silent while it listens: its time begins anew with
			// every piece that it has taken.
			s.guard.arm(s.silence, smallTalk)
			if _, err := io.CopyN(cmd, r, 64<<10); err != nil {
				break
			}
		}
		s.guard.arm(s.silence, smallTalk)
		cmd.Close()
		put, err = cmd.Wait()
		if err == nil && r.Len() > 0 {
			err = io.ErrUnexpectedEOF
		}
		return err
	})
	if no := (*imap.Error)(nil); refused(err) && errors.As(err, &no) {
		return 0, 0, &AppendError{Code: string(no.Code), Text: no.Text}
	}
	if err != nil {
		return 0, 0, err
	}
	return put.UIDValidity, uint32(put.UID), nil
}
