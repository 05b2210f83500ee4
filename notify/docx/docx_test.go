package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dondoc/intake/document"
	"dondoc/notify/docx"
)

var keep = flag.String("keep", "", "a directory in which the documents of the tests are left, to be looked at")

// parts are the files of a package, each of which has to be XML.
func parts(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", f.Name, err, text)
			}
		}
		all[f.Name] = string(text)
	}
	return all
}

func one(blocks ...docx.Block) docx.Document { return docx.Document{Title: "t", Blocks: blocks} }

// whole has one of everything.
func whole() docx.Document {
	return docx.Document{
		Title: "Báo cáo tổng hợp", Footer: "DVK-2022", Made: time.Date(2022, 10, 25, 8, 0, 0, 0, time.UTC),
		Blocks: []docx.Block{
			docx.P(docx.Title, "BÁO CÁO TỔNG HỢP"),
			docx.Contents{Title: "Mục lục"},
			docx.Paragraph{Style: docx.Heading1, PageBreak: true, Runs: []docx.Run{{Text: "1. Khái quát tình hình chung"}}},
			docx.P(docx.Text, strings.Repeat("Huyện ủy đã lãnh đạo phong trào thi đua “Dân vận khéo” năm 2022. ", 9)),
			docx.P(docx.Heading2, "3.1. Sự phối hợp"),
			docx.P(docx.Source, "Huyện ủy Ba Tơ"),
			docx.P(docx.Quote, strings.Repeat("Trích nguyên văn của đơn vị. ", 20)),
			docx.P(docx.Heading3, "a) Cấp huyện"),
			docx.List{Numbered: true, Items: []docx.Paragraph{docx.P(docx.Normal, "một"), docx.P(docx.Normal, "hai")}},
			docx.List{Items: []docx.Paragraph{docx.P(docx.Normal, "gạch đầu dòng")}},
			docx.List{Numbered: true, Items: []docx.Paragraph{docx.P(docx.Normal, "lại một")}},
			docx.Table{Borders: true, Head: 2, Widths: []float64{65, 50, 50}, Rows: [][]docx.Cell{
				{docx.C(docx.Center, "Cấp"), {Span: 2, Align: docx.Center, Blocks: []docx.Paragraph{docx.P(docx.Small, "Số mô hình")}}},
				{{Up: true}, docx.C(docx.Center, "Đăng ký"), docx.C(docx.Center, "Xây dựng")},
				{docx.C(docx.Left, "Tỉnh"), docx.C(docx.Right, "3"), docx.C(docx.Right, "2")},
				{docx.C(docx.Left, "Huyện"), docx.C(docx.Right, "4")},
			}},
			docx.Table{Borders: true, Rows: [][]docx.Cell{{docx.C(docx.Left, "một bảng khác")}}},
		},
	}
}

// TestWhatIsWrittenIsRead has our own reader read what was written.
func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, c := range []struct {
		sentence string
		doc      docx.Document
		want     string
	}{
		{"letters that were taken apart are put together", one(docx.P(docx.Normal, "Huye\u0302\u0323n u\u0309y")), "Huyện ủy"},
		{"what no page shows is left out", one(docx.P(docx.Normal, "a\x00b\x1b[31mc\u202Efdp.exe\ufeff\uFFFE")), "ab[31mcfdp.exe"},
		{"XML in a text is text", one(docx.P(docx.Normal, `</w:t><w:p> & "x" ]]>`)), `</w:t><w:p> & "x" ]]>`},
		{"bytes that are no text are shown as such", one(docx.P(docx.Normal, "a\xffb")), "a\uFFFDb"},
		{"a line break and a tab are those of a document", one(docx.P(docx.Normal, "một\r\nhai\tba")), "một\nhai\tba"},
		{"a table without rows is none", one(docx.Table{Borders: true}, docx.P(docx.Normal, "sau")), "sau"},
		{"a list has its items", one(docx.List{Items: []docx.Paragraph{docx.P(docx.Normal, "một"), docx.P(docx.Normal, "hai")}}), "một\nhai"},
		{"a link shows its text", one(docx.Paragraph{Runs: []docx.Run{{Text: "BC.pdf", Link: "ho-so/BC.pdf"}}}), "BC.pdf"},
		{"an empty document is one", one(), ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			data := c.doc.Bytes()
			parts(t, data)
			read := document.Read("a.docx", data)
			if got := strings.TrimSpace(read.Text); read.Kind != document.DOCX || got != c.want {
				t.Errorf("%s %q: %q, want %q", read.Kind, read.Problem, got, c.want)
			}
		})
	}
}

// TestTheWholeIsRead: headings by their styles, tables by their cells, the
// title by its style.
func TestTheWholeIsRead(t *testing.T) {
	d := document.Read("a.docx", whole().Bytes())
	if d.Title != "BÁO CÁO TỔNG HỢP" {
		t.Errorf("title %q", d.Title)
	}
	if got := strings.Join(d.Headings, "|"); !strings.HasSuffix(got, "1. Khái quát tình hình chung|3.1. Sự phối hợp|a) Cấp huyện") {
		t.Errorf("headings %q", got)
	}
	if len(d.Tables) != 2 || len(d.Tables[0]) != 4 || strings.Join(d.Tables[0][2], "|") != "Tỉnh|3|2" {
		t.Errorf("tables %q", d.Tables)
	}
	if strings.Join(d.Tables[0][3], "|") != "Huyện|4|" {
		t.Errorf("a row with fewer cells: %q", d.Tables[0][3])
	}
}

