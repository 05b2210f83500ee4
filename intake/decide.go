package intake

import (
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/attribution"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// Known is what the ledger adds to a Reading: everything decide may look at
// besides the mail itself. It is gathered in the transaction that records the
// verdict.
type Known struct {
	Facts standing.Facts
	// Book, if set, remembers where the units stand by these facts.
	Book *standing.Book
	Form finding.Form // what the blank form asks for
	// Threads are the letters of ours that the mail provably answers: their
	// tokens verify by HMAC.
	Threads []ledger.Letter
	// Answered is the digest that the mail provably answers.
	Answered Answered
	// Forms are the units whose form token, as found in a part, verifies.
	Forms map[string]bool
	// Duplicate is an earlier arrival with the same Message-ID and content.
	Duplicate string
	// Asked is when this address was last asked whose report it sent, Read when
	// it was last told that a person reads its mail, and Told what it had said
	// in the day before that mail was answered so.
	Asked, Read time.Time
	Told        []finding.Saying
	// Numbered are the letters of corrections, where the mail speaks of numbers.
	Numbered []ledger.Letter
}

// fold is where the units stand.
func (k Known) fold(c *config.Campaign, f standing.Facts, now time.Time) *standing.Table {
	if k.Book != nil {
		return k.Book.Fold(c, f, now)
	}
	return standing.Fold(c, f, now)
}

// about are the facts about some mails.
func (d *decision) about(arrivals ...string) standing.Facts {
	return d.k.Facts.About(d.c, standing.Concern{Mails: arrivals})
}

// Decide gives a mail its verdict. It is pure: the same mail, the same facts
// and the same now give the same verdict, reason and reply.
//
// The first question that has an answer settles it; they are asked in this
// order because each later one believes the mail a little more. What was not
// read to its end (Limit) may hold a report, whatever was seen of it.
func Decide(c *config.Campaign, a ledger.Arrival, r finding.Reading, k Known, now time.Time) *finding.Verdict {
	d := decision{c: c, r: r, k: k, now: now, v: record(a, r, now)}
	switch {
	case a.Received.Before(c.Mailbox.Since):
		d.ignore("before_campaign", r.Class)
	case k.Duplicate != "":
		d.v.DuplicateOf = k.Duplicate
		d.ignore("duplicate", finding.ClassDuplicate)
	case d.ours() && d.letter():
		d.ignore("our_own_mail", finding.ClassAutomatic)
	case d.ours():
		// Somebody at the committee passed on a report from the mailbox itself.
		d.hold("sent_from_our_own_address", nil)
		d.v.ReplyReason = d.v.Reason
	case r.Bounce != nil:
		d.ofThread()
		d.bounce()
	case r.Machine != "" && !d.reports() && r.Limit == "":
		d.ofThread()
		d.ignore("automatic_"+r.Machine, finding.ClassAutomatic)
	case d.desk() && !d.attached() && r.Limit == "":
		d.ignore("command", finding.ClassCommand)
	default:
		d.believe()
	}
	for i := range d.v.Parts {
		settlePart(&d.v.Parts[i])
	}
	d.v.Missing = d.missing()
	return d.v
}

// record is a verdict with everything filled in that is not decided.
func record(a ledger.Arrival, r finding.Reading, now time.Time) *finding.Verdict {
	v := &finding.Verdict{
		ID: a.ID, Source: a.Source, SHA256: a.SHA256, MessageID: r.MessageID, Digest: r.Digest,
		Received: a.Received, Decided: now, From: r.From.Address, FromName: r.From.Name, Subject: r.Subject,
		Class: r.Class, Candidates: []string{}, Evidence: slices.Clone(r.Evidence), Parts: slices.Clone(r.Parts),
		Missing: []string{}, Reply: finding.ReplyNone, Bounce: r.Bounce, Text: r.Text, Spam: a.Spam, Marked: a.Marked,
	}
	for _, t := range r.Threads {
		if t.Where == "references" {
			v.References = append(v.References, t.Value)
		}
	}
	if v.Evidence == nil {
		v.Evidence = []finding.Evidence{}
	}
	if v.Parts == nil {
		v.Parts = []finding.Part{}
	}
	for i := range v.Parts {
		// What is decided about a part is not written into the Reading.
		v.Parts[i].Problems = slices.Clone(v.Parts[i].Problems)
	}
	return v
}

type decision struct {
	c   *config.Campaign
	r   finding.Reading
	k   Known
	now time.Time
	v   *finding.Verdict
}

func (d *decision) ignore(reason, class string) {
	d.v.Verdict, d.v.Reason, d.v.Class = finding.IgnoredMail, reason, class
	d.v.ReplyReason = reason
	for i := range d.v.Parts {
		d.v.Parts[i].Verdict = finding.Ignored
	}
}

// hold leaves the mail to a person, with the units that it may concern.
func (d *decision) hold(reason string, candidates []string) {
	d.v.Verdict, d.v.Reason = finding.HeldMail, reason
	d.v.Candidates = append([]string{}, candidates...)
}

func (d *decision) reply(kind, reason string) { d.v.Reply, d.v.ReplyReason = kind, reason }

// ours reports whether the mail comes from the program's own address: its
// letters come back as copies, forwards and loops, and answering one would
// start another.
func (d *decision) ours() bool {
	own := strings.ToLower(d.c.SMTP.From)
	return d.r.From.Address != "" && (d.r.From.Address == own || d.r.From.Address == strings.ToLower(d.c.Mailbox.Address))
}

// letter reports whether a mail of our own address is one that the program
// wrote, or at least no report.
func (d *decision) letter() bool {
	return slices.ContainsFunc(d.r.Threads, func(t finding.Thread) bool { return t.Where == "key_header" }) ||
		d.r.Limit == "" && (d.r.Machine != "" || !d.reports())
}

func (d *decision) desk() bool { return slices.Contains(d.c.Desk, d.r.From.Address) }

// attached reports whether a file came along: a link, or figures typed into
// the text, are none (bodyParts).
func (d *decision) attached() bool {
	return slices.ContainsFunc(d.r.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration && p.Name != "" })
}

