package docx

import (
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// markup is XML that is well-formed by the way it is written: an element is
// closed by the function that opens it.
type markup struct{ bytes.Buffer }

// in writes an element around what inside writes. The attributes are names and
// values in turn.
func (m *markup) in(name string, inside func(), attributes ...string) {
	m.open(name, attributes)
	m.WriteByte('>')
	inside()
	m.WriteString("</" + name + ">")
}

// el writes an empty element.
func (m *markup) el(name string, attributes ...string) {
	m.open(name, attributes)
	m.WriteString("/>")
}

// val writes an empty element with the attribute that most have.
func (m *markup) val(name, value string) { m.el(name, "w:val", value) }

func (m *markup) open(name string, attributes []string) {
	m.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		m.WriteString(" " + attributes[i] + `="`)
		m.text(attributes[i+1])
		m.WriteByte('"')
	}
}

// text writes what shows s. The buffer takes every byte.
func (m *markup) text(s string) { _ = xml.EscapeText(&m.Buffer, []byte(s)) }

// clean is a stranger's text as it may stand in a document: NFC, its lines
// ended by "\n", and nothing that no page shows.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\n', r == '\t', r == '\u00AD', r == '\u200C', r == '\u200D':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s))
}

// line is clean on one line.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// twips are twentieths of a point, in which Word measures, of millimetres.
func twips(mm float64) string { return strconv.Itoa(twip(mm)) }

func twip(mm float64) int { return bounded(mm * 1440 / 25.4) }

// bounded is a length in Word's units: what is no number or beyond a page of
// Word's (22 inches) becomes the nearest that is.
func bounded(v float64) int {
	if math.IsNaN(v) {
		return 0
	}
	return int(math.Round(min(max(v, 0), 31680)))
}
