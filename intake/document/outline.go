package document

import (
	"strings"

	"dondoc/intake/finding"
)

// Head is something that a document has to contain, and the phrases by which
// a head of it is known.
type Head struct {
	Name  string
	Words []string
}

// lacking are the sections of a report that no head in it speaks of, by their
// names (R02). A head stands on a short line, or begins a longer one; what
// the title of the report says is no head.
func lacking(d Document, heads []Head) []string {
	found := make([]bool, len(heads))
	for _, line := range afterTitle(d.paragraphs()) {
		text := " " + words(headStart(line)) + " "
		for at, h := range heads {
			found[at] = found[at] || saysAny(text, h.Words)
		}
	}
	var missing []string
	for at, h := range heads {
		if !found[at] {
			missing = append(missing, h.Name)
		}
	}
	return missing
}

// headStart is as much of a line as may be a head.
func headStart(line string) string {
	const short, start = 250, 120 // bytes
	if len(line) > short {
		return bounded(line, start)
	}
	return line
}

// saysAny reports whether text, words between spaces, holds one of the phrases.
func saysAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, " "+p+" ") {
			return true
		}
	}
	return false
}

// afterTitle is what follows the title of a report: its first numbered line,
// or where it says why it is written.
func afterTitle(lines []string) []string {
	titled := false
	for i, line := range lines[:min(len(lines), 60)] {
		head := finding.Plain(line)
		titled = titled || head == "bao cao" || strings.HasPrefix(head, "bao cao ")
		if titled && numbered.MatchString(line) {
			return lines[i:]
		}
	}
	return lines
}

// writeUp is one model's part of a document.
type writeUp struct {
	title string
	lines []string
}

// writeUps parts a document at the lines that name models. Without such lines
// all of it is one.
func writeUps(d Document, o Outline) []writeUp {
	var out []writeUp
	titles := modelTitles(d.Text, o)
	for _, line := range d.paragraphs() {
		if _, ok := nameLine(line, o); ok && len(out) < len(titles) {
			out = append(out, writeUp{title: titles[len(out)]})
		}
		if n := len(out); n > 0 {
			out[n-1].lines = append(out[n-1].lines, line)
		}
	}
	if len(out) == 0 {
		title := ""
		if len(titles) > 0 {
			title = titles[0]
		}
		return []writeUp{{title: title, lines: d.paragraphs()}}
	}
	return out
}

// lacking are the contents of which the write-up has no head, by their names
// (M03). One that is written in one piece has what its words speak of.
func (w writeUp) lacking(contents []Head) []string {
	found, heads := w.heads(contents)
	if heads < 3 {
		whole := " " + words(strings.Join(w.lines, " ")) + " "
		for at, c := range contents {
			found[at] = found[at] || at == 0 || saysAny(whole, c.Words)
		}
	}
	var missing []string
	for at, c := range contents {
		if !found[at] && (at > 0 || w.title == "") {
			missing = append(missing, c.Name)
		}
	}
	return missing
}

// heads are the contents of which the write-up has a head, and how many.
func (w writeUp) heads(contents []Head) (found []bool, heads int) {
	found = make([]bool, len(contents))
	for _, line := range w.lines {
		text := words(numbering.ReplaceAllString(headStart(line), ""))
		for at, c := range contents {
			if !found[at] && startsAny(text, c.Words) {
				found[at], heads = true, heads+1
				break
			}
		}
	}
	return found, heads
}

func startsAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if text == p || strings.HasPrefix(text, p+" ") {
			return true
		}
	}
	return false
}
