package legacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// layers reads UTF-8 that was read as something else, also more than once.
func layers(back func(string) (string, bool)) func(string) (string, bool) {
	first := through(back, decodeUTF8)
	next := through(latin, decodeUTF8)
	return func(s string) (string, bool) {
		out, ok := first(s)
		for range maxNested - 1 {
			deeper, more := next(out)
			if !ok || !more || weigh(deeper).sum < weigh(out).sum {
				break
			}
			out = deeper
		}
		return out, ok
	}
}

// decodeUTF8 reads lifted bytes as UTF-8. Some bytes rarely survive: 81, 8D,
// 8F, 90 and 9D mean nothing in windows-1252, A0 and AD are a space and a
// hyphen that nobody sees. The letter is then found again by the word, if
// only one known word fits best.
func decodeUTF8(s string) (string, bool) {
	in := []rune(s)
	out := make([]rune, 0, len(in))
	made, broken, holes := 0, 0, 0
	for i := 0; i < len(in); {
		r := in[i]
		if r < 0x80 || r > 0xFF {
			if r == utf8.RuneError {
				broken++
			}
			out = append(out, r)
			i++
			continue
		}
		size := 0
		switch {
		case r >= 0xC2 && r <= 0xDF:
			size = 2
		case r >= 0xE0 && r <= 0xEF:
			size = 3
		case r >= 0xF0 && r <= 0xF4:
			size = 4
		}
		var b [4]byte
		n := 0
		for n < size && i+n < len(in) && (n == 0 || in[i+n] >= 0x80 && in[i+n] <= 0xBF) {
			b[n] = byte(in[i+n])
			n++
		}
		if size > 0 && n == size {
			if l, w := utf8.DecodeRune(b[:n]); l != utf8.RuneError && w == n {
				out = append(out, l)
				made++
				i += n
				continue
			}
		}
		if (size == 2 || size == 3) && n == size-1 && len(lost(holeFor(b[:n]))) > 0 {
			out = append(out, holeFor(b[:n]))
			holes++
			i += n
			if i < len(in) && (in[i] == utf8.RuneError || in[i] == ' ' && eats(in, i)) {
				i++
			}
			continue
		}
		broken++
		out = append(out, r)
		i++
	}
	if made+holes == 0 || broken*4 > made+holes {
		return "", false
	}
	if holes > 0 {
		return fill(out), true
	}
	return string(out), true
}

// eats reports whether a space is the last byte of a letter, A0: another
// space or nothing follows, or a small letter goes on with the word.
func eats(in []rune, i int) bool {
	return i+1 == len(in) || in[i+1] == ' ' || in[i-1] == 0xC3 && unicode.IsLower(in[i+1]) && in[i+1] < 0x80 && !vowel(in[i+1]) && short(in[i+1:])
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouy", r) }

// short reports whether what follows up to the next space is the end of a
// syllable and no word.
func short(in []rune) bool {
	n := 0
	for n < len(in) && in[n] >= 'a' && in[n] <= 'z' {
		n++
	}
	switch string(in[:n]) {
	case "c", "m", "n", "p", "t", "ng", "nh", "ch":
		return true
	}
	return false
}

// A hole is a letter of which the last byte is missing, kept as a rune of the
// private planes while the word is read.
const hole = 0xF0000

func holeFor(prefix []byte) rune {
	h := rune(0)
	for _, c := range prefix {
		h = h<<8 | rune(c)
	}
	return hole + h
}

// lost lists the letters that a hole may be.
func lost(h rune) []rune {
	h -= hole
	prefix := []byte{byte(h)}
	if h > 0xFF {
		prefix = []byte{byte(h >> 8), byte(h)}
	}
	var out []rune
	for _, c := range []byte{0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xA0, 0xAD} {
		r, n := utf8.DecodeRune(append(prefix[:len(prefix):len(prefix)], c))
		if n == len(prefix)+1 && r != 'Ð' && glyphOf(r).base != 0 {
			out = append(out, r)
		}
	}
	return out
}

// fill puts letters into holes, word by word: the commonest word that fits.
func fill(in []rune) string {
	var b strings.Builder
	for i := 0; i < len(in); {
		j, gaps := i, 0
		for j < len(in) && (glyphOf(in[j]).base != 0 || in[j] >= hole) {
			if in[j] >= hole {
				gaps++
			}
			j++
		}
		switch {
		case j == i:
			b.WriteRune(in[i])
			j++
		case gaps == 0:
			b.WriteString(string(in[i:j]))
		default:
			b.WriteString(fillWord(in[i:j]))
		}
		i = j
	}
	return b.String()
}

func fillWord(word []rune) string {
	best, worth, second := "", 0.0, 0.0
	var try func(i int, made []rune)
	try = func(i int, made []rune) {
		if i == len(word) {
			var w weight
			if w.word(string(made), Unicode); w.good == 0 {
				return
			}
			switch v := w.sum + 1; {
			case v > worth:
				best, worth, second = string(made), v, worth
			case v > second:
				second = v
			}
			return
		}
		if word[i] < hole {
			try(i+1, append(made, word[i]))
			return
		}
		for _, r := range lost(word[i]) {
			try(i+1, append(made, r))
		}
	}
	if len(word) <= 8 { // no syllable is longer
		try(0, make([]rune, 0, len(word)))
	}
	if best != "" && worth > second {
		return best
	}
	return strings.Map(func(r rune) rune {
		if r >= hole {
			return utf8.RuneError
		}
		return r
	}, string(word))
}
