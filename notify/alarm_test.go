package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
)

func TestAlarm(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	o.trouble("12 09:00", "dial tcp: no route to host")
	for _, c := range []struct{ sentence, when, want string }{
		{"a short trouble is nobody's concern", "12 09:14", ""},
		{"after fifteen minutes the desk is told", "12 09:15", "alarm/mailbox-20221012T020000Z"},
		{"once", "12 15:00", ""},
		{"and not the day after", "13 15:00", ""},
	} {
		if got := o.owed(c.when); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
	o.trouble("12 09:00", "folder \"INBOX\": closed\nfolder \"Spam\":\r\n\tclosed")
	if got := o.situation("12 15:00").Incidents[ledger.IncidentMailbox].Text; got != `folder "INBOX": closed folder "Spam": closed` {
		t.Errorf("what the server said is shown as %q", got)
	}
	if l := o.letters()["alarm/mailbox-20221012T020000Z"]; !slices.Equal(l.To, o.Campaign.Desk) {
		t.Errorf("to %v", l.To)
	}
	o.deliver("12 15:00")
	o.trouble("13 16:00", "")
	o.quiet("13 16:01") // it has not been read yet
	o.trouble("14 09:00", "login refused")
	if got := o.owed("14 09:20"); got != "alarm/mailbox-20221014T020000Z" {
		t.Errorf("another incident: %q", got)
	}
	// A queue that waited until all was well again has nothing to say.
	o.trouble("14 09:30", "")
	o.deliver("14 09:31")
	if got := o.outcomes("alarm/mailbox-20221014T020000Z"); got != "withdrawn: over_again" {
		t.Errorf("the second alarm: %s", got)
	}
}

// The first round after "invite --yes" once told the committee of a day on
// which there was nothing to tell.

// An incident is told once when it begins and once when it ends, and only to
// those who heard that it began.
func TestAllClear(t *testing.T) {
	const first, second = "alarm/mailbox-20221012T020000Z", "alarm/mailbox-20221013T010000Z"
	o := newOffice(t, "HU-BINHSON").invited()
	for _, c := range []struct {
		sentence, when string
		tell           func(*office)
		want           string
	}{
		{"a trouble", "12 09:00", func(o *office) { o.trouble("12 09:00", "no route to host") }, ""},
		{"that lasts", "12 09:20", nil, first},
		{"and ends", "12 10:00", func(o *office) { o.trouble("12 10:00", ""); o.read("12 09:59") }, first + "-over"},
		{"once", "12 10:05", func(o *office) { o.read("12 10:05") }, ""},
		{"a hiccup", "12 11:00", func(o *office) { o.trouble("12 10:59", "closed") }, ""},
		{"of which nobody heard", "12 11:05", func(o *office) { o.trouble("12 11:05", ""); o.read("12 11:05") }, ""},
		{"another trouble", "13 08:20", func(o *office) { o.trouble("13 08:00", "login refused") }, second},
		{"whose end is its own", "13 09:00", func(o *office) { o.trouble("13 09:00", ""); o.read("13 09:00") }, second + "-over"},
		{"and is not told the day after again", "14 09:00", func(o *office) { o.read("14 09:00") }, ""},
	} {
		if c.tell != nil {
			c.tell(o)
		}
		if got := o.owed(c.when, letter.AlarmKind); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		o.deliver(c.when)
	}
	for _, m := range o.smtp.sent {
		if key := field(t, m.raw, "X-Dondoc-Key"); key == first+"-over" && !strings.Contains(golden(t, m), "Từ 09 giờ 59 phút ngày 12/10/2022 chương trình đã đọc lại được") {
			t.Errorf("the all-clear:\n%s", golden(t, m))
		}
	}
	o.trouble("17 09:00", "closed")
	o.owed("17 09:30", letter.AlarmKind)
	o.deliver("17 09:30")
	o.trouble("17 10:00", "")
	o.read("17 10:00")
	o.owed("17 10:00", letter.AlarmKind)
	o.trouble("17 10:01", "closed again")
	o.deliver("17 10:02")
	if got := o.outcomes("alarm/mailbox-20221017T020000Z-over"); got != "withdrawn: over_again" {
		t.Errorf("all is not clear, and it says so all the same: %s", got)
	}
}

func TestTheDiskIsNearlyFull(t *testing.T) {
	const key = "alarm/disk-20221012T020000Z"
	disk := func(o *office, when, free string) {
		mark := ""
		if free != "" {
			mark = at(t, when).UTC().Format("2006-01-02T15:04:05Z07:00") + " " + free
		}
		o.write(when, func(tx *ledger.Tx) error { return tx.Mark(ledger.MarkDisk, mark) })
	}
	o := newOffice(t, "HU-BINHSON").invited()
	for _, c := range []struct{ sentence, when, free, want string }{
		{"told at once", "12 09:00", "851443712", key},
		{"and once", "12 15:00", "same", ""},
		{"there is room again", "13 08:00", "", key + "-over"},
		{"once", "13 08:05", "same", ""},
	} {
		if c.free != "same" {
			disk(o, c.when, c.free)
		}
		if got := o.owed(c.when, letter.AlarmKind); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		o.deliver(c.when)
	}
	if got := o.letters()[key].Subject; got != "DVK: ổ đĩa sắp đầy, còn 812 MB [DVK-2022]" {
		t.Error(got)
	}
}

// A holiday that nobody entered is taken for a working day, so the desk hears
// of it while there is time.
func TestTheHolidaysOfTheNextYearAreNotKnown(t *testing.T) {
	for _, c := range []struct{ sentence, closes, now, table, want string }{
		{"the table has the next year", "2022-12-31 00:00", "2022-11-02 08:00", "", ""},
		{"from November on, in office hours", "2024-03-01 00:00", "2023-11-01 07:30", "", "alarm/holidays-2024"},
		{"nobody is woken for it", "2024-03-01 00:00", "2023-11-01 00:00", "", ""},
		{"not before", "2024-03-01 00:00", "2023-10-31 16:00", "", ""},
		{"the campaign has no end", "", "2024-02-01 08:00", "", "alarm/holidays-2024"},
		{"of the years that nobody knows the one that runs is told", "", "2026-02-02 08:00", "", "alarm/holidays-2026"},
		{"the campaign is over", "2022-11-05 00:00", "2023-11-02 08:00", "", ""},
		{"somebody has entered them", "2024-03-01 00:00", "2023-11-02 08:00", "2024-02-08", ""},
	} {
		o := newOffice(t, "HU-BINHSON").invited()
		if o.Campaign.Deadline.Closes = (time.Time{}); c.closes != "" {
			o.Campaign.Deadline.Closes = at(t, c.closes)
		}
		if c.table != "" {
			o.Campaign.Holidays = append(slices.Clone(o.Campaign.Holidays), config.Holiday{Date: at(t, c.table+" 00:00")})
		}
		o.Notifier = o.another(o.Campaign)
		if got := o.owed(c.now, letter.AlarmKind); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		o.quiet(c.now)
		o.deliver(c.now)
		if c.want != "" {
			if got, want := o.letters()[c.want].Subject, fmt.Sprintf("DVK: chưa có lịch nghỉ lễ năm %s [DVK-2022]", c.want[len(c.want)-4:]); got != want {
				t.Errorf("%s: %q", c.sentence, got)
			}
		}
	}
}
