package standing

import (
	"cmp"
	"slices"

	"dondoc/intake/finding"
)

// Few are mails of which there are few, and which every look has to see: an
// Index keeps their places, so that nobody goes through all others for them.
type Few byte

const (
	Attesting Few = iota // say whose another mail is
	Claimed              // nobody had confirmed that they are the unit's when they came
	Contact              // ask for letters to go to another address
	Refused              // order what was not carried out
	Asking               // ask for more time
	Bounced              // say for certain that a letter of ours did not arrive
	fews
)

func (k Few) is(m *finding.Verdict) bool {
	switch k {
	case Attesting:
		return len(m.Attests) > 0
	case Claimed:
		return m.Claimed
	case Contact:
		return slices.ContainsFunc(m.Says, func(y finding.Saying) bool { return y.Kind == finding.SaysContact })
	case Asking:
		return m.Human() && (m.Class == finding.ClassExtension || slices.ContainsFunc(m.Says, func(y finding.Saying) bool { return y.Kind == finding.SaysNeedsTime }))
	case Refused:
		return m.Command != nil && m.Command.Refused != ""
	}
	return m.Bounce != nil && m.Bounce.Ours && m.Bounce.Permanent
}

// Those are the mails of one of these kinds, in their order.
func (f Facts) Those(k Few) (those []*finding.Verdict) {
	rest := f.Mails
	if f.found() {
		f.index.mu.RLock()
		for _, i := range f.index.few[k] {
			if int(i) < f.mails {
				those = append(those, f.Mails[i])
			}
		}
		f.index.mu.RUnlock()
		rest = f.Mails[f.mails:]
	}
	for _, m := range rest {
		if k.is(m) {
			those = append(those, m)
		}
	}
	return those
}

// Count is how many mails are of the kind.
func (f Facts) Count(k Few) (n int) {
	rest := f.Mails
	if f.found() {
		f.index.mu.RLock()
		n, _ = slices.BinarySearch(f.index.few[k], int32(f.mails))
		f.index.mu.RUnlock()
		rest = f.Mails[f.mails:]
	}
	for _, m := range rest {
		if k.is(m) {
			n++
		}
	}
	return n
}

// Among are the mails with the ids, in their order.
func (f Facts) Among(ids map[string]bool) (those []*finding.Verdict) {
	rest := f.Mails
	if f.found() {
		f.index.mu.RLock()
		var places []int32
		for id := range ids {
			places = append(places, f.index.mails[topic{ofMail, id}]...)
		}
		f.index.mu.RUnlock()
		slices.SortFunc(places, cmp.Compare[int32])
		for _, i := range slices.Compact(places) {
			if int(i) < f.mails {
				those = append(those, f.Mails[i])
			}
		}
		rest = f.Mails[f.mails:]
	}
	for _, m := range rest {
		if ids[m.ID] {
			those = append(those, m)
		}
	}
	return those
}
