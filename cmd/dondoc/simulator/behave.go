package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// play plans what the party does. Whoever acts looks into the mailbox first:
// the form, and what is wrong with what was sent, come by mail.
func (p *party) play() {
	map[role]func(){
		punctual: p.playPunctual, late: p.playLate, silent: func() {}, threefold: p.playThreefold,
		piecemeal: p.playPiecemeal, mistaken: p.playMistaken, revised: p.playRevised, private: p.playPrivate,
		mixedUp: p.playMixedUp, relayed: p.playRelayed, absent: p.playAbsent, bouncing: p.playBouncing,
		elsewhere: p.playElsewhere, stormy: p.playStormy,
	}[p.role]()
}

// hand plans to send parts on a day.
func (p *party) hand(d int, c content, change func(*draft)) {
	m := p.writer()
	p.at(p.moment(d), func() error {
		_, err := p.mail(m, c, change)
		return err
	})
}

func (p *party) playPunctual() {
	whole := p.everything()
	whole.signed = p.rng.IntN(2) == 0
	d := p.workday(7, 19)
	switch {
	case len(p.members) > 1 && p.turn%2 == 0:
		// One of the two sends the report, the other the rest.
		p.at(p.moment(d), func() error {
			_, err := p.mail(p.members[0], content{report: true}, nil)
			return err
		})
		p.at(p.moment(d), func() error {
			_, err := p.mail(p.members[1], content{appendix: true, models: true, figures: p.figures}, nil)
			return err
		})
		return
	case p.turn%4 == 1:
		// "Reply to all": a leader and another unit get a copy.
		other := p.neighbour()
		p.hand(d, whole, func(m *draft) { m.cc = []string{"lanhdao@bdvtu.quangngai.example", other.lead().mailbox()} })
		return
	case p.turn%4 == 2 && !p.lead().Relay:
		p.ask(p.workday(5, 6))
	}
	p.hand(d, whole, nil)
}

// neighbour is another party whose mailbox works.
func (p *party) neighbour() *party {
	for {
		o := p.parties[p.rng.IntN(len(p.parties))]
		if o != p && o.role != bouncing && o.role != stormy && len(o.members) == 1 && !o.lead().Relay || len(p.parties) < 4 {
			return o
		}
	}
}

// ask writes a question, without files.
func (p *party) ask(d int) {
	p.at(p.moment(d), func() error {
		return p.words("Kính gửi Ban Dân vận Tỉnh ủy,\n\nKính hỏi: mô hình đăng ký từ năm 2021, năm 2022 mới được công nhận thì ghi vào Biểu 3 có đúng không?\n\nTrân trọng./.\n", nil)
	})
}

// words sends a mail without files, in answer to the newest letter; said notes
// what it has said.
func (p *party) words(text string, said func()) error {
	m := p.writer()
	letter, _, err := p.invitation(m)
	if err != nil {
		return err
	}
	d := draft{from: m.mailbox(), fromName: m.Name, to: []string{p.config.Office}, subject: "Về báo cáo \"Dân vận khéo\" của " + m.Name, text: text, answers: letter}
	if letter != nil {
		d.subject = "Re: " + letter.subject
	}
	s, err := p.dispatch(d, m)
	if err == nil {
		p.questions = append(p.questions, s)
		if said != nil {
			said()
		}
	}
	return err
}

func (p *party) playLate() {
	switch p.turn % 3 {
	case 0:
		p.hand(20, p.everything(), nil)
	case 1:
		p.at(p.between(18, 9, 16), func() error {
			return p.words(fmt.Sprintf("Kính gửi Ban Dân vận Tỉnh ủy,\n\nDo đang chờ trình ký, %s dự kiến gửi báo cáo ngày 24/10/2022.\n\nTrân trọng./.\n", p.writer().Name), func() {
				p.promised = append(p.promised, span{p.now, day(25, 0, 0, 0)})
			})
		})
		p.hand(24, p.everything(), nil)
	default:
		p.at(p.between(18, 9, 15), func() error {
			return p.words(fmt.Sprintf("Kính gửi Ban Dân vận Tỉnh ủy,\n\nDo chờ số liệu của các đơn vị trực thuộc, %s xin lùi thời hạn gửi báo cáo đến hết ngày 24/10/2022.\n\nTrân trọng./.\n", p.writer().Name), func() {
				p.questions[len(p.questions)-1].asksTime = true
			})
		})
		p.hand(p.workday(21, 26), p.everything(), nil)
	}
}

