package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

type statusCmd struct {
	Missing bool   `help:"${o_missing}"`
	Unit    string `placeholder:"CODE" help:"${o_unit}"`
}

// statusJSON is `status --json`.
type statusJSON struct {
	Now         string         `json:"now"`
	Deadline    string         `json:"deadline"`
	Units       []unitJSON     `json:"units"`
	Held        int            `json:"held"`
	Quarantined int            `json:"quarantined"`
	Undelivered int            `json:"undelivered"`
	LastRead    *string        `json:"last_read"`           // when the mailbox was last read whole
	Incidents   []incidentJSON `json:"incidents,omitempty"` // what is wrong with machine and servers
	Unread      *troubleJSON   `json:"unread,omitempty"`    // the mailbox
	Unsent      *troubleJSON   `json:"unsent,omitempty"`    // the mail server takes no letters
	Restored    *restoredJSON  `json:"restored,omitempty"`  // the ledger was found to be older than the mailbox
	Totals      map[string]any `json:"totals"`
}

// troubleJSON is since when a server does not let us do our work.
type troubleJSON struct {
	Since string `json:"since"`
	Text  string `json:"text"`
}

// incidentJSON is one thing that is wrong.
type incidentJSON struct {
	ID    string `json:"id"`
	Since string `json:"since"`
	Text  string `json:"text"`
}

type unitJSON struct {
	Code         string   `json:"code"`
	Name         string   `json:"name"`
	Category     string   `json:"category"`
	State        string   `json:"state"`
	Timeliness   *string  `json:"timeliness"`
	Missing      []string `json:"missing"`
	Deadline     string   `json:"deadline"`
	Extended     bool     `json:"extended"`
	LastReceived *string  `json:"last_received"`
	CompletedAt  *string  `json:"completed_at"`
	Reminded     []string `json:"reminded"`
	Claimed      bool     `json:"claimed"`
	CoveredBy    *string  `json:"covered_by"`
	Reachable    bool     `json:"reachable"`
	Paused       bool     `json:"paused"`
	Held         []string `json:"held"`
	Open         int      `json:"open_problems"`
	Models       int      `json:"models"`
	// What the unit's own words say of it: parts said to be sent another way, the
	// day promised, figures taken back that no workbook has followed, parts that
	// came ahead of the signed ones.
	SaidSent    []string `json:"said_sent"`
	Promise     *string  `json:"promise"`
	Correcting  bool     `json:"correcting"`
	Provisional []string `json:"provisional"`
}

func (c *statusCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if _, ok := o.campaign.Unit(c.Unit); c.Unit != "" && !ok {
		return o.noUnit(c.Unit)
	}
	s, err := o.status(ctx, p.now())
	if err != nil {
		return err
	}
	all := s.Units
	s.Units = slices.DeleteFunc(slices.Clone(all), func(u unitJSON) bool {
		return c.Unit != "" && u.Code != c.Unit || c.Missing && u.State == string(standing.Complete)
	})
	return o.print(s, func() { o.printStatus(s) })
}

func (o *office) status(ctx context.Context, now time.Time) (s statusJSON, err error) {
	var tally ledger.Tally
	var table *standing.Table
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) error {
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		table = standing.Fold(o.campaign, facts, now)
		if tally, err = tx.Tally(now, letter.Remind); err != nil {
			return err
		}
		return s.troubles(o, tx, now)
	})
	if err != nil {
		return s, err
	}
	s.Undelivered = tally.Undelivered
	loc := o.campaign.Location
	s.Now, s.Deadline = now.In(loc).Format(time.RFC3339), o.campaign.Deadline.Before.In(loc).Format(time.RFC3339)
	s.Held, s.Quarantined = table.Held, table.Quarantined
	s.Units = []unitJSON{}
	totals := map[string]int{}
	claimed := 0
	for _, code := range table.Order {
		u := table.Units[code]
		roster, _ := o.campaign.Unit(code)
		j := unitJSON{
			Code: code, Name: roster.Name, Category: roster.Category, State: string(u.State),
			Missing: append([]string{}, u.Missing...), Deadline: u.Deadline.In(loc).Format(time.RFC3339), Extended: u.Extended,
			LastReceived: o.stamp(ms(u.LastReceived)), CompletedAt: o.stamp(ms(u.CompletedAt)),
			Reminded: append([]string{}, tally.Reminded[u.Lead]...), Claimed: u.Claimed, Reachable: u.Reachable, Paused: u.Paused,
			Held: append([]string{}, u.HeldMails...), Open: len(u.Open), Models: u.Models,
			SaidSent: append([]string{}, u.SaidParts...), Correcting: u.CorrectedBy != "", Provisional: append([]string{}, u.ForNow...),
		}
		if !u.Promise.IsZero() {
			day := u.Promise.In(loc).Format(time.DateOnly)
			j.Promise = &day
		}
		if u.Timeliness != "" {
			t := string(u.Timeliness)
			j.Timeliness = &t
		}
		if u.CoveredBy != "" {
			j.CoveredBy = &u.CoveredBy
		}
		totals[j.State]++
		if u.Claimed {
			claimed++
		}
		s.Units = append(s.Units, j)
	}
	s.Totals = map[string]any{"units": len(s.Units), "claimed": claimed}
	for _, state := range []standing.State{standing.None, standing.Partial, standing.Fixing, standing.Complete} {
		s.Totals[string(state)] = totals[string(state)]
	}
	return s, nil
}

