package document

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// docx makes a .docx of paragraphs; one that begins with # is a heading by
// style, one that begins with * is bold.
func docx(t testing.TB, paragraphs ...string) []byte {
	var body strings.Builder
	for _, p := range paragraphs {
		switch {
		case strings.HasPrefix(p, "<"):
			body.WriteString(p)
		case strings.HasPrefix(p, "#"):
			body.WriteString(`<w:p><w:pPr><w:pStyle w:val="u1"/></w:pPr><w:r><w:t>` + p[1:] + `</w:t></w:r></w:p>`)
		case strings.HasPrefix(p, "*"):
			body.WriteString(`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>` + p[1:] + `</w:t></w:r></w:p>`)
		default:
			body.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + p + `</w:t></w:r></w:p>`)
		}
	}
	const ns = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	return zipOf(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/styles.xml", `<w:styles`+ns+`><w:style w:styleId="u1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="u1a"><w:name w:val="Muc"/><w:basedOn w:val="u1"/></w:style><w:style w:styleId="Tiu"><w:name w:val="Title"/></w:style></w:styles>`,
		"docProps/app.xml", `<Properties><Pages>7</Pages></Properties>`,
		"word/document.xml", `<w:document`+ns+`><w:body>`+body.String()+`</w:body></w:document>`)
}

// zipOf makes a .zip of pairs of name and content.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestTheTextOfADocumentIsRead(t *testing.T) {
	for _, row := range []struct {
		sentence string
		data     []byte
		text     string
		headings []string
	}{
		{"paragraphs become lines", docx(t, "Một", "Hai"), "Một\nHai\n", nil},
		{"a heading is known by its style, whatever Word translated the style's id to", docx(t, "#I. Tình hình", "Nội dung"), "I. Tình hình\nNội dung\n", []string{"I. Tình hình"}},
		{"a style that is based on a heading's is one", docx(t, `<w:p><w:pPr><w:pStyle w:val="u1a"/></w:pPr><w:r><w:t>Mục</w:t></w:r></w:p>`), "Mục\n", []string{"Mục"}},
		{"an outline level makes a heading", docx(t, `<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>A</w:t></w:r></w:p>`), "A\n", []string{"A"}},
		{"a short paragraph all in bold is a heading", docx(t, "*1. Khái quát", "văn bản"), "1. Khái quát\nvăn bản\n", []string{"1. Khái quát"}},
		{"bold of the paragraph mark is not bold of the text", docx(t, `<w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:t>A</w:t></w:r></w:p>`), "A\n", nil},
		{"cells are parted by tabs and rows by lines",
			docx(t, `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`),
			"a b\tc\n", nil},
		{"deleted text is not read", docx(t, `<w:p><w:del><w:r><w:t>cũ</w:t></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>`), "mới\n", nil},
		{"of alternative contents one is read",
			docx(t, `<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>x</w:t></mc:Choice><mc:Fallback><w:t>x</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`), "x\n", nil},
		{"combining marks become letters", docx(t, "Ba\u0301o ca\u0301o"), "Báo cáo\n", nil},
	} {
		d := Read("a.docx", row.data)
		if d.Kind != DOCX || d.Problem != "" || d.Text != row.text {
			t.Errorf("%s: kind %s, problem %q, text %q", row.sentence, d.Kind, d.Problem, d.Text)
		}
		if strings.Join(d.Headings, "|") != strings.Join(row.headings, "|") {
			t.Errorf("%s: headings %q", row.sentence, d.Headings)
		}
	}
	if d := Read("a.docx", docx(t, "x")); d.Pages != 7 {
		t.Errorf("pages = %d, want what the program that saved it counted", d.Pages)
	}
}
