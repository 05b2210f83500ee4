package document

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// formatted is a stretch of a .doc, by positions in the file, and where the
// modifiers of its characters or of its paragraph stand.
type formatted struct {
	from, to int
	grpprl   []byte
}

const (
	formatPage   = 512
	maxFormatted = 1_000_000
)

// properties reads the pages of formats that a table names ([MS-DOC] 2.8.4 and
// 2.8.6): each holds the positions of its stretches and, from its end, the
// modifiers. Its last byte is the number of stretches.
func (w *wordFile) properties(table []byte, read func(page []byte, i, n int) []byte) []formatted {
	size := 8
	if w.old {
		size = 6
	}
	var out []formatted
	n := (len(table) - 4) / size
	for i := range max(n, 0) {
		at := 4*(n+1) + (size-4)*i
		number := int(u16(table, at))
		if !w.old {
			number = int(u32(table, at) & 0x3FFFFF)
		}
		if number < 0 || (number+1)*formatPage > len(w.main) {
			continue
		}
		page := w.main[number*formatPage:][:formatPage]
		count := int(page[formatPage-1])
		for j := range count {
			from, to := int(u32(page, 4*j)), int(u32(page, 4*j+4))
			if from >= to || 4*j+8 > formatPage || len(out) >= maxFormatted {
				continue
			}
			out = append(out, formatted{from, to, read(page, j, count)})
		}
	}
	slices.SortStableFunc(out, func(a, b formatted) int { return cmp.Compare(a.from, b.from) })
	return out
}

// chpx is the modifiers of the i-th of n stretches of characters of a page.
func (w *wordFile) chpx(page []byte, i, n int) []byte {
	return sized(page, 2*int(u8(page, 4*(n+1)+i)), 1)
}

// papx is the style, in two bytes, and the modifiers of a paragraph.
func (w *wordFile) papx(page []byte, i, n int) []byte {
	size := 13
	if w.old {
		size = 7
	}
	p := 2 * int(u8(page, 4*(n+1)+size*i))
	switch words := int(u8(page, p)); {
	case p == 0:
		return nil
	case w.old:
		return sized(page, p, 2)
	case words == 0:
		return sized(page, p+1, 2)
	default:
		return page[min(p+1, len(page)):min(p+2*words, len(page))]
	}
}

// sized is what follows a byte that says how many units of it there are.
func sized(page []byte, p, unit int) []byte {
	if p == 0 {
		return nil
	}
	n := unit * int(u8(page, p))
	return page[min(p+1, len(page)):min(p+1+n, len(page))]
}

// find is the format of what stands at a position, and where it ends.
func find(list []formatted, pos int) (grpprl []byte, until int) {
	i, _ := slices.BinarySearchFunc(list, pos+1, func(f formatted, p int) int { return cmp.Compare(f.from, p) })
	until = 1 << 40
	if i < len(list) {
		until = list[i].from
	}
	if i > 0 && pos < list[i-1].to {
		return list[i-1].grpprl, min(until, list[i-1].to)
	}
	return nil, until
}

// charProps is what is read of the format of a character.
type charProps struct {
	font    int  // -1: that of the paragraph's style
	bold    byte // 0, 1, 0x80 as the style, 0x81 unlike the style
	deleted bool // under revision marks
	hidden  bool
	special bool // stands for something else
}

// paraProps is what is read of the format of a paragraph.
type paraProps struct {
	style   int
	inTable bool
	rowEnd  bool
	outline bool
	edges   []int // of the cells of the row that ends
}

// The modifiers that are read, [MS-DOC] 2.6.
const (
	sprmCFRMarkDel = 0x0800
	sprmCFBold     = 0x0835
	sprmCFVanish   = 0x083C
	sprmCFSpec     = 0x0855
	sprmCIstd      = 0x4A30
	sprmCRgFtc0    = 0x4A4F
	sprmPIstd      = 0x4600
	sprmPFInTable  = 0x2416
	sprmPFTtp      = 0x2417
	sprmPOutLvl    = 0x2640
	sprmPHugePapx  = 0x6646
	sprmPHugePapx2 = 0x6645
	sprmTDefTable  = 0xD608
	sprmPChgTabs   = 0xC615
)

func (w *wordFile) charProps(lists ...[]byte) charProps {
	p := charProps{font: -1, bold: 0x80}
	for _, grpprl := range lists {
		w.modifiers(grpprl, func(code uint16, operand []byte) {
			switch code {
			case sprmCFRMarkDel:
				p.deleted = operand[0] != 0
			case sprmCFBold:
				p.bold = operand[0]
			case sprmCFVanish:
				p.hidden = operand[0] == 1
			case sprmCFSpec:
				p.special = operand[0] != 0
			case sprmCRgFtc0:
				p.font = int(u16(operand, 0))
			case sprmCIstd:
				if s := w.style(int(u16(operand, 0))); s.own && p.font < 0 {
					p.font = s.font
				}
			}
		})
	}
	return p
}

