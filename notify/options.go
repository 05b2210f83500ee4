package notify

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// options are the ways in which the desk can settle a matter by answering, and
// the commands for what can only be settled by one: whose a mail is that names
// nobody has to be typed.
func (n *Notifier) options(s Situation, m standing.Matter, mayBe []config.Unit) ([]standing.Option, []string) {
	o := choices{n: n, s: s, m: m, lang: n.Campaign.Language}
	switch {
	case m.Kind == standing.MatterPaused:
		o.paused()
	case m.Kind == standing.MatterClaimed:
		o.claimed()
	case m.Kind == standing.MatterPart:
		o.part()
	case m.Denied && n.unit(m.Unit) != nil:
		o.add("không tính", "do not count it", o.reject())
		o.add("vẫn tính cho "+short(*n.unit(m.Unit)), "count it for "+short(*n.unit(m.Unit))+" all the same", o.assign(m.Unit))
		o.call()
	case m.Said:
		o.said()
	case m.Kind == standing.MatterWords && m.Unit != "":
		o.words()
	case m.Kind == standing.MatterWords:
		o.add("đã xử lý", "dealt with", o.done(""))
	case m.Mail.Reason == "nothing_to_report" && m.Unit != "":
		o.nothing()
	default:
		o.whose(mayBe)
	}
	return o.list, o.commands
}

// maxCandidates is how many units a line offers; the letters end at G.
const maxCandidates = 5

type choices struct {
	n        *Notifier
	s        Situation
	m        standing.Matter
	lang     string
	list     []standing.Option
	commands []string
}

func (o *choices) say(vi, en string) string { return config.Text{VI: vi, EN: en}.In(o.lang) }

// add offers one more way.
func (o *choices) add(vi, en string, decisions ...standing.Decision) {
	o.list = append(o.list, standing.Option{Letter: string(rune('A' + len(o.list))), Text: o.say(vi, en), Decisions: decisions})
}

// call is the way of whoever would rather ask first: nothing is recorded.
func (o *choices) call() { o.add("để tôi gọi hỏi", "I will call and ask") }

func (o *choices) assign(units ...string) standing.Decision {
	return standing.Decision{Kind: standing.Assign, Arrival: o.m.Mail.ID, Units: units}
}

func (o *choices) reject() standing.Decision {
	return standing.Decision{Kind: standing.Reject, Arrival: o.m.Mail.ID}
}

func (o *choices) done(reason string) standing.Decision {
	return standing.Decision{Kind: standing.Done, Arrival: o.m.Mail.ID, Reason: reason}
}

// whose is for a mail of which it is not clear whose it is.
func (o *choices) whose(mayBe []config.Unit) {
	var codes, names []string
	for _, u := range mayBe {
		codes, names = append(codes, u.Code), append(names, short(u))
	}
	switch reason := o.m.Mail.Reason; {
	case reason == "classified_content":
		o.add("đã xử lý theo quy định riêng", "handled under separate rules", o.done(""))
		return
	case reason == "bounce_not_of_a_letter_of_ours":
		o.add("đã xem, bỏ qua", "seen, ignore it", o.done(""))
		o.call()
		return
	case len(codes) > 1 && len(codes) <= maxCandidates && o.apart(codes):
		o.add("mỗi tệp ghi cho đơn vị của nó ("+strings.Join(names, ", ")+")", "each file to its own unit ("+strings.Join(names, ", ")+")", o.assign(codes...))
	}
	for i, code := range codes[:min(len(codes), maxCandidates)] {
		o.add(names[i], names[i], o.assign(code))
	}
	if len(codes) == 0 || len(codes) > maxCandidates {
		o.commands = append(o.commands, "dondoc held assign "+o.m.Mail.ID[:5]+" "+o.say("MÃ-ĐƠN-VỊ", "UNIT-CODE"))
	}
	if len(codes) < 2 {
		o.add("gác lại, không tính", "set it aside", o.reject())
	}
	o.call()
}

