package courier

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"dondoc/config"
	"dondoc/notify/courier/couriertest"
)

// heard is a server that answers line for line, and remembers what it was told.
func heard(t *testing.T, answer func(line string) string) (addr string, lines func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var mu sync.Mutex
	var all []string
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.WriteString(c, answer(""))
				r := bufio.NewScanner(c)
				for r.Scan() {
					mu.Lock()
					all = append(all, r.Text())
					mu.Unlock()
					io.WriteString(c, answer(r.Text()))
				}
			}()
		}
	}()
	return l.Addr().String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

func TestALookBeginsNoMail(t *testing.T) {
	addr, lines := heard(t, func(line string) string {
		switch {
		case line == "":
			return "220 hi\r\n"
		case strings.HasPrefix(line, "EHLO"):
			return "250-hi\r\n250-SIZE 10240000\r\n250 AUTH PLAIN\r\n"
		case strings.HasPrefix(line, "AUTH PLAIN"):
			return "235 in\r\n"
		}
		return "221 bye\r\n"
	})
	look, _, err := open(t, config.SMTP{URL: "smtp+plain://dvk@" + addr}).Look(t.Context())
	if err != nil || look != (Look{LoggedIn: true, Size: 10240000}) {
		t.Fatalf("%+v, %v", look, err)
	}
	var said []string
	for _, line := range lines() {
		word, _, _ := strings.Cut(line, " ")
		said = append(said, word)
	}
	if strings.Join(said, " ") != "EHLO AUTH QUIT" {
		t.Errorf("it said %q", said)
	}
}

func TestALookTellsWhyItCannotGetIn(t *testing.T) {
	none := errors.New("the variable is not set")
	for _, c := range []struct {
		sentence string
		options  couriertest.Options
		auth     string
		secret   error
		is       func(error) bool
	}{
		{"a wrong password is the server's answer", couriertest.Options{User: "dvk", Password: "another"}, "", nil, func(err error) bool {
			answer := (*textproto.Error)(nil)
			return errors.As(err, &answer) && answer.Code == 535
		}},
		{"a way to log in that is not offered", couriertest.Options{User: "dvk", Password: password}, "login", nil, func(err error) bool {
			offer := (*OfferError)(nil)
			return errors.As(err, &offer) && offer.Wants == "LOGIN" && len(offer.Offers) == 1
		}},
		{"no password to give", couriertest.Options{User: "dvk", Password: password}, "", none, func(err error) bool {
			secret := (*SecretError)(nil)
			return errors.As(err, &secret) && errors.Is(err, none)
		}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var got inbox
			c.options.Take = got.take
			s := sink(t, c.options)
			courier, err := New(config.SMTP{URL: "smtp+plain://dvk@" + s.Addr(), Access: config.Access{Auth: c.auth}}, func() (string, error) { return password, c.secret })
			if err != nil {
				t.Fatal(err)
			}
			if _, stage, err := courier.Look(t.Context()); stage != StageAuth || !c.is(err) {
				t.Errorf("at %s: %v", stage, err)
			}
		})
	}
}

func TestReachGoesAsFarAsTLS(t *testing.T) {
	for _, c := range []struct {
		sentence, hello, answer string
		want                    string // of the error; empty: TLS may begin
	}{
		{"after STARTTLS", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n", ""},
		{"not where there is no STARTTLS", "250 hi\r\n", "", ErrNoTLS.Error()},
		{"not where it is refused", "250-hi\r\n250 STARTTLS\r\n", "454 not now\r\n", "not now"},
		{"not where plain text follows, which somebody may have put in", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n250 x\r\n", "talks on"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			addr, _ := heard(t, func(line string) string {
				switch {
				case line == "":
					return "220 hi\r\n"
				case strings.HasPrefix(line, "EHLO"):
					return c.hello
				}
				return c.answer
			})
			conn, err := open(t, config.SMTP{URL: "smtp+starttls://dvk@" + addr}).Reach(t.Context())
			if conn != nil {
				conn.Close()
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || (conn == nil) != (err != nil) {
				t.Errorf("%v", err)
			}
		})
	}
}
