package workbook

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// scanner reads the XML of workbook parts: elements, attributes, text. It is
// ours for three reasons: speed (a form is read in well under a millisecond),
// constant memory, and refusal. A document type declaration is an error, so
// there are no entities but XML's own five, nothing to expand and nothing to
// fetch; a part that ends before its root element does is an error as well.
// Namespaces are dropped: the parts we read have no two elements that only
// their namespace tells apart.
type scanner struct {
	r     io.Reader
	buf   []byte
	pos   int
	fault error // of the reader

	kind  kind
	name  []byte // of the element, without prefix; valid until the next call of next
	text  []byte // of a text, decoded
	attrs []attr
	empty bool // the start tag was self-closing: its end follows

	stack  []string // open elements, with prefixes
	rooted bool
	spare  []byte
}

type kind byte

const (
	start kind = iota + 1
	end
	chars
)

type attr struct{ name, value []byte }

var (
	errXML     = errors.New("malformed XML")
	errDoctype = errors.New("document type declaration")
	errToken   = errors.New("oversized XML token")
	errDepth   = errors.New("elements nested too deep")
)

func newScanner(r io.Reader) *scanner {
	return &scanner{r: r, buf: make([]byte, 0, 32<<10)}
}

// next advances to the next start, end or text; io.EOF after the root's end.
func (x *scanner) next() error {
	if x.empty {
		x.empty = false
		x.kind = end
		x.stack = x.stack[:len(x.stack)-1]
		return nil
	}
	for {
		if len(x.stack) == 0 {
			// Between the prolog and the root, and after the root, only white
			// space, comments and processing instructions may stand.
			text, err := x.until("<")
			if err == io.EOF && x.rooted && len(bytes.TrimSpace(text)) == 0 {
				return io.EOF
			}
			if err != nil {
				return broken(err)
			}
			if len(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))) > 0 {
				return errXML
			}
		} else {
			text, err := x.until("<")
			if err != nil {
				return broken(err)
			}
			if len(text) > 0 {
				if x.text, err = x.decode(text); err != nil {
					return err
				}
				x.pos-- // the "<" is read again
				x.kind = chars
				return nil
			}
		}
		head, err := x.peek(9)
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(head, []byte("!--")):
			if err := x.skip("-->"); err != nil {
				return broken(err)
			}
		case bytes.HasPrefix(head, []byte("![CDATA[")):
			x.pos += len("![CDATA[")
			text, err := x.until("]]>")
			if err != nil || len(x.stack) == 0 {
				return broken(err)
			}
			x.text, x.kind = lines(text), chars
			return nil
		case bytes.HasPrefix(head, []byte("!")):
			return errDoctype
		case bytes.HasPrefix(head, []byte("?")):
			pi, err := x.until("?>")
			if err != nil {
				return broken(err)
			}
			if err := checkEncoding(pi); err != nil {
				return err
			}
		case bytes.HasPrefix(head, []byte("/")):
			x.pos++
			tag, err := x.until(">")
			if err != nil {
				return broken(err)
			}
			tag = bytes.TrimRight(tag, " \t\r\n")
			if len(x.stack) == 0 || x.stack[len(x.stack)-1] != string(tag) {
				return errXML
			}
			x.stack = x.stack[:len(x.stack)-1]
			x.name, x.kind = local(tag), end
			return nil
		default:
			return x.startTag()
		}
	}
}

// startTag reads a start tag, its "<" being consumed.
func (x *scanner) startTag() error {
	tag, err := x.tag()
	if err != nil {
		return broken(err)
	}
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		x.empty = true
		tag = tag[:n-1]
	}
	i := bytes.IndexAny(tag, " \t\r\n")
	if i < 0 {
		i = len(tag)
	}
	if i == 0 || len(x.stack) == 0 && x.rooted {
		return errXML
	}
	if len(x.stack) >= maxDepth {
		return errDepth
	}
	full := tag[:i]
	x.stack = append(x.stack, intern(full))
	x.rooted = true
	x.name, x.kind = local(full), start
	x.attrs = x.attrs[:0]
	for rest := bytes.TrimLeft(tag[i:], " \t\r\n"); len(rest) > 0; rest = bytes.TrimLeft(rest, " \t\r\n") {
		eq := bytes.IndexByte(rest, '=')
		if eq <= 0 {
			return errXML
		}
		name := bytes.TrimRight(rest[:eq], " \t\r\n")
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return errXML
		}
		close := bytes.IndexByte(rest[1:], rest[0])
		if close < 0 {
			return errXML
		}
		x.attrs = append(x.attrs, attr{local(name), rest[1 : 1+close]})
		rest = rest[close+2:]
	}
	return nil
}

// attr returns the value of an attribute, entities decoded; nil if it is absent.
func (x *scanner) attr(name string) []byte {
	for _, a := range x.attrs {
		if string(a.name) == name {
			if bytes.IndexByte(a.value, '&') < 0 {
				return a.value
			}
			v, err := expand(nil, a.value)
			if err != nil {
				return a.value
			}
			return v
		}
	}
	return nil
}

// is reports whether an element of that name was just opened.
func (x *scanner) is(name string) bool { return x.kind == start && string(x.name) == name }

// depth returns the number of open elements.
func (x *scanner) depth() int { return len(x.stack) }

// over reports whether the element opened at depth d (its own start tag
// counted) has just been closed.
func (x *scanner) over(d int) bool { return x.kind == end && len(x.stack) < d }

