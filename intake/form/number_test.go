package form

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"dondoc/intake/document/legacy"
	"dondoc/intake/workbook"
)

// TestNumberGrammar goes through every way of writing a number that the
// campaign's documents name (testdata/numbers.csv; 0 to 9999 is allowed).
func TestNumberGrammar(t *testing.T) {
	f, err := os.Open("testdata/numbers.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 107 {
		t.Fatalf("%d rows, want 106 and a head", len(rows))
	}
	for _, row := range rows[1:] {
		sentence, kind, font, raw, result, code, value := row[0], row[1], row[2], row[3], row[4], row[5], row[6]
		t.Run(sentence, func(t *testing.T) {
			c := workbook.Cell{Raw: raw, Font: font}
			switch kind {
			case "text":
				c.Type = workbook.Text
				if raw == "" {
					c.Type = workbook.Blank
				}
			case "number", "percent":
				c.Type, c.Percent = workbook.Number, kind == "percent"
				c.Number, _ = strconv.ParseFloat(raw, 64)
			case "date":
				c.Type = workbook.Date
				c.Number, _ = strconv.ParseFloat(raw, 64)
			case "bool":
				c.Type = workbook.Bool
			case "fault":
				c.Type = workbook.Fault
			}
			var how legacy.Encoding
			c.Raw, how = new(legacy.Decider).Decode(c.Raw, c.Font)
			old := how != legacy.Unicode
			n := readNumber(c, true)
			lo, hi := 0.0, 9999.0
			n = n.within(&lo, &hi)
			got := map[sense]string{okay: "ok", warn: "warn", ask: "ask", fail: "error", blank: "blank"}[n.sense]
			if got != result {
				t.Errorf("result %s, want %s (%+v)", got, result, n)
			}
			want := code
			if old != (code == "S16+N11") {
				t.Errorf("old font %v", old)
			} else if old {
				want = "N11"
			}
			if n.code != want && !(n.code == "" && result == "ok") {
				t.Errorf("code %s, want %s", n.code, want)
			}
			switch {
			case value == "" && n.has:
				t.Errorf("value %v, want none", n.value)
			case value != "":
				v, err := strconv.ParseFloat(value, 64)
				if err != nil || !n.has || n.value != v {
					t.Errorf("value %v (%v), want %s", n.value, n.has, value)
				}
			}
		})
	}
}
