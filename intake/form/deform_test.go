package form

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
	"dondoc/intake/workbook"
)

const models = "Danh mục mô hình"

// whole is the built-in form, filled in without a mistake, models included.
func whole(t testing.TB, f *Form) []byte {
	return filled(t, f.Blank(), func(x *excelize.File) {
		good(x)
		x.SetCellValue(annex, "G12", "Gồm cả 2 mô hình liên kết")
		x.SetCellValue(annex, "K22", "Một mô hình làm điểm")
		x.SetCellValue(annex, "F31", "Có mô hình của năm trước")
		x.SetCellValue(annex, "J6", "Nguyễn Thị A, 0255.000.0001")
		for cell, v := range map[string]any{
			"B5": "Tổ tự quản đường biên", "C5": "Quốc phòng - an ninh", "D5": "Tập thể", "F5": "Cấp tỉnh", "G5": "12/QĐ ngày 01/3/2022", "H5": "Mo hinh 1.docx",
			"B6": "Ông Trần Văn B", "C6": "Kinh tế", "D6": "Cá nhân", "F6": "Cấp huyện", "G6": "15/QĐ ngày 02/4/2022", "H6": "Mo hinh 2.docx",
		} {
			x.SetCellValue(models, cell, v)
		}
	})
}

// truth is what a filled form says, before anybody deforms it.
func truth(t testing.TB, f *Form, data []byte) map[string]any {
	t.Helper()
	part, ours, err := f.Check(data, Options{})
	if err != nil || !ours || len(part.Problems) > 0 {
		t.Fatal(ours, err, part.Problems)
	}
	return part.Values
}

