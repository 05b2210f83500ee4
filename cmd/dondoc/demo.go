package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dondoc/cmd/dondoc/mailhost"
	"dondoc/cmd/dondoc/simulator"
	"dondoc/cmd/dondoc/witness"
	"dondoc/config"
	"dondoc/intake/finding"
)

type demoCmd struct {
	Dir      string `name:"dir" placeholder:"D" help:"${o_demo_dir}"`
	Units    int    `default:"70" help:"${o_demo_units}"`
	Seed     uint64 `default:"1" help:"${o_demo_seed}"`
	From     day    `default:"2022-10-03" placeholder:"DATE" help:"${o_demo_from}"`
	To       day    `default:"2022-10-26" placeholder:"DATE" help:"${o_demo_to}"`
	Outage   []span `placeholder:"A..B" help:"${o_demo_outage}"`
	Restarts int    `default:"0" placeholder:"N" help:"${o_demo_restarts}"`
}

// errDiffers makes the exit status 1; what differs has been said.
var errDiffers = errors.New("the result differs from what the units really did")

// demo is the whole campaign in virtual time: the real program, on a clock of
// its own, between real servers, and people who are played.
type demo struct {
	*demoCmd
	out      *Program // whose command this is
	clock    *virtual
	host     *mailhost.Host
	world    *simulator.World
	office   *Program // the committee's, on the virtual clock
	dir      string
	letters  *letterFiles
	campaign *config.Campaign
	account  *witness.Account // what the desk commanded
}

// demoPassword is that of every account of the host, which lives on loopback
// as long as the demo does.
const demoPassword = "mat-khau-thu"

// demoDesk is who gives the desk's commands, as the record has it.
const demoDesk = "Phòng TH-DT&TG (chạy thử)"

func (c *demoCmd) Run(ctx context.Context, p *Program) error {
	d := &demo{demoCmd: c, out: p, dir: c.Dir}
	if d.dir == "" && p.cli.Dir != "." {
		d.dir = p.cli.Dir
	}
	left := d.dir != ""
	if err := c.sensible(); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "dondoc-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if d.dir == "" {
		d.dir = filepath.Join(scratch, "dvk")
	}
	if err := d.prepare(ctx, scratch); err != nil {
		return err
	}
	defer d.host.Close()
	if err := d.live(ctx); err != nil {
		if ctx.Err() != nil {
			p.say("Đã dừng giữa chừng ngày %s.", "Stopped on %s.", d.clock.Now().In(simulator.Zone).Format("02/01/2006"))
		}
		return err
	}
	return d.judge(ctx, left)
}

// sensible refuses what cannot be played.
func (c *demoCmd) sensible() error {
	from, to := c.From.in(simulator.Zone), c.To.in(simulator.Zone)
	// The story is October's; what comes after is waiting, and the holidays of
	// 2023 are the last that are known.
	first, latest, last := (day{2022, 10, 3}).in(simulator.Zone), (day{2022, 10, 31}).in(simulator.Zone), (day{2023, 12, 31}).in(simulator.Zone)
	slices.SortFunc(c.Outage, func(a, b span) int { return a.from.Compare(b.from) })
	for i, off := range c.Outage {
		if !off.to.Before(to.AddDate(0, 0, 1)) {
			return wrong{VI: "--outage phải kết thúc trước khi hết ngày --to: máy phải chạy lại thì mới có gì để đối chiếu", EN: "--outage has to end before the day --to does: the machine must run again for there to be anything to compare"}
		}
		if i > 0 && !c.Outage[i-1].to.Before(off.from) {
			return wrong{VI: "hai khoảng --outage trùng hoặc liền nhau; gộp lại thành một", EN: "two times of --outage overlap or touch; make one of them"}
		}
	}
	switch {
	case to.Before(from), from.Before(first), from.After(latest), to.After(last):
		return wrong{VI: "--from phải nằm trong khoảng 2022-10-03 đến 2022-10-31, --to không trước --from và không sau 2023-12-31", EN: "--from has to lie between 2022-10-03 and 2022-10-31, --to not before --from and not after 2023-12-31"}
	case c.Restarts < 0 || c.Restarts > 10000:
		return wrong{VI: "--restarts phải từ 0 đến 10000", EN: "--restarts has to be from 0 to 10000"}
	case c.Units < 1 || c.Units > 1000:
		return wrong{VI: "--units phải từ 1 đến 1000", EN: "--units has to be from 1 to 1000"}
	}
	return nil
}

