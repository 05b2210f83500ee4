package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// ordeal is one way in which things go wrong, and the test of what comes of it.
type ordeal struct {
	name string
	play func(*testing.T)
}

// through plays the ordeals that once found something, and of all others a
// sample; in the long test all of them, and then what is drawn, until the time
// is over.
func (f *faults) through(found, all []ordeal, sample int, drawn func(*rand.Rand) ordeal) {
	rounds := 0
	play := func(some []ordeal) {
		rounds++
		f.Run(fmt.Sprint(rounds), func(t *testing.T) {
			for _, o := range some {
				t.Run(o.name, func(t *testing.T) {
					t.Parallel()
					t.Cleanup(func() {
						f.count(func(n *tally) {
							n.ordeals++
							if t.Failed() {
								n.failed++
							}
						})
					})
					o.play(t)
				})
			}
		})
	}
	f.Logf("%d single points", len(all))
	play(found)
	all = slices.Clone(all)
	rng := f.draw()
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if !f.long() {
		play(all[:min(sample, len(all))])
		return
	}
	n := 0
	for some := range slices.Chunk(all, 8) {
		if !f.goesOn() {
			break
		}
		play(some)
		n += len(some)
	}
	f.Logf("%d of %d single points after %s", n, len(all), time.Since(f.begun).Round(time.Second))
	for drawn != nil && f.goesOn() {
		var some []ordeal
		for range 8 {
			some = append(some, drawn(f.draw()))
		}
		play(some)
	}
}

// settled ends an ordeal, and keeps the world's own ending from saying it again.
func (w *world) settled(f *faults, now time.Time, want map[string]int) {
	w.t.Helper()
	w.overcome(f, now, want)
	w.now = time.Time{}
}

// sentFolder is where copies of letters are put.
const sentFolder = "Đã gửi"

// newMorning is a campaign on the morning of a reminder, and the mails that lie
// in its mailbox. HU-BINHSON has given all, and must not be reminded whatever
// hides its mail; HU-MODUC has given nothing.
func newMorning(t *testing.T) (*world, [][]byte) {
	t.Helper()
	w := newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT", "HU-MODUC")
	if err := w.imap.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:45"), "once")
	return w, [][]byte{
		mail("vanthu@hubinhson.quangngai.example", "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi Ban Dân vận", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")},
			file{"Phu luc so lieu.xlsx", w.filled("HU-BINHSON", 5)}, file{"Mo hinh 1.docx", model("Nước sạch")}, file{"Mo hinh 2.docx", model("Đường hoa")}),
		mail("vanthu@syt.quangngai.example", "Báo cáo Dân vận khéo", "Sở Y tế gửi báo cáo", file{"Bao cao.docx", report("SỞ Y TẾ")}),
		mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."),
		mail("nguoila@mail.example", "Chào hàng", "Mua đi"),
	}
}
