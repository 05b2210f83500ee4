package saying

import (
	"regexp"
	"strings"

	"dondoc/intake/finding"
)

// line is a stretch of a text twice: as it was written, and plain, without
// case and marks, in which the words are looked for. Both have one element for
// each character, so that what is found in one can be quoted from the other.
type line struct {
	raw   []rune
	plain string // ASCII
}

func (l line) from(at int) line      { return line{l.raw[at:], l.plain[at:]} }
func (l line) within(a, b int) line  { return line{l.raw[a:b], l.plain[a:b]} }
func (l line) empty() bool           { return strings.TrimSpace(l.plain) == "" }
func (l line) quote(most int) string { return bounded(strings.TrimSpace(string(l.raw)), most) }
func (l line) has(r matcher) bool    { return r.MatchString(l.plain) }

// matcher is an expression, gated or not.
type matcher interface{ MatchString(string) bool }

// newLine makes one of text, with single spaces.
func newLine(text string) line {
	raw := []rune(finding.NFC(strings.Join(strings.Fields(text), " ")))
	plain := make([]byte, len(raw))
	var buf [8]byte
	for i, r := range raw {
		switch p := finding.AppendPlain(buf[:0], r); {
		case len(p) == 1:
			plain[i] = p[0]
		case strings.ContainsRune("“”„‟«»″", r):
			plain[i] = '"'
		case strings.ContainsRune("‘’‚′", r):
			plain[i] = '\''
		case r == '–' || r == '—' || r == '‐' || r == '‑' || r == '−':
			plain[i] = '-'
		case r == '…':
			plain[i] = '.'
		case r == '？':
			plain[i] = '?'
		default:
			plain[i] = ' '
		}
	}
	l := line{raw, string(plain)}
	for _, at := range word.FindAllStringIndex(l.plain, -1) {
		meant, known := onlyAs[l.plain[at[0]:at[1]]]
		if !known {
			continue
		}
		if as := strings.ToLower(string(raw[at[0]:at[1]])); as != l.plain[at[0]:at[1]] && !strings.Contains(meant, as) {
			plain[at[0]] = '_' // another word altogether
		}
	}
	l.plain = string(plain)
	return l
}

var word = regexp.MustCompile(`[a-z]+`)

// onlyAs are words that decide something and that others look like once their
// marks are gone: "đúng" is right, "dừng" stop, "dùng" use. Typed with marks
// they count only as these; typed without, as what they look like.
var onlyAs = map[string]string{
	"dung": "đúng", "da": "đã", "mai": "mai", "thu": "thứ", "se": "sẽ", "khong": "không", "sai": "sai", "hen": "hẹn", "lui": "lùi", "doi": "đổi dời",
}

func bounded(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}

// lines are the lines of a text, broken ones put together again, as far as its
// closing words: below them stands a signature.
func lines(text string) []line {
	var out []line
	joins := false
	for _, s := range strings.Split(bounded(link.ReplaceAllString(text, " "), maxText), "\n") {
		l := newLine(s)
		switch {
		case l.empty():
			joins = false
			continue
		case l.has(closing):
			return out
		case joins && !l.has(listMark):
			n := len(out) - 1
			out[n] = line{append(append(out[n].raw[:len(out[n].raw):len(out[n].raw)], ' '), l.raw...), out[n].plain + " " + l.plain}
		case len(out) == maxLines:
			return out
		default:
			out = append(out, l)
		}
		// A line that a program broke is nearly full and does not end in a stop.
		joins = len(l.raw) >= 50 && !strings.ContainsAny(l.plain[len(l.plain)-1:], `.;:!?"`)
	}
	return out
}

const (
	maxText  = 16 << 10 // characters
	maxLines = 400
)

var (
	link     = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"]+`)
	closing  = regexp.MustCompile(`^(xin )?(chan thanh )?(tran trong|kinh thu|kinh chao|than ai|regards|best regards|kind regards|yours sincerely|yours faithfully|sincerely)( cam on| kinh chao)?[ ./!,]*$`)
	listMark = regexp.MustCompile(`^([-*+] ?|\d{1,2} ?[.):] ?)`)
	greeting = regexp.MustCompile(`^(kinh (gui|chao|thua)|chao |dear |hello|hi\b|thua )[^.?!]*[:,.!]?$`)
)

// addressed is whom a line speaks to before it says something.
var addressed = regexp.MustCompile(`^(kinh (gui|chao|thua)|chao |dear |thua )[^.,:?!;]{0,60}[,:] `)

// sentence is a line's part that says one thing, or several one after the other.
type sentence struct {
	line
	asks  bool // it ends as a question does
	first bool // nothing but a greeting stands before it
}

// sentences takes the lines apart. A stop ends a sentence unless it belongs to
// a number, a day or an abbreviation.
func sentences(text string) []sentence {
	var out []sentence
	first := true
	for _, l := range lines(text) {
		if l.has(greeting) && len(l.raw) < 120 && kindOf(l) == "" {
			continue
		}
		begin := 0
		if m := addressed.FindStringIndex(l.plain); m != nil && m[1] < len(l.plain) {
			l = l.from(m[1]) // "Kính gửi Ban, đơn vị …" goes on
		}
		end := func(at int) {
			s := l.within(begin, at)
			begin = at
			if !s.empty() {
				out = append(out, sentence{line: s, asks: s.has(asking), first: first})
				first = false
			}
		}
		if m := listMark.FindStringIndex(l.plain); m != nil && m[1] < len(l.plain) {
			// "2. đúng": the number belongs to what follows it.
			for at := m[1]; at < len(l.plain); at++ {
				if stops(l.plain, at) {
					end(at + 1)
				}
			}
		} else {
			for at := range l.plain {
				if stops(l.plain, at) {
					end(at + 1)
				}
			}
		}
		end(len(l.plain))
	}
	return out
}

func stops(plain string, at int) bool {
	switch plain[at] {
	case '?', '!':
		return true
	case ';': // "2; 4" is one list
		next := strings.TrimLeft(plain[at+1:], " ")
		return at == 0 || !digit(plain[at-1]) || next == "" || !digit(next[0])
	case '.':
		return (at+1 == len(plain) || plain[at+1] == ' ' || plain[at+1] == '/') && !abbreviated.MatchString(plain[:at])
	}
	return false
}

var abbreviated = regexp.MustCompile(`\b(no|nos|tp|tx|ths|ts|dc|d/c|st)$`)

// asking ends a question, with its mark or without.
var asking = regexp.MustCompile(`\? *"?$|\b(duoc khong|co duoc khong|phai khong|dung khong|hay khong|duoc chua|chua vay)( a| nhi| vay)?[ .!]*$`)

// pieces are what a sentence is made of between commas and where it turns; a
// comma between digits parts no piece.
func (s sentence) pieces() []line {
	var out []line
	begin := 0
	for _, at := range turn.FindAllStringIndex(s.plain, -1) {
		comma := s.plain[at[0]] == ','
		if comma && at[0] > 0 && digit(s.plain[at[0]-1]) && at[1] < len(s.plain) && digit(s.plain[at[1]]) {
			continue
		}
		out = append(out, s.within(begin, at[0]))
		if begin = at[0]; comma {
			begin = at[1]
		}
	}
	return append(out, s.line.from(begin))
}

var turn = regexp.MustCompile(`, *| (nhung|con|rieng|song|tuy nhien|but|while) `)

func digit(c byte) bool { return '0' <= c && c <= '9' }
