package consolidation

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

func workbook(t testing.TB, in Input) []byte {
	t.Helper()
	out, err := Workbook(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// inputs are the campaigns that every workbook is looked at for.
func inputs(t *testing.T) map[string]Input {
	nobody := whole(t, 12, 2)
	nobody.Table = standing.Fold(nobody.Campaign, standing.Facts{}, asOf)
	unlisted := whole(t, 12, 2)
	unlisted.Campaign.Units, unlisted.Table = nil, &standing.Table{}
	english := whole(t, 12, 3)
	english.Lang = "en"
	return map[string]Input{
		"letter 624":     whole(t, 70, 1),
		"in English":     english,
		"nobody yet":     nobody,
		"an empty list":  unlisted,
		"another's form": rivers(t),
	}
}

func TestSheets(t *testing.T) {
	for _, test := range []struct {
		sentence string
		in       Input
		want     []string // + visible, - hidden
	}{
		{"groups come first, then units, then the form with the straight sum; what is for units is taken out", whole(t, 12, 1),
			[]string{"+Tóm tắt", "+TH-1", "+TH-2", "+TH-3", "+TH-4", "+TH-5", "+Phụ lục số liệu", "-_meta", "+Tình hình nộp", "+Danh mục mô hình", "+Bài giới thiệu", "+Ghi chú", "+Nguồn số liệu"}},
		{"a sheet that the form's figures need stays, hidden, and a name is never taken twice", rivers(t),
			[]string{"+Summary", "+T-1", "+T-2", "+T-3", "+River's gauges", "-Rates", "-_meta", "+Submission", "+Stations", "+By unit", "+Notes", "+Sources"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			book := open(t, workbook(t, test.in))
			var got []string
			for _, name := range book.names {
				if book.states[name] == "" || book.states[name] == "visible" {
					got = append(got, "+"+name)
				} else {
					got = append(got, "-"+name)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, not %q", got, test.want)
			}
			for part, text := range book.parts {
				if strings.HasPrefix(part, "xl/tables/") {
					t.Errorf("%s belongs to no sheet: %.80s", part, text)
				}
			}
		})
	}
}

// What a reader sees that computes nothing is what a program computes.
func TestStoredValuesAreWhatFormulasComeTo(t *testing.T) {
	for name, in := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			out := workbook(t, in)
			book := open(t, out)
			f, err := excelize.OpenReader(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			formulas := 0
			for sheetName, s := range book.sheets {
				for at, c := range s.cells {
					if c.formula == "" {
						continue
					}
					formulas++
					want, err := f.CalcCellValue(sheetName, at, excelize.Options{RawCellValue: true})
					if err != nil {
						t.Errorf("%s!%s %s: %v", sheetName, at, c.formula, err)
						continue
					}
					stored, isNumber := c.number()
					computed, err := strconv.ParseFloat(want, 64)
					switch {
					case err == nil && sheetName != "_meta":
						if !isNumber || math.Abs(stored-computed) > 1e-9*math.Abs(computed) {
							t.Errorf("%s!%s %s: stored %q (t=%q), computed %s", sheetName, at, c.formula, c.value, c.kind, want)
						}
					case err != nil && (c.value != want || c.kind != "str"):
						t.Errorf("%s!%s %s: stored %q (t=%q), computed %q", sheetName, at, c.formula, c.value, c.kind, want)
					}
				}
			}
			if formulas < 5 && name != "an empty list" {
				t.Errorf("only %d formulas", formulas)
			}
		})
	}
}

func TestTheFormHoldsTheSums(t *testing.T) {
	for name, in := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			book, totals := open(t, workbook(t, in)), Total(in)
			for _, input := range in.Form.Inputs {
				if !input.Number() {
					continue
				}
				c := book.sheets[input.Sheet].cells[input.Cell]
				got, isNumber := c.number()
				if want, known := totals.Sum[input.Name]; known != isNumber || got != want || known != strings.Contains(c.formula, "TH-5") && known != strings.Contains(c.formula, "T-") {
					t.Errorf("%s: %q, not %v (known: %v)", input.Name, c.value, want, known)
				}
			}
			coverage := fmt.Sprintf("Cộng thẳng tất cả, %d/%d đơn vị", totals.Units, totals.OfUnits)
			if in.Lang == "en" {
				coverage = fmt.Sprintf("Straight sum of all, %d of %d units", totals.Units, totals.OfUnits)
			}
			if got := book.sheets[in.Form.Inputs[0].Sheet].cells["A1"].value; got != coverage {
				t.Errorf("the unit's name is %q, not %q", got, coverage)
			}
		})
	}
}

