package form

import (
	"regexp"
	"strconv"
	"time"

	"dondoc/intake/workbook"
)

var (
	dayMonthYear = regexp.MustCompile(`^(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4}|\d{2})$`)
	yearMonthDay = regexp.MustCompile(`^(\d{4}) (\d{1,2}) (\d{1,2})$`)
)

// readDate reads a date cell, a day number shown as a plain number, or a date
// written out with the day before the month, as everywhere in Vietnam. It
// returns the day as YYYY-MM-DD and as a number of the 1900 calendar.
func readDate(c workbook.Cell, text string) (day string, serial float64, ok bool) {
	switch c.Type {
	case workbook.Number:
		// 1990 to 2100: beyond that a number is not a day but something else.
		if c.Number < 32874 || c.Number > 73051 {
			return "", 0, false
		}
		fallthrough
	case workbook.Date:
		d, ok := workbook.Day(c.Number)
		if !ok {
			return "", 0, false
		}
		return d.Format("2006-01-02"), workbook.Serial(d), true
	}
	f := fold(text)
	var y, m, d int
	if g := dayMonthYear.FindStringSubmatch(f); g != nil {
		d, m, y = atoi(g[1]), atoi(g[2]), atoi(g[3])
		if len(g[3]) == 2 {
			y += 2000
		}
	} else if g := yearMonthDay.FindStringSubmatch(f); g != nil {
		y, m, d = atoi(g[1]), atoi(g[2]), atoi(g[3])
	} else {
		return "", 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d || y < 1900 {
		return "", 0, false
	}
	return t.Format("2006-01-02"), workbook.Serial(t), true
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
