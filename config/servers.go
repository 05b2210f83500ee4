package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The ways to reach a server. Plain text is for tests and demonstrations on
// this machine only: a password must not cross a network in the clear.
var (
	imapSchemes = []string{"imaps", "imap+starttls", "imap+plain"}
	smtpSchemes = []string{"smtps", "smtp+starttls", "smtp+plain"}
)

var (
	environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	domainShape     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
)

// spamFolders are the names that servers give the folder for suspected spam.
var spamFolders = regexp.MustCompile(`(?i)^(.*[/.])?(junk|junk e-?mail|spam|bulk( mail)?|thư rác)$`)

func mailbox(s *section, dir string, registered bool, letter time.Time, loc *time.Location) Mailbox {
	var m Mailbox
	var user bool
	m.URL, user = s.server(imapSchemes)
	m.Access = s.access(dir, user, registered)
	m.PasswordEnv, m.PasswordFile = s.password(dir, user, m.Access)
	m.CAFile = s.file("ca_file", dir)
	m.Folders = s.texts("folders", []string{"INBOX"})
	if len(m.Folders) == 0 {
		s.bad("folders", `danh sách trống nên không có thư nào được đọc. Ghi [INBOX].`, `the list is empty, so no mail would be read. Write [INBOX].`)
	}
	for _, f := range m.Folders {
		if spamFolders.MatchString(f) {
			m.Spam = append(m.Spam, f)
		}
	}
	if named := s.texts("spam", nil); len(named) > 0 {
		m.Spam = named
	}
	for _, f := range m.Spam {
		if !slices.Contains(m.Folders, f) {
			s.bad("spam", `thư mục %s không có trong folders. Thêm vào folders, hoặc xóa ở đây.`, `the folder %s is not among folders. Add it there, or delete it here.`, show(f))
		}
	}
	if m.Since = s.date("since", loc); m.Since.IsZero() {
		m.Since = letter
	}
	m.Move = s.text("move", "")
	if slices.Contains(m.Folders, m.Move) {
		s.bad("move", `không thể chuyển thư vào chính thư mục đang đọc %s. Chọn thư mục khác, hoặc để "".`, `mail cannot be moved into the folder it is read from, %s. Choose another, or "".`, show(m.Move))
	}
	m.Sent = s.sent(m)
	m.AuthServID = strings.ToLower(s.text("authserv_id", ""))
	m.Plus = s.yes("plus", false)
	m.Address = s.address("address", "")
	s.close()
	return m
}

// sent reads where letters are shown as sent. Neither of the folders that units'
// mail lies in will do: there our own letters, or theirs, would be taken for
// what they are not.
func (s *section) sent(m Mailbox) string {
	folder := s.text("sent", SentAuto)
	yes, said := yesNo(folder)
	switch {
	case strings.EqualFold(folder, SentAuto), said && yes:
		return SentAuto
	case said:
		return SentOff
	case slices.Contains(m.Folders, folder), strings.EqualFold(folder, "INBOX"), folder == m.Move:
		s.bad("sent", `thư mục %s chứa thư của các đơn vị. Ghi auto, off, hoặc tên thư mục thư đã gửi.`,
			`the folder %s holds the units' mail. Write auto, off, or the name of the folder for sent mail.`, show(folder))
		return SentAuto
	}
	return folder
}

func smtp(s *section, dir string, registered bool) SMTP {
	var m SMTP
	var user bool
	m.URL, user = s.server(smtpSchemes)
	s.must("from", `Ghi địa chỉ của hộp thư tiếp nhận.`, `Write the address of the receiving mailbox.`)
	m.From = s.address("from", "")
	m.FromName = s.text("from_name", "")
	m.Access = s.access(dir, user, registered)
	m.PasswordEnv, m.PasswordFile = s.password(dir, user, m.Access)
	m.CAFile = s.file("ca_file", dir)
	m.Pace = s.delay("pace", 10*time.Second, time.Hour)
	m.PerDay = s.whole("per_day", 450, 0, 1000000)
	m.AnswersPerHour = s.whole("answers_per_hour", 5, 1, 1000)
	s.close()
	return m
}

