package letter

import (
	"regexp"
	"sort"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
)

// checks are the program's own checks, by code and severity as they are
// raised. Rules of the form (C03 to C08, C11) bring their words with them.
var checks = strings.Fields(`S01/E S02/E S03/E S04/X S05/W S06/W S06/E S07/E S08/H S09/W S10/E S11/H S12/E S13/X S14/E S15/E S16/W S17/W S18/E
	L01/E L02/E L03/E P01/H P02/I P03/W
	N01/W N01/E N02/E N03/E N04/E N05/H N06/E N07/E N08/E N09/X N10/E N11/W N11/I
	C01/E C02/E C09/I C10/X C11/W
	M01/E M02/W M03/W M03/E M04/W M04/X M05/W M06/I
	R01/E R02/I R03/I R04/I R05/I R06/H R07/H R08/H R09/H
	D01/I D02/H D03/H D04/I`)

// everyArg has a value for each placeholder of the catalogue.
func everyArg() map[string]string {
	args := map[string]string{}
	for _, t := range catalogue {
		for _, p := range placeholder.FindAllString(t.VI+t.EN, -1) {
			args[p[1:len(p)-1]] = "7"
		}
	}
	return args
}

var (
	marked    = regexp.MustCompile(`[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]`)
	malformed = regexp.MustCompile(`[{}\[\]|…]|\(\)|“”| [,.;:)]|\.\.|,,|\( |  |^[a-z]|[^.?!”)]$`)
)

func TestEveryCheckHasWordsInBothLanguages(t *testing.T) {
	severity := map[string]finding.Severity{"E": finding.MustFix, "X": finding.FixOrExplain, "W": finding.Noted, "H": finding.ForPerson, "I": finding.Recorded}
	used := map[string]bool{"": true}
	for _, c := range checks {
		code, s, _ := strings.Cut(c, "/")
		key := c
		if _, ok := catalogue[c]; !ok {
			key = code
		}
		if _, ok := catalogue[key]; !ok {
			t.Errorf("%s has no words", c)
			continue
		}
		used[key] = true
		for _, lang := range []string{"vi", "en"} {
			for _, given := range []struct {
				sentence string
				c        *config.Campaign
				p        finding.Problem
			}{
				{"with nothing but its code", nil, finding.Problem{}},
				{"with its code and a campaign", peopleWork(), finding.Problem{}},
				{"with a place", peopleWork(), finding.Problem{Sheet: "Phụ lục", Cell: "D11", Found: "3,5"}},
				{"with everything", peopleWork(), finding.Problem{Sheet: "Phụ lục", Cell: "D11", Found: "3,5", Args: everyArg()}},
				{"with several cells", nil, finding.Problem{Cell: "D11", Cells: []string{"D11", "D12"}, Args: map[string]string{"o": "D11, D12"}}},
			} {
				given.p.Code, given.p.Severity = code, severity[s]
				got := Problem(given.c, lang, given.p)
				if bad := malformed.FindString(strings.NewReplacer(" .xlsx", " xlsx", " .zip", " zip").Replace(got)); bad != "" {
					t.Errorf("%s %s %s: %q in %q", c, lang, given.sentence, bad, got)
				}
				// Words of the form and of the campaign stay what they are.
				foreign := strings.NewReplacer("“Mã số”", "", "Phụ lục", "").Replace(got)
				if lang == "en" && marked.MatchString(foreign) {
					t.Errorf("%s %s: Vietnamese in %q", c, given.sentence, got)
				}
			}
		}
	}
	for key := range catalogue {
		if !used[key] {
			t.Errorf("nothing raises %q", key)
		}
	}
}

