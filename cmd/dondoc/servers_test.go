package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"dondoc/cmd/dondoc/hosts"
	"dondoc/config"
	"dondoc/config/builtin"
)

// TestOnRealServers plays the stories of a campaign day on servers that we did
// not write: the committee's mailbox on Dovecot or on Cyrus, letters through
// Postfix, which delivers them to the units' mailboxes on Dovecot.
func TestOnRealServers(t *testing.T) {
	stories := []struct {
		sentence string
		play     func(*testing.T, site)
	}{
		{"mail comes in, is filed and answered, and a second round does nothing", inFiledAnswered},
		{"folders with Vietnamese names are read", vietnameseFolders},
		{"mail that was dealt with moves to a folder and stays as it was", movedAway},
		{"IDLE wakes the daemon", idleWakes},
		{"the server's process is killed in the middle of a mail", killedInTheMiddle},
		{"a wrong password is said and costs nothing", wrongPassword},
		{"a letter to nobody comes back and is understood", letterComesBack},
	}
	r := startReal(t)
	for _, s := range []struct {
		name string
		box  *hosts.Server
		err  error
	}{{"Dovecot", r.dovecot, r.dovecotErr}, {"Cyrus", r.cyrus, errors.Join(r.dovecotErr, r.cyrusErr)}} {
		t.Run(s.name, func(t *testing.T) {
			require(t, errors.Join(s.err, r.postfixErr))
			for _, story := range stories {
				t.Run(story.sentence, func(t *testing.T) {
					t.Parallel()
					story.play(t, site{box: s.box, units: r.dovecot, relay: r.postfix})
				})
			}
		})
	}
}