// files reports whether a person meant to send anything besides words.
func (d *decision) files() bool {
	return slices.ContainsFunc(d.r.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration })
}

// reports reports whether something like a part of the report is attached.
func (d *decision) reports() bool {
	return slices.ContainsFunc(d.r.Parts, func(p finding.Part) bool {
		return p.Kind == finding.Appendix || p.Kind == finding.Report || p.Kind == finding.Model
	})
}

// models reports whether a write-up came along, in a file of its own or within
// the report.
func (d *decision) models() bool {
	return slices.ContainsFunc(d.r.Parts, func(p finding.Part) bool {
		return p.Readable() && (p.Kind == finding.Model || p.Kind == finding.Report && p.Models > 0)
	})
}

// ofThread gives a machine's mail the unit whose letter it speaks of, so that
// `why` can show it.
func (d *decision) ofThread() {
	for _, l := range d.k.Threads {
		if l.Unit != "" {
			unit := l.Unit
			d.v.Unit = &unit
			d.v.Evidence = append(d.v.Evidence, finding.Evidence{Kind: "thread", Unit: unit, Detail: l.Key})
			return
		}
	}
}

// bounce counts what a delivery status says only if it brings the token of a
// letter of ours to that address: else anybody could silence a unit by it. One
// that would have counted is left to a person; it names no candidate, because
// that would keep reminders waiting.
func (d *decision) bounce() {
	b := *d.r.Bounce
	b.Ours = slices.ContainsFunc(d.k.Threads, func(l ledger.Letter) bool {
		return slices.ContainsFunc(l.To, func(to string) bool { return strings.EqualFold(to, b.Address) })
	})
	d.v.Bounce = &b
	d.ignore("bounce", finding.ClassBounce)
	proved := b
	proved.Ours = true
	if !b.Ours && proved.Dead() && len(d.registered(b.Address)) > 0 {
		d.hold("bounce_not_of_a_letter_of_ours", nil)
	}
}

