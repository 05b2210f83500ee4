package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// wrongCells are inputs with something in them that is no count.
var wrongCells = map[string]any{
	"DVK_B1_11_TT": "khoảng 30", "DVK_B1_12_CN": "3 TT, 2 CN", "DVK_B2_21_XD_TT": "đang tổng hợp", "DVK_B3_31_NR": -2, "DVK_B3_32_CNH": 12.5,
}

// TestTheWorkbookComesBackMarked: five wrong cells are five comments in the
// workbook that goes back and the same five in the letter; mended in that very
// workbook and sent again, it is accepted.
func TestTheWorkbookComesBackMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sentence, format string
		resaved          bool
	}{
		{"an .xlsx", "xlsx", false},
		{"an .xlsx that LibreOffice saved after it was mended", "xlsx", true},
		{"an .xls comes back as .xlsx", "xls", false},
		{"an .ods comes back as .xlsx", "ods", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "HU-BATO")
			w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
			w.must(at(t, "2022-10-04 07:45"), "once")
			right := w.filled("HU-BATO", 5)
			wrong := changed(t, right, wrongCells)
			name := "PL DVK." + c.format
			if c.format != "xlsx" {
				wrong = saved(t, wrong, c.format)
			}
			before := len(w.sent)
			if _, err := w.imap.Append("tiepnhan", "INBOX", mail("vanthu@hubato.quangngai.example", "Phụ lục", "Kính gửi", file{name, wrong}), at(t, "2022-10-12 09:30")); err != nil {
				t.Fatal(err)
			}
			w.must(at(t, "2022-10-12 10:00"), "once")
			text, attached := letterTo(t, w.sent[before:], "vanthu@hubato.quangngai.example")
			items := regexp.MustCompile(`(?m)^\d+\. .*\n?`).FindAllString(text, -1)
			back := attached["PL DVK-can-sua.xlsx"]
			if len(items) != 5 || back == nil || !strings.Contains(text, "tô màu trong tệp gửi kèm") {
				t.Fatalf("%d items, attached %v\n%s", len(items), names(attached), text)
			}
			f, err := excelize.OpenReader(bytes.NewReader(back))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			comments := 0
			for _, sheet := range f.GetSheetList() {
				all, err := f.GetComments(sheet)
				if err != nil {
					t.Fatal(err)
				}
				for _, comment := range all {
					words := comment.Text
					for _, r := range comment.Paragraph {
						words += r.Text
					}
					if strings.HasPrefix(words, "Nội dung ") {
						comments++
						if !slices.ContainsFunc(items, func(item string) bool { return strings.Contains(item, comment.Cell) }) {
							t.Errorf("%s is commented and not in the letter", comment.Cell)
						}
					}
				}
			}
			if comments != 5 || f.GetSheetList()[0] != "CẦN SỬA" {
				t.Errorf("%d comments; sheets %q", comments, f.GetSheetList())
			}
			mended := map[string]any{}
			for _, input := range []string{"DVK_B1_11_TT", "DVK_B1_12_CN", "DVK_B2_21_XD_TT", "DVK_B3_31_NR", "DVK_B3_32_CNH"} {
				mended[input] = valueOf(t, right, input)
			}
			again := changedAt(t, back, placesOf(t, right), mended)
			if c.resaved {
				again = saved(t, again, "xlsx") // by another program than the one that made it
			}
			before = len(w.sent)
			if _, err := w.imap.Append("tiepnhan", "INBOX", mail("vanthu@hubato.quangngai.example", "Phụ lục đã sửa", "Kính gửi", file{"PL DVK-can-sua.xlsx", again}), at(t, "2022-10-13 09:30")); err != nil {
				t.Fatal(err)
			}
			w.must(at(t, "2022-10-13 10:00"), "once")
			text, _ = letterTo(t, w.sent[before:], "vanthu@hubato.quangngai.example")
			if !strings.Contains(text, "còn thiếu") || strings.Contains(text, "Đề nghị sửa") {
				t.Errorf("the mended workbook was not accepted:\n%s", text)
			}
		})
	}
}

// placesOf are the sheet and cell of each input of the form.
func placesOf(t *testing.T, form []byte) map[string][2]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	places := map[string][2]string{}
	for _, n := range f.GetDefinedName() {
		sheet, cell, ok := strings.Cut(strings.ReplaceAll(n.RefersTo, "$", ""), "!")
		if ok {
			places[n.Name] = [2]string{strings.Trim(sheet, "'"), cell}
		}
	}
	return places
}

func changed(t *testing.T, form []byte, values map[string]any) []byte {
	return changedAt(t, form, placesOf(t, form), values)
}

func changedAt(t *testing.T, form []byte, places map[string][2]string, values map[string]any) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, value := range values {
		at := places[name]
		if err := f.SetCellValue(at[0], at[1], value); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func valueOf(t *testing.T, form []byte, input string) any {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := placesOf(t, form)[input]
	text, err := f.GetCellValue(at[0], at[1])
	if err != nil || text == "" {
		t.Fatalf("%s: %q %v", input, text, err)
	}
	n := 0
	for _, c := range text {
		n = 10*n + int(c-'0')
	}
	return n
}

// saved is the workbook as LibreOffice saves it in another format.
func saved(t *testing.T, data []byte, format string) []byte {
	t.Helper()
	program := soffice(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.xlsx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", format, "--outdir", dir, filepath.Join(dir, "a.xlsx")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := os.ReadFile(filepath.Join(dir, "a."+format))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// letterTo is the text and the attachments of the one letter to somebody.
func letterTo(t *testing.T, sent []sentMail, to string) (text string, attached map[string][]byte) {
	t.Helper()
	attached = map[string][]byte{}
	found := 0
	for _, s := range sent {
		if s.to != to {
			continue
		}
		found++
		m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body, func(kind, name string, data []byte) {
			switch {
			case name != "":
				attached[name] = data
			case kind == "text/plain":
				text = strings.ReplaceAll(string(data), "\r\n", "\n")
			}
		})
	}
	if found != 1 {
		t.Fatalf("%d letters to %s", found, to)
	}
	return text, attached
}

// unpack hands each part of a mail to give.
func unpack(t *testing.T, contentType, encoding, name string, body io.Reader, give func(kind, name string, data []byte)) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			file, err := new(mime.WordDecoder).DecodeHeader(p.FileName())
			if err != nil {
				t.Fatal(err)
			}
			unpack(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), file, p, give)
		}
	}
	if strings.EqualFold(encoding, "base64") {
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	give(kind, name, data)
}

func names(m map[string][]byte) (all []string) {
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
