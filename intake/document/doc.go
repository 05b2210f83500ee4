package document

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"
)

// Bytes of the streams of a .doc that are read. The pictures of a Word
// document lie in the stream of its text as well.
const (
	maxWordStream = 64 << 20
	maxPieces     = 500_000
)

// readDOC reads a document of Word 97 and later ([MS-DOC]) or of Word 6 and 95.
// The characters lie where the piece table says, 8 or 16 bits wide; what font
// each is in, and what a paragraph is, lies in pages of their own and is found
// by position in the file. Damage to those costs fonts and headings, never the
// text.
func (d *Document) readDOC(data []byte) {
	w := openWord(data)
	if w == nil {
		d.Problem = Damaged
		return
	}
	if w.flags&fibEncrypted != 0 {
		d.Problem = Locked
		return
	}
	pieces, ok := w.pieces()
	if !ok {
		d.Problem = Damaged
		return
	}
	w.fonts, w.styles = w.readFonts(), w.readStyles()
	w.chars = w.properties(w.fib(plcfBteChpx), w.chpx)
	w.paras = w.properties(w.fib(plcfBtePapx), w.papx)
	r := &docReader{w: w, grid: grid{flow: &flow{}}}
	for _, p := range pieces {
		r.piece(p)
	}
	r.flush()
	r.grid.flow.finish(d)
	if d.Problem == Empty && r.missing {
		d.Problem = Damaged
	}
}

// wordFile is a .doc opened: its streams and what lies in them besides text.
type wordFile struct {
	main, table, data []byte
	flags             uint16
	old               bool // Word 6 and 95: 8-bit text, one stream, short modifiers
	fonts             []font
	styles            []docStyle
	chars, paras      []formatted
}

// Flags of the file information block, [MS-DOC] 2.5.2.
const (
	fibComplex     = 0x0004
	fibEncrypted   = 0x0100
	fibSecondTable = 0x0200 // the table stream is "1Table"
)

// openWord finds the streams; nil if there is no text or it begins wrongly.
func openWord(data []byte) *wordFile {
	ole, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	w := &wordFile{}
	tables := [2][]byte{}
	for range maxStreams {
		e, err := ole.Next()
		if err != nil {
			break
		}
		if len(e.Path) > 0 {
			continue // of something embedded
		}
		var into *[]byte
		switch e.Name {
		case "WordDocument":
			into = &w.main
		case "0Table":
			into = &tables[0]
		case "1Table":
			into = &tables[1]
		case "Data":
			into = &w.data
		default:
			continue
		}
		if len(*into) == 0 {
			*into = stream(e, min(maxWordStream, len(data)))
		}
	}
	if len(w.main) < 154 {
		return nil
	}
	w.flags = w.u16(10)
	switch ident, version := w.u16(0), w.u16(2); {
	case ident == 0xA5DC, ident == 0xA5EC && version < 193 && version > 100 && version < 106:
		w.old = true
		w.table = w.main
	case ident == 0xA5EC:
		w.table = tables[0]
		if w.flags&fibSecondTable != 0 {
			w.table = tables[1]
		}
	default:
		return nil
	}
	return w
}

func (w *wordFile) u16(at int) uint16 { return u16(w.main, at) }

// stream reads a stream of an OLE file, as much as a damaged chain of sectors
// gives and no more than most: a chain in a circle has no end. It is read in
// small pieces, because a piece costs the square of its sectors.
func stream(r io.Reader, most int) []byte {
	var out bytes.Buffer
	for piece := make([]byte, 16<<10); out.Len() < most; {
		n, err := r.Read(piece[:min(len(piece), most-out.Len())])
		out.Write(piece[:n])
		if err != nil || n == 0 {
			break
		}
	}
	return out.Bytes()
}

// u8, u16 and u32 read little-endian numbers; outside of b they are 0.
func u8(b []byte, at int) byte {
	if at < 0 || at >= len(b) {
		return 0
	}
	return b[at]
}

func u16(b []byte, at int) uint16 {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint16(b[at:])
}

func u32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[at:])
}

// The tables that the file information block points at, by their numbers,
// which all versions share ([MS-DOC] 2.5.6).
const (
	stshf       = 1
	plcfBteChpx = 12
	plcfBtePapx = 13
	sttbfFfn    = 15
	clx         = 33
)

// fib is the table of a number, empty if it lies outside of its stream.
func (w *wordFile) fib(n int) []byte {
	at := 154 + 8*n
	if w.old {
		at = 88 + 8*n
	}
	return within(w.table, u32(w.main, at), u32(w.main, at+4))
}

// within is size bytes of b from at on, or nil.
func within(b []byte, at, size uint32) []byte {
	if size == 0 || uint64(at)+uint64(size) > uint64(len(b)) {
		return nil
	}
	return b[at : at+size]
}

