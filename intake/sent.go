package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/schedule/standing"
)

// What is said in the committee's name is shown in its mailbox: each letter
// that a mail server took is put into the folder for sent mail, once. And what
// a person of the desk answered from there is noticed, so that nobody is
// answered twice.
//
// What must stay true:
//
//   - Nothing waits for this, but after a pause (see restored.go). A folder that
//     cannot be read or written is said in the log and keeps no mail, no letter
//     and no reminder back. Then a receipt may cross an answer sent by hand:
//     better twice than not at all.
//   - The folder is looked at after the mailbox and before letters go out: what
//     the desk has answered by then is known when receipts are decided.
//   - A copy is made only by who has claimed it, and only after the whole folder
//     was looked at since: a process that was killed between the server's OK and
//     its record has left the letter there, and the next one finds it. So does
//     a server that itself saves what it sends. No SEARCH by header is relied on.

// sent is what is remembered of the folder for sent mail between rounds; all of
// it can be forgotten at any time.
type sent struct {
	folder  string            // the one found; "" if none was
	sought  time.Time         // when it was last looked for
	place   mailbox.SentPlace // how far it has been looked through
	none    bool              // there is no such folder
	reached bool              // the mailbox let us in this round, and the folder could be looked through
	rest    time.Time         // nothing is put there before
	said    map[string]string // the trouble that was said last, by what it hinders
}

const (
	// What one round does at most. A campaign of thousands of units is shown
	// over some rounds, and mail is fetched in between.
	maxCopies    = 100
	maxCopyBytes = 32 << 20
	maxLooks     = 16 // of some hundred headers each
	maxRefusals  = 3  // each costs a login
	// A copy that the server does not take is tried again after 1, 2, 4 …
	// minutes, in all for about a day: a mailbox that is full is emptied by
	// somebody or not at all.
	maxCopyTries = 10
	// How long no letter at all is tried after trouble that another would have as
	// well: a server that falls silent over each costs every round a minute.
	copyRest = 10 * time.Minute
	// How long a server that saves sent mail itself is given for it.
	savesWithin = 10 * time.Minute
	// How often a mailbox without a folder for sent mail is asked again.
	seekEvery = time.Hour
)

// lookAtSent looks at what is new in the folder for sent mail. reached says that
// the mailbox let us in.
func (in *Intake) lookAtSent(ctx context.Context, box Mailbox, reached bool, now func() time.Time) error {
	m, ok := box.(*mailbox.Mailbox)
	in.sent.reached = false
	if !ok || !in.looksAtSent() || !reached {
		return nil
	}
	err := in.lookThrough(ctx, m, now)
	if ours := (*ourTrouble)(nil); errors.As(err, &ours) {
		return ours.err
	}
	in.sayOnce(ctx, unreadSent, err)
	return in.settleDoubt(ctx, err, now())
}

func (in *Intake) looksAtSent() bool {
	return in.Campaign.Mailbox.Sent != "" && in.Campaign.Mailbox.Sent != config.SentOff
}

// ourTrouble is that of our own ledger, and not of the mailbox.
type ourTrouble struct{ err error }

func (t *ourTrouble) Error() string { return t.err.Error() }
func (t *ourTrouble) Unwrap() error { return t.err }

// sayOnce says a trouble that lasts once.
func (in *Intake) sayOnce(ctx context.Context, what string, err error) {
	switch {
	case err == nil:
		delete(in.sent.said, what)
	case ctx.Err() == nil && in.sent.said[what] != err.Error():
		if in.sent.said == nil {
			in.sent.said = map[string]string{}
		}
		in.sent.said[what] = err.Error()
		in.Log.Warn(what, "err", err)
	}
}

// The troubles that last.
const (
	unreadSent = "the folder for sent mail cannot be read: copies of letters wait, and replies sent by hand are not noticed"
	unshown    = "a letter cannot be copied to the folder for sent mail yet"
)

// seek finds the folder; "" if the mailbox has none.
func (in *Intake) seek(ctx context.Context, m *mailbox.Mailbox, now time.Time) (string, error) {
	if named := in.Campaign.Mailbox.Sent; named != config.SentAuto {
		return named, nil
	}
	if in.sent.folder != "" || !in.sent.sought.IsZero() && now.Sub(in.sent.sought) < seekEvery && !now.Before(in.sent.sought) {
		return in.sent.folder, nil
	}
	folder, err := m.SentFolder(ctx)
	if err != nil {
		return "", err
	}
	if err := in.saidNone(ctx, folder == "", now); err != nil {
		return "", &ourTrouble{err}
	}
	in.sent.folder, in.sent.sought = folder, now
	return folder, nil
}

