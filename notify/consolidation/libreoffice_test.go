package consolidation

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// withoutValues takes away what stands stored beside the formulas, so that
// whoever reads the workbook has to compute.
func withoutValues(t testing.TB, xlsx []byte) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		t.Fatal(err)
	}
	stored := regexp.MustCompile(`(</f>)<v[^>]*>[^<]*</v>`)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range archive.File {
		text, err := content(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			text = stored.ReplaceAll(text, []byte("$1"))
		}
		to, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// LibreOffice computes every formula anew, and comes to what we have stored,
// cell by cell.
func TestLibreOfficeComputesWhatIsStored(t *testing.T) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: LibreOffice's opinion of the sums was not asked")
	}
	all := inputs(t)
	all["totals alone"] = withLoneTotals(t)
	all["changes"] = withSince(t)
	dir := t.TempDir()
	ours := map[string]*read{}
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out")}
	names := map[string]string{}
	for name, in := range all {
		out := workbook(t, in)
		ours[name] = open(t, out)
		names[name] = strings.NewReplacer(" ", "-", "'", "").Replace(name) + ".xlsx"
		path := filepath.Join(dir, names[name])
		if err := os.WriteFile(path, withoutValues(t, out), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if said, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	for name := range all {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, "out", names[name]))
			if err != nil {
				t.Fatal(err)
			}
			theirs, compared := open(t, data), 0
			for sheet, s := range ours[name].sheets {
				for at, c := range s.cells {
					if c.formula == "" {
						continue
					}
					compared++
					got := theirs.sheets[sheet].cells[at]
					want, isNumber := c.number()
					n, err := strconv.ParseFloat(got.value, 64)
					switch {
					case isNumber && (err != nil || math.Abs(n-want) > 1e-9*math.Max(1, math.Abs(want))):
						t.Errorf("%s!%s %s: we stored %v, LibreOffice computes %q", sheet, at, c.formula, want, got.value)
					case !isNumber && got.value != c.value:
						t.Errorf("%s!%s %s: we stored %q, LibreOffice computes %q", sheet, at, c.formula, c.value, got.value)
					}
				}
			}
			if compared < 90 && name != "an empty list" {
				t.Errorf("only %d formulas were compared", compared)
			}
		})
	}
}

// withLoneTotals is a campaign in which some units gave how many models were
// recognised as a total alone.
func withLoneTotals(t testing.TB) Input {
	in := whole(t, 12, 5)
	var facts standing.Facts
	for i, u := range in.Campaign.Units {
		p := filled(in.Form, u.Code, func(k int) any { return float64(k + i) })
		if i%3 == 2 {
			for _, row := range []string{"31", "32", "33"} {
				p.Values["DVK_B3_"+row+"_CNH"] = nil
			}
			p.Values["DVK_B3_30_CNH"] = float64(100 + i)
			p.Places["DVK_B3_30_CNH"] = "Phụ lục số liệu!E32"
			p.Verdict = finding.AcceptedWithNotes
			p.Problems = []finding.Problem{{Code: "N01", Severity: finding.Noted, Inputs: []string{"DVK_B3_31_CNH"}}}
		}
		if i != 1 { // which shares the report of the first
			facts.Mails = append(facts.Mails, mail("L"+u.Code, u.Code, time.Date(2022, 10, 11, 9, i, 0, 0, zone), false, p))
		}
	}
	in.Table = standing.Fold(in.Campaign, facts, asOf)
	return in
}

// withSince is a campaign compared with what it was five days before.
func withSince(t testing.TB) Input {
	in := whole(t, 70, 1)
	in.Since = standing.Fold(in.Campaign, factsOf(t, 70, 1), asOf.AddDate(0, 0, -5))
	return in
}