func (p *party) playThreefold() {
	m := p.writer()
	t := p.between(p.workday(7, 19), 8, 15)
	for i, c := range []content{{report: true}, {appendix: true, figures: p.figures}, {models: true}} {
		if c.models && p.models == 0 {
			continue
		}
		p.at(t, func() error {
			_, err := p.mail(m, c, nil)
			return err
		})
		t = t.Add(minutes(2) + seconds(p.rng.IntN(120)) + seconds(i))
	}
}

func (p *party) playPiecemeal() {
	first := p.workday(7, 14)
	p.hand(first, content{report: true, appendix: true, figures: p.figures}, nil)
	var second int
	switch p.turn % 4 {
	case 0:
		second = nextWorking(first, 1+p.rng.IntN(2))
	case 1:
		second = p.workday(18, 19)
	case 2:
		second = p.workday(21, 26)
	default:
		return
	}
	p.hand(second, content{models: true}, nil)
}

func (p *party) playMistaken() {
	m := p.writer()
	first := p.workday(7, 17)
	c := p.everything()
	c.faults = spoil(p.rng, p.figures)
	mend := nextWorking(first, 1+p.rng.IntN(2))
	if p.turn%4 == 2 {
		mend = p.workday(21, 26)
	}
	var g *gift
	p.at(p.moment(first), func() (err error) {
		g, err = p.mail(m, c, nil)
		return err
	})
	if p.turn%4 == 3 {
		return
	}
	var mending func() error
	mending = func() error {
		if g == nil {
			return nil // the play began later
		}
		told, err := p.corrections(m, g)
		if err != nil {
			return err
		}
		if !told {
			// The office's machine is off: the unit looks again the next day.
			p.at(p.moment(nextWorking(p.now.Day(), 1)), mending)
			return nil
		}
		_, err = p.mail(m, content{appendix: true, figures: p.figures}, nil)
		return err
	}
	p.at(p.moment(mend), mending)
}

// corrections looks for the letter that answers the gift and reads from it
// what is to be mended: every cell that is wrong has to be named.
func (p *party) corrections(m *member, g *gift) (told bool, err error) {
	all, err := p.read(m.mailbox())
	if err != nil {
		return false, err
	}
	for _, s := range all {
		if s.from != p.config.Office || s.inReplyTo != g.mail.id {
			continue
		}
		for _, f := range g.faults {
			for _, word := range append([]string{g.cells[f.name]}, f.must...) {
				if f.name == "DVK_B1_12_CN" && word == g.cells[f.name] {
					continue // tables that do not agree: no single cell is wrong
				}
				if !strings.Contains(s.text, word) {
					p.wrong("%s: thư đề nghị sửa %s không nêu %q (ô %s)", "%s: the letter of corrections %s does not say %q (cell %s)", m.Code, s.key, word, g.cells[f.name])
				}
			}
		}
		return true, nil
	}
	if slices.ContainsFunc(p.away, func(off span) bool { return off.from.Before(p.now) && off.to.After(g.at) }) {
		return false, nil
	}
	p.wrong("%s: gửi phụ lục có ô sai lúc %s nhưng đến %s chưa có thư đề nghị sửa",
		"%s: sent an appendix with wrong cells at %s and by %s had no letter of corrections", m.Code, clock(g.at), clock(p.now))
	return false, nil
}

func (p *party) playRevised() {
	m := p.writer()
	first := p.workday(7, 17)
	p.hand(first, p.everything(), nil)
	p.at(p.moment(nextWorking(first, 1+p.rng.IntN(2))), func() error {
		p.figures = change(p.rng, p.figures)
		_, err := p.mail(m, content{appendix: true, figures: p.figures}, func(d *draft) {
			d.text = "Kính gửi Ban Dân vận Tỉnh ủy,\n\nĐơn vị gửi lại phụ lục số liệu đã rà soát, thay cho bản gửi trước.\n\nTrân trọng./.\n"
		})
		return err
	})
}

