package blank

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"
)

// Template is a form that is ready to be issued many times. It may be used by
// several goroutines; they take turns.
type Template struct {
	mu      sync.Mutex
	pkg     *pack
	changed map[string][]byte // parts that every issue has changed: macros taken out of the lists
	sheets  map[string]*sheet // by name
	names   map[string]place  // defined names of one cell
	facts   map[string]place  // the values of _meta by key
	tables  map[string]*table // by name
	dates   map[place]bool    // cells validated as dates
	calc    *excelize.File    // a copy that is computed and never written
	order   []place           // the cells with formulas, in the order of the scratch sheet
	depends *dependence       // of the formulas in order
	formula []string          // these formulas
	form    []byte
	whole   *computed // in which all is computed: calc
	light   *computed // in which only what depends on facts is; nil: not made yet
	plain   int       // issues so far that had only facts of their own
}

type place struct{ sheet, cell string }

func (p place) String() string { return p.sheet + "!" + p.cell }

// limits against a form that is not one; excelize's own are 16 GB.
var limits = excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true}

// scratch is the sheet of the computed copy that asks in column A for the type
// of every formula's value, which CalcCellValue does not tell, and in column B
// for the value itself: excelize then computes it once for both.
const scratch = "dondoc_types"

// Open reads a form. Close it after use.
func Open(form []byte) (*Template, error) {
	t := &Template{
		sheets: map[string]*sheet{}, names: map[string]place{}, facts: map[string]place{},
		tables: map[string]*table{}, dates: map[place]bool{}, form: form, changed: map[string][]byte{},
	}
	if err := t.open(form); err != nil {
		if t.calc != nil {
			t.calc.Close()
		}
		return nil, fmt.Errorf("form: %w", err)
	}
	return t, nil
}

// Close frees what the template holds.
func (t *Template) Close() error {
	if t.light != nil {
		return errors.Join(t.calc.Close(), t.light.calc.Close())
	}
	return t.calc.Close()
}

func (t *Template) open(form []byte) error {
	var err error
	if t.calc, err = excelize.OpenReader(bytes.NewReader(form), limits); err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(form), int64(len(form)))
	if err != nil {
		return err
	}
	pkg, err := unpack(archive)
	if err != nil {
		return err
	}
	t.pkg = pkg
	for _, name := range pkg.withoutMacros() {
		t.changed[name] = pkg.text[name]
	}
	for _, name := range t.calc.GetSheetList() {
		path, ok := pkg.sheets[name]
		if !ok {
			continue // a chart sheet has no cells
		}
		if t.sheets[name], err = parseSheet(pkg.text[path]); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
		t.sheets[name].path = path
	}
	for _, name := range t.calc.GetDefinedName() {
		if p, ok := oneCell(name.RefersTo); ok && name.Scope == "Workbook" && t.sheets[p.sheet] != nil {
			t.names[name.Name] = p
		}
	}
	if err := t.readFacts(); err != nil {
		return err
	}
	for sheetName := range t.sheets {
		if err := t.readTables(sheetName, pkg); err != nil {
			return fmt.Errorf("sheet %s: %w", sheetName, err)
		}
		if err := t.readDates(sheetName); err != nil {
			return fmt.Errorf("sheet %s: %w", sheetName, err)
		}
	}
	return t.readFormulas()
}

// oneCell reads 'Sheet'!$A$1.
func oneCell(ref string) (place, bool) {
	i := strings.LastIndexByte(ref, '!')
	if i < 0 || strings.ContainsAny(ref[i:], ":,") {
		return place{}, false
	}
	sheetName := ref[:i]
	if strings.HasPrefix(sheetName, "'") && strings.HasSuffix(sheetName, "'") && len(sheetName) > 1 {
		sheetName = strings.ReplaceAll(sheetName[1:len(sheetName)-1], "''", "'")
	}
	cell := strings.ReplaceAll(ref[i+1:], "$", "")
	if _, _, err := excelize.CellNameToCoordinates(cell); err != nil {
		return place{}, false
	}
	return place{sheetName, cell}, true
}

const metaSheet = "_meta"

func (t *Template) readFacts() error {
	if t.sheets[metaSheet] == nil {
		return nil
	}
	rows, err := t.calc.GetRows(metaSheet)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if len(row) > 0 && strings.TrimSpace(row[0]) != "" {
			t.facts[strings.TrimSpace(row[0])] = place{metaSheet, "B" + strconv.Itoa(i+1)}
		}
	}
	return nil
}

