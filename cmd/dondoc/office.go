package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dondoc/config"
	"dondoc/intake"
	"dondoc/intake/archive"
	"dondoc/intake/converter"
	"dondoc/intake/finding"
	"dondoc/intake/form"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/intake/reader"
	"dondoc/notify"
	"dondoc/notify/blank"
	"dondoc/notify/courier"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// office is a campaign at work: its memory and its two straight paths, wired.
type office struct {
	*Program
	campaign *config.Campaign
	form     finding.Form
	plan     *schedule.Plan
	ledger   *ledger.Ledger
	archive  *archive.Archive
	tree     *archive.Tree
	reader   *reader.Reader
	intake   *intake.Intake
	notify   *notify.Notifier
	box      *mailbox.Mailbox
	entry    entry // into the mailbox
	courier  *courier.Courier
	blank    *blank.Template
	began    time.Time // when the daemon did; zero of other commands

	supervisor supervisor // who started the daemon; zero of other commands

	dated    time.Time // the latest time that the mail server gave to a mail of this round
	grumbled string    // what the last round could not do
	weighed  time.Time // when the mailbox's quota was last asked for; it is asked again at any time
}

// open wires the campaign in the directory. What talks to servers is not
// connected before it is used.
func (p *Program) open() (*office, error) {
	c, err := p.load()
	if err != nil {
		return nil, err
	}
	o := &office{Program: p, campaign: c}
	blankForm, err := form.Compile(c.Form)
	if err != nil {
		return nil, formMistake(formFile, err)
	}
	o.form = blankForm.Description()
	if o.plan, err = schedule.Compile(c); err != nil {
		return nil, err
	}
	if o.ledger, err = ledger.Open(c.DataDir()); err != nil {
		return nil, err
	}
	if o.archive, err = archive.Open(filepath.Join(c.DataDir(), "archive")); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if o.tree, err = archive.OpenTree(c.FilingsDir(), o.archive); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if err := errors.Join(o.archive.Sweep(o.ledger.Alone), o.tree.Sweep(o.ledger.Alone)); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if err := o.startReader(); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	convert, err := converterOf(c)
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	template, err := blank.Open(c.Form)
	if err != nil {
		return nil, errors.Join(formMistake(formFile, err), o.Close())
	}
	o.blank = template
	o.intake = &intake.Intake{
		Campaign: c, Form: o.form, Ledger: o.ledger, Archive: o.archive, Tree: o.tree, Reader: o.reader, Converter: convert,
		Log: p.log, Progress: p.progress("đã xét %d/%d thư", "%d of %d mails judged"),
	}
	o.intake.Dated = func(received, _ time.Time) {
		if received.After(o.dated) {
			o.dated = received
		}
	}
	o.notify = &notify.Notifier{
		Campaign: c, Form: o.form, Plan: o.plan, Calendar: standing.NewCalendar(c), Ledger: o.ledger, Blank: template,
		Keep: o.archive.PutBytes, Kept: o.archive.Get, Mark: o.mark, Path: o.kept,
		Log: p.log, Progress: p.progress("đã gửi %d/%d thư", "%d of %d letters delivered"),
	}
	return o, nil
}

// startReader prepares the confined child; it is started when first needed.
func (o *office) startReader() error {
	command := o.Reader
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		command = []string{self, "reader"}
	}
	knowledge, err := intake.KnowledgeOf(o.campaign)
	if err != nil {
		return err
	}
	c := intake.ReaderConfig(command, knowledge)
	if d := o.Patience.Reader; d > 0 {
		c.Deadline = d
	}
	o.reader = reader.Start(c)
	return nil
}

// converterOf is LibreOffice in its cage, where the campaign names it.
func converterOf(c *config.Campaign) (*converter.Converter, error) {
	if c.LibreOffice == "" {
		return nil, nil
	}
	self, err := os.Executable()
	return &converter.Converter{Program: c.LibreOffice, Command: []string{self, "cage"}}, err
}

// Close releases everything.
func (o *office) Close() error {
	var errs []error
	if o.reader != nil {
		o.reader.Close()
	}
	if o.box != nil {
		errs = append(errs, o.box.Close())
	}
	if o.courier != nil {
		errs = append(errs, o.courier.Close())
	}
	if o.blank != nil {
		errs = append(errs, o.blank.Close())
	}
	if o.tree != nil {
		errs = append(errs, o.tree.Close())
	}
	if o.ledger != nil {
		errs = append(errs, o.ledger.Close())
	}
	return errors.Join(errs...)
}

// connect makes the mailbox and the courier ready. A password that is nowhere
// is the operator's mistake and said before anything is done; read again for
// each login, it may change while the daemon runs.
func (o *office) connect() error {
	in, out := o.mailboxEntry(o.campaign), o.smtpEntry(o.campaign)
	if err := in.ready(); err != nil {
		return err
	}
	if err := out.ready(); err != nil {
		return err
	}
	box, err := mailbox.New(o.campaign.Mailbox, in.secret)
	if err != nil {
		return err
	}
	o.box, o.entry = box, in
	c, err := courier.New(o.campaign.SMTP, out.secret)
	if err != nil {
		return err
	}
	o.courier, o.notify.Courier = c, c
	if out.source != nil {
		o.notify.Courier = renewing{c, out}
	}
	if d := o.Patience.Mailbox; d > 0 {
		box.Patience(d)
	}
	if d := o.Patience.Courier; d > 0 {
		c.Patience(d)
	}
	return nil
}

// table is where the units stand at now.
func (o *office) table(ctx context.Context, now time.Time) (*standing.Table, standing.Facts, error) {
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return nil, facts, err
	}
	return standing.Fold(o.campaign, facts, now), facts, nil
}

// progress tells the operator how far a longer work has come, at most once a
// second, and only of works that take longer than one. A count that does not
// go up is that of another work.
func (p *Program) progress(vi, en string) func(done, total int) {
	var last time.Time
	before := 0
	return func(done, total int) {
		now := time.Now()
		if last.IsZero() || done <= before {
			last = now
		}
		before = done
		if now.Sub(last) < time.Second {
			return
		}
		last = now
		text := vi
		if p.cli.Lang == "en" {
			text = en
		}
		fmt.Fprintf(p.Stderr, text+"\n", done, total)
	}
}
