package workbook

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// decodeText reads a text in the encoding that it was most probably written
// in, and says which. declared is what the text says itself, if it does; bytes
// that are UTF-8 are UTF-8 whatever they say.
func decodeText(data []byte, declared string) (text, name string) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd"), "UTF-8"
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decoded(data, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), "UTF-16"
	}
	if zeros := bytes.Count(data[:min(len(data), 512)], []byte{0}); zeros > min(len(data), 512)/4 {
		order := unicode.LittleEndian
		if data[0] == 0 {
			order = unicode.BigEndian
		}
		return decoded(data, unicode.UTF16(order, unicode.IgnoreBOM)), "UTF-16"
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\ufffd"), "UTF-8"
	}
	if enc, err := htmlindex.Get(declared); err == nil {
		if n, err := htmlindex.Name(enc); err == nil && n != "utf-8" && n != "replacement" && !strings.HasPrefix(n, "utf-16") {
			return decoded(data, enc), n
		}
	}
	if vietnamese1258(data) {
		return decoded(data, charmap.Windows1258), "windows-1258"
	}
	return decoded(data, charmap.Windows1252), "windows-1252"
}

func decoded(data []byte, enc encoding.Encoding) string {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(out)
}

// mostlyUTF8 allows for a letter cut in half and the like: text in another
// encoding has hardly any letter that is UTF-8 by accident.
func mostlyUTF8(data []byte) bool {
	if utf8.Valid(data) {
		return true
	}
	good, bad := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		data = data[n:]
	}
	return good > 2*bad
}

// vietnamese1258 reports whether bytes are rather Vietnamese in windows-1258
// than in the fonts of TCVN3 or VNI, whose letters are left to those who know
// the fonts. What tells them apart are đ and ư, the most frequent letters of
// their own, and the marks that windows-1258 writes after a vowel.
func vietnamese1258(data []byte) bool {
	const vowels = "aeiouyAEIOUY\xe2\xea\xf4\xe3\xf5\xfd\xc2\xca\xd4\xc3\xd5\xdd"
	ours, tcvn, vni := 0, 0, 0
	for i, c := range data {
		switch c {
		case 0xF0, 0xFD: // đ ư
			ours++
		case 0xCC, 0xD2, 0xDE, 0xEC, 0xF2:
			if i > 0 && strings.IndexByte(vowels, data[i-1]) >= 0 {
				ours++
			}
		case 0xAE, 0xAD, 0xA7, 0xA6, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC: // đ ư Đ Ư ă â ê ô ơ
			tcvn++
		case 0xF1, 0xD1, 0xF6, 0xD6, 0xF8, 0xD8: // đ Đ ư Ư and a mark
			vni++
		}
	}
	return ours > tcvn && ours > vni
}