// require skips the test where a server is missing, or fails it where
// DONDOC_REQUIRE_SERVERS says that none may be.
func require(t *testing.T, err error) {
	t.Helper()
	var missing *hosts.Missing
	switch {
	case err == nil:
	case errors.As(err, &missing) && os.Getenv("DONDOC_REQUIRE_SERVERS") != "1":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// real are the servers of all stories; each story has its own users on them.
type real struct {
	dovecot, cyrus                   *hosts.Server
	postfix                          *hosts.Relay
	dovecotErr, cyrusErr, postfixErr error
}

// Domains of the committee: its mailbox is on Dovecot in one, on Cyrus in the
// other.
const (
	dovecotDomain = "bdvtu.quangngai.example"
	cyrusDomain   = "cyrus.quangngai.example"
)

func startReal(t *testing.T) *real {
	t.Helper()
	r := &real{}
	var both sync.WaitGroup
	both.Go(func() { r.dovecot, r.dovecotErr = hosts.Dovecot() })
	both.Go(func() { r.cyrus, r.cyrusErr = hosts.Cyrus() })
	both.Wait()
	if r.dovecotErr == nil {
		t.Cleanup(func() { r.dovecot.Close() })
		r.postfixErr = r.dovecotErr
		domains := map[string]*hosts.Server{}
		if r.cyrusErr == nil {
			domains[cyrusDomain] = r.cyrus
		}
		if r.postfix, r.postfixErr = hosts.Postfix(r.dovecot, domains); r.postfixErr == nil {
			t.Cleanup(func() { r.postfix.Close() })
		}
		rows, err := csv.NewReader(bytes.NewReader(builtin.Units)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		addresses := []string{deskAddress}
		for _, row := range rows[1:] {
			addresses = append(addresses, strings.FieldsFunc(row[slices.Index(rows[0], "emails")], func(r rune) bool { return r == '|' || r == ' ' })...)
		}
		for _, address := range addresses {
			if err := r.dovecot.AddUser(address, password); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r.cyrusErr == nil {
		t.Cleanup(func() { r.cyrus.Close() })
	}
	t.Cleanup(func() {
		if t.Failed() && r.postfixErr == nil {
			t.Logf("Dovecot:\n%s\nPostfix:\n%s", r.dovecot.Log(), r.postfix.Log())
		}
	})
	return r
}

// deskAddress gets the digests of all stories.
const deskAddress = "phongth@bdvtu.quangngai.example"

// password is everybody's.
const password = "mat-khau"

// site is where one story plays.
type site struct {
	box   *hosts.Server // has the committee's mailbox
	units *hosts.Server // has the units' mailboxes
	relay *hosts.Relay
}

// desk is a campaign whose committee has its own mailbox on real servers.
type desk struct {
	*world
	site
	user    string // in the mailbox's server
	address string
}

var desks atomic.Int64

// open is a live campaign of the named units that has invited them.
func (s site) open(t *testing.T, units ...string) *desk {
	t.Helper()
	d := s.declare(t, units...)
	d.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	d.must(at(t, "2022-10-04 07:45"), "once")
	return d
}

func (s site) declare(t *testing.T, units ...string) *desk {
	t.Helper()
	name := fmt.Sprintf("tiepnhan-%d", desks.Add(1))
	d := &desk{world: &world{t: t, dir: t.TempDir()}, site: s, user: name, address: name + "@" + cyrusDomain}
	if s.box == s.units {
		d.address = name + "@" + dovecotDomain
		d.user = d.address
	}
	for server, user := range map[*hosts.Server]string{s.box: d.user, s.units: d.address} {
		if err := server.AddUser(user, password); err != nil {
			t.Fatal(err)
		}
	}
	if err := config.Init(d.dir); err != nil {
		t.Fatal(err)
	}
	d.edit("campaign.yaml",
		`(?m)^mode: .*`, "mode: live",
		`url: "imaps[^"]*"`, fmt.Sprintf(`url: %q`, s.box.URL(d.user)),
		`url: "smtp[^"]*"`, fmt.Sprintf(`url: %q`, s.relay.URL(d.address)),
		`(?m)^receipt_delay: .*`, "receipt_delay: 0",
		`(?m)^  from: .*`, "  from: "+d.address,
		`(?m)^  address: .*`, "  address: "+d.address,
		`(?m)^desk: .*`, "desk: ["+deskAddress+"]",
	)
	d.ca("mailbox", s.box.CA())
	d.ca("smtp", s.relay.CA())
	d.roster(units...)
	return d
}

// ca names the certificate that a section of the configuration trusts.
func (d *desk) ca(section, file string) {
	d.edit("campaign.yaml", `(?ms)^`+section+`:\n.*?^  ca_file: ""`, d.section(section)+`  ca_file: "`+file+`"`)
}

// section is the text of a section up to its ca_file.
func (d *desk) section(name string) string {
	d.t.Helper()
	b, err := os.ReadFile(filepath.Join(d.dir, "campaign.yaml"))
	if err != nil {
		d.t.Fatal(err)
	}
	_, rest, _ := strings.Cut("\n"+string(b), "\n"+name+":\n")
	before, _, found := strings.Cut(rest, `  ca_file: ""`)
	if !found {
		d.t.Fatalf("campaign.yaml has no ca_file in %s", name)
	}
	return name + ":\n" + before
}

// swaks hands in a mail with a program that is not ours: by submission, with
// STARTTLS and a login, in the name of a unit.
func (d *desk) swaks(from string, raw []byte) {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), "mail.eml")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		d.t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(d.relay.Addr())
	out, err := exec.Command("swaks", "--server", host, "--port", port, "--helo", "may.example",
		"--tls", "--tls-verify", "--tls-ca-path", d.relay.CA(),
		"--auth", "PLAIN", "--auth-user", from, "--auth-password", password,
		"--from", from, "--to", d.address, "--data", "@"+file).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		err = &hosts.Missing{Server: "swaks", What: "there is no program swaks"}
		require(d.t.(*testing.T), err)
	}
	if err != nil {
		d.t.Fatalf("swaks: %v\n%s", err, out)
	}
}

// login logs in as a person's mail program would.
func login(t testing.TB, server *hosts.Server, user string) *imapclient.Client {
	t.Helper()
	pem, err := os.ReadFile(server.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := imapclient.DialTLS(server.Addr(), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: pool}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(user, password).Wait(); err != nil {
		t.Fatalf("%s: %v", user, err)
	}
	return c
}

// stored is one mail as a mailbox has it.
type stored struct {
	flags []imap.Flag
	raw   []byte
}

func (s stored) has(flag imap.Flag) bool {
	return slices.ContainsFunc(s.flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(flag)) })
}

func (s stored) header(name string) string {
	m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

// folder reads a whole folder without changing it.
func folder(t testing.TB, c *imapclient.Client, name string) []stored {
	t.Helper()
	sel, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if sel.NumMessages == 0 {
		return nil
	}
	body := &imap.FetchItemBodySection{Peek: true}
	all, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var mails []stored
	for _, m := range all {
		mails = append(mails, stored{m.Flags, m.FindBodySection(body)})
	}
	return mails
}

// until asks again and again, because what servers hand to one another takes
// a moment.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 400 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("after 20 seconds still not: %s", what)
}

// append puts a mail into a folder of the committee's mailbox.
func (d *desk) append(folder string, raw []byte) {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: at(d.t, "2022-10-12 09:30")})
	if _, err := cmd.Write(raw); err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		d.t.Fatal(err)
	}
	if _, err := cmd.Wait(); err != nil {
		d.t.Fatal(err)
	}
}

