package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// docText is a stretch of characters of one format in a .doc that a test
// makes; it ends a paragraph with \r or \a, the mark of a cell or row.
type docText struct {
	text  string
	chpx  string // modifiers of the characters
	papx  string // style and modifiers of the paragraph that ends here
	wide  bool   // 16 bits a character
	part  int    // 0 text, 1 footnotes, 2 headers, 4 comments
	piece string // modifiers of the piece, shared
}

const (
	docInTable = "\x16\x24\x01"
	docRowEnd  = "\x17\x24\x01"
	docBold    = "\x35\x08\x01"
	docDeleted = "\x00\x08\x01"
)

// docFont is the modifier that puts characters into a font by its number.
func docFont(n byte) string { return "\x4F\x4A" + string([]byte{n, 0}) }

func docStyled(istd byte, modifiers string) string { return string([]byte{istd, 0}) + modifiers }

// docOf makes a .doc of Word 97: one piece for each text, in the order of the
// file turned round, so that only the piece table says how they follow.
func docOf(t testing.TB, fonts []string, texts ...docText) []byte {
	t.Helper()
	main, table := docStreams(t, fonts, texts...)
	return compound("WordDocument", main, "1Table", table)
}

// docStreams are the streams of a .doc: its text and formats, and its tables.
func docStreams(t testing.TB, fonts []string, texts ...docText) (main, table []byte) {
	t.Helper()
	le := binary.LittleEndian
	main = make([]byte, 1024)
	copy(main, "\xEC\xA5\xC1\x00")
	le.PutUint16(main[10:], fibSecondTable)
	le.PutUint16(main[32:], 14)
	le.PutUint16(main[62:], 22)
	le.PutUint16(main[152:], 93)
	type placed struct {
		docText
		at, chars int
	}
	all := make([]placed, len(texts))
	for i := len(texts) - 1; i >= 0; i-- {
		p := placed{docText: texts[i], at: len(main)}
		if p.wide {
			for _, u := range utf16.Encode([]rune(p.text)) {
				main = le.AppendUint16(main, u)
				p.chars++
			}
		} else {
			for _, r := range p.text {
				main = append(main, byte(r))
				p.chars++
			}
		}
		all[i] = p
	}
	// The pages of formats stand in the order of the file.
	page := func(get func(docText) (string, bool), size int) (number int) {
		main = append(main, make([]byte, (formatPage-len(main)%formatPage)%formatPage)...)
		number = len(main) / formatPage
		p := make([]byte, formatPage)
		n := len(all)
		p[formatPage-1] = byte(n)
		end := formatPage - 1
		for i := range all {
			x := all[n-1-i]
			le.PutUint32(p[4*i:], uint32(x.at))
			width := 1
			if x.wide {
				width = 2
			}
			le.PutUint32(p[4*i+4:], uint32(x.at+x.chars*width))
			body, words := get(x.docText)
			if body == "" {
				continue
			}
			if words && len(body)%2 == 0 {
				body = "\x00" + string([]byte{byte(len(body) / 2)}) + body
			} else if words {
				body = string([]byte{byte((len(body) + 1) / 2)}) + body
			} else {
				body = string([]byte{byte(len(body))}) + body
			}
			end = (end - len(body)) &^ 1
			if end < 4*(n+1)+size*n {
				t.Fatal("too much for one page of formats")
			}
			copy(p[end:], body)
			p[4*(n+1)+size*i] = byte(end / 2)
		}
		main = append(main, p...)
		return number
	}
	chars := page(func(x docText) (string, bool) { return x.chpx, false }, 1)
	paras := page(func(x docText) (string, bool) { return x.papx, true }, 13)

	table = []byte{0, 0, 0, 0}
	put := func(n int, b []byte) {
		le.PutUint32(main[154+8*n:], uint32(len(table)))
		le.PutUint32(main[154+8*n+4:], uint32(len(b)))
		table = append(table, b...)
	}
	bte := func(number int) []byte {
		return binary.LittleEndian.AppendUint32(append(le.AppendUint32(nil, 0), le.AppendUint32(nil, uint32(len(main)))...), uint32(number))
	}
	put(plcfBteChpx, bte(chars))
	put(plcfBtePapx, bte(paras))
	ffn := le.AppendUint32(nil, uint32(len(fonts)))
	for _, name := range fonts {
		e := make([]byte, 40)
		for _, u := range utf16.Encode([]rune(name + "\x00")) {
			e = le.AppendUint16(e, u)
		}
		e[0] = byte(len(e) - 1)
		ffn = append(ffn, e...)
	}
	put(sttbfFfn, ffn)
	// The styles 0 "Normal", 1 "heading 1", in the font 0 all of them.
	sheet := le.AppendUint16(nil, 18)
	sheet = append(sheet, "\x02\x00\x0A\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	for sti, parent := range []uint16{0xFFF0, 0x0000} {
		std := le.AppendUint16(nil, uint16(sti))
		std = le.AppendUint16(std, parent|1)
		std = append(std, 2, 0, 0, 0, 0, 0)
		std = append(std, "\x01\x00A\x00\x00\x00"...)
		std = append(std, "\x02\x00\x00\x00\x00\x00"...) // no modifiers
		sheet = append(le.AppendUint16(sheet, uint16(len(std))), std...)
	}
	put(stshf, sheet)
	var clxData, plc []byte
	cp, shared := 0, 0
	counts := [8]int{}
	for _, x := range all {
		plc = le.AppendUint32(plc, uint32(cp))
		cp += x.chars
		counts[x.part] += x.chars
	}
	plc = le.AppendUint32(plc, uint32(cp))
	for _, x := range all {
		fc, prm := uint32(x.at), uint16(0)
		if !x.wide {
			fc = uint32(2*x.at) | 0x40000000
		}
		if x.piece != "" {
			clxData = append(le.AppendUint16(append(clxData, 1), uint16(len(x.piece))), x.piece...)
			prm = uint16(shared)<<1 | 1
			shared++
		}
		plc = le.AppendUint16(le.AppendUint32(append(plc, 0, 0), fc), prm)
	}
	put(clx, append(le.AppendUint32(append(clxData, 2), uint32(len(plc))), plc...))
	for i, n := range counts {
		le.PutUint32(main[76+4*i:], uint32(n))
	}
	return main, table
}

