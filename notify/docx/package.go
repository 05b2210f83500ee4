package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"time"
)

const (
	font = "Times New Roman"

	word          = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	office        = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
	types         = "http://schemas.openxmlformats.org/package/2006/content-types"
	wordType      = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	coreType      = "application/vnd.openxmlformats-package.core-properties+xml"
	core          = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)

// Bytes are the file. It is made in memory, where nothing can fail.
func (d Document) Bytes() []byte {
	if d.Lang == "" {
		d.Lang = "vi-VN"
	}
	b := &body{doc: d, heads: headings(d.Blocks)}
	document := &b.markup
	b.in("w:document", func() {
		b.in("w:body", func() {
			for i, block := range d.Blocks {
				block.write(b)
				_, table := block.(Table)
				if !table {
					continue
				}
				// Two tables would grow together, and a document ends with a
				// paragraph.
				var next Block
				if i+1 < len(d.Blocks) {
					next = d.Blocks[i+1]
				}
				if _, ok := next.(Paragraph); !ok {
					Paragraph{Style: Small}.write(b)
				}
			}
			b.section()
		})
	}, "xmlns:w", word, "xmlns:r", office)

	parts := []struct {
		name string
		xml  *markup
	}{
		{"[Content_Types].xml", contentTypes()},
		{"_rels/.rels", relations(
			[3]string{"document", office + "/officeDocument", "word/document.xml"},
			[3]string{"core", core, "docProps/core.xml"})},
		{"docProps/core.xml", d.properties()},
		{"word/document.xml", document},
		{"word/_rels/document.xml.rels", b.relations()},
		{"word/styles.xml", styles(line(d.Lang))},
		{"word/numbering.xml", numbering(b.lists)},
		{"word/settings.xml", settings()},
		{"word/footer1.xml", footer(d)},
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, p := range parts {
		// The time of an entry says nothing of the document, so all have the
		// first that the format knows.
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = w.Write(append([]byte(xml.Header), p.xml.Bytes()...))
		}
		if err != nil {
			panic(err) // a bytes.Buffer takes every byte
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// section says what the pages are like (§17.6): A4, and where the footer is.
func (b *body) section() {
	b.in("w:sectPr", func() {
		if !b.doc.Unpaged {
			b.el("w:footerReference", "w:type", "default", "r:id", "footer")
		}
		b.el("w:pgSz", "w:w", twips(210), "w:h", twips(297))
		b.el("w:pgMar", "w:top", twips(20), "w:right", twips(210-30-TextWidth), "w:bottom", twips(20), "w:left", twips(30), "w:header", twips(10), "w:footer", twips(10), "w:gutter", "0")
	})
}

func footer(d Document) *markup {
	b := &body{}
	b.in("w:ftr", func() {
		b.in("w:p", func() {
			b.in("w:pPr", func() { b.val("w:pStyle", "Footer") })
			if text := line(d.Footer); text != "" {
				b.run(Run{Text: text + " · "})
			}
			b.in("w:fldSimple", func() { b.run(Run{Text: "1"}) }, "w:instr", " PAGE ")
		})
	}, "xmlns:w", word)
	return &b.markup
}

func settings() *markup {
	m := &markup{}
	m.in("w:settings", func() {
		m.in("w:compat", func() {
			// Without it Word shows the document as one of an older program.
			m.el("w:compatSetting", "w:name", "compatibilityMode", "w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15")
		})
	}, "xmlns:w", word)
	return m
}

func (d Document) properties() *markup {
	m := &markup{}
	m.in("cp:coreProperties", func() {
		m.in("dc:title", func() { m.text(line(d.Title)) })
		m.in("dc:language", func() { m.text(line(d.Lang)) })
		if y := d.Made.UTC().Year(); y > 1 && y < 10000 {
			for _, name := range []string{"dcterms:created", "dcterms:modified"} {
				m.in(name, func() { m.text(d.Made.UTC().Format("2006-01-02T15:04:05Z")) }, "xsi:type", "dcterms:W3CDTF")
			}
		}
	}, "xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/", "xmlns:dcterms", "http://purl.org/dc/terms/",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	return m
}

func contentTypes() *markup {
	m := &markup{}
	m.in("Types", func() {
		m.el("Default", "Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml")
		m.el("Default", "Extension", "xml", "ContentType", "application/xml")
		m.el("Override", "PartName", "/docProps/core.xml", "ContentType", coreType)
		m.el("Override", "PartName", "/word/document.xml", "ContentType", wordType+"document.main+xml")
		for _, part := range []string{"styles", "numbering", "settings"} {
			m.el("Override", "PartName", "/word/"+part+".xml", "ContentType", wordType+part+"+xml")
		}
		m.el("Override", "PartName", "/word/footer1.xml", "ContentType", wordType+"footer+xml")
	}, "xmlns", types)
	return m
}

func (b *body) relations() *markup {
	all := [][3]string{
		{"styles", office + "/styles", "styles.xml"},
		{"numbering", office + "/numbering", "numbering.xml"},
		{"settings", office + "/settings", "settings.xml"},
		{"footer", office + "/footer", "footer1.xml"},
	}
	for n, target := range b.links {
		all = append(all, [3]string{linkID(n), office + "/hyperlink", target})
	}
	return relations(all...)
}

// relations is a .rels part (Part 2 §9.3): of id, type and target.
func relations(all ...[3]string) *markup {
	m := &markup{}
	m.in("Relationships", func() {
		for _, r := range all {
			attributes := []string{"Id", r[0], "Type", r[1], "Target", r[2]}
			if r[1] == office+"/hyperlink" {
				attributes = append(attributes, "TargetMode", "External")
			}
			m.el("Relationship", attributes...)
		}
	}, "xmlns", relationships)
	return m
}
