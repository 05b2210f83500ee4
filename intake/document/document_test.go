package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
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

// ole makes an OLE file with the streams "name=content", each of 4096 bytes,
// the least that needs no stream of small streams.
func ole(streams ...string) []byte {
	const sector, run = 512, 8
	le16 := binary.LittleEndian.PutUint16
	le32 := binary.LittleEndian.PutUint32
	file := make([]byte, sector*3+sector*run*len(streams))
	copy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	le16(file[24:], 0x3E)
	le16(file[26:], 3)
	le16(file[28:], 0xFFFE)
	le16(file[30:], 9)
	le16(file[32:], 6)
	le32(file[44:], 1) // FAT sectors
	le32(file[48:], 1) // directory at sector 1
	le32(file[56:], 4096)
	le32(file[60:], 0xFFFFFFFE) // no mini FAT
	le32(file[68:], 0xFFFFFFFE) // no DIFAT
	for i := range 109 {
		le32(file[76+4*i:], 0xFFFFFFFF)
	}
	le32(file[76:], 0)
	fat := file[sector : 2*sector]
	for i := range sector / 4 {
		le32(fat[4*i:], 0xFFFFFFFF)
	}
	le32(fat, 0xFFFFFFFD)
	le32(fat[4:], 0xFFFFFFFE)
	entry := func(i int, name string, kind byte, child, right, start uint32, size int) {
		e := file[2*sector+128*i:]
		for j, r := range name {
			le16(e[2*j:], uint16(r))
		}
		le16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		le32(e[68:], 0xFFFFFFFF)
		le32(e[72:], right)
		le32(e[76:], child)
		le32(e[116:], start)
		le32(e[120:], uint32(size))
	}
	entry(0, "Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)
	for i, name := range streams {
		right := uint32(0xFFFFFFFF)
		if i+1 < len(streams) {
			right = uint32(i + 2)
		}
		first := 2 + i*run
		for j := range run - 1 {
			le32(fat[4*(first+j):], uint32(first+j+1))
		}
		le32(fat[4*(first+run-1):], 0xFFFFFFFE)
		name, content, _ := strings.Cut(name, "=")
		copy(file[(1+first)*sector:], content)
		entry(i+1, name, 2, 0xFFFFFFFF, right, uint32(first), run*sector)
	}
	return file
}

func TestAFileIsWhatItsContentIs(t *testing.T) {
	office := func(mark string) []byte {
		return zipOf(t, "[Content_Types].xml", `<Types><Override ContentType="application/vnd.`+mark+`+xml"/></Types>`, "x", "y")
	}
	const sheet = "openxmlformats-officedocument.spreadsheetml.sheet.main"
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00")
	locked := make([]byte, 12)
	locked[11] = 0x01
	for _, row := range []struct {
		sentence      string
		name          string
		data          []byte
		kind, problem string
	}{
		{"a workbook is one under any name", "bao cao.docx", office(sheet), XLSX, ""},
		{"a workbook with macros is one also as .xlsx", "a.xlsx", office("ms-excel.sheet.macroEnabled.main"), XLSM, ""},
		{"a binary workbook is no .xlsx", "a.xlsx", office("ms-excel.sheet.binary.macroEnabled.main"), XLSB, ""},
		{"a document is one under any name", "a.xlsx", docx(t, "x"), DOCX, ""},
		{"an OpenDocument sheet is known by its first file", "a.xlsx", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ODS, ""},
		{"an OpenDocument text is too, and damaged without its content", "a.doc", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text"), ODT, Damaged},
		{"a container is a container", "a.zip", zipOf(t, "a.txt", "x"), ZIP, ""},
		{"a container called .xlsx is a damaged workbook", "a.xlsx", zipOf(t, "a.txt", "x"), XLSX, Damaged},
		{"a workbook cut short is damaged", "a.xlsx", office(sheet)[:60], XLSX, Damaged},
		{"an empty file is damaged", "a.xlsx", nil, XLSX, Damaged},
		{"zeros are no file", "a.pdf", make([]byte, 5000), PDF, Damaged},
		{"an old workbook is known by its stream", "a.xlsx", ole("Workbook"), XLS, ""},
		{"in capitals too", "a.bin", ole("WORKBOOK"), XLS, ""},
		{"an old document is known by its stream, and damaged without a word in it", "a.bin", ole("WordDocument"), DOC, Damaged},
		{"an old document under a password says so", "a.doc", ole("WordDocument=" + string(locked)), DOC, Locked},
		{"a workbook under a password is an envelope", "a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), Encrypted, Locked},
		{"an OLE file of something else is unknown", "a.msi", ole("Something"), Unknown, ""},
		{"an OLE file cut short is damaged", "a.xls", ole("Workbook")[:40], XLS, Damaged},
		{"a PDF is one under any name", "a.docx", pdfPages("BT /F1 9 Tf (Bao cao) Tj ET"), PDF, ""},
		{"a PDF cut short is damaged", "a.pdf", []byte("%PDF-1.7\n1 0 obj"), PDF, Damaged},
		{"rich text called .doc is rich text", "a.doc", []byte(`{\rtf1\ansi x}`), RTF, ""},
		{"a workbook without its list of types is one whatever its name", "tep", zipOf(t, "xl/workbook.xml", "<workbook/>"), XLSX, ""},
		{"what Numbers writes is no archive, and not readable", "PL.numbers", zipOf(t, "Index/Document.iwa", "x", "preview.jpg", "x"), Unknown, Damaged},
		{"a .rar is known", "a.zip", []byte("Rar!\x1a\x07\x01\x00xxxx"), RAR, ""},
		{"a .7z is known", "a.7z", []byte("7z\xBC\xAF\x27\x1C\x00\x04xxxxxxxx"), SevenZip, ""},
		{"Outlook's wrapping is known", "winmail.dat", []byte("\x78\x9F\x3E\x22\x01\x00\x01\x90"), TNEF, ""},
		{"a picture is a picture", "a.pdf", png, Image, ""},
		{"a page called .xls is a page", "a.xls", []byte("<html><body><table><tr><td>1</td></tr></table></body></html>"), HTML, ""},
		{"a text called .xlsx is no workbook", "a.xlsx", []byte("khong phai tep Excel"), XLSX, Damaged},
		{"a table in text is one", "a.csv", []byte("a,b\n1,2\n"), CSV, ""},
		{"a note is text", "ghi chu.txt", []byte("Kính gửi anh chị"), Text, ""},
		{"a saved mail is a mail", "thu.eml", []byte("From: a@hu.example\r\nSubject: x\r\n\r\nx"), EML, ""},
		{"a calendar item is one", "a.dat", []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), ICS, ""},
		{"a visiting card is one", "a.dat", []byte("begin:vcard\r\nend:vcard\r\n"), VCF, ""},
		{"a detached signature is one", "smime.p7s", []byte("0\x80\x06\t*\x86H\x86\xf7"), Signature, ""},
		{"bytes without sense under a workbook's name are a damaged workbook", "a.xlsx", []byte("\x01\x02\x03\x04\xff\xfe\xfd\x00\x01"), XLSX, Damaged},
	} {
		d := Read(row.name, row.data)
		if d.Kind != row.kind || d.Problem != row.problem {
			t.Errorf("%s: kind %q, problem %q; want %q, %q", row.sentence, d.Kind, d.Problem, row.kind, row.problem)
		}
		if d.MediaType == "" {
			t.Errorf("%s: no media type", row.sentence)
		}
	}
}

func TestAHostileDocumentCostsLittle(t *testing.T) {
	with := func(document string) []byte {
		return zipOf(t, "[Content_Types].xml", "wordprocessingml.document.main", "word/document.xml", document)
	}
	deep := strings.Repeat("<w:x>", 100_000)
	for _, row := range []struct {
		sentence, problem string
		data              []byte
	}{
		{"a document type declaration is refused, so that no entity is ever expanded", Damaged, with(`<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="w"/>`)},
		{"an undeclared entity is damage", Damaged, with(`<w:document xmlns:w="w"><w:p><w:t>&a;</w:t></w:p></w:document>`)},
		{"nesting without end is refused", TooLarge, with(`<w:document xmlns:w="w">` + deep)},
		{"a text of hundreds of megabytes is not unpacked", TooLarge, with(`<w:document xmlns:w="w"><w:z>` + strings.Repeat("0", maxDocument+10))},
		{"XML that ends in the middle is damage", Damaged, with(`<w:document xmlns:w="w"><w:p>`)},
		{"a document without a text is damage", Damaged, zipOf(t, "[Content_Types].xml", "wordprocessingml.document.main")},
	} {
		if d := Read("a.docx", row.data); d.Problem != row.problem {
			t.Errorf("%s: problem %q, want %q", row.sentence, d.Problem, row.problem)
		}
	}
	long := Read("a.docx", docx(t, strings.Repeat("chữ ", MaxText/4)))
	if len(long.Text) > MaxText || !strings.HasPrefix(long.Text, "chữ chữ") {
		t.Errorf("a text of %d bytes was kept", len(long.Text))
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a.docx", docx(f, "#I. Tình hình", "*đậm", "văn bản", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`))
	f.Add("a.xls", ole("Workbook"))
	f.Add("a.pdf", []byte("%PDF-1.7\n%%EOF"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d := Read(name, data)
		if d.Kind == "" || len(d.Text) > MaxText || !norm.NFC.IsNormalString(d.Text) {
			t.Errorf("kind %q, %d bytes of text", d.Kind, len(d.Text))
		}
		// The same as the text of a document, without a container around it.
		_ = (&wordReader{flow: &flow{}}).read(bytes.NewReader(data))
	})
}