// troubles are those of the servers, as the last round met them.
func (s *statusJSON) troubles(o *office, tx *ledger.Tx, now time.Time) error {
	tell := func(since time.Time, text string) *troubleJSON {
		if since.IsZero() || since.After(now) {
			return nil
		}
		return &troubleJSON{*o.stamp(ms(since)), text}
	}
	whats, all, err := incidents(tx, now)
	if err != nil {
		return err
	}
	for _, what := range whats {
		s.Incidents = append(s.Incidents, incidentJSON{incidentWords[what].id, *o.stamp(ms(all[what].Since)), o.wrongNow(what, all[what])})
	}
	read, err := tx.Marked(ledger.MarkRead)
	if err != nil {
		return err
	}
	if last, err := time.Parse(time.RFC3339Nano, read); err == nil && !last.After(now) {
		s.LastRead = o.stamp(ms(last))
	}
	if s.Restored, err = o.restored(tx, now); err != nil {
		return err
	}
	knock, err := tx.Knock(ledger.KnockSMTP)
	s.Unread, s.Unsent = tell(all[ledger.IncidentMailbox].Since, all[ledger.IncidentMailbox].Text), tell(knock.Since, knock.Text)
	return err
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// stamp is a time in the campaign's zone, nil for none.
func (o *office) stamp(ms int64) *string {
	if ms == 0 {
		return nil
	}
	s := time.UnixMilli(ms).In(o.campaign.Location).Format(time.RFC3339)
	return &s
}

// codeWords are the codes of JSON as people read them.
var codeWords = map[string][2]string{
	"none": {"chưa gửi", "nothing yet"}, "partial": {"còn thiếu", "incomplete"}, "fixing": {"chờ sửa", "to be fixed"}, "complete": {"đã đủ", "complete"},
	"mail": {"thư đến", "mail"}, "decision": {"quyết định", "decision"}, "letter": {"xếp gửi", "letter"}, "delivery": {"chuyển", "delivery"}, "skipped": {"không gửi", "skipped"}, "by_hand": {"trả lời tay", "by hand"},
	"filed": {"đã lưu", "filed"}, "held": {"chờ người xem", "held"}, "ignored": {"bỏ qua", "ignored"}, "quarantined": {"cách ly", "quarantined"},
	"report": {"báo cáo", "report"}, "appendix": {"phụ lục", "annex"}, "model": {"mô hình", "model"}, "other": {"tệp khác", "other file"},
	"accepted": {"nhận", "accepted"}, "accepted_with_notes": {"nhận, có lưu ý", "accepted with notes"}, "needs_fix": {"cần sửa", "needs fixing"},
	"refused": {"bị từ chối", "refused"}, "trouble": {"chưa chuyển được", "trouble"}, "unknown": {"chưa rõ đã đến chưa", "unknown"}, "waiting": {"chờ gửi", "waiting"},
	"extend": {"lùi hạn đến hết", "extended to the end of"}, "exempt": {"miễn", "exempted from"}, "pause": {"tạm dừng nhắc", "paused"}, "resume": {"nhắc lại", "resumed"},
	"received": {"nhận ngoài hộp thư", "received outside"}, "note": {"ghi chú", "note"}, "alias": {"thêm địa chỉ", "alias"}, "undo": {"hoàn tác", "undone"},
	"assign": {"ghi cho đơn vị", "assigned"}, "reject": {"gác lại", "set aside"}, "return": {"đề nghị sửa", "to be mended"}, "done": {"đã xử lý", "dealt with"}, "refuse": {"không lùi thời hạn", "deadline not moved"}, "invite": {"bắt đầu gửi thật", "gone live"},
	"approve": {"duyệt", "approved"}, "escalate": {"thư đôn đốc kèm văn bản", "the letter to leaders with"}, "thanks": {"thư cảm ơn, báo cáo tổng hợp", "thanks for the report"},
	"on_time": {"đúng hạn", "on time"}, "grace": {"trong ngày gia hạn", "in grace"}, "late": {"muộn", "late"},
}

func (o *office) word(key string) string {
	w, ok := codeWords[key]
	if !ok {
		return key
	}
	if o.cli.Lang == "en" {
		return w[1]
	}
	return w[0]
}

// printHealth says in the first lines whether all is well.
func (o *office) printHealth(s statusJSON) {
	for _, i := range s.Incidents {
		at, _ := time.Parse(time.RFC3339, i.Since)
		o.say("SỰ CỐ từ %s: %s", "WRONG since %s: %s", o.when(at), i.Text)
	}
	if s.Restored != nil {
		o.say("%s", "%s", s.Restored.Text)
	}
	var last time.Time
	if s.LastRead != nil {
		last, _ = time.Parse(time.RFC3339, *s.LastRead)
	}
	switch {
	case len(s.Incidents) > 0:
	case last.IsZero():
		o.say("Chưa đọc hộp thư lần nào.", "The mailbox has not been read yet.")
	default:
		o.say("Bình thường; đọc hộp thư lần cuối lúc %s.", "All is well; the mailbox was last read at %s.", o.when(last))
	}
}

func (o *office) printStatus(s statusJSON) {
	o.printHealth(s)
	for _, u := range s.Units {
		var notes []string
		if u.Timeliness != nil {
			notes = append(notes, o.word(*u.Timeliness))
		}
		if len(u.Missing) > 0 {
			notes = append(notes, o.missingWords(u.Missing))
		}
		if u.Open > 0 {
			notes = append(notes, fmt.Sprintf("%d "+o.either("nội dung cần sửa", "to fix"), u.Open))
		}
		if u.Claimed {
			notes = append(notes, o.either("chờ xác nhận", "claimed"))
		}
		if u.CoveredBy != nil {
			notes = append(notes, o.either("báo cáo chung với ", "covered by ")+*u.CoveredBy)
		}
		if u.Paused {
			notes = append(notes, o.either("tạm dừng nhắc", "paused"))
		}
		if len(u.Held) > 0 {
			notes = append(notes, o.either("có thư chờ xem: ", "held: ")+strings.Join(u.Held, ", "))
		}
		if !u.Reachable {
			notes = append(notes, o.either("thư không đến nơi", "unreachable"))
		}
		fmt.Fprintf(o.Stdout, "%s %s %s %s\n", pad(u.Code, 16), pad(u.Name, 44), pad(o.word(u.State), 11), strings.Join(notes, "; "))
	}
	o.say("%v/%v đơn vị đã đủ; %v chờ sửa; %v còn thiếu; %v chưa gửi gì. %d thư chờ người xem, %d thư chưa chuyển được.",
		"%v of %v units complete; %v to be fixed; %v incomplete; %v nothing yet. %d mails held, %d deliveries open.",
		s.Totals["complete"], s.Totals["units"], s.Totals["fixing"], s.Totals["partial"], s.Totals["none"], s.Held+s.Quarantined, s.Undelivered)
}

func (o *Program) either(vi, en string) string {
	if o.cli.Lang == "en" {
		return en
	}
	return vi
}

// missingWords reads report, appendix, model:2 out in words.
func (o *office) missingWords(missing []string) string {
	var all []string
	for _, m := range missing {
		kind, n, _ := strings.Cut(m, ":")
		name := o.campaign.Parts[kind].Short.In(o.cli.Lang)
		if n != "" {
			name = n + " " + o.campaign.Parts[kind].Brief.In(o.cli.Lang)
		}
		all = append(all, name)
	}
	return o.either("thiếu ", "missing ") + strings.Join(all, ", ")
}
