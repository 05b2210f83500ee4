package builtin

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// good is a filling with which every rule holds: 42 collectives and 17
// individuals registered, 39 and 15 built, as in the golden receipt.
func good() map[string]any {
	return map[string]any{
		"C5":  "125-BC/HU",
		"D11": 6, "E11": 2, "D12": 14, "E12": 5, "D13": 22, "E13": 10,
		"D20": 12, "E20": 6, "G20": 11, "H20": 5,
		"D21": 15, "E21": 6, "G21": 14, "H21": 6,
		"D22": 5, "E22": 2, "G22": 5, "H22": 2,
		"D23": 10, "E23": 3, "G23": 9, "H23": 2,
		"D29": 1, "E29": 2, "D30": 2, "E30": 7, "D31": 3, "E31": 12,
	}
}

func zeros() map[string]any {
	z := good()
	for cell, v := range z {
		if _, ok := v.(int); ok {
			z[cell] = 0
		}
	}
	return z
}

func but(base map[string]any, changes map[string]any) map[string]any {
	changed := maps.Clone(base)
	maps.Copy(changed, changes)
	return changed
}

// Facts of the units that the fillings are of.
var (
	district   = map[string]any{"META_CATEGORY": "huyen-thi-thanh-uy", "META_UNIT_CODE": "HU-BINHSON", "META_UNIT_NAME": "Huyện ủy Bình Sơn", "META_OUTLIER": 500, "META_EXPECTED_MODELS": 2}
	island     = but(district, map[string]any{"META_UNIT_CODE": "HU-LYSON", "META_UNIT_NAME": "Huyện ủy Lý Sơn"})
	department = map[string]any{"META_CATEGORY": "so-ban-nganh", "META_UNIT_CODE": "S-YT", "META_UNIT_NAME": "Sở Y tế", "META_OUTLIER": 50, "META_EXPECTED_MODELS": 1}
)

