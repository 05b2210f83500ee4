package message

import (
	"bytes"
	"regexp"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding as far as it goes: what
// is damaged comes out damaged, and whoever opens the file will see it.
func decodeTransfer(encoding string, body []byte) []byte {
	encoding, _, _ = strings.Cut(strings.ToLower(encoding), ";")
	switch strings.Trim(encoding, " \t\"'") {
	case "base64":
		return unbase64(body)
	case "quoted-printable":
		return unquotePrintable(body)
	case "x-uuencode", "uuencode", "x-uue":
		if _, files := uuencoded(body); len(files) > 0 {
			return files[0].Data
		}
	}
	return body
}

// unquotePrintable decodes RFC 2045 §6.7 without complaint: an equals sign
// that means nothing stays what it is.
func unquotePrintable(in []byte) []byte {
	out := make([]byte, 0, len(in))
	for len(in) > 0 {
		line, rest, ended := bytes.Cut(in, []byte("\n"))
		cr := bytes.HasSuffix(line, []byte("\r"))
		line = bytes.TrimRight(line, " \t\r")
		in = rest
		soft := bytes.HasSuffix(line, []byte("="))
		line = bytes.TrimSuffix(line, []byte("="))
		out = append(out, unquote(string(line))...)
		if soft || !ended {
			continue
		}
		if cr {
			out = append(out, '\r')
		}
		out = append(out, '\n')
	}
	return out
}

var uuBegin = regexp.MustCompile(`(?m)^begin [0-7]{3,4} ([^\r\n]{1,250})\r?\n`)

// uuencoded takes the files out of a text that carries them as it was done
// before MIME, and returns the text without them.
func uuencoded(text []byte) (rest []byte, files []Attachment) {
	if !bytes.Contains(text, []byte("begin ")) {
		return text, nil
	}
	for len(files) < 50 {
		at := uuBegin.FindSubmatchIndex(text)
		if at == nil {
			break
		}
		data, n, ok := uudecode(text[at[1]:])
		if !ok {
			break
		}
		files = append(files, Attachment{Name: cleanName(words(string(text[at[2]:at[3]]))), Data: data})
		rest = append(rest, text[:at[0]]...)
		text = text[at[1]+n:]
	}
	return append(rest, text...), files
}

// uudecode decodes lines up to "end" and returns how many bytes it read.
func uudecode(in []byte) (data []byte, n int, ok bool) {
	for n < len(in) {
		line, _, _ := bytes.Cut(in[n:], []byte("\n"))
		n = min(n+len(line)+1, len(in))
		line = bytes.TrimRight(line, "\r")
		if string(line) == "end" {
			return data, n, true
		}
		if len(line) == 0 {
			return nil, 0, false
		}
		want := int(line[0]-' ') & 0x3f
		start := len(data)
		for line = line[1:]; len(line) > 0 && len(data)-start < want; line = line[min(4, len(line)):] {
			var q [4]byte
			for i := range q {
				if i < len(line) {
					if line[i] < ' ' || line[i] > '`' {
						return nil, 0, false
					}
					q[i] = (line[i] - ' ') & 0x3f
				}
			}
			data = append(data, q[0]<<2|q[1]>>4, q[1]<<4|q[2]>>2, q[2]<<6|q[3])
		}
		data = data[:min(len(data), start+want)]
	}
	return nil, 0, false
}

// unflow joins the lines that a mailer broke (RFC 3676 §4.1, §4.2): a sentence
// is then one line again. Lines are joined at the same depth of quotation;
// "-- " ends a line though it ends in a space.
func unflow(text []byte, delsp bool) []byte {
	out := make([]byte, 0, len(text))
	open, depth := false, 0
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		content := bytes.TrimLeft(line, ">")
		n := len(line) - len(content)
		content = bytes.TrimPrefix(content, []byte(" ")) // stuffing, or the space after the marks
		sign := string(content) == "-- "
		if open && n == depth && !sign {
			out = append(out, content...)
		} else {
			if open {
				out = append(out, '\n')
			}
			out = append(out, line[:n]...)
			if n > 0 {
				out = append(out, ' ')
			}
			out = append(out, content...)
		}
		open, depth = !sign && bytes.HasSuffix(content, []byte(" ")), n
		switch {
		case !open:
			out = append(out, '\n')
		case delsp:
			out = out[:len(out)-1]
		}
	}
	return out
}