// fact returns what _meta says under the key, computed.
func (t *Template) fact(key string) string {
	p, ok := t.facts[key]
	if !ok {
		return ""
	}
	text, err := t.calc.CalcCellValue(p.sheet, p.cell, limits)
	if err != nil {
		return ""
	}
	return text
}

func (t *Template) readDates(sheetName string) error {
	validations, err := t.calc.GetDataValidations(sheetName)
	if err != nil {
		return err
	}
	for _, validation := range validations {
		if validation.Type != "date" {
			continue
		}
		for _, area := range strings.Fields(validation.Sqref) {
			// Validated whole columns are no inputs.
			for _, cell := range cellsOf(area, 1000) {
				t.dates[place{sheetName, cell}] = true
			}
		}
	}
	return nil
}

// cellsOf lists the cells of "A1:B2"; none if there are more than most.
func cellsOf(area string, most int) []string {
	from, to, ok := strings.Cut(strings.ReplaceAll(area, "$", ""), ":")
	if !ok {
		return []string{from}
	}
	c1, r1, err1 := excelize.CellNameToCoordinates(from)
	c2, r2, err2 := excelize.CellNameToCoordinates(to)
	if err1 != nil || err2 != nil || (c2-c1+1)*(r2-r1+1) > most {
		return nil
	}
	var cells []string
	for r := r1; r <= r2; r++ {
		for c := c1; c <= c2; c++ {
			cell, _ := excelize.CoordinatesToCellName(c, r) // of coordinates that were a name
			cells = append(cells, cell)
		}
	}
	return cells
}

// readFormulas finds every formula and asks for its value on the scratch
// sheet of the computed copy.
func (t *Template) readFormulas() error {
	var formulas []string
	for _, name := range t.calc.GetSheetList() {
		s := t.sheets[name]
		if s == nil {
			continue
		}
		for _, r := range s.rows {
			for _, c := range r.cells {
				if c.formula != nil {
					t.order = append(t.order, place{name, c.ref})
					// As Excel reads it: one that is shared stands in full.
					formula, err := t.calc.GetCellFormula(name, c.ref)
					if err != nil {
						return err
					}
					formulas = append(formulas, formula)
				}
			}
		}
	}
	names := map[string][]string{}
	for _, name := range t.calc.GetDefinedName() {
		key := strings.ToLower(name.Name) // of whatever sheet
		names[key] = append(names[key], name.RefersTo)
	}
	t.formula, t.depends, t.whole = formulas, dependenceOf(t.order, formulas, names), newComputed(t.calc)
	all := make([]bool, len(t.order))
	for i := range all {
		all[i] = true
	}
	return t.scratchInto(t.calc, all)
}

// scratchInto asks in a copy for the values of some formulas, by their place in
// the order.
func (t *Template) scratchInto(f *excelize.File, some []bool) error {
	if _, err := f.NewSheet(scratch); err != nil {
		return err
	}
	var formulas []string
	for i, p := range t.order {
		if !some[i] {
			continue
		}
		formulas = append(formulas, t.formula[i])
		ref := "'" + strings.ReplaceAll(p.sheet, "'", "''") + "'!" + p.cell
		row := strconv.Itoa(i + 1)
		if err := f.SetCellFormula(scratch, "A"+row, "TYPE("+ref+")"); err != nil {
			return err
		}
		if err := f.SetCellFormula(scratch, "B"+row, ref); err != nil {
			return err
		}
	}
	// excelize copies the list of all names whenever it meets one: names that
	// no formula uses would cost a third of the time.
	all := strings.Join(formulas, "\n")
	for _, name := range f.GetDefinedName() {
		if strings.Contains(all, name.Name) {
			continue
		}
		gone := excelize.DefinedName{Name: name.Name, Scope: name.Scope}
		if err := f.DeleteDefinedName(&gone); err != nil {
			return err
		}
	}
	return nil
}

// For returns the form with the values in it.
func (t *Template) For(v Values) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	changes, err := t.places(v)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	results, err := t.resultsOf(changes)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	out, err := t.write(v, changes, results)
	if err != nil {
		return nil, fmt.Errorf("writing the form: %w", err)
	}
	return out, nil
}

