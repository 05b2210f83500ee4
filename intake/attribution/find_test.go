package attribution

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
)

// campaign is the built-in one, as `dondoc init` writes it.
var campaign = sync.OnceValue(func() *config.Campaign {
	dir, err := os.MkdirTemp("", "dondoc")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := config.Init(dir + "/c"); err != nil {
		panic(err)
	}
	c, err := config.Load(dir + "/c")
	if err != nil {
		panic(err)
	}
	return c
})

var matcher = sync.OnceValue(func() *Matcher {
	return NewMatcher(campaign().Units, NoiseOf(campaign()))
})

// label puts evidence as the labelled cases do: a unit's code, "ambiguous"
// with suggestions, or "unknown". Units of one dossier are joined by "=".
func label(ev []finding.Evidence) (label, suggest string) {
	var units []string
	doubt := false
	for _, e := range ev {
		doubt = doubt || e.Doubt
		if e.Unit != "" {
			units = append(units, e.Unit)
		}
	}
	slices.Sort(units)
	switch {
	case len(ev) == 0:
		return "unknown", ""
	case doubt:
		return "ambiguous", strings.Join(units, "|")
	}
	return strings.Join(units, "="), ""
}

func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

func TestGivenNames(t *testing.T) {
	for _, r := range rows(t, "given.csv") {
		id, raw, field, want, suggest, why := r[0], r[1], r[2], r[3], r[4], r[5]
		t.Run(id+" "+why, func(t *testing.T) {
			got, gotSuggest := label(matcher().Find(raw, field))
			s := strings.Split(suggest, "|")
			slices.Sort(s)
			if got != want || gotSuggest != strings.Join(s, "|") {
				t.Errorf("%q in %s: %s (%s), want %s (%s)", raw, field, got, gotSuggest, want, suggest)
			}
		})
	}
}

func TestGivenSubjects(t *testing.T) {
	for _, r := range rows(t, "subjects.csv") {
		got, suggest := label(matcher().Find(r[0], "subject"))
		if got != r[1] {
			t.Errorf("%q: %s (%s), want %s", r[0], got, suggest, r[1])
		}
	}
}

func BenchmarkNewMatcher(b *testing.B) {
	c := campaign()
	for b.Loop() {
		NewMatcher(c.Units, NoiseOf(c))
	}
}
