package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Approval is where a letter stands that goes out only once a person says so.
type Approval struct {
	Key, Unit string
	// Why it does not go out now: schedule.AwaitingApproval where a person's
	// word is all that is wanting; "" if it is owed.
	Why schedule.Why
	Due time.Time // when it fell due, or will
	// Deadline of the unit: before it nobody's leaders are urged.
	Deadline time.Time
	To       []string
}

// Approvals are the letters of a kind, escalate or thanks, one for each
// dossier, as they stand at now.
func (n *Notifier) Approvals(ctx context.Context, kind string, now time.Time) (all []Approval, err error) {
	err = n.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		s, err := n.look(tx, now)
		if err != nil {
			return err
		}
		for _, code := range s.Table.Order {
			u := s.Table.Units[code]
			if u.Lead != code {
				continue
			}
			o, why := n.escalation(s, u)
			if kind == letter.Thanks {
				o, why = n.thanks(s, u)
			}
			all = append(all, Approval{Key: o.Key, Unit: code, Why: why, Due: o.Due, Deadline: u.Deadline, To: n.group(s, code)})
		}
		return nil
	})
	return all, err
}

// Draft is the letter that urges the leaders of a unit as a Word document for
// signing, asking for what is missing at now before the day by; zero: as soon as
// possible.
func (n *Notifier) Draft(ctx context.Context, unit string, now, by time.Time) (data []byte, err error) {
	err = n.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		s, err := n.look(tx, now)
		if err != nil {
			return err
		}
		u, _ := n.Campaign.Unit(unit)
		f := letter.Facts{Campaign: n.Campaign, Now: now, Unit: &u, Group: n.Campaign.Group(unit), Standing: s.Table.Units[unit]}
		f.Deadline, f.Outcome.By = n.deadline(f.Standing, now), by
		doc, fault, err := letter.Draft(f)
		if err != nil {
			return err
		}
		if fault != nil {
			n.Log.Warn("the campaign's own text of the draft could not be used; it is the built-in one", "err", fault)
		}
		data = doc.Bytes()
		return nil
	})
	return data, err
}

// approval is the last decision in force by which letters of the kind may go
// to the unit.
func (n *Notifier) approval(s Situation, u *standing.Unit, kind string) *standing.Decision {
	for _, d := range slices.Backward(s.approvals) {
		if d.Letter == kind && slices.ContainsFunc(d.Units, func(code string) bool {
			x := s.Table.Units[code]
			return x != nil && x.Lead == u.Lead
		}) {
			return d
		}
	}
	return nil
}

// reasonApproved: a person approved the letter.
const reasonApproved = "approved"

// escalation takes the letter that the committee has signed to the unit's
// leaders, by the unit's own mailbox, once it is approved.
func (n *Notifier) escalation(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	o := Owed{Key: letter.Escalate + "/" + u.Code, Kind: letter.Escalate, Unit: u.Code, Reason: reasonApproved, To: n.group(s, u.Code)}
	q := n.question(s, u)
	due := schedule.Escalation(q)
	o.Due = due.At
	if s.letter(o.Key) != nil {
		return o, schedule.AlreadySent
	}
	d := n.approval(s, u, letter.Escalate)
	if d == nil || d.At.Before(due.At) {
		return o, due.Why // what was approved before the unit's deadline moved is not about the new one
	}
	q.Approved = []string{due.Step.Name}
	a := schedule.Escalation(q)
	o.Due = d.At
	switch {
	case a.Why != "":
		return o, a.Why
	case !d.Until.IsZero() && !s.Now.Before(d.Until):
		return o, schedule.TooLate // it asks by a day that has gone by
	case queued(s.letter(letter.Invite + "/" + u.Code)):
		return o, schedule.NotInvited
	}
	if why := n.crosses(s, u, o.Due); why != "" {
		return o, why
	}
	return o, reachable("", o.To)
}

// NextRound is why a letter waits that was approved a moment ago: the mailbox
// is read once more before it goes.
const NextRound = notRead

// unfinished: something of the unit's report has not come, or is to be mended.
const unfinished schedule.Why = "not_complete"

// thanks go to whoever is complete, once a person says that the report which
// all reports went into is issued: after the campaign has closed, mostly.
func (n *Notifier) thanks(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	o := Owed{Key: letter.Thanks + "/" + u.Code, Kind: letter.Thanks, Unit: u.Code, Reason: reasonApproved, To: n.group(s, u.Code)}
	d := n.approval(s, u, letter.Thanks)
	if d != nil {
		o.Due = d.At
	}
	switch {
	case s.letter(o.Key) != nil:
		return o, schedule.AlreadySent
	case u.State != standing.Complete:
		return o, unfinished
	case !u.Reachable:
		return o, schedule.Unreachable
	case d == nil:
		return o, schedule.AwaitingApproval
	}
	return o, reachable(n.courtesy(s, n.question(s, u).LastUnasked), o.To)
}

// approvedFacts are what a letter says that a person approved, and the file
// that goes with it.
func (n *Notifier) approvedFacts(s Situation, f *letter.Facts) ([]letter.Attachment, error) {
	d := n.approval(s, f.Standing, f.Kind)
	if d == nil {
		return nil, fmt.Errorf("nobody has approved it")
	}
	f.Outcome.Ref, f.Outcome.Date, f.Outcome.By = d.Ref, d.Date, d.Until
	if d.File == nil {
		return nil, nil
	}
	data, err := n.Kept(d.File.SHA256)
	if err != nil {
		return nil, fmt.Errorf("the signed letter: %w", err)
	}
	f.Outcome.File = d.File.Name
	return []letter.Attachment{{Name: d.File.Name, Data: data}}, nil
}
