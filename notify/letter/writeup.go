package letter

import (
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/docx"
)

// WriteUp is the Word form in which a unit introduces one model: a heading and
// room for each of the contents that the committee's letter asks for, with the
// unit's name filled in. It goes with an invitation of a unit that owes models
// and with each letter that asks for a missing one; ok is false for any other,
// and where the letter does not say what a write-up has to contain. A file of
// the committee's own under the same name, in enclosures/, takes its place.
//
// What is printed is headings and labels that end in a colon, so that a form
// that comes back as it went out is known to be one (intake/document): nothing
// in it may read like something that the unit wrote.
func WriteUp(f Facts) (form Attachment, ok bool) {
	v, err := newView(f)
	if err != nil || f.Unit == nil || len(v.c.Letter.Contents) == 0 || !v.asksForModels() {
		return Attachment{}, false
	}
	form.Name = v.writeUpFile()
	if own := slices.IndexFunc(v.c.Enclosures, func(e config.Enclosure) bool { return e.Name == form.Name }); own >= 0 {
		form.Data = v.c.Enclosures[own].Data
		return form, true
	}
	words := v.part(finding.Model)
	title := v.word(words.Name)
	label := map[string]string{"vi": "Đơn vị", "en": "Unit"}[v.Lang]
	under := map[string]string{"vi": "(theo " + v.Letter + ")", "en": "(under " + v.Letter + ")"}[v.Lang]
	center := func(style docx.Style, r docx.Run) docx.Paragraph {
		return docx.Paragraph{Style: style, Align: docx.Center, Runs: []docx.Run{r}}
	}
	blocks := []docx.Block{
		center(docx.Title, docx.Run{Text: strings.ToUpper(title)}),
		center(docx.Normal, docx.Run{Text: under, Italic: true}),
		docx.Paragraph{Before: docx.Points(12), Runs: []docx.Run{{Text: label + ": "}, {Text: v.Unit, Bold: true}}},
	}
	ask := func(head string, lines int) {
		blocks = append(blocks,
			docx.Paragraph{KeepNext: true, Before: docx.Points(12), After: docx.Points(4), Runs: []docx.Run{{Text: head + ":", Bold: true}}}, room(lines))
	}
	for i, c := range v.c.Letter.Contents {
		lines := 5
		if i == 0 {
			lines = 1 // its name
		}
		ask(number(v.Lang, float64(i+1))+". "+tidy(c.Name), lines)
	}
	if proof := v.word(words.Proof); proof != "" {
		ask(upper(proof), 2)
	}
	form.Data = docx.Document{
		Title: title + " - " + v.Unit, Lang: map[string]string{"vi": "vi-VN", "en": "en-GB"}[v.Lang], Made: v.now, Unpaged: true, Blocks: blocks,
	}.Bytes()
	return form, true
}

// room is an empty field to write in. It grows with what is written.
func room(lines int) docx.Table {
	empty := make([]docx.Paragraph, lines)
	for i := range empty {
		empty[i] = docx.Paragraph{Align: docx.Both, After: docx.Points(4)}
	}
	return docx.Table{Borders: true, Rows: [][]docx.Cell{{{Blocks: empty}}}}
}

// writeUpFile names the form: "Mau gioi thieu mo hinh.docx".
func (v *view) writeUpFile() string {
	what := finding.Plain(v.word(v.part(finding.Model).Brief))
	if v.Lang == "en" {
		return asciiName("Form for a " + what + ".docx")
	}
	return asciiName("Mau gioi thieu " + what + ".docx")
}

// asksForModels reports whether the letter asks its reader for a write-up.
func (v *view) asksForModels() bool {
	switch v.f.Kind {
	case Invite:
		return v.obliged().Models > 0
	case Receipt, Corrections, Remind, Resumed:
		missing, _ := missingParts(v.f.Standing.Missing)
		return missing[finding.Model]
	}
	return false
}
