package gathering

import (
	"slices"
	"testing"

	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
)

// A total that came without its rows is in the total of its column, and in no
// other cell.
func TestATotalAloneIsInTheTotal(t *testing.T) {
	w := &writer{}
	w.Form = finding.Form{
		Inputs: []finding.Input{{Name: "A", Type: "whole", Table: "T", Row: "1", Column: "c"}, {Name: "B", Type: "whole", Table: "T", Row: "2", Column: "c"}},
		Totals: []finding.Total{{Name: "SUM", Kind: "column", Inputs: []string{"A", "B"}, Table: "T", Column: "c"}},
	}
	table := w.tables()[0]
	if names := table.names("", "c"); !slices.Equal(names, []string{"A", "B", "SUM"}) {
		t.Errorf("the total is of %v", names)
	}
	sums := consolidation.Totals{Sum: map[string]float64{"A": 1, "SUM": 10}}
	if got, row := w.sum(table.names("", "c"), sums), w.sum(table.names("1", "c"), sums); got != "11" || row != "1" {
		t.Errorf("the total is %s, the row %s", got, row)
	}
}
