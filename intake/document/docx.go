package document

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Bytes of a .docx that are unpacked: of its text, and of each smaller part.
const (
	maxDocument = 32 << 20
	maxStyles   = 8 << 20
	maxMargins  = 40 // headers and footers: three kinds of each a section
)

var (
	errTooLarge = errors.New("larger than what is opened")
	errDoctype  = errors.New("a document type declaration, which no office program writes")
)

// readDOCX reads text, headings and tables of a .docx. The XML is streamed:
// memory is bounded by the text that is kept. What was deleted or moved away
// under revision marks is not read, nor hidden text, and of alternative
// contents only the first. Notes follow the text; headers and footers of the
// pages are kept apart.
func (d *Document) readDOCX(data []byte) {
	z, problem := openZIP(data)
	if problem != "" {
		d.Problem = problem
		return
	}
	main := mainPart(z)
	f := zipFile(z, main)
	if f == nil {
		d.Problem = Damaged
		return
	}
	w := &wordReader{styles: wordStyles(z), flow: &flow{}}
	err := w.part(f)
	for _, f := range besides(z, path.Dir(main)) {
		// What goes wrong in a note or a footer does not make the text unreadable.
		w.margin = !strings.HasSuffix(f.Name, "notes.xml")
		w.open, w.flow.depth = nil, 0
		w.part(f)
	}
	d.Pages = docxPages(z)
	w.flow.finish(d)
	switch {
	case errors.Is(err, errTooLarge):
		d.Problem = TooLarge
	case err != nil:
		d.Problem = Damaged
	}
}

// besides are the parts with notes and with what stands on every page.
func besides(z *zip.Reader, dir string) []*zip.File {
	var notes, margins []*zip.File
	for _, f := range z.File {
		switch base := strings.ToLower(path.Base(f.Name)); {
		case !strings.EqualFold(path.Dir(f.Name), dir):
		case base == "footnotes.xml", base == "endnotes.xml":
			notes = append(notes, f)
		case (strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer")) && strings.HasSuffix(base, ".xml") && len(margins) < maxMargins:
			margins = append(margins, f)
		}
	}
	return append(notes, margins...)
}

func (w *wordReader) part(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return w.read(&limited{r: r, left: maxDocument})
}

// limited is an io.LimitedReader that says when it was not enough.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLarge
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// mainPart is where the text is, as the package says (ECMA-376 part 2 §9.3),
// or where Word puts it.
func mainPart(z *zip.Reader) string {
	const usual = "word/document.xml"
	f := zipFile(z, "_rels/.rels")
	if f == nil {
		return usual
	}
	data, err := readZIP(f, maxTypes)
	if err != nil {
		return usual
	}
	var rels struct {
		Relationship []struct {
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if xml.Unmarshal(data, &rels) != nil {
		return usual
	}
	for _, r := range rels.Relationship {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			return strings.TrimPrefix(path.Clean(r.Target), "/")
		}
	}
	return usual
}

// style is what a style of Word says of the text that has it.
type style struct {
	role uint8
	font string
}

// wordStyles are the styles of a .docx by their ids, "" for text without one.
// Word translates ids ("u1" for a heading in Vietnamese) and keeps the names.
func wordStyles(z *zip.Reader) map[string]style {
	styles := map[string]style{}
	f := zipFile(z, "word/styles.xml")
	if f == nil {
		return styles
	}
	data, err := readZIP(f, maxStyles)
	if err != nil {
		return styles
	}
	type val struct {
		Val string `xml:"val,attr"`
	}
	type fonts struct {
		ASCII string `xml:"ascii,attr"`
		HAnsi string `xml:"hAnsi,attr"`
	}
	var sheet struct {
		Default fonts `xml:"docDefaults>rPrDefault>rPr>rFonts"`
		Style   []struct {
			Type    string `xml:"type,attr"`
			ID      string `xml:"styleId,attr"`
			Default string `xml:"default,attr"`
			Name    val    `xml:"name"`
			BasedOn val    `xml:"basedOn"`
			Outline *val   `xml:"pPr>outlineLvl"`
			Fonts   fonts  `xml:"rPr>rFonts"`
		} `xml:"style"`
	}
	if xml.Unmarshal(data, &sheet) != nil {
		return styles
	}
	parent, usual := map[string]string{}, ""
	for _, s := range sheet.Style {
		name := strings.ToLower(s.Name.Val)
		parent[s.ID] = s.BasedOn.Val
		own := style{font: firstOf(s.Fonts.ASCII, s.Fonts.HAnsi)}
		switch {
		case name == "title":
			own.role = aTitle
		case strings.HasPrefix(name, "heading ") || s.Outline != nil && outline(s.Outline.Val):
			own.role = aHeading
		}
		styles[s.ID] = own
		if s.Type == "paragraph" && (s.Default == "1" || s.Default == "true") {
			usual = s.ID
		}
	}
	for _, s := range sheet.Style {
		own := styles[s.ID]
		for id, n := s.BasedOn.Val, 0; id != "" && n < 10; id, n = parent[id], n+1 {
			if own.role == aText {
				own.role = styles[id].role
			}
			own.font = firstOf(own.font, styles[id].font)
		}
		if s.Type != "character" {
			own.font = firstOf(own.font, sheet.Default.ASCII, sheet.Default.HAnsi)
		}
		styles[s.ID] = own
	}
	styles[""] = style{font: firstOf(styles[usual].font, sheet.Default.ASCII, sheet.Default.HAnsi)}
	return styles
}

// firstOf is the first string that says something.
func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// outline reports whether an outline level is that of a heading; 9 is body text.
func outline(val string) bool {
	n, err := strconv.Atoi(val)
	return err == nil && n >= 0 && n < 9
}

// wordReader turns the stream of a document's XML into a flow.
type wordReader struct {
	styles map[string]style
	flow   *flow
	margin bool         // what is read stands on every page
	open   []*paragraph // the innermost last: text boxes put paragraphs into paragraphs
	cell   cellStart    // the cell that begins, until its first content
}

// cellStart is what a cell says of itself before its content.
type cellStart struct {
	begun bool
	span  int
}

// paragraph is one being read.
type paragraph struct {
	runs       []run
	size       int
	role       uint8
	font       string // of its style
	properties bool   // within pPr, where bold is that of the mark at the end
	runBold    bool
	runFont    string
	hidden     bool // the run being read
	inText     bool
}

// unread are elements whose content is no text of the document: what was
// deleted or moved away, the second of alternative contents, section settings.
var unread = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "sectPr": true}

func (w *wordReader) read(r io.Reader) error {
	return w.flow.walk(r, unread, w.start, w.end, func(text string) {
		if p := w.current(); p != nil && p.inText {
			p.add(text)
		}
	})
}

// current is the paragraph being read, nil between paragraphs.
func (w *wordReader) current() *paragraph {
	if len(w.open) == 0 {
		return nil
	}
	return w.open[len(w.open)-1]
}

func (p *paragraph) add(s string) {
	if p.size > MaxText || p.hidden {
		return
	}
	p.size += len(s)
	p.runs = join(p.runs, s, firstOf(p.runFont, p.font), p.runBold)
}

func (w *wordReader) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p":
		w.beginCell()
		w.open = append(w.open, &paragraph{font: w.styles[""].font})
		return
	case "tbl":
		w.beginCell()
		w.flow.beginTable()
		return
	case "tc":
		w.cell = cellStart{begun: true, span: 1}
		return
	case "gridSpan":
		w.cell.span, _ = strconv.Atoi(attribute(t))
		return
	case "blip", "imagedata":
		w.flow.pictures++
		return
	}
	p := w.current()
	if p == nil {
		return
	}
	switch t.Name.Local {
	case "pPr":
		p.properties = true
	case "pStyle":
		if s, ok := w.styles[attribute(t)]; ok {
			p.role, p.font = s.role, firstOf(s.font, p.font)
		}
	case "outlineLvl":
		if p.role == aText && outline(attribute(t)) {
			p.role = aHeading
		}
	case "r":
		p.runBold, p.runFont, p.hidden = false, "", false
	case "rStyle":
		if !p.properties && p.runFont == "" {
			p.runFont = w.styles[attribute(t)].font
		}
	case "rFonts":
		if !p.properties {
			p.runFont = firstOf(named(t, "ascii"), named(t, "hAnsi"), p.runFont)
		}
	case "b":
		p.runBold = p.runBold || !p.properties && on(t)
	case "vanish":
		p.hidden = p.hidden || !p.properties && on(t)
	case "t":
		p.inText = true
	case "tab":
		if !p.properties {
			p.add("\t")
		}
	case "br", "cr":
		p.add("\n")
	case "noBreakHyphen":
		p.add("-")
	case "softHyphen": // ư, where a program took the code of an old font for one
		if n := len(p.runs); oldFont(firstOf(p.runFont, p.font)) && (n == 0 || wordy(p.runs[n-1].text)) {
			p.add("\u00AD")
		}
	}
}

