package consolidation

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
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
	blankForm, err := w.calculable()
	if err != nil {
		return nil, err
	}
	inputs := map[string]any{}
	for i, in := range w.numbers {
		if sum, known := w.totals.Sum[in.Name]; known {
			name := in.Name
			if w.alone(i) {
				name = aloneName(name)
			}
			inputs[name] = sum
		}
	}
	return blank.Personalise(blankForm, blank.Values{
		Meta:   map[string]any{"unit_name": w.straightSum() + ", " + w.coverage(), "cut_off": w.Campaign.CutOff},
		Inputs: inputs,
	})
}

// coverage stands where a unit's form has the unit's name.
func (w *writer) coverage() string {
	return fmt.Sprintf(w.say("%d/%d đơn vị", "%d of %d units"), w.totals.Units, w.totals.OfUnits)
}

// formFormulas makes of the sums in the form's inputs references to those below
// the rows of the units.
func (w *writer) formFormulas() error {
	put := func(sheet, cell string, number int) {
		if w.formulas[sheet] == nil {
			w.formulas[sheet] = map[string]string{}
		}
		w.formulas[sheet][cell] = fmt.Sprintf("%s!%s%d", quoted(w.names.units), letters(firstFigure+number), w.units.total)
	}
	for i, in := range w.numbers {
		if _, known := w.totals.Sum[in.Name]; !known {
			continue // blank, so that the form's formulas count nothing there
		}
		sheet, cell := in.Sheet, in.Cell
		if w.alone(i) {
			at, ok := splitReference(w.calc.target(aloneName(in.Name)))
			if !ok {
				return fmt.Errorf("the name %s is lost", aloneName(in.Name))
			}
			sheet, cell = at.sheet, ref(at.column, at.row)
		}
		if sheet != "" {
			put(sheet, cell, i)
		}
	}
	return nil
}

// metaSheet holds the facts that formulas of the form take the coverage from.
const metaSheet = "_meta"

// trim takes out of the form what is for units and not for readers of sums:
// the guide, the unit's own check, lists (their rows get a sheet of their
// own). A sheet that those with figures still speak of is hidden instead. It
// returns the first sheet that is left to see.
func (w *writer) trim() (string, error) {
	text := worksheets(w.f)
	all := w.f.GetSheetList()
	var shown []string
	for _, name := range all {
		visible, err := w.f.GetSheetVisible(name)
		if err != nil {
			return "", err
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
			return "", err
		}
	}
	for _, name := range shown {
		if err := w.widen(name); err != nil {
			return "", err
		}
	}
	return shown[0], nil
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
	var book bookXML
	var links relationsXML
	found := map[string][]byte{}
	if xml.Unmarshal(part("xl/workbook.xml"), &book) != nil || xml.Unmarshal(part("xl/_rels/workbook.xml.rels"), &links) != nil {
		return found
	}
	for at, name := range partsOf(book, links) {
		if text := part(at); text != nil {
			found[name] = text
		}
	}
	return found
}

func escaped(s string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.Bytes()
}
