package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dondoc/cmd/dondoc/hosts"
	"dondoc/config"
	"dondoc/config/builtin"
	"dondoc/notify/letter"
)

// story is what happens to one committee with its own mailbox.
type story struct {
	sentence string
	play     func(*testing.T, site)
}

// TestOnRealServers plays the stories of a campaign on servers that we did not
// write: the committee's mailbox on Dovecot or on Cyrus, letters through
// Postfix, which delivers them to the units' mailboxes on Dovecot.
func TestOnRealServers(t *testing.T) {
	onRealServers(t, slices.Concat(mailStories, dayStories, accessStories, companyStories)...)
}

// TestSwaksInFiledOnceAndThenNothing is the shortest whole story: a mail is
// handed in by a program that is not ours, one round files and answers it, and
// a second one has nothing to do.
func TestSwaksInFiledOnceAndThenNothing(t *testing.T) {
	onRealServers(t, story{"swaks in, files under ho-so, a receipt, and zeros", inFiledAnswered})
}

func onRealServers(t *testing.T, stories ...story) {
	r := realServers()
	for _, s := range []struct {
		name string
		box  *hosts.Server
		err  error
	}{{"Dovecot", r.dovecot, nil}, {"Cyrus", r.cyrus, r.cyrusErr}} {
		t.Run(s.name, func(t *testing.T) {
			require(t, errors.Join(r.dovecotErr, s.err, r.postfixErr))
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
func require(t testing.TB, err error) {
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

// realServers starts the servers for the first test that asks. They end with
// this process.
var realServers = sync.OnceValue(func() *real {
	r := &real{}
	var both sync.WaitGroup
	both.Go(func() { r.dovecot, r.dovecotErr = hosts.Dovecot() })
	both.Go(func() { r.cyrus, r.cyrusErr = hosts.Cyrus() })
	both.Wait()
	if r.dovecotErr != nil {
		return r
	}
	domains := map[string]*hosts.Server{}
	if r.cyrusErr == nil {
		domains[cyrusDomain] = r.cyrus
	}
	r.postfix, r.postfixErr = hosts.Postfix(r.dovecot, domains)
	for _, address := range accounts() {
		r.dovecotErr = errors.Join(r.dovecotErr, r.dovecot.AddUser(address, password))
	}
	return r
})

// rosterAddresses are those of all units.
func rosterAddresses() []string {
	rows, err := csv.NewReader(bytes.NewReader(builtin.Units)).ReadAll()
	if err != nil {
		panic(err) // ours, and tried by every other test
	}
	var all []string
	for _, row := range rows[1:] {
		all = append(all, strings.FieldsFunc(row[slices.Index(rows[0], "emails")], func(r rune) bool { return r == '|' || r == ' ' })...)
	}
	return all
}

const (
	deskAddress     = "phongth@bdvtu.quangngai.example" // gets the digests of all stories
	strangerAddress = "nguoila@thucanhan.example"       // of no unit
	password        = "mat-khau"                        // everybody's
)

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

	seen  map[string]time.Time // when each mail was handed in, by Message-ID
	whole map[string]bool      // mails with which a unit has given all
}

var desks atomic.Int64

// open is a live campaign of the named units that has invited them.
func (s site) open(t testing.TB, units ...string) *desk {
	t.Helper()
	d := s.declare(t, units...)
	d.invite()
	return d
}

// invite sends the invitations, on the day for it.
func (d *desk) invite() {
	d.t.Helper()
	d.must(at(d.t, "2022-10-04 07:30"), "invite", "--yes")
	d.must(at(d.t, "2022-10-04 07:45"), "once")
}

// declare is a live campaign of the named units that has not begun. The witness
// judges it at its end.
func (s site) declare(t testing.TB, units ...string) *desk {
	t.Helper()
	d := s.campaign(t, units...)
	d.watch()
	t.Cleanup(func() {
		if !t.Failed() {
			d.witnessed()
		}
	})
	return d
}

// campaign is one without a witness.
func (s site) campaign(t testing.TB, units ...string) *desk {
	t.Helper()
	name := fmt.Sprintf("tiepnhan-%d", desks.Add(1))
	d := &desk{world: &world{t: t, dir: t.TempDir()}, site: s, user: name, address: name + "@" + cyrusDomain, seen: map[string]time.Time{}, whole: map[string]bool{}}
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
	d.key("", "mode", "live")
	d.key("", "receipt_delay", "0")
	d.key("", "desk", "["+deskAddress+"]")
	d.key("mailbox", "url", s.box.URL(d.user))
	d.key("mailbox", "ca_file", s.box.CA())
	d.key("mailbox", "address", d.address)
	d.key("smtp", "url", s.relay.URL(d.address))
	d.key("smtp", "ca_file", s.relay.CA())
	d.key("smtp", "from", d.address)
	d.key("smtp", "pace", "0s")
	d.roster(units...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%v:\n%sPostfix:\n%s", s.box, about(name, s.box.Log()), about(name, s.relay.Log()))
		}
	})
	return d
}

// about are the lines of a log that name an address, the last of them.
func about(address, log string) string {
	name, _, _ := strings.Cut(address, "@")
	var all []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, name+"@") {
			all = append(all, line)
		}
	}
	return strings.Join(all[max(0, len(all)-50):], "")
}

