package attribution

import (
	"slices"
	"strings"
	"testing"
)

// Names as clerks write them and as the rules would have them read, written
// from the rules and the roster alone, without a look at the matcher. The
// column "right" lists every answer that a person of the desk would accept,
// the best first: a unit, "ambiguous", "unknown".
func TestWrittenNames(t *testing.T) {
	right, best, wrong := 0, 0, 0
	all := rows(t, "written.csv")
	for _, r := range all {
		id, raw, field, want, why := r[0], r[1], r[2], r[3], r[5]
		t.Run(id+" "+why, func(t *testing.T) {
			got, suggest := label(matcher().Find(raw, field))
			units := strings.Split(got, "=")
			answers := strings.Split(want, "|")
			if !slices.Contains(answers, units[0]) {
				t.Errorf("%q in %s: %s (%s), want %s", raw, field, got, suggest, want)
				if got != "ambiguous" && got != "unknown" {
					wrong++
				}
				return
			}
			right++
			if units[0] != answers[0] {
				t.Logf("%q in %s: %s (%s), best %s", raw, field, got, suggest, answers[0])
			} else {
				best++
			}
		})
	}
	t.Logf("%d cases: %d right, %d of them the best answer, %d wrong", len(all), right, best, wrong)
	if wrong > 0 {
		t.Errorf("%d wrong attributions; there may be none", wrong)
	}
}
