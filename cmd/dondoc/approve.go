package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify"
	"dondoc/notify/letter"
	"dondoc/schedule"
	"dondoc/schedule/standing"
)

// approveCmd lets letters out that need a person's word: the letter that takes
// a signed one to a unit's leaders, and thanks. It also drafts the letter that
// is to be signed.
type approveCmd struct {
	Words  []string `arg:"" name:"key" help:"${a_key}"`
	Ref    string   `placeholder:"NO" help:"${o_sref}"`
	Date   day      `placeholder:"DATE" help:"${o_sdate}"`
	By     day      `placeholder:"DATE" help:"${o_sby}"`
	Draft  string   `placeholder:"OUT" help:"${o_draft}"`
	Reason string   `help:"${o_reason}"`
	DryRun bool     `name:"dry-run" help:"${o_dry}"`
	Yes    bool     `help:"${o_yes}"`
}

func (c *approveCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	want, err := o.approvable(c.Words)
	if err != nil {
		return err
	}
	all, err := o.notify.Approvals(ctx, want.kind, o.now())
	if err != nil {
		return err
	}
	if c.Draft != "" {
		return c.draft(ctx, o, want, all)
	}
	chosen, err := o.choose(want, all, awaits)
	if err != nil {
		return err
	}
	if c.DryRun {
		return o.preview(want.kind, chosen)
	}
	d, err := c.decision(o, want, chosen)
	if err != nil {
		return err
	}
	// A count that nobody typed is a count that nobody looked at.
	if (want.all || want.kind == letter.Thanks) && !c.Yes {
		if err := o.countedOut(want.kind, chosen); err != nil {
			return err
		}
	}
	if want.file != "" {
		if d.File, err = o.keepSigned(want.file); err != nil {
			return err
		}
	}
	vi, en := c.tell(o, want.kind, d)
	if err := o.decideAndTell(ctx, d, vi, en); err != nil || o.cli.JSON {
		return err
	}
	return o.explainApproved(ctx, want.kind, d.Units)
}

// wanted is what the words of the command line ask for.
type wanted struct {
	kind  string
	codes []string // named units
	all   bool     // all that wait
	file  string
}

// approvable reads keys, escalate/UNIT or the kind alone for all that wait, and
// the file among them.
func (o *office) approvable(words []string) (w wanted, err error) {
	for _, word := range words {
		kind, code, named := strings.Cut(word, "/")
		known := kind == letter.Escalate || kind == letter.Thanks
		switch {
		case !known && slices.Contains(letter.Kinds, kind) && named:
			return w, wrong{VI: fmt.Sprintf("%s không cần duyệt; chỉ duyệt thư đôn đốc (escalate/ĐƠN-VỊ) và thư cảm ơn (thanks)", word),
				EN: fmt.Sprintf("%s needs no approval; only escalate/UNIT and thanks do", word)}
		case !known && w.file == "":
			w.file = word
			continue
		case !known:
			return w, wrong{VI: fmt.Sprintf("chỉ gửi kèm được một tệp, đang có %s và %s", w.file, word), EN: fmt.Sprintf("only one file can go with it, found %s and %s", w.file, word)}
		case w.kind != "" && w.kind != kind:
			return w, wrong{VI: "mỗi lần chỉ duyệt một loại thư: escalate hoặc thanks", EN: "approve one kind at a time: escalate or thanks"}
		}
		w.kind = kind
		if !named {
			w.all = true
			continue
		}
		u, ok := o.campaign.Unit(code)
		if !ok {
			return w, o.noUnit(code)
		}
		w.codes = append(w.codes, u.Code)
	}
	switch {
	case w.kind == "":
		return w, wrong{VI: "chưa nói duyệt thư nào: ghi escalate/ĐƠN-VỊ (nhắc lại được), escalate cho mọi đơn vị đang chờ, hoặc thanks",
			EN: "name what to approve: escalate/UNIT (may be repeated), escalate for all that wait, or thanks"}
	case w.all && len(w.codes) > 0:
		return w, wrong{VI: fmt.Sprintf("ghi %s cho tất cả, hoặc ghi từng đơn vị, không ghi cả hai", w.kind), EN: fmt.Sprintf("write %s for all, or each unit, not both", w.kind)}
	}
	return w, nil
}

