package config

import (
	"encoding/base64"
	"testing"
)

func TestHush(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, c := range []struct{ sentence, text, secret, want string }{
		{"the secret itself", "no: LOGIN a s3cret-X", "s3cret-X", "no: LOGIN a ***"},
		{"twice", "s3cret-X/s3cret-X", "s3cret-X", "***/***"},
		{"AUTH LOGIN", "535 bad " + b64("s3cret-X") + ".", "s3cret-X", "535 bad ***."},
		{"AUTH PLAIN", "AUTH PLAIN " + b64("\x00u\x00s3cret-X"), "s3cret-X", "AUTH PLAIN ***"},
		{"a token", "bad " + b64("user=u\x01auth=Bearer ya29.abc\x01\x01"), "ya29.abc", "bad ***"},
		{"without padding", "bad " + base64.RawURLEncoding.EncodeToString([]byte("\x00u\x00s3cret-X")), "s3cret-X", "bad ***"},
		{"nothing of it", "NO [AUTHENTICATIONFAILED] sai mật khẩu", "s3cret-X", "NO [AUTHENTICATIONFAILED] sai mật khẩu"},
		{"a secret that is none", "NO abc", "a", "NO abc"},
		{"no secret", "NO abc", "", "NO abc"},
	} {
		if got := Hush(c.text, c.secret); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}
