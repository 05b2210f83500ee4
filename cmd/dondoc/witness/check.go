package witness

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// Check judges by what was seen and what Hear was told. No finding means that
// every promise was kept as far as it can be seen from outside.
func (a *Account) Check() []Finding {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := &check{Account: a, byID: map[string]*arrival{}}
	for _, m := range a.mails {
		c.byID[m.id] = m
	}
	for _, m := range a.mails {
		c.judged(m)
		c.attributed(m)
		c.kept(m)
		c.answered(m)
	}
	c.copies()
	c.files()
	c.complete()
	c.repetitions()
	c.recorded()
	c.addressed()
	c.reminders()
	c.machines()
	for _, d := range a.said.damage {
		c.found(Misrecorded, "verify: %s", "verify: %s", d)
	}
	slices.SortStableFunc(c.findings, func(x, y Finding) int { return strings.Compare(x.String(), y.String()) })
	return slices.Compact(c.findings)
}

type check struct {
	*Account
	byID     map[string]*arrival
	findings []Finding
}

func (m *arrival) String() string {
	return fmt.Sprintf("%s (%s, %q)", m.id, m.from, m.subject)
}

// verdict is the one that the mail has; false if it has none, or several.
func (c *check) verdict(m *arrival) (verdict, bool) {
	all := c.said.verdicts[m.id]
	if len(all) != 1 {
		return verdict{}, false
	}
	return all[0], true
}

// unitOf is the unit that a mail counts for now: as the desk decided, else as
// the program did.
func (c *check) unitOf(m *arrival) string {
	if unit, ok := c.decided(m.id); ok {
		return unit
	}
	if v, ok := c.verdict(m); ok && v.Verdict == "filed" {
		return v.unit()
	}
	return ""
}

// judged: every mail has one verdict, and somebody sees what waits for a
// person.
func (c *check) judged(m *arrival) {
	v, ok := c.verdict(m)
	if !ok {
		if n := len(c.said.verdicts[m.id]); n > 1 {
			c.found(Lost, "thư %s có %d kết quả xét", "mail %s has %d verdicts", m, n)
		} else {
			c.found(Lost, "thư %s không có kết quả xét", "mail %s has no verdict", m)
		}
		return
	}
	_, decided := c.decided(m.id)
	switch v.Verdict {
	case "filed":
	case "held", "quarantined":
		if !decided && !c.dealtWith(m.id) && !c.said.held[m.id] {
			c.found(Lost, "thư %s chờ người xem nhưng không có trong held", "mail %s waits for a person, and held does not list it", m)
		}
	case "ignored":
		original := c.byID[v.DuplicateOf]
		switch {
		case v.Class == "duplicate" || v.DuplicateOf != "":
			if v.DuplicateOf == m.id || original == nil || original.content != m.content {
				c.found(Lost, "thư %s bị bỏ qua như bản sao của %s, nhưng đó là thư khác", "mail %s is ignored as a copy of %s, which is another mail", m, v.DuplicateOf)
			}
		case m.By == Person && !m.At.Before(c.campaign.Since):
			c.found(Lost, "thư %s của người gửi thật bị bỏ qua (%s)", "mail %s of a person is ignored (%s)", m, v.Reason)
		}
	default:
		c.found(Lost, "thư %s có kết quả xét lạ %q", "mail %s has the strange verdict %q", m, v.Verdict)
	}
}

// attributed: what is filed is filed for whoever sent it.
func (c *check) attributed(m *arrival) {
	v, ok := c.verdict(m)
	if _, decided := c.decided(m.id); !ok || decided || v.Verdict != "filed" {
		return
	}
	if m.Asks {
		c.found(WrongUnit, "thư %s được ghi cho %s, dù phải hỏi người", "mail %s is filed for %s, though a person has to be asked", m, v.unit())
	} else if !c.concerns(m, v.unit()) {
		c.found(WrongUnit, "thư %s của %s được ghi cho %s", "mail %s of %s is filed for %s", m, strings.Join(m.units, ", "), v.unit())
	}
}

