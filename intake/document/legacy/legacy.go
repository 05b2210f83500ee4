// Package legacy turns Vietnamese text from before Unicode into Unicode.
//
// Offices still write with fonts whose letters lie on the codes of Latin-1
// (TCVN3 of the .Vn fonts, VNI), type VIQR, save windows-1258 and UTF-8 that
// somebody reads as Latin-1. A spreadsheet or a document then holds text like
// "HuyÖn ñy" in a font that may be gone, and a font that is there lies almost
// as often as not: proper Unicode pasted into a cell of .VnTime is common. So
// the text decides, with its font and the other texts of the same font as
// witnesses, and what is good Vietnamese as it stands is left alone.
//
// Everything is pure. The caller keeps the original and says what was applied.
package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// Encoding is how a text was written, by the name that people know it by.
type Encoding string

const (
	Unicode Encoding = ""             // it was Unicode; at most composed to NFC
	TCVN3   Encoding = "TCVN3"        // the fonts .VnTime, .VnArial, …; also called ABC
	VNI     Encoding = "VNI"          // VNI-Times, VNI-Helve, …
	VIQR    Encoding = "VIQR"         // ASCII with marks: Tie^'ng Vie^.t
	CP1258  Encoding = "windows-1258" // its bytes read as Latin-1
	UTF8    Encoding = "UTF-8"        // its bytes read as Latin-1, windows-1252 or windows-1258, also twice
)

// Run is text in one font. The font is "" where it is not known.
type Run struct{ Text, Font string }

// Decider decides how texts were written. Feed it with the texts of a whole
// sheet or document, which settles what a short text leaves open, then ask it
// about each. The zero Decider is ready; Decode may then be called from
// several goroutines, Add may not.
type Decider struct {
	seen  map[string]*votes // by family of fonts
	heard int               // bytes weighed so far
}

// Limits of the work on one sheet or document: more text than this does not
// make a judgement better, and a stranger chooses how much there is.
const (
	maxHeard  = 256 << 10 // bytes that are weighed for the pool
	maxWeigh  = 4 << 10   // bytes of one text that are weighed; it is decoded whole
	maxFonts  = 256       // fonts that are told apart
	maxNested = 3         // layers of UTF-8 read as Latin-1
)

// Add hears one text as a witness for others in its font.
func (d *Decider) Add(text, font string) {
	if d.heard >= maxHeard || ascii(text) {
		return
	}
	text = head(finding.NFC(text))
	d.heard += len(text)
	who, _ := Family(font)
	v := d.seen[who]
	if v == nil {
		if d.seen == nil {
			d.seen = map[string]*votes{}
		}
		if len(d.seen) >= maxFonts {
			return
		}
		v = new(votes)
		d.seen[who] = v
	}
	plain := weigh(text)
	if plain.sure() {
		for i := range v {
			v[i] -= min(plain.sum, 6)
		}
		return
	}
	for i, c := range candidates {
		if out, ok := c.read(text, plain); ok {
			v[i] += max(-6, min(weighIn(out, c.encoding).sum-plain.sum, 6))
		} else {
			v[i]--
		}
	}
}

// Decode returns a text in Unicode, NFC, and how it was written. Text that is
// good as it stands, or that no reading makes better, comes back unchanged.
func (d *Decider) Decode(text, font string) (string, Encoding) {
	if ascii(text) {
		if out, ok := decodeVIQR(text); ok {
			return out, VIQR
		}
		return text, Unicode
	}
	text = finding.NFC(text)
	who, own := Family(font)
	out, enc := d.apply(text, who, own)
	if enc == UTF8 { // under which there may be an old font
		if again, e := d.apply(out, who, own); e != Unicode {
			out, enc = again, e
		}
	}
	switch {
	case enc == Unicode:
		out = stroke(out)
	case enc == TCVN3 && capitals(font):
		out = strings.ToUpper(out)
	}
	return out, enc
}

// DecodeRuns decodes runs that follow each other. Runs in fonts of one family
// are judged together: a word, even a letter with its mark, may be split
// between them. What was applied is listed once each, in order.
func (d *Decider) DecodeRuns(runs []Run) (string, []Encoding) {
	if len(runs) == 1 {
		out, enc := d.Decode(runs[0].Text, runs[0].Font)
		if enc == Unicode {
			return finding.NFC(out), nil
		}
		return finding.NFC(out), []Encoding{enc}
	}
	var b strings.Builder
	var applied []Encoding
	for i := 0; i < len(runs); {
		who, own := Family(runs[i].Font)
		text, j := runs[i].Text, i+1
		mixed := false // fonts of capitals and others
		for ; j < len(runs); j++ {
			if w, _ := Family(runs[j].Font); w != who {
				break
			}
			mixed = mixed || capitals(runs[j].Font) != capitals(runs[i].Font)
			text += runs[j].Text
		}
		out, enc := d.Decode(text, runs[i].Font)
		if mixed && enc == TCVN3 {
			c, plain := d.choose(finding.NFC(text), who, own)
			out = ""
			for _, r := range runs[i:j] {
				piece := r.Text
				if c >= 0 { // else it was UTF-8 first
					if made, ok := candidates[c].read(piece, plain); ok {
						piece = made
					}
				}
				if capitals(r.Font) {
					piece = strings.ToUpper(piece)
				}
				out += piece
			}
		}
		b.WriteString(out)
		if enc != Unicode && !slices.Contains(applied, enc) {
			applied = append(applied, enc)
		}
		i = j
	}
	return finding.NFC(b.String()), applied
}

