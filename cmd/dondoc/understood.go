package main

import (
	"fmt"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// understood tells what the words of a mail were read to say, and what they do,
// one line each, with the sender's own line that it rests on.
func (o *office) understood(v *finding.Verdict) []string {
	var all []string
	for _, s := range v.Says {
		line := o.saying(s)
		if q := strings.TrimSpace(inert(s.Quote)); q != "" {
			line += fmt.Sprintf(" (“%s”)", q)
		}
		all = append(all, line)
	}
	for _, p := range v.Points {
		switch p.Outcome {
		case finding.PointExplained:
			all = append(all, fmt.Sprintf(o.either("nội dung %d của thư %s (%s, ô %s): được coi là đã giải trình: “%s”", "No. %d of letter %s (%s, cell %s): counts as explained: “%s”"),
				p.Number, p.Letter, p.Problem.Code, inert(p.Problem.Cell), inert(p.Reason)))
		case finding.PointMustFix:
			all = append(all, fmt.Sprintf(o.either("nội dung %d của thư %s (%s, ô %s): phải sửa trên tệp, chưa được chấp nhận", "No. %d of letter %s (%s, cell %s): has to be mended in the file, not accepted"),
				p.Number, p.Letter, p.Problem.Code, inert(p.Problem.Cell)))
		default:
			all = append(all, fmt.Sprintf(o.either("nội dung %d: thư đề nghị sửa không có số này", "No. %d: the letter of corrections has no such number"), p.Number))
		}
	}
	for _, a := range v.Attests {
		switch {
		case a.Denied:
			all = append(all, fmt.Sprintf(o.either("thư %s không phải của %s: không tính, chờ người xem", "mail %s is not of %s: it does not count and waits for a person"), a.Arrival, a.Unit))
		case a.Claimed:
			all = append(all, fmt.Sprintf(o.either("thư %s được ghi cho %s theo lời người gửi, chờ đơn vị xác nhận", "mail %s is filed for %s on its sender's word, to be confirmed"), a.Arrival, a.Unit))
		default:
			all = append(all, fmt.Sprintf(o.either("thư %s là của %s", "mail %s is of %s"), a.Arrival, a.Unit))
		}
	}
	return all
}

// saying is one thing that was said, in the reader's language.
func (o *office) saying(s finding.Saying) string {
	words := map[string][2]string{
		finding.SaysRight:      {"xác nhận đúng", "confirms"},
		finding.SaysSent:       {"báo đã gửi qua kênh khác", "says it was sent another way"},
		finding.SaysWillSend:   {"hẹn gửi", "promises to send"},
		finding.SaysYes:        {"trả lời ĐÚNG", "answers yes"},
		finding.SaysNo:         {"trả lời KHÔNG", "answers no"},
		finding.SaysNeedsTime:  {"xin lùi thời hạn", "asks for more time"},
		finding.SaysContact:    {"báo thay đổi đầu mối, hộp thư", "reports another contact or address"},
		finding.SaysCorrection: {"đính chính số liệu", "corrects figures"},
		finding.SaysForNow:     {"gửi trước, bản ký gửi sau", "sent ahead of the signed copy"},
		finding.SaysAsks:       {"hỏi", "asks"},
	}
	line := o.sign(words, s.Kind)
	add := func(vi, en, value string) {
		if value != "" {
			line += " " + o.either(vi, en) + " " + inert(value)
		}
	}
	if len(s.Items) > 0 {
		add("nội dung", "No.", strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Items), " ", ", "), "[]"))
	}
	var parts []string
	for _, p := range s.Parts {
		parts = append(parts, o.word(p))
	}
	add("phần", "of", strings.Join(parts, ", "))
	add("số", "No.", s.Ref)
	add("qua", "by", s.Via)
	if day, err := time.Parse(time.DateOnly, s.Day); err == nil {
		add("ngày", "on", day.Format("02/01/2006"))
	}
	add("mới", "new", s.Address)
	add("vì", "because", s.Reason)
	return line
}
