package message

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"dondoc/intake/finding"
)

// walk goes through the parts of one mail, those of enclosed mails included.
type walk struct {
	lim   Limits
	parts int
	limit string // set: the walk is over
	read  int    // bytes of text that were read

	files  []Attachment
	hashes [][32]byte // of every decoded leaf, in order

	returning bool // the mail brings one of ours back, or tells of it
	status    bool // a delivery status was seen
	receipt   bool // a disposition notification was seen
	feedback  bool // a complaint about a letter (RFC 5965) was seen
	calendar  bool // a program accepted or declined an appointment
	bounce    *finding.Bounce
	returned  []finding.Thread
	to        []string // whom what came back was for
	letters   []Enclosed
	said      int // bytes of their text
}

// passage is the text of a part and what it was made from.
type passage struct {
	text string
	html bool
}

func (p passage) String() string { return p.text }

// part reads one part and returns its text. path stands before the names of
// its files; depth counts containers, enclosed the mails around it.
func (w *walk) part(h header, body []byte, path string, depth, enclosed int) passage {
	if w.parts++; w.parts > w.lim.Parts {
		w.limit = "parts"
	} else if depth > w.lim.Depth {
		w.limit = "depth"
	}
	if w.limit != "" {
		return passage{}
	}
	mediaType, params := parameters(h.get("content-type"))
	multipart := strings.HasPrefix(mediaType, "multipart/")
	if multipart || mediaType == "" && depth == 0 && !w.returning { // below a server's words stands a copy, with boundaries of its own
		sub, ok := children(body, params.get("boundary"), w.lim.Parts)
		if !ok {
			sub, ok = children(body, guessBoundary(body), w.lim.Parts)
		}
		if ok {
			return w.container(mediaType, sub, path, depth, enclosed)
		}
		mediaType = "text/plain" // what cannot be taken apart is read as it stands
	}
	data := decodeTransfer(h.get("content-transfer-encoding"), body)
	if enclosed > 0 && !w.returning {
		// What a person encloses is no message of the server's to us.
		return w.leaf(h, mediaType, params, data, path, depth, enclosed)
	}
	switch mediaType {
	case "message/delivery-status", "message/global-delivery-status":
		w.status, w.returning = true, true
		if b := deliveryStatus(data, w.lim); b != nil && w.bounce == nil {
			w.bounce = b
		}
		return passage{}
	case "message/disposition-notification":
		w.receipt, w.returning = true, true
		sub, _, _ := readHeader(newlines(data), w.lim)
		w.returned = append(w.returned, returnedThreads(sub)...)
		return passage{}
	case "message/feedback-report":
		w.feedback, w.returning = true, true
		return passage{}
	case "text/rfc822-headers", "message/global-headers":
		sub, _, _ := readHeader(newlines(data), w.lim)
		w.cameBack(sub)
		return passage{}
	case "text/calendar":
		// What a calendar program says when its owner has pressed a button
		// (RFC 5546 §3.2.3): nobody wrote it, and nobody waits for an answer.
		method := params.get("method")
		w.calendar = w.calendar || strings.EqualFold(method, "reply") || strings.EqualFold(method, "counter")
	}
	return w.leaf(h, mediaType, params, data, path, depth, enclosed)
}

