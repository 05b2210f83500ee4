package document

import (
	"bytes"
	"cmp"
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
)

// readPDF reads the text of a PDF in the order in which its pages draw it,
// which is the order in which office programs write: line by line, a table
// cell by cell. Pages that draw without order are read from top to bottom.
// Lines that fill the page are joined with what follows them.
//
// We read PDFs ourselves, and of them only what text needs, because a stranger
// chooses how deep they nest and how much they unpack to, and no library takes
// a limit for that.
func (d *Document) readPDF(data []byte) {
	f, err := openPDF(data)
	switch {
	case errors.Is(err, errLocked):
		d.Problem = Locked
		return
	case err != nil:
		d.Problem = Damaged
		return
	}
	pages := f.pages()
	if len(pages) == 0 && !f.rebuilt {
		f.rebuild()
		pages = f.pages()
	}
	if len(pages) == 0 {
		d.Problem = Damaged
		return
	}
	d.Pages = len(pages)
	r := &pdfReader{f: f, flow: &flow{}, fonts: map[any]*pdfFont{}}
	for _, p := range pages {
		r.page(p)
		if r.flow.full || f.tokens > maxPDFTokens || f.work >= maxPDFWork {
			break
		}
	}
	r.flow.finish(d)
	if d.Problem == Empty {
		// Not a word, and nothing that we know for a picture: letters drawn as
		// lines, say. What there is to see is for people.
		d.Problem, d.Scan = "", true
	}
	d.Cut = d.Cut || f.tokens > maxPDFTokens || f.work >= maxPDFWork
}

// pdfPage is a page with what it inherits.
type pdfPage struct {
	contents  any
	resources pdfDict
}

// pages are those of the document in order, ISO 32000-1 §7.7.3.
func (f *pdfFile) pages() []pdfPage {
	var out []pdfPage
	seen := map[pdfRef]bool{}
	var walk func(v any, resources pdfDict, depth int)
	walk = func(v any, resources pdfDict, depth int) {
		if ref, ok := v.(pdfRef); ok {
			if seen[ref] {
				return
			}
			seen[ref] = true
		}
		node := f.dict(v)
		if node == nil || depth > maxPDFDepth || len(out) >= maxPDFPages {
			return
		}
		if own := f.dict(node["Resources"]); own != nil {
			resources = own
		}
		kids := f.array(node["Kids"])
		if kids == nil {
			if f.name(node["Type"]) != "Pages" {
				out = append(out, pdfPage{node["Contents"], resources})
			}
			return
		}
		for _, kid := range kids {
			walk(kid, resources, depth+1)
		}
	}
	walk(f.dict(f.trailer["Root"])["Pages"], nil, 0)
	return out
}

// pdfReader draws pages, for their text.
type pdfReader struct {
	f                  *pdfFile
	flow               *flow
	fonts              map[any]*pdfFont // by reference
	lines              []pdfLine        // of the page being read
	forms              int              // drawn on it, one within another
	now                pdfState
	saved              []pdfState
	matrix, lineMatrix pdfMatrix
}

// pdfState is what a page saves and restores (§8.4, 9.3).
type pdfState struct {
	matrix                                        pdfMatrix
	font                                          *pdfFont
	size, spacing, wordSpacing, scale, lead, rise float64
}

// pdfMatrix is [a b c d e f] of §8.3.3.
type pdfMatrix [6]float64

var pdfUnit = pdfMatrix{1, 0, 0, 1, 0, 0}

