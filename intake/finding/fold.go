package finding

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is a text as it is compared: without case, without the marks of
// Vietnamese, đ and the letters mistaken for it (Ð U+00D0, Ɖ U+0189) as d, and
// with single spaces.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == 'Đ' || r == 'đ' || r == 'Ð' || r == 'ð' || r == 'Ɖ' || r == 'ɖ':
			r = 'd'
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
