package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dondoc/config"
	"dondoc/intake/archive"
	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
	"dondoc/schedule/standing"
)

type exportCmd struct {
	Out   string `arg:"" help:"${a_out}"`
	Since string `placeholder:"T" help:"${o_since}"`
}

// exportJSON is `export --json`.
type exportJSON struct {
	Out     string             `json:"out"`
	Units   int                `json:"units"`
	Of      int                `json:"of"`
	Claimed int                `json:"claimed"`
	Open    int                `json:"open"` // there, and not in the sums
	Sums    map[string]float64 `json:"sums"`
	// Change is what differs since --since; absent without it.
	Change *consolidation.Change `json:"change,omitempty"`
}

// Run writes the consolidated workbook, or what the units wrote in one document.
func (c *exportCmd) Run(ctx context.Context, p *Program) error {
	if strings.EqualFold(filepath.Ext(c.Out), ".docx") {
		if c.Since != "" {
			return wrong{
				VI: fmt.Sprintf("--since: chỉ dùng với bảng tổng hợp .xlsx, không dùng với %s", c.Out),
				EN: fmt.Sprintf("--since: only for the consolidated workbook (.xlsx), not for %s", c.Out),
			}
		}
		return c.gather(ctx, p)
	}
	if !strings.EqualFold(filepath.Ext(c.Out), ".xlsx") {
		return wrong{
			VI: fmt.Sprintf("%s: tên tệp phải có đuôi .xlsx (bảng tổng hợp số liệu, ví dụ tong-hop.xlsx) hoặc .docx (bản gom lời báo cáo, ví dụ bao-cao.docx)", c.Out),
			EN: fmt.Sprintf("%s: the name must end in .xlsx (the consolidated workbook, consolidated.xlsx say) or .docx (the gathered reports, reports.docx say)", c.Out),
		}
	}
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	since, err := o.since(c.Since)
	if err != nil {
		return err
	}
	in, err := o.consolidation(ctx, p.now(), since)
	if err != nil {
		return err
	}
	in.Link = o.linkFrom(c.Out)
	if err := replaceFileWith(c.Out, func(f io.Writer) error { return consolidation.Write(f, in) }); err != nil {
		return err
	}
	t := consolidation.Total(in)
	out := exportJSON{Out: c.Out, Units: t.Units, Of: t.OfUnits, Claimed: t.ClaimedUnits, Open: t.Open, Sums: t.Sum}
	if in.Since != nil {
		change := consolidation.Compare(in)
		out.Change = &change
	}
	return o.print(out, func() {
		o.say("Đã ghi %s: số liệu của %d/%d đơn vị (%d phụ lục).", "Wrote %s: figures of %d of %d units (%d forms).", c.Out, t.Units, t.OfUnits, t.Dossiers)
		if t.ClaimedUnits > 0 {
			o.say("%d đơn vị chờ xác nhận, tính riêng.", "%d units unconfirmed, summed apart.", t.ClaimedUnits)
		}
		if t.Open > 0 {
			o.say("%d đơn vị chờ sửa hoặc chờ người xem, chưa tính vào tổng.", "%d units to be fixed or looked at, not in the sums.", t.Open)
		}
		if out.Change != nil {
			o.tellChange(out.Change)
		}
	})
}

// consolidation is what the workbook is made from, as things stood at now; with
// since, how they stood then too: the same fold at either moment.
func (o *office) consolidation(ctx context.Context, now, since time.Time) (consolidation.Input, error) {
	table, facts, err := o.table(ctx, now)
	if err != nil {
		return consolidation.Input{}, err
	}
	in := consolidation.Input{
		Campaign: o.campaign, Form: o.form, Table: table, Now: now, Lang: o.cli.Lang, Path: o.kept(facts), Decisions: facts.Decisions,
	}
	if !since.IsZero() {
		in.Since = standing.Fold(o.campaign, facts, since)
	}
	return in, nil
}

// since reads a moment as --since has it: a day (from its first minute), a time
// as RFC 3339 has it, or a digest by its slot, 2022-10-14-1600.
func (o *office) since(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	plain := strings.TrimPrefix(text, "digest/")
	for _, layout := range []string{time.DateOnly, "2006-01-02-1504", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, plain, o.campaign.Location); err == nil {
			return o.notAfter(text, at)
		}
	}
	at, err := time.Parse(time.RFC3339, plain)
	if err != nil {
		return at, wrong{
			VI: fmt.Sprintf("--since %s: ghi một ngày (2022-10-14), một thời điểm (2022-10-14T16:00:00+07:00) hoặc một bản tin (2022-10-14-1600)", text),
			EN: fmt.Sprintf("--since %s: write a day (2022-10-14), a moment (2022-10-14T16:00:00+07:00) or a digest (2022-10-14-1600)", text),
		}
	}
	return o.notAfter(text, at)
}

