package letter

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Week is what the committee is told once a week: how the last one ended, what
// went wrong in it, what was decided, and what comes.
type Week struct {
	First, Last time.Time // the days that it speaks of
	Begins      time.Time // the first day of the week that comes
	Rows        []Row     // as things stood at the end of Last
	Before      *int      // how many units were complete a week earlier; nil: there was no week before
	Errors      []Error   // the mistakes that most units made, the commonest first
	Attention   []Attention
	Unreachable []config.Unit // no letter reaches them
	Decided     []standing.Decision
	Steps       []time.Time // days on which reminders go out
	Own         []OwnDeadline
	Digests     []string // "16:00": when the daily digests come
}

// Error is a mistake, and how many units made it.
type Error struct {
	Problem finding.Problem // one of them
	Units   int
}

// Attention is a category some units of which a disaster or a pause keeps from
// sending.
type Attention struct {
	Category   string
	Incomplete int
	Units      []config.Unit
	Paused     bool
	Cause      string // thien-tai
	Reason     string // what the desk wrote
}

// OwnDeadline is a last day of units that have a later one than the letter's.
type OwnDeadline struct {
	Day   time.Time
	Units int
}

// weekView is a Week in phrases.
type weekView struct {
	Days                           string // "10/10-14/10"
	Last                           string // "thứ Sáu 14/10"
	Complete, Total                string
	Before                         string
	Partial, Fixing, None, Nothing string
	Chart                          string
	Deadline                       string
	Over                           bool
	Groups, Errors                 string
	Attention, Decided, Coming     string
}

func newWeek(v *view) *weekView {
	g := v.f.Week
	loc := v.now.Location()
	last := g.Last.In(loc)
	sum := total(g.Rows)
	w := &weekView{
		Days:     shortDay(v.Lang, g.First.In(loc)) + "-" + shortDay(v.Lang, last),
		Last:     weekdays[v.Lang][last.Weekday()] + " " + shortDay(v.Lang, last),
		Complete: count(v.Lang, sum.Complete), Total: count(v.Lang, sum.Total),
		Partial: count(v.Lang, sum.Partial), Fixing: count(v.Lang, sum.Fixing), None: count(v.Lang, sum.None),
		Chart: v.chart(sum), Over: !v.now.Before(v.c.Deadline.Before),
	}
	if g.Before != nil {
		w.Before = count(v.Lang, *g.Before)
	}
	at := v.c.Deadline.Before.In(loc)
	if w.Deadline = byEnd(v.Lang, at); w.Over {
		end, _ := lastMoment(at)
		w.Deadline = day(v.Lang, end)
	}
	var groups []string
	for _, r := range g.Rows {
		groups = append(groups, lower(v.category(r.Category))+" "+number(v.Lang, float64(r.Complete))+"/"+number(v.Lang, float64(r.Total)))
	}
	w.Groups = strings.Join(groups, "; ")
	var errors []string
	for i, e := range g.Errors {
		unit := ""
		if i == 0 {
			unit = v.either(" đơn vị", plural(v.Lang, " unit", e.Units))
		}
		errors = append(errors, v.errorName(e.Problem)+" ("+count(v.Lang, e.Units)+unit+")")
	}
	w.Errors = strings.Join(errors, "; ")
	w.Attention, w.Decided, w.Coming = v.attention(g), v.decided(g.Decided), v.coming(g)
	return w
}

// either is a phrase in the letter's language.
func (v *view) either(vi, en string) string {
	if v.Lang == "en" {
		return en
	}
	return vi
}

// category is the name of a group of units.
func (v *view) category(code string) string {
	k, _ := v.c.Category(code)
	return cmp.Or(v.word(k.Name), tidy(code))
}

// mostNames is how many units a line names; the workbook has them all.
const mostNames = 6

