// Package notify says what has to be said: it works out from the ledger which
// letters are owed at an instant, posts them, and delivers them.
//
//	facts ─ owed(now) ─ post (UNIQUE key) ─ claim ─ still owed? render, store ─ deliver, one per recipient ─ record
//
// It is level-triggered: owed compares what should have been said by now with
// what was said. An outage therefore costs lateness, never silence, and never
// a pile of letters. Nothing is remembered between two looks but the ledger.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/blank"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// Courier carries one letter to one recipient: over SMTP (notify/courier), or
// into a directory (Outbox).
type Courier interface {
	Send(ctx context.Context, from, to string, raw []byte) courier.Outcome
}

// Notifier is the way of a letter. Its fields are set once. Several may work on
// one ledger, each in its own process; within one, they deliver in turn.
type Notifier struct {
	Campaign *config.Campaign
	Form     finding.Form
	Plan     *schedule.Plan
	Calendar *standing.Calendar
	Ledger   *ledger.Ledger
	Blank    *blank.Template
	// Keep stores finished bytes durably under their sha256; Kept gives them
	// back. They are the archive's, handed in as functions.
	Keep func([]byte) (sha string, err error)
	Kept func(sha string) ([]byte, error)
	// Path, if set, says where ho-so has a file, by the facts.
	Path func(standing.Facts) func(arrival, decision string, part finding.Part) string
	// Mark, if set, has the confined child mark a sender's workbook, by the
	// hash of what he sent.
	Mark    func(letter.Marked) ([]byte, error)
	Courier Courier
	Log     *slog.Logger
	// Progress, if set, is told how many of the letters at hand are delivered.
	Progress func(done, total int)

	// delivering is held while letters are carried: the ledger takes a claim of
	// this same process for one that it gave up.
	delivering sync.Mutex

	books      books
	remembered remembered
}

// Post queues every letter that is owed at now and not queued yet, and returns
// their keys. Kinds restricts it; none means all.
func (n *Notifier) Post(ctx context.Context, now time.Time, kinds ...string) ([]string, error) {
	var keys []string
	err := n.Ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		keys = nil
		if err := tx.Reckon(); err != nil {
			return err
		}
		s, err := n.lookFor(tx, now, nil)
		if err != nil {
			return err
		}
		for _, o := range n.Owed(s) {
			if len(kinds) > 0 && !slices.Contains(kinds, o.Kind) {
				continue
			}
			posted, err := n.post(tx, o)
			if err != nil {
				return err
			}
			if posted {
				keys = append(keys, o.Key)
			}
		}
		for _, f := range n.fallbacks(s) {
			if len(kinds) > 0 && !slices.Contains(kinds, f.letter.Kind) {
				continue
			}
			if _, err := tx.AddRecipient(*f.letter, f.address, reasonFallback); err != nil {
				return err
			}
		}
		return nil
	})
	return keys, err
}

// post puts one owed letter, and the steps it leaves behind, into the ledger.
func (n *Notifier) post(tx *ledger.Tx, o Owed) (bool, error) {
	for _, key := range o.Skips {
		l := n.named(Owed{Key: key, Kind: o.Kind, Unit: o.Unit})
		l.Withdrawn = "a later step is due: " + o.Key
		if err := tx.Skip(l); err != nil {
			return false, err
		}
	}
	to := o.To
	if n.Campaign.Mode == config.Rehearsal {
		to = n.Campaign.Desk
	}
	l := n.named(o)
	if seen, err := tx.HeardOf(l.Token); err != nil || !seen.IsZero() {
		if err != nil {
			return false, err
		}
		return false, n.heardOf(tx, l, to, seen)
	}
	return tx.Post(l, to)
}

// named gives a letter its token and Message-ID, both of them a function of its key.
func (n *Notifier) named(o Owed) ledger.Letter {
	token := n.Ledger.Key.LetterToken(n.Campaign.ID, o.Key)
	who := o.Unit
	if who == "" {
		who = n.Campaign.ID
	}
	return ledger.Letter{
		Key: o.Key, Kind: o.Kind, Unit: o.Unit, Token: token, Due: o.Due, Reason: o.Reason, To: o.To, Answers: o.Answers, Extra: o.Extra,
		MessageID: "dd." + strings.ToLower(who) + "." + token + "@" + n.Campaign.PublicDomain,
	}
}

