package standing

import (
	"slices"
	"time"
)

// SetBack is that the machine's clock was set back to an instant, when so many
// decisions had been made.
type SetBack struct {
	To        time.Time
	Decisions int
}

// Present are the facts as they are to be read at now. A decision that is dated
// later has not been made, and that is right for a look at the past. But one
// after which the clock was set back, to an instant not after now, was dated by a
// clock that was wrong: it has been made, by that instant at the latest, and
// holds from then on. Else a pause, or the word that letters may go out, would
// wait for a year that is still to come.
func (f Facts) Present(now time.Time) Facts {
	var dated []Decision
	for i := range f.Decisions {
		if len(f.SetBack) == 0 || !f.Decisions[i].At.After(now) {
			continue
		}
		k := slices.IndexFunc(f.SetBack, func(s SetBack) bool { return s.Decisions > i && !s.To.After(now) })
		if k < 0 {
			continue
		}
		if dated == nil {
			dated = slices.Clone(f.Decisions)
		}
		dated[i].At = f.SetBack[k].To
	}
	if dated != nil {
		f.Decisions = dated
		f.index, f.mails, f.decisions = nil, 0, 0 // it knows them as they were
	}
	return f
}
