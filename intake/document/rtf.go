package document

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// readRTF reads rich text (Rich Text Format Specification 1.9.1). Text is in
// the code page of its font; a group inherits what the one around it has said
// and takes it back where it ends. What is not the document's text stands in
// groups of its own, which are skipped unless they are known here.
func (d *Document) readRTF(data []byte) {
	r := &rtfReader{
		data: data, page: charmap.Windows1252,
		fonts: map[int]rtfFont{}, styles: map[int]string{}, grid: grid{flow: &flow{}},
	}
	r.state.uc = 1
	r.groups = make([]rtfState, 0, 64)
	whole := r.read()
	r.flush(r.state)
	r.grid.leave()
	r.grid.flow.finish(d)
	if !whole && !d.Cut {
		d.Problem = Damaged
	}
}

type rtfReader struct {
	data   []byte
	at     int
	page   *charmap.Charmap // of text whose font does not say
	usual  int              // the font of plain text
	fonts  map[int]rtfFont
	styles map[int]string // names by numbers
	grid   grid

	state  rtfState
	groups []rtfState // what the open groups will return to
	runs   []run
	around [][]run // of the paragraphs that a note or a margin interrupts
	size   int
	name   strings.Builder // of the font or style being read
	edges  []int           // of the row being read
	high   rune            // the first half of a character of two
	skip   int             // characters that stand for the last \u
}

type rtfFont struct {
	name string
	page *charmap.Charmap // nil: that of the document
}

// rtfState is what a group may change for itself.
type rtfState struct {
	dest    int // what the text is
	font    int
	style   int
	uc      int // characters that stand for one \u
	bold    bool
	hidden  bool // or deleted
	inTable bool
	heading bool
	margin  bool // within a header or footer of the page, whatever dest
	star    bool // the next word may name something that is skipped if unknown
}

// The destinations of text.
const (
	rtfText = iota
	rtfMargin
	rtfNote // within a paragraph, and none of it
	rtfFonts
	rtfStyles
	rtfSkip
)

// rtfDestinations are groups by the words that begin them, as far as they are
// not named by \*, which says that whoever does not know them skips them.
var rtfDestinations = map[string]int{
	"fonttbl": rtfFonts, "stylesheet": rtfStyles,
	"header": rtfMargin, "headerl": rtfMargin, "headerr": rtfMargin, "headerf": rtfMargin,
	"footer": rtfMargin, "footerl": rtfMargin, "footerr": rtfMargin, "footerf": rtfMargin,
	"footnote": rtfNote, "shptxt": rtfNote, "ud": rtfText, "shpinst": rtfSkip, "nesttableprops": rtfText,
	"colortbl": rtfSkip, "info": rtfSkip, "pict": rtfSkip, "objdata": rtfSkip, "fldinst": rtfSkip, "nonshppict": rtfSkip,
	"nonesttables": rtfSkip, "upr": rtfSkip, "xe": rtfSkip, "tc": rtfSkip, "rxe": rtfSkip, "annotation": rtfSkip, "atnid": rtfSkip,
	"atnauthor": rtfSkip, "filetbl": rtfSkip, "listtable": rtfSkip, "listoverridetable": rtfSkip, "rsidtbl": rtfSkip,
	"sp": rtfSkip, "ftnsep": rtfSkip, "ftnsepc": rtfSkip, "aftnsep": rtfSkip, "aftnsepc": rtfSkip, "txe": rtfSkip, "template": rtfSkip,
}

// rtfCharsets are the code pages of the character sets of fonts that have one
// byte a character.
var rtfCharsets = map[int]*charmap.Charmap{
	0: charmap.Windows1252, 2: charmap.Windows1252, 77: charmap.Macintosh, 161: charmap.Windows1253, 162: charmap.Windows1254,
	vietnameseCharset: charmap.Windows1258, 186: charmap.Windows1257, 204: charmap.Windows1251, 238: charmap.Windows1250,
}

var rtfPages = map[int]*charmap.Charmap{
	437: charmap.CodePage437, 850: charmap.CodePage850, 1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252,
	1253: charmap.Windows1253, 1254: charmap.Windows1254, 1257: charmap.Windows1257, 1258: charmap.Windows1258, 10000: charmap.Macintosh,
}

// rtfCharacters are characters that have words of their own.
var rtfCharacters = map[string]rune{
	"tab": '\t', "line": '\n', "lbr": '\n', "softline": '\n', "emdash": '—', "endash": '–', "lquote": '‘', "rquote": '’',
	"ldblquote": '“', "rdblquote": '”', "bullet": '•', "emspace": ' ', "enspace": ' ', "qmspace": ' ',
}

