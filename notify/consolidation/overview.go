package consolidation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"dondoc/schedule/standing"
)

// headline is a column of the summary: numbers that are added up, and of which
// figure they are a share.
type headline struct {
	label   string
	numbers []int
	share   int // 1 + the headline that this one is given as a share of; 0: none
	part    bool
	decimal bool
}

// headlines are the campaign's figures and what they are split into; where it
// names none, the columns of the form's tables.
func (w *writer) headlines() []headline {
	var all []headline
	find := func(patterns []string) (numbers []int) {
		for i, in := range w.numbers {
			if slices.ContainsFunc(patterns, func(p string) bool { return matches(p, in.Name) }) {
				numbers = append(numbers, i)
			}
		}
		return numbers
	}
	decimal := func(numbers []int) bool {
		return slices.ContainsFunc(numbers, func(i int) bool { return w.numbers[i].Type == "decimal" })
	}
	whole := map[string]int{}
	for _, f := range w.Campaign.Figures {
		numbers := find(f.Inputs)
		if len(numbers) == 0 {
			continue
		}
		all = append(all, headline{label: f.Label.In(w.Lang), numbers: numbers, decimal: decimal(numbers)})
		whole[f.Label.VI] = len(all)
		for _, part := range f.Split {
			if numbers := find(part.Inputs); len(numbers) > 0 {
				all = append(all, headline{label: part.Label.In(w.Lang), numbers: numbers, part: true, decimal: decimal(numbers)})
			}
		}
		if base := whole[f.Percent]; f.Percent != "" && base > 0 {
			all = append(all, headline{label: fmt.Sprintf(w.say("Tỷ lệ so với “%s”", "Share of “%s”"), all[base-1].label), numbers: numbers, share: base, part: true})
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, s := range w.subjects {
		for _, c := range s.columns {
			h := headline{label: c.label}
			for _, r := range s.rows {
				if f, ok := s.cells[[2]int{r.key, c.key}]; ok && f.total == nil {
					h.numbers = append(h.numbers, f.number)
				}
			}
			if h.decimal = decimal(h.numbers); len(h.numbers) > 0 && len(all) < 12 {
				all = append(all, h)
			}
		}
	}
	return all
}

// matches compares a defined name with a pattern; * stands for one run of
// letters and digits, as in letters.
func matches(pattern, name string) bool {
	ok, err := regexp.MatchString("^"+strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `[A-Za-z0-9]+`)+"$", name)
	return ok && err == nil
}

// writeOverview writes what a leader looks at: the headline figures by group,
// how the units handed in, a chart of each, and where the rest stands.
func (w *writer) writeOverview() error {
	s := &sheet{name: w.names.overview, widths: []float64{34, 10}}
	l := w.Campaign.Letter
	s.head(w.say("TỔNG HỢP ", "CONSOLIDATION: ")+strings.ToUpper(l.Short.In(w.Lang)), title)
	s.head(w.subtitle(), subtitle)
	heads := w.headlines()
	w.headlineTable(s, heads)
	w.remark(s, w.doubleCounting())
	s.add()
	from, to := w.submissionTable(s)
	chartLine := s.n + 1
	if len(w.groups) > 0 {
		categories := func(from, to int) string { return fmt.Sprintf("%s!$A$%d:$A$%d", quoted(s.name), from, to) }
		var series []excelize.ChartSeries
		first := s.heads[1] + 1
		last := first + len(w.groups) - 1
		for i, h := range heads {
			if h.part || len(series) == 4 {
				continue
			}
			column := letters(3 + i)
			series = append(series, excelize.ChartSeries{
				Name:       fmt.Sprintf("%s!$%s$%d", quoted(s.name), column, s.heads[1]),
				Categories: categories(first, last), Values: fmt.Sprintf("%[1]s!$%[2]s$%[3]d:$%[2]s$%[4]d", quoted(s.name), column, first, last),
				Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{chartColours[len(series)]}},
			})
		}
		if len(series) > 0 {
			if err := w.chart(s.name, chartLine, excelize.Col, w.say("Số liệu theo nhóm đơn vị", "Figures by group of units"), series); err != nil {
				return err
			}
			s.drawing = "rId1"
			chartLine += chartLines + 1
		}
		series = nil
		for o := range outcomes - 1 {
			column := letters(3 + int(o))
			series = append(series, excelize.ChartSeries{
				Name:       fmt.Sprintf("%s!$%s$%d", quoted(s.name), column, from-1),
				Categories: categories(from, to), Values: fmt.Sprintf("%[1]s!$%[2]s$%[3]d:$%[2]s$%[4]d", quoted(s.name), column, from, to),
				Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{outcomeColours[o]}},
			})
		}
		if err := w.chart(s.name, chartLine, excelize.ColStacked, w.say("Tình hình nộp theo nhóm đơn vị (số đơn vị)", "How the units handed in, by group (units)"), series); err != nil {
			return err
		}
		s.drawing = "rId1"
		s.breaks = append(s.breaks, s.n)
		for s.n < chartLine+chartLines {
			s.add()
		}
	}
	s.printed = s.n
	w.contents(s)
	// Nothing is repeated on the second page, which holds the charts.
	s.heads = [2]int{0, 0}
	return w.put(s)
}

