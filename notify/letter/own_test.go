package letter

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"dondoc/config"
)

// A campaign's own text takes the place of the built-in one.
func TestOwnTemplates(t *testing.T) {
	f := facts(peopleWork(), Invite, "S-YT", "2022-10-04 07:30")
	f.Campaign.Templates = map[string]string{
		"invite.vi.txt": "Subject: Mời {{.Unit}}\nKính gửi: {{.To}}\n\nHạn {{.Deadline}}.\n",
		"foot.vi.txt":   "--\n{{.Signature}}\nPhòng một cửa\n",
	}
	l, err := Render(f)
	if err != nil || l.Fault != nil {
		t.Fatal(err, l.Fault)
	}
	if l.Subject != "Mời Sở Y tế [DVK-2022][S-YT]" || !strings.Contains(l.Text, "Hạn trước ngày 20/10/2022") || !strings.HasSuffix(l.Text, "BAN DÂN VẬN TỈNH ỦY QUẢNG NGÃI\nPhòng một cửa\n") {
		t.Errorf("%s\n%s", l.Subject, l.Text)
	}
	for _, c := range []struct{ sentence, name, text string }{
		{"a text that does not parse", "invite.vi.txt", "Subject: {{.Unit\n\n"},
		{"a word that there is not", "invite.vi.txt", "Subject: {{.Nobody}}\n\nx"},
		{"no subject", "invite.vi.txt", "Kính gửi\n\nx"},
		{"an empty subject", "invite.vi.txt", "Subject:\n\nx"},
		{"a foot that does not parse", "foot.vi.txt", "--\n{{.Signature"},
	} {
		f.Campaign.Templates = map[string]string{c.name: c.text}
		l, err := Render(f)
		if err != nil || !strings.HasPrefix(l.Subject, "Gửi mẫu Phụ lục số liệu") || !strings.Contains(l.Text, "không thay thế văn bản chính thức") {
			t.Errorf("%s: the built-in text goes out: %v\n%s", c.sentence, err, l.Text)
		}
		if l.Fault == nil {
			t.Errorf("%s: nothing is said of it", c.sentence)
		}
	}
	// What is wrong with another letter's text is not this letter's matter.
	f.Campaign.Templates = map[string]string{"receipt.vi.txt": "{{"}
	if l, err = Render(f); err != nil || l.Fault != nil || !strings.HasPrefix(l.Subject, "Gửi mẫu") {
		t.Errorf("%q, %v, %v", l.Subject, l.Fault, err)
	}
}

func TestCheckTemplates(t *testing.T) {
	for _, c := range []struct{ sentence, name, text, vi, en string }{
		{"a text that is right", "receipt.vi.txt", "Subject: x\n\n{{.Unit}}", "", ""},
		{"a text that does not parse, by its line", "receipt.vi.txt", "Subject: x\n\n{{.Unit\n", "templates/receipt.vi.txt, dòng 4: không dùng được làm lời thư (unclosed action started at receipt.vi.txt:3)", "templates/receipt.vi.txt, line 4: cannot be used"},
		{"a name that no letter has", "reciept.vi.txt", "Subject: x\n", "templates/reciept.vi.txt: không thư nào dùng tệp tên này", "receipt.en.txt, "},
		{"a sentence's name is no file", "received.vi", "Subject: x\n", "không thư nào", "no letter"},
		{"a word that no letter knows, on a branch that is hardly ever taken", "receipt.vi.txt", "Subject: x\n\n{{if .Several}}\n{{.Nobody}}{{end}}", "dòng 4: không có .Nobody", "line 4: there is no .Nobody"},
		{"a sentence that there is not", "receipt.vi.txt", "Subject: x\n\n{{if .Several}}{{template \"nothing\"}}{{end}}", `dòng 3: không có template "nothing"`, `there is no template "nothing"`},
		{"a word used for what it is not", "receipt.vi.txt", "Subject: x\n\n{{range .Unit}}{{.}}{{end}}", "dòng 3: không dùng được làm lời thư (<.Unit> range can't iterate over", "line 3: cannot be used"},
		{"a word that only some facts have", "corrections.vi.txt", "Subject: x\n\n{{with .Unusable}}{{.Code}}{{end}}", "", ""},
		{"no subject", "invite.en.txt", "Dear all\n", "dòng 1: không dùng được làm lời thư (dòng đầu phải là", `line 1: cannot be used as the text of a letter (the first line has to be "Subject: …"`},
		{"a foot needs none", "foot.en.txt", "--\n{{.Signature}}\n", "", ""},
		{"a foot with an unknown word", "foot.en.txt", "--\n{{.Signatur}}\n", "dòng 2: không có .Signatur", "line 2: there is no .Signatur"},
		{"a shared sentence in other words", "common.vi.txt", `{{define "until.vi"}}Hạn: {{.Deadline}}.{{end}}`, "", ""},
		{"a shared sentence with an unknown word", "common.vi.txt", `{{define "until.vi"}}Hạn: {{.Dedline}}.{{end}}`, "dòng 1: không có .Dedline", "there is no .Dedline"},
	} {
		campaign := peopleWork()
		campaign.Templates = map[string]string{c.name: c.text}
		found := CheckTemplates(campaign)
		if c.vi == "" {
			if len(found) > 0 {
				t.Errorf("%s: %v", c.sentence, found)
			}
			continue
		}
		if !strings.Contains(found.In("vi"), c.vi) || !strings.Contains(found.In("en"), c.en) {
			t.Errorf("%s:\n%s\n%s", c.sentence, found.In("vi"), found.In("en"))
		}
	}
	campaign := peopleWork()
	campaign.BadTemplates = config.Mistakes{{File: "templates/x.png", VI: "a", EN: "b"}}
	if found := CheckTemplates(campaign); len(found) != 1 {
		t.Errorf("a file that is no text is named: %v", found)
	}
}

// TestEveryBuiltInTextPassesItsOwnCheck, and the trials come upon every one of
// them: what they do not reach they could not try.
func TestEveryBuiltInTextPassesItsOwnCheck(t *testing.T) {
	all, err := Texts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*config.Campaign{peopleWork(), rivers("vi"), rivers("en")} {
		c.Templates = all
		if found := CheckTemplates(c); len(found) > 0 {
			t.Errorf("%s: %s", c.ID, found.In("en"))
		}
	}
	tried := map[string]bool{"common": true, "foot": true}
	for _, v := range trials(peopleWork(), "vi") {
		tried[v.template()] = true
	}
	for name := range maps.Keys(all) {
		if word, _, _ := strings.Cut(name, "."); !tried[word] {
			t.Errorf("no trial writes %s", name)
		}
	}
	if n := len(slices.Collect(maps.Keys(all))); n < 24 {
		t.Errorf("%d texts", n)
	}
}
