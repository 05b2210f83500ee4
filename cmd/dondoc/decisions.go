package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// decide records what a person of the committee decided, with who and when,
// and brings the people's tree after it.
func (o *office) decide(ctx context.Context, d standing.Decision) (standing.Decision, error) {
	d.At, d.By = o.now().UTC().Truncate(time.Millisecond), o.by()
	err := o.ledger.Write(ctx, d.At, func(tx *ledger.Tx) error {
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		d.ID = d.NewID(len(facts.Decisions))
		return tx.Append(ledger.FactDecision, d.ID, d)
	})
	if err != nil {
		return d, err
	}
	return d, o.intake.Refile(ctx)
}

// decideAndTell records a decision and says how to undo it.
func (o *office) decideAndTell(ctx context.Context, d standing.Decision, vi, en string) error {
	d, err := o.decide(ctx, d)
	if err != nil {
		return err
	}
	return o.print(d, func() {
		o.say("%s: %s. Hoàn tác: dondoc undo %[1]s", "%s: %s. To undo it: dondoc undo %[1]s", d.ID, o.either(vi, en))
	})
}

// scope names units: a code, districts, or all.
type scope struct {
	District []string `placeholder:"D" help:"${o_district}"`
	All      bool     `help:"${o_all}"`
}

// units turns a scope and the words that were not flags into codes; rest are
// the words that are left.
func (s scope) units(o *office, words []string) (codes, rest []string, err error) {
	switch {
	case s.All:
		for _, u := range o.campaign.Units {
			codes = append(codes, u.Code)
		}
		return codes, words, nil
	case len(s.District) > 0:
		// "--district A B C" reads naturally: what follows and is no date is
		// another district.
		districts := slices.Clone(s.District)
		for _, word := range words {
			if strings.ContainsAny(word, "0123456789") {
				rest = append(rest, word)
			} else {
				districts = append(districts, word)
			}
		}
		for _, d := range districts {
			found := false
			for _, u := range o.campaign.Units {
				if u.District != "" && sameDistrict(u.District, d) {
					codes, found = append(codes, u.Code), true
				}
			}
			if !found {
				return nil, nil, wrong{VI: fmt.Sprintf("không đơn vị nào thuộc địa bàn %q; các địa bàn: %s", d, strings.Join(o.districts(), ", ")),
					EN: fmt.Sprintf("no unit is of the district %q; the districts are: %s", d, strings.Join(o.districts(), ", "))}
			}
		}
		return codes, rest, nil
	case len(words) == 0:
		return nil, nil, wrong{VI: "chưa nói đơn vị nào: ghi mã đơn vị, --district ĐỊA-BÀN hoặc --all", EN: "name a unit's code, --district D or --all"}
	}
	if _, ok := o.campaign.Unit(words[0]); !ok {
		return nil, nil, o.noUnit(words[0])
	}
	return words[:1], words[1:], nil
}

// sameDistrict lets "Trà Bồng" stand for "Huyện Trà Bồng".
func sameDistrict(have, asked string) bool {
	have, asked = finding.Fold(have), finding.Fold(asked)
	for _, word := range []string{"", "huyen ", "thi xa ", "thanh pho "} {
		if have == word+asked {
			return true
		}
	}
	return false
}

func (o *office) districts() []string {
	var all []string
	for _, u := range o.campaign.Units {
		if u.District != "" && !slices.Contains(all, u.District) {
			all = append(all, u.District)
		}
	}
	return all
}

// names is how a confirmation calls units.
func (o *office) names(codes []string) string {
	if len(codes) > 3 {
		return fmt.Sprintf(o.either("%d đơn vị", "%d units"), len(codes))
	}
	var all []string
	for _, code := range codes {
		u, _ := o.campaign.Unit(code)
		all = append(all, u.Name)
	}
	return strings.Join(all, ", ")
}

type extendCmd struct {
	scope
	Words  []string `arg:"" name:"unit-date" help:"${a_target}"`
	Reason string   `required:"" help:"${o_reason}"`
	Cause  string   `enum:"thien-tai," default:"" help:"${o_cause}"`
	Refuse bool     `help:"${o_refuse}"`
}

