package consolidation

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Columns of the sheet of units; the figures follow.
const (
	unitNumber = iota + 1
	unitCode
	unitName
	unitMark
	unitMarks
	firstFigure
)

// unitLines are the lines of the sheet of units that other sheets refer to.
type unitLines struct {
	sums  []int // by group
	total int
}

// writeByUnit writes a row a unit, group after group, and below each group and
// below all what they come to. Sums look at the column that says what counts,
// so whoever changes a mark or a figure sees every sum of the workbook follow.
// sources is the line of each unit's first figure in the sheet of sources.
func (w *writer) writeByUnit(sources map[string]int) error {
	s := &sheet{name: w.names.units, widths: []float64{5, 13, 27, 12.5, 16}, frozen: unitName}
	s.head(s.name+". "+w.say("SỐ LIỆU THEO ĐƠN VỊ", "FIGURES BY UNIT"), title)
	s.head(w.subtitle(), subtitle)
	w.unitHeads(s)
	from := s.n + 1
	n := 0
	for _, g := range w.groups {
		s.band(g.name)
		first, before := s.n+1, n
		buffer := make([]cell, 0, len(s.widths))
		s.addLines(g.to-g.from, func(i int) []cell {
			buffer = w.unitLine(buffer[:0], before+i+1, &w.rows[g.from+i])
			return buffer
		})
		n += g.to - g.from
		for i := g.from; i < g.to; i++ {
			if at := sources[w.rows[i].holder()]; at > 0 {
				s.links = append(s.links, [2]string{ref(unitCode, first+i-g.from), fmt.Sprintf("%s!A%d", quoted(w.names.sources), at)})
			}
		}
		bold := look{bold: true, border: true, wrap: true, across: "left"}
		w.units.sums = append(w.units.sums, w.unitSum(s, fmt.Sprintf(w.say("Cộng %s: %d/%d đơn vị", "Sum of %s: %d of %d units"), g.name, g.units, g.of),
			bold, first, s.n, g.from, g.to, w.counts(), func(r *row) bool { return r.class == counted }))
	}
	w.unitSums(s, from, s.n)
	longest := 0
	for i := range w.rows {
		longest = max(longest, utf8.RuneCountInString(w.rows[i].unit.Code))
	}
	s.widths[unitCode-1] = min(max(11, 1.2*float64(longest)+1.5), 18) // capitals are wide
	return w.put(s)
}

// subtitle says of what and of when the figures are.
func (w *writer) subtitle() string {
	return fmt.Sprintf(w.say("%s · %s · số liệu đến %s", "%s · %s · as of %s"),
		w.Campaign.Letter.Name.In(w.Lang), w.coverage(), w.when(w.Now))
}

