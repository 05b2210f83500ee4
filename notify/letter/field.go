package letter

import (
	"encoding/base64"
	netmail "net/mail"
	"strings"
	"unicode/utf8"
)

// subjectField is the value of a Subject field, encoded and folded.
//
// We do it ourselves because go-mail leaves the field's own line empty when
// the first encoded word is long ("Subject:" and the text on the next line).
// That is legal, but readers are met that then show a subject beginning with a
// space, or none.
func subjectField(text string) string {
	words := strings.Fields(tidy(text))
	first, last := -1, -1
	for i, w := range words {
		if !plainWord(w) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	f := folding{room: maxLine - len("Subject: ")}
	if first < 0 {
		f.plain(words...)
		return f.String()
	}
	// What stands before and after stays readable in the raw mail, above all
	// the codes at the end.
	f.plain(words[:first]...)
	f.encoded(words[first : last+1])
	f.plain(words[last+1:]...)
	return f.String()
}

// fromField is the value of a From field: a display name and its address.
func fromField(name, address string) string {
	name = tidy(name)
	mailbox := (&netmail.Address{Address: address}).String()
	f := folding{room: maxLine - len("From: ")}
	words := strings.Fields(name)
	switch {
	case name == "":
	case plainName(words):
		// The standard library quotes what RFC 5322 §3.2.3 wants quoted.
		f.plain(strings.Fields(strings.TrimSuffix((&netmail.Address{Name: name, Address: address}).String(), " "+mailbox))...)
	default:
		// In a phrase, specials outside of encoded words mean something: the
		// whole name is encoded.
		f.encoded(words)
	}
	f.plain(mailbox)
	return f.String()
}

func plainName(words []string) bool {
	for _, w := range words {
		if !plainWord(w) {
			return false
		}
	}
	return true
}

// maxLine is how long a line of a header with encoded words may be, and
// maxEncoded how long one of them (RFC 2047 §2).
const (
	maxLine    = 76
	maxEncoded = 75
)

// What an encoded word begins and ends with.
const wordOpen, wordShut = "=?utf-8?B?", "?="

// plainWord reports whether a word may stand in a header as it is: ASCII, not
// like an encoded word, and short enough to be folded around.
func plainWord(w string) bool {
	if len(w) > maxLine-len("Subject: ") || strings.Contains(w, "=?") {
		return false
	}
	for i := range len(w) {
		if w[i] < ' ' || w[i] > '~' {
			return false
		}
	}
	return true
}

// folding writes the value of a field, line by line (RFC 5322 §2.2.3).
type folding struct {
	strings.Builder
	room int // left on this line
}

// put writes a word that is to stand apart from the one before.
func (f *folding) put(word string) {
	switch {
	case f.Len() == 0:
	case 1+len(word) <= f.room:
		f.WriteByte(' ')
		f.room--
	default:
		f.newLine()
	}
	f.WriteString(word)
	f.room -= len(word)
}

func (f *folding) newLine() {
	f.WriteString("\r\n ")
	f.room = maxLine - 1
}

func (f *folding) plain(words ...string) {
	for _, w := range words {
		f.put(w)
	}
}

// encoded writes words as encoded words, as many to each as there is room for.
// The white space between two encoded words is not shown (RFC 2047 §6.2), so
// the spaces of the text stand within them. No character is cut in two (§5).
func (f *folding) encoded(words []string) {
	var text string // of the encoded word being filled
	room := f.payload()
	flush := func() {
		if text != "" {
			f.put(wordOpen + base64.StdEncoding.EncodeToString([]byte(text)) + wordShut)
			text = ""
		}
		room = payload(maxEncoded)
	}
	for i, w := range words {
		if i < len(words)-1 {
			w += " "
		}
		if text != "" && len(text)+len(w) > room && len(w) <= payload(maxEncoded) {
			flush()
		}
		for len(text)+len(w) > room {
			cut := room - len(text)
			for cut > 0 && !utf8.RuneStart(w[cut]) {
				cut--
			}
			text += w[:cut]
			w = w[cut:]
			flush()
		}
		text += w
	}
	flush()
}

// payload is how many bytes the next encoded word may carry: on this line, if
// it is worth beginning there, else on the next.
func (f *folding) payload() int {
	if f.Len() == 0 {
		return payload(min(maxEncoded, f.room))
	}
	if n := payload(min(maxEncoded, f.room-1)); n >= 20 {
		return n
	}
	return payload(maxEncoded)
}

// payload is how many bytes an encoded word of n characters can carry.
func payload(n int) int { return max(0, n-len(wordOpen)-len(wordShut)) / 4 * 3 }
