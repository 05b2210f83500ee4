package consolidation

import (
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/blank"
	"dondoc/schedule/standing"
)

func TestCriterion(t *testing.T) {
	for _, test := range []struct{ sentence, text, want string }{
		{"a plain text is compared as it is", "Các huyện", `"=Các huyện"`},
		{"what would stand for any characters stands for itself", "* ? ~", `"=~* ~? ~~"`},
		{"a quotation mark is doubled", `a "b"`, `"=a ""b"""`},
		{"an operator is text", ">5", `"=>5"`},
	} {
		if got := criterion(test.text); got != test.want {
			t.Errorf("%s: %s, not %s", test.sentence, got, test.want)
		}
	}
}

// riverForm is the form of a made-up committee: other sheets, decimals, two
// lists, narrow columns, and a visible sheet without inputs that formulas of
// the form depend on.
func riverForm(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(f.SetSheetName("Sheet1", "How to fill in"))
	for _, name := range []string{"River's gauges", "Rates", "Stations", "By unit", "_meta"} {
		_, err := f.NewSheet(name)
		do(err)
	}
	set := func(sheet string, cells map[string]any) {
		for at, v := range cells {
			if s, ok := v.(string); ok && len(s) > 1 && s[0] == '=' {
				do(f.SetCellFormula(sheet, at, s[1:]))
				continue
			}
			do(f.SetCellValue(sheet, at, v))
		}
	}
	set("_meta", map[string]any{"A1": "campaign_id", "B1": "RIVERS-7", "A2": "template_version", "B2": "3", "A3": "unit_name"})
	set("How to fill in", map[string]any{"A1": "Please write numbers."})
	set("Rates", map[string]any{"A1": "Rate", "B1": 2.5})
	const gauges = "River's gauges"
	set(gauges, map[string]any{
		"A1": "=_meta!B3", "A3": "Table 1. Water taken", "A4": "River", "B4": "Code", "C4": "Cubic metres", "D4": "Gauges", "E4": "Charge",
		"A5": "North", "B5": "01", "A6": "South", "B6": "02", "A7": "Total", "B7": "10",
		"C7": "=SUM(C5:C6)", "D7": "=SUM(D5:D6)", "E5": "=C5*Rates!B1", "E6": "=C6*Rates!B1", "E7": "=SUM(E5:E6)",
		"A9": "Measured on", "A10": "Remark",
	})
	open, err := f.NewStyle(&excelize.Style{Protection: &excelize.Protection{Locked: false}})
	do(err)
	for at, name := range map[string]string{"C5": "W_NORTH", "C6": "W_SOUTH", "D5": "G_NORTH", "D6": "G_SOUTH", "B9": "MEASURED", "B10": "REMARK"} {
		do(f.SetCellStyle(gauges, at, at, open))
		column, line, err := excelize.SplitCellName(at)
		do(err)
		do(f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: "'River''s gauges'!$" + column + "$" + string(rune('0'+line%10))}))
		if line == 10 {
			do(f.DeleteDefinedName(&excelize.DefinedName{Name: name}))
			do(f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: "'River''s gauges'!$B$10"}))
		}
	}
	validate := func(sheet, area string, kind excelize.DataValidationType, from, to any) {
		v := excelize.NewDataValidation(true)
		v.SetSqref(area)
		do(v.SetRange(from, to, kind, excelize.DataValidationOperatorBetween))
		do(f.AddDataValidation(sheet, v))
	}
	validate(gauges, "C5:C6", excelize.DataValidationTypeDecimal, 0.0, 1e12)
	validate(gauges, "D5:D6", excelize.DataValidationTypeWhole, 0, 9999)
	validate(gauges, "B9", excelize.DataValidationTypeDate, 36526, 55153)
	do(f.SetColWidth(gauges, "C", "D", 5))
	for sheet, name := range map[string]string{"Stations": "ST", "By unit": "BU"} {
		set(sheet, map[string]any{"A1": "No.", "B1": "Name", "C1": "Opened", "D1": "Depth", "A2": 1, "A3": 2})
		do(f.SetCellStyle(sheet, "B2", "D3", open))
		validate(sheet, "C2:C3", excelize.DataValidationTypeDate, 36526, 55153)
		validate(sheet, "D2:D3", excelize.DataValidationTypeDecimal, 0.0, 100.0)
		do(f.AddTable(sheet, &excelize.Table{Range: "A1:D3", Name: name}))
	}
	out, err := f.WriteToBuffer()
	do(err)
	cached, err := blank.Cache(out.Bytes())
	do(err)
	return cached
}

// rivers is that committee's campaign, in English, with units that write what
// they like.
func rivers(t testing.TB) Input {
	form := riverForm(t)
	f := described(t, form)
	c := &config.Campaign{
		ID: "RIVERS-7", Location: time.UTC, Form: form,
		Letter: config.Letter{Name: config.Text{VI: "Letter 7"}, Title: config.Text{VI: "On rivers"}, Short: config.Text{VI: "rivers"}, Issuer: config.Text{VI: "River board"}},
		Categories: []config.Category{
			{Code: "a", Name: config.Text{VI: "Towns"}}, {Code: "b", Name: config.Text{VI: `Towns "by the sea" <all>`}}, {Code: "empty", Name: config.Text{VI: "Nobody"}},
		},
	}
	for _, u := range []config.Unit{
		{Code: "T-1", Category: "a", Name: "=HYPERLINK(\"http://x.example\")"}, {Code: "T-2", Category: "b", Name: "+Town & <two>"}, {Code: "T-3", Category: "b", Name: "@town"},
		{Code: "T-4", Category: "a", Name: "-Town"}, {Code: "T-5", Category: "a", Name: "Town five"},
	} {
		u.Obligation = config.Obligation{Appendix: true}
		c.Units = append(c.Units, u)
	}
	var facts standing.Facts
	for i, code := range []string{"T-1", "T-2", "T-3", "T-4"} {
		p := finding.Part{
			Name: "=cmd|' /C calc'!A0.xlsx", Path: "all.zip/=cmd|' /C calc'!A0.xlsx", Kind: finding.Appendix, Verdict: finding.Accepted, SHA256: code,
			Values: map[string]any{
				"W_NORTH": 1234567890.25, "W_SOUTH": 1000000.0, "G_SOUTH": nil, "G_NORTH": 3.0, "MEASURED": "2022-10-01", "REMARK": "=1+1",
				"ST[1].Name": "=2+5", "ST[1].Opened": "2020-02-29", "ST[1].Depth": 2.5, "ST[2].Name": nil, "ST[3].Name": "@SUM(A1)",
			},
			Places: map[string]string{"W_NORTH": "River's gauges!C6", "W_SOUTH": "River's gauges!C7", "G_NORTH": "=evil!D5", "ST[1].Name": "Stations!B2"},
		}
		if code == "T-3" {
			p.Verdict = finding.NeedsFix
			p.Problems = []finding.Problem{{Code: "N01", Severity: finding.MustFix, Inputs: []string{"G_SOUTH"}}}
		}
		facts.Mails = append(facts.Mails, mail("M"+code, code, asOf.Add(-time.Duration(i+1)*time.Hour), code == "T-4", p))
	}
	return Input{
		Campaign: c, Form: f, Table: standing.Fold(c, facts, asOf), Now: asOf, Lang: "en",
		Path: func(arrival, _ string, p finding.Part) string { return "ho-so/" + arrival + "/" + p.SHA256 },
	}
}