// A filling, the rules that do not hold with it, and some of what the unit
// then reads. Cells with a ! are of the list of models ("MH!B5").
var fillings = []struct {
	sentence string
	facts    map[string]any
	cells    map[string]any
	fail     string // codes, in the order of the sheet
	verdicts string // codes with the unit's verdict where it is not ĐẠT, CHƯA NHẬP
	words    string
	english  string
	summary  string
}{
	{"a blank form complains of nothing", district, map[string]any{"C6": 44849}, "", "", "", "",
		"Chưa nhập số liệu."},
	{"a form in order passes every rule", district, good(), "", "", "", "",
		"ĐẠT: số liệu đã nhập đủ và khớp."},
	{"half-filled tables are not held against each other", district,
		map[string]any{"C6": 44849, "D11": 3, "D12": 4}, "", "", "", "",
		"Các số đã nhập: ĐẠT. Còn 26/28 ô số liệu chưa nhập; không phát sinh ghi 0."},
	{"individuals by level and by field do not agree", district, but(good(), map[string]any{"E11": 0, "E12": 4}), "C03", "C03 CẦN SỬA",
		"Số đăng ký của cá nhân chưa khớp: Biểu 1 (ô E14) là 14, Biểu 2 (ô E24) là 17, lệch 3. Đề nghị xem lại các ô E11 đến E13 và E20 đến E23.",
		"The registered numbers of individuals do not match: Table 1 (cell E14) has 14, Table 2 (cell E24) has 17, a difference of 3. Please review cells E11 to E13 and E20 to E23.",
		"CẦN XEM LẠI: 01 nội dung cần sửa, 00 nội dung cần giải trình."},
	{"collectives do not agree while individuals do", district, but(good(), map[string]any{"D11": 7}), "C03", "C03 CẦN SỬA",
		"Số đăng ký của tập thể chưa khớp: Biểu 1 (ô D14) là 43, Biểu 2 (ô D24) là 42, lệch 1. Đề nghị xem lại các ô D11 đến D13 và D20 đến D23.", "", ""},
	{"a blank counts as nothing on either side", district, but(good(), map[string]any{"D11": nil, "D12": 20}), "", "", "", "",
		"Các số đã nhập: ĐẠT. Còn 01/28 ô số liệu chưa nhập; không phát sinh ghi 0."},
	{"more built than registered asks for a reason", district, but(good(), map[string]any{"G20": 13}), "C04", "C04 CẦN GIẢI TRÌNH",
		"Biểu 2, dòng “Kinh tế”, Tập thể: số đã xây dựng (13, ô G20) lớn hơn số đăng ký (12, ô D20). Đề nghị kiểm tra; nếu có mô hình phát sinh ngoài đăng ký, ghi rõ ở cột Ghi chú.",
		"Table 2, row “Economy”, Collective: the number built (13, cell G20) is larger than the number registered (12, cell D20). Please check it; if some models arose outside registration, please say so in the Notes column.",
		"CẦN XEM LẠI: 00 nội dung cần sửa, 01 nội dung cần giải trình."},
	{"a note in the row is a reason", district, but(good(), map[string]any{"G20": 13, "K20": "01 mô hình phát sinh"}), "C04", "C04 ĐÃ GIẢI TRÌNH", "", "",
		"ĐẠT: số liệu đã nhập đủ và khớp."},
	{"a note in another row is none", district, but(good(), map[string]any{"G20": 13, "K21": "01 mô hình phát sinh"}), "C04", "C04 CẦN GIẢI TRÌNH", "", "", ""},
	{"a note of spaces is none", district, but(good(), map[string]any{"G20": 13, "K20": "   "}), "C04", "C04 CẦN GIẢI TRÌNH", "", "", ""},
	{"individuals built beyond registration, in the last field", district, but(good(), map[string]any{"H23": 4}), "C04", "C04 CẦN GIẢI TRÌNH",
		"Biểu 2, dòng “Xây dựng hệ thống chính trị”, Cá nhân: số đã xây dựng (4, ô H23) lớn hơn số đăng ký (3, ô E23). Đề nghị kiểm tra; nếu có mô hình phát sinh ngoài đăng ký, ghi rõ ở cột Ghi chú.", "", ""},
	{"built where nothing was registered", district, but(good(), map[string]any{"E22": nil, "E20": 8}), "C04", "C04 CẦN GIẢI TRÌNH",
		"Biểu 2, dòng “Quốc phòng - an ninh”, Cá nhân: số đã xây dựng (2, ô H22) lớn hơn số đăng ký (0, ô E22). Đề nghị kiểm tra; nếu có mô hình phát sinh ngoài đăng ký, ghi rõ ở cột Ghi chú.", "", ""},
	{"more recognised than built", district, but(good(), map[string]any{"E31": 60}), "C05", "C05 CẦN GIẢI TRÌNH",
		"Biểu 3: số được công nhận trong năm 2022 (69) lớn hơn số đã xây dựng ở Biểu 2 (54). Nếu có mô hình của các năm trước được công nhận trong năm 2022, đề nghị ghi rõ ở cột Ghi chú.",
		"Table 3: the number recognised in 2022 (69) is larger than the number built in Table 2 (54). If models of earlier years were recognised in 2022, please say so in the Notes column.", ""},
	{"any note of table 3 is a reason for it", district, but(good(), map[string]any{"E31": 60, "F30": "gồm 20 mô hình năm 2021"}), "C05", "C05 ĐÃ GIẢI TRÌNH", "", "", ""},
	{"replicated, and nothing built or recognised", district, but(zeros(), map[string]any{"D29": 2}), "C06 C08", "C06 LƯU Ý C08 LƯU Ý",
		"Biểu 3: có 2 mô hình được nhân rộng trong khi Biểu 2, Biểu 3 chưa có mô hình được xây dựng, công nhận. Đề nghị kiểm tra lại.", "",
		"ĐẠT: số liệu đã nhập đủ và khớp. Lưu ý: 01 nội dung."},
	{"zero everywhere is asked about", department, zeros(), "C07", "C07 CẦN GIẢI TRÌNH",
		`Phụ lục ghi 0 ở tất cả các ô. Nếu năm 2022 không phát sinh, đề nghị ghi rõ “không phát sinh” ở một cột Ghi chú.`,
		`The annex shows 0 in every cell. If there is nothing to report for 2022, please say “không phát sinh” (nothing to report) in one of the Notes columns.`, ""},
	{"zero everywhere with a note is explained", department, but(zeros(), map[string]any{"G14": "năm 2022 không phát sinh"}), "C07", "C07 ĐÃ GIẢI TRÌNH", "", "", ""},
	{"a figure far above the usual names its cell", district, but(good(), map[string]any{"D21": 1046, "D13": 1053}), "N09 N09", "N09 CẦN GIẢI TRÌNH N09 CẦN GIẢI TRÌNH",
		"Biểu 2, ô D21 (Văn hóa - xã hội - Số đăng ký - Tập thể): 1046 cao hơn nhiều so với mức thường gặp. Đề nghị kiểm tra lại; nếu đúng, ghi lý do ở cột Ghi chú.",
		"Table 2, cell D21 (Culture and society - Registered - Collective): 1046 is much higher than the usual level. Please check it; if it is right, please give the reason in the Notes column.", ""},
	{"the same figures are usual where no threshold is set", but(district, map[string]any{"META_OUTLIER": nil}), but(good(), map[string]any{"D21": 1046, "D13": 1053}), "", "", "", "", ""},
	{"a threshold is exceeded, not reached", but(district, map[string]any{"META_OUTLIER": 22}), good(), "", "", "", "", ""},
	{"recognised far above the usual, with a note", department, but(zeros(), map[string]any{"G20": 51, "D20": 51, "D11": 51, "G11": "toàn ngành", "K20": "toàn ngành", "E29": 51, "F29": "toàn ngành"}), "N09 N09 N09",
		"N09 ĐÃ GIẢI TRÌNH N09 ĐÃ GIẢI TRÌNH N09 ĐÃ GIẢI TRÌNH", "", "", "ĐẠT: số liệu đã nhập đủ và khớp."},
	{"no cut-off date", district, but(good(), map[string]any{"C6": nil}), "C11", "C11 LƯU Ý",
		"Ô C6 (Số liệu tính đến ngày): “” chưa đọc được là ngày của năm 2022, tạm ghi ngày nhận. Nếu khác, đề nghị phản hồi, ví dụ 15/10/2022.", "", ""},
	{"a cut-off date of last year", district, but(good(), map[string]any{"C6": 44484}), "C11", "C11 LƯU Ý",
		"Ô C6 (Số liệu tính đến ngày): “15/10/2021” chưa đọc được là ngày của năm 2022, tạm ghi ngày nhận. Nếu khác, đề nghị phản hồi, ví dụ 15/10/2022.", "", ""},
	{"a cut-off date typed as text is a date", district, but(good(), map[string]any{"C6": "15/10/2022"}), "", "", "", "", ""},
	{"words where the cut-off date should stand", district, but(good(), map[string]any{"C6": "quý III"}), "C11", "C11 LƯU Ý",
		"Ô C6 (Số liệu tính đến ngày): “quý III” chưa đọc được là ngày của năm 2022, tạm ghi ngày nhận. Nếu khác, đề nghị phản hồi, ví dụ 15/10/2022.",
		"Cell C6 (figures as of): “quý III” could not be read as a date of 2022, so the date of receipt is used for now. If it should differ, please let us know, for example 15/10/2022.", ""},
	{"a model with its Word file is in order", district, but(good(), map[string]any{"MH!B5": "Tổ tự quản", "MH!C5": "Kinh tế", "MH!H5": "Mo hinh 1.docx"}), "", "", "", "", ""},
	{"a model that names its recognition is in order", district, but(good(), map[string]any{"MH!B5": "Tổ tự quản", "MH!F5": "Cấp huyện", "MH!G5": "12/QĐ-UBND ngày 3/3/2022"}), "", "", "", "", ""},
	{"a row without name and Word file", district, but(good(), map[string]any{"MH!C6": "Kinh tế", "MH!F6": "Cấp tỉnh", "MH!G6": "12/QĐ"}), "M03", "M03 CẦN SỬA",
		"Mô hình “số 02 trong danh mục”: chưa thấy nội dung “Tên mô hình, điển hình” và chưa ghi tên tệp Word.", "", ""},
	{"a model with neither Word file nor recognition", district, but(good(), map[string]any{"MH!B5": "Tổ tự quản"}), "M04", "M04 CẦN GIẢI TRÌNH",
		"Mô hình “Tổ tự quản”: đề nghị bổ sung cấp và số, ngày văn bản công nhận, biểu dương, khen thưởng (cấp tỉnh hoặc cấp huyện).", "", ""},
	{"a field of one's own", district, but(good(), map[string]any{"MH!B7": "Tổ tự quản", "MH!C7": "Nông thôn mới", "MH!H7": "a.docx"}), "M05", "M05 LƯU Ý",
		"Mô hình “Tổ tự quản”: lĩnh vực “Nông thôn mới” chưa khớp 04 lĩnh vực; đề nghị chọn lại.",
		"Model “Tổ tự quản”: the field “Nông thôn mới” does not match one of the 04 fields; please choose again.", ""},
	{"a district without grass-roots registrations is noted for ourselves", district, but(good(), map[string]any{"D13": 0, "E13": 0, "D12": 36, "E12": 15}), "C08", "C08 LƯU Ý", "", "",
		"ĐẠT: số liệu đã nhập đủ và khớp."},
	{"the island has no communes", island, but(good(), map[string]any{"D13": 0, "E13": 0, "D12": 36, "E12": 15}), "", "", "", "", ""},
	{"a department registers neither with districts nor with communes", department, good(), "C08 C08", "C08 LƯU Ý C08 LƯU Ý",
		"Biểu 1: dòng “Cấp huyện” = 19, khác thông lệ của nhóm sở, ban, ngành. Đề nghị kiểm tra lại cấp đăng ký.", "", ""},
}

