package blank

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestReadsOf(t *testing.T) {
	names := map[string][]string{"dvk_x": {"'Phụ lục'!$D$11"}, "vong": {"vong+1"}, "hai": {"A!$A$1", "B!$B$2"}, "hong": {"#REF!"}}
	for _, c := range []struct{ sentence, formula, want string }{
		{"a cell of the same sheet", "A1+1", "s!A1"},
		{"a range, fixed or not, whichever corner is first", "SUM($D$13:D11)", "s!D11:D13"},
		{"another sheet, quoted or not", "'Danh mục'!A5&Kê!B2", "danh mục!A5 kê!B2"},
		{"a quote in the name of a sheet", "'a''b'!A1", "a'b!A1"},
		{"a whole column", "COUNTA(A:B)", "s!A1:B1048576"},
		{"a name is what it refers to", "IF(DVK_X>0,1,2)", "phụ lục!D11"},
		{"a name that two sheets have is both", "hai", "a!A1 b!B2"},
		{"what stands in quotes is no cell", `IF(LEN(TRIM(A1))=0,"B2 ""C3""",A1)`, "s!A1 s!A1"},
		{"a truth value is no name", "AND(TRUE,A1)", "s!A1"},
		{"an exponent may be taken for a cell, which does no harm", "A1*1E5", "s!A1 s!E5"},
		{"a name that nobody knows cannot be told", "ROUND(KHONG_CO,0)", "?"},
		{"nor one that refers to itself", "vong", "?"},
		{"nor one that refers to nothing", "hong", "?"},
		{"nor a reference that is computed", `INDIRECT("A"&1)`, "?"},
		{"nor the time", "TODAY()-A1", "?"},
		{"nor a part of a table", "SUM(DVK_MH[Số])", "?"},
		{"nor an area between two names", "SUM(DVK_X:DVK_X)", "?"},
		{"nor a sheet of another file", "[1]Sheet1!A1", "?"},
		{"nor rows as a whole", "SUM(1:3)", "?"},
		{"nor nothing", "", "?"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			areas, ok := readsOf("s", c.formula, names, 0)
			var all []string
			for _, a := range areas {
				s := fmt.Sprintf("%s!%s", a.sheet, name(a.c1, a.r1))
				if a.c1 != a.c2 || a.r1 != a.r2 {
					s += ":" + name(a.c2, a.r2)
				}
				all = append(all, s)
			}
			got := strings.Join(all, " ")
			if !ok {
				got = "?"
			}
			if got != c.want {
				t.Errorf("%s reads %s, want %s", c.formula, got, c.want)
			}
		})
	}
}

func name(c, r int) string { return string(rune('A'+c-1)) + fmt.Sprint(r) }

// TestReached: a change is followed through the formulas that it changes.
func TestReached(t *testing.T) {
	at := func(cell string) place { return place{"S", cell} }
	order := []place{at("B1"), at("C1"), at("D1"), at("E1")}
	d := dependenceOf(order, []string{"A1", "SUM(B1:B9)", "Z1", "TODAY()"}, nil)
	for _, c := range []struct {
		sentence string
		changed  []place
		want     []bool
	}{
		{"nothing changed: only what cannot be told", nil, []bool{false, false, false, true}},
		{"a cell, through one formula to the next", []place{at("A1")}, []bool{true, true, false, true}},
		{"a cell within an area", []place{at("B5")}, []bool{false, true, false, true}},
		{"the same cell of another sheet", []place{{"T", "A1"}}, []bool{false, false, false, true}},
	} {
		if got := d.reached(c.changed); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.sentence, got, c.want)
		}
	}
}