// saidNone says that there is no folder, once: the ledger remembers it, because
// `once` is a new process every few minutes.
func (in *Intake) saidNone(ctx context.Context, none bool, now time.Time) error {
	const mark = "sent folder"
	var was string
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		was, err = tx.Marked(mark)
		return err
	})
	if err != nil || none == (was == "none") {
		return err
	}
	is := ""
	if none {
		is = "none"
		in.Log.Warn("the mailbox has no folder for sent mail: letters are not shown there, and replies sent by hand are not noticed; name one in mailbox.sent, or write off")
	}
	return in.Ledger.Write(ctx, now, func(tx *ledger.Tx) error { return tx.Mark(mark, is) })
}

// lookThrough goes through what is new in the folder.
func (in *Intake) lookThrough(ctx context.Context, m *mailbox.Mailbox, now func() time.Time) error {
	folder, err := in.seek(ctx, m, now())
	in.sent.none = err == nil && folder == ""
	if err != nil || folder == "" {
		return err
	}
	mark := sentMark(m)
	var from mailbox.SentPlace
	err = in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		text, err := tx.Marked(mark)
		from = placeOf(text)
		return err
	})
	if err != nil {
		return &ourTrouble{err}
	}
	for range maxLooks {
		found, to, more, err := m.LookAtSent(ctx, folder, from, in.Campaign.Mailbox.Since)
		if err != nil {
			in.sent.folder, in.sent.sought = "", time.Time{} // it may have been renamed
			return fmt.Errorf("folder %q: %w", folder, err)
		}
		if to != from {
			if err := in.sift(ctx, found, to, mark, now()); err != nil {
				return &ourTrouble{err}
			}
		}
		if from = to; !more {
			in.sent.folder, in.sent.place, in.sent.reached = folder, to, true
			return nil
		}
	}
	return nil // the next round goes on
}

// sentMark names the ledger's mark of how far the folder has been looked
// through.
func sentMark(m *mailbox.Mailbox) string { return "sent " + m.Account() }

// placeOf reads a mark; one that cannot be read is none.
func placeOf(text string) (p mailbox.SentPlace) {
	if n, _ := fmt.Sscanf(text, "%d %d", &p.UIDValidity, &p.Next); n == 2 {
		_, rest, _ := strings.Cut(text, " ")
		_, p.Folder, _ = strings.Cut(rest, " ")
	}
	return p
}

func markOf(p mailbox.SentPlace) string {
	return fmt.Sprintf("%d %d %s", p.UIDValidity, p.Next, p.Folder)
}

// sift tells our own letters from what people sent, and remembers of theirs
// what answers something. Their headers quote strangers, so the child reads
// them; one that it cannot read is passed over.
func (in *Intake) sift(ctx context.Context, found []mailbox.SentMessage, to mailbox.SentPlace, mark string, now time.Time) error {
	var heads []finding.Reading
	for _, m := range found {
		var r finding.Reading
		var err error
		for try := 0; try == 0 || try < deadly && defeated(err) != ""; try++ {
			var head answer
			head, err = in.ask(ctx, OpHead, m.Header)
			r = head.Reading
		}
		if why := defeated(err); why != "" {
			in.Log.Warn("a message in the folder for sent mail cannot be read", "folder", to.Folder, "uid", m.UID, "why", why)
			err = nil
		}
		if err != nil {
			return err
		}
		heads = append(heads, r)
	}
	letters := 0 // that we do not remember
	err := in.Ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		letters = 0
		for i, r := range heads {
			recalled, err := in.recall(tx, r, found[i].At, now)
			if err != nil {
				return err
			}
			l, err := ownLetter(tx, r)
			switch {
			case err != nil:
				return err
			case l != nil && l.Copied.IsZero():
				err = tx.Copied(l.Key)
			case l == nil:
				err = remember(tx, found[i], r, to, now)
			}
			if err != nil {
				return err
			}
			if recalled {
				letters++
			}
		}
		if letters > 0 {
			if err := tx.Forgot(letters, 0); err != nil {
				return err
			}
		}
		return tx.Mark(mark, markOf(to))
	})
	if err == nil && letters > 0 {
		in.Log.Warn("the ledger is older than the mailbox, as one that was restored from a backup: letters that were sent since were found among sent mail and are not sent again", "letters", letters)
	}
	return err
}

// ownLetter is the letter of ours that a sent message is; nil if it is none.
// Some servers give what they send another Message-ID, but leave the key. With
// a Message-ID like ours the key may be that of a rehearsal's letter.
func ownLetter(tx *ledger.Tx, r finding.Reading) (*ledger.Letter, error) {
	if token := Token(finding.Thread{Value: r.MessageID}); token != "" {
		return tx.LetterByToken(token)
	}
	for _, t := range r.Threads {
		if t.Where == "key_header" {
			return tx.Letter(t.Value)
		}
	}
	return nil, nil
}

