package notify

import (
	"slices"

	"dondoc/config"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// pending is what a person has to decide, mails first, then unit by unit, each
// with the ways to settle it by an answer.
func (n *Notifier) pending(s Situation) (all []letter.Decision, more int) {
	paused := map[string]int{}
	matters := slices.DeleteFunc(standing.Pending(n.Campaign, s.Facts, s.Table), func(m standing.Matter) bool {
		if m.Pause == nil {
			return false
		}
		paused[m.Pause.ID]++
		return paused[m.Pause.ID] > mostPaused
	})
	if more = len(matters) - mostDecisions; more > 0 {
		// Strangers' mail, however much of it, must not hide what units wait for.
		slices.SortStableFunc(matters, func(a, b standing.Matter) int {
			switch {
			case (a.Unit == "") == (b.Unit == ""):
				return 0
			case a.Unit == "":
				return 1
			}
			return -1
		})
		matters = matters[:mostDecisions]
	}
	for _, m := range matters {
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
	return all, max(0, more)
}

// mostDecisions is how many things a digest asks, so that it can be read on a
// telephone and no webmail cuts it off: what is settled makes room for the next.
const mostDecisions = 100

// mostPaused is how many units of one pause a digest lists: a pause of a few
// districts is looked at one by one, one of everybody is not.
const mostPaused = 5

func (n *Notifier) unit(code string) *config.Unit {
	if u, ok := n.Campaign.Unit(code); ok {
		return &u
	}
	return nil
}
