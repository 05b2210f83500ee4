package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"dondoc/cmd/dondoc/witness"
	"dondoc/config"
	"dondoc/config/builtin"
	"dondoc/intake/mailbox/mailboxtest"
	"dondoc/notify/blank"
	"dondoc/notify/courier/couriertest"
	"dondoc/schedule"
)

// at is a moment of the campaign.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("+07", 7*3600))
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// world is a campaign directory with real servers around it, and a witness who
// watches them.
type world struct {
	t    testing.TB
	dir  string
	imap *postbox
	smtp *couriertest.Sink

	mu   sync.Mutex
	sent []sentMail
	now  time.Time // of the latest command

	patience struct{ Mailbox, Courier, Reader time.Duration } // as in Program
	reader   []string                                         // the command line of the child; nil: this program's

	account *witness.Account      // nil where nobody watches
	refuse  func(to string) error // what the mail server answers, if set
}

// postbox is a mail server that tells the witness of what is put into the
// committee's mailbox.
type postbox struct {
	*mailboxtest.Server
	world *world
}

func (p *postbox) Append(user, folder string, raw []byte, received time.Time) (uint32, error) {
	uid, err := p.Server.Append(user, folder, raw, received)
	if err == nil {
		p.world.account.Put(witness.Mail{Raw: raw, Folder: folder, At: received})
	}
	return uid, err
}

type sentMail struct {
	from, to string
	raw      []byte
}

// newWorld is a live campaign of the named units; of all seventy without names.
func newWorld(t testing.TB, units ...string) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	first, err := initialised()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.dir, first); err != nil {
		t.Fatal(err)
	}
	w.serve(`url: "imaps[^"]*"`, `url: "smtp[^"]*"`)
	w.edit("campaign.yaml",
		`(?m)^mode: .*`, "mode: live",
		`(?m)^receipt_delay: .*`, "receipt_delay: 0",
	)
	w.roster(units...)
	w.account = witness.New(w.public())
	w.watched()
	return w
}

// public is what everybody knows of the campaign.
func (w *world) public() witness.Campaign {
	w.t.Helper()
	c, err := config.Load(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	return public(c, 0)
}

// watched lets the witness judge when the story has come to its end: the
// program once more, undisturbed, and then nothing may be left undone. A story
// that leaves the program without its servers, or saw neither command nor mail,
// leaves nothing to judge.
func (w *world) watched() {
	w.t.Cleanup(func() {
		w.t.Helper()
		if mails, letters, _ := w.account.Seen(); w.t.Failed() || w.now.IsZero() || mails+letters == 0 {
			return
		}
		last := done{Sent: 1}
		for rounds := 0; last != (done{}); rounds++ {
			if rounds == 5 {
				w.t.Fatalf("after %d rounds there is still something to do: %+v", rounds, last)
			}
			out, code := w.run(w.now, "once", "--json")
			if code != exitDone && code != exitPerson {
				return
			}
			last = lines[done](w.t, out)[0]
		}
		w.judged()
	})
}

// judged is the witness's judgement of where things stand now.
func (w *world) judged() {
	w.t.Helper()
	err := w.account.Hear(w.dir, w.now, func(dir string, args ...string) ([]byte, int) {
		p, out := w.program(w.now)
		var trouble bytes.Buffer
		p.Stderr = &trouble
		code := p.Run(context.Background(), append(args, "-C", dir))
		return out.Bytes(), code
	})
	if err != nil {
		w.t.Error(err)
		return
	}
	for _, f := range w.account.Check() {
		w.t.Errorf("the witness: %s", f)
	}
}

// initialised is what Init writes, once for all tests.
var initialised = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "dondoc")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := config.Init(dir); err != nil {
		return nil, err
	}
	all := fstest.MapFS{}
	return all, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		f := &fstest.MapFile{Mode: fs.ModeDir | 0o700}
		if !d.IsDir() {
			f.Mode = 0o600
			f.Data, err = os.ReadFile(path)
		}
		all[filepath.ToSlash(rel)] = f
		return err
	})
})