// A row a unit, group after group, and every line of sums is right.
func TestByUnit(t *testing.T) {
	in := whole(t, 70, 1)
	book, totals := open(t, workbook(t, in)), Total(in)
	s := book.sheets["TH-5"]
	var codes []string
	sums := map[string]map[string]float64{}
	for line := 6; s.cells[ref(unitNumber, line)].value != ""; line++ {
		if code := s.cells[ref(unitCode, line)].value; code != "" {
			codes = append(codes, code)
			continue
		}
		label := s.cells[ref(unitNumber, line)].value
		sums[label] = map[string]float64{}
		i := 0
		for _, input := range in.Form.Inputs {
			if !input.Number() {
				continue
			}
			c := s.cells[ref(firstFigure+i, line)]
			if v, ok := c.number(); ok {
				sums[label][input.Name] = v
				if !strings.Contains(c.formula, "SUMIFS(") {
					t.Errorf("%s: %q is no sum", ref(firstFigure+i, line), c.formula)
				}
			}
			i++
		}
	}
	for i, u := range in.Campaign.Units {
		if i >= len(codes) || codes[i] != u.Code {
			t.Fatalf("units in the order %v", codes)
		}
	}
	total, groups := sums["Cộng thẳng tất cả, 47/70 đơn vị"], map[string]float64{}
	for label, group := range sums {
		if strings.HasPrefix(label, "Cộng ") && !strings.HasPrefix(label, "Cộng thẳng") {
			for name, v := range group {
				groups[name] += v
			}
		}
	}
	claimed := sums["8 đơn vị chờ xác nhận, tính riêng"]
	if total == nil || claimed == nil || sums["Chờ sửa, không tính vào tổng"] == nil {
		t.Fatalf("lines of sums: %v", sums)
	}
	for name, want := range totals.Sum {
		if total[name] != want || groups[name] != want || claimed[name] != totals.Claimed[name] {
			t.Errorf("%s: %v, by groups %v, claimed %v; not %v and %v", name, total[name], groups[name], claimed[name], want, totals.Claimed[name])
		}
	}
	for _, test := range []struct{ sentence, at, want string }{
		{"a unit whose form another member filed has no figures of its own", ref(firstFigure, 8), ""},
		{"and says whose they are", ref(unitMark, 8), "Báo cáo chung với DV-001"},
		{"a unit that sent nothing is blank, never zero", ref(firstFigure, 15), ""},
		{"and is marked so", ref(unitMark, 15), "Chưa có"},
		{"a claimed filing is marked", ref(unitMark, 13), "Chờ xác nhận"},
		{"one that is to be fixed is marked", ref(unitMark, 11), "Chờ sửa"},
		{"and what could not be read is blank", s.columnOf("DVK_B2_21_DK_TT", in) + "11", ""},
		{"what a unit explained is said", ref(unitMarks, 12), "giải trình 1 ô"},
		{"a group has its name above it", "A6", "Các cơ quan chuyên trách tham mưu giúp việc Tỉnh ủy"},
		{"the heads say the table", ref(firstFigure, 3), "Biểu 1"},
		{"the row", ref(firstFigure, 4), "Cấp tỉnh"},
		{"and the column", ref(firstFigure, 5), "Tập thể"},
	} {
		if got := s.cells[test.at].value; got != test.want {
			t.Errorf("%s: %s is %q, not %q", test.sentence, test.at, got, test.want)
		}
	}
}