// leave moves behind the element opened at depth d, whose kind does not nest,
// without looking at what is in it: to walk over a sheet of data costs more
// than all that is read of it.
func (x *scanner) leave(d int) error {
	if x.over(d) {
		return nil
	}
	if err := x.skip("</" + x.stack[d-1] + ">"); err != nil {
		return broken(err)
	}
	x.stack, x.empty, x.kind = x.stack[:d-1], false, end
	return nil
}

// until returns what stands before delim and moves behind it. At the end of
// the part it returns the rest and io.EOF.
func (x *scanner) until(delim string) ([]byte, error) {
	from := x.pos
	for {
		if i := bytes.Index(x.buf[from:], []byte(delim)); i >= 0 {
			out := x.buf[x.pos : from+i]
			x.pos = from + i + len(delim)
			return out, nil
		}
		from = max(x.pos, len(x.buf)-len(delim)+1)
		searched := from - x.pos
		if err := x.fill(); err != nil {
			return x.buf[x.pos:], err
		}
		from = x.pos + searched
	}
}

// skip moves behind delim without keeping what stands before it.
func (x *scanner) skip(delim string) error {
	for {
		if i := bytes.Index(x.buf[x.pos:], []byte(delim)); i >= 0 {
			x.pos += i + len(delim)
			return nil
		}
		x.pos = max(x.pos, len(x.buf)-len(delim)+1)
		if err := x.fill(); err != nil {
			return err
		}
	}
}

// tag returns a tag up to its ">", which may stand in quotes as well.
func (x *scanner) tag() ([]byte, error) {
	var quote byte
	for i := x.pos; ; i++ {
		if i >= len(x.buf) {
			done := i - x.pos
			if err := x.fill(); err != nil {
				return nil, err
			}
			i = x.pos + done
		}
		switch c := x.buf[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return nil, errXML
		case c == '>':
			out := x.buf[x.pos:i]
			x.pos = i + 1
			return out, nil
		}
	}
}

// peek returns up to n bytes ahead.
func (x *scanner) peek(n int) ([]byte, error) {
	for len(x.buf)-x.pos < n {
		if err := x.fill(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	return x.buf[x.pos:min(len(x.buf), x.pos+n)], nil
}

// fill reads more, keeping what was not consumed. Slices given out before stay
// intact only until then.
func (x *scanner) fill() error {
	if x.fault != nil {
		return x.fault
	}
	rest := len(x.buf) - x.pos
	switch {
	case rest > maxToken:
		return errToken
	case rest > cap(x.buf)/2:
		grown := make([]byte, rest, 2*cap(x.buf))
		copy(grown, x.buf[x.pos:])
		x.buf = grown
	default:
		copy(x.buf[:rest], x.buf[x.pos:])
		x.buf = x.buf[:rest]
	}
	x.pos = 0
	for tries := 0; tries < 100; tries++ {
		n, err := x.r.Read(x.buf[rest:cap(x.buf)])
		x.buf = x.buf[:rest+n]
		if err != nil {
			x.fault = err
		}
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// lines makes the ends of lines what XML says they are (XML 1.0, 2.11).
func lines(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// decode resolves the entities of a text.
func (x *scanner) decode(text []byte) ([]byte, error) {
	text = lines(text)
	if bytes.IndexByte(text, '&') < 0 {
		return text, nil
	}
	var err error
	x.spare, err = expand(x.spare[:0], text)
	return x.spare, err
}

// expand resolves XML's own five entities and character references; there are
// no others without a document type.
func expand(out, text []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(out, text...), nil
		}
		out = append(out, text[:i]...)
		text = text[i+1:]
		j := bytes.IndexByte(text, ';')
		if j < 1 || j > 10 {
			return nil, errXML
		}
		switch name := string(text[:j]); name {
		case "amp":
			out = append(out, '&')
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "quot":
			out = append(out, '"')
		case "apos":
			out = append(out, '\'')
		default:
			if name[0] != '#' {
				return nil, errXML
			}
			digits, base := name[1:], 10
			if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
				digits, base = digits[1:], 16
			}
			n, err := strconv.ParseUint(digits, base, 32)
			if err != nil || n == 0 || n > utf8.MaxRune {
				return nil, errXML
			}
			out = utf8.AppendRune(out, rune(n))
		}
		text = text[j+1:]
	}
}

// checkEncoding refuses what is declared to be no UTF-8; parts in UTF-16 were
// recoded before the scanner saw them.
func checkEncoding(pi []byte) error {
	if !bytes.HasPrefix(pi, []byte("?xml")) {
		return nil
	}
	_, after, ok := bytes.Cut(pi, []byte("encoding"))
	if !ok {
		return nil
	}
	switch v := string(bytes.ToLower(bytes.Trim(after, " \t\r\n=\"'"))); {
	case len(v) >= 5 && v[:5] == "utf-8", len(v) >= 4 && v[:4] == "utf8",
		len(v) >= 6 && v[:6] == "utf-16", len(v) >= 8 && v[:8] == "us-ascii":
		return nil
	}
	return errors.New("XML in an encoding other than UTF-8")
}

func broken(err error) error {
	if err == nil || err == io.EOF {
		return errXML
	}
	return err
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// intern returns name as a string, without allocating for the elements that
// worksheets consist of.
func intern(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "f":
		return "f"
	case "row":
		return "row"
	case "si":
		return "si"
	case "t":
		return "t"
	case "r":
		return "r"
	case "is":
		return "is"
	case "xf":
		return "xf"
	case "mergeCell":
		return "mergeCell"
	case "definedName":
		return "definedName"
	}
	return string(name)
}
