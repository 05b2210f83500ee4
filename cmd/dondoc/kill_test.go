//go:build linux

package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	netmail "net/mail"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"dondoc/cmd/dondoc/witness"
	"dondoc/config/builtin"
)

// A campaign's day in which it is killed: this long in a sample, and in a long
// test.
const (
	shortDay = 10 * time.Second
	longDay  = 50 * time.Second
)

// TestFaultKill lets the real program work on a campaign's day, on the wall's
// clock, between real servers, and kills it with SIGKILL at random instants,
// also while it starts and while it recovers. However often it died, the end is
// that of an undisturbed day: the witness finds nothing, verify is clean, and a
// further round has nothing to do. One day is `run`, the next `once` over and
// over.
func TestFaultKill(t *testing.T) {
	r := realServers()
	require(t, errors.Join(r.dovecotErr, r.postfixErr))
	f := newFaults(t)
	rng := f.draw()
	length := shortDay
	if f.long() {
		length = longDay
	}
	var all daily
	for n := 0; n == 0 || f.goesOn(); n++ {
		command := []string{"run", "once"}[n%2]
		f.ordeal(fmt.Sprintf("day %d with %s", n+1, command), func(t *testing.T) {
			k := newKilling(t, site{box: r.dovecot, units: r.dovecot, relay: r.postfix}, rng, length)
			k.day(command)
			k.days = 1
			all.add(k.daily)
			f.count(func(n *tally) {
				n.kills += k.kills
				n.restarts += k.kills + k.ended
				n.verifies++
				n.letters += k.letters
				n.repeated += k.repeated
			})
			t.Logf("%s\nsince %s: %s", k.daily, f.begun.Format(time.TimeOnly), all)
		})
	}
}

// daily counts what happened on such days.
type daily struct {
	days, kills, readers, ended, mails, letters, repeated, late int
	kinds                                                       map[string]int // of letters
}

func (a *daily) add(b daily) {
	a.days, a.kills, a.readers, a.ended = a.days+b.days, a.kills+b.kills, a.readers+b.readers, a.ended+b.ended
	a.mails, a.letters, a.repeated, a.late = a.mails+b.mails, a.letters+b.letters, a.repeated+b.repeated, a.late+b.late
	if a.kinds == nil {
		a.kinds = map[string]int{}
	}
	for kind, n := range b.kinds {
		a.kinds[kind] += n
	}
}

func (a daily) String() string {
	return fmt.Sprintf("%d days, %d kills (%d with a reader at work), %d processes that ended by themselves, %d mails, %d letters %v, %d repeated in the same bytes, %d deliveries that had to wait",
		a.days, a.kills, a.readers, a.ended, a.mails, a.letters, a.kinds, a.repeated, a.late)
}

// killing is one campaign's day.
type killing struct {
	*desk
	daily
	rng       *rand.Rand
	length    time.Duration // of the time in which it is killed
	yesterday time.Time     // when the first half was invited
	begun     time.Time
	units     []killed
	log       *os.File

	mu        sync.Mutex
	meant     map[string]witness.Mail // by Message-ID
	handedIn  int                     // mails that have to arrive
	strangers []string
}

// killed is a unit of the roster.
type killed struct{ code, name, address string }

// nobodys is an address that no mailbox belongs to: what goes there comes back.
const nobodys = "khong-co-ai@sct.quangngai.example"