// filled is the form with the filling in it, no value of a formula stored.
func filled(t *testing.T, form []byte, facts, cells map[string]any) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	places := map[string]string{}
	for _, name := range f.GetDefinedName() {
		places[name.Name] = strings.ReplaceAll(name.RefersTo[strings.LastIndex(name.RefersTo, "!")+1:], "$", "")
	}
	for name, value := range facts {
		if err := f.SetCellValue(metaSheet, places[name], value); err != nil {
			t.Fatal(err)
		}
	}
	for cell, value := range cells {
		sheet := annexSheet
		if rest, ok := strings.CutPrefix(cell, "MH!"); ok {
			sheet, cell = listSheet, rest
		}
		if err := f.SetCellValue(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.UpdateLinkedValue(); err != nil {
		t.Fatal(err)
	}
	return f
}

func computed(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	value, err := f.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatalf("%s!%s: %v", sheet, cell, err)
	}
	return value
}

func TestRules(t *testing.T) {
	form, blank := blankForm(t)
	rows, err := blank.GetRows(checkSheet)
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, c := range fillings {
		t.Run(c.sentence, func(t *testing.T) {
			f := filled(t, form, c.facts, c.cells)
			var fail, verdicts, words, english []string
			for i, row := range rows {
				if i < checkHead || row[0] == "" {
					continue
				}
				at := func(column string) string {
					return computed(t, f, checkSheet, fmt.Sprintf("%s%d", column, i+1))
				}
				switch at(colHolds) {
				case "TRUE":
					if at(colText)+at(colMessage) != "" {
						t.Errorf("%s holds and says %q", row[0], at(colText))
					}
					continue
				case "FALSE":
				default:
					t.Errorf("%s comes to %q", row[0], at(colHolds))
				}
				broken[row[0]] = true
				fail = append(fail, row[0])
				verdicts = append(verdicts, row[0]+" "+at(colVerdict))
				words = append(words, at(colText))
				english = append(english, at(colMessage))
			}
			if got := strings.Join(fail, " "); got != c.fail {
				t.Errorf("rules that fail: %q, want %q", got, c.fail)
			}
			if got := strings.Join(verdicts, " "); got != c.verdicts {
				t.Errorf("verdicts: %q, want %q", got, c.verdicts)
			}
			if c.words != "" && !slices.Contains(words, c.words) {
				t.Errorf("the unit reads\n%s\nwant\n%s", strings.Join(words, "\n"), c.words)
			}
			if c.english != "" && !slices.Contains(english, c.english) {
				t.Errorf("in English\n%s\nwant\n%s", strings.Join(english, "\n"), c.english)
			}
			if got := computed(t, f, checkSheet, "A4"); c.summary != "" && got != c.summary {
				t.Errorf("summary %q, want %q", got, c.summary)
			}
		})
	}
	for _, r := range rules() {
		if !broken[r.code] {
			t.Errorf("no filling breaks %s", r.code)
		}
	}
}