// apart reports whether files of the mail name each of the units.
func (o *choices) apart(codes []string) bool {
	return !slices.ContainsFunc(codes, func(code string) bool {
		return !slices.ContainsFunc(o.m.Mail.Parts, func(p finding.Part) bool { return p.Unit == code })
	})
}

// part is for a part that a person has to look at.
func (o *choices) part() {
	o.add("chấp nhận", "accept", o.assign(o.m.Part.Unit))
	if standing.Returnable(o.m.Part.Part) {
		o.add("đề nghị sửa", "ask to mend it", standing.Decision{Kind: standing.Return, Arrival: o.m.Mail.ID, Units: []string{o.m.Part.Unit}})
	} else {
		o.add("gác thư lại, không tính", "set the mail aside", o.reject())
	}
}

// claimed is for a filing from an address that is not the unit's.
func (o *choices) claimed() {
	u, m := o.s.Table.Units[o.m.Unit], o.m.Mail
	unit := cmp.Or(m.UnitCode(), o.m.Unit)
	before := slices.ContainsFunc(u.Counted, func(c standing.Counted) bool {
		return !c.Claimed && slices.ContainsFunc(m.Parts, func(p finding.Part) bool { return p.Kind == c.Kind })
	})
	if before {
		o.add("dùng bản mới", "use the new one", o.assign(unit))
		o.add("giữ bản cũ", "keep the old one", o.reject())
	} else {
		o.add("công nhận", "accept", o.assign(unit))
		o.add("không tính", "do not count it", o.reject())
	}
	if plainAddress.MatchString(m.From) && !slices.Contains(o.n.Campaign.Desk, m.From) {
		alias := standing.Decision{Kind: standing.Alias, Units: []string{unit}, Address: strings.ToLower(m.From)}
		o.add("công nhận, và thêm "+m.From+" làm địa chỉ của đơn vị", "accept, and register "+m.From, o.assign(unit), alias)
	}
}