func (o *office) notAfter(text string, at time.Time) (time.Time, error) {
	if at.After(o.now()) {
		return at, wrong{
			VI: fmt.Sprintf("--since %s: thời điểm này chưa tới", text),
			EN: fmt.Sprintf("--since %s: that moment has not come yet", text),
		}
	}
	return at, nil
}

// linkFrom makes links to the filings from where the workbook will lie: one
// that is moved together with the campaign directory goes on leading there.
func (o *office) linkFrom(out string) func(kept string) string {
	to, err := filepath.Abs(o.campaign.Dir)
	if err != nil {
		return nil
	}
	from, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return nil
	}
	base, err := filepath.Rel(from, to)
	if err != nil {
		return nil
	}
	return func(kept string) string {
		if !filepath.IsAbs(kept) {
			kept = path.Join(filepath.ToSlash(base), kept)
		}
		return (&url.URL{Path: kept}).String()
	}
}

// mostTold is how many changed cells are told on the terminal; the workbook has
// all of them.
const mostTold = 40

// tellChange says what differs since an earlier moment.
func (o *office) tellChange(c *consolidation.Change) {
	when := func(t time.Time) string { return t.In(o.campaign.Location).Format("02/01/2006 15:04") }
	number := func(v *float64) string {
		if v == nil {
			return map[bool]string{false: "trống", true: "blank"}[o.cli.Lang == "en"]
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	// A sum in which what came in and what went out are the same has not changed.
	sums := slices.DeleteFunc(slices.Clone(c.Effects), func(e consolidation.Effect) bool {
		return e.From != nil && e.To != nil && e.By == 0
	})
	o.say("Từ %s đến %s: %d đơn vị vào tổng, %d đơn vị ra khỏi tổng, %d ô thay đổi, %d tổng thay đổi.",
		"From %s to %s: units that came in %d, that left %d, cells changed %d, sums changed %d.", when(c.Since), when(c.Now), len(c.In), len(c.Out), len(c.Cells), len(sums))
	for _, u := range c.In {
		fmt.Fprintf(o.Stdout, "  + %s: %s → %s\n", u.Unit, u.From, u.To)
	}
	for _, u := range c.Out {
		fmt.Fprintf(o.Stdout, "  - %s: %s → %s\n", u.Unit, u.From, u.To)
	}
	for _, x := range c.Cells[:min(mostTold, len(c.Cells))] {
		fmt.Fprintf(o.Stdout, "  * %s %s (%s): %s → %s\n", x.Unit, x.Input, x.After.Cell, number(x.From), number(x.To))
	}
	if rest := len(c.Cells) - mostTold; rest > 0 {
		o.say("  … và %d ô khác, xem sheet “Thay đổi”.", "  … and %d other cells, see the sheet “Changes”.", rest)
	}
	for _, e := range sums {
		fmt.Fprintf(o.Stdout, "  = %s: %s → %s (%+g)\n", e.Input, number(e.From), number(e.To), e.By)
	}
}

// kept tells where the people's tree has a file of a filing. It lays the tree out
// when it is first asked, once.
func (o *office) kept(facts standing.Facts) func(arrival, decision string, part finding.Part) string {
	root := o.campaign.FilingsDir()
	if below, err := filepath.Rel(o.campaign.Dir, root); err == nil {
		root = filepath.ToSlash(below)
	}
	copies, units := map[[2]string]string{}, map[[3]string]string{}
	lay := sync.OnceFunc(func() {
		filings := standing.Filings(o.campaign, facts)
		// Two units may send the same file: each has its own copy.
		for _, c := range archive.LayoutFilings(o.campaign, filings) {
			unit, _, _ := strings.Cut(path.Base(c.Path), "_")
			if at := [2]string{unit, c.SHA256}; copies[at] == "" {
				copies[at] = path.Join(root, c.Path)
			}
		}
		for _, f := range filings {
			for _, p := range f.Parts {
				units[[3]string{f.Arrival, f.Decision, p.SHA256}] = f.Unit
			}
		}
	})
	return func(arrival, decision string, part finding.Part) string {
		lay()
		return copies[[2]string{units[[3]string{arrival, decision, part.SHA256}], part.SHA256}]
	}
}

// replaceFile writes a file so that there is never half of it: whoever has the
// old one open goes on reading the old one.
func replaceFile(name string, data []byte) error {
	return replaceFileWith(name, func(f io.Writer) error {
		_, err := f.Write(data)
		return err
	})
}

// replaceFileWith does so with what write writes.
func replaceFileWith(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".dondoc-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	if err = write(f); err == nil {
		err = errors.Join(f.Chmod(config.SharedFile), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
