package notify

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Situation is what owed may look at, as one transaction sees it.
type Situation struct {
	Now    time.Time
	Facts  standing.Facts
	Table  *standing.Table
	posts                             // every letter
	whole  standing.Facts             // Facts may be those about one letter only
	ByHand map[string]standing.ByHand // id of a mail → the answer that a person sent
	talks  []talk                     // mails that still wait for an answer
	// contacts are addresses that were registered because their units asked.
	contacts []contact

	// What follows from the facts and is asked for each unit or each mail.
	spoken
	rulings func(*finding.Verdict) standing.Ruled // what became of each mail
	due     func(day time.Time) time.Time         // when a step of the day falls due
	posed   *schedule.Question                    // what the ladder is asked about the unit at hand, if that is worked out
	// Read is the begin of the last fetch round that read every folder whole;
	// Waiting counts arrivals without a verdict.
	Read    time.Time
	Waiting int
	// Doubt is that the ledger may have been restored from a backup, and that the
	// folder for sent mail has not told yet what was sent since. SentSeen is when
	// it last told; zero where it never can. Forgotten is what showed that the
	// ledger is older than the world.
	Doubt     bool
	SentSeen  time.Time
	Forgotten ledger.Forgotten
	// Incidents are what is, or last was, wrong with machine and servers.
	Incidents map[string]ledger.Incident
	// Trouble is since when the mailbox cannot be read; zero: it can.
	Trouble time.Time
	// Away is the mail server that takes our letters turning us away, Outage
	// the last time that it did and has let us in since.
	Away   ledger.Knock
	Outage ledger.Outage
}

// look is a look without consequences, at now or at an instant that is past.
// Past is what comes before the last round: only to such a look have the letters
// not gone that were posted since.
func (n *Notifier) look(tx *ledger.Tx, now time.Time) (s Situation, err error) {
	round, err := tx.Marked(ledger.MarkRound)
	if err != nil {
		return s, err
	}
	if last, err := time.Parse(time.RFC3339Nano, round); err != nil || now.Before(last) {
		return n.lookBy(tx, now, nil, now)
	}
	return n.lookFor(tx, now, nil)
}

// lookFor is a look by which something is done, at the present: what is in the
// ledger has happened, whatever the clock showed. It is for one letter, if
// there is one: at all that it may speak of and at what it hangs on, and not at
// everything.
func (n *Notifier) lookFor(tx *ledger.Tx, now time.Time, l *ledger.Letter) (s Situation, err error) {
	return n.lookBy(tx, now, l, time.Time{})
}

// lookBy is a look that sees the letters as they were by an instant; zero: as
// they are.
func (n *Notifier) lookBy(tx *ledger.Tx, now time.Time, l *ledger.Letter, by time.Time) (s Situation, err error) {
	s = Situation{Now: now}
	if s.whole, err = tx.Facts(); err != nil {
		return s, err
	}
	s.whole = s.whole.Present(now)
	s.Facts = s.whole
	if of, ok := concern(l, s.whole); ok {
		s.Facts = s.whole.About(n.Campaign, of)
	}
	s.Table = n.books.now.Fold(n.Campaign, s.whole, now)
	q, err := tx.Queue()
	if err != nil {
		return s, err
	}
	s.posts = posts{queue: q, by: by}
	n.derive(&s)
	s.ByHand = standing.AnsweredByHand(s.Facts, now)
	if s.Waiting, err = tx.Waiting(); err != nil {
		return s, err
	}
	read, err := tx.Marked(ledger.MarkRead)
	if err != nil {
		return s, err
	}
	if s.Read, _ = time.Parse(time.RFC3339Nano, read); s.Read.After(now) {
		s.Read = time.Time{} // a clock that has since been put right said so
	}
	if err = s.marks(tx); err != nil {
		return s, err
	}
	s.contacts = contacts(s)
	s.talks = n.answering(s)
	n.mind(s)
	return s, nil
}

// derive works out once what is asked for each of thousands.
func (n *Notifier) derive(s *Situation) {
	s.rulings = standing.Rulings(n.Campaign, s.Facts, s.Now)
	n.heed(s)
	days := map[int64]time.Time{}
	s.due = func(day time.Time) time.Time {
		at, ok := days[day.Unix()]
		if !ok {
			at = n.Plan.ReminderTime(day)
			days[day.Unix()] = at
		}
		return at
	}
}

