package workbook

import (
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

var le = binary.LittleEndian

// ole wraps streams in a minimal container: every stream is long enough not
// to need the small sectors, and the directory has room for three.
func ole(name string, stream []byte, more ...string) []byte {
	const sector = 512
	names := append([]string{name}, more...)
	stream = append(append([]byte{}, stream...), make([]byte, max(0, 4096-len(stream)))...)
	size := (len(stream) + sector - 1) / sector
	content := make([]byte, size*sector)
	copy(content, stream)
	fats := (size + 2 + sector/4) / (sector / 4)
	head := make([]byte, sector)
	copy(head, oleMagic)
	le.PutUint16(head[24:], 0x3E)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xFFFE)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(fats))
	le.PutUint32(head[48:], uint32(fats)) // the directory follows the FAT
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], 0xFFFFFFFE)
	le.PutUint32(head[68:], 0xFFFFFFFE)
	for i := range 109 {
		at := uint32(0xFFFFFFFF)
		if i < fats {
			at = uint32(i)
		}
		le.PutUint32(head[76+4*i:], at)
	}
	fat := make([]byte, fats*sector)
	for i := range fats * sector / 4 {
		next := uint32(0xFFFFFFFF)
		switch first := fats + 1; {
		case i < fats:
			next = 0xFFFFFFFD
		case i == fats, i == first+size-1:
			next = 0xFFFFFFFE
		case i < first+size:
			next = uint32(i + 1)
		}
		le.PutUint32(fat[4*i:], next)
	}
	dir := make([]byte, sector)
	for i, n := range append([]string{"Root Entry"}, names...) {
		e := dir[128*i:]
		for j, u := range utf16.Encode([]rune(n)) {
			le.PutUint16(e[2*j:], u)
		}
		le.PutUint16(e[64:], uint16(2*len(n)+2))
		left, right, child := uint32(0xFFFFFFFF), uint32(0xFFFFFFFF), uint32(0xFFFFFFFF)
		e[66], e[67] = 2, 1
		switch {
		case i == 0:
			e[66], child = 5, 1
			le.PutUint32(e[116:], 0xFFFFFFFE)
		case i == 1:
			le.PutUint32(e[116:], uint32(fats+1))
			le.PutUint32(e[120:], uint32(len(stream)))
		default:
			e[66] = 1 // a storage
		}
		if i > 0 && i < len(names) {
			right = uint32(i + 1)
		}
		le.PutUint32(e[68:], left)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
	}
	return append(append(append(head, fat...), dir...), content...)
}

// rec makes a record of numbers, texts and bytes: a string stands for its
// bytes, u16 and float64 for theirs.
func rec(id int, parts ...any) []byte {
	body := raw(parts...)
	out := le.AppendUint16(nil, uint16(id))
	return append(le.AppendUint16(out, uint16(len(body))), body...)
}

type u16 uint16
type u32 uint32

func raw(parts ...any) (body []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case u16:
			body = le.AppendUint16(body, uint16(p))
		case u32:
			body = le.AppendUint32(body, uint32(p))
		case int:
			body = append(body, byte(p))
		case float64:
			body = le.AppendUint64(body, math.Float64bits(p))
		case string:
			body = append(body, p...)
		case []byte:
			body = append(body, p...)
		}
	}
	return body
}

// wide is a text in UTF-16.
func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = le.AppendUint16(out, u)
	}
	return out
}

func records(all ...[]byte) []byte { return []byte(strings.Join(asStrings(all), "")) }

func asStrings(all [][]byte) (out []string) {
	for _, b := range all {
		out = append(out, string(b))
	}
	return out
}

var (
	bof8      = rec(0x0809, u16(0x0600), u16(0x0005), u32(0), u32(0), u32(0))
	sheetBOF8 = rec(0x0809, u16(0x0600), u16(0x0010), u32(0), u32(0), u32(0))
	bof5      = rec(0x0809, u16(0x0500), u16(0x0005), u32(0))
	sheetBOF5 = rec(0x0809, u16(0x0500), u16(0x0010), u32(0))
	eof       = rec(0x000A)
)

// The fonts of tests are 0 Arial, 1–3 Times, 5 .VnTime (there is no 4), 6
// VNI-Times; the cell formats 0 General, 1 a date of its own, 2 a percentage,
// 3 the built-in date, 4 .VnTime.
func looks(v int) []byte {
	font := func(name string) []byte {
		if v == 8 {
			return rec(0x31, make([]byte, 14), len(name), 0, name)
		}
		return rec(0x31, make([]byte, 14), len(name), name)
	}
	xf := func(font, format u16) []byte {
		return rec(0xE0, font, format, make([]byte, 16))
	}
	format := rec(0x041E, u16(170), u16(20), 0, "[$-42A]dd/mm/yyyy;@ ")
	if v == 5 {
		format = rec(0x041E, u16(170), 20, "[$-42A]dd/mm/yyyy;@ ")
	}
	return records(font("Arial"), font("Times"), font("Times"), font("Times"), font(".VnTime"), font("VNI-Times"), format,
		xf(0, 0), xf(0, 170), xf(0, 9), xf(0, 14), xf(5, 0))
}

