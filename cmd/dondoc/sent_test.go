package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"dondoc/cmd/dondoc/witness"
)

// drawer is a campaign whose mailbox has a folder for sent mail, on embedded
// servers or on real ones.
type drawer struct {
	*world
	office string                          // the committee's address
	sent   func() []stored                 // what lies in the folder
	file   func(folder string, raw []byte) // puts something there as a person would, received on 12/10 at 09:30
	watch  func()                          // lets the witness begin anew
}

// unit is who writes in these stories.
const unit = "vanthu@hubato.quangngai.example"

// drawerStories are about what is sent in the committee's name.
var drawerStories = []struct {
	sentence string
	play     func(*testing.T, *drawer)
}{
	{"each letter is shown among what was sent, once", shownOnce},
	{"killed between the server's OK and the record, the letter is shown once", killedOverACopy},
	{"what a person answers from there is not answered again, and said to be", answeredByHand},
	{"a mail that somebody passed on to a colleague is answered", answeredThoughPassedOn},
	{"what the program has answered stays answered, and a reply by hand changes nothing", answeredBefore},
	{"an answer by hand ends no reminders", remindedAllTheSame},
	{"restored from the backup of the night before, nothing that was sent since goes out again", restoredByCopies},
}

func TestSentOnEmbeddedServers(t *testing.T) {
	for _, s := range drawerStories {
		t.Run(s.sentence, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "HU-BINHSON", "HU-BATO")
			if err := w.imap.AddSentFolder("tiepnhan", "Đã gửi"); err != nil {
				t.Fatal(err)
			}
			x := &drawer{world: w, office: "tiepnhan@bdvtu.quangngai.example", watch: func() { w.account = witness.New(w.public()) }}
			x.sent = func() (all []stored) {
				mails, err := w.imap.Stored("tiepnhan", "Đã gửi")
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range mails {
					var flags []imap.Flag
					for _, f := range m.Flags {
						flags = append(flags, imap.Flag(f))
					}
					all = append(all, stored{flags, m.Raw})
				}
				return all
			}
			x.file = func(folder string, raw []byte) {
				put := w.imap.Append
				if folder == "Sent" {
					folder, put = "Đã gửi", w.imap.Server.Append
				}
				if _, err := put("tiepnhan", folder, raw, at(t, "2022-10-12 09:30")); err != nil {
					t.Fatal(err)
				}
			}
			s.play(t, x)
		})
	}
}

func TestSentOnRealServers(t *testing.T) {
	var stories []story
	for _, s := range drawerStories {
		stories = append(stories, story{s.sentence, func(t *testing.T, at site) {
			d := at.declare(t, "HU-BINHSON", "HU-BATO")
			c := login(t, d.box, d.user)
			s.play(t, &drawer{world: d.world, office: d.address, watch: d.watch, file: d.append, sent: func() []stored { return folder(t, c, "Sent") }})
		}})
	}
	onRealServers(t, stories...)
}

// invite sends the invitations, on the day for it.
func (x *drawer) invite() {
	x.t.Helper()
	x.must(at(x.t, "2022-10-04 07:30"), "invite", "--yes")
	x.must(at(x.t, "2022-10-04 07:45"), "once")
}