// compound makes an OLE file of streams of any size, each in a chain of its
// own ([MS-CFB]).
func compound(pairs ...any) []byte {
	const sector, end = 512, 0xFFFFFFFE
	le := binary.LittleEndian
	var body []byte
	var fat []uint32
	dir := make([]byte, 128*(1+len(pairs)/2))
	entry := func(i int, name string, kind byte, child, right, start uint32, size int) {
		e := dir[128*i:]
		for j, r := range name {
			le.PutUint16(e[2*j:], uint16(r))
		}
		le.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		for at, v := range map[int]uint32{68: 0xFFFFFFFF, 72: right, 76: child, 116: start, 120: uint32(size)} {
			le.PutUint32(e[at:], v)
		}
	}
	chain := func(b []byte) (start uint32) {
		start = uint32(len(fat))
		b = append(bytes.Clone(b), make([]byte, (sector-len(b)%sector)%sector)...)
		for i := range len(b) / sector {
			next := start + uint32(i) + 1
			if (i+1)*sector == len(b) {
				next = end
			}
			fat = append(fat, next)
		}
		body = append(body, b...)
		return start
	}
	entry(0, "Root Entry", 5, 1, 0xFFFFFFFF, end, 0)
	for i := 0; i < len(pairs); i += 2 {
		data := pairs[i+1].([]byte)
		data = append(bytes.Clone(data), make([]byte, max(0, 4096-len(data)))...) // smaller ones lie elsewhere
		right := uint32(0xFFFFFFFF)
		if i+2 < len(pairs) {
			right = uint32(i/2 + 2)
		}
		entry(i/2+1, pairs[i].(string), 2, 0xFFFFFFFF, right, chain(data), len(data))
	}
	first := chain(dir)
	tables := (len(fat)+len(fat)/100+8)/(sector/4) + 1
	head := make([]byte, sector)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	for at, v := range map[int]uint16{24: 0x3E, 26: 3, 28: 0xFFFE, 30: 9, 32: 6} {
		le.PutUint16(head[at:], v)
	}
	for at, v := range map[int]uint32{44: uint32(tables), 48: first, 56: 4096, 60: end, 68: end} {
		le.PutUint32(head[at:], v)
	}
	for i := range 109 {
		v := uint32(0xFFFFFFFF)
		if i < tables {
			v = uint32(len(fat))
			fat = append(fat, 0xFFFFFFFD)
		}
		le.PutUint32(head[76+4*i:], v)
	}
	table := make([]byte, 0, tables*sector)
	for _, v := range fat {
		table = le.AppendUint32(table, v)
	}
	for len(table) < tables*sector {
		table = le.AppendUint32(table, 0xFFFFFFFF)
	}
	return append(append(head, body...), table...)
}

