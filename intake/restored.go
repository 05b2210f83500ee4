package intake

import (
	"context"
	"encoding/base64"
	"encoding/json"
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

// A ledger that was restored from yesterday's backup does not remember what was
// received and sent since. Mail is no trouble: it is read again. But what was
// sent must not be sent again. There is no mode for this; the world is asked,
// in every round, and what it shows is recorded:
//
//   - The folder for sent mail has a copy of each letter, and the copy tells
//     what the ledger knew of it (Record). One that the ledger does not know, or
//     holds for waiting, is recorded as sent, before mail is judged and before
//     anything is posted. Its Message-ID has to be the HMAC of its key: others
//     write from this mailbox too.
//   - A mail that quotes the Message-ID of a letter that is owed (an answer, a
//     bounce) shows that it was sent (ledger.Heard).
//   - Mail that was dealt with bears a keyword of this very ledger. New mail
//     that bears it was dealt with in a time that the ledger does not remember
//     (Arrival.Marked). Whether it was answered then, only the folder for sent
//     mail can tell. Where that is off or cannot be read, it is not answered:
//     nearly all such mail has its answer, a second one would contradict
//     "nothing twice" before the eyes of a unit, and that somebody may be left
//     guessing is told to the desk, which can write to him.
//
// So after a pause, in which a backup may have been restored, letters wait
// until the folder for sent mail has been looked through once. If the mailbox
// lets us in and that folder alone does not, they wait for patience, and no
// longer: then it counts as one that cannot tell.
//
// What nothing shows: a letter whose copy was not made before the disaster (the
// same round makes it), and one that reached a second recipient only after its
// copy was made. The first goes out once more; the second does not.

// patience is how long letters wait for a folder for sent mail that cannot be
// read although the mailbox can.
const patience = time.Hour

// begin notes that a round begins, and what has to be asked after a pause.
func (in *Intake) begin(ctx context.Context, box Mailbox, now time.Time) error {
	m, ok := box.(*mailbox.Mailbox)
	if !ok {
		return nil
	}
	m.Own = in.Ledger.Key.Keyword(in.Campaign.ID)
	return in.Ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		paused, err := tx.Begin()
		if err != nil || !paused {
			return err
		}
		d, err := tx.Doubt()
		if err != nil {
			return err
		}
		// A rehearsal makes no copies that could tell. A doubt that stands goes on:
		// rounds that are far apart do not begin it anew each time.
		if in.looksAtSent() && in.Campaign.Mode != config.Rehearsal && !d.Stands {
			if err := tx.Mark(ledger.MarkDoubt, "-"); err != nil {
				return err
			}
		}
		if in.Campaign.Mailbox.Move != "" {
			return tx.Mark(ledger.MarkMoved, "-")
		}
		return nil
	})
}

// rescue reads, after a pause, the folder that mail is moved to: what was moved
// there in a time that the ledger does not remember is nowhere else.
func (in *Intake) rescue(ctx context.Context, box Mailbox, reached bool, now func() time.Time, keep *keeper) error {
	m, ok := box.(*mailbox.Mailbox)
	to := in.Campaign.Mailbox.Move
	if !ok || !reached || to == "" || slices.Contains(in.Campaign.Mailbox.Folders, to) {
		return nil
	}
	due := ""
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		due, err = tx.Marked(ledger.MarkMoved)
		return err
	})
	if err != nil || due == "" {
		return err
	}
	report, err := m.RoundOf(ctx, []string{to}, in.known(m.Account()), keep.take)
	if err != nil {
		return &Unread{err}
	}
	if err := keep.all(ctx); err != nil {
		m.Forget()
		return err
	}
	if f := report.Folders[0]; !f.Missing && f.Err == nil && len(f.Left) > 0 {
		return nil // the next round goes on
	}
	return in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error { return tx.Mark(ledger.MarkMoved, "") })
}

// sentSeenEvery is how exactly it is remembered when the folder for sent mail
// was last looked through.
const sentSeenEvery = 5 * time.Minute

// settleDoubt notes what came of a look at the folder for sent mail.
func (in *Intake) settleDoubt(ctx context.Context, looked error, now time.Time) error {
	if in.Campaign.Mode == config.Rehearsal {
		return nil
	}
	whole := looked == nil && in.sent.reached
	return in.Ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		if whole {
			text, err := tx.Marked(ledger.MarkSent)
			if err != nil {
				return err
			}
			last, _ := time.Parse(time.RFC3339Nano, text)
			if now.Sub(last) >= sentSeenEvery || last.After(now) {
				if err := tx.Mark(ledger.MarkSent, now.UTC().Format(time.RFC3339Nano)); err != nil {
					return err
				}
			}
		}
		d, err := tx.Doubt()
		switch {
		case err != nil || !d.Stands:
			return err
		case whole, in.sent.none:
			return tx.Mark(ledger.MarkDoubt, "")
		case looked != nil && (d.First.IsZero() || d.First.After(now)):
			return tx.Mark(ledger.MarkDoubt, now.UTC().Format(time.RFC3339Nano))
		case looked != nil && now.Sub(d.First) >= patience:
			in.Log.Warn("the folder for sent mail cannot be read: letters wait for it no longer, though after the pause nobody knows what was sent in it")
			return tx.Mark(ledger.MarkDoubt, "")
		}
		return nil
	})
}

// maxHeard is how many tokens that are of no letter are remembered of a mail.
const maxHeard = 8

