package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/workbook"
)

// unicodeText returns the text of a cell in Unicode; old is set if it was
// written for one of the fonts of TCVN3 (.VnTime) or VNI, whose letters lie on
// those of Latin-1. The font's name alone lies too often, so the text decides:
// it is decoded only if more of it is Vietnamese afterwards than before.
func unicodeText(c workbook.Cell) (text string, old bool) {
	tcvn := strings.HasPrefix(c.Font, ".Vn")
	if c.Type != workbook.Text || !tcvn && !strings.HasPrefix(c.Font, "VNI") {
		return c.Raw, false
	}
	high := false
	for _, r := range c.Raw {
		if r > 0xFF {
			return c.Raw, false // Unicode was pasted into the cell
		}
		high = high || r >= 0xA1
	}
	if !high {
		return c.Raw, false
	}
	decoded := decodeVNI(c.Raw)
	if tcvn {
		decoded = decodeTCVN3(c.Raw)
		if strings.HasSuffix(c.Font, "H") { // a font of capitals on the codes of small letters
			decoded = strings.ToUpper(decoded)
		}
	}
	if vietnamese(sample(decoded)) > vietnamese(sample(c.Raw)) {
		return norm.NFC.String(decoded), true
	}
	return c.Raw, false
}

// sample bounds the work on a text of any length.
func sample(s string) string {
	if len(s) > 2000 {
		return strings.ToValidUTF8(s[:2000], "")
	}
	return s
}

// The code tables are TCVN 5712 as the .Vn fonts have it, and VNI-Windows.
const (
	tcvnCodes   = "¸µ¶·¹¢©ÊÇÈÉË¡¨¾»¼½Æ§®ÐÌÎÏÑ£ªÕÒÓÔÖÝ×ØÜÞãßáâä¤«èåæçé¥¬íêëìîóïñòô¦\u00adøõö÷ùýúûüþ"
	tcvnLetters = "áàảãạÂâấầẩẫậĂăắằẳẵặĐđéèẻẽẹÊêếềểễệíìỉĩịóòỏõọÔôốồổỗộƠơớờởỡợúùủũụƯưứừửữựýỳỷỹỵ"
	vniCodes    = "ÑñÍíÌìÆæÓóÒòÔôÖöÎî"
	vniLetters  = "ĐđÍíÌìỈỉĨĩỊịƠơƯưỴỵ"
	// Each of vniPairs is a vowel, its mark, and the letter they make.
	vniPairs = "AÙÁ aùá AØÀ aøà AÛẢ aûả AÕÃ aõã AÏẠ aïạ AÂÂ aââ AÁẤ aáấ AÀẦ aàầ AÅẨ aåẩ AÃẪ aãẫ AÄẬ aäậ AÊĂ aêă AÉẮ aéắ AÈẰ aèằ AÚẲ aúẳ AÜẴ aüẵ AËẶ aëặ EÙÉ eùé EØÈ eøè EÛẺ eûẻ EÕẼ eõẽ EÏẸ eïẹ EÂÊ eâê EÁẾ eáế EÀỀ eàề EÅỂ eåể EÃỄ eãễ EÄỆ eäệ OÙÓ oùó OØÒ oøò OÛỎ oûỏ OÕÕ oõõ OÏỌ oïọ OÂÔ oâô OÁỐ oáố OÀỒ oàồ OÅỔ oåổ OÃỖ oãỗ OÄỘ oäộ ÔÙỚ ôùớ ÔØỜ ôøờ ÔÛỞ ôûở ÔÕỠ ôõỡ ÔÏỢ ôïợ UÙÚ uùú UØÙ uøù UÛỦ uûủ UÕŨ uõũ UÏỤ uïụ ÖÙỨ öùứ ÖØỪ öøừ ÖÛỬ öûử ÖÕỮ öõữ ÖÏỰ öïự YÙÝ yùý YØỲ yøỳ YÛỶ yûỷ YÕỸ yõỹ"
)

var (
	fromTCVN = aligned(tcvnCodes, tcvnLetters)
	fromVNI  = aligned(vniCodes, vniLetters)
	pairsVNI = func() map[[2]rune]rune {
		m := map[[2]rune]rune{}
		for _, p := range strings.Fields(vniPairs) {
			r := []rune(p)
			m[[2]rune{r[0], r[1]}] = r[2]
		}
		return m
	}()
)

func aligned(codes, letters string) map[rune]rune {
	m, l := map[rune]rune{}, []rune(letters)
	for i, c := range []rune(codes) {
		m[c] = l[i]
	}
	return m
}

func decodeTCVN3(s string) string {
	return strings.Map(func(r rune) rune {
		if l, ok := fromTCVN[r]; ok {
			return l
		}
		return r
	}, s)
}

// decodeVNI tries a vowel with its mark first: ô is both a letter of its own
// (ơ) and the vowel of others (ôù is ớ).
func decodeVNI(s string) string {
	in := []rune(s)
	var b strings.Builder
	for i := 0; i < len(in); i++ {
		if i+1 < len(in) {
			if l, ok := pairsVNI[[2]rune{in[i], in[i+1]}]; ok {
				b.WriteRune(l)
				i++
				continue
			}
		}
		if l, ok := fromVNI[in[i]]; ok {
			b.WriteRune(l)
		} else {
			b.WriteRune(in[i])
		}
	}
	return b.String()
}

// vietnamese counts the words of a text that can be Vietnamese syllables less
// those that cannot. What is not ASCII belongs to words, whatever it is.
func vietnamese(s string) int {
	score := 0
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r < 0x80 && !unicode.IsLetter(r) }) {
		if syllable(strings.ToLower(w)) {
			score++
		} else {
			score--
		}
	}
	return score
}

var (
	onsets = append(strings.Fields("ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x"), "")
	codas  = strings.Fields("ch ng nh c m n p t")
	nuclei = func() map[string]bool {
		m := map[string]bool{}
		for _, n := range strings.Fields("a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ uê ui uô uơ uy ưa ưi ươ ưu iêu yê yêu oai oay oao oeo uây uôi uya uyê ươi ươu uyu") {
			m[n] = true
		}
		return m
	}()
)

// syllable reports whether a small-lettered word has the shape of a
// Vietnamese syllable: onset, vowels, coda, and one tone at most.
func syllable(w string) bool {
	tones := 0
	var letters []rune
	for _, r := range norm.NFD.String(w) {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323:
			tones++
		default:
			letters = append(letters, r)
		}
	}
	rest := norm.NFC.String(string(letters))
	if tones > 1 {
		return false
	}
	for _, o := range onsets {
		middle, ok := strings.CutPrefix(rest, o)
		if !ok {
			continue
		}
		if nuclei[middle] {
			return true
		}
		for _, c := range codas {
			if n, ok := strings.CutSuffix(middle, c); ok && nuclei[n] {
				return true
			}
		}
	}
	return false
}
