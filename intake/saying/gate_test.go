package saying

import (
	"os"
	"path/filepath"
	"testing"

	"dondoc/intake/finding"
)

func TestPiecesOfAnExpression(t *testing.T) {
	for _, row := range []struct {
		sentence string
		expr     string
		want     []string
	}{
		{"a word is its own piece", `\bgia han\b`, []string{"gia han"}},
		{"of alternatives each has one", `\b(gia han|keo dai)\b`, []string{"gia han", "keo dai"}},
		{"what may be missing is none", `\b(xin )?phep\b`, []string{"phep"}},
		{"of a sequence the longest counts", `\bno [^.]{0,40}\bextension\b`, []string{"extension"}},
		{"words are put together from what they share", `\b(dinh|dong) (chinh|gop)\b`, []string{"dinh chinh", "dinh gop", "dong chinh", "dong gop"}},
		{"an alternative without a piece lets everything pass", `\bgia han\b|\d+`, nil},
		{"a word of two letters is no gate", `\bse\b`, nil},
		{"what is repeated must be there once", `(ngay )+`, []string{"ngay "}},
		{"case set aside, nothing is certain", `(?i)zalo`, nil},
	} {
		if got := gate(row.expr).pieces; len(got) != len(row.want) {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		} else {
			for i := range got {
				if got[i] != row.want[i] {
					t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
				}
			}
		}
	}
}

// TestGatesLetEverythingPassThatIsFound, in the texts of this package's own
// tests, word by word left out.
func TestGatesLetEverythingPassThatIsFound(t *testing.T) {
	gates := []*gated{wantsToKnow}
	for _, s := range signs {
		gates = append(gates, s.is)
		if s.not != nil {
			gates = append(gates, s.not)
		}
	}
	without := 0
	for _, g := range gates {
		if g.pieces == nil {
			without++
		}
	}
	if without > len(gates)/2 {
		t.Errorf("%d of %d expressions have no gate", without, len(gates))
	}
	files, _ := filepath.Glob("*_test.go")
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sentences(string(text)) {
			for _, p := range append(s.pieces(), s.line) {
				for _, g := range gates {
					if g.Regexp.MatchString(p.plain) {
						if found++; !g.passes(p.plain) {
							t.Errorf("%q is kept from %s", p.plain, g)
						}
					}
				}
			}
		}
		for _, s := range lines(finding.Plain(string(text))) {
			for _, g := range gates {
				if g.Regexp.MatchString(s.plain) && !g.passes(s.plain) {
					t.Errorf("%q is kept from %s", s.plain, g)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d things were found", found)
	}
}
