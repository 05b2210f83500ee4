package archive

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

func campaign() *config.Campaign {
	return &config.Campaign{
		Location:   time.FixedZone("+07", 7*3600),
		Categories: []config.Category{{Code: "huyen", Folder: "4-huyen"}, {Code: "so"}},
		Units: []config.Unit{
			{Code: "HU-A", Category: "huyen", Name: "Huyện ủy Bình Sơn"},
			{Code: "HU-B", Category: "huyen", Name: "Huyện ủy Ba Tơ"},
			{Code: "S-C", Category: "so", Name: `Sở Nông nghiệp/PTNT: "C"?`},
		},
	}
}

// at is a minute of 12 October in Vietnam.
func at(minute int) time.Time { return time.Date(2022, 10, 12, 1, minute, 0, 0, time.UTC) }

func mail(id, unit string, minute int, parts ...finding.Part) *finding.Verdict {
	v := &finding.Verdict{ID: id, Received: at(minute), Decided: at(minute), Verdict: finding.Filed, Parts: parts}
	if unit == "" {
		v.Verdict = finding.HeldMail
	} else {
		v.Unit = &unit
	}
	return v
}

func part(kind, name string) finding.Part {
	return finding.Part{Kind: kind, Name: name, SHA256: "sha of " + name}
}

func decision(id, kind, arrival, unit string, minute int) standing.Decision {
	d := standing.Decision{ID: id, Kind: kind, At: at(minute), Arrival: arrival}
	if unit != "" {
		d.Units = []string{unit}
	}
	return d
}

// lines says where each copy stands, one a line; what is gone is crossed out.
func lines(all []Copy) []string {
	var out []string
	for _, c := range all {
		s := c.Path + " ← " + strings.TrimPrefix(c.SHA256, "sha of ")
		if c.Gone {
			s = "×" + s
		}
		out = append(out, s)
	}
	return out
}

