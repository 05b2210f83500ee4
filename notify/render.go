package notify

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/blank"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Render writes the letter that is owed, from the facts of this transaction:
// its bytes as they go out, and its words.
func (n *Notifier) Render(s Situation, l ledger.Letter) (raw []byte, text letter.Letter, err error) {
	f, attached, err := n.facts(s, l)
	if err != nil {
		return nil, text, err
	}
	if text, err = letter.Render(f); err != nil {
		return nil, text, err
	}
	if text.Fault != nil {
		n.Log.Warn("a letter text of templates/ cannot be used; the built-in one was (see dondoc check)", "key", l.Key, "err", text.Fault)
	}
	h := letter.Headers{
		Date:      s.Now,
		MessageID: l.MessageID,
		Key:       l.Key,
		From:      n.Campaign.SMTP.From,
		FromName:  n.Campaign.SMTP.FromName,
		To:        l.To,
		ReplyTo:   n.replyTo(l),
	}
	h.InReplyTo, h.References = n.thread(s, l, f)
	if n.Campaign.Mode == config.Rehearsal && !slices.Equal(l.To, n.Campaign.Desk) {
		h.RehearsalFor, h.To = l.To, n.Campaign.Desk
	}
	raw, err = letter.Compose(text, h, attached)
	return raw, text, err
}

// replyTo is the committee's mailbox, with the letter's token where the server
// has plus-addresses: evidence that survives a relay that rewrites Message-IDs.
func (n *Notifier) replyTo(l ledger.Letter) string {
	if n.Campaign.Mailbox.Plus {
		return plus(n.Campaign.Mailbox.Address, l.Token)
	}
	return n.Campaign.Mailbox.Address
}

// thread puts an answer into the sender's thread, and everything else for a
// unit into the thread of its invitation (RFC 5322 §3.6.4).
func (n *Notifier) thread(s Situation, l ledger.Letter, f letter.Facts) (inReplyTo string, references []string) {
	// What the desk wrote is in nobody else's thread, and its References may name
	// a digest: whoever has that name may answer it.
	ofDesk := func(m *finding.Verdict) bool { return slices.Contains(n.Campaign.Desk, m.From) }
	if len(f.Mails) > 0 && l.Kind != letter.Confirm && (l.Unit == "" || !ofDesk(f.Mails[len(f.Mails)-1])) {
		last := f.Mails[len(f.Mails)-1]
		if last.MessageID == "" {
			return "", nil
		}
		refs := last.References
		// RFC 5322 limits no count, but servers limit the field: the first
		// and the last few keep a thread together.
		if len(refs) > 10 {
			refs = append(slices.Clone(refs[:1]), refs[len(refs)-9:]...)
		}
		return last.MessageID, append(slices.Clone(refs), last.MessageID)
	}
	if invite := s.letter(letter.Invite + "/" + l.Unit); invite != nil && invite.MessageID != l.MessageID {
		return invite.MessageID, []string{invite.MessageID}
	}
	return "", nil
}

