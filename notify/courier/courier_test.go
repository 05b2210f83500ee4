package courier

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/notify/courier/couriertest"
)

const (
	from     = "dvk+HU-X@bandanvan.example"
	to       = "vanphong@huyen.example"
	password = `mật khẩu`
)

var letter = []byte("From: a@b.example\r\nSubject: =?utf-8?q?=C4=90=C3=B4n_=C4=91=E1=BB=91c?=\r\n\r\n.\r\n..\r\n.mot dong bat dau bang dau cham\r\nhet\r\n.\r\n")

type mailed struct {
	from, to string
	data     []byte
}

// inbox is what a sink has taken.
type inbox struct {
	mu   sync.Mutex
	took []mailed
}

func (i *inbox) take(from, to string, data []byte) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.took = append(i.took, mailed{from, to, data})
	return nil
}

func (i *inbox) all() []mailed {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.took
}

func sink(t testing.TB, o couriertest.Options) *couriertest.Sink {
	t.Helper()
	s, err := couriertest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t testing.TB, c config.SMTP) *Courier {
	t.Helper()
	courier, err := New(c, func() (string, error) { return password, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { courier.Close() })
	return courier
}

func send(t testing.TB, c *Courier, to string, raw []byte) Outcome {
	t.Helper()
	return c.Send(t.Context(), from, to, raw)
}

func TestMailsArriveByteForByteOnOneConnectionOver(t *testing.T) {
	cert, ca := certificate(t)
	for _, c := range []struct {
		sentence string
		scheme   string
		options  couriertest.Options
	}{
		{"plain text to a loopback address", "smtp+plain://%s", couriertest.Options{}},
		{"plain text to a loopback address with a login", "smtp+plain://dvk@%s", couriertest.Options{User: "dvk", Password: password}},
		{"STARTTLS with a login", "smtp+starttls://dvk@%s", couriertest.Options{User: "dvk", Password: password, TLS: cert}},
		{"TLS from the first byte with a login", "smtps://dvk@%s", couriertest.Options{User: "dvk", Password: password, TLS: cert, Implicit: true}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var got inbox
			c.options.Take = got.take
			s := sink(t, c.options)
			courier := open(t, config.SMTP{URL: fmt.Sprintf(c.scheme, s.Addr()), CAFile: ca})
			second := append(bytes.Repeat([]byte("dong thu hai\r\n"), 20_000), ".\r\n.\r\n"...)
			for i, raw := range [][]byte{letter, second} {
				if out := courier.Send(t.Context(), []string{from, ""}[i], to, raw); out.Kind != Accepted || out.Code != 250 {
					t.Fatalf("mail %d: %v", i+1, out)
				}
			}
			all := got.all()
			if len(all) != 2 || all[0].from != from || all[0].to != to || all[1].from != "" {
				t.Fatalf("%d mails: %.300q", len(all), all)
			}
			for i, raw := range [][]byte{letter, second} {
				if !bytes.Equal(all[i].data, raw) {
					t.Errorf("mail %d arrived as %.200q", i+1, all[i].data)
				}
			}
		})
	}
}

