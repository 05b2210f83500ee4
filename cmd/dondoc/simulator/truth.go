package simulator

import (
	"fmt"
	"maps"
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
	settled  time.Time // when the desk had dealt with it
	asksTime bool      // it asks for a later deadline, and waits for the desk's word
}

// gift is something that a party gave: a mail with files, or what the desk
// recorded as received outside the mailbox.
type gift struct {
	party *party
	by    *member
	at    time.Time // when it was there
	known time.Time // outside the mailbox: when the desk recorded it
	content
	cells  map[string]string // of the faults, by input
	papers []file            // as they are before anything is wrapped around them
	mail   *sending
	// claimed: nothing but its words says whose it is; confirmed is when the
	// desk had asked.
	claimed   bool
	confirmed time.Time
	outside   bool
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
	prolonged []prolonged
	resumed   time.Time
}

// prolonged is a deadline of a party's own, exclusive, and since when.
type prolonged struct{ at, until time.Time }

// Sent is a mail to the office as its sender meant it.
type Sent struct {
	MessageID string // without <>
	Unit      string // whose it is, whoever passed it on
	Machine   bool
	Asks      bool     // somebody has to ask whose it is
	Completes bool     // with it the unit has given all that it owes
	Papers    [][]byte // its files, whatever is wrapped around them
}

// Sent tells of all mails to the office so far.
func (w *World) Sent() (all []Sent) {
	gifts := map[*sending]*gift{}
	for _, p := range w.parties {
		for _, g := range p.gifts {
			gifts[g.mail] = g
		}
	}
	for _, s := range w.sent {
		x := Sent{MessageID: s.id, Unit: s.by.Code, Machine: s.machine}
		if g := gifts[s]; g != nil {
			stood := g.party.stand(g.at)
			x.Unit, x.Asks = g.by.Code, g.doubtful
			for _, f := range g.papers {
				x.Papers = append(x.Papers, f.data)
			}
			x.Completes = !g.doubtful && !stood.claimed && !stood.faulty() && len(g.party.missing(stood)) == 0
		}
		all = append(all, x)
	}
	return all
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
func (p *party) stand(t time.Time) standing { return p.fold(t, false) }

// known is where the party stood at t as far as the office could know: a mail
// that waits for the desk does not count yet.
func (p *party) known(t time.Time) standing { return p.fold(t, true) }

func (p *party) fold(t time.Time, known bool) standing {
	var s standing
	gifts := slices.Clone(p.gifts)
	slices.SortStableFunc(gifts, func(a, b *gift) int { return a.at.Compare(b.at) })
	for _, g := range gifts {
		if g.rejected || g.at.After(t) || g.known.After(t) {
			continue
		}
		if known && g.doubtful && (g.settled.IsZero() || g.settled.After(t)) {
			continue
		}
		s.claimed = s.claimed || g.unconfirmed(t)
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

func (g *gift) unconfirmed(t time.Time) bool {
	return g.claimed && (g.confirmed.IsZero() || g.confirmed.After(t))
}

// due is the party's deadline as it was at t, exclusive.
func (p *party) due(t time.Time) time.Time {
	own := deadline
	for _, x := range p.prolonged {
		if !t.Before(x.at) {
			own = x.until
		}
	}
	return own
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

// timeliness is in the words of CONTRACT, as it was at t; there is no grace
// after an extension.
func (p *party) timeliness(s standing, t time.Time) string {
	own := p.due(t)
	switch {
	case s.complete.IsZero():
		return ""
	case s.complete.Before(own):
		return "on_time"
	case own.Equal(deadline) && s.complete.Before(grace):
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

// undecided reports whether a mail of the party lay on the desk at t. What it
// only wrote lies there for a day, and then it is reminded all the same.
func (p *party) undecided(t time.Time) bool {
	lies := func(at, settled time.Time) bool { return !at.After(t) && (settled.IsZero() || t.Before(settled)) }
	return slices.ContainsFunc(p.gifts, func(g *gift) bool { return g.doubtful && lies(g.at, g.settled) }) ||
		slices.ContainsFunc(p.questions, func(q *sending) bool {
			return lies(q.at, q.settled) && (q.asksTime || t.Before(q.at.Add(24*time.Hour))) && len(p.said) == 0
		})
}

// excused says, in both languages, why the party is not to be reminded at t
// though it owes; "" if it is.
func (p *party) excused(t time.Time) (vi, en string) {
	switch {
	case !p.lead().AutoRemind:
		return "đơn vị không nhắc tự động", "it is not to be reminded by mail"
	case within(p.paused, t):
		return "đang tạm dừng nhắc", "reminders are paused"
	case within(p.promised, t):
		return "đã hẹn ngày gửi", "it has promised a day"
	case within(p.said, t) && !slices.ContainsFunc(p.missing(p.stand(t)), func(part string) bool { return part != "report" }):
		return "đã trả lời ĐÃ GỬI", "it has written ĐÃ GỬI"
	case p.undecided(t):
		return "có thư đang chờ Phòng xem", "a mail of its lies on the desk"
	}
	return "", ""
}

// Sums are the totals of the counts, over the parties whose appendix counts:
// nothing in it is to be mended, and it is not merely claimed. An input that
// nobody gave a number for has none.
func (w *World) Sums() map[string]float64 {
	sums := map[string]float64{}
	for _, p := range w.parties {
		if s := p.known(w.now); s.counts(w.now) {
			for name, n := range s.appendix.figures {
				sums[name] += n
			}
		}
	}
	return sums
}

// counts reports whether the figures of the appendix are in the sums.
func (s standing) counts(t time.Time) bool {
	return s.appendix != nil && s.appendix.figures != nil && !s.faulty() && !s.appendix.unconfirmed(t)
}

// readable are the figures that can be read in the party's appendix.
func (s standing) readable() figures {
	if s.appendix == nil {
		return nil
	}
	f := maps.Clone(s.appendix.figures)
	for _, fault := range s.appendix.faults {
		delete(f, fault.name)
		if n, ok := fault.value.(float64); ok {
			f[fault.name] = n
		}
	}
	return f
}