func TestTotalsAndTitleOfAFilledForm(t *testing.T) {
	form, _ := blankForm(t)
	f := filled(t, form, district, but(good(), map[string]any{"J5": 44851}))
	for cell, want := range map[string]string{
		"F11": "8", "D14": "42", "E14": "17", "F14": "59", "F24": "59", "I24": "54", "J24": "91.5", "J20": "88.9", "D32": "6", "E32": "21",
		"A1": "Huyện ủy Bình Sơn", "C4": "Huyện ủy Bình Sơn",
		"A3": "(Kèm theo Báo cáo số 125-BC/HU ngày 17/10/2022 của Huyện ủy Bình Sơn)",
	} {
		if got := computed(t, f, annexSheet, cell); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	digest := ""
	for row := checkHead + 1; row < checkHead+30; row++ {
		if value, _ := f.GetCellValue(checkSheet, fmt.Sprintf("B%d", row)); strings.HasPrefix(value, "Không có số cao hơn") {
			digest = computed(t, f, checkSheet, fmt.Sprintf("C%d", row))
		}
	}
	if digest != pass {
		t.Errorf("the row for unusual figures says %q, want %q", digest, pass)
	}
}

// soffice is the second opinion on our formulas and pages.
func soffice(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
			t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
		}
		t.Skip("no soffice: LibreOffice's opinion of the form was not asked")
	}
	return path
}

