package config

import (
	"strings"
	"testing"
)

// A file that goes wrong in the same way a hundred thousand times is read in
// time that grows with its length, no faster: this test once took ten minutes.
func TestABrokenFileIsReadInNoTime(t *testing.T) {
	for _, piece := range []string{"[", "{a: ", "a: ", "- ", "? ", "\t\n", "“", "a: |\n x\n", "[a,", `"`, "#\n", "a: “", "\n", "a:\n ", "é"} {
		data := []byte(strings.Repeat(piece, maxYAML/len(piece)))
		node, found := parse(campaignFile, data)
		if node != nil {
			declare(&Campaign{}, open(&found, Mistake{File: campaignFile}, "", node), t.TempDir())
		}
		if len(found) == 0 {
			t.Errorf("%q, repeated, is accepted", piece)
		}
	}
}
