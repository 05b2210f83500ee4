package notify

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Why a unit is told of its deadline.
const (
	reasonAsked   = "asked_for"  // it asked for more time and gets its answer
	reasonDecided = "decided"    // the committee moved the deadline by itself
	reasonDecline = "refused"    // it asked for more time, and the deadline stays
	reasonBack    = "taken_back" // what it had been told does not hold any more
)

// deadlineUntouched: no decision was made about the deadline that the unit has
// not heard of.
const deadlineUntouched schedule.Why = "deadline_untouched"

// extended is owed when the deadline that the unit was last told of is not the
// one that holds, and when it asked for another and was answered. Its key names
// the decision that it tells of, so two extensions between two letters are one
// letter, of the last, and an extension undone in time is none.
//
// Who asked is answered at once. What nobody asked for waits for its hour, as
// reminders do.
func (n *Notifier) extended(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	d, refused := s.moved[u.Lead].by, s.moved[u.Lead].refused
	if d == nil {
		return Owed{}, deadlineUntouched
	}
	told, at := n.lastTold(s, u)
	asked := n.request(s, u, at, d)
	o := Owed{Key: letter.Extended + "/" + u.Code + "/" + d.ID, Kind: letter.Extended, Unit: u.Code, Due: d.At, To: n.group(s, u.Code)}
	switch {
	case refused:
		o.Reason = reasonDecline
	case u.Deadline.Before(told):
		o.Reason = reasonBack
	case asked != nil && d.Kind == standing.Extend:
		o.Reason = reasonAsked
	case u.Deadline.Equal(told):
		return o, deadlineUntouched
	default:
		o.Reason = reasonDecided
	}
	if asked != nil && !slices.Contains(o.To, asked.From) && slices.Contains(u.Addresses, asked.From) {
		o.To = append([]string{asked.From}, o.To...)
	}
	invite := s.letter(letter.Invite + "/" + u.Code)
	switch {
	case s.letter(o.Key) != nil:
		return o, saidAlready
	case len(u.Missing)+len(u.Open) == 0:
		return o, schedule.Done
	case invite == nil && n.invites(), queued(invite):
		return o, schedule.NotInvited // the invitation will name the deadline
	case o.Reason == reasonAsked && !s.Now.Before(u.Deadline):
		return o, schedule.TooLate
	case o.Reason == reasonAsked:
		return o, reachable("", o.To)
	case o.Reason == reasonDecline:
		return o, reachable(n.crosses(s, u, o.Due), o.To) // it says what is missing
	}
	roster, _ := n.Campaign.Unit(u.Code)
	closes := n.Campaign.Deadline.Closes
	q := n.question(s, u)
	switch {
	case !closes.IsZero() && !s.Now.Before(closes):
		return o, schedule.Closed
	case o.Reason == reasonDecided && !s.Now.Before(u.Deadline):
		return o, schedule.TooLate
	case !roster.AutoRemind:
		return o, schedule.AutoRemindOff
	case u.Paused:
		return o, schedule.Paused
	case !u.Reachable:
		return o, schedule.Unreachable
	case len(u.HeldMails) > 0:
		return o, schedule.HeldCandidate
	}
	if _, why := n.resumed(s, u); why == "" || slices.Contains(moments, why) {
		return o, toldOnResuming
	}
	if why := n.crosses(s, u, o.Due); why != "" {
		return o, why
	}
	return o, reachable(n.courtesy(s, q.LastUnasked), o.To)
}

// deadlineMoved: a later decision than that of the letter holds.
const deadlineMoved schedule.Why = "deadline_moved_since"

// toldOnResuming: the letter with which reminders start again names the
// deadline.
const toldOnResuming schedule.Why = "told_on_resuming"

// answersRequest reports whether the unit waits for the letter, having asked.
func answersRequest(reason string) bool { return reason == reasonAsked || reason == reasonDecline }

// courtesy: one letter a day that nobody asked for, and in sending hours.
func (n *Notifier) courtesy(s Situation, lastUnasked time.Time) schedule.Why {
	switch {
	case !lastUnasked.IsZero() && n.Calendar.Day(lastUnasked).Equal(n.Calendar.Day(s.Now)):
		return schedule.OneADay
	case !n.Calendar.InHours(s.Now):
		return schedule.OutsideHours
	}
	return ""
}