// chartLines is how many lines of the sheet a chart covers.
const chartLines = 14

var (
	chartColours   = []string{"2E5C8A", "C55A11", "7F7F7F", "548235"}
	outcomeColours = [outcomes]string{"548235", "A9D18E", "FFC000", "F4B183", "C00000", "BFBFBF"}
)

func (w *writer) chart(sheet string, line int, kind excelize.ChartType, name string, series []excelize.ChartSeries) error {
	font := excelize.Font{Family: typeface, Size: 10, Color: "262626"}
	return w.f.AddChart(sheet, ref(1, line), &excelize.Chart{
		Type: kind, Series: series,
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: name, Font: &excelize.Font{Family: typeface, Size: 13, Bold: true}}}},
		Legend:    excelize.ChartLegend{Position: "bottom", Font: &font},
		Dimension: excelize.ChartDimension{Width: 960, Height: 270},
		PlotArea:  excelize.ChartPlotArea{ShowVal: kind == excelize.Col && len(series)*len(w.groups) <= 30},
		XAxis:     excelize.ChartAxis{Font: font},
		YAxis:     excelize.ChartAxis{Font: font, MajorGridLines: true, Minimum: new(float64)},
		Format:    excelize.GraphicOptions{Positioning: "oneCell"},
	})
}

// headlineTable is a line a group, and the straight sum of all.
func (w *writer) headlineTable(s *sheet, heads []headline) {
	cells := []cell{{value: w.say("Nhóm đơn vị", "Group of units"), look: heading}, {value: w.say("Đơn vị có số liệu", "Units with figures"), look: heading}}
	for _, h := range heads {
		cells = append(cells, cell{value: h.label, look: heading})
		width := 10.5
		for g := range len(w.groups) + 1 {
			if v, ok := w.headlineSum(h, g); ok && h.share == 0 {
				width = max(width, digits(v, h.decimal))
			}
		}
		s.widths = append(s.widths, width)
	}
	for len(s.widths) < 2+int(outcomes)+3 {
		s.widths = append(s.widths, 10.5) // of the table below
	}
	line := s.add(cells...)
	s.heads = [2]int{line, line}
	for g := range len(w.groups) + 1 {
		line := s.n + 1
		l := text
		if g == len(w.groups) {
			l.bold, l.fill = true, grey
		}
		number := l
		number.across, number.format = "center", "#,##0"
		cells := []cell{{value: w.groupName(g), look: l}, {value: w.groupCoverage(g), look: number}}
		for _, h := range heads {
			cells = append(cells, w.headlineCell(h, heads, g, line, number))
		}
		s.add(cells...)
	}
}

func (w *writer) headlineSum(h headline, g int) (float64, bool) {
	sum, any := 0.0, false
	for _, i := range h.numbers {
		if v, ok := w.groupSum(g, i); ok {
			sum, any = sum+v, true
		}
	}
	return plain(sum), any
}

func (w *writer) headlineCell(h headline, heads []headline, g, line int, l look) cell {
	out := cell{value: "", look: l}
	out.look.bold = l.bold || !h.part
	if h.decimal {
		out.look.format = "#,##0.00"
	}
	v, ok := w.headlineSum(h, g)
	if h.share > 0 {
		out.look.format = "0.0%"
		base, known := w.headlineSum(heads[h.share-1], g)
		if ok && known && base != 0 {
			out.value = v / base
		}
		at := ref(2+h.share, line)
		mine := slices.IndexFunc(heads, func(x headline) bool { return x.share == 0 && slices.Equal(x.numbers, h.numbers) })
		own := ref(3+mine, line)
		out.formula = fmt.Sprintf(`IF(OR(N(%s)=0,COUNT(%s)=0),"",%[2]s/%[1]s)`, at, own)
		return out
	}
	if ok {
		out.value = v
	}
	if w.groupLine(g) == 0 {
		return out
	}
	areas := w.areas(h.numbers, w.groupLine(g))
	out.formula = fmt.Sprintf(`IF(COUNT(%s)=0,"",SUM(%[1]s))`, areas)
	return out
}

