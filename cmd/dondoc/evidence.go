package main

import (
	"fmt"
	"slices"
	"strings"

	"dondoc/intake/attribution"
	"dondoc/intake/finding"
)

// evidenceWords tells one sign as a person of the desk reads it: where it was
// seen, whom it names, in what words, and why it is in doubt.
func (o *office) evidenceWords(e finding.Evidence) string {
	where := o.sign(evidenceKinds, e.Kind)
	if e.File != "" {
		where += " " + inert(e.File)
	}
	whose := o.either("chưa rõ đơn vị nào", "no unit can be told")
	if u, ok := o.campaign.Unit(e.Unit); ok {
		whose = u.Name
	} else if e.Unit != "" {
		whose = inert(e.Unit)
	}
	line := fmt.Sprintf("%s: %s", where, whose)
	if e.Detail != "" && e.Detail != e.File {
		line += fmt.Sprintf(" (“%s”)", strings.TrimSpace(inert(e.Detail)))
	}
	if e.Doubt {
		line += "; " + o.either("chưa chắc", "in doubt")
		if e.Why != "" {
			line += ": " + o.sign(doubts, e.Why)
		}
	}
	return line
}

// signWords tells in one line where each unit was named without doubt.
func (o *office) signWords(evidence []finding.Evidence) string {
	var units []string
	where := map[string][]string{}
	for _, e := range evidence {
		if e.Doubt {
			continue
		}
		if where[e.Unit] == nil {
			units = append(units, e.Unit)
		}
		if w := o.sign(evidenceKinds, e.Kind); !slices.Contains(where[e.Unit], w) {
			where[e.Unit] = append(where[e.Unit], w)
		}
	}
	for i, u := range units {
		units[i] = inert(u) + ": " + strings.Join(where[u], ", ")
	}
	return strings.Join(units, "; ")
}

func (o *office) sign(words map[string][2]string, code string) string {
	w, ok := words[code]
	if !ok {
		return code
	}
	return o.either(w[0], w[1])
}

// evidenceKinds are the places where signs are seen.
var evidenceKinds = map[string][2]string{
	"sender":     {"địa chỉ gửi đã đăng ký", "registered address"},
	"thread":     {"trả lời thư đã gửi cho đơn vị", "answers a letter to the unit"},
	"form":       {"mã đơn vị trong tệp mẫu", "identity in the form"},
	"cell":       {"ô “Đơn vị báo cáo”", "cell “Đơn vị báo cáo”"},
	"letterhead": {"tiêu đề, số ký hiệu văn bản", "letterhead"},
	"subject":    {"chủ đề thư", "subject"},
	"filename":   {"tên tệp", "name of the file"},
	"from_name":  {"tên người gửi", "sender's name"},
	"body":       {"lời thư, chữ ký", "text of the mail"},
}

// doubts are the reasons for which a name is only a suggestion.
var doubts = map[string][2]string{
	attribution.LowerLevel:      {"có thể là cơ quan cấp dưới", "it may be an office below"},
	attribution.SharedWord:      {"nhiều đơn vị cùng dùng tên này", "several units share the name"},
	attribution.PersonOrPlace:   {"chỉ là địa danh, có thể là tên người hoặc nơi chốn", "a bare place may be a person's name, or where something is"},
	attribution.Receiver:        {"có thể là nơi nhận hoặc được nhắc tới", "it may be whom it is for, or speaks of"},
	attribution.SendsForAnother: {"nói là gửi thay đơn vị khác", "it says that it sends for another"},
	attribution.Overlap:         {"chữ đọc được theo hai tên", "the letters hold two names"},
	attribution.Misspelled:      {"gần giống tên đơn vị, chưa đúng chữ", "nearly the unit's name, not quite"},
	attribution.MaybeCount:      {"không dấu, có thể là “số” chứ không phải “Sở”", "without marks it may be “số”, a count, and no “Sở”"},
	attribution.ByMistake:       {"thư nói là gửi nhầm", "the mail speaks of a mistake"},
	attribution.Elsewhere:       {"có tên tỉnh khác hoặc hội không thuộc danh sách", "another province or an association is named"},
	attribution.SeveralUnits:    {"cùng lúc nêu nhiều đơn vị", "several units are named"},
}
