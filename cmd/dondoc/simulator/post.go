package simulator

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/smtp"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// file is something attached to a mail.
type file struct {
	name string
	data []byte
}

// isForm reports whether the file in a letter is the form. Beside it there may
// be what the unit sent, with the wrong cells marked.
func (f file) isForm() bool {
	return strings.HasSuffix(f.name, ".xlsx") && !strings.HasSuffix(f.name, "-can-sua.xlsx")
}

// draft is a mail before it is sent.
type draft struct {
	from, fromName string
	to, cc         []string
	subject, text  string
	answers        *seen // the mail that it replies to
	machine        bool  // written by an out-of-office assistant
	files          []file
}

// send writes the mail down, hands it to the host as its sender would, and
// returns its Message-ID.
func (w *World) send(d draft) (id string, err error) {
	w.count++
	_, domain, _ := strings.Cut(d.from, "@")
	id = fmt.Sprintf("s%d.%d@%s", w.config.Seed, w.count, domain)
	client, err := smtp.Dial(w.config.SMTP)
	if err != nil {
		return "", err
	}
	defer client.Close()
	host, _, _ := strings.Cut(w.config.SMTP, ":")
	if err := client.Auth(smtp.PlainAuth("", d.from, w.config.Password, host)); err != nil {
		return "", err
	}
	if err := client.Mail(d.from); err != nil {
		return "", err
	}
	for _, to := range append(append([]string{}, d.to...), d.cc...) {
		if err := client.Rcpt(to); err != nil {
			return "", err
		}
	}
	body, err := client.Data()
	if err != nil {
		return "", err
	}
	if _, err := body.Write(d.bytes(id, w.now)); err != nil {
		return "", err
	}
	if err := body.Close(); err != nil {
		return "", err
	}
	return id, client.Quit()
}

// bytes is the mail on the wire.
func (d draft) bytes(id string, now time.Time) []byte {
	var b bytes.Buffer
	set := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	set("From", (&mail.Address{Name: d.fromName, Address: d.from}).String())
	set("To", strings.Join(d.to, ", "))
	if len(d.cc) > 0 {
		set("Cc", strings.Join(d.cc, ", "))
	}
	set("Subject", mime.BEncoding.Encode("utf-8", d.subject))
	set("Date", now.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	set("Message-ID", "<"+id+">")
	if d.answers != nil {
		set("In-Reply-To", "<"+d.answers.id+">")
		set("References", strings.TrimSpace(d.answers.references+" <"+d.answers.id+">"))
	}
	if d.machine {
		set("Auto-Submitted", "auto-replied")
	}
	set("MIME-Version", "1.0")
	boundary := "=_" + strings.NewReplacer(".", "_", "@", "_").Replace(id)
	set("Content-Type", `multipart/mixed; boundary="`+boundary+`"`)
	fmt.Fprintf(&b, "\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary)
	encode(&b, []byte(d.text))
	for _, f := range d.files {
		if strings.HasSuffix(f.name, ".eml") {
			// A mail within a mail is not encoded (RFC 2046 §5.2.1).
			fmt.Fprintf(&b, "--%s\r\nContent-Type: message/rfc822\r\nContent-Disposition: %s\r\n\r\n%s\r\n", boundary,
				mime.FormatMediaType("attachment", map[string]string{"filename": f.name}), f.data)
			continue
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Type: %s\r\nContent-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary,
			mediaType(f.name), mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
		encode(&b, f.data)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.Bytes()
}

func mediaType(name string) string {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "pdf":
		return "application/pdf"
	case "xls":
		return "application/vnd.ms-excel"
	case "gif":
		return "image/gif"
	case "vcf":
		return "text/vcard"
	case "dat":
		return "application/ms-tnef"
	}
	return "application/octet-stream"
}

func encode(b *bytes.Buffer, data []byte) {
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
}

// seen is a mail as its recipient finds it in the mailbox.
type seen struct {
	account, id, references, inReplyTo string
	from, subject                      string
	key                                string // X-Dondoc-Key
	machine                            bool
	at                                 time.Time
	text, html                         string
	files                              []file
}

// box is what has been read of a mailbox so far.
type box struct {
	next imap.UID
	all  []*seen
}

// read looks into the account's mailbox by IMAP and returns all that is in it.
func (w *World) read(account string) ([]*seen, error) {
	b := w.boxes[account]
	if b == nil {
		b = &box{next: 1}
		w.boxes[account] = b
	}
	client, err := imapclient.DialInsecure(w.config.IMAP, nil)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	if err := client.Login(account, w.config.Password).Wait(); err != nil {
		return nil, fmt.Errorf("%s: %w", account, err)
	}
	selected, err := client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, err
	}
	if selected.NumMessages > uint32(len(b.all)) {
		var news imap.UIDSet
		news.AddRange(b.next, 0)
		section := &imap.FetchItemBodySection{Peek: true}
		messages, err := client.Fetch(news, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			if m.UID < b.next {
				continue // "n:*" names the last one, however high n is
			}
			mail, err := parse(m.FindBodySection(section))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", account, err)
			}
			mail.account, mail.at = account, m.InternalDate
			b.all, b.next = append(b.all, mail), m.UID+1
		}
	}
	return b.all, client.Logout().Wait()
}

// parse reads a mail as a mail program would show it.
func parse(raw []byte) (*seen, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	words := &mime.WordDecoder{}
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return nil, err
	}
	s := &seen{
		id: strings.Trim(m.Header.Get("Message-Id"), "<> "), references: strings.Join(strings.Fields(m.Header.Get("References")), " "),
		inReplyTo: strings.Trim(m.Header.Get("In-Reply-To"), "<> "), subject: subject, key: m.Header.Get("X-Dondoc-Key"),
		machine: m.Header.Get("Auto-Submitted") != "" && m.Header.Get("Auto-Submitted") != "no",
	}
	if from, err := mail.ParseAddress(m.Header.Get("From")); err == nil {
		s.from = from.Address
	}
	return s, s.walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Header.Get("Content-Disposition"), m.Body)
}

func (s *seen) walk(contentType, transfer, disposition string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := s.walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(transfer) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	_, shown, _ := mime.ParseMediaType(disposition)
	switch name := shown["filename"]; {
	case name != "":
		s.files = append(s.files, file{name, data})
	case kind == "text/plain":
		s.text += strings.ReplaceAll(string(data), "\r\n", "\n")
	case kind == "text/html":
		s.html += string(data)
	}
	return nil
}

// HTML is the page of a mail, if it has one.
func HTML(raw []byte) (page string, ok bool) {
	s, err := parse(raw)
	if err != nil || s.html == "" {
		return "", false
	}
	return s.html, true
}
