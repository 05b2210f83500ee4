package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/intake/reader"
	"dondoc/notify"
	"dondoc/notify/letter"
	"dondoc/schedule"
)

type onceCmd struct{}

// done is what a round did (CONTRACT, `once --json`).
type done struct {
	intake.Summary
	Posted int `json:"posted"`
	Sent   int `json:"sent"`
}

func (*onceCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		return err
	}
	now := func() time.Time { return p.now() }
	d, err := o.round(ctx, now)
	if perr := o.print(d, func() {
		p.say("Nhận %d thư: %d đã lưu, %d chờ người xem, %d bỏ qua, %d cách ly. Xếp gửi %d thư, đã gửi %d.",
			"Fetched %d mails: %d filed, %d held, %d ignored, %d quarantined. Posted %d letters, sent %d.",
			d.Fetched, d.Filed, d.Held, d.Ignored, d.Quarantined, d.Posted, d.Sent)
	}); perr != nil {
		return perr
	}
	if err != nil {
		return err
	}
	wrong := false
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) error {
		whats, _, err := incidents(tx, now())
		wrong = len(whats) > 0
		return err
	})
	if err != nil {
		return err
	}
	if d.Held+d.Quarantined > 0 || wrong {
		return errPersonNeeded
	}
	return nil
}

// round is all that is done at one instant: fetch, judge, post, deliver, show. An
// unreadable mailbox does not keep letters that are owed all the same from
// going out; which those are, owed decides. By hand, and for scripts, all that
// is due goes at once.
func (o *office) round(ctx context.Context, now func() time.Time) (done, error) {
	return o.roundBy(ctx, now, o.notify.Deliver)
}

// roundBy is round with another way to deliver.
func (o *office) roundBy(ctx context.Context, now func() time.Time, deliver func(context.Context, func() time.Time) (int, error)) (d done, err error) {
	d.Summary, err = o.fetch(ctx, now)
	err = errors.Join(err, o.notice(ctx, now(), err), o.announce(ctx, now()))
	if ctx.Err() != nil {
		return d, ctx.Err()
	}
	keys, posting := o.notify.Post(ctx, now())
	d.Posted = len(keys)
	sent, delivering := deliver(ctx, now)
	d.Sent = sent
	err = errors.Join(err, posting, delivering, o.intake.CopySent(ctx, o.box, now))
	return d, errors.Join(err, o.noticeStorage(ctx, now(), err), o.announce(ctx, now()))
}

// fetch looks at the mailbox, unless it refused us a moment ago: knocking with a
// wrong password at every poll would get the account locked.
func (o *office) fetch(ctx context.Context, now func() time.Time) (sum intake.Summary, err error) {
	var knock ledger.Knock
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		knock, err = tx.Knock(ledger.KnockMailbox)
		return err
	})
	switch {
	case err != nil:
		return sum, err
	case knock.Closed(now()):
		return sum, &intake.Unread{Err: errors.New(knock.Text)}
	}
	sum, err = o.intake.Round(ctx, o.box, now)
	if o.entry.refusedToken(err) {
		sum, err = o.intake.Round(ctx, o.box, now)
	}
	if ctx.Err() != nil {
		return sum, err
	}
	return sum, errors.Join(err, o.ledger.Write(ctx, now(), func(tx *ledger.Tx) error {
		var refused *mailbox.AuthError
		var fault *signin.Fault
		switch {
		case errors.As(err, &refused):
			return tx.TurnedAway(ledger.KnockMailbox, refused.Error(), time.Hour)
		case errors.As(err, &fault) && !fault.Passing:
			return tx.TurnedAway(ledger.KnockMailbox, fault.Say(o.campaign.Language), time.Hour)
		}
		return tx.LetIn(ledger.KnockMailbox)
	}))
}

type runCmd struct{}

func (*runCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer func() { o.Close() }()
	if err := o.connect(); err != nil {
		return err
	}
	asked, stop := p.hangups()
	defer stop()
	supervisor := supervisorOf(p.Getenv)
	defer context.AfterFunc(ctx, func() { supervisor.tell(stateStopping) })()
	for {
		o.supervisor = supervisor
		next, err := o.serve(ctx, asked)
		if next == nil {
			return err
		}
		o.Close()
		o = next
	}
}