// silent lists the inputs that were read differently from the truth without a
// problem that names them: there may be none, whatever was done to a file.
func silent(f *Form, truth map[string]any, part finding.Part) []string {
	var out []string
	names := func(name string) bool {
		i, own := f.byName[name]
		for _, p := range part.Problems {
			if p.Severity == finding.Recorded || p.Audience == finding.Internal {
				continue
			}
			_, cell, _ := strings.Cut(part.Places[name], "!")
			switch {
			case p.Code == "S07", p.Code == "S15":
				return true
			case slices.Contains(p.Inputs, name), cell != "" && slices.Contains(p.Cells, cell):
				return true
			case own && p.Code == "S10" && f.inputs[i].Table != "" && strings.Contains(p.Args["bieu_thieu"], f.inputs[i].Table):
				return true
			}
		}
		return false
	}
	for _, name := range slices.Sorted(maps.Keys(truth)) {
		if got, ok := part.Values[name]; truth[name] != nil && (!ok || got != truth[name]) && !names(name) {
			out = append(out, fmt.Sprintf("%s: %v, not %v", name, got, truth[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(part.Values)) {
		if _, own := f.byName[name]; own && !has(truth, name) {
			continue
		}
		if part.Values[name] != nil && truth[name] == nil && !names(name) {
			out = append(out, fmt.Sprintf("%s: %v, from nowhere", name, part.Values[name]))
		}
	}
	return out
}

// kinds are the different codes of problems, with their severities.
func kinds(part finding.Part) string {
	var out []string
	for _, p := range part.Problems {
		if s := p.Code + " " + string(p.Severity); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// deformation is one of the ways in which senders spoil a form (TEMPLATE §6).
type deformation struct {
	number   int
	sentence string
	do       func(p *paper)
	want     string         // codes
	bare     string         // codes where the names are gone as well; "=" for the same
	values   map[string]any // that are right now, where they are others than before
}

// retype changes labels, wherever they stand on a sheet.
func retype(sheet string, pairs ...string) func(p *paper) {
	return func(p *paper) {
		done := map[string]bool{}
		p.texts(sheet, func(_ [2]int, k *ink) {
			for i := 0; i < len(pairs); i += 2 {
				if k.text == pairs[i] {
					k.text = pairs[i+1]
					done[pairs[i]] = true
					return
				}
			}
		})
		for i := 0; i < len(pairs); i += 2 {
			if !done[pairs[i]] {
				p.t.Errorf("no label %q", pairs[i])
			}
		}
	}
}

func put(pairs ...any) func(p *paper) { return func(p *paper) { p.set(annex, pairs...) } }

func both(steps ...func(p *paper)) func(p *paper) {
	return func(p *paper) {
		for _, s := range steps {
			s(p)
		}
	}
}

// nameless takes away all that a program would find the cells by.
func nameless(p *paper) { clear(p.names) }

// uncoded deletes the row and column codes.
func uncoded(p *paper) {
	for _, c := range strings.Fields("C10 D10 E10 F10 C11 C12 C13 C14 C19 D19 E19 F19 G19 H19 I19 J19 C20 C21 C22 C23 C24 C28 D28 E28 C29 C30 C31 C32") {
		p.set(annex, c, nil)
	}
}

// inFont writes every text of a sheet for an old font.
func inFont(sheet, font string, write func(string) string) func(p *paper) {
	return func(p *paper) {
		p.texts(sheet, func(_ [2]int, k *ink) {
			if written := write(k.text); written != "" {
				k.text, k.style = written, p.style(k.style, font)
			}
		})
	}
}

var deformations = []deformation{
	{1, "lines of a letterhead above", func(p *paper) {
		p.insertRows(annex, 1, 3)
		p.set(annex, "A1", "ĐẢNG BỘ TỈNH QUẢNG NGÃI", "H1", "ĐẢNG CỘNG SẢN VIỆT NAM", "A2", "HUYỆN ỦY A", "H2", "Quảng Ngãi, ngày 18 tháng 10 năm 2022")
	}, "", "=", nil},
	{1, "a blank row within a table and a column within another", func(p *paper) { p.insertRows(annex, 12, 1); p.insertColumn(annex, 8) }, "", "=", nil},
	{1, "a line of text within a table", func(p *paper) { p.insertRows(annex, 13, 1); p.set(annex, "B13", "Trong đó:") }, "", "=", nil},
	{1, "ten blank rows between two tables", func(p *paper) { p.insertRows(annex, 25, 10) }, "", "=", nil},
	{1, "the column of row numbers was deleted", func(p *paper) { p.deleteColumn(annex, 1) }, "", "=", nil},
	{1, "the column of Mã số was deleted", func(p *paper) { p.deleteColumn(annex, 3) }, "", "=", nil},
	{1, "the rows of column codes were deleted", func(p *paper) { p.deleteRow(annex, 28); p.deleteRow(annex, 19); p.deleteRow(annex, 10) }, "", "=", nil},
	{1, "a required row was deleted", func(p *paper) { p.deleteRow(annex, 21) }, "S12 E", "=", nil},
	{1, "the totals were deleted", func(p *paper) { p.deleteRow(annex, 32); p.deleteRow(annex, 24); p.deleteRow(annex, 14) }, "", "=", nil},
	{2, "two inputs were merged", func(p *paper) {
		p.leaf(annex).merges = append(p.leaf(annex).merges, workbook.Ref{Col: 4, Row: 31, LastCol: 5, LastRow: 31})
		p.set(annex, "E31", nil)
	}, "N01 W", "=", map[string]any{"DVK_B3_33_CNH": 0.0}},
	{2, "every merged area was split", func(p *paper) { p.leaf(annex).merges = nil }, "", "=", nil},
	{2, "labels were merged with the column before", func(p *paper) {
		l := p.leaf(annex)
		for r := 11; r <= 14; r++ {
			l.cells[[2]int{1, r}] = l.cells[[2]int{2, r}]
			delete(l.cells, [2]int{2, r})
			l.merges = append(l.merges, workbook.Ref{Col: 1, Row: r, LastCol: 2, LastRow: r})
		}
	}, "", "=", nil},
	{3, "labels in short", retype(annex, "Văn hóa - xã hội", "VH-XH", "Quốc phòng - an ninh", "QP-AN", "Xây dựng hệ thống chính trị", "HTCT"), "", "=", nil},
	{3, "labels in short, without their codes", both(retype(annex, "Văn hóa - xã hội", "VHXH", "Quốc phòng - an ninh", "ANQP", "Xây dựng hệ thống chính trị", "XD HTCT"), uncoded), "", "=", nil},
	{3, "levels in other words", retype(annex, "Cấp cơ sở", "Cấp xã", "Cấp tỉnh", "Toàn tỉnh", "Cấp huyện", "Huyện"), "", "=", nil},
	{3, "levels in other words, without their codes", both(retype(annex, "Cấp cơ sở", "Cấp xã", "Cấp tỉnh", "Tỉnh", "Cấp huyện", "Huyện"), uncoded), "", "=", nil},
	{3, "the grass roots in one word, without their codes", both(retype(annex, "Cấp cơ sở", "Cơ sở"), uncoded), "", "=", nil},
	{3, "heads retyped", retype(annex, "Tập thể", "TẬP THỂ", "Cá nhân", "Cá  nhân", "Mã số", "Mã  Số", "Cấp đăng ký", "CẤP ĐĂNG KÝ"), "", "=", nil},
	{3, "numbers before the labels", retype(annex, "Kinh tế", "1. Kinh tế", "Văn hóa - xã hội", "2) Văn hóa - xã hội", "Cấp tỉnh", "- Cấp tỉnh"), "", "=", nil},
	{3, "all labels of rows were deleted", func(p *paper) {
		for _, c := range strings.Fields("B11 B12 B13 B14 B20 B21 B22 B23 B24 B29 B30 B31 B32") {
			p.set(annex, c, nil)
		}
	}, "", "=", nil},
	{4, "rows that the form does not have", func(p *paper) {
		p.insertRows(annex, 24, 2)
		p.set(annex, "B24", "Nông thôn mới", "D24", 4, "E24", 1, "B25", "Đô thị văn minh", "G25", 2)
	}, "S13 X", "=", nil},
	{4, "such a row with a note", func(p *paper) {
		p.insertRows(annex, 14, 1)
		p.set(annex, "B14", "Khác", "D14", 4, "G14", "Liên kết")
	}, "S13 X", "=", nil},
	{4, "such a row with nothing in it", func(p *paper) { p.insertRows(annex, 14, 1); p.set(annex, "B14", "Khác") }, "", "=", nil},
	{5, "two columns were exchanged with all that is in them", func(p *paper) { p.swap(annex, 4, 5, 9, 14) }, "", "=", nil},
	{5, "so were they in the table of two tiers", func(p *paper) { p.swap(annex, 7, 8, 18, 24) }, "", "=", nil},
	{5, "heads were exchanged, figures not", put("D9", "Cá nhân", "E9", "Tập thể"), "S11 H", "=", nil},
	{5, "rows were exchanged with all that is in them", func(p *paper) {
		p.move(annex, func(c, r int) (int, int, bool) {
			return c, map[int]int{20: 22, 22: 20}[r] + (1-min(1, map[int]int{20: 1, 22: 1}[r]))*r, true
		})
	}, "", "=", nil},
	{5, "codes of rows were exchanged, labels not", put("C20", "23", "C22", "21"), "S11 H", "=", nil},
	{5, "labels of rows were exchanged, codes not", put("B20", "Quốc phòng - an ninh", "B22", "Kinh tế"), "S11 H", "=", nil},
	{5, "other figures under the same heads to the right", func(p *paper) {
		l := p.leaf(annex)
		for r := 9; r <= 14; r++ {
			for c := 4; c <= 6; c++ {
				k := *l.cells[[2]int{c, r}]
				if k.number != "" && k.formula == "" {
					k.number = "1"
				}
				l.cells[[2]int{c + 9, r}] = &k
			}
		}
	}, "S11 H", "=", nil},
	{6, "words around the figures", put("D11", "6 mô hình", "E11", "02 (hai)", "D12", "hai mươi mốt", "E12", "9 MH"), "N11 W", "=", nil},
	{6, "other ways to write a number", put("D11", "06", "E11", " 2 ", "D12", "２１", "E12", "9\u200b"), "N11 I", "=", nil},
	{6, "words for nothing", put("E29", "không", "E30", "-", "D29", "chưa có"), "N11 W", "=", map[string]any{"DVK_B3_31_CNH": 0.0, "DVK_B3_32_CNH": 0.0, "DVK_B3_31_NR": 0.0}},
	{7, "thousands in the Vietnamese way", put("D12", "1.234"), "C03 E, N11 W", "=", map[string]any{"DVK_B1_12_TT": 1234.0}},
	{7, "a thousand, or one and a bit", put("D11", "1,234", "E11", "1 234", "D12", 1.234), "N05 H", "=", nil},
	{8, "percentages and several numbers", put("D11", "12,5%", "E11", "5/7", "D12", "3 TT, 2 CN"), "N07 E, N08 E", "=", nil},
	{9, "Excel made a date of it", func(p *paper) {
		p.set(annex, "D11", &ink{number: "44684", style: p.numberStyle(annex, "D11", "14")})
	}, "N10 E", "=", nil},
	{10, "wrong totals typed over the formulas", put("F11", 9, "D14", 41, "J20", 3), "C01 E, C02 E, C09 I", "=", nil},
	{10, "right totals typed over the formulas", put("F11", 8, "D14", 42), "S17 W", "=", nil},
	{10, "formulas of another file, with their results", put("D11", &ink{formula: "[1]Sheet1!A1", number: "6", stored: true}), "", "=", nil},
	{10, "formulas of another file, without", put("D11", &ink{formula: "[1]Sheet1!A1"}), "S18 E", "=", nil},
	{10, "a formula that broke", put("D11", &ink{formula: "#REF!+1", kind: "e", text: "#REF!", stored: true}), "S18 E", "=", nil},
	{10, "a sum in the cell", put("D11", &ink{formula: "4+2", number: "6", stored: true}), "", "=", nil},
	{11, "no result of any formula was stored", func(p *paper) {
		for _, l := range p.leaves {
			for _, k := range l.cells {
				if k.formula != "" {
					k.number, k.text, k.kind, k.stored = "", "", "", false
				}
			}
		}
	}, "", "=", nil},
	{11, "old results of the totals were stored", func(p *paper) {
		for _, c := range strings.Fields("F11 D14 E14 F14 J20 D24") {
			k := p.leaf(annex).cells[key2(p.t, c)]
			k.number, k.text, k.stored = "7", "", true
		}
	}, "", "=", nil},
	{12, "TCVN3 in .VnTime", inFont(annex, ".VnTime", tcvn), "S16 W", "=", nil},
	{12, "TCVN3 in a font of capitals", inFont(annex, ".VnTimeH", tcvn), "S16 W", "=", nil},
	{12, "TCVN3 in a font that is none of its own", inFont(annex, "Arial", tcvn), "S16 W", "=", nil},
	{12, "VNI", inFont(annex, "VNI-Times", vni), "S16 W", "=", nil},
	{12, "half of the sheet TCVN3", func(p *paper) {
		p.texts(annex, func(at [2]int, k *ink) {
			if at[1] > 15 && tcvn(k.text) != "" {
				k.text, k.style = tcvn(k.text), p.style(k.style, ".VnTime")
			}
		})
	}, "S16 W", "=", nil},
	{12, "Unicode in a font that lies", inFont(annex, ".VnTime", func(s string) string { return s }), "", "=", nil},
	{12, "labels in several fonts", func(p *paper) {
		p.texts(annex, func(at [2]int, k *ink) {
			if words := strings.SplitN(k.text, " ", 2); len(words) == 2 && tcvn(words[1]) != "" {
				k.runs = []workbook.Run{{Text: words[0] + " ", Font: "Times New Roman"}, {Text: tcvn(words[1]), Font: ".VnTime"}}
				k.text = ""
			}
		})
	}, "S16 W", "=", nil},
	{12, "a figure in words, in TCVN3", func(p *paper) {
		p.set(annex, "D11", &ink{text: "6 m« h×nh", style: p.style(p.leaf(annex).cells[key2(p.t, "D11")].style, ".VnTime")})
	}, "N11 W, S16 W", "=", nil},
	{13, "decomposed by a Macintosh", func(p *paper) { p.texts(annex, func(_ [2]int, k *ink) { k.text = norm.NFD.String(k.text) }) }, "", "=", nil},
	{13, "another place for the tone, another Đ", retype(annex, "Văn hóa - xã hội", "Văn hoá - xã hội", "Cấp đăng ký", "Cấp Ðăng ký"), "", "=", nil},
	{14, "the sheet was renamed", func(p *paper) { p.rename(annex, "Sheet1") }, "", "=", nil},
	{14, "the hidden sheet is gone", func(p *paper) { p.drop("_meta") }, "S09 W", "=", nil},
	{14, "only the annex was copied into a new file", func(p *paper) { p.drop("_meta", "Kiểm tra", "Hướng dẫn"); p.rename(annex, "Trang_tính1") }, "S09 W", "=", nil},
	{15, "two communes on sheets of their own", func(p *paper) {
		for i, name := range []string{"Xã A", "Xã B"} {
			l := p.clone(annex, name)
			l.cells[[2]int{4, 11}].number = strconv.Itoa(i + 1)
			l.cells[[2]int{4, 20}].number = strconv.Itoa(i + 1)
			l.cells[[2]int{4, 29}].number = strconv.Itoa(i + 1)
		}
	}, "S11 H", "=", nil},
	{15, "the tables of three communes under each other", func(p *paper) {
		l := p.leaf(annex)
		for n := 1; n <= 3; n++ {
			for r := 8; r <= 32; r++ {
				for c := 1; c <= 11; c++ {
					if k := l.cells[[2]int{c, r}]; k != nil {
						copied := *k
						if copied.number != "" {
							copied.number = strconv.Itoa(n)
						}
						l.cells[[2]int{c, r + 40*n}] = &copied
					}
				}
			}
		}
	}, "S11 H", "=", nil},
	{15, "a copy of the sheet with nothing in it", func(p *paper) {
		l := p.clone(annex, "Mẫu")
		for _, at := range []string{"D11:E13", "D20:E23", "G20:H23", "D29:E31"} {
			r, _ := workbook.ParseRef(at)
			for row := r.Row; row <= r.LastRow; row++ {
				for col := r.Col; col <= r.LastCol; col++ {
					l.cells[[2]int{col, row}] = &ink{}
				}
			}
		}
	}, "", "=", nil},
	{23, "rows, columns and the sheet of models are hidden", func(p *paper) {
		l := p.leaf(annex)
		l.rows[12], l.rows[21] = ` hidden="1"`, ` hidden="1"`
		l.top = strings.Replace(l.top, `<col customWidth="true" max="5" min="4"`, `<col hidden="1" customWidth="true" max="5" min="4"`, 1)
		p.leaf(models).state = "hidden"
	}, "", "=", nil},
	{24, "figures in a comment and in another colour", func(p *paper) {
		p.add("xl/comments1.xml", `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>A</author></authors><commentList><comment ref="D11" authorId="0"><text><r><t>đúng là 99</t></r></text></comment></commentList></comments>`)
		p.add(strings.Replace(p.leaf(annex).path, "worksheets/", "worksheets/_rels/", 1)+".rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="../comments1.xml"/></Relationships>`)
		p.files["[Content_Types].xml"] = strings.Replace(p.files["[Content_Types].xml"], "</Types>", `<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/></Types>`, 1)
		p.leaf(annex).cells[key2(p.t, "D11")].style = p.style("0", "Arial")
	}, "", "=", nil},
	{25, "a form of last year", func(p *paper) {
		p.texts("_meta", func(_ [2]int, k *ink) { k.text = strings.ReplaceAll(k.text, "2022.1", "2021.1") })
	}, "S07 E", "=", nil},
	{27, "macros", func(p *paper) {
		p.files["xl/vbaProject.bin"] = "\xd0\xcf\x11\xe0"
		p.order = append(p.order, "xl/vbaProject.bin")
		p.files["[Content_Types].xml"] = strings.NewReplacer("spreadsheetml.sheet.main+xml", "macro", "application/vnd.openxmlformats-officedocument.macro", "application/vnd.ms-excel.sheet.macroEnabled.main+xml").Replace(p.files["[Content_Types].xml"])
	}, "S06 W", "=", nil},
}

// numberStyle is the style of a cell, shown in one of the formats that every
// workbook has.
func (p *paper) numberStyle(sheet, cell, format string) string {
	const file = "xl/styles.xml"
	base, _ := strconv.Atoi(p.leaf(sheet).cells[key2(p.t, cell)].style)
	style := p.style(strconv.Itoa(base), "Arial")
	s := p.files[file]
	i := strings.LastIndex(s[:strings.Index(s, "</cellXfs>")], "<xf ")
	j := i + strings.IndexByte(s[i:], '>')
	xf := s[i:j]
	if k := strings.Index(xf, `numFmtId="`); k >= 0 {
		end := k + len(`numFmtId="`) + strings.IndexByte(xf[k+len(`numFmtId="`):], '"')
		xf = xf[:k] + `numFmtId="` + format + `"` + xf[end+1:]
	}
	p.files[file] = s[:i] + xf + ` applyNumberFormat="1"` + s[j:]
	return style
}

var oldWriting = func() (tables [2]*strings.Replacer) {
	const (
		codes   = "¸µ¶·¹¢©ÊÇÈÉË¡¨¾»¼½Æ§®ÐÌÎÏÑ£ªÕÒÓÔÖÝ×ØÜÞãßáâä¤«èåæçé¥¬íêëìîóïñòô¦\u00adøõö÷ùýúûüþ"
		letters = "áàảãạÂâấầẩẫậĂăắằẳẵặĐđéèẻẽẹÊêếềểễệíìỉĩịóòỏõọÔôốồổỗộƠơớờởỡợúùủũụƯưứừửữựýỳỷỹỵ"
	)
	var t, v []string
	c := []rune(codes)
	for i, l := range []rune(letters) {
		t = append(t, string(l), string(c[i]))
	}
	marks := map[string]string{"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï",
		"\u0302": "â", "\u0302\u0301": "á", "\u0302\u0300": "à", "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0323\u0302": "ä",
		"\u0306": "ê", "\u0306\u0301": "é", "\u0306\u0300": "è", "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0323\u0306": "ë"}
	for _, base := range "aeouyơưAEOUYƠƯ" {
		as := string(base)
		switch base {
		case 'ơ':
			as = "ô"
		case 'ư':
			as = "ö"
		case 'Ơ':
			as = "Ô"
		case 'Ư':
			as = "Ö"
		}
		for m, code := range marks {
			if l := norm.NFC.String(string(base) + m); len([]rune(l)) == 1 {
				if strings.ToUpper(as) == as {
					code = strings.ToUpper(code)
				}
				v = append(v, l, as+code)
			}
		}
	}
	for i, l := range []rune("ĐđÍíÌìỈỉĨĩỊịƠơƯưỴỵ") {
		v = append(v, string(l), string([]rune("ÑñÍíÌìÆæÓóÒòÔôÖöÎî")[i]))
	}
	return [2]*strings.Replacer{strings.NewReplacer(t...), strings.NewReplacer(v...)}
}()

// tcvn and vni write a text for the fonts of before; nothing if it needs no
// letter of theirs. Capitals with tones are small in TCVN3.
func tcvn(s string) string {
	var b strings.Builder
	for _, r := range s {
		if l := string(r); strings.ContainsRune("ÁÀẢÃẠẤẦẨẪẬẮẰẲẴẶÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ", r) {
			b.WriteString(strings.ToLower(l))
		} else {
			b.WriteRune(r)
		}
	}
	return written(s, oldWriting[0].Replace(b.String()))
}

func vni(s string) string { return written(s, oldWriting[1].Replace(s)) }

func written(from, to string) string {
	if from == to {
		return ""
	}
	return to
}

func TestWhatSendersDoToAForm(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	whole := unpack(t, data)
	for _, d := range deformations {
		for _, bare := range []bool{false, true} {
			if bare && d.bare == "" {
				continue
			}
			t.Run(fmt.Sprintf("%d: %s, names %v", d.number, d.sentence, !bare), func(t *testing.T) {
				p := whole.copy()
				p.t = t
				d.do(p)
				want := d.want
				if bare {
					nameless(p)
					if d.bare != "=" {
						want = d.bare
					}
				}
				verify(t, f, p.pack(), d, right, want)
			})
		}
	}
}

func verify(t *testing.T, f *Form, data []byte, d deformation, right map[string]any, want string) finding.Part {
	t.Helper()
	part, ours, err := f.Check(data, Options{Name: "PL.xlsx"})
	if err != nil || !ours {
		t.Fatal(ours, err)
	}
	expect := maps.Clone(right)
	maps.Copy(expect, d.values)
	for _, s := range silent(f, expect, part) {
		t.Errorf("silently: %s", s)
	}
	if got := kinds(part); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if t.Failed() {
		for _, p := range part.Problems {
			t.Logf("%+v", p)
		}
	}
	return part
}

// TestWhatSendersDoInOtherFormats does the same to workbooks that were saved as
// .xls and .ods. LibreOffice keeps all of a form but a few things, which those
// of the codes below are about.
func TestWhatSendersDoInOtherFormats(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	whole := unpack(t, data)
	books := map[string][]byte{}
	saved := slices.DeleteFunc(slices.Clone(deformations), func(d deformation) bool { return d.number == 27 }) // macros are not saved
	for i, d := range saved {
		p := whole.copy()
		p.t = t
		d.do(p)
		if i%2 == 1 { // with names and without, turn and turn about
			nameless(p)
		}
		books[strconv.Itoa(i)] = p.pack()
	}
	for _, format := range []string{"xls", "ods"} {
		converted := convert(t, format, books)
		for i, d := range saved {
			bare := i%2 == 1
			t.Run(fmt.Sprintf("%s, %d: %s, names %v", format, d.number, d.sentence, !bare), func(t *testing.T) {
				want := d.want
				if bare && d.bare != "=" {
					want = d.bare
				}
				kinds := append(strings.FieldsFunc(want, func(r rune) bool { return r == ',' }), "S05 W")
				for i := range kinds {
					kinds[i] = strings.TrimSpace(kinds[i])
				}
				slices.Sort(kinds)
				verify(t, f, converted[strconv.Itoa(i)], d, right, strings.Join(kinds, ", "))
			})
		}
	}
}

// TestEveryRowAndColumn inserts and deletes each of them, and exchanges each
// with the next: whatever comes out, nothing may be silently different.
func TestEveryRowAndColumn(t *testing.T) {
	f := builtinForm(t)
	data := whole(t, f)
	right := truth(t, f, data)
	whole := unpack(t, data)
	for _, bare := range []bool{false, true} {
		// What somebody wrote into a deleted cell is gone; of a figure it is said.
		var gone func(at place) bool
		try := func(what string, n int, do func(p *paper), clean bool) {
			p := whole.copy()
			do(p)
			if bare {
				nameless(p)
			}
			part, ours, err := f.Check(p.pack(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !ours && part.Kind == finding.Appendix {
				t.Errorf("%s %d: not ours, and an appendix", what, n)
			}
			if s := silent(f, without(f, right, gone), part); len(s) > 0 && ours {
				t.Errorf("%s %d, names %v: silently %s\n%v", what, n, !bare, s, said(part))
			}
			if clean && (!ours || len(part.Problems) > 0) {
				t.Errorf("%s %d, names %v: %v %v", what, n, !bare, ours, said(part))
			}
		}
		for n := 1; n <= 41; n++ {
			gone = func(place) bool { return false }
			try("insert row", n, func(p *paper) { p.insertRows(annex, n, 1) }, true)
			gone = func(at place) bool { return at.row == n }
			try("delete row", n, func(p *paper) { p.deleteRow(annex, n) }, false)
		}
		for n := 1; n <= 12; n++ {
			gone = func(place) bool { return false }
			try("insert column", n, func(p *paper) { p.insertColumn(annex, n) }, true)
			gone = func(at place) bool { return at.col == n }
			try("delete column", n, func(p *paper) { p.deleteColumn(annex, n) }, false)
			gone = func(at place) bool { return at.col == n || at.col == n+1 || at.row == 0 }
			try("exchange column", n, func(p *paper) { p.swap(annex, n, n+1, 1, 99) }, false)
		}
	}
}

// without takes from the truth the words that stood in deleted cells.
func without(f *Form, truth map[string]any, gone func(at place) bool) map[string]any {
	left := maps.Clone(truth)
	for i := range f.inputs {
		in := &f.inputs[i]
		_, merged := f.book.Sheet(in.at.sheet).Merge(in.at.col, in.at.row)
		if !in.Number() && in.at.sheet == annex && gone(in.at) && !(merged && !gone(place{annex, 0, 0}) && gone(place{annex, in.at.col, 0})) {
			delete(left, in.Name)
		}
	}
	return left
}

// convert turns workbooks into another format by LibreOffice, all at once.
func convert(t testing.TB, format string, books map[string][]byte) map[string][]byte {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", format, "--outdir", dir + "/out"}
	for name, data := range books {
		file := filepath.Join(dir, name+".xlsx")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.Command(office, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	converted := map[string][]byte{}
	for name := range books {
		b, err := os.ReadFile(filepath.Join(dir, "out", name+"."+format))
		if err != nil {
			t.Fatal(err)
		}
		converted[name] = b
	}
	return converted
}

func has(m map[string]any, key string) bool { _, ok := m[key]; return ok }