// serve starts servers and writes their addresses into the campaign, over what
// is like the patterns.
func (w *world) serve(imap, smtp string) {
	w.t.Helper()
	server, err := mailboxtest.Start(mailboxtest.Plain)
	if err != nil {
		w.t.Fatal(err)
	}
	w.imap = &postbox{server, w}
	w.t.Cleanup(func() { w.imap.Close() })
	w.imap.AddUser("tiepnhan", "mat-khau")
	if w.smtp, err = couriertest.Start(couriertest.Options{Take: w.take}); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.smtp.Close() })
	w.edit("campaign.yaml",
		imap, fmt.Sprintf(`url: %q`, w.imap.URL("tiepnhan")),
		smtp, fmt.Sprintf(`url: "smtp+plain://%s"`, w.smtp.Addr()),
	)
}

// copied is the world as it is now, with servers of its own and an empty
// mailbox.
func (w *world) copied(t testing.TB) *world {
	t.Helper()
	c := w.unwatched(t)
	c.watched()
	return c
}

// unwatched is copied without a judgement in the end.
func (w *world) unwatched(t testing.TB) *world {
	t.Helper()
	c := &world{t: t, dir: t.TempDir(), sent: slices.Clone(w.sent), now: w.now, account: w.account.Clone()}
	if err := os.CopyFS(c.dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	c.serve(`url: "imap[^"]*"`, `url: "smtp[^"]*"`)
	return c
}

func (w *world) take(from, to string, raw []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		if err := w.refuse(to); err != nil {
			return err
		}
	}
	raw = bytes.Clone(raw)
	w.sent = append(w.sent, sentMail{from, to, raw})
	w.account.Took(witness.Letter{To: to, Raw: raw, At: w.now})
	return nil
}