// server reads the key url. What is wrong with it is said without repeating
// it, because there may be a password inside.
func (s *section) server(schemes []string) (raw string, user bool) {
	example := schemes[0] + "://tiepnhan@mail.don-vi.example"
	raw = s.need("url", "Ghi như "+example+".", "Write it like "+example+".")
	if raw == "" {
		return "", false
	}
	refuse := func(vi, en string, args ...any) (string, bool) {
		s.bad("url", vi, en, args...)
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return refuse(`không đọc được địa chỉ máy chủ. Ghi như %s; ký tự đặc biệt trong tên người dùng viết dạng %%40.`,
			`the server's address cannot be read. Write it like %s; special characters in the user name as %%40.`, example)
	}
	if _, has := u.User.Password(); has {
		return refuse(`trong địa chỉ có mật khẩu. Xóa phần ":mật khẩu" sau tên người dùng, đổi mật khẩu đã lộ, và ghi tên biến môi trường vào password_env.`,
			`there is a password in the address. Delete the ":password" after the user name, change the password, and name an environment variable in password_env.`)
	}
	if !slices.Contains(schemes, u.Scheme) {
		return refuse(`kiểu kết nối %s không dùng được. Ghi %s:// (TLS ngay từ đầu) hoặc %s:// (nâng lên TLS).`,
			`the scheme %s cannot be used. Write %s:// (TLS from the start) or %s:// (raised to TLS).`, show(u.Scheme), schemes[0], schemes[1])
	}
	if u.Scheme == schemes[2] && !loopback(u.Hostname()) {
		return refuse(`%s:// không mã hóa nên chỉ được dùng với chính máy này (127.0.0.1). Ghi %s:// hoặc %s://.`,
			`%s:// is not encrypted and only allowed to this machine (127.0.0.1). Write %s:// or %s://.`, schemes[2], schemes[0], schemes[1])
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return refuse(`sau tên máy và cổng còn thừa chữ. Ghi như %s.`, `there is something after the host and port. Write it like %s.`, example)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return refuse(`cổng %s không phải số từ 1 đến 65535. Bỏ phần ":%s" để dùng cổng thông thường.`,
				`the port %s is no number from 1 to 65535. Leave out ":%s" to use the usual one.`, show(p), p)
		}
	}
	if user = u.User.Username() != ""; !user && schemes[0] == "imaps" {
		return refuse(`thiếu tên người dùng trước @. Ghi như %s.`, `the user name before @ is missing. Write it like %s.`, example)
	}
	return raw, user
}

// loopback reports whether a host is this machine, by its name alone: nothing
// is looked up.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// password reads where the secret is kept; a login needs exactly one place,
// and one by token none.
func (s *section) password(dir string, user bool, by Access) (env, file string) {
	env, file = s.text("password_env", ""), s.text("password_file", "")
	needed := user && !by.ByToken()
	switch {
	case by.ByToken() && env+file != "":
		s.bad("auth", `%s không dùng mật khẩu. Xóa password_env, password_file; hoặc ghi auth: auto.`,
			`%s uses no password. Delete password_env and password_file, or write auth: auto.`, by.Auth)
	case env != "" && file != "":
		s.bad("password_file", `chỉ dùng một trong password_env và password_file. Xóa một khóa.`, `use only one of password_env and password_file. Delete one of them.`)
	case env != "" && !environmentName.MatchString(env):
		s.bad("password_env", `phải là tên biến môi trường (chữ, số, dấu _), không phải mật khẩu. Ghi như DONDOC_IMAP_PASSWORD.`,
			`must be the name of an environment variable (letters, digits, _), not the password. Write it like DONDOC_IMAP_PASSWORD.`)
		env = ""
	case env == "" && file == "" && needed && s.head("password_env") == nil && s.head("password_file") == nil:
		s.bad("password_env", `thiếu. Ghi tên biến môi trường chứa mật khẩu, như DONDOC_IMAP_PASSWORD.`,
			`missing. Name the environment variable that holds the password, like DONDOC_IMAP_PASSWORD.`)
	case env == "" && file == "" && needed:
		s.bad("password_env", `để trống. Ghi tên biến môi trường vào password_env, hoặc tên tệp vào password_file.`,
			`empty. Name an environment variable in password_env, or a file in password_file.`)
	}
	return env, absolute(dir, file)
}
