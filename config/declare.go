package config

import (
	"cmp"
	"net"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zone must be there on a machine without zone files

	"go.yaml.in/yaml/v4"
)

var (
	campaignID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
	categoryCode = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]{0,59}$`)
	folderName   = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N} ,.()_-]{0,78}[\p{L}\p{N})_-])?$`)
	inputName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_*]*$`)
)

// declare reads campaign.yaml from its top section, and returns the code of
// the roster's row for the committee itself, if the file names it.
func declare(c *Campaign, s *section, dir string) (issuer string) {
	c.lines = map[string]int{}
	for _, h := range s.heads {
		c.lines[h.Value] = h.Line
	}
	c.Mode = Mode(s.choice("mode", string(Rehearsal), string(Rehearsal), string(Live)))
	s.must("campaign", `Ghi mã đợt, như DVK-2022; mã này đứng trong tiêu đề mọi thư.`, `Write the campaign's code, like DVK-2022; it stands in every subject.`)
	c.ID = s.word("campaign", "", campaignID, `không dùng làm mã đợt được. Ghi một từ không dấu gồm chữ, số, dấu gạch, như DVK-2022.`,
		`cannot be a campaign's code. Write one word of unaccented letters, digits and dashes, like DVK-2022.`)
	c.Language = s.choice("language", "vi", "vi", "en")
	c.Location = zone(s)

	c.Letter = letter(s.section("letter"), c)
	c.Deadline = deadline(s.section("deadline"), c)
	if cut := s.date("figures_as_of", c.Location); !cut.IsZero() {
		c.CutOff = cut.Format("02/01/2006")
	}
	c.Categories = categories(s)
	issuer = s.text("issuer", "")
	c.Parts = parts(s.section("parts"))
	c.Figures = figures(s, "figures")
	percents(s, c.Figures)

	c.Ladder = ladder(s, c.Letter.Date, c.Location)
	h := s.section("hours")
	c.Hours = Hours{From: h.clock("from", "07:30"), To: h.clock("to", "16:30")}
	if c.Hours.From >= c.Hours.To {
		h.bad("to", `giờ cuối %s phải sau giờ đầu %s. Sửa một trong hai.`, `the end %s must come after the start %s. Mend one of them.`, c.Hours.To, c.Hours.From)
	}
	h.close()
	c.Holidays = holidays(s, c.Location)
	c.Poll = s.spec("poll", "@every 1m")
	c.Reminders = s.spec("reminders", "30 7 * * MON-FRI")
	c.Digest = s.texts("digest", []string{"0 16 * * MON-FRI"})
	if c.Weekly = "30 7 * * MON"; s.node("weekly") != nil {
		c.Weekly = s.text("weekly", "") // "" is an answer: none
	}
	c.ReceiptDelay = s.delay("receipt_delay", 10*time.Minute, 24*time.Hour)
	c.LibreOffice = program(s, "libreoffice")
	c.AlarmCommand = command(s, "alarm_command", dir)

	c.OAuth = oauth(s.section("oauth"), dir)
	c.Mailbox = mailbox(s.section("mailbox"), dir, c.OAuth.Known(), c.Letter.Date, c.Location)
	c.SMTP = smtp(s.section("smtp"), dir, c.OAuth.Known())
	c.Mailbox.hide, c.SMTP.hide = c.secretVars(), c.secretVars()
	if c.OAuth.Known() && !c.Mailbox.Granted && !c.SMTP.Granted {
		s.bad("oauth", `chưa dùng ở đâu. Ghi auth: xoauth2 dưới mailbox và smtp (bỏ password_env, token_…), hoặc để provider: "".`,
			`is used by nothing. Write auth: xoauth2 under mailbox and smtp (without password_env, token_…), or provider: "".`)
	}
	c.Mailbox.Address = cmp.Or(c.Mailbox.Address, c.SMTP.From)
	c.Desk = s.addresses("desk")
	if len(c.Desk) == 0 && c.Mode == Live {
		s.bad("desk", `danh sách trống mà mode là live: không ai nhận bản tin và cảnh báo. Ghi địa chỉ của Phòng: [phong@don-vi.example].`,
			`the list is empty while mode is live: nobody would get digests and alarms. Write the desk's address: [desk@office.example].`)
	}
	_, domain, _ := strings.Cut(c.SMTP.From, "@")
	c.PublicDomain = s.word("public_domain", domain, domainShape, `không phải tên miền. Ghi như don-vi.example, chữ thường.`, `is no domain. Write it like office.example, in lower case.`)
	if c.HTTP = s.text("http", ""); c.HTTP != "" {
		host, _, err := net.SplitHostPort(c.HTTP)
		switch ip := net.ParseIP(host); {
		case err != nil:
			s.bad("http", `%s không phải địa chỉ:cổng. Ghi như 127.0.0.1:8080, hoặc "" để tắt.`, `%s is no address:port. Write it like 127.0.0.1:8080, or "" to turn it off.`, show(c.HTTP))
		case host != "localhost" && (ip == nil || !ip.IsLoopback()):
			s.bad("http", `%s mở cho máy khác thấy; chỉ được mở trên máy này. Ghi như 127.0.0.1:8080.`, `%s is seen by other machines; it may be opened on this one only. Write it like 127.0.0.1:8080.`, show(c.HTTP))
		}
	}
	s.close()
	return issuer
}

