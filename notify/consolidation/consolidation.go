// Package consolidation adds up what the units gave and says where every
// figure comes from: the consolidated workbook.
//
// It is read from the front: what a leader looks at, a table for each subject
// of the form by groups of units, a row a unit, the committee's own form again
// with the sums in it, the lists, how the units handed in, what changed, notes
// that say what was counted and what was not, and the address of every figure
// (unit, file, version, sheet, cell, sha256). It works for any form made by the
// conventions; nothing here knows a particular one.
//
// Every sum is a formula over the rows of the units, with what it comes to
// stored beside it. What counts in the sums, and what does not, is decided in
// one place (class) and said in the workbook's notes.
package consolidation

import (
	"bytes"
	"fmt"
	"io"
	"runtime/debug"
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
	// Link makes of such a path one that leads there from where the workbook
	// will lie; nil: the workbook goes where there is no ho-so.
	Link func(path string) string
	// Decisions are the committee's, for how a part came outside the mailbox.
	Decisions []standing.Decision
	// Since is how things stood at an earlier moment, nil if nobody asks what
	// has changed.
	Since *standing.Table
}

// Workbook returns the consolidated workbook (.xlsx).
func Workbook(in Input) ([]byte, error) {
	var out bytes.Buffer
	err := Write(&out, in)
	return out.Bytes(), err
}

// Write writes the consolidated workbook. Every formula in it has its value
// stored beside it, for readers that do not compute.
func Write(out io.Writer, in Input) error {
	if len(in.Campaign.Units) > largeRoster {
		// A million lines are made out of little: what they leave behind is to be
		// collected before it outgrows the facts.
		defer debug.SetGCPercent(debug.SetGCPercent(25))
	}
	if err := write(out, in); err != nil {
		return fmt.Errorf("consolidation: %w", err)
	}
	return nil
}

// largeRoster is how many units make memory worth more than time.
const largeRoster = 2000

func write(out io.Writer, in Input) error {
	w := newWriter(in)
	filled, err := w.form()
	if err != nil {
		return err
	}
	defer w.calc.Close()
	// excelize writes the form again here, which may lose what it does not
	// know: this workbook is for reading, and nothing is read back out of it.
	if w.f, err = excelize.OpenReader(bytes.NewReader(filled), excelize.Options{RawCellValue: true}); err != nil {
		return err
	}
	defer w.f.Close()
	if err := w.write(); err != nil {
		return err
	}
	return w.finish(out)
}

// writer is one workbook being made.
type writer struct {
	Input
	rows    []row
	groups  []group
	totals  Totals
	numbers []finding.Input
	calc    *calculator
	f       *excelize.File
	styles  map[look]int
	made    map[string]packed
	// formulas are put into cells of the form's sheets at the end, by sheet.
	formulas map[string]map[string]string

	subjects []subject
	names    names
	units    unitLines
	handed   submitted
	labelled [][2]any
}

// names are those of our sheets.
type names struct {
	overview, units, submission, changes, sources, notes, writeUps string
	subjects, lists                                                []string
}

func newWriter(in Input) *writer {
	w := &writer{Input: in, styles: map[look]int{}, formulas: map[string]map[string]string{}}
	w.rows, w.numbers = rows(in)
	w.groups = groups(in, w.rows)
	w.totals = totals(in, w.rows, w.numbers)
	return w
}

func (w *writer) write() error {
	open, err := w.openColumns()
	if err != nil {
		return err
	}
	first, err := w.trim()
	if err != nil {
		return err
	}
	if err := w.nameSheets(first); err != nil {
		return err
	}
	sources, err := w.writeSources()
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return w.writeByUnit(sources) },
		w.writeSubjects,
		w.formFormulas,
		w.writeSubmission,
		w.writeOverview,
		func() error { return w.writeLists(open) },
		w.writeWriteUps,
		w.writeChanges,
		w.writeNotes,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return w.properties()
}

// nameSheets makes the sheets before any is filled, because they lead to one
// another: groups first, the form with the straight sum after them.
func (w *writer) nameSheets(first string) error {
	// excelize moves a sheet and leaves the names that are its own with the sheet
	// that comes to stand in its place.
	var own []excelize.DefinedName
	for _, n := range w.f.GetDefinedName() {
		if n.Scope == "Workbook" {
			continue
		}
		if err := w.f.DeleteDefinedName(&n); err != nil {
			return err
		}
		if n.Name != "_xlnm._FilterDatabase" {
			own = append(own, n)
		}
	}
	front := func(name string) (string, error) {
		made, err := w.newSheet(name)
		if err != nil {
			return "", err
		}
		return made, w.f.MoveSheet(made, first)
	}
	var err error
	if w.names.overview, err = front(w.say("Tóm tắt", "Summary")); err != nil {
		return err
	}
	w.subjects = w.findSubjects()
	for i := range w.subjects {
		name, err := front(fmt.Sprintf(w.say("TH-%d", "T-%d"), i+1))
		if err != nil {
			return err
		}
		w.names.subjects = append(w.names.subjects, name)
	}
	if w.names.units, err = front(fmt.Sprintf(w.say("TH-%d", "T-%d"), len(w.subjects)+1)); err != nil {
		return err
	}
	behind := func(name *string, title string) {
		if err == nil {
			*name, err = w.newSheet(title)
		}
	}
	behind(&w.names.submission, w.say("Tình hình nộp", "Submission"))
	w.names.lists = make([]string, len(w.Form.Lists))
	for i, list := range w.Form.Lists {
		behind(&w.names.lists[i], list.Sheet)
	}
	if w.writeUps() {
		behind(&w.names.writeUps, w.say("Bài giới thiệu", "Write-ups"))
	}
	if w.Since != nil {
		behind(&w.names.changes, w.say("Thay đổi", "Changes"))
	}
	behind(&w.names.notes, w.say("Ghi chú", "Notes"))
	behind(&w.names.sources, w.say("Nguồn số liệu", "Sources"))
	if err != nil {
		return err
	}
	for i := range own {
		if err := w.f.SetDefinedName(&own[i]); err != nil {
			return err
		}
	}
	index, err := w.f.GetSheetIndex(w.names.overview)
	w.f.SetActiveSheet(index)
	return err
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
