package form

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// openLimits keep excelize from inflating without bounds; its own limit is 16 GB.
var openLimits = excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true}

// Compile understands a blank form. An error means that it cannot be read at
// all; what is wrong with its conventions, Try tells.
func Compile(blank []byte) (*Form, error) {
	book, err := workbook.Open(blank)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	x, err := excelize.OpenReader(bytes.NewReader(blank), openLimits)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	defer x.Close()
	f := &Form{
		blank: blank, book: book,
		byName: map[string]int{}, cells: map[place]*formula{}, known: map[place]bool{}, lookedAt: map[place]bool{}, own: ownTexts(book),
	}
	f.values, f.facts = meta(book)
	if id := ID(book); id != nil {
		f.desc.Campaign, f.desc.Version = id.Campaign, id.Version
	}
	for _, s := range book.Sheets {
		f.desc.Sheets = append(f.desc.Sheets, s.Name)
	}
	c := &compiler{Form: f, x: x, locks: map[int]bool{}, names: map[place][]string{}}
	if err := c.formulas(); err != nil {
		return nil, err
	}
	c.findInputs()
	c.findLists()
	c.findGrids()
	c.findTotals()
	c.findRules()
	c.findReaders()
	f.describe()
	return f, nil
}

// compiler holds what is needed while compiling only.
type compiler struct {
	*Form
	x      *excelize.File
	locks  map[int]bool // by style
	names  map[place][]string
	checks []validation
}

// formulas collects every formula, shared ones written out.
func (c *compiler) formulas() error {
	for _, s := range c.book.Sheets {
		for _, cell := range s.Cells() {
			if !cell.Formula {
				continue
			}
			text, err := c.x.GetCellFormula(s.Name, cell.Address())
			if err != nil {
				return fmt.Errorf("form: %s!%s: %w", s.Name, cell.Address(), err)
			}
			c.cells[place{s.Name, cell.Col, cell.Row}] = parseFormula(text, s.Name)
		}
	}
	return nil
}

// locked reports whether a cell is closed to units while its sheet is protected.
func (c *compiler) locked(sheet string, col, row int) bool {
	id, err := c.x.GetCellStyle(sheet, workbook.Address(col, row))
	if err != nil {
		return true
	}
	if l, ok := c.locks[id]; ok {
		return l
	}
	l := true
	if st, err := c.x.GetStyle(id); err == nil && st != nil && st.Protection != nil {
		l = st.Protection.Locked
	}
	c.locks[id] = l
	return l
}

type validation struct {
	sheet              string
	areas              []workbook.Ref
	kind, op           string
	formula1, formula2 string
	required           bool
}

func (c *compiler) validations() []validation {
	var out []validation
	for _, s := range c.book.Sheets {
		dvs, err := c.x.GetDataValidations(s.Name)
		if err != nil {
			continue
		}
		for _, dv := range dvs {
			v := validation{sheet: s.Name, kind: dv.Type, op: dv.Operator, formula1: dv.Formula1, formula2: dv.Formula2, required: !dv.AllowBlank}
			for _, a := range strings.Fields(dv.Sqref) {
				if r, ok := workbook.ParseRef(a); ok {
					v.areas = append(v.areas, r)
				}
			}
			out = append(out, v)
		}
	}
	return out
}

// rule returns the data validation of a cell.
func (c *compiler) validation(at place) (validation, bool) {
	if c.checks == nil {
		c.checks = append(c.validations(), validation{})
	}
	for _, v := range c.checks {
		if v.sheet != at.sheet {
			continue
		}
		for _, a := range v.areas {
			if a.Contains(at.col, at.row) {
				return v, true
			}
		}
	}
	return validation{}, false
}

