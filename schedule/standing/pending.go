package standing

import (
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
)

// The kinds of a Matter.
const (
	MatterMail    = "held"    // a mail waits: whose is it?
	MatterWords   = "reply"   // somebody wrote something; no files
	MatterPart    = "part"    // a part of a filed mail waits for a person
	MatterClaimed = "claimed" // filed from an address that is not the unit's
	MatterPaused  = "paused"  // reminders are off
)

// Matter is something that a person of the desk has to decide.
type Matter struct {
	Kind    string
	Unit    string           // whom it concerns, if that is known
	Mail    *finding.Verdict // the mail it is about; nil for paused
	MayBe   []string         // of held and reply: the units that it may be of
	Left    bool             // it was filed for a unit that is in the roster no longer
	Denied  bool             // it was filed for a unit that says that it is not its own
	Said    bool             // a "ĐÃ GỬI" that nobody has looked for yet
	Part    *Counted         // of part
	Problem *finding.Problem // of part: what is the matter
	Pause   *Decision        // of paused
}

// Key names the matter for as long as it is the same one: what was asked about
// it at one time can be answered later if it is still there.
func (m Matter) Key() string {
	words := []string{m.Kind}
	if m.Mail != nil {
		words = append(words, m.Mail.ID)
	}
	if m.Part != nil {
		words = append(words, m.Part.Part.SHA256)
	}
	if m.Pause != nil {
		words = append(words, m.Pause.ID)
	}
	if m.Kind == MatterMail {
		words = append(words, m.MayBe...) // of several units' files some may be given away
	} else {
		words = append(words, m.Unit)
	}
	return strings.Join(words, "/")
}

// Pending is what a person has to decide at t.Now, mails first, then unit by
// unit. t is Fold of the same facts.
func Pending(c *config.Campaign, f Facts, t *Table) []Matter {
	var all []Matter
	ruled, answered := Rulings(c, f, t.Now), AnsweredByHand(f, t.Now)
	mails := map[string]*finding.Verdict{}
	for _, m := range f.Mails {
		mails[m.ID] = m
		if m.Received.After(t.Now) {
			continue
		}
		r := ruled(m)
		if _, asks := m.Said(finding.SaysAsks); asks && m.Verdict == finding.Filed && !r.Decided && !r.Done {
			// A question is filed and keeps nothing waiting; somebody has to answer it.
			if _, byHand := answered[m.ID]; !byHand && t.Units[m.UnitCode()] != nil {
				all = append(all, Matter{Kind: MatterWords, Unit: m.UnitCode(), Mail: m})
				continue
			}
		}
		left := !r.Waits && slices.ContainsFunc(r.Shares, func(x Share) bool { return t.Units[x.Unit] == nil })
		if !r.Waits && !left || denies(m) {
			continue // of a denial the filing that it denies is asked about
		}
		matter := Matter{Kind: MatterMail, Unit: m.UnitCode(), Mail: m, MayBe: r.MayBe, Left: left, Denied: r.Denied}
		if m.Verdict == finding.HeldMail && !slices.ContainsFunc(m.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration }) {
			matter.Kind = MatterWords
		}
		if matter.Unit == "" && len(r.MayBe) == 1 {
			matter.Unit = r.MayBe[0]
		}
		all = append(all, matter)
	}
	for _, code := range t.Order {
		u := t.Units[code]
		if u.Lead != code {
			continue
		}
		if u.Said {
			all = append(all, Matter{Kind: MatterWords, Unit: code, Mail: mails[u.SaidBy], Said: true})
		}
		all = append(all, u.pending(mails)...)
		for _, x := range []struct {
			by    string
			heeds bool
		}{{u.PromisedBy, !u.Promise.Before(u.Deadline)}, {u.CorrectedBy, true}} {
			if m := mails[x.by]; m != nil && x.heeds && !ruled(m).Done && !slices.ContainsFunc(all, func(have Matter) bool { return have.Mail == m && have.Unit == code }) {
				all = append(all, Matter{Kind: MatterWords, Unit: code, Mail: m})
			}
		}
		if u.Paused && len(u.Missing)+len(u.Open) > 0 {
			all = append(all, Matter{Kind: MatterPaused, Unit: code, Pause: &u.PausedBy})
		}
	}
	return all
}

// pending is what has to be decided about the unit's files: those of which a
// person has to say something, those of which the unit itself has said why they
// are right, and those that somebody else sent in its name.
func (u *Unit) pending(mails map[string]*finding.Verdict) []Matter {
	var all []Matter
	claimed := map[string]bool{}
	for _, parts := range [][]Counted{u.Counted, u.Waiting} {
		for i := range parts {
			c := &parts[i]
			m := mails[c.Arrival]
			if m == nil {
				continue
			}
			if c.Claimed && !claimed[c.Arrival] {
				claimed[c.Arrival] = true
				all = append(all, Matter{Kind: MatterClaimed, Unit: u.Code, Mail: m})
			}
			if asked := c.Questions(); len(asked) > 0 {
				all = append(all, Matter{Kind: MatterPart, Unit: u.Code, Mail: m, Part: c, Problem: asked[0]})
			}
		}
	}
	return all
}

// Questions are the problems of the part that a person has to say something
// about. One decision settles them all.
func (c *Counted) Questions() []*finding.Problem {
	var all []*finding.Problem
	for i := range c.Part.Problems {
		p := &c.Part.Problems[i]
		explained := p.Severity == finding.FixOrExplain && p.Explain != "" && !c.Accepted && !c.Claimed
		if c.Held && p.Severity == finding.ForPerson && !p.Open() || explained {
			all = append(all, p)
		}
	}
	return all
}

// denies reports whether all that a mail waits for is a filing that it denies.
func denies(m *finding.Verdict) bool {
	return m.Reason == "denied_by_unit" && len(m.Attests) > 0
}