func TestThePasswordStaysAtHomeWithoutTLS(t *testing.T) {
	for _, url := range []string{"smtp+plain://dvk@mail.example:25", "smtp+plain://192.0.2.1", "smtp://127.0.0.1", "smtps://dvk:secret@mail.example", "smtps://"} {
		if _, err := New(config.SMTP{URL: url}, nil); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	// A server that offers AUTH and, against the configuration, no STARTTLS.
	var got inbox
	s := sink(t, couriertest.Options{Take: got.take, User: "dvk", Password: password})
	out := send(t, open(t, config.SMTP{URL: "smtp+starttls://dvk@" + s.Addr()}), to, letter)
	if out.Kind != Trouble || out.Stage != StageConnect || len(got.all()) != 0 {
		t.Errorf("%v", out)
	}
	// A certificate that nobody vouches for.
	cert, _ := certificate(t)
	s = sink(t, couriertest.Options{Take: got.take, User: "dvk", Password: password, TLS: cert})
	out = send(t, open(t, config.SMTP{URL: "smtp+starttls://dvk@" + s.Addr()}), to, letter)
	if out.Kind != Trouble || out.Stage != StageConnect || len(got.all()) != 0 {
		t.Errorf("%v", out)
	}
}

func TestWhatTheServerSaysBecomes(t *testing.T) {
	refuse := func(r couriertest.Reply) couriertest.Options {
		return couriertest.Options{Rcpt: func(_, to string) error {
			if strings.HasPrefix(to, "vanphong") {
				return r
			}
			return nil
		}}
	}
	afterData := func(r couriertest.Reply) couriertest.Options {
		return couriertest.Options{Take: func(_, to string, _ []byte) error {
			if strings.HasPrefix(to, "vanphong") {
				return r
			}
			return nil
		}}
	}
	for _, c := range []struct {
		sentence string
		options  couriertest.Options
		want     Outcome // but for Text
		address  bool
	}{
		{"greylisting at RCPT is trouble", refuse(couriertest.Reply{Code: 451, Status: "4.7.1", Text: "greylisted"}), Outcome{Kind: Trouble, Stage: StageRcpt, Code: 451, Status: "4.7.1"}, false},
		{"no such user is a refusal of the address", refuse(couriertest.Reply{Code: 550, Status: "5.1.1", Text: "no such user"}), Outcome{Kind: Refused, Stage: StageRcpt, Code: 550, Status: "5.1.1"}, true},
		{"a full mailbox is a refusal, but not of the address", refuse(couriertest.Reply{Code: 552, Status: "5.2.2", Text: "mailbox full"}), Outcome{Kind: Refused, Stage: StageRcpt, Code: 552, Status: "5.2.2"}, false},
		{"a relay that will not have us is our trouble and not the address's", refuse(couriertest.Reply{Code: 554, Status: "5.7.1", Text: "Relay access denied"}), Outcome{Kind: Trouble, Stage: StageRcpt, Code: 554, Status: "5.7.1"}, false},
		{"too big, after all of it was sent, is a refusal of the mail", afterData(couriertest.Reply{Code: 552, Status: "5.3.4", Text: "too big"}), Outcome{Kind: Refused, Stage: StageFinal, Code: 552, Status: "5.3.4"}, false},
		{"a full disk after the final dot is trouble", afterData(couriertest.Reply{Code: 452, Status: "4.3.1", Text: "disk full"}), Outcome{Kind: Trouble, Stage: StageFinal, Code: 452, Status: "4.3.1"}, false},
		{"larger than SIZE is refused before a byte is sent", couriertest.Options{MaxSize: 64}, Outcome{Kind: Refused, Stage: StageSize, Code: 552, Status: "5.3.4"}, false},
		{"a wrong password is our trouble", couriertest.Options{User: "dvk", Password: "another"}, Outcome{Kind: Trouble, Stage: StageAuth, Code: 535, Status: "5.7.8"}, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var got inbox
			if c.options.Take == nil {
				c.options.Take = got.take
			}
			s := sink(t, c.options)
			url := "smtp+plain://" + s.Addr()
			if c.options.User != "" {
				url = "smtp+plain://dvk@" + s.Addr()
			}
			courier := open(t, config.SMTP{URL: url})
			out := send(t, courier, to, letter)
			if out.Text == "" {
				t.Error("it says nothing")
			}
			out.Text = ""
			if out != c.want || out.Address() != c.address {
				t.Errorf("got %v, of the address: %v", out, out.Address())
			}
			if len(got.all()) != 0 {
				t.Error("the server has the mail")
			}
			// The next recipient has nothing to do with it.
			if next := send(t, courier, "b@xa.example", []byte("A: b\r\n\r\n")); c.want.Stage != StageAuth && next.Kind != Accepted {
				t.Errorf("the next mail: %v", next)
			}
		})
	}
}

