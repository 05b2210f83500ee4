package workbook

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// openXLS reads a workbook stream of Excel 97 to 2003 (BIFF8) or Excel 5 and
// 95 (BIFF5), or the single sheet that a file of Excel 2 to 4 is, or of a web
// system that knows no more of the format.
func openXLS(stream []byte) (*Book, error) {
	x := &xls{
		room: room{format: "xls"}, r: biff{data: stream, left: len(stream)}, book: &Book{Format: "xls"},
		formats: map[int]string{},
	}
	if !x.r.next() {
		return nil, x.damaged("no records")
	}
	v, kind := version(x.r.id, x.r.body)
	switch {
	case v == 0:
		return nil, x.damaged("no workbook at the beginning of the stream")
	case v == 4 && kind == 0x0100:
		return nil, &Error{Kind: Unsupported, Format: "xlw"} // Excel 4 with several sheets
	}
	x.v = v
	var err error
	if kind == biffSheet {
		err = x.single()
	} else {
		err = x.globals()
	}
	if err != nil {
		return nil, err
	}
	x.book.names = x.definedNames()
	return x.book, nil
}

// The kinds of substreams ([MS-XLS] 2.4.21).
const (
	biffGlobals = 0x0005
	biffSheet   = 0x0010
	biffMacros  = 0x0040
)

// xls reads one workbook stream.
type xls struct {
	room
	r    biff
	v    int // of BIFF: 2 to 5, or 8
	book *Book

	alone    bool              // there is one sheet, and nothing before it
	codepage encoding.Encoding // of strings before Excel 97; nil if the file does not say
	date904  bool
	fonts    []string
	formats  map[int]string
	xfs      []xf
	styles   []style
	sst      *fields
	last     int // the highest number of a shared text in use, from 1
	sheets   []boundSheet
	self     map[int]bool // which SUPBOOK is this workbook
	books    int
	externs  []xti
	defined  []definedName
}

// xf is a cell format: the numbers of its font and its number format.
type xf struct{ font, format int }

// boundSheet is an entry of the list of sheets.
type boundSheet struct {
	name   string
	at     int
	hidden bool
	kind   int
}

// globals reads what the sheets share, then the sheets.
func (x *xls) globals() error {
	if err := x.shared(); err != nil {
		return err
	}
	if len(x.sheets) == 0 {
		return x.damaged("no sheets")
	}
	for _, s := range x.sheets {
		switch s.kind {
		case 0:
		case 1: // Excel 4 macros
			x.book.Macros = true
			continue
		default: // charts, Visual Basic modules
			continue
		}
		x.r.pos = s.at
		if !x.r.next() {
			return x.damaged("no records of sheet " + s.name)
		}
		v, kind := version(x.r.id, x.r.body)
		switch {
		case v == 0:
			return x.damaged("sheet " + s.name + " does not begin")
		case kind == biffMacros:
			x.book.Macros = true
			continue
		case kind != biffSheet && kind != 0:
			continue
		}
		sheet := &Sheet{Name: s.name, Hidden: s.hidden}
		if err := x.sheet(sheet); err != nil {
			return err
		}
		x.book.Sheets = append(x.book.Sheets, sheet)
	}
	return x.sharedTexts()
}

// single reads a file that is one sheet.
func (x *xls) single() error {
	s := &Sheet{Name: "Sheet1"}
	x.book.Sheets, x.alone = []*Sheet{s}, true
	if err := x.sheet(s); err != nil {
		return err
	}
	return x.sharedTexts()
}

// shared reads the substream that comes before the sheets.
func (x *xls) shared() error {
	for x.r.next() {
		switch x.r.id {
		case recEOF:
			return nil
		case recFilePass:
			plain, ok := unlock(x.r.data, x.r.body, everybodys)
			if !ok {
				return &Error{Kind: Encrypted, Format: "xls"}
			}
			x.r.data = plain
		case recBoundSheet:
			if len(x.sheets) >= maxSheets {
				return x.tooLarge("sheets")
			}
			f := fields{b: x.r.body}
			s := boundSheet{at: int(f.u32()), hidden: f.u8()&3 != 0, kind: f.u8()}
			s.name = x.shortText(&f)
			if f.bad {
				return x.damaged("list of sheets")
			}
			x.sheets = append(x.sheets, s)
		case recMacros:
			x.book.Macros = true
		case recSST:
			x.sst = x.r.fields()
			x.sst.skip(8) // the counts are wrong often enough
		case recSupBook:
			f := fields{b: x.r.body}
			if f.u16(); f.u16() == 0x0401 && !f.bad {
				if x.self == nil {
					x.self = map[int]bool{}
				}
				if len(x.self) < maxRefs {
					x.self[x.books] = true
				}
			}
			x.books++
		case recExtern:
			if x.v == 8 {
				x.externSheets(x.r.fields())
			}
		case recName:
			x.name(x.r.fields())
		default:
			if err := x.common(); err != nil {
				return err
			}
		}
	}
	return x.damaged("cut off before the sheets")
}

