package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"dondoc/cmd/dondoc/signin"
	"dondoc/intake"
	"dondoc/intake/ledger"
	"dondoc/intake/reader"
	"dondoc/notify"
)

// incidentWords say what is wrong, and that it is so no more.
var incidentWords = map[string]struct{ id, vi, en, overVI, overEN string }{
	ledger.IncidentMailbox: {"mailbox_unreadable", "không đọc được hộp thư", "the mailbox cannot be read", "đã đọc lại được hộp thư", "the mailbox can be read again"},
	ledger.IncidentSMTP:    {"letters_refused", "không gửi được thư", "no letter can be sent", "đã gửi thư lại được", "letters go out again"},
	ledger.IncidentLimit:   {"daily_limit", "đã gửi đủ số thư trong 24 giờ (smtp.per_day), các thư sau phải chờ", "as many letters as may in 24 hours have left (smtp.per_day), others wait", "các thư phải chờ đã gửi hết", "the letters that waited have left"},
	ledger.IncidentDisk:    {"disk_low", "ổ đĩa gần đầy", "the disk is nearly full", "ổ đĩa đã đủ chỗ trở lại", "the disk has room again"},
	ledger.IncidentStorage: {"storage_fails", "không ghi hoặc không đọc được ổ đĩa", "the disk cannot be written or read", "đã ghi, đọc lại được ổ đĩa", "the disk can be written and read again"},
	ledger.IncidentQuota:   {"mailbox_nearly_full", "hộp thư gần đầy", "the mailbox is nearly full", "hộp thư đã có chỗ trở lại", "the mailbox has room again"},
	ledger.IncidentReader:  {"reader_does_not_start", "không khởi động được phần mở thư và tệp", "what opens mails and files does not start", "đã mở lại được thư và tệp", "mails and files can be opened again"},
	ledger.IncidentOffice:  {"libreoffice_missing", "không chạy được LibreOffice", "LibreOffice does not run", "LibreOffice đã chạy lại được", "LibreOffice runs again"},
	ledger.IncidentClock:   {"clock_behind", "đồng hồ máy này chậm so với máy chủ thư", "this machine's clock is behind the mail server's", "đồng hồ máy này đã khớp với máy chủ thư", "this machine's clock agrees with the mail server's again"},
}

// wrongNow says in a sentence what is wrong, and what was said of it.
func (o *office) wrongNow(what string, i ledger.Incident) string {
	text := o.either(incidentWords[what].vi, incidentWords[what].en)
	var used, limit int64
	switch {
	case what == ledger.IncidentQuota:
		fmt.Sscan(i.Text, &used, &limit)
		return fmt.Sprintf("%s (%s / %s)", text, megabytes(used), megabytes(limit))
	case what == ledger.IncidentDisk:
		fmt.Sscan(i.Text, &used)
		return fmt.Sprintf(o.either("%s (còn %s)", "%s (%s left)"), text, megabytes(used))
	case i.Text != "":
		return text + ": " + inert(i.Text)
	}
	return text
}

const (
	nearlyFull = 0.90 // of the mailbox; a little less is room again
	roomAgain  = 0.85
	clockSlack = 10 * time.Minute
)