func (c *extendCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	codes, rest, err := c.units(o, c.Words)
	if err != nil {
		return err
	}
	if c.Refuse {
		if len(rest) > 0 || c.Cause != "" {
			return wrong{VI: "--refuse giữ nguyên thời hạn: không ghi ngày hoặc --cause", EN: "--refuse leaves the deadline as it is: write no date and no --cause"}
		}
		return o.decideAndTell(ctx, standing.Decision{Kind: standing.Refuse, Units: codes, Reason: c.Reason},
			fmt.Sprintf("không lùi thời hạn của %s; đơn vị được trả lời", o.names(codes)), fmt.Sprintf("the deadline of %s stays, and it is told so", o.names(codes)))
	}
	d, err := o.oneDay(rest)
	if err != nil {
		return err
	}
	// To the end of the day named: deadlines are exclusive instants.
	until := d.AddDate(0, 0, 1)
	if !until.After(o.now()) {
		return wrong{VI: fmt.Sprintf("ngày %s đã qua", d.Format("02/01/2006")), EN: fmt.Sprintf("the day %s is over", d.Format("02/01/2006"))}
	}
	if closes := o.campaign.Deadline.Closes; !closes.IsZero() && until.After(closes) {
		return wrong{VI: fmt.Sprintf("ngày %s ở sau khi đợt kết thúc (%s)", d.Format("02/01/2006"), o.when(closes)),
			EN: fmt.Sprintf("the day %s is after the end of the campaign (%s)", d.Format("02/01/2006"), o.when(closes))}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Extend, Units: codes, Until: until.UTC(), Cause: c.Cause, Reason: c.Reason},
		fmt.Sprintf("lùi thời hạn của %s đến hết ngày %s", o.names(codes), d.Format("02/01/2006")),
		fmt.Sprintf("the deadline of %s is now the end of %s", o.names(codes), d.Format("02/01/2006")))
}

func (o *office) oneDay(words []string) (time.Time, error) {
	if len(words) == 1 {
		for _, layout := range []string{"2006-01-02", "2/1/2006"} {
			if t, err := time.ParseInLocation(layout, words[0], o.campaign.Location); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, wrong{VI: fmt.Sprintf("cần đúng một ngày như 2022-10-25, đang có %q", strings.Join(words, " ")),
		EN: fmt.Sprintf("exactly one date such as 2022-10-25 is needed, found %q", strings.Join(words, " "))}
}

type exemptCmd struct {
	Unit   string `arg:"" help:"${a_unit}"`
	Part   string `arg:"" help:"${a_part}"`
	Reason string `required:"" help:"${o_reason}"`
}

func (c *exemptCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	kind, n, err := partOf(c.Part)
	if err != nil {
		return err
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Exempt, Units: []string{u.Code}, Part: kind, Count: n, Reason: c.Reason},
		fmt.Sprintf("miễn %s cho %s", o.partWord("vi", kind, n), u.Name), fmt.Sprintf("%s is exempted from %s", u.Name, o.partWord("en", kind, n)))
}

// partWord is a part as letters call it.
func (o *office) partWord(lang, kind string, n int) string {
	w := o.campaign.Parts[kind]
	if kind == finding.Model {
		return fmt.Sprintf("%d %s", n, w.Brief.In(lang))
	}
	return w.Short.In(lang)
}

var viaWords = map[string][2]string{
	"lien-thong": {"qua trục liên thông", "by the document exchange"}, "giay": {"bản giấy", "on paper"},
	"zalo": {"qua Zalo", "by Zalo"}, "dien-thoai": {"qua điện thoại", "by telephone"},
}

// partOf reads report, appendix, model or model:N.
func partOf(text string) (kind string, n int, err error) {
	kind, count, has := strings.Cut(text, ":")
	n = 1
	if has {
		n, err = strconv.Atoi(count)
	}
	if err != nil || n < 1 || !slices.Contains([]string{finding.Report, finding.Appendix, finding.Model}, kind) || has && kind != finding.Model {
		return "", 0, wrong{VI: fmt.Sprintf("phần %q không có; ghi report, appendix, model hoặc model:2", text), EN: fmt.Sprintf("there is no part %q; write report, appendix, model or model:2", text)}
	}
	return kind, n, nil
}

type pauseCmd struct {
	scope
	Words  []string `arg:"" optional:"" name:"unit" help:"${a_unit}"`
	Reason string   `help:"${o_reason}"`
	Cause  string   `enum:"thien-tai," default:"" help:"${o_cause}"`
	Until  day      `placeholder:"DATE" help:"${o_until}"`
}

func (c *pauseCmd) Run(ctx context.Context, p *Program) error {
	return c.scope.simple(ctx, p, c.Words, c.Until, standing.Decision{Kind: standing.Pause, Reason: c.Reason, Cause: c.Cause}, "tạm dừng nhắc %s", "reminders to %s are paused")
}

type resumeCmd struct {
	scope
	Words   []string `arg:"" optional:"" name:"unit" help:"${a_unit}"`
	Reason  string   `help:"${o_reason}"`
	Address string   `placeholder:"ADDRESS" help:"${o_answer}"`
}

// Run lets reminders go on, or automatic answers to an address that was taken
// for a machine.
func (c *resumeCmd) Run(ctx context.Context, p *Program) error {
	if address := strings.ToLower(strings.TrimSpace(c.Address)); address != "" {
		if len(c.Words) > 0 || c.All || len(c.District) > 0 || address != "all" && !strings.Contains(address, "@") {
			return wrong{VI: "--address đi một mình, với một địa chỉ thư hoặc all", EN: "--address stands alone, with a mail address or all"}
		}
		o, err := p.open()
		if err != nil {
			return err
		}
		defer o.Close()
		return o.decideAndTell(ctx, standing.Decision{Kind: standing.Resume, Address: address, Reason: c.Reason},
			"trả lời tự động trở lại: "+address, "answering again: "+address)
	}
	return c.scope.simple(ctx, p, c.Words, day{}, standing.Decision{Kind: standing.Resume, Reason: c.Reason}, "nhắc lại %s", "reminders to %s are resumed")
}

// simple records a decision that is nothing but its kind and its units, and
// perhaps the last day on which it holds.
func (s scope) simple(ctx context.Context, p *Program, words []string, until day, d standing.Decision, vi, en string) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	codes, rest, err := s.units(o, words)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return wrong{VI: fmt.Sprintf("thừa %q", strings.Join(rest, " ")), EN: fmt.Sprintf("%q is too much", strings.Join(rest, " "))}
	}
	d.Units = codes
	vi, en = fmt.Sprintf(vi, o.names(codes)), fmt.Sprintf(en, o.names(codes))
	if last := until.in(o.campaign.Location); !last.IsZero() {
		if d.Until = last.AddDate(0, 0, 1).UTC(); !d.Until.After(o.now()) {
			return wrong{VI: fmt.Sprintf("ngày %s đã qua", last.Format("02/01/2006")), EN: fmt.Sprintf("the day %s is over", last.Format("02/01/2006"))}
		}
		vi, en = vi+" đến hết ngày "+last.Format("02/01/2006"), en+" until the end of "+last.Format("02/01/2006")
	}
	return o.decideAndTell(ctx, d, vi, en)
}

