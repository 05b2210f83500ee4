package notify

import (
	"cmp"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// contact is an address that a unit asked for and a person of the committee
// registered.
type contact struct {
	decision standing.Decision
	mail     *finding.Verdict // in which the unit asked
}

// contacts are the addresses registered by now because their units asked, in
// the order of the decisions. An address registered for another reason, so that
// one filing counts, is none: nobody asked for letters to go there.
func contacts(s Situation) (all []contact) {
	if len(s.aliases) == 0 {
		return nil
	}
	asked := map[string][]*finding.Verdict{} // by the address, and by the mail's id
	for _, m := range s.Facts.Those(standing.Contact) {
		if !m.Human() || m.Received.After(s.Now) {
			continue
		}
		for _, y := range m.Says {
			if y.Kind == finding.SaysContact {
				address := strings.ToLower(cmp.Or(y.Address, m.From)) // none: the one it comes from
				asked[address], asked[m.ID] = append(asked[address], m), append(asked[m.ID], m)
			}
		}
	}
	for _, d := range s.aliases {
		if len(d.Units) == 0 {
			continue
		}
		for _, m := range slices.Backward(append(slices.Clone(asked[strings.ToLower(d.Address)]), asked[d.Arrival]...)) {
			if m.Received.Before(d.At) && (m.ID == d.Arrival || m.UnitCode() == d.Units[0]) {
				all = append(all, contact{*d, m})
				break
			}
		}
	}
	return all
}

// registered tells a unit that an address is registered as it asked: at the new
// address and at the old one, whose reader may know nothing of it (BEHAVIOURS
// 17). It answers a request, so it goes at once.
func (n *Notifier) registered(s Situation) (owed []Owed) {
	for _, c := range s.contacts {
		u := s.Table.Units[c.decision.Units[0]]
		if u == nil {
			continue
		}
		o := Owed{Key: letter.Registered + "/" + u.Code + "/" + c.decision.ID, Kind: letter.Registered, Unit: u.Code, Reason: reasonAsked, Due: c.decision.At, Extra: c.decision.ID}
		for _, a := range append([]string{strings.ToLower(c.decision.Address)}, u.Addresses...) {
			if since, dead := s.Facts.Dead[a]; !slices.Contains(o.To, a) && (!dead || since.After(s.Now)) {
				o.To = append(o.To, a)
			}
		}
		if s.letter(o.Key) == nil && len(o.To) > 0 {
			owed = append(owed, o)
		}
	}
	return owed
}

// registeredFacts are the address, and the request, of which the letter tells.
func registeredFacts(s Situation, l ledger.Letter, f *letter.Facts) {
	for _, c := range s.contacts {
		if c.decision.ID == l.Extra {
			f.Outcome.Address, f.Mails = strings.ToLower(c.decision.Address), []*finding.Verdict{c.mail}
		}
	}
}

// chosen is the address that the unit asked its letters to be sent to; "" if it
// never did.
func (s Situation) chosen(code string) (address string) {
	for _, c := range s.contacts {
		if c.decision.Units[0] == code {
			address = strings.ToLower(c.decision.Address)
		}
	}
	return address
}