// TestBytes holds that a document's bytes follow from it alone.
func TestBytes(t *testing.T) {
	a, b := whole().Bytes(), whole().Bytes()
	if !bytes.Equal(a, b) {
		t.Error("the same document has different bytes")
	}
	later := whole()
	later.Made = later.Made.Add(time.Hour)
	if bytes.Equal(a, later.Bytes()) {
		t.Error("when it was made is not in it")
	}
}

// TestMarkup holds what Word needs and no reader of text notices.
func TestMarkup(t *testing.T) {
	for _, c := range []struct {
		sentence   string
		doc        docx.Document
		part, want string
	}{
		{"headings have outline levels", whole(), "word/styles.xml", `<w:outlineLvl w:val="1"/>`},
		{"the contents are a field that Word can renew", whole(), "word/document.xml", ` TOC \o &#34;1-3&#34; \h \z `},
		{"its entries lead to the headings", whole(), "word/document.xml", `<w:hyperlink w:anchor="_Toc2" w:history="1"><w:r><w:t xml:space="preserve">3.1. Sự phối hợp</w:t>`},
		{"which are marked for it", whole(), "word/document.xml", `<w:bookmarkStart w:id="1" w:name="_Toc2"/>`},
		{"the head of a table is repeated", whole(), "word/document.xml", `<w:tblHeader/>`},
		{"a cell that goes on is merged", whole(), "word/document.xml", `<w:vMerge w:val="restart"/>`},
		{"each numbered list begins with 1", whole(), "word/numbering.xml", `<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>`},
		{"pages are numbered", whole(), "word/footer1.xml", `w:instr=" PAGE "`},
		{"the language is said", one(), "word/styles.xml", `w:val="vi-VN"`},
		{"a path is written as one", one(docx.Paragraph{Runs: []docx.Run{{Text: "x", Link: "ho-so/Huyện ủy/a b#1.pdf"}}}), "word/_rels/document.xml.rels", `Target="ho-so/Huy%E1%BB%87n%20%E1%BB%A7y/a%20b%231.pdf" TargetMode="External"`},
		{"and never as an address of the network", one(docx.Paragraph{Runs: []docx.Run{{Text: "x", Link: "javascript:alert(1)"}}}), "word/_rels/document.xml.rels", `Target="./javascript:alert%281%29"`},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := parts(t, c.doc.Bytes())[c.part]; !strings.Contains(got, c.want) {
				t.Errorf("%s has no %s:\n%s", c.part, c.want, got)
			}
		})
	}
}

// TestLibreOfficeOpensIt prints the whole to a PDF, and reads that.
func TestLibreOfficeOpensIt(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: what was written was not opened by another program")
	}
	dir := t.TempDir()
	if *keep != "" {
		dir = *keep
	}
	source := filepath.Join(dir, "whole.docx")
	if err := os.WriteFile(source, whole().Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(t.TempDir(), "user"), "--headless", "--convert-to", "pdf", "--outdir", dir, source)
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, msg)
	}
	data, err := os.ReadFile(filepath.Join(dir, "whole.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	d := document.Read("a.pdf", data)
	if d.Pages != 2 {
		t.Errorf("%d pages, want 2: the contents and the text", d.Pages)
	}
	text := strings.Join(strings.Fields(d.Text), " ")
	for _, want := range []string{"Mục lục", "DVK-2022 · 1", "DVK-2022 · 2", "1. một", "2. hai", "- gạch đầu dòng", "1. lại một", "Số mô hình", "một bảng khác"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the pages:\n%s", want, text)
		}
	}
	if strings.Count(text, "3.1. Sự phối hợp") != 2 {
		t.Errorf("a heading stands in its place and in the contents:\n%s", text)
	}
}

// FuzzText holds that no text makes a document that cannot be opened, wherever
// it stands, and that what a page can show is there.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Huyện ủy", "\x00\x1f\x7f", "</w:p>", "\u202e\ufeff\uffff", "\xed\xa0\x80", "a\r\nb\tc", "%00:/?#", strings.Repeat("x\n", 40)} {
		f.Add(s, 2, 3.0)
	}
	f.Fuzz(func(t *testing.T, s string, n int, width float64) {
		at := docx.Align(s)
		p := docx.Paragraph{Style: docx.Heading2, Align: at, Before: &width, Runs: []docx.Run{{Text: s, Bold: true, Size: width, Color: s}, {Text: s, Link: s}}}
		d := docx.Document{Title: s, Lang: s, Footer: s, Blocks: []docx.Block{
			docx.Contents{Title: s}, p, docx.List{Numbered: true, Items: []docx.Paragraph{p}},
			docx.Table{Widths: []float64{width, float64(n)}, Head: n, Borders: true, Rows: [][]docx.Cell{
				{{Up: true, Span: n, Blocks: []docx.Paragraph{p}}, {Span: n}, docx.C(at, s)}, {{Up: true}}, {},
			}},
		}}
		data := d.Bytes()
		parts(t, data)
		read := document.Read("a.docx", data)
		if read.Kind != document.DOCX || read.Problem != "" && read.Problem != document.Empty {
			t.Fatalf("%q: %s %s", s, read.Kind, read.Problem)
		}
		if !utf8.ValidString(read.Text) {
			t.Fatalf("%q: %q", s, read.Text)
		}
	})
}
