package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// ask is a question about a district that was invited and has sent nothing, at
// now; more changes it.
func ask(t testing.TB, now string, more ...func(*Question)) Question {
	t.Helper()
	c := letter624()
	plan, err := Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	q := Question{
		Campaign: c, Calendar: standing.NewCalendar(c), TimeOfDay: plan.ReminderTime, Now: at(now),
		Unit: config.Unit{Code: "HU", Active: true, AutoRemind: true},
		Standing: standing.Unit{Code: "HU", Lead: "HU", State: standing.None, Missing: []string{"report", "appendix", "model:2"},
			Deadline: c.Deadline.Before, Reachable: true},
		Sent: []string{Invite},
	}
	for _, f := range more {
		f(&q)
	}
	return q
}

type change = func(*Question)

func sent(steps ...string) change {
	return func(q *Question) { q.Sent = append([]string{Invite}, steps...) }
}

func uninvited(q *Question) { q.Sent = nil }

func unit(f func(*standing.Unit)) change { return func(q *Question) { f(&q.Standing) } }

func roster(f func(*config.Unit)) change { return func(q *Question) { f(&q.Unit) } }

func ladder(step string, f func(*config.Step)) change {
	return func(q *Question) {
		i := slices.IndexFunc(q.Campaign.Ladder, func(s config.Step) bool { return s.Name == step })
		f(&q.Campaign.Ladder[i])
	}
}

func on(step string) change { return ladder(step, func(s *config.Step) { s.On = true }) }

func missing(parts ...string) change {
	return unit(func(u *standing.Unit) {
		u.Missing, u.State = parts, standing.Partial
		u.Counted = []standing.Counted{{Kind: finding.Report}}
	})
}

// onlyCells: everything is there, and a cell is wrong.
var onlyCells = unit(func(u *standing.Unit) {
	u.Missing, u.State = nil, standing.Fixing
	u.Counted = []standing.Counted{{Kind: finding.Appendix}}
	u.Open = []finding.Problem{{Code: "C03", Severity: finding.MustFix}}
})

func extended(until, decided string) change {
	return unit(func(u *standing.Unit) {
		u.Deadline, u.Extended, u.ExtendedBy = at(until), true, &standing.Decision{At: at(decided)}
	})
}

func resumed(when string) change {
	return unit(func(u *standing.Unit) { u.ResumedAt, u.ResumedBy = at(when), &standing.Decision{At: at(when)} })
}

// say is the answer in one line: "T-3 of 17/10 07:30" or the reason before it,
// and what was skipped.
func say(a Answer) string {
	var words []string
	if !a.Owed {
		words = append(words, "not: "+string(a.Why))
	}
	if a.Step.Name != "" {
		words = append(words, a.Step.Name+" of "+a.At.In(hcm).Format("02/01 15:04"))
	}
	for _, s := range a.Skipped {
		words = append(words, "skips "+s.Name)
	}
	return strings.Join(words, ", ")
}

