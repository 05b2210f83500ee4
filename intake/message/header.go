package message

import (
	"bytes"
	"encoding/base64"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// header is a header block as it stands: fields in their order, values
// unfolded and otherwise untouched, because the raw bytes of a Vietnamese
// name are lost once somebody has "repaired" them.
type header []field

type field struct {
	name  string // lower case
	value string // raw bytes, one line
}

// readHeader reads the header block at the start of raw and returns what
// comes after it. cut reports that the block was longer than the limits; the
// fields up to there are returned all the same.
//
// A line that is neither a field nor folded continues the field before it:
// broken programs fold without indenting.
func readHeader(raw []byte, lim Limits) (h header, body []byte, cut bool) {
	var name []byte
	var value [][]byte // the lines of the field being read
	flush := func() {
		if value != nil {
			h = append(h, field{strings.ToLower(string(name)), string(bytes.Join(value, []byte(" ")))})
			value = nil
		}
	}
	for rest := raw; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if len(raw)-len(after) > lim.Header || len(h) > lim.Fields {
			flush()
			return h, nil, true
		}
		rest = after
		text := bytes.Trim(line, " \t\r")
		if len(text) == 0 {
			flush()
			return h, rest, false
		}
		n, v, isField := bytes.Cut(text, []byte(":"))
		n = bytes.TrimRight(n, " \t")
		switch {
		case isField && fieldName(n) && line[0] != ' ' && line[0] != '\t':
			flush()
			name, value = n, [][]byte{bytes.TrimLeft(v, " \t")}
		case value != nil:
			value = append(value, text)
		}
	}
	flush()
	return h, nil, false
}

// broken takes up the rest of a header that a program broke by an empty line
// within it: without it the parts of a mail would be its text. Only a block
// that speaks of MIME, above a header that does not, is taken for such a rest.
func (h header) broken(body []byte, lim Limits) (whole header, rest []byte, ok bool) {
	if h.has("content-type") {
		return nil, nil, false
	}
	top := body[:min(len(body), 8<<10)]
	if i := bytes.Index(top, []byte("\n\n")); i >= 0 {
		top = top[:i]
	} else if i := bytes.Index(top, []byte("\n\r\n")); i >= 0 {
		top = top[:i]
	}
	if !mimeField.Match(top) {
		return nil, nil, false
	}
	for line := range bytes.Lines(top) {
		name, _, isField := bytes.Cut(line, []byte(":"))
		if folded := line[0] == ' ' || line[0] == '\t'; !folded && !(isField && fieldName(name)) {
			return nil, nil, false
		}
	}
	more, rest, cut := readHeader(body, lim)
	if cut || len(h)+len(more) > lim.Fields {
		return nil, nil, false
	}
	whole = slices.Clone(h)
	for _, f := range more {
		if strings.HasPrefix(f.name, "content-") || slices.Contains(restFields, f.name) && !h.has(f.name) {
			whole = append(whole, f)
		}
	}
	return whole, rest, true
}

// restFields are what such a rest may add to what stands above it: nothing by
// which a mail is believed, for no server has looked there.
var restFields = []string{"mime-version", "subject", "date", "message-id", "to", "cc"}

var mimeField = regexp.MustCompile(`(?mi)^(content-type|mime-version)[ \t]*:`)

// fieldName reports whether b can name a field (RFC 5322 §3.6.8).
func fieldName(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(b) > 0
}

