package simulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// roster is as many units as the campaign has, of its groups.
func roster(n int) []Unit {
	var all []Unit
	for i := range n {
		u := Unit{Code: fmt.Sprintf("S-%02d", i), Name: fmt.Sprintf("Sở %d", i), Category: "so-ban-nganh", Emails: []string{fmt.Sprintf("vanthu@s%d.example", i)}, Models: 1, AutoRemind: true}
		switch {
		case i == 0:
			u.Code, u.Relay, u.AutoRemind = relay, true, false
		case i <= 3:
			u.Code, u.Category, u.District, u.Models = storm[i-1], "huyen-thi-thanh-uy", "Huyện "+storm[i-1], 2
		case i <= 12:
			u.Code, u.Category, u.District, u.Models = fmt.Sprintf("HU-%02d", i), "huyen-thi-thanh-uy", fmt.Sprintf("Huyện %d", i), 2
		case i == 13, i == 14:
			u.DupGroup, u.Models = "DUP-1", i-12
		}
		all = append(all, u)
	}
	return all
}

func played(seed uint64, n int) *World {
	return New(Config{Seed: seed, Units: roster(n), From: day(3, 0, 0, 0), To: day(27, 0, 0, 0), Refuse: func(string) {}, Return: func(string) {}})
}

func TestEveryRoleIsPlayedByThree(t *testing.T) {
	for seed := range uint64(50) {
		count := map[role]int{}
		for _, p := range played(seed, 70).parties {
			count[p.role]++
		}
		for _, r := range roles {
			if count[r.role] < 3 {
				t.Errorf("seed %d: %d units play %q", seed, count[r.role], r.role)
			}
		}
	}
}

func TestTheSameSeedPlaysTheSame(t *testing.T) {
	plan := func(seed uint64) string {
		w := played(seed, 70)
		slices.SortFunc(w.queue, func(a, b event) int { return a.turn - b.turn })
		var all []string
		for _, p := range w.parties {
			all = append(all, fmt.Sprint(p.lead().Code, p.role, p.figures))
		}
		for _, e := range w.queue {
			all = append(all, e.at.Format(time.RFC3339))
		}
		return strings.Join(all, "\n")
	}
	first, again, other := plan(7), plan(7), plan(8)
	if first != again {
		t.Error("twice the same seed, and not the same play")
	}
	if first == other {
		t.Error("another seed plays the same")
	}
}

func TestFiguresAgreeWithOneAnother(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		for _, category := range []string{"so-ban-nganh", "huyen-thi-thanh-uy"} {
			f := count(r, category)
			for _, f := range []figures{f, change(r, f)} {
				sum := func(names ...string) (n float64) {
					for _, name := range names {
						n += f[name]
					}
					return n
				}
				for _, k := range []string{"TT", "CN"} {
					level := sum("DVK_B1_11_"+k, "DVK_B1_12_"+k, "DVK_B1_13_"+k)
					field := sum("DVK_B2_21_DK_"+k, "DVK_B2_22_DK_"+k, "DVK_B2_23_DK_"+k, "DVK_B2_24_DK_"+k)
					if level != field {
						t.Errorf("seed %d: %v registered by level, %v by field", seed, level, field)
					}
				}
				built, recognised := 0.0, sum("DVK_B3_31_CNH", "DVK_B3_32_CNH", "DVK_B3_33_CNH")
				for row := 21; row <= 24; row++ {
					for _, k := range []string{"TT", "CN"} {
						xd, dk := f[fmt.Sprintf("DVK_B2_%d_XD_%s", row, k)], f[fmt.Sprintf("DVK_B2_%d_DK_%s", row, k)]
						built += xd
						if xd > dk || xd < 0 {
							t.Errorf("seed %d: %v built of %v registered", seed, xd, dk)
						}
					}
				}
				if recognised > built {
					t.Errorf("seed %d: %v recognised of %v built", seed, recognised, built)
				}
				if len(f) != len(Inputs()) {
					t.Errorf("%d figures for %d inputs", len(f), len(Inputs()))
				}
			}
		}
	}
}

