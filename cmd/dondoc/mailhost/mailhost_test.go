package mailhost

import (
	"bytes"
	"errors"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	office   = "tiepnhan@ban.example"
	unit     = "vanthu@huyen.example"
	password = "bi-mat"
)

var noon = time.Date(2022, 10, 12, 12, 0, 0, 0, time.FixedZone("+07", 7*3600))

func start(t *testing.T, o Options) *Host {
	t.Helper()
	o.Name, o.Password, o.Now = "mail.example", password, func() time.Time { return noon }
	h, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func send(h *Host, from, with, to string) error {
	return smtp.SendMail(h.SMTP(), smtp.PlainAuth("", from, with, "127.0.0.1"), from, []string{to},
		[]byte("From: <"+from+">\r\nTo: <"+to+">\r\nMessage-ID: <1@may.example>\r\nSubject: x\r\n\r\nbody\r\n"))
}

// inbox is what any client sees in the account's mailbox.
func inbox(t *testing.T, h *Host, account string) []*imapclient.FetchMessageBuffer {
	t.Helper()
	c, err := imapclient.DialInsecure(h.IMAP(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(account, password).Wait(); err != nil {
		t.Fatal(err)
	}
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil
	}
	all, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{InternalDate: true, BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMailArrivesAtTheTimeOfTheClockHandedIn(t *testing.T) {
	var accepted, delivered []Mail
	h := start(t, Options{Accepted: func(m Mail) { accepted = append(accepted, m) }, Delivered: func(m Mail) { delivered = append(delivered, m) }})
	if err := send(h, office, password, "Vanthu+TAG@huyen.example"); err != nil {
		t.Fatal(err)
	}
	all := inbox(t, h, unit)
	if len(all) != 1 {
		t.Fatalf("%d mails arrived", len(all))
	}
	if !all[0].InternalDate.Equal(noon) {
		t.Errorf("it arrived at %s", all[0].InternalDate)
	}
	raw := all[0].BodySection[0].Bytes
	for _, want := range []string{"Return-Path: <" + office + ">\r\n", "Received: from ", "; Wed, 12 Oct 2022 12:00:00 +0700\r\n", "\r\n\r\nbody\r\n"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%q is not in\n%s", want, raw)
		}
	}
	if len(accepted) != 1 || !strings.HasPrefix(string(accepted[0].Raw), "From: ") {
		t.Errorf("accepted is not what came over the wire: %q", accepted)
	}
	if len(delivered) != 1 || !bytes.Equal(delivered[0].Raw, raw) || delivered[0].To != unit {
		t.Errorf("delivered is not what lies in the mailbox: %q", delivered)
	}
}

func TestBadAddresses(t *testing.T) {
	h := start(t, Options{})
	h.Open(office)
	for _, row := range []struct {
		sentence string
		make     func(string)
		code     int    // of the refusal; 0: accepted
		arrives  bool   // in the mailbox
		back     string // in the sender's
	}{
		{"an address that refuses does so at RCPT", h.Refuse, 550, false, ""},
		{"one that fails accepts, and sends a notification", h.Return, 0, false, "Status: 5.1.1\r\n"},
		{"one that is mended takes mail again", h.Mend, 0, true, ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			h.Open(unit)
			row.make(unit)
			before, had := len(inbox(t, h, office)), len(inbox(t, h, unit))
			err := send(h, office, password, unit)
			var refused *textproto.Error
			switch {
			case row.code == 0 && err != nil:
				t.Fatal(err)
			case row.code != 0 && (!errors.As(err, &refused) || refused.Code != row.code || !strings.HasPrefix(refused.Msg, "5.1.1")):
				t.Fatalf("the answer was %v", err)
			}
			if arrived := len(inbox(t, h, unit)) > had; arrived != row.arrives {
				t.Errorf("arrived: %v", arrived)
			}
			back := inbox(t, h, office)[before:]
			if row.back == "" {
				if len(back) > 0 {
					t.Errorf("%s came back", back[0].BodySection[0].Bytes)
				}
				return
			}
			if len(back) != 1 {
				t.Fatalf("%d mails came back", len(back))
			}
			for _, want := range []string{row.back, "Return-Path: <>\r\n", "Final-Recipient: rfc822; " + unit, "Message-ID: <1@may.example>", "Auto-Submitted: auto-replied"} {
				if !strings.Contains(string(back[0].BodySection[0].Bytes), want) {
					t.Errorf("%q is not in the notification", want)
				}
			}
		})
	}
}

func TestNobodySendsWithoutAPassword(t *testing.T) {
	h := start(t, Options{})
	if err := send(h, office, "sai", unit); err == nil {
		t.Error("a wrong password was accepted")
	}
	c, err := smtp.Dial(h.SMTP())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail(office); err == nil {
		t.Error("mail was taken without logging in")
	}
}