// Away is that the mail server cannot be reached or does not let us in. That
// is about us and about no letter: they all wait.
type Away struct {
	Until time.Time // not tried again before
	Text  string    // what it said
}

func (a *Away) Error() string {
	return fmt.Sprintf("no letter can be sent, the mail server is not tried again before %s: %s", a.Until.Format("15:04:05"), a.Text)
}

// longestAway is how long the mail server is left alone at most: shorter when
// it was not there, since no account can be locked by that.
const (
	longestAway    = 15 * time.Minute
	longestRefused = time.Hour
)

// Deliver carries every letter that waits, one recipient at a time, and
// returns how many were accepted. A letter that we fail to write does not hold
// up the others: it is tried again later, and the error is returned at the end.
// A server that is away ends it: with a letter to each unit, every round would
// else knock seventy times with the password that was refused.
func (n *Notifier) Deliver(ctx context.Context, now func() time.Time) (sent int, err error) {
	sent, _, err = n.deliver(ctx, now, 0)
	return sent, err
}

// DeliverPaced is Deliver at the pace that the mail server is asked to bear
// (smtp.pace): of letters that nobody asked for at most one goes in so long.
// It does not wait: next is when it should be called again; zero when no
// letter waits for its turn.
func (n *Notifier) DeliverPaced(ctx context.Context, now func() time.Time) (sent int, next time.Time, err error) {
	return n.deliver(ctx, now, n.Campaign.SMTP.Pace)
}

func (n *Notifier) deliver(ctx context.Context, now func() time.Time, pace time.Duration) (sent int, next time.Time, err error) {
	n.delivering.Lock()
	defer n.delivering.Unlock()
	total, due := 0, 0
	var knock ledger.Knock
	err = n.Ledger.Write(ctx, now(), func(tx *ledger.Tx) (err error) {
		if err := tx.Reckon(); err != nil {
			return err
		}
		if total, err = tx.Owing(); err != nil {
			return err
		}
		if due, err = tx.Due(); err != nil {
			return err
		}
		knock, err = tx.Knock(ledger.KnockSMTP)
		return err
	})
	if err != nil {
		return 0, next, err
	}
	if due == 0 {
		return 0, next, n.limited(ctx, now(), false)
	}
	if knock.Closed(now()) {
		return 0, next, n.away(knock)
	}
	var faults []error
	turn := ledger.Turn{Unasked: unasked, Desk: toDesk, Pace: pace}
	for done := 1; ; done++ {
		try, err := n.deliverOne(ctx, now, turn)
		faults = append(faults, err)
		if !try.more {
			if err == nil {
				faults = append(faults, n.limited(ctx, now(), turn.Full))
			}
			return sent, try.next, errors.Join(faults...)
		}
		if try.accepted {
			sent++
		}
		if n.Progress != nil {
			n.Progress(done, max(done, total))
		}
	}
}

// limited notes whether letters wait because as many as may leave in a day have
// left.
func (n *Notifier) limited(ctx context.Context, now time.Time, full bool) error {
	return n.Ledger.Write(context.WithoutCancel(ctx), now, func(tx *ledger.Tx) error {
		due, err := tx.Due()
		switch {
		case err != nil:
			return err
		case full && due > 0:
			return tx.Met(ledger.IncidentLimit, "")
		case due > 0:
			return nil // they wait for something else
		}
		return tx.Unmet(ledger.IncidentLimit)
	})
}

// try is what became of one claim.
type try struct {
	accepted bool
	more     bool      // there may be another to claim
	next     time.Time // when the pace lets another go
}

