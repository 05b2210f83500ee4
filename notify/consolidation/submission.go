package consolidation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// outcome is how a unit handed in, as the committee counts it.
type outcome int

const (
	onTime outcome = iota
	inGrace
	late
	incomplete
	nothing
	excused // nothing is owed any more
	outcomes
)

func outcomeOf(u *standing.Unit) outcome {
	switch {
	case u.Timeliness == standing.OnTime:
		return onTime
	case u.Timeliness == standing.Grace:
		return inGrace
	case u.Timeliness == standing.Late:
		return late
	case len(u.Missing) == 0:
		return excused
	case len(u.Counted) > 0:
		return incomplete
	}
	return nothing
}

func (w *writer) outcomeWord(o outcome) string {
	switch o {
	case onTime:
		return w.timeliness(standing.OnTime)
	case inGrace:
		return w.timeliness(standing.Grace)
	case late:
		return w.timeliness(standing.Late)
	case incomplete:
		return w.say("Còn thiếu", "Incomplete")
	case nothing:
		return w.say("Chưa gửi", "Nothing yet")
	}
	return w.say("Được miễn", "Exempt")
}

// The columns of the sheet that the summary counts in; those of the parts stand
// between the first two.
type submissionColumns struct{ outcome, extended, exempt, outside, claimed int }

// submitted are the lines of the units in the sheet of submission, by group.
type submitted struct {
	columns  submissionColumns
	from, to []int
}

// writeSubmission writes how every unit handed in: part by part, and what the
// committee decided about it.
func (w *writer) writeSubmission() error {
	s := &sheet{name: w.names.submission, widths: []float64{5, 13, 28}, frozen: 3}
	s.head(w.say("TÌNH HÌNH NỘP BÁO CÁO", "HOW THE UNITS HANDED IN"), title)
	s.head(fmt.Sprintf(w.say("%s · hạn chung: %s · lúc %s", "%s · deadline: %s · at %s"),
		w.Campaign.Letter.Name.In(w.Lang), w.lastDay(w.Campaign.Deadline.Before), w.when(w.Now)), subtitle)
	heads := []string{w.say("TT", "No."), w.say("Mã", "Code"), w.say("Đơn vị", "Unit")}
	kinds := w.kinds()
	for _, k := range kinds {
		name := w.Campaign.Parts[k].Name.In(w.Lang)
		if name == "" {
			name = k
		}
		heads = append(heads, name)
		s.widths = append(s.widths, 17)
	}
	at := len(heads)
	w.handed.columns = submissionColumns{at + 1, at + 4, at + 5, at + 6, at + 7}
	heads = append(heads, w.say("Kết quả", "Outcome"), w.say("Đủ lúc", "Complete at"), w.say("Chậm nhất hết ngày", "Until the end of"),
		w.say("Gia hạn", "Extended"), w.say("Được miễn", "Exempt"), w.say("Nhận ngoài hộp thư", "Outside the mailbox"), w.say("Chờ xác nhận", "Unconfirmed"), w.say("Ghi chú", "Notes"))
	s.widths = append(s.widths, 12, 12, 12, 13, 14, 26, 10, 28)
	var cells []cell
	for _, h := range heads {
		cells = append(cells, cell{value: h, look: heading})
	}
	line := s.add(cells...)
	s.heads = [2]int{line, line}
	for _, g := range w.groups {
		s.band(g.name)
		from := s.addLines(g.to-g.from, func(i int) []cell { return w.submissionLine(kinds, g.from+i+1, &w.rows[g.from+i]) })
		w.handed.from, w.handed.to = append(w.handed.from, from), append(w.handed.to, s.n)
	}
	s.fit(2, 9, 16)
	s.fit(3, 16, 30)
	return w.put(s)
}

