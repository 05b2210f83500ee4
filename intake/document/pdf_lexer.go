package document

import (
	"bytes"
	"strconv"
)

// pdfLexer reads objects one after another, of the file or of a page's
// content, ISO 32000-1 §7.2 and 7.3. Nonsense is read as null; it never stands
// still and never nests without end.
type pdfLexer struct {
	f    *pdfFile
	data []byte
	at   int
}

// end reports whether nothing is left, or all work is used up.
func (l *pdfLexer) end() bool {
	l.space()
	return l.at >= len(l.data) || l.f.tokens > maxPDFTokens
}

func white(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *pdfLexer) space() {
	for l.at < len(l.data) {
		switch c := l.data[l.at]; {
		case white(c):
			l.at++
		case c == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// object reads the next one. A long one counts as many: what is not closed is
// read to the end of the file, and there may be many of that.
func (l *pdfLexer) object(depth int) any {
	begin := l.at
	v := l.next(depth)
	if depth == 0 {
		l.f.tokens += (l.at - begin) / 64
	}
	return v
}

func (l *pdfLexer) next(depth int) any {
	l.f.tokens++
	if l.end() || depth > maxPDFDepth {
		l.at = len(l.data)
		return nil
	}
	c := l.data[l.at]
	switch c {
	case '/':
		l.at++
		return l.name()
	case '(':
		l.at++
		return l.text()
	case '<':
		if l.at+1 < len(l.data) && l.data[l.at+1] == '<' {
			l.at += 2
			return l.dict(depth)
		}
		end := bytes.IndexByte(l.data[l.at:], '>')
		if end < 0 {
			end = len(l.data) - l.at
		}
		s := pdfString(unHex(l.data[l.at+1 : l.at+max(end, 1)]))
		l.at = min(len(l.data), l.at+end+1)
		return s
	case '[':
		l.at++
		var a pdfArray
		for !l.end() {
			if l.data[l.at] == ']' {
				l.at++
				break
			}
			a = append(a, l.object(depth+1))
		}
		if a == nil {
			a = pdfArray{}
		}
		return a
	case '>', ')', ']', '{', '}':
		l.at++
		if c == '>' && l.at < len(l.data) && l.data[l.at] == '>' {
			l.at++
		}
		return nil
	}
	begin := l.at
	for l.at < len(l.data) && !white(l.data[l.at]) && !delimiter(l.data[l.at]) {
		l.at++
	}
	word := string(l.data[begin:min(l.at, begin+100)])
	if word[0] != '+' && word[0] != '-' && word[0] != '.' && (word[0] < '0' || word[0] > '9') {
		switch word {
		case "true":
			return true
		case "false":
			return false
		case "null":
			return nil
		}
		return pdfWord(word)
	}
	n, ok := pdfNumber(word)
	if !ok {
		return pdfWord(word)
	}
	return l.reference(n)
}

// reference looks whether a number begins one.
func (l *pdfLexer) reference(n float64) any {
	if n < 0 || n != float64(int(n)) || l.at >= len(l.data) || !white(l.data[l.at]) {
		return n
	}
	i := l.at
	for i < len(l.data) && white(l.data[i]) {
		i++
	}
	begin := i
	for i < len(l.data) && i-begin < 6 && l.data[i] >= '0' && l.data[i] <= '9' {
		i++
	}
	digits := i
	for i < len(l.data) && white(l.data[i]) {
		i++
	}
	if digits == begin || i == digits || i >= len(l.data) || l.data[i] != 'R' ||
		i+1 < len(l.data) && !white(l.data[i+1]) && !delimiter(l.data[i+1]) {
		return n
	}
	generation, _ := strconv.Atoi(string(l.data[begin:digits]))
	l.at = i + 1
	return pdfRef{int(n), generation}
}

// pdfNumber reads a number; "--5" and "1.2.3" occur and are numbers too.
func pdfNumber(s string) (float64, bool) {
	if n, err := strconv.ParseFloat(s, 64); err == nil && n < 1e15 && n > -1e15 {
		return n, true
	}
	end := 0
	for end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	begin := max(0, end-1)
	for point := false; end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' && !point); end++ {
		point = point || s[end] == '.'
	}
	n, err := strconv.ParseFloat(s[begin:end], 64)
	if err != nil || n > 1e15 || n < -1e15 {
		return 0, end == len(s) && end > 0 && s[end-1] != 'f' // "-", ".", "-."
	}
	return n, true
}

func (l *pdfLexer) name() pdfName {
	begin := l.at
	for l.at < len(l.data) && !white(l.data[l.at]) && !delimiter(l.data[l.at]) {
		l.at++
	}
	raw := l.data[begin:min(l.at, begin+200)]
	if !bytes.ContainsRune(raw, '#') {
		return pdfName(raw)
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			high, ok1 := hexDigit(raw[i+1])
			low, ok2 := hexDigit(raw[i+2])
			if ok1 && ok2 {
				out = append(out, high<<4|low)
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return pdfName(out)
}

// text reads a string in parentheses, which may nest.
func (l *pdfLexer) text() pdfString {
	var out []byte
	for depth := 1; l.at < len(l.data); {
		c := l.data[l.at]
		l.at++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return pdfString(out)
			}
		case '\\':
			if l.at >= len(l.data) {
				return pdfString(out)
			}
			c = l.data[l.at]
			l.at++
			switch c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case '\r':
				if l.at < len(l.data) && l.data[l.at] == '\n' {
					l.at++
				}
				continue
			case '\n':
				continue
			default:
				if c >= '0' && c <= '7' {
					n := int(c - '0')
					for i := 0; i < 2 && l.at < len(l.data) && l.data[l.at] >= '0' && l.data[l.at] <= '7'; i++ {
						n = n<<3 | int(l.data[l.at]-'0')
						l.at++
					}
					c = byte(n)
				}
			}
		}
		out = append(out, c)
	}
	return pdfString(out)
}

func (l *pdfLexer) dict(depth int) pdfDict {
	d := pdfDict{}
	for !l.end() {
		if l.data[l.at] == '>' {
			l.at = min(len(l.data), l.at+2)
			return d
		}
		key, ok := l.object(depth + 1).(pdfName)
		if !ok {
			continue
		}
		if l.end() || l.data[l.at] == '>' {
			continue
		}
		d[key] = l.object(depth + 1)
	}
	return d
}
