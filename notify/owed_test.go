package notify

import (
	"slices"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

func TestInvitations(t *testing.T) {
	t.Run("every dossier gets one, in the name of the higher obligation, one delivery to each member's address", func(t *testing.T) {
		o := newOffice(t, "HU-BINHSON", "S-CA", "DU-CA", "BCSD-UBND")
		if got, want := o.owed("04 07:30"), "invite/BCSD-UBND invite/HU-BINHSON invite/DU-CA"; got != want {
			t.Errorf("owed %s, want %s", got, want)
		}
		o.quiet("04 07:30")
		if n := o.deliver("04 07:31"); n != 4 {
			t.Errorf("%d delivered, want 4", n)
		}
		if got, want := o.outcomes("invite/DU-CA"), "vanthu@congan.quangngai.example=accepted vanthu@duca.quangngai.example=accepted"; got != want {
			t.Errorf("DU-CA: %s", got)
		}
		if !strings.Contains(o.letters()["invite/DU-CA"].Subject, "[DU-CA]") {
			t.Errorf("subject %q", o.letters()["invite/DU-CA"].Subject)
		}
	})
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		when     string
		want     string
	}{
		{"not before the day", nil, "04 07:29", ""},
		{"not outside sending hours", nil, "04 18:00", ""},
		{"a day late after an outage", nil, "05 07:30", "invite/HU-BATO invite/HU-BINHSON"},
		{"not on a Saturday", nil, "08 10:00", ""},
		{"not to a unit that is paused", func(o *office) {
			o.decide("04 07:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-BATO"}})
		}, "04 07:30", "invite/HU-BINHSON"},
		{"not in a live campaign before the count was confirmed", func(o *office) {
			o.decide("03 10:00", standing.Decision{Kind: standing.Undo, Undoes: o.goLive()})
		}, "04 07:30", ""},
		{"not once the campaign has closed", nil, "2022-11-07 08:00", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON", "HU-BATO")
			if c.tell != nil {
				c.tell(o)
			}
			got := strings.Fields(o.owed(c.when))
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("owed %s, want %s", got, c.want)
			}
		})
	}
}

func (o *office) goLive() string {
	return o.situation("03 09:30").Facts.Decisions[0].ID
}

