package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"dondoc/config"
)

var hcm = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// at reads "2022-10-17 07:30" or "2022-10-17" in the campaign's zone.
func at(s string) time.Time {
	if len(s) == len(time.DateOnly) {
		s += " 00:00"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, hcm)
	if err != nil {
		panic(err)
	}
	return t
}

// letter624 is what schedule sees of the first campaign.
func letter624() *config.Campaign {
	return &config.Campaign{
		Location:  hcm,
		Letter:    config.Letter{Date: at("2022-10-03")},
		Deadline:  config.Deadline{Before: at("2022-10-20"), GraceUntil: at("2022-10-21"), Closes: at("2022-11-05")},
		Hours:     config.Hours{From: "07:30", To: "16:30"},
		Poll:      "@every 1m",
		Reminders: "30 7 * * MON-FRI",
		Digest:    []string{"0 16 * * MON-FRI", "30 10 17-21 10 *"},
		Weekly:    "30 7 * * MON",
		Ladder: []config.Step{
			{Name: "invite", On: true, Date: at("2022-10-04"), Text: "invite"},
			{Name: "T-10", Days: -10, Only: "nothing", Text: "notice"},
			{Name: "T-8", On: true, Days: -8, Only: "nothing", Text: "notice"},
			{Name: "T-5", Days: -5, Only: "open", Text: "state"},
			{Name: "T-3", On: true, Days: -3, Only: "open", Text: "state"},
			{Name: "T-1", On: true, Days: -1, Only: "open", Text: "last_day", Until: "16:30"},
			{Name: "T", Days: 0, Only: "open", Text: "grace_day"},
			{Name: "T+1", On: true, Days: 1, Only: "open", Text: "last"},
			{Name: "T+3", Days: 3, Only: "open", Text: "escalate", Approval: true},
		},
	}
}

func TestCompile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*config.Campaign)
		want   []string // in the English message; none: it compiles
	}{
		{"the specs of the first campaign", func(c *config.Campaign) {}, nil},
		{"an interval to poll by", func(c *config.Campaign) { c.Poll = "@every 90s" }, nil},
		{"no digests at all", func(c *config.Campaign) { c.Digest = nil }, nil},
		{"no weekly one", func(c *config.Campaign) { c.Weekly = "" }, nil},
		{"an interval for the weekly one", func(c *config.Campaign) { c.Weekly = "@every 168h" }, []string{"weekly", "time of day"}},
		{"29 February comes now and then", func(c *config.Campaign) { c.Digest = []string{"0 16 29 2 *"} }, nil},
		{"a zone that makes the library panic", func(c *config.Campaign) { c.Poll = "TZ=0" }, []string{"poll", "timezone"}},
		{"a zone in the other spelling", func(c *config.Campaign) { c.Reminders = "CRON_TZ=UTC 30 7 * * *" }, []string{"reminders", "timezone"}},
		{"31 February", func(c *config.Campaign) { c.Digest = []string{"0 16 31 2 *"} }, []string{"digest", "never comes"}},
		{"no schedule", func(c *config.Campaign) { c.Reminders = " " }, []string{"reminders", "has no schedule", "30 7 * * MON-FRI"}},
		{"too few fields", func(c *config.Campaign) { c.Reminders = "30 7" }, []string{"reminders", "no cron spec"}},
		{"a minute that does not exist", func(c *config.Campaign) { c.Reminders = "75 7 * * *" }, []string{"reminders", "no cron spec"}},
		{"words", func(c *config.Campaign) { c.Digest = []string{"mỗi chiều"} }, []string{"digest", "no cron spec", "mỗi chiều"}},
		{"an interval for reminders has no time of day", func(c *config.Campaign) { c.Reminders = "@every 24h" }, []string{"reminders", "time of day"}},
		{"an interval that goes backwards", func(c *config.Campaign) { c.Poll = "@every -1m" }, []string{"poll", "positive"}},
		{"everything wrong is told at once", func(c *config.Campaign) { c.Poll, c.Reminders, c.Digest = "x", "y", []string{"0 16 * * *", "z"} },
			[]string{"poll", "reminders", "digest", `"z"`}},
		{"a spec of a thousand letters is not repeated", func(c *config.Campaign) { c.Poll = strings.Repeat("x", 1000) }, []string{"poll", "…"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := letter624()
			tt.change(c)
			plan, err := Compile(c)
			if len(tt.want) == 0 {
				if err != nil || plan == nil {
					t.Fatalf("got %v", err)
				}
				return
			}
			var mistakes config.Mistakes
			if !errors.As(err, &mistakes) {
				t.Fatalf("got %v, want mistakes", err)
			}
			text := mistakes.In("en")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q does not say %q", text, want)
				}
			}
			if len(text) > 1000 {
				t.Errorf("the message is %d bytes long", len(text))
			}
			if vi := mistakes.In("vi"); vi == text || !strings.Contains(vi, "Ghi lại") {
				t.Errorf("in Vietnamese it says %q", vi)
			}
		})
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"@every 1m", "30 7 * * MON-FRI", "TZ=0", "CRON_TZ=Asia/Ho_Chi_Minh 0 0 * * *", "0 0 31 2 *", "*/0 * * * *", "@yearly", "5-1 * * * *"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := letter624()
		c.Poll, c.Reminders, c.Digest = s, s, []string{s}
		plan, err := Compile(c)
		if err != nil {
			return
		}
		now := at("2022-10-17 09:00")
		if next := plan.Poll.Next(now); !next.After(now) {
			t.Errorf("%q polls next at %v", s, next)
		}
		if due := plan.ReminderTime(now); !plan.cal.Day(due).Equal(plan.cal.Day(now)) {
			t.Errorf("%q puts the step of 17/10 on %v", s, due)
		}
	})
}

