package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

type whyCmd struct {
	Unit string `arg:"" help:"${a_unit}"`
}

// event is one line of the story of a unit.
type event struct {
	At     time.Time `json:"-"`
	When   string    `json:"at"`
	Kind   string    `json:"kind"` // mail, decision, by_hand, letter, delivery, skipped
	ID     string    `json:"id"`
	What   string    `json:"what"`
	Reason string    `json:"reason"`
}

// Run tells the story of a unit from the chain of facts: what came, what was
// decided, what was said, each with its reason; and then whether a reminder is
// owed now, or why not.
func (c *whyCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	group := map[string]bool{}
	for _, member := range o.campaign.Group(u.Code) {
		group[member.Code] = true
	}
	var story []event
	var reminder string
	var where *standing.Unit
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) error {
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		entries, err := tx.Entries()
		if err != nil {
			return err
		}
		story = o.story(group, facts, entries)
		where = standing.Fold(o.campaign, facts, p.now()).Units[u.Code]
		reminder, err = o.notify.WhyReminder(tx, u.Code, p.now(), o.cli.Lang)
		return err
	})
	if err != nil {
		return err
	}
	if p.cli.JSON {
		for _, e := range story {
			p.jsonLine(e)
		}
		p.jsonLine(map[string]any{"at": p.now().In(o.campaign.Location).Format(time.RFC3339), "kind": "now", "id": u.Code, "what": string(where.State), "reason": reminder})
		return nil
	}
	for _, e := range story {
		fmt.Fprintf(p.Stdout, "%s  %s %-14s %s  [%s]\n", o.when(e.At), pad(o.word(e.Kind), 10), e.ID, inert(e.What), inert(e.Reason))
	}
	p.say("Hiện nay: %s %s. Thư nhắc: %s.", "Now: %s is %s. Reminder: %s.", u.Name, o.word(string(where.State)), reminder)
	return nil
}

// story collects what happened to the units of one dossier, in order.
func (o *office) story(group map[string]bool, facts standing.Facts, entries []ledger.Entry) []event {
	var story []event
	mine := map[string]bool{}
	tell := func(at time.Time, kind, id, what, reason string) {
		if !at.After(o.now()) {
			story = append(story, event{At: at, When: at.In(o.campaign.Location).Format(time.RFC3339), Kind: kind, ID: id, What: what, Reason: reason})
		}
	}
	for _, m := range facts.Mails {
		if !group[m.UnitCode()] && !slices.ContainsFunc(m.Candidates, func(code string) bool { return group[code] }) {
			continue
		}
		mine[m.ID] = true
		if m.Bounce != nil {
			tell(m.Received, "mail", m.ID, m.Bounce.Address+" ← "+m.From, o.cameBack(m))
			continue
		}
		tell(m.Received, "mail", m.ID, fmt.Sprintf("%s ← %s, %s", o.word(m.Verdict), m.From, o.partWords(m.Parts)), strings.TrimSuffix(m.Reason+"; "+strings.Join(append(o.understood(m), o.signWords(m.Evidence)), "; "), "; "))
	}
	for _, d := range facts.Decisions {
		concerns := slices.ContainsFunc(d.Units, func(code string) bool { return group[code] }) || mine[d.Arrival]
		if d.Kind == standing.Undo {
			concerns = slices.ContainsFunc(story, func(e event) bool { return e.ID == d.Undoes })
		}
		if concerns {
			tell(d.At, "decision", d.ID, strings.TrimSpace(o.word(d.Kind)+" "+o.word(d.Letter+d.Part)+" "+d.Arrival+" "+d.Address+" "+d.Undoes+" "+dayOf(d, o.campaign.Location)), strings.TrimSuffix(strings.TrimSpace(d.By+": "+strings.Join(strings.Fields(d.Reason+" "+d.Origin), " ")), ":"))
		}
	}
	for _, h := range facts.ByHand {
		for _, id := range h.Arrivals {
			if mine[id] {
				tell(h.At, "by_hand", id, h.By+" → "+strings.Join(h.To, ", "), msgID(h.MessageID))
			}
		}
	}
	for _, e := range entries {
		switch {
		case e.Posted != nil && group[e.Posted.Unit]:
			tell(e.At, "letter", "-", e.Posted.Key+" → "+strings.Join(e.Posted.Addresses, ", "), e.Posted.Reason)
		case e.Skipped != nil && group[e.Skipped.Unit]:
			tell(e.At, "skipped", "-", e.Skipped.Key, e.Skipped.Reason)
		case e.Delivered != nil && group[e.Delivered.Unit]:
			tell(e.At, "delivery", "-", e.Delivered.Key+" → "+e.Delivered.Address, strings.TrimSpace(o.outcome(e.Delivered.Outcome)+" "+e.Delivered.Detail))
		}
	}
	slices.SortStableFunc(story, func(a, b event) int { return a.At.Compare(b.At) })
	return story
}

// outcome is that of a delivery; "accepted" is also a word for parts.
func (o *office) outcome(code string) string {
	if code == ledger.Accepted {
		return o.either("máy chủ thư đã nhận", "accepted")
	}
	return o.word(code)
}

func (o *office) partWords(parts []finding.Part) string {
	var all []string
	for _, p := range parts {
		if p.Kind != finding.Decoration {
			all = append(all, o.word(p.Kind)+" "+o.word(p.Verdict))
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ", ")
}

func dayOf(d standing.Decision, loc *time.Location) string {
	if d.Kind == standing.Approve {
		return d.Ref + " " + d.Date.In(loc).Format("02/01/2006")
	}
	if d.Until.IsZero() {
		return ""
	}
	return d.Until.Add(-time.Nanosecond).In(loc).Format("02/01/2006")
}
