package main

import (
	"context"
	"fmt"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/cmd/dondoc/mailhost"
	"dondoc/cmd/dondoc/simulator"
	"dondoc/cmd/dondoc/witness"
	"dondoc/config"
)

// Where a demo leaves the mails, in its campaign directory.
const (
	lettersDir = "mails"
	mailsDir   = "mails-in"
)

// poll is how often the office's program looks into its mailbox: less often in
// a play of many months, most of which is waiting.
func (c *demoCmd) poll() time.Duration {
	if c.To.in(simulator.Zone).Sub(c.From.in(simulator.Zone)) > 60*24*time.Hour {
		return time.Hour
	}
	return 15 * time.Minute
}

// public is what a witness may know of a campaign.
func public(c *config.Campaign, poll time.Duration) witness.Campaign {
	w := witness.Campaign{Zone: c.Location, Office: c.SMTP.From, Desk: c.Desk, Since: c.Mailbox.Since, ReceiptDelay: c.ReceiptDelay, Poll: poll}
	for _, u := range c.Units {
		w.Units = append(w.Units, witness.Unit{Code: u.Code, Group: u.DupGroup, Addresses: u.Emails, AutoRemind: u.AutoRemind})
	}
	return w
}

// prepare makes the campaign directory, the host and the world.
func (d *demo) prepare(ctx context.Context, scratch string) error {
	if err := config.Init(d.dir); err != nil {
		return err
	}
	from := d.From.in(simulator.Zone)
	to := d.To.in(simulator.Zone).AddDate(0, 0, 1)
	d.clock = &virtual{now: from, end: to, told: d.out.days()}
	d.letters = &letterFiles{dir: d.dir}
	var err error
	d.host, err = mailhost.Start(mailhost.Options{
		Name: "mail.quangngai.example", Password: demoPassword,
		Now:      func() time.Time { return d.clock.Now().In(simulator.Zone) },
		Accepted: d.letters.sent, Delivered: d.letters.arrived,
	})
	if err != nil {
		return err
	}
	if err := d.declare(); err != nil {
		d.host.Close()
		return err
	}
	for _, u := range d.campaign.Units {
		for _, address := range u.Emails {
			d.host.Open(address)
		}
	}
	d.office = d.program()
	d.account = witness.New(public(d.campaign, d.poll()))
	d.world = simulator.New(simulator.Config{
		Seed: d.Seed, Units: played(d.campaign), From: from, To: to,
		SMTP: d.host.SMTP(), IMAP: d.host.IMAP(), Password: demoPassword,
		Office: d.host.Open(d.campaign.SMTP.From), Desk: d.host.Open(d.campaign.Desk[0]), Blank: d.campaign.Form, Scratch: scratch,
		Command: d.command(ctx), Ordered: d.account.Ordered, Refuse: d.host.Refuse, Return: d.host.Return,
	})
	d.clock.live = func(until time.Time) error { return d.world.Step(until, d.clock.set) }
	return nil
}

