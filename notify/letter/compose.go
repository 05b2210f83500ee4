package letter

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"mime"
	netmail "net/mail"
	"path"
	"strings"
	"time"
	"unicode"

	mail "github.com/wneessen/go-mail"
	"golang.org/x/text/unicode/norm"
)

// Headers are the fields of a mail that are not the letter itself.
type Headers struct {
	Date      time.Time
	MessageID string // without <>
	From      string // the committee's address
	FromName  string
	To        []string // addresses; several where a shared dossier is addressed as one
	ReplyTo   string   // an address, perhaps with the plus tag; empty: none
	InReplyTo string   // without <>; empty: none
	// References are the Message-IDs of the thread, the oldest first. They come
	// from other people's mail: what is not a Message-ID is left out.
	References []string
	Key        string // of the letter, for X-Dondoc-Key
	// RehearsalFor is whom the mail would have gone to. If there is somebody,
	// subject and first line say that this is a rehearsal.
	RehearsalFor []string
}

// Attachment is a file that goes with a letter, in memory: go-mail sends half a
// mail when a file fails while it is being read.
type Attachment struct {
	Name string // in any language; sent as RFC 2231 with an ASCII fallback
	Data []byte
}

// Compose writes the mail as it goes over the wire (RFC 5322). It is called
// once a letter: a second call would draw other boundaries, and a letter that
// is repeated must be the identical mail.
func Compose(l Letter, h Headers, att []Attachment) ([]byte, error) {
	if h.Date.IsZero() || len(h.To) == 0 || messageID(h.MessageID) == "" {
		return nil, errors.New("compose: a mail needs a date, a recipient and a Message-ID")
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	m.SetDateWithValue(h.Date)
	m.SetMessageIDWithValue(messageID(h.MessageID))
	from, err := netmail.ParseAddress(bareAddress(h.From))
	if err != nil {
		return nil, fmt.Errorf("compose: from: %w", err)
	}
	m.SetGenHeaderPreformatted(mail.Header(mail.HeaderFrom), fromField(h.FromName, from.Address))
	m.SetGenHeaderPreformatted(mail.Header(mail.HeaderTo), toField(h.To))
	if h.ReplyTo != "" {
		if err := m.ReplyTo(bareAddress(h.ReplyTo)); err != nil {
			return nil, fmt.Errorf("compose: reply-to: %w", err)
		}
	}
	set := func(name, value string) {
		if value != "" {
			m.SetGenHeader(mail.Header(name), value)
		}
	}
	if id := messageID(h.InReplyTo); id != "" {
		set("In-Reply-To", "<"+id+">")
	}
	set("References", references(h.References, h.InReplyTo))
	set("Auto-Submitted", l.AutoSubmitted)
	// Exchange answers a mail with its owner's absence unless told not to.
	set("X-Auto-Response-Suppress", "All")
	set("X-Dondoc-Key", tidy(h.Key))
	set("Content-Language", l.Lang)

	l = rehearsed(l, h.RehearsalFor)
	m.SetGenHeaderPreformatted(mail.HeaderSubject, subjectField(l.Subject))
	m.SetBodyString(mail.TypeTextPlain, norm.NFC.String(l.Text))
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, norm.NFC.String(l.HTML))
	}
	for _, a := range att {
		if err := m.AttachReader(asciiName(a.Name), bytes.NewReader(a.Data), named(a.Name)); err != nil {
			return nil, fmt.Errorf("compose: attaching %s: %w", clean(a.Name), err)
		}
	}
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	return out.Bytes(), nil
}

// rehearsed marks a letter that goes to the desk in place of its addressees.
func rehearsed(l Letter, to []string) Letter {
	if len(to) == 0 {
		return l
	}
	var names []string
	for _, a := range to {
		names = append(names, clean(a))
	}
	all := strings.Join(names, ", ")
	short := names[0]
	if len(names) > 1 {
		short += fmt.Sprintf(" +%d", len(names)-1)
	}
	mark, line := "DIỄN TẬP", "Thư diễn tập, chỉ gửi tới cán bộ phụ trách. Khi chạy thật, thư này được gửi tới: "+all+"."
	if l.Lang == "en" {
		mark, line = "REHEARSAL", "A rehearsal, sent to the desk alone. In earnest this message would go to: "+all+"."
	}
	l.Subject = "[" + mark + " → " + short + "] " + l.Subject
	l.Text = line + "\n\n" + l.Text
	if i := strings.Index(l.HTML, "<body"); i >= 0 {
		if j := strings.IndexByte(l.HTML[i:], '>'); j >= 0 {
			at := i + j + 1
			l.HTML = l.HTML[:at] + "\n" + `<p style="margin:0;padding:10px 16px;background-color:#fff4ce;border-bottom:1px solid #e0c060;font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:20px;color:#5c4400;text-align:center;">` +
				html.EscapeString(line) + "</p>" + l.HTML[at:]
		}
	}
	return l
}