// deliverOne claims one delivery, renders what has to be rendered, and sends.
func (n *Notifier) deliverOne(ctx context.Context, now func() time.Time, turn ledger.Turn) (done try, err error) {
	var l *ledger.Letter
	var d *ledger.Delivery
	var raw []byte
	err = n.Ledger.Write(ctx, now(), func(tx *ledger.Tx) (err error) {
		// Counted where it is claimed: however many processes send, all of them
		// together stay below the ceiling.
		if most := n.Campaign.SMTP.PerDay; most > 0 {
			used, err := tx.Attempts(now().Add(-24 * time.Hour))
			if err != nil {
				return err
			}
			turn.Full = used >= most
		}
		if l, d, done.next, err = tx.ClaimDelivery(turn); err != nil || d == nil {
			return err
		}
		if raw, err = n.ready(tx, l, d, now()); err != nil || raw == nil || !slices.Contains(unasked, l.Kind) {
			return err
		}
		return tx.Mark(ledger.MarkUnasked, now().UTC().Format(time.RFC3339Nano))
	})
	if err != nil && d != nil && ctx.Err() == nil {
		later := n.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error { return tx.Postpone(d, now().Add(15*time.Minute)) })
		return try{more: later == nil}, errors.Join(err, later)
	}
	if err != nil || d == nil {
		return done, err
	}
	if raw == nil {
		return try{more: true}, nil // not owed now
	}
	// From the commit above to the one below the delivery is "unknown" in the
	// ledger: that is what it is if the process dies here.
	// However slowly the server takes it, the attempt is over before the claim is.
	sending, cancel := context.WithTimeout(ctx, ledger.Lease-10*time.Minute)
	out := n.Courier.Send(sending, n.envelope(l), d.Address, raw)
	cancel()
	if ctx.Err() != nil && out.Kind != courier.Accepted && out.Code == 0 {
		return try{}, ctx.Err() // we went away, the server did not answer
	}
	if out.Ours() {
		return try{}, n.turnedAway(ctx, d, out, now())
	}
	err = n.settle(ctx, l, d, out, now())
	return try{accepted: out.Kind == courier.Accepted, more: err == nil}, err
}

// ready returns the bytes to send. Bytes that may have been delivered already
// are sent again as they are; otherwise the letter is decided anew and
// rendered from the facts of this transaction. nil means that it does not go
// out now, which is recorded.
func (n *Notifier) ready(tx *ledger.Tx, l *ledger.Letter, d *ledger.Delivery, now time.Time) ([]byte, error) {
	s, err := n.lookFor(tx, now, l)
	if err != nil {
		return nil, err
	}
	switch still, why := n.StillOwed(s, *l); still {
	case No:
		return nil, tx.Withdraw(l, string(why))
	case Later:
		return nil, tx.Postpone(d, n.again(why, now))
	}
	out, err := tx.GoneOut(l.Key)
	if err != nil {
		return nil, err
	}
	if out && l.SHA256 != "" {
		raw, err := n.Kept(l.SHA256)
		if err != nil {
			return nil, fmt.Errorf("letter %s: its stored bytes: %w", l.Key, err)
		}
		return raw, tx.Sending(d, l.SHA256, l.Subject, repeated(d, now))
	}
	raw, text, err := n.Render(s, *l)
	if err != nil {
		return nil, fmt.Errorf("letter %s: %w", l.Key, err)
	}
	if err := tx.Numbered(l, text.Choices); err != nil {
		return nil, err
	}
	sha, err := n.Keep(raw)
	if err != nil {
		return nil, err
	}
	l.SHA256, l.Subject = sha, text.Subject
	return raw, tx.Sending(d, sha, text.Subject, repeated(d, now))
}

// again is when a letter that is owed, but not at this moment, is looked at
// again: one outside sending hours when they begin.
func (n *Notifier) again(why schedule.Why, now time.Time) time.Time {
	if why != schedule.OutsideHours {
		return now.Add(5 * time.Minute)
	}
	return n.Calendar.NextHours(now)
}

// turnedAway gives a delivery back that the server took no side on, and notes
// until when it is left alone: it cannot be reached, does not let us in, or
// takes no more from us today.
func (n *Notifier) turnedAway(ctx context.Context, d *ledger.Delivery, out courier.Outcome, now time.Time) error {
	most := longestRefused
	if out.Stage == courier.StageConnect {
		most = longestAway
	}
	var knock ledger.Knock
	err := n.Ledger.Write(context.WithoutCancel(ctx), now, func(tx *ledger.Tx) (err error) {
		if err = tx.TurnedAway(ledger.KnockSMTP, answer(out), most); err != nil {
			return err
		}
		if err = tx.Met(ledger.IncidentSMTP, answer(out)); err != nil {
			return err
		}
		if err = tx.GiveBack(d, answer(out)); err != nil {
			return err
		}
		knock, err = tx.Knock(ledger.KnockSMTP)
		return err
	})
	if err != nil {
		return err
	}
	return n.away(knock)
}