// names lists units by their short names, not too many of them.
func (v *view) names(units []config.Unit) string {
	var names []string
	for _, u := range units[:min(mostNames, len(units))] {
		names = append(names, shortName(u))
	}
	list := strings.Join(names, ", ")
	if rest := len(units) - mostNames; rest > 0 {
		list += v.either(" và "+count(v.Lang, rest)+" đơn vị khác", " and "+count(v.Lang, rest)+plural(v.Lang, " other", rest))
	}
	return list
}

func (v *view) attention(g *Week) string {
	var out []string
	for _, a := range g.Attention {
		line := v.either(count(v.Lang, a.Incomplete)+" "+lower(v.category(a.Category))+" chưa đủ, trong đó ", v.category(a.Category)+": "+count(v.Lang, a.Incomplete)+" not complete, of which ") + v.names(a.Units)
		reason := clean(a.Reason)
		switch {
		case a.Cause == "thien-tai" && reason != "":
			line += v.either(" chịu ảnh hưởng của "+lower(reason), " hit by "+reason)
		case a.Cause == "thien-tai":
			line += v.either(" chịu ảnh hưởng của thiên tai", " hit by a natural disaster")
		case reason != "":
			line += v.either(" đang tạm dừng nhắc ("+reason+")", " not reminded for now ("+reason+")")
		default:
			line += v.either(" đang tạm dừng nhắc", " not reminded for now")
		}
		out = append(out, line)
	}
	if len(g.Unreachable) > 0 {
		out = append(out, v.either("thư không chuyển được tới ", "letters do not reach ")+v.names(g.Unreachable))
	}
	return strings.Join(out, "; ")
}

// decisions are what the desk may have decided, as a digest counts it.
var decisions = []struct {
	kind string
	name config.Text
}{
	{standing.Pause, config.Text{VI: "lần tạm dừng nhắc", EN: "time(s) reminders paused"}},
	{standing.Resume, config.Text{VI: "lần mở lại nhắc", EN: "time(s) reminders resumed"}},
	{standing.Extend, config.Text{VI: "lần gia hạn", EN: "extension(s)"}},
	{standing.Refuse, config.Text{VI: "lần không đồng ý lùi hạn", EN: "request(s) for more time refused"}},
	{standing.Exempt, config.Text{VI: "lần miễn", EN: "exemption(s)"}},
	{standing.ReceivedOut, config.Text{VI: "xác nhận phần nhận ngoài hộp thư", EN: "part(s) received outside the mailbox"}},
	{standing.Assign, config.Text{VI: "thư được ghi cho đơn vị", EN: "mail(s) assigned to a unit"}},
	{standing.Return, config.Text{VI: "lần đề nghị sửa", EN: "filing(s) to be mended"}},
	{standing.Done, config.Text{VI: "thư đã xử lý", EN: "mail(s) dealt with"}},
	{standing.Reject, config.Text{VI: "thư được gác lại", EN: "mail(s) set aside"}},
	{standing.Approve, config.Text{VI: "lần duyệt thư", EN: "approval(s) of letters"}},
	{standing.Alias, config.Text{VI: "địa chỉ được thêm", EN: "address(es) added"}},
	{standing.Note, config.Text{VI: "ghi chú cuộc gọi", EN: "note(s) of calls"}},
}

// channelNames are how something came that did not come by mail.
var channelNames = map[string]config.Text{
	"lien-thong": {VI: "trục liên thông", EN: "the document exchange"},
	"giay":       {VI: "bản giấy", EN: "paper"},
	"zalo":       {VI: "Zalo", EN: "Zalo"},
	"dien-thoai": {VI: "điện thoại", EN: "telephone"},
	"thu":        {VI: "thư báo không phát sinh", EN: "a message that there is nothing to report"},
}

// counted is a phrase of decisions for n of them: "mail(s)" is one mail, two
// mails.
func counted(phrase string, n int) string {
	if n == 1 {
		return strings.NewReplacer("(s)", "", "(es)", "").Replace(phrase)
	}
	return strings.NewReplacer("(s)", "s", "(es)", "es").Replace(phrase)
}

