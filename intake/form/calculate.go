package form

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/workbook"
)

// reopenAfter bounds what a calculator keeps: excelize never forgets a text it
// was once given.
const reopenAfter = 200

// calculator is a pristine copy of the form in which formulas are computed.
// Opening one costs more than using it, so it is used again; fill puts every
// input back before it sets any, so nothing of one sender reaches the next.
type calculator struct {
	x    *excelize.File
	used int
	set  map[place]bool // cells that differ from the blank form
}

// calculator returns one to use; the form's lock is held.
func (f *Form) calculator() (*calculator, error) {
	if f.calc != nil && f.calc.used < reopenAfter {
		f.calc.used++
		return f.calc, nil
	}
	f.drop()
	x, err := excelize.OpenReader(bytes.NewReader(f.blank), openLimits)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	// excelize lists all names for each one it looks up, so those that no
	// formula uses are taken out of the copy: it halves the time of a check.
	for _, n := range x.GetDefinedName() {
		if !f.usesName(n.Name) {
			if err := x.DeleteDefinedName(&excelize.DefinedName{Name: n.Name, Scope: n.Scope}); err != nil {
				return nil, fmt.Errorf("form: name %s: %w", n.Name, err)
			}
		}
	}
	f.calc = &calculator{x: x, set: map[place]bool{}}
	return f.calc, nil
}

// drop closes the copy in use; the next check opens a new one.
func (f *Form) drop() {
	if f.calc != nil {
		f.calc.x.Close()
		f.calc = nil
	}
}

func (f *Form) usesName(name string) bool {
	for _, fx := range f.cells {
		for _, t := range fx.tokens {
			if t.kind == fName && strings.EqualFold(t.text, name) {
				return true
			}
		}
	}
	return false
}

// fill makes the copy hold exactly the given values (float64 or string) and
// facts (cells of _meta by key) beside what the blank form holds.
func (c *calculator) fill(f *Form, values map[place]any, facts map[string]string) error {
	want := make(map[place]any, len(values)+len(facts))
	for at, v := range values {
		want[at] = v
	}
	for key, v := range facts {
		if at, ok := f.facts[key]; ok {
			want[at] = v
			if n, ok := parse(v); ok && onlyDigits.MatchString(v) {
				want[at] = n
			}
		}
	}
	for at := range c.set {
		if _, ok := want[at]; ok {
			continue
		}
		if err := c.put(at, pristine(f.book.Sheet(at.sheet).Cell(at.col, at.row))); err != nil {
			return err
		}
		delete(c.set, at)
	}
	for at, v := range want {
		if err := c.put(at, v); err != nil {
			return err
		}
		c.set[at] = true
	}
	return nil
}

func (c *calculator) put(at place, v any) error {
	return c.x.SetCellValue(at.sheet, workbook.Address(at.col, at.row), v)
}

func pristine(c workbook.Cell) any {
	switch c.Type {
	case workbook.Number, workbook.Date:
		return c.Number
	case workbook.Blank:
		return nil
	}
	return c.Raw
}

// value computes a cell.
func (c *calculator) value(at place) (result string, err error) {
	// A formula that makes excelize panic is a fault of the form (DEPENDENCIES, trap 4).
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("form: %s: %v", at, r)
		}
	}()
	return c.x.CalcCellValue(at.sheet, workbook.Address(at.col, at.row), excelize.Options{RawCellValue: true})
}
