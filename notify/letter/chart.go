package letter

import (
	"strconv"
	"strings"
)

// chartMark begins the written line of a chart: labels and counts, parted by
// tabs, which no stranger's words can hold.
const chartMark = "%\t"

// bar is one stretch of a chart.
type bar struct {
	Label  string // "đủ 38 (54,3%)"
	Width  int    // in hundredths; 0: nothing to draw
	Colour string
	glyph  string
}

// chart writes one stacked bar: of all units, how many are where. It is drawn
// with the cells of a table, so that it needs no picture, and in the plain text
// with blocks; the numbers beside it say the same.
func (v *view) chart(sum Row) string {
	b := strings.Builder{}
	b.WriteString("%")
	for _, x := range []struct {
		n      int
		vi, en string
	}{{sum.Complete, "đủ", "complete"}, {sum.Partial, "thiếu", "partial"}, {sum.Fixing, "chờ sửa", "to mend"}, {sum.None, "chưa gửi", "nothing"}} {
		share := 0.0
		if sum.Total > 0 {
			share = float64(x.n) / float64(sum.Total)
		}
		b.WriteString("\t" + strconv.Itoa(x.n) + "\t" + v.either(x.vi, x.en) + " " + number(v.Lang, float64(x.n)) + " (" + percent(v.Lang, share) + ")")
	}
	return b.String()
}

// brushes are what the stretches are drawn with: colours that differ in
// brightness as well, for whoever does not see all of them.
var brushes = []struct{ colour, glyph string }{
	{"#1b7a3d", "█"}, {"#e0a21b", "▓"}, {"#2f6fb5", "▒"}, {"#b9c0ca", "·"},
}

// readChart takes a chart's line apart, after its mark.
func readChart(line string) []bar {
	cells := strings.Split(line, "\t")
	var bars []bar
	var counts []int
	for i := 0; i+1 < len(cells) && i/2 < len(brushes); i += 2 {
		n, _ := strconv.Atoi(cells[i])
		counts = append(counts, n)
		bars = append(bars, bar{Label: strings.TrimSpace(cells[i+1]), Colour: brushes[i/2].colour, glyph: brushes[i/2].glyph})
	}
	for i, w := range divide(counts, 100) {
		bars[i].Width = w
	}
	return bars
}

// divide parts a length among counts in proportion; what is not nothing gets
// one at least, and the largest pays for it.
func divide(counts []int, length int) []int {
	sum, largest := 0, 0
	for i, n := range counts {
		sum += n
		if n > counts[largest] {
			largest = i
		}
	}
	out := make([]int, len(counts))
	if sum == 0 {
		return out
	}
	rest := length
	for i, n := range counts {
		if n > 0 {
			out[i] = max(1, n*length/sum)
		}
		rest -= out[i]
	}
	out[largest] += rest
	return out
}

// Drawn are the stretches that there is something of.
func (b block) Drawn() []bar {
	var drawn []bar
	for _, x := range b.Bars {
		if x.Width > 0 {
			drawn = append(drawn, x)
		}
	}
	return drawn
}

// draw writes the chart as text.
func draw(bars []bar) string {
	var widths []int
	for _, b := range bars {
		widths = append(widths, b.Width)
	}
	var line, legend []string
	for i, n := range divide(widths, 40) {
		line = append(line, strings.Repeat(bars[i].glyph, n))
		legend = append(legend, bars[i].glyph+" "+bars[i].Label)
	}
	return strings.Join(line, "") + "\n" + strings.Join(legend, "  ") + "\n"
}
