package form

import (
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// The heads by which the sheet of rules is found, folded.
const (
	headCode    = "ma"
	headLevel   = "muc"
	headResult  = "ket qua"
	headVI      = "noi dung"
	headEN      = "message"
	headCells   = "o"
	headExplain = "o giai trinh"
)

// findRules reads the sheet of rules: the one with a row of the heads Mã, Mức,
// Kết quả, Nội dung. Message, Ô and Ô giải trình may be missing.
func (c *compiler) findRules() {
	for _, s := range c.book.Sheets {
		for row := 1; row <= min(s.LastRow(), 50); row++ {
			heads := map[string]int{}
			for _, cell := range s.Row(row) {
				if f := fold(shown(cell)); f != "" && heads[f] == 0 {
					heads[f] = cell.Col
				}
			}
			if heads[headCode] > 0 && heads[headLevel] > 0 && heads[headResult] > 0 && heads[headVI] > 0 {
				c.onRule = s.Name
				c.readRules(s, row, heads)
				return
			}
		}
	}
}

func (c *compiler) readRules(s *workbook.Sheet, head int, heads map[string]int) {
	def := c.mainSheet()
	for row := head + 1; row <= s.LastRow(); row++ {
		code := plainText(shown(s.Cell(heads[headCode], row)))
		at := place{s.Name, heads[headResult], row}
		if code == "" {
			continue
		}
		if c.cells[at] == nil {
			if s.Cell(at.col, at.row).Type != workbook.Blank || shown(s.Cell(heads[headVI], row)) != "" {
				c.fault(at, "luật "+code+" không có công thức", "rule "+code+" has no formula")
			}
			continue
		}
		r := rule{at: at}
		r.Code, r.Cell, r.Formula = code, at.String(), c.cells[at].text
		r.Severity = finding.Severity(strings.ToUpper(plainText(shown(s.Cell(heads[headLevel], row)))))
		switch r.Severity {
		case finding.MustFix, finding.FixOrExplain, finding.Noted, finding.ForPerson, finding.Recorded:
		default:
			c.fault(place{s.Name, heads[headLevel], row}, "mức phải là E, X, W, H hoặc I", "the level must be E, X, W, H or I")
			continue
		}
		r.message[0] = place{s.Name, heads[headVI], row}
		if heads[headEN] > 0 {
			r.message[1] = place{s.Name, heads[headEN], row}
		}
		r.points = c.areas(s, heads[headCells], row, def)
		for _, p := range r.points {
			r.Points = append(r.Points, p.String())
			for y := p.Row; y <= p.LastRow && len(c.known) < 5000; y++ {
				for x := p.Col; x <= p.LastCol && len(c.known) < 5000; x++ {
					c.known[place{p.Sheet, x, y}] = true
				}
			}
		}
		r.explain = c.areas(s, heads[headExplain], row, def)
		if len(r.explain) > 0 {
			r.Explain = r.explain[0].String()
		}
		r.inputs = c.feeds(at)
		for _, i := range r.inputs {
			r.Inputs = append(r.Inputs, c.inputs[i].Name)
			c.inputs[i].judged = true
		}
		c.rules = append(c.rules, r)
	}
}

// areas reads a cell that lists addresses and names, such as "D11; E11:E13"
// or "DVK_B1_11_TT". An address without a sheet lies on the main one.
func (c *compiler) areas(s *workbook.Sheet, col, row int, def string) []workbook.Ref {
	if col == 0 {
		return nil
	}
	var out []workbook.Ref
	text := plainText(shown(s.Cell(col, row)))
	for _, part := range splitAreas(text) {
		r, ok := c.ref(part, def)
		if !ok || c.book.Sheet(r.Sheet) == nil {
			c.fault(place{s.Name, col, row}, "“"+part+"” không phải là ô hay tên ô", "“"+part+"” is neither a cell nor a name")
			continue
		}
		r.Sheet = c.book.Sheet(r.Sheet).Name
		out = append(out, r)
	}
	return out
}

// splitAreas cuts at commas, semicolons and spaces outside quotes.
func splitAreas(s string) []string {
	quoted := false
	return strings.FieldsFunc(s, func(r rune) bool {
		if r == '\'' {
			quoted = !quoted
		}
		return !quoted && (r == ',' || r == ';' || r == ' ')
	})
}

// mainSheet is the sheet with most inputs.
func (c *compiler) mainSheet() string {
	count := map[string]int{}
	best := ""
	for i := range c.inputs {
		name := c.inputs[i].at.sheet
		if count[name]++; count[name] > count[best] {
			best = name
		}
	}
	if best == "" {
		best = c.book.Sheets[0].Name
	}
	return best
}

// holds reports whether a rule's computed result says that it holds.
func holds(result string) bool {
	return slices.Contains([]string{"TRUE", "1"}, strings.ToUpper(strings.TrimSpace(result)))
}
