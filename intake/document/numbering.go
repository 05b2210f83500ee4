package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberedTo returns where the words of a line begin, behind its numbering: how
// much of it the expression numbering finds, for every line of every document.
func numberedTo(line string) int {
	at := passed(line, 0, func(r rune) bool { return space(r) || strings.ContainsRune("-–—+*•.", r) })
	for _, word := range []string{"phần", "mục", "phan", "muc"} {
		if end, ok := begins(line[at:], word); ok {
			if behind := passed(line, at+end, space); behind > at+end {
				at = behind
			}
			break
		}
	}
	for {
		end := numberFrom(line, at)
		if end == at {
			return at
		}
		at = end
	}
}

// numberFrom returns where the number that begins at at ends, with the sign
// behind it; at if none does.
func numberFrom(line string, at int) int {
	roman := at
	for roman < len(line) && roman < at+5 && strings.IndexByte("ivxlcIVXLC", line[roman]) >= 0 {
		roman++
	}
	if end := signed(line, roman); roman > at && end > roman {
		return end
	}
	// A point behind digits is the sign where it does not part them from more:
	// of "1.2 abc" the number is 1.
	var ends []int
	for end := figures(line, at); end > at && len(ends) < 4; {
		ends = append(ends, end)
		if end == len(line) || line[end] != '.' || figures(line, end+1) == end+1 {
			break
		}
		end = figures(line, end+1)
	}
	for i := len(ends) - 1; i >= 0; i-- {
		if end := signed(line, ends[i]); end > ends[i] {
			return end
		}
	}
	if r, n := utf8.DecodeRuneInString(line[at:]); 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == 'đ' || r == 'Đ' {
		if end := signed(line, at+n); end > at+n {
			return end
		}
	}
	return at
}

// figures returns where the one or two digits at at end.
func figures(line string, at int) int {
	end := at
	for end < len(line) && end < at+2 && '0' <= line[end] && line[end] <= '9' {
		end++
	}
	return end
}

// signed returns where the sign that ends a number ends, white space around it
// included; at if there is none.
func signed(line string, at int) int {
	behind := passed(line, at, space)
	if r, n := utf8.DecodeRuneInString(line[behind:]); n > 0 && strings.ContainsRune(".):-–", r) {
		return passed(line, behind+n, space)
	}
	if strings.IndexByte(line[at:behind], '\t') >= 0 {
		return behind
	}
	return at
}

// passed returns where what in holds of ends.
func passed(line string, at int, in func(rune) bool) int {
	for i, r := range line[at:] {
		if !in(r) {
			return at + i
		}
	}
	return len(line)
}

func space(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' && r != '\v' }

// begins reports whether a line begins with a word, in whatever case, and where
// it ends.
func begins(line, word string) (end int, ok bool) {
	for i, r := range line {
		if word == "" {
			return i, true
		}
		w, n := utf8.DecodeRuneInString(word)
		if unicode.ToLower(r) != w {
			return 0, false
		}
		word = word[n:]
	}
	return len(line), word == ""
}
