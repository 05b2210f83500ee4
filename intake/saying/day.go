package saying

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The child that reads has no clock, so what it reads of a day stays as it was
// said until Day is told when:
//
//	2022-10-18   a whole date           +1d     so many days from then on
//	--10-18      a date without a year  W+0-4   Thursday of this week, W+1-4 of the next
//	---18        a day of the month     W-4     the next Thursday, or the last
//	M+0          the end of the month   D+3d    so many days after the deadline
//
// Before any of these "<" is the day before: "trước ngày 20/10" ends with the
// 19th, as deadlines are said here.

// Day is the midnight of a day that was said so in a mail received at; past is
// true of what is over, like the day of a document. deadline is the last day
// of the unit's. ok is false where there is no such day, or it is absurdly far.
func Day(form string, received, deadline time.Time, past bool) (day time.Time, ok bool) {
	form, before := strings.CutPrefix(form, "<")
	y, m, d := received.Date()
	loc := received.Location()
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, loc) }
	today := at(y, m, d)
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	switch p := forms.FindStringSubmatch(form); {
	case p == nil:
		return time.Time{}, false
	case p[1] != "":
		day = exact(number(p[1]), number(p[2]), number(p[3]), loc)
	case p[4] != "":
		for _, year := range []int{y - 1, y, y + 1} {
			if c := exact(year, number(p[4]), number(p[5]), loc); !c.IsZero() && (day.IsZero() || c.Sub(today).Abs() < day.Sub(today).Abs()) {
				day = c
			}
		}
	case p[6] != "":
		for back := range 3 {
			c := exact2(y, int(m)+back, number(p[6]), loc)
			if past {
				c = exact2(y, int(m)-back, number(p[6]), loc)
			}
			if !c.IsZero() && (c.Equal(today) || c.After(today) != past) {
				day = c
				break
			}
		}
	case p[7] != "":
		day = at(y, m, d+number(p[7]))
	case p[8] != "":
		day = at(y, m, d-weekday(today)+7*number(p[8])+number(p[9]))
		if day.Before(today) && !past {
			return time.Time{}, false
		}
	case p[10] != "":
		n := number(p[10]) - weekday(today)
		switch {
		case past && n > 0:
			n -= 7
		case !past && n <= 0:
			n += 7
		}
		day = at(y, m, d+n)
	case p[11] != "":
		if deadline.IsZero() {
			return time.Time{}, false
		}
		y, m, d := deadline.Date()
		day = at(y, m, d+number(p[11]))
	default:
		day = at(y, m+1, 0)
	}
	if before && !day.IsZero() {
		day = day.AddDate(0, 0, -1)
	}
	return day, !day.IsZero() && day.Sub(today).Abs() < 400*24*time.Hour
}

var forms = regexp.MustCompile(`^(?:(\d{4})-(\d\d)-(\d\d)|--(\d\d)-(\d\d)|---(\d\d)|([+-]\d{1,2})d|W\+(\d)-(\d)|W-(\d)|D\+(\d{1,2})d|M\+0)$`)

// weekday is 1 on Mondays and 7 on Sundays (ISO 8601).
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// exact is a day of the calendar, zero if it has none of the kind.
func exact(y, m, d int, loc *time.Location) time.Time {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc)
	if t.Day() != d || int(t.Month()) != m {
		return time.Time{}
	}
	return t
}

// exact2 is exact where the month may run over the year.
func exact2(y, m, d int, loc *time.Location) time.Time {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc)
	if t.Day() != d {
		return time.Time{}
	}
	return t
}

// dated is a day found in a line.
type dated struct {
	from, to int
	form     string
}

// days are the days that a line names, in its order.
func days(l line) []dated {
	var out []dated
	free := []byte(l.plain)
	for _, w := range wordings {
		for _, at := range w.re.FindAllSubmatchIndex(free, -1) {
			part := func(i int) string {
				if 2*i+1 >= len(at) || at[2*i] < 0 {
					return ""
				}
				return string(free[at[2*i]:at[2*i+1]])
			}
			form := w.form(part)
			if form == "" || !alone(string(free), at[0], at[1]) {
				continue
			}
			if beforeIt.Match(free[:at[0]]) {
				form = "<" + form
			}
			out = append(out, dated{at[0], at[1], form})
			for i := at[0]; i < at[1]; i++ {
				free[i] = '#'
			}
		}
	}
	out = slices.DeleteFunc(out, func(d dated) bool { return notADay.MatchString(l.plain[d.to:]) })
	slices.SortFunc(out, func(a, b dated) int { return a.from - b.from })
	return out
}

// alone reports whether what was found is no piece of a longer number.
func alone(s string, from, to int) bool {
	if from > 0 && (digit(s[from-1]) && digit(s[from]) || s[from-1] == '/') {
		return false
	}
	return to >= len(s) || !digit(s[to]) && s[to] != '/' || !digit(s[to-1])
}

var (
	beforeIt = regexp.MustCompile(`\b(truoc|before)( ngay| hom| the)? *$`)
	// "01/02 mô hình" is one write-up of two.
	notADay = regexp.MustCompile(`^ *(mo hinh|dien hinh|models?|phan|noi dung)\b`)
)

type wording struct {
	re   *regexp.Regexp
	form func(part func(int) string) string
}