// piece is a stretch of text: so many characters from a position in the file.
type piece struct {
	from, chars int
	role        uint8 // of its paragraphs: text, or of the margins
	skip        bool  // comments
	wide        bool  // 16 bits a character
	prm         []byte
}

// pieces are the stretches of the document in their order, cut where one of
// its parts ends: text, footnotes, headers, macros, comments, endnotes, text
// boxes, text boxes of headers ([MS-DOC] 2.4.1 and 2.3).
func (w *wordFile) pieces() ([]piece, bool) {
	at := 76
	if w.old {
		at = 52
	}
	var ends [8]int
	end := 0
	for i := range ends {
		n := int(int32(u32(w.main, at+4*i)))
		if n < 0 || n > maxWordStream-end {
			return nil, false
		}
		end += n
		ends[i] = end
	}
	var out []piece
	add := func(cp int, p piece) {
		for part := 0; part < len(ends) && p.chars > 0; part++ {
			n := min(p.chars, ends[part]-cp)
			if n <= 0 {
				continue
			}
			q := p
			q.chars = n
			switch part {
			case 2, 7:
				q.role = aMargin
			case 3, 4:
				q.skip = true
			case 6:
				q.role = aBox
			}
			out = append(out, q)
			if p.wide {
				p.from += n
			}
			p.from, p.chars, cp = p.from+n, p.chars-n, cp+n
		}
	}
	if table := w.fib(clx); len(table) > 0 && (!w.old || w.flags&fibComplex != 0) {
		modifiers, table := splitClx(table)
		n := (len(table) - 4) / 12
		if n < 1 || n > maxPieces {
			return nil, false
		}
		for i := range n {
			cp, next := int(u32(table, 4*i)), int(u32(table, 4*i+4))
			at := 4*(n+1) + 8*i
			fc, prm := u32(table, at+2), u16(table, at+6)
			if next < cp || next > end+len(ends) {
				continue
			}
			p := piece{from: int(fc), chars: next - cp, prm: modifier(prm, modifiers)}
			if !w.old {
				p.wide = fc&0x40000000 == 0
				p.from = int(fc & 0x3FFFFFFF)
				if !p.wide {
					p.from /= 2
				}
			}
			add(cp, p)
		}
		return out, len(out) > 0 || end == 0
	}
	from, to := int(u32(w.main, 24)), int(u32(w.main, 28))
	if from <= 0 || to < from {
		return nil, false
	}
	add(0, piece{from: from, chars: min(to-from, end)})
	return out, true
}

// splitClx parts the modifiers that pieces share from the table of pieces
// ([MS-DOC] 2.9.38).
func splitClx(b []byte) (modifiers [][]byte, table []byte) {
	for len(b) > 0 && len(modifiers) < maxPieces {
		switch b[0] {
		case 1:
			n := 3 + int(u16(b, 1))
			if n > len(b) {
				return modifiers, nil
			}
			modifiers = append(modifiers, b[3:n])
			b = b[n:]
		case 2:
			if len(b) < 5 {
				return modifiers, nil
			}
			return modifiers, within(b, 5, min(u32(b, 1), uint32(len(b)-5)))
		default:
			return modifiers, nil
		}
	}
	return modifiers, nil
}

// modifier is what a piece changes of its characters and paragraphs: a shared
// modifier by its number, or one small one ([MS-DOC] 2.9.215).
func modifier(prm uint16, shared [][]byte) []byte {
	if prm&1 != 0 {
		if n := int(prm >> 1); n < len(shared) {
			return shared[n]
		}
		return nil
	}
	value := byte(prm >> 8)
	switch prm >> 1 & 0x7F {
	case 0x18:
		return []byte{0x16, 0x24, value} // sprmPFInTable
	case 0x19:
		return []byte{0x17, 0x24, value} // sprmPFTtp
	case 0x41:
		return []byte{0x00, 0x08, value} // sprmCFRMarkDel
	case 0x55:
		return []byte{0x35, 0x08, value} // sprmCFBold
	}
	return nil
}

// docReader turns pieces into a flow.
type docReader struct {
	w    *wordFile
	grid grid
	runs []docRun // of the paragraph being read
	size int
	role uint8
	prm  []byte
	// fields are the open fields, the innermost last: false while its
	// instruction is read, which is no text, true within its result.
	fields  []bool
	high    rune // the first half of a character of two
	missing bool // a piece lies outside of the file
}

// docRun is text whose font may be that of its paragraph, which is known at
// the paragraph's end.
type docRun struct {
	text []byte
	charProps
}

