package intake

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dondoc/config"
	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/form"
)

// paper is a document of a mail, as it was read: what the parts of one mail
// say together cannot be seen of any of them alone.
type paper struct {
	at    int // in the mail's parts
	doc   document.Document
	known document.Recognition
	named bool // its letterhead names a unit
	pairs map[[2]string]bool
}

// papers settles what the documents of a mail are to each other and to its
// workbook.
func (j *Judge) papers(parts []finding.Part, papers []paper, subject string) {
	if cordon(parts, papers, bearsMark(subject, "")) {
		return
	}
	onePart(parts, papers)
	besideWritten(parts)
	filled := slices.ContainsFunc(parts, func(p finding.Part) bool { return p.Kind == finding.Appendix && workbookPart(p) })
	corrected := filled
	for _, x := range papers {
		p := &parts[x.at]
		switch {
		case p.Kind == finding.Appendix && filled && p.Values == nil:
			p.Kind = finding.Other // the signed print of what the workbook says
		case p.Kind == finding.Appendix && p.Values == nil && p.Readable():
			p.Problems = append(p.Problems, finding.Problem{Code: "S03", Severity: finding.MustFix,
				Args: map[string]string{"tep": p.Name, "loai": printed(x.doc)}})
		}
		if x.known.Corrects && !corrected && p.Kind != finding.Decoration && p.Kind != finding.Model {
			corrected = true // it is asked for once
			add(p, finding.Problem{Code: "R06", Severity: finding.ForPerson, Args: map[string]string{"tep": p.Name}})
		}
		if p.Kind == finding.Report && x.known.Lower != "" && !x.named {
			add(p, finding.Problem{Code: "R09", Severity: finding.ForPerson, Audience: finding.ToDesk, Found: x.known.Lower,
				Args: map[string]string{"gia_tri": x.known.Lower, "tep": p.Name}})
		}
		if p.Kind == finding.Report && x.doc.Text != "" {
			for i := range parts {
				if q := parts[i]; q.Kind == finding.Appendix && q.Values != nil && q.Readable() {
					p.Problems = append(p.Problems, contradicted(x.doc.Text, q.Values, j.measures)...)
					break
				}
			}
		}
	}
}

// besideWritten drops what is said of a blank form for models beside one that
// was filled in, as where our letter comes back with the answer.
func besideWritten(parts []finding.Part) {
	if !slices.ContainsFunc(parts, func(p finding.Part) bool { return p.Kind == finding.Model && p.Readable() }) {
		return
	}
	for i := range parts {
		parts[i].Problems = slices.DeleteFunc(parts[i].Problems, func(q finding.Problem) bool { return q.Code == "P03" })
	}
}

// workbookPart reports whether a part is a workbook, whatever is wrong with it.
func workbookPart(p finding.Part) bool {
	return p.Values != nil || p.Form != nil || strings.Contains(p.MediaType, "sheet") || strings.Contains(p.MediaType, "excel") || strings.Contains(p.MediaType, "ole-storage")
}

// printed names the form in which figures came that nobody can add up.
func printed(d document.Document) string {
	switch {
	case d.Kind == document.Image:
		return "ảnh"
	case d.Scan:
		return "quét"
	case d.Kind == document.PDF:
		return "PDF"
	}
	return "Word"
}

// bearsMark reports whether what a mail says itself bears the mark of classified
// content: its subject, or a line of its text.
func bearsMark(subject, text string) bool {
	return document.Secret(document.Document{Text: text}, subject)
}

// cordon marks a mail of which one part, or the mail itself, bears the mark of
// classified content (R07): nothing else is said of any of its parts, and no
// title is kept.
func cordon(parts []finding.Part, papers []paper, secret bool) bool {
	for _, x := range papers {
		secret = secret || x.known.Secret
	}
	if !secret {
		return false
	}
	for i := range parts {
		parts[i].Title, parts[i].Problems = "", []finding.Problem{{Code: "R07", Severity: finding.ForPerson}}
	}
	return true
}

// onePart finds the copies of one report or write-up among the files of a mail:
// the Word file, the signed PDF and the scan are one part (D04). Write-ups are
// told apart by their titles, so a copy without one takes that of the other.
func onePart(parts []finding.Part, papers []paper) {
	const most = 40 // of a mail of hundreds of files the others are each a part
	papers = papers[:min(len(papers), most)]
	for i := range papers {
		// Most mails bring one document of a kind, and nothing to compare it with.
		other := slices.ContainsFunc(papers, func(y paper) bool { return y.at != papers[i].at && parts[y.at].Kind == parts[papers[i].at].Kind })
		if d := papers[i].doc; other && !d.Scan {
			papers[i].pairs = pairs(d.Text)
		}
	}
	for i, x := range papers {
		p := &parts[x.at]
		if p.Kind != finding.Report && p.Kind != finding.Model {
			continue
		}
		for k, y := range papers {
			q := &parts[y.at]
			if k == i || q.Kind != p.Kind || len(p.Problems) > 0 && p.Problems[len(p.Problems)-1].Code == "D04" || !sameDocument(x, y, p, q) {
				continue
			}
			if older(x, y, i, k) {
				continue
			}
			if q.Title != "" {
				p.Title = q.Title
			}
			p.Models = max(p.Models, q.Models)
			p.Problems = append(slices.DeleteFunc(p.Problems, func(r finding.Problem) bool { return r.Code == scanned }),
				finding.Problem{Code: "D04", Severity: finding.Recorded, Audience: finding.Internal, Args: map[string]string{"tep": q.Name}})
			break
		}
	}
}

