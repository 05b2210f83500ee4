package legacy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// TCVN3 as the .Vn fonts have it, which is not TCVN 5712 VN1: seven capitals
// have codes of their own, capitals with tones have none.
const (
	tcvnCodes   = "¸µ¶·¹¢©ÊÇÈÉË¡¨¾»¼½Æ§®ÐÌÎÏÑ£ªÕÒÓÔÖÝ×ØÜÞãßáâä¤«èåæçé¥¬íêëìîóïñòô¦\u00adøõö÷ùýúûüþ"
	tcvnLetters = "áàảãạÂâấầẩẫậĂăắằẳẵặĐđéèẻẽẹÊêếềểễệíìỉĩịóòỏõọÔôốồổỗộƠơớờởỡợúùủũụƯưứừửữựýỳỷỹỵ"
)

// VNI writes a vowel and then its marks in one code; some letters have codes
// of their own. ô, ö are both: ơ and ư, and the vowels of ớ and ứ.
const (
	vniCodes   = "ÑñÍíÌìÆæÓóÒòÔôÖöÎî"
	vniLetters = "ĐđÍíÌìỈỉĨĩỊịƠơƯưỴỵ"
	vniVowels  = "aeiouyôö"
)

// vniMarks gives what a code adds to the vowel before it.
var vniMarks = map[rune]string{
	'ù': "\u0301", 'ø': "\u0300", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323",
	'â': "\u0302", 'á': "\u0302\u0301", 'à': "\u0302\u0300", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0323\u0302",
	'ê': "\u0306", 'é': "\u0306\u0301", 'è': "\u0306\u0300", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0323\u0306",
}

var (
	fromTCVN = aligned(tcvnCodes, tcvnLetters)
	fromVNI  = aligned(vniCodes, vniLetters)
	pairsVNI = func() map[[2]rune]rune {
		m := map[[2]rune]rune{}
		for _, v := range vniVowels {
			vowel := v
			if own, ok := fromVNI[v]; ok {
				vowel = own
			}
			for mark, add := range vniMarks {
				made := []rune(norm.NFC.String(string(vowel) + add))
				if len(made) != 1 {
					continue // no such letter: breves are on a alone
				}
				for _, mk := range []rune{mark, unicode.ToUpper(mark)} {
					m[[2]rune{v, mk}] = made[0]
					m[[2]rune{unicode.ToUpper(v), mk}] = unicode.ToUpper(made[0])
				}
			}
		}
		return m
	}()
)

func aligned(codes, letters string) map[rune]rune {
	m, l := map[rune]rune{}, []rune(letters)
	for i, c := range []rune(codes) {
		m[c] = l[i]
	}
	return m
}

// decodeTCVN3 reads Latin-1 as TCVN3. It fails if the text has too many
// letters that TCVN3 does not use.
func decodeTCVN3(s string) (string, bool) {
	in := []rune(s)
	out := make([]rune, 0, len(in))
	used, unused := 0, 0
	for i, r := range in {
		l, ok := fromTCVN[r]
		switch {
		case ok && !sign(in, i):
			used++
			r = l
			if n := len(out); n > 0 && capital(out[n-1], l) {
				out, r = out[:n-1], unicode.ToUpper(l)
			}
		case r == '−' || r == '‐': // what has become of a soft hyphen on its way
			if beside(in, i) {
				r = 'ư'
			}
		case r == 'μ': // what NFKC makes of µ
			used++
			r = 'à'
		case r >= 0x80 && unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			unused++
		}
		out = append(out, r)
	}
	return string(out), used > 0 && unused*8 <= used
}

// capital reports whether l, with its tone, follows the same letter as a
// capital without: so some converters write Á, which TCVN3 lacks.
func capital(before, l rune) bool {
	a, z := glyphOf(before), glyphOf(l)
	return a.upper && a.tone == 0 && z.tone != 0 && !z.upper && (a.base == z.base || rune(a.base) == bare(rune(z.base)))
}

// bare is a vowel without hat, breve and horn.
func bare(r rune) rune {
	switch r {
	case 'ă', 'â':
		return 'a'
	case 'ê':
		return 'e'
	case 'ô', 'ơ':
		return 'o'
	case 'ư':
		return 'u'
	}
	return r
}