// unitHeads writes the heads in three tiers: table, row, column of the form.
func (w *writer) unitHeads(s *sheet) {
	top := s.n + 1
	s.heads = [2]int{top, top + 2}
	tiers := [3][]cell{}
	for i, head := range []string{
		w.say("TT", "No."), w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Tính vào tổng", "In the sum"), w.say("Đánh dấu", "Marks"),
	} {
		for t := range tiers {
			tiers[t] = append(tiers[t], cell{look: heading})
		}
		tiers[0][i].value = head
		s.merge(i+1, top, i+1, top+2)
	}
	for i, in := range w.numbers {
		s.widths = append(s.widths, w.figureWidth(i))
		labels := [3]string{in.Table, in.Row, in.Column}
		if w.alone(i) {
			labels[1] = w.say("Chưa chia theo dòng", "Not divided by row")
		}
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
	return tier == 0 || x.Row != "" && x.Row == y.Row && x.RowCode == y.RowCode && w.alone(a) == w.alone(b)
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
func (w *writer) figureWidth(i int) float64 {
	decimal := w.numbers[i].Type == "decimal"
	width := 5.7
	for _, c := range []class{counted, claimed, fixing, waiting} {
		sum, _ := w.sum(i, 0, len(w.rows), func(r *row) bool { return r.class == c })
		width = max(width, digits(sum, decimal))
	}
	for k := range w.rows {
		if v, ok := w.rows[k].value(i); ok {
			width = max(width, digits(v, decimal)) // a sum may be smaller where figures are negative
			if shade, _ := w.remarked(&w.rows[k], i); shade != "" {
				width = max(width, digits(v, decimal)+1)
			}
		}
	}
	return width
}

// holder is the unit in whose row the figures stand.
func (r *row) holder() string {
	if r.shared != "" {
		return r.shared
	}
	return r.unit.Code
}

func (w *writer) unitLine(line []cell, n int, r *row) []cell {
	linked := text
	linked.link = r.part != nil && r.class != noFigures
	mark := centred
	switch r.class {
	case claimed:
		mark.fill = yellow
	case fixing, waiting:
		mark.fill = red
	}
	line = append(line,
		cell{value: n, look: centred},
		cell{value: r.unit.Code, look: linked},
		cell{value: r.unit.Name, look: text},
		cell{value: w.mark(r), look: mark},
		cell{value: w.marks(r), look: text},
	)
	for i := range w.numbers {
		line = append(line, w.unitFigure(r, i))
	}
	return line
}

// unitFigure is what a unit gave for a number, marked where it was remarked
// upon: by colour, and for a print in black and white by a sign.
func (w *writer) unitFigure(r *row, i int) cell {
	c := cell{look: figure(w.numbers[i])}
	v, ok := r.value(i)
	if ok {
		c.value = v
	}
	if r.values == nil {
		return c
	}
	c.look.italic = r.class != counted
	sign := ""
	c.look.fill, sign = w.remarked(r, i)
	if sign != "" {
		c.look.format += `"` + sign + `"`
	}
	return c
}

// Signs behind a figure.
const (
	explainedSign = "†"
	notedSign     = "*"
)

// remarked says how a figure is marked: what is to be fixed, what the unit
// explained, and what was accepted with a note.
func (w *writer) remarked(r *row, i int) (fill, sign string) {
	for k := range r.part.Part.Problems {
		p := &r.part.Part.Problems[k]
		if p.Severity == finding.Recorded || p.Audience == finding.Internal || !slices.Contains(p.Inputs, w.numbers[i].Name) {
			continue
		}
		switch {
		case p.Open() && !r.part.Accepted:
			return red, ""
		case p.Severity == finding.FixOrExplain:
			fill, sign = orange, explainedSign
		case sign == "":
			fill, sign = yellow, notedSign
		}
	}
	return fill, sign
}

// marks says in words what there is to know about a unit's figures.
func (w *writer) marks(r *row) string {
	var words []string
	add := func(is bool, vi, en string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(w.say(vi, en), args...))
		}
	}
	if r.values != nil {
		explained, noted := 0, 0
		if len(r.part.Part.Problems) > 0 {
			for i := range w.numbers {
				switch _, sign := w.remarked(r, i); sign {
				case explainedSign:
					explained++
				case notedSign:
					noted++
				}
			}
		}
		add(explained > 0, "giải trình %d ô", "%d cells explained", explained)
		add(noted > 0, "lưu ý %d ô", "%d cells noted", noted)
		add(r.part.Accepted && r.part.Decision == "", "Phòng chấp nhận", "taken by the desk")
		add(r.at.CorrectedBy != "", "đang đính chính", "being corrected")
		add(slices.Contains(r.at.ForNow, finding.Appendix), "bản tạm", "provisional")
		add(r.part.Version > 1, "bản lần %d", "version %d", r.part.Version)
	}
	if r.part != nil {
		add(r.part.Claimed && r.class != claimed, "chờ xác nhận", "unconfirmed")
		add(r.part.Decision != "", "nhận ngoài hộp thư", "received outside the mailbox")
	}
	add(r.shared == "" && w.newerWaits(r), "có bản mới chờ xem", "a newer form waits")
	return strings.Join(words, "; ")
}

// newerWaits reports whether a newer form waits beside the one that counts.
func (w *writer) newerWaits(r *row) bool {
	return slices.ContainsFunc(r.at.Waiting, func(c standing.Counted) bool { return c.Kind == finding.Appendix })
}

// figure is the look of a number.
func figure(in finding.Input) look {
	l := look{border: true, across: "center", format: "#,##0"}
	if in.Type == "decimal" {
		l.format = "#,##0.00"
	}
	return l
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
func (w *writer) mark(r *row) string {
	if r.shared != "" {
		return fmt.Sprintf(w.say("Báo cáo chung với %s", "Shared with %s"), r.shared)
	}
	return w.classWord(r)
}

func (w *writer) classWord(r *row) string {
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
		d := w.Campaign.Deadline
		if last := d.GraceUntil.AddDate(0, 0, -1); !last.After(d.Before) {
			return fmt.Sprintf(w.say("Trong ngày %s", "On %s"), last.In(w.zone()).Format("02/01"))
		}
		return fmt.Sprintf(w.say("Trước %s", "Before %s"), d.GraceUntil.In(w.zone()).Format("02/01"))
	case standing.Late:
		return w.say("Quá hạn", "Late")
	}
	return ""
}

