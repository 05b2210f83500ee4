package config

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/config/builtin"
)

// askedKeys lists every key that the reader knows, by section: it is what the
// reader itself offers to somebody who mistypes a key.
func askedKeys(t *testing.T) map[string][]string {
	t.Helper()
	odd := "qqqqqqqqqqqqqqqq: 1"
	text := water + odd + "\n" + `
parts: {` + odd + `, report: {` + odd + `}, appendix: {` + odd + `}, model: {` + odd + `}}
figures: [{label: A, inputs: [A_1], ` + odd + `, split: [{label: B, inputs: [A_1], ` + odd + `}]}]
ladder: [{step: invite, ` + odd + `}]
hours: {` + odd + `}
holidays: [{date: 2024-03-08, ` + odd + `}]
`
	for _, section := range []string{"letter:\n", "mailbox:\n", "smtp:\n", "  - code: xa\n"} {
		indent := "  "
		if strings.HasPrefix(section, " ") {
			indent = "    "
		}
		text = strings.Replace(text, section, section+indent+odd+"\n", 1)
	}
	text = strings.Replace(text, "{before:", "{"+odd+", before:", 1)

	node, found := parse(campaignFile, []byte(text))
	if len(found) > 0 {
		t.Fatal(found)
	}
	declare(&Campaign{}, open(&found, Mistake{File: campaignFile}, "", node), t.TempDir())
	offer := regexp.MustCompile(`use one of: (.*)\.$`)
	keys := map[string][]string{}
	for i, m := range found {
		if o := offer.FindStringSubmatch(m.EN); o != nil {
			list := strings.Split(o[1], ", ")
			keys[list[0]+strings.Repeat("'", i)] = list
		} else {
			t.Errorf("not about a key: %s", m.In("en"))
		}
	}
	if len(keys) < 14 {
		t.Fatalf("only %d sections were seen", len(keys))
	}
	return keys
}

func TestInitExplainsEveryKeyThatCanBeSet(t *testing.T) {
	text := string(builtin.Campaign)
	for _, list := range askedKeys(t) {
		for _, key := range list {
			if !regexp.MustCompile(`(?m)\b` + key + `\b`).MatchString(text) {
				t.Errorf("campaign.yaml says nothing of the key %s", key)
			}
		}
	}
}

// Every line that sets a key has a comment above it, in its section or in the
// block of comments that explains the keys below it by name.
func TestEveryKeyIsCommented(t *testing.T) {
	key := regexp.MustCompile(`^\s*(?:- )?([a-z_]+):`)
	explained := map[string]bool{"vi": true, "en": true}
	comment := false
	for i, line := range strings.Split(string(builtin.Campaign), "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "#") {
			comment = true
			for _, word := range regexp.MustCompile(`[a-z_]+`).FindAllString(trimmed, -1) {
				explained[word] = true
			}
			continue
		}
		if m := key.FindStringSubmatch(line); m != nil && !comment && !explained[m[1]] {
			t.Errorf("line %d: %s has no comment", i+1, trimmed)
		}
		if trimmed != "" {
			comment = false
		}
	}
}

func TestTheRosterOfInitIsMadeForPeople(t *testing.T) {
	data, err := builtinRoster()
	if err != nil {
		t.Fatal(err)
	}
	again, err := builtinRoster()
	if err != nil || !bytes.Equal(data, again) {
		t.Error("two rosters differ though nothing did")
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) != 2 {
		t.Fatalf("sheets %v", sheets)
	}
	panes, err := f.GetPanes(sheets[0])
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the heads scroll away: %+v, %v", panes, err)
	}
	id, _ := f.GetCellStyle(sheets[0], "A1")
	if style, err := f.GetStyle(id); err != nil || !style.Font.Bold {
		t.Errorf("the heads are not bold: %v", err)
	}
	rules, err := f.GetDataValidations(sheets[0])
	if err != nil || len(rules) != 6 {
		t.Errorf("%d lists to choose from, %v", len(rules), err)
	}
	rows, err := f.GetRows(sheets[1])
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range rows {
		if len(r) == 3 {
			said = append(said, r[0])
		}
	}
	for _, column := range columns {
		if !slices.Contains(said, column) {
			t.Errorf("column %s is not explained", column)
		}
	}
}

// The roster goes through Excel and comes back the same.
func TestTheRosterSurvivesTheWorkbook(t *testing.T) {
	data, err := builtinRoster()
	if err != nil {
		t.Fatal(err)
	}
	fromCSV, found := readCSV(rosterCSV, builtin.Units)
	if len(found) > 0 {
		t.Fatal(found)
	}
	fromXLSX, found := readXLSX(rosterXLSX, data)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if len(fromCSV.rows) != 72 || len(fromXLSX.rows) != 72 {
		t.Fatalf("%d and %d rows", len(fromCSV.rows), len(fromXLSX.rows))
	}
	for i := range fromCSV.rows {
		a, b := strings.Join(fromCSV.rows[i].cells, "¦"), strings.Join(fromXLSX.rows[i].cells, "¦")
		if strings.TrimRight(a, "¦") != strings.TrimRight(b, "¦") {
			t.Errorf("row %d:\n%s\n%s", i+1, a, b)
		}
	}
}

func TestAWorkbookCannotExhaustUs(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := f.NewStreamWriter("Sheet1")
	must(err)
	must(w.SetRow("A1", []any{"code", "category", "official_name", "emails"}))
	must(w.SetRow("A2", []any{"X1", "xa", "Xã An Hà", "x1@nuocsach.example"}))
	for i := 3; i < 60_000; i++ {
		must(w.SetRow("A"+strconv.Itoa(i), []any{excelize.Cell{StyleID: 0}}))
	}
	must(w.SetRow("XFD60000", []any{" "}))
	must(w.Flush())
	buf, err := f.WriteToBuffer()
	must(err)
	c := load(t, directory(t, map[string]string{rosterCSV: "-", rosterXLSX: buf.String()}))
	if len(c.Units) != 1 {
		t.Errorf("%d units", len(c.Units))
	}
}