type aliasCmd struct {
	Unit    string `arg:"" help:"${a_unit}"`
	Address string `arg:"" help:"${a_addr}"`
	Reason  string `help:"${o_reason}"`
}

func (c *aliasCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	address := strings.ToLower(strings.TrimSpace(c.Address))
	if !strings.Contains(address, "@") || strings.ContainsAny(address, " <>,;") {
		return wrong{VI: fmt.Sprintf("%q không phải một địa chỉ thư, ví dụ vanthu@donvi.example", c.Address), EN: fmt.Sprintf("%q is no mail address such as vanthu@donvi.example", c.Address)}
	}
	for _, other := range o.campaign.Units {
		if other.Code != u.Code && (slices.Contains(other.Emails, address) || other.BackupEmail == address) {
			// Two units may share an address; more often it was the wrong unit.
			p.log.Warn(config.Text{
				VI: fmt.Sprintf("%s đã là địa chỉ của %s (%s): từ nay thư gửi từ đó phải nói rõ của đơn vị nào. Nếu nhầm: dondoc undo", address, other.Name, other.Code),
				EN: fmt.Sprintf("%s is registered for %s (%s): from now on mail from it must say whose it is. If this was a mistake: dondoc undo", address, other.Name, other.Code),
			}.In(p.cli.Lang))
		}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Alias, Units: []string{u.Code}, Address: address, Reason: c.Reason},
		fmt.Sprintf("%s là địa chỉ của %s", address, u.Name), fmt.Sprintf("%s is an address of %s", address, u.Name))
}

type undoCmd struct {
	ID string `arg:"" name:"id" help:"${a_dec}"`
}

