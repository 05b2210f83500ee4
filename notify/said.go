package notify

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
)

var (
	// Of the Party "125-BC/HU", of the State "45/BC-SNV" (ANCHORS §2).
	documentNumber = regexp.MustCompile(`(?i)\b\d{1,5}\s?[-/]\s?[A-ZĐ]{2,6}(?:[-/&][A-ZĐ&]{1,10})*`)
	documentDay    = regexp.MustCompile(`\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](20\d\d))?\b`)
)

// channels are the words by which a unit says how it sent something.
var channels = []struct{ word, via string }{
	{"lien thong", "lien-thong"}, {"truc", "lien-thong"}, {"ioffice", "lien-thong"}, {"van ban dien tu", "lien-thong"},
	{"zalo", "zalo"}, {"dien thoai", "dien-thoai"},
	{"ban giay", "giay"}, {"buu dien", "giay"}, {"truc tiep", "giay"}, {"van thu", "giay"},
}

// said reads what a reply "ĐÃ GỬI" names: the document's number and day, and
// how it was sent. What is not there stays empty; nothing is decided by it.
func said(m *finding.Verdict, loc *time.Location) letter.Said {
	var s letter.Said
	number := documentNumber.FindStringIndex(m.Text)
	rest := m.Text
	if number != nil {
		s.Ref = strings.ReplaceAll(m.Text[number[0]:number[1]], " ", "")
		rest = m.Text[:number[0]] + " " + m.Text[number[1]:]
	}
	if d := documentDay.FindStringSubmatch(rest); d != nil {
		received := m.Received.In(loc)
		day, _ := strconv.Atoi(d[1])
		month, _ := strconv.Atoi(d[2])
		year, _ := strconv.Atoi(d[3])
		if year == 0 {
			year = received.Year()
		}
		// A day that the calendar does not have is no day.
		if t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, loc); t.Day() == day && int(t.Month()) == month {
			s.Day = t
		}
	}
	words := finding.Fold(rest)
	for _, c := range channels {
		if strings.Contains(words, c.word) {
			s.Via = c.via
			break
		}
	}
	return s
}