// subjectsOf are the tables that a form's figures make.
func subjectsOf(t testing.TB, in Input) []subject {
	t.Helper()
	w := newWriter(in)
	if _, err := w.calculable(); err != nil {
		t.Fatal(err)
	}
	defer w.calc.Close()
	return w.findSubjects()
}

// columnOf finds the column of an input.
func (s *readSheet) columnOf(input string, in Input) string {
	i := 0
	for _, x := range in.Form.Inputs {
		if x.Name == input {
			break
		}
		if x.Number() {
			i++
		}
	}
	return letters(firstFigure + i)
}

// Promise 6: every number has an address.
func TestEveryFigureHasItsAddress(t *testing.T) {
	for name, in := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			book, totals := open(t, workbook(t, in)), Total(in)
			sources, byUnit, yes := "Nguồn số liệu", fmt.Sprintf("TH-%d", len(subjectsOf(t, in))+1), "Có"
			if in.Lang == "en" {
				sources, byUnit, yes = "Sources", fmt.Sprintf("T-%d", len(subjectsOf(t, in))+1), "Yes"
			}
			s := book.sheets[sources]
			column := map[string]string{}
			for c := 1; s.cells[ref(c, 3)].value != ""; c++ {
				column[s.cells[ref(c, 3)].value] = letters(c)
			}
			label := func(input finding.Input) string { return input.Table + "|" + input.Label() }
			sum, figures := map[string]float64{}, 0
			for line := 4; s.cells["A"+strconv.Itoa(line)].value != ""; line++ {
				at := func(vi, en string) readCell {
					head := vi
					if in.Lang == "en" {
						head = en
					}
					return s.cells[column[head]+strconv.Itoa(line)]
				}
				v, ok := at("Giá trị", "Value").number()
				if !ok {
					t.Fatalf("line %d has no number", line)
				}
				unit, sha := at("Mã", "Code").value, at("SHA-256", "SHA-256").value
				var found bool
				for _, c := range in.Table.Units[unit].Counted {
					for _, input := range in.Form.Inputs {
						place, sheet, cell := c.Part.Places[input.Name], at("Sheet", "Sheet").value, at("Ô", "Cell").value
						found = found || c.Part.Values[input.Name] == v && c.Part.SHA256 == sha && place == strings.TrimPrefix(sheet+"!"+cell, "!") &&
							label(input) == at("Biểu", "Table").value+"|"+at("Chỉ tiêu", "Figure").value &&
							at("Tệp đơn vị gửi", "File as sent").value == c.Part.Path && at("Lần", "Ver.").value == strconv.Itoa(c.Version) &&
							at("Mã tiếp nhận", "Receipt").value == c.Arrival
					}
				}
				if !found {
					t.Fatalf("line %d: %v of %s stands nowhere in %s", line, v, unit, sha)
				}
				if at("Tính vào tổng", "In the sum").value == yes {
					sum[at("Biểu", "Table").value+"|"+at("Chỉ tiêu", "Figure").value] += v
				}
				figures++
			}
			for _, input := range in.Form.Inputs {
				if want, ok := totals.Sum[input.Name]; ok && math.Abs(sum[label(input)]-want) > 1e-6 {
					t.Errorf("%s: the addresses come to %v, the sum is %v", input.Name, sum[label(input)], want)
				}
			}
			links := regexp.MustCompile(`<hyperlink ref="B([0-9]+)" location="([^"]+)!A([0-9]+)"`).FindAllStringSubmatch(book.sheets[byUnit].xml, -1)
			for _, m := range links {
				from, to := book.sheets[byUnit].cells["B"+m[1]].value, s.cells["A"+m[3]].value
				if from != to && !strings.Contains(book.sheets[byUnit].cells[letters(unitMark)+m[1]].value, to) {
					t.Errorf("%s leads to the figures of %s", from, to)
				}
			}
			if figures > 0 && len(links) == 0 {
				t.Error("nothing leads from a unit to its figures")
			}
		})
	}
}