// unitSums writes what all rows come to: what counts, what is claimed, what is
// open.
func (w *writer) unitSums(s *sheet, from, to int) {
	if len(w.rows) == 0 {
		return
	}
	bold := look{bold: true, border: true, wrap: true, across: "left", fill: grey}
	note := look{border: true, wrap: true, across: "left"}
	add := func(label string, l look, mark string, keep func(*row) bool) int {
		return w.unitSum(s, label, l, from, to, 0, len(w.rows), mark, keep)
	}
	w.units.total = add(w.straightSum()+", "+w.coverage(), bold, w.counts(), func(r *row) bool { return r.class == counted })
	if w.totals.ClaimedUnits > 0 {
		add(fmt.Sprintf(w.say("%d đơn vị chờ xác nhận, tính riêng", "Unconfirmed units: %d, summed apart"), w.totals.ClaimedUnits),
			note, w.claimedWord(), func(r *row) bool { return r.class == claimed })
	}
	var open []string
	for i := range w.rows {
		r := &w.rows[i]
		if word := w.mark(r); (r.class == fixing || r.class == waiting) && r.shared == "" && !slices.Contains(open, word) {
			open = append(open, word)
		}
	}
	for _, word := range open {
		add(word+w.say(", không tính vào tổng", ", not in the sum"), note, word, func(r *row) bool { return w.mark(r) == word })
	}
	w.remark(s, fmt.Sprintf(w.say(
		"%s sau con số: đơn vị đã giải trình; %s: nhận kèm lưu ý; nền đỏ nhạt: phải sửa; chữ nghiêng: chưa tính vào tổng; ô trống: chưa có số liệu, không phải 0.",
		"%s after a figure: explained by the unit; %s: accepted with a note; light red: to be fixed; italics: not in the sum; blank: no figure yet, which is not zero."),
		explainedSign, notedSign))
	w.remark(s, w.doubleCounting())
}

// unitSum writes a line of sums over the lines from to to, which are the rows
// begin to end, of those with the mark.
func (w *writer) unitSum(s *sheet, label string, l look, from, to, begin, end int, mark string, keep func(*row) bool) int {
	line := s.n + 1
	cells := []cell{{value: label, look: l}}
	for range unitMark - 1 {
		cells = append(cells, cell{look: l})
	}
	s.merge(unitNumber, line, unitMark, line)
	n := 0
	for i := begin; i < end; i++ {
		if r := &w.rows[i]; r.values != nil && keep(r) {
			n++
		}
	}
	number := l
	number.across, number.format = "center", w.say(`0" phụ lục"`, `0" forms"`)
	condition := fmt.Sprintf("$%[1]s$%[2]d:$%[1]s$%[3]d,%[4]s", letters(unitMark), from, to, criterion(mark))
	cells = append(cells, cell{value: n, formula: fmt.Sprintf("COUNTIFS(%s)", condition), look: number})
	for i, in := range w.numbers {
		c := cell{look: figure(in)}
		c.look.bold, c.look.fill = l.bold, l.fill
		area := fmt.Sprintf("%[1]s$%[2]d:%[1]s$%[3]d", letters(firstFigure+i), from, to)
		// Nothing to add up is nothing, not zero.
		c.formula = fmt.Sprintf(`IF(COUNTIFS(%s,%s,"<>")=0,"",SUMIFS(%[2]s,%[1]s))`, condition, area)
		c.value = ""
		if sum, ok := w.sum(i, begin, end, keep); ok {
			c.value = sum
		}
		cells = append(cells, c)
	}
	s.add(cells...)
	s.height(line, lineHeight+4)
	return line
}

// remark is a line of running text below a table, over all its columns.
func (w *writer) remark(s *sheet, words string) { s.head(words, look{italic: true, across: "left"}) }

// sum adds up a number over some of the rows from to to; false if none of them
// gives one.
func (w *writer) sum(number, from, to int, keep func(*row) bool) (float64, bool) {
	sum, any := 0.0, false
	for i := from; i < to; i++ {
		if v, ok := w.rows[i].value(number); ok && keep(&w.rows[i]) {
			sum, any = sum+v, true
		}
	}
	return plain(sum), any
}

// criterion is a text as SUMIFS compares with it: equal, with nothing in it
// that stands for other characters.
func criterion(s string) string {
	s = strings.NewReplacer("~", "~~", "*", "~*", "?", "~?", `"`, `""`).Replace(s)
	return `"=` + s + `"`
}
