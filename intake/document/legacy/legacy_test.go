package legacy

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

type vector struct{ how, font, found, want string }

// vectors are texts as offices write them, in every encoding, and texts that
// look like it and are not.
func vectors(t testing.TB) []vector {
	data, err := os.ReadFile("testdata/vectors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("testdata/vectors.tsv: %q", line)
		}
		out = append(out, vector{f[0], f[1], f[2], f[3]})
	}
	return out
}

func TestVectorsWithTheirFonts(t *testing.T) {
	n := map[string]int{}
	for _, v := range vectors(t) {
		var got string
		var enc Encoding
		if h, ok := strings.CutPrefix(v.found, "hex:"); ok {
			b, err := hex.DecodeString(h)
			if err != nil {
				t.Fatal(err)
			}
			got, enc = Bytes(b)
		} else {
			got, enc = new(Decider).Decode(v.found, v.font)
		}
		if got != v.want {
			t.Errorf("%s %s %q = %q (%s), want %q", v.how, v.font, v.found, got, enc, v.want)
			continue
		}
		want := Encoding(v.how)
		if v.how == "NFD" || v.how == "Unicode" {
			want = Unicode
		}
		if enc != want {
			t.Errorf("%s %s %q: applied %q", v.how, v.font, v.found, enc)
		}
		n[v.how]++
	}
	t.Log(n)
}

func TestVectorsByTheirTextAlone(t *testing.T) {
	right, wrong := 0, 0
	for _, v := range vectors(t) {
		if v.font == "" || strings.HasSuffix(v.font, "H") {
			continue
		}
		got, _ := Decode(v.found)
		switch got {
		case v.want:
			right++
		case v.found:
			t.Logf("left alone: %q", v.found)
		default:
			wrong++
			t.Errorf("%q = %q, want %q", v.found, got, v.want)
		}
	}
	t.Logf("%d right, %d wrong", right, wrong)
}

func TestVectorsInFontsThatLie(t *testing.T) {
	for _, v := range vectors(t) {
		if strings.HasPrefix(v.found, "hex:") {
			continue
		}
		for _, font := range []string{".VnTime", ".VnArial", "VNI-Times", "Times New Roman"} {
			got, enc := new(Decider).Decode(v.found, font)
			if strings.HasSuffix(v.font, "H") {
				got, v.want = strings.ToLower(got), strings.ToLower(v.want)
			}
			if got != v.want {
				t.Errorf("%s in %s: %q = %q (%s), want %q", v.how, font, v.found, got, enc, v.want)
			}
		}
	}
}

func TestWindows1258AsText(t *testing.T) {
	for _, v := range vectors(t) {
		h, ok := strings.CutPrefix(v.found, "hex:")
		if !ok {
			continue
		}
		b, _ := hex.DecodeString(h)
		s, err := charmap.Windows1258.NewDecoder().Bytes(b)
		if err != nil {
			t.Fatal(err)
		}
		if got, enc := Decode(string(s)); got != v.want || enc != Unicode {
			t.Errorf("%q = %q (%s), want %q", s, got, enc, v.want)
		}
		if norm.NFC.String(v.want) != v.want {
			t.Errorf("%q is not NFC", v.want)
		}
	}
}

func decomposed(s string) string { return norm.NFD.String(s) }

// lifted is what the UTF-8 of s looks like where it is read as Latin-1.
func lifted(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// cp1252 is the same for windows-1252.
func cp1252(s string) string { return lift([]byte(s)) }

// through1258 reads what was read as windows-1252 as windows-1258.
func through1258(s string) string {
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	out, err := charmap.Windows1258.NewDecoder().Bytes(b)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.found, v.font, []byte(v.want))
	}
	f.Add("Ä\uFFFDá»", ".VnTimeH", []byte{0xC4, 0x90, 0xE1, 0xBB})
	f.Fuzz(func(t *testing.T, text, font string, b []byte) {
		var d Decider
		d.Add(text, font)
		out, enc := d.Decode(text, font)
		if enc == Unicode && stroke(norm.NFC.String(text)) != out {
			t.Fatalf("%q became %q, and nothing was applied", text, out)
		}
		if again, _ := d.Decode(text, font); again != out {
			t.Fatalf("%q is %q and %q", text, out, again)
		}
		if strings.ContainsAny(out, "0123456789") != strings.ContainsAny(text, "0123456789") {
			t.Fatalf("%q became %q", text, out)
		}
		d.DecodeRuns([]Run{{text, font}, {string(b), font}, {text, ""}})
		if s, _ := Bytes(b); s == "" && len(b) > 0 {
			t.Fatalf("%x vanished", b)
		}
	})
}

func BenchmarkUnicodeSheet(b *testing.B) { benchmark(b, "NFD", "Times New Roman") }
func BenchmarkTCVN3Sheet(b *testing.B)   { benchmark(b, "TCVN3", ".VnTime") }

// benchmark decides and decodes 500 cells.
func benchmark(b *testing.B, how, font string) {
	var cells []string
	for len(cells) < 500 {
		for _, v := range vectors(b) {
			if v.how == how {
				s := v.found
				if how == "NFD" {
					s = v.want
				}
				cells = append(cells, s)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		var d Decider
		for _, c := range cells[:500] {
			d.Add(c, font)
		}
		for _, c := range cells[:500] {
			d.Decode(c, font)
		}
	}
}
