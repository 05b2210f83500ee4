package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dondoc/intake/finding"
	"dondoc/intake/message"
)

// A mail without a form can still bring one's figures: behind a link, which is
// never followed (L01), or typed into its text, from which they are not taken
// (L03). Both are told as parts without a file, so that they stand where the
// sender's other files do: what is missing stays missing, and why is known.

// bodyParts are the parts that the text of a mail stands for; body is all of
// it, of which a mail that passes on another one wrote little itself.
func (j *Judge) bodyParts(r finding.Reading, body string) []finding.Part {
	var parts []finding.Part
	told := func(kind, code string) {
		parts = append(parts, finding.Part{Kind: kind, Problems: []finding.Problem{{Code: code, Severity: finding.MustFix}}})
	}
	files := slices.ContainsFunc(r.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration })
	form := slices.ContainsFunc(r.Parts, func(p finding.Part) bool { return p.Kind == finding.Appendix })
	if r.Machine != "" || r.Bounce != nil || r.Limit != "" {
		return nil // nobody typed it
	}
	switch r.Class {
	case finding.ClassReport, finding.ClassQuestion, finding.ClassPromise, finding.ClassStatement:
	default:
		// What was asked for is answered, or something is asked: a person reads
		// it for that, and no file takes its place.
		return nil
	}
	if !files && r.Links && sends(r.Subject, r.Text) {
		told(finding.Other, "L01")
	}
	text := r.Text
	if r.Forwarded {
		text = body
	}
	if !form && j.figures.typed(text) {
		told(finding.Appendix, "L03")
	}
	return parts
}

// sends reports whether the words around a link say that the files are behind
// it. A question about a link is a question.
func sends(subject, text string) bool {
	words := finding.Plain(subject + "\n" + message.WithoutLinks(text))
	return sending.MatchString(words) && !strings.Contains(words, "?")
}

var sending = regexp.MustCompile(`\b(gui|nop|chuyen|dinh kem|kem theo|tai (ve|xuong|file|tep)|download|bao cao|bc|phu luc|so lieu|file|tep|mo hinh|san pham|tai lieu|link|lien ket|duong dan|attached?|report|annex|see|find)\b`)

// formWords are the words of the form beside which its numbers stand.
type formWords []*regexp.Regexp

// enoughFigures is the number of different words of the form that must have a
// number beside them before a text is taken for a form: two or three happen
// in any sentence about the matter.
const enoughFigures = 4

// figuresOf are those of a form: its rows and the heads of its columns, the
// words aside that stand in all of them.
func figuresOf(f finding.Form) formWords {
	seen := map[string]bool{}
	var list formWords
	for _, in := range f.Inputs {
		if !in.Number() {
			continue
		}
		for _, label := range append(strings.Split(in.Column, " - "), in.Row) {
			words := slices.DeleteFunc(strings.Fields(onlyWords(label)), func(w string) bool {
				_, err := strconv.Atoi(w)
				return err == nil || slices.Contains(commonWords, w)
			})
			phrase := strings.Join(words, " ")
			if len(words) < 2 || seen[phrase] {
				continue
			}
			seen[phrase] = true
			list = append(list, regexp.MustCompile(`\b`+phrase+`( [a-z]+){0,3} \d{1,4}\b|\b\d{1,4} ((mo hinh|dien hinh|la) )*`+phrase+`\b`))
		}
	}
	return list
}

// commonWords stand in the labels of any form that counts.
var commonWords = []string{"so", "mo", "hinh", "da", "duoc", "trong", "nam", "luong", "tong"}

// typed reports whether the text is one of figures.
func (f formWords) typed(text string) bool {
	n := 0
	text = years.ReplaceAllString(onlyWords(text), " ")
	for _, figure := range f {
		if figure.MatchString(text) {
			n++
		}
	}
	return n >= min(enoughFigures, len(f)) && n > 0
}

var years = regexp.MustCompile(`\b(19|20)\d\d\b`)

// onlyWords are the folded words and numbers of s, one space between them.
func onlyWords(s string) string {
	return strings.Join(strings.FieldsFunc(finding.Plain(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