// scanned is the desk's note of a part whose pages are pictures.
const scanned = "P02"

// older orders copies: what can be read before what cannot, then as they came.
func older(x, y paper, i, k int) bool {
	if a, b := x.doc.Text != "" && !x.doc.Scan, y.doc.Text != "" && !y.doc.Scan; a != b {
		return a
	}
	return i < k
}

// sameDocument reports whether two files of one mail hold one document: the
// same words, the same title, or for a scan the name or the number of the other.
func sameDocument(x, y paper, p, q *finding.Part) bool {
	readable := func(d document.Document) bool { return !d.Scan && strings.TrimSpace(d.Text) != "" }
	if readable(x.doc) && readable(y.doc) {
		if p.Kind == finding.Report {
			return alike(x.pairs, y.pairs)
		}
		if p.Title != "" && q.Title != "" {
			return finding.Plain(p.Title) == finding.Plain(q.Title)
		}
		return alike(x.pairs, y.pairs)
	}
	if readable(y.doc) {
		x, y, p, q = y, x, q, p
	}
	if a, b := fileKey(p.Name), fileKey(q.Name); a == b && a != "" {
		return true
	}
	if p.Kind == finding.Report && readable(x.doc) {
		for _, number := range docNumber.FindAllString(top(x.doc.Text, 1000), 3) {
			if strings.Contains(" "+strings.Join(keyWords(q.Name), " ")+" ", " "+strings.Join(keyWords(number), " ")+" ") {
				return true
			}
		}
	}
	return false
}

var docNumber = regexp.MustCompile(`\d{1,5} ?- ?BC/[\p{Lu}&]{2,12}`)

