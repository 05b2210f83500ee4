package letter

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

func envelope() Headers {
	return Headers{
		Date: time.Date(2022, 10, 17, 9, 25, 0, 0, saigon), MessageID: "dd.HU-NGHIAHANH.ABCDEFGHIJ234567ABCD@bdvtu.quangngai.example",
		From: "tiepnhan@bdvtu.quangngai.example", FromName: "Ban Dân vận Tỉnh ủy Quảng Ngãi",
		To: []string{"vanthu@hunghiahanh.quangngai.example"}, ReplyTo: "tiepnhan+ABCD@bdvtu.quangngai.example",
		InReplyTo: "1@unit.example", References: []string{"0@unit.example", "1@unit.example"}, Key: "receipt/7K3M5-QXA2P",
	}
}

func compose(t *testing.T, l Letter, h Headers, att ...Attachment) (*mail.Message, []byte) {
	t.Helper()
	raw, err := Compose(l, h, att)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("line %d is %d bytes long or has a bare CR, LF or NUL", i, len(line))
		}
		for _, c := range []byte(line) {
			if c >= 0x80 {
				t.Errorf("line %d has a raw 8-bit byte", i)
				break
			}
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m, raw
}

func header(t *testing.T, m *mail.Message, name string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func TestComposeWritesEveryHeaderOnce(t *testing.T) {
	l, err := Render(complete())
	if err != nil {
		t.Fatal(err)
	}
	m, raw := compose(t, l, envelope())
	for _, name := range []string{"Subject", "From"} {
		if bytes.Contains(raw, []byte("\n"+name+":\r\n")) {
			t.Errorf("the line of %s is empty", name)
		}
	}
	for name, want := range map[string]string{
		"Date":                     "Mon, 17 Oct 2022 09:25:00 +0700",
		"Message-ID":               "<dd.HU-NGHIAHANH.ABCDEFGHIJ234567ABCD@bdvtu.quangngai.example>",
		"Subject":                  `Đã nhận đủ báo cáo "Dân vận khéo" năm 2022 [DVK-2022][HU-NGHIAHANH]`,
		"From":                     `Ban Dân vận Tỉnh ủy Quảng Ngãi <tiepnhan@bdvtu.quangngai.example>`,
		"To":                       "<vanthu@hunghiahanh.quangngai.example>",
		"Reply-To":                 "<tiepnhan+ABCD@bdvtu.quangngai.example>",
		"In-Reply-To":              "<1@unit.example>",
		"References":               "<0@unit.example> <1@unit.example>",
		"Auto-Submitted":           "auto-replied",
		"X-Auto-Response-Suppress": "All",
		"X-Dondoc-Key":             "receipt/7K3M5-QXA2P",
		"Content-Language":         "vi",
		"User-Agent":               "",
		"X-Mailer":                 "",
		"Precedence":               "",
	} {
		if got := header(t, m, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if n := len(m.Header[textproto.CanonicalMIMEHeaderKey(name)]); n > 1 {
			t.Errorf("%s stands there %d times", name, n)
		}
	}
}

// parts reads a mail's leaves: media type and decoded text or bytes, and the
// headers of each.
func parts(t *testing.T, header map[string][]string, body io.Reader) (types, texts, dispositions []string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(mail.Header(header).Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		if strings.EqualFold(mail.Header(header).Get("Content-Transfer-Encoding"), "quoted-printable") {
			body = quotedprintable.NewReader(body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return []string{kind}, []string{string(b)}, []string{mail.Header(header).Get("Content-Disposition")}
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return types, texts, dispositions
		}
		if err != nil {
			t.Fatal(err)
		}
		a, b, c := parts(t, p.Header, p)
		types, texts, dispositions = append(types, a...), append(texts, b...), append(dispositions, c...)
	}
}

func TestComposeCarriesTextPageAndFiles(t *testing.T) {
	l, err := Render(complete())
	if err != nil {
		t.Fatal(err)
	}
	m, _ := compose(t, l, envelope(), Attachment{"Phụ lục số liệu - Đức Phổ.xlsx", []byte("PK")}, Attachment{"Cong van.pdf", []byte("%PDF")})
	types, texts, dispositions := parts(t, m.Header, m.Body)
	want := []string{"text/plain", "text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/pdf"}
	if strings.Join(types, " ") != strings.Join(want, " ") {
		t.Fatalf("parts %v, want %v", types, want)
	}
	if got := strings.ReplaceAll(texts[0], "\r\n", "\n"); got != l.Text {
		t.Errorf("the text came back different:\n%s", got)
	}
	if got := strings.ReplaceAll(texts[1], "\r\n", "\n"); got != l.HTML {
		t.Error("the page came back different")
	}
	if !strings.Contains(dispositions[2], `filename="Phu luc so lieu - Duc Pho.xlsx"`) {
		t.Errorf("no ASCII name in %q", dispositions[2])
	}
	// A reader that knows RFC 2231 sees the name itself.
	star := strings.Replace(dispositions[2], `filename="Phu luc so lieu - Duc Pho.xlsx";`, "", 1)
	if _, params, err := mime.ParseMediaType(star); err != nil || params["filename"] != "Phụ lục số liệu - Đức Phổ.xlsx" {
		t.Errorf("RFC 2231 name %q, %v in %q", params["filename"], err, star)
	}
	if dispositions[3] != `attachment; filename="Cong van.pdf"` {
		t.Errorf("a plain name became %q", dispositions[3])
	}
}

func TestComposeInRehearsal(t *testing.T) {
	for _, c := range []struct{ sentence, lang, subject, line string }{
		{"in Vietnamese", "vi", "[DIỄN TẬP → vanthu@a.example +1] ", "Thư diễn tập, chỉ gửi tới cán bộ phụ trách. Khi chạy thật, thư này được gửi tới: vanthu@a.example, vanthu@b.example."},
		{"in English", "en", "[REHEARSAL → vanthu@a.example +1] ", "A rehearsal, sent to the desk alone. In earnest this message would go to: vanthu@a.example, vanthu@b.example."},
	} {
		f := complete()
		f.Lang = c.lang
		l, err := Render(f)
		if err != nil {
			t.Fatal(err)
		}
		h := envelope()
		h.To, h.RehearsalFor = []string{"desk@bdv.example"}, []string{"vanthu@a.example", "vanthu@b.example"}
		m, _ := compose(t, l, h)
		if got := header(t, m, "Subject"); got != c.subject+l.Subject {
			t.Errorf("%s: subject %q", c.sentence, got)
		}
		_, texts, _ := parts(t, m.Header, m.Body)
		if !strings.HasPrefix(texts[0], c.line) || !strings.Contains(texts[1], c.line) {
			t.Errorf("%s: the first line does not say so:\n%s", c.sentence, texts[0])
		}
	}
}

func TestNothingBreaksOutOfAHeader(t *testing.T) {
	l, err := Render(complete())
	if err != nil {
		t.Fatal(err)
	}
	evil := "x\r\nBcc: all@unit.example\r\n\r\n<script>"
	for _, c := range []struct {
		sentence string
		spoil    func(*Letter, *Headers)
	}{
		{"a subject with line breaks", func(l *Letter, h *Headers) { l.Subject = evil }},
		{"a thread that is no Message-ID", func(l *Letter, h *Headers) { h.InReplyTo, h.References = evil, []string{evil, "ok@unit.example"} }},
		{"a key with line breaks", func(l *Letter, h *Headers) { h.Key = evil }},
		{"a name with line breaks", func(l *Letter, h *Headers) { h.FromName = evil }},
		{"an addressee of a rehearsal with line breaks", func(l *Letter, h *Headers) { h.RehearsalFor = []string{evil} }},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			l, h := l, envelope()
			c.spoil(&l, &h)
			m, raw := compose(t, l, h, Attachment{evil + ".xlsx", nil}, Attachment{strings.Repeat("ệ", 500) + ".xlsx", nil})
			if m.Header.Get("Bcc") != "" || bytes.Contains(raw, []byte("\nBcc:")) {
				t.Error("a header was injected")
			}
			_, texts, _ := parts(t, m.Header, m.Body)
			if strings.Contains(texts[1], "<script") {
				t.Error("markup was injected")
			}
		})
	}
	for _, c := range []struct {
		sentence string
		spoil    func(*Headers)
	}{
		{"no date", func(h *Headers) { h.Date = time.Time{} }},
		{"no recipient", func(h *Headers) { h.To = nil }},
		{"no Message-ID", func(h *Headers) { h.MessageID = evil }},
	} {
		h := envelope()
		c.spoil(&h)
		if _, err := Compose(l, h, nil); err == nil {
			t.Errorf("%s: no error", c.sentence)
		}
	}
}

// A report from such an address could never be answered: the letter could not
// be composed, every quarter of an hour anew, and the unit's own mailbox, named
// in the same field, did not get it either.
func TestAddressesThatTheStandardDoesNotKnow(t *testing.T) {
	l, err := Render(complete())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ sentence, address, want string }{
		{"a dot at the end, as Japanese mobile carriers gave out", "abc.@docomo.example", "<abc.@docomo.example>"},
		{"two dots", "a..b@x.example", "<a..b@x.example>"},
		{"a dot at the beginning", ".a@x.example", "<.a@x.example>"},
		{"a dot after the domain", "a@x.example.", "<a@x.example.>"},
		{"two dots in the domain", "a@x..example", "<a@x..example>"},
		{"no domain", "nobody", "<nobody>"},
		{"what would be another field is left out", "a@x.example>\r\nBcc: <b@x.example", ""},
		{"what would be another recipient, too", "a.@x.example, b.@x.example", ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			h := envelope()
			own := "<" + h.To[0] + ">"
			h.To = []string{c.address, h.To[0]}
			want := own
			if c.want != "" {
				want = c.want + ", " + own
			}
			m, _ := compose(t, l, h)
			if got := m.Header.Get("To"); got != want || m.Header.Get("Bcc") != "" {
				t.Errorf("To: %s, want %s", got, want)
			}
			h.To = []string{c.address}
			if m, _ := compose(t, l, h); c.want == "" && m.Header.Get("To") != "undisclosed-recipients:;" {
				t.Errorf("To: %s", m.Header.Get("To"))
			}
		})
	}
}

func TestALongThreadKeepsItsFirstAndItsNewest(t *testing.T) {
	var ids []string
	for i := range 60 {
		ids = append(ids, strings.Repeat("x", i+1)+"@unit.example")
	}
	got := strings.Fields(references(ids, ids[59]))
	if len(got) != maxReferences || got[0] != "<x@unit.example>" || got[19] != "<"+ids[59]+">" {
		t.Errorf("%d references, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}
