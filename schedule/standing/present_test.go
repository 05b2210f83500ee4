package standing

import (
	"strings"
	"testing"
	"time"
)

func TestPresent(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse("2006-01-02", text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	made := func(days ...string) (all []Decision) {
		for _, d := range days {
			all = append(all, Decision{At: day(d)})
		}
		return all
	}
	for _, c := range []struct {
		sentence string
		f        Facts
		now      string
		want     string // the days of the decisions
	}{
		{"a clock that was never set back is believed", Facts{Decisions: made("2022-10-03", "2022-10-20")}, "2022-10-18", "03/10/22 20/10/22"},
		{"what it dated in a year to come was made by the time that it was set back",
			Facts{Decisions: made("2022-10-03", "2023-10-17", "2022-10-19"), SetBack: []SetBack{{day("2022-10-18"), 2}}}, "2022-10-20", "03/10/22 18/10/22 19/10/22"},
		{"in a look at the past it has not happened", Facts{Decisions: made("2022-10-03", "2023-10-17"), SetBack: []SetBack{{day("2022-10-18"), 2}}}, "2022-10-17", "03/10/22 17/10/23"},
		{"nor has what was made since, and is dated later", Facts{Decisions: made("2022-10-03", "2022-10-19"), SetBack: []SetBack{{day("2022-10-12"), 1}}}, "2022-10-18", "03/10/22 19/10/22"},
		{"while a clock shows 1970 what was made before has been made", Facts{Decisions: made("2022-10-03"), SetBack: []SetBack{{day("1970-01-02"), 1}}}, "1970-01-03", "02/01/70"},
		{"and once it is right again it was made when it was", Facts{Decisions: made("2022-10-03", "1970-01-03"), SetBack: []SetBack{{day("1970-01-02"), 1}}}, "2022-10-18", "03/10/22 03/01/70"},
		{"the first time that it was set back to what has been is the one", Facts{Decisions: made("2023-10-17"), SetBack: []SetBack{{day("2023-01-01"), 1}, {day("2022-10-18"), 1}, {day("2022-10-16"), 1}}},
			"2022-10-20", "18/10/22"},
	} {
		before := len(c.f.Decisions)
		var got []string
		for _, d := range c.f.Present(day(c.now)).Decisions {
			got = append(got, d.At.Format("02/01/06"))
		}
		if strings.Join(got, " ") != c.want || before != len(got) {
			t.Errorf("%s: %v, want %s", c.sentence, got, c.want)
		}
	}
	f := Facts{Decisions: made("2023-10-17"), SetBack: []SetBack{{day("2022-10-18"), 1}}}
	f.Present(day("2022-10-20"))
	if !f.Decisions[0].At.Equal(day("2023-10-17")) {
		t.Error("the facts themselves were changed")
	}
}
