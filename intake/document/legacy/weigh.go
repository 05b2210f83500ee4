package legacy

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// weight says how much a text looks like Vietnamese. Only words that are not
// ASCII count: the others are the same in every reading.
type weight struct {
	sum       float64
	good, bad int
	odd       int // bad words that are of no language: signs or capitals within
	proper    int // good words with letters that no 8-bit font has on their place
}

// sure reports whether a text is Unicode without a doubt.
func (w weight) sure() bool { return w.proper > 0 && w.bad == 0 }

func weigh(text string) weight { return weighIn(text, Unicode) }

// weighIn weighs a text that was decoded from an encoding. TCVN3 has no codes
// for capitals with tones: small ones among capitals are no fault there.
func weighIn(text string, from Encoding) weight {
	var w weight
	quoted := strings.Contains(text, "«")
	for rest := text; rest != ""; {
		var word string
		if word, rest = nextWord(rest); word == "" {
			break
		}
		if quoted {
			word = strings.TrimSuffix(strings.TrimPrefix(word, "«"), "»")
		}
		w.word(word, from)
	}
	return w
}

func (w *weight) word(word string, from Encoding) {
	var letters [16]glyph
	n, signs, other := 0, 0, 0
	high, proper := false, false
	upper, mixed, small, capitals := 0, false, 0, 0
	for _, r := range word {
		g := glyphOf(r)
		high = high || r >= 0x80
		switch {
		case g.base == 0 && (r < 0xC0 || r == '×' || r == '÷'):
			signs++
		case g.base == 0 || n == len(letters):
			other++
		default:
			proper = proper || r > 0xFF
			if g.upper {
				upper++
				mixed = mixed || n > 0 && upper <= n // a capital after a small letter
			}
			if r < 0x80 || g.upper {
				if g.upper {
					capitals++
				} else {
					small++
				}
			}
			letters[n] = g
			n++
		}
	}
	if !high || n+other == 0 { // ASCII, or signs alone
		return
	}
	mixed = mixed || upper > 1 && upper < n
	if from == TCVN3 {
		mixed = capitals > 1 && small > 0
	}
	if signs > 0 || other > 0 {
		w.bad++
		if signs > 0 {
			w.odd++
		}
		w.sum -= 3
		return
	}
	if mixed {
		w.bad++
		w.odd++
		w.sum -= 4
		return
	}
	var buf [48]byte
	rank, known := common[string(key(buf[:0], letters[:n]))]
	switch {
	case known:
		w.sum += rank
	case syllable(letters[:n]):
	case abbreviation(letters[:n]):
		return
	default:
		w.bad++
		w.sum -= 3
		return
	}
	w.good++
	if proper {
		w.proper++
	}
}

// nextWord cuts the first word off a text. All that is not ASCII belongs to
// words, except punctuation that no old encoding uses.
func nextWord(s string) (word, rest string) {
	begin := -1
	for i, r := range s {
		in := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' ||
			r >= 0x80 && r != 0xA0 && (r < 0x2000 || r > 0x20FF) && r != 0x3000 && r != 0xFEFF
		if in && begin < 0 {
			begin = i
		}
		if !in && begin >= 0 {
			return s[begin:i], s[i:]
		}
	}
	if begin < 0 {
		return "", ""
	}
	return s[begin:], ""
}

// glyph is a letter of Vietnamese: small and without its tone.
type glyph struct {
	base  uint16
	small uint16 // the letter itself, small
	tone  uint8  // 0 none, else its place in toneMarks
	upper bool
}

var toneMarks = []rune{0, 0x300, 0x301, 0x303, 0x309, 0x323}

const sac, nang = 2, 5 // places in toneMarks

var glyphs = func() (t [0x1F00]glyph) {
	set := func(r rune, g glyph) {
		g.small = uint16(r)
		t[r] = g
		g.upper = true
		t[unicode.ToUpper(r)] = g
	}
	for _, r := range "bcdđghklmnpqrstvxfjwz" {
		set(r, glyph{base: uint16(r)})
	}
	for _, r := range "aăâeêioôơuưy" {
		for i, tone := range toneMarks {
			made := r
			if i > 0 {
				made, _ = utf8.DecodeRuneInString(norm.NFC.String(string(r) + string(tone)))
			}
			set(made, glyph{base: uint16(r), tone: uint8(i)})
		}
	}
	for _, r := range "ÐðƉɖ" { // what keyboards and converters give for Đ
		t[r] = glyph{base: 'đ', small: 'đ', upper: r == 'Ð' || r == 'Ɖ'}
	}
	return t
}()

