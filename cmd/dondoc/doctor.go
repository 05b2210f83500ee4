package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake/form"
	"dondoc/intake/mailbox"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule"
)

type doctorCmd struct {
	Patience time.Duration `default:"20s" placeholder:"20s" help:"${o_patience}"`
}

// checks are the stable ids of what doctor looks at, in the order in which it
// reports. Every run reports on each of them once.
var checks = []string{
	"config", "form", "clock", "time_zone", "disk", "rights", "lock", "ledger", "reader",
	"imap_connect", "imap_tls", "imap_login", "imap_folders", "imap_keywords", "imap_idle", "imap_move", "imap_sent", "imap_quota",
	"smtp_connect", "smtp_tls", "smtp_login", "smtp_size",
	"dns",
}

// diagnosis is what was found at one check.
type diagnosis struct {
	ID     string `json:"id"`
	Status string `json:"status"` // ok, warn, fail or skip
	Found  string `json:"found"`
	Do     string `json:"do,omitempty"`  // what the operator does about it
	Ask    string `json:"ask,omitempty"` // the sentence to send to the mail administrator
}

// doctor looks at the world and changes nothing: no file is made, no mail is
// sent, nothing is marked in the mailbox.
type doctor struct {
	*Program
	patience time.Duration
	campaign *config.Campaign // nil if it cannot be used
	found    map[string]diagnosis
	known    evidence // about the clock
}

// Run looks at everything that can be looked at, whatever else is wrong.
func (c *doctorCmd) Run(ctx context.Context, p *Program) error {
	d := &doctor{Program: p, patience: c.Patience, found: map[string]diagnosis{}}
	d.configuration()
	d.timeZone()
	d.disk()
	d.rights()
	d.lock()
	d.ledger(ctx)
	d.reader(ctx)
	d.imap(ctx)
	d.smtp(ctx)
	d.clock()
	d.note("dns", "dns")
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.report()
}

// paragraph is a text of ours that may have several lines; whatever else is put into
// the words has one.
type paragraph string

// note enters the finding of one check: the words of a remedy, with the pairs
// of name and value put into them.
func (d *doctor) note(id, remedy string, pairs ...any) {
	r, ok := remedies[remedy]
	if !ok || !slices.Contains(checks, id) {
		panic("doctor: no words for " + id + ": " + remedy)
	}
	lang := 0
	if d.cli.Lang == "en" {
		lang = 1
	}
	var fill []string
	for i := 0; i < len(pairs); i += 2 {
		var text string
		switch v := pairs[i+1].(type) {
		case paragraph:
			text = string(v)
		case [2]string:
			text = inert(v[lang])
		default:
			text = inert(strings.Join(strings.Fields(fmt.Sprint(v)), " "))
		}
		fill = append(fill, "{"+pairs[i].(string)+"}", text)
	}
	words := strings.NewReplacer(fill...)
	d.found[id] = diagnosis{ID: id, Status: r.status, Found: words.Replace(r.found[lang]), Do: words.Replace(r.do[lang]), Ask: words.Replace(r.ask[lang])}
}

// after enters that checks were not made, because of the one that failed.
func (d *doctor) after(failed string, ids ...string) {
	for _, id := range ids {
		d.note(id, "after", "id", failed)
	}
}

// report prints the findings and chooses the exit status.
func (d *doctor) report() error {
	var list []diagnosis
	bad := 0
	for _, id := range checks {
		f, ok := d.found[id]
		if !ok {
			return fmt.Errorf("doctor: %s was forgotten", id)
		}
		if f.Status == "fail" {
			bad++
		}
		list = append(list, f)
	}
	result := struct {
		OK     bool        `json:"ok"`
		Checks []diagnosis `json:"checks"`
	}{bad == 0, list}
	if err := d.print(result, func() {
		for _, f := range list {
			d.sayFinding(f)
		}
		if bad == 0 {
			d.say("Không có gì cản trở dondoc chạy.", "Nothing is in the way of running dondoc.")
		}
	}); err != nil {
		return err
	}
	switch {
	case d.campaign == nil:
		return wrong{VI: "Cấu hình chưa dùng được nên các mục cần đến cấu hình chưa xét.", EN: "The configuration cannot be used, so what depends on it was not looked at."}
	case bad > 0:
		return errors.New(d.either(fmt.Sprintf("%d mục chưa đạt; việc cần làm ghi ở từng mục", bad), fmt.Sprintf("%d checks failed; what to do stands with each", bad)))
	}
	return nil
}