// concerns reports whether the mail may be the unit's; nobody knows whose a
// stranger's is unless the story tells.
func (c *check) concerns(m *arrival, code string) bool {
	return len(m.units) == 0 || slices.ContainsFunc(m.units, func(u string) bool { return c.same(u, code) })
}

// kept: what was attached lies in ho-so, byte for byte.
func (c *check) kept(m *arrival) {
	v, ok := c.verdict(m)
	unit, decided := c.decided(m.id)
	if !ok || decided && unit == "" || v.Verdict == "ignored" || v.Verdict == "quarantined" && !decided {
		return
	}
	unit = c.unitOf(m)
	for i, sha := range m.promised {
		there := slices.ContainsFunc(c.said.tree, func(f copied) bool {
			return f.sha == sha && (unit != "" && c.same(f.unit, unit) || unit == "" && (f.mail == m.id || f.unit != ""))
		})
		if !there {
			name := sha[:8]
			if i < len(m.names) {
				name = m.names[i]
			}
			c.found(Lost, "tệp %q của thư %s không có trong ho-so như đã gửi", "the file %q of mail %s is not in ho-so as it was sent", name, m)
		}
	}
}

// copies: a mail that came by two ways counts once.
func (c *check) copies() {
	first := map[string]*arrival{}
	for _, m := range c.mails {
		v, ok := c.verdict(m)
		if !ok || m.messageID == "" || v.Verdict != "filed" && v.Verdict != "held" {
			continue
		}
		if one := first[m.content]; one != nil {
			c.found(FiledTwice, "thư %s và bản sao %s đều được tính", "mail %s and its copy %s both count", one, m.id)
			continue
		}
		first[m.content] = m
	}
}

// files: ho-so has each file as often as it was sent in, in the folder of who
// sent it.
func (c *check) files() {
	type place struct{ unit, sha string }
	sent, found := map[place]int{}, map[place][]string{}
	owners := map[string][]*arrival{}
	for _, m := range c.mails {
		for _, sha := range m.promised {
			owners[sha] = append(owners[sha], m)
		}
		v, ok := c.verdict(m)
		if unit := c.unitOf(m); ok && unit != "" {
			for _, p := range v.Parts {
				if p.Kind != "decoration" {
					sent[place{unit, p.SHA256}]++
				}
			}
		}
	}
	for _, f := range c.said.tree {
		if f.unit == "" {
			continue
		}
		at := place{f.unit, f.sha}
		found[at] = append(found[at], f.path)
		if named, _, ok := strings.Cut(path.Base(f.path), "_"); ok && c.unit(named) != nil && !c.same(named, f.unit) {
			c.found(WrongUnit, "ho-so/%s mang tên của %s", "ho-so/%s is named after %s", f.path, named)
		}
		if from := owners[f.sha]; len(from) > 0 && !slices.ContainsFunc(from, func(m *arrival) bool { return c.concerns(m, f.unit) || c.unitOf(m) == f.unit }) {
			c.found(WrongUnit, "ho-so/%s là tệp của %s", "ho-so/%s is a file of %s", f.path, strings.Join(from[0].units, ", "))
		}
	}
	for at, paths := range found {
		if n := sent[at]; n > 0 && len(paths) > n {
			c.found(FiledTwice, "ho-so có %d bản của một tệp gửi %d lần: %s", "ho-so has %d copies of a file that was sent %d times: %s", len(paths), n, strings.Join(paths, ", "))
		}
	}
}

// complete: who has given all owes nothing.
func (c *check) complete() {
	for _, m := range c.mails {
		if !m.Completes {
			continue
		}
		for _, code := range m.units {
			if u, ok := c.said.units[code]; ok && len(u.Missing) > 0 {
				c.found(Lost, "%s đã gửi đủ bằng thư %s nhưng status ghi còn thiếu %s", "%s gave all with mail %s, and status says that it owes %s", code, m, strings.Join(u.Missing, ", "))
			}
		}
	}
}

