package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// Outline holds what the documents of a campaign are about and the phrases by
// which they are known, accents and case left aside. Without Report and Model
// those of DefaultOutline are taken.
type Outline struct {
	Report []string // of the report in words
	Model  []string // heads of what a write-up must contain
	// ModelName begins the line on which a write-up names its model.
	ModelName []string
	// Elsewhere are the titles of documents that are neither, though they may
	// speak of it: invitations, plans, decisions.
	Elsewhere []string
	Sections  []Head   // what a report has to contain; nil: nobody looks
	Contents  []Head   // what a write-up has to contain, the model's name first; nil: nobody looks
	Subject   []string // what the campaign is about: "dân vận khéo", "DVK"; nil: nothing is of another subject
	Year      string   // that it is about: "2022"

	ready bool // by Prepare
}

// Prepare returns the outline as it is compared: to whoever recognises many
// documents it spares preparing it for each.
func (o Outline) Prepare() Outline { return o.folded() }

// DefaultOutline is for letters that ask for results, figures and models, as
// committees' letters do.
var DefaultOutline = Outline{
	Report: []string{
		"báo cáo", "kết quả thực hiện", "tình hình chung", "công tác lãnh đạo, chỉ đạo", "đánh giá chung",
		"khó khăn, hạn chế", "tồn tại, hạn chế", "phương hướng", "nhiệm vụ, giải pháp", "kiến nghị", "ưu điểm", "nơi nhận",
	},
	Model: []string{
		"tên mô hình", "tên điển hình", "cơ sở xây dựng", "phạm vi tác động", "phạm vi ảnh hưởng",
		"phương thức triển khai", "cách thức triển khai", "hiệu quả trong quá trình", "hiệu quả của mô hình",
		"giải pháp nhân rộng",
	},
	ModelName: []string{"tên mô hình, điển hình", "tên mô hình", "tên điển hình"},
	Elsewhere: []string{"giấy mời", "giấy giới thiệu", "biên bản", "thông báo", "tờ trình", "kế hoạch", "quyết định", "công văn"},
}

// folded is the outline in the letters in which heads are compared.
func (o Outline) folded() Outline {
	if o.ready {
		return o
	}
	if o.Report == nil && o.Model == nil {
		o.Report, o.Model, o.ModelName, o.Elsewhere = DefaultOutline.Report, DefaultOutline.Model, DefaultOutline.ModelName, DefaultOutline.Elsewhere
	}
	o.ready = true
	o.Report, o.Model, o.ModelName, o.Elsewhere = foldAll(o.Report), foldAll(o.Model), foldAll(o.ModelName), foldAll(o.Elsewhere)
	o.Subject = wordsOf(o.Subject)
	o.Sections, o.Contents = foldHeads(o.Sections), foldHeads(o.Contents)
	return o
}

func foldHeads(list []Head) []Head {
	out := make([]Head, len(list))
	for i, h := range list {
		out[i] = Head{h.Name, wordsOf(h.Words)}
	}
	return out
}

func wordsOf(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = words(s)
	}
	return out
}

func foldAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = finding.Plain(s)
	}
	return out
}

// File is what is known of a file besides its content.
type File struct {
	Name    string
	Subject string // of the mail, which speaks when nothing else does
	Said    string // what its sender wrote in it
	Inline  bool   // the text of the mail shows it
	Size    int
}

// Recognition is what a file is for, and what its words say that somebody
// should know.
type Recognition struct {
	Kind     string // finding.Report, Model, Appendix, Other, Decoration
	Title    string // of the report, or of the first model
	Models   int    // write-ups in the file, of a report too
	Problems []finding.Problem
	Secret   bool   // its form says that it is classified
	Corrects bool   // it corrects figures sent before
	Lower    string // the line of its letterhead that names a body below a unit
}