func TestTheTextOfAWordDocument(t *testing.T) {
	fonts := []string{"Times New Roman", ".VnTime", "VNI-Times"}
	cell := docStyled(0, docInTable)
	row := docStyled(0, docInTable+docRowEnd)
	for _, r := range []struct {
		sentence string
		texts    []docText
		text     string
	}{
		{"paragraphs become lines, in the order of the piece table", []docText{{text: "Một\r", wide: true}, {text: "Hai\r"}}, "Một\nHai\n"},
		{"a piece of 8 bits is western, its quotes too", []docText{{text: "\u0093Kh\u00e9o\u0094\r"}}, "“Khéo”\n"},
		{"a character of two halves is one", []docText{{text: "a\U0001F600b\r", wide: true}}, "a\U0001F600b\n"},
		{"combining marks become letters", []docText{{text: "Ba\u0301o ca\u0301o\r", wide: true}}, "Báo cáo\n"},
		{"the instruction of a field is no text, its result is", []docText{{text: "Trang \x13 PAGE \x147\x15 het\r"}}, "Trang 7 het\n"},
		{"a field within a field's instruction is none either", []docText{{text: "\x13IF \x13REF a\x14x\x15 = 1\x14y\x15z\r"}}, "yz\n"},
		{"cells are parted by tabs, rows by lines", []docText{
			{text: "Truoc\r"},
			{text: "a\r", papx: cell}, {text: "b\x07", papx: cell}, {text: "c\x07", papx: cell}, {text: "\x07", papx: row},
			{text: "1\x07", papx: cell}, {text: "2\x07", papx: cell}, {text: "\x07", papx: row},
			{text: "Sau\r"}}, "Truoc\na b\tc\n1\t2\nSau\n"},
		{"what was deleted under revision marks is not read", []docText{{text: "c\u0169", wide: true, chpx: docDeleted}, {text: "m\u1edbi\r", wide: true}}, "mới\n"},
		{"what a fast save deleted by its piece is not read", []docText{{text: "cu", piece: docDeleted}, {text: "moi\r"}}, "moi\n"},
		{"pictures, notes and soft hyphens leave no mark; a hard hyphen and a line do",
			[]docText{{text: "a\x01\x08\x02b\x1fc\x1ed\x0be\r"}}, "abc-d\ne\n"},
		{"notes follow the text, comments are left out", []docText{{text: "a\r"}, {text: "ghi chu\r", part: 1}, {text: "nhan xet\r", part: 4}}, "a\nghi chu\n"},
		{"a last paragraph without a mark is read", []docText{{text: "a\r"}, {text: "b"}}, "a\nb\n"},
		{"the end of a page between paragraphs is none", []docText{{text: "a\r\x0c"}, {text: "b\r"}}, "a\nb\n"},
	} {
		d := Read("a.doc", docOf(t, fonts, r.texts...))
		if d.Problem != "" || d.Text != r.text {
			t.Errorf("%s: problem %q, text %q, want %q", r.sentence, d.Problem, d.Text, r.text)
		}
	}
}

