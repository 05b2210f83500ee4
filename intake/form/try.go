package form

import (
	"fmt"
	"slices"
	"strings"

	"dondoc/intake/workbook"
)

// Fault is a mistake in the blank form itself: the operator's to mend, never
// laid at a unit's door.
type Fault struct {
	Sheet, Cell string
	Formula     string
	VI, EN      string
}

func (f Fault) Error() string { return f.Sheet + "!" + f.Cell + ": " + f.EN }

func (f *Form) fault(at place, vi, en string) {
	text := ""
	if fx := f.cells[at]; fx != nil {
		text = fx.text
	}
	f.faults = append(f.faults, Fault{at.sheet, workbook.Address(at.col, at.row), text, vi, en})
}

// Try finds everything that would keep the form from being read rightly:
// formulas outside the permitted subset, circles, and formulas that fail on
// the blank form or on one filled with numbers.
func (f *Form) Try() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.faults
	defer func() { f.faults = kept }()
	f.faults = slices.Clone(kept)
	if len(f.inputs) == 0 && len(f.lists) == 0 {
		f.fault(place{f.book.Sheets[0].Name, 1, 1}, "mẫu không có ô nhập nào (ô không khóa, có tên)", "the form has no inputs (unlocked cells with a defined name)")
	}
	if f.desc.Campaign == "" {
		f.fault(place{metaSheet, 1, 1}, "sheet _meta thiếu campaign_id", "the sheet _meta has no campaign_id")
	}
	refused := map[place]bool{}
	for _, at := range f.formulaCells() {
		for _, c := range f.cells[at].complaints(f.book.Name) {
			f.fault(at, c.vi, c.en)
			refused[at] = true
		}
	}
	for _, at := range f.circles() {
		f.fault(at, "công thức tham chiếu vòng", "the formula refers to itself")
		refused[at] = true
	}
	if len(refused) > 0 {
		// What is refused may not even end; the rest is tried once it is gone.
		return f.faults
	}
	said := map[place]bool{}
	for _, filled := range []bool{false, true} {
		values := map[place]any{}
		if filled {
			for _, in := range f.inputs {
				switch in.Type {
				case "whole", "decimal":
					n := 3.0
					if in.Min != nil && n < *in.Min {
						n = *in.Min
					}
					values[in.at] = n
				case "date":
					values[in.at] = 44849.0
				case "list":
					if len(in.Choices) > 0 {
						values[in.at] = in.Choices[0]
					}
				default:
					values[in.at] = "abc"
				}
			}
		}
		for _, l := range f.lists {
			for row := l.ref.Row + 1; row <= l.ref.LastRow && filled; row++ {
				for _, k := range l.cols {
					if k.input {
						values[place{l.ref.Sheet, k.col, row}] = "abc"
					}
				}
			}
		}
		calc, err := f.calculator()
		if err == nil {
			err = calc.fill(f, values, nil)
		}
		if err != nil {
			f.fault(place{f.book.Sheets[0].Name, 1, 1}, "không tính được mẫu: "+err.Error(), "the form cannot be computed: "+err.Error())
			return f.faults
		}
		for _, at := range f.formulaCells() {
			result, err := calc.value(at)
			if err == nil && !strings.HasPrefix(result, "#") {
				if r := f.ruleAt(at); r == nil || isTruth(result) {
					continue
				}
				err = fmt.Errorf("%q is neither TRUE nor FALSE", result)
			} else if err == nil {
				err = fmt.Errorf("%s", result)
			}
			if said[at] {
				continue
			}
			said[at] = true
			vi, en := "khi mẫu trắng", "on the blank form"
			if filled {
				vi, en = "khi điền đủ số", "on a filled form"
			}
			f.fault(at, fmt.Sprintf("công thức lỗi %s: %v", vi, err), fmt.Sprintf("the formula fails %s: %v", en, err))
		}
	}
	return f.faults
}

func isTruth(s string) bool {
	switch strings.ToUpper(s) {
	case "TRUE", "FALSE", "0", "1":
		return true
	}
	return false
}

func (f *Form) ruleAt(at place) *rule {
	for i := range f.rules {
		if f.rules[i].at == at {
			return &f.rules[i]
		}
	}
	return nil
}

// formulaCells returns the cells with formulas, in the order of the workbook.
func (f *Form) formulaCells() []place {
	order := map[string]int{}
	for i, s := range f.book.Sheets {
		order[s.Name] = i
	}
	out := make([]place, 0, len(f.cells))
	for at := range f.cells {
		out = append(out, at)
	}
	slices.SortFunc(out, func(a, b place) int {
		return compare(order[a.sheet]-order[b.sheet], a.row-b.row, a.col-b.col)
	})
	return out
}

// circles returns the cells whose formulas depend on themselves.
func (f *Form) circles() []place {
	const open, closed = 1, 2
	state := map[place]int{}
	var found []place
	var visit func(at place)
	visit = func(at place) {
		state[at] = open
		for _, ref := range f.cells[at].reads(f.book.Name) {
			for other := range f.cells {
				if !strings.EqualFold(other.sheet, ref.Sheet) || !ref.Contains(other.col, other.row) {
					continue
				}
				switch state[other] {
				case 0:
					visit(other)
				case open:
					found = append(found, other)
				}
			}
		}
		state[at] = closed
	}
	for _, at := range f.formulaCells() {
		if state[at] == 0 {
			visit(at)
		}
	}
	return found
}
