package message

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold takes accents and case away, as people who type in haste do: "ĐÃ GỬI",
// "Đã gửi" and "da gui" are one.
func fold(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ' || r == 'Đ' || r == 'Ð' || r == 'Ɖ': // three letters that look like one
			out.WriteByte('d')
		case r == '\u00a0':
			out.WriteByte(' ')
		default:
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

func nfc(s string) string { return norm.NFC.String(s) }
