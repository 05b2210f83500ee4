package consolidation

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// What the tables are about follows from the form's own formulas.
func TestSubjects(t *testing.T) {
	for _, test := range []struct {
		sentence string
		in       Input
		want     []string // title, then labels of rows and columns
	}{
		{"letter 624's form has four: its third table holds two that no formula binds", whole(t, 12, 1), []string{
			"Số mô hình, điển hình “Dân vận khéo” đã đăng ký năm 2022, theo cấp đăng ký (Biểu 1): Cấp tỉnh, Cấp huyện, Cấp cơ sở, Tổng cộng | Tập thể, Cá nhân, Tổng số",
			"Số mô hình, điển hình “Dân vận khéo” đã được xây dựng năm 2022 so với số đăng ký, theo lĩnh vực (Biểu 2): Kinh tế, Văn hóa - xã hội, Quốc phòng - an ninh, Xây dựng hệ thống chính trị, Tổng cộng | " +
				"Số đăng ký - Tập thể, Số đăng ký - Cá nhân, Số đăng ký - Tổng số, Số đã được xây dựng - Tập thể, Số đã được xây dựng - Cá nhân, Số đã được xây dựng - Tổng số, Tỷ lệ xây dựng so với đăng ký (%)",
			"Số mô hình đã được nhân rộng (Biểu 3): Cấp tỉnh, Cấp huyện, Cấp cơ sở, Tổng cộng | Số mô hình đã được nhân rộng",
			"Số mô hình đã được công nhận trong năm 2022 (Biểu 3): Cấp tỉnh, Cấp huyện, Cấp cơ sở, Tổng cộng | Số mô hình đã được công nhận trong năm 2022",
		}},
		{"another's form has two: what is charged goes with what was taken", rivers(t), []string{
			"Cubic metres; Charge (Table 1): North, South, Total | Cubic metres, Charge",
			"Gauges (Table 1): North, South, Total | Gauges",
		}},
		{"a total that came alone has a line of its own before the totals", withLoneTotals(t), []string{
			"", "", "",
			"Số mô hình đã được công nhận trong năm 2022 (Biểu 3): Cấp tỉnh, Cấp huyện, Cấp cơ sở, Chưa chia theo dòng, Tổng cộng | Số mô hình đã được công nhận trong năm 2022",
		}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			subjects := subjectsOf(t, test.in)
			if len(subjects) != len(test.want) {
				t.Fatalf("%d subjects, not %d", len(subjects), len(test.want))
			}
			labels := func(lines []line) string {
				var words []string
				for _, l := range lines {
					words = append(words, l.label)
				}
				return strings.Join(words, ", ")
			}
			for i, s := range subjects {
				got := s.title + ": " + labels(s.rows) + " | " + labels(s.columns)
				if test.want[i] != "" && got != test.want[i] {
					t.Errorf("%s\nwant\n%s", got, test.want[i])
				}
			}
		})
	}
}

// Groups come first and add up to the straight sum, which is named so.
func TestSubjectsByGroup(t *testing.T) {
	in := whole(t, 70, 1)
	s, totals := open(t, workbook(t, in)).sheets["TH-1"], Total(in)
	sum := 0.0
	for line := 5; line < 8; line++ {
		v, _ := s.cells[ref(3, line)].number()
		sum += v
	}
	all := s.cells[ref(3, 8)]
	if v, _ := all.number(); v != totals.Sum["DVK_B1_11_TT"] || v != sum || !strings.HasPrefix(all.formula, "'TH-5'!") || s.cells["A8"].value != "Cộng thẳng tất cả" {
		t.Errorf("%q is %s (%s), of groups %v, not %v", s.cells["A8"].value, all.value, all.formula, sum, totals.Sum["DVK_B1_11_TT"])
	}
	rates := 0
	for _, c := range open(t, workbook(t, in)).sheets["TH-2"].cells {
		if strings.Contains(c.formula, "ROUND(N(") {
			rates++
		}
	}
	if rates != 4*5 {
		t.Errorf("%d rates are the form's own formula, not 20", rates)
	}
}

// A total without its rows is in the straight total and in none of the rows.
func TestTotalsAlone(t *testing.T) {
	in := withLoneTotals(t)
	totals, rows, alone := Total(in), 0.0, 0.0
	for i := range in.Campaign.Units {
		if i != 1 && i%3 == 2 {
			alone += float64(100 + i)
		}
	}
	for _, row := range []string{"31", "32", "33"} {
		rows += totals.Sum["DVK_B3_"+row+"_CNH"]
	}
	if totals.Sum["DVK_B3_30_CNH"] != alone || alone == 0 || rows == 0 {
		t.Fatalf("alone %v, not %v; rows %v", totals.Sum["DVK_B3_30_CNH"], alone, rows)
	}
	book := open(t, workbook(t, in))
	for _, test := range []struct{ sentence, sheet, cell string }{
		{"the form says so", "Phụ lục số liệu", "E32"},
		{"the table by group says so", "TH-4", "G7"},
	} {
		if v, _ := book.sheets[test.sheet].cells[test.cell].number(); v != rows+alone {
			t.Errorf("%s: %s!%s is %v, not %v", test.sentence, test.sheet, test.cell, v, rows+alone)
		}
	}
	if note := book.sheets["Ghi chú"].find("Chỉ ghi tổng, chưa chia theo dòng: 4"); note == "" {
		t.Error("the notes do not name the units")
	}
}