// never are the reasons for which approving a letter would be of no use: it
// cannot go out, now or later, as things stand.
var never = []schedule.Why{schedule.Inactive, schedule.Closed, schedule.OnlyFixing, schedule.Done, schedule.HeldPart, schedule.AutoRemindOff,
	schedule.StepOff, schedule.NotDue, schedule.AlreadySent}

func awaits(a notify.Approval) bool { return a.Why == schedule.AwaitingApproval }

// choose are the letters that are meant: those named, or all of which waits
// holds. One that is named and is not to be sent is refused, with the reason.
func (o *office) choose(w wanted, all []notify.Approval, waits func(notify.Approval) bool) (chosen []notify.Approval, err error) {
	if w.all {
		for _, a := range all {
			if waits(a) {
				chosen = append(chosen, a)
			}
		}
		if len(chosen) == 0 {
			return nil, wrong{VI: "không có thư nào đang chờ duyệt", EN: "no letter is waiting for approval"}
		}
		return chosen, nil
	}
	for _, code := range w.codes {
		members := o.campaign.Group(code)
		at := slices.IndexFunc(all, func(a notify.Approval) bool {
			for _, u := range members {
				if u.Code == a.Unit {
					return true
				}
			}
			return false
		})
		if at < 0 {
			return nil, o.noUnit(code)
		}
		a := all[at]
		if !waits(a) && (slices.Contains(never, a.Why) || w.kind == letter.Thanks && a.Why != "") {
			return nil, o.notApprovable(w.kind, a)
		}
		if !slices.ContainsFunc(chosen, func(b notify.Approval) bool { return a.Unit == b.Unit }) {
			chosen = append(chosen, a)
		}
	}
	return chosen, nil
}

func (o *office) notApprovable(kind string, a notify.Approval) error {
	w := wrong{VI: fmt.Sprintf("không duyệt được %s/%s: %s", kind, a.Unit, notify.Reason(a.Why, "vi")), EN: fmt.Sprintf("%s/%s cannot be approved: %s", kind, a.Unit, notify.Reason(a.Why, "en"))}
	if a.Why == schedule.NotDue {
		w.VI, w.EN = w.VI+"; duyệt được từ "+o.when(a.Due), w.EN+"; it can be from "+o.when(a.Due)
	}
	return w
}

// decision checks what a letter has to name before it may go to anybody.
func (c *approveCmd) decision(o *office, w wanted, chosen []notify.Approval) (standing.Decision, error) {
	d := standing.Decision{Kind: standing.Approve, Letter: w.kind, Ref: strings.Join(strings.Fields(c.Ref), " "), Date: c.Date.in(o.campaign.Location), Until: c.By.in(o.campaign.Location), Reason: c.Reason}
	for _, a := range chosen {
		d.Units = append(d.Units, a.Unit)
	}
	refuse := func(vi, en string) (standing.Decision, error) { return d, wrong{VI: vi, EN: en} }
	switch {
	case !strings.ContainsAny(d.Ref, "0123456789"):
		return refuse("chưa có số văn bản đã ký: --ref, ví dụ --ref 661-CV/BDVTU", "the number of the signed document is wanting: --ref, such as --ref 661-CV/BDVTU")
	case d.Date.IsZero():
		return refuse("chưa có ngày văn bản: --date, ví dụ --date 2022-10-25", "the date of the document is wanting: --date, such as --date 2022-10-25")
	case d.Date.After(o.now()):
		return refuse("ngày văn bản ở sau hôm nay", "the date of the document is yet to come")
	case w.kind == letter.Thanks && w.file != "":
		return refuse("thư cảm ơn không gửi kèm tệp: bỏ "+w.file, "no file goes with thanks: leave out "+w.file)
	case w.kind == letter.Thanks && !d.Until.IsZero():
		return refuse("thư cảm ơn không có hạn: bỏ --by", "thanks ask for nothing: leave out --by")
	case w.kind == letter.Escalate && w.file == "":
		return refuse("chưa có tệp văn bản đã ký (ghi sau mã thư). Để soạn dự thảo: --draft du-thao.docx", "the file of the signed letter is wanting (write it after the key). For a draft: --draft draft.docx")
	case !d.Until.IsZero() && !o.now().Before(d.Until):
		return refuse(fmt.Sprintf("ngày %s của --by đã qua", d.Until.Format("02/01/2006")), fmt.Sprintf("the day %s of --by is over", d.Until.Format("02/01/2006")))
	}
	d.Date, d.Until = d.Date.UTC(), d.Until.UTC()
	return d, nil
}