// What a unit wrote stays text, whatever it begins with.
func TestNothingThatAUnitWroteIsAFormula(t *testing.T) {
	in := rivers(t)
	in.Campaign.Units[1].Name, in.Campaign.Units[2].Name, in.Campaign.Units[4].Name = "\t=1+1", "\r=1+1", "＝1+1"
	book := open(t, workbook(t, in))
	for _, name := range []string{"\t=1+1", "\r=1+1", "＝1+1"} {
		if book.sheets["T-3"].find(name) == "" {
			t.Errorf("%q is not there as it was written", name)
		}
	}
	ours := regexp.MustCompile(`^(COUNTIFS?|COUNTA|SUM|N|IF\((COUNTIFS|COUNT|OR))\(|^'T-[0-9]'![A-Z]+[0-9]+$|^[C-I][0-9]+\*'Rates'!B1$`)
	texts := 0
	for name, s := range book.sheets {
		for at, c := range s.cells {
			if c.formula != "" && name != "River's gauges" && name != "Rates" && !ours.MatchString(c.formula) {
				t.Errorf("%s!%s holds the formula %s", name, at, c.formula)
			}
			if c.value != "" && strings.IndexByte("=+@-\t\r\xef", c.value[0]) >= 0 && c.kind != "" {
				if texts++; c.kind != "inlineStr" && c.kind != "s" {
					t.Errorf("%s!%s: %q is stored as %q", name, at, c.value, c.kind)
				}
			}
		}
	}
	if texts < 10 {
		t.Errorf("only %d such texts: the test looks at nothing", texts)
	}
}

func TestLists(t *testing.T) {
	in := rivers(t)
	s := open(t, workbook(t, in)).sheets["Stations"]
	for _, test := range []struct{ sentence, at, want string }{
		{"the running number of the form is not asked of units", "D3", "Name"},
		{"a list keeps its rows in the order of the units", "B4", "T-1"},
		{"text that looks like a formula is kept as it is", "D4", "=2+5"},
		{"a date is a date", "E4", "43890"},
		{"a number is a number", "F4", "2.5"},
		{"the place is the sender's", "I4", "Stations!B2"},
		{"a row without anything is left out", "D5", "@SUM(A1)"},
		{"rows are numbered", "A5", "2"},
		{"a form that is not settled is marked", "G10", "To be fixed"},
		{"a claimed one too", "G6", "Unconfirmed"},
	} {
		if got := s.cells[test.at].value; got != test.want {
			t.Errorf("%s: %s is %q, not %q", test.sentence, test.at, got, test.want)
		}
	}
	if s := open(t, workbook(t, whole(t, 12, 1))).sheets["Danh mục mô hình"]; s.cells["D3"].value != "Tên mô hình, điển hình" {
		t.Errorf("a locked column is shown: %q", s.cells["D3"].value)
	}
	if s := open(t, workbook(t, in)).sheets["By unit"]; s.find("No unit has filled in this list yet.") == "" {
		t.Error("an empty list does not say so")
	}
}

func TestNotes(t *testing.T) {
	in := whole(t, 70, 1)
	notes := open(t, workbook(t, in)).sheets["Ghi chú"]
	note := func(about string) string {
		at := notes.find(about)
		return notes.cells["B"+strings.TrimPrefix(at, "A")].value
	}
	for _, test := range []struct{ sentence, about, says string }{
		{"the coverage is said", "Phạm vi", "47/70 đơn vị (46 phụ lục"},
		{"by group too", "   Các huyện, thị, thành ủy", "15/23 đơn vị"},
		{"units without figures are named", "Chưa có số liệu: 7", "số 9 (DV-009)"},
		{"and are not taken as zero", "Chưa có số liệu: 7", "không coi là 0"},
		{"claimed ones are named", "Chờ xác nhận: 8", "(DV-007)"},
		{"those to be fixed are named", "Chờ sửa: 8", "(DV-005)"},
		{"shared reports are named", "Báo cáo chung: 1", "(DV-002) dùng chung báo cáo của DV-001"},
		{"double counting is warned of", "Nguy cơ cộng trùng", "cộng trùng"},
		{"it says where to find a figure", "Truy nguyên", "“Nguồn số liệu” ghi từng con số"},
	} {
		if got := note(test.about); !strings.Contains(got, test.says) {
			t.Errorf("%s: %q says %q, not %q", test.sentence, test.about, got, test.says)
		}
	}
}

