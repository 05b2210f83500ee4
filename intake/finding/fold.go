package finding

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain is a text as people who type in haste write it: without case and
// without the marks of Vietnamese. "ĐÃ GỬI", "Đã gửi" and "da gui" are one.
// Three letters look like đ and count as it (ENCODINGS, trap 4). Everything
// else stays, white space too.
func Plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
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