func (w *wordFile) paraProps(papx, prm []byte) paraProps {
	p := paraProps{style: int(u16(papx, 0))}
	var read func(code uint16, operand []byte)
	depth := 0
	read = func(code uint16, operand []byte) {
		switch code {
		case sprmPIstd:
			p.style = int(u16(operand, 0))
		case sprmPFInTable:
			p.inTable = operand[0] != 0
		case sprmPFTtp:
			p.rowEnd = operand[0] != 0
		case sprmPOutLvl:
			p.outline = operand[0] < 9
		case sprmTDefTable:
			p.edges = edges(operand)
		case sprmPHugePapx, sprmPHugePapx2: // too many cells for a page of formats
			at := u32(operand, 0)
			if depth++; depth == 1 && uint64(at)+2 <= uint64(len(w.data)) {
				w.modifiers(within(w.data, at+2, uint32(u16(w.data, int(at)))), read)
			}
		}
	}
	if len(papx) >= 2 {
		w.modifiers(papx[2:], read)
	}
	w.modifiers(prm, read)
	return p
}

// edges are the positions between the cells of a row, [MS-DOC] 2.9.315.
func edges(operand []byte) []int {
	n := int(u8(operand, 0))
	if n == 0 || len(operand) < 1+2*(n+1) {
		return nil
	}
	out := make([]int, n+1)
	for i := range out {
		out[i] = int(int16(u16(operand, 1+2*i)))
	}
	return out
}

// modifiers takes a list of them apart ([MS-DOC] 2.2.5.1): every code says how
// long its operand is.
func (w *wordFile) modifiers(b []byte, read func(code uint16, operand []byte)) {
	if w.old {
		oldModifiers(b, read)
		return
	}
	for len(b) >= 3 {
		code := u16(b, 0)
		b = b[2:]
		n := [8]int{1, 1, 2, 4, 2, 2, 0, 3}[code>>13]
		if code>>13 == 6 {
			switch {
			case code == sprmTDefTable || code == 0xD606:
				n = int(u16(b, 0)) - 1
				b = b[min(2, len(b)):]
			case code == sprmPChgTabs && b[0] == 255:
				deleted := int(u8(b, 1))
				n = 2 + 4*deleted
				n += 1 + 3*int(u8(b, n))
			default:
				n = int(b[0])
				b = b[1:]
			}
		}
		if n < 1 || n > len(b) {
			if n == 0 {
				continue
			}
			return
		}
		read(code, b[:n])
		b = b[n:]
	}
}

// oldSizes are the lengths of the operands of Word 6; 0 where the operand says
// its own length, and 1 for all others.
var oldSizes = map[byte]int{
	2: 2, 3: 0, 12: 0, 15: 0, 16: 2, 17: 2, 18: 2, 19: 2, 20: 4, 21: 2, 22: 2, 23: 0, 26: 2, 27: 2, 28: 2,
	30: 2, 31: 2, 32: 2, 33: 2, 34: 2, 35: 2, 36: 2, 38: 2, 39: 2, 40: 2, 41: 2, 42: 2, 43: 2, 45: 2, 46: 2, 47: 2, 48: 2, 49: 2,
	68: 0, 69: 2, 70: 4, 72: 2, 73: 3, 74: 0, 80: 2, 81: 0, 82: 0, 83: -1, 93: 2, 95: 3, 96: 2, 97: 2, 99: 2, 101: 2, 103: 0,
	105: 0, 106: 0, 107: 2, 108: 0, 109: 2, 110: 2, 120: 0, 121: 2, 122: 2, 123: 2, 124: 2,
	182: 2, 183: 2, 184: 2, 187: 12, 188: 0, 189: 2, 190: 0, 191: 0, 192: 4, 193: 5, 194: 4, 195: 2, 196: 4, 197: 2, 198: 2, 199: 5, 200: 4,
}

// oldCodes are the modifiers of Word 6 by what they became.
var oldCodes = map[byte]uint16{
	2: sprmPIstd, 24: sprmPFInTable, 25: sprmPFTtp, 65: sprmCFRMarkDel, 80: sprmCIstd, 85: sprmCFBold, 92: sprmCFVanish,
	93: sprmCRgFtc0, 117: sprmCFSpec, 190: sprmTDefTable,
}

func oldModifiers(b []byte, read func(code uint16, operand []byte)) {
	for len(b) >= 2 {
		code := b[0]
		b = b[1:]
		n, known := oldSizes[code]
		switch {
		case !known:
			n = 1
		case n < 0:
			continue
		case code == 190:
			n = int(u16(b, 0)) - 1
			b = b[min(2, len(b)):]
		case n == 0:
			n = int(b[0])
			b = b[1:]
		}
		if n < 0 || n > len(b) {
			return
		}
		if c, ok := oldCodes[code]; ok && n > 0 {
			read(c, b[:n])
		}
		b = b[n:]
	}
}

