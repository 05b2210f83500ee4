// Package message reads the bytes of a mail: who wrote it, to whom, what it
// answers, what is attached, and whether a person wrote it at all.
//
// It is pure and limited. Whatever the bytes are, Parse ends in time linear
// in their number, keeps no more than a few copies of them, and returns a
// Mail; a mail that goes beyond a limit still gives its top header, so that
// somebody can be told, and no attachments.
//
// The walk over the parts is our own: a part is a slice of the mail, found by
// the boundary of its parent, so that an unclosed multipart costs nothing and
// the bytes of names and attachments arrive here unconverted. Everything that
// comes out as text is UTF-8 in NFC.
//
// A stranger controls all of it, trace fields below our own server's included. He
// may want time and memory (nested and unclosed parts, endless headers), a file
// name that leads elsewhere, files that the program misses and a person sees, or
// to be believed authentic. Limits are absolute and the header is read even
// beyond them (TestBeyondALimitTheHeaderIsStillRead, FuzzParse); names are text
// here and never paths; parts are found as mail programs show them
// (TestFilesInMailsThatAreBroken, TestFilesInMailsWithinMails); of
// Authentication-Results only the topmost of our own server counts
// (TestOnlyOurOwnServersJudgementCounts).
package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// Mail is what the bytes of a mail say, before anybody asks what it means.
type Mail struct {
	MessageID string // without <>; "" when there is none
	Subject   string
	Date      time.Time // the sender's own clock: shown, never relied on
	// From is empty where the header names nobody, or several: a mail has one
	// author or it is a person's job to find out. The display name is kept.
	From      finding.Address
	ReplyTo   []finding.Address
	To, Cc    []finding.Address
	Delivered time.Time // of the topmost Received field; zero if there is none

	Threads []finding.Thread // as found; whoever has the key verifies them
	Machine string           // the sign that no person wrote it; "" for a person's
	Bounce  *finding.Bounce  // of the first recipient that was not reached
	Auth    string           // pass, fail, none

	Forwarded bool
	Text      string // what the sender newly wrote: quotes, signature, forwarded text cut away
	Body      string // all text, enclosed mails included
	Links     bool   // the text points at a file store

	Attachments []Attachment
	// Enclosed are the mails within the mail that a person put there.
	Enclosed []Enclosed
	// Limit names the limit that ended the reading: size, header, parts,
	// depth, crash; "" when all was read.
	Limit string
	// Digest is over From, Subject, Date and the decoded parts, and over no
	// field that the way of a mail leaves in it: two copies have one digest.
	Digest string
}

// Attachment is a file of a mail, decoded.
type Attachment struct {
	Name      string // NFC, without path; a made-up one where the sender gave none
	MediaType string // as declared; nothing may rely on it
	ContentID string // without <>
	Inline    bool   // the text shows it: a picture in a signature, say
	Path      string // "thu.eml/a.xlsx": within an enclosed mail
	Data      []byte
}

// Enclosed is what a mail within the mail says.
type Enclosed struct {
	Path    string // "thu.eml", "thu.eml/goc.eml"
	From    finding.Address
	Subject string
	Text    string
}

// Limits bound what is read of one mail. A zero field takes the value of
// DefaultLimits.
type Limits struct {
	// Size is that of the raw mail in bytes. No server of an office takes more
	// than 25 to 40 MB; the reader holds the mail, its files decoded, and what
	// is in them.
	Size int
	// Header is the size of one header block in bytes, and Fields its fields:
	// what lists and scanners add comes to some 30 KB and a hundred fields.
	Header, Fields int
	// Parts counts MIME parts of all levels, containers included. A unit with
	// thirty photographs sends forty.
	Parts int
	// Depth counts multiparts within multiparts: programs make four levels, a
	// mail passed on three times some ten.
	Depth int
	// Enclosed counts mails within mails that are opened; a deeper one stays a
	// file, and is opened as one (document.Limits).
	Enclosed int
}

// DefaultLimits are generous to people and their programs.
var DefaultLimits = Limits{
	Size:     45 << 20,
	Header:   512 << 10,
	Fields:   2000,
	Parts:    500,
	Depth:    12,
	Enclosed: 3,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	for _, f := range []struct{ have, otherwise *int }{
		{&l.Size, &d.Size}, {&l.Header, &d.Header}, {&l.Fields, &d.Fields},
		{&l.Parts, &d.Parts}, {&l.Depth, &d.Depth}, {&l.Enclosed, &d.Enclosed},
	} {
		if *f.have == 0 {
			*f.have = *f.otherwise
		}
	}
	return l
}

// Text beyond these sizes is cut: no person wrote it.
const (
	maxText = 16 << 10
	maxBody = 256 << 10
	maxHTML = 1 << 20 // of one text part, before it is turned into text
)