func (d *doctor) sayFinding(f diagnosis) {
	mark := map[string][2]string{"ok": {"ĐẠT", "OK"}, "warn": {"LƯU Ý", "NOTE"}, "fail": {"CHƯA ĐẠT", "FAIL"}, "skip": {"BỎ QUA", "SKIP"}}[f.Status]
	lines := strings.Split(f.Found, "\n")
	fmt.Fprintf(d.Stdout, "%-9s %-13s %s\n", d.either(mark[0], mark[1]), f.ID, lines[0])
	indent := strings.Repeat(" ", 24)
	for _, line := range lines[1:] {
		fmt.Fprintln(d.Stdout, indent+line)
	}
	if f.Do != "" {
		fmt.Fprintln(d.Stdout, indent+d.either("Việc cần làm: ", "What to do: ")+f.Do)
	}
	if f.Ask != "" {
		fmt.Fprintln(d.Stdout, indent+d.either("Câu gửi quản trị thư: ", "To send to the mail administrator: ")+"“"+f.Ask+"”")
	}
}

// configuration reads the campaign as `check` does. Without one the rest of
// the world can still be looked at, as far as it does not depend on it.
func (d *doctor) configuration() {
	c, err := d.load()
	if err == nil {
		err = planned(c)
	}
	if err != nil {
		d.note("config", "config.wrong", "text", paragraph(d.words(err)))
		d.after("config", "form")
		return
	}
	d.campaign = c
	alarm := [2]string{}
	if len(c.AlarmCommand) > 0 {
		alarm = [2]string{"; sự cố được báo bằng " + c.AlarmCommand[0], "; incidents are told by " + c.AlarmCommand[0]}
	}
	if notes := slices.Concat(letter.CheckTemplates(c), config.Check(c, d.Clock.Now()), unknownHolidays(c)); len(notes) > 0 {
		d.note("config", "config.notes", "units", len(c.Units), "alarm", alarm, "text", paragraph(notes.In(d.cli.Lang)))
	} else {
		d.note("config", "config.ok", "units", len(c.Units), "alarm", alarm)
	}
	blank, err := form.Compile(c.Form)
	if err != nil {
		d.note("form", "form.wrong", "text", paragraph(d.words(formMistake(formFile, err))))
		return
	}
	mistakes := figureMistakes(c, blank.Description())
	for _, fault := range blank.Try() {
		mistakes = append(mistakes, config.Mistake{File: formFile, Cell: fault.Sheet + "!" + fault.Cell, VI: fault.VI, EN: fault.EN})
	}
	if len(mistakes) > 0 {
		d.note("form", "form.wrong", "text", paragraph(config.Mistakes(mistakes).In(d.cli.Lang)))
		return
	}
	d.note("form", "form.ok", "inputs", len(blank.Description().Inputs), "rules", len(blank.Description().Rules))
}

func planned(c *config.Campaign) error {
	_, err := schedule.Compile(c)
	return err
}

// words is an error in the operator's language, where it knows it.
func (d *doctor) words(err error) string {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all []string
		for _, err := range several.Unwrap() {
			all = append(all, d.words(err))
		}
		return strings.Join(all, "\n")
	}
	var fault *signin.Fault
	if errors.As(err, &fault) {
		return fault.Say(d.cli.Lang)
	}
	var speaks interface{ In(lang string) string }
	if errors.As(err, &speaks) {
		return speaks.In(d.cli.Lang)
	}
	return err.Error()
}

// timeZone tells the time as letters will: a person compares it with the wall.
func (d *doctor) timeZone() {
	if d.campaign == nil {
		d.after("config", "time_zone")
		return
	}
	now := d.Clock.Now().In(d.campaign.Location)
	d.note("time_zone", "zone.ok", "zone", d.campaign.Location, "now", now.Format("15:04 02/01/2006"), "offset", now.Format("-07:00"))
}