// areas are the cells of some numbers in a line of sums.
func (w *writer) areas(numbers []int, line int) string {
	var areas []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		a := quoted(w.names.units) + "!" + ref(firstFigure+numbers[i], line)
		if end > i {
			a += ":" + ref(firstFigure+numbers[end], line)
		}
		areas, i = append(areas, a), end+1
	}
	return strings.Join(areas, ",")
}

// submissionTable counts how the units of each group handed in, and returns the
// lines of the groups.
func (w *writer) submissionTable(s *sheet) (from, to int) {
	heads := []string{w.say("Tình hình nộp", "How they handed in"), w.say("Số đơn vị", "Units")}
	for o := range outcomes {
		heads = append(heads, w.outcomeWord(o))
	}
	heads = append(heads, w.say("Gia hạn", "Extended"), w.say("Nhận ngoài hộp thư", "Outside the mailbox"), w.say("Chờ xác nhận", "Unconfirmed"))
	var cells []cell
	for _, h := range heads {
		cells = append(cells, cell{value: h, look: heading})
	}
	s.add(cells...)
	from = s.n + 1
	at := w.handed.columns
	type column struct {
		column    int
		criterion string
		keep      func(*standing.Unit) bool
	}
	var columns []column
	for o := range outcomes {
		columns = append(columns, column{at.outcome, criterion(w.outcomeWord(o)), func(u *standing.Unit) bool { return outcomeOf(u) == o }})
	}
	columns = append(columns,
		column{at.extended, `"?*"`, func(u *standing.Unit) bool { return u.Extended }},
		column{at.outside, `"?*"`, func(u *standing.Unit) bool {
			return slices.ContainsFunc(u.Counted, func(c standing.Counted) bool { return c.Decision != "" })
		}},
		column{at.claimed, `"?*"`, func(u *standing.Unit) bool { return u.Claimed }})
	for g, k := range w.groups {
		cells := []cell{{value: k.name, look: text}, {value: k.to - k.from, look: centred,
			formula: fmt.Sprintf("COUNTA(%s!$B$%d:$B$%d)", quoted(w.names.submission), w.handed.from[g], w.handed.to[g])}}
		for _, c := range columns {
			n := 0
			for i := k.from; i < k.to; i++ {
				if c.keep(w.rows[i].at) {
					n++
				}
			}
			cells = append(cells, cell{value: n, look: centred, formula: fmt.Sprintf("COUNTIFS(%[1]s!$%[2]s$%[3]d:$%[2]s$%[4]d,%[5]s)",
				quoted(w.names.submission), letters(c.column), w.handed.from[g], w.handed.to[g], c.criterion)})
		}
		s.add(cells...)
	}
	to = s.n
	bold := centred
	bold.bold, bold.fill = true, grey
	left := bold
	left.across = "left"
	cells = []cell{{value: w.say("Tất cả", "All"), look: left}, {value: len(w.rows), look: bold}}
	for _, c := range columns {
		n := 0
		for i := range w.rows {
			if c.keep(w.rows[i].at) {
				n++
			}
		}
		cells = append(cells, cell{value: n, look: bold})
	}
	for i := 1; i < len(cells) && to >= from; i++ {
		cells[i].formula = fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", letters(i+1), from, to)
	}
	s.add(cells...)
	return from, to
}

// contents says what else is in the workbook, and leads there.
func (w *writer) contents(s *sheet) {
	s.add()
	s.add(cell{value: w.say("Các biểu kèm theo", "What follows"), look: look{bold: true}})
	l := look{link: true}
	lead := func(name, about string) {
		line := s.add(cell{value: name, look: l}, cell{value: about})
		s.links = append(s.links, [2]string{ref(1, line), quoted(name) + "!A1"})
	}
	for i, x := range w.subjects {
		lead(w.names.subjects[i], x.title)
	}
	lead(w.names.units, w.say("Số liệu từng đơn vị, cộng theo nhóm rồi cộng thẳng", "Figures by unit, summed by group, then straight"))
	lead(w.names.submission, w.say("Từng đơn vị nộp gì, lúc nào", "What each unit handed in, and when"))
	lead(w.names.sources, w.say("Từng con số lấy từ tệp nào, ô nào", "From which file and cell each figure comes"))
}
