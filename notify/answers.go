package notify

import (
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// talk is what one sender wrote for one unit and was not answered on yet.
type talk struct {
	unit  string // "" where nobody knows whose it is
	from  string // "" where a machine wrote: none is ever answered
	kind  string // the letter that answers it
	mails []*finding.Verdict
	names []string // of its mails in the ledger's answers
	// given is true where a person gave the mails to the unit.
	given bool
	// returned is the decision by which a person wants them mended, "" if none does.
	returned string
	// claimed is true where nobody has confirmed that they are the unit's.
	claimed bool
	// stopped is true where no answer is given for now, because its sender talks
	// like a machine.
	stopped bool
	// named is true where the sender himself has said since whose they are.
	named bool
}

// newest is the mail under which the answer goes.
func (t talk) newest() *finding.Verdict { return t.mails[len(t.mails)-1] }

// answers are owed to whoever wrote, when unit and sender have been quiet for
// receipt_delay: three mails in ten minutes get one answer, under the newest.
func (n *Notifier) answers(s Situation, full func(address string) bool) []Owed {
	var owed []Owed
	for _, t := range s.talks {
		last := t.newest()
		due := last.Received.Add(n.Campaign.ReceiptDelay)
		if last.Command != nil {
			due = last.Received // whoever answered a digest waits for what came of it
		}
		if s.Now.Before(due) {
			continue
		}
		o := Owed{Key: t.kind + "/" + last.ID, Kind: t.kind, Unit: t.unit, Reason: last.ReplyReason, Due: due, Answers: t.names, To: n.answerTo(s, t)}
		if t.given {
			o.Reason = "assigned_by_the_desk"
			if t.named {
				o.Reason = "named_by_its_sender"
			}
			if t.returned != "" {
				o.Reason = "returned_by_the_desk"
			}
			for _, once := range []string{t.unit, t.returned} {
				if s.letter(o.Key) != nil && once != "" {
					o.Key += "@" + once // it was answered before, to another unit or otherwise
				}
			}
		}
		if s.letter(o.Key) != nil || len(o.To) == 0 || t.stopped || full(o.To[0]) {
			continue
		}
		owed = append(owed, o)
	}
	return owed
}

// answering gathers the mails that still wait for an answer, by unit and sender.
func (n *Notifier) answering(s Situation) []talk {
	var talks []talk
	ruled := s.rulings
	said := n.recalled(s)
	for _, m := range s.Facts.Among(s.unanswered(s.open)) {
		if m.Received.After(s.Now) {
			continue
		}
		// Most mails are answered, and nobody said anything about them since.
		if !s.touched[m.ID] && (m.Reply == "" || m.Reply == finding.ReplyNone || s.answer(m.ID) != "") {
			continue
		}
		if !s.touched[m.ID] && (n.silent(s, m) || said(m)) {
			continue
		}
		settled := true
		for _, h := range heard(m, ruled(m)) {
			var waits bool
			talks, waits = n.gather(talks, s, m, h)
			settled = settled && !waits
		}
		if settled {
			delete(s.open, m.ID) // until somebody says something more
		}
	}
	for i := range talks {
		x := &talks[i]
		slices.SortStableFunc(x.mails, func(a, b *finding.Verdict) int { return a.Received.Compare(b.Received) })
		x.kind = n.kindOf(s, *x)
		x.claimed = stillClaimed(s, x.newest(), ruled(x.newest()))
	}
	return talks
}

// gather adds to the talks what one mail, as it was heard, still has to be
// answered, and reports whether it has.
func (n *Notifier) gather(talks []talk, s Situation, m *finding.Verdict, h hearing) ([]talk, bool) {
	t := talk{unit: h.unit, from: m.From, kind: m.Reply, given: h.name != m.ID, returned: h.returned, named: h.named}
	switch {
	case answeredBefore(s, m, t.given) && t.returned == "":
		return talks, false
	case t.given && m.Brings():
		t.kind = finding.ReplyReceipt
	case t.given && s.answer(m.ID) != "":
		return talks, false // words without files were acknowledged when they came
	case t.given && m.Verdict == finding.Quarantined:
		t.kind = finding.ReplyAcknowledge // a stranger's, whom nobody told so far
	}
	if !m.Human() || strings.HasPrefix(m.ReplyReason, "automatic_") {
		t.from = ""
	}
	if t.unit != "" && s.Table.Units[t.unit] == nil {
		// The unit has left the roster since: there is no account to give of
		// it, but whoever wrote is told that the mail is here.
		t.unit, t.given = "", false
		if t.kind != finding.ReplyNone && t.kind != "" {
			t.kind = finding.ReplyAcknowledge
		}
	}
	if t.kind == finding.ReplyNone || t.kind == "" || s.answer(h.name) != "" {
		return talks, false
	}
	at := slices.IndexFunc(talks, func(x talk) bool {
		return x.unit == t.unit && x.from == t.from && x.given == t.given && x.returned == t.returned && (x.unit != "" || x.kind == t.kind)
	})
	if at < 0 {
		talks = append(talks, t)
		at = len(talks) - 1
	}
	x := &talks[at]
	x.mails, x.names = append(x.mails, m), append(x.names, h.name)
	return talks, true
}

// hearing is a unit for which a mail is answered now, and the name under which
// the ledger knows that answer.
type hearing struct {
	unit, name string
	returned   string // the decision by which a person wants it mended
	named      bool   // its sender has said whose it is
}

// heard are the units for which a mail is answered. One that a person gave to
// another unit than the program did is answered for that unit, once, whatever
// was said before; its name says so. One that was set aside is not answered.
func heard(m *finding.Verdict, r standing.Ruled) []hearing {
	if len(r.Shares) == 0 {
		if r.Decided || r.Denied {
			return nil
		}
		return []hearing{{unit: m.UnitCode(), name: m.ID}}
	}
	var all []hearing
	for _, x := range r.Shares {
		h := hearing{unit: x.Unit, name: m.ID, returned: x.Returned, named: r.Named}
		if x.Unit != m.UnitCode() {
			h.name += "+" + x.Unit
		}
		if x.Returned != "" {
			h.name += "+" + x.Returned
		}
		all = append(all, h)
	}
	return all
}

// stillClaimed reports whether nobody has confirmed the filing yet: neither
// the desk by accepting it nor a decision that registered its sender.
func stillClaimed(s Situation, m *finding.Verdict, r standing.Ruled) bool {
	if r.Decided || !r.Claimed {
		return false
	}
	unit := m.UnitCode()
	if r.Named {
		unit = r.Shares[0].Unit
	}
	u := s.Table.Units[unit]
	return u != nil && !slices.Contains(u.Addresses, strings.ToLower(m.From))
}

// kindOf is the letter that answers all of a talk: corrections if the unit has
// something to mend in what it just sent, else a receipt if files came.
func (n *Notifier) kindOf(s Situation, t talk) string {
	if t.unit == "" {
		return t.kind
	}
	brought := slices.ContainsFunc(t.mails, func(m *finding.Verdict) bool {
		return t.given && m.Brings() || m.Reply == finding.ReplyReceipt || m.Reply == finding.ReplyCorrections
	})
	if !brought {
		return t.kind
	}
	if u := s.Table.Units[t.unit]; u != nil {
		ours := func(arrival string) bool {
			return slices.ContainsFunc(t.mails, func(m *finding.Verdict) bool { return m.ID == arrival })
		}
		for _, c := range append(slices.Clone(u.Counted), u.Waiting...) {
			if ours(c.Arrival) && len(c.Open()) > 0 {
				return letter.Corrections
			}
		}
		for _, m := range t.mails {
			for _, p := range m.Parts {
				if !p.Readable() && p.ToFix() && missing(u, p.Kind) {
					return letter.Corrections
				}
			}
		}
	}
	return letter.Receipt
}

// missing reports whether the unit lacks a part of the kind; a file of no
// known kind may have been meant as anything that is missing.
func missing(u *standing.Unit, kind string) bool {
	if kind == finding.Other {
		return len(u.Missing) > 0
	}
	return slices.ContainsFunc(u.Missing, func(m string) bool { return strings.HasPrefix(m, kind) })
}

// answerTo are the sender and the unit's own mailbox; nobody in Cc, ever. The
// sender of a claimed filing alone is answered: whether it is the unit's, the
// unit is asked apart (confirm). Who only passed a mail on is not answered.
func (n *Notifier) answerTo(s Situation, t talk) []string {
	if t.unit == "" {
		if t.from == "" {
			return nil
		}
		return []string{t.from}
	}
	u, _ := n.Campaign.Unit(t.unit)
	own := n.address(s, u)
	var to []string
	if t.from != "" && !slices.Contains(n.Campaign.Desk, t.from) && (!t.given || !n.elsewhere(u, t.from)) {
		to = append(to, t.from)
	}
	if t.claimed && len(to) > 0 {
		return to
	}
	if own != "" && !slices.Contains(to, own) {
		to = append(to, own)
	}
	return to
}

// elsewhere reports whether the address is another unit's: it passed the mail on.
func (n *Notifier) elsewhere(u config.Unit, address string) bool {
	for _, other := range n.Campaign.Units {
		if other.Code != u.Code && slices.Contains(other.Emails, address) && !slices.Contains(u.Emails, address) {
			return true
		}
	}
	return false
}

// claimant is who sent something in a unit's name.
type claimant struct{ unit, from string }

// confirms tell the registered mailbox of each unit that somebody else filed
// for it: once for all that one sender has sent, under the newest. They follow
// from what is still claimed and not from the answers of the moment, so that
// one which had to wait is not forgotten. Where the answer itself goes to the
// mailbox, that tells it.
func (n *Notifier) confirms(s Situation, answers []Owed, full func(address string) bool) []Owed {
	ruled := s.rulings
	var order []claimant
	newest := map[claimant]*finding.Verdict{}
	asked := s.asked
	for _, m := range s.Facts.Among(s.claims) {
		if n.silent(s, m) {
			continue
		}
		r := ruled(m)
		by := claimant{m.UnitCode(), m.From}
		named := r.Named && len(r.Shares) > 0
		if named {
			by.unit = r.Shares[0].Unit
		}
		if l := s.letter(letter.Confirm + "/" + m.ID); l != nil && m.Received.After(asked[by]) {
			asked[by] = m.Received
		}
		if !named && m.Verdict != finding.Filed || !m.Brings() || !stillClaimed(s, m, r) || !m.Received.After(asked[by]) {
			delete(s.claims, m.ID) // until somebody says something more
			continue
		}
		if m.Received.After(s.Now) || n.told(s, m, r, by.unit, answers) {
			continue
		}
		if newest[by] == nil {
			order = append(order, by)
		}
		if newest[by] == nil || !m.Received.Before(newest[by].Received) {
			newest[by] = m
		}
	}
	var owed []Owed
	for _, by := range order {
		m := newest[by]
		quiet := m.Received
		for _, t := range s.talks {
			if last := t.newest().Received; t.unit == by.unit && t.from == by.from && last.After(quiet) {
				quiet = last
			}
		}
		u, _ := n.Campaign.Unit(by.unit)
		own := n.address(s, u)
		if own == "" || !m.Received.After(asked[by]) || s.Now.Before(quiet.Add(n.Campaign.ReceiptDelay)) || full(own) {
			continue
		}
		owed = append(owed, Owed{Key: letter.Confirm + "/" + m.ID, Kind: letter.Confirm, Unit: by.unit, Reason: "claimed", Due: m.Received, Extra: m.ID, To: []string{own}})
	}
	return owed
}

// told reports whether the answer to a claimed filing goes, or went, to the
// unit's own mailbox.
func (n *Notifier) told(s Situation, m *finding.Verdict, r standing.Ruled, unit string, answered []Owed) bool {
	if !m.Human() || m.From == "" || slices.Contains(n.Campaign.Desk, m.From) {
		return true // nobody else is answered
	}
	u, _ := n.Campaign.Unit(unit)
	own := n.address(s, u)
	return slices.ContainsFunc(heard(m, r), func(h hearing) bool {
		l := s.letter(s.answer(h.name))
		return l != nil && slices.Contains(l.To, own) ||
			slices.ContainsFunc(answered, func(o Owed) bool { return slices.Contains(o.Answers, h.name) && slices.Contains(o.To, own) })
	})
}

// answerStands reports whether a posted answer is still to be given: a person
// may have said meanwhile that the mails are another unit's, or nobody's.
func (n *Notifier) answerStands(s Situation, l ledger.Letter) bool {
	return slices.ContainsFunc(s.Facts.Mails, func(m *finding.Verdict) bool {
		return names(l, m) && answers(l, heard(m, s.rulings(m)))
	})
}

// names reports whether the mail is among those that the letter answers, under
// whatever name.
func names(l ledger.Letter, m *finding.Verdict) bool {
	return slices.ContainsFunc(l.Answers, func(name string) bool {
		return strings.HasPrefix(name, m.ID) && (len(name) == len(m.ID) || name[len(m.ID)] == '+')
	})
}

// answers reports whether the letter answers what was heard.
func answers(l ledger.Letter, heard []hearing) bool {
	return slices.ContainsFunc(heard, func(h hearing) bool { return slices.Contains(l.Answers, h.name) })
}

// answeredBefore reports whether a person has answered the mail. For one that
// the desk gave to a unit this has to be that very mail, and not only a later
// one of its sender.
func answeredBefore(s Situation, m *finding.Verdict, given bool) bool {
	h, answered := s.ByHand[m.ID]
	return answered && (!given || slices.Contains(h.Arrivals, m.ID))
}

// allByHand reports whether a person has answered all that the letter answers.
func (n *Notifier) allByHand(s Situation, l ledger.Letter) bool {
	return !slices.ContainsFunc(s.Facts.Mails, func(m *finding.Verdict) bool {
		return names(l, m) && slices.ContainsFunc(heard(m, s.rulings(m)), func(h hearing) bool {
			return slices.Contains(l.Answers, h.name) && (h.returned != "" || !answeredBefore(s, m, h.name != m.ID))
		})
	})
}

// noticed reports whether the notice l, posted under its newest mail, tells of
// this one as well: a mail of the same sender from before, of which the unit
// has not said yet whether it is its own.
func (n *Notifier) noticed(s Situation, l ledger.Letter, m *finding.Verdict, r standing.Ruled) bool {
	if m.ID == l.Extra {
		return true
	}
	newest := n.mail(s, l.Extra)
	unit := m.UnitCode()
	if r.Named && len(r.Shares) > 0 {
		unit = r.Shares[0].Unit
	}
	return newest != nil && unit == l.Unit && m.From == newest.From && m.Brings() && !m.Received.After(newest.Received) &&
		(r.Named || m.Verdict == finding.Filed) && stillClaimed(s, m, r)
}

// confirmStands reports whether the notice is still about something open.
func (n *Notifier) confirmStands(s Situation, l ledger.Letter) bool {
	m := n.mail(s, l.Extra)
	return m != nil && stillClaimed(s, m, s.rulings(m))
}