// own is the private mailbox of whoever writes for the unit.
func (m *member) own() string {
	return "vanthu." + strings.ToLower(strings.ReplaceAll(m.Code, "-", "")) + "@thucanhan.example"
}

func (p *party) playPrivate() {
	m := p.writer()
	d := p.workday(7, 17)
	if p.turn%3 == 0 {
		p.hand(d, p.everything(), func(x *draft) { x.from = m.own() })
		return
	}
	p.at(p.moment(d), func() error {
		g, err := p.mail(m, content{report: true, models: true}, func(x *draft) {
			x.from, x.answers = m.own(), nil
			x.subject = "Báo cáo \"Dân vận khéo\" năm 2022 của " + m.Name
		})
		if err != nil {
			return err
		}
		g.claimed = true
		if p.turn%3 == 1 {
			p.desk.later(func() error { return p.alias(m, m.own()) })
		}
		return nil
	})
	p.hand(nextWorking(d, 1+p.rng.IntN(2)), content{appendix: true, figures: p.figures}, nil)
}

// alias lets the desk, who has telephoned, register an address of the unit.
func (p *party) alias(m *member, address string) error {
	p.command("alias", m.Code, address, "--reason", "đơn vị xác nhận qua điện thoại")
	m.aliases, m.aliased = append(m.aliases, address), p.now
	for _, g := range p.gifts {
		if g.claimed && g.mail.from == address {
			g.confirmed = p.now
		}
	}
	return nil
}

func (p *party) playMixedUp() {
	m, other := p.writer(), p.neighbour()
	p.at(p.moment(p.workday(7, 14)), func() error {
		_, form, err := p.invitation(other.lead())
		if err != nil || form == nil {
			return err
		}
		c := p.everything()
		c.form, c.formOf = form, other.lead().Code
		g, err := p.mail(m, c, nil)
		if err != nil {
			return err
		}
		g.doubtful = true
		if p.turn%2 == 1 {
			return nil // its own figures stand in it: the desk, who telephones, takes it
		}
		g.unwanted = func() {
			p.hand(nextWorking(p.now.Day(), 1), p.everything(), nil)
		}
		return nil
	})
}

func (p *party) playRelayed() {
	m := p.writer()
	office := p.unit(relay)
	d := p.workday(7+p.turn, 18)
	t := p.between(d, 8, 10)
	p.at(t, func() error {
		letter, form, err := p.form(m)
		if err != nil {
			return err
		}
		data, _, err := fill(form, p, p.figures, nil)
		if err != nil {
			return err
		}
		mail := draft{from: m.mailbox(), fromName: m.Name, to: []string{office.mailbox()}, answers: letter,
			subject: "Báo cáo \"Dân vận khéo\" năm 2022 của " + m.Name, text: "Kính gửi Văn phòng Tỉnh ủy.\n",
			files: []file{p.report(m), {sheetName(m.Code), data}}}
		for n := range p.models {
			mail.files = append(mail.files, p.model(m, n))
		}
		id, err := p.send(mail)
		if err != nil {
			return err
		}
		p.at(t.Add(minutes(30+p.rng.IntN(30))), func() error { return p.passOn(office, m, id) })
		return nil
	})
}

// passOn is the Party's office, which finds a district's mail in its mailbox
// and forwards it.
func (p *party) passOn(office, m *member, id string) error {
	all, err := p.read(office.mailbox())
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.id != id {
			continue
		}
		d := draft{from: office.mailbox(), fromName: office.Name, to: []string{p.config.Office}, files: s.files,
			subject: "Fwd: " + s.subject,
			text: fmt.Sprintf("Văn phòng Tỉnh ủy chuyển Ban Dân vận Tỉnh ủy báo cáo của %s.\n\n---------- Thư chuyển tiếp ----------\nTừ: %s <%s>\nTiêu đề: %s\n\n%s",
				m.Name, m.Name, m.mailbox(), s.subject, s.text)}
		sent, err := p.dispatch(d, office)
		if err != nil {
			return err
		}
		c := p.everything()
		p.gifts = append(p.gifts, &gift{party: p, by: m, at: p.now, content: c, mail: sent, doubtful: true})
		return nil
	}
	return fmt.Errorf("%s: %s is not in the mailbox", office.Code, id)
}

