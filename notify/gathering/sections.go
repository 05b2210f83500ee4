package gathering

import (
	"fmt"
	"regexp"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/docx"
)

func (w *writer) title() string {
	return w.say("Bản gom ", "Gathered: ") + w.Campaign.Letter.Short.In(w.Lang)
}

// front is what the document is, and of when.
func (w *writer) front() {
	l := w.Campaign.Letter
	if issuer := l.Signature.In(w.Lang); issuer != "" {
		w.add(docx.Paragraph{Align: docx.Center, Runs: []docx.Run{{Text: issuer, Bold: true}}})
	}
	w.add(docx.P(docx.Title, strings.ToUpper(w.say("Bản gom nội dung báo cáo của các đơn vị", "What the units report, gathered"))))
	about := strings.TrimSpace(l.Name.In(w.Lang) + "\n" + l.Title.In(w.Lang))
	w.add(docx.Paragraph{Align: docx.Center, Runs: []docx.Run{{Text: about}}},
		docx.Paragraph{Align: docx.Center, Runs: []docx.Run{{Text: w.say("Tình hình đến ", "As of ") + w.when(w.Now), Italic: true}}},
		docx.Contents{Title: w.say("Mục lục", "Contents")})
}

func (w *writer) heading(style docx.Style, text string) { w.add(docx.P(style, text)) }

// scope says what is here, what is not, and what that means.
func (w *writer) scope() {
	w.add(docx.Paragraph{Style: docx.Heading1, PageBreak: true, Runs: []docx.Run{{Text: w.say("Phạm vi và cách gom", "What is here, and how it was gathered")}}})
	g := w.counts()
	w.add(docx.P(docx.Text, fmt.Sprintf(w.say(
		"Bản này trích nguyên văn báo cáo của %d/%d đơn vị và %d bài giới thiệu mô hình, xếp theo đề mục của văn bản yêu cầu. Mỗi đoạn trích ghi rõ đơn vị và tệp gốc. Không có lời nhận xét, đánh giá nào thêm vào; lời trong đoạn trích là của đơn vị.",
		"The reports of %d of %d units and %d write-ups of models are quoted here word for word, in the order of the points that the letter asks for. Each passage names its unit and its file. Nothing is added by way of comment; the words quoted are the units'."),
		g.Reports, g.Of, g.Models)))
	w.add(docx.P(docx.Text, w.say(
		"Đoạn trích được xếp theo đề mục mà đơn vị ghi trong báo cáo. Phần đứng ngoài các đề mục ấy (phần đầu, phần cuối, mục riêng của đơn vị) nằm ở mục “Ngoài đề cương”.",
		"A passage stands where its own heading puts it. What stands under none of the headings asked for (the top, the end, headings of the unit's own) is in the section “Outside the outline”.")))

	lack := func(part string) (list []string) {
		for _, u := range w.Campaign.Units {
			// Write-ups that a shared dossier lacks are asked for once.
			if at := w.Table.Units[u.Code]; at != nil && (part == finding.Report || at.Lead == u.Code) {
				for _, m := range at.Missing {
					if kind, n, _ := strings.Cut(m, ":"); kind == part {
						if n != "" && n != "1" {
							n = w.say(": thiếu ", ": lacks ") + n
						} else {
							n = ""
						}
						list = append(list, name(u)+n)
					}
				}
			}
		}
		return list
	}
	w.list(w.say("Chưa có báo cáo", "No report yet"), w.say("Chưa có nghĩa là chưa biết, không có nghĩa là không có kết quả.", "Not here means not known; it does not mean that there are no results."), lack(finding.Report))
	w.list(w.say("Chưa đủ bài giới thiệu mô hình", "Write-ups of models missing"), "", lack(finding.Model))
	marked := func(keep func(*source) bool) (list []string) {
		for _, s := range w.sources {
			if keep(s) {
				list = append(list, name(s.unit)+": "+w.link(s).Text)
			}
		}
		return list
	}
	w.list(w.say("Chưa xác nhận là của đơn vị", "Not confirmed as the unit's"), w.say("Gửi từ địa chỉ chưa đăng ký: vẫn trích, có đánh dấu.", "Sent from an address that is not registered: quoted, and marked."),
		marked(func(s *source) bool { return s.part.Claimed }))
	w.list(w.say("Còn tạm thời", "Provisional"), w.say("Chờ sửa, chờ người xem, hoặc có bản mới hơn đang chờ: vẫn trích bản đang tính, có đánh dấu.", "To be mended, waiting for the desk, or with a newer one waiting: the one that counts is quoted, and marked."),
		marked(func(s *source) bool { return !s.part.Claimed && len(w.flags(s)) > 0 }))
	var shared []string
	for _, s := range w.sources {
		for _, u := range s.shares {
			if s.kind == finding.Report {
				shared = append(shared, fmt.Sprintf(w.say("%s: chung báo cáo của %s", "%s: shares the report of %s"), name(u), s.unit.Code))
			}
		}
	}
	w.list(w.say("Báo cáo chung", "Shared reports"), w.say("Chỉ trích một lần.", "Quoted once."), shared)
	if n := w.Table.Held + w.Table.Quarantined; n > 0 {
		w.add(docx.P(docx.Text, fmt.Sprintf(w.say("Còn %d thư chờ người xem, chưa tính cho đơn vị nào.", "Mails that still wait for the desk, and count for no unit: %d."), n)))
	}
	if w.counts().Unquoted > 0 {
		w.add(docx.P(docx.Text, w.say("Tệp không trích được có danh sách ở cuối.", "Files that could not be quoted are listed at the end.")))
	}
}

