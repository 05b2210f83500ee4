package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/workbook"
)

// located is where the cells of the form stand in a returned workbook.
type located struct {
	at       map[place]place  // from the blank form to the sender's file
	how      map[place]string // by what it was found there: byName, byCode, byLabel, byAddress
	tables   []locatedGrid
	conflict map[place][]place // two candidates: nobody guesses
}

type locatedGrid struct {
	found  bool
	match  *match        // on the sheet that is read; nil if only names told
	rows   map[int][]int // where names put the rows of the form
	cols   map[int][]int // and its columns
	sheet  string        // that is read
	rivals []string      // other places with the same table and other figures in it
	hint   string        // the one of all these that calls itself the sum of the others
}

// How a cell was found. The order is that of trust.
const (
	byName    = "name"    // its defined name
	byCode    = "code"    // Mã số of its row, code of its column
	byLabel   = "label"   // what stands beside and above it
	byAddress = "address" // nothing moved
)

// match is one table of the form recognised on a sheet by its heads.
type match struct {
	sheet   *workbook.Sheet
	top     int           // the sender's first row of heads
	leaf    int           // and the last, the row of column codes not counted
	codeRow int           // the row of column codes; 0 if it is gone
	first   int           // body
	last    int           //
	byCode  map[int]int   // columns: form → sender, by column code
	byLabel map[int]int   // the same by head
	rows    map[int][]int // rows: form → sender, those with the right Mã số or else the right label
	coded   map[int]bool  // rows of the form that were found by their Mã số
	doubt   map[int][]int // the same for rows whose Mã số and label contradict each other
	twice   map[int][]int // columns: form → sender, those that bear the same head
	others  []int         // rows of the body that are no row of the form
	strong  bool          // the table's own title stands above
}

// locate finds every input and total of the form in a returned workbook.
// The order of trust: defined name, Mã số and column code, labels; where two
// of them contradict each other, there are two candidates.
func (f *Form) locate(b *workbook.Book) *located {
	l := &located{at: map[place]place{}, how: map[place]string{}, conflict: map[place][]place{}, tables: make([]locatedGrid, len(f.tables))}
	named := map[place]place{}
	name := func(at place, name string) {
		if name == "" {
			return
		}
		if r, ok := b.Name(name); ok {
			if m, merged := b.Sheet(r.Sheet).Merge(r.Col, r.Row); r.Single() || merged && m.Contains(r.LastCol, r.LastRow) {
				named[at] = place{b.Sheet(r.Sheet).Name, r.Col, r.Row}
			}
		}
	}
	for i := range f.inputs {
		name(f.inputs[i].at, f.inputs[i].Name)
	}
	for i := range f.totals {
		name(f.totals[i].at, f.totals[i].Name)
	}
	heads := newHeadIndex(b)
	for g := range f.tables {
		f.locateGrid(b, heads, g, named, l)
	}
	for i := range f.inputs {
		in := &f.inputs[i]
		if in.grid >= 0 {
			continue
		}
		if to, ok := named[in.at]; ok {
			l.at[in.at], l.how[in.at] = to, byName
		} else if to, ok := f.locateField(heads, in); ok {
			l.at[in.at], l.how[in.at] = to, byLabel
		}
	}
	return l
}

