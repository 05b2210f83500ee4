package intake

import (
	"slices"

	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/form"
)

// formsInTexts reads the form where a unit has typed it into a text (S04), if
// no workbook came with it. A text that is nothing else is the appendix then;
// beside a report in the same file it is a part of its own, of that file. It
// returns the papers that are still to be settled.
func (j *Judge) formsInTexts(parts *[]finding.Part, papers []paper, facts map[string]string) []paper {
	if slices.ContainsFunc(*parts, func(p finding.Part) bool { return p.Kind == finding.Appendix && workbookPart(p) }) {
		return papers
	}
	var left []paper
	for _, x := range papers {
		p := &(*parts)[x.at]
		typed, ours := j.formInText(x, *p, facts)
		switch {
		case !ours:
			left = append(left, x)
		case p.Kind == finding.Appendix:
			*p = typed
		default:
			left = append(left, x)
			*parts = append(*parts, typed)
		}
	}
	return left
}

// filled reads a filled form, whatever it is in.
func (j *Judge) filled(data []byte) finding.Part {
	p, _ := j.workbook("", data, nil)
	if p.Kind != finding.Other {
		return p
	}
	if typed, ours := j.formInText(paper{doc: document.Read("", data)}, finding.Part{Kind: finding.Appendix}, nil); ours {
		return typed
	}
	return p
}

// formInText reads the form out of the tables of one document. In a report all
// of them must be there: a table of its own may look like one of the form's.
func (j *Judge) formInText(x paper, of finding.Part, facts map[string]string) (finding.Part, bool) {
	if len(x.doc.Tables) == 0 || x.known.Secret || !of.Readable() {
		return finding.Part{}, false
	}
	tables := make([][][]string, len(x.doc.Tables))
	for i, t := range x.doc.Tables {
		tables[i] = t
	}
	p, ours, err := j.form.CheckTables(tables, form.Options{Name: of.Name, Facts: facts})
	missing := slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "S10" || q.Code == "S15" })
	if err != nil || !ours || missing && of.Kind != finding.Appendix {
		return finding.Part{}, false
	}
	p.Name, p.Path, p.SHA256, p.Size, p.MediaType, p.Pages = of.Name, of.Path, of.SHA256, of.Size, of.MediaType, of.Pages
	return p, true
}
