// Package command reads what the desk answers to a digest: "1A, 2b", "DỪNG
// NHẮC", "HOÀN TÁC 1", as people type it on a telephone. It is pure. It does
// not ask who wrote; that is for whoever carries the orders out.
//
// A line is either understood to its end or not at all: of "1A nhưng hỏi lại
// đã" nothing is done, because doing half of what somebody wrote is worse than
// asking. What is neither an order nor a greeting nor a signature is handed
// back verbatim, so that its writer is told.
//
// A stranger controls the text that is read here, by a mail of his own or by
// words that somebody of the desk quotes. He may want reminders to stop, or his
// filing accepted. Reading gives no right: intake carries an order out only for
// an address of the desk, not found forged by our own server, with the secret of
// the newest digest (TestObey); quoted text is cut away before, and a line that is
// not understood to its end does nothing (TestRead, FuzzRead).
package command

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
)

// Message is what a mail tells us to do.
type Message struct {
	Orders  []finding.Order
	Unclear []string // lines that were not understood, at most maxUnclear of them
	// First reports whether the mail begins with an order: what speaks of
	// something else first is no answer to a digest.
	First bool
}

const (
	maxLines   = 400 // looked at; a person writes fewer
	maxOrders  = 60
	maxUnclear = 8
	maxQuote   = 80 // characters of a line that was not understood
)

// Read reads what a person newly wrote. A mail without an order, and without a
// line that looks like an attempt at one, gives the zero Message: it is a mail
// like any other, and nobody is told that it was not understood.
func Read(text string) Message {
	var m Message
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if len(lines) == maxLines || ownLine(finding.Fold(line)) {
			break // below is the digest itself, which some programs copy without a mark
		}
		lines = append(lines, strings.TrimSpace(tame(line)))
	}
	last, attempt, said := -1, false, false
	orders := make([][]finding.Order, len(lines))
	for i, line := range lines {
		tokens := scan(line)
		found, ok := parse(tokens)
		if ok && len(found) > 0 {
			orders[i], last = found, i
			m.First = m.First || !said
		}
		said = said || line != "" && !courtesy(line)
		attempt = attempt || !ok && tries(tokens)
	}
	if last < 0 && !attempt {
		return Message{}
	}
	tail := signature(lines, last)
	for i, line := range lines[:tail] {
		switch {
		case orders[i] != nil:
			for _, o := range orders[i] {
				if len(m.Orders) < maxOrders && !slices.Contains(m.Orders, o) {
					m.Orders = append(m.Orders, o)
				}
			}
		case line == "", courtesy(line):
		case len(m.Unclear) < maxUnclear:
			m.Unclear = append(m.Unclear, quote(line))
		}
	}
	m.contradictions(lines, orders)
	return m
}

// contradictions takes out what was answered in two ways: nothing is done for
// that number.
func (m *Message) contradictions(lines []string, orders [][]finding.Order) {
	letters := map[int]string{}
	twice := map[int]bool{}
	for _, o := range m.Orders {
		if o.Do != finding.OrderChoose {
			continue
		}
		if have, ok := letters[o.Number]; ok && have != o.Letter {
			twice[o.Number] = true
		}
		letters[o.Number] = o.Letter
	}
	both := slices.ContainsFunc(m.Orders, func(o finding.Order) bool { return o.Do == finding.OrderStop }) &&
		slices.ContainsFunc(m.Orders, func(o finding.Order) bool { return o.Do == finding.OrderResume })
	against := func(o finding.Order) bool {
		return o.Do == finding.OrderChoose && twice[o.Number] || both && (o.Do == finding.OrderStop || o.Do == finding.OrderResume)
	}
	if !slices.ContainsFunc(m.Orders, against) {
		return
	}
	m.Orders = slices.DeleteFunc(m.Orders, against)
	for i, line := range lines {
		if slices.ContainsFunc(orders[i], against) && len(m.Unclear) < maxUnclear && !slices.Contains(m.Unclear, quote(line)) {
			m.Unclear = append(m.Unclear, quote(line))
		}
	}
}

// tame turns what telephones and word processors put for plain characters back
// into them: full-width letters, all kinds of spaces, typographic quotes.
func tame(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Sk, r) && r >= 0x80:
			return -1
		case unicode.Is(unicode.So, r), r == '•', r == '·': // a picture of a thumb says nothing more
			return ' '
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case strings.ContainsRune("“”„«»‘’‚`'", r):
			return '"'
		case strings.ContainsRune("–—−‐", r):
			return '-'
		}
		return r
	}, norm.NFKC.String(line))
}

func quote(line string) string {
	r := []rune(strings.Join(strings.Fields(line), " "))
	if len(r) > maxQuote {
		return string(r[:maxQuote-1]) + "…"
	}
	return string(r)
}

// ownLine reports whether a line, folded, is the digest's own first line, the
// head of its decisions, or the line with its code.
func ownLine(line string) bool {
	return strings.HasPrefix(line, "can quyet dinh (") || strings.HasPrefix(line, "to decide (") ||
		strings.HasPrefix(line, "ma ban tin") || strings.HasPrefix(line, "code of this digest") ||
		strings.Contains(line, "don vi da du") || strings.Contains(line, "units are complete")
}