// maxReferences bounds the thread: the first, by which mail readers find the
// thread, and the newest.
const maxReferences = 20

func references(ids []string, inReplyTo string) string {
	var out []string
	for _, id := range append(append([]string(nil), ids...), inReplyTo) {
		if id = messageID(id); id != "" && (len(out) == 0 || out[len(out)-1] != "<"+id+">") {
			out = append(out, "<"+id+">")
		}
	}
	if len(out) > maxReferences {
		out = append(out[:1], out[len(out)-maxReferences+1:]...)
	}
	return strings.Join(out, " ")
}

// messageID returns s without <> if it can be a Message-ID (RFC 5322 §3.6.4):
// visible ASCII, one @, no spaces; otherwise "".
func messageID(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "<"), ">")
	if len(s) > 250 || strings.Count(s, "@") != 1 {
		return ""
	}
	for _, r := range s {
		if r <= ' ' || r >= 0x7f || r == '<' || r == '>' || r == ',' {
			return ""
		}
	}
	return s
}

// bareAddress drops what cannot be in an address, so that nothing can break
// out of its header.
func bareAddress(s string) string {
	s = strings.TrimSpace(tidy(s))
	if a, err := netmail.ParseAddress(s); err == nil {
		return a.Address
	}
	return s
}

// toField is the list of recipients. Addresses are in use that RFC 5322 §3.4.1
// does not know (abc.@docomo, a..b@): go-mail refuses them, and whoever writes
// from one is answered all the same. What would break the field is left out;
// the courier refuses it to that recipient alone.
func toField(addresses []string) string {
	var to []string
	for _, a := range addresses {
		a = bareAddress(a)
		if parsed, err := netmail.ParseAddress(a); err == nil {
			to = append(to, parsed.String())
		} else if a != "" && !strings.ContainsAny(a, " \t\"<>(),;:\\") {
			to = append(to, "<"+a+">")
		}
	}
	if len(to) == 0 {
		return "undisclosed-recipients:;"
	}
	return strings.Join(to, ",\r\n ")
}

// named writes the file name in the two forms that all mail readers together
// understand. go-mail alone would write an RFC 2047 word inside quotes, which
// RFC 2047 §5 forbids and some readers show as it is.
func named(name string) mail.FileOption {
	return func(f *mail.File) {
		ascii := asciiName(name)
		full := fileName(name)
		params := `; filename="` + ascii + `"`
		if full != ascii {
			// FormatMediaType writes filename*=utf-8''… (RFC 2231 §4).
			if _, ext, ok := strings.Cut(mime.FormatMediaType("attachment", map[string]string{"filename": full}), "; "); ok {
				params += ";\r\n " + ext
			}
		}
		if f.Header == nil {
			f.Header = map[string][]string{}
		}
		f.Header.Set("Content-Type", mediaType(ascii)+`; name="`+ascii+`"`)
		f.Header.Set("Content-Disposition", "attachment"+params)
	}
}

// maxName bounds a file name in characters: percent-encoded, one takes up to
// nine bytes, and a line may not be longer than 998 (RFC 5322 §2.1.1).
const maxName = 80

// fileName is a name without path, control characters or quotation marks.
func fileName(name string) string {
	name = tidy(path.Base(strings.ReplaceAll(name, `\`, "/")))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"/:*?<>|;`, r) {
			return '-'
		}
		return r
	}, name)
	ext := path.Ext(name)
	if len(ext) > 8 {
		ext = ""
	}
	if base := []rune(strings.TrimSuffix(name, ext)); len(base) > maxName {
		name = strings.TrimSpace(string(base[:maxName])) + ext
	}
	if name == "" || name == "." {
		return "file"
	}
	return name
}

// asciiName is fileName in ASCII: letters without their marks, đ as d.
func asciiName(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(fileName(name)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r == 'Đ':
			b.WriteByte('D')
		case unicode.Is(unicode.Mn, r):
		case r < ' ' || r >= 0x7f || r == '"' || r == '\\':
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mediaType is what a name promises; the table of the machine is not asked,
// since letters must not differ between machines.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".pdf":
		return "application/pdf"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".doc":
		return "application/msword"
	case ".ics":
		return "text/calendar; charset=utf-8; method=PUBLISH"
	case ".zip":
		return "application/zip"
	}
	return "application/octet-stream"
}
