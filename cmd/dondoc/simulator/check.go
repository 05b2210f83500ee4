package simulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Found is what the program says at the end.
type Found struct {
	Status []byte // status --json
	// Past are some earlier times, and status --json --now for each.
	Past map[time.Time][]byte
	// Sums are the totals of the consolidated workbook, by input.
	Sums map[string]float64
	// Values are the figures that the record has for each unit, by its code.
	Values map[string]map[string]float64
}

// Difference is a sentence in both languages: who, what really was, what the
// program says.
type Difference struct{ VI, EN string }

// In is the sentence in lang.
func (d Difference) In(lang string) string {
	if lang == "en" {
		return d.EN
	}
	return d.VI
}

// Result is the outcome of the play.
type Result struct {
	Checks      int // how many things were compared
	Differences []Difference
	Letters     map[string]int // mails found in mailboxes, by kind
	States      map[string]int // of units, as they really stand
	Sums        map[string]float64
	Mails       int // that were sent to the office
}

// Check compares what the program says, and what lies in the mailboxes, with
// what really happened.
func (w *World) Check(f Found) (Result, error) {
	c := &checker{World: w, mail: map[string][]*seen{}, kinds: map[string]int{}, found: slices.Clone(w.trouble)}
	if err := c.collect(); err != nil {
		return Result{}, err
	}
	if err := c.status(f.Status, w.now, true); err != nil {
		return Result{}, err
	}
	for at, data := range f.Past {
		if err := c.status(data, at, false); err != nil {
			return Result{}, err
		}
	}
	for _, p := range w.parties {
		for _, m := range p.members {
			c.mailbox(p, m)
		}
		c.reminders(p)
		c.anew(p)
		c.approved(p)
		c.resumed(p)
		c.told(p)
	}
	c.answers()
	c.digests()
	c.obeyed()
	c.figures(f)
	slices.SortFunc(c.found, func(a, b Difference) int { return strings.Compare(a.VI, b.VI) })
	states := map[string]int{}
	for _, p := range w.parties {
		states[p.state(p.stand(w.now))] += len(p.members)
	}
	return Result{Checks: c.checks, Differences: c.found, Letters: c.kinds, States: states, Sums: w.Sums(), Mails: len(w.sent)}, nil
}

type checker struct {
	*World
	mail   map[string][]*seen // by mailbox
	kinds  map[string]int
	found  []Difference
	checks int
}

// expect compares one thing. Both sentences take the same arguments.
func (c *checker) expect(ok bool, vi, en string, args ...any) {
	c.checks++
	if !ok {
		c.found = append(c.found, Difference{fmt.Sprintf(vi, args...), fmt.Sprintf(en, inEnglish(args)...)})
	}
}

// inEnglish puts the names of roles among args into English.
func inEnglish(args []any) []any {
	args = slices.Clone(args)
	for i, a := range args {
		for _, known := range roles {
			if a == known.role {
				args[i] = known.en
			}
		}
	}
	return args
}

// collect reads every mailbox by IMAP.
func (c *checker) collect() error {
	accounts := []string{c.config.Desk}
	for _, p := range c.parties {
		for _, m := range p.members {
			accounts = append(append(accounts, m.mailbox()), m.aliases...)
		}
	}
	for _, s := range c.sent {
		accounts = append(append(accounts, s.from), s.cc...)
	}
	for _, a := range accounts {
		if c.mail[a] != nil {
			continue
		}
		all, err := c.read(a)
		if err != nil {
			return err
		}
		c.mail[a] = append([]*seen{}, all...)
		for _, s := range all {
			if s.from == c.config.Office {
				c.kinds[kind(s.key)]++
			}
		}
	}
	return nil
}

func kind(key string) string {
	k, _, _ := strings.Cut(key, "/")
	return k
}