// command reads a command line, as the list of its words; a program with a
// directory in its name is looked for from the campaign's.
func command(s *section, key, dir string) []string {
	line := s.texts(key, nil)
	if len(line) == 0 {
		return nil
	}
	path := line[0]
	if strings.ContainsRune(path, '/') {
		path = absolute(dir, path)
	}
	found, err := exec.LookPath(path)
	if err != nil {
		s.bad(key, `không chạy được chương trình %s (không có, hoặc chưa có quyền chạy). Ghi đường dẫn đầy đủ và cho quyền chạy (chmod +x), hoặc [] để tắt.`,
			`the program %s cannot be run (it is not there, or may not be executed). Write its whole path and let it be executed (chmod +x), or [] to turn this off.`, show(line[0]))
		return nil
	}
	return append([]string{found}, line[1:]...)
}

// spec reads a cron spec; only schedule understands it.
func (s *section) spec(key, otherwise string) string {
	if s.head(key) != nil {
		s.must(key, `Ghi như "`+otherwise+`", hoặc bỏ cả dòng để dùng giá trị đó.`, `Write it like "`+otherwise+`", or leave the line out to use that.`)
	}
	return s.text(key, otherwise)
}

func zone(s *section) *time.Location {
	name := s.text("timezone", "Asia/Ho_Chi_Minh")
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		s.bad("timezone", `không có múi giờ %s. Ghi Asia/Ho_Chi_Minh.`, `there is no time zone %s. Write Asia/Ho_Chi_Minh.`, show(name))
		return time.UTC
	}
	return loc
}

func letter(s *section, c *Campaign) Letter {
	var l Letter
	l.Number = s.need("number", `Ghi số, ký hiệu công văn, như 624-CV/BDVTU.`, `Write the letter's number, like 624-CV/BDVTU.`)
	s.must("date", `Ghi ngày công văn, như 2022-10-03.`, `Write the letter's date, like 2022-10-03.`)
	l.Date = s.date("date", c.Location)
	s.must("short", `Ghi cách gọi ngắn của báo cáo, như: báo cáo năm 2022.`, `Write what the report is called for short, like: 2022 report.`)
	l.Short = s.phrase("short", Text{})
	l.Title = s.phrase("title", l.Short)
	before, _, _ := strings.Cut(c.ID, "-")
	l.Abbrev = s.text("abbrev", before)
	s.must("issuer", `Ghi tên cơ quan ban hành.`, `Write the name of the issuing office.`)
	l.Issuer = s.phrase("issuer", Text{})
	l.Signature = s.phrase("signature", Text{VI: strings.ToUpper(l.Issuer.VI), EN: strings.ToUpper(l.Issuer.EN)})
	l.Office = s.phrase("office", Text{})
	l.Phone = s.text("phone", "")
	day := l.Date.Format("02/01/2006")
	l.Name = s.phrase("name", Text{VI: "Công văn số " + l.Number + " ngày " + day, EN: "Official Letter No. " + l.Number + " of " + day})
	l.Brief = s.phrase("brief", Text{})
	l.Doc = s.phrase("doc", Text{})
	l.Period = s.phrase("period", Text{})
	l.Purpose = s.phrase("purpose", Text{})
	l.Topics = s.phrase("topics", Text{})
	l.Counts = s.phrase("counts", Text{})
	l.Summary = s.phrase("summary", Text{VI: "báo cáo tổng hợp chung", EN: "the consolidated report"})
	l.Official = official(s.section("official"), l)
	l.Outline, l.Contents = heads(s.texts("outline", nil)), heads(s.texts("contents", nil))
	s.close()
	return l
}