// remember keeps a message that a person sent in answer to something. What a
// machine sent from the mailbox, such as a word of absence, answers nobody.
func remember(tx *ledger.Tx, m mailbox.SentMessage, r finding.Reading, at mailbox.SentPlace, now time.Time) error {
	h := standing.ByHand{At: m.At, By: r.From.Address, MessageID: r.MessageID}
	if h.At.IsZero() || h.At.After(now) {
		h.At = now
	}
	for _, a := range append(slices.Clone(r.To), r.Cc...) {
		h.To = append(h.To, a.Address)
	}
	var refs []string
	for _, t := range r.Threads {
		if (t.Where == "in_reply_to" || t.Where == "references") && !slices.Contains(refs, t.Value) {
			refs = append(refs, t.Value)
		}
	}
	if r.Machine != "" || len(h.To) == 0 || len(refs) == 0 {
		return nil
	}
	name := r.MessageID
	if name == "" {
		name = fmt.Sprintf("%s %d %d", at.Folder, at.UIDValidity, m.UID)
	}
	return tx.FoundReply(name, h, refs)
}

// answeredByHand records which mails the messages sent by hand answer. It asks
// for the thread and for the recipient: who passes a mail on to a colleague has
// not answered it, though the thread is the same.
func (in *Intake) answeredByHand(ctx context.Context, box Mailbox, now time.Time) error {
	if _, ok := box.(*mailbox.Mailbox); !ok || !in.looksAtSent() {
		return nil
	}
	fresh := func(tx *ledger.Tx) (all []standing.ByHand, err error) {
		replies, err := tx.Replies()
		if err != nil || len(replies) == 0 {
			return nil, err
		}
		facts, err := tx.Facts()
		if err != nil {
			return nil, err
		}
		known := map[string]bool{}
		for _, h := range facts.ByHand {
			for _, id := range h.Arrivals {
				known[id] = true
			}
		}
		for _, r := range replies {
			h := r.ByHand
			for _, id := range r.Named {
				m := facts.Mail(id)
				if m == nil || known[id] || m.Verdict == finding.IgnoredMail || m.MessageID == h.MessageID || !in.reaches(h.To, m, facts) {
					continue
				}
				known[id] = true
				h.Arrivals = append(h.Arrivals, id)
			}
			if len(h.Arrivals) > 0 {
				all = append(all, h)
			}
		}
		return all, nil
	}
	var some []standing.ByHand
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		some, err = fresh(tx)
		return err
	})
	if err != nil || len(some) == 0 {
		return err
	}
	return in.Ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		// Once more: another process may have been here in between.
		some, err := fresh(tx)
		if err != nil {
			return err
		}
		for _, h := range some {
			in.Log.Info("answered by hand", "arrivals", h.Arrivals, "by", h.By)
			if err := tx.Append(ledger.FactByHand, h.Arrivals[0], h); err != nil {
				return err
			}
		}
		return nil
	})
}

// reaches reports whether a message to these addresses reaches who sent the
// mail, or the unit that it is from, as far as anybody knows.
func (in *Intake) reaches(to []string, m *finding.Verdict, facts standing.Facts) bool {
	if slices.Contains(to, m.From) {
		return m.From != ""
	}
	for _, code := range append(slices.Clone(m.Candidates), m.UnitCode()) {
		u, ok := in.Campaign.Unit(code)
		if ok && slices.ContainsFunc(append(slices.Clone(u.Emails), u.BackupEmail), func(a string) bool { return a != "" && slices.Contains(to, a) }) {
			return true
		}
	}
	return slices.ContainsFunc(facts.Decisions, func(d standing.Decision) bool {
		return d.Kind == standing.Alias && slices.Contains(d.Units, m.UnitCode()) && slices.Contains(to, d.Address)
	})
}

