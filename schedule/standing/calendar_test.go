package standing

import (
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

func campaign() *config.Campaign {
	return &config.Campaign{
		Location: hcm,
		Deadline: config.Deadline{Before: at("2022-10-20"), GraceUntil: at("2022-10-21"), Closes: at("2022-11-05")},
		Hours:    config.Hours{From: "07:30", To: "16:30"},
	}
}

func TestWorkingDays(t *testing.T) {
	c := campaign()
	c.Holidays = []config.Holiday{
		{Date: at("2022-11-07"), Name: "nghỉ riêng của tỉnh"},
		{Date: at("2022-11-12"), Name: "làm bù", Work: true},
		{Date: at("2023-01-26"), Name: "trực", Work: true},
	}
	cal := NewCalendar(c)
	for _, tt := range []struct {
		name string
		day  string
		want bool
	}{
		{"a Wednesday is worked", "2022-10-19", true},
		{"20 October is kept as a day of commemoration, and worked", "2022-10-20", true},
		{"a Saturday is not", "2022-10-15", false},
		{"a Sunday is not", "2022-10-16", false},
		{"2 September is a holiday", "2022-09-02", false},
		{"New Year fell on a Sunday, so the Monday is off", "2023-01-02", false},
		{"the day before Tết is worked", "2023-01-19", true},
		{"Tết begins", "2023-01-20", false},
		{"the last day off of Tết", "2023-01-25", false},
		{"the campaign's word goes over the table's", "2023-01-26", true},
		{"a day off that only the campaign knows", "2022-11-07", false},
		{"a Saturday worked in exchange", "2022-11-12", true},
		{"beyond the table a weekday is taken for worked", "2024-02-12", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := cal.IsWorkingDay(at(tt.day + " 23:59")); got != tt.want {
				t.Errorf("IsWorkingDay(%s) = %v", tt.day, got)
			}
		})
	}
}

func TestStepsOverDaysOff(t *testing.T) {
	cal := NewCalendar(campaign())
	for _, tt := range []struct {
		name string
		got  time.Time
		want string
	}{
		{"the working day after a Friday is Monday", cal.NextWorkingDay(at("2022-10-14 16:00")), "2022-10-17"},
		{"the working day before a Monday is Friday", cal.PreviousWorkingDay(at("2022-10-17 07:30")), "2022-10-14"},
		{"Tết is stepped over as a whole", cal.NextWorkingDay(at("2023-01-19")), "2023-01-27"},
		{"three working days after the deadline is T+3", cal.AddWorkingDays(at("2022-10-20"), 3), "2022-10-25"},
		{"three working days before", cal.AddWorkingDays(at("2022-10-20"), -3), "2022-10-17"},
		{"no working days is the day itself, even a Sunday", cal.AddWorkingDays(at("2022-10-16 10:00"), 0), "2022-10-16"},
		{"an instant of UTC is taken to the campaign's day", cal.Day(at("2022-10-17 03:00").UTC()), "2022-10-17"},
		{"the built-in table ends with 2023", cal.TableEnds(), "2023-12-31"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !tt.got.Equal(at(tt.want)) {
				t.Errorf("got %v, want %s", tt.got, tt.want)
			}
		})
	}
	if _, ok := cal.At(at("2022-10-17"), "25:00"); ok {
		t.Error("25:00 was taken for a time of day")
	}
	c := campaign()
	c.Holidays = []config.Holiday{{Date: at("2024-02-08"), Name: "Tết"}}
	if got := NewCalendar(c).TableEnds(); !got.Equal(at("2024-12-31")) {
		t.Errorf("who lists Tết 2024 knows 2024; the table ends %v", got)
	}
}

func TestCountingWorkingDays(t *testing.T) {
	cal := NewCalendar(campaign())
	deadline := at("2022-10-20")
	for _, tt := range []struct {
		name string
		from string
		want int
	}{
		{"on Monday 17 three are left, today included (GOLDEN 3)", "2022-10-17 14:40", 3},
		{"on Friday 14 four are left, today included (GOLDEN 6.2)", "2022-10-14 07:30", 4},
		{"on the last day one is left", "2022-10-19 23:59", 1},
		{"on the deadline day none is left", "2022-10-20", 0},
		{"afterwards none is left", "2022-12-01", 0},
		{"a Saturday counts the days after it", "2022-10-15", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := cal.WorkingDaysBetween(at(tt.from), deadline); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			if got := len(cal.WorkingDays(at(tt.from), deadline)); got != tt.want {
				t.Errorf("lists %d, want %d", got, tt.want)
			}
		})
	}
	days := cal.WorkingDays(cal.Day(at("2022-10-17 16:00")).AddDate(0, 0, 1), deadline)
	if len(days) != 2 || days[0].Day() != 18 || days[1].Day() != 19 {
		t.Errorf("the digest of 17/10 names 18 and 19/10 (GOLDEN 9), got %v", days)
	}
}

func TestSendingHours(t *testing.T) {
	cal := NewCalendar(campaign())
	for _, tt := range []struct {
		name string
		at   string
		want bool
	}{
		{"at the minute they begin", "2022-10-17 07:30", true},
		{"the minute before", "2022-10-17 07:29", false},
		{"the last minute", "2022-10-17 16:29", true},
		{"at the minute they end", "2022-10-17 16:30", false},
		{"on a Saturday", "2022-10-15 09:00", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := cal.InHours(at(tt.at)); got != tt.want {
				t.Errorf("InHours(%s) = %v", tt.at, got)
			}
		})
	}
	for _, hours := range []config.Hours{{From: "7h30", To: "16:30"}, {From: "07:30", To: "soon"}, {From: "16:30", To: "07:30"}} {
		c := campaign()
		c.Hours = hours
		cal := NewCalendar(c)
		for h := range 24 {
			if noon := at("2022-10-17").Add(time.Duration(h) * time.Hour); cal.InHours(noon) {
				t.Errorf("hours %+v are open at %v", hours, noon)
			}
		}
	}
}

func TestClocksThatAreSet(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := campaign()
	c.Location = berlin
	cal := NewCalendar(c)
	// Clocks went back on 30 October 2022: that day has 25 hours.
	friday := time.Date(2022, 10, 28, 9, 0, 0, 0, berlin)
	if got, want := cal.NextWorkingDay(friday), time.Date(2022, 10, 31, 0, 0, 0, 0, berlin); !got.Equal(want) {
		t.Errorf("next working day %v, want %v", got, want)
	}
	if got, _ := cal.At(friday.AddDate(0, 0, 2), "07:30"); got.Hour() != 7 || got.Minute() != 30 {
		t.Errorf("07:30 on the day of 25 hours is %v", got)
	}
}
