package courier

import (
	"strings"
	"sync/atomic"
	"testing"

	"dondoc/config"
	"dondoc/notify/courier/couriertest"
)

func TestATokenOpensTheWayOut(t *testing.T) {
	cert, ca := certificate(t)
	for _, c := range []struct {
		sentence, auth, scheme string
		options                couriertest.Options
	}{
		{"by XOAUTH2 after STARTTLS", "xoauth2", "smtp+starttls://", couriertest.Options{TLS: cert}},
		{"by XOAUTH2 under TLS", "xoauth2", "smtps://", couriertest.Options{TLS: cert, Implicit: true}},
		{"by OAUTHBEARER after STARTTLS", "oauthbearer", "smtp+starttls://", couriertest.Options{TLS: cert}},
		{"by OAUTHBEARER over loopback", "oauthbearer", "smtp+plain://", couriertest.Options{}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var got inbox
			var valid atomic.Value
			valid.Store("ya29.first")
			c.options.Take = got.take
			c.options.Token = func(user, token string) bool { return user == "dvk" && token == valid.Load() }
			s := sink(t, c.options)
			token := "ya29.first"
			courier, err := New(config.SMTP{URL: c.scheme + "dvk@" + s.Addr(), CAFile: ca, Access: config.Access{Auth: c.auth}},
				func() (string, error) { return token, nil })
			if err != nil {
				t.Fatal(err)
			}
			defer courier.Close()
			if out := send(t, courier, to, letter); out.Kind != Accepted {
				t.Fatal(out)
			}
			// The token runs out while the connection is away.
			courier.Close()
			valid.Store("ya29.second")
			out := send(t, courier, to, letter)
			if out.Kind != Trouble || out.Stage != StageAuth || out.Code != 535 || !strings.Contains(out.Text, `"status":`) || strings.Contains(out.Text, token) {
				t.Errorf("an old token: %v", out)
			}
			if courier.client != nil || courier.line != nil {
				t.Error("the connection is kept in the middle of an exchange")
			}
			token = "ya29.second"
			if out := send(t, courier, to, letter); out.Kind != Accepted || len(got.all()) != 2 {
				t.Errorf("a new token: %v, %d mails", out, len(got.all()))
			}
		})
	}
}

func TestTheWayToLogInIsTheOneThatWasAskedFor(t *testing.T) {
	byToken := couriertest.Options{Token: func(string, string) bool { return true }}
	byPassword := couriertest.Options{User: "dvk", Password: password}
	for _, c := range []struct {
		sentence, auth string
		options        couriertest.Options
		want           Outcome // but for Text
		text           string
	}{
		{"auto takes PLAIN where it is offered", "auto", byPassword, Outcome{Kind: Accepted, Stage: StageFinal, Code: 250, Status: "2.0.0"}, ""},
		{"auto never takes a token for a password", "auto", byToken, Outcome{Kind: Trouble, Stage: StageAuth}, "log in by PLAIN, LOGIN (but by: XOAUTH2, OAUTHBEARER)"},
		{"plain is taken", "plain", byPassword, Outcome{Kind: Accepted, Stage: StageFinal, Code: 250, Status: "2.0.0"}, ""},
		{"login does not fall back to PLAIN", "login", byPassword, Outcome{Kind: Trouble, Stage: StageAuth}, "log in by LOGIN (but by: PLAIN)"},
		{"xoauth2 sends no token to a server that does not know it", "xoauth2", byPassword, Outcome{Kind: Trouble, Stage: StageAuth}, "log in by XOAUTH2 (but by: PLAIN)"},
		{"a server that offers no AUTH at all", "auto", couriertest.Options{}, Outcome{Kind: Trouble, Stage: StageAuth}, "log in by PLAIN, LOGIN (but by: )"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var got inbox
			c.options.Take = got.take
			s := sink(t, c.options)
			out := send(t, open(t, config.SMTP{URL: "smtp+plain://dvk@" + s.Addr(), Access: config.Access{Auth: c.auth}}), to, letter)
			text := out.Text
			out.Text = ""
			if out != c.want || !strings.Contains(text, c.text) {
				t.Errorf("%v %q", out, text)
			}
			if (out.Kind == Accepted) != (len(got.all()) == 1) {
				t.Errorf("%d mails", len(got.all()))
			}
		})
	}
}
