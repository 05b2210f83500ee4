package legacy

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

const letters = "áàảãạâấầẩẫậăắằẳẵặđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"

func TestEveryLetterHasItsCode(t *testing.T) {
	if n := len(fromTCVN); n != 74 || len([]rune(tcvnCodes)) != 74 {
		t.Errorf("TCVN3 has 74 codes, all different; here are %d", n)
	}
	tcvn, vni := map[rune]bool{}, map[rune]bool{}
	for _, l := range fromTCVN {
		tcvn[l] = true
	}
	for _, l := range fromVNI {
		vni[l] = true
	}
	for _, l := range pairsVNI {
		vni[l] = true
	}
	for _, l := range letters {
		if !tcvn[l] {
			t.Errorf("TCVN3 has no %c", l)
		}
		for _, x := range letters + strings.ToUpper(letters) {
			if !vni[x] {
				t.Errorf("VNI has no %c", x)
			}
		}
		ascii := norm.NFD.String(string(l))
		ascii = strings.NewReplacer("\u0302", "^", "\u0306", "(", "\u031b", "+", "\u0301", "'", "\u0300", "`", "\u0309", "?", "\u0303", "~", "\u0323", ".", "đ", "dd").Replace(ascii)
		if i := strings.IndexAny(ascii, viqrTones); i >= 0 { // the tone comes last, NFD has the dot below first
			ascii = ascii[:i] + ascii[i+1:] + ascii[i:i+1]
		}
		if got, _, _ := viqr(ascii + "n"); got != string(l)+"n" {
			t.Errorf("VIQR %q is %q, not %c", ascii, got, l)
		}
	}
	for _, unused := range "\u00af\u00b0\u00b1\u00b2\u00b3\u00b4\u00ba\u00bfÀÁÂÃÄÅÍÙÚÛàð" {
		if l, ok := fromTCVN[unused]; ok {
			t.Errorf("TCVN3 does not use %U, here it is %c", unused, l)
		}
	}
}

func TestSyllables(t *testing.T) {
	for _, c := range []struct {
		why  string
		list string
		want bool
	}{
		{"syllables", "a ông huyện ủy thủy thuỷ hòa hoà nghiêng giết gìn già quốc quý quỳnh khuỷu ngoằn nguyễn ước yêu kẽm tuyết xoong Ý ĐẠI Đức", true},
		{"two tones", "đửức phoồ hàá", false},
		{"a tone on the wrong vowel", "teỏ hoaì caó ụyên", false},
		{"a stop with a tone that it cannot have", "càc cảch môt tẽp", false},
		{"an onset that does not go with the vowel", "kả cê ghâ ngê ghư qá", false},
		{"a rime that there is not", "ă hôch tơng oưa bểng ẵ", false},
		{"other languages", "café Müller straße año schön rôle über", false},
	} {
		for _, w := range strings.Fields(c.list) {
			var ls []glyph
			ok := true
			for _, r := range w {
				g := glyphOf(r)
				ok = ok && g.base != 0
				ls = append(ls, g)
			}
			if got := ok && syllable(ls); got != c.want {
				t.Errorf("%s: %q is %v", c.why, w, got)
			}
		}
	}
}

func TestCommonWordsAreWords(t *testing.T) {
	seen := map[string]bool{}
	for w := range common {
		if seen[w] || norm.NFC.String(w) != w || strings.ToLower(w) != w {
			t.Errorf("%q", w)
		}
		seen[w] = true
	}
	if len(common) < 1000 || len(common) != len(strings.Fields(commonWords)) {
		t.Errorf("%d words, %d different", len(strings.Fields(commonWords)), len(common))
	}
}
