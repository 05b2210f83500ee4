package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// water is a committee that has nothing to do with letter 624, in as few keys
// as a campaign can have.
const water = `campaign: NUOC-SACH
letter:
  number: 12/BCĐ-NS
  date: 2024-03-04
  short: báo cáo nước sạch quý I
  issuer: Ban Chỉ đạo nước sạch
deadline: {before: 2024-04-01}
categories:
  - code: xa
    name: {vi: "Xã, phường", en: Communes}
    models: 0
  - {code: nha-may, name: Nhà máy, report: no, models: 1}
mailbox:
  url: imaps://bcd@mail.nuocsach.example
  password_env: NS_IMAP
smtp:
  url: smtps://bcd@mail.nuocsach.example:465
  from: BCD@nuocsach.example
  password_file: smtp.txt
desk: [phong@nuocsach.example]
`

const waterUnits = `code,category,official_name,emails,dup_group,active,expected_models,aliases
X1,xa,Xã An Hà,x1@nuocsach.example,,yes,,An Hà
X2,xa,Xã Bình Lâm,x2@nuocsach.example|x2b@nuocsach.example,,yes,,
NM,nha-may,Nhà máy nước Đông,nm@nuocsach.example,,yes,3,
`

// directory writes a campaign directory of the water committee, with other
// contents for the files that are named; "-" leaves a file out.
func directory(t *testing.T, other map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{campaignFile: water, rosterCSV: waterUnits, formFile: "a form"}
	for name, text := range other {
		files[name] = text
	}
	for name, text := range files {
		if text == "-" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, dir string) *Campaign {
	t.Helper()
	c, err := Load(dir)
	if err != nil {
		t.Fatalf("a good campaign is refused:\n%v", err)
	}
	return c
}

func TestTheBuiltInCampaignIsWhatTheLetterSays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "c")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	c := load(t, dir)

	models, districts, groups := 0, 0, map[string]int{}
	for _, u := range c.Units {
		models += u.Obligation.Models
		if u.Category == "huyen-thi-thanh-uy" {
			districts++
		}
		if u.DupGroup != "" {
			groups[u.DupGroup]++
		}
		if !strings.HasSuffix(u.Emails[0], ".example") {
			t.Errorf("%s has the address %s, which might be somebody's", u.Code, u.Emails[0])
		}
		if !u.Obligation.Report || !u.Obligation.Appendix {
			t.Errorf("%s owes %+v; the letter asks everybody for report and appendix", u.Code, u.Obligation)
		}
	}
	for what, n := range map[string][2]int{
		"units":     {len(c.Units), 70},
		"districts": {districts, 13},
		"models":    {models, 93},
		"groups":    {len(groups), 4},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], what, n[1])
		}
	}
	for group, n := range groups {
		if n != 2 {
			t.Errorf("group %s has %d members", group, n)
		}
	}

	// LETTER §2 and N09.
	for _, want := range []struct {
		code    string
		models  int
		outlier float64
	}{
		{"co-quan-tham-muu", 1, 50}, {"ban-can-su-dang", 0, 0}, {"so-ban-nganh", 1, 50},
		{"huyen-thi-thanh-uy", 2, 500}, {"dang-uy-truc-thuoc", 2, 300}, {"mttq-to-chuc-ctxh", 2, 300},
	} {
		k, ok := c.Category(want.code)
		if !ok || k.Obligation != (Obligation{true, true, want.models}) || k.Outlier != want.outlier {
			t.Errorf("category %s is %+v", want.code, k)
		}
	}
	if u, _ := c.Unit("BCSD-UBND"); u.Obligation.Models != 0 || u.AutoRemind {
		t.Errorf("BCSD-UBND owes %d models, reminded automatically: %v", u.Obligation.Models, u.AutoRemind)
	}
	if c.Issuer == nil || c.Issuer.Code != "BDV-TU" || c.Issuer.Active {
		t.Errorf("the issuer is %+v", c.Issuer)
	}
	if _, ok := c.Unit("BDV-TU"); ok {
		t.Error("the issuer is among the units")
	}
	if u, _ := c.Unit("S-CA"); !u.Undecided || c.Group("S-CA")[0].Code != "DU-CA" {
		t.Errorf("S-CA: %+v, group led by %s", u, c.Group("S-CA")[0].Code)
	}
	if u, _ := c.Unit("VP-TU"); !u.Relay || u.AutoRemind {
		t.Errorf("VP-TU: %+v", u)
	}

	var on []string
	for _, s := range c.Ladder {
		if s.On {
			on = append(on, s.Name)
		}
	}
	if got := strings.Join(on, " "); got != "invite T-8 T-3 T-1 T+1" {
		t.Errorf("steps that go out by themselves: %s", got)
	}
	if got := c.Ladder[0].Date.Format("02/01/2006 15:04 -0700"); got != "04/10/2022 00:00 +0700" {
		t.Errorf("the form goes out on %s", got)
	}
	if got := c.Deadline.Before.UTC().Format("2006-01-02T15:04"); got != "2022-10-19T17:00" {
		t.Errorf("the deadline is %s UTC", got)
	}
	if c.CutOff != "15/10/2022" || c.Mode != Rehearsal || len(c.Figures) != 4 || c.Figures[1].Percent != c.Figures[0].Label.VI {
		t.Errorf("cut-off %s, mode %s, figures %+v", c.CutOff, c.Mode, c.Figures)
	}
	if len(c.Form) == 0 || len(c.Enclosures) != 0 {
		t.Errorf("form of %d bytes, %d enclosures", len(c.Form), len(c.Enclosures))
	}
	complete(t, c)
}