func glyphOf(r rune) glyph {
	if r < 0 || int(r) >= len(glyphs) {
		return glyph{}
	}
	return glyphs[r]
}

// syllable reports whether letters have the shape of a Vietnamese syllable:
// an onset, a rime that goes with it, and one tone at most, on the vowel that
// bears it. Syllables that end in a stop have one of two tones.
func syllable(word []glyph) bool {
	at, tone := -1, uint8(0)
	var buf [32]byte
	b := buf[:0]
	for i, g := range word {
		if g.tone != 0 {
			if at >= 0 {
				return false
			}
			at, tone = i, g.tone
		}
		b = utf8.AppendRune(b, rune(g.base))
	}
	for _, o := range onsets {
		if len(b) <= len(o) || string(b[:len(o)]) != o {
			continue
		}
		places, ok := rimes[string(b[len(o):])]
		if !ok {
			continue
		}
		rime := b[len(o):]
		if at >= 0 {
			if i := at - utf8.RuneCountInString(o); i < 0 || places&(1<<i) == 0 {
				continue
			}
		}
		first, _ := utf8.DecodeRune(rime)
		front := first == 'e' || first == 'ê' || first == 'i' || first == 'y'
		switch o {
		case "c", "g":
			if front && !(o == "g" && first == 'i') {
				continue
			}
		case "k", "gh", "ngh":
			if !front {
				continue
			}
		case "ng":
			if front && first != 'y' {
				continue
			}
		case "q", "p":
			continue
		}
		switch last := rime[len(rime)-1]; {
		case last == 'c', last == 'p', last == 't', strings.HasSuffix(string(rime), "ch"):
			if tone != sac && tone != nang {
				continue
			}
		}
		return true
	}
	return false
}

// abbreviation reports whether a word is capitals without tones: UBND, HĐND.
func abbreviation(word []glyph) bool {
	for _, g := range word {
		if !g.upper || g.tone != 0 {
			return false
		}
	}
	return len(word) <= 8
}

// The longest onsets come first: "gia" is gi and a, "nghe" ngh and e.
var onsets = append(strings.Fields("ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n r s t v x"), "")

// rimes are the rimes of Vietnamese; the value has a bit for each letter that
// may bear the tone.
var rimes = func() map[string]uint8 {
	m := map[string]uint8{}
	for _, r := range strings.Fields(`
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia
iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oong ooc
oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u uc ui um un ung up ut ua uân uâng uât uây
uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uych uyn uynh uyt uyu uya uyên uyêt
ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
ynh yt ych`) { // the last three after qu
		letters := []rune(r)
		vowels := 0
		for vowels < len(letters) && strings.ContainsRune("aăâeêioôơuưy", letters[vowels]) {
			vowels++
		}
		closed := vowels < len(letters)
		var bits uint8
		switch {
		case vowels == 1:
			bits = 1
		case closed:
			bits = 1 << (vowels - 1)
		case r == "oa" || r == "oe" || r == "uy": // hòa or hoà, both are written
			bits = 3
		case vowels == 2 && (r == "uê" || r == "uơ"):
			bits = 2
		case vowels == 2:
			bits = 1
		default:
			bits = 2
		}
		m[r] = bits
	}
	return m
}()

// common.txt has the commonest words of administrative Vietnamese, the most
// common first: what a word is worth follows from its place.
//
//go:embed common.txt
var commonWords string

var common = func() map[string]float64 {
	words := strings.Fields(commonWords)
	m := make(map[string]float64, len(words))
	for i, w := range words {
		m[w] = 5 - 3*float64(i)/float64(len(words))
	}
	return m
}()

// key appends the word in small letters, as in common.txt.
func key(b []byte, word []glyph) []byte {
	for _, g := range word {
		b = utf8.AppendRune(b, rune(g.small))
	}
	return b
}

// stroke makes Đ of the letters that look like it, in words that then are
// Vietnamese.
func stroke(text string) string {
	if !strings.ContainsAny(text, "ÐðƉɖ") {
		return text
	}
	var b strings.Builder
	for rest := text; rest != ""; {
		word, after := nextWord(rest)
		gap := rest[:len(rest)-len(after)-len(word)]
		b.WriteString(gap)
		if strings.ContainsAny(word, "ÐðƉɖ") {
			var w weight
			if w.word(word, Unicode); w.bad == 0 {
				word = strings.NewReplacer("Ð", "Đ", "Ɖ", "Đ", "ð", "đ", "ɖ", "đ").Replace(word)
			}
		}
		b.WriteString(word)
		rest = after
	}
	return b.String()
}