// get returns the first field of the name, or "".
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// all returns the values of the fields of the name, top first.
func (h header) all(name string) []string {
	var values []string
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// has reports whether there is a field of the name.
func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

var encodedWord = regexp.MustCompile(`=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=`)

// words decodes the encoded words of a field (RFC 2047) as people's programs
// write them: within quotes, with spaces inside, cut in the middle of a
// character. What stands between them, and whatever is raw 8-bit, is taken
// as UTF-8 or else as windows-1258.
func words(s string) string {
	found := encodedWord.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return norm.NFC.String(decodeText([]byte(s), ""))
	}
	var out strings.Builder
	var pending []byte // of neighbouring words of one charset: a character may be split between them
	var charset string
	flush := func() {
		out.WriteString(decodeText(pending, charset))
		pending = nil
	}
	end := 0
	for i, at := range found {
		between := s[end:at[0]]
		end = at[1]
		cs, _, _ := strings.Cut(strings.ToLower(s[at[2]:at[3]]), "*") // RFC 2231 §5: a language may follow
		if i == 0 || strings.TrimSpace(between) != "" {
			flush()
			out.WriteString(decodeText([]byte(between), ""))
		} else if cs != charset {
			flush()
		}
		charset = cs
		text := s[at[6]:at[7]]
		if s[at[4]] == 'b' || s[at[4]] == 'B' {
			pending = append(pending, unbase64([]byte(text))...)
		} else {
			pending = append(pending, unquote(strings.ReplaceAll(text, "_", " "))...)
		}
	}
	flush()
	out.WriteString(decodeText([]byte(s[end:]), ""))
	return norm.NFC.String(out.String())
}

// unquote decodes =XX and leaves everything else as it is.
func unquote(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			if hi, lo := hexDigit(s[i+1]), hexDigit(s[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unbase64 decodes what can be decoded: characters that do not belong are
// passed over, and what follows padding is a new beginning (several encoders
// have been seen to concatenate their output).
func unbase64(in []byte) []byte {
	out := make([]byte, 0, len(in)/4*3+3)
	var quad [4]byte
	n := 0
	flush := func() {
		if n > 1 {
			var buf [3]byte
			k, _ := base64.RawStdEncoding.Decode(buf[:], quad[:n])
			out = append(out, buf[:k]...)
		}
		n = 0
	}
	for len(in) > 0 {
		var line []byte
		line, in, _ = bytes.Cut(in, []byte("\n"))
		// Most lines are whole quads and nothing else: those go quickly.
		if whole := bytes.TrimSuffix(line, []byte("\r")); n == 0 && len(whole)%4 == 0 {
			if k, err := base64.RawStdEncoding.Decode(out[len(out):cap(out)], whole); err == nil {
				out = out[:len(out)+k]
				continue
			}
		}
		for _, c := range line {
			switch {
			case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '+', c == '/':
				quad[n] = c
				if n++; n == 4 {
					flush()
				}
			case c == '=':
				flush()
			}
		}
	}
	flush()
	return out
}

// oneLine makes s a single line in NFC without control characters, at most n
// bytes. What was taken away may have kept a letter and its accent apart.
func oneLine(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad': // "ư" in TCVN3: it becomes a letter when legacy text is decoded
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return bounded(nfc(strings.Join(strings.Fields(s), " ")), n)
}

// The forms of dates seen besides those that net/mail knows.
var dateForms = []string{
	"Mon, 2 Jan 2006 15:04:05",
	"2 Jan 2006 15:04:05",
	"Mon Jan 2 15:04:05 2006",
	"Mon Jan 2 15:04:05 MST 2006",
	"2006-01-02 15:04:05 -0700",
	time.RFC3339,
}

// parseDate reads a date of a header; zero when it is none. A date without a
// zone is taken as UTC.
func parseDate(s string) time.Time {
	s = oneLine(s, 200)
	if s == "" {
		return time.Time{}
	}
	if t, err := mail.ParseDate(s); err == nil {
		return plausible(t)
	}
	if i := strings.Index(s, " ("); i > 0 {
		s = s[:i]
		if t, err := mail.ParseDate(s); err == nil {
			return plausible(t)
		}
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return plausible(t)
		}
	}
	return time.Time{}
}

// plausible drops a date that no clock showed, and the zone with which it was
// shown: JSON cannot even hold every year, nor every zone that parses ("+2400").
func plausible(t time.Time) time.Time {
	t = t.UTC()
	if y := t.Year(); y < 1970 || y > 9000 {
		return time.Time{}
	}
	return t
}

// delivered is the time at which the last server took the mail: the date of
// the topmost Received field (RFC 5321 §4.4), after its last semicolon.
func delivered(h header) time.Time {
	r := h.get("received")
	i := strings.LastIndexByte(r, ';')
	if i < 0 {
		return time.Time{}
	}
	return parseDate(r[i+1:])
}
