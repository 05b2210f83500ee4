package gathering

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
	"dondoc/schedule/standing"
)

var (
	zone = time.FixedZone("+07", 7*3600)
	asOf = time.Date(2022, 10, 21, 16, 0, 0, 0, zone)
)

// rivers is another committee's campaign: four units, one table of figures,
// two heads, write-ups of two contents.
func rivers() *config.Campaign {
	c := &config.Campaign{
		ID: "SONG-2023", Location: zone, Deadline: config.Deadline{Before: asOf.AddDate(0, 0, -1)},
		Letter: config.Letter{
			Name: config.Text{VI: "Công văn 12", EN: "Letter 12"}, Short: config.Text{VI: "báo cáo sông", EN: "river report"},
			Outline:  []config.Head{{Name: "1. Tình hình", Words: []string{"tình hình"}}, {Name: "2. Kết quả", Words: []string{"kết quả", "cây trồng"}}},
			Contents: []config.Head{{Name: "Tên"}, {Name: "Cách làm"}},
		},
		Categories: []config.Category{{Code: "xa", Name: config.Text{VI: "Xã", EN: "Communes"}}, {Code: "so", Name: config.Text{VI: "Sở", EN: "Departments"}}},
	}
	for _, code := range []string{"A", "B", "C", "D", "E"} {
		category := "xa"
		if code > "C" {
			category = "so"
		}
		c.Units = append(c.Units, config.Unit{Code: code, Name: "Xã " + code, Category: category, Active: true,
			Obligation: config.Obligation{Report: true, Appendix: true, Models: 1}})
	}
	c.Units[1].DupGroup, c.Units[2].DupGroup = "bc", "bc"
	return c
}

var riverForm = finding.Form{
	Inputs: []finding.Input{
		{Name: "N1", Type: "whole", Table: "Biểu 1", Row: "Bờ trái", Column: "Cây trồng"},
		{Name: "N2", Type: "whole", Table: "Biểu 1", Row: "Bờ phải", Column: "Cây trồng"},
	},
	Totals: []finding.Total{{Kind: "column", Table: "Biểu 1", Inputs: []string{"N1", "N2"}}},
}

func mailOf(id, unit string, claimed bool, parts ...finding.Part) *finding.Verdict {
	at := asOf.AddDate(0, 0, -3)
	return &finding.Verdict{ID: id, Verdict: finding.Filed, Class: finding.ClassReport, Unit: &unit, Received: at, Decided: at, From: "a@" + strings.ToLower(unit) + ".example", Claimed: claimed, Parts: parts}
}

func part(kind, name string, problems ...finding.Problem) finding.Part {
	return finding.Part{Kind: kind, Name: name, Path: name, SHA256: "sha-" + name, Verdict: finding.VerdictOf(problems), Problems: problems}
}

func figures(name string, left, right float64) finding.Part {
	p := part(finding.Appendix, name)
	p.Values = map[string]any{"N1": left, "N2": right}
	return p
}

// gathered is the input of a document made of the mails, with what their files
// say by name.
func gathered(mails []*finding.Verdict, decisions []standing.Decision, says map[string]finding.Quotation) Input {
	c := rivers()
	facts := standing.Facts{Mails: mails, Decisions: decisions}
	return Input{
		Input: consolidation.Input{Campaign: c, Form: riverForm, Table: standing.Fold(c, facts, asOf), Now: asOf, Lang: "vi",
			Path: func(_, _ string, p finding.Part) string { return "ho-so/" + p.Name }},
		Copies: func(arrival string) []finding.Part {
			for _, m := range mails {
				if m.ID == arrival {
					return m.Parts
				}
			}
			return nil
		},
		Quote: func(p finding.Part) (finding.Quotation, error) {
			q, ok := says[p.Name]
			if !ok {
				return q, errors.New("asked for " + p.Name)
			}
			return q, nil
		},
	}
}

func said(passages ...finding.Passage) finding.Quotation {
	return finding.Quotation{Passages: passages}
}

func under(head int, lines ...string) finding.Passage {
	return finding.Passage{Head: head, Lines: lines}
}

// text is what our own reader finds in the document, on one line.
func text(t *testing.T, in Input) (string, Gathered) {
	t.Helper()
	data, g, err := Document(in)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := Document(in)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the same facts have different bytes (%v)", err)
	}
	d := document.Read("a.docx", data)
	if d.Problem != "" {
		t.Fatal(d.Problem)
	}
	return strings.Join(strings.Fields(d.Text), " "), g
}