// resultsOf computes an issue in the copy in which that costs least.
func (t *Template) resultsOf(changes map[place]value) (map[place]value, error) {
	facts := slices.Collect(maps.Values(t.facts))
	for p := range changes {
		if !slices.Contains(facts, p) {
			return t.compute(t.whole, changes)
		}
	}
	if t.light != nil {
		return t.compute(t.light, changes)
	}
	results, err := t.compute(t.whole, changes)
	// The copy pays for itself only where many are issued.
	if t.plain++; err == nil && t.plain > 1 {
		t.light, err = t.lighter(results)
	}
	return results, err
}

// write puts changes and results into the parts they belong to.
func (t *Template) write(v Values, changes, results map[place]value) ([]byte, error) {
	parts := maps.Clone(t.changed)
	values := map[string]map[string]value{}
	for _, cells := range []map[place]value{changes, results} {
		for p, v := range cells {
			if values[p.sheet] == nil {
				values[p.sheet] = map[string]value{}
			}
			values[p.sheet][p.cell] = v
		}
	}
	workbook := t.pkg.text[t.pkg.workbook]
	resized := map[string]*sheet{}
	for _, name := range slices.Sorted(maps.Keys(t.tables)) {
		list := t.tables[name]
		rows := t.wanted(list, changes, results)
		if rows == list.last-list.head {
			continue
		}
		s, tableXML, newWorkbook, err := list.resized(cmp.Or(resized[list.sheet], t.sheets[list.sheet]), workbook, rows)
		if err != nil {
			return nil, err
		}
		resized[list.sheet], parts[list.path] = s, tableXML
		workbook, parts[t.pkg.workbook] = newWorkbook, newWorkbook
	}
	for name, s := range t.sheets {
		s = cmp.Or(resized[name], s)
		if values[name] == nil && resized[name] == nil {
			continue
		}
		for cell := range values[name] {
			s = s.with(cell)
		}
		parts[s.path] = s.render(values[name])
	}
	if text, ok := t.pkg.text[customProperties]; ok {
		parts[customProperties] = t.properties(text, v)
	}
	return t.pkg.write(parts)
}

// properties repeats the facts in the properties of the document, where the
// form has them.
func (t *Template) properties(text []byte, v Values) []byte {
	for key, fact := range v.Meta {
		if _, ok := t.facts[key]; !ok {
			continue
		}
		typed, err := valueOf(fact, false)
		if err != nil {
			continue // places has refused it
		}
		text = property(key).ReplaceAllFunc(text, func(m []byte) []byte {
			head := property(key).FindSubmatch(m)[1]
			return append(append(append(bytes.Clone(head), "<vt:lpwstr>"...), escape(fits(typed.text))...), "</vt:lpwstr>"...)
		})
	}
	return text
}

// FileName is what the form of a unit is called: _meta's file_name with the
// unit's code in place of {unit_code}.
func (t *Template) FileName(unitCode string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	pattern := t.fact("file_name")
	if pattern == "" {
		pattern = "{unit_code}.xlsx"
	}
	return strings.ReplaceAll(pattern, "{unit_code}", unitCode)
}

// FileName is Template.FileName for a form that is used once.
func FileName(form []byte, unitCode string) (string, error) {
	t, err := Open(form)
	if err != nil {
		return "", err
	}
	defer t.Close()
	return t.FileName(unitCode), nil
}

// listKey is TABLE[n].HEAD; a list of ten thousand rows is none.
var listKey = regexp.MustCompile(`^([^\[\]]+)\[([1-9][0-9]{0,3})\]\.(.+)$`)

// places says which cell each value belongs in.
func (t *Template) places(v Values) (map[place]value, error) {
	changes := map[place]value{}
	set := func(key string, p place, content any) error {
		typed, err := valueOf(content, t.dates[p])
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if c := t.sheets[p.sheet].at(p.cell); c != nil && c.formula != nil {
			return fmt.Errorf("%s: %s holds a formula", key, p)
		}
		changes[p] = typed
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(v.Meta)) {
		if p, ok := t.facts[key]; ok {
			if err := set(key, p, v.Meta[key]); err != nil {
				return nil, err
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(v.Inputs)) {
		p, ok := t.names[key]
		if m := listKey.FindStringSubmatch(key); !ok && m != nil {
			p, ok = t.inTable(m[1], m[2], m[3])
		}
		if !ok {
			return nil, fmt.Errorf("no input is named %q", key)
		}
		if err := set(key, p, v.Inputs[key]); err != nil {
			return nil, err
		}
	}
	return changes, nil
}