func TestTranslate(t *testing.T) {
	to := func(sheet string, column, row int) (string, bool) {
		switch {
		case sheet == "Rates":
			return "", true
		case sheet == "F" && column <= 5 && row <= 20:
			return ref(row, column), true // rows become columns
		}
		return "", false
	}
	names := map[string]string{"TWO": "F!$B$2", "FAR": "F!$Z$99", "RATE": "=Rates!$B$1"}
	for _, test := range []struct{ sentence, formula, want string }{
		{"a cell", "C5*2", "E3*2"},
		{"a text is left alone", `IF(C5=0,"C5",C5)`, `IF(E3=0,"C5",E3)`},
		{"an area that is turned", "SUM(B2:B4)", "SUM(B2,C2,D2)"},
		{"an area that is scattered", "SUM(B2:C3)", "SUM(B2,B3,C2,C3)"},
		{"a scattered area that its function cannot take as a list", "COUNTIF(B2:C3,1)", ""},
		{"a constant of another sheet", "C5*Rates!B1", "E3*'Rates'!B1"},
		{"names", "TWO*RATE", "B2*'Rates'!B1"},
		{"a name of what is not there", "FAR+1", ""},
		{"what is not there", "AA1", ""},
		{"a table reference", "SUM(T[Depth])", ""},
		{"dollars", "$C$5+C$5", "E3+E3"},
		{"numbers and truth", "IF(TRUE,1.5E3,C5)", "IF(TRUE,1.5E3,E3)"},
		{"a quotation mark in a text", `C5&"a ""C5"" b"`, `E3&"a ""C5"" b"`},
		{"half a text", `"abc`, ""},
		{"half a call", "SUM(C5", ""},
	} {
		got, ok := translate(test.formula, "F", names, to)
		if !ok {
			got = ""
		}
		if got != test.want {
			t.Errorf("%s: %s becomes %q, not %q", test.sentence, test.formula, got, test.want)
		}
	}
}

func FuzzTranslate(f *testing.F) {
	for _, s := range []string{`IF(COUNT(D11:E11)=0,"",SUM(D11:E11))`, "'a''b'!A1:B2", `"`, "$", "A1:", "_x!B2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, formula string) {
		translate(formula, "F", nil, func(string, int, int) (string, bool) { return "A1", true })
	})
}

// A resubmission changes exactly the sums that hold the changed cells.
func TestCompare(t *testing.T) {
	blank, f := builtinForm(t)
	c := campaign(blank, 12)
	early, later := time.Date(2022, 10, 12, 9, 30, 0, 0, zone), time.Date(2022, 10, 14, 9, 30, 0, 0, zone)
	first := filled(f, "DV-003", func(k int) any { return float64(k) })
	again := filled(f, "DV-003", func(k int) any { return float64(k) })
	again.SHA256 = strings.Repeat("a", 64)
	again.Values["DVK_B1_11_TT"], again.Values["DVK_B2_21_DK_TT"], again.Values["DVK_B3_31_NR"] = 10.0, nil, 99.0
	again.Places["DVK_B1_11_TT"] = "Sheet1!D12"
	wrong := filled(f, "DV-005", func(int) any { return 2.0 })
	wrong.SHA256, wrong.Verdict = strings.Repeat("b", 64), finding.NeedsFix
	wrong.Problems = []finding.Problem{{Code: "C03", Severity: finding.MustFix, Inputs: []string{"DVK_B1_11_TT"}}}
	facts := standing.Facts{Mails: []*finding.Verdict{
		mail("A1", "DV-003", early, false, first), mail("A2", "DV-005", early, false, filled(f, "DV-005", func(int) any { return 1.0 })),
		mail("A3", "DV-006", early, false, filled(f, "DV-006", func(int) any { return 3.0 })),
		mail("B1", "DV-003", later, false, again), mail("B2", "DV-004", later, false, filled(f, "DV-004", func(int) any { return 5.0 })), mail("B3", "DV-005", later, false, wrong),
	}}
	in := Input{Campaign: c, Form: f, Table: standing.Fold(c, facts, asOf), Now: asOf, Lang: "vi", Since: standing.Fold(c, facts, early.Add(time.Hour))}
	got := Compare(in)
	var cells []string
	show := func(v *float64) string {
		if v == nil {
			return "blank"
		}
		return fmt.Sprint(*v)
	}
	for _, x := range got.Cells {
		cells = append(cells, fmt.Sprintf("%s %s %s→%s v%d→%d %s", x.Unit, x.Input, show(x.From), show(x.To), x.Before.Version, x.After.Version, x.After.Cell))
	}
	want := []string{
		"DV-003 DVK_B1_11_TT 0→10 v1→2 Sheet1!D12",
		"DV-003 DVK_B2_21_DK_TT 6→blank v1→2 Phụ lục số liệu!D20",
		"DV-003 DVK_B3_31_NR 22→99 v1→2 Phụ lục số liệu!D29",
	}
	if !slices.Equal(cells, want) {
		t.Errorf("%q\nwant\n%q", cells, want)
	}
	if len(got.In) != 1 || got.In[0].Unit != "DV-004" || got.In[0].From != "Chưa có" || got.In[0].To != "Có" ||
		len(got.Out) != 1 || got.Out[0].Unit != "DV-005" || got.Out[0].To != "Chờ sửa" {
		t.Errorf("in %+v, out %+v", got.In, got.Out)
	}
	before, after := Total(Input{Campaign: c, Form: f, Table: in.Since}), Total(in)
	effects := map[string]Effect{}
	for _, e := range got.Effects {
		effects[e.Input] = e
		if !e.adds() {
			t.Errorf("%+v is more than its parts", e)
		}
	}
	for _, input := range f.Inputs {
		if !input.Number() {
			continue
		}
		e := effects[input.Name]
		if math.Abs(e.By-(after.Sum[input.Name]-before.Sum[input.Name])) > 1e-9 || e.Entered != 5 || e.Left != -1 {
			t.Errorf("%s: %+v", input.Name, e)
		}
		changed := map[string]float64{"DVK_B1_11_TT": 10, "DVK_B2_21_DK_TT": -6, "DVK_B3_31_NR": 77}[input.Name]
		if e.Changed != changed {
			t.Errorf("%s: changed by %v, not %v", input.Name, e.Changed, changed)
		}
	}
	in.Since = in.Table
	if same := Compare(in); len(same.Cells)+len(same.In)+len(same.Out)+len(same.Effects) > 0 {
		t.Errorf("between a moment and itself: %+v", same)
	}
	s := open(t, workbook(t, in)).sheets["Thay đổi"]
	if s == nil || s.find("Không có tổng nào thay đổi.") == "" {
		t.Error("the workbook does not say that nothing changed")
	}
}