func TestWhatAWordDocumentSaysOfItsText(t *testing.T) {
	cell := docStyled(0, docInTable)
	edged := func(edges ...int16) string {
		b := []byte{byte(len(edges) - 1)}
		for _, e := range edges {
			b = binary.LittleEndian.AppendUint16(b, uint16(e))
		}
		b = append(b, make([]byte, 20*(len(edges)-1))...)
		b = append(binary.LittleEndian.AppendUint16([]byte{0x08, 0xD6}, uint16(len(b)+1)), b...)
		return docStyled(0, docInTable+docRowEnd+string(b))
	}
	d := Read("a.doc", docOf(t, []string{"Arial"},
		docText{text: "I. Muc\r", papx: docStyled(1, "")},
		docText{text: "Dam\r", chpx: docBold},
		docText{text: "thuong\r"},
		docText{text: "TT\x07", papx: cell}, docText{text: "So luong\x07", papx: cell}, docText{text: "\x07", papx: edged(0, 1000, 5000)},
		docText{text: "1\x07", papx: cell}, docText{text: "2\x07", papx: cell}, docText{text: "3\x07", papx: cell}, docText{text: "\x07", papx: edged(10, 1000, 3000, 5000)},
		docText{text: "MAT\r", part: 2}))
	if got := strings.Join(d.Headings, "|"); got != "I. Muc|Dam" {
		t.Errorf("headings %q", got)
	}
	if got, want := fmt.Sprint(d.Tables), "[[[TT So luong ] [1 2 3]]]"; got != want {
		t.Errorf("tables %q, want %q: a wide cell spans two columns", got, want)
	}
	if got := strings.Join(d.Margins, "|"); got != "MAT" || strings.Contains(d.Text, "MAT") {
		t.Errorf("margins %q, text %q", got, d.Text)
	}
}

func TestADamagedWordDocumentIsNeverEmpty(t *testing.T) {
	whole := docOf(t, []string{"Arial"}, docText{text: strings.Repeat("bao cao ", 20) + "\r"})
	clxAt := bytes.Index(whole, []byte("\x02\x10\x00\x00\x00\x00\x00\x00\x00"))
	if clxAt < 0 {
		t.Fatal("no piece table in the file of this test")
	}
	changed := func(at int, with string) []byte {
		b := bytes.Clone(whole)
		copy(b[at:], with)
		return b
	}
	fib := bytes.Index(whole, []byte("\xEC\xA5\xC1\x00"))
	for _, row := range []struct {
		sentence, problem string
		data              []byte
	}{
		{"a file cut in its text is damage", Damaged, whole[:fib+200]},
		{"a piece table of nonsense is damage", Damaged, changed(clxAt, "\x07")},
		{"a piece table that says it is longer than it is, is read", "", changed(clxAt, "\x02\xff\xff\xff\x7f")},
		{"a document of another program is damage", Damaged, changed(fib, "\x99\x99")},
		{"counts below zero are damage", Damaged, changed(fib+76, "\xff\xff\xff\xff")},
		{"a document under a password is not read", Locked, changed(fib+11, "\x03")},
		{"positions outside of the file give no text, which is damage", Damaged, changed(clxAt+5+8+2, "\x00\x00\x00\x7f")},
	} {
		if d := Read("a.doc", row.data); d.Problem != row.problem {
			t.Errorf("%s: problem %q, text %q", row.sentence, d.Problem, d.Text)
		}
	}
}