func (c *undoCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	facts, err := o.ledger.Facts(ctx)
	if err != nil {
		return err
	}
	var found []string
	for _, d := range facts.Decisions {
		if strings.EqualFold(d.ID, c.ID) {
			found = []string{d.ID}
			break
		}
		if strings.HasPrefix(strings.ToUpper(d.ID), strings.ToUpper(c.ID)) {
			found = append(found, d.ID)
		}
	}
	switch {
	case len(found) == 0:
		return wrong{VI: fmt.Sprintf("không có quyết định nào mã %q; xem mã: dondoc why ĐƠN-VỊ", c.ID), EN: fmt.Sprintf("there is no decision %q; for the ids see: dondoc why UNIT", c.ID)}
	case len(found) > 1:
		return wrong{VI: fmt.Sprintf("có nhiều quyết định mã bắt đầu bằng %q: %s; ghi mã dài hơn", c.ID, strings.Join(found, ", ")),
			EN: fmt.Sprintf("several decisions begin with %q: %s; write more of the id", c.ID, strings.Join(found, ", "))}
	case !o.holds(facts.Present(o.now()).Decisions, found[0]):
		return wrong{VI: fmt.Sprintf("quyết định %s không còn hiệu lực: đã được hoàn tác, hoặc được ghi sau thời điểm --now", found[0]),
			EN: fmt.Sprintf("the decision %s is not in force: it has been undone, or was recorded after --now", found[0])}
	}
	for _, d := range facts.Decisions {
		if d.ID == found[0] {
			if err := o.tooLateToUndo(ctx, d); err != nil {
				return err
			}
		}
	}
	return o.decideAndTell(ctx, standing.Decision{Kind: standing.Undo, Undoes: found[0]}, "đã hoàn tác "+found[0], found[0]+" is undone")
}

// holds reports whether a decision has an effect now, which is what can be
// undone. An undoing has one as long as what it undid is not back.
func (o *office) holds(decisions []standing.Decision, id string) bool {
	in := func(id string) bool {
		return slices.ContainsFunc(standing.InForce(decisions, o.now()), func(d standing.Decision) bool { return d.ID == id })
	}
	for _, d := range decisions {
		if d.ID == id && d.Kind == standing.Undo {
			return !d.At.After(o.now()) && !in(d.Undoes)
		}
	}
	return in(id)
}

type receivedCmd struct {
	Unit string `arg:"" help:"${a_unit}"`
	Part string `arg:"" help:"${a_part}"`
	File string `arg:"" optional:"" help:"${a_file}"`
	Via  string `required:"" enum:"lien-thong,giay,zalo,dien-thoai" help:"${o_via}"`
	Ref  string `required:"" placeholder:"NO" help:"${o_ref}"`
	Date day    `required:"" placeholder:"DATE" help:"${o_rdate}"`
}

func (c *receivedCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	kind, n, err := partOf(c.Part)
	if err != nil {
		return err
	}
	d := standing.Decision{Kind: standing.ReceivedOut, Units: []string{u.Code}, Part: kind, Count: n, Via: c.Via, Ref: c.Ref, Date: c.Date.in(o.campaign.Location).UTC()}
	if d.Date.After(o.now()) {
		return wrong{VI: "ngày nhận ở sau hôm nay", EN: "the day of receipt is yet to come"}
	}
	if c.File != "" {
		if d.File, err = o.keepFile(ctx, c.File, kind, u); err != nil {
			return err
		}
	}
	return o.decideAndTell(ctx, d, fmt.Sprintf("ghi nhận %s của %s (%s, số %s)", o.partWord("vi", kind, n), u.Name, viaWords[c.Via][0], c.Ref),
		fmt.Sprintf("%s of %s is recorded as received (%s, %s)", o.partWord("en", kind, n), u.Name, viaWords[c.Via][1], c.Ref))
}

type noteCmd struct {
	Unit    string `arg:"" help:"${a_unit}"`
	Text    string `arg:"" help:"${a_text}"`
	Promise day    `placeholder:"DATE" help:"${o_promise}"`
}

func (c *noteCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	u, err := o.unit(c.Unit)
	if err != nil {
		return err
	}
	d := standing.Decision{Kind: standing.Note, Units: []string{u.Code}, Reason: c.Text}
	vi, en := "đã ghi: "+c.Text, "noted: "+c.Text
	if promised := c.Promise.in(o.campaign.Location); !promised.IsZero() {
		if !promised.AddDate(0, 0, 1).After(o.now()) {
			return wrong{VI: fmt.Sprintf("ngày hẹn %s đã qua", promised.Format("02/01/2006")), EN: fmt.Sprintf("the promised day %s is over", promised.Format("02/01/2006"))}
		}
		d.Until = promised.UTC()
		vi += "; hẹn gửi ngày " + promised.Format("02/01/2006") + ", không nhắc trước ngày đó"
		en += "; promised for " + promised.Format("02/01/2006") + ", no reminder before"
	}
	return o.decideAndTell(ctx, d, vi, en)
}
