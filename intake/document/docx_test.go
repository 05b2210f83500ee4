package document

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheTablesNotesAndMarginsOfADocument(t *testing.T) {
	cell := func(span, text string) string {
		pr := ""
		if span != "" {
			pr = `<w:tcPr><w:gridSpan w:val="` + span + `"/></w:tcPr>`
		}
		return `<w:tc>` + pr + `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>`
	}
	for _, row := range []struct{ sentence, body, text, tables string }{
		{"a cell that spans columns is followed by empty ones", `<w:tbl><w:tr>` + cell("2", "Số đăng ký") + cell("", "Ghi chú") + `</w:tr><w:tr>` + cell("", "1") + cell("", "2") + cell("", "3") + `</w:tr></w:tbl>`,
			"Số đăng ký\tGhi chú\n1\t2\t3\n", `[[["Số đăng ký" "" "Ghi chú"] ["1" "2" "3"]]]`},
		{"an empty cell is a cell", `<w:tbl><w:tr>` + cell("", "") + cell("", "b") + `</w:tr></w:tbl>`, "\tb\n", `[[["" "b"]]]`},
		{"a table of one column is a frame around its paragraphs", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>I. Một</w:t></w:r></w:p><w:p><w:r><w:t>Hai</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`,
			"I. Một\nHai\n", `[[["I. Một Hai"]]]`},
		{"a table within a cell is its text there, and a table of its own", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:tbl><w:tr>` + cell("", "x") + cell("", "y") + `</w:tr></w:tbl><w:p/></w:tc>` + cell("", "b") + `</w:tr></w:tbl>`,
			"a x y\tb\n", `[[["x" "y"]] [["a x y" "b"]]]`},
		{"old fonts in cells are decoded", `<w:tbl><w:tr><w:tc><w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr><w:t>Phong trµo thi ®ua, huyÖn ñy, ®¨ng ký</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`,
			"Phong trào thi đua, huyện ủy, đăng ký\n", `[[["Phong trào thi đua, huyện ủy, đăng ký"]]]`},
		{"a word that runs cut in two is decoded as one", `<w:p><w:r><w:rPr><w:rFonts w:ascii="VNI-Times"/></w:rPr><w:t>Uyû ban nhaân daân huyeän, phong tra</w:t></w:r><w:r><w:rPr><w:b/><w:rFonts w:ascii="VNI-Times"/></w:rPr><w:t>øo</w:t></w:r></w:p>`,
			"Uỷ ban nhân dân huyện, phong trào\n", `[]`},
		{"hidden text is not read", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>hiện</w:t></w:r></w:p>`, "hiện\n", `[]`},
		{"the instruction of a field is no text", `<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>`, "7\n", `[]`},
		{"a soft hyphen in a word of today is none of it", `<w:p><w:r><w:t>thực` + "\u00AD" + `hiện</w:t></w:r></w:p>`, "thựchiện\n", `[]`},
		{"what an old font shows as ư is ư, also as the soft hyphen that a program made of it", `<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>H` + `</w:t><w:softHyphen/><w:t>íng dÉn phong trµo, ®iÓn h×nh, nhµ n` + "\u00AD" + `íc</w:t></w:r></w:p>`, "Hướng dẫn phong trào, điển hình, nhà nước\n", `[]`},
	} {
		d := Read("a.docx", docx(t, row.body))
		if d.Problem != "" || d.Text != row.text || fmt.Sprintf("%q", d.Tables) != row.tables {
			t.Errorf("%s: %q, text %q, tables %q", row.sentence, d.Problem, d.Text, d.Tables)
		}
	}
	const ns = ` xmlns:w="w"`
	p := func(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }
	d := Read("a.docx", zipOf(t, "[Content_Types].xml", "wordprocessingml.document.main",
		"word/document.xml", `<w:document`+ns+`>`+p("thân")+`</w:document>`,
		"word/footnotes.xml", `<w:footnotes`+ns+`>`+p("ghi chú")+`</w:footnotes>`,
		"word/header1.xml", `<w:hdr`+ns+`>`+p("ĐẦU TRANG")+`</w:hdr>`,
		"word/footer1.xml", `<w:ftr`+ns+`><w:p><w:r><w:t>hỏng`))
	if d.Text != "thân\nghi chú\n" || strings.Join(d.Margins, "|") != "ĐẦU TRANG" || d.Problem != "" {
		t.Errorf("text %q, margins %q, problem %q: notes follow, headers stand apart, a broken footer breaks nothing", d.Text, d.Margins, d.Problem)
	}
	if d := Read("a.docx", docx(t, `<w:p><w:r><w:drawing><a:blip xmlns:a="a"/></w:drawing></w:r></w:p>`)); !d.Scan || d.Problem != "" {
		t.Errorf("a document of nothing but a picture: scan %v, problem %q", d.Scan, d.Problem)
	}
	if d := Read("a.docx", docx(t, "", "")); d.Problem != Empty {
		t.Errorf("a document without a word: %q", d.Problem)
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(`<d><tbl><tr><tc><tcPr><gridSpan val="2"/></tcPr><p><pPr><pStyle val="u1"/><outlineLvl val="1"/></pPr><r><rPr><b/><rFonts ascii=".VnTime"/></rPr><t>B¸o</t><tab/><softHyphen/></r></p></tc></tr></tbl><p><r><txbxContent><p><r><t>x</t></r></p></txbxContent></r></p></d>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		d := Read("a.docx", zipOf(t, "[Content_Types].xml", "wordprocessingml.document.main", "word/document.xml", string(content)))
		checkBounds(t, d)
	})
}