// unitStatus is one unit of `status --json`.
type unitStatus struct {
	Code       string    `json:"code"`
	State      string    `json:"state"`
	Timeliness *string   `json:"timeliness"`
	Missing    []string  `json:"missing"`
	Deadline   time.Time `json:"deadline"`
	Claimed    bool      `json:"claimed"`
	CoveredBy  *string   `json:"covered_by"`
	Reachable  bool      `json:"reachable"`
}

// status compares where the units stand at a time, which may be past; last
// means the end of the play.
func (c *checker) status(data []byte, at time.Time, last bool) error {
	var s struct {
		Units []unitStatus `json:"units"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("status --json: %w", err)
	}
	have := map[string]unitStatus{}
	for _, u := range s.Units {
		have[u.Code] = u
	}
	when := clock(at)
	c.expect(len(have) == len(c.config.Units), "status có %d đơn vị, danh sách có %d", "status has %d units, the roster %d", len(have), len(c.config.Units))
	for _, p := range c.parties {
		where := p.known(at)
		for _, m := range p.members {
			u, ok := have[m.Code]
			if c.expect(ok, "%s: không có trong status", "%s is not in status", m.Code); !ok {
				continue
			}
			timely := ""
			if u.Timeliness != nil {
				timely = *u.Timeliness
			}
			c.expect(u.State == p.state(where), "%s (%s), lúc %s: trạng thái thật là %s, status ghi %s",
				"%s (%s), at %s: it really is %s, status says %s", m.Code, p.role, when, p.state(where), u.State)
			c.expect(timely == p.timeliness(where, at), "%s (%s), lúc %s: thật ra đủ %q, status ghi %q",
				"%s (%s), at %s: it really was complete %q, status says %q", m.Code, p.role, when, p.timeliness(where, at), timely)
			c.expect(slices.Equal(slices.Sorted(slices.Values(u.Missing)), slices.Sorted(slices.Values(p.missing(where)))),
				"%s (%s), lúc %s: thật ra thiếu %v, status ghi %v", "%s (%s), at %s: really missing is %v, status says %v", m.Code, p.role, when, p.missing(where), u.Missing)
			c.expect(u.Deadline.Equal(p.due(at)), "%s, lúc %s: hạn thật là %s, status ghi %s",
				"%s, at %s: its deadline really is %s, status says %s", m.Code, when, clock(p.due(at)), clock(u.Deadline))
			c.expect(u.Claimed == where.claimed, "%s (%s), lúc %s: chờ xác nhận thật là %v, status ghi %v",
				"%s (%s), at %s: claimed is really %v, status says %v", m.Code, p.role, when, where.claimed, u.Claimed)
			if !last {
				continue
			}
			gave := slices.ContainsFunc(p.gifts, func(g *gift) bool { return g.by == m && !g.rejected })
			c.expect((u.CoveredBy != nil) == (!gave && !where.nothing()), "%s: status ghi sai về báo cáo chung", "%s: status is wrong about the shared dossier", m.Code)
			c.expect(u.Reachable == (!m.broken || len(m.aliases) > 0 || c.invited.IsZero()), "%s (%s): status ghi sai việc thư có đến nơi được không (%v)",
				"%s (%s): status is wrong about whether mail arrives (%v)", m.Code, p.role, u.Reachable)
		}
	}
	return nil
}

// mailbox checks what lies in a unit's own mailbox.
func (c *checker) mailbox(p *party, m *member) {
	invites := 0
	for _, s := range c.mail[m.mailbox()] {
		if s.from != c.config.Office {
			continue
		}
		k := kind(s.key)
		if k == "invite" {
			invites++
		}
		c.speaks(p, m, s)
		if k != "invite" && k != "remind" && k != "resumed" {
			continue
		}
		at := s.at.In(Zone)
		hour := at.Hour()*60 + at.Minute()
		c.expect(working(at) && hour >= 7*60+30 && hour <= 16*60+30, "%s: thư %s đến ngoài giờ làm việc, lúc %s", "%s: letter %s came outside office hours, at %s", m.Code, s.key, clock(at))
		if k == "remind" {
			c.expect(p.owes(s.at), "%s (%s): bị nhắc (%s) lúc %s khi không còn thiếu gì", "%s (%s): was reminded (%s) at %s when it owed nothing", m.Code, p.role, s.key, clock(s.at))
			vi, en := p.excused(s.at)
			c.expect(vi == "", "%s (%s): bị nhắc (%s) lúc %s dù "+vi, "%s (%s): was reminded (%s) at %s though "+en, m.Code, p.role, s.key, clock(s.at))
		}
	}
	want := 1
	if m.broken || c.invited.IsZero() {
		want = 0
	}
	c.expect(invites == want, "%s (%s): có %d thư giao mẫu trong hộp thư, đáng lẽ %d", "%s (%s): has %d invitations in the mailbox, and should have %d", m.Code, p.role, invites, want)
}

// partWords are what a letter has to say where a part is missing.
var partWords = map[string]string{"report": "báo cáo", "appendix": "phụ lục số liệu", "model": "mô hình"}

// speaks checks what a letter to a unit says: whether all came, what is
// missing, that the form is there for who needs it, that reminders stand in
// the thread of the invitation, and that no other unit is named, but for the
// office that passed a mail on.
func (c *checker) speaks(p *party, m *member, s *seen) {
	where := p.known(s.at)
	missing := p.missing(where)
	text := strings.ToLower(s.subject + "\n" + s.text)
	switch k := kind(s.key); {
	case k == "receipt":
		all := strings.Contains(s.subject, "Đã nhận đủ")
		c.expect(all == (len(missing) == 0), "%s (%s): thư %s lúc %s viết %q, thật ra thiếu %v", "%s (%s): letter %s of %s says %q, really missing is %v", m.Code, p.role, s.key, clock(s.at), s.subject, missing)
		fallthrough
	case k == "remind" && !where.nothing(), k == "resumed":
		for _, part := range missing {
			part, _, _ = strings.Cut(part, ":")
			if part == "report" && k == "remind" && within(p.said, s.at) {
				continue // it says that it has sent that
			}
			c.expect(strings.Contains(text, partWords[part]), "%s (%s): thư %s không nói còn thiếu %s", "%s (%s): letter %s does not say that the %s is missing", m.Code, p.role, s.key, part)
		}
	}
	form := slices.ContainsFunc(s.files, file.isForm)
	if k := kind(s.key); k == "remind" || k == "invite" {
		c.expect(form == (where.appendix == nil), "%s (%s): thư %s lúc %s có mẫu kèm theo: %v, phụ lục đã có: %v", "%s (%s): letter %s of %s has the form with it: %v, the appendix had come: %v", m.Code, p.role, s.key, clock(s.at), form, where.appendix != nil)
	}
	if kind(s.key) == "ask_unit" {
		return // it asks which of the units that the mail names it is
	}
	for _, o := range c.parties {
		for _, other := range o.members {
			if o != p && !other.Relay && (strings.Contains(s.subject+s.text, other.Name) || strings.Contains(s.subject+s.text, "["+other.Code+"]")) {
				c.expect(false, "%s (%s): thư %s nêu tên đơn vị khác, %s", "%s (%s): letter %s names another unit, %s", m.Code, p.role, s.key, other.Code)
			}
		}
	}
	c.checks++
	if k := kind(s.key); k == "remind" || k == "resumed" {
		c.expect(slices.ContainsFunc(c.mail[m.mailbox()], func(x *seen) bool {
			return kind(x.key) == "invite" && strings.Contains(s.references, "<"+x.id+">")
		}), "%s: thư %s không nằm trong luồng thư giao mẫu", "%s: letter %s is not in the thread of the invitation", m.Code, s.key)
	}
}

// step is a rung of the ladder of MAIL.md §5.
type step struct {
	name    string
	day     int
	nothing bool // only for who has given nothing
}

var (
	ladder      = []step{{"T-8", 12, true}, {"T-3", 17, false}, {"T-1", 19, false}, {"T+1", 21, false}}
	stormLadder = []step{{"T-3", 21, false}, {"T-1", 24, false}, {"T+1", 26, false}}
)

// reminders checks that whoever plainly owed got each step.
func (c *checker) reminders(p *party) {
	steps := ladder
	switch {
	case p.resumed.IsZero():
		for i, s := range steps {
			if len(p.prolonged) > 0 && !day(s.day, 7, 30, 0).Before(p.prolonged[0].at) {
				steps = steps[:i] // from then on its own dates hold (anew)
				break
			}
		}
	case p.resumed.After(day(19, 0, 0, 0)):
		steps = ladder[:1] // an outage moved all that comes after
	default:
		steps = append(slices.Clone(ladder[:1]), stormLadder...)
	}
	for _, s := range steps {
		due := day(s.day, 7, 30, 0)
		where := p.stand(due)
		excused, _ := p.excused(due)
		switch {
		case !p.owes(due), excused != "", s.nothing && !where.nothing(), c.invited.IsZero(), c.invited.After(due.Add(-12 * time.Hour)):
			continue
		case len(p.missing(where)) == 0 && c.mends(p, due) >= 2:
			continue // it is reminded of cells to mend twice at most
		}
		// Near a mail of the unit, or around an outage, the program may have
		// its reasons; it may not at any other time.
		near := slices.ContainsFunc(c.sent, func(m *sending) bool {
			return m.party == p && m.at.After(due.Add(-24*time.Hour)) && m.at.Before(due.Add(time.Hour))
		})
		off := slices.ContainsFunc(c.away, func(a span) bool { return a.from.Before(due.Add(time.Hour)) && a.to.After(due.Add(-time.Hour)) })
		if near || off || c.now.Before(due.Add(time.Hour)) {
			continue
		}
		for _, m := range p.members {
			to := m.mailbox()
			if m.broken {
				if len(m.aliases) == 0 || due.Before(m.aliased) {
					continue
				}
				to = m.aliases[0]
			}
			key := "remind/" + p.lead().Code + "/" + s.name
			c.expect(slices.ContainsFunc(c.mail[to], func(x *seen) bool {
				// After an extension the program adds the date that it counts from.
				have, _, _ := strings.Cut(x.key, "@")
				return have == key && x.at.In(Zone).Day() == s.day
			}), "%s (%s): còn nợ nhưng %s không nhận thư nhắc %s ngày %d/10", "%s (%s): owed, and %s got no reminder %s on %d October", m.Code, p.role, to, s.name, s.day)
		}
	}
}

// anew checks that whoever was given another date was reminded by it, once for
// each step, and that no step came twice in all the time.
func (c *checker) anew(p *party) {
	came := map[string]int{}
	for _, s := range c.mail[p.lead().mailbox()] {
		if kind(s.key) == "remind" {
			came[s.key]++
			c.expect(came[s.key] == 1, "%s: thư nhắc %s đến hai lần", "%s: reminder %s came twice", p.lead().Code, s.key)
		}
	}
	if p.role != silent && !p.stand(c.now).nothing() || !p.resumed.IsZero() || p.broken() || !p.lead().AutoRemind || c.invited.IsZero() {
		return
	}
	for i, x := range p.prolonged {
		for _, s := range []struct {
			name string
			due  time.Time
		}{
			{"T-8", before(x.until.AddDate(0, 0, -8))}, {"T-3", before(x.until.AddDate(0, 0, -3))}, {"T-1", before(x.until.AddDate(0, 0, -1))}, {"T+1", after(x.until)},
		} {
			due := s.due.Add(7*time.Hour + 30*time.Minute)
			off := slices.ContainsFunc(c.away, func(a span) bool { return a.from.Before(due.Add(24*time.Hour)) && a.to.After(due.Add(-time.Hour)) })
			moved := i+1 < len(p.prolonged) && p.prolonged[i+1].at.Before(due.Add(24*time.Hour))
			if off || moved || due.Before(x.at) || c.now.Before(due.Add(24*time.Hour)) {
				continue
			}
			key := "remind/" + p.lead().Code + "/" + s.name + "@" + x.until.AddDate(0, 0, -1).Format(time.DateOnly)
			c.expect(came[key] == 1, "%s: lùi hạn nhưng không nhận thư nhắc %s", "%s: its deadline was put off, and it got no reminder %s", p.lead().Code, key)
		}
	}
}

// approved checks the letters that a person let go out: the signed one to the
// leaders of whoever gave nothing, thanks to whoever gave all, and none to others.
func (c *checker) approved(p *party) {
	came := map[string]int{}
	for _, s := range c.mail[p.lead().mailbox()] {
		came[kind(s.key)]++
		if kind(s.key) == "escalate" {
			c.expect(p.owes(s.at), "%s (%s): nhận thư đôn đốc lúc %s khi không còn thiếu gì", "%s (%s): was sent the signed letter at %s when it owed nothing", p.lead().Code, p.role, clock(s.at))
		}
	}
	c.expect(came["escalate"] <= 1 && came["thanks"] <= 1, "%s: nhận %d thư đôn đốc, %d thư cảm ơn", "%s: got %d signed letters and %d thanks", p.lead().Code, came["escalate"], came["thanks"])
	if at := c.desk.escalated; !at.IsZero() && !c.patience(at).After(c.now) && slices.Contains(c.hopelessThen, p) {
		c.expect(came["escalate"] == 1, "%s (%s): không nhận thư đôn đốc đã duyệt", "%s (%s): did not get the signed letter that was approved", p.lead().Code, p.role)
	}
	if at := c.desk.thanked; !at.IsZero() && !c.patience(at).After(c.now) && !p.broken() && p.lead().AutoRemind {
		want := 0
		if p.state(p.known(at)) == "complete" && !p.known(at).claimed {
			want = 1
		}
		c.expect(came["thanks"] == want || p.known(at).claimed, "%s (%s): có %d thư cảm ơn, đáng lẽ %d", "%s (%s): got %d letters of thanks, and should have %d", p.lead().Code, p.role, came["thanks"], want)
	}
}

// before is the day, or the last working one before it; after the first
// working one after it.
func before(t time.Time) time.Time {
	for !working(t) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

func after(t time.Time) time.Time {
	for t = t.AddDate(0, 0, 1); !working(t); {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// mends counts the reminders by the instant that were about nothing but cells
// to mend.
func (c *checker) mends(p *party, by time.Time) (n int) {
	for _, s := range c.mail[p.lead().mailbox()] {
		if kind(s.key) == "remind" && s.at.Before(by) && len(p.missing(p.stand(s.at))) == 0 {
			n++
		}
	}
	return n
}

// resumed checks the letter after the storm.
func (c *checker) resumed(p *party) {
	var want int
	if !p.resumed.IsZero() && len(p.paused) > 0 && p.owes(p.resumed) && !p.broken() {
		want = 1
	}
	for _, m := range p.members {
		have, other := 0, false
		for _, s := range c.mail[m.mailbox()] {
			switch kind(s.key) {
			case "resumed":
				have++
			case "remind", "invite":
				other = other || s.at.In(Zone).YearDay() == p.resumed.In(Zone).YearDay()
			}
		}
		if other && have == 0 {
			continue // one letter a day; the next working day it may be owed no more
		}
		c.expect(have == want, "%s: có %d thư mở lại sau bão, đáng lẽ %d", "%s: has %d letters of resuming after the storm, and should have %d", m.Code, have, want)
	}
}

// told checks that the unit itself learns of what came for it from elsewhere:
// that somebody claims to file for it, and that the desk gave it a mail.
func (c *checker) told(p *party) {
	for _, g := range p.gifts {
		if g.mail == nil || g.rejected || g.by.broken {
			continue
		}
		has := func(since time.Time, kinds ...string) bool {
			return slices.ContainsFunc(c.mail[g.by.mailbox()], func(x *seen) bool {
				return slices.Contains(kinds, kind(x.key)) && !x.at.Before(since) && x.at.Before(c.patience(since))
			})
		}
		// If the desk was quicker and telephoned, the unit knows.
		quick := !g.confirmed.IsZero() && g.confirmed.Before(g.at.Add(time.Hour))
		if g.claimed && !quick && !c.patience(g.at).After(c.now) {
			c.expect(has(g.at, "confirm"), "%s: không được báo rằng %s gửi báo cáo thay mình lúc %s", "%s: was not told that %s filed for it at %s", g.by.Code, g.mail.from, clock(g.at))
		}
		if g.doubtful && !g.settled.IsZero() && !c.patience(g.settled).After(c.now) {
			c.expect(has(g.settled, "receipt", "corrections"), "%s: thư từ %s được Phòng ghi cho đơn vị lúc %s nhưng đơn vị không được báo",
				"%s: the mail from %s was given to it at %s, and it was not told", g.by.Code, g.mail.from, clock(g.settled))
		}
	}
}

// patience is until when something of that time may be answered: a day, and as
// long as the machine was off.
func (c *checker) patience(at time.Time) time.Time {
	latest := at.Add(24 * time.Hour)
	for _, off := range c.away {
		if off.from.Before(latest) && off.to.After(at) {
			latest = latest.Add(off.to.Sub(off.from))
		}
	}
	return latest
}

// present is the first moment from at on at which the office could answer.
func (c *checker) present(at time.Time) time.Time {
	for _, off := range c.away {
		if !at.Before(off.from) && at.Before(off.to) {
			at = off.to
		}
	}
	if at.Before(c.invited) {
		return c.invited
	}
	return at
}

// answering are the kinds of letters that answer a mail.
var answering = []string{"receipt", "corrections", "ask_unit", "acknowledge"}

// answers checks that every person was answered once, and within a day.
func (c *checker) answers() {
	for _, s := range c.sent {
		var answers []*seen
		kinds := map[string]int{}
		for _, x := range c.mail[s.from] {
			if x.from == c.config.Office && x.inReplyTo == s.id && slices.Contains(answering, kind(x.key)) {
				answers = append(answers, x)
				kinds[kind(x.key)]++
			}
		}
		for k, n := range kinds {
			c.expect(n == 1, "%s: thư gửi lúc %s có %d thư trả lời loại %s", "%s: the mail of %s has %d answers of the kind %s", s.by.Code, clock(s.at), n, k)
		}
		for _, cc := range s.cc {
			c.expect(!slices.ContainsFunc(c.mail[cc], func(x *seen) bool { return x.inReplyTo == s.id }),
				"%s: địa chỉ Cc %s bị trả lời thư gửi lúc %s", "%s: %s, in Cc, was answered on the mail of %s", s.by.Code, cc, clock(s.at))
		}
		if s.machine {
			continue
		}
		if s.by.broken && s.from == s.by.mailbox() {
			continue // no answer can arrive
		}
		if settled := s.spoken(); !settled.IsZero() && settled.Before(c.present(s.at).Add(time.Hour)) {
			continue // the desk was quicker, by telephone
		}
		latest := c.patience(s.at)
		if len(answers) == 0 && latest.After(c.now) {
			continue // the play ended before
		}
		c.expect(c.answered(s, latest), "%s (%s): thư gửi lúc %s từ %s không được trả lời trong một ngày",
			"%s (%s): the mail of %s from %s was not answered within a day", s.by.Code, s.party.role, clock(s.at), s.from)
	}
}

// spoken is when the desk telephoned about the mail and set it aside.
func (s *sending) spoken() time.Time {
	for _, g := range s.party.gifts {
		if g.mail == s && g.rejected {
			return g.settled
		}
	}
	return s.settled
}

// answered reports whether the mail, or one that the same sender sent after it
// and that is answered for both, has its answer; or whether the sender had
// been asked or told to wait within the day before.
func (c *checker) answered(s *sending, latest time.Time) bool {
	group := map[string]bool{}
	for _, o := range c.sent {
		if o.party == s.party && o.from == s.from && !o.at.Before(s.at) {
			group[o.id] = true
		}
	}
	return slices.ContainsFunc(c.mail[s.from], func(x *seen) bool {
		switch {
		case x.from != c.config.Office:
			return false
		case group[x.inReplyTo] && !x.at.Before(s.at) && !x.at.After(latest):
			return true
		}
		return (kind(x.key) == "ask_unit" || kind(x.key) == "acknowledge") && x.at.Before(c.present(s.at).Add(time.Hour)) && x.at.After(s.at.Add(-24*time.Hour))
	})
}

// progress is what a digest's subject says: so many of all units are complete.
var progress = regexp.MustCompile(`(\d+)/(\d+) (?:đủ|complete)`)

// digests checks that the desk was told every day, and the truth.
func (c *checker) digests() {
	have := map[string]int{}
	for _, s := range c.mail[c.config.Desk] {
		if kind(s.key) != "digest" {
			continue
		}
		have[s.key]++
		c.expect(have[s.key] == 1, "bản tin %s đến hai lần", "digest %s came twice", s.key)
		complete, then := 0, s.at
		if strings.HasSuffix(s.key, "-week") { // it speaks of how the last week ended
			// However late it came, its key names the Monday.
			monday, err := time.ParseInLocation("digest/2006-01-02-week", s.key, Zone)
			c.expect(err == nil, "bản tin tuần mang mã %s", "a digest of a week has the key %s", s.key)
			for then = monday.Add(-time.Nanosecond); err == nil && !working(then); {
				then = then.AddDate(0, 0, -1)
			}
		}
		for _, p := range c.parties {
			if p.state(p.known(then)) == "complete" {
				complete += len(p.members)
			}
		}
		want := fmt.Sprintf("%02d/%02d", complete, len(c.config.Units))
		said := progress.FindStringSubmatch(s.subject)
		c.expect(said != nil && said[1]+"/"+said[2] == want, "bản tin %s ghi %q, thật ra đủ %s", "digest %s says %q, really complete are %s", s.key, s.subject, want)
	}
	for n := 4; !day(n, 0, 0, 0).After(c.now); n++ {
		for _, at := range []time.Time{day(n, 10, 30, 0), day(n, 16, 0, 0)} {
			if at.Hour() == 16 && !working(at) || at.Hour() == 10 && (n < 17 || n > 21) || c.invited.IsZero() || !at.After(c.invited) || c.now.Before(at.Add(time.Hour)) {
				continue
			}
			if slices.ContainsFunc(c.away, func(a span) bool { return a.from.Before(at.Add(time.Hour)) && a.to.After(at) }) {
				continue
			}
			key := "digest/" + at.Format("2006-01-02-1504")
			c.expect(have[key] == 1, "Phòng không nhận được bản tin %s", "the desk did not get the digest %s", key)
		}
	}
}

// figures compares the numbers.
func (c *checker) figures(f Found) {
	sums := c.Sums()
	for _, name := range Inputs() {
		// What nobody counted is unknown, and not zero.
		want, known := sums[name]
		got, ok := f.Sums[name]
		c.expect(ok == known && got == want, "tổng %s thật là %v, bảng tổng hợp ghi %v", "the sum of %s really is %v, the consolidated workbook says %v", name, want, got)
	}
	for _, p := range c.parties {
		real := p.known(c.now).readable()
		have := map[string]float64{}
		for _, m := range p.members {
			for name, n := range f.Values[m.Code] {
				have[name] = n
			}
		}
		for _, name := range Inputs() {
			want, ok := real[name]
			got, there := have[name]
			c.expect(ok == there && want == got, "%s (%s): ô %s thật là %v, sổ ghi %v", "%s (%s): %s really is %v, the record says %v", p.lead().Code, p.role, name, want, got)
		}
	}
}