// imap looks at the mailbox, from the network up.
func (d *doctor) imap(ctx context.Context) {
	rest := []string{"imap_login", "imap_folders", "imap_keywords", "imap_idle", "imap_move", "imap_sent", "imap_quota"}
	if d.campaign == nil {
		d.after("config", append([]string{"imap_connect", "imap_tls"}, rest...)...)
		return
	}
	m := d.campaign.Mailbox
	box, err := mailbox.New(m, d.mailboxEntry(d.campaign).secret)
	if err != nil {
		d.note("imap_connect", "connect.other", "what", "IMAP", "addr", m.URL, "text", err)
		d.after("imap_connect", append([]string{"imap_tls"}, rest...)...)
		return
	}
	s := server{what: "IMAP", id: "imap", url: m.URL, addr: box.Addr(), reach: box.Reach, tls: box.TLS(), access: m.Access}
	if failed := d.way(ctx, s); failed != "" {
		d.after(failed, rest...)
		return
	}
	var others []string
	if m.Move != "" {
		others = append(others, m.Move)
	}
	if m.Sent != config.SentAuto && m.Sent != config.SentOff {
		others = append(others, m.Sent)
	}
	looking, cancel := context.WithTimeout(ctx, 2*d.patience)
	defer cancel()
	look, err := box.Look(looking, others...)
	if err != nil && len(look.Folders) == 0 {
		d.refused(s, err)
		d.after("imap_login", rest[1:]...)
		return
	}
	d.note("imap_login", "login.ok", "user", s.user(), "what", s.what)
	if err != nil {
		d.note("imap_folders", "folders.broken", "text", err)
		d.after("imap_folders", rest[2:]...)
		return
	}
	d.folders(look, m)
	d.sent(look, m)
	d.quota(look)
}

// sent reports on the folder in which letters are shown.
func (d *doctor) sent(look mailbox.Look, m config.Mailbox) {
	named := look.Folders[len(look.Folders)-1]
	switch {
	case m.Sent == config.SentOff:
		d.note("imap_sent", "sent.off")
	case m.Sent != config.SentAuto && named.Err != nil:
		d.note("imap_sent", "sent.shut", "folder", m.Sent, "text", named.Err)
	case m.Sent != config.SentAuto:
		d.note("imap_sent", "sent.ok", "folder", m.Sent)
	case look.SentErr != nil:
		d.note("imap_sent", "sent.shut", "folder", m.Sent, "text", look.SentErr)
	case look.Sent == "":
		d.note("imap_sent", "sent.none")
	default:
		d.note("imap_sent", "sent.ok", "folder", look.Sent)
	}
}

// folders reports on the folders that are read, and on the one that mail is
// moved to.
func (d *doctor) folders(look mailbox.Look, m config.Mailbox) {
	var missing, shut, unmarked, counts []string
	there := func(name string) bool {
		return slices.ContainsFunc(look.Names, func(n string) bool { return strings.EqualFold(n, name) })
	}
	read := look.Folders[:len(m.Folders)]
	for _, f := range read {
		switch {
		case f.Err != nil && there(f.Name):
			shut = append(shut, f.Name)
		case f.Err != nil:
			missing = append(missing, f.Name)
		default:
			counts = append(counts, fmt.Sprintf("%s (%d)", f.Name, f.Messages))
			d.known.mail(f.Name, f.Newest)
			if !f.Keyword {
				unmarked = append(unmarked, f.Name)
			}
		}
	}
	names := strings.Join(look.Names[:min(len(look.Names), 30)], ", ")
	switch {
	case len(missing) > 0:
		d.note("imap_folders", "folders.missing", "folders", strings.Join(missing, ", "), "names", names)
	case len(shut) > 0:
		d.note("imap_folders", "folders.shut", "folders", strings.Join(shut, ", "), "user", userOf(m.URL))
	default:
		d.note("imap_folders", "folders.ok", "folders", strings.Join(counts, ", "))
	}
	switch {
	case len(counts) == 0:
		d.after("imap_folders", "imap_keywords")
	case len(unmarked) > 0:
		d.note("imap_keywords", "keywords.no", "folders", strings.Join(unmarked, ", "))
	default:
		d.note("imap_keywords", "keywords.ok")
	}
	d.note("imap_idle", map[bool]string{true: "idle.ok", false: "idle.no"}[look.Idle], "poll", d.campaign.Poll)
	switch {
	case m.Move == "":
		d.note("imap_move", "move.unset")
	case look.Folders[len(m.Folders)].Err != nil:
		d.note("imap_move", "move.missing", "folder", m.Move)
	case !look.Move:
		d.note("imap_move", "move.unable")
	default:
		d.note("imap_move", "move.ok", "folder", m.Move)
	}
}