// marks are what the last rounds left about the machine and the servers. What
// happens after now, as a look at the past or a clock put right may see it, has
// not happened.
func (s *Situation) marks(tx *ledger.Tx) (err error) {
	s.Incidents = map[string]ledger.Incident{}
	for _, what := range ledger.Incidents {
		i, err := tx.Incident(what)
		if err != nil {
			return err
		}
		if !i.Since.After(s.Now) {
			s.Incidents[what] = i
		}
	}
	if i := s.Incidents[ledger.IncidentMailbox]; i.Now() {
		s.Trouble = i.Since
	}
	doubt, err := tx.Doubt()
	if err != nil {
		return err
	}
	s.Doubt = doubt.Stands
	seen, err := tx.Marked(ledger.MarkSent)
	if err != nil {
		return err
	}
	if s.SentSeen, _ = time.Parse(time.RFC3339Nano, seen); s.SentSeen.After(s.Now) {
		s.SentSeen = time.Time{}
	}
	if s.Forgotten, err = tx.Forgotten(); err != nil {
		return err
	}
	if s.Forgotten.Noticed.After(s.Now) {
		s.Forgotten = ledger.Forgotten{}
	}
	if s.Away, err = tx.Knock(ledger.KnockSMTP); err != nil {
		return err
	}
	if s.Away.Since.After(s.Now) {
		s.Away = ledger.Knock{}
	}
	s.Outage, err = tx.Outage(ledger.KnockSMTP)
	return err
}

// Owed is a letter that should have been said by now and was not.
type Owed struct {
	Key     string
	Kind    string
	Unit    string
	Reason  string
	Due     time.Time
	To      []string // whom it is for; a rehearsal sends it to the desk instead
	Answers []string // arrivals it answers
	Extra   string   // the step of a reminder, the slot of a digest
	Skips   []string // keys of letters that it makes superfluous
}

// Owed is what should have been said by s.Now and was not, the answers first.
// It is pure: it looks at nothing but s and the campaign.
func (n *Notifier) Owed(s Situation) []Owed {
	switch {
	case !n.open(s):
		return nil
	case s.Doubt:
		// What the desk is told of the machine is worth repeating.
		return n.alarms(s)
	}
	full := n.full(s)
	owed := n.answers(s, full)
	owed = append(owed, n.confirms(s, owed, full)...)
	owed = append(owed, n.alarms(s)...)
	owed = append(owed, n.registered(s)...)
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code {
			continue
		}
		if o, why := n.extended(s, u); why == "" && answersRequest(o.Reason) {
			owed = append(owed, o)
		}
		if o, why := n.thanks(s, u); why == "" {
			owed = append(owed, o)
		}
	}
	if closes := n.Campaign.Deadline.Closes; !closes.IsZero() && !s.Now.Before(closes) {
		return owed // from closes on nothing unasked-for is owed but what a person approves
	}
	owed = append(owed, n.digest(s)...)
	for _, code := range s.Table.Order {
		if u := s.Table.Units[code]; u.Lead == code {
			owed = append(owed, n.toUnit(s, u)...)
		}
	}
	return owed
}

// open reports whether anything may go out at all: in live mode not before a
// person has seen the count and confirmed it.
func (n *Notifier) open(s Situation) bool {
	return n.Campaign.Mode == config.Rehearsal || !s.live.IsZero()
}

// toUnit is the one unasked-for letter that a unit may be owed now.
func (n *Notifier) toUnit(s Situation, u *standing.Unit) []Owed {
	q := n.question(s, u)
	s.posed = &q
	for _, ask := range []func(Situation, *standing.Unit) (Owed, schedule.Why){n.resumed, n.invite, n.extended, n.escalation, n.reminder} {
		if o, why := ask(s, u); why == "" && !answersRequest(o.Reason) {
			return []Owed{o}
		}
	}
	return nil
}

// question is what the ladder has to know about a unit.
func (n *Notifier) question(s Situation, u *standing.Unit) schedule.Question {
	if s.posed != nil && s.posed.Unit.Code == u.Code {
		return *s.posed
	}
	roster, _ := n.Campaign.Unit(u.Code)
	q := schedule.Question{Campaign: n.Campaign, Calendar: n.Calendar, TimeOfDay: s.due, Unit: roster, Standing: *u, Now: s.Now}
	for l := range s.ofUnit(u.Code, unasked...) {
		switch l.Kind {
		case letter.Invite:
			q.Sent = append(q.Sent, schedule.Invite)
		case letter.Remind:
			// After an extension the ladder begins anew on the new dates.
			if l.Key == n.remindKey(u, l.Extra) {
				q.Sent = append(q.Sent, l.Extra)
			}
			if l.Reason == reasonFix && (l.Withdrawn == "" || !wentOut(l).IsZero()) {
				q.FixesAsked++
			}
		}
		if slices.Contains(unasked, l.Kind) && !answersRequest(l.Reason) {
			// A letter may wait in the queue overnight: the day that counts is
			// the one on which it went out.
			last := wentOut(l)
			if last.IsZero() && l.Withdrawn == "" {
				last = l.Posted
			}
			if last.After(q.LastUnasked) && !n.Calendar.Day(last).After(n.Calendar.Day(s.Now)) {
				q.LastUnasked = last
			}
		}
	}
	return q
}