// maxSigned is how large a signed letter may be: mail servers take little more.
const maxSigned = 20 << 20

var signedTypes = []string{".pdf", ".docx", ".doc", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}

// keepSigned puts the signed letter into the archive.
func (o *office) keepSigned(path string) (*finding.Part, error) {
	data, err := given(path)
	if err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(signedTypes, strings.ToLower(filepath.Ext(path))):
		return nil, wrong{VI: fmt.Sprintf("%s: văn bản đã ký phải là tệp %s", path, strings.Join(signedTypes, ", ")), EN: fmt.Sprintf("%s: a signed letter is a file %s", path, strings.Join(signedTypes, ", "))}
	case len(data) == 0:
		return nil, wrong{VI: path + ": tệp rỗng", EN: path + ": the file is empty"}
	case len(data) > maxSigned:
		return nil, wrong{VI: path + ": tệp lớn hơn 20 MB, hộp thư của đơn vị có thể không nhận", EN: path + ": the file is larger than 20 MB, which mailboxes may refuse"}
	}
	part := &finding.Part{Kind: finding.Other, Verdict: finding.Accepted, Problems: []finding.Problem{}, Name: filepath.Base(path), Path: filepath.Base(path), Size: int64(len(data))}
	if part.SHA256, err = o.archive.PutBytes(data); err != nil {
		return nil, err
	}
	return part, nil
}

// preview shows what would be approved.
func (o *office) preview(kind string, chosen []notify.Approval) error {
	for _, a := range chosen {
		err := o.print(map[string]any{"key": a.Key, "kind": kind, "unit": a.Unit, "to": a.To}, func() {
			fmt.Fprintf(o.Stdout, "%-40s %s\n", a.Key, strings.Join(a.To, ", "))
		})
		if err != nil {
			return err
		}
	}
	if !o.cli.JSON {
		o.say("%d thư chờ duyệt; chưa duyệt thư nào.", "%d to be approved; nothing was.", len(chosen))
	}
	return nil
}

// countedOut shows whom letters will reach and has the number typed.
func (o *office) countedOut(kind string, chosen []notify.Approval) error {
	if !o.cli.JSON {
		for _, a := range chosen {
			fmt.Fprintf(o.Stdout, "%-40s %s\n", a.Key, strings.Join(a.To, ", "))
		}
		o.say("Để duyệt, gõ lại con số %d rồi Enter (hoặc chạy lại với --yes):", "To approve, type the number %d and Enter (or run again with --yes):", len(chosen))
	}
	var typed int
	if fmt.Fscan(o.Stdin, &typed); typed != len(chosen) {
		return wrong{VI: "Chưa xác nhận: chưa duyệt thư nào.", EN: "Not confirmed: nothing was approved."}
	}
	return nil
}

func (c *approveCmd) tell(o *office, kind string, d standing.Decision) (vi, en string) {
	date := d.Date.In(o.campaign.Location).Format("02/01/2006")
	if kind == letter.Thanks {
		return fmt.Sprintf("duyệt thư cảm ơn tới %s (báo cáo tổng hợp số %s ngày %s)", o.names(d.Units), d.Ref, date),
			fmt.Sprintf("thanks may go to %s (consolidated report No. %s of %s)", o.names(d.Units), d.Ref, date)
	}
	return fmt.Sprintf("duyệt gửi văn bản số %s ngày %s tới %s", d.Ref, date, o.names(d.Units)), fmt.Sprintf("letter No. %s of %s may go to %s", d.Ref, date, o.names(d.Units))
}

// explainApproved says of what was approved why some of it waits all the same.
func (o *office) explainApproved(ctx context.Context, kind string, units []string) error {
	all, err := o.notify.Approvals(ctx, kind, o.now())
	if err != nil {
		return err
	}
	for _, a := range all {
		if slices.Contains(units, a.Unit) && a.Why != "" && a.Why != notify.NextRound {
			o.say("%s chưa gửi ngay: %s.", "%s does not go at once: %s.", a.Key, notify.Reason(a.Why, o.cli.Lang))
		}
	}
	return nil
}

