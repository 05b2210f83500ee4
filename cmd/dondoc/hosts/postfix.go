package hosts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Postfix starts a Postfix of its own that takes mail from the users of a
// Dovecot, who log in as there, and delivers it by LMTP: that of the domains
// named to their servers, all else to the Dovecot, whatever the domain, so that
// nothing can leave the machine. Mail for who has no account comes back to its
// sender as a notification.
func Postfix(dovecot *Server, domains map[string]*Server) (r *Relay, err error) {
	const programs = "/usr/lib/postfix/sbin"
	if _, err := os.Stat(filepath.Join(programs, "master")); err != nil {
		return nil, &Missing{"Postfix", "there is no " + programs + "/master (package postfix)"}
	}
	h, err := newHost("Postfix", "dondoc-postfix-")
	if err != nil {
		return nil, err
	}
	r = &Relay{host: h}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if err := freePorts(&r.submission, &r.smtps, &r.old); err != nil {
		return nil, err
	}
	owner, err := user.Lookup("postfix")
	if err != nil {
		return nil, &Missing{"Postfix", "there is no user postfix (package postfix)"}
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(r.dir, dir), 0o755); err != nil {
			return nil, err
		}
	}
	if err := os.Chown(filepath.Join(r.dir, "data"), uid, -1); err != nil {
		return nil, err
	}
	routes := ""
	for domain, server := range domains {
		routes += fmt.Sprintf(" {%s = lmtp:inet:127.0.0.1:%d}", domain, server.lmtp)
	}
	fill := strings.NewReplacer("@routes@", routes,
		"@dir@", r.dir, "@programs@", programs, "@auth@", filepath.Join(dovecot.dir, "run", "auth-postfix"),
		"@lmtp@", strconv.Itoa(dovecot.lmtp), "@submission@", strconv.Itoa(r.submission), "@smtps@", strconv.Itoa(r.smtps), "@old@", strconv.Itoa(r.old))
	if _, err := r.write("etc/main.cf", fill.Replace(mainCf)); err != nil {
		return nil, err
	}
	if _, err := r.write("etc/master.cf", fill.Replace(masterCf)); err != nil {
		return nil, err
	}
	if _, err := r.write("server.log", ""); err != nil {
		return nil, err
	}
	etc := filepath.Join(r.dir, "etc")
	// It makes the directories of the queue. What it says of files that belong
	// to the package and not to this directory is of no interest.
	check := exec.Command("postfix", "-c", etc, "check")
	if out, err := check.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("postfix check: %w\n%s", err, out)
	}
	r.command = []string{filepath.Join(programs, "master"), "-c", etc}
	r.ready[r.submission] = "220"
	return r, r.Start()
}

const mainCf = `
compatibility_level = 3.6
queue_directory = @dir@/queue
data_directory = @dir@/data
command_directory = /usr/sbin
daemon_directory = @programs@
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.quangngai.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.2/32
relay_domains =
transport_maps = inline:{@routes@ {nobody.example = error:5.1.1 nobody}}
default_transport = lmtp:inet:127.0.0.1:@lmtp@
smtpd_peername_lookup = no
smtpd_tls_cert_file = @dir@/tls.crt
smtpd_tls_key_file = @dir@/tls.key
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = @auth@
smtpd_sasl_auth_enable = yes
smtpd_client_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
smtpd_error_sleep_time = 0
message_size_limit = 52428800
mailbox_size_limit = 0
smtputf8_enable = yes
recipient_delimiter = +
maillog_file = @dir@/server.log
maillog_file_prefixes = @dir@
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
`

const masterCf = `
127.0.0.1:@submission@ inet n - n - - smtpd
127.0.0.1:@smtps@ inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:@old@ inet n - n - - smtpd
  -o smtpd_tls_mandatory_protocols=<=TLSv1.1
  -o smtpd_tls_mandatory_ciphers=medium
  -o tls_medium_cipherlist=DEFAULT:@SECLEVEL=0
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
