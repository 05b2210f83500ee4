package hosts

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Dovecot starts a Dovecot of its own, of Debian's dovecot-imapd and
// dovecot-lmtpd.
func Dovecot() (*Server, error) { return dovecot(false) }

// OldDovecot starts one that speaks TLS 1.0 and 1.1 and nothing newer, as many
// did until 2018.
func OldDovecot() (*Server, error) { return dovecot(true) }

func dovecot(old bool) (s *Server, err error) {
	program, err := exec.LookPath("dovecot")
	if err != nil {
		return nil, &Missing{"Dovecot", "there is no program dovecot (packages dovecot-imapd, dovecot-lmtpd)"}
	}
	if _, err := os.Stat("/usr/lib/dovecot/lmtp"); err != nil {
		return nil, &Missing{"Dovecot", "there is no LMTP service (package dovecot-lmtpd)"}
	}
	h, err := newHost("Dovecot", "dondoc-dovecot-")
	if err != nil {
		return nil, err
	}
	s = &Server{host: h}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := freePorts(&s.imap, &s.imaps, &s.lmtp); err != nil {
		return nil, err
	}
	uid, gid, err := mailUser()
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{"run", "state", "users", "mail"} {
		if err := os.Mkdir(filepath.Join(s.dir, dir), 0o755); err != nil {
			return nil, err
		}
	}
	if err := os.Chown(filepath.Join(s.dir, "mail"), uid, gid); err != nil {
		return nil, err
	}
	// One file a user: Dovecot reads a changed file again only when its clock
	// has gone on by a second, a new one at once.
	s.addUser = func(name, password string) error {
		home := filepath.Join(s.dir, "mail", name)
		_, err := s.write(filepath.Join("users", name), fmt.Sprintf("%s:{PLAIN}%s:%d:%d::%s::\n", name, password, uid, gid, home))
		return err
	}
	s.sessions = s.dovecotSessions
	if _, err := s.write("keys/default/HS256/default", base64.StdEncoding.EncodeToString([]byte(tokenKey))); err != nil {
		return nil, err
	}
	if _, err := s.write("oauth2.conf", fmt.Sprintf("introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=%s/keys/\nusername_attribute = email\n", s.dir)); err != nil {
		return nil, err
	}
	settings := dovecotConf
	if old {
		// Dovecot has no setting for the newest version that it speaks.
		openssl, err := s.write("openssl.cnf", oldOpenSSL)
		if err != nil {
			return nil, err
		}
		s.env = []string{"OPENSSL_CONF=" + openssl}
		settings += "import_environment = $import_environment OPENSSL_CONF\nssl_min_protocol = TLSv1\nssl_cipher_list = DEFAULT:@SECLEVEL=0\n"
	}
	conf, err := s.write("dovecot.conf", strings.NewReplacer(
		"@dir@", s.dir, "@imap@", strconv.Itoa(s.imap), "@imaps@", strconv.Itoa(s.imaps), "@lmtp@", strconv.Itoa(s.lmtp),
	).Replace(settings))
	if err != nil {
		return nil, err
	}
	s.command = []string{program, "-F", "-c", conf}
	s.ready[s.imap], s.ready[s.lmtp] = "* OK", "220"
	return s, s.Start()
}

// mailUser is Debian's user "mail", to whom mailboxes may belong.
func mailUser() (uid, gid int, err error) {
	u, err := user.Lookup("mail")
	if err != nil {
		return 0, 0, err
	}
	uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// dovecotSessions finds the processes by their titles (verbose_proctitle).
func (s *Server) dovecotSessions(name string) ([]int, error) {
	if s.process == nil {
		return nil, nil
	}
	var pids []int
	for _, pid := range s.process.members() {
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.HasPrefix(strings.ReplaceAll(string(title), "\x00", " "), "dovecot/imap ["+name+" ") {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// auth-postfix is the socket by which Postfix asks for passwords. The penalty
// for wrong passwords is off because it is kept by address, and all tests come
// from the same one; the delay of two seconds for each stays.
const dovecotConf = `
base_dir = @dir@/run
state_dir = @dir@/state
log_path = @dir@/server.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <@dir@/tls.crt
ssl_key = <@dir@/tls.key
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 200
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
verbose_proctitle = yes
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = @dir@/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u @dir@/users/%u
}
userdb {
  driver = passwd-file
  args = username_format=%u @dir@/users/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = @imap@
  }
  inet_listener imaps {
    port = @imaps@
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = @lmtp@
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
protocol lmtp {
  postmaster_address = postmaster@quangngai.example
}
`

// oldOpenSSL keeps a program to what was new in 2006 (config(5ssl)).
const oldOpenSSL = `
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = old
[old]
MinProtocol = TLSv1
MaxProtocol = TLSv1.1
CipherString = DEFAULT:@SECLEVEL=0
`
