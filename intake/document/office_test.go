package document

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatLibreOfficeSavesIsRead has LibreOffice save one document in every
// format that is read here: real files, by a program that is not ours.
func TestWhatLibreOfficeSavesIsRead(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: what LibreOffice saves was not read")
	}
	cell := func(text string) string { return `<w:tc><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>` }
	dir := t.TempDir()
	source := filepath.Join(dir, "a.docx")
	if err := os.WriteFile(source, docx(t, "*I. Khái quát tình hình chung", "Huyện ủy đã lãnh đạo phong trào “Dân vận khéo” năm 2022.",
		`<w:tbl><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid><w:tr>`+cell("Cấp tỉnh")+cell("05")+`</w:tr><w:tr>`+cell("Cấp huyện")+cell("12")+`</w:tr></w:tbl>`,
		`<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr><w:t>Phong trµo thi ®ua cña huyÖn ñy</w:t></w:r></w:p>`, "Nơi nhận:"), 0o600); err != nil {
		t.Fatal(err)
	}
	const text = "I. Khái quát tình hình chung Huyện ủy đã lãnh đạo phong trào “Dân vận khéo” năm 2022. Cấp tỉnh 05 Cấp huyện 12 Phong trào thi đua của huyện ủy Nơi nhận:"
	for _, format := range []string{"docx:MS Word 2007 XML", "doc:MS Word 97", "rtf:Rich Text Format", "odt:writer8", "pdf:writer_pdf_Export"} {
		kind, _, _ := strings.Cut(format, ":")
		out := filepath.Join(dir, kind)
		cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "user"), "--headless", "--convert-to", format, "--outdir", out, source)
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", format, err, msg)
		}
		data, err := os.ReadFile(filepath.Join(out, "a."+kind))
		if err != nil {
			t.Fatal(err)
		}
		d := Read("a", data)
		if got := strings.Join(strings.Fields(d.Text), " "); d.Kind != kind || d.Problem != "" || got != text {
			t.Errorf("%s: kind %s, problem %q, text\n %q\nwant\n %q", kind, d.Kind, d.Problem, got, text)
		}
		if kind == PDF {
			if d.Pages != 1 {
				t.Errorf("a PDF of one page has %d", d.Pages)
			}
			continue // which has no tables and no styles
		}
		if len(d.Tables) != 1 || len(d.Tables[0]) != 2 || strings.Join(d.Tables[0][1], "|") != "Cấp huyện|12" {
			t.Errorf("%s: tables %q", kind, d.Tables)
		}
		if len(d.Headings) == 0 || d.Headings[0] != "I. Khái quát tình hình chung" {
			t.Errorf("%s: headings %q", kind, d.Headings)
		}
	}
}