// typed reads type, bounds and choices of a cell from its data validation.
func (c *compiler) typed(at place) (kind string, lo, hi *float64, choices []string, required bool) {
	v, ok := c.validation(at)
	if !ok {
		if d, _ := c.dateFormat(at); d {
			return "date", nil, nil, nil, false
		}
		return "text", nil, nil, nil, false
	}
	kind, required = "text", v.required
	switch v.kind {
	case "whole", "decimal":
		kind = v.kind
		a, okA := c.constant(v.formula1, at.sheet)
		b, okB := c.constant(v.formula2, at.sheet)
		switch v.op {
		case "", "between":
			if okA {
				lo = &a
			}
			if okB {
				hi = &b
			}
		case "greaterThanOrEqual", "greaterThan":
			if okA {
				if v.op == "greaterThan" && kind == "whole" {
					a++
				}
				lo = &a
			}
		case "lessThanOrEqual", "lessThan":
			if okA {
				if v.op == "lessThan" && kind == "whole" {
					a--
				}
				hi = &a
			}
		case "equal":
			if okA {
				lo, hi = &a, &a
			}
		}
	case "date", "time":
		kind = "date"
	case "list":
		kind = "list"
		choices = c.choices(v.formula1, at.sheet)
	default:
		if d, _ := c.dateFormat(at); d {
			kind = "date"
		}
	}
	return kind, lo, hi, choices, required
}

// dateFormat reports whether a cell, blank or not, would show a date.
func (c *compiler) dateFormat(at place) (bool, error) {
	id, err := c.x.GetCellStyle(at.sheet, workbook.Address(at.col, at.row))
	if err != nil {
		return false, err
	}
	st, err := c.x.GetStyle(id)
	if err != nil || st == nil {
		return false, err
	}
	format := ""
	if st.CustomNumFmt != nil {
		format = *st.CustomNumFmt
	}
	return workbook.ShowsDate(st.NumFmt, format), nil
}

// constant reads a bound of a data validation: a number, or a cell holding one.
func (c *compiler) constant(text, sheet string) (float64, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "=")
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n, true
	}
	r, ok := c.ref(text, sheet)
	if !ok || !r.Single() || c.book.Sheet(r.Sheet) == nil {
		return 0, false
	}
	cell := c.book.Sheet(r.Sheet).Cell(r.Col, r.Row)
	return cell.Number, cell.Type == workbook.Number
}

// choices reads the source of a drop-down list: words in quotes, an area or a name.
func (c *compiler) choices(text, sheet string) []string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "=")
	var out []string
	if strings.HasPrefix(text, `"`) {
		for _, w := range strings.Split(strings.Trim(text, `"`), ",") {
			if w = strings.TrimSpace(w); w != "" {
				out = append(out, w)
			}
		}
		return out
	}
	r, ok := c.ref(text, sheet)
	if !ok {
		return nil
	}
	s := c.book.Sheet(r.Sheet)
	if s == nil {
		return nil
	}
	for _, cell := range s.Cells() {
		if r.Contains(cell.Col, cell.Row) && len(out) < 1000 {
			out = append(out, shown(cell))
		}
	}
	return out
}

// ref resolves an address or a name, as seen from sheet.
func (f *Form) ref(text, sheet string) (workbook.Ref, bool) {
	if r, ok := workbook.ParseRef(text); ok {
		if r.Sheet == "" {
			r.Sheet = sheet
		}
		return r, true
	}
	return f.book.Name(text)
}