// bound is an entry of the list of sheets, whose place is filled in later.
func bound(v int, name string, state, kind int) []byte {
	if v == 8 {
		return rec(0x85, u32(0), state, kind, len([]rune(name)), 1, wide(name))
	}
	return rec(0x85, u32(0), state, kind, len(name), name)
}

// stream puts together what the sheets share and the sheets.
func stream(globals []byte, sheets ...[]byte) []byte {
	out := append(append([]byte{}, globals...), eof...)
	at := 0
	for _, s := range sheets {
		for ; at < len(globals); at += 4 + int(le.Uint16(out[at+2:])) {
			if le.Uint16(out[at:]) == 0x85 {
				le.PutUint32(out[at+4:], uint32(len(out)))
				at += 4 + int(le.Uint16(out[at+2:]))
				break
			}
		}
		out = append(append(out, s...), eof...)
	}
	return out
}

// sst is the table of shared texts; its strings are given in pieces, one for
// every record.
func sst(pieces ...[]byte) []byte {
	out := rec(0xFC, u32(9), u32(9), pieces[0])
	for _, p := range pieces[1:] {
		out = append(out, rec(0x3C, p)...)
	}
	return out
}

func one(sheet []byte, shared ...[]byte) []byte {
	return stream(records(bof8, looks(8), bound(8, "Biểu", 0, 0), records(shared...)), append(append([]byte{}, sheetBOF8...), sheet...))
}

func one5(sheet []byte, shared ...[]byte) []byte {
	return stream(records(bof5, looks(5), bound(5, "Bieu", 0, 0), records(shared...)), append(append([]byte{}, sheetBOF5...), sheet...))
}

