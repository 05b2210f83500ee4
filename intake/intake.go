// Package intake takes a mail from its arrival to its record, on one straight
// path:
//
//	arrival ─ known? → keep raw (fsync) ─ read (child) ─ keep parts ─ decide + record (one transaction) ─ tell the mailbox
//
// Every step may be repeated: keeping bytes that are kept does nothing, an
// arrival gets its verdict once. Recovery is therefore the ordinary path
// again; whatever a killed process left undone, the next round does.
//
// A stranger controls every byte of a mail, and how many mails there are. He
// may want to stop the reading, to be taken for a unit, to have another's mail
// taken for a copy of his, or to have the program write to somebody in his stead.
// The bytes are opened in the child alone, and a mail that has killed readers
// twice is not tried again by itself (TestAMailThatKillsReaders,
// TestAMailOfTenThousandParts); a copy is one by content, not by its Message-ID
// (TestAMailWithTheIDOfAnother); who wrote is decided by evidence that a sender
// cannot make up, doubt goes to a person (TestWhoseMailItIs, TestThreads,
// TestToken); machines are not answered and people once (TestDecide).
package intake

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/archive"
	"dondoc/intake/converter"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/intake/reader"
	"dondoc/schedule/standing"
)

// Mailbox is where mail comes from: the committee's mailbox over IMAP
// (intake/mailbox), or files (Files).
type Mailbox interface {
	Account() string
	Round(ctx context.Context, known func(folder string, uidValidity uint32) (seen func(uid uint32) bool), take func(context.Context, mailbox.Message) error) (mailbox.Report, error)
	// Forget has the next Round ask known of every message: some that take
	// accepted are not kept.
	Forget()
	Done(ctx context.Context, folder string, uidValidity uint32, uids []uint32, move string) error
}

// Intake is the way of a message. Its fields are set once.
type Intake struct {
	Campaign *config.Campaign
	Form     finding.Form
	Ledger   *ledger.Ledger
	Archive  *archive.Archive
	Tree     *archive.Tree
	Reader   *reader.Reader
	// Converter, if set, opens files of formats that have no reader here.
	Converter *converter.Converter
	Log       *slog.Logger
	// Told, if set, is told each verdict as it is recorded.
	Told func(*finding.Verdict)
	// Known, if set, is told the id of each message that is an arrival already.
	Known func(id string)
	// Dated, if set, is told by the mail server's clock and by ours when each new
	// message came.
	Dated func(received, now time.Time)
	// Progress, if set, is told how many of the arrivals at hand are judged.
	Progress func(done, total int)

	book    *standing.Book
	refiled struct{ mails, decisions int } // with which the tree was last brought up to date
	sent    sent
}

// Summary counts what a round did.
type Summary struct {
	Fetched     int `json:"fetched"` // arrivals kept for the first time
	Filed       int `json:"filed"`
	Held        int `json:"held"`
	Ignored     int `json:"ignored"`
	Quarantined int `json:"quarantined"`
}

// Unread says that the mailbox could not be read, or not whole. Whatever else
// goes wrong in a round is no reason to doubt what the mailbox holds.
type Unread struct{ Err error }

func (u *Unread) Error() string { return u.Err.Error() }
func (u *Unread) Unwrap() error { return u.Err }

// Round looks at the mailbox once, keeps what is new, and gives every arrival
// that has none its verdict. An unreadable mailbox (*Unread, besides whatever
// else went wrong) does not keep arrivals that are kept already from their
// verdicts.
func (in *Intake) Round(ctx context.Context, box Mailbox, now func() time.Time) (Summary, error) {
	var sum Summary
	begun := now()
	started := in.begin(ctx, box, begun)
	ahead := readAhead(ctx, in.reading, in.keepParts)
	defer ahead.end()
	keep := in.keeper(now, func(a ledger.Arrival) {
		sum.Fetched++
		ahead.offer(a)
	})
	defer keep.drop()
	report, err := box.Round(ctx, in.known(box.Account()), keep.take)
	reached := err == nil
	keep.all(ctx)
	if keep.lost != nil {
		box.Forget() // it may have been accepted long before it was lost
		err = errors.Join(err, keep.lost)
	}
	if err == nil {
		err = incomplete(report)
	}
	switch {
	case err != nil && keep.ours != nil:
		err = keep.ours // a disk that is full is no word about the mailbox
	case err != nil:
		err = &Unread{err}
	}
	given := errors.Join(started, in.giveUp(ctx, box.Account(), report, keep), in.rescue(ctx, box, reached, now, keep))
	// What was said is known before mail is judged by it.
	looked := in.lookAtSent(ctx, box, reached, now)
	judged := in.settle(ctx, ahead, now, &sum)
	if err == nil && given == nil && judged == nil && report.Complete() {
		judged = in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error {
			return tx.Mark(ledger.MarkRead, begun.UTC().Format(time.RFC3339Nano))
		})
	}
	// The tree comes last and in every round: a round that was killed before it
	// left verdicts that nobody has filed for people yet.
	return sum, errors.Join(err, given, looked, judged, in.answeredByHand(ctx, box, now()), in.tell(ctx, box, now), in.Refile(ctx))
}