func TestPlanTimes(t *testing.T) {
	weekly := letter624()
	weekly.Reminders = "0 8 * * MON"
	weekly.Holidays = []config.Holiday{{Date: at("2022-10-24"), Name: "nghỉ bù"}}
	compile := func(c *config.Campaign) *Plan {
		p, err := Compile(c)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	plan, mondays := compile(letter624()), compile(weekly)
	silent := letter624()
	silent.Digest = nil
	for _, tt := range []struct {
		name string
		got  time.Time
		want string
	}{
		{"a step falls due at the reminders' time of its day", plan.ReminderTime(at("2022-10-12 23:00")), "2022-10-12 07:30"},
		{"in the campaign's zone, whatever zone the day is given in", plan.ReminderTime(at("2022-10-12 05:00").UTC()), "2022-10-12 07:30"},
		{"on a Saturday that the spec leaves out, at the same time of day", plan.ReminderTime(at("2022-10-15")), "2022-10-15 07:30"},
		{"also where the spec knows only Mondays", mondays.ReminderTime(at("2022-10-12")), "2022-10-12 08:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !tt.got.Equal(at(tt.want)) {
				t.Errorf("got %v, want %s", tt.got, tt.want)
			}
		})
	}
}

func TestDigestSlot(t *testing.T) {
	plan, err := Compile(letter624())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, now, want string
	}{
		{"at the minute it falls due", "2022-10-17 16:00", "2022-10-17-1600"},
		{"in the evening it is still that one", "2022-10-17 23:59", "2022-10-17-1600"},
		{"a minute before, the one of the morning", "2022-10-17 15:59", "2022-10-17-1030"},
		{"in the morning, yesterday's", "2022-10-18 08:00", "2022-10-17-1600"},
		{"on Monday morning, Friday's", "2022-10-17 08:00", "2022-10-14-1600"},
		{"on Sunday, Friday's", "2022-10-16 12:00", "2022-10-14-1600"},
		{"on the day of the letter nothing is owed before its first digest", "2022-10-03 15:59", ""},
		{"before the letter nothing is owed", "2022-09-30 17:00", ""},
		{"the last one before the close", "2022-11-04 17:00", "2022-11-04-1600"},
		{"the last one is still owed over the weekend after the close", "2022-11-06 09:00", "2022-11-04-1600"},
		{"years later nothing is", "2024-10-18 17:00", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			slot, when, ok := plan.DigestSlot(at(tt.now))
			if slot != tt.want || ok != (tt.want != "") {
				t.Fatalf("got %q %v", slot, ok)
			}
			if ok && when.In(hcm).Format("2006-01-02-1504") != slot {
				t.Errorf("slot %s fell due at %v", slot, when)
			}
		})
	}
}

func TestWeeklySlot(t *testing.T) {
	plan, err := Compile(letter624())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, now, want string
	}{
		{"on Monday at the minute it falls due", "2022-10-17 07:30", "2022-10-17-week"},
		{"not a minute before", "2022-10-17 07:29", ""},
		{"all that day, after an outage", "2022-10-17 23:59", "2022-10-17-week"},
		{"and the next", "2022-10-18 16:00", "2022-10-17-week"},
		{"but not in the middle of the week: the daily ones say more", "2022-10-19 08:00", ""},
		{"on the Monday of the letter there is no week to speak of", "2022-10-03 08:00", ""},
		{"the first", "2022-10-10 08:00", "2022-10-10-week"},
		{"the last, in the week of the close", "2022-10-31 08:00", "2022-10-31-week"},
		{"none after the close", "2022-11-07 08:00", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			slot, _, ok := plan.WeeklySlot(at(tt.now))
			if slot != tt.want || ok != (tt.want != "") || ok && !IsWeekly(slot) {
				t.Fatalf("got %q %v", slot, ok)
			}
		})
	}
	silent := letter624()
	silent.Weekly = ""
	if plan, err = Compile(silent); err != nil {
		t.Fatal(err)
	}
	if slot, _, ok := plan.WeeklySlot(at("2022-10-17 08:00")); ok {
		t.Errorf("switched off, it is owed all the same: %s", slot)
	}
}
