package main

import (
	"testing"

	"dondoc/config"
	"dondoc/intake/attribution"
	"dondoc/intake/finding"
)

// What a person is asked to decide upon stands before him in his own words.
func TestEvidenceInWords(t *testing.T) {
	vi := &office{campaign: &config.Campaign{Units: []config.Unit{{Code: "HU-A", Name: "Huyện ủy A"}}}, Program: &Program{cli: &cli{Lang: "vi"}}}
	en := &office{campaign: vi.campaign, Program: &Program{cli: &cli{Lang: "en"}}}
	for _, row := range []struct {
		sentence string
		e        finding.Evidence
		vi, en   string
	}{
		{"a registered address", finding.Evidence{Kind: "sender", Unit: "HU-A", Detail: "vanthu@a.example"},
			"địa chỉ gửi đã đăng ký: Huyện ủy A (“vanthu@a.example”)", "registered address: Huyện ủy A (“vanthu@a.example”)"},
		{"a letterhead of a file", finding.Evidence{Kind: "letterhead", Unit: "HU-A", Detail: "HUYỆN ỦY A", File: "a.zip/bc.docx"},
			"tiêu đề, số ký hiệu văn bản a.zip/bc.docx: Huyện ủy A (“HUYỆN ỦY A”)", "letterhead a.zip/bc.docx: Huyện ủy A (“HUYỆN ỦY A”)"},
		{"a file's name is not told twice", finding.Evidence{Kind: "form", Unit: "HU-A", Detail: "pl.xlsx", File: "pl.xlsx"},
			"mã đơn vị trong tệp mẫu pl.xlsx: Huyện ủy A", "identity in the form pl.xlsx: Huyện ủy A"},
		{"a doubt and its reason", finding.Evidence{Kind: "from_name", Unit: "HU-A", Detail: "A", Doubt: true, Why: attribution.PersonOrPlace},
			"tên người gửi: Huyện ủy A (“A”); chưa chắc: chỉ là địa danh, có thể là tên người hoặc nơi chốn",
			"sender's name: Huyện ủy A (“A”); in doubt: a bare place may be a person's name, or where something is"},
		{"a word that stands for nobody", finding.Evidence{Kind: "subject", Detail: "HU", Doubt: true, Why: attribution.SharedWord},
			"chủ đề thư: chưa rõ đơn vị nào (“HU”); chưa chắc: nhiều đơn vị cùng dùng tên này",
			"subject: no unit can be told (“HU”); in doubt: several units share the name"},
		{"a unit that has gone from the roster", finding.Evidence{Kind: "form", Unit: "GONE\x1b", File: "pl.xlsx"},
			"mã đơn vị trong tệp mẫu pl.xlsx: GONE·", "identity in the form pl.xlsx: GONE·"},
	} {
		if got := vi.evidenceWords(row.e); got != row.vi {
			t.Errorf("%s: %s", row.sentence, got)
		}
		if got := en.evidenceWords(row.e); got != row.en {
			t.Errorf("%s: %s", row.sentence, got)
		}
	}
	story := []finding.Evidence{{Kind: "sender", Unit: "HU-A"}, {Kind: "filename", Unit: "HU-A", File: "a"}, {Kind: "filename", Unit: "HU-A", File: "b"},
		{Kind: "body", Unit: "HU-B", Doubt: true}, {Kind: "letterhead", Unit: "HU-B"}}
	if got := en.signWords(story); got != "HU-A: registered address, name of the file; HU-B: letterhead" {
		t.Errorf("in one line: %s", got)
	}
}
