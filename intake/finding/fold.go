package finding

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Plain is a text as people who type in haste write it: without case and
// without the marks of Vietnamese. "ĐÃ GỬI", "Đã gửi" and "da gui" are one.
// Three letters look like đ and count as it (ENCODINGS, trap 4). Everything
// else stays, white space too.
func Plain(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = AppendPlain(b, r)
	}
	return string(b)
}

// AppendPlain appends what Plain makes of one character.
func AppendPlain(b []byte, r rune) []byte {
	switch {
	case 'A' <= r && r <= 'Z':
		return append(b, byte(r-'A'+'a'))
	case r < utf8.RuneSelf:
		return append(b, byte(r))
	case r < rune(len(latin)):
		return append(b, latin[r]...)
	case latinAdditional <= r && r < latinAdditional+rune(len(additional)):
		return append(b, additional[r-latinAdditional]...)
	}
	return append(b, plain(r)...)
}

// latinAdditional is where the block Latin Extended Additional begins, which
// has the letters of Vietnamese that latin has not.
const latinAdditional = 0x1E00

// latin and additional are plain of the letters that texts are full of.
var (
	latin      [0x250]string
	additional [0x100]string
)

func init() {
	for r := range latin {
		latin[r] = plain(rune(r))
	}
	for r := range additional {
		additional[r] = plain(rune(r + latinAdditional))
	}
}

// plain is Plain of one character.
func plain(r rune) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ', r == 'Đ', r == 'Ð', r == 'ð', r == 'Ɖ', r == 'ɖ':
			b.WriteByte('d')
		case r == '\u00a0':
			b.WriteByte(' ')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Fold is Plain with single spaces: names and titles as they are compared.
func Fold(s string) string { return strings.Join(strings.Fields(Plain(s)), " ") }
