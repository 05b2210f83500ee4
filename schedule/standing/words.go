package standing

import (
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// heard is what the words of a dossier's mails tell, beside their files.
type heard struct {
	sent     map[string]sent // by kind: what is said to have come by another way
	promised time.Time       // the day, midnight
	promises *finding.Verdict
	outside  []*Decision // what the desk recorded as received outside
	points   []finding.Point
	// correcting is the mail that takes figures back and brings no others.
	correcting *finding.Verdict
	forNow     map[string][]string // by arrival: the kinds that it brought ahead of the signed ones
	last       time.Time           // when a mail came that nobody of the desk has dealt with
}

// sent is a part said to have been sent by another way.
type sent struct {
	by    *finding.Verdict
	named bool // and not only with everything else
}

// hear takes in what the words of a filed mail say. Its files have been taken.
// done: a person has dealt with what it asks for or reports; a promise and a
// confirmation go on holding.
func (s *dossier) hear(m *finding.Verdict, substance, done bool) {
	h := &s.heard
	brings := func(kind string) bool {
		return slices.ContainsFunc(m.Parts, func(p finding.Part) bool { return p.Kind == kind && p.Readable() })
	}
	if m.Class == finding.ClassStatement && len(m.Says) == 0 && !substance && !done {
		s.tell(m, nil) // of the time when nothing else was read
	}
	takesBack := slices.ContainsFunc(m.Parts, func(p finding.Part) bool {
		return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "R06" })
	})
	for _, x := range m.Says {
		switch {
		case x.Kind == finding.SaysWillSend:
			if day, err := time.ParseInLocation(time.DateOnly, x.Day, s.zone); err == nil {
				h.promised, h.promises = day, m
			}
		case done:
		case x.Kind == finding.SaysSent:
			// Beside files it counts where it names another way: "kèm theo" is none.
			if !substance || x.Via != "" || x.Ref != "" {
				s.tell(m, x.Parts)
			}
		case x.Kind == finding.SaysCorrection:
			takesBack = true
		case x.Kind == finding.SaysForNow:
			s.ahead(m, x.Parts, brings)
		}
	}
	switch {
	case brings(finding.Appendix):
		h.correcting = nil
	case takesBack && !done && !s.lacks().appendix && s.owes.Appendix:
		h.correcting = m
	}
}

// words adds to the standing what the words say of it. Of a promise in a mail
// and one in a note that one holds that was given last.
func (s *dossier) words(u *Unit, now time.Time) {
	h := &s.heard
	promised, by := time.Time{}, ""
	if p := s.promise; p != nil {
		y, m, d := p.Until.In(s.zone).Date()
		promised = time.Date(y, m, d, 0, 0, 0, 0, s.zone)
	}
	if h.promises != nil && (s.promise == nil || h.promises.Received.After(s.promise.At)) {
		promised, by = h.promised, h.promises.ID
	}
	if owes := len(u.Missing)+len(u.Open) > 0; owes && !promised.IsZero() && now.Before(promised.AddDate(0, 0, 1)) {
		u.Promise, u.PromisedBy = promised, by
	}
	said, mail := s.said(u.Counted)
	for _, kind := range said {
		missing := slices.ContainsFunc(u.Missing, func(m string) bool { return strings.HasPrefix(m, kind) })
		if missing || slices.ContainsFunc(u.Counted, func(c Counted) bool { return c.Kind == kind && len(c.Open()) > 0 }) {
			u.SaidParts = append(u.SaidParts, kind)
		}
	}
	if len(u.SaidParts) > 0 {
		u.Said, u.SaidAt, u.SaidBy = true, mail.Received, mail.ID
	}
	if m := h.correcting; m != nil {
		u.CorrectedBy, u.CorrectingAt = m.ID, m.Received
	}
	for _, c := range u.Counted {
		if s.isForNow(c) && !slices.Contains(u.ForNow, c.Kind) {
			u.ForNow = append(u.ForNow, c.Kind)
		}
	}
}