// Recognise says whether a file is the report in words, a write-up of models,
// an appendix that is no workbook, an ornament of the mail, or something else.
// The text decides; where there is none to read (scans, pictures) the name
// does, and last the subject. Workbooks and unread containers are Other: the
// form says what a workbook is.
//
// What it finds in the words of a report or a write-up is for the desk: nothing
// that a machine thinks of signed prose goes back to a unit.
func Recognise(d Document, f File, o Outline) Recognition {
	o = o.folded()
	if decoration(d, f) {
		return Recognition{Kind: finding.Decoration}
	}
	r := Recognition{Kind: finding.Other, Secret: Secret(d, f.Name)}
	switch d.Kind {
	case DOCX, DOC, PDF, RTF, ODT, Text, HTML, Image:
	default:
		return r
	}
	d.Text = firstLines(d.Text, maxLines)
	d.lines = d.lines[:min(len(d.lines), maxLines)]
	r.Corrects = corrects(d, f)
	kind := ""
	if strings.TrimSpace(d.Text) != "" && !d.Scan {
		kind = byText(d, o)
	}
	if kind == "" && (d.Kind != Text && d.Kind != HTML || d.Text == "") {
		kind = byName(f)
	}
	r.Kind = firstOf(kind, finding.Other)
	switch kind {
	case finding.Report:
		r.Title, r.Lower = reportTitle(d), lower(d)
		r.report(d, f, o)
	case finding.Model:
		ups := writeUps(d, o)
		titles := modelTitles(d.Text, o)
		if d.Text != "" && blank(d.Text, titles, o) {
			return Recognition{Kind: finding.Other, Secret: r.Secret, Problems: []finding.Problem{{Code: "P03", Severity: finding.Noted, Args: map[string]string{"tep": f.Name}}}}
		}
		r.Models, r.Title = max(1, len(titles)), ups[0].title
		if strings.TrimSpace(d.Text) != "" && !d.Scan {
			r.models(ups, f, o)
		}
	}
	return r
}

// report looks at what a report says of itself, and what it lacks.
func (r *Recognition) report(d Document, f File, o Outline) {
	note := func(code string, severity finding.Severity, value string) {
		if value != "" {
			r.Problems = append(r.Problems, finding.Problem{Code: code, Severity: severity, Audience: finding.ToDesk, Found: value,
				Args: map[string]string{"gia_tri": value, "tep": f.Name}})
		}
	}
	note("R05", finding.Recorded, draft(d, f))
	note("R08", finding.ForPerson, elsewhere(d, f, o))
	if strings.TrimSpace(d.Text) == "" || d.Scan {
		return
	}
	for _, up := range writeUps(d, o) {
		if _, heads := up.heads(o.Contents); up.title != "" && heads > len(o.Contents)/2 {
			r.Models++
		}
	}
	if missing := lacking(d, o.Sections); len(missing) > 0 && !slices.ContainsFunc(r.Problems, func(p finding.Problem) bool { return p.Code == "R08" }) {
		r.Problems = append(r.Problems, finding.Problem{Code: "R02", Severity: finding.Recorded, Audience: finding.ToDesk,
			Args: map[string]string{"muc_thieu": strings.Join(missing, "; "), "tep": f.Name}})
	}
}

// models looks at what write-ups lack (M03).
func (r *Recognition) models(ups []writeUp, f File, o Outline) {
	const most = 10 // of a file of a hundred models the first tell enough
	for _, up := range ups[:min(len(ups), most)] {
		title := firstOf(up.title, f.Name)
		if missing := up.lacking(o.Contents); len(missing) > 0 {
			r.Problems = append(r.Problems, finding.Problem{Code: "M03", Severity: finding.Noted, Audience: finding.ToDesk,
				Args: map[string]string{"ten": title, "muc": strings.Join(missing, "; "), "tep": f.Name}})
		}
	}
	if value := draft(Document{Kind: PDF}, f); value != "" {
		r.Problems = append(r.Problems, finding.Problem{Code: "R05", Severity: finding.Recorded, Audience: finding.ToDesk, Found: value,
			Args: map[string]string{"gia_tri": value, "tep": f.Name}})
	}
}

// maxLines is how many lines of a document are looked at: no report has more,
// and a container may hold many that somebody made longer.
const maxLines = 20_000

func firstLines(s string, n int) string {
	for at := range s {
		if s[at] == '\n' {
			if n--; n == 0 {
				return s[:at]
			}
		}
	}
	return s
}