// notice puts into the ledger what this round has shown of machine and servers;
// what it has not shown stays as it is. err is what the fetch said.
func (o *office) notice(ctx context.Context, now time.Time, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	met, unmet := map[string]string{}, []string{}
	see := func(what string, is bool, text string) {
		if is {
			met[what] = text
		} else {
			unmet = append(unmet, what)
		}
	}
	// What else went wrong in the round is no word about the mailbox.
	var unread *intake.Unread
	if errors.As(err, &unread) {
		met[ledger.IncidentMailbox] = unread.Error()
		if fault := (*signin.Fault)(nil); errors.As(unread, &fault) {
			met[ledger.IncidentMailbox] = fault.Say(o.campaign.Language) // it says what to do
		}
	} else {
		unmet = append(unmet, ledger.IncidentMailbox)
	}
	var unstarted *reader.Unstarted
	if errors.As(err, &unstarted) {
		met[ledger.IncidentReader] = unstarted.Error()
	} else {
		unmet = append(unmet, ledger.IncidentReader)
	}
	if o.Free != nil {
		// What was freed has to be a little more than enough, or a disk that is
		// just so full would be full and not full all day. Where nobody can
		// tell, doctor says so.
		if free, err := o.Free(o.cli.Dir); err == nil && (free < lowDisk || free > lowDisk+lowDisk/4) {
			see(ledger.IncidentDisk, free < lowDisk, fmt.Sprint(free))
		}
	}
	if o.campaign.LibreOffice != "" {
		_, err := exec.LookPath(o.campaign.LibreOffice)
		see(ledger.IncidentOffice, err != nil, fmt.Sprint(err))
	}
	if unread == nil && o.box != nil && (!now.Before(o.weighed.Add(time.Hour)) || now.Before(o.weighed)) {
		o.weighed = now
		if used, limit := o.box.Quota(ctx); limit > 0 {
			if part := float64(used) / float64(limit); part >= nearlyFull || part < roomAgain {
				see(ledger.IncidentQuota, part >= nearlyFull, fmt.Sprint(used, limit))
			}
		}
	}
	if theirs := o.dated; !theirs.IsZero() && o.WatchClock && o.cli.Now.IsZero() {
		see(ledger.IncidentClock, theirs.After(now.Add(clockSlack)), theirs.UTC().Format(time.RFC3339))
	}
	o.dated = time.Time{}
	return o.ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		for what, text := range met {
			if err := tx.Met(what, text); err != nil {
				return err
			}
		}
		for _, what := range unmet {
			if err := tx.Unmet(what); err != nil {
				return err
			}
		}
		return nil
	})
}

// noticeStorage puts into the ledger whether a file could not be written or read
// in a round; err is all that went wrong in it. A ledger that cannot be written
// itself is beyond telling: the round has failed, which the log and /healthz say.
func (o *office) noticeStorage(ctx context.Context, now time.Time, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	fault := storageFault(err)
	return o.ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		if fault == nil {
			return tx.Unmet(ledger.IncidentStorage)
		}
		if disk, err := tx.Incident(ledger.IncidentDisk); err != nil || disk.Now() && errors.Is(fault, syscall.ENOSPC) {
			return err // that it is full is told already
		}
		if err := tx.Met(ledger.IncidentStorage, fault.Error()); err != nil {
			return err
		}
		i, err := tx.Incident(ledger.IncidentStorage)
		if err != nil {
			return err
		}
		i.Last = now.UTC().Truncate(time.Second)
		return tx.SetIncident(ledger.IncidentStorage, i)
	})
}

// storageFault is what went wrong with a file of ours, of all that err holds; nil:
// nothing. Files that the mailbox's login is read from, and the program that the
// reader is, are not ours.
func storageFault(err error) error {
	switch x := err.(type) {
	case nil, *intake.Unread, *reader.Unstarted, *signin.Fault:
		return nil
	case *fs.PathError, *os.LinkError:
		return err
	case interface{ Unwrap() []error }:
		for _, e := range x.Unwrap() {
			if fault := storageFault(e); fault != nil {
				return fault
			}
		}
		return nil
	}
	return storageFault(errors.Unwrap(err))
}

// change is that an incident began, or that it is over.
type change struct {
	what        string
	incident    ledger.Incident
	log, report bool // what is to be done about it now
}