// complete finds phrases that one of the two languages lacks.
func complete(t *testing.T, c *Campaign) {
	t.Helper()
	for part, w := range c.Parts {
		for _, p := range []Text{w.Name, w.Short, w.Ask, w.AskIf, w.More} {
			if p.VI == "" || p.EN == "" {
				t.Errorf("%s: %+v lacks a language", part, p)
			}
		}
	}
}

func TestInitWritesOverNothingAndKeepsTheDirectoryToItsOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"": 0o750, "enclosures": 0o750, "templates": 0o750, "campaign.yaml": 0o640, "units.xlsx": 0o640, "form.xlsx": 0o640} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got&^want != 0 {
			t.Errorf("%q may be used by others: %o, want at most %o", name, got, want)
		}
	}
	for _, name := range []string{"campaign.yaml", "units.xlsx", "units.csv", "form.xlsx"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		err, ok := Init(dir).(Mistakes)
		if !ok || err[0].File != name {
			t.Errorf("Init over %s: %v", name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("a refused Init left %d entries", len(left))
		}
		if data, _ := os.ReadFile(path); string(data) != "mine" {
			t.Errorf("%s was written over", name)
		}
	}
}

func TestAnotherCommitteeNeedsFewKeysAndGetsPlainWords(t *testing.T) {
	c := load(t, directory(t, nil))
	if len(c.Units) != 3 || c.Issuer != nil || c.Location.String() != "Asia/Ho_Chi_Minh" {
		t.Fatalf("%d units, issuer %v, zone %s", len(c.Units), c.Issuer, c.Location)
	}
	nm, _ := c.Unit("NM")
	if nm.Obligation != (Obligation{Appendix: true, Models: 3}) {
		t.Errorf("the factory owes %+v", nm.Obligation)
	}
	x2, _ := c.Unit("X2")
	if x2.Salutation != "Xã Bình Lâm" || !x2.AutoRemind || x2.Relay || len(x2.Emails) != 2 {
		t.Errorf("%+v", x2)
	}
	if got := c.Deadline.Closes.Format("2006-01-02"); got != "2024-04-15" || !c.Deadline.GraceUntil.IsZero() {
		t.Errorf("closes %s, grace %v", got, c.Deadline.GraceUntil)
	}
	if c.Letter.Name.VI != "Công văn số 12/BCĐ-NS ngày 04/03/2024" || c.Letter.Abbrev != "NUOC" || c.Letter.Signature.VI != "BAN CHỈ ĐẠO NƯỚC SẠCH" {
		t.Errorf("%+v", c.Letter)
	}
	if c.SMTP.From != "bcd@nuocsach.example" || c.Mailbox.Address != c.SMTP.From || c.PublicDomain != "nuocsach.example" {
		t.Errorf("from %s, address %s, domain %s", c.SMTP.From, c.Mailbox.Address, c.PublicDomain)
	}
	if !c.Mailbox.Since.Equal(c.Letter.Date) || c.ReceiptDelay.Minutes() != 10 || c.Poll != "@every 1m" {
		t.Errorf("since %v, delay %v, poll %s", c.Mailbox.Since, c.ReceiptDelay, c.Poll)
	}
	if len(c.Ladder) != 9 || c.Ladder[0].Date.Format("2006-01-02") != "2024-03-05" || c.Hours != (Hours{"07:30", "16:30"}) {
		t.Errorf("ladder %+v, hours %+v", c.Ladder, c.Hours)
	}
	complete(t, c)
	for part, w := range c.Parts {
		for _, p := range []Text{w.Name, w.Short, w.Ask, w.AskIf, w.More, w.Noun, w.Brief} {
			if strings.Contains(p.VI+p.EN, "Dân vận") || strings.Contains(p.VI, "mô hình") {
				t.Errorf("%s speaks of another letter: %+v", part, p)
			}
		}
	}
}