func (f *Form) locateGrid(b *workbook.Book, heads *headIndex, index int, named map[place]place, l *located) {
	g := f.tables[index]
	lg := &l.tables[index]
	cells := f.gridCells(index)
	votes := map[string]int{}
	for _, at := range cells {
		if to, ok := named[at]; ok {
			votes[to.sheet]++
		}
	}
	for sheet, n := range votes {
		if n > votes[lg.sheet] || n == votes[lg.sheet] && sheet < lg.sheet {
			lg.sheet = sheet
		}
	}
	var matches []*match
	for _, s := range b.Sheets {
		matches = append(matches, f.matches(heads, s, g)...)
	}
	if lg.sheet == "" {
		// No names: the visible table with figures, if there is one only.
		best := pick(f, index, matches)
		if best == nil {
			f.locateByAddress(b, index, l)
			return
		}
		lg.sheet, lg.match = best.sheet.Name, best
	}
	lg.found = true
	lg.rows, lg.cols = map[int][]int{}, map[int][]int{}
	for _, at := range cells {
		if to, ok := named[at]; ok && to.sheet == lg.sheet {
			lg.rows[at.row] = append(lg.rows[at.row], to.row)
			lg.cols[at.col] = append(lg.cols[at.col], to.col)
		}
	}
	for _, m := range matches {
		if m.sheet.Name == lg.sheet && lg.match == nil && m.covers(cells, named) {
			lg.match = m
		}
	}
	for _, m := range matches {
		if m.sheet.Name == lg.sheet && lg.match == nil {
			lg.match = m // the names point elsewhere; that is for candidates to see
		}
	}
	ours := f.figures(index, lg, named)
	for _, m := range matches {
		if m == lg.match || m.sheet.Hidden {
			continue
		}
		theirs := f.figures(index, &locatedGrid{match: m, sheet: m.sheet.Name}, nil)
		if len(theirs) > 0 && !slices.Equal(ours, theirs) {
			lg.rivals = append(lg.rivals, m.title(m.sheet.Name == lg.sheet))
			if m.sumsUp() {
				lg.hint = lg.rivals[len(lg.rivals)-1]
			}
		}
	}
	if lg.match != nil && lg.hint == "" && lg.match.sumsUp() {
		lg.hint = lg.sheet
	}
	for _, at := range cells {
		candidates := f.candidates(at, g, lg, named)
		switch len(candidates) {
		case 0:
		case 1:
			l.at[at] = candidates[0]
			l.how[at] = lg.how(at, named)
		default:
			l.conflict[at] = candidates
		}
	}
}

// how tells by what the one candidate for a cell was found.
func (lg *locatedGrid) how(at place, named map[place]place) string {
	if _, ok := named[at]; ok {
		return byName
	}
	switch m := lg.match; {
	case m == nil:
		return byName // of its neighbours
	case m.coded[at.row] && m.byCode[at.col] > 0:
		return byCode
	}
	return byLabel
}

// covers reports whether names of a table point into the match.
func (m *match) covers(cells []place, named map[place]place) bool {
	for _, at := range cells {
		if to, ok := named[at]; ok && to.sheet == m.sheet.Name && to.row > m.leaf && to.row <= m.last {
			return true
		}
	}
	return false
}

// title names a match for the sender: the sheet, or its line on a sheet that
// has several.
func (m *match) title(several bool) string {
	if several {
		return m.sheet.Name + ", dòng " + strconv.Itoa(m.leaf)
	}
	return m.sheet.Name
}

// sumsUp reports whether the sheet, or a line above the table, calls it the sum
// of others.
func (m *match) sumsUp() bool {
	says := func(s string) bool { return strings.Contains(" "+fold(s)+" ", " tong hop ") }
	if says(m.sheet.Name) {
		return true
	}
	for row := max(1, m.top-5); row < m.top; row++ {
		for _, c := range m.sheet.Row(row) {
			if c.Type == workbook.Text && len(c.Raw) < 200 && says(c.Raw) {
				return true
			}
		}
	}
	return false
}