// byKey are the letters to each recipient under each key. The order is that in
// which they were seen first.
func (a *Account) byKey() (all [][]*letter) {
	at := map[[2]string]int{}
	for _, l := range a.letters {
		id := [2]string{strings.ToLower(l.To), l.key}
		i, ok := at[id]
		if !ok {
			i = len(all)
			at[id] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], l)
	}
	return all
}

// repetitions: a letter goes out again only where the program could not know
// that it had gone out, and then in the same bytes.
func (c *check) repetitions() {
	repeated := 0
	var last *letter
	ids := map[[2]string]string{}
	for _, same := range c.byKey() {
		l := same[0]
		for _, again := range same[1:] {
			if string(again.Raw) != string(l.Raw) {
				c.found(LetterTwice, "%s nhận thư %s hai lần, nội dung khác nhau", "%s got the letter %s twice, in other bytes", l.To, l.key)
			} else {
				repeated++
				last = again
			}
		}
		id := [2]string{strings.ToLower(l.To), l.messageID}
		if key, ok := ids[id]; ok && l.messageID != "" {
			c.found(LetterTwice, "%s nhận hai thư cùng mã <%s>: %s, %s", "%s got two letters with the Message-ID <%s>: %s, %s", l.To, l.messageID, key, l.key)
		}
		ids[id] = l.key
	}
	if repeated > c.cuts {
		c.found(LetterTwice, "có %d lần gửi lại y nguyên (như thư %s tới %s), nhưng chỉ %d lần bị ngắt", "%d letters were repeated (such as %s to %s), and there were only %d cuts", repeated, last.key, last.To, c.cuts)
	}
}

// recorded: letters tells of every letter, why it went out, and what became of it.
func (c *check) recorded() {
	for _, key := range c.said.twice {
		c.found(Misrecorded, "letters ghi thư %s hai lần", "letters lists %s twice", key)
	}
	accepted := map[[2]string]bool{}
	for _, l := range c.letters {
		known, ok := c.said.letters[l.key]
		switch {
		case !ok:
			c.found(Misrecorded, "thư %s tới %s không có trong letters", "the letter %s to %s is not in letters", l.key, l.To)
		case known.Reason == "":
			c.found(Misrecorded, "letters không ghi lý do của thư %s", "letters has no reason for %s", l.key)
		case strings.Trim(known.MessageID, "<>") != l.messageID:
			c.found(Misrecorded, "letters ghi thư %s mã %s, thư mang mã <%s>", "letters says that %s has the Message-ID %s, and it has <%s>", l.key, known.MessageID, l.messageID)
		}
		accepted[[2]string{strings.ToLower(l.To), l.key}] = true
		for _, d := range known.Deliveries {
			if strings.EqualFold(d.Address, l.To) && (d.Outcome == "waiting" || d.Outcome == "refused") {
				c.found(Misrecorded, "máy chủ đã nhận thư %s tới %s, letters ghi %s", "the server took the letter %s to %s, and letters says %s", l.key, l.To, d.Outcome)
			}
		}
	}
	for key, l := range c.said.letters {
		for _, d := range l.Deliveries {
			if d.Outcome == "accepted" && !c.unread(d.Address) && !accepted[[2]string{strings.ToLower(d.Address), key}] {
				c.found(Misrecorded, "letters ghi máy chủ đã nhận thư %s tới %s, máy chủ không có", "letters says that the server took %s to %s, which it did not", key, d.Address)
			}
		}
	}
}

// unread reports whether nobody can look into the mailbox.
func (c *check) unread(address string) bool {
	return slices.ContainsFunc(c.owners(address), func(code string) bool { return c.unit(code).Unread })
}

// addressed: a letter about a unit goes to its own addresses, or to who wrote
// what it answers.
func (c *check) addressed() {
	for _, l := range c.letters {
		code := l.of()
		known := c.said.letters[l.key]
		if known.Unit != nil {
			code = *known.Unit
		}
		others := c.owners(l.To)
		if code == "" || len(others) == 0 || slices.ContainsFunc(others, func(u string) bool { return c.same(u, code) }) {
			continue
		}
		wrote := slices.ContainsFunc(c.mails, func(m *arrival) bool { return strings.EqualFold(m.from, l.To) && c.answers(l, m) })
		if !wrote {
			c.found(WrongUnit, "thư %s về %s được gửi tới %s của %s", "the letter %s about %s went to %s of %s", l.key, code, l.To, strings.Join(others, ", "))
		}
	}
}

