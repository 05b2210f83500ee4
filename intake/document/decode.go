package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dondoc/intake/document/legacy"
)

// decode turns paragraphs in fonts from before Unicode into Unicode: by what
// font each run is in, and by what all of the document says together.
func (d *Document) decode(blocks []block) {
	var all legacy.Decider
	runs := make([][]legacy.Run, len(blocks))
	for i, b := range blocks {
		runs[i] = inFonts(b.runs)
		for _, r := range runs[i] {
			all.Add(r.Text, r.Font)
		}
	}
	for i := range blocks {
		text, applied := all.DecodeRuns(runs[i])
		blocks[i].text = text
		for _, e := range applied {
			if !slices.Contains(d.Encodings, string(e)) {
				d.Encodings = append(d.Encodings, string(e))
			}
		}
	}
}

// inFonts is runs as the decoder wants them: bold or not is nothing to it.
func inFonts(runs []run) []legacy.Run {
	if len(runs) == 1 {
		return []legacy.Run{{Text: strings.ToValidUTF8(string(runs[0].text), ""), Font: runs[0].font}}
	}
	var out []legacy.Run
	for i := 0; i < len(runs); {
		var text strings.Builder
		j := i
		for ; j < len(runs) && runs[j].font == runs[i].font; j++ {
			text.Write(runs[j].text)
		}
		out = append(out, legacy.Run{Text: strings.ToValidUTF8(text.String(), ""), Font: runs[i].font})
		i = j
	}
	return out
}

// oldFont reports whether a font by its name is one of those.
func oldFont(name string) bool {
	return strings.HasPrefix(name, ".Vn") || strings.HasPrefix(strings.ToUpper(name), "VNI")
}

// wordy reports whether text ends where a letter may follow: in a letter or a
// space, not in a digit or a point.
func wordy(text []byte) bool {
	r, _ := utf8.DecodeLastRune(text)
	return unicode.IsSpace(r) || unicode.IsLetter(r) || r > 0xA0 || r == '(' || r == '-' || r == '"'
}