// What a unit is reminded of, or why it is not: HU-BINHSON, invited on the 4th.
func TestReminders(t *testing.T) {
	const a = "AAAAA-00001"
	unit := []string{"HU-BINHSON"}
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		when     string
		want     string // the key, or why not
	}{
		{"nothing came: T-8 is owed in the morning", nil, "12 07:30", "remind/HU-BINHSON/T-8"},
		{"not a minute before", nil, "12 07:29", "not_due"},
		{"and all day", nil, "12 16:00", "remind/HU-BINHSON/T-8"},
		{"but not in the evening", nil, "12 18:00", "outside_hours"},
		{"and still on the next morning", nil, "13 07:30", "remind/HU-BINHSON/T-8"},
		{"until the next step is due", nil, "17 07:30", "remind/HU-BINHSON/T-3"},
		{"the last day ends at half past four", nil, "19 16:30", "too_late"},
		{"after the last step there is no other", func(o *office) {
			o.owed("21 07:30")
			o.deliver("21 07:30")
		}, "24 09:00", "already_sent"},
		{"who gave everything is not reminded", func(o *office) { o.answered("10 09:00", a, dossier()...) }, "17 07:30", "complete"},
		{"who gave a part is spared T-8", func(o *office) { o.answered("10 09:00", a, report("x.docx")) }, "12 07:30", "gave_something"},
		{"but not T-3", func(o *office) { o.answered("10 09:00", a, report("x.docx")) }, "17 07:30", "remind/HU-BINHSON/T-3"},
		{"cells to fix are a reason", func(o *office) { o.answered("10 09:00", a, dossier(wrong)...) }, "17 07:30", "remind/HU-BINHSON/T-3"},
		{"but not more than twice", func(o *office) {
			o.answered("10 09:00", a, dossier(wrong)...)
			for _, when := range []string{"17 07:30", "19 07:30"} {
				o.read(when)
				o.owed(when)
				o.deliver(when)
			}
		}, "21 07:30", "fixing_twice"},
		{"only what is claimed stops reminders all the same", func(o *office) {
			o.claimed("10 09:00", a, "HU-BINHSON", clerk)
			o.owed("10 09:10")
		}, "17 07:30", "complete"},
		{"the mailbox has not been read since the step fell due", func(o *office) { o.stale = true; o.read("12 07:29") }, "12 07:31", "mailbox_not_read_since"},
		{"a clock that ran ahead said that it had been read, which held for ever after", func(o *office) { o.stale = true; o.read("12 12:00") }, "12 07:31", "mailbox_not_read_since"},
		{"the mailbox cannot be read now", func(o *office) { o.trouble("12 07:31", "no route to host") }, "12 07:40", "mailbox_not_read_since"},
		{"there is mail without a verdict", func(o *office) { o.arrival("12 07:29", finding.Verdict{ID: a}) }, "12 07:31", "mail_without_verdict"},
		{"a mail of the unit is waiting for its answer", func(o *office) { o.filed("17 07:29", a, "HU-BINHSON", binhSon, report("x.docx")) }, "17 07:31", "mail_in_work"},
		{"a mail of another unit is not its concern", func(o *office) { o.filed("17 07:29", a, "HU-BATO", baTo, report("x.docx")) }, "17 07:31", "remind/HU-BINHSON/T-3"},
		{"an undecided mail may be its", func(o *office) {
			o.arrival("11 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone, Candidates: unit})
		}, "12 07:31", "held_candidate"},
		{"it says that it has sent", func(o *office) {
			o.arrival("11 09:00", finding.Verdict{ID: a, From: binhSon, Unit: &unit[0], Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyAcknowledge, Text: "ĐÃ GỬI"})
			o.owed("11 09:10")
		}, "12 07:31", "said_sent"},
		{"it is paused", func(o *office) { o.decide("11 09:00", standing.Decision{Kind: standing.Pause, Units: unit}) }, "12 07:31", "paused"},
		{"it has promised a day", func(o *office) {
			o.decide("11 09:00", standing.Decision{Kind: standing.Note, Units: unit, Until: at(o.t, "14 00:00")})
		}, "12 07:31", "promised"},
		{"and the day is over", func(o *office) {
			o.decide("11 09:00", standing.Decision{Kind: standing.Note, Units: unit, Until: at(o.t, "14 00:00")})
		}, "17 07:31", "remind/HU-BINHSON/T-3"},
		{"what came on paper counts", func(o *office) {
			for _, part := range []string{finding.Report, finding.Appendix, finding.Model} {
				o.decide("11 09:00", standing.Decision{ID: "d-" + part, Kind: standing.ReceivedOut, Units: unit, Part: part, Count: 2, Via: "giay"})
			}
		}, "17 07:31", "complete"},
		{"no address of it takes mail", func(o *office) {
			o.smtp.answers(binhSon, noSuch)
			o.filed("11 09:00", a, "HU-BINHSON", binhSon, report("x.docx"))
			o.owed("11 09:10")
			o.deliver("11 09:10")
		}, "17 07:31", "unreachable"},
		{"with an extension the steps are other steps", func(o *office) {
			o.decide("11 09:00", standing.Decision{Kind: standing.Extend, Units: unit, Until: at(o.t, "26 00:00")})
		}, "25 07:30", "remind/HU-BINHSON/T-1@2022-10-25"},
		{"and what it was reminded of before is no reason against them", func(o *office) {
			o.read("17 07:30")
			o.owed("17 07:30")
			o.deliver("17 07:30")
			o.decide("18 09:00", standing.Decision{Kind: standing.Extend, Units: unit, Until: at(o.t, "28 00:00")})
		}, "25 07:30", "remind/HU-BINHSON/T-3@2022-10-27"},
		{"the campaign has closed", nil, "2022-11-07 08:00", "closed"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
			if c.tell != nil {
				o.read("21 07:30") // unless the story says otherwise, the mailbox is well
				c.tell(o)
			}
			if !o.stale {
				o.read(c.when)
			}
			if got := o.whyNot(c.when, "HU-BINHSON"); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// answered is a mail of HU-BINHSON that has its receipt.
func (o *office) answered(when, id string, parts ...finding.Part) {
	o.t.Helper()
	o.filed(when, id, "HU-BINHSON", binhSon, parts...)
	day, _, _ := strings.Cut(when, " ")
	if o.owed(day+" 15:00") == "" {
		o.t.Errorf("%s is not answered", id)
	}
}

func TestUnitsThatAreNotRemindedByMail(t *testing.T) {
	o := newOffice(t, "BCSD-UBND", "S-CA", "DU-CA").invited()
	o.filed("10 09:00", "AAAAA-00001", "S-CA", "vanthu@congan.quangngai.example", dossier()...)
	o.owed("10 09:10")
	o.read("17 07:30")
	for unit, want := range map[string]string{"BCSD-UBND": "auto_remind_off", "S-CA": "shared_dossier", "DU-CA": "complete"} {
		if got := o.whyNot("17 07:30", unit); got != want {
			t.Errorf("%s: %s, want %s", unit, got, want)
		}
	}
}

func TestOnlyTheLatestStepGoesOut(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	o.read("17 07:30")
	if got := o.owed("17 07:30"); got != "remind/HU-BINHSON/T-3" {
		t.Fatalf("owed %q", got)
	}
	if got := o.outcomes("remind/HU-BINHSON/T-8"); got != "withdrawn: a later step is due: remind/HU-BINHSON/T-3" {
		t.Errorf("T-8: %s", got)
	}
	o.quiet("17 07:30")
	o.deliver("17 07:30")
	o.quiet("17 15:00")
}

func TestOneUnaskedMailADay(t *testing.T) {
	t.Run("an invitation that was late keeps the reminder of that day away", func(t *testing.T) {
		o := newOffice(t, "HU-BINHSON")
		o.read("12 09:00")
		if got := o.owed("12 08:00"); got != "invite/HU-BINHSON" {
			t.Fatalf("owed %q", got)
		}
		o.deliver("12 08:00")
		if got := o.whyNot("12 09:00", "HU-BINHSON"); got != "one_a_day" {
			t.Error(got)
		}
		o.read("13 07:30")
		if got := o.owed("13 07:30"); got != "remind/HU-BINHSON/T-8" {
			t.Errorf("the day after: %q", got)
		}
	})
	t.Run("the day that counts is the one on which a letter went out", func(t *testing.T) {
		o := newOffice(t, "HU-BINHSON")
		o.smtp.answers(binhSon, slices.Repeat([]courier.Outcome{greyList}, 3)...)
		o.owed("11 16:00")
		for _, when := range []string{"11 16:00", "11 16:10", "11 16:29"} {
			if n := o.deliver(when); n != 0 {
				t.Fatalf("at %s: %d delivered", when, n)
			}
		}
		o.read("12 07:30")
		o.quiet("12 07:30") // the invitation first
		if n := o.deliver("12 07:31"); n != 1 {
			t.Fatalf("%d delivered: %s", n, o.outcomes("invite/HU-BINHSON"))
		}
		o.quiet("12 07:32")
		o.read("13 07:30")
		if got := o.owed("13 07:30"); got != "remind/HU-BINHSON/T-8" {
			t.Errorf("the day after: %q", got)
		}
	})
}

func TestAfterAStorm(t *testing.T) {
	const key = "resumed/HU-BINHSON/d-resume"
	unit := []string{"HU-BINHSON"}
	storm := func(t *testing.T) *office {
		o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
		o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: unit, Reason: "bão số 5"})
		o.decide("18 08:00", standing.Decision{Kind: standing.Extend, Units: unit, Until: at(t, "25 00:00"), Cause: "thien-tai"})
		o.decide("18 08:01", standing.Decision{ID: "d-resume", Kind: standing.Resume, Units: unit})
		return o
	}
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		when     string
		want     string
	}{
		{"the letter goes out once the mailbox was read", func(o *office) { o.read("18 08:02") }, "18 08:02", "remind/HU-BATO/T-3 " + key},
		{"not before", func(o *office) { o.read("18 08:00") }, "18 08:02", "remind/HU-BATO/T-3"},
		{"not in the evening", func(o *office) { o.read("18 18:00") }, "18 18:00", ""},
		{"not to a unit that gave everything during the storm", func(o *office) {
			o.answered("17 09:00", "AAAAA-00001", dossier()...)
			o.read("18 08:02")
		}, "18 08:02", "remind/HU-BATO/T-3"},
		{"not while a mail may be the unit's", func(o *office) {
			o.arrival("17 09:00", finding.Verdict{ID: "AAAAA-00001", From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone, Candidates: unit})
			o.read("18 08:02")
		}, "18 08:02", "remind/HU-BATO/T-3"},
		{"not once the campaign has closed", func(o *office) { o.read("2022-11-07 08:00") }, "2022-11-07 08:00", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := storm(t)
			c.tell(o)
			got := strings.Fields(o.owed(c.when))
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("owed %s, want %s", got, c.want)
			}
		})
	}
	for _, c := range []struct {
		sentence, unit string
		tell           func(*office)
		want           string
	}{
		{"one letter for a shared dossier", "S-CA", nil, "resumed/DU-CA/d-resume"},
		{"none to a unit that is only telephoned", "BCSD-UBND", nil, ""},
		{"none to a unit that was never invited", "HU-BATO", func(o *office) {
			o.Campaign.Units = append(o.Campaign.Units, func() config.Unit { c, _ := loaded(); u, _ := c.Unit("HU-BATO"); return u }())
		}, "invite/HU-BATO"},
		{"none where no mail arrives", "HU-BINHSON", func(o *office) {
			o.smtp.answers(binhSon, noSuch)
			o.filed("13 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, report("x.docx"))
			o.owed("13 09:10")
			o.deliver("13 09:10")
		}, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON", "S-CA", "DU-CA", "BCSD-UBND").invited()
			if c.tell != nil {
				c.tell(o)
			}
			o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{c.unit}})
			o.decide("18 08:00", standing.Decision{Kind: standing.Extend, Units: []string{c.unit}, Until: at(t, "25 00:00"), Cause: "thien-tai"})
			o.decide("18 08:01", standing.Decision{ID: "d-resume", Kind: standing.Resume, Units: []string{c.unit}})
			o.read("18 08:02")
			if got := o.owed("18 08:02", letter.Resumed, letter.Invite); got != c.want {
				t.Errorf("owed %q, want %q", got, c.want)
			}
		})
	}
	t.Run("what fell due during the storm is not made up for; the new ladder begins", func(t *testing.T) {
		o := storm(t)
		var all []string
		for _, when := range []string{"18 08:05", "19 07:30", "20 07:30", "21 07:30", "24 07:30", "25 07:30", "26 07:30"} {
			o.read(when)
			for _, key := range strings.Fields(o.owed(when)) {
				if strings.Contains(key, "BINHSON") {
					all = append(all, when[:2]+" "+key)
				}
			}
			o.deliver(when)
		}
		want := "18 " + key + ", 21 remind/HU-BINHSON/T-3@2022-10-24, 24 remind/HU-BINHSON/T-1@2022-10-24, 26 remind/HU-BINHSON/T+1@2022-10-24"
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("said %s,\nwant %s", got, want)
		}
	})
}