// unasked are the kinds of letters that nobody asked for.
var unasked = []string{"invite", "remind", "resumed", "escalate", "thanks"}

// reminders: only who owes is reminded, and gets one such letter a day.
func (c *check) reminders() {
	type day struct{ unit, date string }
	had := map[day]string{}
	for _, same := range c.byKey() {
		l := same[0]
		code := l.of()
		if code == "" {
			continue
		}
		on := day{l.To + " " + code, l.At.In(c.campaign.Zone).Format("02/01")}
		if key := had[on]; key != "" {
			c.found(Nagged, "%s nhận hai thư không phải trả lời trong ngày %s: %s, %s", "%s got two letters that nobody asked for on %s: %s, %s", l.To, on.date, key, l.key)
		}
		had[on] = l.key
		if l.kind() == "remind" {
			c.reminder(l, code)
		}
	}
}

func (c *check) reminder(l *letter, code string) {
	when := clock(l.At.In(c.campaign.Zone))
	known := l.At.Add(-c.campaign.Poll)
	if u := c.unit(code); u != nil && !u.AutoRemind {
		c.found(Nagged, "%s bị nhắc (%s) dù không nhắc tự động", "%s was reminded (%s), and is not to be reminded by mail", code, l.key)
	}
	for _, m := range c.mails {
		if m.Completes && m.turn < l.turn && !m.At.After(known) && c.concerns(m, code) && len(m.units) > 0 {
			c.found(Nagged, "%s bị nhắc (%s) lúc %s dù đã gửi đủ bằng thư %s lúc %s", "%s was reminded (%s) at %s, and had given all with mail %s at %s", code, l.key, when, m, clock(m.At.In(c.campaign.Zone)))
		}
	}
	// What kept it back then may have been settled by the desk just before.
	was, ok := c.said.past[known][code]
	if then, also := c.said.past[l.At][code]; ok && also {
		was.Paused = was.Paused && then.Paused
		was.Held = slices.DeleteFunc(slices.Clone(was.Held), func(id string) bool { return !slices.Contains(then.Held, id) })
	}
	switch {
	case !ok:
	case was.State == "complete":
		c.found(Nagged, "%s bị nhắc (%s) lúc %s khi không còn nợ gì", "%s was reminded (%s) at %s when it owed nothing", code, l.key, when)
	case was.Paused:
		c.found(Nagged, "%s bị nhắc (%s) lúc %s khi đang tạm dừng nhắc", "%s was reminded (%s) at %s while reminders were paused", code, l.key, when)
	case len(was.Held) > 0:
		c.found(Nagged, "%s bị nhắc (%s) lúc %s khi thư %s đang chờ người xem", "%s was reminded (%s) at %s while mail %s waited for a person", code, l.key, when, strings.Join(was.Held, ", "))
	}
}

// answering are the kinds of letters that answer a mail.
var answering = []string{"receipt", "corrections", "ask_unit", "acknowledge"}

// answers reports whether the letter answers the mail, by what the program
// says of it or by the thread that it stands in.
func (c *check) answers(l *letter, m *arrival) bool {
	if !slices.Contains(answering, l.kind()) {
		return false
	}
	return m.messageID != "" && l.inReplyTo == m.messageID || slices.ContainsFunc(c.said.letters[l.key].Answers, func(name string) bool {
		id, _, _ := strings.Cut(name, "+")
		return id == m.id
	})
}