// Decode decodes a text that stands alone: a subject, the name of a file.
func Decode(text string) (string, Encoding) { return new(Decider).Decode(text, "") }

// Bytes decodes text of no known charset: UTF-8 where it can be, else 8-bit
// bytes of whatever Vietnamese charset makes sense of them, else windows-1252.
func Bytes(b []byte) (string, Encoding) {
	if utf8.Valid(b) {
		return Decode(string(b))
	}
	return Decode(lift(b))
}

// apply decodes a text that is NFC.
func (d *Decider) apply(text, who string, own Encoding) (string, Encoding) {
	c, plain := d.choose(text, who, own)
	if c < 0 {
		return text, Unicode
	}
	out, ok := candidates[c].read(text, plain)
	if !ok { // what follows the part that was weighed is written otherwise
		return text, Unicode
	}
	return finding.NFC(out), candidates[c].encoding
}

// choose weighs every reading of a text that is NFC. It returns the candidate,
// -1 for the text as it is, and the weight of that.
func (d *Decider) choose(text, who string, own Encoding) (int, weight) {
	part := head(text)
	plain := weigh(part)
	if plain.sure() {
		return -1, plain
	}
	pool := d.seen[who]
	best, gain := -1, 0.0
	for i, c := range candidates {
		out, ok := c.read(part, plain)
		if !ok {
			continue
		}
		w := weighIn(out, c.encoding)
		margin := w.sum - plain.sum
		total := margin
		if pool != nil {
			total += max(-3, min(pool[i]/4, 3))
		}
		named := c.encoding == own && own != Unicode
		if named {
			total += 1.5
		}
		// How much it takes: little where the others in this font are
		// written so, more where only the name of the font says so, and
		// alone a text must be clearly wrong as it stands. A word that may
		// be of another language stays as it is.
		var enough bool
		switch agreed := pool != nil && pool[i] > 2; {
		case agreed && plain.good+plain.bad == 0: // signs, and no words
			enough, total = named && pool[i] > 5 || who == "" && pool[i] > 30, max(total, 0.5)
		case agreed:
			enough = total > 0 && (w.good > 0 || plain.odd > 0)
		case named:
			enough = margin > 0 && total > 0 && (w.good > 0 || plain.odd > 0)
		default:
			enough = plain.bad > 0 && w.good > 0 && margin >= 4 && total >= 4
		}
		if enough && total > gain {
			best, gain = i, total
		}
	}
	return best, plain
}

// votes are the margins of the candidates over text as it stands, summed.
type votes [len(candidates)]float64

// candidate is a way to read text whose letters lie on the codes of others.
type candidate struct {
	encoding Encoding
	decode   func(string) (string, bool)
}

// read reads a text. Of a text that is partly Unicode, because somebody typed
// on in another's file, only the words that make no sense are read anew.
func (c *candidate) read(text string, plain weight) (string, bool) {
	if plain.proper == 0 {
		return c.decode(text)
	}
	var b strings.Builder
	some := false
	for rest := text; rest != ""; {
		word, after := nextWord(rest)
		b.WriteString(rest[:len(rest)-len(after)-len(word)])
		rest = after
		if weigh(word).bad > 0 && utf8.RuneCountInString(word) > 1 { // a letter alone may be meant
			if out, ok := c.decode(word); ok && weighIn(out, c.encoding).good > 0 {
				word, some = out, true
			}
		}
		b.WriteString(word)
	}
	return b.String(), some
}

// The order settles ties. Text of an old font that passed through a system of
// windows-1258 differs from Latin-1 in a dozen codes, hence the second three.
var candidates = [7]candidate{
	{TCVN3, decodeTCVN3},
	{VNI, decodeVNI},
	{UTF8, layers(latin)},
	{CP1258, through(latin, decode1258)},
	{TCVN3, through(vietnamese, decodeTCVN3)},
	{VNI, through(vietnamese, decodeVNI)},
	{UTF8, layers(vietnamese)},
}

// Family tells under what name the texts of a font speak for each other, and
// what the font says of their encoding: nothing for a font of Unicode. All
// fonts of one family agree.
func Family(font string) (string, Encoding) {
	f := strings.ToLower(strings.TrimSpace(font))
	switch {
	case strings.HasPrefix(f, ".vn"):
		return ".vn", TCVN3
	case strings.HasPrefix(f, "vni-"), strings.HasPrefix(f, "vni "), f == "vni":
		return "vni", VNI
	}
	return f, Unicode
}

// capitals reports whether a font shows capitals on the codes of small
// letters: .VnTimeH, .VnArialH. TCVN3 has no codes for capitals with tones.
func capitals(font string) bool {
	f := strings.TrimSpace(font)
	if who, _ := Family(f); who != ".vn" {
		return false
	}
	return strings.HasSuffix(f, "H") || strings.HasSuffix(f, "h") && f == strings.ToLower(f)
}

// head is the part of a text that is weighed.
func head(s string) string {
	if len(s) <= maxWeigh {
		return s
	}
	cut := maxWeigh
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
