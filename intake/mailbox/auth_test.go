package mailbox

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/mailbox/mailboxtest"
)

func TestATokenOpensTheMailbox(t *testing.T) {
	for _, c := range []struct {
		sentence, auth string
		security       mailboxtest.Security
	}{
		{"by XOAUTH2 under TLS", "xoauth2", mailboxtest.ImplicitTLS},
		{"by XOAUTH2 after STARTTLS", "xoauth2", mailboxtest.StartTLS},
		{"by OAUTHBEARER under TLS", "oauthbearer", mailboxtest.ImplicitTLS},
		{"by OAUTHBEARER over loopback", "oauthbearer", mailboxtest.Plain},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := server(t, c.security)
			put(t, s, "INBOX", mail(1))
			m := config.Mailbox{URL: s.URL(user), Access: config.Access{Auth: c.auth}}
			if s.CA() != nil {
				m.CAFile = filepath.Join(t.TempDir(), "ca.pem")
				if err := os.WriteFile(m.CAFile, s.CA(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			token := "ya29.first"
			s.AddToken(user, token)
			box, err := New(m, func() (string, error) { return token, nil })
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			seen := newMemory()
			if r := seen.round(t, box); r.Taken() != 1 {
				t.Fatalf("%+v", r)
			}

			// The token runs out while the connection is away.
			s.AddToken(user, "ya29.second")
			box.Close()
			_, err = box.Round(t.Context(), seen.knows, seen.take)
			var auth *AuthError
			if !errors.As(err, &auth) || !strings.Contains(auth.Text, `"status":`) || strings.Contains(err.Error(), token) {
				t.Fatalf("an old token: %v", err)
			}
			put(t, s, "INBOX", mail(2))
			token = "ya29.second"
			if r := seen.round(t, box); r.Taken() != 1 {
				t.Errorf("a new token: %+v", r)
			}
		})
	}
}

// loginBy makes the mailbox of an unfair server one that logs in by auth.
func loginBy(t *testing.T, s *unfair, auth string) *Mailbox {
	box := start(t, s)
	box.auth, box.user = auth, "van,thu=1"
	box.password = func() (string, error) { return "ya29.token", nil }
	return box
}

func TestARefusedTokenEndsTheConnectionWithoutAnotherWord(t *testing.T) {
	for _, c := range []struct {
		sentence, auth, caps, challenge string
		want                            string
	}{
		{"XOAUTH2, the reason in the server's challenge", "xoauth2", "AUTH=XOAUTH2 SASL-IR", `{"status":"400","schemes":"Bearer"}`, `token refused {"status":"400","schemes":"Bearer"}`},
		{"OAUTHBEARER, the reason in the server's challenge", "oauthbearer", "AUTH=OAUTHBEARER SASL-IR", `{"status":"invalid_token"}`, `token refused {"status":"invalid_token"}`},
		{"a reason that is no JSON, with line ends", "xoauth2", "AUTH=XOAUTH2 SASL-IR", "no\r\nsuch\x00", "token refused no  such"},
		{"a reason of a thousand letters is cut", "xoauth2", "AUTH=XOAUTH2 SASL-IR", strings.Repeat("é", 1000), "token refused " + strings.Repeat("é", 300) + "…"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: "IMAP4rev1 " + c.caps, answer: func(_ *unfair, command string) string {
				if strings.HasPrefix(command, "AUTHENTICATE") {
					return "+ " + base64.StdEncoding.EncodeToString([]byte(c.challenge)) + "\n"
				}
				return ""
			}}
			box, seen := loginBy(t, s, c.auth), newMemory()
			began := time.Now()
			_, err := box.Round(t.Context(), seen.knows, seen.take)
			var auth *AuthError
			if !errors.As(err, &auth) || auth.Text != c.want {
				t.Fatalf("%v", err)
			}
			if time.Since(began) > 10*time.Second || box.session != nil {
				t.Errorf("after %s; the connection: %v", time.Since(began), box.session)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.heard) != 2 { // the greeting is asked for too
				t.Errorf("heard %q", s.heard)
			}
		})
	}
}

