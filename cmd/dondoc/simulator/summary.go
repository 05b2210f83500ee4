package simulator

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Summary writes what was played and how it compared, for people.
func (w *World) Summary(out io.Writer, r Result, lang string) {
	say := func(vi, en string, args ...any) {
		if lang == "en" {
			vi = en
		}
		fmt.Fprintf(out, vi+"\n", args...)
	}
	say("\nĐơn vị theo cách gửi (%d đơn vị, %d báo cáo):", "\nUnits by what they did (%d units, %d dossiers):", len(w.config.Units), len(w.parties))
	for _, known := range roles {
		var codes []string
		for _, p := range w.parties {
			if p.role == known.role {
				codes = append(codes, p.lead().Code)
			}
		}
		name := string(known.role)
		if lang == "en" {
			name = known.en
		}
		if len(codes) > 0 {
			fmt.Fprintf(out, "  %2d  %-32s %s\n", len(codes), name, strings.Join(codes, " "))
		}
	}
	say("Thư có tệp, theo cách làm tệp:", "Mails with files, by how the files were made:")
	for _, way := range manners {
		if n := w.dressed[way.en]; n > 0 {
			name := way.vi
			if lang == "en" {
				name = way.en
			}
			fmt.Fprintf(out, "  %3d  %s\n", n, name)
		}
	}
	say("Thư đơn vị gửi đến: %d. Thư đã đến hộp thư các nơi:", "Mails that units sent: %d. Letters that arrived:", r.Mails)
	for _, kind := range slices.Sorted(maps.Keys(r.Letters)) {
		fmt.Fprintf(out, "  %3d  %s\n", r.Letters[kind], kind)
	}
	w.tellDeeds(say, lang)
	say("Trạng thái thật: %d đủ, %d chờ sửa, %d còn thiếu, %d chưa gửi gì.", "As they really stand: %d complete, %d to be fixed, %d incomplete, %d nothing yet.",
		r.States["complete"], r.States["fixing"], r.States["partial"], r.States["none"])
	total := func(prefix, middle string) (n float64) {
		for name, v := range r.Sums {
			if strings.HasPrefix(name, prefix) && strings.Contains(name, middle) {
				n += v
			}
		}
		return n
	}
	say("Số liệu thật: đăng ký %v, xây dựng %v, nhân rộng %v, công nhận %v.", "As really counted: registered %v, built %v, multiplied %v, recognised %v.",
		total("DVK_B1", ""), total("DVK_B2", "_XD_"), total("DVK_B3", "_NR"), total("DVK_B3", "_CNH"))
	if len(r.Differences) == 0 {
		say("Đã đối chiếu %d điều với những gì các đơn vị thực sự đã làm: khớp hết.", "Compared %d things with what the units really did: all agree.", r.Checks)
		return
	}
	say("Đã đối chiếu %d điều với những gì các đơn vị thực sự đã làm: %d điều KHÔNG khớp:", "Compared %d things with what the units really did: %d DIFFER:", r.Checks, len(r.Differences))
	for _, d := range r.Differences {
		fmt.Fprintln(out, "  - "+d.In(lang))
	}
}