// plainAddress is an address without anything that a mail program might take
// for more than that.
var plainAddress = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+$`)

// paused is for a unit that is not reminded though something is missing.
func (o *choices) paused() {
	u, cal := o.s.Table.Units[o.m.Unit], o.n.Calendar
	unit := []string{o.m.Unit}
	resume := standing.Decision{Kind: standing.Resume, Units: unit}
	from := u.Deadline.Add(-time.Nanosecond)
	if from.Before(o.s.Now) {
		from = o.s.Now
	}
	if until, ok := o.until(cal.AddWorkingDays(from, someDays)); ok {
		o.add("lùi hạn đến "+o.day(until), "extend to "+o.day(until),
			standing.Decision{Kind: standing.Extend, Units: unit, Until: until, Cause: o.m.Pause.Cause, Reason: o.m.Pause.Reason}, resume)
	}
	if until, ok := o.until(cal.AddWorkingDays(o.s.Now, someDays)); ok {
		o.add("dừng nhắc đến hết "+o.day(until), "no reminders to the end of "+o.day(until),
			standing.Decision{Kind: standing.Pause, Units: unit, Until: until, Cause: o.m.Pause.Cause, Reason: o.m.Pause.Reason})
	}
	o.add("mở lại", "remind again", resume)
}

// someDays is how many working days are offered where nobody named a day.
const someDays = 3

// until is the end of a day; not ok if it is over, or the campaign is then.
func (o *choices) until(day time.Time) (time.Time, bool) {
	until := o.n.Calendar.Day(day.In(o.n.Campaign.Location)).AddDate(0, 0, 1)
	closes := o.n.Campaign.Deadline.Closes
	return until.UTC(), until.After(o.s.Now) && (closes.IsZero() || !until.After(closes))
}

// day is the last day before an instant.
func (o *choices) day(until time.Time) string {
	t := until.Add(-time.Nanosecond).In(o.n.Campaign.Location)
	if o.lang == "en" {
		return t.Format("2 January")
	}
	return t.Format("02/01")
}

// words is for what a unit wrote without files.
func (o *choices) words() {
	m, unit := o.m.Mail, []string{o.m.Unit}
	// A subject and a text often say one thing, and only one of them the rest.
	says := func(kind string) (found finding.Saying) {
		for _, x := range m.Says {
			if x.Kind == kind && (found.Kind == "" || found.Day+found.Address == "") {
				found = x
			}
		}
		return found
	}
	// Nobody has said that whoever wrote it may speak for the unit.
	stranger := m.UnitCode() == "" || m.Claimed
	switch {
	case m.Reason == letter.ReasonForged:
		o.add("đã xem", "seen", o.done(""))
		o.call()
		return
	case stranger && m.Class == finding.ClassContactChange:
		o.add("đã xem", "seen", o.done(""))
		o.call()
		o.commands = append(o.commands, "dondoc alias "+o.m.Unit+" "+o.say("ĐỊA-CHỈ", "ADDRESS"))
		return
	}
	switch m.Class {
	case finding.ClassExtension:
		u := o.s.Table.Units[o.m.Unit]
		x := says(finding.SaysNeedsTime)
		until, ok := o.until(o.dayOf(x.Day))
		if !ok || !until.After(u.Deadline) {
			from := u.Deadline.Add(-time.Nanosecond)
			if from.Before(o.s.Now) {
				from = o.s.Now
			}
			until, ok = o.until(o.n.Calendar.AddWorkingDays(from, someDays))
		}
		if ok {
			o.add("đồng ý, đến "+o.day(until), "agree, to "+o.day(until), standing.Decision{Kind: standing.Extend, Units: unit, Until: until, Arrival: m.ID, Reason: x.Reason})
		}
		if stranger {
			o.add("không", "no", o.done("")) // the unit, which did not ask, is not refused anything
		} else {
			o.add("không", "no", standing.Decision{Kind: standing.Refuse, Units: unit, Arrival: m.ID})
		}
	case finding.ClassContactChange:
		if x := says(finding.SaysContact); plainAddress.MatchString(x.Address) {
			alias := standing.Decision{Kind: standing.Alias, Units: unit, Address: strings.ToLower(x.Address), Arrival: m.ID}
			o.add("đồng ý, dùng "+x.Address, "agree, use "+x.Address, alias, o.done(""))
			o.add("không", "no", o.done(""))
			return
		}
		o.add("đã xem", "seen", o.done(""))
		o.commands = append(o.commands, "dondoc alias "+o.m.Unit+" "+o.say("ĐỊA-CHỈ", "ADDRESS"))
	case finding.ClassPromise:
		x := says(finding.SaysWillSend)
		if until, ok := o.until(o.dayOf(x.Day)); ok {
			o.add("ghi hẹn gửi "+o.day(until), "note it: promised for "+o.day(until),
				standing.Decision{Kind: standing.Note, Units: unit, Until: until.Add(-24 * time.Hour), Reason: x.Quote}, o.done(""))
		}
		o.add("đã xem", "seen", o.done(""))
	case finding.ClassQuestion:
		o.add("đã trả lời", "answered", o.done(""))
		o.call()
	default:
		o.add("đã xem", "seen", o.done(""))
		o.call()
	}
}

// dayOf reads the day of a Saying; zero where there is none.
func (o *choices) dayOf(text string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02", text, o.n.Campaign.Location)
	return t
}

// said is for a "ĐÃ GỬI": what it names is recorded as received, or it is not
// there and reminders go on.
func (o *choices) said() {
	u := o.s.Table.Units[o.m.Unit]
	var named []string
	for _, x := range o.m.Mail.Says {
		if x.Kind == finding.SaysSent {
			named = append(named, x.Parts...)
		}
	}
	is := func(part string) bool {
		kind, _, _ := strings.Cut(part, ":")
		return slices.Contains(named, kind)
	}
	some := slices.DeleteFunc(slices.Clone(u.Missing), func(part string) bool { return !is(part) })
	if len(some) == 0 && slices.Contains(u.Missing, finding.Report) {
		some = []string{finding.Report} // what is sent on paper is the report
	}
	heard, _ := o.m.Mail.Said(finding.SaysSent)
	of := ""
	if heard.Ref != "" {
		of = o.say(" số ", " No. ") + heard.Ref
	}
	if len(some) > 0 && len(some) < len(u.Missing) {
		o.add("đã nhận "+o.parts(some)+of, "received: "+o.parts(some)+of, o.received(some, heard)...)
	}
	if len(u.Missing) > 0 {
		o.add("đã nhận "+o.parts(u.Missing)+of, "received: "+o.parts(u.Missing)+of, o.received(u.Missing, heard)...)
	}
	o.add("chưa thấy", "not there", o.done(o.say("chưa thấy", "not there")))
}

// received records each part as come outside the mailbox.
func (o *choices) received(parts []string, heard finding.Saying) []standing.Decision {
	var all []standing.Decision
	for _, part := range parts {
		kind, count, _ := strings.Cut(part, ":")
		d := standing.Decision{Kind: standing.ReceivedOut, Units: []string{o.m.Unit}, Part: kind, Via: cmp.Or(heard.Via, "lien-thong"), Ref: heard.Ref, Date: o.dayOf(heard.Day), Arrival: o.m.Mail.ID}
		d.Count, _ = strconv.Atoi(cmp.Or(count, "1"))
		if d.Date.IsZero() || d.Date.After(o.m.Mail.Received) {
			d.Date = o.n.Calendar.Day(o.m.Mail.Received)
		}
		d.Date = d.Date.UTC()
		all = append(all, d)
	}
	return all
}

// parts names parts as letters do.
func (o *choices) parts(parts []string) string {
	var all []string
	for _, part := range parts {
		kind, count, _ := strings.Cut(part, ":")
		words := o.n.Campaign.Parts[kind]
		if kind == finding.Model {
			many, _ := strconv.Atoi(cmp.Or(count, "1"))
			all = append(all, fmt.Sprintf("%02d %s", many, words.Brief.In(o.lang)))
			continue
		}
		all = append(all, words.Short.In(o.lang))
	}
	return strings.Join(all, ", ")
}

// nothing is for a unit that has nothing to report and sent no figures: they
// are noughts, or it is let off.
func (o *choices) nothing() {
	u := o.s.Table.Units[o.m.Unit]
	unit := []string{o.m.Unit}
	given := o.assign(o.m.Unit)
	var waived []standing.Decision
	for _, part := range u.Missing {
		kind, count, _ := strings.Cut(part, ":")
		if kind == finding.Model {
			many, _ := strconv.Atoi(cmp.Or(count, "1"))
			waived = append(waived, standing.Decision{Kind: standing.Exempt, Units: unit, Part: kind, Count: many, Arrival: o.m.Mail.ID})
		}
	}
	if !slices.Contains(u.Missing, finding.Appendix) {
		o.add("công nhận", "accept", append([]standing.Decision{given}, waived...)...)
		o.call()
		return
	}
	file := &finding.Part{Kind: finding.Appendix, Verdict: finding.Accepted, Problems: []finding.Problem{}, Values: map[string]any{}}
	for _, in := range o.n.Form.Inputs {
		if in.Number() && !strings.Contains(in.Name, "[") {
			file.Values[in.Name] = 0.0
		}
	}
	noughts := standing.Decision{Kind: standing.ReceivedOut, Units: unit, Part: finding.Appendix, Count: 1, Via: "thu", Ref: o.m.Mail.ID[:5],
		Date: o.m.Mail.Received.UTC(), File: file, Arrival: o.m.Mail.ID}
	if len(file.Values) > 0 {
		o.add("ghi số 0", "enter noughts", append([]standing.Decision{given, noughts}, waived...)...)
	}
	exempt := standing.Decision{Kind: standing.Exempt, Units: unit, Part: finding.Appendix, Count: 1, Arrival: o.m.Mail.ID}
	o.add("miễn phụ lục", "exempt it from the figures", append([]standing.Decision{given, exempt}, waived...)...)
	o.call()
}

func short(u config.Unit) string {
	return cmp.Or(strings.Join(strings.Fields(u.ShortName), " "), strings.Join(strings.Fields(u.Name), " "))
}