func TestLayout(t *testing.T) {
	const a, b = "4-huyen/HU-A Huyện ủy Bình Sơn/", "4-huyen/HU-B Huyện ủy Ba Tơ/"
	bc, pl, mh := part(finding.Report, "Báo cáo.docx"), part(finding.Appendix, "PL.XLSX"), part(finding.Model, "mh.doc")
	for _, row := range []struct {
		sentence  string
		mails     []*finding.Verdict
		decisions []standing.Decision
		want      []string
	}{
		{"parts stand under one kind of name", []*finding.Verdict{mail("M1", "HU-A", 1, bc, pl, mh)}, nil, []string{
			a + "HU-A_bao-cao_lan1_20221012.docx ← Báo cáo.docx", a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_mo-hinh_lan1_20221012.doc ← mh.doc"}},
		{"what came again is the second turn", []*finding.Verdict{mail("M1", "HU-A", 1, pl), mail("M2", "HU-A", 2, pl, bc)}, nil, []string{
			a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_phu-luc_lan2_20221012.xlsx ← PL.XLSX", a + "HU-A_bao-cao_lan1_20221012.docx ← Báo cáo.docx"}},
		{"several of one kind in one mail are one turn", []*finding.Verdict{mail("M1", "HU-A", 1, mh, mh, mh)}, nil, []string{
			a + "HU-A_mo-hinh_lan1_20221012.doc ← mh.doc", a + "HU-A_mo-hinh_lan1_20221012-2.doc ← mh.doc", a + "HU-A_mo-hinh_lan1_20221012-3.doc ← mh.doc"}},
		{"the day is the campaign's, not Greenwich's", []*finding.Verdict{{ID: "M1", Verdict: finding.Filed, Unit: &campaign().Units[0].Code,
			Received: time.Date(2022, 10, 12, 18, 0, 0, 0, time.UTC), Parts: []finding.Part{bc}}}, nil, []string{a + "HU-A_bao-cao_lan1_20221013.docx ← Báo cáo.docx"}},
		{"pictures of a signature are nothing", []*finding.Verdict{mail("M1", "HU-A", 1, part(finding.Decoration, "logo.png"))}, nil, nil},
		{"what was never taken out of its container has no bytes", []*finding.Verdict{mail("M1", "HU-A", 1, finding.Part{Kind: finding.Other, Name: "a.rar"})}, nil, nil},
		{"a unit's name with signs that no file may have", []*finding.Verdict{mail("M1", "S-C", 1, bc)}, nil, []string{"so/S-C Sở Nông nghiệp_PTNT_ _C__/S-C_bao-cao_lan1_20221012.docx ← Báo cáo.docx"}},
		{"an odd extension is none", []*finding.Verdict{mail("M1", "HU-A", 1, part(finding.Report, "x.exe\u202e"), part(finding.Appendix, "a"), part(finding.Model, "b.c/../d"))}, nil, []string{
			a + "HU-A_bao-cao_lan1_20221012.bin ← x.exe\u202e", a + "HU-A_phu-luc_lan1_20221012.bin ← a", a + "HU-A_mo-hinh_lan1_20221012.bin ← b.c/../d"}},
		{"a held mail waits under its own name", []*finding.Verdict{mail("M1", "", 1, bc, bc)}, nil, []string{
			Undecided + "/M1/Báo cáo.docx ← Báo cáo.docx", Undecided + "/M1/Báo cáo-2.docx ← Báo cáo.docx"}},
		{"names that differ in case only are one name to Windows", []*finding.Verdict{mail("M1", "", 1, part(finding.Other, "A.docx"), part(finding.Other, "a.docx"))}, nil, []string{
			Undecided + "/M1/A.docx ← A.docx", Undecided + "/M1/a-2.docx ← a.docx"}},
		{"ignored mail has no place", []*finding.Verdict{{ID: "M1", Verdict: finding.IgnoredMail, Parts: []finding.Part{bc}}}, nil, nil},
		{"a unit that the roster no longer has", []*finding.Verdict{mail("M1", "HU-X", 1, bc)}, nil, nil},
		{"a mail held at one and assigned at three comes after the one of two", []*finding.Verdict{mail("M1", "", 1, pl), mail("M2", "HU-A", 2, pl)},
			[]standing.Decision{decision("1", standing.Assign, "M1", "HU-A", 3)}, []string{
				a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_phu-luc_lan2_20221012.xlsx ← PL.XLSX"}},
		{"accepting it as it stands moves nothing", []*finding.Verdict{mail("M1", "HU-A", 1, pl), mail("M2", "HU-A", 2, pl)},
			[]standing.Decision{decision("1", standing.Assign, "M1", "HU-A", 3)}, []string{
				a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_phu-luc_lan2_20221012.xlsx ← PL.XLSX"}},
		{"set aside, its name stays taken and the next keeps its own", []*finding.Verdict{mail("M1", "HU-A", 1, pl), mail("M2", "HU-A", 2, pl)},
			[]standing.Decision{decision("1", standing.Reject, "M1", "", 3)}, []string{
				"×" + a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_phu-luc_lan2_20221012.xlsx ← PL.XLSX"}},
		{"given to another, it goes there", []*finding.Verdict{mail("M1", "HU-A", 1, pl)},
			[]standing.Decision{decision("1", standing.Assign, "M1", "HU-B", 3)}, []string{
				"×" + a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", b + "HU-B_phu-luc_lan1_20221012.xlsx ← PL.XLSX"}},
		{"the assignment undone, it waits again", []*finding.Verdict{mail("M1", "", 1, pl)},
			[]standing.Decision{decision("1", standing.Assign, "M1", "HU-A", 3), {ID: "2", Kind: standing.Undo, Undoes: "1", At: at(4)}}, []string{
				"×" + a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", Undecided + "/M1/PL.XLSX ← PL.XLSX"}},
		{"and that undone too, it is filed under a new name", []*finding.Verdict{mail("M1", "", 1, pl)},
			[]standing.Decision{decision("1", standing.Assign, "M1", "HU-A", 3), {ID: "2", Kind: standing.Undo, Undoes: "1", At: at(4)}, {ID: "3", Kind: standing.Undo, Undoes: "2", At: at(5)}}, []string{
				"×" + a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_phu-luc_lan2_20221012.xlsx ← PL.XLSX"}},
		{"a scan that the desk recorded stands with the rest", []*finding.Verdict{mail("M1", "HU-A", 1, pl)},
			[]standing.Decision{{ID: "1", Kind: standing.ReceivedOut, Units: []string{"HU-A"}, File: &bc, At: at(2)}}, []string{
				a + "HU-A_phu-luc_lan1_20221012.xlsx ← PL.XLSX", a + "HU-A_bao-cao_lan1_20221012.docx ← Báo cáo.docx"}},
		{"and goes when the record is undone", nil,
			[]standing.Decision{{ID: "1", Kind: standing.ReceivedOut, Units: []string{"HU-A"}, File: &bc, At: at(2)}, {ID: "2", Kind: standing.Undo, Undoes: "1", At: at(3)}}, []string{
				"×" + a + "HU-A_bao-cao_lan1_20221012.docx ← Báo cáo.docx"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got := lines(Layout(campaign(), standing.Facts{Mails: row.mails, Decisions: row.decisions}))
			if !slices.Equal(got, row.want) {
				t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(row.want, "\n     "))
			}
		})
	}
}

// TestNamesNeverChangeMeaning replays a campaign fact by fact: whatever comes,
// a path that stood for some bytes stands for these or for nothing.
func TestNamesNeverChangeMeaning(t *testing.T) {
	var mails []*finding.Verdict
	for i := range 12 {
		unit := []string{"HU-A", "", "HU-B"}[i%3]
		mails = append(mails, mail(fmt.Sprint("M", i), unit, 2*i, part(finding.Appendix, fmt.Sprintf("%d.xlsx", i)), part(finding.Report, fmt.Sprintf("%d.docx", i))))
	}
	var decisions []standing.Decision
	for i, d := range []standing.Decision{
		decision("", standing.Assign, "M1", "HU-A", 5), decision("", standing.Reject, "M0", "", 9), decision("", standing.Assign, "M2", "HU-A", 11),
		{Kind: standing.Undo, Undoes: "1", At: at(13)}, decision("", standing.Assign, "M4", "HU-B", 15), {Kind: standing.Undo, Undoes: "4", At: at(17)},
		decision("", standing.Assign, "M0", "HU-A", 19), decision("", standing.Assign, "M0", "HU-B", 21), {Kind: standing.Undo, Undoes: "8", At: at(25)},
	} {
		d.ID = fmt.Sprint(i + 1)
		decisions = append(decisions, d)
	}
	meaning := map[string]string{}
	for minute := range 30 {
		var f standing.Facts
		for _, m := range mails {
			if !m.Decided.After(at(minute)) {
				f.Mails = append(f.Mails, m)
			}
		}
		for _, d := range decisions {
			if !d.At.After(at(minute)) {
				f.Decisions = append(f.Decisions, d)
			}
		}
		for _, c := range Layout(campaign(), f) {
			if before, ok := meaning[c.Path]; ok && before != c.SHA256 {
				t.Errorf("minute %d: %s was %s and is %s", minute, c.Path, before, c.SHA256)
			}
			meaning[c.Path] = c.SHA256
		}
	}
}

func TestSafe(t *testing.T) {
	for _, row := range []struct{ sentence, name, want string }{
		{"a Vietnamese name stays", "Báo cáo Dân vận khéo (lần 2).docx", "Báo cáo Dân vận khéo (lần 2).docx"},
		{"a way out of the tree is none", "../../etc/passwd", "_.._etc_passwd"},
		{"nor one of Windows", `..\..\x.docx`, "_.._x.docx"},
		{"an absolute one", "/etc/passwd", "_etc_passwd"},
		{"a drive", "C:x", "C_x"},
		{"nothing but points", "..", "_"},
		{"nothing", "", "_"},
		{"signs that Windows forbids", `a<b>c:d"e|f?g*h`, "a_b_c_d_e_f_g_h"},
		{"a device of Windows", "CON", "_CON"},
		{"a device with an extension is one still", "nul.docx", "_nul.docx"},
		{"a port", "Lpt1.tar.gz", "_Lpt1.tar.gz"},
		{"a port as Windows also writes it", "com².xlsx", "_com².xlsx"},
		{"what is typed at the machine", "CONIN$", "_CONIN$"},
		{"what only begins like one", "console.docx", "console.docx"},
		{"points and spaces at the end, which Windows drops", "a.docx. .", "a.docx"},
		{"control characters", "a\x00b\nc\x7f", "a_b_c_"},
		{"bytes that are no text", "a\xff\xfeb", "a_b"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := safe(row.name); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
	long := safe(strings.Repeat("Báo cáo ", 60) + ".docx")
	if len(long) > maxElement || path.Ext(long) != ".docx" || !strings.HasPrefix(long, "Báo cáo Báo cáo") {
		t.Errorf("%q", long)
	}
	if got := safe(strings.Repeat("ệ", 200)); len(got) > maxElement || strings.Trim(got, "ệ") != "" {
		t.Errorf("%q: cut within a letter", got)
	}
}

// tree is a tree over an archive that holds the texts.
func tree(t *testing.T, texts ...string) (*Tree, *Archive, []string) {
	t.Helper()
	a := open(t)
	var shas []string
	for _, text := range texts {
		shas = append(shas, put(t, a, text))
	}
	tr, err := OpenTree(filepath.Join(t.TempDir(), "ho-so"), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	return tr, a, shas
}

func contents(t *testing.T, tr *Tree) map[string]string {
	t.Helper()
	all := map[string]string{}
	filepath.Walk(tr.root.Name(), func(p string, st os.FileInfo, err error) error {
		if err == nil && !st.IsDir() {
			name, _ := filepath.Rel(tr.root.Name(), p)
			b, _ := os.ReadFile(p)
			all[filepath.ToSlash(name)] = string(b)
		}
		return nil
	})
	return all
}

func TestUpdate(t *testing.T) {
	tr, a, sha := tree(t, "one", "two")
	person := func(name, text string) {
		t.Helper()
		p := filepath.Join(tr.root.Name(), filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(p), 0o750)
		if err := os.WriteFile(p, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	update := func(tr *Tree, layout ...Copy) {
		t.Helper()
		if err := tr.Update(layout); err != nil {
			t.Fatal(err)
		}
	}
	is := func(sentence string, want map[string]string) {
		t.Helper()
		if got := contents(t, tr); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %v\nwant %v", sentence, got, want)
		}
	}
	restarted := func() *Tree {
		t.Helper()
		next, err := OpenTree(tr.root.Name(), a)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { next.Close() })
		return next
	}
	one, two := Copy{Path: "4/HU-A Bình Sơn/a.docx", SHA256: sha[0]}, Copy{Path: Undecided + "/M1/b.docx", SHA256: sha[1]}
	update(tr, one, two)
	is("copies are written", map[string]string{one.Path: "one", two.Path: "two"})

	person(one.Path, "saved over in Excel")
	update(tr, one, two)
	update(restarted(), one, two)
	is("what a person saved is not written over, not after a restart either", map[string]string{one.Path: "saved over in Excel", two.Path: "two"})

	missing, changed := tr.Compare([]Copy{one, two})
	if len(missing) != 0 || len(changed) != 1 || changed[0] != one {
		t.Errorf("missing %v, changed %v", missing, changed)
	}
	if err := tr.Rewrite(changed); err != nil {
		t.Fatal(err)
	}
	is("repairing writes it anew", map[string]string{one.Path: "one", two.Path: "two"})

	note := Undecided + "/M1/ghi chú.txt"
	person(note, "?")
	person("của tôi.txt", "mine")
	update(tr, one)
	is("decided, its copies go; a person's note beside them went with them, for good", map[string]string{one.Path: "one", "của tôi.txt": "mine", note: "?"})

	update(tr, one, two)
	person(two.Path, "worked on in Word")
	update(tr, one)
	is("so did a copy that somebody had worked on", map[string]string{one.Path: "one", "của tôi.txt": "mine", note: "?", two.Path: "worked on in Word"})

	os.Remove(filepath.Join(tr.root.Name(), filepath.FromSlash(two.Path)))
	os.Remove(filepath.Join(tr.root.Name(), filepath.FromSlash(note)))
	update(tr, one)
	if left, _ := os.ReadDir(filepath.Join(tr.root.Name(), Undecided)); len(left) > 0 {
		t.Errorf("an empty folder stays: %v", left)
	}

	update(tr, one, two)
	is("undone, it waits again", map[string]string{one.Path: "one", two.Path: "two", "của tôi.txt": "mine"})

	gone := one
	gone.Gone = true
	update(restarted(), gone)
	is("given elsewhere, the copy goes", map[string]string{"của tôi.txt": "mine"})
	if missing, changed := tr.Compare([]Copy{gone}); len(missing)+len(changed) != 0 {
		t.Error("what is gone is missed")
	}

	person(one.Path, "changed by a person")
	update(tr, gone)
	update(restarted(), gone)
	is("a person's change stays even then", map[string]string{one.Path: "changed by a person", "của tôi.txt": "mine"})

	if err := tr.Update([]Copy{{Path: "x/y.docx", SHA256: strings.Repeat("0", 64)}, {Path: "x/z.docx", SHA256: sha[0]}}); err == nil {
		t.Error("bytes that the archive lost went unnoticed")
	}
	if contents(t, tr)["x/z.docx"] != "one" {
		t.Error("one loss kept another copy from being written")
	}
}

// TestNothingLeadsOut: whatever a layout says, nothing is written elsewhere.
func TestNothingLeadsOut(t *testing.T) {
	tr, _, sha := tree(t, "one")
	outside := filepath.Join(t.TempDir(), "outside")
	os.MkdirAll(outside, 0o750)
	if err := os.Symlink(outside, filepath.Join(tr.root.Name(), "link")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"../escaped.docx", "a/../../escaped.docx", "link/escaped.docx", outside + "/escaped.docx"} {
		if err := tr.Update([]Copy{{Path: p, SHA256: sha[0]}}); err == nil && strings.HasPrefix(p, "..") {
			t.Errorf("%s was written", p)
		}
	}
	for _, dir := range []string{outside, filepath.Dir(tr.root.Name())} {
		if found, _ := filepath.Glob(filepath.Join(dir, "escaped*")); len(found) > 0 {
			t.Errorf("%v", found)
		}
	}
}
