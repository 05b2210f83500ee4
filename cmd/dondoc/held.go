package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

type heldCmd struct {
	List   heldListCmd   `cmd:"" default:"1" help:"${c_held_list}"`
	Show   heldShowCmd   `cmd:"" help:"${c_held_show}"`
	Assign heldAssignCmd `cmd:"" help:"${c_held_assign}"`
	Reject heldRejectCmd `cmd:"" help:"${c_held_reject}"`
}

type heldListCmd struct{}

func (*heldListCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return err
	}
	n := 0
	answered := standing.AnsweredByHand(facts, o.now())
	for _, v := range o.waiting(facts) {
		n++
		by := o.byHand(answered, v)
		o.print(heldJSON{o.verdict(v), by}, func() {
			o.printVerdict(v)
			o.printByHand(by)
		})
	}
	if !o.cli.JSON {
		o.say("%d thư chờ người xem. Ghi cho đơn vị: dondoc held assign MÃ ĐƠN-VỊ; gác lại: dondoc held reject MÃ.",
			"%d mails wait for a person. Give one to a unit: dondoc held assign ID UNIT; set it aside: dondoc held reject ID.", n)
	}
	return nil
}

// heldJSON is a mail, and the answer that a person of the desk sent to it.
type heldJSON struct {
	*finding.Verdict
	ByHand *standing.ByHand `json:"answered_by_hand,omitempty"`
}

// byHand is the answer that a person sent to the mail; nil if nobody did.
func (o *office) byHand(answered map[string]standing.ByHand, v *finding.Verdict) *standing.ByHand {
	h, ok := answered[v.ID]
	if !ok {
		return nil
	}
	h.At, h.MessageID = h.At.In(o.campaign.Location), msgID(h.MessageID)
	return &h
}

func (o *office) printByHand(h *standing.ByHand) {
	if h != nil {
		o.say("    đã có người trả lời lúc %s (%s)", "    answered by hand at %s (%s)", o.when(h.At), inert(h.By))
	}
}

// waiting are the mails that nobody has decided about yet: those that are held
// or quarantined, and filings of which a part that counts, or would, waits for
// a person (the same file from two units, say).
func (o *office) waiting(facts standing.Facts) []*finding.Verdict {
	now := o.now()
	decided := map[string]bool{}
	for _, d := range standing.InForce(facts.Decisions, now) {
		if d.Kind == standing.Assign || d.Kind == standing.Reject {
			decided[d.Arrival] = true
		}
	}
	parts := map[string]bool{}
	for _, u := range standing.Fold(o.campaign, facts, now).Units {
		for _, c := range append(slices.Clone(u.Counted), u.Waiting...) {
			parts[c.Arrival] = parts[c.Arrival] || c.Held
		}
	}
	var all []*finding.Verdict
	for _, v := range facts.Mails {
		waits := v.Verdict == finding.HeldMail || v.Verdict == finding.Quarantined || parts[v.ID]
		if waits && !decided[v.ID] && !v.Received.After(now) {
			all = append(all, v)
		}
	}
	return all
}

// heldPart reports whether a part of a filing waits for a person.
func heldPart(v *finding.Verdict) bool {
	return v.Verdict == finding.Filed && slices.ContainsFunc(v.Parts, func(p finding.Part) bool { return p.Verdict == finding.Held })
}

type heldShowCmd struct {
	ID string `arg:"" name:"id" help:"${a_id}"`
}

func (c *heldShowCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	v, err := o.mail(ctx, c.ID)
	if err != nil {
		return err
	}
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return err
	}
	by := o.byHand(standing.AnsweredByHand(facts, o.now()), v)
	return o.print(heldJSON{o.verdict(v), by}, func() {
		o.printVerdict(v)
		o.printByHand(by)
		o.say("  từ %s, nhận %s", "  from %s, received %s", inert(v.FromName+" <"+v.From+">"), o.when(v.Received))
		for _, e := range v.Evidence {
			fmt.Fprintln(o.Stdout, "  "+o.evidenceWords(e))
		}
		if v.Text != "" {
			fmt.Fprintln(o.Stdout, "\n"+inertLines(v.Text))
		}
	})
}

func inertLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i := range lines {
		lines[i] = "  > " + inert(lines[i])
	}
	return strings.Join(lines, "\n")
}

// mail finds a mail by its id or an unambiguous beginning of it.
func (o *office) mail(ctx context.Context, id string) (*finding.Verdict, error) {
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return nil, err
	}
	bare := func(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "-", "") }
	var found []*finding.Verdict
	for _, v := range facts.Mails {
		if strings.HasPrefix(bare(v.ID), bare(id)) {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 0:
		return nil, wrong{VI: fmt.Sprintf("không có thư nào mã %q; xem: dondoc held list", id), EN: fmt.Sprintf("no mail has the id %q; see: dondoc held list", id)}
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, v := range found {
		ids = append(ids, v.ID)
	}
	return nil, wrong{VI: fmt.Sprintf("%q hợp với nhiều thư: %s; ghi mã dài hơn", id, strings.Join(ids, ", ")),
		EN: fmt.Sprintf("%q fits several mails: %s; write more of the id", id, strings.Join(ids, ", "))}
}

type heldAssignCmd struct {
	ID     string `arg:"" name:"id" help:"${a_id}"`
	Unit   string `arg:"" help:"${a_unit}"`
	Reason string `help:"${o_reason}"`
}

func (c *heldAssignCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	v, err := o.mail(ctx, c.ID)
	if err != nil {
		return err
	}
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	if v.Verdict == finding.IgnoredMail {
		return wrong{VI: fmt.Sprintf("thư %s đã được bỏ qua (%s), không ghi cho đơn vị được", v.ID, v.Reason),
			EN: fmt.Sprintf("mail %s was ignored (%s) and cannot be given to a unit", v.ID, v.Reason)}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Assign, Units: []string{u.Code}, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("thư %s ghi cho %s", v.ID, u.Name), fmt.Sprintf("mail %s given to %s", v.ID, u.Name))
}

type heldRejectCmd struct {
	ID     string `arg:"" name:"id" help:"${a_id}"`
	Reason string `help:"${o_reason}"`
}

func (c *heldRejectCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	v, err := o.mail(ctx, c.ID)
	if err != nil {
		return err
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Reject, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("thư %s được gác lại, không tính", v.ID), fmt.Sprintf("mail %s is set aside", v.ID))
}
