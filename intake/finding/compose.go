package finding

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC composes a text. Nearly every text is composed already, of letters that
// combine with nothing: that is seen at a tenth of what it costs to look each
// of them up.
func NFC(s string) string {
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < 0x300, 0x1EA0 <= r && r <= 0x1EF9, 0x2010 <= r && r <= 0x2027:
		default:
			return norm.NFC.String(s)
		}
		i += n
	}
	return s
}
