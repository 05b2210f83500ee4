package standing

import (
	"testing"

	"dondoc/intake/finding"
)

// TestWriteUpsAnswerTheForm: a form asks for the name of a file where it
// cannot know that the file came. Once write-ups are there, in whatever mail,
// the unit has nothing to mend.
func TestWriteUpsAnswerTheForm(t *testing.T) {
	asking := appendix("pl.xlsx", "M03/E", "M04/X")
	for _, row := range []struct {
		sentence string
		mails    []*finding.Verdict
		open     int
		state    State
	}{
		{"the form alone asks", []*finding.Verdict{mail("A", "HU", "2022-10-10 08:00", report("bc"), asking)}, 2, Partial},
		{"a write-up of the same mail answers", []*finding.Verdict{mail("A", "HU", "2022-10-10 08:00", report("bc"), asking, model("1"), model("2"))}, 0, Complete},
		{"one of a later mail does", []*finding.Verdict{mail("A", "HU", "2022-10-10 08:00", report("bc"), asking), mail("B", "HU", "2022-10-11 08:00", model("1"), model("2"))}, 0, Complete},
		{"one of an earlier mail does", []*finding.Verdict{mail("A", "HU", "2022-10-10 08:00", model("1"), model("2")), mail("B", "HU", "2022-10-11 08:00", report("bc"), asking)}, 0, Complete},
		{"a damaged one does not", []*finding.Verdict{mail("A", "HU", "2022-10-10 08:00", report("bc"), asking, model("1", "S01/E"))}, 3, Partial},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			u := Fold(roster(), Facts{Mails: row.mails}, at("2022-10-12 08:00")).Units["HU"]
			if len(u.Open) != row.open || u.State != row.state {
				t.Errorf("%s, open %v; want %s, %d open", u.State, u.Open, row.state, row.open)
			}
		})
	}
	if asking.Problems[0].Severity != finding.MustFix {
		t.Error("the fold wrote into the facts")
	}
}
