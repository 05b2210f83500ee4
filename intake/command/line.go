package command

import (
	"strings"
	"unicode"

	"dondoc/intake/finding"
)

// token is a number, a word or a sign of a line.
type token struct {
	kind byte   // '0' a number, 'a' a word, otherwise the sign itself
	text string // as typed
	word string // of a word: without case and marks
	n    int    // of a number; -1 where it is too long to be one of ours
}

// letter is the token as the letter of an option, "" if it is none. It has to
// be typed as that letter: "ạ" is a word of courtesy.
func (t token) letter() string {
	if t.kind == 'a' && len(t.text) == 1 && (t.text[0]|0x20) >= 'a' && (t.text[0]|0x20) <= lastLetter {
		return strings.ToUpper(t.text)
	}
	return ""
}

// lastLetter is the last that an option can have. "8h" is an hour.
const lastLetter = 'g'

func scan(line string) []token {
	var tokens []token
	runes := []rune(line)
	for i := 0; i < len(runes); {
		start := i
		switch r := runes[i]; {
		case r == ' ':
			i++
			continue
		case '0' <= r && r <= '9':
			n := 0
			for ; i < len(runes) && '0' <= runes[i] && runes[i] <= '9'; i++ {
				if n = n*10 + int(runes[i]-'0'); i-start >= 3 {
					n = -1
					for i+1 < len(runes) && '0' <= runes[i+1] && runes[i+1] <= '9' {
						i++
					}
				}
			}
			tokens = append(tokens, token{kind: '0', n: n, text: string(runes[start:i])})
		case unicode.IsLetter(r) || unicode.IsMark(r):
			for i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsMark(runes[i])) {
				i++
			}
			text := string(runes[start:i])
			tokens = append(tokens, token{kind: 'a', text: text, word: finding.Plain(text)})
		case r < 0x80:
			i++
			tokens = append(tokens, token{kind: byte(r), text: string(r)})
		default:
			i++
			tokens = append(tokens, token{kind: '?', text: string(r)})
		}
	}
	return tokens
}

// parse reads the orders of a line. ok is false where something of it is not
// understood; an empty line is understood and orders nothing.
func parse(tokens []token) (orders []finding.Order, ok bool) {
	for len(tokens) > 0 {
		switch t := tokens[0]; {
		case strings.IndexByte(`,;.&+/!"'-*()[]:`, t.kind) >= 0, t.kind == 'a' && between[t.word] && t.letter() == "":
			tokens = tokens[1:]
		case t.kind == '0':
			o, rest, understood := choice(tokens)
			if !understood {
				return nil, false
			}
			orders, tokens = append(orders, o), rest
		case t.kind == 'a':
			found, rest := phrase(tokens)
			if len(found) == 0 {
				return nil, false
			}
			orders, tokens = append(orders, found...), rest
		default:
			return nil, false
		}
	}
	return orders, true
}

// between are words that may stand around orders without changing them.
var between = map[string]bool{
	"va": true, "and": true, "viec": true, "muc": true, "so": true, "cau": true, "y": true, "chon": true, "item": true, "choose": true,
	"nhe": true, "nha": true, "a": true, "ok": true, "oke": true, "vang": true, "da": true, "em": true, "anh": true, "chi": true, "giup": true, "please": true, "thanks": true,
}

// choice reads "1A", "1. a", "1) A", "1: A", "1 chọn A".
func choice(tokens []token) (o finding.Order, rest []token, ok bool) {
	number := tokens[0].n
	rest = tokens[1:]
	for len(rest) > 0 && (strings.IndexByte(`.):-"'(`, rest[0].kind) >= 0 || rest[0].kind == 'a' && rest[0].word == "chon") {
		rest = rest[1:]
	}
	if number < 1 || len(rest) == 0 || rest[0].letter() == "" {
		return o, nil, false
	}
	o = finding.Order{Do: finding.OrderChoose, Number: number, Letter: rest[0].letter()}
	rest = rest[1:]
	if len(rest) > 0 && rest[0].letter() != "" {
		return o, nil, false // "1A B"
	}
	for i := 0; i+1 < len(rest) && strings.IndexByte(`,/;&+`, rest[i].kind) >= 0; i++ {
		if rest[i+1].letter() != "" {
			return o, nil, false // "1A,B"
		}
	}
	return o, rest, true
}

// phrases are the orders in words.
var phrases = []struct {
	words string
	do    string
}{
	{"dung nhac", finding.OrderStop}, {"tam dung nhac", finding.OrderStop}, {"ngung nhac", finding.OrderStop},
	{"stop reminders", finding.OrderStop}, {"stop reminding", finding.OrderStop},
	{"mo lai", finding.OrderResume}, {"nhac lai", finding.OrderResume}, {"resume reminders", finding.OrderResume}, {"resume", finding.OrderResume},
	{"hoan tac", finding.OrderUndo}, {"undo", finding.OrderUndo},
}

// phrase reads an order in words. What follows "HOÀN TÁC" are the numbers to
// take back, or the words; without any it is not known what is meant.
func phrase(tokens []token) (orders []finding.Order, rest []token) {
	for _, p := range phrases {
		rest, ok := words(tokens, p.words)
		switch {
		case !ok:
			continue
		case p.do != finding.OrderUndo:
			return []finding.Order{{Do: p.do}}, rest
		}
		if stop, ok := words(rest, "dung nhac"); ok {
			return []finding.Order{{Do: finding.OrderUndo}}, stop
		}
		if stop, ok := words(rest, "stop reminders"); ok {
			return []finding.Order{{Do: finding.OrderUndo}}, stop
		}
		for len(rest) > 0 {
			next := rest
			for len(next) > 0 && (strings.IndexByte(`,;.&+:`, next[0].kind) >= 0 || next[0].kind == 'a' && between[next[0].word] && next[0].letter() == "") {
				next = next[1:]
			}
			if len(next) == 0 || next[0].kind != '0' || next[0].n < 1 {
				break
			}
			if len(orders) > 0 && len(next) > 1 && next[1].letter() != "" {
				break // "HOÀN TÁC 1, 1B": the second is an order of its own
			}
			orders = append(orders, finding.Order{Do: finding.OrderUndo, Number: next[0].n})
			if rest = next[1:]; len(rest) > 0 && rest[0].letter() != "" {
				rest = rest[1:] // "HOÀN TÁC 1A": there is one thing to take back
			}
		}
		return orders, rest
	}
	return nil, nil
}

// words takes a phrase off the beginning of the tokens.
func words(tokens []token, phrase string) (rest []token, ok bool) {
	for word := range strings.FieldsSeq(phrase) {
		if len(tokens) == 0 || tokens[0].kind != 'a' || tokens[0].word != word {
			return nil, false
		}
		tokens = tokens[1:]
	}
	return tokens, true
}

// tries reports whether a line that is not understood looks as if it were meant
// for an order: a short one that begins with one of our numbers and a word, or
// with the words of an order.
func tries(tokens []token) bool {
	if len(tokens) < 2 || len(tokens) > 8 {
		return false
	}
	if tokens[0].kind == '0' {
		return tokens[0].n > 0 && tokens[1].kind == 'a' && (len(tokens) <= 3 || len(tokens[1].text) <= 2)
	}
	for _, p := range phrases {
		if _, ok := words(tokens, p.words); ok && p.words != "resume" {
			return true
		}
	}
	return false
}
