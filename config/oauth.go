package config

import (
	"net/url"
	"slices"
	"strings"
)

// OAuth is the application that the committee has registered with the provider
// of its mailbox, and under which `dondoc login` asks the mailbox's owner for
// access (RFC 6749 §2). The zero value: none is registered.
type OAuth struct {
	Provider string // OAuthGoogle, OAuthMicrosoft, or the https:// address of another (RFC 8414 §2, issuer)
	ClientID string
	// One of these gives the client secret, which some providers give out with
	// the client id; it is no secret of the mailbox's, but kept like one.
	SecretEnv, SecretFile string
	Tenant                string   // Microsoft's name or number of the organisation
	Scopes                []string // what is asked for, where it is not what the provider calls IMAP and SMTP
	CAFile                string   // as of a mail server
}

// The providers whose addresses are known.
const (
	OAuthGoogle    = "google"
	OAuthMicrosoft = "microsoft"
)

// Known reports whether an application is registered.
func (o OAuth) Known() bool { return o.Provider != "" }

// Secret reads the client secret from where the campaign says it is kept; empty
// where the application has none. Errors are Mistakes and never hold it.
func (o OAuth) Secret(getenv func(string) string) (string, error) {
	return secret("oauth.client_secret", o.SecretEnv, o.SecretFile, getenv)
}

// oauth reads the section of that name. A provider left empty is none, so that
// the keys can stand in a file that does not use them.
func oauth(s *section, dir string) OAuth {
	var o OAuth
	o.Provider = strings.TrimRight(s.text("provider", ""), "/")
	o.ClientID = s.text("client_id", "")
	o.SecretEnv, o.SecretFile = s.text("client_secret_env", ""), absolute(dir, s.text("client_secret_file", ""))
	o.Tenant = s.text("tenant", "")
	o.Scopes = s.texts("scopes", nil)
	o.CAFile = s.file("ca_file", dir)
	if s.head("client_secret") != nil {
		s.node("client_secret")
		s.bad("client_secret", `không được ghi trong tệp này. Xóa dòng, rồi ghi tên tệp chứa chuỗi đó vào client_secret_file.`,
			`must not stand in this file. Delete the line, and name the file that holds it in client_secret_file.`)
	}
	s.close()
	if o.Provider == "" {
		if o.ClientID != "" {
			s.bad("provider", `để trống mà có client_id. Ghi google, microsoft, hoặc địa chỉ https:// của máy chủ cấp phép.`,
				`is empty, but there is a client_id. Write google, microsoft, or the https:// address of the server that grants access.`)
		}
		return OAuth{}
	}
	if lower := strings.ToLower(o.Provider); lower == OAuthGoogle || lower == OAuthMicrosoft {
		o.Provider = lower
	} else if u, err := url.Parse(o.Provider); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		s.bad("provider", `%s không dùng được. Ghi google, microsoft, hoặc địa chỉ https:// của máy chủ cấp phép.`,
			`%s cannot be used. Write google, microsoft, or the https:// address of the server that grants access.`, show(o.Provider))
	}
	s.must("client_id", `Ghi mã ứng dụng (client ID) mà nhà cung cấp thư đã cấp khi đăng ký ứng dụng.`,
		`Write the client ID that the mail provider gave out when the application was registered.`)
	switch {
	case o.SecretEnv != "" && o.SecretFile != "":
		s.bad("client_secret_file", `chỉ dùng một trong client_secret_env và client_secret_file. Xóa một khóa.`,
			`use only one of client_secret_env and client_secret_file. Delete one of them.`)
	case o.SecretEnv != "" && !environmentName.MatchString(o.SecretEnv):
		s.bad("client_secret_env", `phải là tên biến môi trường (chữ, số, dấu _), không phải chuỗi bí mật. Ghi như DONDOC_CLIENT_SECRET.`,
			`must be the name of an environment variable (letters, digits, _), not the secret. Write it like DONDOC_CLIENT_SECRET.`)
		o.SecretEnv = "-" // a place was named
	case o.Provider == OAuthGoogle && o.SecretEnv == "" && o.SecretFile == "":
		s.bad("client_secret_file", `thiếu: Google cấp client secret cùng với client ID. Ghi tên tệp chứa chuỗi đó.`,
			`missing: Google gives a client secret out with the client ID. Name the file that holds it.`)
	}
	if o.Tenant != "" && o.Provider != OAuthMicrosoft {
		s.bad("tenant", `chỉ dùng với provider: microsoft. Xóa khóa này.`, `only used with provider: microsoft. Delete this key.`)
	} else if strings.ContainsAny(o.Tenant, "/?#% ") {
		s.bad("tenant", `%s không phải tên hay mã tổ chức của Microsoft 365. Ghi như don-vi.example, hoặc mã trong trang quản trị.`,
			`%s is no name or number of an organisation of Microsoft 365. Write it like office.example, or the number from the admin page.`, show(o.Tenant))
	}
	if known := o.Provider == OAuthGoogle || o.Provider == OAuthMicrosoft; !known && len(o.Scopes) == 0 {
		s.bad("scopes", `thiếu. Ghi các quyền mà máy chủ cấp phép gọi là IMAP, SMTP và offline_access.`,
			`missing. Write what this server calls access to IMAP and SMTP, and offline_access.`)
	}
	if slices.ContainsFunc(o.Scopes, func(scope string) bool { return strings.ContainsAny(scope, " \t\"\\") || scope == "" }) {
		s.bad("scopes", `mỗi quyền là một từ. Ghi như [https://mail.don-vi.example/imap, offline_access].`,
			`each scope is one word. Write them like [https://mail.office.example/imap, offline_access].`)
	}
	return o
}
