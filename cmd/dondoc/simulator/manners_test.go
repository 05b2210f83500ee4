package simulator

import (
	"bytes"
	"strings"
	"testing"
)

func TestEveryMannerIsSeenInEveryPlay(t *testing.T) {
	for seed := range uint64(20) {
		seen := map[string]int{}
		for _, p := range played(seed, 70).parties {
			seen[p.manner().en]++
			if p.lead().Relay && p.manner() != &manners[0] {
				t.Errorf("seed %d: the office that passes on others' mail has files in the manner of %q", seed, p.manner().en)
			}
		}
		for _, way := range manners {
			if seen[way.en] == 0 {
				t.Errorf("seed %d: nobody has %q", seed, way.en)
			}
		}
	}
}

func TestTextsInOldFonts(t *testing.T) {
	for _, row := range []struct{ sentence, got, want string }{
		{"TCVN3", tcvn3.Replace("Huyện ủy Sơn Hà"), "HuyÖn ñy S¬n Hµ"},
		{"VNI", vni.Replace("Huyện ủy Ba Tơ"), "Huyeän uûy Ba Tô"},
		{"VNI, capitals", vni.Replace("ỦY BAN"), "UÛY BAN"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %q", row.sentence, row.got)
		}
	}
	lines := paragraphs(oldFont(tcvn3, ".VnTime")(file{"a.docx", document([]string{"HUYỆN ỦY", "Số 1 & 2"})}).data)
	if len(lines) != 2 || lines[0] != "huyÖn ñy" || lines[1] != "Sè 1 & 2" {
		t.Errorf("a document in TCVN3: %q", lines)
	}
}

// What other programs write is the same book; whether it can be read, the play
// shows.
func TestBooksOfOtherPrograms(t *testing.T) {
	b := &sheetBook{sheets: []plainSheet{{name: "Phụ lục", rows: [][]any{{nil, "Cấp <tỉnh>;"}, {}, {3.0, nil, "a\nb"}}}, {name: "_meta", hidden: 2, rows: [][]any{{"unit", "HU-A"}}}}}
	for _, row := range []struct {
		sentence string
		data     []byte
		begins   string
		holds    []string
	}{
		{"Excel 97", b.xls(), "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", "H\x00U\x00-\x00A\x00", "\x00\x00\x00\x00\x00\x00\x08\x40"}},
		{"OpenDocument", b.ods(), "PK\x03\x04", []string{"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"}},
		{"XML of 2003", b.xml2003(), "<?xml", []string{`<Row ss:Index="3"><Cell ss:Index="1"><Data ss:Type="Number">3</Data>`, "Cấp &lt;tỉnh&gt;;", "SheetVeryHidden"}},
		{"HTML", b.html(), "<html", []string{"<tr><td></td><td>Cấp &lt;tỉnh&gt;;</td></tr>\n<tr></tr>\n<tr><td>3</td>"}},
		{"CSV", b.csv(), "\ufeff", []string{`;"Cấp <tỉnh>;"`, `"3";;"a` + "\n" + `b"`}},
	} {
		if !strings.HasPrefix(string(row.data), row.begins) {
			t.Errorf("%s begins with %q", row.sentence, row.data[:min(20, len(row.data))])
		}
		for _, w := range row.holds {
			if !bytes.Contains(row.data, []byte(w)) {
				t.Errorf("%s does not hold %q", row.sentence, w)
			}
		}
	}
	if n := len(b.xls()); n%512 != 0 {
		t.Errorf("an OLE file of %d bytes", n)
	}
}
