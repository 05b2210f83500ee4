package form

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// Options are what Check may be told besides the file.
type Options struct {
	Name  string            // of the file, for the words of problems about it
	Facts map[string]string // facts of the unit for rules, by key of _meta; they override those in the file
}

// Check reads a returned file by the form and finds all that is wrong with it
// at once. ours is false if the file is no spreadsheet or none of this form:
// its Kind is then "other" and nothing is complained of. A spreadsheet that
// cannot be opened counts as ours (S01, S02): nobody can tell. The error is
// the form's or the program's, never the sender's.
func (f *Form) Check(returned []byte, o Options) (part finding.Part, ours bool, err error) {
	b, err := workbook.Open(returned)
	if err != nil {
		part, ours, err = f.Unopened(err, o)
		// Macros in what cannot be read are looked for by the name of their
		// part, which no container compresses.
		if len(part.Problems) > 0 && part.Problems[0].Code == "S01" && bytes.Contains(returned, []byte("vbaProject.bin")) {
			part.Problems[0].Code = "S06"
		}
		return part, ours, err
	}
	return f.CheckBook(b, o)
}

// Unopened is Check for a file that workbook.Open refused with err.
func (f *Form) Unopened(err error, o Options) (part finding.Part, ours bool, _ error) {
	var e *workbook.Error
	if !errors.As(err, &e) {
		return finding.Part{}, false, err
	}
	part = finding.Part{Name: o.Name, Kind: finding.Appendix, Problems: []finding.Problem{}}
	p := finding.Problem{Code: "S01", Severity: finding.MustFix, Args: map[string]string{"tep": o.Name, "dinh_dang": e.Format}}
	switch e.Kind {
	case workbook.NotAWorkbook:
		part.Kind, part.Verdict = finding.Other, finding.Accepted
		return part, false, nil
	case workbook.Encrypted:
		p.Code = "S02"
	}
	part.Problems = append(part.Problems, p)
	part.Verdict = finding.VerdictOf(part.Problems)
	return part, true, nil
}

// CheckBook is Check for a workbook already opened, whose texts it makes Unicode.
func (f *Form) CheckBook(b *workbook.Book, o Options) (part finding.Part, ours bool, err error) {
	return f.check(b, o, false)
}

func (f *Form) check(b *workbook.Book, o Options, typed bool) (part finding.Part, ours bool, err error) {
	old := f.modern(b)
	c := &check{
		typed: typed,
		Form:  f, book: b, o: o, where: f.locate(b), id: ID(b), old: old,
		states: make([]state, len(f.inputs)), listed: map[place]any{},
		part: finding.Part{
			Name: o.Name, Kind: finding.Appendix, Problems: []finding.Problem{},
			Values: map[string]any{}, Places: map[string]string{}, Located: map[string]string{},
		},
	}
	c.part.Form = c.id
	if !c.ours() {
		return finding.Part{Name: o.Name, Kind: finding.Other, Verdict: finding.Accepted, Form: c.id, Problems: []finding.Problem{}}, false, nil
	}
	for _, in := range f.inputs {
		c.part.Values[in.Name] = nil
	}
	if b.Format != "xlsx" && b.Format != "" && !c.typed {
		c.add(finding.Problem{Code: "S05", Severity: finding.Noted, Args: map[string]string{"tep": o.Name, "dinh_dang": format(b)}})
	}
	if b.Macros {
		c.add(finding.Problem{Code: "S06", Severity: finding.Noted, Args: map[string]string{"tep": o.Name}})
	}
	if c.otherCampaign() {
		return c.done(), true, nil
	}
	c.structure()
	c.readInputs()
	c.readLists()
	if c.untouched() {
		c.part.Problems = c.part.Problems[:0]
		c.add(finding.Problem{Code: "S15", Severity: finding.MustFix, Args: map[string]string{"tep": o.Name}})
		return c.done(), true, nil
	}
	c.blanks()
	if err := c.compute(); err != nil {
		return c.part, true, err
	}
	c.notes()
	return c.done(), true, nil
}

// format names a format that is not the form's own, and what was taken for
// granted in reading it.
func format(b *workbook.Book) string {
	name := map[string]string{"xls": ".xls", "ods": ".ods", "csv": ".csv", "html": "HTML", "xml": "XML"}[b.Format]
	if name == "" {
		name = b.Format
	}
	if g := b.Guess; g != nil {
		name += ", " + g.Encoding
		if g.Separator != 0 {
			name += fmt.Sprintf(", %q", g.Separator)
		}
		if g.Decimal != 0 {
			name += fmt.Sprintf(", 1%c5", g.Decimal)
		}
	}
	return name
}

