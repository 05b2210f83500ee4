package standing

import (
	"slices"
	"strings"
	"unicode"

	"dondoc/intake/finding"
)

// take settles what a filing changes in what counts. Filings come in order of
// receipt.
func (s *dossier) take(a filing) {
	if a.outside != nil {
		s.takeOutside(a)
	} else {
		s.takeMail(a)
	}
	if s.completed.IsZero() && s.lacks() == (lack{}) && s.counts() {
		s.completed = a.at
	}
}

// counts reports whether counting finds anything that counts.
func (s *dossier) counts() bool {
	for i := range s.counted {
		if c := &s.counted[i]; !c.Claimed || c.Kind != finding.Model {
			return true
		}
	}
	return len(s.counted) > 0 && s.owes.Models > 0
}

func (s *dossier) takeOutside(a filing) {
	d := a.outside
	switch d.Part {
	case finding.Report, finding.Appendix, finding.Model:
	default:
		return
	}
	c := Counted{Kind: d.Part, Unit: a.unit, Decision: d.ID, Received: a.at, Accepted: true}
	if d.File != nil {
		c.Part = *d.File
		if d.Part == finding.Appendix {
			s.heard.correcting = nil
		}
	} else {
		c.Part = finding.Part{Verdict: finding.Accepted}
	}
	c.Part.Kind = d.Part
	if d.Part == finding.Model && d.Count > 0 {
		c.Part.Models = d.Count
	}
	s.place(c)
}

func (s *dossier) takeMail(a filing) {
	claimed := a.claimed && !slices.Contains(s.aliases, strings.ToLower(a.mail.From))
	substance := false
	for _, part := range a.parts {
		if a.returned {
			part.Problems = returned(part.Problems)
			part.Verdict = finding.VerdictOf(part.Problems)
		}
		p := &part
		c := Counted{
			Kind: p.Kind, Unit: a.unit, Arrival: a.mail.ID, Received: a.at, Part: *p, Claimed: claimed,
			Held: !a.settled && !a.returned && heldPart(p), Accepted: !a.chosen.IsZero(), chosen: a.chosen,
		}
		switch {
		case p.Verdict == finding.Ignored || p.Kind == finding.Decoration:
			continue
		case !p.Readable() || rank(p.Kind) < 0:
			s.cannotRead(c)
		default:
			s.place(c)
			if p.Kind == finding.Report && p.Models > 0 {
				// Models written up within the report itself.
				c.Kind = finding.Model
				s.place(c)
			}
		}
		substance = substance || rank(p.Kind) >= 0
	}
	if !claimed {
		s.hear(a.mail, substance, a.done)
	}
}

// heldPart reports whether a person has to look at p before it is settled.
func heldPart(p *finding.Part) bool {
	return p.Verdict == finding.Held || slices.ContainsFunc(p.Problems, func(q finding.Problem) bool {
		return q.Severity == finding.ForPerson && q.Code != "N05"
	})
}

// place puts c where it belongs: as a part of its own, instead of the one that
// it supersedes, or among those that wait.
func (s *dossier) place(c Counted) {
	// The unit's own comes first: a stranger's file of a like name must not
	// stand between two versions of it.
	i, claimed := -1, -1
	for k := range s.counted { // by index: a part is long to copy
		if x := &s.counted[k]; (i < 0 && !x.Claimed || claimed < 0 && x.Claimed) && s.names.same(x, &c) {
			if x.Claimed {
				claimed = k
			} else {
				i = k
			}
		}
	}
	if i < 0 {
		i = claimed
	}
	if i < 0 {
		c.Version = 1
		if s.counted == nil {
			s.counted = make([]Counted, 0, 2+max(0, min(s.owes.Models, 10))) // as many as are owed, at once
		}
		s.counted = append(s.counted, c)
		return
	}
	old := &s.counted[i]
	outcome := succession(old, &c)
	if outcome == stays {
		return
	}
	if len(s.waiting) > 0 {
		s.waiting = slices.DeleteFunc(s.waiting, func(w Counted) bool {
			return s.names.same(&w, &c) && (w.Claimed || !c.Claimed)
		})
	}
	if outcome == waits {
		s.waiting = append(s.waiting, c)
		return
	}
	if old.Claimed && !c.Claimed && c.Part.SHA256 == "" && old.Part.SHA256 != "" {
		s.waiting = append(s.waiting, *old) // its numbers are all there are
	}
	c.Version = old.Version
	if sameMail := c.Arrival != "" && c.Arrival == old.Arrival; !sameMail &&
		(c.Part.SHA256 == "" || c.Part.SHA256 != old.Part.SHA256) {
		c.Version++
	}
	*old = c
	if claimed >= 0 && !c.Claimed {
		s.counted = slices.DeleteFunc(s.counted, func(x Counted) bool { return x.Claimed && s.names.same(&x, &c) })
	}
}

