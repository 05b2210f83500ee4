package config

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Texts of reminders that a step may choose.
var stepTexts = []string{"invite", "notice", "state", "last_day", "grace_day", "last", "escalate"}

// usualLadder is how a committee reminds without being told otherwise: the
// form goes out the day after the letter, three reminders before and one
// after the deadline, and a last letter that a person must approve.
func usualLadder(letter time.Time) []Step {
	ladder := []Step{
		{Name: "invite", On: true, Text: "invite"},
		{Name: "T-10", Days: -10, Only: "nothing", Text: "notice"},
		{Name: "T-8", On: true, Days: -8, Only: "nothing", Text: "notice"},
		{Name: "T-5", Days: -5, Only: "open", Text: "state"},
		{Name: "T-3", On: true, Days: -3, Only: "open", Text: "state"},
		{Name: "T-1", On: true, Days: -1, Only: "open", Text: "last_day", Until: "16:30"},
		{Name: "T", Days: 0, Only: "open", Text: "grace_day"},
		{Name: "T+1", On: true, Days: 1, Only: "open", Text: "last"},
		{Name: "T+3", Days: 3, Only: "open", Text: "escalate", Approval: true},
	}
	if !letter.IsZero() {
		ladder[0].Date = letter.AddDate(0, 0, 1)
	}
	return ladder
}

var stepName = regexp.MustCompile(`^(invite|T|T[-+][1-9][0-9]?)$`)

// ladder reads the steps, in the order in which they fall due.
func ladder(s *section, letter time.Time, loc *time.Location) []Step {
	usual := usualLadder(letter)
	if s.node("ladder") == nil {
		return usual
	}
	var steps []Step
	for _, p := range s.sections("ladder") {
		var step Step
		p.must("step", `Ghi step: T-3 chẳng hạn.`, `Write step: T-3, for example.`)
		step.Name = p.word("step", "", stepName, `không phải tên bước. Ghi invite, T-8 (8 ngày trước hạn), T hoặc T+1 (1 ngày làm việc sau).`,
			`is no step. Write invite, T-8 (8 days before the deadline), T or T+1 (a working day after it).`)
		step.Days, _ = strconv.Atoi(strings.TrimPrefix(step.Name, "T"))
		if slices.ContainsFunc(steps, func(o Step) bool { return o.Name == step.Name && step.Name != "" }) {
			p.bad("step", `bước %s đã có ở trên. Xóa một trong hai.`, `the step %s is already above. Delete one of them.`, step.Name)
		}
		otherwise := Step{Only: "open", Text: "state"}
		if step.Days > 0 {
			otherwise.Text = "last"
		}
		if i := slices.IndexFunc(usual, func(o Step) bool { return o.Name == step.Name }); i >= 0 {
			otherwise = usual[i]
		}
		step.On = p.yes("enabled", otherwise.On)
		step.Only = p.choice("only", otherwise.Only, "nothing", "open")
		step.Text = p.choice("text", otherwise.Text, stepTexts...)
		step.Until = p.clock("until", otherwise.Until)
		step.Approval = p.yes("approval", otherwise.Approval)
		if step.Name == "invite" {
			step.Date, step.Only = p.date("date", loc), ""
			if step.Date.IsZero() {
				step.Date = otherwise.Date
			}
		} else if p.head("date") != nil {
			p.node("date")
			p.bad("date", `chỉ bước invite có ngày; các bước khác tính từ thời hạn. Xóa khóa date.`,
				`only the step invite has a date; the others count from the deadline. Delete the key date.`)
		}
		if step.Approval && step.On {
			p.bad("approval", `bước cần duyệt không tự gửi được. Ghi enabled: no, hoặc approval: no.`,
				`a step that needs approval cannot go out by itself. Write enabled: no, or approval: no.`)
		}
		p.close()
		steps = append(steps, step)
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		if a.Name == "invite" || b.Name == "invite" {
			return strings.Compare(b.Name, a.Name) // "invite" sorts after "T"
		}
		return cmp.Compare(a.Days, b.Days)
	})
	return steps
}

// choice reads one of a few words.
func (s *section) choice(key, otherwise string, words ...string) string {
	v, ok := s.scalar(key)
	if !ok || slices.Contains(words, v) {
		return cmp.Or(v, otherwise)
	}
	s.bad(key, `%s không dùng được. Ghi một trong: %s.`, `%s cannot be used. Write one of: %s.`, show(v), strings.Join(words, ", "))
	return otherwise
}