// findInputs takes every defined name of one unlocked cell without a formula.
// A cell with two names keeps the first in alphabetical order.
func (c *compiler) findInputs() {
	for _, n := range c.x.GetDefinedName() {
		if n.Scope != "" && n.Scope != "Workbook" {
			continue
		}
		r, ok := c.book.Name(n.Name)
		if !ok || strings.HasPrefix(n.Name, "_xlnm") {
			continue
		}
		if !r.Single() {
			// The name of a merged input may cover all of it.
			m, merged := c.book.Sheet(r.Sheet).Merge(r.Col, r.Row)
			if !merged || m.LastCol != r.LastCol || m.LastRow != r.LastRow || m.Col != r.Col || m.Row != r.Row {
				continue
			}
		}
		at := place{c.book.Sheet(r.Sheet).Name, r.Col, r.Row}
		c.names[at] = append(c.names[at], n.Name)
	}
	for at, names := range c.names {
		slices.Sort(names)
		if at.sheet == metaSheet || c.cells[at] != nil || c.locked(at.sheet, at.col, at.row) {
			continue
		}
		in := input{at: at, grid: -1}
		in.Name, in.Sheet, in.Cell = names[0], at.sheet, workbook.Address(at.col, at.row)
		in.Type, in.Min, in.Max, in.Choices, in.Required = c.typed(at)
		in.Preset = shown(c.book.Sheet(at.sheet).Cell(at.col, at.row))
		c.inputs = append(c.inputs, in)
	}
	order := map[string]int{}
	for i, s := range c.book.Sheets {
		order[s.Name] = i
	}
	slices.SortFunc(c.inputs, func(a, b input) int {
		return compare(order[a.at.sheet]-order[b.at.sheet], a.at.row-b.at.row, a.at.col-b.at.col)
	})
	for i, in := range c.inputs {
		c.byName[in.Name] = i
		c.known[in.at] = true
	}
}

func compare(by ...int) int {
	for _, n := range by {
		if n != 0 {
			return n
		}
	}
	return 0
}

// findLists takes every Excel table with an unlocked column.
func (c *compiler) findLists() {
	for _, t := range c.book.Tables {
		l := list{ref: t.Ref}
		l.Name, l.Sheet, l.Ref = t.Name, t.Ref.Sheet, t.Ref.Area()
		s := c.book.Sheet(t.Ref.Sheet)
		open := false
		for col := t.Ref.Col; col <= t.Ref.LastCol && s != nil; col++ {
			k := listColumn{col: col}
			if i := col - t.Ref.Col; i < len(t.Columns) {
				k.Key = plainText(t.Columns[i])
			} else {
				k.Key = plainText(shown(s.Cell(col, t.Ref.Row)))
			}
			at := place{t.Ref.Sheet, col, t.Ref.Row + 1}
			k.Cell = workbook.Address(col, t.Ref.Row)
			k.Type, _, _, k.Choices, _ = c.typed(at)
			k.input = c.cells[at] == nil && !c.locked(at.sheet, at.col, at.row)
			open = open || k.input
			l.cols = append(l.cols, k)
			l.Columns = append(l.Columns, k.Column)
		}
		if open {
			c.lists = append(c.lists, l)
		}
	}
}

// findReaders marks the cells of lists that formulas read, so that others need
// not be put into the copy.
func (c *compiler) findReaders() {
	for _, l := range c.lists {
		for at, fx := range c.cells {
			if at.sheet == l.Sheet {
				continue
			}
			for _, ref := range fx.reads(c.book.Name) {
				for row := max(ref.Row, l.ref.Row+1); strings.EqualFold(ref.Sheet, l.Sheet) && row <= min(ref.LastRow, l.ref.LastRow); row++ {
					for col := max(ref.Col, l.ref.Col); col <= min(ref.LastCol, l.ref.LastCol); col++ {
						c.lookedAt[place{l.ref.Sheet, col, row}] = true
						c.known[place{l.ref.Sheet, col, row}] = true
					}
				}
			}
		}
	}
}

// describe fills in what Description returns.
func (f *Form) describe() {
	for i := range f.inputs {
		f.desc.Inputs = append(f.desc.Inputs, f.inputs[i].Input)
	}
	for _, l := range f.lists {
		f.desc.Lists = append(f.desc.Lists, l.List)
	}
	for _, r := range f.rules {
		f.desc.Rules = append(f.desc.Rules, r.Rule)
	}
	for _, t := range f.totals {
		f.desc.Totals = append(f.desc.Totals, t.Total)
	}
	for _, g := range f.tables {
		f.desc.Tables = append(f.desc.Tables, finding.Table{Name: g.name, Sheet: g.sheet, Title: g.title})
	}
	if f.desc.Inputs == nil {
		f.desc.Inputs = []finding.Input{}
	}
}