func (v *view) decided(all []standing.Decision) string {
	counts := map[string]int{}
	var via []string
	other := 0
	for _, d := range all {
		known := false
		for _, k := range decisions {
			known = known || k.kind == d.Kind
		}
		known = known && !(d.Kind == standing.Resume && len(d.Units) == 0) // of answers, not of reminders
		if !known {
			other++
			continue
		}
		counts[d.Kind]++
		if name := v.word(channelNames[d.Via]); d.Kind == standing.ReceivedOut && name != "" && !strings.Contains(strings.Join(via, ", "), name) {
			via = append(via, name)
		}
	}
	var out []string
	for _, k := range decisions {
		if counts[k.kind] == 0 {
			continue
		}
		line := count(v.Lang, counts[k.kind]) + " " + counted(k.name.In(v.Lang), counts[k.kind])
		if k.kind == standing.ReceivedOut && len(via) > 0 {
			line = count(v.Lang, counts[k.kind]) + v.either(" xác nhận báo cáo nhận qua ", plural("en", " part", counts[k.kind])+" received by ") + and(v.Lang, via)
		}
		out = append(out, line)
	}
	if other > 0 {
		out = append(out, count(v.Lang, other)+v.either(" việc khác", plural(v.Lang, " other", other)))
	}
	if counts[standing.Extend] == 0 && len(out) > 0 {
		out = append(out, v.either("chưa gia hạn đơn vị nào", "no extension"))
	}
	return strings.Join(out, "; ")
}

func (v *view) coming(g *Week) string {
	var out []string
	days := func(days []time.Time) string {
		var all []string
		for _, d := range days {
			all = append(all, shortDay(v.Lang, d.In(v.now.Location())))
		}
		return and(v.Lang, all)
	}
	if len(g.Steps) > 0 {
		out = append(out, v.either("thư nhắc ngày ", "reminders on ")+days(g.Steps))
	}
	last, _ := lastMoment(v.c.Deadline.Before.In(v.now.Location()))
	if begin := g.Begins.In(v.now.Location()); !last.Before(begin) && last.Before(begin.AddDate(0, 0, 7)) {
		out = append(out, v.either("hạn ", "deadline ")+shortDay(v.Lang, last))
	}
	for _, o := range g.Own {
		out = append(out, v.either("hạn riêng của "+count(v.Lang, o.Units)+" đơn vị ", "the deadline of "+count(v.Lang, o.Units)+plural(v.Lang, " unit", o.Units)+" of their own ")+days([]time.Time{o.Day}))
	}
	if len(g.Digests) > 0 {
		out = append(out, v.either("bản tin và tổng hợp tạm thời ", "digest and interim figures at ")+and(v.Lang, g.Digests)+v.either(" hằng ngày", " daily"))
	}
	return strings.Join(out, "; ")
}

