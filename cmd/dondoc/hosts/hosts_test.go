package hosts_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"dondoc/cmd/dondoc/hosts"
)

// abandoned makes the test binary a process that starts a Dovecot, says where
// it is, and waits to be killed.
const abandoned = "HOSTS_ABANDONED"

func TestMain(m *testing.M) {
	if os.Getenv(abandoned) == "" {
		os.Exit(m.Run())
	}
	s, err := hosts.Dovecot()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.Addr(), s.CA())
	select {}
}

func started(t *testing.T, s *hosts.Server, err error) *hosts.Server {
	t.Helper()
	require(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func require(t *testing.T, err error) {
	t.Helper()
	if missing := (*hosts.Missing)(nil); errors.As(err, &missing) && os.Getenv("DONDOC_REQUIRE_SERVERS") != "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func dial(t *testing.T, s *hosts.Server) *imapclient.Client {
	t.Helper()
	pem, err := os.ReadFile(s.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := imapclient.DialTLS(s.Addr(), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: pool}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestAKilledServerComesBackWithWhatItHad(t *testing.T) {
	for name, start := range map[string]func() (*hosts.Server, error){"Dovecot": hosts.Dovecot, "Cyrus": hosts.Cyrus} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := start()
			s = started(t, s, err)
			if err := s.AddUser("lan", "mat-khau"); err != nil {
				t.Fatal(err)
			}
			c := dial(t, s)
			if err := c.Login("lan", "mat-khau").Wait(); err != nil {
				t.Fatal(err)
			}
			raw := "Subject: mot\r\n\r\nhai\r\n"
			put := c.Append("INBOX", int64(len(raw)), nil)
			put.Write([]byte(raw))
			if err := put.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := put.Wait(); err != nil {
				t.Fatal(err)
			}
			if n, err := s.KillSessions("lan"); n != 1 || err != nil {
				t.Errorf("killed %d sessions: %v", n, err)
			}
			if n, err := s.KillSessions("dao"); n != 0 || err != nil {
				t.Errorf("killed %d sessions of somebody who was not there: %v", n, err)
			}
			if err := s.Kill9(); err != nil {
				t.Fatal(err)
			}
			if conn, err := net.Dial("tcp", s.Addr()); err == nil {
				conn.Close()
				t.Error("after Kill9 it still answers")
			}
			if err := s.Start(); err != nil {
				t.Fatal(err)
			}
			c = dial(t, s)
			if err := c.Login("lan", "mat-khau").Wait(); err != nil {
				t.Fatal(err)
			}
			if sel, err := c.Select("INBOX", nil).Wait(); err != nil || sel.NumMessages != 1 {
				t.Errorf("INBOX after the restart: %+v, %v", sel, err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(s.CA()); !os.IsNotExist(err) {
				t.Errorf("after Close its directory is still there: %v", err)
			}
		})
	}
}

func TestDovecotTakesTokensOfTheUserOnly(t *testing.T) {
	s, err := hosts.Dovecot()
	s = started(t, s, err)
	for _, user := range []string{"lan", "dao"} {
		if err := s.AddUser(user, "mat-khau"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		sentence, user, token string
		ok                    bool
	}{
		{"the user's own token", "lan", hosts.Token("lan"), true},
		{"another's token", "lan", hosts.Token("dao"), false},
		{"a token that was changed", "lan", hosts.Token("lan") + "x", false},
		{"the password is no token", "lan", "mat-khau", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			err := dial(t, s).Authenticate(sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: c.user, Token: c.token}))
			if (err == nil) != c.ok {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAServerEndsWithTheProcessThatStartedIt(t *testing.T) {
	s, err := hosts.Dovecot()
	started(t, s, err).Close()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), abandoned+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ca, found := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || !found {
		t.Fatalf("%q, %v", line, err)
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	child.Process.Kill()
	child.Wait()
	for range 500 {
		if _, err = os.Stat(ca); os.IsNotExist(err) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !os.IsNotExist(err) {
		t.Errorf("its directory is still there")
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Errorf("it still answers")
	}
}

func TestAMissingServerIsSaidToBeMissing(t *testing.T) {
	t.Setenv("DONDOC_CYRUS", t.TempDir())
	_, err := hosts.Cyrus()
	missing := (*hosts.Missing)(nil)
	if !errors.As(err, &missing) || missing.Server != "Cyrus" {
		t.Errorf("%v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := hosts.Dovecot(); !errors.As(err, &missing) || missing.Server != "Dovecot" {
		t.Errorf("%v", err)
	}
}
