// Package schedule decides when: which step of the ladder is due for a unit,
// which digest is owed, when the next job runs. Deciding is pure and takes
// now; only Loop sleeps, on a Clock.
package schedule

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/schedule/standing"
)

// Question is what must be known to say whether a unit is owed a letter that
// it did not ask for. The same question always gets the same answer.
type Question struct {
	Campaign *config.Campaign
	Calendar *standing.Calendar
	// TimeOfDay is the instant at which a step of that day falls due
	// (Plan.ReminderTime).
	TimeOfDay func(day time.Time) time.Time
	Unit      config.Unit
	Standing  standing.Unit
	Now       time.Time

	Sent        []string  // steps already posted to the unit, "invite" among them
	LastUnasked time.Time // when the unit last got a letter that it did not ask for; zero: never
	FixesAsked  int       // reminders so far that spoke of nothing but cells to fix
	Approved    []string  // steps that need approval and have it for the unit (Escalation)
}

// quiet is how long after a mail of the unit it is not reminded: it has just
// been told where it stands, or is about to be (MAIL §5).
const quiet = 24 * time.Hour

// Answer names the step, and if it is not owed, why.
type Answer struct {
	Owed bool
	Why  Why         // "" when owed
	Step config.Step // the step that is due; without a name when none is
	At   time.Time   // when it fell due
	// Skipped are the earlier steps of the ladder that were not sent and will
	// not be any more.
	Skipped []config.Step
}

// MostFixReminders is how many reminders a unit gets that has given everything
// and only has cells to fix (MAIL §5).
const MostFixReminders = 2

// Reminder says which step of the ladder the unit is owed now.
//
// It is level-triggered: a step is owed from the instant it falls due until
// the next one does, so an outage makes it late and never makes a pile. Steps
// follow the unit's own deadline. Those that fell due before a pause ended or
// an extension was granted do not come up again: the letter that announced it
// said all there was to say.
func Reminder(q Question) Answer {
	a, waiting := q.rung()
	u := q.Standing
	missing, open := u.Asked()
	switch {
	case !q.active():
		a.Why = Inactive
	case u.Lead != "" && u.Lead != q.Unit.Code:
		a.Why = q.shared()
	case q.closed():
		a.Why = Closed
	case len(u.Missing) == 0 && len(u.Open) == 0:
		a.Why = Done
		if u.State == standing.Fixing {
			a.Why = HeldPart
		}
	case !q.Unit.AutoRemind:
		a.Why = AutoRemindOff
	case u.Paused:
		a.Why = Paused
	case !u.Promise.IsZero():
		a.Why = Promised
	case len(missing) == 0 && len(open) == 0:
		a.Why = SaidSent
	case len(u.HeldMails) > 0:
		a.Why = HeldCandidate
	case !u.Reachable:
		a.Why = Unreachable
	case !q.invited():
		a.Why = NotInvited
	case a.Step.Name == "" || slices.Contains(q.Sent, a.Step.Name):
		a = q.nothingNew(a, waiting)
	case a.At.Before(u.ResumedAt), u.ExtendedBy != nil && a.At.Before(u.ExtendedBy.At):
		a.Why = Moved
	case a.Step.Only == "nothing" && u.Gave():
		a.Why = GaveSomething
	case len(missing) == 0 && q.FixesAsked >= MostFixReminders:
		a.Why = FixingTwice
	case q.tooLate(a):
		a.Why = TooLate
	case !u.LastHeard.IsZero() && q.Now.Sub(u.LastHeard) < quiet:
		a.Why = JustHeard
	default:
		a.Why = q.courtesy()
	}
	a.Owed = a.Why == ""
	return a
}

// Invitation says whether the unit is owed its invitation, the first letter
// with the form. Its day is fixed; once due it stays owed until it is sent or
// the campaign closes, since without it the unit has no form.
func Invitation(q Question) Answer {
	var a Answer
	i := slices.IndexFunc(q.Campaign.Ladder, func(s config.Step) bool { return s.Name == Invite })
	if i >= 0 {
		a.Step = q.Campaign.Ladder[i]
		a.At = q.TimeOfDay(q.day(a.Step))
	}
	switch {
	case !q.active():
		a.Why = Inactive
	case q.Standing.Lead != "" && q.Standing.Lead != q.Unit.Code:
		a.Why = q.shared()
	case slices.Contains(q.Sent, Invite):
		a.Why = AlreadySent
	case q.closed():
		a.Why = Closed
	case len(q.Standing.Missing) == 0 && len(q.Standing.Open) == 0:
		a.Why = Done
	case q.Standing.Paused:
		a.Why = Paused
	case !q.Standing.Reachable:
		a.Why = Unreachable
	case a.Step.Name == "" || !a.Step.On:
		a.Why = StepOff
	case a.At.After(q.Now):
		a.Why = NotDue
	default:
		a.Why = q.courtesy()
	}
	a.Owed = a.Why == ""
	return a
}

// invited: the form, and the thread that reminders go into, came first.
func (q Question) invited() bool {
	return slices.Contains(q.Sent, Invite) || !slices.ContainsFunc(q.Campaign.Ladder, func(s config.Step) bool {
		return s.Name == Invite && s.On
	})
}