// convert lets LibreOffice convert files in dir, all in one run.
func convert(t *testing.T, dir, to string, names ...string) string {
	t.Helper()
	out := filepath.Join(dir, "out")
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", out}
	for _, name := range names {
		args = append(args, filepath.Join(dir, name))
	}
	if said, err := exec.Command(soffice(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	return out
}

func TestLibreOfficeComputesTheSame(t *testing.T) {
	soffice(t)
	form, _ := blankForm(t)
	dir := t.TempDir()
	var names []string
	files := make([]*excelize.File, len(fillings))
	for i, c := range fillings {
		files[i] = filled(t, form, c.facts, c.cells)
		name := fmt.Sprintf("f%02d.xlsx", i)
		if err := files[i].SaveAs(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	out := convert(t, dir, "xlsx", names...)
	for i, c := range fillings {
		t.Run(c.sentence, func(t *testing.T) {
			theirs, err := excelize.OpenFile(filepath.Join(out, names[i]), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			defer theirs.Close()
			eachFormula(t, files[i], func(sheet, cell, formula string) {
				ours := computed(t, files[i], sheet, cell)
				other, err := theirs.GetCellValue(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				if kind, _ := theirs.GetCellType(sheet, cell); kind == excelize.CellTypeBool {
					other = map[string]string{"1": "TRUE", "0": "FALSE", "TRUE": "TRUE", "FALSE": "FALSE"}[other]
				}
				if ours != other {
					t.Errorf("%s!%s: excelize %q, LibreOffice %q: %s", sheet, cell, ours, other, formula)
				}
			})
		})
	}
}

var pageObject = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func TestEverySheetPrintsOnOnePage(t *testing.T) {
	soffice(t)
	form, _ := blankForm(t)
	dir := t.TempDir()
	var names []string
	// As many complaints at once as the form can hold make the longest pages.
	worst := but(good(), map[string]any{"J5": 44851, "MH!B5": "Tổ tự quản", "MH!C6": "Khác"})
	for _, row := range []int{20, 21, 22, 23} {
		worst[fmt.Sprintf("G%d", row)], worst[fmt.Sprintf("H%d", row)] = 1046, 2071
	}
	for i, cells := range []map[string]any{{}, good(), worst} {
		name := fmt.Sprintf("p%d.xlsx", i)
		if err := filled(t, form, district, cells).SaveAs(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	out := convert(t, dir, "pdf", names...)
	for _, name := range names {
		pdf, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(name, ".xlsx")+".pdf"))
		if err != nil {
			t.Fatal(err)
		}
		if pages := len(pageObject.FindAll(pdf, -1)); pages != 4 {
			t.Errorf("%s prints on %d pages, want one for each of the 4 sheets", name, pages)
		}
	}
}
