package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// readODT reads text, headings and tables of an OpenDocument text (OpenDocument
// 1.3 part 3). What was deleted under revision marks and what was remarked in
// the margin is not read; notes stand before the paragraph they belong to.
func (d *Document) readODT(data []byte) {
	z, problem := openZIP(data)
	if problem != "" {
		d.Problem = problem
		return
	}
	if f := zipFile(z, "META-INF/manifest.xml"); f != nil {
		if manifest, err := readZIP(f, maxTypes); err == nil && bytes.Contains(manifest, []byte("encryption-data")) {
			d.Problem = Locked
			return
		}
	}
	content := zipFile(z, "content.xml")
	if content == nil {
		d.Problem = Damaged
		return
	}
	o := &odtReader{styles: map[string]odtStyle{}, faces: map[string]string{}, flow: &flow{}}
	styles := zipFile(z, "styles.xml")
	if styles != nil {
		o.part(styles) // of the pages the headers and footers, which come before the text
	}
	margins := o.flow.blocks
	o.flow.blocks = nil
	o.open, o.flow.depth = nil, 0
	err := o.part(content)
	o.flow.blocks = append(o.flow.blocks, margins...)
	d.Pages = odtPages(z)
	o.flow.finish(d)
	switch {
	case errors.Is(err, errTooLarge):
		d.Problem = TooLarge
	case err != nil:
		d.Problem = Damaged
	}
}

// odtReader turns the XML of content or styles into a flow.
type odtReader struct {
	styles map[string]odtStyle
	faces  map[string]string // fonts by the names that styles use
	flow   *flow
	style  string // being described
	margin int    // elements open that are a header or footer of the page
	open   []*odtText
}

type odtStyle struct {
	parent, font string
	bold         int // 1 bold, -1 not, 0 as its parent
	outline      bool
}

// odtText is a paragraph being read.
type odtText struct {
	role  uint8
	runs  []run
	size  int
	spans []odtStyle // of the paragraph and the open spans, resolved, the innermost last
}

// odtUnread are elements whose content is no text of the document.
var odtUnread = map[string]bool{"tracked-changes": true, "annotation": true, "note-citation": true, "ruby-text": true, "script": true}

func (o *odtReader) part(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return o.read(&limited{r: r, left: maxDocument})
}

func (o *odtReader) read(r io.Reader) error {
	return o.flow.walk(r, odtUnread, o.start, o.end, func(text string) {
		if n := len(o.open); n > 0 {
			// Line ends are layout of the file; breaks and tabs are elements.
			o.open[n-1].add(spaced.Replace(text))
		}
	})
}

var spaced = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// add appends text in the format of the innermost span.
func (p *odtText) add(s string) {
	if p.size > MaxText || s == "" {
		return
	}
	p.size += len(s)
	now := p.spans[len(p.spans)-1]
	p.runs = join(p.runs, s, now.font, now.bold > 0)
}

func (o *odtReader) start(t xml.StartElement) {
	switch t.Name.Local {
	case "font-face":
		if len(o.faces) < maxFonts {
			o.faces[named(t, "name")] = firstOf(strings.Trim(named(t, "font-family"), `'"`), named(t, "name"))
		}
	case "style":
		if len(o.styles) < maxDocStyles {
			o.style = named(t, "name")
			n, err := strconv.Atoi(named(t, "default-outline-level"))
			o.styles[o.style] = odtStyle{parent: named(t, "parent-style-name"), outline: err == nil && n > 0}
		}
	case "text-properties":
		s, ok := o.styles[o.style]
		if !ok {
			return
		}
		s.font = firstOf(o.faces[named(t, "font-name")], named(t, "font-name"), strings.Trim(named(t, "font-family"), `'"`))
		switch named(t, "font-weight") {
		case "bold", "600", "700", "800", "900":
			s.bold = 1
		case "normal", "400":
			s.bold = -1
		}
		o.styles[o.style] = s
	case "header", "footer", "header-left", "footer-left", "header-first", "footer-first":
		o.margin++
	case "p", "h":
		o.paragraph(t)
	case "image":
		o.flow.pictures++
	case "table":
		o.flow.beginTable()
	case "table-cell", "covered-table-cell":
		n, _ := strconv.Atoi(named(t, "number-columns-repeated"))
		for range min(max(1, n), maxColumns) {
			o.flow.beginCell(1)
		}
	default:
		if n := len(o.open); n > 0 {
			o.inline(t, o.open[n-1])
		}
	}
}

// inline is an element within a paragraph.
func (o *odtReader) inline(t xml.StartElement, p *odtText) {
	switch t.Name.Local {
	case "span":
		inner := o.resolve(named(t, "style-name"))
		outer := p.spans[len(p.spans)-1]
		inner.font = firstOf(inner.font, outer.font)
		if inner.bold == 0 {
			inner.bold = outer.bold
		}
		p.spans = append(p.spans, inner)
	case "s":
		n, _ := strconv.Atoi(named(t, "c"))
		p.add(strings.Repeat(" ", min(max(1, n), 1000)))
	case "tab":
		p.add("\t")
	case "line-break":
		p.add("\n")
	}
}

func (o *odtReader) paragraph(t xml.StartElement) {
	name := named(t, "style-name")
	s := o.resolve(name)
	p := &odtText{spans: []odtStyle{s}}
	switch {
	case o.margin > 0:
		p.role = aMargin
	case o.is(name, "Title"):
		p.role = aTitle
	case t.Name.Local == "h" || s.outline:
		p.role = aHeading
	}
	o.open = append(o.open, p)
}

// resolve is a style with what its parents say.
func (o *odtReader) resolve(name string) odtStyle {
	s := o.styles[name]
	for up, n := s.parent, 0; up != "" && n < 10; n++ {
		p := o.styles[up]
		s.font = firstOf(s.font, p.font)
		if s.bold == 0 {
			s.bold = p.bold
		}
		s.outline = s.outline || p.outline
		up = p.parent
	}
	return s
}

// is reports whether a style is one or comes from it.
func (o *odtReader) is(name, want string) bool {
	for n := 0; name != "" && n < 10; n++ {
		if name == want {
			return true
		}
		name = o.styles[name].parent
	}
	return false
}

func (o *odtReader) end(name string) {
	n := len(o.open)
	switch name {
	case "style":
		o.style = ""
	case "header", "footer", "header-left", "footer-left", "header-first", "footer-first":
		o.margin--
	case "table":
		o.flow.endTable()
	case "table-row":
		o.flow.endRow(nil)
	case "p", "h":
		if n > 0 {
			p := o.open[n-1]
			o.open = o.open[:n-1]
			if n > 1 && p.role == aText {
				p.role = aBox // or a note
			}
			o.flow.paragraph(p.role, p.runs)
		}
	case "span":
		if n > 0 && len(o.open[n-1].spans) > 1 {
			p := o.open[n-1]
			p.spans = p.spans[:len(p.spans)-1]
		}
	}
}

// odtPages is the number of pages that the program which saved the document
// counted.
func odtPages(z *zip.Reader) int {
	f := zipFile(z, "meta.xml")
	if f == nil {
		return 0
	}
	data, err := readZIP(f, maxTypes)
	if err != nil {
		return 0
	}
	var meta struct {
		Statistic struct {
			Pages int `xml:"page-count,attr"`
		} `xml:"meta>document-statistic"`
	}
	if xml.Unmarshal(data, &meta) != nil {
		return 0
	}
	return max(0, min(meta.Statistic.Pages, 99_999))
}
