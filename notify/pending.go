package notify

import (
	"dondoc/config"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// pending is what a person has to decide, mails first, then unit by unit, each
// with the ways to settle it by an answer.
func (n *Notifier) pending(s Situation) []letter.Decision {
	var all []letter.Decision
	paused := map[string]int{}
	for _, m := range standing.Pending(n.Campaign, s.Facts, s.Table) {
		d := letter.Decision{Kind: m.Kind, Mail: m.Mail, Unit: n.unit(m.Unit), Problem: m.Problem, Matter: m.Key()}
		if m.Mail != nil {
			d.Answered = s.ByHand[m.Mail.ID].At
		}
		if m.Part != nil {
			d.File = m.Part.Part.SHA256
			d.Besides = m.Part.Questions()[1:]
		}
		switch {
		case m.Left:
			d.Reason = letter.ReasonLeft
		case m.Denied:
			d.Reason = letter.ReasonDenied
		case m.Pause != nil:
			if paused[m.Pause.ID]++; paused[m.Pause.ID] > mostPaused {
				continue
			}
			d.Reason, d.Until = m.Pause.Reason, m.Pause.Until
		}
		for _, code := range m.MayBe {
			if u := n.unit(code); u != nil {
				d.Candidates = append(d.Candidates, *u)
			}
		}
		d.Options, d.Commands = n.options(s, m, d.Candidates)
		all = append(all, d)
	}
	return all
}

// mostPaused is how many units of one pause a digest lists: a pause of a few
// districts is looked at one by one, one of everybody is not.
const mostPaused = 5

func (n *Notifier) unit(code string) *config.Unit {
	if u, ok := n.Campaign.Unit(code); ok {
		return &u
	}
	return nil
}
