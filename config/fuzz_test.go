package config

import (
	"testing"

	"dondoc/config/builtin"
)

// FuzzCampaign: whatever stands in campaign.yaml, reading ends, and ends in a
// campaign or in mistakes that are well said.
func FuzzCampaign(f *testing.F) {
	f.Add([]byte(water))
	f.Add(builtin.Campaign)
	for _, text := range []string{"", "a", "\ufeffa: 1\r\n", "a:\n\tb: 1\n", "a: “b: c”\n", "a: &x [*x]\n", "? [a]\n: b\n", "a: {b: [{c: \"d\n", "<<: {a: 1}\n",
		"figures: [{split: [{split: []}]}]\n", "mailbox: {url: 'imaps://a:b@[::1%25x]:0/'}\n", "\xff\xfea\x00", "---\n---\n", "a: !!binary x\n", "letter: ~\ncategories: [~, 1, []]\n"} {
		f.Add([]byte(text))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		node, found := parse(campaignFile, data)
		if (node == nil) != (len(found) > 0) {
			t.Fatalf("neither a document nor a mistake, or both: %v", found)
		}
		c := &Campaign{}
		if node != nil {
			declare(c, open(&found, Mistake{File: campaignFile, Line: 1}, "", node), dir)
		}
		for _, m := range found {
			if m.File != campaignFile || m.VI == "" || m.EN == "" || m.Line < 0 || m.Column < 0 {
				t.Fatalf("badly said: %+v", m)
			}
		}
		if len(found) == 0 && (c.ID == "" || c.Deadline.Before.IsZero() || len(c.Categories) == 0 || c.Mailbox.URL == "" || c.SMTP.URL == "" || c.SMTP.From == "") {
			t.Fatalf("accepted without what every campaign needs: %+v", c)
		}
	})
}

// FuzzRoster: a roster ends in units that can be written to, or in mistakes.
func FuzzRoster(f *testing.F) {
	f.Add([]byte(waterUnits))
	f.Add([]byte("\ufeffcode;category;official_name;emails\r\nA;xa;\"Xã; A\";a@x.example\r\n"))
	f.Add([]byte("code\tcategory\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &Campaign{Mode: Live, Categories: []Category{{Code: "xa"}, {Code: "nha-may"}}}
		s, found := readCSV(rosterCSV, data)
		if s != nil {
			(&rosterReader{sheet: s, found: &found, campaign: c}).read()
		} else if len(found) == 0 {
			t.Fatal("neither a roster nor a mistake")
		}
		if len(found) == 0 && len(c.Units) == 0 {
			t.Fatal("all units vanished without a word")
		}
		for _, u := range c.Units {
			if len(found) == 0 && (u.Code == "" || u.Name == "" || len(u.Emails) == 0 || !u.Active || u.Undecided) {
				t.Fatalf("accepted: %+v", u)
			}
		}
	})
}