// Parse reads raw. authservID is the authserv-id of our own server (RFC 8601
// §2.5); results of other servers are the sender's claims and count for
// nothing. There is no error: a mail that cannot be read is a Mail with a
// Limit.
func Parse(raw []byte, authservID string, lim Limits) (m *Mail) {
	m = &Mail{Auth: "none"}
	lim = lim.orDefault()
	defer func() {
		// The last resort. What was read of the header stays; the files of a
		// mail that broke the reader are not to be trusted.
		if r := recover(); r != nil {
			m.stop("crash")
			m.Digest = digest(m, [][32]byte{sha256.Sum256(raw)})
		}
	}()

	over := len(raw) > lim.Size
	if !over {
		raw = newlines(raw)
	}
	head, body, cut := readHeader(raw, lim)
	if whole, rest, ok := head.broken(body, lim); ok && !cut {
		head, body = whole, rest
	}
	m.people(head)
	m.Auth = auth(head, authservID, m.From.Address)
	m.Threads = threads(head)
	m.Machine = machine(head, m)

	switch {
	case over:
		m.stop("size")
	case cut:
		m.stop("header")
	}
	if m.Limit != "" {
		m.Digest = digest(m, [][32]byte{sha256.Sum256(raw)})
		return m
	}

	w := &walk{lim: lim, returning: m.Machine == "return_path" || m.Machine == "sender" || m.Machine != "" && serverOf(m, head)}
	text := w.part(head, body, "", 0, 0)
	m.Attachments, m.Bounce = w.files, w.bounce
	if w.limit != "" {
		m.stop(w.limit)
		w.hashes = [][32]byte{sha256.Sum256(raw)}
	}
	m.Digest = digest(m, w.hashes)
	m.Threads = append(m.Threads, w.returned...)
	all := bounded(tidy(modernText(bounded(text.String(), maxBody))), maxBody)
	m.Text, m.Forwarded = newlyWritten(all)
	if m.Bounce == nil {
		m.Bounce = failedRecipients(head)
	}
	if m.Bounce == nil && !w.receipt && !w.feedback && w.ownFiles() == 0 && (w.status || mayReturn(m, head)) {
		var threads []finding.Thread
		m.Bounce, threads = returnedInWords(m, all, w.to)
		m.Threads = append(m.Threads, threads...)
	} else if m.Bounce != nil && strings.HasSuffix(m.Bounce.Status, ".0.0") {
		report, _ := uncopied(all)
		refine(m.Bounce, report)
	}
	switch {
	case w.status || m.Bounce != nil:
		m.Machine = "bounce"
	case w.receipt:
		m.Machine = "read_receipt"
	case m.Machine == "" && w.feedback:
		m.Machine = "report"
	case m.Machine == "" && w.calendar:
		m.Machine = "calendar"
	case m.Machine == "" && len(m.Attachments) == 0 && (machineSubject(m.Subject) || machineWords(m.Text)):
		m.Machine = "subject"
	}

	for _, l := range w.letters {
		m.Forwarded = m.Forwarded || m.Bounce == nil
		if len(all) < maxBody {
			all += fmt.Sprintf("\n\nFrom: %s <%s>\nSubject: %s\n\n%s", l.From.Name, l.From.Address, l.Subject, l.Text)
		}
	}
	m.Enclosed = w.letters
	m.Forwarded = m.Forwarded || forwardSubject(m.Subject)
	m.Body = bounded(all, maxBody)
	m.Threads = append(m.Threads, codes(m.Body)...)
	m.Text = bounded(m.Text, maxText)
	m.Links = fileStore(m.Text) || m.Forwarded && fileStore(m.Body)
	return m
}

// Files takes the files out of a mail that is a file itself, and says whose it
// is; what is written in it is not read. limit is as in Mail.
func Files(raw []byte, lim Limits) (files []Attachment, says Enclosed, limit string) {
	lim = lim.orDefault()
	if len(raw) > lim.Size {
		return nil, says, "size"
	}
	defer func() {
		if r := recover(); r != nil {
			files, limit = nil, "crash"
		}
	}()
	head, body, cut := readHeader(newlines(raw), lim)
	if cut {
		return nil, says, "header"
	}
	var m Mail
	m.people(head)
	w := &walk{lim: lim, read: maxRead + 1}
	if w.part(head, body, "", 0, 0); w.limit != "" {
		return nil, says, w.limit
	}
	return w.files, Enclosed{From: m.From, Subject: m.Subject}, ""
}

// people fills in what the top header says.
func (m *Mail) people(h header) {
	m.MessageID = firstID(h.get("message-id"))
	m.Subject = oneLine(modern(oneLine(words(h.get("subject")), maxSubject)), maxSubject)
	m.Date = parseDate(h.get("date"))
	m.From = author(h.all("from"))
	m.From.Name = oneLine(modern(m.From.Name), maxSubject)
	m.ReplyTo = addresses(h.all("reply-to"))
	m.To = addresses(h.all("to"))
	m.Cc = addresses(h.all("cc"))
	m.Delivered = delivered(h)
}

// stop ends the reading at a limit.
func (m *Mail) stop(limit string) {
	m.Limit = limit
	m.Attachments, m.Enclosed = nil, nil
}

const maxSubject = 1000

// digest identifies the content of a mail whichever way it came.
func digest(m *Mail, parts [][32]byte) string {
	d := sha256.New()
	for _, s := range []string{m.From.Address, m.Subject, m.Date.UTC().Format(time.RFC3339)} {
		d.Write([]byte(s))
		d.Write([]byte{0})
	}
	for _, p := range parts {
		d.Write(p[:])
	}
	return hex.EncodeToString(d.Sum(nil))
}

// newlines takes away what stands before the header (an mbox line, empty
// lines) and turns the bare CR of old programs into line ends, where there is
// no other line end.
func newlines(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	raw = bytes.TrimLeft(raw, "\r\n")
	start := raw[:min(len(raw), 8<<10)]
	if bytes.IndexByte(start, '\n') < 0 && bytes.IndexByte(start, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			raw = raw[i+1:]
		}
	}
	return raw
}

// bounded cuts s to at most n bytes, at a rune.
func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