// incomplete is nil if every folder was read whole, and else says which were
// not, and why.
func incomplete(r mailbox.Report) error {
	var errs []error
	for _, f := range r.Folders {
		switch {
		case f.Complete():
		case f.Missing:
			errs = append(errs, fmt.Errorf("the mailbox has no folder %q", f.Name))
		case f.Err != nil:
			errs = append(errs, fmt.Errorf("folder %q: %w", f.Name, f.Err))
		default:
			errs = append(errs, fmt.Errorf("folder %q: %d messages could not be fetched yet", f.Name, len(f.Left)))
		}
	}
	return errors.Join(errs...)
}

// known asks the ledger which messages of a folder are kept already: from the
// first on that it is asked of, which is mostly the last of many.
func (in *Intake) known(account string) func(string, uint32) func(uint32) bool {
	return func(folder string, uidValidity uint32) func(uint32) bool {
		var uids map[uint32]bool
		var from uint32
		return func(uid uint32) bool {
			if uids == nil || uid < from {
				var err error
				if uids, err = in.Ledger.Known(account, folder, uidValidity, uid); err != nil {
					// Not knowing is safe: what is kept twice is the same arrival.
					in.Log.Error("asking the ledger which messages are known", "err", err)
					uids = map[uint32]bool{}
				}
				from = uid
			}
			return uids[uid]
		}
	}
}

// giveUp keeps a note in the place of a message that cannot be fetched, so
// that it ends in a verdict like every other. The note has no place in the
// mailbox: the message stays unknown, is asked for again whenever the folder is
// compared as a whole, and is never marked or moved unread. It says nothing
// that changes from time to time, so that there is one for each message.
func (in *Intake) giveUp(ctx context.Context, account string, r mailbox.Report, keep *keeper) error {
	for _, f := range r.Folders {
		for _, p := range f.Poison {
			in.Log.Warn("a message cannot be fetched", "folder", f.Name, "uid", p.UID, "why", p.Reason, "bytes", p.Size, "tries", p.Tries)
			note := fmt.Appendf(slices.Clone(Unfetched), "%s %s %d %d\n%d bytes announced\n", account, f.Name, f.UIDValidity, p.UID, p.Size)
			err := keep.take(ctx, mailbox.Message{Account: account, Folder: f.Name, Received: p.Received, Size: int64(len(note)), Body: bytes.NewReader(note)})
			if err != nil {
				return err
			}
		}
	}
	return keep.all(ctx)
}

