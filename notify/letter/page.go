package letter

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A letter is written as plain text and typeset from it. What the text
// can show, and the HTML with it:
//
//	# a heading           1. a numbered item        - an item
//	> a command that belongs to the item above
//	cells<TAB>of<TAB>a table, the first row its head
//	%<TAB>counts<TAB>and labels of a chart, by turns
//	--  the foot begins   an empty line between paragraphs
//
// Nothing else is markup: all of it is text, and escaped.

// block is one of these.
type block struct {
	Kind  string // salutation, lead, para, heading, numbered, bullets, table, chart, foot
	Lines []line
	Rows  [][]string
	Bars  []bar
}

// line is one line, in the parts that the HTML shows differently. Their
// concatenation is the line.
type line struct {
	Mark  string // "1." of an item
	Head  string // what the line is about, up to and with its colon or dash
	Alert string // a word in capitals after it: "CHƯA CÓ"
	Text  string
	Codes []string // commands under an item
}

var numbered = regexp.MustCompile(`^(\d{1,3}\.) +(.*)$`)

// parse reads a written body. Several empty lines count as one.
func parse(body string) []block {
	var blocks []block
	foot, fresh := false, true
	for _, l := range strings.Split(body, "\n") {
		tabs := strings.Contains(l, "\t")
		if !tabs {
			l = strings.Join(strings.Fields(l), " ")
		}
		if strings.TrimSpace(l) == "" {
			fresh = true
			continue
		}
		if l == "--" {
			foot, fresh = true, false
			blocks = append(blocks, block{Kind: "foot"})
			continue
		}
		if chart, ok := strings.CutPrefix(l, chartMark); ok {
			blocks, fresh = append(blocks, block{Kind: "chart", Bars: readChart(chart)}), true
			continue
		}
		if n := len(blocks); n > 0 && strings.HasPrefix(l, "> ") && blocks[n-1].Kind == "numbered" && len(blocks[n-1].Lines) > 0 {
			item := &blocks[n-1].Lines[len(blocks[n-1].Lines)-1]
			item.Codes = append(item.Codes, l[2:])
			continue
		}
		kind, parsed := "para", line{Text: l}
		switch m := numbered.FindStringSubmatch(l); {
		case foot:
			kind = "foot"
		case tabs:
			kind = "table"
		case m != nil:
			kind, parsed = "numbered", head(m[2], 90)
			parsed.Mark = m[1]
		case strings.HasPrefix(l, "- "):
			kind, parsed = "bullets", head(l[2:], 90)
		case strings.HasPrefix(l, "# "):
			kind, parsed = "heading", line{Text: l[2:]}
		default:
			parsed = head(l, 32)
		}
		if n := len(blocks); n == 0 || blocks[n-1].Kind != kind || fresh && !foot || kind == "heading" {
			blocks = append(blocks, block{Kind: kind})
		}
		b := &blocks[len(blocks)-1]
		if kind == "table" {
			cells := strings.Split(l, "\t")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			b.Rows = append(b.Rows, cells)
		} else {
			b.Lines = append(b.Lines, parsed)
		}
		fresh = false
	}
	return blocks
}

// head splits a line after what it is about: up to the first ": " or " - "
// that stands in no bracket or quotation, if that comes within limit
// characters.
func head(s string, limit int) line {
	depth, quoted := 0, false
	for i, r := range s {
		switch r {
		case '(', '[', '“':
			depth++
		case ')', ']', '”':
			depth--
		case '"':
			quoted = !quoted
		case ' ':
			if depth > 0 || quoted {
				continue
			}
			end := 0
			switch {
			case i > 0 && s[i-1] == ':':
				end = i
			case strings.HasPrefix(s[i:], " - "):
				end = i + 2
			}
			if end == 0 {
				continue
			}
			if utf8.RuneCountInString(s[:end]) > limit || strings.Contains(strings.TrimSuffix(s[:end], "."), ". ") {
				return line{Text: s}
			}
			alert := capitals(s[end+1:])
			return line{Head: s[:end+1], Alert: alert, Text: s[end+1+len(alert):]}
		}
	}
	return line{Text: s}
}

// telephone is a number at the end of what an item is about.
var telephone = regexp.MustCompile(`^(.*, )(\+?[0-9][0-9 .()-]{5,18}[0-9])(: ?)$`)