func (p *party) playAbsent() {
	m := p.writer()
	answered := map[string]bool{}
	for _, d := range []int{4, 12} {
		p.at(day(d, 8, 5, p.rng.IntN(60)), func() error {
			all, err := p.read(m.mailbox())
			if err != nil {
				return err
			}
			for _, s := range all {
				if s.from != p.config.Office || answered[s.id] {
					continue
				}
				answered[s.id] = true
				if _, err := p.dispatch(draft{from: m.mailbox(), fromName: m.Name, to: []string{s.from}, subject: "Trả lời tự động: " + s.subject,
					text: "Tôi đi công tác đến hết tuần, sẽ trả lời sau.\n", answers: s, machine: true}, m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	p.hand(p.workday(13, 19), p.everything(), nil)
}

func (p *party) playBouncing() {
	m := p.writer()
	m.broken = true
	if p.turn%2 == 0 {
		p.config.Refuse(m.mailbox())
	} else {
		p.config.Return(m.mailbox())
	}
	p.at(day(5, 8, 45, p.rng.IntN(60)), func() error {
		return p.desk.present(func() error {
			p.command("note", m.Code, "hộp thư của đơn vị không nhận được thư; đã gọi điện, gửi mẫu qua Zalo")
			return nil
		})
	})
	switch p.turn % 3 {
	case 1:
		p.hand(p.workday(20, 26), p.everything(), nil)
	case 2:
		p.at(p.moment(17), func() error { return p.desk.present(func() error { return p.alias(m, m.own()) }) })
		p.at(p.moment(p.workday(18, 26)), func() error {
			g, err := p.mail(m, p.everything(), func(d *draft) { d.from = m.own() })
			if err == nil {
				g.claimed = len(m.aliases) == 0
			}
			return err
		})
	}
}

func (p *party) playElsewhere() {
	m := p.writer()
	d := p.workday(12, 18)
	ref := fmt.Sprintf("%d/BC", p.reportNo)
	p.at(p.between(d, 9, 15), func() error {
		text := fmt.Sprintf("ĐÃ GỬI Báo cáo số %s ngày %02d/10/2022 qua trục liên thông văn bản.\n\n%s\n", ref, d, m.Name)
		if err := p.words(text, nil); err != nil {
			return err
		}
		p.said = append(p.said, span{from: p.now})
		p.desk.later(func() error { return p.record(m, ref, d) })
		return nil
	})
	if p.turn%3 == 1 {
		p.hand(nextWorking(d, 1), content{appendix: true, figures: p.figures}, nil)
	}
}

// record is the desk, who has found the unit's papers in the document system.
func (p *party) record(m *member, ref string, d int) error {
	date := fmt.Sprintf("2022-10-%02d", d)
	take := func(part string, c content, file ...string) {
		args := append([]string{"received", m.Code, part}, file...)
		p.command(append(args, "--via", "lien-thong", "--ref", ref, "--date", date)...)
		p.gifts = append(p.gifts, &gift{party: p, by: m, at: day(d, 0, 0, 0), known: p.now, content: c, outside: true})
	}
	take("report", content{report: true})
	if p.models > 0 {
		take(fmt.Sprintf("model:%d", p.models), content{models: true})
	}
	switch p.turn % 3 {
	case 0:
		take("appendix", content{appendix: true})
	case 2:
		_, form, err := p.form(m)
		if err != nil {
			return err
		}
		data, _, err := fill(form, p, p.figures, nil)
		if err != nil {
			return err
		}
		path, err := p.desk.put(sheetName(m.Code), data)
		if err != nil {
			return err
		}
		take("appendix", content{appendix: true, figures: p.figures}, path)
	}
	for i := range p.said {
		if p.said[i].to.IsZero() {
			p.said[i].to = p.now
		}
	}
	return nil
}

func (p *party) playStormy() {
	m := p.writer()
	switch p.turn % 3 {
	case 0:
		p.at(p.between(13, 8, 16), func() error {
			_, err := p.mail(m, content{report: true}, nil)
			return err
		})
		p.hand(p.workday(20, 21), content{appendix: true, models: true, figures: p.figures}, nil)
	case 1:
		p.hand(24, p.everything(), nil)
	default:
		p.hand(p.workday(25, 26), p.everything(), nil)
	}
}
