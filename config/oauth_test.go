package config

import (
	"os"
	"strings"
	"testing"
)

// registered has the water committee's mailbox opened by what an application is
// granted.
func registered(keys string) string {
	return strings.Replace(byToken(""), "mailbox:", "oauth:\n"+keys+"mailbox:", 1)
}

func TestAnApplicationIsReadStrictly(t *testing.T) {
	const google = "  provider: google\n  client_id: x\n  client_secret_file: s\n"
	for _, tt := range []struct {
		sentence string
		keys     string
		vi, en   string
	}{
		{"no provider that anybody knows", "  provider: yahoo\n  client_id: x\n  scopes: [mail]\n", "Ghi google, microsoft", "Write google, microsoft"},
		{"a provider without TLS", "  provider: http://login.nuocsach.example\n  client_id: x\n  scopes: [mail]\n", "https://", "https://"},
		{"a provider with a password in its address", "  provider: https://a:b@login.nuocsach.example\n  client_id: x\n  scopes: [mail]\n", "không dùng được", "cannot be used"},
		{"no client id", "  provider: microsoft\n", "Ghi mã ứng dụng", "Write the client ID"},
		{"a client id for nobody", "  client_id: x\n", "để trống mà có client_id", "there is a client_id"},
		{"Google without a client secret", "  provider: google\n  client_id: x\n", "client_secret_file: thiếu", "client_secret_file: missing"},
		{"the client secret itself", google + "  client_secret: " + hushed + "\n", "Xóa dòng", "Delete the line"},
		{"the client secret where its variable should be named", "  provider: google\n  client_id: x\n  client_secret_env: GOCSPX-abc\n", "Ghi như DONDOC_CLIENT_SECRET", "Write it like DONDOC_CLIENT_SECRET"},
		{"two places for the client secret", google + "  client_secret_env: NS_SECRET\n", "Xóa một khóa", "Delete one of them"},
		{"a tenant of Google's", google + "  tenant: nuocsach.example\n", "Xóa khóa này", "Delete this key"},
		{"a tenant that leads elsewhere", "  provider: microsoft\n  client_id: x\n  tenant: a/../b\n", "không phải tên hay mã", "is no name or number"},
		{"another provider, and nobody says what to ask for", "  provider: https://login.nuocsach.example\n  client_id: x\n", "Ghi các quyền", "Write what this server calls"},
		{"two scopes in one", "  provider: microsoft\n  client_id: x\n  scopes: [\"a b\"]\n", "mỗi quyền là một từ", "each scope is one word"},
		{"a key that there is not", google + "  clientid: x\n", "Có phải client_id", "Is it client_id"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			_, err := Load(directory(t, map[string]string{campaignFile: registered(tt.keys), "s": "x\n"}))
			found, _ := err.(Mistakes)
			if strings.Contains(found.In("vi")+found.In("en"), hushed) {
				t.Error("the secret is said")
			}
			if tt.sentence == "a client id for nobody" && len(found) == 2 {
				found = found[:1] // auth: xoauth2 has no token then
			}
			if len(found) != 1 || !strings.Contains(found[0].In("vi"), tt.vi) || !strings.Contains(found[0].In("en"), tt.en) {
				t.Errorf("want one mistake with %q and %q, got\n%v\n%s", tt.vi, tt.en, err, found.In("en"))
			}
		})
	}
}

func TestAnApplicationThatNothingUsesIsAMisunderstanding(t *testing.T) {
	text := strings.Replace(water, "mailbox:", "oauth: {provider: microsoft, client_id: x}\nmailbox:", 1)
	_, err := Load(directory(t, map[string]string{campaignFile: text}))
	found, _ := err.(Mistakes)
	if len(found) != 1 || !strings.Contains(found[0].VI, "Ghi auth: xoauth2") || !strings.Contains(found[0].EN, "is used by nothing") {
		t.Error(err)
	}
	// Left empty it is none.
	text = strings.Replace(water, "mailbox:", "oauth: {provider: \"\", client_id: \"\"}\nmailbox:", 1)
	if c := load(t, directory(t, map[string]string{campaignFile: text})); c.OAuth.Known() || c.Mailbox.Granted {
		t.Errorf("%+v", c.OAuth)
	}
}

func TestAnApplicationsSecretComesFromItsFile(t *testing.T) {
	dir := directory(t, map[string]string{campaignFile: registered("  provider: Google\n  client_id: x\n  client_secret_file: s\n"), "s": "GOCSPX-abc\n"})
	c := load(t, dir)
	if c.OAuth.Provider != OAuthGoogle || !c.Mailbox.Granted {
		t.Errorf("%+v %+v", c.OAuth, c.Mailbox.Access)
	}
	if got, err := c.OAuth.Secret(os.Getenv); got != "GOCSPX-abc" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.Remove(c.OAuth.SecretFile); err != nil {
		t.Fatal(err)
	}
	if _, err := c.OAuth.Secret(os.Getenv); err == nil || !strings.Contains(err.Error(), "oauth.client_secret_file: không có tệp s") {
		t.Error(err)
	}
	if _, err := c.Mailbox.Password(os.Getenv); err == nil {
		t.Error("a token that is not declared was found")
	}
}