// invites reports whether the ladder begins with an invitation.
func (n *Notifier) invites() bool {
	return slices.ContainsFunc(n.Campaign.Ladder, func(step config.Step) bool { return step.Name == schedule.Invite && step.On })
}

// moved is the last decision that moved a dossier's deadline, or refused to: an
// extension, what undid or brought back one, a refusal.
type moved struct {
	by      *standing.Decision
	refused bool
}

// deadlineDecisions are those of all dossiers, by their lead.
func deadlineDecisions(s Situation) map[string]moved {
	leads := func(d *standing.Decision) (codes []string) {
		for _, code := range d.Units {
			if u := s.Table.Units[code]; u != nil && !slices.Contains(codes, u.Lead) {
				codes = append(codes, u.Lead)
			}
		}
		return codes
	}
	holds := map[string]bool{}
	for i := range s.alive {
		if d := &s.alive[i]; d.Kind == standing.Refuse {
			holds[d.ID] = true
		}
	}
	last := map[string]moved{}
	moves := map[string][]string{} // by id of an extension, and of what undid it: of whom
	for i := range s.Facts.Decisions {
		d := &s.Facts.Decisions[i]
		switch {
		case d.At.After(s.Now):
		case d.Kind == standing.Extend, d.Kind == standing.Undo:
			of := moves[d.Undoes]
			if d.Kind == standing.Extend {
				of = leads(d)
			}
			moves[d.ID] = of
			for _, lead := range of {
				last[lead] = moved{d, false}
			}
		case d.Kind == standing.Refuse && holds[d.ID]:
			for _, lead := range leads(d) {
				last[lead] = moved{d, true}
			}
		}
	}
	return last
}

// lastTold is the deadline that the unit was last told of, and when: what held as
// the last letter about it was written. Before any, it is the campaign's.
func (n *Notifier) lastTold(s Situation, u *standing.Unit) (deadline, at time.Time) {
	for l := range s.ofUnit(u.Code, letter.Invite, letter.Resumed, letter.Extended) {
		switch l.Kind {
		case letter.Invite, letter.Resumed, letter.Extended:
			if !wentOut(l).IsZero() && l.Rendered.After(at) {
				at = l.Rendered
			}
		}
	}
	if at.IsZero() {
		return n.Campaign.Deadline.Before, at
	}
	deadline, _ = standing.EffectiveDeadline(n.Campaign, s.moves, u.Code, at)
	return deadline, at
}

// requests are the mails in which units asked for more time, by the lead of their
// dossier, in their order. What nobody has confirmed to be the unit's is none.
func requests(s Situation, asking []*finding.Verdict) map[string][]*finding.Verdict {
	all := map[string][]*finding.Verdict{}
	for _, m := range asking {
		r := s.rulings(m)
		code := m.UnitCode() // also where it was set aside once it was settled
		if len(r.Shares) > 0 {
			code = r.Shares[0].Unit
		}
		if x := s.Table.Units[code]; x != nil && !stillClaimed(s, m, r) {
			all[x.Lead] = append(all[x.Lead], m)
		}
	}
	return all
}

// request is the newest mail in which the unit asked for more time, and which
// the decision answers: it came before it, and after the unit was last told of
// its deadline.
func (n *Notifier) request(s Situation, u *standing.Unit, since time.Time, d *standing.Decision) (asked *finding.Verdict) {
	for _, m := range s.asking[u.Lead] {
		if m.ID == d.Arrival || m.Received.Before(d.At) && m.Received.After(since) {
			asked = m
		}
	}
	return asked
}

// extendedFacts are what the letter says besides the standing. l is not among
// the letters that the unit was told by.
func (n *Notifier) extendedFacts(s Situation, u *standing.Unit, l ledger.Letter, f *letter.Facts) {
	s = s.without(l)
	f.Outcome.Reason = letter.Decided
	switch l.Reason {
	case reasonAsked:
		f.Outcome.Reason = letter.Granted
	case reasonDecline:
		f.Outcome.Reason = letter.Declined
	case reasonBack:
		f.Outcome.Reason = letter.TakenBack
	}
	told, at := n.lastTold(s, u)
	f.Outcome.Was = told
	if d := s.moved[u.Lead].by; d != nil && answersRequest(l.Reason) {
		if m := n.request(s, u, at, d); m != nil {
			f.Mails = []*finding.Verdict{m} // the answer goes into its thread
		}
	}
}