// errorNames call the program's own checks in a few words. What they count in a
// letter to a unit stands in the catalogue.
var errorNames = map[string]config.Text{
	"S01": {VI: "tệp không mở được", EN: "file that cannot be opened"},
	"S02": {VI: "tệp đặt mật khẩu", EN: "file with a password"},
	"S03": {VI: "phụ lục chỉ có bản quét", EN: "annex only as a scan"},
	"S04": {VI: "phụ lục nằm trong tệp Word", EN: "annex inside a Word file"},
	"S06": {VI: "phụ lục không theo mẫu", EN: "annex not on the form"},
	"S07": {VI: "mẫu của đợt khác", EN: "form of another campaign"},
	"S08": {VI: "tệp ghi tên đơn vị khác", EN: "file that names another unit"},
	"S10": {VI: "phụ lục thiếu biểu", EN: "annex without some of its tables"},
	"S11": {VI: "nhiều bảng, chưa tổng hợp", EN: "several tables, not summed up"},
	"S12": {VI: "thiếu dòng của mẫu", EN: "rows of the form missing"},
	"S13": {VI: "có dòng ngoài mẫu", EN: "rows outside the form"},
	"S14": {VI: "một dòng ghi hai lần", EN: "a row given twice"},
	"S15": {VI: "gửi mẫu trắng", EN: "blank form sent"},
	"S18": {VI: "ô báo lỗi công thức", EN: "formula errors in cells"},
	"L01": {VI: "thư chỉ có liên kết", EN: "a link instead of a file"},
	"L02": {VI: "tệp nén không mở được", EN: "archive that cannot be opened"},
	"L03": {VI: "số liệu ghi trong thư", EN: "figures typed into the mail"},
	"N01": {VI: "cột chưa có số liệu", EN: "columns without figures"},
	"N02": {VI: "ô chưa phải là số", EN: "cells that are no number"},
	"N03": {VI: "số âm", EN: "negative numbers"},
	"N04": {VI: "số lẻ", EN: "numbers with decimals"},
	"N05": {VI: "số có thể hiểu hai cách", EN: "numbers that can be read in two ways"},
	"N06": {VI: "ghi khoảng, chưa ghi số cụ thể", EN: "about so many instead of a number"},
	"N07": {VI: "nhiều số trong một ô", EN: "several numbers in one cell"},
	"N08": {VI: "ghi tỷ lệ thay số lượng", EN: "a percentage instead of a count"},
	"N09": {VI: "số cao hơn nhiều so với mức thường gặp", EN: "numbers far above the usual"},
	"N10": {VI: "số bị Excel đổi thành ngày", EN: "numbers that Excel turned into dates"},
	"C01": {VI: "tổng số không khớp", EN: "totals that do not match"},
	"C02": {VI: "tổng cộng không khớp", EN: "grand totals that do not match"},
	"C09": {VI: "tỷ lệ không khớp", EN: "rates that do not match"},
	"C10": {VI: "chênh nhiều so với năm trước", EN: "far from last year's figures"},
	"M03": {VI: "mô hình thiếu nội dung", EN: "models without some of the content"},
	"M04": {VI: "thiếu cấp, số văn bản công nhận mô hình", EN: "models without the grounds of recognition"},
	"M05": {VI: "mô hình ghi lĩnh vực ngoài mẫu", EN: "models of a field that the form does not have"},
	"R06": {VI: "đính chính không kèm tệp Excel", EN: "corrections without the Excel file"},
}

var (
	asides = regexp.MustCompile(` ?\([^()]*\)| ?“[^”]*”`)
	// shared are numbers that are no unit's own: of a table, of the year, and
	// the zero that a rule speaks of.
	shared = regexp.MustCompile(`\b(Biểu|Table) \d+|\b20\d\d\b|\b0\b`)
	digit  = regexp.MustCompile(`\d`)
)

// errorName is what a digest calls a mistake. A rule of the form has only the
// words of one unit's letter: of its first sentence the part is taken that
// holds no number, place or quotation, for those are that unit's; if there is
// none, one whose numbers are every unit's.
func (v *view) errorName(p finding.Problem) string {
	if name := v.word(errorNames[p.Code]); name != "" {
		return name
	}
	sentence, _, _ := strings.Cut(asides.ReplaceAllString(Problem(v.c, v.Lang, p), "")+" ", ". ")
	pieces := strings.FieldsFunc(sentence, func(r rune) bool { return r == ':' || r == ';' })
	longest := ""
	for _, piece := range pieces {
		piece = strings.TrimRight(strings.TrimSpace(piece), " .,")
		switch {
		case piece != "" && !digit.MatchString(piece):
			return lower(shorten(piece, 80))
		case len(piece) > len(longest) && !digit.MatchString(shared.ReplaceAllString(piece, "")):
			longest = piece
		}
	}
	if longest != "" {
		return lower(shorten(longest, 80))
	}
	return v.either("mã ", "code ") + tidy(p.Code)
}
