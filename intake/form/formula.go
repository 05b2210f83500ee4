package form

import (
	"strings"

	"dondoc/intake/workbook"
)

// formula is one formula of the blank form, taken apart far enough to know
// what it reads and whether it stays within the permitted subset.
type formula struct {
	text   string
	tokens []ftoken
}

type ftoken struct {
	kind fkind
	text string       // of functions and names in capitals, of strings without quotes
	ref  workbook.Ref // of areas; the sheet filled in
}

type fkind byte

const (
	fNumber fkind = iota + 1
	fString
	fArea     // cell or area
	fName     // defined name
	fFunction // up to and with its "("
	fOpen
	fClose
	fComma
	fOperator
	fForeign // what is not permitted: table references, arrays, links, error values
)

// permitted are the functions that excelize computes as Excel and LibreOffice
// do. Whatever is not here is refused before a unit ever sees the form.
var permitted = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IF": true, "IFERROR": true, "TRUE": true, "FALSE": true,
	"SUM": true, "COUNT": true, "COUNTIF": true, "COUNTIFS": true, "SUMIF": true, "SUMIFS": true,
	"MAX": true, "MIN": true, "MEDIAN": true, "ROUND": true, "ABS": true, "INT": true, "MOD": true,
	"LEN": true, "TRIM": true, "TEXT": true, "DATE": true, "YEAR": true, "INDEX": true,
	"MATCH": true, "VLOOKUP": true, "N": true,
}

// takesAreas are those of them that may be given an area of several cells.
var takesAreas = map[string]bool{
	"SUM": true, "COUNT": true, "COUNTIF": true, "COUNTIFS": true, "SUMIF": true, "SUMIFS": true,
	"MAX": true, "MIN": true, "MEDIAN": true, "INDEX": true, "MATCH": true, "VLOOKUP": true,
}

// parseFormula takes a formula of a cell on sheet apart. It never fails: what
// it does not know becomes fForeign, which Try refuses.
func parseFormula(text, sheet string) *formula {
	f := &formula{text: strings.TrimPrefix(strings.TrimSpace(text), "=")}
	s := f.text
	add := func(k fkind, t string) { f.tokens = append(f.tokens, ftoken{kind: k, text: t}) }
	spaceBefore := false
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			i++
			spaceBefore = true
			continue
		case c == '"':
			j := i + 1
			var b strings.Builder
			for j < len(s) {
				if s[j] == '"' {
					if j+1 < len(s) && s[j+1] == '"' {
						b.WriteByte('"')
						j += 2
						continue
					}
					break
				}
				b.WriteByte(s[j])
				j++
			}
			add(fString, b.String())
			i = min(j+1, len(s))
		case c == '(':
			add(fOpen, "(")
			i++
		case c == ')':
			add(fClose, ")")
			i++
		case c == ',' || c == ';':
			add(fComma, ",")
			i++
		case strings.IndexByte("+-*/^&=<>%", c) >= 0:
			op := s[i : i+1]
			if i+1 < len(s) && (c == '<' && (s[i+1] == '>' || s[i+1] == '=') || c == '>' && s[i+1] == '=') {
				op = s[i : i+2]
			}
			add(fOperator, op)
			i += len(op)
		case c == '\'' || c == '$' || c == '_' || c == '\\' || c >= 0x80 || isLetter(c):
			j := i
			if c == '\'' {
				for j++; j < len(s); j++ {
					if s[j] == '\'' {
						if j+1 < len(s) && s[j+1] == '\'' {
							j++
							continue
						}
						break
					}
				}
				j = min(j+1, len(s))
			}
			for j < len(s) && (s[j] == '!' || s[j] == '$' || s[j] == '_' || s[j] == '.' || s[j] == '\\' || s[j] >= 0x80 || isLetter(s[j]) || isDigit(s[j])) {
				j++
			}
			word := s[i:j]
			i = j
			switch {
			case i < len(s) && s[i] == '(':
				add(fFunction, strings.TrimPrefix(strings.ToUpper(word), "_XLFN."))
				i++
			case i < len(s) && s[i] == '[':
				add(fForeign, word+"[")
				i++
			case strings.EqualFold(word, "TRUE") || strings.EqualFold(word, "FALSE"):
				add(fNumber, strings.ToUpper(word))
			default:
				if i < len(s) && s[i] == ':' { // an area
					k := i + 1
					for k < len(s) && (s[k] == '$' || s[k] == '_' || isLetter(s[k]) || isDigit(s[k])) {
						k++
					}
					if r, ok := workbook.ParseRef(word + ":" + s[i+1:k]); ok {
						i = k
						if r.Sheet == "" {
							r.Sheet = sheet
						}
						f.tokens = append(f.tokens, ftoken{kind: fArea, text: word, ref: r})
						break
					}
					add(fForeign, word+":"+s[i+1:k])
					i = k
					break
				}
				if r, ok := workbook.ParseRef(word); ok {
					if r.Sheet == "" {
						r.Sheet = sheet
					}
					f.tokens = append(f.tokens, ftoken{kind: fArea, text: word, ref: r})
				} else if strings.ContainsRune(word, '!') {
					add(fForeign, word)
				} else {
					add(fName, word)
				}
			}
			// Two areas with nothing but space between them intersect.
			if n := len(f.tokens); spaceBefore && n > 1 && area(f.tokens[n-1]) && area(f.tokens[n-2]) {
				f.tokens[n-1].kind = fForeign
			}
		case isDigit(c) || c == '.':
			j := i
			for j < len(s) && (isDigit(s[j]) || s[j] == '.' || (s[j] == 'E' || s[j] == 'e') && j+1 < len(s)) {
				j++
			}
			if j < len(s) && s[j] == ':' { // whole rows
				add(fForeign, s[i:j+1])
				j++
			} else {
				add(fNumber, s[i:j])
			}
			i = j
		default: // [ ] { } # : @ !
			add(fForeign, s[i:i+1])
			i++
		}
		spaceBefore = false
	}
	return f
}

