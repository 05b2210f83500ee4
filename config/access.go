package config

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Access is how a server is told who we are, and what is asked of the
// connection before it is told.
type Access struct {
	// Auth is "auto" (or empty), "plain", "login", "xoauth2" or "oauthbearer";
	// auto takes PLAIN, else LOGIN.
	Auth string
	// One of these gives the access token for xoauth2 and oauthbearer.
	TokenEnv, TokenFile string
	TokenCommand        []string // the words of a command line that prints one
	// Granted, in their place: the token is from what `dondoc login` was granted.
	Granted bool

	TLSMin uint16 // the oldest version of TLS that will do, tls.VersionTLS10 …; 0 is TLS 1.2

	dir  string   // where TokenCommand runs: the campaign directory
	hide []string // environment variables that are not its business: the passwords
}

// ByToken reports whether the login is by an access token, not a password.
func (a Access) ByToken() bool { return a.Auth == "xoauth2" || a.Auth == "oauthbearer" }

// Lowered reports whether connections are accepted that are known to be weak
// (RFC 8996 deprecates TLS 1.0 and 1.1).
func (a Access) Lowered() bool { return a.TLSMin != 0 && a.TLSMin < tls.VersionTLS12 }

// TLSName is the oldest version of TLS that will do, "1.2".
func (a Access) TLSName() string {
	for _, v := range tlsVersions {
		if v.id == a.TLSMin {
			return v.name
		}
	}
	return "1.2"
}

// TLS is how a client speaks TLS to host: nothing older than TLSMin, and a
// certificate from the authorities in caFile, or from those of the system if
// that is empty.
func (a Access) TLS(host, caFile string) (*tls.Config, error) {
	c := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if a.TLSMin != 0 {
		c.MinVersion = a.TLSMin
	}
	if a.Lowered() {
		// Such servers often know no key exchange but RSA, which Go offers only
		// when it is named.
		for _, suite := range tls.CipherSuites() {
			c.CipherSuites = append(c.CipherSuites, suite.ID)
		}
		c.CipherSuites = append(c.CipherSuites, tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA)
	}
	if caFile == "" {
		return c, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate in it", caFile)
	}
	return c, nil
}

var tlsVersions = []struct {
	name string
	id   uint16
}{{"1.0", tls.VersionTLS10}, {"1.1", tls.VersionTLS11}, {"1.2", tls.VersionTLS12}, {"1.3", tls.VersionTLS13}}

var authWords = []string{"auto", "plain", "login", "xoauth2", "oauthbearer"}

// access reads auth, the token's place and tls_min. A login by token needs
// exactly one place, or an application that is registered; a token that nothing
// uses is a misunderstanding.
func (s *section) access(dir string, user, registered bool) Access {
	a := Access{dir: dir, Auth: strings.ToLower(s.text("auth", "auto"))}
	if !slices.Contains(authWords, a.Auth) {
		s.bad("auth", `%s không phải một cách đăng nhập. Ghi một trong: %s.`, `%s is no way to log in. Write one of: %s.`, show(a.Auth), strings.Join(authWords, ", "))
		a.Auth = "auto"
	}
	a.TokenEnv, a.TokenFile = s.text("token_env", ""), absolute(dir, s.text("token_file", ""))
	line := s.text("token_command", "")
	var closed bool
	if a.TokenCommand, closed = words(line); !closed {
		s.bad("token_command", `một dấu nháy mở ra mà không đóng lại. Thêm dấu nháy cùng loại ở cuối.`, `a quote is opened and not closed. Add the same quote at the end.`)
	}
	if a.TokenEnv != "" && !environmentName.MatchString(a.TokenEnv) {
		s.bad("token_env", `phải là tên biến môi trường (chữ, số, dấu _), không phải token. Ghi như DONDOC_TOKEN.`,
			`must be the name of an environment variable (letters, digits, _), not the token. Write it like DONDOC_TOKEN.`)
		a.TokenEnv = "-" // a place was named
	}
	var places []string
	for key, there := range map[string]bool{"token_env": a.TokenEnv != "", "token_file": a.TokenFile != "", "token_command": line != ""} {
		if there {
			places = append(places, key)
		}
	}
	slices.Sort(places)
	switch {
	case len(places) > 1:
		s.bad(places[0], `chỉ dùng một trong token_env, token_file và token_command. Xóa các khóa thừa.`, `use only one of token_env, token_file and token_command. Delete the others.`)
	case a.ByToken() && len(places) == 0 && registered:
		a.Granted = true
	case a.ByToken() && len(places) == 0:
		s.bad("auth", `%s đăng nhập bằng token nhưng chưa biết lấy token ở đâu. Ghi khóa oauth rồi chạy dondoc login; hoặc ghi token_command (lệnh in ra token), token_file, token_env.`,
			`%s logs in with a token, but nothing says where to get one. Write the key oauth, then run dondoc login; or write token_command (a command that prints it), token_file, token_env.`, a.Auth)
	case !a.ByToken() && len(places) == 1:
		s.bad(places[0], `chỉ dùng khi đăng nhập bằng token. Ghi auth: xoauth2 hoặc auth: oauthbearer, hoặc xóa khóa này.`,
			`only used when logging in with a token. Write auth: xoauth2 or auth: oauthbearer, or delete this key.`)
	}
	if a.Auth != "auto" && !user && s.values["url"] != nil {
		s.bad("auth", `%s cần tên người dùng trong url. Ghi TÊN@ trước tên máy chủ, hoặc auth: auto nếu máy chủ không đòi đăng nhập.`,
			`%s needs a user name in url. Write NAME@ before the server's name, or auth: auto if the server asks for no login.`, a.Auth)
	}
	if v, ok := s.scalar("tls_min"); ok {
		known := false
		for _, t := range tlsVersions {
			if t.name == v {
				a.TLSMin, known = t.id, true
			}
		}
		if !known {
			s.bad("tls_min", `%s không phải phiên bản TLS. Ghi "1.2" hoặc "1.3"; chỉ với máy chủ cũ mới ghi "1.0", "1.1".`,
				`%s is no version of TLS. Write "1.2" or "1.3"; "1.0" and "1.1" only for old servers.`, show(v))
		}
	}
	return a
}

