package notify

import (
	"maps"
	"slices"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// spoken is what follows from the decisions in force, and from what mails say of
// others.
type spoken struct {
	alive     []standing.Decision           // in force, in their order
	live      time.Time                     // when a person said last that letters may go out; zero if nobody has
	approvals []*standing.Decision          // those of alive by which letters may go
	aliases   []*standing.Decision          // those of alive that register an address
	moves     []standing.Decision           // extensions, and what undoes anything
	moved     map[string]moved              // by lead: the last decision about its deadline
	said      map[string]bool               // ids of mails about which, or in which, a mail said something
	touched   map[string]bool               // these, and those that somebody decided about
	asking    map[string][]*finding.Verdict // by lead: mails that ask for more time, in their order
	open      map[string]bool               // of touched: those that may still want an answer
	claims    map[string]bool               // ids of mails of which a unit may still have to be asked whether they are its own
	asked     map[claimant]time.Time        // of which mail each was asked last, by when it came
}

// remembered is what looks at everything have worked out. It holds as long as
// nobody decides anything, no mail says anything of another, and no letter is
// taken back: else a year of decisions would be gone through every few minutes.
// Only write transactions use it, and there is one at a time.
type remembered struct {
	spoken
	attesting, returned int // how many, when it was worked out
	requests, claimed   int // how many of these it has seen
	now                 time.Time
}

// heed works out what was spoken, or remembers it where the facts are all that
// there are and none of them is still to come.
func (n *Notifier) heed(s *Situation) {
	alive, attesting := s.Facts.InForce(s.Now), s.Facts.Those(standing.Attesting)
	ahead := func(m *finding.Verdict) bool { return m.Received.After(s.Now) }
	if !s.by.IsZero() || s.queue.Returned == 0 || !s.Facts.Kept() || slices.ContainsFunc(attesting, ahead) {
		s.spoken = n.listen(*s, alive)
		return
	}
	r := &n.remembered
	same := len(r.alive) == len(alive) && (len(alive) == 0 || &r.alive[0] == &alive[0])
	if !same || r.attesting != len(attesting) || r.returned != s.queue.Returned || s.Now.Before(r.now) {
		*r = remembered{spoken: n.listen(*s, alive), attesting: len(attesting), returned: s.queue.Returned}
		r.requests, r.claimed = s.Facts.Count(standing.Asking), s.Facts.Count(standing.Claimed)
	}
	r.now = s.Now
	if n := s.Facts.Count(standing.Asking); n != r.requests {
		r.requests, r.asking = n, requests(*s, s.Facts.Those(standing.Asking))
	}
	if n := s.Facts.Count(standing.Claimed); n != r.claimed {
		for _, m := range s.Facts.Those(standing.Claimed)[r.claimed:] {
			r.claims[m.ID] = true
		}
		r.claimed = n
	}
	s.spoken = r.spoken
}

// listen works out what was spoken, from the facts.
func (n *Notifier) listen(s Situation, alive []standing.Decision) spoken {
	said := map[string]bool{}
	for _, m := range s.Facts.Those(standing.Attesting) {
		for _, a := range m.Attests {
			said[m.ID], said[a.Arrival] = true, true
		}
	}
	x := spoken{alive: alive, said: said, touched: maps.Clone(said), claims: maps.Clone(said), asked: map[claimant]time.Time{}}
	for i := range alive {
		d := &alive[i]
		switch {
		case d.Kind == standing.Approve:
			x.approvals = append(x.approvals, d)
		case d.Kind == standing.Alias:
			x.aliases = append(x.aliases, d)
		case d.Kind == standing.GoLive && d.At.After(x.live):
			x.live = d.At
		}
		if d.Arrival != "" && d.Kind != standing.Approve {
			x.touched[d.Arrival] = true
		}
	}
	for _, d := range s.Facts.Decisions {
		if d.Kind == standing.Extend || d.Kind == standing.Undo {
			x.moves = append(x.moves, d)
		}
	}
	for _, m := range s.Facts.Those(standing.Claimed) {
		x.claims[m.ID] = true
	}
	x.open = maps.Clone(x.touched)
	s.spoken = x
	x.moved = deadlineDecisions(s)
	x.asking = requests(s, s.Facts.Those(standing.Asking))
	return x
}
