package schedule

import (
	"slices"

	"dondoc/schedule/standing"
)

// Escalation says whether the unit is owed the letter that takes a signed,
// numbered letter of the committee to its leaders: the step of the ladder that
// needs a person's approval. It answers AwaitingApproval from the day on which
// the step falls due on the unit's own ladder, and only for a unit of which
// something has not come; cells to fix are nobody's leader's business.
//
// What a person approved is still held back by what holds back a reminder: the
// unit may have answered since.
func Escalation(q Question) Answer {
	var a Answer
	for _, s := range q.Campaign.Ladder {
		if !s.Approval {
			continue
		}
		if at := q.TimeOfDay(q.day(s)); a.Step.Name == "" || at.After(a.At) && !at.After(q.Now) {
			a.Step, a.At = s, at
		}
	}
	u := q.Standing
	switch {
	case !q.active():
		a.Why = Inactive
	case u.Lead != "" && u.Lead != q.Unit.Code:
		a.Why = q.shared()
	case q.closed():
		a.Why = Closed
	case len(u.Missing) == 0 && len(u.Open) > 0:
		a.Why = OnlyFixing
	case len(u.Missing) == 0:
		a.Why = Done
		if u.State == standing.Fixing {
			a.Why = HeldPart
		}
	case !q.Unit.AutoRemind:
		a.Why = AutoRemindOff
	case a.Step.Name == "":
		a.Why = StepOff
	case a.At.After(q.Now):
		a.Why = NotDue
	case slices.Contains(q.Sent, a.Step.Name):
		a.Why = AlreadySent
	case !slices.Contains(q.Approved, a.Step.Name):
		a.Why = AwaitingApproval
	case u.Paused:
		a.Why = Paused
	case !u.Promise.IsZero():
		a.Why = Promised
	case u.Said:
		a.Why = SaidSent
	case len(u.HeldMails) > 0:
		a.Why = HeldCandidate
	case !u.Reachable:
		a.Why = Unreachable
	case !q.invited():
		a.Why = NotInvited
	case !u.LastHeard.IsZero() && q.Now.Sub(u.LastHeard) < quiet:
		a.Why = JustHeard
	default:
		a.Why = q.courtesy()
	}
	a.Owed = a.Why == ""
	return a
}
