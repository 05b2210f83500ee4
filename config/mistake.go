package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong in a campaign directory: where it stands,
// what was found, what was expected, and how to mend it, in the operator's
// language. It never repeats a secret.
type Mistake struct {
	File   string // "campaign.yaml", "units.xlsx"; empty: the directory itself
	Line   int    // from 1; 0: the file as a whole
	Column int    // from 1; 0: the line as a whole
	Cell   string // "E7" in a roster
	VI, EN string // a sentence, without the place
}

// In returns the mistake with its place, in lang ("vi" or "en").
func (m Mistake) In(lang string) string {
	row, column, cell, text := "dòng", "cột", "ô", m.VI
	if lang == "en" {
		row, column, cell, text = "line", "column", "cell", m.EN
	}
	var place []string
	if m.File != "" {
		place = append(place, m.File)
	}
	if m.Cell != "" {
		place = append(place, cell+" "+m.Cell)
	}
	if m.Line > 0 {
		place = append(place, fmt.Sprintf("%s %d", row, m.Line))
	}
	if m.Column > 0 {
		place = append(place, fmt.Sprintf("%s %d", column, m.Column))
	}
	if len(place) == 0 {
		return text
	}
	return strings.Join(place, ", ") + ": " + text
}

// Error is the mistake in Vietnamese.
func (m Mistake) Error() string { return m.In("vi") }

// Mistakes are all the mistakes of a campaign directory that could be found
// at once. As an error it is never empty.
type Mistakes []Mistake

// Error is the list in Vietnamese.
func (m Mistakes) Error() string { return m.In("vi") }

// In returns the mistakes in lang, one a line.
func (m Mistakes) In(lang string) string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].In(lang)
	}
	return strings.Join(lines, "\n")
}

// err returns nil for an empty list, which a plain conversion would not.
func (m Mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	m.sort()
	return m
}

// sort puts the mistakes in the order in which a person mends them.
func (m Mistakes) sort() {
	slices.SortStableFunc(m, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// say adds a mistake; vi and en are formats of the same arguments.
func (m *Mistakes) say(at Mistake, vi, en string, args ...any) {
	at.VI, at.EN = fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...)
	*m = append(*m, at)
}

// wrong is a single mistake as an error.
func wrong(file, vi, en string, args ...any) error {
	var m Mistakes
	m.say(Mistake{File: file}, vi, en, args...)
	return m
}

// show quotes what an operator wrote, so that stray blanks can be seen, and
// shortens it.
func show(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
