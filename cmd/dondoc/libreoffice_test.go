package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// soffice returns the program, without which the test is skipped, or fails where
// DONDOC_REQUIRE_LIBREOFFICE says that it has to be there.
func soffice(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("there is no soffice (package libreoffice-calc)")
	}
	return path
}

// TestFilesThatOnlyLibreOfficeReads: a form saved as flat OpenDocument comes
// out as it was filled in where the campaign names LibreOffice; where it does
// not, the unit is asked to save it as .xlsx.
func TestFilesThatOnlyLibreOfficeReads(t *testing.T) {
	t.Parallel()
	program := soffice(t)
	w := newWorld(t, "HU-BATO")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "PL.xlsx"), w.filled("HU-BATO", 5), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--headless", "--convert-to", "fods", "--outdir", dir, filepath.Join(dir, "PL.xlsx")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	flat, err := os.ReadFile(filepath.Join(dir, "PL.fods"))
	if err != nil {
		t.Fatal(err)
	}
	eml := filepath.Join(dir, "a.eml")
	raw := mail("vanthu@hubato.quangngai.example", "Phụ lục số liệu", "Kính gửi", file{"PL.fods", flat})
	if err := os.WriteFile(eml, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sentence, libreoffice string
		problem               string
		value                 any
	}{
		{"without LibreOffice the unit is asked for .xlsx", "", "S01", nil},
		{"with it the figures are read, and the format is noted", program, "S05", 5.0},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			w.edit("campaign.yaml", `(?m)^libreoffice: .*`, `libreoffice: "`+c.libreoffice+`"`)
			got := lines[struct {
				Parts []struct {
					Name, Kind, SHA256 string
					Values             map[string]any
					Problems           []struct{ Code string }
				}
			}](t, w.must(at(t, "2022-10-12 10:00"), "ingest", "--dry-run", "--json", eml))
			if len(got) != 1 || len(got[0].Parts) != 1 {
				t.Fatalf("%+v", got)
			}
			p := got[0].Parts[0]
			found := false
			for _, q := range p.Problems {
				found = found || q.Code == c.problem
			}
			if p.Name != "PL.fods" || p.Kind != "appendix" || p.Values["DVK_B1_11_TT"] != c.value || !found {
				text, _ := json.Marshal(p)
				t.Errorf("%s", text)
			}
		})
	}
}

// TestTheCage: what runs in it reaches its own directory and nothing else of
// ours, and no network.
func TestTheCage(t *testing.T) {
	t.Parallel()
	inside, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("hidden words"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, c := range []struct {
		sentence, script string
		works            bool
	}{
		{"it writes into its directory", "echo yes > " + inside + "/file && cat " + inside + "/file", true},
		{"it does not read another's file", "cat " + secret, false},
		{"it does not write elsewhere", "echo no > " + outside + "/file", false},
		{"it reaches no server", "exec 3<>/dev/tcp/127.0.0.1/" + port + " && echo yes", false},
		{"it does not write without end", "head -c 300000000 /dev/zero > " + inside + "/big", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			out, err := exec.Command(os.Args[0], "cage", inside, "/bin/bash", "-c", c.script).CombinedOutput()
			if strings.Contains(string(out), "no Landlock") {
				// Nothing runs where it cannot be caged: that is the other half.
				if err == nil {
					t.Error("ran outside the cage")
				}
				return
			}
			if (err == nil) != c.works || strings.Contains(string(out), "hidden words") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(outside, "file")); err == nil {
		t.Error("a file was written outside")
	}
}
