package main

import (
	"fmt"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// returned are the letters that came back, by key and address: a mail server
// may take a letter and say later that it reached nobody.
type returned map[[2]string]*finding.Verdict

// returnedJSON is what a bounce said, in `letters --json`.
type returnedJSON struct {
	At        string `json:"at"`
	Status    string `json:"status"`
	Permanent bool   `json:"permanent"`
	Mail      string `json:"mail"` // the id of the bounce
}

// returnedLetters believes a bounce only of a letter that it provably brings
// back; of several the last is told, one for good before one that is not.
func returnedLetters(facts standing.Facts, now time.Time) returned {
	all := returned{}
	for _, m := range facts.Mails {
		if m.Bounce == nil || !m.Bounce.Ours || m.Received.After(now) {
			continue
		}
		for _, e := range m.Evidence {
			at := [2]string{e.Detail, m.Bounce.Address}
			if have := all[at]; e.Kind == "thread" && (have == nil || m.Bounce.Permanent || !have.Bounce.Permanent) {
				all[at] = m
			}
		}
	}
	return all
}

func (r returned) json(o *office, key, address string) *returnedJSON {
	m := r[[2]string{key, address}]
	if m == nil {
		return nil
	}
	return &returnedJSON{At: *o.stamp(m.Received.UnixMilli()), Status: m.Bounce.Status, Permanent: m.Bounce.Permanent, Mail: m.ID}
}

// outcomes says in words what became of a letter at each address.
func (o *office) outcomes(l ledger.Letter, back returned) string {
	if l.Withdrawn != "" && l.Reason == ledger.ReasonSkipped {
		return "- " + o.either("bỏ qua: ", "skipped: ") + o.notSent(l.Withdrawn)
	}
	var all []string
	for _, d := range l.Deliveries {
		text := d.Address + ": " + o.outcome(d.Outcome)
		if (d.Outcome == ledger.Refused || d.Outcome == ledger.Trouble) && d.Detail != "" {
			text += " (" + d.Detail + ")"
		}
		if m := back[[2]string{l.Key, d.Address}]; m != nil {
			text += ", " + o.cameBack(m)
		}
		all = append(all, text)
	}
	if l.Withdrawn != "" {
		all = append(all, o.either("không gửi nữa: ", "not sent any more: ")+o.notSent(l.Withdrawn))
	}
	return strings.Join(all, "; ")
}

// notSent is why a letter was not sent, in words.
func (o *office) notSent(why string) string {
	if key, ok := strings.CutPrefix(why, "a later step is due: "); ok {
		return o.either("bước sau đã đến hạn: ", "a later step is due: ") + key
	}
	if words := schedule.Why(why).In(o.cli.Lang); words != "" {
		return words
	}
	return o.word(why)
}

// cameBack is what a bounce says of one letter.
func (o *office) cameBack(m *finding.Verdict) string {
	b := m.Bounce
	vi, en := "bị trả lại", "returned"
	if !b.Permanent {
		vi, en = "chưa đến được", "not through yet"
	}
	return fmt.Sprintf(o.either(vi+" lúc %s: %s", en+" at %s: %s"), o.when(m.Received), o.bounceWords(b))
}

// bounceWords is a status of RFC 3463 as people say it.
func (o *office) bounceWords(b *finding.Bounce) string {
	status := b.Status
	if b.Meaning != "" {
		status = b.Meaning
	}
	_, detail, _ := strings.Cut(status, ".")
	for _, w := range bounceWords {
		if strings.HasPrefix(detail, w.detail) {
			return b.Status + " " + o.either(w.vi, w.en)
		}
	}
	return b.Status
}

var bounceWords = []struct{ detail, vi, en string }{
	{"1.1", "không có địa chỉ này", "no such address"}, {"1.2", "không có tên miền này", "no such domain"}, {"1.", "địa chỉ không dùng được", "the address cannot be used"},
	{"2.1", "hộp thư đã khóa", "the mailbox is disabled"}, {"2.2", "hộp thư đầy", "the mailbox is full"}, {"3.4", "thư quá lớn", "the mail is too large"},
	{"4.", "máy chủ nơi nhận không phản hồi", "the recipient's server does not answer"}, {"7.", "máy chủ nơi nhận không cho qua", "the recipient's server lets it not through"},
}