// quota reports how full the account is: when it is, the units' mail comes
// back to them.
func (d *doctor) quota(look mailbox.Look) {
	const near, full = 0.80, 0.95
	words := []any{"used", megabytes(look.Used), "limit", megabytes(look.Limit), "user", userOf(d.campaign.Mailbox.URL)}
	part := 0.0
	if look.Limit > 0 {
		part = float64(look.Used) / float64(look.Limit)
	}
	switch {
	case look.Limit == 0:
		d.note("imap_quota", "quota.untold")
	case part >= full:
		d.note("imap_quota", "quota.full", words...)
	case part >= near:
		d.note("imap_quota", "quota.near", words...)
	default:
		d.note("imap_quota", "quota.ok", words...)
	}
}

// smtp looks at the way out: as far as the login, and no mail is begun.
func (d *doctor) smtp(ctx context.Context) {
	rest := []string{"smtp_login", "smtp_size"}
	if d.campaign == nil {
		d.after("config", append([]string{"smtp_connect", "smtp_tls"}, rest...)...)
		return
	}
	m := d.campaign.SMTP
	out, err := courier.New(m, d.smtpEntry(d.campaign).secret)
	if err != nil {
		d.note("smtp_connect", "connect.other", "what", "SMTP", "addr", m.URL, "text", err)
		d.after("smtp_connect", append([]string{"smtp_tls"}, rest...)...)
		return
	}
	s := server{what: "SMTP", id: "smtp", url: m.URL, addr: out.Addr(), reach: out.Reach, tls: out.TLS(), access: m.Access}
	if failed := d.way(ctx, s); failed != "" {
		d.after(failed, rest...)
		return
	}
	looking, cancel := context.WithTimeout(ctx, 2*d.patience)
	defer cancel()
	look, _, err := out.Look(looking)
	if err != nil {
		d.refused(s, err)
		d.after("smtp_login", rest[1:]...)
		return
	}
	if look.LoggedIn {
		d.note("smtp_login", "login.ok", "user", s.user(), "what", s.what)
	} else {
		d.note("smtp_login", "login.none")
	}
	switch need := invitation(d.campaign); {
	case look.Size == 0:
		d.note("smtp_size", "size.unknown", "need", megabytes(need))
	case look.Size < need:
		d.note("smtp_size", "size.small", "need", megabytes(need), "size", megabytes(look.Size), "addr", s.addr)
	default:
		d.note("smtp_size", "size.ok", "need", megabytes(need), "size", megabytes(look.Size))
	}
}

// invitation is about how large the largest letter becomes: the form and all
// enclosures, four characters for three bytes and a line end for every 76
// (RFC 2045 §6.8), and the text in two forms.
func invitation(c *config.Campaign) int64 {
	n := int64(len(c.Form))
	for _, e := range c.Enclosures {
		n += int64(len(e.Data))
	}
	return n*4/3*78/76 + 64<<10
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// evidence is what is known of the time without asking a clock.
type evidence struct {
	past  []moment // it is later than these
	until []moment // certificates that must not have run out
}

type moment struct {
	what    [2]string
	at      time.Time
	outside bool // of this machine
}

func (e *evidence) mail(folder string, at time.Time) {
	if !at.IsZero() {
		e.past = append(e.past, moment{[2]string{"thư mới nhất trong " + folder + " đến lúc", "the newest mail in " + folder + " came at"}, at, true})
	}
}

// clock compares this machine's time with what servers and files say of it.
// Mail has no protocol for the time: what is certain is that it is later than
// the newest mail and the beginning of a server's certificate.
func (d *doctor) clock() {
	now := d.Clock.Now()
	loc := time.Local
	if d.campaign != nil {
		loc = d.campaign.Location
	}
	show := func(t time.Time) string { return t.In(loc).Format("15:04 02/01/2006") }
	const slack = 10 * time.Minute
	var last, told moment // of all, and of those from outside
	for _, m := range d.known.past {
		if m.at.After(last.at) {
			last = m
		}
		if m.outside && m.at.After(told.at) {
			told = m
		}
	}
	if last.at.After(now.Add(slack)) {
		d.note("clock", "clock.slow", "now", show(now), "what", last.what, "then", show(last.at))
		return
	}
	for _, m := range d.known.until {
		if now.After(m.at) {
			d.note("clock", "clock.fast", "now", show(now), "what", m.what, "then", show(m.at))
			return
		}
	}
	if told.at.IsZero() {
		d.note("clock", "clock.unknown", "now", show(now))
		return
	}
	d.note("clock", "clock.ok", "now", show(now), "what", told.what, "then", show(told.at))
}