// Next is the step that comes after now on the unit's ladder, and when, not
// asking whether it will be owed then. ok is false after the last one and
// after the campaign closes.
func Next(q Question) (step config.Step, at time.Time, ok bool) {
	for _, s := range q.Campaign.Ladder {
		if s.Name == Invite || !q.sends(s) {
			continue
		}
		due := q.TimeOfDay(q.day(s))
		if due.After(q.Now) && (!ok || due.Before(at)) && (q.Campaign.Deadline.Closes.IsZero() || due.Before(q.Campaign.Deadline.Closes)) {
			step, at, ok = s, due, true
		}
	}
	return step, at, ok
}

// Last reports whether no step that goes out by itself comes after step on the
// unit's ladder: then the letter says so. What a person has to approve is no
// reminder.
func Last(q Question, step config.Step) bool {
	at := q.TimeOfDay(q.day(step))
	return !slices.ContainsFunc(q.Campaign.Ladder, func(s config.Step) bool {
		due := q.TimeOfDay(q.day(s))
		closes := q.Campaign.Deadline.Closes
		return s.Name != Invite && s.On && !s.Approval && due.After(at) && (closes.IsZero() || due.Before(closes))
	})
}

// Invite is the name of the first step, which is no reminder.
const Invite = "invite"

// rung finds the latest step that fell due by now; what it passed over is
// skipped. waiting is the latest step due by now that is off or waits for
// approval.
func (q Question) rung() (a Answer, waiting config.Step) {
	type due struct {
		step config.Step
		at   time.Time
	}
	var steps []due
	today := q.Calendar.Day(q.Now)
	for _, s := range q.Campaign.Ladder {
		if s.Name == Invite {
			continue
		}
		day := q.day(s)
		if day.After(today) {
			continue
		}
		if at := q.TimeOfDay(day); !at.After(q.Now) {
			steps = append(steps, due{s, at})
		}
	}
	slices.SortStableFunc(steps, func(x, y due) int { return x.at.Compare(y.at) })
	for _, d := range steps {
		switch {
		case !q.sends(d.step):
			waiting = d.step
		default:
			if a.Step.Name != "" && !slices.Contains(q.Sent, a.Step.Name) {
				a.Skipped = append(a.Skipped, a.Step)
			}
			a.Step, a.At, waiting = d.step, d.at, config.Step{}
		}
	}
	return a, waiting
}

// sends reports whether the step goes out by itself. One that needs approval
// never does (Escalation), and takes no other's place.
func (q Question) sends(s config.Step) bool { return s.On && !s.Approval }

// day is the day of a step on the unit's own ladder. D is the day after the
// last day of its deadline. Steps before D are counted in calendar days and
// moved to the working day before; the others in working days.
func (q Question) day(s config.Step) time.Time {
	if !s.Date.IsZero() {
		return q.Calendar.Day(s.Date)
	}
	last := q.Calendar.Day(q.Standing.Deadline.Add(-time.Nanosecond))
	d := last.AddDate(0, 0, 1)
	switch {
	case s.Days > 0:
		return q.Calendar.AddWorkingDays(d, s.Days)
	case s.Days == 0:
		return q.Calendar.NextWorkingDay(last)
	}
	day := d.AddDate(0, 0, s.Days)
	if !q.Calendar.IsWorkingDay(day) {
		return q.Calendar.PreviousWorkingDay(day)
	}
	return day
}

// nothingNew explains why there is no step to send, by what is more telling
// than that the last one was sent.
func (q Question) nothingNew(a Answer, waiting config.Step) Answer {
	switch {
	case waiting.Approval:
		a.Step, a.At, a.Why = waiting, q.TimeOfDay(q.day(waiting)), AwaitingApproval
	case waiting.Name != "" && q.day(waiting).Equal(q.Calendar.Day(q.Now)):
		a.Step, a.At, a.Why = waiting, q.TimeOfDay(q.day(waiting)), StepOff
	case a.Step.Name == "":
		a.Why = NotDue
	default:
		a.Why = AlreadySent
	}
	return a
}

// tooLate reports whether the step may not be sent any more, because what it
// says ("hôm nay là ngày cuối") has ceased to be true.
func (q Question) tooLate(a Answer) bool {
	if a.Step.Until == "" {
		return false
	}
	until, ok := q.Calendar.At(a.At, a.Step.Until)
	return !ok || !q.Now.Before(until)
}

// courtesy: one letter a day that was not asked for, in sending hours.
func (q Question) courtesy() Why {
	switch {
	case !q.LastUnasked.IsZero() && q.Calendar.Day(q.LastUnasked).Equal(q.Calendar.Day(q.Now)):
		return OneADay
	case !q.Calendar.InHours(q.Now):
		return OutsideHours
	}
	return ""
}

// active: a unit of which it is not decided whether it belongs to the
// campaign counts as one; going live is refused until it is.
func (q Question) active() bool { return q.Unit.Active || q.Unit.Undecided }

func (q Question) closed() bool {
	closes := q.Campaign.Deadline.Closes
	return !closes.IsZero() && !q.Now.Before(closes)
}

// shared: letters about a dossier go out in the name of its lead.
func (q Question) shared() Why {
	if q.Standing.CoveredBy != "" {
		return Covered
	}
	return SharedDossier
}
