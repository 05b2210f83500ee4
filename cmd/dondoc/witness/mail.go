package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"slices"
	"strings"
)

// arrival is a mail of the mailbox, read as far as the witness needs it.
type arrival struct {
	Mail
	id        string // as CONTRACT makes it of the bytes
	turn      int
	from      string
	subject   string
	messageID string // without <>
	content   string // the same for copies that came by different ways
	units     []string
	promised  []string // sha256 of the files that have to be kept
	names     []string // of those files, where they have some
}

// letter is an accepted letter, opened.
type letter struct {
	Letter
	turn      int
	key       string
	messageID string
	inReplyTo string
	text      string
}

func (l *letter) kind() string {
	kind, _, _ := strings.Cut(l.key, "/")
	return kind
}

// of is the unit that the key names, for the kinds whose key does.
func (l *letter) of() string {
	if parts := strings.Split(l.key, "/"); slices.Contains(unasked, parts[0]) && len(parts) > 1 {
		return parts[1]
	}
	return ""
}

// ID is the id of a mail: the first ten base32 characters of its hash.
func ID(raw []byte) string {
	sum := sha256.Sum256(raw)
	text := base32.StdEncoding.EncodeToString(sum[:])
	return text[:5] + "-" + text[5:10]
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// read fills in what the story did not tell.
func (a *Account) read(m Mail) *arrival {
	p := parse(m.Raw)
	x := &arrival{Mail: m, id: ID(m.Raw), from: p.from, subject: p.subject, messageID: p.messageID, content: p.content}
	if x.By == "" {
		switch {
		case strings.EqualFold(p.from, a.campaign.Office):
			x.By = Office
		case slices.ContainsFunc(a.campaign.Desk, func(d string) bool { return strings.EqualFold(d, p.from) }):
			x.By = Desk
		case p.machine:
			x.By = Machine
		default:
			x.By = Person
		}
	}
	a.mu.Lock()
	x.units = a.owners(p.from)
	a.mu.Unlock()
	if x.Unit != "" {
		x.units = []string{x.Unit}
	}
	if x.Files != nil {
		for _, f := range x.Files {
			x.promised = append(x.promised, sum(f))
		}
		return x
	}
	for _, f := range p.files {
		x.promised, x.names = append(x.promised, sum(f.data)), append(x.names, f.name)
	}
	return x
}

func open(l Letter) *letter {
	p := parse(l.Raw)
	return &letter{Letter: l, key: p.key, messageID: p.messageID, inReplyTo: p.inReplyTo, text: p.text}
}

// opened is a mail as any mail program shows it.
type opened struct {
	from, subject, messageID, inReplyTo, key string
	machine                                  bool
	content, text                            string
	files                                    []file
}

type file struct {
	name string
	data []byte
}

func parse(raw []byte) (p opened) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		p.content = sum(raw)
		return p
	}
	h := m.Header
	p.messageID = strings.Trim(h.Get("Message-Id"), "<> ")
	p.inReplyTo = strings.Trim(h.Get("In-Reply-To"), "<> ")
	p.key = h.Get("X-Dondoc-Key")
	p.subject = h.Get("Subject")
	if s, err := (&mime.WordDecoder{}).DecodeHeader(p.subject); err == nil {
		p.subject = s
	}
	if from, err := mail.ParseAddress(h.Get("From")); err == nil {
		p.from = strings.ToLower(from.Address)
	}
	p.machine = automatic(h)
	body, _ := io.ReadAll(m.Body)
	p.content = sum([]byte(strings.Join([]string{p.messageID, h.Get("From"), h.Get("Subject"), h.Get("Date"), string(bytes.TrimSpace(body))}, "\x00")))
	p.walk(h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), h.Get("Content-Disposition"), bytes.NewReader(body), 0)
	return p
}

// automatic reports whether the header says that no person wrote the mail
// (RFC 3834 §2).
func automatic(h mail.Header) bool {
	auto, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	path, given := h["Return-Path"]
	return auto != "" && strings.TrimSpace(auto) != "no" || kind == "multipart/report" || given && strings.TrimSpace(path[0]) == "<>" ||
		h.Get("List-Id") != "" || slices.Contains([]string{"bulk", "list", "junk", "auto_reply"}, strings.ToLower(h.Get("Precedence"))) ||
		strings.Contains(strings.ToLower(h.Get("From")), "mailer-daemon@")
}

// walk collects the words of a mail and the files that are attached to it.
func (p *opened) walk(contentType, transfer, disposition string, body io.Reader, depth int) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < 10 {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			part, err := parts.NextRawPart()
			if err != nil {
				return
			}
			h := part.Header
			p.walk(h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), h.Get("Content-Disposition"), part, depth+1)
		}
	}
	switch strings.ToLower(strings.TrimSpace(transfer)) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, _ := io.ReadAll(body)
	how, shown, _ := mime.ParseMediaType(disposition)
	switch name := shown["filename"]; {
	case name == "" && kind == "text/plain":
		p.text += strings.ReplaceAll(string(data), "\r\n", "\n")
	case name != "" && how == "attachment" && papers[strings.ToLower(path.Ext(name))]:
		p.files = append(p.files, file{name, data})
	}
}

// papers are the files that nobody attaches by accident. Pictures, cards and
// calendar items may be decoration, and a container holds what the story has
// to tell.
var papers = map[string]bool{".xlsx": true, ".xls": true, ".xlsm": true, ".ods": true, ".csv": true, ".docx": true, ".doc": true, ".odt": true, ".rtf": true, ".pdf": true}
