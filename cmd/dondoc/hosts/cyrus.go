package hosts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// unpacked is where Debian's cyrus-common and cyrus-imapd are looked for when
// DONDOC_CYRUS names no other place. They are unpacked there and not installed,
// because they conflict with dovecot-imapd. The user as whom Cyrus runs has to
// be able to enter it: a place below root's home will not do.
const unpacked = "/var/cache/dondoc/cyrus"

// cyrusRoot is the directory below which the programs are.
func cyrusRoot() (string, error) {
	root := unpacked
	if named := os.Getenv("DONDOC_CYRUS"); named != "" {
		root = named
	}
	if _, err := os.Stat(filepath.Join(root, "usr/lib/cyrus/bin/imapd")); err != nil {
		return "", &Missing{"Cyrus", "the packages cyrus-common and cyrus-imapd are not unpacked in " + root}
	}
	return root, nil
}

// Cyrus starts a Cyrus IMAP of its own.
func Cyrus() (*Server, error) { return cyrus(false) }

// OldCyrus starts one that speaks TLS 1.0 and 1.1 and nothing newer.
func OldCyrus() (*Server, error) { return cyrus(true) }

func cyrus(old bool) (s *Server, err error) {
	root, err := cyrusRoot()
	if err != nil {
		return nil, err
	}
	h, err := newHost("Cyrus", "dondoc-cyrus-")
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
	for _, dir := range []string{"spool", "proc", "socket", "auth", "conf/db", "conf/db.backup1", "conf/db.backup2", "conf/msg", "conf/user", "conf/quota", "conf/log", "conf/lock", "conf/sieve"} {
		if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o755); err != nil {
			return nil, err
		}
	}
	asked, err := answerPasswords(filepath.Join(s.dir, "auth", "mux"))
	if err != nil {
		return nil, err
	}
	s.addUser = func(name, password string) error {
		if strings.Contains(name, "@") {
			return fmt.Errorf("%s: this Cyrus has users without a domain", name)
		}
		asked.set(name, password)
		return nil
	}
	s.sessions = s.cyrusSessions
	fill := strings.NewReplacer("@dir@", s.dir, "@bin@", filepath.Join(root, "usr/lib/cyrus/bin"),
		"@imap@", strconv.Itoa(s.imap), "@imaps@", strconv.Itoa(s.imaps), "@lmtp@", strconv.Itoa(s.lmtp))
	settings := imapdConf
	if old {
		settings += "tls_versions: tls1_0 tls1_1\ntls_ciphers: DEFAULT:@SECLEVEL=0\n"
	}
	imapd, err := s.write("imapd.conf", fill.Replace(settings))
	if err != nil {
		return nil, err
	}
	services, err := s.write("cyrus.conf", fill.Replace(cyrusConf))
	if err != nil {
		return nil, err
	}
	if err := give(s.dir); err != nil {
		return nil, err
	}
	s.command = []string{filepath.Join(root, "usr/lib/cyrus/bin/master"), "-C", imapd, "-M", services, "-p", filepath.Join(s.dir, "master.pid")}
	libraries, err := filepath.Glob(filepath.Join(root, "usr/lib/*-linux-gnu*"))
	if err != nil {
		return nil, err
	}
	s.env = []string{"LD_LIBRARY_PATH=" + strings.Join(libraries, ":")}
	s.ready[s.imap], s.ready[s.lmtp] = "* OK", "220"
	return s, s.Start()
}

// give makes the directory the user's as whom Cyrus runs.
func give(dir string) error {
	uid, gid, err := mailUser()
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}

// cyrusSessions reads what each process says it is doing: service, client,
// user, mailbox.
func (s *Server) cyrusSessions(name string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, "proc"))
	var pids []int
	for _, e := range entries {
		says, err := os.ReadFile(filepath.Join(s.dir, "proc", e.Name()))
		pid, nerr := strconv.Atoi(e.Name())
		if fields := strings.Split(string(says), "\t"); err == nil && nerr == nil && len(fields) > 2 && strings.HasPrefix(fields[0], "imap") && fields[2] == name {
			pids = append(pids, pid)
		}
	}
	return pids, err
}

const imapdConf = `
configdirectory: @dir@/conf
partition-default: @dir@/spool
defaultpartition: default
proc_path: @dir@/proc
mboxname_lockpath: @dir@/conf/lock
cyrus_user: mail
allowplaintext: no
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: @dir@/auth/mux
sasl_mech_list: PLAIN LOGIN
servername: localhost
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
lmtp_downcase_rcpt: yes
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent
xlist-sent: Sent
tls_server_cert: @dir@/tls.crt
tls_server_key: @dir@/tls.key
idlesocket: @dir@/socket/idle
lmtpsocket: @dir@/socket/lmtp
notifysocket: @dir@/socket/notify
imapidlepoll: 1
maxlogins_per_user: 0
maxmessagesize: 0
duplicatesuppression: no
conversations: no
skiplist_unsafe: yes
`

const cyrusConf = `
START {
  recover cmd="@bin@/ctl_cyrusdb -C @dir@/imapd.conf -r"
}
SERVICES {
  imap cmd="@bin@/imapd -C @dir@/imapd.conf -U 100" listen="127.0.0.1:@imap@" prefork=1 maxchild=100
  imaps cmd="@bin@/imapd -s -C @dir@/imapd.conf -U 100" listen="127.0.0.1:@imaps@" prefork=1 maxchild=100
  lmtp cmd="@bin@/lmtpd -a -C @dir@/imapd.conf" listen="127.0.0.1:@lmtp@" prefork=1 maxchild=20
}
DAEMON {
  idled cmd="@bin@/idled -C @dir@/imapd.conf"
}
`