// believe asks whose mail it is and what to do with it.
func (d *decision) believe() {
	senders := d.registered(d.r.From.Address)
	for _, code := range senders {
		d.v.Evidence = append(d.v.Evidence, finding.Evidence{Kind: "sender", Unit: code, Detail: d.r.From.Address})
	}
	for _, l := range d.k.Threads {
		if l.Unit != "" {
			d.v.Evidence = append(d.v.Evidence, finding.Evidence{Kind: "thread", Unit: l.Unit, Detail: l.Key})
		}
	}
	known := len(senders) > 0
	d.hear()
	if d.reports() && d.r.Machine == "" {
		d.v.Class = finding.ClassReport
	}
	if d.models() {
		for i := range d.v.Parts {
			d.v.Parts[i].Problems = standing.WithModels(d.v.Parts[i].Problems)
		}
	}
	out := attribution.Decide(d.v.Evidence, attribution.Question{
		Campaign:       d.c,
		Forwarded:      d.r.Forwarded || d.desk(),
		ThreadVerified: slices.ContainsFunc(d.k.Threads, d.proves),
		FormVerified:   len(d.k.Forms) > 0,
		AuthFailed:     d.r.Auth == "fail",
	})
	switch {
	case d.r.Auth == "fail":
		// Our own server says that the sender is not who he says he is: silence,
		// and a person looks at it.
		d.hold("sender_authentication_failed", candidates(out))
		d.v.ReplyReason = "sender_authentication_failed"
		return
	case d.classified():
		d.quarantine("classified_content", known, candidates(out))
		return
	case d.r.Limit != "":
		d.quarantine("limit_"+d.r.Limit, known, candidates(out))
		return
	case d.r.Machine != "":
		// A scanner or a list brought a report. It is kept for a person; the
		// machine is not answered.
		d.hold("automatic_with_report", candidates(out))
		d.v.ReplyReason = "automatic_" + d.r.Machine
		return
	case d.named():
		return
	case out.Unit == "":
		d.hold(out.Reason, out.Candidates)
		d.apart()
		d.foreign(senders)
		d.ask(known)
		return
	}
	if out.Claimed && d.files() && !d.reports() {
		// A stranger's flyer with a unit's name on it: a person looks, nothing
		// is filed and nobody answered.
		d.hold(attribution.UnknownSender, candidates(out))
		d.ask(known)
		return
	}
	unit := out.Unit
	d.v.Unit, d.v.Claimed = &unit, out.Claimed
	if !d.files() {
		d.words(out.Claimed, candidates(out))
		return
	}
	if !out.Claimed {
		d.heed()
	}
	if d.nothingToReport() {
		d.hold("nothing_to_report", candidates(out))
		d.acknowledge(readByAPerson)
		return
	}
	if d.elsewhere() {
		d.hold("other_subject", candidates(out))
		d.v.Class = finding.ClassOutOfScope
		if d.v.Claimed {
			d.v.ReplyReason = "stranger_without_report"
		} else {
			d.acknowledge(readByAPerson)
		}
		return
	}
	d.v.Verdict, d.v.Reason = finding.Filed, out.Reason
	d.compare()
	if slices.ContainsFunc(d.v.Parts, finding.Part.ToFix) {
		d.reply(finding.ReplyCorrections, "problems")
	} else {
		d.reply(finding.ReplyReceipt, "received")
	}
}

// proves reports whether whoever answers the letter speaks for its unit. The
// account that we gave a stranger of what he filed in the unit's name went to
// him alone: by answering it he proves nothing, unless somebody who has to know
// has said since that it is the unit's. That of what the desk passed on went to
// the unit.
func (d *decision) proves(l ledger.Letter) bool {
	if l.Unit == "" || len(l.Answers) == 0 {
		return l.Unit != ""
	}
	var ids []string
	for _, name := range l.Answers {
		id, _, _ := strings.Cut(name, "+")
		ids = append(ids, id)
	}
	about := d.about(ids...)
	ruled := standing.Rulings(d.c, about, d.now)
	return !slices.ContainsFunc(about.Mails, func(m *finding.Verdict) bool {
		return slices.Contains(ids, m.ID) && ruled(m).Claimed && !slices.Contains(d.c.Desk, m.From)
	})
}