func area(t ftoken) bool { return t.kind == fArea || t.kind == fName }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// reads returns the areas that the formula refers to, names resolved.
func (f *formula) reads(name func(string) (workbook.Ref, bool)) []workbook.Ref {
	var out []workbook.Ref
	for _, t := range f.tokens {
		switch t.kind {
		case fArea:
			out = append(out, t.ref)
		case fName:
			if r, ok := name(t.text); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// complaints says in which ways the formula leaves the permitted subset.
func (f *formula) complaints(name func(string) (workbook.Ref, bool)) []complaint {
	var out []complaint
	say := func(vi, en string) { out = append(out, complaint{vi, en}) }
	var inside []string // functions around the current token, "" for plain brackets
	for i, t := range f.tokens {
		var before, after ftoken
		if i > 0 {
			before = f.tokens[i-1]
		}
		if i+1 < len(f.tokens) {
			after = f.tokens[i+1]
		}
		switch t.kind {
		case fFunction:
			if !permitted[t.text] {
				say("hàm "+t.text+" không được dùng", "the function "+t.text+" is not permitted")
			}
			if t.text == "TEXT" {
				if f, ok := textFormat(f.tokens[i+1:]); !ok || f != "0" && f != "dd/mm/yyyy" {
					say(`TEXT chỉ được dùng với "0" hoặc "dd/mm/yyyy"`, `TEXT may only be used with "0" or "dd/mm/yyyy"`)
				}
			}
			inside = append(inside, t.text)
		case fOpen:
			inside = append(inside, "")
		case fClose:
			if len(inside) == 0 {
				say("thừa dấu ngoặc", "unbalanced brackets")
				return out
			}
			inside = inside[:len(inside)-1]
		case fForeign:
			say("không được dùng “"+t.text+"” (tham chiếu bảng, mảng, tên:tên, tệp khác, giao vùng, giá trị lỗi)",
				"“"+t.text+"” is not permitted (table reference, array, name:name, other file, intersection, error value)")
		case fName, fArea:
			ref := t.ref
			if t.kind == fName {
				var ok bool
				if ref, ok = name(t.text); !ok {
					say("tên “"+t.text+"” không chỉ vào một ô hay một vùng nào", "the name “"+t.text+"” points at no cell or area")
					continue
				}
			}
			if !ref.Single() {
				in := ""
				if len(inside) > 0 {
					in = inside[len(inside)-1]
				}
				alone := (before.kind == fFunction || before.kind == fComma) && (after.kind == fClose || after.kind == fComma)
				if !alone || !takesAreas[in] {
					say("vùng "+ref.Area()+" chỉ được đứng một mình trong SUM, COUNT, MAX…", "the area "+ref.Area()+" may only stand alone in SUM, COUNT, MAX…")
				}
			}
		case fOperator:
			if (t.text == "=" || t.text == "<>") && (empty(before) && area(after) || area(before) && empty(after)) {
				say(`so sánh với "" sai khi ô trống; hãy viết LEN(TRIM(ô))=0`, `comparing with "" is wrong for a blank cell; write LEN(TRIM(cell))=0`)
			}
		}
	}
	if len(inside) > 0 {
		say("thiếu dấu ngoặc", "unbalanced brackets")
	}
	return out
}

type complaint struct{ vi, en string }

func empty(t ftoken) bool { return t.kind == fString && t.text == "" }

// textFormat finds the second argument of TEXT, whose "(" was just read.
func textFormat(tokens []ftoken) (string, bool) {
	depth := 0
	for i, t := range tokens {
		switch t.kind {
		case fFunction, fOpen:
			depth++
		case fClose:
			depth--
			if depth < 0 {
				return "", false
			}
		case fComma:
			if depth == 0 {
				if i+2 < len(tokens) && tokens[i+1].kind == fString && tokens[i+2].kind == fClose {
					return tokens[i+1].text, true
				}
				return "", false
			}
		}
	}
	return "", false
}
