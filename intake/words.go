package intake

import (
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/saying"
	"dondoc/schedule/standing"
)

// What a person's own words do. The child has read them (package saying); here
// they are held against the letter that they answer and the day on which they
// came, and become facts of the verdict, which standing applies. Nothing here
// is done that the desk could not undo by setting the mail aside.

// Why a mail of words stands as it does.
const (
	saidSent      = "said_sent"      // by another channel
	saidPromise   = "promised"       // a day
	saidRight     = "confirmed"      // points, or a filing
	saidCorrects  = "corrects"       // figures that came before
	saidQuestion  = "question"       //
	saidCourtesy  = "courtesy"       // thanks, and nothing else
	namedUnit     = "named_its_unit" // as we asked
	wantsTime     = "asks_for_time"
	newContact    = "contact_change"
	deniesFiling  = "denied_by_unit"
	deniesSome    = "says_no" // to what, nobody can tell
	mustBeFixed   = "confirms_what_must_be_fixed"
	notUnderstood = "no_files"
)

// words is for a mail without files. A stranger who only mentions a unit is
// neither heeded nor answered.
func (d *decision) words(claimed bool, candidates []string) {
	if claimed {
		d.hold(notUnderstood, candidates)
		d.v.ReplyReason = "stranger_without_report"
		return
	}
	d.heed()
	says := func(kinds ...string) bool {
		return slices.ContainsFunc(d.v.Says, func(s finding.Saying) bool { return slices.Contains(kinds, s.Kind) })
	}
	point := func(outcome string) bool {
		return slices.ContainsFunc(d.v.Points, func(p finding.Point) bool { return p.Outcome == outcome })
	}
	denied := slices.ContainsFunc(d.v.Attests, func(a finding.Attestation) bool { return a.Denied })
	file := func(reason string) { d.v.Verdict, d.v.Reason = finding.Filed, reason }
	switch {
	case says(finding.SaysNeedsTime):
		d.hold(wantsTime, candidates)
	case says(finding.SaysContact):
		d.hold(newContact, candidates)
	case denied:
		d.hold(deniesFiling, candidates)
	case says(finding.SaysNo) && len(d.v.Attests) == 0:
		d.hold(deniesSome, candidates)
	case point(finding.PointMustFix):
		d.hold(mustBeFixed, candidates)
	case says(finding.SaysAsks):
		file(saidQuestion)
	case says(finding.SaysSent):
		file(saidSent)
	case says(finding.SaysCorrection):
		file(saidCorrects)
	case says(finding.SaysWillSend, finding.SaysForNow):
		file(saidPromise)
	case says(finding.SaysRight, finding.SaysYes):
		file(saidRight)
	case saying.Courtesy(d.r.Text):
		file(saidCourtesy)
	default:
		d.hold(notUnderstood, candidates)
	}
	d.acknowledge(readByAPerson)
}

// hear records what the mail says. Days become days of the calendar; those that
// are none are left out, the saying stays.
func (d *decision) hear() {
	received := d.v.Received.In(d.location())
	unit := ""
	if senders := d.registered(d.r.From.Address); len(senders) == 1 {
		unit = senders[0]
	}
	deadline, _ := standing.EffectiveDeadline(d.c, d.k.Facts.About(d.c, standing.Concern{Units: []string{unit}}).Decisions, unit, d.now)
	last := deadline.In(d.location()).Add(-time.Nanosecond)
	for _, s := range d.r.Says {
		if s.Day != "" {
			day, ok := saying.Day(s.Day, received, last, s.Kind == finding.SaysSent)
			s.Day = ""
			if today := received.Format(time.DateOnly); ok && (s.Kind == finding.SaysSent || day.Format(time.DateOnly) >= today) {
				s.Day = day.Format(time.DateOnly)
			}
		}
		if s.Kind == finding.SaysContact && s.Address == d.r.From.Address {
			s.Address = ""
		}
		d.v.Says = append(d.v.Says, s)
	}
}

// heed makes facts of what somebody says who may speak for the unit.
func (d *decision) heed() {
	if answer := d.answer(); len(answer) > 0 {
		d.v.Attests = append(d.v.Attests, answer...)
		return
	}
	// "OK" to what we ask to be mended is no word about it: it may be that it
	// will be mended.
	right := func(s finding.Saying) bool {
		return s.Kind == finding.SaysYes && strings.Contains(finding.Plain(s.Quote), "dung") && slices.ContainsFunc(d.k.Threads, d.corrects)
	}
	for _, s := range d.v.Says {
		if s.Kind == finding.SaysRight || right(s) {
			d.points(s)
		}
	}
}

func (d *decision) location() *time.Location {
	if d.c.Location == nil {
		return time.UTC
	}
	return d.c.Location
}

