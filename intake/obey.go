package intake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Answered is the digest of ours that a mail provably answers.
type Answered struct {
	Digest *ledger.Letter // nil: none
	// Stale: a newer one had been written before the mail came, and its numbers
	// mean other things. Ours: the mail answers our own account of what was done.
	Stale, Ours bool
}

// Obey carries out what a mail of the desk tells us to do: it returns the
// decisions to record with its verdict v, and notes in v what became of each
// order. It is pure, as Decide is, which it follows on.
//
// Nothing is done unless the mail comes from the desk's address, our server
// does not say that it was forged, and it holds the secret of the digest that
// it answers. What fails at that is not answered: the desk is told of it.
func Obey(c *config.Campaign, r finding.Reading, k Known, v *finding.Verdict, now time.Time) []standing.Decision {
	desk := slices.Contains(c.Desk, r.From.Address)
	if !desk && k.Answered.Digest == nil && v.Class == finding.ClassCommand && v.Verdict != finding.IgnoredMail {
		v.Class = finding.ClassQuestion // it orders nobody; a person reads it
	}
	switch {
	case len(r.Orders) == 0 && (len(r.Unclear) == 0 || !desk || k.Answered.Digest == nil):
		return nil // a mail like any other
	case !desk && k.Answered.Digest == nil:
		return nil // other people's lists
	case v.Reason == "before_campaign", !v.Human():
		return nil
	case desk && v.Verdict == finding.Quarantined:
		return nil // nobody knows what else stands in it
	}
	o := obeying{c: c, k: k, v: v, now: now.UTC().Truncate(time.Millisecond), facts: k.Facts}
	o.facts.Decisions = slices.Clip(k.Facts.Decisions)
	v.Command = &finding.Command{Unclear: r.Unclear}
	if k.Answered.Digest != nil {
		v.Command.Letter = k.Answered.Digest.Key
	}
	for _, order := range r.Orders {
		v.Command.Orders = append(v.Command.Orders, finding.Carried{Order: order})
	}
	if v.Command.Refused = o.refused(desk, r); v.Command.Refused != "" {
		if v.Class == finding.ClassCommand {
			v.Reply, v.ReplyReason = finding.ReplyNone, "command_"+v.Command.Refused
			// Nothing of it waits: the desk is told at once.
			v.Verdict, v.Reason, v.Unit, v.Candidates, v.Missing = finding.IgnoredMail, "command", nil, []string{}, []string{}
		}
		return nil
	}
	// What is taken back makes room for what is chosen instead.
	for _, undo := range []bool{true, false} {
		for i := range v.Command.Orders {
			if x := &v.Command.Orders[i]; (x.Do == finding.OrderUndo) == undo {
				o.carry(x)
			}
		}
	}
	if v.UnitCode() == "" && v.Reply == finding.ReplyNone {
		// Where files came along that are a unit's, it is the unit that is answered.
		v.Reply, v.ReplyReason = finding.ReplyAcknowledge, "command"
	}
	return o.made
}

type obeying struct {
	c     *config.Campaign
	k     Known
	v     *finding.Verdict
	now   time.Time
	facts standing.Facts // those of the ledger, with what this mail has decided so far
	made  []standing.Decision

	table  *standing.Table // by facts, as far as the first so many decisions made
	folded int
}

// refused is why nothing of the mail is done; "" if it is.
func (o *obeying) refused(desk bool, r finding.Reading) string {
	takesBack := !slices.ContainsFunc(r.Orders, func(x finding.Order) bool { return x.Do != finding.OrderUndo })
	switch {
	case !desk:
		return finding.CommandForeign
	case r.Auth == "fail":
		return finding.CommandFailed
	case o.k.Answered.Digest == nil:
		return finding.CommandForged
	case o.k.Answered.Stale && !(o.k.Answered.Ours && takesBack):
		return finding.CommandStale
	}
	return ""
}

// standings is where the units stand by what was decided so far: an answer may
// settle a hundred things, each of which changes few.
func (o *obeying) standings() *standing.Table {
	if o.table == nil {
		table := *o.k.fold(o.c, o.k.Facts, o.now)
		table.Units = maps.Clone(table.Units)
		o.table = &table
	}
	if o.folded < len(o.made) {
		of := standing.Since(o.c, o.facts, len(o.facts.Mails), len(o.k.Facts.Decisions)+o.folded)
		for _, code := range of.Units {
			o.table.Units[code] = standing.FoldUnit(o.c, o.facts, code, o.now)
		}
		o.folded = len(o.made)
	}
	return o.table
}

