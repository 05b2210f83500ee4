package consolidation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// TestStatus: a row a unit with what there is to know of it, and a row a call.
func TestStatus(t *testing.T) {
	in := whole(t, 12, 1)
	in.Campaign.Parts = map[string]config.PartWords{
		finding.Report:   {Name: config.Text{VI: "Báo cáo kết quả", EN: "Report"}},
		finding.Appendix: {Name: config.Text{VI: "Phụ lục số liệu", EN: "Data annex"}},
		finding.Model:    {Brief: config.Text{VI: "mô hình", EN: "models"}},
	}
	in.Campaign.Units[1].Name, in.Campaign.Units[1].Phone = "=1+1", "0255.000.0059"
	late := in.Table.Units["DV-002"]
	late.State, late.Missing, late.Deadline = standing.Partial, []string{"appendix", "model:2"}, time.Date(2022, 10, 26, 0, 0, 0, 0, zone)
	late.Extended, late.Paused, late.Addresses = true, true, []string{"vt@dv2.example"}
	late.HeldMails, late.Promise = []string{"7K3M5-QXA2P"}, time.Date(2022, 10, 18, 0, 0, 0, 0, zone)
	data, err := Status(in, []Call{{Unit: "DV-002", Reminded: asOf, Why: "chưa gửi; đang tạm dừng nhắc"}, {Unit: "NOBODY"}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Tình hình", "Cần gọi"}) {
		t.Fatalf("%q", got)
	}
	all, _ := f.GetRows("Tình hình")
	if len(all) != 3+12 {
		t.Fatalf("%d rows", len(all))
	}
	for _, c := range []struct{ sentence, got, want string }{
		{"a name is text, whatever it begins with", all[4][2], "=1+1"},
		{"the state in words", all[4][4], "Còn thiếu"},
		{"what is missing, models counted", all[4][5], "Phụ lục số liệu; 02 mô hình"},
		{"the last day in time, not the first late one", all[4][6], "25/10/2022"},
		{"what else there is to know", all[4][9], "báo cáo chung với DV-001; 1 thư chờ người xem: 7K3M5-QXA2P; thư không đến được; đang tạm dừng nhắc; đã gia hạn; hẹn gửi ngày 18/10"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, not %q", c.sentence, c.got, c.want)
		}
	}
	calls, _ := f.GetRows("Cần gọi")
	if len(calls) != 4 || calls[3][2] != "0255.000.0059" || calls[3][3] != "chưa gửi; đang tạm dừng nhắc" || calls[3][4] != "vt@dv2.example" || calls[3][7] != "21/10/2022 16:00" {
		t.Errorf("%q", calls)
	}
	if text, _ := f.GetCellFormula("Tình hình", "C5"); text != "" {
		t.Errorf("a name computes %s", text)
	}
}

// TestStatusInEnglish has no Vietnamese word of ours.
func TestStatusInEnglish(t *testing.T) {
	in := rivers(t)
	data, err := Status(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range open(t, data).sheets {
		for at, c := range s.cells {
			if strings.ContainsAny(strings.ToLower(name+c.value), "ạảãáàâấầẩẫậăắằẳẵặđơớờởỡợưứừửữự") {
				t.Errorf("%s!%s: %s", name, at, c.value)
			}
		}
	}
}