// live lets the time pass. During an outage the office's program does not run;
// the world goes on without it.
func (d *demo) live(ctx context.Context) error {
	begin, end := d.clock.Now(), d.clock.end
	for _, off := range d.Outage {
		d.world.Away(off.from, off.to)
	}
	stops := append(slices.Clone(d.Outage), d.restarts(begin, end)...)
	slices.SortFunc(stops, func(a, b span) int { return a.from.Compare(b.from) })
	for _, off := range stops {
		if !off.from.Before(end) || off.to.Before(d.clock.Now()) {
			continue
		}
		if err := d.work(ctx, off.from); err != nil {
			return err
		}
		d.clock.end = end
		if d.clock.Now().Before(off.to) {
			if err := d.clock.pass(minTime(off.to, end)); err != nil {
				return err
			}
		}
	}
	return d.work(ctx, end)
}

// restarts are instants at which the program is stopped and started at once.
func (d *demo) restarts(begin, end time.Time) (all []span) {
	random := rand.New(rand.NewPCG(d.Seed, uint64(d.Restarts)))
	for range d.Restarts {
		at := begin.Add(time.Duration(random.Int64N(int64(end.Sub(begin)))))
		all = append(all, span{at, at})
	}
	return all
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// work runs the office's program until the instant: what `run` does, on the
// virtual clock.
func (d *demo) work(ctx context.Context, until time.Time) error {
	if !d.clock.Now().Before(until) {
		return nil
	}
	d.clock.end = until
	o, err := d.office.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if err := o.connect(); err != nil {
		return err
	}
	if err := o.work(ctx, d.clock, nil, nil); !errors.Is(err, errTimeUp) {
		return err
	}
	return o.Close()
}

// command carries out one of the desk's command lines, as a process of its own
// would.
func (d *demo) command(ctx context.Context) func(time.Time, ...string) ([]byte, int) {
	return func(_ time.Time, args ...string) ([]byte, int) {
		var out, trouble bytes.Buffer
		p := *d.office
		p.Stdout, p.Stderr = &out, &trouble
		code := p.Run(ctx, append(args, "-C", d.dir))
		if code != exitDone && code != exitPerson {
			return append(out.Bytes(), trouble.Bytes()...), code
		}
		d.account.Ordered(d.clock.Now(), args...)
		return out.Bytes(), code
	}
}

// judge compares what the program says with what the units really did. left
// tells that the directory stays.
func (d *demo) judge(ctx context.Context, left bool) error {
	found, err := d.gather(ctx)
	if err != nil {
		return err
	}
	result, err := d.world.Check(found)
	if err != nil {
		return err
	}
	if err := d.letters.err; err != nil {
		return err
	}
	account, err := d.witnessed(ctx)
	if err != nil {
		return err
	}
	d.world.Summary(d.out.Stdout, result, d.out.cli.Lang)
	findings := account.Check()
	d.tell(account, findings)
	if left {
		d.out.say("Thư đã gửi: %s. Thư các nơi gửi đến: %s. Bảng tổng hợp: %s. Xem tiếp: dondoc status -C %s --now %s",
			"Letters sent: %s. Mails of the units: %s. Consolidated workbook: %s. Look on: dondoc status -C %s --now %s",
			filepath.Join(d.dir, lettersDir), filepath.Join(d.dir, mailsDir), d.export(), d.dir, d.clock.Now().In(simulator.Zone).Format(time.RFC3339))
	}
	if len(result.Differences)+len(findings) > 0 {
		return errDiffers
	}
	return nil
}

// witnessed is the whole account: what the desk commanded, what went over the
// wires, what the senders meant, and what the commands say.
func (d *demo) witnessed(ctx context.Context) (*witness.Account, error) {
	account := d.account.Clone()
	meant := map[string]simulator.Sent{}
	for _, s := range d.world.Sent() {
		meant[s.MessageID] = s
	}
	for _, m := range d.letters.arrivals {
		mail := witness.Mail{Raw: m.Raw, Folder: "INBOX", At: m.At}
		header, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
		if err != nil {
			return nil, err
		}
		if s, ok := meant[strings.Trim(header.Header.Get("Message-Id"), "<>")]; ok {
			mail.By, mail.Unit, mail.Files, mail.Asks, mail.Completes = witness.Person, s.Unit, s.Papers, s.Asks, s.Completes
			if s.Machine {
				mail.By = witness.Machine
			}
		}
		account.Put(mail)
	}
	for _, m := range d.letters.accepted {
		account.Took(witness.Letter{To: m.To, Raw: m.Raw, At: m.At})
	}
	return account, account.Hear(d.dir, d.clock.Now(), func(dir string, args ...string) ([]byte, int) {
		var out bytes.Buffer
		p := *d.office
		p.Stdout, p.Stderr = &out, io.Discard
		code := p.Run(ctx, append(args, "-C", dir))
		return out.Bytes(), code
	})
}

// tell says what the witness found.
func (d *demo) tell(account *witness.Account, findings []witness.Finding) {
	mails, letters, _ := account.Seen()
	if len(findings) == 0 {
		d.out.say("Người chứng kiến từ bên ngoài (%d thư đến, %d thư đi, lời các lệnh): không lời hứa nào bị vi phạm.",
			"A witness from outside (%d mails, %d letters, what the commands say): no promise was broken.", mails, letters)
		return
	}
	d.out.say("Người chứng kiến từ bên ngoài (%d thư đến, %d thư đi, lời các lệnh): %d điều trái với lời hứa:",
		"A witness from outside (%d mails, %d letters, what the commands say): %d promises were broken:", mails, letters, len(findings))
	for _, f := range findings {
		fmt.Fprintln(d.out.Stdout, "  - "+f.In(d.out.cli.Lang))
	}
}

// export is where the consolidated workbook goes.
func (d *demo) export() string { return filepath.Join(d.dir, "tong-hop.xlsx") }

// gather asks the program, by the commands that anybody has, where things
// stand now and where they stood.
func (d *demo) gather(ctx context.Context) (found simulator.Found, err error) {
	run := d.command(ctx)
	ask := func(args ...string) (out []byte) {
		if err != nil {
			return nil
		}
		out, code := run(d.clock.Now(), args...)
		if code != exitDone {
			err = fmt.Errorf("%s: %s", strings.Join(args, " "), bytes.TrimSpace(out))
		}
		return out
	}
	found.Status = ask("status", "--json")
	found.Past = map[time.Time][]byte{}
	for _, at := range []time.Time{october(7, 16, 0), october(14, 16, 0), october(17, 12, 10), october(20, 0, 0), october(21, 16, 0), october(25, 0, 0)} {
		if at.Before(d.clock.Now()) && at.After(d.From.in(simulator.Zone)) {
			found.Past[at] = ask("status", "--json", "--now", at.Format(time.RFC3339))
		}
	}
	if ask("export", d.export()); err != nil {
		return found, err
	}
	if found.Sums, err = simulator.Totals(d.export()); err != nil {
		return found, err
	}
	found.Values, err = d.values(ctx)
	return found, err
}

func october(d, hour, minute int) time.Time {
	return time.Date(2022, 10, d, hour, minute, 0, 0, simulator.Zone)
}

// values are the figures that count for each unit, as the ledger has them.
func (d *demo) values(ctx context.Context) (map[string]map[string]float64, error) {
	p := *d.office
	o, err := p.open()
	if err != nil {
		return nil, err
	}
	defer o.Close()
	table, _, err := o.table(ctx, d.clock.Now())
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]float64{}
	for code, u := range table.Units {
		for _, c := range u.Counted {
			if c.Kind != finding.Appendix || c.Unit != code {
				continue
			}
			all[code] = map[string]float64{}
			for name, v := range c.Part.Values {
				if n, ok := v.(float64); ok {
					all[code][name] = n
				}
			}
		}
	}
	return all, nil
}

// program is the office's dondoc: the same, on the virtual clock, with the
// host's password.
func (d *demo) program() *Program {
	p := d.out
	env := map[string]string{"DONDOC_IMAP_PASSWORD": demoPassword, "DONDOC_SMTP_PASSWORD": demoPassword, "DONDOC_BY": demoDesk}
	return &Program{
		Stdin: strings.NewReader(""), Stdout: p.Stdout, Stderr: p.Stderr, Clock: d.clock, Reader: p.Reader,
		Getenv: func(name string) string {
			if v, ok := env[name]; ok {
				return v
			}
			return p.Getenv(name)
		},
		cli: &cli{Dir: d.dir, Lang: p.cli.Lang, Verbose: p.cli.Verbose},
		log: slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}
}