// answer is a yes or no to the notice that somebody else filed for the unit: to
// all that the notice tells of, which is what its sender had sent by then and
// nobody has answered for. Only a registered address of the unit can give it,
// and only to the last letter of the thread: what was written since, and
// numbers, are about something else.
func (d *decision) answer() []finding.Attestation {
	said := func(kind string) bool {
		return slices.ContainsFunc(d.v.Says, func(s finding.Saying) bool { return s.Kind == kind && len(s.Items) == 0 })
	}
	yes, no := said(finding.SaysYes) || said(finding.SaysRight), said(finding.SaysNo)
	if yes == no || !slices.Contains(d.registered(d.r.From.Address), d.v.UnitCode()) {
		return nil
	}
	for _, l := range d.k.Threads {
		arrival, ok := strings.CutPrefix(l.Key, "confirm/")
		since := func(x ledger.Letter) bool { return x.Posted.After(l.Posted) }
		if !ok || d.ahead(l.Posted) || !d.sameDossier(l.Unit, d.v.UnitCode()) || slices.ContainsFunc(d.k.Threads, since) {
			continue
		}
		told := d.mail(arrival)
		if told == nil || d.claim(told) == "" {
			continue
		}
		var all []finding.Attestation
		for _, m := range d.k.Facts.About(d.c, standing.Concern{Units: []string{l.Unit}, Mails: []string{arrival}}).Mails {
			unit := d.claim(m)
			earlier := m.From == told.From && m.Brings() && !m.Received.After(told.Received) && !d.attested(m.ID)
			if unit != "" && d.sameDossier(unit, l.Unit) && (m == told || earlier) {
				all = append(all, finding.Attestation{Arrival: m.ID, Unit: unit, Denied: no})
			}
		}
		return all
	}
	return nil
}

// claim is the unit in whose name somebody unregistered sent the mail, by the
// mail itself or by what he answered when he was asked; "" for none.
func (d *decision) claim(m *finding.Verdict) string {
	unit := ""
	if m.Claimed {
		unit = m.UnitCode()
	}
	for _, by := range d.about(m.ID).Mails {
		for _, a := range by.Attests {
			if a.Arrival == m.ID && a.Claimed {
				unit = a.Unit
			}
		}
	}
	return unit
}

// attested reports whether the unit has said already whose the mail is.
func (d *decision) attested(arrival string) bool {
	return slices.ContainsFunc(d.about(arrival).Mails, func(m *finding.Verdict) bool {
		return slices.ContainsFunc(m.Attests, func(a finding.Attestation) bool { return a.Arrival == arrival && !a.Claimed })
	})
}

func (d *decision) sameDossier(a, b string) bool {
	return slices.ContainsFunc(d.c.Group(a), func(u config.Unit) bool { return u.Code == b })
}

func (d *decision) mail(id string) *finding.Verdict {
	return d.k.Facts.Mail(id)
}

// corrects reports whether the letter numbers what the unit has to mend.
func (d *decision) corrects(l ledger.Letter) bool {
	return l.Unit != "" && d.sameDossier(l.Unit, d.v.UnitCode()) && slices.ContainsFunc(l.Choices, func(c standing.Choice) bool { return c.Problem != nil })
}

// numbered is the letter of ours whose numbers the mail speaks of: the one that
// it answers, or where the thread was lost the newest of the unit's. Of one that
// was written at an instant that has not been yet nobody knows whether the
// sender can have read it, unless he quotes it.
func (d *decision) numbered() *ledger.Letter {
	seen := func(l ledger.Letter) bool { // whoever wrote can have read it
		return !l.Rendered.IsZero() && (!l.Rendered.After(d.v.Received) || d.ahead(l.Rendered))
	}
	var newest *ledger.Letter
	for k, letters := range [][]ledger.Letter{d.k.Threads, d.k.Numbered} {
		for i := range letters {
			l := &letters[i]
			if k == 1 && d.corrects(*l) && d.ahead(l.Rendered) {
				return nil
			}
			if d.corrects(*l) && seen(*l) && (newest == nil || l.Posted.After(newest.Posted)) {
				newest = l
			}
		}
		if newest != nil {
			break // References name all of a thread
		}
	}
	return newest
}

