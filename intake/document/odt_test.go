package document

import (
	"fmt"
	"strings"
	"testing"
)

// odt makes an OpenDocument text of the body's XML.
func odt(t testing.TB, body string) []byte {
	const ns = ` xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s" xmlns:fo="f" xmlns:svg="v" xmlns:draw="d"`
	return zipOf(t,
		"mimetype", "application/vnd.oasis.opendocument.text",
		"meta.xml", `<office:document-meta`+ns+` xmlns:meta="m"><office:meta><meta:document-statistic meta:page-count="3"/></office:meta></office:document-meta>`,
		"styles.xml", `<office:document-styles`+ns+`><office:styles><style:style style:name="Title" style:family="paragraph"/></office:styles>`+
			`<office:master-styles><style:master-page><style:header><text:p>ĐẦU TRANG</text:p></style:header></style:master-page></office:master-styles></office:document-styles>`,
		"content.xml", `<office:document-content`+ns+`><office:font-face-decls><style:font-face style:name="F1" svg:font-family="'.VnTime'"/></office:font-face-decls>`+
			`<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/>`+
			`<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>`+
			`<style:style style:name="T2"><style:text-properties style:font-name="F1"/></style:style></office:automatic-styles>`+
			`<office:body><office:text>`+body+`</office:text></office:body></office:document-content>`)
}

func TestTheTextOfAnOpenDocument(t *testing.T) {
	for _, row := range []struct {
		sentence, body, text, headings string
	}{
		{"paragraphs become lines", `<text:p>Một</text:p><text:p>Hai</text:p>`, "Một\nHai\n", ""},
		{"a heading is one by its element", `<text:h text:outline-level="1">I. Mục</text:h>`, "I. Mục\n", "I. Mục"},
		{"a paragraph all in bold is a heading", `<text:p><text:span text:style-name="T1">Đậm</text:span></text:p><text:p>a <text:span text:style-name="T1">b</text:span></text:p>`, "Đậm\na b\n", "Đậm"},
		{"spaces, tabs and lines are elements", `<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>`, "a  b\tc\nd\n", ""},
		{"what was deleted or remarked is not read", `<text:tracked-changes><text:deletion><text:p>cũ</text:p></text:deletion></text:tracked-changes><text:p>mới<office:annotation><text:p>nhận xét</text:p></office:annotation></text:p>`, "mới\n", ""},
		{"a note is read without its number", `<text:p>chữ<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>ghi chú</text:p></text:note-body></text:note></text:p>`, "ghi chú\nchữ\n", ""},
		{"cells are parted by tabs", `<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>`, "a b\tc\n", ""},
	} {
		d := Read("a.odt", odt(t, row.body))
		if d.Kind != ODT || d.Problem != "" || d.Text != row.text || strings.Join(d.Headings, "|") != row.headings {
			t.Errorf("%s: %s %q, text %q, headings %q", row.sentence, d.Kind, d.Problem, d.Text, d.Headings)
		}
	}
	d := Read("a.odt", odt(t, `<text:p text:style-name="P1">BÁO CÁO</text:p><table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>a</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2"/></table:table-row></table:table>`))
	if d.Title != "BÁO CÁO" || d.Pages != 3 || fmt.Sprint(d.Margins) != "[ĐẦU TRANG]" {
		t.Errorf("title %q, %d pages, margins %q", d.Title, d.Pages, d.Margins)
	}
	if len(d.Tables) != 1 || fmt.Sprintf("%q", d.Tables[0]) != `[["a" "" "" ""]]` {
		t.Errorf("tables %q: a covered cell and repeated ones are cells", d.Tables)
	}
	locked := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml", "<manifest:encryption-data/>", "content.xml", "\x00\x01")
	if d := Read("a.odt", locked); d.Problem != Locked {
		t.Errorf("a text under a password: %q", d.Problem)
	}
}

func FuzzODT(f *testing.F) {
	f.Add([]byte(`<a><style name="P"><text-properties font-name="x"/></style><h>I</h><table><table-row><table-cell number-columns-repeated="99"><p style-name="P">a<span>b<s c="3"/></span></p></table-cell></table-row></table></a>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		d := Read("a.odt", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", string(content)))
		checkBounds(t, d)
	})
}
