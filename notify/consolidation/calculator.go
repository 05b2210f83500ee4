package consolidation

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
	"dondoc/notify/blank"
)

// calculator computes the form's own totals over sums: a rate of sums is no
// mean of rates, and only the form knows how it is made.
type calculator struct {
	f        *excelize.File
	names    map[string]string // defined names of the workbook, with what they refer to
	formulas map[string]string // of the form's totals as they were, by "sheet!cell"
}

// aloneName is the defined name of the hidden cell that holds what came as a
// total alone.
func aloneName(total string) string { return "DONDOC_" + total }

// calculable returns the form with room for totals that came alone: each
// total adds, to what its rows come to, a cell of the hidden sheet _meta.
func (w *writer) calculable() ([]byte, error) {
	form := w.Campaign.Form
	f, err := excelize.OpenReader(bytes.NewReader(form), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	w.calc = &calculator{f: f, names: map[string]string{}, formulas: map[string]string{}}
	for _, n := range f.GetDefinedName() {
		if n.Scope == "Workbook" {
			w.calc.names[n.Name] = n.RefersTo
		}
	}
	free := 0
	for _, t := range w.Form.Totals {
		formula, err := f.GetCellFormula(t.Sheet, t.Cell)
		if err != nil {
			return nil, err
		}
		w.calc.formulas[t.Sheet+"!"+t.Cell] = strings.TrimPrefix(formula, "=")
	}
	for i := range w.numbers {
		if !w.alone(i) {
			continue
		}
		t := w.numbers[i]
		if free == 0 {
			rows, err := f.GetRows(metaSheet)
			if err != nil {
				return nil, err
			}
			free = len(rows)
		}
		free++
		cell := "B" + strconv.Itoa(free)
		if err := f.SetCellValue(metaSheet, "A"+strconv.Itoa(free), "alone "+t.Name); err != nil {
			return nil, err
		}
		if err := f.SetDefinedName(&excelize.DefinedName{Name: aloneName(t.Name), RefersTo: metaSheet + "!$B$" + strconv.Itoa(free)}); err != nil {
			return nil, err
		}
		if err := f.SetCellValue(metaSheet, cell, 0); err != nil {
			return nil, err
		}
		if err := f.SetCellFormula(t.Sheet, t.Cell, withAlone(w.calc.formulas[t.Sheet+"!"+t.Cell], aloneName(t.Name))); err != nil {
			return nil, err
		}
	}
	if free == 0 {
		return form, nil
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return blank.Cache(out.Bytes())
}

// withAlone adds to a total what came without its rows.
func withAlone(formula, alone string) string {
	return fmt.Sprintf("IF(N(%s)=0,%s,IFERROR((%[2]s)+%[1]s,%[1]s))", alone, formula)
}

// Close lets go of the form.
func (c *calculator) Close() {
	if c != nil && c.f != nil {
		_ = c.f.Close() // nothing of it was written anywhere
	}
}

// values computes the form's totals over the sums: a number, a text (often
// empty), or nil where it fails. by are the totals by "sheet!cell".
func (w *writer) computed(sums map[string]float64) (map[string]any, error) {
	c := w.calc
	for i, in := range w.numbers {
		sum, known := sums[in.Name]
		sheet, cell := in.Sheet, in.Cell
		if w.alone(i) {
			at, ok := splitReference(c.target(aloneName(in.Name)))
			if !ok {
				return nil, fmt.Errorf("the name %s is lost", aloneName(in.Name))
			}
			sheet, cell = at.sheet, ref(at.column, at.row)
		}
		if sheet == "" {
			continue // described without a place
		}
		var v any
		if known {
			v = sum
		}
		if err := c.f.SetCellValue(sheet, cell, v); err != nil {
			return nil, err
		}
	}
	results := map[string]any{}
	for _, t := range w.Form.Totals {
		results[t.Sheet+"!"+t.Cell] = c.value(t)
	}
	return results, nil
}

func (c *calculator) target(name string) string {
	for _, n := range c.f.GetDefinedName() {
		if n.Name == name && n.Scope == "Workbook" {
			return n.RefersTo
		}
	}
	return ""
}

// value computes one total. A formula that fails over these sums, as one that
// divides by a sum of zero may, has no value.
func (c *calculator) value(t finding.Total) (v any) {
	defer func() {
		if recover() != nil {
			v = nil // excelize computes foreign formulas, and may panic
		}
	}()
	text, err := c.f.CalcCellValue(t.Sheet, t.Cell, excelize.Options{RawCellValue: true})
	if err != nil || strings.HasPrefix(text, "#") {
		return nil
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return plain(n)
	}
	return text
}