// create makes folders in the committee's mailbox.
func (d *desk) create(names ...string) {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	for _, name := range names {
		if err := c.Create(name, nil).Wait(); err != nil {
			d.t.Fatalf("%s: %v", name, err)
		}
	}
}

// inbox is what the committee's mail program shows.
func (d *desk) inbox() []stored {
	d.t.Helper()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	return folder(d.t, c, "INBOX")
}

// answer waits for the letter that answers a mail, in the mailbox of a unit.
func (d *desk) answer(address, messageID string) stored {
	d.t.Helper()
	c := login(d.t, d.units, address)
	defer c.Close()
	var found stored
	until(d.t, "an answer to "+messageID+" in the mailbox of "+address, func() bool {
		for _, m := range folder(d.t, c, "INBOX") {
			if strings.Contains(m.header("From"), d.address) && m.header("In-Reply-To") == messageID {
				found = m
			}
		}
		return found.raw != nil
	})
	return found
}

// idle is a round that must find nothing to do.
func (d *desk) idle(now time.Time) {
	d.t.Helper()
	got := lines[done](d.t, d.must(now, "once", "--json"))[0]
	if got.Fetched+got.Filed+got.Held+got.Ignored+got.Quarantined+got.Posted+got.Sent != 0 {
		d.t.Errorf("a further round still did something: %+v", got)
	}
}