// wentOut is when a letter last reached, or may have reached, a recipient;
// zero if it surely has not.
func wentOut(l *ledger.Letter) (last time.Time) {
	for _, d := range l.Deliveries {
		if (d.Outcome == ledger.Accepted || d.Outcome == ledger.Unknown) && d.At.After(last) {
			last = d.At
		}
	}
	return last
}

// taken reports whether some recipient surely has the letter: then it is said,
// and the others get it too.
func taken(l *ledger.Letter) bool {
	return l != nil && slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool { return d.Outcome == ledger.Accepted })
}

// queued reports whether the letter is still to go out to everybody it is for.
func queued(l *ledger.Letter) bool {
	if l == nil || len(l.Deliveries) == 0 {
		return false
	}
	return !slices.ContainsFunc(l.Deliveries, func(d ledger.Delivery) bool { return d.Outcome != ledger.Waiting && d.Outcome != ledger.Trouble })
}

// group are the addresses of a dossier: a letter goes to each member.
func (n *Notifier) group(s Situation, code string) []string {
	var to []string
	for _, u := range n.Campaign.Group(code) {
		if a := n.address(s, u); a != "" && !slices.Contains(to, a) {
			to = append(to, a)
		}
	}
	return to
}

// address is where letters to a unit go: its own first address, another one
// when mail does not arrive there; "" for a unit that has left the roster.
func (n *Notifier) address(s Situation, u config.Unit) string {
	at := s.Table.Units[u.Code]
	if at == nil {
		return ""
	}
	var first string
	for _, a := range append(append([]string{s.chosen(u.Code)}, at.Addresses...), u.BackupEmail) {
		if a == "" {
			continue
		}
		if first == "" {
			first = a
		}
		if since, dead := s.Facts.Dead[a]; !dead || since.After(s.Now) {
			return a
		}
	}
	return first
}

// invite is owed to every unit from the day of the invitation on, once.
func (n *Notifier) invite(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	a := schedule.Invitation(n.question(s, u))
	o := Owed{Key: letter.Invite + "/" + u.Code, Kind: letter.Invite, Unit: u.Code, Reason: "invited", Due: a.At, To: n.group(s, u.Code)}
	return o, reachable(a.Why, o.To)
}

// remindKey names a step for a unit: remind/HU-BATO/T-1. With an extension the
// steps are other steps, on other days, and their names say so:
// remind/HU-BATO/T-1@2022-10-24.
func (n *Notifier) remindKey(u *standing.Unit, step string) string {
	key := letter.Remind + "/" + u.Code + "/" + step
	if u.Extended {
		key += "@" + n.Calendar.Day(u.Deadline.Add(-time.Nanosecond)).Format("2006-01-02")
	}
	return key
}

// Why a reminder goes out: what the unit still owes.
const (
	reasonNothing = "nothing_received"
	reasonPart    = "part_missing"
	reasonFix     = "fixing"
)

// Besides the ladder's, the reasons why a reminder has to wait (promise 4).
const (
	notRead     schedule.Why = "mailbox_not_read_since"
	notJudged   schedule.Why = "mail_without_verdict"
	notAnswered schedule.Why = "mail_in_work"
	noAddress   schedule.Why = "no_address"
	notResumed  schedule.Why = "not_resumed"
	laterStep   schedule.Why = "later_step_due"
	laterDigest schedule.Why = "later_digest_due"
	leftRoster  schedule.Why = "unit_left_the_roster"
	saidAlready schedule.Why = "said_already"
	notOurs     schedule.Why = "decided_otherwise"
	confirmed   schedule.Why = "confirmed"
	overAgain   schedule.Why = "over_again"
	notLive     schedule.Why = "not_live"
	byHand      schedule.Why = "answered_by_hand"
	notLooked   schedule.Why = "sent_mail_not_seen_since"
)

