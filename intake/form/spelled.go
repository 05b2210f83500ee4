package form

import "strings"

// units are the numerals of Vietnamese, folded, with the forms they take
// behind tens ("mốt", "tư", "lăm").
var units = map[string]float64{
	"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5,
	"sau": 6, "bay": 7, "tam": 8, "chin": 9,
}

// spelled reads a number in letters up to 999 ("hai mươi mốt", "một trăm linh
// năm"), counted things behind it allowed. The text must consist of nothing
// else: "một số" means several, "như năm trước" no five.
func spelled(folded string) (float64, bool) {
	folded = strings.TrimSpace(nouns.ReplaceAllString(" "+folded, ""))
	words := strings.Fields(folded)
	if len(words) == 0 || len(words) > 6 {
		return 0, false
	}
	total, last, seen := 0.0, -1.0, false
	for i, w := range words {
		switch n, ok := units[w]; {
		case w == "khong" && len(words) == 1:
			return 0, true
		case ok:
			if last >= 0 { // two units in a row are an estimate ("hai ba")
				return 0, false
			}
			last, seen = n, true
		case w == "muoi":
			if last >= 0 {
				total, last = total+last*10, -1
			} else if !seen || i > 0 && words[i-1] == "tram" {
				total += 10
			} else {
				return 0, false
			}
			seen = true
		case w == "tram":
			if last < 0 || i != 1 {
				return 0, false
			}
			total, last = last*100, -1
		case (w == "linh" || w == "le" || w == "khong") && i > 0 && words[i-1] == "tram":
		default:
			return 0, false
		}
	}
	if last >= 0 {
		total += last
	}
	return total, seen
}