// words splits a command line at blanks; '…' and "…" keep words together. No
// shell reads it, so nothing else has a meaning.
func words(line string) (list []string, closed bool) {
	var word strings.Builder
	var quote rune
	in := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, in = r, true
		case r == ' ':
			if in {
				list = append(list, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if in {
		list = append(list, word.String())
	}
	return list, quote == 0
}

// What a secret may cost: time of the command, and bytes (tokens of several
// thousand characters are usual).
const (
	tokenPatience = 30 * time.Second
	maxSecret     = 16 << 10
)

// token reads or fetches the access token. It is asked for at every login,
// because one lives for an hour or so.
func (a Access) token(section string, getenv func(string) string) (string, error) {
	var v string
	var err error
	if a.Granted {
		return "", wrong(campaignFile, `%s: token do dondoc login cấp không nằm trong cấu hình.`, `%s: a token granted by dondoc login is not part of the configuration.`, section)
	}
	if len(a.TokenCommand) > 0 {
		v, err = a.runForToken(section)
	} else {
		v, err = secret(section+".token", a.TokenEnv, a.TokenFile, getenv)
	}
	if err != nil {
		return "", err
	}
	if v = strings.TrimSpace(v); !IsToken(v) {
		return "", wrong(campaignFile, `%s: token nhận được trống, dài quá hoặc có ký tự lạ. Nguồn token phải cho đúng một token trên một dòng.`,
			`%s: the token is empty, too long, or has characters that no token has. Its source must give exactly one token, on one line.`, section)
	}
	return v, nil
}

// IsToken reports whether v can be an access token. RFC 6750 §2.1 has only
// visible ASCII in one; anything else would be another field of the login.
func IsToken(v string) bool {
	return v != "" && len(v) <= maxSecret && !strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (a Access) runForToken(section string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), tokenPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, a.TokenCommand[0], a.TokenCommand[1:]...)
	cmd.Dir, cmd.Env = a.dir, environ(a.hide)
	cmd.WaitDelay = time.Second // what it started may hold its output open
	out := &capped{room: maxSecret + 2}
	cmd.Stdout = out
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return "", wrong(campaignFile, `%s.token_command: lệnh %s chạy quá %d giây nên bị dừng. Chạy tay lệnh đó để xem nó chờ gì.`,
			`%s.token_command: the command %s ran for more than %d seconds and was stopped. Run it by hand to see what it waits for.`, section, show(a.TokenCommand[0]), int(tokenPatience/time.Second))
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist):
		return "", wrong(campaignFile, `%s.token_command: không có lệnh %s. Ghi đường dẫn đầy đủ của lệnh.`,
			`%s.token_command: there is no command %s. Write its full path.`, section, show(a.TokenCommand[0]))
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		// Not what it printed: that may be a secret.
		return "", wrong(campaignFile, `%s.token_command: lệnh %s báo lỗi (%v). Chạy tay lệnh đó để xem lý do; có thể phải đăng nhập lại.`,
			`%s.token_command: the command %s failed (%v). Run it by hand to see why; it may need a new sign-in.`, section, show(a.TokenCommand[0]), err)
	}
	return out.String(), nil
}

// capped keeps no more than room bytes.
type capped struct {
	strings.Builder
	room int
}

func (c *capped) Write(p []byte) (int, error) {
	c.Builder.Write(p[:min(len(p), max(0, c.room-c.Len()))])
	return len(p), nil
}
