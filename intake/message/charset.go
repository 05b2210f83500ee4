package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"

	"dondoc/intake/document/legacy"
)

// modern turns text in a Vietnamese charset from before Unicode into Unicode:
// a subject, a name. It may have come under any charset's name.
func modern(s string) string {
	s, _ = legacy.Decode(s)
	return s
}

// modernText does it for a text, line by line: what is quoted in it may have
// been written elsewhere. A short line is read as the others are.
func modernText(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return s
	}
	var d legacy.Decider
	for line := range strings.Lines(s) {
		d.Add(line, "")
	}
	var out strings.Builder
	for line := range strings.Lines(s) {
		line, _ = d.Decode(strings.TrimSuffix(line, "\n"), "")
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.String()
}

// decodeText turns bytes into a string by the declared charset. Text that is
// UTF-8 beyond ASCII is UTF-8 whatever was declared: that does not happen by
// accident. Bytes of no known charset are read as whatever Vietnamese charset
// makes sense of them.
//
// The result is not yet NFC: windows-1258 combines.
func decodeText(b []byte, charset string) string {
	charset = strings.ToLower(strings.Trim(charset, " \t\"'"))
	if enc := wide(charset, b); enc != nil {
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	if utf8.Valid(b) {
		if !escapes(charset) {
			return strings.TrimPrefix(string(b), "\uFEFF")
		}
	}
	enc := lookup(charset)
	if enc == nil {
		text, _ := legacy.Bytes(b)
		return text
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out, _ = charmap.Windows1258.NewDecoder().Bytes(b)
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// lookup finds a charset by any of its names; nil when it is UTF-8, says
// nothing, or is unknown.
func lookup(charset string) encoding.Encoding {
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default_charset", "8bit":
		return nil
	case "x-viet-tcvn5712", "x-viet-tcvn", "tcvn", "tcvn-5712", "x-viet-vni", "x-viet-vps", "viscii":
		// Lifted byte by byte; the letters come out when the words are known.
		return charmap.ISO8859_1
	case "cp1258", "x-viet-cp1258":
		return charmap.Windows1258
	}
	if enc, err := htmlindex.Get(charset); err == nil {
		if name, _ := htmlindex.Name(enc); name == "replacement" || name == "utf-8" {
			return nil
		}
		return enc
	}
	if enc, err := ianaindex.MIME.Encoding(charset); err == nil {
		return enc
	}
	return nil
}

// wide returns the encoding of charsets whose bytes may look like ASCII with
// NULs between, where b has them.
func wide(charset string, b []byte) encoding.Encoding {
	if strings.HasPrefix(charset, "utf-16") && strings.IndexByte(string(b[:min(len(b), 256)]), 0) >= 0 {
		enc, _ := ianaindex.MIME.Encoding(charset)
		return enc
	}
	return nil
}

// escapes reports whether the charset is written in ASCII bytes.
func escapes(charset string) bool {
	return strings.HasPrefix(charset, "iso-2022-") || charset == "hz-gb-2312"
}