// Until when units counted is said of a form that has no date ready, too.
func TestNotesOnCutOff(t *testing.T) {
	in := rivers(t)
	notes := open(t, workbook(t, in)).sheets["Notes"]
	if got := notes.cells["B"+strings.TrimPrefix(notes.find("Measured on"), "A")].value; got != "01/10/2022: 4 units (T-1, T-4, T-2, T-3)" {
		t.Errorf("%q", got)
	}
}

// A rate for which the form has no format of its own is not cut to one digit.
func TestARateKeepsItsDigits(t *testing.T) {
	in := large(t, 3)
	w := newWriter(in)
	if _, err := w.form(); err != nil {
		t.Fatal(err)
	}
	defer w.calc.Close()
	for i := range in.Form.Totals {
		if total := &in.Form.Totals[i]; total.Kind == "rate" {
			if got := w.totalLook(total).format; got != "0.0##" {
				t.Errorf("%s: %s", total.Cell, got)
			}
			return
		}
	}
	t.Error("no rate")
}

// What the notes say that a click opens is what a click opens.
func TestNotesOnLinks(t *testing.T) {
	for _, test := range []struct {
		sentence string
		link     func(string) string
		says     bool
	}{
		{"a workbook that lies with the filings says which column opens them", func(kept string) string { return kept }, true},
		{"one that goes where there are none promises nothing", nil, false},
	} {
		in := whole(t, 70, 1)
		in.Path = func(_, _ string, p finding.Part) string { return "ho-so/" + p.Name }
		in.Link = test.link
		book := open(t, workbook(t, in))
		notes, sources := book.sheets["Ghi chú"], book.sheets["Nguồn số liệu"]
		note := notes.cells["B"+strings.TrimPrefix(notes.find("Truy nguyên"), "A")].value
		_, column, said := strings.Cut(note, "Bấm vào tên ở cột “")
		column, _, _ = strings.Cut(column, "”")
		if said != test.says {
			t.Errorf("%s: %q", test.sentence, note)
		}
		if head := sources.cells[ref(sourceFile, 3)].value; said && column != head {
			t.Errorf("%s: the note names the column %q, links are in %q", test.sentence, column, head)
		}
	}
}