// official reads how official letters look; what is not said follows from the
// letter of the campaign itself.
func official(s *section, l Letter) Official {
	_, symbol, _ := strings.Cut(l.Number, "-")
	o := Official{
		Parent: s.phrase("parent", Text{}),
		Body:   s.phrase("body", Text{VI: strings.ToUpper(l.Issuer.VI), EN: strings.ToUpper(l.Issuer.EN)}),
		Motto:  s.phrase("motto", Text{}),
		Place:  s.phrase("place", Text{}),
		Symbol: s.text("symbol", symbol),
		About:  s.phrase("about", Text{}),
		Copies: s.texts("copies", nil),
		Signer: s.texts("signer", nil),
	}
	s.close()
	return o
}

// heads reads sections of a document: a name, and after each stroke a phrase.
func heads(lines []string) []Head {
	var out []Head
	for _, line := range lines {
		words := strings.Split(line, "|")
		for i := range words {
			words[i] = strings.TrimSpace(words[i])
		}
		h := Head{Name: words[0], Words: slices.DeleteFunc(words[1:], func(w string) bool { return w == "" })}
		if len(h.Words) == 0 {
			h.Words = []string{strings.TrimLeft(h.Name, "0123456789.-) ")}
		}
		out = append(out, h)
	}
	return out
}

