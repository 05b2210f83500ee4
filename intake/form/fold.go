package form

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// base maps accented Latin letters to their plain small ones. It is built once,
// because folding every label of a workbook through Unicode decomposition
// would cost more than reading it.
var base = func() map[rune]rune {
	m := map[rune]rune{'đ': 'd', 'Đ': 'd', 'Ð': 'd', 'ð': 'd', 'Ɖ': 'd'}
	for r := rune(0xC0); r <= 0x1EF9; r++ {
		if r == 0x250 {
			r = 0x1E00
		}
		if d := []rune(norm.NFD.String(string(r))); len(d) > 1 && d[0] < 0x80 {
			m[r] = toLower(d[0])
		}
	}
	return m
}()

func toLower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 32
	}
	return r
}

// fold makes labels comparable: small letters without accents, full-width
// letters made plain, every run of anything but letters and digits one space.
// "VĂN HOÁ – XÃ HỘI" and "Văn hóa - xã hội" fold alike.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z':
			r += 32
		case r >= 0x300 && r <= 0x36F, hiddenRune(r):
			continue
		case r >= 0xFF10 && r <= 0xFF19:
			r += '0' - 0xFF10
		case r >= 0xFF21 && r <= 0xFF3A:
			r += 'a' - 0xFF21
		case r >= 0xFF41 && r <= 0xFF5A:
			r += 'a' - 0xFF41
		default:
			p, ok := base[r]
			if !ok {
				space = b.Len() > 0
				continue
			}
			r = p
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hiddenRune reports characters that nobody sees: zero-width ones and byte
// order marks. The soft hyphen is not among them: it is a letter of TCVN3.
func hiddenRune(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r == 0x2060 || r == 0xFEFF
}

// initials returns the first letters of a folded label's words.
func initials(folded string) string {
	var b strings.Builder
	for _, w := range strings.Fields(folded) {
		b.WriteByte(w[0])
	}
	return b.String()
}

// alike reports whether a sender's row label means the form's: the same words;
// its own words left short ("Cơ sở" for "Cấp cơ sở"); or its initials, in
// order or with the halves around a dash exchanged ("VH-XH", "ANQP", "HTCT").
// It is asked only within one table, and counts only where one row fits.
func alike(label, theirs string) bool {
	f, t := fold(label), fold(theirs)
	if f == "" || t == "" {
		return false
	}
	if f == t {
		return true
	}
	if len(t) >= 5 && (strings.HasSuffix(f, " "+t) || strings.HasSuffix(t, " "+f)) {
		return true
	}
	short := strings.ReplaceAll(t, " ", "")
	if len(short) < 2 || len(short) > 8 {
		return false
	}
	whole := initials(f)
	if short == whole || len(short) >= 4 && strings.HasSuffix(whole, short) {
		return true
	}
	if halves := strings.SplitN(strings.NewReplacer("–", "-", "—", "-").Replace(label), "-", 2); len(halves) == 2 {
		a, b := initials(fold(halves[0])), initials(fold(halves[1]))
		return len(a) > 1 && len(b) > 1 && short == b+a
	}
	return false
}