// settle gives every arrival that waits its verdict, in the order of receipt.
func (in *Intake) settle(ctx context.Context, ahead *ahead, now func() time.Time, sum *Summary) error {
	total, done := 0, 0
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		total, err = tx.Waiting()
		return err
	})
	if err != nil || total == 0 {
		return err
	}
	var troubles []error
	passed := map[string]bool{}
	for {
		var claimed []ledger.Arrival
		err := in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) (err error) {
			claimed, err = tx.ClaimArrivals(claims, passed)
			return err
		})
		if err != nil {
			return err
		}
		if len(claimed) == 0 {
			break
		}
		pass := func(a ledger.Arrival, err error) {
			// Our trouble, and loud: but it keeps no other mail waiting. Where the
			// ledger itself is in trouble, the next claim ends the loop.
			passed[a.ID] = true
			if len(troubles) < maxTroubles {
				troubles = append(troubles, fmt.Errorf("judging %s: %w", a.ID, err))
			}
		}
		var ready []understood
		for _, a := range claimed {
			r, err := in.understand(ctx, ahead, &a, now)
			if ctx.Err() != nil {
				return err
			}
			if err != nil {
				pass(a, err)
				continue
			}
			ready = append(ready, understood{a, r})
		}
		verdicts, err := in.judge(ctx, ready, now)
		if err != nil && len(ready) > 1 && ctx.Err() == nil {
			// One of them may be the trouble of all.
			verdicts = nil
			for i, u := range ready {
				some, err := in.judge(ctx, ready[i:i+1], now)
				if err != nil && ctx.Err() == nil {
					pass(u.Arrival, err)
				}
				verdicts = append(verdicts, some...)
			}
		} else if err != nil && len(ready) == 1 && ctx.Err() == nil {
			pass(ready[0].Arrival, err)
		}
		for _, v := range verdicts {
			sum.count(v)
			if in.Told != nil {
				in.Told(v)
			}
			if done++; in.Progress != nil {
				in.Progress(done, total)
			}
		}
		if ctx.Err() != nil {
			return err
		}
	}
	return errors.Join(troubles...)
}

const (
	// claims is how many arrivals are claimed at once: few enough that another
	// daemon finds work too, and that a claim does not run out before its turn.
	claims = 16
	// maxTroubles bounds how many arrivals an error names.
	maxTroubles = 5
)

func (s *Summary) count(v *finding.Verdict) {
	switch v.Verdict {
	case finding.Filed:
		s.Filed++
	case finding.HeldMail:
		s.Held++
	case finding.Quarantined:
		s.Quarantined++
	default:
		s.Ignored++
	}
}

// deadly is how many readers a mail may defeat before it is given up.
const deadly = 2

// defeated says how a mail defeated its reader: it killed it, or the reader
// could not do what it was asked; "" if err is about anything else.
func defeated(err error) (why string) {
	var crash *reader.Crash
	var failure *reader.Failure
	switch {
	case errors.As(err, &crash):
		return crash.Why
	case errors.As(err, &failure):
		return reader.WhyCrash
	}
	return ""
}

// understood is an arrival with what it says.
type understood struct {
	ledger.Arrival
	finding.Reading
}

// understand takes one arrival from its raw bytes to its reading.
func (in *Intake) understand(ctx context.Context, ahead *ahead, a *ledger.Arrival, now func() time.Time) (finding.Reading, error) {
	r, err := ahead.take(ctx, *a)
	for why := defeated(err); why != ""; why = defeated(err) {
		in.Log.Warn("a mail defeated its reader", "arrival", a.ID, "why", why, "detail", err)
		if a.Tries++; a.Tries < deadly {
			// Recorded before it is tried again: it may defeat more than readers.
			if err := in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error { return tx.Tried(a.ID) }); err != nil {
				return r, err
			}
			r, err = ahead.take(ctx, *a)
			continue
		}
		if r, err = in.headOnly(ctx, *a); defeated(err) != "" {
			// Not even its header can be read: the verdict names no sender.
			r, err = finding.Reading{}, nil
		}
		r.Limit = why
	}
	a.Received = received(a.Received, r.Delivered, now(), in.Campaign.Mailbox.Since)
	return r, err
}

