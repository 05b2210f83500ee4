package blank

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// put brings the computed copy to the changes: cells that an earlier issue
// changed get back what the form had, the changed ones their value. It returns
// the cells that hold something else than before.
func (t *Template) put(changes map[place]value) (changed []place, err error) {
	set := func(p place, v value) error {
		if was, ok := t.holds[p]; ok && was == v {
			return nil
		}
		delete(t.holds, p) // until it does
		if err := v.putInto(t.calc, p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		t.holds[p], changed = v, append(changed, p)
		return nil
	}
	for p, v := range t.before {
		if _, ok := changes[p]; ok {
			continue
		}
		if err := set(p, v); err != nil {
			return nil, err
		}
	}
	for p, v := range changes {
		if _, ok := t.before[p]; !ok {
			was, err := t.held(p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
			t.before[p] = was
		}
		if err := set(p, v); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// held is what a cell without a formula holds in the computed copy.
func (t *Template) held(p place) (value, error) {
	content, err := t.calc.GetCellValue(p.sheet, p.cell, limits)
	if err != nil || content == "" {
		return value{}, err
	}
	kind, err := t.calc.GetCellType(p.sheet, p.cell)
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
func (t *Template) compute(before map[place]value, changed []place) (map[place]value, error) {
	results := make(map[place]value, len(t.order))
	reached := t.depends.reached(changed)
	for i, p := range t.order {
		if was, ok := before[p]; ok && !reached[i] {
			results[p] = was
			continue
		}
		kind, err := t.ask("A" + strconv.Itoa(i+1))
		if err != nil {
			return nil, t.failed(p, err.Error())
		}
		result, err := t.ask("B" + strconv.Itoa(i+1))
		if err != nil {
			return nil, t.failed(p, err.Error())
		}
		if errorValues[result] {
			return nil, t.failed(p, result)
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
			return nil, t.failed(p, "it comes to no single value")
		}
	}
	return results, nil
}

// ask computes a cell of the scratch sheet. A formula that makes excelize
// panic has failed like any other.
func (t *Template) ask(cell string) (answer string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic: %v", r)
		}
	}()
	return t.calc.CalcCellValue(scratch, cell, limits)
}

func (t *Template) failed(p place, why string) error {
	formula, err := t.calc.GetCellFormula(p.sheet, p.cell)
	if err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return fmt.Errorf("%s: the formula %s gives %s", p, formula, why)
}