func TestStanding(t *testing.T) {
	f := figures{"DVK_B1_11_TT": 1}
	appendix := content{appendix: true, figures: f}
	wrongOne := content{appendix: true, figures: f, faults: []fault{{name: "DVK_B1_11_TT", value: "khoảng 30"}}}
	rest := content{report: true, models: true}
	mail := &sending{}
	for _, row := range []struct {
		sentence   string
		gifts      []*gift
		own        time.Time
		at         time.Time
		state      string
		timeliness string
		owes       bool
	}{
		{"who gave nothing owes all", nil, time.Time{}, day(20, 0, 0, 0), "none", "", true},
		{"what comes later has not come", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}}, time.Time{}, day(12, 8, 0, 0), "none", "", true},
		{"part of it is partial", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}}, time.Time{}, day(13, 0, 0, 0), "partial", "", true},
		{"all of it by the 19th is on time", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(19, 23, 59, 59), mail: mail, content: appendix}}, time.Time{}, day(26, 0, 0, 0), "complete", "on_time", false},
		{"on the 20th it is in grace", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(20, 0, 0, 0), mail: mail, content: appendix}}, time.Time{}, day(26, 0, 0, 0), "complete", "grace", false},
		{"on the 21st it is late", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(21, 0, 0, 0), mail: mail, content: appendix}}, time.Time{}, day(26, 0, 0, 0), "complete", "late", false},
		{"after an extension there is no grace", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(25, 0, 0, 0), mail: mail, content: appendix}}, day(25, 0, 0, 0), day(26, 0, 0, 0), "complete", "late", false},
		{"a wrong cell is to be mended, and was on time", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(13, 0, 0, 0), mail: mail, content: wrongOne}}, time.Time{}, day(26, 0, 0, 0), "fixing", "on_time", true},
		{"mended after the deadline it was on time all the same", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest}, {at: day(13, 0, 0, 0), mail: mail, content: wrongOne}, {at: day(24, 9, 0, 0), mail: mail, content: appendix}}, time.Time{}, day(26, 0, 0, 0), "complete", "on_time", false},
		{"what was set aside is nothing", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest, rejected: true}}, time.Time{}, day(26, 0, 0, 0), "none", "", true},
		{"what lies on the desk is not known yet", []*gift{{at: day(12, 9, 0, 0), mail: mail, content: rest, doubtful: true}}, time.Time{}, day(26, 0, 0, 0), "none", "", false},
		{"what the desk recorded counts from its date", []*gift{{at: day(19, 0, 0, 0), known: day(21, 8, 30, 0), outside: true, content: content{report: true, appendix: true, models: true}}}, time.Time{}, day(26, 0, 0, 0), "complete", "on_time", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p := &party{models: 2, members: []*member{{}}, truth: truth{gifts: row.gifts}}
			if !row.own.IsZero() {
				p.prolonged = []prolonged{{until: row.own}}
			}
			s := p.known(row.at)
			if got := p.state(s); got != row.state {
				t.Errorf("it is %s, want %s", got, row.state)
			}
			if got := p.timeliness(s, row.at); got != row.timeliness {
				t.Errorf("it was complete %q, want %q", got, row.timeliness)
			}
			if row.state == "none" && len(row.gifts) > 0 && row.gifts[0].doubtful {
				return // given all the same
			}
			if got := p.owes(row.at); got != row.owes {
				t.Errorf("it owes: %v", got)
			}
		})
	}
}

func TestAMailIsReadAsItWasWritten(t *testing.T) {
	d := draft{from: "vanthu@s1.example", fromName: "Sở Nội vụ", to: []string{"tiepnhan@ban.example"}, subject: "Báo cáo \"Dân vận khéo\" năm 2022",
		text: "Kính gửi Ban Dân vận.\n", files: []file{{"Phụ lục.xlsx", []byte("PK\x03\x04")}, {"Bao cao.docx", document([]string{"BÁO CÁO"})}}}
	s, err := parse(d.bytes("1@s1.example", day(12, 9, 30, 0)))
	if err != nil {
		t.Fatal(err)
	}
	if s.id != "1@s1.example" || s.from != d.from || s.subject != d.subject || strings.TrimSpace(s.text) != strings.TrimSpace(d.text) {
		t.Errorf("%+v", s)
	}
	if len(s.files) != 2 || s.files[0].name != "Phụ lục.xlsx" || string(s.files[0].data) != "PK\x03\x04" {
		t.Errorf("%q", s.files)
	}
}
