package letter

import (
	"cmp"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// decision is what one thing to decide is about, in a sentence or two.
func (v *view) decision(x Decision) string {
	id, from, unit := "", "", ""
	if x.Mail != nil {
		id, from = receiptNumber(x.Mail.ID), clean(x.Mail.From)
	}
	if x.Unit != nil {
		unit = shortName(*x.Unit)
	}
	text := ""
	switch x.Kind {
	case HeldMail:
		text = v.either("Thư "+id+" của "+from, "Mail "+id+" from "+from)
		if n := realFiles(x.Mail); n > 0 {
			text += " (" + count(v.Lang, n) + v.either(" tệp)", plural(v.Lang, " file", n)+")")
		}
		text += ": " + v.heldReason(cmp.Or(x.Reason, x.Mail.Reason))
		if n := len(x.Candidates); n > 0 && len(x.Options) == 0 || len(x.Commands) > 0 && n > 0 {
			var names []string
			for _, c := range x.Candidates {
				names = append(names, shortName(c))
			}
			text += v.either(" Có thể là: ", " Possibly: ") + or(v.Lang, names) + "."
		}
		text += v.byHand(x)
	case HeldPart:
		text = unit + v.either(", thư ", ", mail ") + id + ": " + v.problemOf(x)
	case ClaimedOne:
		text = unit + v.either(", thư "+id+": báo cáo gửi từ địa chỉ ngoài danh sách ("+from+").", ", mail "+id+": sent from an address that is not registered ("+from+").")
	case Reply:
		if unit != "" && (x.Mail.UnitCode() == "" || x.Mail.Claimed) {
			id += v.either(" của ", " from ") + from // who writes in its name
		}
		says := v.classOf(x.Mail)
		if x.Mail.Reason == ReasonForged {
			says = v.heldReason(x.Mail.Reason)
		}
		text = strings.TrimPrefix(unit+v.either(", thư ", ", mail ")+id+": "+says, ", ")
		if q := strings.TrimRight(shorten(tidy(x.Mail.Text), 100), "."); q != "" {
			text += ` “` + q + `”.`
		}
		text += v.byHand(x)
	case Paused:
		text = unit + v.either(": đang tạm dừng nhắc", ": reminders are paused")
		if r := clean(x.Reason); r != "" {
			text += " (" + r + ")"
		}
		switch last := x.Until.Add(-time.Nanosecond).In(v.now.Location()); {
		case x.Until.IsZero():
		case sameDay(last, v.now):
			text += v.either(", hết hôm nay", ", until the end of today")
		default:
			text += v.either(", đến hết ", ", to the end of ") + shortDay(v.Lang, last)
		}
		text += "."
	}
	return upper(text)
}

// ways are how a decision can be settled: by the letter of an answer, or by a
// command where that has to name what nobody has typed yet.
func (v *view) ways(x Decision) string {
	var ways []string
	for _, o := range x.Options {
		ways = append(ways, o.Letter+": "+clean(o.Text))
	}
	text := ""
	if len(ways) > 0 {
		text = " " + strings.Join(ways, "; ") + "."
	}
	for _, c := range x.Commands {
		text += "\n> " + tidy(c)
	}
	return text
}

// choices are the decisions as they are kept with the digest: a number in an
// answer means what its reader saw.
func (v *view) choices() []standing.Choice {
	var all []standing.Choice
	for i, x := range v.f.Digest.Decisions {
		c := standing.Choice{Number: i + 1, Text: v.decision(x), File: x.File, Matter: x.Matter}
		if x.Mail != nil {
			c.Arrival = x.Mail.ID
		}
		for _, o := range x.Options {
			o.Text = clean(o.Text)
			c.Options = append(c.Options, o)
		}
		all = append(all, c)
	}
	return all
}

// byHand says that somebody has answered the mail, though it still waits.
func (v *view) byHand(x Decision) string {
	if x.Answered.IsZero() {
		return ""
	}
	when := x.Answered.In(v.c.Location).Format("15:04 02/01/2006")
	if v.Lang == "en" {
		return " Answered by hand at " + when + "."
	}
	return " Đã có người trả lời lúc " + when + "."
}

func realFiles(m *finding.Verdict) int {
	n := 0
	for _, p := range m.Parts {
		if p.Kind != finding.Decoration && p.Name != "" {
			n++
		}
	}
	return n
}

func (v *view) problemOf(x Decision) string {
	if x.Problem == nil {
		return v.either("có phần chờ quyết định.", "a part waits for a decision.")
	}
	all := append([]*finding.Problem{x.Problem}, x.Besides...)
	rest := len(all) - mostProblems
	if rest > 0 {
		all = all[:mostProblems]
	}
	var texts []string
	for i, p := range all {
		text := Problem(v.c, v.Lang, *p)
		said := shorten(tidy(clean(p.Explain)), 120)
		if said != "" && (i+1 == len(all) || all[i+1].Explain != p.Explain) { // one reason for several is told once
			text = strings.TrimRight(text, ".") + v.either("; giải trình: “", "; explained: “") + strings.TrimRight(said, ".") + "”."
		}
		texts = append(texts, text)
	}
	if rest > 0 {
		texts = append(texts, v.either("Và "+count(v.Lang, rest)+" nội dung khác cùng tệp.", "And "+count(v.Lang, rest)+" more of the same file."))
	}
	return strings.Join(texts, " ")
}

// mostProblems bounds how many problems of one file a digest tells.
const mostProblems = 3

// heldReason says why a mail waits, by the code of its verdict.
func (v *view) heldReason(code string) string {
	reason, ok := heldReasons[code]
	if !ok {
		if limit, found := strings.CutPrefix(code, "limit_"); found {
			reason = config.Text{VI: "vượt giới hạn đọc (" + tidy(limit) + ").", EN: "could not be read within the limits (" + tidy(limit) + ")."}
		} else {
			reason = config.Text{VI: "chờ quyết định (" + tidy(code) + ").", EN: "waits for a decision (" + tidy(code) + ")."}
		}
	}
	return reason.In(v.Lang)
}

// ReasonLeft is why a mail waits whose unit is in the roster no longer.
const ReasonLeft = "unit_left_the_roster"

// ReasonForged is why a mail waits of which our own server says that it is not
// from whom it says.
const ReasonForged = "sender_authentication_failed"

// ReasonDenied is why a filing waits of which its unit says that it is not its.
const ReasonDenied = "denied_by_unit"

var heldReasons = map[string]config.Text{
	"contradiction":                  {VI: "người gửi và nội dung chỉ hai đơn vị khác nhau.", EN: "sender and content point at different units."},
	"two_units":                      {VI: "có tệp của hai đơn vị trong một thư.", EN: "holds files of two units."},
	"relay":                          {VI: "do cơ quan chuyển tiếp gửi, chưa rõ của ai.", EN: "passed on by another office; not clear whose it is."},
	"shared_address":                 {VI: "địa chỉ dùng chung của hai đơn vị, chưa rõ của ai.", EN: "from an address that two units share."},
	"ambiguous_name":                 {VI: "tên ghi trong thư chưa đủ để biết của ai.", EN: "the name in it fits several units."},
	"weak_sign":                      {VI: "chỉ có dấu hiệu yếu, chưa rõ của ai.", EN: "only weak signs of whose it is."},
	"unknown_sender":                 {VI: "chưa rõ của ai.", EN: "not clear whose it is."},
	"auth_failed":                    {VI: "máy chủ kết luận người gửi không đúng là chủ địa chỉ.", EN: "our server concluded that the sender is not who he says he is."},
	ReasonForged:                     {VI: "máy chủ kết luận người gửi không đúng là chủ địa chỉ.", EN: "our server concluded that the sender is not who he says he is."},
	"automatic_with_report":          {VI: "thư tự động có kèm tệp dạng báo cáo.", EN: "an automatic mail that carries a file like a report."},
	"sent_from_our_own_address":      {VI: "báo cáo gửi từ chính hộp thư của ta, có người chuyển tiếp; chưa rõ của ai.", EN: "a report sent from our own address, passed on by somebody; not clear whose it is."},
	ReasonLeft:                       {VI: "đã lưu cho một đơn vị không còn trong danh sách.", EN: "was filed for a unit that is not in the roster any more."},
	"other_subject":                  {VI: "báo cáo có vẻ thuộc chủ đề hoặc năm khác.", EN: "a report that seems to be about another subject or year."},
	"classified_content":             {VI: "có dấu chỉ mức độ mật; đã cách ly, xử lý theo quy định riêng.", EN: "bears a mark of classified content; set apart, to be handled under separate rules."},
	"bounce_not_of_a_letter_of_ours": {VI: "báo trả thư không kèm bằng chứng là thư của ta; địa chỉ đơn vị chưa bị coi là hỏng.", EN: "a bounce without proof that it is of a letter of ours; the unit's address still counts as good."},
	"nothing_to_report":              {VI: "báo không phát sinh, không kèm số liệu; cần chọn ghi 0 hoặc miễn.", EN: "says that there is nothing to report, without figures; zeros or an exemption."},
	ReasonDenied:                     {VI: "đơn vị trả lời không phải báo cáo của mình; tạm thời không tính.", EN: "the unit says that the report is not its own; it does not count for now."},
	"no_files":                       {VI: "thư không có tệp, cần người đọc.", EN: "has no files; a person has to read it."},
}

// classOf says what a mail without files seems to want.
func (v *view) classOf(m *finding.Verdict) string {
	words := map[string]config.Text{
		finding.ClassQuestion:      {VI: "hỏi:", EN: "asks:"},
		finding.ClassPromise:       {VI: "hẹn ngày gửi:", EN: "promises a day:"},
		finding.ClassExtension:     {VI: "xin lùi thời hạn:", EN: "asks for more time:"},
		finding.ClassStatement:     {VI: "báo đã gửi qua kênh khác:", EN: "says it was sent by another channel:"},
		finding.ClassContactChange: {VI: "báo thay đổi đầu mối:", EN: "reports a new contact:"},
		finding.ClassConfirmation:  {VI: "xác nhận:", EN: "confirms:"},
	}
	t, ok := words[m.Class]
	says := func(kind string) bool { _, said := m.Said(kind); return said }
	switch {
	case m.Reason == "confirms_what_must_be_fixed":
		return v.either("xác nhận đúng nội dung phải sửa:", "confirms what must be fixed:")
	case m.Class == finding.ClassStatement && says(finding.SaysCorrection) && !says(finding.SaysSent):
		return v.either("đính chính số liệu, chưa có tệp Excel:", "corrects figures, without the workbook:")
	case m.Class == finding.ClassReport && says(finding.SaysAsks):
		return v.either("gửi kèm câu hỏi:", "asks along with its files:")
	}
	if !ok || m.Class == finding.ClassQuestion && !v.asks(m) {
		t = config.Text{VI: "trả lời:", EN: "writes:"}
	}
	return t.In(v.Lang)
}