// fileKey is what names of copies share: without extension and accents, and
// without the words that tell which of the copies it is.
func fileKey(name string) string {
	words := keyWords(strings.TrimSuffix(name, path.Ext(name)))
	return strings.Join(slices.DeleteFunc(words, func(w string) bool {
		switch w {
		case "signed", "scan", "ky", "so", "da", "ban", "word", "pdf", "docx", "doc", "chinh", "thuc", "quet", "final", "copy":
			return true
		}
		return false
	}), " ")
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

func keyWords(s string) []string {
	return strings.Fields(notWord.ReplaceAllString(finding.Plain(s), " "))
}

func top(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// alike reports whether two texts are one, whatever line ends and headers a
// printing program made of it: nine in ten of the shorter one's word pairs
// stand in the longer one.
func alike(x, y map[[2]string]bool) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 20 || len(x)*3 < len(y)*2 {
		return false
	}
	shared := 0
	for p := range x {
		if y[p] {
			shared++
		}
	}
	return shared*10 >= len(x)*9
}

// pairs are the pairs of words that follow each other in the beginning of a
// text.
func pairs(s string) map[[2]string]bool {
	const most = 60 << 10 // bytes
	out := map[[2]string]bool{}
	words := keyWords(top(s, most))
	for i := 1; i < len(words); i++ {
		out[[2]string{words[i-1], words[i]}] = true
	}
	return out
}

// measure is a total of the form that a report may state in words: "số đăng
// ký" over all rows of its table.
type measure struct {
	label  string
	core   string   // the words that tell it from the others
	inputs []string // that it sums
}

// measuresOf are the totals of a form by the heads of its columns that count
// something: "Số đăng ký - Tập thể" and "Số đăng ký - Cá nhân" are one.
func measuresOf(f *form.Form) []measure {
	var out []measure
	for _, in := range f.Description().Inputs {
		label, _, _ := strings.Cut(in.Column, " - ")
		core := coreOf(label)
		if !in.Number() || in.Row == "" || core == "" {
			continue
		}
		at := slices.IndexFunc(out, func(m measure) bool { return m.core == core })
		if at < 0 {
			out = append(out, measure{label: strings.ToLower(label), core: core})
			at = len(out) - 1
		}
		out[at].inputs = append(out[at].inputs, in.Name)
	}
	return out
}

// coreOf is a column's head without the words that all of them have; nothing
// of a head that does not say what it counts.
func coreOf(label string) string {
	words := keyWords(label)
	if len(words) < 2 || words[0] != "so" {
		return ""
	}
	text := " " + strings.Join(words[1:], " ") + " "
	for _, common := range []string{" da duoc ", " duoc ", " da ", " mo hinh ", " dien hinh ", " luong "} {
		text = strings.ReplaceAll(text, common, " ")
	}
	text, _, _ = strings.Cut(text, " trong nam ")
	return strings.TrimSpace(text)
}

// contradicted compares the totals that a report states with those of the
// appendix (R04). It is for the desk, and it would rather see nothing than see
// a difference where the report speaks of a part: a sentence counts only if it
// says that it gives the total, names one measure and one number, and no year.
func contradicted(text string, values map[string]any, measures []measure) []finding.Problem {
	var out []finding.Problem
	stated := map[string][]int{}
	text = oneThing.ReplaceAllString(text, "mô hình")
	for _, clause := range clauses.Split(text, 20_000) {
		plain := " " + strings.Join(keyWords(clause), " ") + " "
		if len(plain) > 400 || !totalWords.MatchString(plain) || partWords.MatchString(plain) {
			continue
		}
		var about []string
		for _, m := range measures {
			if strings.Contains(plain, " "+m.core+" ") {
				about = append(about, m.core)
			}
		}
		var numbers []int
		for _, w := range strings.Fields(yearWords.ReplaceAllString(plain, " ")) {
			if n, err := strconv.Atoi(w); err == nil {
				numbers = append(numbers, n)
			}
		}
		if len(about) == 1 && len(numbers) == 1 {
			stated[about[0]] = append(stated[about[0]], numbers[0])
		}
	}
	for _, m := range measures {
		sum, whole := 0.0, true
		for _, name := range m.inputs {
			n, ok := number(values[name])
			sum, whole = sum+n, whole && ok
		}
		said := stated[m.core]
		if !whole || len(said) == 0 || slices.Contains(said, int(sum)) {
			continue
		}
		out = append(out, finding.Problem{Code: "R04", Severity: finding.Recorded, Audience: finding.ToDesk, Found: strconv.Itoa(said[0]), Inputs: m.inputs,
			Args: map[string]string{"bc": strconv.Itoa(said[0]), "chi_tieu": m.label, "pl": strconv.Itoa(int(sum))}})
	}
	return out
}

var (
	oneThing   = regexp.MustCompile(`(?i)mô hình, điển hình`)
	clauses    = regexp.MustCompile(`[.;,()\n]|(?i:trong đó)`)
	totalWords = regexp.MustCompile(` (tong so|tong cong|tong|toan (huyen|thi xa|thanh pho|tinh|nganh|dang bo|khoi|co quan|don vi|thi)|ca (huyen|tinh|nganh)) `)
	partWords  = regexp.MustCompile(` (cap (tinh|huyen|xa|co so)|tap the|ca nhan|linh vuc|kinh te|van hoa|quoc phong|he thong chinh tri|ty le|so voi|tang|giam|moi|xa|phuong|giai doan|tu nam|luy ke) `)
	yearWords  = regexp.MustCompile(` (nam )?(19|20)\d\d `)
)

// OutlineOf is what documents of a campaign are known by: what its letter asks
// for and is about, and the year.
func OutlineOf(c *config.Campaign) document.Outline {
	o := document.DefaultOutline
	for _, h := range c.Letter.Outline {
		o.Sections = append(o.Sections, document.Head(h))
	}
	o.Model, o.ModelName = slices.Clone(o.Model), slices.Clone(o.ModelName)
	for i, h := range c.Letter.Contents {
		o.Contents = append(o.Contents, document.Head(h))
		// What the letter asks for are the heads of a write-up, whatever it
		// calls them; most are known already.
		o.Model = addHead(o.Model, h.Name)
		if i == 0 {
			o.ModelName = addHead(o.ModelName, h.Name)
		}
	}
	for _, s := range []string{c.Letter.Title.VI, c.Letter.Short.VI, c.Letter.Brief.VI} {
		for _, m := range inQuotes.FindAllStringSubmatch(s, -1) {
			if !slices.Contains(o.Subject, m[1]) {
				o.Subject = append(o.Subject, m[1])
			}
		}
	}
	if len(o.Subject) > 0 && c.Letter.Abbrev != "" {
		o.Subject = append(o.Subject, c.Letter.Abbrev)
	}
	o.Year = lastYear.FindString(firstText(c.Letter.Period.VI, c.Letter.Short.VI, c.Letter.Title.VI))
	return o
}

// addHead adds a head to those by which a write-up is known, unless one of
// them stands in it.
func addHead(heads []string, name string) []string {
	plain := finding.Plain(name)
	if plain == "" || slices.ContainsFunc(heads, func(h string) bool { return strings.Contains(plain, finding.Plain(h)) }) {
		return heads
	}
	return append(heads, name)
}

func firstText(list ...string) string {
	for _, s := range list {
		if lastYear.MatchString(s) {
			return s
		}
	}
	return ""
}

var (
	inQuotes = regexp.MustCompile(`["“]([^"“”]{4,40})["”]`)
	lastYear = regexp.MustCompile(`\b(19|20)\d\d\b`)
)