// ornament is the size in bytes up to which a picture is one: logos and
// drawn signatures are smaller, scanned pages are not. A telephone sends even
// the photograph of a page within the text, and makes it as small as a logo:
// a picture of page pixels both ways, which no logo has, is none.
const (
	ornament = 60 << 10
	pageEdge = 500
)

// decoration reports what comes with a mail and was not sent by anybody.
func decoration(d Document, f File) bool {
	switch d.Kind {
	case VCF, ICS, Signature, TNEF: // a winmail.dat that holds no file
		return true
	case Text, HTML:
		return f.Size <= ornament/4 && leftover.MatchString(finding.Plain(f.Name))
	case Image:
		if d.Width >= pageEdge && d.Height >= pageEdge && f.Size > ornament/4 {
			return false
		}
		return f.Inline && f.Size <= 4*ornament || f.Size <= ornament/4 || f.Size <= ornament && pictureName.MatchString(finding.Plain(f.Name))
	}
	return false
}

// leftover is the name of a text that a program made of what stood before,
// between or behind the files of a mail, or that a server adds to all.
var leftover = regexp.MustCompile(`^(att\d{4,}|untitled attachment \d+|mime-attachment|noname|disclaimer|legal( notice)?|footer|mien tru( trach nhiem)?)(-\d+)?\.(htm|html|txt|dat|c)$`)

var pictureName = regexp.MustCompile(`^(image\d*|logo|banner|signature|chu ky|outlook-|icon|facebook|zalo|youtube|footer|header|untitled|unnamed|tep-\d+)`)

// byText weighs the heads of a write-up against those of a report. A write-up
// is known by its own heads; a report may speak of models on every page, so a
// phrase counts only where a line begins with it, and only once. "" means that
// the text does not say.
func byText(d Document, o Outline) string {
	text := d.Text
	report, model, names, n := 0, 0, 0, 0
	var isReport, isLetter, isAppendix bool // by how the document calls itself
	reportHeads, modelHeads := o.Report, o.Model
	for line := range strings.Lines(text) {
		head := headOf(line)
		if head == "" {
			continue
		}
		if n++; n <= 40 {
			if !isReport && slices.Contains(o.Elsewhere, strings.TrimRight(head, " :*")) {
				return finding.Other
			}
			isReport = isReport || head == "bao cao" || strings.HasPrefix(head, "bao cao ") && len(head) < 120
			isAppendix = isAppendix || n <= 12 && !isReport && appendixHead.MatchString(head)
			isLetter = isLetter || n <= 15 && (strings.HasPrefix(head, "v/v") || strings.HasPrefix(head, "ve viec"))
		}
		if i := prefixOf(reportHeads, head); i >= 0 {
			reportHeads = append(reportHeads[:i:i], reportHeads[i+1:]...)
			report++
		}
		if i := prefixOf(modelHeads, head); i >= 0 {
			modelHeads = append(modelHeads[:i:i], modelHeads[i+1:]...)
			model++
		}
		if _, ok := nameUnder(head, line, o); ok {
			names++
		}
	}
	switch {
	case model >= 3 && (!isReport || model > report), names > 0 && model >= 2 && !isReport:
		return finding.Model
	case isAppendix && !isReport && model < 2 && names == 0:
		return finding.Appendix
	case isReport, report >= 4:
		return finding.Report
	case names > 0, model >= 2:
		return finding.Model
	case isLetter:
		return finding.Other
	case introduces(text):
		return finding.Model
	case report >= 3:
		return finding.Report
	}
	return ""
}

// appendixHead begins the lines that head an appendix of figures.
var appendixHead = regexp.MustCompile(`^(phu luc so lieu|bieu (so )?\d|phu luc( so)?( \d+)? ?[:.]? ?(so lieu|tong hop|kem theo)?$|bang (tong hop )?so lieu)`)

// prefixOf is the index of the first of list that s begins with, -1 for none.
func prefixOf(list []string, s string) int {
	for i, p := range list {
		if strings.HasPrefix(s, p) {
			return i
		}
	}
	return -1
}