// read takes the groups apart; false if the file ends within one.
func (r *rtfReader) read() bool {
	for r.at < len(r.data) && !r.grid.flow.full {
		c := r.data[r.at]
		r.at++
		switch c {
		case '{':
			if len(r.groups) >= maxNesting {
				return false
			}
			r.skip = 0
			r.groups = append(r.groups, r.state)
		case '}':
			r.skip = 0
			n := len(r.groups)
			if n == 0 {
				return true // more closed than opened: what follows is no rich text
			}
			r.endGroup(r.groups[n-1])
			if r.groups = r.groups[:n-1]; len(r.groups) == 0 {
				return true
			}
		case '\\':
			r.control()
		case '\r', '\n', 0:
		default:
			r.byte(c)
		}
	}
	return r.grid.flow.full
}

// endGroup returns to what the group around has said.
func (r *rtfReader) endGroup(outer rtfState) {
	inner := r.state
	switch {
	case inner.dest == rtfFonts || inner.dest == rtfStyles:
		r.named(inner)
	case (inner.dest == rtfMargin || inner.dest == rtfNote) && outer.dest != inner.dest:
		r.flush(inner)
		if n := len(r.around); n > 0 {
			r.runs, r.around = r.around[n-1], r.around[:n-1]
		}
	}
	r.state = outer
}

// named ends a name in the table of fonts or of styles.
func (r *rtfReader) named(s rtfState) {
	name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(r.name.String()), ";"))
	r.name.Reset()
	if name == "" {
		return
	}
	if s.dest == rtfStyles {
		if len(r.styles) < maxDocStyles {
			r.styles[s.style] = strings.ToLower(name)
		}
		return
	}
	if len(r.fonts) < maxFonts {
		f := r.fonts[s.font]
		f.name = name
		r.fonts[s.font] = f
	}
}

// control reads a control word or symbol, whose backslash has been read.
func (r *rtfReader) control() {
	if r.at >= len(r.data) {
		return
	}
	c := r.data[r.at]
	r.at++
	switch {
	case c == '\'':
		if r.at+2 <= len(r.data) {
			if b, err := strconv.ParseUint(string(r.data[r.at:r.at+2]), 16, 8); err == nil {
				r.at += 2
				r.byte(byte(b))
			}
		}
		return
	case c == '*':
		r.state.star = true
		return
	case c == '~':
		r.rune('\u00A0')
		return
	case c == '_':
		r.rune('-')
		return
	case c == '\r' || c == '\n':
		r.word("par", 0, false)
		return
	case c == '{', c == '}', c == '\\':
		r.byte(c)
		return
	case c < 'A' || c > 'z' || c > 'Z' && c < 'a':
		if c == '-' {
			r.softHyphen()
		}
		return
	}
	begin := r.at - 1
	for r.at < len(r.data) && r.at-begin < 40 && letter(r.data[r.at]) {
		r.at++
	}
	word := string(r.data[begin:r.at])
	digits := r.at
	if r.at < len(r.data) && r.data[r.at] == '-' {
		r.at++
	}
	for r.at < len(r.data) && r.at-digits < 11 && r.data[r.at] >= '0' && r.data[r.at] <= '9' {
		r.at++
	}
	n, err := strconv.Atoi(string(r.data[digits:r.at]))
	if r.at < len(r.data) && r.data[r.at] == ' ' {
		r.at++
	}
	if word == "bin" {
		r.at += max(0, min(n, len(r.data)-r.at))
		return
	}
	if r.skip > 0 && word != "u" {
		r.skip-- // a word may stand for a character too
		if rtfCharacters[word] != 0 {
			return
		}
	}
	r.word(word, n, err == nil)
}

