package simulator

import (
	"fmt"
	"slices"
	"time"
)

// sending is a mail that was sent to the office.
type sending struct {
	id, from string
	at       time.Time
	party    *party
	by       *member
	machine  bool
	files    bool
	cc       []string
	// desk is what the desk records when it has read the mail.
	desk    func(id string) []string
	settled time.Time // when it did
}

// gift is something that a party gave: a mail with files, or what the desk
// recorded as received outside the mailbox.
type gift struct {
	party *party
	by    *member
	at    time.Time // when it was there
	known time.Time // outside the mailbox: when the desk recorded it
	content
	cells   map[string]string // of the faults, by input
	mail    *sending
	claimed bool // nothing but its words says whose it is
	outside bool
	// doubtful: somebody has to ask whose it is.
	doubtful bool
	settled  time.Time // when the desk did
	// unwanted is what follows when the desk sets it aside; nil if it is good.
	unwanted func()
	rejected bool
}

// truth is what really happened to one party.
type truth struct {
	gifts     []*gift
	questions []*sending
	promised  []span
	said      []span // "ĐÃ GỬI", until the desk had recorded it
	paused    []span
	deadline  time.Time // its own, exclusive; zero: the letter's
	resumed   time.Time
}

// The letter's deadlines, exclusive (LETTER.md §5).
var (
	deadline = day(20, 0, 0, 0)
	grace    = day(21, 0, 0, 0)
)

// standing is where a party stands.
type standing struct {
	report   bool
	appendix *gift // the one that counts
	models   int
	complete time.Time // first moment at which all parts were there
	claimed  bool
}

// stand is where the party stood at t by what it had given. What the desk had
// to be asked about counts for the party from the moment it was given.
func (p *party) stand(t time.Time) standing {
	var s standing
	gifts := slices.Clone(p.gifts)
	slices.SortStableFunc(gifts, func(a, b *gift) int { return a.at.Compare(b.at) })
	for _, g := range gifts {
		if g.rejected || g.at.After(t) || g.known.After(t) {
			continue
		}
		s.claimed = s.claimed || g.claimed
		s.report = s.report || g.report
		if g.appendix && (s.appendix == nil || g.figures != nil || s.appendix.figures == nil) {
			s.appendix = g
		}
		if g.models {
			s.models = p.models
		}
		if s.complete.IsZero() && s.report && s.appendix != nil && s.models >= p.models {
			s.complete = g.at
		}
	}
	return s
}

// missing is in the words of CONTRACT.
func (p *party) missing(s standing) []string {
	missing := []string{}
	if !s.report {
		missing = append(missing, "report")
	}
	if s.appendix == nil {
		missing = append(missing, "appendix")
	}
	if n := p.models - s.models; n > 0 {
		missing = append(missing, fmt.Sprintf("model:%d", n))
	}
	return missing
}

func (s standing) faulty() bool  { return s.appendix != nil && len(s.appendix.faults) > 0 }
func (s standing) nothing() bool { return !s.report && s.appendix == nil && s.models == 0 }

// state is in the words of CONTRACT.
func (p *party) state(s standing) string {
	switch n := len(p.missing(s)); {
	case n > 0 && s.nothing():
		return "none"
	case n > 0:
		return "partial"
	case s.faulty():
		return "fixing"
	}
	return "complete"
}

func (p *party) timeliness(s standing) string {
	own := p.deadline
	if own.IsZero() {
		own = deadline
	}
	switch {
	case s.complete.IsZero():
		return ""
	case s.complete.Before(own):
		return "on_time"
	case p.deadline.IsZero() && s.complete.Before(grace):
		return "grace"
	}
	return "late"
}

// owes reports whether the party had something to send or to mend at t.
func (p *party) owes(t time.Time) bool {
	s := p.stand(t)
	return len(p.missing(s)) > 0 || s.faulty()
}

func (p *party) broken() bool {
	return slices.ContainsFunc(p.members, func(m *member) bool { return m.broken })
}

// within reports whether t lies in one of the spans; one without an end lasts.
func within(spans []span, t time.Time) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return !t.Before(s.from) && (s.to.IsZero() || t.Before(s.to)) })
}

// undecided reports whether a mail of the party lay on the desk at t.
func (p *party) undecided(t time.Time) bool {
	lies := func(at, settled time.Time) bool { return !at.After(t) && (settled.IsZero() || t.Before(settled)) }
	return slices.ContainsFunc(p.gifts, func(g *gift) bool { return g.doubtful && lies(g.at, g.settled) }) ||
		slices.ContainsFunc(p.questions, func(q *sending) bool { return lies(q.at, q.settled) && len(p.said) == 0 })
}

// excused says why the party is not to be reminded at t, though it owes; "" if
// it is.
func (p *party) excused(t time.Time) string {
	switch {
	case !p.lead().AutoRemind:
		return "không nhắc tự động"
	case within(p.paused, t):
		return "đang tạm dừng nhắc"
	case within(p.promised, t):
		return "đã hẹn ngày gửi"
	case within(p.said, t):
		return "đã trả lời ĐÃ GỬI"
	case p.undecided(t):
		return "có thư đang chờ Phòng xem"
	}
	return ""
}

// Sums are the totals of the counts, over the parties whose appendix counts
// and is not merely claimed. What cannot be read as a number adds nothing.
func (w *World) Sums() figures {
	sums := figures{}
	for _, name := range Inputs() {
		sums[name] = 0
	}
	for _, p := range w.parties {
		if s := p.stand(w.now); s.appendix != nil && !s.appendix.claimed {
			for name, n := range p.counts(s) {
				sums[name] += n
			}
		}
	}
	return sums
}

// counts are the figures that can be read in the party's appendix.
func (p *party) counts(s standing) figures {
	if s.appendix == nil {
		return nil
	}
	f := figures{}
	for name, n := range s.appendix.figures {
		f[name] = n
	}
	for _, fault := range s.appendix.faults {
		delete(f, fault.name)
		if n, ok := fault.value.(float64); ok {
			f[fault.name] = n
		}
	}
	return f
}
