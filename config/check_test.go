package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCheckWarnsOfWhatNeedNotStopAnybody(t *testing.T) {
	quiet := map[string]string{
		"enclosures/cv.pdf": "%PDF", "smtp.txt": "x\n",
		campaignFile: strings.Replace(water, "mail.nuocsach.example:465", "127.0.0.1:465", 1) + "figures: [{label: Hộ, inputs: [HO_*]}]\n",
	}
	march := "2024-03-10T08:00:00+07:00"
	for _, tt := range []struct {
		sentence string
		file     string
		old, new string
		now      string
		place    string // empty: no warning at all
		vi, en   string
	}{
		{"a campaign with nothing to be said of", campaignFile, "", "", march, "", "", ""},
		{"the last moment before the deadline", campaignFile, "", "", "2024-03-31T23:59:59+07:00", "", "", ""},
		{"the deadline has passed", campaignFile, "", "", "2024-04-01T00:00:00+07:00", "campaign.yaml, dòng 7", "01/04/2024 (deadline.before) đã qua", "has passed"},
		{"the campaign is over", campaignFile, "", "", "2024-04-15T00:00:00+07:00", "campaign.yaml, dòng 7", "đã kết thúc từ ngày 15/04/2024", "over since 15/04/2024"},
		{"years later it is still over", campaignFile, "", "", "2030-01-01T00:00:00Z", "campaign.yaml, dòng 7", "đã kết thúc", "over since"},
		{"an invitation set for the deadline", campaignFile, "desk:", "ladder: [{step: invite, date: 2024-04-01}]\ndesk:", march, "campaign.yaml, dòng 20", "Sửa ngày trong ladder", "Mend the date in ladder"},
		{"mail between letter and since would be lost", campaignFile, "NS_IMAP", "NS_IMAP\n  since: 2024-03-06", march, "campaign.yaml, dòng 13", "mailbox.since (06/03/2024)", "mailbox.since (06/03/2024)"},
		{"nothing is enclosed", "enclosures/cv.pdf", "", "-", march, "enclosures/", "Chép tệp công văn", "Copy the letter"},
		{"a rehearsal without a desk", campaignFile, "desk: [phong@nuocsach.example]", "desk: []", march, "campaign.yaml, dòng 20", "Ghi địa chỉ của Phòng", "Write the desk's address"},
		{"no headline numbers", campaignFile, "figures: [{label: Hộ, inputs: [HO_*]}]\n", "", march, "campaign.yaml", "chưa có figures", "no figures"},
		{"units that are not decided, by code", rosterCSV, ",yes,3,", ",?,3,", march, "units.csv", "1 đơn vị chưa quyết định (active là ?): NM", "1: NM"},
		{"addresses that are only examples", campaignFile, "127.0.0.1:465", "mail.nuocsach.example:465", march, "units.csv", "4 địa chỉ kết thúc bằng .example", "only examples: 4"},
		{"a shared address", rosterCSV, "nm@nuocsach", "x1@nuocsach", march, "units.csv, ô D4, dòng 4", "X1 và NM dùng chung địa chỉ x1@nuocsach.example", "X1 and NM share"},
		{"a dossier shared with nobody", rosterCSV, ",,yes,3,", ",DUP-1,yes,3,", march, "units.csv, ô E4, dòng 4", "chỉ có một đơn vị", "only one unit"},
		{"a pace for which a day is too short", campaignFile, "password_file: smtp.txt", "password_file: smtp.txt\n  pace: 59m\nhours: {from: \"08:00\", to: \"09:00\"}", march, "campaign.yaml, dòng 16", "Giảm smtp.pace", "Make smtp.pace smaller"},
		{"more units than letters a day", campaignFile, "password_file: smtp.txt", "password_file: smtp.txt\n  per_day: 2", march, "campaign.yaml, dòng 16", "Tăng smtp.per_day", "Make smtp.per_day larger"},
		{"a password file that others can read", "smtp.txt", "x", "x", march, "campaign.yaml, dòng 16", "Chạy chmod 600", "Run chmod 600"},
		{"a password file that is not there", "smtp.txt", "", "-", march, "campaign.yaml, dòng 16", "smtp.password_file: không đọc được", "smtp.password_file: the file"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			files := map[string]string{rosterCSV: waterUnits}
			for name, text := range quiet {
				files[name] = text
			}
			if tt.new == "-" {
				files[tt.file] = "-"
			} else if tt.old != "" {
				if !strings.Contains(files[tt.file], tt.old) {
					t.Fatalf("the case is wrong: %q is not in %s", tt.old, tt.file)
				}
				files[tt.file] = strings.Replace(files[tt.file], tt.old, tt.new, 1)
			}
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			dir := directory(t, files)
			if strings.Contains(tt.sentence, "others can read") {
				if err := os.Chmod(filepath.Join(dir, "smtp.txt"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			c := load(t, dir)
			warn := Check(c, now)
			if tt.place == "" {
				if len(warn) > 0 {
					t.Errorf("got %s", Mistakes(warn).In("vi"))
				}
				return
			}
			wellSaid(t, warn)
			if len(warn) != 1 || !strings.HasPrefix(warn[0].In("vi"), tt.place+": ") || !strings.Contains(warn[0].VI, tt.vi) || !strings.Contains(warn[0].EN, tt.en) {
				t.Errorf("want one warning at %s with %q and %q, got\n%s\n%s", tt.place, tt.vi, tt.en, Mistakes(warn).In("vi"), Mistakes(warn).In("en"))
			}
			if again := Check(c, now); len(again) != len(warn) {
				t.Errorf("asked twice, it warns %d times, then %d", len(warn), len(again))
			}
		})
	}
}
