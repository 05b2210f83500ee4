package form

import (
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

// CheckTables is Check for tables that stood in a text: a unit has typed the
// form in Word. What was read is offered for confirmation (S04, with all
// figures) and counts once a person has said that it is right. ours is false
// if the form's tables are not among them; a table of the report with other
// figures is none.
func (f *Form) CheckTables(tables [][][]string, o Options) (part finding.Part, ours bool, err error) {
	part, ours, err = f.check(workbook.Tables(tables), o, true)
	if err != nil || !ours {
		return part, ours, err
	}
	for _, p := range part.Problems {
		if p.Code == "S15" {
			return part, true, nil // the form, printed into a text and not filled in
		}
	}
	figures := f.summary(part.Values)
	if figures == "" {
		return finding.Part{Name: o.Name, Kind: finding.Other, Verdict: finding.Accepted, Problems: []finding.Problem{}}, false, nil
	}
	offer := finding.Problem{Code: "S04", Severity: finding.FixOrExplain, Args: map[string]string{"tep": o.Name, "tom_tat": figures}}
	part.Problems = append([]finding.Problem{offer}, part.Problems...)
	part.Verdict = finding.VerdictOf(part.Problems)
	return part, true, nil
}

// summary lists the figures that were read, by table and row: "Biểu 1: Cấp tỉnh
// 6, 2; Cấp huyện 21, 9. Biểu 2: …". A dash stands for one that was not.
func (f *Form) summary(values map[string]any) string {
	var b strings.Builder
	table, row, some := "\x00", "\x00", false
	for i := range f.inputs {
		in := &f.inputs[i]
		if !in.Number() {
			continue
		}
		switch {
		case in.Table != table:
			if b.Len() > 0 {
				b.WriteString(". ")
			}
			b.WriteString(prefix(in.Table) + in.Row + " ")
		case in.Row != row:
			b.WriteString("; " + in.Row + " ")
		default:
			b.WriteString(", ")
		}
		table, row = in.Table, in.Row
		if n, ok := values[in.Name].(float64); ok {
			b.WriteString(VN(n))
			some = true
		} else {
			b.WriteString("–")
		}
	}
	if !some {
		return ""
	}
	return b.String()
}