// facts gathers what the letter speaks of, and what is attached to it.
func (n *Notifier) facts(s Situation, l ledger.Letter) (f letter.Facts, attached []letter.Attachment, err error) {
	f = letter.Facts{Kind: l.Kind, Campaign: n.Campaign, Lang: n.Campaign.Language, Now: s.Now}
	if u, ok := n.Campaign.Unit(l.Unit); ok {
		f.Unit, f.Group, f.Standing = &u, n.Campaign.Group(u.Code), s.Table.Units[u.Code]
		f.Deadline = n.deadline(f.Standing, s.Now)
	}
	f.Decisions = standing.InForce(s.Facts.Decisions, s.Now)
	ruled := s.rulings
	for _, m := range s.Facts.Mails {
		r := ruled(m)
		if answers(l, heard(m, r)) || l.Kind == letter.Confirm && n.noticed(s, l, m, r) {
			its := only(m, r, l.Unit)
			if (r.Named || !r.Decided && m.Claimed) && its.Claimed != stillClaimed(s, m, r) {
				now := *its // what was said of it since
				now.Claimed = !its.Claimed
				its = &now
			}
			f.Mails = append(f.Mails, its)
		}
	}
	slices.SortStableFunc(f.Mails, func(a, b *finding.Verdict) int { return a.Received.Compare(b.Received) })
	if slices.ContainsFunc(f.Mails, func(m *finding.Verdict) bool { return m.Command != nil }) {
		f.Decisions = s.Facts.Decisions // also what was taken back
	}
	switch l.Kind {
	case letter.Invite:
		for _, e := range n.Campaign.Enclosures {
			f.Enclosures = append(f.Enclosures, e.Name)
			attached = append(attached, letter.Attachment{Name: e.Name, Data: e.Data})
		}
		due, err := letter.Calendar(f, l.MessageID)
		if err != nil {
			return f, nil, err
		}
		attached = append(attached, due)
	case letter.Receipt, letter.Corrections:
		f.Previous = n.previous(s, f)
	case letter.AskUnit:
		f.Candidates = n.candidates(f)
	case letter.Remind:
		at := slices.IndexFunc(n.Campaign.Ladder, func(step config.Step) bool { return step.Name == l.Extra })
		if at < 0 {
			return f, nil, fmt.Errorf("the ladder no longer has the step %q", l.Extra)
		}
		f.Step = n.Campaign.Ladder[at]
		f.Last = schedule.Last(n.question(s, f.Standing), f.Step)
		f.CorrectionsSent = n.correctionsSent(s, f.Standing)
		f.Standing = asked(f.Standing)
	case letter.Resumed:
		f.Cause = disaster(n.Campaign, f.Standing.ExtendedBy)
	case letter.Extended:
		f.Cause = disaster(n.Campaign, f.Standing.ExtendedBy)
		n.extendedFacts(s, f.Standing, l, &f)
	case letter.Registered:
		registeredFacts(s, l, &f)
	case letter.Escalate, letter.Thanks:
		if attached, err = n.approvedFacts(s, &f); err != nil {
			return f, nil, err
		}
	case letter.DigestKind:
		if schedule.IsWeekly(l.Extra) {
			f.Week, err = n.weekFacts(s, l)
			return f, nil, err
		}
		f.Digest = n.digestFacts(s, l)
		if attached, err = n.workbooks(s); err != nil {
			return f, nil, err
		}
		for _, a := range attached {
			f.Digest.Attached = append(f.Digest.Attached, a.Name)
		}
	case letter.AlarmKind:
		f.Alarm = n.alarm(s, l)
	}
	if n.formGoesWith(f) {
		// Of whom nobody has said yet that he writes for the unit.
		stranger := slices.ContainsFunc(f.Mails, func(m *finding.Verdict) bool { return stillClaimed(s, m, ruled(m)) })
		form, name, err := n.formFor(*f.Unit, f.Deadline.At, s.Now, stranger)
		if err != nil {
			return f, nil, err
		}
		f.FormFile = name
		attached = append(attached, letter.Attachment{Name: name, Data: form})
	}
	if form, ok := letter.WriteUp(f); ok {
		f.WriteUpFile = form.Name
		if !slices.Contains(f.Enclosures, form.Name) {
			attached = append(attached, form)
		}
	}
	if copied := n.marked(f); copied != nil {
		f.MarkedFile = copied.Name
		attached = append(attached, *copied)
	}
	return f, attached, nil
}

// marked is the sender's workbook with its cells marked, for the letters that
// ask for them to be mended; nil where there is nothing to mark, or it could
// not be done: the letter itself names every cell.
func (n *Notifier) marked(f letter.Facts) *letter.Attachment {
	if n.Mark == nil || f.Kind != letter.Corrections && f.Kind != letter.Remind {
		return nil
	}
	m, ok := letter.Marks(f)
	if !ok {
		return nil
	}
	data, err := n.Mark(m)
	if err != nil {
		n.Log.Warn("a workbook could not be marked; the letter goes without it", "sha256", m.SHA256, "err", err)
		return nil
	}
	if len(data) > maxMarked {
		n.Log.Warn("a marked workbook is too large to be sent back; the letter goes without it", "sha256", m.SHA256, "bytes", len(data))
		return nil
	}
	return &letter.Attachment{Name: m.Name, Data: data}
}

// maxMarked bounds the copy that goes back, in bytes: what a unit could send us
// may be more than its own server takes from us.
const maxMarked = 10 << 20

func (n *Notifier) deadline(u *standing.Unit, now time.Time) letter.Deadline {
	d := letter.Deadline{At: u.Deadline, Extended: u.Extended, CorrectBy: standing.CorrectionDeadline(n.Calendar, u.Deadline, now)}
	d.DaysLeft = n.Calendar.WorkingDaysBetween(now, u.Deadline)
	return d
}

// only is the mail as far as it is the unit's: nobody is told of the files of
// others that came with it.
func only(m *finding.Verdict, r standing.Ruled, unit string) *finding.Verdict {
	for _, x := range r.Shares {
		if x.Unit == unit && len(x.Parts) < len(m.Parts) {
			its := *m
			its.Parts = x.Parts
			return &its
		}
	}
	return m
}

