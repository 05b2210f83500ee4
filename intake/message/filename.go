package message

import (
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// params are the parameters of a field, raw, in order.
type params []field

func (p params) get(name string) string { return header(p).get(name) }

// parameters parts a Content-Type or Content-Disposition field (RFC 2045 §5.1)
// into its first word, in lower case, and its parameters, raw. It takes what
// mailers write: no quotes around a name with spaces, quotes within quotes,
// doubled semicolons, none at all.
func parameters(value string) (first string, list params) {
	first, rest, _ := strings.Cut(value, ";")
	first = strings.TrimSpace(first)
	if word, more, ok := strings.Cut(first, " "); ok {
		first = word
		if strings.Contains(more, "=") {
			rest = more + ";" + rest
		}
	}
	if strings.Contains(first, "=") { // the type itself is missing
		first, rest = "", value
	}
	for len(list) < 200 {
		rest = strings.TrimLeft(rest, "; \t")
		if rest == "" {
			break
		}
		end := strings.IndexAny(rest, "=;")
		if end < 0 {
			break
		}
		name := strings.ToLower(strings.TrimSpace(rest[:end]))
		if rest[end] == ';' {
			rest = rest[end:]
			continue
		}
		rest = strings.TrimLeft(rest[end+1:], " \t")
		var v string
		if strings.HasPrefix(rest, `"`) {
			v, rest = quotedValue(rest[1:])
		} else {
			v, rest, _ = strings.Cut(rest, ";")
			v = strings.TrimSpace(v)
			if !strings.Contains(name, "name") {
				v, _, _ = strings.Cut(v, " ")
			}
		}
		list = append(list, field{name, v})
	}
	return strings.ToLower(strings.Trim(first, `"' `)), list
}

// quotedValue reads up to the quote that ends the value: the first one after
// which a parameter or the end comes, so that quotes within stay within.
func quotedValue(s string) (value, rest string) {
	end, next := -1, len(s)
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
			continue
		}
		if s[i] != '"' {
			continue
		}
		after := strings.TrimLeft(s[i+1:], " \t")
		if end < 0 {
			end, next = i, i+1
		}
		if after == "" || after[0] == ';' {
			end, next = i, i+1
			break
		}
	}
	if end < 0 {
		end = len(s)
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[:end]), s[next:]
}

// fileName is the name that the sender gave a part, fit to be shown and kept;
// "" when there is none.
func fileName(h header) string {
	_, disposition := parameters(h.get("content-disposition"))
	_, mediaType := parameters(h.get("content-type"))
	for _, from := range []struct {
		params params
		name   string
	}{{disposition, "filename"}, {mediaType, "name"}, {disposition, "name"}, {mediaType, "filename"}, {mediaType, "file"}} {
		if name := cleanName(namedValue(from.params, from.name)); name != "" {
			return name
		}
	}
	return ""
}

// namedValue reads a parameter in any of the ways in which names are written:
// RFC 2231, also in pieces that cut a character apart, RFC 2047 within quotes,
// percent signs, raw bytes.
func namedValue(list params, name string) string {
	var plain string
	pieces := map[int]field{}
	for _, p := range list {
		if p.name == name {
			if plain == "" {
				plain = p.value
			}
			continue
		}
		suffix, ok := strings.CutPrefix(p.name, name+"*")
		if !ok {
			continue
		}
		number, encoded := strings.CutSuffix(suffix, "*")
		i := 0
		switch {
		case suffix == "": // name*=charset'lang'value
			encoded = true
		default:
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 || n > 200 {
				continue
			}
			i = n
		}
		if _, have := pieces[i]; have {
			continue
		}
		kind := "plain"
		if encoded {
			kind = "encoded"
		}
		pieces[i] = field{kind, p.value}
	}
	if len(pieces) == 0 {
		return percent(words(plain))
	}
	var raw []byte
	var charset string
	for i := 0; ; i++ {
		p, ok := pieces[i]
		if !ok {
			break
		}
		v := p.value
		if p.name == "encoded" {
			if cs, rest, ok := strings.Cut(v, "'"); ok && i == 0 {
				if _, text, ok := strings.Cut(rest, "'"); ok {
					charset, v = cs, text
				}
			}
			raw = append(raw, unpercent(v)...)
		} else {
			raw = append(raw, v...)
		}
	}
	if len(raw) == 0 {
		return percent(words(plain))
	}
	text := decodeText(raw, charset)
	if strings.Contains(text, "=?") {
		return words(text)
	}
	return text
}

// percent decodes a name that a web mailer wrote as in an address, which is
// only believed where letters beyond ASCII come out.
func percent(s string) string {
	if !strings.Contains(s, "%") || strings.Contains(s, " ") {
		return s
	}
	if out := unpercent(s); utf8.Valid(out) && len(out) > utf8.RuneCount(out) {
		return string(out)
	}
	return s
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
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

// maxName is the length in bytes of the longest file name that is kept; file
// systems take 255.
const maxName = 240

// cleanName makes a name that cannot leave its folder or deceive the eye: one
// line, NFC, no separators, no direction marks, no dots or spaces at its
// ends, the extension kept when it is cut.
func cleanName(s string) string {
	s = oneLine(modern(oneLine(s, 64<<10)), 64<<10)
	if isPath(s) {
		s = s[strings.LastIndexAny(s, `/\`)+1:]
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '/', '\\':
			return '_'
		case utf8.RuneError:
			return '_'
		}
		if !unicode.IsGraphic(r) && r != '\u00ad' {
			return -1
		}
		return r
	}, s)
	s = strings.Trim(nfc(s), " \u00a0")
	s = strings.TrimRight(s, ". ")
	if strings.Trim(s, "._- ") == "" {
		return ""
	}
	if len(s) > maxName {
		ext := extensionOf(s)
		s = strings.TrimRight(bounded(s, maxName-len(ext)), " ") + ext
	}
	return s
}

// extensionOf is the end of a name that says what it is, with its point; "" if
// it is too long to be one.
func extensionOf(name string) string {
	if ext := path.Ext(name); len(ext) <= 12 {
		return ext
	}
	return ""
}

// isPath reports whether s is a path rather than a name that happens to hold
// a stroke ("Vv 15/10.docx").
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, `\`) || strings.HasPrefix(s, "~/") ||
		strings.Contains(s, "../") || strings.Contains(s, `..\`) ||
		len(s) > 2 && s[1] == ':' && (s[2] == '\\' || s[2] == '/')
}

// extension is that of a file without a name.
func extension(mediaType string) string {
	switch mediaType {
	case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return ".xlsx"
	case "application/vnd.ms-excel":
		return ".xls"
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return ".docx"
	case "application/msword":
		return ".doc"
	case "application/pdf":
		return ".pdf"
	case "application/zip", "application/x-zip-compressed":
		return ".zip"
	case "image/jpeg", "image/jpg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/gif":
		return ".gif"
	case "text/calendar":
		return ".ics"
	case "text/vcard", "text/x-vcard":
		return ".vcf"
	case "text/html":
		return ".html"
	case "text/plain":
		return ".txt"
	case "text/csv":
		return ".csv"
	case "message/rfc822":
		return ".eml"
	case "application/pgp-signature":
		return ".asc"
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		return ".p7s"
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return ".p7m"
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return ".dat"
	case "application/vnd.ms-outlook":
		return ".msg"
	}
	return ".bin"
}
