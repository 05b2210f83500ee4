package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// maxQuoted bounds what is quoted of one document, in bytes: a report of a
// hundred pages.
const maxQuoted = 256 << 10

// Quote parts a document at the heads of the outline: a report at its Sections,
// write-ups of models at its Contents. models is how many write-ups a report
// holds besides. Nothing is left out: what stands before the first head, under
// a head of its own, or after the end is a passage under none.
//
// A heading is known by the longest phrase of the outline in it. One that
// stands deeper than the heading above it goes on with that one's section,
// unless it is a part of it (3.1 of 3) or has an outline's head in full.
func Quote(d Document, kind string, models int, o Outline) finding.Quotation {
	if o.Report == nil && o.Model == nil {
		sections, contents := o.Sections, o.Contents
		o = DefaultOutline
		o.Sections, o.Contents = sections, contents
	}
	// Whatever heading comes first is no deeper than what stands before it.
	q := &quoting{head: finding.NoHead, level: lettered, headings: map[string]bool{}, model: kind == finding.Model, models: models, o: o.folded()}
	out := finding.Quotation{Scan: d.Scan, Problem: d.Problem, Cut: d.Cut}
	if d.Scan {
		return out
	}
	for _, h := range d.Headings {
		q.headings[h] = true
	}
	q.sections, q.contents = heads(o.Sections), heads(o.Contents)
	lines := paragraphsOf(d)
	if q.model {
		q.write = 1
	} else {
		q.preamble = len(lines) - len(afterTitle(lines))
	}
	size := 0
	for _, line := range lines {
		if size += len(line) + 1; size > maxQuoted {
			out.Cut = true
			break
		}
		q.add(line)
	}
	out.Passages = q.passages
	return out
}