// list names units, if there are any: what they have in common, and what that
// means.
func (w *writer) list(about, means string, items []string) {
	if len(items) == 0 {
		return
	}
	w.add(docx.Paragraph{Style: docx.Text, KeepNext: true, Runs: []docx.Run{
		{Text: fmt.Sprintf("%s: %d. ", about, len(items)), Bold: true}, {Text: means},
	}})
	l := docx.List{}
	for _, item := range items {
		l.Items = append(l.Items, docx.P(docx.Normal, item))
	}
	w.add(l)
}

// narrative is the reports, head by head, with the sums where they belong.
func (w *writer) narrative() {
	outline := w.Campaign.Letter.Outline
	if len(outline) == 0 {
		w.heading(docx.Heading1, w.say("Số liệu tổng hợp", "Figures"))
		w.figures()
		return // all of the reports is outside the outline
	}
	w.heading(docx.Heading1, w.say("Nội dung báo cáo theo đề cương", "The reports, by the outline"))
	place := figuresAt(outline, w.Form)
	for n, head := range outline {
		style := docx.Heading2
		if below.MatchString(head.Name) {
			style = docx.Heading3
		}
		w.heading(style, head.Name)
		if n == place {
			w.figures()
		}
		// Who writes only under the parts of a head has left nothing out of it.
		whole := parent(outline, n)
		if !w.each(finding.Report, func(p finding.Passage) bool { return p.Head == n && p.Model == 0 && !(whole && w.bare(p)) }) && !whole {
			w.add(docx.Paragraph{Style: docx.Quote, Runs: []docx.Run{{Text: w.say("Chưa có đơn vị nào ghi mục này thành đề mục riêng.", "No unit has a heading of its own for this."), Italic: true}}})
		}
	}
	if place < 0 {
		w.heading(docx.Heading1, w.say("Số liệu tổng hợp", "Figures"))
		w.figures()
	}
}

// below is a head that is a part of another: "3.1. …".
var below = regexp.MustCompile(`^\s*\d+\.\d`)

// parent reports whether the next head is a part of the n-th, which may then
// have no text of its own.
func parent(outline []config.Head, n int) bool {
	return n+1 < len(outline) && !below.MatchString(outline[n].Name) && below.MatchString(outline[n+1].Name)
}

// each writes the passages that keep takes, unit by unit, and reports whether
// there was any.
func (w *writer) each(kind string, keep func(finding.Passage) bool) (any bool) {
	for _, s := range w.sources {
		var list []finding.Passage
		for _, p := range s.quote.Passages {
			if s.kind == kind && keep(p) {
				list = append(list, p)
			}
		}
		if len(list) > 0 {
			any = true
			w.passages(s, list)
		}
	}
	return any
}

// outside is what the reports say under none of the outline's heads.
func (w *writer) outside() {
	n := len(w.blocks)
	if len(w.Campaign.Letter.Outline) == 0 {
		w.heading(docx.Heading1, w.say("Nội dung báo cáo của các đơn vị", "What the units report"))
	} else {
		w.heading(docx.Heading1, w.say("Ngoài đề cương", "Outside the outline"))
	}
	if !w.each(finding.Report, func(p finding.Passage) bool { return p.Head == finding.NoHead && p.Model == 0 }) {
		w.blocks = w.blocks[:n]
	}
}

