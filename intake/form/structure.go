package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// structure complains of tables, rows and columns that are missing, doubled or
// foreign, and keeps their cells from being read.
func (c *check) structure() {
	var missing []string
	for g, t := range c.tables {
		lg := &c.where.tables[g]
		switch {
		case !lg.found:
			missing = append(missing, t.name)
		case len(lg.rivals) > 0:
			c.rivals(g)
		default:
			missing = append(missing, c.missingColumns(g)...)
			c.missingRows(g)
			c.missingCells(g)
			c.doubledRows(g)
			c.foreignRows(g)
			c.conflicts(g)
		}
	}
	if len(missing) > 0 {
		c.add(finding.Problem{Code: "S10", Severity: finding.MustFix,
			Args: map[string]string{"tep": c.o.Name, "bieu_thieu": strings.Join(missing, ", ")}})
	}
}

// rivals: several sheets hold the table with different figures. Which one
// counts, a person decides; none of them is read.
func (c *check) rivals(g int) {
	lg := &c.where.tables[g]
	names := append([]string{lg.sheet}, lg.rivals...)
	p := finding.Problem{Code: "S11", Severity: finding.ForPerson, Sheet: lg.sheet, Args: map[string]string{
		"tep": c.o.Name, "bieu": c.tables[g].name, "n": strconv.Itoa(len(names)), "ten_sheet": strings.Join(names, ", "),
	}}
	if lg.hint != "" {
		p.Args["goi_y"] = lg.hint
	}
	for i := range c.inputs {
		if c.inputs[i].grid == g {
			p.Inputs = append(p.Inputs, c.inputs[i].Name)
			delete(c.where.at, c.inputs[i].at)
		}
	}
	for i := range c.totals {
		if c.totals[i].grid == g {
			delete(c.where.at, c.totals[i].at)
		}
	}
	c.add(p)
}

// conflicts: names, codes and labels point at different cells.
func (c *check) conflicts(g int) {
	t := c.tables[g]
	p := finding.Problem{Code: "S11", Severity: finding.ForPerson, Sheet: c.where.tables[g].sheet}
	for i := range c.inputs {
		in := &c.inputs[i]
		places := c.where.conflict[in.at]
		if in.grid != g || len(places) == 0 {
			continue
		}
		p.Inputs = append(p.Inputs, in.Name)
		for _, at := range places {
			if a := workbook.Address(at.col, at.row); !slices.Contains(p.Cells, a) {
				p.Cells = append(p.Cells, a)
			}
		}
	}
	if len(p.Inputs) == 0 {
		return
	}
	p.Cell = p.Cells[0]
	list := strings.Join(p.Cells, ", ")
	p.Args = map[string]string{"tep": c.o.Name, "bieu": t.name, "o": p.Cell, "n": strconv.Itoa(len(p.Inputs)),
		"danh_sach_o": list, "ten_sheet": p.Sheet}
	p.Words = map[string]string{
		"vi": fmt.Sprintf("%s: chưa chắc số nào thuộc ô nào (%s), vì tiêu đề, mã số và vị trí các cột, dòng không còn khớp với mẫu. Đề nghị nhập lại vào mẫu, giữ nguyên tiêu đề và cột “Mã số”.", t.name, list),
		"en": fmt.Sprintf("%s: it is not certain which figure belongs to which cell (%s), because heads, codes and positions no longer agree with the form. Please enter them in the form again, keeping its heads and the “Mã số” column.", t.name, list),
	}
	c.add(p)
}

// missingRows: not one of a row's inputs was found.
func (c *check) missingRows(g int) {
	for _, r := range c.tables[g].rows {
		if r.sum {
			continue
		}
		found, gone := false, []string(nil)
		for i := range c.inputs {
			in := &c.inputs[i]
			if in.grid != g || in.at.row != r.row {
				continue
			}
			_, ok := c.where.at[in.at]
			found = found || in.Number() && (ok || len(c.where.conflict[in.at]) > 0)
			gone = append(gone, in.Name)
		}
		if !found && len(gone) > 0 {
			c.add(finding.Problem{Code: "S12", Severity: finding.MustFix, Sheet: c.where.tables[g].sheet, Inputs: gone,
				Args: map[string]string{"bieu": c.tables[g].name, "nhan": r.label, "ma": r.code}})
		}
	}
}

// missingCells: inputs that were not found though others of their row and
// their column were. Nothing is left out in silence.
func (c *check) missingCells(g int) {
	var labels []string
	p := finding.Problem{Code: "S12", Severity: finding.MustFix, Sheet: c.where.tables[g].sheet}
	for i := range c.inputs {
		in := &c.inputs[i]
		if _, ok := c.where.at[in.at]; ok || in.grid != g || !in.Number() || len(c.where.conflict[in.at]) > 0 || c.said(in.Name) || !c.columnFound(g, in.at.col) {
			continue
		}
		p.Inputs = append(p.Inputs, in.Name)
		labels = append(labels, "“"+in.Label()+"”")
	}
	if len(labels) == 0 {
		return
	}
	list := strings.Join(labels[:min(len(labels), 8)], ", ")
	if len(labels) > 8 {
		list += ", …"
	}
	p.Args = map[string]string{"bieu": c.tables[g].name, "nhan": list, "n": strconv.Itoa(len(labels))}
	p.Words = map[string]string{
		"vi": fmt.Sprintf("%s: chưa thấy ô %s. Đề nghị nhập lại vào mẫu, giữ nguyên tiêu đề và cột “Mã số”; không phát sinh thì ghi 0.", c.tables[g].name, list),
		"en": fmt.Sprintf("%s: the cells %s could not be found. Please enter them in the form again, keeping its heads and the “Mã số” column; if there is nothing to report, enter 0.", c.tables[g].name, list),
	}
	c.add(p)
}