// reminder is owed by the ladder, if the mailbox has been read since.
func (n *Notifier) reminder(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	a := schedule.Reminder(n.question(s, u))
	o := Owed{Key: n.remindKey(u, a.Step.Name), Kind: letter.Remind, Unit: u.Code, Extra: a.Step.Name, Due: a.At, To: n.group(s, u.Code)}
	missing, _ := u.Asked()
	switch {
	case len(missing) == 0:
		o.Reason = reasonFix
	case u.Gave():
		o.Reason = reasonPart
	default:
		o.Reason = reasonNothing
	}
	switch {
	case a.Why == schedule.JustHeard && n.crosses(s, u, a.At) == notAnswered:
		return o, notAnswered // which says more
	case a.Why != "":
		return o, a.Why
	case queued(s.letter(letter.Invite + "/" + u.Code)):
		return o, schedule.NotInvited // the invitation first
	}
	if l := s.letter(letter.Escalate + "/" + u.Code); l != nil && !s.ahead(l.Posted) && !a.At.After(l.Posted) {
		return o, laterStep // the committee's own letter has gone to its leaders
	}
	if why := n.crosses(s, u, a.At); why != "" {
		return o, why
	}
	for _, step := range a.Skipped {
		if key := n.remindKey(u, step.Name); s.letter(key) == nil {
			o.Skips = append(o.Skips, key)
		}
	}
	return o, reachable("", o.To)
}

func reachable(why schedule.Why, to []string) schedule.Why {
	if why == "" && len(to) == 0 {
		return noAddress
	}
	return why
}

// crosses says why a letter about what a unit still owes, due since then, might
// cross a mail of the unit (promise 4); "" if it cannot.
func (n *Notifier) crosses(s Situation, u *standing.Unit, due time.Time) schedule.Why {
	switch {
	case s.Read.Before(due), s.Read.After(s.Now), !s.Trouble.IsZero():
		// Only a fetch round begun after the letter fell due knows what had
		// arrived by then, and while the mailbox cannot be read nobody does.
		return notRead
	case s.Waiting > 0:
		return notJudged
	case slices.ContainsFunc(s.talks, func(t talk) bool {
		return !t.stopped && t.unit != "" && s.Table.Units[t.unit] != nil && s.Table.Units[t.unit].Lead == u.Lead
	}):
		return notAnswered
	}
	return ""
}

// resumed is owed when reminders start again after a natural disaster and the
// deadline was put off for it.
func (n *Notifier) resumed(s Situation, u *standing.Unit) (Owed, schedule.Why) {
	if u.ResumedBy == nil || u.ExtendedBy == nil || u.ExtendedBy.Cause != "thien-tai" || u.Paused || len(u.Missing)+len(u.Open) == 0 {
		return Owed{}, notResumed
	}
	o := Owed{Key: letter.Resumed + "/" + u.Code + "/" + u.ResumedBy.ID, Kind: letter.Resumed, Unit: u.Code, Reason: "resumed", Due: u.ResumedAt, To: n.group(s, u.Code)}
	q := n.question(s, u)
	closes := n.Campaign.Deadline.Closes
	switch {
	case s.letter(o.Key) != nil:
		return o, saidAlready
	case !closes.IsZero() && !s.Now.Before(closes):
		return o, schedule.Closed
	case !q.Unit.AutoRemind:
		return o, schedule.AutoRemindOff
	case s.letter(letter.Invite+"/"+u.Code) == nil, queued(s.letter(letter.Invite + "/" + u.Code)):
		return o, schedule.NotInvited
	case !u.Reachable:
		return o, schedule.Unreachable
	case len(u.HeldMails) > 0:
		return o, schedule.HeldCandidate
	}
	if why := n.crosses(s, u, o.Due); why != "" {
		return o, why
	}
	return o, reachable(n.courtesy(s, q.LastUnasked), o.To)
}

// digest is owed at each of its times; only the latest that is due, and none
// of a time before the campaign went live: nobody waited for that. The weekly
// one is another.
func (n *Notifier) digest(s Situation) (owed []Owed) {
	for _, slot := range []func(time.Time) (string, time.Time, bool){n.Plan.WeeklySlot, n.Plan.DigestSlot} {
		slot, due, ok := slot(s.Now)
		key := letter.DigestKind + "/" + slot
		if !ok || s.letter(key) != nil || len(n.Campaign.Desk) == 0 || n.Campaign.Mode == config.Live && due.Before(s.live) {
			continue
		}
		owed = append(owed, Owed{Key: key, Kind: letter.DigestKind, Reason: "digest", Due: due, To: n.Campaign.Desk, Extra: slot})
	}
	return owed
}

// Still is what a posted letter is at the instant of sending.
type Still int

const (
	Yes   Still = iota // owed: it goes
	Later              // owed, but not at this moment
	No                 // not owed any more
)