// serve is the daemon with one configuration; next is the one that takes its
// place, nil at the end.
func (o *office) serve(ctx context.Context, asked <-chan os.Signal) (next *office, err error) {
	// A daemon starts by itself after a restart, when nobody runs check.
	for _, w := range slices.Concat(letter.CheckTemplates(o.campaign), config.Check(o.campaign, o.Clock.Now()), unconfined(runtime.GOOS)) {
		o.log.Warn(w.In(o.cli.Lang))
	}
	o.began = o.Clock.Now()
	stop, err := o.listen(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	o.supervisor.tell(stateReady)
	o.say("dondoc đang chạy: đợt %s, chế độ %s. Dừng bằng Ctrl-C.", "dondoc is running: campaign %s, mode %s. Stop with Ctrl-C.", o.campaign.ID, o.campaign.Mode)
	o.log.Info("started", "campaign", o.campaign.ID, "mode", o.campaign.Mode, "units", len(o.campaign.Units))
	next, err = o.untilReload(ctx, asked)
	if next == nil {
		o.log.Info("stopped")
	}
	if errors.Is(err, context.Canceled) {
		return next, nil
	}
	return next, err
}

// watched works on the wall's clock, and looks at once when mail comes.
func (o *office) watched(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	wake, looked := make(chan struct{}, 1), make(chan done, 1)
	watching.Go(func() { o.watch(ctx, looked, wake) })
	return o.work(ctx, o.Clock, wake, looked)
}

// work runs the campaign's jobs on a clock until ctx ends, and tells looked of
// each round. Each job is the same whole round: what is due is read off the
// ledger, so the cron specs only say when to look.
func (o *office) work(ctx context.Context, clock schedule.Clock, wake <-chan struct{}, looked chan<- done) error {
	// Between two letters that nobody asked for the loop goes on reading mail;
	// next is when another may go.
	var next time.Time
	paced := func(ctx context.Context, now func() time.Time) (sent int, err error) {
		sent, next, err = o.notify.DeliverPaced(ctx, now)
		return sent, err
	}
	// The word that we are alive comes from the loop itself, after each look and
	// between them: one that hangs says nothing, however rarely we are to poll.
	var spoke time.Time
	alive := func(_ context.Context, now time.Time) {
		o.supervisor.tell(stateAlive)
		spoke = now
	}
	look := func(ctx context.Context, _ time.Time) {
		d, err := o.roundBy(ctx, clock.Now, paced)
		if ctx.Err() == nil {
			o.minute(d)
			o.grumble(err)
		}
		alive(ctx, clock.Now())
		select {
		case looked <- d:
		default:
		}
	}
	job := func(name string) func(context.Context, time.Time) {
		return func(ctx context.Context, due time.Time) {
			o.log.Info("the hour of a job", "job", name)
			look(ctx, due)
		}
	}
	return schedule.Loop(ctx, clock, []schedule.Entry{
		{Name: "poll", Spec: o.plan.Poll, Wake: wake, AtStart: true, Run: look},
		{Name: "reminders", Spec: o.plan.Reminders, Run: job("reminders")},
		{Name: "digest", Spec: o.plan.Digest, Run: job("digest")},
		{Name: "weekly", Spec: o.plan.Weekly, Run: job("weekly")},
		{Name: "letters", Again: func(time.Time) time.Time { return next }, Run: func(ctx context.Context, _ time.Time) {
			sent, err := paced(ctx, clock.Now)
			if ctx.Err() == nil {
				o.minute(done{Sent: sent})
				o.log.Debug("letters that wait their turn", "err", err)
			}
		}},
		{Name: "alive", Again: func(now time.Time) time.Time {
			if spoke.After(now) {
				spoke = now // by a clock that was put right since
			}
			return o.supervisor.word(spoke)
		}, Run: alive},
	})
}

// minute logs a round that did something; of the others there is nothing to
// tell.
func (o *office) minute(d done) {
	var did []any
	for _, x := range []struct {
		name string
		n    int
	}{{"received", d.Fetched}, {"filed", d.Filed}, {"held", d.Held}, {"ignored", d.Ignored}, {"quarantined", d.Quarantined}, {"sent", d.Sent}} {
		if x.n > 0 {
			did = append(did, x.name, x.n)
		}
	}
	if len(did) > 0 {
		o.log.Info("a round", did...)
	}
}

// grumble logs what a round could not do, once as long as it stays the same.
// Servers that let nobody in and files that fail are incidents, which announce
// tells of.
func (o *office) grumble(err error) {
	text := ""
	if rest := unannounced(err); rest != nil {
		text = rest.Error()
	}
	switch {
	case err != nil && text == o.grumbled:
		o.log.Debug("this round was not completed; the next one goes on", "err", err)
	case text != "":
		o.log.Error("this round was not completed; the next one goes on", "err", text)
	case err == nil && o.grumbled != "":
		o.log.Warn("rounds are completed again")
	}
	o.grumbled = text
}

// unannounced is what is left of an error without what incidents tell.
func unannounced(err error) error {
	switch e := err.(type) {
	case nil, *intake.Unread, *notify.Away:
		return nil
	case interface{ Unwrap() []error }:
		var rest []error
		for _, err := range e.Unwrap() {
			rest = append(rest, unannounced(err))
		}
		return errors.Join(rest...)
	}
	var unstarted *reader.Unstarted
	if errors.As(err, &unstarted) || storageFault(err) != nil {
		return nil
	}
	return err
}

// watch turns the mail server's word of new mail into wake-ups. A word says no
// more than "look". Only after a look does it listen again, so that however
// often a server speaks, and whatever our own rounds do to a waiting
// connection, there is at most one round for each word.
func (o *office) watch(ctx context.Context, looked <-chan done, wake chan<- struct{}) {
	woken := false
	failed := int64(0) // logins when waiting failed, just before
	for {
		var d done
		select {
		case d = <-looked:
		case <-ctx.Done():
			return
		}
		if woken && d.Fetched == 0 {
			o.pause(ctx, falseAlarm)
		}
		news, err := o.box.Wait(ctx)
		woken = news
		if err == nil {
			failed = 0
		} else if logins := o.box.Logins(); failed == 0 {
			failed = logins
		} else if logins != failed {
			// Each attempt costs a login where the server does not let us wait.
			o.pause(ctx, cannotWait)
			failed = o.box.Logins()
		}
		if !news {
			continue
		}
		select {
		case <-looked: // it ended before the news
		default:
		}
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

const (
	falseAlarm = 15 * time.Second // after a word of new mail that brought none
	cannotWait = 5 * time.Minute  // after waiting failed twice; polling goes on
)

func (o *office) pause(ctx context.Context, d time.Duration) {
	for until := o.Clock.Now().Add(d); ctx.Err() == nil && o.Clock.Now().Before(until); {
		if o.Clock.Sleep(ctx, until) != nil {
			return
		}
	}
}

type ingestCmd struct {
	Paths    []string `arg:"" help:"${a_paths}"`
	DryRun   bool     `name:"dry-run" help:"${o_dry}"`
	Received instant  `placeholder:"RFC3339" help:"${o_received}"`
}

// Run takes mail from files by the same path as the mailbox's.
func (c *ingestCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	for _, path := range c.Paths {
		if _, err := os.Stat(path); err != nil {
			return wrong{VI: fmt.Sprintf("%s: không có tệp hay thư mục này", path), EN: fmt.Sprintf("%s: there is no such file or directory", path)}
		}
	}
	person := false
	var told, known []string
	o.intake.Told = func(v *finding.Verdict) {
		person = person || v.Verdict == finding.HeldMail || v.Verdict == finding.Quarantined || heldPart(v)
		told = append(told, v.ID)
		o.print(o.verdict(v), func() { o.printVerdict(v) })
	}
	o.intake.Known = func(id string) { known = append(known, id) }
	files := intake.Files{Paths: c.Paths, Received: c.Received.Time}
	if c.DryRun {
		err = o.intake.Preview(ctx, files, p.now)
	} else {
		_, err = o.intake.Round(ctx, files, p.now)
	}
	// The same bytes are the same arrival: it is told again what became of it.
	for _, id := range known {
		if !slices.Contains(told, id) {
			v, e := o.mail(ctx, id)
			if e != nil {
				return errors.Join(err, e)
			}
			o.print(o.verdict(v), func() { o.printVerdict(v) })
		}
	}
	if err == nil && person {
		return errPersonNeeded
	}
	return err
}

// checkFile asks the confined child for the values and problems of a workbook.
func (o *office) checkFile(path string) (*finding.Part, error) {
	data, err := given(path)
	if err != nil {
		return nil, err
	}
	part, err := o.intake.Check(context.Background(), path, data)
	if err != nil {
		return nil, err
	}
	return &o.worded([]finding.Part{part})[0], nil
}

// jsonLine writes one object a line.
func (p *Program) jsonLine(v any) {
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

// fileName is a letter's key as a file name: "/" cannot stand in one.
func fileName(key string) string { return strings.ReplaceAll(key, "/", "_") }

// keepFile puts a file that the desk was handed into the archive, read like a
// unit's attachment where it is a workbook.
func (o *office) keepFile(ctx context.Context, path, kind string, u config.Unit) (*finding.Part, error) {
	data, err := given(path)
	if err != nil {
		return nil, err
	}
	part := finding.Part{Kind: kind, Verdict: finding.Accepted, Problems: []finding.Problem{}}
	if kind == finding.Appendix {
		if part, err = o.intake.Check(ctx, path, data); err != nil {
			return nil, err
		}
		if part.Kind != finding.Appendix || !part.Readable() {
			return nil, wrong{VI: fmt.Sprintf("%s không đọc được như mẫu Phụ lục; xem: dondoc form check %[1]s", path), EN: fmt.Sprintf("%s cannot be read as the form; see: dondoc form check %[1]s", path)}
		}
	}
	if f := part.Form; f != nil && f.Unit != "" && !slices.ContainsFunc(o.campaign.Group(u.Code), func(v config.Unit) bool { return v.Code == f.Unit }) {
		return nil, wrong{VI: fmt.Sprintf("%s là mẫu của %s, không phải của %s", path, f.Unit, u.Code), EN: fmt.Sprintf("%s is the form of %s, not of %s", path, f.Unit, u.Code)}
	}
	if part.SHA256, err = o.archive.PutBytes(data); err != nil {
		return nil, err
	}
	part.Name, part.Path, part.Size = filepath.Base(path), filepath.Base(path), int64(len(data))
	return &part, nil
}

// given reads a file that was named on the command line.
func given(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, wrong{VI: fmt.Sprintf("%s: không đọc được tệp này (%v)", path, errors.Unwrap(err)), EN: fmt.Sprintf("%s: this file cannot be read (%v)", path, errors.Unwrap(err))}
	}
	return data, nil
}