// wordings are the ways to name a day, the most exact first: what one has taken
// no other one reads again.
var wordings = []wording{
	{regexp.MustCompile(`(?:\bngay |\bhom )?\b(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?((?:20)?\d\d)\b`), func(p func(int) string) string { return date(p(1), p(2), p(3)) }},
	{regexp.MustCompile(`\b(20\d\d)-(\d\d)-(\d\d)\b`), func(p func(int) string) string { return date(p(3), p(2), p(1)) }},
	{regexp.MustCompile(`(?:\bngay |\bhom |\bmung )?\b(\d{1,2}) thang (\d{1,2})(?:(?: nam |[/.-])(20\d\d))?\b`), func(p func(int) string) string { return date(p(1), p(2), p(3)) }},
	{regexp.MustCompile(`(?:\bngay |\bhom )?\b(\d{1,2}) ?/ ?(\d{1,2})\b`), func(p func(int) string) string { return date(p(1), p(2), "") }},
	{regexp.MustCompile(`(?:\bngay |\bhom |\bhet |\bden |\btruoc )(\d{1,2})[.-](\d{1,2})\b`), func(p func(int) string) string { return date(p(1), p(2), "") }},
	{regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?` + months + `(?:,? (20\d\d))?\b`), func(p func(int) string) string { return date(p(1), month(p(2)), p(3)) }},
	{regexp.MustCompile(`\b` + months + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?\b`), func(p func(int) string) string { return date(p(2), month(p(1)), p(3)) }},
	{regexp.MustCompile(`\b(?:ngay |sang |chieu |trua |toi |hom )?mai\b|\btomorrow\b`), func(func(int) string) string { return "+1d" }},
	{regexp.MustCompile(`\b(?:ngay|sang|chieu) kia\b|\bday after tomorrow\b`), func(func(int) string) string { return "+2d" }},
	{regexp.MustCompile(`\b(?:hom|ngay|sang|chieu|toi) qua\b|\byesterday\b`), func(func(int) string) string { return "-1d" }},
	{regexp.MustCompile(`\bhom kia\b`), func(func(int) string) string { return "-2d" }},
	{regexp.MustCompile(`\b(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat|cn))\b(?: tuan (nay|sau|toi)\b)?`), func(p func(int) string) string { return ofWeek(p(1)+p(2), p(3)) }},
	{regexp.MustCompile(`\b(this |next |on |by )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b`), func(p func(int) string) string { return ofWeek(p(2), strings.TrimSpace(p(1))) }},
	{regexp.MustCompile(`\bdau tuan (?:sau|toi)\b|\bearly next week\b`), func(func(int) string) string { return "W+1-1" }},
	{regexp.MustCompile(`\bgiua tuan (?:sau|toi)\b`), func(func(int) string) string { return "W+1-3" }},
	{regexp.MustCompile(`\b(?:cuoi |trong )?tuan (?:sau|toi)\b|\bnext week\b`), func(func(int) string) string { return "W+1-5" }},
	{regexp.MustCompile(`\bgiua tuan(?: nay)?\b`), func(func(int) string) string { return "W+0-3" }},
	{regexp.MustCompile(`\b(?:cuoi tuan(?: nay)?|(?:trong )?tuan nay)\b|\b(?:this week|end of the week)\b`), func(func(int) string) string { return "W+0-5" }},
	{regexp.MustCompile(`\bcuoi thang(?: nay)?\b|\bend of the month\b`), func(func(int) string) string { return "M+0" }},
	{regexp.MustCompile(`\b(?:sau|trong|trong vong|khoang|in|within) (\d{1,2}|mot|hai|ba|bon|nam) (?:ngay|days)\b|\b(\d{1,2}|mot|hai|ba|bon|nam) ngay (?:nua|toi)\b`), func(p func(int) string) string { return "+" + counted(p(1)+p(2)) + "d" }},
	{regexp.MustCompile(`\b(?:ngay|hom|mung) (\d{1,2})\b`), func(p func(int) string) string { return monthDay(p(1)) }},
	{regexp.MustCompile(`\bhom nay\b|\b(?:sang|trua|chieu|toi) nay\b|\btrong ngay\b|\btoday\b|\bthis (?:morning|afternoon|evening)\b`), func(func(int) string) string { return "+0d" }},
}

const months = `(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)`

func month(name string) string {
	return strconv.Itoa(slices.Index([]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}, name[:3]) + 1)
}

func date(d, m, y string) string {
	day, _ := strconv.Atoi(d)
	month, _ := strconv.Atoi(m)
	year, _ := strconv.Atoi(y)
	if year > 0 && year < 100 {
		year += 2000
	}
	if day < 1 || day > 31 || month < 1 || month > 12 {
		return ""
	}
	if year == 0 {
		return fmt.Sprintf("--%02d-%02d", month, day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

func monthDay(d string) string {
	if n, _ := strconv.Atoi(d); n >= 1 && n <= 31 {
		return fmt.Sprintf("---%02d", n)
	}
	return ""
}

func ofWeek(name, which string) string {
	n := slices.IndexFunc([]string{"hai 2 monday", "ba 3 tuesday", "tu 4 wednesday", "nam 5 thursday", "sau 6 friday", "bay 7 saturday", "chu nhat cn sunday"},
		func(names string) bool {
			return slices.Contains(strings.Fields(names), name) || name == "chu nhat" && strings.HasPrefix(names, name)
		}) + 1
	switch which {
	case "nay", "this":
		return fmt.Sprintf("W+0-%d", n)
	case "sau", "toi", "next":
		return fmt.Sprintf("W+1-%d", n)
	}
	return fmt.Sprintf("W-%d", n)
}

// counted is a small number, in digits or in words.
func counted(s string) string {
	if n := slices.Index([]string{"", "mot", "hai", "ba", "bon", "nam"}, s); n > 0 {
		return strconv.Itoa(n)
	}
	n, _ := strconv.Atoi(s)
	return strconv.Itoa(n)
}
