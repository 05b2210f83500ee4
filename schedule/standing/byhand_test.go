package standing

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
)

func TestAnsweredByHand(t *testing.T) {
	noon := time.Date(2022, 10, 12, 12, 0, 0, 0, time.UTC)
	unit, other := "HU-BATO", "S-YT"
	mail := func(id, from string, unit *string, minutes int) *finding.Verdict {
		return &finding.Verdict{ID: id, From: from, Unit: unit, Class: finding.ClassQuestion, Received: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	const clerk, colleague = "vanthu@bato.example", "giamdoc@bato.example"
	mails := []*finding.Verdict{
		mail("first", clerk, &unit, 0), mail("second", clerk, &unit, 5), mail("third", clerk, &unit, 10),
		mail("colleague", colleague, &unit, 1), mail("elsewhere", clerk, &other, 1), mail("nobody's", clerk, nil, 1),
	}
	answer := func(minutes int, arrivals ...string) ByHand {
		return ByHand{At: noon.Add(time.Duration(minutes) * time.Minute), By: "phongth@bdv.example", Arrivals: arrivals}
	}
	for _, c := range []struct {
		sentence string
		byHand   []ByHand
		want     string
	}{
		{"without an answer nothing is answered", nil, ""},
		{"the mail that is answered", []ByHand{answer(20, "first")}, "first"},
		{"what the same sender had sent before for the same unit is answered with it", []ByHand{answer(20, "second")}, "first second"},
		{"what was sent after it is not, even if the answer is later still", []ByHand{answer(60, "second")}, "first second"},
		{"mails that nobody can attribute are apart", []ByHand{answer(20, "nobody's")}, "nobody's"},
		{"one answer to several", []ByHand{answer(20, "colleague", "elsewhere")}, "colleague elsewhere"},
		{"an answer of later is none yet", []ByHand{answer(31, "first"), answer(60, "third")}, ""},
		{"an answer to a mail that is not there", []ByHand{answer(20, "unheard of")}, ""},
	} {
		now := noon.Add(time.Hour)
		if c.want == "" {
			now = noon.Add(30 * time.Minute)
		}
		got := AnsweredByHand(Facts{Mails: mails, ByHand: c.byHand}, now)
		if ids := strings.Join(slices.Sorted(maps.Keys(got)), " "); ids != c.want {
			t.Errorf("%s: answered are %q, want %q", c.sentence, ids, c.want)
		}
	}
	twice := AnsweredByHand(Facts{Mails: mails, ByHand: []ByHand{answer(20, "first"), answer(25, "first")}}, noon.Add(time.Hour))
	if got := twice["first"].At; !got.Equal(noon.Add(20 * time.Minute)) {
		t.Errorf("of two answers the first counts, got that of %v", got)
	}
}