// locateByAddress takes the cells of a table from where they are on the blank
// form, if most labels of its rows stand where they stand there: its heads
// were deleted, and nothing moved. Only a file that says itself that it is the
// form is read so.
func (f *Form) locateByAddress(b *workbook.Book, index int, l *located) {
	g := f.tables[index]
	s := b.Sheet(g.sheet)
	id := ID(b)
	if s == nil || id == nil || id.Campaign != f.desc.Campaign || id.Version != f.desc.Version || id.Campaign == "" {
		return
	}
	same, all := 0, 0
	for _, r := range g.rows {
		all++
		if g.labelCol > 0 {
			if row, also := f.rowOf(g, headText(s, g.labelCol, r.row), plainText(headText(s, max(g.codeCol, 1), r.row))); row == r.row && also == 0 {
				same++
			}
		}
	}
	if all < 2 || same < all {
		return
	}
	l.tables[index].found, l.tables[index].sheet = true, s.Name
	for _, at := range f.gridCells(index) {
		l.at[at], l.how[at] = place{s.Name, at.col, at.row}, byAddress
	}
}

// gridCells returns the cells of a table that are read.
func (f *Form) gridCells(index int) []place {
	var out []place
	for i := range f.inputs {
		if f.inputs[i].grid == index {
			out = append(out, f.inputs[i].at)
		}
	}
	for i := range f.totals {
		if f.totals[i].grid == index {
			out = append(out, f.totals[i].at)
		}
	}
	return out
}

// candidates returns the places where a cell of the form may stand. More than
// one means that names, codes and labels contradict each other.
func (f *Form) candidates(at place, g *grid, lg *locatedGrid, named map[place]place) []place {
	var cols, rows []int
	add := func(list *[]int, n int) {
		if n > 0 && !slices.Contains(*list, n) {
			*list = append(*list, n)
		}
	}
	if to, ok := named[at]; ok {
		if to.sheet != lg.sheet {
			return []place{to, {lg.sheet, at.col, at.row}}
		}
		add(&cols, to.col)
		add(&rows, to.row)
	}
	if m := lg.match; m != nil {
		add(&cols, m.byCode[at.col])
		add(&cols, m.byLabel[at.col])
		if r := m.rows[at.row]; len(r) == 1 || len(r) > 0 && len(rows) == 0 {
			add(&rows, r[0])
		}
		for _, r := range m.doubt[at.row] {
			add(&rows, r)
		}
		for _, col := range m.twice[at.col] {
			if len(rows) > 0 && m.sheet.Cell(col, rows[0]).Type == workbook.Number {
				add(&cols, col)
			}
		}
	}
	// A name that was lost is made good by those of its row and its column.
	if len(rows) == 0 {
		for _, row := range lg.rows[at.row] {
			add(&rows, row)
		}
	}
	if len(cols) == 0 {
		for _, col := range lg.cols[at.col] {
			add(&cols, col)
		}
	}
	var out []place
	for _, row := range rows {
		for _, col := range cols {
			out = append(out, place{lg.sheet, col, row})
		}
	}
	return out
}

// figures lists what stands in a table's number inputs, to compare two sheets.
func (f *Form) figures(index int, lg *locatedGrid, named map[place]place) []string {
	var out []string
	for i := range f.inputs {
		in := &f.inputs[i]
		if in.grid != index || !in.Number() {
			continue
		}
		c := f.candidates(in.at, f.tables[index], lg, named)
		if len(c) == 0 || lg.match == nil {
			continue
		}
		if s := lg.match.sheet; s.Name == c[0].sheet {
			if cell := s.Cell(c[0].col, c[0].row); cell.Type != workbook.Blank {
				out = append(out, fmt.Sprint(i, shown(cell)))
			}
		}
	}
	return out
}

// pick chooses the sheet to read where no names tell: with figures before
// without, visible before hidden, titled before untitled.
func pick(f *Form, index int, matches []*match) *match {
	var best *match
	score := -1
	for _, m := range matches {
		n := 0
		if len(f.figures(index, &locatedGrid{match: m, sheet: m.sheet.Name}, nil)) > 0 {
			n += 4
		}
		if !m.sheet.Hidden {
			n += 2
		}
		if m.strong {
			n++
		}
		if n > score {
			best, score = m, n
		}
	}
	return best
}

