package docx

import "strconv"

// look is a style: what Word calls it, and how it looks. Lengths are
// millimetres, distances and sizes points.
type look struct {
	id, name, next string
	size           float64
	bold, italic   bool
	color          string
	align          Align
	before, after  float64
	left, first    float64
	keep           bool
	line           bool // a line at the left
	outline        int
}

var looks = []look{
	{id: "Title", name: "Title", next: "Normal", size: 16, bold: true, align: Center, before: 12, after: 12, keep: true},
	{id: "Heading1", name: "heading 1", next: "BodyText", size: 14, bold: true, before: 18, after: 6, keep: true, outline: 1},
	{id: "Heading2", name: "heading 2", next: "BodyText", size: 14, bold: true, before: 12, after: 6, keep: true, outline: 2},
	{id: "Heading3", name: "heading 3", next: "BodyText", size: 14, bold: true, italic: true, before: 10, after: 4, keep: true, outline: 3},
	{id: "BodyText", name: "Body Text", size: 14, align: Both, before: 0, after: 6, first: 10},
	{id: "Quote", name: "Quote", size: 13, align: Both, before: 0, after: 4, left: 6, line: true},
	{id: "Source", name: "Source", next: "Quote", size: 11, italic: true, color: "404040", before: 8, after: 2, left: 6, keep: true},
	{id: "Small", name: "Small", size: 11, before: 0, after: 0},
	{id: "ListParagraph", name: "List Paragraph", size: 14, before: 0, after: 4, left: 10},
	{id: "TOCHeading", name: "TOC Heading", next: "Normal", size: 14, bold: true, align: Center, before: 12, after: 6, keep: true},
	{id: "TOC1", name: "toc 1", next: "Normal", size: 13, bold: true, before: 4, after: 2},
	{id: "TOC2", name: "toc 2", next: "Normal", size: 13, before: 0, after: 2, left: 6},
	{id: "TOC3", name: "toc 3", next: "Normal", size: 12, italic: true, before: 0, after: 0, left: 12},
	{id: "Footer", name: "footer", size: 11, align: Center},
}

// styles is word/styles.xml (§17.7).
func styles(lang string) *markup {
	m := &markup{}
	m.in("w:styles", func() {
		m.in("w:docDefaults", func() {
			m.in("w:rPrDefault", func() {
				m.in("w:rPr", func() {
					m.el("w:rFonts", "w:ascii", font, "w:hAnsi", font, "w:eastAsia", font, "w:cs", font)
					m.val("w:sz", "28")
					m.val("w:szCs", "28")
					m.el("w:lang", "w:val", lang, "w:eastAsia", lang, "w:bidi", "ar-SA")
				})
			})
			m.in("w:pPrDefault", func() {
				m.in("w:pPr", func() { m.el("w:spacing", "w:after", "120", "w:line", "264", "w:lineRule", "auto") })
			})
		})
		m.in("w:style", func() {
			m.val("w:name", "Normal")
			m.el("w:qFormat")
		}, "w:type", "paragraph", "w:default", "1", "w:styleId", "Normal")
		m.in("w:style", func() {
			m.val("w:name", "Default Paragraph Font")
			m.el("w:semiHidden")
		}, "w:type", "character", "w:default", "1", "w:styleId", "DefaultParagraphFont")
		for _, l := range looks {
			l.write(m)
		}
		m.in("w:style", func() {
			m.val("w:name", "Hyperlink")
			m.val("w:basedOn", "DefaultParagraphFont")
			m.in("w:rPr", func() {
				m.val("w:color", "0B4F9E")
				m.val("w:u", "single")
			})
		}, "w:type", "character", "w:styleId", "Hyperlink")
		m.in("w:style", func() {
			m.val("w:name", "Normal Table")
			m.el("w:semiHidden")
			m.in("w:tblPr", func() { margins(m) })
		}, "w:type", "table", "w:default", "1", "w:styleId", "TableNormal")
		m.in("w:style", func() {
			m.val("w:name", "Table Grid")
			m.val("w:basedOn", "TableNormal")
			m.in("w:tblPr", func() {
				m.in("w:tblBorders", func() {
					for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
						m.el("w:"+side, "w:val", "single", "w:sz", "4", "w:space", "0", "w:color", "808080")
					}
				})
				margins(m)
			})
		}, "w:type", "table", "w:styleId", "TableGrid")
	}, "xmlns:w", word)
	return m
}

func margins(m *markup) {
	m.in("w:tblCellMar", func() {
		m.el("w:top", "w:w", "40", "w:type", "dxa")
		m.el("w:left", "w:w", "85", "w:type", "dxa")
		m.el("w:bottom", "w:w", "40", "w:type", "dxa")
		m.el("w:right", "w:w", "85", "w:type", "dxa")
	})
}

func (l look) write(m *markup) {
	points := func(p float64) string { return strconv.Itoa(bounded(p * 20)) }
	m.in("w:style", func() {
		m.val("w:name", l.name)
		m.val("w:basedOn", "Normal")
		if l.next != "" {
			m.val("w:next", l.next)
		}
		m.el("w:qFormat")
		m.in("w:pPr", func() {
			if l.keep {
				m.el("w:keepNext")
			}
			if l.line {
				m.in("w:pBdr", func() {
					m.el("w:left", "w:val", "single", "w:sz", "12", "w:space", "8", "w:color", "A0AEC0")
				})
			}
			m.el("w:spacing", "w:before", points(l.before), "w:after", points(l.after))
			if l.left > 0 || l.first > 0 {
				m.el("w:ind", "w:left", twips(l.left), "w:firstLine", twips(l.first))
			}
			if l.align != "" {
				m.val("w:jc", string(l.align))
			}
			if l.outline > 0 {
				m.val("w:outlineLvl", strconv.Itoa(l.outline-1))
			}
		})
		m.in("w:rPr", func() {
			body := &body{markup: markup{}}
			body.look(Run{Bold: l.bold, Italic: l.italic, Color: l.color, Size: l.size})
			m.Write(body.Bytes())
		})
	}, "w:type", "paragraph", "w:styleId", l.id)
}

// numbering is word/numbering.xml (§17.9): dashes, as Vietnamese documents have
// them, and each numbered list by itself, so that it begins with 1.
func numbering(lists int) *markup {
	m := &markup{}
	kind := func(id, format, text string) {
		m.in("w:abstractNum", func() {
			m.val("w:multiLevelType", "singleLevel")
			m.in("w:lvl", func() {
				m.val("w:start", "1")
				m.val("w:numFmt", format)
				m.val("w:lvlText", text)
				m.val("w:lvlJc", "left")
				m.in("w:pPr", func() { m.el("w:ind", "w:left", twips(10), "w:hanging", twips(6)) })
			}, "w:ilvl", "0")
		}, "w:abstractNumId", id)
	}
	m.in("w:numbering", func() {
		kind("0", "bullet", "-")
		kind("1", "decimal", "%1.")
		m.in("w:num", func() { m.val("w:abstractNumId", "0") }, "w:numId", "1")
		for n := range lists {
			m.in("w:num", func() {
				m.val("w:abstractNumId", "1")
				m.in("w:lvlOverride", func() { m.val("w:startOverride", "1") }, "w:ilvl", "0")
			}, "w:numId", strconv.Itoa(n+2))
		}
	}, "xmlns:w", word)
	return m
}
