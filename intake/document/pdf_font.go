package document

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// pdfFont turns the codes of a page's text into Unicode, and says how wide
// each is, in thousandths of the size.
type pdfFont struct {
	name    string
	bold    bool
	wide    bool // codes of two bytes
	direct  bool // the codes are UTF-16 themselves
	unicode map[int]string
	widths  map[int]float64
	width   float64 // of codes that have none
	scale   float64 // of a width to the size
}

const maxPDFCodes = 200_000 // of one font

// fontOf reads a font, ISO 32000-1 §9.6 to 9.10. What a code means is said by
// its map to Unicode, else by the names of its letters, else by the font's own
// table.
func (f *pdfFile) fontOf(v any) *pdfFont {
	d := f.dict(v)
	p := &pdfFont{unicode: map[int]string{}, widths: map[int]float64{}, width: 500, scale: 0.001}
	base := string(f.name(d["BaseFont"]))
	p.name, p.bold = fontName(base), strings.Contains(strings.ToLower(base), "bold")
	kind := f.name(d["Subtype"])
	if kind == "Type0" {
		f.composite(p, d)
	} else {
		f.simple(p, d, kind)
	}
	if s, ok := f.resolve(d["ToUnicode"]).(pdfStream); ok {
		f.readToUnicode(p, f.unpack(s))
	}
	if oldFont(p.name) {
		if !p.wide {
			p.unicode[0xAD] = "\u00AD" // which western fonts show as a hyphen
		}
		for code, text := range p.unicode {
			if r, ok := lookalikes[text]; ok {
				p.unicode[code] = r
			}
		}
	}
	return p
}

// lookalikes are what programs that write PDFs took some letters of the old
// fonts for, by their shape on other fonts.
var lookalikes = map[string]string{"−": "\u00AD", "‐": "\u00AD", "∙": "·", "μ": "µ", "ˉ": "¯", "\u2011": "\u00AD"}

var (
	subset    = regexp.MustCompile(`^[A-Z]{6}\+`)
	fontStyle = regexp.MustCompile(`(?i)[,-]?(bold|italic|oblique|regular|bolditalic|mt|psmt)+$`)
	vnFont    = regexp.MustCompile(`^Vn[A-Z0-9]`)
)

// fontName is the name by which people know a font: without the mark of a
// subset, without its style, and with the point that PostScript lost.
func fontName(s string) string {
	s = fontStyle.ReplaceAllString(subset.ReplaceAllString(s, ""), "")
	if vnFont.MatchString(s) {
		s = "." + s
	}
	return s
}

// simple is for fonts of one byte a character.
func (f *pdfFile) simple(p *pdfFont, d pdfDict, kind pdfName) {
	encoding := f.dict(d["Encoding"])
	name := f.name(d["Encoding"])
	if encoding != nil {
		name = f.name(encoding["BaseEncoding"])
	}
	page := charmap.Windows1252
	if name == "MacRomanEncoding" {
		page = charmap.Macintosh
	}
	for code := range 256 {
		if r := page.DecodeByte(byte(code)); code >= ' ' && r != utf8.RuneError {
			p.unicode[code] = string(r)
		}
	}
	code := 0
	for _, v := range f.array(encoding["Differences"]) {
		switch v := f.resolve(v).(type) {
		case float64:
			code = int(v)
		case pdfName:
			if text := glyph(string(v)); text != "" && code >= 0 && code < 256 {
				p.unicode[code] = text
			}
			code++
		}
	}
	first := int(f.number(d["FirstChar"]))
	widths := f.array(d["Widths"])
	for i, w := range widths[:min(len(widths), 256)] {
		p.widths[first+i] = f.number(w)
	}
	if kind == "Type3" {
		if m := f.array(d["FontMatrix"]); len(m) == 6 {
			p.scale = f.number(m[0])
		}
	}
}

