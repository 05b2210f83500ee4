package message

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText turns HTML into the text that a person sees, quotations marked by
// ">" as in a text mail. It reads tokens only and builds no tree, so nesting
// costs nothing. A link to a file store is written out: it may be all that
// the sender sent.
func htmlText(s string) string {
	var out strings.Builder
	var line strings.Builder
	quotes := 0
	newline := func() {
		if text := strings.TrimSpace(line.String()); text != "" {
			out.WriteString(strings.Repeat("> ", min(quotes, 5)))
			out.WriteString(text)
		}
		line.Reset()
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
	}
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxHTML)
	var silent atom.Atom // the element whose text nobody sees
	for out.Len() < maxBody {
		switch z.Next() {
		case html.ErrorToken:
			newline()
			return out.String()
		case html.TextToken:
			if silent != 0 {
				continue
			}
			text := html.UnescapeString(string(z.Raw()))
			for i, word := range strings.Fields(text) {
				if i > 0 || startsWithSpace(text) {
					space(&line)
				}
				line.WriteString(word)
			}
			if endsWithSpace(text) {
				space(&line)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag, attrs := z.TagName()
			a := atom.Lookup(tag)
			switch {
			case invisible(a):
				if silent == 0 {
					silent = a
				}
			case a == atom.Td || a == atom.Th:
				if line.Len() > 0 {
					line.WriteByte('\t')
				}
			case a == atom.Blockquote:
				newline()
				quotes++
			case a == atom.Hr:
				newline()
				line.WriteString("________________________________")
				newline()
			case block(a):
				newline()
			case a == atom.A && attrs:
				if href := attribute(z, "href"); fileStore(href) {
					space(&line)
					line.WriteString("<" + href + "> ")
				}
			case a == atom.Body:
				silent = 0
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			a := atom.Lookup(tag)
			switch {
			case a == silent:
				silent = 0
			case a == atom.Blockquote:
				newline()
				quotes = max(0, quotes-1)
			case block(a) && a != atom.Br:
				newline()
			}
		}
	}
	return out.String()
}

func space(line *strings.Builder) {
	if s := line.String(); s != "" && s[len(s)-1] != ' ' && s[len(s)-1] != '\t' {
		line.WriteByte(' ')
	}
}

func startsWithSpace(s string) bool { return s != strings.TrimLeft(s, " \t\r\n\u00a0") }
func endsWithSpace(s string) bool   { return s != strings.TrimRight(s, " \t\r\n\u00a0") }

func invisible(a atom.Atom) bool {
	return a == atom.Style || a == atom.Script || a == atom.Head || a == atom.Title || a == atom.Template
}

func block(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.P, atom.Div, atom.Tr, atom.Li, atom.Ul, atom.Ol, atom.Table, atom.Pre,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dt, atom.Dd, atom.Section:
		return true
	}
	return false
}

func attribute(z *html.Tokenizer, name string) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == name {
			return string(value)
		}
		if !more {
			return ""
		}
	}
}

var metaTag = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})`)

// metaCharset is the charset that an HTML text declares of itself.
func metaCharset(b []byte) string {
	if m := metaTag.FindSubmatch(b[:min(len(b), 4096)]); m != nil {
		return string(m[1])
	}
	return ""
}
