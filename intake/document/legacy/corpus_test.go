package legacy_test

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/document/legacy"
	"dondoc/intake/workbook"
)

// TestGovernmentFiles decodes files of Vietnamese authorities and compares
// them with their proof-read transcripts, where these are at hand: every label
// must stand there, and no word more often than there. Capitals are not
// compared: the transcripts write what .VnTimeH shows as capitals small.
// Texts of other formats are compared where they are read.
func TestGovernmentFiles(t *testing.T) {
	shared := os.Getenv("DONDOC_SHARED")
	if shared == "" {
		t.Skip("DONDOC_SHARED names no folder with corpora")
	}
	root := filepath.Join(shared, "corpora", "vn", "gov-legacy")
	files, _ := filepath.Glob(filepath.Join(root, "corpus", "*", "*.docx"))
	for _, f := range files {
		compare(t, f, filepath.Join(root, "ground-truth-synthetic", base(f)+".txt"))
	}
	files, _ = filepath.Glob(filepath.Join(root, "corpus", "*", "*", "*.xls"))
	for _, f := range files {
		compare(t, f, filepath.Join(root, "ground-truth", base(f)+".txt"))
	}
}

func base(f string) string { return strings.TrimSuffix(filepath.Base(f), filepath.Ext(f)) }

func compare(t *testing.T, file, transcript string) {
	t.Run(filepath.Base(file), func(t *testing.T) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := os.ReadFile(transcript)
		if err != nil {
			t.Fatal(err)
		}
		var paragraphs [][]legacy.Run
		if strings.HasSuffix(file, "docx") {
			paragraphs = wordRuns(t, file)
		} else {
			b, err := workbook.Open(data)
			if err != nil {
				t.Skip(err)
			}
			for _, s := range b.Sheets {
				for _, c := range s.Cells() {
					if c.Type != workbook.Text {
						continue
					}
					var runs []legacy.Run
					for _, r := range c.Runs {
						runs = append(runs, legacy.Run(r))
					}
					if runs == nil {
						runs = []legacy.Run{{Text: c.Raw, Font: c.Font}}
					}
					paragraphs = append(paragraphs, runs)
				}
			}
		}
		var d legacy.Decider
		for _, p := range paragraphs {
			for _, r := range p {
				d.Add(r.Text, r.Font)
			}
		}
		want := map[string]int{}
		for _, w := range words(norm.NFC.String(string(truth))) {
			want[w]++
		}
		whole := " " + strings.Join(words(norm.NFC.String(string(truth))), " ") + " "
		all, labels, missing := 0, 0, map[string]int{}
		for _, p := range paragraphs {
			out, _ := d.DecodeRuns(p)
			labels++
			if label := strings.Join(words(out), " "); label != "" && !strings.Contains(whole, " "+label+" ") {
				missing[label]++
			}
			for _, w := range words(out) {
				all++
				if want[w]--; want[w] < 0 {
					missing[w]++
				}
			}
		}
		t.Logf("%d labels, %d words, %d not in the transcript", labels, all, len(missing))
		if len(missing) > 0 {
			t.Errorf("not in the transcript: %v", missing)
		}
	})
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r < 0x80 && !('a' <= r && r <= 'z' || '0' <= r && r <= '9') || r == 0xA0 || r >= 0x2000 && r < 0x2100
	})
}

// wordRuns reads the runs of a .docx with the fonts they name themselves.
func wordRuns(t *testing.T, file string) [][]legacy.Run {
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]legacy.Run
	var paragraph []legacy.Run
	font := ""
	for dec := xml.NewDecoder(f); ; {
		tok, err := dec.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "r":
				font = ""
			case "rFonts":
				for _, a := range tok.Attr {
					if a.Name.Local == "ascii" {
						font = a.Value
					}
				}
			case "tab", "br":
				paragraph = append(paragraph, legacy.Run{Text: "\t", Font: font})
			case "softHyphen": // the ư of TCVN3, which some programs take for what it looks like
				paragraph = append(paragraph, legacy.Run{Text: "\u00ad", Font: font})
			case "t":
				var s string
				if err := dec.DecodeElement(&s, &tok); err != nil {
					t.Fatal(err)
				}
				paragraph = append(paragraph, legacy.Run{Text: s, Font: font})
			}
		case xml.EndElement:
			if tok.Name.Local == "p" {
				out, paragraph = append(out, paragraph), nil
			}
		}
	}
}
