package workbook

import (
	"regexp"
	"strconv"
	"strings"
)

// openCSV reads lines of fields. Nothing in the file says how it is to be
// read: encoding, separator and decimal sign are guessed, and Book.Guess says
// what they were taken for.
func openCSV(data []byte) (*Book, error) {
	text, name := decodeText(data[:min(len(data), maxPlain)], "")
	if strings.IndexFunc(text[:min(len(text), maxHead)], func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\r' && r != '\n' && r != '\f'
	}) >= 0 {
		return nil, &Error{Kind: NotAWorkbook} // no text at all
	}
	sep, rest := separator(text)
	if sep == 0 {
		return nil, &Error{Kind: NotAWorkbook, Format: "text"}
	}
	m := room{format: "csv"}
	s := &Sheet{Name: "Sheet1", Cut: len(data) > maxPlain}
	b := &Book{Format: "csv", Guess: &Guess{Encoding: name, Separator: sep}, Sheets: []*Sheet{s}}
	var err error
	eachField(rest, sep, func(row, col int, field string) bool {
		if row > maxRows || col > maxColumns || len(field) > maxCellText {
			err = m.tooLarge("line")
			return false
		}
		c := Cell{Row: row, Col: col, Raw: clean(field)}
		if strings.TrimSpace(field) != "" {
			c.Type = Text
		}
		err = m.add(s, c)
		return err == nil
	})
	if err != nil && err != errCut {
		return nil, err
	}
	if len(s.cells) == 0 {
		return nil, &Error{Kind: NotAWorkbook, Format: "text"}
	}
	b.guessNumbers(nil)
	return b, nil
}

// separators are the ones that programs write, the surest first.
const separators = "\t;,|"

// separator finds what stands between the fields of most lines; 0 if the text
// is no table. Excel may say it in a first line of its own: "sep=;".
func separator(text string) (sep rune, rest string) {
	if line, after, ok := strings.Cut(text, "\n"); ok && len(line) < 10 {
		if s, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(line)), "sep="); ok && len(s) == 1 {
			return rune(s[0]), after
		}
		if strings.HasPrefix(strings.ToLower(line), "sep=\t") {
			return '\t', after
		}
	}
	const sample = 300 // lines
	best := 0
	for _, candidate := range separators {
		width := map[int]int{} // lines by their number of fields
		row, last, lines, wide := 0, 0, 0, 0
		count := func() {
			if last > 0 {
				lines++
				width[last]++
				if last >= 3 {
					wide++
				}
			}
		}
		eachField(text, candidate, func(r, col int, field string) bool {
			if r != row {
				count()
				row, last = r, 0
			}
			if col > 1 || field != "" {
				last = col
			}
			return r <= sample
		})
		count()
		agree := 0
		for n, times := range width {
			if n >= 2 {
				agree = max(agree, times)
			}
		}
		// Prose has commas as well, but not the same number in every line. Of
		// tabs and semicolons it has not several in many of them.
		table := agree >= 2 && agree*5 >= lines*3 || candidate != ',' && candidate != '|' && wide >= 3 && wide*5 >= lines*2
		if table && agree > best {
			best, sep = agree, candidate
		}
	}
	return sep, text
}

// eachField hands over every field of a text, row by row, from 1, until see
// returns false. A field may stand in quotes, in which a quote is doubled
// (RFC 4180); one that is never closed reaches to the end of its line.
func eachField(text string, sep rune, see func(row, col int, field string) bool) {
	row, col := 1, 1
	for i := 0; i < len(text); {
		field := ""
		if text[i] == '"' {
			if s, n, ok := quoted(text[i:], sep); ok {
				field = s
				i += n
			}
		}
		if end := strings.IndexAny(text[i:], string(sep)+"\r\n"); end < 0 {
			field += text[i:]
			i = len(text)
		} else {
			field += text[i : i+end]
			i += end
		}
		if !see(row, col, field) {
			return
		}
		switch {
		case i >= len(text):
			return
		case rune(text[i]) == sep:
			if col++; i+1 == len(text) {
				see(row, col, "")
				return
			}
		default:
			if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			row, col = row+1, 1
		}
		i++
	}
}

// quoted reads a field that begins with a quote, and its length.
func quoted(s string, sep rune) (field string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s) && i <= maxCellText; {
		j := strings.IndexByte(s[i:min(len(s), i+maxCellText)], '"')
		if j < 0 {
			return "", 0, false
		}
		b.WriteString(s[i : i+j])
		i += j + 1
		if i < len(s) && s[i] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		if i == len(s) || rune(s[i]) == sep || s[i] == '\r' || s[i] == '\n' {
			// Between tabs a quote often means "the same", and two of them
			// enclose half a line.
			return b.String(), i, sep != '\t' || !strings.Contains(b.String(), "\t")
		}
		return "", 0, false // a quote within a word
	}
	return "", 0, false
}

var (
	wholeNumber  = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)
	decimalPoint = regexp.MustCompile(`^-?[0-9]{1,15}\.[0-9]{1,15}$`)
	decimalComma = regexp.MustCompile(`^-?[0-9]{1,15},[0-9]{1,15}$`)
	// Numbers that can be read in one way only.
	surePoint = regexp.MustCompile(`^-?([0-9]+\.([0-9]{1,2}|[0-9]{4,})|0\.[0-9]+|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,})$`)
	sureComma = regexp.MustCompile(`^-?([0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,})$`)
)

// guessNumbers turns texts into numbers where a program wrote numbers as text:
// whole ones, and decimals where others in the file show by which sign. What
// could be read either way stays Text. Cells for which fixed is true stay too.
func (b *Book) guessNumbers(fixed func(*Cell) bool) {
	points, commas := 0, 0
	each := func(see func(*Cell)) {
		for _, s := range b.Sheets {
			for i := range s.cells {
				if c := &s.cells[i]; c.Type == Text && len(c.Raw) <= 40 && (fixed == nil || !fixed(c)) {
					see(c)
				}
			}
		}
	}
	each(func(c *Cell) {
		switch s := strings.TrimSpace(c.Raw); {
		case surePoint.MatchString(s):
			points++
		case sureComma.MatchString(s):
			commas++
		}
	})
	switch {
	case points > commas:
		b.Guess.Decimal = '.'
	case commas > points:
		b.Guess.Decimal = ','
	}
	each(func(c *Cell) {
		s := strings.TrimSpace(c.Raw)
		switch {
		case wholeNumber.MatchString(s):
		case b.Guess.Decimal == '.' && decimalPoint.MatchString(s):
		case b.Guess.Decimal == ',' && decimalComma.MatchString(s):
			s = strings.Replace(s, ",", ".", 1)
		case strings.HasPrefix(s, "#") && knownFault(s):
			c.Type, c.Raw, c.Runs = Fault, s, nil
			return
		default:
			return
		}
		if n, err := strconv.ParseFloat(s, 64); err == nil {
			c.Type, c.Number, c.Raw, c.Runs = Number, n, s, nil
		}
	})
}

func knownFault(s string) bool {
	for _, f := range faults {
		if s == f {
			return true
		}
	}
	return false
}
