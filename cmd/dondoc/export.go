package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"dondoc/intake/archive"
	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
	"dondoc/schedule/standing"
)

type exportCmd struct {
	Out string `arg:"" help:"${a_out}"`
}

// exportJSON is `export --json`.
type exportJSON struct {
	Out     string             `json:"out"`
	Units   int                `json:"units"`
	Of      int                `json:"of"`
	Claimed int                `json:"claimed"`
	Open    int                `json:"open"` // there, and not in the sums
	Sums    map[string]float64 `json:"sums"`
}

// Run writes the consolidated workbook, or what the units wrote in one document.
func (c *exportCmd) Run(ctx context.Context, p *Program) error {
	if strings.EqualFold(filepath.Ext(c.Out), ".docx") {
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
	in, err := o.consolidation(ctx, p.now())
	if err != nil {
		return err
	}
	data, err := consolidation.Workbook(in)
	if err != nil {
		return err
	}
	if err := replaceFile(c.Out, data); err != nil {
		return err
	}
	t := consolidation.Total(in)
	return o.print(exportJSON{Out: c.Out, Units: t.Units, Of: t.OfUnits, Claimed: t.ClaimedUnits, Open: t.Open, Sums: t.Sum}, func() {
		o.say("Đã ghi %s: số liệu của %d/%d đơn vị (%d phụ lục).", "Wrote %s: figures of %d of %d units (%d forms).", c.Out, t.Units, t.OfUnits, t.Dossiers)
		if t.ClaimedUnits > 0 {
			o.say("%d đơn vị chờ xác nhận, tính riêng.", "%d units unconfirmed, summed apart.", t.ClaimedUnits)
		}
		if t.Open > 0 {
			o.say("%d đơn vị chờ sửa hoặc chờ người xem, chưa tính vào tổng.", "%d units to be fixed or looked at, not in the sums.", t.Open)
		}
	})
}

// consolidation is what the workbook is made from, as things stood at now.
func (o *office) consolidation(ctx context.Context, now time.Time) (consolidation.Input, error) {
	table, facts, err := o.table(ctx, now)
	if err != nil {
		return consolidation.Input{}, err
	}
	return consolidation.Input{
		Campaign: o.campaign, Form: o.form, Table: table, Now: now, Lang: o.cli.Lang, Path: o.kept(facts), Decisions: facts.Decisions,
	}, nil
}

// kept tells where the people's tree has a file of a filing.
func (o *office) kept(facts standing.Facts) func(arrival, decision string, part finding.Part) string {
	root := o.campaign.FilingsDir()
	if below, err := filepath.Rel(o.campaign.Dir, root); err == nil {
		root = filepath.ToSlash(below)
	}
	// Two units may send the same file: each has its own copy.
	copies := map[[2]string]string{}
	for _, c := range archive.Layout(o.campaign, facts) {
		unit, _, _ := strings.Cut(path.Base(c.Path), "_")
		if at := [2]string{unit, c.SHA256}; copies[at] == "" {
			copies[at] = path.Join(root, c.Path)
		}
	}
	units := map[[3]string]string{}
	for _, f := range standing.Filings(o.campaign, facts) {
		for _, p := range f.Parts {
			units[[3]string{f.Arrival, f.Decision, p.SHA256}] = f.Unit
		}
	}
	return func(arrival, decision string, part finding.Part) string {
		return copies[[2]string{units[[3]string{arrival, decision, part.SHA256}], part.SHA256}]
	}
}

// replaceFile writes a file so that there is never half of it: whoever has the
// old one open goes on reading the old one.
func replaceFile(name string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".dondoc-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	if _, err = f.Write(data); err == nil {
		err = errors.Join(f.Chmod(0o640), f.Sync())
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