// introduces reports whether one of the first lines says that a model is
// introduced, as the titles of free write-ups do.
func introduces(text string) bool {
	n := 0
	for line := range strings.Lines(text) {
		head := headOf(line)
		if head == "" {
			continue
		}
		if n++; n > 15 {
			return false
		}
		if introduction.MatchString(head) {
			return true
		}
	}
	return false
}

var introduction = regexp.MustCompile(`^(ban |bai )?(gioi thieu|thuyet minh) (ve )?(cac )?(mo hinh|dien hinh)|^(mo hinh|dien hinh) (dan van kheo|.dan van kheo)`)

// numbering is what stands before the words of a head: "II. 1) ", "Phần 1: ".
var numbering = regexp.MustCompile(`(?i)^[\s\-–—+*•.]*((phần|mục|phan|muc)\s+)?(([ivxlc]{1,5}|\d{1,2}(\.\d{1,2}){0,3}|[a-zđ])\s*[.):\t\-–]\s*)*`)

// headOf is the beginning of a line without its numbering, folded.
func headOf(line string) string {
	line = strings.TrimSpace(bounded(line, 600))
	if line == "" {
		return ""
	}
	return strings.TrimLeft(finding.Plain(line[numberedTo(line):]), " \"'“”:*")
}

// nameLine reads a line by which a write-up names its model and returns what
// stands after the head, which may be nothing yet. A sentence that merely
// begins with the words is none, nor is the head of a table of models.
func nameLine(line string, o Outline) (title string, ok bool) {
	return nameUnder(headOf(line), line, o)
}

// nameUnder is nameLine where the head of the line is known.
func nameUnder(head, line string, o Outline) (title string, ok bool) {
	i := prefixOf(o.ModelName, head)
	if i < 0 || strings.Count(strings.TrimSpace(line), "\t") > 2 {
		return "", false
	}
	rest := strings.TrimPrefix(head, o.ModelName[i])
	at := strings.IndexAny(rest, ":：\t")
	switch {
	case strings.Trim(rest, " *.…_") == "", rest == ", dien hinh", rest == " dan van kheo":
		return "", true
	case at < 0 || at > 40:
		return "", false
	}
	line = strings.TrimSpace(line)
	line = strings.TrimLeft(numbering.ReplaceAllString(line, ""), " ")
	at = strings.IndexAny(line, ":：\t")
	if at < 0 {
		return "", true
	}
	return cleanTitle(strings.TrimLeft(line[at:], ":：\t")), true
}

// modelTitles are the names of the models of a write-up, in order: what stands
// after the head on its line, or else the next line that says something. A
// name that comes again is the same model's.
func modelTitles(text string, o Outline) []string {
	var titles []string
	seen := map[string]bool{}
	add := func(title string) {
		if key := finding.Plain(title); title == "" || !seen[key] {
			seen[key] = true
			titles = append(titles, title)
		}
	}
	pending := false
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" || len(titles) >= 100 {
			continue
		}
		title, named := nameLine(line, o)
		switch {
		case named && title == "":
			if pending {
				add("")
			}
			pending = true
		case named:
			pending = false
			add(title)
		case pending && prefixOf(o.Model, headOf(line)) >= 0:
			pending = false
			add("") // the next head: nothing was written under this one
		case pending:
			pending = false
			add(cleanTitle(strings.ReplaceAll(line, "\t", " ")))
		}
	}
	if pending {
		add("")
	}
	return titles
}

// blank reports whether a write-up is the form for one, sent back as it was:
// it names no model, and hardly anything stands between its heads and labels,
// after whose colon nothing was written.
func blank(text string, titles []string, o Outline) bool {
	for _, t := range titles {
		if t != "" {
			return false
		}
	}
	if len(titles) == 0 {
		return false
	}
	written := 0
	for line := range strings.Lines(text) {
		if label := strings.HasSuffix(strings.TrimRight(line, " \t\r\n.…_"), ":"); !label && prefixOf(o.Model, headOf(line)) < 0 {
			written += len(strings.Join(strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) }), ""))
		}
	}
	return written < 300
}