// moments are reasons that pass by themselves.
var moments = []schedule.Why{schedule.OutsideHours, schedule.JustHeard, schedule.HeldCandidate, schedule.OneADay, schedule.NotInvited, notRead, notJudged, notAnswered, notLooked}

// StillOwed decides again, at the instant of sending.
func (n *Notifier) StillOwed(s Situation, l ledger.Letter) (Still, schedule.Why) {
	u := s.Table.Units[l.Unit]
	switch {
	case !n.open(s):
		return Later, notLive // the desk took back its word
	case s.Doubt && l.Kind != letter.AlarmKind:
		return Later, notLooked
	case l.Unit != "" && u == nil:
		return No, leftRoster
	}
	posted := s.letter(l.Key)
	// The letter itself is in the ledger by now; without it the question is
	// the same as before it was posted.
	s = s.without(l)
	var why schedule.Why
	switch l.Kind {
	case letter.Receipt, letter.Corrections, letter.AskUnit, letter.Acknowledge:
		switch {
		case !n.answerStands(s, l):
			why = notOurs
		case n.allByHand(s, l) && !taken(posted):
			why = byHand
		}
	case letter.Confirm:
		if !n.confirmStands(s, l) {
			why = confirmed
		}
	case letter.Invite:
		_, why = n.invite(s, u)
		if why == schedule.Paused || why == schedule.Unreachable {
			return Later, why // without it the unit has no form: its key is not wasted
		}
	case letter.AlarmKind:
		if !slices.ContainsFunc(n.alarms(s), func(o Owed) bool { return o.Key == l.Key }) {
			why = overAgain
		}
	case letter.Remind:
		var o Owed
		o, why = n.reminder(s, u)
		if o.Key != l.Key && (why == "" || slices.Contains(moments, why)) {
			why = laterStep
		}
	case letter.Resumed:
		_, why = n.resumed(s, u)
	case letter.Extended:
		var o Owed
		o, why = n.extended(s, u)
		if o.Key != l.Key && (why == "" || slices.Contains(moments, why)) {
			why = deadlineMoved
		}
	case letter.Registered:
		if !slices.ContainsFunc(n.registered(s), func(o Owed) bool { return o.Key == l.Key }) {
			why = notOurs
		}
	case letter.Escalate:
		_, why = n.escalation(s, u)
	case letter.Thanks:
		_, why = n.thanks(s, u)
	case letter.DigestKind:
		slot, _, ok := n.Plan.DigestSlot(s.Now)
		if schedule.IsWeekly(l.Extra) {
			slot, _, ok = n.Plan.WeeklySlot(s.Now)
		}
		if !ok || slot != l.Extra {
			why = laterDigest
		}
	}
	switch {
	case why == "":
		return Yes, ""
	case slices.Contains(moments, why):
		return Later, why
	}
	return No, why
}

// without is the situation as if the letter had not been posted.
func (s Situation) without(l ledger.Letter) Situation {
	s.gone, s.posed = l.Key, nil
	return s
}

// WhyReminder says in words whether the unit is owed a reminder now, and if
// not, why.
func (n *Notifier) WhyReminder(tx *ledger.Tx, unit string, now time.Time, lang string) (string, error) {
	s, err := n.look(tx, now)
	if err != nil {
		return "", err
	}
	o, why := n.reminder(s, s.Table.Units[unit])
	if why == schedule.AwaitingApproval {
		o, why = n.escalation(s, s.Table.Units[unit])
	}
	if why == "" {
		return o.Key, nil
	}
	return Reason(why, lang), nil
}

// Reason is why a letter does not go out, as half a sentence.
func Reason(why schedule.Why, lang string) string {
	if text := waits[why].In(lang); text != "" {
		return text
	}
	return why.In(lang)
}

// waits are the reasons that are not the ladder's, in words.
var waits = map[schedule.Why]config.Text{
	notRead:     {VI: "chưa đọc được hộp thư từ khi thư nhắc đến hạn", EN: "the mailbox has not been read since the reminder fell due"},
	notLooked:   {VI: "sau một lúc ngừng, chưa xem được thư mục thư đã gửi để biết thư nào đã gửi", EN: "after a pause, the folder for sent mail has not been seen yet, which tells what was sent"},
	notJudged:   {VI: "còn thư chưa xét xong", EN: "there is mail without a verdict"},
	notAnswered: {VI: "có thư của đơn vị đang chờ trả lời", EN: "a mail of the unit is waiting for its answer"},
	unfinished:  {VI: "đơn vị chưa gửi đủ", EN: "the unit's report is not complete"},
	noAddress:   {VI: "đơn vị không có địa chỉ thư", EN: "the unit has no address"},
}