// CopySent puts letters that were delivered into the folder for sent mail. It
// belongs after delivering, in the round that looked through the folder;
// else it does nothing, and what is due waits. In a rehearsal nothing is
// copied: its letters go to the desk alone, and the folder would show letters
// to units that nobody wrote to.
func (in *Intake) CopySent(ctx context.Context, box Mailbox, now func() time.Time) error {
	m, ok := box.(*mailbox.Mailbox)
	if !ok || !in.sent.reached || in.Campaign.Mode == config.Rehearsal || ctx.Err() != nil {
		return nil
	}
	in.sent.reached = false
	accepted := now()
	if rest := in.sent.rest.Sub(accepted); rest > 0 && rest <= copyRest {
		return nil
	}
	if m.SavesSent() {
		accepted = accepted.Add(-savesWithin)
	}
	if n, err := in.Ledger.Uncopied(now(), accepted); err != nil || n == 0 {
		return err
	}
	var claimed []ledger.Copy
	err := in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) (err error) {
		claimed, err = tx.ClaimCopies(accepted, maxCopies)
		return err
	})
	if err != nil || len(claimed) == 0 {
		return err
	}
	c := &copier{Intake: in, box: m, now: now, outcome: map[string]func(*ledger.Tx) error{}}
	failed := c.copy(ctx, claimed)
	// However that ended: what was tried is recorded, and the rest given back.
	err = in.Ledger.Write(context.WithoutCancel(ctx), now(), func(tx *ledger.Tx) error {
		for _, l := range claimed {
			settle := c.outcome[l.Key]
			if settle == nil {
				settle = func(tx *ledger.Tx) error { return tx.LeaveCopy(l.Key) }
			}
			if err := settle(tx); err != nil {
				return err
			}
		}
		if c.place.Next > in.sent.place.Next {
			return tx.Mark(sentMark(m), markOf(c.place))
		}
		return nil
	})
	return errors.Join(failed, err)
}

// copier makes the copies that one round claimed.
type copier struct {
	*Intake
	box     *mailbox.Mailbox
	now     func() time.Time
	outcome map[string]func(*ledger.Tx) error
	refused int // letters that the server did not take
	// place is how far the folder is known, our own copies included: what lies
	// right behind what was looked through need not be read again.
	place mailbox.SentPlace
}

// copy puts the claimed letters into the folder, as far as they are not there.
// The error is one of ours.
func (c *copier) copy(ctx context.Context, claimed []ledger.Copy) error {
	err := c.lookThrough(ctx, c.box, c.now)
	if ours := (*ourTrouble)(nil); errors.As(err, &ours) {
		return ours.err
	}
	if err != nil || !c.sent.reached {
		return nil // the next round's look will say it
	}
	c.sent.reached = false
	c.place = c.sent.place
	there := map[string]bool{}
	err = c.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		for _, l := range claimed {
			have, err := tx.Letter(l.Key)
			if err != nil {
				return err
			}
			there[l.Key] = have == nil || !have.Copied.IsZero()
		}
		return nil
	})
	if err != nil {
		return err
	}
	var faults []error
	bytes := 0
	for _, l := range claimed {
		if there[l.Key] {
			continue
		}
		raw, err := c.shown(ctx, l)
		if err != nil {
			faults = append(faults, fmt.Errorf("the bytes of letter %s: %w", l.Key, err))
			c.settle(ctx, l, err)
			continue
		}
		if bytes += len(raw); bytes > maxCopyBytes && bytes > len(raw) {
			break
		}
		validity, uid, err := c.box.Append(ctx, c.sent.folder, raw, before(l.Accepted, c.now()).In(c.Campaign.Location))
		if err == nil && validity == c.place.UIDValidity && uid == c.place.Next {
			c.place.Next++
		}
		if ctx.Err() != nil && err != nil {
			break
		}
		if goOn := c.settle(ctx, l, err); !goOn {
			break
		}
	}
	return errors.Join(faults...)
}

// settle notes what came of an attempt, and reports whether to go on to the
// next letter. Where it is not known whether the server has the letter, the
// next attempt's look will tell.
func (c *copier) settle(ctx context.Context, l ledger.Copy, err error) (goOn bool) {
	if err == nil {
		c.sayOnce(ctx, unshown, nil)
		c.outcome[l.Key] = func(tx *ledger.Tx) error { return tx.Copied(l.Key) }
		return true
	}
	next := c.now().Add(time.Minute << l.Tries)
	var no *mailbox.AppendError
	if errors.As(err, &no) {
		switch no.Code {
		case "APPENDLIMIT", "TOOBIG":
			next, goOn = time.Time{}, true
		case "TRYCREATE", "NONEXISTENT":
			c.sent.folder, c.sent.sought = "", time.Time{}
		case "OVERQUOTA":
			c.sent.rest = c.now().Add(copyRest)
		default:
			goOn = true
		}
	} else {
		c.sent.rest = c.now().Add(copyRest)
	}
	if l.Tries+1 >= maxCopyTries {
		next = time.Time{}
	}
	if next.IsZero() {
		c.Log.Warn("a letter is not shown in the folder for sent mail", "key", l.Key, "tries", l.Tries+1, "err", err)
	} else {
		c.sayOnce(ctx, unshown, err)
	}
	c.outcome[l.Key] = func(tx *ledger.Tx) error { return tx.CopyFailed(l.Key, err.Error(), next) }
	c.refused++
	return goOn && c.refused < maxRefusals
}
