package document

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
)

// thirtyPages is what a long report has to say.
func thirtyPages() []string {
	var lines []string
	for i := range 30 * 12 {
		lines = append(lines, fmt.Sprintf("%d. ", i+1)+strings.Repeat("Phong trào thi đua Dân vận khéo lan rộng ở các xã, thị trấn. ", 4))
	}
	return lines
}

// BenchmarkRead is a report of thirty pages in each format, and one of 30 MB
// that is mostly a photograph.
func BenchmarkRead(b *testing.B) {
	lines := thirtyPages()
	var texts []docText
	for i, l := range lines {
		if i%10 == 0 {
			texts = append(texts, docText{wide: true})
		}
		texts[len(texts)-1].text += l + "\r"
	}
	var pages []string
	for i := range 30 {
		var page strings.Builder
		page.WriteString("BT /F2 10 Tf 60 750 Td ")
		for _, l := range lines[12*i : 12*i+12] {
			for range 3 {
				fmt.Fprintf(&page, "(%s) Tj 0 -14 Td ", strings.Map(func(r rune) rune { return min(r, 'z') }, l[:90]))
			}
		}
		pages = append(pages, page.String()+"ET")
	}
	var rtf strings.Builder
	rtf.WriteString(`{\rtf1\ansi\uc1{\fonttbl{\f0 Times New Roman;}}`)
	var body strings.Builder
	for _, l := range lines {
		body.WriteString("<text:p>" + l + "</text:p>")
		for _, r := range l {
			if r < 128 {
				rtf.WriteRune(r)
			} else {
				fmt.Fprintf(&rtf, `\u%d?`, r)
			}
		}
		rtf.WriteString(`\par `)
	}
	photo := make([]byte, 30<<20)
	rand.Read(photo)
	main, table := docStreams(b, []string{"Times New Roman"}, docText{text: "Bao cao\r"})
	for _, f := range []struct {
		name string
		data []byte
	}{
		{"30-pages.docx", docx(b, lines...)},
		{"30-pages.doc", docOf(b, []string{"Times New Roman"}, texts...)},
		{"30-pages.rtf", []byte(rtf.String() + "}")},
		{"30-pages.odt", odt(b, body.String())},
		{"30-pages.pdf", pdfPages(pages...)},
		{"6-MB.doc", compound("WordDocument", append(main, photo[:6<<20]...), "1Table", table)},
		{"30-MB.docx", zipOf(b, "[Content_Types].xml", "wordprocessingml.document.main", "word/media/image1.jpeg", string(photo),
			"word/document.xml", `<w:document xmlns:w="w"><w:p><w:r><w:t>BÁO CÁO</w:t></w:r></w:p></w:document>`)},
		{"30-MB.pdf", pdfOf("<</Pages 2 0 R>>", "<</Kids[3 0 R]>>", "<</Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>", pdfStreamOf("", "/I Do"), pdfStreamOf("/Subtype/Image", string(photo)))},
	} {
		b.Run(f.name, func(b *testing.B) {
			b.SetBytes(int64(len(f.data)))
			b.ReportAllocs()
			for b.Loop() {
				if d := Read(f.name, f.data); d.Problem != "" || d.Text == "" && !d.Scan {
					b.Fatalf("problem %q", d.Problem)
				}
			}
		})
	}
}