func TestReminder(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  string
		more []change
		want string
	}{
		// The ladder of 2022.
		{"before 12/10 no reminder is due", "2022-10-11 09:00", nil, "not: not_due"},
		{"10/10 is off", "2022-10-10 09:00", nil, "not: step_off, T-10 of 10/10 07:30"},
		{"switched on, it goes to whoever sent nothing", "2022-10-10 09:00", []change{on("T-10")}, "T-10 of 10/10 07:30"},
		{"a minute before its time 12/10 is not due", "2022-10-12 07:29", nil, "not: not_due"},
		{"12/10 at 07:30", "2022-10-12 07:30", nil, "T-8 of 12/10 07:30"},
		{"12/10 only goes to whoever sent nothing", "2022-10-12 07:30", []change{missing("model:1")}, "not: gave_something, T-8 of 12/10 07:30"},
		{"14/10 is off", "2022-10-14 08:00", []change{sent("T-8")}, "not: step_off, T-5 of 14/10 07:30"},
		{"switched on, the Saturday 15/10 comes on Friday", "2022-10-14 08:00", []change{on("T-5"), sent("T-8")}, "T-5 of 14/10 07:30"},
		{"17/10 at 07:30", "2022-10-17 07:30", []change{sent("T-8")}, "T-3 of 17/10 07:30"},
		{"17/10 goes to whoever misses a part", "2022-10-17 07:30", []change{sent("T-8"), missing("model:1")}, "T-3 of 17/10 07:30"},
		{"17/10 goes to whoever has cells to fix", "2022-10-17 07:30", []change{sent("T-8"), onlyCells}, "T-3 of 17/10 07:30"},
		{"18/10 has no step of its own", "2022-10-18 09:00", []change{sent("T-8", "T-3")}, "not: already_sent, T-3 of 17/10 07:30"},
		{"19/10 at 07:30", "2022-10-19 07:30", []change{sent("T-8", "T-3")}, "T-1 of 19/10 07:30"},
		{"20/10 is off, the desk calls", "2022-10-20 09:00", []change{sent("T-8", "T-3", "T-1")}, "not: step_off, T of 20/10 07:30"},
		{"switched on, it goes out on the day of grace", "2022-10-20 09:00", []change{on("T"), sent("T-8", "T-3", "T-1")}, "T of 20/10 07:30"},
		{"21/10 at 07:30", "2022-10-21 07:30", []change{sent("T-8", "T-3", "T-1")}, "T+1 of 21/10 07:30"},
		{"25/10 waits for approval", "2022-10-25 09:00", []change{sent("T-8", "T-3", "T-1", "T+1")}, "not: awaiting_approval, T+3 of 25/10 07:30"},
		{"and the day after it still does", "2022-10-26 09:00", []change{sent("T-8", "T-3", "T-1", "T+1")}, "not: awaiting_approval, T+3 of 25/10 07:30"},
		{"approved, it is still no reminder", "2022-10-25 09:00", []change{sent("T-8", "T-3", "T-1", "T+1"), approved}, "not: awaiting_approval, T+3 of 25/10 07:30"},
		{"from the close on nothing is owed", "2022-11-05", []change{sent("T-8", "T-3", "T-1")}, "not: closed, T+1 of 21/10 07:30"},
		{"years later nothing is", "2026-10-19 09:00", nil, "not: closed, T+1 of 21/10 07:30, skips T-8, skips T-3, skips T-1"},

		// Late, and never a pile.
		{"started late, only the latest step is sent", "2022-10-17 10:00", nil, "T-3 of 17/10 07:30, skips T-8"},
		{"an outage from the 16th to the 18th costs a day", "2022-10-18 10:00", []change{sent("T-8")}, "T-3 of 17/10 07:30"},
		{"an outage of three days over two steps gives one", "2022-10-19 10:00", []change{sent("T-8")}, "T-1 of 19/10 07:30, skips T-3"},
		{"made up for at night it waits for the hours", "2022-10-18 06:00", []change{sent("T-8")}, "not: outside_hours, T-3 of 17/10 07:30"},
		{"on a Sunday it waits for Monday", "2022-10-16 10:00", nil, "not: outside_hours, T-8 of 12/10 07:30"},
		{"at 16:29 it still goes out", "2022-10-18 16:29", []change{sent("T-8")}, "T-3 of 17/10 07:30"},
		{"at 16:30 no more", "2022-10-18 16:30", []change{sent("T-8")}, "not: outside_hours, T-3 of 17/10 07:30"},
		{"the letter of the last day goes out until 16:30", "2022-10-19 16:29", []change{sent("T-8", "T-3")}, "T-1 of 19/10 07:30"},
		{"and not after", "2022-10-19 16:30", []change{sent("T-8", "T-3")}, "not: too_late, T-1 of 19/10 07:30"},
		{"nor on the next day, and the step before does not come back", "2022-10-20 09:00", []change{sent("T-8")}, "not: too_late, T-1 of 19/10 07:30, skips T-3"},
		{"its hour binds even where sending hours are longer", "2022-10-19 17:00", []change{sent("T-8", "T-3"), func(q *Question) {
			q.Campaign.Hours.To = "20:00"
			q.Calendar = standing.NewCalendar(q.Campaign)
		}}, "not: too_late, T-1 of 19/10 07:30"},
		{"the last letter is made up for until the close", "2022-10-26 09:00", []change{sent("T-8", "T-3", "T-1")}, "T+1 of 21/10 07:30"},
		{"one unasked-for letter a day", "2022-10-17 15:00", []change{sent("T-8"), unasked("2022-10-17 07:45")}, "not: one_a_day, T-3 of 17/10 07:30"},
		{"no reminder before the invitation", "2022-10-17 10:00", []change{uninvited}, "not: not_invited, T-3 of 17/10 07:30, skips T-8"},
		{"where there is no invitation reminders need none", "2022-10-17 10:00", []change{uninvited, ladder("invite", func(s *config.Step) { s.On = false })}, "T-3 of 17/10 07:30, skips T-8"},
		{"the next day it goes out", "2022-10-18 07:30", []change{sent("T-8"), unasked("2022-10-17 07:45")}, "T-3 of 17/10 07:30"},

		// A unit that has done its part, or of which somebody has to decide something.
		{"complete", "2022-10-17 07:30", []change{complete}, "not: complete, T-3 of 17/10 07:30, skips T-8"},
		{"only a person has something to do", "2022-10-17 07:30", []change{complete, unit(func(u *standing.Unit) { u.State, u.Held = standing.Fixing, true })}, "not: held_part, T-3 of 17/10 07:30, skips T-8"},
		{"paused", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Paused = true })}, "not: paused, T-3 of 17/10 07:30, skips T-8"},
		{"promised for tomorrow", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Promise = at("2022-10-18") })}, "not: promised, T-3 of 17/10 07:30, skips T-8"},
		{`"ĐÃ GỬI"`, "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Said = true })}, "not: said_sent, T-3 of 17/10 07:30, skips T-8"},
		{"an undecided mail may be its own", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.HeldMails = []string{"m1"} })}, "not: held_candidate, T-3 of 17/10 07:30, skips T-8"},
		{"no address takes mail", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Reachable = false })}, "not: unreachable, T-3 of 17/10 07:30, skips T-8"},
		{"call list only", "2022-10-17 07:30", []change{roster(func(u *config.Unit) { u.AutoRemind = false })}, "not: auto_remind_off, T-3 of 17/10 07:30, skips T-8"},
		{"not of the campaign", "2022-10-17 07:30", []change{roster(func(u *config.Unit) { u.Active = false })}, "not: inactive, T-3 of 17/10 07:30, skips T-8"},
		{"not yet decided whether it is", "2022-10-17 07:30", []change{sent("T-8"), roster(func(u *config.Unit) { u.Active, u.Undecided = false, true })}, "T-3 of 17/10 07:30"},
		{"reminded twice of its cells", "2022-10-19 07:30", []change{sent("T-8", "T-3"), onlyCells, fixesAsked(2)}, "not: fixing_twice, T-1 of 19/10 07:30"},
		{"reminded once of its cells", "2022-10-19 07:30", []change{sent("T-8", "T-3"), onlyCells, fixesAsked(1)}, "T-1 of 19/10 07:30"},
		{"a missing part is asked for however often cells were", "2022-10-19 07:30", []change{sent("T-8", "T-3"), missing("report"), fixesAsked(2)}, "T-1 of 19/10 07:30"},
		{"the other unit of its dossier has filed", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Lead, u.CoveredBy = "DU", "DU" })}, "not: covered, T-3 of 17/10 07:30, skips T-8"},
		{"the other unit of its dossier gets the letter", "2022-10-17 07:30", []change{unit(func(u *standing.Unit) { u.Lead = "DU" })}, "not: shared_dossier, T-3 of 17/10 07:30, skips T-8"},
		{"covered in part by the other, the lead still gets it", "2022-10-17 07:30", []change{sent("T-8"), missing("model:1"), unit(func(u *standing.Unit) { u.CoveredBy = "S" })}, "T-3 of 17/10 07:30"},

		// Deadlines of its own: last day 24/10 (Monday) or 25/10 (Tuesday).
		{"extended to 25/10, its T-8 is 18/10", "2022-10-18 07:30", []change{extended("2022-10-26", "2022-10-13")}, "T-8 of 18/10 07:30"},
		{"its T-3 falls on Sunday and comes on Friday", "2022-10-21 07:30", []change{extended("2022-10-26", "2022-10-13"), sent("T-8")}, "T-3 of 21/10 07:30"},
		{"on 19/10 it is not told that this is the last day", "2022-10-19 07:30", []change{extended("2022-10-26", "2022-10-13"), sent("T-8")}, "not: already_sent, T-8 of 18/10 07:30"},
		{"its last day is 25/10", "2022-10-25 07:30", []change{extended("2022-10-26", "2022-10-13"), sent("T-8", "T-3")}, "T-1 of 25/10 07:30"},
		{"its last letter comes on the working day after its D", "2022-10-27 07:30", []change{extended("2022-10-26", "2022-10-13"), sent("T-8", "T-3", "T-1")}, "T+1 of 27/10 07:30"},
		{"a step due before the extension was granted is not made up for", "2022-10-19 09:00", []change{extended("2022-10-26", "2022-10-18 10:00")}, "not: moved, T-8 of 18/10 07:30"},
		{"a deadline that ends a Friday has its T+1 on Tuesday", "2022-10-25 07:30", []change{extended("2022-10-22", "2022-10-13"), sent("T-8", "T-3", "T-1")}, "T+1 of 24/10 07:30"},
		{"a deadline at five in the afternoon has that day for its last", "2022-10-24 07:30", []change{extended("2022-10-24 17:00", "2022-10-13"), sent("T-8", "T-3")}, "T-1 of 24/10 07:30"},

		// The storm of 14/10.
		{"paused in the afternoon of 14/10, nothing comes on the 17th", "2022-10-17 07:30", []change{sent("T-8"), unit(func(u *standing.Unit) { u.Paused = true })}, "not: paused, T-3 of 17/10 07:30"},
		{"resumed on the 17th with 24/10 for a last day, nothing is made up for", "2022-10-18 09:00", []change{extended("2022-10-25", "2022-10-17 10:00"), resumed("2022-10-17 10:05")}, "not: moved, T-8 of 17/10 07:30"},
		{"its next step is T-3, moved to Friday the 21st", "2022-10-21 07:30", []change{sent("T-8"), extended("2022-10-25", "2022-10-17 10:00"), resumed("2022-10-17 10:05")}, "T-3 of 21/10 07:30"},
		{"resumed with the old date, the step of that morning is not made up for", "2022-10-18 09:00", []change{sent("T-8"), resumed("2022-10-17 10:00")}, "not: moved, T-3 of 17/10 07:30"},
		{"and the next one comes", "2022-10-19 07:30", []change{sent("T-8"), resumed("2022-10-17 10:00")}, "T-1 of 19/10 07:30, skips T-3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := Reminder(ask(t, tt.now, tt.more...))
			if got := say(a); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if !a.Owed && (a.Why.In("vi") == "" || a.Why.In("en") == a.Why.In("vi")) {
				t.Errorf("the reason %q has no words", a.Why)
			}
		})
	}
}