// filings counts the files in the tree for people.
func (d *desk) filings() int {
	n := 0
	filepath.WalkDir(filepath.Join(d.dir, "ho-so"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// complete is a unit's mail with all that the letter asks of it.
func (d *desk) complete(unit, from, name string, more ...file) []byte {
	return mail(from, "Báo cáo DVK 2022 - "+name, "Kính gửi Ban Dân vận", append([]file{
		{"Bao cao.docx", report(strings.ToUpper(name))}, {"Phu luc so lieu.xlsx", d.filled(unit, 5)},
		{"Mo hinh 1.docx", model("Nước sạch")}, {"Mo hinh 2.docx", model("Đường hoa")}}, more...)...)
}

func messageID(raw []byte) string { return stored{raw: raw}.header("Message-ID") }

func inFiledAnswered(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON")
	raw := d.complete("HU-BINHSON", "vanthu@hubinhson.quangngai.example", "Huyện ủy Bình Sơn")
	d.swaks("vanthu@hubinhson.quangngai.example", raw)
	until(t, "the unit's mail in the committee's mailbox", func() bool { return len(d.inbox()) == 1 })
	if trace := d.inbox()[0].header("Received"); trace == "" {
		t.Errorf("the mail has no trace of the servers it passed")
	}
	// What else is due at this hour, such as the digest, goes out too.
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 1 || got.Filed != 1 || got.Sent == 0 || got.Sent != got.Posted {
		t.Errorf("of the unit's mail the round made %+v", got)
	}
	if n := d.filings(); n < 4 {
		t.Errorf("%d files under ho-so, want the four of the mail", n)
	}
	receipt := d.answer("vanthu@hubinhson.quangngai.example", messageID(raw))
	if key := receipt.header("X-Dondoc-Key"); !strings.HasPrefix(key, "receipt/") {
		t.Errorf("the unit got the letter %q, want a receipt", key)
	}
	if !strings.Contains(string(receipt.raw), "with ESMTPSA") {
		t.Errorf("the receipt did not go out with TLS and a login:\n%.800s", receipt.raw)
	}
	m := d.inbox()[0]
	if !m.has("$Dondoc") || m.has(imap.FlagSeen) {
		t.Errorf("the mail has the flags %v, want $Dondoc and not \\Seen", m.flags)
	}
	d.idle(now)
	d.must(now, "verify")
}

func vietnameseFolders(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO", "S-YT")
	folders := []string{"Báo cáo đơn vị", "Năm 2022", "Năm 2022/Tháng Mười & khác"}
	d.create(folders...)
	d.edit("campaign.yaml", `(?m)^  folders: .*`, `  folders: [INBOX, "`+strings.Join(folders, `", "`)+`"]`)
	for i, folder := range append(folders, "INBOX") {
		d.append(folder, mail("vanthu@hubato.quangngai.example", fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở."))
	}
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 4 {
		t.Errorf("of four folders with a mail each the round made %+v", got)
	}
	d.idle(now)
	c := login(t, s.box, d.user)
	for _, name := range folders {
		for _, m := range folder(t, c, name) {
			if !m.has("$Dondoc") || m.has(imap.FlagSeen) {
				t.Errorf("%s: the mail has the flags %v, want $Dondoc and not \\Seen", name, m.flags)
			}
		}
	}
}

func movedAway(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BATO", "S-YT")
	d.create("Đã xử lý")
	d.edit("campaign.yaml", `(?m)^  move: .*`, `  move: "Đã xử lý"`)
	var want []string
	for i := range 3 {
		raw := mail("vanthu@hubato.quangngai.example", fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở.")
		want = append(want, string(raw))
		d.append("INBOX", raw)
	}
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 3 {
		t.Errorf("of three mails the round made %+v", got)
	}
	if rest := d.inbox(); len(rest) != 0 {
		t.Errorf("%d mails are still in INBOX", len(rest))
	}
	var got []string
	for _, m := range folder(t, login(t, s.box, d.user), "Đã xử lý") {
		got = append(got, string(m.raw))
		if !m.has("$Dondoc") || m.has(imap.FlagSeen) {
			t.Errorf("a moved mail has the flags %v, want $Dondoc and not \\Seen", m.flags)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the folder has %d mails that are not the three, byte for byte", len(got))
	}
	d.idle(now)
}

func idleWakes(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// Its clock stands still, so no poll is ever due: only the server's
		// word can make it look again.
		if out, code := d.runUntil(ctx, at(t, "2022-10-12 10:00"), "run"); code != exitDone {
			t.Errorf("run: exit %d\n%s", code, out)
		}
	}()
	for i := range 3 {
		d.append("INBOX", mail("vanthu@hubato.quangngai.example", fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở."))
		until(t, fmt.Sprintf("mail %d dealt with", i+1), func() bool {
			mails := d.inbox()
			return len(mails) == i+1 && !slices.ContainsFunc(mails, func(m stored) bool { return !m.has("$Dondoc") })
		})
	}
	stop()
	<-ended
}

func killedInTheMiddle(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO", "S-YT")
	photo := make([]byte, 12<<20)
	for i := range photo {
		photo[i] = byte(i * i >> 7)
	}
	large := d.complete("HU-BINHSON", "vanthu@hubinhson.quangngai.example", "Huyện ủy Bình Sơn", file{"Anh.jpg", append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), photo...)})
	mails := [][]byte{
		mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."), large,
		mail("vanthu@hubato.quangngai.example", "Hỏi thêm", "Xin hỏi cách ghi cấp tỉnh."),
	}
	for _, raw := range mails {
		d.append("INBOX", raw)
	}
	killed := 0
	through := relayTCP(t, s.box.Addr(), 4<<20, func() {
		n, err := s.box.KillSessions(d.user)
		if err != nil || n == 0 {
			t.Errorf("killed %d processes of the IMAP server: %v", n, err)
		}
		killed += n
	})
	d.edit("campaign.yaml", `url: "imaps[^"]*"`, fmt.Sprintf(`url: %q`, strings.Replace(s.box.URL(d.user), s.box.Addr(), through, 1)))
	d.run(now, "once")
	if killed == 0 {
		t.Fatal("nothing was killed: this test looks in the wrong place")
	}
	d.must(now, "once")
	d.idle(now)
	d.must(now, "verify")
	for i, raw := range mails {
		sum := fmt.Sprintf("%x", sha256.Sum256(raw))
		if _, err := os.Stat(filepath.Join(d.dir, "data", "archive", sum[:2], sum[2:])); err != nil {
			t.Errorf("mail %d is not kept as it was: %v", i+1, err)
		}
	}
	if got := letterKinds(d, now); got["receipt"] != 1 || got["acknowledge"] > 2 {
		t.Errorf("the letters are %v", got)
	}
}

// letterKinds counts the letters that answer mail.
func letterKinds(d *desk, now time.Time) map[string]int {
	d.t.Helper()
	kinds := map[string]int{}
	for _, l := range lines[letterJSON](d.t, d.must(now, "letters", "--json")) {
		kinds[l.Kind]++
	}
	return kinds
}

// relayTCP passes bytes between its own address and a server's. When the
// server has said so many of them it calls do, once, and goes on.
func relayTCP(t *testing.T, to string, after int64, do func()) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var once sync.Once
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			go func() {
				io.Copy(server, client)
				server.Close()
			}()
			go func() {
				defer client.Close()
				if n, _ := io.CopyN(client, server, after); n == after {
					once.Do(do)
				}
				io.Copy(client, server)
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return net.JoinHostPort("localhost", port)
}

func wrongPassword(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := mail("vanthu@hubato.quangngai.example", "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở.")
	d.append("INBOX", raw)
	try := func(wrong string) (string, int) {
		p, out := d.program(now)
		p.Getenv = func(name string) string {
			if name == wrong {
				return "sai-roi"
			}
			return password
		}
		code := p.Run(context.Background(), []string{"once", "-C", d.dir})
		return out.String(), code
	}
	if out, code := try("DONDOC_IMAP_PASSWORD"); code != exitFailed || !strings.Contains(out, "the mail server refuses") {
		t.Errorf("with a wrong password for the mailbox: exit %d\n%s", code, out)
	}
	if n := d.filings(); n != 0 {
		t.Errorf("%d files were filed from a mailbox that was not opened", n)
	}
	try("DONDOC_SMTP_PASSWORD")
	for _, l := range lines[letterJSON](t, d.must(now, "letters", "--json")) {
		if l.Answers == nil {
			continue
		}
		for _, x := range l.Deliveries {
			if x.Outcome != "trouble" && x.Outcome != "waiting" {
				t.Errorf("with a wrong password for SMTP %s was %s: %s", l.Key, x.Outcome, x.Detail)
			}
		}
	}
	later := now.Add(time.Hour)
	d.must(later, "once")
	d.answer("vanthu@hubato.quangngai.example", messageID(raw))
	d.idle(later)
}

func letterComesBack(t *testing.T, s site) {
	d := s.declare(t, "HU-BINHSON", "HU-BATO")
	d.edit("units.csv", `vanthu@hubato\.quangngai\.example`, "khong-co-ai@hubato.quangngai.example")
	d.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	d.must(at(t, "2022-10-04 07:45"), "once")
	until(t, "the notification in the committee's mailbox", func() bool { return len(d.inbox()) == 1 })
	now := at(t, "2022-10-04 09:00")
	got := lines[done](t, d.must(now, "once", "--json"))[0]
	if got.Fetched != 1 || got.Ignored != 1 || got.Sent != 0 {
		t.Errorf("the notification made the round %+v", got)
	}
	table := lines[struct {
		Units []struct {
			Code      string
			Reachable bool
		}
	}](t, d.must(now, "status", "--json"))[0]
	for _, u := range table.Units {
		if u.Reachable != (u.Code == "HU-BINHSON") {
			t.Errorf("%s: reachable is %v", u.Code, u.Reachable)
		}
	}
}
