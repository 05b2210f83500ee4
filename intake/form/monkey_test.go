package form

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestManyHandsAtOnce does several things at once to a form, by chance but
// always the same: the figures that are read are the right ones, or a problem
// names them. DONDOC_HANDS says how many forms, where more are wanted.
func TestManyHandsAtOnce(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	maps.DeleteFunc(right, func(name string, v any) bool { _, number := v.(float64); return !number })
	base := unpack(t, data)
	labels := strings.Fields("B9 D9 E9 F9 G9 B11 B12 B13 B17 D17 G17 B20 B21 B22 B23 B27 D27 E27 B29 B30 B31 A8 A16 A26")
	words := []string{"", "VH-XH", "Cấp xã", "Kinh tế", "Tổng cộng", "Khác", "Tập thể", "Cá nhân", "x", "Số đăng ký", "Cấp huyện", "QP-AN", "Ghi chú"}
	hands := []struct {
		name string
		do   func(p *paper, r *rand.Rand)
	}{
		{"insert row", func(p *paper, r *rand.Rand) { p.insertRows(annex, 1+r.IntN(34), 1+r.IntN(2)) }},
		{"insert column", func(p *paper, r *rand.Rand) { p.insertColumn(annex, 1+r.IntN(12)) }},
		{"exchange columns", func(p *paper, r *rand.Rand) {
			c := [][4]int{{4, 5, 9, 14}, {4, 5, 18, 24}, {7, 8, 18, 24}, {4, 5, 27, 32}}[r.IntN(4)]
			p.swap(annex, c[0], c[1], c[2], c[3])
		}},
		{"exchange rows", func(p *paper, r *rand.Rand) {
			a := [][2]int{{11, 12}, {20, 23}, {21, 22}, {29, 31}}[r.IntN(4)]
			p.move(annex, func(c, row int) (int, int, bool) {
				switch row {
				case a[0]:
					row = a[1]
				case a[1]:
					row = a[0]
				}
				return c, row, true
			})
		}},
		{"lose names", func(p *paper, r *rand.Rand) {
			for _, n := range slices.Sorted(maps.Keys(p.names)) {
				if r.IntN(3) == 0 {
					delete(p.names, n)
				}
			}
		}},
		{"lose all names", func(p *paper, _ *rand.Rand) { nameless(p) }},
		{"lose codes", func(p *paper, _ *rand.Rand) { uncoded(p) }},
		{"retype a label", func(p *paper, r *rand.Rand) { p.set(annex, labels[r.IntN(len(labels))], words[r.IntN(len(words))]) }},
		{"delete a code", func(p *paper, r *rand.Rand) { p.set(annex, fmt.Sprintf("C%d", 9+r.IntN(24)), nil) }},
		{"TCVN3", func(p *paper, _ *rand.Rand) { inFont(annex, ".VnTime", tcvn)(p) }},
		{"decompose", func(p *paper, _ *rand.Rand) {
			p.texts(annex, func(_ [2]int, k *ink) { k.text = norm.NFD.String(k.text) })
		}},
		{"split", func(p *paper, _ *rand.Rand) { p.leaf(annex).merges = nil }},
		{"rename", func(p *paper, _ *rand.Rand) { p.leaf(annex) }},
		{"lose the hidden sheet", func(p *paper, _ *rand.Rand) {
			if slices.ContainsFunc(p.leaves, func(l *leaf) bool { return l.name == "_meta" }) {
				p.drop("_meta")
			}
		}},
		{"an empty copy", func(p *paper, _ *rand.Rand) {
			for _, k := range p.clone(annex, "Bản "+strconv.Itoa(len(p.leaves))).cells {
				if k.formula == "" {
					k.number = ""
				}
			}
		}},
	}
	n, err := strconv.Atoi(os.Getenv("DONDOC_HANDS"))
	if err != nil {
		n = 60
	}
	taken := 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		p := base.copy()
		var done []string
		for range 1 + r.IntN(4) {
			h := hands[r.IntN(len(hands))]
			h.do(p, r)
			done = append(done, h.name)
		}
		part, ours, err := f.Check(p.pack(), Options{})
		if err != nil {
			t.Fatal(done, err)
		}
		if !ours {
			continue
		}
		maps.DeleteFunc(part.Values, func(name string, _ any) bool { return !has(right, name) }) // words may be gone with their cells
		if s := silent(f, right, part); len(s) > 0 {
			t.Errorf("%d %v: %s; said %v", seed, done, s, said(part))
		}
		if maps.Equal(part.Values, right) {
			taken++
		}
	}
	t.Logf("%d of %d were read whole", taken, n)
}