func TestPages(t *testing.T) {
	for name, in := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			book := open(t, workbook(t, in))
			for _, sheetName := range book.names {
				s := book.sheets[sheetName]
				if book.states[sheetName] != "" && book.states[sheetName] != "visible" {
					continue
				}
				form := in.Form.Inputs[0].Sheet == sheetName
				if !form && len(s.cells) > 0 {
					for what, pattern := range map[string]string{
						"fitted to the page": `<sheetPr[^>]*>\s*<pageSetUpPr fitToPage="(true|1)"`, "one page wide": `<pageSetup[^>]* fitToHeight="0" fitToWidth="1"`,
						"A4": `orientation="(landscape|portrait)" paperSize="9"`,
					} {
						if !regexp.MustCompile(pattern).MatchString(s.xml) {
							t.Errorf("%s: not %s", sheetName, what)
						}
					}
					if first := sheetName == book.names[0]; (book.titles[sheetName] == "" || !strings.Contains(s.xml, `state="frozen"`)) != first {
						t.Errorf("%s: heads are not repeated", sheetName)
					}
				}
				least := regexp.MustCompile(`<dimension ref="(A1:)?([A-Z]+[0-9]+)"`).FindStringSubmatch(s.xml)
				if least == nil {
					t.Fatalf("%s: no dimension", sheetName)
				}
				right, bottom, _ := excelize.CellNameToCoordinates(least[2])
				disjoint(t, sheetName, s.xml)
				merged := regexp.MustCompile(`<mergeCell ref="([A-Z]+[0-9]+):([A-Z]+)`).FindAllStringSubmatch(s.xml, -1)
				for at, c := range s.cells {
					column, line, err := excelize.CellNameToCoordinates(at)
					if err != nil || (!form && (column > right || line > bottom)) {
						t.Errorf("%s!%s lies outside %s", sheetName, at, least[2])
					}
					v, ok := c.number()
					if !ok || slices.ContainsFunc(merged, func(m []string) bool { return m[1] == at }) {
						continue
					}
					// A number that is wider than its column is shown as ####.
					width, set := s.widths[column]
					if !set {
						width = 9.14
					}
					whole := strconv.FormatFloat(math.Trunc(v), 'f', 0, 64)
					need := len(whole)
					if !form {
						need += (len(whole) - 1) / 3
					}
					if decimal := name == "another's form" && !form && v >= 1000 && (strings.HasPrefix(sheetName, "T-") && v != math.Trunc(v) || sheetName == "Sources"); decimal {
						need += len(".00")
					}
					if width < float64(need) {
						t.Errorf("%s!%s: %s in %v characters", sheetName, at, c.value, width)
					}
				}
			}
			// Letter 624's form and ours are in the typeface of documents.
			if name != "another's form" {
				// What follows the list of fonts are changes that colours make.
				list, _, _ := strings.Cut(book.parts["xl/styles.xml"], "</fonts>")
				for _, font := range regexp.MustCompile(`<font>.*?</font>`).FindAllString(list, -1) {
					if !strings.Contains(font, `val="Times New Roman"`) {
						t.Errorf("another typeface: %s", font)
					}
				}
			}
		})
	}
}

// disjoint holds that no two merged areas of a sheet overlap: Excel calls such
// a workbook damaged.
func disjoint(t *testing.T, name, xml string) {
	t.Helper()
	taken := map[[2]int]string{}
	for _, m := range regexp.MustCompile(`<mergeCell ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"`).FindAllStringSubmatch(xml, -1) {
		left, top, _ := excelize.CellNameToCoordinates(m[1])
		right, bottom, _ := excelize.CellNameToCoordinates(m[2])
		for row := top; row <= bottom; row++ {
			for column := left; column <= right; column++ {
				if other := taken[[2]int{column, row}]; other != "" {
					t.Fatalf("%s: %s and %s overlap", name, m[0], other)
				}
				taken[[2]int{column, row}] = m[0]
			}
		}
	}
}

// Nothing Vietnamese is left where the reader reads English: the rivers'
// campaign has none of its own.
func TestEnglishIsComplete(t *testing.T) {
	for name, s := range open(t, workbook(t, rivers(t))).sheets {
		for at, c := range s.cells {
			for _, r := range name + c.value {
				if r > unicode.MaxLatin1 && unicode.IsLetter(r) {
					t.Errorf("%s!%s: %s", name, at, c.value)
				}
			}
		}
	}
}

// The same facts at the same time make the same workbook; only the order in
// which its parts are packed may differ.
func TestTheSameFactsMakeTheSameWorkbook(t *testing.T) {
	in := rivers(t)
	a, b := open(t, workbook(t, in)), open(t, workbook(t, in))
	for part := range a.parts {
		if a.parts[part] != b.parts[part] {
			t.Errorf("%s differs: %.600s\n\n%.600s", part, a.parts[part], b.parts[part])
		}
	}
}

func BenchmarkWorkbook(b *testing.B) {
	for _, units := range []int{70, 1000} {
		b.Run(fmt.Sprintf("%d units", units), func(b *testing.B) {
			in := whole(b, units, 1)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Workbook(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTotal(b *testing.B) {
	in := whole(b, 1000, 1)
	for b.Loop() {
		Total(in)
	}
}
