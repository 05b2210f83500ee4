package form

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"dondoc/intake/workbook"
)

// number is what the grammar made of one cell that should hold a number.
type number struct {
	sense sense
	code  string  // of the complaint: N02…N11, S18; N11 with plain set is no complaint
	value float64 // of okay and warn; of fail, the number that is refused (N03)
	has   bool    // value is set
	plain bool    // only another way to write a whole number: recorded, never said
	one   string  // N05: the two numbers that may be meant
	two   string
}

type sense byte

const (
	okay  sense = iota
	warn        // taken, and said
	ask         // two readings: the unit is asked
	fail        // no number
	blank       // nothing there
)

var (
	onlyDigits  = regexp.MustCompile(`^\d+$`)
	dotted      = regexp.MustCompile(`^[1-9]\d{0,2}(\.\d{3})+$`) // 1.234: thousands, as written in Vietnam
	dottedComma = regexp.MustCompile(`^[1-9]\d{0,2}(\.\d{3})+,\d+$`)
	commaed     = regexp.MustCompile(`^[1-9]\d{0,2}(,\d{3})+$`)
	spaced      = regexp.MustCompile(`^[1-9]\d{0,2}( \d{3})+$`)
	zeroTail    = regexp.MustCompile(`^\d+[.,]0{1,2}$`)
	fraction    = regexp.MustCompile(`^\d+[.,]\d+$`)
	negative    = regexp.MustCompile(`^(-\s*\d[\d.,]*.*|\(\s*\d[\d.,]*\s*\))$`)
	numerals    = regexp.MustCompile(`[1-9]\d{0,2}(?: \d{3})+\b|\d+(?:[.,]\d+)*`)
	letterDigit = regexp.MustCompile(`\pL\d`)
	none        = regexp.MustCompile(`^((khong|ko|k)( (co|phat sinh|mh|mo hinh|dien hinh|truong hop|nao|gi))*|0 co|chua co( (mo hinh|mh|nao))*)$`)
	dashes      = regexp.MustCompile(`^-+$`)
	range_      = regexp.MustCompile(`\d\s*-\s*\d|\d\s*\+$|[~<>≤≥≈±]`)
	about       = regexp.MustCompile(`\b(khoang|tren|duoi|hon|gan|chung|uoc|xap xi|it nhat|toi thieu|toi da|khong qua|tro len|tu \d+ den \d+|vai)\b`)
	trailing    = regexp.MustCompile(`[\s.,;:/]+$`)
	nouns       = regexp.MustCompile(`( (mo hinh|dien hinh|mh|tap the|ca nhan|tt|cn|don vi|nguoi|truong hop|cai|chiec))+$`)
)

// readNumber reads a cell by the one documented grammar of numbers
// (domain/TEMPLATE.md §5), for counts (whole) or measures. Nothing is ever
// guessed by a factor of a thousand: where two readings make sense, the
// unit is asked. Text is Unicode already.
func readNumber(c workbook.Cell, whole bool) number {
	switch c.Type {
	case workbook.Blank:
		if c.Formula {
			return number{sense: fail, code: "S18"} // no stored value; another file's formula is not ours to compute
		}
		return number{sense: blank, code: "N01"}
	case workbook.Fault:
		return number{sense: fail, code: "S18"}
	case workbook.Bool:
		return number{sense: fail, code: "N02"}
	case workbook.Date:
		return number{sense: fail, code: "N10"}
	case workbook.Number:
		return readStored(c, whole)
	}
	if c.Formula && strings.TrimSpace(c.Raw) == "" {
		return number{sense: blank, code: "N01"}
	}
	return readText(c.Raw, whole)
}

// readStored reads a cell that the spreadsheet itself took for a number.
func readStored(c workbook.Cell, whole bool) number {
	n := c.Number
	near := math.Round(n)
	switch {
	case c.Percent:
		return number{sense: fail, code: "N08"}
	case n < 0 && whole:
		return number{sense: fail, code: "N03", value: n, has: true}
	case !whole || n == near:
		return number{value: n, has: true}
	case math.Abs(n-near) < 1e-9*math.Max(1, math.Abs(n)):
		return number{sense: warn, code: "N11", value: near, has: true}
	}
	// A machine set to English takes "1.234" for one and a bit: the digits say
	// so when a thousand times the number is whole.
	if k := n * 1000; math.Abs(k-math.Round(k)) < 1e-6 {
		r := number{sense: ask, code: "N05", one: plainNumber(math.Round(k)), two: VN(n)}
		if h := n * 100; math.Abs(h-math.Round(h)) < 1e-6 {
			r.value, r.has = math.Round(k), true
		}
		return r
	}
	return number{sense: fail, code: "N04"}
}

