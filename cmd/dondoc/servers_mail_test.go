package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

// mailStories are of mail on its way in.
var mailStories = []story{
	{"folders with Vietnamese names are read", vietnameseFolders},
	{"mail that was dealt with moves to a folder and stays as it was", movedAway},
	{"a mail that is delivered twice, on two ways, counts once", comesTwice},
	{"different mails under one Message-ID, and without any, all count", sameMessageID},
	{"IDLE wakes the daemon", idleWakes},
	{"the server's process is killed in the middle of a mail", killedInTheMiddle},
}

func inFiledAnswered(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON")
	raw := d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn")
	d.swaks(binhSon, raw)
	d.arrived(1)
	if trace := d.inbox()[0].header("Received"); trace == "" {
		t.Errorf("the mail has no trace of the servers it passed")
	}
	now := at(t, "2022-10-12 10:00")
	once := func() string {
		return strings.TrimSpace(d.must(now, "once", "--now", now.Format(time.RFC3339), "--json"))
	}
	// What else is due at this hour, such as the digest, goes out too.
	if got := lines[done](t, once())[0]; got.Fetched != 1 || got.Filed != 1 || got.Sent == 0 || got.Sent != got.Posted {
		t.Errorf("of the unit's mail the round made %+v", got)
	}
	if got, want := once(), `{"fetched":0,"filed":0,"held":0,"ignored":0,"quarantined":0,"posted":0,"sent":0}`; got != want {
		t.Errorf("the second round says %s, want %s", got, want)
	}
	if n := d.filings(); n < 4 {
		t.Errorf("%d files under ho-so, want the four of the mail", n)
	}
	receipt := d.answer(binhSon, messageID(raw))
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
}

func vietnameseFolders(t *testing.T, s site) {
	now := at(t, "2022-10-12 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO", "S-YT")
	folders := []string{"Báo cáo đơn vị", "Năm 2022", "Năm 2022/Tháng Mười & khác"}
	d.create(folders...)
	d.edit("campaign.yaml", `(?m)^  folders: .*`, `  folders: [INBOX, "`+strings.Join(folders, `", "`)+`"]`)
	for i, folder := range append(folders, "INBOX") {
		d.append(folder, mail(baTo, fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở."))
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
		raw := mail(baTo, fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở.")
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

func comesTwice(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON")
	raw := d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn")
	d.swaks(binhSon, raw)
	d.swaks(binhSon, raw)
	d.arrived(2)
	if both := d.inbox(); bytes.Equal(both[0].raw, both[1].raw) {
		t.Fatal("the two copies are the same to the byte: this test tests less than it says")
	}
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 2 || got.Filed != 1 || got.Ignored != 1 {
		t.Errorf("of a mail that came twice the round made %+v", got)
	}
	d.wantLetters(now, map[string]int{"receipt": 1})
	d.idle(now)
}

func sameMessageID(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	header := regexp.MustCompile(`(?m)^Message-ID: .*\r\n`)
	for i, id := range []string{"", "", "Message-ID: <1@may.example>\r\n", "Message-ID: <1@may.example>\r\n"} {
		raw := mail(baTo, fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở.")
		d.append("INBOX", header.ReplaceAllLiteral(raw, []byte(id)))
	}
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Fetched != 4 || got.Ignored != 0 {
		t.Errorf("of four mails the round made %+v", got)
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
		d.append("INBOX", mail(baTo, fmt.Sprintf("Hỏi về mẫu, lần %d", i), "Xin hỏi cách ghi cấp cơ sở."))
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
	large := d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn", file{"Anh.jpg", append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), photo...)})
	mails := [][]byte{
		mail(baTo, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở."), large,
		mail(baTo, "Hỏi thêm", "Xin hỏi cách ghi cấp tỉnh."),
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
	d.key("mailbox", "url", strings.Replace(s.box.URL(d.user), s.box.Addr(), through, 1))
	d.run(now, "once")
	d.key("mailbox", "url", s.box.URL(d.user))
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
	d.wantLetters(now, map[string]int{"receipt": 1, "acknowledge": 1, "remind": 1})
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
