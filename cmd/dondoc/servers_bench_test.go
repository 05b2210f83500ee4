package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/cmd/dondoc/hosts"
	"dondoc/config"
	"dondoc/config/builtin"
	"dondoc/notify/courier"
)

// BenchmarkReceiptLatency is how long a unit waits: from the moment at which
// Dovecot has taken its mail, over IDLE, reading, judging, recording and
// writing the letter, to that at which Postfix has taken the receipt. Each mail
// finds the daemon idling; -benchtime 200x for p99.
func BenchmarkReceiptLatency(b *testing.B) {
	r := realServers()
	require(b, r.dovecotErr)
	require(b, r.postfixErr)
	d := site{box: r.dovecot, units: r.dovecot, relay: r.postfix}.open(b)
	// An address gets so many letters a day and no more, so all units take turns.
	c, err := config.Load(d.dir)
	if err != nil {
		b.Fatal(err)
	}
	units := slices.DeleteFunc(c.Units, func(u config.Unit) bool { return u.Category != "huyen-thi-thanh-uy" })
	forms := make([][]byte, len(units))
	for i, u := range units {
		forms[i] = d.filled(u.Code, 5)
	}
	p, out := d.program(time.Time{})
	p.Clock = wall{}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.Run(ctx, []string{"run", "-C", d.dir}) }()
	deliver := lmtp(b, r.dovecot, d.address)
	accepted := d.following(b)
	var waits []time.Duration
	for b.Loop() {
		u := len(waits) % len(units)
		papers := append(slices.Clone(prose[1:]), file{"Bao cao.docx", report(strings.ToUpper(units[u].Name))}, file{"Phu luc.xlsx", forms[u]})
		raw := mail(units[u].Emails[0], fmt.Sprintf("Báo cáo lần %d", len(waits)), "Kính gửi Ban Dân vận", papers...)
		time.Sleep(600 * time.Millisecond) // more than Dovecot gathers news for
		deliver(raw)
		began := time.Now()
		accepted()
		waits = append(waits, time.Since(began))
	}
	stop()
	if code := <-ended; code != exitDone {
		b.Errorf("run: exit %d\n%s", code, out)
	}
	slices.Sort(waits)
	for name, part := range map[string]float64{"p50": 0.5, "p99": 0.99} {
		b.ReportMetric(float64(waits[int(part*float64(len(waits)-1))].Microseconds())/1000, name+"-ms")
	}
}

// lmtp delivers to a user, as Postfix does, on one connection.
func lmtp(b *testing.B, s *hosts.Server, user string) func(raw []byte) {
	conn, err := net.Dial("tcp", s.LMTP())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	c := textproto.NewConn(conn)
	hear := func(code int) {
		if _, _, err := c.ReadResponse(code); err != nil {
			b.Fatal(err)
		}
	}
	say := func(code int, line string, args ...any) {
		if err := c.PrintfLine(line, args...); err != nil {
			b.Fatal(err)
		}
		hear(code)
	}
	hear(220)
	say(250, "LHLO may.example")
	return func(raw []byte) {
		say(250, "MAIL FROM:<%s>", binhSon)
		say(250, "RCPT TO:<%s>", user)
		say(354, "DATA")
		w := c.DotWriter()
		w.Write(raw)
		w.Close()
		hear(250)
	}
}

