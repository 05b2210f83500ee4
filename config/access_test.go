package config

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// byToken makes the water committee's mailbox one that is opened by token.
func byToken(keys string) string {
	return strings.Replace(water, "  password_env: NS_IMAP\n", "  auth: xoauth2\n"+keys, 1)
}

func TestAccessIsReadStrictly(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		old, new string
		place    string
		vi, en   string
	}{
		{"a way to log in that there is not", "password_env: NS_IMAP", "password_env: NS_IMAP\n  auth: ntlm", "campaign.yaml, dòng 16, cột 9", "auto, plain, login, xoauth2, oauthbearer", "auto, plain, login, xoauth2, oauthbearer"},
		{"a login by token without a token", "password_env: NS_IMAP", "auth: xoauth2", "campaign.yaml, dòng 15, cột 9", "Ghi khóa oauth", "Write the key oauth"},
		{"a login by token with a password", "password_env: NS_IMAP", "password_env: NS_IMAP\n  auth: oauthbearer\n  token_env: NS_TOKEN", "campaign.yaml, dòng 16, cột 9", "Xóa password_env", "Delete password_env"},
		{"a token that nothing uses", "password_env: NS_IMAP", "password_env: NS_IMAP\n  token_env: NS_TOKEN", "campaign.yaml, dòng 16, cột 14", "Ghi auth: xoauth2", "Write auth: xoauth2"},
		{"two places for the token", "password_env: NS_IMAP", "auth: xoauth2\n  token_env: NS_TOKEN\n  token_file: t", "campaign.yaml, dòng 16, cột 14", "Xóa các khóa thừa", "Delete the others"},
		{"the token itself where its variable should be named", "password_env: NS_IMAP", "auth: xoauth2\n  token_env: ya29.abc", "campaign.yaml, dòng 16, cột 14", "Ghi như DONDOC_TOKEN", "Write it like DONDOC_TOKEN"},
		{"a command with a quote left open", "password_env: NS_IMAP", "auth: xoauth2\n  token_command: lay-token \"ban dan van", "campaign.yaml, dòng 16, cột 18", "Thêm dấu nháy cùng loại", "Add the same quote"},
		{"a login without a user", "url: smtps://bcd@mail", "auth: plain\n  url: smtps://mail", "campaign.yaml, dòng 17, cột 9", "Ghi TÊN@", "Write NAME@"},
		{"a TLS that there is not", "password_env: NS_IMAP", "password_env: NS_IMAP\n  tls_min: 1.4", "campaign.yaml, dòng 16, cột 12", `Ghi "1.2" hoặc "1.3"`, `Write "1.2" or "1.3"`},
		{"SSL is none", "password_env: NS_IMAP", "password_env: NS_IMAP\n  tls_min: ssl3", "campaign.yaml, dòng 16, cột 12", `Ghi "1.2" hoặc "1.3"`, `Write "1.2" or "1.3"`},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			if !strings.Contains(water, tt.old) {
				t.Fatalf("the case is wrong: no %q", tt.old)
			}
			_, err := Load(directory(t, map[string]string{campaignFile: strings.Replace(water, tt.old, tt.new, 1)}))
			found, _ := err.(Mistakes)
			if len(found) != 1 || !strings.HasPrefix(found[0].In("vi"), tt.place+": ") || !strings.Contains(found[0].VI, tt.vi) || !strings.Contains(found[0].EN, tt.en) {
				t.Errorf("want one mistake at %s with %q and %q, got\n%v\n%s", tt.place, tt.vi, tt.en, err, found.In("en"))
			}
		})
	}
}