// key writes a key of campaign.yaml, or takes it out when value is empty.
// Section is "" for those at the margin.
func (d *desk) key(section, key, value string) {
	d.t.Helper()
	path := filepath.Join(d.dir, "campaign.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	text, from, indent := string(b), 0, ""
	if section != "" {
		i := strings.Index("\n"+text, "\n"+section+":\n")
		if i < 0 {
			d.t.Fatalf("campaign.yaml has no section %s", section)
		}
		from, indent = i+len(section)+2, "  "
	}
	line := ""
	if value != "" {
		line = indent + key + ": " + value + "\n"
	}
	rest := text[from:]
	if section != "" {
		if end := regexp.MustCompile(`(?m)^[^ #\n]`).FindStringIndex(rest); end != nil {
			rest = rest[:end[0]]
		}
	}
	after := text[from+len(rest):]
	if old := regexp.MustCompile(`(?m)^` + indent + key + `:.*\n`).FindStringIndex(rest); old != nil {
		rest = rest[:old[0]] + line + rest[old[1]:]
	} else {
		rest = line + rest
	}
	if err := os.WriteFile(path, []byte(text[:from]+rest+after), 0o600); err != nil {
		d.t.Fatal(err)
	}
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
	raw := mail(from, "Báo cáo DVK 2022 - "+name, "Kính gửi Ban Dân vận", append([]file{
		{"Bao cao.docx", report(strings.ToUpper(name))}, {"Phu luc so lieu.xlsx", d.filled(unit, 5)},
		{"Mo hinh 1.docx", model("Nước sạch")}, {"Mo hinh 2.docx", model("Đường hoa")}}, more...)...)
	d.whole[messageID(raw)] = true
	return raw
}

func messageID(raw []byte) string { return stored{raw: raw}.header("Message-ID") }

// standing is where a unit stands, as `status` tells it.
func (d *desk) standing(now time.Time, unit string) unitJSON {
	d.t.Helper()
	for _, u := range lines[statusJSON](d.t, d.must(now, "status", "--json"))[0].Units {
		if u.Code == unit {
			return u
		}
	}
	d.t.Fatalf("status knows no unit %s", unit)
	return unitJSON{}
}

// wantLetters compares how many letters there are of each kind, invitations
// and digests aside, which depend on the hour.
func (d *desk) wantLetters(now time.Time, want map[string]int) {
	d.t.Helper()
	got := map[string]int{}
	for _, l := range lines[letterJSON](d.t, d.must(now, "letters", "--json")) {
		if l.Kind != letter.Invite && l.Kind != letter.DigestKind && l.Withdrawn == "" {
			got[l.Kind]++
		}
	}
	if !maps.Equal(got, want) {
		d.t.Errorf("besides invitations and digests the letters are %v, want %v", got, want)
	}
}