// following returns a function that waits until Postfix has taken one more
// letter from the committee than before.
func (d *desk) following(b *testing.B) func() {
	taken := regexp.MustCompile(`: from=<` + regexp.QuoteMeta(d.address) + `>, `)
	d.delivered()
	f, err := os.Open(filepath.Join(filepath.Dir(d.relay.CA()), "server.log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	f.Seek(0, 2)
	var line []byte
	return func() {
		buf := make([]byte, 64<<10)
		for range 60_000 {
			n, _ := f.Read(buf)
			line = append(line, buf[:n]...)
			for {
				end := bytes.IndexByte(line, '\n')
				if end < 0 {
					break
				}
				hit := taken.Match(line[:end])
				line = line[end+1:]
				if hit {
					return
				}
			}
			time.Sleep(time.Millisecond)
		}
		b.Fatal("no receipt after a minute")
	}
}

// BenchmarkLetters sends a letter to each of 3,000 units, through Debian's
// smtp-sink: first the invitations with each unit's own form, then reminders.
// What is measured is `once`, from the ledger to the last outcome recorded.
func BenchmarkLetters(b *testing.B) {
	const many = 3000
	sink, err := hosts.NullSMTP()
	require(b, err)
	defer sink.Close()
	var invited, reminded time.Duration
	for b.Loop() {
		d := &desk{world: &world{t: b, dir: b.TempDir()}}
		if err := config.Init(d.dir); err != nil {
			b.Fatal(err)
		}
		d.serve(`url: "imaps[^"]*"`, `url: "smtp[^"]*"`)
		d.key("", "mode", "live")
		d.key("smtp", "url", sink.URL())
		d.key("smtp", "per_day", "0") // what an account may send is not what is measured
		d.crowd(many)
		d.must(at(b, "2022-10-04 07:30"), "invite", "--yes")
		sent := func(when string) time.Duration {
			p, out := d.program(at(b, when))
			p.Stderr = io.Discard // it says how far it has come
			began := time.Now()
			p.Run(b.Context(), []string{"once", "--json", "-C", d.dir})
			took := time.Since(began)
			if got := lines[done](b, out.String())[0]; got.Sent < many || got.Sent > many+1 { // the digest
				b.Fatalf("%+v", got)
			}
			return took
		}
		invited += sent("2022-10-04 07:45")
		reminded += sent("2022-10-12 07:45")
	}
	b.ReportMetric(float64(many*b.N)/invited.Seconds(), "invitations/s")
	b.ReportMetric(float64(many*b.N)/reminded.Seconds(), "reminders/s")
}

// BenchmarkCourier sends mails of 20 KB to Debian's smtp-sink on one
// connection, and nothing else.
func BenchmarkCourier(b *testing.B) {
	sink, err := hosts.NullSMTP()
	require(b, err)
	defer sink.Close()
	out, err := courier.New(config.SMTP{URL: sink.URL()}, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	raw := append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("mot dong cua thu nay dai nhu the\r\n"), 600)...)
	for b.Loop() {
		if got := out.Send(b.Context(), "tiepnhan@bdvtu.quangngai.example", binhSon, raw); got.Kind != courier.Accepted {
			b.Fatal(got)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

// crowd makes the campaign one of so many invented units.
func (d *desk) crowd(n int) {
	if err := os.Remove(filepath.Join(d.dir, "units.xlsx")); err != nil {
		d.t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(builtin.Units)).ReadAll()
	if err != nil {
		d.t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == "HU-BATO" })
	issuer := slices.IndexFunc(rows, func(row []string) bool { return row[0] == "BDV-TU" })
	pattern, all := rows[i], [][]string{rows[0], rows[issuer]}
	for n := range n {
		row := slices.Clone(pattern)
		for column, name := range rows[0] {
			switch name {
			case "code":
				row[column] = fmt.Sprintf("HU-%05d", n)
			case "official_name", "short_name":
				row[column] = fmt.Sprintf("Huyện ủy số %d", n)
			case "aliases", "dup_group":
				row[column] = ""
			case "emails":
				row[column] = fmt.Sprintf("vanthu@hu%05d.quangngai.example", n)
			}
			row[column] = strings.ReplaceAll(row[column], "?", "yes")
		}
		all = append(all, row)
	}
	var buf bytes.Buffer
	if err := csv.NewWriter(&buf).WriteAll(all); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "units.csv"), buf.Bytes(), 0o600); err != nil {
		d.t.Fatal(err)
	}
}
