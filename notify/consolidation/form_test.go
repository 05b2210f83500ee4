package consolidation

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/config/builtin"
	"dondoc/intake/finding"
	"dondoc/intake/form"
	"dondoc/schedule/standing"
)

var (
	zone = time.FixedZone("+07", 7*3600)
	asOf = time.Date(2022, 10, 21, 16, 0, 0, 0, zone)
)

// builtinForm is letter 624's form and what the program understands of it.
func builtinForm(t testing.TB) ([]byte, finding.Form) {
	t.Helper()
	blank, err := builtin.Form()
	if err != nil {
		t.Fatal(err)
	}
	return blank, described(t, blank)
}

func described(t testing.TB, blank []byte) finding.Form {
	t.Helper()
	compiled, err := form.Compile(blank)
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Description()
}

// campaign has n units in the three groups, two of which share a dossier.
func campaign(blank []byte, n int) *config.Campaign {
	c := &config.Campaign{
		ID: "DVK-2022", Location: zone, Form: blank, CutOff: "15/10/2022",
		Letter: config.Letter{
			Name:   config.Text{VI: "Công văn số 624-CV/BDVTU ngày 03/10/2022", EN: "Letter 624-CV/BDVTU of 3 October 2022"},
			Title:  config.Text{VI: "V/v báo cáo kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022"},
			Short:  config.Text{VI: "báo cáo “Dân vận khéo” năm 2022", EN: "“Dân vận khéo” report 2022"},
			Issuer: config.Text{VI: "Ban Dân vận Tỉnh ủy"},
		},
	}
	groups := []string{"Các cơ quan chuyên trách tham mưu giúp việc Tỉnh ủy", "Các sở, ban, ngành tỉnh", "Các huyện, thị, thành ủy"}
	for i, name := range groups {
		c.Categories = append(c.Categories, config.Category{Code: fmt.Sprintf("nhom-%d", i+1), Name: config.Text{VI: name}})
	}
	for i := range n {
		c.Units = append(c.Units, config.Unit{
			Code: fmt.Sprintf("DV-%03d", i+1), Category: fmt.Sprintf("nhom-%d", i*3/n+1), Order: i + 1,
			Name: fmt.Sprintf("Ban Quản lý Khu kinh tế và các Khu công nghiệp số %d", i+1), Active: true,
			Obligation: config.Obligation{Report: true, Appendix: true, Models: 1},
		})
	}
	if n >= 2 {
		c.Units[0].DupGroup, c.Units[1].DupGroup = "nhom", "nhom"
	}
	return c
}

// filled is an accepted appendix of the unit whose number inputs hold value(i).
func filled(f finding.Form, unit string, value func(i int) any) finding.Part {
	p := finding.Part{
		Name: "Phu luc so lieu - " + unit + ".xlsx", Kind: finding.Appendix, Verdict: finding.Accepted,
		SHA256: fmt.Sprintf("%064x", len(unit)*7919+int(unit[len(unit)-1])), Values: map[string]any{}, Places: map[string]string{}, Problems: []finding.Problem{},
	}
	p.Path = p.Name
	i := 0
	for _, in := range f.Inputs {
		p.Places[in.Name] = in.Sheet + "!" + in.Cell
		if in.Number() {
			p.Values[in.Name] = value(i)
			i++
		}
	}
	return p
}

func mail(id, unit string, received time.Time, claimed bool, parts ...finding.Part) *finding.Verdict {
	return &finding.Verdict{
		ID: id, Verdict: finding.Filed, Class: finding.ClassReport, Unit: &unit, Received: received, Decided: received,
		From: "vanthu@" + unit + ".example", Claimed: claimed, Parts: parts,
	}
}

// whole is a campaign in which most units have answered.
func whole(t testing.TB, units int, seed uint64) Input {
	blank, f := builtinForm(t)
	c := campaign(blank, units)
	return Input{Campaign: c, Form: f, Table: standing.Fold(c, answers(c, f, seed), asOf), Now: asOf, Lang: "vi"}
}

// factsOf are the facts of whole.
func factsOf(t testing.TB, units int, seed uint64) standing.Facts {
	blank, f := builtinForm(t)
	return answers(campaign(blank, units), f, seed)
}

func answers(c *config.Campaign, f finding.Form, seed uint64) standing.Facts {
	r := rand.New(rand.NewPCG(seed, 0))
	var facts standing.Facts
	for i, u := range c.Units {
		if i == 1 || i%9 == 8 {
			continue
		}
		p := filled(f, u.Code, func(int) any { return float64(r.IntN(60)) })
		p.Values["DVK_MH[1].Tên mô hình, điển hình"] = fmt.Sprintf("Tổ liên gia tự quản về an ninh trật tự, mô hình số %d", i+1)
		p.Values["DVK_MH[1].Lĩnh vực"] = "Quốc phòng - an ninh"
		p.Values["DVK_MH[1].Tập thể/Cá nhân"] = "Tập thể"
		p.Values["DVK_MH[1].Địa chỉ (xã, thôn, cơ quan)"] = "Thôn An Bình, xã Bình Châu"
		p.Values["DVK_MH[1].Cấp công nhận"] = "Cấp huyện"
		p.Values["DVK_MH[1].Số, ngày văn bản công nhận"] = "QĐ số 125/QĐ-UBND ngày 12/5/2022"
		p.Values["DVK_MH[1].Tên tệp Word"] = "Mo hinh 1.docx"
		p.Values["DVK_MH[1].Điện thoại đầu mối"] = "0255.000.0001"
		p.Places["DVK_MH[1].Tên mô hình, điển hình"] = "Danh mục mô hình!B5"
		switch i % 9 {
		case 4:
			p.Verdict = finding.NeedsFix
			p.Values["DVK_B2_21_DK_TT"] = nil
			p.Problems = []finding.Problem{{Code: "C03", Severity: finding.MustFix, Inputs: []string{"DVK_B2_21_DK_TT", "DVK_B1_11_TT"}}}
		case 5:
			p.Verdict = finding.AcceptedWithNotes
			p.Problems = []finding.Problem{{Code: "C04", Severity: finding.FixOrExplain, Explain: "có lý do", Inputs: []string{"DVK_B2_22_XD_TT"}}}
		}
		facts.Mails = append(facts.Mails, mail(fmt.Sprintf("A%04d-QXA2P", i), u.Code, time.Date(2022, 10, 10+i%11, 9, 30, 0, 0, zone), i%9 == 6, p))
	}
	return facts
}