// previous is what counted before the mails that the letter answers.
func (n *Notifier) previous(s Situation, f letter.Facts) []standing.Counted {
	if f.Unit == nil || len(f.Mails) == 0 {
		return nil
	}
	about := s.Facts.About(n.Campaign, standing.Concern{Units: []string{f.Unit.Code}})
	before := about
	before.Mails = nil
	for _, m := range about.Mails {
		if !slices.ContainsFunc(f.Mails, func(x *finding.Verdict) bool { return x.ID == m.ID }) {
			before.Mails = append(before.Mails, m)
		}
	}
	return standing.FoldUnit(n.Campaign, before, f.Unit.Code, s.Now).Counted
}

// candidates are the units that the sender's own mail names: asking him about
// others would tell him of them.
func (n *Notifier) candidates(f letter.Facts) []config.Unit {
	var units []config.Unit
	for _, m := range f.Mails {
		for _, e := range m.Evidence {
			if e.Kind == "sender" || e.Kind == "thread" || !slices.Contains(m.Candidates, e.Unit) {
				continue
			}
			u, ok := n.Campaign.Unit(e.Unit)
			if ok && !slices.ContainsFunc(units, func(have config.Unit) bool { return have.Code == u.Code }) {
				units = append(units, u)
			}
		}
	}
	return units
}

// correctionsSent is when the letter went out that lists what is still open.
func (n *Notifier) correctionsSent(s Situation, u *standing.Unit) time.Time {
	var last time.Time
	for _, member := range n.Campaign.Group(u.Code) {
		for l := range s.ofUnit(member.Code, letter.Corrections) {
			for _, d := range l.Deliveries {
				if d.Outcome == ledger.Accepted && d.At.After(last) {
					last = d.At
				}
			}
		}
	}
	return last
}

// formGoesWith: the unit's own form goes with the invitation and with every
// letter that asks for an appendix.
func (n *Notifier) formGoesWith(f letter.Facts) bool {
	if f.Unit == nil || n.Blank == nil {
		return false
	}
	switch f.Kind {
	case letter.Invite:
		return true
	case letter.Receipt, letter.Corrections, letter.Remind, letter.Resumed, letter.Escalate:
		return slices.Contains(f.Standing.Missing, finding.Appendix)
	case letter.Extended:
		return letter.AsksForMore(f) && slices.Contains(f.Standing.Missing, finding.Appendix)
	case letter.Acknowledge:
		return asksForForm(f.Mails) && slices.Contains(f.Standing.Missing, finding.Appendix)
	}
	return false
}

// asksForForm reports whether the answer to the mails asks for the workbook:
// something was sent another way, or figures were taken back.
func asksForForm(mails []*finding.Verdict) bool {
	return slices.ContainsFunc(mails, func(m *finding.Verdict) bool {
		_, sent := m.Said(finding.SaysSent)
		return sent
	})
}

// asked is where the unit stands as a reminder speaks of it: what the unit says
// that it has sent is not asked for.
func asked(u *standing.Unit) *standing.Unit {
	if !u.Said {
		return u
	}
	now := *u
	now.Missing, now.Open = u.Asked()
	now.Counted = slices.Clone(u.Counted)
	for i := range now.Counted {
		if c := &now.Counted[i]; len(u.SaidParts) == 0 || slices.Contains(u.SaidParts, c.Kind) {
			c.Part.Problems = nil
		}
	}
	return &now
}

// formFor is the unit's own blank form and its file name. The one for a stranger
// bears no token: it would prove that he writes for the unit.
func (n *Notifier) formFor(u config.Unit, deadline, now time.Time, stranger bool) ([]byte, string, error) {
	meta := map[string]any{
		"issued_at":       now.In(n.Campaign.Location).Format("02/01/2006"),
		"deadline_strict": deadline.In(n.Campaign.Location).Format(time.RFC3339),
		"reply_to":        n.Campaign.Mailbox.Address,
		"token":           "",
	}
	if !stranger {
		meta["token"] = n.Ledger.Key.FormToken(n.Campaign.ID, n.Form.Version, u.Code)
	}
	for key, text := range n.Campaign.FormFacts(u) {
		meta[key] = text
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			meta[key] = number // rules compute with it
		}
	}
	data, err := n.Blank.For(blank.Values{Meta: meta})
	if err != nil {
		return nil, "", fmt.Errorf("the form of %s: %w", u.Code, err)
	}
	return data, n.Blank.FileName(u.Code), nil
}