func TestAddressesAndMailsThatNoServerIsAsked(t *testing.T) {
	var got inbox
	s := sink(t, couriertest.Options{Take: got.take})
	courier := open(t, config.SMTP{URL: "smtp+plain://" + s.Addr()})
	for _, c := range []struct {
		sentence, from, to, raw string
		want                    Kind
	}{
		{"a line end in the recipient would be a command of its own", from, "a@x.example>\r\nRCPT TO:<b@y.example", "A: b\r\n\r\n", Refused},
		{"an angle bracket would end the address", from, "a@x.example> SIZE=1 <", "A: b\r\n\r\n", Refused},
		{"a space would begin a parameter", from, "a@x.example NOTIFY=NEVER", "A: b\r\n\r\n", Refused},
		{"a NUL", from, "a\x00@x.example", "A: b\r\n\r\n", Refused},
		{"a next-line character", from, "a\u0085@x.example", "A: b\r\n\r\n", Refused},
		{"no domain", from, "vanthu", "A: b\r\n\r\n", Refused},
		{"no name", from, "@x.example", "A: b\r\n\r\n", Refused},
		{"nothing", from, "", "A: b\r\n\r\n", Refused},
		{"an address in Vietnamese where the server has no SMTPUTF8", from, "vănthư@x.example", "A: b\r\n\r\n", Refused},
		{"our own sender with a line end is our mistake", "a@x.example\r\n", to, "A: b\r\n\r\n", Trouble},
		{"a lone LF might end the mail inside the mail", from, to, "A: b\r\n\r\na\n.\nMAIL FROM:<c@x.example>\r\n", Trouble},
		{"a lone CR too", from, to, "A: b\r\n\r\na\r.\rMAIL\r\n", Trouble},
		{"an empty mail", from, to, "", Trouble},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			out := courier.Send(t.Context(), c.from, c.to, []byte(c.raw))
			if out.Kind != c.want || out.Stage != StageAddress || out.Text == "" || strings.ContainsAny(out.Text, "\r\n\x00") {
				t.Errorf("%q", out)
			}
		})
	}
	if n := len(got.all()); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
}

func TestASilentEarIsRedialledWhenTheServerWasAway(t *testing.T) {
	var got inbox
	s := sink(t, couriertest.Options{Take: got.take})
	courier := open(t, config.SMTP{URL: "smtp+plain://" + s.Addr()})
	if out := send(t, courier, to, letter); out.Kind != Accepted {
		t.Fatal(out)
	}
	s.Close()
	if out := send(t, courier, to, letter); out.Kind != Trouble || out.Code != 0 {
		t.Errorf("no server: %v", out)
	}
	back, err := couriertest.StartAt(s.Addr(), couriertest.Options{Take: got.take})
	if err != nil {
		t.Fatal(err)
	}
	if out := send(t, courier, to, letter); out.Kind != Accepted {
		t.Errorf("the server is back: %v", out)
	}
	// Restarted between two mails: the kept connection is dead, and nobody notices.
	back.Close()
	if back, err = couriertest.StartAt(s.Addr(), couriertest.Options{Take: got.take}); err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if out := send(t, courier, to, letter); out.Kind != Accepted || len(got.all()) != 3 {
		t.Errorf("after a restart: %v, %d mails", out, len(got.all()))
	}
}

func TestAConnectionIsNotTrustedForLong(t *testing.T) {
	hello := make(chan bool, 10)
	script := scripted(t, func(c *dialogue) {
		hello <- true
		c.greet()
		for range 2 {
			c.mail()
			c.say("250 2.0.0 queued")
		}
	})
	courier := open(t, config.SMTP{URL: "smtp+plain://" + script})
	courier.kept = 0
	for range 2 {
		if out := send(t, courier, to, letter); out.Kind != Accepted {
			t.Fatal(out)
		}
	}
	if len(hello) != 2 {
		t.Errorf("%d connections", len(hello))
	}
}

// A dialogue is the server's side of a connection, line by line.
type dialogue struct {
	net.Conn
	r     *bufio.Reader
	heard []string
}

func (d *dialogue) say(lines ...string) {
	fmt.Fprint(d.Conn, strings.Join(lines, "\r\n")+"\r\n")
}

func (d *dialogue) hear() string {
	line, _ := d.r.ReadString('\n')
	d.heard = append(d.heard, strings.TrimSpace(line))
	return line
}

func (d *dialogue) greet() {
	d.say("220 mail.example ESMTP")
	d.hear()
	d.say("250-mail.example", "250 8BITMIME")
}

