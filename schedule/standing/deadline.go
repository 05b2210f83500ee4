package standing

import (
	"slices"
	"time"

	"dondoc/config"
)

// EffectiveDeadline is the exclusive instant by which the unit's parts are
// due, and the decision that extended it, nil if none did. Fold gives each
// Unit the same two, by the same function; receipts, reminders, lateness and
// digest take them from there, so that no two letters can name different days.
//
// Units of one dup_group have one dossier, therefore one deadline: an
// extension for any of them is one for all. The extension decided last holds,
// even where it names the earlier day. A unit that the campaign does not know
// has the general deadline.
func EffectiveDeadline(c *config.Campaign, decisions []Decision, unit string, now time.Time) (time.Time, *Decision) {
	var extension *Decision
	group := c.Group(unit)
	alive := InForce(decisions, now)
	for i := range alive {
		if d := &alive[i]; d.Kind == Extend && slices.ContainsFunc(group, func(u config.Unit) bool {
			return slices.Contains(d.Units, u.Code)
		}) {
			extension = d
		}
	}
	return deadline(c, extension), extension
}

func deadline(c *config.Campaign, extension *Decision) time.Time {
	if extension != nil && !extension.Until.IsZero() {
		return extension.Until
	}
	return c.Deadline.Before
}

// CorrectionDeadline is the exclusive instant by which a letter sent at sentAt
// asks for corrections: the unit's own deadline, but never sooner than the end
// of the next working day, and so never a day that has passed.
func CorrectionDeadline(cal *Calendar, effective, sentAt time.Time) time.Time {
	soonest := cal.dayAfter(cal.NextWorkingDay(sentAt), 1)
	if effective.Before(soonest) {
		return soonest
	}
	return effective
}

// InForce returns the decisions made by now that nothing has undone, in their
// order; the undoing ones are not among them. Undoing an undo brings back what
// it had undone. Only an earlier decision can be undone, so one pass from the
// newest backwards settles it.
func InForce(decisions []Decision, now time.Time) []Decision {
	if allHold(decisions, now) {
		return slices.Clone(decisions)
	}
	undone := make(map[string]bool)
	alive := make([]Decision, 0, len(decisions))
	for i := range slices.Backward(decisions) {
		d := &decisions[i]
		switch {
		case d.At.After(now) || undone[d.ID] && d.ID != "":
		case d.Kind == Undo:
			undone[d.Undoes] = true
		default:
			alive = append(alive, *d)
		}
	}
	slices.Reverse(alive)
	return alive
}

// allHold reports whether all of the decisions have been made by now, and none of
// them undoes anything.
func allHold(decisions []Decision, now time.Time) bool {
	for i := range decisions {
		if d := &decisions[i]; d.Kind == Undo || d.At.After(now) {
			return false
		}
	}
	return true
}
