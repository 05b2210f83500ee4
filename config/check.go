package config

import (
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Check says what need not stop the program but should be known before it
// runs, at now. Unlike Load's Mistakes these are warnings.
func Check(c *Campaign, now time.Time) []Mistake {
	warn := append(Mistakes(nil), c.warnings...)
	at := c.At
	day := func(t time.Time) string { return t.In(c.Location).Format("02/01/2006") }
	switch d := c.Deadline; {
	case !now.Before(d.Closes):
		warn.say(at("deadline"), `đợt này đã kết thúc từ ngày %s (deadline.closes): không tự gửi thư nào nữa, thư đến vẫn được trả lời. Muốn làm đợt mới, sửa deadline và letter.`,
			`this campaign has been over since %s (deadline.closes): nothing is sent unasked, mail that comes is still answered. For a new one, edit deadline and letter.`, day(d.Closes))
	case !now.Before(d.Before):
		warn.say(at("deadline"), `thời hạn trước ngày %s (deadline.before) đã qua.`, `the deadline, before %s (deadline.before), has passed.`, day(d.Before))
	}
	for _, s := range c.Ladder {
		if s.On && !s.Date.IsZero() && !s.Date.Before(c.Deadline.Before) {
			warn.say(at("ladder"), `bước %s đặt ngày %s, không trước thời hạn. Sửa ngày trong ladder.`, `the step %s is set for %s, not before the deadline. Mend the date in ladder.`, s.Name, day(s.Date))
		}
	}
	if c.Mailbox.Since.After(c.Letter.Date) {
		warn.say(at("mailbox"), `mailbox.since (%s) sau ngày công văn: thư đến giữa hai ngày đó sẽ bị bỏ qua.`, `mailbox.since (%s) is after the letter's date: mail between the two days will be passed over.`, day(c.Mailbox.Since))
	}
	if len(c.Enclosures) == 0 {
		warn.say(Mistake{File: enclosureDir + "/"}, `thư mục trống: thư giao mẫu sẽ không kèm công văn. Chép tệp công văn (PDF) vào đây.`,
			`the directory is empty: the invitation will not carry the letter itself. Copy the letter (PDF) into it.`)
	}
	if len(c.Desk) == 0 {
		warn.say(at("desk"), `desk trống: khi chạy thử không ai nhận được thư nào. Ghi địa chỉ của Phòng.`, `desk is empty: in a rehearsal nobody would get any letter. Write the desk's address.`)
	}
	if len(c.Figures) == 0 {
		warn.say(at("figures"), `chưa có figures: thư xác nhận và bản tin không nêu số liệu chính. Ghi các ô nhập cần nêu.`, `there are no figures: receipts and digests will show no headline numbers. Name the inputs to be shown.`)
	}
	undecided(c, &warn)
	examples(c, &warn)
	secretFile(&warn, at("mailbox"), "mailbox.password_file", c.Mailbox.PasswordFile)
	secretFile(&warn, at("mailbox"), "mailbox.token_file", c.Mailbox.TokenFile)
	secretFile(&warn, at("oauth"), "oauth.client_secret_file", c.OAuth.SecretFile)
	secretFile(&warn, at("smtp"), "smtp.password_file", c.SMTP.PasswordFile)
	secretFile(&warn, at("smtp"), "smtp.token_file", c.SMTP.TokenFile)
	crowded(c, &warn)
	lowered(&warn, at("mailbox"), "mailbox", c.Mailbox.Access)
	lowered(&warn, at("smtp"), "smtp", c.SMTP.Access)
	warn.sort()
	return warn
}

// secretFile looks at the file of a secret, never into it.
func secretFile(warn *Mistakes, at Mistake, key, file string) {
	if file == "" {
		return
	}
	if open, err := OpenToOthers(file); err != nil {
		warn.say(at, `%s: không đọc được tệp %s. Tạo tệp đó trên máy chạy dondoc.`, `%s: the file %s cannot be read. Create it on the machine that runs dondoc.`, key, show(file))
	} else if open {
		warn.say(at, `%s: người khác trên máy cũng đọc được tệp %s. Chạy %s.`, `%s: others on this machine can read the file %s. Run %s.`, key, show(file), CloseToOthers(filepath.Base(file)))
	}
}

// crowded says that a step of the ladder cannot reach every unit on its day: at
// the pace it takes longer than the sending hours, or there are more letters
// than may go out in a day.
func crowded(c *Campaign, warn *Mistakes) {
	open := 24 * time.Hour
	from, err := time.Parse("15:04", c.Hours.From)
	to, err2 := time.Parse("15:04", c.Hours.To)
	if err == nil && err2 == nil && to.After(from) {
		open = to.Sub(from)
	}
	n := len(c.Units)
	if takes := time.Duration(n) * c.SMTP.Pace; takes > open {
		warn.say(c.At("smtp"), `smtp.pace: %d thư cách nhau %s cần %s, dài hơn giờ gửi trong ngày (hours). Giảm smtp.pace.`,
			`smtp.pace: %d letters, one in %s, take %s, longer than the sending hours of a day (hours). Make smtp.pace smaller.`, n, c.SMTP.Pace, takes)
	}
	if c.SMTP.PerDay > 0 && n > c.SMTP.PerDay {
		warn.say(c.At("smtp"), `smtp.per_day: %d đơn vị nhưng mỗi ngày chỉ gửi %d thư: một bước nhắc không đi hết trong ngày. Tăng smtp.per_day nếu hộp thư cho phép.`,
			`smtp.per_day: there are %d units and %d letters a day: a step of the ladder does not go out in one. Make smtp.per_day larger, if the account allows it.`, n, c.SMTP.PerDay)
	}
}

// lowered says aloud that a connection may be weaker than it should be.
func lowered(warn *Mistakes, at Mistake, section string, a Access) {
	if a.Lowered() {
		warn.say(at, `%s.tls_min: chấp nhận TLS %s, loại cũ đã biết là yếu: mật khẩu và thư có thể bị đọc trộm trên đường truyền. Đề nghị quản trị thư bật TLS 1.2, rồi ghi "1.2".`,
			`%s.tls_min: TLS %s is accepted, which is old and known to be weak: password and mail may be read on their way. Ask the mail administrator to turn TLS 1.2 on, then write "1.2".`, section, a.TLSName())
	}
}

// undecided counts the units that live mode would refuse.
func undecided(c *Campaign, warn *Mistakes) {
	var codes []string
	for _, u := range c.Units {
		if u.Undecided {
			codes = append(codes, u.Code)
		}
	}
	if len(codes) > 0 {
		warn.say(Mistake{File: c.roster}, `%d đơn vị chưa quyết định (active là ?): %s. Ghi yes hoặc no trước khi đặt mode: live.`,
			`units not decided (active is ?): %d: %s. Write yes or no before setting mode: live.`, len(codes), strings.Join(codes, ", "))
	}
}

// examples counts the addresses that lead nowhere (RFC 2606 §2): the made-up
// ones of init, not yet replaced. A server on this machine is a demonstration
// and may take them.
func examples(c *Campaign, warn *Mistakes) {
	if u, err := url.Parse(c.SMTP.URL); err == nil && loopback(u.Hostname()) {
		return
	}
	n := 0
	for _, u := range c.Units {
		for _, a := range u.Emails {
			if strings.HasSuffix(a, ".example") {
				n++
			}
		}
	}
	if n > 0 {
		warn.say(Mistake{File: c.roster}, `%d địa chỉ kết thúc bằng .example chỉ là ví dụ. Thay bằng địa chỉ thật trước khi đặt mode: live.`,
			`addresses ending in .example, which are only examples: %d. Replace them by real ones before setting mode: live.`, n)
	}
}
