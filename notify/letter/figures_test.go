package letter

import (
	"slices"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
)

func TestFigures(t *testing.T) {
	v := &view{Lang: "vi", c: &config.Campaign{Figures: []config.Figure{
		{Label: config.Text{VI: "Nhân rộng"}, Inputs: []string{"B3_*_NR"}},
		{Label: config.Text{VI: "Công nhận"}, Inputs: []string{"B3_*_CNH"}},
	}}}
	lone := func(severity finding.Severity) finding.Problem {
		return finding.Problem{Code: "N01", Severity: severity, Cell: "E32", Inputs: []string{"B3_31_CNH", "B3_32_CNH"}, Args: map[string]string{"tong": "21"}}
	}
	for _, test := range []struct {
		sentence string
		values   map[string]any
		problems []finding.Problem
		want     []string
	}{
		{"rows are added up", map[string]any{"B3_31_NR": 1.0, "B3_32_NR": 2.0, "B3_31_CNH": 3.0, "B3_32_CNH": 4.0}, nil,
			[]string{"Nhân rộng: 3", "Công nhận: 7"}},
		{"a figure of which a row was not read is left out", map[string]any{"B3_31_NR": 1.0, "B3_32_NR": 2.0, "B3_31_CNH": 3.0, "B3_32_CNH": nil}, nil,
			[]string{"Nhân rộng: 3"}},
		{"a total that was accepted without its rows stands for them", map[string]any{"B3_31_NR": 1.0, "B3_32_NR": 2.0, "B3_31_CNH": nil, "B3_32_CNH": nil, "B3_30_CNH": 21.0},
			[]finding.Problem{lone(finding.Noted)}, []string{"Nhân rộng: 3", "Công nhận: 21"}},
		{"one that was not accepted does not", map[string]any{"B3_31_NR": 1.0, "B3_32_NR": 2.0, "B3_31_CNH": nil, "B3_32_CNH": nil},
			[]finding.Problem{lone(finding.MustFix)}, []string{"Nhân rộng: 3"}},
	} {
		if got := v.figures(addends(finding.Part{Values: test.values, Problems: test.problems})); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, not %q", test.sentence, got, test.want)
		}
	}
}
