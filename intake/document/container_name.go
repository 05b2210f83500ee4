package document

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"dondoc/intake/document/legacy"
)

// litter is what computers put into containers and nobody sent.
func litter(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") ||
		strings.EqualFold(base, "desktop.ini") || strings.HasPrefix(base, "~$") || strings.HasPrefix(base, "._")
}

// maxName bounds the name of a member in bytes, its extension kept.
const maxName = 180

// memberName is the name of a file without its folders, fit to be shown and
// kept. Whether a name is UTF-8 is seen from its bytes: the flag for it is
// hardly ever set.
func memberName(s string) string {
	if utf8.ValidString(s) {
		s, _ = legacy.Decode(s)
	} else {
		s = strings.ToValidUTF8(codePageName(s), "_")
	}
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && r != '\u00ad' || unicode.Is(unicode.Cf, r) && r != '\u00ad' {
			return -1
		}
		return r
	}, s)
	s = strings.TrimRight(strings.TrimSpace(norm.NFC.String(s)), ". ")
	if strings.Trim(s, "._- /") == "" {
		s = "tep"
	}
	if len(s) > maxName {
		ext := path.Ext(s)
		if len(ext) > 12 {
			ext = ""
		}
		s = bounded(s, maxName-len(ext)) + ext
	}
	return s
}

// unpackedName is the name of the one file that a container named s packs.
func unpackedName(s string) string {
	switch ext := strings.ToLower(path.Ext(s)); ext {
	case ".tgz":
		return s[:len(s)-len(ext)] + ".tar"
	case ".gz":
		return memberName(s[:len(s)-len(ext)])
	}
	return s
}

// codePages are those in which the packers of DOS write names, and those of
// today wherever a name fits into them.
var codePages = []*charmap.Charmap{charmap.CodePage437, charmap.CodePage850}

// codePageName reads a name that says nothing of its code page: as Windows and
// the Vietnamese fonts have it, or as DOS has it where that looks more like
// Vietnamese.
func codePageName(s string) string {
	best, _ := legacy.Bytes([]byte(s))
	most := vietnamese(best)
	for _, page := range codePages {
		text, err := page.NewDecoder().String(s)
		if n := vietnamese(text); err == nil && n > most {
			best, most = text, n
		}
	}
	return best
}

// vietnamese weighs how much a text looks like Vietnamese: letters of the
// language speak for it, other signs beyond ASCII against it, and so does a
// capital within a word.
func vietnamese(text string) int {
	n := 0
	var before rune
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
		case strings.ContainsRune(vietnameseLetters, unicode.ToLower(r)):
			if n++; unicode.IsUpper(r) && unicode.IsLower(before) {
				n -= 2
			}
		case r >= 0x1EA0 && r <= 0x1EF9:
			n++
		default:
			n -= 2
		}
		before = r
	}
	return n
}

const vietnameseLetters = "àáâãèéêìíòóôõùúýăđĩũơư"
