package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dondoc/intake/document"
)

// drafts are the letters to be signed, in every state.
var drafts = []struct {
	state, name string
	facts       func() Facts
}{
	{"a district has sent its report and nothing else", "draft", unsigned},
	{"and in English", "draft-en", func() Facts {
		f := unsigned()
		f.Lang = "en"
		return f
	}},
	{"it has sent nothing, had a later deadline, and is asked for by no day", "draft-nothing", func() Facts {
		f := facts(peopleWork(), "", "HU-LYSON", "2022-11-01 09:00")
		f.Unit.LeaderSalutation = "Thường trực Huyện ủy Lý Sơn"
		f.Deadline = Deadline{At: at("2022-10-25"), Extended: true}
		return f
	}},
	{"two units share the dossier", "draft-shared", func() Facts {
		f := facts(peopleWork(), "", "DU-CA", "2022-10-25 09:00")
		f.Group[0].LeaderSalutation = "Ban Thường vụ Đảng ủy Công an tỉnh"
		f.Outcome.By = at("2022-10-28")
		return f
	}},
	{"another committee has said nothing of how its letters look", "draft-rivers", func() Facts {
		f := river("vi", Invite)
		f.Kind = ""
		return f
	}},
}

func unsigned() Facts {
	f := urging()
	f.Outcome = Outcome{By: at("2022-10-28")}
	return f
}

// The words of a draft, as a reader of Word documents finds them.
func TestDrafts(t *testing.T) {
	for _, c := range drafts {
		doc, fault, err := Draft(c.facts())
		if err != nil || fault != nil {
			t.Fatalf("%s: %v, %v", c.state, err, fault)
		}
		data := doc.Bytes()
		if dir := os.Getenv("DONDOC_DRAFTS"); dir != "" { // to look at them
			if err := os.WriteFile(filepath.Join(dir, c.name+".docx"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		read := document.Read(c.name+".docx", data)
		text := strings.TrimSpace(strings.ReplaceAll(read.Text, "\u00a0", "_")) + "\n"
		compare(t, filepath.Join("testdata", "golden", c.name+".docx.txt"), text)
		for _, bad := range append([]string{"{{", "<no value>", "..", " ,", "  ."}, forbidden...) {
			if strings.Contains(strings.ToLower(text), bad) {
				t.Errorf("%s: %q in\n%s", c.state, bad, text)
			}
		}
		if c.name != "draft-rivers" {
			continue
		}
		for _, word := range []string{"ân vận", "Tỉnh ủy", "DVK", "624", "2022", "Quảng Ngãi", "ĐẢNG"} {
			if strings.Contains(text, word) {
				t.Errorf("%q of the first campaign shows:\n%s", word, text)
			}
		}
	}
}

func TestADraftOfNothingIsRefused(t *testing.T) {
	f := unsigned()
	f.state("complete")
	if _, _, err := Draft(f); err == nil {
		t.Error("a letter about nothing that is missing")
	}
}

// A campaign may have its own words for the text of the letter.
func TestADraftInTheCampaignsOwnWords(t *testing.T) {
	f := unsigned()
	f.Campaign.Templates = map[string]string{"draft.vi.txt": "Subject: V/v gửi báo cáo\n\nKính đề nghị {{.Leader}} quan tâm.\n"}
	doc, fault, err := Draft(f)
	if err != nil || fault != nil {
		t.Fatal(err, fault)
	}
	if text := document.Read("x.docx", doc.Bytes()).Text; !strings.Contains(text, "V/v gửi báo cáo") || !strings.Contains(text, "Kính đề nghị Thường trực Huyện ủy Sơn Tây quan tâm.") {
		t.Error(text)
	}
	// One with an error leaves the built-in one working, and says so.
	f.Campaign.Templates["draft.vi.txt"] = "Subject: x\n\n{{.Nobody}}"
	if doc, fault, err = Draft(f); err != nil || fault == nil || !strings.Contains(document.Read("x.docx", doc.Bytes()).Text, "trân trọng đề nghị") {
		t.Errorf("%v, %v", fault, err)
	}
}
