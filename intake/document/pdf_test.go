package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// pdfOf makes a PDF of objects, numbered from 1, the first of them the root.
func pdfOf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func pdfStreamOf(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(content), content)
}

// deflated is the dictionary entry and content of a stream that is packed.
func deflated(content string) (string, string) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(content))
	w.Close()
	return "/Filter/FlateDecode", b.String()
}

// pdfPages makes a PDF of pages, each with its content in the fonts F1
// (Helvetica) and F2 (.VnTime), letters half as wide as high.
func pdfPages(contents ...string) []byte {
	widths := "[" + strings.Repeat("500 ", 224) + "]"
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "",
		"<</Type/Font/Subtype/TrueType/BaseFont/Helvetica-Bold/FirstChar 32/Widths " + widths + "/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+.VnTime,Bold/FirstChar 32/Widths " + widths + "/Encoding/WinAnsiEncoding>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Times/FirstChar 32/Widths " + widths + "/Encoding<</Differences[65/acircumflexacute/uni1ED9/quotedblleft]>>>>",
		"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</DW 500>>]>>",
		pdfStreamOf("", "1 beginbfrange\n<0001> <0003> <1EA0>\nendbfrange 1 beginbfchar <0005> <D83DDE00> endbfchar"),
		pdfStreamOf("/Subtype/Image/Width 1/Height 1", "\xff"),
		pdfStreamOf("/Subtype/Form/Matrix[1 0 0 1 0 0]", "BT /F1 10 Tf 0 500 Td (Trong khung) Tj ET"),
	}
	var kids strings.Builder
	for _, c := range contents {
		n := len(objects) + 1
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R>>", n+1), pdfStreamOf("", c))
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R/F4 6 0 R>>/XObject<</I 8 0 R/X 9 0 R>>>>>>", len(contents), kids.String())
	return pdfOf(objects...)
}

func TestTheTextOfAPDF(t *testing.T) {
	const from = "BT /F1 10 Tf 100 700 Td "
	for _, row := range []struct{ sentence, content, text string }{
		{"lines become lines", from + "(Mot) Tj 0 -20 Td (Hai) Tj ET", "Mot\nHai\n"},
		{"a line that fills the page goes on on the next", from + "(mot dong dai het ca trang giay roi) Tj 0 -12 Td (xuong dong) Tj 0 -12 Td (- muc) Tj ET", "mot dong dai het ca trang giay roi xuong dong\n- muc\n"},
		{"a gap that was only left free is a space, a wide one a tab", from + "[(Bao) -300 (cao) -20 (!) -4000 (A)] TJ ET", "Bao cao!\tA\n"},
		{"a smaller letter above the line stands on it", from + "(m) Tj 5 3 Td /F1 6 Tf (2) Tj ET", "m2\n"},
		{"letters drawn twice are bold letters", "BT /F1 10 Tf 1 0 0 1 100 700 Tm (DAM) Tj 1 0 0 1 100.4 700 Tm (DAM) Tj ET", "DAM\n"},
		{"strings have escapes and hex", from + `(a\(b\)\101\
c) Tj <4142> Tj ET`, "a(b)AcAB\n"},
		{"an old font is decoded by its name and its letters", "BT /F2 10 Tf 100 700 Td (B\xb8o c\xb8o phong tr\xb5o thi \xaeua, \xad\xedc m\xac) Tj ET", "Báo cáo phong trào thi đua, ước mơ\n"},
		{"names of letters say what codes are", "BT /F3 10 Tf 100 700 Td (ABC) Tj ET", "ấộ“\n"},
		{"a map says what codes of two bytes are", "BT /F4 10 Tf 100 700 Td <000100030005> Tj ET", "ẠẢ" + "\U0001F600\n"},
		{"what stands in a form is on the page, pictures are not text", "/I Do /X Do BI /W 1 ID \x01EI\x02 EI " + from + "(x) Tj ET", "Trong khung\nx\n"},
		{"the next line by the operators ' and T*", from + "12 TL (a) Tj T* (b) Tj (c) ' ET", "a\nb\nc\n"},
		{"a page drawn from bottom to top is read from top to bottom", func() string {
			var s strings.Builder
			for i := range 12 {
				fmt.Fprintf(&s, "BT /F1 10 Tf 100 %d Td (d%d) Tj ET ", 100+20*i, 12-i)
			}
			return s.String()
		}(), "d1\nd2\nd3\nd4\nd5\nd6\nd7\nd8\nd9\nd10\nd11\nd12\n"},
	} {
		d := Read("a.pdf", pdfPages(row.content))
		if d.Kind != PDF || d.Problem != "" || d.Text != row.text {
			t.Errorf("%s: %q, text %q, want %q", row.sentence, d.Problem, d.Text, row.text)
		}
	}
	d := Read("a.pdf", pdfPages("BT /F1 10 Tf 1 0 0 1 9 700 Tm (I. MUC LUC) Tj 0 -20 Td /F3 10 Tf (thuong) Tj ET", "", ""))
	if d.Pages != 3 || strings.Join(d.Headings, "|") != "I. MUC LUC" || d.Scan {
		t.Errorf("%d pages, headings %q", d.Pages, d.Headings)
	}
	if d := Read("a.pdf", pdfPages("/I Do", "/I Do BT /F1 9 Tf 9 9 Td (Trang 2) Tj ET", "q /I Do Q")); !d.Scan || d.Pages != 3 || d.Problem != "" {
		t.Errorf("three pictures of pages: scan %v, %d pages, problem %q", d.Scan, d.Pages, d.Problem)
	}
}

