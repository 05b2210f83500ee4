package notify

import (
	"testing"

	"dondoc/config"
	"dondoc/schedule/standing"
)

func TestOnlyTheNameOfADisasterGoesIntoALetter(t *testing.T) {
	for _, c := range []struct {
		sentence, lang, reason, want string
	}{
		{"a storm", "vi", "bão số 5", "bão số 5"},
		{"several, with a capital and a full stop", "vi", "Bão số 5 và mưa lũ.", "bão số 5 và mưa lũ"},
		{"rain", "vi", "mưa lũ", "mưa lũ"},
		{"who asked for it is nobody else's business", "vi", "bão số 5, đ/c A đề nghị", ""},
		{"a report is no storm", "vi", "báo cáo chưa trình ký", ""},
		{"nor is a document", "vi", "công điện 12", ""},
		{"nothing", "vi", "", ""},
		{"not in the other language", "en", "bão số 5", ""},
		{"in English", "en", "Storm No. 5 and floods", "storm no. 5 and floods"},
	} {
		if got := disaster(&config.Campaign{Language: c.lang}, &standing.Decision{Reason: c.reason}); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}