// beginCell says that the cell whose properties have been read begins.
func (w *wordReader) beginCell() {
	if w.cell.begun {
		w.flow.beginCell(w.cell.span)
	}
	w.cell = cellStart{}
}

func (w *wordReader) end(name string) {
	switch name {
	case "tbl":
		w.flow.endTable()
		return
	case "tc":
		w.beginCell()
		return
	case "tr":
		w.flow.endRow(nil)
		return
	}
	p := w.current()
	if p == nil {
		return
	}
	switch name {
	case "p":
		w.open = w.open[:len(w.open)-1]
		switch {
		case w.margin:
			p.role = aMargin
		case len(w.open) > 0 && p.role == aText:
			p.role = aBox
		}
		w.flow.paragraph(p.role, p.runs)
	case "pPr":
		p.properties = false
	case "t":
		p.inText = false
	}
}

// attribute is the value that an element of WordprocessingML carries.
func attribute(t xml.StartElement) string { return named(t, "val") }

func named(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on reports whether an element that switches something switches it on.
func on(t xml.StartElement) bool {
	switch attribute(t) {
	case "0", "false", "off":
		return false
	}
	return true
}

var appPages = regexp.MustCompile(`<Pages>(\d{1,5})</Pages>`)

// docxPages is the number of pages that the program which saved the document
// counted.
func docxPages(z *zip.Reader) int {
	f := zipFile(z, "docProps/app.xml")
	if f == nil {
		return 0
	}
	data, err := readZIP(f, maxTypes)
	if err != nil {
		return 0
	}
	if m := appPages.FindSubmatch(data); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	return 0
}