// times is m drawn within n.
func (m pdfMatrix) times(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pdfLine is text on one line of a page. Along and across are measured in the
// direction of writing, down being less.
type pdfLine struct {
	runs          []run
	from, to      float64 // along
	across        float64
	size          float64
	angle         float64
	last          string  // what was written last, and where: letters drawn twice are bold
	lastAt        float64 // along
	bold, written bool
}

func (r *pdfReader) page(p pdfPage) {
	r.lines = nil
	r.now = pdfState{matrix: pdfUnit, scale: 1}
	r.saved = nil
	var content []byte
	parts := r.f.array(p.contents)
	if parts == nil {
		parts = pdfArray{p.contents}
	}
	for _, part := range parts[:min(len(parts), 10_000)] {
		if s, ok := r.f.resolve(part).(pdfStream); ok {
			content = append(append(content, r.f.unpack(s)...), '\n')
		}
	}
	r.draw(content, p.resources)
	r.write()
}

// draw reads the operators of a content, Annex A of ISO 32000-1.
func (r *pdfReader) draw(content []byte, resources pdfDict) {
	l := &pdfLexer{f: r.f, data: content}
	var args []any
	number := func(i int) float64 {
		if i < len(args) {
			n, _ := args[i].(float64)
			return n
		}
		return 0
	}
	matrix := func() pdfMatrix {
		return pdfMatrix{number(0), number(1), number(2), number(3), number(4), number(5)}
	}
	for !l.end() && !r.flow.full {
		v := l.object(0)
		word, ok := v.(pdfWord)
		if !ok {
			if len(args) < 64 {
				args = append(args, v)
			}
			continue
		}
		switch word {
		case "q":
			if len(r.saved) < 1000 {
				r.saved = append(r.saved, r.now)
			}
		case "Q":
			if n := len(r.saved); n > 0 {
				r.now, r.saved = r.saved[n-1], r.saved[:n-1]
			}
		case "cm":
			r.now.matrix = matrix().times(r.now.matrix)
		case "BT":
			r.matrix, r.lineMatrix = pdfUnit, pdfUnit
		case "Tf":
			if len(args) > 0 {
				name, _ := args[0].(pdfName)
				r.now.font = r.font(r.f.dict(resources["Font"])[name])
			}
			r.now.size = number(1)
		case "Tc":
			r.now.spacing = number(0)
		case "Tw":
			r.now.wordSpacing = number(0)
		case "Tz":
			r.now.scale = number(0) / 100
		case "TL":
			r.now.lead = number(0)
		case "Ts":
			r.now.rise = number(0)
		case "Td":
			r.moveLine(number(0), number(1))
		case "TD":
			r.now.lead = -number(1)
			r.moveLine(number(0), number(1))
		case "Tm":
			r.matrix = matrix()
			r.lineMatrix = r.matrix
		case "T*":
			r.moveLine(0, -r.now.lead)
		case "'", "\"":
			if word == "\"" {
				r.now.wordSpacing, r.now.spacing = number(0), number(1)
			}
			r.moveLine(0, -r.now.lead)
			fallthrough
		case "Tj":
			if n := len(args); n > 0 {
				s, _ := args[n-1].(pdfString)
				r.show(s)
			}
		case "TJ":
			if len(args) > 0 {
				list, _ := args[0].(pdfArray)
				for _, v := range list {
					switch v := v.(type) {
					case pdfString:
						r.show(v)
					case float64:
						r.advance(-v / 1000 * r.now.size * r.now.scale)
					}
				}
			}
		case "Do":
			if len(args) > 0 {
				name, _ := args[0].(pdfName)
				r.object(r.f.dict(resources["XObject"])[name], resources)
			}
		case "BI":
			r.flow.pictures++
			l.skipPicture()
		}
		args = args[:0]
	}
}

// skipPicture passes over the bytes of a picture within a content.
func (l *pdfLexer) skipPicture() {
	for !l.end() {
		if w, ok := l.object(0).(pdfWord); ok && w == "ID" {
			break
		}
	}
	for {
		i := bytes.Index(l.data[min(l.at, len(l.data)):], []byte("EI"))
		if i < 0 {
			l.at = len(l.data)
			return
		}
		end := l.at + i
		l.at = end + 2
		if end > 0 && white(l.data[end-1]) && (l.at >= len(l.data) || white(l.data[l.at])) {
			return
		}
	}
}

// object draws what a page refers to: a picture, or a form with text.
func (r *pdfReader) object(v any, resources pdfDict) {
	s, ok := r.f.resolve(v).(pdfStream)
	if !ok {
		return
	}
	switch r.f.name(s.dict["Subtype"]) {
	case "Image":
		r.flow.pictures++
	case "Form":
		if r.forms >= 12 {
			return
		}
		r.forms++
		saved, deep := r.now, len(r.saved)
		matrix, line := r.matrix, r.lineMatrix
		if m := r.f.array(s.dict["Matrix"]); len(m) == 6 {
			var own pdfMatrix
			for i := range own {
				own[i] = r.f.number(m[i])
			}
			r.now.matrix = own.times(r.now.matrix)
		}
		if own := r.f.dict(s.dict["Resources"]); own != nil {
			resources = own
		}
		r.draw(r.f.unpack(s), resources)
		r.now, r.matrix, r.lineMatrix = saved, matrix, line
		r.saved = r.saved[:min(deep, len(r.saved))]
		r.forms--
	}
}

func (r *pdfReader) font(v any) *pdfFont {
	ref, ok := v.(pdfRef)
	if ok {
		if p := r.fonts[ref]; p != nil {
			return p
		}
	}
	p := r.f.fontOf(v)
	if ok && len(r.fonts) < maxFonts {
		r.fonts[ref] = p
	}
	return p
}

func (r *pdfReader) moveLine(x, y float64) {
	r.lineMatrix = pdfMatrix{1, 0, 0, 1, x, y}.times(r.lineMatrix)
	r.matrix = r.lineMatrix
}

func (r *pdfReader) advance(x float64) {
	r.matrix = pdfMatrix{1, 0, 0, 1, x, 0}.times(r.matrix)
}

// show writes a string at the current place and moves on by its width.
func (r *pdfReader) show(s pdfString) {
	p := r.now.font
	if p == nil || s == "" {
		return
	}
	at := pdfMatrix{1, 0, 0, 1, 0, r.now.rise}.times(r.matrix).times(r.now.matrix)
	var text strings.Builder
	width := 0.0
	p.text(s, func(t string, w float64, space bool) {
		text.WriteString(t)
		width += (w*r.now.size + r.now.spacing) * r.now.scale
		if space {
			width += r.now.wordSpacing * r.now.scale
		}
	})
	r.advance(width)
	size := math.Abs(r.now.size) * math.Hypot(at[2], at[3])
	stretch := math.Hypot(at[0], at[1])
	angle := math.Atan2(at[1], at[0])
	if !(size > 0 && size < 1e5) || text.Len() == 0 || !(math.Abs(at[4]) < 1e7) || !(math.Abs(at[5]) < 1e7) || !(math.Abs(width) < 1e7) {
		return
	}
	sin, cos := math.Sincos(angle)
	r.place(text.String(), at[4]*cos+at[5]*sin, at[5]*cos-at[4]*sin, math.Abs(width)*stretch, size, angle, p)
}

const maxPDFLines = 20_000 // of a page

// place puts text onto the line that is being written, or begins another.
func (r *pdfReader) place(text string, along, across, width, size, angle float64, p *pdfFont) {
	var line *pdfLine
	if n := len(r.lines); n > 0 {
		line = &r.lines[n-1]
	}
	if line == nil || math.Abs(line.angle-angle) > 0.02 || math.Abs(line.across-across) > 0.45*max(line.size, size) || along < line.from-20*size {
		if len(r.lines) >= maxPDFLines {
			return
		}
		r.lines = append(r.lines, pdfLine{from: along, to: along, across: across, size: size, angle: angle, bold: p.bold})
		line = &r.lines[len(r.lines)-1]
	}
	if text == line.last && math.Abs(along-line.lastAt) < 0.1*size {
		return
	}
	line.last, line.lastAt = text, along
	if len(line.runs) > 0 {
		text = between(along-line.to, size, line.runs[len(line.runs)-1].text, text) + text
	}
	line.runs = join(line.runs, text, p.name, p.bold)
	line.from, line.to = min(line.from, along), along+width
	if strings.TrimSpace(text) != "" {
		line.size, line.across = max(line.size, size), across
		line.bold = line.bold && p.bold
		line.written = true
	}
}

// between is what stands between two pieces of text on a line: nothing, a
// space that was only left free, or a tab between columns.
func between(gap, size float64, before []byte, after string) string {
	switch {
	case gap > 2*size || gap < -2*size:
		return "\t"
	case gap > 0.18*size && !strings.HasSuffix(string(before[max(0, len(before)-1):]), " ") && !strings.HasPrefix(after, " "):
		return " "
	}
	return ""
}

// write makes the lines of a page into paragraphs.
func (r *pdfReader) write() {
	lines := slices.DeleteFunc(r.lines, func(l pdfLine) bool { return !l.written })
	if unordered(lines) {
		lines = ordered(lines)
	}
	left, right := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		if l.angle == lines[0].angle {
			left, right = min(left, l.from), max(right, l.to)
		}
	}
	var runs []run
	for i, l := range lines {
		if i > 0 && continues(lines[i-1], l, left, right) {
			runs = join(runs, " ", runs[len(runs)-1].font, runs[len(runs)-1].bold)
			for _, x := range l.runs {
				runs = join(runs, string(x.text), x.font, x.bold)
			}
			continue
		}
		if i > 0 {
			r.flow.paragraph(aText, runs)
		}
		runs = l.runs
	}
	if len(runs) > 0 {
		r.flow.paragraph(aText, runs)
	}
}