func TestDocument(t *testing.T) {
	h := finding.Problem{Code: "R07", Severity: finding.ForPerson}
	copied := func(other string) finding.Problem {
		return finding.Problem{Code: "D04", Severity: finding.Recorded, Audience: finding.Internal, Args: map[string]string{"tep": other}}
	}
	for _, c := range []struct {
		sentence  string
		mails     []*finding.Verdict
		decisions []standing.Decision
		says      map[string]finding.Quotation
		want, not []string
	}{
		{
			"what two units say of one head stands under it, in the order of the roster",
			[]*finding.Verdict{mailOf("M2", "D", false, part(finding.Report, "d.docx")), mailOf("M1", "A", false, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "Sông A trong."), under(1, "A trồng cây.")), "d.docx": said(under(0, "Sông D đục."))},
			[]string{"1. Tình hình Xã A (A): a.docx, nhận 18/10/2022 16:00 Sông A trong. Xã D (D): d.docx, nhận 18/10/2022 16:00 Sông D đục. 2. Kết quả",
				"trích nguyên văn báo cáo của 2/5 đơn vị", "Chưa có báo cáo: 3.", "không có nghĩa là không có kết quả"}, nil,
		},
		{
			"what stands under no head has a section of its own",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(finding.Passage{Head: finding.NoHead, Title: "3. Việc khác", Lines: []string{"Điều lạ."}})},
			[]string{"Ngoài đề cương Xã A (A): a.docx, nhận 18/10/2022 16:00 3. Việc khác Điều lạ."}, nil,
		},
		{
			"a head that no unit has says so",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "x"))},
			[]string{"Chưa có đơn vị nào ghi mục này thành đề mục riêng."}, nil,
		},
		{
			"a heading with nothing below it is said to be that, and none is an empty quotation",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "x"), finding.Passage{Head: 1, Title: "2. Kết quả"})},
			[]string{"1. Tình hình Xã A (A): a.docx, nhận 18/10/2022 16:00 x 2. Kết quả", "Xã A (A): a.docx, nhận 18/10/2022 16:00 Chỉ có đề mục, bên dưới không ghi gì."}, nil,
		},
		{
			"what is only claimed is quoted and marked",
			[]*finding.Verdict{mailOf("M1", "A", true, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "x"))},
			[]string{"[chưa xác nhận là của đơn vị] x", "Chưa xác nhận là của đơn vị: 1."}, nil,
		},
		{
			"classified content is named and not quoted",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx", h))}, nil, nil,
			[]string{"Tệp không trích được", "a.docx\tcó dấu hiệu tài liệu mật: không trích"}, nil,
		},
		{
			"a scan is named, and not taken for silence",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.pdf"))}, nil, map[string]finding.Quotation{"a.pdf": {Scan: true}},
			[]string{"a.pdf\tbản quét hoặc ảnh, không có chữ để trích", "báo cáo của 0/5"}, nil,
		},
		{
			"unless its copy in the same mail can be read",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.pdf", copied("a.docx")), part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.pdf": {Scan: true}, "a.docx": said(under(0, "Sông A trong."))},
			[]string{"a.docx, nhận 18/10/2022 16:00 Sông A trong."}, []string{"Tệp không trích được"},
		},
		{
			"one that killed its reader is named",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.doc"))}, nil, map[string]finding.Quotation{"a.doc": {Problem: "crash"}},
			[]string{"a.doc\tkhông mở được để trích"}, nil,
		},
		{
			"a paper that came outside the mailbox is named",
			nil, []standing.Decision{{ID: "Q1", At: asOf.AddDate(0, 0, -2), Kind: standing.ReceivedOut, Units: []string{"A"}, Part: finding.Report}}, nil,
			[]string{"Xã A (A)\t\tnhận ngoài hộp thư, không có tệp", "Chưa có báo cáo: 4."}, nil,
		},
		{
			"a shared report is quoted once, and both have one",
			[]*finding.Verdict{mailOf("M1", "C", false, part(finding.Report, "c.docx"))}, nil, map[string]finding.Quotation{"c.docx": said(under(0, "Chung."))},
			[]string{"báo cáo của 2/5", "Xã B (B): chung báo cáo của C", "Chưa có báo cáo: 3."}, []string{"Chung. Xã"},
		},
		{
			"a write-up is in the appendix with its contents, and what has no head is said",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Model, "m.docx"))}, nil,
			map[string]finding.Quotation{"m.docx": said(finding.Passage{Model: 1, Head: 0, Name: "Sông sạch", Lines: []string{"Tên: Sông sạch"}}, finding.Passage{Model: 1, Head: finding.NoHead, Lines: []string{"Lời khác."}})},
			[]string{"Phụ lục: mô hình, điển hình được giới thiệu Xã Xã A (A) Sông sạch Xã A (A): m.docx, nhận 18/10/2022 16:00 Tên Tên: Sông sạch Lời khác. Không có đề mục riêng: Cách làm"}, nil,
		},
		{
			"write-ups within a report are in the appendix, its own words in their place",
			[]*finding.Verdict{mailOf("M1", "A", false, func() finding.Part { p := part(finding.Report, "a.docx"); p.Models = 1; return p }())}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "Lời."), finding.Passage{Model: 1, Head: 1, Lines: []string{"Làm thế này."}})},
			[]string{"1. Tình hình Xã A (A): a.docx, nhận 18/10/2022 16:00 Lời. 2. Kết quả", "Cách làm Làm thế này. Không có đề mục riêng: Tên"}, nil,
		},
		{
			"the sums stand under the head whose words they are, by groups first",
			[]*finding.Verdict{mailOf("M1", "A", false, figures("a.xlsx", 1000, 234)), mailOf("M2", "D", false, figures("d.xlsx", 1, 2)), mailOf("M3", "E", true, figures("e.xlsx", 50, 50))}, nil, nil,
			[]string{"2. Kết quả Số liệu của 2/5 đơn vị (2 phụ lục).", "Biểu 1 theo nhóm đơn vị", "Xã 1/3 1.000 234 Sở 1/2 1 2", "Cộng thẳng (có thể trùng) 2/5 1.001 236", "Tổng cộng 1.237", "Xã E (E): chờ xác nhận"}, nil,
		},
		{
			"cells of a row stay a table",
			[]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx"))}, nil,
			map[string]finding.Quotation{"a.docx": said(under(0, "Xã\tSố", "Ba Vì\t3", "Hết."))},
			[]string{"Xã\tSố Ba Vì\t3 Hết."}, nil,
		},
		{"of nothing at all there is a document that says so", nil, nil, nil, []string{"báo cáo của 0/5 đơn vị và 0 bài", "Chưa có báo cáo: 5."}, []string{"Phụ lục", "Biểu 1", "Ngoài đề cương Xã"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got, _ := text(t, gathered(c.mails, c.decisions, c.says))
			got = strings.ReplaceAll(got, "\t", " ")
			for _, want := range c.want {
				if !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			for _, not := range c.not {
				if strings.Contains(got, not) {
					t.Errorf("%q in\n%s", not, got)
				}
			}
		})
	}
}