// declare edits the campaign as its operator would: real letters, this host,
// every unit taking part, and the letter itself to go out with the form.
func (d *demo) declare() error {
	path := filepath.Join(d.dir, "campaign.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	builtin := string(text)
	own := regexp.MustCompile(`(?m)^  from: *(\S+)`).FindStringSubmatch(builtin)
	if own == nil {
		return fmt.Errorf("%s: smtp.from is not where it was", path)
	}
	d.letters.office = own[1]
	user := url.PathEscape(own[1])
	edits := [][2]string{
		{`(?m)^mode: .*$`, "mode: live"},
		// A roster that nobody has comes with an account that can bear it.
		{`(?m)^  per_day: .*$`, fmt.Sprintf("  per_day: %d", max(450, 10*d.Units))},
		{`(?m)^poll: .*$`, `poll: "@every ` + d.poll().String() + `"`},
		{`"imaps://[^"]*"`, fmt.Sprintf(`"imap+plain://%s@%s"`, strings.ReplaceAll(user, "@", "%40"), d.host.IMAP())},
		{`"smtp[^"/]*://[^"]*"`, fmt.Sprintf(`"smtp+plain://%s@%s"`, strings.ReplaceAll(user, "@", "%40"), d.host.SMTP())},
	}
	if to := d.To.in(simulator.Zone).AddDate(0, 0, 1); to.After(october(36, 0, 0)) {
		// A play that goes on is a campaign that does.
		edits = append(edits, [2]string{`closes: *[0-9]{4}-[0-9-]+`, "closes: " + to.Format(time.DateOnly)})
	}
	for _, edit := range edits {
		line := regexp.MustCompile(edit[0])
		if !line.MatchString(builtin) {
			return fmt.Errorf("%s: nothing is like %s", path, edit[0])
		}
		builtin = line.ReplaceAllLiteralString(builtin, edit[1])
	}
	if err := os.WriteFile(path, []byte(builtin), config.SharedFile); err != nil {
		return err
	}
	if err := d.roster(); err != nil {
		return err
	}
	enclosure := filepath.Join(d.dir, "enclosures", "Cong van 624-CV-BDVTU.pdf")
	if err := os.WriteFile(enclosure, simulator.Page("BAN DAN VAN TINH UY QUANG NGAI", "So 624-CV/BDVTU", "(Ban chay thu cua dondoc, khong phai van ban that)"), config.SharedFile); err != nil {
		return err
	}
	d.campaign, err = config.Load(d.dir)
	return err
}

// roster lets every unit take part, adds invented ones above the roster's own
// number, and leaves out those beyond a smaller one.
func (d *demo) roster() error {
	path := filepath.Join(d.dir, "units.xlsx")
	book, err := excelize.OpenFile(path)
	if err != nil {
		return err
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	rows, err := book.GetRows(sheet)
	if err != nil {
		return err
	}
	heads := rows[0]
	set := func(row int, column string, value any) error {
		i := slices.Index(heads, column)
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		return book.SetCellValue(sheet, cell, value)
	}
	get := func(row []string, column string) string {
		if i := slices.Index(heads, column); i >= 0 && i < len(row) {
			return row[i]
		}
		return ""
	}
	n := 0
	var beyond []int
	for i, row := range rows[1:] {
		if get(row, "active") == "no" {
			continue
		}
		if n++; n > d.Units {
			beyond = append(beyond, i+2)
		}
		if err := set(i+2, "active", "yes"); err != nil {
			return err
		}
	}
	for _, row := range slices.Backward(beyond) {
		if err := book.RemoveRow(sheet, row); err != nil {
			return err
		}
	}
	for i := range d.Units - n {
		name := fmt.Sprintf("Đơn vị giả định số %03d", i+1)
		for column, value := range map[string]any{
			"code": fmt.Sprintf("X-%03d", i+1), "category": "so-ban-nganh", "official_name": name, "short_name": name,
			"emails": fmt.Sprintf("vanthu@x%03d.quangngai.example", i+1), "contact_phone": fmt.Sprintf("0255.001.%04d", i+1),
			"expected_models": 1, "certainty": "chac-chan", "salutation": name, "goi_don_vi": "quý cơ quan",
			"order": n + i + 1, "relay": "no", "auto_remind": "yes", "active": "yes",
		} {
			if err := set(len(rows)+1+i, column, value); err != nil {
				return err
			}
		}
	}
	return book.Save()
}

// played is the roster as the play needs it.
func played(c *config.Campaign) []simulator.Unit {
	var units []simulator.Unit
	for _, u := range c.Units {
		units = append(units, simulator.Unit{
			Code: u.Code, Name: u.Name, Short: u.ShortName, Category: u.Category, Emails: u.Emails, Models: u.Obligation.Models,
			DupGroup: u.DupGroup, District: u.District, AutoRemind: u.AutoRemind, Relay: u.Relay,
		})
	}
	return units
}

// letterFiles writes every mail that crosses the host into the campaign
// directory.
type letterFiles struct {
	dir    string
	office string

	mu                 sync.Mutex
	accepted, arrivals []mailhost.Mail // the office's letters, and its mailbox
	err                error           // the first that went wrong
}

// sent is told of what the office's program hands in: KEY.eml, one for all
// recipients, and its page beside it.
func (f *letterFiles) sent(m mailhost.Mail) {
	local, domain, _ := strings.Cut(m.From, "@")
	local, _, _ = strings.Cut(local, "+")
	if local+"@"+domain != f.office {
		return
	}
	f.mu.Lock()
	f.accepted = append(f.accepted, m)
	f.mu.Unlock()
	header, err := netmail.ReadMessage(strings.NewReader(string(m.Raw)))
	if err != nil {
		f.keep(err)
		return
	}
	name := fileName(header.Header.Get("X-Dondoc-Key"))
	f.write(lettersDir, name+".eml", m.Raw)
	if page, ok := simulator.HTML(m.Raw); ok {
		f.write(lettersDir, name+".html", []byte(page))
	}
}

// arrived is told of what came into mailboxes; the office's is kept.
func (f *letterFiles) arrived(m mailhost.Mail) {
	if m.To != f.office {
		return
	}
	f.mu.Lock()
	f.arrivals = append(f.arrivals, m)
	n := len(f.arrivals)
	f.mu.Unlock()
	f.write(mailsDir, fmt.Sprintf("%04d.eml", n), m.Raw)
}

func (f *letterFiles) write(sub, name string, data []byte) {
	err := os.MkdirAll(filepath.Join(f.dir, sub), config.SharedDir)
	if err == nil {
		err = os.WriteFile(filepath.Join(f.dir, sub, name), data, config.SharedFile)
	}
	f.keep(err)
}

func (f *letterFiles) keep(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}