// Dial is that number as a telephone dials it; empty where there is none.
func (l line) Dial() string {
	m := telephone.FindStringSubmatch(l.Head)
	if m == nil {
		return ""
	}
	return strings.NewReplacer(" ", "", ".", "", "(", "", ")", "", "-", "").Replace(m[2])
}

// Before and Number are Head taken apart at the number.
func (l line) Before() string { return telephone.ReplaceAllString(l.Head, "$1") }
func (l line) Number() string { return telephone.ReplaceAllString(l.Head, "$2") }

// capitals returns the words in capitals that s begins with, if they are two
// or more, or one of more than four letters.
func capitals(s string) string {
	end := 0
	words := 0
	for _, w := range strings.SplitAfter(s, " ") {
		bare := strings.TrimRight(w, " .,;")
		if bare == "" || strings.IndexFunc(bare, func(r rune) bool { return !unicode.IsUpper(r) }) >= 0 {
			break
		}
		words++
		end += len(strings.TrimRight(w, " "))
		if len(w) > len(strings.TrimRight(w, " ")) {
			end++
		}
	}
	out := strings.TrimRight(s[:end], " ")
	if words < 2 && utf8.RuneCountInString(out) < 5 {
		return ""
	}
	return out
}

// plain writes the blocks as the text of the mail.
func plain(blocks []block) string {
	var b strings.Builder
	for i, bl := range blocks {
		if i > 0 {
			// An item list follows the sentence that opens it without a gap, a
			// heading stands with what is under it.
			tight := bl.Kind == "numbered" || bl.Kind == "bullets"
			if prev := blocks[i-1]; !(tight && opens(prev)) && prev.Kind != "heading" {
				b.WriteByte('\n')
			}
		}
		if bl.Kind == "foot" {
			b.WriteString("--\n")
		}
		switch bl.Kind {
		case "table":
			b.WriteString(align(bl.Rows))
			continue
		case "chart":
			b.WriteString(draw(bl.Bars))
			continue
		}
		for _, l := range bl.Lines {
			switch bl.Kind {
			case "numbered":
				b.WriteString(l.Mark + " ")
			case "bullets":
				b.WriteString("- ")
			}
			b.WriteString(l.Head + l.Alert + l.Text + "\n")
			for _, c := range l.Codes {
				b.WriteString("   " + c + "\n")
			}
		}
	}
	return b.String()
}

// Opens is opens, for the page.
func (b block) Opens() bool { return opens(b) }

// Last reports whether row i is the last of several: the sums.
func (b block) Last(i int) bool { return i > 1 && i == len(b.Rows)-1 }

// opens reports whether a paragraph announces what follows.
func opens(b block) bool {
	if b.Kind != "para" || len(b.Lines) == 0 {
		return false
	}
	l := b.Lines[len(b.Lines)-1]
	return strings.HasSuffix(l.Head+l.Text, ":") || strings.HasSuffix(l.Text, "):")
}

// align writes a table with spaces: the first column to the left, the others
// to the right.
func align(rows [][]string) string {
	var width []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		for i, c := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if i == 0 {
				b.WriteString(c + pad)
			} else {
				b.WriteString("  " + pad + c)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

var page = template.Must(template.ParseFS(files, "templates/page.html"))

// typeset writes the blocks as a page. Everything is styled in place, since
// mail readers drop style sheets, and nothing is fetched from anywhere.
func typeset(v *view, subject string, blocks []block) (string, error) {
	blocks = append([]block(nil), blocks...)
	for i := range blocks {
		if blocks[i].Kind != "para" {
			break
		}
		if i == 0 && v.ToUnit() {
			blocks[i].Kind = "salutation"
			continue
		}
		blocks[i].Kind = "lead"
		break
	}
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{
		"Lang": v.Lang, "Title": subject, "Sender": v.Signature, "Blocks": blocks,
		// Outlook on Windows knows no max-width: a table of its own holds the letter.
		"Outlook":    template.HTML(`<!--[if mso]><table role="presentation" width="640" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`),
		"OutlookEnd": template.HTML(`<!--[if mso]></td></tr></table><![endif]-->`),
	})
	if err != nil {
		return "", fmt.Errorf("typesetting: %w", err)
	}
	return out.String(), nil
}