// A problem read aloud, with the arguments that the form's checks really give.
func TestWordsOfProblems(t *testing.T) {
	for _, c := range []struct {
		sentence string
		p        finding.Problem
		vi, en   string
	}{
		{"one cell that is no number",
			finding.Problem{Code: "N02", Severity: "E", Cell: "D13", Found: "đang tổng hợp", Args: map[string]string{"bieu": "Biểu 1", "o": "D13", "nhan": "Cấp cơ sở - Tập thể", "gia_tri": "đang tổng hợp"}},
			"Biểu 1, ô D13 (Cấp cơ sở - Tập thể): “đang tổng hợp” chưa phải là số. Đề nghị ghi số nguyên, ví dụ 5; không phát sinh ghi 0.",
			"Table 1, cell D13 (Cấp cơ sở - Tập thể): “đang tổng hợp” is not yet a number. Please enter a whole number, for example 5; if there is nothing to report, enter 0."},
		{"a fraction of a model",
			finding.Problem{Code: "N04", Severity: "E", Cell: "D13", Found: "12,5", Args: map[string]string{"bieu": "Biểu 1"}},
			"Biểu 1, ô D13: số mô hình phải là số nguyên (đang ghi 12,5).",
			"Table 1, cell D13: the number of models must be a whole number (it now shows 12,5)."},
		{"a spreadsheet that cannot be opened",
			finding.Problem{Code: "S01", Severity: "E", Args: map[string]string{"tep": "PL.XLSX"}},
			"Tệp “PL.XLSX” không mở được (có thể bị hỏng hoặc gửi chưa trọn vẹn). Đề nghị mở lại tệp gốc, chọn Lưu thành (Save As) dạng Excel (.xlsx), và gửi lại.",
			"The file “PL.XLSX” could not be opened (it may be damaged or incompletely sent). Please reopen the original, use Save As to save it as Excel (.xlsx), and send it again."},
		{"a report that cannot be opened is not asked for as Excel",
			finding.Problem{Code: "S01", Severity: "E", Args: map[string]string{"tep": "Bao cao.pdf"}},
			"Tệp “Bao cao.pdf” không mở được (có thể bị hỏng hoặc gửi chưa trọn vẹn). Đề nghị mở lại tệp gốc, lưu lại và gửi lại.",
			"The file “Bao cao.pdf” could not be opened (it may be damaged or incompletely sent). Please reopen the original, save it once more and send it again."},
		{"a report with a password has no figures to speak of",
			finding.Problem{Code: "S02", Severity: "E", Args: map[string]string{"tep": "Mo hinh.docx"}},
			"Tệp “Mo hinh.docx” đang được đặt mật khẩu nên không mở được. Đề nghị bỏ mật khẩu và gửi lại; không gửi mật khẩu qua thư điện tử.",
			"The file “Mo hinh.docx” is password-protected, so it cannot be opened. Please remove the password and send it again; please do not send the password by e-mail."},
		{"one blank taken as 0",
			finding.Problem{Code: "N01", Severity: "W", Cell: "D29", Cells: []string{"D29"}, Args: map[string]string{"bieu": "Biểu 3", "nhan": "Cấp tỉnh - Nhân rộng", "n": "1", "danh_sach_o": "Biểu 3: D29"}},
			"Biểu 3, ô D29 (Cấp tỉnh - Nhân rộng): ô để trống, được hiểu là 0.",
			"Table 3, cell D29 (Cấp tỉnh - Nhân rộng): the blank cell was taken as 0."},
		{"several blanks taken as 0",
			finding.Problem{Code: "N01", Severity: "W", Cell: "D29", Cells: []string{"D29", "E13"}, Args: map[string]string{"bieu": "Biểu 3", "nhan": "Cấp tỉnh - Nhân rộng", "n": "2", "danh_sach_o": "Biểu 1: E13; Biểu 3: D29"}},
			"02 ô để trống được hiểu là 0: Biểu 1: E13; Biểu 3: D29. Nếu chưa đúng, đề nghị phản hồi.",
			"2 blank cells were taken as 0: Table 1: E13; Table 3: D29. If this is not right, please let us know."},
		{"a whole column is blank",
			finding.Problem{Code: "N01", Severity: "E", Cell: "D20", Cells: []string{"D20", "D21"}, Args: map[string]string{"bieu": "Biểu 2", "cot": "Số đăng ký - Tập thể"}},
			"Biểu 2, cột “Số đăng ký - Tập thể”: chưa có số liệu. Không phát sinh thì ghi 0 vào các ô.",
			"Table 2, column “Số đăng ký - Tập thể”: no figures yet. If there is nothing to report, please enter 0 in the cells."},
		{"words read as numbers",
			finding.Problem{Code: "N11", Severity: "W", Cell: "D11", Cells: []string{"D11", "D12"}, Args: map[string]string{"n": "2", "danh_sach": "D11 “3 mô hình” = 3; D12 “không” = 0"}},
			"02 ô có chữ kèm số được hiểu như sau: D11 “3 mô hình” = 3; D12 “không” = 0. Nếu chưa đúng, đề nghị phản hồi.",
			"2 cells with text and a number were read as follows: D11 “3 mô hình” = 3; D12 “không” = 0. If this is not right, please let us know."},
		{"a total typed by hand",
			finding.Problem{Code: "C01", Severity: "E", Cell: "F11", Args: map[string]string{"bieu": "Biểu 1", "tong": "8", "cong": "Tập thể (3) + Cá nhân (4)", "tt": "3", "cn": "4", "dung": "7"}},
			"Biểu 1, ô F11: Tổng số ghi 8, Tập thể (3) + Cá nhân (4) = 7. Đề nghị kiểm tra lại.",
			"Table 1, cell F11: the total shows 8, while Tập thể (3) + Cá nhân (4) = 7. Please check it."},
		{"a thousands' point that may be a decimal one",
			finding.Problem{Code: "N05", Severity: "H", Cell: "D11", Found: "1.234", Args: map[string]string{"bieu": "Biểu 1", "cach_1": "1234", "cach_2": "1,234"}},
			"Biểu 1, ô D11: “1.234” có thể hiểu là 1234 hoặc 1,234. Đề nghị xác nhận và nhập lại không dùng dấu phân cách.",
			"Table 1, cell D11: “1.234” can be read as 1234 or 1,234. Please confirm and enter it again without a separator."},
		{"macros that were not run, and macros that were not opened, are two things",
			finding.Problem{Code: "S06", Severity: "W", Args: map[string]string{"tep": "PL DVK.xlsm"}},
			"Tệp “PL DVK.xlsm” có macro; hệ thống chỉ đọc số liệu, không chạy macro. Không phải gửi lại.",
			"The file “PL DVK.xlsm” contains macros; the system only reads the figures and does not run macros. There is no need to send it again."},
		{"the form's own words come before the catalogue's",
			finding.Problem{Code: "N02", Severity: "E", Words: map[string]string{"vi": "Lời của mẫu.", "en": "The form's words."}},
			"Lời của mẫu.", "The form's words."},
		{"a form without English is quoted as it is",
			finding.Problem{Code: "Q7", Severity: "E", Words: map[string]string{"vi": "Lời của mẫu."}},
			"Lời của mẫu.", "Lời của mẫu."},
		{"a code that nobody knows",
			finding.Problem{Code: "Q7", Severity: "E", Sheet: "Biểu 1", Cell: "A1", Found: "x"},
			"Biểu 1, ô A1: nội dung này cần xem lại (mã Q7): “x”.",
			"Table 1, cell A1: this needs another look (code Q7): “x”."},
	} {
		if got := Problem(peopleWork(), "vi", c.p); got != c.vi {
			t.Errorf("%s:\n%s\nwant\n%s", c.sentence, got, c.vi)
		}
		if got := Problem(peopleWork(), "en", c.p); got != c.en {
			t.Errorf("%s:\n%s\nwant\n%s", c.sentence, got, c.en)
		}
	}
}