// envelope answers up to the go-ahead for the mail.
func (d *dialogue) envelope() {
	d.hear()
	d.say("250 ok")
	d.hear()
	d.say("250 ok")
	d.hear()
	d.say("354 go ahead")
}

func (d *dialogue) mail() {
	d.envelope()
	for line := d.hear(); line != ".\r\n" && line != ""; line = d.hear() {
	}
}

// scripted serves one script for each connection until the test ends.
func scripted(t *testing.T, script func(*dialogue)) string {
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
			go func() {
				defer c.Close()
				script(&dialogue{Conn: c, r: bufio.NewReader(c)})
			}()
		}
	}()
	return l.Addr().String()
}

// hush reads and says nothing until the client has gone.
func hush(d *dialogue) {
	for d.hear() != "" {
	}
}

func TestServersThatDoNotPlayFair(t *testing.T) {
	small, big := letter, bytes.Repeat([]byte("mot dong dai cua thu nay\r\n"), 1<<20)
	for _, c := range []struct {
		sentence string
		raw      []byte
		script   func(*dialogue)
		want     Kind
		stage    Stage
		code     int
	}{
		{"closing before the greeting is trouble", small, func(d *dialogue) {}, Trouble, StageConnect, 0},
		{"saying nothing at all is trouble", small, hush, Trouble, StageConnect, 0},
		{"a greeting of 554 is trouble", small, func(d *dialogue) { d.say("554 5.3.2 no service"); hush(d) }, Trouble, StageConnect, 554},
		{"refusing our sender for good is trouble, for it is ours", small, func(d *dialogue) { d.greet(); d.hear(); d.say("550 5.7.1 sender not yours"); hush(d) }, Trouble, StageMail, 550},
		{"421 at RCPT is trouble", small, func(d *dialogue) {
			d.greet()
			d.hear()
			d.say("250 ok")
			d.hear()
			d.say("421 4.3.2 shutting down")
		}, Trouble, StageRcpt, 421},
		{"silence at RCPT is trouble", small, func(d *dialogue) { d.greet(); d.hear(); d.say("250 ok"); hush(d) }, Trouble, StageRcpt, 0},
		{"not SMTP at RCPT is trouble", small, func(d *dialogue) {
			d.greet()
			d.hear()
			d.say("250 ok")
			d.hear()
			d.say("hello?")
			hush(d)
		}, Trouble, StageRcpt, 0},
		{"closing in the middle of the mail is trouble", big, func(d *dialogue) { d.greet(); d.envelope(); d.hear() }, Trouble, StageData, 0},
		{"not reading in the middle of the mail is trouble", big, func(d *dialogue) { d.greet(); d.envelope(); time.Sleep(time.Second) }, Trouble, StageData, 0},
		{"refusing DATA with 554 is a refusal", small, func(d *dialogue) {
			d.greet()
			d.hear()
			d.say("250 ok")
			d.hear()
			d.say("250 ok")
			d.hear()
			d.say("554 5.6.0 not this")
			hush(d)
		}, Refused, StageData, 554},
		{"closing after the final dot leaves it unknown", small, func(d *dialogue) { d.greet(); d.mail() }, Unknown, StageFinal, 0},
		{"silence after the final dot leaves it unknown", small, func(d *dialogue) { d.greet(); d.mail(); hush(d) }, Unknown, StageFinal, 0},
		{"not SMTP after the final dot leaves it unknown", small, func(d *dialogue) { d.greet(); d.mail(); d.say("what?"); hush(d) }, Unknown, StageFinal, 0},
		{"250 and gone is accepted", small, func(d *dialogue) { d.greet(); d.mail(); d.say("250 2.0.0 queued as 4F") }, Accepted, StageFinal, 250},
		{"a 250 in many lines is accepted", small, func(d *dialogue) { d.greet(); d.mail(); d.say("250-2.0.0 queued", "250 as 4F"); hush(d) }, Accepted, StageFinal, 250},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			courier := open(t, config.SMTP{URL: "smtp+plain://" + scripted(t, c.script)})
			courier.command, courier.block, courier.final = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
			out := send(t, courier, to, c.raw)
			if out.Kind != c.want || out.Stage != c.stage || out.Code != c.code {
				t.Errorf("got %v", out)
			}
		})
	}
}

