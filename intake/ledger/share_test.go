package ledger

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"dondoc/intake/finding"
)

// Filings of one layout hold one list of places between them, and each reads
// as it was written.
func TestPlacesAreShared(t *testing.T) {
	usual, moved := map[string]string{"A": "S!D11", "B": "S!D12"}, map[string]string{"A": "S!D12", "B": "S!D13"}
	given := []map[string]string{usual, moved, nil, usual, moved}
	for i := range mostPlaces + 3 {
		given = append(given, map[string]string{"A": fmt.Sprint("S!E", i)})
	}
	var p past
	for i, places := range given {
		body, err := json.Marshal(finding.Verdict{ID: fmt.Sprint(i), Parts: []finding.Part{{Places: places}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.take(int64(i+1), time.Time{}, FactMail, string(body)); err != nil {
			t.Fatal(err)
		}
	}
	at := func(i int) map[string]string { return p.facts.Mails[i].Parts[0].Places }
	for i, places := range given {
		if len(places) > 0 && !reflect.DeepEqual(at(i), places) {
			t.Errorf("mail %d has %v, not %v", i, at(i), places)
		}
	}
	one := func(i, k int) bool { return reflect.ValueOf(at(i)).Pointer() == reflect.ValueOf(at(k)).Pointer() }
	if !one(0, 3) || !one(1, 4) || one(0, 1) {
		t.Error("equal places are kept twice, or different ones once")
	}
	if len(p.places) != mostPlaces {
		t.Errorf("%d layouts are kept for comparison, not %d", len(p.places), mostPlaces)
	}
}
