package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// desk is the committee's: it works at 08:30 and 17:30, on the command line, and at 16:20
// answers the digest from its telephone.
type desk struct {
	*World
	todo               []func() error // what it has learnt by telephone or found on paper
	answered           []ordered      // its answers to digests
	forged             []time.Time    // when somebody wrote in its name
	escalated, thanked time.Time      // when it let those letters go out; zero: not
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
func clock(t time.Time) string    { return t.In(Zone).Format("15:04 02/01") }

// open plans the desk's month.
func (d *desk) open(w *World) {
	d.World = w
	w.at(w.begin(), func() error { return d.present(d.invite) })
	w.at(day(14, 15, 10, 0), func() error { return d.present(d.pause) })
	w.at(day(18, 8, 20, 0), func() error { return d.present(d.resume) })
	w.at(day(13, 9, 40, 0), d.forge)
	w.at(day(25, 9, 0, 0), func() error { return d.present(d.escalate) })
	w.at(day(38, 9, 0, 0), func() error { return d.present(d.thank) })
	for _, p := range prolongings {
		w.at(p.at, func() error { return d.present(func() error { return d.prolong(p.until) }) })
	}
	for n := 4; day(n, 0, 0, 0).Before(w.config.To); n++ {
		if !working(day(n, 0, 0, 0)) {
			continue
		}
		w.at(day(n, 8, 30, 0), func() error { return d.present(d.session) })
		w.at(day(n, 16, 20, 0), d.telephone)
		w.at(day(n, 17, 30, 0), func() error { return d.present(d.session) })
	}
}

// present does something at the office's machine: while that is off, when it is
// back and somebody is there.
func (d *desk) present(act func() error) error {
	for _, off := range d.away {
		if !d.now.Before(off.from) && d.now.Before(off.to) {
			back := off.to.Add(minutes(20)).In(Zone)
			if back.Hour() >= 16 {
				back = morning(back.AddDate(0, 0, 1))
			}
			if back.Hour() < 8 {
				back = morning(back)
			}
			for !working(back) {
				back = back.AddDate(0, 0, 1)
			}
			d.at(back, act)
			return nil
		}
	}
	return act()
}

func morning(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 7, 50, 0, 0, Zone)
}

// prolongings: in a play that goes on into the next year, whoever gave nothing
// is given another date again and again, around holidays too.
var prolongings = []struct{ at, until time.Time }{
	{time.Date(2022, 12, 1, 9, 10, 0, 0, Zone), time.Date(2022, 12, 19, 0, 0, 0, 0, Zone)},
	{time.Date(2023, 1, 5, 9, 10, 0, 0, Zone), time.Date(2023, 1, 31, 0, 0, 0, 0, Zone)},
	{time.Date(2023, 4, 12, 9, 10, 0, 0, Zone), time.Date(2023, 5, 8, 0, 0, 0, 0, Zone)},
	{time.Date(2023, 8, 22, 9, 10, 0, 0, Zone), time.Date(2023, 9, 12, 0, 0, 0, 0, Zone)},
}

// prolong puts off the deadline of whoever gives nothing; until is its last day.
func (d *desk) prolong(until time.Time) error {
	for _, p := range d.parties {
		if p.role != silent {
			continue
		}
		d.command("extend", p.lead().Code, until.Format(time.DateOnly), "--reason", "lãnh đạo Ban thống nhất")
		p.prolonged = append(p.prolonged, prolonged{d.now, until.AddDate(0, 0, 1)})
	}
	return nil
}

// hopeless are the parties that surely wait for the committee's signed letter:
// nothing has come of them, and nothing keeps mail from them.
func (w *World) hopeless(t time.Time) (all []*party) {
	for _, p := range w.parties {
		vi, _ := p.excused(t)
		if p.role == silent && p.owes(t) && vi == "" && !p.broken() && len(p.prolonged) == 0 {
			all = append(all, p)
		}
	}
	return all
}

// escalate sends the signed letter to the leaders of whoever gave nothing.
func (d *desk) escalate() error {
	if d.invited.IsZero() || len(d.hopeless(d.now)) == 0 {
		return nil
	}
	path, err := d.put("661-CV-BDVTU.pdf", Page("BAN DAN VAN TINH UY QUANG NGAI", "So 661-CV/BDVTU", "(Ban chay thu cua dondoc, khong phai van ban that)"))
	if err != nil {
		return err
	}
	d.command("approve", "escalate", path, "--ref", "661-CV/BDVTU", "--date", d.now.In(Zone).Format(time.DateOnly), "--by", "2022-10-31", "--yes")
	d.escalated, d.hopelessThen = d.now, d.hopeless(d.now)
	return nil
}

// thank thanks whoever gave all, once the summary report has been issued.
func (d *desk) thank() error {
	if d.invited.IsZero() {
		return nil
	}
	d.command("approve", "thanks", "--ref", "700-BC/BDVTU", "--date", d.now.In(Zone).Format(time.DateOnly), "--yes")
	d.thanked = d.now
	return nil
}