// TestAPDFIsFoundTogether holds the ways in which the objects of a PDF lie.
func TestAPDFIsFoundTogether(t *testing.T) {
	plain := pdfPages("BT /F1 10 Tf 9 700 Td (Bao cao cu) Tj ET")
	packed := func() []byte {
		filter, content := deflated("BT /F1 10 Tf 9 700 Td (Bao cao) Tj ET")
		var b bytes.Buffer
		b.WriteString("%PDF-1.5\n")
		objects := []string{"<</Pages 2 0 R>>", "<</Kids[3 0 R]>>", "<</Contents 5 0 R/Resources<</Font<</F1<</BaseFont/A>>>>>>>>"}
		head, body := "", ""
		for i, o := range objects {
			head += fmt.Sprintf("%d %d ", i+1, len(body))
			body += o + " "
		}
		f, inner := deflated(head + body)
		at4 := b.Len()
		fmt.Fprintf(&b, "4 0 obj\n%s\nendobj\n", pdfStreamOf(fmt.Sprintf("/Type/ObjStm/N 3/First %d", len(head))+f, inner))
		at5 := b.Len()
		fmt.Fprintf(&b, "5 0 obj\n%s\nendobj\n", pdfStreamOf(filter, content))
		at := b.Len()
		rows := ""
		for _, r := range [][3]int{{0, 0, 0}, {2, 4, 0}, {2, 4, 1}, {2, 4, 2}, {1, at4, 0}, {1, at5, 0}, {1, at, 0}} {
			rows += string([]byte{2, byte(r[0]), byte(r[1] >> 8), byte(r[1]), byte(r[2])})
		}
		// Rows as differences to the row above, as programs write them.
		diff := []byte(rows)
		for i := len(diff) - 5; i >= 5; i -= 5 {
			for j := 1; j < 5; j++ {
				diff[i+j] -= diff[i-5+j]
			}
		}
		f, table := deflated(string(diff))
		fmt.Fprintf(&b, "6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF", pdfStreamOf("/Type/XRef/W[1 2 1]/Size 7/Root 1 0 R/DecodeParms<</Predictor 12/Columns 4>>"+f, table), at)
		return b.Bytes()
	}()
	newer := func() []byte {
		b := bytes.NewBuffer(bytes.Clone(plain))
		at := b.Len()
		fmt.Fprintf(b, "11 0 obj\n%s\nendobj\n", pdfStreamOf("", "BT /F1 10 Tf 9 700 Td (Bao cao) Tj ET"))
		xref := b.Len()
		fmt.Fprintf(b, "xref\n11 1\n%010d 00000 n \ntrailer\n<</Size 12/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, bytes.LastIndex(plain, []byte("xref\n0 ")), xref)
		return b.Bytes()
	}()
	old := "Bao cao cu\n"
	for _, row := range []struct {
		sentence, text, problem string
		data                    []byte
	}{
		{"objects in packed streams are found by a packed table", "Bao cao\n", "", packed},
		{"without that table they are looked for", "Bao cao\n", "", bytes.Replace(packed, []byte("startxref"), []byte("startxxxx"), 1)},
		{"what a signature appended counts, not what it replaced", "Bao cao\n", "", newer},
		{"a table that points to nowhere is passed over", old, "", bytes.Replace(plain, []byte("startxref\n"), []byte("startxref\n9"), 1)},
		{"bytes before the file move nothing", old, "", append([]byte("rac\n"), plain...)},
		{"bytes after it neither", old, "", append(bytes.Clone(plain), "\n\n<!-- rac -->"...)},
		{"a table that points to itself ends", old, "", bytes.Replace(plain, []byte("/Root 1 0 R>>"), []byte(fmt.Sprintf("/Root 1 0 R/Prev %d>>", bytes.LastIndex(plain, []byte("xref\n0 ")))), 1)},
		{"pages that hold themselves end", old, "", bytes.Replace(plain, []byte("/Kids["), []byte("/Kids[2 0 R "), 1)},
		{"lengths that lie are corrected", old, "", bytes.Replace(plain, []byte("/Length 38>>stream\nBT /F1"), []byte("/Length 99>>stream\nBT /F1"), 1)},
		{"a file without pages is damage", "", Damaged, pdfOf("<</Type/Catalog>>")},
		{"words in the form of a PDF are damage", "", Damaged, []byte("%PDF-1.7\nxin chao\n%%EOF")},
		{"a handler of passwords that we do not know locks the file", "", Locked, bytes.Replace(plain, []byte("/Root 1 0 R>>"), []byte("/Root 1 0 R/Encrypt<</Filter/Abc>>>>"), 1)},
	} {
		d := Read("a.pdf", row.data)
		if d.Problem != row.problem || d.Text != row.text {
			t.Errorf("%s: problem %q, text %q", row.sentence, d.Problem, d.Text)
		}
	}
}

func TestAHostilePDFCostsLittle(t *testing.T) {
	filter, bomb := deflated(strings.Repeat("(a) Tj ", 4<<20))
	many := strings.Repeat("6 0 R ", 5000)
	for _, row := range []struct {
		sentence string
		data     []byte
	}{
		{"arrays within arrays without end", pdfPages(strings.Repeat("[", 1<<20))},
		{"dictionaries within dictionaries without end", pdfOf("<</Pages " + strings.Repeat("<</A", 1<<20))},
		{"a table that says it is huge", []byte("%PDF-1.4\nxref\n0 999999999\ntrailer<</Size 999999999/Root 1 0 R>>\nstartxref\n9\n%%EOF")},
		{"strings that are not closed, each read to the end of the file", append(pdfPages("x"), strings.Repeat("trailer(", 1<<19)+"%%EOF"...)},
		{"pictures within the page that seem to end everywhere", pdfPages("BI ID " + strings.Repeat("EI", 1<<20))},
		{"streams whose end is missing", append([]byte("%PDF-1.4\n"), strings.Repeat("1 0 obj<<>>stream\n", 1<<17)+"%%EOF"...)},
		{"a form that draws itself", bytes.Replace(pdfPages("/X Do"), []byte("(Trong khung) Tj ET"), []byte("/X Do /X Do /X Do  "), 1)},
		{"one stream drawn thousands of times, unpacked to gigabytes", pdfOf("<</Pages 2 0 R>>", "<</Kids[3 0 R]>>",
			"<</Contents["+many+"]/Resources<</Font<</F 4 0 R>>>>>>", "<<>>", "null", pdfStreamOf(filter, bomb))},
	} {
		d := Read("a.pdf", row.data)
		if len(d.Text) > MaxText {
			t.Errorf("%s: %d bytes of text", row.sentence, len(d.Text))
		}
		if d.Problem == "" && d.Text == "" && !d.Scan {
			t.Errorf("%s: readable and empty", row.sentence)
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(pdfPages("BT /F1 10 Tf 9 700 Td (a) Tj [(b) -300 <4142>] TJ T* /F4 9 Tf <0001> ' ET /X Do /I Do q Q", ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Document{Kind: PDF}
		d.readPDF(data)
		checkBounds(t, d)
	})
}
