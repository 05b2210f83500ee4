package form

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"dondoc/intake/finding"
)

// TestEveryWayToFillACell puts every way of writing a number into one cell of
// a filled form, and reads the file: what is not taken is told of, by cell, and
// nothing is both accepted and empty.
func TestEveryWayToFillACell(t *testing.T) {
	f := builtinForm(t)
	clean := unpack(t, whole(t, f))
	file, err := os.Open("testdata/numbers.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{"ok": "", "warn": "W", "ask": "H", "error": "E", "blank": "W"}
	for _, row := range rows[1:] {
		sentence, kind, font, raw, result, code, value := row[0], row[1], row[2], row[3], row[4], row[5], row[6]
		t.Run(sentence, func(t *testing.T) {
			p := clean.copy()
			p.t = t
			k := &ink{style: p.leaf(annex).cells[key2(t, "D11")].style}
			switch kind {
			case "number":
				k.number = raw
			case "percent":
				k.number, k.style = raw, p.numberStyle(annex, "D11", "9")
			case "date":
				k.number, k.style = raw, p.numberStyle(annex, "D11", "14")
			case "bool":
				k.kind, k.text = "b", "1"
			case "fault":
				k.kind, k.text = "e", raw
			default:
				k.text = raw
				if font != "" {
					k.style = p.style(k.style, font)
				}
			}
			p.set(annex, "D11", k)
			part, ours, err := f.Check(p.pack(), Options{})
			if err != nil || !ours {
				t.Fatal(ours, err)
			}
			got, open := part.Values["DVK_B1_11_TT"], false
			want := told[result]
			found := want == ""
			for _, q := range part.Problems {
				for _, in := range q.Inputs {
					open = open || in == "DVK_B1_11_TT" && q.Open()
					if in == "DVK_B1_11_TT" && q.Cell == "D11" && strings.Contains(code, q.Code) &&
						(string(q.Severity) == want || want == "H" && q.Severity == finding.FixOrExplain) {
						found = true
					}
				}
			}
			if !found {
				t.Errorf("%s %s is not told: %v", code, want, said(part))
			}
			if got == nil && !open {
				t.Errorf("nothing was taken, and nobody has to mend it: %v", said(part))
			}
			switch n, err := strconv.ParseFloat(value, 64); {
			case want == "E" || result == "ask" && code != "N09":
				if got != nil {
					t.Errorf("%v was taken", got)
				}
			case result == "blank":
				if got != 0.0 {
					t.Errorf("a blank is %v", got)
				}
			case err != nil || fmt.Sprint(got) != fmt.Sprint(n):
				t.Errorf("%v, want %s", got, value)
			}
			if part.Verdict == finding.Accepted && got == nil {
				t.Error("accepted and empty")
			}
		})
	}
}