// kinds are the parts that somebody owes.
func (w *writer) kinds() []string {
	var kinds []string
	for _, k := range []string{finding.Report, finding.Appendix, finding.Model} {
		if slices.ContainsFunc(w.Campaign.Units, func(u config.Unit) bool { return slices.Contains(u.Obligation.Parts(), k) }) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (w *writer) submissionLine(kinds []string, n int, r *row) []cell {
	u := r.at
	l := centred
	switch outcomeOf(u) {
	case nothing:
		l.fill = red
	case incomplete:
		l.fill = yellow
	}
	line := []cell{{value: n, look: centred}, {value: r.unit.Code, look: text}, {value: r.unit.Name, look: text}}
	for _, k := range kinds {
		line = append(line, cell{value: w.partCame(r, k), look: centred})
	}
	extended, claimed := "", ""
	if u.Extended {
		extended = fmt.Sprintf(w.say("đến hết %s", "to the end of %s"), w.lastDay(u.Deadline))
	}
	if u.Claimed {
		claimed = w.say("chờ xác nhận", "unconfirmed")
	}
	return append(line,
		cell{value: w.outcomeWord(outcomeOf(u)), look: l}, cell{value: w.when(u.CompletedAt), look: centred}, cell{value: w.lastDay(u.Deadline), look: centred},
		cell{value: extended, look: centred}, cell{value: w.exempted(r), look: centred}, cell{value: w.outside(u), look: text}, cell{value: claimed, look: centred},
		cell{value: w.submissionRemarks(r), look: text})
}

// partCame says of one part when it came, or that it did not.
func (w *writer) partCame(r *row, kind string) string {
	var last time.Time
	models := 0
	for i := range r.at.Counted {
		if c := &r.at.Counted[i]; c.Kind == kind {
			models += c.Models()
			if c.Received.After(last) {
				last = c.Received
			}
		}
	}
	owed := slices.Contains(r.at.Owes.Parts(), kind)
	switch {
	case kind == finding.Model && owed:
		words := fmt.Sprintf("%02d/%02d", models, r.at.Owes.Models)
		if !last.IsZero() {
			words += "\n" + w.day(last)
		}
		return words
	case !last.IsZero() && slices.Contains(r.at.ForNow, kind):
		return w.day(last) + "\n" + w.say("(bản tạm)", "(provisional)")
	case !last.IsZero():
		return w.day(last)
	case owed:
		return w.say("chưa có", "not yet")
	}
	return "–"
}

func (w *writer) day(t time.Time) string { return t.In(w.zone()).Format("02/01 15:04") }

// asked is what the letter asks of the unit's dossier.
func (w *writer) asked(r *row) config.Obligation {
	owes := r.unit.Obligation
	if r.unit.DupGroup != "" {
		owes = w.Campaign.Group(r.unit.Code)[0].Obligation
	}
	return owes
}

// exempted lists what the unit was asked for and need not give.
func (w *writer) exempted(r *row) string {
	asked, owes := w.asked(r), r.at.Owes
	if _, known := w.Table.Units[r.unit.Code]; !known {
		return ""
	}
	var words []string
	for _, k := range asked.Parts() {
		name := w.shortPart(k)
		switch {
		case k == finding.Model && owes.Models < asked.Models:
			words = append(words, fmt.Sprintf("%02d %s", asked.Models-owes.Models, name))
		case k != finding.Model && !slices.Contains(owes.Parts(), k):
			words = append(words, name)
		}
	}
	return strings.Join(words, "; ")
}

// shortPart is how a part is called in few words.
func (w *writer) shortPart(kind string) string {
	words := w.Campaign.Parts[kind]
	name := words.Short.In(w.Lang)
	if kind == finding.Model {
		name = words.Brief.In(w.Lang)
	}
	if name == "" {
		name = words.Name.In(w.Lang)
	}
	return name
}

// outside lists what came another way than by the mailbox.
func (w *writer) outside(u *standing.Unit) string {
	ways := map[string][2]string{
		"lien-thong": {"trục liên thông", "government document exchange"}, "giay": {"bản giấy", "on paper"},
		"zalo": {"Zalo", "Zalo"}, "dien-thoai": {"điện thoại", "telephone"},
		"thu": {"thư báo không phát sinh", "message that there is nothing to report"},
	}
	var words []string
	for i := range u.Counted {
		c := &u.Counted[i]
		if c.Decision == "" {
			continue
		}
		name := w.shortPart(c.Kind)
		if d, ok := w.decision(c.Decision); ok {
			if way, known := ways[d.Via]; known {
				name += ": " + w.say(way[0], way[1])
			}
			if d.Ref != "" {
				name += " " + d.Ref
			}
		}
		words = append(words, name)
	}
	return strings.Join(words, "\n")
}

// decision finds a decision by its id; where it is not known, less is said.
func (w *writer) decision(id string) (standing.Decision, bool) {
	i := slices.IndexFunc(w.Decisions, func(d standing.Decision) bool { return d.ID == id })
	if i < 0 {
		return standing.Decision{}, false
	}
	return w.Decisions[i], true
}

func (w *writer) submissionRemarks(r *row) string {
	u := r.at
	var words []string
	add := func(is bool, vi, en string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(w.say(vi, en), args...))
		}
	}
	add(u.CoveredBy != "", "báo cáo chung với %s", "shared with %s", u.CoveredBy)
	add(len(u.Missing) > 0 && len(u.Counted) > 0, "còn thiếu: %s", "missing: %s", w.missing(u))
	add(len(u.Open) > 0, "%d nội dung chờ sửa hoặc giải trình", "%d items to be fixed or explained", len(u.Open))
	add(len(u.HeldMails) > 0, "%d thư chờ người xem", "%d mails wait for a person", len(u.HeldMails))
	add(u.CorrectedBy != "", "đang đính chính", "being corrected")
	add(u.Said, "báo đã gửi, chờ đối chiếu", "says that it has sent, to be checked")
	add(!u.Promise.IsZero(), "hẹn gửi ngày %s", "promised for %s", u.Promise.In(w.zone()).Format("02/01"))
	return strings.Join(words, "; ")
}

