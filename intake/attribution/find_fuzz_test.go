package attribution

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dondoc/config"
)

// Whatever a text says, Find answers with units of the roster, quotes the text
// itself, and never names two dossiers without doubt; and asking twice gives
// the same answer.
func FuzzFind(f *testing.F) {
	fields := []string{"subject", "filename", "from_name", "cell", "letterhead", "body"}
	for i, test := range nameCases {
		f.Add(test.text, byte(i))
	}
	for _, seed := range []string{
		"", "\x00\xff\xfe", "[HU-BINHSON][S-YT]", "HU\u0300\u0301\u0302\u0303", strings.Repeat("So Y te ", 300), "ＨＵ　Ｍộ Đức",
		"Số: 45/BC-SNV\nCăn cứ 12-CV/VPTU, Sở Y tế báo cáo", "....(((]]]", "HuBINHsonTINH\u00adquangNGAI",
	} {
		f.Add(seed, byte(5))
		f.Add(seed, byte(0))
	}
	m := matcher()
	f.Fuzz(func(t *testing.T, text string, where byte) {
		field := fields[int(where)%len(fields)]
		ev := m.Find(text, field)
		var sure []int
		doubts := 0
		for _, e := range ev {
			at := slices.IndexFunc(m.units, func(u config.Unit) bool { return u.Code == e.Unit })
			switch {
			case e.Unit == "" && !e.Doubt, e.Unit != "" && at < 0:
				t.Fatalf("%q in %s: %+v", text, field, e)
			case e.Kind != field || e.Detail == "" || !utf8.ValidString(e.Detail) && utf8.ValidString(text):
				t.Fatalf("%q in %s: %+v", text, field, e)
			case e.Doubt:
				doubts++
			default:
				sure = append(sure, at)
			}
		}
		s := search{m: m}
		if len(sure) > 0 && (doubts > 0 || !s.sameDossier(sure)) {
			t.Fatalf("%q in %s names several, or in doubt: %+v", text, field, ev)
		}
		if again := m.Find(text, field); !slices.Equal(ev, again) {
			t.Fatalf("%q in %s: %+v, then %+v", text, field, ev, again)
		}
	})
}

// A body of 100 KB is what a clerk's mail with a pasted report has; one of
// names from end to end is what nobody sends.
func BenchmarkFind(b *testing.B) {
	prose := strings.Repeat("Thực hiện Công văn số 624-CV/BDVTU, đơn vị đã triển khai các mô hình tại huyện Sơn Hà và các xã; tổng số xây dựng mới là 27.\n", 800)
	for _, bench := range []struct{ name, text, field string }{
		{"subject", "BC kết quả thực hiện phong trào thi đua Dân vận khéo năm 2022 - Huyện ủy Bình Sơn", "subject"},
		{"subject without a name", "Báo cáo kết quả thực hiện công tác năm 2022", "subject"},
		{"subject with a slip", "BC phong trào thi đua Dân vận khéo năm 2022 - Huyện ủy Bình Sơnn", "subject"},
		{"letterhead", "TỈNH ỦY QUẢNG NGÃI\nHUYỆN ỦY MỘ ĐỨC\n*\nSố: 123-BC/HU\nMộ Đức, ngày 17 tháng 10 năm 2022", "letterhead"},
		{"body of 100 KB", prose[:100<<10], "body"},
		{"names of 100 KB", strings.Repeat("Sở Y tế huyện ủy Bình Sơn ", 5000)[:100<<10], "body"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			m := matcher()
			for b.Loop() {
				m.Find(bench.text, bench.field)
			}
		})
	}
}