// elsewhere reports whether all that came is a report of another subject or
// year (R08): it is no answer to the letter, so nothing is said to be missing.
func (d *decision) elsewhere() bool {
	other := false
	for _, p := range d.v.Parts {
		switch {
		case p.Kind != finding.Report && p.Kind != finding.Appendix && p.Kind != finding.Model:
		case !slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "R08" }):
			return false
		default:
			other = true
		}
	}
	return other
}

// foreign marks the forms that name another unit than the sender's (S08): the
// question to the sender then says which file, and whose name stands in it.
func (d *decision) foreign(senders []string) {
	var own []string // dossiers of the sender
	var names []string
	for _, code := range senders {
		u, _ := d.c.Unit(code)
		names = append(names, u.Name)
		for _, member := range d.c.Group(code) {
			own = append(own, member.Code)
		}
	}
	for i := range d.v.Parts {
		p := &d.v.Parts[i]
		if len(own) == 0 || p.Form == nil || p.Form.Unit == "" || slices.Contains(own, p.Form.Unit) {
			continue
		}
		args := map[string]string{"tep": p.Name, "dv_gui": strings.Join(names, ", ")}
		if u, ok := d.c.Unit(p.Form.Unit); ok {
			args["dv_mau"] = u.Name
		}
		add(p, finding.Problem{Code: "S08", Severity: finding.ForPerson, Args: args})
	}
}

// apart tells the files of several units apart: each by the strongest sign in
// itself, or on the archive that it came in. A file that names two units, or
// none, is nobody's.
func (d *decision) apart() {
	for i := range d.v.Parts {
		p := &d.v.Parts[i]
		for _, kind := range []string{"form", "cell", "letterhead", "filename"} {
			unit, several := "", false
			for _, e := range d.v.Evidence {
				on := e.File != "" && (e.File == p.Path || strings.HasPrefix(p.Path, e.File+"/"))
				if !on || e.Kind != kind || e.Doubt {
					continue
				}
				several = several || unit != "" && unit != e.Unit
				unit = e.Unit
			}
			if unit != "" {
				if _, known := d.c.Unit(unit); known && !several {
					p.Unit = unit
				}
				break
			}
		}
	}
}

func candidates(o attribution.Outcome) []string {
	if o.Unit != "" {
		return []string{o.Unit}
	}
	return o.Candidates
}

// registered are the units that an address is registered for: by the roster,
// or by the desk since.
func (d *decision) registered(from string) []string {
	if from == "" {
		return nil
	}
	var codes []string
	for _, u := range d.c.Units {
		if slices.Contains(u.Emails, from) || u.BackupEmail == from {
			codes = append(codes, u.Code)
		}
	}
	for _, x := range standing.InForce(d.about().Decisions, d.now) {
		if x.Kind == standing.Alias && strings.EqualFold(x.Address, from) {
			for _, code := range x.Units {
				if !slices.Contains(codes, code) {
					codes = append(codes, code)
				}
			}
		}
	}
	return codes
}

// classified reports whether a part bears a mark of classified content (R07):
// the whole mail is set apart then.
func (d *decision) classified() bool {
	return slices.ContainsFunc(d.r.Parts, func(p finding.Part) bool {
		return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "R07" })
	})
}

// quarantine is for what could not be judged within the limits, and for what
// must not be: everything is kept, and a sender we know is told to send less
// at a time, or not by mail.
func (d *decision) quarantine(reason string, known bool, candidates []string) {
	d.v.Verdict, d.v.Reason, d.v.Class = finding.Quarantined, reason, finding.ClassUnreadable
	d.v.Candidates = append([]string{}, candidates...)
	switch {
	case d.r.Machine != "":
		d.v.ReplyReason = "automatic_" + d.r.Machine
	case d.desk():
		d.v.ReplyReason = "sent_by_the_desk"
	case known || len(d.k.Threads) > 0:
		// Every time: who is not told goes on believing that his report came.
		d.acknowledge(notReadable)
	default:
		d.v.ReplyReason = "stranger"
	}
}

