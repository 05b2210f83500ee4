package blank

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// table is an Excel table: rows of a list under their heads.
type table struct {
	name        string
	sheet, path string
	xml         []byte
	left, right int // columns
	head, last  int // rows
	columns     []string
}

func (t *Template) readTables(sheetName string, pkg *pack) error {
	tables, err := t.calc.GetTables(sheetName)
	if err != nil {
		return err
	}
	for _, found := range tables {
		from, to, ok := strings.Cut(found.Range, ":")
		if !ok {
			continue
		}
		list := &table{name: found.Name, sheet: sheetName}
		if list.left, list.head, err = excelize.CellNameToCoordinates(from); err != nil {
			return err
		}
		if list.right, list.last, err = excelize.CellNameToCoordinates(to); err != nil {
			return err
		}
		for column := list.left; column <= list.right; column++ {
			cell, _ := excelize.CoordinatesToCellName(column, list.head) // within a table that was read
			head, err := t.calc.GetCellValue(sheetName, cell)
			if err != nil {
				return err
			}
			list.columns = append(list.columns, head)
		}
		for _, path := range pkg.related(t.sheets[sheetName].path, "/table") {
			if bytes.Contains(pkg.text[path], []byte(`name="`+found.Name+`"`)) {
				list.path, list.xml = path, pkg.text[path]
			}
		}
		t.tables[list.name] = list
	}
	return nil
}

// inTable finds the cell of TABLE[n].HEAD. The row may lie below the table's
// last one: the table then grows.
func (t *Template) inTable(name, number, head string) (place, bool) {
	list := t.tables[name]
	if list == nil {
		return place{}, false
	}
	i := slices.Index(list.columns, head)
	n, err := strconv.Atoi(number)
	if i < 0 || err != nil {
		return place{}, false
	}
	cell, err := excelize.CoordinatesToCellName(list.left+i, list.head+n)
	if err != nil {
		return place{}, false
	}
	return place{list.sheet, cell}, true
}

// wanted is how many rows the table is to have: as many as _meta's rows:NAME
// comes to, or as are filled, or as it has.
func (t *Template) wanted(list *table, changes, results map[place]value) int {
	rows := list.last - list.head
	if p, ok := t.facts["rows:"+list.name]; ok {
		v, ok := results[p]
		if !ok {
			v, ok = changes[p]
		}
		if n, err := strconv.Atoi(v.text); ok && err == nil && n > 0 {
			rows = n
		}
	}
	for p, v := range changes {
		if p.sheet != list.sheet || v.kind == blank {
			continue
		}
		column, row, err := excelize.CellNameToCoordinates(p.cell)
		if err == nil && column >= list.left && column <= list.right && row > list.head {
			rows = max(rows, row-list.head)
		}
	}
	return rows
}

// resized returns the sheet, the table's XML and the workbook's XML with
// the table at so many rows. Only the last thing of a sheet can grow or
// shrink; what stands below a table keeps it as it is.
func (list *table) resized(s *sheet, workbook []byte, rows int) (*sheet, []byte, []byte, error) {
	oldLast, newLast := list.last, list.head+rows
	below := slices.ContainsFunc(s.rows, func(r row) bool { return r.number > oldLast && len(r.cells) > 0 })
	i, ok := slices.BinarySearchFunc(s.rows, oldLast, func(r row, n int) int { return r.number - n })
	if below || !ok || newLast == oldLast || list.xml == nil {
		if newLast > oldLast {
			return nil, nil, nil, fmt.Errorf("table %s has no room for %d rows", list.name, rows)
		}
		return s, list.xml, workbook, nil
	}
	other := *s
	other.rows = slices.Clone(s.rows[:i+1])
	if newLast < oldLast {
		other.rows = slices.DeleteFunc(other.rows, func(r row) bool { return r.number > newLast })
	}
	model := s.rows[i]
	for number := oldLast + 1; number <= newLast; number++ {
		added, err := model.at(number, list.left)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("table %s: %w", list.name, err)
		}
		other.rows = append(other.rows, added)
	}
	// Validations of a column's rows, the dimension and the print area go
	// along with the table.
	ends := func(text []byte, dollar string) []byte {
		old := regexp.MustCompile(`(` + regexp.QuoteMeta(dollar) + `[A-Z]{1,3}` + regexp.QuoteMeta(dollar) + `[0-9]+:` +
			regexp.QuoteMeta(dollar) + `[A-Z]{1,3}` + regexp.QuoteMeta(dollar) + `)` + strconv.Itoa(oldLast) + `\b`)
		return old.ReplaceAll(text, []byte("${1}"+strconv.Itoa(newLast)))
	}
	sqref := regexp.MustCompile(`(?:sqref|ref)="[^"]*"`)
	move := func(text []byte) []byte {
		return sqref.ReplaceAllFunc(text, func(m []byte) []byte { return ends(m, "") })
	}
	other.head, other.tail = move(s.head), move(s.tail)
	sheetRef := regexp.MustCompile(`>` + regexp.QuoteMeta(string(escape("'"+strings.ReplaceAll(list.sheet, "'", "''")+"'!"))) + `[^<]*<`)
	plain := regexp.MustCompile(`>` + regexp.QuoteMeta("'"+list.sheet+"'!") + `[^<]*<`)
	dollars := func(m []byte) []byte { return ends(m, "$") }
	workbook = plain.ReplaceAllFunc(sheetRef.ReplaceAllFunc(workbook, dollars), dollars)
	return &other, move(list.xml), workbook, nil
}

var (
	rowNumber  = regexp.MustCompile(`(\sr=")[0-9]+(")`)
	cellNumber = regexp.MustCompile(`(\sr="[A-Z]+)[0-9]+(")`)
	plainValue = regexp.MustCompile(`^<(?:\w+:)?c(?: [^>]*)?><(?:\w+:)?v>([0-9]+)</`)
)

// at returns an empty copy of the row at another place. A number in the
// table's first column counts on.
func (r row) at(number, first int) (row, error) {
	copied := row{number: number, rest: r.rest}
	copied.open = rowNumber.ReplaceAll(r.open, fmt.Appendf(nil, "${1}%d${2}", number))
	for _, c := range r.cells {
		if c.formula != nil {
			return row{}, fmt.Errorf("column of %s is computed, and its rows cannot be copied", c.ref)
		}
		ref, err := excelize.CoordinatesToCellName(c.column, number)
		if err != nil {
			return row{}, err
		}
		added := cell{ref: ref, column: c.column, attrs: cellNumber.ReplaceAll(c.attrs, fmt.Appendf(nil, "${1}%d${2}", number))}
		v := value{}
		if m := plainValue.FindSubmatch(c.bytes); m != nil && c.column == first && !bytes.Contains(c.bytes, []byte(` t="`)) {
			n, err := strconv.Atoi(string(m[1]))
			if err == nil {
				v = value{kind: numeric, text: strconv.Itoa(n + number - r.number)}
			}
		}
		var b bytes.Buffer
		added.write(&b, prefixOf(r.open), v)
		added.bytes = b.Bytes()
		copied.cells = append(copied.cells, added)
	}
	return copied, nil
}

// prefixOf is "x:" of "<x:row …>".
func prefixOf(tag []byte) string {
	name, _, _ := bytes.Cut(tag, []byte(" "))
	if prefix, _, ok := bytes.Cut(bytes.TrimPrefix(name, []byte("<")), []byte(":")); ok {
		return string(prefix) + ":"
	}
	return ""
}