// hear remembers the tokens that a mail quotes and that are of no known letter.
func hear(tx *ledger.Tx, threads []finding.Thread, at time.Time) error {
	n := 0
	for _, t := range threads {
		token := Token(t)
		if token == "" || n >= maxHeard {
			continue
		}
		l, err := tx.LetterByToken(token)
		if err != nil {
			return err
		}
		if l == nil {
			if err := tx.Heard(token, at); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}

// Record is what a copy among sent mail tells of its letter besides the letter
// itself: what a ledger has to know of it that does not remember it.
type Record struct {
	Unit     string            `json:"unit,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Extra    string            `json:"extra,omitempty"`
	Posted   time.Time         `json:"posted"`
	Due      time.Time         `json:"due,omitzero"`
	Rendered time.Time         `json:"rendered"`
	Subject  string            `json:"subject,omitempty"`
	To       []string          `json:"to"`
	Taken    []Taken           `json:"taken"` // who had it when the copy was made
	Answers  []string          `json:"answers,omitempty"`
	Choices  []standing.Choice `json:"choices,omitempty"`
}

// Taken is that the mail server took a letter for an address.
type Taken struct {
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

// mostRecord bounds a record: all of a copy's header has to be fetched in one
// go. One that is longer leaves out the numbered lines.
const mostRecord = 24 << 10

// field is the record as a field of the copy's header.
func (r Record) field() (string, error) {
	text, err := json.Marshal(r)
	if err == nil && len(text) > mostRecord {
		r.Choices = nil
		text, err = json.Marshal(r)
	}
	if err != nil || len(text) > mostRecord {
		return "", err
	}
	var b strings.Builder
	b.WriteString("X-Dondoc-Record:")
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(text)), 72) {
		fmt.Fprintf(&b, "\r\n %s", line)
	}
	return b.String() + "\r\n", nil
}

// recordOf is the record that a copy bears; false where it has none.
func recordOf(r finding.Reading) (rec Record, ok bool) {
	for _, t := range r.Threads {
		if t.Where == "record" {
			text, err := base64.StdEncoding.DecodeString(t.Value)
			return rec, err == nil && json.Unmarshal(text, &rec) == nil
		}
	}
	return rec, false
}

// shown are the bytes to be shown among sent mail: the letter's own, and on top
// of them its record.
func (c *copier) shown(ctx context.Context, l ledger.Copy) ([]byte, error) {
	raw, err := c.Archive.Get(l.SHA256)
	if err != nil {
		return nil, err
	}
	var rec Record
	err = c.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		have, err := tx.LetterWhole(l.Key)
		if err != nil || have == nil {
			return err
		}
		rec = Record{Unit: have.Unit, Reason: have.Reason, Extra: have.Extra, Posted: have.Posted, Due: have.Due, Rendered: have.Rendered,
			Subject: have.Subject, To: have.To, Answers: have.Answers, Choices: have.Choices}
		for _, d := range have.Deliveries {
			if d.Outcome == ledger.Accepted {
				rec.Taken = append(rec.Taken, Taken{d.Address, d.At})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	field, err := rec.field()
	return append([]byte(field), raw...), err
}

// recall records a letter of ours among sent mail that the ledger does not know
// to be sent; false where it knew. at is when the server took the copy in.
func (in *Intake) recall(tx *ledger.Tx, r finding.Reading, at, now time.Time) (bool, error) {
	token := Token(finding.Thread{Value: r.MessageID})
	i := slices.IndexFunc(r.Threads, func(t finding.Thread) bool { return t.Where == "key_header" })
	if token == "" || i < 0 {
		return false, nil
	}
	key := r.Threads[i].Value
	if !ledger.Same(token, in.Ledger.Key.LetterToken(in.Campaign.ID, key)) {
		return false, nil
	}
	kind, rest, _ := strings.Cut(key, "/")
	l := ledger.Letter{Key: key, Kind: kind, Token: token, MessageID: r.MessageID, Reason: ledger.ReasonRecalled, Unit: in.unitOf(r.MessageID), Subject: r.Subject}
	if at.IsZero() || at.After(now) {
		at = now
	}
	l.Posted, l.Rendered = at, at
	var taken []ledger.Delivery
	if rec, ok := recordOf(r); ok {
		l.Unit, l.Reason, l.Extra, l.Subject, l.To, l.Answers, l.Choices = rec.Unit, rec.Reason, rec.Extra, rec.Subject, rec.To, rec.Answers, rec.Choices
		l.Posted, l.Due, l.Rendered = before(rec.Posted, now), rec.Due, before(rec.Rendered, now)
		for _, t := range rec.Taken {
			taken = append(taken, ledger.Delivery{Address: t.Address, At: before(t.At, now)})
		}
	} else {
		// A copy that the server itself made tells no more than the letter does.
		for _, a := range r.To {
			l.To = append(l.To, a.Address)
		}
		switch _, step, _ := strings.Cut(rest, "/"); kind {
		case "remind":
			l.Extra, _, _ = strings.Cut(step, "@")
		default:
			l.Extra = rest
		}
	}
	return tx.Recall(l, taken)
}

// before is at, or now for what a clock that was put right since called later.
func before(at, now time.Time) time.Time {
	if at.After(now) {
		return now
	}
	return at
}

// unitOf is the unit that a Message-ID of ours names (dd.UNIT.T@domain); "" for
// a letter to nobody's unit.
func (in *Intake) unitOf(messageID string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(messageID, "dd."), ".")
	for _, u := range in.Campaign.Units {
		if strings.EqualFold(u.Code, name) {
			return u.Code
		}
	}
	return ""
}
