package legacy

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// VIQR (RFC 1456) writes the marks after the vowel: ^ ( + for the vowel's own
// shape, ' ` ? ~ . for the tone, dd for đ. Half of these are punctuation, so a
// text is VIQR only if its marks are many and make Vietnamese of it.

const (
	viqrShapes = "^(+*"
	viqrTones  = "'`?~."
)

var viqrMark = map[byte]string{
	'^': "\u0302", '(': "\u0306", '+': "\u031b", '*': "\u031b",
	'\'': "\u0301", '`': "\u0300", '?': "\u0309", '~': "\u0303", '.': "\u0323",
}

// decodeVIQR decodes ASCII that is VIQR, and tells whether it is.
func decodeVIQR(s string) (string, bool) {
	if !strings.ContainsAny(s, "^(+*'`?~") {
		return "", false
	}
	part := head(s)
	out, strong, marks := viqr(part)
	if strong == 0 || marks < 2 {
		return "", false
	}
	w := weigh(out)
	words := 0
	for rest := out; rest != ""; { // words of ASCII speak for another language, or do not
		var word string
		if word, rest = nextWord(rest); word != "" {
			words++
		}
		if word != "" && ascii(word) && !plainSyllable(word) {
			w.sum -= 1.5
		}
	}
	if w.sum < 3 || w.bad*2 > w.good || w.good*4 < words {
		return "", false
	}
	if len(part) < len(s) {
		out, _, _ = viqr(s)
	}
	return out, true
}

// viqr decodes, and counts the marks that no other text has there and all.
func viqr(s string) (out string, strong, marks int) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '\\' && i+1 < len(s) {
			b.WriteByte(s[i+1])
			i += 2
			continue
		}
		if (s[i] == 'd' || s[i] == 'D') && i+1 < len(s) && (s[i+1] == 'd' || s[i+1] == 'D') {
			if s[i] == 'D' {
				b.WriteString("Đ")
			} else {
				b.WriteString("đ")
			}
			i += 2
			marks++
			strong++
			continue
		}
		if !strings.ContainsRune("aeiouyAEIOUY", rune(s[i])) {
			b.WriteByte(s[i])
			i++
			continue
		}
		made := string(s[i])
		j := i + 1
		for j < len(s) && strings.IndexByte(viqrShapes, s[j]) >= 0 {
			next := norm.NFC.String(made + viqrMark[s[j]])
			if len([]rune(next)) != 1 || j > i+1 { // no such letter
				break
			}
			made = next
			j++
			marks++
			strong++
		}
		if j < len(s) && strings.IndexByte(viqrTones, s[j]) >= 0 && tone(s, i, j, made) {
			made = norm.NFC.String(made + viqrMark[s[j]])
			if s[j] != '\'' && s[j] != '.' && j+1 < len(s) && isLetter(s[j+1]) {
				strong++
			}
			j++
			marks++
		}
		b.WriteString(made)
		i = j
	}
	return b.String(), strong, marks
}

// tone reports whether s[j] is the tone of the vowel made of s[i:j], and no
// punctuation. Before a letter it is; at the end of a word the commoner of the
// two words decides.
func tone(s string, i, j int, made string) bool {
	if j+1 < len(s) && isLetter(s[j+1]) {
		return true
	}
	if s[j] != '.' && s[j] != '?' {
		return true
	}
	begin := i
	for begin > 0 && strings.IndexByte(" \t\n,;:\"/-", s[begin-1]) < 0 {
		begin--
	}
	stem, _, _ := viqr(s[begin:i])
	without := strings.ToLower(stem + made)
	with := strings.ToLower(stem + norm.NFC.String(made+viqrMark[s[j]]))
	a, b := common[norm.NFC.String(with)], common[norm.NFC.String(without)]
	// A question does not go on in small letters, and no word ends in ă or â.
	goesOn := j+2 < len(s) && s[j+1] == ' ' && 'a' <= s[j+2] && s[j+2] <= 'z'
	if goesOn && (s[j] == '?' || a == 0 && b == 0) || a == 0 && (made == "ă" || made == "â") {
		return true
	}
	return a > b
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// plainSyllable reports whether ASCII letters have the shape of a syllable
// without a tone, or are an abbreviation or a single letter.
func plainSyllable(word string) bool {
	if len(word) == 1 {
		return true
	}
	var letters [16]glyph
	n := 0
	for _, r := range word {
		if n == len(letters) {
			return false
		}
		letters[n] = glyphOf(r)
		n++
	}
	return syllable(letters[:n]) || abbreviation(letters[:n])
}