func TestAnAnswerWithoutEndDoesNotFillTheMemory(t *testing.T) {
	said := make(chan int, 1)
	courier := open(t, config.SMTP{URL: "smtp+plain://" + scripted(t, func(d *dialogue) {
		d.greet()
		d.hear()
		n := 0
		for err := error(nil); err == nil && n < 64<<20; n += 1 << 16 {
			_, err = fmt.Fprint(d.Conn, strings.Repeat("2", 1<<16))
		}
		said <- n
	})})
	if out := send(t, courier, to, letter); out.Kind != Trouble || out.Stage != StageMail {
		t.Error(out)
	}
	if n := <-said; n >= 64<<20 {
		t.Error("all 64 MB of the answer were read")
	}
}

// broken fails its nth write.
type broken struct {
	net.Conn
	n int
}

func (b *broken) Write(p []byte) (int, error) {
	if b.n--; b.n == 0 {
		b.Conn.Close()
		return 0, net.ErrClosed
	}
	return b.Conn.Write(p)
}

func TestAFinalDotThatCouldNotBeWrittenIsTroubleAndNotUnknown(t *testing.T) {
	var got inbox
	s := sink(t, couriertest.Options{Take: got.take})
	courier := open(t, config.SMTP{URL: "smtp+plain://" + s.Addr()})
	if out := send(t, courier, to, letter); out.Kind != Accepted {
		t.Fatal(out)
	}
	// MAIL, RCPT, DATA, and the short letter with its dot in one write.
	courier.line.Conn = &broken{courier.line.Conn, 4}
	if out := send(t, courier, to, letter); out.Kind != Trouble || out.Stage != StageData {
		t.Error(out)
	}
	if out := send(t, courier, to, letter); out.Kind != Accepted || len(got.all()) != 2 {
		t.Errorf("%v, %d mails", out, len(got.all()))
	}
}

// Whatever follows a mail that was cut off on its connection, a QUIT too, would
// end the mail there, and the recipient would get the half of it.
func TestAMailThatIsCutOffIsNotEnded(t *testing.T) {
	rest := make(chan []byte, 1)
	courier := open(t, config.SMTP{URL: "smtp+plain://" + scripted(t, func(d *dialogue) {
		d.greet()
		d.envelope()
		time.Sleep(time.Second) // deaf: the client's patience ends
		all, _ := io.ReadAll(d.r)
		rest <- all
	})})
	courier.command, courier.block, courier.final = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	raw := append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("mot dong dai cua thu nay\r\n"), 1<<20)...)
	if out := send(t, courier, to, raw); out.Kind != Trouble || out.Stage != StageData {
		t.Error(out)
	}
	courier.Close()
	if got := <-rest; len(got) == 0 || len(got) >= len(raw) || bytes.Contains(got, []byte("\r\n.\r\n")) || bytes.Contains(got, []byte("QUIT")) || !bytes.HasPrefix(raw, got) {
		t.Errorf("after %d bytes of %d the server heard %.100q", len(got), len(raw), got[max(0, len(got)-100):])
	}
}

