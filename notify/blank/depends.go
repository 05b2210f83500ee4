package blank

import (
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// area is a rectangle of cells, on a sheet by its name in lower case.
type area struct {
	sheet          string
	c1, r1, c2, r2 int
}

func (a area) holds(sheet string, c, r int) bool {
	return a.sheet == sheet && a.c1 <= c && c <= a.c2 && a.r1 <= r && r <= a.r2
}

// dependence is which formulas a change of cells can reach. Forms are issued to
// thousands, and differ in a few facts: what does not depend on them needs no
// second computing, which is nearly all that an issue costs.
type dependence struct {
	reads  [][]area // of each formula
	always []bool   // it cannot be told what the formula reads
	feeds  [][]int  // the formulas that read the one
	at     []corner // where each stands
}

type corner struct {
	sheet string
	c, r  int
}

func cornerOf(p place) corner {
	c, r, err := excelize.CellNameToCoordinates(p.cell)
	if err != nil {
		return corner{}
	}
	return corner{strings.ToLower(p.sheet), c, r}
}

func dependenceOf(order []place, formulas []string, names map[string][]string) *dependence {
	d := &dependence{}
	for i, p := range order {
		reads, ok := readsOf(strings.ToLower(p.sheet), formulas[i], names, 0)
		d.reads, d.always = append(d.reads, reads), append(d.always, !ok)
		d.at = append(d.at, cornerOf(p))
	}
	d.feeds = make([][]int, len(order))
	for i := range order {
		for j, at := range d.at {
			if d.touches(i, at) {
				d.feeds[j] = append(d.feeds[j], i)
			}
		}
	}
	return d
}

// touches reports whether a formula reads the cell.
func (d *dependence) touches(formula int, at corner) bool {
	return slices.ContainsFunc(d.reads[formula], func(a area) bool { return a.holds(at.sheet, at.c, at.r) })
}

// reached are the formulas that may come to something else once the cells have
// changed.
func (d *dependence) reached(changed []place) []bool {
	reached := make([]bool, len(d.at))
	var next []int
	reach := func(i int) {
		if !reached[i] {
			reached[i] = true
			next = append(next, i)
		}
	}
	for i := range d.at {
		if d.always[i] || slices.ContainsFunc(changed, func(p place) bool { return d.touches(i, cornerOf(p)) }) {
			reach(i)
		}
	}
	for len(next) > 0 {
		i := next[len(next)-1]
		next = next[:len(next)-1]
		for _, k := range d.feeds[i] {
			reach(k)
		}
	}
	return reached
}

var (
	literal   = regexp.MustCompile(`"(?:[^"]|"")*"`)
	reference = regexp.MustCompile(`(?:('(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!)?(?:(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?|\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\b|([\p{L}_\\][\p{L}\p{N}_.]*)(\s*\()?)`)
	operators = regexp.MustCompile(`^[-+*/^&=<>%(),;0-9.\s]*$`)
)

// elsewhere are functions that read what no reference names, or something else
// each time.
var elsewhere = map[string]bool{"INDIRECT": true, "OFFSET": true, "CELL": true, "INFO": true, "ROW": true, "COLUMN": true, "ROWS": true, "COLUMNS": true,
	"NOW": true, "TODAY": true, "RAND": true, "RANDBETWEEN": true, "RANDARRAY": true, "SHEET": true, "SHEETS": true, "FORMULATEXT": true, "LET": true, "LAMBDA": true}

// readsOf are the cells that a formula on a sheet names, itself or by names. It
// is false where that cannot be told: then the formula is always computed.
func readsOf(sheet, formula string, names map[string][]string, depth int) (all []area, ok bool) {
	if depth > 8 || strings.TrimSpace(formula) == "" {
		return nil, false
	}
	ok = true
	rest := reference.ReplaceAllStringFunc(literal.ReplaceAllString(formula, "0"), func(token string) string {
		m := reference.FindStringSubmatch(token)
		on := sheet
		if m[1] != "" {
			on = strings.ToLower(m[1])
			if strings.HasPrefix(on, "'") {
				on = strings.ReplaceAll(on[1:len(on)-1], "''", "'")
			}
		}
		switch {
		case m[2] != "":
			a, known := areaOf(on, m[2], m[3])
			all, ok = append(all, a), ok && known
		case m[4] != "":
			from, err1 := excelize.ColumnNameToNumber(m[4])
			to, err2 := excelize.ColumnNameToNumber(m[5])
			all, ok = append(all, area{on, min(from, to), 1, max(from, to), excelize.TotalRows}), ok && err1 == nil && err2 == nil
		case m[7] != "":
			ok = ok && m[1] == "" && !elsewhere[strings.ToUpper(m[6])]
			return "("
		case strings.EqualFold(m[6], "TRUE"), strings.EqualFold(m[6], "FALSE"):
		default:
			refers, known := names[strings.ToLower(m[6])]
			ok = ok && known
			for _, to := range refers {
				more, known := readsOf(sheet, to, names, depth+1)
				all, ok = append(all, more...), ok && known
			}
		}
		return ""
	})
	return all, ok && operators.MatchString(rest)
}

func areaOf(sheet, from, to string) (area, bool) {
	if to == "" {
		to = from
	}
	c1, r1, err1 := excelize.CellNameToCoordinates(strings.ReplaceAll(from, "$", ""))
	c2, r2, err2 := excelize.CellNameToCoordinates(strings.ReplaceAll(to, "$", ""))
	return area{sheet, min(c1, c2), min(r1, r2), max(c1, c2), max(r1, r2)}, err1 == nil && err2 == nil
}
