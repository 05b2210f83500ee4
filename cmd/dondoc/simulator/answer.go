package simulator

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// numbered is one thing that a digest asks the desk to decide.
type numbered struct {
	number  string
	mail    string            // the receipt number that it names
	options map[string]string // "A" → what it does
}

var (
	numberedLine = regexp.MustCompile(`^(\d+)\. (.*)$`)
	optionText   = regexp.MustCompile(`\b([A-G]): ([^;]*?)(?:; |\.$|$)`)
	receiptIn    = regexp.MustCompile(`(?i)thư ([A-Z2-7]{5})\b`)
)

// numberedOf reads the list that stands under the heading in a digest.
func numberedOf(text string) (all []numbered) {
	_, list, _ := strings.Cut(text, "CẦN QUYẾT ĐỊNH")
	for _, line := range strings.Split(list, "\n")[1:] {
		m := numberedLine.FindStringSubmatch(line)
		if m == nil {
			break
		}
		n := numbered{number: m[1], options: map[string]string{}}
		if r := receiptIn.FindStringSubmatch(m[2]); r != nil {
			n.mail = r[1]
		}
		for _, o := range optionText.FindAllStringSubmatch(m[2], -1) {
			n.options[o[1]] = strings.TrimSpace(o[2])
		}
		all = append(all, n)
	}
	return all
}

// ordered is an answer of the desk's to a digest, and what has to come of it.
type ordered struct {
	id     string // of the answer
	at     time.Time
	orders []string
}

// telephone is the desk on its way home: it answers the digest of the
// afternoon by its numbers, for what it knows. The rest waits for the morning.
func (d *desk) telephone() error {
	all, err := d.read(d.config.Desk)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s *seen) bool {
		return kind(s.key) == "digest" && !strings.HasSuffix(s.key, "-week") && s.at.After(d.now.Add(-45*time.Minute)) && !s.at.After(d.now)
	})
	if i < 0 {
		return nil
	}
	var orders []string
	for _, n := range numberedOf(all[i].text) {
		if way, done := d.choose(n); way != "" {
			orders = append(orders, n.number+way)
			done()
		}
	}
	if len(orders) == 0 {
		return nil
	}
	text := strings.Join(orders, "\n")
	if len(d.answered)%2 == 1 {
		text = strings.ToLower(strings.Join(orders, ", ")) // a telephone's keyboard
	}
	text += "\n\nGửi từ điện thoại của tôi\n\nVào " + clock(all[i].at) + ", Ban Dân vận đã viết:\n> " + strings.ReplaceAll(all[i].text, "\n", "\n> ") + "\n"
	id, err := d.send(draft{from: d.config.Desk, fromName: "Phòng TH-DT&TG", to: []string{d.config.Office}, subject: "Re: " + all[i].subject, text: text, answers: all[i]})
	d.answered = append(d.answered, ordered{id, d.now, orders})
	return err
}

// choose is what the desk, which has telephoned and so knows what the play
// knows, chooses; "" where it cannot be said by a letter. done notes what
// becomes of it.
func (d *desk) choose(n numbered) (way string, done func()) {
	if n.mail == "" {
		return "", nil
	}
	var m heldMail
	if json.Unmarshal(d.command("held", "show", n.mail, "--json"), &m) != nil {
		return "", nil
	}
	for _, p := range d.parties {
		for _, q := range p.questions {
			for letter, words := range n.options {
				if q.id != strings.Trim(m.MessageID, "<>") || !q.settled.IsZero() {
					continue
				}
				if day, ok := strings.CutPrefix(words, "đồng ý, đến "); ok && q.asksTime {
					return letter, func() { d.grant(p, q, m.ID, day) }
				}
				if words == "đã trả lời" {
					return letter, func() {
						q.settled = d.now
						d.ordered("held", "done", m.ID)
					}
				}
			}
		}
		for _, g := range p.gifts {
			if g.mail == nil || g.mail.id != strings.Trim(m.MessageID, "<>") || g.unwanted != nil || g.rejected || !g.settled.IsZero() || !g.doubtful {
				continue
			}
			for letter, words := range n.options {
				if words == g.by.Name || words == g.by.Short {
					return letter, func() {
						g.settled = d.now
						if g.confirmed.IsZero() {
							g.confirmed = d.now
						}
						d.ordered("held", "assign", m.ID, g.by.Code)
					}
				}
			}
		}
	}
	return "", nil
}

// grant puts off the deadline of a party that asked for it.
func (d *desk) grant(p *party, q *sending, id, until string) {
	last, err := time.ParseInLocation("02/01/2006", until+"/2022", Zone)
	if err != nil {
		d.wrong("bản tin nêu ngày %q", "a digest names the day %q", until)
		return
	}
	q.settled = d.now
	p.prolonged = append(p.prolonged, prolonged{d.now, last.AddDate(0, 0, 1)})
	d.config.Ordered(d.now, "held", "done", id) // the request is settled with it
	d.ordered("extend", p.lead().Code, last.Format(time.DateOnly))
}