// composite is for fonts of more characters than a byte counts.
func (f *pdfFile) composite(p *pdfFont, d pdfDict) {
	p.wide = true
	p.width = 1000
	name := f.name(d["Encoding"])
	p.direct = strings.Contains(string(name), "UCS2") || strings.Contains(string(name), "UTF16")
	list := f.array(d["DescendantFonts"])
	if len(list) == 0 {
		return
	}
	below := f.dict(list[0])
	if n, ok := f.resolve(below["DW"]).(float64); ok {
		p.width = n
	}
	w := f.array(below["W"])
	for i := 0; i+1 < len(w) && len(p.widths) < maxPDFCodes; {
		first := int(f.number(w[i]))
		if list, ok := f.resolve(w[i+1]).(pdfArray); ok {
			for j, v := range list[:min(len(list), 65536)] {
				p.widths[first+j] = f.number(v)
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			break
		}
		last := int(f.number(w[i+1]))
		for code := max(0, first); code <= min(last, 65535) && f.tokens < maxPDFTokens; code++ {
			f.tokens++
			p.widths[code] = f.number(w[i+2])
		}
		i += 3
	}
	if d["ToUnicode"] == nil && !p.direct {
		if s, ok := f.resolve(f.dict(below["FontDescriptor"])["FontFile2"]).(pdfStream); ok {
			p.unicode = trueType(f.unpack(s))
			f.tokens += len(p.unicode)
		}
	}
}

// readToUnicode reads the map that says what codes mean, ISO 32000-1 §9.10.3.
func (f *pdfFile) readToUnicode(p *pdfFont, data []byte) {
	l := &pdfLexer{f: f, data: data}
	code := func(v any) (int, bool) {
		s, ok := v.(pdfString)
		return big([]byte(s[:min(len(s), 4)])), ok
	}
	for !l.end() && len(p.unicode) < maxPDFCodes {
		switch l.object(0) {
		case pdfWord("beginbfchar"):
			for !l.end() && len(p.unicode) < maxPDFCodes {
				from, ok := code(l.object(0))
				if !ok {
					break
				}
				if to, ok := l.object(0).(pdfString); ok {
					p.unicode[from] = utf16Text(to)
				}
			}
		case pdfWord("beginbfrange"):
			for !l.end() && len(p.unicode) < maxPDFCodes {
				from, ok := code(l.object(0))
				if !ok {
					break
				}
				last, _ := code(l.object(0))
				switch to := l.object(0).(type) {
				case pdfString:
					text := []rune(utf16Text(to))
					for c := from; c <= min(last, from+65535) && len(text) > 0 && f.tokens < maxPDFTokens; c++ {
						f.tokens++
						p.unicode[c] = string(text)
						text[len(text)-1]++
					}
				case pdfArray:
					for i, v := range to[:min(len(to), max(0, last-from+1), 65536)] {
						if s, ok := v.(pdfString); ok {
							p.unicode[from+i] = utf16Text(s)
						}
					}
				}
			}
		}
	}
}

// utf16Text reads UTF-16, high byte first; one byte is a character.
func utf16Text(s pdfString) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	var units []uint16
	for i := 0; i+1 < len(s) && i < 64; i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// text decodes a string of a page, one code after another.
func (p *pdfFont) text(s pdfString, each func(text string, width float64, space bool)) {
	step := 1
	if p.wide {
		step = 2
	}
	for i := 0; i+step <= len(s); i += step {
		code := big([]byte(s[i : i+step]))
		text, ok := p.unicode[code]
		if !ok && p.direct {
			text = string(rune(code))
		}
		width, ok := p.widths[code]
		if !ok {
			width = p.width
		}
		each(text, width*p.scale, step == 1 && code == ' ')
	}
}

// trueType reads from a TrueType font which character each of its glyphs is,
// by the table cmap of the OpenType specification, formats 4 and 12.
func trueType(b []byte) map[int]string {
	out := map[int]string{}
	left := 4 * maxPDFCodes // of the ranges, which may overlap
	put := func(glyph, char int) {
		left--
		if _, ok := out[glyph]; !ok && glyph > 0 && char >= ' ' && char <= utf8.MaxRune && len(out) < maxPDFCodes {
			if char >= 0xF020 && char <= 0xF0FF {
				char &= 0xFF
			}
			out[glyph] = string(rune(char))
		}
	}
	b16 := func(at int) int {
		if at < 0 || at+2 > len(b) {
			return 0
		}
		return big(b[at : at+2])
	}
	b32 := func(at int) int { return b16(at)<<16 | b16(at+2) }
	table := 0
	for i := range min(b16(4), 64) {
		if at := 12 + 16*i; at+16 <= len(b) && string(b[at:at+4]) == "cmap" {
			table = b32(at + 8)
		}
	}
	if table == 0 {
		return out
	}
	for i := range min(b16(table+2), 16) {
		at := table + b32(table+4+8*i+4)
		switch b16(at) {
		case 4:
			n := b16(at+6) / 2
			for s := range n {
				last, first := b16(at+14+2*s), b16(at+16+2*n+2*s)
				delta, offsetAt := b16(at+16+4*n+2*s), at+16+6*n+2*s
				for c := first; c <= last && c < 0xFFFF && left > 0; c++ {
					g := c
					if offset := b16(offsetAt); offset != 0 {
						if g = b16(offsetAt + offset + 2*(c-first)); g == 0 {
							left--
							continue
						}
					}
					put((g+delta)&0xFFFF, c)
				}
			}
		case 12:
			for g := range min(b32(at+12), 100_000) {
				first, last, glyph := b32(at+16+12*g), b32(at+20+12*g), b32(at+24+12*g)
				for c := first; c <= min(last, first+65535) && left > 0; c++ {
					put(glyph+c-first, c)
				}
			}
		}
	}
	return out
}

// glyph is the character that a glyph's name stands for, as far as Latin text
// needs it (Adobe Glyph List): a letter and its marks, a sign, or a number.
func glyph(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if s, ok := glyphs[name]; ok {
		return s
	}
	if len(name) == 1 {
		return name
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 {
		if n, err := strconv.ParseUint(hex[:4], 16, 16); err == nil {
			return string(rune(n))
		}
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if n, err := strconv.ParseUint(hex, 16, 21); err == nil && n <= utf8.MaxRune {
			return string(rune(n))
		}
	}
	// A letter followed by names of marks: "acircumflexacute".
	if name == "" || !letter(name[0]) {
		return ""
	}
	out, rest := name[:1], name[1:]
next:
	for rest != "" {
		for _, m := range glyphMarks {
			if after, ok := strings.CutPrefix(rest, m.name); ok {
				out, rest = out+m.mark, after
				continue next
			}
		}
		return ""
	}
	return norm.NFC.String(out)
}

var glyphMarks = []struct{ name, mark string }{
	{"grave", "\u0300"}, {"acute", "\u0301"}, {"circumflex", "\u0302"}, {"tilde", "\u0303"}, {"macron", "\u0304"}, {"breve", "\u0306"},
	{"dotaccent", "\u0307"}, {"dieresis", "\u0308"}, {"hookabove", "\u0309"}, {"ring", "\u030A"}, {"caron", "\u030C"}, {"horn", "\u031B"},
	{"dotbelow", "\u0323"}, {"cedilla", "\u0327"}, {"ogonek", "\u0328"}, {"hungarumlaut", "\u030B"},
}

var glyphs = func() map[string]string {
	out := map[string]string{}
	const latin = "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash " +
		"zero one two three four five six seven eight nine colon semicolon less equal greater question at"
	for i, name := range strings.Fields(latin) {
		out[name] = string(rune(' ' + i))
	}
	for names, chars := range map[string]string{
		"bracketleft backslash bracketright asciicircum underscore grave braceleft bar braceright asciitilde":                                                                                                           "[\\]^_`{|}~",
		"exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft logicalnot sfthyphen registered macron degree plusminus":                                                  "¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±",
		"twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown":                                                     "²³´µ¶·¸¹º»¼½¾¿",
		"AE Eth multiply Oslash Thorn germandbls ae eth divide oslash thorn dcroat Dcroat dmacron Dmacron dstroke Dstroke dotlessi lslash Lslash oe OE":                                                                 "ÆÐ×ØÞßæð÷øþđĐđĐđĐıłŁœŒ",
		"quoteleft quoteright quotedblleft quotedblright quotesinglbase quotedblbase guilsinglleft guilsinglright endash emdash bullet ellipsis dagger daggerdbl perthousand trademark Euro fraction minus florin dong": "‘’“”‚„‹›–—•…†‡‰™€⁄−ƒ₫",
		"fi fl ff circumflex tilde breve ring caron nbspace nonbreakingspace middot":                                                                                                                                    "ﬁﬂﬀˆ˜˘˚ˇ\u00A0\u00A0·",
	} {
		runes := []rune(chars)
		for i, name := range strings.Fields(names) {
			out[name] = string(runes[i])
		}
	}
	return out
}()
