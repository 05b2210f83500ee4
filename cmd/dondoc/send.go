package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/ledger"
	"dondoc/notify"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// sending is common to invite, remind and digest.
type sending struct {
	DryRun bool   `name:"dry-run" help:"${o_dry}"`
	Out    string `placeholder:"DIR" help:"${o_out}"`
	Yes    bool   `help:"${o_yes}"`
}

type inviteCmd struct{ sending }
type remindCmd struct{ sending }
type digestCmd struct{ sending }

func (c *remindCmd) Run(ctx context.Context, p *Program) error {
	return c.send(ctx, p, letter.Remind)
}

func (c *digestCmd) Run(ctx context.Context, p *Program) error {
	return c.send(ctx, p, letter.DigestKind)
}

// Run previews the invitations, or queues them. In live mode this is the
// moment at which somebody says, once, that letters may go out at all.
func (c *inviteCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if c.DryRun || c.Out != "" {
		return c.preview(ctx, o, letter.Invite)
	}
	if o.campaign.Mode == config.Live {
		if err := c.confirm(ctx, o); err != nil {
			return err
		}
	}
	return c.queue(ctx, o, letter.Invite)
}

// confirm shows whom real letters will reach and records the word to go.
func (c *inviteCmd) confirm(ctx context.Context, o *office) error {
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(standing.InForce(facts.Present(o.now()).Decisions, o.now()), func(d standing.Decision) bool { return d.Kind == standing.GoLive }) {
		return nil
	}
	var to []string
	for _, u := range o.campaign.Units {
		for _, a := range u.Emails[:min(1, len(u.Emails))] {
			if !slices.Contains(to, a) {
				to = append(to, a)
			}
		}
	}
	if !o.cli.JSON {
		o.say("Từ bây giờ thư sẽ gửi thật tới %d địa chỉ:", "From now on letters really go to %d addresses:", len(to))
		for _, a := range to {
			fmt.Fprintln(o.Stdout, "  "+a)
		}
	}
	if !c.Yes {
		o.say("Để bắt đầu, gõ lại con số %d rồi Enter (hoặc chạy lại với --yes):", "To begin, type the number %d and Enter (or run again with --yes):", len(to))
		var typed int
		if fmt.Fscan(o.Stdin, &typed); typed != len(to) {
			return wrong{VI: "Chưa xác nhận: chưa có thư nào được xếp gửi.", EN: "Not confirmed: no letter was queued."}
		}
	}
	_, err = o.decide(ctx, standing.Decision{Kind: standing.GoLive, Count: len(to)})
	return err
}

func (c *sending) send(ctx context.Context, p *Program, kind string) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if c.DryRun || c.Out != "" {
		return c.preview(ctx, o, kind)
	}
	return c.queue(ctx, o, kind)
}

// preview shows what is owed, and with --out writes it, without queueing it.
func (c *sending) preview(ctx context.Context, o *office, kind string) error {
	owed := 0
	err := o.notify.Preview(ctx, o.now(), func(l notify.Owed, raw []byte) error {
		owed++
		if c.Out != "" {
			if err := os.MkdirAll(c.Out, config.SharedDir); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(c.Out, fileName(l.Key)+".eml"), raw, config.SharedFile); err != nil {
				return err
			}
		}
		return o.print(map[string]any{"key": l.Key, "kind": l.Kind, "unit": l.Unit, "to": l.To, "reason": l.Reason, "due": l.Due.In(o.campaign.Location)}, func() {
			fmt.Fprintf(o.Stdout, "%-40s %s\n", l.Key, strings.Join(l.To, ", "))
		})
	}, kind)
	if err != nil {
		return err
	}
	if !o.cli.JSON {
		english := "%d letters are owed; none was queued."
		if owed == 1 {
			english = "%d letter is owed; it was not queued."
		}
		o.say("%d thư đến hạn; chưa xếp gửi thư nào.", english, owed)
	}
	return nil
}

func (c *sending) queue(ctx context.Context, o *office, kind string) error {
	keys, err := o.notify.Post(ctx, o.now(), kind)
	if err != nil {
		return err
	}
	return o.print(map[string]any{"posted": len(keys), "keys": append([]string{}, keys...)}, func() {
		for _, key := range keys {
			fmt.Fprintln(o.Stdout, key)
		}
		o.say("Đã xếp gửi %d thư; \"dondoc run\" hoặc \"dondoc once\" sẽ chuyển đi.", "Queued for sending: %d; \"dondoc run\" or \"dondoc once\" delivers.", len(keys))
		if len(keys) == 0 {
			o.explainNothing(kind)
		}
	})
}

