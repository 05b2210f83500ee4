package letter

import (
	"strings"
	"time"

	"dondoc/config"
	"dondoc/schedule/standing"
)

// Reason is why a unit is to be telephoned, in the campaign's language, as the
// digest written at now gives it.
func Reason(c *config.Campaign, now time.Time, call Call) string {
	v := &view{c: c, Lang: "vi", now: now}
	if c.Language == "en" {
		v.Lang = "en"
	}
	if c.Location != nil {
		v.now = now.In(c.Location)
	}
	return v.reason(call)
}

// call is one line of the list of calls: who, the number, and why.
func (v *view) call(c Call) string {
	line := shortName(c.Unit)
	if p := tidy(c.Unit.Phone); p != "" {
		line += ", " + p
	}
	if why := v.reason(c); why != "" {
		line += ": " + why
	}
	return line
}

func (v *view) reason(c Call) string {
	s := c.Standing
	var why []string
	if s != nil {
		missing, left := missingParts(s.Missing)
		var parts []string
		for _, kind := range kinds {
			if missing[kind] {
				parts = append(parts, fillCount(v.Lang, v.word(v.part(kind).Short), left))
			}
		}
		switch {
		case s.State == standing.None:
			why = append(why, v.either("chưa gửi", "nothing yet"))
		case len(parts) > 0:
			why = append(why, v.either("thiếu ", "missing ")+and(v.Lang, parts))
		case s.State == standing.Fixing && len(s.Open) > 0:
			why = append(why, v.either("còn "+count(v.Lang, len(s.Open))+" nội dung chờ sửa", count(v.Lang, len(s.Open))+plural(v.Lang, " item", len(s.Open))+" to mend"))
		}
	}
	if c.Bounced || s != nil && !s.Reachable {
		why = append(why, v.lost(c))
	}
	if s != nil && s.Paused {
		why = append(why, v.either("đang tạm dừng nhắc", "reminders paused"))
	}
	if !c.Unit.AutoRemind {
		why = append(why, v.either("không nhắc tự động", "not reminded automatically"))
	}
	if !c.Promised.IsZero() {
		at := c.Promised.In(v.now.Location())
		day := shortDay(v.Lang, at)
		if v.now.Before(at) && !sameDay(v.now, at) {
			why = append(why, v.either("hẹn gửi "+day, "promised for "+day))
		} else {
			why = append(why, v.either("hẹn gửi "+day+", chưa thấy", "promised for "+day+", not there"))
		}
	} else if !c.Reminded.IsZero() {
		why = append(why, v.either("nhắc ", "reminded ")+shortDay(v.Lang, c.Reminded.In(v.now.Location())))
	}
	return strings.Join(why, "; ")
}

// lost says that no letter reaches a unit, since when, and why if the server
// gave a reason (RFC 3463 §3).
func (v *view) lost(c Call) string {
	line := v.either("thư không chuyển được", "letters do not arrive")
	if !c.Lost.IsZero() {
		line += v.either(" từ ", " since ") + shortDay(v.Lang, c.Lost.In(v.now.Location()))
	}
	_, detail, _ := strings.Cut(c.Status, ".")
	if reason := v.word(map[string]config.Text{
		"1.1": {VI: "không có hộp thư này", EN: "no such mailbox"},
		"1.2": {VI: "không có tên miền này", EN: "no such domain"},
		"1.6": {VI: "hộp thư đã chuyển đi", EN: "the mailbox has moved"},
		"2.1": {VI: "hộp thư bị khóa", EN: "the mailbox is disabled"},
		"2.2": {VI: "hộp thư đầy", EN: "the mailbox is full"},
	}[detail]); reason != "" {
		line += " (" + reason + ")"
	}
	return line
}

// omitted says who still owes something and gets no letter, reason by reason.
func (v *view) omitted(all []Omitted) string {
	var reasons []string
	of := map[string][]config.Unit{}
	for _, o := range all {
		why := v.word(o.Why)
		if of[why] == nil {
			reasons = append(reasons, why)
		}
		of[why] = append(of[why], o.Unit)
	}
	var out []string
	for _, why := range reasons {
		out = append(out, v.names(of[why])+" ("+why+")")
	}
	return strings.Join(out, "; ")
}
