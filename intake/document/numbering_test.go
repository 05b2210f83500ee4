package document

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestTheNumberingOfALine compares what is found by hand with what the
// expression finds, which is the definition.
func TestTheNumberingOfALine(t *testing.T) {
	same := func(line string) {
		t.Helper()
		if got, want := numberedTo(line), len(numbering.FindString(line)); got != want {
			t.Errorf("%q: %d, want %d (%q)", line, got, want, numbering.FindString(line))
		}
	}
	for _, line := range []string{
		"", "I. Công tác lãnh đạo", "1.2 abc", "1.2. abc", "1.2.3.4.5. abc", "12.345 ha", "PHẦN II: Kết quả", "Phần thứ nhất", "mục 1", "Mục\t",
		"- a) b", "đ) mô hình", "Đ - Ưu điểm", "iiiiii. x", "1\tTên", "1 \t \t abc", "....", "• – + *", "a", "a.", "c: x", "xi)", "v/v", "(1) x",
	} {
		same(line)
	}
	parts := []string{"phần", "PHẦN", "muc", "Mục", " ", "  ", "\t", ".", ")", ":", "-", "–", "—", "*", "•", "1", "12", "123", "i", "IV", "xxxxxx", "a", "đ", "Đ", "bc", "ế", "\u00a0", "\v", "\xff", "\n"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var b strings.Builder
		for range 1 + random.IntN(9) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		if same(b.String()); t.Failed() {
			return
		}
	}
}
