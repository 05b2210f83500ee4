package letter

import (
	"strings"
	"testing"

	"dondoc/intake/finding"
)

// An answer to the digest settles all that a person has to say of a file: each
// has to be read before, and one reason for several only once.
func TestADecisionTellsAllThatItSettles(t *testing.T) {
	problem := func(code, why string) *finding.Problem {
		return &finding.Problem{Code: code, Severity: finding.FixOrExplain, Explain: why, Words: map[string]string{"vi": code + " chưa khớp."}}
	}
	v := &view{c: peopleWork()}
	v.Lang = "vi"
	for _, c := range []struct {
		sentence string
		all      []*finding.Problem
		want     string
	}{
		{"one, with its reason", []*finding.Problem{problem("C04", "a")}, "C04 chưa khớp; giải trình: “a”."},
		{"two of one reason", []*finding.Problem{problem("C04", "a"), problem("C05", "a")}, "C04 chưa khớp. C05 chưa khớp; giải trình: “a”."},
		{"two of two reasons", []*finding.Problem{problem("C04", "a"), problem("C05", "b")}, "C04 chưa khớp; giải trình: “a”. C05 chưa khớp; giải trình: “b”."},
		{"many are counted", []*finding.Problem{problem("C04", "a"), problem("C05", "a"), problem("C06", "a"), problem("C07", "a"), problem("C10", "a")},
			"C04 chưa khớp. C05 chưa khớp. C06 chưa khớp; giải trình: “a”. Và 02 nội dung khác cùng tệp."},
	} {
		if got := v.problemOf(Decision{Problem: c.all[0], Besides: c.all[1:]}); strings.Join(strings.Fields(got), " ") != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}