// points finds the numbers of a confirmation in the letter. None means all
// that a word can settle, and what it cannot if there is nothing else.
func (d *decision) points(s finding.Saying) {
	l := d.numbered()
	why := s.Reason
	if why == "" {
		why = s.Quote
	}
	if l == nil {
		for _, n := range s.Items {
			d.v.Points = append(d.v.Points, finding.Point{Number: n, Outcome: finding.PointUnknown})
		}
		return
	}
	add := func(number int, c standing.Choice) {
		p := finding.Point{Number: number, Outcome: finding.PointMustFix, Letter: l.Key, Arrival: c.Arrival, File: c.File, Problem: c.Problem, Reason: why}
		if c.Problem.Severity == finding.FixOrExplain {
			p.Outcome = finding.PointExplained
		}
		d.v.Points = append(d.v.Points, p)
	}
	for _, n := range s.Items {
		i := slices.IndexFunc(l.Choices, func(c standing.Choice) bool { return c.Number == n && c.Problem != nil })
		if i < 0 {
			d.v.Points = append(d.v.Points, finding.Point{Number: n, Outcome: finding.PointUnknown, Letter: l.Key})
			continue
		}
		add(n, l.Choices[i])
	}
	if len(s.Items) == 0 {
		for _, c := range l.Choices {
			if c.Problem != nil {
				add(c.Number, c)
			}
		}
	}
}

// named settles an answer to our question whose report it was: the address
// that was asked names exactly one unit, and nothing in the mail asked about
// speaks against it. Then that mail is filed, from its own time of receipt, and
// as a claim unless the address is registered for the unit. Anything less
// certain is left to a person.
func (d *decision) named() bool {
	asked := d.asked()
	if asked == nil || d.files() {
		return false
	}
	unit := ""
	for _, e := range d.r.Evidence {
		switch {
		case e.Kind != "body":
		case e.Doubt, unit != "" && e.Unit != unit:
			return false
		default:
			unit = e.Unit
		}
	}
	// Where our own words stand in it they were not cut away, and with them
	// may stand the name of the unit that we gave as an example.
	text := finding.Fold(d.r.Text)
	ours := strings.Contains(text, "khong phai gui lai tep") || strings.Contains(text, "files need not be sent again")
	if unit == "" || ours || len(text) > 600 || slices.ContainsFunc(d.r.Says, func(s finding.Saying) bool { return s.Kind == finding.SaysNo || s.Kind == finding.SaysAsks }) {
		return false
	}
	if _, known := d.c.Unit(unit); !known || len(asked.Candidates) > 0 && !slices.Contains(asked.Candidates, unit) && !d.relays(asked.Candidates) {
		return false
	}
	against := func(e finding.Evidence) bool {
		u, _ := d.c.Unit(e.Unit)
		return !e.Doubt && !u.Relay && !d.sameDossier(e.Unit, unit)
	}
	if slices.ContainsFunc(asked.Evidence, against) {
		return false
	}
	for _, p := range asked.Parts {
		if p.Unit != "" && !d.sameDossier(p.Unit, unit) {
			return false
		}
	}
	claimed := !slices.Contains(d.registered(d.r.From.Address), unit)
	d.v.Unit, d.v.Claimed = &unit, claimed
	d.v.Verdict, d.v.Reason, d.v.Class = finding.Filed, namedUnit, finding.ClassConfirmation
	d.v.Attests = []finding.Attestation{{Arrival: asked.ID, Unit: unit, Claimed: claimed}}
	d.v.ReplyReason = "receipt_follows"
	return true
}

// asked is the held mail about which the sender was asked, and which nobody
// has decided about since.
func (d *decision) asked() *finding.Verdict {
	for _, l := range d.k.Threads {
		arrival, ok := strings.CutPrefix(l.Key, "ask_unit/")
		if !ok || !slices.ContainsFunc(l.To, func(to string) bool { return strings.EqualFold(to, d.r.From.Address) }) {
			continue
		}
		m := d.mail(arrival)
		if m == nil || m.Verdict != finding.HeldMail || m.From != d.r.From.Address || d.ruled(arrival) {
			continue
		}
		return m
	}
	return nil
}

func (d *decision) ruled(arrival string) bool {
	return slices.ContainsFunc(standing.InForce(d.about(arrival).Decisions, d.now), func(x standing.Decision) bool {
		return x.Arrival == arrival && (x.Kind == standing.Assign || x.Kind == standing.Reject)
	})
}

// relays reports whether the candidates are only offices that pass mail on.
func (d *decision) relays(codes []string) bool {
	return !slices.ContainsFunc(codes, func(code string) bool { u, _ := d.c.Unit(code); return !u.Relay })
}

// saidBefore reports whether the sender was told within a day that a person
// reads his mail, and has said nothing else since: a second question is
// acknowledged as the first was, the same one again is not.
func (d *decision) saidBefore() bool {
	if !d.recent(d.k.Read) {
		return false
	}
	return !slices.ContainsFunc(d.v.Says, func(s finding.Saying) bool { return !slices.ContainsFunc(d.k.Told, s.Same) })
}
