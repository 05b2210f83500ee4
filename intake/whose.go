package intake

import (
	"regexp"
	"slices"
	"strings"

	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/message"
	sheets "dondoc/intake/workbook"
)

// cells is whom a workbook names in its cell "Đơn vị báo cáo": what stands
// behind the words, in the same cell or to the right of it. A form says so,
// and most workbooks that units make themselves. The texts of b are Unicode:
// it has been checked by the form.
func (j *Judge) cells(b *sheets.Book) []finding.Evidence {
	const top = 15 // rows; further down a table has such words in its heads
	var evidence []finding.Evidence
	for _, s := range b.Sheets {
		if s.Hidden {
			continue
		}
		for row := 1; row <= top; row++ {
			cells := s.Row(row)
			for i, c := range cells {
				label, name, found := strings.Cut(c.Raw, ":")
				if c.Type != sheets.Text || !found || !unitLabel.MatchString(finding.Plain(label)) {
					continue
				}
				for k := i + 1; strings.TrimSpace(name) == "" && k < len(cells); k++ {
					name = cells[k].Raw
				}
				for _, e := range j.names.Find(name, "cell") {
					if !slices.Contains(evidence, e) {
						evidence = append(evidence, e)
					}
				}
			}
		}
	}
	return evidence
}

var unitLabel = regexp.MustCompile(`^\W*(ten )?(co quan|don vi)( bao cao|, don vi( bao cao)?)?\W*$`)

// letterhead is the top of a document, where it says whose it is: at most until
// the text begins. A reference, a list of recipients and the place of a model
// name others.
func letterhead(d document.Document) string {
	const lines = 12
	end, n := 0, 0
	for line := range strings.Lines(d.Text) {
		if n++; n > lines || textBegins.MatchString(finding.Plain(strings.TrimSpace(line))) {
			break
		}
		end += len(line)
	}
	return d.Text[:end]
}

// textBegins is a first heading or sentence of a text, or the title of a model.
var textBegins = regexp.MustCompile(`^\W*((\d{1,2}|[ivx]{1,4})\s*[.)/:-]\s*\p{L}|(phan|muc) [ivx\d]|kinh gui|thuc hien|can cu|(ban |bai )?(gioi thieu|thuyet minh)\b|(ten )?(cac )?(mo hinh|dien hinh)\b)`)

// passedOn is whom the mail speaks of that is passed on within another one's
// text: its sender's address, where that is registered, and what it says.
func (j *Judge) passedOn(m *message.Mail) []finding.Evidence {
	evidence := j.names.Find(m.Body, "body")
	for _, line := range forwardedFrom.FindAllString(m.Body, 10) {
		for _, u := range j.know.Units {
			for _, address := range append([]string{u.BackupEmail}, u.Emails...) {
				if address != "" && strings.Contains(strings.ToLower(line), address) {
					evidence = append(evidence, finding.Evidence{Kind: "from_name", Unit: u.Code, Detail: address})
				}
			}
		}
	}
	return evidence
}

// forwardedFrom is the line by which mail programs name the sender of a mail
// they pass on.
var forwardedFrom = regexp.MustCompile(`(?mi)^[>\s*]*(from|từ|người gửi)\s*:.*$`)