// sign reports whether a code is the sign it looks like: a times, divided or
// dot between figures, a dot that begins a line.
func sign(in []rune, i int) bool {
	if r := in[i]; r != '×' && r != '÷' && r != '·' {
		return false
	}
	before, after := i-1, i+1
	for before >= 0 && in[before] == ' ' {
		before--
	}
	for after < len(in) && in[after] == ' ' {
		after++
	}
	if before >= 0 && after < len(in) && digit(in[before]) && digit(in[after]) {
		return true
	}
	return in[i] == '·' && (before < 0 || in[before] == '\n') && after > i+1
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

// beside reports whether a letter stands directly before or after.
func beside(in []rune, i int) bool {
	return i > 0 && letter(in[i-1]) || i+1 < len(in) && letter(in[i+1])
}

func letter(r rune) bool {
	return r < 0x80 && unicode.IsLetter(r) || fromTCVN[r] != 0
}

// decodeVNI reads Latin-1 as VNI, a vowel with its mark first.
func decodeVNI(s string) (string, bool) {
	in := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	used, unused := 0, 0
	for i := 0; i < len(in); i++ {
		if i+1 < len(in) {
			if l, ok := pairsVNI[[2]rune{in[i], in[i+1]}]; ok {
				b.WriteRune(l)
				used++
				i++
				continue
			}
		}
		r := in[i]
		if l, ok := fromVNI[r]; ok {
			r = l
			used++
		} else if r >= 0x80 && unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) {
			unused++
		}
		b.WriteRune(r)
	}
	return b.String(), used > 0 && unused*8 <= used
}

// decode1258 reads Latin-1 as windows-1258. It fails where nothing would be
// different.
func decode1258(s string) (string, bool) {
	var b strings.Builder
	marks := 0
	for _, r := range s {
		if r >= 0x80 && r <= 0xFF {
			r = charmap.Windows1258.DecodeByte(byte(r))
			if unicode.Is(unicode.Mn, r) {
				marks++
			}
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String()), marks > 0
}

// through reads a text after it was turned back into the bytes it was made
// from, each lifted to the code point of its value.
func through(back func(string) (string, bool), decode func(string) (string, bool)) func(string) (string, bool) {
	return func(s string) (string, bool) {
		lifted, ok := back(s)
		if !ok {
			return "", false
		}
		return decode(lifted)
	}
}

// latin turns text that was read as windows-1252 back. It fails on text with
// letters that are not in it.
func latin(s string) (string, bool) {
	return back(s, charmap.Windows1252), !beyond(s, charmap.Windows1252)
}

// vietnamese does the same for text that was read as windows-1258, where that
// makes a difference.
func vietnamese(s string) (string, bool) {
	if !beyond(s, charmap.Windows1252) {
		return "", false
	}
	s = apart(s)
	return back(s, charmap.Windows1258), !beyond(s, charmap.Windows1258)
}

// apart takes the tones off letters that windows-1258 writes with a mark.
func apart(s string) string {
	var b strings.Builder
	for _, r := range s {
		if _, ok := charmap.Windows1258.EncodeRune(r); ok || r < 0x80 {
			b.WriteRune(r)
			continue
		}
		d := norm.NFD.String(string(r))
		for _, tone := range toneMarks[1:] {
			if strings.ContainsRune(d, tone) {
				d = norm.NFC.String(strings.Replace(d, string(tone), "", 1)) + string(tone)
				break
			}
		}
		b.WriteString(d)
	}
	return b.String()
}

// beyond reports whether a text has letters that the charset has not.
func beyond(s string, cm *charmap.Charmap) bool {
	for _, r := range s {
		if r > 0xFF && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)) {
			if _, ok := cm.EncodeRune(r); !ok {
				return true
			}
		}
	}
	return false
}

func back(s string, cm *charmap.Charmap) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			if c, ok := cm.EncodeRune(r); ok {
				return rune(c)
			}
		}
		return r
	}, s)
}

// lift reads bytes as windows-1252, and the five it lacks as Latin-1.
func lift(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if r := charmap.Windows1252.DecodeByte(c); r != utf8.RuneError {
			s.WriteRune(r)
		} else {
			s.WriteRune(rune(c))
		}
	}
	return s.String()
}