// explainNothing says when letters of the kind will be owed, if ever.
func (o *office) explainNothing(kind string) {
	if closes := o.campaign.Deadline.Closes; !closes.IsZero() && !o.now().Before(closes) {
		o.say("Đợt báo cáo đã kết thúc lúc %s: không gửi thư chủ động nữa.", "The campaign ended at %s: nothing unasked-for is sent any more.", o.when(closes))
		return
	}
	for _, step := range o.campaign.Ladder {
		if at := o.plan.ReminderTime(step.Date); kind == letter.Invite && step.Name == schedule.Invite && o.now().Before(at) {
			o.say("Thư giao mẫu đến hạn lúc %s.", "Invitations are owed from %s.", o.when(at))
		}
	}
}

type lettersCmd struct {
	Unit string `placeholder:"CODE" help:"${o_unit}"`
}

// letterJSON is one line of `letters --json`.
type letterJSON struct {
	Key        string         `json:"key"`
	Kind       string         `json:"kind"`
	Unit       *string        `json:"unit"`
	To         []string       `json:"to"`
	MessageID  string         `json:"message_id"`
	Subject    string         `json:"subject,omitempty"`
	Reason     string         `json:"reason"`
	Answers    []string       `json:"answers,omitempty"`
	Posted     string         `json:"posted"`
	Rendered   *string        `json:"rendered"`
	Withdrawn  string         `json:"withdrawn,omitempty"`
	Copied     *string        `json:"copied"`            // when the folder for sent mail had it
	NoCopy     string         `json:"no_copy,omitempty"` // why it never will
	Deliveries []deliveryJSON `json:"deliveries"`
}

type deliveryJSON struct {
	Address string  `json:"address"`
	Outcome string  `json:"outcome"`
	At      *string `json:"at"`
	Detail  string  `json:"detail,omitempty"`
	Tries   int     `json:"tries"`
	// Returned is what a bounce said of it later.
	Returned *returnedJSON `json:"returned,omitempty"`
}

func (c *lettersCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if _, ok := o.campaign.Unit(c.Unit); c.Unit != "" && !ok {
		return o.noUnit(c.Unit)
	}
	var letters []ledger.Letter
	var uncopied map[string]string
	var back returned
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		if letters, err = tx.Letters(c.Unit); err != nil {
			return err
		}
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		back = returnedLetters(facts, o.now())
		uncopied, err = tx.NoCopies()
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range letters {
		j := o.letterJSON(l)
		j.NoCopy = uncopied[l.Key]
		for i := range j.Deliveries {
			j.Deliveries[i].Returned = back.json(o, l.Key, j.Deliveries[i].Address)
		}
		o.print(j, func() {
			fmt.Fprintf(o.Stdout, "%-36s %s  %s\n", l.Key, o.when(l.Posted), inert(o.outcomes(l, back)))
		})
	}
	return nil
}

func (o *office) letterJSON(l ledger.Letter) letterJSON {
	j := letterJSON{Key: l.Key, Kind: l.Kind, To: append([]string{}, l.To...), MessageID: msgID(l.MessageID), Subject: l.Subject, Reason: l.Reason, Answers: l.Answers,
		Posted: *o.stamp(l.Posted.UnixMilli()), Withdrawn: l.Withdrawn, Deliveries: []deliveryJSON{}}
	if l.Unit != "" {
		j.Unit = &l.Unit
	}
	if !l.Rendered.IsZero() {
		j.Rendered = o.stamp(l.Rendered.UnixMilli())
	}
	if !l.Copied.IsZero() {
		j.Copied = o.stamp(l.Copied.UnixMilli())
	}
	for _, d := range l.Deliveries {
		x := deliveryJSON{Address: d.Address, Outcome: d.Outcome, Detail: d.Detail, Tries: d.Tries}
		if !d.At.IsZero() {
			x.At = o.stamp(d.At.UnixMilli())
		}
		j.Deliveries = append(j.Deliveries, x)
	}
	return j
}
