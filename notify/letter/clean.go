package letter

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxValue bounds one foreign value in a letter, in characters: a cell can
// hold 32,767 of them.
const maxValue = 120

// clean makes a stranger's string fit to stand inside one line of a letter or
// of a header: NFC, no control characters, line breaks or tabs, nothing that
// turns the direction of text around (U+202A…U+202E, U+2066…U+2069: a file
// name "fdp.exe" can be made to read "exe.pdf"), nothing invisible, and not
// longer than maxValue.
func clean(s string) string { return shorten(tidy(s), maxValue) }

// tidy is clean without the bound.
func tidy(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