// check is the reading of one returned workbook.
type check struct {
	*Form
	book     *workbook.Book
	o        Options
	where    *located
	typed    bool // the tables of a text, not a workbook
	id       *finding.FormID
	part     finding.Part
	states   []state
	read     []noted // cells with words around the number, N11
	spelling []noted // the same number written another way
	old      map[place]oldText
	zeros    []noted       // blank, taken as 0
	lists    int           // rows of lists that hold something
	listed   map[place]any // what stands in lists, by cell of the blank form
}

// state is what became of one input.
type state struct {
	how   reading
	value any // float64 or string: what goes into the pristine copy; nil for nothing
	at    place
	cell  workbook.Cell
}

type reading byte

const (
	unread  reading = iota // not found, or two candidates
	vacant                 // found, nothing in it
	taken                  // gave a value
	refused                // has a problem of its own that must be settled first
)

type noted struct {
	input int
	shown string
	value float64
}

func (c *check) add(p finding.Problem) { c.part.Problems = append(c.part.Problems, p) }

func (c *check) done() finding.Part {
	c.part.Verdict = finding.VerdictOf(c.part.Problems)
	return c.part
}

// ours reports whether the workbook looks like the form: by its identity, by
// a table recognised, or by most of its names.
func (c *check) ours() bool {
	if c.id != nil && c.id.Campaign != "" {
		return true
	}
	for _, t := range c.where.tables {
		if t.found {
			return true
		}
	}
	named := 0
	for _, in := range c.inputs {
		if _, ok := c.book.Name(in.Name); ok {
			named++
		}
	}
	for _, l := range c.Form.lists {
		if _, ok := c.book.Table(l.Name); ok {
			return true
		}
	}
	return named > 0 && named*2 >= len(c.inputs)
}

// otherCampaign complains of a form of another campaign or version; then
// nothing else is worth saying.
func (c *check) otherCampaign() bool {
	switch {
	case c.id == nil || c.id.Campaign == "":
		if c.desc.Campaign != "" && !c.typed {
			c.add(finding.Problem{Code: "S09", Severity: finding.Noted, Audience: finding.Internal})
		}
		return false
	case c.id.Campaign == c.desc.Campaign && (c.id.Version == c.desc.Version || c.id.Version == "" || c.desc.Version == ""):
		return false
	}
	c.add(finding.Problem{
		Code: "S07", Severity: finding.MustFix, Found: strings.TrimSpace(c.id.Campaign + " " + c.id.Version),
		Args: map[string]string{"phien_ban": strings.TrimSpace(c.id.Campaign + " " + c.id.Version), "tep": c.o.Name},
	})
	return true
}

// readInputs reads every input that was located.
func (c *check) readInputs() {
	for i := range c.inputs {
		in := &c.inputs[i]
		at, ok := c.where.at[in.at]
		if !ok {
			continue
		}
		s := c.book.Sheet(at.sheet)
		if s == nil {
			continue
		}
		st := &c.states[i]
		st.at, st.cell = at, s.Cell(at.col, at.row)
		if st.how == refused {
			continue // its row stands there twice
		}
		st.how = vacant
		c.part.Places[in.Name], c.part.Located[in.Name] = at.String(), c.where.how[in.at]
		if in.Number() {
			c.number(i)
		} else {
			c.words(i)
		}
	}
}

// number reads one number input.
func (c *check) number(i int) {
	in, st := &c.inputs[i], &c.states[i]
	n := readNumber(st.cell, in.Type == "whole").within(in.Min, in.Max)
	look := shown(st.cell)
	take := func() {
		st.how, st.value = taken, n.value
		c.part.Values[in.Name] = n.value
	}
	switch n.sense {
	case blank:
		return
	case okay:
		take()
		if n.plain && st.cell.Raw != plainNumber(n.value) {
			c.spelling = append(c.spelling, noted{i, look, n.value})
		}
	case warn:
		take()
		c.read = append(c.read, noted{i, look, n.value})
	case ask:
		p := c.problem(i, n.code, finding.ForPerson)
		if n.code == "N09" {
			take()
			p.Severity = finding.FixOrExplain
			p.Explain = c.noteOf(i)
			p.Args["so"] = VN(n.value)
			if in.Min != nil && n.value < *in.Min {
				p.Words = map[string]string{
					"vi": fmt.Sprintf("Ô %s (%s): %s nhỏ hơn mức thấp nhất %s. Đề nghị kiểm tra lại; nếu đúng, ghi lý do ở cột Ghi chú.", p.Cell, in.Label(), VN(n.value), VN(*in.Min)),
					"en": fmt.Sprintf("Cell %s (%s): %s is below the least value %s. Please check it; if it is right, please give the reason in the Notes column.", p.Cell, in.Label(), VN(n.value), VN(*in.Min)),
				}
			}
		} else {
			st.how = refused
			p.Args["cach_1"], p.Args["cach_2"] = n.one, n.two
		}
		c.add(p)
	case fail:
		st.how = refused
		p := c.problem(i, n.code, finding.MustFix)
		if n.code == "S18" && p.Args["gia_tri"] == "" {
			p.Args["gia_tri"] = "?"
		}
		c.add(p)
	}
}