// paragraphsOf are the lines of a text that say something. Those of a PDF are
// lines of a page, and are put together again to paragraphs.
func paragraphsOf(d Document) []string {
	var lines []string
	for line := range strings.Lines(d.Text) {
		cells := strings.Split(line, "\t")
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ")
		}
		line = strings.Trim(strings.Join(cells, "\t"), "\t")
		if line == "" {
			continue
		}
		if n := len(lines); d.Kind == PDF && n > 0 && goesOn(lines[n-1], line) {
			lines[n-1] += " " + line
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// goesOn reports whether a line of a page goes on with the paragraph before: it
// begins in small letters, or what is before it fills its line and does not end
// a sentence.
func goesOn(before, line string) bool {
	const full = 60 // characters, of a line of A4 that is not the last
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(line)
	switch {
	case strings.ContainsRune(".;:!?", last), strings.ContainsRune(before+line, '\t'):
		return false
	case levelOf(line) >= 0, strings.ContainsRune("-–—+*•", first):
		return false
	case unicode.IsLower(first):
		return true
	}
	at := before[strings.LastIndexByte(before, '\n')+1:]
	return utf8.RuneCountInString(at) >= full && !unicode.IsUpper(first)
}

// aHead is a head of the outline as headings are compared with it.
type aHead struct {
	number  string // "3.1", as the outline itself numbers it
	name    string // without the number
	phrases []string
}

func heads(list []Head) []aHead {
	all := make([]aHead, len(list))
	for i, h := range list {
		name := strings.TrimLeft(numbering.ReplaceAllString(h.Name, ""), " ")
		all[i] = aHead{strings.Trim(ownNumber.FindString(h.Name), " ."), words(name), wordsOf(h.Words)}
	}
	return all
}

var ownNumber = regexp.MustCompile(`^\s*\d{1,2}(\.\d{1,2})*`)

// quoting is a document being parted.
type quoting struct {
	o                  Outline
	sections, contents []aHead
	headings           map[string]bool
	preamble           int // lines before the first in which heads may be
	model              bool
	models             int
	passages           []finding.Passage

	at, head, level int  // of the section being read
	write           int  // which write-up
	named           bool // it has begun by its name; what stands before is its too
}

// levels of headings by their numbering; unnumbered is that of a heading
// without one.
const (
	part       = iota // "Phần I", "A."
	roman             // "I."
	arabic            // "1.", one more for each further number
	lettered   = 9    // "a)"
	unnumbered = -1
)

var numberOf = regexp.MustCompile(`^\s*(?:((?i:phần|chương)\s+(?i:thứ\s+)?[\pL\d]+|[A-H])[.:)]?\s|([IVX]{1,5})\s*[.):\-–/]|(\d{1,2}(?:\.\d{1,2}){0,3})\s*[.):\-–]?\s*[^\d\s.,/%]|([a-zđ])\s*[.)])`)

// levelOf is the level that a line's own numbering gives it.
func levelOf(line string) int {
	m := numberOf.FindStringSubmatch(line)
	switch {
	case m == nil:
		return unnumbered
	case m[1] != "":
		return part
	case m[2] != "":
		return roman
	case m[3] != "":
		if at := strings.Index(line, m[3]) + len(m[3]); strings.Count(m[3], ".") == 0 && !strings.ContainsAny(line[at:min(at+3, len(line))], ".):-") {
			return unnumbered // "20 mô hình" is a number of things
		}
		return arabic + strings.Count(m[3], ".")
	}
	return lettered
}

func (q *quoting) add(line string) {
	at := q.at
	q.at++
	if q.model || q.models > 0 {
		if name, ok := nameLine(line, q.o); ok {
			q.beginModel(name, line)
			return
		}
	}
	switch {
	case strings.HasPrefix(finding.Plain(line), "noi nhan"):
		q.open(finding.NoHead, part, "", line)
	case q.write > 0:
		q.inModel(line)
	case at < q.preamble:
		q.text(line)
	default:
		q.inReport(line)
	}
}

// text adds a line to the passage being read.
func (q *quoting) text(line string) {
	if len(q.passages) == 0 {
		q.passages = append(q.passages, finding.Passage{Head: finding.NoHead, Model: q.write})
	}
	last := &q.passages[len(q.passages)-1]
	last.Lines = append(last.Lines, line)
}

// open begins a passage. A heading is its title; of a line that goes on after
// the head nothing is taken away.
func (q *quoting) open(head, level int, title, line string) {
	p := finding.Passage{Head: head, Model: q.write, Title: title}
	if line != "" {
		p.Lines = []string{line}
	}
	q.passages = append(q.passages, p)
	q.head, q.level = head, level
}

const shortHead = 250 // bytes: a longer line is no heading, and may begin with one

func (q *quoting) inReport(line string) {
	level := levelOf(line)
	styled := q.headings[line]
	if level == unnumbered && !styled || strings.ContainsRune(line, '\t') {
		q.text(line)
		return
	}
	long := len(line) > shortHead
	w := words(numbering.ReplaceAllString(headStart(line), ""))
	head, strong := match(q.sections, w)
	deeper := q.head != finding.NoHead || len(q.passages) > 1
	switch { // whether it stands below the heading above
	case level == unnumbered && q.level == unnumbered, level != unnumbered && q.level != unnumbered && level <= q.level:
		deeper = false
	}
	switch {
	case strings.HasPrefix(w, "bao cao"):
		q.text(line) // "I. Báo cáo kết quả …" is the head of all of it
	case head == finding.NoHead && (long || deeper || level == unnumbered):
		q.text(line)
	case head == finding.NoHead:
		q.open(head, level, line, "")
	case long && !strong:
		q.text(line)
	case deeper && !strong && !q.within(head):
		q.text(line)
	case long:
		q.open(head, level, "", line)
	case head == q.head && deeper:
		q.text(line) // a heading within its section
	default:
		q.open(head, level, line, "")
	}
}

// within reports whether a head is a part of the one being read, or whether the
// outline does not say what is part of what.
func (q *quoting) within(head int) bool {
	if q.head == finding.NoHead {
		return false
	}
	above, below := q.sections[q.head].number, q.sections[head].number
	return above == "" || below == "" || head == q.head || strings.HasPrefix(below, above+".")
}

// match is the head of which a heading has the longest phrase; strong when it
// begins with the head itself.
func match(heads []aHead, heading string) (head int, strong bool) {
	head = finding.NoHead
	best, text := 0, " "+heading+" "
	for i, h := range heads {
		score, full := 0, false
		for _, p := range h.phrases {
			if len(p) > score && strings.Contains(text, " "+p+" ") {
				score = len(p)
			}
		}
		if h.name != "" && strings.HasPrefix(text, " "+h.name+" ") {
			score, full = 1000+len(h.name), true
		}
		if score > best {
			head, best, strong = i, score, full
		}
	}
	return head, strong
}

// beginModel begins a write-up, unless the line says the name of the one being
// read once more.
func (q *quoting) beginModel(name, line string) {
	if q.named && name != "" && finding.Plain(q.modelName()) == finding.Plain(name) {
		q.text(line)
		return
	}
	if q.named || q.write == 0 {
		q.write++
	}
	q.named = true
	first := min(0, len(q.contents)-1)
	if name == "" {
		q.open(first, lettered, line, "")
		return
	}
	q.open(first, lettered, "", line)
	q.passages[len(q.passages)-1].Name = name
}

// modelName is the name of the write-up being read.
func (q *quoting) modelName() string {
	for _, p := range slices.Backward(q.passages) {
		if p.Model == q.write && p.Name != "" {
			return p.Name
		}
	}
	return ""
}

func (q *quoting) inModel(line string) {
	if last := len(q.passages) - 1; q.named && last >= 0 && q.passages[last].Head == 0 && len(q.passages[last].Lines) == 0 {
		// The name stands on the line after its head.
		q.passages[last].Name = cleanTitle(line)
		q.text(line)
		return
	}
	w := words(numbering.ReplaceAllString(headStart(line), ""))
	for i, c := range q.contents {
		if i == 0 || i <= q.head || !startsAny(w, c.phrases) {
			continue
		}
		alone := len(line) <= shortHead/2 && !strings.HasSuffix(strings.TrimSpace(line), ".")
		runIn := strings.IndexByte(line[:min(len(line), 150)], ':') >= 0
		switch {
		case strings.ContainsRune(line, '\t'):
		case q.headings[line], levelOf(line) >= 0 && len(line) <= shortHead && !runIn, alone && !runIn, alone && strings.HasSuffix(line, ":"):
			q.open(i, lettered, line, "")
			return
		case runIn:
			q.open(i, lettered, "", line)
			return
		}
	}
	q.text(line)
}