// TestEveryWordIsSomewhere: of every passage of every file that counts, all
// words stand in the document.
func TestEveryWordIsSomewhere(t *testing.T) {
	q := said(under(finding.NoHead, "đầu"), under(0, "một"), under(1, "hai"), under(finding.NoHead, "ba"),
		finding.Passage{Model: 1, Head: 0, Name: "A", Title: "Tên", Lines: []string{"bốn"}}, finding.Passage{Model: 1, Head: 1, Lines: []string{"năm"}},
		finding.Passage{Model: 2, Head: finding.NoHead, Title: "sáu", Lines: []string{"bảy"}})
	p := part(finding.Report, "a.docx")
	p.Models = 2
	got, g := text(t, gathered([]*finding.Verdict{mailOf("M1", "A", false, p)}, nil, map[string]finding.Quotation{"a.docx": q}))
	for _, word := range []string{"đầu", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy"} {
		if !strings.Contains(" "+got+" ", " "+word+" ") {
			t.Errorf("no %q in\n%s", word, got)
		}
	}
	if g.Reports != 1 || g.Of != 5 || g.Models != 2 || len(g.Missing) != 4 || g.Unquoted != 0 {
		t.Errorf("%+v", g)
	}
}

// Of units that write only under the parts of a head, none is named under the
// head itself; a sentence before the first part is quoted there.
func TestAHeadWithParts(t *testing.T) {
	in := gathered([]*finding.Verdict{mailOf("M1", "A", false, part(finding.Report, "a.docx")), mailOf("M2", "D", false, part(finding.Report, "d.docx"))}, nil,
		map[string]finding.Quotation{
			"a.docx": said(finding.Passage{Head: 1, Title: "2. Kết quả"}, under(2, "Trồng cây.")),
			"d.docx": said(finding.Passage{Head: 1, Title: "2. Kết quả", Lines: []string{"Nói chung tốt."}}, under(2, "Trồng cỏ.")),
		})
	in.Campaign.Letter.Outline = append(in.Campaign.Letter.Outline, config.Head{Name: "2.1. Cây", Words: []string{"cây"}})
	got, _ := text(t, in)
	if want := "chưa có Xã D (D): d.docx, nhận 18/10/2022 16:00 Nói chung tốt. 2.1. Cây Xã A (A): a.docx, nhận 18/10/2022 16:00 Trồng cây. Xã D (D)"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestDocumentInEnglish(t *testing.T) {
	in := gathered([]*finding.Verdict{mailOf("M1", "A", true, part(finding.Report, "a.docx")), mailOf("M2", "D", false, figures("d.xlsx", 1000, 2))}, nil,
		map[string]finding.Quotation{"a.docx": said(under(0, "x"))})
	in.Lang = "en"
	got, _ := text(t, in)
	for _, want := range []string{"WHAT THE UNITS REPORT, GATHERED", "The reports of 1 of 5 units", "[not confirmed as the unit's] x", "No report yet: 4.", "Departments 1/2 1,000 2", "Straight sum (may overlap)"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	// What is Vietnamese in it are the campaign's own words and the units'.
	for _, word := range []string{"đơn vị", "Chưa", "tổng", "nhận", "Phạm vi", "trích"} {
		if strings.Contains(got, word) {
			t.Errorf("%q in\n%s", word, got)
		}
	}
}
