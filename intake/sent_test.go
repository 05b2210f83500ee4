package intake

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/intake/mailbox/mailboxtest"
	"dondoc/schedule/standing"
)

// sentOffice is a live office with a mailbox on an embedded server.
type sentOffice struct {
	*office
	server *mailboxtest.Server
	box    *mailbox.Mailbox
	log    *bytes.Buffer
	data   string // the ledger's directory
}

const sentFolder = "Đã gửi"

func newSentOffice(t testing.TB) *sentOffice {
	t.Helper()
	o := &sentOffice{office: newOffice(t), log: new(bytes.Buffer)}
	o.Log = slog.New(slog.NewTextHandler(o.log, nil))
	o.data = o.Campaign.DataDir()
	o.Campaign.Mode = config.Live
	var err error
	if o.server, err = mailboxtest.Start(mailboxtest.Plain); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.server.Close() })
	o.server.AddUser("tiepnhan", "mat-khau")
	if err := o.server.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	o.box = o.connect(t)
	return o
}

func (o *sentOffice) connect(t testing.TB) *mailbox.Mailbox {
	t.Helper()
	box, err := mailbox.New(config.Mailbox{URL: o.server.URL("tiepnhan")}, func() (string, error) { return "mat-khau", nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box
}

// look is a round, and what follows when letters have gone out.
func (o *sentOffice) look() {
	o.t.Helper()
	if _, _, err := o.round(o.box); err != nil {
		o.t.Fatal(err)
	}
	if err := o.CopySent(o.t.Context(), o.box, o.clock); err != nil {
		o.t.Fatal(err)
	}
}

// delivered is a letter that the mail server has just taken.
func (o *sentOffice) delivered(key string) (raw []byte) {
	o.t.Helper()
	token := o.Ledger.Key.LetterToken(o.Campaign.ID, key)
	l := ledger.Letter{Key: key, Kind: "receipt", Unit: "HU-BINHSON", Token: token, MessageID: "dd.hu-binhson." + token + "@bdvtu.quangngai.example", To: []string{binhSon}}
	raw = fmt.Appendf(nil, "From: <tiepnhan@bdvtu.quangngai.example>\r\nTo: <%s>\r\nSubject: =?utf-8?q?=C4=90=C3=A3_nh=E1=BA=ADn?=\r\nMessage-ID: <%s>\r\nAuto-Submitted: auto-replied\r\nX-Dondoc-Key: %s\r\n\r\nĐã nhận.\r\n", binhSon, l.MessageID, key)
	sha, err := o.Archive.PutBytes(raw)
	if err != nil {
		o.t.Fatal(err)
	}
	err = o.Ledger.Write(o.t.Context(), o.now, func(tx *ledger.Tx) error {
		if _, err := tx.Post(l, []string{binhSon}); err != nil {
			return err
		}
		have, d, _, err := tx.ClaimDelivery(ledger.Turn{})
		if err != nil {
			return err
		}
		if err := tx.Sending(d, sha, "Đã nhận", o.now); err != nil {
			return err
		}
		return tx.Settle(have, d, ledger.Accepted, "250", time.Time{})
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return raw
}

func (o *sentOffice) shown() (raws []string) {
	o.t.Helper()
	stored, err := o.server.Stored("tiepnhan", sentFolder)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, m := range stored {
		raws = append(raws, string(m.Raw))
	}
	return raws
}

func (o *sentOffice) letter(key string) (l *ledger.Letter) {
	o.t.Helper()
	err := o.Ledger.Read(o.t.Context(), func(tx *ledger.Tx) (err error) {
		l, err = tx.Letter(key)
		return err
	})
	if err != nil || l == nil {
		o.t.Fatal(l, err)
	}
	return l
}

// put puts a message into a folder as another program would.
func (o *sentOffice) put(folder string, raw []byte) {
	o.t.Helper()
	if _, err := o.server.Append("tiepnhan", folder, raw, o.now); err != nil {
		o.t.Fatal(err)
	}
}

func TestALetterIsShownOnce(t *testing.T) {
	for _, c := range []struct {
		sentence string
		play     func(t *testing.T, o *sentOffice)
		want     int // copies in the folder, in the end
		made     bool
	}{
		{"byte for byte beneath what the ledger knows of it, read, with the time at which it went out", func(t *testing.T, o *sentOffice) {
			raw := o.delivered("receipt/A")
			o.look()
			stored, err := o.server.Stored("tiepnhan", sentFolder)
			if err != nil || len(stored) != 1 || !bytes.HasPrefix(stored[0].Raw, []byte("X-Dondoc-Record:\r\n ")) || !bytes.HasSuffix(stored[0].Raw, append([]byte("\r\n"), raw...)) || !slices.Contains(stored[0].Flags, `\seen`) {
				t.Errorf("%+v, %v", stored, err)
			}
			found, _, _, err := o.box.LookAtSent(t.Context(), sentFolder, mailbox.SentPlace{}, time.Time{})
			if err != nil || !found[0].At.Equal(at("10-12 09:30")) {
				t.Errorf("%v, %v", found[0].At, err)
			}
			// What we put there ourselves is not read again.
			o.Ledger.Read(t.Context(), func(tx *ledger.Tx) error {
				if mark, err := tx.Marked(sentMark(o.box)); placeOf(mark) != (mailbox.SentPlace{Folder: sentFolder, UIDValidity: 2, Next: 2}) || err != nil {
					t.Errorf("looked through up to %q, %v", mark, err)
				}
				return nil
			})
		}, 1, true},
		{"however often it is looked at", func(t *testing.T, o *sentOffice) {
			o.delivered("receipt/A")
			for range 3 {
				o.look()
				o.now = o.now.Add(time.Minute)
			}
		}, 1, true},
		{"although the process was killed after the server's OK", func(t *testing.T, o *sentOffice) {
			raw := o.delivered("receipt/A")
			killed, err := ledger.Open(o.data)
			if err != nil {
				t.Fatal(err)
			}
			err = killed.Write(t.Context(), o.now, func(tx *ledger.Tx) error {
				claimed, err := tx.ClaimCopies(o.now, 9)
				if len(claimed) != 1 {
					t.Errorf("%d claimed", len(claimed))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := o.box.Append(t.Context(), sentFolder, raw, o.now); err != nil {
				t.Fatal(err)
			}
			o.look()
			if len(o.shown()) != 1 {
				t.Error("another process copied what the first may still be copying")
			}
			killed.Close()
			o.look()
		}, 1, true},
		{"although another process was killed just after this one had looked", func(t *testing.T, o *sentOffice) {
			if _, _, err := o.round(o.box); err != nil {
				t.Fatal(err)
			}
			raw := o.delivered("receipt/A")
			killed, err := ledger.Open(o.data)
			if err != nil {
				t.Fatal(err)
			}
			err = killed.Write(t.Context(), o.now, func(tx *ledger.Tx) error { _, err := tx.ClaimCopies(o.now, 9); return err })
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := o.connect(t).Append(t.Context(), sentFolder, raw, o.now); err != nil {
				t.Fatal(err)
			}
			killed.Close()
			if err := o.CopySent(t.Context(), o.box, o.clock); err != nil {
				t.Fatal(err)
			}
		}, 1, true},
		{"where the server itself saves what it sends", func(t *testing.T, o *sentOffice) {
			o.put(sentFolder, append([]byte("Received: from us\r\n"), o.delivered("receipt/A")...))
			o.look()
		}, 1, true},
		{"where the server gives it another Message-ID and saves it", func(t *testing.T, o *sentOffice) {
			raw := o.delivered("receipt/A")
			o.put(sentFolder, bytes.Replace(raw, []byte("Message-ID: <"), []byte("Message-ID: <0100018.x"), 1))
			o.put(sentFolder, bytes.Replace(raw, []byte("Message-ID: <dd."), []byte("Message-ID: <0100018."), 1))
			o.look()
		}, 2, true},
		{"beside a letter of another ledger under the same key, a rehearsal's say", func(t *testing.T, o *sentOffice) {
			raw := o.delivered("receipt/A")
			o.put(sentFolder, bytes.ReplaceAll(raw, []byte(o.letter("receipt/A").Token), []byte("aaaaaaaaaaaaaaaaaaaa")))
			o.look()
		}, 2, true},
		{"and not again after somebody has deleted it", func(t *testing.T, o *sentOffice) {
			o.delivered("receipt/A")
			o.look()
			o.server.RemoveFolder("tiepnhan", sentFolder)
			o.server.AddSentFolder("tiepnhan", sentFolder)
			o.look()
		}, 0, true},
		{"not at all in a rehearsal", func(t *testing.T, o *sentOffice) {
			o.Campaign.Mode = config.Rehearsal
			o.delivered("receipt/A")
			o.look()
		}, 0, false},
		{"not at all if nobody wants it", func(t *testing.T, o *sentOffice) {
			o.Campaign.Mailbox.Sent = config.SentOff
			o.delivered("receipt/A")
			o.look()
		}, 0, false},
		{"as soon as there is a folder, of which it is said once that there is none", func(t *testing.T, o *sentOffice) {
			o.server.RemoveFolder("tiepnhan", sentFolder)
			o.server.AddSentFolder("tiepnhan", "")
			o.delivered("receipt/A")
			for range 3 {
				o.look()
				o.sent = sent{} // as in another process
			}
			if n := strings.Count(o.log.String(), "no folder for sent mail"); n != 1 {
				t.Errorf("said %d times:\n%s", n, o.log)
			}
			o.server.AddSentFolder("tiepnhan", sentFolder)
			o.now = o.now.Add(2 * time.Hour)
			o.look()
		}, 1, true},
		{"later, where the folder that was named is missing; that disturbs nothing else", func(t *testing.T, o *sentOffice) {
			o.Campaign.Mailbox.Sent = "Gửi"
			o.delivered("receipt/A")
			o.look()
			if o.marked() == "" {
				t.Error("the round does not count as one that has read every folder")
			}
			o.look()
			if n := strings.Count(o.log.String(), "cannot be read"); n != 1 {
				t.Errorf("said %d times:\n%s", n, o.log)
			}
			o.Campaign.Mailbox.Sent = sentFolder
			o.look()
		}, 1, true},
		{"later, where there was no room", func(t *testing.T, o *sentOffice) {
			o.server.Fill("tiepnhan", true)
			o.delivered("receipt/A")
			for range 4 {
				o.look() // the first try, and no other in that minute
			}
			if n := strings.Count(o.log.String(), "OVERQUOTA"); n != 1 {
				t.Errorf("said %d times:\n%s", n, o.log)
			}
			o.server.Fill("tiepnhan", false)
			o.now = o.now.Add(time.Hour)
			o.look()
		}, 1, true},
		{"never, where there is no room for days", func(t *testing.T, o *sentOffice) {
			o.server.Fill("tiepnhan", true)
			o.delivered("receipt/A")
			for range maxCopyTries + 2 {
				o.look()
				o.now = o.now.Add(12 * time.Hour)
			}
			if n := strings.Count(o.log.String(), "a letter is not shown"); n != 1 || !strings.Contains(o.log.String(), "key=receipt/A") {
				t.Errorf("said %d times:\n%s", n, o.log)
			}
			o.server.Fill("tiepnhan", false)
			o.look()
		}, 0, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newSentOffice(t)
			c.play(t, o)
			if got := o.shown(); len(got) != c.want {
				t.Errorf("%d in the folder, want %d:\n%s", len(got), c.want, strings.Join(got, "\n"))
			}
			if made := !o.letter("receipt/A").Copied.IsZero(); made != c.made {
				t.Errorf("recorded as shown: %v, want %v", made, c.made)
			}
		})
	}
}

func TestTwoProcessesShowEachLetterOnce(t *testing.T) {
	o := newSentOffice(t)
	const letters = maxCopies + 20
	for i := range letters {
		o.delivered(fmt.Sprintf("receipt/%03d", i))
	}
	daemons := []*Intake{o.Intake}
	boxes := []*mailbox.Mailbox{o.box}
	for range 2 {
		other := *o.Intake
		var err error
		if other.Ledger, err = ledger.Open(o.data); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { other.Ledger.Close() })
		other.sent = sent{}
		daemons, boxes = append(daemons, &other), append(boxes, o.connect(t))
	}
	var all sync.WaitGroup
	for i, in := range daemons {
		all.Go(func() {
			for range 4 {
				if err := in.lookAtSent(t.Context(), boxes[i], true, o.clock); err != nil {
					t.Error(err)
				}
				if err := in.CopySent(t.Context(), boxes[i], o.clock); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got := o.shown()
	slices.Sort(got)
	if len(got) != letters || len(slices.Compact(got)) != letters {
		t.Errorf("%d copies of %d letters", len(got), letters)
	}
}

func TestAnsweredByHand(t *testing.T) {
	question := eml(lySon, "Hỏi", "Mẫu này điền thế nào?")
	first := idOf(question)
	// reply is what a mail program sends.
	reply := func(to, thread string, more ...string) []byte {
		return []byte(strings.Join(append([]string{"From: Phòng TH <tiepnhan@bdvtu.quangngai.example>", "To: " + to, "Subject: Re: " + strings.Repeat("x", len(thread)%7),
			"Message-ID: <" + fmt.Sprintf("%x", to+thread) + "@bdvtu.quangngai.example>", thread}, more...), "\r\n") + "\r\n\r\nChào anh chị.\r\n")
	}
	thread := "In-Reply-To: " + first
	for _, c := range []struct {
		sentence string
		play     func(t *testing.T, o *sentOffice)
		want     int // mails answered
	}{
		{"a reply to the sender", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.look()
			o.now = o.now.Add(5 * time.Minute)
			o.put(sentFolder, reply(lySon, thread))
			o.look()
			f, _ := o.Ledger.Facts(t.Context())
			if h := f.ByHand[0]; h.By != "tiepnhan@bdvtu.quangngai.example" || !slices.Contains(h.To, lySon) || !h.At.Equal(o.now) || h.MessageID == "" {
				t.Errorf("%+v", h)
			}
		}, 1},
		{"a reply further down the thread, in copy", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, reply("ai.do@a.example", "References: <x@y.example>\r\n "+first+" <z@y.example>", "Cc: "+lySon))
			o.look()
		}, 1},
		{"a reply to another address of the unit", func(t *testing.T, o *sentOffice) {
			stranger := eml("chanh.vp@gmail.example", "Báo cáo của Huyện ủy Lý Sơn", "Huyện ủy Lý Sơn gửi báo cáo.", attached{"BC.docx", reportOf(t, "HUYỆN ỦY LÝ SƠN")})
			o.put("INBOX", stranger)
			o.put(sentFolder, reply(lySon, "In-Reply-To: "+idOf(stranger)))
			o.look()
		}, 1},
		{"a reply that is there before the mail that it answers can be read", func(t *testing.T, o *sentOffice) {
			o.put(sentFolder, reply(lySon, thread))
			o.look()
			o.now = o.now.Add(time.Hour)
			o.put("INBOX", question)
			o.look()
		}, 1},
		{"one to a mail that passes through another process, or by files", func(t *testing.T, o *sentOffice) {
			o.put(sentFolder, reply(lySon, thread))
			o.look()
			if _, _, err := o.round(o.files(question)); err != nil {
				t.Fatal(err)
			}
			o.look()
		}, 1},
		{"two replies to one mail are one answer", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, reply(lySon, thread))
			o.look()
			o.put(sentFolder, reply(lySon+", ai.do@a.example", thread))
			o.look()
		}, 1},
		{"a folder that is renumbered tells nothing new", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			for range 2 {
				o.server.RemoveFolder("tiepnhan", sentFolder)
				o.server.AddSentFolder("tiepnhan", sentFolder)
				o.put(sentFolder, reply(lySon, thread))
				o.look()
			}
		}, 1},
		{"a reply without a Message-ID", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, bytes.Replace(reply(lySon, thread), []byte("Message-ID:"), []byte("X-Old-Id:"), 1))
			o.look()
		}, 1},
		{"whoever passes a mail on has not answered it", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, reply("donghiep@bdvtu.quangngai.example", thread, "References: "+first))
			o.look()
		}, 0},
		{"a word of absence is no answer", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, reply(lySon, thread, "Auto-Submitted: auto-replied"))
			o.look()
		}, 0},
		{"a letter of ours is none", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			raw := o.delivered("acknowledge/A")
			raw = bytes.Replace(raw, []byte("Auto-Submitted: auto-replied"), []byte(thread), 1)
			o.put(sentFolder, bytes.Replace(raw, []byte(binhSon), []byte(lySon), 1))
			o.look()
		}, 0},
		{"something new to the same people is none", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, reply(lySon, "In-Reply-To: <khac@a.example>"))
			o.look()
		}, 0},
		{"a mail of the unit itself that was moved there is none", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, bytes.Replace(question, []byte("To: tiepnhan@"), []byte("To: "+lySon+"\r\n"+thread+"\r\nX-To: tiepnhan@"), 1))
			o.look()
		}, 0},
		{"what nobody can read keeps the others from nothing", func(t *testing.T, o *sentOffice) {
			o.put("INBOX", question)
			o.put(sentFolder, []byte("From: \xff\xfe\r\nTo: =?x?q?=\r\nIn-Reply-To: <<<>\r\nReferences: "+strings.Repeat("<", 3000)+"\r\n\r\n"))
			o.put(sentFolder, reply(lySon, thread))
			o.look()
		}, 1},
		{"nobody is asked where it is off", func(t *testing.T, o *sentOffice) {
			o.Campaign.Mailbox.Sent = config.SentOff
			o.put("INBOX", question)
			o.put(sentFolder, reply(lySon, thread))
			o.look()
		}, 0},
		{"in a rehearsal too", func(t *testing.T, o *sentOffice) {
			o.Campaign.Mode = config.Rehearsal
			o.put("INBOX", question)
			o.put(sentFolder, reply(lySon, thread))
			o.look()
		}, 1},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newSentOffice(t)
			c.play(t, o)
			f, err := o.Ledger.Facts(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got := standing.AnsweredByHand(f, o.now); len(got) != c.want || len(f.ByHand) != c.want {
				t.Errorf("answered are %v, by %+v; want %d\n%s", got, f.ByHand, c.want, o.log)
			}
			if len(f.Mails) > 0 && o.marked() == "" {
				t.Error("the round does not count as one that has read every folder")
			}
		})
	}
}

// idOf is the Message-ID of a mail, with <>.
func idOf(raw []byte) string {
	_, rest, _ := strings.Cut(string(raw), "Message-ID: ")
	id, _, _ := strings.Cut(rest, "\r\n")
	return id
}