// oldDoc makes a document of Word 6: one stretch of 8-bit text, the formats of
// its characters in a page behind it, fonts with names of 8 bits.
func oldDoc(fonts []string, charsets string, texts ...docText) []byte {
	le := binary.LittleEndian
	main := make([]byte, 1024)
	copy(main, "\xDC\xA5\x65\x00")
	page := make([]byte, formatPage)
	end := formatPage - 1
	for i, x := range texts {
		le.PutUint32(page[4*i:], uint32(len(main)))
		for _, r := range x.text {
			main = append(main, byte(r))
		}
		le.PutUint32(page[4*i+4:], uint32(len(main)))
		end = (end - len(x.chpx) - 1) &^ 1
		page[end] = byte(len(x.chpx))
		copy(page[end+1:], x.chpx)
		page[4*(len(texts)+1)+i] = byte(end / 2)
	}
	page[formatPage-1] = byte(len(texts))
	le.PutUint32(main[24:], 1024)
	le.PutUint32(main[28:], uint32(len(main)))
	le.PutUint32(main[52:], uint32(len(main)-1024))
	main = append(main, make([]byte, (formatPage-len(main)%formatPage)%formatPage)...)
	number := len(main) / formatPage
	main = append(main, page...)
	put := func(n int, b []byte) {
		le.PutUint32(main[88+8*n:], uint32(len(main)))
		le.PutUint32(main[88+8*n+4:], uint32(len(b)))
		main = append(main, b...)
	}
	put(plcfBteChpx, le.AppendUint16(append(le.AppendUint32(nil, 1024), 0, 0, 1, 0), uint16(number)))
	ffn := le.AppendUint16(nil, 0)
	for i, name := range fonts {
		ffn = append(ffn, byte(6+len(name)), 0, 0, 0, charsets[i], 0)
		ffn = append(append(ffn, name...), 0)
	}
	put(sttbfFfn, ffn)
	return compound("WordDocument", main)
}

func TestADocumentOfWord6(t *testing.T) {
	in := func(font byte) string { return string([]byte{93, font, 0}) }
	d := Read("a.doc", oldDoc([]string{"Times New Roman", ".VnTime", "Arial"}, "\x00\x00\xA3",
		docText{text: "Phong tr\u00b5o thi \u00aeua huy\u00d6n \u00f1y\r", chpx: in(1)},
		docText{text: "M\u00f4\u00f2t\r", chpx: in(2)},
		docText{text: "\u0093A\u0094", chpx: in(0)},
		docText{text: "cu", chpx: "\x41\x01"}, docText{text: "\r"},
		docText{text: "Dam\r", chpx: "\x55\x01"}))
	if want := "Phong trào thi đua huyện ủy\nMột\n“A”\nDam\n"; d.Problem != "" || d.Text != want {
		t.Errorf("problem %q, text %q, want %q", d.Problem, d.Text, want)
	}
	if strings.Join(d.Headings, "|") != "Dam" {
		t.Errorf("headings %q", d.Headings)
	}
}

func FuzzDOC(f *testing.F) {
	fonts := []string{".VnTime", "Arial"}
	f.Add(docOf(f, fonts, docText{text: "B¸o c¸o\r", chpx: docFont(0) + docBold}, docText{text: "Hai\x07", wide: true, papx: docStyled(1, docInTable), piece: docDeleted},
		docText{text: "\x07", papx: docStyled(0, docInTable+docRowEnd)}, docText{text: "x\x13y\x14z\x15\r", part: 1}))
	f.Add(oldDoc([]string{".VnTime"}, "\x00", docText{text: "B\u00b8o\r", chpx: "\x5d\x00\x00"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Document{Kind: DOC}
		d.readDOC(data)
		checkBounds(t, d)
	})
}

// checkBounds holds whatever was read of whatever file.
func checkBounds(t *testing.T, d Document) {
	t.Helper()
	cells := 0
	for _, table := range d.Tables {
		for _, row := range table {
			if cells += len(row); len(row) > 2*maxColumns {
				t.Errorf("a row of %d cells", len(row))
			}
		}
	}
	if len(d.Text) > MaxText || len(d.Headings) > maxHeadings || len(d.Tables) > maxTables {
		t.Errorf("%d bytes, %d headings, %d tables", len(d.Text), len(d.Headings), len(d.Tables))
	}
	if d.Problem == "" && strings.TrimSpace(d.Text) == "" && !d.Scan {
		t.Error("readable and empty")
	}
}
