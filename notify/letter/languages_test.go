package letter

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	tree "text/template/parse"
)

// Every letter that there is in one language there is in the other, with the
// same in it: of each state the two have the same paragraphs, items and lists,
// and what stands in an English letter in Vietnamese is names and quotations.
func TestEveryLetterSaysTheSameInBothLanguages(t *testing.T) {
	for _, g := range golden {
		f := g.facts()
		if f.Campaign.ID != "DVK-2022" {
			continue // the other committee's letters are in both by their own cases
		}
		var shapes [2][]string
		for i, lang := range []string{"vi", "en"} {
			f := g.facts()
			f.Lang = lang
			if f.Unit != nil && f.Unit.ScopeNoteEN == "" {
				f.Unit.ScopeNoteEN = "its own" // of the roster, not of the letter
			}
			l, err := Render(f)
			if err != nil {
				t.Fatalf("%s in %s: %v", g.name, lang, err)
			}
			sound(t, l)
			shapes[i] = shape(l.Text)
			if lang == "en" && f.Kind != DigestKind { // which quotes what people wrote, and choices as they were numbered
				if found := stray(f, l); found != "" {
					t.Errorf("%s: Vietnamese in an English letter: %q", g.name, found)
				}
			}
		}
		if !slices.Equal(shapes[0], shapes[1]) {
			t.Errorf("%s: %v, in English %v", g.name, shapes[0], shapes[1])
		}
	}
}

// shape is what a letter consists of, whatever it says.
func shape(text string) (kinds []string) {
	for _, b := range blocksOf(text) {
		kinds = append(kinds, b.Kind+strings.Repeat("+", len(b.Lines)+len(b.Rows)-1))
	}
	return kinds
}

func blocksOf(text string) []block {
	body, _, _ := strings.Cut(text, "\n--\n")
	return parse(body)
}

var quoted = regexp.MustCompile(`"[^"]*"|“[^”]*”|\([^()]*\)`)

// stray is a word in a letter with marks that English has not, where it is
// neither a name nor a quotation: files, cells and their labels are called as
// they are.
func stray(f Facts, l Letter) string {
	body, _, _ := strings.Cut(l.Subject+"\n"+l.Text, "\n--\n")
	for range 3 {
		body = quoted.ReplaceAllString(body, "")
	}
	names := []string{f.Cause} // as the committee calls it
	units := f.Campaign.Units
	if f.Unit != nil {
		units = append(slices.Clone(units), *f.Unit)
	}
	for _, u := range units {
		names = append(names, u.Salutation, u.LeaderSalutation, u.Name, u.ShortName, shortName(u))
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		if name != "" {
			body = strings.ReplaceAll(body, name, "")
		}
	}
	for _, word := range strings.Fields(body) {
		if marked.MatchString(word) {
			return word
		}
	}
	return ""
}

// Every text uses in one language what it uses in the other, on as many
// branches, but for what only one of the two needs.
func TestEveryTextUsesTheSameInBothLanguages(t *testing.T) {
	only := map[string]bool{".You": true, ".Local": true, ".Above": true, ".Office": true} // quý cơ quan; địa phương or đơn vị; lãnh đạo Ban; the division of the office
	apart := map[string]string{                                                            // what one of the two says without
		"thanks.vi.txt": ".UnitShort", "escalate.vi.txt": ".Doc", "claimed.vi": ".Issuer",
	}
	vi, _ := texts("vi")
	en, _ := texts("en")
	for _, one := range vi.Templates() {
		if one.Tree == nil {
			continue
		}
		other := en.Lookup(strings.NewReplacer(".vi.txt", ".en.txt").Replace(one.Name()))
		if other == nil {
			other = en.Lookup(strings.TrimSuffix(one.Name(), ".vi") + ".en")
		}
		if other == nil {
			t.Errorf("%s is in Vietnamese only", one.Name())
			continue
		}
		only[apart[one.Name()]] = true
		a, b := uses(one.Tree.Root, only), uses(other.Tree.Root, only)
		delete(only, apart[one.Name()])
		if !slices.Equal(a, b) {
			t.Errorf("%s uses\n%v\n%s uses\n%v", one.Name(), a, other.Name(), b)
		}
	}
	if a, b := len(vi.Templates()), len(en.Templates()); a != b {
		t.Errorf("%d texts and sentences in Vietnamese, %d in English", a, b)
	}
}

// uses are the names that a text uses, each once, in order.
func uses(n tree.Node, but map[string]bool) (names []string) {
	walk(n, func(_ tree.Node, name string) {
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".vi"), ".en")
		if !but[name] && !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	slices.Sort(names)
	return names
}

// Every entry of the catalogue has both, with the same arguments but those that
// tell English one from many.
func TestEveryEntryOfTheCatalogueHasBothLanguages(t *testing.T) {
	// "của đợt này" and "năm 2022" are one in English; a number says what it counts.
	aside := map[string]bool{"S07{ky}": true, "M06{mo_hinh}": true, "M01{mo_hinh_day_du}": true, "M02{mo_hinh}": true, "M02{van_ban}": true}
	for code, words := range catalogue {
		if words.VI == "" || words.EN == "" {
			t.Errorf("%q has no words in one language", code)
		}
		args := func(s string) []string {
			var all []string
			for _, p := range placeholder.FindAllString(s, -1) {
				if !aside[code+p] && p != "{os}" && !slices.Contains(all, p) {
					all = append(all, p)
				}
			}
			slices.Sort(all)
			return all
		}
		if a, b := args(words.VI), args(words.EN); !slices.Equal(a, b) {
			t.Errorf("%q: %v, in English %v", code, a, b)
		}
	}
}