func newKilling(t *testing.T, s site, rng *rand.Rand, length time.Duration) *killing {
	t.Helper()
	k := &killing{daily: daily{kinds: map[string]int{}}, rng: rng, length: length, units: someUnits(24), meant: map[string]witness.Mail{}}
	var codes []string
	for _, u := range k.units {
		codes = append(codes, u.code)
	}
	k.desk = s.campaign(t, codes...)
	// A zone in which it is about noon keeps midnight out of the day.
	now := time.Now()
	zone := fmt.Sprintf("Etc/GMT%+d", now.UTC().Hour()-12)
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	today := now.In(loc)
	k.yesterday = time.Date(today.Year(), today.Month(), today.Day(), 0, -30, 0, 0, loc)
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	// Reminders fall due in the middle of it all.
	due := now.Add(length / 2).In(loc)
	works := ""
	for n := -1; n <= 0; n++ {
		if weekday := today.AddDate(0, 0, n).Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			works += fmt.Sprintf("{date: %s, name: thử, work: yes}, ", day(n))
		}
	}
	k.edit("campaign.yaml",
		`(?m)^timezone: .*`, "timezone: "+zone,
		`(?m)^  date: 2022-10-03`, "  date: "+day(-2),
		`(?m)^deadline: .*`, fmt.Sprintf("deadline: {before: %s, grace_until: %s, closes: %s}", day(1), day(2), day(9)),
		`(?m)^  since: .*`, "  since: "+day(-2),
		`(?ms)^ladder:\n.*?\n\n`, fmt.Sprintf("ladder:\n  - {step: invite, enabled: yes, date: %s, text: invite}\n  - {step: T-1, enabled: yes, only: open, text: last_day}\n\n", day(-1)),
		`(?m)^hours: .*`, `hours: {from: "00:01", to: "23:59"}`,
		`(?m)^holidays: .*`, "holidays: ["+works+"]",
		`(?m)^poll: .*`, `poll: "@every 1s"`,
		`(?m)^reminders: .*`, fmt.Sprintf(`reminders: "%d %d * * *"`, due.Minute(), due.Hour()),
		`(?m)^digest: .*`, `digest: ["* * * * *"]`,
		`(?m)^receipt_delay: .*`, "receipt_delay: 2s",
		`(?m)^  pace: .*`, "  pace: 20ms",
	)
	k.edit("units.csv", `vanthu@sct\.quangngai\.example`, nobodys)
	public := k.public()
	public.Poll = longestLife + time.Second
	for i, u := range public.Units {
		public.Units[i].Unread = slices.Contains(u.Addresses, nobodys)
	}
	k.account = witness.New(public)
	if k.log, err = os.Create(filepath.Join(t.TempDir(), "killed.log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		k.log.Close()
		if t.Failed() {
			b, _ := os.ReadFile(k.log.Name())
			t.Logf("what the killed processes said, the last of it:\n%s", b[max(0, len(b)-20000):])
		}
	})
	return k
}

// someUnits are units of the roster that can be written to by themselves, the
// one with the dead mailbox among them.
func someUnits(n int) (all []killed) {
	rows, err := csv.NewReader(bytes.NewReader(builtin.Units)).ReadAll()
	if err != nil {
		panic(err) // ours, and tried by every other test
	}
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	for _, row := range slices.Backward(rows[1:]) {
		u := killed{column(row, "code"), column(row, "official_name"), column(row, "emails")}
		if column(row, "dup_group") != "" || column(row, "auto_remind") != "yes" || strings.ContainsAny(u.address, "| ") || u.code == "BDV-TU" {
			continue
		}
		if u.code == "S-CT" {
			u.address = nobodys
		}
		if len(all) < n-1 || u.address == nobodys {
			all = append(all, u)
		}
	}
	return all
}

// day plays the day, kills, and lets the witness judge.
func (k *killing) day(command string) {
	t := k.t
	// Half of the units have their invitation; the others get it today.
	later := k.units[len(k.units)/2:]
	pause := []string{"pause"}
	resume := []string{"resume"}
	for _, u := range later {
		k.must(k.yesterday, append(pause, u.code, "--reason", "chờ")...)
	}
	k.must(k.yesterday, "invite", "--yes")
	k.must(k.yesterday, "once")
	for _, u := range later {
		k.must(time.Now(), append(resume, u.code, "--reason", "gửi")...)
	}
	k.begun = time.Now()
	plan := k.plan()
	for len(plan) > 0 && plan[0].at <= 0 {
		plan[0].act()
		plan = plan[1:]
	}
	k.begun = time.Now()
	ctx, end := t.Context(), k.begun.Add(k.length)
	var writing sync.WaitGroup
	writing.Go(func() {
		for _, p := range plan {
			select {
			case <-time.After(time.Until(k.begun.Add(p.at))):
				p.act()
			case <-ctx.Done():
				return
			}
		}
	})
	for time.Now().Before(end) && !t.Failed() {
		k.kill(command)
	}
	writing.Wait()
	k.converge()
	k.judge()
	k.clear()
}

// longestLife is how long a process may live at most before it is killed.
const longestLife = 3 * time.Second

