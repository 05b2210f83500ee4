package document

import (
	"regexp"
	"slices"
	"strings"

	"dondoc/intake/finding"
)

// Secret reports whether the form of a document says that it is classified: the
// mark that regulations put at its head or on its pages, in capitals and by
// itself. Prose about secrets is none.
func Secret(d Document, name string) bool {
	const head, foot = 40, 6 // lines
	lines := d.paragraphs()
	around := slices.Concat(lines[:min(len(lines), head)], lines[max(0, len(lines)-foot):], d.boxes, d.Margins)
	for _, line := range around {
		if !strings.Contains(line, "MẬT") {
			continue
		}
		for _, piece := range apart.Split(line, -1) {
			if secretMark.MatchString(strings.TrimSpace(piece)) {
				return true
			}
		}
	}
	return secretName.MatchString(name)
}

var (
	apart      = regexp.MustCompile(`\t|\s{3,}`)
	secretMark = regexp.MustCompile(`^[\[(*"“ ]*(ĐỘ MẬT ?: ?)?(TUYỆT MẬT|TỐI MẬT|MẬT)( ?[-–/,.] ?(BẢN SỐ|Bản số|SỐ|Số) ?:? ?[\d/]*)?[\])*"”. ]*$`)
	secretName = regexp.MustCompile(`[\[(](TUYỆT MẬT|TỐI MẬT|MẬT)[\])]|^(TUYỆT MẬT|TỐI MẬT|MẬT)[ _.:-]`)
)

// titleOf are the lines in which a document says what it is, in the words that
// are compared: "BÁO CÁO" and what follows, or the subject of a letter.
func titleOf(d Document) string {
	var title []string
	for i, line := range d.paragraphs()[:min(len(d.paragraphs()), 60)] {
		head := finding.Plain(line)
		switch {
		case head == "bao cao", strings.HasPrefix(head, "bao cao "), strings.HasPrefix(head, "v/v"), strings.HasPrefix(head, "ve viec"):
			for _, next := range d.paragraphs()[i:min(len(d.paragraphs()), i+5)] {
				if len(title) > 0 && (numbered.MatchString(next) || strings.Trim(next, "-_*—– ") == "" || strings.HasPrefix(finding.Plain(next), "kinh gui")) {
					break
				}
				title = append(title, next)
			}
			return strings.Join(title, " ")
		}
	}
	return d.Title
}

// draft is the words by which a document, its name or its mail says that it is
// not the final one (R05); empty if it says nothing of the kind.
func draft(d Document, f File) string {
	for _, line := range d.paragraphs()[:min(len(d.paragraphs()), 25)] {
		if len(line) < 80 && draftLine.MatchString(words(line)) {
			return line
		}
	}
	for _, line := range d.boxes {
		if len(line) < 80 && draftLine.MatchString(words(line)) {
			return line
		}
	}
	if m := draftWords.FindString(words(strings.TrimSuffix(f.Name, "."+suffix(f.Name)))); m != "" {
		return f.Name
	}
	if d.Kind == PDF {
		return "" // the signed copy, whatever the mail says of the other
	}
	for _, said := range []string{f.Subject, f.Said} {
		for line := range strings.Lines(said) {
			if sentDraft.MatchString(words(line)) {
				return strings.TrimSpace(bounded(line, 200))
			}
		}
	}
	return ""
}

var (
	draftLine  = regexp.MustCompile(`^(ban )?du thao( lan (thu )?\S+| \d+| bao cao)?$|^bao cao du thao$|\bdu thao( lan \S+)?$|^(ban )?(xin|lay) y kien$|^ban (chua ky|gui truoc)\b`)
	draftWords = regexp.MustCompile(`\bdu ?thao\b|\bban nhap\b|\bchua ky\b|\bxin y kien\b|\bgui truoc\b|\bdraft\b`)
	sentDraft  = regexp.MustCompile(`\b(gui|nop) truoc (ban|file|tep|noi dung)\b|\bban (word|mem)( \S+)? (gui|nop) truoc\b|\b(gui|nop) (ban )?du thao\b|\bdu thao (bao cao|lan)\b|\bban (chua ky|du thao)\b|\b(chua ky|ky sau|ban ky (se )?gui sau)\b`)
)

// corrects reports whether a document or the mail it came with corrects
// figures that were sent before (R06).
func corrects(d Document, f File) bool {
	for _, line := range d.paragraphs()[:min(len(d.paragraphs()), 25)] {
		if w := words(line); strings.HasPrefix(w, "dinh chinh") || strings.HasPrefix(w, "v v dinh chinh") || strings.HasPrefix(w, "ve viec dinh chinh") || w == "cong van dinh chinh" {
			return true
		}
	}
	return correction.MatchString(words(titleOf(d))) || correction.MatchString(words(f.Name)) || correction.MatchString(words(f.Subject))
}

