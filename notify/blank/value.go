package blank

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// value is what a cell holds, with its type.
type value struct {
	kind kind
	text string // a number as in XML, "1" or "0" for a truth value
}

type kind byte

const (
	blank kind = iota
	numeric
	text
	truth
)

var isoDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

func valueOf(content any, date bool) (value, error) {
	switch c := content.(type) {
	case nil:
		return value{}, nil
	case bool:
		if c {
			return value{truth, "1"}, nil
		}
		return value{truth, "0"}, nil
	case int:
		return value{numeric, strconv.Itoa(c)}, nil
	case int64:
		return value{numeric, strconv.FormatInt(c, 10)}, nil
	case float64:
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return value{}, fmt.Errorf("%v is no number for a cell", c)
		}
		return value{numeric, strconv.FormatFloat(c, 'f', -1, 64)}, nil
	case time.Time:
		return value{numeric, strconv.Itoa(serial(c))}, nil
	case string:
		if c == "" {
			return value{}, nil
		}
		if date && isoDate.MatchString(c) {
			if day, err := time.Parse(time.DateOnly, c); err == nil {
				return value{numeric, strconv.Itoa(serial(day))}, nil
			}
		}
		return value{text, c}, nil
	}
	return value{}, fmt.Errorf("a cell cannot hold a %T", content)
}

// serial is the number by which Excel knows the day of t in t's own zone.
func serial(t time.Time) int {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// putInto sets a cell of the workbook that is computed.
func (v value) putInto(f *excelize.File, p place) error {
	switch v.kind {
	case numeric:
		float, err := strconv.ParseFloat(v.text, 64)
		if err != nil {
			return err
		}
		return f.SetCellValue(p.sheet, p.cell, float)
	case text:
		return f.SetCellStr(p.sheet, p.cell, v.text)
	case truth:
		return f.SetCellBool(p.sheet, p.cell, v.text == "1")
	}
	return f.SetCellValue(p.sheet, p.cell, nil)
}

// escape is s as character data; what XML cannot hold becomes U+FFFD.
func escape(s string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.Bytes()
}

// fits cuts text to what one cell can hold.
func fits(s string) string {
	const most = 32767 // characters, as Excel counts (UTF-16)
	units := 0
	for i, r := range s {
		if units++; r > 0xFFFF {
			units++
		}
		if units > most {
			return s[:i]
		}
	}
	if !utf8.ValidString(s) {
		return string([]rune(s))
	}
	return s
}