func TestSubmission(t *testing.T) {
	in := whole(t, 12, 1)
	c := in.Campaign
	c.Deadline.Before, c.Deadline.GraceUntil = time.Date(2022, 10, 20, 0, 0, 0, 0, zone), time.Date(2022, 10, 21, 0, 0, 0, 0, zone)
	for i := range c.Units {
		c.Units[i].Obligation.Report, c.Units[i].Obligation.Models = false, 0
	}
	p := func(unit string) finding.Part { return filled(in.Form, unit, func(int) any { return 1.0 }) }
	at := func(d, hour int) time.Time { return time.Date(2022, 10, d, hour, 0, 0, 0, zone) }
	facts := standing.Facts{
		Mails: []*finding.Verdict{mail("A1", "DV-003", at(19, 23), false, p("DV-003")), mail("A2", "DV-004", at(20, 9), false, p("DV-004")),
			mail("A3", "DV-005", at(21, 1), false, p("DV-005")), mail("A4", "DV-006", at(12, 9), true, p("DV-006"))},
		Decisions: []standing.Decision{
			{ID: "E", At: at(12, 1), Kind: standing.Extend, Units: []string{"DV-007"}, Until: at(26, 0)},
			{ID: "X", At: at(12, 1), Kind: standing.Exempt, Units: []string{"DV-008"}, Part: finding.Appendix},
			{ID: "R", At: at(12, 1), Kind: standing.ReceivedOut, Units: []string{"DV-009"}, Part: finding.Appendix, Via: "giay", Ref: "=55/BC", Date: at(12, 0)},
		},
	}
	in.Table, in.Decisions = standing.Fold(c, facts, asOf), facts.Decisions
	in.Table.Units["DV-003"].CorrectedBy, in.Table.Units["DV-004"].ForNow = "A9", []string{finding.Appendix}
	units := open(t, workbook(t, in)).sheets["TH-5"]
	for _, words := range []string{"đang đính chính", "bản tạm", "nhận ngoài hộp thư"} {
		if units.find(words) == "" {
			t.Errorf("no unit is marked %q", words)
		}
	}
	s := open(t, workbook(t, in)).sheets["Tóm tắt"]
	line := strings.TrimPrefix(s.find("Tất cả"), "A")
	for i, test := range []struct{ sentence, want string }{
		{"units", "12"}, {"on time, two of them from outside or unconfirmed", "3"}, {"in the day of grace", "1"}, {"late", "1"}, {"incomplete", "0"},
		{"nothing yet", "6"}, {"exempt", "1"}, {"extended", "1"}, {"received outside the mailbox", "1"}, {"unconfirmed", "1"},
	} {
		if got := s.cells[letters(2+i)+line].value; got != test.want {
			t.Errorf("%s: %s, not %s", test.sentence, got, test.want)
		}
	}
	out := open(t, workbook(t, in)).sheets["Tình hình nộp"]
	for _, words := range []string{"Trong ngày 20/10", "đến hết 25/10/2022", ": bản giấy =55/BC", "chờ xác nhận"} {
		if out.find(words) == "" {
			t.Errorf("nothing says %q", words)
		}
	}
}