func cleanTitle(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	s = strings.Trim(s, " .;…_-")
	return bounded(s, 300)
}

// reportTitle is what a report says it is about: the line after "BÁO CÁO", or
// what follows the word on its own line.
func reportTitle(d Document) string {
	if d.Title != "" {
		return bounded(d.Title, 300)
	}
	var title []string
	begun, n := false, 0
	for line := range strings.Lines(d.Text) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			if len(title) > 0 {
				break
			}
			continue
		}
		if n++; n > 60 {
			break
		}
		head := finding.Plain(line)
		if !begun {
			switch {
			case head == "bao cao":
				begun = true
			case strings.HasPrefix(head, "bao cao "):
				return cleanTitle(line)
			}
			continue
		}
		if len(title) > 0 && (len(title) == 3 || numbered.MatchString(line) || strings.Trim(line, "-_*— ") == "") {
			break
		}
		if strings.Trim(line, "-_*— ") != "" {
			title = append(title, line)
		}
	}
	return cleanTitle(strings.Join(title, " "))
}

var numbered = regexp.MustCompile(`^([IVX]{1,4}|\d{1,2})[.)]\s|^(Thực hiện|Căn cứ|Kính gửi|Phần)\b`)

var (
	modelFile    = regexp.MustCompile(`\b(mo hinh|mohinh|gioi thieu|gioithieu|dien hinh|dienhinh|gt ?mh|mh ?\d|mh|tieu bieu|guong)\b`)
	reportFile   = regexp.MustCompile(`\b(bao ?cao|bc(dvk)?\d{0,4}|\d{1,4}bc|ket qua thuc hien|kqth|report)\b`)
	appendixFile = regexp.MustCompile(`\b(phu luc|phuluc|pl ?\d?|bieu|bang so lieu|so lieu|appendix)\b`)
	formFile     = regexp.MustCompile(`\b(mau gioi thieu|mau bao cao|mau phu luc|cong van|cv ?\d|\d+ ?cv)\b`)
)

// byName judges a file that cannot be read by its name, and a nameless one
// ("Scan_20221018_0001.pdf") by the subject of its mail. An appendix is no
// report: printed figures are asked for as a workbook. A write-up usually
// names what it introduces, and a report of models is a report, so the report
// is looked for first unless the name begins with the model.
func byName(f File) string {
	name := words(strings.TrimSuffix(f.Name, "."+suffix(f.Name)))
	if kind := spoken(name); kind != "" {
		return kind
	}
	if meaningless.MatchString(name) {
		return spoken(words(f.Subject))
	}
	return ""
}

func spoken(s string) string {
	report, model, appendix := reportFile.FindStringIndex(s), modelFile.FindStringIndex(s), appendixFile.FindStringIndex(s)
	switch {
	case formFile.MatchString(s) && report == nil:
		return finding.Other
	case appendix != nil && model == nil && (report == nil || appendix[0] < report[0]):
		return finding.Appendix
	case report != nil && (model == nil || report[0] < model[0]):
		return finding.Report
	case model != nil:
		return finding.Model
	}
	return ""
}

var meaningless = regexp.MustCompile(`^(scan|img|image|doc|document|tep|file|new|untitled|camscanner|adobe scan|anh|photo|dsc|vanban|van ban|signed|ky so|da ky|\d)?[ \d]*(signed|signed signed|ky so|da ky)?[ \d]*$`)

// words makes a name of file or subject into words: accents, case, strokes,
// points, and the joints of "BaoCaoDVK" aside.
func words(s string) string {
	b := make([]byte, 0, len(s))
	apart, small := false, false
	for _, r := range s {
		if !inWord(r) {
			apart, small = true, false
			continue
		}
		if len(b) > 0 && (apart || small && unicode.IsUpper(r)) {
			b = append(b, ' ')
		}
		apart, small = false, unicode.IsLower(r)
		b = finding.AppendPlain(b, r)
	}
	return string(b)
}

// inWord reports whether a character is a letter, a digit, or a mark on one.
func inWord(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	case r < 0xC0:
	case r < 0x250, 0x1E00 <= r && r < 0x1F00:
		return r != '×' && r != '÷'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
