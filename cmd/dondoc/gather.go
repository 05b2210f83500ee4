package main

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"

	"dondoc/intake"
	"dondoc/intake/finding"
	"dondoc/intake/reader"
	"dondoc/notify/gathering"
)

// gatheredJSON is `export OUT.docx --json`.
type gatheredJSON struct {
	Out      string   `json:"out"`
	Reports  int      `json:"reports"` // units whose report is quoted
	Of       int      `json:"of"`
	Models   int      `json:"models"`
	Missing  []string `json:"missing"`  // units without a report
	Unquoted int      `json:"unquoted"` // files that are only named
}

// gather writes what the units reported, in one document.
func (c *exportCmd) gather(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	table, facts, err := o.table(ctx, p.now())
	if err != nil {
		return err
	}
	in := gathering.Input{
		Quote: func(part finding.Part) (finding.Quotation, error) { return o.quote(ctx, part) },
		Copies: func(arrival string) []finding.Part {
			for _, m := range facts.Mails {
				if m.ID == arrival {
					return m.Parts
				}
			}
			return nil
		},
	}
	in.Campaign, in.Form, in.Table, in.Now, in.Lang = o.campaign, o.form, table, p.now(), o.cli.Lang
	kept := o.kept(facts)
	in.Path = func(arrival, decision string, part finding.Part) string {
		return o.from(c.Out, kept(arrival, decision, part))
	}
	data, g, err := gathering.Document(in)
	if err != nil {
		return err
	}
	if err := replaceFile(c.Out, data); err != nil {
		return err
	}
	if g.Missing == nil {
		g.Missing = []string{}
	}
	return o.print(gatheredJSON{c.Out, g.Reports, g.Of, g.Models, g.Missing, g.Unquoted}, func() {
		o.say("Đã ghi %s: trích báo cáo của %d/%d đơn vị và %d bài giới thiệu mô hình.", "Wrote %s: the reports of %d of %d units and %d write-ups of models are quoted.", c.Out, g.Reports, g.Of, g.Models)
		if n := len(g.Missing); n > 0 {
			o.say("%d đơn vị chưa có báo cáo; có danh sách trong tệp.", "%d units have no report yet; the document names them.", n)
		}
		if g.Unquoted > 0 {
			o.say("%d tệp không trích được (bản quét, ngoài hộp thư…); có danh sách ở cuối tệp.", "%d files could not be quoted (scans, received outside the mailbox, …); they are listed at the end.", g.Unquoted)
		}
	})
}

// from is the path of a file of the campaign as seen from the directory of
// another, so that a link in that leads to it; "" where there is no way.
func (o *office) from(out, path string) string {
	if path == "" {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(o.campaign.Dir, path)
	}
	target, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	base, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(base, target)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// quote has the child read a file that a unit sent. A child that dies of it
// says of the file that it cannot be read, and nothing of us.
func (o *office) quote(ctx context.Context, part finding.Part) (q finding.Quotation, err error) {
	data, err := o.archive.Get(part.SHA256)
	if err != nil {
		return q, err
	}
	head, err := json.Marshal(intake.Quoted{Name: part.Name, Kind: part.Kind, Models: part.Models})
	if err != nil {
		return q, err
	}
	reply, err := o.reader.Do(ctx, intake.OpQuote, append(append(head, '\n'), data...))
	var crash *reader.Crash
	switch {
	case errors.As(err, &crash):
		return finding.Quotation{Problem: crash.Why}, nil
	case errors.Is(err, reader.ErrTooLarge):
		return finding.Quotation{Problem: "size"}, nil
	case err != nil:
		return q, err
	}
	err = json.Unmarshal(reply.JSON, &q)
	return q, err
}
