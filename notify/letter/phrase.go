package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Phrases that both languages need, and no template should have to work out.

var weekdays = map[string][7]string{
	"vi": {"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// day writes 17/10/2022, or 17 October 2022.
func day(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("02/01/2006")
}

// shortDay writes 17/10, or 17 Oct.
func shortDay(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 Jan")
	}
	return t.Format("02/01")
}

// weekday writes "thứ Hai, ngày 17/10/2022", or "Monday, 17 October 2022".
func weekday(lang string, t time.Time) string {
	if lang == "en" {
		return weekdays["en"][t.Weekday()] + ", " + day(lang, t)
	}
	return weekdays["vi"][t.Weekday()] + ", ngày " + day(lang, t)
}

// hour writes "09 giờ 15 phút", or "09:15".
func hour(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("15:04")
	}
	return t.Format("15 giờ 04 phút")
}

// moment writes "09 giờ 15 phút, ngày 17/10/2022", or "09:15 on 17 October 2022".
func moment(lang string, t time.Time) string {
	if lang == "en" {
		return hour(lang, t) + " on " + day(lang, t)
	}
	return hour(lang, t) + ", ngày " + day(lang, t)
}

// count writes how many there are of something: one digit becomes two in
// Vietnamese (01, 02), so that nobody can put a digit in front.
func count(lang string, n int) string {
	if lang == "en" {
		return number(lang, float64(n))
	}
	if n >= 0 && n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return number(lang, float64(n))
}

// number writes a figure: 1.046 and 91,5 in Vietnamese, 1,046 and 91.5 in English.
func number(lang string, x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if frac != "" {
		frac = "," + frac
	}
	s = sign + whole + frac
	if lang == "en" {
		s = strings.NewReplacer(".", ",", ",", ".").Replace(s)
	}
	return s
}

// percent writes a share of one with one decimal: 91,5%.
func percent(lang string, share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if lang != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s + "%"
}

// plural is the English word for n of a thing: "1 model", "2 models".
func plural(lang, word string, n int) string {
	if lang == "en" && n != 1 && word != "" && !strings.HasSuffix(word, "s") {
		return word + "s"
	}
	return word
}

// some is a number and the English word for what it counts: "1 item", "4 items".
func some(n, word string) string {
	if n != "1" {
		word += "s"
	}
	return n + " " + word
}

// or joins alternatives: "A hoặc B"; and joins all: "A, B và C".
func or(lang string, words []string) string {
	return join(words, map[string]string{"vi": " hoặc ", "en": " or "}[lang])
}

func and(lang string, words []string) string {
	return join(words, map[string]string{"vi": " và ", "en": " and "}[lang])
}

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

// lower and upper change the first letter only: "Phụ lục" in running text.
// A word that is all capitals ("MTTQ") stays.
func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// quote puts straight quotation marks around a file name.
func quote(s string) string { return `"` + s + `"` }

// fillCount puts n in place of %s in a campaign's phrase. It does not use fmt:
// an operator's "100%" must stay as it is. "model(s)" becomes what n asks for.
func fillCount(lang, phrase string, n int) string {
	ending := "s"
	if n == 1 {
		ending = ""
	}
	return strings.NewReplacer("%s", count(lang, n), "(s)", ending).Replace(phrase)
}

// lastMoment is the last day on which something before the exclusive instant
// t still counts, and whether t ends that day exactly.
func lastMoment(t time.Time) (last time.Time, wholeDay bool) {
	return t.Add(-time.Nanosecond), t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0
}

// byEnd writes "hết thứ Tư, ngày 19/10/2022" for the exclusive instant t.
func byEnd(lang string, t time.Time) string {
	last, whole := lastMoment(t)
	switch {
	case !whole && lang == "en":
		return fmt.Sprintf("%s on %s", t.Format("15:04"), weekday(lang, t))
	case !whole:
		return fmt.Sprintf("%s, %s", hour(lang, t), weekday(lang, t))
	case lang == "en":
		return "the end of " + weekday(lang, last)
	}
	return "hết " + weekday(lang, last)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}