// headIndex holds the folded texts of a workbook, each folded once.
type headIndex struct {
	book  *workbook.Book
	texts map[*workbook.Sheet]map[string][]place
}

func newHeadIndex(b *workbook.Book) *headIndex {
	h := &headIndex{b, make(map[*workbook.Sheet]map[string][]place, len(b.Sheets))}
	for _, s := range b.Sheets {
		m := map[string][]place{}
		for _, c := range s.Cells() {
			if c.Type != workbook.Text || c.Formula || len(c.Raw) > 1000 {
				continue
			}
			if t := fold(c.Raw); t != "" {
				m[t] = append(m[t], place{s.Name, c.Col, c.Row})
			}
		}
		h.texts[s] = m
	}
	return h
}

// maxLikely bounds the rows of one sheet that are tried as a table's heads.
const maxLikely = 60

// matches recognises a table on a sheet wherever it stands: below a row that
// bears at least three in five of its heads, a row that bears more before one
// that bears less, one under the table's title before others. A unit may have
// put the tables of its communes under each other.
func (f *Form) matches(heads *headIndex, s *workbook.Sheet, g *grid) []*match {
	blank := f.book.Sheet(g.sheet)
	texts := heads.texts[s]
	votes := map[int]int{}
	want := 0
	for _, c := range blank.Row(g.leaf) {
		t := fold(shown(c))
		if t == "" || c.Formula {
			continue
		}
		want++
		rows := map[int]bool{}
		for _, p := range texts[t] {
			rows[p.row] = true
		}
		for row := range rows {
			votes[row]++
		}
	}
	if g.top < g.leaf {
		// Heads of two tiers: what is merged over both counts for the lower.
		for row := g.top; row < g.leaf; row++ {
			for _, c := range blank.Row(row) {
				t := fold(shown(c))
				if t == "" || c.Formula {
					continue
				}
				want++
				rows := map[int]bool{}
				for _, p := range texts[t] {
					for down := range spread { // a line may have come between the tiers
						rows[p.row+g.leaf-row+down] = true
					}
				}
				for row := range rows {
					votes[row]++
				}
			}
		}
	}
	titles := map[int]bool{}
	if name := fold(g.name); name != "" && g.name != g.sheet {
		for t, places := range texts {
			if t == name || strings.HasPrefix(t, name+" ") {
				for _, p := range places {
					titles[p.row] = true
				}
			}
		}
	}
	var likely []int
	for row, n := range votes {
		if n > 0 && n*5 >= want*3 {
			likely = append(likely, row)
		}
	}
	slices.SortFunc(likely, func(a, b int) int { return compare(votes[b]-votes[a], a-b) })
	type scored struct {
		*match
		score int
	}
	var all []scored
	for _, row := range likely[:min(len(likely), maxLikely)] {
		m := &match{sheet: s, leaf: row, top: row}
		score := votes[row] * 4
		for up := 1; up <= g.leaf-g.top+4+spread; up++ {
			if titles[row-up] {
				m.strong = true
				score += 4 * want
				break
			}
		}
		m.findTop(f.book.Sheet(g.sheet), g)
		f.matchRows(m, g)
		score += 2 * len(m.rows)
		if len(m.rows)+len(m.doubt) > 0 {
			all = append(all, scored{m, score})
		}
	}
	slices.SortFunc(all, func(a, b scored) int { return compare(b.score-a.score, a.leaf-b.leaf) })
	var out []*match
	for _, m := range all {
		apart := true
		for _, o := range out {
			apart = apart && (m.last < o.top || o.last < m.top)
		}
		// A second one has to be as good as the first: with its rows.
		if apart && (len(out) == 0 || len(m.rows) >= len(out[0].rows) && votes[m.leaf]*5 >= votes[out[0].leaf]*4) {
			f.matchColumns(m.match, g)
			out = append(out, m.match)
		}
	}
	return out
}

// spread is how many lines more than on the form the heads may reach over.
const spread = 3

