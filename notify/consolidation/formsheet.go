package consolidation

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
	"dondoc/notify/blank"
)

// form is the blank form with the sums in its inputs and its own formulas
// computed over them.
func (w *writer) form() ([]byte, error) {
	inputs := map[string]any{}
	for name, sum := range w.totals.Sum {
		inputs[name] = sum
	}
	return blank.Personalise(w.Campaign.Form, blank.Values{
		Meta:   map[string]any{"unit_name": w.coverage(), "cut_off": w.Campaign.CutOff},
		Inputs: inputs,
	})
}

// coverage stands where a unit's form has the unit's name.
func (w *writer) coverage() string {
	return fmt.Sprintf(w.say("TỔNG HỢP %d/%d đơn vị", "CONSOLIDATED: %d of %d units"), w.totals.Units, w.totals.OfUnits)
}

// metaSheet holds the facts that formulas of the form take the coverage from.
const metaSheet = "_meta"

// trim takes out of the form what is for units and not for readers of sums:
// the guide, the unit's own check, lists (their rows get a sheet of their
// own). A sheet that those with figures still speak of is hidden instead.
func (w *writer) trim() error {
	text := worksheets(w.f)
	all := w.f.GetSheetList()
	var shown []string
	for _, name := range all {
		visible, err := w.f.GetSheetVisible(name)
		if err != nil {
			return err
		}
		if visible && slices.ContainsFunc(w.Form.Inputs, func(in finding.Input) bool { return in.Sheet == name }) {
			shown = append(shown, name)
		}
	}
	if len(shown) == 0 {
		shown = all[:1]
	}
	kept := slices.Clone(shown)
	if slices.Contains(all, metaSheet) {
		kept = append(kept, metaSheet)
	}
	for i := 0; i < len(kept); i++ { // kept grows while it is walked
		for _, name := range all {
			if !slices.Contains(kept, name) && w.mentions(text[kept[i]], name) {
				kept = append(kept, name)
			}
		}
	}
	for _, name := range all {
		var err error
		switch {
		case slices.Contains(shown, name):
		case name == metaSheet:
			err = w.f.SetSheetVisible(name, false, true)
		case slices.Contains(kept, name):
			err = w.f.SetSheetVisible(name, false)
		default:
			err = w.remove(name)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range shown {
		if err := w.widen(name); err != nil {
			return err
		}
	}
	index, err := w.f.GetSheetIndex(shown[0])
	if err != nil {
		return err
	}
	w.f.SetActiveSheet(index)
	return nil
}

// mentions reports whether a worksheet's formulas, validations or colours may
// speak of the other sheet. It would rather say yes: a sheet that is kept for
// nothing is only hidden.
func (w *writer) mentions(text []byte, other string) bool {
	if text == nil {
		return true
	}
	says := func(s string) bool {
		return bytes.Contains(text, []byte(s)) || bytes.Contains(text, escaped(s))
	}
	if says(other+"!") || says(strings.ReplaceAll(other, "'", "''")+"'!") {
		return true
	}
	for _, name := range w.f.GetDefinedName() {
		if refersTo(name, other) && says(name.Name) {
			return true
		}
	}
	tables, err := w.f.GetTables(other)
	return err != nil || slices.ContainsFunc(tables, func(t excelize.Table) bool { return says(t.Name + "[") })
}

// remove deletes a sheet with its tables and the names that point into it.
func (w *writer) remove(sheet string) error {
	tables, err := w.f.GetTables(sheet)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := w.f.DeleteTable(t.Name); err != nil {
			return err
		}
	}
	for _, name := range w.f.GetDefinedName() {
		if name.Scope == "Workbook" && refersTo(name, sheet) {
			if err := w.f.DeleteDefinedName(&name); err != nil {
				return err
			}
		}
	}
	return w.f.DeleteSheet(sheet)
}

func refersTo(name excelize.DefinedName, sheet string) bool {
	return strings.Contains(name.RefersTo, quoted(sheet)+"!") || strings.HasPrefix(name.RefersTo, sheet+"!")
}

// widen makes room for sums where a column was made for one unit's figure:
// Excel shows #### for a number that does not fit.
func (w *writer) widen(sheet string) error {
	for _, in := range w.Form.Inputs {
		if in.Sheet != sheet || !in.Number() {
			continue
		}
		if err := w.fit(sheet, in.Cell); err != nil {
			return err
		}
	}
	for _, t := range w.Form.Totals {
		if t.Sheet != sheet {
			continue
		}
		if err := w.fit(sheet, t.Cell); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) fit(sheet, cell string) error {
	raw, err := w.f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return nil // text wraps or runs on
	}
	column, _, err := excelize.CellNameToCoordinates(cell)
	if err != nil {
		return err
	}
	letter, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return err
	}
	width, err := w.f.GetColWidth(sheet, letter)
	if err != nil {
		return err
	}
	if need := digits(v, v != math.Trunc(v)); width < need {
		return w.f.SetColWidth(sheet, letter, letter, need)
	}
	return nil
}

// worksheets returns the XML of the sheets of a workbook that was just opened,
// by name. A sheet that it does not find is not in it.
func worksheets(f *excelize.File) map[string][]byte {
	part := func(path string) []byte {
		if text, ok := f.Pkg.Load(path); ok {
			if b, ok := text.([]byte); ok {
				return b
			}
		}
		return nil
	}
	var book struct {
		Sheets []struct {
			Attr []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	found := map[string][]byte{}
	if xml.Unmarshal(part("xl/workbook.xml"), &book) != nil || xml.Unmarshal(part("xl/_rels/workbook.xml.rels"), &links) != nil {
		return found
	}
	for _, sheet := range book.Sheets {
		var name, id string
		for _, a := range sheet.Attr {
			switch a.Name.Local {
			case "name":
				name = a.Value
			case "id": // r:id; sheetId is another
				id = a.Value
			}
		}
		for _, link := range links.Relationship {
			if link.ID != id {
				continue
			}
			target := strings.TrimPrefix(link.Target, "/xl/")
			if text := part(path.Join("xl", target)); text != nil {
				found[name] = text
			}
		}
	}
	return found
}

func escaped(s string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.Bytes()
}