// font is an entry of the table of fonts.
type font struct {
	name    string
	charset byte
}

const maxFonts = 10_000

// readFonts reads the table of fonts, [MS-DOC] 2.9.286.
func (w *wordFile) readFonts() []font {
	b := w.fib(sttbfFfn)
	if len(b) < 4 {
		return nil
	}
	b = b[4:]
	if w.old {
		b = w.fib(sttbfFfn)[2:]
	}
	var out []font
	for len(b) > 0 && len(out) < maxFonts {
		n := int(b[0]) + 1
		entry := b[:min(n, len(b))]
		f := font{charset: u8(entry, 4)}
		if w.old {
			name, _, _ := strings.Cut(string(entry[min(6, len(entry)):]), "\x00")
			f.name, _ = charmap.Windows1252.NewDecoder().String(name)
		} else {
			f.name = wide(entry[min(40, len(entry)):])
		}
		out = append(out, f)
		b = b[len(entry):]
	}
	return out
}

// wide reads 16-bit text to its first zero.
func wide(b []byte) string {
	var units []uint16
	for i := 0; i+2 <= len(b) && u16(b, i) != 0; i += 2 {
		units = append(units, u16(b, i))
	}
	return string(utf16.Decode(units))
}

func (w *wordFile) fontName(i int) string {
	if i < 0 || i >= len(w.fonts) {
		return ""
	}
	return w.fonts[i].name
}

// docStyle is what a style says of paragraphs and characters.
type docStyle struct {
	role uint8
	font int
	bold bool
	own  bool // it names a font itself
}

// style is one by its number. A document without styles has one.
func (w *wordFile) style(i int) docStyle {
	if i < 0 || i >= len(w.styles) {
		i = 0
	}
	if len(w.styles) == 0 {
		return docStyle{}
	}
	return w.styles[i]
}

const maxDocStyles = 4095 // the number of one has 12 bits

// readStyles reads the style sheet, [MS-DOC] 2.9.271.
func (w *wordFile) readStyles() []docStyle {
	b := w.fib(stshf)
	if len(b) < 2 {
		return nil
	}
	head := int(u16(b, 0))
	if 2+head > len(b) {
		return nil
	}
	count, base, usual := min(int(u16(b, 2)), maxDocStyles), int(u16(b, 4)), 0
	if head >= 14 {
		usual = int(u16(b, 14))
	}
	b = b[2+head:]
	out := make([]docStyle, count)
	parents := make([]int, count)
	bolds := make([]byte, count)
	for i := range out {
		out[i].font, parents[i], bolds[i] = usual, maxDocStyles, 0x80
		n := int(u16(b, 0))
		if len(b) < 2 {
			continue
		}
		std := b[2:min(2+n, len(b))]
		b = b[2+len(std):]
		if len(std) < 8 {
			continue
		}
		switch sti := u16(std, 0) & 0xFFF; {
		case sti >= 1 && sti <= 9:
			out[i].role = aHeading
		case sti == 62:
			out[i].role = aTitle
		}
		parents[i] = int(u16(std, 2) >> 4)
		chpx := w.styleChpx(std, base, u16(std, 2)&0xF)
		p := w.charProps(chpx)
		bolds[i] = p.bold
		if p.font >= 0 {
			out[i].font, out[i].own = p.font, true
		}
	}
	for i := range out {
		for up, n := i, 0; up < count && n < 12; up, n = parents[up], n+1 {
			if !out[i].own && out[up].own {
				out[i].font, out[i].own = out[up].font, true
			}
			if out[i].role == aText {
				out[i].role = out[up].role
			}
			if bolds[up] == 0x81 {
				out[i].bold = !out[i].bold
			}
			if bolds[up] <= 1 {
				out[i].bold = out[i].bold != (bolds[up] == 1)
				break
			}
		}
	}
	return out
}

// styleChpx is the modifiers of characters of a style: after its name, behind
// those of its paragraphs if it is a paragraph's ([MS-DOC] 2.9.260).
func (w *wordFile) styleChpx(std []byte, base int, kind uint16) []byte {
	at := base
	if w.old {
		at += 1 + int(u8(std, at)) + 1
	} else {
		at += 2 + 2*int(u16(std, at)) + 2
	}
	for i := 0; ; i++ {
		at += at & 1
		if at+2 > len(std) {
			return nil
		}
		n := int(u16(std, at))
		upx := std[at+2 : min(at+2+n, len(std))]
		if kind == 2 && i == 0 || kind == 1 && i == 1 {
			return upx
		}
		if i > 0 || kind != 1 {
			return nil
		}
		at += 2 + n
	}
}
