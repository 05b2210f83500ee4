package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// reply FILE FROM KEY HOW TEXT writes the answer of a mail program to the
// letter of ours with the key, which has to be among those in sent/; \n in TEXT
// is a new line. HOW is mail (a reply with what it answers quoted), phone (a
// telephone's: the text, its own line, and a copy without marks), html (a page
// and nothing else), bare (the header does not say what is answered, the
// quotation does) or forged (neither does).
func reply(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 5 {
		ts.Fatalf("usage: reply FILE FROM KEY HOW TEXT")
	}
	to, body := sentLetter(ts, args[2])
	how, text := args[3], strings.ReplaceAll(args[4], `\n`, "\n")
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <tiepnhan@bdvtu.quangngai.example>\r\nSubject: =?utf-8?q?Re:_b=E1=BA=A3n_tin?=\r\nDate: Fri, 14 Oct 2022 16:10:00 +0700\r\nMessage-ID: <%s@may.example>\r\nMIME-Version: 1.0\r\n",
		args[1], filepath.Base(args[0]))
	if how != "bare" && how != "forged" {
		fmt.Fprintf(&b, "In-Reply-To: %s\r\nReferences: %[1]s\r\n", to)
	}
	quoted := "\n\nVào Th 6, 14 thg 10, 2022 vào lúc 16:00 Ban Dân vận Tỉnh ủy <tiepnhan@bdvtu.quangngai.example> đã viết:\n\n> " + strings.ReplaceAll(body, "\n", "\n> ")
	kind := "plain"
	switch how {
	case "phone":
		text += "\n\nGửi từ iPhone của tôi\n\n" + body
	case "html":
		kind = "html"
		text = "<html><body><div dir=auto>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</div><br><blockquote type=cite>" +
			strings.ReplaceAll(html.EscapeString(body), "\n", "<br>") + "</blockquote></body></html>"
	case "forged":
		text += strings.ReplaceAll(quoted, "Mã bản tin", "Bản tin")
	default:
		text += quoted
	}
	fmt.Fprintf(&b, "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", kind)
	w := quotedprintable.NewWriter(&b)
	io.WriteString(w, strings.ReplaceAll(text, "\n", "\r\n"))
	w.Close()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// sentLetter is the Message-ID and the text of a letter of ours that went out.
func sentLetter(ts *testscript.TestScript, key string) (id, text string) {
	files, err := filepath.Glob(ts.MkAbs("sent/*.eml"))
	ts.Check(err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		ts.Check(err)
		m, err := netmail.ReadMessage(bytes.NewReader(data))
		ts.Check(err)
		if m.Header.Get("X-Dondoc-Key") == key {
			return m.Header.Get("Message-ID"), plainText(ts, m.Header, m.Body)
		}
	}
	ts.Fatalf("no letter %s was sent", key)
	return "", ""
}

// plainText is the first text/plain of a mail.
func plainText(ts *testscript.TestScript, header map[string][]string, body io.Reader) string {
	h := netmail.Header(header)
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	ts.Check(err)
	if strings.HasPrefix(kind, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err != nil {
				return ""
			}
			if text := plainText(ts, p.Header, p); text != "" {
				return text
			}
		}
	}
	if kind != "text/plain" {
		return ""
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	ts.Check(err)
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}