// judge records the verdicts of arrivals, in their order, in one transaction
// with the facts that each rests on. An arrival that somebody else was quicker
// to judge gets none.
func (in *Intake) judge(ctx context.Context, list []understood, now func() time.Time) (verdicts []*finding.Verdict, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	err = in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error {
		for _, u := range list {
			at := now()
			k, err := in.gather(tx, u.Arrival, u.Reading, at)
			if err != nil {
				return err
			}
			v := Decide(in.Campaign, u.Arrival, u.Reading, k, at)
			made := Obey(in.Campaign, u.Reading, k, v, at)
			done, err := tx.Judge(v)
			if err != nil {
				return err
			}
			if !done {
				continue
			}
			if err := hear(tx, u.Threads, u.Arrival.Received); err != nil {
				return err
			}
			for _, d := range made {
				if err := tx.Append(ledger.FactDecision, d.ID, d); err != nil {
					return err
				}
			}
			verdicts = append(verdicts, v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return verdicts, nil
}

// reading is what the child makes of an arrival. Its parts are not durable yet.
func (in *Intake) reading(ctx context.Context, a ledger.Arrival) (answer, error) {
	raw, err := in.bytes(a)
	if err != nil {
		return answer{}, err
	}
	r, err := in.read(ctx, raw, a.Size)
	// The child has hashed what it was given, so it need not be done here too.
	if err == nil && r.SHA256 != "" && r.SHA256 != a.SHA256 || defeated(err) != "" {
		if damaged := in.Archive.Check(a.SHA256); damaged != nil {
			return answer{}, damaged
		}
	}
	return r, err
}

// keepParts makes the parts of mails durable, before any verdict can name them.
func (in *Intake) keepParts(list []answer) error {
	batch := in.Archive.Batch()
	defer batch.Drop()
	for _, r := range list {
		for _, part := range r.parts {
			if _, err := batch.PutBytes(part); err != nil {
				return err
			}
		}
	}
	return batch.Keep()
}

// headOnly is the reading of an arrival of which only the header can be read.
func (in *Intake) headOnly(ctx context.Context, a ledger.Arrival) (finding.Reading, error) {
	raw, err := in.bytes(a)
	if err != nil {
		return finding.Reading{}, err
	}
	r, err := in.read(ctx, raw, maxJudged+1)
	return r.Reading, err
}

// received is the time of receipt: the server's (INTERNALDATE), or where no
// server said it, the topmost Received field; never the sender's own Date, and
// never later than now. A clock that shows a time before the campaign's mail
// begins (since), where the server's does not, is wrong: by it every mail would
// be too old to be looked at.
func received(internal, delivered, now, since time.Time) time.Time {
	switch {
	case now.Before(since) && !internal.Before(since):
		return internal
	case internal.IsZero() && delivered.IsZero(), internal.After(now), internal.IsZero() && delivered.After(now):
		return now
	case internal.IsZero():
		return delivered
	}
	return internal
}

// bytes are the raw mail, or the top of one that is too large to be read.
func (in *Intake) bytes(a ledger.Arrival) ([]byte, error) {
	f, err := in.Archive.Open(a.SHA256)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := a.Size
	if size > maxJudged {
		size = maxTop
	}
	raw := make([]byte, size)
	n, err := io.ReadFull(f, raw)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil // it is not what was kept, as reading will find
	}
	return raw[:n], err
}

// read asks the child what the mail is; of one larger than maxJudged, what its
// header says.
func (in *Intake) read(ctx context.Context, raw []byte, size int64) (r answer, err error) {
	switch {
	case unfetched(raw):
		r.Class, r.Limit = finding.ClassUnreadable, "unfetched"
		return r, nil
	case size <= maxJudged:
		if r, err = in.ask(ctx, OpJudge, raw); err == nil {
			err = in.convert(ctx, &r.Reading, r.parts)
		}
		return r, err
	}
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(end)); i >= 0 {
			raw = raw[:i+len(end)]
			break
		}
	}
	r, err = in.ask(ctx, OpHead, raw)
	r.Limit = "size"
	return r, err
}

func (in *Intake) ask(ctx context.Context, op string, payload []byte) (answer, error) {
	reply, err := in.Reader.Do(ctx, op, payload)
	if err != nil {
		return answer{}, err
	}
	r := answer{parts: reply.Blobs, size: len(reply.JSON)}
	if err := json.Unmarshal(reply.JSON, &r.Reading); err != nil {
		// A mail that makes its reader talk rubbish has defeated it.
		return answer{}, &reader.Failure{Op: op, Text: "the answer: " + err.Error()}
	}
	return r, nil
}

// Check reads a filled form in the child, as a mail's attachment would be.
func (in *Intake) Check(ctx context.Context, name string, data []byte) (part finding.Part, err error) {
	reply, err := in.Reader.Do(ctx, OpCheck, data)
	if err != nil {
		return part, err
	}
	if err := json.Unmarshal(reply.JSON, &part); err != nil {
		return part, fmt.Errorf("the reader's answer: %w", err)
	}
	sum := sha256.Sum256(data)
	part.Name, part.Path, part.SHA256, part.Size = filepath.Base(name), filepath.Base(name), hex.EncodeToString(sum[:]), int64(len(data))
	settlePart(&part)
	return part, nil
}