func (o *obeying) carry(x *finding.Carried) {
	switch x.Do {
	case finding.OrderChoose:
		o.choose(x)
	case finding.OrderUndo:
		o.undo(x)
	case finding.OrderStop:
		o.stop(x)
	case finding.OrderResume:
		o.resume(x)
	}
}

// origin names what a decision answers: "digest/2022-10-17-1600#1".
func (o *obeying) origin(x *finding.Carried) string {
	return o.v.Command.Letter + "#" + strconv.Itoa(x.Number)
}

// record takes decisions as this mail's.
func (o *obeying) record(x *finding.Carried, origin string, decisions ...standing.Decision) {
	for _, d := range decisions {
		d.At, d.By, d.Origin = o.now, o.v.From, origin
		d.ID = d.NewID(len(o.facts.Decisions))
		o.made = append(o.made, d)
		o.facts.Decisions = append(o.facts.Decisions, d)
		x.Decisions = append(x.Decisions, d.ID)
	}
	x.Outcome = finding.OrderDone
}

// before says that somebody had decided it already.
func (o *obeying) before(x *finding.Carried, outcome string, decisions ...standing.Decision) {
	x.Outcome = outcome
	for _, d := range decisions {
		x.By, x.At = d.By, d.At
		x.Decisions = append(x.Decisions, d.ID)
	}
}

// choose settles a matter in one of the ways that the digest offered, if it is
// still the matter that its reader saw.
func (o *obeying) choose(x *finding.Carried) {
	choices := o.k.Answered.Digest.Choices
	at := slices.IndexFunc(choices, func(c standing.Choice) bool { return c.Number == x.Number })
	if at < 0 {
		x.Outcome = finding.OrderUnknown
		return
	}
	options := choices[at].Options
	way := slices.IndexFunc(options, func(y standing.Option) bool { return y.Letter == x.Letter })
	if way < 0 {
		x.Outcome = finding.OrderUnknown
		return
	}
	x.Text = options[way].Text
	if had := o.inForce(o.origin(x)); len(had) > 0 {
		o.before(x, finding.OrderAlready, had...)
		return
	}
	about := o.facts.About(o.c, standing.Concern{Mails: strings.Split(choices[at].Matter, "/")}) // the mail's id is among its words
	pending := standing.Pending(o.c, about, o.standings())
	if !slices.ContainsFunc(pending, func(m standing.Matter) bool { return m.Key() == choices[at].Matter }) {
		o.before(x, finding.OrderSettled, o.settledBy(choices[at])...)
		return
	}
	o.record(x, o.origin(x), options[way].Decisions...)
}

// inForce are the decisions that hold and that an answer of this origin made.
func (o *obeying) inForce(origin string) []standing.Decision {
	return inForce(o.facts, o.now, func(d *standing.Decision) bool { return d.Origin == origin })
}

// inForce are those of such decisions that hold. What holds follows from them and
// from what undoes anything alone: nobody has to copy all the others.
func inForce(f standing.Facts, now time.Time, such func(*standing.Decision) bool) []standing.Decision {
	var some []standing.Decision
	for i := range f.Decisions {
		if d := &f.Decisions[i]; d.Kind == standing.Undo || such(d) {
			some = append(some, *d)
		}
	}
	return standing.InForce(some, now)
}

// settledBy is the last decision since the digest that is about the matter of a
// choice: by command, or by an answer to another line. None: a mail settled it.
func (o *obeying) settledBy(c standing.Choice) []standing.Decision {
	var units []string
	for _, y := range c.Options {
		for _, d := range y.Decisions {
			if d.Arrival == "" {
				units = append(units, d.Units...)
			}
		}
	}
	since := o.k.Answered.Digest.Rendered
	if since.After(o.now.Add(ledger.Slack)) {
		since = time.Time{} // nobody knows when it was written
	}
	same := func(code string) bool { return slices.Contains(units, code) }
	had := inForce(o.facts, o.now, func(d *standing.Decision) bool {
		return d.At.After(since) && (c.Arrival != "" && d.Arrival == c.Arrival || c.Arrival == "" && slices.ContainsFunc(d.Units, same))
	})
	return had[max(0, len(had)-1):]
}

