package finding

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestNFCIsThatOfTheStandard(t *testing.T) {
	for r := rune(0); r < 0x30000; r++ {
		s := "a" + string(r) + "e\u0301"
		if got, want := NFC(s), norm.NFC.String(s); got != want {
			t.Fatalf("%U: %q, want %q", r, got, want)
		}
		if got, want := NFC("a"+string(r)+"e"), norm.NFC.String("a"+string(r)+"e"); got != want {
			t.Fatalf("%U: %q, want %q", r, got, want)
		}
	}
	for _, s := range []string{"", "Huyện ủy", norm.NFD.String("Huyện ủy"), "a\xffb\u0301", "\u0301", strings.Repeat("ủy ", 100) + "u\u0309"} {
		if got, want := NFC(s), norm.NFC.String(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