// counting divides the parts into those that count and those that wait. What
// is only claimed fills what the unit's own parts leave missing, and no more:
// anybody may write in a unit's name, and must not change what it gave. Of a
// report and an appendix place has seen to that.
func (s *dossier) counting() (counted, waiting []Counted) {
	need := s.owes.Models
	for i := range s.counted {
		if !s.counted[i].Claimed {
			need -= s.counted[i].Models()
		}
	}
	counted, waiting = make([]Counted, 0, len(s.counted)), slices.Clip(s.waiting)
	for _, c := range s.counted {
		if c.Claimed && c.Kind == finding.Model {
			if need <= 0 {
				waiting = append(waiting, c)
				continue
			}
			need -= c.Models()
		}
		counted = append(counted, c)
	}
	return counted, waiting
}

const (
	stays    = iota // the old part goes on counting, the new one is history
	waits           // the old part goes on counting until a person says otherwise
	replaces        // the new part counts
)

// succession decides what a newer part does to the one that counts. The newest
// counts even if there is more wrong with it than with the older one: the unit
// sent it in its place.
func succession(old, c *Counted) int {
	switch {
	case old.Claimed && !c.Claimed:
		return replaces // even by one that waits for a person: it is the unit's
	case c.Decision != "" && c.Part.SHA256 == "" && old.Part.SHA256 != "":
		return stays // a record of a paper says that it came, not what stands in it
	case c.Arrival != "" && c.Arrival == old.Arrival:
		if len(old.Open()) > 0 && len(c.Open()) == 0 && !c.Held {
			return replaces
		}
		return stays // the signed copy of the same report
	case old.chosen.After(c.chosen) && !c.Received.After(old.chosen):
		return stays // a person saw both and took the old one
	case c.Claimed && !old.Claimed, c.Held && !old.Held:
		return waits
	}
	return replaces
}

// names remembers what fold made of a title or file name: a campaign asks for
// the same few over and over.
type names map[string]string

// same reports whether b would take the place of a.
func (n names) same(a, b *Counted) bool {
	return a.Kind == b.Kind && (a.Kind != finding.Model || n.sameModel(a, b))
}

// sameModel tells a write-up sent again from another write-up. Titles decide
// where both files have one; file names only where not, and not within one
// mail, since a zip may hold "mo hinh.docx" twice.
func (n names) sameModel(a, b *Counted) bool {
	switch {
	case a.Part.SHA256 != "" && a.Part.SHA256 == b.Part.SHA256:
		return true
	case a.Part.Title != "" && b.Part.Title != "":
		return n.fold(a.Part.Title) == n.fold(b.Part.Title)
	case a.Part.Name == "" || b.Part.Name == "":
		return false // at least one is a record without a file
	}
	return a.Arrival != b.Arrival && n.fold(a.Part.Name) == n.fold(b.Part.Name)
}

// fold makes of a title or file name what stays the same when it is typed
// again: letters without marks, and digits.
func (n names) fold(s string) string {
	folded, ok := n[s]
	if !ok {
		folded = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, finding.Plain(s))
		n[s] = folded
	}
	return folded
}

// cannotRead keeps what is wrong with a file that could not be read, so that
// it can be said while nothing readable is there in its stead.
func (s *dossier) cannotRead(c Counted) {
	if s.unread == nil {
		s.unread = make(map[string][]Counted)
	}
	before := s.unread[c.Kind]
	if len(before) > 0 && before[0].Arrival != c.Arrival {
		before = nil
	}
	s.unread[c.Kind] = append(before, c)
}

// lack is what a dossier still misses.
type lack struct {
	report, appendix bool
	models           int
}

func (s *dossier) lacks() lack {
	l := lack{report: s.owes.Report, appendix: s.owes.Appendix, models: s.owes.Models}
	for i := range s.counted {
		switch c := &s.counted[i]; c.Kind {
		case finding.Report:
			l.report = false
		case finding.Appendix:
			l.appendix = false
		case finding.Model:
			l.models = max(0, l.models-c.Models())
		}
	}
	return l
}

// Models is how many write-ups the part holds; 0 unless it is of kind model.
func (c *Counted) Models() int {
	if c.Kind != finding.Model {
		return 0
	}
	return max(1, c.Part.Models)
}

// Open are the problems of the part that the sender still has to act on. What
// is missing (R01, M01) is no fault of the part, and what only the desk or
// nobody is told of is no task of the sender.
func (c *Counted) Open() []finding.Problem {
	var open []finding.Problem
	if c.Decision != "" && !c.Part.Readable() {
		return nil // a person took in the scan of a paper
	}
	for _, p := range c.Part.Problems {
		switch {
		case !p.Open(), p.Code == "R01", p.Code == "M01":
		case p.Audience != "" && p.Audience != finding.ToUnit:
		case p.Severity == finding.FixOrExplain && c.Accepted:
		default:
			open = append(open, p)
		}
	}
	return open
}

// WithModels is what is wrong with a part once write-ups of models are there.
// A form holds a row of its list to name a file (M03), or else the grounds of
// recognition (M04), because it cannot know which files came along. With the
// write-ups before it, that is for the desk to see and no task of the sender.
func WithModels(problems []finding.Problem) []finding.Problem {
	forDesk := func(p finding.Problem) bool { return p.Code == "M03" || p.Code == "M04" }
	if !slices.ContainsFunc(problems, forDesk) {
		return problems
	}
	problems = slices.Clone(problems)
	for i := range problems {
		if forDesk(problems[i]) {
			problems[i].Severity, problems[i].Audience = finding.Noted, finding.ToDesk
		}
	}
	return problems
}
