package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/form"
	"dondoc/intake/workbook"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

type checkCmd struct{}

// formFile is the blank form in the campaign directory.
const formFile = "form.xlsx"

// Run finds every mistake that can be found without a network. What the
// packages that use a file know of it, they are asked; config itself knows
// only how the files are written.
func (*checkCmd) Run(p *Program) error {
	c, err := p.load()
	if err != nil {
		return err
	}
	var mistakes config.Mistakes
	blank, err := form.Compile(c.Form)
	if err != nil {
		return formMistake(formFile, err)
	}
	for _, fault := range blank.Try() {
		mistakes = append(mistakes, config.Mistake{File: formFile, Cell: fault.Sheet + "!" + fault.Cell, VI: fault.VI, EN: fault.EN})
	}
	if _, err := schedule.Compile(c); err != nil {
		return err
	}
	f := blank.Description()
	mistakes = append(mistakes, figureMistakes(c, f)...)
	mistakes = append(mistakes, letter.CheckTemplates(c)...)
	if len(mistakes) > 0 {
		return mistakes
	}
	warnings := slices.Concat(config.Check(c, p.now()), unknownHolidays(c), unconfined(runtime.GOOS), p.notLoggedIn(c))
	if p.cli.JSON {
		lines := []string{}
		for _, w := range warnings {
			lines = append(lines, w.In(p.cli.Lang))
		}
		return json.NewEncoder(p.Stdout).Encode(map[string]any{"ok": true, "warnings": lines, "units": len(c.Units)})
	}
	for _, w := range warnings {
		p.say("Lưu ý: %s", "Note: %s", w.In(p.cli.Lang))
	}
	models := 0
	for _, u := range c.Units {
		models += u.Obligation.Models
	}
	p.say("Cấu hình dùng được: %d đơn vị, %d mô hình được giao, mẫu có %d ô nhập và %d luật.",
		"The configuration can be used: %d units, %d models asked for, a form of %d inputs and %d rules.",
		len(c.Units), models, len(f.Inputs), len(f.Rules))
	return nil
}

// notLoggedIn warns of accounts that nobody has logged in yet. A client secret
// that cannot be read is one too.
func (p *Program) notLoggedIn(c *config.Campaign) (warn []config.Mistake) {
	in, out := p.mailboxEntry(c).source, p.smtpEntry(c).source
	for _, s := range []*signin.Source{in, out} {
		if s == nil || s == out && in != nil && in.Path() == out.Path() {
			continue
		}
		err := s.Ready()
		var fault *signin.Fault
		var mistakes config.Mistakes
		switch {
		case errors.As(err, &fault):
			m := c.At("oauth")
			m.VI, m.EN = fault.VI, fault.EN
			warn = append(warn, m)
		case errors.As(err, &mistakes):
			warn = append(warn, mistakes...)
		case err == nil && !s.Private():
			m := c.At("oauth")
			m.VI, m.EN = "người khác trên máy cũng đọc được "+s.Path()+". Chạy chmod 600.", "others on this machine can read "+s.Path()+". Run chmod 600."
			warn = append(warn, m)
		}
	}
	return warn
}

// unconfined warns where strangers' bytes are opened by a process that could do
// more than read them: everywhere but on Linux.
func unconfined(system string) []config.Mistake {
	switch system {
	case "linux":
		return nil
	case "windows":
		return []config.Mistake{{
			VI: "máy này chạy Windows: tiến trình đọc tệp đính kèm bị giới hạn bộ nhớ, không tạo được tiến trình khác, không ghi được vào tệp, nhưng vẫn đọc được tệp và mạng của tài khoản chạy nó; trên Linux thì không. Nên chạy thành dịch vụ (dondoc service install), hoặc chạy thật trên Linux.",
			EN: "this is Windows: the process that reads attachments is limited in memory, starts no other process and writes no files, but can read the files and reach the network of its account, which on Linux it cannot. Better run it as a service (dondoc service install), or a live campaign on Linux.",
		}}
	}
	return []config.Mistake{{
		VI: fmt.Sprintf("máy này chạy %s: tiến trình đọc tệp đính kèm không bị giới hạn quyền như trên Linux. Nên chạy thật trên Linux.", system),
		EN: fmt.Sprintf("this is %s: the process that reads attachments is not confined as it is on Linux. Better run a live campaign on Linux.", system),
	}}
}