func TestATokenComesFromWhereTheCampaignSays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are those of a Unix system")
	}
	env := func(name string) string { return map[string]string{"NS_TOKEN": "ya29.env"}[name] }
	for _, tt := range []struct {
		sentence string
		keys     string
		script   string // lay-token.sh in the campaign directory
		want     string
		vi, en   string // of the mistake
	}{
		{"from a variable", "  token_env: NS_TOKEN\n", "", "ya29.env", "", ""},
		{"from a file, its line end left out", "  token_file: token\n", "", "ya29.file", "", ""},
		{"from a command, run in the campaign directory", "  token_command: ./lay-token.sh\n", "cat token", "ya29.file", "", ""},
		{"from a command whose argument has a blank", "  token_command: ./lay-token.sh 'ban dan van' \"\"\n", `[ $# = 2 ] && [ "$1" = "ban dan van" ] && echo ya29.arg`, "ya29.arg", "", ""},
		{"blanks around what a command prints are not the token's", "  token_command: ./lay-token.sh\n", `printf '\n  ya29.blank \r\n\n'`, "ya29.blank", "", ""},
		{"what a command says on its standard error is not the token's", "  token_command: ./lay-token.sh\n", "echo refreshing >&2; echo ya29.out", "ya29.out", "", ""},
		{"no such variable", "  token_env: NS_NONE\n", "", "", "mailbox.token_env: biến môi trường NS_NONE", "mailbox.token_env: the environment variable NS_NONE"},
		{"no such file", "  token_file: none\n", "", "", "mailbox.token_file: không có tệp none", "mailbox.token_file: there is no file none"},
		{"no such command", "  token_command: ./none\n", "", "", "không có lệnh", "there is no command"},
		{"a command that fails, and prints a secret first", "  token_command: ./lay-token.sh\n", "echo " + hushed + "; echo " + hushed + " >&2; exit 3", "", "Chạy tay lệnh đó", "Run it by hand"},
		{"a command that prints nothing", "  token_command: ./lay-token.sh\n", "true", "", "đúng một token", "exactly one token"},
		{"a command that prints a page", "  token_command: ./lay-token.sh\n", "echo access_token: " + hushed, "", "đúng một token", "exactly one token"},
		{"a token with a field of its own behind it", "  token_command: ./lay-token.sh\n", `printf '` + hushed + `\001user=x'`, "", "đúng một token", "exactly one token"},
		{"a command that prints without end is cut off", "  token_command: ./lay-token.sh\n", "head -c 10000000 /dev/zero | tr '\\0' a", "", "dài quá", "too long"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			dir := directory(t, map[string]string{campaignFile: byToken(tt.keys), "token": "ya29.file\n"})
			if err := os.WriteFile(filepath.Join(dir, "lay-token.sh"), []byte("#!/bin/sh\n"+tt.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			got, err := load(t, dir).Mailbox.Password(env)
			if tt.vi == "" {
				if err != nil || got != tt.want {
					t.Errorf("got %q, %v", got, err)
				}
				return
			}
			found, _ := err.(Mistakes)
			wellSaid(t, found)
			if got != "" || len(found) != 1 || !strings.Contains(found[0].VI, tt.vi) || !strings.Contains(found[0].EN, tt.en) || strings.Contains(found.In("en")+found.In("vi"), hushed) {
				t.Errorf("got %q and %v", got, err)
			}
		})
	}
}

// What a command leaves running in the background cannot hold us up.
func TestACommandThatLeavesAChildBehindDoesNotHang(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the command of this test is that of a Unix system")
	}
	began := time.Now()
	a := Access{Auth: "xoauth2", TokenCommand: []string{"sh", "-c", "sleep 25 & echo ya29"}}
	if got, err := a.token("smtp", os.Getenv); got != "ya29" || err != nil || time.Since(began) > 20*time.Second {
		t.Errorf("%q, %v after %s", got, err, time.Since(began))
	}
}

func TestTheOldestTLSIsWhatTheCampaignSays(t *testing.T) {
	for _, tt := range []struct {
		sentence, keys string
		want           uint16
		warned         bool
	}{
		{"TLS 1.2 unless it says otherwise", "", tls.VersionTLS12, false},
		{"1.3 is stricter", "  tls_min: 1.3\n", tls.VersionTLS13, false},
		{"1.0, with a warning", "  tls_min: \"1.0\"\n", tls.VersionTLS10, true},
		{"1.1, with a warning", "  tls_min: 1.1\n", tls.VersionTLS11, true},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			c := load(t, directory(t, map[string]string{campaignFile: strings.Replace(water, "  password_env: NS_IMAP\n", "  password_env: NS_IMAP\n"+tt.keys, 1)}))
			got, err := c.Mailbox.TLS("mail.nuocsach.example", "")
			if err != nil || got.MinVersion != tt.want || got.ServerName != "mail.nuocsach.example" || got.InsecureSkipVerify {
				t.Errorf("%+v, %v", got, err)
			}
			if slices.Contains(got.CipherSuites, tls.TLS_RSA_WITH_AES_128_CBC_SHA) != tt.warned {
				t.Errorf("RSA key exchange: %v", got.CipherSuites)
			}
			warned := slices.ContainsFunc(Check(c, c.Deadline.Before), func(m Mistake) bool {
				return strings.Contains(m.VI, "mailbox.tls_min") && strings.Contains(m.EN, "known to be weak")
			})
			if warned != tt.warned {
				t.Errorf("warned: %v", warned)
			}
		})
	}
}