// piece reads one stretch, by runs of one format.
func (r *docReader) piece(p piece) {
	width := 1
	if p.wide {
		width = 2
	}
	if p.skip {
		return
	}
	if p.from < 0 || p.from >= len(r.w.main) {
		r.missing = true
		return
	}
	if p.role != r.role {
		r.flush()
		r.fields = nil
	}
	r.role, r.prm = p.role, p.prm
	end := min(p.from+p.chars*width, len(r.w.main))
	for at := p.from; at < end && !r.grid.flow.full; {
		grpprl, until := find(r.w.chars, at)
		until = min(until, end)
		props := r.w.charProps(grpprl, r.prm)
		for ; at < until; at += width {
			c := rune(r.w.main[at])
			if p.wide {
				c = rune(u16(r.w.main, at))
			} else if c >= 0x80 {
				c = r.w.narrow(props.font).DecodeByte(byte(c))
			}
			r.character(c, at, props)
		}
	}
}

// narrow is the code page of 8-bit text. Since Word 97 it is always that of
// the West, whatever the font; before, the font's.
func (w *wordFile) narrow(f int) *charmap.Charmap {
	if w.old && f >= 0 && f < len(w.fonts) && w.fonts[f].charset == vietnameseCharset {
		return charmap.Windows1258
	}
	return charmap.Windows1252
}

// vietnameseCharset is VIETNAMESE_CHARSET of Windows.
const vietnameseCharset = 163

func (r *docReader) character(c rune, at int, props charProps) {
	switch c {
	case 0x13:
		if len(r.fields) < maxNesting {
			r.fields = append(r.fields, false)
		}
		return
	case 0x14:
		if n := len(r.fields); n > 0 {
			r.fields[n-1] = true
		}
		return
	case 0x15:
		if n := len(r.fields); n > 0 {
			r.fields = r.fields[:n-1]
		}
		return
	case '\r', 0x07, 0x0C:
		r.close(c, at)
		return
	}
	for _, result := range r.fields {
		if !result {
			return
		}
	}
	switch {
	case props.deleted || props.hidden:
		return
	case c == '\t':
	case c == 0x0B, c == 0x0E:
		c = '\n'
	case c == 0x1E:
		c = '-'
	case c == 0x01, c == 0x08:
		r.grid.flow.pictures++
		return
	case c < 0x20, c == '(' && props.special: // notes, symbols
		return
	case c >= 0xF020 && c <= 0xF0FF:
		// The codes of a font of symbols. Old Vietnamese fonts said they were one.
		if c &= 0xFF; !oldFont(r.w.fontName(props.font)) {
			return
		}
	case utf16.IsSurrogate(c):
		high := r.high
		if r.high = c; high == 0 {
			return
		}
		if c = utf16.DecodeRune(high, c); c == unicode.ReplacementChar {
			return
		}
	}
	r.high = 0
	if r.size += 3; r.size > 3*MaxText {
		return
	}
	if n := len(r.runs); n > 0 && r.runs[n-1].charProps == props {
		r.runs[n-1].text = append(r.runs[n-1].text, string(c)...)
		return
	}
	r.runs = append(r.runs, docRun{text: []byte(string(c)), charProps: props})
}

// flush writes a paragraph whose mark is missing.
func (r *docReader) flush() {
	if len(r.runs) > 0 {
		r.write(paraProps{}, 0)
	}
	r.grid.leave()
}

// close ends the paragraph, cell or row whose mark stands at a position of the
// file: the properties of a paragraph are those of its mark.
func (r *docReader) close(mark rune, at int) {
	grpprl, _ := find(r.w.paras, at)
	props := r.w.paraProps(grpprl, r.prm)
	if mark == 0x0C && len(r.runs) == 0 {
		return // a page or section ends between paragraphs
	}
	r.write(props, mark)
}

func (r *docReader) write(props paraProps, mark rune) {
	s := r.w.style(props.style)
	var runs []run
	for _, c := range r.runs {
		at := c.font
		if at < 0 {
			at = s.font
		}
		bold := c.bold == 1 || c.bold == 0x80 && s.bold || c.bold == 0x81 && !s.bold
		runs = append(runs, run{text: c.text, font: r.w.fontName(at), bold: bold})
	}
	r.runs, r.size, r.high = nil, 0, 0
	role := s.role
	if props.outline && role == aText {
		role = aHeading
	}
	if r.role == aMargin || r.role == aBox && role == aText {
		role = r.role
	}
	switch inTable := props.inTable || mark == 0x07; {
	case props.rowEnd && inTable:
		r.grid.endRow(props.edges)
	case inTable:
		r.grid.paragraph(role, runs)
		if mark == 0x07 {
			r.grid.endCell()
		}
	default:
		r.grid.leave()
		r.grid.flow.paragraph(role, runs)
	}
}