// container reads a multipart. Of alternatives the plain text is preferred,
// if anything is written in it; files are taken from all of them.
func (w *walk) container(mediaType string, sub [][]byte, path string, depth, enclosed int) passage {
	if mediaType == "multipart/report" && enclosed == 0 {
		w.returning = true
	}
	var all []passage
	for _, raw := range sub {
		h, body, cut := readHeader(raw, w.lim)
		if cut {
			w.limit = "header"
		}
		if w.limit != "" {
			return passage{}
		}
		if mediaType == "multipart/digest" && !h.has("content-type") {
			h = append(h, field{"content-type", "message/rfc822"})
		}
		p := w.part(h, body, path, depth+1, enclosed)
		if strings.TrimSpace(p.text) != "" {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return passage{}
	}
	if mediaType == "multipart/alternative" {
		for _, p := range all {
			if !p.html {
				return p
			}
		}
		return all[0]
	}
	var text []string
	for _, p := range all {
		text = append(text, p.text)
	}
	return passage{text: strings.Join(text, "\n\n"), html: all[0].html}
}

// leaf reads a part that is not a container: text to be read, a mail within
// the mail, or a file.
func (w *walk) leaf(h header, mediaType string, params params, data []byte, path string, depth, enclosed int) passage {
	disposition, _ := parameters(h.get("content-disposition"))
	name := fileName(h)
	if signed := mediaType == "application/pkcs7-mime" || mediaType == "application/x-pkcs7-mime" ||
		strings.HasSuffix(strings.ToLower(name), ".p7m"); signed && depth < w.lim.Depth {
		if content, ok := unsigned(data); ok {
			return w.signed(name, content, path, depth, enclosed)
		}
	}
	if mediaType == "application/applefile" || mediaType == "application/pgp-encrypted" {
		// What stands beside a file for the program that wrote it.
		w.hashes = append(w.hashes, sha256.Sum256(data))
		return passage{}
	}
	if name == "" && len(bytes.TrimSpace(data)) == 0 && !h.has("content-id") {
		return passage{} // nobody sent that
	}
	text := readable(mediaType)
	if text && disposition != "attachment" && (name == "" || disposition == "" && w.hashes == nil) {
		if mediaType == "text/plain" && strings.EqualFold(params.get("format"), "flowed") {
			data = unflow(data, strings.EqualFold(params.get("delsp"), "yes"))
		}
		return w.text(mediaType, params.get("charset"), data, path)
	}
	if (mediaType == "message/rfc822" || mediaType == "message/global" || strings.HasSuffix(strings.ToLower(name), ".eml")) &&
		enclosed < w.lim.Enclosed {
		if w.mail(name, data, path, depth, enclosed) {
			return passage{}
		}
	}
	w.file(Attachment{
		Name:      name,
		MediaType: mediaType,
		ContentID: strings.Trim(oneLine(h.get("content-id"), 200), "<> "),
		Inline:    disposition == "inline" || disposition == "" && h.has("content-id"),
		Data:      data,
	}, path)
	return passage{}
}

// signed reads what was within a signature: a part of a mail with a header of
// its own (RFC 8551 §3.5.2), or a file that was signed by itself.
func (w *walk) signed(name string, content []byte, path string, depth, enclosed int) passage {
	if h, body, cut := readHeader(content, w.lim); !cut && h.has("content-type") {
		return w.part(h, body, path, depth+1, enclosed)
	}
	inner := name
	if strings.EqualFold(extensionOf(name), ".p7m") && len(name) > len(".p7m") {
		inner = name[:len(name)-len(".p7m")]
	}
	w.file(Attachment{Name: inner, MediaType: "application/octet-stream", Data: content}, path+name+"/")
	return passage{}
}

// readable reports whether a part of the type is text to be read. A type that
// is none is taken for text, as RFC 2045 §5.2 does with a missing one.
func readable(mediaType string) bool {
	switch mediaType {
	case "text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/xml":
		return false
	}
	return strings.HasPrefix(mediaType, "text/") || !strings.Contains(mediaType, "/")
}

// maxRead bounds the bytes of all text parts of a mail that are turned into
// text; only the first of them are kept anyway.
const maxRead = 4 << 20

// text reads a text to be read; files of the days before MIME may lie in it.
func (w *walk) text(mediaType, charset string, data []byte, path string) passage {
	w.hashes = append(w.hashes, sha256.Sum256(bytes.TrimSpace(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))))
	if mediaType == "text/plain" || !strings.HasPrefix(mediaType, "text/") {
		var old []Attachment
		data, old = uuencoded(data)
		for _, f := range old {
			w.file(f, path)
		}
	}
	if w.read > maxRead {
		return passage{}
	}
	w.read += min(len(data), maxHTML)
	if mediaType == "text/html" || mediaType == "<html>" || mediaType == "html" {
		data = data[:min(len(data), maxHTML)]
		if charset == "" {
			charset = metaCharset(data)
		}
		return passage{htmlText(decodeText(data, charset)), true}
	}
	if strings.HasPrefix(mediaType, "text/") && mediaType != "text/plain" && mediaType != "text/enriched" {
		return passage{} // another form of what stands beside it
	}
	return passage{text: decodeText(data[:min(len(data), maxBody)], charset)}
}