// tell notes parts as said to be sent; none means all. What the mail itself
// brings is not meant.
func (s *dossier) tell(m *finding.Verdict, parts []string) {
	if s.heard.sent == nil {
		s.heard.sent = map[string]sent{}
	}
	for _, kind := range []string{finding.Report, finding.Appendix, finding.Model} {
		if len(parts) == 0 || slices.Contains(parts, kind) {
			s.heard.sent[kind] = sent{m, len(parts) > 0}
		}
	}
}

// ahead notes which parts came ahead of the signed ones: those of the mail
// itself, or where it brings none, the report that counts.
func (s *dossier) ahead(m *finding.Verdict, parts []string, brings func(string) bool) {
	if s.heard.forNow == nil {
		s.heard.forNow = map[string][]string{}
	}
	if len(parts) == 0 {
		parts = []string{finding.Report}
	}
	for _, kind := range parts {
		if brings(kind) {
			s.heard.forNow[m.ID] = append(s.heard.forNow[m.ID], kind)
			continue
		}
		for _, c := range s.counted {
			if c.Kind == kind && c.Arrival != "" {
				s.heard.forNow[c.Arrival] = append(s.heard.forNow[c.Arrival], kind)
			}
		}
	}
}

// said are the kinds of which it holds that the unit says it has sent them: the
// desk has not recorded them since, nor did they come by mail.
func (s *dossier) said(counted []Counted) (kinds []string, by *finding.Verdict) {
	for _, kind := range []string{finding.Report, finding.Appendix, finding.Model} {
		x, ok := s.heard.sent[kind]
		if !ok || slices.ContainsFunc(s.heard.outside, func(d *Decision) bool { return !d.At.Before(x.by.Received) && (d.Part == kind || !x.named) }) ||
			slices.ContainsFunc(counted, func(c Counted) bool { return c.Kind == kind && c.Received.After(x.by.Received) }) {
			continue
		}
		kinds = append(kinds, kind)
		if by == nil || x.by.Received.After(by.Received) {
			by = x.by
		}
	}
	return kinds, by
}

// explain puts what the unit has said about its figures where it would have
// stood had it written it into the form.
func (s *dossier) explain(parts []Counted) {
	for i := range parts {
		p := &parts[i].Part
		explained := false
		for j := range p.Problems {
			for _, point := range s.heard.points {
				if p.Problems[j].Explain != "" || !point.Explains(p.SHA256, p.Problems[j]) {
					continue
				}
				if !explained { // the verdict itself keeps what was read
					p.Problems, explained = slices.Clone(p.Problems), true
				}
				p.Problems[j].Explain = point.Reason
			}
		}
		if explained {
			p.Verdict = finding.VerdictOf(p.Problems)
		}
	}
}

// isForNow reports whether the part came ahead of the signed one.
func (s *dossier) isForNow(c Counted) bool {
	return !c.Accepted && (slices.Contains(s.heard.forNow[c.Arrival], c.Kind) && c.Arrival != "" ||
		slices.ContainsFunc(c.Part.Problems, func(q finding.Problem) bool { return q.Code == "R05" }))
}

// Asked is what a reminder may ask for: what is missing and what is to be
// mended, less what the unit says that it has sent already.
func (u *Unit) Asked() (missing []string, open []finding.Problem) {
	if !u.Said {
		return u.Missing, u.Open
	}
	said := func(kind string) bool { return len(u.SaidParts) == 0 || slices.Contains(u.SaidParts, kind) }
	for _, m := range u.Missing {
		if kind, _, _ := strings.Cut(m, ":"); !said(kind) {
			missing = append(missing, m)
		}
	}
	for i := range u.Counted {
		if !said(u.Counted[i].Kind) {
			open = append(open, u.Counted[i].Open()...)
		}
	}
	return missing, open
}