// findTop finds the first row of the sender's heads, and the row of column
// codes, which is known by most of the codes that the form has there.
func (m *match) findTop(blank *workbook.Sheet, g *grid) {
	for row := max(1, m.leaf-(g.leaf-g.top)-spread+1); row < m.leaf && g.top < g.leaf; row++ {
		for _, c := range blank.Row(g.top) {
			if t := fold(shown(c)); t != "" && bears(m.sheet, row, t) {
				m.top = row
				break
			}
		}
		if m.top == row {
			break
		}
	}
	if g.codeRow == 0 {
		return
	}
	theirs := map[string]bool{}
	for _, c := range m.sheet.Row(m.leaf + 1) {
		theirs[plainText(shown(c))] = true
	}
	same, all := 0, 0
	for _, c := range blank.Row(g.codeRow) {
		if t := plainText(shown(c)); t != "" {
			all++
			if theirs[t] {
				same++
			}
		}
	}
	if same*5 >= all*3 {
		m.codeRow = m.leaf + 1
	}
}

// width is the last column of the heads, whichever of their rows it is in.
func (m *match) width() int {
	n := 0
	for row := m.top; row <= max(m.leaf, m.codeRow); row++ {
		n = max(n, lastCol(m.sheet, row))
	}
	return n
}

// bears reports whether a row holds a folded text.
func bears(s *workbook.Sheet, row int, folded string) bool {
	for _, c := range s.Row(row) {
		if c.Type == workbook.Text && fold(c.Raw) == folded {
			return true
		}
	}
	return false
}

// matchRows finds the rows of the form below the heads, by Mã số where the
// form has one, else by label, until the table ends: at a line with a title
// alone, or at the second blank line.
func (f *Form) matchRows(m *match, g *grid) {
	s := m.sheet
	m.rows, m.coded, m.doubt = map[int][]int{}, map[int]bool{}, map[int][]int{}
	m.first = max(m.leaf, m.codeRow) + 1
	codeCol, labelCol := 0, 0
	blank := f.book.Sheet(g.sheet)
	for col := 1; col <= m.width(); col++ {
		t := fold(headText(s, col, m.leaf))
		if t == "" {
			continue
		}
		if g.codeCol > 0 && codeCol == 0 && t == fold(headText(blank, g.codeCol, g.leaf)) {
			codeCol = col
		}
		if g.labelCol > 0 && labelCol == 0 && t == fold(headText(blank, g.labelCol, g.leaf)) {
			labelCol = col
		}
	}
	if codeCol == 0 && g.codeCol > 0 {
		codeCol = g.codeCol
	}
	if labelCol == 0 {
		labelCol = g.labelCol
	}
	gap := 0
	limit := min(s.LastRow(), m.leaf+(g.last-g.leaf)*3+60)
	var body []int
	for row := m.first; row <= limit; row++ {
		cells := s.Row(row)
		if len(cells) == 0 {
			if gap++; gap > 1 && len(body) >= len(g.rows) || gap > 5 {
				break
			}
			continue
		}
		if shortTitle.MatchString(titleOf(s, row)) {
			break
		}
		if gap > 0 && len(m.rows) >= len(g.rows) {
			break
		}
		gap = 0
		body = append(body, row)
		text, code := "", ""
		if labelCol > 0 {
			text = headText(s, labelCol, row)
		}
		if codeCol > 0 {
			code = plainText(headText(s, codeCol, row))
		}
		hit, also := f.rowOf(g, text, code)
		if also != 0 {
			m.doubt[hit] = append(m.doubt[hit], row)
			m.doubt[also] = append(m.doubt[also], row)
			m.last = row
			continue
		}
		if r, ok := g.row(hit); ok && r.code != "" && r.code == code {
			m.coded[hit] = true
		}
		if hit == 0 {
			m.others = append(m.others, row)
			continue
		}
		m.rows[hit] = append(m.rows[hit], row)
		m.last = row
	}
	// What comes behind the table's last own row, beyond a blank line, is
	// another matter: signatures, notes.
	kept := m.others[:0]
	for _, row := range m.others {
		if row < m.last || m.adjoins(row, body) {
			kept = append(kept, row)
		}
	}
	m.others = kept
}

