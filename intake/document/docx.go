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

	"golang.org/x/text/unicode/norm"
)

// Bytes of a .docx that are unpacked: of its text, and of each smaller part.
const (
	maxDocument = 32 << 20
	maxStyles   = 8 << 20
	maxHeadings = 1000
	maxHeading  = 300 // bytes; a longer paragraph is no heading
	maxNesting  = 500 // elements within elements
)

var (
	errTooLarge = errors.New("larger than what is opened")
	errDoctype  = errors.New("a document type declaration, which no office program writes")
)

// readDOCX reads text and headings of a .docx. The XML is streamed: memory is
// bounded by the text that is kept. What was deleted or moved away under
// revision marks is not read, and of alternative contents only the first.
func (d *Document) readDOCX(data []byte) {
	z, problem := openZIP(data)
	if problem != "" {
		d.Problem = problem
		return
	}
	main := zipFile(z, mainPart(z))
	if main == nil {
		d.Problem = Damaged
		return
	}
	styles := headingStyles(z)
	r, err := main.Open()
	if err != nil {
		d.Problem = Damaged
		return
	}
	defer r.Close()
	w := &wordReader{styles: styles}
	err = w.read(&limited{r: r, left: maxDocument})
	d.Text = bounded(norm.NFC.String(w.out.String()), MaxText)
	d.Headings, d.Title, d.Tables = w.headings, w.title, w.tables
	d.Pages = docxPages(z)
	switch {
	case errors.Is(err, errTooLarge):
		d.Problem = TooLarge
	case err != nil:
		d.Problem = Damaged
	}
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

// headingStyles are the styles of headings by their ids: Word translates ids
// ("u1" in Vietnamese) and keeps the names. The value is "title" or "heading".
func headingStyles(z *zip.Reader) map[string]string {
	kinds := map[string]string{}
	f := zipFile(z, "word/styles.xml")
	if f == nil {
		return kinds
	}
	data, err := readZIP(f, maxStyles)
	if err != nil {
		return kinds
	}
	type val struct {
		Val string `xml:"val,attr"`
	}
	var styles struct {
		Style []struct {
			ID      string `xml:"styleId,attr"`
			Name    val    `xml:"name"`
			BasedOn val    `xml:"basedOn"`
			Outline *val   `xml:"pPr>outlineLvl"`
		} `xml:"style"`
	}
	if xml.Unmarshal(data, &styles) != nil {
		return kinds
	}
	parent := map[string]string{}
	for _, s := range styles.Style {
		name := strings.ToLower(s.Name.Val)
		parent[s.ID] = s.BasedOn.Val
		switch {
		case name == "title":
			kinds[s.ID] = "title"
		case strings.HasPrefix(name, "heading ") || s.Outline != nil && outline(s.Outline.Val):
			kinds[s.ID] = "heading"
		}
	}
	for _, s := range styles.Style {
		for id, n := s.BasedOn.Val, 0; id != "" && n < 10 && kinds[s.ID] == ""; id, n = parent[id], n+1 {
			kinds[s.ID] = kinds[id]
		}
	}
	return kinds
}

// outline reports whether an outline level is that of a heading; 9 is body text.
func outline(val string) bool {
	n, err := strconv.Atoi(val)
	return err == nil && n >= 0 && n < 9
}

// wordReader turns the stream of a document's XML into lines.
type wordReader struct {
	styles   map[string]string
	out      strings.Builder
	headings []string
	title    string
	tables   bool

	open []*paragraph // the innermost last: text boxes put paragraphs into paragraphs
	rows []row        // of the open tables, the innermost last
}

// row is the table row being read.
type row struct{ cells, paragraphs int }

// paragraph is one being read.
type paragraph struct {
	text        strings.Builder
	style       string // "heading", "title" or ""
	bold, plain bool   // some of the text is, some is not
	properties  bool   // within pPr, where bold is that of the mark at the end
	runBold     bool
	inText      bool
}

// unread are elements whose content is no text of the document: what was
// deleted or moved away, the second of alternative contents, section settings.
var unread = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "sectPr": true}

