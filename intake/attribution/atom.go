package attribution

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// atom is a piece of a word, the unit of matching: letters or digits, cut
// where a joined name ("HUBinhSon") changes case.
type atom struct {
	folded string // lower case, without marks: "huyen"
	toned  string // lower case, its tone at the end, so that hoá is hóa: "huyên5"
	plain  bool   // written without any mark: says nothing of tones
	start  int    // in the NFC text, bytes
	end    int
	glued  bool // no separator before it: cut out of a joined word
	stop   bool // before it a comma, a bracket, a line's end: another phrase begins
	// bracket: before it a bracket, which no name goes across.
	bracket bool
	line    bool // first of its line
	out     bool // not to be looked at: noise, a reference, a list of recipients
}

// The tones of Vietnamese as combining marks, and the digits that stand for
// them in atom.toned.
var tones = map[rune]byte{'\u0300': '1', '\u0301': '2', '\u0303': '3', '\u0309': '4', '\u0323': '5'}

// fold returns the two spellings of one word. A tone is moved to the end
// because writers put it on different vowels: uỷ, ủy.
func fold(word string) (folded, toned string, plain bool) {
	var f, t strings.Builder
	tone := byte(0)
	plain = true
	for _, r := range norm.NFD.String(strings.ToLower(word)) {
		switch {
		case r == 'đ' || r == 'ð' || r == 'ɖ':
			// Ð and Ɖ are what other keyboards and OCR make of Đ.
			f.WriteByte('d')
			t.WriteRune('đ')
			plain = false
		case r < unicode.MaxASCII:
			f.WriteByte(byte(r))
			t.WriteByte(byte(r))
		case tones[r] != 0:
			tone = tones[r]
			plain = false
		case unicode.Is(unicode.Mn, r):
			t.WriteRune(r)
			plain = false
		default:
			// A letter of another script: kept whole, so that it matches nothing.
			f.WriteRune(r)
			t.WriteRune(r)
			plain = false
		}
	}
	if tone != 0 {
		t.WriteByte(tone)
	}
	return f.String(), t.String(), plain
}

// isTinh reports whether the word may be "tỉnh", the province.
func (a atom) isTinh() bool { return a.folded == "tinh" && (a.plain || a.toned == tinh) }

var _, tinh, _ = fold("tỉnh")

// softenY makes Lí of Lý, as some spell it.
func (a atom) softenY() atom {
	a.folded = strings.ReplaceAll(a.folded, "y", "i")
	a.toned = strings.ReplaceAll(a.toned, "y", "i")
	return a
}

// endsSentence reports whether the full stop at i ends a sentence: what stands
// before it is no abbreviation, and a capital follows.
func endsSentence(text string, i int) bool {
	begin := strings.LastIndexFunc(text[:i], func(r rune) bool { return !unicode.IsLower(r) }) + 1
	for begin < i && !utf8.RuneStart(text[begin]) {
		begin++
	}
	word, _, _ := fold(text[begin:i])
	if len(word) < 2 || !strings.ContainsAny(word, "aeiouy") {
		return false
	}
	rest, spaced := strings.CutPrefix(text[i+1:], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return spaced && unicode.IsUpper(r)
}

// cut takes text, which is NFC, apart into atoms.
func cut(text string) []atom {
	var atoms []atom
	begin := -1
	var last, before rune // of the word: the previous rune, and the one before it
	glued, stop, line, bracket := false, true, true, false
	end := func(at int, joined bool) {
		if begin >= 0 {
			a := atom{start: begin, end: at, glued: glued, stop: stop, line: line, bracket: bracket}
			a.folded, a.toned, a.plain = fold(text[begin:at])
			if a.folded != "" {
				atoms = append(atoms, a)
			}
			stop, line, bracket = false, false, false
		}
		glued = joined
		begin = -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			switch {
			case begin < 0:
				begin, glued = i, false
			case unicode.IsDigit(last):
				end(i, false)
				begin = i
			case unicode.IsLower(last) && unicode.IsUpper(r):
				end(i, true)
				begin = i
			case unicode.IsUpper(before) && unicode.IsUpper(last) && unicode.IsLower(r):
				// "HUBinh": the capital belongs to what follows it.
				at := i - len(string(last))
				end(at, true)
				begin = at
			}
		case unicode.IsDigit(r):
			if begin >= 0 && !unicode.IsDigit(last) {
				end(i, false)
			}
			if begin < 0 {
				begin, glued = i, false
			}
		default:
			end(i, false)
			switch r {
			case '\n', '\r', '\u2028':
				stop, line = true, true
			case '(', ')', '[', ']':
				stop, bracket = true, true
			case ',', ';', ':', '|', '!', '?', '"', '“', '”', '–', '—':
				stop = true
			case '.':
				// A sentence ends; "TP. Quảng Ngãi" goes on.
				stop = stop || endsSentence(text, i)
			case '-':
				// "Công an tỉnh - Huyện ủy": a dash between spaces parts phrases,
				// one within a word ("PT-TH", "BC-SNV") joins.
				stop = stop || (i > 0 && text[i-1] == ' ')
			}
			before, last = 0, 0
			continue
		}
		if begin == i {
			before = 0
		} else {
			before = last
		}
		last = r
	}
	end(len(text), false)
	return atoms
}
