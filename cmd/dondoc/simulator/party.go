package simulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// member is one unit of a party.
type member struct {
	Unit
	broken  bool     // mail does not arrive in its mailbox
	aliases []string // addresses that the desk registered besides
	aliased time.Time
}

// mailbox is the unit's own.
func (m *member) mailbox() string { return m.Emails[0] }

// party is a unit, or the units of one dup_group, who owe one report together.
type party struct {
	*World
	members  []*member // the one with the higher obligation first
	models   int
	role     role
	turn     int // how many parties of this role were cast before
	rng      *rand.Rand
	reportNo int
	figures  figures

	truth
}

func (p *party) lead() *member { return p.members[0] }

// role is how a party behaves.
type role string

const (
	punctual  role = "đúng hạn"
	late      role = "muộn"
	silent    role = "không gửi gì"
	threefold role = "ba thư trong mười phút"
	piecemeal role = "thiếu rồi bổ sung"
	mistaken  role = "sai ô rồi sửa"
	revised   role = "gửi lại số khác"
	private   role = "từ hộp thư cá nhân"
	mixedUp   role = "nhầm mẫu của đơn vị khác"
	relayed   role = "qua Văn phòng Tỉnh ủy"
	absent    role = "trả lời tự động vắng mặt"
	bouncing  role = "thư không đến nơi"
	elsewhere role = "ĐÃ GỬI qua trục liên thông"
	stormy    role = "bị bão, lùi hạn"
)

// Roles in the order of the summary, with their English names.
var roles = []struct {
	role role
	en   string
}{
	{punctual, "punctual"}, {late, "late"}, {silent, "silent to the end"}, {threefold, "three mails in ten minutes"},
	{piecemeal, "partial, then complete"}, {mistaken, "wrong cells, then mended"}, {revised, "resent with other numbers"},
	{private, "from a private address"}, {mixedUp, "another unit's form"}, {relayed, "forwarded by the Party office"},
	{absent, "out-of-office answer"}, {bouncing, "bouncing address"}, {elsewhere, `"ĐÃ GỬI" through the document system`},
	{stormy, "storm, deadline put off"},
}

// atLeast is how many parties of each role there are, if there are units enough.
const atLeast = 3

// storm are the districts that the storm of 14 October hit (MAIL.md §5).
var storm = []string{"HU-TRABONG", "HU-BINHSON", "HU-LYSON"}

// relay is the office that passes other units' mail on.
const relay = "VP-TU"

// cast gathers the units into parties and draws what each does.
func (w *World) cast() {
	for _, u := range w.config.Units {
		m := &member{Unit: u}
		if i := slices.IndexFunc(w.parties, func(p *party) bool { return u.DupGroup != "" && p.members[0].DupGroup == u.DupGroup }); i >= 0 {
			w.parties[i].members = append(w.parties[i].members, m)
			w.of[u.Code] = w.parties[i]
			continue
		}
		p := &party{World: w, members: []*member{m}}
		w.parties = append(w.parties, p)
		w.of[u.Code] = p
	}
	for _, p := range w.parties {
		slices.SortStableFunc(p.members, func(a, b *member) int { return b.Models - a.Models })
		p.models = p.lead().Models
		p.rng = w.random(p.lead().Code)
		p.reportNo = 100 + p.rng.IntN(300)
		p.figures = count(p.rng, p.lead().Category)
		if slices.Contains(storm, p.lead().Code) {
			p.role = stormy
		}
	}
	r := w.random("cast")
	order := slices.Clone(w.parties)
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	take := func(role role) bool {
		for _, p := range order {
			if p.role == "" && p.suits(role) {
				p.role = role
				return true
			}
		}
		return false
	}
	// The choosiest first: only districts write by way of the Party's office.
	first := []role{relayed, private, mixedUp, absent, bouncing, elsewhere, mistaken, piecemeal, threefold, revised, late, silent, punctual}
	for range atLeast {
		for _, role := range first {
			take(role)
		}
	}
	rest := []role{punctual, punctual, punctual, late, late, mistaken, piecemeal, threefold, revised, silent}
	for slices.ContainsFunc(order, func(p *party) bool { return p.role == "" }) {
		take(rest[r.IntN(len(rest))])
	}
	turns := map[role]int{}
	for _, p := range w.parties {
		p.turn = turns[p.role]
		turns[p.role]++
	}
}

// suits reports whether the party can play the role. An office that relays
// mail needs to say whose each is; the one that writes for the districts does
// nothing that would keep it from doing so.
func (p *party) suits(role role) bool {
	switch role {
	case relayed:
		return p.lead().District != "" && p.of[relay] != nil
	case private, mixedUp, absent, bouncing, elsewhere:
		return !p.lead().Relay && len(p.members) == 1 && p.lead().AutoRemind
	case piecemeal:
		return p.models > 0
	}
	return true
}

// writer is the member that files: mostly one for all.
func (p *party) writer() *member {
	return p.members[p.reportNo%len(p.members)]
}

