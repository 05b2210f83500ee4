package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// What strangers put into names, subjects, texts, file names and cells.
var venom = []struct{ sentence, text string }{
	{"a page", "</td><script>alert(1)</script><img src=x>"},
	{"a formula", "=cmd|' /C calc'!A0"},
	{"a formula in disguise", "＝1+1"},
	{"another header", "x\r\nBcc: all@unit.example\r\n\r\n--"},
	{"a terminal's order", "\x1b]0;pwned\x07\x1b[2J\x1b[31m"},
	{"a name that reads backwards", "exe.\u202efdp"},
	{"what cannot be seen", "a\u200bb\u2066c\u2069d\ufeffe\u2028f"},
	{"a template", "{{.Campaign}} ${o} %s %n"},
}

// TestStrangersTextStaysInert sends mails whose every name and text is venom,
// and looks at all that comes out: letters, workbooks, terminal.
func TestStrangersTextStaysInert(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
	w.must(at(t, "2022-10-04 07:31"), "once")
	now := at(t, "2022-10-12 09:30")
	for i, v := range venom {
		form := w.filled("HU-BINHSON", 2)
		book, err := excelize.OpenReader(bytes.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range book.GetDefinedName() {
			if strings.HasSuffix(d.Name, "_GC") || d.Name == "DVK_LAP_BIEU" {
				sheet, cell, _ := strings.Cut(strings.ReplaceAll(d.RefersTo, "$", ""), "!")
				book.SetCellStr(strings.Trim(sheet, "'"), cell, v.text)
			}
		}
		var data bytes.Buffer
		if err := book.Write(&data); err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{"vanthu@hubinhson.quangngai.example", "la@donvi.example"} {
			files := []file{{fmt.Sprintf("BC %d %s.docx", i, v.text), docx("BÁO CÁO", v.text, "Kết quả thực hiện phong trào thi đua “Dân vận khéo” năm 2022", fmt.Sprint(i))},
				{fmt.Sprintf("PL %d %s.xlsx", i, v.text), data.Bytes()}}
			if from == "la@donvi.example" {
				files = files[:1] // nobody can tell whose it is: a person has to look
			}
			raw := mail(from, "Báo cáo "+v.text, v.text, files...)
			name := mime.BEncoding.Encode("utf-8", v.text)
			raw = bytes.Replace(raw, []byte("From: <"), []byte("From: "+name+" <"), 1)
			if _, err := w.imap.Server.Append("tiepnhan", "INBOX", raw, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.must(now, "once")
	w.must(now.Add(7*time.Hour), "once") // the digest

	letters := 0
	for _, m := range w.sent {
		letters++
		inertMail(t, m.raw)
	}
	if letters < 5 {
		t.Fatalf("%d letters: nothing was answered", letters)
	}
	later := now.Add(8 * time.Hour)
	held := w.must(later, "held", "list")
	printed := []string{held, w.must(later, "status"), w.must(later, "letters"), w.must(later, "why", "HU-BINHSON")}
	for _, line := range lines[struct{ ID string }](t, w.must(later, "held", "list", "--json")) {
		printed = append(printed, w.must(later, "held", "show", line.ID))
	}
	if len(printed) < 5 {
		t.Error("no mail waits for a person")
	}
	for _, out := range printed {
		for _, r := range out {
			if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
				t.Fatalf("%U comes through to the terminal:\n%q", r, out)
			}
		}
	}
	out := filepath.Join(t.TempDir(), "tong-hop.xlsx")
	w.must(later, "export", out)
	book, err := excelize.OpenFile(out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	inertBook(t, book)
}

// inertMail looks at a letter as it went over the wire.
func inertMail(t *testing.T, raw []byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" {
		t.Error("a header of a stranger's")
	}
	for name, values := range m.Header {
		for _, v := range values {
			text, err := new(mime.WordDecoder).DecodeHeader(v)
			if err == nil {
				v = text
			}
			harmless(t, name, v, false)
		}
	}
	inertParts(t, m.Header.Get("Content-Type"), m.Body)
}

func inertParts(t *testing.T, contentType string, body io.Reader) {
	t.Helper()
	kind, params, _ := mime.ParseMediaType(contentType)
	if !strings.HasPrefix(kind, "multipart/") {
		return
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextPart()
		if err != nil {
			return
		}
		var data io.Reader = p // quoted-printable is undone by the reader
		if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
			data = base64.NewDecoder(base64.StdEncoding, p)
		}
		harmless(t, "a file's name", p.FileName(), false)
		switch kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); {
		case strings.HasPrefix(kind, "multipart/"):
			inertParts(t, p.Header.Get("Content-Type"), data)
		case strings.HasPrefix(kind, "text/") && p.FileName() == "":
			text, _ := io.ReadAll(data)
			harmless(t, kind, string(text), kind == "text/html")
		case strings.HasSuffix(p.FileName(), ".xlsx"):
			if book, err := excelize.OpenReader(data); err == nil {
				inertBook(t, book)
				book.Close()
			}
		}
	}
}

// harmless holds a text against what a mail program might act on.
func harmless(t *testing.T, where, text string, html bool) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && r != '\r' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			t.Fatalf("%s has %U: %.300q", where, r, text)
		}
	}
	if html && (strings.Contains(text, "<script") || strings.Contains(text, "<img src=x")) {
		t.Errorf("%s runs a stranger's code", where)
	}
	if !html && strings.HasPrefix(where, "text/") && strings.Contains(text, "\nBcc:") {
		t.Errorf("%s has a line that a stranger wrote as a header", where)
	}
}

// inertBook: no formula of a workbook of ours is a stranger's.
func inertBook(t *testing.T, book *excelize.File) {
	t.Helper()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			continue
		}
		for y, row := range rows {
			for x := range row {
				cell, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if f, _ := book.GetCellFormula(sheet, cell); strings.Contains(f, "calc") || strings.Contains(f, "＝") || strings.Contains(f, "script") {
					t.Errorf("%s!%s computes a stranger's formula: %s", sheet, cell, f)
				}
			}
		}
	}
}