// later is for the next session.
func (d *desk) later(act func() error) { d.todo = append(d.todo, act) }

// put is a file that the desk was handed.
func (d *desk) put(name string, data []byte) (path string, err error) {
	path = filepath.Join(d.config.Scratch, name)
	return path, os.WriteFile(path, data, 0o600)
}

// command carries out a command line of the committee's.
func (w *World) command(args ...string) []byte {
	out, code := w.config.Command(w.now, args...)
	w.decided(false, args...)
	if code != 0 && code != 3 {
		w.wrong("lệnh %q của Phòng kết thúc với mã %d: %s", "the desk's command %q ended with status %d: %s", strings.Join(args, " "), code, bytes.TrimSpace(out))
	}
	return out
}

func (d *desk) invite() error {
	d.command("invite", "--yes")
	d.invited = d.now
	return nil
}

func (d *desk) session() error {
	todo := d.todo
	d.todo = nil
	for _, act := range todo {
		if err := act(); err != nil {
			return err
		}
	}
	return d.sort()
}

// heldMail is what the desk looks at in `held list --json`.
type heldMail struct {
	ID        string `json:"id"`
	MessageID string `json:"message_id"`
	Reason    string `json:"reason"`
	From      string `json:"from"`
	Subject   string `json:"subject"`
}

// sort goes through the mail that waits for a person. The desk telephones, and
// so knows what the play knows: who really sent it, and what.
func (d *desk) sort() error {
	lines := json.NewDecoder(bytes.NewReader(d.command("held", "list", "--json")))
	for lines.More() {
		var m heldMail
		if err := lines.Decode(&m); err != nil {
			return err
		}
		d.settle(m)
	}
	return nil
}

func (d *desk) settle(m heldMail) {
	for _, p := range d.parties {
		for _, g := range p.gifts {
			if g.mail == nil || g.mail.id != strings.Trim(m.MessageID, "<>") {
				continue
			}
			g.settled = d.now
			if !g.doubtful {
				d.wrong("%s: thư %s gửi lúc %s bị giữ lại (%s), dù không có gì phải hỏi", "%s: mail %s, sent at %s, was held (%s) though there is nothing to ask", g.by.Code, m.ID, clock(g.at), m.Reason)
			}
			if g.unwanted != nil {
				d.command("held", "reject", m.ID, "--reason", "mẫu của đơn vị khác; đã gọi điện, đơn vị sẽ gửi lại")
				g.rejected = true
				g.unwanted()
				return
			}
			d.command("held", "assign", m.ID, g.by.Code, "--reason", "đã gọi điện xác minh")
			if g.confirmed.IsZero() {
				g.confirmed = d.now
			}
			return
		}
		for _, q := range p.questions {
			if q.id != strings.Trim(m.MessageID, "<>") {
				continue
			}
			q.settled = d.now
			if q.asksTime {
				d.command("extend", p.lead().Code, "2022-10-24", "--reason", "đơn vị đề nghị; đã gọi điện")
				p.prolonged = append(p.prolonged, prolonged{d.now, day(25, 0, 0, 0)})
			}
			d.command("held", "reject", m.ID, "--reason", "đã trả lời qua điện thoại")
			return
		}
	}
	d.wrong("thư %s (%s, %q) chờ người xem, nhưng không đơn vị nào gửi thư như vậy", "mail %s (%s, %q) waits for a person, but no unit sent such a mail", m.ID, m.From, m.Subject)
	d.command("held", "reject", m.ID, "--reason", "không rõ")
}

// districts are the flags that name the districts hit by the storm.
func (d *desk) districts() []string {
	var flags []string
	for _, code := range storm {
		if p := d.of[code]; p != nil {
			flags = append(flags, "--district", p.lead().District)
		}
	}
	return flags
}

func (d *desk) pause() error {
	if flags := d.districts(); len(flags) > 0 {
		d.command(append([]string{"pause", "--cause", "thien-tai", "--reason", "bão số 5, mưa lớn"}, flags...)...)
		d.stormy(func(p *party) { p.paused = append(p.paused, span{from: d.now}) })
	}
	return nil
}

func (d *desk) resume() error {
	if flags := d.districts(); len(flags) > 0 {
		until := max(24, d.now.In(Zone).Day())
		d.command(append(append([]string{"extend"}, flags...), fmt.Sprintf("2022-10-%02d", until), "--cause", "thien-tai", "--reason", "bão số 5, mưa lũ")...)
		d.command(append([]string{"resume", "--reason", "đã ổn định"}, flags...)...)
		d.stormy(func(p *party) {
			p.prolonged, p.resumed = append(p.prolonged, prolonged{d.now, day(until+1, 0, 0, 0)}), d.now
			for i := range p.paused {
				p.paused[i].to = d.now
			}
		})
	}
	return nil
}

func (d *desk) stormy(each func(*party)) {
	for _, code := range storm {
		if p := d.of[code]; p != nil {
			each(p)
		}
	}
}
