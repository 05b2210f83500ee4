package letter

import (
	"errors"
	"time"
)

// Outcome is what the committee decided and a letter tells the unit.
type Outcome struct {
	Reason string    // of extended: Granted, Decided, Declined or TakenBack
	Was    time.Time // of extended: the exclusive deadline that the unit was told of before

	// Of escalate the signed letter, of thanks the report that all reports went
	// into: its number and date, the exclusive day before which it asks (zero: as
	// soon as possible), the name of its file, which is attached.
	Ref      string
	Date, By time.Time
	File     string

	Address string // of registered: the new one
}

// What a letter of the kind extended tells.
const (
	Granted   = "granted"    // the later deadline that the unit asked for
	Decided   = "decided"    // a later deadline that it did not ask for
	Declined  = "declined"   // the deadline stays, though it asked for a later one
	TakenBack = "taken_back" // the later deadline that it was told of does not hold
)

// answers reports whether the unit asked and gets its answer.
func (o Outcome) answers() bool { return o.Reason == Granted || o.Reason == Declined }

// AsksForMore reports whether the letter about a deadline says what is missing:
// one that grants what was asked for says that and no more.
func AsksForMore(f Facts) bool {
	afterDisaster := f.Standing != nil && f.Standing.ExtendedBy != nil && f.Standing.ExtendedBy.Cause == "thien-tai"
	return f.Outcome.Reason == Declined || f.Outcome.Reason == TakenBack || afterDisaster
}

// outcome puts what was decided into phrases.
func (v *view) outcome() error {
	o := v.f.Outcome
	v.Outcome = o.Reason
	switch o.Reason {
	case Granted, Decided:
		if !v.f.Deadline.Extended {
			return errors.New("no new deadline")
		}
		if v.Passed() {
			return errors.New("the new deadline has gone by")
		}
	case Declined:
	case TakenBack:
		if o.Was.IsZero() {
			return errors.New("takes nothing back")
		}
		v.Was = byEnd(v.Lang, o.Was.In(v.now.Location()))
	default:
		return errors.New("nothing was decided")
	}
	return nil
}
