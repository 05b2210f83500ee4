// Package mailhost is a whole mail host on loopback, for the demo: real SMTP
// and IMAP between the program and those who play the units. It keeps its own
// clock, the one it is handed, so that weeks of mail pass in seconds.
package mailhost

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"dondoc/intake/mailbox/mailboxtest"
)

// Mail is one mail for one recipient.
type Mail struct {
	From, To string // of the envelope
	Raw      []byte // Delivered: as stored, with the host's trace fields
	At       time.Time
}

// Options of a Host.
type Options struct {
	Name     string           // of the host, in the trace fields that it writes
	Password string           // of every account
	Now      func() time.Time // the time at which mail arrives
	// Accepted, if set, is told of every mail that a client handed in, as it
	// came over the wire, once for each recipient; Delivered of every one that
	// went into a mailbox.
	Accepted, Delivered func(Mail)
}

// Host is a running mail host. An account exists from the first time that it
// is named.
type Host struct {
	options Options
	imap    *mailboxtest.Server
	smtp    *server

	mu       sync.Mutex
	accounts map[string]bool
	broken   map[string]breakage
	count    int
}

type breakage int

const (
	sound    breakage = iota
	refusing          // 550 at RCPT TO
	failing           // accepted, and then sent back
)

// Start listens on free ports of 127.0.0.1.
func Start(o Options) (*Host, error) {
	imap, err := mailboxtest.Start(mailboxtest.Plain)
	if err != nil {
		return nil, err
	}
	h := &Host{options: o, imap: imap, accounts: map[string]bool{}, broken: map[string]breakage{}}
	if h.smtp, err = listen(h); err != nil {
		imap.Close()
		return nil, err
	}
	return h, nil
}

// IMAP is host:port of the IMAP server.
func (h *Host) IMAP() string { return h.imap.Addr() }

// SMTP is host:port of the SMTP server. Who sends has to log in.
func (h *Host) SMTP() string { return h.smtp.listener.Addr().String() }

// Close stops both servers and cuts every connection.
func (h *Host) Close() error { return errors.Join(h.smtp.server.Close(), h.imap.Close()) }

// Open makes sure that the account exists, with a folder for sent mail. A tag after "+" is none of its name.
func (h *Host) Open(address string) (account string) {
	account = plain(address)
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.accounts[account] {
		h.imap.AddUser(account, h.options.Password)
		h.imap.AddSentFolder(account, "Sent")
		h.accounts[account] = true
	}
	return account
}

func plain(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	local, domain, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// Refuse lets mail for the address be refused: it is unknown here.
func (h *Host) Refuse(address string) { h.set(address, refusing) }

// Return lets mail for the address be accepted and then sent back with a
// delivery status notification.
func (h *Host) Return(address string) { h.set(address, failing) }

// Mend lets mail for the address arrive again.
func (h *Host) Mend(address string) { h.set(address, sound) }

func (h *Host) set(address string, b breakage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broken[plain(address)] = b
}

func (h *Host) state(address string) breakage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.broken[plain(address)]
}

// deliver puts a mail into a mailbox, or sends back why it cannot.
func (h *Host) deliver(from, to string, raw []byte) error {
	if h.state(to) == failing {
		if from == "" {
			return nil // RFC 3464 §2: no notification about a notification
		}
		return h.deliver("", from, h.notification(from, to, raw))
	}
	account := h.Open(to)
	at := h.options.Now()
	raw = append(h.trace(from, to, at), raw...)
	if _, err := h.imap.Append(account, "INBOX", raw, at); err != nil {
		return err
	}
	if h.options.Delivered != nil {
		h.options.Delivered(Mail{From: from, To: account, Raw: raw, At: at})
	}
	return nil
}

const stamp = "Mon, 02 Jan 2006 15:04:05 -0700"

func (h *Host) trace(from, to string, at time.Time) []byte {
	return fmt.Appendf(nil, "Return-Path: <%s>\r\nReceived: from [127.0.0.1] by %s with ESMTPA id %08d\r\n\tfor <%s>; %s\r\n",
		from, h.options.Name, h.next(), to, at.Format(stamp))
}

func (h *Host) next() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	return h.count
}

// notification says that a mail cannot be delivered (RFC 3464, RFC 3834 §3.1.7
// leaves Auto-Submitted to it), and returns its header.
func (h *Host) notification(from, to string, raw []byte) []byte {
	header, _, _ := strings.Cut(string(raw), "\r\n\r\n")
	at := h.options.Now().Format(stamp)
	boundary := fmt.Sprintf("report-%08d", h.next())
	return []byte(strings.Join([]string{
		"From: Mail Delivery System <MAILER-DAEMON@" + h.options.Name + ">",
		"To: <" + from + ">",
		"Subject: Undelivered Mail Returned to Sender",
		"Date: " + at,
		fmt.Sprintf("Message-ID: <%s@%s>", boundary, h.options.Name),
		"Auto-Submitted: auto-replied",
		"MIME-Version: 1.0",
		`Content-Type: multipart/report; report-type=delivery-status; boundary="` + boundary + `"`,
		"",
		"--" + boundary,
		"Content-Type: text/plain; charset=us-ascii",
		"",
		"Your message could not be delivered to <" + to + ">: no such mailbox.",
		"",
		"--" + boundary,
		"Content-Type: message/delivery-status",
		"",
		"Reporting-MTA: dns; " + h.options.Name,
		"Arrival-Date: " + at,
		"",
		"Final-Recipient: rfc822; " + to,
		"Action: failed",
		"Status: 5.1.1",
		"Diagnostic-Code: smtp; 550 5.1.1 <" + to + ">: no such mailbox",
		"",
		"--" + boundary,
		"Content-Type: text/rfc822-headers",
		"",
		header,
		"",
		"--" + boundary + "--",
		"",
	}, "\r\n"))
}
