package document

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestDocumentsOfAuthoritiesAreRead compares what is read of documents of
// Vietnamese authorities, in old fonts all of them, with their proof-read
// transcripts, word by word. Case is left aside: a
// font of capitals shows capitals, and the transcripts keep the letters typed.
// A transcript may have words that no page shows: the instructions of fields,
// and the lines that repeat on every page, which are kept apart here.
func TestDocumentsOfAuthoritiesAreRead(t *testing.T) {
	root := os.Getenv("DONDOC_SHARED")
	if root == "" {
		t.Skip("DONDOC_SHARED is not set: the documents of authorities were not read")
	}
	root = filepath.Join(root, "corpora", "vn", "gov-legacy")
	found := 0
	for _, set := range []struct{ files, transcripts string }{{"corpus/public-domain", "ground-truth"}, {"corpus/synthetic", "ground-truth-synthetic"}} {
		filepath.WalkDir(filepath.Join(root, set.files), func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d := Read(e.Name(), data)
			if d.Kind == XLS {
				return nil
			}
			truth, err := os.ReadFile(filepath.Join(root, set.transcripts, strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			found++
			// The PDFs are transcribed by a program that parts words at letters
			// set closely, and reads both columns of a letterhead as one line.
			least := 0.993 // one of them mixes two old encodings within a line
			if d.Kind == PDF {
				least = 0.96
			}
			want := strings.Fields(words(norm.NFC.String(string(truth))))
			if share := shared(want, strings.Fields(words(d.Text+"\n"+strings.Join(d.Margins, "\n")))); d.Problem != "" || share < least {
				t.Errorf("%s: problem %q, %.2f %% of the words of its transcript", e.Name(), d.Problem, 100*share)
			}
			return nil
		})
	}
	if found == 0 {
		t.Errorf("no document under %s", root)
	}
}

// shared is the share of the words of want that stand in got, each as often.
func shared(want, got []string) float64 {
	left := map[string]int{}
	for _, w := range got {
		left[w]++
	}
	found, asked := 0, 0
	for _, w := range want {
		if w == "page" || w == "embed" { // of the instruction of a field
			continue
		}
		if asked++; left[w] > 0 {
			left[w]--
			found++
		}
	}
	return float64(found) / float64(max(asked, 1))
}