func (w *wordReader) read(r io.Reader) error {
	x := xml.NewDecoder(r)
	skip, depth := 0, 0
	for w.out.Len() < MaxText {
		token, err := x.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return errDoctype
		case xml.StartElement:
			if depth++; depth > maxNesting {
				return errTooLarge
			}
			if skip > 0 || unread[t.Name.Local] {
				skip++
				continue
			}
			w.start(t)
		case xml.EndElement:
			depth--
			if skip > 0 {
				skip--
				continue
			}
			w.end(t.Name.Local)
		case xml.CharData:
			if p := w.current(); skip == 0 && p != nil && p.inText {
				p.add(string(t))
			}
		}
	}
	return nil
}

// current is the paragraph being read, nil between paragraphs.
func (w *wordReader) current() *paragraph {
	if len(w.open) == 0 {
		return nil
	}
	return w.open[len(w.open)-1]
}

func (p *paragraph) add(s string) {
	if p.text.Len() > MaxText {
		return
	}
	p.text.WriteString(s)
	if strings.TrimSpace(s) != "" {
		p.bold = p.bold || p.runBold
		p.plain = p.plain || !p.runBold
	}
}

func (w *wordReader) start(t xml.StartElement) {
	p := w.current()
	switch t.Name.Local {
	case "p":
		w.open = append(w.open, &paragraph{})
		return
	case "tbl":
		w.tables = true
		w.rows = append(w.rows, row{})
		return
	case "tr":
		if n := len(w.rows); n > 0 {
			w.rows[n-1] = row{}
		}
		return
	case "tc":
		if n := len(w.rows); n > 0 {
			if w.rows[n-1].cells > 0 {
				w.out.WriteByte('\t')
			}
			w.rows[n-1].cells++
			w.rows[n-1].paragraphs = 0
		}
		return
	}
	if p == nil {
		return
	}
	switch t.Name.Local {
	case "pPr":
		p.properties = true
	case "pStyle":
		if style := w.styles[attribute(t)]; style != "" {
			p.style = style
		}
	case "outlineLvl":
		if p.style == "" && outline(attribute(t)) {
			p.style = "heading"
		}
	case "r":
		p.runBold = false
	case "b":
		if v := attribute(t); !p.properties && v != "0" && v != "false" && v != "off" {
			p.runBold = true
		}
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
	}
}

func (w *wordReader) end(name string) {
	switch name {
	case "tbl":
		if n := len(w.rows); n > 0 {
			w.rows = w.rows[:n-1]
		}
		return
	case "tr":
		w.out.WriteByte('\n')
		return
	}
	p := w.current()
	if p == nil {
		return
	}
	switch name {
	case "p":
		w.open = w.open[:len(w.open)-1]
		w.keep(p)
	case "pPr":
		p.properties = false
	case "t":
		p.inText = false
	}
}

// keep writes a finished paragraph.
func (w *wordReader) keep(p *paragraph) {
	text := p.text.String()
	if n := len(w.rows); n > 0 {
		if w.rows[n-1].paragraphs > 0 {
			w.out.WriteByte(' ')
		}
		w.rows[n-1].paragraphs++
		w.out.WriteString(strings.Join(strings.Fields(text), " "))
	} else {
		w.out.WriteString(strings.TrimRight(text, " \t"))
		w.out.WriteByte('\n')
	}
	line := norm.NFC.String(strings.Join(strings.Fields(text), " "))
	if line == "" || len(line) > maxHeading {
		return
	}
	switch {
	case p.style == "title" && w.title == "":
		w.title = line
	case p.style != "" || p.bold && !p.plain && len(w.rows) == 0:
		if len(w.headings) < maxHeadings {
			w.headings = append(w.headings, line)
		}
	}
}

// attribute is the value that an element of WordprocessingML carries.
func attribute(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "val" {
			return a.Value
		}
	}
	return ""
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
