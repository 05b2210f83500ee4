package blank

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// computed is a copy of the form that is computed and never written.
type computed struct {
	calc    *excelize.File
	before  map[place]value // what the form held in the cells that the copy has changed
	holds   map[place]value // what these hold in the copy now
	results map[place]value // of the last issue; without one, it is computed
}

func newComputed(f *excelize.File) *computed {
	return &computed{calc: f, before: map[place]value{}, holds: map[place]value{}}
}

// put brings the computed copy to the changes: cells that an earlier issue
// changed get back what the form had, the changed ones their value. It returns
// the cells that hold something else than before.
func (c *computed) put(changes map[place]value) (changed []place, err error) {
	set := func(p place, v value) error {
		if was, ok := c.holds[p]; ok && was == v {
			return nil
		}
		delete(c.holds, p) // until it does
		if err := v.putInto(c.calc, p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		c.holds[p], changed = v, append(changed, p)
		return nil
	}
	for p, v := range c.before {
		if _, ok := changes[p]; ok {
			continue
		}
		if err := set(p, v); err != nil {
			return nil, err
		}
	}
	for p, v := range changes {
		if _, ok := c.before[p]; !ok {
			was, err := c.held(p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
			c.before[p] = was
		}
		if err := set(p, v); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// held is what a cell without a formula holds in the computed copy.
func (c *computed) held(p place) (value, error) {
	content, err := c.calc.GetCellValue(p.sheet, p.cell, limits)
	if err != nil || content == "" {
		return value{}, err
	}
	kind, err := c.calc.GetCellType(p.sheet, p.cell)
	if err != nil {
		return value{}, err
	}
	switch kind {
	case excelize.CellTypeBool:
		if content == "TRUE" {
			content = "1"
		}
		return value{truth, content}, nil
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		if _, err := strconv.ParseFloat(content, 64); err == nil {
			return value{numeric, content}, nil
		}
	}
	return value{text, content}, nil
}

// errorValues are what a formula that fails comes to. CalcCellValue returns
// some of them as text without an error.
var errorValues = map[string]bool{
	"#NULL!": true, "#DIV/0!": true, "#VALUE!": true, "#REF!": true, "#NAME?": true, "#NUM!": true, "#N/A": true,
	"#GETTING_DATA": true, "#SPILL!": true, "#CALC!": true,
}

// compute gives every formula its value: that of the issue before, where nothing
// that it reads has changed. A formula that fails is a mistake of the form, and
// named.
func (t *Template) compute(c *computed, changes map[place]value) (map[place]value, error) {
	before := c.results
	c.results = nil // until all has gone well
	changed, err := c.put(changes)
	if err != nil {
		return nil, err
	}
	results := make(map[place]value, len(t.order))
	reached := t.depends.reached(changed)
	for i, p := range t.order {
		if was, ok := before[p]; ok && !reached[i] {
			results[p] = was
			continue
		}
		kind, err := c.ask("A" + strconv.Itoa(i+1))
		if err != nil {
			return nil, c.failed(p, err.Error())
		}
		result, err := c.ask("B" + strconv.Itoa(i+1))
		if err != nil {
			return nil, c.failed(p, err.Error())
		}
		if errorValues[result] {
			return nil, c.failed(p, result)
		}
		switch kind {
		case "1":
			if result == "" {
				result = "0" // a reference to a blank cell
			}
			results[p] = value{numeric, result}
		case "2":
			results[p] = value{text, result}
		case "4":
			v := value{truth, "0"}
			if result == "TRUE" || result == "1" {
				v.text = "1"
			}
			results[p] = v
		default:
			return nil, c.failed(p, "it comes to no single value")
		}
	}
	c.results = results
	return results, nil
}

// ask computes a cell of the scratch sheet. A formula that makes excelize
// panic has failed like any other.
func (c *computed) ask(cell string) (answer string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic: %v", r)
		}
	}()
	return c.calc.CalcCellValue(scratch, cell, limits)
}

func (c *computed) failed(p place, why string) error {
	formula, err := c.calc.GetCellFormula(p.sheet, p.cell)
	if err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return fmt.Errorf("%s: the formula %s gives %s", p, formula, why)
}

// lighter is a copy in which what does not depend on the facts of _meta is no
// formula any more, but its value: an issue that has only facts of its own
// computes a tenth of the form in it.
func (t *Template) lighter(results map[place]value) (*computed, error) {
	f, err := excelize.OpenReader(bytes.NewReader(t.form), limits)
	if err != nil {
		return nil, err
	}
	depends := t.depends.reached(slices.Collect(maps.Values(t.facts)))
	c := newComputed(f)
	c.results = map[place]value{}
	for i, p := range t.order {
		if depends[i] {
			continue
		}
		v := results[p]
		c.results[p] = v
		if v == (value{text, ""}) {
			err = f.SetCellFormula(p.sheet, p.cell, `""`) // an empty text is no blank
		} else {
			err = v.putInto(f, p)
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	if err := t.scratchInto(f, depends); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return c, nil
}
