package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/mailbox/mailboxtest"
)

func TestSentFolderIs(t *testing.T) {
	const list = "* LIST "
	for _, c := range []struct {
		sentence string
		caps     string
		special  string // what LIST (SPECIAL-USE) answers
		all      string // what LIST answers
		folders  []string
		want     string
	}{
		{"the one of that special use, wherever it is and whatever its name", "IMAP4rev1 SPECIAL-USE LIST-EXTENDED",
			list + `(\Junk) "/" Spam` + "\n" + list + `(\HasNoChildren \Sent) "/" Archive/Out` + "\n", list + `() "/" Sent` + "\n", nil, "Archive/Out"},
		{"found by its name if no special use is told", "IMAP4rev1 SPECIAL-USE LIST-EXTENDED", list + `(\Junk) "/" Spam` + "\n", list + `() "/" "Sent Items"` + "\n", nil, "Sent Items"},
		{"told without being asked, as Exchange does", "IMAP4rev1", "", list + `() "/" Sent` + "\n" + list + `(\HasNoChildren \Sent) "/" Gesendet` + "\n", nil, "Gesendet"},
		{"under INBOX, with a dot", "IMAP4rev1", "", list + `() "." INBOX` + "\n" + list + `() "." INBOX.Sent` + "\n", nil, "INBOX.Sent"},
		{"of Gmail, in Vietnamese", "IMAP4rev1", "", list + `(\NoSelect) "/" "[Gmail]"` + "\n" + list + `() "/" "[Gmail]/Th&AbA- &AREA4w- g&Hu0-i"` + "\n", nil, "[Gmail]/Thư đã gửi"},
		{"the commonest of several usual names", "IMAP4rev1", "", list + `() "/" "Sent Messages"` + "\n" + list + `() "/" SENT` + "\n" + list + `() "/" "Sent Items"` + "\n", nil, "SENT"},
		{"none that cannot be opened", "IMAP4rev1", "", list + `(\NoSelect \Sent) "/" Sent` + "\n", nil, ""},
		{"none within somebody's archive", "IMAP4rev1", "", list + `() "/" "Năm 2021/Sent"` + "\n", nil, ""},
		{"none that units' mail is read from", "IMAP4rev1", "", list + `(\Sent) "/" INBOX` + "\n", nil, ""},
		{"none if there is none", "IMAP4rev1", "", list + `() "/" INBOX` + "\n" + list + `() "/" Drafts` + "\n", nil, ""},
		{"found although the server refuses to tell special uses", "IMAP4rev1 SPECIAL-USE LIST-EXTENDED", "{tag} BAD what?\n", list + `() "/" Sent` + "\n", nil, "Sent"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: c.caps, answer: func(_ *unfair, command string) string {
				switch {
				case strings.HasPrefix(command, "LIST ("):
					if strings.HasPrefix(c.special, "{tag}") {
						return c.special
					}
					return c.special + "{tag} OK .\n"
				case strings.HasPrefix(command, "LIST"):
					return strings.ReplaceAll(c.all, "Năm", "N&AQM-m") + "{tag} OK .\n"
				}
				return ""
			}}
			if got, err := start(t, s).SentFolder(t.Context()); got != c.want || err != nil {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestServersThatSaveWhatTheySend(t *testing.T) {
	for _, c := range []struct {
		sentence, host string
		want           bool
	}{
		{"Gmail", "imap.gmail.com", true},
		{"Microsoft 365, its port written out", "outlook.office365.com:993", true},
		{"a host of Outlook's in capitals", "IMAP-mail.Outlook.com", true},
		{"a name that begins like Gmail's", "mail.gmail.com.example", false},
		{"a name that ends like Gmail's", "notgmail.com", false},
		{"an office's own server", "mail.bdvtu.quangngai.example", false},
	} {
		box, err := New(config.Mailbox{URL: "imaps://a@" + c.host}, func() (string, error) { return "", nil })
		if err != nil || box.SavesSent() != c.want {
			t.Errorf("%s: %v, want %v", c.sentence, err, c.want)
		}
	}
}

// sentBox is an embedded server with a folder for sent mail.
func sentBox(t *testing.T) (*mailboxtest.Server, *Mailbox) {
	t.Helper()
	s := server(t, mailboxtest.Plain)
	if err := s.AddSentFolder(user, "Đã gửi"); err != nil {
		t.Fatal(err)
	}
	return s, open(t, s)
}

func TestAppendPutsAMessageThereByteForByteAndRead(t *testing.T) {
	s, box := sentBox(t)
	folder, err := box.SentFolder(t.Context())
	if folder != "Đã gửi" || err != nil {
		t.Fatal(folder, err)
	}
	// Larger than any buffer, and than what goes without asking.
	for i, raw := range [][]byte{mail(1), mail(5000), mail(3 << 20)} {
		validity, uid, err := box.Append(t.Context(), folder, raw, received)
		if err != nil || uid != uint32(i+1) || validity == 0 {
			t.Fatal(validity, uid, err)
		}
		stored, err := s.Stored(user, folder)
		if err != nil || len(stored) != i+1 || !bytes.Equal(stored[i].Raw, raw) || !slices.Contains(stored[i].Flags, `\seen`) {
			t.Errorf("mail %d: %d stored, %v", i, len(stored), err)
		}
	}
	found, _, _, err := box.LookAtSent(t.Context(), folder, SentPlace{}, received)
	if err != nil || len(found) != 3 || !found[0].At.Equal(received) {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestAppendSaysWhatTheServerSays(t *testing.T) {
	var no *AppendError
	for _, c := range []struct {
		sentence string
		caps     string
		size     int
		answer   func(command string) string
		code     string // of an *AppendError; "?" if nobody knows
	}{
		{"no room, before a byte was sent", "IMAP4rev1", 9000, func(string) string { return "{tag} NO [OVERQUOTA] full\n" }, "OVERQUOTA"},
		{"too large, known beforehand", "IMAP4rev1 APPENDLIMIT=5000", 9000, func(string) string { return "{tag} BAD not asked\n" }, "APPENDLIMIT"},
		{"no such folder", "IMAP4rev1", 9000, func(string) string { return "{tag} NO [TRYCREATE] none\n" }, "TRYCREATE"},
		{"BAD", "IMAP4rev1", 9000, func(string) string { return "{tag} BAD no\n" }, ""},
		{"silence instead of the word to go on", "IMAP4rev1", 9000, func(string) string { return silent }, "?"},
		{"an end instead of the word to go on", "IMAP4rev1", 9000, func(string) string { return closing }, "?"},
		{"silence after all was sent", "IMAP4rev1", 9000, func(string) string { return "+ go on\n" }, "?"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: c.caps, answer: func(_ *unfair, command string) string {
				switch {
				case strings.HasPrefix(command, "APPEND"):
					return c.answer(command)
				case strings.HasPrefix(command, "EXAMINE"), strings.HasPrefix(command, "CAPA"), strings.HasPrefix(command, "LOGIN"), command == "greeting":
					return ""
				}
				if strings.HasPrefix(command, "UID ") {
					return ""
				}
				return silent // to the literal
			}}
			box := start(t, s)
			_, _, err := box.Append(t.Context(), "Sent", mail(c.size), received)
			switch {
			case err == nil:
				t.Error("it is told as done")
			case c.code == "?" && errors.As(err, &no):
				t.Errorf("%v: told as surely not done", err)
			case c.code != "?" && (!errors.As(err, &no) || no.Code != c.code):
				t.Errorf("%v, want %s", err, c.code)
			}
			// The client ends the connection when a literal is refused.
			if _, err := box.Round(t.Context(), newMemory().knows, newMemory().take); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestLookAtSent(t *testing.T) {
	t.Run("goes on where it stopped, and costs two words when there is nothing new", func(t *testing.T) {
		s, box := sentBox(t)
		for i := range 3 {
			put(t, s, "Đã gửi", mail(i))
		}
		found, place, more, err := box.LookAtSent(t.Context(), "Đã gửi", SentPlace{}, time.Time{})
		if err != nil || more || len(found) != 3 || place.Next != 4 {
			t.Fatal(len(found), place, more, err)
		}
		if head := string(found[1].Header); !strings.HasPrefix(head, "From: huyen1@") || strings.Contains(head, "Kính") {
			t.Errorf("%q is not the header", head)
		}
		if found, _, _, err = box.LookAtSent(t.Context(), "Đã gửi", place, time.Time{}); len(found) != 0 || err != nil {
			t.Error(len(found), err)
		}
		put(t, s, "Đã gửi", mail(7))
		if found, place, _, err = box.LookAtSent(t.Context(), "Đã gửi", place, time.Time{}); len(found) != 1 || found[0].UID != 4 || place.Next != 5 || err != nil {
			t.Error(found, place, err)
		}
	})
	t.Run("begins anew in a folder that was renumbered, and in another folder", func(t *testing.T) {
		s, box := sentBox(t)
		put(t, s, "Đã gửi", mail(1))
		_, place, _, _ := box.LookAtSent(t.Context(), "Đã gửi", SentPlace{}, time.Time{})
		s.RemoveFolder(user, "Đã gửi")
		s.AddFolder(user, "Đã gửi")
		put(t, s, "Đã gửi", mail(2))
		found, again, _, err := box.LookAtSent(t.Context(), "Đã gửi", place, time.Time{})
		if len(found) != 1 || again.UIDValidity == place.UIDValidity || err != nil {
			t.Error(len(found), again, err)
		}
		s.AddFolder(user, "Sent")
		put(t, s, "Sent", mail(3))
		if found, _, _, err := box.LookAtSent(t.Context(), "Sent", again, time.Time{}); len(found) != 1 || err != nil {
			t.Error(len(found), err)
		}
	})
	t.Run("leaves alone what was sent before a day", func(t *testing.T) {
		s, box := sentBox(t)
		s.Append(user, "Đã gửi", mail(1), received.AddDate(0, 0, -30))
		put(t, s, "Đã gửi", mail(2))
		found, place, _, err := box.LookAtSent(t.Context(), "Đã gửi", SentPlace{}, received)
		if len(found) != 1 || found[0].UID != 2 || place.Next != 3 || err != nil {
			t.Error(found, place, err)
		}
	})
	t.Run("takes a large folder in steps, each message once", func(t *testing.T) {
		s, box := sentBox(t)
		const n = 2*maxTops + 7
		for i := range n {
			put(t, s, "Đã gửi", mail(i%40))
		}
		var all []uint32
		place, steps := SentPlace{}, 0
		for more := true; more; steps++ {
			var found []SentMessage
			var err error
			if found, place, more, err = box.LookAtSent(t.Context(), "Đã gửi", place, time.Time{}); err != nil {
				t.Fatal(err)
			}
			for _, m := range found {
				all = append(all, m.UID)
			}
		}
		if steps != 3 || len(all) != n || all[0] != 1 || all[n-1] != n || !slices.IsSorted(all) {
			t.Errorf("%d steps, %d messages", steps, len(all))
		}
	})
	t.Run("passes over a message that cannot be read, or that ends the connection", func(t *testing.T) {
		for _, bad := range []string{"* 3 FETCH (UID 3 BODY[HEADER]<0> {x\n", closing} {
			s := &unfair{answer: func(_ *unfair, command string) string {
				if uids, ok := strings.CutPrefix(command, "UID FETCH "); ok {
					return headersOf(uids, 3, bad)
				}
				return ""
			}}
			found, place, _, err := start(t, s).LookAtSent(t.Context(), "INBOX", SentPlace{}, time.Time{})
			var uids []uint32
			for _, m := range found {
				uids = append(uids, m.UID)
			}
			if fmt.Sprint(uids) != "[1 2 4 5 6 7 8]" || place.Next != 9 || err != nil {
				t.Errorf("%q: %v %+v %v", bad, uids, place, err)
			}
		}
	})
	t.Run("asks again for what did not come, and says how it ends if the server always hangs up", func(t *testing.T) {
		asked := 0
		s := &unfair{answer: func(_ *unfair, command string) string {
			if uids, ok := strings.CutPrefix(command, "UID FETCH "); ok {
				if asked++; asked == 1 {
					return headersOf(uids, 3, "* 3 FETCH (UID 3 FLAGS (\\Seen))\n")
				}
				return headersOf(uids, 0, "")
			}
			return ""
		}}
		if found, _, _, err := start(t, s).LookAtSent(t.Context(), "INBOX", SentPlace{}, time.Time{}); len(found) != 8 || asked != 2 || err != nil {
			t.Error(len(found), asked, err)
		}
		s = &unfair{answer: func(_ *unfair, command string) string {
			if strings.HasPrefix(command, "UID FETCH ") {
				return closing
			}
			return ""
		}}
		box := start(t, s)
		if found, place, _, err := box.LookAtSent(t.Context(), "INBOX", SentPlace{}, time.Time{}); len(found) != 0 || place.Next > 1 || err == nil {
			t.Error(found, place, err)
		}
		if n := box.Logins(); n > maxAttempts+16 {
			t.Errorf("%d logins", n)
		}
	})
}

// headersOf answers a FETCH of headers, with something else for one message.
func headersOf(command string, bad uint32, instead string) string {
	set, _, _ := strings.Cut(command, " ")
	var b strings.Builder
	for _, r := range strings.Split(set, ",") {
		var from, to uint32
		if n, _ := fmt.Sscanf(r, "%d:%d", &from, &to); n < 2 {
			to = from
		}
		for uid := from; uid <= to; uid++ {
			if uid == bad {
				b.WriteString(instead)
				if strings.HasSuffix(instead, closing) {
					return b.String()
				}
				continue
			}
			head := fmt.Sprintf("Subject: %d\r\n\r\n", uid)
			fmt.Fprintf(&b, "* %d FETCH (UID %d INTERNALDATE \"12-Oct-2022 09:30:00 +0700\" BODY[HEADER]<0> {%d}\n%s)\n", uid, uid, len(head), head)
		}
	}
	return b.String() + "{tag} OK .\n"
}

func TestCopiesAreNoNews(t *testing.T) {
	s, box := sentBox(t)
	seen := newMemory()
	seen.round(t, box)
	if _, _, _, err := box.LookAtSent(t.Context(), "Đã gửi", SentPlace{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := box.Append(t.Context(), "Đã gửi", mail(1), received); err != nil {
		t.Fatal(err)
	}
	news := make(chan bool)
	go func() {
		told, _ := box.Wait(t.Context())
		news <- told
	}()
	select {
	case <-news:
		t.Error("our own copy was told as news")
	case <-time.After(200 * time.Millisecond):
	}
	put(t, s, "INBOX", mail(2))
	if told := <-news; !told {
		t.Error("mail in INBOX was not told")
	}
}
