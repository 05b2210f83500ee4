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
	Return heldReturnCmd `cmd:"" help:"${c_held_return}"`
	Done   heldDoneCmd   `cmd:"" help:"${c_held_done}"`
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
	waits := map[string]bool{}
	for _, m := range standing.Pending(o.campaign, facts, standing.Fold(o.campaign, facts, o.now())) {
		switch m.Kind {
		case standing.MatterMail:
			waits[m.Mail.ID] = true
		case standing.MatterWords:
			waits[m.Mail.ID] = waits[m.Mail.ID] || !m.Said && m.Mail.Verdict == finding.HeldMail
		case standing.MatterPart:
			waits[m.Mail.ID] = waits[m.Mail.ID] || m.Part.Held
		}
	}
	return slices.DeleteFunc(slices.Clone(facts.Mails), func(v *finding.Verdict) bool { return !waits[v.ID] })
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
		for _, line := range o.understood(v) {
			o.say("  hiểu là: %s", "  understood: %s", line)
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
	ID     string   `arg:"" name:"id" help:"${a_id}"`
	Units  []string `arg:"" name:"unit" help:"${a_units}"`
	Reason string   `help:"${o_reason}"`
}

func (c *heldAssignCmd) Run(ctx context.Context, p *Program) error {
	o, v, err := p.openMail(ctx, c.ID)
	if err != nil {
		return err
	}
	defer o.Close()
	var codes []string
	for _, word := range c.Units {
		u, err := o.unit(word)
		if err != nil {
			return err
		}
		if !slices.Contains(codes, u.Code) {
			codes = append(codes, u.Code)
		}
	}
	if v.Verdict == finding.IgnoredMail {
		return wrong{VI: fmt.Sprintf("thư %s đã được bỏ qua (%s), không ghi cho đơn vị được", v.ID, v.Reason),
			EN: fmt.Sprintf("mail %s was ignored (%s) and cannot be given to a unit", v.ID, v.Reason)}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Assign, Units: codes, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("thư %s ghi cho %s", v.ID, o.names(codes)), fmt.Sprintf("mail %s given to %s", v.ID, o.names(codes)))
}

// openMail opens the office and finds a mail in it.
func (p *Program) openMail(ctx context.Context, id string) (*office, *finding.Verdict, error) {
	o, err := p.open()
	if err != nil {
		return nil, nil, err
	}
	v, err := o.mail(ctx, id)
	if err != nil {
		o.Close()
		return nil, nil, err
	}
	return o, v, nil
}

type heldRejectCmd struct {
	ID     string `arg:"" name:"id" help:"${a_id}"`
	Reason string `help:"${o_reason}"`
}

func (c *heldRejectCmd) Run(ctx context.Context, p *Program) error {
	o, v, err := p.openMail(ctx, c.ID)
	if err != nil {
		return err
	}
	defer o.Close()
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Reject, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("thư %s được gác lại, không tính", v.ID), fmt.Sprintf("mail %s is set aside", v.ID))
}

type heldReturnCmd struct {
	ID     string `arg:"" name:"id" help:"${a_id}"`
	Reason string `help:"${o_reason}"`
}

// Run asks the unit to mend what a person would else have to accept: the letter
// of corrections that names it is owed from then on.
func (c *heldReturnCmd) Run(ctx context.Context, p *Program) error {
	o, v, err := p.openMail(ctx, c.ID)
	if err != nil {
		return err
	}
	defer o.Close()
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return err
	}
	r := standing.Rulings(o.campaign, facts, o.now())(v)
	if len(r.Shares) == 0 {
		return wrong{VI: fmt.Sprintf("thư %s chưa ghi cho đơn vị nào, chưa đề nghị sửa được", v.ID), EN: fmt.Sprintf("mail %s is no unit's yet, so that nobody can be asked to mend it", v.ID)}
	}
	var codes []string
	some := false
	for _, x := range r.Shares {
		codes = append(codes, x.Unit)
		some = some || slices.ContainsFunc(x.Parts, standing.Returnable)
	}
	if !some {
		return wrong{VI: fmt.Sprintf("thư %s không có nội dung nào để đề nghị đơn vị sửa", v.ID), EN: fmt.Sprintf("mail %s holds nothing that a unit could be asked to mend", v.ID)}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Return, Units: codes, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("đề nghị %s sửa thư %s", o.names(codes), v.ID), fmt.Sprintf("%s is asked to mend mail %s", o.names(codes), v.ID))
}

type heldDoneCmd struct {
	ID     string `arg:"" name:"id" help:"${a_id}"`
	Reason string `help:"${o_reason}"`
}

func (c *heldDoneCmd) Run(ctx context.Context, p *Program) error {
	o, v, err := p.openMail(ctx, c.ID)
	if err != nil {
		return err
	}
	defer o.Close()
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Done, Arrival: v.ID, Reason: c.Reason},
		fmt.Sprintf("thư %s đã xử lý xong", v.ID), fmt.Sprintf("mail %s is dealt with", v.ID))
}