func readText(text string, whole bool) number {
	s := plainText(text)
	if s == "" || s == "." {
		return number{sense: blank, code: "N01"}
	}
	if onlyDigits.MatchString(s) {
		n, ok := parse(s)
		if !ok {
			return number{sense: fail, code: "N02"}
		}
		return number{code: "N11", value: n, has: true, plain: true}
	}
	f := fold(s)
	switch {
	case none.MatchString(f) && !strings.ContainsAny(s, "/%"), dashes.MatchString(s):
		return number{sense: warn, code: "N11", value: 0, has: true}
	case strings.Contains(s, "%"):
		return number{sense: fail, code: "N08"}
	case negative.MatchString(s) && !range_.MatchString(s[1:]):
		digits := numerals.FindString(s)
		if n, ok := parse(digits); ok {
			if !whole {
				return number{value: -n, has: true}
			}
			return number{sense: fail, code: "N03", value: -n, has: true}
		}
		return number{sense: fail, code: "N03"}
	}
	if r, ok := readFigure(s, whole); ok {
		return r
	}
	found := numerals.FindAllString(s, -1)
	words, spelt := spelled(f)
	if len(found) > 0 || spelt {
		if range_.MatchString(s) || about.MatchString(f) {
			return number{sense: fail, code: "N06"}
		}
	}
	if len(found) == 0 {
		if spelt {
			return number{sense: warn, code: "N11", value: words, has: true}
		}
		return number{sense: fail, code: "N02"}
	}
	if letterDigit.MatchString(s) {
		return number{sense: fail, code: "N02"} // O5, l2: letters for digits
	}
	if len(found) > 1 {
		return number{sense: fail, code: "N07"}
	}
	core := trailing.ReplaceAllString(found[0], "")
	r, ok := readFigure(core, whole)
	if !ok {
		n, ok := parse(core)
		if !ok {
			return number{sense: fail, code: "N02"}
		}
		r = number{sense: warn, code: "N11", value: n, has: true}
	}
	if r.sense == okay || r.sense == warn {
		r.sense, r.code, r.plain = warn, "N11", false
		// "05 (năm)": a number in letters beside the figures must be the same.
		rest := fold(strings.Replace(s, found[0], " ", 1))
		if n, ok := spelled(rest); ok && n != r.value {
			return number{sense: fail, code: "N07"}
		}
	}
	return r
}

// readFigure reads what consists of digits and separators alone.
func readFigure(s string, whole bool) (number, bool) {
	warned := func(digits string) (number, bool) {
		n, ok := parse(digits)
		return number{sense: warn, code: "N11", value: n, has: ok}, ok
	}
	switch {
	case onlyDigits.MatchString(s):
		n, ok := parse(s)
		return number{value: n, has: ok}, ok
	case dotted.MatchString(s) && whole, dotted.MatchString(s) && strings.Count(s, ".") > 1:
		return warned(strings.ReplaceAll(s, ".", ""))
	case dotted.MatchString(s), commaed.MatchString(s):
		joined := strings.NewReplacer(".", "", ",", "").Replace(s)
		two := strings.Replace(s, ".", ",", 1)
		return number{sense: ask, code: "N05", one: joined, two: two}, true
	case spaced.MatchString(s):
		joined := strings.ReplaceAll(s, " ", "")
		n, ok := parse(joined)
		return number{sense: ask, code: "N05", value: n, has: ok, one: joined, two: strings.ReplaceAll(s, " ", " + ")}, ok
	case zeroTail.MatchString(s):
		return warned(s[:strings.IndexAny(s, ".,")])
	case dottedComma.MatchString(s), fraction.MatchString(s):
		if whole {
			return number{sense: fail, code: "N04"}, true
		}
		if dottedComma.MatchString(s) {
			s = strings.ReplaceAll(s, ".", "")
		}
		n, ok := parse(strings.Replace(s, ",", ".", 1))
		return number{value: n, has: ok, code: "N11", plain: true}, ok
	}
	return number{}, false
}

// parse reads digits, exactly or not at all.
func parse(s string) (float64, bool) {
	if len(s) > 15 {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// plainText makes full-width digits plain, every kind of space and dash the
// common one, drops what nobody sees, and trims.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF10 && r <= 0xFF19:
			return r - 0xFF10 + '0'
		case r == 0xFF1D:
			return '='
		case hiddenRune(r):
			return -1
		case r == 0xA0 || r == 0x202F || r >= 0x2000 && r <= 0x200A || r == 0x3000 || r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r == '–' || r == '—' || r == '−' || r == '‐' || r == '‑':
			return '-'
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// VN writes a number as letters do: thousands with dots, decimals with a comma.
func VN(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if frac != "" {
		frac = "," + frac
	}
	return sign + whole + frac
}

// plainNumber writes a number with no separator but a decimal comma.
func plainNumber(n float64) string {
	return strings.Replace(strconv.FormatFloat(n, 'f', -1, 64), ".", ",", 1)
}

// within judges a number by the bounds of the form's data validation.
func (n number) within(lo, hi *float64) number {
	if n.sense != okay && n.sense != warn {
		return n
	}
	switch {
	case lo != nil && n.value < *lo && n.value < 0:
		n.sense, n.code, n.plain = fail, "N03", false
	case lo != nil && n.value < *lo, hi != nil && n.value > *hi:
		n.sense, n.code, n.plain = ask, "N09", false
	}
	return n
}