func TestFill(t *testing.T) {
	args := map[string]string{"a": "A", "b": "B"}
	for _, c := range []struct{ sentence, wording, want string }{
		{"placeholders are replaced", "x {a} y {b}", "x A y B"},
		{"a part is left out when something in it is missing", "x[ ({a}, {c})] y", "x y"},
		{"a part is kept when all of it is there", "x[ ({a}, {b})] y", "x (A, B) y"},
		{"the first complete alternative is taken", "[{c}|{b}|z]", "B"},
		{"an alternative without placeholders is always complete", "[{c}|z]", "z"},
		{"what is missing outside of brackets leaves a gap that can be read", "{c}!", "…!"},
		{"a bracket that is never closed ends with the wording", "x [{a}", "x A"},
	} {
		if got := fill(c.wording, args); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}

// A stranger fills cells and names files; none of it may break a line.
func FuzzProblem(f *testing.F) {
	f.Add("N02", "E", "x\r\n\u202e<b>", "[{o}|{", "D11")
	f.Add("S01", "E", strings.Repeat("ệ", 5000), "", "")
	f.Fuzz(func(t *testing.T, code, severity, found, arg, cell string) {
		p := finding.Problem{Code: code, Severity: finding.Severity(severity), Found: found, Cell: cell, Sheet: arg, Args: map[string]string{"tep": arg, "gia_tri": found, "nhan": arg, "n": arg}}
		for _, lang := range []string{"vi", "en"} {
			got := Problem(peopleWork(), lang, p)
			if got == "" || len([]rune(got)) > maxWords || tidy(got) != got {
				t.Errorf("%q", got)
			}
		}
	})
}

// The words and the texts belong to no campaign: what does comes from its
// directory.
func TestTextsKnowNoCampaign(t *testing.T) {
	var all []string
	for _, words := range catalogue {
		all = append(all, words.VI, words.EN)
	}
	entries, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		b, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		names[e.Name()] = true
		all = append(all, string(b))
	}
	sort.Strings(all)
	for _, s := range all {
		for _, word := range []string{"ân vận", "624", "BDV", "Quảng Ngãi", "DVK", "mô hình", "Mô hình", "Tập thể", "Cá nhân", "0255", "2022"} {
			if strings.Contains(s, word) {
				t.Errorf("%q in %.80q", word, s)
			}
		}
	}
	for name := range names {
		base, ok := strings.CutSuffix(name, ".vi.txt")
		if ok && !names[base+".en.txt"] {
			t.Errorf("%s has no English", name)
		}
		if base, ok := strings.CutSuffix(name, ".en.txt"); ok && !names[base+".vi.txt"] {
			t.Errorf("%s has no Vietnamese", name)
		}
	}
	for _, kind := range append([]string{"unusable", "foot", "common"}, Kinds...) {
		if !names[kind+".vi.txt"] {
			t.Errorf("no text for %s", kind)
		}
	}
}