// file keeps a file under a name that it can be kept under.
func (w *walk) file(f Attachment, path string) {
	if f.Name == "" {
		f.Name = fmt.Sprintf("tep-%d%s", len(w.files)+1, extension(f.MediaType))
	}
	f.Path = path + f.Name
	w.hashes = append(w.hashes, sha256.Sum256(f.Data))
	w.files = append(w.files, f)
}

// mail opens a mail within the mail. Its files become files of the whole; the
// enclosed mail itself is kept as a file only where it brings none. A mail
// that a machine returned is our own: nothing in it was sent to us.
func (w *walk) mail(name string, data []byte, path string, depth, enclosed int) bool {
	h, body, cut := readHeader(newlines(data), w.lim)
	if cut || !h.has("from") && !h.has("subject") && !h.has("date") && !h.has("received") {
		return false
	}
	if h.has("x-hmxmroriginalrecipient") {
		w.feedback, w.returning = true, true // the complaint of Hotmail, which has no report in it
	}
	if outer, _ := parameters(h.get("content-type")); w.returning && outer != "multipart/report" {
		w.cameBack(h)
		return true
	}
	var inner Mail
	inner.people(h)
	if name == "" {
		name = cleanName(inner.Subject)
		if name == "" {
			name = "mail"
		}
		name += ".eml"
	}
	files := len(w.files)
	at := len(w.letters)
	w.letters = append(w.letters, Enclosed{Path: path + name, From: inner.From, Subject: inner.Subject})
	text := w.part(h, body, path+name+"/", depth+1, enclosed+1)
	if w.limit != "" {
		return true
	}
	if len(w.files) == files {
		w.file(Attachment{Name: name, MediaType: "message/rfc822", Data: data}, path)
	}
	if w.said < maxBody {
		w.letters[at].Text = bounded(tidy(text.text), maxBody-w.said)
		w.said += len(w.letters[at].Text)
	}
	return true
}

// cameBack notes the header of a letter that was returned.
func (w *walk) cameBack(h header) {
	w.returned = append(w.returned, returnedThreads(h)...)
	if len(w.to) == 0 {
		w.to = recipients(h)
	}
}

// ownFiles counts the files that came beside enclosed mails and not in them.
func (w *walk) ownFiles() (n int) {
	for _, f := range w.files {
		if f.MediaType != "message/rfc822" && !strings.Contains(f.Path, ".eml/") {
			n++
		}
	}
	return n
}

// children cuts the body of a multipart at its boundary (RFC 2046 §5.1.1).
// Where the closing line is missing the last child ends with the body: the
// parent's own boundary has already ended that. It is false when the boundary
// does not occur. At most limit+1 children are cut.
func children(body []byte, boundary string, limit int) (list [][]byte, ok bool) {
	if boundary == "" {
		return nil, false
	}
	delimiter := []byte("--" + boundary)
	start := -1 // of the child being cut
	for pos := 0; len(list) <= limit; {
		i := bytes.Index(body[pos:], delimiter)
		if i < 0 {
			break
		}
		at := pos + i
		after := at + len(delimiter)
		pos = after
		if at > 0 && body[at-1] != '\n' {
			continue
		}
		end := len(body)
		if j := bytes.IndexByte(body[after:], '\n'); j >= 0 {
			end = after + j + 1
		}
		rest := bytes.TrimRight(body[after:end], " \t\r\n")
		closing := bytes.HasPrefix(rest, []byte("--"))
		if len(rest) > 0 && !closing {
			continue // a longer boundary that begins like ours
		}
		if start >= 0 {
			list = append(list, chomp(body[start:at]))
		}
		if closing {
			return list, true
		}
		start, pos = end, end
	}
	if start >= 0 && start < len(body) {
		list = append(list, body[start:])
	}
	return list, start >= 0
}

// partBegins is how a part begins, one without a header aside.
var partBegins = regexp.MustCompile(`(?i)^content-[a-z-]+[ \t]*:`)

// chomp takes the line end away that belongs to the boundary.
func chomp(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary finds the boundary of a multipart that declared none, or
// another one: the first line that begins with two hyphens and stands above a
// field of a part's header, or that ends a part.
func guessBoundary(body []byte) string {
	for rest := body[:min(len(body), 64<<10)]; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, " \t\r")
		if len(line) > 4 && len(line) <= 72 && bytes.HasPrefix(line, []byte("--")) && bytes.IndexByte(line, ' ') < 0 && partBegins.Match(after) {
			return string(line[2:])
		}
		rest = after
	}
	return ""
}
