package letter

import (
	"fmt"
	"strings"

	"dondoc/notify/docx"
)

// draft is no letter of ours: it is the one that people sign.
const draft = "draft"

// Draft is the letter that urges the leaders of a unit, for signing: in the
// form of Party documents (Hướng dẫn 36-HD/VPTW), its number, day and signature
// left empty. It needs Unit, Standing and Deadline, and of Outcome the day By.
// fault is why the campaign's own text for it was not used.
func Draft(f Facts) (doc docx.Document, fault, err error) {
	f.Kind = draft
	v, err := newView(f)
	if err != nil {
		return doc, nil, fmt.Errorf("draft: %w", err)
	}
	source, fault, err := v.write(draft)
	if err != nil {
		return doc, fault, fmt.Errorf("draft: %w", err)
	}
	subjects, text, err := split(source)
	if err != nil {
		return doc, fault, fmt.Errorf("draft: %w", err)
	}
	doc = docx.Document{Title: subjects[0], Lang: map[string]string{"vi": "vi-VN", "en": "en-GB"}[v.Lang], Made: v.now, Unpaged: true}
	doc.Blocks = append(doc.Blocks, v.letterhead(subjects[0]))
	doc.Blocks = append(doc.Blocks, v.addressed()...)
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			doc.Blocks = append(doc.Blocks, docx.P(docx.Text, paragraph))
		}
	}
	doc.Blocks = append(doc.Blocks, v.closing())
	return doc, fault, nil
}

// row is a line of a column, without space around it.
func row(align docx.Align, run docx.Run) docx.Paragraph {
	return docx.Paragraph{Align: align, Before: docx.Points(0), After: docx.Points(0), Runs: []docx.Run{run}}
}

// letterhead is the two columns that such a letter begins with: who issues it,
// its number and subject; the motto, place and day.
func (v *view) letterhead(about string) docx.Table {
	o := v.c.Letter.Official
	body := v.word(o.Body)
	if body == "" {
		body = strings.ToUpper(v.Issuer)
	}
	motto := v.word(o.Motto)
	var left, right []docx.Paragraph
	if parent := v.word(o.Parent); parent != "" {
		left = append(left, row(docx.Center, docx.Run{Text: parent}))
	}
	left = append(left, row(docx.Center, docx.Run{Text: body, Bold: true}))
	if motto != "" {
		left = append(left, row(docx.Center, docx.Run{Text: "*"}))
		right = append(right, row(docx.Center, docx.Run{Text: motto, Bold: true, Underline: true, Size: 15}))
	}
	number := map[string]string{"vi": "Số", "en": "No."}[v.Lang] + strings.Repeat("\u00a0", 9)
	if symbol := tidy(o.Symbol); symbol != "" {
		number += "-" + symbol
	}
	subject := row(docx.Center, docx.Run{Text: about, Italic: true, Size: 12})
	subject.After = docx.Points(12)
	left = append(left, row(docx.Center, docx.Run{Text: number}), subject)
	for len(right) < len(left)-3 {
		right = append(right, row(docx.Center, docx.Run{}))
	}
	right = append(right, row(docx.Center, docx.Run{Text: v.undated(), Italic: true}))
	return docx.Table{Widths: []float64{75, 90}, Rows: [][]docx.Cell{{{Blocks: left}, {Blocks: right}}}}
}

// undated is the place and a day that the signer writes in.
func (v *view) undated() string {
	gap := strings.Repeat("\u00a0", 5)
	date := "ngày" + gap + "tháng " + v.now.Format("01") + " năm " + v.now.Format("2006")
	if v.Lang == "en" {
		date = gap + v.now.Format("January 2006")
	}
	if place := v.word(v.c.Letter.Official.Place); place != "" {
		return place + ", " + strings.TrimLeft(date, " ")
	}
	return upper(date)
}

// addressed are the leaders: one in a line, several below each other.
func (v *view) addressed() []docx.Block {
	to := map[string]string{"vi": "Kính gửi:", "en": "To:"}[v.Lang]
	leaders := strings.Split(v.Leaders, "; ")
	if len(leaders) == 1 {
		return []docx.Block{docx.Paragraph{Align: docx.Center, Before: docx.Points(12), After: docx.Points(12), Runs: []docx.Run{{Text: to + " " + leaders[0]}}}}
	}
	blocks := []docx.Block{docx.Paragraph{Before: docx.Points(12), After: docx.Points(3), Runs: []docx.Run{{Text: "\t" + to}}}}
	for i, leader := range leaders {
		line := docx.Paragraph{After: docx.Points(3), Runs: []docx.Run{{Text: "\t\t- " + leader + comma(i, len(leaders))}}}
		if i == len(leaders)-1 {
			line.After = docx.Points(12)
		}
		blocks = append(blocks, line)
	}
	return blocks
}

// comma ends item i of n.
func comma(i, n int) string {
	if i == n-1 {
		return "."
	}
	return ","
}

// signature is the room that a name and a stamp take.
const signature = 5

// closing is the two columns that it ends with: who gets it, who signs.
func (v *view) closing() docx.Table {
	o := v.c.Letter.Official
	var left, right []docx.Paragraph
	if len(o.Copies) > 0 {
		head := row(docx.Left, docx.Run{Text: map[string]string{"vi": "Nơi nhận:", "en": "Copies:"}[v.Lang], Underline: true})
		left = append(left, head)
		for i, to := range o.Copies {
			left = append(left, row(docx.Left, docx.Run{Text: "- " + strings.TrimRight(tidy(to), ",.;") + comma(i, len(o.Copies)), Size: 12}))
		}
	}
	for i, line := range o.Signer {
		right = append(right, row(docx.Center, docx.Run{Text: tidy(line), Bold: i == 0}))
	}
	for range signature {
		right = append(right, row(docx.Center, docx.Run{}))
	}
	for _, column := range [][]docx.Paragraph{left, right} {
		if len(column) > 0 {
			column[0].Before = docx.Points(12)
		}
	}
	return docx.Table{Widths: []float64{85, 80}, Rows: [][]docx.Cell{{{Blocks: left}, {Blocks: right}}}}
}
