package workbook

import (
	"math"
	"strings"
	"time"
)

// shift1904 is what a day number of the 1904 calendar lacks.
const shift1904 = 1462

// Day returns the calendar day of a Date cell's number: midnight, UTC. The
// 1900 calendar counts a 29 February 1900 that never was (ECMA-376 part 1,
// 18.17.4.1), so days before March 1900 are one off. ok is false outside
// 1900–9999.
func Day(serial float64) (day time.Time, ok bool) {
	if math.IsNaN(serial) || serial < 1 || serial >= 2_958_466 {
		return time.Time{}, false
	}
	n := int(math.Floor(serial))
	if n < 60 {
		n++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n), true
}

// Serial is the inverse of Day.
func Serial(day time.Time) float64 {
	d := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	n := d.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	if n <= 60 {
		n--
	}
	return n
}

// builtinFormat holds the number formats that files refer to by number only
// (ECMA-376 part 1, 18.8.30), as far as they tell dates and percentages apart.
func builtinFormat(id int) string {
	switch {
	case id == 9:
		return "0%"
	case id == 10:
		return "0.00%"
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return "dd/mm/yyyy"
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return "hh:mm:ss"
	}
	return ""
}

// classify tells whether a number format shows dates or percentages. Only its
// first section counts; what is quoted, escaped or in brackets is decoration.
func classify(format string) (date, percent bool) {
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case ';':
			return date, percent
		case '"':
			if j := strings.IndexByte(format[i+1:], '"'); j >= 0 {
				i += j + 1
			} else {
				return date, percent
			}
		case '\\', '_', '*':
			i++
		case '[':
			j := strings.IndexByte(format[i:], ']')
			if j < 0 {
				return date, percent
			}
			switch strings.ToLower(format[i+1 : i+j]) {
			case "h", "hh", "m", "mm", "s", "ss":
				date = true
			}
			i += j
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			date = true
		case 'G', 'g': // General
			if len(format)-i >= 7 && strings.EqualFold(format[i:i+7], "general") {
				i += 6
			}
		case '%':
			percent = true
		}
	}
	return date, percent
}

// ShowsDate reports whether a number format, given by its built-in number or
// its own code, shows dates.
func ShowsDate(id int, code string) bool {
	if code == "" {
		code = builtinFormat(id)
	}
	date, _ := classify(code)
	return date
}