// said reports whether a problem names an input already.
func (c *check) said(input string) bool {
	return slices.ContainsFunc(c.part.Problems, func(p finding.Problem) bool { return slices.Contains(p.Inputs, input) })
}

// columnFound reports whether any number of a column was found.
func (c *check) columnFound(g, col int) bool {
	for i := range c.inputs {
		in := &c.inputs[i]
		if in.grid == g && in.at.col == col && in.Number() {
			if _, ok := c.where.at[in.at]; ok || len(c.where.conflict[in.at]) > 0 {
				return true
			}
		}
	}
	return false
}

// missingColumns: not one of a column's inputs was found, though the table was.
func (c *check) missingColumns(g int) []string {
	var out []string
	for _, k := range c.tables[g].cols {
		numbers := slices.ContainsFunc(c.inputs, func(in input) bool { return in.grid == g && in.at.col == k.col && in.Number() })
		if numbers && !c.columnFound(g, k.col) {
			out = append(out, fmt.Sprintf("%s (cột “%s”)", c.tables[g].name, k.label))
		}
	}
	return out
}

// rowFigures returns what stands in the number columns of a sender's row, as
// cells and as seen.
func (c *check) rowFigures(g, row int) (cells, seen []string) {
	m := c.where.tables[g].match
	codes := true
	for _, k := range c.tables[g].cols {
		number := false
		for i := range c.inputs {
			in := &c.inputs[i]
			number = number || in.grid == g && in.at.col == k.col && in.Number()
		}
		col := m.byLabel[k.col]
		if col == 0 {
			col = m.byCode[k.col]
		}
		if !number || col == 0 {
			continue
		}
		cell := m.sheet.Cell(col, row)
		if n := readNumber(cell, true); n.has {
			cells = append(cells, cell.Address())
			seen = append(seen, shown(cell))
			codes = codes && shown(cell) == k.code
		}
	}
	if codes {
		return nil, nil // the row of column codes once more
	}
	return cells, seen
}

// doubledRows: a row of the form stands there several times with other figures.
func (c *check) doubledRows(g int) {
	lg := &c.where.tables[g]
	if lg.match == nil {
		return
	}
	for _, r := range c.tables[g].rows {
		rows := lg.match.rows[r.row]
		if len(rows) < 2 || r.sum {
			continue
		}
		p := finding.Problem{Code: "S14", Severity: finding.MustFix, Sheet: lg.sheet}
		var all []string
		n, differ := 0, false
		for _, row := range rows {
			cells, seen := c.rowFigures(g, row)
			if len(cells) == 0 {
				continue
			}
			n++
			p.Cells = append(p.Cells, cells...)
			one := strings.Join(seen, ", ")
			differ = differ || len(all) > 0 && all[0] != one
			all = append(all, one)
		}
		if !differ {
			continue
		}
		for i := range c.inputs {
			if in := &c.inputs[i]; in.grid == g && in.at.row == r.row && in.Number() {
				p.Inputs = append(p.Inputs, in.Name)
				c.states[i].how = refused
			}
		}
		p.Cell = p.Cells[0]
		p.Args = map[string]string{"bieu": c.tables[g].name, "nhan": r.label, "ma": r.code, "o": p.Cell,
			"n": strconv.Itoa(n), "cac_gia_tri": strings.Join(all, "; ")}
		c.add(p)
	}
}

// ownSums are labels of rows that a sender may add without adding figures.
var ownSums = []string{"tong cong", "tong so", "tong", "cong", "total"}

// foreignRows: rows that the form does not have, with figures in them. They
// are never added to anything.
func (c *check) foreignRows(g int) {
	lg := &c.where.tables[g]
	if lg.match == nil {
		return
	}
	m := lg.match
	for _, row := range m.others {
		if c.readElsewhere(lg.sheet, row) {
			continue
		}
		cells, seen := c.rowFigures(g, row)
		label := ""
		for _, cell := range m.sheet.Row(row) {
			if cell.Type == workbook.Text && len(fold(shown(cell))) > 1 {
				label = plainText(shown(cell))
				break
			}
		}
		if len(cells) == 0 || slices.Contains(ownSums, fold(label)) {
			continue
		}
		p := finding.Problem{Code: "S13", Severity: finding.FixOrExplain, Sheet: lg.sheet, Cell: cells[0], Cells: cells,
			Found: strings.Join(seen, ", "),
			Args:  map[string]string{"bieu": c.tables[g].name, "nhan": label, "o": cells[0], "gia_tri": strings.Join(seen, ", ")}}
		if col := m.byLabel[c.tables[g].notesCol]; col > 0 {
			p.Explain = c.textAt(place{lg.sheet, col, row})
		}
		c.add(p)
	}
}

// readElsewhere reports whether an input or total was located in a row.
func (c *check) readElsewhere(sheet string, row int) bool {
	for _, at := range c.where.at {
		if at.sheet == sheet && at.row == row {
			return true
		}
	}
	return false
}
