package form

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// compute puts what was read into a pristine copy and lets the form's own
// formulas judge it.
func (c *check) compute() error {
	f := c.Form
	f.mu.Lock()
	defer f.mu.Unlock()
	calc, err := f.calculator()
	if err != nil {
		return err
	}
	values := map[place]any{}
	for at, v := range c.listed {
		if f.lookedAt[at] {
			values[at] = v
		}
	}
	for i := range c.states {
		st := &c.states[i]
		switch {
		case !f.needed(i):
		case st.how == taken && st.value != nil:
			values[f.inputs[i].at] = st.value
		case f.inputs[i].Preset != "":
			values[f.inputs[i].at] = nil // what the form had filled in was deleted
		}
	}
	err = calc.fill(f, values, c.factsOf())
	if err == nil {
		err = c.compareTotals(calc)
	}
	if err == nil {
		err = c.judge(calc)
	}
	if err != nil {
		f.drop() // a copy in an unknown state judges nobody else
	}
	return err
}

// needed reports whether any rule or total reads an input.
func (f *Form) needed(i int) bool { return f.inputs[i].judged || f.inputs[i].Number() }

// factsOf returns the facts that rules may use: those given, else those that
// the file itself carries under keys that the blank form has too.
func (c *check) factsOf() map[string]string {
	facts := map[string]string{}
	theirs, _ := meta(c.book)
	for key := range c.Form.facts {
		if v, ok := c.o.Facts[key]; ok {
			facts[key] = v
		} else if v := theirs[key]; v != "" && len(v) < 200 {
			facts[key] = v
		}
	}
	return facts
}

// settled reports whether all of these inputs were read and accepted.
func (c *check) settled(inputs []int) bool {
	for _, i := range inputs {
		if how := c.states[i].how; how == refused || how == unread {
			return false
		}
	}
	return true
}

// compareTotals compares what a sender typed over our formulas with what they
// give. A cell that still holds a formula is none of our business: whatever
// it shows, we compute it anew.
func (c *check) compareTotals(calc *calculator) error {
	var same []string
	sheet := ""
	for i := range c.totals {
		t := &c.totals[i]
		at, ok := c.where.at[t.at]
		if !ok {
			continue
		}
		s := c.book.Sheet(at.sheet)
		if s == nil {
			continue
		}
		cell := s.Cell(at.col, at.row)
		if cell.Formula || cell.Type != workbook.Number && cell.Type != workbook.Text {
			continue
		}
		typed, ok := typedNumber(cell)
		if !ok || !c.settled(c.inputsOf(t)) {
			continue
		}
		result, err := calc.value(t.at)
		if err != nil {
			return err
		}
		right, err := strconv.ParseFloat(result, 64)
		if err != nil {
			continue // shown blank: nothing to compare with
		}
		slack := 1e-6
		if t.Kind == "rate" {
			slack = 0.1 + 1e-9
			if cell.Percent && math.Abs(typed*100-right) < math.Abs(typed-right) {
				typed *= 100
			}
		}
		if math.Abs(typed-right) <= slack {
			sheet = at.sheet
			same = append(same, cell.Address())
			continue
		}
		p := finding.Problem{
			Severity: finding.MustFix, Sheet: at.sheet, Cell: cell.Address(), Cells: []string{cell.Address()},
			Found: shown(cell), Inputs: t.Inputs,
			Args: map[string]string{"bieu": t.Table, "o": cell.Address(), "nhan": label(t.Row, t.Column), "cot": t.Column,
				"tong": VN(typed), "dung": VN(right)},
		}
		switch t.Kind {
		case "rate":
			p.Code, p.Severity, p.Audience = "C09", finding.Recorded, finding.Internal
		case "row":
			p.Code = "C01"
		default:
			p.Code = "C02"
		}
		if err := c.addends(calc, t, p.Args); err != nil {
			return err
		}
		c.add(p)
	}
	if len(same) > 0 {
		c.add(finding.Problem{Code: "S17", Severity: finding.Noted, Audience: finding.Internal, Sheet: sheet, Cell: same[0], Cells: same,
			Args: map[string]string{"n": strconv.Itoa(len(same)), "danh_sach_o": strings.Join(same, ", ")}})
	}
	return nil
}

func (c *check) inputsOf(t *total) []int {
	out := make([]int, 0, len(t.Inputs))
	for _, name := range t.Inputs {
		out = append(out, c.byName[name])
	}
	return out
}

// addends names what a total is made of: cong "Tập thể (3) + Cá nhân (4)", and
// of exactly two addends also tt and cn.
func (c *check) addends(calc *calculator, t *total, args map[string]string) error {
	g := c.tables[t.grid]
	var parts []string
	var figures []string
	for _, p := range t.parts {
		if len(parts) == 12 {
			parts = append(parts, "…")
			break
		}
		v, err := calc.value(p)
		if err != nil {
			return err
		}
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			n = 0
		}
		name := workbook.Address(p.col, p.row)
		if k, ok := g.column(p.col); ok && t.Kind == "row" {
			name = last(k.label)
		} else if r, ok := g.row(p.row); ok && t.Kind == "column" {
			name = r.label
		}
		figures = append(figures, VN(n))
		parts = append(parts, fmt.Sprintf("%s (%s)", name, VN(n)))
	}
	args["cong"] = strings.Join(parts, " + ")
	if len(figures) == 2 {
		args["tt"], args["cn"] = figures[0], figures[1]
	}
	return nil
}

