package command

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// courtesy reports whether a line is what people write around what they have to
// say: a greeting, thanks, a farewell, what the telephone adds.
func courtesy(line string) bool {
	folded := strings.Trim(finding.Fold(line), ` .,!;:"-*_=`)
	return folded == "" || greeting.MatchString(folded) && utf8.RuneCountInString(line) <= 60 || added.MatchString(folded)
}

var (
	greeting = regexp.MustCompile(`^((em |anh |chi |toi )?(xin )?((kinh |than |thua )+gui|gui (anh|chi|em|ban|phong|cac|he thong|dong chi)|(kinh |than )*(chao|thua))\b[^?]*|(dear|hello|hi|good (morning|afternoon|evening))\b[^?]*|(tran trong|than men|than ai|kinh thu|than|kinh)( cam on| kinh chao| thong bao| cam on anh| cam on chi)?|((xin )?(chan thanh )?cam on)( (nhieu|anh|chi|em|ban|a|chi|phong|cac|dong chi|nhe|rat|va|moi|nguoi))*|(many )?thanks( you| and regards| a lot)?|thank you( very much)?|(best |kind |warm )?regards|yours( sincerely| faithfully)?|sincerely|br|tt)$`)
	added    = regexp.MustCompile(`^(sent from |sent via |gui tu |duoc gui tu |da gui tu |get outlook for |tai outlook cho |scanned by |virus-free)`)
	// about is how a line of a signature begins that is no name.
	about = regexp.MustCompile(`^(truong|pho|chuyen vien|chanh|can bo|van thu|phong|ban|van phong|tinh uy|so|uy ban|bi thu|t/m|tm|k/t|kt|tl|t/l|dt|dien thoai|sdt|di dong|mobile|tel|phone|cell|email|e-mail|mail|fax|zalo|dia chi|website|www|https?)\b`)
	call  = regexp.MustCompile(`^[+(]?[0-9][0-9 ().+-]{7,20}$`)
)

// signature is where the signature begins: paragraphs at the end, below the
// last order (a line of lines), of which each line is a name, an office or a
// number to call.
func signature(lines []string, last int) int {
	end := len(lines)
	for end > last+1 {
		for end > last+1 && (lines[end-1] == "" || courtesy(lines[end-1])) {
			end--
		}
		start := end
		for start > last+1 && start > 0 && lines[start-1] != "" && !courtesy(lines[start-1]) && end-start < 6 {
			start--
		}
		if start == end || start > 0 && start == last+1 && lines[start-1] != "" && !courtesy(lines[start-1]) {
			return end // nothing parts it from the order
		}
		for _, line := range lines[start:end] {
			if !signs(line) {
				return end
			}
		}
		end = start
	}
	return end
}

func signs(line string) bool {
	folded := finding.Fold(line)
	return about.MatchString(folded) && utf8.RuneCountInString(line) <= 90 || call.MatchString(folded) || name(line)
}

// name reports whether a line is one to six words that each begin with a
// capital. One all in capitals is a name only with one of the family names that
// nine in ten people here have: "KHOAN ĐÃ" is not.
func name(line string) bool {
	words := strings.Fields(strings.Trim(line, ` .,;:"-`))
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	capitals := true
	for i, w := range words {
		for j, r := range []rune(strings.Trim(w, ".,-")) {
			if !unicode.IsLetter(r) && !unicode.IsMark(r) || j == 0 && !unicode.IsUpper(r) {
				return false
			}
			capitals = capitals && unicode.IsUpper(r)
		}
		words[i] = finding.Plain(w)
	}
	return !capitals || family[words[0]] || len(words) == 1 && utf8.RuneCountInString(words[0]) == 1
}

var family = map[string]bool{"nguyen": true, "tran": true, "le": true, "pham": true, "huynh": true, "hoang": true, "phan": true, "vu": true, "vo": true,
	"dang": true, "bui": true, "do": true, "ho": true, "ngo": true, "duong": true, "ly": true, "dinh": true, "truong": true, "doan": true, "luong": true,
	"dao": true, "mai": true, "trinh": true, "cao": true, "ta": true, "ha": true, "chau": true, "quach": true, "to": true, "thai": true, "kieu": true, "tu": true}
