package config

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryMistakeNamesItsPlaceAndTheFix makes one thing wrong at a time in
// the water committee's directory and reads what the operator is told.
func TestEveryMistakeNamesItsPlaceAndTheFix(t *testing.T) {
	longer := waterUnits + "X4,xa,Xã Cẩm Sơn,x4@nuocsach.example,,yes,,\n"
	for _, tt := range []struct {
		sentence string
		file     string // that is made wrong
		old, new string // in it; without old, new is the whole file
		place    string // as the message gives it in Vietnamese
		vi, en   string // fragments of the fix
	}{
		// campaign.yaml as text
		{"Notepad's tab at the start of a line is named, not the parser's trouble with it", campaignFile, "  number: 12", "\tnumber: 12", "campaign.yaml, dòng 3, cột 1", "Xóa Tab, gõ hai dấu cách", "Delete the tab and type two spaces"},
		{"a tab after blanks is named with its column", campaignFile, "  date: 2024", "  \tdate: 2024", "campaign.yaml, dòng 4, cột 3", "Xóa Tab", "Delete the tab"},
		{"curly quotes around a value", campaignFile, "imaps://bcd@mail.nuocsach.example\n", "“imaps://bcd@mail.nuocsach.example”\n", "campaign.yaml, dòng 14, cột 8", "dấu nháy thẳng", "straight quotes"},
		{"curly quotes that break the syntax", campaignFile, "báo cáo nước sạch quý I", "“báo cáo: nước sạch”", "campaign.yaml, dòng 5, cột 10", "dấu nháy thẳng", "straight quotes"},
		{"curly quotes around a key", campaignFile, "campaign:", "“campaign”:", "campaign.yaml, dòng 1, cột 1", "dấu nháy thẳng", "straight quotes"},
		{"a quote that is never closed is named where it opens", campaignFile, "12/BCĐ-NS", `"12/BCĐ-NS`, "campaign.yaml, dòng 3, cột 11", "Thêm dấu nháy cùng loại", "Add the same quote"},
		{"a bracket that is never closed is named where it opens", campaignFile, "[phong@nuocsach.example]", "[phong@nuocsach.example", "campaign.yaml, dòng 20, cột 7", "Thêm ] hay }", "Add ] or }"},
		{"a colon inside an unquoted value", campaignFile, "báo cáo nước", "báo cáo: nước", "campaign.yaml, dòng 5, cột 17", `đặt giá trị trong "…"`, `put the value in "…"`},
		{"a line indented unlike its neighbours", campaignFile, "  date: 2024", "   date: 2024", "campaign.yaml, dòng 4", "Căn thẳng hàng", "Align it"},
		{"an address that begins with @", campaignFile, "[phong@nuocsach.example]", "@phong", "campaign.yaml, dòng 20, cột 7", "trong dấu nháy thẳng", "in straight quotes"},
		{"a second document", campaignFile, "desk:", "---\ndesk:", "campaign.yaml, dòng 20", `Xóa dòng "---"`, `Delete that "---"`},
		{"an empty file", campaignFile, "", "\n# chỉ có chú thích\n", "campaign.yaml, dòng 1", "dondoc init", "dondoc init"},
		{"a list instead of keys", campaignFile, "", "- a\n- b\n", "campaign.yaml, dòng 1", "dondoc init", "dondoc init"},
		{"letters of an old code page", campaignFile, "Ban Chỉ đạo", "Ban Ch\xec \xf0\xe0o", "campaign.yaml, dòng 6", "chọn UTF-8", "set Encoding to UTF-8"},
		{"an invisible control character", campaignFile, "NUOC-SACH", "NUOC\x07SACH", "campaign.yaml, dòng 1, cột 15", "gõ lại", "type it again"},
		{"a reference instead of a value", campaignFile, "password_env: NS_IMAP", "password_env: &a NS_IMAP\n  move: *a", "campaign.yaml, dòng 16, cột 9", "Ghi lại giá trị", "Write out the value"},
		{"no campaign.yaml at all", campaignFile, "", "-", "campaign.yaml", "dondoc init", "dondoc init"},

		// keys
		{"a mistyped key, with the one that was meant", campaignFile, "desk:", "dessk:", "campaign.yaml, dòng 20, cột 1", `Có phải desk?`, `Is it desk?`},
		{"an unknown key, with those that there are", campaignFile, "deadline: {before: 2024-04-01}", "deadline: {before: 2024-04-01, colour: red}", "campaign.yaml, dòng 7, cột 32", "before, grace_until, closes", "before, grace_until, closes"},
		{"a key given twice", campaignFile, "desk:", "campaign: KHAC\ndesk:", "campaign.yaml, dòng 20, cột 1", "đã có ở dòng 1. Xóa một trong hai", "already on line 1. Delete one"},
		{"a missing key is reported at its section", campaignFile, "  number: 12/BCĐ-NS\n", "", "campaign.yaml, dòng 3, cột 3", "letter.number: thiếu", "letter.number: missing"},
		{"a key left empty", campaignFile, "campaign: NUOC-SACH", "campaign:", "campaign.yaml, dòng 1", "như DVK-2022", "like DVK-2022"},
		{"a campaign code of two words", campaignFile, "NUOC-SACH", "Nước sạch", "campaign.yaml, dòng 1, cột 11", "một từ không dấu", "one word of unaccented"},
		{"a list where one value belongs", campaignFile, "campaign: NUOC-SACH", "campaign: [NUOC, SACH]", "campaign.yaml, dòng 1, cột 11", "Ghi trên một dòng", "Write it on one line"},
		{"one value where a list belongs", campaignFile, "[phong@nuocsach.example]", "phong@nuocsach.example", "campaign.yaml, dòng 20, cột 7", "Ghi trong ngoặc vuông", "Write it in brackets"},
		{"one value where keys belong", campaignFile, "deadline: {before: 2024-04-01}", "deadline: 2024-04-01", "campaign.yaml, dòng 7, cột 11", "các khóa thụt vào", "keys indented below"},
		{"a mode that there is not", campaignFile, "campaign:", "mode: that\ncampaign:", "campaign.yaml, dòng 1, cột 7", "rehearsal, live", "rehearsal, live"},
		{"a time zone that there is not", campaignFile, "campaign:", "timezone: Asia/Hanoi\ncampaign:", "campaign.yaml, dòng 1, cột 11", "Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh"},
		{"a date as people write it, with the date as it must be", campaignFile, "2024-04-01", "1/4/2024", "campaign.yaml, dòng 7, cột 20", "Ghi 2024-04-01", "Write 2024-04-01"},
		{"a day that no calendar has", campaignFile, "2024-04-01", "2024-02-30", "campaign.yaml, dòng 7, cột 20", "Ghi như 2022-10-20", "Write it like 2022-10-20"},
		{"a deadline before the letter", campaignFile, "2024-04-01", "2023-04-01", "campaign.yaml, dòng 7, cột 20", "ngày công văn (2024-03-04)", "letter's date (2024-03-04)"},
		{"a campaign that closes before its deadline", campaignFile, "2024-04-01", "2024-04-01, closes: 2024-03-20", "campaign.yaml, dòng 7, cột 40", "từ 2024-04-01", "earlier than 2024-04-01"},
		{"grace that ends before the deadline", campaignFile, "2024-04-01", "2024-04-01, grace_until: 2024-03-20", "campaign.yaml, dòng 7, cột 45", "bỏ khóa này", "leave the key out"},
		{"yes and no spelled otherwise", campaignFile, "report: no", "report: maybe", "campaign.yaml, dòng 12, cột 44", "Ghi yes (có) hoặc no", "Write yes or no"},
		{"a number in words", campaignFile, "models: 0", "models: hai", "campaign.yaml, dòng 11, cột 13", "số nguyên từ 0 đến 99", "whole number from 0 to 99"},
		{"two groups with one code", campaignFile, "code: nha-may", "code: xa", "campaign.yaml, dòng 12, cột 12", "Đổi mã", "Change the code"},
		{"a folder that would leave the tree", campaignFile, "models: 0", "folder: ../xa", "campaign.yaml, dòng 11, cột 13", "tên thư mục", "a folder's name"},
		{"a delay without unit", campaignFile, "desk:", "receipt_delay: 10\ndesk:", "campaign.yaml, dòng 20, cột 16", "10m (10 phút)", "10m (ten minutes)"},
		{"an hour that no clock has", campaignFile, "desk:", "hours: {from: \"25:00\"}\ndesk:", "campaign.yaml, dòng 20, cột 15", `"07:30"`, `"07:30"`},
		{"hours that end before they begin", campaignFile, "desk:", "hours: {from: \"17:00\"}\ndesk:", "campaign.yaml, dòng 20", "giờ cuối 16:30 phải sau", "end 16:30 must come after"},
		{"a step of the ladder that there is not", campaignFile, "desk:", "ladder:\n  - {step: D-3}\ndesk:", "campaign.yaml, dòng 21, cột 12", "T-8 (8 ngày trước hạn)", "T-8 (8 days before"},
		{"a step given twice", campaignFile, "desk:", "ladder: [{step: T-3}, {step: T-3}]\ndesk:", "campaign.yaml, dòng 20, cột 30", "bước T-3 đã có", "step T-3 is already"},
		{"a reminder with a date of its own", campaignFile, "desk:", "ladder: [{step: T-3, date: 2024-03-20}]\ndesk:", "campaign.yaml, dòng 20, cột 28", "Xóa khóa date", "Delete the key date"},
		{"an approval for what goes out anyway", campaignFile, "desk:", "ladder: [{step: T+3, enabled: yes, approval: yes}]\ndesk:", "campaign.yaml, dòng 20", "enabled: no", "enabled: no"},
		{"a share of a figure that there is not", campaignFile, "desk:", "figures:\n  - {label: A, inputs: [A_*], percent: B, of: bằng %s}\ndesk:", "campaign.yaml, dòng 21", "label của một số liệu khác", "label of another figure"},
		{"a share that has no place for the number", campaignFile, "desk:", "figures:\n  - {label: A, inputs: [A_*], percent: A, of: bằng}\ndesk:", "campaign.yaml, dòng 21, cột 47", "%s đúng một lần", "%s exactly once"},
		{"an input's name with a dash", campaignFile, "desk:", "figures:\n  - {label: A, inputs: [A-1]}\ndesk:", "campaign.yaml, dòng 21", "chữ, số, dấu _", "letters, digits, _"},
		{"a holiday given twice", campaignFile, "desk:", "holidays: [{date: 2024-03-08}, {date: 2024-03-08}]\ndesk:", "campaign.yaml, dòng 20, cột 39", "Xóa một trong hai", "Delete one of them"},
		{"an address of the desk with a name", campaignFile, "[phong@nuocsach.example]", "[\"Phòng <phong@nuocsach.example>\"]", "campaign.yaml, dòng 20, cột 8", "không có tên và dấu < >", "without a name and < >"},
		{"live mode without a desk", campaignFile, "desk: [phong@nuocsach.example]", "mode: live\ndesk: []", "campaign.yaml, dòng 21, cột 7", "Ghi địa chỉ của Phòng", "Write the desk's address"},
		{"a timetable left empty", campaignFile, "desk:", "poll: \"\"\ndesk:", "campaign.yaml, dòng 20, cột 7", "@every 1m", "@every 1m"},
		{"an empty item in a list", campaignFile, "desk:", "digest: [\"\"]\ndesk:", "campaign.yaml, dòng 20, cột 10", "Xóa mục đó", "Delete it"},
		{"a domain with blanks", campaignFile, "desk:", "public_domain: nuoc sach\ndesk:", "campaign.yaml, dòng 20, cột 16", "như don-vi.example", "like office.example"},
		{"a LibreOffice that is not there", campaignFile, "desk:", "libreoffice: /khong/co/soffice\ndesk:", "campaign.yaml, dòng 20, cột 14", "/usr/bin/soffice", "/usr/bin/soffice"},
		{"an alarm command that is not there", campaignFile, "desk:", "alarm_command: [/khong/co/bao-tin]\ndesk:", "campaign.yaml, dòng 20, cột 16", "chmod +x", "chmod +x"},
		{"an alarm command that is no list", campaignFile, "desk:", "alarm_command: /bin/cat\ndesk:", "campaign.yaml, dòng 20, cột 16", "ngoặc vuông", "brackets"},
		{"an address that other machines see", campaignFile, "desk:", "http: 0.0.0.0:8080\ndesk:", "campaign.yaml, dòng 20, cột 7", "trên máy này", "on this one only"},
		{"an address to listen on without a port", campaignFile, "desk:", "http: 127.0.0.1\ndesk:", "campaign.yaml, dòng 20, cột 7", "127.0.0.1:8080", "127.0.0.1:8080"},

		// servers and secrets
		{"a password in the address", campaignFile, "imaps://bcd@", "imaps://bcd:" + hushed + "@", "campaign.yaml, dòng 14, cột 8", "password_env", "password_env"},
		{"a password in the address, and an address that cannot be read", campaignFile, "imaps://bcd@", "imaps://bcd:" + hushed + "@[::", "campaign.yaml, dòng 14, cột 8", "Ghi như imaps://", "Write it like imaps://"},
		{"a password under its own key", campaignFile, "password_env: NS_IMAP", "password: " + hushed, "campaign.yaml, dòng 15, cột 3", "password_env", "password_env"},
		{"a password where the name of a variable belongs", campaignFile, "NS_IMAP", hushed, "campaign.yaml, dòng 15, cột 17", "tên biến môi trường", "name of an environment variable"},
		{"no place for the password", campaignFile, "  password_env: NS_IMAP\n", "", "campaign.yaml, dòng 14", "DONDOC_IMAP_PASSWORD", "DONDOC_IMAP_PASSWORD"},
		{"two places for the password", campaignFile, "password_env: NS_IMAP", "password_env: NS_IMAP\n  password_file: p", "campaign.yaml, dòng 16, cột 18", "Xóa một khóa", "Delete one"},
		{"a scheme of the web", campaignFile, "imaps://", "https://", "campaign.yaml, dòng 14, cột 8", "imap+starttls://", "imap+starttls://"},
		{"the scheme for sending where mail is read", campaignFile, "imaps://", "smtps://", "campaign.yaml, dòng 14, cột 8", "imap+starttls://", "imap+starttls://"},
		{"plain text across a network", campaignFile, "smtps://bcd@mail.nuocsach.example:465", "smtp+plain://mail.nuocsach.example:25", "campaign.yaml, dòng 17, cột 8", "chỉ được dùng với chính máy này", "only allowed to this machine"},
		{"plain text to an address that only looks like this machine", campaignFile, "imaps://bcd@mail.nuocsach.example", "imap+plain://bcd@127.0.0.1.nuocsach.example", "campaign.yaml, dòng 14, cột 8", "chính máy này", "this machine"},
		{"no user to read mail as", campaignFile, "imaps://bcd@", "imaps://", "campaign.yaml, dòng 14, cột 8", "thiếu tên người dùng", "user name before @ is missing"},
		{"a port that there is not", campaignFile, "example:465", "example:99999", "campaign.yaml, dòng 17, cột 8", "cổng thông thường", "the usual one"},
		{"a folder after the host", campaignFile, "mail.nuocsach.example\n", "mail.nuocsach.example/INBOX\n", "campaign.yaml, dòng 14, cột 8", "còn thừa chữ", "something after the host"},
		{"no folder to read", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  folders: []", "campaign.yaml, dòng 16, cột 12", "Ghi [INBOX]", "Write [INBOX]"},
		{"mail moved to where it is", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  move: INBOX", "campaign.yaml, dòng 16, cột 9", "Chọn thư mục khác", "Choose another"},
		{"letters shown where units' mail is read", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  sent: INBOX", "campaign.yaml, dòng 16, cột 9", "tên thư mục thư đã gửi", "the folder for sent mail"},
		{"letters shown where mail is moved to", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  move: Xong\n  sent: Xong", "campaign.yaml, dòng 17, cột 9", "tên thư mục thư đã gửi", "the folder for sent mail"},
		{"a spam folder that is not read", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  spam: [Junk]", "campaign.yaml, dòng 16, cột 9", "Thêm vào folders", "Add it there"},
		{"a certificate file that is not there", campaignFile, "  password_env: NS_IMAP", "  password_env: NS_IMAP\n  ca_file: ca.pem", "campaign.yaml, dòng 16, cột 12", "Chép tệp", "Copy it"},

		// the roster
		{"a code given twice, capitals or not", rosterCSV, "X2,xa", "x1,xa", "units.csv, ô A3, dòng 3", "đã có ở A2. Đổi mã", "already in A2. Change it"},
		{"a code with accents", rosterCSV, "X2,xa", "XÃ 2,xa", "units.csv, ô A3, dòng 3", "chữ không dấu", "unaccented letters"},
		{"a row without code", rosterCSV, "X2,xa", ",xa", "units.csv, ô A3, dòng 3", "Ghi mã đơn vị", "Write the unit's code"},
		{"a row without name", rosterCSV, "Xã Bình Lâm", "", "units.csv, ô C3, dòng 3", "Ghi tên đầy đủ", "Write the unit's full name"},
		{"a group that campaign.yaml does not have", rosterCSV, "X2,xa", "X2,xã", "units.csv, ô B3, dòng 3", "Ghi một trong: xa, nha-may", "Write one of: xa, nha-may"},
		{"a row without group", rosterCSV, "X2,xa", "X2,", "units.csv, ô B3, dòng 3", "xa, nha-may", "xa, nha-may"},
		{"an address without @", rosterCSV, "x2@nuocsach.example", "x2.nuocsach.example", "units.csv, ô D3, dòng 3", "Ghi như vanthu@don-vi.example", "Write it like vanthu@unit.example"},
		{"an address with letters that mail does not carry", rosterCSV, "x2@nuocsach.example", "xã2@nuocsach.example", "units.csv, ô D3, dòng 3", "Ghi như vanthu@", "Write it like vanthu@"},
		{"a unit that takes part and cannot be written to", rosterCSV, "x2@nuocsach.example|x2b@nuocsach.example", "", "units.csv, ô D3, dòng 3", "ghi no ở cột active", "write no in column active"},
		{"models in words", rosterCSV, ",yes,3,", ",yes,ba,", "units.csv, ô G4, dòng 4", "Ghi một số như 1", "Write a number like 1"},
		{"half a model", rosterCSV, ",yes,3,", ",yes,1.5,", "units.csv, ô G4, dòng 4", "Ghi một số như 1", "Write a number like 1"},
		{"active neither yes nor no nor ?", rosterCSV, ",yes,,An Hà", ",,,An Hà", "units.csv, ô F2, dòng 2", "Ghi yes (tham gia)", "Write yes (takes part)"},
		{"an alias that is another's name without accents", rosterCSV, ",yes,,An Hà", ",yes,,An Hà|XA BINH LAM", "units.csv, ô C3, dòng 3", "Xóa tên đó", "Delete it from one"},
		{"an alias that is another's alias without accents", rosterCSV, ",yes,3,", ",yes,3,an-hạ", "units.csv, ô H4, dòng 4", "tên của X1 ở H2", "that of X1 in H2"},
		{"a column mistyped", rosterCSV, "official_name", "oficial_name", "units.csv, ô C1, dòng 1", "Có phải official_name?", "Is it official_name?"},
		{"a column nobody knows", rosterCSV, "aliases", "ghi_chu_rieng", "units.csv, ô H1, dòng 1", "cột note", "column note"},
		{"a column twice", rosterCSV, "aliases", "code", "units.csv, ô H1, dòng 1", "Xóa một cột", "Delete one"},
		{"a column missing", rosterCSV, "", "code,category,official_name\nX1,xa,Xã An Hà\n", "units.csv, dòng 1", "thiếu cột emails", "column emails is missing"},
		{"a comma that is not quoted shifts the row", rosterCSV, "Xã An Hà,", "Xã An Hà, huyện Đông,", "units.csv, ô I2, dòng 2", "trong tệp CSV", "in a CSV file"},
		{"an empty file in place of the roster", rosterCSV, "", "\n\n", "units.csv", "khôi phục bản trước", "restore the version before"},
		{"a roster of heads alone", rosterCSV, "", strings.SplitAfter(waterUnits, "\n")[0], "units.csv", "khôi phục bản trước", "restore the version before"},
		{"a roster in which nobody takes part", rosterCSV, "", strings.ReplaceAll(waterUnits, ",yes,", ",no,"), "units.csv", "khôi phục bản trước", "restore the version before"},
		{"a quote in the roster that is never closed", rosterCSV, "Xã Bình Lâm", `"Xã Bình Lâm`, "units.csv, dòng", `đặt trong "…"`, `goes in "…"`},
		{"two rosters", rosterXLSX, "", "whatever", "units.csv", "Xóa hoặc đổi tên", "Delete or rename"},
		{"no roster", rosterCSV, "", "-", "units.xlsx", "Chép units.xlsx", "Copy units.xlsx"},
		{"an undecided unit in live mode", rosterCSV, "", strings.Replace(longer, "x4@nuocsach.example,,yes", "x4@nuocsach.example,,?", 1), "units.csv, ô F5, dòng 5", "Ghi yes hoặc no", "Write yes or no"},
		{"an issuer that the roster does not have", campaignFile, "desk:", "issuer: BCD\ndesk:", "units.csv", "Thêm dòng đó", "Add it"},

		// the other files
		{"no blank form", formFile, "", "-", "form.xlsx", "Chép mẫu trắng", "Copy the blank form"},
		{"an empty blank form", formFile, "", "", "form.xlsx", "Chép lại mẫu trắng", "Copy the blank form again"},
		{"a directory among the enclosures", "enclosures/2024/cv.pdf", "", "x", "enclosures/2024", "không đặt thư mục con", "no directories"},
		{"an empty enclosure", "enclosures/cv.pdf", "", "", "enclosures/cv.pdf", "Chép lại tệp", "Copy it again"},
		{"enclosures too big for mail", "enclosures/cv.pdf", "", strings.Repeat("x", 10<<20+1), "enclosures/cv.pdf", "Giảm dung lượng", "Make them smaller"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			text := tt.new
			if tt.old != "" {
				base := map[string]string{campaignFile: water, rosterCSV: waterUnits}[tt.file]
				if !strings.Contains(base, tt.old) {
					t.Fatalf("the case is wrong: %q is not in %s", tt.old, tt.file)
				}
				text = strings.Replace(base, tt.old, tt.new, 1)
			}
			files := map[string]string{tt.file: text}
			if strings.Contains(tt.sentence, "live mode") && tt.file != campaignFile {
				files[campaignFile] = "mode: live\n" + water
			}
			c, err := Load(directory(t, files))
			if err == nil || c != nil {
				t.Fatalf("accepted: %+v", c)
			}
			var found Mistakes
			if !errors.As(err, &found) || len(found) == 0 {
				t.Fatalf("not Mistakes: %v", err)
			}
			wellSaid(t, found)
			for _, m := range found {
				vi, en := m.In("vi"), m.In("en")
				if strings.HasPrefix(vi, tt.place) && strings.Contains(vi, tt.vi) && strings.Contains(en, tt.en) {
					return
				}
			}
			t.Errorf("want at %q %q and %q, got\n%s\n%s", tt.place, tt.vi, tt.en, found.In("vi"), found.In("en"))
		})
	}
}

// hushed is a password; no message may repeat it.
const hushed = "s3cret!zw7"

var places = regexp.MustCompile(`^(campaign\.yaml|units\.(xlsx|csv)|form\.xlsx|enclosures/|templates/)`)

// wellSaid holds of every mistake: a place, both languages, a fix, no secret.
func wellSaid(t *testing.T, found Mistakes) {
	t.Helper()
	for _, m := range found {
		if !places.MatchString(m.File) {
			t.Errorf("%q names no file of a campaign", m.In("vi"))
		}
		if m.VI == "" || m.EN == "" || m.VI == m.EN {
			t.Errorf("not in both languages: %q, %q", m.VI, m.EN)
		}
		for _, text := range []string{m.VI, m.EN} {
			if strings.Contains(text, "%!") || strings.Contains(text, "<nil>") {
				t.Errorf("badly put together: %q", text)
			}
			if strings.Contains(text, hushed) {
				t.Errorf("repeats a password: %q", text)
			}
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
				t.Errorf("is no sentence: %q", text)
			}
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	text := strings.NewReplacer("2024-04-01", "1/4/2024", "NUOC-SACH", "Nước sạch", "imaps://", "https://", "desk:", "dessk:").Replace(water)
	units := strings.NewReplacer("x2@nuocsach.example", "x2", "NM,nha-may", "X1,nha").Replace(waterUnits)
	_, err := Load(directory(t, map[string]string{campaignFile: text, rosterCSV: units, formFile: "-"}))
	var found Mistakes
	if !errors.As(err, &found) {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		place, _, _ := strings.Cut(m.In("vi"), ": ")
		got = append(got, place)
	}
	want := []string{
		"campaign.yaml, dòng 1, cột 11", "campaign.yaml, dòng 7, cột 20", "campaign.yaml, dòng 14, cột 8", "campaign.yaml, dòng 20, cột 1",
		"form.xlsx",
		"units.csv, ô D3, dòng 3", "units.csv, ô A4, dòng 4", "units.csv, ô B4, dòng 4",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wellSaid(t, found)
}

func TestAMistakeInAWorkbookIsNamedByItsCell(t *testing.T) {
	rows := [][]string{
		{"code", "category", "official_name", "emails", "order", "active"},
		{"X1", "xa", "Xã An Hà", "x1@nuocsach.example", "1", "yes"},
		{"X2", "xa", "Xã Bình Lâm", "x2 at nuocsach", "hai", "yes"},
	}
	data, err := writeRoster(rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Load(directory(t, map[string]string{rosterCSV: "-", rosterXLSX: string(data)}))
	var found Mistakes
	if !errors.As(err, &found) {
		t.Fatal(err)
	}
	if got := found[0].In("vi"); !strings.HasPrefix(got, "units.xlsx, ô D3: cột emails: ") {
		t.Errorf("got %s", got)
	}
	if got := found[len(found)-1].In("en"); !strings.HasPrefix(got, "units.xlsx, cell E3: column order: ") {
		t.Errorf("got %s", got)
	}
	wellSaid(t, found)
}

func TestAWorkbookThatIsNoneIsNamed(t *testing.T) {
	for sentence, data := range map[string]string{"text": "code,category\n", "empty": "", "half a zip": "PK\x03\x04\x14\x00"} {
		t.Run(sentence, func(t *testing.T) {
			_, err := Load(directory(t, map[string]string{rosterCSV: "-", rosterXLSX: data}))
			var found Mistakes
			if !errors.As(err, &found) || found[0].File != rosterXLSX || !strings.Contains(found[0].VI, "Excel Workbook") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPasswordsComeFromWhereTheCampaignSays(t *testing.T) {
	dir := directory(t, map[string]string{"smtp.txt": "\ufeff" + hushed + " \r\n"})
	c := load(t, dir)
	env := func(key string) string { return map[string]string{"NS_IMAP": "imap pass"}[key] }
	if got, err := c.Mailbox.Password(env); got != "imap pass" || err != nil {
		t.Errorf("mailbox: %q, %v", got, err)
	}
	if got, err := c.SMTP.Password(env); got != hushed+" " || err != nil {
		t.Errorf("smtp: %q, %v; a blank may belong to a password", got, err)
	}
	for sentence, spoil := range map[string]func() error{
		"a variable that is not set": func() error {
			_, err := c.Mailbox.Password(func(string) string { return "" })
			return err
		},
		"a file with two lines": func() error {
			os.WriteFile(filepath.Join(dir, "smtp.txt"), []byte(hushed+"\n"+hushed), 0o600)
			_, err := c.SMTP.Password(env)
			return err
		},
		"an empty file": func() error {
			os.WriteFile(filepath.Join(dir, "smtp.txt"), nil, 0o600)
			_, err := c.SMTP.Password(env)
			return err
		},
		"a file that is not there": func() error {
			os.Remove(filepath.Join(dir, "smtp.txt"))
			_, err := c.SMTP.Password(env)
			return err
		},
	} {
		var found Mistakes
		if err := spoil(); !errors.As(err, &found) {
			t.Errorf("%s: %v", sentence, err)
		}
		wellSaid(t, found)
	}
	if got, err := (SMTP{}).Password(env); got != "" || err != nil {
		t.Errorf("a server that asks for none: %q, %v", got, err)
	}
}