// edit replaces pattern by text, pairs of them, in a file of the campaign.
func (w *world) edit(name string, pairs ...string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		re := regexp.MustCompile(pairs[i])
		if !re.Match(b) {
			w.t.Fatalf("%s has nothing like %s", name, pairs[i])
		}
		b = re.ReplaceAllLiteral(b, []byte(pairs[i+1]))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// program is dondoc at a moment.
func (w *world) program(now time.Time) (*Program, *bytes.Buffer) {
	var out bytes.Buffer
	return &Program{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string {
			return map[string]string{"DONDOC_IMAP_PASSWORD": "mat-khau", "DONDOC_SMTP_PASSWORD": "mat-khau", "DONDOC_BY": "thử nghiệm"}[name]
		},
		Clock:  stopped{now},
		Reader: w.child(), Patience: w.patience,
	}, &out
}

// child is the command line of the confined child.
func (w *world) child() []string {
	if w.reader != nil {
		return w.reader
	}
	return []string{os.Args[0], "reader"}
}

// stopped is a clock that does not move.
type stopped struct{ time.Time }

func (c stopped) Now() time.Time                               { return c.Time }
func (c stopped) Sleep(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() }

var _ schedule.Clock = stopped{}

// run carries out a command line at a moment and returns what it printed.
func (w *world) run(now time.Time, args ...string) (string, int) {
	return w.runUntil(context.Background(), now, args...)
}

func (w *world) runUntil(ctx context.Context, now time.Time, args ...string) (string, int) {
	w.at(now)
	p, out := w.program(now)
	code := p.Run(ctx, append(args, "-C", w.dir))
	if code == exitDone || code == exitPerson {
		w.account.Ordered(now, args...)
	}
	return out.String(), code
}

// at sets the time at which letters go out.
func (w *world) at(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// must is run for a command that has to succeed (with 3: somebody has to look).
func (w *world) must(now time.Time, args ...string) string {
	w.t.Helper()
	out, code := w.run(now, args...)
	if code != exitDone && code != exitPerson {
		w.t.Fatalf("dondoc %s: exit %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// lines decodes a command's JSON, one object a line. On a slow machine the
// command also says how far it has come.
func lines[T any](t testing.TB, out string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		all = append(all, v)
	}
	if len(all) == 0 && strings.TrimSpace(out) != "" {
		t.Fatalf("no JSON in\n%s", out)
	}
	return all
}

// filled is a unit's own form with figures that agree with one another.
func (w *world) filled(unit string, n int) []byte {
	w.t.Helper()
	form, err := os.ReadFile(filepath.Join(w.dir, "form.xlsx"))
	if err != nil {
		w.t.Fatal(err)
	}
	inputs := map[string]any{"DVK_NGAY_CHOT": "2022-10-15", "DVK_SO_BC": "125-BC/HU"}
	for _, name := range []string{"B1_11", "B1_12", "B1_13"} {
		inputs["DVK_"+name+"_TT"], inputs["DVK_"+name+"_CN"] = n, 1
	}
	for i, name := range []string{"B2_21", "B2_22", "B2_23", "B2_24"} {
		tt, cn := 0, 0
		if i == 0 {
			tt, cn = 3*n, 3
		}
		inputs["DVK_"+name+"_DK_TT"], inputs["DVK_"+name+"_DK_CN"] = tt, cn
		inputs["DVK_"+name+"_XD_TT"], inputs["DVK_"+name+"_XD_CN"] = tt, cn
	}
	for _, name := range []string{"B3_31", "B3_32", "B3_33"} {
		inputs["DVK_"+name+"_NR"], inputs["DVK_"+name+"_CNH"] = 1, 1
	}
	data, err := blank.Personalise(form, blank.Values{Meta: map[string]any{"unit_code": unit}, Inputs: inputs})
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// roster makes the campaign one of the named units only, or of all of them,
// with every "?" decided, as a live campaign demands.
func (w *world) roster(codes ...string) {
	w.t.Helper()
	if err := os.Remove(filepath.Join(w.dir, "units.xlsx")); err != nil {
		w.t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(builtin.Units)).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	kept := rows[:1]
	for _, row := range rows[1:] {
		if len(codes) == 0 || slices.Contains(codes, row[0]) || row[0] == "BDV-TU" {
			for i := range row {
				if row[i] == "?" {
					row[i] = "yes"
				}
			}
			kept = append(kept, row)
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(kept); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "units.csv"), b.Bytes(), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// file is an attachment of a test's mail.
type file struct {
	name string
	data []byte
}

// mail is a mail as a unit's webmail would write it.
func mail(from, subject, text string, files ...file) []byte {
	var b bytes.Buffer
	sum := sha256.Sum256([]byte(from + subject + text))
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <tiepnhan@bdvtu.quangngai.example>\r\nSubject: %s\r\nDate: Wed, 12 Oct 2022 09:30:00 +0700\r\nMessage-ID: <%x@may.example>\r\n",
		from, mime.BEncoding.Encode("utf-8", subject), sum[:8])
	m := multipart.NewWriter(&b)
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n", m.Boundary())
	p, _ := m.CreatePart(textproto.MIMEHeader{"Content-Type": {"text/plain; charset=utf-8"}})
	io.WriteString(p, text+"\r\n")
	for _, f := range files {
		p, _ := m.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {"application/octet-stream"},
			"Content-Transfer-Encoding": {"base64"},
			"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": f.name})},
		})
		e := base64.NewEncoder(base64.StdEncoding, &lineBreaker{w: p})
		e.Write(f.data)
		e.Close()
	}
	m.Close()
	return b.Bytes()
}

// lineBreaker keeps base64 within the line length of RFC 2045 §6.8.
type lineBreaker struct {
	w io.Writer
	n int
}

func (l *lineBreaker) Write(p []byte) (int, error) {
	for i := range p {
		if l.n == 76 {
			l.w.Write([]byte("\r\n"))
			l.n = 0
		}
		l.w.Write(p[i : i+1])
		l.n++
	}
	return len(p), nil
}

// docx is a document of a few paragraphs.
func docx(paragraphs ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string) {
		f, _ := z.Create(name)
		io.WriteString(f, text)
	}
	put("[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	put("_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	var body strings.Builder
	for _, p := range paragraphs {
		body.WriteString("<w:p><w:r><w:t xml:space=\"preserve\">")
		xml.EscapeText(&body, []byte(p))
		body.WriteString("</w:t></w:r></w:p>")
	}
	put("word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body.String()+`</w:body></w:document>`)
	z.Close()
	return b.Bytes()
}

// report and model are what the letter asks for in words.
func report(unit string) []byte {
	return docx(unit, "BÁO CÁO", "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", "1. Khái quát tình hình chung", "2. Công tác lãnh đạo, chỉ đạo triển khai thực hiện",
		"3. Kết quả thực hiện", "4. Đánh giá chung")
}

func model(name string) []byte {
	return docx("GIỚI THIỆU MÔ HÌNH", "1. Tên mô hình, điển hình: "+name, "2. Cơ sở xây dựng", "3. Phạm vi tác động, ảnh hưởng", "4. Phương thức triển khai",
		"5. Hiệu quả trong quá trình thực hiện", "6. Các giải pháp nhân rộng mô hình, điển hình tiêu biểu")
}
