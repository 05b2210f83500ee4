package finding

import "testing"

func TestFold(t *testing.T) {
	for _, c := range []struct{ sentence, text, want string }{
		{"marks and case are left out", "Huyện ủy TRÀ BỒNG", "huyen uy tra bong"},
		{"decomposed letters are the same letters", "Hue\u0323\u0302n", "huen"},
		{"three letters look like đ", "Đức Ðức Ɖức", "duc duc duc"},
		{"white space of any kind is one space", " a\u00a0 b\t\nc ", "a b c"},
	} {
		if got := Fold(c.text); got != c.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", c.sentence, c.text, got, c.want)
		}
	}
}

func TestPlainKeepsWhiteSpace(t *testing.T) {
	if got, want := Plain("ĐÃ GỬI\n\tsố 5"), "da gui\n\tso 5"; got != want {
		t.Errorf("Plain = %q, want %q", got, want)
	}
}