// adjoins reports whether a row follows the last known one without a gap.
func (m *match) adjoins(row int, body []int) bool {
	for r := m.last + 1; r <= row; r++ {
		if !slices.Contains(body, r) {
			return false
		}
	}
	return m.last > 0
}

// rowOf returns the form's row that a code and a label of the sender mean, 0 if
// none; and the one that the label means, if that is another.
func (f *Form) rowOf(g *grid, label, code string) (row, also int) {
	byCode, byLabel, close, closes := 0, 0, 0, 0
	l := fold(label)
	for _, r := range g.rows {
		if code != "" && r.code == code {
			byCode = r.row
		}
		if l != "" && r.label != "" {
			if fold(r.label) == l || slices.Contains(f.aliases(r.label), l) {
				byLabel = r.row
			} else if alike(r.label, label) {
				close = r.row
				closes++
			}
		}
	}
	if byLabel == 0 && closes == 1 {
		byLabel = close
	}
	switch {
	case byCode == 0:
		return byLabel, 0
	case byLabel == 0 || byLabel == byCode:
		return byCode, 0
	}
	return byCode, byLabel
}

// aliases returns other words for a label, folded: the key "alias LABEL" of
// _meta, separated by semicolons.
func (f *Form) aliases(label string) []string {
	v, ok := f.values["alias "+label]
	if !ok {
		return nil
	}
	var out []string
	for _, a := range strings.Split(v, ";") {
		if t := fold(a); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// matchColumns finds the columns of the form by their codes and by their heads.
func (f *Form) matchColumns(m *match, g *grid) {
	s := m.sheet
	m.byCode, m.byLabel, m.twice = map[int]int{}, map[int]int{}, map[int][]int{}
	labels, codes := map[string][]int{}, map[string][]int{}
	for col := 1; col <= m.width(); col++ {
		if l := fold(headLabel(s, m.top, m.leaf, col)); l != "" {
			if r, ok := s.Merge(col, m.leaf); !ok || r.Col == col {
				labels[l] = append(labels[l], col)
			}
		}
		if m.codeRow > 0 {
			if c := headText(s, col, m.codeRow); c != "" {
				codes[c] = append(codes[c], col)
			}
		}
	}
	for _, k := range g.cols {
		switch hits := labels[fold(k.label)]; len(hits) {
		case 0:
		case 1:
			m.byLabel[k.col] = hits[0]
		default:
			m.twice[k.col] = hits
		}
		if hits := codes[k.code]; k.code != "" && len(hits) == 1 {
			m.byCode[k.col] = hits[0]
		}
	}
}

// locateField finds a field by its label: the value stands as far from the
// label as on the form, or is the first thing to the right of it.
func (f *Form) locateField(heads *headIndex, in *input) (place, bool) {
	if in.label == (place{}) {
		return place{}, false
	}
	want := fold(in.Row)
	for _, s := range heads.book.Sheets {
		hits := heads.texts[s][want]
		if len(hits) != 1 {
			continue
		}
		at := hits[0]
		to := place{s.Name, at.col + in.at.col - in.label.col, at.row + in.at.row - in.label.row}
		if in.label.row == in.at.row && s.Cell(to.col, to.row).Type == workbook.Blank {
			for col := at.col + 1; col <= at.col+8; col++ {
				c := s.Cell(col, at.row)
				if c.Type == workbook.Blank {
					continue
				}
				if strings.HasSuffix(strings.TrimSpace(c.Raw), ":") {
					break
				}
				return place{s.Name, col, at.row}, true
			}
		}
		return to, true
	}
	return place{}, false
}