// ordered notes what was ordered by mail.
func (d *desk) ordered(args ...string) {
	d.config.Ordered(d.now, args...)
	d.decided(true, args...)
}

// forge is somebody who writes under the desk's address and has never seen a
// digest.
func (d *desk) forge() error {
	_, err := d.send(draft{from: d.config.Desk, to: []string{d.config.Office}, subject: "DVK", text: "1A\n2A\nDỪNG NHẮC\n"})
	d.forged = append(d.forged, d.now)
	return err
}

// obeyed checks that each answer of the desk's was carried out and confirmed,
// that the forged one was not, and that the desk was told of it.
func (c *checker) obeyed() {
	in := c.mail[c.config.Desk]
	for _, o := range c.desk.answered {
		if c.patience(o.at).After(c.now) {
			continue
		}
		var replies []*seen
		for _, s := range in {
			if s.from == c.config.Office && s.inReplyTo == o.id {
				replies = append(replies, s)
			}
		}
		c.expect(len(replies) == 1, "lệnh trả lời bản tin lúc %s có %d thư xác nhận", "the desk's answer to a digest, of %s, has %d confirmations", clock(o.at), len(replies))
		for _, s := range replies {
			for _, order := range o.orders {
				c.expect(strings.Contains(s.text, order), "thư xác nhận lệnh lúc %s không nêu %q: %s", "the confirmation of the orders of %s does not name %q: %s", clock(o.at), order, s.text)
			}
		}
	}
	for _, at := range c.desk.forged {
		if c.patience(at).After(c.now) {
			continue
		}
		told := slices.ContainsFunc(in, func(s *seen) bool {
			return s.from == c.config.Office && strings.HasPrefix(s.key, "alarm/command-") && !s.at.Before(at) && s.at.Before(c.patience(at))
		})
		c.expect(told, "Phòng không được báo về lệnh giả lúc %s", "the desk was not told of the forged orders of %s", clock(at))
	}
}

// deed is something that the committee decided, and how.
type deed struct {
	words  [2]string // in Vietnamese and English
	what   string    // the unit, or the mail
	byMail bool
}

// decisions are the desk's command lines that decide something, in words.
var decisions = []struct {
	line string
	said [2]string
}{
	{"held assign", [2]string{"nói thư của ai", "said whose a mail is"}},
	{"held reject", [2]string{"gác thư lại", "set a mail aside"}},
	{"held done", [2]string{"trả lời câu hỏi", "answered a question"}},
	{"pause", [2]string{"tạm dừng nhắc", "paused reminders"}},
	{"resume", [2]string{"nhắc lại", "resumed reminders"}},
	{"extend", [2]string{"lùi hạn", "put off a deadline"}},
	{"alias", [2]string{"ghi thêm địa chỉ", "registered an address"}},
	{"received", [2]string{"ghi phần nhận ngoài hộp thư", "recorded what came outside the mailbox"}},
	{"note", [2]string{"ghi cuộc gọi", "noted a call"}},
	{"approve escalate", [2]string{"duyệt công văn đôn đốc đã ký", "approved the signed letter"}},
	{"approve thanks", [2]string{"duyệt thư cảm ơn", "approved letters of thanks"}},
	{"invite", [2]string{"cho gửi thư thật", "let the letters go out"}},
}

// decided notes a decision of the desk's by the command line that makes it.
func (w *World) decided(byMail bool, args ...string) {
	line := strings.Join(args, " ")
	for _, x := range decisions {
		if rest, ok := strings.CutPrefix(line, x.line); ok && (rest == "" || rest[0] == ' ') {
			w.deeds = append(w.deeds, deed{x.said, about(args[len(strings.Fields(x.line)):]), byMail})
			return
		}
	}
}

// about is whom or what a command line is about: its words and districts,
// without reasons and files.
func about(args []string) string {
	var words []string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--district":
		case args[i] == "--yes":
		case strings.HasPrefix(args[i], "--"):
			i++
		case filepath.IsAbs(args[i]), strings.Contains(args[i], "; "):
		default:
			words = append(words, args[i])
		}
	}
	return strings.Join(words, " ")
}

// tellDeeds writes what the committee had to decide.
func (w *World) tellDeeds(say func(vi, en string, args ...any), lang string) {
	byMail := 0
	for _, x := range w.deeds {
		if x.byMail {
			byMail++
		}
	}
	say("Phòng đã phải quyết định %d việc: %d bằng cách trả lời bản tin, %d bằng lệnh.", "The committee had to decide %d things: %d by answering a digest, %d by command.",
		len(w.deeds), byMail, len(w.deeds)-byMail)
	for _, kind := range decisions {
		var what []string
		for _, x := range w.deeds {
			if x.words != kind.said {
				continue
			}
			if x.byMail {
				x.what += "*"
			}
			what = append(what, x.what)
		}
		if len(what) > 0 {
			say("  %3d  %-32s %s", "  %3d  %-38s %s", len(what), kind.said[map[string]int{"en": 1}[lang]], strings.Join(what, ", "))
		}
	}
	if byMail > 0 {
		say("       (* trả lời bản tin)", "       (* by answering a digest)")
	}
}