func (n *Notifier) away(k ledger.Knock) error {
	return &Away{Until: k.Until.In(n.Campaign.Location), Text: k.Text}
}

// settle records what came of an attempt. Trouble is tried again later and
// later; what is unknown waits longer, because most likely it has arrived.
// Trouble after an attempt of which nothing is known leaves it unknown: the
// letter may have arrived then, and must not be rendered anew.
func (n *Notifier) settle(ctx context.Context, l *ledger.Letter, d *ledger.Delivery, out courier.Outcome, now time.Time) error {
	outcome, next := ledger.Accepted, time.Time{}
	switch out.Kind {
	case courier.Refused:
		outcome, d.Dead = ledger.Refused, out.Address()
		n.Log.Warn("a letter was refused", "key", l.Key, "code", out.Code, "text", out.Text)
	case courier.Trouble:
		outcome, next = ledger.Trouble, now.Add(backOff(d.Tries))
		if d.Outcome == ledger.Unknown {
			outcome = ledger.Unknown
		}
		n.Log.Warn("a letter could not be delivered yet", "key", l.Key, "code", out.Code, "text", out.Text, "next", next)
	case courier.Unknown:
		outcome, next = ledger.Unknown, now.Add(30*time.Minute)
		if d.Tries >= 2 {
			next = ledger.Never
		}
		n.Log.Warn("it is not known whether a letter was delivered", "key", l.Key, "text", out.Text)
	}
	return n.Ledger.Write(context.WithoutCancel(ctx), now, func(tx *ledger.Tx) error {
		if err := tx.LetIn(ledger.KnockSMTP); err != nil {
			return err
		}
		if err := tx.Unmet(ledger.IncidentSMTP); err != nil {
			return err
		}
		return tx.Settle(l, d, outcome, answer(out), next)
	})
}

// answer is what the server said, in one line.
func answer(out courier.Outcome) string {
	if out.Code == 0 {
		return out.Text
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", out.Code, out.Text))
}

// repeated is when a mail goes out again if the process dies over it: at once
// the first time, as most likely it had not gone; then as what is unknown. A
// process that is killed over and over repeats no mail without end.
func repeated(d *ledger.Delivery, now time.Time) time.Time {
	switch {
	case d.Outcome != ledger.Unknown:
		return now
	case d.Tries >= 2:
		return ledger.Never
	}
	return now.Add(30 * time.Minute)
}

// backOff is how long to wait after so many failed attempts: 1, 2, 4 … 64
// minutes.
func backOff(tries int) time.Duration { return time.Minute << min(tries, 6) }

// envelope is the sender in the envelope (RFC 5321 §4.1.1.2): with a
// plus-address it names the letter, so that a bounce says which one.
func (n *Notifier) envelope(l *ledger.Letter) string {
	if n.Campaign.Mailbox.Plus {
		return plus(n.Campaign.SMTP.From, l.Token)
	}
	return n.Campaign.SMTP.From
}

func plus(address, tag string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return address
	}
	return local + "+" + tag + "@" + domain
}

// Preview renders what is owed at now without queueing it, and shows each
// letter in turn: seventy with their forms are more than has to be in memory.
// What cannot be rendered does not keep the others from being shown.
func (n *Notifier) Preview(ctx context.Context, now time.Time, show func(Owed, []byte) error, kinds ...string) error {
	return n.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		s, err := n.look(tx, now)
		if err != nil {
			return err
		}
		var faults []error
		for _, o := range n.Owed(s) {
			if len(kinds) > 0 && !slices.Contains(kinds, o.Kind) {
				continue
			}
			raw, _, err := n.Render(s, n.named(o))
			if err != nil {
				faults = append(faults, fmt.Errorf("letter %s: %w", o.Key, err))
				continue
			}
			if err := show(o, raw); err != nil {
				return err
			}
		}
		return errors.Join(faults...)
	})
}

// kinds that nobody asked for, but for those of them that answer a request: at
// most one a unit a day.
var unasked = []string{letter.Invite, letter.Remind, letter.Resumed, letter.Extended, letter.Escalate, letter.Thanks}

// toDesk are the kinds that the ceiling of a day does not hold up: the desk must
// hear that it was reached.
var toDesk = []string{letter.AlarmKind, letter.DigestKind}
