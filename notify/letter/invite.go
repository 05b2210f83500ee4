package letter

import "slices"

// FormName is how the blank form is called.
func (v *view) FormName() string { return v.word(v.part("appendix").Name) }

// WriteUpName is how the form for models is called.
func (v *view) WriteUpName() string {
	return map[string]string{"vi": "mẫu giới thiệu ", "en": "a Word form for each "}[v.Lang] + v.word(v.part("model").Brief)
}

// Asks says of each part what is expected, one paragraph each; a part that the
// unit does not owe is named only where the campaign has words for that.
func (v *view) Asks() []string {
	o := v.obliged()
	var asks []string
	for _, kind := range kinds {
		w := v.part(kind)
		text := v.word(w.Ask)
		if !slices.Contains(o.Parts(), kind) {
			text = v.word(w.AskIf)
		}
		if text != "" {
			asks = append(asks, fillCount(v.Lang, text, o.Models))
		}
	}
	return asks
}

// AskCount is how many paragraphs Asks gives.
func (v *view) AskCount() string { return count(v.Lang, len(v.Asks())) }

// OwesReport reports whether the unit is asked for a report in words.
func (v *view) OwesReport() bool { return v.obliged().Report }