var correction = regexp.MustCompile(`\bdinh chinh\b`)

// elsewhere is the title by which a report is known to be about another
// subject or year than the campaign's (R08); empty if it may be about this
// one. A report of a month or a quarter is another; one whose title does not
// name the subject is another if its text hardly does.
func elsewhere(d Document, f File, o Outline) string {
	title := titleOf(d)
	if strings.TrimSpace(d.Text) == "" {
		title = strings.TrimSuffix(f.Name, "."+suffix(f.Name))
		if meaningless.MatchString(words(title)) {
			title = f.Subject
		}
	}
	w := " " + words(title) + " "
	if len(strings.Fields(w)) < 3 || o.Year == "" || len(o.Subject) == 0 {
		return ""
	}
	about := saysAny(w, o.Subject)
	years := yearIn.FindAllString(span.ReplaceAllString(title, " "), -1)
	if len(years) > 0 && !slices.Contains(years, o.Year) && !dated.MatchString(w) {
		return title
	}
	if about {
		return ""
	}
	if part := partOfYear.MatchString(w); part && len(strings.Fields(w)) >= 5 {
		return title
	}
	if strings.TrimSpace(d.Text) == "" {
		if otherSubject.MatchString(w) {
			return title
		}
		return ""
	}
	text, said := " "+words(d.Text)+" ", 0
	for _, s := range o.Subject {
		said += strings.Count(text, " "+s+" ")
	}
	if len(strings.Fields(w)) >= 5 && said < 3 {
		return title
	}
	return ""
}

var (
	yearIn       = regexp.MustCompile(`\b(19|20)\d\d\b`)
	span         = regexp.MustCompile(`(19|20)\d\d ?[-–] ?(19|20)\d\d|\d{1,5} ?[-/] ?[\p{L}-]+[\p{L}/&-]*|\d{1,2}[/.-]\d{1,2}[/.-](19|20)\d\d`)
	dated        = regexp.MustCompile(` ngay \d{1,2} `)
	partOfYear   = regexp.MustCompile(` (thang \d{1,2}|quy [1-4iv]+|\d{1,2} thang( dau nam)?|sau thang|chin thang|tuan \d+) `)
	otherSubject = regexp.MustCompile(` (qcdc|quy che dan chu|dan chu (o )?co so|cai cach hanh chinh|phong chong tham nhung|ton giao) `)
)

// lower is the line of the letterhead by which a report is known to be of a
// body below the unit that sends it (R09): a commune's, a section's, the
// district's administration or front; empty if there is none.
func lower(d Document) string {
	for _, line := range Letterhead(d) {
		if lowerBody.MatchString(" " + words(line) + " ") {
			return line
		}
	}
	return ""
}

// Letterhead are the lines at the top of a document that say whose it is: above
// its title and its number, without the motto and the day.
func Letterhead(d Document) []string {
	const most = 14
	var out []string
	for _, line := range d.paragraphs()[:min(len(d.paragraphs()), most)] {
		for _, piece := range apart.Split(line, -1) {
			w := words(piece)
			switch {
			case w == "bao cao", strings.HasPrefix(w, "bao cao "), strings.HasPrefix(w, "kinh gui"), strings.HasPrefix(w, "to trinh"), strings.HasPrefix(w, "ten mo hinh"):
				return out
			case w == "", motto.MatchString(w), strings.HasPrefix(w, "so "), len(piece) > 150:
			default:
				out = append(out, piece)
			}
		}
	}
	return out
}

var (
	motto     = regexp.MustCompile(`^(dang cong san viet nam|cong hoa xa hoi|doc lap tu do|v v |.* ngay .* thang .* nam)`)
	lowerBody = regexp.MustCompile(`^ ((ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan) (huyen|thi xa|thanh pho|tp|xa|phuong|thi tran)` +
		`|(ubmttqvn|ubmttq|mttq|uy ban mttq( viet nam)?|(uy ban )?mat tran to quoc( viet nam)?|hoi .*|lien doan lao dong|ldld|doan tncs.*|cong an|ban chi huy( quan su)?|bch quan su|toa an nhan dan|vien kiem sat nhan dan) (huyen|thi xa|thanh pho|tp|xa|phuong|thi tran)` +
		`|(huyen|thi|thanh) doan|dang uy (xa|phuong|thi tran|cong ty|co quan)|dang bo (xa|phuong|thi tran)|chi bo|chi uy` +
		`|ban chi dao|phong (?:nghiep vu |chuyen mon )?\S+|chi cuc|trung tam|doi quan ly|(truong|tram) (thpt|thcs|tieu hoc|mam non|y te)) ?`)
)