// Preview judges what a mailbox holds by the ledger's facts and records
// nothing.
func (in *Intake) Preview(ctx context.Context, box Mailbox, now func() time.Time) error {
	_, err := box.Round(ctx, in.known(box.Account()), func(ctx context.Context, m mailbox.Message) error {
		whole := sha256.New()
		raw, err := io.ReadAll(io.TeeReader(io.LimitReader(m.Body, maxJudged+1), whole))
		if err != nil {
			return err
		}
		rest, err := io.Copy(whole, m.Body)
		if err != nil {
			return err
		}
		var made answer
		for try := 0; try == 0 || try < deadly && defeated(err) != ""; try++ {
			// What is left of the mails before may have been too much for it.
			made, err = in.read(ctx, raw, int64(len(raw))+rest)
		}
		r := made.Reading
		if why := defeated(err); why != "" {
			r, err = finding.Reading{Limit: why}, nil
		}
		if err != nil {
			return err
		}
		sha := hex.EncodeToString(whole.Sum(nil))
		a := ledger.Arrival{ID: ledger.ArrivalID(sha), SHA256: sha, Size: int64(len(raw)) + rest, Source: m.Folder, Received: received(m.Received, r.Delivered, now(), in.Campaign.Mailbox.Since)}
		return in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
			at := now()
			k, err := in.gather(tx, a, r, at)
			if err == nil && in.Told != nil {
				v := Decide(in.Campaign, a, r, k, at)
				Obey(in.Campaign, r, k, v, at)
				in.Told(v)
			}
			return err
		})
	})
	return err
}

// gather collects what the ledger knows about the mail, within the transaction
// that will record the verdict.
func (in *Intake) gather(tx *ledger.Tx, a ledger.Arrival, r finding.Reading, now time.Time) (k Known, err error) {
	if in.book == nil {
		in.book = &standing.Book{}
	}
	k.Form, k.Book = in.Form, in.book
	if k.Facts, err = tx.Facts(); err != nil {
		return k, err
	}
	k.Facts = k.Facts.Present(now)
	if k.Threads, err = in.threads(tx, r.Threads); err != nil {
		return k, err
	}
	k.Forms = map[string]bool{}
	for _, p := range r.Parts {
		if f := p.Form; f != nil && f.Token != "" && f.Campaign == in.Campaign.ID &&
			ledger.Same(f.Token, in.Ledger.Key.FormToken(f.Campaign, f.Version, f.Unit)) {
			k.Forms[f.Unit] = true
		}
	}
	same, err := tx.SameMail(r.MessageID, r.Digest, a.ID)
	if err != nil {
		return k, err
	}
	q, err := tx.Queue()
	if err != nil {
		return k, err
	}
	k.look(in.Campaign, r, same, q.Answers)
	k.Answered = in.answered(a, r, k, q)
	if d := k.Answered.Digest; d != nil {
		// Its numbers mean what its reader saw.
		if k.Answered.Digest, err = tx.Letter(d.Key); err != nil {
			return k, err
		}
	}
	if slices.ContainsFunc(r.Says, func(s finding.Saying) bool { return s.Kind == finding.SaysRight || s.Kind == finding.SaysYes }) {
		for l := range q.All() {
			if len(l.Choices) > 0 && !l.Moot() {
				k.Numbered = append(k.Numbered, *l)
			}
		}
		slices.SortFunc(k.Numbered, func(a, b ledger.Letter) int { return cmp.Compare(a.Key, b.Key) })
	}
	return k, nil
}