// kill starts the program, kills it at a random instant, a third of the times
// before it has done much, and sees that nothing of it stays.
func (k *killing) kill(command string) {
	life := 50*time.Millisecond + time.Duration(k.rng.Int64N(int64(longestLife-50*time.Millisecond)))
	if k.rng.IntN(3) == 0 {
		life = 20*time.Millisecond + time.Duration(k.rng.Int64N(int64(400*time.Millisecond)))
	}
	end := time.After(life)
	for {
		c := exec.Command("dondoc", command, "-C", k.dir, "--lang", "en")
		c.Env = append(os.Environ(), "DONDOC_IMAP_PASSWORD="+password, "DONDOC_SMTP_PASSWORD="+password, "DONDOC_BY=thử nghiệm")
		c.Stdout, c.Stderr = k.log, k.log
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // its children are known by its session
		if err := c.Start(); err != nil {
			k.t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		select {
		case err := <-ended:
			k.ended++
			var exit *exec.ExitError
			switch {
			case errors.As(err, &exit) && (exit.ExitCode() == exitPerson || exit.ExitCode() == exitFailed && command == "once"):
				// Held mail, or a round that is gone on with in the next one;
				// why, it has written to the log.
			case err != nil || command == "run":
				k.t.Errorf("dondoc %s ended by itself: %v", command, err)
				return
			}
			continue
		case <-end:
			if slices.ContainsFunc(members(c.Process.Pid), func(line string) bool { return strings.HasSuffix(strings.TrimSpace(line), " reader") }) {
				k.readers++
			}
			c.Process.Kill()
			<-ended
			k.kills++
			k.orphans(c.Process.Pid)
			return
		}
	}
}

// orphans sees that the readers end with the program that started them.
func (k *killing) orphans(session int) {
	var left []string
	for range 100 {
		if left = members(session); len(left) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	k.t.Errorf("two seconds after the kill there still are %q", left)
}

// members are the command lines of the processes of a session (proc(5)).
func members(session int) (all []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 3 && fields[0] != "Z" && fields[3] == strconv.Itoa(session) {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			all = append(all, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return all
}

// converge lets the program work undisturbed until nothing is left to do.
func (k *killing) converge() {
	t := k.t
	t.Helper()
	until(t, "all mail in the committee's mailbox", func() bool {
		have := 0
		for _, m := range k.inbox() {
			if _, mine := k.meant[messageID(m.raw)]; mine {
				have++
			}
		}
		return have >= k.handedIn
	})
	k.quiet(0)
	for _, l := range lines[letterJSON](t, k.must(time.Now(), "letters", "--json")) {
		for _, x := range l.Deliveries {
			if x.Outcome == "unknown" || x.Outcome == "trouble" || x.Outcome == "waiting" && l.Withdrawn == "" {
				// It died twice over this letter, or a person has to look first.
				k.late++
			}
		}
	}
	if k.late > 0 {
		k.quiet(35 * time.Minute)
	}
	// What came back meanwhile.
	k.delivered()
	k.quiet(0)
}

// quiet goes on until a round has nothing to do, at the wall's time and
// ahead. At each full minute a digest is due.
func (k *killing) quiet(ahead time.Duration) {
	k.t.Helper()
	time.Sleep(2500 * time.Millisecond) // receipt_delay
	var last done
	for range 20 {
		if last = lines[done](k.t, k.must(time.Now().Add(ahead), "once", "--json"))[0]; last == (done{}) {
			return
		}
	}
	k.t.Fatalf("after twenty rounds there is still something to do: %+v", last)
}

// judge tells the witness everything and asks for the judgement.
func (k *killing) judge() {
	k.t.Helper()
	for _, m := range k.inboxOf(k.user, "") {
		meant := k.meant[messageID(m.raw)]
		meant.Raw, meant.Folder, meant.At = m.raw, "INBOX", m.at
		k.account.Put(meant)
	}
	for _, account := range k.accounts() {
		for _, m := range k.inboxOf(account, k.address) {
			at := handedInAt(m)
			if at.Before(k.begun.Truncate(time.Second)) {
				at = k.yesterday
			}
			kind, _, _ := strings.Cut(stored{raw: m.raw}.header("X-Dondoc-Key"), "/")
			k.kinds[kind]++
			k.account.Took(witness.Letter{To: account, Raw: untraced(m.raw), At: at})
		}
	}
	defer func() {
		if k.t.Failed() && *faultKeep != "" {
			k.keep(filepath.Join(*faultKeep, k.address))
		}
	}()
	k.account.Cut(k.kills)
	k.now = time.Now().Add(time.Hour) // what was sent ahead of the clock has been sent
	k.judged()
	k.mails, k.letters, k.repeated = k.account.Seen()
	if k.mails < len(k.meant) || k.letters < len(k.units) {
		k.t.Errorf("only %d mails and %d letters were seen: this test looks in the wrong place", k.mails, k.letters)
	}
	if k.kinds["invite"] < len(k.units)/2 {
		k.t.Errorf("the letters are %v: where are the invitations?", k.kinds)
	}
	if k.readers == 0 {
		k.t.Errorf("no reader was seen in %d processes: this test would not notice one that is left behind", k.kills)
	}
}

// keep copies the campaign, with all letters as they were delivered.
func (k *killing) keep(dir string) {
	k.t.Logf("kept in %s", dir)
	if err := os.CopyFS(dir, os.DirFS(k.dir)); err != nil {
		k.t.Error(err)
	}
	for _, account := range k.accounts() {
		for i, m := range k.inboxOf(account, k.address) {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.eml", account, i)), m.raw, 0o600); err != nil {
				k.t.Error(err)
			}
		}
	}
}

// handedInAt is when the first server took the mail, which may have waited in
// its queue: as the last of the trace fields says (RFC 5321 §4.4).
func handedInAt(m lying) time.Time {
	read, err := netmail.ReadMessage(bytes.NewReader(m.raw))
	if err != nil {
		return m.at
	}
	trace := read.Header["Received"]
	if len(trace) == 0 {
		return m.at
	}
	_, date, _ := strings.Cut(trace[len(trace)-1], ";")
	if at, err := netmail.ParseDate(strings.TrimSpace(date)); err == nil {
		return at
	}
	return m.at
}

func (k *killing) submit(from string, raws ...[]byte) {
	host, _, _ := net.SplitHostPort(k.relay.Addr())
	pem, err := os.ReadFile(k.relay.CA())
	if err != nil {
		k.t.Error(err)
		return
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := smtp.Dial(k.relay.Addr())
	if err != nil {
		k.t.Error(err)
		return
	}
	defer c.Close()
	try := func(e error) {
		if err == nil {
			err = e
		}
	}
	try(c.StartTLS(&tls.Config{RootCAs: pool, ServerName: host}))
	try(c.Auth(smtp.PlainAuth("", from, password, host)))
	for _, raw := range raws {
		if err == nil {
			try(c.Mail(from))
			try(c.Rcpt(k.address))
		}
		if err == nil {
			w, e := c.Data()
			try(e)
			if e == nil {
				_, e = w.Write(raw)
				try(e)
				try(w.Close())
			}
		}
		k.mu.Lock()
		k.handedIn++
		k.mu.Unlock()
	}
	if err != nil {
		k.t.Errorf("%s cannot hand in a mail: %v", from, err)
	}
}

// act is what somebody does at a time of the day.
type act struct {
	at  time.Duration // after the begin; before it: not later than
	act func()
}

// plan is what the units and others do, in order. What they do before the
// killing begins is a mailbox that was full when the program started.
func (k *killing) plan() (plan []act) {
	add := func(at time.Duration, do func()) { plan = append(plan, act{at, do}) }
	anyTime := func() time.Duration {
		return time.Duration(k.rng.Int64N(int64(k.length)+int64(k.length)/4)) - k.length/4
	}
	units := slices.Clone(k.units)
	k.rng.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	units = slices.DeleteFunc(units, func(u killed) bool { return u.address == nobodys })
	next := func() killed {
		u := units[0]
		units = units[1:]
		return u
	}
	for range 5 {
		u := next()
		add(anyTime(), func() { k.write(u.address, witness.Mail{Unit: u.code, Completes: true}, k.whole(u, 5)) })
	}
	// Near the minute at which reminders fall due.
	due := k.begun.Add(k.length / 2).Truncate(time.Minute).Sub(k.begun)
	for range 3 {
		u := next()
		at := due + time.Duration(k.rng.Int64N(int64(4*time.Second))) - 2*time.Second
		add(at, func() { k.write(u.address, witness.Mail{Unit: u.code, Completes: true}, k.whole(u, 5)) })
	}
	for range 2 { // three mails at once
		u, at := next(), anyTime()
		add(at, func() {
			k.write(u.address, witness.Mail{Unit: u.code}, mail(u.address, "Báo cáo "+u.name, "Gửi báo cáo", file{"Bao cao.docx", report(strings.ToUpper(u.name))}))
			k.write(u.address, witness.Mail{Unit: u.code}, mail(u.address, "Phụ lục "+u.name, "Gửi phụ lục", file{"Phu luc.xlsx", k.filled(u.code, 4)}))
		})
		add(at+time.Second, func() {
			k.write(u.address, witness.Mail{Unit: u.code, Completes: true}, mail(u.address, "Mô hình "+u.name, "Gửi mô hình",
				file{"Mo hinh 1.docx", model("Nước sạch " + u.name)}, file{"Mo hinh 2.docx", model("Đường hoa " + u.name)}))
		})
	}
	for range 2 { // wrong, and mended
		u, at := next(), anyTime()
		add(at, func() {
			k.write(u.address, witness.Mail{Unit: u.code}, mail(u.address, "Báo cáo của "+u.name, "Kính gửi", file{"Bao cao.docx", report(strings.ToUpper(u.name))},
				file{"Phu luc.xlsx", k.wrong(u.code)}, file{"Mo hinh 1.docx", model("Nước sạch " + u.name)}, file{"Mo hinh 2.docx", model("Đường hoa " + u.name)}))
		})
		add(at+k.length/5, func() {
			k.write(u.address, witness.Mail{Unit: u.code, Completes: true}, mail(u.address, "Phụ lục đã sửa của "+u.name, "Gửi lại", file{"Phu luc (sua).xlsx", k.filled(u.code, 6)}))
		})
	}
	for range 2 { // the same mail by several ways
		u, at := next(), anyTime()
		var raw []byte
		add(at, func() {
			raw = k.whole(u, 5)
			k.write(u.address, witness.Mail{Unit: u.code, Completes: true}, raw, raw)
		})
		add(at+k.length/6, func() { k.copyIn(raw); k.copyIn(raw) })
	}
	for range 2 {
		u := next()
		add(anyTime(), func() {
			k.write(u.address, witness.Mail{Unit: u.code}, mail(u.address, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."))
		})
	}
	for range 2 { // nobody there
		u := next()
		add(anyTime(), func() {
			k.write(u.address, witness.Mail{By: witness.Machine}, append([]byte("Auto-Submitted: auto-replied\r\n"), mail(u.address, "Trả lời tự động", "Tôi đi công tác.")...))
		})
	}
	u, own := next(), k.stranger("canbo")
	add(anyTime(), func() {
		k.write(own, witness.Mail{Unit: u.code}, mail(own, "Báo cáo DVK 2022 - "+u.name, "Kính gửi Ban Dân vận", file{"Bao cao.docx", report(strings.ToUpper(u.name))}))
	})
	a, b := next(), units[0] // b's form, sent by a
	add(anyTime(), func() {
		k.write(a.address, witness.Mail{Unit: a.code, Asks: true}, mail(a.address, "Báo cáo DVK 2022", "Kính gửi Ban Dân vận", file{"Phu luc.xlsx", k.filled(b.code, 3)}))
	})
	who, seller := k.stranger("ai-do"), k.stranger("chao-hang")
	add(anyTime(), func() {
		k.write(who, witness.Mail{}, mail(who, "Gửi báo cáo", "Kính gửi", file{"Bao cao.docx", report("ĐƠN VỊ")}))
	})
	add(anyTime(), func() { k.write(seller, witness.Mail{}, mail(seller, "Chào hàng", "Mua đi")) })
	// And all the time somebody sends new figures, or asks.
	for i := range int(k.length / time.Second) {
		u := k.units[k.rng.IntN(len(k.units))]
		if u == a || u.address == nobodys {
			continue
		}
		add(anyTime(), func() {
			m := mail(u.address, fmt.Sprintf("Hỏi lần %d", i), "Xin hỏi cách ghi cấp tỉnh.")
			if i%3 > 0 {
				m = mail(u.address, fmt.Sprintf("Phụ lục gửi lại lần %d", i), "Số liệu mới", file{fmt.Sprintf("Phu luc %d.xlsx", i), k.filled(u.code, 1+i%9)})
			}
			k.write(u.address, witness.Mail{Unit: u.code}, m)
		})
	}
	slices.SortStableFunc(plan, func(a, b act) int { return int(a.at - b.at) })
	return plan
}

// whole is a mail with all that a unit owes, and for some a photograph that
// takes its time.
func (k *killing) whole(u killed, n int) []byte {
	files := []file{{"Bao cao.docx", report(strings.ToUpper(u.name))}, {"Phu luc so lieu.xlsx", k.filled(u.code, n)},
		{"Mo hinh 1.docx", model("Nước sạch " + u.name)}, {"Mo hinh 2.docx", model("Đường hoa " + u.name)}}
	if len(u.code)%4 == 0 {
		photo := bytes.Repeat([]byte(u.code+" tại hội nghị "), 100_000)
		files = append(files, file{"Anh.jpg", append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), photo...)})
	}
	return mail(u.address, "Báo cáo DVK 2022 - "+u.name, "Kính gửi Ban Dân vận", files...)
}

// wrong is a form in which a number is written out.
func (k *killing) wrong(unit string) []byte {
	return entered(k.t, k.filled(unit, 5), map[string]any{"DVK_B1_11_TT": "chưa rõ"})
}

// stranger is an address that no unit has registered.
func (k *killing) stranger(name string) string {
	address := name + "@thucanhan.example"
	if err := k.site.units.AddUser(address, password); err != nil {
		k.t.Fatal(err)
	}
	k.strangers = append(k.strangers, address)
	return address
}

// write hands a mail in, as often as it is given, and remembers what it means.
func (k *killing) write(from string, meant witness.Mail, raws ...[]byte) {
	k.mu.Lock()
	k.meant[messageID(raws[0])] = meant
	k.mu.Unlock()
	k.submit(from, raws...)
}

// copyIn puts a copy of a mail into the committee's mailbox as a person's mail
// program would, now.
func (k *killing) copyIn(raw []byte) {
	c := login(k.t, k.box, k.user)
	defer c.Close()
	cmd := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: time.Now()})
	_, err := cmd.Write(raw)
	err = errors.Join(err, cmd.Close())
	if _, failed := cmd.Wait(); err != nil || failed != nil {
		k.t.Error(err, failed)
	}
}

// lying is a mail in somebody's mailbox.
type lying struct {
	account string
	raw     []byte
	at      time.Time // of receipt
}

// accounts are those that get letters and can be looked into.
func (k *killing) accounts() []string {
	all := append(slices.Clone(k.strangers), deskAddress)
	for _, u := range k.units {
		if u.address != nobodys {
			all = append(all, u.address)
		}
	}
	return all
}

// inboxOf reads what an account got from the address; "" stands for all.
func (k *killing) inboxOf(account, from string) (all []lying) {
	k.t.Helper()
	c, found := k.search(account, from)
	defer c.Close()
	if len(found) == 0 {
		return nil
	}
	body := &imap.FetchItemBodySection{Peek: true}
	mails, err := c.Fetch(imap.UIDSetNum(found...), &imap.FetchOptions{InternalDate: true, BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		k.t.Fatal(err)
	}
	for _, m := range mails {
		all = append(all, lying{account, m.FindBodySection(body), m.InternalDate})
	}
	return all
}

func (k *killing) search(account, from string) (*imapclient.Client, []imap.UID) {
	k.t.Helper()
	c := login(k.t, k.site.units, account)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		k.t.Fatal(err)
	}
	like := &imap.SearchCriteria{}
	if from != "" {
		like.Header = []imap.SearchCriteriaHeaderField{{Key: "From", Value: from}}
	}
	found, err := c.UIDSearch(like, nil).Wait()
	if err != nil {
		k.t.Fatal(err)
	}
	return c, found.AllUIDs()
}

// clear takes this committee's letters out of everybody's mailbox, for an hour
// has many days.
func (k *killing) clear() {
	for _, address := range k.accounts() {
		c, uids := k.search(address, k.address)
		if len(uids) > 0 {
			if _, err := c.Store(imap.UIDSetNum(uids...), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Collect(); err != nil {
				k.t.Fatal(err)
			}
			if err := c.Expunge().Close(); err != nil {
				k.t.Fatal(err)
			}
		}
		c.Close()
	}
}