// common reads a record that stands before the sheets since Excel 5, and in
// the sheet itself before.
func (x *xls) common() error {
	f := fields{b: x.r.body}
	switch x.r.id {
	case recFilePass:
		return &Error{Kind: Encrypted, Format: "xls"}
	case recCodePage:
		x.codepage = codepage(int(f.u16()))
	case recDate1904:
		x.date904 = f.u16() == 1
	case recFont, recFont3:
		if len(x.fonts) >= maxStyles {
			return x.tooLarge("fonts")
		}
		switch {
		case x.v >= 5:
			f.skip(14)
		case x.v >= 3:
			f.skip(6)
		default:
			f.skip(4)
		}
		x.fonts = append(x.fonts, clean(x.shortText(&f)))
	case recFormat, 0x001E:
		if len(x.formats) >= maxStyles {
			return x.tooLarge("number formats")
		}
		id := len(x.formats)
		switch {
		case x.v >= 5:
			id = int(f.u16())
		case x.v == 4:
			f.u16()
		}
		if x.v == 8 {
			x.formats[id] = clean(f.text(int(f.u16())))
		} else {
			x.formats[id] = clean(x.decode(f.bytes(f.u8())))
		}
	case recXF, recXF3, recXF4:
		if len(x.xfs) >= maxStyles {
			return x.tooLarge("cell formats")
		}
		var k xf
		if x.v >= 5 {
			k = xf{int(f.u16()), int(f.u16())}
		} else {
			k = xf{f.u8(), f.u8()}
		}
		x.xfs = append(x.xfs, k)
	}
	return nil
}

// style returns the cell format of a number.
func (x *xls) style(i int) style {
	if x.styles == nil {
		x.styles = make([]style, len(x.xfs))
		for i, k := range x.xfs {
			x.styles[i] = x.newStyle(k)
		}
	}
	if i < 0 || i >= len(x.styles) {
		return style{}
	}
	return x.styles[i]
}

func (x *xls) newStyle(k xf) style {
	s := style{font: x.font(k.font), format: builtinFormat(k.format)}
	if code, ok := x.formats[k.format]; ok && !strings.EqualFold(code, "general") {
		s.format = code
	}
	s.date, s.percent = classify(s.format)
	return s
}

// font returns the name of a font. There is no font 4 ([MS-XLS] 2.5.129).
func (x *xls) font(i int) string {
	if i > 4 {
		i--
	} else if i == 4 {
		return ""
	}
	if i < 0 || i >= len(x.fonts) {
		return ""
	}
	return x.fonts[i]
}

// shortText reads a text with its length in one byte.
func (x *xls) shortText(f *fields) string {
	n := f.u8()
	if x.v == 8 {
		return f.text(n)
	}
	return x.decode(f.bytes(n))
}

// decode reads a text of the time before Unicode.
func (x *xls) decode(b []byte) string {
	page := x.codepage
	if page == nil {
		if utf8.Valid(b) { // web systems write what they have
			return string(b)
		}
		page = charmap.Windows1252
	}
	out, err := page.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(out)
}

// codepage returns the encoding that a CODEPAGE record names. Latin-1 stands
// for those we have not: it is what letters of .VnTime and VNI are read in.
func codepage(id int) encoding.Encoding {
	switch id {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 10000, 32768:
		return charmap.Macintosh
	case 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258:
		return []encoding.Encoding{charmap.Windows1250, charmap.Windows1251, charmap.Windows1252, charmap.Windows1253,
			charmap.Windows1254, charmap.Windows1255, charmap.Windows1256, charmap.Windows1257, charmap.Windows1258}[id-1250]
	}
	return charmap.Windows1252
}

// sharedTexts gives the cells their texts from the table of shared texts.
func (x *xls) sharedTexts() error {
	if x.last == 0 {
		return nil
	}
	if x.sst == nil || x.last > maxStrings {
		return x.damaged("a cell's shared text is missing")
	}
	texts := make([]rich, x.last)
	used := make([]bool, x.last)
	for _, s := range x.book.Sheets {
		for i := range s.cells {
			if n := s.cells[i].shared; n > 0 {
				used[n-1] = true
			}
		}
	}
	var units []uint16
	for i := range texts {
		var runs []run
		units, runs = x.sst.richString(units, used[i])
		if x.sst.bad {
			return x.damaged("shared texts cut off")
		}
		if used[i] {
			texts[i] = x.rich(units, runs)
			if err := x.say(texts[i]); err != nil {
				return err
			}
		}
	}
	for _, s := range x.book.Sheets {
		for i := range s.cells {
			if err := x.lookUp(&s.cells[i], texts); err != nil {
				return err
			}
		}
		s.drop()
	}
	return nil
}

// rich makes a text of characters and runs.
func (x *xls) rich(units []uint16, runs []run) rich {
	var p pen
	font, from := "", 0
	for _, r := range runs {
		if at := min(r.at, len(units)); at > from {
			p.write(string(utf16.Decode(units[from:at])), font)
			from = at
		}
		font = x.font(r.font)
	}
	p.write(string(utf16.Decode(units[from:])), font)
	return p.done()
}

// richBytes is rich for the time before Unicode.
func (x *xls) richBytes(b []byte, runs []run) rich {
	var p pen
	font, from := "", 0
	for _, r := range runs {
		if at := min(r.at, len(b)); at > from {
			p.write(x.decode(b[from:at]), font)
			from = at
		}
		font = x.font(r.font)
	}
	p.write(x.decode(b[from:]), font)
	return p.done()
}

// rk reads a number packed into 30 bits ([MS-XLS] 2.5.217).
func rk(v uint32) float64 {
	f := math.Float64frombits(uint64(v&^3) << 32)
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// digits writes a number as it would stand in a file of text.
func digits(f float64) string {
	if a := math.Abs(f); a != 0 && (a >= 1e15 || a < 1e-6) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// faults are the error values of cells ([MS-XLS] 2.5.10).
var faults = map[int]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}

func fault(code int) string {
	if s, ok := faults[code]; ok {
		return s
	}
	return "#ERROR!"
}