// deadline reads the instants; without closes, nothing is sent unasked from
// two weeks after the deadline.
func deadline(s *section, c *Campaign) Deadline {
	var d Deadline
	s.must("before", `Ghi ngày mà báo cáo phải đến trước đó, như 2022-10-20.`, `Write the day before which reports must arrive, like 2022-10-20.`)
	d.Before = s.date("before", c.Location)
	d.GraceUntil = s.date("grace_until", c.Location)
	if d.Closes = s.date("closes", c.Location); d.Closes.IsZero() && !d.Before.IsZero() {
		d.Closes = later(d.Before, d.GraceUntil).AddDate(0, 0, 14)
	}
	if !d.Before.IsZero() {
		switch {
		case !c.Letter.Date.IsZero() && !d.Before.After(c.Letter.Date):
			s.bad("before", `thời hạn không sau ngày công văn (%s). Sửa một trong hai ngày.`, `the deadline is not after the letter's date (%s). Mend one of them.`, c.Letter.Date.Format(time.DateOnly))
		case !d.GraceUntil.IsZero() && d.GraceUntil.Before(d.Before):
			s.bad("grace_until", `phải từ ngày của before (%s) trở đi. Sửa ngày, hoặc bỏ khóa này nếu không có ngày châm chước.`, `must not be earlier than before (%s). Mend it, or leave the key out if there is no grace.`, d.Before.Format(time.DateOnly))
		case d.Closes.Before(later(d.Before, d.GraceUntil)):
			s.bad("closes", `phải từ %s trở đi. Ghi ngày kết thúc đợt.`, `must not be earlier than %s. Write the day on which the campaign is over.`, later(d.Before, d.GraceUntil).Format(time.DateOnly))
		}
	}
	s.close()
	return d
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// categories reads the groups of units and what each owes.
func categories(s *section) []Category {
	var list []Category
	s.must("categories", `Ghi từng nhóm đơn vị và nghĩa vụ của nhóm (code, name, report, appendix, models).`, `Write each group of units and what it owes (code, name, report, appendix, models).`)
	for _, p := range s.sections("categories") {
		var k Category
		p.must("code", `Ghi mã nhóm đúng như cột category của danh sách.`, `Write the group's code as in the roster's column category.`)
		k.Code = p.word("code", "", categoryCode, `không dùng làm mã nhóm được. Ghi chữ không dấu, số và dấu gạch, như so-ban-nganh.`, `cannot be a group's code. Write unaccented letters, digits and dashes, like so-ban-nganh.`)
		k.Name = p.phrase("name", Text{VI: k.Code})
		k.Folder = p.word("folder", k.Code, folderName, `không dùng làm tên thư mục được. Chỉ dùng chữ, số, dấu cách, dấu gạch.`, `cannot be a folder's name. Use only letters, digits, blanks and dashes.`)
		k.Obligation = Obligation{Report: p.yes("report", true), Appendix: p.yes("appendix", true), Models: p.whole("models", 0, 0, 99)}
		k.Outlier = float64(p.whole("outlier", 0, 0, 1_000_000_000))
		for _, o := range list {
			if k.Code != "" && o.Code == k.Code {
				p.bad("code", `nhóm %s đã có ở trên. Đổi mã hoặc xóa một nhóm.`, `the group %s is already above. Change the code or delete one.`, show(k.Code))
			} else if k.Folder != "" && strings.EqualFold(o.Folder, k.Folder) {
				p.bad("folder", `thư mục %s đã dùng cho nhóm %s. Đặt tên khác.`, `the folder %s is already that of %s. Choose another name.`, show(k.Folder), o.Code)
			}
		}
		p.close()
		list = append(list, k)
	}
	if n := s.node("categories"); n != nil && n.Kind == yaml.SequenceNode && len(list) == 0 {
		s.bad("categories", `không có nhóm nào. Ghi ít nhất một nhóm, mỗi nhóm bắt đầu bằng "- code:".`, `there is no group. Write at least one, each beginning with "- code:".`)
	}
	return list
}

// figures reads headline numbers; a part of a number is a figure itself.
func figures(s *section, key string) []Figure {
	var list []Figure
	for _, p := range s.sections(key) {
		p.must("label", `Ghi tên số liệu.`, `Write what the number is called.`)
		f := Figure{Label: p.phrase("label", Text{})}
		f.Short = p.phrase("short", f.Label)
		f.Inputs = p.texts("inputs", nil)
		if len(f.Inputs) == 0 {
			p.must("inputs", `Ghi tên các ô nhập được cộng, như [DVK_B1_*_TT].`, `Write the names of the inputs that are added up, like [DVK_B1_*_TT].`)
		}
		for _, in := range f.Inputs {
			if !inputName.MatchString(in) {
				p.bad("inputs", `%s không phải tên ô nhập. Chỉ dùng chữ, số, dấu _ và * cho một đoạn bất kỳ.`, `%s is no name of an input. Use letters, digits, _ and * for any one stretch.`, show(in))
			}
		}
		if key == "figures" {
			f.Split = figures(p, "split")
			f.Percent = p.text("percent", "")
			if f.Of = p.phrase("of", Text{}); f.Percent != "" {
				p.oneNumber("of", f.Of)
			}
		}
		p.close()
		list = append(list, f)
	}
	return list
}

// oneNumber checks that a phrase has one %s, and no other percent sign.
func (s *section) oneNumber(key string, t Text) {
	for _, phrase := range []string{t.VI, cmp.Or(t.EN, t.VI)} {
		if strings.Count(phrase, "%s") != 1 || strings.Count(phrase, "%") != 1 {
			s.bad(key, `%s phải có %%s đúng một lần, ở chỗ của con số. Ghi như "bằng %%s số đăng ký".`, `%s must have %%s exactly once, where the number goes. Write it like "%%s of those registered".`, show(phrase))
			return
		}
	}
}

// percents checks that a share is that of a figure that exists.
func percents(s *section, list []Figure) {
	for i, f := range list {
		if f.Percent != "" && !slices.ContainsFunc(list, func(o Figure) bool { return o.Label.VI == f.Percent }) {
			at := s.items("figures")[i]
			s.found.say(s.place(at), `figures[%d].percent: không có số liệu tên %s. Ghi đúng label của một số liệu khác.`, `figures[%d].percent: there is no figure called %s. Write the label of another figure exactly.`, i+1, show(f.Percent))
		}
	}
}

func holidays(s *section, loc *time.Location) []Holiday {
	var list []Holiday
	for _, p := range s.sections("holidays") {
		p.must("date", `Ghi ngày, như 2022-09-02.`, `Write the day, like 2022-09-02.`)
		h := Holiday{Date: p.date("date", loc), Name: p.text("name", ""), Work: p.yes("work", false)}
		if slices.ContainsFunc(list, func(o Holiday) bool { return o.Date.Equal(h.Date) && !h.Date.IsZero() }) {
			p.bad("date", `ngày này đã có ở trên. Xóa một trong hai.`, `this day is already above. Delete one of them.`)
		}
		p.close()
		list = append(list, h)
	}
	return list
}

// program reads the path of a program that is there and may be executed.
func program(s *section, key string) string {
	path := s.text(key, "")
	if path == "" {
		return ""
	}
	found, err := exec.LookPath(path)
	if err != nil {
		s.bad(key, `không có chương trình %s trên máy này. Ghi đường dẫn đầy đủ, ví dụ /usr/bin/soffice, hoặc "" để tắt.`,
			`there is no program %s on this machine. Write its whole path, such as /usr/bin/soffice, or "" to turn this off.`, show(path))
		return ""
	}
	return found
}