// models is the appendix: each write-up with its contents, as it was sent.
func (w *writer) models() {
	n := len(w.blocks)
	w.add(docx.Paragraph{Style: docx.Heading1, PageBreak: true, Runs: []docx.Run{{Text: w.say("Phụ lục: mô hình, điển hình được giới thiệu", "Appendix: the models introduced")}}})
	any, group, unit := false, "", ""
	for _, s := range w.sources {
		for model := 1; model <= s.written; model++ {
			var list []finding.Passage
			title := ""
			for _, p := range s.quote.Passages {
				if p.Model == model {
					list = append(list, p)
					if title == "" {
						title = p.Name
					}
				}
			}
			if len(list) == 0 {
				continue
			}
			any = true
			if title == "" && s.written == 1 {
				title = s.file.Title
			}
			if title == "" {
				title = w.say("không ghi tên", "not named")
			}
			if g := w.group(s.unit); g != group {
				w.heading(docx.Heading2, g)
				group = g
			}
			if s.unit.Code != unit {
				w.heading(docx.Heading3, name(s.unit))
				unit = s.unit.Code
			}
			w.add(docx.Paragraph{KeepNext: true, Before: docx.Points(6), After: docx.Points(0), Runs: []docx.Run{{Text: title, Bold: true}}}, w.from(s))
			w.contents(list)
		}
	}
	if !any {
		w.blocks = w.blocks[:n]
	}
}

// group is the name of a unit's category.
func (w *writer) group(u config.Unit) string {
	if k, ok := w.Campaign.Category(u.Category); ok && k.Name.In(w.Lang) != "" {
		return k.Name.In(w.Lang)
	}
	return u.Category
}

// contents writes a write-up in the order in which it was sent, each content
// under the letter's name for it, and says which have no head of their own.
func (w *writer) contents(list []finding.Passage) {
	contents := w.Campaign.Letter.Contents
	here := make([]bool, len(contents))
	for _, p := range list {
		if p.Head >= 0 && p.Head < len(contents) {
			here[p.Head] = true
			w.add(docx.Paragraph{Style: docx.Source, KeepNext: true, Runs: []docx.Run{{Text: contents[p.Head].Name, Bold: true}}})
		}
		if p.Title != "" && p.Head < 0 {
			w.add(docx.P(docx.Quote, p.Title))
		}
		w.quoted(p.Lines)
	}
	var none []string
	for n, head := range contents {
		if !here[n] {
			none = append(none, head.Name)
		}
	}
	if none != nil {
		w.add(docx.Paragraph{Style: docx.Source, Runs: []docx.Run{{Text: w.say("Không có đề mục riêng: ", "No heading of their own: ") + strings.Join(none, "; ")}}})
	}
}

// unquoted names the files that are only named.
func (w *writer) unquoted() {
	var rows [][]docx.Cell
	for _, s := range w.sources {
		if s.why == "" {
			continue
		}
		file := docx.Cell{Blocks: []docx.Paragraph{{Style: docx.Small, Runs: []docx.Run{w.link(s)}}}}
		rows = append(rows, []docx.Cell{docx.C(docx.Left, name(s.unit)), file, docx.C(docx.Left, s.why)})
	}
	if rows == nil {
		return
	}
	w.heading(docx.Heading1, w.say("Tệp không trích được", "Files that are not quoted"))
	head := []docx.Cell{docx.C(docx.Center, w.say("Đơn vị", "Unit")), docx.C(docx.Center, w.say("Tệp", "File")), docx.C(docx.Center, w.say("Lý do", "Why"))}
	w.add(docx.Table{Borders: true, Head: 1, Widths: []float64{55, 55, 55}, Rows: append([][]docx.Cell{head}, rows...)})
}

// figuresAt is the head under which the sums belong: the one whose words the
// form's own labels speak of most; -1 where none does.
func figuresAt(outline []config.Head, form finding.Form) int {
	var labels strings.Builder
	for _, in := range form.Inputs {
		if in.Number() {
			labels.WriteString(" " + in.Table + " " + in.Label())
		}
	}
	text := " " + plain(labels.String()) + " "
	at, best := -1, 0
	for n, head := range outline {
		score := 0
		for _, phrase := range append([]string{head.Name}, head.Words...) {
			if p := plain(phrase); p != "" && strings.Contains(text, " "+p+" ") {
				score += len(p)
			}
		}
		if score > best {
			at, best = n, score
		}
	}
	return at
}

func plain(s string) string {
	return strings.Join(strings.Fields(notWord.ReplaceAllString(finding.Plain(s), " ")), " ")
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)
