package docx

import (
	"net/url"
	"strconv"
	"strings"
)

// body is the text of a document being written, and what its package has to
// know of it.
type body struct {
	markup
	doc   Document
	heads []head   // of the whole document, before it is written
	head  int      // the next of them
	links []string // targets; the n-th has the id linkID(n)
	lists int      // numbered ones
	cell  Align    // of the cell being written
	table int      // how many tables are open
}

// head is a heading, as the table of contents names it.
type head struct {
	level int
	text  string
}

func linkID(n int) string   { return "link" + strconv.Itoa(n+1) }
func bookmark(n int) string { return "_Toc" + strconv.Itoa(n+1) }

// level is the outline level of a style, 0 for one of text.
func (s Style) level() int {
	switch s {
	case Heading1:
		return 1
	case Heading2:
		return 2
	case Heading3:
		return 3
	}
	return 0
}

// headings are the headings of the blocks. A heading is a paragraph of the
// document itself: in a list or a table it would tear the contents apart.
func headings(blocks []Block) (heads []head) {
	for _, b := range blocks {
		if p, ok := b.(Paragraph); ok && p.Style.level() > 0 {
			heads = append(heads, head{p.Style.level(), p.text()})
		}
	}
	return heads
}

func (p Paragraph) text() string {
	var all strings.Builder
	for _, r := range p.Runs {
		all.WriteString(r.Text)
	}
	return line(all.String())
}

func (p Paragraph) write(b *body) {
	// Only headings that headings() saw are marked: the contents name them by
	// their place.
	marked := p.Style.level() > 0 && b.table == 0
	b.in("w:p", func() {
		b.properties(p, "", 0)
		if marked {
			id := strconv.Itoa(b.head)
			b.el("w:bookmarkStart", "w:id", id, "w:name", bookmark(b.head))
			b.runs(p.Runs)
			b.el("w:bookmarkEnd", "w:id", id)
			b.head++
			return
		}
		b.runs(p.Runs)
	})
}

// properties writes what a paragraph says of itself, in the order of the
// schema (§17.3.1.26). list is the id of its list, level that within it.
func (b *body) properties(p Paragraph, list string, level int) {
	b.in("w:pPr", func() {
		switch {
		case p.Style != Normal:
			b.val("w:pStyle", string(p.Style))
		case list != "":
			b.val("w:pStyle", "ListParagraph")
		}
		if p.KeepNext {
			b.el("w:keepNext")
		}
		if p.PageBreak {
			b.el("w:pageBreakBefore")
		}
		if list != "" {
			b.in("w:numPr", func() {
				b.val("w:ilvl", strconv.Itoa(level))
				b.val("w:numId", list)
			})
		}
		var spacing []string
		if p.Before != nil {
			spacing = append(spacing, "w:before", strconv.Itoa(bounded(*p.Before*20)))
		}
		if p.After != nil {
			spacing = append(spacing, "w:after", strconv.Itoa(bounded(*p.After*20)))
		}
		if spacing != nil {
			b.el("w:spacing", spacing...)
		}
		align := p.Align
		if align == "" {
			align = b.cell
		}
		switch align {
		case Left, Center, Right, Both:
			b.val("w:jc", string(align))
		}
	})
}

func (b *body) runs(runs []Run) {
	for _, r := range runs {
		if r.Link == "" {
			b.run(r)
			continue
		}
		b.in("w:hyperlink", func() { b.run(r) }, "r:id", b.link(r.Link), "w:history", "1")
	}
}

// link is the id of a relationship to a file. A path that looks like an address
// of the network stays a path.
func (b *body) link(path string) string {
	target := (&url.URL{Path: clean(path)}).String()
	for n, known := range b.links {
		if known == target {
			return linkID(n)
		}
	}
	b.links = append(b.links, target)
	return linkID(len(b.links) - 1)
}

func (b *body) run(r Run) {
	text := clean(r.Text)
	if text == "" {
		return
	}
	b.in("w:r", func() {
		if r.Link != "" || r.Bold || r.Italic || r.Underline || r.Size > 0 || r.Color != "" {
			b.in("w:rPr", func() { b.look(r) })
		}
		for i, row := range strings.Split(text, "\n") {
			if i > 0 {
				b.el("w:br")
			}
			for j, part := range strings.Split(row, "\t") {
				if j > 0 {
					b.el("w:tab")
				}
				if part != "" {
					b.in("w:t", func() { b.text(part) }, "xml:space", "preserve")
				}
			}
		}
	})
}

// look writes the properties of a run, in the order of the schema (§17.3.2.28).
func (b *body) look(r Run) {
	if r.Link != "" {
		b.val("w:rStyle", "Hyperlink")
	}
	if r.Bold {
		b.el("w:b")
		b.el("w:bCs")
	}
	if r.Italic {
		b.el("w:i")
		b.el("w:iCs")
	}
	if color(r.Color) {
		b.val("w:color", r.Color)
	}
	if r.Size > 0 {
		size := strconv.Itoa(max(bounded(r.Size*2), 2))
		b.val("w:sz", size)
		b.val("w:szCs", size)
	}
	if r.Underline {
		b.val("w:u", "single")
	}
}

func color(s string) bool {
	if len(s) != 6 {
		return false
	}
	return strings.Trim(s, "0123456789ABCDEFabcdef") == ""
}

func (l List) write(b *body) {
	list := "1" // that of the dashes
	if l.Numbered {
		b.lists++
		list = strconv.Itoa(b.lists + 1)
	}
	for _, p := range l.Items {
		if p.Style.level() > 0 {
			p.Style = Normal
		}
		b.in("w:p", func() {
			b.properties(p, list, 0)
			b.runs(p.Runs)
		})
	}
}

func (c Contents) write(b *body) {
	b.in("w:sdt", func() {
		b.in("w:sdtPr", func() {
			b.in("w:docPartObj", func() {
				b.val("w:docPartGallery", "Table of Contents")
				b.el("w:docPartUnique")
			})
		})
		b.in("w:sdtContent", func() {
			if c.Title != "" {
				b.in("w:p", func() {
					b.in("w:pPr", func() { b.val("w:pStyle", "TOCHeading") })
					b.run(Run{Text: c.Title})
				})
			}
			// The field begins in its first entry and ends in its last (§17.16.18).
			for n, h := range b.heads {
				b.in("w:p", func() {
					b.in("w:pPr", func() { b.val("w:pStyle", "TOC"+strconv.Itoa(h.level)) })
					if n == 0 {
						b.field("begin")
						b.in("w:r", func() {
							b.in("w:instrText", func() { b.text(` TOC \o "1-3" \h \z `) }, "xml:space", "preserve")
						})
						b.field("separate")
					}
					b.in("w:hyperlink", func() { b.run(Run{Text: h.text}) }, "w:anchor", bookmark(n), "w:history", "1")
					if n == len(b.heads)-1 {
						b.field("end")
					}
				})
			}
			if len(b.heads) == 0 {
				b.el("w:p")
			}
		})
	})
}

func (b *body) field(kind string) {
	b.in("w:r", func() { b.el("w:fldChar", "w:fldCharType", kind) })
}