// unknownHolidays warns of a campaign that reaches beyond the table of public
// holidays: a day off that nobody knows of would be taken for a working day.
func unknownHolidays(c *config.Campaign) []config.Mistake {
	end := c.Deadline.Before
	if c.Deadline.Closes.After(end) {
		end = c.Deadline.Closes
	}
	known := standing.NewCalendar(c).TableEnds()
	if !end.After(known.AddDate(0, 0, 1)) {
		return nil
	}
	return []config.Mistake{{File: "campaign.yaml",
		VI: fmt.Sprintf("holidays: lịch nghỉ lễ có sẵn chỉ đến ngày %s. Ghi thêm ngày nghỉ, ngày làm bù của năm %d.", known.Format("02/01/2006"), end.Year()),
		EN: fmt.Sprintf("holidays: the built-in table of holidays ends on %s. Add the days off, and the days worked instead, of %d.", known.Format("02/01/2006"), end.Year())}}
}

// figureMistakes finds headline numbers that add up nothing: the form has no
// input of that name.
func figureMistakes(c *config.Campaign, f finding.Form) (found config.Mistakes) {
	var look func([]config.Figure)
	look = func(figures []config.Figure) {
		for _, figure := range figures {
			for _, pattern := range figure.Inputs {
				match := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `[A-Za-z0-9]+`) + "$")
				if !slices.ContainsFunc(f.Inputs, func(in finding.Input) bool { return match.MatchString(in.Name) }) {
					found = append(found, config.Mistake{File: "campaign.yaml",
						VI: fmt.Sprintf("figures: số liệu %q cộng các ô %s, nhưng mẫu không có ô nhập nào tên như vậy. Xem tên các ô: dondoc form inspect %s", figure.Label.VI, pattern, formFile),
						EN: fmt.Sprintf("figures: %q adds up %s, but the form has no input of such a name. For the names see: dondoc form inspect %s", figure.Label.EN, pattern, formFile)})
				}
			}
			look(figure.Split)
		}
	}
	look(c.Figures)
	return found
}

// formMistake says that a workbook cannot be used as a form, and why, in both
// languages.
func formMistake(file string, err error) error {
	vi, en := fmt.Sprintf("không dùng được làm mẫu (%v). ", err), fmt.Sprintf("it cannot be used as a form (%v). ", err)
	var trouble *workbook.Error
	if errors.As(err, &trouble) {
		words := formTrouble[trouble.Kind]
		vi, en = words[0], words[1]
	}
	return config.Mistakes{{File: file,
		VI: vi + "Mở mẫu trắng bằng Excel, bỏ mật khẩu nếu có, rồi lưu thành .xlsx.",
		EN: en + "Open the blank form in Excel, take its password away if it has one, and save it as .xlsx."}}
}

var formTrouble = map[string][2]string{
	workbook.Empty:        {"tệp trống. ", "the file is empty. "},
	workbook.Encrypted:    {"tệp có mật khẩu nên không đọc được. ", "the file has a password and cannot be read. "},
	workbook.Damaged:      {"tệp bị hỏng hoặc bị cắt dở. ", "the file is damaged or cut off. "},
	workbook.NotAWorkbook: {"đây không phải một bảng tính Excel. ", "this is no Excel workbook. "},
	workbook.Unsupported:  {"định dạng này không dùng làm mẫu được. ", "this format cannot be used for a form. "},
	workbook.TooLarge:     {"tệp quá lớn. ", "the file is too large. "},
}