func unasked(when string) change { return func(q *Question) { q.LastUnasked = at(when) } }
func fixesAsked(n int) change    { return func(q *Question) { q.FixesAsked = n } }

var complete = unit(func(u *standing.Unit) {
	u.State, u.Missing, u.Counted = standing.Complete, nil, []standing.Counted{{Kind: finding.Report}}
})

func TestInvitation(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  string
		more []change
		want string
	}{
		{"goes out on 04/10 at 07:30", "2022-10-04 07:30", nil, "invite of 04/10 07:30"},
		{"not on the day of the letter", "2022-10-03 10:00", nil, "not: not_due, invite of 04/10 07:30"},
		{"once", "2022-10-05 10:00", []change{sent()}, "not: already_sent, invite of 04/10 07:30"},
		{"after an outage it is late, and no reminder takes its place", "2022-10-18 10:00", nil, "invite of 04/10 07:30"},
		{"in sending hours", "2022-10-08 10:00", nil, "not: outside_hours, invite of 04/10 07:30"},
		{"also to whoever is never reminded", "2022-10-04 07:30", []change{roster(func(u *config.Unit) { u.AutoRemind = false })}, "invite of 04/10 07:30"},
		{"an extension does not move it", "2022-10-04 07:30", []change{extended("2022-10-26", "2022-10-03")}, "invite of 04/10 07:30"},
		{"not to whoever has sent everything", "2022-10-04 07:30", []change{complete}, "not: complete, invite of 04/10 07:30"},
		{"not into the storm", "2022-10-04 07:30", []change{unit(func(u *standing.Unit) { u.Paused = true })}, "not: paused, invite of 04/10 07:30"},
		{"to one of a dossier", "2022-10-04 07:30", []change{unit(func(u *standing.Unit) { u.Lead = "DU" })}, "not: shared_dossier, invite of 04/10 07:30"},
		{"not where nothing arrives", "2022-10-04 07:30", []change{unit(func(u *standing.Unit) { u.Reachable = false })}, "not: unreachable, invite of 04/10 07:30"},
		{"not when switched off", "2022-10-04 07:30", []change{ladder("invite", func(s *config.Step) { s.On = false })}, "not: step_off, invite of 04/10 07:30"},
		{"not without a step", "2022-10-04 07:30", []change{func(q *Question) { q.Campaign.Ladder = q.Campaign.Ladder[1:] }}, "not: step_off"},
		{"not to others", "2022-10-04 07:30", []change{roster(func(u *config.Unit) { u.Active = false })}, "not: inactive, invite of 04/10 07:30"},
		{"not after the close", "2022-11-05 07:30", nil, "not: closed, invite of 04/10 07:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := say(Invitation(ask(t, tt.now, append([]change{uninvited}, tt.more...)...))); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestNext(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  string
		more []change
		want string
	}{
		{"after the letter the first reminder", "2022-10-03 10:00", nil, "T-8 of 12/10 07:30"},
		{"at the instant of a step the one after it", "2022-10-17 07:30", nil, "T-1 of 19/10 07:30"},
		{"an extended unit has its own", "2022-10-19 08:00", []change{extended("2022-10-26", "2022-10-13")}, "T-3 of 21/10 07:30"},
		{"after the last there is none", "2022-10-21 07:30", nil, ""},
		{"not even where one is approved", "2022-10-21 07:30", []change{approved}, ""},
		{"none after the close", "2022-10-21 08:00", []change{extended("2022-11-05", "2022-10-20"), sent("T-8")}, "T-8 of 28/10 07:30"},
		{"none that would come after the close", "2022-11-04 08:00", []change{extended("2022-11-05", "2022-10-20")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			step, when, ok := Next(ask(t, tt.now, tt.more...))
			got := ""
			if ok {
				got = say(Answer{Owed: true, Step: step, At: when})
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// However the program is run, stopped and run again, a unit that does nothing
// gets each step of the ladder at most once, never two letters a day, none
// outside the hours; and if the program is never down, exactly the ladder.
func TestAWholeCampaignByTheClock(t *testing.T) {
	days := func(letters []string) string { return strings.Join(letters, " ") }
	run := func(down func(time.Time) bool) (letters []string) {
		q := ask(t, "2022-10-03", uninvited)
		for q.Now = at("2022-10-03"); q.Now.Before(at("2022-11-06")); q.Now = q.Now.Add(15 * time.Minute) {
			if down(q.Now) {
				continue
			}
			for _, a := range []Answer{Invitation(q), Reminder(q)} {
				if !a.Owed || slices.Contains(q.Sent, a.Step.Name) {
					continue
				}
				if q.Calendar.Day(q.LastUnasked).Equal(q.Calendar.Day(q.Now)) {
					t.Errorf("%s is the second letter of %v", a.Step.Name, q.Now)
				}
				if !q.Calendar.InHours(q.Now) {
					t.Errorf("%s went out at %v", a.Step.Name, q.Now)
				}
				q.Sent, q.LastUnasked = append(q.Sent, a.Step.Name), q.Now
				letters = append(letters, fmt.Sprintf("%s@%s", a.Step.Name, q.Now.In(hcm).Format("02/01-15:04")))
			}
		}
		return letters
	}
	for _, tt := range []struct {
		name     string
		from, to string
		want     string
	}{
		{"never down", "2022-09-01", "2022-09-02", "invite@04/10-07:30 T-8@12/10-07:30 T-3@17/10-07:30 T-1@19/10-07:30 T+1@21/10-07:30"},
		{"down for the first week", "2022-10-03", "2022-10-11 12:00", "invite@11/10-12:00 T-8@12/10-07:30 T-3@17/10-07:30 T-1@19/10-07:30 T+1@21/10-07:30"},
		{"down over T-8", "2022-10-11", "2022-10-15 12:00", "invite@04/10-07:30 T-3@17/10-07:30 T-1@19/10-07:30 T+1@21/10-07:30"},
		{"down from the 16th to the 19th at noon", "2022-10-16", "2022-10-19 12:00", "invite@04/10-07:30 T-8@12/10-07:30 T-1@19/10-12:00 T+1@21/10-07:30"},
		{"down until the evening of the last day", "2022-10-16", "2022-10-19 17:00", "invite@04/10-07:30 T-8@12/10-07:30 T+1@21/10-07:30"},
		{"down to the end", "2022-10-16", "2022-12-01", "invite@04/10-07:30 T-8@12/10-07:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := days(run(func(now time.Time) bool { return !now.Before(at(tt.from)) && now.Before(at(tt.to)) }))
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func BenchmarkReminder(b *testing.B) {
	q := ask(b, "2022-10-19 09:00")
	b.ReportAllocs()
	for b.Loop() {
		Reminder(q)
	}
}

// Which reminder is the last follows from the ladder and not from its words.
func TestLast(t *testing.T) {
	for _, c := range []struct {
		sentence string
		change   func(*config.Campaign)
		want     string
	}{
		{"of the first campaign, the one of the day after", func(*config.Campaign) {}, "T+1"},
		{"with that switched off, the one of the last day", func(c *config.Campaign) { c.Ladder[7].On = false }, "T-1"},
		{"a letter that waits for approval is no reminder", func(c *config.Campaign) { c.Ladder[7].On = false; c.Ladder[8].On = true }, "T-1"},
		{"a step that comes after the close never comes", func(c *config.Campaign) { c.Deadline.Closes = at("2022-10-20 12:00") }, "T-1"},
		{"with the day itself switched on instead", func(c *config.Campaign) { c.Ladder[6].On, c.Ladder[7].On = true, false }, "T"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			campaign := letter624()
			c.change(campaign)
			plan, err := Compile(campaign)
			if err != nil {
				t.Fatal(err)
			}
			q := Question{Campaign: campaign, Calendar: standing.NewCalendar(campaign), TimeOfDay: plan.ReminderTime, Standing: standing.Unit{Deadline: campaign.Deadline.Before}, Now: at("2022-10-12 08:00")}
			var last []string
			for _, s := range campaign.Ladder {
				if s.On && !s.Approval && s.Name != Invite && (campaign.Deadline.Closes.IsZero() || q.TimeOfDay(q.day(s)).Before(campaign.Deadline.Closes)) && Last(q, s) {
					last = append(last, s.Name)
				}
			}
			if got := strings.Join(last, " "); got != c.want {
				t.Errorf("the last is %q, want %q", got, c.want)
			}
		})
	}
}