// undo takes back what the choice of a number did, whoever chose it; without a
// number what "DỪNG NHẮC" did.
func (o *obeying) undo(x *finding.Carried) {
	had := o.inForce(o.origin(x))
	if x.Number == 0 {
		had = stopped(o.facts, o.now)
	}
	if len(had) == 0 {
		x.Outcome = finding.OrderNothing
		return
	}
	for _, d := range had {
		o.record(x, o.origin(x), standing.Decision{Kind: standing.Undo, Undoes: d.ID})
	}
}

// stops ends the origin of what "DỪNG NHẮC" decided.
const stops = "#stop"

// stopped are the pauses that "DỪNG NHẮC" made and that hold.
func stopped(f standing.Facts, now time.Time) []standing.Decision {
	return inForce(f, now, func(d *standing.Decision) bool {
		return d.Kind == standing.Pause && strings.HasSuffix(d.Origin, stops)
	})
}

// stop pauses the reminders to all units.
func (o *obeying) stop(x *finding.Carried) {
	if had := stopped(o.facts, o.now); len(had) > 0 {
		o.before(x, finding.OrderAlready, had...)
		return
	}
	d := standing.Decision{Kind: standing.Pause, Reason: "DỪNG NHẮC"}
	for _, u := range o.c.Units {
		d.Units = append(d.Units, u.Code)
	}
	o.record(x, o.v.Command.Letter+stops, d)
}

// resume takes "DỪNG NHẮC" back, so that whoever was paused for a reason of its
// own stays so. Where nobody said that, it ends the pauses that there are.
func (o *obeying) resume(x *finding.Carried) {
	if had := stopped(o.facts, o.now); len(had) > 0 {
		for _, d := range had {
			o.record(x, o.v.Command.Letter+"#resume", standing.Decision{Kind: standing.Undo, Undoes: d.ID})
		}
		return
	}
	table := o.standings()
	d := standing.Decision{Kind: standing.Resume, Reason: "MỞ LẠI"}
	for _, code := range table.Order {
		if table.Units[code].Paused {
			d.Units = append(d.Units, code)
		}
	}
	if len(d.Units) == 0 {
		x.Outcome = finding.OrderNothing
		return
	}
	o.record(x, o.v.Command.Letter+"#resume", d)
}

// digestKind and answerKind are the first words of the keys of digests and of
// our answers to what the desk told us.
const (
	digestKind = "digest"
	answerKind = finding.ReplyAcknowledge
)

// answered finds the digest that a mail provably answers: by the token of its
// Message-ID, by that of our account of an earlier answer, or by its code in
// what is quoted. Of several it is the newest.
func (in *Intake) answered(a ledger.Arrival, r finding.Reading, k Known, q ledger.Queue) (found Answered) {
	take := func(l *ledger.Letter, ours bool) {
		if l == nil || l.Kind != digestKind || l.Rendered.IsZero() {
			return
		}
		if found.Digest == nil || l.Rendered.After(found.Digest.Rendered) {
			found.Digest = l
		}
		found.Ours = found.Ours || ours
	}
	for _, t := range k.Threads {
		take(q.Letter(t.Key), false)
		if t.Kind != answerKind {
			continue
		}
		for _, id := range t.Answers {
			if m := k.Facts.Mail(id); m != nil && m.Command != nil {
				take(q.Letter(m.Command.Letter), true)
			}
		}
	}
	for _, t := range r.Threads {
		if t.Where != "digest_code" {
			continue
		}
		for l := range q.OfUnit("", digestKind) {
			if l.Kind == digestKind && ledger.Same(t.Value, in.Ledger.Key.DigestCode(in.Campaign.ID, l.Key)) {
				take(l, false)
			}
		}
	}
	if found.Digest == nil {
		return found
	}
	for l := range q.OfUnit("", digestKind) {
		newer := l.Kind == digestKind && !schedule.IsWeekly(l.Extra) && l.Withdrawn == "" && l.Rendered.After(found.Digest.Rendered)
		found.Stale = found.Stale || newer && l.Rendered.Before(a.Received)
	}
	return found
}