func TestDigests(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	for _, c := range []struct {
		sentence, when, want string
	}{
		{"not before its hour", "12 15:59", "digest/2022-10-11-1600"},
		{"one at four", "12 16:00", "digest/2022-10-12-1600"},
		{"once", "12 16:05", ""},
		{"the week's on Monday morning, and the day's of Friday that an outage has kept", "17 07:30", "digest/2022-10-17-week digest/2022-10-14-1600"},
		{"once", "17 08:00", ""},
		{"in the last week another in the morning", "18 10:30", "digest/2022-10-18-1030"},
		{"the week's even on Tuesday, if there was an outage", "25 08:00", "digest/2022-10-24-week digest/2022-10-24-1600"},
		{"the campaign runs on, and so do they", "31 07:30", "digest/2022-10-31-week digest/2022-10-28-1600"},
		{"none once the campaign has closed", "2022-11-07 16:00", ""},
	} {
		if got := o.owed(c.when, letter.DigestKind); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
	// Those that were never delivered are out of date by now.
	o.deliver("26 16:30")
	if got := o.outcomes("digest/2022-10-18-1030"); got != "withdrawn: later_digest_due" {
		t.Errorf("an old digest: %s", got)
	}
}

func TestNoDigestOfATimeBeforeGoingLive(t *testing.T) {
	o := newOffice(t, "HU-BINHSON")
	o.decide("12 17:00", standing.Decision{Kind: standing.Undo, Undoes: o.goLive()})
	o.decide("12 17:05", standing.Decision{Kind: standing.GoLive})
	if got := o.owed("12 17:10", letter.DigestKind); got != "" {
		t.Errorf("right after going live: %s", got)
	}
	if got := o.owed("13 16:00", letter.DigestKind); got != "digest/2022-10-13-1600" {
		t.Errorf("the day after: %q", got)
	}
}
