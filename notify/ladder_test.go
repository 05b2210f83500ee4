package notify

import (
	"slices"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// The last reminder says that it is the last, whichever step that is.
func TestTheLastReminderSaysSo(t *testing.T) {
	const words = "thư nhắc tự động cuối cùng"
	for _, c := range []struct {
		sentence, when string
		off            string
		want           bool
	}{
		{"the one of the last day is not, while another follows", "19 07:30", "", false},
		{"it is, where none follows", "19 07:30", "T+1", true},
		{"the one after is", "21 07:30", "", true},
	} {
		o := newOffice(t, "HU-BINHSON").invited()
		o.Campaign.Ladder = slices.Clone(o.Campaign.Ladder)
		for i := range o.Campaign.Ladder {
			if o.Campaign.Ladder[i].Name == c.off {
				o.Campaign.Ladder[i].On = false
			}
		}
		o.read(c.when)
		o.owed(c.when, letter.Remind)
		o.deliver(c.when)
		if len(o.smtp.sent) != 1 {
			t.Fatalf("%s: %d letters", c.sentence, len(o.smtp.sent))
		}
		if got := strings.Contains(golden(t, o.smtp.sent[0]), words); got != c.want {
			t.Errorf("%s: it says so: %t", c.sentence, got)
		}
	}
}

// A pause that ends by its date ends as one that somebody lifts: after a
// disaster the units are told of their new deadline, and nothing is made up for.
func TestAPauseEndsByItsDate(t *testing.T) {
	o := newOffice(t, "HU-TRABONG").invited()
	unit := []string{"HU-TRABONG"}
	p := o.decide("14 16:00", standing.Decision{Kind: standing.Pause, Units: unit, Until: at(t, "19 00:00"), Cause: "thien-tai"})
	o.decide("14 16:01", standing.Decision{Kind: standing.Extend, Units: unit, Until: at(t, "26 00:00"), Cause: "thien-tai"})
	for _, c := range []struct{ sentence, when, want string }{
		{"while it lasts nothing goes", "17 07:30", ""},
		{"nor on its last day", "18 16:00", ""},
		{"on the morning after the units are told", "19 07:30", "resumed/HU-TRABONG/" + p.ID},
		{"once, and nothing else that day", "19 12:00", ""},
		{"then the ladder goes on, on the new dates", "21 07:30", "remind/HU-TRABONG/T-3@2022-10-25"},
	} {
		o.read(c.when)
		if got := o.owed(c.when, letter.Remind, letter.Resumed, letter.Extended); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		o.deliver(c.when)
	}
}

// Each step can be switched off, and then its letter does not come; what was
// passed over is in the list of letters.
func TestEveryStepCanBeSwitchedOff(t *testing.T) {
	for _, off := range []string{"T-8", "T-3", "T-1", "T+1"} {
		o := newOffice(t, "HU-BINHSON").invited()
		o.Campaign.Ladder = slices.Clone(o.Campaign.Ladder)
		i := slices.IndexFunc(o.Campaign.Ladder, func(s config.Step) bool { return s.Name == off })
		o.Campaign.Ladder[i].On = false
		var got []string
		for _, when := range []string{"12 07:30", "17 07:30", "19 07:30", "21 07:30", "25 07:30"} {
			o.read(when)
			got = append(got, strings.Fields(o.owed(when, letter.Remind))...)
			o.deliver(when)
		}
		want := slices.DeleteFunc([]string{"T-8", "T-3", "T-1", "T+1"}, func(s string) bool { return s == off })
		for i := range want {
			want[i] = "remind/HU-BINHSON/" + want[i]
		}
		if !slices.Equal(got, want) {
			t.Errorf("without %s: %v", off, got)
		}
	}
	o := newOffice(t, "HU-BINHSON").invited()
	o.read("19 07:30")
	o.owed("19 07:30", letter.Remind)
	for _, step := range []string{"T-8", "T-3"} {
		if l := o.letters()["remind/HU-BINHSON/"+step]; l.Reason != "skipped" || !strings.Contains(l.Withdrawn, "T-1") {
			t.Errorf("%s was passed over and is told as %q, %q", step, l.Reason, l.Withdrawn)
		}
	}
}