// words reads one input of text, date or choice.
func (c *check) words(i int) {
	in, st := &c.inputs[i], &c.states[i]
	raw := strings.TrimSpace(shown(st.cell))
	if st.cell.Type == workbook.Fault {
		raw = ""
	}
	if raw == "" {
		if in.Required && !in.judged {
			st.how = refused
			p := c.problem(i, "N01", finding.MustFix)
			p.Words = map[string]string{
				"vi": fmt.Sprintf("Ô %s (%s): chưa điền.", p.Cell, in.Label()),
				"en": fmt.Sprintf("Cell %s (%s) has not been filled in.", p.Cell, in.Label()),
			}
			c.add(p)
		}
		return
	}
	st.how, st.value = taken, raw
	switch in.Type {
	case "date":
		day, serial, ok := readDate(st.cell, raw)
		if ok {
			st.value = serial
			c.part.Values[in.Name] = day
			return
		}
		// An unreadable date goes into the copy as it is: a rule about it sees
		// that it is no date. Where there is no such rule, we say it.
		if !in.judged {
			p := c.problem(i, "T02", finding.Noted)
			p.Words = map[string]string{
				"vi": fmt.Sprintf("Ô %s (%s): “%s” không phải là ngày đọc được. Đề nghị ghi ngày/tháng/năm, ví dụ 15/10/2022.", p.Cell, in.Label(), raw),
				"en": fmt.Sprintf("Cell %s (%s): “%s” is not a date. Please write day/month/year, for example 15/10/2022.", p.Cell, in.Label(), raw),
			}
			if in.Required {
				p.Severity, st.how = finding.MustFix, refused
			}
			c.add(p)
		}
	case "list":
		choice, ok := chosen(in.Choices, raw)
		st.value = choice
		c.part.Values[in.Name] = choice
		if !ok && len(in.Choices) > 0 && !in.judged {
			p := c.problem(i, "T03", finding.Noted)
			few := strings.Join(in.Choices[:min(len(in.Choices), 8)], "; ")
			p.Words = map[string]string{
				"vi": fmt.Sprintf("Ô %s (%s): “%s” không có trong danh sách (%s).", p.Cell, in.Label(), raw, few),
				"en": fmt.Sprintf("Cell %s (%s): “%s” is not among the choices (%s).", p.Cell, in.Label(), raw, few),
			}
			if in.Required {
				p.Severity, st.how = finding.MustFix, refused
			}
			c.add(p)
		}
	default:
		c.part.Values[in.Name] = raw
	}
}

// chosen finds the choice that a text means: the same words, or its initials.
func chosen(choices []string, raw string) (string, bool) {
	f := fold(raw)
	for _, ch := range choices {
		if fold(ch) == f {
			return ch, true
		}
	}
	hit := ""
	for _, ch := range choices {
		if alike(ch, raw) {
			if hit != "" {
				return raw, false
			}
			hit = ch
		}
	}
	if hit != "" {
		return hit, true
	}
	return raw, false
}

// problem begins a problem of one input.
func (c *check) problem(i int, code string, sev finding.Severity) finding.Problem {
	in, st := &c.inputs[i], &c.states[i]
	look := shown(st.cell)
	cell := workbook.Address(st.at.col, st.at.row)
	return finding.Problem{
		Code: code, Severity: sev, Sheet: st.at.sheet, Cell: cell, Cells: []string{cell}, Found: look, Inputs: []string{in.Name},
		Args: map[string]string{"bieu": in.Table, "o": cell, "nhan": in.Label(), "gia_tri": look, "cot": in.Column},
	}
}

// noteOf returns what the sender wrote into the notes of an input's row.
func (c *check) noteOf(i int) string {
	in := &c.inputs[i]
	if in.grid < 0 {
		return ""
	}
	g := c.tables[in.grid]
	for j := range c.inputs {
		o := &c.inputs[j]
		if o.grid != in.grid || o.at.row != in.at.row || o.at.col != g.notesCol {
			continue
		}
		if at, ok := c.where.at[o.at]; ok {
			return c.textAt(at)
		}
	}
	return ""
}

// textAt returns what stands at a place of the sender's file, decoded.
func (c *check) textAt(at place) string {
	s := c.book.Sheet(at.sheet)
	if s == nil {
		return ""
	}
	return strings.TrimSpace(shown(s.Cell(at.col, at.row)))
}