// answered: whoever wrote for a unit, or sent in papers, was told once what
// came of it; and the letter says what it is about.
func (c *check) answered(m *arrival) {
	live := c.live()
	v, ok := c.verdict(m)
	switch {
	case !ok || v.Verdict == "ignored" || m.By != Person || m.from == "":
		return
	case len(m.units) == 0 && len(m.promised) == 0:
		return // a stranger who sent no report
	case m.messageID != "" && c.byHand[m.messageID]:
		return
	case live.IsZero() || c.said.now.Before(m.At.Add(c.campaign.ReceiptDelay+c.campaign.Poll)):
		return
	}
	to := []string{m.from}
	if unit, decided := c.decided(m.id); decided {
		if unit == "" {
			return // the desk has spoken to them
		}
		to = append(to, c.addresses(unit)...)
	}
	mine := func(address string) bool {
		return slices.ContainsFunc(to, func(a string) bool { return strings.EqualFold(a, address) })
	}
	told := false
	for _, l := range c.letters {
		if mine(l.To) && c.answers(l, m) {
			told = true
			c.names(l, m)
		}
	}
	for _, l := range c.said.letters {
		// What was refused, or goes where nobody looks, was said all the same.
		for _, d := range l.Deliveries {
			told = told || mine(d.Address) && (d.Outcome == "refused" || d.Outcome == "accepted" && c.unread(d.Address)) &&
				slices.ContainsFunc(l.Answers, func(name string) bool { return strings.HasPrefix(name, m.id) })
		}
	}
	if !told && saidBefore[v.ReplyReason] != "" {
		// What was said a moment ago is not said again.
		told = slices.ContainsFunc(c.letters, func(l *letter) bool {
			return mine(l.To) && l.At.After(m.At.Add(-24*time.Hour)) && slices.ContainsFunc(c.mails, func(x *arrival) bool {
				was, _ := c.verdict(x)
				// An account of files that is written after this mail came may say
				// it along with the rest.
				return strings.EqualFold(x.from, m.from) && was.Reply == saidBefore[v.ReplyReason] && c.answers(l, x) &&
					(l.kind() == was.Reply || !l.At.Before(m.At))
			})
		})
	}
	if !told {
		c.found(Unanswered, "thư %s nhận lúc %s không được trả lời (%s, %s)", "mail %s of %s was not answered (%s, %s)", m, clock(m.At.In(c.campaign.Zone)), v.Reason, v.ReplyReason)
	}
}

// saidBefore is the reply that a mail has had already, by the reason why it has
// none of its own.
var saidBefore = map[string]string{"acknowledged_within_a_day": "acknowledge", "asked_within_a_day": "ask_unit"}

// names: an account of what came says the number of a mail that it answers, or
// names a file of it. It may tell of newer files instead, which came while it
// was being written.
func (c *check) names(l *letter, m *arrival) {
	if k := l.kind(); k != "receipt" && k != "corrections" {
		return
	}
	var all []*arrival // one letter may answer several
	for _, x := range c.mails {
		if c.answers(l, x) {
			all = append(all, x)
		}
	}
	if !slices.ContainsFunc(all, func(x *arrival) bool {
		return strings.Contains(l.text, x.id[:5]) || slices.ContainsFunc(x.names, func(name string) bool { return strings.Contains(l.text, name) })
	}) {
		c.found(Unanswered, "thư %s trả lời thư %s mà không nêu mã tiếp nhận hay tệp nào", "the letter %s answers mail %s and names neither it nor a file", l.key, m)
	}
}

// machines: no machine is answered, and nobody writes to himself.
func (c *check) machines() {
	for _, l := range c.letters {
		to := strings.ToLower(l.To)
		local, _, _ := strings.Cut(to, "@")
		if to == "" || strings.EqualFold(to, c.campaign.Office) || local == "mailer-daemon" || local == "noreply" || local == "no-reply" {
			c.found(MachineAnswered, "thư %s được gửi tới %q", "the letter %s went to %q", l.key, l.To)
		}
		for _, m := range c.mails {
			if _, decided := c.decided(m.id); decided || m.By != Machine && m.By != Office || !c.answers(l, m) {
				continue
			}
			// A scanner's papers are answered to the unit, not to the scanner.
			if len(m.promised) > 0 && l.inReplyTo != m.messageID && !strings.EqualFold(l.To, m.from) {
				continue
			}
			c.found(MachineAnswered, "thư %s trả lời thư tự động %s", "the letter %s answers the machine's mail %s", l.key, m)
		}
	}
}