// ask asks the sender whose report it is: once a day, and a stranger only if
// what he sent looks like a report.
func (d *decision) ask(known bool) {
	switch {
	case d.desk():
		d.v.ReplyReason = "sent_by_the_desk"
	case d.r.From.Address == "":
		d.v.ReplyReason = "no_sender"
	case !d.reports() && known && !d.files():
		d.acknowledge(readByAPerson)
	case !d.reports() && !(known && d.files()):
		d.v.ReplyReason = "stranger_without_report"
	case d.recent(d.k.Asked):
		d.v.ReplyReason = "asked_within_a_day"
	default:
		d.reply(finding.ReplyAskUnit, d.v.Reason)
	}
}

// nothingToReport reports whether the mail brings no figures and its letter
// says that there are none: a person decides whether that is zeros or an
// exemption (BEHAVIOURS 18).
func (d *decision) nothingToReport() bool {
	says := false
	for _, p := range d.r.Parts {
		switch {
		case p.Kind == finding.Appendix || p.Kind == finding.Model:
			return false
		case p.Nothing:
			says = true
		}
	}
	return says
}

// Why a mail is acknowledged.
const (
	readByAPerson = "read_by_a_person"
	notReadable   = "not_readable"
)

func (d *decision) acknowledge(reason string) {
	switch {
	case d.r.From.Address == "":
		d.v.ReplyReason = "no_sender"
	case reason == readByAPerson && d.saidBefore():
		d.v.ReplyReason = "acknowledged_within_a_day"
	default:
		d.reply(finding.ReplyAcknowledge, reason)
	}
}

// recent reports whether t was within a day: what is said twice a day is not
// read any more. Of what a clock recorded for a time to come nobody knows when it
// was.
func (d *decision) recent(t time.Time) bool {
	return !t.IsZero() && d.now.Sub(t) < 24*time.Hour && !d.ahead(t)
}

// ahead reports whether t has not been yet: a clock recorded it that was put
// right since.
func (d *decision) ahead(t time.Time) bool { return t.After(d.now.Add(ledger.Slack)) }

// sameAs reports whether a mail with the verdict v makes r, a copy of it by
// another way, superfluous: not if the copy lacks the flaw for which v was
// not believed.
func sameAs(v *finding.Verdict, r finding.Reading) bool {
	switch {
	case v.DuplicateOf != "":
		return false // the one that it is a duplicate of decides
	case strings.HasPrefix(v.ReplyReason, "automatic_"):
		return r.Machine != ""
	case v.Reason == "sender_authentication_failed":
		return r.Auth == "fail"
	}
	return true
}

// missing is what the unit still owes once this mail counts.
func (d *decision) missing() []string {
	if u := d.after(); u != nil && u.Missing != nil {
		return u.Missing
	}
	return []string{}
}

// after is where the unit stands once this mail counts; nil where the mail is
// nobody's.
func (d *decision) after() *standing.Unit {
	unit := d.v.UnitCode()
	if unit == "" {
		return nil
	}
	of := standing.Concern{Units: []string{unit}}
	for _, a := range d.v.Attests {
		of.Mails = append(of.Mails, a.Arrival)
	}
	facts := d.k.Facts.About(d.c, of) // to copy a year of mails for one more would cost most of all
	facts.Mails = append(slices.Clip(facts.Mails), d.v)
	return standing.FoldUnit(d.c, facts, unit, d.now)
}

// settlePart gives a part the verdict that its problems ask for (CONTRACT,
// "Severity").
func settlePart(p *finding.Part) {
	if p.Problems == nil {
		p.Problems = []finding.Problem{}
	}
	if p.Verdict == finding.Ignored || p.Kind == finding.Decoration {
		p.Verdict = finding.Ignored
		return
	}
	p.Verdict = finding.VerdictOf(p.Problems)
}