// announce tells the log, alarm_command and the supervisor of each incident
// once when it begins and once when it is over. That it was told is on record
// first: a restart repeats nothing. Letters have their own way (notify).
func (o *office) announce(ctx context.Context, now time.Time) error {
	if ctx.Err() != nil {
		return nil
	}
	var changes []change
	var state []string
	err := o.ledger.Write(ctx, now, func(tx *ledger.Tx) error {
		changes, state = nil, nil
		for _, what := range ledger.Incidents {
			i, err := tx.Incident(what)
			if err != nil {
				return err
			}
			was := i
			i.Over = i.Over || !i.Well.IsZero() && now.Sub(i.Well) >= ledger.Calm
			if i.Since.After(now) || !was.Open() {
				continue // a clock that has been put right since said so, or long told
			}
			c := change{what: what}
			if i.Over {
				c.log, c.report = i.Logged, i.Told
			} else {
				c.log, c.report = !i.Logged, !i.Told && i.Lasted(now) >= notify.Patience(what)
				i.Logged, i.Told = true, i.Told || c.report
			}
			if i.Now() {
				state = append(state, o.either(incidentWords[what].vi, incidentWords[what].en))
			}
			if c.incident = i; i != was {
				if err := tx.SetIncident(what, i); err != nil {
					return err
				}
			}
			if c.log || c.report {
				changes = append(changes, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(state) == 0 {
		state = []string{o.either("bình thường", "all is well")}
	}
	o.supervisor.status(strings.Join(state, "; "))
	for _, c := range changes {
		words := incidentWords[c.what]
		level, text := slog.LevelError, words.en
		if c.incident.Over {
			level, text = slog.LevelWarn, words.overEN
		}
		since := slog.String("since", o.when(c.incident.Since))
		switch {
		case !c.log:
		case c.incident.Over:
			o.log.Log(ctx, level, text, "incident", c.what, since, "until", o.when(c.incident.Well))
		default:
			o.log.Log(ctx, level, text, "incident", c.what, since, "why", c.incident.Text)
		}
		if c.report {
			o.report(ctx, c)
		}
	}
	return nil
}

// alarmPatience is how long alarm_command may take: mail waits for it.
var alarmPatience = 20 * time.Second

// report runs alarm_command. What becomes of it is logged and no more: it is
// not tried again, or a broken one would be an alarm without end.
func (o *office) report(ctx context.Context, c change) {
	line := o.campaign.AlarmCommand
	if len(line) == 0 {
		return
	}
	words := incidentWords[c.what]
	state := "begin"
	text := fmt.Sprintf(o.either("[%s] Từ %s %s.\nViệc cần làm: xem dondoc doctor, dondoc help.\n", "[%s] Since %s: %s.\nWhat to do: see dondoc doctor, dondoc help.\n"),
		o.campaign.ID, o.when(c.incident.Since), o.wrongNow(c.what, c.incident))
	if c.incident.Over {
		state = "over"
		text = fmt.Sprintf(o.either("[%s] Từ %s %s (sự cố từ %s).\nKhông phải làm gì.\n", "[%s] Since %s %s (wrong since %s).\nNothing needs to be done.\n"),
			o.campaign.ID, o.when(c.incident.Well), o.either(words.overVI, words.overEN), o.when(c.incident.Since))
	}
	if err := o.alarm(ctx, line, text, c.what, state); err != nil {
		o.log.Warn("alarm_command failed; it is not run again for this", "incident", c.what, "err", err)
	}
}

func (o *office) alarm(ctx context.Context, line []string, text, what, state string) error {
	ctx, cancel := context.WithTimeout(ctx, alarmPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir = o.campaign.Dir
	cmd.Env = append(o.campaign.Environ(), "DONDOC_INCIDENT="+what, "DONDOC_STATE="+state)
	// It may go to a telephone, by way of somebody else's server.
	cmd.Stdin = strings.NewReader(masked(text))
	cmd.WaitDelay = time.Second // what it started may hold its pipes open
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", line[0], context.Cause(ctx))
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return fmt.Errorf("%s: %w", line[0], err)
	}
	return nil
}

// incidents are those that go on at now, in order.
func incidents(tx *ledger.Tx, now time.Time) (whats []string, all map[string]ledger.Incident, err error) {
	all = map[string]ledger.Incident{}
	for _, what := range ledger.Incidents {
		i, err := tx.Incident(what)
		if err != nil {
			return nil, nil, err
		}
		if i.Now() && !i.Since.After(now) {
			whats, all[what] = append(whats, what), i
		}
	}
	return whats, all, nil
}
