// Package consolidation adds up what the units gave and says where every
// figure comes from: the consolidated workbook.
//
// It is the committee's own form again with the sums in it, then a row a unit,
// then the address of every figure (unit, file, version, sheet, cell, sha256),
// the rows of the form's lists, and notes that say what was counted and what
// was not. It works for any form made by the conventions; nothing here knows a
// particular one.
//
// What counts in the sums, and what does not, is decided in one place (class)
// and said in the workbook's notes.
package consolidation

import (
	"bytes"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Input is all that a consolidation is made from.
type Input struct {
	Campaign *config.Campaign
	Form     finding.Form // what the program understands of Campaign.Form
	Table    *standing.Table
	Now      time.Time
	Lang     string // "vi" or "en"; the form itself stays in the language it was made in
	// Path says where ho-so has a file; nil leaves the column out.
	Path func(arrival, decision string, part finding.Part) string
}

// Workbook returns the consolidated workbook (.xlsx). Every formula in it has
// its value stored beside it, for readers that do not compute.
func Workbook(in Input) ([]byte, error) {
	w := &writer{Input: in, rows: rows(in)}
	w.totals = totals(in, w.rows)
	for _, input := range in.Form.Inputs {
		if input.Number() {
			w.numbers = append(w.numbers, input)
		}
	}
	filled, err := w.form()
	if err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	// excelize writes the form again here, which may lose what it does not
	// know: this workbook is for reading, and nothing is read back out of it.
	f, err := excelize.OpenReader(bytes.NewReader(filled), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	defer f.Close()
	w.f, w.styles = f, map[look]int{}
	if err := w.write(); err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	return out.Bytes(), nil
}

// writer is one workbook being made.
type writer struct {
	Input
	rows    []row
	totals  Totals
	numbers []finding.Input
	f       *excelize.File
	styles  map[look]int
}

func (w *writer) write() error {
	open, err := w.openColumns()
	if err != nil {
		return err
	}
	if err := w.trim(); err != nil {
		return err
	}
	// The sheets are made before they are filled: the first links to the second.
	byUnit, err := w.newSheet(w.say("Theo đơn vị", "By unit"))
	if err != nil {
		return err
	}
	sources, err := w.newSheet(w.say("Nguồn số liệu", "Sources"))
	if err != nil {
		return err
	}
	first, err := w.writeSources(sources)
	if err != nil {
		return err
	}
	if err := w.writeByUnit(byUnit, sources, first); err != nil {
		return err
	}
	if err := w.writeLists(open); err != nil {
		return err
	}
	if err := w.writeNotes(); err != nil {
		return err
	}
	return w.properties()
}

// say picks the phrase in the reader's language.
func (w *writer) say(vi, en string) string {
	if w.Lang == "en" {
		return en
	}
	return vi
}

// when is an instant as the committee reads it.
func (w *writer) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(w.zone()).Format("02/01/2006 15:04")
}

func (w *writer) zone() *time.Location {
	if w.Campaign.Location != nil {
		return w.Campaign.Location
	}
	return time.UTC
}

// properties names the document and nobody as its author.
func (w *writer) properties() error {
	title := w.say("Tổng hợp ", "Consolidation: ") + w.Campaign.Letter.Short.In(w.Lang)
	at := w.Now.UTC().Format(time.RFC3339)
	return w.f.SetDocProps(&excelize.DocProperties{
		Title: title, Subject: w.Campaign.Letter.Name.In(w.Lang),
		Creator: w.Campaign.Letter.Issuer.In(w.Lang), LastModifiedBy: w.Campaign.Letter.Issuer.In(w.Lang),
		Created: at, Modified: at, Language: w.say("vi-VN", "en-GB"),
	})
}
