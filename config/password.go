package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Password reads the secret of the mailbox from where the campaign says it is
// kept: the password, or the access token where auth is by one. Errors are
// Mistakes and never hold it.
func (m Mailbox) Password(getenv func(string) string) (string, error) {
	if m.ByToken() {
		return m.token("mailbox", getenv)
	}
	return secret("mailbox.password", m.PasswordEnv, m.PasswordFile, getenv)
}

// Password reads the secret for sending, as Mailbox.Password does; empty where
// the server asks for none.
func (m SMTP) Password(getenv func(string) string) (string, error) {
	if m.ByToken() {
		return m.token("smtp", getenv)
	}
	return secret("smtp.password", m.PasswordEnv, m.PasswordFile, getenv)
}

// secret reads the value of the keys KEY_env and KEY_file.
func secret(key, env, file string, getenv func(string) string) (string, error) {
	switch {
	case env != "":
		if v := getenv(env); v != "" {
			return v, nil
		}
		return "", wrong(campaignFile, `%s_env: biến môi trường %s chưa có giá trị. Đặt biến đó trước khi chạy (export %s=…, hoặc trong tệp dịch vụ).`,
			`%s_env: the environment variable %s is not set. Set it before running (export %s=…, or in the service file).`, key, env, env)
	case file != "":
		data, err := os.ReadFile(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", wrong(campaignFile, `%s_file: không có tệp %s. Tạo tệp đó, một dòng là mật khẩu (hoặc token), chỉ chủ đọc được (chmod 600).`,
				`%s_file: there is no file %s. Create it, one line with the password (or token), readable by its owner only (chmod 600).`, key, filepath.Base(file))
		case err != nil:
			return "", wrong(campaignFile, `%s_file: không đọc được tệp %s. Cho người chạy dondoc quyền đọc tệp đó.`,
				`%s_file: the file %s cannot be read. Let the user that runs dondoc read it.`, key, filepath.Base(file))
		}
		v := strings.TrimRight(strings.TrimPrefix(string(data), "\ufeff"), "\r\n")
		if v == "" || len(v) > maxSecret || strings.ContainsAny(v, "\r\n\x00") {
			return "", wrong(campaignFile, `%s_file: tệp %s phải gồm đúng một dòng là mật khẩu (hoặc token). Sửa lại tệp đó.`,
				`%s_file: the file %s must be exactly one line, the password (or token). Mend the file.`, key, filepath.Base(file))
		}
		return v, nil
	}
	return "", nil
}

// absolute takes a file named in a campaign as standing in its directory.
func absolute(dir, file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

// file reads the name of a file that must be there.
func (s *section) file(key, dir string) string {
	name := s.text(key, "")
	if name == "" {
		return ""
	}
	path := absolute(dir, name)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		s.bad(key, `không có tệp %s. Chép tệp vào thư mục của đợt, hoặc ghi đường dẫn đầy đủ.`, `there is no file %s. Copy it into the campaign directory, or write its full path.`, show(name))
	}
	return path
}
