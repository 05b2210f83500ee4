package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/ledger"
	"dondoc/notify/courier/couriertest"
)

// sick is a world made wrong, for the doctor to look at.
type sick struct {
	*world
	reader []string
}

func (s *sick) imapURL(url string) {
	s.edit("campaign.yaml", `url: "imap[^"]*"`, fmt.Sprintf("url: %q", url))
}
func (s *sick) smtpURL(url string) {
	s.edit("campaign.yaml", `url: "smtp[^"]*"`, fmt.Sprintf("url: %q", url))
}

// mailboxKey writes a key of the mailbox; those of smtp come later in the file.
func (s *sick) mailboxKey(key, value string) {
	s.t.Helper()
	path := filepath.Join(s.dir, "campaign.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	re := regexp.MustCompile(`(?m)^  ` + key + `:.*$`)
	at := re.FindIndex(b)
	if at == nil {
		at = regexp.MustCompile(`(?m)^  auth:`).FindIndex(b)
		at[1] = at[0]
		value += "\n"
	}
	out := slices.Concat(b[:at[0]], []byte("  "+key+": "+value), b[at[1]:])
	if value == "" {
		out = slices.Concat(b[:at[0]], b[at[1]:])
	}
	if err := os.WriteFile(path, out, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sick) ca(pem []byte) {
	if err := os.WriteFile(filepath.Join(s.dir, "ca.pem"), pem, 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.mailboxKey("ca_file", "ca.pem")
}

// listen serves every connection with a function of its own.
func listen(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go serve(c)
		}
	}()
	return l.Addr().String()
}

func mute(net.Conn) {}

// front puts TLS of a kind before a server.
func front(t testing.TB, behind string, config *tls.Config) string {
	return listen(t, func(c net.Conn) {
		secured := tls.Server(c, config)
		defer secured.Close()
		if secured.Handshake() != nil {
			return
		}
		back, err := net.Dial("tcp", behind)
		if err != nil {
			return
		}
		defer back.Close()
		go io.Copy(back, secured)
		io.Copy(secured, back)
	})
}

// script answers line for line; {tag} is the first word of the line.
func script(t testing.TB, greeting string, answer func(line string) string) string {
	return listen(t, func(c net.Conn) {
		defer c.Close()
		io.WriteString(c, greeting)
		for r := bufio.NewScanner(c); r.Scan(); {
			tag, _, _ := strings.Cut(r.Text(), " ")
			io.WriteString(c, strings.ReplaceAll(answer(r.Text()), "{tag}", tag))
		}
	})
}

// imapScript is a small IMAP server, but for what special answers.
func imapScript(t testing.TB, caps string, special func(command string) string) string {
	return script(t, "* OK [CAPABILITY "+caps+"] hi\r\n", func(line string) string {
		_, command, _ := strings.Cut(line, " ")
		if answer := special(command); answer != "" {
			return answer
		}
		switch word, _, _ := strings.Cut(command, " "); word {
		case "CAPABILITY":
			return "* CAPABILITY " + caps + "\r\n{tag} OK done\r\n"
		case "EXAMINE", "SELECT":
			return "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [PERMANENTFLAGS (\\Seen)] .\r\n{tag} OK done\r\n"
		}
		return "{tag} OK done\r\n"
	})
}

// certificate is one of its own authority, for a name and a time.
func certificate(t testing.TB, name string, from, until time.Time) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA thu nghiem"}, NotBefore: from, NotAfter: until, DNSNames: []string{name},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if name == "127.0.0.1" {
		leaf.DNSNames, leaf.IPAddresses = nil, []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// behind is the embedded IMAP server behind TLS with a certificate of the name
// and time, whose authority the campaign knows.
func (s *sick) behind(name string, from, until time.Time, change func(*tls.Config)) {
	cert, pem := certificate(s.t, name, from, until)
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	if change != nil {
		change(config)
	}
	s.imapURL("imaps://tiepnhan@" + front(s.t, s.imap.Addr(), config))
	s.ca(pem)
}

func TestDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	now := time.Now()
	day := 24 * time.Hour
	for _, c := range []struct {
		sentence string
		make     func(t *testing.T, s *sick)
		id       string
		status   string
		vi, en   string // of what is found, to do and to ask, together
		exit     int
	}{
		{"a world in which all is well", nil, "imap_login", "ok", "đăng nhập IMAP được", "IMAP lets tiepnhan in", exitDone},
		{"without a user nobody logs in to send", nil, "smtp_login", "skip", "không đòi đăng nhập", "asks for no login", exitDone},
		{"the reader says how it is confined", nil, "reader", "ok", "đã bị cô lập (privileges", "is confined (privileges", exitDone},
		{"a wrong password", func(t *testing.T, s *sick) { s.imap.AddUser("tiepnhan", "khac") }, "imap_login", "fail",
			"Kính đề nghị quản trị hệ thống thư cho biết tên đăng nhập và mật khẩu IMAP của hộp thư tiepnhan", "Please tell us user name and password for IMAP of the mailbox tiepnhan", exitFailed},
		{"a wrong password for sending", func(t *testing.T, s *sick) {
			sink, err := couriertest.Start(couriertest.Options{Take: s.take, User: "dvk", Password: "khac"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { sink.Close() })
			s.smtpURL("smtp+plain://dvk@" + sink.Addr())
		}, "smtp_login", "fail", "SMTP từ chối người dùng hoặc mật khẩu của dvk", "SMTP refuses user or password of dvk", exitFailed},
		{"a password that is nowhere", func(t *testing.T, s *sick) { s.mailboxKey("password_env", "NOT_SET") }, "imap_login", "fail",
			"biến môi trường NOT_SET chưa có giá trị", "the environment variable NOT_SET is not set", exitFailed},
		{"an account that wants an app password", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + imapScript(t, "IMAP4rev1", func(command string) string {
				if strings.HasPrefix(command, "LOGIN") {
					return "{tag} NO [ALERT] Application-specific password required\r\n"
				}
				return ""
			}))
		}, "imap_login", "fail", "hướng dẫn tạo mật khẩu ứng dụng", "Please allow an app password", exitFailed},
		{"IMAP turned off for the account", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + imapScript(t, "IMAP4rev1", func(command string) string {
				if strings.HasPrefix(command, "LOGIN") {
					return "{tag} NO IMAP access is disabled for your domain\r\n"
				}
				return ""
			}))
		}, "imap_login", "fail", "Kính đề nghị quản trị hệ thống thư bật IMAP cho hộp thư tiepnhan", "Please turn IMAP on for the mailbox tiepnhan", exitFailed},
		{"a login that the server breaks off is no wrong password", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + imapScript(t, "IMAP4rev1", func(command string) string {
				if strings.HasPrefix(command, "LOGIN") {
					return "{tag} NO [UNAVAILABLE] directory is down\r\n"
				}
				return ""
			}))
		}, "imap_login", "fail", "đăng nhập IMAP không xong", "came to no end", exitFailed},
		{"a token that has run out", func(t *testing.T, s *sick) {
			s.imap.AddToken("tiepnhan", "ya29.other")
			s.mailboxKey("password_env", "")
			s.mailboxKey("token_env", "DONDOC_IMAP_PASSWORD")
			s.mailboxKey("auth", "xoauth2")
		}, "imap_login", "fail", `từ chối token của tiepnhan: token refused {"status":"401"`, "Please grant our application IMAP (OAuth 2)", exitFailed},
		{"a token that is taken", func(t *testing.T, s *sick) {
			s.imap.AddToken("tiepnhan", "mat-khau")
			s.mailboxKey("password_env", "")
			s.mailboxKey("token_env", "DONDOC_IMAP_PASSWORD")
			s.mailboxKey("auth", "oauthbearer")
		}, "imap_login", "ok", "đăng nhập IMAP được", "lets tiepnhan in", exitDone},
		{"a server that does not know tokens", func(t *testing.T, s *sick) {
			s.mailboxKey("password_env", "")
			s.mailboxKey("token_env", "DONDOC_IMAP_PASSWORD")
			s.mailboxKey("auth", "xoauth2")
		}, "imap_login", "fail", "không cho đăng nhập bằng XOAUTH2; máy chủ có: PLAIN", "does not offer to log in by XOAUTH2; it has: PLAIN", exitFailed},
		{"AUTH not offered for sending", func(t *testing.T, s *sick) { s.smtpURL("smtp+plain://dvk@" + s.world.smtp.Addr()) }, "smtp_login", "fail",
			"không cho đăng nhập bằng PLAIN, LOGIN; máy chủ có: không có", "it has: nothing", exitFailed},

		{"an authority that nobody knows", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), nil)
			s.mailboxKey("ca_file", `""`)
		}, "imap_tls", "fail", "gửi tệp chứng chỉ gốc (CA, dạng PEM) đã cấp chứng chỉ cho 127.0.0.1", "Please send us the root certificate (CA, PEM)", exitFailed},
		{"an authority that the campaign names", func(t *testing.T, s *sick) { s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), nil) },
			"imap_tls", "ok", "TLS 1.3, chứng chỉ do CA thu nghiem cấp", "certificate from CA thu nghiem", exitDone},
		{"a certificate for another name", func(t *testing.T, s *sick) { s.behind("mail.khac.example", now.Add(-day), now.Add(90*day), nil) },
			"imap_tls", "fail", "không cấp cho tên 127.0.0.1 mà cho: mail.khac.example", "is not for 127.0.0.1 but for: mail.khac.example", exitFailed},
		{"a certificate that has run out", func(t *testing.T, s *sick) { s.behind("127.0.0.1", now.Add(-90*day), now.Add(-day), nil) },
			"imap_tls", "fail", "Kính đề nghị quản trị hệ thống thư gia hạn chứng chỉ", "Please renew the certificate", exitFailed},
		{"a certificate that soon runs out", func(t *testing.T, s *sick) { s.behind("127.0.0.1", now.Add(-90*day), now.Add(3*day), nil) },
			"imap_tls", "warn", "hết hạn ngày", "ends on", exitDone},
		{"a server of TLS 1.0 only", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 })
		}, "imap_tls", "fail", "chỉ có TLS 1.0, mà tls_min là \"1.2\"", "Please turn on TLS 1.2 or newer for IMAP", exitFailed},
		{"a server of TLS 1.0 only, accepted, is said aloud", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 })
			s.mailboxKey("tls_min", `"1.0"`)
		}, "imap_tls", "warn", "loại cũ đã biết là yếu; được chấp nhận vì tls_min: \"1.0\"", "known to be weak; it is accepted because of tls_min", exitDone},
		{"mail is read over TLS 1.0 where it was accepted", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 })
			s.mailboxKey("tls_min", `"1.0"`)
		}, "imap_login", "ok", "đăng nhập IMAP được", "lets tiepnhan in", exitDone},
		{"a lowered tls_min that is not needed is said aloud", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), nil)
			s.mailboxKey("tls_min", `"1.1"`)
		}, "imap_tls", "warn", "tls_min đang hạ xuống \"1.1\"", "tls_min is lowered to \"1.1\"", exitDone},
		{"a tls_min that the server does not reach", func(t *testing.T, s *sick) {
			s.behind("127.0.0.1", now.Add(-day), now.Add(90*day), func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 })
			s.mailboxKey("tls_min", `"1.3"`)
		}, "imap_tls", "fail", "Ghi tls_min: \"1.2\"", "Write tls_min: \"1.2\"", exitFailed},
		{"TLS spoken to a port that does not", func(t *testing.T, s *sick) { s.imapURL("imaps://tiepnhan@" + s.imap.Addr()) }, "imap_tls", "fail",
			"không nói TLS ở cổng này", "does not speak TLS at this port", exitFailed},
		{"TLS spoken to a mute port", func(t *testing.T, s *sick) { s.imapURL("imaps://tiepnhan@" + listen(t, mute)) }, "imap_tls", "fail",
			"im lặng khi bắt đầu TLS", "falls silent when TLS begins", exitFailed},
		{"no STARTTLS for reading", func(t *testing.T, s *sick) { s.imapURL("imap+starttls://tiepnhan@" + s.imap.Addr()) }, "imap_tls", "fail",
			"Kính đề nghị quản trị hệ thống thư bật mã hóa TLS", "Please turn on TLS", exitFailed},
		{"no STARTTLS for sending", func(t *testing.T, s *sick) { s.smtpURL("smtp+starttls://" + s.world.smtp.Addr()) }, "smtp_tls", "fail",
			"không có STARTTLS, nên không gửi mật khẩu", "has no STARTTLS, so no password is sent", exitFailed},

		{"a closed port", func(t *testing.T, s *sick) { s.imapURL("imap+plain://tiepnhan@127.0.0.1:1") }, "imap_connect", "fail",
			"Kính đề nghị quản trị hệ thống thư bật dịch vụ IMAP", "Please turn on IMAP at 127.0.0.1", exitFailed},
		{"a mute server for reading", func(t *testing.T, s *sick) { s.imapURL("imap+plain://tiepnhan@" + listen(t, mute)) }, "imap_connect", "fail",
			"nhận kết nối rồi im lặng", "takes the connection and then says nothing", exitFailed},
		{"a mute server for sending", func(t *testing.T, s *sick) { s.smtpURL("smtp+starttls://dvk@" + listen(t, mute)) }, "smtp_connect", "fail",
			"nhận kết nối rồi im lặng", "takes the connection and then says nothing", exitFailed},
		{"a server that hangs up", func(t *testing.T, s *sick) {
			s.smtpURL("smtp+plain://dvk@" + listen(t, func(c net.Conn) { c.Close() }))
		}, "smtp_connect", "fail", "nhận kết nối rồi cắt ngay", "ends it at once", exitFailed},
		{"a server that turns us away", func(t *testing.T, s *sick) {
			s.smtpURL("smtp+plain://dvk@" + script(t, "554 5.7.1 no service for your address\r\n", func(string) string { return "" }))
		}, "smtp_connect", "fail", "không tiếp: 554 5.7.1 no service", "Please let the machine that receives the reports use SMTP", exitFailed},

		{"a mailbox server that says goodbye at once", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + script(t, "* BYE too many connections from your address\r\n", func(string) string { return "" }))
		}, "imap_connect", "fail", "không tiếp: * BYE too many", "turns us away: * BYE too many", exitFailed},

		{"a folder that is missing, with those that there are", func(t *testing.T, s *sick) {
			s.imap.AddFolder("tiepnhan", "Thư rác")
			s.mailboxKey("folders", "[INBOX, Junk]")
		}, "imap_folders", "fail", "không có thư mục Junk; đang có: INBOX, Thư rác", "no folder Junk; there are: INBOX, Thư rác", exitFailed},
		{"a folder to move to that is missing", func(t *testing.T, s *sick) { s.mailboxKey("move", "Đã xử lý") }, "imap_move", "fail",
			"không mở được thư mục Đã xử lý", "the folder Đã xử lý of mailbox.move does not open", exitFailed},
		{"a folder to move to that is there", func(t *testing.T, s *sick) {
			s.imap.AddFolder("tiepnhan", "Đã xử lý")
			s.mailboxKey("move", "Đã xử lý")
		}, "imap_move", "ok", "chuyển được thư đã đọc vào Đã xử lý", "can be moved to Đã xử lý", exitDone},
		{"a mailbox without a folder for sent mail", nil, "imap_sent", "warn", "Ghi tên thư mục đó vào mailbox.sent", "Name it in mailbox.sent", exitDone},
		{"a folder for sent mail that its special use tells", func(t *testing.T, s *sick) { s.imap.AddSentFolder("tiepnhan", "Đi") }, "imap_sent", "ok",
			"được chép vào Đi", "shown in Đi", exitDone},
		{"a folder for sent mail that was named and is missing", func(t *testing.T, s *sick) { s.mailboxKey("sent", "Đã gửi") }, "imap_sent", "warn",
			"thư mục thư đã gửi (Đã gửi)", "the folder for sent mail (Đã gửi)", exitDone},
		{"no folder for sent mail is wanted", func(t *testing.T, s *sick) { s.mailboxKey("sent", "off") }, "imap_sent", "skip",
			"mailbox.sent: off", "mailbox.sent: off", exitDone},
		{"a server that keeps no keywords", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + imapScript(t, "IMAP4rev1", func(string) string { return "" }))
		}, "imap_keywords", "warn", "không giữ dấu $Dondoc trong INBOX", "keeps no keyword $Dondoc in INBOX", exitDone},
		{"a server that does not tell of new mail", func(t *testing.T, s *sick) {
			s.imapURL("imap+plain://tiepnhan@" + imapScript(t, "IMAP4rev1", func(string) string { return "" }))
		}, "imap_idle", "warn", "thư được đọc theo lịch @every 1m", "it is read by the timetable @every 1m", exitDone},
		{"a server that takes no letter as large as the invitation", func(t *testing.T, s *sick) {
			sink, err := couriertest.Start(couriertest.Options{Take: s.take, MaxSize: 50_000})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { sink.Close() })
			s.smtpURL("smtp+plain://" + sink.Addr())
		}, "smtp_size", "fail", "Kính đề nghị quản trị hệ thống thư nâng giới hạn", "Please raise the limit", exitFailed},

		{"mail from the future: the clock is slow", func(t *testing.T, s *sick) {
			if _, err := s.imap.Append("tiepnhan", "INBOX", mail("a@b.example", "x", "x"), now.Add(2*day)); err != nil {
				t.Fatal(err)
			}
		}, "clock", "fail", "đồng hồ máy chạy chậm", "the clock is slow", exitFailed},
		{"mail of a moment ago agrees with the clock", func(t *testing.T, s *sick) {
			if _, err := s.imap.Append("tiepnhan", "INBOX", mail("a@b.example", "x", "x"), now.Add(-time.Minute)); err != nil {
				t.Fatal(err)
			}
		}, "clock", "ok", "không mâu thuẫn với máy chủ (thư mới nhất trong INBOX", "agrees with the servers (the newest mail in INBOX", exitDone},
		{"a certificate from the future: the clock is slow", func(t *testing.T, s *sick) { s.behind("127.0.0.1", now.Add(day), now.Add(90*day), nil) },
			"clock", "fail", "Đặt lại giờ máy", "Set the clock", exitFailed},
		{"nothing to compare the clock with", nil, "clock", "skip", "chưa có gì bên ngoài để so", "nothing outside to compare it with", exitDone},

		{"a file where the directory data should be", func(t *testing.T, s *sick) {
			if err := os.WriteFile(filepath.Join(s.dir, "data"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "rights", "fail", "phải là thư mục, nhưng đang là một tệp", "must be a directory, but is a file", exitFailed},
		{"a key that others can read", func(t *testing.T, s *sick) {
			s.withLedger()
			if err := os.Chmod(filepath.Join(s.dir, "data", "key"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, "rights", "fail", "Chạy: chmod 600", "Run: chmod 600", exitFailed},
		{"nobody else at work", nil, "lock", "ok", "không có dondoc nào khác đang chạy", "no other dondoc is at work", exitDone},
		{"a daemon at work", func(t *testing.T, s *sick) { s.atWork(1) }, "lock", "ok", "một dondoc đang chạy trong thư mục này", "one dondoc is at work", exitDone},
		{"two daemons at work", func(t *testing.T, s *sick) { s.atWork(2) }, "lock", "warn", "2 dondoc đang cùng chạy", "2 dondocs are at work in this directory", exitDone},
		{"a directory in which nothing can be locked", func(t *testing.T, s *sick) {
			s.withLedger()
			run := filepath.Join(s.dir, "data", "run")
			if err := errors.Join(os.RemoveAll(run), os.WriteFile(run, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, "lock", "fail", "trên ổ của chính máy này, không phải ổ mạng", "not on a network disk", exitFailed},
		{"a mailbox that is half full", func(t *testing.T, s *sick) { s.fullness(50) }, "imap_quota", "ok", "hộp thư đã dùng 0.5 MB trong 1.0 MB", "has used 0.5 MB of 1.0 MB", exitDone},
		{"a mailbox that is getting full", func(t *testing.T, s *sick) { s.fullness(85) }, "imap_quota", "warn", "Kính đề nghị quản trị hệ thống thư nâng dung lượng hộp thư tiepnhan", "Please raise the quota of the mailbox tiepnhan", exitDone},
		{"a mailbox that is nearly full", func(t *testing.T, s *sick) { s.fullness(97) }, "imap_quota", "fail", "thư của đơn vị sắp bị trả lại", "mail will soon be sent back to them", exitFailed},
		{"a server that does not tell how full the mailbox is", nil, "imap_quota", "skip", "không cho biết dung lượng", "does not tell how full", exitDone},
		{"a ledger", func(t *testing.T, s *sick) { s.withLedger() }, "ledger", "ok", "sổ mở được", "the ledger opens", exitDone},
		{"no ledger yet", nil, "ledger", "skip", "chưa có sổ", "there is no ledger yet", exitDone},
		{"a ledger of a newer program", func(t *testing.T, s *sick) {
			s.withLedger()
			// The database format, §1.3.12: user_version.
			f, err := os.OpenFile(filepath.Join(s.dir, "data", "ledger.db"), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte{0, 0, 0, 99}, 60); err != nil {
				t.Fatal(err)
			}
		}, "ledger", "fail", "Cài lại bản dondoc mới đó", "Install that newer version", exitFailed},
		{"a reader that does not start", func(t *testing.T, s *sick) { s.reader = []string{filepath.Join(s.dir, "none")} }, "reader", "fail",
			"tiến trình đọc thư không chạy được", "the reader of mail does not start", exitFailed},

		{"a campaign.yaml with a mistake", func(t *testing.T, s *sick) {
			s.edit("campaign.yaml", `(?m)^timezone: .*`, "timezone: Asia/Hanoi")
		}, "config", "fail", "campaign.yaml, dòng", "campaign.yaml, line", exitUsage},
		{"without a configuration nothing is asked of servers", func(t *testing.T, s *sick) {
			s.edit("campaign.yaml", `(?m)^timezone: .*`, "timezone: Asia/Hanoi")
		}, "imap_login", "skip", "vì mục config chưa đạt", "because config failed", exitUsage},
		{"without a configuration the disk is looked at all the same", func(t *testing.T, s *sick) {
			s.edit("campaign.yaml", `(?m)^timezone: .*`, "timezone: Asia/Hanoi")
		}, "disk", "ok", "còn trống", "free", exitUsage},
		{"a directory that is none", func(t *testing.T, s *sick) { s.dir = filepath.Join(s.dir, "none") }, "rights", "fail",
			"không phải một thư mục", "is no directory", exitUsage},
		{"a form that cannot be used", func(t *testing.T, s *sick) {
			if err := os.WriteFile(filepath.Join(s.dir, "form.xlsx"), []byte("none"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "form", "fail", "Sửa mẫu bằng Excel", "Mend the form in Excel", exitFailed},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			s := &sick{world: newWorld(t, "HU-BINHSON", "S-YTE")}
			if c.make != nil {
				c.make(t, s)
			}
			before := s.traces()
			var said [2]diagnosis
			for i, lang := range []string{"vi", "en"} {
				p, out := s.program(now)
				var errs bytes.Buffer
				p.Stderr = &errs
				if s.reader != nil {
					p.Reader = s.reader
				}
				if exit := p.Run(t.Context(), []string{"doctor", "--json", "--patience", "500ms", "--lang", lang, "-C", s.dir}); exit != c.exit {
					t.Errorf("exit %d, want %d\n%s%s", exit, c.exit, out, errs.String())
				}
				var result struct {
					OK     bool
					Checks []diagnosis
				}
				if err := json.Unmarshal(out.Bytes(), &result); err != nil {
					t.Fatalf("%v in %s", err, out)
				}
				var ids []string
				bad := false
				for _, f := range result.Checks {
					ids = append(ids, f.ID)
					bad = bad || f.Status == "fail"
					if f.ID == c.id {
						said[i] = f
					}
					if f.Found == "" || f.Status == "fail" && f.Do == "" || regexp.MustCompile(`\{[a-z]+\}`).MatchString(f.Found+f.Do+f.Ask) {
						t.Errorf("%s is not well said: %+v", f.ID, f)
					}
				}
				if !slices.Equal(ids, checks) || result.OK == bad || result.OK != (c.exit == exitDone) {
					t.Errorf("ok %v: %v", result.OK, ids)
				}
				if strings.Contains(out.String(), "mat-khau") {
					t.Error("the password is in the report")
				}
			}
			for i, want := range []string{c.vi, c.en} {
				f := said[i]
				if f.Status != c.status || !strings.Contains(f.Found+"\n"+f.Do+"\n"+f.Ask, want) {
					t.Errorf("want %s with %q, got %+v", c.status, want, f)
				}
			}
			if after := s.traces(); after != before {
				t.Errorf("something was changed. Before:\n%s\nafter:\n%s", before, after)
			}
			if len(s.sent) != 0 {
				t.Errorf("%d mails were sent", len(s.sent))
			}
		})
	}
}

// atWork lets so many others work in the directory.
func (s *sick) atWork(n int) {
	s.t.Helper()
	for range n {
		l, err := ledger.Open(filepath.Join(s.dir, "data"))
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { l.Close() })
	}
}

// fullness is a mailbox of 1 MB with so much of it in use, in hundredths.
func (s *sick) fullness(part int) {
	s.imapURL("imap+plain://tiepnhan@" + imapScript(s.t, "IMAP4rev1 QUOTA IDLE", func(command string) string {
		if strings.HasPrefix(command, "GETQUOTAROOT") {
			return fmt.Sprintf("* QUOTAROOT INBOX mail other\r\n* QUOTA mail (STORAGE %d 1024 MESSAGE 1 2)\r\n* QUOTA other (STORAGE 1 1024)\r\n{tag} OK done\r\n", part*1024/100)
		}
		return ""
	}))
}

// withLedger makes the memory of a live campaign.
func (s *sick) withLedger() {
	s.t.Helper()
	l, err := ledger.Open(filepath.Join(s.dir, "data"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// traces are all that a look could leave: the files with their dates, and the
// mailbox with its flags.
func (s *sick) traces() string {
	var b strings.Builder
	filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&b, path, info.Mode(), info.Size(), info.ModTime())
		}
		return nil
	})
	for _, folder := range []string{"INBOX", "Thư rác", "Đã xử lý"} {
		stored, err := s.imap.Stored("tiepnhan", folder)
		if err != nil {
			continue
		}
		for _, m := range stored {
			fmt.Fprintln(&b, folder, m.UID, m.Flags, len(m.Raw))
		}
	}
	return b.String()
}

func TestDoctorSaysHowMuchRoomIsLeft(t *testing.T) {
	for _, c := range []struct {
		sentence string
		free     uint64
		err      error
		status   string
		found    string
	}{
		{"plenty", 40 << 30, nil, "ok", "còn trống 40.0 GB"},
		{"little", 500 << 20, nil, "warn", "chỉ còn trống 500.0 MB"},
		{"too little for one large mail", 60 << 20, nil, "fail", "gần hết chỗ: còn trống 60.0 MB"},
		{"nobody knows", 0, errors.New("no such thing"), "skip", "không xem được chỗ trống: no such thing"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			d := &doctor{Program: &Program{cli: &cli{}}, found: map[string]diagnosis{}}
			d.space(c.free, c.err)
			if got := d.found["disk"]; got.Status != c.status || got.Found != c.found || (got.Do == "") != (c.status == "ok" || c.status == "skip") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What a person reads: each finding on its line, what to do below it.
func TestDoctorSpeaksToPeople(t *testing.T) {
	s := &sick{world: newWorld(t, "HU-BINHSON")}
	s.imap.AddUser("tiepnhan", "khac")
	out, code := s.run(time.Now(), "doctor")
	if code != exitFailed {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{
		"\nCHƯA ĐẠT  imap_login    IMAP từ chối người dùng hoặc mật khẩu của tiepnhan:",
		"\n                        Việc cần làm: Xem lại tên người dùng trong url",
		"\n                        Câu gửi quản trị thư: “Kính đề nghị quản trị hệ thống thư cho biết",
		"\nBỎ QUA    imap_folders  chưa xét, vì mục imap_login chưa đạt",
		"\ndondoc: 1 mục chưa đạt",
	} {
		if !strings.Contains("\n"+out, want) {
			t.Errorf("nothing is like %q in\n%s", want, out)
		}
	}
}

func TestEveryFindingIsSaidInBothLanguages(t *testing.T) {
	names := regexp.MustCompile(`\{[a-z]+\}`)
	source := ""
	for _, file := range []string{"doctor.go", "doctor_servers.go", "doctor_host.go"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source += string(b)
	}
	for name, r := range remedies {
		if !slices.Contains([]string{"ok", "warn", "fail", "skip"}, r.status) || r.found[0] == "" {
			t.Errorf("%s: %+v", name, r)
		}
		if r.status == "fail" && r.do[0] == "" {
			t.Errorf("%s fails, and does not say what to do", name)
		}
		for _, text := range [][2]string{r.found, r.do, r.ask} {
			vi, en := names.FindAllString(text[0], -1), names.FindAllString(text[1], -1)
			slices.Sort(vi)
			slices.Sort(en)
			if (text[0] == "") != (text[1] == "") || !slices.Equal(slices.Compact(vi), slices.Compact(en)) {
				t.Errorf("%s says in Vietnamese %q and in English %q", name, text[0], text[1])
			}
		}
		if !strings.Contains(source, `"`+name+`"`) {
			t.Errorf("nothing says %s", name)
		}
	}
}