func TestTheServerGetsTheTimeThatTheStandardGivesIt(t *testing.T) {
	c, err := New(config.SMTP{URL: "smtp+plain://127.0.0.1:1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// RFC 5321 §4.5.3.2.1 to §4.5.3.2.6.
	if c.command < 5*time.Minute || c.block < 3*time.Minute || c.final < 10*time.Minute {
		t.Errorf("%s for a command, %s for a block, %s for the final dot", c.command, c.block, c.final)
	}
}

func TestAfterARefusalWithoutRSETTheNextMailGoesOnANewConnection(t *testing.T) {
	heard := make(chan string, 2) // of each connection, when it has ended
	addr := scripted(t, func(d *dialogue) {
		defer func() { heard <- strings.Join(d.heard, "|") }()
		d.greet()
		d.hear()
		d.say("250 ok")
		if strings.Contains(d.hear(), "vanphong") {
			d.say("550 5.1.1 unknown")
			d.hear()
			d.say("502 5.5.1 what is RSET?")
			hush(d)
			return
		}
		d.say("250 ok")
		d.hear()
		d.say("354 go")
		for line := d.hear(); line != ".\r\n" && line != ""; line = d.hear() {
		}
		d.say("250 ok")
		hush(d)
	})
	courier := open(t, config.SMTP{URL: "smtp+plain://" + addr})
	if out := send(t, courier, to, letter); out.Kind != Refused {
		t.Error(out)
	}
	if out := send(t, courier, "b@xa.example", letter); out.Kind != Accepted {
		t.Error(out)
	}
	if first := <-heard; !strings.HasSuffix(first, "RSET|") {
		t.Errorf("the first connection heard %q", first)
	}
}

func TestACancelledContextEndsTheWaiting(t *testing.T) {
	for _, c := range []struct {
		sentence string
		script   func(d *dialogue, reached chan<- bool)
		want     Kind
	}{
		{"before the final dot as trouble", func(d *dialogue, reached chan<- bool) { d.greet(); d.hear(); reached <- true; hush(d) }, Trouble},
		{"during the greeting as trouble", func(d *dialogue, reached chan<- bool) { reached <- true; hush(d) }, Trouble},
		{"after it as unknown", func(d *dialogue, reached chan<- bool) { d.greet(); d.mail(); reached <- true; hush(d) }, Unknown},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			reached := make(chan bool, 1)
			courier := open(t, config.SMTP{URL: "smtp+plain://" + scripted(t, func(d *dialogue) { c.script(d, reached) })})
			courier.parting = 50 * time.Millisecond
			go func() { <-reached; cancel() }()
			out := courier.Send(ctx, from, to, letter)
			if out.Kind != c.want || !strings.Contains(out.Text, "canceled") {
				t.Errorf("%v", out)
			}
			if out := courier.Send(ctx, from, to, letter); out.Kind != Trouble {
				t.Errorf("with a context that is over: %v", out)
			}
		})
	}
}

// TestTheMailInHandIsFinished: told to stop in the middle of a mail, the courier
// hears what became of it, and leaves a connection on which the next may go.
func TestTheMailInHandIsFinished(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	courier := open(t, config.SMTP{URL: "smtp+plain://" + scripted(t, func(d *dialogue) {
		d.greet()
		d.mail()
		cancel()
		time.Sleep(100 * time.Millisecond) // of a server that has to think
		d.say("250 2.0.0 taken")
		d.mail()
		d.say("250 2.0.0 taken as well")
	})})
	courier.parting = 2 * time.Second
	if out := courier.Send(ctx, from, to, letter); out.Kind != Accepted {
		t.Fatalf("the mail in hand: %v", out)
	}
	if out := courier.Send(ctx, from, to, letter); out.Kind != Trouble || out.Stage != StageConnect {
		t.Errorf("no other is begun: %v", out)
	}
	if out := courier.Send(t.Context(), from, to, letter); out.Kind != Accepted || out.Text != "2.0.0 taken as well" {
		t.Errorf("the connection was not kept: %v", out)
	}
}

func TestAPasswordThatCannotBeReadIsTrouble(t *testing.T) {
	courier, err := New(config.SMTP{URL: "smtp+plain://dvk@127.0.0.1:1"}, func() (string, error) { return "", errors.New("no file") })
	if err != nil {
		t.Fatal(err)
	}
	if out := send(t, courier, to, letter); out.Kind != Trouble || out.Stage != StageAuth || !strings.Contains(out.Text, "no file") {
		t.Error(out)
	}
}

func BenchmarkSend(b *testing.B) {
	s := sink(b, couriertest.Options{Take: func(string, string, []byte) error { return nil }})
	courier := open(b, config.SMTP{URL: "smtp+plain://" + s.Addr()})
	raw := append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("mot dong cua thu nay dai nhu the\r\n"), 600)...)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if out := courier.Send(b.Context(), from, to, raw); out.Kind != Accepted {
			b.Fatal(out)
		}
	}
}

// certificate makes a certificate for 127.0.0.1, and a file with itself as CA.
func certificate(t testing.TB) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, file
}