// draft writes the letter for signing: one into a file, several into a
// directory.
func (c *approveCmd) draft(ctx context.Context, o *office, w wanted, all []notify.Approval) error {
	if w.kind != letter.Escalate || w.file != "" {
		return wrong{VI: "--draft chỉ soạn dự thảo công văn đôn đốc: dondoc approve escalate/ĐƠN-VỊ --draft du-thao.docx", EN: "--draft writes only the letter that urges: dondoc approve escalate/UNIT --draft draft.docx"}
	}
	by := c.By.in(o.campaign.Location)
	if c.By != (day{}) && !o.now().Before(by) {
		return wrong{VI: fmt.Sprintf("ngày %s của --by đã qua", by.Format("02/01/2006")), EN: fmt.Sprintf("the day %s of --by is over", by.Format("02/01/2006"))}
	}
	// It takes days to have a letter signed, so it is drafted from the unit's
	// deadline on; and for those who only ever get the letter itself, when named.
	past := func(a notify.Approval) bool { return !o.now().Before(a.Deadline) }
	chosen, err := o.choose(w, all, func(a notify.Approval) bool {
		return awaits(a) || past(a) && (a.Why == schedule.NotDue || a.Why == schedule.AutoRemindOff && !w.all)
	})
	if err != nil {
		return err
	}
	path := func(string) string { return c.Draft }
	if single := strings.EqualFold(filepath.Ext(c.Draft), ".docx"); !single {
		if err := os.MkdirAll(c.Draft, config.SharedDir); err != nil {
			return wrong{VI: fmt.Sprintf("%s: không tạo được thư mục này (%v)", c.Draft, err), EN: fmt.Sprintf("%s: this directory cannot be made (%v)", c.Draft, err)}
		}
		path = func(unit string) string {
			return filepath.Join(c.Draft, o.either("Du thao cong van don doc - ", "Draft letter - ")+unit+".docx")
		}
	} else if len(chosen) > 1 {
		return wrong{VI: fmt.Sprintf("có %d dự thảo: ghi tên một thư mục sau --draft", len(chosen)), EN: fmt.Sprintf("there are %d drafts: name a directory after --draft", len(chosen))}
	}
	for _, a := range chosen {
		data, err := o.notify.Draft(ctx, a.Unit, o.now(), by)
		if err != nil {
			return err
		}
		if err := writeNew(path(a.Unit), data); err != nil {
			return err
		}
		err = o.print(map[string]any{"unit": a.Unit, "file": path(a.Unit)}, func() { fmt.Fprintln(o.Stdout, path(a.Unit)) })
		if err != nil {
			return err
		}
	}
	if !o.cli.JSON {
		o.say("Đã soạn %d dự thảo. Sau khi ký, ghi số: dondoc approve escalate/ĐƠN-VỊ TỆP-ĐÃ-KÝ --ref SỐ --date NGÀY", "Drafts written: %d. Once signed and numbered: dondoc approve escalate/UNIT SIGNED-FILE --ref NO --date DATE", len(chosen))
	}
	return nil
}

// writeNew writes a file that is not there yet: somebody may have worked on an
// earlier draft.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, config.SharedFile)
	if errors.Is(err, os.ErrExist) {
		return wrong{VI: path + " đã có, không ghi đè: xóa hoặc chọn tên khác", EN: path + " is already there and is not overwritten: delete it or choose another name"}
	}
	if err != nil {
		return wrong{VI: fmt.Sprintf("%s: không ghi được tệp này (%v)", path, err), EN: fmt.Sprintf("%s: this file cannot be written (%v)", path, err)}
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// tooLateToUndo refuses to take back an approval whose letters have all gone
// out: nothing would come of it.
func (o *office) tooLateToUndo(ctx context.Context, d standing.Decision) error {
	if d.Kind != standing.Approve {
		return nil
	}
	left := len(d.Units)
	err := o.ledger.Read(ctx, func(tx *ledger.Tx) error {
		for _, unit := range d.Units {
			out, err := tx.GoneOut(d.Letter + "/" + unit)
			if err != nil {
				return err
			}
			if out {
				left--
			}
		}
		return nil
	})
	if err == nil && left == 0 {
		return wrong{VI: fmt.Sprintf("không hoàn tác được %s: thư đã gửi đi", d.ID), EN: fmt.Sprintf("%s cannot be undone: its letters have gone out", d.ID)}
	}
	return err
}
