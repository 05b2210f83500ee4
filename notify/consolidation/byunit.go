package consolidation

import (
	"fmt"
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Columns of the sheet "Theo đơn vị"; the figures follow.
const (
	unitCode = iota + 1
	unitName
	unitGroup
	unitState
	unitTimely
	unitReceived
	unitMark
	firstFigure
)

// writeByUnit writes a row a unit, in the order of the roster, and below them
// what they come to. Sums look at the column that says what counts, so whoever
// changes a mark or a figure sees every sum follow.
func (w *writer) writeByUnit(name, sources string, first map[string]int) error {
	s := &sheet{name: name, widths: []float64{13, 27, 16, 9, 9.5, 10.5, 12.5}, frozen: unitName}
	s.add(cell{value: w.say("SỐ LIỆU THEO ĐƠN VỊ", "FIGURES BY UNIT"), look: title})
	s.add(cell{value: w.subtitle(), look: subtitle})
	w.unitHeads(s)
	from := len(s.lines) + 1
	for _, r := range w.rows {
		line := s.add(w.unitLine(r)...)
		if at := first[r.holder()]; at > 0 {
			s.links = append(s.links, [2]string{ref(unitCode, line), fmt.Sprintf("%s!A%d", quoted(sources), at)})
		}
	}
	s.fit(unitCode, 9, 16)
	s.fit(unitName, 16, 30)
	s.fit(unitGroup, 12, 18)
	w.unitSums(s, from, len(s.lines))
	return w.put(s)
}

// subtitle says of what and of when the figures are.
func (w *writer) subtitle() string {
	return fmt.Sprintf(w.say("%s · %s · số liệu đến %s", "%s · %s · as of %s"),
		w.Campaign.Letter.Name.In(w.Lang), w.coverage(), w.when(w.Now))
}

// unitHeads writes the heads in three tiers: table, row, column of the form.
func (w *writer) unitHeads(s *sheet) {
	top := len(s.lines) + 1
	s.heads = [2]int{top, top + 2}
	tiers := [3][]cell{}
	for i, head := range []string{
		w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Nhóm", "Group"), w.say("Tình trạng", "State"),
		w.say("Thời hạn", "Timeliness"), w.say("Nhận phụ lục lúc", "Form received"), w.say("Tính vào tổng", "In the sum"),
	} {
		for t := range tiers {
			tiers[t] = append(tiers[t], cell{look: heading})
		}
		tiers[0][i].value = head
		s.merge(i+1, top, i+1, top+2)
	}
	for i, in := range w.numbers {
		s.widths = append(s.widths, w.figureWidth(in))
		labels := [3]string{in.Table, in.Row, in.Column}
		for t := range tiers {
			tiers[t] = append(tiers[t], cell{value: labels[t], look: heading})
		}
		tiers[2][firstFigure-1+i].look.upright = true
	}
	// Neighbours of one table, and of one row of it, share a head.
	for t := range 2 {
		for i := 0; i < len(w.numbers); {
			end := i + 1
			for end < len(w.numbers) && w.sharesHead(i, end, t) {
				end++
			}
			s.merge(firstFigure+i, top+t, firstFigure+end-1, top+t)
			i = end
		}
	}
	for t := range tiers {
		s.add(tiers[t]...)
	}
	s.height(top, lineHeight*float64(w.headLines(s, 0))+4)
	s.height(top+1, lineHeight*float64(w.headLines(s, 1))+4)
	tallest := 12
	for i, in := range w.numbers {
		// Turned by 90°, two or three lines of it fit into the column's width.
		fitting := max(1, int(s.widths[firstFigure-1+i]/2.6))
		tallest = max(tallest, min(60, longestLine(in.Column, fitting)))
	}
	s.height(top+2, float64(tallest)*6.2+16)
}

func (w *writer) sharesHead(a, b, tier int) bool {
	x, y := w.numbers[a], w.numbers[b]
	if x.Sheet != y.Sheet || x.Table != y.Table || tier == 0 && x.Table == "" {
		return false
	}
	return tier == 0 || x.Row != "" && x.Row == y.Row && x.RowCode == y.RowCode
}

// headLines is how many lines the tallest head of a tier needs.
func (w *writer) headLines(s *sheet, tier int) int {
	most := 1
	for i := 0; i < len(w.numbers); {
		end, width := i+1, s.widths[firstFigure-1+i]
		for end < len(w.numbers) && w.sharesHead(i, end, tier) {
			width += s.widths[firstFigure-1+end]
			end++
		}
		label := w.numbers[i].Table
		if tier == 1 {
			label = w.numbers[i].Row
		}
		most = max(most, min(8, linesFor(label, width*0.9)))
		i = end
	}
	return most
}

// longestLine is how many characters the longest line has when a text is set
// in so many lines.
func longestLine(s string, lines int) int {
	for n := len([]rune(s)) / lines; ; n++ {
		if n > 0 && linesFor(s, float64(n)) <= lines || n > len([]rune(s)) {
			return n + 1
		}
	}
}

// figureWidth is wide enough for every figure of the column and their sums.
func (w *writer) figureWidth(in finding.Input) float64 {
	wide := func(v float64) float64 { return digits(v, in.Type == "decimal") }
	width := 5.7
	for _, c := range []class{counted, claimed, fixing, waiting} {
		sum, _ := w.sum(in.Name, func(r row) bool { return r.class == c })
		width = max(width, wide(sum))
	}
	for _, r := range w.rows {
		if r.part != nil {
			v, _ := number(r.part.Part, in.Name)
			width = max(width, wide(v)) // a sum may be smaller where figures are negative
		}
	}
	return width
}

// holder is the unit in whose row the figures stand.
func (r row) holder() string {
	if r.shared != "" {
		return r.shared
	}
	return r.unit.Code
}

func (w *writer) unitLine(r row) []cell {
	linked := text
	linked.link = r.part != nil && r.class != noFigures
	mark := centred
	switch r.class {
	case claimed:
		mark.fill = yellow
	case fixing, waiting:
		mark.fill = red
	}
	received := ""
	if r.part != nil {
		received = w.when(r.part.Received)
	}
	line := []cell{
		{value: r.unit.Code, look: linked},
		{value: r.unit.Name, look: text},
		{value: w.group(r.unit.Category), look: text},
		{value: w.state(r.at.State), look: centred},
		{value: w.timeliness(r.at.Timeliness), look: centred},
		{value: received, look: centred},
		{value: w.mark(r), look: mark},
	}
	for _, in := range w.numbers {
		c := cell{look: figure(in)}
		if r.part != nil && r.shared == "" {
			if v, ok := number(r.part.Part, in.Name); ok {
				c.value = v
			}
			c.look.italic = r.class != counted
			c.look.fill = shade(r.part, in.Name)
		}
		line = append(line, c)
	}
	return line
}

// figure is the look of a number.
func figure(in finding.Input) look {
	l := look{border: true, across: "center", format: "#,##0"}
	if in.Type == "decimal" {
		l.format = "#,##0.00"
	}
	return l
}

// shade marks a figure that was remarked upon: what is to be fixed, and what
// was explained or accepted with a note.
func shade(c *standing.Counted, name string) string {
	fill := ""
	for _, p := range c.Part.Problems {
		if p.Severity == finding.Recorded || p.Audience == finding.Internal || !slices.Contains(p.Inputs, name) {
			continue
		}
		if p.Open() && !c.Accepted {
			return red
		}
		fill = yellow
	}
	return fill
}

// group is the name of a category.
func (w *writer) group(code string) string {
	if k, ok := w.Campaign.Category(code); ok {
		if name := k.Name.In(w.Lang); name != "" {
			return name
		}
	}
	return code
}

// counts is the mark of a row that is in the sums; formulas look for it.
func (w *writer) counts() string { return w.say("Có", "Yes") }

// mark says what becomes of a row's figures.
func (w *writer) mark(r row) string {
	if r.shared != "" {
		return fmt.Sprintf(w.say("Báo cáo chung với %s", "Shared with %s"), r.shared)
	}
	return w.classWord(r)
}

func (w *writer) classWord(r row) string {
	word := ""
	switch r.class {
	case counted:
		return w.counts()
	case claimed:
		return w.claimedWord()
	case fixing:
		word = w.say("Chờ sửa", "To be fixed")
	case waiting:
		word = w.say("Chờ xem", "Waits for the desk")
	case noFigures:
		return w.say("Không có số liệu", "No figures")
	default:
		if r.owes(w.Campaign) && !r.at.Owes.Appendix {
			return w.say("Được miễn", "Exempt")
		}
		return w.say("Chưa có", "Not yet")
	}
	if r.part.Claimed {
		word += w.say(", chờ xác nhận", ", unconfirmed")
	}
	return word
}

func (w *writer) claimedWord() string { return w.say("Chờ xác nhận", "Unconfirmed") }

func (w *writer) state(s standing.State) string {
	switch s {
	case standing.Partial:
		return w.say("Còn thiếu", "Incomplete")
	case standing.Fixing:
		return w.say("Chờ sửa", "To be fixed")
	case standing.Complete:
		return w.say("Đã đủ", "Complete")
	}
	return w.say("Chưa gửi", "Nothing yet")
}

func (w *writer) timeliness(t standing.Timeliness) string {
	switch t {
	case standing.OnTime:
		return w.say("Đúng hạn", "On time")
	case standing.Grace:
		// Grace is of days: "trước ngày 21/10" is to the end of the 20th.
		return fmt.Sprintf(w.say("Trước %s", "Before %s"), w.Campaign.Deadline.GraceUntil.In(w.zone()).Format("02/01"))
	case standing.Late:
		return w.say("Quá hạn", "Late")
	}
	return ""
}

// unitSums writes what the rows come to: what counts, what is claimed, what
// is open, and what counts by group.
func (w *writer) unitSums(s *sheet, from, to int) {
	bold := look{bold: true, border: true, wrap: true, across: "left", fill: grey}
	add := func(label string, l look, keep func(row) bool, conditions func(s *sheet) string) {
		line := len(s.lines) + 1
		cells := []cell{{value: label, look: l}}
		for range unitMark - 2 {
			cells = append(cells, cell{look: l})
		}
		s.merge(unitCode, line, unitReceived, line)
		n := 0
		for _, r := range w.rows {
			if r.part != nil && r.shared == "" && keep(r) {
				n++
			}
		}
		number := l
		number.across = "center"
		cells = append(cells, cell{value: n, formula: fmt.Sprintf("COUNTIFS(%s)", conditions(s)), look: number})
		for i, in := range w.numbers {
			c := cell{look: figure(in)}
			c.look.bold, c.look.fill = l.bold, l.fill
			area := fmt.Sprintf("%s$%d:%s$%d", letters(firstFigure+i), from, letters(firstFigure+i), to)
			// Nothing to add up is nothing, not zero.
			c.formula = fmt.Sprintf(`IF(COUNTIFS(%s,%s,"<>")=0,"",SUMIFS(%s,%s))`, conditions(s), area, area, conditions(s))
			c.value = ""
			if sum, ok := w.sum(in.Name, keep); ok {
				c.value = sum
			}
			cells = append(cells, c)
		}
		s.add(cells...)
		s.height(line, lineHeight+4)
	}
	column := func(c int) string { return fmt.Sprintf("$%s$%d:$%s$%d", letters(c), from, letters(c), to) }
	marked := func(mark string) func(*sheet) string {
		return func(*sheet) string { return column(unitMark) + "," + criterion(mark) }
	}
	counts := func(r row) bool { return r.class == counted }
	if len(w.rows) == 0 {
		return
	}
	add(w.coverage(), bold, counts, marked(w.counts()))
	note := look{border: true, wrap: true, across: "left"}
	for _, k := range w.groups() {
		name := w.group(k)
		add(w.say("Trong đó: ", "Of which: ")+name, note,
			func(r row) bool { return counts(r) && w.group(r.unit.Category) == name },
			func(s *sheet) string { return marked(w.counts())(s) + "," + column(unitGroup) + "," + criterion(name) })
	}
	if w.totals.ClaimedUnits > 0 {
		add(fmt.Sprintf(w.say("%d đơn vị chờ xác nhận, tính riêng", "Unconfirmed units: %d, summed apart"), w.totals.ClaimedUnits),
			note, func(r row) bool { return r.class == claimed }, marked(w.claimedWord()))
	}
	var open []string
	for _, r := range w.rows {
		if word := w.mark(r); (r.class == fixing || r.class == waiting) && r.shared == "" && !slices.Contains(open, word) {
			open = append(open, word)
		}
	}
	for _, word := range open {
		add(word+w.say(", không tính vào tổng", ", not in the sum"), note,
			func(r row) bool { return w.mark(r) == word }, marked(word))
	}
	w.remark(s, w.doubleCounting())
}

// remark is a line of running text below a table, over all its columns.
func (w *writer) remark(s *sheet, words string) {
	line := s.add(cell{value: words, look: look{italic: true, wrap: true, across: "left"}})
	s.merge(1, line, len(s.widths), line)
	width := 0.0
	for _, c := range s.widths {
		width += c
	}
	s.height(line, 15*float64(linesFor(words, width*0.95))+4)
}

// sum adds up an input over some rows; false if none of them gives a number.
func (w *writer) sum(input string, keep func(row) bool) (float64, bool) {
	sum, any := 0.0, false
	for _, r := range w.rows {
		if r.part == nil || r.shared != "" || !keep(r) {
			continue
		}
		if v, ok := number(r.part.Part, input); ok {
			sum, any = sum+v, true
		}
	}
	return plain(sum), any
}

// groups are the categories that have units, in the order of the letter.
func (w *writer) groups() []string {
	var codes []string
	for _, k := range w.Campaign.Categories {
		if slices.ContainsFunc(w.Campaign.Units, func(u config.Unit) bool { return u.Category == k.Code }) {
			codes = append(codes, k.Code)
		}
	}
	return codes
}

// criterion is a text as SUMIFS compares with it: equal, with nothing in it
// that stands for other characters.
func criterion(s string) string {
	s = strings.NewReplacer("~", "~~", "*", "~*", "?", "~?", `"`, `""`).Replace(s)
	return `"=` + s + `"`
}