func TestACampaignMayBeSavedByAnyEditor(t *testing.T) {
	decomposed := norm.NFD.String(water)
	if decomposed == water {
		t.Fatal("nothing was decomposed")
	}
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range water {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, text := range map[string]string{
		"byte order mark": "\ufeff" + water,
		"Windows lines":   strings.ReplaceAll(water, "\n", "\r\n"),
		"both":            "\ufeff" + strings.ReplaceAll(water, "\n", "\r\n"),
		"decomposed":      decomposed,
		"UTF-16":          string(utf16),
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, directory(t, map[string]string{campaignFile: text}))
			if want := "báo cáo nước sạch quý I"; c.Letter.Short.VI != want {
				t.Errorf("Short is %+q, want %+q", c.Letter.Short.VI, want)
			}
		})
	}
}

func TestARosterMayBeSavedByAnySpreadsheet(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark and Windows lines":        "\ufeff" + strings.ReplaceAll(waterUnits, "\n", "\r\n"),
		"semicolons, as a Vietnamese Excel writes": strings.ReplaceAll(waterUnits, ",", ";"),
		"tabs":                                    strings.ReplaceAll(waterUnits, ",", "\t"),
		"heads in capitals, blanks, empty rows":   strings.Replace(waterUnits, "code,category", " CODE ,Category", 1) + "\n,,,,,,,\n  ,,,,,,,\n",
		"rows shorter than the heads":             strings.ReplaceAll(waterUnits, ",yes,,\n", ",yes\n"),
		"non-breaking blanks and zero width":      strings.ReplaceAll(waterUnits, "Bình Lâm", "Bình\u00a0Lâm\u200b"),
		"decomposed letters":                      norm.NFD.String(waterUnits),
		"capitals in addresses, and mailto:":      strings.ReplaceAll(waterUnits, "x2@nuocsach", "mailto:X2@NuocSach"),
		"another separator between addresses":     strings.ReplaceAll(waterUnits, "|", "; "),
		"the same address twice in one cell":      strings.ReplaceAll(waterUnits, "|x2b", "|x2@nuocsach.example|x2b"),
		"yes in Vietnamese, and as a truth value": strings.Replace(strings.Replace(waterUnits, ",yes", ",có", 1), ",yes", ",TRUE", 1),
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, directory(t, map[string]string{rosterCSV: text}))
			u, ok := c.Unit("X2")
			if len(c.Units) != 3 || !ok || u.Name != "Xã Bình Lâm" || strings.Join(u.Emails, " ") != "x2@nuocsach.example x2b@nuocsach.example" {
				t.Errorf("%d units, X2 is %+v", len(c.Units), u)
			}
		})
	}
}

