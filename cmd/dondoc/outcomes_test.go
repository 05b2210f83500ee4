package main

import (
	"encoding/json"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// What became of a letter is told in words, what a bounce said later included;
// and in the JSON, whose outcome stays what the mail server said.
func TestWhatBecameOfALetter(t *testing.T) {
	zone := time.FixedZone("+07", 7*3600)
	came := time.Date(2022, 10, 5, 9, 30, 0, 0, zone)
	const key, a = "invite/HU-BATO", "a@hu.example"
	back := func(status string, permanent, ours bool, of string) standing.Facts {
		return standing.Facts{Mails: []*finding.Verdict{{ID: "BBBBB-00001", Received: came, Evidence: []finding.Evidence{{Kind: "thread", Detail: of}},
			Bounce: &finding.Bounce{Address: a, Status: status, Permanent: permanent, Ours: ours}}}}
	}
	sent := func(outcome, detail string) ledger.Letter {
		return ledger.Letter{Key: key, Posted: came, Deliveries: []ledger.Delivery{{Key: key, Address: a, Outcome: outcome, At: came, Detail: detail}}}
	}
	for _, c := range []struct {
		sentence string
		letter   ledger.Letter
		facts    standing.Facts
		vi, en   string
		json     string
	}{
		{"taken by the server", sent("accepted", "250 ok"), standing.Facts{}, "a@hu.example: máy chủ thư đã nhận", "a@hu.example: accepted", ""},
		{"taken, and returned", sent("accepted", ""), back("5.1.1", true, true, key), "a@hu.example: máy chủ thư đã nhận, bị trả lại lúc 05/10/2022 09:30: 5.1.1 không có địa chỉ này",
			"a@hu.example: accepted, returned at 05/10/2022 09:30: 5.1.1 no such address", `{"at":"2022-10-05T09:30:00+07:00","status":"5.1.1","permanent":true,"mail":"BBBBB-00001"}`},
		{"delayed", sent("accepted", ""), back("4.4.1", false, true, key), "a@hu.example: máy chủ thư đã nhận, chưa đến được lúc 05/10/2022 09:30: 4.4.1 máy chủ nơi nhận không phản hồi",
			"a@hu.example: accepted, not through yet at 05/10/2022 09:30: 4.4.1 the recipient's server does not answer", `{"at":"2022-10-05T09:30:00+07:00","status":"4.4.1","permanent":false,"mail":"BBBBB-00001"}`},
		{"a bounce that anybody may have written", sent("accepted", ""), back("5.1.1", true, false, key), "a@hu.example: máy chủ thư đã nhận", "a@hu.example: accepted", ""},
		{"a bounce of another letter", sent("accepted", ""), back("5.1.1", true, true, "remind/HU-BATO/T-8"), "a@hu.example: máy chủ thư đã nhận", "a@hu.example: accepted", ""},
		{"refused, with what the server said made harmless", sent("refused", "550 no\x1b[31m such user"), standing.Facts{}, "a@hu.example: bị từ chối (550 no·[31m such user)", "a@hu.example: refused (550 no·[31m such user)", ""},
		{"a step that was passed over", ledger.Letter{Key: key, Reason: ledger.ReasonSkipped, Withdrawn: "a later step is due: remind/HU-BATO/T-3"}, standing.Facts{},
			"- bỏ qua: bước sau đã đến hạn: remind/HU-BATO/T-3", "- skipped: a later step is due: remind/HU-BATO/T-3", ""},
		{"taken back", ledger.Letter{Key: key, Withdrawn: "complete"}, standing.Facts{}, "không gửi nữa: đơn vị không còn phần nào phải gửi", "not sent any more: the unit has nothing left to send", ""},
	} {
		for lang, want := range map[string]string{"vi": c.vi, "en": c.en} {
			o := &office{Program: &Program{cli: &cli{Lang: lang}}, campaign: &config.Campaign{Location: zone}}
			r := returnedLetters(c.facts, came.Add(time.Hour))
			if got := inert(o.outcomes(c.letter, r)); got != want {
				t.Errorf("%s: %s, want %s", c.sentence, got, want)
			}
			got := ""
			if x := r.json(o, key, a); x != nil {
				text, _ := json.Marshal(x)
				got = string(text)
			}
			if got != c.json {
				t.Errorf("%s: %s, want %s", c.sentence, got, c.json)
			}
		}
	}
}