// continues reports whether a line goes on with the paragraph of the one above:
// that one fills the page to its right edge, and this one begins no item.
func continues(above, l pdfLine, left, right float64) bool {
	down := above.across - l.across
	if above.angle != l.angle || down <= 0 || down > 2.2*l.size || math.Abs(above.size-l.size) > 0.1*l.size || above.bold != l.bold {
		return false
	}
	if above.to-above.from < 15*l.size || above.to < right-0.07*(right-left) || l.from > above.from+l.size {
		return false
	}
	return !item.Match(l.runs[0].text)
}

var item = regexp.MustCompile(`^\s*([-–+•*●]|(\d{1,2}\.)*\d{1,2}[.)]|[IVXLC]{1,5}[.)]|\pL\))\s?`)

// unordered reports whether the lines of a page jump upwards so often that the
// page was not drawn as it is read.
func unordered(lines []pdfLine) bool {
	jumps := 0
	for i := 1; i < len(lines); i++ {
		if lines[i].across > lines[i-1].across+lines[i].size {
			jumps++
		}
	}
	return len(lines) > 8 && jumps*3 > len(lines)
}

// ordered puts lines from top to bottom, and what stands beside each other
// onto one.
func ordered(lines []pdfLine) []pdfLine {
	slices.SortStableFunc(lines, func(a, b pdfLine) int {
		return cmp.Or(cmp.Compare(a.angle, b.angle), -cmp.Compare(a.across, b.across), cmp.Compare(a.from, b.from))
	})
	for i := 0; i < len(lines); {
		end := i + 1
		for end < len(lines) && lines[end].angle == lines[i].angle && lines[i].across-lines[end].across < 0.4*lines[i].size {
			end++
		}
		slices.SortStableFunc(lines[i:end], func(a, b pdfLine) int { return cmp.Compare(a.from, b.from) })
		i = end
	}
	out := lines[:0:0]
	for _, l := range lines {
		n := len(out)
		if n > 0 && out[n-1].angle == l.angle && math.Abs(out[n-1].across-l.across) < 0.4*l.size && l.from >= out[n-1].from {
			last := &out[n-1]
			last.runs = join(last.runs, cmp.Or(between(l.from-last.to, l.size, last.runs[len(last.runs)-1].text, ""), " "), l.runs[0].font, l.runs[0].bold)
			for _, x := range l.runs {
				last.runs = join(last.runs, string(x.text), x.font, x.bold)
			}
			last.to, last.bold = max(last.to, l.to), last.bold && l.bold
			continue
		}
		out = append(out, l)
	}
	return out
}