func TestUnitsStandInTheirOrder(t *testing.T) {
	c := load(t, directory(t, map[string]string{rosterCSV: "code,category,official_name,emails,order,active\n" +
		"C,xa,Xã C,c@x.example,3,yes\nA,xa,Xã A,a@x.example,1,yes\nA2,xa,Xã A2,a2@x.example,,yes\nOUT,xa,Xã Out,,2,no\nBCD,xa,Ban Chỉ đạo,bcd@x.example,0,no\n"}))
	var codes []string
	for _, u := range c.Units {
		codes = append(codes, u.Code)
	}
	if got := strings.Join(codes, " "); got != "A A2 C" {
		t.Errorf("units %s", got)
	}
	if c.Issuer == nil || c.Issuer.Code != "BCD" {
		t.Errorf("the row of order 0 is the issuer, not %+v", c.Issuer)
	}
}

func TestWhatGoesOutWithTheInvitationIsRead(t *testing.T) {
	c := load(t, directory(t, map[string]string{
		"enclosures/b.pdf": "%PDF b", "enclosures/Công văn.pdf": "%PDF a", "enclosures/~$a.docx": "lock", "enclosures/Thumbs.db": "x", "enclosures/.DS_Store": "x",
		"templates/receipt.vi.txt": "\ufeffĐã nhận\r\n", "templates/_goc/receipt.vi.txt": "x", "templates/logo.png": "\x89PNG\xff",
	}))
	if len(c.Enclosures) != 2 || c.Enclosures[0].Name != "Công văn.pdf" || string(c.Enclosures[1].Data) != "%PDF b" {
		t.Errorf("%+v", c.Enclosures)
	}
	if c.Templates["receipt.vi.txt"] != "Đã nhận\n" || len(c.Templates) != 1 {
		t.Errorf("%+q", c.Templates)
	}
	if len(c.BadTemplates) != 1 || c.BadTemplates[0].File != "templates/logo.png" {
		t.Errorf("a file that is no text is named and stops nothing: %v", c.BadTemplates)
	}
}

func TestReceiptDelayMayBeNothing(t *testing.T) {
	for text, want := range map[string]string{"0": "0s", "10m": "10m0s", `"1h30m"`: "1h30m0s"} {
		c := load(t, directory(t, map[string]string{campaignFile: water + "receipt_delay: " + text + "\n"}))
		if c.ReceiptDelay.String() != want {
			t.Errorf("receipt_delay %s is %v", text, c.ReceiptDelay)
		}
	}
}

func TestTheFolderForSentMail(t *testing.T) {
	for text, want := range map[string]string{
		"": SentAuto, "sent: auto": SentAuto, "sent: Auto": SentAuto, "sent: yes": SentAuto, `sent: ""`: SentAuto,
		"sent: off": SentOff, "sent: no": SentOff, `sent: "Đã gửi"`: "Đã gửi",
	} {
		c := load(t, directory(t, map[string]string{campaignFile: strings.Replace(water, "password_env: NS_IMAP", "password_env: NS_IMAP\n  "+text, 1)}))
		if c.Mailbox.Sent != want {
			t.Errorf("%s is %q, want %q", text, c.Mailbox.Sent, want)
		}
	}
}

func TestASpamFolderIsKnownByItsName(t *testing.T) {
	for folders, want := range map[string]string{
		"[INBOX]": "", "[INBOX, Junk]": "Junk", "[INBOX, INBOX.Spam, Thư rác]": "INBOX.Spam Thư rác",
		"[INBOX, '[Gmail]/Spam']": "[Gmail]/Spam", "[INBOX, Lạ]\n  spam: [Lạ]": "Lạ",
	} {
		c := load(t, directory(t, map[string]string{campaignFile: strings.Replace(water, "password_env: NS_IMAP", "password_env: NS_IMAP\n  folders: "+folders, 1)}))
		if got := strings.Join(c.Mailbox.Spam, " "); got != want {
			t.Errorf("of %s, %q is spam, want %q", folders, got, want)
		}
	}
}