// moment is a time in office hours of a day of October, with the seconds that
// people's mails have.
func (p *party) moment(d int) time.Time { return p.between(d, 7, 16) }

// between is a moment of office hours from the hour on and up to the end of the hour to.
func (p *party) between(d, from, to int) time.Time {
	for {
		at := day(d, from+p.rng.IntN(to-from+1), p.rng.IntN(60), p.rng.IntN(60))
		minutes := at.Hour()*60 + at.Minute()
		if minutes >= 7*60+35 && minutes < 11*60+30 || minutes >= 13*60+32 && minutes < 16*60+55 {
			return at
		}
	}
}

// workday is a working day drawn from first to last, both included.
func (p *party) workday(first, last int) int {
	for {
		if d := first + p.rng.IntN(last-first+1); working(day(d, 0, 0, 0)) {
			return d
		}
	}
}

// invitation is the newest mail with a form in the unit's mailbox.
func (p *party) invitation(m *member) (letter *seen, form []byte, err error) {
	all, err := p.read(m.mailbox())
	if err != nil {
		return nil, nil, err
	}
	for _, s := range slices.Backward(all) {
		if s.from != p.config.Office {
			continue
		}
		for _, f := range s.files {
			if f.isForm() && (strings.HasPrefix(s.key, "invite/") || form == nil) {
				letter, form = s, f.data
			}
		}
	}
	return letter, form, nil
}

// form is the blank form in the hands of the unit: what it got by mail, or
// what the desk gave it in another way.
func (p *party) form(m *member) (*seen, []byte, error) {
	letter, form, err := p.invitation(m)
	if err == nil && form == nil {
		form = p.config.Blank
		if !m.broken {
			p.wrong("%s: chưa nhận được mẫu trong hộp thư %s trước khi làm báo cáo", "%s: no form had come into the mailbox %s when the report was made", m.Code, m.mailbox())
		}
	}
	return letter, form, err
}

// content says which parts a mail brings.
type content struct {
	report, appendix, models, signed bool
	figures                          figures
	faults                           []fault
	form                             []byte // in place of the unit's own
	formOf                           string // whose form it is, for the file's name
}

// everything is a whole report.
func (p *party) everything() content {
	return content{report: true, appendix: true, models: true, figures: p.figures}
}

// mail writes and sends a mail with parts of the report and remembers the
// truth about it. from is the sender's address, nil for the unit's own.
func (p *party) mail(m *member, c content, change func(*draft)) (*gift, error) {
	letter, form, err := p.form(m)
	if err != nil {
		return nil, err
	}
	d := draft{from: m.mailbox(), fromName: m.Name, to: []string{p.config.Office}, answers: letter,
		subject: "Báo cáo \"Dân vận khéo\" năm 2022 của " + m.Name,
		text:    fmt.Sprintf("Kính gửi Ban Dân vận Tỉnh ủy,\n\n%s gửi kèm: %s.\n\nTrân trọng./.\n", m.Name, c.words())}
	if letter != nil && p.rng.IntN(2) == 0 {
		d.subject = "Re: " + letter.subject
	}
	g := &gift{party: p, by: m, at: p.now, content: c}
	if c.report {
		d.files = append(d.files, p.report(m))
	}
	if c.appendix {
		if c.form != nil {
			form = c.form
		}
		data, cells, err := fill(form, p, c.figures, c.faults)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Code, err)
		}
		of := c.formOf
		if of == "" {
			of = p.lead().Code
		}
		d.files = append(d.files, file{sheetName(of), data})
		g.cells = cells
	}
	if c.models {
		for n := range p.models {
			d.files = append(d.files, p.model(m, n))
		}
	}
	if c.signed {
		d.files = append(d.files, p.signed())
	}
	if g.papers, err = p.dress(m, c, d.files); err != nil {
		return nil, err
	}
	d.files = p.wrapped(m, g.papers)
	if change != nil {
		change(&d)
	}
	s, err := p.dispatch(d, m)
	if err != nil {
		return nil, err
	}
	g.mail = s
	p.gifts = append(p.gifts, g)
	return g, nil
}

func (c content) words() string {
	var all []string
	for _, x := range []struct {
		there bool
		name  string
	}{{c.report, "báo cáo"}, {c.appendix, "phụ lục số liệu"}, {c.models, "giới thiệu mô hình"}, {c.signed, "bản ký"}} {
		if x.there {
			all = append(all, x.name)
		}
	}
	return strings.Join(all, ", ")
}

// dispatch sends a mail and remembers that it was sent.
func (p *party) dispatch(d draft, by *member) (*sending, error) {
	id, err := p.send(d)
	if err != nil {
		return nil, err
	}
	s := &sending{id: id, from: d.from, at: p.now, party: p, by: by, machine: d.machine, cc: d.cc, files: len(d.files) > 0}
	p.sent = append(p.sent, s)
	return s, nil
}