func TestATokenTravelsAsTheMechanismWantsIt(t *testing.T) {
	for _, c := range []struct{ sentence, auth, want string }{
		{"XOAUTH2", "xoauth2", "user=van,thu=1\x01auth=Bearer ya29.token\x01\x01"},
		{"OAUTHBEARER, the user's comma and equals sign written as RFC 5801 has them", "oauthbearer", "n,a=van=2Cthu=3D1,\x01host=127.0.0.1\x01port={port}\x01auth=Bearer ya29.token\x01\x01"},
	} {
		for _, ir := range []string{" SASL-IR", ""} {
			t.Run(c.sentence+ir, func(t *testing.T) {
				s := &unfair{caps: "IMAP4rev1 AUTH=PLAIN AUTH=" + strings.ToUpper(c.auth) + ir, answer: func(s *unfair, command string) string {
					switch words := strings.Fields(command); {
					case len(words) == 2 && words[0] == "AUTHENTICATE":
						return "+ \n"
					case len(words) == 0: // a line of base64 looks like a tag
						return "T1 OK welcome\n"
					}
					return ""
				}}
				box, seen := loginBy(t, s, c.auth), newMemory()
				seen.round(t, box)
				_, port, _ := strings.Cut(s.addr, ":")
				want := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(c.want, "{port}", port)))
				s.mu.Lock()
				defer s.mu.Unlock()
				if ir != "" && !slices.Contains(s.heard, "AUTHENTICATE "+strings.ToUpper(c.auth)+" "+want) {
					t.Errorf("heard %q, want %q", s.heard, want)
				}
				if ir == "" && !slices.Contains(s.lines, want) {
					t.Errorf("heard %q, want %q", s.lines, want)
				}
			})
		}
	}
}

func TestTheWayToLogInIsTheOneThatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		sentence, auth, caps string
		want                 string // how the login begins; "" if nothing secret is sent
	}{
		{"auto takes PLAIN where it is offered", "auto", "AUTH=PLAIN AUTH=XOAUTH2 SASL-IR", "AUTHENTICATE PLAIN "},
		{"auto takes LOGIN where nothing is offered", "auto", "", "LOGIN "},
		{"auto never takes a token for a password", "auto", "LOGINDISABLED AUTH=XOAUTH2", ""},
		{"login takes LOGIN though PLAIN is offered", "login", "AUTH=PLAIN", "LOGIN "},
		{"login heeds LOGINDISABLED", "login", "AUTH=PLAIN LOGINDISABLED", ""},
		{"plain does not fall back to LOGIN", "plain", "", ""},
		{"xoauth2 sends no token to a server that does not know it", "xoauth2", "AUTH=PLAIN SASL-IR", ""},
		{"oauthbearer is not xoauth2", "oauthbearer", "AUTH=XOAUTH2 SASL-IR", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{caps: strings.TrimSpace("IMAP4rev1 " + c.caps)}
			box, seen := loginBy(t, s, c.auth), newMemory()
			_, err := box.Round(t.Context(), seen.knows, seen.take)
			var offer *OfferError
			if c.want == "" {
				if !errors.As(err, &offer) || offer.Wants == "" || box.Logins() != 0 {
					t.Errorf("%v, %d logins", err, box.Logins())
				}
			} else if err != nil {
				t.Error(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			sent := slices.ContainsFunc(s.heard, func(l string) bool {
				return strings.HasPrefix(l, "AUTHENTICATE") || strings.HasPrefix(l, "LOGIN ")
			})
			if sent != (c.want != "") || sent && !strings.HasPrefix(s.heard[1], c.want) {
				t.Errorf("heard %q", s.heard)
			}
		})
	}
}