func TestXLSCells(t *testing.T) {
	at := raw(u16(1), u16(1)) // B2
	label := func(isst u32) []byte { return rec(0xFD, at, u16(0), isst) }
	formula := func(value ...any) []byte {
		return rec(0x06, at, u16(0), raw(value...), u16(0), u32(0), u16(3), 0x1E, 1, 0)
	}
	text := func(parts ...any) []byte { return sst(raw(parts...)) }
	cp1258 := rec(0x42, u16(1258))
	for _, test := range []struct {
		sentence string
		stream   []byte
		want     Cell
	}{
		{"a number", one(rec(0x203, at, u16(0), 12.5)), Cell{Type: Number, Raw: "12.5", Number: 12.5, Font: "Arial"}},
		{"a large number", one(rec(0x203, at, u16(0), 1e20)), Cell{Type: Number, Raw: "1e+20", Number: 1e20, Font: "Arial"}},
		{"no number at all", one(rec(0x203, at, u16(0), math.NaN())), Cell{Type: Fault, Raw: "#NUM!", Font: "Arial"}},
		{"a packed whole number", one(rec(0x27E, at, u16(0), u32(1234<<2|2))), Cell{Type: Number, Raw: "1234", Number: 1234, Font: "Arial"}},
		{"a packed number below zero", one(rec(0x27E, at, u16(0), u32(0xFFFFFFEE))), Cell{Type: Number, Raw: "-5", Number: -5, Font: "Arial"}},
		{"a packed number in hundredths", one(rec(0x27E, at, u16(0), u32(1234<<2|3))), Cell{Type: Number, Raw: "12.34", Number: 12.34, Font: "Arial"}},
		{"a packed fraction", one(rec(0x27E, at, u16(0), u32(math.Float64bits(0.5)>>32))), Cell{Type: Number, Raw: "0.5", Number: 0.5, Font: "Arial"}},
		{"a row of packed numbers", one(rec(0xBD, u16(1), u16(0), u16(0), u32(1<<2|2), u16(4), u32(7<<2|2), u16(1))), Cell{Type: Number, Raw: "7", Number: 7, Font: ".VnTime"}},
		{"a date by a format of its own", one(rec(0x203, at, u16(1), 44684.0)), Cell{Type: Date, Raw: "44684", Number: 44684, Font: "Arial", Format: "[$-42A]dd/mm/yyyy;@ "}},
		{"a date by a built-in format", one(rec(0x203, at, u16(3), 44684.0)), Cell{Type: Date, Raw: "44684", Number: 44684, Font: "Arial", Format: "dd/mm/yyyy"}},
		{"a date of the 1904 calendar", one(rec(0x203, at, u16(3), 43222.0), rec(0x22, u16(1))), Cell{Type: Date, Raw: "43222", Number: 44684, Font: "Arial", Format: "dd/mm/yyyy"}},
		{"a percentage", one(rec(0x203, at, u16(2), 0.5)), Cell{Type: Number, Raw: "0.5", Number: 0.5, Font: "Arial", Format: "0%", Percent: true}},
		{"a truth", one(rec(0x205, at, u16(0), 1, 0)), Cell{Type: Bool, Raw: "TRUE", Font: "Arial"}},
		{"an error", one(rec(0x205, at, u16(0), 0x17, 1)), Cell{Type: Fault, Raw: "#REF!", Font: "Arial"}},
		{"a styled blank", one(rec(0x201, at, u16(4))), Cell{}},

		{"a shared text in bytes", one(label(0), text(u16(5), 0, "H\xe0 nh")), Cell{Type: Text, Raw: "Hà nh", Font: "Arial"}},
		{"a shared text in UTF-16", one(label(0), text(u16(4), 1, wide("Biểu"))), Cell{Type: Text, Raw: "Biểu", Font: "Arial"}},
		{"the second of three", one(label(1), text(u16(1), 0, "a", u16(1), 0, "b", u16(1), 0, "c")), Cell{Type: Text, Raw: "b", Font: "Arial"}},
		{"letters of .VnTime stay as they are", one(rec(0xFD, at, u16(4), u32(0)), text(u16(8), 0, "Kinh t\xd5 ")), Cell{Type: Text, Raw: "Kinh tÕ ", Font: ".VnTime"}},
		{"text in pieces is composed", one(label(0), text(u16(4), 1, wide("Ho\u0323p"))), Cell{Type: Text, Raw: "Họp", Font: "Arial"}},
		{"a text in two fonts", one(label(0), text(u16(4), 8, u16(1), "abcd", u16(2), u16(6))),
			Cell{Type: Text, Raw: "abcd", Font: "VNI-Times", Runs: []Run{{"ab", "Arial"}, {"cd", "VNI-Times"}}}},
		{"a text in one font of its own", one(label(0), text(u16(4), 8, u16(1), "abcd", u16(0), u16(5))), Cell{Type: Text, Raw: "abcd", Font: ".VnTime"}},
		{"bold letters make no second font", one(label(0), text(u16(4), 8, u16(2), "abcd", u16(0), u16(1), u16(2), u16(2))), Cell{Type: Text, Raw: "abcd", Font: "Times"}},
		{"runs beyond the text", one(label(0), text(u16(2), 8, u16(2), "ab", u16(1), u16(1), u16(9), u16(5))),
			Cell{Type: Text, Raw: "ab", Font: "Arial", Runs: []Run{{"a", "Arial"}, {"b", "Times"}}}},
		{"a mark apart from its letter stays with it", one(label(0), text(u16(4), 9, u16(1), wide("o\u0323ab"), u16(1), u16(1))),
			Cell{Type: Text, Raw: "ọab", Font: "Arial", Runs: []Run{{"ọ", "Arial"}, {"ab", "Times"}}}},
		{"phonetics are no text", one(label(1), text(u16(1), 4, u32(6), "a", "phonet", u16(1), 0, "b")), Cell{Type: Text, Raw: "b", Font: "Arial"}},
		{"runs and phonetics", one(label(1), text(u16(2), 0x0D, u16(1), u32(3), wide("ab"), u16(1), u16(5), "pho", u16(1), 0, "b")), Cell{Type: Text, Raw: "b", Font: "Arial"}},

		{"a text goes on in bytes", one(label(0), sst(raw(u16(6), 0, "abc"), raw(0, "def"))), Cell{Type: Text, Raw: "abcdef", Font: "Arial"}},
		{"a text in bytes goes on in UTF-16", one(label(0), sst(raw(u16(6), 0, "abc"), raw(1, wide("ộtx")))), Cell{Type: Text, Raw: "abcộtx", Font: "Arial"}},
		{"a text in UTF-16 goes on in bytes", one(label(0), sst(raw(u16(6), 1, wide("mộ")), raw(0, "cdef"))), Cell{Type: Text, Raw: "mộcdef", Font: "Arial"}},
		{"a text over four records", one(label(0), sst(raw(u16(6), 1, wide("mộ")), raw(0, "c"), raw(1, wide("ậ")), raw(0, "ef"))), Cell{Type: Text, Raw: "mộcậef", Font: "Arial"}},
		{"the letters begin with the next record", one(label(0), sst(raw(u16(2), 0), raw(1, wide("ộc")))), Cell{Type: Text, Raw: "ộc", Font: "Arial"}},
		{"a new text begins with the next record", one(label(1), sst(raw(u16(2), 0, "ab"), raw(u16(2), 1, wide("ộc")))), Cell{Type: Text, Raw: "ộc", Font: "Arial"}},
		{"the runs go on", one(label(0), sst(raw(u16(4), 8, u16(2), "abcd", u16(1), u16(1)), raw(u16(2), u16(5)))),
			Cell{Type: Text, Raw: "abcd", Font: ".VnTime", Runs: []Run{{"a", "Arial"}, {"b", "Times"}, {"cd", ".VnTime"}}}},
		{"a skipped text goes on", one(label(1), sst(raw(u16(6), 12, u16(1), u32(4), "abc"), raw(1, wide("ộtx"), u16(0)), raw(u16(1), "ph"), raw("on", u16(1), 0, "z"))), Cell{Type: Text, Raw: "z", Font: "Arial"}},
		{"an empty text", one(label(0), text(u16(0), 0)), Cell{}},

		{"a text in the cell", one(rec(0x204, at, u16(0), u16(4), 1, wide("Biểu"))), Cell{Type: Text, Raw: "Biểu", Font: "Arial"}},
		{"a text of two fonts in the cell", one(rec(0xD6, at, u16(0), u16(2), 0, "ab", u16(1), u16(1), u16(5))),
			Cell{Type: Text, Raw: "ab", Font: ".VnTime", Runs: []Run{{"a", "Arial"}, {"b", ".VnTime"}}}},

		{"a formula with a number", one(formula(4.0)), Cell{Type: Number, Raw: "4", Number: 4, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with a truth", one(formula(1, 0, 1, 0, u16(0), u16(0xFFFF))), Cell{Type: Bool, Raw: "TRUE", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with an error", one(formula(2, 0, 0x2A, 0, u16(0), u16(0xFFFF))), Cell{Type: Fault, Raw: "#N/A", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with an empty text", one(formula(3, 0, 0, 0, u16(0), u16(0xFFFF))), Cell{Type: Text, Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with a text", one(records(formula(0, 0, 0, 0, u16(0), u16(0xFFFF)), rec(0x207, u16(3), 1, wide("mộc")))), Cell{Type: Text, Raw: "mộc", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula with a long text", one(records(formula(0, 0, 0, 0, u16(0), u16(0xFFFF)), rec(0x4BC, "shared"), rec(0x207, u16(3), 0, "m"), rec(0x3C, 1, wide("ộc")))), Cell{Type: Text, Raw: "mộc", Formula: true, HasCache: true, Font: "Arial"}},
		{"a formula whose text is missing", one(records(formula(0, 0, 0, 0, u16(0), u16(0xFFFF)), rec(0x203, u16(5), u16(5), u16(0), 1.0))), Cell{Formula: true, Font: "Arial"}},
		{"a chart on the sheet is not read", one(records(rec(0x809, u16(0x0600), u16(0x20), u32(0), u32(0)), rec(0x203, at, u16(0), 9.0), eof, rec(0x203, at, u16(0), 3.0))), Cell{Type: Number, Raw: "3", Number: 3, Font: "Arial"}},

		{"Excel 95: a text in windows-1252", one5(rec(0x204, at, u16(0), u16(8), "Kinh t\xd5 ")), Cell{Type: Text, Raw: "Kinh tÕ ", Font: "Arial"}},
		{"Excel 95: a text in windows-1258", one5(rec(0x204, at, u16(0), u16(5), "c\xf4\xf2ng"), cp1258), Cell{Type: Text, Raw: "cộng", Font: "Arial"}},
		{"Excel 95: a text in the letters of DOS", one5(rec(0x204, at, u16(0), u16(1), "\x84"), rec(0x42, u16(437))), Cell{Type: Text, Raw: "ä", Font: "Arial"}},
		{"Excel 95: a text of a Macintosh", one5(rec(0x204, at, u16(0), u16(1), "\x8a"), rec(0x42, u16(0x8000))), Cell{Type: Text, Raw: "ä", Font: "Arial"}},
		{"Excel 95: a text in letters that we have not", one5(rec(0x204, at, u16(0), u16(1), "\xe4"), rec(0x42, u16(932))), Cell{Type: Text, Raw: "ä", Font: "Arial"}},
		{"Excel 95: a text in two fonts", one5(rec(0xD6, at, u16(0), u16(3), "abc", 1, 1, 5)),
			Cell{Type: Text, Raw: "abc", Font: ".VnTime", Runs: []Run{{"a", "Arial"}, {"bc", ".VnTime"}}}},
		{"Excel 95: a formula with a text", one5(records(formula(0, 0, 0, 0, u16(0), u16(0xFFFF)), rec(0x207, u16(2), "\xf4\xf2")), cp1258), Cell{Type: Text, Raw: "ộ", Formula: true, HasCache: true, Font: "Arial"}},
		{"Excel 95: a date", one5(rec(0x203, at, u16(1), 44684.0)), Cell{Type: Date, Raw: "44684", Number: 44684, Font: "Arial", Format: "[$-42A]dd/mm/yyyy;@ "}},

		{"a web system that knows no more of the format", records(rec(0x809, u16(0), u16(0x10), u16(0), u16(0)), rec(0x204, at, u16(0), u16(len("Cấp tỉnh")), "Cấp tỉnh"), eof), Cell{Type: Text, Raw: "Cấp tỉnh"}},
		{"the same in letters of .VnTime", records(rec(0x809, u16(0), u16(0x10), u16(0), u16(0)), rec(0x204, at, u16(0), u16(8), "Kinh t\xd5 "), eof), Cell{Type: Text, Raw: "Kinh tÕ "}},
		{"Excel 4: a date", records(rec(0x409, u16(0), u16(0x10), u16(0)), rec(0x41E, u16(0), 7, "General"), rec(0x41E, u16(0), 8, "dd/mm/yy"), rec(0x231, make([]byte, 6), 5, "Arial"), rec(0x443, 0, 1, make([]byte, 10)), rec(0x203, at, u16(0), 44684.0), eof),
			Cell{Type: Date, Raw: "44684", Number: 44684, Font: "Arial", Format: "dd/mm/yy"}},
		{"Excel 3: a text", records(rec(0x209, u16(0), u16(0x10), u16(0)), rec(0x231, make([]byte, 6), 5, "Arial"), rec(0x243, 0, 0, make([]byte, 10)), rec(0x204, at, u16(0), u16(2), "ab"), eof), Cell{Type: Text, Raw: "ab", Font: "Arial"}},
		{"Excel 2: a whole number", records(rec(0x009, u16(0), u16(0x10)), rec(0x31, u32(0), 5, "Arial"), rec(0x002, at, 0, 0, 0, u16(7)), eof), Cell{Type: Number, Raw: "7", Number: 7, Font: "Arial"}},
		{"Excel 2: a text", records(rec(0x009, u16(0), u16(0x10)), rec(0x004, at, 0, 0, 0, 2, "ab"), eof), Cell{Type: Text, Raw: "ab"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			for _, data := range [][]byte{test.stream, ole("Workbook", test.stream), ole("BOOK", test.stream)} {
				b, err := Open(data)
				if err != nil {
					t.Fatal(err)
				}
				test.want.Col, test.want.Row = 2, 2
				if got := b.Sheets[0].Cell(2, 2); !reflect.DeepEqual(got, test.want) {
					t.Errorf("%+v, want %+v", got, test.want)
				}
				if b.Format != "xls" || b.Macros {
					t.Error(b.Format, b.Macros)
				}
			}
		})
	}
}

func TestXLSSheets(t *testing.T) {
	sheet := func(parts ...[]byte) []byte { return append(append([]byte{}, sheetBOF8...), records(parts...)...) }
	num := func(row, col int, v float64) []byte { return rec(0x203, u16(row-1), u16(col-1), u16(0), v) }
	data := ole("Workbook", stream(records(bof8, looks(8), bound(8, "Một", 0, 0), bound(8, "Biểu đồ", 0, 2), bound(8, "Ẩn", 1, 0), bound(8, "Ẩn kỹ", 2, 0)),
		sheet(rec(0x208, u16(1), u16(0), u16(9), u16(255), u32(0), u16(0x20), u16(0)), rec(0x7D, u16(2), u16(3), u16(2000), u16(0), u16(1), u16(0)),
			num(1, 1, 1), num(2, 1, 2), num(3, 3, 3), rec(0xE5, u16(2), u16(4), u16(5), u16(0), u16(2), u16(7), u16(7), u16(1), u16(1))),
		rec(0x809, u16(0x0600), u16(0x20), u32(0), u32(0), u32(0)), sheet(num(1, 1, 4)), sheet(num(1, 1, 5))), "_VBA_PROJECT_CUR")
	b, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range b.Sheets {
		line := s.Name
		if s.Hidden {
			line += " hidden"
		}
		for _, c := range s.Cells() {
			line += " " + c.Address() + "=" + c.Raw
			if c.Hidden {
				line += "(hidden)"
			}
		}
		for _, m := range s.Merges {
			line += " " + m.Area()
		}
		got = append(got, line)
	}
	want := []string{"Một A1=1 A2=2(hidden) C3=3(hidden) A5:C6 B8", "Ẩn hidden A1=4", "Ẩn kỹ hidden A1=5"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if !b.Macros {
		t.Error("the macros were not seen")
	}
}

func TestXLSMacroSheets(t *testing.T) {
	b, err := Open(stream(records(bof8, looks(8), bound(8, "M", 0, 1), bound(8, "S", 0, 0)), sheetBOF8, sheetBOF8))
	if err != nil || !b.Macros || len(b.Sheets) != 1 || b.Sheets[0].Name != "S" {
		t.Errorf("%+v %v", b, err)
	}
}

func TestXLSNames(t *testing.T) {
	name := func(name string, sheet u16, rgce []byte) []byte {
		return rec(0x18, u16(0), 0, len([]rune(name)), u16(len(rgce)), u16(0), sheet, 0, 0, 0, 0, 1, wide(name), rgce)
	}
	ref := func(kind int, xti, row, col u16) []byte { return raw(kind, xti, row, col) }
	globals := records(bof8, looks(8), bound(8, "Một", 0, 0), bound(8, "Biểu đồ", 0, 2), bound(8, "Hai", 0, 0),
		rec(0x1AE, u16(3), u16(0x0401)), rec(0x1AE, u16(3), u16(2), "x.xls"),
		rec(0x17, u16(5), u16(0), u16(0), u16(0), u16(0), u16(2), u16(2), u16(0), u16(0), u16(2), u16(1), u16(0), u16(0), u16(0), u16(1), u16(1)),
		name("Ô_MỘT", 0, ref(0x3A, 0, 10, 3)), name("Ô_HAI", 0, ref(0x5A, 1, 0, 0)),
		name("VÙNG", 0, raw(0x7B, u16(1), u16(0), u16(4), u16(1), u16(2))),
		name("HAI_SHEET", 0, ref(0x3A, 2, 0, 0)), name("TỆP_KHÁC", 0, ref(0x3A, 3, 0, 0)), name("BIỂU_ĐỒ", 0, ref(0x3A, 4, 0, 0)),
		name("MẤT", 0, raw(0x3C, u16(0), u32(0))), name("TƯƠNG_ĐỐI", 0, ref(0x3A, 0, 10, 0xC003)), name("TỔNG", 0, raw(0x3A, u16(0), u16(1), u16(1), 0x1E, u16(1), 3)),
		name("RIÊNG", 1, ref(0x3A, 0, 1, 1)), name("ĐÔI", 1, ref(0x3A, 0, 1, 1)), name("ĐÔI", 3, ref(0x3A, 1, 1, 1)), name("LẠC", 0, ref(0x3A, 99, 1, 1)))
	b, err := Open(stream(globals, sheetBOF8, sheetBOF8, sheetBOF8))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"ô_một": "Một!D11", "Ô_HAI": "Hai!A1", "vùng": "Hai!B1:C5", "riêng": "Một!B2",
		"HAI_SHEET": "", "TỆP_KHÁC": "", "BIỂU_ĐỒ": "", "MẤT": "", "TƯƠNG_ĐỐI": "", "TỔNG": "", "ĐÔI": "", "LẠC": "",
	} {
		if r, ok := b.Name(name); ok != (want != "") || ok && r.String() != want {
			t.Errorf("%s: %v %v, want %q", name, r, ok, want)
		}
	}
	name5 := func(name string, rgce []byte) []byte {
		return rec(0x18, u16(0), 0, len(name), u16(len(rgce)), u16(0), u16(0), 0, 0, 0, 0, name, rgce)
	}
	b, err = Open(stream(records(bof5, looks(5), bound(5, "Mot", 0, 0),
		name5("O", raw(0x3A, u16(0xFFFF), u32(0), u32(0), u16(0), u16(0), u16(10), 3)),
		name5("VUNG", raw(0x3B, u16(0xFFFF), u32(0), u32(0), u16(0), u16(0), u16(0), u16(4), 1, 2)),
		name5("KHAC", raw(0x3A, u16(1), u32(0), u32(0), u16(0), u16(0), u16(10), 3)),
		name5("TUONG_DOI", raw(0x3A, u16(0xFFFF), u32(0), u32(0), u16(0), u16(0), u16(0xC00A), 3))), sheetBOF5))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"o": "Mot!D11", "vung": "Mot!B1:C5", "khac": "", "tuong_doi": ""} {
		if r, ok := b.Name(name); ok != (want != "") || ok && r.String() != want {
			t.Errorf("Excel 95, %s: %v %v, want %q", name, r, ok, want)
		}
	}
}

func TestXLSFilesThatAreRefused(t *testing.T) {
	num := rec(0x203, u16(0), u16(0), u16(0), 1.0)
	good := one(records(num, num[:0]))
	twoInOne := stream(records(bof8, bound(8, "A", 0, 0), bound(8, "B", 0, 0)), append(append([]byte{}, sheetBOF8...), num...))
	copy(twoInOne[len(bof8)+len(bound(8, "A", 0, 0))+4:], twoInOne[len(bof8)+4:len(bof8)+8]) // both sheets are the same one
	var many []byte
	for range maxSheets + 1 {
		many = append(many, bound(8, "A", 0, 0)...)
	}
	for _, test := range []struct {
		sentence     string
		data         []byte
		kind, format string
	}{
		{"a password", stream(records(bof8, rec(0x2F, u16(1), u16(1)), bound(8, "A", 0, 0)), sheetBOF8), Encrypted, "xls"},
		{"a password of Excel 4", records(rec(0x409, u16(0), u16(0x10), u16(0)), rec(0x2F, u32(0)), eof), Encrypted, "xls"},
		{"cut off in the sheet", good[:len(good)-5], Damaged, "xls"},
		{"cut off before the sheets", good[:100], Damaged, "xls"},
		{"half a container", ole("Workbook", good)[:1500], Damaged, "xls"},
		{"a container without its tail", ole("Workbook", append(good, make([]byte, 9000)...))[:6000], Damaged, "xls"},
		{"no sheets", records(bof8, eof), Damaged, "xls"},
		{"more sheets than anybody has", records(bof8, many, eof), TooLarge, "xls"},
		{"a sheet beyond the end", records(bof8, bound(8, "A", 0, 0), eof), Damaged, "xls"},
		{"two sheets in one place", twoInOne, Damaged, "xls"},
		{"a shared text that is not there", one(rec(0xFD, u16(0), u16(0), u16(0), u32(3)), sst(raw(u16(1), 0, "a"))), Damaged, "xls"},
		{"shared texts without their table", one(rec(0xFD, u16(0), u16(0), u16(0), u32(0))), Damaged, "xls"},
		{"a shared text beyond all counting", one(rec(0xFD, u16(0), u16(0), u16(0), u32(0xFFFFFFFF)), sst(raw(u16(1), 0, "a"))), Damaged, "xls"},
		{"shared texts that break off", one(rec(0xFD, u16(0), u16(0), u16(0), u32(0)), sst(raw(u16(9), 0, "a"))), Damaged, "xls"},
		{"a number that breaks off", one(rec(0x203, u16(0), u16(0), u16(0), u16(0))), Damaged, "xls"},
		{"a cell beyond the last column", one(rec(0x203, u16(0), u16(256), u16(0), 1.0)), Damaged, "xls"},
		{"a row of numbers beyond it", one(rec(0xBD, u16(0), u16(255), u16(0), u32(6), u16(0), u32(6), u16(256))), Damaged, "xls"},
		{"a cell that stands there twice", one(records(num, num)), Damaged, "xls"},
		{"an Excel 4 workspace", records(rec(0x409, u16(0), u16(0x100), u16(0)), eof), Unsupported, "xlw"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(test.data)
			e, ok := err.(*Error)
			if !ok {
				t.Fatalf("%+v %v", b, err)
			}
			if e.Kind != test.kind || e.Format != test.format {
				t.Errorf("%v, want %s %s", e, test.kind, test.format)
			}
		})
	}
}

// sealed is a workbook stream that Excel would have encrypted.
func sealed(t testing.TB, password string, strong bool) []byte {
	t.Helper()
	salt, secret := []byte("0123456789abcdef"), []byte("fedcba9876543210")
	key, pass := weakKey(password, salt), func(v, h []byte) []byte { return rec(0x2F, u16(1), u16(1), u16(1), salt, v, h) }
	digest := md5.Sum(secret)
	sum := digest[:]
	if strong {
		key = strongKey(password, salt, 128)
		digest := sha1.Sum(secret)
		sum = digest[:]
		pass = func(v, h []byte) []byte {
			head := raw(u32(4), u32(0), u32(0x6801), u32(0x8004), u32(128), u32(1), u32(0), u32(0), wide("CSP"), u16(0))
			return rec(0x2F, u16(1), u16(4), u16(2), u32(4), u32(len(head)), head, u32(16), salt, v, u32(20), h)
		}
	}
	c, err := rc4.NewCipher(key(0))
	if err != nil {
		t.Fatal(err)
	}
	v, h := make([]byte, len(secret)), make([]byte, len(sum))
	c.XORKeyStream(v, secret)
	c.XORKeyStream(h, sum)
	long := rec(0x203, u16(1), u16(1), u16(0), 12.5)
	for i := range 200 {
		long = append(long, rec(0x203, u16(9+i), u16(0), u16(0), float64(i))...)
	}
	plain := stream(records(bof8, pass(v, h), looks(8), bound(8, "Biểu", 0, 0)), append(append([]byte{}, sheetBOF8...), long...))
	return decipher(plain, key) // its own inverse
}

// TestAContainerThatIsAllDirectory: every entry is the neighbour of the one
// before, so that walking over them goes as deep as they are many.
func TestAContainerThatIsAllDirectory(t *testing.T) {
	const sector, n = 4096, 2000
	fats := (n + sector/4 - 1) / (sector / 4)
	d := make([]byte, sector*(1+fats+n))
	copy(d, ole("Workbook", nil)[:512])
	le.PutUint16(d[26:], 4)
	le.PutUint16(d[30:], 12)
	le.PutUint32(d[40:], n)
	le.PutUint32(d[44:], uint32(fats))
	le.PutUint32(d[48:], uint32(fats))
	for i := range fats {
		le.PutUint32(d[76+4*i:], uint32(i))
	}
	for i := range fats + n {
		next := uint32(i + 1)
		if i < fats {
			next = 0xFFFFFFFD
		} else if i == fats+n-1 {
			next = 0xFFFFFFFE
		}
		le.PutUint32(d[sector+4*i:], next)
	}
	for i := range n * sector / 128 {
		e := d[sector*(1+fats)+128*i:]
		copy(e, "a\x00")
		e[64], e[66] = 4, 2
		le.PutUint32(e[68:], 0xFFFFFFFF)
		le.PutUint32(e[72:], uint32(i+1))
		le.PutUint32(e[76:], 0xFFFFFFFF)
		if i == 0 {
			e[66] = 5
			le.PutUint32(e[72:], 0xFFFFFFFF)
			le.PutUint32(e[76:], 1)
		}
	}
	b, err := Open(d)
	if e, ok := err.(*Error); !ok || e.Kind != TooLarge {
		t.Errorf("%v %v", b, err)
	}
}

func TestEverybodysPassword(t *testing.T) {
	for _, strong := range []bool{false, true} {
		b, err := Open(sealed(t, everybodys, strong))
		if err != nil {
			t.Fatal(err)
		}
		if c := b.Sheet("Biểu").Cell(2, 2); c.Raw != "12.5" || c.Font != "Arial" || len(b.Sheets[0].Cells()) != 201 {
			t.Errorf("%+v, %d cells", c, len(b.Sheets[0].Cells()))
		}
		_, err = Open(sealed(t, "bí mật", strong))
		if e, ok := err.(*Error); !ok || e.Kind != Encrypted {
			t.Errorf("another password: %v", err)
		}
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(one(rec(0xFD, u16(0), u16(0), u16(0), u32(0)), sst(raw(u16(6), 12, u16(1), u32(4), "abc"), raw(1, wide("ộtx"), u16(0)), raw(u16(1), "phon"))))
	f.Add(one5(rec(0xD6, u16(1), u16(1), u16(0), u16(3), "abc", 1, 1, 5)))
	f.Add(records(rec(0x409, u16(0), u16(0x10), u16(0)), rec(0x443, 0, 1, make([]byte, 10)), rec(0x203, u16(1), u16(1), u16(0), 1.0), eof))
	f.Add(sealed(f, everybodys, true))
	f.Add(sealed(f, everybodys, false))
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, data)
		check(t, ole("Workbook", data))
	})
}

// FuzzOLE fuzzes the container around a sound stream.
func FuzzOLE(f *testing.F) {
	f.Add(ole("Workbook", one(rec(0x203, u16(1), u16(1), u16(0), 12.5)), "_VBA_PROJECT_CUR"))
	f.Fuzz(check)
}

func BenchmarkOpenXLS(b *testing.B) {
	var rows, texts []byte
	for r := range 60 {
		for c := range 11 {
			if c < 2 {
				rows = append(rows, rec(0xFD, u16(r), u16(c), u16(0), u32(r*2+c))...)
				texts = append(texts, raw(u16(20), 1, wide("Xây dựng hệ thống ch"))...)
			} else {
				rows = append(rows, rec(0x203, u16(r), u16(c), u16(1), float64(c))...)
			}
		}
	}
	data := ole("Workbook", one(rows, sst(texts)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(data); err != nil {
			b.Fatal(err)
		}
	}
}
