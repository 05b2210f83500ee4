package letter

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/intake"
	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

func TestTheFormForModelsGoesWhereAModelIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		sentence string
		facts    func() Facts
		want     bool
	}{
		{"with the invitation of a unit that owes models", func() Facts { return invited("HU-BATO", "2022-10-04 07:30") }, true},
		{"not with that of a unit that owes none", func() Facts { return invited("BCSD-UBND", "2022-10-04 07:30") }, false},
		{"with a receipt that asks for one", partial, true},
		{"not with one that has them all", complete, false},
		{"with a reminder that asks for one", func() Facts { return reminder("HU-BATO", "2022-10-14 07:30", "state") }, true},
		{"not with one that asks for the annex alone", func() Facts {
			f := reminder("HU-BATO", "2022-10-14 07:30", "state")
			f.state(standing.Partial, "appendix")
			return f
		}, false},
		{"not with an acknowledgement", asked, false},
		{"not where the letter does not say what a write-up has to contain", func() Facts { return river("vi", Invite) }, false},
	} {
		form, ok := WriteUp(c.facts())
		if ok != c.want || ok && form.Name != "Mau gioi thieu mo hinh.docx" {
			t.Errorf("%s: %v, %q", c.sentence, ok, form.Name)
		}
	}
}

func TestTheCommitteesOwnFormForModelsTakesThePlaceOfOurs(t *testing.T) {
	f := invited("HU-BATO", "2022-10-04 07:30")
	f.Campaign.Enclosures = []config.Enclosure{{Name: "Mau gioi thieu mo hinh.docx", Data: []byte("theirs")}}
	f.Enclosures = []string{"Mau gioi thieu mo hinh.docx"}
	if form, ok := WriteUp(f); !ok || string(form.Data) != "theirs" {
		t.Errorf("%v, %d bytes", ok, len(form.Data))
	}
	l, err := Render(f)
	if err != nil || strings.Contains(l.Text, "gửi kèm Công văn") {
		t.Errorf("it is not the letter: %v\n%s", err, l.Text)
	}
}

// What comes back blank is no model, whoever's it is; what was filled in is one,
// under its name, wherever its name was written.
func TestTheFormForModelsIsKnownWhenItComesBack(t *testing.T) {
	long, _ := peopleWork().Unit("HU-BATO")
	long.Name = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Quảng Ngãi"
	f := invited("HU-BATO", "2022-10-04 07:30")
	for _, u := range []*config.Unit{f.Unit, &long} {
		f.Unit = u
		form, ok := WriteUp(f)
		if !ok {
			t.Fatal("no form")
		}
		printed := document.Read(form.Name, form.Data)
		for _, want := range []string{u.Name, "1. Tên mô hình, điển hình:", "6. Các giải pháp nhân rộng:", "Cấp và số, ngày văn bản công nhận", "Công văn số 624-CV/BDVTU"} {
			if !strings.Contains(printed.Text, want) {
				t.Errorf("%s: the form does not say %q:\n%s", u.Name, want, printed.Text)
			}
		}
		if i, j := strings.Index(printed.Text, "2. Cơ sở"), strings.Index(printed.Text, "5. Hiệu quả"); i < 0 || i > j {
			t.Errorf("the contents are not in the letter's order:\n%s", printed.Text)
		}
		outline := intake.OutlineOf(f.Campaign)
		for _, c := range []struct {
			sentence string
			fill     func(string) string
			kind     string
			title    string
		}{
			{"as it went out", func(s string) string { return s }, finding.Other, ""},
			{"with dots where there is room", func(s string) string { return strings.ReplaceAll(s, ":\n", ": ……………\n") }, finding.Other, ""},
			{"with the name below its head", func(s string) string {
				return strings.Replace(s, "điển hình:\n", "điển hình:\nThắp sáng đường quê\n", 1)
			}, finding.Model, "Thắp sáng đường quê"},
			{"with the name behind its head", func(s string) string {
				return strings.Replace(s, "điển hình:\n", "điển hình: Thắp sáng đường quê\n", 1)
			}, finding.Model, "Thắp sáng đường quê"},
			{"filled in, but for the name", func(s string) string {
				return strings.Replace(s, "triển khai:\n", "triển khai:\n"+strings.Repeat("Nhân dân cùng nhau làm đường. ", 20)+"\n", 1)
			}, finding.Model, ""},
		} {
			filled := printed
			filled.Text = c.fill(printed.Text)
			got := document.Recognise(filled, document.File{Name: form.Name}, outline)
			if got.Kind != c.kind || got.Title != c.title {
				t.Errorf("%s, %s: %s %q", u.Name, c.sentence, got.Kind, got.Title)
			}
			if told := len(got.Problems) == 1 && got.Problems[0].Code == "P03"; told != (c.kind == finding.Other) {
				t.Errorf("%s, %s: %+v", u.Name, c.sentence, got.Problems)
			}
		}
	}
}

// TestLibreOfficeOpensTheFormForModels and finds a page with everything on it.
func TestLibreOfficeOpensTheFormForModels(t *testing.T) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("there is no soffice (package libreoffice-writer)")
	}
	form, _ := WriteUp(invited("HU-BATO", "2022-10-04 07:30"))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, form.Name), form.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	// Saved by it, the form is still known for what it is.
	if said, err := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "odt", "--outdir", dir, filepath.Join(dir, form.Name)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	saved, err := os.ReadFile(filepath.Join(dir, "Mau gioi thieu mo hinh.odt"))
	if err != nil {
		t.Fatal(err)
	}
	doc := document.Read("Mau gioi thieu mo hinh.odt", saved)
	if got := document.Recognise(doc, document.File{Name: "a.odt"}, intake.OutlineOf(peopleWork())); !strings.Contains(doc.Text, "Huyện ủy Ba Tơ") || got.Kind != finding.Other {
		t.Errorf("%s:\n%s", got.Kind, doc.Text)
	}
}