// softHyphen is ư where text in an old font went through a program that took
// its code for one: within a word, or where a word begins.
func (r *rtfReader) softHyphen() {
	if n := len(r.runs); oldFont(r.fonts[r.state.font].name) && (n == 0 || wordy(r.runs[n-1].text)) {
		r.rune('\u00AD')
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// word does what a control word says; has is set if it came with a number.
func (r *rtfReader) word(word string, n int, has bool) {
	s := &r.state
	star := s.star
	s.star = false
	if dest, ok := rtfDestinations[word]; ok && s.dest != rtfFonts {
		switch {
		case word == "pict":
			r.grid.flow.pictures++
			s.dest = rtfSkip
		case word == "ud":
			s.dest = dest // within something that is skipped else
		case (dest == rtfMargin || dest == rtfNote) && len(r.groups) > 0 && r.groups[len(r.groups)-1].dest != dest && s.dest != dest:
			r.around = append(r.around, r.runs)
			r.runs, s.dest, s.margin = nil, dest, s.margin || dest == rtfMargin
		case s.dest == rtfText || dest == rtfSkip:
			s.dest = dest
		}
		return
	}
	if star {
		s.dest = rtfSkip
		return
	}
	on := !has || n != 0
	switch word {
	case "u":
		r.unicode(n)
	case "uc":
		s.uc = max(0, min(n, 100))
	case "f":
		s.font = n
	case "deff":
		r.usual, s.font = n, n
	case "fcharset":
		if page := rtfCharsets[n]; page != nil && s.dest == rtfFonts && len(r.fonts) < maxFonts {
			r.fonts[s.font] = rtfFont{page: page}
		}
	case "ansicpg":
		if page := rtfPages[n]; page != nil {
			r.page = page
		}
	case "mac":
		r.page = charmap.Macintosh
	case "pc":
		r.page = charmap.CodePage437
	case "pca":
		r.page = charmap.CodePage850
	case "b":
		s.bold = on
	case "v", "deleted":
		s.hidden = on
	case "plain":
		s.bold, s.hidden, s.font = false, false, r.usual
	case "pard":
		s.inTable, s.heading, s.style = false, false, 0
	case "s":
		s.style = n
	case "outlinelevel":
		s.heading = n >= 0 && n < 9
	case "intbl":
		s.inTable = true
	case "par", "sect", "page", "nestcell", "nestrow":
		r.paragraph()
	case "cell":
		if s.dest == rtfText {
			s.inTable = true
			r.paragraph()
			r.grid.endCell()
		}
	case "row":
		if s.dest == rtfText {
			r.flush(*s)
			r.grid.endRow(r.edges)
		}
	case "trowd":
		r.edges = []int{0}
	case "trleft":
		if len(r.edges) > 0 {
			r.edges[0] = n
		}
	case "cellx":
		if len(r.edges) <= maxColumns {
			r.edges = append(r.edges, n)
		}
	default:
		if c := rtfCharacters[word]; c != 0 {
			r.rune(c)
		}
	}
}

// byte takes a character of the code page in force.
func (r *rtfReader) byte(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	switch r.state.dest {
	case rtfSkip:
		return
	case rtfFonts, rtfStyles:
		if c == ';' {
			r.named(r.state)
		} else if r.name.Len() < 200 {
			r.name.WriteByte(c)
		}
		return
	}
	if c < 0x80 {
		r.rune(rune(c))
		return
	}
	page := r.page
	if f := r.fonts[r.state.font]; f.page != nil {
		page = f.page
	}
	r.rune(page.DecodeByte(c))
}

// unicode takes a character by its number, and skips what stands for it.
func (r *rtfReader) unicode(n int) {
	r.skip = 0
	c := rune(n & 0xFFFF)
	switch {
	case utf16.IsSurrogate(c) && r.high == 0:
		r.high = c
	case utf16.IsSurrogate(c):
		r.rune(utf16.DecodeRune(r.high, c))
	case c >= 0xF020 && c <= 0xF0FF:
		if oldFont(r.fonts[r.state.font].name) {
			r.rune(c & 0xFF)
		}
	default:
		r.rune(c)
	}
	r.skip = r.state.uc
}

func (r *rtfReader) rune(c rune) {
	r.high = 0
	if r.state.dest >= rtfFonts || r.state.hidden || c == unicode.ReplacementChar || c < ' ' && c != '\t' && c != '\n' {
		return
	}
	if r.size += 3; r.size > 3*MaxText {
		return
	}
	r.runs = join(r.runs, string(c), r.fonts[r.state.font].name, r.state.bold)
}

// paragraph ends one.
func (r *rtfReader) paragraph() {
	if r.state.dest < rtfFonts {
		r.write(r.state)
	}
}

// flush ends a paragraph that has no mark, if there is one.
func (r *rtfReader) flush(s rtfState) {
	if len(r.runs) > 0 {
		r.write(s)
	}
}

func (r *rtfReader) write(s rtfState) {
	runs := r.runs
	r.runs, r.size, r.high = nil, 0, 0
	role := uint8(aText)
	switch name := r.styles[s.style]; {
	case s.margin:
		role = aMargin
	case name == "title":
		role = aTitle
	case s.dest == rtfNote:
		role = aBox // or a note
	case s.heading, strings.HasPrefix(name, "heading "):
		role = aHeading
	}
	switch {
	case role == aMargin:
		r.grid.flow.paragraph(role, runs)
	case s.inTable:
		r.grid.paragraph(role, runs)
	case s.dest == rtfNote:
		r.grid.flow.paragraph(role, runs)
	default:
		r.grid.leave()
		r.grid.flow.paragraph(role, runs)
	}
}
