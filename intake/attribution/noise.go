package attribution

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"dondoc/config"
	"dondoc/intake/document/legacy"
	"dondoc/intake/finding"
)

// NoiseOf lists what nearly every mail of a campaign says without meaning its
// sender: the issuer's names, the letter's number, the campaign's own words.
func NoiseOf(c *config.Campaign) []string {
	l := c.Letter
	noise := []string{c.ID, l.Number, l.Title.VI, l.Short.VI, l.Brief.VI, l.Abbrev, l.Issuer.VI, l.Signature.VI, l.Office.VI, l.Name.VI}
	// What the letter's title puts in quotes is the movement's name: "Dân vận
	// khéo" stands in mails without the rest.
	for _, s := range []string{l.Title.VI, l.Short.VI, l.Brief.VI} {
		for _, m := range quoted.FindAllStringSubmatch(s, -1) {
			noise = append(noise, m[1])
		}
	}
	if number, sign, ok := strings.Cut(l.Number, "-"); ok {
		kind, _, _ := strings.Cut(sign, "/")
		noise = append(noise, kind+" "+number, "công văn số "+number, "công văn "+number, "cv số "+number, number+" "+kind)
	}
	if c.Issuer != nil {
		noise = append(noise, c.Issuer.Name, c.Issuer.ShortName, c.Issuer.Code)
		noise = append(noise, c.Issuer.Aliases...)
		// Its letterhead, in two lines, when a reply quotes it.
		name := c.Issuer.Name
		if head, ok := strings.CutSuffix(name, " Tỉnh ủy"); ok {
			noise = append(noise, c.Issuer.Parent+" "+head, "Tỉnh ủy "+head)
		}
		noise = append(noise, name+strings.TrimPrefix(c.Issuer.Parent, "Tỉnh ủy"))
	}
	slices.SortFunc(noise, func(a, b string) int { return len(b) - len(a) })
	return slices.DeleteFunc(slices.Compact(noise), func(s string) bool { return strings.TrimSpace(s) == "" })
}

var quoted = regexp.MustCompile(`["“]([^"“”]{4,40})["”]`)

// Lines of a letter that name others than its author.
const asideLines = `căn cứ|thực hiện|nơi nhận|kính gửi|lưu|đồng kính gửi|theo|xét đề nghị|- như trên|như trên|- lưu`

// sign is the number of a document: 45/BC-SNV, 12-CV/VPTU.
var sign = regexp.MustCompile(`\d{1,5}\s?[-/]\s?\p{Lu}{2,4}\s?[-/–]\s?[\p{L}&]{2,12}`)

// ofProvince is a sign of the province's committee or the state's centre: it
// tells nothing of a sender, and its TU is not the beginning of Tư Nghĩa.
var ofProvince = regexp.MustCompile(`[-/–]\s?(TU|TW|TTg|CP|QH|NĐ)$`)

// set marks out what must not be looked at: noise, document numbers that only
// refer, and, in running text, the lines of references and recipients.
func (m *Matcher) set(text string, atoms []atom, field string) {
	running := field == "body" || field == "letterhead"
	if running {
		skip, list := false, false
		for i := range atoms {
			if atoms[i].line {
				dash := strings.HasPrefix(strings.TrimLeft(lineOf(text, atoms[i].start), " \t"), "-")
				list = list && dash
				skip = list
				if at := m.aside.find(atoms[i:min(i+4, len(atoms))]); len(at) > 0 && at[0].from == 0 {
					skip = true
					list = list || atoms[i].folded == "noi" || atoms[i].folded == "kinh"
				}
			}
			atoms[i].out = atoms[i].out || skip
		}
		m.senders(atoms)
	}
	for _, s := range sign.FindAllStringIndex(text, -1) {
		if m.counts(text, s, atoms, field) {
			continue
		}
		for i := range atoms {
			if atoms[i].start < s[1] && atoms[i].end > s[0] {
				atoms[i].out = true
			}
		}
	}
	for _, home := range m.home {
		// "Đảng ủy Công an tỉnh Quảng Ngãi" is the "Đảng ủy Công an tỉnh".
		for i := range atoms {
			if end := i + 1 + len(home); atoms[i].isTinh() && end <= len(atoms) && joined(atoms[i+1:end]) == folded(home) {
				for k := i + 1; k < end; k++ {
					atoms[k].out = true
				}
			}
		}
	}
	for _, h := range longest(m.noise.find(atoms)) {
		for i := h.from; i < h.to; i++ {
			atoms[i].out = true
		}
	}
}

// senders brings back what reports in a line that refers: "Thực hiện Công văn
// số 624 của Ban Dân vận, Huyện ủy Sơn Tây báo cáo". It is the clause before
// the verb, never the one that the line begins with.
func (m *Matcher) senders(atoms []atom) {
	line := make([]atom, 0, len(atoms)) // as if nothing were out
	for _, a := range atoms {
		a.out = false
		line = append(line, a)
	}
	for _, verb := range m.verbs.find(line) {
		begin := verb.from
		for begin > 0 && !atoms[begin].stop {
			begin--
		}
		if atoms[begin].line {
			continue
		}
		for i := begin; i < verb.from; i++ {
			atoms[i].out = false
		}
	}
}

// counts reports whether the document number at s[0]:s[1] is the mail's own.
func (m *Matcher) counts(text string, s []int, atoms []atom, field string) bool {
	if ofProvince.MatchString(text[s[0]:s[1]]) {
		return false
	}
	first := slices.IndexFunc(atoms, func(a atom) bool { return a.start >= s[0] })
	if first < 0 {
		return false
	}
	switch field {
	case "body", "letterhead":
		// Only on the document's own line: "Số: 45/BC-SNV".
		return first > 0 && atoms[first-1].line && atoms[first-1].folded == "so"
	}
	// "Trả lời Công văn số 12-CV/VPTU": what stands before says whose it is.
	const near = 8
	before := atoms[max(0, first-near):first]
	return !slices.ContainsFunc(m.marks.find(before), func(h hit) bool {
		return h.class == towards && h.to >= len(before)-4
	})
}

// lineOf is the line that holds at, from its beginning.
func lineOf(text string, at int) string {
	return text[strings.LastIndexAny(text[:at], "\r\n")+1:]
}

// tidy prepares a text: bounded, in Unicode, composed, a file's extension taken off. The
// bounds, in bytes, are several times what such texts have; they keep a
// hostile one from costing more than a tenth of a second.
func tidy(text, field string) string {
	most := 2 << 10
	switch field {
	case "body":
		most = 16 << 10
	case "letterhead":
		most = 8 << 10
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	text, _ = legacy.Decode(text)
	text = finding.NFC(width.Narrow.String(text))
	if field == "filename" {
		text = extension.ReplaceAllString(text, "")
	}
	return text
}

var extension = regexp.MustCompile(`(\.[A-Za-z][A-Za-z0-9]{1,4}){1,2}$`)