// last returns the lowest head of a label: "Tập thể" of "Số đăng ký - Tập thể".
func last(label string) string {
	if i := strings.LastIndex(label, " - "); i >= 0 {
		return label[i+len(" - "):]
	}
	return label
}

func label(row, column string) string {
	return finding.Input{Row: row, Column: column}.Label()
}

func typedNumber(cell workbook.Cell) (float64, bool) {
	if cell.Type == workbook.Number {
		return cell.Number, true
	}
	n := readText(strings.TrimSuffix(plainText(cell.Raw), "%"), false)
	if n.sense == okay || n.sense == warn {
		return n.value, n.has
	}
	whole := readText(cell.Raw, true)
	return whole.value, whole.has && (whole.sense == okay || whole.sense == warn)
}

// judge evaluates the rules whose inputs were all read and accepted.
func (c *check) judge(calc *calculator) error {
	for i := range c.Form.rules {
		r := &c.Form.rules[i]
		if !c.settled(r.inputs) || c.alreadySaid(r) {
			continue
		}
		result, err := calc.value(r.at)
		if err != nil {
			return fmt.Errorf("form: rule %s at %s: %w", r.Code, r.Cell, err)
		}
		if !isTruth(result) {
			return fmt.Errorf("form: rule %s at %s gives %q", r.Code, r.Cell, result)
		}
		if holds(result) {
			continue
		}
		p := finding.Problem{Code: r.Code, Severity: r.Severity, Inputs: r.Inputs, Words: map[string]string{}, Args: map[string]string{}}
		if r.Severity == finding.Recorded {
			p.Audience = finding.Internal
		}
		for k, lang := range []string{"vi", "en"} {
			words, err := c.message(calc, r, r.message[k])
			if err != nil {
				return err
			}
			if words != "" {
				p.Words[lang] = words
			}
		}
		if err := c.point(calc, &p, r); err != nil {
			return err
		}
		if r.Severity == finding.FixOrExplain {
			p.Explain = c.explanation(r)
		}
		c.add(p)
	}
	return nil
}

// alreadySaid reports whether the program itself has complained of the same
// thing (N09: beyond the bounds of the data validation).
func (c *check) alreadySaid(r *rule) bool {
	return slices.ContainsFunc(c.part.Problems, func(p finding.Problem) bool {
		return p.Code == r.Code && len(p.Words) == 0 && slices.ContainsFunc(p.Inputs, func(name string) bool { return slices.Contains(r.Inputs, name) })
	})
}

// message returns a rule's words, computed if they are a formula, with the
// addresses of the blank form made those of the sender's file.
func (c *check) message(calc *calculator, r *rule, at place) (string, error) {
	if at == (place{}) {
		return "", nil
	}
	text := ""
	if c.cells[at] != nil {
		var err error
		if text, err = calc.value(at); err != nil {
			return "", fmt.Errorf("form: message at %s: %w", at, err)
		}
	} else {
		text = shown(c.Form.book.Sheet(at.sheet).Cell(at.col, at.row))
	}
	return c.readdress(strings.TrimSpace(text), r), nil
}

var addressWord = regexp.MustCompile(`\b[A-Z]{1,3}[1-9][0-9]{0,6}\b`)

// readdress replaces the addresses of cells that the sender moved. An address
// means a cell of the sheets that the rule points at.
func (c *check) readdress(text string, r *rule) string {
	return addressWord.ReplaceAllStringFunc(text, func(word string) string {
		ref, ok := workbook.ParseRef(word)
		if !ok {
			return word
		}
		for _, p := range r.points {
			from := place{p.Sheet, ref.Col, ref.Row}
			if to, ok := c.where.at[from]; ok && c.known[from] {
				return workbook.Address(to.col, to.row)
			}
		}
		return word
	})
}

// point fills in the places a rule points at, in the sender's file.
func (c *check) point(calc *calculator, p *finding.Problem, r *rule) error {
	for _, ref := range r.points {
		for row := ref.Row; row <= ref.LastRow && len(p.Cells) < 100; row++ {
			for col := ref.Col; col <= ref.LastCol && len(p.Cells) < 100; col++ {
				at, ok := c.where.at[place{ref.Sheet, col, row}]
				if !ok {
					continue
				}
				cell := workbook.Address(at.col, at.row)
				if p.Cell == "" {
					p.Sheet, p.Cell = at.sheet, cell
					p.Found = c.textAt(at)
					if c.book.Sheet(at.sheet).Cell(at.col, at.row).Formula {
						// What the file shows may be old; what is said is what we computed.
						v, err := calc.value(place{ref.Sheet, col, row})
						if err != nil {
							return err
						}
						p.Found = strings.Replace(v, ".", ",", 1)
					}
					for i := range c.inputs {
						if in := &c.inputs[i]; in.at == (place{ref.Sheet, col, row}) {
							p.Args["bieu"], p.Args["nhan"] = in.Table, in.Label()
						}
					}
					p.Args["o"], p.Args["gia_tri"] = cell, p.Found
				}
				if at.sheet == p.Sheet && !slices.Contains(p.Cells, cell) {
					p.Cells = append(p.Cells, cell)
				}
			}
		}
	}
	return nil
}

// explanation returns what the sender wrote where the rule asks for it.
func (c *check) explanation(r *rule) string {
	for _, ref := range r.explain {
		for i := range c.inputs {
			in := &c.inputs[i]
			if in.at.sheet != ref.Sheet || !ref.Contains(in.at.col, in.at.row) {
				continue
			}
			if at, ok := c.where.at[in.at]; ok {
				if text := c.textAt(at); text != "" && text != in.Preset {
					return text
				}
			}
		}
	}
	return ""
}
