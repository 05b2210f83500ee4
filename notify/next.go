package notify

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"dondoc/config"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// next is the next step of the ladder for anybody: when, to how many it goes as
// things will stand then if nothing more comes, and to whom it does not. A
// pause that ends before, or a promise that is not kept, is reckoned with.
func (n *Notifier) next(s Situation) *letter.Next {
	var next *letter.Next
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code {
			continue
		}
		if step, at, ok := schedule.Next(n.question(s, u)); ok && (next == nil || at.Before(next.At)) {
			next = &letter.Next{At: at, Text: step.Text}
		}
	}
	if next == nil {
		return nil
	}
	reminded, omitted := n.reminded(s, s.Facts, next.At)
	next.Letters, next.Omitted = len(reminded), omitted
	return next
}

// mostTried is how many open decisions are tried out: each way to settle one
// costs a fold of the facts.
const mostTried = 10

// wouldChange says how the number of letters would change if one of the open
// decisions were settled in one of its ways.
func (n *Notifier) wouldChange(s Situation, next *letter.Next, decisions []letter.Decision) (changes []letter.Change) {
	for i, d := range decisions[:min(mostTried, len(decisions))] {
		for _, o := range d.Options {
			if len(o.Decisions) == 0 {
				continue
			}
			facts := s.Facts
			facts.Decisions = slices.Clone(s.Facts.Decisions)
			for k, made := range o.Decisions {
				made.ID, made.At = fmt.Sprintf("would-%d", k), s.Now
				facts.Decisions = append(facts.Decisions, made)
			}
			reminded, _ := n.reminded(s, facts, next.At)
			if len(reminded) == next.Letters {
				continue
			}
			choice := strconv.Itoa(i+1) + o.Letter
			at := slices.IndexFunc(changes, func(c letter.Change) bool { return c.Letters == len(reminded) })
			if at < 0 {
				changes, at = append(changes, letter.Change{Letters: len(reminded)}), len(changes)
			}
			changes[at].Choices = append(changes[at].Choices, choice)
		}
	}
	return changes
}

// reminded are the dossiers that would get a reminder at an instant to come, by
// these facts, and the others that still owe something, with the reason why
// they get none. A step that is for some units only leaves the others out
// without a word.
func (n *Notifier) reminded(s Situation, facts standing.Facts, at time.Time) (units []string, omitted []letter.Omitted) {
	then := s
	then.Now, then.Facts, then.Table = at, facts, n.books.next.Fold(n.Campaign, facts, at)
	for _, code := range then.Table.Order {
		u := then.Table.Units[code]
		if u.Lead != code || u.State == standing.Complete {
			continue
		}
		q := n.question(then, u)
		q.Now = at.Add(-time.Nanosecond)
		step, day, ok := schedule.Next(q)
		if !ok || !day.Equal(at) || step.Only == "nothing" && u.Gave() {
			continue
		}
		q.Now = at
		switch a := schedule.Reminder(q); {
		case a.Owed:
			units = append(units, code)
		default:
			roster, _ := n.Campaign.Unit(code)
			omitted = append(omitted, letter.Omitted{Unit: roster, Why: spared(a.Why)})
		}
	}
	return units, omitted
}

// spared says in a few words why a unit gets no reminder.
func spared(why schedule.Why) config.Text {
	if text, ok := sparedBy[why]; ok {
		return text
	}
	return config.Text{VI: why.In("vi"), EN: why.In("en")}
}

var sparedBy = map[schedule.Why]config.Text{
	schedule.AutoRemindOff: {VI: "không nhắc tự động", EN: "not reminded automatically"},
	schedule.Paused:        {VI: "đang tạm dừng nhắc", EN: "reminders paused"},
	schedule.Promised:      {VI: "đã hẹn ngày gửi", EN: "promised a day"},
	schedule.SaidSent:      {VI: "báo đã gửi, chờ đối chiếu", EN: "says it has sent, to be checked"},
	schedule.HeldPart:      {VI: "phần đã gửi chờ Phòng xem", EN: "what it sent waits for the desk"},
	schedule.HeldCandidate: {VI: "có thư chờ quyết định", EN: "a mail waits for a decision"},
	schedule.Unreachable:   {VI: "thư không chuyển được", EN: "letters do not arrive"},
	schedule.NotInvited:    {VI: "chưa có thư giao mẫu", EN: "not invited yet"},
	schedule.FixingTwice:   {VI: "đã nhắc sửa 02 lần", EN: "reminded twice of what to mend"},
	schedule.Moved:         {VI: "mới mở lại hoặc lùi hạn", EN: "just resumed or extended"},
}
