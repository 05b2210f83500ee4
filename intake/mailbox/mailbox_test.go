package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/mailbox/mailboxtest"
)

const (
	user     = "vanthu"
	password = `mật "khẩu"`
)

var received = time.Date(2022, 10, 12, 9, 30, 0, 0, time.FixedZone("", 7*3600))

// server starts an embedded server with an account.
func server(t testing.TB, security mailboxtest.Security) *mailboxtest.Server {
	t.Helper()
	s, err := mailboxtest.Start(security)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.AddUser(user, password)
	return s
}

// open makes a Mailbox of an embedded server.
func open(t testing.TB, s *mailboxtest.Server, folders ...string) *Mailbox {
	t.Helper()
	c := config.Mailbox{URL: s.URL(user), Folders: folders}
	if s.CA() != nil {
		c.CAFile = filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(c.CAFile, s.CA(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := New(c, func() (string, error) { return password, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// memory is a caller that remembers what it took, as the ledger does.
type memory struct {
	known map[string]bool
	took  []string // "INBOX/7"
	raw   map[string][]byte
	when  map[string]time.Time
	asked int
}

func newMemory() *memory {
	return &memory{known: map[string]bool{}, raw: map[string][]byte{}, when: map[string]time.Time{}}
}

func (m *memory) knows(folder string, validity uint32) func(uint32) bool {
	m.asked++
	return func(uid uint32) bool { return m.known[fmt.Sprint(folder, "/", validity, "/", uid)] }
}

func (m *memory) take(ctx context.Context, msg Message) error {
	raw, err := io.ReadAll(msg.Body)
	if err != nil {
		return err
	}
	if int64(len(raw)) != msg.Size {
		return fmt.Errorf("%d bytes of %d", len(raw), msg.Size)
	}
	name := fmt.Sprint(msg.Folder, "/", msg.UID)
	m.known[fmt.Sprint(msg.Folder, "/", msg.UIDValidity, "/", msg.UID)] = true
	m.took = append(m.took, name)
	m.raw[name], m.when[name] = raw, msg.Received
	return nil
}

func (m *memory) round(t testing.TB, box *Mailbox) Report {
	t.Helper()
	r, err := box.Round(t.Context(), m.knows, m.take)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mail(n int) []byte {
	return fmt.Appendf(nil, "From: huyen%d@huyen.example\r\nSubject: =?utf-8?q?B=C3=A1o_c=C3=A1o?= %d\r\n\r\nKính gửi Ban,\r\n.\r\n%s\r\n", n, n, strings.Repeat("x", n))
}

func put(t testing.TB, s *mailboxtest.Server, folder string, raw []byte) uint32 {
	t.Helper()
	uid, err := s.Append(user, folder, raw, received)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func TestRoundHandsOverEveryMessageOnceByteForByteOver(t *testing.T) {
	for _, c := range []struct {
		sentence string
		security mailboxtest.Security
	}{
		{"plain text to a loopback address", mailboxtest.Plain},
		{"STARTTLS with our own CA", mailboxtest.StartTLS},
		{"TLS from the first byte with our own CA", mailboxtest.ImplicitTLS},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := server(t, c.security)
			box, seen := open(t, s), newMemory()
			if r := seen.round(t, box); !r.Complete() || r.Taken() != 0 {
				t.Errorf("empty mailbox: %+v", r)
			}
			for n := range 5 {
				put(t, s, "INBOX", mail(n))
			}
			r := seen.round(t, box)
			if !r.Complete() || r.Taken() != 5 {
				t.Errorf("five mails: %+v", r)
			}
			for n := range 5 {
				name := fmt.Sprint("INBOX/", n+1)
				if !bytes.Equal(seen.raw[name], mail(n)) {
					t.Errorf("%s: %q", name, seen.raw[name])
				}
				if !seen.when[name].Equal(received) {
					t.Errorf("%s was received %s", name, seen.when[name])
				}
			}
			if r := seen.round(t, box); !r.Complete() || r.Taken() != 0 {
				t.Errorf("nothing new: %+v", r)
			}
			if box.Logins() != 1 {
				t.Errorf("%d logins for three rounds", box.Logins())
			}
			stored, err := s.Stored(user, "INBOX")
			if err != nil || len(stored) != 5 {
				t.Fatal(len(stored), err)
			}
			for _, m := range stored {
				if len(m.Flags) != 0 {
					t.Errorf("reading set flags %v", m.Flags)
				}
			}
		})
	}
}

func TestFoldersWithVietnameseNamesAreReadAndAMissingOneIsNamed(t *testing.T) {
	s := server(t, mailboxtest.ImplicitTLS)
	names := []string{"INBOX", "Thư rác", "Báo cáo & phụ lục"}
	for _, f := range names[1:] {
		if err := s.AddFolder(user, f); err != nil {
			t.Fatal(err)
		}
	}
	for i, f := range names {
		put(t, s, f, mail(i))
	}
	box, seen := open(t, s, append(names, "Không có")...), newMemory()
	r := seen.round(t, box)
	if want := []string{"INBOX/1", "Thư rác/1", "Báo cáo & phụ lục/1"}; !slices.Equal(seen.took, want) {
		t.Errorf("took %q", seen.took)
	}
	if f := r.Folders[3]; r.Complete() || !f.Missing || f.Err == nil {
		t.Errorf("the missing folder: %+v", f)
	}
	for _, f := range r.Folders[:3] {
		if !f.Complete() {
			t.Errorf("%+v", f)
		}
	}
}

func TestATakeThatFails(t *testing.T) {
	broken := errors.New("disk full")
	for _, c := range []struct {
		sentence string
		fail     func(msg Message) error // for UID 2
		err      error
		taken    int
		left     []uint32
	}{
		{"skipping unread leaves that message for later and takes the others", func(Message) error { return fmt.Errorf("later: %w", ErrSkip) }, nil, 3, []uint32{2}},
		{"skipping after half of it does so too", func(msg Message) error {
			io.CopyN(io.Discard, msg.Body, msg.Size/2)
			return ErrSkip
		}, nil, 3, []uint32{2}},
		{"any other error ends the round", func(Message) error { return broken }, broken, 1, nil},
		{"not reading to the end is an error", func(msg Message) error { return nil }, errors.New("mailbox: UID 2 was not read to its end"), 1, nil},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := server(t, mailboxtest.Plain)
			for n := range 4 {
				put(t, s, "INBOX", mail(n*3000))
			}
			box, seen := open(t, s), newMemory()
			r, err := box.Round(t.Context(), seen.knows, func(ctx context.Context, msg Message) error {
				if msg.UID == 2 {
					return c.fail(msg)
				}
				return seen.take(ctx, msg)
			})
			if fmt.Sprint(err) != fmt.Sprint(c.err) {
				t.Errorf("error %v", err)
			}
			if r.Taken() != c.taken || !slices.Equal(r.Folders[0].Left, c.left) || r.Complete() {
				t.Errorf("%+v", r)
			}
			if r := seen.round(t, box); !r.Complete() || len(seen.took) != 4 {
				t.Errorf("the next round: %+v, took %v", r, seen.took)
			}
		})
	}
}

func TestARecreatedFolderIsReadAgainUnderItsNewUIDValidity(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	s.AddFolder(user, "Báo cáo")
	box, seen := open(t, s, "Báo cáo"), newMemory()
	put(t, s, "Báo cáo", mail(1))
	before := seen.round(t, box).Folders[0].UIDValidity
	s.RemoveFolder(user, "Báo cáo")
	s.AddFolder(user, "Báo cáo")
	put(t, s, "Báo cáo", mail(2))
	r := seen.round(t, box)
	if r.Folders[0].UIDValidity == before || r.Taken() != 1 || !bytes.Equal(seen.raw["Báo cáo/1"], mail(2)) {
		t.Errorf("%+v", r)
	}
	if err := box.Done(t.Context(), "Báo cáo", before, []uint32{1}, ""); !errors.Is(err, ErrRenumbered) {
		t.Errorf("Done with the old numbers: %v", err)
	}
}

func TestTheCallerAndNotThisPackageRemembers(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s), newMemory()
	for n := range 3 {
		put(t, s, "INBOX", mail(n))
	}
	seen.round(t, box)
	again := open(t, s)
	if r := seen.round(t, again); r.Taken() != 0 || !r.Complete() {
		t.Errorf("a new process took known mail again: %+v", r)
	}
	// The ledger comes back from a backup while the daemon runs: the hourly
	// comparison of the whole folder finds what it has lost.
	forgetful := newMemory()
	if r := forgetful.round(t, box); r.Taken() != 0 {
		t.Errorf("before the hour: %+v", r)
	}
	box.allEvery = 0
	if r := forgetful.round(t, box); r.Taken() != 3 {
		t.Errorf("after it: %+v", r)
	}
}

func TestAPollWithoutNewsAsksTheCallerNothing(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s), newMemory()
	put(t, s, "INBOX", mail(1))
	for range 5 {
		seen.round(t, box)
	}
	if seen.asked != 1 {
		t.Errorf("known was asked %d times", seen.asked)
	}
}

func TestTheConnectionIsDialledAgainWhenTheServerWasAway(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box, seen := open(t, s), newMemory()
	put(t, s, "INBOX", mail(1))
	seen.round(t, box)
	s.Close()
	if r, err := box.Round(t.Context(), seen.knows, seen.take); err == nil || r.Complete() {
		t.Fatalf("a round without a server: %+v, %v", r, err)
	}
	back, err := mailboxtest.StartAt(s.Addr(), mailboxtest.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	back.AddUser(user, password)
	put(t, back, "INBOX", mail(2))
	if r := seen.round(t, box); !r.Complete() {
		t.Errorf("%+v", r)
	}
}

func TestDoneMarksMovesAndNeverDeletes(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	s.AddFolder(user, "Đã xử lý")
	box, seen := open(t, s), newMemory()
	for n := range 3 {
		put(t, s, "INBOX", mail(n))
	}
	validity := seen.round(t, box).Folders[0].UIDValidity
	flags := func(folder string) (all []string) {
		stored, err := s.Stored(user, folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range stored {
			all = append(all, fmt.Sprintf("%d%v", m.UID, m.Flags))
		}
		return all
	}
	done := func(uids []uint32, move string) {
		t.Helper()
		for range 2 { // repeating it does no harm
			if err := box.Done(t.Context(), "INBOX", validity, uids, move); err != nil {
				t.Fatal(err)
			}
		}
	}
	done(nil, "")
	done([]uint32{1, 99}, "")
	if got := flags("INBOX"); !slices.Equal(got, []string{"1[$dondoc]", "2[]", "3[]"}) {
		t.Errorf("after marking: %v", got)
	}
	done([]uint32{2, 3}, "Đã xử lý")
	if got := flags("INBOX"); !slices.Equal(got, []string{"1[$dondoc]"}) {
		t.Errorf("after moving, INBOX: %v", got)
	}
	if got := flags("Đã xử lý"); !slices.Equal(got, []string{"1[$dondoc]", "2[$dondoc]"}) {
		t.Errorf("after moving: %v", got)
	}
	if err := box.Done(t.Context(), "INBOX", validity, []uint32{1}, "Không có"); err == nil {
		t.Error("moving into a folder that does not exist is no error")
	}
	if got := flags("INBOX"); len(got) != 1 {
		t.Errorf("after a move that failed: %v", got)
	}
	if r := seen.round(t, box); !r.Complete() || r.Taken() != 0 {
		t.Errorf("a round after it: %+v", r)
	}
}