// untouched reports whether the file is the blank form: not one number, and
// no attempt at one.
func (c *check) untouched() bool {
	numbers := false
	for i := range c.inputs {
		in, st := &c.inputs[i], &c.states[i]
		if in.Number() {
			numbers = true
			if st.how != vacant {
				return false
			}
		}
	}
	if numbers {
		return true
	}
	for i := range c.inputs {
		if st := &c.states[i]; st.how != vacant && shown(st.cell) != c.inputs[i].Preset {
			return false
		}
	}
	return c.lists == 0
}

// blanks decides about number inputs left blank: where their column has at
// least one figure they count as 0, and it is said. A whole column left blank
// must be filled in, as must a field of its own, unless its data validation
// lets it be blank: then it counts as 0 as well.
func (c *check) blanks() {
	columns := map[place][]int{}
	var order []place
	for i := range c.inputs {
		in := &c.inputs[i]
		if !in.Number() || c.states[i].how == unread {
			continue
		}
		key := place{in.at.sheet, in.at.col, -1 - in.grid}
		if in.grid < 0 {
			key = in.at
		}
		if columns[key] == nil {
			order = append(order, key)
		}
		columns[key] = append(columns[key], i)
	}
	var zero []int
	for _, key := range order {
		var empty []int
		for _, i := range columns[key] {
			if c.states[i].how == vacant {
				empty = append(empty, i)
			}
		}
		if len(empty) == 0 {
			continue
		}
		in := &c.inputs[empty[0]]
		switch {
		case in.grid < 0 && !in.Required:
			zero = append(zero, empty...)
		case in.grid < 0:
			c.states[empty[0]].how = refused
			p := c.problem(empty[0], "N01", finding.MustFix)
			p.Words = map[string]string{
				"vi": fmt.Sprintf("Ô %s (%s): chưa có số liệu. Không phát sinh thì ghi 0.", p.Cell, in.Label()),
				"en": fmt.Sprintf("Cell %s (%s): no figure yet. If there is nothing to report, please enter 0.", p.Cell, in.Label()),
			}
			c.add(p)
		case len(empty) == len(columns[key]) && in.Required:
			p := c.problem(empty[0], "N01", finding.MustFix)
			if c.loneTotal(empty, &p) {
				c.add(p)
				continue
			}
			p.Cells, p.Inputs = nil, nil
			for _, i := range empty {
				st := &c.states[i]
				st.how = refused
				p.Cells = append(p.Cells, workbook.Address(st.at.col, st.at.row))
				p.Inputs = append(p.Inputs, c.inputs[i].Name)
			}
			p.Args["danh_sach_o"] = strings.Join(p.Cells, ", ")
			c.add(p)
		default:
			zero = append(zero, empty...)
		}
	}
	if len(zero) == 0 {
		return
	}
	slices.Sort(zero)
	var list []noted
	for _, i := range zero {
		c.states[i].how, c.states[i].value = taken, 0.0
		c.part.Values[c.inputs[i].Name] = 0.0
		list = append(list, noted{input: i})
	}
	c.zeros = list
}

// notes adds, once for the whole appendix, what was read between the lines.
func (c *check) notes() {
	if len(c.zeros) > 0 {
		c.add(c.merged("N01", finding.Noted, c.zeros))
	}
	if len(c.read) > 0 {
		c.add(c.merged("N11", finding.Noted, c.read))
	}
	if len(c.spelling) > 0 {
		p := c.merged("N11", finding.Recorded, c.spelling)
		p.Audience = finding.Internal
		c.add(p)
	}
	c.oldFonts()
}

// merged makes one problem of several cells. Args: n and danh_sach_o (cells by
// table), danh_sach (cell “as written” = number; …); for one cell alone also
// bieu, o, nhan, gia_tri, so.
func (c *check) merged(code string, sev finding.Severity, list []noted) finding.Problem {
	p := c.problem(list[0].input, code, sev)
	p.Cells, p.Inputs = nil, nil
	table := "\x00"
	var cells, readings strings.Builder
	for n, one := range list {
		in, st := &c.inputs[one.input], &c.states[one.input]
		cell := workbook.Address(st.at.col, st.at.row)
		p.Cells = append(p.Cells, cell)
		p.Inputs = append(p.Inputs, in.Name)
		switch {
		case in.Table != table && n == 0:
			cells.WriteString(prefix(in.Table))
		case in.Table != table:
			cells.WriteString("; " + prefix(in.Table))
		default:
			cells.WriteString(", ")
		}
		table = in.Table
		cells.WriteString(cell)
		if n > 0 {
			readings.WriteString("; ")
		}
		fmt.Fprintf(&readings, "%s “%s” = %s", cell, one.shown, plainNumber(one.value))
	}
	p.Args["n"] = strconv.Itoa(len(list))
	p.Args["danh_sach_o"] = cells.String()
	p.Args["danh_sach"] = readings.String()
	p.Args["so"] = plainNumber(list[0].value)
	return p
}

func prefix(table string) string {
	if table == "" {
		return ""
	}
	return table + ": "
}