// writeUps reports whether write-ups are asked for, or came all the same.
func (w *writer) writeUps() bool {
	return slices.Contains(w.kinds(), finding.Model) || slices.ContainsFunc(w.rows, func(r row) bool { return r.at.Models > 0 })
}

// writeWriteUps lists the write-ups that came, file by file.
func (w *writer) writeWriteUps() error {
	if !w.writeUps() {
		return nil
	}
	words := w.Campaign.Parts[finding.Model]
	noun := words.Noun.In(w.Lang)
	if noun == "" {
		noun = words.Name.In(w.Lang)
	}
	s := &sheet{name: w.names.writeUps, widths: []float64{5.5, 13, 26, 44, 26, 6, 16, 14, 29}}
	came, owed := 0, 0
	for i := range w.rows {
		if r := &w.rows[i]; r.at.Lead == r.unit.Code || r.at.Lead == "" {
			came += min(r.at.Models, r.at.Owes.Models)
			owed += r.at.Owes.Models
		}
	}
	s.head(strings.ToUpper(w.say("Bài giới thiệu ", "Write-ups: ")+noun), title)
	s.head(fmt.Sprintf(w.say("%s · đã có %d/%d · số liệu đến %s", "%s · %d of %d are there · as of %s"), w.Campaign.Letter.Name.In(w.Lang), came, owed, w.when(w.Now)), subtitle)
	heads := []string{w.say("TT", "No."), w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Tên trong bài", "Title in the file"), w.say("Tệp đơn vị gửi", "File as sent"),
		w.say("Số bài", "Count"), w.say("Mã tiếp nhận", "Receipt"), w.say("Nhận lúc", "Received"), "SHA-256"}
	if w.Path != nil {
		heads = append(heads, w.say("Nơi lưu", "Kept in"))
		s.widths = append(s.widths, 38)
	}
	var cells []cell
	for _, h := range heads {
		cells = append(cells, cell{value: h, look: heading})
	}
	line := s.add(cells...)
	s.heads = [2]int{line, line}
	small := look{border: true, wrap: true, across: "left", size: 8}
	n := 0
	for i := range w.rows {
		r := &w.rows[i]
		for k := range r.at.Counted {
			c := &r.at.Counted[k]
			if c.Kind != finding.Model || c.Unit != r.unit.Code {
				continue
			}
			n++
			arrival := c.Arrival
			if arrival == "" {
				arrival = fmt.Sprintf(w.say("ngoài hộp thư (%s)", "outside (%s)"), c.Decision)
			}
			cells := []cell{{value: n, look: centred}, {value: r.unit.Code, look: text}, {value: r.unit.Name, look: text}, {value: c.Part.Title, look: text},
				{value: fileName(c.Part.Path, c.Part.Name), look: text}, {value: c.Models(), look: centred}, {value: arrival, look: centred}, {value: w.when(c.Received), look: centred}, {value: c.Part.SHA256, look: small}}
			if w.Path != nil {
				kept := w.Path(c.Arrival, c.Decision, c.Part)
				if kept != "" && w.Link != nil && len(s.files) < maxTold {
					cells[4].look.link = true
					s.files = append(s.files, fileLink{ref(5, s.n+1), w.Link(kept), ""})
				}
				cells = append(cells, cell{value: kept, look: small})
			}
			s.add(cells...)
		}
	}
	s.fit(2, 9, 16)
	if s.filter = n > 0; n == 0 {
		w.remark(s, w.say("Chưa có bài nào.", "None came yet."))
	}
	return w.put(s)
}

// band is a line over the whole width that names a group.
func (s *sheet) band(name string) {
	look := text
	look.bold, look.fill = true, grey
	cells := []cell{{value: name, look: look}}
	for range len(s.widths) - 1 {
		cells = append(cells, cell{look: look})
	}
	line := s.add(cells...)
	s.merge(1, line, len(s.widths), line)
	s.height(line, lineHeight+4)
}
