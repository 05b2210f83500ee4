package letter

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// What holds for every letter to a unit, whatever it says (the approved
// letters, section 0): the words that are never used, how long it may be, what
// its subject begins with, and that no day is asked for that has gone by.

// forbidden are words that a letter to a unit never has: they blame, they
// command, or they are the trade's own.
var forbidden = []string{
	"yêu cầu", "quá hạn", "vi phạm", "bất thường", "trả lại", "không hợp lệ", "theo quy định phải", "phê bình", "nhắc nhở lần cuối",
	"hồ sơ đề nghị", "biên nhận", "bounce", "leo thang", "quý vị",
	"overdue", "violation", "invalid", "rejected", "you must",
}

// conclusion is what the first 40 characters of a subject say, by the first
// word of the golden file's name: what came, what is missing, what to do.
var conclusion = map[string]*regexp.Regexp{
	"invite":      regexp.MustCompile(`^(Gửi mẫu|Form for)`),
	"receipt":     regexp.MustCompile(`^(Đã nhận đủ|Đã nhận; còn thiếu|Đã nhận .*|Received complete|Received; (still missing|please send|\d+ part)|Received, being looked into)`),
	"corrections": regexp.MustCompile(`^(Đề nghị (sửa|giải trình|xem lại) \d\d|Có \d\d tệp chưa dùng được|Please (mend|explain) \d+|\d+ files? could not be used)`),
	"unusable":    regexp.MustCompile(`(?i)(chỉ có liên kết|đề nghị|mật khẩu|mẫu trắng|mẫu của đợt khác|mã hóa|Figures are in the message|[Pp]lease)`),
	"remind":      regexp.MustCompile(`^(Còn thiếu|Còn \d\d nội dung cần sửa|Hôm nay \S+ là ngày cuối|Đề nghị gửi|Kính đề nghị|Thông báo thời hạn|Deadline for|Still missing|\d+ (items?|parts?) still|Today, .* is the last day|Please send|Kindly send)`),
	"ask":         regexp.MustCompile(`^(Đề nghị cho biết|Please tell us|Whose)`),
	"confirm":     regexp.MustCompile(`^(Đã nhận báo cáo|Có báo cáo|A report)`),
	"escalate":    regexp.MustCompile(`^(Gửi Công văn đôn đốc|The official letter)`),
	"registered":  regexp.MustCompile(`^(Đã ghi nhận địa chỉ|Registered)`),
	"thanks":      regexp.MustCompile(`^(Cảm ơn|Thank you)`),
	"extended":    regexp.MustCompile(`^(Thời hạn|New deadline|The deadline|Deadline)`),
	"resumed":     regexp.MustCompile(`^(Thời hạn|Deadline|New deadline)`),
}

var (
	politely = regexp.MustCompile(`(?i)quý (cơ quan|địa phương|đơn vị)`)
	// askedFor is a day by which something is asked for.
	askedFor = regexp.MustCompile(`(trước ngày|chậm nhất hết(?: \S+ \S+, ngày)?|gửi trong ngày|hôm nay, ngày) (\d\d/\d\d/\d{4})`)
)

func TestMannersOfEveryLetter(t *testing.T) {
	for _, g := range golden {
		f := g.facts()
		l, err := Render(f)
		if err != nil {
			t.Fatalf("%s: %v", g.state, err)
		}
		complain := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s (%s): "+format, append([]any{g.name, g.state}, args...)...)
		}
		if n := len(l.HTML); n > 100<<10 {
			complain("the page has %d bytes; Gmail cuts it at 102 KB", n)
		}
		for _, bad := range []string{"<style", "<link", "<img", "<script", "src=", "url(", "http:", "https:", "position:", "display:flex", "class="} {
			if strings.Contains(l.HTML, bad) {
				complain("the page has %s, which mail readers drop, or which is fetched from elsewhere", bad)
			}
		}
		if f.Kind == DigestKind || f.Kind == AlarmKind {
			continue
		}
		body, _, _ := strings.Cut(l.Text, "\n--\n")
		all := strings.ToLower(l.Subject + "\n" + l.Text + "\n" + words(l.HTML))
		for _, bad := range forbidden {
			if strings.Contains(all, bad) {
				complain("says %q", bad)
			}
		}
		if n := l.bodyLines(); n > maxBody {
			complain("has %d lines", n)
		}
		if n := len(politely.FindAllString(strings.Replace(body, "Kính gửi: Quý cơ quan, đơn vị", "", 1), -1)); n > 1 {
			complain("says quý cơ quan or the like %d times", n)
		}
		if want := conclusion[strings.Split(g.name, "-")[0]]; want != nil {
			start := []rune(l.Subject)
			if !want.MatchString(string(start[:min(len(start), 40)])) {
				complain("a telephone shows only %q of the subject", string(start[:min(len(start), 40)]))
			}
		}
		today := f.Now.In(f.Campaign.Location)
		for _, m := range askedFor.FindAllStringSubmatch(l.Subject+"\n"+body, -1) {
			day, err := time.ParseInLocation("02/01/2006", m[2], today.Location())
			end := day.AddDate(0, 0, 1)
			if m[1] == "trước ngày" {
				end = day
			}
			if err != nil || !today.Before(end) {
				complain("on %s asks for something %s", today.Format("02/01/2006"), m[0])
			}
		}
	}
}

// A mail reader that turns a page dark changes grounds and letters apart: what
// has a ground says of what colour its words are, too.
func TestWhatHasAGroundHasAColour(t *testing.T) {
	page, err := files.ReadFile("templates/page.html")
	if err != nil {
		t.Fatal(err)
	}
	grounds := 0
	for _, style := range regexp.MustCompile(`<(td|th|tr|p|span)[^>]*style="([^"]*background-color:[^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		if strings.Contains(style[2], "{{.Colour}}") {
			continue // a bar of the chart, without words
		}
		grounds++
		if !regexp.MustCompile(`(^|;)color:#`).MatchString(style[2]) {
			t.Errorf("<%s style=%q>", style[1], style[2])
		}
	}
	if grounds < 5 {
		t.Errorf("%d grounds", grounds)
	}
}

// The catalogue and the templates hold no forbidden word, and no template a
// day or a sentence about a deadline of its own: they come from deadline.go.
func TestNoTemplateKnowsADay(t *testing.T) {
	literal := regexp.MustCompile(`\d{1,2}/\d{1,2}(/\d{4})?|\b20\d\d\b|(thứ (Hai|Ba|Tư|Năm|Sáu|Bảy)|Monday|Tuesday|Wednesday|Thursday|Friday)|trước ngày \d|chậm nhất hết (thứ|ngày|\d)|October|tháng \d`)
	entries, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if found := literal.FindString(string(text)); found != "" && e.Name() != "page.html" {
			t.Errorf("%s has %q of its own", e.Name(), found)
		}
		if strings.HasPrefix(e.Name(), "digest") || strings.HasPrefix(e.Name(), "alarm") {
			continue
		}
		for _, bad := range forbidden {
			if strings.Contains(strings.ToLower(string(text)), bad) {
				t.Errorf("%s says %q", e.Name(), bad)
			}
		}
	}
	for code, words := range catalogue {
		for _, bad := range forbidden {
			if strings.Contains(strings.ToLower(words.VI+words.EN), bad) {
				t.Errorf("the words of %s say %q", code, bad)
			}
		}
	}
}