// shown are the keys of the letters in the folder.
func (x *drawer) shown() (keys []string) {
	x.t.Helper()
	for _, m := range x.sent() {
		if key := m.header("X-Dondoc-Key"); key != "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// accepted are the keys of the letters that the mail server took.
func (x *drawer) accepted(now time.Time) (keys []string) {
	x.t.Helper()
	for _, l := range lines[letterJSON](x.t, x.must(now, "letters", "--json")) {
		if slices.ContainsFunc(l.Deliveries, func(d deliveryJSON) bool { return d.Outcome == "accepted" }) {
			keys = append(keys, l.Key)
			if l.Copied == nil {
				x.t.Errorf("%s is not said to be shown", l.Key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// reply is what a person of the desk sends from a mail program, and where the
// program puts it.
func (x *drawer) reply(to string, thread []byte) {
	x.t.Helper()
	id := messageID(thread)
	raw := fmt.Appendf(nil, "From: =?utf-8?q?Ph=C3=B2ng_TH?= <%s>\r\nTo: <%s>\r\nSubject: Re: x\r\nDate: Wed, 12 Oct 2022 09:40:00 +0700\r\nMessage-ID: <tay-%x@bdvtu.quangngai.example>\r\n"+
		"In-Reply-To: %s\r\nReferences: %[4]s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nChào anh chị, ...\r\n", x.office, to, id, id)
	x.file("Sent", raw)
	x.account.Replied(raw)
}

func shownOnce(t *testing.T, x *drawer) {
	x.invite()
	now := at(t, "2022-10-12 10:00")
	x.file("INBOX", mail(unit, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."))
	for range 3 {
		x.must(now, "once")
	}
	got, want := x.shown(), x.accepted(now)
	if !slices.Equal(got, want) || len(got) < 3 {
		t.Errorf("shown are\n%v\nand were accepted\n%v", got, want)
	}
	for _, m := range x.sent() {
		if !m.has(imap.FlagSeen) {
			t.Errorf("%s is shown as unread", m.header("X-Dondoc-Key"))
		}
		if !bytes.Contains(m.raw, []byte("\r\n\r\n")) || m.header("Message-ID") == "" {
			t.Errorf("not a letter:\n%.400s", m.raw)
		}
	}
	if again := lines[done](t, x.must(now, "once", "--json"))[0]; again != (done{}) {
		t.Errorf("a further round did %+v", again)
	}
	x.must(now, "verify")
}

func killedOverACopy(t *testing.T, x *drawer) {
	x.invite()
	now := at(t, "2022-10-12 10:00")
	x.file("INBOX", mail(unit, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."))
	before := len(x.sent())
	p, _ := x.program(now)
	p.cli, p.log = &cli{Dir: x.dir}, slog.New(slog.DiscardHandler)
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.connect(); err != nil {
		t.Fatal(err)
	}
	x.at(now)
	// The clock is read once more between the server's OK and the record.
	killed := errors.New("killed")
	func() {
		defer func() {
			if e := recover(); e != killed {
				t.Errorf("was not killed: %v", e)
			}
		}()
		o.round(context.Background(), func() time.Time {
			if len(x.sent()) > before {
				panic(killed)
			}
			return now
		})
	}()
	o.Close()
	if len(x.sent()) == before {
		t.Fatal("nothing had been copied when it was killed")
	}
	for range 2 {
		x.must(now, "once")
	}
	if got, want := x.shown(), x.accepted(now); !slices.Equal(got, want) {
		t.Errorf("shown are\n%v\nand were accepted\n%v", got, want)
	}
}

func answeredByHand(t *testing.T, x *drawer) {
	x.edit("campaign.yaml", `(?m)^receipt_delay: .*`, "receipt_delay: 10m")
	x.watch()
	x.invite()
	request := mail(unit, "Về thời hạn", "Xin lùi thời hạn gửi báo cáo đến ngày 25/10/2022.")
	report := mail("vanthu@hubinhson.quangngai.example", "Báo cáo DVK 2022 - Huyện ủy Bình Sơn", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")})
	x.file("INBOX", request)
	x.file("INBOX", report)
	x.must(at(t, "2022-10-12 09:35"), "once")
	x.reply(unit, request)
	x.reply("vanthu@hubinhson.quangngai.example", report)
	x.must(at(t, "2022-10-12 09:45"), "once")
	now := at(t, "2022-10-12 11:00")
	x.must(now, "once")
	if got := x.answers(now); len(got) != 0 {
		t.Errorf("what was answered by hand was answered by %v", got)
	}
	told := 0
	for _, code := range []string{"HU-BATO", "HU-BINHSON"} {
		for _, e := range lines[event](t, x.must(now, "why", code, "--json")) {
			if e.Kind == "by_hand" && strings.Contains(e.What, x.office) {
				told++
			}
		}
	}
	if told != 2 {
		t.Errorf("why tells of %d answers by hand, want two", told)
	}
	marked := 0
	for _, h := range lines[heldJSON](t, x.must(now, "held", "--json")) {
		if h.ByHand != nil {
			marked++
			if h.ByHand.By != x.office || h.MessageID != messageID(request) {
				t.Errorf("%+v of %s", h.ByHand, h.MessageID)
			}
		}
	}
	if out := x.must(now, "held", "--lang", "en"); marked != 1 || strings.Count(out, "answered by hand at") != 1 {
		t.Errorf("held marks %d mails as answered by hand:\n%s", marked, out)
	}
	evening := at(t, "2022-10-12 16:30")
	x.must(evening, "once")
	found := false
	for _, m := range x.sent() {
		if strings.HasPrefix(m.header("X-Dondoc-Key"), "digest/2022-10-12") {
			text, _ := m.open(t)
			found = strings.Contains(text, "Đã có người trả lời lúc 09:30 12/10/2022")
		}
	}
	if !found {
		t.Error("the digest does not say that somebody has answered")
	}
	x.must(evening, "verify")
}

// answers are the kinds of the letters that answer mail.
func (x *drawer) answers(now time.Time) (kinds []string) {
	x.t.Helper()
	for _, l := range lines[letterJSON](x.t, x.must(now, "letters", "--json")) {
		if len(l.Answers) > 0 {
			kinds = append(kinds, l.Kind)
		}
	}
	return kinds
}

func answeredThoughPassedOn(t *testing.T, x *drawer) {
	x.invite()
	question := mail(unit, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở.")
	x.file("INBOX", question)
	x.file("Sent", fmt.Appendf(nil, "From: <%s>\r\nTo: <donghiep@bdvtu.quangngai.example>\r\nSubject: Fwd: x\r\nMessage-ID: <chuyen@bdvtu.quangngai.example>\r\nIn-Reply-To: %s\r\n\r\nXem.\r\n", x.office, messageID(question)))
	now := at(t, "2022-10-12 10:00")
	x.must(now, "once")
	if got := x.answers(now); fmt.Sprint(got) != "[acknowledge]" {
		t.Errorf("it was answered by %v", got)
	}
}

func answeredBefore(t *testing.T, x *drawer) {
	x.invite()
	now := at(t, "2022-10-12 10:00")
	request := mail(unit, "Về thời hạn", "Xin lùi thời hạn gửi báo cáo đến ngày 25/10/2022.")
	x.file("INBOX", request)
	x.must(now, "once")
	before := x.accepted(now)
	if !slices.ContainsFunc(before, func(key string) bool { return strings.HasPrefix(key, "acknowledge/") }) {
		t.Fatalf("the program answered with none of %v", before)
	}
	x.reply(unit, request)
	later := at(t, "2022-10-12 10:30")
	x.must(later, "once")
	if got := x.accepted(later); !slices.Equal(got, before) {
		t.Errorf("%v were accepted before, and %v after", before, got)
	}
	for _, l := range lines[letterJSON](t, x.must(later, "letters", "--json")) {
		if l.Withdrawn != "" {
			t.Errorf("%s was withdrawn: %s", l.Key, l.Withdrawn)
		}
	}
}

func remindedAllTheSame(t *testing.T, x *drawer) {
	x.edit("campaign.yaml", `(?m)^receipt_delay: .*`, "receipt_delay: 10m")
	x.watch()
	x.invite()
	raw := mail(unit, "Báo cáo DVK 2022 - Huyện ủy Ba Tơ", "Kính gửi", file{"Bao cao.docx", report("HUYỆN ỦY BA TƠ")})
	x.file("INBOX", raw)
	x.reply(unit, raw)
	reminded := map[string]bool{}
	for day := 12; day <= 19; day++ {
		now := at(t, fmt.Sprintf("2022-10-%d 10:00", day))
		x.must(now, "once")
		for _, l := range lines[letterJSON](t, x.must(now, "letters", "--unit", "HU-BATO", "--json")) {
			if len(l.Answers) > 0 {
				t.Fatalf("%s answers what was answered by hand", l.Key)
			}
			if l.Kind == "remind" && len(l.Deliveries) > 0 && l.Reason == "part_missing" {
				reminded[l.Key] = true
			}
		}
	}
	if len(reminded) == 0 {
		t.Error("the unit still owes parts, and was reminded of none")
	}
}
