package letter

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Why a mail waits was once shown to the committee as a code,
// "sent_from_our_own_address", because nobody had given it words. Every reason
// for which intake can hold a mail is looked for where it is given: a letter
// may not import who decides.
func TestEveryReasonToHoldAMailHasWords(t *testing.T) {
	codes := map[string]bool{}
	find := func(file, pattern string) {
		t.Helper()
		source, err := os.ReadFile(filepath.FromSlash("../../intake/" + file))
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindAllSubmatch(source, -1)
		if len(found) < 3 {
			t.Fatalf("%s: only %d reasons: the test no longer finds them", file, len(found))
		}
		for _, m := range found {
			codes[string(m[1])] = true
		}
	}
	find("decide.go", `\.hold\("([a-z_]+)"`)
	// The second block of constants there; those of filing begin with By.
	find("attribution/decide.go", `(?m)^\t(?:[AC-Z]\w+|B[^y]\w+)\s+= "([a-z_]+)"`)
	for code := range codes {
		words, ok := heldReasons[code]
		if !ok || words.VI == "" || words.EN == "" || words.VI == words.EN {
			t.Errorf("%s has no words in both languages: %+v", code, words)
		}
	}
	if len(codes) < 12 {
		t.Errorf("only %d reasons", len(codes))
	}
}
