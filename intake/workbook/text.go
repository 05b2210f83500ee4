package workbook

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
)

// pen collects the text of a cell, piece by piece, with the fonts it is
// written in.
type pen struct {
	b      strings.Builder
	pieces []piece
}

// piece is a part of a text in one font; "" is that of the cell.
type piece struct {
	end  int // in bytes of the text
	font string
}

// rich is a text with the fonts that it tells itself.
type rich struct {
	text   string
	pieces []piece
}

// write adds a piece. What goes beyond the longest text a cell can have is
// dropped.
func (p *pen) write(text, font string) {
	if text == "" || p.b.Len()+len(text) > maxCellText {
		return
	}
	p.b.WriteString(text)
	if n := len(p.pieces); n > 0 && p.pieces[n-1].font == font {
		p.pieces[n-1].end = p.b.Len()
		return
	}
	p.pieces = append(p.pieces, piece{p.b.Len(), font})
}

// done returns the text in composed form. A mark that begins a piece belongs
// to the letter that ends the one before: it moves there.
func (p *pen) done() rich {
	text := p.b.String()
	if len(p.pieces) < 2 {
		return rich{clean(text), p.pieces}
	}
	var out strings.Builder
	from := 0
	for i := range p.pieces {
		end := p.pieces[i].end
		if end = max(end, from); end < len(text) {
			if n := norm.NFC.FirstBoundaryInString(text[end:]); n > 0 {
				end += n
			} else if n < 0 {
				end = len(text)
			}
		}
		out.WriteString(clean(text[from:end]))
		from, p.pieces[i].end = end, out.Len()
	}
	return rich{out.String(), p.pieces}
}

// ink returns what the font of a text is in a cell of a font of its own, and
// the pieces if it has several. Of several fonts an old Vietnamese one is
// told, because its letters mean nothing without it.
func (m *room) ink(t rich, own string) (font string, runs []Run, err error) {
	font = own
	count, last := 0, ""
	for i, p := range t.pieces {
		if p.font == "" {
			p.font = own
		}
		if i == 0 || oldFont(p.font) && !oldFont(font) {
			font = p.font
		}
		if i == 0 || p.font != last {
			count, last = count+1, p.font
		}
	}
	if count < 2 {
		return font, nil, nil
	}
	if m.runs += count; m.runs > maxRuns {
		return "", nil, m.tooLarge("pieces of text")
	}
	runs = make([]Run, 0, count)
	from := 0
	for i, p := range t.pieces {
		if p.font == "" {
			p.font = own
		}
		if i+1 < len(t.pieces) && (t.pieces[i+1].font == p.font || t.pieces[i+1].font == "" && p.font == own) {
			continue
		}
		if p.end > from {
			runs = append(runs, Run{t.text[from:p.end], p.font})
		}
		from = p.end
	}
	return font, runs, nil
}

// oldFont recognises the fonts of TCVN3 and VNI by their names.
func oldFont(name string) bool {
	return len(name) > 3 && (strings.EqualFold(name[:3], ".Vn") || strings.EqualFold(name[:3], "VNI"))
}

// clean makes valid UTF-8 in composed form (NFC) of a text: Macs and Google
// write Vietnamese in pieces.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return finding.NFC(s)
}

// brief is clean for the names of styles, fonts and the like, of which a file
// may hold many: Excel's own have 255 characters at most.
func brief(b []byte) string {
	if len(b) > maxName {
		return ""
	}
	return clean(string(b))
}

// unescape resolves _x000D_ and the like (ECMA-376 part 1, 22.9.2.19).
func unescape(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.Index(s, "_x") {
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
				b.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		b.WriteString(s[:2])
		s = s[2:]
	}
	b.WriteString(s)
	return b.String()
}
