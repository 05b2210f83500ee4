package letter

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

func TestCalendar(t *testing.T) {
	for _, c := range []struct {
		sentence, lang string
		deadline       time.Time
		want           []string
	}{
		{"a deadline at the end of a day is that whole day", "vi", time.Date(2022, 10, 20, 0, 0, 0, 0, saigon),
			[]string{"DTSTART;VALUE=DATE:20221019", "DTEND;VALUE=DATE:20221020", "SUMMARY:Hạn gửi báo cáo", "chậm nhất hết thứ Tư\\, ngày 19/10/2022"}},
		{"a deadline within a day is that instant", "vi", time.Date(2022, 10, 20, 17, 0, 0, 0, saigon), []string{"DTSTART:20221020T100000Z", "DTEND:20221020T100000Z"}},
		{"in English", "en", time.Date(2022, 10, 20, 0, 0, 0, 0, saigon), []string{"SUMMARY:Due: ", "the end of Wednesday"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			f := facts(peopleWork(), Invite, "HU-BINHSON", "2022-10-04 07:30")
			f.Lang, f.Deadline.At = c.lang, c.deadline
			a, err := Calendar(f, "dd.x.t@bdvtu.example")
			if err != nil {
				t.Fatal(err)
			}
			text := string(a.Data)
			if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
				t.Error("a line does not end with CRLF")
			}
			unfolded := strings.ReplaceAll(text, "\r\n ", "")
			for _, want := range append(c.want, "METHOD:PUBLISH", "UID:dd.x.t@bdvtu.example", "TRANSP:TRANSPARENT") {
				if !strings.Contains(unfolded, want) {
					t.Errorf("%s is not in\n%s", want, unfolded)
				}
			}
			parsed, err := ics.ParseCalendar(strings.NewReader(text))
			if err != nil || len(parsed.Events()) != 1 || len(parsed.Events()[0].Alarms()) != 2 {
				t.Errorf("read again: %v\n%s", err, text)
			}
		})
	}
}