// look goes through the earlier mails: those of the ids are copies of this
// one. What was said to its sender counts by the time of the decision, not of
// receipt: after an outage a day's mails are decided at once. answers are the
// letters by what they answer: a receipt that answers a question along with
// files says nothing of the question.
func (k *Known) look(c *config.Campaign, r finding.Reading, same []string, answers map[string]string) {
	for _, m := range k.Facts.About(c, standing.Concern{Addresses: []string{r.From.Address}, Mails: same}).Mails {
		if k.Duplicate == "" && slices.Contains(same, m.ID) && sameAs(m, r) {
			k.Duplicate = m.ID
		}
		switch {
		case m.From != r.From.Address, strings.HasPrefix(answers[m.ID], finding.ReplyReceipt+"/"), strings.HasPrefix(answers[m.ID], finding.ReplyCorrections+"/"):
		case m.Reply == finding.ReplyAskUnit && m.Decided.After(k.Asked):
			k.Asked = m.Decided
		case m.Reply == finding.ReplyAcknowledge && m.ReplyReason == readByAPerson:
			if m.Decided.Sub(k.Read) >= 24*time.Hour {
				k.Told = nil
			}
			k.Told = append(k.Told, m.Says...)
			if m.Decided.After(k.Read) {
				k.Read = m.Decided
			}
		}
	}
}

// threads returns the letters of ours that the mail answers. A token counts
// only if it is the HMAC of the key of the letter that it names: relays
// rewrite Message-IDs, and anybody can write a References field.
func (in *Intake) threads(tx *ledger.Tx, found []finding.Thread) ([]ledger.Letter, error) {
	var letters []ledger.Letter
	for _, t := range found {
		token := Token(t)
		if token == "" || slices.ContainsFunc(letters, func(l ledger.Letter) bool { return l.Token == token }) {
			continue
		}
		l, err := tx.LetterByToken(token)
		if err != nil {
			return nil, err
		}
		if l != nil && ledger.Same(token, in.Ledger.Key.LetterToken(in.Campaign.ID, l.Key)) {
			letters = append(letters, *l)
		}
	}
	return letters, nil
}

// Token takes T out of a thread sign: dd.UNIT.T@domain, or T itself as a plus
// tag; "" when it is none of ours.
func Token(t finding.Thread) string {
	v := strings.ToLower(t.Value)
	if local, _, ok := strings.Cut(v, "@"); ok {
		v = local
	}
	if strings.HasPrefix(v, "dd.") {
		v = v[strings.LastIndexByte(v, '.')+1:]
	}
	if len(v) != 20 || strings.Trim(v, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return ""
	}
	return v
}

// tell tells the mailbox which messages are dealt with. The ledger remembers
// what was told, so a mailbox that cannot be told now is told in a later round;
// one folder in trouble keeps no other from being told.
func (in *Intake) tell(ctx context.Context, box Mailbox, now func() time.Time) error {
	var places []ledger.Location
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		places, err = tx.Untold(box.Account())
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for len(places) > 0 && ctx.Err() == nil {
		first := places[0]
		n := slices.IndexFunc(places, func(l ledger.Location) bool {
			return l.Folder != first.Folder || l.UIDValidity != first.UIDValidity
		})
		if n < 0 {
			n = len(places)
		}
		batch := places[:n]
		places = places[n:]
		uids := make([]uint32, n)
		for i, l := range batch {
			uids[i] = l.UID
		}
		if err := box.Done(ctx, first.Folder, first.UIDValidity, uids, in.Campaign.Mailbox.Move); err != nil && !errors.Is(err, mailbox.ErrRenumbered) {
			errs = append(errs, fmt.Errorf("telling folder %q: %w", first.Folder, err))
			continue
		}
		err = in.Ledger.Write(ctx, now(), func(tx *ledger.Tx) error {
			for _, l := range batch {
				if err := tx.Told(l); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	return errors.Join(errs...)
}

// Refile brings the people's tree up to date with the ledger.
func (in *Intake) Refile(ctx context.Context) error {
	facts, err := in.Ledger.Facts(ctx)
	if err != nil {
		return err
	}
	was := in.refiled
	mails, decisions := len(facts.Mails), len(facts.Decisions)
	switch {
	case was.mails == mails && was.decisions == decisions:
		return nil
	case was.mails+was.decisions == 0 || mails < was.mails || decisions < was.decisions:
		err = in.Tree.Update(archive.Layout(in.Campaign, facts))
	default:
		of := standing.Since(in.Campaign, facts, was.mails, was.decisions)
		err = in.Tree.UpdateOf(archive.LayoutOf(in.Campaign, facts, of), of)
	}
	if err == nil {
		in.refiled.mails, in.refiled.decisions = mails, decisions
	}
	return err
}
